// The names of the loops, for explain().
#include <string>
#include <string_view>

#include "expr/lower.hpp"

namespace dangbo::inline v1::expr::detail {

namespace {

std::string_view unit_of(Rep rep) noexcept {
  static constexpr std::string_view kNames[] = {"",     "bits",  "int32",  "int64", "double",
                                                "text", "parts", "record", "rows"};
  return kNames[static_cast<std::size_t>(rep)];
}

std::string_view quantifier_name(Macro macro) noexcept {
  switch (macro) {
    case Macro::kAll:
      return "all";
    case Macro::kExists:
      return "exists";
    case Macro::kExistsOne:
      return "exists_one";
    case Macro::kSum:
      return "sum";
    case Macro::kMin:
      return "min";
    case Macro::kMax:
      return "max";
    default:
      return "count";
  }
}

}  // namespace

std::string kernel_name(const ColumnProgram::Lowered& lowered, const Part& part) {
  static constexpr std::string_view kComparisonNames[] = {"==", "!=", "<", "<=", ">", ">="};
  const std::string rep(unit_of(part.rep));
  const std::string function(name_of(part.function));
  switch (part.kernel) {
    case Kernel::kConstant:
      return "constant";
    case Kernel::kVariable:
      return "load " + rep;
    case Kernel::kElement:
      return "rows below";
    case Kernel::kField:
      return "load " + rep + " of record";
    case Kernel::kBroadcast:
      return "broadcast " + rep;
    case Kernel::kCompare: {
      const Part& left = lowered.parts[lowered.links[part.first]];
      return "compare " + std::string(unit_of(left.rep)) + " " +
             std::string(kComparisonNames[static_cast<std::size_t>(part.comparison)]);
    }
    case Kernel::kAnd:
      return "and planes";
    case Kernel::kOr:
      return "or planes";
    case Kernel::kNot:
      return "not plane";
    case Kernel::kChoose:
      return "choose " + rep;
    case Kernel::kNegate:
      return "negate " + rep;
    case Kernel::kArithmetic:
      return "checked " + rep + " " + function;
    case Kernel::kDatePart:
    case Kernel::kSince:
    case Kernel::kPlus:
      return "calendar " + (part.kernel == Kernel::kPlus ? std::string("plus") : function);
    case Kernel::kPresent:
      return part.negated ? "missing plane" : "present plane";
    case Kernel::kOneOf:
      return "one of";
    case Kernel::kRowsSize:
      return "size of ranges";
    case Kernel::kQuantifier:
      return std::string(quantifier_name(part.macro)) + " of ranges";
    case Kernel::kOnWords:
      return "once a word: " + function;
    case Kernel::kOnValues:
      return "once a row: " + function;
  }
  return {};
}

}  // namespace dangbo::inline v1::expr::detail
