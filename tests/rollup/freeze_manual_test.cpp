// The example of docs/freeze.md is frozen and compared as the manual says.
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "dangbo/rollup/freeze.hpp"
#include "dangbo/table/write.hpp"
#include "rollup/example.hpp"

namespace dangbo::test {

namespace {

// Text of each fenced block by what stands behind its fence.
std::map<std::string, std::string> blocks() {
  std::ifstream file(DANGBO_FREEZE_MANUAL);
  EXPECT_TRUE(file.is_open());
  std::map<std::string, std::string> out;
  std::string name;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("```")) {
      name = line.substr(3);
    } else if (!name.empty()) {
      out[name] += line + "\n";
    }
  }
  return out;
}

table::Table one_row(const Cells& cells) {
  std::vector<table::Column> columns;
  for (const auto& [field, value] : cells) {
    columns.emplace_back(field, table::Type::kText).append_text(value);
  }
  return {"rows", std::move(columns)};
}

void commit(registry::Registry& registry, registry::Change change, int number) {
  const auto done =
      registry.commit(std::move(change), {.time = number * 1'000'000, .source_version = ""});
  ASSERT_TRUE(done.ok()) << done.status();
}

// What the manual says became known.
void learn(registry::Registry& registry) {
  registry::Change left(registry);
  left.correct("memberships", one_row({{"member_id", "1"}}), one_row({{"until", "2020-06-15"}}),
               "");
  commit(registry, std::move(left), 2);
  registry::Change wrong(registry);
  wrong.correct("memberships", one_row({{"member_id", "2"}}), one_row({{"unit_id", "CB2"}}), "");
  commit(registry, std::move(wrong), 3);
  registry::Change never(registry);
  never.withdraw("memberships", one_row({{"member_id", "5"}, {"unit_id", "CS2"}}), "");
  commit(registry, std::move(never), 4);
  registry::Change tree(registry);
  tree.correct("units", one_row({{"unit_id", "CB2"}}), one_row({{"until", "2020-06-01"}}), "");
  tree.add_table("units",
                 one_row({{"unit_id", "CB2"},
                          {"kind", "CBCS"},
                          {"from", "2020-06-01"},
                          {"parent_id", "K"},
                          {"name", "Chi bộ Trạm Gió"}}),
                 "");
  commit(registry, std::move(tree), 5);
}

std::string csv(const table::Table& table) {
  std::string text = table::to_csv(table);
  std::erase(text, '\r');
  return text;
}

TEST(FreezeManual, TheExampleComesOutAsPrinted) {
  auto manual = blocks();
  const auto registry = example();
  const auto query = rollup::Query::parse(manual["json"]);
  ASSERT_TRUE(query.ok()) << query.status();
  const auto frozen = rollup::freeze(registry->snapshot(), *query);
  ASSERT_TRUE(frozen.ok()) << frozen.status();
  EXPECT_EQ(csv(frozen->table()), manual["csv frozen"]);
  EXPECT_EQ(frozen->to_json(), manual["json june.json"]);
  learn(*registry);
  const auto made = rollup::compare(registry->snapshot(), *frozen);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(csv(made->cells), manual["csv cells"]);
  EXPECT_EQ(csv(made->causes), manual["csv causes"]);
}

}  // namespace

}  // namespace dangbo::test
