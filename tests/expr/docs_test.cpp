// The examples of docs/expressions.md: every line of a cel block is true.
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "dangbo/expr/expression.hpp"

namespace dangbo {
namespace {

TEST(Docs, EveryExampleIsTrue) {
  std::ifstream file(DANGBO_EXPRESSIONS_PAGE);
  ASSERT_TRUE(file);
  expr::Environment environment;
  environment.profile = expr::Profile::kConformance;
  std::string line;
  bool inside = false;
  int examples = 0;
  while (std::getline(file, line)) {
    if (line.starts_with("```")) {
      inside = line == "```cel";
      continue;
    }
    if (!inside || line.empty()) continue;
    const auto compiled = expr::Expression::compile(line, environment);
    ASSERT_TRUE(compiled.ok()) << line << compiled.status();
    EXPECT_TRUE(compiled->evaluate({}).is_true()) << line;
    ++examples;
  }
  EXPECT_GT(examples, 10);
}

}  // namespace
}  // namespace dangbo
