// Every unit's balance of a period: who was there, who came and went for what reason, who is there.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dangbo/time/date_range.hpp"
#include "rollup/document.hpp"
#include "rollup/world.hpp"

namespace dangbo::inline v1::rollup {

// The columns between opening and closing: reasons in, then reasons out, each with "unstated" last.
[[nodiscard]] const std::vector<std::string>& movement_columns();
// The first of them that goes out.
[[nodiscard]] std::size_t first_out_column();

// By unit slot, and behind the last of them the whole forest.
struct Balance {
  std::vector<std::int64_t> opening;
  std::vector<std::int64_t> closing;
  // By column, then by unit: a period's events fall into few columns.
  std::vector<std::vector<std::int64_t>> moved;
  std::vector<bool> stood;         // within `root` on some day from the opening to the closing
  std::uint64_t not_in_force = 0;  // home rows at the closing whose unit is not in force

  // Opening and what moved make the closing, in every unit.
  [[nodiscard]] bool adds_up() const;
};

// The world's day is the last of the period. `root` for `stood`; kNoUnitSlot: the whole forest.
// O(memberships + events × depth of the tree + changed units × depth + units below them): no tree
// is built but those of the first and the last day.
[[nodiscard]] Balance balance_of(const World& world, time::DateRange period, Scope scope,
                                 UnitSlot root);

}  // namespace dangbo::inline v1::rollup
