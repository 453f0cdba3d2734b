// Operations: what rows each leaves, and what each refuses.
#include "dangbo/registry/operation.hpp"

#include <gtest/gtest.h>

#include "dangbo/registry/history.hpp"
#include "support.hpp"

namespace dangbo::testing {
namespace {

using base::ProblemCode;
using registry::Act;
using registry::Change;
using registry::Operation;
using registry::Registry;

Act on(int year, int month, int day_of_month, const char* decision = "QĐ 1") {
  return {.day = day(year, month, day_of_month), .decision = decision, .event = {}, .place = {}};
}

class OperationTest : public ::testing::Test {
 protected:
  OperationTest() {
    Change change(*registry_);
    add_small_body(change);
    EXPECT_TRUE(registry_->commit(std::move(change), {}).ok());
  }

  Change with(std::initializer_list<Operation> operations) {
    Change change(*registry_);
    for (const Operation& operation : operations) change.add_operation(operation);
    return change;
  }
  void carry_out(std::initializer_list<Operation> operations) {
    const auto done = registry_->commit(with(operations), {});
    ASSERT_TRUE(done.ok()) << report(with(operations));
  }
  std::string report(const Change& change) {
    std::string lines;
    const base::ProblemList problems = registry_->check(change).problems;
    for (const base::Problem& problem : problems.kept())
      lines += to_line(problem, base::Language::kEnglish) + "\n";
    return lines;
  }
  // The problems, as "code file:row value", and that nothing changed.
  std::vector<std::string> refused(std::initializer_list<Operation> operations) {
    const auto before = registry_->snapshot().commit();
    std::vector<std::string> out;
    const auto done = registry_->commit(with(operations), {});
    EXPECT_FALSE(done.ok());
    EXPECT_EQ(registry_->snapshot().commit(), before);
    const base::ProblemList problems = base::problems_of(done.status());
    for (const base::Problem& problem : problems.kept()) {
      out.push_back(std::to_string(static_cast<int>(problem.code)) + " " + problem.place.file +
                    ":" + std::to_string(problem.place.row) + " " + problem.value);
    }
    return out;
  }

  std::int64_t stock(const char* unit, int year, int month, int day_of_month) {
    const auto snapshot = registry_->snapshot();
    const auto slot = snapshot.find_unit(unit);
    return slot ? snapshot.at(day(year, month, day_of_month)).stock(*slot, true) : -1;
  }
  std::string home(const char* member, int year, int month, int day_of_month) {
    const auto snapshot = registry_->snapshot();
    const auto unit =
        snapshot.at(day(year, month, day_of_month)).home_of(*snapshot.find_member(member));
    return unit == base::kNoUnitSlot ? "" : std::string(snapshot.key_of(unit));
  }
  // A table's rows as "field=value …" lines, only the fields named.
  std::vector<std::string> rows(const char* name, const std::vector<std::string>& fields) {
    const auto table = registry::rows_table(registry_->snapshot(), name);
    EXPECT_TRUE(table.ok());
    std::vector<std::string> out;
    for (std::size_t row = 0; row < table->row_count(); ++row) {
      std::string line;
      for (const std::string& field : fields) {
        if (!line.empty()) line += '|';
        line += table->column(*table->find(field)).display(row);
      }
      out.push_back(std::move(line));
    }
    return out;
  }

  static bool has(const std::vector<std::string>& lines, std::string_view line) {
    return std::find(lines.begin(), lines.end(), line) != lines.end();
  }

  std::unique_ptr<Registry> registry_ = Registry::create();
};

using Lines = std::vector<std::string>;

TEST_F(OperationTest, EstablishAddsAUnitAndItsEvent) {
  carry_out({registry::Establish{
      on(2021, 3, 1), "N", "KHOI", {{"kind", "DBCS"}, {"name", "Đảng bộ Mới"}}}});
  EXPECT_EQ(stock("N", 2021, 2, 28), 0);
  EXPECT_EQ(
      rows("unit_events", {"event_id", "date", "event", "from_unit", "to_unit", "decision_id"}),
      Lines{"LAP-2021-03-01-N|2021-03-01|establish||N|QĐ 1"});
  const auto snapshot = registry_->snapshot();
  EXPECT_EQ(snapshot.at(day(2021, 2, 28)).unit_row(*snapshot.find_unit("N")), base::kNoRow);
  EXPECT_NE(snapshot.at(day(2021, 3, 1)).unit_row(*snapshot.find_unit("N")), base::kNoRow);
}

TEST_F(OperationTest, EstablishRefusesAKeyInForceLater) {
  EXPECT_EQ(refused({registry::Establish{on(2009, 1, 1), "A", "", {{"kind", "DBCS"}}}}),
            Lines{"311 units:2 A"});
  // B ended on 1 July 2020: the key is free from that day on, and not the day before.
  EXPECT_EQ(refused({registry::Establish{on(2020, 6, 30), "B", "KHOI", {{"kind", "CBCS"}}}}),
            Lines{"311 units:3 B"});
  // A unit that ended yesterday and begins today did not end.
  EXPECT_EQ(refused({registry::Establish{on(2020, 7, 1), "B", "KHOI", {{"kind", "CBCS"}}}}),
            Lines{"313 :0 B"});
  carry_out({registry::Establish{on(2020, 7, 2), "B", "KHOI", {{"kind", "CBCS"}}}});
}

TEST_F(OperationTest, AttributesThatDoNotFitAreRefused) {
  EXPECT_EQ(refused({registry::Establish{on(2021, 3, 1), "N", "KHOI", {{"kind", "XYZ"}}}}),
            Lines{"202 :0 XYZ"});
  EXPECT_EQ(refused({registry::Convert{on(2021, 3, 1), "A", {{"màu", "đỏ"}}}}),
            Lines{"311 :0 màu"});
  EXPECT_EQ(refused({registry::Rename{on(2021, 3, 1, ""), "A", "Tên", {}}}), Lines{"311 :0 "});
}

TEST_F(OperationTest, RenameSplitsTheRowAndRenamesWhatFollows) {
  carry_out({registry::Reparent{on(2022, 1, 1), {"A"}, "", "D"}});
  carry_out({registry::Rename{on(2021, 5, 1), "A", "Chi bộ Sở Mây và Gió", "Mây Gió"}});
  EXPECT_EQ(rows("units", {"unit_id", "from", "until", "parent_id", "name", "short_name"})[6],
            "A|2022-01-01||D|Chi bộ Sở Mây và Gió|Mây Gió");
  const auto tables = rows("units", {"unit_id", "from", "until", "name"});
  EXPECT_TRUE(has(tables, "A|2010-01-01|2021-05-01|Chi bộ Sở Mây"));
  EXPECT_TRUE(has(tables, "A|2021-05-01|2022-01-01|Chi bộ Sở Mây và Gió"));
}

TEST_F(OperationTest, AbsorbPassesMembersChildrenAndLaterRowsOn) {
  Change change(*registry_);
  change.add_table(
      "units",
      text_table({"unit_id", "from", "parent_id", "kind"}, {{"T", "2016-01-01", "A", "TO"}}),
      "t.csv");
  change.add_table("posts",
                   text_table({"member_id", "unit_id", "post", "from"},
                              {{"m1", "A", "BT", "2015-01-01"}, {"m2", "D1", "BT", "2020-08-01"}}),
                   "p.csv");
  change.add_table("memberships",
                   text_table({"member_id", "unit_id", "kind", "from"},
                              {{"m3", "A", "CHINHTHUC", "2023-01-01"}}),
                   "later.csv");
  ASSERT_TRUE(registry_->commit(std::move(change), {}).ok());
  carry_out({registry::Absorb{on(2022, 1, 1, "QĐ 9"), {"A"}, "D1"}});
  EXPECT_EQ(home("m1", 2021, 12, 31), "A");
  EXPECT_EQ(home("m1", 2022, 1, 1), "D1");
  EXPECT_EQ(home("m3", 2023, 1, 1), "D1");  // planned for A
  EXPECT_EQ(stock("D1", 2021, 12, 31), 1);
  EXPECT_EQ(stock("D1", 2022, 1, 1), 2);
  EXPECT_EQ(stock("KHOI", 2021, 12, 31), stock("KHOI", 2022, 1, 1));
  EXPECT_EQ(stock("A", 2022, 1, 1), 0);
  EXPECT_EQ(rows("posts", {"member_id", "until"}), (Lines{"m2|", "m1|2022-01-01"}));
  const auto moved = rows("memberships", {"member_id", "unit_id", "from", "until", "in_reason",
                                          "out_reason", "decision_id"});
  EXPECT_TRUE(has(moved, "m1|A|2011-03-01|2022-01-01||reorganisation|"));
  EXPECT_TRUE(has(moved, "m1|D1|2022-01-01||reorganisation||QĐ 9"));
  EXPECT_EQ(rows("unit_events", {"event", "from_unit", "to_unit"}), Lines{"absorb|A|D1"});
  const auto units = rows("units", {"unit_id", "from", "parent_id"});
  EXPECT_TRUE(has(units, "T|2022-01-01|D1"));
}

TEST_F(OperationTest, AUnitIsNotAbsorbedIntoItsOwnDescendant) {
  EXPECT_EQ(refused({registry::Absorb{on(2022, 1, 1), {"D"}, "D1"}}), Lines{"311 units:4 D"});
  EXPECT_EQ(refused({registry::Absorb{on(2022, 1, 1), {"D"}, "D"}}), Lines{"311 units:4 D"});
  EXPECT_EQ(refused({registry::Absorb{on(2022, 1, 1), {"B"}, "D"}}), Lines{"311 :0 B"});
}

TEST_F(OperationTest, MergeMakesANewUnit) {
  carry_out(
      {registry::Merge{on(2022, 1, 1), {"D1", "D2"}, "DM", {}, {{"name", "Chi bộ Hợp nhất"}}}});
  EXPECT_EQ(stock("DM", 2022, 1, 1), 2);
  EXPECT_EQ(stock("D", 2021, 12, 31), stock("D", 2022, 1, 1));
  EXPECT_EQ(rows("unit_events", {"event", "from_unit", "to_unit"}),
            (Lines{"merge|D1|DM", "merge|D2|DM"}));
  // Different parents: the new one's must be said.
  EXPECT_EQ(refused({registry::Merge{on(2022, 2, 1), {"DM", "A"}, "X", {}, {}}}),
            Lines{"311 :0 X"});
  EXPECT_EQ(refused({registry::Merge{on(2022, 2, 1), {"D", "A"}, "X", "DM", {{"kind", "DBCS"}}}}),
            Lines{"311 :0 DM"});
  carry_out({registry::Merge{on(2022, 2, 1), {"DM", "A"}, "X", "KHOI", {{"kind", "CB"}}}});
  EXPECT_EQ(stock("X", 2022, 2, 1), 3);
}

TEST_F(OperationTest, DivideLeavesNobody) {
  carry_out({registry::Move{on(2021, 6, 1), {"m1"}, "D1", "internal", {}}});
  EXPECT_EQ(refused({registry::Divide{
                on(2022, 1, 1), "D1", {{.unit = "P1", .members = {"m1"}}, {.unit = "P2"}}}}),
            Lines{"311 memberships:3 m2"});
  EXPECT_EQ(refused({registry::Divide{on(2022, 1, 1),
                                      "D1",
                                      {{.unit = "P1", .members = {"m1", "m2"}},
                                       {.unit = "P2", .members = {"m2", "m9"}}}}}),
            (Lines{"311 :0 m2", "311 :0 m9"}));
  carry_out({registry::Divide{
      on(2022, 1, 1), "D1", {{.unit = "P1", .members = {"m1"}}, {.unit = "P2", .rest = true}}}});
  EXPECT_EQ(home("m1", 2022, 1, 1), "P1");
  EXPECT_EQ(home("m2", 2022, 1, 1), "P2");
  EXPECT_EQ(rows("unit_events", {"event", "from_unit", "to_unit"}),
            (Lines{"divide|D1|P1", "divide|D1|P2"}));
}

TEST_F(OperationTest, SplitOffLeavesTheOldUnit) {
  carry_out({registry::SplitOff{
      on(2022, 1, 1), "D", {{.unit = "S", .parent = "KHOI", .units = {"D2"}}}}});
  EXPECT_EQ(stock("D", 2022, 1, 1), 1);
  EXPECT_EQ(stock("S", 2022, 1, 1), 1);
  EXPECT_EQ(refused({registry::SplitOff{on(2022, 2, 1), "D", {{.unit = "S2", .rest = true}}}}),
            Lines{"311 :0 S2"});
}

TEST_F(OperationTest, CloseNamesWhoIsLeft) {
  EXPECT_EQ(refused({registry::Close{on(2022, 1, 1), {"D"}}}),
            (Lines{"311 units:5 D1", "311 units:6 D2"}));
  EXPECT_EQ(refused({registry::Close{on(2022, 1, 1), {"A"}}}), Lines{"311 memberships:1 m1"});
  // Each sees what those before it did.
  carry_out({registry::Move{on(2022, 1, 1), {"m1"}, "D2", "internal", {}},
             registry::Close{on(2022, 1, 1), {"A"}}});
  EXPECT_EQ(home("m1", 2022, 1, 1), "D2");
  EXPECT_EQ(rows("unit_events", {"event", "from_unit", "to_unit"}), Lines{"close|A|"});
}

TEST_F(OperationTest, ReparentSeesCyclesOnLaterDays) {
  EXPECT_EQ(refused({registry::Reparent{on(2022, 1, 1), {"D"}, "", "D1"}}), Lines{"311 units:4 D"});
  carry_out({registry::Reparent{on(2023, 1, 1), {"A"}, "", "D"}});
  // Under A today there is nothing; from 2023 on A stands below D.
  const auto problems = refused({registry::Reparent{on(2022, 1, 1), {"D"}, "", "A"}});
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].substr(0, 3), "305");
  carry_out({registry::Reparent{on(2023, 2, 1), {}, "D", "KHOI"}});
  EXPECT_EQ(rows("unit_events", {"event", "from_unit"}),
            (Lines{"reparent|A", "reparent|D1", "reparent|D2", "reparent|A"}));
}

// A root that an operation before it looked at is no child of "".
TEST_F(OperationTest, ReparentMovesTheUnitsNamedOnceAndNoOthers) {
  carry_out({registry::Rename{on(2023, 2, 1), "KHOI", "Đảng bộ Khối", {}},
             registry::Reparent{on(2023, 2, 1), {"D1", "D1"}, "", "A"}});
  EXPECT_EQ(rows("unit_events", {"event", "from_unit"}), (Lines{"rename|KHOI", "reparent|D1"}));
}

// A slip of the key would move nobody and say nothing.
TEST_F(OperationTest, ChildrenOfAUnitThatIsNotThereAreRefused) {
  EXPECT_EQ(refused({registry::Reparent{on(2023, 2, 1), {}, "DD", "KHOI"}}), Lines{"311 :0 DD"});
}

TEST_F(OperationTest, AUnitTakenOutOfForceMayNotLoseItsMembers) {
  Change change(*registry_);
  change.correct("units", text_table({"unit_id"}, {{"A"}}), text_table({"until"}, {{"2021-01-01"}}),
                 "fix");
  const auto done = registry_->commit(std::move(change), {});
  const base::ProblemList problems = base::problems_of(done.status());
  ASSERT_EQ(problems.total(), 1U);
  EXPECT_EQ(problems.kept()[0].code, ProblemCode::kPersonsLost);
  EXPECT_EQ(problems.kept()[0].place.file, "memberships");
  EXPECT_EQ(problems.kept()[0].value, "m1");
}

TEST_F(OperationTest, EventsMayNotBelieTheRows) {
  const auto refuse = [&](TextRow row) {
    Change change(*registry_);
    change.add_table("unit_events",
                     text_table({"event_id", "date", "event", "from_unit", "to_unit"}, {row}),
                     "e.csv");
    const auto done = registry_->commit(std::move(change), {});
    const auto problems = base::problems_of(done.status());
    return problems.empty() ? 0 : static_cast<int>(problems.kept()[0].code);
  };
  EXPECT_EQ(refuse({"E1", "2020-07-01", "SAPNHAP", "B", "A"}), 0);
  EXPECT_EQ(refuse({"E2", "2020-06-29", "SAPNHAP", "B", "A"}),
            313);  // B stands on the next day too
  EXPECT_EQ(refuse({"E3", "2020-07-02", "SAPNHAP", "A", "B"}), 313);  // into what is no more
  EXPECT_EQ(refuse({"E4", "2012-01-01", "LAP", "", "B"}), 0);
  EXPECT_EQ(refuse({"E5", "2012-01-02", "LAP", "", "B"}), 313);  // it stood the day before
  EXPECT_EQ(refuse({"E6", "2011-12-31", "LAP", "", "B"}), 313);
  EXPECT_EQ(refuse({"E7", "2020-07-02", "DOITEN", "B", "B"}), 313);
  EXPECT_EQ(refuse({"E8", "2012", "LAP", "", "B"}), 0);  // only the year is known
  // And rows may not belie the events that stand.
  Change change(*registry_);
  change.correct("units", text_table({"unit_id"}, {{"B"}}), text_table({"until"}, {{"2020-08-01"}}),
                 "fix");
  EXPECT_FALSE(registry_->commit(std::move(change), {}).ok());
}

TEST_F(OperationTest, AdmitConfirmLeave) {
  Change change(*registry_);
  change.add_table("decisions",
                   text_table({"decision_id", "kind", "date"}, {{"KN 5", "admit", "2021-04-20"},
                                                                {"CT 5", "confirm", "2022-05-03"},
                                                                {"XT", "resolve", "2023-01-01"}}),
                   "d.csv");
  ASSERT_TRUE(registry_->commit(std::move(change), {}).ok());
  EXPECT_EQ(refused({registry::Confirm{on(2022, 5, 3, "CT 5"), "m9"}}), Lines{"311 :0 m9"});
  carry_out({registry::Admit{on(2021, 5, 3, "KN 5"),
                             "m9",
                             "D1",
                             "admission",
                             {{"sex", "nữ"}, {"birth_date", "2000-02"}}}});
  EXPECT_EQ(rows("members", {"member_id", "sex", "birth_date", "decision_date", "joined_date",
                             "full_date", "status"})[4],
            "m9|female|2000-02|2021-04-20|2021-05-03||active");
  EXPECT_EQ(refused({registry::Admit{on(2021, 6, 1, "KN 5"), "m9", "A", "admission", {}}}),
            Lines{"311 memberships:7 m9"});
  EXPECT_EQ(refused({registry::Confirm{on(2021, 5, 2, "CT 5"), "m9"}}), Lines{"311 :0 m9"});
  carry_out({registry::Confirm{on(2022, 5, 3, "CT 5"), "m9"}});
  EXPECT_EQ(refused({registry::Confirm{on(2022, 6, 3, "CT 5"), "m9"}}), Lines{"311 members:6 m9"});
  EXPECT_EQ(refused({registry::Leave{on(2023, 1, 5, ""), "m9", "removal"}}), Lines{"311 :0 "});
  EXPECT_EQ(refused({registry::Leave{on(2023, 1, 5, "XT"), "m9", "internal"}}),
            Lines{"311 :0 internal"});
  carry_out({registry::Leave{on(2023, 1, 5, "XT"), "m9", "removal"}});
  EXPECT_EQ(home("m9", 2023, 1, 4), "D1");
  EXPECT_EQ(home("m9", 2023, 1, 5), "");
  const auto members = rows("members", {"member_id", "from", "status", "status_date"});
  EXPECT_TRUE(has(members, "m9|2023-01-05|removed|2023-01-05"));
  carry_out({registry::Admit{on(2024, 1, 5, "KN 5"), "m9", "A", "KETNAPLAI", {}}});
  EXPECT_EQ(home("m9", 2024, 1, 5), "A");
}

TEST_F(OperationTest, ConfirmationBeforeAdmissionNamesTheRow) {
  Change change(*registry_);
  change.correct("members", text_table({"member_id"}, {{"m1"}}),
                 text_table({"joined_date"}, {{"2015-01-01"}}), "fix");
  ASSERT_TRUE(registry_->commit(std::move(change), {}).ok());
  EXPECT_EQ(refused({registry::Confirm{on(2014, 12, 31), "m1"}}), Lines{"311 members:5 m1"});
  carry_out({registry::Confirm{on(2015, 1, 1), "m1"}});
}

TEST_F(OperationTest, MovesTransitAndGuests) {
  carry_out({registry::Temporary{on(2021, 1, 1, ""), "m1", "D2", {}},
             registry::Transit{on(2021, 2, 1, ""), "m1"}});
  EXPECT_EQ(home("m1", 2021, 2, 10), "A");
  carry_out({registry::Move{on(2021, 2, 15, ""), {"m1"}, "D2", "internal", day(2021, 2, 1)}});
  EXPECT_EQ(home("m1", 2021, 2, 14), "A");
  EXPECT_EQ(home("m1", 2021, 2, 15), "D2");
  const auto members = rows("members", {"member_id", "from", "until", "status"});
  EXPECT_TRUE(has(members, "m1|2021-02-15||active"));
  const auto memberships = rows("memberships", {"member_id", "unit_id", "kind", "from", "until",
                                                "issued_on", "presented_on"});
  EXPECT_TRUE(has(memberships, "m1|A|home|2011-03-01|2021-02-15|2021-02-01|"));
  EXPECT_TRUE(has(memberships, "m1|D2|home|2021-02-15||2021-02-01|2021-02-15"));
  EXPECT_TRUE(has(memberships, "m1|D2|temporary|2021-01-01|2021-02-15||"));
  EXPECT_EQ(refused({registry::Move{on(2021, 3, 1), {"m1"}, "D2", "internal", {}}}).size(), 1U);
  EXPECT_EQ(refused({registry::Move{on(2021, 3, 1), {"m3"}, "A", "internal", {}}}),
            Lines{"311 :0 m3"});
  EXPECT_EQ(refused({registry::Move{on(2021, 3, 1), {"m1"}, "B", "internal", {}}}),
            Lines{"311 :0 B"});
  EXPECT_EQ(refused({registry::Temporary{on(2021, 3, 1), "m1", "D2", {}}}).size(), 1U);
}

TEST_F(OperationTest, ExemptAndSuspendEndByThemselves) {
  carry_out({registry::Suspend{on(2021, 3, 1), "m1", day(2021, 6, 1)}});
  const auto members = rows("members", {"member_id", "from", "until", "status"});
  EXPECT_TRUE(has(members, "m1|2021-03-01|2021-06-01|suspended"));
  EXPECT_TRUE(has(members, "m1|2021-06-01||active"));
  EXPECT_EQ(refused({registry::Exempt{on(2021, 7, 1), "m1", day(2021, 7, 1)}}),
            Lines{"311 :0 2021-07-01"});
  carry_out({registry::Exempt{on(2021, 7, 1), "m1", {}}});
}

TEST_F(OperationTest, PostsAreTakenUpAndLaidDown) {
  carry_out({registry::Appoint{on(2021, 1, 1), "m1", "A", "BT", "CU", "BAU", day(2021, 1, 9)}});
  EXPECT_EQ(rows("posts", {"member_id", "unit_id", "body", "post", "from", "basis", "approved_on"}),
            Lines{"m1|A|cell_executive|secretary|2021-01-01|elected|2021-01-09"});
  EXPECT_EQ(refused({registry::Relieve{on(2021, 5, 1), "m1", "A", "PBT", ""}}), Lines{"311 :0 m1"});
  carry_out({registry::Relieve{on(2021, 5, 1), "m1", "A", "secretary", ""}});
  EXPECT_EQ(rows("posts", {"until"}), Lines{"2021-05-01"});
  EXPECT_EQ(refused({registry::Appoint{on(2021, 1, 1), "m3", "A", "BT", "", "", {}}}),
            Lines{"311 :0 m3"});
}

TEST_F(OperationTest, RecordsOfOnePersonAreMergedAndTakenApart) {
  Change change(*registry_);
  change.add_table("members", text_table({"member_id", "sex"}, {{"m1x", "nữ"}}), "x.csv");
  change.add_table("memberships",
                   text_table({"member_id", "unit_id", "kind", "from"},
                              {{"m1x", "A", "CHINHTHUC", "2019-01-01"}}),
                   "x.csv");
  change.add_table("evaluations",
                   text_table({"subject_type", "subject_id", "period", "regime", "grade"},
                              {{"member", "m1x", "2019", "r2018", "HTT"},
                               {"member", "m1", "2020", "r2019", "HTT"}}),
                   "x.csv");
  ASSERT_TRUE(registry_->commit(std::move(change), {}).ok());
  EXPECT_EQ(stock("A", 2020, 1, 1), 2);
  carry_out({registry::MergeMembers{{}, "m1x", "m1"}});
  EXPECT_EQ(stock("A", 2020, 1, 1), 1);
  EXPECT_EQ(rows("evaluations", {"subject_id", "period"}), (Lines{"m1|2020", "m1|2019"}));
  EXPECT_TRUE(registry_->snapshot().find_member("m1x").has_value());
  EXPECT_EQ(refused({registry::MergeMembers{{}, "m1x", "m1"}}), Lines{"311 :0 m1x"});
  // What is corrected since is kept.
  Change later(*registry_);
  later.correct("evaluations",
                text_table({"subject_type", "subject_id", "period", "regime"},
                           {{"member", "m1", "2019", "r2018"}}),
                text_table({"grade"}, {{"HT"}}), "fix");
  ASSERT_TRUE(registry_->commit(std::move(later), {}).ok());
  carry_out({registry::UnmergeMembers{{}, "m1x"}});
  EXPECT_EQ(stock("A", 2020, 1, 1), 2);
  EXPECT_EQ(rows("evaluations", {"subject_id", "period", "grade"}),
            (Lines{"m1|2020|good", "m1x|2019|completed"}));
  EXPECT_EQ(refused({registry::UnmergeMembers{{}, "m1x"}}), Lines{"311 :0 m1x"});
}

TEST_F(OperationTest, RecordsWithTwoHomesAreNotMerged) {
  const auto problems = refused({registry::MergeMembers{{}, "m4", "m1"}});
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].substr(0, 3), "306");
}

TEST_F(OperationTest, ConservationShowsWhoCameAndWent) {
  carry_out({registry::Absorb{on(2022, 1, 1), {"A"}, "D1"},
             registry::Move{on(2022, 3, 1), {"m4"}, "D1", "internal", {}}});
  const auto snapshot = registry_->snapshot();
  const auto table = registry::conservation(snapshot, snapshot.commit());
  Lines lines;
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    std::string line;
    for (std::size_t column = 0; column < table.column_count(); ++column)
      line += (line.empty() ? "" : "|") + table.column(column).display(row);
    lines.push_back(line);
    EXPECT_EQ(
        table.column(2).integer(row) + table.column(3).integer(row) - table.column(4).integer(row),
        table.column(5).integer(row));
  }
  EXPECT_EQ(lines, (Lines{"2022-01-01|A|1|0|1|0", "2022-01-01|D1|1|1|0|2", "2022-03-01|D1|2|1|0|3",
                          "2022-03-01|D2|1|0|1|0"}));
  EXPECT_EQ(registry::conservation(snapshot, base::kNoCommit).row_count(), 0U);
}

TEST_F(OperationTest, TheSameOperationsTwiceAreOneCommit) {
  const auto change = with({registry::Rename{on(2021, 5, 1), "A", "Tên mới", {}}});
  const auto first = registry_->commit(change, {.time = 1, .source_version = "v1"});
  const auto again = registry_->commit(change, {.time = 2, .source_version = "v1"});
  ASSERT_TRUE(first.ok() && again.ok());
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->number, first->number);
  const auto other = with({registry::Rename{on(2021, 5, 1), "A", "Tên khác", {}}});
  EXPECT_FALSE(registry_->commit(other, {.time = 3, .source_version = "v1"}).ok());
}

}  // namespace
}  // namespace dangbo::testing
