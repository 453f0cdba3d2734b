#include "dangbo/time/working_days.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

namespace dangbo::time {
namespace {

Date at(int year, int month, int day) {
  return *Date::from_ymd(year, month, day);
}

// 2024-04-30 and 05-01 are holidays; Monday 29 April was off too and Saturday 4 May worked for it.
WorkingCalendar spring() {
  const std::vector<Date> holidays = {at(2024, 5, 1), at(2024, 4, 29), at(2024, 4, 30),
                                      at(2024, 5, 1)};
  const std::vector<Date> makeup = {at(2024, 5, 4)};
  return WorkingCalendar(holidays, makeup);
}

TEST(WorkingCalendar, KnowsWeekendsHolidaysAndMakeupDays) {
  const WorkingCalendar calendar = spring();
  EXPECT_TRUE(calendar.is_working(at(2024, 4, 26)));   // Friday
  EXPECT_FALSE(calendar.is_working(at(2024, 4, 27)));  // Saturday
  EXPECT_FALSE(calendar.is_working(at(2024, 4, 28)));  // Sunday
  EXPECT_FALSE(calendar.is_working(at(2024, 4, 29)));
  EXPECT_FALSE(calendar.is_working(at(2024, 5, 1)));
  EXPECT_TRUE(calendar.is_working(at(2024, 5, 2)));
  EXPECT_TRUE(calendar.is_working(at(2024, 5, 4)));
  EXPECT_FALSE(calendar.is_working(at(2024, 5, 5)));
}

TEST(WorkingCalendar, ADayInBothListsIsWorked) {
  const std::vector<Date> day = {at(2024, 5, 1)};
  EXPECT_TRUE(WorkingCalendar(day, day).is_working(day[0]));
}

TEST(WorkingCalendar, AddDoesNotCountTheDayItself) {
  const WorkingCalendar calendar = spring();
  EXPECT_EQ(calendar.add(at(2024, 4, 26), 1), at(2024, 5, 2));
  EXPECT_EQ(calendar.add(at(2024, 4, 26), 3), at(2024, 5, 4));
  EXPECT_EQ(calendar.add(at(2024, 5, 2), -1), at(2024, 4, 26));
  EXPECT_EQ(calendar.add(at(2024, 4, 28), 0), at(2024, 4, 28));  // a Sunday stays
  EXPECT_EQ(calendar.add(at(2024, 4, 28), -1), at(2024, 4, 26));
}

TEST(WorkingCalendar, AddEndsWithTheCalendar) {
  const WorkingCalendar calendar({}, {});
  EXPECT_EQ(calendar.add(at(9999, 12, 30), 1), at(9999, 12, 31));  // a Friday
  EXPECT_EQ(calendar.add(at(9999, 12, 31), 1), std::nullopt);
  EXPECT_EQ(calendar.add(at(1400, 1, 2), -1), at(1400, 1, 1));
  EXPECT_EQ(calendar.add(at(1400, 1, 1), -1), std::nullopt);
  EXPECT_EQ(calendar.add(at(2024, 1, 1), std::numeric_limits<int>::max()), std::nullopt);
  EXPECT_EQ(calendar.add(at(2024, 1, 1), std::numeric_limits<int>::min()), std::nullopt);
  constexpr auto kFar = std::numeric_limits<std::int32_t>::max();
  EXPECT_EQ(calendar.add(Date::from_days(kFar), 1), std::nullopt);
}

TEST(WorkingCalendar, CountIsHalfOpen) {
  const WorkingCalendar calendar = spring();
  EXPECT_EQ(calendar.count(at(2024, 4, 22), at(2024, 4, 29)), 5);
  EXPECT_EQ(calendar.count(at(2024, 4, 29), at(2024, 5, 6)), 3);
  EXPECT_EQ(calendar.count(at(2024, 5, 2), at(2024, 5, 2)), 0);
  EXPECT_EQ(calendar.count(at(2024, 5, 3), at(2024, 5, 2)), 0);
  const WorkingCalendar plain({}, {});
  EXPECT_EQ(plain.count(Date::from_days(std::numeric_limits<std::int32_t>::min()),
                        Date::from_days(std::numeric_limits<std::int32_t>::max())),
            plain.count(at(1400, 1, 1), at(9999, 12, 31)) + 1);
}

TEST(WorkingCalendar, AgreesWithBoostsWeekdaysAndItself) {
  std::mt19937_64 random(15);
  std::vector<Date> holidays;
  std::vector<Date> makeup;
  const Date start = at(2020, 1, 1);
  for (int i = 0; i < 60; ++i) {
    holidays.push_back(start.plus_days(static_cast<std::int32_t>(random() % 700)));
    makeup.push_back(start.plus_days(static_cast<std::int32_t>(random() % 700)));
  }
  const WorkingCalendar calendar(holidays, makeup);
  const auto listed = [](const std::vector<Date>& days, Date day) {
    return std::find(days.begin(), days.end(), day) != days.end();
  };
  for (std::int32_t i = -50; i < 800; ++i) {
    const Date day = start.plus_days(i);
    const auto weekday = day.to_boost().day_of_week().as_number();
    const bool expected =
        listed(makeup, day) || (weekday >= 1 && weekday <= 5 && !listed(holidays, day));
    ASSERT_EQ(calendar.is_working(day), expected) << day.to_string();
    const int n = static_cast<int>(random() % 40);
    const Date end = *calendar.add(day, n);
    ASSERT_EQ(calendar.count(day.plus_days(1), end.plus_days(1)), n);
    ASSERT_EQ(calendar.count(*calendar.add(day, -n), day), n);
  }
}

}  // namespace
}  // namespace dangbo::time
