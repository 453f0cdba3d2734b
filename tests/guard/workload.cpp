// A fixed load on a registry of the size of a province's small sister (5 401 units, 60 000
// members), for callgrind: each section_… is one function, whose instructions guard.py reads.
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo/registry/change.hpp"
#include "dangbo/registry/registry.hpp"
#include "dangbo/registry/totals.hpp"
#include "dangbo/rollup/query.hpp"

namespace {

using namespace dangbo;  // NOLINT: a program, not a header
using base::UnitSlot;
using registry::Registry;
using registry::Scope;
using registry::Totals;
using table::Column;
using table::Type;
using time::Date;

constexpr std::uint32_t kUppers = 36;
constexpr std::uint32_t kPrimaries = 557;
constexpr std::uint32_t kCells = 4807;
constexpr std::uint32_t kMembers = 60'000;
constexpr const char* kDay = "2025-09-01";

Date day_of_registry() {
  return *Date::from_ymd(2025, 9, 1);
}

[[noreturn]] void fail(std::string_view what) {
  std::cerr << "guard: " << what << '\n';
  std::exit(1);
}

template <typename Result>
auto must(Result result) {
  if (!result.ok()) fail(result.status().ToString());
  return *std::move(result);
}

// The same numbers everywhere.
class Numbers {
 public:
  std::uint32_t below(std::uint32_t limit) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::uint32_t>(((state_ >> 33) * limit) >> 31);
  }

 private:
  std::uint64_t state_ = 7;
};

class Rows {
 public:
  explicit Rows(const std::vector<const char*>& names) {
    columns_.reserve(names.size());
    for (const char* name : names) columns_.emplace_back(name, Type::kText);
  }
  void add(const std::vector<std::string>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i].empty()) {
        columns_[i].append_missing();
      } else {
        columns_[i].append_text(values[i]);
      }
    }
  }
  table::Table take() { return {"rows", std::move(columns_)}; }

 private:
  std::vector<Column> columns_;
};

std::string unit_key(std::uint32_t unit) {
  return "U" + std::to_string(unit);
}
std::uint32_t cell(std::uint32_t number) {
  return 1 + kUppers + kPrimaries + number;
}

table::Table units() {
  Rows rows({"unit_id", "from", "parent_id", "kind"});
  rows.add({unit_key(0), "2015-01-01", "", "TINH"});
  for (std::uint32_t i = 0; i < kUppers; ++i)
    rows.add({unit_key(1 + i), "2015-01-01", unit_key(0), "XA"});
  for (std::uint32_t i = 0; i < kPrimaries; ++i)
    rows.add({unit_key(1 + kUppers + i), "2015-01-01", unit_key(1 + i % kUppers), "DBCS"});
  for (std::uint32_t i = 0; i < kCells; ++i)
    rows.add({unit_key(cell(i)), "2015-01-01", unit_key(1 + kUppers + i % kPrimaries), "CB"});
  return rows.take();
}

table::Table members(Numbers& numbers) {
  Rows rows({"member_id", "sex", "status"});
  for (std::uint32_t i = 0; i < kMembers; ++i) {
    rows.add({"M" + std::to_string(i), numbers.below(3) == 0 ? "F" : "M",
              numbers.below(20) == 0 ? "MIEN" : "DANG"});
  }
  return rows.take();
}

// Everybody in two units one after the other.
table::Table memberships(Numbers& numbers) {
  Rows rows({"member_id", "unit_id", "kind", "from", "until"});
  const Date first = *Date::from_ymd(2015, 1, 1);
  for (std::uint32_t i = 0; i < kMembers; ++i) {
    const std::string member = "M" + std::to_string(i);
    const std::string moved =
        first.plus_days(1 + static_cast<std::int32_t>(numbers.below(3800))).to_string();
    rows.add({member, unit_key(cell(numbers.below(kCells))), "CHINHTHUC", "2015-01-01", moved});
    rows.add({member, unit_key(cell(i % kCells)), "CHINHTHUC", moved, ""});
  }
  return rows.take();
}

std::unique_ptr<Registry> build() {
  Numbers numbers;
  auto registry = Registry::create();
  registry::Change change(*registry);
  change.add_table("units", units(), "units");
  change.add_table("members", members(numbers), "members");
  change.add_table("memberships", memberships(numbers), "memberships");
  must(registry->commit(std::move(change), {}));
  must(registry->advance(day_of_registry(), {}));
  must(registry->declare_measure({.name = "women",
                                  .table = "members",
                                  .where = registry::Equals{"sex", "female"},
                                  .sum = "",
                                  .timeline = true}));
  must(registry->declare_grouping({.name = "sex and status", .fields = {"sex", "status"}}));
  return registry;
}

struct Asked {
  std::vector<UnitSlot> units;
  std::vector<Date> days;
};

Asked ask(const Registry& registry) {
  Numbers numbers;
  Asked asked;
  const Date first = *Date::from_ymd(2015, 1, 1);
  for (int i = 0; i < 20'000; ++i) {
    asked.units.emplace_back(UnitSlot{numbers.below(registry.snapshot().unit_count())});
    asked.days.push_back(first.plus_days(static_cast<std::int32_t>(numbers.below(3800))));
  }
  return asked;
}

}  // namespace

// By these names callgrind finds them; each answers a number, so that nothing is left out.
#define SECTION extern "C" __attribute__((noinline, used))

SECTION std::int64_t section_totals(const Registry& registry, const Asked& asked) {
  const Totals totals(registry.snapshot());
  std::int64_t sum = 0;
  for (const UnitSlot unit : asked.units)
    sum += totals.of(unit, registry::kMembersAtHome, Scope::kBelow);
  return sum;
}

SECTION std::int64_t section_any_day(const Registry& registry, const Asked& asked) {
  const Totals totals(registry.snapshot());
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < asked.units.size(); ++i)
    sum += totals.on(asked.units[i], registry::kMembersAtHome, Scope::kBelow, asked.days[i]);
  return sum;
}

SECTION std::int64_t section_trends(const Registry& registry, const Asked& asked) {
  const Totals totals(registry.snapshot());
  const auto days = must(registry::trend_days(
      *Date::from_ymd(2015, 1, 1), *Date::from_ymd(2025, 1, 1), registry::TrendStep::kMonth));
  std::vector<std::int64_t> values(days.size());
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < 1000; ++i) {
    totals.trend(asked.units[i], registry::kMembersAtHome, Scope::kBelow, days, values);
    sum += values.back();
  }
  return sum;
}

SECTION std::int64_t section_groups(const Registry& registry, const Asked& asked) {
  const Totals totals(registry.snapshot());
  const auto grouping = *totals.find_grouping("sex and status");
  std::vector<std::int64_t> counts(totals.group_count(grouping));
  std::int64_t sum = 0;
  for (const UnitSlot unit : asked.units) {
    totals.groups(grouping, unit, Scope::kBelow, counts);
    sum += counts.front();
  }
  return sum;
}

SECTION std::int64_t section_query(const Registry& registry) {
  const auto query = must(rollup::Query::parse(
      R"({"query":1,"of":"members","unit":"U0","each":"children","by":["sex"]})"));
  const auto answer = must(rollup::run(registry.snapshot().at(day_of_registry()), query));
  return static_cast<std::int64_t>(answer.row_count());
}

// Members move one by one; each commit is followed by a total.
SECTION std::int64_t section_moves(Registry& registry) {
  std::int64_t sum = 0;
  for (std::uint32_t i = 0; i < 100; ++i) {
    const std::string member = "M" + std::to_string(i * 500);
    const auto now = registry.snapshot();
    const auto rows = *now.rows("memberships");
    const base::RowId home = rows.newest_of(*now.find_member(member));
    registry::Change change(registry);
    std::vector<Column> named;
    named.emplace_back("row_id", Type::kInt)
        .append_integer(static_cast<std::int64_t>(base::index_of(home)));
    std::vector<Column> ends;
    ends.emplace_back("until", Type::kDate).append_date(day_of_registry());
    const auto schema = registry.find_schema("memberships");
    change.add_correction({.schema = schema,
                           .targets = table::Table("rows", std::move(named)),
                           .values = table::Table("rows", std::move(ends)),
                           .withdraw = false,
                           .source = "move"});
    Rows added({"member_id", "unit_id", "kind", "from"});
    added.add({member, unit_key(cell((i * 37) % kCells)), "CHINHTHUC", kDay});
    change.add_table("memberships", added.take(), "move");
    must(registry.commit(std::move(change), {}));
    sum += Totals(registry.snapshot())
               .of(*registry.snapshot().find_unit("U1"), registry::kMembersAtHome, Scope::kBelow);
  }
  return sum;
}

int main() {
  const auto registry = build();
  const Asked asked = ask(*registry);
  // The root has everybody, so that nothing is measured of an empty registry.
  const Totals totals(registry->snapshot());
  const auto root = *registry->snapshot().find_unit("U0");
  if (totals.of(root, registry::kMembersAtHome, Scope::kBelow) != kMembers)
    fail("the root does not have all members");
  std::int64_t sum = section_totals(*registry, asked);
  sum += section_any_day(*registry, asked);
  sum += section_trends(*registry, asked);
  sum += section_groups(*registry, asked);
  sum += section_query(*registry);
  sum += section_moves(*registry);
  if (Totals(registry->snapshot()).of(root, registry::kMembersAtHome, Scope::kBelow) != kMembers)
    fail("members were lost in moves");
  std::cout << sum << '\n';
  return 0;
}
