// Calendar days. A day is an int32 count from 1970-01-01 (Arrow date32); the calendar itself is
// Boost.Date_Time's. There is no "today" in this library: the as-of day is always a parameter.
#pragma once

#include <boost/date_time/gregorian/gregorian_types.hpp>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dangbo::inline v1::time {

// Ngày: one calendar day, 1400-01-01 to 9999-12-31 (Boost's range).
class Date {
 public:
  // 1970-01-01.
  constexpr Date() noexcept = default;
  [[nodiscard]] static constexpr Date from_days(std::int32_t days_since_1970) noexcept {
    return Date(days_since_1970);
  }
  // Nothing when no such day exists (month 13, 30 February, year outside 1400 … 9999).
  [[nodiscard]] static std::optional<Date> from_ymd(int year, int month, int day) noexcept;
  // Nothing for Boost's special values (infinities, not-a-date).
  [[nodiscard]] static std::optional<Date> from_boost(boost::gregorian::date date) noexcept;

  [[nodiscard]] constexpr std::int32_t days() const noexcept { return days_; }
  [[nodiscard]] int year() const noexcept;
  [[nodiscard]] int month() const noexcept;  // 1 … 12
  [[nodiscard]] int day() const noexcept;    // 1 … 31
  [[nodiscard]] boost::gregorian::date to_boost() const;
  // ISO 8601: "2020-11-30".
  [[nodiscard]] std::string to_string() const;

  [[nodiscard]] constexpr Date plus_days(std::int32_t count) const noexcept {
    return Date(days_ + count);
  }
  friend constexpr auto operator<=>(Date, Date) noexcept = default;

 private:
  constexpr explicit Date(std::int32_t days) noexcept : days_(days) {}
  std::int32_t days_ = 0;
};

[[nodiscard]] int days_in_month(int year, int month) noexcept;

// What becomes of a day that the target month lacks, and of the last day of a month.
enum class MonthEndRule : std::uint8_t {
  kClamp,  // the target month's last day: 31 Jan + 1 month = 28 Feb; 28 Feb 2023 + 12 = 28 Feb 2024
  kSnapToEnd,  // as kClamp, and a month's last day stays a last day: 28 Feb 2023 + 12 = 29 Feb 2024
               // (Boost's rule)
  kSpill,      // the first day of the next month: 31 Jan + 1 month = 1 Mar
  kStrict,     // no answer: 31 Jan + 1 month is nothing
};

// The only month and year arithmetic of the library; a year is 12 months. `months` may be negative.
// Nothing when kStrict finds no such day or the result leaves 1400 … 9999.
[[nodiscard]] std::optional<Date> add_months(Date date, int months, MonthEndRule rule) noexcept;

// Whole months (years) from `from` to `to`, negative when `to` is earlier: the largest n with
// add_months(from, n, kSpill) <= to. Born on 29 February one is a year older on 1 March of common
// years (definitions.md 6).
[[nodiscard]] int months_between(Date from, Date to) noexcept;
[[nodiscard]] int years_between(Date from, Date to) noexcept;

enum class DatePrecision : std::uint8_t { kDay = 0, kMonth = 1, kYear = 2 };

// A date of which the day, or the day and the month, may be unknown: "1952", "1952-03". Ordered by
// its first possible day, then from the most to the least precise.
class PartialDate {
 public:
  constexpr PartialDate() noexcept = default;
  constexpr PartialDate(Date day) noexcept
      : code_(day.days() * 4) {}  // NOLINT: a day is a partial date
  [[nodiscard]] static std::optional<PartialDate> from_year(int year) noexcept;
  [[nodiscard]] static std::optional<PartialDate> from_month(int year, int month) noexcept;

  [[nodiscard]] constexpr DatePrecision precision() const noexcept {
    return static_cast<DatePrecision>(code_ & 3);
  }
  [[nodiscard]] constexpr bool is_exact() const noexcept { return (code_ & 3) == 0; }
  [[nodiscard]] constexpr Date first_day() const noexcept { return Date::from_days(code_ >> 2); }
  [[nodiscard]] Date last_day() const noexcept;
  // The day, when it is known.
  [[nodiscard]] constexpr std::optional<Date> exact() const noexcept {
    return is_exact() ? std::optional<Date>(first_day()) : std::nullopt;
  }
  // "1952", "1952-03" or "1952-03-05".
  [[nodiscard]] std::string to_string() const;

  // The form kept in columns: first day × 4 + precision. Ordered as the dates are.
  [[nodiscard]] constexpr std::int32_t code() const noexcept { return code_; }
  [[nodiscard]] static constexpr PartialDate from_code(std::int32_t code) noexcept {
    PartialDate date;
    date.code_ = code;
    return date;
  }
  friend constexpr auto operator<=>(PartialDate, PartialDate) noexcept = default;

 private:
  std::int32_t code_ = 0;
};

enum class DateFault : std::uint8_t {
  kNone,
  kNotADate,      // no form we know
  kNoSuchDay,     // month 13, 30 February
  kTwoDigitYear,  // ambiguous: the century is not said
};

struct ParsedDate {
  std::optional<PartialDate> value;
  DateFault fault = DateFault::kNone;
};

// Reads ISO (1952, 1952-03, 1952-03-05, also with a time of day that is dropped:
// 1952-03-05T00:00:00, 1952-03-05 00:00:00.000) and Vietnamese forms (5/3/1952, 05-03-1952,
// 05.03.1952, 3/1952), day before month, spaces around ignored. Never guesses. Allocates nothing.
[[nodiscard]] ParsedDate parse_date(std::string_view text) noexcept;

}  // namespace dangbo::inline v1::time
