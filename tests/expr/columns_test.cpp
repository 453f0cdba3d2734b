// Column programs: what has a kernel, what is shared, what is refused.
#include "dangbo/expr/columns.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "expr/random_expression.hpp"

namespace dangbo {
namespace {

using expr::ColumnProgram;
using expr::ColumnTable;
using expr::ColumnView;
using expr::Kind;

// A record type is the one object it was declared as: the same in every set.
expr::Environment environment() {
  static const expr::Type member =
      expr::record_type("member", {{"age", Kind::kInt, true}, {"sex", Kind::kString, true}});
  expr::Environment made;
  made.variables = {{"a", Kind::kInt, true},
                    {"b", Kind::kInt, true},
                    {"name", Kind::kString, true},
                    {"members", expr::Type::list(member), true},
                    {"numbers", expr::Type::list(Kind::kInt), true},
                    {"one", member, true}};
  return made;
}

expr::Expression compiled(const std::string& text) {
  auto made = expr::Expression::compile(text, environment());
  EXPECT_TRUE(made.ok()) << text << made.status();
  return *std::move(made);
}

std::vector<std::string> kernels(const std::vector<std::string>& texts) {
  std::vector<expr::Expression> set;
  for (const std::string& text : texts) set.push_back(compiled(text));
  const auto program = ColumnProgram::compile(set);
  EXPECT_TRUE(program.ok()) << program.status();
  std::vector<std::string> names;
  for (const expr::ColumnStep& step : program->explain()) names.push_back(step.kernel);
  return names;
}

TEST(Columns, ExplainNamesTheKernelOfEveryPart) {
  EXPECT_EQ(
      kernels({"a < b && name.startsWith('x') && a + 1 != 3"}),
      (std::vector<std::string>{"load int64", "load int64", "compare int64 <", "load text",
                                "constant", "once a word: startsWith", "constant",
                                "checked int64 +", "constant", "compare int64 !=", "and planes"}));
  EXPECT_EQ(kernels({"count(members, m, m.age > a) >= 3"}),
            (std::vector<std::string>{"load rows", "rows below", "load int64 of record",
                                      "load int64", "broadcast int64", "compare int64 >",
                                      "count of ranges", "constant", "compare int64 >="}));
}

TEST(Columns, EqualPartsAreSharedAcrossExpressions) {
  const auto alone = kernels({"a + b > 3 && name == 'x'"});
  const auto both = kernels({"a + b > 3 && name == 'x'", "name == 'x' || a + b > 3",
                             "members.exists(m, m.age > 18)", "members.all(m, m.age > 18)"});
  // One more "or", the rows with their condition once, and two ways to reduce it.
  EXPECT_EQ(both.size(), alone.size() + 1 + 5 + 2);
}

// The pack profile has no other way than columns: what it accepts has a kernel for every part.
TEST(Columns, WhatAPackAcceptsHasKernels) {
  test::RandomColumns data(7);
  std::size_t accepted = 0;
  for (int i = 0; i < 3'000; ++i) {
    const std::string text = data.expression();
    const auto made = expr::Expression::compile(text, data.environment());
    if (!made.ok()) continue;
    ++accepted;
    const auto program = ColumnProgram::compile({&*made, 1});
    ASSERT_TRUE(program.ok()) << text << program.status();
    for (const expr::ColumnStep& step : program->explain()) {
      ASSERT_FALSE(step.kernel.empty()) << text;
    }
  }
  EXPECT_GT(accepted, 2'500U);
}

TEST(Columns, WhatHasNoKernelIsRefusedByPacksAndNotElsewhere) {
  for (const std::string text :
       {"numbers == [1, 2]", "[a, b][0] == 1", "{'x': a}['x'] == 1", "a in numbers", "numbers[0]",
        "size(numbers)", "[1, 2]", "{'x': 1}", "one", "members", "[a] + [b] == [1]"}) {
    std::vector<expr::Fault> faults;
    auto wanted = environment();
    EXPECT_FALSE(expr::Expression::compile(text, wanted, &faults).ok()) << text;
    ASSERT_EQ(faults.size(), 1U) << text;
    EXPECT_EQ(faults[0].reason.en, "this part has no column kernel") << text;
    EXPECT_LT(faults[0].span.begin, faults[0].span.end) << text;
    wanted.profile = expr::Profile::kConformance;
    const auto made = expr::Expression::compile(text, wanted);
    ASSERT_TRUE(made.ok()) << text << made.status();
    EXPECT_FALSE(ColumnProgram::compile({&*made, 1}).ok()) << text;
  }
}

TEST(Columns, WhatIsGivenWrongIsRefused) {
  const auto expression = compiled("a > 0 && members.exists(m, m.age > 18) && one.age > 1");
  expr::ColumnEvaluator evaluator(*ColumnProgram::compile({&expression, 1}));
  const std::vector<std::int64_t> ages = {20, 10, 30};
  const std::vector<std::uint32_t> begin = {0, 2};
  std::vector<std::uint32_t> end = {2, 3};
  ColumnTable children;
  children.size = 3;
  children.columns = {ColumnView::integers(ages), ColumnView()};
  ColumnTable table;
  table.size = 2;
  table.columns = {
      ColumnView::integers({ages.data(), 2}), ColumnView(), ColumnView(),
      ColumnView::rows(children, begin, end), ColumnView(), ColumnView::record(children, begin)};
  std::vector<expr::ColumnResult> results;
  const auto run = [&] { return evaluator.evaluate(table, 0, 2, results); };
  ASSERT_TRUE(run().ok()) << run();
  EXPECT_TRUE(results[0].is_true(0) && results[0].is_true(1));
  EXPECT_FALSE(evaluator.evaluate(table, 0, 3, results).ok());
  EXPECT_FALSE(evaluator.evaluate(table, 3, 0, results).ok());

  end[1] = 4;  // beyond the child's rows
  EXPECT_FALSE(run().ok());
  end[1] = 1;  // ends before it begins
  EXPECT_FALSE(run().ok());
  end[1] = 3;
  ASSERT_TRUE(run().ok());
  children.columns[0] = ColumnView::integers({ages.data(), 2});
  EXPECT_FALSE(run().ok());
  children.columns[0] = ColumnView::dates({});
  EXPECT_FALSE(run().ok());
  children.columns.clear();
  EXPECT_FALSE(run().ok());
  children.columns = {ColumnView::integers(ages), ColumnView()};
  table.columns[0] = ColumnView();
  EXPECT_FALSE(run().ok());
  table.columns.clear();
  EXPECT_FALSE(run().ok());
}

// Ranges one after the other, none, short and longer than a block, and the same with a gap or an
// error among them: what single rows give.
TEST(Columns, RangesThatFollowOneAnother) {
  constexpr std::uint32_t kParents = 2'500;
  std::mt19937 random(11);
  std::vector<std::uint32_t> first = {3};  // the rows before belong to nobody
  for (std::uint32_t i = 0; i < kParents; ++i) {
    const std::uint32_t size = i % 700 == 3 ? 4'500
                               : i % 5 == 0 ? 0
                                            : static_cast<std::uint32_t>(random() % 9);
    first.push_back(first.back() + size);
  }
  std::vector<std::int64_t> ages;
  for (std::uint32_t i = 0; i < first.back(); ++i) {
    ages.push_back(random() % 100 == 0 ? 0 : static_cast<std::int64_t>(1 + random() % 90));
  }
  ColumnTable children;
  children.size = ages.size();
  children.columns = {ColumnView::integers(ages), ColumnView()};
  std::vector<expr::Expression> set;
  for (const auto* text :
       {"count(members, m, m.age > 40)", "members.exists(m, m.age > 88)", "max(members, m, m.age)",
        "members.all(m, 100 / m.age < 50)", "sum(members, m, m.age)", "size(members)",
        "members.exists_one(m, 100 / m.age > 60)", "min(members, m, 1000 / m.age)"}) {
    set.push_back(compiled(text));
  }
  expr::ColumnEvaluator evaluator(*ColumnProgram::compile(set));
  std::vector<std::uint64_t> valid((kParents + 63) / 64, ~std::uint64_t{0});
  valid[1] = 0x5555;
  const std::span<const std::uint32_t> begin(first.data(), kParents);
  std::vector<std::uint32_t> gap(begin.begin(), begin.end());
  for (std::uint32_t i = 0; i < kParents; ++i)
    gap[i] += i % 50 == 7 && gap[i] < first[i + 1] ? 1U : 0U;
  const std::span<const std::uint32_t> end(first.data() + 1, kParents);
  for (const ColumnView& members : {ColumnView::rows(children, begin, end),
                                    ColumnView::rows(children, begin, end, valid.data()),
                                    ColumnView::rows(children, gap, end)}) {
    ColumnTable table;
    table.size = kParents;
    table.columns = {ColumnView(), ColumnView(), ColumnView(), members, ColumnView(), ColumnView()};
    std::vector<expr::ColumnResult> results;
    ASSERT_TRUE(evaluator.evaluate(table, 0, kParents, results).ok());
    const expr::TableRows rows(table, environment().variables);
    std::vector<expr::Value> row(6, expr::Value::error(expr::ErrorCode::kMissing));
    for (std::size_t i = 0; i < kParents; ++i) {
      row[3] = rows.field(i, 3);
      for (std::size_t k = 0; k < set.size(); ++k) {
        const expr::Value wanted = set[k].evaluate(row);
        const expr::Value got = results[k].value(i);
        ASSERT_EQ(wanted.is_error(), got.is_error()) << set[k].text() << " " << i;
        if (wanted.is_error()) {
          ASSERT_EQ(wanted.error_code(), got.error_code()) << set[k].text() << " " << i;
        } else {
          ASSERT_TRUE(expr::equal(wanted, got)) << set[k].text() << " " << i;
        }
      }
    }
  }
}

TEST(Columns, NoRowsAndNoExpressionsAreFine) {
  expr::ColumnEvaluator none(*ColumnProgram::compile({}));
  std::vector<expr::ColumnResult> results;
  EXPECT_TRUE(none.evaluate({}, 0, 0, results).ok());
  EXPECT_TRUE(results.empty());
  const auto expression = compiled("a > 0");
  expr::ColumnEvaluator evaluator(*ColumnProgram::compile({&expression, 1}));
  ColumnTable table;
  table.columns = {ColumnView::integers({})};
  EXPECT_TRUE(evaluator.evaluate(table, 0, 0, results).ok());
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].size, 0U);
}

TEST(Columns, OneSetOfVariables) {
  auto other = environment();
  other.variables[0].name = "z";
  const std::vector<expr::Expression> two = {compiled("a > 0"),
                                             *expr::Expression::compile("z > 0", other)};
  EXPECT_FALSE(ColumnProgram::compile(two).ok());
}

}  // namespace
}  // namespace dangbo
