#include "dangbo/time/period.hpp"

#include "dangbo/time/date.hpp"

namespace dangbo::inline v1::time {

namespace {

std::optional<int> number(std::string_view text) noexcept {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

// Whole calendar months [first, first + count) of a year.
std::optional<DateRange> month_span(int year, int first, int count) noexcept {
  const auto from = Date::from_ymd(year, first, 1);
  if (!from) return std::nullopt;
  const int after = first + count - 1;
  // The last year of the calendar has no day after it, but a range may end there all the same.
  const auto next = Date::from_ymd(year + after / 12, after % 12 + 1, 1);
  const auto last = Date::from_ymd(year, after, days_in_month(year, after));
  return DateRange(*from, next ? *next : last->plus_days(1));
}

}  // namespace

std::optional<DateRange> period_days(std::string_view text) noexcept {
  if (text.size() < 4 || text.size() > 10) return std::nullopt;
  const auto year = number(text.substr(0, 4));
  if (!year) return std::nullopt;
  const std::string_view rest = text.substr(4);
  if (rest.empty()) return month_span(*year, 1, 12);
  if (rest.size() == 2 && (rest[0] == 'Q' || rest[0] == 'H')) {
    const int part = rest[1] - '0';
    const int parts = rest[0] == 'Q' ? 4 : 2;
    if (part < 1 || part > parts) return std::nullopt;
    return month_span(*year, (part - 1) * (12 / parts) + 1, 12 / parts);
  }
  if (rest[0] != '-') return std::nullopt;
  if (rest.size() == 3) {
    const auto month = number(rest.substr(1));
    if (!month || *month < 1 || *month > 12) return std::nullopt;
    return month_span(*year, *month, 1);
  }
  if (rest.size() == 5) {
    const auto until = number(rest.substr(1));
    if (!until || *until < *year) return std::nullopt;
    const auto first = month_span(*year, 1, 12);
    const auto last = month_span(*until, 1, 12);
    if (!first || !last) return std::nullopt;
    return DateRange::from_days(first->from_day(), last->until_day());
  }
  if (rest.size() == 6 && rest[3] == '-') {
    const auto month = number(rest.substr(1, 2));
    const auto day = number(rest.substr(4));
    if (!month || !day) return std::nullopt;
    const auto date = Date::from_ymd(*year, *month, *day);
    if (!date) return std::nullopt;
    return DateRange(*date, date->plus_days(1));
  }
  return std::nullopt;
}

}  // namespace dangbo::inline v1::time
