// Figures by (target, group key): an array when all could stand in one, a hash map otherwise.
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
  Cells(std::uint64_t targets, std::uint64_t keys, std::uint64_t rows, Measure measure);
  [[nodiscard]] bool fits() const noexcept { return fits_; }

  void add(std::uint32_t target, std::uint64_t key, std::int64_t rows, std::int64_t value);

  // Cells of an array; of a map more than any.
  [[nodiscard]] std::uint64_t capacity() const noexcept {
    return dense_ ? array_.size() : kMaxCells;
  }
  [[nodiscard]] Cells empty_copy() const;

  // Why the result cannot be had.
  [[nodiscard]] bool too_many() const noexcept { return too_many_; }
  [[nodiscard]] bool overflow() const noexcept { return overflow_; }

  // Adds what another, of the same shape, has.
  void merge(const Cells& other);

  // Cells by group met; with `above`, each target's cells are added to the target that encloses it.
  [[nodiscard]] Matrix finish(const std::vector<std::uint32_t>& above, bool grouped);

 private:
  struct Cell {
    std::int64_t rows = 0;
    std::int64_t sum = 0;
  };
  [[nodiscard]] std::vector<std::uint64_t> groups_met() const;
  // Puts a value on top of another, as the measure wants.
  void combine(std::int64_t& into, std::int64_t value);
  void fill(std::uint64_t cell, const Cell& value, Matrix& out) const;

  std::uint64_t targets_;
  std::uint64_t keys_;
  Measure measure_;
  bool fits_ = true;
  bool too_many_ = false;
  bool overflow_ = false;
  bool dense_ = false;
  std::vector<Cell> array_;
  absl::flat_hash_map<std::uint64_t, Cell> map_;
};

}  // namespace dangbo::inline v1::rollup
