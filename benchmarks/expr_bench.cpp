// Expressions by column and by row beside SQLite, a million rows, one core. All answers are
// compared in the run. The rows go to DATA_FOLDER as CSV with the answers, for
// benchmarks/expr_peers.py.
//
//   expr_bench DATA_FOLDER [--benchmark_…]
#include <benchmark/benchmark.h>

#include <bit>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "dangbo/expr/columns.hpp"
#include "moves.hpp"
#include "sqlite.hpp"

namespace {

using namespace dangbo;  // NOLINT: a program, not a header
using bench::fail;
using expr::ColumnTable;
using expr::ColumnView;
using expr::Kind;

constexpr std::size_t kRows = 1'000'000;
constexpr std::size_t kChildren = 16;  // of a parent, on average
constexpr std::size_t kParents = kRows / kChildren;

constexpr const char* kCompare = "a < b";
constexpr const char* kRule = "status == 'active' && joined < date('2010-01-01') && a >= 18";
constexpr const char* kCount = "count(members, m, m.a >= 18 && m.status == 'active') >= 8";
constexpr const char* kRow = "a > 300 && b < 500";
// Of about 200 characters.
constexpr const char* kLong =
    "status == 'active' && (joined < date('2010-01-01') || on.yearsSince(joined) >= 30) && a + b * "
    "2 "
    "<= 1500 && !(a in [7, 11, 13]) && (b > a ? b - a > 10 : joined.month() == 3) && status != "
    "'exempt'";

struct Data {
  std::vector<std::int64_t> a;
  std::vector<std::int64_t> b;
  std::vector<std::uint8_t> status;
  std::vector<std::int32_t> joined;
  std::vector<std::uint32_t> first;  // child of each parent, and one more
  std::shared_ptr<const table::CodeSet> statuses;
  expr::Environment members;
  expr::Environment units;
  ColumnTable rows;
  ColumnTable parents;
};

Data& data() {
  static Data made;
  return made;
}

void make_data() {
  Data& made = data();
  std::vector<table::Code> codes;
  for (const char* word : {"active", "exempt", "suspended", "in_transit"}) {
    codes.push_back({word, word, {}, {}});
  }
  made.statuses = std::make_shared<table::CodeSet>("status", std::move(codes));
  std::mt19937 random{5};
  for (std::size_t i = 0; i < kRows; ++i) {
    made.a.push_back(static_cast<std::int64_t>(random() % 1000));
    made.b.push_back(static_cast<std::int64_t>(random() % 1000));
    made.status.push_back(static_cast<std::uint8_t>(random() % 5 == 0 ? 1 + random() % 3 : 0));
    made.joined.push_back(static_cast<std::int32_t>(random() % 20'000));
  }
  for (std::size_t i = 0, at = 0; i <= kParents; ++i) {
    made.first.push_back(static_cast<std::uint32_t>(i == kParents ? kRows : at));
    at = std::min<std::size_t>(kRows, at + random() % (2 * kChildren + 1));
  }
  made.members.variables = {{"a", Kind::kInt, true},
                            {"b", Kind::kInt, true},
                            {"status", expr::Type::enumeration(made.statuses), true},
                            {"joined", Kind::kDate, true},
                            {"on", Kind::kDate, false}};
  const expr::Type member = expr::record_type("member", made.members.variables);
  made.units.variables = {{"members", expr::Type::list(member), true}};
  made.rows.size = kRows;
  made.rows.columns = {ColumnView::integers(made.a), ColumnView::integers(made.b),
                       ColumnView::codes(std::span<const std::uint8_t>(made.status)),
                       ColumnView::dates(made.joined),
                       ColumnView::one(expr::Value::date(*time::Date::from_ymd(2026, 11, 20)))};
  made.parents.size = kParents;
  const std::span<const std::uint32_t> first(made.first);
  made.parents.columns = {ColumnView::rows(made.rows, first.first(kParents), first.subspan(1))};
}

expr::Expression compiled(const char* text, const expr::Environment& environment) {
  auto made = expr::Expression::compile(text, environment);
  if (!made.ok()) fail(made.status().ToString());
  return *std::move(made);
}

std::int64_t count_of(const expr::ColumnResult& result) {
  std::int64_t count = 0;
  for (const std::uint64_t word : result.truth) count += std::popcount(word);
  return count;
}

bench::Sqlite& sqlite() {
  static bench::Sqlite database(":memory:");
  return database;
}

std::int64_t ask_sqlite(const std::string& sql) {
  bench::SqliteStatement statement(sqlite(), sql);
  if (!statement.step()) fail("sqlite: no row");
  return statement.integer(0);
}

void fill_sqlite() {
  const Data& made = data();
  sqlite().run("CREATE TABLE m (p INTEGER, a INTEGER, b INTEGER, status INTEGER, joined INTEGER)");
  sqlite().run("CREATE TABLE p (id INTEGER PRIMARY KEY)");
  sqlite().run("BEGIN");
  {
    bench::SqliteStatement member(sqlite(), "INSERT INTO m VALUES (?, ?, ?, ?, ?)");
    bench::SqliteStatement parent(sqlite(), "INSERT INTO p VALUES (?)");
    for (std::size_t p = 0; p < kParents; ++p) {
      parent.bind(1, static_cast<std::int64_t>(p));
      parent.run();
      for (std::uint32_t i = made.first[p]; i < made.first[p + 1]; ++i) {
        member.bind(1, static_cast<std::int64_t>(p));
        member.bind(2, made.a[i]);
        member.bind(3, made.b[i]);
        member.bind(4, std::int64_t{made.status[i]});
        member.bind(5, std::int64_t{made.joined[i]});
        member.run();
      }
    }
  }
  sqlite().run("COMMIT");
  sqlite().run("CREATE INDEX by_parent ON m (p, a, status)");
}

struct Question {
  const char* name;
  const char* text;
  bool of_parents;
  std::string sql;
  std::int64_t answer = 0;
};

std::vector<Question>& questions() {
  static std::vector<Question> made = {
      {"expr_compare", kCompare, false, "SELECT count(*) FROM m WHERE a < b"},
      {"expr_rule", kRule, false,
       "SELECT count(*) FROM m WHERE status = 0 AND joined < 14610 AND a >= 18"},
      {"expr_count", kCount, true,
       "SELECT count(*) FROM p WHERE (SELECT count(*) FROM m WHERE m.p = p.id AND m.a >= 18 AND "
       "m.status = 0) >= 8"}};
  return made;
}

void by_column(benchmark::State& state, const Question& question, expr::InstructionSet set) {
  const Data& made = data();
  const auto expression = compiled(question.text, question.of_parents ? made.units : made.members);
  expr::ColumnEvaluator evaluator(*expr::ColumnProgram::compile({&expression, 1}), set);
  const ColumnTable& table = question.of_parents ? made.parents : made.rows;
  std::vector<expr::ColumnResult> results;
  for (auto _ : state) {
    if (!evaluator.evaluate(table, 0, table.size, results).ok()) fail("evaluate");
    benchmark::DoNotOptimize(results[0].truth.data());
  }
  if (count_of(results[0]) != question.answer) fail(std::string(question.name) + ": not equal");
  // Seconds of one run by 10^9 / rows, so that the counter is in nanoseconds.
  state.counters["ns_per_row"] = benchmark::Counter(
      static_cast<double>(kRows) * 1e-9 * static_cast<double>(state.iterations()),
      benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void by_sqlite(benchmark::State& state, const Question& question) {
  for (auto _ : state) {
    if (ask_sqlite(question.sql) != question.answer) fail("sqlite");
  }
}

// One row after the other, two fields; SQLite counts the same rows in one scan.
void by_row(benchmark::State& state) {
  const Data& made = data();
  const auto expression = compiled(kRow, made.members);
  std::vector<expr::Value> row(5);
  std::size_t at = 0;
  std::int64_t count = 0;
  for (auto _ : state) {
    row[0] = expr::Value::integer(made.a[at]);
    row[1] = expr::Value::integer(made.b[at]);
    count += expression.evaluate(row).is_true() ? 1 : 0;
    at = at + 1 == kRows ? 0 : at + 1;
  }
  benchmark::DoNotOptimize(count);
  count = 0;
  for (std::size_t i = 0; i < kRows; ++i) {
    row[0] = expr::Value::integer(made.a[i]);
    row[1] = expr::Value::integer(made.b[i]);
    count += expression.evaluate(row).is_true() ? 1 : 0;
  }
  if (count != ask_sqlite("SELECT count(*) FROM m WHERE a > 300 AND b < 500")) fail("by row");
}

void compile_long(benchmark::State& state) {
  for (auto _ : state) {
    auto made = expr::Expression::compile(kLong, data().members);
    if (!made.ok()) fail(made.status().ToString());
    benchmark::DoNotOptimize(made);
  }
}

void write_for_peers(const std::string& folder) {
  const Data& made = data();
  std::ofstream rows(folder + "/members.csv");
  rows << "p,a,b,status,joined\n";
  for (std::size_t p = 0; p < kParents; ++p) {
    for (std::uint32_t i = made.first[p]; i < made.first[p + 1]; ++i) {
      rows << p << ',' << made.a[i] << ',' << made.b[i] << ',' << int{made.status[i]} << ','
           << made.joined[i] << '\n';
    }
  }
  std::ofstream answers(folder + "/answers.csv");
  for (const Question& question : questions()) {
    answers << question.name << ',' << question.answer << '\n';
  }
  answers << "expr_row," << ask_sqlite("SELECT count(*) FROM m WHERE a > 300 AND b < 500") << '\n';
  if (!rows.flush() || !answers.flush()) fail("cannot write to " + folder);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) fail("usage: expr_bench DATA_FOLDER [--benchmark_…]");
  make_data();
  fill_sqlite();
  for (Question& question : questions()) question.answer = ask_sqlite(question.sql);
  write_for_peers(argv[1]);
  const auto sets = expr::instruction_sets();
  for (const Question& question : questions()) {
    for (const expr::InstructionSet set : sets) {
      const std::string who =
          set == sets.back() ? "dangbo" : "dangbo_" + std::string(expr::name_of(set));
      benchmark::RegisterBenchmark(
          (std::string(question.name) + "/" + who).c_str(),
          [&question, set](benchmark::State& state) { by_column(state, question, set); })
          ->Unit(benchmark::kMicrosecond)
          ->UseRealTime();
    }
    benchmark::RegisterBenchmark(
        (std::string(question.name) + "/sqlite").c_str(),
        [&question](benchmark::State& state) { by_sqlite(state, question); })
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
  }
  benchmark::RegisterBenchmark("expr_row/dangbo", by_row)->UseRealTime();
  benchmark::RegisterBenchmark("expr_compile/dangbo", compile_long)->UseRealTime();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
