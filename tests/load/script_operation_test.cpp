// Operations of change scripts: every word is read, and what is wrong is refused at its place.
#include <string>
#include <vector>

#include "dangbo/load/script.hpp"
#include "dangbo/registry/history.hpp"
#include "load/load_support.hpp"

namespace dangbo::load {
namespace {

using testing::LoadTest;
using Lines = std::vector<std::string>;

class ScriptOperationTest : public LoadTest {
 protected:
  ScriptOperationTest() {
    write("khoi/units.csv",
          "unit_id,parent_id,name,kind,from\nK,,Khối Ví dụ,KHOI,2010-01-01\n"
          "CB1,K,Chi bộ Mây,CBCS,2010-01-01\nCB2,K,Chi bộ Gió,CBCS,2012-01-01\n");
    write("khoi/members.csv", "member_id,sex\nA1,nữ\nA2,nam\n");
    write("khoi/memberships.csv",
          "member_id,unit_id,kind,from\nA1,CB1,home,2011-01-01\nA2,CB2,home,2020-01-01\n");
    registry::Change change = read_paths({(folder_ / "khoi").string()});
    EXPECT_TRUE(registry_->commit(std::move(change), {}).ok());
  }

  registry::Change script(const std::string& changes) {
    registry::Change change(*registry_);
    const absl::Status status =
        add_script_text(*registry_, change, "script: 1\nchanges:\n" + changes, "viec.yaml");
    EXPECT_TRUE(status.ok()) << status;
    return change;
  }
  void apply(const std::string& changes) {
    const auto done = registry_->commit(script(changes), {});
    ASSERT_TRUE(done.ok()) << done.status();
  }
  Lines refusals(const std::string& changes) {
    const base::ProblemList found = registry_->check(script(changes)).problems;
    Lines out;
    for (const base::Problem& problem : found.kept()) {
      EXPECT_FALSE(problem.reason.vi.empty() || problem.fix.en.empty());
      out.push_back(problem.place.file + ":" + std::to_string(problem.place.row) + ":" +
                    problem.place.column + " " + std::to_string(static_cast<int>(problem.code)) +
                    " " + problem.value);
    }
    return out;
  }
  std::int64_t stock(const char* unit, time::Date day) {
    const auto snapshot = registry_->snapshot();
    return snapshot.at(day).stock(*snapshot.find_unit(unit), true);
  }
  static time::Date day(int year, int month, int of_month) {
    return *time::Date::from_ymd(year, month, of_month);
  }
};

TEST_F(ScriptOperationTest, EveryWordIsReadAndCarriedOut) {
  apply(R"(
- establish: {unit: DB, parent: K, day: 2021-01-01, decision: Q1,
   set: {kind: DBCS, tên: Đảng bộ Sương}}
- rename: {unit: CB1, name: Chi bộ Mây Trắng, short_name: MT, day: 02/01/2021, decision: Q2}
- convert: {unit: CB1, day: 2021-01-03, decision: Q3, set: {kind: CB}}
- reparent: {unit: CB1, parent: DB, day: 2021-01-03, decision: Q3}
- admit: {member: A3, unit: CB2, day: 2021-02-01, decision: Q4, set: {giới tính: nữ}}
- confirm: {member: A3, day: 2022-02-01, decision: Q5}
- temporary: {member: A3, unit: CB1, day: 2022-03-01, until: 2022-06-01}
- in_transit: {member: A1, day: 2022-04-01}
- move: {members: [A1], to: CB2, day: 2022-04-15, reason: internal, issued_on: 2022-04-01}
- exempt: {member: A2, day: 2022-05-01, decision: Q6}
- suspend: {member: A3, day: 2022-05-01, until: 2022-08-01, decision: Q7}
- appoint: {member: A2, unit: CB2, post: BT, body: CU, basis: BAU,
   day: 2022-05-01, decision: Q8, approved_on: 2022-05-09}
- relieve: {member: A2, unit: CB2, post: bí thư, day: 2022-06-01, decision: Q9}
- divide: {unit: CB2, day: 2022-07-01, decision: Q10,
   parts: [{unit: P1, members: [A1]}, {unit: P2, set: {name: Còn lại}, rest: true}]}
- split_off: {unit: P2, day: 2022-08-01, decision: Q11,
   parts: [{unit: P3, parent: DB, members: [A3]}]}
- merge: {units: [P1, P2], into: P4, parent: K, day: 2022-09-01, decision: Q12,
   set: {name: Hợp nhất}}
- absorb: {unit: P3, into: P4, day: 2022-10-01, decision: Q13}
- close: {unit: CB1, day: 2022-11-01, decision: Q14, event: E14}
- disband: {units: [DB], day: 2022-11-01, decision: Q15}
- leave: {member: A1, reason: death, day: 2022-12-01}
)");
  EXPECT_EQ(stock("P4", day(2022, 11, 30)), 3);
  EXPECT_EQ(stock("K", day(2022, 12, 1)), 2);
  const auto events = registry::rows_table(registry_->snapshot(), "unit_events");
  ASSERT_TRUE(events.ok());
  EXPECT_EQ(events->row_count(), 12U);
  // Two homes in different units in August 2022: not one person's, or not well recorded.
  EXPECT_EQ(refusals("- merge_members: {member: A3, into: A2}\n").front().substr(0, 17),
            "viec.yaml:3:membe");
}

TEST_F(ScriptOperationTest, WhatIsWrongIsNamedAtItsPlace) {
  EXPECT_EQ(refusals("- merg: {}\n"), Lines{"viec.yaml:3:3 112 merg"});
  EXPECT_EQ(refusals("- move: {member: A1, too: CB2, day: 2021-01-01}\n"),
            (Lines{"viec.yaml:3:22 112 too", "viec.yaml:3:9 112 "}));
  EXPECT_EQ(refusals("- close: {unit: CB1, decision: Q}\n"), Lines{"viec.yaml:3:10 112 "});
  EXPECT_EQ(refusals("- close: {unit: CB1, day: 2021-02, decision: Q}\n"),
            Lines{"viec.yaml:3:27 112 2021-02"});
  EXPECT_EQ(refusals("- close: {unit: CB1, day: 31/02/2021, decision: Q}\n"),
            Lines{"viec.yaml:3:27 112 31/02/2021"});
  EXPECT_EQ(refusals("- merge: {units: [CB1, CB1], into: X, day: 2021-01-01, decision: Q}\n"),
            Lines{"viec.yaml:3:10 112 CB1"});
  EXPECT_EQ(refusals("- convert: {unit: CB1, day: 2021-01-01, decision: Q, set: {parent_id: K}}\n"),
            Lines{"viec.yaml:3:60 112 parent_id"});
  EXPECT_EQ(refusals("- divide: {unit: CB1, day: 2021-01-01, decision: Q, parts: []}\n"),
            Lines{"viec.yaml:3:60 112 "});
  EXPECT_EQ(refusals("- divide: {unit: CB1, day: 2021-01-01, decision: Q, "
                     "parts: [{unit: P, rest: maybe}]}\n"),
            Lines{"viec.yaml:3:77 112 maybe"});
  EXPECT_EQ(refusals("- move: {members: [A1, [x]], to: CB2, day: 2021-01-01}\n"),
            Lines{"viec.yaml:3:24 112 "});
}

TEST_F(ScriptOperationTest, RefusalsNameTheLineOfTheOperation) {
  EXPECT_EQ(refusals("- move: {member: A9, to: CB2, day: 2021-01-01}\n"
                     "- convert: {unit: CB1, day: 2021-01-01, decision: Q, set: {kind: XYZ}}\n"),
            (Lines{"viec.yaml:3:move 311 A9", "viec.yaml:4:kind 202 XYZ"}));
}

}  // namespace
}  // namespace dangbo::load
