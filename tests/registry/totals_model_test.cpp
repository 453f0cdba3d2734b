// Declared totals against the naive model on random histories: after every commit and every new day
// every figure of every unit equals a recount that shares no code with the library, in the newest
// state and in older ones, with units that are founded, moved, merged and closed, rows corrected
// late and decisions dated ahead. DANGBO_SEED=n runs history n alone, DANGBO_TOTALS=n as many.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dangbo/registry/totals.hpp"
#include "registry/model_support.hpp"
#include "registry/totals_store.hpp"

namespace dangbo::registry {
namespace {

using base::index_of;
using testing::History;
using testing::Naive;
using testing::specs;

constexpr int kHistories = 6;
constexpr int kRowsEach = 1500;

// What is declared, in words of the model.
struct Figure {
  Measure measure;
  std::size_t table;
  bool of_homes = false;
};

const std::vector<Figure>& figures() {
  static const std::vector<Figure> all = {
      {{.name = "members_at_home", .table = "memberships", .where = Equals{"kind", "home"}},
       testing::kMemberships},
      {{.name = "women", .table = "members", .where = Equals{"sex", "female"}, .timeline = true},
       testing::kMembers,
       true},
      {{.name = "sex unknown",
        .table = "members",
        .where = Equals{"sex", std::nullopt},
        .timeline = true},
       testing::kMembers,
       true},
      {{.name = "guests", .table = "memberships", .where = Equals{"kind", "temporary"}},
       testing::kMemberships},
      {{.name = "units", .table = "units", .timeline = true}, testing::kUnits},
      {{.name = "cells", .table = "units", .where = Equals{"kind", "cell"}}, testing::kUnits},
      {{.name = "posts", .table = "posts"}, testing::kPosts},
  };
  return all;
}

using Counts = std::map<std::string, std::int64_t>;  // by unit

struct Recount {
  std::vector<Counts> own, below;       // by figure
  std::map<std::string, Counts> sexes;  // members at home with below, by the word; "" missing
  std::map<std::string, std::string> parent;
};

std::string value_of(std::size_t table, const testing::Row& row, const std::string& field) {
  return row.values[static_cast<std::size_t>(specs()[table].find(field))];
}

// By the definitions, one row after the other.
Recount recount(const Naive& model, int day, int known) {
  Recount out;
  out.parent = testing::NaiveView(model, day, known).parent;
  out.own.resize(figures().size());
  out.below.resize(figures().size());
  const auto add = [&](std::size_t figure, const std::string& unit) {
    if (!out.parent.contains(unit)) return;
    ++out.own[figure][unit];
    for (std::string at = unit; !at.empty(); at = out.parent.at(at)) ++out.below[figure][at];
  };
  const auto holds = [&](const testing::Row& row) {
    return Naive::knows(row, known) && row.from <= day && day < row.until;
  };
  for (std::size_t f = 0; f < figures().size(); ++f) {
    const Figure& figure = figures()[f];
    const auto& where = figure.measure.where;
    if (figure.of_homes) continue;
    for (const testing::Row& row : model.rows[figure.table]) {
      if (!holds(row)) continue;
      if (where && value_of(figure.table, row, where->field) != where->word.value_or("")) continue;
      add(f, model.unit_of(figure.table, row));
    }
  }
  for (const std::string& member : model.members) {
    const std::string home = model.home_on(member, day, known);
    if (home.empty() || !out.parent.contains(home)) continue;
    const int row = model.row_on(testing::kMembers, member, day, known);
    const auto& members = model.rows[testing::kMembers];
    const std::string sex =
        row < 0 ? "" : value_of(testing::kMembers, members[static_cast<std::size_t>(row)], "sex");
    for (std::size_t f = 0; f < figures().size(); ++f) {
      if (figures()[f].of_homes && figures()[f].measure.where->word.value_or("") == sex)
        add(f, home);
    }
    for (std::string at = home; !at.empty(); at = out.parent.at(at)) ++out.sexes[sex][at];
  }
  return out;
}

class Play {
 public:
  Play(std::uint64_t seed, ModelRun& run) : history_(seed), run_(run) {}

  void run() {
    // Half of the histories declare before the first row, half after the first commits.
    const bool early = history_.chance(2);
    if (early) declare();
    run_.submit(*registry_, model_, history_.found(), time_);
    const int written_before = run_.written;
    while (run_.written - written_before < kRowsEach) {
      if (!is_declared_ && model_.head() > 5) declare();
      change();
      if (::testing::Test::HasFatalFailure()) return;
      if (is_declared_) compare_all();
      if (::testing::Test::HasFatalFailure()) return;
    }
  }

  std::int64_t compared = 0, not_zero = 0, old = 0, rebuilt = 0;

 private:
  void declare() {
    is_declared_ = true;
    for (std::size_t i = 1; i < figures().size(); ++i) {
      const auto number = registry_->declare_measure(figures()[i].measure);
      ASSERT_TRUE(number.ok()) << number.status();
      ASSERT_EQ(index_of(*number), i);
    }
    ASSERT_TRUE(registry_->declare_grouping({.name = "by sex", .fields = {"sex"}}).ok());
  }

  void change() {
    if (history_.chance(6)) {
      const int to = testing::day_of("2020-01-01") + history_.pick(-3, 90 + model_.head() / 10);
      run_.advance(*registry_, model_, to, time_);
    }
    run_.submit(*registry_, model_, history_.draft(model_, history_.pick(1, 8)), ++time_);
    kept_.push_back({registry_->snapshot(), model_.head()});
    if (kept_.size() > 12) kept_.erase(kept_.begin() + history_.pick(0, 11));
  }

  void compare_all() {
    compare(Totals(registry_->snapshot()), registry_->snapshot(), model_.head());
    if (::testing::Test::HasFatalFailure()) return;
    compare_days(registry_->snapshot(), model_.head());
    if (::testing::Test::HasFatalFailure()) return;
    if (history_.chance(40)) compare_rebuilt();
    if (::testing::Test::HasFatalFailure() || !history_.chance(3)) return;
    // A reader that has kept its snapshot, and one that asks what was known earlier.
    const auto& [snapshot, head] =
        kept_[static_cast<std::size_t>(history_.pick(0, static_cast<int>(kept_.size()) - 1))];
    ++old;
    compare(Totals(snapshot), snapshot, head);
    if (::testing::Test::HasFatalFailure()) return;
    const int known = history_.pick(1, head);
    const auto day = time::Date::from_days(history_.day(model_));
    compare(Totals(snapshot.at(day, CommitNumber{static_cast<std::uint32_t>(known)})), snapshot,
            known, day);
  }

  // What was kept up commit by commit is what a new store builds from the rows, byte for byte.
  void compare_rebuilt() {
    const Snapshot snapshot = registry_->snapshot();
    const Core& core = snapshot.core();
    TotalsStore fresh(const_cast<Core&>(core));  // reads it only
    for (std::size_t i = 1; i < figures().size(); ++i)
      ASSERT_TRUE(fresh.declare(figures()[i].measure).ok());
    ASSERT_TRUE(fresh.declare(Grouping{.name = "by sex", .fields = {"sex"}}).ok());
    ASSERT_EQ(core.totals->bytes(), fresh.bytes());
    ++rebuilt;
  }

  // Any two days, by timelines and as a trend.
  void compare_days(const Snapshot& snapshot, int known) {
    const Totals totals(snapshot);
    std::array<int, 2> days = {history_.day(model_), history_.day(model_)};
    std::sort(days.begin(), days.end());
    const std::array<time::Date, 2> dates = {time::Date::from_days(days[0]),
                                             time::Date::from_days(days[1])};
    const std::array<Recount, 2> expected = {recount(model_, days[0], known),
                                             recount(model_, days[1], known)};
    for (const std::string& key : model_.units) {
      const auto unit = snapshot.find_unit(key);
      if (!unit) continue;
      for (std::size_t f = 0; f < figures().size(); ++f) {
        if (f != 0 && !figures()[f].measure.timeline) continue;
        const MeasureNumber measure{static_cast<std::uint8_t>(f)};
        for (const Scope scope : {Scope::kOwn, Scope::kBelow}) {
          std::array<std::int64_t, 2> trend{};
          totals.trend(*unit, measure, scope, dates, trend);
          for (const std::size_t i : {0U, 1U}) {
            const Recount& recounted = expected[i];
            const Counts& counts = scope == Scope::kOwn ? recounted.own[f] : recounted.below[f];
            const auto found = counts.find(key);
            const std::int64_t number = found == counts.end() ? 0 : found->second;
            ASSERT_EQ(totals.on(*unit, measure, scope, dates[i]), number)
                << key << " on " << dates[i].to_string() << " scope " << int(scope) << ", "
                << figures()[f].measure.name << ", commit " << known;
            ASSERT_EQ(trend[i], number) << key << " on " << dates[i].to_string();
            compared += 2;
            not_zero += number != 0 ? 2 : 0;
          }
        }
      }
    }
  }

  void compare(const Totals& totals, const Snapshot& snapshot, int known,
               std::optional<time::Date> asked = std::nullopt) {
    const auto& last = model_.commits[static_cast<std::size_t>(known) - 1];
    const auto day = asked ? std::optional<int>(asked->days()) : last.day;
    ASSERT_EQ(totals.day().has_value(), day.has_value());
    if (!day) return;
    SCOPED_TRACE("commit " + std::to_string(known) + " of " + std::to_string(model_.head()) +
                 " on " + testing::iso(*day));
    const Recount expected = recount(model_, *day, known);
    const auto number = [](const Counts& counts, const std::string& unit) {
      const auto found = counts.find(unit);
      return found == counts.end() ? 0 : found->second;
    };
    const auto sexes = *totals.find_grouping("by sex");
    std::vector<std::int64_t> all(snapshot.unit_count());
    for (std::size_t f = 0; f < figures().size(); ++f) {
      const Scope scope = f % 2 == 0 ? Scope::kBelow : Scope::kOwn;
      totals.all(MeasureNumber{static_cast<std::uint8_t>(f)}, scope, all);
      for (std::uint32_t unit = 0; unit < all.size(); ++unit) {
        const std::string key(snapshot.key_of(base::UnitSlot{unit}));
        ASSERT_EQ(all[unit], number(f % 2 == 0 ? expected.below[f] : expected.own[f], key)) << key;
      }
    }
    for (const std::string& key : model_.units) {
      const auto unit = snapshot.find_unit(key);
      if (!unit) continue;
      for (std::size_t f = 0; f < figures().size(); ++f) {
        const MeasureNumber measure{static_cast<std::uint8_t>(f)};
        ASSERT_EQ(totals.of(*unit, measure, Scope::kOwn), number(expected.own[f], key))
            << key << " " << figures()[f].measure.name;
        ASSERT_EQ(totals.of(*unit, measure, Scope::kBelow), number(expected.below[f], key))
            << key << " with below, " << figures()[f].measure.name;
        compared += 2;
        not_zero += number(expected.below[f], key) != 0 ? 1 : 0;
      }
      std::vector<std::int64_t> counts(8);
      const std::size_t groups = totals.groups(sexes, *unit, Scope::kBelow, counts);
      ASSERT_EQ(groups, 3U);
      for (std::size_t group = 0; group < groups; ++group) {
        const std::string word(totals.words_of(sexes, group)[0]);
        const auto found = expected.sexes.find(word);
        ASSERT_EQ(counts[group], found == expected.sexes.end() ? 0 : number(found->second, key))
            << key << " " << word;
        ++compared;
      }
    }
  }

  struct Kept {
    Snapshot snapshot;
    int head;
  };
  History history_;
  ModelRun& run_;
  std::unique_ptr<Registry> registry_ = Registry::create();
  Naive model_;
  bool is_declared_ = false;
  std::vector<Kept> kept_;
  std::int64_t time_ = 0;
};

TEST(TotalsModelTest, EveryFigureIsTheRecountAfterEveryCommit) {
  ModelRun run;
  const char* wanted = std::getenv("DANGBO_SEED");
  const char* many = std::getenv("DANGBO_TOTALS");
  const std::uint64_t histories = many == nullptr ? kHistories : std::strtoull(many, nullptr, 10);
  const std::uint64_t first = wanted == nullptr ? 1 : std::strtoull(wanted, nullptr, 10);
  const std::uint64_t last = wanted == nullptr ? histories : first;
  std::int64_t compared = 0, not_zero = 0, old = 0, rebuilt = 0;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE("DANGBO_SEED=" + std::to_string(seed));
    Play play(seed, run);
    play.run();
    compared += play.compared;
    not_zero += play.not_zero;
    old += play.old;
    rebuilt += play.rebuilt;
    if (HasFatalFailure()) return;
  }
  std::printf(
      "%d commits; %lld comparisons, %lld figures not zero, %lld older states, %lld rebuilt\n",
      run.commits, static_cast<long long>(compared), static_cast<long long>(not_zero),
      static_cast<long long>(old), static_cast<long long>(rebuilt));
  if (wanted != nullptr) return;
  EXPECT_GT(compared, 100'000);
  EXPECT_GT(not_zero, compared / 10);
  EXPECT_GT(old, 100);
  EXPECT_GT(rebuilt, 20);
}

}  // namespace
}  // namespace dangbo::registry
