// Phả hệ tổ chức: what units became and where they came from, as the rows of `units` and
// `unit_events` say (definitions.md 15). docs/lineage.md is the manual.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "dangbo/registry/snapshot.hpp"
#include "dangbo/table/table.hpp"
#include "dangbo/time/date.hpp"
#include "dangbo/time/date_range.hpp"

namespace dangbo::inline v1::registry {

// A known row of `unit_events`. kNoUnitSlot where it names no unit.
struct UnitEvent {
  RowId row = base::kNoRow;
  std::uint32_t event = 0;  // a code of party::unit_events()
  time::PartialDate date;
  UnitSlot from = base::kNoUnitSlot;
  UnitSlot to = base::kNoUnitSlot;
};

// A unit is on a day one of three things: in force; ended, when it was in force before and is not;
// not yet founded. A *life* of a unit is a longest run of days on which it is in force: a key may
// be founded anew. An ended unit became the units that the rows *from* it name whose event is
// absorb, merge or divide and whose date is, or may be when it is partial, the last day of the life
// that ended last or a later one, but before the unit is in force again. Rows dated earlier did not
// end it: it was in force after them. Split-off, rename, convert and reparent add nothing, and so
// does a row from a unit to itself.
//
// Immutable; safe from any number of threads; lives without the snapshot it was made of.
class Lineage {
 public:
  // As known at the snapshot's commit (Snapshot::as_of for an earlier one): rows corrected or
  // withdrawn by then do not count. O(rows of units and unit_events).
  explicit Lineage(const Snapshot& snapshot);
  // As known at the view's commit; its day plays no part.
  explicit Lineage(const View& view);

  // The units that `unit` is on a day: itself when it is in force; when it has ended, what the
  // units are that it became, and so on; none when nothing leads to a unit in force on the day, or
  // when it is not yet founded. By key, each once. Events in a ring end the search, not the
  // program. O(events met).
  [[nodiscard]] std::vector<UnitSlot> successors(UnitSlot unit, time::Date day) const;
  // The exact inverse: the units in force on `earlier` that are `unit` on `day`. u is one of
  // predecessors(v, day, earlier) if and only if u is in force on `earlier` and v is one of
  // successors(u, day). By key, each once. O(events met).
  [[nodiscard]] std::vector<UnitSlot> predecessors(UnitSlot unit, time::Date day,
                                                   time::Date earlier) const;

  [[nodiscard]] bool is_in_force(UnitSlot unit, time::Date day) const noexcept;
  // The lives of a unit, oldest first. O(1).
  [[nodiscard]] std::span<const time::DateRange> lives(UnitSlot unit) const noexcept;
  // The rows that lead on from a unit that has ended by `day`, in the order of `events`; none while
  // it is in force or not yet founded. O(events of the unit).
  [[nodiscard]] std::vector<UnitEvent> endings(UnitSlot unit, time::Date day) const;
  // Every known row that names a unit, by date, event_id, row.
  [[nodiscard]] const std::vector<UnitEvent>& events() const noexcept { return events_; }
  // Rows from (to) a unit, as numbers in `events`, ascending. O(1).
  [[nodiscard]] std::span<const std::uint32_t> events_from(UnitSlot unit) const noexcept;
  [[nodiscard]] std::span<const std::uint32_t> events_to(UnitSlot unit) const noexcept;

  [[nodiscard]] const Snapshot& snapshot() const noexcept { return snapshot_; }

 private:
  // Lists by unit slot, one after another.
  template <typename T>
  struct Lists {
    std::vector<std::uint32_t> begins;  // one more than there are units
    std::vector<T> items;
    [[nodiscard]] std::span<const T> of(UnitSlot unit) const noexcept {
      const std::size_t slot = base::index_of(unit);
      if (slot + 1 >= begins.size()) return {};
      return std::span(items).subspan(begins[slot], begins[slot + 1] - begins[slot]);
    }
  };

  void read_lives();
  void read_events();
  [[nodiscard]] std::optional<time::DateRange> window_after(UnitSlot unit, time::Date day) const;
  [[nodiscard]] std::vector<UnitSlot> by_key(std::vector<UnitSlot> units) const;

  Snapshot snapshot_;
  std::vector<UnitEvent> events_;
  Lists<time::DateRange> lives_;
  Lists<std::uint32_t> from_;
  Lists<std::uint32_t> to_;
};

// Absorb, merge and divide: what an ended unit became.
[[nodiscard]] bool is_lineage_event(std::uint32_t event);
// These and split-off: one unit comes out of another.
[[nodiscard]] bool is_descent_event(std::uint32_t event);

// What became of one unit and where it came from, to be read from top to bottom:
//   part (itself: a row a life; event: what else befell it; became, came_from: trees; on_day: what
//   it is, or, before it was founded, was on the day), level (integer, of a tree from 1), unit_id,
//   name (the latest), from, until (of a life), event, date, decision_id (text), in_force (bool,
//   on the day)
// Trees follow absorb, merge and divide; a split-off stands in them as a leaf. A unit met again is
// not followed again. Without a day there are no rows on_day. InvalidArgument (kUnknownUnit).
[[nodiscard]] absl::StatusOr<table::Table> lineage_table(const Snapshot& snapshot,
                                                         std::string_view unit,
                                                         std::optional<time::Date> day);
// The same for the view's day.
[[nodiscard]] absl::StatusOr<table::Table> lineage_table(const View& view, std::string_view unit);

struct CodeMappingOptions {
  bool all = false;  // also the units that are themselves on both days
};

// Bảng chuyển mã: which units of one day are which on a later one, a row a pair, ordered by key:
//   from_unit, from_name, to_unit, to_name (missing: it is none), event (missing when it is
//   itself), date, decision_id: of the first row of its lineage that leads there, or of the row
//   that closed it when none does; members (home members of from_unit itself on the first day),
//   placed (how many of these have their home in to_unit or below it on the later day)
// A member whose units became nested ones is placed in each of them. InvalidArgument (kBadQuery)
// when `to` is before `from`. O(units + memberships).
[[nodiscard]] absl::StatusOr<table::Table> code_mapping(const Snapshot& snapshot, time::Date from,
                                                        time::Date to,
                                                        const CodeMappingOptions& options = {});

}  // namespace dangbo::inline v1::registry
