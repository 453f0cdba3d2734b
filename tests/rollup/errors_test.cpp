#include <gtest/gtest.h>

#include "rollup/fixture.hpp"

namespace dangbo::test {

namespace {

using Faults = std::vector<std::string>;

class Errors : public ::testing::Test {
 protected:
  Errors() : registry_(registry::Registry::create()) {
    commit(*registry_,
           {{"units",
             {{{"unit_id", "DB"}, {"kind", "grassroots_committee"}},
              {{"unit_id", "CB1"}, {"kind", "cell"}, {"parent_id", "DB"}}}},
            {"members", {{{"member_id", "M1"}, {"ethnicity", "Kinh"}}}},
            {"memberships", {{{"member_id", "M1"}, {"unit_id", "CB1"}, {"kind", "home"}}}},
            {"headcounts",
             {headcount("2018-01-01", "9223372036854775807"), headcount("2018-01-02", "1")}}});
  }
  static Cells headcount(const std::string& day, const std::string& n) {
    return {{"unit_id", "CB1"}, {"day", day}, {"category", "staff"}, {"n", n}};
  }
  Faults with(const std::string& rest) const {
    return faults(*registry_, R"({"query":1,"on":"2020-11-30",)" + rest + "}");
  }
  std::unique_ptr<registry::Registry> registry_;
};

TEST_F(Errors, TheDayIsRequired) {
  EXPECT_EQ(faults(*registry_, R"({"query":1,"of":"members"})"), Faults({"400 /on"}));
}

TEST_F(Errors, TheViewIsThatOfTheDocument) {
  const auto query = rollup::Query::parse(R"({"query":1,"of":"members","on":"2020-11-30",
                                              "known_at":1})");
  const auto snapshot = registry_->snapshot();
  EXPECT_TRUE(rollup::run(snapshot.at(day("2020-11-30")), *query).ok());
  EXPECT_EQ(faults_of(rollup::run(snapshot.at(day("2020-12-01")), *query).status()),
            Faults({"400 /on"}));
  EXPECT_EQ(
      faults_of(rollup::run(snapshot.at(day("2020-11-30"), base::kNoCommit), *query).status()),
      Faults({"400 /known_at"}));
  EXPECT_EQ(with(R"("of":"members","known_at":2)"), Faults({"400 /known_at"}));
}

TEST_F(Errors, NamesThatDoNotExist) {
  EXPECT_EQ(with(R"("of":"membres")"), Faults({"109 /of"}));
  EXPECT_EQ(with(R"("of":"members","unit":"CB2")"), Faults({"301 /unit"}));
  EXPECT_EQ(with(R"("of":"members","by":["sx"])"), Faults({"401 /by/0"}));
  EXPECT_EQ(with(R"("of":"members","by":["unit.sx"])"), Faults({"401 /by/0"}));
  EXPECT_EQ(with(R"("of":"members","by":["kind"])"), Faults({"401 /by/0"}));
  EXPECT_EQ(with(R"("of":"members","by":["extra"])"), Faults({"401 /by/0"}));
  EXPECT_EQ(with(R"("of":"units","by":["unit.kind"])"), Faults({"401 /by/0"}));
  EXPECT_EQ(with(R"("of":"meetings","by":["member.sex"])"), Faults({"401 /by/0"}));
  EXPECT_EQ(with(R"("of":"members","where":{"sx":"female"})"), Faults({"401 /where/sx"}));
  EXPECT_EQ(with(R"("of":"meetings","sum":"n")"), Faults({"401 /sum"}));
  EXPECT_EQ(with(R"("of":"members","share":"graded")"), Faults({"401 /share"}));
  EXPECT_EQ(with(R"("of":"members","share":{"of":"x"})"), Faults({"109 /share/of"}));
  EXPECT_EQ(with(R"("of":"units","having":{"of":"meetings","where":{"knd":"x"}})"),
            Faults({"401 /having/where/knd"}));
}

TEST_F(Errors, TheNearestNameIsOffered) {
  const auto query = rollup::Query::parse(R"({"query":1,"of":"members","on":"2020-11-30",
                                              "by":["unit.kid"]})");
  const auto result = rollup::run(registry_->snapshot(), *query);
  const auto problems = base::problems_of(result.status());
  ASSERT_EQ(problems.total(), 1U);
  EXPECT_NE(problems.kept()[0].fix.vi.find("unit.kind"), std::string::npos);
  EXPECT_NE(problems.kept()[0].fix.en.find("unit.kind"), std::string::npos);
  EXPECT_EQ(problems.kept()[0].value, "unit.kid");
}

TEST_F(Errors, Words) {
  EXPECT_EQ(with(R"("of":"members","where":{"sex":"femal"})"), Faults({"202 /where/sex"}));
  EXPECT_EQ(with(R"("of":"members","each":{"kind":["cell","cel"]})"), Faults({"202 /each/kind"}));
  EXPECT_EQ(with(R"("of":"members","each":{"class":"x"})"), Faults({"202 /each/class"}));
  // Unknown in a growing vocabulary: nobody has it.
  EXPECT_EQ(with(R"("of":"members","where":{"ethnicity":"Klingon"})"), Faults());
  EXPECT_EQ(with(R"("of":"members","where":{"unit.parent_id":"X"})"),
            Faults({"301 /where/unit.parent_id"}));
  EXPECT_EQ(with(R"("of":"members","where":{"member_id":"X"})"), Faults({"302 /where/member_id"}));
}

TEST_F(Errors, TypesOfValues) {
  EXPECT_EQ(with(R"("of":"members","where":{"sex":true})"), Faults({"400 /where/sex"}));
  EXPECT_EQ(with(R"("of":"members","where":{"youth_union":"yes"})"),
            Faults({"400 /where/youth_union"}));
  EXPECT_EQ(with(R"("of":"members","where":{"joined_date":"soon"})"),
            Faults({"400 /where/joined_date"}));
  EXPECT_EQ(with(R"("of":"headcounts","where":{"n":"1"})"), Faults({"400 /where/n"}));
  EXPECT_EQ(with(R"("of":"members","where":{"sex":{"not":3}})"), Faults({"400 /where/sex"}));
  EXPECT_EQ(with(R"("of":"evaluations","where":{"subject_id":"M1"})"),
            Faults({"400 /where/subject_id"}));
}

TEST_F(Errors, ColumnsThatCannotGroup) {
  for (const char* name : {"full_name", "birth_date", "member_id", "citizen_id"}) {
    EXPECT_EQ(with(R"("of":"members","by":[")" + std::string(name) + "\"]"), Faults({"400 /by/0"}));
  }
  EXPECT_EQ(with(R"("of":"headcounts","by":["category","n"])"), Faults({"400 /by/1"}));
  EXPECT_EQ(with(R"("of":"evaluations","by":["subject_id"])"), Faults({"400 /by/0"}));
  EXPECT_EQ(with(R"("of":"memberships","each":"all","by":["unit_id"])"), Faults({"400 /by/0"}));
  EXPECT_EQ(with(R"("of":"memberships","by":["unit_id"])"), Faults());
}

TEST_F(Errors, QuestionsThatDoNotFitTheTable) {
  EXPECT_EQ(with(R"("of":"members","period":"2018")"), Faults({"400 /period"}));
  EXPECT_EQ(with(R"("of":"training","period":"spring")"), Faults({"400 /period"}));
  EXPECT_EQ(with(R"("of":"members","sum":"sex")"), Faults({"400 /sum"}));
  EXPECT_EQ(with(R"("of":"documents","unit":"CB1")"), Faults({"400 /unit"}));
  EXPECT_EQ(with(R"("of":"documents","each":"all")"), Faults({"400 /each"}));
  EXPECT_EQ(with(R"("of":"units","having":{"of":"documents"})"), Faults({"400 /having/of"}));
  EXPECT_EQ(with(R"("of":"documents")"), Faults());
}

TEST_F(Errors, SeveralMistakesAtOnce) {
  EXPECT_EQ(with(R"("of":"members","unit":"X","by":["sx","birth_date"],"where":{"sex":"f m"})"),
            Faults({"401 /by/0", "400 /by/1", "301 /unit", "202 /where/sex"}));
}

TEST_F(Errors, ASumOutside64BitsIsAnError) {
  EXPECT_EQ(with(R"("of":"headcounts","sum":"n")"), Faults({"205 /sum"}));
  EXPECT_EQ(with(R"("of":"headcounts","sum":"n","period":"2018-01-01")"), Faults());
  EXPECT_EQ(with(R"("of":"members","share":{"of":"headcounts","sum":"n"})"),
            Faults({"205 /share/sum"}));
}

TEST(ErrorsOfSize, ManyCellsAreRefusedBeforeTheyAreMade) {
  const auto registry = registry::Registry::create();
  std::vector<Cells> units;
  std::vector<Cells> members;
  std::vector<Cells> memberships;
  for (int i = 0; i < 2100; ++i) {
    const std::string number = std::to_string(i);
    units.push_back({{"unit_id", "U" + number}, {"kind", "cell"}});
    if (i != 0) units.back()["parent_id"] = "U0";
    members.push_back({{"member_id", "M" + number}});
    memberships.push_back(
        {{"member_id", "M" + number}, {"unit_id", "U" + number}, {"kind", "home"}});
  }
  commit(*registry, {{"units", units}, {"members", members}, {"memberships", memberships}});
  const std::string head = R"({"query":1,"on":"2020-01-01","of":"members","each":"all","by":[)";
  EXPECT_EQ(faults(*registry, head + R"("membership.unit_id"]})"), Faults({"402 /by"}));
  EXPECT_EQ(faults(*registry, head + R"("membership.unit_id"],"where":{"sex":"male"}})"), Faults());
  // 64 bits do not hold the keys of so many groupings.
  EXPECT_EQ(faults(*registry, head + R"("membership.unit_id","unit.unit_id","unit.parent_id",
                                         "ethnicity","religion","occupation","education","theory",
                                         "degree","sex","status","unit.kind","unit.class",
                                         "unit.sector","membership.in_reason",
                                         "unit.epoch","unit.flags","unit.marking",
                                         "membership.out_reason","membership.kind"]})"),
            Faults({"402 /by"}));
}

}  // namespace

}  // namespace dangbo::test
