// Instants and lengths of time as CEL has them; days and periods as administrative law counts.
#include <absl/time/time.h>

#include <optional>
#include <string>

#include "dangbo/base/absl.hpp"
#include "expr/apply.hpp"
#include "expr/kernels.hpp"
#include "expr/number_text.hpp"

namespace dangbo::inline v1::expr::detail {

namespace {

using F = Function;
using K = Kind;

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr std::int64_t kSecondsPerDay = 86'400;

const Value kNoOverload = Value::error(ErrorCode::kNoOverload);
const Value kOverflow = Value::error(ErrorCode::kOverflow);
const Value kNoSuchDay = Value::error(ErrorCode::kNoSuchDay);

Value shifted(const Value& instant, std::int64_t by, bool back) noexcept {
  const std::int64_t whole = by / kNanosPerSecond;
  const std::int64_t rest = by % kNanosPerSecond;
  std::int64_t seconds = back ? instant.as_int() - whole : instant.as_int() + whole;
  std::int64_t nanoseconds = instant.nanoseconds() + (back ? -rest : rest);
  if (nanoseconds < 0) {
    nanoseconds += kNanosPerSecond;
    --seconds;
  } else if (nanoseconds >= kNanosPerSecond) {
    nanoseconds -= kNanosPerSecond;
    ++seconds;
  }
  return Value::timestamp(seconds, static_cast<std::int32_t>(nanoseconds));
}

Value between(const Value& later, const Value& earlier) noexcept {
  std::int64_t out = 0;
  if (__builtin_mul_overflow(later.as_int() - earlier.as_int(), kNanosPerSecond, &out) ||
      __builtin_add_overflow(out, later.nanoseconds() - earlier.nanoseconds(), &out)) {
    return kOverflow;
  }
  return Value::duration(out);
}

// Seconds east of UTC: "+07:00", "-09:30", "02:00"; nothing for a name.
std::optional<std::int64_t> fixed_offset(std::string_view zone) noexcept {
  std::int64_t sign = 1;
  if (!zone.empty() && (zone.front() == '+' || zone.front() == '-')) {
    sign = zone.front() == '-' ? -1 : 1;
    zone.remove_prefix(1);
  }
  const auto digit = [&](std::size_t at) { return zone[at] >= '0' && zone[at] <= '9'; };
  if (zone.size() != 5 || zone[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) {
    return std::nullopt;
  }
  const int hours = (zone[0] - '0') * 10 + (zone[1] - '0');
  const int minutes = (zone[3] - '0') * 10 + (zone[4] - '0');
  if (hours > 23 || minutes > 59) return std::nullopt;
  return sign * (hours * 3600 + minutes * 60);
}

// Seconds to add to an instant to read it as a clock in the zone does.
bool offset_at(std::string_view zone, std::int64_t second, std::int64_t& offset) {
  if (const auto fixed = fixed_offset(zone)) {
    offset = *fixed;
    return true;
  }
  absl::TimeZone loaded;
  if (zone.empty() || zone.front() == '/' || zone.find("..") != std::string_view::npos ||
      !absl::LoadTimeZone(std::string(zone), &loaded)) {
    return false;
  }
  offset = loaded.At(absl::FromUnixSeconds(second)).offset;
  return true;
}

Value clock_part(F function, std::int64_t second, std::int32_t nanoseconds) noexcept {
  std::int64_t days = second / kSecondsPerDay;
  std::int64_t rest = second % kSecondsPerDay;
  if (rest < 0) {
    rest += kSecondsPerDay;
    --days;
  }
  const Civil civil = civil_of(days);
  switch (function) {
    case F::kGetFullYear:
      return Value::integer(civil.year);
    case F::kGetMonth:
      return Value::integer(civil.month - 1);
    case F::kGetDate:
      return Value::integer(civil.day);
    case F::kGetDayOfMonth:
      return Value::integer(civil.day - 1);
    case F::kGetDayOfWeek:
      return Value::integer(((days + 4) % 7 + 7) % 7);  // 1970-01-01 was a Thursday
    case F::kGetDayOfYear:
      return Value::integer(days - days_of(civil.year, 1, 1));
    case F::kGetHours:
      return Value::integer(rest / 3600);
    case F::kGetMinutes:
      return Value::integer(rest / 60 % 60);
    case F::kGetSeconds:
      return Value::integer(rest % 60);
    default:
      return Value::integer(nanoseconds / 1'000'000);
  }
}

Value length_part(F function, std::int64_t nanoseconds) noexcept {
  switch (function) {
    case F::kGetHours:
      return Value::integer(nanoseconds / (3600 * kNanosPerSecond));
    case F::kGetMinutes:
      return Value::integer(nanoseconds / (60 * kNanosPerSecond));
    case F::kGetSeconds:
      return Value::integer(nanoseconds / kNanosPerSecond);
    case F::kGetMilliseconds:
      // The part below a second, as the language definition's implementations have it.
      return Value::integer(nanoseconds % kNanosPerSecond / 1'000'000);
    default:
      return kNoOverload;
  }
}

Value part_of_time(F function, std::span<const Value> arguments) {
  const Value& of = arguments[0];
  if (of.kind() == K::kDuration && arguments.size() == 1) return length_part(function, of.as_int());
  if (of.kind() != K::kTimestamp) return kNoOverload;
  std::int64_t offset = 0;
  if (arguments.size() > 1) {
    if (arguments[1].kind() != K::kString) return kNoOverload;
    if (!offset_at(arguments[1].as_text(), of.as_int(), offset)) {
      return Value::error(ErrorCode::kBadZone);
    }
  }
  return clock_part(function, of.as_int() + offset, of.nanoseconds());
}

Value to_timestamp(const Value& value) noexcept {
  if (value.kind() == K::kTimestamp) return value;
  if (value.kind() == K::kInt) return Value::timestamp(value.as_int(), 0);
  return value.kind() == K::kString ? parse_timestamp(value.as_text()) : kNoOverload;
}

Value to_duration(const Value& value) noexcept {
  if (value.kind() == K::kDuration) return value;
  if (value.kind() == K::kString) return parse_duration(value.as_text());
  if (value.kind() != K::kInt) return kNoOverload;
  std::int64_t out = 0;
  return __builtin_mul_overflow(value.as_int(), kNanosPerSecond, &out) ? kOverflow
                                                                       : Value::duration(out);
}

time::Date day_of(const Value& value) noexcept {
  return time::Date::from_days(static_cast<std::int32_t>(value.as_int()));
}

// Days of data may lie outside the calendar: they compare, and are asked nothing else.
bool is_in_calendar(const Value& day) noexcept {
  return day.as_int() >= kFirstDay && day.as_int() <= kLastDay;
}

Value made_date(std::optional<time::Date> day) noexcept {
  return day ? Value::date(*day) : kNoSuchDay;
}

int narrowed(std::int64_t value) noexcept {
  return value >= -1'000'000 && value <= 1'000'000 ? static_cast<int>(value) : -1'000'000;
}

Value to_date(std::span<const Value> arguments) noexcept {
  const Value& first = arguments[0];
  if (arguments.size() == 3) {
    for (const Value& part : arguments) {
      if (part.kind() != K::kInt) return kNoOverload;
    }
    return made_date(time::Date::from_ymd(narrowed(first.as_int()), narrowed(arguments[1].as_int()),
                                          narrowed(arguments[2].as_int())));
  }
  if (first.kind() == K::kDate) return first;
  if (first.kind() != K::kString) return kNoOverload;
  // The ISO form of a whole day and no other: a rule is no place for guesses.
  if (first.as_text().size() != 10 || first.as_text()[4] != '-') return kNoSuchDay;
  const auto parsed = time::parse_date(first.as_text());
  return made_date(parsed.value ? parsed.value->exact() : std::nullopt);
}

std::optional<time::MonthEndRule> rounding_named(std::string_view name) noexcept {
  if (name == "clamp") return time::MonthEndRule::kClamp;
  if (name == "snap-to-end") return time::MonthEndRule::kSnapToEnd;
  if (name == "spill") return time::MonthEndRule::kSpill;
  if (name == "strict") return time::MonthEndRule::kStrict;
  return std::nullopt;
}

// Months first, then days, as laws are read.
Value plus(std::span<const Value> arguments) noexcept {
  if (arguments[0].kind() != K::kDate || arguments[1].kind() != K::kPeriod) return kNoOverload;
  const auto months = static_cast<int>(arguments[1].as_int());
  std::optional<time::Date> day = day_of(arguments[0]);
  if (arguments.size() < 3) {
    if (months != 0) return Value::error(ErrorCode::kNoRounding);
  } else {
    if (arguments[2].kind() != K::kString) return kNoOverload;
    const auto rule = rounding_named(arguments[2].as_text());
    if (!rule) return Value::error(ErrorCode::kNoRounding);
    if (months != 0) day = time::add_months(*day, months, *rule);
  }
  if (!day) return kNoSuchDay;
  const std::int64_t moved = std::int64_t{day->days()} + arguments[1].days();
  if (moved < kFirstDay || moved > kLastDay) return kNoSuchDay;
  return Value::date(time::Date::from_days(static_cast<std::int32_t>(moved)));
}

Value working_days(F function, std::span<const Value> arguments, Surroundings& around) {
  if (around.calendar == nullptr) return Value::error(ErrorCode::kNoCalendar);
  const time::Date day = day_of(arguments[0]);
  if (function == F::kIsWorkingDay) return Value::boolean(around.calendar->is_working(day));
  if (function == F::kPlusWorkingDays) {
    if (arguments[1].kind() != K::kInt) return kNoOverload;
    const std::int64_t count = arguments[1].as_int();
    if (count < -1'000'000 || count > 1'000'000) return kNoSuchDay;
    if (!around.pay(static_cast<std::uint64_t>(count < 0 ? -count : count))) {
      return Value::error(ErrorCode::kBudget);
    }
    return made_date(around.calendar->add(day, static_cast<int>(count)));
  }
  if (arguments[1].kind() != K::kDate) return kNoOverload;
  // Of the days after the earlier one up to the later one.
  const time::Date since = day_of(arguments[1]);
  const bool back = day < since;
  const time::Date low = back ? day : since;
  const time::Date high = back ? since : day;
  if (!around.pay(static_cast<std::uint64_t>(high.days() - low.days()))) {
    return Value::error(ErrorCode::kBudget);
  }
  const int count = around.calendar->count(low.plus_days(1), high.plus_days(1));
  return Value::integer(back ? -count : count);
}

Value apply_to_date(F function, std::span<const Value> arguments, Surroundings& around) {
  if (arguments[0].kind() != K::kDate) return kNoOverload;
  for (const Value& argument : arguments) {
    if (argument.kind() == K::kDate && !is_in_calendar(argument)) return kNoSuchDay;
  }
  const time::Date day = day_of(arguments[0]);
  switch (function) {
    case F::kYear:
      return Value::integer(day.year());
    case F::kMonth:
      return Value::integer(day.month());
    case F::kDay:
      return Value::integer(day.day());
    case F::kPlus:
      return plus(arguments);
    case F::kPlusWorkingDays:
    case F::kWorkingDaysSince:
    case F::kIsWorkingDay:
      return working_days(function, arguments, around);
    default:
      break;
  }
  if (arguments[1].kind() != K::kDate) return kNoOverload;
  const time::Date since = day_of(arguments[1]);
  if (function == F::kDaysSince) return Value::integer(day.days() - since.days());
  return Value::integer(function == F::kMonthsSince ? time::months_between(since, day)
                                                    : time::years_between(since, day));
}

}  // namespace

Value arithmetic_of_times(Function function, const Value& a, const Value& b) noexcept {
  const bool adds = function == F::kAdd;
  if (!adds && function != F::kSubtract) return kNoOverload;
  if (a.kind() == K::kTimestamp && b.kind() == K::kDuration) return shifted(a, b.as_int(), !adds);
  if (a.kind() == K::kDuration && b.kind() == K::kTimestamp && adds) {
    return shifted(b, a.as_int(), false);
  }
  if (a.kind() == K::kTimestamp && b.kind() == K::kTimestamp && !adds) return between(a, b);
  if (a.kind() != K::kDuration || b.kind() != K::kDuration) return kNoOverload;
  std::int64_t out = 0;
  const bool overflow = adds ? __builtin_add_overflow(a.as_int(), b.as_int(), &out)
                             : __builtin_sub_overflow(a.as_int(), b.as_int(), &out);
  return overflow ? kOverflow : Value::duration(out);
}

Value text_of_time(const Value& value) {
  switch (value.kind()) {
    case K::kTimestamp:
      return Value::text(text_of_timestamp(value));
    case K::kDuration:
      return Value::text(text_of_duration(value));
    case K::kDate:
      return is_in_calendar(value) ? Value::text(day_of(value).to_string()) : kNoSuchDay;
    case K::kPeriod:
      return Value::text(text_of_period(value));
    default:
      return kNoOverload;
  }
}

Value apply_to_times(Function function, std::span<const Value> arguments, Surroundings& around) {
  switch (function) {
    case F::kTimestamp:
      return to_timestamp(arguments[0]);
    case F::kDuration:
      return to_duration(arguments[0]);
    case F::kDate:
      return to_date(arguments);
    case F::kPeriod:
      if (arguments[0].kind() == K::kPeriod) return arguments[0];
      return arguments[0].kind() == K::kString ? parse_period(arguments[0].as_text()) : kNoOverload;
    default:
      break;
  }
  return function >= F::kGetFullYear && function <= F::kGetMilliseconds
             ? part_of_time(function, arguments)
             : apply_to_date(function, arguments, around);
}

}  // namespace dangbo::inline v1::expr::detail
