#include <gtest/gtest.h>

#include <string>

#include "dangbo/rollup/query.hpp"

namespace dangbo {

namespace {

using rollup::Query;

std::vector<std::string> faults(std::string_view json) {
  std::vector<std::string> out;
  const auto query = Query::parse(json);
  const base::ProblemList problems = base::problems_of(query.status());
  for (const base::Problem& problem : problems.kept()) {
    EXPECT_EQ(problem.code, base::ProblemCode::kBadQuery);
    EXPECT_FALSE(problem.reason.vi.empty() || problem.reason.en.empty());
    out.push_back(problem.place.column);
  }
  return out;
}

std::string canonical(std::string_view json) {
  const auto query = Query::parse(json);
  EXPECT_TRUE(query.ok()) << query.status();
  return query.ok() ? query->to_json() : std::string();
}

using Pointers = std::vector<std::string>;

TEST(ParseQuery, CanonicalFormHasTheManualsOrderAndNoDefaults) {
  EXPECT_EQ(canonical(R"({"where":{"unit.kind":["cell"],"sex":"F"},"scope":"below","of":"members",
                          "by":["sex"],"each":"children","unit":"K","on":"30/11/2020","query":1})"),
            R"({"query":1,"of":"members","on":"2020-11-30","unit":"K","each":"children",)"
            R"("by":["sex"],"where":{"sex":"F","unit.kind":"cell"}})");
}

TEST(ParseQuery, CanonicalFormIsItsOwnCanonicalForm) {
  const std::vector<std::string> documents = {
      R"({"query":1,"of":"units"})",
      R"({"query":1,"of":"units","having":{"of":"meetings","at_least":2,"scope":"own",
          "period":{"from":"2017-01","until":"2017-10-01"},"where":{"kind":{"not":["regular"]}}}})",
      R"({"query":1,"of":"admissions","dated_by":"decision","period":"2018","known_at":3,
          "share":{"of":"plans","sum":"target","where":{"item":"KETNAP"},"period":"2018"}})",
      R"({"query":1,"of":"evaluations","each":{"class":["grassroots","TCCS"]},"share":"graded",
          "where":{"score":[1,-2],"grade":{"missing":false},"x":{"missing":true},"y":false}})",
      R"({"query":1,"of":"members","each":{"level":2},"scope":"own"})",
      R"({"query":1,"of":"members","on":"2020-11-30","structure":"1/7/2021","share":"stock"})"};
  for (const std::string& document : documents) {
    const std::string once = canonical(document);
    EXPECT_EQ(canonical(once), once) << document;
  }
}

TEST(ParseQuery, AStructureIsForMembers) {
  const auto with = [](const std::string& rest) {
    return faults(R"({"query":1,"structure":"2021-07-01",)" + rest + "}");
  };
  EXPECT_EQ(with(R"("of":"members","share":"full")"), Pointers{});
  EXPECT_EQ(with(R"("of":"members","share":{"of":"members","where":{"sex":"F"}})"), Pointers{});
  for (const char* of : {"persons", "units", "memberships", "admissions", "meetings"}) {
    EXPECT_EQ(with(R"("of":")" + std::string(of) + "\""), Pointers{"/structure"}) << of;
  }
  EXPECT_EQ(with(R"("of":"members","share":"units")"), Pointers{"/share"});
  EXPECT_EQ(with(R"("of":"members","share":{"of":"plans","sum":"target"})"), Pointers{"/share/of"});
  EXPECT_EQ(faults(R"({"query":1,"of":"members","structure":"2021-07"})"), Pointers{"/structure"});
  EXPECT_EQ(faults(R"({"query":1,"of":"members","structure":2021})"), Pointers{"/structure"});
  EXPECT_EQ(canonical(R"({"structure":"1/7/2021","of":"members","query":1,"known_at":3})"),
            R"({"query":1,"of":"members","known_at":3,"structure":"2021-07-01"})");
}

TEST(ParseQuery, TextIsNormalised) {
  // "Tày" with a combining grave accent and as one letter.
  EXPECT_EQ(canonical("{\"query\":1,\"of\":\"members\",\"where\":{\"ethnicity\":\"Ta\u0300y\"}}"),
            canonical("{\"query\":1,\"of\":\"members\",\"where\":{\"ethnicity\":\"T\u00e0y\"}}"));
}

TEST(ParseQuery, DayOfTheDocument) {
  EXPECT_EQ(Query::parse(R"({"query":1,"of":"members"})")->on(), std::nullopt);
  EXPECT_EQ(Query::parse(R"({"query":1,"of":"members","on":"2020-02-29"})")->on(),
            time::Date::from_ymd(2020, 2, 29));
}

TEST(ParseQuery, EachMistakeHasItsPlace) {
  EXPECT_EQ(faults(R"([1])"), Pointers({""}));
  EXPECT_EQ(faults(R"({"of":"members"})"), Pointers({"/query"}));
  EXPECT_EQ(faults(R"({"query":2,"of":"members"})"), Pointers({"/query"}));
  EXPECT_EQ(faults(R"({"query":1})"), Pointers({"/of"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"members","wehre":{}})"), Pointers({"/wehre"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"members","a/b~c":1})"), Pointers({"/a~1b~0c"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"members","on":"2020-11"})"), Pointers({"/on"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"members","on":"2021-02-29"})"), Pointers({"/on"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"members","known_at":-1})"), Pointers({"/known_at"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"members","known_at":4294967296})"), Pointers({"/known_at"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"members","scope":"down","unit":"K"})"),
            Pointers({"/scope"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"members","scope":"own"})"), Pointers({"/scope"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"members","each":"child"})"), Pointers({"/each"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"members","each":{"level":1,"kind":"cell"}})"),
            Pointers({"/each"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"members","each":{"level":1.5}})"),
            Pointers({"/each/level"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"members","by":"sex"})"), Pointers({"/by"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"members","by":["sex","sex",3]})"),
            Pointers({"/by/1", "/by/2"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"persons","sum":"n"})"), Pointers({"/sum"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"members","dated_by":"decision"})"), Pointers({"/dated_by"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"admissions","dated_by":"birth"})"), Pointers({"/dated_by"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"meetings","period":{}})"), Pointers({"/period"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"meetings","period":{"from":"x","untl":1}})"),
            Pointers({"/period/from", "/period/untl"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"meetings","period":{"from":"2018","until":"2018-01"}})"),
            Pointers({"/period/until"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"members","having":{"of":"meetings"}})"),
            Pointers({"/having"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"units","having":{"at_least":0}})"),
            Pointers({"/having/at_least", "/having/of"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"members","share":"all"})"), Pointers({"/share"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"members","share":{"of":"units","on":"2020-01-01"}})"),
            Pointers({"/share/on"}));
}

TEST(ParseQuery, ConditionsHaveValues) {
  const auto where = [](const std::string& value) {
    return faults(R"({"query":1,"of":"members","where":{"sex":)" + value + "}}");
  };
  EXPECT_EQ(where("null"), Pointers({"/where/sex"}));
  EXPECT_EQ(where("1.5"), Pointers({"/where/sex"}));
  EXPECT_EQ(where("9223372036854775808"), Pointers({"/where/sex"}));
  EXPECT_EQ(where("[]"), Pointers({"/where/sex"}));
  EXPECT_EQ(where("[\"female\",[]]"), Pointers({"/where/sex/1"}));
  EXPECT_EQ(where("{}"), Pointers({"/where/sex"}));
  EXPECT_EQ(where(R"({"missing":true,"not":"male"})"), Pointers({"/where/sex"}));
  EXPECT_EQ(where(R"({"missing":1})"), Pointers({"/where/sex/missing"}));
  EXPECT_EQ(where(R"({"not":null})"), Pointers({"/where/sex/not"}));
  EXPECT_EQ(where("9223372036854775807"), Pointers());
}

TEST(ParseQuery, AKeyTwiceIsRefusedWhereverItStands) {
  EXPECT_EQ(faults(R"({"query":1,"of":"members","of":"units"})"), Pointers({"/of"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"members","where":{"sex":"female","sex":"male"}})"),
            Pointers({"/where/sex"}));
  EXPECT_EQ(faults(R"({"query":1,"of":"units","having":{"of":"members","where":{"a":1,"a":1}}})"),
            Pointers({"/having/where/a"}));
  // The same key in two objects is no repetition.
  EXPECT_EQ(faults(R"({"query":1,"of":"units","where":{"kind":"cell"},
                       "having":{"of":"meetings","where":{"kind":"regular"}}})"),
            Pointers());
}

TEST(ParseQuery, BrokenJsonTellsTheByte) {
  for (const std::string_view json : {"", "{", "{\"query\":1,}", "{\"query\":1} x",
                                      "{\"query\":01}", "\xFF", "nul", "{\"a\":\"\xC3\"}"}) {
    const auto query = Query::parse(json);
    ASSERT_FALSE(query.ok()) << json;
    const auto problems = base::problems_of(query.status());
    ASSERT_EQ(problems.total(), 1U);
    EXPECT_EQ(problems.kept()[0].place.column, "");
    EXPECT_NE(problems.kept()[0].reason.en.find("byte"), std::string::npos);
  }
}

TEST(ParseQuery, NestingIsLimitedBeforeParsing) {
  const auto nested = [](std::size_t depth) {
    std::string json = R"({"query":1,"of":"members","where":{"sex":)";
    json += std::string(depth - 2, '[') + "\"male\"" + std::string(depth - 2, ']') + "}}";
    return faults(json);
  };
  EXPECT_EQ(nested(32), Pointers({"/where/sex/0"}));
  EXPECT_EQ(nested(33), Pointers({""}));
  EXPECT_EQ(nested(500'000), Pointers({""}));
  // Brackets inside texts do not nest.
  EXPECT_TRUE(Query::parse(R"({"query":1,"of":"members","where":{"sex":")" + std::string(99, '[') +
                           "\\\"" + std::string(99, '{') + "\"}}")
                  .ok());
}

TEST(ParseQuery, ALongDocumentIsRefused) {
  EXPECT_EQ(faults("{\"query\":1,\"of\":\"" + std::string(1U << 20, 'x') + "\"}"), Pointers({""}));
}

}  // namespace

}  // namespace dangbo
