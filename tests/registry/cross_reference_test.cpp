// Units and members by the keys of other systems, on a day, as known.
#include "dangbo/registry/cross_reference.hpp"

#include <gtest/gtest.h>

#include "registry/support.hpp"

namespace dangbo::registry {
namespace {

using testing::day;
using testing::small_body;
using testing::text_table;

const std::vector<std::string> kHeader = {"scheme",     "key",  "subject_type",
                                          "subject_id", "from", "until"};

absl::StatusOr<CommitResult> commit(Registry& registry, const std::vector<testing::TextRow>& rows) {
  Change change(registry);
  change.add_table("cross_references", text_table(kHeader, rows), "ma.csv");
  return registry.commit(std::move(change), {});
}

std::string found(const View& view, std::string_view scheme, std::string_view key) {
  const auto entity = find_entity(view, scheme, key);
  if (!entity) return "";
  EXPECT_NE(entity->unit == base::kNoUnitSlot, entity->member == base::kNoMemberSlot);
  return std::string(entity->unit != base::kNoUnitSlot ? view.snapshot().key_of(entity->unit)
                                                       : view.snapshot().key_of(entity->member));
}

// A card is given to another member after years; leading zeros count; schemes do not mix.
TEST(CrossReference, AKeyStandsForOneOfThemOnADay) {
  const auto registry = small_body();
  ASSERT_TRUE(commit(*registry, {{"card", "0012", "member", "m1", "2011-01-01", "2020-01-01"},
                                 {"card", "0012", "member", "m2", "2020-01-01", ""},
                                 {"hr", "0012", "unit", "A", "", ""},
                                 {"hr", "12", "unit", "D1", "2015-01-01", ""}})
                  .ok());
  const Snapshot now = registry->snapshot();
  EXPECT_EQ(found(now.at(day(2010, 12, 31)), "card", "0012"), "");
  EXPECT_EQ(found(now.at(day(2011, 1, 1)), "card", "0012"), "m1");
  EXPECT_EQ(found(now.at(day(2019, 12, 31)), "card", "0012"), "m1");
  EXPECT_EQ(found(now.at(day(2020, 1, 1)), "card", "0012"), "m2");
  EXPECT_EQ(found(now.at(day(1990, 1, 1)), "hr", "0012"), "A");
  EXPECT_EQ(found(now.at(day(2014, 12, 31)), "hr", "12"), "");
  EXPECT_EQ(found(now.at(day(2015, 1, 1)), "hr", "12"), "D1");
  EXPECT_EQ(found(now.at(day(2020, 1, 1)), "card", "12"), "");
  EXPECT_EQ(found(now.at(day(2020, 1, 1)), "no such scheme", "12"), "");
}

TEST(CrossReference, TwoOfThemUnderOneKeyOnADayAreRefusedByName) {
  const auto registry = small_body();
  ASSERT_TRUE(commit(*registry, {{"card", "7", "member", "m1", "2011-01-01", ""}}).ok());
  const auto again = commit(*registry, {{"card", "7", "member", "m2", "2015-01-01", ""}});
  ASSERT_FALSE(again.ok());
  const base::ProblemList problems = base::problems_of(again.status());
  ASSERT_EQ(problems.total(), 1U);
  EXPECT_EQ(problems.kept().front().code, base::ProblemCode::kDuplicateKey);
  EXPECT_EQ(problems.kept().front().place.file, "ma.csv");
  EXPECT_NE(problems.kept().front().reason.en.find("row 1"), std::string::npos);
  EXPECT_FALSE(commit(*registry, {{"card", "8", "member", "nobody", "", ""}}).ok());
  EXPECT_FALSE(commit(*registry, {{"card", "", "member", "m1", "", ""}}).ok());
}

TEST(CrossReference, ACorrectionIsKnownFromItsCommitOn) {
  const auto registry = small_body();
  ASSERT_TRUE(commit(*registry, {{"card", "7", "member", "m1", "", ""}}).ok());
  const CommitNumber before = registry->snapshot().commit();
  Change change(*registry);
  change.correct("cross_references", text_table({"scheme", "key"}, {{"card", "7"}}),
                 text_table({"subject_type", "subject_id"}, {{"member", "m3"}}), "sửa");
  ASSERT_TRUE(registry->commit(std::move(change), {}).ok());
  const Snapshot now = registry->snapshot();
  EXPECT_EQ(found(now.at(day(2020, 1, 1)), "card", "7"), "m3");
  EXPECT_EQ(found(now.at(day(2020, 1, 1), before), "card", "7"), "m1");
}

TEST(CrossReference, AForkKnowsItsOwn) {
  const auto registry = small_body();
  ASSERT_TRUE(commit(*registry, {{"card", "7", "member", "m1", "", ""}}).ok());
  const auto fork = registry->snapshot().fork();
  ASSERT_TRUE(commit(*fork, {{"card", "8", "member", "m2", "", ""}}).ok());
  EXPECT_EQ(found(fork->snapshot().at(day(2020, 1, 1)), "card", "7"), "m1");
  EXPECT_EQ(found(fork->snapshot().at(day(2020, 1, 1)), "card", "8"), "m2");
  EXPECT_EQ(found(registry->snapshot().at(day(2020, 1, 1)), "card", "8"), "");
  ASSERT_TRUE(registry->commit_fork(*fork, {}).ok());
  EXPECT_EQ(found(registry->snapshot().at(day(2020, 1, 1)), "card", "8"), "m2");
}

// The number goes with the person's other data.
TEST(CrossReference, RedactionTakesTheKey) {
  const auto registry = small_body();
  ASSERT_TRUE(commit(*registry, {{"card", "7", "member", "m1", "", ""}}).ok());
  ASSERT_TRUE(registry->redact("m1", {"key"}, {}).ok());
  EXPECT_EQ(found(registry->snapshot().at(day(2020, 1, 1)), "card", "7"), "");
}

}  // namespace
}  // namespace dangbo::registry
