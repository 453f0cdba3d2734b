// Trees lowered to parts of one column program: equal parts once, names gone, constants apart.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/expr/columns.hpp"
#include "expr/fault.hpp"
#include "expr/kernels.hpp"
#include "expr/program.hpp"

namespace dangbo::inline v1::expr::detail {

// How the values of a part lie in a block.
enum class Rep : std::uint8_t {
  kNone,  // they have no columns
  kBits,
  kInt32,  // date, enum
  kInt64,  // int, duration
  kDouble,
  kText,
  kParts,  // timestamp, period
  kRecord,
  kRows,
};
[[nodiscard]] Rep rep_of(const Type& type) noexcept;
// As if both sides were exchanged.
[[nodiscard]] Comparison turned(Comparison comparison) noexcept;

enum class Kernel : std::uint8_t {
  kConstant,
  kVariable,
  kElement,    // the row that a quantifier looks at
  kField,      // operand: the record
  kBroadcast,  // a value of the rows above, for each row below
  kCompare,
  kAnd,
  kOr,
  kNot,
  kChoose,
  kNegate,
  kArithmetic,
  kDatePart,
  kSince,
  kPlus,     // a constant period
  kPresent,  // has(): field, record; == null: value
  kOneOf,    // x in [a, b, c]; operands: x, a, b, c
  kRowsSize,
  kQuantifier,
  kOnWords,   // a function, once for each word of a dictionary or vocabulary
  kOnValues,  // a function, once for each row
};

struct Part {
  Kernel kernel = Kernel::kConstant;
  Rep rep = Rep::kNone;
  Function function = Function::kNone;
  Comparison comparison = Comparison::kEqual;
  Macro macro = Macro::kNone;
  Rounding rounding = Rounding::kClamp;
  bool negated = false;  // kPresent: asks whether it is missing
  bool spread = false;   // kOnValues: the operands, of `in` those after the first, are a list
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  std::uint32_t slot = 0;    // variable, field, constant
  std::uint32_t domain = 0;  // where it has a value a row
  std::uint32_t below = 0;   // kQuantifier: the domain of its condition
  std::int32_t months = 0;
  std::int32_t days = 0;
  std::uint32_t uses = 0;
  const Pattern* pattern = nullptr;
  Span span;
  std::uint32_t expression = 0;  // whose text the span is of
  Type type;
};

// Rows that parts have values for: 0 is the table, every other one the rows below a range.
struct Domain {
  std::uint32_t parent = 0;
  std::uint32_t depth = 0;
  std::uint32_t range = 0;  // part of the parent's
  std::uint32_t element = 0;
  bool looks_up = false;                   // has broadcasts
  bool waits = false;                      // Lowering::waits_for_others
  std::vector<std::uint32_t> quantifiers;  // parts of the parent's
};

}  // namespace dangbo::inline v1::expr::detail

namespace dangbo::inline v1::expr {

struct ColumnProgram::Lowered {
  std::vector<detail::Part> parts;  // operands before what uses them
  std::vector<std::uint32_t> links;
  std::vector<Value> constants;
  std::vector<detail::Domain> domains = std::vector<detail::Domain>(1);
  std::vector<std::uint32_t> roots;
  std::vector<Expression> expressions;  // keep patterns and types alive

  [[nodiscard]] std::span<const std::uint32_t> operands(const detail::Part& part) const noexcept {
    return {links.data() + part.first, part.count};
  }
};

namespace detail {

// Lowers one more tree; parts without a kernel go to `faults`. The number of the root's part.
class Lowering {
 public:
  explicit Lowering(ColumnProgram::Lowered& out) : out_(out) {}
  std::uint32_t add(const Program& program, std::uint32_t expression, Faults& faults);

 private:
  using Id = std::uint32_t;

  Id lower(Id node);
  Id lower_call(Id id);
  Id lower_comparison(const Node& node, std::vector<Id> operands);
  Id lower_in(const Node& node, std::vector<Id> operands, bool spread);
  Id lower_plus(const Node& node, std::vector<Id> operands);
  Id lower_values(const Node& node, std::vector<Id> operands, bool spread = false);
  Id lower_size(const Node& node);
  Id lower_terms(const Node& node);
  Id lower_choice(const Node& node);
  Id lower_macro(const Node& node, Macro macro);
  Id lower_presence(std::vector<Id> of, bool negated, const Node& node);
  Id lower_field(const Node& node);
  Id constant(const Value& value, const Type& type, const Node& node);
  Id lifted(Id part, Id domain);
  Id join(Part part, std::vector<Id> operands, const Node& node);
  Id intern(Part part, const std::vector<Id>& operands);
  Id none(const Node& node);
  [[nodiscard]] bool is_constant(Id part) const;
  [[nodiscard]] bool is_deeper(Id a, Id b) const;
  [[nodiscard]] Id domain_of(const std::vector<Id>& operands) const;
  // The deepest local read below `node` that is bound above `limit`; nothing when none is.
  [[nodiscard]] std::optional<Id> free_local(Id node, Id limit) const;

  // Whether a quantifier below `node` is computed before the rows bound at `slot`. Domains whose
  // conditions wait so are shared with nobody, or two could wait for each other.
  [[nodiscard]] bool waits_for_others(Id node, Id slot) const;

  ColumnProgram::Lowered& out_;
  const Program* program_ = nullptr;
  Faults* faults_ = nullptr;
  std::uint32_t expression_ = 0;
  std::vector<Id> elements_;  // parts of the locals, by their slot
  std::vector<std::pair<std::string, Id>> known_;
  std::vector<std::uint32_t> buckets_;
};

[[nodiscard]] std::string kernel_name(const ColumnProgram::Lowered& lowered, const Part& part);

}  // namespace detail

}  // namespace dangbo::inline v1::expr
