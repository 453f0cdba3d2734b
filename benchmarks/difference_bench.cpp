// Two extracts of a roster, one night apart: finding the difference and committing it. One member
// in a thousand moves, one in two thousand is new, one in two thousand is gone.
//   difference_bench --benchmark_filter=100000
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dangbo/load/difference.hpp"

namespace dangbo::load {
namespace {

using registry::Change;
using registry::Registry;
using table::Column;
using table::Type;

constexpr std::int64_t kCell = 50;  // members of a cell

void add(Change& change, const char* table, std::vector<Column> columns) {
  change.add_table(table, table::Table(table, std::move(columns)), table);
}

Change extract(const Registry& registry, std::int64_t members, bool is_second) {
  Change change(registry);
  std::vector<Column> units;
  for (const char* name : {"unit_id", "parent_id", "kind"}) units.emplace_back(name, Type::kText);
  std::vector<Column> people;
  for (const char* name : {"member_id", "full_name", "birth_date", "status"})
    people.emplace_back(name, Type::kText);
  std::vector<Column> homes;
  for (const char* name : {"member_id", "unit_id", "kind"}) homes.emplace_back(name, Type::kText);
  const std::int64_t cells = members / kCell;
  units[0].append_text("K");
  units[1].append_missing();
  units[2].append_text("TINH");
  for (std::int64_t cell = 0; cell < cells; ++cell) {
    units[0].append_text("CB" + std::to_string(cell));
    units[1].append_text("K");
    units[2].append_text("CB");
  }
  for (std::int64_t member = 0; member < members; ++member) {
    const bool is_other = is_second && member % 2000 == 7;  // gone, and somebody else is new
    const std::string key = (is_other ? "B" : "A") + std::to_string(member);
    const std::int64_t moved = is_second && member % 1000 == 3 ? 1 : 0;
    people[0].append_text(key);
    people[1].append_text("Người " + std::to_string(member % 9973));
    people[2].append_text(std::to_string(1940 + member % 60));
    people[3].append_text("DANG");
    homes[0].append_text(key);
    homes[1].append_text("CB" + std::to_string((member / kCell + moved) % cells));
    homes[2].append_text("CHINHTHUC");
  }
  add(change, "units", std::move(units));
  add(change, "members", std::move(people));
  add(change, "memberships", std::move(homes));
  return change;
}

void difference_and_commit(benchmark::State& state) {
  const std::int64_t members = state.range(0);
  const time::Date first = *time::Date::from_ymd(2024, 1, 1);
  for (auto _ : state) {
    state.PauseTiming();
    const auto registry = Registry::create();
    auto before = difference(*registry, extract(*registry, members, false), {.day = first});
    if (!before.ok() || !commit_difference(*registry, *before, first, {}).ok()) {
      state.SkipWithError("the first roster was refused");
      return;
    }
    before = absl::UnknownError("dropped");
    const Change second = extract(*registry, members, true);
    const time::Date day = first.plus_days(1);
    state.ResumeTiming();
    const auto found = difference(*registry, second, {.day = day});
    const bool done = found.ok() && commit_difference(*registry, *found, day, {}).ok();
    if (!done) {
      state.SkipWithError("the second roster was refused");
      return;
    }
    state.counters["rows"] = static_cast<double>(found->change.row_count());
  }
}
BENCHMARK(difference_and_commit)
    ->Arg(100'000)
    ->Arg(5'600'000)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace dangbo::load

BENCHMARK_MAIN();
