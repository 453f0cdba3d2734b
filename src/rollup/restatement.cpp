#include "rollup/restatement.hpp"

#include <utility>

#include "dangbo/registry/lineage.hpp"

namespace dangbo::inline v1::rollup {

using base::index_of;
using base::UnitSlot;

Restatement::Restatement(const registry::View& view, time::Date structure) : day_(structure) {
  const registry::Lineage lineage(view);
  const std::uint32_t count = view.snapshot().unit_count();
  std::vector<std::vector<UnitSlot>> lists(count);
  in_force_.resize(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const UnitSlot unit{i};
    in_force_[i] = lineage.is_in_force(unit, view.day());
    if (view.day() <= structure) {
      if (in_force_[i]) lists[i] = lineage.successors(unit, structure);
    } else if (lineage.is_in_force(unit, structure)) {
      for (const UnitSlot later : lineage.successors(unit, view.day())) {
        lists[index_of(later)].push_back(unit);
      }
    }
  }
  begins_.reserve(std::size_t{count} + 1);
  for (const std::vector<UnitSlot>& list : lists) {
    begins_.push_back(static_cast<std::uint32_t>(units_.size()));
    units_.insert(units_.end(), list.begin(), list.end());
  }
  begins_.push_back(static_cast<std::uint32_t>(units_.size()));
}

std::span<const UnitSlot> Restatement::units_of(UnitSlot unit) const noexcept {
  const std::size_t slot = index_of(unit);
  return std::span(units_).subspan(begins_[slot], begins_[slot + 1] - begins_[slot]);
}

}  // namespace dangbo::inline v1::rollup
