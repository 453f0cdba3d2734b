// What units became: every event word, dates beside the end, keys founded anew, rings, what was
// known when.
#include "dangbo/registry/lineage.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "dangbo/registry/history.hpp"
#include "registry/support.hpp"

namespace dangbo::registry {
namespace {

using base::ProblemCode;
using testing::day;
using testing::text_table;
using testing::TextRow;

using Keys = std::vector<std::string>;

// Units of text rows: key, from, until.
std::unique_ptr<Registry> units(const std::vector<TextRow>& rows) {
  auto registry = Registry::create();
  Change change(*registry);
  std::vector<TextRow> full;
  for (const TextRow& row : rows)
    full.push_back({row[0], row[1], row[2], "CB", "Chi bộ " + row[0]});
  change.add_table("units", text_table({"unit_id", "from", "until", "kind", "name"}, full), "");
  EXPECT_TRUE(registry->commit(std::move(change), {}).ok());
  return registry;
}

// Events of text rows: date, event, from, to.
void add_events(Registry& registry, const std::vector<TextRow>& rows) {
  static int number = 0;
  std::vector<TextRow> full;
  for (const TextRow& row : rows) {
    full.push_back(
        {"E" + std::to_string(++number), row[0], row[1], row[2], row[3], "QD-" + row[1]});
  }
  Change change(registry);
  std::set<std::string> words;
  for (const TextRow& row : rows) words.insert(row[1]);
  std::vector<TextRow> decisions;
  for (const std::string& word : words)
    decisions.push_back({"QD-" + word, "establish", "2010-01-01"});
  change.add_table("decisions", text_table({"decision_id", "kind", "date"}, decisions), "");
  change.add_table(
      "unit_events",
      text_table({"event_id", "date", "event", "from_unit", "to_unit", "decision_id"}, full), "");
  const auto done = registry.commit(std::move(change), {});
  EXPECT_TRUE(done.ok()) << done.status();
}

Keys keys_of(const Snapshot& snapshot, const std::vector<UnitSlot>& slots) {
  Keys out;
  for (const UnitSlot slot : slots) out.emplace_back(snapshot.key_of(slot));
  return out;
}

Keys successors(const Snapshot& snapshot, std::string_view unit, time::Date on) {
  return keys_of(snapshot, Lineage(snapshot).successors(*snapshot.find_unit(unit), on));
}

Keys predecessors(const Snapshot& snapshot, std::string_view unit, time::Date on,
                  time::Date earlier) {
  return keys_of(snapshot, Lineage(snapshot).predecessors(*snapshot.find_unit(unit), on, earlier));
}

const time::Date kBefore = day(2020, 6, 30);
const time::Date kAfter = day(2020, 7, 1);

// A and B end on 2020-07-01, C and D stay, N and O are founded then.
std::unique_ptr<Registry> six() {
  return units({{"A", "2010-01-01", "2020-07-01"},
                {"B", "", "2020-07-01"},
                {"C", "2010-01-01", ""},
                {"D", "2010-01-01", ""},
                {"N", "2020-07-01", ""},
                {"O", "2020-07-01", ""}});
}

TEST(LineageTest, ItselfWhileInForce) {
  const auto registry = six();
  const Snapshot snapshot = registry->snapshot();
  EXPECT_EQ(successors(snapshot, "A", kBefore), Keys{"A"});
  EXPECT_EQ(successors(snapshot, "A", kAfter), Keys{});  // nothing says what ended it
  EXPECT_EQ(successors(snapshot, "A", day(2009, 1, 1)), Keys{});
  EXPECT_EQ(successors(snapshot, "N", kBefore), Keys{});
  EXPECT_EQ(successors(snapshot, "B", day(1990, 1, 1)), Keys{"B"});  // open to the left
}

TEST(LineageTest, AbsorbMergeAndDivideAreFollowed) {
  const auto registry = six();
  add_events(*registry, {{"2020-07-01", "HOPNHAT", "A", "N"},
                         {"2020-07-01", "CHIA", "B", "O"},
                         {"2020-07-01", "CHIA", "B", "C"}});
  const Snapshot snapshot = registry->snapshot();
  EXPECT_EQ(successors(snapshot, "A", kAfter), Keys{"N"});
  EXPECT_EQ(successors(snapshot, "B", kAfter), (Keys{"C", "O"}));
  EXPECT_EQ(predecessors(snapshot, "N", kAfter, kBefore), Keys{"A"});
  EXPECT_EQ(predecessors(snapshot, "C", kAfter, kBefore), (Keys{"B", "C"}));
  EXPECT_EQ(predecessors(snapshot, "C", kBefore, kBefore), Keys{"C"});
  EXPECT_EQ(predecessors(snapshot, "N", kBefore, kBefore), Keys{});  // not in force on that day
}

TEST(LineageTest, OtherWordsAddNothing) {
  for (const char* word :
       {"TACH", "DOITEN", "CHUYENLOAI", "CHUYENTT", "KETTHUC", "GIAITAN", "LAP", "CHUARO"}) {
    const auto registry = six();
    add_events(*registry, {{"2020-07-01", word, "A", "N"}});
    EXPECT_EQ(successors(registry->snapshot(), "A", kAfter), Keys{}) << word;
  }
  const auto registry = six();
  add_events(*registry, {{"2020-07-01", "SAPNHAP", "A", "A"}, {"2020-07-01", "SAPNHAP", "B", ""}});
  EXPECT_EQ(successors(registry->snapshot(), "A", kAfter), Keys{});
  EXPECT_EQ(successors(registry->snapshot(), "B", kAfter), Keys{});
}

TEST(LineageTest, TheDateMayBeTheLastDayOrLaterOrPartial) {
  const auto ends_by = [](const char* date) {
    const auto registry = six();
    add_events(*registry, {{date, "SAPNHAP", "A", "C"}});
    return successors(registry->snapshot(), "A", kAfter) == Keys{"C"};
  };
  EXPECT_TRUE(ends_by("2020-06-30"));
  EXPECT_TRUE(ends_by("2020-07-01"));
  EXPECT_TRUE(ends_by("2021-05-05"));
  EXPECT_TRUE(ends_by("2020-06"));
  EXPECT_TRUE(ends_by("2020"));
  EXPECT_FALSE(ends_by("2020-05"));
  EXPECT_FALSE(ends_by("2019"));
}

TEST(LineageTest, FollowedRepeatedlyAndRingsEnd) {
  const auto registry = units({{"A", "", "2010-01-01"},
                               {"B", "", "2012-01-01"},
                               {"C", "", "2014-01-01"},
                               {"D", "", ""},
                               {"X", "", "2014-01-01"},
                               {"Y", "", "2014-01-01"}});
  add_events(*registry, {{"2010-01-01", "SAPNHAP", "A", "B"},
                         {"2012-01-01", "SAPNHAP", "B", "C"},
                         {"2014-01-01", "HOPNHAT", "C", "D"},
                         {"2014-01-01", "SAPNHAP", "X", "Y"},
                         {"2014-01-01", "SAPNHAP", "Y", "X"}});
  const Snapshot snapshot = registry->snapshot();
  EXPECT_EQ(successors(snapshot, "A", day(2011, 1, 1)), Keys{"B"});
  EXPECT_EQ(successors(snapshot, "A", day(2013, 1, 1)), Keys{"C"});
  EXPECT_EQ(successors(snapshot, "A", day(2020, 1, 1)), Keys{"D"});
  EXPECT_EQ(predecessors(snapshot, "D", day(2020, 1, 1), day(2009, 1, 1)),
            (Keys{"A", "B", "C", "D"}));
  EXPECT_EQ(predecessors(snapshot, "D", day(2020, 1, 1), day(2011, 1, 1)), (Keys{"B", "C", "D"}));
  EXPECT_EQ(successors(snapshot, "X", day(2020, 1, 1)), Keys{});
  const auto table = lineage_table(snapshot, "X", day(2020, 1, 1));
  EXPECT_TRUE(table.ok()) << table.status();
}

// A key founded anew is the unit again; what ended it the first time does not end it the second.
TEST(LineageTest, KeysFoundedAnew) {
  const auto registry = units({{"A", "", "2010-01-01"}, {"C", "", ""}, {"D", "", ""}});
  Change change(*registry);
  change.add_table(
      "units",
      text_table({"unit_id", "from", "until", "kind"}, {{"A", "2012-01-01", "2013-01-01", "CB"},
                                                        {"A", "2013-01-01", "2014-01-01", "CB"}}),
      "");
  ASSERT_TRUE(registry->commit(std::move(change), {}).ok());
  add_events(*registry, {{"2010-01-01", "SAPNHAP", "A", "C"}, {"2014-01-01", "SAPNHAP", "A", "D"}});
  const Snapshot snapshot = registry->snapshot();
  EXPECT_EQ(Lineage(snapshot).lives(*snapshot.find_unit("A")).size(), 2U);
  EXPECT_EQ(successors(snapshot, "A", day(2009, 1, 1)), Keys{"A"});
  EXPECT_EQ(successors(snapshot, "A", day(2011, 1, 1)), Keys{"C"});
  EXPECT_EQ(successors(snapshot, "A", day(2013, 6, 1)), Keys{"A"});
  EXPECT_EQ(successors(snapshot, "A", day(2015, 1, 1)), Keys{"D"});
}

TEST(LineageTest, CorrectedEventsAndWhatWasKnown) {
  const auto registry = six();  // commit 1
  add_events(*registry, {{"2020-07-01", "SAPNHAP", "A", "C"}});
  Change wrong(*registry);
  wrong.correct("unit_events", text_table({"from_unit"}, {{"A"}}), text_table({"to_unit"}, {{"D"}}),
                "");
  ASSERT_TRUE(registry->commit(std::move(wrong), {}).ok());
  Change never(*registry);
  never.withdraw("unit_events", text_table({"from_unit"}, {{"A"}}), "");
  ASSERT_TRUE(registry->commit(std::move(never), {}).ok());
  const Snapshot snapshot = registry->snapshot();
  const auto known = [&](std::uint32_t commit) {
    return successors(snapshot.as_of(CommitNumber{commit}), "A", kAfter);
  };
  EXPECT_EQ(known(1), Keys{});
  EXPECT_EQ(known(2), Keys{"C"});
  EXPECT_EQ(known(3), Keys{"D"});
  EXPECT_EQ(known(4), Keys{});
  const View view = snapshot.at(kAfter, CommitNumber{3});
  EXPECT_EQ(keys_of(snapshot, Lineage(view).successors(*snapshot.find_unit("A"), kAfter)),
            Keys{"D"});
}

// Old keys resolve for ever: the unit is found, and so is what it became.
TEST(LineageTest, OldKeysResolve) {
  const auto registry = six();
  add_events(*registry, {{"2020-07-01", "HOPNHAT", "A", "N"}});
  const Snapshot snapshot = registry->snapshot();
  const auto old = snapshot.find_unit("A");
  ASSERT_TRUE(old);
  EXPECT_EQ(snapshot.slot_of(snapshot.id_of(*old)), *old);
  EXPECT_EQ(snapshot.at(day(2099, 1, 1)).unit_row(*old), base::kNoRow);
  EXPECT_EQ(successors(snapshot, "A", day(2099, 1, 1)), Keys{"N"});
}

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

TEST(LineageTest, TheTableOfOneUnit) {
  const auto registry = six();
  add_events(*registry, {{"2010-01-01", "LAP", "", "A"},
                         {"2015-03-01", "TACH", "A", "D"},
                         {"2020-07-01", "HOPNHAT", "A", "N"},
                         {"2020-07-01", "HOPNHAT", "B", "N"}});
  const Snapshot snapshot = registry->snapshot();
  EXPECT_EQ(lines(*lineage_table(snapshot.at(kAfter), "A")),
            (std::vector<std::string>{"itself|0|A|Chi bộ A|2010-01-01|2020-07-01||||false",
                                      "event|0|A|Chi bộ A|||establish|2010-01-01|QD-LAP|false",
                                      "became|1|D|Chi bộ D|||split_off|2015-03-01|QD-TACH|true",
                                      "became|1|N|Chi bộ N|||merge|2020-07-01|QD-HOPNHAT|true",
                                      "on_day|0|N|Chi bộ N||||||true"}));
  EXPECT_EQ(
      lines(*lineage_table(snapshot.at(kBefore), "N")),
      (std::vector<std::string>{"itself|0|N|Chi bộ N|2020-07-01|||||false",
                                "came_from|1|A|Chi bộ A|||merge|2020-07-01|QD-HOPNHAT|true",
                                "came_from|1|B|Chi bộ B|||merge|2020-07-01|QD-HOPNHAT|true",
                                "on_day|0|A|Chi bộ A||||||true", "on_day|0|B|Chi bộ B||||||true"}));
  EXPECT_EQ(lines(*lineage_table(snapshot, "O", std::nullopt)),
            (std::vector<std::string>{"itself|0|O|Chi bộ O|2020-07-01|||||"}));
  const auto unknown = lineage_table(snapshot, "Z", std::nullopt);
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(base::problems_of(unknown.status()).kept()[0].code, ProblemCode::kUnknownUnit);
}

TEST(LineageTest, TheMappingOfCodes) {
  const auto registry = six();
  add_events(*registry, {{"2020-07-01", "CHIA", "A", "N"},
                         {"2020-07-01", "CHIA", "A", "O"},
                         {"2020-07-01", "KETTHUC", "B", ""}});
  Change change(*registry);
  change.add_table("members", text_table({"member_id"}, {{"m1"}, {"m2"}, {"m3"}, {"m4"}, {"m5"}}),
                   "");
  change.add_table("memberships",
                   text_table({"member_id", "unit_id", "kind", "from", "until"},
                              {{"m1", "A", "CHINHTHUC", "2012-01-01", "2020-07-01"},
                               {"m1", "N", "CHINHTHUC", "2020-07-01", ""},
                               {"m2", "A", "CHINHTHUC", "2012-01-01", "2020-07-01"},
                               {"m2", "O", "CHINHTHUC", "2020-07-01", ""},
                               {"m3", "A", "CHINHTHUC", "2012-01-01", "2020-07-01"},
                               {"m3", "D", "CHINHTHUC", "2020-07-01", ""},
                               {"m4", "A", "TAMTHOI", "2012-01-01", ""},
                               {"m5", "C", "CHINHTHUC", "2012-01-01", ""}}),
                   "");
  ASSERT_TRUE(registry->commit(std::move(change), {}).ok());
  const Snapshot snapshot = registry->snapshot();
  EXPECT_EQ(lines(*code_mapping(snapshot, kBefore, kAfter)),
            (std::vector<std::string>{"A|Chi bộ A|N|Chi bộ N|divide|2020-07-01|QD-CHIA|3|1",
                                      "A|Chi bộ A|O|Chi bộ O|divide|2020-07-01|QD-CHIA|3|1",
                                      "B|Chi bộ B|||close|2020-07-01|QD-KETTHUC|0|0"}));
  const auto all = lines(*code_mapping(snapshot, kBefore, kAfter, {.all = true}));
  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(all[3], "C|Chi bộ C|C|Chi bộ C||||1|1");
  EXPECT_EQ(code_mapping(snapshot, kAfter, kAfter)->row_count(), 0U);
  const auto wrong = code_mapping(snapshot, kAfter, kBefore);
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(base::problems_of(wrong.status()).kept()[0].code, ProblemCode::kBadQuery);
}

TEST(LineageTest, AnEmptyRegistry) {
  const auto registry = Registry::create();
  const Snapshot snapshot = registry->snapshot();
  EXPECT_TRUE(Lineage(snapshot).events().empty());
  EXPECT_TRUE(Lineage(snapshot).successors(UnitSlot{7}, kAfter).empty());
  EXPECT_EQ(code_mapping(snapshot, kBefore, kAfter)->row_count(), 0U);
}

}  // namespace
}  // namespace dangbo::registry
