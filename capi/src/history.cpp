// What a snapshot tells of the registry's past and of what falls due.
#include "dangbo/registry/history.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "dangbo.h"
#include "dangbo/base/ids.hpp"
#include "dangbo/time/date_range.hpp"
#include "guard.hpp"
#include "handles.hpp"

namespace dangbo::inline v1::capi {

namespace {

using time::Date;
using time::DateRange;

Failure read_end(std::int32_t day, std::optional<Date>& out) {
  if (day == DANGBO_DATE_NONE) return nullptr;
  if (!is_day(day)) {
    return failure(DANGBO_E_ARGUMENT, {"ngày nằm ngoài các năm 1400 … 9999",
                                       "the day is outside the years 1400 … 9999"});
  }
  out = Date::from_days(day);
  return nullptr;
}

Failure read_period(std::int32_t from, std::int32_t until, DateRange& out) {
  std::optional<Date> first;
  std::optional<Date> end;
  if (Failure bad = read_end(from, first)) return bad;
  if (Failure bad = read_end(until, end)) return bad;
  out = DateRange(first, end);
  return nullptr;
}

// A number beyond 32 bits is later than every commit.
base::CommitNumber commit_of(std::uint64_t number) noexcept {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  return base::CommitNumber{static_cast<std::uint32_t>(number < kMost ? number : kMost)};
}

registry::RowSlice slice_of(std::uint64_t first, std::uint64_t count) noexcept {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  const auto clamped = [](std::uint64_t number) {
    return static_cast<std::uint32_t>(number < kMost ? number : kMost);
  };
  return {.first = clamped(first), .count = count == 0 ? clamped(kMost) : clamped(count)};
}

}  // namespace

}  // namespace dangbo::inline v1::capi

using namespace dangbo::capi;

dangbo_status dangbo_snapshot_as_of(const dangbo_snapshot* snapshot, uint64_t commit,
                                    dangbo_snapshot** out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(snapshot, "snapshot")) return bad;
    *out = new dangbo_snapshot(snapshot->snapshot.as_of(commit_of(commit)));
    return nullptr;
  });
}

uint64_t dangbo_snapshot_commit_at_time(const dangbo_snapshot* snapshot, int64_t time) {
  return is_live(snapshot) ? dangbo::base::index_of(snapshot->snapshot.last_commit_at(time)) : 0;
}

int32_t dangbo_snapshot_current_day(const dangbo_snapshot* snapshot) {
  if (!is_live(snapshot)) return DANGBO_DATE_NONE;
  const auto day = snapshot->snapshot.current_day();
  return day ? day->days() : DANGBO_DATE_NONE;
}

int32_t dangbo_snapshot_is_synthetic(const dangbo_snapshot* snapshot) {
  return is_live(snapshot) && snapshot->snapshot.is_synthetic() ? 1 : 0;
}

dangbo_status dangbo_snapshot_log(const dangbo_snapshot* snapshot, dangbo_table** out,
                                  dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(snapshot, "snapshot")) return bad;
    *out = new dangbo_table(dangbo::registry::log_table(snapshot->snapshot));
    return nullptr;
  });
}

dangbo_status dangbo_snapshot_changes(const dangbo_snapshot* snapshot, uint64_t after, int32_t from,
                                      int32_t until, const char* table, size_t table_size,
                                      dangbo_table** out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view name;
    DateRange period;
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(snapshot, "snapshot")) return bad;
    if (Failure bad = read_text(table, table_size, "table", name)) return bad;
    if (Failure bad = read_period(from, until, period)) return bad;
    auto changes =
        dangbo::registry::knowledge_changes(snapshot->snapshot, commit_of(after), period, name);
    if (!changes.ok()) return from_status(changes.status(), DANGBO_E_REFUSED);
    *out = new dangbo_table(*std::move(changes));
    return nullptr;
  });
}

dangbo_status dangbo_snapshot_agenda(const dangbo_snapshot* snapshot, int32_t from, int32_t until,
                                     dangbo_table** out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    DateRange days;
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(snapshot, "snapshot")) return bad;
    if (Failure bad = read_period(from, until, days)) return bad;
    *out = new dangbo_table(dangbo::registry::agenda(snapshot->snapshot, days));
    return nullptr;
  });
}

dangbo_status dangbo_snapshot_rows(const dangbo_snapshot* snapshot, const char* table,
                                   size_t table_size, uint64_t first, uint64_t count,
                                   dangbo_table** out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view name;
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(snapshot, "snapshot")) return bad;
    if (Failure bad = read_text(table, table_size, "table", name)) return bad;
    auto rows = dangbo::registry::rows_table(snapshot->snapshot, name, slice_of(first, count));
    if (!rows.ok()) return from_status(rows.status(), DANGBO_E_REFUSED);
    *out = new dangbo_table(*std::move(rows));
    return nullptr;
  });
}

dangbo_status dangbo_snapshot_fork(const dangbo_snapshot* snapshot, dangbo_registry** out,
                                   dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(snapshot, "snapshot")) return bad;
    auto shared = std::make_shared<SharedRegistry>();
    shared->registry = snapshot->snapshot.fork();
    *out = new dangbo_registry(std::move(shared));
    return nullptr;
  });
}
