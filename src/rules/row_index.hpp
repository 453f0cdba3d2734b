// All rows of a table by the unit they name, whatever their day and commit: it only grows, as rows
// do, so that one index serves every day, every commit and the forks beyond the commit it reached.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dangbo/registry/rows.hpp"

namespace dangbo::inline v1::rules {

class RowIndex {
 public:
  // `fields` are those that name the unit; empty: what Rows::unit_of says.
  RowIndex() = default;
  explicit RowIndex(std::vector<std::size_t> fields) : fields_(std::move(fields)) {}

  // Takes in the rows from the last call on. O(new rows), now and then O(rows).
  void extend(const registry::Rows& rows);
  // Calls `visit(RowId)` for each row that names the unit, oldest first.
  template <typename Visit>
  void each(base::UnitSlot unit, Visit visit) const {
    const std::uint32_t slot = base::index_of(unit);
    if (packed_ && slot + 1 < packed_->begin.size()) {
      for (std::uint32_t i = packed_->begin[slot]; i < packed_->begin[slot + 1]; ++i) {
        visit(packed_->rows[i]);
      }
    }
    if (tail_.empty()) return;
    const auto found = tail_.find(slot);
    if (found == tail_.end()) return;
    for (const base::RowId row : found->second) visit(row);
  }

 private:
  [[nodiscard]] std::uint32_t unit_at(const registry::Rows& rows, base::RowId row,
                                      std::size_t which) const;
  void rebuild(const registry::Rows& rows);

  struct Packed {
    std::vector<std::uint32_t> begin;  // by slot, into rows
    std::vector<base::RowId> rows;
    std::uint32_t taken = 0;
  };
  std::vector<std::size_t> fields_;
  std::shared_ptr<const Packed> packed_;                              // shared by copies
  std::unordered_map<std::uint32_t, std::vector<base::RowId>> tail_;  // of the rows beyond it
  std::uint32_t taken_ = 0;                                           // rows in all
};

}  // namespace dangbo::inline v1::rules
