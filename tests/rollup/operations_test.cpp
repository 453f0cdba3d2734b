// What random operations leave behind: balances beside the slow oracle, restated totals, ranges of
// the trees, and what a record merged into another changed.
#include <gtest/gtest.h>

#include <cstdlib>

#include "dangbo/rollup/freeze.hpp"
#include "registry/operation_model.hpp"
#include "rollup/movements_oracle.hpp"

namespace dangbo::test {

namespace {

using Model = testing::OperationModel;
using base::UnitPosition;
using base::UnitSlot;
using registry::Change;
using registry::Registry;

constexpr int kSteps = 120;

std::unique_ptr<Registry> history_of(std::mt19937& random) {
  Model model;
  auto registry = Registry::create();
  Change start(*registry);
  model.add_start(start);
  EXPECT_TRUE(registry->commit(std::move(start), {}).ok());
  for (int i = 0; i < kSteps; ++i) {
    const Model::Step step = model.random_step(random);
    Change change(*registry);
    change.add_operation(step.operation);
    if (registry->commit(std::move(change), {}).ok()) model.become(*step.after);
  }
  return registry;
}

time::Date some_day(std::mt19937& random, int from = 0) {
  return Model::day(from + static_cast<int>(random() % static_cast<unsigned>(Model::kDays - from)));
}

void compare_balance(const Registry& registry, std::mt19937& random) {
  const int first = 1 + static_cast<int>(random() % (Model::kDays - 1));
  const BalanceAsk ask{.first = Model::day(first),
                       .until = some_day(random, first).plus_days(1),
                       .known_at = registry.snapshot().commit(),
                       .own = random() % 4 == 0,
                       .unit = "",
                       .all = true};
  EXPECT_EQ(test::ask(registry, to_json(ask)), oracle(registry, ask)) << to_json(ask);
}

// Members of a day under the tree of another: each stands in one root or in the note.
void compare_restated(const Registry& registry, std::mt19937& random) {
  const std::string on = some_day(random).to_string();
  const std::string query = R"({"query":1,"of":"members","on":")" + on + "\"";
  const std::string structure = ",\"structure\":\"" + some_day(random).to_string() + "\"";
  const auto number = [](const table::Table& table) {
    return table.column(table.column_count() - 1).integer(0);
  };
  const table::Table stock = ask_table(registry, query + "}");
  const table::Table restated = ask_table(registry, query + structure + "}");
  std::int64_t unplaced = 0;
  for (const base::Message& note : restated.provenance().notes) {
    if (note.en.find("cannot be placed under the structure") != std::string::npos)
      unplaced += std::atoll(note.en.c_str());
  }
  EXPECT_EQ(number(restated) + unplaced, number(stock)) << query << structure;
}

// A subtree's range holds those whose path leads to its unit, and no others.
void compare_ranges(const Registry& registry, time::Date on) {
  const auto view = registry.snapshot().at(on);
  const auto parents = *registry.snapshot().rows("units")->field("parent_id");
  const hierarchy::Tree& tree = view.tree();
  const auto is_below = [&](UnitSlot unit, UnitSlot top) {
    while (unit != top && unit != base::kNoUnitSlot)
      unit = UnitSlot{parents.raw(view.unit_row(unit))};
    return unit == top;
  };
  for (std::uint32_t a = 0; a < tree.size(); ++a) {
    for (std::uint32_t b = 0; b < tree.size(); ++b) {
      const UnitPosition at{a};
      const UnitPosition top{b};
      ASSERT_EQ(tree.is_within(at, top), is_below(tree.slot_at(at), tree.slot_at(top)));
    }
  }
}

TEST(Operations, BalancesTotalsAndRangesOfWhatTheyLeave) {
  const char* wanted = std::getenv("DANGBO_OPERATION_RUNS");
  const int runs = wanted == nullptr ? 40 : std::atoi(wanted);
  for (int run = 0; run < runs && !::testing::Test::HasFailure(); ++run) {
    SCOPED_TRACE("seed " + std::to_string(run));
    std::mt19937 random(static_cast<unsigned>(run));
    const auto registry = history_of(random);
    for (int i = 0; i < 4; ++i) compare_balance(*registry, random);
    for (int i = 0; i < 4; ++i) compare_restated(*registry, random);
    compare_ranges(*registry, some_day(random));
  }
}

// Every figure that merging two records changes is explained by their rows, and taking them apart
// brings every figure back.
TEST(Operations, RecordsOfOnePersonAreExplained) {
  auto registry = Registry::create();
  commit(*registry,
         {{"units",
           {{{"unit_id", "K"}, {"kind", "DBCS"}},
            {{"unit_id", "A"}, {"kind", "CB"}, {"parent_id", "K"}},
            {{"unit_id", "B"}, {"kind", "CB"}, {"parent_id", "K"}}}},
          {"members", {{{"member_id", "1"}}, {{"member_id", "1x"}}, {{"member_id", "2"}}}},
          {"memberships",
           {{{"member_id", "1"}, {"unit_id", "A"}, {"kind", "CHINHTHUC"}, {"from", "2020-01-01"}},
            {{"member_id", "1x"},
             {"unit_id", "B"},
             {"kind", "CHINHTHUC"},
             {"from", "2018-01-01"},
             {"until", "2020-01-01"}},
            {{"member_id", "1x"}, {"unit_id", "B"}, {"kind", "TAMTHOI"}, {"from", "2020-01-01"}},
            {{"member_id", "2"}, {"unit_id", "B"}, {"kind", "CHINHTHUC"}}}}});
  const auto query =
      rollup::Query::parse(R"({"query":1,"of":"persons","on":"2020-06-30","each":"all"})");
  const auto before = rollup::freeze(registry->snapshot(), *query);
  ASSERT_TRUE(before.ok());
  const auto operate = [&](registry::Operation operation) {
    Change change(*registry);
    change.add_operation(std::move(operation));
    ASSERT_TRUE(registry->commit(std::move(change), {}).ok());
  };
  operate(registry::MergeMembers{{}, "1x", "1"});
  const auto merged = rollup::compare(registry->snapshot(), *before);
  ASSERT_TRUE(merged.ok());
  const Lines cells = lines_of(merged->cells);
  ASSERT_EQ(cells.size(), 2U);  // the bloc counted the person twice, the cells did not
  EXPECT_EQ(cells[1], (std::vector<std::string>{"1", "K", "", "3", "2", "-1"}));
  const Lines causes = lines_of(merged->causes);
  ASSERT_EQ(causes.size(), 2U);
  EXPECT_EQ(causes[1][2], "-1");
  EXPECT_EQ(causes[1][4], "memberships");
  operate(registry::UnmergeMembers{{}, "1x"});
  const auto apart = rollup::compare(registry->snapshot(), *before);
  ASSERT_TRUE(apart.ok());
  EXPECT_EQ(lines_of(apart->cells).size(), 1U);
}

}  // namespace

}  // namespace dangbo::test
