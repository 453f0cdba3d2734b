// Rules: what is read, and everything that is refused, with its place inside an expression or text.
#include "dangbo/rules/rule.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "pack_texts.hpp"

namespace dangbo::rules {
namespace {

using test::Change;

constexpr std::string_view kPack = R"(format: dangbo.pack/1
id: vn.vi-du
version: "1"
instruments:
  charter:
    rank: 100
    title: { vi: "Điều lệ", en: "Charter" }
    in_force: { from: "2011-01-19" }
  old:
    rank: 80
    title: { vi: "Cũ", en: "Old" }
    in_force: { from: "2018-01-01", until: "2023-10-04" }
  new:
    rank: 80
    title: { vi: "Mới", en: "New" }
    in_force: { from: "2023-10-04" }
parameters:
  least:
    type: int
    bounds: { min: 1, max: 20 }
    values:
      "2011-01-19": { value: 3, cite: ["charter/24/1"], evidence: A }
  form:
    type: enum(cell, committee)
    values:
      "2018-01-01": { value: cell, cite: ["old/1"], evidence: A, until: "2023-10-04" }
rules:
  few-full:
    subject: cell
    title: { vi: "Đủ người", en: "Enough people" }
    cite: ["charter/24/1"]
    evidence: A
    severity: violation
    when: self.kind != "group"
    let:
      full: count(self.members, m, m.standing == "full")
      lacking: param.least - full
    require: >
      full >=
        param.least
    except:
      agreed:
        open: true
        cite: ["charter/24/2"]
        evidence: B
        when: self.decisions.exists(d, d.kind == "consent_small")
        effect: downgrade(notice)
      closed:
        cite: ["charter/24/3"]
        evidence: A
        when: self.parent.parent.name == "X"
        effect: waive
    message:
      vi: "Đơn vị {self.name} ({self.kind:label}) có {full}, thiếu {lacking}."
      en: "{self.name} ({self.kind:label}) has {full} {full|member|members}; {lacking} lacking."
    remedy: { vi: "Bổ sung.", en: "Add some." }
  graded:
    subject: { cohort_of: evaluations, by: [period, unit.sector], subject_type: unit }
    cite: ["old/12", "new/11"]
    evidence: A
    severity: violation
    effective: { from: "2019-10-18" }
    let:
      excellent: count(self.items, e, e.grade == "excellent")
    require: excellent * 5 <= size(self.items)
    message: { vi: "{period} {unit.sector:label}", en: "{unit.sector:label} {period}" }
  moved:
    subject: move
    cite: ["old/3"]
    evidence: M-med
    severity: advisory
    require: self.presented_on.daysSince(self.issued_on) <= 30
    message: { vi: "Nộp chậm.", en: "Presented late." }
)";

std::string refusal(const std::vector<Change>& changes) {
  return test::refusal_of({test::changed(kPack, changes)});
}

// `reason` is said against the pack, at the "@" of `part`.
void expect_refused(const std::vector<Change>& changes, std::string_view part,
                    std::string_view reason) {
  const std::string text = test::changed(kPack, changes);
  const std::string found = "; " + test::refusal_of({text}) + "; ";
  const std::size_t at = found.find("; " + test::place_of(text, part) + " ");
  ASSERT_NE(at, std::string::npos) << found;
  EXPECT_NE(found.substr(at, found.find("; ", at + 1) - at).find(reason), std::string::npos)
      << found;
}

TEST(Rules, AreReadWhole) {
  const auto pack = read_pack(kPack, "goi.yaml");
  ASSERT_TRUE(pack.ok()) << test::refusal_of({std::string(kPack)});
  ASSERT_EQ(pack->rules.size(), 3U);
  const Rule& rule = *pack->rule("few-full");
  EXPECT_EQ(rule.subject.kind, Subject::Kind::kUnit);
  EXPECT_EQ(rule.subject.unit_kinds, std::vector<std::string>{"cell"});
  EXPECT_EQ(rule.effective, pack->instruments[0].in_force);
  EXPECT_TRUE(rule.on_by_default);
  EXPECT_FALSE(rule.is_about_person);
  ASSERT_EQ(rule.lets.size(), 2U);
  EXPECT_EQ(rule.lets[1].condition.expression.text(), "param.least - full");
  ASSERT_EQ(rule.exceptions.size(), 2U);
  EXPECT_TRUE(rule.exceptions[0].is_open);
  EXPECT_EQ(rule.exceptions[0].downgrade, Severity::kNotice);
  EXPECT_EQ(rule.exceptions[1].downgrade, std::nullopt);
  EXPECT_EQ(rule.exceptions[0].precedence.rank, 100);
  ASSERT_TRUE(rule.remedy.has_value());
  EXPECT_EQ(rule.message.vi.size(), 9U);
  EXPECT_EQ(rule.message.vi[3].kind, Piece::Kind::kLabel);
  EXPECT_EQ(rule.message.en[6].one, "member");
}

TEST(Rules, NumberTheirVariablesAlike) {
  const auto pack = read_pack(kPack, "goi.yaml");
  ASSERT_TRUE(pack.ok());
  const Rule& rule = *pack->rule("graded");
  const RuleNames names = pack->names(rule);
  const expr::Environment all = pack->environment(rule);
  ASSERT_EQ(all.variables.size(), names.size);
  EXPECT_EQ(all.variables[RuleNames::kSelf].name, "self");
  EXPECT_EQ(all.variables[RuleNames::kParameters + 1].name, "param.form");
  EXPECT_EQ(all.variables[names.keys + 1].name, "unit.sector");
  EXPECT_EQ(all.variables[names.lets].name, "excellent");
  EXPECT_EQ(rule.require->expression.variables(),
            (std::vector<std::size_t>{RuleNames::kSelf, names.lets}));
}

TEST(Rules, TheirDaysAreThoseOfTheirTexts) {
  const auto pack = read_pack(kPack, "goi.yaml");
  ASSERT_TRUE(pack.ok());
  EXPECT_EQ(pack->rule("moved")->effective.to_string(), "[2018-01-01, 2023-10-04)");
  EXPECT_EQ(pack->rule("graded")->effective.to_string(), "[2019-10-18, …)");
  // Two texts that do not meet, and a day on which none is in force.
  expect_refused({{"until: \"2023-10-04\" }\n  new", "until: \"2023-10-03\" }\n  new"},
                  {"    effective: { from: \"2019-10-18\" }\n", ""},
                  {"form:\n    type: enum(cell, committee)\n    values:\n      \"2018-01-01\": { "
                   "value: cell, cite: [\"old/1\"], evidence: A, until: \"2023-10-04\" }",
                   "form:\n    type: enum(cell, committee)\n    values:\n      \"2018-01-01\": { "
                   "value: cell, cite: [\"old/1\"], evidence: A, until: \"2023-10-03\" }"}},
                 "  graded:\n    @subject", "days on which none is in force");
  expect_refused({{"from: \"2019-10-18\"", "from: \"2017-12-31\""}}, "    effective: @{",
                 "no text that is cited");
}

TEST(Rules, OfPersonsRunOnRequestOnly) {
  const auto pack = read_pack(kPack, "goi.yaml");
  ASSERT_TRUE(pack.ok());
  EXPECT_TRUE(pack->rule("moved")->is_about_person);
  EXPECT_FALSE(pack->rule("moved")->on_by_default);
  expect_refused({{"subject: move", "subject: move\n    on_request: false"}}, "on_request: @false",
                 "about a person runs on request");
  // Evaluations are of units or members; only what says so is not about persons.
  const std::vector<Change> rows = {
      {"subject: { cohort_of: evaluations, by: [period, unit.sector], subject_type: unit }",
       "subject: evaluations"},
      {"excellent: count(self.items, e, e.grade == \"excellent\")", "excellent: 1"},
      {"excellent * 5 <= size(self.items)", "self.score >= excellent"},
      {"{ vi: \"{period} {unit.sector:label}\", en: \"{unit.sector:label} {period}\" }",
       "{ vi: x, en: x }"}};
  const auto persons = read_pack(test::changed(kPack, rows), "goi.yaml");
  ASSERT_TRUE(persons.ok()) << persons.status();
  EXPECT_TRUE(persons->rule("graded")->is_about_person);
}

TEST(Rules, RefuseUnknownNamesWithTheNearest) {
  expect_refused({{"severity: violation", "severty: violation"}}, "@severty", "unknown key");
  expect_refused({{"subject: cell", "subject: sell"}}, "subject: @sell", "unknown subject");
  expect_refused({{"by: [period, unit.sector]", "by: [period, unit.sectr]"}}, "@unit.sectr",
                 "cannot be grouped");
  expect_refused({{"by: [period, unit.sector]", "by: [unit, period]"}}, "[@unit,",
                 "cannot be grouped");
  expect_refused({{"m.standing == \"full\"", "m.standing == \"ful\""}}, "== @\"ful\"", "ful");
  expect_refused({{"m.standing", "m.standng"}}, "m.@standng", "standng");
  expect_refused({{"effect: waive", "effect: drop"}}, "effect: @drop", "unknown effect");
  expect_refused({{"severity: violation", "severity: grave"}}, "severity: @grave",
                 "unknown severity");
}

TEST(Rules, PointIntoFoldedAndQuotedText) {
  // The requirement is folded over two lines; the fault stands on the second of them.
  expect_refused({{"        param.least\n    except", "        param.lest\n    except"}},
                 "@param.lest", "param");
  expect_refused({{"when: self.kind != \"group\"", "when: 'self.knd != \"group\"'"}}, "self.@knd",
                 "knd");
  expect_refused({{"thiếu {lacking}", "thiếu {lackng}"}}, "{@lackng}", "lackng");
}

TEST(Rules, RefuseWrongTypes) {
  expect_refused({{"full >=\n        param.least", "full +\n        param.least"}}, "@full +",
                 "of type int");
  expect_refused({{"lacking: param.least - full", "lacking: self.members"}},
                 "lacking: @self.members", "kernel");
  expect_refused({{"param.least - full", "param.form - full"}}, "lacking: @param.form - full", "-");
  expect_refused({{"{self.kind:label}", "{self.name:label}"}}, "({@self.name:label}) có",
                 "needs a word");
  expect_refused({{"{full|member|members}", "{self.name|member|members}"}}, "{@self.name|member",
                 "cannot stand here");
  expect_refused({{"{full|member|members}", "{full|member}"}}, "{@full|member}", "forms of one");
  expect_refused({{"{full|member|members}", "{full|a|b|c}"}}, "{@full|a|b|c}", "forms of one");
  expect_refused({{"có {full},", "có {full,"}}, "có @{full,", "brace");
  expect_refused({{"có {full},", "có full},"}}, "có full@}", "brace");
}

TEST(Rules, RefuseTextsThatDiffer) {
  expect_refused({{"; {lacking} lacking.", "."}}, "en: @\"{self.name} (",
                 "placeholder of the other language");
  expect_refused({{"thiếu {lacking}.", "."}}, "vi: @\"Đơn vị", "placeholder of the other language");
  // A word and its label are two things.
  expect_refused({{"({self.kind:label}) có", "({self.kind}) có"}}, "vi: @\"Đơn vị",
                 "placeholder of the other language");
  expect_refused(
      {{"remedy: { vi: \"Bổ sung.\", en: \"Add some.\" }", "remedy: { vi: \"Bổ sung.\" }"}},
      "remedy: @{", "“en” is missing");
}

TEST(Rules, RefuseVariablesThatNobodyReadsOrMayHave) {
  expect_refused({{"thiếu {lacking}", "thiếu"}, {"; {lacking} lacking", ""}},
                 "      @lacking: param", "nothing reads this variable");
  for (const std::string_view name : {"self", "as_of", "param", "m-n", "Full"}) {
    const std::string to = std::string(name) + ": 1\n      lacking: param.least - full";
    EXPECT_NE(refusal({{"lacking: param.least - full", to}}), "") << name;
  }
  // A variable may read those before it, not those after.
  expect_refused({{"full: count(self.members, m, m.standing == \"full\")", "full: lacking + 1"}},
                 "full: @lacking + 1", "lacking");
  // The key of a cohort is a name as well.
  expect_refused({{"excellent: count", "period: 1\n      excellent: count"}}, "@period: 1",
                 "taken");
}

TEST(Rules, RefuseGapsUnderARule) {
  expect_refused({{"param.least - full", "'param.form == \"cell\" ? 1 : full'"}},
                 "  @few-full:", "without a value from 2011-01-19");
  expect_refused({{"require: self.presented_on",
                   "require: param.form != \"cell\" && "
                   "self.presented_on"},
                  {"until: \"2023-10-04\" }\nrules", "until: \"2023-10-03\" }\nrules"}},
                 "  @moved:", "without a value from 2023-10-03");
}

TEST(Rules, RefuseWhatNeverApplies) {
  expect_refused({{"when: self.kind != \"group\"", "when: 1 > 2"}}, "when: @1 > 2", "never apply");
  expect_refused({{"when: self.parent.parent.name == \"X\"", "when: \"false\""}},
                 "when: \"@false\"", "exception can never apply");
  expect_refused({{"cite: [\"charter/24/3\"]",
                   "cite: [\"charter/24/3\"]\n        effective: { "
                   "from: \"2010-01-01\", until: \"2010-02-01\" }"}},
                 "        effective: @{", "no text that is cited");
}

TEST(Rules, RefuseExceptionsThatCannotBeSettled) {
  expect_refused({{"when: self.parent.parent.name == \"X\"",
                   "when: self.decisions.exists(d, d.kind == \"consent_small\")"}},
                 "      @closed:", "neither wins");
  // A text of lower rank gives way; with another condition it is told when it happens.
  EXPECT_EQ(refusal({{"when: self.parent.parent.name == \"X\"",
                      "when: self.decisions.exists(d, d.kind == \"consent_small\")"},
                     {"cite: [\"charter/24/3\"]", "cite: [\"old/3\"]"}}),
            "");
  expect_refused({{"effect: downgrade(notice)", "effect: downgrade(violation)"}},
                 "effect: @downgrade(violation)", "unknown effect");
  expect_refused({{"severity: violation", "severity: notice"}}, "effect: @downgrade(notice)",
                 "not milder");
}

TEST(Rules, RefuseWeakEvidenceForMoreThanAdvice) {
  expect_refused({{"severity: advisory", "severity: notice"}}, "severity: @notice",
                 "enough for advice");
  expect_refused({{"evidence: M-med", "evidence: M-low"}}, "evidence: @M-low", "unknown grade");
  expect_refused({{"    cite: [\"old/3\"]\n", ""}}, "  moved:\n    @subject", "“cite” is missing");
  expect_refused({{"cite: [\"old/3\"]", "cite: []"}}, "cite: @[]", "without a citation");
}

TEST(Rules, WorkingDaysNeedACalendar) {
  const std::vector<Change> days = {{"self.presented_on.daysSince(self.issued_on)",
                                     "self.presented_on.workingDaysSince(self.issued_on)"}};
  EXPECT_NE(refusal(days).find("no calendar"), std::string::npos) << refusal(days);
  PackOptions options;
  options.calendar = std::make_shared<const time::WorkingCalendar>(std::span<const time::Date>(),
                                                                   std::span<const time::Date>());
  EXPECT_EQ(test::refusal_of({test::changed(kPack, days)}, options), "");
}

TEST(Rules, TablesOfAHostAreSubjectsAndRelations) {
  std::vector<table::Field> fields(3);
  fields[0].name = "unit_id";
  fields[0].role = table::Role::kUnit;
  fields[1].name = "held";
  fields[1].type = table::Type::kDate;
  fields[1].role = table::Role::kDay;
  fields[2].name = "size";
  fields[2].type = table::Type::kInt;
  const auto clubs = std::make_shared<const table::Schema>("clubs", table::TableKind::kEvent,
                                                           fields, std::vector<std::string>{},
                                                           base::Message{"câu lạc bộ", "clubs"});
  const std::vector<Change> rows = {{"subject: move", "subject: clubs"},
                                    {"self.presented_on.daysSince(self.issued_on) <= 30",
                                     "self.size > 2 && self.unit.name != \"\""},
                                    {"self.parent.parent.name == \"X\"", "size(self.clubs) > 3"}};
  EXPECT_NE(refusal(rows).find("unknown subject"), std::string::npos);
  PackOptions options;
  options.tables.push_back(clubs);
  EXPECT_EQ(test::refusal_of({test::changed(kPack, rows)}, options), "");
}

TEST(Rules, OfTheCharterPackAreRead) {
  std::ifstream file(DANGBO_CHARTER_PACK);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto pack = read_pack(text, "charter.yaml");
  ASSERT_TRUE(pack.ok()) << test::refusal_of({text});
  EXPECT_EQ(pack->rules.size(), 5U);
  for (const Rule& rule : pack->rules) EXPECT_FALSE(rule.is_about_person) << rule.id;
}

}  // namespace
}  // namespace dangbo::rules
