#include "dangbo/expr/buffers.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "dangbo/expr/table.hpp"

namespace dangbo {
namespace {

using expr::BufferRun;
using expr::ErrorCode;
using expr::Expression;
using expr::Value;

constexpr std::string_view kFields =
    R"({"fields": [{"name": "a", "type": "int"}, {"name": "b", "type": "int"},
        {"name": "x", "type": "real"}, {"name": "d", "type": "date"}, {"name": "t", "type": "bool"},
        {"name": "s", "type": "text"}, {"name": "p", "type": "text"},
        {"name": "g", "type": "code", "words": ["good", "weak"]}]})";

Expression compiled(const std::string& text) {
  const auto environment = expr::parse_environment(kFields);
  EXPECT_TRUE(environment.ok()) << environment.status();
  auto made = Expression::compile(text, *environment);
  EXPECT_TRUE(made.ok()) << text << made.status();
  return *std::move(made);
}

// Columns of every kind, with rows without a value, and a row of them as values.
struct Columns {
  explicit Columns(std::size_t count) : rows(count) {
    std::mt19937 random(7);
    for (std::size_t i = 0; i < rows; ++i) {
      a.push_back(static_cast<std::int64_t>(random() % 5));
      b.push_back(static_cast<std::int64_t>(random() % 5) - 2);
      x.push_back(static_cast<double>(random() % 9) / 4);
      d.push_back(20'000 + static_cast<std::int32_t>(random() % 900));
      t.push_back(random() % 3 == 0 ? 0 : static_cast<std::uint8_t>(random() % 256));
      s.push_back(static_cast<std::int32_t>(random() % 5) - 1);
      g.push_back(static_cast<std::int32_t>(random() % 4) - 1);
      p.emplace_back(random() % 2 == 0 ? "bí thư" : "");
      valid.push_back(random() % 4 == 0 ? 0 : static_cast<std::uint8_t>(1 + random() % 255));
    }
  }

  void give(BufferRun& run) const {
    const auto fine = [](const absl::Status& status) { ASSERT_TRUE(status.ok()) << status; };
    fine(run.set("a", table::Type::kInt, a.data(), rows, valid.data()));
    fine(run.set("b", table::Type::kInt, b.data(), rows, nullptr));
    fine(run.set("x", table::Type::kReal, x.data(), rows, nullptr));
    fine(run.set("d", table::Type::kDate, d.data(), rows, nullptr));
    fine(run.set("t", table::Type::kBool, t.data(), rows, valid.data()));
    fine(run.set("g", table::Type::kCode, g.data(), rows, nullptr));
    fine(run.set_texts("s", s.data(), rows, words, nullptr));
    fine(run.set_texts("p", nullptr, rows, p, valid.data()));
  }

  [[nodiscard]] std::vector<Value> row(std::size_t i) const {
    const Value missing = Value::error(ErrorCode::kMissing);
    const auto text = [&](std::int32_t code) {
      return code < 0 || code > 2 ? missing
                                  : Value::borrowed_text(words[static_cast<std::size_t>(code)]);
    };
    return {valid[i] != 0 ? Value::integer(a[i]) : missing,
            Value::integer(b[i]),
            Value::real(x[i]),
            Value::date(time::Date::from_days(d[i])),
            valid[i] != 0 ? Value::boolean(t[i] != 0) : missing,
            text(s[i]),
            valid[i] != 0 ? Value::borrowed_text(p[i]) : missing,
            g[i] == 0   ? Value::enumeration(0, "good")
            : g[i] == 1 ? Value::enumeration(1, "weak")
                        : missing};
  }

  std::size_t rows;
  std::vector<std::int64_t> a;
  std::vector<std::int64_t> b;
  std::vector<double> x;
  std::vector<std::int32_t> d;
  std::vector<std::uint8_t> t;
  std::vector<std::int32_t> s;
  std::vector<std::int32_t> g;
  std::vector<std::string_view> p;
  std::vector<std::uint8_t> valid;
  std::vector<std::string_view> words = {"chi bộ", "đảng bộ", ""};
};

bool at(std::span<const std::uint64_t> plane, std::size_t row) {
  return ((plane[row / 64] >> (row % 64)) & 1U) != 0;
}

TEST(Buffers, GiveWhatSingleRowsGive) {
  for (const std::size_t rows : {0U, 1U, 7U, 64U, 65U, 2'048U, 5'003U}) {
    const Columns columns(rows);
    for (const auto* text : {"a / b > 0 || t", "a + b", "x * 2.0", "d.plus(period('P1M'), 'clamp')",
                             "s + p", "g", "a > b && s == 'chi bộ' && g == 'weak'", "p",
                             "t && d < date('2025-06-01')", "!t", "size(s)"}) {
      const Expression expression = compiled(text);
      auto run = BufferRun::make(expression);
      ASSERT_TRUE(run.ok()) << run.status();
      EXPECT_FALSE(run->has_result());
      columns.give(*run);
      const auto done = run->evaluate(rows);
      ASSERT_TRUE(done.ok()) << done;
      for (std::size_t i = 0; i < rows; ++i) {
        const Value wanted = expression.evaluate(columns.row(i));
        const Value got = run->result().value(i);
        ASSERT_EQ(at(run->valid(), i), !wanted.is_error()) << text << " " << i;
        if (wanted.is_error()) {
          ASSERT_EQ(wanted.error_code(), got.error_code()) << text << " " << i;
        } else {
          ASSERT_TRUE(expr::equal(wanted, got)) << text << " " << i;
        }
        if (run->type() == table::Type::kBool) {
          ASSERT_EQ(at(run->result().truth, i), wanted.is_true());
          ASSERT_EQ(at(run->no(), i), wanted.is_false());
        }
      }
      // Beyond the last row the planes are empty.
      if (rows % 64 != 0) {
        EXPECT_EQ(run->valid().back() >> (rows % 64), 0U);
      }
    }
  }
}

TEST(Buffers, RunsAgainWithOtherRows) {
  auto run = BufferRun::make(compiled("a > 1"));
  ASSERT_TRUE(run.ok());
  const std::vector<std::int64_t> many = {0, 1, 2, 3};
  const std::vector<std::int64_t> few = {9};
  ASSERT_TRUE(run->set("a", table::Type::kInt, many.data(), many.size(), nullptr).ok());
  ASSERT_TRUE(run->evaluate(4).ok());
  EXPECT_EQ(run->result().truth[0], 12U);
  ASSERT_TRUE(run->evaluate(3).ok());
  EXPECT_EQ(run->result().truth[0], 4U);
  ASSERT_TRUE(run->set("a", table::Type::kInt, few.data(), few.size(), nullptr).ok());
  EXPECT_FALSE(run->evaluate(2).ok());
  EXPECT_FALSE(run->has_result());
  ASSERT_TRUE(run->evaluate(1).ok());
  EXPECT_EQ(run->result().truth[0], 1U);
}

TEST(Buffers, WordsComeAsTextsToo) {
  auto run = BufferRun::make(compiled("g == 'weak'"));
  ASSERT_TRUE(run.ok());
  const std::vector<std::int32_t> codes = {2, 0, 1, 9, -1};
  ASSERT_TRUE(
      run->set_texts("g", codes.data(), codes.size(), {"good", "tốt", "weak"}, nullptr).ok());
  ASSERT_TRUE(run->evaluate(5).ok());
  EXPECT_EQ(run->result().truth[0], 1U);
  EXPECT_EQ(run->no()[0], 2U);
  ASSERT_TRUE(run->set_texts("g", nullptr, 2, {"good", "weak"}, nullptr).ok());
  ASSERT_TRUE(run->evaluate(2).ok());
  EXPECT_EQ(run->result().truth[0], 2U);
  EXPECT_EQ(run->no()[0], 1U);
}

TEST(Buffers, MistakesAreTold) {
  EXPECT_FALSE(BufferRun::make(compiled("period('P1M')")).ok());
  EXPECT_FALSE(BufferRun::make(compiled("duration('1s')")).ok());
  auto run = BufferRun::make(compiled("a > 1"));
  ASSERT_TRUE(run.ok());
  const std::vector<std::int64_t> values = {1};
  EXPECT_FALSE(run->evaluate(1).ok());
  EXPECT_FALSE(run->set("c", table::Type::kInt, values.data(), 1, nullptr).ok());
  EXPECT_FALSE(run->set("a", table::Type::kReal, values.data(), 1, nullptr).ok());
  EXPECT_FALSE(run->set("s", table::Type::kText, values.data(), 1, nullptr).ok());
  EXPECT_FALSE(run->set_texts("a", nullptr, 1, {"1"}, nullptr).ok());
  EXPECT_FALSE(run->set_texts("nobody", nullptr, 0, {}, nullptr).ok());
  // No text: nothing is known, whatever the type.
  EXPECT_TRUE(run->set_texts("a", nullptr, 0, {}, nullptr).ok());
  ASSERT_TRUE(run->evaluate(3).ok());
  EXPECT_EQ(run->valid()[0], 0U);
  EXPECT_TRUE(run->set("b", table::Type::kInt, values.data(), 1, nullptr).ok());
  EXPECT_TRUE(run->set("a", table::Type::kInt, values.data(), 1, nullptr).ok());
  EXPECT_TRUE(run->evaluate(1).ok());
  // Fewer texts than rows.
  auto of_texts = BufferRun::make(compiled("s == ''"));
  ASSERT_TRUE(of_texts.ok());
  ASSERT_TRUE(of_texts->set_texts("s", nullptr, 2, {"a"}, nullptr).ok());
  EXPECT_FALSE(of_texts->evaluate(2).ok());
  EXPECT_TRUE(of_texts->evaluate(1).ok());
}

}  // namespace
}  // namespace dangbo
