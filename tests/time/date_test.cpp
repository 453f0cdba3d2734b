#include "dangbo/time/date.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <tuple>
#include <vector>

namespace dangbo::time {
namespace {

constexpr std::int32_t kFirst = -208188;  // 1400-01-01
constexpr std::int32_t kLast = 2932896;   // 9999-12-31

void expect_as_boost(std::int32_t days) {
  const Date date = Date::from_days(days);
  const boost::gregorian::date twin =
      boost::gregorian::date(1970, 1, 1) + boost::gregorian::days(days);
  const auto ymd = twin.year_month_day();
  ASSERT_EQ(date.year(), ymd.year);
  ASSERT_EQ(date.month(), ymd.month.as_number());
  ASSERT_EQ(date.day(), ymd.day);
  ASSERT_EQ(Date::from_ymd(ymd.year, ymd.month, ymd.day), date);
  ASSERT_EQ(date.to_boost(), twin);
  ASSERT_EQ(Date::from_boost(twin), date);
}

TEST(Date, EveryDayOfTwoCenturiesAgreesWithBoost) {
  for (std::int32_t days = -25567; days < 84006; ++days) {  // 1900-01-01 … 2199-12-31
    expect_as_boost(days);
  }
}

TEST(Date, SampledDaysOfTheWholeRangeAgreeWithBoost) {
  for (std::int32_t days = kFirst; days <= kLast; days += 41) {
    expect_as_boost(days);
  }
  expect_as_boost(kLast);
}

TEST(Date, TheCalendarEndsWhereBoostEnds) {
  EXPECT_EQ(Date::from_ymd(1400, 1, 1), Date::from_days(kFirst));
  EXPECT_EQ(Date::from_ymd(9999, 12, 31), Date::from_days(kLast));
  EXPECT_EQ(Date::from_ymd(1399, 12, 31), std::nullopt);
  EXPECT_EQ(Date::from_ymd(10000, 1, 1), std::nullopt);
  EXPECT_EQ(Date::from_ymd(1970, 1, 1), Date());
}

TEST(Date, DaysThatDoNotExist) {
  for (const auto& [year, month, day] :
       std::vector<std::tuple<int, int, int>>{{2023, 2, 29},
                                              {1900, 2, 29},
                                              {2024, 2, 30},
                                              {2024, 4, 31},
                                              {2024, 13, 1},
                                              {2024, 0, 1},
                                              {2024, 1, 0},
                                              {2024, 1, 32},
                                              {2024, -1, 1},
                                              {2024, 1, -1},
                                              {std::numeric_limits<int>::max(), 1, 1},
                                              {std::numeric_limits<int>::min(), 1, 1},
                                              {2024, std::numeric_limits<int>::max(), 1},
                                              {2024, std::numeric_limits<int>::min(), 1},
                                              {2024, 1, std::numeric_limits<int>::max()},
                                              {2024, 1, std::numeric_limits<int>::min()}}) {
    EXPECT_EQ(Date::from_ymd(year, month, day), std::nullopt) << year << ' ' << month << ' ' << day;
  }
  EXPECT_NE(Date::from_ymd(2024, 2, 29), std::nullopt);
  EXPECT_NE(Date::from_ymd(2000, 2, 29), std::nullopt);
}

TEST(Date, BoostsSpecialValuesAreNoDays) {
  for (const auto special : {boost::gregorian::not_a_date_time, boost::gregorian::pos_infin,
                             boost::gregorian::neg_infin}) {
    EXPECT_EQ(Date::from_boost(boost::gregorian::date(special)), std::nullopt);
  }
}

TEST(Date, DaysOutsideTheCalendarAreHarmless) {
  for (const std::int32_t days : {kFirst - 1, kLast + 1, std::numeric_limits<std::int32_t>::min(),
                                  std::numeric_limits<std::int32_t>::max()}) {
    const Date date = Date::from_days(days);
    EXPECT_TRUE(date.to_boost().is_not_a_date());
    EXPECT_FALSE(date.to_string().empty());
    EXPECT_EQ(add_months(date, 0, MonthEndRule::kClamp), std::nullopt);
    EXPECT_EQ(months_between(date, date), 0);
  }
}

TEST(Date, Text) {
  EXPECT_EQ(Date::from_ymd(2020, 11, 30)->to_string(), "2020-11-30");
  EXPECT_EQ(Date::from_ymd(1400, 1, 1)->to_string(), "1400-01-01");
  EXPECT_EQ(Date::from_ymd(9999, 12, 31)->to_string(), "9999-12-31");
}

TEST(Date, DaysInMonth) {
  const int common[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  for (int month = 1; month <= 12; ++month) {
    EXPECT_EQ(days_in_month(2023, month), common[month - 1]);
    EXPECT_EQ(days_in_month(2024, month), month == 2 ? 29 : common[month - 1]);
  }
  EXPECT_EQ(days_in_month(1900, 2), 28);
  EXPECT_EQ(days_in_month(2000, 2), 29);
  EXPECT_EQ(days_in_month(2024, 0), 0);
  EXPECT_EQ(days_in_month(2024, 13), 0);
}

TEST(PartialDate, KnowsItsFirstAndLastDay) {
  const auto year = PartialDate::from_year(1952);
  ASSERT_TRUE(year.has_value());
  EXPECT_EQ(year->precision(), DatePrecision::kYear);
  EXPECT_EQ(year->first_day(), Date::from_ymd(1952, 1, 1));
  EXPECT_EQ(year->last_day(), Date::from_ymd(1952, 12, 31));
  EXPECT_EQ(PartialDate::from_year(1953)->last_day(), Date::from_ymd(1953, 12, 31));
  EXPECT_EQ(year->exact(), std::nullopt);
  EXPECT_EQ(year->to_string(), "1952");
  for (int month = 1; month <= 12; ++month) {
    const auto partial = PartialDate::from_month(1952, month);
    ASSERT_TRUE(partial.has_value());
    EXPECT_EQ(partial->precision(), DatePrecision::kMonth);
    EXPECT_EQ(partial->first_day(), Date::from_ymd(1952, month, 1));
    EXPECT_EQ(partial->last_day(), Date::from_ymd(1952, month, days_in_month(1952, month)));
  }
  EXPECT_EQ(PartialDate::from_month(1952, 3)->to_string(), "1952-03");
  const PartialDate day(*Date::from_ymd(1952, 3, 5));
  EXPECT_EQ(day.exact(), Date::from_ymd(1952, 3, 5));
  EXPECT_EQ(day.last_day(), day.first_day());
  EXPECT_EQ(day.to_string(), "1952-03-05");
}

TEST(PartialDate, Limits) {
  EXPECT_EQ(PartialDate::from_year(1399), std::nullopt);
  EXPECT_EQ(PartialDate::from_year(10000), std::nullopt);
  EXPECT_EQ(PartialDate::from_month(1952, 0), std::nullopt);
  EXPECT_EQ(PartialDate::from_month(1952, 13), std::nullopt);
  EXPECT_EQ(PartialDate::from_year(9999)->last_day(), Date::from_ymd(9999, 12, 31));
  EXPECT_EQ(PartialDate::from_year(1400)->first_day(), Date::from_ymd(1400, 1, 1));
}

TEST(PartialDate, OrderedByFirstDayThenFromTheMostPrecise) {
  const PartialDate day(*Date::from_ymd(1952, 1, 1));
  const PartialDate month = *PartialDate::from_month(1952, 1);
  const PartialDate year = *PartialDate::from_year(1952);
  EXPECT_LT(PartialDate(*Date::from_ymd(1951, 12, 31)), day);
  EXPECT_LT(day, month);
  EXPECT_LT(month, year);
  EXPECT_LT(year, PartialDate(*Date::from_ymd(1952, 1, 2)));
  for (const PartialDate date : {day, month, year}) {
    EXPECT_EQ(PartialDate::from_code(date.code()), date);
  }
}

TEST(PartialDate, AnyCodeIsHarmless) {
  std::mt19937_64 random(9);
  for (int round = 0; round < 10000; ++round) {
    const auto date = PartialDate::from_code(static_cast<std::int32_t>(random() & 0xFFFFFFFFU));
    EXPECT_GE(date.last_day(), date.first_day());
    EXPECT_FALSE(date.to_string().empty());
  }
}

}  // namespace
}  // namespace dangbo::time
