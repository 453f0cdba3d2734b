// What rules read of units, against what the rooms below say of the same day: stock, tree,
// roll-ups, and plain loops over the rows.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "dangbo/rules/check.hpp"
#include "dangbo/time/period.hpp"
#include "rollup/amend.hpp"
#include "rules/make_pack.hpp"

namespace dangbo {
namespace {

using base::index_of;
using base::RowId;
using base::UnitSlot;
using Json = nlohmann::json;

rules::Pack telling_pack() {
  return test::make_pack(
      {}, {{.id = "told",
            .subject = test::subject_of(rules::Subject::Kind::kUnit),
            .lets = {{"own", "self.members.size()"},
                     {"all", "self.all_members.size()"},
                     {"kids", "self.children.size()"},
                     {"below", "self.descendants.size()"},
                     {"above", "self.ancestors.size()"},
                     {"full", "count(self.members, m, has(m.standing) && m.standing == \"full\")"},
                     {"sexed", "count(self.all_members, m, has(m.sex))"},
                     {"meetings", "self.meetings.size()"},
                     {"posts", "self.posts.size()"},
                     {"guests", "count(self.memberships, m, m.kind == \"temporary\")"}},
            .require = "own < 0"}});
}

// Figures of a query for each unit, by key.
std::map<std::string, std::int64_t> asked(const registry::View& view, const std::string& where,
                                          const std::string& scope) {
  const auto query = rollup::Query::parse(R"({"query":1,"of":"members","each":"all","scope":")" +
                                          scope + R"(","where":)" + where + "}");
  EXPECT_TRUE(query.ok()) << query.status();
  const auto made = rollup::run(view, *query);
  EXPECT_TRUE(made.ok()) << made.status();
  std::map<std::string, std::int64_t> out;
  for (std::size_t i = 0; i < made->row_count(); ++i) {
    out[std::string(made->column(0).text(i))] = made->column(*made->find("count")).integer(i);
  }
  return out;
}

// Rows of a table about a unit that hold on the day.
std::int64_t rows_of(const registry::View& view, const char* table, UnitSlot unit) {
  const registry::Rows rows = *view.snapshot().rows(table);
  const auto period = rows.schema().find(table::Role::kPeriod);
  std::int64_t count = 0;
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    if (rows.unit_of(RowId{i}) != unit || !view.includes(rows, RowId{i})) continue;
    const auto days = period ? time::period_days(rows.field(*period).text(RowId{i})) : std::nullopt;
    count += days && *days->from() > view.day() ? 0 : 1;
  }
  return count;
}

std::int64_t guests(const registry::View& view, UnitSlot unit) {
  const registry::Rows rows = *view.snapshot().rows("memberships");
  const auto kind = *rows.field("kind");
  std::int64_t count = 0;
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    const bool is_guest = kind.word(kind.raw(RowId{i})) == "temporary";
    count += is_guest && rows.unit_of(RowId{i}) == unit && view.includes(rows, RowId{i}) ? 1 : 0;
  }
  return count;
}

TEST(Relations, AgreeWithStockTreeAndRows) {
  const rules::Pack pack = telling_pack();
  std::mt19937_64 random(77);
  std::int64_t people = 0;
  std::size_t units = 0;
  for (int i = 0; i < 30; ++i) {
    test::Amended amended = test::load(test::make_history(random));
    test::amend(random, amended, 4);
    const registry::Snapshot head = amended.registry->snapshot();
    const auto day = test::day("2016-07-01").plus_days(static_cast<std::int32_t>(random() % 1100));
    const registry::View view = head.at(
        day,
        base::CommitNumber{1 + static_cast<std::uint32_t>(random() % index_of(head.commit()))});
    const auto found = rules::check(view, pack);
    ASSERT_TRUE(found.ok()) << found.status();
    ASSERT_EQ(found->row_count(), view.tree().size());
    const auto full = asked(view, R"({"standing":"full"})", "own");
    const auto women = asked(view, R"({"sex":"female"})", "below");
    const auto men = asked(view, R"({"sex":"male"})", "below");
    for (std::size_t row = 0; row < found->row_count(); ++row) {
      const std::string key(found->column(*found->find("unit_id")).text(row));
      const UnitSlot unit = *head.find_unit(key);
      const auto at = view.tree().position_of(unit);
      const Json told = Json::parse(found->column(*found->find("values")).text(row));
      std::int64_t kids = 0;
      for ([[maybe_unused]] const auto child : view.tree().children_of(at)) ++kids;
      EXPECT_EQ(told["own"], view.stock(unit, false)) << key;
      EXPECT_EQ(told["all"], view.stock(unit, true)) << key;
      EXPECT_EQ(told["kids"], kids) << key;
      EXPECT_EQ(told["below"], index_of(view.tree().end_of(at)) - index_of(at) - 1) << key;
      EXPECT_EQ(told["above"], view.tree().level_of(at)) << key;
      EXPECT_EQ(told["full"], full.at(key)) << key;
      EXPECT_EQ(told["sexed"], women.at(key) + men.at(key)) << key;
      EXPECT_EQ(told["meetings"], rows_of(view, "meetings", unit)) << key;
      EXPECT_EQ(told["posts"], rows_of(view, "posts", unit)) << key;
      EXPECT_EQ(told["guests"], guests(view, unit)) << key;
      people += told["own"].get<std::int64_t>();
      ++units;
    }
  }
  EXPECT_GT(units, 100U);
  EXPECT_GT(people, 100);
}

}  // namespace
}  // namespace dangbo
