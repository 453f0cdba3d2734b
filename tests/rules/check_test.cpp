// Findings of the five rules of packs/charter on invented units, their explanation, what becomes
// one by itself, and what a change would mend.
#include "dangbo/rules/check.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "dangbo/rules/outlook.hpp"
#include "rollup/fixture.hpp"
#include "rules/make_pack.hpp"

namespace dangbo {
namespace {

using base::Language;
using test::Cells;

std::string file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// K over DB1 (cells CB1, CB2, CB3) and the grassroots cell CS2. CB1 has two full members and one
// who becomes full on 2026-09-02; CB2 three, one of whom leaves on 2026-08-15; CB3 two and one of
// unknown standing.
std::unique_ptr<registry::Registry> example() {
  auto registry = registry::Registry::create();
  const auto unit = [](const char* key, const char* parent, const char* kind, const char* name) {
    Cells cells = {{"unit_id", key}, {"kind", kind}, {"name", name}, {"from", "2012-01-01"}};
    if (*parent != 0) cells["parent_id"] = parent;
    return cells;
  };
  const auto member = [](const char* key, const char* full) {
    Cells cells = {{"member_id", key}};
    if (*full != 0) {
      cells["joined_date"] = "2010-05-19";
      cells["full_date"] = full;
    }
    return cells;
  };
  const auto home = [](const char* key, const char* of, const char* until = "") {
    Cells cells = {{"member_id", key}, {"unit_id", of}, {"kind", "home"}, {"from", "2013-01-01"}};
    if (*until != 0) cells["until"] = until;
    return cells;
  };
  test::commit(
      *registry,
      {{"units",
        {unit("K", "", "bloc", "Đảng bộ Khối Ví dụ"),
         unit("DB1", "K", "grassroots_committee", "Đảng bộ Sở Mây"),
         unit("CB1", "DB1", "cell", "Chi bộ <script>Một</script>"),
         unit("CB2", "DB1", "cell", "Chi bộ Hai"), unit("CB3", "DB1", "cell", "Chi bộ Ba"),
         unit("CS2", "K", "grassroots_cell", "Chi bộ Báo Sương")}},
       {"members",
        {member("A1", "2011-05-19"), member("A2", "2011-05-19"), member("A3", "2026-09-02"),
         member("B1", "2011-05-19"), member("B2", "2011-05-19"), member("B3", "2011-05-19"),
         member("C1", "2011-05-19"), member("C2", "2011-05-19"), member("C3", ""),
         member("S1", "2011-05-19"), member("S2", "2011-05-19"), member("S3", "2011-05-19")}},
       {"memberships",
        {home("A1", "CB1"), home("A2", "CB1"), home("A3", "CB1"), home("B1", "CB2"),
         home("B2", "CB2"), home("B3", "CB2", "2026-08-15"), home("C1", "CB3"), home("C2", "CB3"),
         home("C3", "CB3"), home("S1", "CS2"), home("S2", "CS2"), home("S3", "CS2")}},
       {"decisions",
        {{{"decision_id", "QD1"},
          {"kind", "consent_small"},
          {"issuer_unit", "K"},
          {"subject_unit", "DB1"},
          {"date", "2025-01-10"},
          {"effective_until", "2026-12-31"}}}}});
  return registry;
}

class Check : public ::testing::Test {
 protected:
  void SetUp() override {
    auto read = rules::read_pack(file(DANGBO_CHARTER), "charter.yaml");
    ASSERT_TRUE(read.ok()) << read.status();
    pack_ = *std::move(read);
    registry_ = example();
  }

  [[nodiscard]] registry::View on(const char* day) const {
    return registry_->snapshot().at(test::day(day));
  }

  // "rule subject outcome" of the rules named.
  std::vector<std::string> outcomes(const char* day, std::vector<std::string> rules) {
    rules::CheckOptions options;
    options.rules = std::move(rules);
    const auto found = rules::check(on(day), pack_, options);
    EXPECT_TRUE(found.ok()) << found.status();
    std::vector<std::string> out;
    if (!found.ok()) return out;
    const auto text = [&](const char* name, std::size_t row) {
      return found->column(*found->find(name)).display(row);
    };
    for (std::size_t i = 0; i < found->row_count(); ++i) {
      out.push_back(text("rule", i) + " " + text("subject", i) + " " + text("outcome", i) +
                    (text("by", i).empty() ? "" : " by " + text("by", i)) +
                    (text("next_change", i).empty() ? "" : " until " + text("next_change", i)));
    }
    return out;
  }

  rules::Pack pack_;
  std::unique_ptr<registry::Registry> registry_;
};

using Lines = std::vector<std::string>;

TEST_F(Check, OutcomesAndWhenTheyChange) {
  EXPECT_EQ(outcomes("2026-06-30", {"cell-min-full", "grassroots-committee-size"}),
            (Lines{"cell-min-full unit:CB1 violated until 2026-09-02",
                   "cell-min-full unit:CB3 undecidable",
                   "grassroots-committee-size unit:DB1 waived by superior-consents until "
                   "2026-12-31"}));
  // The first and the last day of each side.
  EXPECT_EQ(outcomes("2026-09-01", {"cell-min-full"}),
            (Lines{"cell-min-full unit:CB1 violated until 2026-09-02",
                   "cell-min-full unit:CB2 violated", "cell-min-full unit:CB3 undecidable"}));
  EXPECT_EQ(outcomes("2026-09-02", {"cell-min-full"}),
            (Lines{"cell-min-full unit:CB2 violated", "cell-min-full unit:CB3 undecidable"}));
  EXPECT_EQ(outcomes("2026-08-14", {"cell-min-full"}),
            (Lines{"cell-min-full unit:CB1 violated until 2026-09-02",
                   "cell-min-full unit:CB3 undecidable"}));
  EXPECT_EQ(outcomes("2026-12-30", {"grassroots-committee-size"}).front(),
            "grassroots-committee-size unit:DB1 waived by superior-consents until 2026-12-31");
  EXPECT_EQ(outcomes("2026-12-31", {"grassroots-committee-size"}).front(),
            "grassroots-committee-size unit:DB1 violated");
  EXPECT_EQ(outcomes("2011-01-18", {"cell-min-full"}), Lines{});
}

TEST_F(Check, AFindingSaysWhatItRestsOn) {
  rules::CheckOptions options;
  options.rules = {"cell-min-full"};
  const auto found = rules::check(on("2026-06-30"), pack_, options);
  ASSERT_TRUE(found.ok()) << found.status();
  const auto text = [&](const char* name) { return found->column(*found->find(name)).display(0); };
  EXPECT_EQ(text("key"), "cell-min-full|unit:CB1");
  EXPECT_EQ(text("unit_id"), "CB1");
  EXPECT_EQ(text("severity"), "violation");
  EXPECT_EQ(text("cite"), "charter/24/1; charter/21/2");
  EXPECT_EQ(text("evidence"), "A");
  EXPECT_EQ(text("message_en"),
            "Chi bộ <script>Một</script> has 2 full members; at least 3 are needed.");
  EXPECT_EQ(text("values"), R"({"full":2})");
  EXPECT_EQ(
      text("parameters"),
      R"({"cell_min_full":{"value":3,"since":"2011-01-19","cite":"charter/24/1","evidence":"A"}})");
  EXPECT_EQ(text("facts"), R"({"members":{"count":3},"units":{"count":1,"row_ids":[2]}})");
  EXPECT_EQ(found->provenance().find("evaluated"), "4");
  EXPECT_EQ(found->provenance().find("on"), "2026-06-30");
}

TEST_F(Check, MonthsWithoutMeeting) {
  const Lines all = outcomes("2026-06-30", {"cell-monthly-meeting"});
  ASSERT_EQ(all.size(), 48U);  // four cells, twelve months that are over
  EXPECT_EQ(all.front(), "cell-monthly-meeting unit:CB1:2025-06 violated");
  EXPECT_EQ(all.back(), "cell-monthly-meeting unit:CS2:2026-05 violated");
  test::commit(*registry_, {{"meetings",
                             {{{"unit_id", "CB1"},
                               {"month", "2025-06"},
                               {"kind", "regular"},
                               {"held_on", "2025-06-03"}}}}});
  EXPECT_EQ(outcomes("2026-06-30", {"cell-monthly-meeting"}).size(), 47U);
  EXPECT_EQ(outcomes("2026-07-01", {"cell-monthly-meeting"}).size(), 48U);  // June 2026 is over
}

TEST_F(Check, ScopeOfAUnitAndRefusals) {
  rules::CheckOptions options;
  options.rules = {"cell-min-full"};
  options.unit = "CS2";
  const auto none = rules::check(on("2026-06-30"), pack_, options);
  ASSERT_TRUE(none.ok());
  EXPECT_EQ(none->row_count(), 0U);
  EXPECT_EQ(none->provenance().find("evaluated"), "1");
  options.unit = "nowhere";
  EXPECT_EQ(test::faults_of(rules::check(on("2026-06-30"), pack_, options).status()).size(), 1U);
  options.unit.clear();
  options.rules = {"no-such-rule"};
  EXPECT_FALSE(rules::check(on("2026-06-30"), pack_, options).ok());
  EXPECT_FALSE(rules::parse_options("{\"rules\":1,\"uni\":\"K\"}").ok());
  EXPECT_FALSE(rules::parse_options("[]").ok());
  EXPECT_FALSE(rules::parse_options("{\"unit\":\"K\",\"unit\":\"L\"}").ok());
  const auto read = rules::parse_options(R"({"rules":["a"],"about_persons":true,"unit":"K"})");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_TRUE(read->about_persons && read->unit == "K" && read->rules == Lines{"a"});
}

TEST_F(Check, PersonsOnlyWhenAskedForAndWithoutForecast) {
  const rules::Pack pack =
      test::make_pack({}, {{.id = "told",
                            .subject = test::subject_of(rules::Subject::Kind::kMember),
                            .require = "as_of < self.full_date"}});
  const auto quiet = rules::check(on("2026-06-30"), pack);
  ASSERT_TRUE(quiet.ok());
  EXPECT_EQ(quiet->row_count(), 0U);
  rules::CheckOptions options;
  options.rules = {"told"};
  EXPECT_FALSE(rules::check(on("2026-06-30"), pack, options).ok());
  EXPECT_FALSE(rules::explain(on("2026-06-30"), pack, "told", "member:A1").ok());
  options.about_persons = true;
  const auto found = rules::check(on("2026-06-30"), pack, options);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->row_count(), 11U);  // all but A3; C3 is undecidable
  EXPECT_EQ(found->column(*found->find("next_change")).missing_count(), 11U);
  EXPECT_EQ(found->column(*found->find("member_id")).text(0), "A1");
  const auto ahead = rules::due(on("2026-06-30"), pack, 365, options);
  ASSERT_TRUE(ahead.ok());
  EXPECT_EQ(ahead->row_count(), 0U);  // A3 becomes one on 2026-09-02
}

TEST_F(Check, ExceptionsThatDiffer) {
  using rules::Severity;
  const auto outcome = [&](std::vector<test::ExceptionText> exceptions) {
    const rules::Pack pack = test::make_pack({}, {{.id = "r",
                                                   .subject = test::units_of({"bloc"}),
                                                   .require = "self.members.size() > 0",
                                                   .exceptions = std::move(exceptions)}});
    const auto found = rules::check(on("2026-06-30"), pack);
    EXPECT_TRUE(found.ok());
    return found->column(*found->find("outcome")).display(0) + " " +
           found->column(*found->find("severity")).display(0);
  };
  const std::string yes = "self.kind == \"bloc\"";
  const std::string no = "self.kind == \"cell\"";
  const std::string unknown = "self.sector == \"press\"";
  EXPECT_EQ(outcome({}), "violated violation");
  EXPECT_EQ(outcome({{"a", no, {}}}), "violated violation");
  EXPECT_EQ(outcome({{"a", yes, {}}}), "waived violation");
  EXPECT_EQ(outcome({{"a", yes, Severity::kNotice}}), "downgraded notice");
  EXPECT_EQ(outcome({{"a", yes, Severity::kNotice}, {"b", yes, {}}}), "conflict violation");
  EXPECT_EQ(outcome({{"a", yes, {}}, {"b", yes, {}}}), "waived violation");
  EXPECT_EQ(outcome({{"a", unknown, {}}}), "undecidable violation");
  EXPECT_EQ(outcome({{"a", unknown, {}}, {"b", yes, {}}}), "waived violation");
  EXPECT_EQ(outcome({{"a", unknown, {}}, {"b", yes, Severity::kNotice}}), "undecidable violation");
}

TEST_F(Check, ExplainedInBothLanguages) {
  const auto vi = rules::explain(on("2026-06-30"), pack_, "cell-min-full", "unit:CB1");
  ASSERT_TRUE(vi.ok()) << vi.status();
  for (const char* const part :
       {"Chi bộ có ít nhất ba đảng viên chính thức", "kết quả: không đạt, vi phạm", "điều 24/1",
        "(mức chứng cứ A)", "cell_min_full = 3 member, từ 19/01/2011", "full = 2",
        "full >= param.cell_min_full → không", "Tự thay đổi", "02/09/2026: đạt"}) {
    EXPECT_NE(vi->find(part), std::string::npos) << part << "\n" << *vi;
  }
  rules::ExplainOptions options;
  options.language = Language::kEnglish;
  options.format = rules::Format::kHtml;
  const auto en = rules::explain(on("2026-06-30"), pack_, "cell-min-full", "unit:CB1", options);
  ASSERT_TRUE(en.ok()) << en.status();
  EXPECT_NE(en->find("outcome: violated, violation"), std::string::npos) << *en;
  EXPECT_NE(en->find("&lt;script&gt;"), std::string::npos) << *en;
  EXPECT_EQ(en->find("<script"), std::string::npos);
  const auto waived =
      rules::explain(on("2026-06-30"), pack_, "grassroots-committee-size", "unit:DB1", options);
  ASSERT_TRUE(waived.ok());
  EXPECT_NE(waived->find("superior-consents: applies"), std::string::npos) << *waived;
  const auto fine = rules::explain(on("2026-06-30"), pack_, "cell-min-full", "unit:CB2", options);
  ASSERT_TRUE(fine.ok());
  EXPECT_NE(fine->find("outcome: satisfied"), std::string::npos) << *fine;
  EXPECT_FALSE(rules::explain(on("2026-06-30"), pack_, "cell-min-full", "unit:K").ok());
  EXPECT_FALSE(rules::explain(on("2026-06-30"), pack_, "cell-min-full", "unit:X").ok());
  EXPECT_FALSE(rules::explain(on("2026-06-30"), pack_, "nothing", "unit:CB1").ok());
}

TEST_F(Check, WhatBecomesAViolation) {
  rules::CheckOptions options;
  options.rules = {"cell-min-full", "grassroots-committee-size"};
  const auto lines = [&](const char* day, std::int32_t days) {
    const auto due = rules::due(on(day), pack_, days, options);
    EXPECT_TRUE(due.ok()) << due.status();
    Lines out;
    for (std::size_t i = 0; i < due->row_count(); ++i) {
      out.push_back(due->column(*due->find("day")).display(i) + " " +
                    due->column(*due->find("key")).display(i) + " " +
                    due->column(*due->find("now")).display(i) + " " +
                    due->column(*due->find("outcome")).display(i));
    }
    return out;
  };
  const std::string leaves = "2026-08-15 cell-min-full|unit:CB2 satisfied violated";
  const std::string runs_out = "2026-12-31 grassroots-committee-size|unit:DB1 waived violated";
  EXPECT_EQ(lines("2026-06-30", 45), Lines{});
  EXPECT_EQ(lines("2026-06-30", 46), Lines{leaves});
  EXPECT_EQ(lines("2026-06-30", 365), (Lines{leaves, runs_out}));
  EXPECT_EQ(lines("2026-08-15", 100), Lines{});
  EXPECT_FALSE(rules::due(on("2026-06-30"), pack_, 0, options).ok());
  EXPECT_FALSE(rules::due(on("2026-06-30"), pack_, 4000, options).ok());
}

TEST_F(Check, WhatAMergerMends) {
  constexpr const char* kScript =
      "script: 1\n"
      "changes:\n"
      "  - absorb: {units: [CB1], into: CB2, on: 2026-07-01, decision: QD1}\n";
  constexpr const char* kQuery = R"({"query":1,"of":"members","each":"all","unit":"DB1"})";
  rules::CheckOptions options;
  options.rules = {"cell-min-full", "cell-executive"};
  const auto made =
      rules::what_if(on("2026-09-01"), pack_, kScript, "merger.yaml", kQuery, options);
  ASSERT_TRUE(made.ok()) << made.status();
  Lines changes;
  for (std::size_t i = 0; i < made->findings.row_count(); ++i) {
    changes.push_back(made->findings.column(0).display(i) + " " +
                      made->findings.column(*made->findings.find("key")).display(i));
  }
  EXPECT_EQ(changes, (Lines{"mended cell-min-full|unit:CB1", "mended cell-min-full|unit:CB2"}));
  EXPECT_EQ(test::lines_of(made->figures),
            (test::Lines{{"unit_id", "name", "count_before", "count_after", "count_difference"},
                         {"CB1", "Chi bộ <script>Một</script>", "3", "", "-3"},
                         {"CB2", "Chi bộ Hai", "2", "5", "3"}}));
  EXPECT_EQ(registry_->snapshot().commit(), base::CommitNumber{1});  // nothing was written
  EXPECT_FALSE(rules::what_if(on("2026-09-01"), pack_, "nonsense", "x", "", options).ok());
  EXPECT_FALSE(rules::what_if(on("2026-09-01"), pack_, kScript, "x", "{", options).ok());
}

TEST_F(Check, AsKnownAtACommit) {
  const registry::Snapshot before = registry_->snapshot();
  test::commit(
      *registry_,
      {{"members", {{{"member_id", "A4"}, {"full_date", "2012-01-01"}}}},
       {"memberships",
        {{{"member_id", "A4"}, {"unit_id", "CB1"}, {"kind", "home"}, {"from", "2020-01-01"}}}}});
  rules::CheckOptions options;
  options.rules = {"cell-min-full"};
  options.unit = "CB1";
  const auto now = rules::check(on("2026-06-30"), pack_, options);
  const auto then = rules::check(registry_->snapshot().at(test::day("2026-06-30"), before.commit()),
                                 pack_, options);
  ASSERT_TRUE(now.ok() && then.ok());
  EXPECT_EQ(now->row_count(), 0U);
  EXPECT_EQ(then->row_count(), 1U);
}

}  // namespace
}  // namespace dangbo
