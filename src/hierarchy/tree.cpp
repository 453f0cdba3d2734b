#include "dangbo/hierarchy/tree.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace dangbo::inline v1::hierarchy {
namespace {

// Index into `units`; siblings are chained through it, so that no list of children is allocated.
using UnitIndex = std::uint32_t;
constexpr UnitIndex kNone = 0xFFFFFFFFU;

struct Links {
  UnitIndex above = kNone;
  UnitIndex first_child = kNone;
  UnitIndex next_sibling = kNone;
};

// One entry for each slot up to the largest: the index of its first row among `units`.
std::vector<UnitIndex> index_by_slot(std::span<const UnitSlot> units) {
  std::size_t slot_count = 0;
  for (const UnitSlot unit : units) {
    if (unit != kNoUnitSlot) {
      slot_count = std::max<std::size_t>(slot_count, std::size_t{index_of(unit)} + 1);
    }
  }
  std::vector<UnitIndex> indexes(slot_count, kNone);
  for (std::size_t i = units.size(); i-- > 0;) {
    if (units[i] != kNoUnitSlot) {
      indexes[index_of(units[i])] = static_cast<UnitIndex>(i);
    }
  }
  return indexes;
}

// Chains every unit to its parent's children and returns the first root. Cycles and orphans hang on
// nothing that a walk from the roots can reach.
UnitIndex chain_siblings(std::span<const UnitSlot> units, std::span<const UnitSlot> parents,
                         std::span<const UnitIndex> indexes, std::span<Links> links) {
  UnitIndex first_root = kNone;
  // Backwards, because each unit is put in front of its chain.
  for (std::size_t i = units.size(); i-- > 0;) {
    const auto unit = static_cast<UnitIndex>(i);
    if (units[i] == kNoUnitSlot || indexes[index_of(units[i])] != unit) {
      continue;
    }
    if (parents[i] == kNoUnitSlot) {
      links[i].next_sibling = first_root;
      first_root = unit;
      continue;
    }
    const std::size_t slot = index_of(parents[i]);
    const UnitIndex above = slot < indexes.size() ? indexes[slot] : kNone;
    if (above != kNone) {
      links[i].above = above;
      links[i].next_sibling = links[above].first_child;
      links[above].first_child = unit;
    }
  }
  return first_root;
}

}  // namespace

Tree::Tree(std::span<const UnitSlot> units, std::span<const UnitSlot> parents) {
  const std::size_t count = std::min(units.size(), parents.size());
  units = units.first(count);
  const std::vector<UnitIndex> indexes = index_by_slot(units);
  std::vector<Links> links(count);
  UnitIndex unit = chain_siblings(units, parents.first(count), indexes, links);

  positions_.assign(indexes.size(), kNoPosition);
  slots_.reserve(count);
  ends_.reserve(count);
  parents_.reserve(count);
  levels_.reserve(count);
  UnitPosition above = kNoPosition;
  std::uint32_t level = 0;
  while (unit != kNone) {
    const UnitPosition at{static_cast<std::uint32_t>(slots_.size())};
    positions_[index_of(units[unit])] = at;
    slots_.push_back(units[unit]);
    ends_.push_back(kNoPosition);
    parents_.push_back(above);
    levels_.push_back(level);
    if (links[unit].first_child != kNone) {
      unit = links[unit].first_child;
      above = at;
      ++level;
      continue;
    }
    // Up to the first ancestor with a sibling left, ending every subtree that is left behind.
    UnitPosition leaving = at;
    const UnitPosition end{static_cast<std::uint32_t>(slots_.size())};
    ends_[index_of(leaving)] = end;
    while (links[unit].next_sibling == kNone && links[unit].above != kNone) {
      unit = links[unit].above;
      leaving = parents_[index_of(leaving)];
      ends_[index_of(leaving)] = end;
    }
    unit = links[unit].next_sibling;
    above = parents_[index_of(leaving)];
    level = levels_[index_of(leaving)];
  }
}

std::size_t Tree::memory_bytes() const noexcept {
  return slots_.capacity() * sizeof(UnitSlot) + ends_.capacity() * sizeof(UnitPosition) +
         parents_.capacity() * sizeof(UnitPosition) + levels_.capacity() * sizeof(std::uint32_t) +
         positions_.capacity() * sizeof(UnitPosition);
}

}  // namespace dangbo::inline v1::hierarchy
