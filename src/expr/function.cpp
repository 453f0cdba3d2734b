#include "expr/function.hpp"

#include <array>

namespace dangbo::inline v1::expr::detail {

namespace {

using F = Function;
using K = Kind;
using S = Style;

constexpr K kAny = K::kDyn;

constexpr Signature kSignatures[] = {
    {F::kNot, 1, {K::kBool}, K::kBool},
    {F::kNegate, 1, {K::kInt}, K::kInt},
    {F::kNegate, 1, {K::kDouble}, K::kDouble},
    {F::kAdd, 2, {K::kInt, K::kInt}, K::kInt},
    {F::kAdd, 2, {K::kUint, K::kUint}, K::kUint},
    {F::kAdd, 2, {K::kDouble, K::kDouble}, K::kDouble},
    {F::kAdd, 2, {K::kString, K::kString}, K::kString},
    {F::kAdd, 2, {K::kBytes, K::kBytes}, K::kBytes},
    {F::kAdd, 2, {K::kList, K::kList}, K::kList},
    {F::kAdd, 2, {K::kTimestamp, K::kDuration}, K::kTimestamp},
    {F::kAdd, 2, {K::kDuration, K::kTimestamp}, K::kTimestamp},
    {F::kAdd, 2, {K::kDuration, K::kDuration}, K::kDuration},
    {F::kSubtract, 2, {K::kInt, K::kInt}, K::kInt},
    {F::kSubtract, 2, {K::kUint, K::kUint}, K::kUint},
    {F::kSubtract, 2, {K::kDouble, K::kDouble}, K::kDouble},
    {F::kSubtract, 2, {K::kTimestamp, K::kTimestamp}, K::kDuration},
    {F::kSubtract, 2, {K::kTimestamp, K::kDuration}, K::kTimestamp},
    {F::kSubtract, 2, {K::kDuration, K::kDuration}, K::kDuration},
    {F::kMultiply, 2, {K::kInt, K::kInt}, K::kInt},
    {F::kMultiply, 2, {K::kUint, K::kUint}, K::kUint},
    {F::kMultiply, 2, {K::kDouble, K::kDouble}, K::kDouble},
    {F::kDivide, 2, {K::kInt, K::kInt}, K::kInt},
    {F::kDivide, 2, {K::kUint, K::kUint}, K::kUint},
    {F::kDivide, 2, {K::kDouble, K::kDouble}, K::kDouble},
    {F::kModulo, 2, {K::kInt, K::kInt}, K::kInt},
    {F::kModulo, 2, {K::kUint, K::kUint}, K::kUint},
    {F::kSize, 1, {K::kString}, K::kInt},
    {F::kSize, 1, {K::kBytes}, K::kInt},
    {F::kSize, 1, {K::kList}, K::kInt},
    {F::kSize, 1, {K::kMap}, K::kInt},
    {F::kContains, 2, {K::kString, K::kString}, K::kBool},
    {F::kStartsWith, 2, {K::kString, K::kString}, K::kBool},
    {F::kEndsWith, 2, {K::kString, K::kString}, K::kBool},
    {F::kMatches, 2, {K::kString, K::kString}, K::kBool},
    {F::kInt, 1, {K::kInt}, K::kInt},
    {F::kInt, 1, {K::kUint}, K::kInt},
    {F::kInt, 1, {K::kDouble}, K::kInt},
    {F::kInt, 1, {K::kString}, K::kInt},
    {F::kInt, 1, {K::kTimestamp}, K::kInt},
    {F::kUint, 1, {K::kUint}, K::kUint},
    {F::kUint, 1, {K::kInt}, K::kUint},
    {F::kUint, 1, {K::kDouble}, K::kUint},
    {F::kUint, 1, {K::kString}, K::kUint},
    {F::kDouble, 1, {K::kDouble}, K::kDouble},
    {F::kDouble, 1, {K::kInt}, K::kDouble},
    {F::kDouble, 1, {K::kUint}, K::kDouble},
    {F::kDouble, 1, {K::kString}, K::kDouble},
    {F::kString, 1, {K::kString}, K::kString},
    {F::kString, 1, {K::kBool}, K::kString},
    {F::kString, 1, {K::kInt}, K::kString},
    {F::kString, 1, {K::kUint}, K::kString},
    {F::kString, 1, {K::kDouble}, K::kString},
    {F::kString, 1, {K::kBytes}, K::kString},
    {F::kString, 1, {K::kTimestamp}, K::kString},
    {F::kString, 1, {K::kDuration}, K::kString},
    {F::kString, 1, {K::kDate}, K::kString},
    {F::kString, 1, {K::kPeriod}, K::kString},
    {F::kString, 1, {K::kEnum}, K::kString},
    {F::kBytes, 1, {K::kBytes}, K::kBytes},
    {F::kBytes, 1, {K::kString}, K::kBytes},
    {F::kBool, 1, {K::kBool}, K::kBool},
    {F::kBool, 1, {K::kString}, K::kBool},
    {F::kTimestamp, 1, {K::kTimestamp}, K::kTimestamp},
    {F::kTimestamp, 1, {K::kString}, K::kTimestamp},
    {F::kTimestamp, 1, {K::kInt}, K::kTimestamp},
    {F::kDuration, 1, {K::kDuration}, K::kDuration},
    {F::kDuration, 1, {K::kString}, K::kDuration},
    {F::kDuration, 1, {K::kInt}, K::kDuration},
    {F::kType, 1, {kAny}, K::kType, Reach::kConformance},
    {F::kDyn, 1, {kAny}, K::kDyn, Reach::kConformance},
    {F::kGetFullYear, 1, {K::kTimestamp}, K::kInt},
    {F::kGetFullYear, 2, {K::kTimestamp, K::kString}, K::kInt, Reach::kConformance},
    {F::kGetMonth, 1, {K::kTimestamp}, K::kInt, Reach::kConformance},
    {F::kGetMonth, 2, {K::kTimestamp, K::kString}, K::kInt, Reach::kConformance},
    {F::kGetDate, 1, {K::kTimestamp}, K::kInt},
    {F::kGetDate, 2, {K::kTimestamp, K::kString}, K::kInt, Reach::kConformance},
    {F::kGetDayOfMonth, 1, {K::kTimestamp}, K::kInt, Reach::kConformance},
    {F::kGetDayOfMonth, 2, {K::kTimestamp, K::kString}, K::kInt, Reach::kConformance},
    {F::kGetDayOfWeek, 1, {K::kTimestamp}, K::kInt, Reach::kConformance},
    {F::kGetDayOfWeek, 2, {K::kTimestamp, K::kString}, K::kInt, Reach::kConformance},
    {F::kGetDayOfYear, 1, {K::kTimestamp}, K::kInt, Reach::kConformance},
    {F::kGetDayOfYear, 2, {K::kTimestamp, K::kString}, K::kInt, Reach::kConformance},
    {F::kGetHours, 1, {K::kTimestamp}, K::kInt},
    {F::kGetHours, 2, {K::kTimestamp, K::kString}, K::kInt, Reach::kConformance},
    {F::kGetHours, 1, {K::kDuration}, K::kInt},
    {F::kGetMinutes, 1, {K::kTimestamp}, K::kInt},
    {F::kGetMinutes, 2, {K::kTimestamp, K::kString}, K::kInt, Reach::kConformance},
    {F::kGetMinutes, 1, {K::kDuration}, K::kInt},
    {F::kGetSeconds, 1, {K::kTimestamp}, K::kInt},
    {F::kGetSeconds, 2, {K::kTimestamp, K::kString}, K::kInt, Reach::kConformance},
    {F::kGetSeconds, 1, {K::kDuration}, K::kInt},
    {F::kGetMilliseconds, 1, {K::kTimestamp}, K::kInt},
    {F::kGetMilliseconds, 2, {K::kTimestamp, K::kString}, K::kInt, Reach::kConformance},
    {F::kGetMilliseconds, 1, {K::kDuration}, K::kInt},
    {F::kDate, 1, {K::kString}, K::kDate},
    {F::kDate, 1, {K::kDate}, K::kDate},
    {F::kDate, 3, {K::kInt, K::kInt, K::kInt}, K::kDate},
    {F::kPeriod, 1, {K::kString}, K::kPeriod},
    {F::kPeriod, 1, {K::kPeriod}, K::kPeriod},
    {F::kPlus, 2, {K::kDate, K::kPeriod}, K::kDate},
    {F::kPlus, 3, {K::kDate, K::kPeriod, K::kString}, K::kDate},
    {F::kDaysSince, 2, {K::kDate, K::kDate}, K::kInt},
    {F::kMonthsSince, 2, {K::kDate, K::kDate}, K::kInt},
    {F::kYearsSince, 2, {K::kDate, K::kDate}, K::kInt},
    {F::kYear, 1, {K::kDate}, K::kInt},
    {F::kMonth, 1, {K::kDate}, K::kInt},
    {F::kDay, 1, {K::kDate}, K::kInt},
    {F::kPlusWorkingDays, 2, {K::kDate, K::kInt}, K::kDate},
    {F::kWorkingDaysSince, 2, {K::kDate, K::kDate}, K::kInt},
    {F::kIsWorkingDay, 1, {K::kDate}, K::kBool},
    {F::kSum, 1, {K::kList}, K::kDyn},  // of the kind of the elements
    {F::kMin, 1, {K::kList}, K::kDyn},
    {F::kMax, 1, {K::kList}, K::kDyn},
};

// The order is that of the search; operators are no names.
constexpr Name kNames[] = {
    {"size", F::kSize, S::kEither},
    {"contains", F::kContains, S::kMethod},
    {"startsWith", F::kStartsWith, S::kMethod},
    {"endsWith", F::kEndsWith, S::kMethod},
    {"matches", F::kMatches, S::kEither},
    {"int", F::kInt, S::kGlobal},
    {"uint", F::kUint, S::kGlobal},
    {"double", F::kDouble, S::kGlobal},
    {"string", F::kString, S::kGlobal},
    {"bytes", F::kBytes, S::kGlobal},
    {"bool", F::kBool, S::kGlobal},
    {"timestamp", F::kTimestamp, S::kGlobal},
    {"duration", F::kDuration, S::kGlobal},
    {"type", F::kType, S::kGlobal},
    {"dyn", F::kDyn, S::kGlobal},
    {"getFullYear", F::kGetFullYear, S::kMethod},
    {"getMonth", F::kGetMonth, S::kMethod},
    {"getDate", F::kGetDate, S::kMethod},
    {"getDayOfMonth", F::kGetDayOfMonth, S::kMethod},
    {"getDayOfWeek", F::kGetDayOfWeek, S::kMethod},
    {"getDayOfYear", F::kGetDayOfYear, S::kMethod},
    {"getHours", F::kGetHours, S::kMethod},
    {"getMinutes", F::kGetMinutes, S::kMethod},
    {"getSeconds", F::kGetSeconds, S::kMethod},
    {"getMilliseconds", F::kGetMilliseconds, S::kMethod},
    {"date", F::kDate, S::kGlobal},
    {"period", F::kPeriod, S::kGlobal},
    {"plus", F::kPlus, S::kMethod},
    {"daysSince", F::kDaysSince, S::kMethod},
    {"monthsSince", F::kMonthsSince, S::kMethod},
    {"yearsSince", F::kYearsSince, S::kMethod},
    {"year", F::kYear, S::kMethod},
    {"month", F::kMonth, S::kMethod},
    {"day", F::kDay, S::kMethod},
    {"plusWorkingDays", F::kPlusWorkingDays, S::kMethod},
    {"workingDaysSince", F::kWorkingDaysSince, S::kMethod},
    {"isWorkingDay", F::kIsWorkingDay, S::kMethod},
    {"sum", F::kSum, S::kGlobal},
    {"min", F::kMin, S::kGlobal},
    {"max", F::kMax, S::kGlobal},
};

constexpr std::string_view kOperators[] = {"",   "!",  "-", "+",  "-", "*",  "/",  "%",
                                           "==", "!=", "<", "<=", ">", ">=", "in", "[]"};

}  // namespace

std::span<const Signature> signatures() noexcept {
  return kSignatures;
}

std::span<const Name> function_names() noexcept {
  return kNames;
}

std::optional<Function> find_function(std::string_view name, bool method) noexcept {
  for (const Name& entry : kNames) {
    if (entry.name == name &&
        (entry.style == Style::kEither || (entry.style == Style::kMethod) == method)) {
      return entry.function;
    }
  }
  return std::nullopt;
}

std::string_view name_of(Function function) noexcept {
  const auto index = static_cast<std::size_t>(function);
  if (index < std::size(kOperators)) return kOperators[index];
  for (const Name& entry : kNames) {
    if (entry.function == function) return entry.name;
  }
  return "== null";
}

}  // namespace dangbo::inline v1::expr::detail
