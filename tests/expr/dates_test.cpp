// Days and periods as administrative law counts. The rounding cases follow what Catala's dates
// library publishes: down is clamp, up is spill, none is strict.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "dangbo/expr/columns.hpp"
#include "dangbo/expr/expression.hpp"

namespace dangbo {
namespace {

using expr::Environment;
using expr::ErrorCode;
using expr::Expression;
using expr::Value;

Value value_of(const std::string& text) {
  Environment environment;
  environment.profile = expr::Profile::kConformance;
  const std::vector<time::Date> holidays = {*time::Date::from_ymd(2026, 9, 2)};
  environment.calendar =
      std::make_shared<time::WorkingCalendar>(holidays, std::span<const time::Date>());
  const auto compiled = Expression::compile(text, environment);
  EXPECT_TRUE(compiled.ok()) << text << ": " << compiled.status();
  return compiled.ok() ? compiled->evaluate({}) : Value();
}

TEST(Dates, RoundingIsNamed) {
  struct Case {
    const char* from;
    const char* period;
    const char* clamp;
    const char* spill;
    bool exact;
  };
  for (const Case& one : {Case{"2019-01-31", "P1M", "2019-02-28", "2019-03-01", false},
                          Case{"2020-01-31", "P1M", "2020-02-29", "2020-03-01", false},
                          Case{"2020-02-29", "P1Y", "2021-02-28", "2021-03-01", false},
                          Case{"2020-02-29", "P4Y", "2024-02-29", "2024-02-29", true},
                          Case{"2019-03-31", "-P1M", "2019-02-28", "2019-03-01", false},
                          Case{"2019-12-31", "P1M", "2020-01-31", "2020-01-31", true}}) {
    const std::string sum =
        std::string("date('") + one.from + "').plus(period('" + one.period + "'), '";
    EXPECT_TRUE(value_of(sum + "clamp') == date('" + one.clamp + "')").is_true()) << sum;
    EXPECT_TRUE(value_of(sum + "spill') == date('" + one.spill + "')").is_true()) << sum;
    EXPECT_EQ(value_of(sum + "strict')").is_error(), !one.exact) << sum;
  }
  EXPECT_TRUE(
      value_of("date('2023-02-28').plus(period('P12M'), 'snap-to-end') == date('2024-02-29')")
          .is_true());
  EXPECT_TRUE(value_of("date('2026-02-27').plus(period('P2D')) == date('2026-03-01')").is_true());
  EXPECT_EQ(value_of("date('2026-01-31').plus(period('P1M'))").error_code(),
            ErrorCode::kNoRounding);
}

// What CatalaLang/dates-calc publishes of its behaviour (in CatalaLang/catala,
// deps/dates-calc/test: exact_computations.csv and ambiguous_computations.csv): day, months,
// rounded down and up.
struct Published {
  const char* from;
  int months;
  const char* down;
  const char* up;
};
constexpr Published kPublished[] = {{"2012-03-31", 1, "2012-04-30", "2012-05-01"},
                                    {"2012-03-31", 3, "2012-06-30", "2012-07-01"},
                                    {"2012-01-31", 1, "2012-02-29", "2012-03-01"},
                                    {"2012-01-31", 3, "2012-04-30", "2012-05-01"},
                                    {"2013-01-31", 1, "2013-02-28", "2013-03-01"},
                                    {"2013-01-31", 3, "2013-04-30", "2013-05-01"},
                                    {"2012-10-31", 4, "2013-02-28", "2013-03-01"},
                                    {"2012-10-31", 6, "2013-04-30", "2013-05-01"},
                                    {"2012-10-29", 4, "2013-02-28", "2013-03-01"},
                                    {"2012-02-29", 12, "2013-02-28", "2013-03-01"},
                                    {"2012-02-29", 1056, "2100-02-28", "2100-03-01"},
                                    {"2012-02-15", 2, "2012-04-15", ""},
                                    {"2012-02-28", 4, "2012-06-28", ""},
                                    {"2012-03-15", 1, "2012-04-15", ""},
                                    {"2012-11-15", 3, "2013-02-15", ""},
                                    {"2012-03-31", 2, "2012-05-31", ""},
                                    {"2012-01-31", 2, "2012-03-31", ""},
                                    {"2013-01-31", 2, "2013-03-31", ""},
                                    {"2012-10-31", 5, "2013-03-31", ""},
                                    {"2012-01-01", 12, "2013-01-01", ""},
                                    {"2012-02-28", 48, "2016-02-28", ""},
                                    {"2012-02-29", 48, "2016-02-29", ""},
                                    {"2012-03-15", 12, "2013-03-15", ""},
                                    {"2012-11-15", 36, "2015-11-15", ""}};

// By column for each month count, since the period of a column kernel is constant.
std::string by_column(const Published& one, const std::string& rounding) {
  Environment environment;
  environment.variables = {{"d", expr::Kind::kDate, true}};
  const auto expression = Expression::compile(
      "string(d.plus(period('P" + std::to_string(one.months) + "M'), '" + rounding + "'))",
      environment);
  EXPECT_TRUE(expression.ok()) << expression.status();
  expr::ColumnEvaluator evaluator(*expr::ColumnProgram::compile({&*expression, 1}));
  const std::vector<std::int32_t> days = {time::parse_date(one.from).value->first_day().days()};
  const expr::ColumnTable table{1, {expr::ColumnView::dates(days)}};
  std::vector<expr::ColumnResult> results;
  EXPECT_TRUE(evaluator.evaluate(table, 0, 1, results).ok());
  const Value value = results[0].value(0);
  return value.is_error() ? std::string() : std::string(value.as_text());
}

TEST(Dates, AsCatalaPublishes) {
  for (const Published& one : kPublished) {
    const std::string sum = std::string("date('") + one.from + "').plus(period('P" +
                            std::to_string(one.months) + "M'), '";
    const bool exact = *one.up == '\0';
    const std::string up = exact ? one.down : one.up;
    EXPECT_TRUE(value_of(sum + "clamp') == date('" + one.down + "')").is_true()) << sum;
    EXPECT_TRUE(value_of(sum + "spill') == date('" + up + "')").is_true()) << sum;
    EXPECT_EQ(value_of(sum + "strict')").is_error(), !exact) << sum;
    EXPECT_EQ(by_column(one, "clamp"), one.down) << sum;
    EXPECT_EQ(by_column(one, "spill"), up) << sum;
    EXPECT_EQ(by_column(one, "strict"), exact ? one.down : "") << sum;
  }
  // Days alone need no rounding.
  for (const char* sum : {"date('2012-03-20').plus(period('P10D')) == date('2012-03-30')",
                          "date('2012-03-31').plus(period('P1D')) == date('2012-04-01')",
                          "date('2012-02-28').plus(period('P1D')) == date('2012-02-29')",
                          "date('2013-02-28').plus(period('P1D')) == date('2013-03-01')",
                          "date('2012-03-01').plus(period('P71D')) == date('2012-05-11')",
                          "date('2012-11-01').plus(period('P71D')) == date('2013-01-11')"}) {
    EXPECT_TRUE(value_of(sum).is_true()) << sum;
  }
}

TEST(Dates, MonthsNeverCompareWithDays) {
  EXPECT_EQ(value_of("period('P1M') < period('P30D')").error_code(), ErrorCode::kMonthsAndDays);
  EXPECT_EQ(value_of("period('P1M') == period('P31D')").error_code(), ErrorCode::kMonthsAndDays);
  EXPECT_TRUE(
      value_of("period('P1Y') == period('P12M') && period('P1W') == period('P7D')").is_true());
  EXPECT_TRUE(value_of("string(period('P14M3D')) == 'P1Y2M3D'").is_true());
}

TEST(Dates, Differences) {
  EXPECT_TRUE(value_of("date('2026-03-01').monthsSince(date('2026-01-31')) == 1").is_true());
  EXPECT_TRUE(value_of("date('2026-02-28').monthsSince(date('2026-01-31')) == 0").is_true());
  EXPECT_TRUE(value_of("date('2026-03-31').yearsSince(date('2008-03-31')) == 18").is_true());
  EXPECT_TRUE(value_of("date('2026-03-30').yearsSince(date('2008-03-31')) == 17").is_true());
  EXPECT_TRUE(value_of("date('2026-03-31').daysSince(date('2026-03-01')) == 30").is_true());
  EXPECT_TRUE(value_of("date('2026-09-01').plusWorkingDays(1) == date('2026-09-03')").is_true());
  EXPECT_TRUE(value_of("date('2026-09-07').workingDaysSince(date('2026-09-01')) == 3").is_true());
  EXPECT_TRUE(value_of("!date('2026-09-02').isWorkingDay()").is_true());
  EXPECT_TRUE(value_of("date('2026-02-30')").is_error());
}

}  // namespace
}  // namespace dangbo
