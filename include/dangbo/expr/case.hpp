// Expressions with their variables as JSON, in the form of CEL's conformance suite.
#pragma once

#include <string>
#include <string_view>

#include "dangbo/base/problem.hpp"

namespace dangbo::inline v1::expr {

// `line` is one object {"expr": text, "bindings": [{"key", "value": {"value": V}}], "type_env":
// [{"name", "ident": {"type": T}}]}, the last two optional, V and T as in the suite:
// {"int64_value": 1}, {"primitive": {"$enum": "INT64"}}. Variables without a type have that of
// their value. The answer is {"value": V} or {"error": text} without a line end; text is in
// `language` and not meant for machines. Never fails otherwise, whatever the line holds.
[[nodiscard]] std::string evaluate_case(std::string_view line, base::Language language);

}  // namespace dangbo::inline v1::expr
