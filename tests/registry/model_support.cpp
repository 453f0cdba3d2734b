#include "registry/model_support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "dangbo/registry/history.hpp"
#include "registry/support.hpp"

#ifdef __SANITIZE_ADDRESS__
// Forks allocate many large blocks. That fewer are kept after they were freed, and fewer callers
// remembered with each, makes these tests faster; every check stays on.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() {
  return "malloc_context_size=4:quarantine_size_mb=32";
}
#endif

namespace dangbo::registry {

namespace {

using base::index_of;
using testing::Cell;
using testing::Draft;
using testing::Entry;
using testing::Faults;
using testing::History;
using testing::Is;
using testing::Naive;
using testing::NaiveView;
using testing::specs;
using testing::text_table;
using testing::TextRow;
using time::Date;

std::vector<std::string> names(std::size_t table, const std::vector<Cell>& cells) {
  std::vector<std::string> out;
  for (const Cell& cell : cells) out.push_back(specs()[table].fields[cell.field].name);
  return out;
}

TextRow texts(const std::vector<Cell>& cells) {
  TextRow out;
  for (const Cell& cell : cells) out.push_back(cell.text);
  return out;
}

table::Table row_ids(const std::vector<std::int64_t>& rows) {
  table::Column column("row_id", table::Type::kInt);
  for (const std::int64_t row : rows) column.append_integer(row);
  std::vector<table::Column> columns;
  columns.push_back(std::move(column));
  return {"rows", std::move(columns)};
}

void add_new_rows(const Draft& draft, Change& change) {
  for (std::size_t table = 0; table < testing::kTables; ++table) {
    std::vector<std::string> header;
    for (const auto& field : specs()[table].fields) header.push_back(field.name);
    std::vector<TextRow> rows;
    for (const Entry& entry : draft) {
      if (entry.what != '+' || entry.table != table) continue;
      rows.emplace_back(header.size());
      for (const Cell& cell : entry.values) rows.back()[cell.field] = cell.text;
    }
    if (!rows.empty())
      change.add_table(specs()[table].name, text_table(header, rows), specs()[table].name + ".csv");
  }
}

bool are_alike(const Entry& a, const Entry& b) {
  return a.what == b.what && a.table == b.table && a.row.has_value() == b.row.has_value() &&
         names(a.table, a.target) == names(b.table, b.target) &&
         names(a.table, a.values) == names(b.table, b.values);
}

// What a stored value looks like to a person.
std::string shown(const Snapshot& snapshot, const Rows& rows, std::size_t table, std::size_t field,
                  RowId row) {
  const testing::FieldSpec& spec = specs()[table].fields[field];
  const FieldReader reader = *rows.field(spec.name);
  if (reader.is_missing(row)) return "";
  const auto& described = rows.schema().fields()[*rows.schema().find(spec.name)];
  bool unit = spec.is == Is::kUnit || spec.is == Is::kParent;
  const bool member = spec.is == Is::kMember ||
                      (spec.is == Is::kSubject && rows.member_of(row) != base::kNoMemberSlot);
  unit = unit || (spec.is == Is::kSubject && !member);
  if (unit) return std::string(snapshot.key_of(base::UnitSlot{reader.raw(row)}));
  if (member) return std::string(snapshot.key_of(base::MemberSlot{reader.raw(row)}));
  switch (described.type) {
    case table::Type::kCode:
      return std::string(reader.word(reader.raw(row)));
    case table::Type::kDate:
      return reader.date(row)->to_string();
    case table::Type::kInt:
      return std::to_string(*reader.integer(row));
    default:
      return std::string(reader.text(row));
  }
}

std::uint64_t total(const CommitResult::Counts& counts) {
  std::uint64_t sum = 0;
  for (const auto& [name, count] : counts) sum += count;
  return sum;
}

RowId row_id(int row) {
  return row < 0 ? base::kNoRow : RowId{static_cast<std::uint32_t>(row)};
}

}  // namespace

std::vector<std::string> lines_of(const table::Table& table) {
  std::vector<std::string> out;
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    std::string line;
    for (std::size_t column = 0; column < table.column_count(); ++column)
      line += (column == 0 ? "" : "|") + table.column(column).display(row);
    out.push_back(std::move(line));
  }
  return out;
}

Change change_of(const Draft& draft, const Registry& registry) {
  Change change(registry);
  add_new_rows(draft, change);
  for (std::size_t i = 0; i < draft.size();) {
    const Entry& first = draft[i];
    if (first.what == '+') {
      ++i;
      continue;
    }
    std::vector<std::int64_t> rows;
    std::vector<TextRow> targets;
    std::vector<TextRow> values;
    for (; i < draft.size() && are_alike(first, draft[i]); ++i) {
      if (first.row) rows.push_back(*draft[i].row);
      targets.push_back(texts(draft[i].target));
      values.push_back(texts(draft[i].values));
    }
    const std::string& name = specs()[first.table].name;
    const table::Table named =
        first.row ? row_ids(rows) : text_table(names(first.table, first.target), targets);
    if (first.what == '-') {
      change.withdraw(name, named, "bỏ");
    } else if (!first.values.empty()) {
      change.correct(name, named, text_table(names(first.table, first.values), values), "sửa");
    } else {
      // Nothing is set: a table of as many rows that has no field of this table.
      change.correct(name, named, text_table({"extra"}, std::vector<TextRow>(targets.size(), {""})),
                     "sửa");
    }
  }
  return change;
}

void ModelRun::submit(Registry& registry, Naive& model, const Draft& draft, std::int64_t time) {
  const std::string version = model.head() % 3 == 0 ? "" : "bản " + std::to_string(model.head());
  operations += static_cast<int>(draft.size());
  const int head = model.head();
  const auto done =
      registry.commit(change_of(draft, registry), {.time = time, .source_version = version});
  const Faults faults = model.commit(draft, time, version);
  std::string codes;
  bool named = false;
  const base::ProblemList problems = base::problems_of(done.status());
  for (const base::Problem& problem : problems.kept()) {
    codes += base::to_line(problem, base::Language::kEnglish) + "\n";
    named = named || faults.contains(static_cast<int>(problem.code));
  }
  std::string expected;
  for (const int fault : faults) expected += " " + std::to_string(fault);
  ASSERT_EQ(done.ok(), faults.empty())
      << "after commit " << head << "; the model says:" << expected << "\n"
      << codes;
  if (!done.ok()) {
    ASSERT_TRUE(named) << "the model says:" << expected << "\n" << codes;
    ASSERT_EQ(index_of(registry.snapshot().commit()), static_cast<std::uint32_t>(head));
    ++refused;
    return;
  }
  ASSERT_EQ(index_of(done->number), static_cast<std::uint32_t>(model.head()));
  const testing::Done& last = model.commits.back();
  ASSERT_EQ(total(done->added), static_cast<std::uint64_t>(last.added));
  ASSERT_EQ(total(done->corrected), static_cast<std::uint64_t>(last.corrected));
  ASSERT_EQ(total(done->withdrawn), static_cast<std::uint64_t>(last.withdrawn));
  ++commits;
  written += static_cast<int>(draft.size());
}

void ModelRun::advance(Registry& registry, Naive& model, int day, std::int64_t time) {
  ++operations;
  // A version stands for one content: each commit has its own.
  const std::string version = "đêm " + std::to_string(model.head());
  const auto done =
      registry.advance(Date::from_days(day), {.time = time, .source_version = version});
  ASSERT_EQ(done.ok(), model.advance(day, time, version).empty()) << done.status();
  (done.ok() ? commits : refused) += 1;
}

void ModelRun::come_home(Registry& registry, Naive& model, const Registry& fork,
                         const Naive& fork_model, std::int64_t time) {
  const int head = model.head();
  const std::string version = head % 2 == 0 ? "" : "về " + std::to_string(head);
  const std::set<std::string> in_the_way = model.conflicts(fork_model);
  const Faults faults = in_the_way.empty() ? model.commit(fork_model.tail(), time, version)
                                           : Faults{static_cast<int>(base::ProblemCode::kConflict)};
  if (faults.empty()) {
    std::optional<int>& day = model.commits.back().day;
    if (const auto later = fork_model.tail_day(day)) day = later;
  }
  const auto done = registry.commit_fork(fork, {.time = time, .source_version = version});
  std::set<std::string> conflicting;
  std::string codes;
  const base::ProblemList problems = base::problems_of(done.status());
  for (const base::Problem& problem : problems.kept()) {
    codes += base::to_line(problem, base::Language::kEnglish) + "\n";
    // A row of the fork that names one changed meanwhile is said to be in conflict as well.
    if (problem.code == base::ProblemCode::kConflict && !problem.place.file.starts_with("fork:"))
      conflicting.insert(problem.place.file + ":" + std::to_string(problem.place.row));
  }
  std::string expected;
  for (const int fault : faults) expected += " " + std::to_string(fault);
  for (const std::string& row : in_the_way) expected += " " + row;
  ASSERT_EQ(done.ok(), faults.empty())
      << "home after commit " << head << "; the model says:" << expected << "\n"
      << done.status() << "\n"
      << codes;
  ASSERT_EQ(conflicting, in_the_way) << "home after commit " << head;
  if (!done.ok()) {
    ASSERT_EQ(index_of(registry.snapshot().commit()), static_cast<std::uint32_t>(head));
    (in_the_way.empty() ? refused : conflicts) += 1;
    return;
  }
  const testing::Done& last = model.commits.back();
  ASSERT_EQ(total(done->added), static_cast<std::uint64_t>(last.added));
  ASSERT_EQ(total(done->corrected), static_cast<std::uint64_t>(last.corrected));
  ASSERT_EQ(total(done->withdrawn), static_cast<std::uint64_t>(last.withdrawn));
  const auto again = registry.commit_fork(fork, {.time = time, .source_version = version});
  ASSERT_TRUE(again.ok() && again->repeated) << again.status();
  ASSERT_EQ(again->number, done->number);
  ASSERT_EQ(registry.snapshot().commit(), done->number);
  ++came_home;
  ++commits;
}

void ModelRun::count(bool is_not_zero, bool met_superseded) {
  ++comparisons;
  not_zero += is_not_zero ? 1 : 0;
  superseded += met_superseded ? 1 : 0;
  earlier += is_earlier_ ? 1 : 0;
}

void ModelRun::compare_view(const Snapshot& snapshot, const Naive& model, int head,
                            History& random) {
  const int known = random.chance(2) ? head : random.pick(0, head - 1);
  const Date day = Date::from_days(random.day(model));
  is_earlier_ = known != head;
  const auto known_at = CommitNumber{static_cast<std::uint32_t>(known)};
  const View view = is_earlier_        ? snapshot.at(day, known_at)
                    : random.chance(2) ? snapshot.at(day)
                                       : snapshot.at(day, CommitNumber{index_of(known_at) + 9});
  SCOPED_TRACE("commit " + std::to_string(head) + " known at " + std::to_string(known) + " on " +
               day.to_string());
  ASSERT_EQ(index_of(view.known_at()), static_cast<std::uint32_t>(known));
  const testing::Done& last = model.commits[static_cast<std::size_t>(head) - 1];
  ASSERT_EQ(snapshot.unit_count(), static_cast<std::uint32_t>(last.units));
  ASSERT_EQ(snapshot.member_count(), static_cast<std::uint32_t>(last.members));
  ASSERT_EQ(snapshot.current_day(),
            last.day ? std::optional(Date::from_days(*last.day)) : std::nullopt);
  const std::int64_t time = last.time + random.pick(-20, 2);
  ASSERT_EQ(index_of(snapshot.last_commit_at(time)),
            static_cast<std::uint32_t>(model.last_commit_at(time, head)));
  compare_units(view, model, head);
  if (::testing::Test::HasFatalFailure()) return;
  compare_members(view, model, head, random);
  if (::testing::Test::HasFatalFailure()) return;
  compare_rows(view, model, head, random);
}

void ModelRun::compare_units(const View& view, const Naive& model, int head) {
  const Snapshot& snapshot = view.snapshot();
  const NaiveView expected(model, view.day().days(), static_cast<int>(index_of(view.known_at())));
  const hierarchy::Tree& tree = view.tree();
  ASSERT_EQ(tree.size(), expected.parent.size());
  for (std::size_t i = 0; i < model.units.size(); ++i) {
    const std::string& key = model.units[i];
    const auto unit = snapshot.find_unit(key);
    const bool is_known =
        static_cast<int>(i) < model.commits[static_cast<std::size_t>(head) - 1].units;
    ASSERT_EQ(unit.has_value(), is_known) << key;
    if (!unit) continue;
    ASSERT_EQ(snapshot.key_of(*unit), key);
    const auto above = expected.parent.find(key);
    const auto at = tree.position_of(*unit);
    ASSERT_EQ(at != base::kNoPosition, above != expected.parent.end()) << key;
    if (at != base::kNoPosition) {
      const auto parent = tree.parent_of(at);
      ASSERT_EQ(parent == base::kNoPosition ? "" : snapshot.key_of(tree.slot_at(parent)),
                above->second)
          << key;
    }
    const auto number = [&](const std::map<std::string, int>& of) {
      const auto found = of.find(key);
      return found == of.end() ? 0 : found->second;
    };
    const bool corrected = expected.corrected.contains(key);
    ASSERT_EQ(view.stock(*unit, true), number(expected.below)) << key;
    ASSERT_EQ(view.stock(*unit, false), number(expected.own)) << key;
    count(number(expected.below) != 0, corrected);
    count(number(expected.own) != 0, corrected && number(expected.own) != 0);
    const int row = model.row_on(testing::kUnits, key, view.day().days(),
                                 static_cast<int>(index_of(view.known_at())));
    ASSERT_EQ(view.unit_row(*unit), row_id(row)) << key;
    count(row >= 0,
          row >= 0 && model.rows[testing::kUnits][static_cast<std::size_t>(row)].superseded != 0);
  }
}

void ModelRun::compare_members(const View& view, const Naive& model, int head, History& random) {
  const Snapshot& snapshot = view.snapshot();
  const int known = static_cast<int>(index_of(view.known_at()));
  for (int i = 0; i < 4; ++i) {
    const int number = random.pick(0, static_cast<int>(model.members.size()) - 1);
    const std::string& key = model.members[static_cast<std::size_t>(number)];
    const auto member = snapshot.find_member(key);
    ASSERT_EQ(member.has_value(),
              number < model.commits[static_cast<std::size_t>(head) - 1].members)
        << key;
    if (!member) continue;
    const int row = model.row_on(testing::kMembers, key, view.day().days(), known);
    ASSERT_EQ(view.member_row(*member), row_id(row)) << key;
    count(row >= 0,
          row >= 0 && model.rows[testing::kMembers][static_cast<std::size_t>(row)].superseded != 0);
    const std::string home = model.home_on(key, view.day().days(), known);
    const base::UnitSlot unit = view.home_of(*member);
    ASSERT_EQ(unit == base::kNoUnitSlot ? "" : snapshot.key_of(unit), home) << key;
    const std::vector<int> chain = model.chain(testing::kMemberships, true, key, head);
    count(!home.empty(), std::any_of(chain.begin(), chain.end(), [&](int at) {
      return model.rows[testing::kMemberships][static_cast<std::size_t>(at)].superseded != 0;
    }));
    const Rows rows = *snapshot.rows("memberships");
    RowId at = rows.newest_of(*member);
    for (const int expected : chain) {
      ASSERT_EQ(at, row_id(expected)) << key;
      at = rows.previous_of_member(at);
    }
    ASSERT_EQ(at, base::kNoRow) << key;
  }
}

void ModelRun::compare_rows(const View& view, const Naive& model, int head, History& random) {
  const Snapshot& snapshot = view.snapshot();
  const int known = static_cast<int>(index_of(view.known_at()));
  for (std::size_t table = 0; table < testing::kTables; ++table) {
    const Rows rows = *snapshot.rows(specs()[table].name);
    const std::size_t count_then = model.rows_at(table, head);
    ASSERT_EQ(rows.size(), count_then) << specs()[table].name;
    for (int i = 0; i < 2 && count_then != 0; ++i) {
      const int number = random.pick(0, static_cast<int>(count_then) - 1);
      const testing::Row& expected = model.rows[table][static_cast<std::size_t>(number)];
      const RowId row = row_id(number);
      SCOPED_TRACE(specs()[table].name + " row " + std::to_string(number));
      ASSERT_EQ(rows.is_known(row, view.known_at()), Naive::knows(expected, known));
      ASSERT_EQ(index_of(rows.recorded(row)), static_cast<std::uint32_t>(expected.recorded));
      ASSERT_EQ(rows.corrects(row), row_id(expected.replaces));
      const int until = expected.superseded <= head ? expected.superseded : 0;
      ASSERT_EQ(index_of(rows.superseded(row)), static_cast<std::uint32_t>(until));
      ASSERT_EQ(rows.range(row), time::DateRange::from_days(expected.from, expected.until));
      ASSERT_EQ(rows.holds_on(row, view.day()), rows.range(row).contains(view.day()));
      for (std::size_t field = 0; field < expected.values.size(); ++field)
        ASSERT_EQ(shown(snapshot, rows, table, field, row), expected.values[field])
            << specs()[table].fields[field].name;
      count(Naive::knows(expected, known), expected.superseded != 0);
    }
  }
  // Every row of a unit in a table that leads from units.
  const std::string& key = model.units[static_cast<std::size_t>(
      random.pick(0, model.commits[static_cast<std::size_t>(head) - 1].units - 1))];
  for (const std::size_t table :
       {testing::kUnits, testing::kMeetings, testing::kHeadcounts, testing::kEvaluations}) {
    const Rows rows = *snapshot.rows(specs()[table].name);
    RowId at = rows.newest_of(*snapshot.find_unit(key));
    for (const int expected : model.chain(table, false, key, head)) {
      ASSERT_EQ(at, row_id(expected)) << key;
      at = rows.previous_of_unit(at);
    }
    ASSERT_EQ(at, base::kNoRow) << key;
  }
}

void ModelRun::compare_tables(const Snapshot& snapshot, const Naive& model, int head,
                              History& random) {
  SCOPED_TRACE("commit " + std::to_string(head));
  const auto equal = [&](const table::Table& got, const std::vector<std::string>& expected) {
    const std::vector<std::string> are = lines_of(got);
    const auto differ = std::mismatch(are.begin(), are.end(), expected.begin(), expected.end());
    ASSERT_TRUE(are == expected) << "line " << differ.first - are.begin() << " is "
                                 << (differ.first == are.end() ? "missing" : *differ.first)
                                 << ", not "
                                 << (differ.second == expected.end() ? "missing" : *differ.second);
    lines += static_cast<std::int64_t>(expected.size());
  };
  equal(log_table(snapshot), model.log(head));
  const int from = random.day(model);
  const int until = from + random.pick(1, 12);
  const auto days = time::DateRange::from_days(from, until);
  const int after =
      random.chance(2) ? random.pick(0, head) : random.pick(std::max(0, head - 9), head);
  const std::string table = random.chance(3) ? "memberships" : "";
  const auto number = CommitNumber{static_cast<std::uint32_t>(after)};
  equal(*knowledge_changes(snapshot, number, days, table),
        model.changes(head, after, from, until, table));
  equal(*knowledge_changes(snapshot, number, {}, table),
        model.changes(head, after, testing::kBeforeAll, testing::kAfterAll, table));
  equal(agenda(snapshot, days), model.agenda(head, from, until));
}

void ModelRun::print() const {
  std::printf(
      "%d operations: %d rows added, corrected or withdrawn in %d commits, %d changes refused; %d "
      "forks, of which "
      "%d "
      "came home and %d met a conflict; %lld comparisons, of which %lld not zero, %lld as known "
      "earlier, %lld met a superseded row; %lld lines of tables\n",
      operations, written, commits, refused, forks, came_home, conflicts,
      static_cast<long long>(comparisons), static_cast<long long>(not_zero),
      static_cast<long long>(earlier), static_cast<long long>(superseded),
      static_cast<long long>(lines));
}

}  // namespace dangbo::registry
