// An expression of a query (docs/expressions.md), bound to the columns that it reads.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo/expr/columns.hpp"
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
  [[nodiscard]] std::size_t variable_count() const noexcept { return variables_.size(); }
  [[nodiscard]] std::size_t day_variable() const noexcept { return day_; }

 private:
  friend class FormulaColumns;
  [[nodiscard]] expr::Value value_of(const Column& column, const Placed& placed) const;

  registry::Snapshot snapshot_;
  expr::Expression expression_;
  std::vector<std::pair<std::size_t, Column>> columns_;
  std::size_t day_;
  mutable std::vector<expr::Value> variables_;
};

// The same for many rows at once, by column. For one thread at a time.
class FormulaColumns {
 public:
  static constexpr std::size_t kMostRows = 2048;

  explicit FormulaColumns(const Formula& formula);
  // What Formula::value() says of each of the rows, at most kMostRows; until the next call.
  [[nodiscard]] const expr::ColumnResult& values(std::span<const Placed> rows);

 private:
  // The values of a column for the rows, as expressions take them.
  struct Gathered {
    std::vector<std::uint64_t> valid;
    std::vector<std::uint64_t> bits;
    std::vector<std::int64_t> integers;
    std::vector<std::int32_t> days;
    std::vector<std::uint32_t> codes;
    std::vector<std::string_view> texts;
    std::vector<std::uint32_t> known;          // of a growing vocabulary: its numbers here, from 1
    std::vector<std::string_view> dictionary;  // in the order met
  };
  expr::ColumnView gather(const Column& column, std::span<const Placed> rows, Gathered& into) const;
  static void gather_words(const Column& column, std::span<const Placed> rows, Gathered& into);
  expr::ColumnView gather_days(std::span<const Placed> rows);

  const Formula& formula_;
  expr::ColumnEvaluator evaluator_;
  std::deque<Gathered> gathered_;
  std::vector<std::int32_t> days_;
  expr::ColumnTable table_;
  std::vector<expr::ColumnResult> results_;
};

// The type of a column in an expression.
[[nodiscard]] expr::Type type_of(const Column& column);

}  // namespace dangbo::inline v1::rollup
