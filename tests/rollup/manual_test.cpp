// Every example of the manual is asked, and answers as the manual says.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "dangbo/table/write.hpp"
#include "rollup/example.hpp"

namespace dangbo::test {

namespace {

struct Example {
  std::string json;
  std::string csv;
};

// ```json blocks, each with the ```csv block that follows it.
std::vector<Example> examples() {
  std::ifstream file(DANGBO_QUERY_MANUAL);
  EXPECT_TRUE(file.is_open());
  std::vector<Example> out;
  std::string* into = nullptr;
  for (std::string line; std::getline(file, line);) {
    if (line == "```json") {
      into = &out.emplace_back().json;
    } else if (line == "```csv" && !out.empty()) {
      into = &out.back().csv;
    } else if (line.starts_with("```")) {
      into = nullptr;
    } else if (into != nullptr) {
      *into += line + "\n";
    }
  }
  return out;
}

table::Table texts(const std::vector<std::pair<std::string, std::string>>& row) {
  std::vector<table::Column> columns;
  for (const auto& [name, value] : row) {
    table::Column column(name, table::Type::kText);
    column.append_text(value);
    columns.push_back(std::move(column));
  }
  return {"rows", std::move(columns)};
}

// What the chapter on movements tells of 2021.
void add_2021(registry::Registry& registry) {
  registry::Change change(registry);
  change.correct("units", texts({{"unit_id", "CB2"}}), texts({{"until", "2021-07-01"}}), "2021");
  change.correct("memberships", texts({{"member_id", "2"}}),
                 texts({{"until", "2021-03-10"}, {"out_reason", "TUTRAN"}}), "2021");
  change.correct("memberships", texts({{"member_id", "1"}}),
                 texts({{"until", "2021-07-01"}, {"out_reason", "NOIBO"}}), "2021");
  add_rows(change, registry, "units",
           {{{"unit_id", "CB2"},
             {"kind", "CB"},
             {"class", "DCS"},
             {"parent_id", "K"},
             {"from", "2021-07-01"},
             {"name", "Chi bộ Trạm Gió"}}});
  add_rows(change, registry, "memberships",
           {{{"member_id", "1"},
             {"unit_id", "CB2"},
             {"kind", "CHINHTHUC"},
             {"from", "2021-07-01"},
             {"in_reason", "NOIBO"}}});
  const auto done = registry.commit(std::move(change), {});
  ASSERT_TRUE(done.ok()) << done.status();
}

TEST(Manual, EveryExampleAnswersAsPrinted) {
  const auto registry = example();
  add_2021(*registry);
  const std::vector<Example> all = examples();
  EXPECT_GE(all.size(), 10U);
  for (const Example& one : all) {
    std::string csv = table::to_csv(ask_table(*registry, one.json));
    std::erase(csv, '\r');
    EXPECT_EQ(csv, one.csv) << one.json;
  }
}

}  // namespace

}  // namespace dangbo::test
