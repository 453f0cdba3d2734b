// Two extracts: what is dated, closed, corrected, split, asked and refused.
#include "dangbo/load/difference.hpp"

#include <map>
#include <string>
#include <vector>

#include "dangbo/load/script.hpp"
#include "dangbo/registry/history.hpp"
#include "load/load_support.hpp"

namespace dangbo::load {
namespace {

using testing::holds;
using testing::LoadTest;
using Files = std::map<std::string, std::string>;
using Lines = std::vector<std::string>;

class DifferenceTest : public LoadTest {
 protected:
  DifferenceTest() {
    files_["units"] =
        "unit_id,parent_id,name,kind\nK,,Khối Ví dụ,KHOI\nCB1,K,Mây,CB\nCB2,K,Gió,CB\n"
        "CB3,K,Sương,CB\n";
    files_["members"] =
        "member_id,full_name,birth_date,status\nA1,An,1980-01-01,DANG\nA2,Bình,1981,DANG\n"
        "A3,Chi,1982-03,DANG\n";
    files_["memberships"] = "member_id,unit_id,kind\nA1,CB1,home\nA2,CB1,home\nA3,CB2,home\n";
    EXPECT_TRUE(sync(day(1)).ok());
  }

  static time::Date day(int of_month) { return *time::Date::from_ymd(2024, 1, of_month); }

  registry::Change extract() {
    std::filesystem::remove_all(folder_ / "in");
    for (const auto& [name, text] : files_) write("in/" + name + ".csv", text);
    return read_paths({(folder_ / "in").string()});
  }
  absl::StatusOr<Difference> compare(time::Date on, DifferenceOptions options = {}) {
    options.day = on;
    return difference(*registry_, extract(), options);
  }
  absl::StatusOr<registry::CommitResult> sync(time::Date on, const DifferenceOptions& options = {},
                                              const std::string& mark = {}) {
    auto found = compare(on, options);
    if (!found.ok()) return found.status();
    return commit_difference(*registry_, *found, on, {.time = 0, .source_version = mark});
  }
  void replace(const std::string& file, const std::string& what, const std::string& by) {
    std::string& text = files_[file];
    const auto at = text.find(what);
    ASSERT_NE(at, std::string::npos) << what;
    text.replace(at, what.size(), by);
  }

  // "finding table key field before>after day/observed".
  static Lines lines_of(const table::Table& findings) {
    Lines out;
    for (std::size_t row = 0; row < findings.row_count(); ++row) {
      std::string line;
      for (const std::size_t column : {0U, 1U, 2U, 3U, 4U, 5U, 6U, 7U}) {
        const std::string value = findings.column(column).display(row);
        if (!value.empty()) line += (line.empty() ? "" : "|") + value;
      }
      out.push_back(line);
    }
    return out;
  }
  std::string problems(const absl::Status& status) {
    return testing::lines(base::problems_of(status));
  }
  std::int64_t stock(const char* unit, time::Date on) {
    const auto snapshot = registry_->snapshot();
    return snapshot.at(on).stock(*snapshot.find_unit(unit), true);
  }
  // The known rows of a table as lines of the named fields.
  Lines rows(const char* table_name, std::initializer_list<const char*> fields) {
    const auto table = registry::rows_table(registry_->snapshot(), table_name);
    Lines out;
    for (std::size_t row = 0; row < table->row_count(); ++row) {
      std::string line;
      for (const char* field : fields)
        line += (line.empty() ? "" : "|") + table->column(*table->find(field)).display(row);
      out.push_back(line);
    }
    std::sort(out.begin(), out.end());
    return out;
  }

  Files files_;
};

// Every row of every table, as one text.
std::string state(const registry::Registry& registry) {
  std::string out;
  for (const auto& schema : registry.schemas()) {
    const auto table = registry::rows_table(registry.snapshot(), schema->name());
    Lines lines;
    for (std::size_t row = 0; row < table->row_count(); ++row) {
      std::string line;
      for (std::size_t column = 1; column < table->column_count(); ++column)
        line += table->column(column).display(row) + '|';
      lines.push_back(line);
    }
    std::sort(lines.begin(), lines.end());
    for (const std::string& line : lines) out += schema->name() + ": " + line + '\n';
  }
  return out;
}

// 1 %, rounded up; of a small roster up to three, never more than a quarter of it; none with 0.
TEST_F(DifferenceTest, HowManyMayLeave) {
  struct Case {
    int members;
    int gone;
    std::uint32_t max_vanished;
    bool is_refused;
  };
  for (const Case& one :
       {Case{60, 3, 10, false}, Case{60, 4, 10, true}, Case{8, 2, 10, false}, Case{8, 3, 10, true},
        Case{3, 1, 10, false}, Case{3, 2, 10, true}, Case{1000, 10, 10, false},
        Case{1000, 11, 10, true}, Case{60, 1, 0, true}, Case{60, 30, 500, false}}) {
    registry_ = registry::Registry::create({});
    const auto roster = [&](int first) {
      files_["members"] = "member_id\n";
      files_["memberships"] = "member_id,unit_id,kind\n";
      for (int i = first; i < one.members; ++i) {
        files_["members"] += "M" + std::to_string(i) + "\n";
        files_["memberships"] += "M" + std::to_string(i) + ",CB1,home\n";
      }
    };
    roster(0);
    ASSERT_TRUE(sync(day(1)).ok());
    roster(one.gone);
    EXPECT_EQ(compare(day(2), {.max_vanished = one.max_vanished}).ok(), !one.is_refused)
        << one.members << ' ' << one.gone;
  }
}

// Not 0, which would be a claim.
TEST_F(DifferenceTest, BeforeTheRosterThereIsNoNumber) {
  EXPECT_EQ(stock("K", day(1)), 3);
  EXPECT_EQ(stock("K", *time::Date::from_ymd(2023, 12, 31)), registry::kOutsideCoverage);
  const auto view = registry_->snapshot().at(day(5));
  EXPECT_EQ(view.covered_since(), day(1));
}

TEST_F(DifferenceTest, TheSameExtractTwiceIsAnEmptyChange) {
  const auto found = compare(day(2));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_TRUE(found->change.empty());
  EXPECT_EQ(found->findings.row_count(), 0U);
  EXPECT_TRUE(holds(found->script, "changes: []"));
}

TEST_F(DifferenceTest, TheFirstRosterIsOpenToTheLeft) {
  EXPECT_EQ(rows("memberships", {"member_id", "unit_id", "from", "until", "from_after"}),
            (Lines{"A1|CB1|||", "A2|CB1|||", "A3|CB2|||"}));
  EXPECT_EQ(registry_->snapshot().current_day(), day(1));
}

TEST_F(DifferenceTest, NewKeysAreDatedByTheHostTheDecisionOrObserved) {
  files_["members"] += "B1,Dũng,1990,DANG\nB2,Em,1991,DANG\nB3,Giang,1992,DANG\n";
  files_["memberships"] =
      "member_id,unit_id,kind,from,decision_id\nA1,CB1,home,,\nA2,CB1,home,,\nA3,CB2,home,,\n"
      "B1,CB1,home,2023-12-20,\nB2,CB1,home,,Q1\nB3,CB1,home,,\n";
  files_["decisions"] = "decision_id,kind,date\nQ1,move,2024-01-03\n";
  const auto found = compare(day(5));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(
      lines_of(found->findings),
      (Lines{"new|members|B1", "new|members|B2", "new|members|B3",
             "new|memberships|B1 CB1 home|2023-12-20", "new|memberships|B2 CB1 home|2024-01-03",
             "new|memberships|B3 CB1 home|2024-01-05|2024-01-01", "new|decisions|Q1"}));
  ASSERT_TRUE(sync(day(5)).ok());
  EXPECT_EQ(rows("memberships", {"member_id", "from", "from_after"}),
            (Lines{"A1||", "A2||", "A3||", "B1|2023-12-20|", "B2|2024-01-03|",
                   "B3|2024-01-05|2024-01-01"}));
  EXPECT_TRUE(compare(day(6))->change.empty());
}

TEST_F(DifferenceTest, AMoveEndsTheOldHomeAndALaterDateCorrectsBoth) {
  replace("memberships", "A2,CB1", "A2,CB2");
  ASSERT_TRUE(sync(day(5)).ok());
  EXPECT_EQ(rows("memberships", {"member_id", "unit_id", "from", "from_after", "until",
                                 "until_after", "out_reason"}),
            (Lines{"A1|CB1|||||", "A2|CB1|||2024-01-05|2024-01-01|",
                   "A2|CB2|2024-01-05|2024-01-01|||", "A3|CB2|||||"}));
  files_["memberships"] =
      "member_id,unit_id,kind,from\nA1,CB1,home,\nA2,CB2,home,2024-01-03\nA3,CB2,home,\n";
  const auto found = compare(day(9));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(lines_of(found->findings),
            Lines{"dated|memberships|A2 CB2 home|from|2024-01-05|2024-01-03"});
  ASSERT_TRUE(sync(day(9)).ok());
  EXPECT_EQ(
      rows("memberships", {"member_id", "unit_id", "from", "from_after", "until", "until_after"}),
      (Lines{"A1|CB1||||", "A2|CB1|||2024-01-03|", "A2|CB2|2024-01-03|||", "A3|CB2||||"}));
  EXPECT_TRUE(compare(day(10))->change.empty());
}

TEST_F(DifferenceTest, VanishedKeysAreClosedWithTheReasonUnknown) {
  replace("memberships", "A3,CB2,home\n", "");
  replace("members", "A3,Chi,1982-03,DANG\n", "");
  const auto found = compare(day(5));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(lines_of(found->findings),
            Lines{"vanished|memberships|A3 CB2 home|2024-01-05|2024-01-01"});
  ASSERT_TRUE(sync(day(5)).ok());
  EXPECT_EQ(stock("CB2", day(4)), 1);
  EXPECT_EQ(stock("CB2", day(5)), 0);
  EXPECT_EQ(rows("memberships", {"member_id", "out_reason", "until", "until_after"})[2],
            "A3|unknown|2024-01-05|2024-01-01");
  EXPECT_TRUE(compare(day(6))->change.empty());
}

TEST_F(DifferenceTest, MembersGoneFromAnExtractOfMembersAloneEndTheirMemberships) {
  files_.erase("memberships");
  replace("members", "A3,Chi,1982-03,DANG\n", "");
  ASSERT_TRUE(sync(day(5)).ok());
  EXPECT_EQ(stock("K", day(5)), 2);
  EXPECT_TRUE(compare(day(6))->change.empty());
}

TEST_F(DifferenceTest, ChangedValuesFollowThePolicyOfTheirField) {
  replace("members", "A1,An,1980-01-01,DANG", "A1,Ân,1980-01-01,MIEN");
  replace("units", "CB2,K,Gió", "CB2,K,Gió Mới");
  const auto found = compare(day(5));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(lines_of(found->findings),
            (Lines{"happened|units|CB2|name|Gió|Gió Mới|2024-01-05|2024-01-01",
                   "corrected|members|A1|full_name|An|Ân",
                   "happened|members|A1|status|active|exempt|2024-01-05|2024-01-01"}));
  DifferenceOptions options;
  options.policies = {{"members.full_name", OnChange::kAsk},
                      {"units.name", OnChange::kCorrection},
                      {"members.status", OnChange::kAsk}};
  const auto asked = compare(day(5), options);
  ASSERT_TRUE(asked.ok()) << asked.status();
  EXPECT_EQ(asked->questions, 2U);
  EXPECT_EQ(asked->change.row_count(), 1U);
  ASSERT_TRUE(sync(day(5)).ok());
  EXPECT_EQ(rows("units", {"unit_id", "name", "from", "until", "from_after"})[1],
            "CB2|Gió Mới|2024-01-05||2024-01-01");
  EXPECT_EQ(rows("members", {"member_id", "full_name", "status", "from", "until"})[0],
            "A1|Ân|active||2024-01-05");
  EXPECT_TRUE(compare(day(6))->change.empty());
}

TEST_F(DifferenceTest, AVanishedUnitAsksForItsEventAndNamesTheHeirs) {
  replace("units", "CB1,K,Mây,CB\n", "");
  replace("memberships", "A1,CB1", "A1,CB2");
  replace("memberships", "A2,CB1", "A2,CB2");
  const auto found = compare(day(5));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->questions, 1U);
  EXPECT_TRUE(holds(found->script, "CB2 2/2")) << found->script;
  EXPECT_TRUE(holds(found->script, "event: absorb, to_unit: CB2")) << found->script;
  ASSERT_TRUE(sync(day(5)).ok());
  EXPECT_EQ(stock("CB2", day(5)), 3);
  EXPECT_EQ(rows("unit_events", {"event", "from_unit", "to_unit"}), Lines{"unknown|CB1|"});
  EXPECT_TRUE(compare(day(6))->change.empty());
  // The proposed answer is a script that can be made.
  const auto at = found->script.find("#   - ") + 4;
  registry::Change answer(*registry_);
  ASSERT_TRUE(add_script_text(*registry_, answer,
                              "script: 1\nchanges:\n" +
                                  found->script.substr(at, found->script.find('\n', at) - at),
                              "tra-loi.yaml")
                  .ok());
  const auto done = registry_->commit(std::move(answer), {});
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(rows("unit_events", {"event", "from_unit", "to_unit"}), Lines{"absorb|CB1|CB2"});
}

TEST_F(DifferenceTest, TheScriptSaysWhatTheChangeDoes) {
  replace("units", "CB1,K,Mây,CB\n", "CB4,K,\"Tên: “mới” # x\",CB\n");
  replace("memberships", "A1,CB1", "A1,CB4");
  replace("memberships", "A2,CB1,home\n", "");
  replace("members", "A3,Chi", "null,Chi");
  replace("memberships", "A3,CB2", "null,CB2");
  replace("members", "A1,An,1980-01-01,DANG", "A1,,1980-01-01,MIEN");
  DifferenceOptions options;
  options.max_vanished = 1000;
  const auto found = compare(day(5), options);
  ASSERT_TRUE(found.ok()) << found.status();
  const auto one = registry_->snapshot().fork();
  const auto other = registry_->snapshot().fork();
  const auto done = one->commit(found->change, {});
  ASSERT_TRUE(done.ok()) << done.status();
  registry::Change read(*other);
  ASSERT_TRUE(add_script_text(*other, read, found->script, "doi-chieu.yaml").ok());
  const auto applied = other->commit(std::move(read), {});
  ASSERT_TRUE(applied.ok()) << applied.status() << found->script;
  EXPECT_EQ(state(*one), state(*other)) << found->script;
  EXPECT_NE(state(*one), state(*registry_));
}

TEST_F(DifferenceTest, AnOperationThatStatesADayLeavesNoMarkOnIt) {
  replace("memberships", "A2,CB1", "A2,CB2");
  replace("units", "CB2,K,Gió", "CB2,K,Gió Mới");
  ASSERT_TRUE(sync(day(5)).ok());
  registry::Change change(*registry_);
  ASSERT_TRUE(add_script_text(*registry_, change,
                              "script: 1\nchanges:\n"
                              "- move: {member: A2, to: CB3, day: 2024-01-08}\n"
                              "- rename: {unit: CB2, name: Bão, day: 2024-01-08, decision: Q}\n",
                              "viec.yaml")
                  .ok());
  const auto done = registry_->commit(std::move(change), {});
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(rows("memberships", {"member_id", "unit_id", "from", "from_after", "until_after"}),
            (Lines{"A1|CB1|||", "A2|CB1|||2024-01-01", "A2|CB2|2024-01-05|2024-01-01|",
                   "A2|CB3|2024-01-08||", "A3|CB2|||"}));
  EXPECT_EQ(rows("units", {"unit_id", "name", "from", "from_after", "until", "until_after"})[1],
            "CB2|Bão|2024-01-08|||");
}

TEST_F(DifferenceTest, HistoryOfTheHostReDatesWhatWasObserved) {
  replace("memberships", "A3,CB2,home\n", "");
  ASSERT_TRUE(sync(day(5)).ok());
  // The next extract tells when and why A3 left.
  files_["memberships"] =
      "member_id,unit_id,kind,until,out_reason\nA1,CB1,home,,\nA2,CB1,home,,\n"
      "A3,CB2,home,2024-01-03,death\n";
  ASSERT_TRUE(sync(day(6)).ok());
  EXPECT_EQ(rows("memberships", {"member_id", "until", "until_after", "out_reason"})[2],
            "A3|2024-01-03||death");
  EXPECT_TRUE(compare(day(7))->change.empty());
}

// ---- Bad input: named, listed, nothing invented.

TEST_F(DifferenceTest, HalfAnExtractIsRefused) {
  files_["memberships"] = "member_id,unit_id,kind\nA1,CB1,home\n";
  const auto found = compare(day(5));
  ASSERT_FALSE(found.ok());
  EXPECT_TRUE(holds(problems(found.status()), "2/3 keys are gone")) << found.status();
  DifferenceOptions partial;
  partial.partial = {"memberships"};
  EXPECT_TRUE(compare(day(5), partial)->change.empty());
}

TEST_F(DifferenceTest, AllParentsMissingIsRefused) {
  files_["units"] =
      "unit_id,parent_id,name,kind\nK,,Khối Ví dụ,KHOI\nCB1,,Mây,CB\nCB2,,Gió,CB\nCB3,,Sương,CB\n";
  const auto found = compare(day(5));
  ASSERT_FALSE(found.ok());
  EXPECT_TRUE(holds(problems(found.status()), "3/3 values are gone")) << found.status();
}

TEST_F(DifferenceTest, ExtractsInTheWrongOrderAreRefused) {
  ASSERT_TRUE(sync(day(5)).ok());
  const auto found = compare(day(4));
  ASSERT_FALSE(found.ok());
  EXPECT_TRUE(holds(problems(found.status()), "older")) << found.status();
}

TEST_F(DifferenceTest, AKeyOfAnotherPersonIsAskedAndLeftAlone) {
  replace("members", "A2,Bình,1981", "A2,Khánh,1999-05-05");
  replace("memberships", "A2,CB1", "A2,CB2");
  const auto found = compare(day(5));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->questions, 1U);
  EXPECT_TRUE(found->change.empty());
  EXPECT_EQ(lines_of(found->findings), Lines{"ask|members|A2"});
}

TEST_F(DifferenceTest, AUnitCodeUsedBeforeIsAskedWithAllThatStandsInIt) {
  replace("units", "CB3,K,Sương,CB\n", "");
  ASSERT_TRUE(sync(day(5)).ok());
  files_["units"] += "CB3,K,Khác,CB\nCB9,CB3,Dưới,CB\n";
  replace("memberships", "A2,CB1", "A2,CB9");
  const auto found = compare(day(20));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->questions, 1U);
  EXPECT_TRUE(found->change.empty()) << found->script;
  EXPECT_TRUE(holds(found->script, "2024-01-05"));
}

TEST_F(DifferenceTest, AKeyTwiceIsRefusedWithBothRows) {
  files_["memberships"] += "A1,CB1,home\n";
  const auto found = compare(day(5));
  ASSERT_FALSE(found.ok());
  EXPECT_TRUE(holds(problems(found.status()), "row 5")) << problems(found.status());
}

TEST_F(DifferenceTest, CompleteForASubtreeOnly) {
  files_["units"] = "unit_id,parent_id,name,kind\nCB2,K,Gió,CB\n";
  files_["members"] = "member_id,full_name\nA3,Chi\n";
  files_["memberships"] = "member_id,unit_id,kind\nA3,CB2,home\n";
  DifferenceOptions options;
  options.subtree = "CB2";
  const auto found = compare(day(5), options);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_TRUE(found->change.empty()) << found->script;
  options.subtree = "CB7";
  EXPECT_FALSE(compare(day(5), options).ok());
}

TEST_F(DifferenceTest, OptionsAreChecked) {
  DifferenceOptions options;
  options.partial = {"khong_co"};
  options.policies = {{"members.khong_co", OnChange::kAsk}, {"members", OnChange::kAsk}};
  const auto found = compare(day(5), options);
  EXPECT_EQ(base::problems_of(found.status()).total(), 3U);
}

TEST_F(DifferenceTest, SentAgainAfterACrashItIsTheSameCommit) {
  replace("memberships", "A2,CB1", "A2,CB2");
  const auto first = sync(day(5), {}, "dem 5");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_FALSE(first->repeated);
  EXPECT_EQ(registry_->snapshot().current_day(), day(5));
  const std::string once = state(*registry_);
  const auto again = sync(day(5), {}, "dem 5");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->number, first->number);
  EXPECT_EQ(state(*registry_), once);
  // A night on which nothing changed moves the day all the same.
  ASSERT_TRUE(sync(day(6), {}, "dem 6").ok());
  EXPECT_EQ(registry_->snapshot().current_day(), day(6));
}

}  // namespace
}  // namespace dangbo::load
