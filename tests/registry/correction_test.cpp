// Corrections, withdrawals, the current day, and what was known when.
#include <gtest/gtest.h>

#include <string>

#include "dangbo/registry/history.hpp"
#include "registry/support.hpp"

namespace dangbo::registry {
namespace {

using base::ProblemCode;
using testing::day;
using testing::small_body;
using testing::text_table;

std::int64_t stock(const Snapshot& snapshot, time::Date on, std::string_view unit,
                   std::optional<CommitNumber> known_at = std::nullopt) {
  return snapshot.at(on, known_at).stock(*snapshot.find_unit(unit), true);
}

// The rows of a table as lines of texts, missing values as "".
std::vector<std::string> lines(const table::Table& table) {
  std::vector<std::string> out;
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    std::string line;
    for (std::size_t column = 0; column < table.column_count(); ++column)
      line += (column == 0 ? "" : "|") + table.column(column).display(row);
    out.push_back(line);
  }
  return out;
}

using Lines = std::vector<std::string>;

// What a refused change says: codes and places.
Lines refusals(Registry& registry, Change change) {
  const auto done = registry.commit(std::move(change), {});
  EXPECT_FALSE(done.ok());
  Lines out;
  const base::ProblemList problems = base::problems_of(done.status());
  for (const base::Problem& problem : problems.kept()) {
    out.push_back(std::to_string(static_cast<int>(problem.code)) + " " + problem.place.file + ":" +
                  std::to_string(problem.place.row));
    EXPECT_FALSE(problem.reason.vi.empty());
    EXPECT_FALSE(problem.fix.en.empty());
  }
  return out;
}

TEST(CorrectionTest, EndingAnIntervalIsACorrectionOfUntil) {
  const auto registry = small_body();
  ASSERT_EQ(stock(registry->snapshot(), day(2021, 1, 1), "KHOI"), 3);
  const Snapshot before = registry->snapshot();
  Change change(*registry);
  change.correct("memberships",
                 text_table({"member_id", "kind", "from"}, {{"m1", "home", "2011-03-01"}}),
                 text_table({"until"}, {{"2020-12-31"}}), "sửa");
  const auto done = registry->commit(std::move(change), {});
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->corrected, (CommitResult::Counts{{"memberships", 1}}));
  EXPECT_TRUE(done->added.empty());
  const Snapshot after = registry->snapshot();
  EXPECT_EQ(stock(after, day(2020, 12, 30), "KHOI"), 2);
  EXPECT_EQ(stock(after, day(2020, 12, 31), "KHOI"), 1);
  EXPECT_EQ(stock(after, day(2021, 1, 1), "KHOI"), 2);
  EXPECT_EQ(stock(after, day(2021, 1, 1), "KHOI", CommitNumber{1}), 3);  // as known then
  EXPECT_EQ(stock(before, day(2021, 1, 1), "KHOI"), 3);
}

TEST(CorrectionTest, ByRowIdAndAgain) {
  const auto registry = small_body();
  for (const char* until : {"2020-12-31", "2019-06-30", ""}) {
    const Snapshot now = registry->snapshot();
    const Rows rows = *now.rows("memberships");
    RowId row = rows.newest_of(*now.find_member("m1"));
    while (!rows.is_known(row, now.commit()) || rows.unit_of(row) != *now.find_unit("A"))
      row = rows.previous_of_member(row);
    table::Column numbers("row_id", table::Type::kInt);
    numbers.append_integer(base::index_of(row));
    std::vector<table::Column> columns;
    columns.push_back(std::move(numbers));
    Change change(*registry);
    change.correct("memberships", table::Table("t", std::move(columns)),
                   text_table({"until"}, {{until}}), "sửa");
    const auto done = registry->commit(std::move(change), {});
    ASSERT_TRUE(done.ok()) << done.status();
  }
  const Snapshot now = registry->snapshot();
  const std::int64_t expected[] = {3, 2, 2, 3};
  for (std::uint32_t commit = 1; commit <= 4; ++commit)
    EXPECT_EQ(stock(now, day(2021, 1, 1), "KHOI", CommitNumber{commit}), expected[commit - 1]);
  // A row corrected already is named with the commit that did it.
  table::Column stale("row_id", table::Type::kInt);
  stale.append_integer(0);
  stale.append_integer(99);
  std::vector<table::Column> columns;
  columns.push_back(std::move(stale));
  Change change(*registry);
  change.withdraw("memberships", table::Table("t", std::move(columns)), "bỏ");
  EXPECT_EQ(refusals(*registry, std::move(change)), (Lines{"501 bỏ:1", "309 bỏ:2"}));
}

TEST(CorrectionTest, KeepsWhatIsNotSetAndSetsMissing) {
  const auto registry = small_body();
  Change change(*registry);
  change.correct("units", text_table({"unit_id"}, {{"A"}, {"D"}}),
                 text_table({"name", "sector"}, {{"Chi bộ Sở Sương", "CQ"}, {"", "SN"}}), "sửa");
  ASSERT_TRUE(registry->commit(std::move(change), {}).ok());
  const Snapshot now = registry->snapshot();
  const Rows units = *now.rows("units");
  const View view = now.at(day(2020, 1, 1));
  const RowId a = view.unit_row(*now.find_unit("A"));
  const RowId d = view.unit_row(*now.find_unit("D"));
  EXPECT_EQ(units.field("name")->text(a), "Chi bộ Sở Sương");
  EXPECT_TRUE(units.field("name")->is_missing(d));
  EXPECT_EQ(units.field("kind")->word(units.field("kind")->raw(a)), "grassroots_cell");
  EXPECT_EQ(units.field("sector")->word(units.field("sector")->raw(d)), "public_service");
  EXPECT_EQ(units.field("from")->date(a)->to_string(), "2010-01-01");
  EXPECT_EQ(view.tree().size(), 6U);
}

TEST(CorrectionTest, RefusesWhatNamesNoOrSeveralRows) {
  const auto registry = small_body();
  const std::uint32_t commits = base::index_of(registry->snapshot().commit());
  Change change(*registry);
  change.correct(
      "memberships",
      text_table({"member_id", "unit_id"}, {{"m2", ""}, {"m1", "A"}, {"m1", "B"}, {"m1", "A"}}),
      text_table({"until"}, {{"2022-01-01"}, {"2022-01-01"}, {"2022-01-01"}, {"2022-02-01"}}),
      "sửa");
  // Nothing like row 1 (a unit is always there), two like none, then the same row twice.
  EXPECT_EQ(refusals(*registry, std::move(change)), (Lines{"309 sửa:1", "309 sửa:3", "300 sửa:4"}));
  Change several(*registry);
  several.correct("memberships", text_table({"member_id"}, {{"m2"}, {"m9"}}),
                  text_table({"until"}, {{"2022-01-01"}, {"2022-01-01"}}), "sửa");
  EXPECT_EQ(refusals(*registry, std::move(several)), (Lines{"310 sửa:1", "302 sửa:2"}));
  Change nameless(*registry);
  nameless.withdraw("memberships", text_table({"from"}, {{"2011-03-01"}}), "bỏ");
  EXPECT_EQ(refusals(*registry, std::move(nameless)), (Lines{"200 bỏ:1"}));
  Change uneven(*registry);
  uneven.correct("memberships", text_table({"member_id"}, {{"m1"}}), text_table({"until"}, {}),
                 "sửa");
  EXPECT_EQ(refusals(*registry, std::move(uneven)), (Lines{"111 sửa:0"}));
  EXPECT_EQ(base::index_of(registry->snapshot().commit()), commits);
}

TEST(CorrectionTest, UnknownColumnsAreRefusedNotLeftOut) {
  const auto registry = small_body();
  Change change(*registry);
  change.correct("memberships", text_table({"member_id", "unitt_id"}, {{"m1", "A"}}),
                 text_table({"untill"}, {{"2022-01-01"}}), "sửa");
  const auto done = registry->commit(std::move(change), {});
  const base::ProblemList problems = base::problems_of(done.status());
  ASSERT_GE(problems.total(), 2U) << done.status();
  EXPECT_EQ(problems.kept()[0].code, ProblemCode::kUnknownColumn);
  EXPECT_EQ(problems.kept()[0].value, "unitt_id");
  EXPECT_NE(problems.kept()[0].fix.en.find("unit_id"), std::string::npos);
  EXPECT_EQ(problems.kept()[1].value, "untill");
}

TEST(CorrectionTest, ChecksTheFactsAsTheyWillStand) {
  const auto registry = small_body();
  Change twice(*registry);  // the old home ends where the new one begins, in one change
  twice.correct("memberships", text_table({"member_id", "unit_id"}, {{"m1", "A"}}),
                text_table({"until"}, {{"2022-01-01"}}), "sửa");
  twice.add_table("memberships",
                  text_table({"member_id", "unit_id", "kind", "from"},
                             {{"m1", "D1", "CHINHTHUC", "2021-12-31"}}),
                  "thêm");
  EXPECT_EQ(refusals(*registry, std::move(twice)), (Lines{"306 sửa:1"}));
  Change moved(*registry);
  moved.correct("memberships", text_table({"member_id", "unit_id"}, {{"m1", "A"}}),
                text_table({"until"}, {{"2022-01-01"}}), "sửa");
  moved.add_table("memberships",
                  text_table({"member_id", "unit_id", "kind", "from"},
                             {{"m1", "D1", "CHINHTHUC", "2022-01-01"}}),
                  "thêm");
  EXPECT_TRUE(registry->commit(std::move(moved), {}).ok());
  Change cycle(*registry);
  cycle.correct("units", text_table({"unit_id"}, {{"D"}}), text_table({"parent_id"}, {{"D1"}}),
                "sửa");
  EXPECT_EQ(refusals(*registry, std::move(cycle)), (Lines{"305 sửa:1"}));
  Change orphan(*registry);
  orphan.withdraw("units", text_table({"unit_id"}, {{"D"}}), "bỏ");
  EXPECT_EQ(refusals(*registry, std::move(orphan)), (Lines{"304 units:5", "304 units:6"}));
  Change empty(*registry);
  empty.correct("memberships", text_table({"member_id", "unit_id"}, {{"m1", "D1"}}),
                text_table({"until"}, {{"2022-01-01"}}), "sửa");
  EXPECT_EQ(refusals(*registry, std::move(empty)).front(), "310 sửa:1");
}

TEST(CorrectionTest, AWithdrawnRowWasNever) {
  const auto registry = small_body();
  Change change(*registry);
  change.withdraw("memberships", text_table({"member_id"}, {{"m4"}}), "bỏ");
  const auto done = registry->commit(std::move(change), {});
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->withdrawn, (CommitResult::Counts{{"memberships", 1}}));
  EXPECT_EQ(stock(registry->snapshot(), day(2021, 1, 1), "KHOI"), 2);
  EXPECT_EQ(stock(registry->snapshot(), day(2021, 1, 1), "KHOI", CommitNumber{1}), 3);
  // Its place is free again.
  Change again(*registry);
  again.add_table("memberships",
                  text_table({"member_id", "unit_id", "kind", "from"},
                             {{"m4", "A", "CHINHTHUC", "2021-01-01"}}),
                  "thêm");
  EXPECT_TRUE(registry->commit(std::move(again), {}).ok());
}

TEST(CorrectionTest, AUnitOrMemberThatRowsNameStays) {
  const auto registry = small_body();
  const auto withdraw = [&](const char* table, const char* key) {
    Change change(*registry);
    change.withdraw(table,
                    text_table({std::string(table) == "units" ? "unit_id" : "member_id"}, {{key}}),
                    "bỏ");
    return change;
  };
  Change rows(*registry);
  rows.add_table("evaluations",
                 text_table({"subject_type", "subject_id", "period", "regime"},
                            {{"unit", "A", "2020", "r2018"}, {"member", "m4", "2020", "r2018"}}),
                 "e");
  rows.add_table("units", text_table({"unit_id", "kind", "parent_id"}, {{"E", "CB", ""}}), "u");
  ASSERT_TRUE(registry->commit(std::move(rows), {}).ok());
  // Rows that still name the unit or the member, ended ones included.
  EXPECT_EQ(refusals(*registry, withdraw("units", "A")),
            (Lines{"301 evaluations:1", "301 memberships:1"}));
  EXPECT_EQ(refusals(*registry, withdraw("units", "B")), (Lines{"301 memberships:2"}));
  EXPECT_EQ(refusals(*registry, withdraw("members", "m4")),
            (Lines{"302 evaluations:2", "302 memberships:5"}));
  // A new key in the row takes the old one away as well.
  Change renamed(*registry);
  renamed.correct("units", text_table({"unit_id"}, {{"B"}}), text_table({"unit_id"}, {{"B2"}}),
                  "sửa");
  EXPECT_EQ(refusals(*registry, std::move(renamed)), (Lines{"301 memberships:2"}));
  // With a row for it in the same change, or without anything that names it, it goes.
  Change replaced = withdraw("units", "A");
  replaced.add_table("units", text_table({"unit_id", "kind", "parent_id"}, {{"A", "CBCS", "KHOI"}}),
                     "u");
  EXPECT_EQ(refusals(*registry, std::move(replaced)).front().substr(0, 3), "304");
  Change whole = withdraw("members", "m4");
  whole.append(withdraw("memberships", "m4"));
  Change subject(*registry);
  subject.withdraw("evaluations", text_table({"subject_type", "subject_id"}, {{"member", "m4"}}),
                   "bỏ");
  whole.append(std::move(subject));
  EXPECT_TRUE(registry->commit(std::move(whole), {}).ok());
  EXPECT_TRUE(registry->commit(withdraw("units", "E"), {}).ok());
  // And then nobody may name it until it has a row again.
  Change named(*registry);
  named.add_table("memberships",
                  text_table({"member_id", "unit_id", "kind"}, {{"m4", "E", "temporary"}}), "s");
  EXPECT_EQ(refusals(*registry, named), (Lines{"302 s:1", "301 s:1"}));
  named.add_table("members", text_table({"member_id"}, {{"m4"}}), "m");
  EXPECT_EQ(refusals(*registry, named), (Lines{"301 s:1"}));
  named.add_table("units", text_table({"unit_id", "kind"}, {{"E", "CB"}}), "u");
  EXPECT_TRUE(registry->commit(std::move(named), {}).ok());
}

TEST(CorrectionTest, ADecisionThatIsReferredToStays) {
  auto registry = small_body();
  Change change(*registry);
  change.add_table("decisions",
                   text_table({"decision_id", "kind", "date"}, {{"QD1", "move", "2020-01-01"}}),
                   "q");
  change.correct("memberships", text_table({"member_id", "unit_id"}, {{"m1", "A"}}),
                 text_table({"decision_id"}, {{"QD1"}}), "sửa");
  ASSERT_TRUE(registry->commit(std::move(change), {}).ok());
  Change gone(*registry);
  gone.withdraw("decisions", text_table({"decision_id"}, {{"QD1"}}), "bỏ");
  EXPECT_EQ(refusals(*registry, std::move(gone)), (Lines{"303 memberships:7"}));
  Change both(*registry);
  both.withdraw("decisions", text_table({"decision_id"}, {{"QD1"}}), "bỏ");
  both.correct("memberships", text_table({"member_id", "unit_id"}, {{"m1", "A"}}),
               text_table({"decision_id"}, {{""}}), "sửa");
  EXPECT_TRUE(registry->commit(std::move(both), {}).ok());
}

TEST(HistoryTest, LogTellsEveryCommit) {
  const auto registry = small_body();
  ASSERT_TRUE(registry->advance(day(2020, 6, 30), {.time = 5, .source_version = "đêm 1"}).ok());
  Change change(*registry);
  change.correct("members", text_table({"member_id"}, {{"m4"}}), text_table({"sex"}, {{"nam"}}),
                 "s");
  change.withdraw("memberships", text_table({"member_id"}, {{"m4"}}), "b");
  ASSERT_TRUE(registry->commit(std::move(change), {.time = 9, .source_version = ""}).ok());
  EXPECT_EQ(lines(log_table(registry->snapshot())),
            (Lines{"1|0|||16|0|0", "2|5|đêm 1|2020-06-30|0|0|0", "3|9||2020-06-30|0|1|1"}));
  const Snapshot now = registry->snapshot();
  EXPECT_EQ(now.last_commit_at(-1), base::kNoCommit);
  EXPECT_EQ(now.last_commit_at(0), CommitNumber{1});
  EXPECT_EQ(now.last_commit_at(8), CommitNumber{2});
  EXPECT_EQ(now.last_commit_at(9), CommitNumber{3});
  EXPECT_EQ(now.last_commit_at(INT64_MAX), CommitNumber{3});
}

TEST(CorrectionTest, AnOldSnapshotKnowsNoLaterCorrection) {
  const auto registry = small_body();
  const Snapshot before = registry->snapshot();
  Change change(*registry);
  change.correct("units", text_table({"unit_id"}, {{"A"}}), text_table({"name"}, {{"Tên mới"}}),
                 "sửa");
  ASSERT_TRUE(registry->commit(std::move(change), {}).ok());
  const Snapshot after = registry->snapshot();
  EXPECT_EQ(before.rows("units")->superseded(RowId{1}), base::kNoCommit);
  EXPECT_EQ(after.as_of(CommitNumber{1}).rows("units")->superseded(RowId{1}), base::kNoCommit);
  EXPECT_EQ(after.rows("units")->superseded(RowId{1}), CommitNumber{2});
}

TEST(HistoryTest, KnowledgeChangesCompareTwoStates) {
  const auto registry = small_body();
  for (const char* until : {"2020-12-31", "2020-06-30"}) {
    Change change(*registry);
    change.correct("memberships", text_table({"member_id", "unit_id"}, {{"m1", "A"}}),
                   text_table({"until"}, {{until}}), "sửa");
    ASSERT_TRUE(registry->commit(std::move(change), {}).ok());
  }
  Change change(*registry);
  change.withdraw("memberships", text_table({"member_id"}, {{"m4"}}), "bỏ");
  change.add_table("memberships",
                   text_table({"member_id", "unit_id", "kind", "from"},
                              {{"m1", "D1", "CHINHTHUC", "2020-07-01"}}),
                   "thêm");
  ASSERT_TRUE(registry->commit(std::move(change), {}).ok());
  const Snapshot now = registry->snapshot();
  const auto about = [&](std::uint32_t after, time::DateRange period, std::string_view table = {}) {
    return lines(*knowledge_changes(now, CommitNumber{after}, period, table));
  };
  const Lines all = {"4|memberships|4|withdrawn|D2|m4|||",
                     "3|memberships|7|corrected|A|m1|until||2020-06-30",
                     "4|memberships|8|added|D1|m1|||"};
  EXPECT_EQ(about(1, {}).size(), 3U);
  Lines sorted = about(1, {});
  std::sort(sorted.begin(), sorted.end());
  Lines wanted = all;
  std::sort(wanted.begin(), wanted.end());
  EXPECT_EQ(sorted, wanted);
  EXPECT_EQ(about(2, {day(2019, 1, 1), day(2020, 1, 1)}),
            (Lines{"3|memberships|7|corrected|A|m1|until|2020-12-31|2020-06-30"}));
  EXPECT_EQ(about(2, {day(2000, 1, 1), day(2001, 1, 1)}), Lines{});
  EXPECT_EQ(about(4, {}), Lines{});
  EXPECT_EQ(about(0, {}, "members").size(), 4U);
  EXPECT_FALSE(knowledge_changes(now, base::kNoCommit, {}, "none").ok());
}

TEST(HistoryTest, RowsAreThoseKnownAndComeBackAsTheyWere) {
  const auto registry = small_body();
  Change change(*registry);
  change.correct("memberships", text_table({"member_id", "unit_id"}, {{"m1", "A"}}),
                 text_table({"until"}, {{"2020-12-31"}}), "sửa");
  change.withdraw("memberships", text_table({"member_id"}, {{"m4"}}), "bỏ");
  ASSERT_TRUE(registry->commit(std::move(change), {}).ok());
  const Snapshot now = registry->snapshot();
  const table::Table rows = *rows_table(now, "memberships");
  std::vector<std::string> first;
  for (std::size_t row = 0; row < rows.row_count(); ++row) {
    first.push_back(rows.column(0).display(row) + " " +
                    rows.column(*rows.find("member_id")).display(row) + " " +
                    rows.column(*rows.find("until")).display(row));
  }
  EXPECT_EQ(first, (Lines{"1 m2 2020-07-01", "2 m2 ", "3 m3 2019-01-01", "5 m1 2018-07-01",
                          "6 m1 2020-12-31"}));
  EXPECT_EQ(*rows.provenance().find("known_at"), "2");
  EXPECT_EQ(rows_table(now, "memberships", {.first = 2, .count = 2})->row_count(), 2U);
  EXPECT_EQ(rows_table(now, "memberships", {.first = 7, .count = 0xFFFFFFFFU})->row_count(), 0U);
  EXPECT_FALSE(rows_table(now, "none").ok());
  // Put into another registry they are the same rows.
  const auto other = Registry::create();
  Change again(*other);
  for (const char* name : {"units", "members", "memberships"})
    again.add_table(name, *rows_table(now, name), name);
  ASSERT_TRUE(other->commit(std::move(again), {}).ok());
  for (const char* name : {"units", "members", "memberships"}) {
    const table::Table mine = *rows_table(now, name);
    const table::Table theirs = *rows_table(other->snapshot(), name);
    ASSERT_EQ(mine.row_count(), theirs.row_count());
    for (std::size_t column = 1; column < mine.column_count(); ++column) {
      for (std::size_t row = 0; row < mine.row_count(); ++row)
        EXPECT_EQ(mine.column(column).display(row), theirs.column(column).display(row));
    }
  }
}

TEST(HistoryTest, TheCurrentDayMovesForwardAndBringsWhatIsDue) {
  const auto registry = small_body();
  EXPECT_FALSE(registry->snapshot().current_day());
  ASSERT_TRUE(registry->advance(day(2020, 6, 30), {}).ok());
  const Snapshot before = registry->snapshot();
  EXPECT_EQ(lines(agenda(before, {day(2020, 7, 1), day(2021, 1, 2)})),
            (Lines{"2020-07-01|memberships|1|ends|B|m2", "2020-07-01|memberships|2|begins|D1|m2",
                   "2020-07-01|units|2|ends|B|", "2021-01-01|memberships|4|begins|D2|m4"}));
  ASSERT_TRUE(registry->advance(day(2020, 7, 1), {}).ok());
  EXPECT_EQ(*registry->snapshot().current_day(), day(2020, 7, 1));
  EXPECT_EQ(*before.current_day(), day(2020, 6, 30));
  ASSERT_TRUE(registry->advance(day(2020, 7, 1), {}).ok());
  const auto back = registry->advance(day(2020, 6, 30), {});
  EXPECT_EQ(back.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(*registry->snapshot().current_day(), day(2020, 7, 1));
}

}  // namespace
}  // namespace dangbo::registry
