// Expressions over tables of this library and over rows written as JSON: for hosts that declare
// what they have instead of compiling against C++.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <string_view>

#include "dangbo/expr/expression.hpp"
#include "dangbo/table/table.hpp"

namespace dangbo::inline v1::expr {

// Names and types from a document, for packs (Profile::kPack):
//   {"fields": [{"name": "age", "type": "int"}, {"name": "grade", "type": "code",
//    "words": ["good", "weak"]}]}
// Types are text, code (with its words), date, int, bool, real. Any value may be missing. Fails
// (ProblemCode::kBadQuery) for every mistake of the document; at most 1,000 fields.
[[nodiscard]] absl::StatusOr<Environment> parse_environment(std::string_view json);
// The fields of a table. A vocabulary that grows with the data is text.
[[nodiscard]] Environment environment_of(const table::Schema& schema);

// The value for every row, by column: `value` in the type nearest to the expression's (timestamps,
// durations and periods as text), and `error_vi`, `error_en`, why there is none. Columns are found
// by name; a date known in part counts as its first day, a word outside the vocabulary is missing.
// Fails when a column that is read is absent or of another type.
[[nodiscard]] absl::StatusOr<table::Table> evaluate(const Expression& expression,
                                                    const table::Table& rows);

// The value for one row, an object with a value for each name: {"value": V}, or
// {"error": {"vi", "en", "begin", "end"}} with the bytes of the part that failed. Null and absent
// names are missing, names that the expression does not read are not looked at. Fails when the text
// is no such object or a value is not of its type.
[[nodiscard]] absl::StatusOr<std::string> evaluate_row(const Expression& expression,
                                                       std::string_view json);

// The parts of the column program of an expression (ColumnStep): kernel, text, uses, depth.
[[nodiscard]] absl::StatusOr<table::Table> explain(const Expression& expression);

}  // namespace dangbo::inline v1::expr
