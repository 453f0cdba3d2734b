// Packs: what is read, the value of each day, and everything that is refused, with its place.
#include "dangbo/rules/pack.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "dangbo/rules/pack_test.hpp"

namespace dangbo::rules {
namespace {

using time::Date;

constexpr std::string_view kPack = R"(format: dangbo.pack/1
id: vn.vi-du
version: "1"
instruments:
  old:
    rank: 80
    title: { vi: "Quy định cũ", en: "Old regulation" }
    number: "1-QĐ/VD"
    in_force: { from: "2020-01-01", until: "2023-05-10" }
  new:
    rank: 80
    title: { vi: "Quy định mới", en: "New regulation" }
    in_force: { from: "2023-05-10" }
parameters:
  size:
    type: int
    unit: member
    bounds: { min: 1, max: 20 }
    values:
      "2020-01-01": { value: 3, cite: ["old/2/1"], evidence: A, until: "2023-05-01" }
      "2023-05-10": { value: 4, cite: ["new/7"], evidence: M-med, reviewed: "2026-11-20" }
  base:
    type: enum(all, good)
    values:
      "2023-05-10": { value: good, cite: ["new/8", "new/9"], evidence: B }
)";

Date day(int year, int month, int number) {
  return *Date::from_ymd(year, month, number);
}

// The pack with `from` replaced by `to`, and what is said against it: "row:column value reason".
std::string refusal(std::string_view from, std::string_view to) {
  std::string text(kPack);
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
  const auto pack = read_pack(text, "goi.yaml");
  if (pack.ok()) return "";
  std::string out;
  const base::ProblemList found = base::problems_of(pack.status());
  for (const base::Problem& problem : found.kept()) {
    EXPECT_EQ(problem.place.file, "goi.yaml");
    EXPECT_FALSE(problem.reason.vi.empty() || problem.fix.vi.empty() || problem.fix.en.empty());
    out += out.empty() ? "" : "; ";
    out += std::to_string(problem.place.row) + ":" + problem.place.column + " " + problem.value +
           " " + problem.reason.en;
  }
  return out;
}

TEST(Pack, IsReadWhole) {
  const auto pack = read_pack(kPack, "goi.yaml");
  ASSERT_TRUE(pack.ok()) << pack.status();
  EXPECT_EQ(pack->id + " " + pack->version, "vn.vi-du 1");
  ASSERT_EQ(pack->instruments.size(), 2U);
  EXPECT_EQ(pack->instruments[0].title.vi, "Quy định cũ");
  EXPECT_EQ(pack->instruments[0].number, "1-QĐ/VD");
  const Parameter* base = pack->parameter("base");
  ASSERT_NE(base, nullptr);
  const ParameterValue* value = base->on(day(2026, 1, 1));
  ASSERT_NE(value, nullptr);
  EXPECT_EQ(value->word, "good");
  ASSERT_EQ(value->citations.size(), 2U);
  EXPECT_EQ(pack->instruments[value->citations[1].instrument].id, "new");
  EXPECT_EQ(value->citations[1].clause, "9");
  EXPECT_EQ(text_of(value->evidence), "B");
  EXPECT_EQ(pack->parameter("none"), nullptr);
}

// The texts between fences of the manual.
std::vector<std::string> examples_of_the_manual() {
  std::ifstream file(DANGBO_PACK_MANUAL);
  const std::string manual{std::istreambuf_iterator<char>(file), {}};
  std::vector<std::string> out;
  std::size_t at = 0;
  while ((at = manual.find("```yaml\n", at)) != std::string::npos) {
    const std::size_t begin = at + 8;
    at = manual.find("```", begin);
    out.push_back(manual.substr(begin, at - begin));
  }
  return out;
}

TEST(Pack, TheExamplesOfTheManualAreReadAndTheirTestsPass) {
  const std::vector<std::string> texts = examples_of_the_manual();
  ASSERT_EQ(texts.size(), 2U);
  const auto pack = read_pack(texts[0], "packs.md");
  ASSERT_TRUE(pack.ok()) << pack.status();
  const Parameter* least = pack->parameter("cell_min_full");
  ASSERT_NE(least, nullptr);
  EXPECT_EQ(least->on(day(2011, 1, 18)), nullptr);
  EXPECT_EQ(least->on(day(2011, 1, 19))->number, 3);
  const PackText both[] = {{texts[0], "packs.md"}, {texts[1], "packs.md"}};
  const auto layered = read_pack(both);
  ASSERT_TRUE(layered.ok()) << layered.status();
  EXPECT_EQ(layered->parameter("cell_min_full")->on(day(2026, 1, 1))->number, 5);
  EXPECT_EQ(layered->rule("cell-min-full")->exceptions.size(), 1U);
  const TestReport report = run_tests(*pack);
  EXPECT_TRUE(report.failures.empty());
  EXPECT_EQ(report.cases, 1U + 1U + 3U);
}

TEST(Pack, HasTheValueOfEachDayAndNoneInAGap) {
  const auto pack = read_pack(kPack, "goi.yaml");
  ASSERT_TRUE(pack.ok()) << pack.status();
  const Parameter& size = *pack->parameter("size");
  EXPECT_EQ(size.on(day(2019, 12, 31)), nullptr);
  EXPECT_EQ(size.on(day(2020, 1, 1))->number, 3);
  EXPECT_EQ(size.on(day(2023, 4, 30))->number, 3);
  EXPECT_EQ(size.on(day(2023, 5, 1)), nullptr);
  EXPECT_EQ(size.on(day(2023, 5, 9)), nullptr);
  EXPECT_EQ(size.on(day(2023, 5, 10))->number, 4);
  EXPECT_EQ(size.on(day(2023, 5, 10))->reviewed, day(2026, 11, 20));
}

TEST(Pack, WithoutUntilAValueLastsToTheNext) {
  std::string text(kPack);
  text.replace(text.find(", until: \"2023-05-01\""), 21, "");
  const auto pack = read_pack(text, "goi.yaml");
  ASSERT_TRUE(pack.ok()) << pack.status();
  EXPECT_EQ(pack->parameter("size")->on(day(2023, 5, 9))->number, 3);
  EXPECT_EQ(pack->parameter("size")->on(day(2023, 5, 10))->number, 4);
}

TEST(Pack, RefusesUnknownAndDoubleKeys) {
  EXPECT_EQ(refusal("    unit: member", "    units: member"), "17:5 units unknown key");
  EXPECT_NE(refusal("version: \"1\"", "version: \"1\"\nid: x").find("4:1 id"), std::string::npos)
      << refusal("version: \"1\"", "version: \"1\"\nid: x");
  EXPECT_NE(refusal("version: \"1\"\n", "").find("“version” is missing"), std::string::npos);
  EXPECT_NE(refusal("dangbo.pack/1", "dangbo.pack/2").find("not a known format"),
            std::string::npos);
}

TEST(Pack, RefusesAValueWithoutSource) {
  EXPECT_NE(refusal("cite: [\"new/7\"], ", "").find("“cite” is missing"), std::string::npos);
  EXPECT_NE(refusal("[\"new/7\"]", "[]").find("without a citation"), std::string::npos);
  EXPECT_NE(refusal("new/7", "neww/7").find("names no instrument"), std::string::npos);
  EXPECT_NE(refusal("new/7", "new").find("names no instrument"), std::string::npos);
  EXPECT_NE(refusal("new/7", "new/").find("names no instrument"), std::string::npos);
  EXPECT_NE(refusal("M-med", "M-low").find("unknown grade"), std::string::npos);
}

TEST(Pack, RefusesATextOutOfForce) {
  EXPECT_NE(refusal("old/2/1", "new/2/1").find("not in force on 2020-01-01"), std::string::npos);
  EXPECT_EQ(refusal("until: \"2023-05-01\"", "until: \"2023-05-10\""), "");
  // Without the later value nothing ends the earlier one, and its text has ended.
  const std::string later =
      "      \"2023-05-10\": { value: 4, cite: [\"new/7\"], evidence: M-med, "
      "reviewed: \"2026-11-20\" }\n";
  EXPECT_EQ(refusal(", until: \"2023-05-01\" }\n" + later, " }\n"),
            "20:7 old the instrument ends on 2023-05-10, the value does not");
}

TEST(Pack, RefusesWrongDaysAndOverlaps) {
  EXPECT_NE(refusal("until: \"2023-05-01\"", "until: \"2023-05-11\"").find("overlaps"),
            std::string::npos);
  EXPECT_NE(refusal("until: \"2023-05-01\"", "until: \"2020-01-01\"").find("before it begins"),
            std::string::npos);
  EXPECT_NE(refusal("2026-11-20", "2026-02-30").find("not a day"), std::string::npos);
  EXPECT_NE(refusal("2026-11-20", "20/11/2026").find("not a day"), std::string::npos);
}

TEST(Pack, RefusesValuesOutsideTheirBoundsOnBothSides) {
  EXPECT_EQ(refusal("value: 4", "value: 1"), "");
  EXPECT_EQ(refusal("value: 4", "value: 20"), "");
  EXPECT_NE(refusal("value: 4", "value: 0"), "");
  EXPECT_NE(refusal("value: 4", "value: 21"), "");
  EXPECT_NE(refusal("value: 4", "value: 4.0"), "");
  EXPECT_NE(refusal("value: good", "value: bad").find("not a value of the type"),
            std::string::npos);
  EXPECT_NE(refusal("enum(all, good)", "text").find("unknown type"), std::string::npos);
}

TEST(Pack, RefusesHostileText) {
  EXPECT_NE(refusal("rank: 80", "rank: &a 80").find("6:"), std::string::npos);
  EXPECT_NE(refusal("rank: 80", "rank: !!int 80").find("6:"), std::string::npos);
  EXPECT_NE(refusal("Quy định cũ", "\xFF").find("not UTF-8"), std::string::npos);
  EXPECT_NE(refusal("Quy định cũ", std::string(50'000'000, 'x')).find("longer than"),
            std::string::npos);
  EXPECT_FALSE(read_pack("", "goi.yaml").ok());
  EXPECT_FALSE(read_pack("- a", "goi.yaml").ok());
  EXPECT_FALSE(read_pack(std::string(100'000, '['), "goi.yaml").ok());
}

}  // namespace
}  // namespace dangbo::rules
