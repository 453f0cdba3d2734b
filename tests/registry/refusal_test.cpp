// What a commit refuses: every offending row named, nothing changed.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "dangbo/registry/registry.hpp"
#include "registry/support.hpp"

namespace dangbo::registry {
namespace {

using base::Problem;
using base::ProblemCode;
using testing::add_small_body;
using testing::text_table;
using testing::TextRow;

class RefusalTest : public ::testing::Test {
 protected:
  RefusalTest() : registry_(Registry::create()) {
    Change change(*registry_);
    add_small_body(change);
    EXPECT_TRUE(registry_->commit(std::move(change), {}).ok());
  }

  // Commits rows of one table, expects a refusal that changed nothing, and gives its problems.
  std::vector<Problem> refuse(const char* table, const std::vector<std::string>& header,
                              const std::vector<TextRow>& rows) {
    Change change(*registry_);
    change.add_table(table, text_table(header, rows), "rows.csv");
    return refuse(std::move(change));
  }
  std::vector<Problem> refuse(Change change) {
    const std::uint32_t units = registry_->snapshot().unit_count();
    const std::uint32_t rows = registry_->snapshot().rows("units")->size();
    const CheckReport report = registry_->check(change);
    const auto result = registry_->commit(std::move(change), {});
    EXPECT_FALSE(result.ok());
    EXPECT_EQ(result.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(base::index_of(registry_->snapshot().commit()), 1U);
    EXPECT_EQ(registry_->snapshot().unit_count(), units);
    EXPECT_EQ(registry_->snapshot().rows("units")->size(), rows);
    const base::ProblemList problems = base::problems_of(result.status());
    EXPECT_EQ(problems.total(), report.problems.total());
    for (const Problem& problem : problems.kept()) {
      EXPECT_FALSE(problem.reason.vi.empty());
      EXPECT_FALSE(problem.reason.en.empty());
      EXPECT_FALSE(problem.fix.vi.empty());
      EXPECT_FALSE(problem.fix.en.empty());
    }
    return {problems.kept().begin(), problems.kept().end()};
  }
  void expect_one(const std::vector<Problem>& problems, ProblemCode code, std::uint64_t row,
                  const char* column) {
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].code, code);
    EXPECT_EQ(problems[0].place.file, "rows.csv");
    EXPECT_EQ(problems[0].place.row, row);
    EXPECT_EQ(problems[0].place.column, column);
  }

  std::unique_ptr<Registry> registry_;
};

TEST_F(RefusalTest, UnknownParent) {
  const auto problems = refuse("units", {"unit_id", "parent_id", "kind"}, {{"X", "KHOY", "CB"}});
  expect_one(problems, ProblemCode::kUnknownUnit, 1, "parent_id");
  EXPECT_EQ(problems[0].value, "KHOY");
  EXPECT_NE(problems[0].fix.en.find("«KHOI»"), std::string::npos);  // the nearest key
}

TEST_F(RefusalTest, UnknownUnitAndMember) {
  const auto problems =
      refuse("memberships", {"member_id", "unit_id", "kind"},
             {{"nobody", "A", "home"}, {"m3", "Z", "home"}, {"nobody", "Z", "temporary"}});
  ASSERT_EQ(problems.size(), 4U);
  std::multiset<std::pair<std::uint64_t, std::string>> places;
  for (const Problem& problem : problems) places.insert({problem.place.row, problem.place.column});
  const std::multiset<std::pair<std::uint64_t, std::string>> expected = {
      {1, "member_id"}, {2, "unit_id"}, {3, "member_id"}, {3, "unit_id"}};
  EXPECT_EQ(places, expected);
}

TEST_F(RefusalTest, ParentNotInForceOnSomeDays) {
  // B ends on 2020-07-01.
  expect_one(refuse("units", {"unit_id", "from", "until", "parent_id", "kind"},
                    {{"X", "2019-01-01", "2020-07-02", "B", "CB"}}),
             ProblemCode::kOrphanUnit, 1, "parent_id");
  Change change(*registry_);
  change.add_table("units",
                   text_table({"unit_id", "from", "until", "parent_id", "kind"},
                              {{"X", "2019-01-01", "2020-07-01", "B", "CB"}}),
                   "rows.csv");
  EXPECT_TRUE(registry_->check(change).problems.empty());  // to the last day of B: accepted
}

TEST_F(RefusalTest, ACycleOnSomeDay) {
  const auto problems = refuse("units", {"unit_id", "from", "until", "parent_id", "kind"},
                               {{"X", "2019-01-01", "2020-01-01", "A", "CB"},
                                {"X", "2020-01-01", "", "Z", "CB"},
                                {"Y", "2019-01-01", "", "X", "CB"},
                                {"Z", "2019-01-01", "", "Y", "CB"}});
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].code, ProblemCode::kUnitCycle);
  EXPECT_NE(problems[0].reason.en.find("2020-01-01"), std::string::npos);
  for (const char* arrow : {"X → Z", "Z → Y", "Y → X"}) {
    EXPECT_NE(problems[0].reason.en.find(arrow), std::string::npos) << problems[0].reason.en;
  }
}

TEST_F(RefusalTest, AUnitUnderItself) {
  const auto problems = refuse("units", {"unit_id", "parent_id", "kind"}, {{"X", "X", "CB"}});
  expect_one(problems, ProblemCode::kUnitCycle, 1, "parent_id");
}

TEST_F(RefusalTest, AUnitTwiceOnADay) {
  expect_one(refuse("units", {"unit_id", "from", "parent_id", "kind"},
                    {{"A", "2015-01-01", "KHOI", "CB"}}),
             ProblemCode::kDuplicateKey, 1, "unit_id");
  expect_one(refuse("units", {"unit_id", "from", "until", "parent_id", "kind"},
                    {{"X", "2011-01-01", "2012-01-01", "KHOI", "CB"},
                     {"X", "2011-12-31", "", "KHOI", "CB"}}),
             ProblemCode::kDuplicateKey, 2, "unit_id");
}

TEST_F(RefusalTest, AMemberTwice) {
  expect_one(refuse("members", {"member_id"}, {{"m1"}}), ProblemCode::kDuplicateKey, 1,
             "member_id");
  expect_one(refuse("members", {"member_id"}, {{"n1"}, {"n2"}, {"n1"}}), ProblemCode::kDuplicateKey,
             3, "member_id");
}

TEST_F(RefusalTest, TwoHomesOnADay) {
  // m1 is at home in A from 2011-03-01 on.
  expect_one(refuse("memberships", {"member_id", "unit_id", "kind", "from", "until"},
                    {{"m1", "D1", "home", "2010-01-01", "2011-03-02"}}),
             ProblemCode::kTwoHomes, 1, "member_id");
  Change change(*registry_);
  change.add_table("memberships",
                   text_table({"member_id", "unit_id", "kind", "from", "until"},
                              {{"m1", "D1", "home", "2010-01-01", "2011-03-01"}}),
                   "rows.csv");
  EXPECT_TRUE(registry_->check(change).problems.empty());  // ends on the day the other begins
}

TEST_F(RefusalTest, TwoHomesWithinOneChange) {
  const auto problems = refuse("memberships", {"member_id", "unit_id", "kind", "from", "until"},
                               {{"m3", "A", "home", "2021-01-01", ""},
                                {"m3", "D1", "temporary", "2021-01-01", ""},
                                {"m3", "D2", "home", "2022-01-01", "2022-02-01"}});
  expect_one(problems, ProblemCode::kTwoHomes, 3, "member_id");
}

TEST_F(RefusalTest, TheSameTemporaryMembershipTwice) {
  expect_one(refuse("memberships", {"member_id", "unit_id", "kind", "from", "until"},
                    {{"m1", "D1", "temporary", "2018-06-30", ""}}),
             ProblemCode::kDuplicateKey, 1, "member_id");
}

TEST_F(RefusalTest, EndBeforeStart) {
  expect_one(refuse("memberships", {"member_id", "unit_id", "kind", "from", "until"},
                    {{"m3", "A", "home", "2021-01-02", "2021-01-01"}}),
             ProblemCode::kEndBeforeStart, 1, "until");
  expect_one(refuse("memberships", {"member_id", "unit_id", "kind", "from", "until"},
                    {{"m3", "A", "home", "2021-01-02", "2021-01-02"}}),
             ProblemCode::kEndBeforeStart, 1, "until");
}

TEST_F(RefusalTest, AnInclusiveEndMayEqualTheStart) {
  Change change(*registry_);
  change.add_table("memberships",
                   text_table({"member_id", "unit_id", "kind", "từ ngày", "đến ngày"},
                              {{"m3", "A", "home", "02/01/2021", "02/01/2021"}}),
                   "rows.csv");
  ASSERT_TRUE(registry_->commit(std::move(change), {}).ok());
  const Snapshot snapshot = registry_->snapshot();
  EXPECT_EQ(snapshot.at(testing::day(2021, 1, 2)).home_of(*snapshot.find_member("m3")),
            *snapshot.find_unit("A"));
  EXPECT_EQ(snapshot.at(testing::day(2021, 1, 3)).home_of(*snapshot.find_member("m3")),
            base::kNoUnitSlot);
}

TEST_F(RefusalTest, ImpossibleDatesAndUnknownWords) {
  const auto problems =
      refuse("memberships", {"member_id", "unit_id", "kind", "from"},
             {{"m3", "A", "home", "31/02/2021"}, {"m3", "A", "chính thứ", "2021-01-01"}});
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(problems[0].code, ProblemCode::kImpossibleDate);
  EXPECT_EQ(problems[1].code, ProblemCode::kUnknownCode);
  EXPECT_EQ(problems[1].place.row, 2U);
}

TEST_F(RefusalTest, ANaturalKeyTwice) {
  const std::vector<std::string> header = {"subject_type", "subject_id", "period", "regime",
                                           "grade"};
  expect_one(refuse("evaluations", header,
                    {{"unit", "A", "2018", "r2018", "HTT"},
                     {"unit", "A", "2019", "r2018", "HTT"},
                     {"unit", "A", "2018", "r2018", "HT"}}),
             ProblemCode::kDuplicateKey, 3, "subject_type");
  Change change(*registry_);
  change.add_table("evaluations", text_table(header, {{"unit", "A", "2018", "r2018", "HTT"}}),
                   "rows.csv");
  ASSERT_TRUE(registry_->commit(std::move(change), {}).ok());
  Change again(*registry_);
  again.add_table(
      "evaluations",
      text_table(header, {{"unit", "A", "2018", "r2018", ""}, {"unit", "D", "2018", "r2018", ""}}),
      "rows.csv");
  const CheckReport report = registry_->check(again);
  expect_one({report.problems.kept().begin(), report.problems.kept().end()},
             ProblemCode::kDuplicateKey, 1, "subject_type");
}

TEST_F(RefusalTest, ADecisionThatIsNotThere) {
  const std::vector<std::string> header = {"unit_id", "from", "parent_id", "kind", "decision_id"};
  Change without(*registry_);
  without.add_table("units", text_table(header, {{"X", "2011-01-01", "KHOI", "CB", "QĐ 1"}}),
                    "rows.csv");
  EXPECT_TRUE(registry_->check(without)
                  .problems.empty());  // no decisions are kept at all: nothing to look in
  Change with(*registry_);
  with.add_table("decisions",
                 text_table({"decision_id", "kind", "date"}, {{"QĐ 2", "establish", "2020-01-01"}}),
                 "d.csv");
  with.add_table("units",
                 text_table(header, {{"X", "2011-01-01", "KHOI", "CB", "QĐ 1"},
                                     {"Y", "2011-01-01", "KHOI", "CB", "QĐ 2"}}),
                 "rows.csv");
  expect_one(refuse(std::move(with)), ProblemCode::kUnknownDecision, 1, "decision_id");
}

TEST_F(RefusalTest, AnUnknownTable) {
  Change change(*registry_);
  change.add_table("salaries", text_table({"member_id"}, {{"m1"}}), "rows.csv");
  const auto problems = refuse(std::move(change));
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].code, ProblemCode::kUnknownTable);
}

TEST_F(RefusalTest, AMissingRequiredColumn) {
  const auto problems = refuse("memberships", {"member_id", "kind"}, {{"m1", "home"}});
  ASSERT_FALSE(problems.empty());
  EXPECT_EQ(problems[0].code, ProblemCode::kHeaderMissing);
}

TEST_F(RefusalTest, EveryOffendingRowIsListed) {
  std::vector<TextRow> rows;
  for (int i = 0; i < 500; ++i) rows.push_back({"ghost" + std::to_string(i), "A", "home"});
  EXPECT_EQ(refuse("memberships", {"member_id", "unit_id", "kind"}, rows).size(), 500U);
}

TEST(SingleRootTest, AForestIsRefusedOnlyWhenAsked) {
  const auto header = std::vector<std::string>{"unit_id", "from", "until", "kind"};
  const auto forest =
      text_table(header, {{"A", "2010-01-01", "", "KHOI"}, {"B", "2012-01-01", "", "KHOI"}});
  const auto succession = text_table(
      header, {{"A", "2010-01-01", "2012-01-01", "KHOI"}, {"B", "2012-01-01", "", "KHOI"}});
  const auto check = [&](bool single, const table::Table& rows) {
    const auto registry = Registry::create({.single_root = single});
    Change change(*registry);
    change.add_table("units", rows, "rows.csv");
    return registry->check(change).problems.total();
  };
  EXPECT_EQ(check(false, forest), 0U);
  EXPECT_EQ(check(true, forest), 1U);
  EXPECT_EQ(check(true, succession), 0U);
}

}  // namespace
}  // namespace dangbo::registry
