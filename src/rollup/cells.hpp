// Sums by (target, group key): an array when all could stand in one, a hash map otherwise.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <limits>
#include <vector>

#include "rollup/count.hpp"

namespace dangbo::inline v1::rollup {

class Cells {
 public:
  // `keys` is the number of possible group keys, `rows` that of rows to come: an array much larger
  // than the rows would cost more than the hash map.
  Cells(std::uint64_t targets, std::uint64_t keys, std::uint64_t rows, bool sums);
  [[nodiscard]] bool fits() const noexcept { return fits_; }

  void add(std::uint32_t target, std::uint64_t key, std::int64_t rows, std::int64_t value);

  // Why the result cannot be had.
  [[nodiscard]] bool too_many() const noexcept { return too_many_; }
  [[nodiscard]] bool overflow() const noexcept { return overflow_; }

  // Cells by group met; with `above`, each target's cells are added to the target that encloses it.
  [[nodiscard]] Matrix finish(const std::vector<std::uint32_t>& above, bool grouped);

 private:
  struct Cell {
    std::int64_t rows = 0;
    std::int64_t sum = 0;
  };
  [[nodiscard]] std::vector<std::uint64_t> groups_met() const;
  void fill(std::uint64_t cell, const Cell& value, Matrix& out) const;

  std::uint64_t targets_;
  std::uint64_t keys_;
  bool sums_;
  bool fits_ = true;
  bool too_many_ = false;
  bool overflow_ = false;
  bool dense_ = false;
  std::vector<Cell> array_;
  absl::flat_hash_map<std::uint64_t, Cell> map_;
};

}  // namespace dangbo::inline v1::rollup
