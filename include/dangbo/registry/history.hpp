// What was done to a registry, what became known, what falls due, and the rows themselves: as
// tables.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <string_view>

#include "dangbo/registry/snapshot.hpp"
#include "dangbo/table/table.hpp"
#include "dangbo/time/date_range.hpp"

namespace dangbo::inline v1::registry {

// Nhật ký: one row a commit, oldest first: commit (integer), time (microseconds since 1970-01-01
// UTC, integer), source_version (text), current_day (date), added, corrected, withdrawn (rows,
// integers). O(rows + commits × tables).
[[nodiscard]] table::Table log_table(const Snapshot& snapshot);

// What changed in our knowledge about the days of `period` after commit `after`, up to the
// snapshot's commit: every row that became known or ceased to be, one row a field that differs.
//   commit (integer), table, row_id (integer; of a correction the new row's), change (added,
//   corrected, withdrawn), unit_id, member_id (text), field (text, missing for added and
//   withdrawn), before, after (text)
// A row concerns the period when it holds on one of its days, before or after the correction: a
// state row by its interval, an event by its day, a period row by its first and last day; a row
// without a date of its own concerns every period. A row corrected several times in between is
// compared as known at either end; one that came and went in between is left out. Ordered by
// table, row_id. O(rows appended since + rows ever corrected in the chunks looked at).
// InvalidArgument (kUnknownTable) for a `table_name` that is none; empty: all tables.
[[nodiscard]] absl::StatusOr<table::Table> knowledge_changes(const Snapshot& snapshot,
                                                             CommitNumber after,
                                                             const time::DateRange& period,
                                                             std::string_view table_name = {});

// Bảo toàn: for every unit whose own rows or home memberships a commit added, corrected or
// withdrew, and every day on which such a row begins or ends (of a correction: only one of the two
// rows), the persons whose home it is, as known at the commit: day (date), unit_id (text), before
// (on the day before), arrivals, departures, after (on the day; integers). In every row before +
// arrivals - departures = after, because no commit takes a unit out of force while members stand
// in it (kPersonsLost). Units empty on both days are left out. Ordered by day, unit_id. O(rows).
[[nodiscard]] table::Table conservation(const Snapshot& snapshot, CommitNumber commit);

// Sổ việc: state rows known to the snapshot that begin or cease to hold on a day of `days`: day
// (date), table, row_id (integer), due (begins, ends), unit_id, member_id (text). Ordered by day,
// table, row_id, begins first. O(state rows).
[[nodiscard]] table::Table agenda(const Snapshot& snapshot, const time::DateRange& days);

// A part of a table by row numbers, for tables too large to be had at once.
struct RowSlice {
  std::uint32_t first = 0;
  std::uint32_t count = 0xFFFFFFFFU;
};

// The rows of a table that the snapshot knows, those corrected or withdrawn left out, in order of
// row_id (integer), then every field of the table under its name: keys as text, codes as words.
// InvalidArgument (kUnknownTable) for a name that is none; ResourceExhausted (kLimit) when a column
// would hold 2 GiB of text: take slices. O(rows × fields).
[[nodiscard]] absl::StatusOr<table::Table> rows_table(const Snapshot& snapshot,
                                                      std::string_view table_name,
                                                      RowSlice slice = {});

}  // namespace dangbo::inline v1::registry
