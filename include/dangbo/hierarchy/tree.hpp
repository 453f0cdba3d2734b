// The tree of one day: units numbered in pre-order, so that a subtree is one range of positions.
// Pure: knows no dates, no keys, no members.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <ranges>
#include <span>
#include <vector>

#include "dangbo/base/ids.hpp"

namespace dangbo::inline v1::hierarchy {

using base::index_of;
using base::kNoPosition;
using base::kNoUnitSlot;
using base::UnitPosition;
using base::UnitSlot;

// Cây tổ chức. Immutable; safe from any number of threads. All look-ups are O(1) unless said
// otherwise.
class Tree {
 public:
  Tree() = default;
  // `units` are distinct slots, `parents[i]` the slot above units[i] or kNoUnitSlot for a root.
  // Several roots are allowed (a forest); roots and siblings keep the order of `units`. O(units +
  // largest slot), no recursion. Units that stand on or below a cycle, or below a slot not among
  // `units`, are left out: naming faults is the business of check_forest. So are kNoUnitSlot and
  // the second row of a slot given twice. REQUIRES: units.size() == parents.size() (the longer
  // one's tail is ignored).
  Tree(std::span<const UnitSlot> units, std::span<const UnitSlot> parents);

  [[nodiscard]] std::size_t size() const noexcept { return slots_.size(); }
  // kNoPosition for a slot that is not in the tree.
  [[nodiscard]] UnitPosition position_of(UnitSlot slot) const noexcept {
    const auto index = index_of(slot);
    return index < positions_.size() ? positions_[index] : kNoPosition;
  }
  // REQUIRES for all below: the position is less than size().
  [[nodiscard]] UnitSlot slot_at(UnitPosition at) const noexcept { return slots_[index_of(at)]; }
  // One past the last position of the subtree: descendants of `at` are (at, end_of(at)).
  [[nodiscard]] UnitPosition end_of(UnitPosition at) const noexcept { return ends_[index_of(at)]; }
  // kNoPosition for a root.
  [[nodiscard]] UnitPosition parent_of(UnitPosition at) const noexcept {
    return parents_[index_of(at)];
  }
  // 0 for a root.
  [[nodiscard]] std::uint32_t level_of(UnitPosition at) const noexcept {
    return levels_[index_of(at)];
  }
  [[nodiscard]] bool is_within(UnitPosition at, UnitPosition subtree) const noexcept {
    return subtree <= at && at < end_of(subtree);
  }

  // Children in order: the first stands right after its parent, the next where the former ends.
  class ChildIterator {
   public:
    using value_type = UnitPosition;
    using difference_type = std::ptrdiff_t;
    // Written out: a defaulted one is not usable before Tree is complete, and Children needs it.
    ChildIterator() noexcept : ChildIterator(nullptr, kNoPosition) {}
    ChildIterator(const Tree* tree, UnitPosition at) noexcept : tree_(tree), at_(at) {}
    UnitPosition operator*() const noexcept { return at_; }
    ChildIterator& operator++() noexcept {
      at_ = tree_->end_of(at_);
      return *this;
    }
    ChildIterator operator++(int) noexcept {
      ChildIterator old = *this;
      ++*this;
      return old;
    }
    friend bool operator==(const ChildIterator& a, const ChildIterator& b) noexcept {
      return a.at_ == b.at_;
    }

   private:
    const Tree* tree_;
    UnitPosition at_;
  };
  using Children = std::ranges::subrange<ChildIterator>;
  [[nodiscard]] Children children_of(UnitPosition at) const noexcept {
    return {ChildIterator(this, UnitPosition{index_of(at) + 1}), ChildIterator(this, end_of(at))};
  }
  [[nodiscard]] Children roots() const noexcept {
    return {ChildIterator(this, UnitPosition{0}),
            ChildIterator(this, UnitPosition{static_cast<std::uint32_t>(size())})};
  }

  // All positions, for loops over plain arrays.
  [[nodiscard]] std::span<const UnitSlot> slots() const noexcept { return slots_; }
  [[nodiscard]] std::span<const UnitPosition> ends() const noexcept { return ends_; }
  [[nodiscard]] std::span<const UnitPosition> parents() const noexcept { return parents_; }
  [[nodiscard]] std::span<const std::uint32_t> levels() const noexcept { return levels_; }
  // Bytes of the arrays held on the heap.
  [[nodiscard]] std::size_t memory_bytes() const noexcept;

 private:
  std::vector<UnitSlot> slots_;          // by position
  std::vector<UnitPosition> ends_;       // by position
  std::vector<UnitPosition> parents_;    // by position
  std::vector<std::uint32_t> levels_;    // by position
  std::vector<UnitPosition> positions_;  // by slot
};

static_assert(std::forward_iterator<Tree::ChildIterator>);

}  // namespace dangbo::inline v1::hierarchy
