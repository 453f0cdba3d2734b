#include "dangbo/hierarchy/tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <set>
#include <utility>
#include <vector>

namespace dangbo::hierarchy {
namespace {

std::vector<UnitSlot> slots_of(const std::vector<std::uint32_t>& values) {
  std::vector<UnitSlot> slots;
  for (const std::uint32_t value : values) {
    slots.push_back(UnitSlot{value});
  }
  return slots;
}

constexpr std::uint32_t kRoot = 0xFFFFFFFFU;

Tree tree_of(const std::vector<std::uint32_t>& units, const std::vector<std::uint32_t>& parents) {
  return Tree(slots_of(units), slots_of(parents));
}

std::vector<std::uint32_t> in_order(const Tree& tree) {
  std::vector<std::uint32_t> values;
  for (const UnitSlot slot : tree.slots()) {
    values.push_back(index_of(slot));
  }
  return values;
}

using Values = std::vector<std::uint32_t>;

TEST(Tree, EmptyTreeHasNothing) {
  for (const Tree& tree : {Tree(), tree_of({}, {})}) {
    EXPECT_EQ(tree.size(), 0U);
    EXPECT_TRUE(tree.roots().empty());
    EXPECT_EQ(tree.position_of(UnitSlot{0}), kNoPosition);
    EXPECT_EQ(tree.position_of(kNoUnitSlot), kNoPosition);
  }
}

TEST(Tree, NumbersInPreOrderWithSiblingsAsGiven) {
  // Đảng bộ tỉnh 5, two district committees 9 and 2, cells below them; 7 is a second root.
  const Tree tree = tree_of({4, 9, 5, 7, 2, 1, 3}, {9, 5, kRoot, kRoot, 5, 9, 2});
  EXPECT_EQ(in_order(tree), (Values{5, 9, 4, 1, 2, 3, 7}));
  const UnitPosition province = tree.position_of(UnitSlot{5});
  const UnitPosition district = tree.position_of(UnitSlot{9});
  const UnitPosition cell = tree.position_of(UnitSlot{1});
  EXPECT_EQ(tree.parent_of(province), kNoPosition);
  EXPECT_EQ(tree.parent_of(cell), district);
  EXPECT_EQ(tree.level_of(province), 0U);
  EXPECT_EQ(tree.level_of(cell), 2U);
  EXPECT_EQ(tree.end_of(district), UnitPosition{4});
  EXPECT_TRUE(tree.is_within(cell, district));
  EXPECT_TRUE(tree.is_within(district, district));
  EXPECT_FALSE(tree.is_within(province, district));
  EXPECT_FALSE(tree.is_within(UnitPosition{4}, district));
  EXPECT_TRUE(std::ranges::equal(tree.children_of(province),
                                 std::vector{UnitPosition{1}, UnitPosition{4}}));
  EXPECT_TRUE(tree.children_of(cell).empty());
  EXPECT_TRUE(std::ranges::equal(tree.roots(), std::vector{UnitPosition{0}, UnitPosition{6}}));
  EXPECT_EQ(tree.position_of(UnitSlot{0}), kNoPosition);
  EXPECT_EQ(tree.position_of(UnitSlot{10}), kNoPosition);
}

TEST(Tree, LeavesOutCyclesOrphansAndWhatHangsOnThem) {
  // 1 and 2 stand under one another with 3 below; 4 under itself; 5 under the absent 8, 6 below it.
  const Tree tree = tree_of({1, 2, 3, 4, 5, 6, 7}, {2, 1, 2, 4, 8, 5, kRoot});
  EXPECT_EQ(in_order(tree), Values{7});
  EXPECT_EQ(tree.end_of(UnitPosition{0}), UnitPosition{1});
  for (const std::uint32_t left_out : {1U, 2U, 3U, 4U, 5U, 6U, 8U}) {
    EXPECT_EQ(tree.position_of(UnitSlot{left_out}), kNoPosition) << left_out;
  }
}

TEST(Tree, ParentFarAboveAllUnitsIsAnOrphanage) {
  EXPECT_EQ(tree_of({0, 1}, {0xFFFFFFFEU, kRoot}).size(), 1U);
}

TEST(Tree, SecondRowOfASlotAndTheEmptySlotAreLeftOut) {
  EXPECT_EQ(in_order(tree_of({3, kRoot, 3, 2}, {kRoot, 3, 2, 3})), (Values{3, 2}));
  EXPECT_EQ(tree_of({kRoot}, {kRoot}).size(), 0U);
}

TEST(Tree, TailOfTheLongerInputIsIgnored) {
  EXPECT_EQ(in_order(tree_of({3, 2}, {kRoot})), Values{3});
  EXPECT_EQ(in_order(tree_of({3}, {kRoot, 3})), Values{3});
}

TEST(Tree, CountsItsArrays) {
  EXPECT_EQ(Tree().memory_bytes(), 0U);
  // Four arrays by position and one by slot.
  EXPECT_GE(tree_of({0, 7}, {kRoot, 0}).memory_bytes(), (2U * 4U + 8U) * 4U);
  EXPECT_LT(tree_of({0, 7}, {kRoot, 0}).memory_bytes(), 1000U);
}

TEST(Tree, ChainOfAMillion) {
  constexpr std::uint32_t kCount = 1'000'000;
  // The deepest unit first, so that no order of the input helps.
  std::vector<UnitSlot> units;
  std::vector<UnitSlot> parents;
  for (std::uint32_t i = kCount; i-- > 0;) {
    units.push_back(UnitSlot{i});
    parents.push_back(i == 0 ? kNoUnitSlot : UnitSlot{i - 1});
  }
  const Tree tree(units, parents);
  ASSERT_EQ(tree.size(), kCount);
  EXPECT_TRUE(std::ranges::all_of(tree.ends(),
                                  [](UnitPosition end) { return end == UnitPosition{kCount}; }));
  EXPECT_EQ(tree.level_of(UnitPosition{kCount - 1}), kCount - 1);
  EXPECT_EQ(tree.slot_at(UnitPosition{kCount - 1}), UnitSlot{kCount - 1});
}

TEST(Tree, StarOfAMillion) {
  constexpr std::uint32_t kCount = 1'000'000;
  std::vector<UnitSlot> units;
  std::vector<UnitSlot> parents;
  for (std::uint32_t i = 0; i < kCount; ++i) {
    units.push_back(UnitSlot{i});
    parents.push_back(i == 0 ? kNoUnitSlot : UnitSlot{0});
  }
  const Tree tree(units, parents);
  ASSERT_EQ(tree.size(), kCount);
  EXPECT_TRUE(std::ranges::equal(tree.slots(), units));
  EXPECT_EQ(std::ranges::distance(tree.children_of(UnitPosition{0})), kCount - 1);
  EXPECT_EQ(tree.end_of(UnitPosition{0}), UnitPosition{kCount});
}

// The slow twin: children by search, order and levels by recursion.
struct Naive {
  const std::vector<std::uint32_t>& units;
  const std::vector<std::uint32_t>& parents;
  Values order;
  std::vector<std::uint32_t> levels;

  void visit(std::uint32_t unit, std::uint32_t level) {
    order.push_back(unit);
    levels.push_back(level);
    visit_children(unit, level + 1);
  }
  void visit_children(std::uint32_t above, std::uint32_t level) {
    for (std::size_t i = 0; i < units.size(); ++i) {
      if (parents[i] == above) {
        visit(units[i], level);
      }
    }
  }
  // `unit` or one of its ancestors is `above`.
  [[nodiscard]] bool reaches(std::uint32_t unit, std::uint32_t above) const {
    if (unit == above) {
      return true;
    }
    const auto found = std::ranges::find(units, unit);
    const std::uint32_t parent = parents[static_cast<std::size_t>(found - units.begin())];
    return parent != kRoot && reaches(parent, above);
  }
};

TEST(Tree, AgreesWithRecursionOnRandomForests) {
  std::size_t left_out = 0;
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    std::mt19937_64 random(seed);
    const auto below = [&](std::uint64_t bound) {
      return static_cast<std::uint32_t>(random() % bound);
    };
    const std::uint32_t count = 1 + below(24);
    Values units(count * 2);
    std::iota(units.begin(), units.end(), 0U);
    std::ranges::shuffle(units, random);
    units.resize(count);
    // Even seeds hang each unit on an earlier one: forests. Odd ones on any, present or not.
    Values parents;
    for (std::uint32_t i = 0; i < count; ++i) {
      const bool root = below(6) == 0 || (seed % 2 == 0 && i == 0);
      const std::uint32_t any = seed % 2 == 0 ? units[i == 0 ? 0 : below(i)] : below(count * 2);
      parents.push_back(root ? kRoot : any);
    }
    std::vector<std::size_t> shuffled(count);
    std::iota(shuffled.begin(), shuffled.end(), std::size_t{0});
    std::ranges::shuffle(shuffled, random);
    Values given_units;
    Values given_parents;
    for (const std::size_t i : shuffled) {
      given_units.push_back(units[i]);
      given_parents.push_back(parents[i]);
    }

    const Tree tree = tree_of(given_units, given_parents);
    Naive naive{given_units, given_parents, {}, {}};
    naive.visit_children(kRoot, 0);
    ASSERT_EQ(in_order(tree), naive.order) << "seed " << seed;
    ASSERT_TRUE(std::ranges::equal(tree.levels(), naive.levels)) << "seed " << seed;
    if (seed % 2 == 0) {
      ASSERT_EQ(tree.size(), count) << "seed " << seed;
    }
    left_out += count - tree.size();

    for (const std::uint32_t subtree : naive.order) {
      const UnitPosition at = tree.position_of(UnitSlot{subtree});
      ASSERT_EQ(index_of(tree.slot_at(at)), subtree);
      const auto row =
          static_cast<std::size_t>(std::ranges::find(given_units, subtree) - given_units.begin());
      const UnitPosition parent = tree.parent_of(at);
      ASSERT_EQ(parent == kNoPosition ? kRoot : index_of(tree.slot_at(parent)), given_parents[row]);
      for (const std::uint32_t unit : naive.order) {
        ASSERT_EQ(tree.is_within(tree.position_of(UnitSlot{unit}), at),
                  naive.reaches(unit, subtree))
            << "seed " << seed << ": " << unit << " within " << subtree;
      }
    }
  }
  EXPECT_GT(left_out, 1000U);
}

}  // namespace
}  // namespace dangbo::hierarchy
