// The columns find what going subject by subject finds, to the last byte of the table, on random
// histories with corrections, on random days, as known at random commits. DANGBO_RULES=n asks for n
// histories.
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <string>

#include "dangbo/rules/check.hpp"
#include "rollup/amend.hpp"
#include "rules/twin_rules.hpp"

namespace dangbo {
namespace {

TEST(Twin, ColumnsAndRows) {
  const char* const asked = std::getenv("DANGBO_RULES");
  const int histories = asked != nullptr ? std::atoi(asked) : 40;
  const rules::Pack pack = test::twin_pack();
  std::mt19937_64 random(20261128);
  std::size_t findings = 0;
  std::vector<std::size_t> outcomes(5);
  for (int i = 0; i < histories; ++i) {
    test::Amended amended = test::load(test::make_history(random));
    test::amend(random, amended, 6);
    const registry::Snapshot head = amended.registry->snapshot();
    for (int k = 0; k < 4; ++k) {
      const auto day = time::Date::from_days(test::day("2016-05-01").days() +
                                             static_cast<std::int32_t>(random() % 1300));
      const base::CommitNumber known{
          1 + static_cast<std::uint32_t>(random() % index_of(head.commit()))};
      const registry::View view = head.at(day, known);
      rules::CheckOptions options;
      options.about_persons = true;
      const auto columns = rules::check(view, pack, options);
      ASSERT_TRUE(columns.ok()) << columns.status();
      options.row_by_row = true;
      const auto rows = rules::check(view, pack, options);
      ASSERT_TRUE(rows.ok()) << rows.status();
      ASSERT_EQ(test::lines_of(*columns), test::lines_of(*rows)) << day.to_string();
      ASSERT_EQ(columns->provenance().facts, rows->provenance().facts);
      findings += rows->row_count();
      const table::Column& outcome = rows->column(*rows->find("outcome"));
      for (std::size_t row = 0; row < rows->row_count(); ++row) {
        ++outcomes[static_cast<std::size_t>(outcome.code(row))];
      }
    }
  }
  EXPECT_GT(findings, static_cast<std::size_t>(histories) * 40);
  for (const std::size_t count : outcomes) EXPECT_GT(count, 0U);
}

}  // namespace
}  // namespace dangbo
