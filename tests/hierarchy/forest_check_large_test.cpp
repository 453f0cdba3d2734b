// Sizes and shapes at which anything quadratic or recursive would not come back.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "dangbo/hierarchy/forest_check.hpp"

namespace dangbo::hierarchy {
namespace {

using time::DateRange;

constexpr std::uint32_t kMany = 100'000;
constexpr std::int32_t kOpen = DateRange::kOpenUntil;

DatedParent row(std::uint32_t unit, UnitSlot parent, std::int32_t from, std::int32_t until) {
  return {UnitSlot{unit}, parent, DateRange::from_days(from, until)};
}

std::int32_t day(std::uint32_t number) {
  return static_cast<std::int32_t>(number);
}

std::vector<DatedParent> chain(std::uint32_t count) {
  std::vector<DatedParent> rows;
  for (std::uint32_t i = count; i-- > 1;) {
    rows.push_back(row(i, UnitSlot{i - 1}, 0, kOpen));
  }
  rows.push_back(row(0, base::kNoUnitSlot, 0, kOpen));
  return rows;
}

TEST(ForestCheckLarge, ChainOfAMillion) {
  EXPECT_TRUE(check_forest(chain(1'000'000)).empty());
}

TEST(ForestCheckLarge, RingOfManyUnits) {
  constexpr std::uint32_t kCount = 300'000;
  std::vector<DatedParent> rows = chain(kCount);
  rows.back() = row(0, UnitSlot{kCount - 1}, 5, 6);
  rows.push_back(row(0, base::kNoUnitSlot, 0, 5));
  rows.push_back(row(0, base::kNoUnitSlot, 6, kOpen));
  const std::vector<ForestFault> faults = check_forest(rows);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].kind, ForestFaultKind::kCycle);
  EXPECT_EQ(faults[0].rows.size(), kCount);
  EXPECT_EQ(faults[0].days, DateRange::from_days(5, 6));
}

TEST(ForestCheckLarge, UnitThatMovesEveryDayWithAsManyUnitsBelow) {
  // Unit 0 is in force by many rows, each day below another root; many units stand below it always.
  std::vector<DatedParent> rows;
  for (std::uint32_t i = 0; i < kMany; ++i) {
    rows.push_back(row(0, UnitSlot{1 + i}, day(i), day(i + 1)));
    rows.push_back(row(1 + i, base::kNoUnitSlot, 0, kOpen));
    rows.push_back(row(1 + kMany + i, UnitSlot{0}, 0, day(kMany)));
  }
  EXPECT_TRUE(check_forest(rows).empty());
}

TEST(ForestCheckLarge, EveryUnitLedInTurnByItsOwnChild) {
  // On day i unit 0 stands below unit 1 + i, which on all other days stands below unit 0: one
  // component of 3 × 10^5 rows in which there is no cycle.
  std::vector<DatedParent> rows;
  for (std::uint32_t i = 0; i < kMany; ++i) {
    rows.push_back(row(0, UnitSlot{1 + i}, day(i), day(i + 1)));
    rows.push_back(row(1 + i, UnitSlot{0}, 0, day(i)));
    rows.push_back(row(1 + i, base::kNoUnitSlot, day(i), day(i + 1)));
    rows.push_back(row(1 + i, UnitSlot{0}, day(i + 1), day(kMany)));
  }
  EXPECT_TRUE(check_forest(rows).empty());
}

TEST(ForestCheckLarge, AnotherCycleEveryDay) {
  std::vector<DatedParent> rows;
  for (std::uint32_t i = 0; i < kMany; ++i) {
    rows.push_back(row(0, UnitSlot{1 + i}, day(i), day(i + 1)));
    rows.push_back(row(1 + i, UnitSlot{0}, 0, day(kMany)));
  }
  const std::vector<ForestFault> faults = check_forest(rows);
  ASSERT_EQ(faults.size(), kMany);
  for (std::uint32_t i = 0; i < kMany; ++i) {
    ASSERT_EQ(faults[i].kind, ForestFaultKind::kCycle);
    ASSERT_EQ(faults[i].rows, (std::vector<std::size_t>{2 * i, 2 * i + 1}));
    ASSERT_EQ(faults[i].days, DateRange::from_days(day(i), day(i + 1)));
  }
}

TEST(ForestCheckLarge, ManyRowsOfOneUnitThatAllOverlap) {
  std::vector<DatedParent> rows;
  for (std::uint32_t i = 0; i < kMany; ++i) {
    rows.push_back(row(0, base::kNoUnitSlot, day(i), kOpen));
  }
  const std::vector<ForestFault> faults = check_forest(rows);
  ASSERT_EQ(faults.size(), kMany - 1);
  EXPECT_TRUE(std::ranges::all_of(faults, [](const ForestFault& fault) {
    return fault.kind == ForestFaultKind::kOverlap && fault.rows[0] == 0;
  }));
}

TEST(ForestCheckLarge, ManyChildrenEachOrphanedOnceByAUnitWithManyGaps) {
  // Unit 0 is in force on even days; child i spans the days 2i … 2i + 2, of which one is odd.
  std::vector<DatedParent> rows;
  for (std::uint32_t i = 0; i < kMany; ++i) {
    rows.push_back(row(0, base::kNoUnitSlot, day(2 * i), day(2 * i + 1)));
  }
  for (std::uint32_t i = 0; i + 1 < kMany; ++i) {
    rows.push_back(row(1 + i, UnitSlot{0}, day(2 * i), day(2 * i + 3)));
  }
  const std::vector<ForestFault> faults = check_forest(rows);
  ASSERT_EQ(faults.size(), kMany - 1);
  for (std::uint32_t i = 0; i < faults.size(); ++i) {
    ASSERT_EQ(faults[i].kind, ForestFaultKind::kOrphan);
    ASSERT_EQ(faults[i].days, DateRange::from_days(day(2 * i + 1), day(2 * i + 2)));
  }
}

}  // namespace
}  // namespace dangbo::hierarchy
