#include "dangbo/base/problem.hpp"

#include <absl/strings/cord.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "dangbo/base/absl.hpp"
#include "dangbo/base/text.hpp"

namespace dangbo::base {
namespace {

Problem bad_date(std::string file, std::uint64_t row) {
  Problem problem;
  problem.code = ProblemCode::kImpossibleDate;
  problem.place = {std::move(file), row, "sinh ngày"};
  problem.value = "31/02/1980";
  problem.reason = {"không có ngày này", "no such day"};
  problem.fix = {"Xem lại giấy khai sinh.", "Check the birth certificate."};
  return problem;
}

TEST(Problem, OneLineSaysWhereWhatWhyAndWhatToDo) {
  EXPECT_EQ(to_line(bad_date("members.csv", 12), Language::kVietnamese),
            "members.csv, dòng 12, cột sinh ngày: «31/02/1980»: không có ngày này."
            " Cách sửa: Xem lại giấy khai sinh.");
  EXPECT_EQ(to_line(bad_date("members.csv", 12), Language::kEnglish),
            "members.csv, row 12, column sinh ngày: «31/02/1980»: no such day."
            " Fix: Check the birth certificate.");
}

TEST(Problem, AbsentPartsLeaveNoTrace) {
  Problem problem = bad_date("", 0);
  EXPECT_EQ(to_line(problem, Language::kEnglish).find("column sinh ngày: «"), 0U);
  problem.place.column.clear();
  problem.fix = {};
  EXPECT_EQ(to_line(problem, Language::kEnglish), "«31/02/1980»: no such day");
  problem.value.clear();
  EXPECT_EQ(to_line(problem, Language::kVietnamese), "không có ngày này");
  problem.place.row = 3;
  EXPECT_EQ(to_line(problem, Language::kVietnamese), "dòng 3: không có ngày này");
}

TEST(Problem, ALineNeverCarriesControlsOrTurnsItsDirection) {
  Problem problem;
  problem.reason.en = "bad";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"a\nb", "a\\nb"},
      {"a\r\tb", "a\\r\\tb"},
      {std::string("a\0b", 3), "a\\u0000b"},
      {"\x1B[2J", "\\u001b[2J"},
      {"\x7F", "\\u007f"},
      {"\xC2\x85", "\\u0085"},  // C1
      {"\xE2\x80\xAE"
       "cba",
       "\\u202ecba"},                                  // right-to-left override
      {"\xE2\x81\xA6\xE2\x81\xA9", "\\u2066\\u2069"},  // isolates
      {"\xD8\x9C\xE2\x80\x8F", "\\u061c\\u200f"},      // Arabic letter mark, right-to-left mark
      {"\xE2\x80\xA8\xE2\x80\xA9", "\\u2028\\u2029"},  // line and paragraph separators
      {"\xE2\x80\x8B\xEF\xBB\xBF", "\\u200b\\ufeff"},  // not seen, yet there
      {"\xF3\xA0\x80\x81", "\\U000e0001"},             // tag
      {"\xFF\xC3", "\\xff\\xc3"},                      // not UTF-8
      {"Đặng Thị Ơn", "Đặng Thị Ơn"},
  };
  for (const auto& [value, shown] : cases) {
    problem.value = value;
    EXPECT_EQ(to_line(problem, Language::kEnglish), "«" + shown + "»: bad");
  }
  problem.value.clear();
  problem.place.file = "a\nb.csv";
  EXPECT_EQ(to_line(problem, Language::kEnglish), "a\\nb.csv: bad");
}

TEST(Problem, AnyBytesMakeOneValidLine) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 2000; ++round) {
    Problem problem;
    problem.value.resize(random() % 40);
    for (char& byte : problem.value) {
      byte = static_cast<char>(random() & 0xFFU);
    }
    const std::string line = to_line(problem, Language::kVietnamese);
    ASSERT_EQ(first_bad_utf8(line), std::nullopt);
    for (const char byte : line) {
      ASSERT_FALSE(static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F);
    }
  }
}

TEST(ProblemList, KeepsAtMostSixtyFourCharactersOfAValue) {
  const auto kept_value = [](std::string value) {
    Problem problem;
    problem.value = std::move(value);
    ProblemList list;
    list.add(problem);
    return list.kept().front().value;
  };
  std::string value;
  for (int i = 0; i < 64; ++i) {
    value += "ộ";
  }
  EXPECT_EQ(kept_value(value), value);
  const std::string cut = kept_value(value + "ộ");
  EXPECT_EQ(code_points(cut), 64U);
  EXPECT_TRUE(cut.ends_with("ộ…"));
  EXPECT_EQ(kept_value(std::string(1000, '\x80')).size(), 64U);
}

TEST(ProblemList, SortsByFileRowColumnCodeAndKeepsTiesInOrder) {
  const auto make = [](std::string file, std::uint64_t row, std::string column, ProblemCode code,
                       std::string value) {
    Problem problem;
    problem.place = {std::move(file), row, std::move(column)};
    problem.code = code;
    problem.value = std::move(value);
    return problem;
  };
  ProblemList list;
  list.add(make("b.csv", 1, "a", ProblemCode::kBadUtf8, "6"));
  list.add(make("a.csv", 10, "a", ProblemCode::kBadUtf8, "5"));
  list.add(make("a.csv", 9, "b", ProblemCode::kBadUtf8, "4"));
  list.add(make("a.csv", 9, "a", ProblemCode::kUnknownCode, "2"));
  list.add(make("a.csv", 9, "a", ProblemCode::kUnknownCode, "3"));
  list.add(make("a.csv", 9, "a", ProblemCode::kBadUtf8, "1"));
  list.sort();
  std::string order;
  for (const Problem& problem : list.kept()) {
    order += problem.value;
  }
  EXPECT_EQ(order, "123456");
  EXPECT_EQ(list.total(), 6U);
}

TEST(ProblemList, AppendKeepsOrderAndCounts) {
  ProblemList first;
  EXPECT_TRUE(first.empty());
  first.append({});
  EXPECT_TRUE(first.empty());
  for (std::uint64_t row = 1; row <= 4; ++row) {
    ProblemList more;
    more.add(bad_date("a.csv", row));
    first.append(std::move(more));
  }
  ASSERT_EQ(first.kept().size(), 4U);
  EXPECT_EQ(first.total(), 4U);
  for (std::uint64_t row = 1; row <= 4; ++row) {
    EXPECT_EQ(first.kept()[row - 1].place.row, row);
  }
}

TEST(ProblemList, CountsWhatItDoesNotKeepAndAStatusSaysSo) {
  ProblemList list;
  for (std::size_t i = 0; i < ProblemList::kMaxKept + 2; ++i) {
    list.add({});
  }
  ProblemList more;
  more.add({});
  list.append(std::move(more));
  EXPECT_EQ(list.kept().size(), ProblemList::kMaxKept);
  EXPECT_EQ(list.total(), ProblemList::kMaxKept + 3);
  const ProblemList back = problems_of(problem_status(absl::StatusCode::kInvalidArgument, list));
  EXPECT_EQ(back.kept().size(), ProblemList::kMaxKept);
  EXPECT_EQ(back.total(), ProblemList::kMaxKept + 3);
}

TEST(ProblemStatus, CarriesEveryProblemThereAndBack) {
  ProblemList list;
  for (std::uint64_t row = 1; row <= 50; ++row) {
    Problem problem = bad_date("tổ chức.csv", row * 0x0102030405060708U);
    problem.value.append(row % 5, '\0');
    list.add(problem);
  }
  const absl::Status status = problem_status(absl::StatusCode::kFailedPrecondition, list);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(to_std(status.message()), to_line(list.kept()[0], Language::kEnglish));
  const ProblemList back = problems_of(status);
  EXPECT_EQ(back.total(), 50U);
  ASSERT_EQ(back.kept().size(), 50U);
  for (std::size_t i = 0; i < 50; ++i) {
    EXPECT_EQ(back.kept()[i], list.kept()[i]);
  }
}

TEST(ProblemStatus, OneProblem) {
  const Problem problem = bad_date("a.csv", 2);
  const ProblemList back = problems_of(problem_status(absl::StatusCode::kInvalidArgument, problem));
  ASSERT_EQ(back.kept().size(), 1U);
  EXPECT_EQ(back.kept()[0], problem);
}

TEST(ProblemStatus, StatusesMadeElsewhereCarryNone) {
  EXPECT_TRUE(problems_of(absl::OkStatus()).empty());
  EXPECT_TRUE(problems_of(absl::InternalError("elsewhere")).empty());
}

absl::Status with_payload(const std::string& bytes) {
  absl::Status status = absl::InvalidArgumentError("hostile");
  status.SetPayload("dangbo.detail", absl::Cord(bytes));
  return status;
}

std::string payload_of(const absl::Status& status) {
  return std::string(*status.GetPayload("dangbo.detail"));
}

TEST(ProblemStatus, DamagedPayloadsNeverCrashNorInventProblems) {
  ProblemList list;
  list.add(bad_date("a.csv", 2));
  list.add(bad_date("b.csv", 3));
  const std::string good = payload_of(problem_status(absl::StatusCode::kInvalidArgument, list));
  ASSERT_EQ(problems_of(with_payload(good)).total(), 2U);
  for (std::size_t length = 0; length < good.size(); ++length) {
    ASSERT_TRUE(problems_of(with_payload(good.substr(0, length))).empty()) << length;
  }
  EXPECT_TRUE(problems_of(with_payload(good + '\0')).empty());
  // magic, total, count, code of the first problem, length of its first text
  for (const std::size_t at : {0U, 4U, 12U, 27U, 43U}) {
    std::string bad = good;
    bad[at] = '\xFF';
    EXPECT_TRUE(problems_of(with_payload(bad)).empty()) << at;
  }
  std::mt19937_64 random(11);
  for (int round = 0; round < 2000; ++round) {
    std::string bad = good;
    for (std::uint64_t flips = 1 + random() % 4; flips > 0; --flips) {
      bad[random() % bad.size()] = static_cast<char>(random() & 0xFFU);
    }
    ASSERT_LE(problems_of(with_payload(bad)).total(), 2U);
  }
}

}  // namespace
}  // namespace dangbo::base
