#include "dangbo/registry/rows.hpp"

#include "registry/table_store.hpp"

namespace dangbo::inline v1::registry {

using base::index_of;

FieldReader::FieldReader(const TableStore* store, std::size_t field)
    : store_(store), field_(field), storage_(store->storage(field)) {}

std::uint32_t FieldReader::raw(RowId row) const noexcept {
  return store_->raw(field_, index_of(row));
}

void FieldReader::read(RowId first, std::span<std::uint32_t> out) const noexcept {
  store_->read(field_, index_of(first), out);
}

bool FieldReader::is_missing(RowId row) const noexcept {
  if (storage_ == Storage::kLong) return store_->wide(field_, index_of(row)) == kMissingLong;
  return raw(row) == store_->missing(field_);
}

std::optional<std::int64_t> FieldReader::integer(RowId row) const noexcept {
  const std::int64_t value = store_->wide(field_, index_of(row));
  return value == kMissingLong ? std::nullopt : std::optional<std::int64_t>(value);
}

std::optional<time::PartialDate> FieldReader::date(RowId row) const noexcept {
  const std::uint32_t value = raw(row);
  if (value == store_->missing(field_)) return std::nullopt;
  return time::PartialDate::from_code(static_cast<std::int32_t>(value));
}

std::string_view FieldReader::text(RowId row) const noexcept {
  const std::uint32_t ref = raw(row);
  return ref == kMissingWord ? std::string_view{} : store_->text().get(ref);
}

std::uint32_t FieldReader::word_count() const noexcept {
  const table::Field& field = store_->schema().fields()[field_];
  if (field.type != table::Type::kCode) return 0;
  return field.codes != nullptr ? static_cast<std::uint32_t>(field.codes->codes().size())
                                : store_->words(field_)->size();
}

std::string_view FieldReader::word(std::uint32_t code) const noexcept {
  const table::Field& field = store_->schema().fields()[field_];
  return field.codes != nullptr ? std::string_view(field.codes->codes()[code].id)
                                : store_->words(field_)->key(code);
}

std::optional<std::uint32_t> FieldReader::find_word(std::string_view word) const {
  const table::Field& field = store_->schema().fields()[field_];
  if (field.type != table::Type::kCode) return std::nullopt;
  return field.codes != nullptr ? field.codes->find(word) : store_->words(field_)->find(word);
}

Rows::Rows(const TableStore* store, std::uint32_t count, CommitNumber commit)
    : store_(store), count_(count), commit_(commit) {}

const table::Schema& Rows::schema() const noexcept {
  return store_->schema();
}

bool Rows::is_known(RowId row, CommitNumber at) const noexcept {
  return store_->is_known(index_of(row), index_of(at));
}

bool Rows::read_known(RowId first, CommitNumber at, std::span<std::uint8_t> out) const noexcept {
  return store_->read_known(index_of(first), index_of(at), out);
}

CommitNumber Rows::recorded(RowId row) const noexcept {
  return CommitNumber{store_->recorded_at(index_of(row))};
}

CommitNumber Rows::superseded(RowId row) const noexcept {
  const CommitNumber commit{store_->superseded_at(index_of(row))};
  return commit <= commit_ ? commit : base::kNoCommit;
}

RowId Rows::corrects(RowId row) const noexcept {
  return RowId{store_->previous(Chain::kVersion, index_of(row))};
}

time::DateRange Rows::range(RowId row) const noexcept {
  const TableRoles& roles = store_->roles();
  std::int32_t from = time::DateRange::kOpenFrom;
  std::int32_t until = time::DateRange::kOpenUntil;
  if (store_->schema().kind() == table::TableKind::kState) {
    if (roles.from) {
      const std::uint32_t code = store_->raw(*roles.from, index_of(row));
      if (code != kMissingDate) from = static_cast<std::int32_t>(code) >> 2;
    }
    if (roles.until) {
      const std::uint32_t code = store_->raw(*roles.until, index_of(row));
      if (code != kOpenUntilCode) until = static_cast<std::int32_t>(code) >> 2;
    }
  }
  return time::DateRange::from_days(from, until);
}

bool Rows::holds_on(RowId row, time::Date day) const noexcept {
  if (store_->schema().kind() != table::TableKind::kState) return true;
  // A date code is first day × 4 + precision, so this is the last code of the day; missing ends
  // compare by design.
  const std::int32_t last = day.days() * 4 + 3;
  const TableRoles& roles = store_->roles();
  if (roles.from && static_cast<std::int32_t>(store_->raw(*roles.from, index_of(row))) > last)
    return false;
  return !roles.until || static_cast<std::int32_t>(store_->raw(*roles.until, index_of(row))) > last;
}

std::optional<FieldReader> Rows::field(std::string_view name) const {
  const auto index = store_->schema().find(name);
  return index ? std::optional<FieldReader>(FieldReader(store_, *index)) : std::nullopt;
}

RowId Rows::newest_of(UnitSlot unit) const noexcept {
  std::uint32_t row = store_->newest(Chain::kUnit, index_of(unit));
  while (row != kMissingWord && row >= count_) row = store_->previous(Chain::kUnit, row);
  return RowId{row};
}

RowId Rows::newest_of(MemberSlot member) const noexcept {
  std::uint32_t row = store_->newest(Chain::kMember, index_of(member));
  while (row != kMissingWord && row >= count_) row = store_->previous(Chain::kMember, row);
  return RowId{row};
}

RowId Rows::previous_of_unit(RowId row) const noexcept {
  return RowId{store_->previous(Chain::kUnit, index_of(row))};
}

RowId Rows::previous_of_member(RowId row) const noexcept {
  return RowId{store_->previous(Chain::kMember, index_of(row))};
}

UnitSlot Rows::unit_of(RowId row) const noexcept {
  const TableRoles& roles = store_->roles();
  if (roles.unit) return UnitSlot{store_->raw(*roles.unit, index_of(row))};
  if (roles.subject && store_->raw(*roles.subject_type, index_of(row)) == roles.subject_unit_code) {
    return UnitSlot{store_->raw(*roles.subject, index_of(row))};
  }
  return base::kNoUnitSlot;
}

MemberSlot Rows::member_of(RowId row) const noexcept {
  const TableRoles& roles = store_->roles();
  if (roles.member) return MemberSlot{store_->raw(*roles.member, index_of(row))};
  if (roles.subject &&
      store_->raw(*roles.subject_type, index_of(row)) == roles.subject_member_code) {
    return MemberSlot{store_->raw(*roles.subject, index_of(row))};
  }
  return base::kNoMemberSlot;
}

}  // namespace dangbo::inline v1::registry
