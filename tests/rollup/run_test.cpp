#include <gtest/gtest.h>

#include "rollup/fixture.hpp"

namespace dangbo::test {

namespace {

std::vector<std::string> body(const Lines& lines) {
  std::vector<std::string> out;
  for (std::size_t row = 1; row < lines.size(); ++row) {
    std::string text;
    for (std::size_t c = 0; c < lines[row].size(); ++c) {
      text += (c == 0 ? "" : "|") + lines[row][c];
    }
    out.push_back(std::move(text));
  }
  return out;
}

// The first row, when there is one only.
std::string line(const Lines& lines) {
  const std::vector<std::string> rows = body(lines);
  return rows.size() == 1 ? rows.front() : std::to_string(rows.size()) + " rows";
}

using Body = std::vector<std::string>;

std::string question(const std::string& on, const std::string& rest) {
  return R"({"query":1,"on":")" + on + "\"," + rest + "}";
}

std::vector<std::string> notes_of(const table::Table& table) {
  std::vector<std::string> out;
  for (const auto& note : table.provenance().notes) {
    EXPECT_FALSE(note.vi.empty());
    out.push_back(note.en);
  }
  return out;
}

// K is the bloc; A and B stand below it, A1 below A until 2020-06-30 and below B from 2020-07-01;
// C closes on 2020-03-01.
std::vector<Cells> units() {
  return {{{"unit_id", "K"}, {"kind", "bloc"}, {"name", "Đảng bộ Khối Ví dụ"}},
          {{"unit_id", "A"}, {"kind", "grassroots_committee"}, {"parent_id", "K"}},
          {{"unit_id", "B"}, {"kind", "grassroots_committee"}, {"parent_id", "K"}},
          {{"unit_id", "A1"}, {"kind", "cell"}, {"parent_id", "A"}, {"until", "2020-07-01"}},
          {{"unit_id", "A1"}, {"kind", "cell"}, {"parent_id", "B"}, {"from", "2020-07-01"}},
          {{"unit_id", "C"}, {"kind", "cell"}, {"parent_id", "A"}, {"until", "2020-03-01"}}};
}

Cells member(const std::string& key, Cells more = {}) {
  more["member_id"] = key;
  return more;
}

Cells home(const std::string& key, const std::string& unit, const std::string& from = "",
           const std::string& until = "") {
  Cells cells = {{"member_id", key}, {"unit_id", unit}, {"kind", "home"}};
  if (!from.empty()) cells["from"] = from;
  if (!until.empty()) cells["until"] = until;
  return cells;
}

class Run : public ::testing::Test {
 protected:
  void load(const std::vector<std::pair<std::string, std::vector<Cells>>>& tables) {
    registry_ = registry::Registry::create();
    commit(*registry_, {{"units", units()}});
    commit(*registry_, tables);
  }
  Lines at(const std::string& on, const std::string& rest) const {
    return ask(*registry_, question(on, rest));
  }
  std::string count(const std::string& on, const std::string& rest) const {
    return line(at(on, rest));
  }
  std::unique_ptr<registry::Registry> registry_;
};

TEST_F(Run, TheDayAPersonLeavesIsTheFirstNotCounted) {
  load({{"members", {member("M1")}},
        {"memberships", {home("M1", "A1", "2018-02-01", "2018-03-01")}}});
  EXPECT_EQ(count("2018-01-31", R"("of":"members")"), "0");
  EXPECT_EQ(count("2018-02-01", R"("of":"members")"), "1");
  EXPECT_EQ(count("2018-02-28", R"("of":"members")"), "1");
  EXPECT_EQ(count("2018-03-01", R"("of":"members")"), "0");
}

TEST_F(Run, TheTreeIsThatOfTheDay) {
  load({{"members", {member("M1")}}, {"memberships", {home("M1", "A1")}}});
  const std::string of = R"("of":"members","unit":"K","each":"children")";
  EXPECT_EQ(body(at("2020-06-30", of)), Body({"A||1", "B||0"}));
  EXPECT_EQ(body(at("2020-07-01", of)), Body({"A||0", "B||1"}));
  EXPECT_EQ(count("2020-07-01", R"("of":"members","unit":"A")"), "0");
  EXPECT_EQ(count("2020-07-01", R"("of":"members","unit":"B")"), "1");
  EXPECT_EQ(count("2020-07-01", R"("of":"members","unit":"B","scope":"own")"), "0");
}

TEST_F(Run, AnUnitNotInForceCountsNothingAndSaysSo) {
  load({{"members", {member("M1")}}, {"memberships", {home("M1", "C")}}});
  const auto before = ask_table(*registry_, question("2020-02-29", R"("of":"members","unit":"C")"));
  EXPECT_EQ(body(lines_of(before)), Body({"1"}));
  EXPECT_EQ(notes_of(before), Body());
  const auto after = ask_table(*registry_, question("2020-03-01", R"("of":"members","unit":"C")"));
  EXPECT_EQ(body(lines_of(after)), Body({"0"}));
  ASSERT_EQ(after.provenance().notes.size(), 2U);
  EXPECT_EQ(after.provenance().notes[0].en, "not in force");
  EXPECT_EQ(after.provenance().notes[1].en.substr(0, 2), "1 ");
  EXPECT_EQ(count("2020-03-01", R"("of":"members")"), "0");
  EXPECT_EQ(body(at("2020-03-01", R"("of":"members","unit":"C","each":"all")")), Body());
}

TEST_F(Run, EmptyUnitsAreKept) {
  load({{"members", {member("M1", {{"sex", "male"}})}}, {"memberships", {home("M1", "B")}}});
  EXPECT_EQ(body(at("2020-01-01", R"("of":"members","each":{"kind":"CB"})")),
            Body({"A1||0", "C||0"}));
  EXPECT_EQ(body(at("2020-01-01", R"("of":"members","each":{"level":1},"by":["sex"])")),
            Body({"A||male|0", "B||male|1"}));
  // No group was met at all: the missing one says so for every unit.
  EXPECT_EQ(body(at("2020-01-01", R"("of":"members","unit":"A","each":"children","by":["sex"])")),
            Body({"A1|||0", "C|||0"}));
  EXPECT_EQ(body(at("2020-01-01", R"("of":"members","unit":"A","by":["sex"])")), Body());
}

TEST_F(Run, LevelsCountFromTheRootOfTheScope) {
  load({{"members", {member("M1")}}, {"memberships", {home("M1", "A1")}}});
  EXPECT_EQ(body(at("2020-01-01", R"("of":"members","each":{"level":0})")),
            Body({"K|Đảng bộ Khối Ví dụ|1"}));
  EXPECT_EQ(body(at("2020-01-01", R"("of":"members","each":"children")")),
            Body({"K|Đảng bộ Khối Ví dụ|1"}));
  EXPECT_EQ(body(at("2020-01-01", R"("of":"members","unit":"A","each":{"level":0})")),
            Body({"A||1"}));
  EXPECT_EQ(body(at("2020-01-01", R"("of":"members","unit":"A","each":{"level":1})")),
            Body({"A1||1", "C||0"}));
  EXPECT_EQ(body(at("2020-01-01", R"("of":"members","each":{"level":7})")), Body());
}

TEST_F(Run, StandingFollowsTheDates) {
  load({{"members",
         {member("M1", {{"joined_date", "2019-05-10"}, {"full_date", "2020-05-10"}}),
          member("M2", {{"joined_date", "2019"}, {"full_date", "2020-05"}}), member("M3"),
          member("M4", {{"full_date", "2020-05-10"}})}},
        {"memberships", {home("M1", "A"), home("M2", "B"), home("M3", "A1"), home("M4", "K")}}});
  const auto standing = [&](const std::string& on, const std::string& unit) {
    return line(at(on, R"("of":"members","scope":"own","by":["standing"],"unit":")" + unit + "\""));
  };
  EXPECT_EQ(standing("2019-05-09", "A"), "|1");
  EXPECT_EQ(standing("2019-05-10", "A"), "probationary|1");
  EXPECT_EQ(standing("2020-05-09", "A"), "probationary|1");
  EXPECT_EQ(standing("2020-05-10", "A"), "full|1");
  EXPECT_EQ(standing("2019-12-30", "B"), "|1");  // joined some day of 2019, not surely yet
  EXPECT_EQ(standing("2019-12-31", "B"), "probationary|1");
  EXPECT_EQ(standing("2020-04-30", "B"), "probationary|1");
  EXPECT_EQ(standing("2020-05-01", "B"), "|1");
  EXPECT_EQ(standing("2020-05-30", "B"), "|1");
  EXPECT_EQ(standing("2020-05-31", "B"), "full|1");
  EXPECT_EQ(standing("2020-05-31", "A1"), "|1");
  EXPECT_EQ(standing("2020-05-09", "K"), "probationary|1");
  EXPECT_EQ(standing("2020-05-10", "K"), "full|1");
}

TEST_F(Run, AMissingValueNeverMatches) {
  load({{"members",
         {member("M1", {{"ethnicity", "Kinh"}, {"youth_union", "true"}}),
          member("M2", {{"ethnicity", "Tày"}, {"youth_union", "false"}}), member("M3")}},
        {"memberships", {home("M1", "A"), home("M2", "A"), home("M3", "A")}}});
  const auto where = [&](const std::string& condition) {
    return count("2020-01-01", R"("of":"members","where":{)" + condition + "}");
  };
  EXPECT_EQ(where(R"("ethnicity":"Kinh")"), "1");
  EXPECT_EQ(where(R"("ethnicity":{"not":"Kinh"})"), "1");
  EXPECT_EQ(where(R"("ethnicity":{"not":"Nobody"})"), "2");
  EXPECT_EQ(where(R"("ethnicity":"Nobody")"), "0");
  EXPECT_EQ(where(R"("ethnicity":{"missing":true})"), "1");
  EXPECT_EQ(where(R"("ethnicity":{"missing":false})"), "2");
  EXPECT_EQ(where(R"("youth_union":true)"), "1");
  EXPECT_EQ(where(R"("youth_union":{"not":true})"), "1");
  EXPECT_EQ(where(R"("youth_union":[true,false])"), "2");
  EXPECT_EQ(where(R"("member_id":["M1","M3"])"), "2");
  EXPECT_EQ(body(at("2020-01-01", R"("of":"members","by":["youth_union","ethnicity"])")),
            Body({"false|Tày|1", "true|Kinh|1", "||1"}));
}

TEST_F(Run, WordsAreFoundByIdCodeAndVietnameseName) {
  load({{"members", {member("M1", {{"sex", "F"}})}}, {"memberships", {home("M1", "A1")}}});
  for (const char* word : {"female", "F", "nữ", "NỮ"}) {
    EXPECT_EQ(count("2020-01-01", R"("of":"members","where":{"sex":")" + std::string(word) + "\"}"),
              "1");
  }
  EXPECT_EQ(count("2020-01-01", R"("of":"members","where":{"unit.kind":"chi bộ"})"), "1");
}

TEST_F(Run, PersonsAreCountedOnceHoweverManyRows) {
  load({{"members", {member("M1", {{"sex", "male"}}), member("M2")}},
        {"memberships",
         {home("M1", "A1"),
          home("M2", "B"),
          {{"member_id", "M1"}, {"unit_id", "B"}, {"kind", "temporary"}},
          {{"member_id", "M1"}, {"unit_id", "A"}, {"kind", "temporary"}}}}});
  EXPECT_EQ(count("2020-01-01", R"("of":"memberships")"), "4");
  EXPECT_EQ(count("2020-01-01", R"("of":"members")"), "2");
  EXPECT_EQ(count("2020-01-01", R"("of":"persons")"), "2");
  EXPECT_EQ(body(at("2020-01-01", R"("of":"persons","each":"all")")),
            Body({"A||1", "A1||1", "B||2", "C||0", "K|Đảng bộ Khối Ví dụ|2"}));
  const auto grouped =
      ask_table(*registry_, question("2020-01-01", R"("of":"persons","by":["unit.kind"])"));
  EXPECT_EQ(body(lines_of(grouped)), Body({"cell|1", "grassroots_committee|2"}));
  ASSERT_EQ(grouped.provenance().notes.size(), 1U);
}

TEST_F(Run, UnitsWithBelowIncludeTheUnitItself) {
  load({{"members", {member("M1")}}});
  EXPECT_EQ(count("2020-01-01", R"("of":"units")"), "5");
  EXPECT_EQ(count("2020-01-01", R"("of":"units","unit":"A")"), "3");
  EXPECT_EQ(count("2020-01-01", R"("of":"units","unit":"A","scope":"own")"), "1");
  EXPECT_EQ(count("2020-03-01", R"("of":"units","unit":"A")"), "2");
}

TEST_F(Run, EventsCountUnderTheTreeOfTheirOwnDay) {
  load({{"members", {member("M1")}},
        {"training",
         {{{"event_id", "E1"}, {"kind", "class"}, {"unit_id", "A1"}, {"date", "2020-06-30"}},
          {{"event_id", "E2"}, {"kind", "class"}, {"unit_id", "A1"}, {"date", "2020-07-01"}},
          {{"event_id", "E3"}, {"kind", "class"}, {"unit_id", "C"}, {"date", "2020-02-29"}},
          {{"event_id", "E4"}, {"kind", "class"}, {"unit_id", "C"}, {"date", "2020-03-01"}}}}});
  EXPECT_EQ(body(at("2020-12-31", R"("of":"training","each":"all")")),
            Body({"A||2", "A1||2", "B||1", "K|Đảng bộ Khối Ví dụ|3"}));
  const auto range = [&](const std::string& period) {
    return count("2020-12-31", R"("of":"training","period":)" + period);
  };
  EXPECT_EQ(range(R"({"from":"2020-06-30","until":"2020-07-01"})"), "1");
  EXPECT_EQ(range(R"({"from":"2020-07-01"})"), "1");
  EXPECT_EQ(range(R"({"until":"2020-07"})"), "2");
  EXPECT_EQ(range(R"("2020Q2")"), "1");
  EXPECT_EQ(range(R"("2020H1")"), "2");
  EXPECT_EQ(range(R"("2020-02-29")"), "1");
  EXPECT_EQ(range(R"("2020")"), "3");
  EXPECT_EQ(range(R"("2015-2020")"), "3");
  EXPECT_EQ(range(R"("2021")"), "0");
}

TEST_F(Run, AnEventOfAUnitThatHasClosedSinceIsStillItsOwn) {
  load({{"members", {member("M1")}},
        {"training",
         {{{"event_id", "E1"}, {"kind", "class"}, {"unit_id", "C"}, {"date", "2020-02-01"}}}}});
  const auto result =
      ask_table(*registry_, question("2020-12-31", R"("of":"training","unit":"C")"));
  EXPECT_EQ(body(lines_of(result)), Body({"1"}));
  EXPECT_EQ(notes_of(result), Body({"not in force"}));
}

TEST_F(Run, APeriodRowLiesInsideTheRange) {
  load({{"members", {member("M1")}},
        {"meetings",
         {{{"unit_id", "A1"}, {"month", "2017-01"}, {"kind", "regular"}},
          {{"unit_id", "A1"}, {"month", "2017-09"}, {"kind", "regular"}},
          {{"unit_id", "A1"}, {"month", "2017-10"}, {"kind", "thematic"}}}}});
  const auto with = [&](const std::string& period) {
    return count("2020-12-31", R"("of":"meetings","period":)" + period);
  };
  EXPECT_EQ(with(R"({"from":"2017-01-01","until":"2017-10-01"})"), "2");
  EXPECT_EQ(with(R"({"from":"2017-01-02","until":"2017-09-30"})"), "0");
  EXPECT_EQ(with(R"({"from":"2017-01","until":"2017-11"})"), "3");
  EXPECT_EQ(with(R"("2017-09")"), "1");
  EXPECT_EQ(with(R"("2017")"), "0");
  EXPECT_EQ(body(at("2020-12-31", R"("of":"meetings","by":["month"])")),
            Body({"2017-01|1", "2017-09|1", "2017-10|1"}));
}

TEST_F(Run, APeriodTableStandsInTheTreeOfTheEarlierDay) {
  load({{"members", {member("M1")}},
        {"meetings",
         {{{"unit_id", "A1"}, {"month", "2020-06"}, {"kind", "regular"}},
          {{"unit_id", "A1"}, {"month", "2020-07"}, {"kind", "regular"}}}}});
  EXPECT_EQ(body(at("2020-12-31", R"("of":"meetings","unit":"K","each":"children")")),
            Body({"A||1", "B||1"}));
  // Asked on a day before the month is over: the tree of that day.
  EXPECT_EQ(body(at("2020-06-15", R"("of":"meetings","unit":"K","each":"children")")),
            Body({"A||2", "B||0"}));
}

TEST_F(Run, AdmissionsByCeremonyOrDecision) {
  Cells first = home("M1", "A1", "2018-05-20");
  Cells second = home("M2", "A1", "2018-12-31");
  Cells third = home("M3", "A1");
  for (Cells* row : {&first, &second, &third}) (*row)["in_reason"] = "admission";
  load({{"members",
         {member("M1", {{"joined_date", "2018-05-19"}, {"decision_date", "2017-12-31"}}),
          member("M2"), member("M3"), member("M4", {{"joined_date", "2018-01-01"}})}},
        {"memberships", {first, second, third, home("M4", "A1", "2018-01-01")}}});
  const auto result =
      ask_table(*registry_, question("2018-12-31", R"("of":"admissions","period":"2018")"));
  EXPECT_EQ(body(lines_of(result)), Body({"2"}));
  ASSERT_EQ(result.provenance().notes.size(), 2U);
  EXPECT_EQ(result.provenance().notes[0].en.substr(0, 2), "1 ");  // M3 has no day at all
  EXPECT_EQ(result.provenance().notes[1].en.substr(0, 2), "1 ");  // M2 by its row
  const std::string decision = R"("of":"admissions","dated_by":"decision","period":)";
  EXPECT_EQ(count("2018-12-31", decision + R"("2018")"), "1");
  EXPECT_EQ(count("2018-12-31", decision + R"("2017")"), "1");
  EXPECT_EQ(count("2018-12-31", R"("of":"admissions","period":{"until":"2018-12-31"})"), "1");
}

TEST_F(Run, EvaluationsStandWhereTheirSubjectIsOnTheAskedDay) {
  const auto graded = [](const char* type, const char* key, const char* grade) {
    Cells cells = {
        {"subject_type", type}, {"subject_id", key}, {"period", "2018"}, {"regime", "r2018"}};
    if (*grade != 0) cells["grade"] = grade;
    return cells;
  };
  load({{"members", {member("M1"), member("M2"), member("M3")}},
        {"memberships",
         {home("M1", "A", "", "2019-06-01"), home("M1", "B", "2019-06-01"), home("M2", "A"),
          home("M3", "A")}},
        {"evaluations",
         {graded("member", "M1", "excellent"), graded("member", "M2", "good"),
          graded("member", "M3", ""), graded("unit", "A", "good")}}});
  const std::string members = R"("of":"evaluations","where":{"subject_type":"member"},)";
  EXPECT_EQ(body(at("2019-05-31", members + R"("unit":"K","each":"children")")),
            Body({"A||3", "B||0"}));
  EXPECT_EQ(body(at("2019-06-01", members + R"("unit":"K","each":"children")")),
            Body({"A||2", "B||1"}));
  EXPECT_EQ(count("2019-06-01", R"("of":"evaluations","where":{"subject_type":"unit"})"), "1");
  EXPECT_EQ(body(at("2019-05-31", members + R"("by":["grade"],"share":"graded")")),
            Body({"excellent|1|2|50", "good|1|2|50", "|1|2|50"}));
  EXPECT_EQ(count("2019-05-31",
                  R"("of":"evaluations","where":{"subject_type":"member","grade":"excellent"},
                     "share":"good")"),
            "1|1|100");
}

TEST_F(Run, SharesRoundHalfAwayFromZeroAndHaveNoBaseOfNothing) {
  std::vector<Cells> members;
  std::vector<Cells> memberships;
  for (int i = 0; i < 8; ++i) {
    const std::string key = "M" + std::to_string(i);
    members.push_back(member(key, {{"sex", i == 0 ? "female" : "male"}}));
    memberships.push_back(home(key, i < 3 ? "A1" : "B"));
  }
  load({{"members", members}, {"memberships", memberships}});
  EXPECT_EQ(count("2020-01-01", R"("of":"members","where":{"sex":"female"},"share":"stock")"),
            "1|8|12.5");
  EXPECT_EQ(body(at("2020-01-01", R"("of":"members","unit":"K","each":"all",
                                     "where":{"sex":"female"},"share":"stock")")),
            Body({"A||1|3|33.33", "A1||1|3|33.33", "B||0|5|0", "C||0|0|",
                  "K|Đảng bộ Khối Ví dụ|1|8|12.5"}));
  EXPECT_EQ(count("2020-01-01", R"("of":"members","unit":"A1","where":{"sex":"male"},
                                   "share":"total")"),
            "2|2|100");
  EXPECT_EQ(count("2020-01-01", R"("of":"members","where":{"sex":"female"},"share":"full")"),
            "1|0|");
}

TEST_F(Run, APlanIsABaseToo) {
  Cells first = home("M1", "A1", "2018-05-20");
  first["in_reason"] = "admission";
  load({{"members", {member("M1")}},
        {"memberships", {first}},
        {"plans",
         {{{"unit_id", "A"}, {"year", "2018"}, {"item", "KETNAP"}, {"target", "3"}},
          {{"unit_id", "A"}, {"year", "2018"}, {"item", "KHAC"}, {"target", "9"}},
          {{"unit_id", "A"}, {"year", "2019"}, {"item", "KETNAP"}, {"target", "5"}}}}});
  EXPECT_EQ(body(at("2018-12-31", R"("of":"admissions","period":"2018","unit":"K",
      "each":"children",
      "share":{"of":"plans","sum":"target","where":{"item":"KETNAP"},"period":"2018"})")),
            Body({"A||1|3|33.33", "B||0|0|"}));
}

TEST(Having, ThirtyFourOfFiftySixUnitsWithAtLeastOne) {
  const auto registry = registry::Registry::create();
  std::vector<Cells> units = {{{"unit_id", "K"}, {"kind", "bloc"}}};
  std::vector<Cells> meetings;
  for (int i = 0; i < 56; ++i) {
    const std::string key = "CS" + std::to_string(i);
    units.push_back({{"unit_id", key}, {"kind", "grassroots_committee"}, {"parent_id", "K"}});
    units.push_back({{"unit_id", key + "-1"}, {"kind", "cell"}, {"parent_id", key}});
    for (int n = 0; i < 34 && n <= i % 3; ++n) {
      meetings.push_back({{"unit_id", key + "-1"},
                          {"month", "2017-0" + std::to_string(1 + n)},
                          {"kind", "thematic"}});
    }
    meetings.push_back({{"unit_id", key}, {"month", "2017-01"}, {"kind", "regular"}});
  }
  commit(*registry, {{"units", units}, {"meetings", meetings}});
  const auto having = [&](const std::string& more, const std::string& rest = "") {
    return line(ask(
        *registry,
        question("2017-12-31",
                 R"("of":"units","where":{"kind":"grassroots_committee"},"having":{"of":"meetings",
           "where":{"kind":"thematic"},"period":{"from":"2017-01","until":"2018-01"})" +
                     more + "}" + rest)));
  };
  EXPECT_EQ(having("", R"(,"share":"units")"), "34|56|60.71");
  EXPECT_EQ(having(R"(,"at_least":2)"), "22");
  EXPECT_EQ(having(R"(,"at_least":3)"), "11");
  EXPECT_EQ(having(R"(,"at_least":4)"), "0");
  EXPECT_EQ(having(R"(,"scope":"own")"), "0");
}

TEST_F(Run, SumsSkipMissingValuesAndSayHowMany) {
  load({{"members", {member("M1")}},
        {"headcounts",
         {{{"unit_id", "A1"}, {"day", "2018-01-01"}, {"category", "staff"}, {"n", "7"}},
          {{"unit_id", "B"}, {"day", "2018-01-01"}, {"category", "staff"}, {"n", "-2"}},
          {{"unit_id", "B"}, {"day", "2018-01-01"}, {"category", "quota"}, {"n", "40"}}}},
        {"training",
         {{{"event_id", "E1"}, {"kind", "class"}, {"unit_id", "A"}, {"date", "2018-01-01"}},
          {{"event_id", "E2"},
           {"kind", "class"},
           {"unit_id", "A"},
           {"date", "2018-01-01"},
           {"members_n", "5"}}}}});
  EXPECT_EQ(body(at("2018-12-31", R"("of":"headcounts","sum":"n","by":["category"])")),
            Body({"quota|40", "staff|5"}));
  EXPECT_EQ(body(at("2018-12-31", R"("of":"headcounts","sum":"n","where":{"n":[7,40]})")),
            Body({"47"}));
  const auto sum =
      ask_table(*registry_, question("2018-12-31", R"("of":"training","sum":"members_n")"));
  EXPECT_EQ(body(lines_of(sum)), Body({"5"}));
  EXPECT_EQ(notes_of(sum), Body({"1 rows have no value to sum"}));
}

TEST_F(Run, ResultColumnsAreTyped) {
  load({{"members",
         {member("M1", {{"sex", "male"}, {"ethnicity", "Kinh"}, {"youth_union", "true"}})}},
        {"memberships", {home("M1", "A1")}}});
  const auto result =
      ask_table(*registry_, question("2020-01-01", R"("of":"members","each":"all","share":"stock",
                              "by":["sex","ethnicity","youth_union","unit.parent_id"])"));
  const std::vector<std::pair<std::string, table::Type>> expected = {
      {"unit_id", table::Type::kText},     {"name", table::Type::kText},
      {"sex", table::Type::kCode},         {"ethnicity", table::Type::kCode},
      {"youth_union", table::Type::kBool}, {"unit.parent_id", table::Type::kText},
      {"count", table::Type::kInt},        {"base", table::Type::kInt},
      {"percent", table::Type::kReal}};
  ASSERT_EQ(result.column_count(), expected.size());
  for (std::size_t c = 0; c < expected.size(); ++c) {
    EXPECT_EQ(result.column(c).name(), expected[c].first);
    EXPECT_EQ(result.column(c).type(), expected[c].second);
  }
  EXPECT_EQ(*result.column(2).words(), table::Words({"female", "male"}));
  EXPECT_EQ(*result.column(3).words(), table::Words({"Kinh"}));
}

TEST_F(Run, ProvenanceSaysWhatTheFigureRestsOn) {
  load({{"members", {member("M1")}}, {"memberships", {home("M1", "A1")}}});
  const auto result =
      ask_table(*registry_, question("2020-01-01", R"("of":"admissions","unit":"A","scope":"own",
                                            "period":{"from":"2018"},"share":"stock")"));
  const auto& about = result.provenance();
  EXPECT_EQ(about.find("on"), "2020-01-01");
  EXPECT_EQ(about.find("known_at"), "2");
  EXPECT_EQ(about.find("period"), "[2018, …)");
  EXPECT_EQ(about.find("unit"), "A");
  EXPECT_EQ(about.find("scope"), "own");
  EXPECT_EQ(about.find("base"), "stock");
  const auto again = rollup::Query::parse(*about.find("query"));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->to_json(), *about.find("query"));
  EXPECT_EQ(
      ask_table(*registry_, question("2020-01-01", R"("of":"members")")).provenance().find("scope"),
      "with below");
}

TEST_F(Run, EarlierKnowledge) {
  load({{"members", {member("M1")}}, {"memberships", {home("M1", "A1")}}});
  EXPECT_EQ(count("2020-01-01", R"("of":"members","known_at":1)"), "0");
  EXPECT_EQ(count("2020-01-01", R"("of":"members","known_at":2)"), "1");
}

TEST_F(Run, TreeInPreOrderWithStock) {
  load({{"members", {member("M1"), member("M2")}},
        {"memberships", {home("M1", "A1"), home("M2", "A")}}});
  const auto view = registry_->snapshot().at(day("2020-01-01"));
  const auto all = rollup::tree_table(view, "", 0);
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(body(lines_of(*all)),
            Body({"K|Đảng bộ Khối Ví dụ|bloc|||0|0|2", "A||grassroots_committee||K|1|1|2",
                  "A1||cell||A|2|1|1", "C||cell||A|2|0|0", "B||grassroots_committee||K|1|0|0"}));
  EXPECT_EQ(body(lines_of(*rollup::tree_table(view, "A", 1))),
            Body({"A||grassroots_committee||K|0|1|2"}));
  EXPECT_EQ(lines_of(*rollup::tree_table(view, "", 2)).size(), 4U);
  EXPECT_EQ(faults_of(rollup::tree_table(view, "A2", 0).status()), Body({"301 /unit"}));
  const auto closed = rollup::tree_table(registry_->snapshot().at(day("2020-03-01")), "C", 0);
  EXPECT_EQ(body(lines_of(*closed)), Body());
  EXPECT_EQ(notes_of(*closed), Body({"not in force"}));
}

TEST(EmptyRegistry, CountsNothing) {
  const auto registry = registry::Registry::create();
  EXPECT_EQ(line(ask(*registry, question("2020-01-01", R"("of":"members")"))), "0");
  EXPECT_EQ(body(ask(*registry, question("2020-01-01", R"("of":"units","each":"all")"))), Body());
}

}  // namespace

}  // namespace dangbo::test
