#include "dangbo/time/working_days.hpp"

#include <algorithm>

#include "time/calendar.hpp"

namespace dangbo::inline v1::time {

namespace {

std::vector<Date> sorted(std::span<const Date> days) {
  std::vector<Date> result(days.begin(), days.end());
  std::sort(result.begin(), result.end());
  return result;
}

bool is_monday_to_friday(Date day) noexcept {
  // 1970-01-01 was a Thursday: Monday is 0.
  const std::int64_t weekday = ((std::int64_t{day.days()} + 3) % 7 + 7) % 7;
  return weekday < 5;
}

}  // namespace

WorkingCalendar::WorkingCalendar(std::span<const Date> holidays, std::span<const Date> makeup_days)
    : holidays_(sorted(holidays)), makeup_days_(sorted(makeup_days)) {}

bool WorkingCalendar::is_working(Date day) const noexcept {
  if (std::binary_search(makeup_days_.begin(), makeup_days_.end(), day)) {
    return true;
  }
  return is_monday_to_friday(day) && !std::binary_search(holidays_.begin(), holidays_.end(), day);
}

std::optional<Date> WorkingCalendar::add(Date day, int n) const noexcept {
  const int step = n < 0 ? -1 : 1;
  std::int64_t at = day.days();
  for (std::int64_t left = std::int64_t{n} * step; left > 0;) {
    at += step;
    if (!detail::is_in_calendar(at)) {
      return std::nullopt;
    }
    if (is_working(Date::from_days(static_cast<std::int32_t>(at)))) {
      --left;
    }
  }
  return Date::from_days(static_cast<std::int32_t>(at));
}

int WorkingCalendar::count(Date from, Date until) const noexcept {
  // No day outside the calendar is a working day; this also bounds the loop for open ends.
  const std::int32_t first = std::max(from.days(), detail::kFirstDay);
  const std::int32_t end = std::min(until.days(), detail::kLastDay + 1);
  int count = 0;
  for (std::int32_t day = first; day < end; ++day) {
    count += is_working(Date::from_days(day)) ? 1 : 0;
  }
  return count;
}

}  // namespace dangbo::inline v1::time
