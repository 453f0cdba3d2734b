// Boost's proleptic Gregorian calendar over plain integers: the same arithmetic as
// boost::gregorian::date, without the checking types that throw. Ranges are checked by the caller.
#pragma once

#include <boost/date_time/gregorian_calendar.hpp>
#include <boost/date_time/year_month_day.hpp>

#include <cstdint>

namespace dangbo::inline v1::time::detail {

using YearMonthDay = boost::date_time::year_month_day_base<int, int, int>;
using Calendar = boost::date_time::gregorian_calendar_base<YearMonthDay, std::int64_t>;

inline constexpr std::int64_t kJulianDayOf1970 = 2'440'588;
inline constexpr int kFirstYear = 1400;
inline constexpr int kLastYear = 9999;

[[nodiscard]] inline std::int32_t days_of(const YearMonthDay& ymd) noexcept {
  return static_cast<std::int32_t>(Calendar::day_number(ymd) - kJulianDayOf1970);
}

// Meaningful for the days of `Date`; harmless for all others.
[[nodiscard]] inline YearMonthDay year_month_day(std::int32_t days) noexcept {
  return Calendar::from_julian_day_number(days + kJulianDayOf1970);
}

inline constexpr std::int32_t kFirstDay = -208'188;  // 1400-01-01
inline constexpr std::int32_t kLastDay = 2'932'896;  // 9999-12-31

[[nodiscard]] inline bool is_in_calendar(std::int64_t days) noexcept {
  return kFirstDay <= days && days <= kLastDay;
}

}  // namespace dangbo::inline v1::time::detail
