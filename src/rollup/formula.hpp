// An expression of a query (docs/expressions.md), bound to the columns that it reads.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "dangbo/expr/expression.hpp"
#include "rollup/column.hpp"

namespace dangbo::inline v1::rollup {

// The row's day, for ages and the like: the day asked, of an event its own.
inline constexpr const char* kDayVariable = "on";

class Formula {
 public:
  // `columns` by the number of their variable; `day` is the number of kDayVariable.
  Formula(registry::Snapshot snapshot, expr::Expression expression,
          std::vector<std::pair<std::size_t, Column>> columns, std::size_t variables,
          std::size_t day);

  // Missing values make a value missing, unless the expression asks for them. Not for two threads
  // at once.
  [[nodiscard]] expr::Value value(const Placed& placed) const;
  [[nodiscard]] const std::vector<std::pair<std::size_t, Column>>& columns() const noexcept {
    return columns_;
  }
  [[nodiscard]] const expr::Expression& expression() const noexcept { return expression_; }

 private:
  [[nodiscard]] expr::Value value_of(const Column& column, const Placed& placed) const;

  registry::Snapshot snapshot_;
  expr::Expression expression_;
  std::vector<std::pair<std::size_t, Column>> columns_;
  std::size_t day_;
  mutable std::vector<expr::Value> variables_;
};

// The type of a column in an expression.
[[nodiscard]] expr::Type type_of(const Column& column);

}  // namespace dangbo::inline v1::rollup
