// The tree of an expression: nodes in one array, children before parents, each with its span.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/expr/value.hpp"
#include "expr/function.hpp"

namespace dangbo::inline v1::expr::detail {

enum class Op : std::uint8_t {
  kConstant,
  kName,      // not yet resolved; `rooted` when it began with a dot
  kVariable,  // slot
  kLocal,     // slot: depth of the quantifier that binds it
  kSelect,    // text of the field; on a map
  kField,     // slot: member of a record type
  kCall,      // function; before the check the name is in `text`
  kList,
  kMap,  // key, value, key, value …
  kAnd,  // two or more
  kOr,
  kConditional,
  kMacro,  // range, variable name, body [, second body]
};

enum class Macro : std::uint8_t {
  kNone,
  kHas,
  kAll,
  kExists,
  kExistsOne,
  kFilter,
  kMap,
  kCount,  // count(list, x, condition)
  kSum,    // sum(list, x, value); fold.hpp
  kMin,
  kMax,
};

struct Node {
  Op op = Op::kConstant;
  Function function = Function::kNone;
  Macro macro = Macro::kNone;
  bool is_method = false;
  bool rooted = false;
  bool in_parentheses = false;
  bool negated = false;     // of kIsMissing: asks whether it is there
  std::uint16_t depth = 1;  // of the tree below, itself counted
  std::uint32_t first = 0;  // in Tree::links
  std::uint32_t count = 0;  // children
  std::uint32_t slot = 0;   // kVariable, kLocal, kField; kConstant: in Tree::constants
  std::uint32_t text = 0;   // in Tree::names
  std::uint32_t scope = 0;  // locals around it; a macro binds the local of this number
  Span span;
  Span name_span;  // of the name of a call or field
  Type type;
};

struct Tree {
  std::vector<Node> nodes;
  std::vector<std::uint32_t> links;
  std::vector<Value> constants;
  std::vector<std::string> names;
  std::uint32_t root = 0;

  [[nodiscard]] std::span<const std::uint32_t> children(const Node& node) const noexcept {
    return {links.data() + node.first, node.count};
  }
  [[nodiscard]] const Node& child(const Node& node, std::size_t index) const noexcept {
    return nodes[links[node.first + index]];
  }
  [[nodiscard]] const Value& constant(const Node& node) const noexcept {
    return constants[node.slot];
  }
  [[nodiscard]] bool name_is(const Node& node, std::string_view word) const noexcept {
    return node.function == Function::kNone && names[node.text] == word;
  }
  [[nodiscard]] const std::string& name(const Node& node) const noexcept {
    return names[node.text];
  }
};

}  // namespace dangbo::inline v1::expr::detail
