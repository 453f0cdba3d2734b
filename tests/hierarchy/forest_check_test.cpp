#include "dangbo/hierarchy/forest_check.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <random>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace dangbo::hierarchy {

bool operator==(const ForestFault& a, const ForestFault& b) {
  return a.kind == b.kind && a.rows == b.rows && a.days == b.days;
}
std::ostream& operator<<(std::ostream& out, const ForestFault& fault) {
  constexpr const char* kNames[] = {"overlap", "orphan", "cycle"};
  out << kNames[static_cast<std::size_t>(fault.kind)];
  for (const std::size_t row : fault.rows) {
    out << ' ' << row;
  }
  return out << " [" << fault.days.from_day() << ", " << fault.days.until_day() << ')';
}

namespace {

using base::kNoUnitSlot;
using time::DateRange;

constexpr std::int32_t kOpenFrom = DateRange::kOpenFrom;
constexpr std::int32_t kOpenUntil = DateRange::kOpenUntil;
constexpr std::uint32_t kRoot = 0xFFFFFFFFU;

DatedParent row(std::uint32_t unit, std::uint32_t parent, std::int32_t from, std::int32_t until) {
  return {UnitSlot{unit}, UnitSlot{parent}, DateRange::from_days(from, until)};
}
ForestFault fault(ForestFaultKind kind, std::vector<std::size_t> rows, std::int32_t from,
                  std::int32_t until) {
  return {kind, std::move(rows), DateRange::from_days(from, until)};
}

using Rows = std::vector<DatedParent>;
using Faults = std::vector<ForestFault>;
using enum ForestFaultKind;

TEST(ForestCheck, NoRowsNoFaults) {
  EXPECT_EQ(check_forest({}), Faults{});
}

TEST(ForestCheck, MovesThatMeetAreAForest) {
  EXPECT_EQ(check_forest(Rows{row(1, kRoot, kOpenFrom, kOpenUntil), row(2, 1, 0, 10),
                              row(3, 1, 0, kOpenUntil), row(2, 3, 10, kOpenUntil)}),
            Faults{});
}

TEST(ForestCheck, OverlapOfOneDayIsFoundAndOfNoneIsNot) {
  EXPECT_EQ(check_forest(Rows{row(1, kRoot, 10, 20), row(1, kRoot, 0, 11)}),
            Faults{fault(kOverlap, {1, 0}, 10, 11)});
  EXPECT_EQ(check_forest(Rows{row(1, kRoot, 10, 20), row(1, kRoot, 0, 10)}), Faults{});
}

TEST(ForestCheck, EveryRowUnderALongOneOverlapsIt) {
  EXPECT_EQ(check_forest(Rows{row(1, kRoot, 0, 100), row(1, kRoot, 10, 20), row(1, kRoot, 30, 40),
                              row(1, kRoot, 99, 120), row(1, kRoot, 110, 130)}),
            (Faults{fault(kOverlap, {0, 1}, 10, 20), fault(kOverlap, {0, 2}, 30, 40),
                    fault(kOverlap, {0, 3}, 99, 100), fault(kOverlap, {3, 4}, 110, 120)}));
}

TEST(ForestCheck, EqualRowsOverlapTheLowerFirst) {
  EXPECT_EQ(check_forest(Rows{row(1, kRoot, 0, 5), row(1, kRoot, 0, 5)}),
            Faults{fault(kOverlap, {0, 1}, 0, 5)});
}

TEST(ForestCheck, OrphanOnTheDayBeforeTheParentAndTheDayAfter) {
  EXPECT_EQ(check_forest(Rows{row(1, kRoot, 10, 20), row(2, 1, 9, 21)}),
            (Faults{fault(kOrphan, {1}, 9, 10), fault(kOrphan, {1}, 20, 21)}));
  EXPECT_EQ(check_forest(Rows{row(1, kRoot, 10, 20), row(2, 1, 10, 20)}), Faults{});
}

TEST(ForestCheck, OrphanWhereTheParentsRowsLeaveAGap) {
  EXPECT_EQ(check_forest(Rows{row(1, kRoot, 0, 10), row(1, kRoot, 10, 20), row(1, kRoot, 21, 30),
                              row(2, 1, 5, 25)}),
            Faults{fault(kOrphan, {3}, 20, 21)});
}

TEST(ForestCheck, OrphanUnderAUnitWithoutRowsForAllItsDays) {
  EXPECT_EQ(check_forest(Rows{row(2, 1, kOpenFrom, kOpenUntil)}),
            Faults{fault(kOrphan, {0}, kOpenFrom, kOpenUntil)});
  // A row without a day is no row.
  EXPECT_EQ(check_forest(Rows{row(2, 1, 0, 5), row(1, kRoot, 3, 3), row(1, kRoot, 4, 2)}),
            Faults{fault(kOrphan, {0}, 0, 5)});
}

TEST(ForestCheck, RowsWithoutDaysAreIgnored) {
  EXPECT_EQ(check_forest(Rows{row(1, 1, 5, 5), row(2, 9, 6, 5), row(3, kRoot, 0, 1)}), Faults{});
}

TEST(ForestCheck, SelfParentIsACycleOfOne) {
  EXPECT_EQ(check_forest(Rows{row(7, 7, 3, 9)}), Faults{fault(kCycle, {0}, 3, 9)});
}

TEST(ForestCheck, CycleOfThreeOnItsCommonDaysUpwardsFromTheLowestRow) {
  EXPECT_EQ(
      check_forest(Rows{row(1, 2, 0, 10), row(3, 1, 4, 12), row(2, 3, 2, 8), row(2, kRoot, 0, 2),
                        row(2, kRoot, 8, 99), row(1, kRoot, 10, 99), row(3, kRoot, 0, 4)}),
      Faults{fault(kCycle, {0, 2, 1}, 4, 8)});
}

TEST(ForestCheck, TakingTurnsIsNoCycle) {
  // 1 stands under 2, and from the day that ends, 2 under 1.
  EXPECT_EQ(check_forest(Rows{row(1, 2, 0, 10), row(2, 1, 10, 20), row(2, kRoot, 0, 10),
                              row(1, kRoot, 10, 20)}),
            Faults{});
}

TEST(ForestCheck, CycleThatIsReplacedByALargerOne) {
  EXPECT_EQ(
      check_forest(Rows{row(1, 2, 0, 20), row(2, 1, 0, 10), row(2, 3, 10, 20), row(3, 1, 0, 20)}),
      (Faults{fault(kCycle, {0, 1}, 0, 10), fault(kCycle, {0, 2, 3}, 10, 20)}));
}

TEST(ForestCheck, CycleClosedByAUnitThatLeavesAnother) {
  // 1 closes a cycle through 2; when 2 moves below 3, the link of 1 must still count.
  EXPECT_EQ(check_forest(Rows{row(2, 1, 0, 10), row(1, 2, 1, 30), row(1, kRoot, 0, 1),
                              row(2, 3, 10, 30), row(3, kRoot, 0, 20), row(3, 1, 20, 30)}),
            (Faults{fault(kCycle, {0, 1}, 1, 10), fault(kCycle, {1, 3, 5}, 20, 30)}));
}

TEST(ForestCheck, TwoCyclesOnOneDayAreTwo) {
  EXPECT_EQ(check_forest(Rows{row(1, 2, 0, 9), row(3, 4, 0, 9), row(4, 3, 0, 9), row(2, 1, 0, 9),
                              row(5, 1, 0, 9)}),
            (Faults{fault(kCycle, {0, 3}, 0, 9), fault(kCycle, {1, 2}, 0, 9)}));
}

TEST(ForestCheck, WhereRowsOverlapTheEarlierCountsForCycles) {
  EXPECT_EQ(check_forest(Rows{row(1, kRoot, 0, 10), row(1, 2, 5, 15), row(2, 1, 0, 20),
                              row(1, kRoot, 15, 20)}),
            (Faults{fault(kOverlap, {0, 1}, 5, 10), fault(kCycle, {1, 2}, 10, 15)}));
}

TEST(ForestCheck, AnySlotMayAppear) {
  EXPECT_EQ(check_forest(Rows{row(0xFFFFFFFEU, 0, 0, 5), row(0, 0xFFFFFFFEU, 0, 5),
                              row(kRoot, kRoot, 0, 5)}),
            Faults{fault(kCycle, {0, 1}, 0, 5)});
}

// The slow twin looks at every day. Day -1 stands for all days before 0 and day kDays for all
// after.
constexpr std::int32_t kDays = 20;

class Naive {
 public:
  explicit Naive(const Rows& rows) : rows_(rows) {
    for (std::int32_t day = -1; day <= kDays; ++day) {
      look_at(day);
    }
  }

  // All faults but overlaps.
  [[nodiscard]] Faults faults() const {
    Faults result;
    for (const auto& [key, days] : days_) {
      for (auto first = days.begin(); first != days.end();) {
        std::int32_t last = *first;
        auto next = std::next(first);
        while (next != days.end() && *next == last + 1) {
          last = *next++;
        }
        result.push_back(fault(key.first, key.second, *first == -1 ? kOpenFrom : *first,
                               last == kDays ? kOpenUntil : last + 1));
        first = next;
      }
    }
    return result;
  }
  // (unit, day) on which two rows of the unit hold.
  [[nodiscard]] const std::set<std::pair<UnitSlot, std::int32_t>>& overlaps() const {
    return overlaps_;
  }

 private:
  [[nodiscard]] std::vector<std::size_t> rows_of(UnitSlot unit, std::int32_t day) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i].unit == unit && holds(i, day)) {
        found.push_back(i);
      }
    }
    return found;
  }
  [[nodiscard]] bool holds(std::size_t i, std::int32_t day) const {
    const DateRange days = rows_[i].range;
    return !days.empty() && (days.from_day() <= day || days.from_day() == kOpenFrom) &&
           day < days.until_day();
  }
  // The row that decides: of those that hold the one that begins first, then the lowest.
  [[nodiscard]] std::optional<std::size_t> deciding(UnitSlot unit, std::int32_t day) const {
    std::optional<std::size_t> best;
    for (const std::size_t i : rows_of(unit, day)) {
      if (!best || rows_[i].range.from_day() < rows_[*best].range.from_day()) {
        best = i;
      }
    }
    return best;
  }
  void look_at(std::int32_t day) {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (!holds(i, day)) {
        continue;
      }
      if (rows_of(rows_[i].unit, day).size() > 1) {
        overlaps_.emplace(rows_[i].unit, day);
      }
      if (rows_[i].parent != kNoUnitSlot && rows_of(rows_[i].parent, day).empty()) {
        days_[{kOrphan, {i}}].insert(day);
      }
      look_for_cycle(i, day);
    }
  }
  // Upwards from row i until it comes back, ends, or has gone on for too long.
  void look_for_cycle(std::size_t i, std::int32_t day) {
    if (deciding(rows_[i].unit, day) != i) {
      return;
    }
    std::vector<std::size_t> path{i};
    while (path.size() <= rows_.size()) {
      const auto above = deciding(rows_[path.back()].parent, day);
      if (rows_[path.back()].parent == kNoUnitSlot || !above) {
        return;
      }
      if (*above == i) {
        if (std::ranges::min(path) == i) {
          days_[{kCycle, path}].insert(day);
        }
        return;
      }
      path.push_back(*above);
    }
  }

  const Rows& rows_;
  std::map<std::pair<ForestFaultKind, std::vector<std::size_t>>, std::set<std::int32_t>> days_;
  std::set<std::pair<UnitSlot, std::int32_t>> overlaps_;
};

Rows random_history(std::mt19937_64& random) {
  const auto below = [&](std::uint64_t bound) {
    return static_cast<std::int32_t>(random() % bound);
  };
  const auto units = static_cast<std::uint64_t>(1 + below(8));
  Rows rows;
  const auto add = [&](std::uint32_t unit, std::int32_t from, std::int32_t until) {
    const bool root = below(5) == 0;
    // One slot beyond the units: a parent without rows.
    const auto parent = static_cast<std::uint32_t>(below(below(9) == 0 ? units + 1 : units));
    rows.push_back(row(unit, root ? kRoot : parent, from, until));
  };
  // Half of the histories are mostly tidy, so that cycles of many rows and near misses occur.
  const bool tidy = below(2) == 0;
  for (std::uint32_t unit = 0; unit < units; ++unit) {
    std::int32_t from = below(3) == 0 ? below(4) : kOpenFrom;
    for (std::int32_t left = tidy ? 1 + below(4) : below(4); left > 0; --left) {
      const bool open = left == 1 && below(4) != 0;
      const std::int32_t until = open ? kOpenUntil : std::min(std::max(from, 0) + below(9), kDays);
      add(unit, from, until);
      if (open) {
        break;
      }
      from = tidy ? std::min(until + (below(8) == 0 ? 1 : 0), kDays) : below(kDays);
    }
  }
  std::ranges::shuffle(rows, random);
  return rows;
}

void expect_overlaps(const Rows& rows, const Faults& faults, const Naive& naive) {
  std::set<std::pair<UnitSlot, std::int32_t>> covered;
  std::set<std::size_t> later;
  for (const ForestFault& found : faults) {
    ASSERT_EQ(found.rows.size(), 2U);
    const DatedParent& first = rows[found.rows[0]];
    const DatedParent& second = rows[found.rows[1]];
    ASSERT_EQ(first.unit, second.unit);
    ASSERT_EQ(found.days, first.range.intersection(second.range));
    ASSERT_LT(std::tuple(first.range.from_day(), found.rows[0]),
              std::tuple(second.range.from_day(), found.rows[1]));
    ASSERT_TRUE(later.insert(found.rows[1]).second) << "one row is blamed twice: " << found;
    for (std::int32_t day = -1; day <= kDays; ++day) {
      if ((found.days.from_day() <= day || found.days.from_day() == kOpenFrom) &&
          day < found.days.until_day()) {
        covered.emplace(first.unit, day);
      }
    }
  }
  EXPECT_EQ(covered, naive.overlaps());
}

TEST(ForestCheck, AgreesWithLookingAtEveryDay) {
  std::map<ForestFaultKind, std::size_t> seen;
  std::size_t clean = 0;
  std::size_t long_cycles = 0;
  for (std::uint64_t seed = 0; seed < 6000; ++seed) {
    std::mt19937_64 random(seed);
    const Rows rows = random_history(random);
    const Faults faults = check_forest(rows);
    const Naive naive(rows);

    const auto rest = std::ranges::find_if(
        faults, [](const ForestFault& found) { return found.kind != kOverlap; });
    expect_overlaps(rows, Faults(faults.begin(), rest), naive);
    EXPECT_EQ(Faults(rest, faults.end()), naive.faults());
    if (HasFailure()) {
      for (std::size_t i = 0; i < rows.size(); ++i) {
        ADD_FAILURE() << "seed " << seed << " row " << i << ": " << base::index_of(rows[i].unit)
                      << " under " << base::index_of(rows[i].parent) << " ["
                      << rows[i].range.from_day() << ", " << rows[i].range.until_day() << ')';
      }
      return;
    }
    clean += faults.empty() ? 1U : 0U;
    for (const ForestFault& found : faults) {
      ++seen[found.kind];
      long_cycles += found.kind == kCycle && found.rows.size() > 3 ? 1U : 0U;
    }
  }
  // The histories are worth looking at.
  EXPECT_GT(clean, 150U);
  EXPECT_GT(seen[kOverlap], 1500U);
  EXPECT_GT(seen[kOrphan], 1500U);
  EXPECT_GT(seen[kCycle], 1500U);
  EXPECT_GT(long_cycles, 150U);
}

}  // namespace
}  // namespace dangbo::hierarchy
