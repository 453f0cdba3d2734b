// Is a dated parent relation a forest on every day? Pure: rows in, faults out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dangbo/base/ids.hpp"
#include "dangbo/time/date_range.hpp"

namespace dangbo::inline v1::hierarchy {

using base::UnitSlot;

// Over `range`, `unit` stands under `parent` (kNoUnitSlot: it is a root).
struct DatedParent {
  UnitSlot unit{};
  UnitSlot parent{};
  time::DateRange range;
};

enum class ForestFaultKind : std::uint8_t {
  // Two rows of one unit share `days`. `rows`: the one that begins earlier, then the other.
  kOverlap,
  // The parent has no row on `days`. `rows`: the child's row.
  kOrphan,
  // On `days` the units of `rows` stand under one another. `rows`: upwards, each row's parent being
  // the unit of the next and the last one's that of the first, from the lowest row on. A unit that
  // is its own parent is a cycle of one.
  kCycle,
};

struct ForestFault {
  ForestFaultKind kind = ForestFaultKind::kOrphan;
  std::vector<std::size_t> rows;  // indexes into the input
  time::DateRange days;           // one unbroken stretch, as long as can be
};

// All faults; none: a forest on every day.
//   overlap  each row that begins while an earlier row of its unit lasts, once, with the one of
//            these that lasts longest; of two that begin on one day the lower row is the earlier
//   orphan   each stretch of days of a row on which its parent has no row
//   cycle    each set of rows that forms one; where rows of a unit overlap, the earlier one counts
// Rows with an empty range are ignored; any slot may appear. Deterministic: ordered by kind, then
// by rows, then by days. O((rows + what is reported) log rows) on any input; no recursion: a chain
// of 10^6 units is fine. What is reported can outgrow the input: n rows under a unit with m gaps
// are n × m stretches.
[[nodiscard]] std::vector<ForestFault> check_forest(std::span<const DatedParent> rows);

}  // namespace dangbo::inline v1::hierarchy
