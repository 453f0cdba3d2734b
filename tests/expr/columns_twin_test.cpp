// Random expressions over random columns: the columns give what the rows give, value for value and
// error for error, on every instruction set. The seed is fixed; DANGBO_EXPR_PAIRS asks for more
// (expression, row) pairs than the million of every run.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "dangbo/expr/columns.hpp"
#include "expr/random_expression.hpp"

namespace dangbo {
namespace {

using expr::Value;

::testing::AssertionResult same(const Value& row, const Value& column) {
  if (row.is_error() || column.is_error()) {
    if (row.is_error() && column.is_error() && row.error_code() == column.error_code()) {
      return ::testing::AssertionSuccess();
    }
    return ::testing::AssertionFailure()
           << "errors: " << (row.is_error() ? message_of(row.error_code()).en : "none") << " / "
           << (column.is_error() ? message_of(column.error_code()).en : "none");
  }
  if (row.kind() != column.kind()) return ::testing::AssertionFailure() << "kinds";
  if (row.kind() == expr::Kind::kDouble) {
    if (std::isnan(row.as_double()) && std::isnan(column.as_double())) {
      return ::testing::AssertionSuccess();
    }
    const bool is_same = row.as_double() == column.as_double() &&
                         std::signbit(row.as_double()) == std::signbit(column.as_double());
    return is_same ? ::testing::AssertionSuccess() : ::testing::AssertionFailure() << "doubles";
  }
  if (!expr::equal(row, column)) {
    return ::testing::AssertionFailure() << row.as_int() << " " << row.as_text() << " / "
                                         << column.as_int() << " " << column.as_text();
  }
  return ::testing::AssertionSuccess();
}

bool same_bits(const expr::ColumnResult& a, const expr::ColumnResult& b) {
  const auto bytes_of = [](const std::vector<double>& reals) {
    return std::string_view(reinterpret_cast<const char*>(reals.data()),
                            reals.size() * sizeof(double));
  };
  return a.truth == b.truth && a.integers == b.integers && a.small == b.small &&
         bytes_of(a.reals) == bytes_of(b.reals) && a.words == b.words &&
         a.dictionary == b.dictionary && a.errors == b.errors && a.reasons == b.reasons;
}

class Twin : public ::testing::Test {
 protected:
  void compare(const std::vector<expr::Expression>& set, std::size_t first, std::size_t count) {
    const auto program = expr::ColumnProgram::compile(set);
    ASSERT_TRUE(program.ok()) << program.status();
    std::vector<expr::ColumnResult> results;
    for (const expr::InstructionSet instructions : expr::instruction_sets()) {
      expr::ColumnEvaluator evaluator(*program, instructions);
      std::vector<expr::ColumnResult> again;
      const auto done = evaluator.evaluate(data_.table(), first, count, again);
      ASSERT_TRUE(done.ok()) << done;
      for (std::size_t i = 0; i < set.size() && !results.empty(); ++i) {
        ASSERT_TRUE(same_bits(results[i], again[i])) << expr::name_of(instructions) << "\n"
                                                     << set[i].text();
      }
      results = std::move(again);
    }
    std::vector<Value> row(data_.environment().variables.size());
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t k = 0; k < row.size(); ++k) row[k] = data_.rows().field(first + i, k);
      for (std::size_t k = 0; k < set.size(); ++k) {
        const Value wanted = set[k].evaluate(row);
        ASSERT_TRUE(same(wanted, results[k].value(i))) << set[k].text() << "\nrow " << first + i;
        errors_ += wanted.is_error() ? 1U : 0U;
        ++pairs_;
      }
    }
  }

  test::RandomColumns data_{20261127};
  std::size_t pairs_ = 0;
  std::size_t errors_ = 0;
};

TEST_F(Twin, AMillionPairsOfExpressionAndRowAgree) {
  const char* asked = std::getenv("DANGBO_EXPR_PAIRS");
  const std::size_t pairs = asked != nullptr ? std::strtoull(asked, nullptr, 10) : 1'000'000;
  constexpr std::size_t kSet = 6;
  std::size_t refused = 0;
  std::size_t sets = 0;
  while (pairs_ < pairs) {
    std::vector<expr::Expression> set;
    while (set.size() < kSet) {
      const std::string text = data_.expression();
      auto made = expr::Expression::compile(text, data_.environment());
      if (made.ok()) {
        set.push_back(*std::move(made));
      } else {
        ++refused;
        ASSERT_LT(refused, 100 + sets * kSet) << text << "\n" << made.status();
      }
    }
    // Now and then across the border of two blocks.
    const std::size_t count = ++sets % 40 == 0 ? 2'300 : 60 + data_.below(200);
    compare(set, data_.below(data_.table().size - count), count);
    if (HasFatalFailure()) return;
  }
  // The generator reaches what goes wrong as well as what goes right.
  EXPECT_GT(errors_, pairs_ / 20);
  EXPECT_LT(errors_, pairs_ * 3 / 4);
}

}  // namespace
}  // namespace dangbo
