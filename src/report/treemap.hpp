// A treemap: boxes whose area is a number, in their given order.
#pragma once

#include <cstdint>
#include <vector>

#include "report/svg.hpp"

namespace dangbo::inline v1::report {

// One box for each weight, within `box`; a weight of 0 has none. The list is halved again and
// again, across the longer side, where the two halves differ least. Integers only: the same on any
// machine. O(n log n) for weights that are not all in one, own stack.
[[nodiscard]] std::vector<Box> treemap(const std::vector<std::int64_t>& weights, const Box& box);

}  // namespace dangbo::inline v1::report
