#include "dangbo/time/date_range.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace dangbo::time {
namespace {

constexpr Date day(std::int32_t days) {
  return Date::from_days(days);
}

TEST(DateRange, HoldsItsFirstDayAndNotItsEnd) {
  const DateRange range(day(10), day(20));
  EXPECT_FALSE(range.contains(day(9)));
  EXPECT_TRUE(range.contains(day(10)));
  EXPECT_TRUE(range.contains(day(19)));
  EXPECT_FALSE(range.contains(day(20)));
  EXPECT_EQ(range.from(), day(10));
  EXPECT_EQ(range.until(), day(20));
}

TEST(DateRange, OpenEnds) {
  const DateRange all;
  EXPECT_EQ(all.from(), std::nullopt);
  EXPECT_EQ(all.until(), std::nullopt);
  EXPECT_TRUE(all.contains(*Date::from_ymd(1400, 1, 1)));
  EXPECT_TRUE(all.contains(*Date::from_ymd(9999, 12, 31)));
  EXPECT_FALSE(all.empty());
  EXPECT_EQ(DateRange(std::nullopt, std::nullopt), all);
}

TEST(DateRange, Text) {
  const auto from = Date::from_ymd(2020, 1, 1);
  const auto until = Date::from_ymd(2020, 2, 1);
  EXPECT_EQ(DateRange(from, until).to_string(), "[2020-01-01, 2020-02-01)");
  EXPECT_EQ(DateRange(std::nullopt, until).to_string(), "[…, 2020-02-01)");
  EXPECT_EQ(DateRange(from, std::nullopt).to_string(), "[2020-01-01, …)");
  EXPECT_EQ(DateRange().to_string(), "[…, …)");
}

// All ranges over seven days, against counting the days.
TEST(DateRange, SetOperationsAgreeWithCountingDays) {
  for (std::int32_t a = 0; a < 7; ++a) {
    for (std::int32_t b = 0; b < 7; ++b) {
      const DateRange left = DateRange::from_days(a, b);
      EXPECT_EQ(left.empty(), b <= a);
      for (std::int32_t c = 0; c < 7; ++c) {
        for (std::int32_t d = 0; d < 7; ++d) {
          const DateRange right = DateRange::from_days(c, d);
          int common = 0;
          for (std::int32_t at = -1; at < 8; ++at) {
            const bool both = left.contains(day(at)) && right.contains(day(at));
            common += both ? 1 : 0;
            EXPECT_EQ(left.intersection(right).contains(day(at)), both);
          }
          EXPECT_EQ(left.overlaps(right), common > 0);
        }
      }
    }
  }
}

}  // namespace
}  // namespace dangbo::time
