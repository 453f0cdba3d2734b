// Rows of an Input into cells of (target, group).
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <vector>

#include "rollup/input.hpp"
#include "rollup/targets.hpp"

namespace dangbo::inline v1::rollup {

inline constexpr std::uint64_t kMaxCells = 4'000'000;

// One value a target and group met; `groups` are keys in mixed radix, ascending, met anywhere.
struct Matrix {
  std::vector<std::uint64_t> groups;
  std::vector<std::int64_t> values;  // [target * groups + group]; without grouping one group
  [[nodiscard]] std::int64_t at(std::size_t target, std::size_t group) const noexcept {
    return values[target * groups.size() + group];
  }
};

struct CountOptions {
  Scope scope = Scope::kBelow;
  bool day_tree = false;  // climb the tree of the asked day also for rows of a day of their own
  std::string at;         // pointer of the Ask, for problems
};

// Counts, or sums when the input has a sum. A sum outside 64 bits and more than kMaxCells cells are
// errors. O(rows + targets + cells).
[[nodiscard]] absl::StatusOr<Matrix> count(const World& world, Input& input, const Targets& targets,
                                           const CountOptions& options, Tally& tally);

}  // namespace dangbo::inline v1::rollup
