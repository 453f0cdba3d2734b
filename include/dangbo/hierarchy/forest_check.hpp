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
  kOverlap,  // two rows of one unit share days: `rows` are the two
  kOrphan,   // on the days of `days` the parent is not in force: `rows` is the child's row
  kCycle,    // on the first day of `days` the units of `rows` stand under one another: `rows` in upward order
};

struct ForestFault {
  ForestFaultKind kind = ForestFaultKind::kOrphan;
  std::vector<std::size_t> rows;  // indexes into the input
  time::DateRange days;           // first stretch of days on which it holds
};

// All faults: every overlapping neighbour pair, every stretch of orphaned days, and each cycle once with its first
// day. Empty: a forest on every day. O(rows log rows) where there is no cycle; cycles are confirmed day by day among the
// rows that take part. No recursion: a chain of 10^6 units is fine. Rows with an empty range are ignored.
// Deterministic: faults are ordered by kind, then by first row.
[[nodiscard]] std::vector<ForestFault> check_forest(std::span<const DatedParent> rows);

}  // namespace dangbo::inline v1::hierarchy
