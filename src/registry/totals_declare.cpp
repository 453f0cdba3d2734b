// What can be declared, and what is said about the rest.
#include <algorithm>

#include "dangbo/base/text.hpp"
#include "registry/totals_store.hpp"

namespace dangbo::inline v1::registry {

namespace {

using base::Message;
using base::ProblemCode;
using table::Field;
using table::Role;
using table::Type;

// `at` is the part of the declaration, like the step of a JSON pointer.
absl::Status refused(ProblemCode code, const std::string& name, std::string_view at,
                     std::string_view value, Message reason, Message fix) {
  return base::problem_status(code == ProblemCode::kLimit ? absl::StatusCode::kResourceExhausted
                                                          : absl::StatusCode::kInvalidArgument,
                              {.code = code,
                               .place = {.file = name, .row = 0, .column = std::string(at)},
                               .value = base::shorten(value, 64),
                               .reason = std::move(reason),
                               .fix = std::move(fix)});
}

absl::Status unknown_field(const std::string& name, std::string_view at, std::string_view field,
                           const table::Schema& schema) {
  return refused(ProblemCode::kUnknownColumn, name, at, field,
                 {"bảng " + schema.name() + " không có cột này",
                  "table " + schema.name() + " has no such field"},
                 {"xem docs/tables.md", "see docs/tables.md"});
}

bool is_flag(const Field& field) noexcept {
  return field.type == Type::kBool;
}

absl::Status set_filter(const Measure& measure, Counting& counting) {
  const auto& schema = counting.store->schema();
  const auto found = schema.find(measure.where->field);
  if (!found) return unknown_field(measure.name, "where", measure.where->field, schema);
  const Field& field = schema.fields()[*found];
  if (field.type != Type::kCode && !is_flag(field)) {
    return refused(ProblemCode::kUnknownColumn, measure.name, "where", field.name,
                   {"chỉ lọc được theo cột mã hoặc cột có/không",
                    "only coded fields and flags can be filtered by"},
                   {"dùng truy vấn cho các cột khác", "use a query for other fields"});
  }
  counting.has_filter = true;
  counting.filter = *found;
  counting.code = counting.store->missing(*found);
  if (!measure.where->word) return absl::OkStatus();
  const std::string& word = *measure.where->word;
  if (is_flag(field)) {
    const std::string folded = base::fold(word);
    if (folded == "true" || folded == "false") {
      counting.code = folded == "true" ? 1 : 0;
      return absl::OkStatus();
    }
  } else if (field.codes == nullptr) {
    const auto code = counting.store->words(*found)->find(word);
    // No code of a growing vocabulary is this number.
    counting.code = code.value_or(kMissingWord);
    if (!code) counting.unknown_word = word;
    return absl::OkStatus();
  } else if (const auto code = field.codes->find(word)) {
    counting.code = *code;
    return absl::OkStatus();
  }
  return refused(
      ProblemCode::kUnknownCode, measure.name, "where", word,
      {"cột " + field.name + " không có mã này", "field " + field.name + " has no such code"},
      {"xem danh mục mã trong docs/tables.md", "see the codes in docs/tables.md"});
}

absl::Status set_places(const std::string& name, Counting& counting) {
  const TableStore& store = *counting.store;
  const auto& schema = store.schema();
  for (std::size_t i = 0; i < schema.fields().size(); ++i) {
    if (schema.fields()[i].role == Role::kUnit) counting.units.push_back(i);
  }
  const bool has_unit = !counting.units.empty() || store.roles().subject;
  const bool has_member = store.roles().member || store.roles().subject;
  if (schema.kind() != table::TableKind::kState || (!has_unit && !has_member)) {
    return refused(ProblemCode::kBadQuery, name, "table", schema.name(),
                   {"chỉ giữ được số liệu của bảng trạng thái có nêu đơn vị hoặc đảng viên",
                    "only state tables that name a unit or member can be kept as totals"},
                   {"sự kiện và kỳ: dùng truy vấn", "events and periods: use a query"});
  }
  const bool names_unit_always =
      std::any_of(counting.units.begin(), counting.units.end(),
                  [&](std::size_t field) { return schema.fields()[field].required; });
  counting.may_be_at_home = has_member && !names_unit_always;
  return absl::OkStatus();
}

absl::StatusOr<Counting> counting_of(const Core& core, const Measure& measure) {
  Counting counting;
  counting.store = core.find_table(measure.table);
  if (counting.store == nullptr) {
    return refused(ProblemCode::kUnknownTable, measure.name, "table", measure.table,
                   {"không có bảng này", "there is no such table"},
                   {"xem docs/tables.md", "see docs/tables.md"});
  }
  if (counting.store == core.members_table) {
    counting.is_of_homes = true;
  } else if (absl::Status status = set_places(measure.name, counting); !status.ok()) {
    return status;
  }
  if (measure.where) {
    if (absl::Status status = set_filter(measure, counting); !status.ok()) return status;
  }
  if (measure.sum.empty()) return counting;
  const auto& schema = counting.store->schema();
  const auto field = schema.find(measure.sum);
  if (!field) return unknown_field(measure.name, "sum", measure.sum, schema);
  if (schema.fields()[*field].type != Type::kInt) {
    return refused(ProblemCode::kUnknownColumn, measure.name, "sum", measure.sum,
                   {"cột này không phải số nguyên", "this field is no integer"},
                   {"chọn một cột số nguyên", "name an integer field"});
  }
  counting.sum = *field;
  return counting;
}

absl::StatusOr<Counting> counting_of(const Core& core, const Grouping& grouping) {
  Counting counting;
  counting.store = core.members_table;
  counting.is_of_homes = true;
  const auto& schema = counting.store->schema();
  std::uint64_t width = 1;
  if (grouping.fields.empty()) {
    return refused(ProblemCode::kBadQuery, grouping.name, "fields", "",
                   {"thiếu cột nhóm", "there is no field to group by"},
                   {"nêu ít nhất một cột mã", "name at least one coded field"});
  }
  for (const std::string& name : grouping.fields) {
    const auto found = schema.find(name);
    if (!found) return unknown_field(grouping.name, "fields", name, schema);
    const Field& field = schema.fields()[*found];
    if (!is_flag(field) && (field.type != Type::kCode || field.codes == nullptr)) {
      return refused(ProblemCode::kUnknownColumn, grouping.name, "fields", name,
                     {"chỉ nhóm được theo cột mã có danh mục cố định hoặc cột có/không",
                      "only fields with a fixed vocabulary and flags can be grouped by"},
                     {"dùng truy vấn cho các cột khác", "use a query for other fields"});
    }
    const std::size_t words = is_flag(field) ? 2 : field.codes->codes().size();
    counting.groups.push_back(*found);
    counting.radix.push_back(static_cast<std::uint32_t>(words) + 1);
    width *= words + 1;
    if (width > kMaxGroups) {
      return refused(ProblemCode::kTooManyCells, grouping.name, "fields", name,
                     {"nhóm này có hơn 256 tổ hợp", "the grouping has more than 256 combinations"},
                     {"bớt cột", "name fewer fields"});
    }
  }
  counting.width = static_cast<std::uint32_t>(width);
  return counting;
}

std::optional<std::uint64_t> absolute_sum(const Counting& counting, std::uint32_t commit) {
  const TableStore& store = *counting.store;
  std::uint64_t total = 0;
  for (std::uint32_t row = 0; row < store.rows_at(commit); ++row) {
    const std::int64_t value = store.wide(*counting.sum, row);
    if (value == kMissingLong || !store.is_known(row, commit)) continue;
    total += absolute_of(value);  // both are below 2^63
    if (total > kMaxAbsolute) return std::nullopt;
  }
  return total;
}

}  // namespace

// Numbers of 4 bytes count up to 2^32 rows; sums take 8.
absl::StatusOr<std::size_t> TotalsStore::add(std::size_t number, const std::string& name,
                                             Counting counting, bool has_timeline) {
  for (std::size_t other = 0; other < kPanels; ++other) {
    if (!is_declared(other) || panels_[other].name != name) continue;
    return refused(ProblemCode::kDuplicateKey, name, "name", name,
                   {"tên này đã khai báo", "this name is declared already"},
                   {"chọn tên khác", "choose another name"});
  }
  const std::uint32_t head = core_.head.load(std::memory_order_relaxed);
  std::uint64_t absolute = 0;
  if (counting.sum) {
    const auto found = absolute_sum(counting, head);
    if (!found) {
      return refused(
          ProblemCode::kOutOfRange, name, "sum",
          counting.store->schema().fields()[*counting.sum].name,
          {"tổng của cột vượt quá 63 bit", "the sum of the field does not fit 63 bits"},
          {"kiểm tra giá trị bất thường trong cột", "look for absurd values in the column"});
    }
    absolute = *found;
  }
  Panel& panel = panels_[number];
  panel.name = name;
  panel.counting = std::move(counting);
  panel.has_timeline = has_timeline;
  panel.since = head;
  panel.number = static_cast<std::uint32_t>(number);
  panel.absolute = absolute;
  panel.own.set_wide(panel.counting.sum.has_value());
  panel.below.set_wide(panel.counting.sum.has_value());
  followed_.resize(core_.tables.size(), false);
  followed_[panel.counting.store->number()] = true;
  build(panel);
  if (has_timeline) timelines_.build(panel, head);
  fill_agenda();
  std::atomic<std::uint32_t>& count = number < kMaxMeasures ? measures_ : groupings_;
  count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  return number;
}

absl::Status TotalsStore::keep() {
  if (is_kept_) return absl::OkStatus();
  const std::uint32_t head = core_.head.load(std::memory_order_relaxed);
  const std::uint32_t units = core_.units.size();
  followed_.assign(core_.tables.size(), false);
  for (const TableStore* store :
       {core_.units_table, core_.members_table, core_.memberships_table}) {
    followed_[store->number()] = true;
  }
  deltas_.reserve(kDeltas);
  log_.reserve(units);
  parents_.reserve(units, kOutOfForce);
  day_ = head == 0 ? kNoCurrentDay : core_.mark(head).current_day;
  if (day_ != kNoCurrentDay) {
    std::vector<std::uint32_t> parents(units, kOutOfForce);
    find_parents(*core_.units_table, head, day_, parents);
    for (std::uint32_t unit = 0; unit < units; ++unit) parents_.set(unit, parents[unit]);
  }
  const Measure home{.name = std::string(kMembersAtHomeName),
                     .table = std::string(kMembershipsTable),
                     .where = Equals{"kind", "home"}};
  auto counting = counting_of(core_, home);
  if (!counting.ok()) return counting.status();
  if (auto number = add(0, home.name, std::move(*counting), true); !number.ok())
    return number.status();
  is_kept_ = true;
  return absl::OkStatus();
}

absl::StatusOr<std::size_t> TotalsStore::declare(const Measure& measure) {
  if (absl::Status status = keep(); !status.ok()) return status;
  const std::uint32_t number = measure_count();
  if (number >= kMaxMeasures) {
    return refused(ProblemCode::kLimit, measure.name, "", measure.name,
                   {"đã có 16 chỉ tiêu", "there are 16 measures already"},
                   {"dùng truy vấn cho chỉ tiêu này", "use a query for this one"});
  }
  auto counting = counting_of(core_, measure);
  if (!counting.ok()) return counting.status();
  return add(number, measure.name, std::move(*counting), measure.timeline);
}

absl::StatusOr<std::size_t> TotalsStore::declare(const Grouping& grouping) {
  if (absl::Status status = keep(); !status.ok()) return status;
  const std::uint32_t number = grouping_count();
  if (number >= kMaxGroupings) {
    return refused(ProblemCode::kLimit, grouping.name, "", grouping.name,
                   {"đã có 8 nhóm", "there are 8 groupings already"},
                   {"dùng truy vấn cho nhóm này", "use a query for this one"});
  }
  auto counting = counting_of(core_, grouping);
  if (!counting.ok()) return counting.status();
  return add(kMaxMeasures + number, grouping.name, std::move(*counting), false);
}

namespace {

absl::Status in_a_fork() {
  return absl::FailedPreconditionError(
      "a fork keeps no totals of its own: declare them in the registry it was taken from");
}

absl::Status no_memory() {
  return absl::ResourceExhaustedError("not enough memory to keep this figure");
}

}  // namespace

absl::StatusOr<MeasureNumber> Registry::declare_measure(const Measure& measure) {
  if (core_->totals == nullptr) return in_a_fork();
  try {
    const auto number = core_->totals->declare(measure);
    if (!number.ok()) return number.status();
    return MeasureNumber{static_cast<std::uint8_t>(*number)};
  } catch (const std::bad_alloc&) {
    return no_memory();
  }
}

absl::StatusOr<GroupingNumber> Registry::declare_grouping(const Grouping& grouping) {
  if (core_->totals == nullptr) return in_a_fork();
  try {
    const auto number = core_->totals->declare(grouping);
    if (!number.ok()) return number.status();
    return GroupingNumber{static_cast<std::uint8_t>(*number - kMaxMeasures)};
  } catch (const std::bad_alloc&) {
    return no_memory();
  }
}

}  // namespace dangbo::inline v1::registry
