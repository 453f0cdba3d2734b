#include "rollup/fixture.hpp"

#include <gtest/gtest.h>

#include "dangbo/table/parse.hpp"

namespace dangbo::test {

void add_rows(registry::Change& change, const registry::Registry& registry,
              std::string_view table_name, const std::vector<Cells>& rows) {
  const auto schema = registry.find_schema(table_name);
  ASSERT_NE(schema, nullptr) << table_name;
  std::vector<table::Column> columns;
  for (const table::Field& field : schema->fields()) {
    table::FieldBuilder builder(field, false);
    for (const Cells& row : rows) {
      const auto cell = row.find(field.name);
      const auto problem = builder.append(cell == row.end() ? std::string() : cell->second);
      EXPECT_FALSE(problem) << table_name << "." << field.name << ": " << problem->reason.en;
    }
    columns.push_back(builder.take());
  }
  for (const Cells& row : rows) {
    for (const auto& [name, value] : row) {
      EXPECT_TRUE(schema->find(name)) << table_name << " has no " << name;
    }
  }
  registry::Change::Batch batch;
  batch.schema = schema;
  batch.rows = table::Table(std::string(table_name), std::move(columns));
  batch.source = std::string(table_name) + ".csv";
  change.add_batch(std::move(batch));
}

void commit(registry::Registry& registry,
            const std::vector<std::pair<std::string, std::vector<Cells>>>& tables) {
  registry::Change change(registry);
  for (const auto& [name, rows] : tables) add_rows(change, registry, name, rows);
  const auto done = registry.commit(std::move(change), {});
  if (done.ok()) return;
  const base::ProblemList problems = base::problems_of(done.status());
  for (const auto& problem : problems.kept()) {
    ADD_FAILURE() << base::to_line(problem, base::Language::kEnglish);
  }
  ADD_FAILURE() << done.status();
}

Lines lines_of(const table::Table& table) {
  Lines lines(1);
  for (std::size_t c = 0; c < table.column_count(); ++c) {
    lines[0].push_back(table.column(c).name());
  }
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    std::vector<std::string>& line = lines.emplace_back();
    for (std::size_t c = 0; c < table.column_count(); ++c) {
      line.push_back(table.column(c).display(row));
    }
  }
  return lines;
}

time::Date day(std::string_view iso) {
  return *time::parse_date(iso).value->exact();
}

table::Table ask_table(const registry::Registry& registry, std::string_view json) {
  const auto query = rollup::Query::parse(json);
  EXPECT_TRUE(query.ok()) << json << "\n" << query.status();
  if (!query.ok()) return {};
  auto result = rollup::run(registry.snapshot(), *query);
  EXPECT_TRUE(result.ok()) << json << "\n" << result.status();
  return result.ok() ? *std::move(result) : table::Table();
}

Lines ask(const registry::Registry& registry, std::string_view json) {
  return lines_of(ask_table(registry, json));
}

std::vector<std::string> faults_of(const absl::Status& status) {
  std::vector<std::string> out;
  const base::ProblemList problems = base::problems_of(status);
  for (const base::Problem& problem : problems.kept()) {
    EXPECT_FALSE(problem.reason.vi.empty() || problem.reason.en.empty());
    EXPECT_FALSE(problem.fix.vi.empty() || problem.fix.en.empty());
    out.push_back(std::to_string(static_cast<int>(problem.code)) + " " + problem.place.column);
  }
  return out;
}

std::vector<std::string> faults(const registry::Registry& registry, std::string_view json) {
  const auto query = rollup::Query::parse(json);
  if (!query.ok()) return faults_of(query.status());
  return faults_of(rollup::run(registry.snapshot(), *query).status());
}

}  // namespace dangbo::test
