#include "load/compared.hpp"

namespace dangbo::inline v1::load::detail {

using base::RowId;
using table::Role;
using table::Type;

Compared::Compared(const registry::Snapshot& snapshot, std::shared_ptr<const table::Schema> schema)
    : from(schema->find(Role::kFrom)),
      until(schema->find(Role::kUntil)),
      from_after(schema->find("from_after")),
      until_after(schema->find("until_after")),
      unit(schema->find(Role::kUnit)),
      member(schema->find(Role::kMember)),
      parent(schema->find(Role::kParent)),
      subject(schema->find(Role::kSubject)),
      decision(schema->find(Role::kDecision)),
      snapshot_(snapshot),
      schema_(std::move(schema)),
      rows_(*snapshot.rows(schema_->name())),
      key_(schema_->natural_key()),
      in_key_(schema_->fields().size()) {
  for (std::size_t field = 0; field < schema_->fields().size(); ++field)
    readers_.push_back(rows_.field(field));
  for (const std::size_t field : key_) in_key_[field] = true;
}

void Compared::add(const registry::Change::Batch& batch) {
  batches_.push_back(&batch);
  auto& columns = columns_.emplace_back();
  for (std::size_t field = 0; field < schema_->fields().size(); ++field) {
    const auto index = batch.rows.find(schema_->fields()[field].name);
    columns.push_back(index ? &batch.rows.column(*index) : nullptr);
    // Without a key of its own a row is all that the extract says of it.
    const bool is_date =
        field == from || field == until || field == from_after || field == until_after;
    if (schema_->natural_key().empty() && index && !in_key_[field] && !is_date) {
      in_key_[field] = true;
      key_.push_back(field);
    }
  }
}

std::vector<Given> Compared::given() const {
  std::vector<Given> all;
  for (std::uint32_t batch = 0; batch < batches_.size(); ++batch) {
    for (std::uint32_t row = 0; row < batches_[batch]->rows.row_count(); ++row)
      all.push_back({batch, row});
  }
  return all;
}

base::Place Compared::place(Given row) const {
  const auto& batch = *batches_[row.batch];
  return {.file = batch.source, .row = batch.row_number(row.row), .column = ""};
}

std::optional<time::PartialDate> Compared::date(std::size_t field, Given row) const {
  if (is_missing(field, row)) return std::nullopt;
  return columns_[row.batch][field]->date(row.row);
}

time::DateRange Compared::range(Given row) const {
  const auto first = from ? date(*from, row) : std::nullopt;
  const auto end = until ? date(*until, row) : std::nullopt;
  return {first ? std::optional(first->first_day()) : std::nullopt,
          end ? std::optional(end->first_day()) : std::nullopt};
}

std::string_view Compared::key_of(std::size_t field, RowId row) const {
  const std::uint32_t slot = readers_[field].raw(row);
  const Role role = schema_->fields()[field].role;
  if (role == Role::kMember) return snapshot_.key_of(base::MemberSlot{slot});
  if (role != Role::kSubject) return snapshot_.key_of(base::UnitSlot{slot});
  const base::UnitSlot as_unit = rows_.unit_of(row);
  return as_unit != base::kNoUnitSlot ? snapshot_.key_of(as_unit)
                                      : snapshot_.key_of(rows_.member_of(row));
}

namespace {

bool is_slot(Role role) noexcept {
  return role == Role::kUnit || role == Role::kParent || role == Role::kMember ||
         role == Role::kSubject;
}

}  // namespace

void Compared::append(std::size_t field, Given row, std::string& out) const {
  if (is_missing(field, row)) return;
  const table::Column& column = *columns_[row.batch][field];
  if (column.type() == Type::kText) {
    out += column.text(row.row);
  } else {
    out += column.display(row.row);
  }
}

void Compared::append(std::size_t field, RowId row, std::string& out) const {
  const registry::FieldReader& reader = readers_[field];
  if (reader.is_missing(row)) return;
  const table::Field& description = schema_->fields()[field];
  switch (description.type) {
    case Type::kText:
      out += is_slot(description.role) ? key_of(field, row) : reader.text(row);
      break;
    case Type::kCode:
      out += reader.word(reader.raw(row));
      break;
    case Type::kDate:
      out += reader.date(row)->to_string();
      break;
    case Type::kInt:
      out += std::to_string(*reader.integer(row));
      break;
    case Type::kBool:
      out += reader.raw(row) != 0 ? "true" : "false";
      break;
    case Type::kReal:
      break;
  }
}

std::string Compared::text(std::size_t field, RowId row) const {
  std::string out;
  append(field, row, out);
  return out;
}

bool Compared::is_same(std::size_t field, Given given, RowId stored) const {
  const registry::FieldReader& reader = readers_[field];
  const bool missing = is_missing(field, given);
  if (missing || reader.is_missing(stored)) return missing == reader.is_missing(stored);
  const table::Column& column = *columns_[given.batch][field];
  const table::Field& description = schema_->fields()[field];
  switch (description.type) {
    case Type::kText:
      return column.text(given.row) ==
             (is_slot(description.role) ? key_of(field, stored) : reader.text(stored));
    case Type::kCode:
      return column.word(given.row) == reader.word(reader.raw(stored));
    case Type::kDate:
      return column.date(given.row) == *reader.date(stored);
    case Type::kInt:
      return column.integer(given.row) == *reader.integer(stored);
    case Type::kBool:
      return column.boolean(given.row) == (reader.raw(stored) != 0);
    case Type::kReal:
      return true;
  }
  return true;
}

}  // namespace dangbo::inline v1::load::detail
