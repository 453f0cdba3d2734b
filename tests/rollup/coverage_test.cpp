// A roster known since a day: what is asked about days before is outside coverage, never 0; rows
// set aside are told with every result.
#include <gtest/gtest.h>

#include <string>

#include "dangbo/registry/registry.hpp"
#include "dangbo/rollup/query.hpp"
#include "dangbo/table/column.hpp"

namespace dangbo::rollup {
namespace {

using base::ProblemCode;

class CoverageTest : public ::testing::Test {
 protected:
  CoverageTest() {
    registry::Change change(*registry_);
    add(change, "units", {{"unit_id", "K"}, {"kind", "CB"}});
    add(change, "members", {{"member_id", "A1"}, {"birth_date", "1980-01-01"}, {"sex", "F"}});
    add(change, "memberships", {{"member_id", "A1"}, {"unit_id", "K"}, {"kind", "home"}});
    add(change, "baselines", {{"day", "2024-01-10"}});
    commit(std::move(change));
  }

  static void add(registry::Change& change, const char* table,
                  const std::vector<std::pair<const char*, const char*>>& cells) {
    std::vector<table::Column> columns;
    for (const auto& [name, value] : cells) {
      columns.emplace_back(name, table::Type::kText);
      columns.back().append_text(value);
    }
    change.add_table(table, table::Table(table, std::move(columns)), table);
  }
  void commit(registry::Change change) {
    const auto done = registry_->commit(std::move(change), {});
    ASSERT_TRUE(done.ok()) << done.status();
  }
  absl::StatusOr<table::Table> ask(const std::string& json) {
    const auto query = Query::parse(json);
    EXPECT_TRUE(query.ok()) << query.status();
    return run(registry_->snapshot(), *query);
  }
  std::string refused(const std::string& json) {
    const auto result = ask(json);
    if (result.ok()) return "";
    const auto problems = base::problems_of(result.status());
    std::string out;
    for (const base::Problem& problem : problems.kept()) {
      EXPECT_EQ(problem.code, ProblemCode::kOutsideCoverage);
      out += problem.place.column;
    }
    return out;
  }

  std::unique_ptr<registry::Registry> registry_ = registry::Registry::create();
};

TEST_F(CoverageTest, DaysBeforeAreOutside) {
  EXPECT_EQ(refused(R"({"query":1,"of":"members","on":"2024-01-09"})"), "/on");
  EXPECT_EQ(refused(R"({"query":1,"of":"members","on":"2024-01-10"})"), "");
  EXPECT_FALSE(tree_table(registry_->snapshot().at(*time::Date::from_ymd(2024, 1, 9)), "", 0).ok());
}

TEST_F(CoverageTest, BalancesThatBeginBeforeAreOutside) {
  EXPECT_EQ(refused(R"({"query":1,"of":"movements","on":"2024-01-31","period":"2024-01"})"),
            "/period");
  EXPECT_EQ(refused(R"({"query":1,"of":"admissions","on":"2024-01-31","period":"2024"})"),
            "/period");
  EXPECT_EQ(refused(R"({"query":1,"of":"movements","on":"2024-02-29","period":"2024-02"})"), "");
}

TEST_F(CoverageTest, AttributesAreThereFromTheFirstDay) {
  const auto result = ask(R"({"query":1,"of":"members","on":"2024-01-10","by":["sex"]})");
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->column(0).display(0), "female");
  EXPECT_EQ(result->provenance().find("coverage"), "since 2024-01-10");
}

TEST_F(CoverageTest, RowsSetAsideAreTold) {
  EXPECT_EQ(
      ask(R"({"query":1,"of":"members","on":"2024-01-10"})")->provenance().find("quarantined"),
      std::nullopt);
  registry::Change change(*registry_);
  for (const char* number : {"1", "2"}) {  // two reasons, one row
    add(change, "quarantine",
        {{"source", "members.csv"},
         {"row", "7"},
         {"number", number},
         {"table_name", "members"},
         {"code", "201"},
         {"reason_vi", "không có ngày này"},
         {"reason_en", "no such day"}});
  }
  commit(std::move(change));
  EXPECT_EQ(
      ask(R"({"query":1,"of":"members","on":"2024-01-10"})")->provenance().find("quarantined"),
      "1");
}

}  // namespace
}  // namespace dangbo::rollup
