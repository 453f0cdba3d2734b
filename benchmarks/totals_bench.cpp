// Totals, groups and timelines of every unit beside peers as their experts would use them: SQLite
// with a rollup table kept by triggers, a nested set and a dated closure, a depth-first search of
// Boost.Graph on a compressed graph, a tree of pointers. All answers are compared in the run.
//
//   totals_bench FOLDER [--benchmark_…]
#include <benchmark/benchmark.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
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
std::uint64_t hot_bytes_with_timelines = 0;  // the four, before all else is declared

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
  hot_bytes_with_timelines = the_registry->memory_use().hot_bytes;
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

// `count` units in a round, a power of two: few of them are hot, many are cold.
void total_throughput(benchmark::State& state, std::size_t count) {
  const Totals totals(the_registry->snapshot());
  const auto units = random_units(count);
  std::size_t next = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(
        totals.of(units[next++ & (count - 1)], registry::kMembersAtHome, Scope::kBelow));
}

// The unit with the most, or with the fewest members, again and again.
void total_of_one(benchmark::State& state, bool is_root) {
  const auto now = the_registry->snapshot();
  const auto view = now.at(current_day());
  const auto& tree = view.tree();
  base::UnitPosition at{0};
  for (std::uint32_t i = 0; i < tree.size() && !is_root; ++i) {
    if (tree.level_of(base::UnitPosition{i}) > tree.level_of(at)) at = base::UnitPosition{i};
  }
  UnitSlot unit = tree.slot_at(at);
  const Totals totals(now);
  for (auto _ : state) {
    benchmark::DoNotOptimize(unit);
    benchmark::DoNotOptimize(totals.of(unit, registry::kMembersAtHome, Scope::kBelow));
  }
}

// Every unit depends on the answer before it.
void total_dependent(benchmark::State& state, std::size_t count) {
  const Totals totals(the_registry->snapshot());
  const auto units = random_units(count);
  std::size_t next = 0;
  for (auto _ : state) {
    const std::int64_t total =
        totals.of(units[next & (count - 1)], registry::kMembersAtHome, Scope::kBelow);
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

void any_day(benchmark::State& state, std::size_t count) {
  const Totals totals(the_registry->snapshot());
  const auto units = random_units(count);
  const auto days = random_days(count);
  std::size_t next = 0;
  for (auto _ : state) {
    const std::size_t at = next++ & (count - 1);
    benchmark::DoNotOptimize(
        totals.on(units[at], registry::kMembersAtHome, Scope::kBelow, days[at]));
  }
}

void any_day_of_the_root(benchmark::State& state) {
  const auto now = the_registry->snapshot();
  const UnitSlot root = now.at(current_day()).tree().slot_at(base::UnitPosition{0});
  const Totals totals(now);
  const auto days = random_days(1 << 16);
  std::size_t next = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(
        totals.on(root, registry::kMembersAtHome, Scope::kBelow, days[next++ & 0xFFFF]));
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

void move_of_bare_rows(benchmark::State& state) {
  bench::Moves moves(*the_registry);
  bench::BareRows peer(*the_registry);
  Times times;
  const auto now = the_registry->snapshot();
  for (auto _ : state) {
    const bench::Move move = moves.next(now);
    state.SetIterationTime(times.take([&] { peer.move(move); }));
  }
  times.report(state);
}

struct Reparenting {
  UnitSlot unit;
  UnitSlot parent;
};

// Units that go to another unit of their parent's level, each once; the same for every peer. Chosen
// beforehand: a tree made between two changes would leave nothing of theirs in the caches.
std::vector<Reparenting> reparentings(std::int64_t count) {
  const auto view = the_registry->snapshot().at(current_day());
  const auto& tree = view.tree();
  std::mt19937 random{3};
  std::uniform_int_distribution<std::uint32_t> any(0, static_cast<std::uint32_t>(tree.size()) - 1);
  std::vector<Reparenting> out;
  std::vector<bool> is_taken(tree.size(), false);
  while (std::ssize(out) < count) {
    const base::UnitPosition unit{any(random)};
    const base::UnitPosition other{any(random)};
    if (tree.level_of(unit) < 3 || tree.level_of(other) + 1 != tree.level_of(unit) ||
        tree.parent_of(unit) == other || is_taken[base::index_of(unit)])
      continue;
    is_taken[base::index_of(unit)] = true;
    out.push_back({tree.slot_at(unit), tree.slot_at(other)});
  }
  return out;
}

constexpr std::int64_t kReparentings = 300;

void reparent_by_closure(benchmark::State& state, bench::Closure& peer) {
  const auto moves = reparentings(kReparentings);
  auto next = moves.begin();
  Times times;
  for (auto _ : state) {
    const Reparenting move = *next++;
    const std::int64_t before = peer.total(move.parent) + peer.total(move.unit);
    std::int64_t after = 0;
    state.SetIterationTime(times.take([&] {
      peer.reparent(move.unit, move.parent);
      after = peer.total(move.parent);
    }));
    if (after != before) fail("the closure loses members");
  }
  times.report(state);
}

// Answers for the peers that run outside: figures of some units and days, by key.
void write_answers(const char* path) {
  const auto now = the_registry->snapshot();
  const Totals totals(now);
  const UnitSlot root = now.at(current_day()).tree().slot_at(base::UnitPosition{0});
  auto units = random_units(200);
  units.push_back(root);
  const auto days = random_days(units.size());
  std::ofstream out(path);
  for (std::size_t i = 0; i < units.size(); ++i) {
    out << now.key_of(units[i]) << ',' << days[i].to_string() << ','
        << totals.on(units[i], registry::kMembersAtHome, Scope::kBelow, days[i]);
    for (const MeasureNumber measure : measures)
      out << ',' << totals.of(units[i], measure, Scope::kBelow);
    out << '\n';
  }
}

void reparent_then_read(benchmark::State& state) {
  const auto moves = reparentings(kReparentings);
  auto next = moves.begin();
  std::int32_t number = 0;
  Times times;
  for (auto _ : state) {
    const Reparenting move = *next++;
    const auto now = the_registry->snapshot();
    registry::Change change(*the_registry);
    const std::string decision = "QD-" + std::to_string(++number);
    const Date on = current_day().plus_days(-400 + number);
    change.add_table("decisions", bench::decision_row(decision, on), "decisions");
    registry::Reparent reparent;
    reparent.act.day = on;
    reparent.act.decision = decision;
    reparent.units = {std::string(now.key_of(move.unit))};
    reparent.parent = std::string(now.key_of(move.parent));
    change.add_operation(std::move(reparent));
    const auto begin = Clock::now();
    const auto done = the_registry->commit(std::move(change), {});
    benchmark::DoNotOptimize(
        Totals(the_registry->snapshot()).of(move.parent, registry::kMembersAtHome, Scope::kBelow));
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
  state.counters["hot_B_per_member"] = static_cast<double>(after) / members;
  state.counters["hot_B_with_timelines"] =
      static_cast<double>(hot_bytes_with_timelines) / members;
  state.counters["rows_B_per_member"] = static_cast<double>(before) / members;
  state.counters["totals_B_per_member"] = static_cast<double>(after - before) / members;
  state.counters["seconds_to_declare"] = seconds_to_declare;
}

// The peers inside this program; each is made when its first row is measured.
class Peers {
 public:
  Peers() : view_(the_registry->snapshot().at(current_day())) {}
  bench::KeptTotals& kept() { return made(kept_, *the_registry, current_day()); }
  bench::NestedSet& nested() { return made(nested_, *the_registry, current_day()); }
  bench::RecursiveQuery& recursive() { return made(recursive_, *the_registry, current_day()); }
  bench::Closure& closure() { return made(closure_, *the_registry, current_day()); }
  bench::DatedClosure& dated() { return made(dated_, *the_registry); }
  bench::PointerTree& pointers() { return made(pointers_, view_); }
  bench::CompressedGraph& graph() { return made(graph_, view_); }

 private:
  template <typename Peer, typename... From>
  static Peer& made(std::optional<Peer>& peer, const From&... from) {
    if (!peer) peer.emplace(from...);
    return *peer;
  }

  registry::View view_;
  std::optional<bench::KeptTotals> kept_;
  std::optional<bench::NestedSet> nested_;
  std::optional<bench::RecursiveQuery> recursive_;
  std::optional<bench::Closure> closure_;
  std::optional<bench::DatedClosure> dated_;
  std::optional<bench::PointerTree> pointers_;
  std::optional<bench::CompressedGraph> graph_;
};

template <typename Run>
benchmark::internal::Benchmark* add(const std::string& name, Run run) {
  return benchmark::RegisterBenchmark(name.c_str(), run);
}

using State = benchmark::State;
constexpr std::size_t kHot = 64;
constexpr std::size_t kCold = 1 << 20;

void add_totals(const std::string& data, Peers& peers) {
  const std::string name = data + "/total/";
  add(name + "dangbo", [](State& state) { total_throughput(state, kCold); });
  add(name + "dangbo_hot", [](State& state) { total_throughput(state, kHot); });
  add(name + "dangbo_dependent", [](State& state) { total_dependent(state, kCold); });
  add(name + "dangbo_dependent_hot", [](State& state) { total_dependent(state, kHot); });
  add(name + "dangbo_root", [](State& state) { total_of_one(state, true); });
  add(name + "dangbo_leaf", [](State& state) { total_of_one(state, false); });
  add(name + "dangbo_find_key", find_a_unit);
  add(name + "sqlite_rollup", [&](State& state) { total_by(state, peers.kept()); });
  add(name + "sqlite_nested_set", [&](State& state) { total_by(state, peers.nested()); });
  add(name + "sqlite_recursive", [&](State& state) { total_by(state, peers.recursive()); });
  add(name + "sqlite_closure", [&](State& state) { total_by(state, peers.closure()); });
  add(name + "boost_csr_dfs", [&](State& state) { total_by(state, peers.graph()); });
  add(name + "pointer_tree", [&](State& state) { total_by(state, peers.pointers()); });
}

void add_groups_and_days(const std::string& data, Peers& peers) {
  add(data + "/sex_status/dangbo", groups_of_a_unit);
  add(data + "/sex_status/sqlite_nested_set",
      [&](State& state) { groups_by_nested_set(state, peers.nested()); });
  add(data + "/any_day/dangbo", [](State& state) { any_day(state, kCold); });
  add(data + "/any_day/dangbo_hot", [](State& state) { any_day(state, kHot); });
  add(data + "/any_day/sqlite_dated_closure",
      [&](State& state) { any_day_by_closure(state, peers.dated()); });
  add(data + "/any_day_root/dangbo", any_day_of_the_root);
  add(data + "/trend_120_months/dangbo", trend_of_ten_years);
  add(data + "/all_units_8_measures/dangbo", all_units)->Unit(benchmark::kMillisecond);
}

// Each is timed by hand, so many times. dangbo's come last: they change what the others read.
void add_changes(const std::string& data, Peers& peers) {
  const auto add_timed = [&](const char* name, std::int64_t times, auto run) {
    add(data + "/" + name, run)->UseManualTime()->Iterations(times)->Unit(benchmark::kMicrosecond);
  };
  add_timed("move_then_read/sqlite_triggers", 5000,
            [&](State& state) { move_then_read_triggers(state, peers.kept()); });
  add_timed("move_then_read/sqlite_bare_update", 20'000, move_of_bare_rows);
  add_timed("reparent_then_read/sqlite_closure", kReparentings,
            [&](State& state) { reparent_by_closure(state, peers.closure()); });
  add_timed("move_then_read/dangbo", 20'000, move_then_read);
  add_timed("reparent_then_read/dangbo", kReparentings, reparent_then_read);
}

}  // namespace

int main(int count, char** values) {
  benchmark::Initialize(&count, values);
  if (count < 2) fail("usage: totals_bench FOLDER");
  the_registry = bench::load_folder(values[1]);
  const std::uint64_t before = the_registry->memory_use().hot_bytes;
  declare_all();
  const std::string data = std::filesystem::path(values[1]).filename().string();
  Peers peers;
  add(data + "/memory_with_totals", [&](State& state) {
    hold_in_memory(state, before);
  })->Iterations(1);
  add_totals(data, peers);
  add_groups_and_days(data, peers);
  add_changes(data, peers);
  // The outside peers are compared with the data as it was given.
  if (const char* path = std::getenv("DANGBO_BENCH_ANSWERS"); path != nullptr) write_answers(path);
  benchmark::RunSpecifiedBenchmarks();
  the_registry.reset();
  return 0;
}
