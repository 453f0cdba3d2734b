#include "expr/check_calls.hpp"

#include <algorithm>
#include <utility>

#include "dangbo/base/text.hpp"
#include "expr/fold.hpp"

namespace dangbo::inline v1::expr::detail {

namespace {

bool is_numeric(Kind kind) noexcept {
  return kind == Kind::kInt || kind == Kind::kUint || kind == Kind::kDouble;
}

}  // namespace

bool join_types(const Type& a, const Type& b, Type& out) {  // NOLINT(misc-no-recursion)
  if (is_open(a.kind)) {
    out = a.kind == Kind::kFree ? b : a;
    return true;
  }
  if (is_open(b.kind) || a == b) {
    out = b.kind == Kind::kFree || a == b ? a : b;
    return true;
  }
  if (a.kind != b.kind) return false;
  Type element;
  if (a.kind == Kind::kList) {
    if (!join_types(a.element(), b.element(), element)) return false;
    out = Type::list(std::move(element));
    return true;
  }
  Type key;
  if (a.kind != Kind::kMap || !join_types(a.element(), b.element(), element) ||
      !join_types(a.key(), b.key(), key)) {
    return false;
  }
  out = Type::map(std::move(key), std::move(element));
  return true;
}

CallChecker::CallChecker(Program& program, Faults& faults)
    : program_(program),
      tree_(program.tree),
      environment_(*program.environment),
      faults_(faults),
      is_pack_(environment_.profile == Profile::kPack) {
  around_.calendar = environment_.calendar.get();
}

void CallChecker::set_error(Node& node) {
  node.type = Kind::kError;
}

void CallChecker::fault(Id id, Span span, base::Message reason, base::Message fix) {
  faults_.add(span, std::move(reason), std::move(fix));
  set_error(tree_.nodes[id]);
}

base::Message CallChecker::suggest(std::string_view word,
                                   std::span<const std::string_view> candidates) {
  const auto near = base::nearest(word, candidates.data(), candidates.size());
  if (!near) return {};
  const std::string name(candidates[*near]);
  return {"có phải là «" + name + "»?", "did you mean \"" + name + "\"?"};
}

void CallChecker::become_constant(Node& node, Value value, Type type) {
  node.op = Op::kConstant;
  node.slot = static_cast<std::uint32_t>(tree_.constants.size());
  node.count = 0;
  node.type = std::move(type);
  tree_.constants.push_back(std::move(value));
}

bool CallChecker::is_optional(const Node& node) const {
  if (node.op == Op::kVariable) return environment_.variables[node.slot].optional;
  if (node.op != Op::kField) return false;
  const Type& of = tree_.child(node, 0).type;
  return of.shape && of.shape->members[node.slot].optional;
}

void CallChecker::call(Id id) {
  Node& node = tree_.nodes[id];
  if (node.function == Function::kNone) {
    const std::string& word = tree_.name(node);
    const auto found = find_function(word, node.is_method);
    if (!found) return unknown_function(id);
    node.function = *found;
  }
  for (const Id child : tree_.children(node)) {
    if (tree_.nodes[child].type.kind == Kind::kError) return set_error(node);
  }
  switch (node.function) {
    case Function::kEqual:
    case Function::kNotEqual:
      equality(id);
      break;
    case Function::kIn:
      inclusion(id);
      break;
    case Function::kIndex:
      index(id);
      break;
    case Function::kLess:
    case Function::kLessEqual:
    case Function::kGreater:
    case Function::kGreaterEqual:
      ordering(id);
      break;
    default:
      overload(id);
  }
  if (node.type.kind != Kind::kError) fold(id);
}

void CallChecker::unknown_function(Id id) {
  const Node& node = tree_.nodes[id];
  const std::string& word = tree_.name(node);
  std::vector<std::string_view> known;
  for (const Name& entry : function_names()) known.push_back(entry.name);
  if (node.is_method) {
    for (const std::string_view macro : {"all", "exists", "exists_one", "filter", "map"}) {
      known.push_back(macro);
    }
  }
  const bool other_way = find_function(word, !node.is_method).has_value();
  base::Message fix = suggest(word, known);
  if (other_way && node.is_method) fix = {"viết " + word + "(x)", "write " + word + "(x)"};
  if (other_way && !node.is_method) fix = {"viết x." + word + "()", "write x." + word + "()"};
  fault(id, node.name_span,
        {"không có hàm «" + word + "»", "there is no function \"" + word + "\""}, fix);
}

std::string CallChecker::shown_arguments(const Node& node) const {
  std::string out;
  for (const Id child : tree_.children(node)) {
    out += (out.empty() ? "" : ", ") + tree_.nodes[child].type.to_string();
  }
  return "(" + out + ")";
}

void CallChecker::no_overload(Id id) {
  const Node& node = tree_.nodes[id];
  const std::string what(name_of(node.function));
  const std::string given = shown_arguments(node);
  fault(id, node.span,
        {"«" + what + "» không nhận " + given, "\"" + what + "\" does not take " + given});
}

bool CallChecker::as_word_of(Id id, const Type& enumeration) {
  Node& node = tree_.nodes[id];
  if (node.op != Op::kConstant || node.type.kind != Kind::kString || !enumeration.shape ||
      !enumeration.shape->codes) {
    return false;
  }
  const auto& codes = enumeration.shape->codes->codes();
  const std::string_view word = tree_.constant(node).as_text();
  std::vector<std::string_view> known;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (codes[i].id == word) {
      become_constant(node, Value::enumeration(static_cast<std::int32_t>(i), codes[i].id),
                      enumeration);
      return true;
    }
    known.push_back(codes[i].id);
  }
  fault(id, node.span,
        {enumeration.to_string() + " không có từ «" + std::string(word) + "»",
         enumeration.to_string() + " has no word \"" + std::string(word) + "\""},
        suggest(word, known));
  return true;
}

void CallChecker::equality(Id id) {
  Node& node = tree_.nodes[id];
  const Id left = tree_.links[node.first];
  const Id right = tree_.links[node.first + 1];
  if (tree_.nodes[left].type.kind == Kind::kEnum) as_word_of(right, tree_.nodes[left].type);
  if (tree_.nodes[right].type.kind == Kind::kEnum) as_word_of(left, tree_.nodes[right].type);
  const Type& a = tree_.nodes[left].type;
  const Type& b = tree_.nodes[right].type;
  node.type = Kind::kBool;
  if (a.kind == Kind::kNull || b.kind == Kind::kNull) return null_test(id, left, right);
  Type joined;
  if (!join_types(a, b, joined)) return no_overload(id);
  if (is_pack_ && a.kind == Kind::kRecord) return no_overload(id);
}

void CallChecker::null_test(Id id, Id left, Id right) {
  Node& node = tree_.nodes[id];
  const Id other = tree_.nodes[left].type.kind == Kind::kNull ? right : left;
  if (is_optional(tree_.nodes[other])) {
    tree_.links[node.first] = other;
    node.count = 1;
    node.negated = node.function == Function::kNotEqual;
    node.function = Function::kIsMissing;
    return;
  }
  if (!is_pack_) return;
  fault(id, node.span,
        {"chỉ trường có thể thiếu mới so với null", "only an optional field compares with null"});
}

void CallChecker::inclusion(Id id) {
  Node& node = tree_.nodes[id];
  const Id wanted = tree_.links[node.first];
  const Id in = tree_.links[node.first + 1];
  node.type = Kind::kBool;
  const Type range = tree_.nodes[in].type;
  if (is_open(range.kind)) return;
  if (range.kind != Kind::kList && range.kind != Kind::kMap) return no_overload(id);
  const Type& type = tree_.nodes[wanted].type;
  if (type.kind == Kind::kEnum && range.kind == Kind::kList) return words(id, type, in);
  Type joined;
  if (!join_types(type, range.kind == Kind::kMap ? range.key() : range.element(), joined)) {
    no_overload(id);
  }
}

void CallChecker::words(Id id, const Type& type, Id in) {
  const Type enumeration = type;
  Node& range = tree_.nodes[in];
  if (range.type.element().kind != Kind::kString || range.op != Op::kConstant) {
    Type joined;
    if (!join_types(enumeration, range.type.element(), joined)) no_overload(id);
    return;
  }
  const Value list = tree_.constant(range);
  const auto& codes = enumeration.shape->codes->codes();
  std::vector<Value> values;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string word(list.item(i).as_text());
    std::vector<std::string_view> known;
    for (std::size_t code = 0; code < codes.size(); ++code) {
      known.push_back(codes[code].id);
      if (codes[code].id == word) {
        values.push_back(Value::enumeration(static_cast<std::int32_t>(code), codes[code].id));
      }
    }
    if (values.size() != i + 1) {
      return fault(id, range.span,
                   {enumeration.to_string() + " không có từ «" + word + "»",
                    enumeration.to_string() + " has no word \"" + word + "\""},
                   suggest(word, known));
    }
  }
  become_constant(range, Value::list(std::move(values)), Type::list(enumeration));
}

void CallChecker::index(Id id) {
  Node& node = tree_.nodes[id];
  const Type& of = tree_.child(node, 0).type;
  const Type& by = tree_.child(node, 1).type;
  node.type = of.element();
  if (is_open(of.kind)) {
    node.type = Kind::kDyn;
  } else if (of.kind == Kind::kList) {
    if (by.kind != Kind::kInt && !is_open(by.kind)) no_overload(id);
  } else if (of.kind == Kind::kMap) {
    Type joined;
    if (!join_types(of.key(), by, joined)) no_overload(id);
  } else {
    no_overload(id);
  }
  if (node.type.kind == Kind::kFree) node.type = Kind::kDyn;
  if (is_pack_ && node.type.kind == Kind::kRecord) {
    fault(
        id, node.span,
        {"bộ quy tắc không lấy một dòng theo số thứ tự", "packs do not pick a row by its number"});
  }
}

void CallChecker::ordering(Id id) {
  Node& node = tree_.nodes[id];
  const Kind a = tree_.child(node, 0).type.kind;
  const Kind b = tree_.child(node, 1).type.kind;
  node.type = Kind::kBool;
  const auto ordered = [](Kind kind) {
    return is_numeric(kind) || kind == Kind::kBool || kind == Kind::kString ||
           kind == Kind::kBytes || kind == Kind::kTimestamp || kind == Kind::kDuration ||
           kind == Kind::kDate || kind == Kind::kPeriod;
  };
  if ((!ordered(a) && !is_open(a)) || (!ordered(b) && !is_open(b))) return no_overload(id);
  if (is_open(a) || is_open(b) || a == b) return;
  if (!is_pack_ && is_numeric(a) && is_numeric(b)) return;
  no_overload(id);
}

bool CallChecker::takes(const Signature& signature, const Node& node) const {
  if (signature.function != node.function || signature.count != node.count) return false;
  if (signature.reach == Reach::kConformance && is_pack_) return false;
  for (std::size_t i = 0; i < node.count; ++i) {
    const Kind kind = tree_.child(node, i).type.kind;
    if (signature.takes[i] != Kind::kDyn && !is_open(kind) && signature.takes[i] != kind) {
      return false;
    }
  }
  return true;
}

void CallChecker::overload(Id id) {
  Node& node = tree_.nodes[id];
  std::size_t fitting = 0;
  for (const Signature& signature : signatures()) {
    if (!takes(signature, node)) continue;
    const bool differs = fitting != 0 && node.type.kind != signature.result;
    node.type = differs ? Kind::kDyn : signature.result;
    ++fitting;
  }
  if (fitting == 0) return no_overload(id);
  if (node.function == Function::kAdd && node.type.kind == Kind::kList) {
    Type joined;
    if (!join_types(tree_.child(node, 0).type, tree_.child(node, 1).type, joined)) {
      if (is_pack_) return no_overload(id);
      joined = Type::list(Kind::kDyn);
    }
    node.type = joined;
  }
  if (const Macro fold = fold_of(node.function); fold != Macro::kNone) {
    const Type& element = tree_.child(node, 0).type.element();
    if (!is_open(element.kind) && !folds(fold, element.kind)) return no_overload(id);
    node.type = is_open(element.kind) ? Type(Kind::kDyn) : element;
  }
  if (node.function == Function::kMatches) pattern(id);
  if (node.function == Function::kPlus && is_pack_) rounding(id);
  const bool works = node.function == Function::kPlusWorkingDays ||
                     node.function == Function::kWorkingDaysSince ||
                     node.function == Function::kIsWorkingDay;
  if (works && environment_.calendar == nullptr) {
    fault(id, node.name_span, message_of(ErrorCode::kNoCalendar));
  }
}

void CallChecker::rounding(Id id) {
  const Node& node = tree_.nodes[id];
  const auto given = [&](std::size_t i, Value otherwise) {
    if (i >= node.count || tree_.child(node, i).op != Op::kConstant) return otherwise;
    return tree_.constant(tree_.child(node, i));
  };
  // Tried on one day: what has no rounding there has none on any.
  const std::vector<Value> arguments = {Value::date(time::Date::from_days(0)),
                                        given(1, Value::period(node.count == 3 ? 1 : 0, 0)),
                                        given(2, Value::borrowed_text("clamp"))};
  around_.steps = 100;
  const Value tried = apply(Function::kPlus, {arguments.data(), node.count}, nullptr, around_);
  if (tried.is_error() && tried.error_code() == ErrorCode::kNoRounding) {
    fault(id, tree_.child(node, node.count - 1).span, message_of(ErrorCode::kNoRounding));
  }
}

void CallChecker::pattern(Id id) {
  Node& node = tree_.nodes[id];
  const Node& text = tree_.child(node, 1);
  if (!Pattern::available()) {
    return fault(id, node.name_span, message_of(ErrorCode::kNoPatterns));
  }
  if (text.op != Op::kConstant || text.type.kind != Kind::kString) {
    if (is_pack_) {
      fault(id, text.span, {"mẫu phải là một hằng", "the pattern must be a constant"});
    }
    return;
  }
  auto made = std::make_unique<Pattern>(tree_.constant(text).as_text());
  const std::string why = made->fault();
  if (!why.empty()) {
    if (is_pack_) {
      fault(id, text.span, {"mẫu không hợp lệ: " + why, "not a pattern: " + why});
    }
    return;
  }
  program_.patterns.push_back(std::move(made));
  node.slot = static_cast<std::uint32_t>(program_.patterns.size());
}

void CallChecker::fold(Id id) {
  Node& node = tree_.nodes[id];
  if (node.function == Function::kIsMissing) return;
  std::vector<Value> arguments;
  for (const Id child : tree_.children(node)) {
    if (tree_.nodes[child].op != Op::kConstant) return;
    arguments.push_back(tree_.constant(tree_.nodes[child]));
  }
  around_.steps = 100'000;
  const Pattern* pattern = node.function == Function::kMatches && node.slot != 0
                               ? program_.patterns[node.slot - 1].get()
                               : nullptr;
  Value value = apply(node.function, arguments, pattern, around_);
  if (!value.is_error()) {
    const Type type = node.type.kind == Kind::kDyn ? Type(Kind::kDyn) : node.type;
    become_constant(node, std::move(value), type);
  } else if (is_pack_ && value.error_code() != ErrorCode::kBudget) {
    fault(id, node.span, message_of(value.error_code()));
  }
}

}  // namespace dangbo::inline v1::expr::detail
