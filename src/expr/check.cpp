// Names, types and constants: the tree as parsed becomes the tree as evaluated.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "dangbo/base/text.hpp"
#include "expr/fault.hpp"
#include "expr/program.hpp"

namespace dangbo::inline v1::expr::detail {

namespace {

using Id = std::uint32_t;

struct TypeName {
  std::string_view name;
  std::string_view meaning;
};
constexpr TypeName kTypeNames[] = {
    {"bool", "bool"},
    {"int", "int"},
    {"uint", "uint"},
    {"double", "double"},
    {"string", "string"},
    {"bytes", "bytes"},
    {"list", "list"},
    {"map", "map"},
    {"null_type", "null_type"},
    {"type", "type"},
    {"google.protobuf.Timestamp", "google.protobuf.Timestamp"},
    {"google.protobuf.Duration", "google.protobuf.Duration"},
};

bool is_open(Kind kind) noexcept {
  return kind == Kind::kDyn || kind == Kind::kFree || kind == Kind::kError;
}

bool is_numeric(Kind kind) noexcept {
  return kind == Kind::kInt || kind == Kind::kUint || kind == Kind::kDouble;
}

// The narrowest type both have; false when there is none but dyn.
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

struct Local {
  std::string_view name;
  Type type;
};

class Checker {
 public:
  Checker(Program& program, Faults& faults)
      : program_(program),
        tree_(program.tree),
        environment_(program.environment),
        faults_(faults),
        is_pack_(environment_.profile == Profile::kPack) {
    around_.calendar = environment_.calendar.get();
    has_doubles_ = std::any_of(environment_.variables.begin(), environment_.variables.end(),
                               [](const Member& variable) { return holds_double(variable.type); });
  }

  bool run() {
    visit(tree_.root);
    const Node& root = tree_.nodes[tree_.root];
    if (is_pack_ && root.op == Op::kMacro && root.macro == Macro::kFilter) refuse_filter(root);
    return faults_.empty();
  }

 private:
  static bool holds_double(const Type& type) {
    if (type.kind == Kind::kDouble) return true;
    if (type.kind == Kind::kList) return holds_double(type.element());
    if (type.kind != Kind::kRecord || !type.shape) return false;
    return std::any_of(type.shape->members.begin(), type.shape->members.end(),
                       [](const Member& member) { return holds_double(member.type); });
  }

  void set_error(Node& node) { node.type = Kind::kError; }

  void fault(Id id, Span span, base::Message reason, base::Message fix = {}) {
    faults_.add(span, std::move(reason), std::move(fix));
    set_error(tree_.nodes[id]);
  }

  [[nodiscard]] static base::Message suggest(std::string_view word,
                                             std::span<const std::string_view> candidates) {
    const auto near = base::nearest(word, candidates.data(), candidates.size());
    if (!near) return {};
    const std::string name(candidates[*near]);
    return {"có phải là «" + name + "»?", "did you mean \"" + name + "\"?"};
  }

  // NOLINTBEGIN(misc-no-recursion): as deep as the parser lets trees be
  void visit(Id id) {
    Node& node = tree_.nodes[id];
    switch (node.op) {
      case Op::kConstant:
        return constant(id);
      case Op::kName:
        return name(id);
      case Op::kSelect:
        return selection(id);
      case Op::kCall:
        visit_children(id);
        return call(id);
      case Op::kList:
        visit_children(id);
        return list(id);
      case Op::kMap:
        visit_children(id);
        return map(id);
      case Op::kAnd:
      case Op::kOr:
        visit_children(id);
        for (const Id child : tree_.children(node)) wants_bool(child);
        node.type = Kind::kBool;
        return;
      case Op::kConditional:
        visit_children(id);
        return conditional(id);
      case Op::kMacro:
        return macro(id);
      default:
        return;
    }
  }

  void visit_children(Id id) {
    const Node& node = tree_.nodes[id];
    const bool takes_filter = node.op == Op::kCall && tree_.name_is(node, "size");
    for (const Id child : tree_.children(node)) {
      visit(child);
      const Node& below = tree_.nodes[child];
      if (is_pack_ && !takes_filter && below.op == Op::kMacro && below.macro == Macro::kFilter) {
        refuse_filter(below);
      }
    }
  }
  // NOLINTEND(misc-no-recursion)

  void refuse_filter(const Node& node) {
    faults_.add(node.name_span,
                {"bộ quy tắc chỉ dùng filter() để đếm", "a pack uses filter() only to count"},
                {"viết count(ds, x, điều_kiện)", "write count(list, x, condition)"});
  }

  void wants_bool(Id id) {
    const Node& node = tree_.nodes[id];
    if (node.type.kind == Kind::kBool || is_open(node.type.kind)) return;
    faults_.add(node.span, {"cần bool, ở đây là " + node.type.to_string(),
                            "bool is needed here, this is " + node.type.to_string()});
  }

  void constant(Id id) {
    const Node& node = tree_.nodes[id];
    if (!is_pack_) return;
    const Kind kind = node.type.kind;
    if (kind == Kind::kDouble && !has_doubles_) {
      fault(id, node.span,
            {"bộ quy tắc không dùng số thực khi không có trường số thực nào",
             "a pack uses no doubles unless a field is one"},
            {"dùng số nguyên", "use integers"});
    } else if (kind == Kind::kBytes || kind == Kind::kUint) {
      fault(id, node.span, {"kiểu này không dùng trong bộ quy tắc", "packs do not use this type"});
    }
  }

  void become_constant(Node& node, Value value, Type type) {
    node.op = Op::kConstant;
    node.slot = static_cast<std::uint32_t>(tree_.constants.size());
    node.count = 0;
    node.type = std::move(type);
    tree_.constants.push_back(std::move(value));
  }

  bool resolve(Node& node, std::string_view name) {
    const auto& variables = environment_.variables;
    for (std::size_t i = 0; i < variables.size(); ++i) {
      if (variables[i].name == name) {
        node.op = Op::kVariable;
        node.slot = static_cast<std::uint32_t>(i);
        node.count = 0;
        node.type = variables[i].type;
        return true;
      }
    }
    if (is_pack_) return false;
    for (const TypeName& type : kTypeNames) {
      if (type.name == name) {
        become_constant(node, Value::type(type.meaning), Kind::kType);
        return true;
      }
    }
    return false;
  }

  bool resolve_local(Node& node, std::string_view name) {
    for (std::size_t i = locals_.size(); i-- > 0;) {
      if (locals_[i].name == name) {
        node.op = Op::kLocal;
        node.slot = static_cast<std::uint32_t>(i);
        node.type = locals_[i].type;
        return true;
      }
    }
    return false;
  }

  void name(Id id) {
    Node& node = tree_.nodes[id];
    const std::string& word = tree_.name(node);
    if (!node.rooted && resolve_local(node, word)) return;
    if (resolve(node, word)) return;
    std::vector<std::string_view> known;
    for (const Local& local : locals_) known.push_back(local.name);
    for (const Member& variable : environment_.variables) known.push_back(variable.name);
    fault(id, node.name_span,
          {"không có tên «" + word + "» ở đây", "there is no name \"" + word + "\" here"},
          suggest(word, known));
  }

  // "a.b.c" when the node is names joined by dots and not begun by a local; "" otherwise.
  [[nodiscard]] std::string qualified(const Node& node) const {
    std::vector<std::string_view> parts;
    const Node* at = &node;
    while (at->op == Op::kSelect) {
      if (at != &node && at->in_parentheses) return {};
      parts.push_back(tree_.name(*at));
      at = &tree_.child(*at, 0);
    }
    if (at->op != Op::kName || at->in_parentheses) return {};
    const std::string& first = tree_.name(*at);
    if (!at->rooted && std::any_of(locals_.begin(), locals_.end(),
                                   [&](const Local& local) { return local.name == first; })) {
      return {};
    }
    std::string out = first;
    for (std::size_t i = parts.size(); i-- > 0;) {
      out += '.';
      out += parts[i];
    }
    return out;
  }

  void selection(Id id) {  // NOLINT(misc-no-recursion)
    Node& node = tree_.nodes[id];
    const std::string whole = qualified(node);
    if (!whole.empty() && resolve(node, whole)) return;
    visit(tree_.links[node.first]);
    field(id);
  }

  void field(Id id) {
    Node& node = tree_.nodes[id];
    const Type of = tree_.child(node, 0).type;
    const std::string& word = tree_.name(node);
    if (is_open(of.kind)) {
      node.type = of.kind == Kind::kError ? Kind::kError : Kind::kDyn;
      return;
    }
    if (of.kind == Kind::kMap) {
      node.type = of.value();
      if (of.key().kind != Kind::kString && !is_open(of.key().kind)) {
        fault(id, node.name_span,
              {"khoá của map không phải chuỗi", "the keys of this map are no strings"},
              {"viết m[khoá]", "write m[key]"});
      }
      return;
    }
    if (of.kind != Kind::kRecord || !of.shape) {
      return fault(id, node.name_span,
                   {of.to_string() + " không có trường nào", of.to_string() + " has no fields"});
    }
    const auto& members = of.shape->members;
    std::vector<std::string_view> known;
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (members[i].name == word) {
        node.op = Op::kField;
        node.slot = static_cast<std::uint32_t>(i);
        node.type = members[i].type;
        return;
      }
      known.push_back(members[i].name);
    }
    fault(id, node.name_span,
          {of.shape->name + " không có trường «" + word + "»",
           of.shape->name + " has no field \"" + word + "\""},
          suggest(word, known));
  }

  // Whether the value may be missing.
  [[nodiscard]] bool is_optional(const Node& node) const {
    if (node.op == Op::kVariable) return environment_.variables[node.slot].optional;
    if (node.op != Op::kField) return false;
    const Type& of = tree_.child(node, 0).type;
    return of.shape && of.shape->members[node.slot].optional;
  }

  void list(Id id) {
    Node& node = tree_.nodes[id];
    Type element(Kind::kFree);
    bool mixed = false;
    for (const Id child : tree_.children(node)) {
      Type joined;
      if (join_types(element, tree_.nodes[child].type, joined)) {
        if (!mixed) element = joined;
      } else if (is_pack_) {
        const Type& type = tree_.nodes[child].type;
        return fault(
            id, tree_.nodes[child].span,
            {"danh sách lẫn kiểu: " + element.to_string() + " và " + type.to_string(),
             "a list of mixed types: " + element.to_string() + " and " + type.to_string()});
      } else {
        mixed = true;
        element = Kind::kDyn;
      }
    }
    node.type = Type::list(element);
    fold_literal(id);
  }

  void map(Id id) {
    Node& node = tree_.nodes[id];
    Type key(Kind::kFree);
    Type value(Kind::kFree);
    const auto children = tree_.children(node);
    for (std::size_t i = 0; i < children.size(); ++i) {
      Type& into = i % 2 == 0 ? key : value;
      const Node& child = tree_.nodes[children[i]];
      const Kind kind = child.type.kind;
      if (i % 2 == 0 && kind != Kind::kInt && kind != Kind::kUint && kind != Kind::kBool &&
          kind != Kind::kString && !is_open(kind)) {
        return fault(id, child.span,
                     {"khoá của map phải là int, uint, bool hoặc string",
                      "keys of a map are int, uint, bool or string"});
      }
      Type joined;
      if (join_types(into, child.type, joined)) {
        into = joined;
      } else if (is_pack_) {
        return fault(id, child.span, {"map lẫn kiểu", "a map of mixed types"});
      } else {
        into = Kind::kDyn;
      }
    }
    node.type = Type::map(key, value);
    fold_literal(id);
  }

  // A list or map of constants is one constant.
  void fold_literal(Id id) {
    Node& node = tree_.nodes[id];
    std::vector<Value> values;
    for (const Id child : tree_.children(node)) {
      if (tree_.nodes[child].op != Op::kConstant) return;
      values.push_back(tree_.constant(tree_.nodes[child]));
    }
    Value made;
    if (node.op == Op::kList) {
      made = Value::list(std::move(values));
    } else {
      std::vector<Value::Entry> entries;
      for (std::size_t i = 0; i < values.size(); i += 2) {
        entries.emplace_back(std::move(values[i]), std::move(values[i + 1]));
      }
      made = Value::map(std::move(entries));
    }
    if (made.is_error()) {
      if (is_pack_) fault(id, node.span, message_of(made.error_code()));
      return;
    }
    become_constant(node, std::move(made), node.type);
  }

  void conditional(Id id) {
    Node& node = tree_.nodes[id];
    const auto children = tree_.children(node);
    wants_bool(children[0]);
    const Type& yes = tree_.nodes[children[1]].type;
    const Type& no = tree_.nodes[children[2]].type;
    Type joined;
    if (join_types(yes, no, joined)) {
      node.type = joined;
    } else if (is_pack_) {
      fault(id, node.span,
            {"hai nhánh khác kiểu: " + yes.to_string() + " và " + no.to_string(),
             "the branches differ in type: " + yes.to_string() + " and " + no.to_string()});
    } else {
      node.type = Kind::kDyn;
    }
  }

  void macro(Id id) {  // NOLINT(misc-no-recursion)
    Node& node = tree_.nodes[id];
    if (node.macro == Macro::kHas) {
      const Id select = tree_.links[node.first];
      visit(tree_.links[tree_.nodes[select].first]);
      field(select);
      const Kind kind = tree_.nodes[select].type.kind;
      node.type = kind == Kind::kError ? Kind::kError : Kind::kBool;
      return;
    }
    const std::vector<Id> children(tree_.children(node).begin(), tree_.children(node).end());
    visit(children[0]);
    const Type range = tree_.nodes[children[0]].type;
    Type element(Kind::kDyn);
    if (range.kind == Kind::kList) element = range.element();
    if (range.kind == Kind::kMap) element = range.key();
    if (range.kind != Kind::kList && range.kind != Kind::kMap && !is_open(range.kind)) {
      return fault(id, tree_.nodes[children[0]].span,
                   {"cần danh sách, ở đây là " + range.to_string(),
                    "a list is needed here, this is " + range.to_string()});
    }
    if (element.kind == Kind::kFree) element = Kind::kDyn;
    if (is_pack_ && !is_relation(id, tree_.nodes[children[0]], range)) return;
    node.slot = static_cast<std::uint32_t>(locals_.size());
    locals_.push_back({tree_.name(tree_.nodes[children[1]]), element});
    program_.locals =
        std::max<std::uint32_t>(program_.locals, static_cast<std::uint32_t>(locals_.size()));
    for (std::size_t i = 2; i < children.size(); ++i) visit(children[i]);
    locals_.pop_back();
    finish_macro(id, children, element);
  }

  void finish_macro(Id id, const std::vector<Id>& children, const Type& element) {
    Node& node = tree_.nodes[id];
    const bool maps = node.macro == Macro::kMap;
    if (!maps || children.size() == 4) wants_bool(children[2]);
    switch (node.macro) {
      case Macro::kMap:
        node.type = Type::list(tree_.nodes[children.back()].type);
        break;
      case Macro::kFilter:
        node.type = Type::list(element);
        break;
      case Macro::kCount:
        node.type = Kind::kInt;
        break;
      default:
        node.type = Kind::kBool;
    }
    for (const Id child : children) {
      const Node& below = tree_.nodes[child];
      if (is_pack_ && below.op == Op::kMacro && below.macro == Macro::kFilter) refuse_filter(below);
    }
  }

  // Packs quantify over rows of the data only: those have column kernels.
  bool is_relation(Id id, const Node& range, const Type& type) {
    const Node& node = tree_.nodes[id];
    if (type.kind == Kind::kError) return true;
    if (node.macro == Macro::kMap) {
      fault(id, node.name_span, {"bộ quy tắc không dùng map()", "packs do not use map()"});
      return false;
    }
    if (type.kind == Kind::kList && type.element().kind == Kind::kRecord &&
        (range.op == Op::kField || range.op == Op::kVariable)) {
      return true;
    }
    fault(id, range.span,
          {"bộ quy tắc chỉ lượng hoá trên các dòng dữ liệu", "packs quantify over rows only"},
          {"viết x in [...] hoặc nối bằng && và ||", "write x in [...] or join with && and ||"});
    return false;
  }

  void call(Id id) {
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

  void unknown_function(Id id) {
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

  [[nodiscard]] std::string shown_arguments(const Node& node) const {
    std::string out;
    for (const Id child : tree_.children(node)) {
      out += (out.empty() ? "" : ", ") + tree_.nodes[child].type.to_string();
    }
    return "(" + out + ")";
  }

  void no_overload(Id id) {
    const Node& node = tree_.nodes[id];
    const std::string what(name_of(node.function));
    const std::string given = shown_arguments(node);
    fault(id, node.span,
          {"«" + what + "» không nhận " + given, "\"" + what + "\" does not take " + given});
  }

  // A word compared with an enumeration must be one of it, and becomes it.
  bool as_word_of(Id id, const Type& enumeration) {
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

  void equality(Id id) {
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

  void null_test(Id id, Id left, Id right) {
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

  void inclusion(Id id) {
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

  // x in ["official", "probationary"]: each must be a word of the enumeration.
  void words(Id id, const Type& type, Id in) {
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

  void index(Id id) {
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
      fault(id, node.span,
            {"bộ quy tắc không lấy một dòng theo số thứ tự",
             "packs do not pick a row by its number"});
    }
  }

  void ordering(Id id) {
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

  [[nodiscard]] bool takes(const Signature& signature, const Node& node) const {
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

  void overload(Id id) {
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
    if (node.function == Function::kMatches) pattern(id);
    const bool works = node.function == Function::kPlusWorkingDays ||
                       node.function == Function::kWorkingDaysSince ||
                       node.function == Function::kIsWorkingDay;
    if (works && environment_.calendar == nullptr) {
      fault(id, node.name_span, message_of(ErrorCode::kNoCalendar));
    }
  }

  void pattern(Id id) {
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

  // A call of constants is a constant. What fails is refused in packs; elsewhere it waits, since
  // && and || may absorb it.
  void fold(Id id) {
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

  Program& program_;
  Tree& tree_;
  const Environment& environment_;
  Faults& faults_;
  Surroundings around_;
  std::vector<Local> locals_;
  bool is_pack_;
  bool has_doubles_ = false;
};

}  // namespace

bool check(Program& program, Faults& faults) {
  return Checker(program, faults).run();
}

}  // namespace dangbo::inline v1::expr::detail
