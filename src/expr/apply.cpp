// The functions of CEL on values; dates are in apply_time.cpp.
#include "expr/apply.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "dangbo/base/text.hpp"
#include "expr/fold.hpp"
#include "expr/number.hpp"
#include "expr/number_text.hpp"

namespace dangbo::inline v1::expr::detail {

namespace {

using F = Function;
using K = Kind;

const Value kNoOverload = Value::error(ErrorCode::kNoOverload);
const Value kOverflow = Value::error(ErrorCode::kOverflow);
const Value kDivideByZero = Value::error(ErrorCode::kDivideByZero);
const Value kBadConversion = Value::error(ErrorCode::kBadConversion);
const Value kBudget = Value::error(ErrorCode::kBudget);

constexpr std::size_t kBytesAStep = 16;

template <typename Number>
Value whole(F function, Number a, Number b, Value (*make)(Number) noexcept) noexcept {
  Number out = 0;
  bool overflow = false;
  switch (function) {
    case F::kAdd:
      overflow = __builtin_add_overflow(a, b, &out);
      break;
    case F::kSubtract:
      overflow = __builtin_sub_overflow(a, b, &out);
      break;
    case F::kMultiply:
      overflow = __builtin_mul_overflow(a, b, &out);
      break;
    default:
      if (b == 0) return kDivideByZero;
      if (std::is_signed_v<Number> && b == static_cast<Number>(-1)) {
        // The smallest integer has no positive twin; its remainder by -1 would trap as well.
        if (function == F::kModulo)
          return a == std::numeric_limits<Number>::min() ? kOverflow : make(0);
        overflow = __builtin_sub_overflow(Number{0}, a, &out);
        break;
      }
      out = function == F::kDivide ? static_cast<Number>(a / b) : static_cast<Number>(a % b);
  }
  return overflow ? kOverflow : make(out);
}

Value floating(F function, double a, double b) noexcept {
  switch (function) {
    case F::kAdd:
      return Value::real(a + b);
    case F::kSubtract:
      return Value::real(a - b);
    case F::kMultiply:
      return Value::real(a * b);
    case F::kDivide:
      return Value::real(a / b);
    default:
      return kNoOverload;
  }
}

Value join(const Value& a, const Value& b, Surroundings& around) {
  if (a.kind() == K::kList) {
    if (!around.pay(a.size() + b.size())) return kBudget;
    std::vector<Value> items;
    items.reserve(a.size() + b.size());
    for (const Value* list : {&a, &b}) {
      for (std::size_t i = 0; i < list->size(); ++i) items.push_back(list->item(i));
    }
    Value out = Value::list(std::move(items));
    return out.weight() > kMaxSteps ? kBudget : out;
  }
  if (!around.pay((a.as_text().size() + b.as_text().size()) / kBytesAStep)) return kBudget;
  std::string text(a.as_text());
  text += b.as_text();
  return a.kind() == K::kString ? Value::text(std::move(text)) : Value::bytes(std::move(text));
}

Value arithmetic(F function, const Value& a, const Value& b, Surroundings& around) {
  if (a.kind() != b.kind()) return arithmetic_of_times(function, a, b);
  switch (a.kind()) {
    case K::kInt:
      return whole<std::int64_t>(function, a.as_int(), b.as_int(), Value::integer);
    case K::kUint:
      return whole<std::uint64_t>(function, a.as_uint(), b.as_uint(), Value::unsigned_integer);
    case K::kDouble:
      return floating(function, a.as_double(), b.as_double());
    case K::kString:
    case K::kBytes:
    case K::kList:
      return function == F::kAdd ? join(a, b, around) : kNoOverload;
    default:
      return arithmetic_of_times(function, a, b);
  }
}

// Whether the values can be told apart: periods of months and of days cannot.
bool comparable_periods(const Value& a, const Value& b) noexcept {
  const bool has_months = a.as_int() != 0 || b.as_int() != 0;
  const bool has_days = a.days() != 0 || b.days() != 0;
  return !(has_months && has_days) || (a.as_int() == b.as_int() && a.days() == b.days());
}

bool is_number(const Value& value) noexcept {
  return value.kind() == K::kInt || value.kind() == K::kUint || value.kind() == K::kDouble;
}

// An order, or the reason there is none.
Value order_of(const Value& a, const Value& b, std::partial_ordering& order) noexcept {
  if (is_number(a) && is_number(b)) {
    order = compare_numbers(a, b);
    return {};
  }
  if (a.kind() != b.kind()) return kNoOverload;
  switch (a.kind()) {
    case K::kBool:
    case K::kDuration:
    case K::kDate:
      order = a.as_int() <=> b.as_int();
      return {};
    case K::kTimestamp:
      order = a.as_int() <=> b.as_int();
      if (order == 0) order = a.nanoseconds() <=> b.nanoseconds();
      return {};
    case K::kString:
    case K::kBytes:
      // By code points: the bytes of UTF-8 are in that order.
      order = a.as_text().compare(b.as_text()) <=> 0;
      return {};
    case K::kPeriod:
      if (!comparable_periods(a, b)) return Value::error(ErrorCode::kMonthsAndDays);
      order = a.as_int() <=> b.as_int();
      if (order == 0) order = a.days() <=> b.days();
      return {};
    default:
      return kNoOverload;
  }
}

Value comparison(F function, const Value& a, const Value& b, Surroundings& around) {
  const auto work = std::min(a.weight(), b.weight());
  if (!around.pay(work)) return kBudget;
  if (function == F::kEqual || function == F::kNotEqual) {
    if (a.kind() == K::kPeriod && b.kind() == K::kPeriod && !comparable_periods(a, b)) {
      return Value::error(ErrorCode::kMonthsAndDays);
    }
    return Value::boolean(equal(a, b) == (function == F::kEqual));
  }
  std::partial_ordering order = std::partial_ordering::unordered;
  Value fault = order_of(a, b, order);
  if (fault.is_error()) return fault;
  switch (function) {
    case F::kLess:
      return Value::boolean(order < 0);
    case F::kLessEqual:
      return Value::boolean(order <= 0);
    case F::kGreater:
      return Value::boolean(order > 0);
    default:
      return Value::boolean(order >= 0);
  }
}

Value contained(const Value& wanted, const Value& in, Surroundings& around) {
  if (in.kind() == K::kMap) return Value::boolean(in.find(wanted) != nullptr);
  if (in.kind() != K::kList) return kNoOverload;
  if (!around.pay(in.weight())) return kBudget;
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (equal(in.item(i), wanted)) return Value::boolean(true);
  }
  return Value::boolean(false);
}

Value indexed(const Value& of, const Value& index) {
  if (of.kind() == K::kMap) {
    const Value* found = of.find(index);
    return found == nullptr ? Value::error(ErrorCode::kNoSuchKey) : *found;
  }
  if (of.kind() != K::kList || !is_number(index)) return kNoOverload;
  if (index.kind() == K::kDouble && std::trunc(index.as_double()) != index.as_double()) {
    return Value::error(ErrorCode::kOutOfRange);
  }
  const Value count = Value::unsigned_integer(of.size());
  if (compare_numbers(index, Value::integer(0)) < 0 || !(compare_numbers(index, count) < 0)) {
    return Value::error(ErrorCode::kOutOfRange);
  }
  return of.item(index.kind() == K::kDouble ? static_cast<std::size_t>(index.as_double())
                                            : static_cast<std::size_t>(index.as_uint()));
}

Value folded(F function, const Value& list, Surroundings& around) {
  if (list.kind() != K::kList) return kNoOverload;
  if (!around.pay(list.size())) return kBudget;
  Fold fold(fold_of(function));
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!fold.add(list.item(i))) return kNoOverload;
  }
  return fold.result(K::kInt);
}

Value size_of(const Value& value) noexcept {
  switch (value.kind()) {
    case K::kString:
      return Value::integer(static_cast<std::int64_t>(base::code_points(value.as_text())));
    case K::kBytes:
      return Value::integer(static_cast<std::int64_t>(value.as_text().size()));
    case K::kList:
    case K::kMap:
      return Value::integer(static_cast<std::int64_t>(value.size()));
    default:
      return kNoOverload;
  }
}

Value text_test(F function, const Value& text, const Value& part, const Pattern* pattern,
                Surroundings& around) {
  if (text.kind() != K::kString || part.kind() != K::kString) return kNoOverload;
  if (!around.pay((text.as_text().size() + part.as_text().size()) / kBytesAStep)) return kBudget;
  switch (function) {
    case F::kContains:
      return Value::boolean(text.as_text().find(part.as_text()) != std::string_view::npos);
    case F::kStartsWith:
      return Value::boolean(text.as_text().starts_with(part.as_text()));
    case F::kEndsWith:
      return Value::boolean(text.as_text().ends_with(part.as_text()));
    default:
      break;
  }
  if (!Pattern::available()) return Value::error(ErrorCode::kNoPatterns);
  if (pattern != nullptr) return Value::boolean(pattern->found_in(text.as_text()));
  if (!around.pay(100 + part.as_text().size())) return kBudget;  // to compile it
  const Pattern made(part.as_text());
  if (!made.fault().empty()) return Value::error(ErrorCode::kBadPattern);
  return Value::boolean(made.found_in(text.as_text()));
}

// A decimal number in a string; unlike literals no 0x.
bool is_decimal(std::string_view text) noexcept {
  return text.find_first_of("xX") == std::string_view::npos;
}

Value to_int(const Value& value) {
  switch (value.kind()) {
    case K::kInt:
      return value;
    case K::kTimestamp:
      return Value::integer(value.as_int());
    case K::kUint:
      return value.as_int() < 0 ? kOverflow : Value::integer(value.as_int());
    case K::kDouble:
      // The smallest integer is refused too: doubles near it may have been rounded to it.
      if (!(value.as_double() > -0x1p63 && value.as_double() < 0x1p63)) return kOverflow;
      return Value::integer(static_cast<std::int64_t>(value.as_double()));
    case K::kString: {
      std::string_view text = value.as_text();
      if (text.size() > 1 && text.front() == '+' && text[1] != '-') text.remove_prefix(1);
      return is_decimal(text) ? parse_int(text) : kBadConversion;
    }
    default:
      return kNoOverload;
  }
}

Value to_uint(const Value& value) {
  switch (value.kind()) {
    case K::kUint:
      return value;
    case K::kInt:
      return value.as_int() < 0 ? kOverflow : Value::unsigned_integer(value.as_uint());
    case K::kDouble:
      if (!(value.as_double() >= 0 && value.as_double() < 0x1p64)) return kOverflow;
      return Value::unsigned_integer(static_cast<std::uint64_t>(value.as_double()));
    case K::kString:
      return is_decimal(value.as_text()) && !value.as_text().starts_with('-')
                 ? parse_uint(value.as_text())
                 : kBadConversion;
    default:
      return kNoOverload;
  }
}

Value to_double(const Value& value) {
  switch (value.kind()) {
    case K::kDouble:
      return value;
    case K::kInt:
      return Value::real(static_cast<double>(value.as_int()));
    case K::kUint:
      return Value::real(static_cast<double>(value.as_uint()));
    case K::kString:
      return parse_double(value.as_text());
    default:
      return kNoOverload;
  }
}

Value to_string(const Value& value) {
  switch (value.kind()) {
    case K::kString:
      return value;
    case K::kBool:
      return Value::borrowed_text(value.is_true() ? "true" : "false");
    case K::kInt:
      return Value::text(std::to_string(value.as_int()));
    case K::kUint:
      return Value::text(std::to_string(value.as_uint()));
    case K::kDouble:
      return Value::text(text_of_double(value.as_double()));
    case K::kBytes:
      if (base::first_bad_utf8(value.as_text())) return Value::error(ErrorCode::kBadUtf8);
      return Value::text(std::string(value.as_text()));
    case K::kEnum:
      return Value::text(std::string(value.as_text()));
    default:
      return text_of_time(value);
  }
}

Value to_bool(const Value& value) noexcept {
  if (value.kind() == K::kBool) return value;
  if (value.kind() != K::kString) return kNoOverload;
  for (const std::string_view yes : {"1", "t", "T", "true", "TRUE", "True"}) {
    if (value.as_text() == yes) return Value::boolean(true);
  }
  for (const std::string_view no : {"0", "f", "F", "false", "FALSE", "False"}) {
    if (value.as_text() == no) return Value::boolean(false);
  }
  return kBadConversion;
}

Value type_of(const Value& value) noexcept {
  static constexpr std::string_view kNames[] = {"",
                                                "null_type",
                                                "bool",
                                                "int",
                                                "uint",
                                                "double",
                                                "string",
                                                "bytes",
                                                "list",
                                                "map",
                                                "google.protobuf.Timestamp",
                                                "google.protobuf.Duration",
                                                "type",
                                                "date",
                                                "period",
                                                "enum",
                                                "record"};
  return Value::type(kNames[static_cast<std::size_t>(value.kind())]);
}

Value conversion(F function, const Value& value) {
  switch (function) {
    case F::kInt:
      return to_int(value);
    case F::kUint:
      return to_uint(value);
    case F::kDouble:
      return to_double(value);
    case F::kString:
      return to_string(value);
    case F::kBytes:
      if (value.kind() == K::kBytes) return value;
      return value.kind() == K::kString ? Value::bytes(std::string(value.as_text())) : kNoOverload;
    case F::kBool:
      return to_bool(value);
    case F::kType:
      return type_of(value);
    default:
      return value;  // dyn
  }
}

Value negated(const Value& value) noexcept {
  if (value.kind() == K::kDouble) return Value::real(-value.as_double());
  if (value.kind() != K::kInt) return kNoOverload;
  return whole<std::int64_t>(F::kSubtract, 0, value.as_int(), Value::integer);
}

}  // namespace

Value apply(Function function, std::span<const Value> arguments, const Pattern* pattern,
            Surroundings& around) {
  const Value& first = arguments[0];
  switch (function) {
    case F::kNot:
      return first.kind() == K::kBool ? Value::boolean(first.is_false()) : kNoOverload;
    case F::kNegate:
      return negated(first);
    case F::kAdd:
    case F::kSubtract:
    case F::kMultiply:
    case F::kDivide:
    case F::kModulo:
      return arithmetic(function, first, arguments[1], around);
    case F::kEqual:
    case F::kNotEqual:
    case F::kLess:
    case F::kLessEqual:
    case F::kGreater:
    case F::kGreaterEqual:
      return comparison(function, first, arguments[1], around);
    case F::kIn:
      return contained(first, arguments[1], around);
    case F::kIndex:
      return indexed(first, arguments[1]);
    case F::kSize:
      return size_of(first);
    case F::kContains:
    case F::kStartsWith:
    case F::kEndsWith:
    case F::kMatches:
      return text_test(function, first, arguments[1], pattern, around);
    case F::kSum:
    case F::kMin:
    case F::kMax:
      return folded(function, first, around);
    case F::kInt:
    case F::kUint:
    case F::kDouble:
    case F::kString:
    case F::kBytes:
    case F::kBool:
    case F::kType:
    case F::kDyn:
      return conversion(function, first);
    default:
      return apply_to_times(function, arguments, around);
  }
}

}  // namespace dangbo::inline v1::expr::detail
