// The type of a column that holds values of an expression.
#pragma once

#include "dangbo/expr/value.hpp"
#include "dangbo/table/schema.hpp"

namespace dangbo::inline v1::expr::detail {

// Of what has no column of its own: text.
[[nodiscard]] inline table::Type column_type(const Type& type) noexcept {
  switch (type.kind) {
    case Kind::kBool:
      return table::Type::kBool;
    case Kind::kInt:
      return table::Type::kInt;
    case Kind::kDouble:
      return table::Type::kReal;
    case Kind::kDate:
      return table::Type::kDate;
    case Kind::kEnum:
      return table::Type::kCode;
    default:
      return table::Type::kText;
  }
}

}  // namespace dangbo::inline v1::expr::detail
