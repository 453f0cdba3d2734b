#include "registry/row_values.hpp"

#include <utility>

#include "dangbo/base/make_room.hpp"
#include "dangbo/time/date.hpp"

namespace dangbo::inline v1::registry {

namespace {

using table::Role;
using table::Type;

// The key of the unit or member that a stored slot names.
std::string_view key_of(const TableStore& store, std::size_t field, std::uint32_t row,
                        const Core& core) {
  const std::uint32_t slot = store.raw(field, row);
  switch (store.schema().fields()[field].role) {
    case Role::kUnit:
    case Role::kParent:
      return core.units.key(slot);
    case Role::kMember:
      return core.members.key(slot);
    default: {  // Role::kSubject
      const TableRoles& roles = store.roles();
      const bool unit = store.raw(*roles.subject_type, row) == roles.subject_unit_code;
      return (unit ? core.units : core.members).key(slot);
    }
  }
}

bool is_slot(Role role) noexcept {
  return role == Role::kUnit || role == Role::kParent || role == Role::kMember ||
         role == Role::kSubject;
}

bool is_missing(const TableStore& store, std::size_t field, std::uint32_t row) noexcept {
  if (store.storage(field) == Storage::kLong) return store.wide(field, row) == kMissingLong;
  return store.raw(field, row) == store.missing(field);
}

}  // namespace

ValueColumn::ValueColumn(const TableStore& store, std::size_t field, const Core& core,
                         std::string name)
    : store_(store),
      core_(core),
      field_(field),
      description_(store.schema().fields()[field]),
      column_(name.empty() ? description_.name : std::move(name), description_.type) {
  if (description_.type != Type::kCode) return;
  if (description_.codes != nullptr) {
    column_.set_words(description_.codes->ids());
  } else {
    words_ = std::make_shared<table::Words>();
  }
}

void ValueColumn::append_word(std::string_view word) {
  base::make_room(codes_);
  const auto [entry, is_new] =
      codes_.try_emplace(std::string(word), static_cast<std::int32_t>(words_->size()));
  if (is_new) words_->emplace_back(word);
  column_.append_code(entry->second);
}

void ValueColumn::read(std::uint32_t row) {
  if (is_missing(store_, field_, row)) {
    column_.append_missing();
    return;
  }
  switch (description_.type) {
    case Type::kText:
      column_.append_text(is_slot(description_.role) ? key_of(store_, field_, row, core_)
                                                     : store_.text().get(store_.raw(field_, row)));
      break;
    case Type::kCode:
      if (description_.codes != nullptr) {
        column_.append_code(static_cast<std::int32_t>(store_.raw(field_, row)));
      } else {
        append_word(store_.words(field_)->key(store_.raw(field_, row)));
      }
      break;
    case Type::kDate:
      column_.append_date(
          time::PartialDate::from_code(static_cast<std::int32_t>(store_.raw(field_, row))));
      break;
    case Type::kInt:
      column_.append_integer(store_.wide(field_, row));
      break;
    case Type::kBool:
      column_.append_boolean(store_.raw(field_, row) != 0);
      break;
    case Type::kReal:
      column_.append_missing();
      break;
  }
}

void ValueColumn::copy(const table::Column& from, std::size_t row) {
  if (from.is_missing(row)) {
    column_.append_missing();
    return;
  }
  switch (description_.type) {
    case Type::kText:
      column_.append_text(from.text(row));
      break;
    case Type::kCode:
      if (description_.codes != nullptr) {
        column_.append_code(from.code(row));
      } else {
        append_word(from.word(row));
      }
      break;
    case Type::kDate:
      column_.append_date(from.date(row));
      break;
    case Type::kInt:
      column_.append_integer(from.integer(row));
      break;
    case Type::kBool:
      column_.append_boolean(from.boolean(row));
      break;
    case Type::kReal:
      column_.append_missing();
      break;
  }
}

table::Column ValueColumn::take() {
  if (words_ != nullptr) column_.set_words(std::move(words_));
  return std::move(column_);
}

std::string display_value(const TableStore& store, std::size_t field, std::uint32_t row,
                          const Core& core) {
  if (is_missing(store, field, row)) return {};
  const table::Field& description = store.schema().fields()[field];
  switch (description.type) {
    case Type::kText:
      return std::string(is_slot(description.role) ? key_of(store, field, row, core)
                                                   : store.text().get(store.raw(field, row)));
    case Type::kCode: {
      const std::uint32_t code = store.raw(field, row);
      return std::string(description.codes != nullptr
                             ? std::string_view(description.codes->codes()[code].id)
                             : store.words(field)->key(code));
    }
    case Type::kDate:
      return time::PartialDate::from_code(static_cast<std::int32_t>(store.raw(field, row)))
          .to_string();
    case Type::kInt:
      return std::to_string(store.wide(field, row));
    case Type::kBool:
      return store.raw(field, row) != 0 ? "true" : "false";
    case Type::kReal:
      return {};
  }
  return {};
}

}  // namespace dangbo::inline v1::registry
