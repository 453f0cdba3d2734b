#include "dangbo/table/parse.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "dangbo/base/text.hpp"
#include "table/sample.hpp"

namespace dangbo::table {
namespace {

using base::ProblemCode;

struct Parsed {
  std::string shown;
  bool missing = false;
  std::optional<base::Problem> problem;
};

Parsed parse(const Field& field, std::string_view text, bool inclusive = false) {
  FieldBuilder builder(field, inclusive);
  Parsed result;
  result.problem = builder.append(text);
  const Column column = builder.take();
  EXPECT_EQ(column.size(), 1U);
  result.missing = column.is_missing(0);
  result.shown = column.display(0);
  return result;
}

void expect_value(const Field& field, std::string_view text, std::string_view shown) {
  const Parsed parsed = parse(field, text);
  EXPECT_FALSE(parsed.problem) << text << ": " << parsed.problem->reason.en;
  EXPECT_FALSE(parsed.missing) << text;
  EXPECT_EQ(parsed.shown, shown) << text;
}

void expect_problem(const Field& field, std::string_view text, ProblemCode code) {
  const Parsed parsed = parse(field, text);
  ASSERT_TRUE(parsed.problem) << text;
  EXPECT_EQ(parsed.problem->code, code) << text;
  EXPECT_TRUE(parsed.missing) << text;
  EXPECT_FALSE(parsed.problem->reason.vi.empty());
  EXPECT_FALSE(parsed.problem->reason.en.empty());
  EXPECT_FALSE(parsed.problem->fix.vi.empty());
  EXPECT_FALSE(parsed.problem->fix.en.empty());
  EXPECT_LE(base::code_points(parsed.problem->value), 64U);
}

TEST(FieldBuilder, EmptyAndDashAreMissing) {
  for (const Type type :
       {Type::kText, Type::kDate, Type::kInt, Type::kBool, Type::kReal, Type::kCode}) {
    for (const char* text :
         {"", " ", "-", " - ", "\t", "\xC2\xA0", "\xE3\x80\x80-\xE2\x80\xAF", "\xEF\xBB\xBF"}) {
      const Parsed optional = parse(sample::field("f", type), text);
      EXPECT_TRUE(optional.missing);
      EXPECT_FALSE(optional.problem);
      expect_problem(sample::field("f", type, Role::kNone, true), text, ProblemCode::kMissingValue);
    }
  }
}

TEST(FieldBuilder, TextIsTrimmedAndNormalised) {
  const Field field = sample::field("name", Type::kText);
  expect_value(field, "  Chi bộ Một\xC2\xA0\r", "Chi bộ Một");
  expect_value(field, "a  b", "a  b");  // inner spaces are the writer's
  expect_value(field, "--", "--");
  // "Chi bo\u0302\u0323" as some keyboards write it.
  expect_value(field, "Chi bo\xCC\x82\xCC\xA3", "Chi bộ");
  expect_value(field, "00123", "00123");
}

// The quick answer may be "perhaps not", never a wrong "yes".
TEST(FieldBuilder, TextEqualsItsSlowNormalForm) {
  std::mt19937_64 random(11);
  const std::vector<std::string> pieces = {"a",
                                           "ộ",
                                           "đ",
                                           "Ư",
                                           "o",
                                           "\xCC\x82",
                                           "\xCC\xA3",
                                           "\xCC\x81",
                                           "ơ",
                                           "ế",
                                           "\xE2\x84\xAB",
                                           "\xE1\xBE\xBB",
                                           "\xCB\xBF",
                                           "\xE1\xB8\x80",
                                           "\xE1\xBB\xBF",
                                           "\xCD\x84",
                                           "漢",
                                           "😀"};
  const Field field = sample::field("name", Type::kText);
  for (int round = 0; round < 3000; ++round) {
    std::string text = "x";
    for (std::uint64_t left = random() % 8; left > 0; --left) {
      text += pieces[random() % pieces.size()];
    }
    text += "x";
    expect_value(field, text, base::to_nfc(text));
  }
}

TEST(FieldBuilder, EveryLetterTakenForNormalIsNormal) {
  const Field field = sample::field("name", Type::kText);
  FieldBuilder builder(field, false);
  std::vector<std::string> letters;
  const auto add = [&](unsigned point) {
    std::string text;
    if (point < 0x800) {
      text = {static_cast<char>(0xC0U | (point >> 6)), static_cast<char>(0x80U | (point & 63U))};
    } else {
      text = {static_cast<char>(0xE0U | (point >> 12)),
              static_cast<char>(0x80U | ((point >> 6) & 63U)),
              static_cast<char>(0x80U | (point & 63U))};
    }
    letters.push_back("x" + text + "x");
  };
  for (unsigned point = 0x80; point < 0x400; ++point) {
    add(point);
  }
  for (unsigned point = 0x1E00; point < 0x2000; ++point) {
    add(point);
  }
  for (const std::string& letter : letters) {
    ASSERT_FALSE(builder.append(letter));
  }
  const Column column = builder.take();
  for (std::size_t row = 0; row < letters.size(); ++row) {
    EXPECT_EQ(column.text(row), base::to_nfc(letters[row])) << letters[row];
  }
}

TEST(FieldBuilder, ClosedCodes) {
  Field field = sample::field("kind", Type::kCode);
  field.codes = sample::unit_kinds();
  expect_value(field, "CB", "cell");
  expect_value(field, " chi bộ cơ sở ", "grassroots_cell");
  expect_value(field, "Grassroots Committee", "grassroots_committee");
  expect_problem(field, "CBX", ProblemCode::kUnknownCode);
  const Parsed near = parse(field, "chi bộ cơ sỡ x");
  ASSERT_TRUE(near.problem);
  EXPECT_NE(near.problem->fix.vi.find("chi bộ cơ sở (CBCS)"), std::string::npos)
      << near.problem->fix.vi;
  EXPECT_NE(near.problem->fix.en.find("grassroots cell (CBCS)"), std::string::npos);
  EXPECT_NE(near.problem->fix.en.find("DBCS, CB, CBCS"), std::string::npos);
  const Parsed far = parse(field, "hợp tác xã nông nghiệp");
  ASSERT_TRUE(far.problem);
  EXPECT_EQ(far.problem->fix.vi, "mã dùng được: DBCS, CB, CBCS");
  expect_problem(field, std::string(100'000, 'z'), ProblemCode::kUnknownCode);
}

TEST(FieldBuilder, LongListsOfCodesAreNotPrinted) {
  std::vector<Code> codes;
  for (int number = 0; number < 40; ++number) {
    codes.push_back({"code" + std::to_string(number), "C" + std::to_string(number), {}, {}});
  }
  Field field = sample::field("kind", Type::kCode);
  field.codes = std::make_shared<const CodeSet>("big", codes);
  const Parsed parsed = parse(field, "không có gì giống thế này");
  ASSERT_TRUE(parsed.problem);
  EXPECT_EQ(parsed.problem->fix.en.find("C1,"), std::string::npos);
  EXPECT_NE(parsed.problem->fix.en.find("big"), std::string::npos);
}

TEST(FieldBuilder, CodesThroughTheCacheEqualCodesWithoutIt) {
  std::vector<Code> codes;
  for (int number = 0; number < 900; ++number) {
    codes.push_back({"word" + std::to_string(number), "W" + std::to_string(number), {}, {}});
  }
  Field field = sample::field("kind", Type::kCode);
  field.codes = std::make_shared<const CodeSet>("many", codes);
  FieldBuilder builder(field, false);
  std::mt19937_64 random(5);
  std::vector<std::optional<std::uint32_t>> twin;
  for (int row = 0; row < 20'000; ++row) {
    const std::string text = (random() % 2 == 0 ? "W" : "word") + std::to_string(random() % 920);
    twin.push_back(field.codes->find(text));
    EXPECT_EQ(builder.append(text).has_value(), !twin.back().has_value());
  }
  const Column column = builder.take();
  for (std::size_t row = 0; row < twin.size(); ++row) {
    ASSERT_EQ(column.is_missing(row), !twin[row]);
    ASSERT_EQ(column.code(row), static_cast<std::int32_t>(twin[row].value_or(0)));
  }
}

TEST(FieldBuilder, AColumnOfTheWrongVocabularyIsExplainedOnceAWord) {
  Field field = sample::field("kind", Type::kCode);
  field.codes = sample::unit_kinds();
  FieldBuilder builder(field, false);
  std::optional<base::Problem> first = builder.append("chi bộ cơ sỡ x");
  for (int row = 0; row < 3000; ++row) {
    const auto problem = builder.append("chi bộ số " + std::to_string(row));
    ASSERT_TRUE(problem);
    EXPECT_NE(problem->fix.en.find("DBCS, CB, CBCS"), std::string::npos);
  }
  EXPECT_EQ(builder.append("chi bộ cơ sỡ x"), first);
  EXPECT_EQ(builder.take().missing_count(), 3002U);
}

TEST(FieldBuilder, GrowingVocabularyLivesAcrossBatches) {
  FieldBuilder builder(sample::field("unit_id", Type::kCode), false);
  for (const char* text : {"A", "B", " A ", "-"}) {
    EXPECT_FALSE(builder.append(text));
  }
  const Column first = builder.take();
  EXPECT_EQ(builder.size(), 0U);
  const std::string long_key(200, 'k');  // too long for the cache, not for the vocabulary
  for (const std::string& text : std::vector<std::string>{"B", "C", "o\xCC\x82", "ô", long_key}) {
    EXPECT_FALSE(builder.append(text));
  }
  const Column second = builder.take();
  EXPECT_EQ(*first.words(), (Words{"A", "B"}));
  EXPECT_EQ(first.display(2), "A");
  EXPECT_TRUE(first.is_missing(3));
  EXPECT_EQ(second.code(0), 1);
  EXPECT_EQ(second.display(1), "C");
  EXPECT_EQ(second.code(2), second.code(3));  // one key, two spellings of the same letters
  EXPECT_EQ(second.words()->size(), 5U);
  EXPECT_FALSE(builder.append("C"));
  EXPECT_EQ(builder.take().words(), second.words());  // nothing new, nothing copied
}

TEST(FieldBuilder, Dates) {
  const Field field = sample::field("birth_date", Type::kDate);
  expect_value(field, "2020-11-30", "2020-11-30");
  expect_value(field, " 30/11/2020 ", "2020-11-30");
  expect_value(field, "1952", "1952");
  expect_value(field, "3/1952", "1952-03");
  expect_problem(field, "31/02/1980", ProblemCode::kImpossibleDate);
  expect_problem(field, "5/3/52", ProblemCode::kImpossibleDate);
  expect_problem(field, "hôm qua", ProblemCode::kImpossibleDate);
  const Parsed parsed = parse(field, "31/02/1980");
  ASSERT_TRUE(parsed.problem);
  EXPECT_EQ(parsed.problem->reason.vi, "ngày không có trong lịch");
  EXPECT_EQ(parsed.problem->reason.en, "no such day in the calendar");
  EXPECT_EQ(parsed.problem->value, "31/02/1980");
  EXPECT_EQ(parsed.problem->place, base::Place{});
}

TEST(FieldBuilder, EndsOfIntervals) {
  const Field until = sample::field("until", Type::kDate, Role::kUntil);
  const Field from = sample::field("from", Type::kDate, Role::kFrom);
  struct Row {
    const char* text;
    const char* exclusive;
    const char* inclusive;
  };
  for (const Row& row :
       {Row{"2020-11-30", "2020-11-30", "2020-12-01"},
        Row{"2020-12-31", "2020-12-31", "2021-01-01"},
        Row{"2020-02-28", "2020-02-28", "2020-02-29"},
        Row{"2021-02-28", "2021-02-28", "2021-03-01"}, Row{"2020-11", "2020-12-01", "2020-12-01"},
        Row{"2020", "2021-01-01", "2021-01-01"}, Row{"9999-12-30", "9999-12-30", "9999-12-31"}}) {
    EXPECT_EQ(parse(until, row.text, false).shown, row.exclusive) << row.text;
    EXPECT_EQ(parse(until, row.text, true).shown, row.inclusive) << row.text;
    EXPECT_EQ(parse(from, row.text, true).shown, row.text);  // the mode is for ends only
  }
  EXPECT_EQ(parse(until, "9999-12-31", false).shown, "9999-12-31");
  EXPECT_EQ(parse(until, "9999-12-31", true).problem->code, ProblemCode::kOutOfRange);
  EXPECT_EQ(parse(until, "9999", false).problem->code, ProblemCode::kOutOfRange);
}

TEST(FieldBuilder, Integers) {
  const Field field = sample::field("n", Type::kInt);
  expect_value(field, "0", "0");
  expect_value(field, "+7", "7");
  expect_value(field, "-12", "-12");
  expect_value(field, "007", "7");
  expect_value(field, "9223372036854775807", "9223372036854775807");
  expect_value(field, "-9223372036854775808", "-9223372036854775808");
  expect_problem(field, "9223372036854775808", ProblemCode::kOutOfRange);
  expect_problem(field, "-9223372036854775809", ProblemCode::kOutOfRange);
  for (const char* text :
       {"1.025", "1,025", "1 025", "+-1", "-+1", "+", "--1", "1e3", "0x1", "một", "1.0", "１"}) {
    expect_problem(field, text, ProblemCode::kNotANumber);
  }
}

TEST(FieldBuilder, Booleans) {
  const Field field = sample::field("b", Type::kBool);
  for (const char* text : {"true", "TRUE", "1", "có", "Có", "CÓ", "x", "X", " x "}) {
    expect_value(field, text, "true");
  }
  for (const char* text : {"false", "0", "không", "Không"}) {
    expect_value(field, text, "false");
  }
  for (const char* text : {"2", "xx", "đúng", "c", "10"}) {
    expect_problem(field, text, ProblemCode::kUnknownCode);
  }
  FieldBuilder builder(field, false);  // the second look-up comes from the cache
  for (const char* text : {"x", "0", "x", "0", "", "?"}) {
    EXPECT_EQ(builder.append(text).has_value(), std::string(text) == "?");
  }
  const Column column = builder.take();
  EXPECT_TRUE(column.boolean(2));
  EXPECT_FALSE(column.boolean(3));
  EXPECT_EQ(column.missing_count(), 2U);
}

TEST(FieldBuilder, Reals) {
  const Field field = sample::field("r", Type::kReal);
  expect_value(field, "12.5", "12.5");
  expect_value(field, "-3", "-3");
  for (const char* text : {"nan", "inf", "12,5", "1e999", "1.2.3", "0x1p3"}) {
    expect_problem(field, text, ProblemCode::kNotANumber);
  }
}

TEST(FieldBuilder, MissingValueNamesTheField) {
  Field field = sample::field("unit_id", Type::kText, Role::kUnit, true);
  EXPECT_NE(parse(field, "").problem->fix.en.find("unit_id"), std::string::npos);
  field.title = {"mã tổ chức", "unit"};
  EXPECT_NE(parse(field, "").problem->fix.vi.find("mã tổ chức"), std::string::npos);
}

TEST(FieldBuilder, MovesKeepTheirRows) {
  FieldBuilder builder(sample::field("n", Type::kInt), false);
  EXPECT_FALSE(builder.append("1"));
  FieldBuilder moved = std::move(builder);
  EXPECT_FALSE(moved.append("2"));
  EXPECT_EQ(moved.size(), 2U);
  EXPECT_EQ(moved.take().integer(1), 2);
}

}  // namespace
}  // namespace dangbo::table
