// Cells as a Table: order, columns, shares.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dangbo/table/table.hpp"
#include "rollup/count.hpp"

namespace dangbo::inline v1::rollup {

struct Answer {
  const World& world;
  const Input& input;
  const Targets& targets;
  const Matrix& matrix;
  bool each = false;
  std::optional<std::vector<std::int64_t>> base;  // by target
  const Best* best = nullptr;                     // only the first rows by the figure
};

// Rows by unit key, then by groups as text, missing last; the best by their figures first, equal
// ones in that order.
[[nodiscard]] table::Table make_table(const Answer& answer, table::Provenance provenance);

// The value of a grouping column that a digit stands for; nothing: missing.
[[nodiscard]] std::optional<std::string> group_text(const registry::Snapshot& snapshot,
                                                    const GroupColumn& group, std::uint64_t digit);

// 100 × part ÷ base to two decimals, half away from zero. REQUIRES: base is not 0.
[[nodiscard]] double percent(std::int64_t part, std::int64_t base);

}  // namespace dangbo::inline v1::rollup
