// Questions that nobody declared, over whole bodies, beside DuckDB on denormalised, sorted stays:
// undeclared groups, filters of three conditions, the same on any day, every unit by two
// attributes. The answers are written for duckdb_queries.py, which compares them.
//
//   query_bench FOLDER [--benchmark_…]      DANGBO_BENCH_ANSWERS=file.csv: what was answered
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "dangbo/registry/registry.hpp"
#include "dangbo/rollup/query.hpp"
#include "moves.hpp"

namespace {

using namespace dangbo;  // NOLINT: a program, not a header
using bench::fail;
using time::Date;

std::unique_ptr<registry::Registry> the_registry;

Date today() {
  return *Date::from_ymd(2026, 1, 1);
}
// Women under 35 of minority origin: a condition each on a word, a word, a day.
constexpr const char* kYoung =
    R"("where":{"sex":"female","ethnicity":{"not":"Kinh"},"birth_date":{"years":{"until":35}}})";
constexpr const char* kYoungExpression =
    R"("where":"sex == 'female' && ethnicity != 'Kinh' && on.yearsSince(birth_date) < 35")";

struct Row {
  const char* name;
  std::string question;  // without its day
};

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = {
      {"sex_status_nation", R"({"query":1,"of":"members","by":["sex","status"]})"},
      {"filter_nation", std::string(R"({"query":1,"of":"members",)") + kYoung + "}"},
      {"filter_province",
       std::string(R"({"query":1,"of":"members","unit":"U000002",)") + kYoung + "}"},
      {"filter_expression", std::string(R"({"query":1,"of":"members",)") + kYoungExpression + "}"},
      {"all_units_sex_union",
       R"({"query":1,"of":"members","each":"all","by":["sex","youth_union"]})"},
  };
  return kRows;
}

rollup::Query parsed(const std::string& question) {
  auto query = rollup::Query::parse(question);
  if (!query.ok()) fail(query.status().ToString());
  return *std::move(query);
}

table::Table asked(const registry::View& view, const rollup::Query& query) {
  auto answer = rollup::run(view, query);
  if (!answer.ok()) fail(answer.status().ToString());
  return *std::move(answer);
}

std::vector<Date> random_days(std::size_t count) {
  std::mt19937 random{11};
  std::uniform_int_distribution<std::int32_t> any(0, 3652);
  const Date first = *Date::from_ymd(2015, 1, 2);
  std::vector<Date> days(count, first);
  for (Date& day : days) day = first.plus_days(any(random));
  return days;
}

void on_one_day(benchmark::State& state, const std::string& question) {
  const rollup::Query query = parsed(question);
  const auto view = the_registry->snapshot().at(today());
  asked(view, query);
  for (auto _ : state) benchmark::DoNotOptimize(asked(view, query).row_count());
}

// A new day every time, and a new view.
void on_any_day(benchmark::State& state, const std::string& question) {
  const rollup::Query query = parsed(question);
  const auto now = the_registry->snapshot();
  const auto days = random_days(256);
  asked(now.at(days[0]), query);
  std::size_t next = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(asked(now.at(days[next++ & 255]), query).row_count());
}

// name, day, then the cells of a row: of the answers that have few rows, all.
void write_answers(const char* path) {
  std::ofstream out(path);
  const auto now = the_registry->snapshot();
  const auto put = [&](const char* name, Date day, const std::string& question) {
    const table::Table answer = asked(now.at(day), parsed(question));
    for (std::size_t row = 0; row < answer.row_count(); ++row) {
      out << name << ',' << day.to_string();
      for (std::size_t column = 0; column < answer.column_count(); ++column) {
        if (answer.column(column).name() == "name") continue;
        out << ',' << answer.column(column).display(row);
      }
      out << '\n';
    }
  };
  for (const Row& row : rows()) put(row.name, today(), row.question);
  for (const Date day : random_days(12)) put("filter_any_day", day, rows()[1].question);
}

}  // namespace

int main(int count, char** values) {
  benchmark::Initialize(&count, values);
  if (count < 2) fail("usage: query_bench FOLDER");
  the_registry = bench::load_folder(values[1]);
  const std::string scale = std::filesystem::path(values[1]).filename().string();
  const auto add = [&](const std::string& name, auto run) {
    benchmark::RegisterBenchmark((scale + "/" + name + "/dangbo").c_str(), run)
        ->Unit(benchmark::kMillisecond);
  };
  for (const Row& row : rows()) {
    add(row.name, [&row](benchmark::State& state) { on_one_day(state, row.question); });
  }
  add("filter_any_day", [](benchmark::State& state) { on_any_day(state, rows()[1].question); });
  if (const char* path = std::getenv("DANGBO_BENCH_ANSWERS"); path != nullptr) write_answers(path);
  benchmark::RunSpecifiedBenchmarks();
  the_registry.reset();
  return 0;
}
