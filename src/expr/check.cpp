// Names, types and constants: the tree as parsed becomes the tree as evaluated.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "dangbo/base/text.hpp"
#include "expr/check_calls.hpp"
#include "expr/fold.hpp"

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

struct Local {
  std::string_view name;
  Type type;
};

class Checker : private CallChecker {
 public:
  Checker(Program& program, Faults& faults) : CallChecker(program, faults) {
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
    if (is_fold(node.macro)) return fold(id, children);
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

  void fold(Id id, const std::vector<Id>& children) {
    Node& node = tree_.nodes[id];
    const Type& type = tree_.nodes[children[2]].type;
    node.type = type.kind == Kind::kFree ? Type(Kind::kDyn) : type;
    if (is_open(type.kind) || folds(node.macro, type.kind)) return;
    const std::string& name = tree_.name(node);
    fault(id, tree_.nodes[children[2]].span,
          {"«" + name + "» không nhận " + type.to_string(),
           "\"" + name + "\" does not take " + type.to_string()});
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

  std::vector<Local> locals_;
  bool has_doubles_ = false;
};

}  // namespace

bool check(Program& program, Faults& faults) {
  return Checker(program, faults).run();
}

}  // namespace dangbo::inline v1::expr::detail
