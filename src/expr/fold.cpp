#include "expr/fold.hpp"

#include <compare>
#include <limits>

#include "expr/number.hpp"

namespace dangbo::inline v1::expr::detail {

namespace {

constexpr std::uint64_t kLow = 0xFFFF'FFFFU;

// REQUIRES: of one kind that folds() accepts.
bool is_less(const Value& a, const Value& b) noexcept {
  switch (a.kind()) {
    case Kind::kUint:
    case Kind::kDouble:
      return compare_numbers(a, b) < 0;
    case Kind::kTimestamp:
      return a.as_int() != b.as_int() ? a.as_int() < b.as_int() : a.nanoseconds() < b.nanoseconds();
    default:
      return a.as_int() < b.as_int();
  }
}

}  // namespace

bool folds(Macro macro, Kind kind) noexcept {
  switch (kind) {
    case Kind::kInt:
    case Kind::kUint:
    case Kind::kDouble:
    case Kind::kDuration:
      return true;
    case Kind::kDate:
    case Kind::kTimestamp:
      return macro != Macro::kSum;
    default:
      return false;
  }
}

std::optional<std::int64_t> WideSum::whole() const noexcept {
  std::int64_t top = 0;
  if (__builtin_add_overflow(high, static_cast<std::int64_t>(low >> 32), &top) ||
      top < std::numeric_limits<std::int32_t>::min() ||
      top > std::numeric_limits<std::int32_t>::max()) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>((static_cast<std::uint64_t>(top) << 32) | (low & kLow));
}

std::optional<std::uint64_t> WideSum::natural() const noexcept {
  const std::uint64_t top = static_cast<std::uint64_t>(high) + (low >> 32);
  if (top > kLow) return std::nullopt;
  return (top << 32) | (low & kLow);
}

bool Fold::add(const Value& value) noexcept {
  const Kind kind = value.kind();
  if (!folds(macro_, kind) || (any_ && kind != best_.kind())) return false;
  if (macro_ != Macro::kSum) {
    const bool better =
        !any_ || (macro_ == Macro::kMin ? is_less(value, best_) : is_less(best_, value));
    if (better) best_ = value;
  } else {
    if (!any_) best_ = value;
    if (kind == Kind::kDouble) {
      real_ += value.as_double();
    } else if (kind == Kind::kUint) {
      sum_.add(value.as_uint());
    } else {
      sum_.add(value.as_int());
    }
  }
  any_ = true;
  return true;
}

Value Fold::result(Kind kind) const noexcept {
  if (macro_ != Macro::kSum) return any_ ? best_ : Value::error(ErrorCode::kEmpty);
  switch (any_ ? best_.kind() : kind) {
    case Kind::kDouble:
      return Value::real(real_);
    case Kind::kUint: {
      const auto sum = sum_.natural();
      return sum ? Value::unsigned_integer(*sum) : Value::error(ErrorCode::kOverflow);
    }
    case Kind::kDuration: {
      const auto sum = sum_.whole();
      return sum ? Value::duration(*sum) : Value::error(ErrorCode::kOverflow);
    }
    default: {
      const auto sum = sum_.whole();
      return sum ? Value::integer(*sum) : Value::error(ErrorCode::kOverflow);
    }
  }
}

}  // namespace dangbo::inline v1::expr::detail
