// The examples of docs/expressions.md: every line of a block ```cel is true in the conformance
// profile; of ```cel pack true, of ```cel missing an error for want of a value, of ```cel refused
// not even read, for the unit that the page describes; of ```cel empty an error for want of values.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dangbo/expr/expression.hpp"

namespace dangbo {
namespace {

using expr::ErrorCode;
using expr::Kind;
using expr::Value;

struct Rows : expr::RowSource {
  std::vector<std::vector<Value>> rows;
  Value field(std::size_t row, std::size_t field) const override { return rows[row][field]; }
};

// The unit of the page.
class Page {
 public:
  Page() {
    const auto missing = Value::error(ErrorCode::kMissing);
    const auto day = [](int year, int month, int of_month) {
      return Value::date(*time::Date::from_ymd(year, month, of_month));
    };
    auto grades = std::make_shared<table::CodeSet>(
        "grade", std::vector<table::Code>{
                     {"excellent", "1", {}, {}}, {"good", "2", {}, {}}, {"weak", "3", {}, {}}});
    const expr::Type member =
        expr::record_type("member", {{"age", Kind::kInt},
                                     {"joined", Kind::kDate, true},
                                     {"grade", expr::Type::enumeration(grades)}});
    const expr::Type unit = expr::record_type("unit", {{"name", Kind::kString},
                                                       {"founded", Kind::kDate, true},
                                                       {"closed", Kind::kDate, true},
                                                       {"quota", Kind::kInt},
                                                       {"members", expr::Type::list(member)}});
    environment_.variables = {{"self", unit}, {"as_of", Kind::kDate}};
    members_.rows = {{Value::integer(25), day(2024, 5, 19), Value::enumeration(1, "good")},
                     {Value::integer(40), day(2001, 2, 3), Value::enumeration(0, "excellent")},
                     {Value::integer(61), missing, Value::enumeration(2, "weak")}};
    units_.rows = {{Value::borrowed_text("Chi bộ 1"), day(1992, 2, 3), missing, Value::integer(2),
                    Value::rows(members_, 0, 3)}};
    variables_ = {Value::record(units_, 0), day(2026, 3, 31)};
  }

  // Whether the line does what its block says.
  void check(const std::string& block, const std::string& line) const {
    const bool is_pack = block == " pack" || block == " missing" || block == " refused";
    expr::Environment environment = environment_;
    if (!is_pack) environment = {{}, expr::Profile::kConformance, nullptr};
    const auto compiled = expr::Expression::compile(line, environment);
    if (block == " refused") {
      EXPECT_FALSE(compiled.ok()) << line;
      return;
    }
    ASSERT_TRUE(compiled.ok()) << line << compiled.status();
    const Value value = compiled->evaluate(is_pack ? variables_ : std::vector<Value>());
    if (block == " missing" || block == " empty") {
      ASSERT_TRUE(value.is_error()) << line;
      EXPECT_EQ(value.error_code(), is_pack ? ErrorCode::kMissing : ErrorCode::kEmpty) << line;
    } else {
      EXPECT_TRUE(value.is_true()) << line;
    }
  }

 private:
  expr::Environment environment_;
  Rows members_;
  Rows units_;
  std::vector<Value> variables_;
};

TEST(Docs, EveryExampleDoesWhatThePageSays) {
  std::ifstream file(DANGBO_EXPRESSIONS_PAGE);
  ASSERT_TRUE(file);
  const Page page;
  std::map<std::string, int> seen = {
      {"", 0}, {" pack", 0}, {" missing", 0}, {" refused", 0}, {" empty", 0}};
  std::string line;
  std::string block;
  bool inside = false;
  while (std::getline(file, line)) {
    if (line.starts_with("```")) {
      inside = !inside && line.starts_with("```cel");
      if (!inside) continue;
      block = line.substr(6);
      ASSERT_TRUE(seen.contains(block)) << line;
    } else if (inside && !line.empty()) {
      page.check(block, line);
      ++seen[block];
    }
  }
  for (const auto& [kind, examples] : seen) EXPECT_GT(examples, 0) << kind;
  EXPECT_GT(seen[""] + seen[" pack"], 25);
}

}  // namespace
}  // namespace dangbo
