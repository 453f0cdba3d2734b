// Published figures, reorganisations and treemaps apart from any page.
#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "dangbo/report/published.hpp"
#include "dangbo/report/reorganisation.hpp"
#include "report/page_support.hpp"
#include "report/treemap.hpp"

namespace dangbo::test {

namespace {

constexpr const char* kHeader =
    "source,place,as_of,figure_vi,figure_en,published,relation,body,query,value,note_vi,note_en\n";

TEST(Published, ReadsFigures) {
  const auto figures = report::parse_published(
      std::string(kHeader) +
          "003,bài,2020-11-30,đảng viên,members,85,=,003,\"{\"\"query\"\":1,\"\"of\"\":"
          "\"\"members\"\"}\",count,ghi chú,note\n\n"
          "003,bài,30/11/2020,x,y,60.5,>=,003,q,percent,,\n",
      "figures.csv");
  ASSERT_TRUE(figures.ok()) << figures.status();
  ASSERT_EQ(figures->size(), 2U);
  EXPECT_EQ((*figures)[0].query, R"({"query":1,"of":"members"})");
  EXPECT_EQ((*figures)[0].published, 85);
  EXPECT_FALSE((*figures)[0].at_least);
  EXPECT_EQ((*figures)[1].published, 60.5);
  EXPECT_TRUE((*figures)[1].at_least);
  EXPECT_EQ((*figures)[1].as_of, day("2020-11-30"));
}

TEST(Published, NamesEveryMistake) {
  const auto faults_in = [](const std::string& csv) {
    return faults_of(report::parse_published(csv, "f.csv").status());
  };
  using Faults = std::vector<std::string>;
  EXPECT_EQ(faults_in("source,place\n").size(), 10U);
  EXPECT_EQ(faults_in(std::string(kHeader) + "1,,2020-02-30,,,many,=,,q,count,,\n"),
            (Faults{"201 as_of", "203 published"}));
  EXPECT_EQ(faults_in(std::string(kHeader) + "1,,2020-02-28,,,1e300,=,,q,count,,\n"),
            Faults{"203 published"});
  EXPECT_EQ(faults_in(std::string(kHeader) + "\"a\"b,,\n"), Faults{"104 "});
  EXPECT_TRUE(report::parse_published("", "f.csv")->empty());
}

TEST(Published, ComputesWhatIsAsked) {
  const auto registry = bloc();
  const auto compute = [&](const char* query, const char* value, double published, bool at_least) {
    report::PublishedFigure figure;
    figure.as_of = day("2020-11-30");
    figure.query = query;
    figure.value = value;
    figure.published = published;
    figure.at_least = at_least;
    return report::compute(registry->snapshot(), registry->snapshot().commit(), figure);
  };
  constexpr const char* kAll = R"({"query":1,"of":"members"})";
  constexpr const char* kEach = R"({"query":1,"of":"members","unit":"K","each":"children"})";
  EXPECT_TRUE(compute(kAll, "count", 85, false).agrees);
  EXPECT_FALSE(compute(kAll, "count", 84, false).agrees);
  EXPECT_TRUE(compute(kAll, "count", 84, true).agrees);
  EXPECT_EQ(compute(kEach, "rows", 3, false).value, 3);
  EXPECT_EQ(compute(kEach, "min", 11, false).value, 11);
  EXPECT_EQ(compute(kEach, "max", 44, false).value, 44);
  EXPECT_FALSE(compute(kAll, "percent", 1, false).value);
  EXPECT_EQ(compute(R"({"query":1,"of":"members","where":{"sex":"female"},"share":"stock"})",
                    "percent", 34.12, false)
                .value,
            34.12);
  // The question's own day counts before the figure's.
  EXPECT_EQ(compute(R"({"query":1,"of":"members","on":"2011-01-01"})", "count", 0, false).value, 0);
  const auto refused = compute("{}", "count", 0, false);
  EXPECT_FALSE(refused.value);
  EXPECT_FALSE(refused.problems.empty());
}

TEST(Reorganisation, ComparesTwoDays) {
  const auto registry = bloc();
  const auto found = report::compare_days(registry->snapshot(), registry->snapshot().commit(),
                                          day("2020-07-01"), "K");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->last, day("2020-06-30"));
  EXPECT_EQ(found->members_before, 85);
  EXPECT_EQ(found->members_after, 85);
  std::vector<std::string> keys;
  for (const auto& unit : found->units) keys.push_back(unit.key);
  EXPECT_EQ(keys, (std::vector<std::string>{"CB2", "CB3", "CB4", "DB1", "DB2"}));
  EXPECT_EQ(found->units[0].before->parent, "DB1");
  EXPECT_EQ(found->units[0].after->parent, "DB2");
  EXPECT_FALSE(found->units[2].after);
  ASSERT_EQ(found->flows.size(), 2U);
  EXPECT_EQ(found->flows[0].unit, "CB2");
  EXPECT_EQ(found->flows[0].members, 14);
  EXPECT_EQ(found->flows[1].from, "CB4");
  EXPECT_EQ(found->flows[1].to, "CB3");
  EXPECT_EQ(found->flows[1].members, 9);
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> kinds;
  for (const auto& kind : found->kinds) kinds[kind.kind] = {kind.before, kind.after};
  EXPECT_EQ(kinds["cell"], std::pair(std::int64_t{4}, std::int64_t{3}));
  EXPECT_EQ(kinds["bloc"], std::pair(std::int64_t{1}, std::int64_t{1}));
}

TEST(Reorganisation, AnOrdinaryDayTouchesNothing) {
  const auto registry = bloc();
  for (const char* ordinary : {"2020-07-02", "2020-06-30"}) {
    const auto found = report::compare_days(registry->snapshot(), registry->snapshot().commit(),
                                            day(ordinary), "");
    ASSERT_TRUE(found.ok());
    EXPECT_TRUE(found->units.empty()) << ordinary;
  }
  EXPECT_FALSE(report::compare_days(registry->snapshot(), registry->snapshot().commit(),
                                    day("2020-07-01"), "?")
                   .ok());
}

TEST(Reorganisation, ADividedUnitHasNoFlow) {
  const auto registry = registry::Registry::create();
  const auto unit = [](const char* key, const char* from, const char* until) {
    return Cells{{"unit_id", key}, {"kind", "CB"}, {"from", from}, {"until", until}};
  };
  const auto event = [](const char* to) {
    return Cells{{"event_id", "E"},
                 {"date", "2020-07-01"},
                 {"event", "CHIA"},
                 {"from_unit", "A"},
                 {"to_unit", to}};
  };
  commit(*registry, {{"units",
                      {unit("A", "", "2020-07-01"), unit("B", "2020-07-01", ""),
                       unit("C", "2020-07-01", ""), unit("D", "2020-07-01", "")}},
                     {"unit_events", {event("B"), event("C"), event("D")}}});
  const auto found = report::compare_days(registry->snapshot(), registry->snapshot().commit(),
                                          day("2020-07-01"), "");
  ASSERT_TRUE(found.ok());
  EXPECT_TRUE(found->flows.empty());
  EXPECT_EQ(found->units.size(), 4U);
}

TEST(Treemap, AreasAreWeights) {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::int64_t> weights(1 + random() % 60);
    for (std::int64_t& weight : weights) weight = static_cast<std::int64_t>(random() % 200);
    const report::Box whole{0, 0, 9200, 4800};
    const auto boxes = report::treemap(weights, whole);
    ASSERT_EQ(boxes.size(), weights.size());
    const std::int64_t sum = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
    std::int64_t area = 0;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      const report::Box& box = boxes[i];
      EXPECT_TRUE(weights[i] > 0 || box.width * box.height == 0);
      EXPECT_GE(box.x, 0);
      EXPECT_LE(box.x + box.width, whole.width);
      EXPECT_LE(box.y + box.height, whole.height);
      area += box.width * box.height;
      if (sum == 0) continue;
      // Rounding to tenths of a pixel costs at most a few of them at each side.
      const auto wanted = static_cast<double>(weights[i]) / static_cast<double>(sum) * 9200 * 4800;
      EXPECT_NEAR(static_cast<double>(box.width * box.height), wanted,
                  12.0 * static_cast<double>(box.width + box.height + 12));
      for (std::size_t j = 0; j < i; ++j) {
        const bool is_apart =
            boxes[j].x + boxes[j].width <= box.x || box.x + box.width <= boxes[j].x ||
            boxes[j].y + boxes[j].height <= box.y || box.y + box.height <= boxes[j].y ||
            box.width * box.height == 0 || boxes[j].width * boxes[j].height == 0;
        EXPECT_TRUE(is_apart);
      }
    }
    EXPECT_EQ(area, sum == 0 ? 0 : whole.width * whole.height);
  }
  EXPECT_TRUE(report::treemap({}, {0, 0, 10, 10}).empty());
}

}  // namespace

}  // namespace dangbo::test
