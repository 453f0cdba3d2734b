// Numbers, instants and lengths of time as text and back, by CEL's forms.
#pragma once

#include <string>
#include <string_view>

#include "dangbo/expr/value.hpp"

namespace dangbo::inline v1::expr::detail {

// Decimal or 0x…; an error out of 64 bits or for any other text.
[[nodiscard]] Value parse_int(std::string_view text) noexcept;
[[nodiscard]] Value parse_uint(std::string_view text) noexcept;
// An error when too large; what is too small becomes 0.
[[nodiscard]] Value parse_double(std::string_view text) noexcept;
// RFC 3339: "2026-03-31T08:00:00.5+07:00".
[[nodiscard]] Value parse_timestamp(std::string_view text) noexcept;
// "1h30m", "-1.5s", "20ms"; units h m s ms us ns.
[[nodiscard]] Value parse_duration(std::string_view text) noexcept;
// ISO 8601: "P1Y2M10D", "P3W", "-P1M".
[[nodiscard]] Value parse_period(std::string_view text) noexcept;

// The shortest text that reads back as the same number.
[[nodiscard]] std::string text_of_double(double value);
[[nodiscard]] std::string text_of_timestamp(const Value& timestamp);
[[nodiscard]] std::string text_of_duration(const Value& duration);
[[nodiscard]] std::string text_of_period(const Value& period);

// Days since 1970-01-01 in the proleptic Gregorian calendar, any year.
[[nodiscard]] std::int64_t days_of(std::int64_t year, int month, int day) noexcept;

struct Civil {
  std::int64_t year;
  int month;  // 1 … 12
  int day;    // 1 … 31
};
[[nodiscard]] Civil civil_of(std::int64_t days) noexcept;

}  // namespace dangbo::inline v1::expr::detail
