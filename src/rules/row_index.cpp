#include "rules/row_index.hpp"

#include <algorithm>
#include <utility>

namespace dangbo::inline v1::rules {

using base::index_of;
using base::RowId;

std::uint32_t RowIndex::unit_at(const registry::Rows& rows, RowId row, std::size_t which) const {
  return fields_.empty() ? index_of(rows.unit_of(row)) : rows.field(fields_[which]).raw(row);
}

void RowIndex::rebuild(const registry::Rows& rows) {
  const std::size_t ways = std::max<std::size_t>(1, fields_.size());
  std::uint32_t units = 0;
  for (std::size_t way = 0; way < ways; ++way) {
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      const std::uint32_t unit = unit_at(rows, RowId{i}, way);
      if (unit != index_of(base::kNoUnitSlot)) units = std::max(units, unit + 1);
    }
  }
  auto packed = std::make_shared<Packed>();
  std::vector<std::uint32_t>& begin = packed->begin;
  begin.assign(std::size_t{units} + 1, 0);
  const auto each = [&](auto visit) {
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      std::uint32_t before = index_of(base::kNoUnitSlot);
      for (std::size_t way = 0; way < ways; ++way) {
        const std::uint32_t unit = unit_at(rows, RowId{i}, way);
        if (unit != index_of(base::kNoUnitSlot) && unit != before) visit(unit, RowId{i});
        before = unit;
      }
    }
  };
  each([&](std::uint32_t unit, RowId /*row*/) { ++begin[unit + 1]; });
  for (std::size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
  packed->rows.resize(begin.back());
  std::vector<std::uint32_t> next(begin.begin(), begin.end());
  each([&](std::uint32_t unit, RowId row) { packed->rows[next[unit]++] = row; });
  tail_.clear();
  packed->taken = rows.size();
  packed_ = std::move(packed);
  taken_ = rows.size();
}

void RowIndex::extend(const registry::Rows& rows) {
  if (rows.size() <= taken_) return;
  if (!packed_ || rows.size() - packed_->taken > packed_->taken / 8 + 1024) {
    rebuild(rows);
    return;
  }
  const std::size_t ways = std::max<std::size_t>(1, fields_.size());
  for (std::uint32_t i = taken_; i < rows.size(); ++i) {
    std::uint32_t before = index_of(base::kNoUnitSlot);
    for (std::size_t way = 0; way < ways; ++way) {
      const std::uint32_t unit = unit_at(rows, RowId{i}, way);
      if (unit != index_of(base::kNoUnitSlot) && unit != before) tail_[unit].push_back(RowId{i});
      before = unit;
    }
  }
  taken_ = rows.size();
}

}  // namespace dangbo::inline v1::rules
