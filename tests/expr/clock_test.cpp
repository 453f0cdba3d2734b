// Until when a value stays as it is, against asking every day; and what an expression reads.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "dangbo/expr/columns.hpp"
#include "dangbo/expr/expression.hpp"

namespace dangbo {
namespace {

using expr::ColumnTable;
using expr::ColumnView;
using expr::Expression;
using expr::Kind;
using expr::Value;
using time::Date;

// on, born and joined of one person, n, and rows below with a day each.
struct Facts {
  expr::Type row = expr::record_type("row", {{"since", Kind::kDate, true}, {"n", Kind::kInt}});
  expr::Environment environment;
  std::vector<std::int32_t> since;
  std::vector<std::int64_t> numbers;
  std::uint64_t valid = ~std::uint64_t{0};
  ColumnTable table;

  Facts() {
    environment.variables = {{"on", Kind::kDate},
                             {"born", Kind::kDate, true},
                             {"n", Kind::kInt},
                             {"rows", expr::Type::list(row)}};
  }

  std::vector<Value> variables(std::mt19937& random, Date on, const expr::TableRows& rows) {
    const auto near = [&](std::int32_t days) {
      const auto any = static_cast<std::int32_t>(random() & 0xFFFFFF);
      return on.plus_days(any % (2 * days) - days);
    };
    for (std::size_t i = 0; i < since.size(); ++i) {
      since[i] = near(400).days();
      numbers[i] = static_cast<std::int64_t>(random() % 30);
    }
    valid = random() | 1U;
    const Value born =
        random() % 8 == 0 ? Value::error(expr::ErrorCode::kMissing) : Value::date(near(8000));
    return {Value::date(on), born, Value::integer(static_cast<std::int64_t>(random() % 40)),
            Value::rows(rows, 0, random() % (since.size() + 1))};
  }
};

bool same(const Value& a, const Value& b) {
  if (a.is_error() || b.is_error()) {
    return a.is_error() && b.is_error() && a.error_code() == b.error_code();
  }
  return expr::equal(a, b);
}

struct Case {
  const char* text;
  bool exact;  // the value is another one on the day given
};

constexpr Case kCases[] = {
    {"on", true},
    {"n + 1", true},
    {"on < born", true},
    {"on.yearsSince(born) >= n", true},
    {"on.yearsSince(born)", true},
    {"on.monthsSince(born) > 12 * n", true},
    {"born.daysSince(on) <= n", true},
    {"on.daysSince(born) - n >= 30", true},
    {"on.plus(period('P1M'), 'clamp') < born", true},
    {"on.plus(period('P1M'), 'strict') < born", false},
    {"on.year() == 2024", true},
    {"on.month() == 3", false},
    {"on.daysSince(born) == n", false},
    {"n > 20 || on.yearsSince(born) >= 18", true},
    {"n > 20 && born < on", true},
    {"rows.exists(r, r.since <= on && r.n > n)", false},
    {"count(rows, r, on.daysSince(r.since) >= r.n)", false},
    {"rows.all(r, has(r.since) && r.since.plus(period('P3M'), 'spill') > on)", false},
    {"on.yearsSince(born) < 18 ? n : on.daysSince(born)", false},
    {"1 / (on.daysSince(born) - n) > 0", false},
};

TEST(Clock, NeverTooLate) {
  std::mt19937 random(20261128);
  Facts facts;
  facts.since.resize(5);
  facts.numbers.resize(5);
  facts.table.size = 5;
  facts.table.columns = {ColumnView::dates(facts.since, &facts.valid),
                         ColumnView::integers(facts.numbers)};
  const expr::TableRows rows(facts.table, facts.row);
  std::size_t moved = 0;
  for (const Case& one : kCases) {
    const auto compiled = Expression::compile(one.text, facts.environment);
    ASSERT_TRUE(compiled.ok()) << one.text << ": " << compiled.status();
    for (int i = 0; i < 60; ++i) {
      const Date on = Date::from_days(19000 + static_cast<std::int32_t>(random() % 2000));
      std::vector<Value> variables = facts.variables(random, on, rows);
      std::optional<Date> until;
      const Value now = compiled->evaluate(variables, 0, until);
      ASSERT_TRUE(same(now, compiled->evaluate(variables))) << one.text;
      ASSERT_TRUE(!until || *until > on) << one.text;
      const std::int32_t stop =
          std::min(until ? until->days() : on.days() + 9000, on.days() + 9000);
      for (std::int32_t day = on.days() + 1; day < stop; ++day) {
        variables[0] = Value::date(Date::from_days(day));
        ASSERT_TRUE(same(now, compiled->evaluate(variables)))
            << one.text << " on " << Date::from_days(day).to_string() << ", asked on "
            << on.to_string();
      }
      if (!until) continue;
      ++moved;
      variables[0] = Value::date(*until);
      if (one.exact) {
        ASSERT_FALSE(same(now, compiled->evaluate(variables))) << one.text;
      }
    }
  }
  EXPECT_GT(moved, 500U);
}

TEST(Reads, FieldsThroughRelations) {
  const Facts facts;
  const auto reads = [&](const char* text) {
    const auto compiled = Expression::compile(text, facts.environment);
    EXPECT_TRUE(compiled.ok()) << compiled.status();
    std::string out;
    for (const expr::FieldRead& read : compiled->reads()) {
      out += std::to_string(read.variable);
      for (const std::uint32_t step : read.path) out += "." + std::to_string(step);
      out += ' ';
    }
    return out;
  };
  EXPECT_EQ(reads("n > 1"), "2 ");
  EXPECT_EQ(reads("rows.size() > 1"), "3 ");
  EXPECT_EQ(reads("rows.exists(r, has(r.since) && r.n == n)"), "2 3 3.0 3.1 ");
  EXPECT_EQ(reads("rows.exists(r, rows.exists(s, s.n > r.n))"), "3 3.1 ");
  EXPECT_EQ(reads("size(rows.filter(r, r.since < on)) > 0"), "0 3 3.0 ");
}

}  // namespace
}  // namespace dangbo
