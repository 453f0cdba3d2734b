// After every commit and every move of the day the findings of a checker are those of a check from
// the start, over random histories; the subjects asked again are few. DANGBO_RULES=n asks for n
// histories.
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <set>
#include <string>

#include "dangbo/rules/checker.hpp"
#include "rollup/amend.hpp"
#include "rules/twin_rules.hpp"

namespace dangbo {
namespace {

rules::CheckOptions with_persons() {
  rules::CheckOptions options;
  options.about_persons = true;
  return options;
}

// The first rows that the other table does not have.
std::string only_in(const table::Table& table, const table::Table& other) {
  const test::Lines lines = test::lines_of(other);
  const std::set<std::vector<std::string>> known(lines.begin(), lines.end());
  std::string out;
  int shown = 0;
  for (const auto& line : test::lines_of(table)) {
    if (known.contains(line) || ++shown > 3) continue;
    for (const std::string& cell : line) out += cell + " ; ";
    out += "\n";
  }
  return out;
}

// A full check and the checker say the same of the view, but for the number evaluated, which is
// that of the full check here.
void compare(const rules::Checker& checker, const registry::View& view, const rules::Pack& pack,
             std::uint64_t* evaluated = nullptr) {
  const auto full = rules::check(view, pack, with_persons());
  ASSERT_TRUE(full.ok()) << full.status();
  if (evaluated != nullptr) {
    *evaluated = std::stoull(std::string(*full->provenance().find("evaluated")));
  }
  const table::Table kept = checker.findings();
  ASSERT_EQ(only_in(*full, kept), "") << "missing on " << view.day().to_string();
  ASSERT_EQ(only_in(kept, *full), "") << "too much on " << view.day().to_string();
}

TEST(Incremental, EqualsAFullRun) {
  const char* const asked = std::getenv("DANGBO_RULES");
  const int histories = asked != nullptr ? std::atoi(asked) : 8;
  const rules::Pack pack = test::twin_pack();
  std::mt19937_64 random(20261129);
  std::uint64_t evaluated = 0;
  std::uint64_t whole = 0;
  std::size_t steps = 0;
  std::size_t edits = 0;
  std::size_t moved = 0;
  for (int i = 0; i < histories; ++i) {
    test::Amended amended = test::load(test::make_history(random));
    auto day = time::Date::from_days(test::day("2016-08-01").days() +
                                     static_cast<std::int32_t>(random() % 900));
    auto checker =
        rules::Checker::start(amended.registry->snapshot().at(day), pack, with_persons());
    ASSERT_TRUE(checker.ok()) << checker.status();
    for (int k = 0; k < 25; ++k) {
      const auto before = amended.registry->snapshot().commit();
      test::amend(random, amended, 1);
      edits += amended.registry->snapshot().commit() != before ? 1U : 0U;
      // Mostly a commit alone, sometimes the day moves too, by a day or by much, now and then back.
      const std::uint64_t dice = random() % 10;
      std::int32_t days = dice < 6 ? 0 : (dice < 8 ? 1 : static_cast<std::int32_t>(random() % 90));
      if (random() % 12 == 0) days = -days;
      day = day.plus_days(days);
      const registry::View view = amended.registry->snapshot().at(day);
      const auto step = checker->update(view);
      ASSERT_TRUE(step.ok()) << step.status();
      std::uint64_t all = 0;
      compare(*checker, view, pack, &all);
      if (testing::Test::HasFatalFailure()) return;
      if (days == 0) {
        evaluated += step->evaluated;
        whole += all;
        ++steps;
      }
      moved += step->appeared.size() + step->changed.size() + step->gone.size();
    }
  }
  EXPECT_GT(edits, static_cast<std::size_t>(histories) * 8);
  EXPECT_GT(moved, static_cast<std::size_t>(histories) * 10);
  // These histories are tiny, a commit touches much of them; still less than half is asked again.
  EXPECT_LT(evaluated * 2, whole) << evaluated << " of " << whole << " in " << steps << " steps";
}

// What a fork would bring, without anything happening here; the same as a check of the fork.
TEST(Incremental, ATrialIsTheDifferenceOfTwoChecks) {
  const rules::Pack pack = test::twin_pack();
  std::mt19937_64 random(20261130);
  std::size_t differing = 0;
  for (int i = 0; i < 10; ++i) {
    test::Amended amended = test::load(test::make_history(random));
    const auto day = test::day("2018-03-01").plus_days(static_cast<std::int32_t>(random() % 300));
    const registry::View view = amended.registry->snapshot().at(day);
    auto checker = rules::Checker::start(view, pack, with_persons());
    ASSERT_TRUE(checker.ok()) << checker.status();
    test::Amended fork;
    fork.registry = amended.registry->snapshot().fork();
    fork.history = amended.history;
    fork.commits = amended.commits;
    test::amend(random, fork, 20);
    const registry::View later = fork.registry->snapshot().at(day);
    const auto trial = checker->try_on(later);
    ASSERT_TRUE(trial.ok()) << trial.status();
    compare(*checker, view, pack);
    auto followed = rules::Checker::start(view, pack, with_persons());
    ASSERT_TRUE(followed.ok());
    const auto step = followed->update(later);
    ASSERT_TRUE(step.ok()) << step.status();
    compare(*followed, later, pack);
    EXPECT_EQ(step->appeared, trial->step.appeared);
    EXPECT_EQ(step->changed, trial->step.changed);
    EXPECT_EQ(step->gone, trial->step.gone);
    EXPECT_EQ(trial->after.row_count(), step->appeared.size() + step->changed.size());
    EXPECT_EQ(trial->before.row_count(), step->gone.size() + step->changed.size());
    differing += step->appeared.size() + step->gone.size();
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(differing, 20U);
}

// One attribute of one member: its cell, and for what counts with below the units above.
TEST(Incremental, OneChangeAsksFew) {
  const auto registry = registry::Registry::create();
  std::vector<test::Cells> units = {{{"unit_id", "K"}, {"kind", "bloc"}, {"name", "K"}}};
  std::vector<test::Cells> members;
  std::vector<test::Cells> homes;
  for (int i = 0; i < 60; ++i) {
    const std::string committee = "D" + std::to_string(i / 6);
    const std::string cell = "C" + std::to_string(i);
    if (i % 6 == 0) {
      units.push_back(
          {{"unit_id", committee}, {"parent_id", "K"}, {"kind", "grassroots_committee"}});
    }
    units.push_back({{"unit_id", cell}, {"parent_id", committee}, {"kind", "cell"}});
    for (int k = 0; k < 5; ++k) {
      const std::string member = "M" + std::to_string(i * 5 + k);
      members.push_back({{"member_id", member}, {"sex", "female"}, {"full_date", "2012-01-01"}});
      homes.push_back({{"member_id", member}, {"unit_id", cell}, {"kind", "home"}});
    }
  }
  test::commit(*registry, {{"units", units}, {"members", members}, {"memberships", homes}});
  const rules::Pack pack = test::twin_pack();
  const auto day = test::day("2018-01-15");
  auto checker = rules::Checker::start(registry->snapshot().at(day), pack, with_persons());
  ASSERT_TRUE(checker.ok()) << checker.status();
  test::commit(*registry,
               {{"members", {{{"member_id", "X"}, {"sex", "male"}, {"full_date", "2012-01-01"}}}},
                {"memberships", {{{"member_id", "X"}, {"unit_id", "C7"}, {"kind", "home"}}}}});
  const registry::View view = registry->snapshot().at(day);
  const auto step = checker->update(view);
  ASSERT_TRUE(step.ok()) << step.status();
  std::uint64_t all = 0;
  compare(*checker, view, pack, &all);
  EXPECT_GT(all, 1500U);
  // Cohorts: three or four groups of two rules. The rest: the cell, its committee, the bloc, the
  // member, its home, for a few rules each.
  EXPECT_LT(step->evaluated, 40U);
  // Nothing happened: nothing is asked.
  const auto again = checker->update(view);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->evaluated, 0U);
  // An older state is not gone back to.
  EXPECT_FALSE(checker->update(registry->snapshot().at(day, base::CommitNumber{1})).ok());
  // A day on: nothing depends on it but what is due.
  const auto next = checker->update(registry->snapshot().at(day.plus_days(1)));
  ASSERT_TRUE(next.ok());
  compare(*checker, registry->snapshot().at(day.plus_days(1)), pack);
  EXPECT_LT(next->evaluated, 700U);
}

}  // namespace
}  // namespace dangbo
