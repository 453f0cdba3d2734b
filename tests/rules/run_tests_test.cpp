// Tests beside the rules: what passes, what each mistake gives, and the coverage.
#include "dangbo/rules/pack_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include "dangbo/rules/compiled.hpp"
#include "pack_texts.hpp"

namespace dangbo::rules {
namespace {

using test::Change;

constexpr std::string_view kPack = R"(format: dangbo.pack/1
id: vn.thu
version: "1"
instruments:
  charter:
    rank: 100
    title: { vi: "Điều lệ", en: "Charter" }
    in_force: { from: "2011-01-19" }
parameters:
  least:
    type: int
    bounds: { min: 1, max: 20 }
    values:
      "2011-01-19": { value: 3, cite: ["charter/24/1"], evidence: A }
      "2020-01-01": { value: 5, cite: ["charter/24/1"], evidence: A }
rules:
  few:
    subject: cell
    cite: ["charter/24/1"]
    evidence: A
    severity: violation
    when: self.sector != "agency"
    let:
      full: count(self.members, m, m.standing == "full" && m.unit.name != "Y")
    require: full >= param.least
    except:
      agreed:
        cite: ["charter/24/2"]
        evidence: A
        when: self.parent.name == "A"
        effect: downgrade(notice)
    message: { vi: "{full}", en: "{full}" }
  graded:
    subject: { cohort_of: evaluations, by: [period, unit.sector], subject_type: unit }
    cite: ["charter/9"]
    evidence: A
    severity: violation
    let:
      excellent: count(self.items, e, e.grade == "excellent")
    require: excellent * 5 <= size(self.items) || period == "2019"
    message: { vi: x, en: x }
tests:
  - name: { vi: "Hai người", en: "Two people" }
    as_of: "2019-12-31"
    given:
      c:
        sector: commune
        parent: { name: B }
        members: [{ count: 2, standing: full, unit: { name: X } }]
    expect: { few: { c: violated } }
  - name: { vi: "Đã đồng ý", en: "Agreed" }
    as_of: "2020-01-01"
    given:
      c:
        sector: commune
        parent: { name: A }
        members: [{ count: 3, standing: full, unit: { name: X } }]
    expect: { few: { c: { outcome: downgraded, by: agreed } } }
  - generate: boundaries
    for: few
    parameter: least
    subject: c
    given:
      c:
        sector: commune
        parent: { name: B }
        members:
          - { count: n - 1, standing: full, unit: { name: X } }
          - { standing: full, unit: { name: X } }
          - { standing: full, unit: { name: Y } }
  - name: { vi: "Nhóm", en: "Cohort" }
    as_of: "2026-01-01"
    given:
      a: { period: "2025", items: [{ count: 2, grade: excellent }, { count: 8, grade: good }] }
      b: { period: "2025", items: [{ count: 2, grade: excellent }, { count: 7, grade: good }] }
      c: { period: "2019", items: [{ count: 2, grade: excellent }] }
    expect: { graded: { a: satisfied, b: violated, c: satisfied } }
)";

Pack pack_of(const std::vector<Change>& changes) {
  const auto pack = read_pack(test::changed(kPack, changes), "goi.yaml");
  EXPECT_TRUE(pack.ok()) << pack.status();
  return pack.ok() ? *pack : Pack();
}

// What fails first, and where.
std::string failure(const std::vector<Change>& changes) {
  const TestReport report = run_tests(pack_of(changes));
  if (report.failures.empty()) return "";
  const base::Problem& first = report.failures.kept().front();
  EXPECT_EQ(first.place.file, "goi.yaml");
  EXPECT_FALSE(first.reason.vi.empty() || first.fix.vi.empty() || first.fix.en.empty());
  return std::to_string(first.place.row) + ":" + first.place.column + " " + first.reason.en;
}

std::string uncovered(const std::vector<Change>& changes) {
  std::string out;
  for (const Coverage& one : run_tests(pack_of(changes)).coverage) {
    if (one.is_covered) continue;
    out += std::to_string(static_cast<int>(one.kind)) + " " + one.id + " " + one.part + ";";
  }
  return out;
}

TEST(PackTests, PassAndCoverEverything) {
  const TestReport report = run_tests(pack_of({}));
  EXPECT_TRUE(report.failures.empty()) << failure({});
  // Two as written, three of a cohort; generated: the day before the rule once, then on its first
  // day, on the last day of the first value and the first of the second three each.
  EXPECT_EQ(report.cases, 2U + 3U + 1U + 3U * 3U);
  EXPECT_EQ(uncovered({}), "");
  EXPECT_EQ(report.coverage.size(), 2U + 2U + 2U + 2U);
}

TEST(PackTests, RunAlikeFromTheCompiledForm) {
  const auto pack = load_compiled(compile_pack(pack_of({})), "goi.json");
  ASSERT_TRUE(pack.ok()) << pack.status();
  const TestReport report = run_tests(*pack);
  EXPECT_TRUE(report.failures.empty());
  EXPECT_EQ(report.cases, 15U);
}

TEST(PackTests, TellWhatWasExpectedAndWhatCame) {
  const std::string other = failure({{"c: violated", "c: satisfied"}});
  EXPECT_NE(other.find("Two people: expected satisfied, got violated (full = 2)"),
            std::string::npos)
      << other;
  const std::vector<Change> by = {{"parent: { name: A }", "parent: { name: B }"},
                                  {"outcome: downgraded, by", "outcome: violated, by"}};
  EXPECT_NE(failure(by).find("the exception does not apply"), std::string::npos) << failure(by);
  // Missing data is never silence.
  const std::string missing = failure({{"        sector: commune\n", ""}});
  EXPECT_NE(missing.find("got undecidable"), std::string::npos) << missing;
}

TEST(PackTests, BoundariesChangeExactlyOnce) {
  // Off by one: around v nothing changes, or it changes with another figure.
  for (const auto& to : {"full > param.least + 1", "full + 2 >= param.least", "full >= 4"}) {
    const std::string found = failure({{"full >= param.least", to}});
    EXPECT_NE(found, "") << to;
  }
  const std::string none = failure({{"require: full >= param.least", "require: full >= 4"},
                                    {"full: count", "full: param.least * 0 + count"}});
  EXPECT_NE(none.find("does not change exactly once"), std::string::npos) << none;
  const std::string never =
      failure({{"require: full >= param.least", "require: full >= param.least || true"}});
  EXPECT_NE(never, "");
}

TEST(PackTests, ReportWhatNoCaseCovers) {
  EXPECT_EQ(uncovered({{"parent: { name: A }", "parent: { name: B }"},
                       {"{ outcome: downgraded, by: agreed }", "violated"}}),
            "2 few agreed;");
  const std::string rest(kPack.substr(kPack.find("  - generate")));
  const std::string cut = rest.substr(0, rest.find("  - name"));
  // Without the boundaries nobody is seen to satisfy the rule.
  EXPECT_EQ(uncovered({{cut, ""}}), "0 few ;");
  const std::string two(
      kPack.substr(kPack.find("  - name: { vi: \"Đã"),
                   kPack.find("  - generate") - kPack.find("  - name: { vi: \"Đã")));
  EXPECT_EQ(uncovered({{cut, ""}, {two, ""}}), "0 few ;2 few agreed;4 least 2020-01-01;");
}

TEST(PackTests, AreCheckedWhenTheyAreRead) {
  const auto refused = [](std::string_view from, std::string_view to) {
    return test::refusal_of({test::changed(kPack, {{from, to}})});
  };
  EXPECT_NE(refused("{ few: { c: violated } }", "{ fw: { c: violated } }").find("unknown rule"),
            std::string::npos);
  EXPECT_NE(refused("{ few: { c: violated } }", "{ few: { d: violated } }").find("no such subject"),
            std::string::npos);
  EXPECT_NE(refused("c: violated", "c: broken").find("unknown outcome"), std::string::npos);
  EXPECT_NE(refused("by: agreed", "by: disagreed").find("no such exception"), std::string::npos);
  EXPECT_NE(refused("sector: commune", "sectr: commune").find("unknown key"), std::string::npos);
  EXPECT_NE(refused("sector: commune", "sector: village").find("unknown word"), std::string::npos);
  EXPECT_NE(refused("count: 2, standing", "count: x, standing").find("not a number"),
            std::string::npos);
  EXPECT_NE(refused("count: 2, standing", "count: n, standing").find("not a number"),
            std::string::npos);
  EXPECT_NE(refused("count: 2, standing", "count: 200000, standing").find("not a number"),
            std::string::npos);
  EXPECT_NE(refused("count: n - 1", "count: 1").find("“n” stands nowhere"), std::string::npos);
  EXPECT_NE(refused("parameter: least", "parameter: most").find("no such parameter"),
            std::string::npos);
  EXPECT_NE(refused("as_of: \"2019-12-31\"", "as_of: \"2019-12-32\"").find("not a day"),
            std::string::npos);
  EXPECT_NE(refused("      b: { period", "      d: { period: \"2025\" }\n      b: { period")
                .find("nothing is expected of it"),
            std::string::npos);
  EXPECT_NE(
      refused("      a: { period: \"2025\"", "      a: { perod: \"2025\"").find("unknown key"),
      std::string::npos);
}

TEST(PackTests, OfTheCharterPackPassAndCoverIt) {
  std::ifstream file(DANGBO_CHARTER_PACK);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto pack = read_pack(text, "charter.yaml");
  ASSERT_TRUE(pack.ok()) << pack.status();
  const TestReport report = run_tests(*pack);
  for (const base::Problem& one : report.failures.kept()) {
    ADD_FAILURE() << base::to_line(one, base::Language::kEnglish);
  }
  for (const Coverage& one : report.coverage) {
    EXPECT_TRUE(one.is_covered) << static_cast<int>(one.kind) << ' ' << one.id << ' ' << one.part;
  }
}

}  // namespace
}  // namespace dangbo::rules
