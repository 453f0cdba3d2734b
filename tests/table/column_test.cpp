#include "dangbo/table/column.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <vector>

#include "dangbo/table/table.hpp"

namespace dangbo::table {
namespace {

TEST(Column, EveryTypeKeepsWhatWasAppended) {
  Column text("t", Type::kText);
  text.append_text("Chi bộ Một");
  text.append_text("");
  text.append_missing();
  text.append_text("x");
  EXPECT_EQ(text.text(0), "Chi bộ Một");
  EXPECT_EQ(text.text(1), "");
  EXPECT_FALSE(text.is_missing(1));
  EXPECT_EQ(text.text(2), "");
  EXPECT_TRUE(text.is_missing(2));
  EXPECT_EQ(text.text(3), "x");
  EXPECT_EQ(text.offsets().size(), 5U);
  EXPECT_EQ(text.text_bytes(), std::string("Chi bộ Một").size() + 1);

  Column code("c", Type::kCode);
  code.set_words(std::make_shared<const Words>(Words{"full", "probationary"}));
  code.append_code(1);
  code.append_missing();
  EXPECT_EQ(code.word(0), "probationary");
  EXPECT_EQ(code.display(0), "probationary");
  EXPECT_EQ(code.display(1), "");
  EXPECT_EQ(code.code(1), 0);

  Column date("d", Type::kDate);
  date.append_date(*time::Date::from_ymd(1930, 2, 3));
  date.append_date(*time::PartialDate::from_month(1952, 3));
  date.append_missing();
  EXPECT_EQ(date.display(0), "1930-02-03");
  EXPECT_EQ(date.display(1), "1952-03");
  EXPECT_EQ(date.display(2), "");

  Column real("r", Type::kReal);
  real.append_real(0.1);
  real.append_missing();
  EXPECT_EQ(real.display(0), "0.1");
  EXPECT_EQ(real.real(1), 0);

  Column flag("b", Type::kBool);
  flag.append_boolean(true);
  flag.append_boolean(false);
  flag.append_missing();
  EXPECT_EQ(flag.display(0) + flag.display(1) + flag.display(2), "truefalse");

  Column integer("i", Type::kInt);
  integer.append_integer(INT64_MIN);
  integer.append_integer(INT64_MAX);
  EXPECT_EQ(integer.display(0), "-9223372036854775808");
  EXPECT_EQ(integer.display(1), "9223372036854775807");
  EXPECT_EQ(integer.missing_count(), 0U);
  EXPECT_TRUE(integer.valid_bits().empty());
}

TEST(Column, CodeWithoutWordsShowsItsNumber) {
  Column code("c", Type::kCode);
  code.append_code(7);
  EXPECT_EQ(code.display(0), "7");
  code.set_words(std::make_shared<const Words>(Words{"a"}));
  EXPECT_EQ(code.display(0), "7");  // outside its vocabulary
}

// The bitmap starts late: wherever the first missing value falls, earlier rows stay present.
TEST(Column, FirstMissingValueAtEveryWordBoundary) {
  for (const std::size_t first : {0U, 1U, 63U, 64U, 65U, 127U, 128U, 129U}) {
    for (const std::size_t after : {0U, 1U, 62U, 63U, 64U, 65U}) {
      Column column("i", Type::kInt);
      for (std::size_t row = 0; row < first; ++row) {
        column.append_integer(1);
      }
      column.append_missing();
      for (std::size_t row = 0; row < after; ++row) {
        column.append_integer(2);
      }
      ASSERT_EQ(column.size(), first + 1 + after);
      ASSERT_EQ(column.missing_count(), 1U);
      ASSERT_EQ(column.valid_bits().size(), (column.size() + 63) / 64);
      for (std::size_t row = 0; row < column.size(); ++row) {
        ASSERT_EQ(column.is_missing(row), row == first) << first << " " << after << " " << row;
      }
      const std::size_t tail = column.size() % 64;
      if (tail != 0) {
        ASSERT_EQ(column.valid_bits().back() >> tail, 0U) << "bits past the end are set";
      }
    }
  }
}

TEST(Column, RandomRowsEqualTheirTwin) {
  std::mt19937_64 random(20201130);
  for (const unsigned missing_of_1000 : {0U, 1U, 500U, 1000U}) {
    Column column("n", Type::kInt);
    std::vector<std::optional<std::int64_t>> twin;
    column.reserve(70'000);
    for (int left = 70'000; left > 0; --left) {
      if (random() % 1000 < missing_of_1000) {
        column.append_missing();
        twin.emplace_back();
      } else {
        const auto value = static_cast<std::int64_t>(random());
        column.append_integer(value);
        twin.emplace_back(value);
      }
    }
    std::size_t missing = 0;
    for (std::size_t row = 0; row < twin.size(); ++row) {
      ASSERT_EQ(column.is_missing(row), !twin[row].has_value());
      ASSERT_EQ(column.integer(row), twin[row].value_or(0));
      missing += twin[row] ? 0U : 1U;
    }
    EXPECT_EQ(column.missing_count(), missing);
    EXPECT_GE(column.memory_bytes(), 70'000 * sizeof(std::int64_t));
  }
}

TEST(Table, SharesColumnsAndFindsThem) {
  std::vector<Column> columns;
  columns.emplace_back("a", Type::kInt);
  columns.emplace_back("b", Type::kText);
  columns[0].append_integer(5);
  columns[1].append_text("năm");
  Provenance provenance;
  provenance.facts = {{"on", "2020-11-30"}, {"scope", "with below"}};
  const Table table("t", std::move(columns), provenance);
  const Table copy = table;
  EXPECT_EQ(copy.row_count(), 1U);
  EXPECT_EQ(copy.find("b"), 1U);
  EXPECT_EQ(copy.find("B"), std::nullopt);
  EXPECT_EQ(&copy.column(1), &table.column(1));
  EXPECT_EQ(copy.provenance().find("scope"), "with below");
  EXPECT_EQ(copy.provenance().find("pack"), std::nullopt);
  EXPECT_EQ(Table().row_count(), 0U);
  EXPECT_EQ(Table("e", {}).column_count(), 0U);
}

}  // namespace
}  // namespace dangbo::table
