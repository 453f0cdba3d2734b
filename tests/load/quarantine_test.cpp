// Rows set aside: the consistent part is loaded, the rest listed with its reasons.
#include "dangbo/load/quarantine.hpp"

#include <set>
#include <string>
#include <vector>

#include "dangbo/load/script.hpp"
#include "dangbo/registry/history.hpp"
#include "load/load_support.hpp"

namespace dangbo::load {
namespace {

using testing::LoadTest;

class QuarantineTest : public LoadTest {
 protected:
  Quarantined load(const std::string& units, const std::string& members, const std::string& homes) {
    write("in/units.csv", "unit_id,parent_id,kind\n" + units);
    write("in/members.csv", "member_id,birth_date\n" + members);
    write("in/memberships.csv", "member_id,unit_id,kind,from\n" + homes);
    registry::Change change = read_paths({(folder_ / "in").string()});
    Quarantined out = set_aside(*registry_, change);
    const auto done = registry_->commit(std::move(change), {});
    EXPECT_TRUE(done.ok()) << done.status();
    return out;
  }
  std::int64_t stock(const char* unit) {
    const auto snapshot = registry_->snapshot();
    return snapshot.at(*time::Date::from_ymd(2024, 1, 1)).stock(*snapshot.find_unit(unit), true);
  }
  // Rows of files that stand outside.
  std::size_t quarantined() {
    const auto rows = registry::rows_table(registry_->snapshot(), "quarantine");
    std::set<std::string> found;
    for (std::size_t row = 0; row < rows->row_count(); ++row)
      found.insert(rows->column(*rows->find("source")).display(row) + ':' +
                   rows->column(*rows->find("row")).display(row));
    return found.size();
  }
};

TEST_F(QuarantineTest, GoodRowsAreAllLoaded) {
  EXPECT_EQ(load("K,,KHOI\nC,K,CB\n", "A1,1980\n", "A1,C,home,\n").rows, 0U);
  EXPECT_EQ(stock("K"), 1);
  EXPECT_EQ(quarantined(), 0U);
}

TEST_F(QuarantineTest, RowsAtFaultAndThoseThatStandOnThemAreSetAside) {
  const Quarantined out =
      load("K,,KHOI\nC,K,CB\nX,NOWHERE,CB\nY,X,CB\n", "A1,1980\nA2,31/02/1980\nA3,1981\nA4,1982\n",
           "A1,C,home,\nA2,C,home,\nA3,Y,home,\nA4,C,home,\nA4,K,home,\n");
  // X, Y, A2, then the homes of A2 and A3, and one of the two of A4.
  EXPECT_EQ(out.rows, 6U) << testing::lines(out.problems);
  EXPECT_EQ(stock("K"), 2);
  EXPECT_EQ(quarantined(), 6U);
  const auto rows = registry::rows_table(registry_->snapshot(), "quarantine");
  ASSERT_TRUE(rows.ok());
  EXPECT_GE(rows->row_count(), 6U);
  for (std::size_t row = 0; row < rows->row_count(); ++row) {
    EXPECT_NE(rows->column(*rows->find("reason_vi")).display(row), "");
    EXPECT_NE(rows->column(*rows->find("content")).display(row), "");
  }
}

TEST_F(QuarantineTest, MendingIsAnOrdinaryChange) {
  ASSERT_EQ(load("K,,KHOI\n", "A1,31/02/1980\n", "A1,K,home,\n").rows, 2U);
  EXPECT_EQ(stock("K"), 0);
  registry::Change mend(*registry_);
  std::string script =
      "script: 1\nchanges:\n"
      "- add: {table: members, row: {member_id: A1, birth_date: 28/02/1980}}\n"
      "- add: {table: memberships, row: {member_id: A1, unit_id: K, kind: home}}\n";
  const auto rows = registry::rows_table(registry_->snapshot(), "quarantine");
  for (std::size_t row = 0; row < rows->row_count(); ++row)
    script += "- withdraw: {table: quarantine, row_id: " + rows->column(0).display(row) + "}\n";
  ASSERT_TRUE(add_script_text(*registry_, mend, script, "sua.yaml").ok());
  const auto done = registry_->commit(std::move(mend), {});
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(stock("K"), 1);
  EXPECT_EQ(quarantined(), 0U);
}

TEST_F(QuarantineTest, WhatBelongsToNoRowIsRefused) {
  write("in/units.csv", "nothing,of,this\n1,2,3\n");
  registry::Change change = read_paths({(folder_ / "in").string()});
  EXPECT_EQ(set_aside(*registry_, change).rows, 0U);
  EXPECT_FALSE(registry_->commit(std::move(change), {}).ok());
}

TEST_F(QuarantineTest, ThirtyPercentBroken) {
  std::string members;
  std::string homes;
  std::set<int> good;
  for (int i = 0; i < 300; ++i) {
    const std::string key = "A" + std::to_string(i);
    const int fault = i % 10;
    members += key + (fault == 0 ? ",30/02/1980\n" : ",1980\n");
    homes += key + (fault == 3 ? ",NOWHERE" : ",K") + (fault == 6 ? ",sometimes,\n" : ",home,\n");
    if (fault != 0 && fault != 3 && fault != 6) good.insert(i);
  }
  const Quarantined out = load("K,,KHOI\n", members, homes);
  EXPECT_EQ(out.rows, 120U);  // 30 members, their homes, 30 homes nowhere, 30 of no kind
  EXPECT_EQ(stock("K"), static_cast<std::int64_t>(good.size()));
  EXPECT_EQ(quarantined(), 120U);
}

}  // namespace
}  // namespace dangbo::load
