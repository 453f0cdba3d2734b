#include "registry/draft.hpp"

#include <algorithm>
#include <utility>

#include "dangbo/base/make_room.hpp"
#include "dangbo/table/parse.hpp"
#include "registry/row_values.hpp"

namespace dangbo::inline v1::registry {

namespace {

using table::Column;
using table::Field;
using table::Role;
using table::TableKind;
using table::Type;

time::DateRange range_of(const table::Schema& schema, const std::vector<std::string>& cells) {
  const auto day_of = [&](Role role) -> std::optional<time::Date> {
    const auto field = schema.find(role);
    if (!field || cells[*field].empty()) return std::nullopt;
    const auto date = time::parse_date(cells[*field]).value;
    return date ? std::optional(date->first_day()) : std::nullopt;
  };
  if (schema.kind() != TableKind::kState) return {};
  return {day_of(Role::kFrom), day_of(Role::kUntil)};
}

// A column of a field from cells of the draft, which hold what the field holds.
class CellColumn {
 public:
  explicit CellColumn(const Field& field) : text_(field.name, Type::kText) {
    if (field.type != Type::kText) other_.emplace(field, false);
  }

  void append(const std::string& cell) {
    if (other_) {
      other_->append(cell);
    } else if (cell.empty()) {
      text_.append_missing();
    } else {
      text_.append_text(cell);
    }
  }
  [[nodiscard]] Column take() { return other_ ? other_->take() : std::move(text_); }

 private:
  Column text_;  // as it is: a file's cell would lose spaces at its ends
  std::optional<table::FieldBuilder> other_;  // of a field that is no text
};

bool begins_before(const DraftRow* a, const DraftRow* b) noexcept {
  return a->range.from_day() < b->range.from_day();
}

// Rows in the order in which the operations that changed them were written.
template <typename Row>
void sort_by_place(std::vector<Row*>& rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const Row* a, const Row* b) {
    return std::tie(a->place.file, a->place.row) < std::tie(b->place.file, b->place.row);
  });
}

std::vector<std::uint64_t> lines_of(const std::vector<const DraftRow*>& rows) {
  std::vector<std::uint64_t> lines;
  for (const DraftRow* row : rows) lines.push_back(row->place.row);
  return lines;
}

table::Table row_ids(const table::Schema& schema, const std::vector<const DraftRow*>& rows) {
  Column numbers("row_id", Type::kInt);
  for (const DraftRow* row : rows) numbers.append_integer(*row->stored);
  std::vector<Column> columns;
  columns.push_back(std::move(numbers));
  return {schema.name(), std::move(columns)};
}

table::Table values_of(const table::Schema& schema, const std::vector<const DraftRow*>& rows,
                       const std::vector<bool>& fields) {
  std::vector<Column> columns;
  for (std::size_t field = 0; field < fields.size(); ++field) {
    if (!fields[field]) continue;
    CellColumn column(schema.fields()[field]);
    for (const DraftRow* row : rows) column.append(row->cells[field]);
    columns.push_back(column.take());
  }
  return {schema.name(), std::move(columns)};
}

}  // namespace

bool DraftRow::is_changed() const noexcept {
  return std::find(changed.begin(), changed.end(), true) != changed.end();
}

DraftRow* in_force(const std::vector<DraftRow*>& rows, time::Date day) noexcept {
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [&](const DraftRow* row) { return row->range.contains(day); });
  return found == rows.end() ? nullptr : *found;
}

DraftTable::DraftTable(const Core& core, const TableStore& store, std::uint32_t head)
    : core_(core), store_(store), head_(head), schema_(store.shared_schema()) {}

DraftRow& DraftTable::load(std::uint32_t number) {
  base::make_room(loaded_);
  const auto [at, is_new] = loaded_.try_emplace(number, nullptr);
  if (!is_new) return *at->second;
  DraftRow row;
  row.stored = number;
  row.cells = cells_of(number);
  row.changed.assign(row.cells.size(), false);
  row.range = Rows(&store_, number + 1).range(RowId{number});
  row.place = place_of(row);
  rows_.push_back(std::move(row));
  at->second = &rows_.back();
  index(rows_.back());
  return rows_.back();
}

std::vector<std::string> DraftTable::cells_of(std::uint32_t row) const {
  std::vector<std::string> cells;
  for (std::size_t field = 0; field < schema().fields().size(); ++field)
    cells.push_back(display_value(store_, field, row, core_));
  return cells;
}

void DraftTable::index(DraftRow& row) {
  for (const auto field : {member_field(), store_.roles().unit, store_.roles().parent})
    if (field) index(row, *field);
}

void DraftTable::index(DraftRow& row, std::size_t field) {
  const TableRoles& roles = store_.roles();
  const std::string& key = row.cells[field];
  if (key.empty()) return;
  const bool is_member = roles.member == field ||
                         (member_field() == field && row.cells[*roles.subject_type] == "member");
  if (is_member) by_member_[key].push_back(&row);
  if (roles.unit == field) by_unit_[key].push_back(&row);
  if (roles.parent == field) by_parent_[key].push_back(&row);
}

std::vector<DraftRow*> DraftTable::standing(const Index& index, const std::string& key,
                                            std::size_t field) const {
  std::vector<DraftRow*> rows;
  const auto found = index.find(key);
  if (found == index.end()) return rows;
  for (DraftRow* row : found->second) {
    if (!row->withdrawn && row->cells[field] == key) rows.push_back(row);
  }
  std::stable_sort(rows.begin(), rows.end(), begins_before);
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

std::vector<DraftRow*> DraftTable::of_member(const std::string& key) {
  if (!members_loaded_[key]) {
    members_loaded_[key] = true;
    if (const auto slot = core_.members.find(key)) {
      for (std::uint32_t row = store_.newest(Chain::kMember, *slot); row != kMissingWord;
           row = store_.previous(Chain::kMember, row)) {
        if (store_.is_known(row, head_)) load(row);
      }
    }
  }
  return standing(by_member_, key, *member_field());
}

std::vector<DraftRow*> DraftTable::of_unit(const std::string& key) {
  if (store_.has_unit_chain() && store_.roles().unit && !units_loaded_[key]) {
    units_loaded_[key] = true;
    if (const auto slot = core_.units.find(key)) {
      for (std::uint32_t row = store_.newest(Chain::kUnit, *slot); row != kMissingWord;
           row = store_.previous(Chain::kUnit, row)) {
        if (store_.is_known(row, head_)) load(row);
      }
    }
  }
  return standing(by_unit_, key, *store_.roles().unit);
}

std::vector<DraftRow*> DraftTable::under(const std::string& parent) {
  return standing(by_parent_, parent, *store_.roles().parent);
}

void DraftTable::load_units(const absl::flat_hash_set<std::uint32_t>& slots) {
  const TableRoles& roles = store_.roles();
  const auto wanted = roles.parent ? roles.parent : roles.unit;
  if (!wanted || slots.empty()) return;
  for (std::uint32_t row = 0; row < store_.rows_at(head_); ++row) {
    if (slots.contains(store_.raw(*wanted, row)) && store_.is_known(row, head_)) load(row);
  }
}

void DraftTable::set(DraftRow& row, std::size_t field, std::string value,
                     const base::Place& place) {
  if (row.cells[field] == value) return;
  row.cells[field] = std::move(value);
  if (row.stored) row.changed[field] = true;
  row.place = place;
  const Role role = schema().fields()[field].role;
  if (role == Role::kFrom || role == Role::kUntil) {
    row.range = range_of(schema(), row.cells);
    // A date that is stated is no longer an observed one.
    const auto mark = schema().find(role == Role::kFrom ? "from_after" : "until_after");
    if (mark) set(row, *mark, "", place);
  }
  index(row, field);
}

DraftRow& DraftTable::add(const base::Place& place) {
  DraftRow row;
  row.cells.resize(schema().fields().size());
  row.place = place;
  rows_.push_back(std::move(row));
  return rows_.back();
}

DraftRow& DraftTable::copy(const DraftRow& like, const base::Place& place) {
  DraftRow row;
  row.cells = like.cells;
  row.range = like.range;
  row.place = place;
  rows_.push_back(std::move(row));
  index(rows_.back());
  return rows_.back();
}

void DraftTable::withdraw(DraftRow& row, const base::Place& place) {
  row.withdrawn = true;
  row.place = place;
}

void DraftTable::end(DraftRow& row, time::Date day, const base::Place& place) {
  if (row.range.from_day() >= day.days()) {
    withdraw(row, place);
  } else {
    set(row, *store_.roles().until, day.to_string(), place);
  }
}

DraftRow& DraftTable::split(DraftRow& row, time::Date day, const base::Place& place) {
  if (row.range.from_day() >= day.days()) return row;
  DraftRow& later = copy(row, place);
  set(later, *store_.roles().from, day.to_string(), place);
  set(row, *store_.roles().until, day.to_string(), place);
  return later;
}

base::Place DraftTable::place_of(const DraftRow& row) const {
  if (!row.stored) return row.place;
  return {.file = schema().name(), .row = std::uint64_t{*row.stored} + 1, .column = ""};
}

void DraftTable::emit_added(Change& change) const {
  std::vector<const DraftRow*> added;
  for (const DraftRow& row : rows_)
    if (!row.stored && !row.withdrawn) added.push_back(&row);
  sort_by_place(added);
  for (std::size_t first = 0; first < added.size();) {
    std::size_t end = first;
    while (end < added.size() && added[end]->place.file == added[first]->place.file) ++end;
    const std::vector<const DraftRow*> rows(added.begin() + static_cast<std::ptrdiff_t>(first),
                                            added.begin() + static_cast<std::ptrdiff_t>(end));
    std::vector<bool> given(schema().fields().size(), false);
    for (const DraftRow* row : rows) {
      for (std::size_t field = 0; field < given.size(); ++field)
        given[field] = given[field] || !row->cells[field].empty();
    }
    change.add_batch({.schema = schema_,
                      .rows = values_of(schema(), rows, given),
                      .source = rows.front()->place.file,
                      .first_row = 1,
                      .headers = {},
                      .row_numbers = lines_of(rows)});
    first = end;
  }
}

void DraftTable::emit_corrected(Change& change) const {
  // Rows that lost or changed the same fields share a correction; one a source and set of fields.
  std::map<std::pair<std::string, std::vector<bool>>, std::vector<const DraftRow*>> groups;
  for (const DraftRow& row : rows_) {
    if (!row.stored || (!row.withdrawn && !row.is_changed())) continue;
    const std::vector<bool> fields = row.withdrawn ? std::vector<bool>() : row.changed;
    groups[{row.place.file, fields}].push_back(&row);
  }
  for (auto& [shape, rows] : groups) {
    sort_by_place(rows);
    const bool withdraw = shape.second.empty();
    change.add_correction(
        {.schema = schema_,
         .targets = row_ids(schema(), rows),
         .values = withdraw ? table::Table() : values_of(schema(), rows, shape.second),
         .withdraw = withdraw,
         .source = shape.first,
         .target_headers = {},
         .headers = {},
         .row_numbers = lines_of(rows)});
  }
}

void DraftTable::emit(Change& change) const {
  emit_added(change);
  emit_corrected(change);
}

Draft::Draft(const Core& core) : core_(core), head_(core.head.load(std::memory_order_acquire)) {
  tables_.resize(core.tables.size());
  units_ = &table(kUnitsTable);
  members_ = &table(kMembersTable);
  memberships_ = &table(kMembershipsTable);
}

DraftTable& Draft::table(std::size_t number) {
  std::unique_ptr<DraftTable>& table = tables_[number];
  if (table == nullptr) table = std::make_unique<DraftTable>(core_, *core_.tables[number], head_);
  return *table;
}

DraftTable& Draft::table(std::string_view name) {
  std::size_t number = 0;
  while (core_.tables[number]->schema().name() != name) ++number;
  return table(number);
}

std::vector<DraftTable*> Draft::others() {
  std::vector<DraftTable*> found;
  for (std::size_t number = 0; number < tables_.size(); ++number) {
    const TableStore& store = *core_.tables[number];
    const TableRoles& roles = store.roles();
    const bool is_one_of_three = &store == &units_->store() || &store == &members_->store() ||
                                 &store == &memberships_->store();
    if (!is_one_of_three && store.schema().kind() == TableKind::kState && roles.until &&
        roles.from && (roles.unit || roles.member))
      found.push_back(&table(number));
  }
  return found;
}

std::vector<DraftTable*> Draft::of_members() {
  std::vector<DraftTable*> found;
  for (std::size_t number = 0; number < tables_.size(); ++number) {
    const TableRoles& roles = core_.tables[number]->roles();
    if (roles.member || roles.subject) found.push_back(&table(number));
  }
  return found;
}

void Draft::load_units(const std::vector<std::string>& keys) {
  absl::flat_hash_set<std::uint32_t> slots;
  for (const std::string& key : keys) {
    base::make_room(slots);
    if (const auto slot = core_.units.find(key)) slots.insert(*slot);
  }
  units_->load_units(slots);
  memberships_->load_units(slots);
  for (DraftTable* table : others()) table->load_units(slots);
}

void Draft::emit(Change& change) const {
  for (const auto& table : tables_)
    if (table != nullptr) table->emit(change);
}

}  // namespace dangbo::inline v1::registry
