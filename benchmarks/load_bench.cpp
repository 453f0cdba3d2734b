// From files to the first answer: a body, a province, the nation. Answers are compared with the
// peer's before a figure is given.
//
//   load_bench COMMAND KHOI_FOLDER PROVINCE_FOLDER [NATION_FOLDER] [--benchmark_…]
#include <benchmark/benchmark.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dangbo/load/load.hpp"
#include "dangbo/registry/registry.hpp"
#include "dangbo/rollup/query.hpp"
#include "sqlite_peer.hpp"

namespace {

using dangbo::registry::Change;
using dangbo::registry::Registry;

struct Paths {
  std::string command;
  std::string body;
  std::string province;
  std::string nation;
};
Paths paths;

constexpr const char* kQuery = R"({"query":1,"of":"members","on":"2020-11-30","by":["sex"]})";

[[noreturn]] void fail(const std::string& what) {
  std::cerr << "load_bench: " << what << '\n';
  std::exit(1);
}

std::unique_ptr<Registry> load(const std::string& folder) {
  auto registry = Registry::create();
  Change change(*registry);
  const std::vector<std::string> folders = {folder};
  if (const auto status = dangbo::load::add_files(*registry, change, folders); !status.ok()) {
    fail(status.ToString());
  }
  if (const auto result = registry->commit(std::move(change), {}); !result.ok()) {
    fail(result.status().ToString());
  }
  return registry;
}

// Home members by sex, "" = unknown; sex in the words of the files (M, F).
std::map<std::string, std::int64_t> count(const Registry& registry) {
  const auto query = dangbo::rollup::Query::parse(kQuery);
  const auto table = dangbo::rollup::run(registry.snapshot(), *query);
  if (!table.ok()) fail(table.status().ToString());
  std::map<std::string, std::int64_t> counts;
  const std::size_t sex = *table->find("sex");
  const std::size_t number = *table->find("count");
  for (std::size_t row = 0; row < table->row_count(); ++row) {
    const std::string word = table->column(sex).display(row);
    counts[word == "female" ? "F" : word == "male" ? "M" : ""] = table->column(number).integer(row);
  }
  return counts;
}

double peak_gib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / (1024.0 * 1024.0);
}

void body_process(benchmark::State& state) {
  for (auto _ : state) {
    std::string command = paths.command;
    std::string rollup = "rollup";
    std::string body = paths.body;
    std::string on = "--on";
    std::string day = "2020-11-30";
    std::string by = "--by";
    std::string sex = "sex";
    char* arguments[] = {command.data(), rollup.data(), body.data(), on.data(),
                         day.data(),     by.data(),     sex.data(),  nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", 1, 0);
    pid_t child = 0;
    if (posix_spawn(&child, command.c_str(), &actions, nullptr, arguments, environ) != 0) {
      fail("cannot start " + command);
    }
    int status = 0;
    waitpid(child, &status, 0);
    posix_spawn_file_actions_destroy(&actions);
    if (status != 0) fail("the command failed");
  }
}

void province_dangbo(benchmark::State& state) {
  std::map<std::string, std::int64_t> counts;
  for (auto _ : state) counts = count(*load(paths.province));
  if (counts != dangbo::bench::sqlite_load_and_count(paths.province, "2020-11-30")) {
    fail("dangbo and SQLite disagree on the province");
  }
}

void province_sqlite(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(dangbo::bench::sqlite_load_and_count(paths.province, "2020-11-30"));
  }
}

void nation_load(benchmark::State& state) {
  for (auto _ : state) {
    const auto registry = load(paths.nation);
    state.PauseTiming();
    const double members = registry->snapshot().member_count();
    const auto memory = registry->memory_use();
    state.counters["peak_GiB"] = peak_gib();
    state.counters["members"] = members;
    state.counters["hot_B_per_member"] = static_cast<double>(memory.hot_bytes) / members;
    state.counters["cold_B_per_member"] = static_cast<double>(memory.cold_bytes) / members;
    state.ResumeTiming();
  }
}

void nation_query(benchmark::State& state) {
  const auto registry = load(paths.nation);
  for (auto _ : state) benchmark::DoNotOptimize(count(*registry));
}

void nation_stock(benchmark::State& state) {
  const auto registry = load(paths.nation);
  for (auto _ : state) {
    const auto view = registry->snapshot().at(*dangbo::time::Date::from_ymd(2020, 11, 30));
    benchmark::DoNotOptimize(view.stock(view.tree().slot_at(dangbo::base::UnitPosition{0}), true));
  }
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (argc < 4) fail("usage: load_bench COMMAND KHOI_FOLDER PROVINCE_FOLDER [NATION_FOLDER]");
  paths = {argv[1], argv[2], argv[3], argc > 4 ? argv[4] : ""};
  const auto add = [](const char* name, void (*function)(benchmark::State&)) {
    return benchmark::RegisterBenchmark(name, function)
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
  };
  add("body_2712/whole_process", body_process);
  add("s2/first_answer/dangbo", province_dangbo);
  add("s2/first_answer/sqlite", province_sqlite)->Iterations(2);
  if (!paths.nation.empty()) {
    add("s3/load", nation_load)->Iterations(1);
    add("s3/stock_of_a_new_day", nation_stock)->Iterations(3);
    add("s3/query_by_sex", nation_query)->Iterations(3);
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
