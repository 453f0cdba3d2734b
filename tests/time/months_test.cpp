#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>
#include <vector>

#include "dangbo/time/date.hpp"

namespace dangbo::time {
namespace {

Date at(int year, int month, int day) {
  return *Date::from_ymd(year, month, day);
}

std::string added(Date date, int months, MonthEndRule rule) {
  const auto result = add_months(date, months, rule);
  return result ? result->to_string() : "none";
}

struct Row {
  Date from;
  int months;
  const char* clamp;
  const char* snap;
  const char* spill;
  const char* strict;
};

TEST(AddMonths, TableOfMonthEnds) {
  const std::vector<Row> rows = {
      {at(2023, 1, 31), 1, "2023-02-28", "2023-02-28", "2023-03-01", "none"},
      {at(2024, 1, 31), 1, "2024-02-29", "2024-02-29", "2024-03-01", "none"},
      {at(2023, 1, 29), 1, "2023-02-28", "2023-02-28", "2023-03-01", "none"},
      {at(2024, 1, 29), 1, "2024-02-29", "2024-02-29", "2024-02-29", "2024-02-29"},
      {at(2023, 1, 28), 1, "2023-02-28", "2023-02-28", "2023-02-28", "2023-02-28"},
      {at(2023, 2, 28), 12, "2024-02-28", "2024-02-29", "2024-02-28", "2024-02-28"},
      {at(2024, 2, 28), 12, "2025-02-28", "2025-02-28", "2025-02-28", "2025-02-28"},
      {at(2024, 2, 29), 12, "2025-02-28", "2025-02-28", "2025-03-01", "none"},
      {at(2024, 2, 29), 48, "2028-02-29", "2028-02-29", "2028-02-29", "2028-02-29"},
      {at(2024, 2, 29), -12, "2023-02-28", "2023-02-28", "2023-03-01", "none"},
      {at(1896, 2, 29), 48, "1900-02-28", "1900-02-28", "1900-03-01", "none"},
      {at(2023, 4, 30), 1, "2023-05-30", "2023-05-31", "2023-05-30", "2023-05-30"},
      {at(2023, 5, 31), 1, "2023-06-30", "2023-06-30", "2023-07-01", "none"},
      {at(2023, 5, 31), -1, "2023-04-30", "2023-04-30", "2023-05-01", "none"},
      {at(2023, 12, 15), 1, "2024-01-15", "2024-01-15", "2024-01-15", "2024-01-15"},
      {at(2023, 1, 15), -1, "2022-12-15", "2022-12-15", "2022-12-15", "2022-12-15"},
      {at(2023, 11, 30), 1, "2023-12-30", "2023-12-31", "2023-12-30", "2023-12-30"},
      {at(2023, 1, 31), -14, "2021-11-30", "2021-11-30", "2021-12-01", "none"},
      {at(2023, 3, 10), 0, "2023-03-10", "2023-03-10", "2023-03-10", "2023-03-10"},
      {at(2023, 2, 28), 0, "2023-02-28", "2023-02-28", "2023-02-28", "2023-02-28"},
      {at(1400, 1, 31), -1, "none", "none", "none", "none"},
      {at(1400, 2, 1), -1, "1400-01-01", "1400-01-01", "1400-01-01", "1400-01-01"},
      {at(9999, 12, 1), 1, "none", "none", "none", "none"},
      {at(9999, 11, 30), 1, "9999-12-30", "9999-12-31", "9999-12-30", "9999-12-30"},
      {at(9999, 10, 31), 1, "9999-11-30", "9999-11-30", "9999-12-01", "none"},
      {at(1970, 1, 1), std::numeric_limits<int>::max(), "none", "none", "none", "none"},
      {at(1970, 1, 1), std::numeric_limits<int>::min(), "none", "none", "none", "none"},
  };
  for (const Row& row : rows) {
    const std::string where = row.from.to_string() + " + " + std::to_string(row.months);
    EXPECT_EQ(added(row.from, row.months, MonthEndRule::kClamp), row.clamp) << where;
    EXPECT_EQ(added(row.from, row.months, MonthEndRule::kSnapToEnd), row.snap) << where;
    EXPECT_EQ(added(row.from, row.months, MonthEndRule::kSpill), row.spill) << where;
    EXPECT_EQ(added(row.from, row.months, MonthEndRule::kStrict), row.strict) << where;
  }
}

Date random_date(std::mt19937_64& random, int first_year, int years) {
  const auto below = [&random](int limit) {
    return static_cast<int>(random() % static_cast<std::uint64_t>(limit));
  };
  const int year = first_year + below(years);
  const int month = 1 + below(12);
  const int last = days_in_month(year, month);
  // Every second day is near the end of its month, where the rules differ.
  return at(year, month, random() % 2 == 0 ? last - below(4) : 1 + below(last));
}

TEST(AddMonths, SnapToEndIsBoostsRule) {
  std::mt19937_64 random(10);
  for (int round = 0; round < 100'000; ++round) {
    const Date date = random_date(random, 1900, 200);
    const int months = static_cast<int>(random() % 2400) - 1200;
    ASSERT_EQ(add_months(date, months, MonthEndRule::kSnapToEnd),
              Date::from_boost(date.to_boost() + boost::gregorian::months(months)))
        << date.to_string() << " + " << months;
  }
}

// What a rule says, month by month, day by day.
std::optional<Date> slow_add(Date date, int months, MonthEndRule rule) {
  int year = date.year();
  int month = date.month();
  for (int i = 0; i < months; ++i) {
    year += month == 12 ? 1 : 0;
    month = month == 12 ? 1 : month + 1;
  }
  for (int i = 0; i > months; --i) {
    year -= month == 1 ? 1 : 0;
    month = month == 1 ? 12 : month - 1;
  }
  if (const auto same = Date::from_ymd(year, month, date.day())) {
    return same;
  }
  int day = date.day();
  while (!Date::from_ymd(year, month, day)) {
    --day;
  }
  switch (rule) {
    case MonthEndRule::kSpill:
      return Date::from_ymd(year, month, day)->plus_days(1);
    case MonthEndRule::kClamp:
      return Date::from_ymd(year, month, day);
    default:
      return std::nullopt;
  }
}

TEST(AddMonths, TheOtherRulesAgreeWithTheSlowTwin) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 50'000; ++round) {
    const Date date = random_date(random, 1900, 200);
    const int months = static_cast<int>(random() % 600) - 300;
    for (const MonthEndRule rule :
         {MonthEndRule::kClamp, MonthEndRule::kSpill, MonthEndRule::kStrict}) {
      ASSERT_EQ(add_months(date, months, rule), slow_add(date, months, rule))
          << date.to_string() << " + " << months;
    }
  }
}

TEST(AddMonths, StrictRoundTripsAndSpillNeverGoesBack) {
  std::mt19937_64 random(12);
  for (int round = 0; round < 50'000; ++round) {
    const Date date = random_date(random, 1900, 200);
    const int months = static_cast<int>(random() % 600) - 300;
    if (const auto there = add_months(date, months, MonthEndRule::kStrict)) {
      ASSERT_EQ(add_months(*there, -months, MonthEndRule::kStrict), date);
    }
    ASSERT_LE(add_months(date, months, MonthEndRule::kSpill),
              add_months(date, months + 1, MonthEndRule::kSpill));
    ASSERT_LE(add_months(date, months, MonthEndRule::kSpill),
              add_months(date.plus_days(1), months, MonthEndRule::kSpill));
  }
}

TEST(Between, BirthdaysAndTheTwentyNinthOfFebruary) {
  EXPECT_EQ(years_between(at(2000, 2, 29), at(2001, 2, 28)), 0);
  EXPECT_EQ(years_between(at(2000, 2, 29), at(2001, 3, 1)), 1);
  EXPECT_EQ(years_between(at(2000, 2, 29), at(2004, 2, 28)), 3);
  EXPECT_EQ(years_between(at(2000, 2, 29), at(2004, 2, 29)), 4);
  EXPECT_EQ(years_between(at(1990, 5, 20), at(2020, 5, 19)), 29);
  EXPECT_EQ(years_between(at(1990, 5, 20), at(2020, 5, 20)), 30);
  EXPECT_EQ(months_between(at(2023, 1, 31), at(2023, 2, 28)), 0);
  EXPECT_EQ(months_between(at(2023, 1, 31), at(2023, 3, 1)), 1);
  EXPECT_EQ(months_between(at(2023, 1, 31), at(2023, 3, 31)), 2);
  EXPECT_EQ(months_between(at(2023, 3, 10), at(2023, 3, 10)), 0);
  EXPECT_EQ(months_between(at(2023, 3, 10), at(2023, 3, 9)), -1);
  EXPECT_EQ(months_between(at(2023, 3, 10), at(2023, 2, 10)), -1);
  EXPECT_EQ(years_between(at(2023, 3, 10), at(2023, 3, 9)), -1);
  EXPECT_EQ(years_between(at(2023, 3, 10), at(2022, 3, 10)), -1);
  EXPECT_EQ(years_between(at(2023, 3, 10), at(2022, 3, 9)), -2);
}

// The largest n with add_months(from, n * step, kSpill) <= to, by trying.
int slow_between(Date from, Date to, int step) {
  int n = 0;
  while (*add_months(from, n * step, MonthEndRule::kSpill) > to) {
    --n;
  }
  while (*add_months(from, (n + 1) * step, MonthEndRule::kSpill) <= to) {
    ++n;
  }
  return n;
}

TEST(Between, AgreesWithTrying) {
  std::mt19937_64 random(13);
  for (int round = 0; round < 20'000; ++round) {
    const Date from = random_date(random, 1996, 12);
    const Date to = random_date(random, 1996, 12);
    ASSERT_EQ(months_between(from, to), slow_between(from, to, 1))
        << from.to_string() << ' ' << to.to_string();
    ASSERT_EQ(years_between(from, to), slow_between(from, to, 12))
        << from.to_string() << ' ' << to.to_string();
  }
}

}  // namespace
}  // namespace dangbo::time
