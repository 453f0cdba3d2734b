#include "expr/evaluate.hpp"

#include <array>
#include <utility>

#include "expr/clock.hpp"
#include "expr/fold.hpp"

namespace dangbo::inline v1::expr::detail {

namespace {

constexpr std::size_t kFewArguments = 4;

Value error(ErrorCode code, const Node& node) {
  return Value::error(code, node.span);
}

}  // namespace

Value select(const Value& of, const Node& node, const Tree& tree) {
  if (of.kind() == Kind::kRecord && node.op == Op::kField) {
    return of.source()->field(of.row(), node.slot);
  }
  if (of.kind() != Kind::kMap) return Value::error(ErrorCode::kNoOverload);
  const Value* found = of.find(Value::borrowed_text(tree.name(node)));
  return found == nullptr ? Value::error(ErrorCode::kNoSuchKey) : *found;
}

Value is_present(const Value& of, const Node& node, const Tree& tree) noexcept {
  const Value value = select(of, node, tree);
  if (!value.is_error()) return Value::boolean(true);
  const ErrorCode code = value.error_code();
  if (code == ErrorCode::kMissing || code == ErrorCode::kNoSuchKey) return Value::boolean(false);
  return value;
}

Evaluator::Evaluator(const Program& program, std::span<const Value> variables)
    : program_(program), tree_(program.tree), variables_(variables), locals_(program.locals) {
  around_.calendar = program.environment->calendar.get();
  around_.steps = kMaxSteps;
}

void Evaluator::watch(Clock& clock) noexcept {
  clock_ = &clock;
  clock.locals_ = &locals_;
}

Value Evaluator::at(const Node& node, Value value) {
  if (value.is_error() && value.error_span() == Span{}) {
    return Value::error(value.error_code(), node.span);
  }
  return value;
}

Value Evaluator::run() {
  const Node& root = tree_.nodes[tree_.root];
  Value out = value(tree_.root);
  // What ran out of steps is no answer, whatever absorbed the error.
  return around_.steps == 0 ? error(ErrorCode::kBudget, root) : out;
}

Value Evaluator::variable(const Node& node) const {
  if (node.slot >= variables_.size()) return error(ErrorCode::kUnbound, node);
  return at(node, variables_[node.slot]);
}

// NOLINTBEGIN(misc-no-recursion): as deep as the parser lets trees be
Value Evaluator::value(std::uint32_t id) {
  const Node& node = tree_.nodes[id];
  if (!around_.pay(1)) return error(ErrorCode::kBudget, node);
  if (clock_ != nullptr && clock_->varies(id) && clock_->note(id)) {
    return quietly(id);
  }
  switch (node.op) {
    case Op::kConstant:
      return tree_.constant(node);
    case Op::kVariable:
      return variable(node);
    case Op::kLocal:
      return locals_[node.slot];
    case Op::kSelect:
    case Op::kField: {
      Value of = value(tree_.links[node.first]);
      return of.is_error() ? of : at(node, select(of, node, tree_));
    }
    case Op::kCall:
      return call(node);
    case Op::kList:
      return list(node);
    case Op::kMap:
      return map(node);
    case Op::kAnd:
    case Op::kOr:
      return logical(node);
    case Op::kConditional:
      return conditional(node);
    case Op::kMacro:
      return macro(node);
    default:
      return error(ErrorCode::kUnbound, node);
  }
}

Value Evaluator::quietly(std::uint32_t id) {
  Clock* clock = std::exchange(clock_, nullptr);
  Value out = value(id);
  clock_ = clock;
  return out;
}

const Value* Evaluator::at_hand(std::uint32_t id) const noexcept {
  const Node& node = tree_.nodes[id];
  if (node.op == Op::kConstant) return &tree_.constant(node);
  return node.op == Op::kVariable && node.slot < variables_.size() ? &variables_[node.slot]
                                                                   : nullptr;
}

bool Evaluator::compare_at_hand(const Node& node, Value& out) {
  const Value* a = at_hand(tree_.links[node.first]);
  const Value* b = at_hand(tree_.links[node.first + 1]);
  if (a == nullptr || b == nullptr || a->kind() != b->kind() ||
      (a->kind() != Kind::kInt && a->kind() != Kind::kDate) || !around_.pay(3)) {
    return false;
  }
  const std::int64_t left = a->as_int();
  const std::int64_t right = b->as_int();
  switch (node.function) {
    case Function::kEqual:
      out = Value::boolean(left == right);
      return true;
    case Function::kNotEqual:
      out = Value::boolean(left != right);
      return true;
    case Function::kLess:
      out = Value::boolean(left < right);
      return true;
    case Function::kLessEqual:
      out = Value::boolean(left <= right);
      return true;
    case Function::kGreater:
      out = Value::boolean(left > right);
      return true;
    default:
      out = Value::boolean(left >= right);
      return true;
  }
}

Value Evaluator::call(const Node& node) {
  if (node.function == Function::kIsMissing) return is_missing(node);
  if (node.function >= Function::kEqual && node.function <= Function::kGreaterEqual) {
    Value out;
    if (compare_at_hand(node, out)) return out;
  }
  std::array<Value, kFewArguments> arguments;
  for (std::size_t i = 0; i < node.count; ++i) {
    arguments[i] = value(tree_.links[node.first + i]);
    if (arguments[i].is_error()) return std::move(arguments[i]);
  }
  if (fold_of(node.function) != Macro::kNone && arguments[0].size() == 0) {
    return at(node, Fold(fold_of(node.function)).result(node.type.kind));
  }
  const Pattern* pattern = node.function == Function::kMatches && node.slot != 0
                               ? program_.patterns[node.slot - 1].get()
                               : nullptr;
  return at(node, apply(node.function, {arguments.data(), node.count}, pattern, around_));
}

Value Evaluator::is_missing(const Node& node) {
  const Value of = value(tree_.links[node.first]);
  const bool negated = node.negated;
  if (of.is_error()) {
    return of.error_code() == ErrorCode::kMissing ? Value::boolean(!negated) : of;
  }
  return Value::boolean((of.kind() == Kind::kNull) != negated);
}

// One side that decides is enough, whatever is wrong with the others.
Value Evaluator::logical(const Node& node) {
  const bool is_and = node.op == Op::kAnd;
  Value fault;
  for (const std::uint32_t child : tree_.children(node)) {
    Value term = value(child);
    if (is_and ? term.is_false() : term.is_true()) return term;
    if (term.kind() != Kind::kBool && !fault.is_error()) {
      fault = term.is_error() ? std::move(term) : error(ErrorCode::kNoOverload, tree_.nodes[child]);
    }
  }
  return fault.is_error() ? fault : Value::boolean(is_and);
}

Value Evaluator::conditional(const Node& node) {
  Value condition = value(tree_.links[node.first]);
  if (condition.is_error()) return condition;
  if (condition.kind() != Kind::kBool) return error(ErrorCode::kNoOverload, node);
  return value(tree_.links[node.first + (condition.is_true() ? 1 : 2)]);
}

Value Evaluator::list(const Node& node) {
  std::vector<Value> items;
  items.reserve(node.count);
  for (const std::uint32_t child : tree_.children(node)) {
    items.push_back(value(child));
    if (items.back().is_error()) return items.back();
  }
  Value out = Value::list(std::move(items));
  return out.weight() > kMaxSteps ? error(ErrorCode::kBudget, node) : out;
}

Value Evaluator::map(const Node& node) {
  std::vector<Value::Entry> entries;
  entries.reserve(node.count / 2);
  for (std::size_t i = 0; i < node.count; i += 2) {
    Value key = value(tree_.links[node.first + i]);
    if (key.is_error()) return key;
    Value held = value(tree_.links[node.first + i + 1]);
    if (held.is_error()) return held;
    entries.emplace_back(std::move(key), std::move(held));
  }
  Value out = Value::map(std::move(entries));
  return out.weight() > kMaxSteps ? error(ErrorCode::kBudget, node) : at(node, std::move(out));
}

void Evaluator::bind(const Node& macro, const Value& range, std::size_t index) {
  locals_[macro.slot] = range.kind() == Kind::kMap ? range.entry(index).first : range.item(index);
}

Value Evaluator::macro(const Node& node) {
  if (node.macro == Macro::kHas) {
    const Node& field = tree_.child(node, 0);
    Value of = value(tree_.links[field.first]);
    return of.is_error() ? of : at(node, is_present(of, field, tree_));
  }
  Value range = value(tree_.links[node.first]);
  if (range.is_error()) return range;
  if (range.kind() != Kind::kList && range.kind() != Kind::kMap) {
    return error(ErrorCode::kNoOverload, tree_.child(node, 0));
  }
  if (is_fold(node.macro)) return fold(node, range, range.size());
  return node.macro == Macro::kMap || node.macro == Macro::kFilter
             ? collect(node, range, range.size())
             : quantifier(node, range, range.size());
}

Value Evaluator::quantifier(const Node& node, const Value& range, std::size_t count) {
  const bool stops = node.macro == Macro::kAll || node.macro == Macro::kExists;
  const bool is_all = node.macro == Macro::kAll;
  const std::uint32_t body = tree_.links[node.first + 2];
  std::int64_t found = 0;
  Value fault;
  for (std::size_t i = 0; i < count; ++i) {
    bind(node, range, i);
    Value held = value(body);
    if (held.kind() != Kind::kBool) {
      if (!held.is_error()) held = error(ErrorCode::kNoOverload, tree_.nodes[body]);
      if (!stops) return held;
      if (!fault.is_error()) fault = std::move(held);
      if (around_.steps == 0) return fault;
    } else if (stops && held.is_true() != is_all) {
      return held;
    } else {
      found += held.is_true() ? 1 : 0;
    }
  }
  if (fault.is_error()) return fault;
  if (node.macro == Macro::kCount) return Value::integer(found);
  return Value::boolean(stops ? is_all : found == 1);
}

Value Evaluator::fold(const Node& node, const Value& range, std::size_t count) {
  const std::uint32_t body = tree_.links[node.first + 2];
  Fold all(node.macro);
  for (std::size_t i = 0; i < count; ++i) {
    bind(node, range, i);
    Value held = value(body);
    if (held.is_error()) return held;
    if (!all.add(held)) return error(ErrorCode::kNoOverload, tree_.nodes[body]);
  }
  return at(node, all.result(node.type.kind));
}

Value Evaluator::collect(const Node& node, const Value& range, std::size_t count) {
  const bool maps = node.macro == Macro::kMap;
  const bool filters = !maps || node.count == 4;
  std::vector<Value> items;
  std::uint64_t weight = 0;
  for (std::size_t i = 0; i < count; ++i) {
    bind(node, range, i);
    if (filters) {
      Value keep = value(tree_.links[node.first + 2]);
      if (keep.is_error()) return keep;
      if (keep.kind() != Kind::kBool) return error(ErrorCode::kNoOverload, node);
      if (keep.is_false()) continue;
    }
    items.push_back(maps ? value(tree_.links[node.first + node.count - 1]) : locals_[node.slot]);
    if (items.back().is_error()) return items.back();
    weight += items.back().weight();
    if (weight > kMaxSteps) return error(ErrorCode::kBudget, node);
  }
  return Value::list(std::move(items));
}
// NOLINTEND(misc-no-recursion)

}  // namespace dangbo::inline v1::expr::detail
