// Until when a value stays as it is while only one variable, a day, moves on.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "expr/program.hpp"

namespace dangbo::inline v1::expr::detail {

class Evaluator;

// Watches one evaluation. What varies with the day is asked part by part: of a comparison the first
// day on which its sides stand otherwise to each other, of a number or day the first on which it is
// another. Both grow or shrink with the day, so it is found by halving. What is neither is taken to
// change on the next day.
class Clock {
 public:
  Clock(const Program& program, std::span<const Value> variables, std::size_t variable);

  [[nodiscard]] bool varies(std::uint32_t node) const noexcept { return trends_[node] != kFixed; }
  // Takes note of a part that varies. True when its own parts need not be looked at.
  bool note(std::uint32_t node);
  // The first day on which something that was noted may change; kNever.
  [[nodiscard]] std::int32_t until() const noexcept { return until_; }

  static constexpr std::int32_t kNever = 0x7FFFFFFF;

 private:
  // How a number or day moves with the clock.
  static constexpr std::int8_t kFixed = 0;
  static constexpr std::int8_t kGrows = 1;
  static constexpr std::int8_t kShrinks = 2;
  static constexpr std::int8_t kUnknown = 3;

  [[nodiscard]] std::int8_t trend_of(const Node& node) const;
  [[nodiscard]] static std::int8_t flipped(std::int8_t trend) noexcept;
  [[nodiscard]] static std::int8_t joined(std::int8_t a, std::int8_t b) noexcept;
  [[nodiscard]] Value value_on(std::uint32_t node, std::int32_t day);
  // What is compared over the days: of a comparison whether it holds, of an equality the order of
  // its sides, else the value. False for what has no order.
  bool standing(std::uint32_t node, std::int32_t day, std::int64_t& out);
  void see(std::int32_t day) noexcept { until_ = day < until_ ? day : until_; }

  friend class Evaluator;
  const Program& program_;
  std::vector<Value> variables_;
  const std::vector<Value>* locals_ = nullptr;  // as they stand in the evaluation watched
  std::size_t variable_;
  std::int32_t day_;
  std::int32_t until_ = kNever;
  std::vector<std::int8_t> trends_;  // by node
};

}  // namespace dangbo::inline v1::expr::detail
