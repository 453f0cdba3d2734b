// Change scripts: what is read, what is refused, and that values are those of files.
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "dangbo/load/script.hpp"
#include "dangbo/registry/history.hpp"
#include "load/load_support.hpp"

namespace dangbo::load {
namespace {

using base::ProblemCode;
using testing::holds;
using testing::lines;
using testing::LoadTest;
using Lines = std::vector<std::string>;

class ScriptTest : public LoadTest {
 protected:
  ScriptTest() {
    write("khoi/units.csv",
          "unit_id,parent_id,name,kind,from\nK,,Khối Ví dụ,KHOI,2010-01-01\n"
          "CB1,K,Chi bộ Mây,CBCS,2010-01-01\nCB2,K,Chi bộ Gió,CBCS,2012-01-01\n");
    write("khoi/members.csv", "member_id,sex\nA1,nữ\nA2,nam\n");
    write("khoi/memberships.csv",
          "member_id,unit_id,kind,from,until\nA1,CB1,home,2011-01-01,\n"
          "A2,CB1,home,2012-01-01,2020-01-01\nA2,CB2,home,2020-01-01,\n");
    registry::Change change = read_paths({(folder_ / "khoi").string()});
    EXPECT_TRUE(registry_->commit(std::move(change), {}).ok());
  }

  registry::Change script(std::string_view text) {
    registry::Change change(*registry_);
    const absl::Status status = add_script_text(*registry_, change, text, "sua.yaml");
    EXPECT_TRUE(status.ok()) << status;
    return change;
  }

  // "row:column code value" of every problem, of reading and of the check.
  Lines refusals(std::string_view text) {
    const base::ProblemList found = registry_->check(script(text)).problems;
    Lines out;
    for (const base::Problem& problem : found.kept()) {
      EXPECT_EQ(problem.place.file, "sua.yaml");
      EXPECT_FALSE(problem.reason.vi.empty() || problem.fix.en.empty());
      out.push_back(std::to_string(problem.place.row) + ":" + problem.place.column + " " +
                    std::to_string(static_cast<int>(problem.code)) + " " + problem.value);
    }
    return out;
  }

  // A list of changes, each a line after the head of a script.
  Lines refused_change(const std::string& change) {
    return refusals("script: 1\nchanges:\n- " + change + "\n");
  }

  void check(std::string_view text) { (void)registry_->check(script(text)); }

  std::int64_t stock(std::string_view unit, int year) {
    const auto now = registry_->snapshot();
    return now.at(*time::Date::from_ymd(year, 6, 1)).stock(*now.find_unit(unit), true);
  }
};

constexpr std::string_view kWhole = R"(# Chị An chuyển sang Trạm Gió
script: 1
changes:
  - correct: {table: memberships, key: {member_id: A1, unit_id: CB1}, set: {đến ngày: 31/12/2020}}
  - add:
      table: sinh hoạt đảng
      row:
        mã đảng viên: A1
        unit_id: CB2
        kind: CHINHTHUC
        từ ngày: 2021-01-01
  - correct: {table: members, row_id: 0, set: {birth_date: 1960-05, full_name: "An, Nguyễn Thị"}}
  - add: {table: members, row: {member_id: A3, sex: nữ, birth_date: }}
  - add: {table: memberships, row: {member_id: A3, unit_id: CB2, kind: home, from: 2021-03-01}}
  - withdraw: {table: memberships, key: {member_id: A2, from: 2012-01-01}}
)";

TEST_F(ScriptTest, WholeFormat) {
  registry::Change change = script(kWhole);
  ASSERT_TRUE(change.problems().empty()) << lines(change.problems());
  EXPECT_EQ(change.row_count(), 6U);
  // Alike changes share their columns: one batch a shape.
  EXPECT_EQ(change.batches().size(), 3U);
  EXPECT_EQ(change.batches()[0].row_number(0), 5U);
  EXPECT_EQ(change.corrections()[0].row_number(0), 4U);
  const auto done = registry_->commit(std::move(change), {});
  ASSERT_TRUE(done.ok()) << done.status();
  using Counts = registry::CommitResult::Counts;
  EXPECT_EQ(done->added, (Counts{{"members", 1}, {"memberships", 2}}));
  EXPECT_EQ(done->corrected, (Counts{{"members", 1}, {"memberships", 1}}));
  EXPECT_EQ(done->withdrawn, (Counts{{"memberships", 1}}));
  EXPECT_EQ(stock("CB1", 2019), 1);
  EXPECT_EQ(stock("CB1", 2021), 0);
  EXPECT_EQ(stock("CB2", 2021), 3);
  const auto rows = *rows_table(registry_->snapshot(), "members");
  const std::size_t last = rows.row_count() - 1;  // corrections come after new rows
  EXPECT_EQ(rows.column(*rows.find("member_id")).display(last), "A1");
  EXPECT_EQ(rows.column(*rows.find("birth_date")).display(last), "1960-05");
  EXPECT_EQ(rows.column(*rows.find("full_name")).display(last), "An, Nguyễn Thị");
}

TEST_F(ScriptTest, TheManualsExampleIsMade) {
  registry::Change more = script(
      "script: 1\nchanges:\n- add: {table: members, row: {member_id: A3}}\n"
      "- add: {table: memberships, row: {member_id: A3, unit_id: CB2, kind: home, from: "
      "2019-09-02}}\n");
  ASSERT_TRUE(registry_->commit(std::move(more), {}).ok());
  std::ifstream file(DANGBO_SCRIPT_MANUAL);
  const std::string page((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const std::size_t begin = page.find("```yaml\n") + 8;
  ASSERT_LT(begin, page.size());
  registry::Change change = script(page.substr(begin, page.find("```", begin) - begin));
  ASSERT_TRUE(change.problems().empty()) << lines(change.problems());
  EXPECT_EQ(change.row_count(), 4U);
  const auto done = registry_->commit(std::move(change), {});
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(stock("CB1", 2021), 0);
  EXPECT_EQ(stock("CB2", 2021), 2);
}

TEST_F(ScriptTest, AFileIsTheSameAsItsText) {
  const std::string path = write("sua.yaml", "\xEF\xBB\xBF" + std::string(kWhole));
  registry::Change change(*registry_);
  ASSERT_TRUE(add_script(*registry_, change, path).ok());
  ASSERT_TRUE(change.problems().empty()) << lines(change.problems());
  EXPECT_EQ(change.row_count(), 6U);
  EXPECT_EQ(change.batches()[0].source, path);
  registry::Change none(*registry_);
  ASSERT_TRUE(add_script(*registry_, none, path + ".none").ok());
  EXPECT_EQ(testing::codes(none), std::vector{ProblemCode::kFileUnreadable});
}

TEST_F(ScriptTest, TheDocumentMustBeAScript) {
  EXPECT_EQ(refusals(""), Lines{"0:0 112 "});
  EXPECT_EQ(refusals("changes: []\n"), Lines{"1:1 112 "});
  EXPECT_EQ(refusals("script: 2\nchanges: []\n"), Lines{"1:9 112 2"});
  EXPECT_EQ(refusals("script: 1\n"), Lines{"1:1 112 "});
  EXPECT_EQ(refusals("script: 1\nchanges: {add: 1}\n"), Lines{"2:10 112 "});
  EXPECT_EQ(refusals("script: 1\nchanges: []\nchange: []\n"), Lines{"3:1 112 change"});
  EXPECT_EQ(refusals("script: 1\nchanges: [}\n"), Lines{"2:11 112 "});
  EXPECT_EQ(refusals("script: 1\nchanges: &a []\n"), Lines{"2:10 112 "});
  EXPECT_EQ(refusals("script: 1\nchanges: []\n---\nscript: 1\n"), Lines{"1:1 112 "});
  EXPECT_EQ(refusals("script: 1\nchanges:\n- {}\n\xFF"), Lines{"4: 103 "});
  EXPECT_EQ(refusals("script: 1\nchanges: []\n#" + std::string(8'000'000, 'x')), Lines{"0: 112 "});
  EXPECT_TRUE(refusals("script: 1\nchanges: []\n").empty());
}

TEST_F(ScriptTest, UnknownWordsHaveTheNearest) {
  for (const char* change :
       {"corect: {table: members}", "add: {tabl: members, table: members, row: {member_id: X}}",
        "add: {table: membres, row: {member_id: X}}",
        "add: {table: members, row: {member_id: X, sexx: nam}}"}) {
    const registry::Change read = script("script: 1\nchanges:\n- " + std::string(change) + "\n");
    ASSERT_EQ(read.problems().total(), 1U) << lines(read.problems());
    const base::Problem& problem = read.problems().kept()[0];
    EXPECT_TRUE(holds(problem.fix.en, "did you mean")) << problem.fix.en;
    EXPECT_TRUE(holds(problem.fix.vi, "có phải là")) << problem.fix.vi;
  }
}

TEST_F(ScriptTest, WhatIsRefused) {
  EXPECT_EQ(refused_change("add: {table: members, row: {member_id: X, sexx: nam}}"),
            Lines{"3:45 112 sexx"});
  EXPECT_EQ(refused_change("add: {table: membres, row: {member_id: X}}"),
            Lines{"3:16 109 membres"});
  EXPECT_EQ(refused_change("add: {table: members, row: {sex: nam}}"), Lines{"3:member_id 200 "});
  EXPECT_EQ(refused_change("add: {table: members, row: {}}"), Lines{"3:30 112 "});
  EXPECT_EQ(refused_change("add: {table: members, row: {member_id: [X]}}"), Lines{"3:42 112 "});
  EXPECT_EQ(refused_change("add: {table: members, row: {member_id: \"a\\0b\"}}"),
            Lines{"3:42 112 "});
  EXPECT_EQ(refused_change("add: {table: members, row: {member_id: X, mã đảng viên: Y}}"),
            Lines{"3:45 112 mã đảng viên"});
  EXPECT_EQ(refused_change("add: {table: members, row: {member_id: X, sex: robot}}"),
            Lines{"3:sex 202 robot"});
  EXPECT_EQ(refused_change("add: {table: members, row: {member_id: X, ngày sinh: 31/02/1980}}"),
            Lines{"3:ngày sinh 201 31/02/1980"});
  EXPECT_EQ(refused_change("add: {table: members, row: {member_id: X}}\n  correct: {}"),
            Lines{"3:3 112 "});
  EXPECT_EQ(refused_change("correct: {table: members, key: {member_id: A1}}"), Lines{"3:12 112 "});
  EXPECT_EQ(refused_change("correct: {table: members, key: {member_id: A1}, set: {}}"),
            Lines{"3:56 112 "});
  EXPECT_EQ(refused_change("correct: {table: members, set: {sex: nam}}"), Lines{"3:12 112 "});
  EXPECT_EQ(
      refused_change("correct: {table: members, key: {member_id: A1}, row_id: 0, set: {sex: }}"),
      Lines{"3:12 112 "});
  EXPECT_EQ(refused_change("correct: {table: members, row_id: -1, set: {sex: nam}}"),
            Lines{"3:37 112 -1"});
  EXPECT_EQ(refused_change("correct: {table: members, row_id: 4294967296, set: {sex: nam}}"),
            Lines{"3:37 112 4294967296"});
  EXPECT_EQ(refused_change("correct: {table: members, key: {member_id: A1}, set: {member_id: }}"),
            Lines{"3:member_id 200 "});
  EXPECT_EQ(refused_change("withdraw: {table: memberships, row_id: 0, set: {until: }}"),
            Lines{"3:45 112 set"});
}

TEST_F(ScriptTest, TheCheckNamesTheLineOfTheChange) {
  EXPECT_EQ(refusals("script: 1\nchanges:\n"
                     "- add: {table: memberships, row: {member_id: A1, unit_id: CB1, kind: home}}\n"
                     "\n"
                     "- add: {table: members, row: {member_id: A9}}\n"
                     "- add:\n    table: memberships\n    row:\n      member_id: A9\n"
                     "      unit_id: CB9\n      kind: home\n"
                     "- correct: {table: members, key: {member_id: A8}, set: {sex: nam}}\n"
                     "- withdraw: {table: memberships, key: {member_id: A2}}\n"
                     "- withdraw: {table: members, row_id: 77}\n"),
            (Lines{"3:member_id 306 A1", "6:unit_id 301 CB9", "12:member_id 302 A8", "13: 310 A2",
                   "14: 309 77"}));
}

TEST_F(ScriptTest, RowsOfOneLineAndDamagedRows) {
  // The second row is reported once, for its date, and not again for its missing interval.
  EXPECT_EQ(
      refusals("script: 1\nchanges: [{add: {table: memberships, row: {member_id: A1, unit_id: "
               "CB2, kind: home, from: 2011-06-01, until: 2011-05-01}}},\n"
               "{add: {table: memberships, row: {member_id: A2, unit_id: CB1, kind: home, "
               "from: 2011-13-01, until: 2011-05-01}}}]\n"),
      (Lines{"2:until 204 2011-05-01", "3:from 201 2011-13-01"}));
}

TEST_F(ScriptTest, ValuesAreThoseOfFiles) {
  const Lines dates = {"1960",     "1960-05",    "05/1960", "1960-05-03",
                       "3/5/1960", "31/02/1960", "60",      "x"};
  for (const std::string& date : dates) {
    registry::Change from_file = read("members", "member_id,birth_date\nX," + date + "\n");
    registry::Change from_script = script(
        "script: 1\nchanges:\n- add: {table: members, row: {member_id: X, birth_date: " + date +
        "}}\n");
    EXPECT_EQ(testing::column(from_file, "birth_date"), testing::column(from_script, "birth_date"));
    EXPECT_EQ(testing::codes(from_file), testing::codes(from_script)) << date;
  }
}

TEST_F(ScriptTest, HostileTextIsRefusedNotFollowed) {
  const std::string deep(100'000, '[');
  for (const std::string& text :
       {deep, "script: 1\nchanges: " + deep,
        "script: 1\nchanges: [" + std::string(3'000'000, ',') + "]", std::string(200'000, '{'),
        std::string(200'000, '-'), "? " + deep, "\"" + std::string(100'000, '\\'),
        "script: 1\nchanges:\n- add: {table: members, row: {" +
            [] {
              std::string keys;
              for (int i = 0; i < 1000; ++i) keys += "k" + std::to_string(i) + ": 1, ";
              return keys;
            }() +
            "}}"}) {
    EXPECT_FALSE(script(text).problems().empty());
  }
  // Every cut and many bent copies of a sound script: refused or read, never a crash.
  std::mt19937 random(20210705);
  const std::string whole(kWhole);
  for (std::size_t cut = 0; cut < whole.size(); cut += 7) {
    check(whole.substr(0, cut));
  }
  for (int round = 0; round < 300; ++round) {
    std::string bent = whole;
    for (int i = 0; i < 4; ++i) bent[random() % bent.size()] = "{}[]:,-\n '\"&*#|>%"[random() % 17];
    check(bent);
  }
}

}  // namespace
}  // namespace dangbo::load
