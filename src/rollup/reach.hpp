// The targets in which a placed row counts.
#pragma once

#include <cstdint>

#include "rollup/document.hpp"
#include "rollup/input.hpp"
#include "rollup/targets.hpp"

namespace dangbo::inline v1::rollup {

class Reach {
 public:
  // `own_day`: rows climb the tree of their own day; otherwise that of the asked day.
  Reach(const World& world, const Targets& targets, Scope scope, bool own_day) noexcept
      : world_(world), targets_(targets), below_(scope == Scope::kBelow), own_day_(own_day) {}

  [[nodiscard]] bool below() const noexcept { return below_; }
  [[nodiscard]] bool climbs() const noexcept { return own_day_ && !targets_.whole; }

  // The lowest target under the tree of the asked day, or kNoTarget. REQUIRES: !climbs().
  [[nodiscard]] std::uint32_t nearest(const Placed& placed) const {
    if (targets_.whole) return 0;
    if (!below_) return targets_.of_slot(placed.unit);
    const auto at = world_.tree().position_of(placed.unit);
    return at == base::kNoPosition ? kNoTarget : targets_.enclosing(at);
  }

  // The target that encloses one, or kNoTarget.
  [[nodiscard]] std::uint32_t above(std::uint32_t target) const {
    return targets_.whole ? kNoTarget : targets_.above[target];
  }

  // Every target at or above the row's unit on the row's own day, from below. REQUIRES: climbs().
  template <typename Take>
  void climb(const Placed& placed, Take take) const {
    UnitSlot unit = placed.unit;
    RowId row = placed.unit_row;
    // A unit stands below fewer units than there are: a bound, should the facts ever be in a ring.
    for (std::uint32_t left = world_.snapshot().unit_count(); left != 0 && row != kNoRow; --left) {
      const std::uint32_t target = targets_.of_slot(unit);
      if (target != kNoTarget) take(target);
      unit = world_.parent_of(row);
      if (!below_ || unit == kNoUnitSlot) return;
      row = world_.unit_row(unit, placed.day);
    }
  }

  // Every target in which the row counts, from below.
  template <typename Take>
  void each(const Placed& placed, Take take) const {
    if (climbs()) return climb(placed, take);
    std::uint32_t target = nearest(placed);
    while (target != kNoTarget) {
      take(target);
      target = below_ ? above(target) : kNoTarget;
    }
  }

 private:
  const World& world_;
  const Targets& targets_;
  bool below_;
  bool own_day_;
};

}  // namespace dangbo::inline v1::rollup
