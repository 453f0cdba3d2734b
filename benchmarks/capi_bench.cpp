// Figures of every unit through the C library, as a host in another language asks for them.
//
//   capi_bench FOLDER [--benchmark_…]
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo.h"

namespace {

constexpr std::int32_t kCurrentDay = 25'567;  // 2040-01-01, as in totals_bench
constexpr std::int32_t kFirstDay = 14'975;    // 2011-01-01
constexpr std::int32_t kDays = 3653;          // ten years
constexpr std::size_t kAsked = 1 << 20;

dangbo_snapshot* snapshot = nullptr;
dangbo_view* view = nullptr;
std::vector<std::string> keys;     // of units, in random order
std::vector<std::uint64_t> units;  // the same as ids
std::int32_t by_sex_and_status = 0;

void must(dangbo_status status, dangbo_error* error) {
  if (status == DANGBO_OK) return;
  std::cerr << "benchmark: " << dangbo_error_message(error, DANGBO_LANGUAGE_EN) << '\n';
  std::exit(1);
}

template <typename Call, typename... Arguments>
void call(Call* function, Arguments... arguments) {
  dangbo_error* error = nullptr;
  must(function(arguments..., &error), error);
}

std::uint64_t find(const std::string& key) {
  std::uint64_t unit = 0;
  call(dangbo_view_find_unit, view, key.data(), key.size(), &unit);
  return unit;
}

void load(const std::string& folder) {
  dangbo_registry* registry = nullptr;
  dangbo_change* change = nullptr;
  call(dangbo_registry_create, 0U, &registry);
  call(dangbo_change_create, registry, &change);
  call(dangbo_change_add_path, change, folder.data(), folder.size(),
       static_cast<dangbo_progress>(nullptr), static_cast<void*>(nullptr));
  call(dangbo_registry_commit, registry, change, std::int64_t{0}, static_cast<const char*>(nullptr),
       std::size_t{0}, static_cast<std::uint64_t*>(nullptr));
  dangbo_change_free(change);
  call(dangbo_registry_advance, registry, kCurrentDay, std::int64_t{0},
       static_cast<const char*>(nullptr), std::size_t{0}, static_cast<std::uint64_t*>(nullptr));
  constexpr std::string_view kGrouping =
      R"({"grouping":1,"name":"sex and status","by":["sex","status"]})";
  call(dangbo_registry_declare_grouping, registry, kGrouping.data(), kGrouping.size(),
       &by_sex_and_status);
  constexpr std::string_view kWomen =
      R"({"measure":1,"name":"women","of":"members","where":{"sex":"female"},"timeline":true})";
  std::int32_t women = 0;
  call(dangbo_registry_declare_measure, registry, kWomen.data(), kWomen.size(), &women);
  call(dangbo_registry_snapshot, registry, &snapshot);
  dangbo_registry_free(registry);
  call(dangbo_snapshot_view, snapshot, kCurrentDay, std::uint64_t{0}, &view);
}

// The keys of the day's tree, drawn at random.
void draw_units() {
  dangbo_table* tree = nullptr;
  call(dangbo_view_tree, view, static_cast<const char*>(nullptr), std::size_t{0}, UINT32_MAX,
       &tree);
  std::mt19937 random{7};
  std::uniform_int_distribution<std::uint64_t> any(0, dangbo_table_row_count(tree) - 1);
  keys.reserve(kAsked);
  units.reserve(kAsked);
  for (std::size_t i = 0; i < kAsked; ++i) {
    dangbo_text* key = nullptr;
    std::size_t size = 0;
    call(dangbo_table_value, tree, std::uint64_t{0}, any(random), &key);
    const char* data = dangbo_text_data(key, &size);
    keys.emplace_back(data, size);
    units.push_back(find(keys.back()));
    dangbo_text_free(key);
  }
  dangbo_table_free(tree);
}

std::int64_t total(const dangbo_view* of, std::uint64_t unit) {
  std::int64_t found = 0;
  if (dangbo_view_total(of, unit, DANGBO_MEASURE_MEMBERS, DANGBO_SCOPE_BELOW, &found, nullptr) !=
      DANGBO_OK)
    std::exit(1);
  return found;
}

// Every unit depends on the answer before it.
void total_dependent(benchmark::State& state) {
  std::size_t next = 0;
  for (auto _ : state)
    next += 1 + (static_cast<std::size_t>(total(view, units[next & (kAsked - 1)])) & 1U);
  benchmark::DoNotOptimize(next);
}

void find_a_unit(benchmark::State& state) {
  std::size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(find(keys[next++ & (kAsked - 1)]));
}

void groups_of_a_unit(benchmark::State& state) {
  std::int64_t counts[DANGBO_MOST_GROUPS];
  std::size_t count = 0;
  std::size_t next = 0;
  for (auto _ : state) {
    if (dangbo_view_group_counts(view, units[next++ & (kAsked - 1)], by_sex_and_status,
                                 DANGBO_SCOPE_BELOW, counts, DANGBO_MOST_GROUPS, &count,
                                 nullptr) != DANGBO_OK)
      std::exit(1);
    benchmark::DoNotOptimize(counts);
  }
}

// A view is of one day: views of a thousand days stand ready, as a host keeps them.
void any_day(benchmark::State& state) {
  std::vector<dangbo_view*> views(1024);
  std::mt19937 random{11};
  std::uniform_int_distribution<std::int32_t> any(0, kDays - 1);
  for (dangbo_view*& of : views)
    call(dangbo_snapshot_view, snapshot, kFirstDay + any(random), std::uint64_t{0}, &of);
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(total(views[next & 1023], units[next & (kAsked - 1)]));
    ++next;
  }
  for (dangbo_view* of : views) dangbo_view_free(of);
}

}  // namespace

int main(int count, char** values) {
  benchmark::Initialize(&count, values);
  if (count < 2) return 2;
  load(values[1]);
  draw_units();
  const std::string data = std::filesystem::path(values[1]).filename().string();
  const auto add = [&](const char* name, auto run) {
    benchmark::RegisterBenchmark((data + "/" + name).c_str(), run);
  };
  add("total/dangbo_c_dependent", total_dependent);
  add("total/dangbo_c_find_key", find_a_unit);
  add("sex_status/dangbo_c", groups_of_a_unit);
  add("any_day/dangbo_c", any_day);
  benchmark::RunSpecifiedBenchmarks();
  dangbo_view_free(view);
  dangbo_snapshot_free(snapshot);
  return 0;
}
