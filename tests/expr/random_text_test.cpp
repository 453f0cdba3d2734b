// Random texts of tokens: nothing crashes, spans lie in the text, the layout is stable and keeps
// the meaning. The seed is fixed; DANGBO_EXPR_ROUNDS asks for more rounds.
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/expr/expression.hpp"

namespace dangbo {
namespace {

constexpr std::string_view kTokens[] = {"1",
                                        "0",
                                        "-1",
                                        "2u",
                                        "1.5",
                                        "'a'",
                                        "\"b\"",
                                        "b'c'",
                                        "r'\\d'",
                                        "true",
                                        "false",
                                        "null",
                                        "x",
                                        "s",
                                        "[",
                                        "]",
                                        "{",
                                        "}",
                                        "(",
                                        ")",
                                        ",",
                                        ":",
                                        "?",
                                        ".",
                                        "+",
                                        "-",
                                        "*",
                                        "/",
                                        "%",
                                        "==",
                                        "!=",
                                        "<",
                                        ">=",
                                        "&&",
                                        "||",
                                        "!",
                                        "in",
                                        "[1, 2]",
                                        "{'a': 1}",
                                        ".exists(e, e > 1)",
                                        ".map(e, e + 1)",
                                        "size(s)",
                                        ".all(e, e == x)",
                                        "has({'a': 1}.a)",
                                        "date('2026-01-31')",
                                        "period('P1M')",
                                        ".filter(e, true)",
                                        ".plus(period('P1M'), 'clamp')",
                                        "timestamp(0)",
                                        "duration('1s')",
                                        "int(s)",
                                        "dyn(x)",
                                        "type(x)",
                                        "// c\n",
                                        "'",
                                        "\\",
                                        "\xff",
                                        "`a`",
                                        "9223372036854775807",
                                        "(1 < 2)",
                                        "(x + 1)",
                                        "s.contains('a')"};

bool same(const expr::Value& a, const expr::Value& b) {
  if (a.is_error() || b.is_error()) {
    return a.is_error() && b.is_error() && a.error_code() == b.error_code();
  }
  if (a.kind() == expr::Kind::kDouble && a.as_double() != a.as_double()) return true;
  return a.kind() == b.kind() && (expr::equal(a, b) || a.kind() == expr::Kind::kList);
}

TEST(RandomText, NothingBreaksAndTheLayoutKeepsTheMeaning) {
  const char* asked = std::getenv("DANGBO_EXPR_ROUNDS");
  const long rounds = asked != nullptr ? std::atol(asked) : 20'000;
  expr::Environment environment;
  environment.variables = {{"x", expr::Kind::kInt, true}, {"s", expr::Kind::kString}};
  const std::vector<expr::Value> values = {expr::Value::error(expr::ErrorCode::kMissing),
                                           expr::Value::borrowed_text("s")};
  std::mt19937 random(20261127);
  long compiled_count = 0;
  for (long round = 0; round < rounds; ++round) {
    std::string text;
    const std::size_t count = 1 + random() % 7;
    for (std::size_t i = 0; i < count; ++i) {
      text += kTokens[random() % std::size(kTokens)];
      if (random() % 3 == 0) text += ' ';
    }
    const auto once = expr::format(text);
    for (const auto profile : {expr::Profile::kPack, expr::Profile::kConformance}) {
      environment.profile = profile;
      std::vector<expr::Fault> faults;
      const auto compiled = expr::Expression::compile(text, environment, &faults);
      for (const auto& fault : faults) {
        ASSERT_LE(fault.span.begin, fault.span.end) << text;
        ASSERT_LE(fault.span.end, text.size()) << text;
      }
      if (!compiled.ok()) continue;
      ++compiled_count;
      std::vector<expr::Decision> decisions;
      const auto value = compiled->evaluate(values, decisions);
      ASSERT_TRUE(once.ok()) << text;
      const auto again = expr::Expression::compile(*once, environment);
      ASSERT_TRUE(again.ok()) << text << "\n" << *once << again.status();
      ASSERT_TRUE(same(value, again->evaluate(values))) << text << "\n" << *once;
    }
    if (once.ok()) {
      const auto twice = expr::format(*once);
      ASSERT_TRUE(twice.ok() && *twice == *once) << text << "\n"
                                                 << *once << "\n"
                                                 << (twice.ok() ? *twice : std::string());
    }
  }
  EXPECT_GT(compiled_count, rounds / 100);
}

}  // namespace
}  // namespace dangbo
