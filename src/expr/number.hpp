// Numbers of different types by their mathematical value.
#pragma once

#include <cmath>
#include <compare>
#include <cstdint>

#include "dangbo/expr/value.hpp"

namespace dangbo::inline v1::expr::detail {

inline std::partial_ordering compare(std::int64_t a, std::uint64_t b) noexcept {
  if (a < 0) return std::partial_ordering::less;
  return static_cast<std::uint64_t>(a) <=> b;
}

// Without rounding the integer to a double: 2^53 + 1 is not 2^53.
inline std::partial_ordering compare(std::int64_t a, double b) noexcept {
  if (std::isnan(b)) return std::partial_ordering::unordered;
  if (b >= 0x1p63) return std::partial_ordering::less;
  if (b < -0x1p63) return std::partial_ordering::greater;
  const double whole = std::trunc(b);
  const auto order = a <=> static_cast<std::int64_t>(whole);
  if (order != 0) return order;
  return whole <=> b;
}

inline std::partial_ordering compare(std::uint64_t a, double b) noexcept {
  if (std::isnan(b)) return std::partial_ordering::unordered;
  if (b >= 0x1p64) return std::partial_ordering::less;
  if (b < 0) return std::partial_ordering::greater;
  const double whole = std::trunc(b);
  const auto order = a <=> static_cast<std::uint64_t>(whole);
  if (order != 0) return order;
  return whole <=> b;
}

inline std::partial_ordering reversed(std::partial_ordering order) noexcept {
  return 0 <=> order;
}

// REQUIRES: both are int, uint or double.
inline std::partial_ordering compare_numbers(const Value& a, const Value& b) noexcept {
  const Kind left = a.kind();
  const Kind right = b.kind();
  if (left == right) {
    if (left == Kind::kInt) return a.as_int() <=> b.as_int();
    if (left == Kind::kUint) return a.as_uint() <=> b.as_uint();
    return a.as_double() <=> b.as_double();
  }
  if (left == Kind::kInt) {
    return right == Kind::kUint ? compare(a.as_int(), b.as_uint())
                                : compare(a.as_int(), b.as_double());
  }
  if (left == Kind::kUint) {
    return right == Kind::kInt ? reversed(compare(b.as_int(), a.as_uint()))
                               : compare(a.as_uint(), b.as_double());
  }
  return right == Kind::kInt ? reversed(compare(b.as_int(), a.as_double()))
                             : reversed(compare(b.as_uint(), a.as_double()));
}

}  // namespace dangbo::inline v1::expr::detail
