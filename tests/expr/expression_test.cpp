#include "dangbo/expr/expression.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dangbo {
namespace {

using expr::Environment;
using expr::ErrorCode;
using expr::Expression;
using expr::Fault;
using expr::Kind;
using expr::Profile;
using expr::Type;
using expr::Value;

Value value_of(std::string_view text, Profile profile = Profile::kConformance) {
  Environment environment;
  environment.profile = profile;
  const auto compiled = Expression::compile(text, environment);
  EXPECT_TRUE(compiled.ok()) << text << ": " << compiled.status();
  return compiled.ok() ? compiled->evaluate({}) : Value();
}

std::string repeated(std::string_view part, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += part;
  return out;
}

bool is_true(std::string_view text) {
  return value_of(text).is_true();
}

std::vector<Fault> faults_of(std::string_view text, const Environment& environment) {
  std::vector<Fault> faults;
  EXPECT_FALSE(Expression::compile(text, environment, &faults).ok()) << text;
  EXPECT_FALSE(faults.empty()) << text;
  return faults.empty() ? std::vector<Fault>(1) : faults;
}

// The rows of the tests: one unit with its members.
struct Rows : expr::RowSource {
  std::vector<std::vector<Value>> rows;
  Value field(std::size_t row, std::size_t field) const override { return rows[row][field]; }
};

Environment pack() {
  const Type member =
      expr::record_type("member", {{"age", Kind::kInt}, {"joined", Kind::kDate, true}});
  auto codes = std::make_shared<table::CodeSet>(
      "standing",
      std::vector<table::Code>{{"official", "CT", {}, {}}, {"probationary", "DB", {}, {}}});
  const Type unit = expr::record_type("unit", {{"name", Kind::kString},
                                               {"founded", Kind::kDate, true},
                                               {"standing", Type::enumeration(codes)},
                                               {"members", Type::list(member)}});
  Environment environment;
  environment.variables = {{"self", unit}, {"as_of", Kind::kDate}};
  return environment;
}

TEST(Expression, BadInputIsAFaultWithASpan) {
  const Environment none{.variables = {}, .profile = Profile::kConformance, .calendar = nullptr};
  std::string deep(10'000, '(');
  std::string operators;
  while (operators.size() < 1'000'000) operators += "1+";
  std::string chain = "1";
  for (int i = 0; i < 40'000; ++i) chain += "+1";
  for (const std::string& text : {deep,
                                  deep + "1" + std::string(10'000, ')'),
                                  operators,
                                  chain,
                                  std::string(50'000, '-') + "x",
                                  std::string(50'000, '!') + "true",
                                  std::string(50'000, '['),
                                  std::string("'abc"),
                                  std::string("\"\"\"abc"),
                                  std::string("'\\q'"),
                                  std::string("'\\ud800'"),
                                  std::string("\"\xff\""),
                                  std::string("9223372036854775808"),
                                  std::string("-9223372036854775809"),
                                  std::string("18446744073709551616u"),
                                  std::string("1e999"),
                                  std::string(""),
                                  std::string("1 +"),
                                  std::string("a = 1"),
                                  std::string("T{a: 1}"),
                                  std::string("[1, 2"),
                                  std::string("'''a''"),
                                  std::string("'a\nb'"),
                                  std::string("b'\\u0041'"),
                                  std::string("a.`b"),
                                  std::string("1 // \xC3\x28"),
                                  repeated("{1: ", 20'000),
                                  repeated("f(", 40'000),
                                  "a" + repeated(".b", 40'000),
                                  "a" + repeated("[0]", 30'000),
                                  repeated("1 ? 2 : ", 12'000) + "3",
                                  repeated("[1].map(x, ", 9'000),
                                  repeated("1 == ", 18'000) + "1",
                                  repeated("\xF0\x9F\x90\xB1", 20'000),
                                  std::string("x.in")}) {
    for (const Fault& fault : faults_of(text, none)) {
      EXPECT_LE(fault.span.begin, fault.span.end) << text.substr(0, 40);
      EXPECT_LE(fault.span.end, text.size()) << text.substr(0, 40);
      EXPECT_FALSE(fault.reason.vi.empty());
      EXPECT_FALSE(fault.reason.en.empty());
    }
  }
}

TEST(Expression, LongChainsOfConditionsAreFine) {
  Environment environment;
  environment.variables = {{"a", Kind::kBool, true}, {"n", Kind::kInt, true}};
  const std::vector<Value> values = {Value::boolean(true), Value::integer(9'999)};
  const auto compiled = Expression::compile(repeated("a && ", 19'000) + "a", environment);
  ASSERT_TRUE(compiled.ok()) << compiled.status();
  EXPECT_TRUE(compiled->evaluate(values).is_true());
  std::string each = "n == 0";
  for (int i = 1; i < 8'000; ++i) each += " || n==" + std::to_string(i);
  const auto different = Expression::compile(each, environment);
  ASSERT_TRUE(different.ok()) << different.status();
  EXPECT_TRUE(different->evaluate(values).is_false());
}

TEST(Expression, PatternsStayLinear) {
  if (!expr::has_patterns()) GTEST_SKIP() << "built without RE2: no patterns to try";
  Environment environment;
  environment.variables = {{"s", Kind::kString, true}};
  // Larger than RE2 lets a program grow: told where the pattern stands.
  for (const std::string pattern : {"((a{1000}){1000}){1000}", "(((((x{30}){30}){30}){30}){30})"}) {
    const std::string text = "s.matches('" + pattern + "')";
    const auto faults = faults_of(text, environment);
    EXPECT_EQ(faults.front().span,
              (expr::Span{10, static_cast<std::uint32_t>(12 + pattern.size())}));
  }
  // What backtracking would not finish in a lifetime.
  const std::string text(100'000, 'a');
  for (const auto* pattern : {"^(a+)+$b", "(a|aa)+b$", "(a|a)*b", "(.*a){20}b"}) {
    const auto compiled =
        Expression::compile("s.matches('" + std::string(pattern) + "')", environment);
    ASSERT_TRUE(compiled.ok()) << compiled.status();
    EXPECT_TRUE(compiled->evaluate(std::vector<Value>{Value::borrowed_text(text)}).is_false());
  }
  // Made when it runs: an error, and paid for.
  EXPECT_EQ(value_of("'a'.matches('((a{1000}){1000})' + '{1000}')").error_code(),
            ErrorCode::kBadPattern);
}

TEST(Expression, WorkIsBounded) {
  std::string list = "[0";
  for (int i = 1; i < 300; ++i) list += "," + std::to_string(i);
  list += "]";
  const std::string text = list + ".all(a, " + list + ".all(b, " + list + ".all(c, a+b+c >= 0)))";
  EXPECT_EQ(value_of(text).error_code(), ErrorCode::kBudget);
  std::string doubling = "['aaaaaaaaaaaaaaaa']";
  for (int i = 0; i < 100; ++i) doubling += ".map(x, x + x)";
  EXPECT_EQ(value_of(doubling).error_code(), ErrorCode::kBudget);
  std::string nested = "[[1]]";
  for (int i = 0; i < 100; ++i) nested += ".map(x, [x, x])";
  EXPECT_EQ(value_of(nested).error_code(), ErrorCode::kBudget);
  // An error for lack of steps is not absorbed.
  EXPECT_EQ(value_of("true || " + text + " || false").is_true(), true);
  EXPECT_EQ(value_of("(" + text + ") || true").error_code(), ErrorCode::kBudget);
}

TEST(Expression, NumbersKeepTheirLimits) {
  EXPECT_TRUE(is_true("-9223372036854775808 < 0"));
  for (const auto* text : {"9223372036854775807 + 1", "-(-9223372036854775808)", "0u - 1u",
                           "-9223372036854775808 % -1", "int(1e19)", "uint(-1)"}) {
    EXPECT_EQ(value_of(text).error_code(), ErrorCode::kOverflow) << text;
  }
  EXPECT_EQ(value_of("1 / 0").error_code(), ErrorCode::kDivideByZero);
  EXPECT_EQ(value_of("1 % 0").error_code(), ErrorCode::kDivideByZero);
  EXPECT_TRUE(is_true("dyn(9007199254740993) != 9007199254740992.0"));
  EXPECT_TRUE(is_true("0.0 / 0.0 != 0.0 / 0.0 && 1.0 / 0.0 > 1e308"));
  EXPECT_TRUE(is_true("1 < 1.5 && 2u > 1 && dyn(1) == 1u && dyn(1.0) == 1"));
  EXPECT_TRUE(is_true("size('đảng bộ') == 7 && size(b'đ') == 2 && b'\\xff' > b'a'"));
  EXPECT_TRUE(is_true("string(1.5) == '1.5' && string(1.0) == '1' && string(-0.25) == '-0.25'"));
}

TEST(Expression, OnlyALineFeedEndsAComment) {
  EXPECT_TRUE(is_true("1 // one\r + 2\n + 4 == 5"));
  EXPECT_TRUE(is_true("1 // one\r\n + 2 == 3"));
  EXPECT_TRUE(is_true("1 + 2 == 3 // to the end"));
}

TEST(Expression, ListsHaveASumALeastAndAGreatest) {
  EXPECT_TRUE(is_true("sum([1, 2, 3]) == 6 && min([3, 1, 2]) == 1 && max([3, 1, 2]) == 3"));
  EXPECT_TRUE(is_true("sum([]) == 0 && sum([1.5].filter(x, x > 2.0)) == 0.0"));
  EXPECT_TRUE(is_true("sum(['a', 'bc'], s, size(s)) == 3 && max([1u, 2u], x, x + 1u) == 3u"));
  EXPECT_TRUE(is_true("sum([duration('1h'), duration('-30m')]) == duration('30m')"));
  EXPECT_TRUE(is_true("max([date('2026-03-31'), date('2026-04-01')]) == date('2026-04-01')"));
  EXPECT_TRUE(
      is_true("min([timestamp('2026-03-31T00:00:00.5Z'), timestamp('2026-03-31T00:00:00Z')])"
              " == timestamp('2026-03-31T00:00:00Z')"));
  EXPECT_TRUE(is_true("min({2: 'b', 1: 'a'}, k, k * 10) == 10"));
  // Only the whole counts, not the sums on the way.
  EXPECT_TRUE(is_true("sum([9223372036854775807, 1, -1]) == 9223372036854775807"));
  EXPECT_TRUE(is_true("sum([-9223372036854775808, -1, 1]) == -9223372036854775808"));
  EXPECT_TRUE(is_true("sum([18446744073709551614u, 1u]) == 18446744073709551615u"));
  for (const auto* text :
       {"sum([9223372036854775807, 1])", "sum([-9223372036854775808, -1])",
        "sum([18446744073709551615u, 1u])", "sum([duration('9223372036s'), duration('1s')])"}) {
    EXPECT_EQ(value_of(text).error_code(), ErrorCode::kOverflow) << text;
  }
  EXPECT_EQ(value_of("min([])").error_code(), ErrorCode::kEmpty);
  EXPECT_EQ(value_of("max([1].filter(x, x > 1))").error_code(), ErrorCode::kEmpty);
  EXPECT_EQ(value_of("max([1, 0], x, 1 / x)").error_code(), ErrorCode::kDivideByZero);
  EXPECT_EQ(value_of("sum([dyn(1), dyn(2u)])").error_code(), ErrorCode::kNoOverload);
  const Environment none{.variables = {}, .profile = Profile::kConformance, .calendar = nullptr};
  for (const auto* text : {"sum(['a'])", "max([true])", "sum([date('2026-03-31')])", "max(1)",
                           "sum([1], x, 'a')", "min([1], 2, 3)", "sum([1], x, x, x)"}) {
    faults_of(text, none);
  }
}

TEST(Expression, ErrorsAreAbsorbedByWhatDecides) {
  EXPECT_TRUE(is_true("1 / 0 == 1 || true"));
  EXPECT_TRUE(value_of("1 / 0 == 1 && false").is_false());
  EXPECT_TRUE(value_of("1 / 0 == 1 && true").is_error());
  EXPECT_TRUE(is_true("[0, 1].exists(x, 1 / x == 1)"));
  EXPECT_TRUE(value_of("[0, 1].all(x, 1 / x == 2)").is_false());
  EXPECT_TRUE(value_of("[0, 1].exists_one(x, 1 / x == 1)").is_error());
  EXPECT_TRUE(is_true("true ? true : 1 / 0 == 1"));
}

TEST(Expression, APackIsClosedAndTyped) {
  const Environment environment = pack();
  const auto said = [&](std::string_view text) {
    const auto faults = faults_of(text, environment);
    return faults.front().reason.en + " " + faults.front().fix.en;
  };
  EXPECT_NE(said("self.foundd == as_of").find("did you mean \"founded\""), std::string::npos);
  EXPECT_NE(said("slef.name == 'a'").find("did you mean \"self\""), std::string::npos);
  EXPECT_NE(said("self.standing == 'oficial'").find("did you mean \"official\""),
            std::string::npos);
  EXPECT_NE(said("self.name.startWith('a')").find("startsWith"), std::string::npos);
  for (const auto* text : {"self.name + 1",
                           "self.name == 1",
                           "[1, 'a'] == []",
                           "1.5 > 1.0",
                           "self.name == null",
                           "dyn(1) == 1",
                           "type(1) == int",
                           "b'a' == b'a'",
                           "date('2026-02-30') == as_of",
                           "date('2026-13-01') == as_of",
                           "period('P1M') < period('P30D')",
                           "period('P1M') == 30",
                           "as_of.plus(period('P1M')) == as_of",
                           "as_of.plus(period('P1M'), 'down') == as_of",
                           "date('2026-01-31').plus(period('P1M')) == as_of",
                           "date('2026-01-31').plus(period('P1M'), 'strict') == as_of",
                           "self.members.map(m, m.age) == []",
                           "[1, 2].exists(x, x == 1)",
                           "self.name.matches('(')",
                           "self.members[0].age == 1",
                           "1 / 0 == 1",
                           "as_of.isWorkingDay()",
                           "timestamp('2026-01-01T00:00:00Z').getMonth() == 0"}) {
    faults_of(text, environment);
  }
  const auto faults = faults_of("self.name == 'a' && self.nome == 'b'", environment);
  EXPECT_EQ(faults.front().span, (expr::Span{25, 29}));
}

TEST(Expression, MissingIsNotFalse) {
  Rows members;
  members.rows = {{Value::integer(20), Value::error(ErrorCode::kMissing)},
                  {Value::integer(40), Value::date(*time::Date::from_ymd(2001, 2, 3))}};
  Rows units;
  units.rows = {{Value::borrowed_text("a"), Value::error(ErrorCode::kMissing),
                 Value::enumeration(0, "official"), Value::rows(members, 0, 2)}};
  const std::vector<Value> variables = {Value::record(units, 0),
                                        Value::date(*time::Date::from_ymd(2026, 3, 31))};
  const auto run = [&](std::string_view text) {
    const auto compiled = Expression::compile(text, pack());
    EXPECT_TRUE(compiled.ok()) << text << ": " << compiled.status();
    return compiled.ok() ? compiled->evaluate(variables) : Value();
  };
  EXPECT_EQ(run("self.founded <= as_of").error_code(), ErrorCode::kMissing);
  EXPECT_EQ(run("!(self.founded <= as_of)").error_code(), ErrorCode::kMissing);
  EXPECT_TRUE(run("self.founded <= as_of || self.name == 'a'").is_true());
  EXPECT_TRUE(run("!has(self.founded) && self.founded == null").is_true());
  EXPECT_TRUE(run("self.founded != null").is_false());
  EXPECT_TRUE(run("self.standing in ['official', 'probationary']").is_true());
  EXPECT_TRUE(run("count(self.members, m, m.age > 30) == 1").is_true());
  EXPECT_TRUE(run("self.members.filter(m, has(m.joined)).size() == 1").is_true());
  EXPECT_TRUE(run("count(self.members, m, m.joined < as_of) == 1").is_error());
  EXPECT_TRUE(run("self.members.exists(m, m.joined < as_of)").is_true());

  std::vector<expr::Decision> decisions;
  const auto traced =
      Expression::compile("self.name == 'b' || self.members.exists(m, m.age > 30)", pack());
  ASSERT_TRUE(traced.ok());
  EXPECT_TRUE(traced->evaluate(variables, decisions).is_true());
  ASSERT_GE(decisions.size(), 2U);
  EXPECT_EQ(decisions[1].element, 1);
}

}  // namespace
}  // namespace dangbo
