// The forest of a period, carried from day to day: what changed is moved, nothing is built anew.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "dangbo/time/date_range.hpp"
#include "rollup/world.hpp"

namespace dangbo::inline v1::rollup {

// Nodes are unit slots; one more, `top`, stands above all roots.
class MovingTree {
 public:
  using Node = std::uint32_t;
  static constexpr Node kAbsent = 0xFFFFFFFFU;  // above a unit that is not in force

  // A unit that is closed, founded or reparented on a day: what stood above it, and what stands
  // now.
  struct Change {
    Node unit = kAbsent;
    Node before = kAbsent;
    Node after = kAbsent;
  };

  // Stands on the day before the period. O(unit rows + changes within the period, sorted).
  MovingTree(const World& world, time::DateRange period);

  [[nodiscard]] Node top() const noexcept { return top_; }
  // The next day on which something changes, in days since 1970; nothing: none is left.
  [[nodiscard]] std::optional<std::int32_t> next_day() const noexcept;

  // The next day in three steps. `prepare` says what it changes: parents are those of the day, what
  // hangs below is still that of the day before, until `turn`. `settle`: the day is over, and what
  // was before it is forgotten.
  const std::vector<Change>& prepare();
  void turn();
  void settle() noexcept { ++round_; }

  [[nodiscard]] bool is_in_force(Node unit) const noexcept { return parent_[unit] != kAbsent; }
  [[nodiscard]] bool was_in_force(Node unit) const noexcept {
    return above_before(unit) != kAbsent;
  }

  // The unit and all above it up to `top`; nothing for a unit that is not in force. `climb_before`
  // is of the day before.
  template <typename Take>
  void climb(Node unit, Take take) const {
    climb_by(
        unit, [this](Node at) { return parent_[at]; }, take);
  }
  template <typename Take>
  void climb_before(Node unit, Take take) const {
    climb_by(
        unit, [this](Node at) { return above_before(at); }, take);
  }

  // The unit and those below it that move only because it does: no changed unit but itself, nor
  // what is below one. By the tree of the day before until `turn`, of the day after it.
  template <typename Take>
  void each_carried(Node unit, Take take) {
    each_below(
        unit, [this](Node at) { return changed_[at] != round_; }, take);
  }
  template <typename Take>
  void each_within(Node unit, Take take) {
    each_below(
        unit, [](Node) { return true; }, take);
  }

  // For sums from below: all nodes in force, each after what stands above it.
  [[nodiscard]] std::vector<Node> downward();
  [[nodiscard]] Node above(Node unit) const noexcept { return parent_[unit]; }

 private:
  struct Event {
    std::uint64_t when;  // day of the period, then unit, then 1 when a row begins
    Node above;
  };

  [[nodiscard]] Node above_before(Node unit) const noexcept {
    return changed_[unit] == round_ ? before_[unit] : parent_[unit];
  }

  template <typename Above, typename Take>
  void climb_by(Node unit, Above above, Take take) const {
    // A bound, should the facts ever be in a ring.
    Node left = top_;
    Node up = above(unit);
    while (up != kAbsent && left-- > 0) {
      take(unit);
      if (up == top_) break;
      unit = up;
      up = above(unit);
    }
    if (up == top_) take(top_);
  }

  template <typename Enter, typename Take>
  void each_below(Node unit, Enter enter, Take take) {
    pending_.assign(1, unit);
    while (!pending_.empty()) {
      const Node at = pending_.back();
      pending_.pop_back();
      take(at);
      for (Node child = first_child_[at]; child != kAbsent; child = next_[child]) {
        if (enter(child)) pending_.push_back(child);
      }
    }
  }

  void link(Node unit, Node above) noexcept;
  void unlink(Node unit) noexcept;

  Node top_;
  std::int32_t first_day_;
  std::vector<Node> parent_;
  std::vector<Node> first_child_;
  std::vector<Node> next_;
  std::vector<Node> previous_;
  std::vector<Node> before_;            // of units changed in this round
  std::vector<std::uint32_t> changed_;  // the round in which a unit last changed; 0: never
  std::uint32_t round_ = 1;
  std::vector<Event> events_;
  std::size_t at_ = 0;
  std::vector<Change> changes_;
  std::vector<Node> pending_;
};

}  // namespace dangbo::inline v1::rollup
