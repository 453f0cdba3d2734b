// Reorganisations as operations: one unit reparented, and a level of the organisation dropped in
// one commit. That nobody is lost is checked before a figure is given.
//
//   operations_bench FOLDER [--benchmark_…]
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dangbo/load/load.hpp"
#include "dangbo/registry/registry.hpp"

namespace {

using dangbo::base::UnitSlot;
using dangbo::registry::Change;
using dangbo::registry::Registry;
using dangbo::registry::Snapshot;
using dangbo::time::Date;

const Date kDay = *Date::from_ymd(2025, 7, 1);

[[noreturn]] void fail(const std::string& what) {
  std::cerr << "operations_bench: " << what << '\n';
  std::exit(1);
}

std::unique_ptr<Registry> load(const std::string& folder) {
  auto registry = Registry::create();
  Change change(*registry);
  if (auto status = dangbo::load::add_files(*registry, change, {&folder, 1}); !status.ok())
    fail(status.ToString());
  if (auto result = registry->commit(std::move(change), {}); !result.ok())
    fail(result.status().ToString());
  return registry;
}

std::int64_t members_on(const Snapshot& snapshot, Date day) {
  const auto view = snapshot.at(day);
  const auto& tree = view.tree();
  std::int64_t members = 0;
  for (std::uint32_t at = 0; at < tree.size(); ++at)
    members += view.stock(tree.slot_at(dangbo::base::UnitPosition{at}), false);
  return members;
}

// Units of a kind in force on the day, with the key of the unit above each.
std::vector<std::pair<std::string, std::string>> units_of(const Snapshot& snapshot,
                                                          std::string_view kind) {
  const auto view = snapshot.at(kDay);
  const auto rows = *snapshot.rows("units");
  const auto kinds = *rows.field("kind");
  const auto parents = *rows.field("parent_id");
  std::vector<std::pair<std::string, std::string>> found;
  for (std::uint32_t slot = 0; slot < snapshot.unit_count(); ++slot) {
    const auto row = view.unit_row(UnitSlot{slot});
    if (row == dangbo::base::kNoRow || kinds.word(kinds.raw(row)) != kind) continue;
    const std::uint32_t parent = parents.raw(row);
    found.emplace_back(snapshot.key_of(UnitSlot{slot}),
                       parent == dangbo::base::index_of(dangbo::base::kNoUnitSlot)
                           ? std::string()
                           : std::string(snapshot.key_of(UnitSlot{parent})));
  }
  return found;
}

void commit(Registry& registry, Change change) {
  if (auto done = registry.commit(std::move(change), {}); !done.ok())
    fail(done.status().ToString());
}

void drop_the_commune_level(benchmark::State& state, const Registry& registry) {
  const Snapshot base = registry.snapshot();
  const auto communes = units_of(base, "commune");
  if (communes.empty()) fail("no communes");
  for (auto _ : state) {
    state.PauseTiming();
    const auto fork = base.fork();
    state.ResumeTiming();
    Change change(*fork);
    for (const auto& [commune, province] : communes) {
      const dangbo::registry::Act act{.day = kDay, .decision = "QĐ 1", .event = {}, .place = {}};
      change.add_operation(dangbo::registry::Reparent{act, {}, commune, province});
      change.add_operation(dangbo::registry::Close{act, {commune}, false});
    }
    commit(*fork, std::move(change));
    state.PauseTiming();
    const Snapshot after = fork->snapshot();
    if (!units_of(after, "commune").empty()) fail("communes are left");
    if (members_on(after, kDay) != members_on(base, kDay)) fail("members are lost");
    state.ResumeTiming();
  }
  state.counters["units"] = static_cast<double>(communes.size());
}

// A commune to another province and back, on the registry itself.
void reparent_one_unit(benchmark::State& state, Registry& registry) {
  const Snapshot base = registry.snapshot();
  const auto communes = units_of(base, "commune");
  const std::string& unit = communes.front().first;
  const std::string& home = communes.front().second;
  const std::string& other = communes.back().second;
  int day = 0;
  for (auto _ : state) {
    Change change(registry);
    const dangbo::registry::Act act{
        .day = kDay.plus_days(day), .decision = "QĐ 1", .event = {}, .place = {}};
    change.add_operation(dangbo::registry::Reparent{act, {unit}, "", day % 2 == 0 ? other : home});
    commit(registry, std::move(change));
    ++day;
  }
  state.counters["members"] = static_cast<double>(base.at(kDay).stock(*base.find_unit(unit), true));
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (argc != 2) fail("give the folder of a country's data");
  const auto registry = load(argv[1]);
  benchmark::RegisterBenchmark(
      "drop_the_commune_level/dangbo",
      [&](benchmark::State& state) { drop_the_commune_level(state, *registry); })
      ->Unit(benchmark::kMillisecond)
      ->Iterations(2);
  benchmark::RegisterBenchmark(
      "reparent_one_unit/dangbo",
      [&](benchmark::State& state) { reparent_one_unit(state, *registry); })
      ->Unit(benchmark::kMicrosecond)
      ->Iterations(200);
  benchmark::RunSpecifiedBenchmarks();
}
