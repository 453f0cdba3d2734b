// Any text through the parser, both profiles, the evaluator, the trace and the formatter.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/expr/case.hpp"
#include "dangbo/expr/expression.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dangbo;  // NOLINT(google-build-using-namespace)
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  expr::Environment environment;
  environment.variables = {{"x", expr::Kind::kInt, true}, {"s", expr::Kind::kString}};
  const std::vector<expr::Value> values = {expr::Value::error(expr::ErrorCode::kMissing),
                                           expr::Value::borrowed_text("s")};
  for (const auto profile : {expr::Profile::kPack, expr::Profile::kConformance}) {
    environment.profile = profile;
    const auto compiled = expr::Expression::compile(text, environment);
    if (!compiled.ok()) continue;
    std::vector<expr::Decision> decisions;
    static_cast<void>(compiled->evaluate(values, decisions));
  }
  const auto once = expr::format(text);
  if (once.ok()) {
    const auto twice = expr::format(*once);
    if (!twice.ok() || *twice != *once) std::abort();
  }
  static_cast<void>(expr::evaluate_case(text, base::Language::kEnglish));
  return 0;
}
