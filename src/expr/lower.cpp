#include "expr/lower.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "expr/fold.hpp"

namespace dangbo::inline v1::expr::detail {

namespace {

using F = Function;

constexpr std::size_t kMostOfList = 64;  // constants of a list compared one by one
constexpr std::int64_t kMostShift = std::int64_t{1} << 28;

Comparison comparison_of(F function) noexcept {
  return static_cast<Comparison>(static_cast<int>(function) - static_cast<int>(F::kEqual));
}

bool is_flat(Rep rep) noexcept {
  return rep == Rep::kBits || rep == Rep::kInt32 || rep == Rep::kInt64 || rep == Rep::kDouble;
}

bool is_scalar(Rep rep) noexcept {
  return is_flat(rep) || rep == Rep::kText || rep == Rep::kParts;
}

std::optional<Rounding> rounding_of(std::string_view name) noexcept {
  if (name == "clamp") return Rounding::kClamp;
  if (name == "snap-to-end") return Rounding::kSnapToEnd;
  if (name == "spill") return Rounding::kSpill;
  if (name == "strict") return Rounding::kStrict;
  return std::nullopt;
}

template <typename T>
void put(std::string& key, T value) {
  key.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

}  // namespace

Comparison turned(Comparison comparison) noexcept {
  switch (comparison) {
    case Comparison::kLess:
      return Comparison::kGreater;
    case Comparison::kLessEqual:
      return Comparison::kGreaterEqual;
    case Comparison::kGreater:
      return Comparison::kLess;
    case Comparison::kGreaterEqual:
      return Comparison::kLessEqual;
    default:
      return comparison;
  }
}

Rep rep_of(const Type& type) noexcept {
  switch (type.kind) {
    case Kind::kBool:
      return Rep::kBits;
    case Kind::kInt:
    case Kind::kDuration:
      return Rep::kInt64;
    case Kind::kDouble:
      return Rep::kDouble;
    case Kind::kString:
      return Rep::kText;
    case Kind::kDate:
      return Rep::kInt32;
    case Kind::kEnum:
      return type.shape && type.shape->codes ? Rep::kInt32 : Rep::kNone;
    case Kind::kTimestamp:
    case Kind::kPeriod:
      return Rep::kParts;
    case Kind::kRecord:
      return type.shape ? Rep::kRecord : Rep::kNone;
    case Kind::kList:
      return type.element().kind == Kind::kRecord && type.element().shape ? Rep::kRows : Rep::kNone;
    default:
      return Rep::kNone;
  }
}

std::uint32_t Lowering::add(const Program& program, std::uint32_t expression, Faults& faults) {
  program_ = &program;
  faults_ = &faults;
  expression_ = expression;
  elements_.assign(program.locals, 0);
  const Id root = lower(program.tree.root);
  if (!faults.empty()) return 0;
  if (!is_scalar(out_.parts[root].rep)) return none(program.tree.nodes[program.tree.root]);
  ++out_.parts[root].uses;
  out_.roots.push_back(root);
  return root;
}

Lowering::Id Lowering::none(const Node& node) {
  faults_->add(node.span, {"phần này không tính được theo cột", "this part has no column kernel"},
               {"viết cách khác: docs/expressions.md, «Columns»",
                "write it another way: docs/expressions.md, \"Columns\""});
  return 0;
}

bool Lowering::is_constant(Id part) const {
  return out_.parts[part].kernel == Kernel::kConstant;
}

bool Lowering::is_deeper(Id a, Id b) const {
  return out_.domains[a].depth > out_.domains[b].depth;
}

Lowering::Id Lowering::domain_of(const std::vector<Id>& operands) const {
  Id domain = 0;
  for (const Id operand : operands) {
    const Id of = out_.parts[operand].domain;
    if (is_deeper(of, domain)) domain = of;
  }
  return domain;
}

// NOLINTBEGIN(misc-no-recursion): as deep as the parser lets trees be
Lowering::Id Lowering::lower(Id id) {
  if (!faults_->empty()) return 0;
  const Node& node = program_->tree.nodes[id];
  switch (node.op) {
    case Op::kConstant:
      return constant(program_->tree.constant(node), node.type, node);
    case Op::kVariable: {
      Part part;
      part.kernel = Kernel::kVariable;
      part.rep = rep_of(node.type);
      part.slot = node.slot;
      part.type = node.type;
      return part.rep == Rep::kNone ? none(node) : join(std::move(part), {}, node);
    }
    case Op::kLocal:
      return elements_[node.slot];
    case Op::kField:
      return lower_field(node);
    case Op::kCall:
      return lower_call(id);
    case Op::kAnd:
    case Op::kOr:
      return lower_terms(node);
    case Op::kConditional:
      return lower_choice(node);
    case Op::kMacro:
      if (node.macro == Macro::kHas) {
        // A record that is itself missing is no answer about its field.
        const Id field = lower(program_->tree.links[node.first]);
        if (!faults_->empty()) return 0;
        if (out_.parts[field].kernel != Kernel::kField) return none(node);
        return lower_presence({field, out_.links[out_.parts[field].first]}, false, node);
      }
      return lower_macro(node, node.macro);
    default:
      return none(node);
  }
}

Lowering::Id Lowering::lower_field(const Node& node) {
  const Id record = lower(program_->tree.links[node.first]);
  if (!faults_->empty()) return 0;
  Part part;
  part.kernel = Kernel::kField;
  part.rep = rep_of(node.type);
  part.slot = node.slot;
  part.type = node.type;
  if (part.rep == Rep::kNone || out_.parts[record].rep != Rep::kRecord) return none(node);
  return join(std::move(part), {record}, node);
}

Lowering::Id Lowering::lower_terms(const Node& node) {
  std::vector<Id> operands;
  for (const Id child : program_->tree.children(node)) operands.push_back(lower(child));
  if (!faults_->empty()) return 0;
  for (const Id operand : operands) {
    if (out_.parts[operand].rep != Rep::kBits) return none(node);
  }
  Part part;
  part.kernel = node.op == Op::kAnd ? Kernel::kAnd : Kernel::kOr;
  part.rep = Rep::kBits;
  part.type = Kind::kBool;
  return join(std::move(part), std::move(operands), node);
}

Lowering::Id Lowering::lower_choice(const Node& node) {
  std::vector<Id> operands;
  for (const Id child : program_->tree.children(node)) operands.push_back(lower(child));
  if (!faults_->empty()) return 0;
  Part part;
  part.kernel = Kernel::kChoose;
  part.rep = out_.parts[operands[1]].rep;
  part.type = node.type;
  if (!is_scalar(part.rep) || part.rep != out_.parts[operands[2]].rep ||
      part.rep != rep_of(node.type) || out_.parts[operands[0]].rep != Rep::kBits) {
    return none(node);
  }
  return join(std::move(part), std::move(operands), node);
}

std::optional<Lowering::Id> Lowering::free_local(Id id, Id limit) const {
  const Node& node = program_->tree.nodes[id];
  std::optional<Id> deepest;
  if (node.op == Op::kLocal && node.slot < limit) deepest = node.slot;
  const bool names_variable = node.op == Op::kMacro && node.macro != Macro::kHas;
  const auto children = program_->tree.children(node);
  for (std::size_t i = 0; i < children.size(); ++i) {
    if (names_variable && i == 1) continue;
    const auto found = free_local(children[i], limit);
    if (found && (!deepest || *found > *deepest)) deepest = found;
  }
  return deepest;
}

bool Lowering::waits_for_others(Id id, Id slot) const {
  const Node& node = program_->tree.nodes[id];
  if (node.op == Op::kMacro && node.macro != Macro::kHas) {
    const auto local = free_local(id, node.slot);
    if (!local || *local < slot) return true;
  }
  const auto children = program_->tree.children(node);
  return std::any_of(children.begin(), children.end(),
                     [&](Id child) { return waits_for_others(child, slot); });
}

Lowering::Id Lowering::lower_macro(const Node& node, Macro macro) {
  const Tree& tree = program_->tree;
  const Id range_node = tree.links[node.first];
  const Id body_node = tree.links[node.first + 2];
  if (macro != Macro::kAll && macro != Macro::kExists && macro != Macro::kExistsOne &&
      macro != Macro::kCount && !is_fold(macro)) {
    return none(node);
  }
  Id range = lower(range_node);
  if (!faults_->empty()) return 0;
  if (out_.parts[range].rep != Rep::kRows) return none(node);
  // Evaluated where the deepest variable that it reads lives, not deeper.
  Id parent = out_.parts[range].domain;
  if (const auto local = free_local(body_node, node.slot)) {
    const Id of = out_.parts[elements_[*local]].domain;
    if (is_deeper(of, parent)) parent = of;
  }
  range = lifted(range, parent);
  Id domain = 0;
  const bool waits = waits_for_others(body_node, node.slot);
  for (Id i = 1; i < out_.domains.size() && domain == 0 && !waits; ++i) {
    if (out_.domains[i].range == range && !out_.domains[i].waits) domain = i;
  }
  if (domain == 0) {
    domain = static_cast<Id>(out_.domains.size());
    out_.domains.push_back({parent, out_.domains[parent].depth + 1, range, 0, false, waits, {}});
    Part element;
    element.kernel = Kernel::kElement;
    element.rep = Rep::kRecord;
    element.domain = domain;
    element.type = tree.nodes[range_node].type.element();
    const Id made = intern(std::move(element), {});
    out_.parts[made].span = tree.child(node, 1).span;
    out_.parts[made].expression = expression_;
    out_.domains[domain].element = made;
  }
  elements_[node.slot] = out_.domains[domain].element;
  Id body = lower(body_node);
  if (!faults_->empty()) return 0;
  const Rep rep = is_fold(macro) ? rep_of(node.type) : Rep::kBits;
  if (out_.parts[body].rep != rep || rep == Rep::kNone) return none(node);
  body = lifted(body, domain);
  Part part;
  part.kernel = Kernel::kQuantifier;
  part.macro = macro;
  part.rep = macro == Macro::kCount ? Rep::kInt64 : rep;
  part.type = macro == Macro::kCount ? Type(Kind::kInt) : is_fold(macro) ? node.type : Kind::kBool;
  part.below = domain;
  part.domain = parent;
  part.span = node.span;
  part.expression = expression_;
  const std::size_t before = out_.parts.size();
  const Id made = intern(std::move(part), {body});
  if (made == before) out_.domains[domain].quantifiers.push_back(made);
  return made;
}

Lowering::Id Lowering::lower_presence(std::vector<Id> of, bool negated, const Node& node) {
  Part part;
  part.kernel = Kernel::kPresent;
  part.negated = negated;
  part.rep = Rep::kBits;
  part.type = Kind::kBool;
  return join(std::move(part), std::move(of), node);
}

Lowering::Id Lowering::lower_size(const Node& node) {
  const Node& of = program_->tree.child(node, 0);
  if (of.op == Op::kMacro && of.macro == Macro::kFilter) return lower_macro(of, Macro::kCount);
  const Id operand = lower(program_->tree.links[node.first]);
  if (!faults_->empty()) return 0;
  if (out_.parts[operand].rep != Rep::kRows) return lower_values(node, {operand});
  Part part;
  part.kernel = Kernel::kRowsSize;
  part.rep = Rep::kInt64;
  part.type = Kind::kInt;
  return join(std::move(part), {operand}, node);
}

Lowering::Id Lowering::lower_call(Id id) {
  const Node& node = program_->tree.nodes[id];
  if (node.function == F::kSize) return lower_size(node);
  std::vector<Id> operands;
  bool spread = false;
  for (std::size_t i = 0; i < node.count; ++i) {
    const Node& child = program_->tree.child(node, i);
    const std::size_t list = node.function == F::kIn                  ? 1
                             : fold_of(node.function) != Macro::kNone ? 0
                                                                      : node.count;
    spread = i == list && child.op == Op::kList;
    if (!spread) {
      operands.push_back(lower(program_->tree.links[node.first + i]));
      continue;
    }
    for (const Id item : program_->tree.children(child)) operands.push_back(lower(item));
  }
  if (!faults_->empty()) return 0;
  const Rep rep = out_.parts[operands[0]].rep;
  Part part;
  part.function = node.function;
  part.type = node.type;
  part.rep = rep_of(node.type);
  switch (node.function) {
    case F::kIsMissing:
      return lower_presence({operands[0]}, !node.negated, node);
    case F::kNot:
      part.kernel = Kernel::kNot;
      return rep == Rep::kBits ? join(std::move(part), std::move(operands), node) : none(node);
    case F::kNegate:
      part.kernel = Kernel::kNegate;
      return join(std::move(part), std::move(operands), node);
    case F::kEqual:
    case F::kNotEqual:
    case F::kLess:
    case F::kLessEqual:
    case F::kGreater:
    case F::kGreaterEqual:
      return lower_comparison(node, std::move(operands));
    case F::kIn:
      return lower_in(node, std::move(operands), spread);
    case F::kAdd:
    case F::kSubtract:
    case F::kMultiply:
    case F::kDivide:
    case F::kModulo:
      if (node.type.kind != Kind::kInt && node.type.kind != Kind::kDouble) break;
      part.kernel = Kernel::kArithmetic;
      return join(std::move(part), std::move(operands), node);
    case F::kYear:
    case F::kMonth:
    case F::kDay:
      part.kernel = Kernel::kDatePart;
      return join(std::move(part), std::move(operands), node);
    case F::kDaysSince:
    case F::kMonthsSince:
    case F::kYearsSince:
      part.kernel = Kernel::kSince;
      return join(std::move(part), std::move(operands), node);
    case F::kPlus:
      return lower_plus(node, std::move(operands));
    default:
      break;
  }
  return lower_values(node, std::move(operands), spread);
}

Lowering::Id Lowering::lower_comparison(const Node& node, std::vector<Id> operands) {
  const Part& left = out_.parts[operands[0]];
  const Part& right = out_.parts[operands[1]];
  if (left.rep != right.rep) return none(node);
  if (!is_flat(left.rep)) return lower_values(node, std::move(operands));
  Part part;
  part.kernel = Kernel::kCompare;
  part.rep = Rep::kBits;
  part.type = Kind::kBool;
  part.comparison = comparison_of(node.function);
  if (is_constant(operands[0]) && !is_constant(operands[1])) {
    std::swap(operands[0], operands[1]);
    part.comparison = turned(part.comparison);
  }
  return join(std::move(part), std::move(operands), node);
}

Lowering::Id Lowering::lower_in(const Node& node, std::vector<Id> operands, bool spread) {
  const Rep rep = out_.parts[operands[0]].rep;
  const bool is_enum = out_.parts[operands[0]].type.kind == Kind::kEnum;
  if (!spread && out_.parts[operands[1]].kernel != Kernel::kConstant) return none(node);
  bool one_by_one = is_flat(rep) && rep != Rep::kBits;
  if (one_by_one && !spread) {
    const Value list = out_.constants[out_.parts[operands[1]].slot];
    one_by_one = !is_enum && list.kind() == Kind::kList && list.size() <= kMostOfList;
    if (one_by_one) {
      const Type element = out_.parts[operands[1]].type.element();
      operands.pop_back();
      for (std::size_t i = 0; i < list.size(); ++i) {
        operands.push_back(constant(list.item(i), element, node));
      }
    }
  }
  for (std::size_t i = 1; i < operands.size() && (spread || one_by_one); ++i) {
    if (out_.parts[operands[i]].rep != rep) return none(node);
  }
  if (!one_by_one) return lower_values(node, std::move(operands), spread);
  Part part;
  part.kernel = Kernel::kOneOf;
  part.rep = Rep::kBits;
  part.type = Kind::kBool;
  return join(std::move(part), std::move(operands), node);
}

Lowering::Id Lowering::lower_plus(const Node& node, std::vector<Id> operands) {
  const auto value = [&](std::size_t i) {
    return i < operands.size() && is_constant(operands[i])
               ? out_.constants[out_.parts[operands[i]].slot]
               : Value();
  };
  const Value period = value(1);
  const Value name = value(2);
  const auto rounding = operands.size() == 3 ? rounding_of(name.as_text()) : Rounding::kStrict;
  const auto is_small = [](std::int64_t count) {
    return count >= -kMostShift && count <= kMostShift;
  };
  const bool fits = period.kind() == Kind::kPeriod && rounding && is_small(period.as_int()) &&
                    is_small(period.days()) && (operands.size() == 3 || period.as_int() == 0);
  if (!fits) return lower_values(node, std::move(operands));
  Part part;
  part.kernel = Kernel::kPlus;
  part.rep = Rep::kInt32;
  part.type = Kind::kDate;
  part.rounding = *rounding;
  part.months = static_cast<std::int32_t>(period.as_int());
  part.days = period.days();
  operands.resize(1);
  return join(std::move(part), std::move(operands), node);
}

Lowering::Id Lowering::lower_values(const Node& node, std::vector<Id> operands, bool spread) {
  Part part;
  part.function = node.function;
  part.type = node.type;
  part.rep = rep_of(node.type);
  part.spread = spread;
  if (!is_scalar(part.rep)) return none(node);
  std::size_t moving = 0;
  Id last = 0;
  for (const Id operand : operands) {
    const Rep rep = out_.parts[operand].rep;
    if (is_constant(operand)) continue;
    if (!is_scalar(rep)) return none(node);
    ++moving;
    last = operand;
  }
  if (node.function == F::kMatches && node.slot != 0) {
    part.pattern = program_->patterns[node.slot - 1].get();
  }
  const Part& only = out_.parts[last];
  const bool has_words = moving == 1 && !spread &&
                         (only.rep == Rep::kText || only.type.kind == Kind::kEnum) &&
                         (only.kernel == Kernel::kVariable || only.kernel == Kernel::kField);
  part.kernel = has_words ? Kernel::kOnWords : Kernel::kOnValues;
  return join(std::move(part), std::move(operands), node);
}
// NOLINTEND(misc-no-recursion)

Lowering::Id Lowering::constant(const Value& value, const Type& type, const Node& node) {
  Part part;
  part.kernel = Kernel::kConstant;
  part.rep = rep_of(type);
  part.type = type;
  part.slot = static_cast<Id>(out_.constants.size());
  out_.constants.push_back(value);
  const std::size_t before = out_.parts.size();
  const Id made = intern(std::move(part), {});
  if (made != before) {
    out_.constants.pop_back();
  } else {
    out_.parts[made].span = node.span;
    out_.parts[made].expression = expression_;
  }
  return made;
}

Lowering::Id Lowering::lifted(Id part, Id domain) {
  if (is_constant(part) || !is_deeper(domain, out_.parts[part].domain)) return part;
  std::vector<Id> path;
  for (Id at = domain; at != out_.parts[part].domain; at = out_.domains[at].parent) {
    path.push_back(at);
  }
  for (std::size_t i = path.size(); i-- > 0;) {
    Part up;
    up.kernel = Kernel::kBroadcast;
    up.rep = out_.parts[part].rep;
    up.type = out_.parts[part].type;
    up.domain = path[i];
    up.span = out_.parts[part].span;
    up.expression = out_.parts[part].expression;
    out_.domains[path[i]].looks_up = true;
    part = intern(std::move(up), {part});
  }
  return part;
}

// The part in the deepest domain of its operands.
Lowering::Id Lowering::join(Part part, std::vector<Id> operands, const Node& node) {
  part.domain = domain_of(operands);
  for (Id& operand : operands) operand = lifted(operand, part.domain);
  part.span = node.span;
  part.expression = expression_;
  return intern(std::move(part), operands);
}

Lowering::Id Lowering::intern(Part part, const std::vector<Id>& operands) {
  std::string key;
  put(key, part.kernel);
  put(key, part.function);
  put(key, part.comparison);
  put(key, part.macro);
  put(key, part.rounding);
  put(key, part.negated);
  put(key, part.spread);
  put(key, part.domain);
  put(key, part.below);
  put(key, part.months);
  put(key, part.days);
  put(key, part.type.kind);
  const bool is_constant = part.kernel == Kernel::kConstant;
  if (is_constant && part.rep != Rep::kNone) {
    const Value& value = out_.constants[part.slot];
    put(key, value.kind() == Kind::kDouble ? 0 : value.as_int());
    put(key, value.kind() == Kind::kDouble ? value.as_double() : 0.0);
    put(key, value.kind() == Kind::kTimestamp ? value.nanoseconds() : value.days());
    put(key, part.type.shape.get());
    key += value.as_text();
  } else {
    put(key, part.slot);  // of lists and maps each is its own
  }
  for (const Id operand : operands) put(key, operand);
  // A table of open addresses: programs are small, and compiling one must be quick.
  if (known_.size() * 2 >= buckets_.size()) {
    buckets_.assign(std::max<std::size_t>(64, buckets_.size() * 4), 0);
    for (std::size_t i = 0; i < known_.size(); ++i) {
      std::size_t at = std::hash<std::string>{}(known_[i].first) % buckets_.size();
      while (buckets_[at] != 0) at = (at + 1) % buckets_.size();
      buckets_[at] = static_cast<std::uint32_t>(i + 1);
    }
  }
  std::size_t at = std::hash<std::string>{}(key) % buckets_.size();
  for (; buckets_[at] != 0; at = (at + 1) % buckets_.size()) {
    const auto& [have, id] = known_[buckets_[at] - 1];
    if (have == key) return id;
  }
  const Id id = static_cast<Id>(out_.parts.size());
  part.first = static_cast<std::uint32_t>(out_.links.size());
  part.count = static_cast<std::uint32_t>(operands.size());
  for (const Id operand : operands) {
    out_.links.push_back(operand);
    ++out_.parts[operand].uses;
  }
  out_.parts.push_back(std::move(part));
  known_.emplace_back(std::move(key), id);
  buckets_[at] = static_cast<std::uint32_t>(known_.size());
  return id;
}

}  // namespace dangbo::inline v1::expr::detail
