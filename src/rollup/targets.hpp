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
  bool whole = false;                    // one target: everything that stands anywhere
  std::vector<UnitSlot> slots;           // in pre-order of the asked day
  std::vector<std::uint32_t> above;      // nearest target that encloses one, or kNoTarget
  std::vector<std::uint32_t> of_slot;    // target that is the unit itself
  std::vector<std::uint32_t> enclosing;  // by position: the nearest target at or above it
  bool by_form = false;                  // chosen by class or kind
  bool root_in_force = true;             // false: the unit asked by name is not, on the day

  [[nodiscard]] std::size_t size() const noexcept { return whole ? 1 : slots.size(); }
};

// The units `each` asks for below `unit` (or everywhere), or `unit` itself, or the whole forest.
[[nodiscard]] Targets find_targets(const World& world, const Query::Document& document,
                                   base::ProblemList& problems);
// Every unit of the day.
[[nodiscard]] Targets all_units(const World& world);

}  // namespace dangbo::inline v1::rollup
