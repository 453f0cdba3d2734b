#include "dangbo/registry/lineage.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "dangbo/party/schemas.hpp"
#include "dangbo/party/vocabulary.hpp"

namespace dangbo::inline v1::registry {

using base::index_of;
using base::kNoUnitSlot;
using time::Date;
using time::DateRange;

namespace {

// Numbers `pairs` (slot, item) by slot; they are sorted already.
template <typename Lists, typename Pairs>
void fill(Lists& lists, const Pairs& pairs, std::uint32_t units) {
  lists.begins.assign(std::size_t{units} + 1, 0);
  lists.items.reserve(pairs.size());
  for (const auto& [slot, item] : pairs) {
    ++lists.begins[std::size_t{slot} + 1];
    lists.items.push_back(item);
  }
  for (std::size_t i = 1; i < lists.begins.size(); ++i) lists.begins[i] += lists.begins[i - 1];
}

std::uint32_t code_of(std::string_view word) {
  return *party::unit_events()->find(word);
}

// Days on which an event of this date may have been.
DateRange days_of(time::PartialDate date) {
  return DateRange::from_days(date.first_day().days(), date.last_day().days() + 1);
}

}  // namespace

bool is_lineage_event(std::uint32_t event) {
  static const std::uint32_t absorb = code_of("absorb");
  static const std::uint32_t merge = code_of("merge");
  static const std::uint32_t divide = code_of("divide");
  return event == absorb || event == merge || event == divide;
}

bool is_descent_event(std::uint32_t event) {
  static const std::uint32_t split_off = code_of("split_off");
  return event == split_off || is_lineage_event(event);
}

Lineage::Lineage(const Snapshot& snapshot) : snapshot_(snapshot) {
  read_lives();
  read_events();
}

Lineage::Lineage(const View& view) : Lineage(view.snapshot().as_of(view.known_at())) {}

void Lineage::read_lives() {
  const std::uint32_t count = snapshot_.unit_count();
  std::vector<std::pair<std::uint32_t, DateRange>> rows;
  const auto units = snapshot_.rows(party::TableName::kUnits);
  for (std::uint32_t i = 0; units && i < units->size(); ++i) {
    const RowId row{i};
    if (!units->is_known(row, snapshot_.commit()) || units->range(row).empty()) continue;
    rows.emplace_back(index_of(units->unit_of(row)), units->range(row));
  }
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return std::pair(a.first, a.second.from_day()) < std::pair(b.first, b.second.from_day());
  });
  std::vector<std::pair<std::uint32_t, DateRange>> lives;
  for (const auto& [slot, range] : rows) {
    if (lives.empty() || lives.back().first != slot ||
        lives.back().second.until_day() < range.from_day()) {
      lives.emplace_back(slot, range);
      continue;
    }
    DateRange& life = lives.back().second;
    life = DateRange::from_days(life.from_day(), std::max(life.until_day(), range.until_day()));
  }
  fill(lives_, lives, count);
}

void Lineage::read_events() {
  const auto rows = snapshot_.rows(party::TableName::kUnitEvents);
  if (!rows) return;
  const FieldReader id = *rows->field("event_id");
  const FieldReader event = *rows->field("event");
  const FieldReader date = *rows->field("date");
  const FieldReader from = *rows->field("from_unit");
  const FieldReader to = *rows->field("to_unit");
  for (std::uint32_t i = 0; i < rows->size(); ++i) {
    const RowId row{i};
    const auto day = date.date(row);
    if (!day || event.is_missing(row) || !rows->is_known(row, snapshot_.commit())) continue;
    const UnitEvent made{row, event.raw(row), *day, UnitSlot{from.raw(row)}, UnitSlot{to.raw(row)}};
    if (made.from != kNoUnitSlot || made.to != kNoUnitSlot) events_.push_back(made);
  }
  std::sort(events_.begin(), events_.end(), [&](const UnitEvent& a, const UnitEvent& b) {
    return std::tuple(a.date, id.text(a.row), a.row) < std::tuple(b.date, id.text(b.row), b.row);
  });
  std::vector<std::pair<std::uint32_t, std::uint32_t>> leaving;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> arriving;
  for (std::uint32_t i = 0; i < events_.size(); ++i) {
    if (events_[i].from != kNoUnitSlot) leaving.emplace_back(index_of(events_[i].from), i);
    if (events_[i].to != kNoUnitSlot) arriving.emplace_back(index_of(events_[i].to), i);
  }
  std::sort(leaving.begin(), leaving.end());
  std::sort(arriving.begin(), arriving.end());
  fill(from_, leaving, snapshot_.unit_count());
  fill(to_, arriving, snapshot_.unit_count());
}

std::span<const DateRange> Lineage::lives(UnitSlot unit) const noexcept {
  return lives_.of(unit);
}

std::span<const std::uint32_t> Lineage::events_from(UnitSlot unit) const noexcept {
  return from_.of(unit);
}

std::span<const std::uint32_t> Lineage::events_to(UnitSlot unit) const noexcept {
  return to_.of(unit);
}

bool Lineage::is_in_force(UnitSlot unit, Date day) const noexcept {
  const auto all = lives(unit);
  return std::any_of(all.begin(), all.end(),
                     [&](const DateRange& life) { return life.contains(day); });
}

// The days on which what ended a unit may be dated; nothing while it is in force or not founded.
std::optional<DateRange> Lineage::window_after(UnitSlot unit, Date day) const {
  std::optional<DateRange> window;
  for (const DateRange& life : lives(unit)) {
    if (life.contains(day)) return std::nullopt;
    if (life.from_day() > day.days()) {
      // The next life bounds the window of the last that ended.
      if (window) window = DateRange::from_days(window->from_day(), life.from_day());
      break;
    }
    window = DateRange::from_days(life.until_day() - 1, DateRange::kOpenUntil);
  }
  return window;
}

std::vector<UnitEvent> Lineage::endings(UnitSlot unit, Date day) const {
  std::vector<UnitEvent> out;
  const auto window = window_after(unit, day);
  if (!window) return out;
  for (const std::uint32_t at : events_from(unit)) {
    const UnitEvent& event = events_[at];
    if (!is_lineage_event(event.event) || event.to == kNoUnitSlot || event.to == unit) continue;
    if (window->overlaps(days_of(event.date))) out.push_back(event);
  }
  return out;
}

std::vector<UnitSlot> Lineage::by_key(std::vector<UnitSlot> units) const {
  std::sort(units.begin(), units.end(),
            [&](UnitSlot a, UnitSlot b) { return snapshot_.key_of(a) < snapshot_.key_of(b); });
  return units;
}

std::vector<UnitSlot> Lineage::successors(UnitSlot unit, Date day) const {
  if (is_in_force(unit, day)) return {unit};
  std::vector<UnitSlot> found;
  std::set<UnitSlot> seen = {unit};
  std::vector<UnitSlot> pending = {unit};
  while (!pending.empty()) {
    const UnitSlot at = pending.back();
    pending.pop_back();
    for (const UnitEvent& event : endings(at, day)) {
      if (!seen.insert(event.to).second) continue;
      (is_in_force(event.to, day) ? found : pending).push_back(event.to);
    }
  }
  return by_key(std::move(found));
}

std::vector<UnitSlot> Lineage::predecessors(UnitSlot unit, Date day, Date earlier) const {
  std::vector<UnitSlot> found;
  if (!is_in_force(unit, day)) return found;
  std::set<UnitSlot> seen = {unit};
  std::vector<UnitSlot> pending = {unit};
  while (!pending.empty()) {
    const UnitSlot at = pending.back();
    pending.pop_back();
    if (is_in_force(at, earlier)) found.push_back(at);
    for (const std::uint32_t number : events_to(at)) {
      const UnitEvent& event = events_[number];
      if (event.from == kNoUnitSlot || seen.contains(event.from)) continue;
      const auto ended = endings(event.from, day);
      const bool leads = std::any_of(ended.begin(), ended.end(),
                                     [&](const UnitEvent& one) { return one.row == event.row; });
      if (leads && seen.insert(event.from).second) pending.push_back(event.from);
    }
  }
  return by_key(std::move(found));
}

}  // namespace dangbo::inline v1::registry
