#include "rollup/cache.hpp"

#include <algorithm>

#include "dangbo/party/schemas.hpp"
#include "rollup/frame.hpp"

namespace dangbo::inline v1::rollup {

using base::index_of;
using base::kNoRow;
using base::RowId;
using base::UnitSlot;

namespace {

std::shared_ptr<const UnitsOfDay> read_units(const registry::View& view) {
  const registry::Rows units = *view.snapshot().rows(party::TableName::kUnits);
  const auto parent = units.field(*units.schema().find(table::Role::kParent));
  auto made = std::make_shared<UnitsOfDay>();
  made->rows.assign(view.snapshot().unit_count(), kNoRow);
  std::vector<UnitSlot> slots;
  std::vector<UnitSlot> parents;
  for (std::uint32_t i = 0; i < units.size(); ++i) {
    const RowId row{i};
    if (!view.includes(units, row)) continue;
    const UnitSlot unit = units.unit_of(row);
    made->rows[index_of(unit)] = row;
    slots.push_back(unit);
    parents.push_back(UnitSlot{parent.raw(row)});
  }
  made->tree = hierarchy::Tree(slots, parents);
  return made;
}

}  // namespace

std::shared_ptr<QueryCache> QueryCache::of(const registry::Snapshot& snapshot) {
  return std::static_pointer_cast<QueryCache>(registry::beside(
      snapshot,
      []() -> std::shared_ptr<registry::Beside> { return std::make_shared<QueryCache>(); }));
}

std::shared_ptr<const UnitsOfDay> QueryCache::units_of(const registry::View& view) {
  const std::uint32_t commit = index_of(view.snapshot().commit());
  const std::uint32_t known_at = index_of(view.known_at());
  const std::int32_t day = view.day().days();
  {
    const std::lock_guard<std::mutex> lock(days_mutex_);
    const auto at = std::find_if(days_.begin(), days_.end(), [&](const Day& one) {
      return one.commit == commit && one.known_at == known_at && one.day == day;
    });
    if (at != days_.end()) {
      days_.splice(days_.begin(), days_, at);
      return days_.front().units;
    }
  }
  auto made = read_units(view);
  const std::lock_guard<std::mutex> lock(days_mutex_);
  days_.push_front({commit, known_at, day, made});
  if (days_.size() > kDays) days_.pop_back();
  return made;
}

std::shared_ptr<const std::vector<UnitSlot>> QueryCache::units_by_key(
    const registry::Snapshot& snapshot) {
  const std::lock_guard<std::mutex> lock(keys_mutex_);
  if (by_key_ != nullptr && by_key_->size() == snapshot.unit_count()) return by_key_;
  auto made = std::make_shared<std::vector<UnitSlot>>();
  for (std::uint32_t i = 0; i < snapshot.unit_count(); ++i) made->push_back(UnitSlot{i});
  std::sort(made->begin(), made->end(),
            [&](UnitSlot a, UnitSlot b) { return snapshot.key_of(a) < snapshot.key_of(b); });
  by_key_ = made;
  return made;
}

std::shared_ptr<const Frame> QueryCache::frame_of(const registry::View& view) {
  const std::uint32_t commit = index_of(view.snapshot().commit());
  if (view.known_at() != view.snapshot().commit()) return nullptr;
  const std::lock_guard<std::mutex> lock(frame_mutex_);
  if (frame_ == nullptr) {
    // One question is answered sooner without.
    if (++asked_ < 2) return nullptr;
    frame_ = Frame::build(view, units_of(view));
    return frame_;
  }
  if (frame_->commit() == commit) return frame_;
  auto later = frame_->after(view);
  if (commit < frame_->commit()) return later;
  frame_ = later != nullptr ? std::move(later) : Frame::build(view, units_of(view));
  return frame_;
}

}  // namespace dangbo::inline v1::rollup
