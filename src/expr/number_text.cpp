#include "expr/number_text.hpp"

#include <absl/strings/charconv.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

namespace dangbo::inline v1::expr::detail {

namespace {

const Value kBad = Value::error(ErrorCode::kBadConversion);
const Value kTooLarge = Value::error(ErrorCode::kOverflow);

__extension__ using Wide = __int128;

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr std::int64_t kSecondsPerDay = 86'400;

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// Magnitude of a decimal or 0x number.
template <typename Number>
std::errc read(std::string_view text, Number& number) noexcept {
  int base = 10;
  const bool negative = text.starts_with('-');
  std::string_view digits = negative ? text.substr(1) : text;
  std::uint64_t magnitude = 0;
  if (digits.starts_with("0x") || digits.starts_with("0X")) {
    base = 16;
    digits.remove_prefix(2);
  }
  if (digits.empty() || digits.front() == '-') return std::errc::invalid_argument;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), magnitude, base);
  if (error != std::errc()) return error;
  if (end != digits.data() + digits.size()) return std::errc::invalid_argument;
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<Number>::max());
  constexpr bool kSigned = std::numeric_limits<Number>::is_signed;
  const std::uint64_t most = negative ? (kSigned ? kMost + 1 : 0) : kMost;
  if (magnitude > most) return std::errc::result_out_of_range;
  number = static_cast<Number>(negative ? 0 - magnitude : magnitude);
  return std::errc();
}

// `count` digits at `at`, or -1.
int digits(std::string_view text, std::size_t at, std::size_t count) noexcept {
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (i >= text.size() || !is_digit(text[i])) return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

int days_in(std::int64_t year, int month) noexcept {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

// "Z" or "±hh:mm", in seconds.
bool read_offset(std::string_view text, std::int64_t& offset) noexcept {
  offset = 0;
  if (text == "Z") return true;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return false;
  const int hours = digits(text, 1, 2);
  const int minutes = digits(text, 4, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return false;
  offset = (hours * 3600 + minutes * 60) * (text[0] == '-' ? -1 : 1);
  return true;
}

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};
constexpr Unit kUnits[] = {{"h", 3600 * kNanosPerSecond},
                           {"ms", 1'000'000},
                           {"m", 60 * kNanosPerSecond},
                           {"s", kNanosPerSecond},
                           {"us", 1000},
                           {"µs", 1000},
                           {"μs", 1000},
                           {"ns", 1}};

// Adds one "12.5h" at the front of `text`, taken off it.
bool read_part(std::string_view& text, Wide& total) noexcept {
  Wide whole = 0;
  std::size_t used = 0;
  std::size_t seen = 0;
  for (; used < text.size() && is_digit(text[used]); ++used, ++seen) {
    whole = whole * 10 + (text[used] - '0');
    if (whole > std::numeric_limits<std::int64_t>::max()) return false;
  }
  Wide fraction = 0;
  Wide scale = 1;
  if (used < text.size() && text[used] == '.') {
    for (++used; used < text.size() && is_digit(text[used]); ++used, ++seen) {
      if (scale < 1'000'000'000'000'000) {  // finer than a nanosecond of an hour
        fraction = fraction * 10 + (text[used] - '0');
        scale *= 10;
      }
    }
  }
  if (seen == 0) return false;
  text.remove_prefix(used);
  for (const Unit& unit : kUnits) {
    if (text.starts_with(unit.name)) {
      text.remove_prefix(unit.name.size());
      total += whole * unit.nanoseconds + fraction * unit.nanoseconds / scale;
      return total <= static_cast<Wide>(std::numeric_limits<std::int64_t>::max()) + 1;
    }
  }
  return false;
}

// ".5" of a number of nanoseconds below a second, without zeros at the end; "" for 0.
std::string fraction_of(std::int64_t nanoseconds) {
  if (nanoseconds == 0) return {};
  std::string out = std::to_string(nanoseconds);
  out.insert(0, 9 - out.size(), '0');
  while (out.back() == '0') out.pop_back();
  return "." + out;
}

}  // namespace

Value parse_int(std::string_view text) noexcept {
  std::int64_t number = 0;
  const auto error = read(text, number);
  if (error == std::errc()) return Value::integer(number);
  return error == std::errc::result_out_of_range ? kTooLarge : kBad;
}

Value parse_uint(std::string_view text) noexcept {
  std::uint64_t number = 0;
  const auto error = read(text, number);
  if (error == std::errc()) return Value::unsigned_integer(number);
  return error == std::errc::result_out_of_range ? kTooLarge : kBad;
}

Value parse_double(std::string_view text) noexcept {
  double number = 0;
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return kBad;
  }
  const auto [end, error] = absl::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc::invalid_argument || end != text.data() + text.size()) return kBad;
  if (error == std::errc::result_out_of_range && std::abs(number) > 1) return kTooLarge;
  return Value::real(number);
}

Value parse_timestamp(std::string_view text) noexcept {
  const int year = digits(text, 0, 4);
  const int month = digits(text, 5, 2);
  const int day = digits(text, 8, 2);
  const int hour = digits(text, 11, 2);
  const int minute = digits(text, 14, 2);
  const int second = digits(text, 17, 2);
  if (year < 0 || month < 1 || month > 12 || day < 1 || hour < 0 || hour > 23 || minute < 0 ||
      minute > 59 || second < 0 || second > 59 || text[4] != '-' || text[7] != '-' ||
      text[10] != 'T' || text[13] != ':' || text[16] != ':' || day > days_in(year, month)) {
    return kBad;
  }
  std::size_t at = 19;
  std::int32_t nanoseconds = 0;
  if (at < text.size() && text[at] == '.') {
    std::int32_t scale = 100'000'000;
    const std::size_t first = ++at;
    for (; at < text.size() && is_digit(text[at]); ++at, scale /= 10) {
      nanoseconds += (text[at] - '0') * scale;
    }
    if (at == first) return kBad;
  }
  std::int64_t offset = 0;
  if (at > text.size() || !read_offset(text.substr(at), offset)) return kBad;
  const std::int64_t seconds =
      days_of(year, month, day) * kSecondsPerDay + hour * 3600 + minute * 60 + second - offset;
  return Value::timestamp(seconds, nanoseconds);
}

Value parse_duration(std::string_view text) noexcept {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return Value::duration(0);
  if (text.empty()) return kBad;
  Wide total = 0;
  while (!text.empty()) {
    if (!read_part(text, total)) return kBad;
  }
  if (negative) total = -total;
  if (total > std::numeric_limits<std::int64_t>::max()) return kTooLarge;
  return Value::duration(static_cast<std::int64_t>(total));
}

Value parse_period(std::string_view text) noexcept {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.size() < 3 || text.front() != 'P') return kBad;
  text.remove_prefix(1);
  std::int64_t months = 0;
  std::int64_t days = 0;
  std::string_view units = "YMWD";
  while (!text.empty()) {
    std::uint32_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || end == text.data() + text.size() || count > 1'000'000) return kBad;
    const auto unit = units.find(*end);
    if (unit == std::string_view::npos) return kBad;
    switch (*end) {
      case 'Y':
        months += 12 * std::int64_t{count};
        break;
      case 'M':
        months += count;
        break;
      case 'W':
        days += 7 * std::int64_t{count};
        break;
      default:
        days += count;
    }
    units.remove_prefix(unit + 1);
    text.remove_prefix(static_cast<std::size_t>(end + 1 - text.data()));
  }
  const std::int32_t sign = negative ? -1 : 1;
  return Value::period(static_cast<std::int32_t>(months) * sign,
                       static_cast<std::int32_t>(days) * sign);
}

std::string text_of_double(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "+Infinity";
  std::array<char, 40> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  static_cast<void>(error);  // 24 characters are enough for any double
  return {buffer.data(), end};
}

std::int64_t days_of(std::int64_t year, int month, int day) noexcept {
  // Years begin in March, so that the leap day is their last.
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t of_era = year - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

Civil civil_of(std::int64_t days) noexcept {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const std::int64_t of_era = days - era * 146'097;
  const std::int64_t year = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const std::int64_t shifted = (5 * of_year + 2) / 153;
  const int day = static_cast<int>(of_year - (153 * shifted + 2) / 5 + 1);
  const int month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
  return {year + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

std::string text_of_timestamp(const Value& timestamp) {
  std::int64_t days = timestamp.as_int() / kSecondsPerDay;
  std::int64_t seconds = timestamp.as_int() % kSecondsPerDay;
  if (seconds < 0) {
    seconds += kSecondsPerDay;
    --days;
  }
  const Civil civil = civil_of(days);
  std::array<char, 48> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02d-%02dT%02d:%02d:%02d",
                static_cast<int>(civil.year), civil.month, civil.day,
                static_cast<int>(seconds / 3600), static_cast<int>(seconds / 60 % 60),
                static_cast<int>(seconds % 60));
  return buffer.data() + fraction_of(timestamp.nanoseconds()) + "Z";
}

std::string text_of_duration(const Value& duration) {
  const std::int64_t value = duration.as_int();
  const std::int64_t seconds = value / kNanosPerSecond;
  const std::int64_t rest = value % kNanosPerSecond;
  const std::string sign = value < 0 && seconds == 0 ? "-" : "";
  return sign + std::to_string(seconds) + fraction_of(rest < 0 ? -rest : rest) + "s";
}

std::string text_of_period(const Value& period) {
  const bool negative = period.as_int() < 0 || period.days() < 0;
  const std::int64_t months = negative ? -period.as_int() : period.as_int();
  const std::int64_t days = negative ? -std::int64_t{period.days()} : period.days();
  std::string out = negative ? "-P" : "P";
  if (months / 12 != 0) out += std::to_string(months / 12) + "Y";
  if (months % 12 != 0) out += std::to_string(months % 12) + "M";
  if (days != 0 || months == 0) out += std::to_string(days) + "D";
  return out;
}

}  // namespace dangbo::inline v1::expr::detail
