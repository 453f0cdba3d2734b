// Any text through the parser, both profiles, both evaluators, the trace and the formatter. Rows
// and columns have to agree.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/expr/case.hpp"
#include "dangbo/expr/columns.hpp"
#include "dangbo/expr/expression.hpp"

namespace {

using namespace dangbo;  // NOLINT(google-build-using-namespace)

constexpr std::size_t kRows = 3;

// A column of each kind and rows below, some missing; numbers and days at their limits among them.
struct Columns {
  const std::vector<std::int64_t> numbers = {0, 7, 0};
  const std::vector<std::int64_t> limits = {INT64_MIN, -1, INT64_MAX};
  const std::vector<double> reals = {0.0, -1.5, 1e308};
  const std::vector<std::int32_t> days = {-208'188, 2'932'896, 20'543};
  const std::vector<std::uint8_t> grades = {1, 0, 1};
  const std::uint64_t truth = 5;
  std::shared_ptr<const table::CodeSet> words = std::make_shared<table::CodeSet>(
      "grade", std::vector<table::Code>{{"good", "good", {"tốt", "good"}, {}},
                                        {"weak", "weak", {"yếu", "weak"}, {}}});
  const std::vector<std::string_view> texts = {"s", "", "đảng"};
  const std::uint64_t valid = 3;
  const std::vector<std::uint32_t> begin = {0, 0, 2};
  const std::vector<std::uint32_t> end = {2, 3, 2};
  expr::Type below = expr::record_type("below", {{"n", expr::Kind::kInt, true},
                                                 {"d", expr::Kind::kDate},
                                                 {"r", expr::Kind::kDouble},
                                                 {"i", expr::Kind::kInt}});
  std::vector<expr::Member> variables = {{"x", expr::Kind::kInt, true},
                                         {"s", expr::Kind::kString},
                                         {"rows", expr::Type::list(below), true},
                                         {"i", expr::Kind::kInt},
                                         {"r", expr::Kind::kDouble},
                                         {"d", expr::Kind::kDate, true},
                                         {"g", expr::Type::enumeration(words)},
                                         {"b", expr::Kind::kBool, true}};
  expr::ColumnTable children{
      kRows,
      {expr::ColumnView::integers(numbers, &valid), expr::ColumnView::dates(days),
       expr::ColumnView::reals(reals), expr::ColumnView::integers(limits)}};
  expr::ColumnTable table{
      kRows,
      {expr::ColumnView::integers(numbers, &valid),
       expr::ColumnView::texts(std::span<const std::string_view>(texts)),
       expr::ColumnView::rows(children, begin, end), expr::ColumnView::integers(limits),
       expr::ColumnView::reals(reals), expr::ColumnView::dates(days, &valid),
       expr::ColumnView::codes(std::span<const std::uint8_t>(grades)),
       expr::ColumnView::booleans(&truth, kRows, &valid)}};
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
    const auto is_nan = [](const expr::Value& value) {
      return value.kind() == expr::Kind::kDouble && value.as_double() != value.as_double();
    };
    const bool same = wanted.is_error()
                          ? got.is_error() && got.error_code() == wanted.error_code()
                          : (is_nan(wanted) && is_nan(got)) || expr::equal(wanted, got);
    if (!same) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Columns kColumns;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  expr::Environment environment;
  environment.variables = kColumns.variables;
  std::vector<expr::Value> values(kColumns.variables.size(),
                                  expr::Value::error(expr::ErrorCode::kMissing));
  values[1] = expr::Value::borrowed_text("s");
  values[2] = expr::Value::list({});
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
