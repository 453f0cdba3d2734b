// What-if work on a fork, and its way home.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "dangbo/registry/registry.hpp"
#include "registry/support.hpp"

namespace dangbo::registry {
namespace {

using testing::add_small_body;
using testing::day;
using testing::small_body;
using testing::text_table;
using Lines = std::vector<std::string>;

std::int64_t stock(const Registry& registry, std::string_view unit,
                   time::Date on = day(2022, 1, 1)) {
  const Snapshot now = registry.snapshot();
  const auto slot = now.find_unit(unit);
  return slot ? now.at(on).stock(*slot, true) : -1;
}

void add_member(Registry& registry, const std::string& key, const std::string& unit,
                const std::string& from = "2021-06-01") {
  Change change(registry);
  change.add_table("members", text_table({"member_id"}, {{key}}), "m");
  change.add_table(
      "memberships",
      text_table({"member_id", "unit_id", "kind", "from"}, {{key, unit, "home", from}}), "s");
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

void add_unit(Registry& registry, const std::string& key, const std::string& parent) {
  Change change(registry);
  change.add_table(
      "units",
      text_table({"unit_id", "kind", "parent_id", "from"}, {{key, "CB", parent, "2021-01-01"}}),
      "u");
  const auto done = registry.commit(std::move(change), {});
  ASSERT_TRUE(done.ok()) << done.status();
}

Lines conflicts(const absl::StatusOr<CommitResult>& done) {
  EXPECT_FALSE(done.ok());
  Lines out;
  const base::ProblemList problems = base::problems_of(done.status());
  for (const base::Problem& problem : problems.kept())
    out.push_back(std::to_string(static_cast<int>(problem.code)) + " " + problem.place.file + ":" +
                  std::to_string(problem.place.row));
  return out;
}

TEST(ForkTest, NeitherSideSeesTheOther) {
  const auto registry = small_body();
  const auto fork = registry->snapshot().fork();
  EXPECT_EQ(stock(*fork, "KHOI"), 3);
  add_unit(*fork, "D3", "D");
  add_member(*fork, "m5", "D3");
  end_home(*fork, "m1", "2021-12-31");
  add_unit(*registry, "D4", "D");
  add_member(*registry, "m6", "A");
  add_member(*registry, "m7", "D4");
  end_home(*registry, "m4", "2021-05-01");
  EXPECT_EQ(stock(*fork, "KHOI"), 3);
  EXPECT_EQ(stock(*fork, "D3"), 1);
  EXPECT_EQ(stock(*fork, "D4"), -1);
  EXPECT_EQ(stock(*fork, "A"), 0);
  EXPECT_EQ(stock(*registry, "KHOI"), 4);
  EXPECT_EQ(stock(*registry, "D3"), -1);
  EXPECT_EQ(stock(*registry, "A"), 2);
  EXPECT_FALSE(fork->snapshot().find_member("m6"));
  EXPECT_FALSE(registry->snapshot().find_member("m5"));
  // The fork knows its past and its own commits.
  const Snapshot now = fork->snapshot();
  EXPECT_EQ(now.commit(), CommitNumber{4});
  EXPECT_EQ(now.at(day(2022, 1, 1), CommitNumber{1}).stock(*now.find_unit("KHOI"), true), 3);
  EXPECT_EQ(now.at(day(2022, 1, 1), CommitNumber{3}).stock(*now.find_unit("KHOI"), true), 4);
}

TEST(ForkTest, OutlivesWhatItCameFrom) {
  auto registry = small_body();
  auto fork = registry->snapshot().fork();
  auto second = fork->snapshot().fork();
  registry.reset();
  add_member(*fork, "m5", "A");
  fork.reset();
  add_member(*second, "m6", "D1");
  EXPECT_EQ(stock(*second, "KHOI"), 4);
}

TEST(ForkTest, OfAnEmptyRegistry) {
  const auto fork = Registry::create()->snapshot().fork();
  Change change(*fork);
  add_small_body(change);
  ASSERT_TRUE(fork->commit(std::move(change), {}).ok());
  EXPECT_EQ(stock(*fork, "KHOI"), 3);
}

TEST(ForkTest, ComesHomeAsOneCommit) {
  const auto registry = small_body();
  const auto fork = registry->snapshot().fork();
  add_unit(*fork, "D3", "D");
  add_member(*fork, "m5", "D3");
  end_home(*fork, "m1", "2021-12-31");
  end_home(*fork, "m5",
           "2022-06-01");  // a correction of the fork's own row is no correction at home
  Change gone(*fork);
  gone.withdraw("memberships", text_table({"member_id", "unit_id"}, {{"m4", "D2"}}), "bỏ");
  ASSERT_TRUE(fork->commit(std::move(gone), {}).ok());
  add_member(*registry, "m6", "A");
  const auto done = registry->commit_fork(*fork, {});
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->number, CommitNumber{3});
  EXPECT_EQ(done->added, (CommitResult::Counts{{"units", 1}, {"members", 1}, {"memberships", 1}}));
  EXPECT_EQ(done->corrected, (CommitResult::Counts{{"memberships", 1}}));
  EXPECT_EQ(done->withdrawn, (CommitResult::Counts{{"memberships", 1}}));
  EXPECT_EQ(stock(*registry, "KHOI"), 3);  // m2, m5, m6
  EXPECT_EQ(stock(*registry, "D3"), 1);
  EXPECT_EQ(stock(*registry, "D3", day(2022, 6, 1)), 0);
}

TEST(ForkTest, ConflictsNameTheRows) {
  const auto registry = small_body();
  const auto member = registry->snapshot().fork();
  end_home(*member, "m1", "2021-12-31");
  const auto unit = registry->snapshot().fork();
  add_unit(*unit, "D3", "D");
  const auto other = registry->snapshot().fork();
  add_member(*other, "m5", "A");
  end_home(*registry, "m1", "2021-11-30");
  // The row that both ended, the row that stands for it at home, and the row the fork names.
  EXPECT_EQ(conflicts(registry->commit_fork(*member, {})),
            (Lines{"501 fork:memberships:1", "501 memberships:1", "501 memberships:7"}));
  Change renamed(*registry);
  renamed.correct("units", text_table({"unit_id"}, {{"D"}}), text_table({"name"}, {{"Tên mới"}}),
                  "s");
  ASSERT_TRUE(registry->commit(std::move(renamed), {}).ok());
  EXPECT_EQ(conflicts(registry->commit_fork(*unit, {})), (Lines{"501 units:4", "501 units:7"}));
  // What the third fork looks at has not changed.
  EXPECT_TRUE(registry->commit_fork(*other, {}).ok());
  EXPECT_EQ(registry->commit_fork(*small_body(), {}).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(ForkTest, ComesHomeOnce) {
  const auto registry = small_body();
  const auto fork = registry->snapshot().fork();
  Change meeting(*fork);  // of a table without a key: nothing else would stop it
  meeting.add_table("meetings",
                    text_table({"unit_id", "month", "kind"}, {{"A", "2021-03", "regular"}}), "m");
  ASSERT_TRUE(fork->commit(std::move(meeting), {}).ok());
  const auto done = registry->commit_fork(*fork, {});
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_FALSE(done->repeated);
  add_member(*registry, "m6", "A");
  const auto again = registry->commit_fork(*fork, {});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->number, done->number);
  EXPECT_EQ(registry->snapshot().commit(), CommitNumber{3});
  EXPECT_EQ(registry->snapshot().rows("meetings")->size(), 1U);
  // What the fork learns afterwards needs a fork of its own.
  add_member(*fork, "m8", "D1");
  EXPECT_EQ(registry->commit_fork(*fork, {}).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(registry->snapshot().commit(), CommitNumber{3});
  // A fork that was refused may try again.
  const auto late = registry->snapshot().fork();
  end_home(*late, "m1", "2021-12-31");
  EXPECT_FALSE(registry->commit_fork(*late, {.time = -1, .source_version = ""}).ok());
  EXPECT_TRUE(registry->commit_fork(*late, {}).ok());
}

TEST(ForkTest, BringsItsDay) {
  const auto registry = small_body();
  const auto fork = registry->snapshot().fork();
  const auto earlier = registry->snapshot().fork();
  ASSERT_TRUE(earlier->advance(day(2022, 2, 1), {}).ok());
  ASSERT_TRUE(fork->advance(day(2022, 3, 1), {}).ok());
  add_member(*fork, "m5", "A");
  EXPECT_FALSE(registry->snapshot().current_day());
  const auto done = registry->commit_fork(*fork, {.time = 0, .source_version = "về"});
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(registry->snapshot().current_day(), day(2022, 3, 1));
  EXPECT_EQ(stock(*registry, "KHOI"), 4);
  // Never back.
  ASSERT_TRUE(registry->commit_fork(*earlier, {}).ok());
  EXPECT_EQ(registry->snapshot().current_day(), day(2022, 3, 1));
  // A fork that did not move the day has none to bring.
  const auto still = registry->snapshot().as_of(CommitNumber{1}).fork();
  ASSERT_TRUE(registry->commit_fork(*still, {}).ok());
  EXPECT_EQ(registry->snapshot().current_day(), day(2022, 3, 1));
}

TEST(ForkTest, NaturalKeysConflictToo) {
  const auto registry = small_body();
  const auto plan = [](Registry& into, const std::string& target) {
    Change change(into);
    change.add_table(
        "plans",
        text_table({"unit_id", "year", "item", "target"}, {{"KHOI", "2021", "KETNAP", target}}),
        "p");
    return into.commit(std::move(change), {});
  };
  const auto fork = registry->snapshot().fork();
  ASSERT_TRUE(plan(*fork, "5").ok());
  EXPECT_EQ(plan(*fork, "6").status().code(), absl::StatusCode::kInvalidArgument);
  ASSERT_TRUE(plan(*registry, "7").ok());
  EXPECT_EQ(conflicts(registry->commit_fork(*fork, {})).back(), "501 plans:1");
  const auto later = registry->snapshot().fork();
  EXPECT_EQ(plan(*later, "6").status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace dangbo::registry
