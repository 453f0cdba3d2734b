// Any text through the parser, both profiles, both evaluators, the trace and the formatter. Rows
// and columns have to agree.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/expr/case.hpp"
#include "dangbo/expr/columns.hpp"
#include "dangbo/expr/expression.hpp"

namespace {

using namespace dangbo;  // NOLINT(google-build-using-namespace)

constexpr std::size_t kRows = 3;

// Numbers, a text and rows below, some missing.
struct Columns {
  const std::vector<std::int64_t> numbers = {0, 7, 0};
  const std::vector<std::string_view> texts = {"s", "", "đảng"};
  const std::uint64_t valid = 3;
  const std::vector<std::uint32_t> begin = {0, 0, 2};
  const std::vector<std::uint32_t> end = {2, 3, 2};
  expr::Type below = expr::record_type("below", {{"n", expr::Kind::kInt, true}});
  std::vector<expr::Member> variables = {{"x", expr::Kind::kInt, true},
                                         {"s", expr::Kind::kString},
                                         {"rows", expr::Type::list(below), true}};
  expr::ColumnTable children{kRows, {expr::ColumnView::integers(numbers, &valid)}};
  expr::ColumnTable table{kRows,
                          {expr::ColumnView::integers(numbers, &valid),
                           expr::ColumnView::texts(std::span<const std::string_view>(texts)),
                           expr::ColumnView::rows(children, begin, end)}};
  expr::TableRows rows{table, variables};
};

void compare(const expr::Expression& expression, const Columns& columns) {
  const auto program = expr::ColumnProgram::compile({&expression, 1});
  if (!program.ok()) std::abort();
  expr::ColumnEvaluator evaluator(*program);
  std::vector<expr::ColumnResult> results;
  if (!evaluator.evaluate(columns.table, 0, kRows, results).ok()) std::abort();
  for (std::size_t row = 0; row < kRows; ++row) {
    std::vector<expr::Value> values;
    for (std::size_t i = 0; i < columns.variables.size(); ++i) {
      values.push_back(columns.rows.field(row, i));
    }
    std::vector<expr::Decision> decisions;
    const expr::Value wanted = expression.evaluate(values, decisions);
    const expr::Value got = results[0].value(row);
    // Only a single row has a limit of steps.
    if (wanted.is_error() && wanted.error_code() == expr::ErrorCode::kBudget) continue;
    const bool is_nan =
        wanted.kind() == expr::Kind::kDouble && wanted.as_double() != wanted.as_double();
    const bool same = wanted.is_error() ? got.is_error() && got.error_code() == wanted.error_code()
                                        : is_nan || expr::equal(wanted, got);
    if (!same) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Columns kColumns;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  expr::Environment environment;
  environment.variables = kColumns.variables;
  const std::vector<expr::Value> values = {expr::Value::error(expr::ErrorCode::kMissing),
                                           expr::Value::borrowed_text("s"), expr::Value::list({})};
  for (const auto profile : {expr::Profile::kPack, expr::Profile::kConformance}) {
    environment.profile = profile;
    const auto compiled = expr::Expression::compile(text, environment);
    if (!compiled.ok()) continue;
    std::vector<expr::Decision> decisions;
    static_cast<void>(compiled->evaluate(values, decisions));
    if (profile == expr::Profile::kPack) compare(*compiled, kColumns);
  }
  const auto once = expr::format(text);
  if (once.ok()) {
    const auto twice = expr::format(*once);
    if (!twice.ok() || *twice != *once) std::abort();
  }
  static_cast<void>(expr::evaluate_case(text, base::Language::kEnglish));
  return 0;
}
