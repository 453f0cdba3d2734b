// Totals, groups and timelines of every unit beside peers as their experts would use them: SQLite
// with a rollup table kept by triggers, a nested set and a dated closure, a depth-first search of
// Boost.Graph on a compressed graph, a tree of pointers. All answers are compared in the run.
//
//   totals_bench FOLDER [--benchmark_…]
#include <benchmark/benchmark.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "dangbo/registry/registry.hpp"
#include "dangbo/registry/totals.hpp"
#include "moves.hpp"
#include "totals_peers.hpp"

namespace {

using namespace dangbo;  // NOLINT: a program, not a header
using base::index_of;
using base::UnitSlot;
using bench::fail;
using bench::Times;
using registry::GroupingNumber;
using registry::MeasureNumber;
using registry::Registry;
using registry::Scope;
using registry::Totals;
using time::Date;
using Clock = std::chrono::steady_clock;

std::unique_ptr<Registry> the_registry;
std::vector<MeasureNumber> measures;
GroupingNumber by_sex_and_status{};
double seconds_to_declare = 0;

Date current_day() {
  return *Date::from_ymd(2040, 1, 1);
}

std::vector<UnitSlot> random_units(std::size_t count) {
  std::mt19937 random{7};
  std::uniform_int_distribution<std::uint32_t> any(0, the_registry->snapshot().unit_count() - 1);
  std::vector<UnitSlot> units(count);
  for (UnitSlot& unit : units) unit = UnitSlot{any(random)};
  return units;
}

std::vector<Date> random_days(std::size_t count) {
  std::mt19937 random{11};
  std::uniform_int_distribution<std::int32_t> any(0, 3652);
  const Date first = *Date::from_ymd(2011, 1, 1);
  std::vector<Date> days(count, first);
  for (Date& day : days) day = first.plus_days(any(random));
  return days;
}

void declare_all() {
  const auto begin = Clock::now();
  const auto measure = [&](const registry::Measure& wanted) {
    const auto number = the_registry->declare_measure(wanted);
    if (!number.ok()) fail(number.status().ToString());
    measures.push_back(*number);
  };
  if (const auto done = the_registry->advance(current_day(), {}); !done.ok())
    fail(done.status().ToString());
  measures.push_back(registry::kMembersAtHome);
  const auto of_members = [&](const char* name, const char* field, const char* word,
                              bool timeline) {
    measure({.name = name,
             .table = "members",
             .where = registry::Equals{field, word},
             .sum = "",
             .timeline = timeline});
  };
  of_members("women", "sex", "female", true);
  of_members("active", "status", "active", true);
  of_members("exempt", "status", "exempt", true);
  of_members("men", "sex", "male", false);
  of_members("resigned", "status", "resigned", false);
  of_members("suspended", "status", "suspended", false);
  measure({.name = "units", .table = "units"});
  const auto grouping =
      the_registry->declare_grouping({.name = "sex and status", .fields = {"sex", "status"}});
  if (!grouping.ok()) fail(grouping.status().ToString());
  by_sex_and_status = *grouping;
  seconds_to_declare = bench::seconds_since(begin);
}

// --- a total of any unit

void total_throughput(benchmark::State& state) {
  const Totals totals(the_registry->snapshot());
  const auto units = random_units(1 << 20);
  std::size_t next = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(
        totals.of(units[next++ & 0xFFFFF], registry::kMembersAtHome, Scope::kBelow));
}

// Every unit depends on the answer before it.
void total_dependent(benchmark::State& state) {
  const Totals totals(the_registry->snapshot());
  const auto units = random_units(1 << 20);
  std::size_t next = 0;
  for (auto _ : state) {
    const std::int64_t total =
        totals.of(units[next & 0xFFFFF], registry::kMembersAtHome, Scope::kBelow);
    next += 1 + (static_cast<std::size_t>(total) & 1U);
  }
  benchmark::DoNotOptimize(next);
}

void find_a_unit(benchmark::State& state) {
  const auto now = the_registry->snapshot();
  const auto units = random_units(1 << 16);
  std::vector<std::string> keys;
  for (const UnitSlot unit : units) keys.emplace_back(now.key_of(unit));
  std::size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(now.find_unit(keys[next++ & 0xFFFF]));
}

template <typename Peer>
void total_by(benchmark::State& state, Peer& peer) {
  const Totals totals(the_registry->snapshot());
  const auto units = random_units(2000);
  for (const UnitSlot unit : units) {
    if (peer.total(unit) != totals.of(unit, registry::kMembersAtHome, Scope::kBelow))
      fail("a peer's total differs");
  }
  std::size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(peer.total(units[next++ % units.size()]));
}

// --- sex × status

void groups_of_a_unit(benchmark::State& state) {
  const Totals totals(the_registry->snapshot());
  const auto units = random_units(1 << 20);
  std::vector<std::int64_t> counts(totals.group_count(by_sex_and_status));
  std::size_t next = 0;
  for (auto _ : state) {
    totals.groups(by_sex_and_status, units[next++ & 0xFFFFF], Scope::kBelow, counts);
    benchmark::DoNotOptimize(counts.data());
  }
}

void groups_by_nested_set(benchmark::State& state, bench::NestedSet& peer) {
  const Totals totals(the_registry->snapshot());
  const auto units = random_units(2000);
  std::vector<std::int64_t> counts(totals.group_count(by_sex_and_status));
  for (const UnitSlot unit : units) {
    totals.groups(by_sex_and_status, unit, Scope::kBelow, counts);
    std::vector<std::int64_t> ours;
    for (const std::int64_t count : counts) {
      if (count != 0) ours.push_back(count);
    }
    if (peer.groups(unit) != ours) fail("the groups of a nested set differ");
  }
  std::size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(peer.groups(units[next++ % units.size()]));
}

// --- any day

void any_day(benchmark::State& state) {
  const Totals totals(the_registry->snapshot());
  const auto units = random_units(1 << 20);
  const auto days = random_days(1 << 20);
  std::size_t next = 0;
  for (auto _ : state) {
    const std::size_t at = next++ & 0xFFFFF;
    benchmark::DoNotOptimize(
        totals.on(units[at], registry::kMembersAtHome, Scope::kBelow, days[at]));
  }
}

void any_day_by_closure(benchmark::State& state, bench::DatedClosure& peer) {
  const Totals totals(the_registry->snapshot());
  const auto units = random_units(2000);
  const auto days = random_days(2000);
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (peer.total(units[i], days[i]) !=
        totals.on(units[i], registry::kMembersAtHome, Scope::kBelow, days[i]))
      fail("the dated closure differs");
  }
  std::size_t next = 0;
  for (auto _ : state) {
    const std::size_t at = next++ % units.size();
    benchmark::DoNotOptimize(peer.total(units[at], days[at]));
  }
}

void trend_of_ten_years(benchmark::State& state) {
  const Totals totals(the_registry->snapshot());
  const auto units = random_units(1 << 16);
  const auto days = *registry::trend_days(*Date::from_ymd(2011, 1, 1), *Date::from_ymd(2021, 1, 1),
                                          registry::TrendStep::kMonth);
  std::vector<std::int64_t> values(days.size());
  std::size_t next = 0;
  for (auto _ : state) {
    totals.trend(units[next++ & 0xFFFF], registry::kMembersAtHome, Scope::kBelow, days, values);
    benchmark::DoNotOptimize(values.data());
  }
}

// All units × 8 measures.
void all_units(benchmark::State& state) {
  const auto now = the_registry->snapshot();
  const Totals totals(now);
  std::vector<std::int64_t> values(now.unit_count());
  for (auto _ : state) {
    for (const MeasureNumber measure : measures) {
      totals.all(measure, Scope::kBelow, values);
      benchmark::DoNotOptimize(values.data());
    }
  }
  state.counters["ns_per_member"] = benchmark::Counter(
      static_cast<double>(now.member_count()) * 1e-9,
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

// --- after a change

void move_then_read(benchmark::State& state) {
  static bench::Moves moves(*the_registry);
  const auto schema = the_registry->find_schema("memberships");
  Times times;
  for (auto _ : state) {
    const auto now = the_registry->snapshot();
    const bench::Move move = moves.next(now);
    auto change = bench::change_of(*the_registry, now, schema, move);
    const auto begin = Clock::now();
    const auto done = the_registry->commit(std::move(change), {});
    benchmark::DoNotOptimize(
        Totals(the_registry->snapshot()).of(move.unit, registry::kMembersAtHome, Scope::kBelow));
    const double seconds = bench::seconds_since(begin);
    if (!done.ok()) fail(done.status().ToString());
    times.add(seconds);
    state.SetIterationTime(seconds);
  }
  times.report(state);
}

void move_then_read_triggers(benchmark::State& state, bench::KeptTotals& peer) {
  static bench::Moves moves(*the_registry);
  Times times;
  const auto now = the_registry->snapshot();
  for (auto _ : state) {
    const bench::Move move = moves.next(now);
    state.SetIterationTime(times.take([&] {
      peer.move(move);
      benchmark::DoNotOptimize(peer.total(move.unit));
    }));
  }
  times.report(state);
}

// A cell goes to another unit of its parent's level, and both parents are read.
void reparent_then_read(benchmark::State& state) {
  std::mt19937 random{3};
  std::int32_t day = 0;
  Times times;
  for (auto _ : state) {
    const auto now = the_registry->snapshot();
    const auto view = now.at(current_day());
    const auto& tree = view.tree();
    std::uniform_int_distribution<std::uint32_t> any(0,
                                                     static_cast<std::uint32_t>(tree.size()) - 1);
    base::UnitPosition unit{};
    base::UnitPosition other{};
    do {
      unit = base::UnitPosition{any(random)};
      other = base::UnitPosition{any(random)};
    } while (tree.level_of(unit) < 3 || tree.level_of(other) + 1 != tree.level_of(unit) ||
             tree.parent_of(unit) == other);
    registry::Change change(*the_registry);
    const std::string decision = "QD-" + std::to_string(++day);
    const Date on = current_day().plus_days(-100 + day);
    change.add_table("decisions", bench::decision_row(decision, on), "decisions");
    registry::Reparent reparent;
    reparent.act.day = on;
    reparent.act.decision = decision;
    reparent.units = {std::string(now.key_of(tree.slot_at(unit)))};
    reparent.parent = std::string(now.key_of(tree.slot_at(other)));
    change.add_operation(std::move(reparent));
    const auto begin = Clock::now();
    const auto done = the_registry->commit(std::move(change), {});
    benchmark::DoNotOptimize(Totals(the_registry->snapshot())
                                 .of(tree.slot_at(other), registry::kMembersAtHome, Scope::kBelow));
    const double seconds = bench::seconds_since(begin);
    if (!done.ok()) fail(done.status().ToString());
    times.add(seconds);
    state.SetIterationTime(seconds);
  }
  times.report(state);
}

void hold_in_memory(benchmark::State& state, std::uint64_t before) {
  for (auto _ : state) benchmark::DoNotOptimize(the_registry->memory_use());
  const auto after = the_registry->memory_use().hot_bytes;
  const double members = the_registry->snapshot().member_count();
  state.counters["rows_B_per_member"] = static_cast<double>(before) / members;
  state.counters["totals_B_per_member"] = static_cast<double>(after - before) / members;
  state.counters["seconds_to_declare"] = seconds_to_declare;
}

}  // namespace

int main(int count, char** values) {
  benchmark::Initialize(&count, values);
  if (count < 2) fail("usage: totals_bench FOLDER");
  the_registry = bench::load_folder(values[1]);
  const std::uint64_t before = the_registry->memory_use().hot_bytes;
  declare_all();
  const std::string data = std::filesystem::path(values[1]).filename().string();
  const auto add = [&](const std::string& name, auto run) {
    return benchmark::RegisterBenchmark((data + "/" + name).c_str(), run);
  };
  const auto view = the_registry->snapshot().at(current_day());
  // Each is made when its first row is measured.
  std::optional<bench::KeptTotals> kept;
  std::optional<bench::NestedSet> nested;
  std::optional<bench::PointerTree> pointers;
  std::optional<bench::CompressedGraph> graph;
  std::optional<bench::DatedClosure> closure;
  const auto keep = [&]() -> bench::KeptTotals& {
    if (!kept) kept.emplace(*the_registry, current_day());
    return *kept;
  };
  const auto nest = [&]() -> bench::NestedSet& {
    if (!nested) nested.emplace(*the_registry, current_day());
    return *nested;
  };
  add("memory", [&](benchmark::State& state) { hold_in_memory(state, before); })->Iterations(1);
  add("total/dangbo", total_throughput);
  add("total/dangbo_dependent", total_dependent);
  add("total/dangbo_find_key", find_a_unit);
  add("total/sqlite_rollup", [&](benchmark::State& state) { total_by(state, keep()); });
  add("total/sqlite_nested_set", [&](benchmark::State& state) { total_by(state, nest()); });
  add("total/boost_csr_dfs", [&](benchmark::State& state) {
    if (!graph) graph.emplace(view);
    total_by(state, *graph);
  });
  add("total/pointer_tree", [&](benchmark::State& state) {
    if (!pointers) pointers.emplace(view);
    total_by(state, *pointers);
  });
  add("sex_status/dangbo", groups_of_a_unit);
  add("sex_status/sqlite_nested_set",
      [&](benchmark::State& state) { groups_by_nested_set(state, nest()); });
  add("any_day/dangbo", any_day);
  add("any_day/sqlite_dated_closure", [&](benchmark::State& state) {
    if (!closure) closure.emplace(*the_registry);
    any_day_by_closure(state, *closure);
  });
  add("trend_120_months/dangbo", trend_of_ten_years);
  add("all_units_8_measures/dangbo", all_units)->Unit(benchmark::kMillisecond);
  add("move_then_read/sqlite_triggers",
      [&](benchmark::State& state) { move_then_read_triggers(state, keep()); })
      ->UseManualTime()
      ->Iterations(5000)
      ->Unit(benchmark::kMicrosecond);
  add("move_then_read/dangbo", move_then_read)
      ->UseManualTime()
      ->Iterations(20000)
      ->Unit(benchmark::kMicrosecond);
  add("reparent_then_read/dangbo", reparent_then_read)
      ->UseManualTime()
      ->Iterations(30)
      ->Unit(benchmark::kMicrosecond);
  benchmark::RunSpecifiedBenchmarks();
  the_registry.reset();
  return 0;
}
