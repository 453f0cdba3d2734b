// Rows of an Input into cells of (target, group).
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <limits>
#include <vector>

#include "rollup/input.hpp"
#include "rollup/targets.hpp"

namespace dangbo::inline v1::rollup {

inline constexpr std::uint64_t kMaxCells = 4'000'000;
// In place of the least, the most or the mean of nothing.
inline constexpr std::int64_t kNoValue = std::numeric_limits<std::int64_t>::min();

// How far a run has come; stops it when whoever asked wants no answer any more.
class Progress {
 public:
  explicit Progress(const RunOptions& options) : options_(options) {}
  // Part of the way from `from_` to `until_`. False: stop. Once stopped, always.
  [[nodiscard]] bool at(double part) const {
    if (!stopped_ && options_.progress) {
      stopped_ = !options_.progress(from_ + (until_ - from_) * part);
    }
    return !stopped_;
  }
  void between(double from, double until) noexcept {
    from_ = from;
    until_ = until;
  }
  [[nodiscard]] bool stopped() const noexcept { return stopped_; }
  [[nodiscard]] unsigned threads() const noexcept { return options_.threads; }

 private:
  const RunOptions& options_;
  double from_ = 0;
  double until_ = 1;
  mutable bool stopped_ = false;
};

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
  const Progress* progress = nullptr;
};

// Counts, or what else the input measures. A sum outside 64 bits and more than kMaxCells cells are
// errors, and so is being stopped. O(rows + targets + cells).
[[nodiscard]] absl::StatusOr<Matrix> count(const World& world, Input& input, const Targets& targets,
                                           const CountOptions& options, Tally& tally);

// A row that counts: its cell's key, and its target; the lowest one, or on days of their own every
// one.
struct CountedRow {
  std::uint64_t key;
  std::uint32_t target;
  MemberSlot member;
  RowId row;
};

// What `count` counts, row by row.
[[nodiscard]] absl::StatusOr<std::vector<CountedRow>> counted_rows(const World& world, Input& input,
                                                                   const Targets& targets,
                                                                   const CountOptions& options,
                                                                   Tally& tally);

}  // namespace dangbo::inline v1::rollup
