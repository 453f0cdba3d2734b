// Packs laid out afresh, written out for jurists, and looked over.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "dangbo/rules/compiled.hpp"
#include "dangbo/rules/document_pack.hpp"
#include "dangbo/rules/format_pack.hpp"
#include "dangbo/rules/review_pack.hpp"
#include "pack_texts.hpp"

namespace dangbo::rules {
namespace {

std::string charter_text() {
  std::ifstream file(DANGBO_CHARTER_PACK);
  return {std::istreambuf_iterator<char>(file), {}};
}

constexpr std::string_view kUntidy = R"(# Đầu tệp
format:    'dangbo.pack/1'
id:   "vn.x"


version: "1"   # bản đầu
instruments:
    charter: { rank: 100, title: {vi: Điều lệ, en: Charter}, in_force: {from: 2011-01-19} }
# trước tham số
parameters:
    least:
        type:  int
        bounds: {min: 1,
                 max: 20}
        values:
            2011-01-19:
                value: 3
                cite: [charter/24/1]   # điều 24
                evidence: A
rules:
    few:
        subject: cell
        cite: ["charter/24/1"]
        evidence: A
        severity: violation
        when: 'self.kind!="group"   &&  self.name != "Chi bộ số một"
             && self.name != "Chi bộ số hai" && true'
        require: >
            size(self.members)>=
                param.least
        message:
            vi: Đơn vị này ít đảng viên hơn mức thấp nhất mà Điều lệ cho phép,
                cần bổ sung ngay trong năm nay
            en: "x {self.name}"
)";

constexpr std::string_view kTidy = R"(# Đầu tệp
format: dangbo.pack/1
id: vn.x

version: "1"  # bản đầu
instruments:
  charter:
    rank: 100
    title: { vi: "Điều lệ", en: "Charter" }
    in_force: { from: "2011-01-19" }
# trước tham số
parameters:
  least:
    type: int
    bounds: { min: 1, max: 20 }
    values:
      "2011-01-19":
        value: 3
        cite: ["charter/24/1"]  # điều 24
        evidence: A
rules:
  few:
    subject: cell
    cite: ["charter/24/1"]
    evidence: A
    severity: violation
    when: >-
      self.kind != "group" && self.name != "Chi bộ số một" && self.name != "Chi bộ số hai" && true
    require: "size(self.members) >= param.least"
    message:
      vi: >-
        Đơn vị này ít đảng viên hơn mức thấp nhất mà Điều lệ cho phép, cần bổ sung ngay trong năm
        nay
      en: "x {self.name}"
)";

TEST(FormatPack, HasOneWay) {
  const auto tidy = format_pack(kUntidy, "goi.yaml");
  ASSERT_TRUE(tidy.ok()) << tidy.status();
  EXPECT_EQ(*tidy, kTidy);
}

TEST(FormatPack, TwiceChangesNothing) {
  for (const std::string& text : {std::string(kTidy), charter_text()}) {
    const auto once = format_pack(text, "goi.yaml");
    ASSERT_TRUE(once.ok()) << once.status();
    const auto twice = format_pack(*once, "goi.yaml");
    ASSERT_TRUE(twice.ok()) << twice.status();
    EXPECT_EQ(*once, *twice);
  }
  // The pack that comes with this is laid out.
  EXPECT_EQ(*format_pack(charter_text(), "charter.yaml"), charter_text());
}

TEST(FormatPack, MendsAnyLayout) {
  const std::string untidy =
      test::changed(charter_text(), {{"    evidence: A\n    severity: violation\n    let:",
                                      "    evidence:   'A'\n    severity: "
                                      "\"violation\"\n    let:"},
                                     {"cite: [\"charter/24/4\"]\n", "cite:\n    - charter/24/4\n"},
                                     {"require: \"full >= param.cell_min_full\"",
                                      "require: |\n      full>=\n        param.cell_min_full"},
                                     {"unit: member\n", "\"unit\":    member   \n"}});
  const auto tidy = format_pack(untidy, "charter.yaml");
  ASSERT_TRUE(tidy.ok()) << tidy.status();
  EXPECT_EQ(*tidy, charter_text());
}

TEST(FormatPack, KeepsCommentsOrRefuses) {
  const auto own = format_pack("a:\n  # một\n  - 1 # hai\n  # ba\n  - 2\n# bốn\n", "goi.yaml");
  ASSERT_TRUE(own.ok()) << own.status();
  EXPECT_EQ(*own, "a:\n  # một\n  - 1  # hai\n  # ba\n  - 2\n# bốn\n");
  // No comment: inside quotes and blocks.
  const auto none = format_pack("a: \"x # y\"\nb: |\n  # z\nc: 'it''s # w'\n", "goi.yaml");
  ASSERT_TRUE(none.ok()) << none.status();
  EXPECT_EQ(*none, "a: \"x # y\"\nb: >-\n  # z\nc: \"it's # w\"\n");
}

TEST(FormatPack, RefusesWhatIsNoPackOfYaml) {
  EXPECT_FALSE(format_pack("a: [", "goi.yaml").ok());
  EXPECT_FALSE(format_pack("- a", "goi.yaml").ok());
  EXPECT_FALSE(format_pack("a: &x 1", "goi.yaml").ok());
  EXPECT_FALSE(format_pack("\xFF", "goi.yaml").ok());
  EXPECT_FALSE(format_pack(std::string(kMaxPackBytes + 1, 'x'), "goi.yaml").ok());
}

TEST(DocumentPack, HasEveryRuleTextAndValue) {
  const auto pack = read_pack(charter_text(), "charter.yaml");
  ASSERT_TRUE(pack.ok());
  const std::string text = document_pack(*pack);
  EXPECT_EQ(text, document_pack(*pack));
  for (const Rule& rule : pack->rules) {
    EXPECT_NE(text.find("### `" + rule.id + "`"), std::string::npos);
    EXPECT_NE(text.find(rule.title.vi), std::string::npos);
    EXPECT_NE(text.find(rule.title.en), std::string::npos);
    for (const Exception& one : rule.exceptions) EXPECT_NE(text.find(one.label), text.npos);
  }
  EXPECT_NE(text.find("| 19/01/2011 | … | 30 member |"), std::string::npos) << text;
  EXPECT_NE(text.find("điều 24.4 (A)"), std::string::npos);
  EXPECT_NE(text.find("được miễn / waived"), std::string::npos);
  EXPECT_NE(text.find(base::to_hex(pack->digest)), std::string::npos);
}

TEST(DocumentPack, EscapesWhatIsMarkup) {
  const std::string text =
      test::changed(charter_text(), {{"Chi bộ có ít nhất ba", "<b>*Chi bộ*|có"}});
  const auto pack = read_pack(text, "charter.yaml");
  ASSERT_TRUE(pack.ok()) << pack.status();
  const std::string out = document_pack(*pack);
  EXPECT_EQ(out.find("<b>"), std::string::npos);
  EXPECT_NE(out.find("\\<b\\>\\*Chi bộ\\*\\|có"), std::string::npos);
}

std::string remarks(const std::vector<test::Change>& changes,
                    std::optional<time::Date> today = std::nullopt) {
  const auto pack = read_pack(test::changed(charter_text(), changes), "charter.yaml");
  EXPECT_TRUE(pack.ok()) << pack.status();
  std::string out;
  if (!pack.ok()) return out;
  const base::ProblemList found = review_pack(*pack, today);
  for (const base::Problem& one : found.kept()) {
    EXPECT_FALSE(one.reason.vi.empty() || one.fix.vi.empty() || one.fix.en.empty());
    out += one.value + ": " + one.reason.en + "\n";
  }
  return out;
}

TEST(ReviewPack, FindsNothingInTheCharter) {
  EXPECT_EQ(remarks({}), "");
  EXPECT_EQ(remarks({}, time::Date::from_ymd(2027, 11, 22)), "");
}

TEST(ReviewPack, TellsWhatIsWorthALook) {
  EXPECT_EQ(remarks({}, time::Date::from_ymd(2027, 11, 23)),
            "cell_min_full: last reviewed: 2026-11-22\n"
            "committee_min: last reviewed: 2026-11-22\n"
            "executive_min_full: last reviewed: 2026-11-22\n");
  EXPECT_EQ(remarks({{"rules:\n",
                      "  spare:\n    type: int\n    bounds: { min: 1, max: 9 }\n    "
                      "values:\n      \"2020-01-01\": { value: 1, cite: "
                      "[\"charter/1\"], evidence: A }\nrules:\n"}}),
            "spare: no rule reads it\n");
  EXPECT_EQ(
      remarks({{"cite: [\"charter/24/4\"], evidence: A", "cite: [\"charter/24/4\"], evidence: C"}}),
      "cell-executive: parameter executive_min_full since 2011-01-19 has evidence of grade C: "
      "advisory on those days\n");
  EXPECT_EQ(remarks({{"        effect: waive\n",
                      "        effect: waive\n      other:\n        cite: [\"charter/9\"]\n        "
                      "evidence: A\n        when: \"self.name == 'X'\"\n        effect: "
                      "downgrade(notice)\n"}}),
            "other: could hold together with “superior-consents”, with another effect: a conflict "
            "then\n");
}

}  // namespace
}  // namespace dangbo::rules
