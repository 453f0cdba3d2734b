// Days as integers, for a library that stands outside the rooms and uses none of them.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>

namespace dangbo::inline v1::generator {

using Day = std::int32_t;                                       // since 1970-01-01
inline constexpr Day kNoDay = std::numeric_limits<Day>::max();  // an open end, or not known

constexpr Day day(int year, unsigned month, unsigned date) noexcept {
  using namespace std::chrono;
  const year_month_day value{std::chrono::year{year}, std::chrono::month{month},
                             std::chrono::day{date}};
  return static_cast<Day>(sys_days{value}.time_since_epoch().count());
}

constexpr std::chrono::year_month_day calendar(Day value) noexcept {
  return std::chrono::sys_days{std::chrono::days{value}};
}

constexpr int year_of(Day value) noexcept {
  return static_cast<int>(calendar(value).year());
}

// The same date of another year; 29 February becomes 28 February.
constexpr Day add_years(Day value, int years) noexcept {
  const auto date = calendar(value);
  const unsigned month = static_cast<unsigned>(date.month());
  const unsigned last = month == 2 && static_cast<unsigned>(date.day()) == 29
                            ? 28U
                            : static_cast<unsigned>(date.day());
  return day(static_cast<int>(date.year()) + years, month, last);
}

// "2020-11-30"; empty for kNoDay.
inline std::string iso(Day value) {
  if (value == kNoDay) return {};
  const auto date = calendar(value);
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
  const auto month = static_cast<unsigned>(date.month());
  const auto number = static_cast<unsigned>(date.day());
  std::string text = "0000-00-00";
  const auto put = [&](std::size_t at, unsigned n, std::size_t width) {
    for (std::size_t i = width; i-- > 0; n /= 10) text[at + i] = static_cast<char>('0' + n % 10);
  };
  put(0, year, 4);
  put(5, month, 2);
  put(8, number, 2);
  return text;
}

// "2020-11"
inline std::string iso_month(Day value) {
  return iso(value).substr(0, 7);
}

}  // namespace dangbo::inline v1::generator
