#include "expr/clock.hpp"

#include <algorithm>

#include "expr/evaluate.hpp"

namespace dangbo::inline v1::expr::detail {

namespace {

constexpr std::int32_t kLastDay = 2'932'896;  // 9999-12-31
constexpr std::int32_t kFarthest = 1 << 17;   // days ahead, some 359 years

bool compares(Function function) noexcept {
  return function >= Function::kEqual && function <= Function::kGreaterEqual;
}

bool is_ordered(Kind kind) noexcept {
  return kind == Kind::kInt || kind == Kind::kDate;
}

}  // namespace

Clock::Clock(const Program& program, std::span<const Value> variables, std::size_t variable)
    : program_(program),
      variables_(variables.begin(), variables.end()),
      variable_(variable),
      day_(static_cast<std::int32_t>(variables[variable].as_int())),
      trends_(program.tree.nodes.size(), kFixed) {
  // Children stand before their parents.
  for (std::size_t id = 0; id < trends_.size(); ++id) {
    trends_[id] = trend_of(program.tree.nodes[id]);
  }
}

std::int8_t Clock::flipped(std::int8_t trend) noexcept {
  if (trend == kGrows) return kShrinks;
  return trend == kShrinks ? kGrows : trend;
}

std::int8_t Clock::joined(std::int8_t a, std::int8_t b) noexcept {
  if (a == kFixed || a == b) return b;
  return b == kFixed ? a : kUnknown;
}

std::int8_t Clock::trend_of(const Node& node) const {
  const Tree& tree = program_.tree;
  if (node.op == Op::kVariable) return node.slot == variable_ ? kGrows : kFixed;
  const auto children = tree.children(node);
  const bool varies = std::any_of(children.begin(), children.end(),
                                  [&](std::uint32_t child) { return trends_[child] != kFixed; });
  if (!varies) return kFixed;
  if (node.op != Op::kCall) return kUnknown;
  const auto of = [&](std::size_t i) { return trends_[children[i]]; };
  switch (node.function) {
    case Function::kNegate:
      return flipped(of(0));
    case Function::kAdd:
      return is_ordered(node.type.kind) ? joined(of(0), of(1)) : kUnknown;
    case Function::kSubtract:
      return is_ordered(node.type.kind) ? joined(of(0), flipped(of(1))) : kUnknown;
    case Function::kDaysSince:
    case Function::kMonthsSince:
    case Function::kYearsSince:
      return joined(of(0), flipped(of(1)));
    case Function::kYear:
      return of(0);
    case Function::kPlus: {
      // Strict months have days without an answer.
      const bool is_fixed = of(1) == kFixed && (children.size() < 3 || of(2) == kFixed);
      const bool is_strict =
          children.size() == 3 && (tree.child(node, 2).op != Op::kConstant ||
                                   tree.constant(tree.child(node, 2)).as_text() == "strict");
      return is_fixed && !is_strict ? of(0) : kUnknown;
    }
    case Function::kPlusWorkingDays:
      return of(1) == kFixed ? of(0) : kUnknown;
    default:
      return kUnknown;
  }
}

Value Clock::value_on(std::uint32_t node, std::int32_t day) {
  variables_[variable_] = Value::date(time::Date::from_days(day));
  Evaluator evaluator(program_, variables_);
  if (locals_ != nullptr) evaluator.locals_ = *locals_;
  return evaluator.value(node);
}

bool Clock::standing(std::uint32_t id, std::int32_t day, std::int64_t& out) {
  const Node& node = program_.tree.nodes[id];
  if (!compares(node.function)) {
    const Value value = value_on(id, day);
    out = value.as_int();
    return is_ordered(value.kind());
  }
  const Value left = value_on(program_.tree.links[node.first], day);
  const Value right = value_on(program_.tree.links[node.first + 1], day);
  if (!is_ordered(left.kind()) || left.kind() != right.kind()) return false;
  const int sign = left.as_int() < right.as_int() ? -1 : int{left.as_int() > right.as_int()};
  switch (node.function) {
    case Function::kLess:
    case Function::kGreaterEqual:
      out = sign < 0 ? 0 : 1;
      break;
    case Function::kLessEqual:
    case Function::kGreater:
      out = sign > 0 ? 1 : 0;
      break;
    default:
      out = sign;  // equal days may be left and come again
  }
  return true;
}

bool Clock::note(std::uint32_t id) {
  const Node& node = program_.tree.nodes[id];
  if (node.op == Op::kVariable) {
    see(day_ + 1);
    return true;
  }
  if (node.op != Op::kCall) return false;
  const auto children = program_.tree.children(node);
  std::int8_t trend = trends_[id];
  if (compares(node.function)) trend = joined(trends_[children[0]], flipped(trends_[children[1]]));
  if (trend == kUnknown) return false;
  std::int64_t now = 0;
  if (!standing(id, day_, now)) {
    // Missing stays missing; any other error may be one of the day.
    const Value value = value_on(id, day_);
    if (!value.is_error() || value.error_code() != ErrorCode::kMissing) see(day_ + 1);
    return true;
  }
  const auto stays = [&](std::int32_t day) {
    std::int64_t then = 0;
    return standing(id, day, then) && then == now;
  };
  const std::int32_t last = std::min(kLastDay, day_ + kFarthest);
  std::int32_t same = day_;
  std::int32_t step = 1;
  while (same < last && stays(std::min(last, same + step))) {
    same = std::min(last, same + step);
    step *= 2;
  }
  if (same >= last) return true;
  std::int32_t other = std::min(last, same + step);
  while (other - same > 1) {
    const std::int32_t middle = same + (other - same) / 2;
    (stays(middle) ? same : other) = middle;
  }
  see(other);
  return true;
}

}  // namespace dangbo::inline v1::expr::detail
