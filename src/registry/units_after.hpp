// The rows of units as they will stand after a change, found unit by unit.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "dangbo/time/date_range.hpp"
#include "registry/plan.hpp"

namespace dangbo::inline v1::registry {

class UnitsAfter {
 public:
  // O(rows of the change log rows).
  explicit UnitsAfter(const Plan& plan);

  // Units of which the change brings a row, takes one away or corrects one, ascending.
  [[nodiscard]] const std::vector<std::uint32_t>& touched() const noexcept { return touched_; }
  [[nodiscard]] bool is_touched(std::uint32_t unit) const noexcept {
    return !touched_.empty() && unit >= touched_.front() && unit <= touched_.back() &&
           std::binary_search(touched_.begin(), touched_.end(), unit);
  }
  // take(days, parent) for each row of the unit after the change; parent may be kMissingWord.
  template <typename Take>
  void each_row(std::uint32_t unit, Take take) const {
    each_brought(unit, take);
    for (std::uint32_t row = store_.newest(Chain::kUnit, unit); row != kMissingWord;
         row = store_.previous(Chain::kUnit, row)) {
      if (plan_.stands(store_, row)) take(stored_days(row), store_.raw(parent_, row));
    }
  }
  // The same for the rows that the change brings.
  template <typename Take>
  void each_brought(std::uint32_t unit, Take take) const {
    auto at = std::lower_bound(brought_.begin(), brought_.end(), unit,
                               [](const Brought& row, std::uint32_t of) { return row.unit < of; });
    for (; at != brought_.end() && at->unit == unit; ++at) take(at->days, at->parent);
  }
  // And for the stored rows that it takes away or corrects.
  template <typename Take>
  void each_retired(std::uint32_t unit, Take take) const {
    const RowSet* retired = plan_.retired_of(store_);
    if (retired == nullptr) return;
    for (const std::uint32_t row : retired->rows()) {
      if (store_.raw(unit_, row) == unit) take(stored_days(row), store_.raw(parent_, row));
    }
  }
  [[nodiscard]] std::vector<time::DateRange> days_of(std::uint32_t unit) const;

 private:
  struct Brought {
    std::uint32_t unit;
    std::uint32_t parent;
    time::DateRange days;
  };

  [[nodiscard]] time::DateRange stored_days(std::uint32_t row) const noexcept {
    return Rows(&store_, row + 1).range(RowId{row});
  }

  const Plan& plan_;
  const TableStore& store_;
  std::size_t unit_;
  std::size_t parent_;
  std::vector<Brought> brought_;  // by unit
  std::vector<std::uint32_t> touched_;
};

}  // namespace dangbo::inline v1::registry
