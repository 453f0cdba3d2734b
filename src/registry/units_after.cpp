#include "registry/units_after.hpp"

#include <algorithm>

namespace dangbo::inline v1::registry {

UnitsAfter::UnitsAfter(const Plan& plan)
    : plan_(plan),
      store_(*plan.core.units_table),
      unit_(*store_.roles().unit),
      parent_(*store_.roles().parent) {
  for (const PreparedBatch& batch : plan.batches) {
    if (batch.store != &store_) continue;
    for (std::size_t row = 0; row < batch.row_count(); ++row) {
      const std::uint32_t unit = batch.raw(unit_, row);
      if (unit == kMissingWord) continue;
      brought_.push_back({unit, batch.raw(parent_, row), batch.range(row)});
      touched_.push_back(unit);
    }
  }
  std::stable_sort(brought_.begin(), brought_.end(),
                   [](const Brought& a, const Brought& b) { return a.unit < b.unit; });
  if (const RowSet* retired = plan.retired_of(store_)) {
    for (const std::uint32_t row : retired->rows()) touched_.push_back(store_.raw(unit_, row));
  }
  std::sort(touched_.begin(), touched_.end());
  touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
}

std::vector<time::DateRange> UnitsAfter::days_of(std::uint32_t unit) const {
  std::vector<time::DateRange> days;
  each_row(unit, [&](time::DateRange range, std::uint32_t) { days.push_back(range); });
  return days;
}

}  // namespace dangbo::inline v1::registry
