#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "dangbo/time/date.hpp"

namespace dangbo::time {
namespace {

// What was read, or why nothing was.
std::string read(std::string_view text) {
  const ParsedDate parsed = parse_date(text);
  EXPECT_EQ(parsed.value.has_value(), parsed.fault == DateFault::kNone) << text;
  switch (parsed.fault) {
    case DateFault::kNone:
      return parsed.value ? parsed.value->to_string() : "nothing";
    case DateFault::kNotADate:
      return "not a date";
    case DateFault::kNoSuchDay:
      return "no such day";
    case DateFault::kTwoDigitYear:
      return "two-digit year";
  }
  return "unknown fault";
}

TEST(ParseDate, TheListedForms) {
  EXPECT_EQ(read("1952"), "1952");
  EXPECT_EQ(read("1952-03"), "1952-03");
  EXPECT_EQ(read("1952-03-05"), "1952-03-05");
  EXPECT_EQ(read("1952-03-05T00:00:00"), "1952-03-05");
  EXPECT_EQ(read("1952-03-05 00:00:00.000"), "1952-03-05");
  EXPECT_EQ(read("1952-03-05 23:59:59"), "1952-03-05");
  EXPECT_EQ(read("5/3/1952"), "1952-03-05");
  EXPECT_EQ(read("05/03/1952"), "1952-03-05");
  EXPECT_EQ(read("05-03-1952"), "1952-03-05");
  EXPECT_EQ(read("05.03.1952"), "1952-03-05");
  EXPECT_EQ(read("5.3.1952"), "1952-03-05");
  EXPECT_EQ(read("3/1952"), "1952-03");
  EXPECT_EQ(read("03/1952"), "1952-03");
  EXPECT_EQ(read(" \t1952-03-05\r\n"), "1952-03-05");
  EXPECT_EQ(read("\u00A05/3/1952\u00A0 "), "1952-03-05");
}

TEST(ParseDate, DaysThatDoNotExist) {
  for (const char* text :
       {"0000-00-00", "31/02/1980", "29/2/1900", "1952-13-01", "1952-00-05",
        "1952-03-00", "1952-04-31", "1952-13",   "1952-00",    "13/1952",
        "0/1952",     "0/3/1952",   "32/1/1952", "1/13/1952",  "1399-12-31",
        "1399",       "0000",       "12/1399",   "31/12/1399", "1952-02-30T00:00:00"}) {
    EXPECT_EQ(read(text), "no such day") << text;
  }
  EXPECT_EQ(read("29/2/2000"), "2000-02-29");
  EXPECT_EQ(read("1400-01-01"), "1400-01-01");
  EXPECT_EQ(read("31/12/9999"), "9999-12-31");
}

TEST(ParseDate, TheCenturyIsNeverGuessed) {
  for (const char* text : {"5/3/52", "05-03-52", "05.03.52", "52-03-05", "31/02/80"}) {
    EXPECT_EQ(read(text), "two-digit year") << text;
  }
}

TEST(ParseDate, EverythingElseIsNotADate) {
  for (const char* text : {"",
                           " ",
                           "-",
                           "không rõ",
                           "5",
                           "52",
                           "195",
                           "19520",
                           "19520305",
                           "1952-3-5",
                           "1952-3",
                           "1952-",
                           "1952/03/05",
                           "1952/03",
                           "1952-03-5",
                           "1952-03-05T",
                           "1952-03-05 ngày",
                           "1952-03-05T24:00:00",
                           "1952-03-05T00:60:00",
                           "1952-03-05T00:00:60",
                           "1952-03-05T00:00",
                           "1952-03-05T00:00:00Z",
                           "1952-03-05T00:00:00+07:00",
                           "1952-03-05T00:00:00.",
                           "1952-03-05T00:00:00.0a",
                           "5/3",
                           "5/3/",
                           "5/3/5",
                           "5/3/195",
                           "5/3/19520",
                           "5/3-1952",
                           "5-3/1952",
                           "5//1952",
                           "/3/1952",
                           "105/3/1952",
                           "5/103/1952",
                           "5/3/1952/",
                           "5 / 3 / 1952",
                           "5,3,1952",
                           "3-1952",
                           "3.1952",
                           "+1952",
                           "-1952",
                           "1952-03-0x",
                           "x952-03-05",
                           "1952x03-05",
                           "５/3/1952",
                           "5/3/1952 a",
                           "\xC2",
                           "\xA0"}) {
    EXPECT_EQ(read(text), "not a date") << text;
  }
  EXPECT_EQ(read(std::string_view("1952\0", 5)), "not a date");
  EXPECT_EQ(read(std::string(100'000, ' ')), "not a date");
  EXPECT_EQ(read(std::string(100'000, '1')), "not a date");
}

TEST(ParseDate, ReadsBackWhatDatesWrite) {
  for (std::int32_t days = -208188; days <= 2932896; days += 37) {
    const Date date = Date::from_days(days);
    const ParsedDate parsed = parse_date(date.to_string());
    ASSERT_EQ(parsed.value, PartialDate(date));
  }
}

// The forms once more: every digit is written 0, and the whole shape stands in one of two lists.
std::string slow_read(const std::string& text) {
  std::string shape = text;
  std::vector<int> numbers;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (is_digit && (i == 0 || shape[i - 1] != '0')) {
      numbers.push_back(0);
    }
    if (is_digit) {
      numbers.back() = numbers.back() % 100'000 * 10 + (text[i] - '0');
      shape[i] = '0';
    }
  }
  const auto said = [](int year, int month, int day) -> std::string {
    const auto date = Date::from_ymd(year, month < 0 ? 1 : month, day < 0 ? 1 : day);
    return date ? date->to_string().substr(0, month < 0 ? 4 : day < 0 ? 7 : 10) : "no such day";
  };
  if (shape == "0000") {
    return said(numbers[0], -1, -1);
  }
  if (shape == "0000-00") {
    return said(numbers[0], numbers[1], -1);
  }
  if (shape == "0/0000" || shape == "00/0000") {
    return said(numbers[1], numbers[0], -1);
  }
  for (const std::string separator : {"/", "-", "."}) {
    for (const std::string day : {"0", "00"}) {
      for (const std::string month : {"0", "00"}) {
        const std::string start = day + separator + month + separator;
        if (shape == start + "0000") {
          return said(numbers[2], numbers[1], numbers[0]);
        }
        if (shape == start + "00") {
          return "two-digit year";
        }
      }
    }
  }
  while (shape.size() > 21 && shape.ends_with("00")) {
    shape.pop_back();  // a fraction of any length
  }
  const std::vector<std::string> days = {"0000-00-00", "0000-00-00T00:00:00", "0000-00-00 00:00:00",
                                         "0000-00-00T00:00:00.0", "0000-00-00 00:00:00.0"};
  const bool is_day = std::find(days.begin(), days.end(), shape) != days.end();
  if (!is_day || (numbers.size() > 3 && (numbers[3] > 23 || numbers[4] > 59 || numbers[5] > 59))) {
    return "not a date";
  }
  return said(numbers[0], numbers[1], numbers[2]);
}

TEST(ParseDate, AgreesWithTheSlowTwinOnDamagedDates) {
  const std::vector<std::string> seeds = {"1952",
                                          "1952-03",
                                          "1952-03-05",
                                          "5/3/1952",
                                          "05-03-1952",
                                          "31.12.1999",
                                          "3/1952",
                                          "5/3/52",
                                          "1952-03-05T10:20:30",
                                          "2000-02-29 10:20:30.5"};
  constexpr std::string_view kBytes = "0123456789/-.T:x";
  std::mt19937_64 random(14);
  for (int round = 0; round < 30'000; ++round) {
    std::string text = seeds[random() % seeds.size()];
    for (std::uint64_t edits = random() % 4; edits > 0; --edits) {
      const char byte = kBytes[random() % kBytes.size()];
      const std::size_t at = random() % (text.size() + 1);
      if (random() % 3 == 0) {
        text.insert(at, 1, byte);
      } else if (at < text.size()) {
        random() % 2 == 0 ? void(text.erase(at, 1)) : void(text[at] = byte);
      }
    }
    ASSERT_EQ(read(text), slow_read(text)) << text;
  }
}

}  // namespace
}  // namespace dangbo::time
