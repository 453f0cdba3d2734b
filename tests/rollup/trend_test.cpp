// Trends as documents: what they answer beside queries of each day, and every mistake by its place.
#include "dangbo/rollup/trend.hpp"

#include <gtest/gtest.h>

#include "rollup/fixture.hpp"

namespace dangbo::test {

namespace {

using Faults = std::vector<std::string>;

class Trend : public ::testing::Test {
 protected:
  Trend() : registry_(registry::Registry::create()) {
    const auto home = [](const char* member, const char* unit, const char* from,
                         const char* until) {
      return Cells{{"member_id", member},
                   {"unit_id", unit},
                   {"kind", "home"},
                   {"from", from},
                   {"until", until}};
    };
    commit(*registry_,
           {{"units",
             {{{"unit_id", "DB"}, {"kind", "grassroots_committee"}},
              {{"unit_id", "A"}, {"kind", "cell"}, {"parent_id", "DB"}},
              {{"unit_id", "B"}, {"kind", "cell"}, {"parent_id", "DB"}}}},
            {"members",
             {{{"member_id", "M1"}, {"sex", "female"}},
              {{"member_id", "M2"}, {"sex", "male"}},
              {{"member_id", "M3"}}}},
            {"memberships",
             {home("M1", "A", "2019-02-01", ""), home("M2", "A", "2019-03-31", ""),
              home("M3", "A", "2018-01-01", "2019-04-30"), home("M3", "B", "2019-04-30", "")}}});
    EXPECT_TRUE(registry_
                    ->declare_measure(*rollup::parse_measure(
                        R"({"measure":1,"name":"women","of":"members","where":{"sex":"female"},)"
                        R"("timeline":true})"))
                    .ok());
  }
  Faults of(const std::string& document) const {
    return faults_of(rollup::trend(registry_->snapshot(), document).status());
  }
  Faults with(const std::string& rest) const { return of(R"({"trend":1,)" + rest + "}"); }
  std::unique_ptr<registry::Registry> registry_;
};

TEST_F(Trend, IsWhatQueriesOfEachDayCount) {
  const auto table = rollup::trend(
      registry_->snapshot(),
      R"({"trend":1,"unit":"A","measures":["members_at_home","women"],"from":"2019-01-15",)"
      R"("until":"2019-06-01"})");
  ASSERT_TRUE(table.ok()) << table.status();
  const Lines lines = lines_of(*table);
  ASSERT_EQ(lines.size(), 6U);
  EXPECT_EQ(lines[0], (std::vector<std::string>{"day", "members_at_home", "women"}));
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto counted = [&](const std::string& where) {
      return ask(*registry_, R"({"query":1,"of":"members","unit":"A","on":")" +
                                 time::parse_date(lines[i][0]).value->first_day().to_string() +
                                 "\"" + where + "}")[1][0];
    };
    EXPECT_EQ(lines[i][1], counted("")) << lines[i][0];
    EXPECT_EQ(lines[i][2], counted(R"(,"where":{"sex":"female"})")) << lines[i][0];
  }
  // The member who came on the last day of March counts on it; who left on 30 April does not.
  EXPECT_EQ(lines[3][1], "3");
  EXPECT_EQ(lines[4][1], "2");
}

TEST_F(Trend, MistakesNameTheirPlace) {
  const std::string period = R"("from":"2019-01-01","until":"2020-01-01")";
  EXPECT_EQ(with(R"("unit":"C","measures":["women"],)" + period), Faults({"301 /unit"}));
  EXPECT_EQ(with(R"("unit":"A","measures":["men"],)" + period), Faults({"401 /measures/0"}));
  EXPECT_EQ(with(R"("unit":"A","measures":["women","women"],)" + period),
            Faults({"401 /measures/0"}));
  EXPECT_EQ(with(R"("unit":"A","measures":[],)" + period), Faults({"400 /measures"}));
  EXPECT_EQ(with(R"("measures":["women"],)" + period), Faults({"400 /unit"}));
  EXPECT_EQ(with(R"("unit":"A","measures":["women"],"step":"day",)" + period),
            Faults({"400 /step"}));
  EXPECT_EQ(with(R"("unit":"A","measures":["women"],"scope":"above",)" + period),
            Faults({"400 /scope"}));
  EXPECT_EQ(with(R"("unit":"A","measures":["women"],"from":"2019-02-30","until":"2020-01-01")"),
            Faults({"400 /from"}));
  EXPECT_EQ(with(R"("unit":"A","measures":["women"],"from":"2019","until":"2020-01-01")"),
            Faults({"400 /from"}));
}

TEST_F(Trend, APeriodThatEndsBeforeItStarts) {
  const auto reversed = rollup::trend(
      registry_->snapshot(), R"({"trend":1,"unit":"A","measures":["women"],"from":"2020-01-02",)"
                             R"("until":"2020-01-01"})");
  ASSERT_FALSE(reversed.ok());
  const base::ProblemList problems = base::problems_of(reversed.status());
  ASSERT_EQ(problems.kept().size(), 1U);
  EXPECT_EQ(problems.kept()[0].code, base::ProblemCode::kEndBeforeStart);
  // An empty period is a table without rows.
  const auto empty =
      rollup::trend(registry_->snapshot(), R"({"trend":1,"unit":"A","measures":["women"],)"
                                           R"("from":"2020-01-01","until":"2020-01-01"})");
  ASSERT_TRUE(empty.ok());
  EXPECT_EQ(empty->row_count(), 0U);
}

// A day that nothing is known of is 0, to both ends of the calendar.
TEST_F(Trend, DaysOutsideWhatIsKnown) {
  const auto table = rollup::trend(registry_->snapshot(),
                                   R"({"trend":1,"unit":"DB","measures":["members_at_home"],)"
                                   R"("from":"1400-01-01","until":"9999-12-31","step":"year"})");
  ASSERT_TRUE(table.ok()) << table.status();
  const Lines lines = lines_of(*table);
  EXPECT_EQ(lines[1][1], "0");
  EXPECT_EQ(lines.back()[1], "3");
}

}  // namespace

}  // namespace dangbo::test
