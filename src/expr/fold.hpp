// sum, min and max: one value after the other, for single rows and lists. Columns do the same in
// run_folds.cpp.
#pragma once

#include <cstdint>
#include <optional>

#include "dangbo/expr/value.hpp"
#include "expr/tree.hpp"

namespace dangbo::inline v1::expr::detail {

[[nodiscard]] constexpr bool is_fold(Macro macro) noexcept {
  return macro == Macro::kSum || macro == Macro::kMin || macro == Macro::kMax;
}
// The macro of the same name: sum(list) is sum(list, x, x); kNone for all other functions.
[[nodiscard]] constexpr Macro fold_of(Function function) noexcept {
  return function == Function::kSum   ? Macro::kSum
         : function == Function::kMin ? Macro::kMin
         : function == Function::kMax ? Macro::kMax
                                      : Macro::kNone;
}
// Whether values of the kind can be added up, or have a least and a greatest.
[[nodiscard]] bool folds(Macro macro, Kind kind) noexcept;

// A sum of integers in more than 64 bits: what counts is whether the whole leaves 64, in whatever
// order. Exact for up to 2^32 values.
struct WideSum {
  std::int64_t high = 0;  // of 2^32
  std::uint64_t low = 0;

  void add(std::int64_t value) noexcept {
    high += value >> 32;
    low += static_cast<std::uint64_t>(value) & 0xFFFF'FFFFU;
  }
  void add(std::uint64_t value) noexcept {
    high += static_cast<std::int64_t>(value >> 32);
    low += value & 0xFFFF'FFFFU;
  }
  // Nothing when it needs more than 64 bits.
  [[nodiscard]] std::optional<std::int64_t> whole() const noexcept;
  [[nodiscard]] std::optional<std::uint64_t> natural() const noexcept;
};

class Fold {
 public:
  explicit Fold(Macro macro) noexcept : macro_(macro) {}
  // REQUIRES: `value` is no error. False when it cannot be taken with those before it.
  [[nodiscard]] bool add(const Value& value) noexcept;
  // `kind`: of the sum of no values; int when it is not known before the evaluation. The least of
  // no values is an error (ErrorCode::kEmpty).
  [[nodiscard]] Value result(Kind kind) const noexcept;

 private:
  Macro macro_;
  bool any_ = false;
  Value best_;  // of a sum: the first value
  WideSum sum_;
  double real_ = 0.0;
};

}  // namespace dangbo::inline v1::expr::detail
