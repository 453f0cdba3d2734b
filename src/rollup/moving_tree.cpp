#include "rollup/moving_tree.hpp"

#include <algorithm>

namespace dangbo::inline v1::rollup {

MovingTree::MovingTree(const World& world, time::DateRange period)
    : top_(world.snapshot().unit_count()),
      first_day_(period.from_day()),
      parent_(std::size_t{top_} + 1, kAbsent),
      first_child_(parent_.size(), kAbsent),
      next_(parent_.size(), kAbsent),
      previous_(parent_.size(), kAbsent),
      before_(parent_.size(), kAbsent),
      changed_(parent_.size(), 0) {
  const Rows& units = world.units();
  const auto when = [&](std::int32_t day, Node unit, bool begins) {
    const auto offset = static_cast<std::uint64_t>(std::int64_t{day} - first_day_);
    return offset << 33 | std::uint64_t{unit} << 1 | (begins ? 1U : 0U);
  };
  const time::Date eve = time::Date::from_days(first_day_ - 1);
  const auto is_inside = [&](std::int32_t day) {
    return period.from_day() <= day && day < period.until_day();
  };
  for (std::uint32_t i = 0; i < units.size(); ++i) {
    const RowId row{i};
    if (!units.is_known(row, world.view().known_at())) continue;
    const time::DateRange days = units.range(row);
    if (days.empty()) continue;
    const Node unit = index_of(units.unit_of(row));
    const UnitSlot written = world.parent_of(row);
    const Node above = written == kNoUnitSlot ? top_ : index_of(written);
    if (days.contains(eve)) parent_[unit] = above;
    if (is_inside(days.from_day())) events_.push_back({when(days.from_day(), unit, true), above});
    if (is_inside(days.until_day()))
      events_.push_back({when(days.until_day(), unit, false), kAbsent});
  }
  for (Node unit = top_; unit-- > 0;) {
    if (parent_[unit] != kAbsent) link(unit, parent_[unit]);
  }
  std::sort(events_.begin(), events_.end(),
            [](const Event& a, const Event& b) { return a.when < b.when; });
}

std::optional<std::int32_t> MovingTree::next_day() const noexcept {
  if (at_ == events_.size()) return std::nullopt;
  return static_cast<std::int32_t>(first_day_ + static_cast<std::int64_t>(events_[at_].when >> 33));
}

const std::vector<MovingTree::Change>& MovingTree::prepare() {
  changes_.clear();
  ++round_;
  const std::uint64_t day = events_[at_].when >> 33;
  while (at_ < events_.size() && events_[at_].when >> 33 == day) {
    const std::uint64_t of_unit = events_[at_].when >> 1;
    Node above = kAbsent;  // where a row ends and another begins, that one holds
    for (; at_ < events_.size() && events_[at_].when >> 1 == of_unit; ++at_) {
      above = events_[at_].above;
    }
    const auto unit = static_cast<Node>(of_unit);
    if (parent_[unit] == above) continue;  // another name or kind
    changes_.push_back({unit, parent_[unit], above});
    changed_[unit] = round_;
    before_[unit] = parent_[unit];
    parent_[unit] = above;
  }
  return changes_;
}

void MovingTree::turn() {
  for (const Change& change : changes_) {
    if (change.before != kAbsent) unlink(change.unit);
  }
  for (const Change& change : changes_) {
    if (change.after != kAbsent) link(change.unit, change.after);
  }
}

std::vector<MovingTree::Node> MovingTree::downward() {
  std::vector<Node> nodes;
  nodes.reserve(parent_.size());
  each_within(top_, [&](Node at) { nodes.push_back(at); });
  return nodes;
}

void MovingTree::link(Node unit, Node above) noexcept {
  const Node first = first_child_[above];
  next_[unit] = first;
  previous_[unit] = kAbsent;
  if (first != kAbsent) previous_[first] = unit;
  first_child_[above] = unit;
}

void MovingTree::unlink(Node unit) noexcept {
  // `before_` says where it hangs; `parent_` is of the new day already.
  if (previous_[unit] != kAbsent) {
    next_[previous_[unit]] = next_[unit];
  } else {
    first_child_[before_[unit]] = next_[unit];
  }
  if (next_[unit] != kAbsent) previous_[next_[unit]] = previous_[unit];
  next_[unit] = kAbsent;
  previous_[unit] = kAbsent;
}

}  // namespace dangbo::inline v1::rollup
