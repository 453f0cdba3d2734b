#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "dangbo/table/parse.hpp"
#include "table/sample.hpp"

namespace dangbo::table {
namespace {

using base::ProblemCode;

Schema memberships() {
  Field member = sample::field("member_id", Type::kText, Role::kMember, true);
  member.aliases = {"mã đảng viên"};
  Field kind = sample::field("kind", Type::kCode);
  kind.codes = sample::unit_kinds();
  Field until = sample::field("until", Type::kDate, Role::kUntil);
  until.aliases = {"hết hiệu lực"};
  until.inclusive_aliases = {"đến ngày"};
  return Schema("memberships", TableKind::kState,
                {member, kind, sample::field("from", Type::kDate, Role::kFrom), until,
                 sample::field("n", Type::kInt), sample::field("ok", Type::kBool),
                 sample::field("share", Type::kReal)},
                {"member_id"}, {"nơi sinh hoạt", "memberships"});
}

Column texts(std::string name, const std::vector<const char*>& values) {
  Column column(std::move(name), Type::kText);
  for (const char* value : values) {
    value == nullptr ? column.append_missing() : column.append_text(value);
  }
  return column;
}

std::vector<ProblemCode> codes_of(const base::ProblemList& problems) {
  std::vector<ProblemCode> codes;
  for (const base::Problem& problem : problems.kept()) {
    codes.push_back(problem.code);
  }
  return codes;
}

TEST(Conform, MatchesByNameOrAliasInSchemaOrder) {
  std::vector<Column> columns;
  columns.push_back(texts("Đến ngày", {"2020-11-30", "2020-11", nullptr}));
  columns.push_back(texts("FROM", {"1/2/2020", "2020", ""}));
  columns.push_back(texts("ghi chú", {"a", "b", "c"}));
  columns.push_back(texts("Mã đảng-viên", {" M1 ", "M2", "M3"}));
  base::ProblemList problems;
  Provenance provenance;
  provenance.facts = {{"on", "2020-11-30"}};
  const Table table =
      conform(Table("x", std::move(columns), provenance), memberships(), "host", 1, problems);
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(table.name(), "memberships");
  ASSERT_EQ(table.column_count(), 3U);
  EXPECT_EQ(table.column(0).name(), "member_id");
  EXPECT_EQ(table.column(0).text(0), "M1");
  EXPECT_EQ(table.column(1).display(0), "2020-02-01");
  EXPECT_EQ(table.column(1).display(1), "2020");  // a partial start stays partial
  EXPECT_TRUE(table.column(1).is_missing(2));
  EXPECT_EQ(table.column(2).display(0), "2020-12-01");
  EXPECT_EQ(table.column(2).display(1), "2020-12-01");
  EXPECT_TRUE(table.column(2).is_missing(2));
  EXPECT_EQ(table.provenance().find("unknown_columns"), "ghi chú");
  EXPECT_EQ(table.provenance().find("on"), "2020-11-30");
}

TEST(Conform, ConvertsWhatLosesNothing) {
  std::vector<Column> columns;
  columns.emplace_back("member_id", Type::kInt);
  columns.emplace_back("kind", Type::kCode);
  columns.emplace_back("from", Type::kDate);
  columns.emplace_back("until", Type::kDate);
  columns.emplace_back("n", Type::kReal);
  columns.emplace_back("ok", Type::kInt);
  columns.emplace_back("share", Type::kInt);
  columns[1].set_words(std::make_shared<const Words>(Words{"Chi bộ", "DBCS"}));
  for (int row = 0; row < 2; ++row) {
    columns[0].append_integer(1200 + row);
    columns[1].append_code(row);
    columns[2].append_date(*time::PartialDate::from_year(1980 + row));
    columns[4].append_real(12.0 + row);
    columns[5].append_integer(row);
    columns[6].append_integer(row);
  }
  columns[3].append_date(*time::Date::from_ymd(2020, 11, 30));
  columns[3].append_date(*time::PartialDate::from_month(2020, 11));
  base::ProblemList problems;
  const Table table = conform(Table("x", std::move(columns)), memberships(), "host", 1, problems);
  EXPECT_TRUE(problems.empty());
  ASSERT_EQ(table.column_count(), 7U);
  EXPECT_EQ(table.column(0).text(1), "1201");
  EXPECT_EQ(table.column(1).display(0), "cell");
  EXPECT_EQ(table.column(1).display(1), "grassroots_committee");
  EXPECT_EQ(table.column(2).display(0), "1980");
  EXPECT_EQ(table.column(3).display(0), "2020-11-30");
  EXPECT_EQ(table.column(3).display(1), "2020-12-01");
  EXPECT_EQ(table.column(4).integer(1), 13);
  EXPECT_TRUE(table.column(5).boolean(1));
  EXPECT_EQ(table.column(6).real(1), 1.0);
}

TEST(Conform, InclusiveAliasAddsADayToTypedDates) {
  std::vector<Column> columns;
  columns.push_back(texts("member_id", {"M1", "M2"}));
  columns.emplace_back("đến ngày", Type::kDate);
  columns[1].append_date(*time::Date::from_ymd(2020, 11, 30));
  columns[1].append_date(*time::Date::from_ymd(9999, 12, 31));
  base::ProblemList problems;
  const Table table = conform(Table("x", std::move(columns)), memberships(), "host", 5, problems);
  EXPECT_EQ(table.column(1).display(0), "2020-12-01");
  EXPECT_TRUE(table.column(1).is_missing(1));
  ASSERT_EQ(problems.total(), 1U);
  EXPECT_EQ(problems.kept()[0].code, ProblemCode::kOutOfRange);
  EXPECT_EQ(problems.kept()[0].place, (base::Place{"host", 6, "đến ngày"}));
}

TEST(Conform, ReportsWhatDoesNotFit) {
  std::vector<Column> columns;
  columns.push_back(texts("mã đảng viên", {"M1", nullptr, "-"}));
  columns.push_back(texts("kind", {"CB", "XX", ""}));
  columns.emplace_back("n", Type::kReal);
  columns[2].append_real(1.5);
  columns[2].append_real(std::nan(""));
  columns[2].append_missing();
  base::ProblemList problems;
  const Table table = conform(Table("x", std::move(columns)), memberships(), "rows", 2, problems);
  EXPECT_EQ(table.row_count(), 3U);
  EXPECT_EQ(codes_of(problems), (std::vector{ProblemCode::kMissingValue, ProblemCode::kMissingValue,
                                             ProblemCode::kUnknownCode, ProblemCode::kNotANumber,
                                             ProblemCode::kNotANumber}));
  EXPECT_EQ(problems.kept()[0].place, (base::Place{"rows", 3, "mã đảng viên"}));
  EXPECT_EQ(problems.kept()[2].value, "XX");
  EXPECT_EQ(table.column(2).missing_count(), 3U);
}

TEST(Conform, MissingAndAmbiguousColumns) {
  std::vector<Column> columns;
  columns.push_back(texts("until", {"2020-01-01"}));
  columns.push_back(texts("đến ngày", {"2021-01-01"}));
  columns.push_back(texts("member_idd", {"M1"}));
  base::ProblemList problems;
  const Table table = conform(Table("x", std::move(columns)), memberships(), "rows", 1, problems);
  EXPECT_EQ(codes_of(problems),
            (std::vector{ProblemCode::kHeaderAmbiguous, ProblemCode::kHeaderMissing}));
  EXPECT_EQ(problems.kept()[0].place.column, "đến ngày");
  EXPECT_EQ(problems.kept()[1].place.column, "member_id");
  EXPECT_NE(problems.kept()[1].fix.en.find("member_idd"), std::string::npos);
  EXPECT_EQ(table.column(0).display(0), "2020-01-01");  // the first one, unchanged
}

TEST(Conform, NoRowsAndNoColumns) {
  base::ProblemList problems;
  std::vector<Column> columns;
  columns.push_back(texts("member_id", {}));
  EXPECT_EQ(conform(Table("x", std::move(columns)), memberships(), "rows", 1, problems).row_count(),
            0U);
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(conform(Table(), memberships(), "rows", 1, problems).column_count(), 0U);
  EXPECT_EQ(codes_of(problems), std::vector{ProblemCode::kHeaderMissing});
}

TEST(Conform, SeventyThousandRows) {
  const Table input = sample::every_type(70'000, true);
  const Schema schema("s", TableKind::kEvent,
                      {sample::field("real", Type::kReal), sample::field("bool", Type::kBool),
                       sample::field("int", Type::kInt), sample::field("date", Type::kDate),
                       sample::field("code", Type::kCode)},
                      {}, {});
  base::ProblemList problems;
  const Table table = conform(input, schema, "rows", 1, problems);
  EXPECT_TRUE(problems.empty());
  ASSERT_EQ(table.row_count(), 70'000U);
  for (std::size_t index = 0; index < table.column_count(); ++index) {
    const Column& to = table.column(index);
    const Column& from = input.column(*input.find(to.name()));
    for (std::size_t row = 0; row < 70'000; ++row) {
      ASSERT_EQ(to.is_missing(row), from.is_missing(row));
      ASSERT_EQ(to.display(row), from.display(row));
    }
  }
}

}  // namespace
}  // namespace dangbo::table
