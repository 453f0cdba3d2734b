// The registry against a model of maps and loops, on random histories.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "dangbo/registry/registry.hpp"
#include "registry/support.hpp"

namespace dangbo::registry {
namespace {

using base::CommitNumber;
using testing::text_table;
using testing::TextRow;
using time::Date;

constexpr int kOpen = 1 << 20;

struct UnitRow {
  std::string unit, parent;
  int from, until, commit;
};
struct HomeRow {
  std::string member, unit;
  bool home;
  int from, until, commit;
};

// What is known, in the plainest form.
struct Model {
  std::vector<UnitRow> units;
  std::vector<HomeRow> homes;

  [[nodiscard]] const UnitRow* unit_on(const std::string& unit, int on, int known) const {
    for (const UnitRow& row : units) {
      if (row.unit == unit && row.from <= on && on < row.until && row.commit <= known) return &row;
    }
    return nullptr;
  }
  [[nodiscard]] bool is_within(std::string unit, const std::string& top, int on, int known) const {
    while (true) {
      const UnitRow* row = unit_on(unit, on, known);
      if (row == nullptr) return false;
      if (unit == top) return true;
      if (row->parent.empty()) return false;
      unit = row->parent;
    }
  }
  [[nodiscard]] std::int64_t stock(const std::string& unit, bool below, int on, int known) const {
    if (unit_on(unit, on, known) == nullptr) return 0;
    std::int64_t count = 0;
    for (const HomeRow& row : homes) {
      if (!row.home || row.commit > known || on < row.from || on >= row.until) continue;
      if (unit_on(row.unit, on, known) == nullptr) continue;
      if (below ? is_within(row.unit, unit, on, known) : row.unit == unit) ++count;
    }
    return count;
  }
};

std::string day_text(int day) {
  return day == kOpen ? "" : Date::from_days(day).to_string();
}

class History {
 public:
  explicit History(std::uint64_t seed) : random_(seed) {}

  // One commit's worth of rows. Most are sound by construction; the registry decides.
  void step(Registry& registry, int number) {
    std::vector<UnitRow> units;
    std::vector<HomeRow> homes;
    std::vector<TextRow> members;
    const int commit = static_cast<int>(base::index_of(registry.snapshot().commit())) + 1;
    for (int i = pick(0, 2); i > 0; --i) found_unit(commit, units);
    for (int i = pick(0, 3); i > 0; --i) {
      members.push_back({"m" + std::to_string(number) + "_" + std::to_string(i)});
      live_a_life(members.back()[0], commit, homes);
    }
    if (submit(registry, units, members, homes)) {
      ++accepted;
      model.units.insert(model.units.end(), units.begin(), units.end());
      model.homes.insert(model.homes.end(), homes.begin(), homes.end());
      for (const UnitRow& row : units) known_ = std::max(known_, std::stoi(row.unit.substr(1)) + 1);
    }
  }

  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

  Model model;
  int accepted = 0;

 private:
  // A unit over one to three intervals under parents of any age: some make orphans or cycles and
  // are refused.
  void found_unit(int commit, std::vector<UnitRow>& units) {
    const std::string unit = "u" + std::to_string(known_ + static_cast<int>(units.size()));
    int from = pick(0, 3) == 0 ? pick(1, 30) : 0;
    for (int i = pick(1, 3); i > 0; --i) {
      const int until = i == 1 && pick(0, 5) != 0 ? kOpen : from + pick(5, 40);
      const int parent = pick(-1, known_ + (pick(0, 9) == 0 ? 2 : -1));
      units.push_back({unit, parent < 0 ? "" : "u" + std::to_string(parent), from, until, commit});
      if (until == kOpen) break;
      from = until;
    }
  }

  // Homes one after another, with gaps, and now and then one too many or a temporary stay.
  void live_a_life(const std::string& member, int commit, std::vector<HomeRow>& homes) {
    if (known_ == 0) return;
    int from = pick(0, 40);
    for (int i = pick(1, 4); i > 0; --i) {
      const int until = i == 1 && pick(0, 1) == 0 ? kOpen : from + pick(1, 30);
      homes.push_back({member, "u" + std::to_string(pick(0, known_ - 1)), pick(0, 5) != 0, from,
                       until, commit});
      if (until == kOpen) break;
      from = until + (pick(0, 2) == 0 ? pick(pick(0, 9) == 0 ? -1 : 0, 5) : 0);
    }
  }

  static bool submit(Registry& registry, const std::vector<UnitRow>& units,
                     const std::vector<TextRow>& members, const std::vector<HomeRow>& homes) {
    std::vector<TextRow> unit_rows;
    for (const UnitRow& row : units) {
      unit_rows.push_back({row.unit, row.parent, "CB", day_text(row.from), day_text(row.until)});
    }
    std::vector<TextRow> home_rows;
    for (const HomeRow& row : homes) {
      home_rows.push_back({row.member, row.unit, row.home ? "home" : "temporary",
                           day_text(row.from), day_text(row.until)});
    }
    Change change(registry);
    change.add_table("units",
                     text_table({"unit_id", "parent_id", "kind", "from", "until"}, unit_rows), "u");
    change.add_table("members", text_table({"member_id"}, members), "m");
    change.add_table("memberships",
                     text_table({"member_id", "unit_id", "kind", "from", "until"}, home_rows), "h");
    return registry.commit(std::move(change), {}).ok();
  }

  std::mt19937_64 random_;
  int known_ = 0;  // units founded
};

TEST(RegistryTwinTest, StockEqualsTheNaiveCountOnAnyDayAsKnownAtAnyCommit) {
  int compared = 0;
  int not_zero = 0;
  int earlier = 0;
  int accepted = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const auto registry = Registry::create();
    History history(seed);
    for (int number = 0; number < 60; ++number) history.step(*registry, number);
    accepted += history.accepted;
    const Snapshot snapshot = registry->snapshot();
    const int head = static_cast<int>(base::index_of(snapshot.commit()));
    for (int i = 0; i < 40; ++i) {
      const int on = history.pick(-1, 100);
      const int known = history.pick(0, 1) == 0 ? head : history.pick(0, head);
      const View view =
          snapshot.at(Date::from_days(on), CommitNumber{static_cast<std::uint32_t>(known)});
      for (int u = 0; u < 20; ++u) {
        const std::string key = "u" + std::to_string(u);
        const auto unit = snapshot.find_unit(key);
        if (!unit) continue;
        for (const bool below : {true, false}) {
          const std::int64_t expected = history.model.stock(key, below, on, known);
          ASSERT_EQ(view.stock(*unit, below), expected)
              << "seed " << seed << " unit " << key << " day " << on << " known " << known
              << " below " << below;
          ++compared;
          not_zero += expected != 0 ? 1 : 0;
          earlier += known != head ? 1 : 0;
        }
      }
    }
  }
  std::printf("%d comparisons, %d not zero, %d at an earlier commit, %d commits accepted\n",
              compared, not_zero, earlier, accepted);
  EXPECT_GT(not_zero, compared / 20);
  EXPECT_GT(earlier, compared / 5);
  EXPECT_GT(accepted, 600);
  EXPECT_LT(accepted, 40 * 60);
}

TEST(RegistryTwinTest, ReadersSeeWholeCommitsWhileAWriterWorks) {
  auto registry = Registry::create();
  {
    Change change(*registry);
    change.add_table("units", text_table({"unit_id", "kind"}, {{"ROOT", "KHOI"}}), "u");
    ASSERT_TRUE(registry->commit(std::move(change), {}).ok());
  }
  std::atomic<bool> done{false};
  std::atomic<int> faults{0};
  std::atomic<int> reads{0};
  // Every commit adds one unit with exactly three members: a reader must never see another ratio.
  const auto read = [&] {
    while (!done.load()) {
      const Snapshot snapshot = registry->snapshot();
      const View view = snapshot.at(Date::from_days(100));
      const auto units = static_cast<std::int64_t>(view.tree().size()) - 1;
      const std::int64_t members = view.stock(*snapshot.find_unit("ROOT"), true);
      if (members != units * 3 || snapshot.member_count() != units * 3) ++faults;
      ++reads;
    }
  };
  std::thread first(read);
  std::thread second(read);
  for (int i = 0; i < 400; ++i) {
    const std::string unit = "u" + std::to_string(i);
    std::vector<TextRow> members;
    std::vector<TextRow> homes;
    for (int m = 0; m < 3; ++m) {
      members.push_back({unit + "m" + std::to_string(m)});
      homes.push_back({members.back()[0], unit, "home"});
    }
    Change change(*registry);
    change.add_table("units", text_table({"unit_id", "parent_id", "kind"}, {{unit, "ROOT", "CB"}}),
                     "u");
    change.add_table("members", text_table({"member_id"}, members), "m");
    change.add_table("memberships", text_table({"member_id", "unit_id", "kind"}, homes), "h");
    ASSERT_TRUE(registry->commit(std::move(change), {}).ok());
  }
  done = true;
  first.join();
  second.join();
  EXPECT_EQ(faults.load(), 0);
  EXPECT_GT(reads.load(), 0);
}

TEST(RegistryTwinTest, RowsCrossChunkBoundaries) {
  auto registry = Registry::create();
  std::vector<TextRow> members;
  std::vector<TextRow> homes;
  for (int i = 0; i < 70'000; ++i) {
    members.push_back({"m" + std::to_string(i), i % 3 == 0 ? "F" : "M"});
    homes.push_back({members.back()[0], i % 2 == 0 ? "A" : "B", "home"});
  }
  Change change(*registry);
  change.add_table("units", text_table({"unit_id", "kind"}, {{"A", "CB"}, {"B", "CB"}}), "u");
  change.add_table("members", text_table({"member_id", "sex"}, members), "m");
  change.add_table("memberships", text_table({"member_id", "unit_id", "kind"}, homes), "h");
  ASSERT_TRUE(registry->commit(std::move(change), {}).ok());
  // A second commit ends up in a chunk that the first began, with a column the first left empty.
  Change more(*registry);
  more.add_table("members", text_table({"member_id", "full_name"}, {{"late", "Nguyễn Thị Ánh"}}),
                 "m");
  more.add_table("memberships",
                 text_table({"member_id", "unit_id", "kind"}, {{"late", "A", "home"}}), "h");
  ASSERT_TRUE(registry->commit(std::move(more), {}).ok());
  const Snapshot snapshot = registry->snapshot();
  const Rows rows = *snapshot.rows("members");
  const FieldReader sex = *rows.field("sex");
  const FieldReader name = *rows.field("full_name");
  int women = 0;
  for (std::uint32_t row = 0; row < 70'000; ++row) {
    women += sex.word(sex.raw(RowId{row})) == "female" ? 1 : 0;
    ASSERT_TRUE(name.is_missing(RowId{row}));
    ASSERT_EQ(snapshot.key_of(rows.member_of(RowId{row})), "m" + std::to_string(row));
  }
  EXPECT_EQ(women, 23'334);
  EXPECT_TRUE(sex.is_missing(RowId{70'000}));
  EXPECT_EQ(name.text(RowId{70'000}), "Nguyễn Thị Ánh");
  EXPECT_EQ(snapshot.at(Date()).stock(*snapshot.find_unit("A"), true), 35'001);
  EXPECT_EQ(snapshot.at(Date(), CommitNumber{1}).stock(*snapshot.find_unit("A"), true), 35'000);
  EXPECT_FALSE(rows.is_known(RowId{70'000}, CommitNumber{1}));
}

}  // namespace
}  // namespace dangbo::registry
