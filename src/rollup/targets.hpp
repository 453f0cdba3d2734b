// The units a result has rows for.
#pragma once

#include <optional>
#include <vector>

#include "dangbo/base/problem.hpp"
#include "rollup/document.hpp"
#include "rollup/world.hpp"

namespace dangbo::inline v1::rollup {

inline constexpr std::uint32_t kNoTarget = 0xFFFFFFFFU;

struct Targets {
  bool whole = false;                // one target: everything that stands anywhere
  std::vector<UnitSlot> slots;       // in pre-order of the asked day
  std::vector<std::uint32_t> above;  // nearest target that encloses one, or kNoTarget
  bool by_form = false;              // chosen by class or kind
  bool root_in_force = true;         // false: the unit asked by name is not, on the day
  // Positions [first, last) of the day's tree: outside stands nothing that counts.
  std::uint32_t first = 0;
  std::uint32_t last = 0;

  [[nodiscard]] std::size_t size() const noexcept { return whole ? 1 : slots.size(); }
  // The target that is the unit itself, or kNoTarget.
  [[nodiscard]] std::uint32_t of_slot(UnitSlot slot) const noexcept {
    if (of_slots.empty()) return slots.size() == 1 && slots.front() == slot ? 0 : kNoTarget;
    return of_slots[index_of(slot)];
  }
  // The nearest target at or above a position, or kNoTarget.
  [[nodiscard]] std::uint32_t enclosing(base::UnitPosition at) const noexcept {
    if (of_slots.empty()) {
      return slots.size() == 1 && first <= index_of(at) && index_of(at) < last ? 0 : kNoTarget;
    }
    return by_position[index_of(at)];
  }

  // Of several targets; one needs no look-up.
  std::vector<std::uint32_t> of_slots;
  std::vector<std::uint32_t> by_position;
};

// The units `each` asks for below `unit` (or everywhere), or `unit` itself, or the whole forest.
[[nodiscard]] Targets find_targets(const World& world, const Query::Document& document,
                                   base::ProblemList& problems);
// Those of the units that stand in the world's tree.
[[nodiscard]] Targets targets_of(const World& world, const std::vector<UnitSlot>& units);
// Every unit of the day.
[[nodiscard]] Targets all_units(const World& world);

}  // namespace dangbo::inline v1::rollup
