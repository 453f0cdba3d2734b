// One row through the checked tree.
#pragma once

#include <span>
#include <vector>

#include "expr/program.hpp"

namespace dangbo::inline v1::expr::detail {

class Clock;

class Evaluator {
 public:
  Evaluator(const Program& program, std::span<const Value> variables);

  [[nodiscard]] Value run();
  // `node` with the locals as they stand; for the trace.
  [[nodiscard]] Value value(std::uint32_t node);
  // Of a macro: element `index` of its range becomes the value of its variable.
  void bind(const Node& macro, const Value& range, std::size_t index);
  // Has what varies with a day noted while it is evaluated.
  void watch(Clock& clock) noexcept;

 private:
  friend class Clock;
  Value call(const Node& node);
  Value quietly(std::uint32_t node);  // without the clock
  // A comparison of two integers or days that lie at hand, without copying either: what most
  // conditions are made of; false for everything else.
  bool compare_at_hand(const Node& node, Value& out);
  [[nodiscard]] const Value* at_hand(std::uint32_t node) const noexcept;
  Value logical(const Node& node);
  Value conditional(const Node& node);
  Value list(const Node& node);
  Value map(const Node& node);
  Value macro(const Node& node);
  Value quantifier(const Node& node, const Value& range, std::size_t count);
  Value fold(const Node& node, const Value& range, std::size_t count);
  Value collect(const Node& node, const Value& range, std::size_t count);
  Value is_missing(const Node& node);
  [[nodiscard]] Value variable(const Node& node) const;
  [[nodiscard]] static Value at(const Node& node, Value value);

  const Program& program_;
  const Tree& tree_;
  std::span<const Value> variables_;
  std::vector<Value> locals_;
  Surroundings around_;
  Clock* clock_ = nullptr;
};

}  // namespace dangbo::inline v1::expr::detail
