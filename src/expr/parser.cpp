#include "expr/parser.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "dangbo/base/text.hpp"
#include "expr/lexer.hpp"
#include "expr/number_text.hpp"

namespace dangbo::inline v1::expr::detail {

namespace {

using Id = std::uint32_t;

constexpr Id kNothing = 0xFFFF'FFFF;

constexpr std::array<std::string_view, 17> kReserved = {
    "as",  "break", "const",   "continue",  "else",   "for", "function", "if",   "import",
    "let", "loop",  "package", "namespace", "return", "var", "void",     "while"};

struct Operator {
  std::uint16_t sign;
  Function function;
};

constexpr Operator kRelations[] = {
    {sign_of('=', '='), Function::kEqual}, {sign_of('!', '='), Function::kNotEqual},
    {sign_of('<'), Function::kLess},       {sign_of('<', '='), Function::kLessEqual},
    {sign_of('>'), Function::kGreater},    {sign_of('>', '='), Function::kGreaterEqual},
};
constexpr Operator kAdditions[] = {{sign_of('+'), Function::kAdd},
                                   {sign_of('-'), Function::kSubtract}};
constexpr Operator kMultiplications[] = {{sign_of('*'), Function::kMultiply},
                                         {sign_of('/'), Function::kDivide},
                                         {sign_of('%'), Function::kModulo}};

struct MacroName {
  std::string_view name;
  Macro macro;
  std::uint32_t least;  // arguments
  std::uint32_t most;
};
constexpr MacroName kMacros[] = {
    {"all", Macro::kAll, 2, 2},
    {"exists", Macro::kExists, 2, 2},
    {"exists_one", Macro::kExistsOne, 2, 2},
    {"existsOne", Macro::kExistsOne, 2, 2},
    {"filter", Macro::kFilter, 2, 2},
    {"map", Macro::kMap, 2, 3},
};
constexpr MacroName kGlobalMacros[] = {
    {"count", Macro::kCount, 3, 3},
    {"sum", Macro::kSum, 3, 3},
    {"min", Macro::kMin, 3, 3},
    {"max", Macro::kMax, 3, 3},
};

class Parser {
 public:
  Parser(std::string_view text, Tree& tree, Faults& faults)
      : tree_(tree), faults_(faults), lexer_(text, faults) {}

  bool run() {
    lexer_.next();
    const Id root = expression(0);
    if (root == kNothing) return false;
    if (lexer_.token() != Token::kEnd) {
      unexpected({"thừa ở cuối biểu thức", "the expression should end here"});
      return false;
    }
    tree_.root = root;
    return true;
  }

 private:
  [[nodiscard]] bool at(std::uint16_t sign) const noexcept {
    return lexer_.token() == Token::kSign && lexer_.sign() == sign;
  }
  [[nodiscard]] bool at(char a) const noexcept { return at(sign_of(a)); }
  bool skip(char a) {
    if (!at(a)) return false;
    lexer_.next();
    return true;
  }
  Id unexpected(base::Message reason) {
    if (lexer_.token() != Token::kBad) faults_.add(lexer_.span(), std::move(reason));
    return kNothing;
  }
  bool expect(char a) {
    if (skip(a)) return true;
    const std::string sign(1, a);
    unexpected({"thiếu «" + sign + "» ở đây", "\"" + sign + "\" is missing here"});
    return false;
  }
  Id too_deep(Span span) {
    faults_.add(span,
                {"biểu thức lồng quá " + std::to_string(kMaxDepth) + " tầng",
                 "nested deeper than " + std::to_string(kMaxDepth) + " levels"},
                {"chia thành nhiều biểu thức", "divide it into several expressions"});
    return kNothing;
  }

  // A node over the given children; its span covers them and `span`.
  Id add(Node node, std::span<const Id> children) {
    node.first = static_cast<std::uint32_t>(tree_.links.size());
    node.count = static_cast<std::uint32_t>(children.size());
    for (const Id child : children) {
      const Node& below = tree_.nodes[child];
      node.depth = std::max<std::uint16_t>(node.depth, static_cast<std::uint16_t>(below.depth + 1));
      node.span.begin = std::min(node.span.begin, below.span.begin);
      node.span.end = std::max(node.span.end, below.span.end);
      tree_.links.push_back(child);
    }
    if (node.depth > kMaxDepth) return too_deep(node.span);
    tree_.nodes.push_back(std::move(node));
    return static_cast<Id>(tree_.nodes.size() - 1);
  }

  Id constant(Value value, Kind kind, Span span) {
    Node node;
    node.slot = static_cast<std::uint32_t>(tree_.constants.size());
    node.type = kind;
    node.span = span;
    tree_.constants.push_back(std::move(value));
    return add(std::move(node), {});
  }

  std::uint32_t name(std::string_view text) {
    tree_.names.emplace_back(text);
    return static_cast<std::uint32_t>(tree_.names.size() - 1);
  }

  Id call(Function function, Span span, std::span<const Id> arguments) {
    Node node;
    node.op = Op::kCall;
    node.function = function;
    node.span = span;
    node.name_span = span;
    return add(std::move(node), arguments);
  }

  // NOLINTBEGIN(misc-no-recursion): every cycle passes expression(), which counts
  Id expression(std::size_t depth) {
    if (depth > kMaxDepth) return too_deep(lexer_.span());
    const Id condition = chain(depth, true);
    if (condition == kNothing || !at('?')) return condition;
    const Span mark = lexer_.span();
    lexer_.next();
    const Id yes = chain(depth + 1, true);
    if (yes == kNothing || !expect(':')) return kNothing;
    const Id no = expression(depth + 1);
    if (no == kNothing) return kNothing;
    Node node;
    node.op = Op::kConditional;
    node.span = mark;
    return add(std::move(node), std::array{condition, yes, no});
  }

  // Terms of || or, one level below, of &&.
  Id chain(std::size_t depth, bool is_or) {
    const auto term = [&] { return is_or ? chain(depth, false) : relation(depth); };
    const auto sign = is_or ? sign_of('|', '|') : sign_of('&', '&');
    Id first = term();
    if (first == kNothing || !at(sign)) return first;
    std::vector<Id> terms{first};
    const Span span = lexer_.span();
    while (at(sign)) {
      lexer_.next();
      const Id more = term();
      if (more == kNothing) return kNothing;
      terms.push_back(more);
    }
    Node node;
    node.op = is_or ? Op::kOr : Op::kAnd;
    node.span = span;
    return add(std::move(node), terms);
  }

  template <std::size_t kSize>
  std::optional<Function> operator_in(const Operator (&operators)[kSize]) const {
    if (lexer_.token() != Token::kSign) return std::nullopt;
    for (const Operator& entry : operators) {
      if (entry.sign == lexer_.sign()) return entry.function;
    }
    return std::nullopt;
  }

  Id relation(std::size_t depth) {
    Id left = arithmetic(depth, true);
    while (left != kNothing) {
      auto function = operator_in(kRelations);
      if (!function && lexer_.token() == Token::kName && lexer_.text() == "in") {
        function = Function::kIn;
      }
      if (!function) break;
      left = binary(*function, left, [&] { return arithmetic(depth, true); });
    }
    return left;
  }

  Id arithmetic(std::size_t depth, bool additive) {
    const auto operand = [&] { return additive ? arithmetic(depth, false) : unary(depth); };
    Id left = operand();
    while (left != kNothing) {
      const auto function = additive ? operator_in(kAdditions) : operator_in(kMultiplications);
      if (!function) break;
      left = binary(*function, left, operand);
    }
    return left;
  }

  template <typename Operand>
  Id binary(Function function, Id left, const Operand& operand) {
    const Span span = lexer_.span();
    lexer_.next();
    const Id right = operand();
    if (right == kNothing) return kNothing;
    const Id made = call(function, span, std::array{left, right});
    if (made != kNothing) tree_.nodes[made].name_span = span;
    return made;
  }

  Id unary(std::size_t depth) {
    const bool is_not = at('!');
    if (!is_not && !at('-')) return member(depth);
    std::vector<Span> signs;
    while (at(is_not ? '!' : '-')) {
      signs.push_back(lexer_.span());
      lexer_.next();
      if (depth + signs.size() > kMaxDepth) return too_deep(signs.front());
    }
    // The last sign before a number belongs to it: the smallest integer has no positive twin.
    const bool is_number = lexer_.token() == Token::kInt || lexer_.token() == Token::kDouble;
    is_negative_ = !is_not && is_number;
    negative_from_ = signs.back().begin;
    Id operand = member(depth + signs.size());
    if (!is_not && is_number) signs.pop_back();
    while (operand != kNothing && !signs.empty()) {
      operand =
          call(is_not ? Function::kNot : Function::kNegate, signs.back(), std::array{operand});
      signs.pop_back();
    }
    return operand;
  }

  Id member(std::size_t depth) {
    Id left = primary(depth);
    while (left != kNothing) {
      if (at('.')) {
        left = selection(left, depth);
      } else if (at('[')) {
        const Span open = lexer_.span();
        lexer_.next();
        const Id index = expression(depth + 1);
        if (index == kNothing) return kNothing;
        const std::uint32_t end = lexer_.span().end;
        if (!expect(']')) return kNothing;
        left = call(Function::kIndex, {open.begin, end}, std::array{left, index});
      } else if (at('{')) {
        return unexpected({"không dựng được thông điệp (message) ở đây",
                           "messages cannot be constructed in this language"});
      } else {
        break;
      }
    }
    return left;
  }

  Id selection(Id left, std::size_t depth) {
    lexer_.next();
    const bool is_quoted = lexer_.token() == Token::kQuotedName;
    const std::string word(is_quoted ? std::string_view(lexer_.content()) : lexer_.text());
    if (!is_quoted && (lexer_.token() != Token::kName || word == "in" || word == "true" ||
                       word == "false" || word == "null")) {
      return unexpected({"sau dấu chấm phải là một tên", "a name must follow the dot"});
    }
    const Span where = lexer_.span();
    lexer_.next();
    if (!is_quoted && at('(')) return arguments(left, word, where, depth, false);
    Node node;
    node.op = Op::kSelect;
    node.text = name(word);
    node.span = where;
    node.name_span = where;
    return add(std::move(node), std::array{left});
  }

  // A call: `target` is kNothing for a global one. At "(".
  Id arguments(Id target, const std::string& word, Span where, std::size_t depth, bool rooted) {
    lexer_.next();
    std::vector<Id> values;
    if (target != kNothing) values.push_back(target);
    if (!at(')') && !items(values, depth, ')')) return kNothing;
    const std::uint32_t end = lexer_.span().end;
    if (!expect(')')) return kNothing;
    Node node;
    node.op = Op::kCall;
    node.is_method = target != kNothing;
    node.rooted = rooted;
    node.text = name(word);
    node.span = {where.begin, end};
    node.name_span = where;
    if (!rooted && !as_macro(node, word, values)) return kNothing;
    return add(std::move(node), values);
  }

  // Turns a call into a macro when it is one; false when it is a broken one.
  bool as_macro(Node& node, const std::string& word, std::vector<Id>& values) {
    if (!node.is_method && word == "has" && values.size() == 1) {
      if (tree_.nodes[values[0]].op != Op::kSelect) {
        faults_.add(tree_.nodes[values[0]].span,
                    {"has() cần một trường: has(a.b)", "has() takes a field: has(a.b)"});
        return false;
      }
      node.macro = Macro::kHas;
    }
    if (node.is_method) {
      const auto given = static_cast<std::uint32_t>(values.size() - 1);
      for (const MacroName& macro : kMacros) {
        if (macro.name == word && macro.least <= given && given <= macro.most) {
          node.macro = macro.macro;
        }
      }
    } else if (values.size() == 3) {
      for (const MacroName& macro : kGlobalMacros) {
        if (macro.name == word) node.macro = macro.macro;
      }
    }
    if (node.macro == Macro::kNone) return true;
    node.op = Op::kMacro;
    if (node.macro == Macro::kHas) return true;
    const Node& variable = tree_.nodes[values[1]];
    if (variable.op != Op::kName || variable.rooted || variable.in_parentheses) {
      faults_.add(variable.span,
                  {"đây phải là tên một biến", "this must be the name of a variable"},
                  {"ví dụ: ds.exists(x, x > 1)", "for example: list.exists(x, x > 1)"});
      return false;
    }
    return true;
  }

  // Expressions separated by commas, up to `close`; a comma may stand before the end of a list.
  bool items(std::vector<Id>& values, std::size_t depth, char close) {
    for (;;) {
      const Id value = expression(depth + 1);
      if (value == kNothing) return false;
      values.push_back(value);
      if (!skip(',')) return true;
      if (close != ')' && at(close)) return true;
    }
  }

  Id primary(std::size_t depth) {
    const bool is_negative = std::exchange(is_negative_, false);
    switch (lexer_.token()) {
      case Token::kInt:
      case Token::kUint:
      case Token::kDouble:
        return number(is_negative);
      case Token::kString:
      case Token::kBytes: {
        const bool is_text = lexer_.token() == Token::kString;
        Value value = is_text ? Value::text(std::move(lexer_.content()))
                              : Value::bytes(std::move(lexer_.content()));
        const Span span = lexer_.span();
        lexer_.next();
        return constant(std::move(value), is_text ? Kind::kString : Kind::kBytes, span);
      }
      case Token::kName:
        return word(lexer_.span().begin, depth, false);
      case Token::kSign:
        break;
      default:
        return unexpected({"thiếu một giá trị ở đây", "a value is missing here"});
    }
    const Span open = lexer_.span();
    if (skip('.')) {
      if (lexer_.token() == Token::kName) return word(open.begin, depth, true);
      return unexpected({"sau dấu chấm phải là một tên", "a name must follow the dot"});
    }
    if (skip('(')) {
      const Id inner = expression(depth + 1);
      if (inner == kNothing) return kNothing;
      const std::uint32_t end = lexer_.span().end;
      if (!expect(')')) return kNothing;
      tree_.nodes[inner].in_parentheses = true;
      tree_.nodes[inner].span = {open.begin, end};
      return inner;
    }
    if (skip('[')) return list(open, depth);
    if (skip('{')) return map(open, depth);
    return unexpected({"thiếu một giá trị ở đây", "a value is missing here"});
  }

  Id list(Span open, std::size_t depth) {
    std::vector<Id> values;
    if (!at(']') && !items(values, depth, ']')) return kNothing;
    Node node;
    node.op = Op::kList;
    node.span = {open.begin, lexer_.span().end};
    return expect(']') ? add(std::move(node), values) : kNothing;
  }

  Id map(Span open, std::size_t depth) {
    std::vector<Id> values;
    while (!at('}')) {
      for (const bool is_key : {true, false}) {
        const Id value = expression(depth + 1);
        if (value == kNothing || (is_key && !expect(':'))) return kNothing;
        values.push_back(value);
      }
      if (!skip(',')) break;
    }
    Node node;
    node.op = Op::kMap;
    node.span = {open.begin, lexer_.span().end};
    return expect('}') ? add(std::move(node), values) : kNothing;
  }

  Id word(std::uint32_t begin, std::size_t depth, bool rooted) {
    const std::string word(lexer_.text());
    const Span where{begin, lexer_.span().end};
    lexer_.next();
    if (!rooted) {
      if (word == "true" || word == "false") {
        return constant(Value::boolean(word == "true"), Kind::kBool, where);
      }
      if (word == "null") return constant(Value(), Kind::kNull, where);
    }
    const bool is_reserved =
        std::find(kReserved.begin(), kReserved.end(), word) != kReserved.end() || word == "in" ||
        word == "true" || word == "false" || word == "null";
    if (is_reserved) {
      faults_.add(where,
                  {"«" + word + "» là từ dành riêng", "\"" + word + "\" is a reserved word"});
      return kNothing;
    }
    if (at('(')) return arguments(kNothing, word, where, depth, rooted);
    Node node;
    node.op = Op::kName;
    node.rooted = rooted;
    node.text = name(word);
    node.span = where;
    node.name_span = where;
    return add(std::move(node), {});
  }
  // NOLINTEND(misc-no-recursion)

  Id number(bool is_negative) {
    Span span = lexer_.span();
    std::string text(lexer_.text());
    if (is_negative) {
      span.begin = negative_from_;
      text.insert(0, 1, '-');
    }
    const Token token = lexer_.token();
    Value value;
    if (token == Token::kDouble) {
      value = parse_double(text);
    } else if (token == Token::kUint) {
      text.pop_back();
      value = parse_uint(text);
    } else {
      value = parse_int(text);
    }
    lexer_.next();
    if (value.is_error()) {
      faults_.add(span, {"số nằm ngoài phạm vi", "the number is out of range"});
      return kNothing;
    }
    return constant(value, value.kind(), span);
  }

  Tree& tree_;
  Faults& faults_;
  Lexer lexer_;
  bool is_negative_ = false;  // of the number that follows
  std::uint32_t negative_from_ = 0;
};

}  // namespace

bool parse(std::string_view text, Tree& tree, Faults& faults) {
  if (text.size() > kMaxTextBytes) {
    const std::string most = std::to_string(kMaxTextBytes);
    faults.add({static_cast<std::uint32_t>(kMaxTextBytes),
                static_cast<std::uint32_t>(std::min<std::size_t>(text.size(), 0xFFFF'FFFF))},
               {"biểu thức dài quá " + most + " byte", "longer than " + most + " bytes"},
               {"chia thành nhiều biểu thức", "divide it into several expressions"});
    return false;
  }
  if (const auto bad = base::first_bad_utf8(text)) {
    const auto where = static_cast<std::uint32_t>(*bad);
    faults.add({where, where + 1}, {"không phải UTF-8", "not UTF-8"});
    return false;
  }
  return Parser(text, tree, faults).run() && faults.empty();
}

}  // namespace dangbo::inline v1::expr::detail
