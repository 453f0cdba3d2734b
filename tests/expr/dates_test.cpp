// Days and periods as administrative law counts. The rounding cases follow what Catala's dates
// library publishes: down is clamp, up is spill, none is strict.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

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
