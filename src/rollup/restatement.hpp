// Số liệu theo cơ cấu khác: where members of one day stand in the tree of another (definitions.md
// 15).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "dangbo/registry/snapshot.hpp"

namespace dangbo::inline v1::rollup {

class Restatement {
 public:
  // The lineage of every unit in force on the view's day to the day of the structure: successors
  // when that is later, predecessors when it is earlier. O(units + unit_events) for histories in
  // which few units came and went.
  Restatement(const registry::View& view, time::Date structure);

  [[nodiscard]] time::Date day() const noexcept { return day_; }
  // A unit that is not in force on the view's day has no members to place.
  [[nodiscard]] bool is_in_force(base::UnitSlot unit) const noexcept {
    return in_force_[base::index_of(unit)];
  }
  // What the unit is on the day of the structure.
  [[nodiscard]] std::span<const base::UnitSlot> units_of(base::UnitSlot unit) const noexcept;
  // Where a member of the unit stands: in the one unit that it is; of several in the one that is
  // the member's home on that day; kNoUnitSlot when there is none. `home` gives that home and is
  // called for several only.
  template <typename Home>
  [[nodiscard]] base::UnitSlot place(base::UnitSlot unit, Home home) const {
    const auto units = units_of(unit);
    if (units.empty()) return base::kNoUnitSlot;
    if (units.size() == 1) return units.front();
    const base::UnitSlot own = home();
    for (const base::UnitSlot one : units) {
      if (one == own) return own;
    }
    return base::kNoUnitSlot;
  }

 private:
  time::Date day_;
  std::vector<bool> in_force_;         // by slot
  std::vector<std::uint32_t> begins_;  // by slot: the first of its units; one more than slots
  std::vector<base::UnitSlot> units_;
};

}  // namespace dangbo::inline v1::rollup
