#include "dangbo/time/date.hpp"

#include <algorithm>

#include "dangbo/time/date_range.hpp"
#include "time/calendar.hpp"

namespace dangbo::inline v1::time {

namespace {

using detail::YearMonthDay;

void append_padded(std::string& out, int value, std::size_t width) {
  const std::string digits = std::to_string(value);
  out.append(width - std::min(width, digits.size()), '0');
  out += digits;
}

}  // namespace

std::optional<Date> Date::from_ymd(int year, int month, int day) noexcept {
  if (year < detail::kFirstYear || year > detail::kLastYear || month < 1 || month > 12 || day < 1) {
    return std::nullopt;
  }
  // Every month has 28 days: most dates need no look at its length.
  if (day > 28 && day > days_in_month(year, month)) {
    return std::nullopt;
  }
  return Date(detail::days_of({year, month, day}));
}

std::optional<Date> Date::from_boost(boost::gregorian::date date) noexcept {
  if (date.is_special()) {
    return std::nullopt;
  }
  return Date(static_cast<std::int32_t>(date.day_number() - detail::kJulianDayOf1970));
}

int Date::year() const noexcept {
  return detail::year_month_day(days_).year;
}
int Date::month() const noexcept {
  return detail::year_month_day(days_).month;
}
int Date::day() const noexcept {
  return detail::year_month_day(days_).day;
}

boost::gregorian::date Date::to_boost() const {
  if (!detail::is_in_calendar(days_)) {
    return boost::gregorian::date(boost::gregorian::not_a_date_time);
  }
  using DayNumber = boost::gregorian::date::date_rep_type;
  return boost::gregorian::date(
      DayNumber(static_cast<std::uint32_t>(days_ + detail::kJulianDayOf1970)));
}

std::string Date::to_string() const {
  const YearMonthDay ymd = detail::year_month_day(days_);
  std::string text;
  append_padded(text, ymd.year, 4);
  text += '-';
  append_padded(text, ymd.month, 2);
  text += '-';
  append_padded(text, ymd.day, 2);
  return text;
}

int days_in_month(int year, int month) noexcept {
  return month < 1 || month > 12 ? 0 : detail::Calendar::end_of_month_day(year, month);
}

std::optional<Date> add_months(Date date, int months, MonthEndRule rule) noexcept {
  if (!detail::is_in_calendar(date.days())) {
    return std::nullopt;
  }
  const YearMonthDay start = detail::year_month_day(date.days());
  // Months since year 0, in 64 bits because `months` may be any int.
  const std::int64_t target = std::int64_t{start.year} * 12 + (start.month - 1) + months;
  if (target < detail::kFirstYear * 12 || target >= (detail::kLastYear + 1) * 12) {
    return std::nullopt;
  }
  const int year = static_cast<int>(target / 12);
  const int month = static_cast<int>(target % 12) + 1;
  const int last = days_in_month(year, month);
  int day = start.day;
  if (rule == MonthEndRule::kSnapToEnd && day == days_in_month(start.year, start.month)) {
    day = last;
  }
  if (day <= last) {
    return Date::from_ymd(year, month, day);
  }
  switch (rule) {
    case MonthEndRule::kClamp:
    case MonthEndRule::kSnapToEnd:
      return Date::from_ymd(year, month, last);
    case MonthEndRule::kSpill:  // only short months spill, so never over the end of the last year
      return Date::from_ymd(year, month + 1, 1);
    case MonthEndRule::kStrict:
      break;
  }
  return std::nullopt;
}

// kSpill never puts a day before its like-numbered day in the target month nor past the first of
// the next, so the answer is the difference of the months, less one when the day of the month is
// not reached.
int months_between(Date from, Date to) noexcept {
  const YearMonthDay start = detail::year_month_day(from.days());
  const YearMonthDay end = detail::year_month_day(to.days());
  const int months = (end.year - start.year) * 12 + (end.month - start.month);
  return end.day < start.day ? months - 1 : months;
}

int years_between(Date from, Date to) noexcept {
  const int months = months_between(from, to);
  return months >= 0 ? months / 12 : (months - 11) / 12;
}

namespace {

PartialDate with_precision(Date first_day, DatePrecision precision) noexcept {
  return PartialDate::from_code(first_day.days() * 4 + static_cast<std::int32_t>(precision));
}

}  // namespace

std::optional<PartialDate> PartialDate::from_year(int year) noexcept {
  const auto first = Date::from_ymd(year, 1, 1);
  return first ? std::optional(with_precision(*first, DatePrecision::kYear)) : std::nullopt;
}

std::optional<PartialDate> PartialDate::from_month(int year, int month) noexcept {
  const auto first = Date::from_ymd(year, month, 1);
  return first ? std::optional(with_precision(*first, DatePrecision::kMonth)) : std::nullopt;
}

Date PartialDate::last_day() const noexcept {
  const Date first = first_day();
  if (!detail::is_in_calendar(first.days())) {
    return first;
  }
  switch (precision()) {
    case DatePrecision::kDay:
      return first;
    case DatePrecision::kMonth:
      return first.plus_days(days_in_month(first.year(), first.month()) - 1);
    case DatePrecision::kYear:
      break;
  }
  return first.plus_days(detail::Calendar::is_leap_year(first.year()) ? 365 : 364);
}

std::string PartialDate::to_string() const {
  std::string text = first_day().to_string();
  if (!is_exact()) {
    text.resize(precision() == DatePrecision::kMonth ? 7 : 4);
  }
  return text;
}

std::string DateRange::to_string() const {
  const auto from_date = from();
  const auto until_date = until();
  std::string text = "[";
  text += from_date ? from_date->to_string() : "…";
  text += ", ";
  text += until_date ? until_date->to_string() : "…";
  text += ')';
  return text;
}

}  // namespace dangbo::inline v1::time
