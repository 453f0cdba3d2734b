// The functions of the language: their names and what they take.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "dangbo/expr/value.hpp"

namespace dangbo::inline v1::expr::detail {

enum class Function : std::uint8_t {
  kNone,
  kNot,
  kNegate,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIn,
  kIndex,
  kSize,
  kContains,
  kStartsWith,
  kEndsWith,
  kMatches,
  kInt,
  kUint,
  kDouble,
  kString,
  kBytes,
  kBool,
  kTimestamp,
  kDuration,
  kType,
  kDyn,
  kGetFullYear,
  kGetMonth,
  kGetDate,
  kGetDayOfMonth,
  kGetDayOfWeek,
  kGetDayOfYear,
  kGetHours,
  kGetMinutes,
  kGetSeconds,
  kGetMilliseconds,
  kDate,
  kPeriod,
  kPlus,
  kDaysSince,
  kMonthsSince,
  kYearsSince,
  kYear,
  kMonth,
  kDay,
  kPlusWorkingDays,
  kWorkingDaysSince,
  kIsWorkingDay,
  kSum,  // of a list
  kMin,
  kMax,
  kIsMissing,  // `field == null` on an optional field
};

// Which profile knows it.
enum class Reach : std::uint8_t { kBoth, kConformance, kPack };

// One overload. Kind::kDyn takes anything.
struct Signature {
  Function function;
  std::uint8_t count;
  Kind takes[3];
  Kind result;
  Reach reach = Reach::kBoth;
};

[[nodiscard]] std::span<const Signature> signatures() noexcept;

enum class Style : std::uint8_t { kGlobal, kMethod, kEither };

struct Name {
  std::string_view name;
  Function function;
  Style style;
};

[[nodiscard]] std::span<const Name> function_names() noexcept;
[[nodiscard]] std::optional<Function> find_function(std::string_view name, bool method) noexcept;
// As it is written: "+", "size".
[[nodiscard]] std::string_view name_of(Function function) noexcept;

}  // namespace dangbo::inline v1::expr::detail
