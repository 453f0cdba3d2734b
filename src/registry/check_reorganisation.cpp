// Bảo toàn: a change of units may not lose the people in them, and may not belie the events that
// tell of it.
#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <array>
#include <span>

#include "dangbo/base/make_room.hpp"
#include "dangbo/party/vocabulary.hpp"
#include "registry/units_after.hpp"

namespace dangbo::inline v1::registry {

namespace {

using base::Message;
using base::ProblemCode;
using time::DateRange;

using Ranges = std::vector<DateRange>;

// Days of `lost` that none of `kept` has.
Ranges subtract(const Ranges& lost, const Ranges& kept) {
  Ranges left = lost;
  for (const DateRange& range : kept) {
    Ranges next;
    for (const DateRange& piece : left) {
      const DateRange before =
          DateRange::from_days(piece.from_day(), std::min(piece.until_day(), range.from_day()));
      const DateRange after =
          DateRange::from_days(std::max(piece.from_day(), range.until_day()), piece.until_day());
      if (!piece.overlaps(range)) {
        next.push_back(piece);
        continue;
      }
      if (!before.empty()) next.push_back(before);
      if (!after.empty()) next.push_back(after);
    }
    left = std::move(next);
  }
  return left;
}

bool touches(const Plan& plan, const TableStore& store) {
  return plan.retired_of(store) != nullptr ||
         std::any_of(plan.batches.begin(), plan.batches.end(),
                     [&](const PreparedBatch& batch) { return batch.store == &store; });
}

// By unit: days on which the change takes it out of force.
absl::flat_hash_map<std::uint32_t, Ranges> lost_days(const Plan& plan, const TableStore& units,
                                                     const UnitsAfter& after) {
  absl::flat_hash_map<std::uint32_t, Ranges> lost;
  const RowSet* retired = plan.retired_of(units);
  if (retired == nullptr) return lost;
  for (const std::uint32_t row : retired->rows()) {
    base::make_room(lost);
    lost[units.raw(*units.roles().unit, row)].push_back(Rows(&units, row + 1).range(RowId{row}));
  }
  for (auto at = lost.begin(); at != lost.end();) {
    // Of a unit without any row left check_entities speaks.
    const Ranges left = after.days_of(at->first);
    at->second = left.empty() ? Ranges() : subtract(at->second, left);
    const auto here = at++;
    if (here->second.empty()) lost.erase(here);
  }
  return lost;
}

std::string since(const DateRange& range, bool vi) {
  const auto from = range.from();
  if (!from)
    return vi ? "trước " + range.until()->to_string() : "before " + range.until()->to_string();
  return (vi ? "từ " : "from ") + from->to_string();
}

class Conservation {
 public:
  Conservation(Plan& plan, const absl::flat_hash_map<std::uint32_t, Ranges>& lost)
      : plan_(plan), lost_(lost), store_(*plan.core.memberships_table) {}

  void check() {
    const std::size_t kind = *store_.schema().find("kind");
    constexpr auto kHome = static_cast<std::uint32_t>(party::MembershipKind::kHome);
    for (std::uint32_t row = 0; row < store_.rows_at(plan_.head); ++row) {
      const auto lost = lost_.find(store_.raw(*store_.roles().unit, row));
      if (lost == lost_.end() || store_.raw(kind, row) != kHome || !plan_.stands(store_, row))
        continue;
      look_at(*lost, Rows(&store_, row + 1).range(RowId{row}),
              store_.raw(*store_.roles().member, row), stored_place(store_, row));
    }
    for (const PreparedBatch& batch : plan_.batches) {
      if (batch.store != &store_) continue;
      for (std::size_t row = 0; row < batch.row_count(); ++row) {
        const auto lost = lost_.find(batch.raw(*store_.roles().unit, row));
        if (lost == lost_.end() || batch.raw(kind, row) != kHome) continue;
        look_at(*lost, batch.range(row), batch.raw(*store_.roles().member, row),
                batch.place(row, *store_.roles().unit));
      }
    }
  }

 private:
  void look_at(const std::pair<const std::uint32_t, Ranges>& lost, const DateRange& row,
               std::uint32_t member, base::Place place) {
    for (const DateRange& days : lost.second) {
      if (!days.overlaps(row)) continue;
      const std::string unit(plan_.units.key(lost.first));
      const DateRange both = days.intersection(row);
      plan_.problems.add(
          {.code = ProblemCode::kPersonsLost,
           .place = std::move(place),
           .value = member == kMissingWord ? std::string() : std::string(plan_.members.key(member)),
           .reason = {"lần ghi này làm tổ chức «" + unit + "» hết hiệu lực " + since(both, true) +
                          " trong khi đảng viên này còn sinh hoạt ở đó",
                      "the change takes unit «" + unit + "» out of force " + since(both, false) +
                          ", while this member stands in it"},
           .fix = {"chuyển đảng viên sang tổ chức khác trong cùng lần ghi, hoặc dùng việc sáp nhập "
                   "(absorb), hợp nhất (merge), chia (divide)",
                   "move the member in the same change, or use absorb, merge or divide"}});
      return;
    }
  }

  Plan& plan_;
  const absl::flat_hash_map<std::uint32_t, Ranges>& lost_;
  const TableStore& store_;
};

}  // namespace

void check_conservation(Plan& plan) {
  const TableStore& units = *plan.core.units_table;
  if (plan.retired_of(units) == nullptr) return;
  const auto lost = lost_days(plan, units, UnitsAfter(plan));
  if (!lost.empty()) Conservation(plan, lost).check();
}

namespace {

// An event as far as it can be contradicted.
struct Event {
  std::string_view word;
  time::Date day;
  std::uint32_t from;
  std::uint32_t to;
};

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

class Events {
 public:
  explicit Events(Plan& plan)
      : plan_(plan),
        after_(plan),
        store_(*plan.core.unit_events_table),
        event_(*store_.schema().find("event")),
        to_(*store_.schema().find("to_unit")) {}

  // Events of units whose rows the change touches.
  void check_stored() {
    constexpr std::uint32_t kBlock = 1024;
    std::array<std::uint32_t, kBlock> from;
    std::array<std::uint32_t, kBlock> to;
    const std::uint32_t rows = store_.rows_at(plan_.head);
    for (std::uint32_t first = 0; first < rows; first += kBlock) {
      const std::uint32_t count = std::min(kBlock, rows - first);
      store_.read(*store_.roles().unit, first, std::span(from).first(count));
      store_.read(to_, first, std::span(to).first(count));
      for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t row = first + i;
        if (!after_.is_touched(from[i]) && !after_.is_touched(to[i])) continue;
        if (!plan_.stands(store_, row)) continue;
        check(store_.raw(*store_.roles().day, row), store_.raw(event_, row), from[i], to[i],
              [&] { return stored_place(store_, row); });
      }
    }
  }

  void check_brought() {
    for (const PreparedBatch& batch : plan_.batches) {
      if (batch.store != &store_) continue;
      for (std::size_t row = 0; row < batch.row_count(); ++row) {
        if (batch.is_damaged(row) || batch.is_missing(*store_.roles().day, row) ||
            batch.is_missing(event_, row))
          continue;
        check(batch.raw(*store_.roles().day, row), batch.raw(event_, row),
              batch.raw(*store_.roles().unit, row), batch.raw(to_, row),
              [&] { return batch.place(row, event_); });
      }
    }
  }

 private:
  template <typename PlaceOf>
  void check(std::uint32_t date, std::uint32_t code, std::uint32_t from, std::uint32_t to,
             PlaceOf place_of) {
    const auto day = time::PartialDate::from_code(static_cast<std::int32_t>(date));
    if (!day.is_exact()) return;
    const Event event{party::unit_events()->codes()[code].id, day.first_day(), from, to};
    if (from != kMissingWord && from != to) check_from(event, place_of);
    if (to != kMissingWord) check_to(event, place_of);
  }

  template <typename PlaceOf>
  void check_from(const Event& event, PlaceOf place_of) {
    const bool ends = is_one_of(event.word, {"close", "disband", "absorb", "merge", "divide"});
    const bool is_there = stands(event.from, event.day);
    // Its last day is a day that people give.
    if (ends && is_there && stands(event.from, event.day.plus_days(1)))
      refuse(place_of(), event.from, event,
             {"tổ chức này vẫn hoạt động ngày ấy", "the unit is still in force on that day"});
    const bool goes_on = is_one_of(event.word, {"rename", "convert", "reparent", "split_off"});
    if (goes_on && !is_there && !stands(event.from, event.day.plus_days(-1)))
      missing(place_of(), event.from, event);
  }

  template <typename PlaceOf>
  void check_to(const Event& event, PlaceOf place_of) {
    if (is_one_of(event.word, {"close", "disband", "unknown"})) return;
    const bool begins = is_one_of(event.word, {"establish", "merge", "divide", "split_off"});
    // A unit may absorb another, or get a new name, and end on the same day.
    const bool ended = !begins && stands(event.to, event.day.plus_days(-1));
    if (!stands(event.to, event.day) && !ended) {
      missing(place_of(), event.to, event);
    } else if (event.word == "establish" && began_before(event.to, event.day)) {
      refuse(place_of(), event.to, event,
             {"tổ chức này đã hoạt động từ trước", "the unit was in force before"});
    }
  }

  [[nodiscard]] bool stands(std::uint32_t unit, time::Date day) const {
    const Ranges ranges = after_.days_of(unit);
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](const DateRange& range) { return range.contains(day); });
  }

  // A row that is open to the left says nothing of its beginning.
  [[nodiscard]] bool began_before(std::uint32_t unit, time::Date day) const {
    const Ranges ranges = after_.days_of(unit);
    return std::any_of(ranges.begin(), ranges.end(), [&](const DateRange& range) {
      return range.from() && *range.from() < day && range.contains(day.plus_days(-1));
    });
  }

  void missing(base::Place place, std::uint32_t unit, const Event& event) {
    refuse(std::move(place), unit, event,
           {"tổ chức này không có hiệu lực ngày ấy", "the unit is not in force on that day"});
  }

  void refuse(base::Place place, std::uint32_t unit, const Event& event, Message reason) {
    const std::string key(plan_.units.key(unit));
    const std::string day = event.day.to_string();
    const std::string word(event.word);
    plan_.problems.add({.code = ProblemCode::kEventContradicted,
                        .place = std::move(place),
                        .value = key,
                        .reason = {"biến động “" + word + "” ngày " + day +
                                       " trái với các dòng của «" + key + "»: " + reason.vi,
                                   "the event “" + word + "” of " + day +
                                       " contradicts the rows of «" + key + "»: " + reason.en},
                        .fix = {"sửa ngày của biến động hoặc khoảng ngày của tổ chức (bảng units)",
                                "correct the event's day or the unit's interval in table units"}});
  }

  Plan& plan_;
  UnitsAfter after_;
  const TableStore& store_;
  std::size_t event_;
  std::size_t to_;
};

}  // namespace

void check_events(Plan& plan) {
  const TableStore& units = *plan.core.units_table;
  const bool by_units = touches(plan, units);
  if (!by_units && !touches(plan, *plan.core.unit_events_table)) return;
  Events events(plan);
  if (by_units) events.check_stored();
  events.check_brought();
}

}  // namespace dangbo::inline v1::registry
