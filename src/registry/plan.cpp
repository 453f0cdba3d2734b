#include "registry/plan.hpp"

#include <algorithm>

#include "dangbo/base/make_room.hpp"
#include "dangbo/base/text.hpp"
#include "registry/totals_store.hpp"

namespace dangbo::inline v1::registry {

namespace {

using base::Message;
using base::Problem;
using base::ProblemCode;
using table::Field;
using table::Role;
using table::Type;

// Suggestions cost a scan of all keys: give them for the first few problems of a kind only.
constexpr int kMaxSuggestions = 20;
constexpr std::uint32_t kMaxKeysToSuggestFrom = 200'000;

bool is_unit_reference(Role role) noexcept {
  return role == Role::kUnit || role == Role::kParent;
}

class Resolver {
 public:
  explicit Resolver(Plan& plan) : plan_(plan) {}

  // Keys that the change itself brings, so that rows may name units and members of the same change
  // in any order.
  void collect_new_keys(PreparedBatch& batch) {
    const bool units = batch.store == plan_.core.units_table;
    if (!units && batch.store != plan_.core.members_table) return;
    const std::size_t field = *(units ? batch.store->roles().unit : batch.store->roles().member);
    if (batch.is_kept(field)) return;
    NewKeys& keys = units ? plan_.units : plan_.members;
    auto& numbers = batch.add_numbers(field, kMissingWord);
    std::uint32_t hint = kMissingWord;
    for (std::size_t row = 0; row < batch.row_count(); ++row) {
      if (batch.is_missing(field, row)) continue;
      hint = numbers[row] = keys.find_or_add(batch.text(field, row), hint);
    }
  }

  void resolve_references(PreparedBatch& batch) {
    for (const std::uint32_t field : batch.filled) {
      if (batch.numbers_of(field) != nullptr) continue;
      const FieldTraits& traits = batch.store->traits(field);
      if (is_unit_reference(traits.role)) {
        resolve(batch, field, plan_.units, ProblemCode::kUnknownUnit);
      } else if (traits.role == Role::kMember) {
        resolve(batch, field, plan_.members, ProblemCode::kUnknownMember);
      } else if (traits.role == Role::kSubject) {
        resolve_subjects(batch, field);
      } else if (traits.grows) {
        map_words(batch, field);
      }
    }
  }

 private:
  void resolve(PreparedBatch& batch, std::size_t field, const NewKeys& keys, ProblemCode code) {
    auto& numbers = batch.add_numbers(field, kMissingWord);
    std::uint32_t hint = kMissingWord;
    for (std::size_t row = 0; row < batch.row_count(); ++row) {
      if (batch.is_missing(field, row)) continue;
      const auto found = keys.find(batch.text(field, row), hint);
      if (found) {
        hint = numbers[row] = *found;
      } else {
        report_unknown(batch, field, row, keys, code);
      }
    }
  }

  void resolve_subjects(PreparedBatch& batch, std::size_t field) {
    const TableRoles& roles = batch.store->roles();
    auto& numbers = batch.add_numbers(field, kMissingWord);
    std::uint32_t hint = kMissingWord;
    for (std::size_t row = 0; row < batch.row_count(); ++row) {
      if (batch.is_missing(field, row) || batch.is_missing(*roles.subject_type, row)) continue;
      const bool unit = batch.raw(*roles.subject_type, row) == roles.subject_unit_code;
      const NewKeys& keys = unit ? plan_.units : plan_.members;
      const auto found = keys.find(batch.text(field, row), hint);
      if (found) {
        hint = numbers[row] = *found;
      } else {
        report_unknown(batch, field, row, keys,
                       unit ? ProblemCode::kUnknownUnit : ProblemCode::kUnknownMember);
      }
    }
  }

  void map_words(PreparedBatch& batch, std::size_t field) {
    const table::Column& column = *batch.columns[field];
    auto& numbers = batch.add_numbers(field, kMissingHalf);
    if (column.words() == nullptr) return;
    NewKeys& words = plan_.words_of(batch.store, field);
    std::vector<std::uint32_t> map(column.words()->size(), kMissingHalf);
    for (std::size_t row = 0; row < batch.row_count(); ++row) {
      if (column.is_missing(row)) continue;
      std::uint32_t& code = map[static_cast<std::size_t>(column.code(row))];
      if (code == kMissingHalf) {
        code = words.find_or_add(column.word(row), kMissingWord);
        if (code >= kMissingHalf) {
          report_too_many_words(batch, field, row);
          return;
        }
      }
      numbers[row] = code;
    }
  }

  void report_too_many_words(const PreparedBatch& batch, std::size_t field, std::size_t row) {
    plan_.problems.add({.code = ProblemCode::kLimit,
                        .place = batch.place(row, field),
                        .value = batch.display(field, row),
                        .reason = {"cột có hơn 65 535 giá trị khác nhau",
                                   "more than 65,535 different values in this column"},
                        .fix = {"khai báo cột này là văn bản trong tệp lược đồ",
                                "declare the column as text in the schema file"}});
  }

  void report_unknown(const PreparedBatch& batch, std::size_t field, std::size_t row,
                      const NewKeys& keys, ProblemCode code) {
    const bool unit = code == ProblemCode::kUnknownUnit;
    Problem problem{
        .code = code,
        .place = batch.place(row, field),
        .value = batch.display(field, row),
        .reason = unit ? Message{"không có tổ chức nào mang mã này", "no unit has this key"}
                       : Message{"không có đảng viên nào mang mã này", "no member has this key"},
        .fix = unit ? Message{"thêm tổ chức vào bảng units hoặc sửa mã",
                              "add the unit to table units, or correct the key"}
                    : Message{"thêm đảng viên vào bảng members hoặc sửa mã",
                              "add the member to table members, or correct the key"}};
    if (const auto near = suggestion(batch.text(field, row), keys, unit)) {
      problem.fix.vi = "có phải «" + *near + "»? Nếu không, " + problem.fix.vi;
      problem.fix.en = "did you mean «" + *near + "»? If not, " + problem.fix.en;
    }
    plan_.problems.add(std::move(problem));
  }

  std::optional<std::string> suggestion(std::string_view key, const NewKeys& keys, bool unit) {
    int& given = unit ? unit_suggestions_ : member_suggestions_;
    if (given >= kMaxSuggestions || keys.total() > kMaxKeysToSuggestFrom) return std::nullopt;
    ++given;
    std::vector<std::string_view> candidates;
    candidates.reserve(keys.total());
    for (std::uint32_t i = 0; i < keys.total(); ++i) candidates.push_back(keys.key(i));
    const auto near = base::nearest(key, candidates.data(), candidates.size());
    return near ? std::optional<std::string>(candidates[*near]) : std::nullopt;
  }

  Plan& plan_;
  int unit_suggestions_ = 0;
  int member_suggestions_ = 0;
};

// Rows whose required values are missing; readers of files and Arrow have said so already.
void check_required(Plan& plan) {
  if (!plan.change.problems().empty()) return;
  for (const PreparedBatch& batch : plan.batches) {
    for (const std::uint32_t field : batch.store->lists().required) {
      if (batch.is_kept(field)) continue;  // was there when the row came
      for (std::size_t row = 0; row < batch.row_count(); ++row) {
        if (!batch.is_missing(field, row)) continue;
        plan.problems.add(
            {.code = ProblemCode::kMissingValue,
             .place = batch.place(row, field),
             .value = "",
             .reason = {"thiếu giá trị bắt buộc", "a required value is missing"},
             .fix = {"điền giá trị, hoặc bỏ dòng này", "fill it in, or drop the row"}});
      }
    }
  }
}

// The rows [first, end) of a batch that stand under a number in its source.
std::pair<std::size_t, std::size_t> rows_numbered(const GivenRows& given, std::uint64_t number) {
  if (given.row_numbers->empty()) {
    const bool is_there =
        number >= given.first_row && number - given.first_row < given.table->row_count();
    const std::size_t first = is_there ? number - given.first_row : 0;
    return {first, is_there ? first + 1 : first};
  }
  const auto begin = given.row_numbers->begin();
  const auto [first, end] = std::equal_range(begin, given.row_numbers->end(), number);
  return {static_cast<std::size_t>(first - begin), static_cast<std::size_t>(end - begin)};
}

// Marks the rows that reading has complained about.
void mark_damaged(Plan& plan) {
  for (const Problem& problem : plan.change.problems().kept()) {
    if (problem.place.row == 0) continue;
    for (PreparedBatch& batch : plan.batches) {
      const auto [first, end] = rows_numbered(batch.given, problem.place.row);
      if (first >= end || *batch.given.source != problem.place.file) continue;
      batch.damaged.resize(batch.row_count(), false);
      for (std::size_t row = first; row < end; ++row) batch.damaged[row] = true;
    }
  }
}

// Texts longer than a block of the heap and more rows than a table may hold.
void check_limits(Plan& plan) {
  for (const PreparedBatch& batch : plan.batches) {
    if (batch.row_count() + batch.store->row_count() >= 0xFFFFFFF0ULL) {
      plan.problems.add(
          {.code = ProblemCode::kLimit,
           .place = batch.place(0),
           .value = "",
           .reason = {"bảng vượt quá 2³² dòng", "the table would exceed 2^32 rows"},
           .fix = {"chia dữ liệu ra nhiều sổ", "split the data over several registries"}});
    }
    for (const std::uint32_t field : batch.filled) {
      if (batch.store->traits(field).type != Type::kText) continue;
      for (std::size_t row = 0; row < batch.row_count(); ++row) {
        if (batch.text(field, row).size() <= TextHeap::kMaxText) continue;
        plan.problems.add(
            {.code = ProblemCode::kFieldTooLong,
             .place = batch.place(row, field),
             .value = batch.display(field, row),
             .reason = {"ô dài quá 1 000 000 byte", "the cell is longer than 1,000,000 bytes"},
             .fix = {"rút gọn nội dung", "shorten it"}});
      }
    }
  }
}

}  // namespace

std::optional<std::uint32_t> NewKeys::find(std::string_view key,
                                           std::uint32_t hint) const noexcept {
  if (first_ != 0) {
    const auto found = known_.find_near(key, hint);
    if (found && *found < first_) return found;
  }
  if (index_.size() == 0) return std::nullopt;
  const bool is_near = hint != kMissingWord && hint >= first_;
  const auto added = index_.find_near(key, is_near ? hint - first_ : kMissingWord);
  return added ? std::optional<std::uint32_t>(first_ + *added) : std::nullopt;
}

std::uint32_t NewKeys::find_or_add(std::string_view key, std::uint32_t hint) {
  if (const auto found = find(key, hint)) return *found;
  const std::string_view kept =
      key.size() <= TextHeap::kMaxText ? key : key.substr(0, TextHeap::kMaxText);
  index_.reserve(1, kept.size());
  bytes_ += kept.size();
  return first_ + index_.add(kept);
}

bool PreparedBatch::is_missing(std::size_t field, std::size_t row) const noexcept {
  if (columns[field] != nullptr) return columns[field]->is_missing(row);
  if (replaces.empty()) return true;
  if (store->storage(field) == Storage::kLong)
    return store->wide(field, replaces[row]) == kMissingLong;
  return store->raw(field, replaces[row]) == store->missing(field);
}

std::string_view PreparedBatch::text(std::size_t field, std::size_t row) const noexcept {
  if (columns[field] != nullptr) return columns[field]->text(row);
  if (is_missing(field, row)) return {};
  return store->text().get(store->raw(field, replaces[row]));
}

std::int64_t PreparedBatch::wide(std::size_t field, std::size_t row) const noexcept {
  if (is_missing(field, row)) return kMissingLong;
  return columns[field] != nullptr ? columns[field]->integer(row)
                                   : store->wide(field, replaces[row]);
}

std::uint32_t PreparedBatch::raw(std::size_t field, std::size_t row) const noexcept {
  if (columns[field] == nullptr)
    return replaces.empty() ? store->missing(field) : store->raw(field, replaces[row]);
  if (const Numbers* found = numbers_of(field)) return found->of_rows[row];
  const table::Column& column = *columns[field];
  if (column.is_missing(row)) return store->missing(field);
  switch (column.type()) {
    case Type::kCode:
      return static_cast<std::uint32_t>(column.code(row));
    case Type::kDate:
      return static_cast<std::uint32_t>(column.date(row).code());
    case Type::kBool:
      return column.boolean(row) ? 1U : 0U;
    default:
      return kMissingWord;
  }
}

time::DateRange PreparedBatch::range(std::size_t row) const noexcept {
  const TableRoles& roles = store->roles();
  std::int32_t from = time::DateRange::kOpenFrom;
  std::int32_t until = time::DateRange::kOpenUntil;
  if (store->schema().kind() == table::TableKind::kState) {
    if (roles.from) {
      const std::uint32_t code = raw(*roles.from, row);
      if (code != kMissingDate) from = static_cast<std::int32_t>(code) >> 2;
    }
    if (roles.until) {
      const std::uint32_t code = raw(*roles.until, row);
      if (code != kOpenUntilCode) until = static_cast<std::int32_t>(code) >> 2;
    }
  }
  return time::DateRange::from_days(from, until);
}

std::string PreparedBatch::display(std::size_t field, std::size_t row) const {
  if (columns[field] == nullptr) return {};  // named by its place alone
  return base::shorten(columns[field]->display(row), 64);
}

base::Place PreparedBatch::place(std::size_t row, std::optional<std::size_t> field) const {
  base::Place place{.file = *given.source, .row = given.row_number(row), .column = ""};
  if (!field) return place;
  const std::string& name = store->schema().fields()[*field].name;
  const auto column = given.headers->empty() ? std::nullopt : given.table->find(name);
  place.column = column ? (*given.headers)[*column] : name;
  return place;
}

base::Place stored_place(const TableStore& store, std::uint32_t row) {
  return {.file = store.schema().name(), .row = std::uint64_t{row} + 1, .column = ""};
}

Plan::Plan(const Core& core_in, const Change& change_in)
    : core(core_in),
      change(change_in),
      head(core_in.head.load(std::memory_order_acquire)),
      units(core_in.units, core_in.units.size()),
      members(core_in.members, core_in.members.size()) {}

NewKeys& Plan::words_of(TableStore* store, std::size_t field) {
  for (NewWords& entry : words) {
    if (entry.store == store && entry.field == field) return *entry.words;
  }
  const KeyIndex& known = *store->words(field);
  words.push_back({store, field, std::make_unique<NewKeys>(known, known.size())});
  return *words.back().words;
}

void prepare(PreparedBatch& batch, TableStore& store, const GivenRows& given) {
  batch.given = given;
  batch.store = &store;
  const auto& fields = store.schema().fields();
  batch.columns.resize(fields.size(), nullptr);
  // Columns mostly come in the order of the fields.
  std::size_t field = 0;
  for (std::size_t i = 0; i < given.table->column_count(); ++i) {
    const table::Column& column = given.table->column(i);
    for (std::size_t tried = 0; tried < fields.size(); ++tried) {
      const std::size_t at = (field + tried) % fields.size();
      if (fields[at].name != column.name()) continue;
      if (batch.columns[at] == nullptr) batch.filled.push_back(static_cast<std::uint32_t>(at));
      batch.columns[at] = &column;
      field = at + 1;
      break;
    }
  }
  std::sort(batch.filled.begin(), batch.filled.end());
}

void prepare(PreparedBatch& batch, const Core& core, const Change::Batch& of_change) {
  prepare(batch, *core.find_table(*of_change.schema),
          {.table = &of_change.rows,
           .source = &of_change.source,
           .first_row = of_change.first_row,
           .headers = &of_change.headers,
           .row_numbers = &of_change.row_numbers});
}

void collect_new_keys(Plan& plan, PreparedBatch& batch) {
  Resolver(plan).collect_new_keys(batch);
}

void resolve_references(Plan& plan, PreparedBatch& batch) {
  Resolver(plan).resolve_references(batch);
}

bool Plan::stands(const TableStore& store, std::uint32_t row) const noexcept {
  if (!store.is_known(row, head)) return false;
  const RowSet* rows = retired_of(store);
  return rows == nullptr || !rows->contains(row);
}

const RowSet* Plan::retired_of(const TableStore& store) const noexcept {
  for (const Retired& of_table : retired) {
    if (of_table.store == &store) return &of_table.rows;
  }
  return nullptr;
}

RowSet& Plan::retire_in(const TableStore& store) {
  for (Retired& of_table : retired) {
    if (of_table.store == &store) return of_table.rows;
  }
  retired.emplace_back().store = &store;
  return retired.back().rows;
}

void Plan::find_tables() {
  const auto add = [&](TableStore* store) {
    if (!tables.empty() && tables.back() == store) return;
    const auto at = std::lower_bound(
        tables.begin(), tables.end(), store,
        [](const TableStore* a, const TableStore* b) { return a->number() < b->number(); });
    if (at == tables.end() || *at != store) tables.insert(at, store);
  };
  for (const PreparedBatch& batch : batches) add(batch.store);
  for (const Withdrawal& withdrawal : withdrawals) add(withdrawal.store);
}

bool RowSet::contains(std::uint32_t row) const noexcept {
  return hashed_.empty() ? std::find(rows_.begin(), rows_.end(), row) != rows_.end()
                         : hashed_.contains(row);
}

bool RowSet::insert(std::uint32_t row) {
  if (contains(row)) return false;
  rows_.push_back(row);
  if (rows_.size() <= kFew) return true;
  const std::size_t hashed = hashed_.empty() ? 0 : rows_.size() - 1;
  for (std::size_t i = hashed; i < rows_.size(); ++i) {
    base::make_room(hashed_);
    hashed_.insert(rows_[i]);
  }
  return true;
}

namespace {

// What single rows name, on its way from memory while other things are done. Three steps, each
// looking where the one before has led.
class Ahead {
 public:
  explicit Ahead(const Plan& plan) : core_(plan.core) {
    for (const PreparedBatch& batch : plan.batches) {
      if (batch.row_count() != 1) continue;
      for (const std::uint32_t field : batch.store->lists().references) {
        const Role role = batch.store->traits(field).role;
        if (role == Role::kSubject || batch.columns[field] == nullptr || batch.is_missing(field, 0))
          continue;
        named_.push_back({batch.store, batch.text(field, 0), role != Role::kMember, kMissingWord});
        index_of(named_.back()).prefetch(named_.back().key);
      }
    }
  }

  void find_numbers() {
    for (Named& one : named_) {
      one.number = index_of(one).prefetch_number(one.key);
      const Chain chain = chain_of(one);
      entities_of(one).prefetch_newest(chain, one.number);
      if (!one.is_unit && one.store != &entities_of(one))
        one.store->prefetch_newest(chain, one.number);
    }
  }

  void find_rows() {
    for (const Named& one : named_) {
      if (one.number == kMissingWord) continue;
      index_of(one).prefetch_text(one.number);
      if (one.is_unit) continue;
      const std::uint32_t row = one.store->newest(Chain::kMember, one.number);
      if (row != kMissingWord) one.store->prefetch(row);
    }
  }

 private:
  struct Named {
    const TableStore* store;
    std::string_view key;
    bool is_unit;
    std::uint32_t number;
  };
  [[nodiscard]] static Chain chain_of(const Named& one) noexcept {
    return one.is_unit ? Chain::kUnit : Chain::kMember;
  }
  [[nodiscard]] const KeyIndex& index_of(const Named& one) const noexcept {
    return one.is_unit ? core_.units : core_.members;
  }
  [[nodiscard]] const TableStore& entities_of(const Named& one) const noexcept {
    return one.is_unit ? *core_.units_table : *core_.members_table;
  }

  const Core& core_;
  absl::InlinedVector<Named, 8> named_;
};

}  // namespace

void complete(Plan& plan) {
  plan.problems = plan.change.problems();
  plan.batches.reserve(plan.change.batches().size() + plan.change.corrections().size());
  for (const Change::Batch& batch : plan.change.batches())
    prepare(plan.batches.emplace_back(), plan.core, batch);
  Ahead ahead(plan);
  mark_damaged(plan);
  ahead.find_numbers();
  resolve_corrections(plan);
  ahead.find_rows();
  check_required(plan);
  check_limits(plan);
  Resolver resolver(plan);
  for (PreparedBatch& batch : plan.batches) resolver.collect_new_keys(batch);
  for (PreparedBatch& batch : plan.batches) resolver.resolve_references(batch);
  check_intervals(plan);
  check_units(plan);
  check_members(plan);
  check_homes(plan);
  check_entities(plan);
  check_decisions(plan);
  check_natural_keys(plan);
  check_conservation(plan);
  check_events(plan);
  if (plan.core.totals != nullptr) plan.core.totals->check_sums(plan);
  plan.problems.sort();
}

}  // namespace dangbo::inline v1::registry
