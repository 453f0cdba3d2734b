// Expressions in queries: they answer what conditions by column answer, and more.
#include <gtest/gtest.h>

#include "dangbo/rollup/freeze.hpp"
#include "rollup/example.hpp"
#include "rollup/fixture.hpp"

namespace dangbo::test {

namespace {

std::string members(const std::string& rest) {
  return R"({"query":1,"of":"members","on":"2020-06-30",)" + rest + "}";
}

TEST(Formulas, SayWhatConditionsByColumnSay) {
  const auto registry = example();
  const std::pair<const char*, const char*> alike[] = {
      {R"("where":{"sex":"female"})", R"("where":"sex == 'female'")"},
      {R"("where":{"sex":{"not":"female"}})", R"("where":"sex != 'female'")"},
      {R"("where":{"ethnicity":["Tày","Kinh"]})", R"("where":"ethnicity in ['Tày', 'Kinh']")"},
      {R"("where":{"full_date":{"missing":true}})", R"j("where":"full_date == null")j"},
      {R"("where":{"standing":"full"})", R"("where":"standing == 'full'")"},
      {R"("where":{"unit.kind":"cell"})", R"("where":"unit.kind == 'cell'")"},
      {R"("where":{"membership.unit_id":"CB1"})", R"("where":"membership.unit_id == 'CB1'")"},
      {R"("each":"all","where":{"youth_union":true})", R"("each":"all","where":"youth_union")"},
      {R"("unit":"K","each":"children","by":["sex"])",
       R"j("unit":"K","each":"children","by":[{"as":"sex","value":"string(sex)"}])j"},
      {R"("by":["ethnicity","sex"],"share":"stock")",
       R"("by":[{"as":"ethnicity","value":"ethnicity"},{"as":"sex","value":"sex"}],)"
       R"("share":"stock")"}};
  for (const auto& [columns, expression] : alike)
    EXPECT_EQ(ask(*registry, members(columns)), ask(*registry, members(expression))) << expression;
}

TEST(Formulas, OfOtherTables) {
  const auto registry = example();
  EXPECT_EQ(ask(*registry, R"({"query":1,"of":"units","on":"2020-06-30",)"
                           R"("where":"kind == 'cell' || parent_id == 'K'"})"),
            (Lines{{"count"}, {"4"}}));
  EXPECT_EQ(ask(*registry, R"({"query":1,"of":"admissions","on":"2020-12-31",)"
                           R"j("by":[{"as":"year","value":"on.year()"}]})j"),
            (Lines{{"year", "count"}, {"2019", "1"}, {"2020", "1"}}));
  EXPECT_EQ(ask(*registry, R"({"query":1,"of":"plans","on":"2020-12-31","sum":"target",)"
                           R"("where":"target > 1 || unit_id == 'DB1'"})"),
            (Lines{{"sum"}, {"2"}}));
}

TEST(Formulas, WhatCannotBeDecidedIsToldApart) {
  const auto registry = example();
  const table::Table table =
      ask_table(*registry, members(R"j("where":"full_date < date('2015-01-01')")j"));
  EXPECT_EQ(table.column(0).integer(0), 3);
  ASSERT_EQ(table.provenance().notes.size(), 1U);
  EXPECT_EQ(table.provenance().notes[0].en,
            "1 rows lack a value that the condition needs and are not counted");
  // The other side decides.
  EXPECT_EQ(
      ask(*registry, members(R"j("where":"full_date < date('2015-01-01') || sex == 'female'")j")),
      (Lines{{"count"}, {"5"}}));
  EXPECT_EQ(
      ask(*registry, members(R"j("by":[{"as":"late","value":"full_date > date('2015-01-01')"}])j")),
      (Lines{{"late", "count"}, {"false", "3"}, {"true", "1"}, {"", "1"}}));
}

TEST(Formulas, MistakesAreRefusedWithTheirPlace) {
  const auto registry = example();
  const auto refused = [&](const std::string& rest) { return faults(*registry, members(rest)); };
  using Strings = std::vector<std::string>;
  EXPECT_EQ(refused(R"("where":"sexx == 'female'")"), Strings{"400 /where"});
  EXPECT_EQ(refused(R"("where":"sex == 'femal'")"), Strings{"400 /where"});
  EXPECT_EQ(refused(R"("where":"sex == 1")"), Strings{"400 /where"});
  EXPECT_EQ(refused(R"("where":"ethnicity")"), Strings{"400 /where"});
  EXPECT_EQ(refused(R"("where":"sex == ")"), Strings{"400 /where"});
  EXPECT_EQ(refused(R"("where":3)"), Strings{"400 /where"});
  EXPECT_EQ(refused(R"("by":[{"as":"d","value":"joined_date"}])"), Strings{"400 /by/0/value"});
  EXPECT_EQ(refused(R"("by":[{"value":"sex"}])"), Strings{"400 /by/0"});
  EXPECT_EQ(refused(R"("by":["sex",{"as":"sex","value":"sex"}])"), Strings{"400 /by/1"});
  EXPECT_EQ(refused(R"("by":[{"as":"count","value":"sex"}])"), Strings{"400 /by/0"});
}

// The canonical form is a query again, and a frozen figure with expressions is compared and
// explained.
TEST(Formulas, AreFrozenAndExplained) {
  const auto registry = example();
  const auto query = rollup::Query::parse(
      members(R"j("where":"sex == 'female'",)j"
              R"j("by":[{"as":"old","value":"on.yearsSince(joined_date) > 10"}])j"));
  ASSERT_TRUE(query.ok()) << query.status();
  const auto again = rollup::Query::parse(query->to_json());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->to_json(), query->to_json());
  const auto frozen = rollup::freeze(registry->snapshot(), *query);
  ASSERT_TRUE(frozen.ok()) << frozen.status();
  registry::Change change(*registry);
  std::vector<table::Column> target;
  target.emplace_back("member_id", table::Type::kText).append_text("5");
  std::vector<table::Column> values;
  values.emplace_back("sex", table::Type::kText).append_text("M");
  change.correct("members", {"rows", std::move(target)}, {"rows", std::move(values)}, "");
  ASSERT_TRUE(registry->commit(std::move(change), {}).ok());
  const auto made = rollup::compare(registry->snapshot(), *frozen);
  ASSERT_TRUE(made.ok()) << made.status();
  const Lines causes = lines_of(made->causes);
  ASSERT_EQ(causes.size(), 2U);
  EXPECT_EQ(causes[1][2], "-1");
  EXPECT_EQ(causes[1][3], "attribute");
  EXPECT_EQ(causes[1][9], "5");
  EXPECT_EQ(causes[1][11], "sex");
}

}  // namespace

}  // namespace dangbo::test
