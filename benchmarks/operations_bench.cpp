// Reorganisations as operations: one unit reparented, and a level of the organisation dropped in
// one commit. That nobody is lost is checked before a figure is given.
//
//   operations_bench FOLDER [--benchmark_…]
#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dangbo/registry/registry.hpp"
#include "dangbo/registry/totals.hpp"
#include "moves.hpp"

namespace {

using dangbo::base::UnitSlot;
using dangbo::bench::fail;
using dangbo::bench::load_folder;
using dangbo::bench::Times;
using dangbo::registry::Change;
using dangbo::registry::Registry;
using dangbo::registry::Snapshot;
using dangbo::time::Date;

const Date kDay = *Date::from_ymd(2025, 7, 1);
const Date kLater = *Date::from_ymd(2040, 1, 1);  // nothing is known of later days

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

// Units of a kind one after another, each to the place of another one, on the registry itself,
// which keeps the totals of its day; then the new total is read.
void reparent_one_unit(benchmark::State& state, Registry& registry, std::string_view kind) {
  const Snapshot base = registry.snapshot();
  const auto units = units_of(base, kind);
  const auto now = base.at(kLater);
  const bool has_day = base.current_day().has_value();
  if (!has_day) {
    if (!registry
             .declare_measure({.name = "women",
                               .table = "members",
                               .where = dangbo::registry::Equals{"sex", "female"}})
             .ok())
      fail("no measure");
    if (!registry.advance(kLater, {}).ok()) fail("no day");
  }
  std::int64_t read = 0;
  std::string last;
  std::size_t next = 0;
  double members = 0;
  Times times;
  for (auto _ : state) {
    const std::string& unit = units[next].first;
    const auto& [neighbour, above] = units[(next + units.size() / 2) % units.size()];
    const std::string& other = above.empty() ? neighbour : above;
    members += static_cast<double>(now.stock(*base.find_unit(unit), true));
    state.SetIterationTime(times.take([&] {
      Change change(registry);
      const dangbo::registry::Act act{.day = kLater, .decision = "QĐ 1", .event = {}, .place = {}};
      change.add_operation(dangbo::registry::Reparent{act, {unit}, "", other});
      commit(registry, std::move(change));
      read = dangbo::registry::Totals(registry.snapshot())
                 .of(*base.find_unit(other), dangbo::registry::kMembersAtHome,
                     dangbo::registry::Scope::kBelow);
    }));
    last = other;
    if (++next > units.size() / 2) fail("too few units of the kind");
  }
  if (read != registry.snapshot().at(kLater).stock(*base.find_unit(last), true))
    fail("the total is wrong");
  times.report(state);
  state.counters["members"] = members / static_cast<double>(next);
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (argc != 2) fail("give the folder of a country's data");
  const auto registry = load_folder(argv[1]);
  benchmark::RegisterBenchmark(
      "drop_the_commune_level/dangbo",
      [&](benchmark::State& state) { drop_the_commune_level(state, *registry); })
      ->Unit(benchmark::kMillisecond)
      ->Iterations(2);
  for (const char* kind : {"commune", "province"}) {
    const std::size_t half = units_of(registry->snapshot(), kind).size() / 2;
    if (half < 2) continue;
    benchmark::RegisterBenchmark(
        (std::string("reparent_a_") + kind + "/dangbo").c_str(),
        [&registry, kind](benchmark::State& state) { reparent_one_unit(state, *registry, kind); })
        ->Unit(benchmark::kMicrosecond)
        ->UseManualTime()
        ->Iterations(static_cast<benchmark::IterationCount>(std::min<std::size_t>(half, 1000)));
  }
  benchmark::RunSpecifiedBenchmarks();
}
