// Corners that random histories meet rarely or never: block boundaries, forks of forks, keys whose
// numbers differ between a fork and its base.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "dangbo/registry/history.hpp"
#include "registry/support.hpp"

namespace dangbo::registry {
namespace {

using base::ProblemCode;
using table::Field;
using table::Role;
using table::Schema;
using table::TableKind;
using table::Type;
using testing::day;
using testing::small_body;
using testing::text_table;
using testing::TextRow;

void add(Registry& registry, std::string_view table, const std::vector<std::string>& header,
         const std::vector<TextRow>& rows) {
  Change change(registry);
  change.add_table(table, text_table(header, rows), "thêm");
  const auto done = registry.commit(std::move(change), {});
  ASSERT_TRUE(done.ok()) << done.status();
}

void end_home(Registry& registry, const std::string& key, const std::string& until) {
  Change change(registry);
  change.correct("memberships", text_table({"member_id", "kind", "until"}, {{key, "home", ""}}),
                 text_table({"until"}, {{until}}), "sửa");
  const auto done = registry.commit(std::move(change), {});
  ASSERT_TRUE(done.ok()) << done.status();
}

std::int64_t stock(const Registry& registry, std::string_view unit) {
  const Snapshot now = registry.snapshot();
  return now.at(day(2022, 1, 1)).stock(*now.find_unit(unit), true);
}

std::vector<ProblemCode> codes(const absl::StatusOr<CommitResult>& done) {
  std::vector<ProblemCode> out;
  const base::ProblemList problems = base::problems_of(done.status());
  for (const base::Problem& problem : problems.kept()) out.push_back(problem.code);
  return out;
}

// Keys of units and of members stand in one heap of blocks of 1 MiB; a commit may bring both where
// each alone would still fit the block.
TEST(EdgeTest, KeysOfUnitsAndMembersCrossABlockTogether) {
  const std::string filler(1000, 'k');
  for (const int rest : {100, 300, 500, 700}) {
    const auto registry = Registry::create();
    std::vector<TextRow> members;
    std::size_t used = 0;
    for (int i = 0; used + 2200 < (1U << 20); ++i) {
      members.push_back({filler + std::to_string(1000 + i)});
      used += members.back()[0].size() + 4;
    }
    members.push_back({std::string((1U << 20) - used - 4 - static_cast<std::size_t>(rest), 'z')});
    add(*registry, "members", {"member_id"}, members);
    const std::string long_key(static_cast<std::size_t>(rest) - 20, 'x');
    Change change(*registry);
    change.add_table("units", text_table({"unit_id", "kind"}, {{long_key, "CB"}}), "u");
    change.add_table("members", text_table({"member_id"}, {{long_key}}), "m");
    ASSERT_TRUE(registry->commit(std::move(change), {}).ok());
    EXPECT_TRUE(registry->snapshot().find_unit(long_key));
    EXPECT_TRUE(registry->snapshot().find_member(long_key));
  }
}

TEST(EdgeTest, AForkOfAForkDoesNotSeeWhatItsGrandparentLearnsLater) {
  const auto registry = small_body();
  const auto fork = registry->snapshot().fork();
  for (const char* name : {"x1", "x2", "x3"}) add(*fork, "members", {"member_id"}, {{name}});
  end_home(*registry, "m1", "2021-12-31");  // commit 2 at home, older than the second fork's base
  EXPECT_EQ(stock(*fork, "A"), 1);
  const auto second = fork->snapshot().fork();
  EXPECT_EQ(stock(*second, "A"), 1);
  end_home(*second, "m4", "2021-12-31");  // copies the marks of the chunk
  EXPECT_EQ(stock(*second, "A"), 1);
  EXPECT_EQ(stock(*second, "KHOI"), 2);
  EXPECT_EQ(stock(*fork, "KHOI"), 3);
  const auto done = fork->commit_fork(*second, {});
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(stock(*fork, "KHOI"), 2);
}

// A fork's slots are provisional: its first new unit has the number of the first new one at home.
TEST(EdgeTest, KeysOfOtherUnitsAreNoConflict) {
  const auto registry = small_body();
  const auto fork = registry->snapshot().fork();
  for (Registry* into : {fork.get(), registry.get()}) {
    const std::string unit = into == fork.get() ? "E" : "F";
    Change change(*into);
    change.add_table("units", text_table({"unit_id", "kind"}, {{unit, "CB"}}), "u");
    change.add_table(
        "plans", text_table({"unit_id", "year", "item", "target"}, {{unit, "2021", "KETNAP", "5"}}),
        "p");
    ASSERT_TRUE(into->commit(std::move(change), {}).ok());
  }
  const auto done = registry->commit_fork(*fork, {});
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(registry->snapshot().rows("plans")->size(), 2U);
}

// So are the codes of words that a growing vocabulary has gained on either side.
TEST(EdgeTest, KeysWithWordsAreComparedAsWords) {
  const auto registry = small_body();
  const auto plan = [](Registry& into, const char* item) {
    add(into, "plans", {"unit_id", "year", "item", "target"}, {{"KHOI", "2021", item, "5"}});
  };
  const auto other = registry->snapshot().fork();
  const auto same = registry->snapshot().fork();
  plan(*other, "CHUYENDANG");
  plan(*same, "KETNAP");
  plan(*registry, "KIEMTRA");
  EXPECT_TRUE(registry->commit_fork(*other, {}).ok());
  plan(*registry, "KETNAP");
  const auto refused = codes(registry->commit_fork(*same, {}));
  EXPECT_NE(std::find(refused.begin(), refused.end(), ProblemCode::kConflict), refused.end());
}

std::shared_ptr<Schema> open_days(Type visitors) {
  Field unit;
  unit.name = "unit_id";
  unit.required = true;
  unit.role = Role::kUnit;
  Field on;
  on.name = "day";
  on.type = Type::kDate;
  on.required = true;
  on.role = Role::kDay;
  Field n;
  n.name = "visitors";
  n.type = visitors;
  return std::make_shared<Schema>("open_days", TableKind::kEvent, std::vector<Field>{unit, on, n},
                                  std::vector<std::string>{"unit_id", "day"},
                                  base::Message{"ngày mở cửa", "open days"});
}

TEST(EdgeTest, ATableDeclaredInAForkComesHomeWithIt) {
  const auto registry = small_body();
  const auto fork = registry->snapshot().fork();
  ASSERT_TRUE(fork->declare(open_days(Type::kInt)).ok());
  add(*fork, "open_days", {"unit_id", "day", "visitors"}, {{"A", "2020-05-01", "120"}});
  EXPECT_EQ(registry->find_schema("open_days"), nullptr);
  ASSERT_TRUE(registry->commit_fork(*fork, {}).ok());
  EXPECT_EQ(registry->snapshot().rows("open_days")->field("visitors")->integer(RowId{0}), 120);
}

TEST(EdgeTest, ARefusedForkLeavesNoTableBehind) {
  const auto registry = small_body();
  const auto fork = registry->snapshot().fork();
  ASSERT_TRUE(fork->declare(open_days(Type::kInt)).ok());
  end_home(*fork, "m1", "2021-12-31");
  end_home(*registry, "m1", "2021-11-30");
  EXPECT_FALSE(registry->commit_fork(*fork, {}).ok());
  EXPECT_EQ(registry->find_schema("open_days"), nullptr);
}

TEST(EdgeTest, TwoTablesOfOneNameDoNotMix) {
  const auto registry = small_body();
  const auto fork = registry->snapshot().fork();
  ASSERT_TRUE(fork->declare(open_days(Type::kInt)).ok());
  add(*fork, "open_days", {"unit_id", "day", "visitors"}, {{"A", "2020-05-01", "120"}});
  ASSERT_TRUE(registry->declare(open_days(Type::kText)).ok());
  EXPECT_EQ(registry->commit_fork(*fork, {}).status().code(), absl::StatusCode::kInvalidArgument);
}

// Before the first decision a row may name any: such a row can be corrected in a fork as at home.
TEST(EdgeTest, ARowWithAnOldDecisionComesHome) {
  const auto registry = small_body();
  add(*registry, "members", {"member_id"}, {{"m5"}});
  add(*registry, "memberships", {"member_id", "unit_id", "kind", "from", "decision_id"},
      {{"m5", "A", "home", "2020-01-01", "QD-cũ"}});
  add(*registry, "decisions", {"decision_id", "kind", "date"}, {{"QD1", "move", "2020-01-01"}});
  const auto fork = registry->snapshot().fork();
  end_home(*fork, "m5", "2021-12-31");
  const auto done = registry->commit_fork(*fork, {});
  EXPECT_TRUE(done.ok()) << done.status();
}

TEST(EdgeTest, ASubjectWithoutItsTypeNamesNoRow) {
  const auto registry = small_body();
  add(*registry, "evaluations", {"subject_type", "subject_id", "period", "regime"},
      {{"unit", "A", "2020", "r2018"}, {"unit", "B", "2020", "r2018"}});
  Change change(*registry);
  change.correct("evaluations", text_table({"subject_id"}, {{"A"}}), text_table({"score"}, {{"7"}}),
                 "sửa");
  EXPECT_EQ(codes(registry->commit(std::move(change), {})),
            std::vector<ProblemCode>{ProblemCode::kMissingValue});
}

TEST(EdgeTest, ChangesOfKnowledgeComeInOrderOfRows) {
  const auto registry = small_body();
  Change change(*registry);
  change.withdraw("memberships", text_table({"member_id", "unit_id"}, {{"m4", "D2"}}), "bỏ");
  change.add_table(
      "memberships",
      text_table({"member_id", "unit_id", "kind", "from"}, {{"m4", "A", "home", "2021-01-01"}}),
      "thêm");
  ASSERT_TRUE(registry->commit(std::move(change), {}).ok());
  const auto changes = knowledge_changes(registry->snapshot(), CommitNumber{1}, {});
  ASSERT_TRUE(changes.ok());
  ASSERT_EQ(changes->row_count(), 2U);
  const table::Column& row_id = changes->column(*changes->find("row_id"));
  EXPECT_LT(row_id.integer(0), row_id.integer(1));
}

}  // namespace
}  // namespace dangbo::registry
