// Answers of other shapes, held against the plain ones: the rows behind a cell are as many as it
// says, several days are the days one by one, two days are either day, the best are the first of
// all, threads change nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "dangbo/rollup/freeze.hpp"
#include "dangbo/table/write.hpp"
#include "rollup/amend.hpp"
#include "rollup/example.hpp"

namespace dangbo::test {

namespace {

using Json = nlohmann::ordered_json;

TwinQuery plain(std::mt19937_64& random, const Amended& amended) {
  TwinQuery question = make_query(random, amended.history);
  question.known_at = amended.commits;
  question.share.clear();
  question.having.reset();
  question.ask.sum.clear();
  return question;
}

Amended amended_history(std::mt19937_64& random) {
  Amended made = load(make_history(random));
  amend(random, made, 5);
  return made;
}

TEST(Shapes, RowsBehindACellAreAsManyAsItSays) {
  std::mt19937_64 random(7);
  int rows = 0;
  for (int h = 0; h < 10; ++h) {
    const Amended amended = amended_history(random);
    for (int q = 0; q < 60; ++q) {
      const TwinQuery question = plain(random, amended);
      const std::string text = to_json(question);
      const Lines lines = ask(*amended.registry, text);
      if (lines.size() < 2) continue;
      const auto& line = lines[1 + random() % (lines.size() - 1)];
      Json document = Json::parse(text);
      document["rows"] = Json::object();
      for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        if (lines[0][i] == "name") continue;
        document["rows"][lines[0][i]] = line[i].empty() ? Json(nullptr) : Json(line[i]);
      }
      const Lines behind = ask(*amended.registry, document.dump());
      ASSERT_EQ(std::to_string(behind.size() - 1), line.back()) << document.dump();
      rows += static_cast<int>(behind.size()) - 1;
    }
  }
  EXPECT_GT(rows, 300);
}

TEST(Shapes, SeveralDaysAreTheDaysOneByOne) {
  std::mt19937_64 random(8);
  for (int h = 0; h < 8; ++h) {
    const Amended amended = amended_history(random);
    for (int q = 0; q < 25; ++q) {
      const TwinQuery question = plain(random, amended);
      Json document = Json::parse(to_json(question));
      Lines expected;
      const std::vector<std::string> days = {"2016-12-31", "2017-06-30", "2019-02-28"};
      for (const std::string& day : days) {
        document["on"] = day;
        Lines one = ask(*amended.registry, document.dump());
        for (std::size_t i = 0; i < one.size(); ++i)
          one[i].insert(one[i].begin(), i == 0 ? "on" : day);
        expected.insert(expected.end(), one.begin() + (expected.empty() ? 0 : 1), one.end());
      }
      document["on"] = days;
      ASSERT_EQ(ask(*amended.registry, document.dump()), expected) << document.dump();
    }
  }
}

// before and after of every row are what each day answers for its unit and group alone.
TEST(Shapes, TwoDaysAreEitherDayAndWhoCameAndWent) {
  std::mt19937_64 random(9);
  int moved = 0;
  for (int h = 0; h < 16; ++h) {
    const Amended amended = amended_history(random);
    for (int q = 0; q < 25; ++q) {
      TwinQuery question = plain(random, amended);
      if (question.ask.of != "members") continue;
      Json document = Json::parse(to_json(question));
      const std::string early = "2016-11-30";
      const std::string late = "2018-06-30";
      document["on"] = late;
      document["compare"] = early;
      const Lines found = ask(*amended.registry, document.dump());
      document.erase("compare");
      const std::size_t groups = question.by.size();
      std::map<std::pair<std::string, std::string>, std::map<std::vector<std::string>, int>>
          plain_of;
      for (std::size_t i = 1; i < found.size(); ++i) {
        const auto& line = found[i];
        const std::string unit = question.each.empty() ? question.unit : line[0];
        const std::size_t first = question.each.empty() ? 0 : 2;
        const std::vector<std::string> group(
            line.begin() + static_cast<std::ptrdiff_t>(first),
            line.begin() + static_cast<std::ptrdiff_t>(first + groups));
        const auto figure = [&](const std::string& day) {
          const auto [at, is_new] = plain_of.try_emplace({unit, day});
          if (is_new) {
            Json one = document;
            one.erase("each");
            if (!unit.empty()) one["unit"] = unit;
            one["on"] = day;
            const Lines lines = ask(*amended.registry, one.dump());
            for (std::size_t k = 1; k < lines.size(); ++k) {
              const std::vector<std::string> key(lines[k].begin(), lines[k].end() - 1);
              at->second[key] = std::stoi(lines[k].back());
            }
          }
          const auto cell = at->second.find(group);
          return cell == at->second.end() ? 0 : cell->second;
        };
        const std::size_t n = line.size();
        const int before = std::stoi(line[n - 4]);
        const int in = std::stoi(line[n - 3]);
        const int out = std::stoi(line[n - 2]);
        const int after = std::stoi(line[n - 1]);
        ASSERT_EQ(before + in - out, after) << document.dump();
        ASSERT_EQ(before, figure(early)) << document.dump();
        ASSERT_EQ(after, figure(late)) << document.dump();
        moved += in + out;
      }
    }
  }
  EXPECT_GT(moved, 100);
}

TEST(Shapes, TheBestAreTheFirstOfAll) {
  std::mt19937_64 random(10);
  for (int h = 0; h < 6; ++h) {
    const Amended amended = amended_history(random);
    for (int q = 0; q < 25; ++q) {
      TwinQuery question = plain(random, amended);
      question.each = "all";
      Json document = Json::parse(to_json(question));
      Lines all = ask(*amended.registry, document.dump());
      const bool top = q % 2 == 0;
      document[top ? "top" : "bottom"] = 3;
      std::stable_sort(all.begin() + 1, all.end(), [&](const auto& a, const auto& b) {
        const int left = std::stoi(a.back());
        const int right = std::stoi(b.back());
        return top ? left > right : left < right;
      });
      if (all.size() > 4) all.resize(4);
      ASSERT_EQ(ask(*amended.registry, document.dump()), all) << document.dump();
    }
  }
}

TEST(Shapes, TheBestByTheirShare) {
  const auto registry = example();
  EXPECT_EQ(ask(*registry, R"({"query":1,"of":"members","on":"2020-11-29","unit":"K","each":"all",
                               "where":{"sex":"female"},"share":"total",
                               "top":{"count":2,"by":"percent"}})"),
            (Lines{{"unit_id", "name", "count", "base", "percent"},
                   {"CB1", "Chi bộ Văn phòng", "1", "1", "100"},
                   {"CB2", "Chi bộ Trạm Gió", "1", "1", "100"}}));
  EXPECT_EQ(ask(*registry, R"({"query":1,"of":"members","on":"2020-11-29","unit":"K","each":"all",
                               "where":{"sex":"female"},"share":"stock",
                               "bottom":{"count":2,"by":"percent"}})"),
            (Lines{{"unit_id", "name", "count", "base", "percent"},
                   {"CB1", "Chi bộ Văn phòng", "1", "2", "50"},
                   {"CS2", "Chi bộ Báo Sương", "1", "2", "50"}}));
}

TEST(Shapes, ThreadsChangeNothing) {
  std::mt19937_64 random(11);
  const Amended amended = amended_history(random);
  for (int q = 0; q < 40; ++q) {
    const auto query = rollup::Query::parse(to_json(plain(random, amended)));
    ASSERT_TRUE(query.ok()) << query.status();
    rollup::RunOptions options;
    const auto one = rollup::run(amended.registry->snapshot(), *query, options);
    ASSERT_TRUE(one.ok()) << one.status();
    for (const unsigned threads : {2U, 3U, 16U}) {
      options.threads = threads;
      const auto many = rollup::run(amended.registry->snapshot(), *query, options);
      ASSERT_TRUE(many.ok()) << many.status();
      EXPECT_EQ(table::to_csv(*one), table::to_csv(*many)) << query->to_json();
      EXPECT_EQ(one->provenance().facts, many->provenance().facts);
    }
  }
}

TEST(Shapes, AQueryStopsWhenToldTo) {
  const auto registry = example();
  for (const char* text : {R"({"query":1,"of":"members","on":"2020-11-29","by":["sex"]})",
                           R"({"query":1,"of":"meetings","on":"2020-11-29","by":["month"]})",
                           R"({"query":1,"of":"members","on":"2020-11-29","compare":"2020-01-01"})",
                           R"({"query":1,"of":"members","on":["2020-11-29","2020-12-31"]})",
                           R"({"query":1,"of":"members","on":"2020-11-29","rows":{}})"}) {
    const auto query = rollup::Query::parse(text);
    ASSERT_TRUE(query.ok()) << query.status();
    for (int round = 0; round < 3; ++round) {  // before and after memberships are laid out
      int calls = 0;
      rollup::RunOptions options;
      options.progress = [&](double done) {
        EXPECT_GE(done, 0);
        EXPECT_LE(done, 1);
        ++calls;
        return false;
      };
      EXPECT_EQ(rollup::run(registry->snapshot(), *query, options).status().code(),
                absl::StatusCode::kCancelled)
          << text;
      EXPECT_EQ(calls, 1) << text;
    }
  }
}

TEST(Shapes, WhoMaySeeCountsOnlySeesNoRows) {
  const auto registry = example();
  const auto query = rollup::Query::parse(
      R"({"query":1,"of":"members","on":"2020-11-29","by":["sex"],"rows":{"sex":"female"}})");
  ASSERT_TRUE(query.ok()) << query.status();
  rollup::RunOptions options;
  options.counts_only = true;
  const auto counted = rollup::run(registry->snapshot(), *query, options);
  ASSERT_TRUE(counted.ok()) << counted.status();
  EXPECT_EQ(lines_of(*counted), (Lines{{"count"}, {"3"}}));
}

TEST(Shapes, MistakesAreNamed) {
  const auto registry = example();
  const auto found = [&](const std::string& rest) {
    return faults(*registry, R"({"query":1,"of":"members","on":"2020-11-29",)" + rest + "}");
  };
  using Faults = std::vector<std::string>;
  EXPECT_EQ(found(R"("sum":"full_name")"), (Faults{"400 /sum"}));
  EXPECT_EQ(found(R"("mean":"sex")"), (Faults{"400 /mean"}));
  EXPECT_EQ(found(R"("by":["full_name"])"), (Faults{"400 /by/0"}));
  EXPECT_EQ(found(R"("top":0)"), (Faults{"400 /top"}));
  EXPECT_EQ(found(R"("top":1,"bottom":1)"), (Faults{"400 /bottom"}));
  EXPECT_EQ(found(R"("top":{"count":1,"by":"percent"})"), (Faults{"400 /top"}));
  EXPECT_EQ(found(R"("compare":"2021-01-01")"), (Faults{"400 /compare"}));
  EXPECT_EQ(found(R"("compare":"2020-01-01","share":"stock")"), (Faults{"400 /compare"}));
  EXPECT_EQ(found(R"("rows":{"sex":"male"})"), (Faults{"401 /rows/sex"}));
  EXPECT_EQ(found(R"("each":"all","rows":{})"), (Faults{"400 /rows"}));
  EXPECT_EQ(found(R"("where":{"sex":{"from":"2020"}})"), (Faults{"400 /where/sex"}));
  EXPECT_EQ(found(R"("where":{"sex":{"years":{"from":1}}})"), (Faults{"400 /where/sex"}));
  EXPECT_EQ(found(R"("where":{"joined_date":{"from":1}})"),
            (Faults{"400 /where/joined_date/from"}));
  EXPECT_EQ(found(R"("where":{"joined_date":{"years":{"from":"x"}}})"),
            (Faults{"400 /where/joined_date/years/from"}));
  EXPECT_EQ(found(R"("by":[{"as":"a","years":"joined_date","bands":[3,2]}])"),
            (Faults{"400 /by/0/bands"}));
  EXPECT_EQ(found(R"("by":[{"as":"a","years":"sex","bands":[3]}])"), (Faults{"400 /by/0/years"}));
  EXPECT_EQ(faults(*registry, R"({"query":1,"of":"members","on":[]})"), (Faults{"400 /on"}));
  EXPECT_EQ(faults(*registry, R"({"query":1,"of":"members","on":{"months":"2020-02-30"}})"),
            (Faults{"400 /on/months"}));
}

TEST(Shapes, OnlyFiguresOfOneDayAreFrozen) {
  const auto registry = example();
  for (const char* text : {R"({"query":1,"of":"members","on":"2020-11-29","compare":"2020-01-01"})",
                           R"({"query":1,"of":"members","on":["2020-11-29"]})",
                           R"({"query":1,"of":"plans","on":"2020-11-29","mean":"target"})",
                           R"({"query":1,"of":"members","on":"2020-11-29","each":"all","top":1})",
                           R"({"query":1,"of":"members","on":"2020-11-29","rows":{}})"}) {
    const auto query = rollup::Query::parse(text);
    ASSERT_TRUE(query.ok()) << query.status();
    EXPECT_EQ(faults_of(rollup::freeze(registry->snapshot(), *query).status()),
              (std::vector<std::string>{"400 /query"}))
        << text;
  }
}

// Parsing what a query says of itself gives the same query.
TEST(Shapes, CanonicalFormsStay) {
  for (
      const char* text :
      {R"({"query":1,"of":"members","on":["2020-01-31","2020-02-29"],"top":3})",
       R"({"query":1,"of":"members","on":{"months":"2020Q1"}})",
       R"({"query":1,"of":"plans","min":"target","on":"2020-12-31"})",
       R"({"query":1,"of":"members","on":"2020-12-31","compare":"2020-01-01"})",
       R"({"query":1,"of":"members","on":"2020-12-31","by":[{"as":"a","years":"joined_date","bands":[5,10],"certain":true}],"where":{"joined_date":{"from":"2001","until":"2020"}},"bottom":{"count":2,"by":"percent"},"share":"total"})",
       R"({"query":1,"of":"members","on":"2020-12-31","by":["sex"],"where":{"joined_date":{"years":{"until":35}}},"rows":{"sex":null}})"}) {
    const auto query = rollup::Query::parse(text);
    ASSERT_TRUE(query.ok()) << query.status() << text;
    const auto again = rollup::Query::parse(query->to_json());
    ASSERT_TRUE(again.ok()) << again.status() << query->to_json();
    EXPECT_EQ(again->to_json(), query->to_json());
  }
}

}  // namespace

}  // namespace dangbo::test
