// An extract of which some rows are at fault, night after night; options as a document.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "dangbo/load/difference.hpp"
#include "dangbo/registry/history.hpp"
#include "load/load_support.hpp"

namespace dangbo::load {
namespace {

using testing::holds;
using testing::LoadTest;
using Lines = std::vector<std::string>;

class DifferenceAsideTest : public LoadTest {
 protected:
  DifferenceAsideTest() {
    files_["units"] = "unit_id,parent_id,kind\nK,,KHOI\nCB1,K,CB\nCB2,K,CB\n";
    files_["members"] = "member_id,birth_date\nA1,1980-01-01\nA2,1981\nA3,1982-03\n";
    files_["memberships"] = "member_id,unit_id,kind\nA1,CB1,home\nA2,CB1,home\nA3,CB2,home\n";
    EXPECT_TRUE(night(1).ok());
  }

  static time::Date day(int of_month) { return *time::Date::from_ymd(2024, 1, of_month); }

  absl::StatusOr<Difference> compare(int on, bool quarantine = true) {
    std::filesystem::remove_all(folder_ / "in");
    for (const auto& [name, text] : files_) write("in/" + name + ".csv", text);
    const registry::Change extract = read_paths({(folder_ / "in").string()});
    return difference(*registry_, extract,
                      {.day = day(on), .max_vanished = 400, .quarantine = quarantine});
  }
  absl::StatusOr<Difference> night(int on) {
    auto found = compare(on);
    if (!found.ok()) return found.status();
    const auto done = commit_difference(*registry_, *found, day(on), {});
    if (!done.ok()) return done.status();
    return found;
  }
  void replace(const std::string& file, const std::string& what, const std::string& by) {
    std::string& text = files_[file];
    const auto at = text.find(what);
    ASSERT_NE(at, std::string::npos) << what;
    text.replace(at, what.size(), by);
  }
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
  std::int64_t stock(int on) {
    const auto snapshot = registry_->snapshot();
    return snapshot.at(day(on)).stock(*snapshot.find_unit("K"), true);
  }

  std::map<std::string, std::string> files_;
};

TEST_F(DifferenceAsideTest, WithoutItAFaultRefusesTheNight) {
  replace("members", "A2,1981", "A2,1981-13-01");
  EXPECT_FALSE(compare(2, false).ok());
}

// A2 cannot be read: neither gone nor changed. A4 is new and comes in beside it.
TEST_F(DifferenceAsideTest, WhatCannotBeReadHasNotVanished) {
  replace("members", "A2,1981", "A2,1981-13-01");
  files_["members"] += "A4,1990\n";
  replace("memberships", "A2,CB1", "A2,CB2");
  files_["memberships"] += "A4,CB2,home\n";
  const auto found = night(2);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->set_aside.rows, 1U);
  EXPECT_EQ(stock(2), 4);
  EXPECT_EQ(rows("memberships", {"member_id", "unit_id", "until"}),
            (Lines{"A1|CB1|", "A2|CB1|", "A3|CB2|", "A4|CB2|"}));
  const Lines aside = rows("quarantine", {"table_name", "row", "column_name", "content"});
  ASSERT_EQ(aside.size(), 1U);
  EXPECT_TRUE(holds(aside[0], "members|")) << aside[0];
  EXPECT_TRUE(holds(aside[0], "\"member_id\":\"A2\"")) << aside[0];
}

// The next nights: still broken, nothing is written; mended, it comes in and the reason goes.
TEST_F(DifferenceAsideTest, AReasonStandsOnceAndGoesWhenTheRowIsMended) {
  replace("members", "A2,1981", "A2,1981-13-01");
  ASSERT_TRUE(night(2).ok());
  auto again = compare(3);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->set_aside.rows, 1U);
  EXPECT_TRUE(again->change.empty());
  replace("members", "A2,1981-13-01", "A2,1985");
  const auto mended = night(4);
  ASSERT_TRUE(mended.ok()) << mended.status();
  EXPECT_EQ(mended->set_aside.rows, 0U);
  EXPECT_TRUE(rows("quarantine", {"row"}).empty());
  EXPECT_EQ(rows("members", {"member_id", "birth_date"}),
            (Lines{"A1|1980-01-01", "A2|1985", "A3|1982-03"}));
}

// Found by the checks of a change: a move to a unit that does not exist leaves the member at home.
TEST_F(DifferenceAsideTest, AMoveToAnUnknownUnitIsNotHalfDone) {
  replace("memberships", "A2,CB1", "A2,CB9");
  const auto found = night(2);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->set_aside.rows, 1U);
  EXPECT_EQ(rows("memberships", {"member_id", "unit_id", "until"}),
            (Lines{"A1|CB1|", "A2|CB1|", "A3|CB2|"}));
  EXPECT_EQ(stock(2), 3);
}

// Two homes of one member: both rows speak of the same person, who stays where the registry has
// them.
TEST_F(DifferenceAsideTest, TwoHomesLeaveTheMemberWhereTheyWere) {
  files_["memberships"] += "A1,CB2,home\n";
  const auto found = night(2);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_GE(found->set_aside.rows, 1U);
  EXPECT_EQ(stock(2), 3);
}

// A third of all rows is broken in ways of its own; the rest comes in, nothing is invented.
TEST_F(DifferenceAsideTest, AThirdOfTheRowsBroken) {
  std::string& members = files_["members"];
  std::string& memberships = files_["memberships"];
  int broken = 0;
  for (int i = 10; i < 100; ++i) {
    const std::string key = "B" + std::to_string(i);
    const int fault = i % 9;
    broken += fault < 3 ? 1 : 0;
    members += key + (fault == 0 ? ",32/13/1990\n" : ",1990\n");
    memberships += key + (fault == 1   ? ",KHÔNG-CÓ,home\n"
                          : fault == 2 ? ",CB1,lạ\n"
                                       : ",CB1,home\n");
  }
  const auto found = night(2);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(stock(2), 3 + 90 - broken);
  EXPECT_GE(found->set_aside.rows, static_cast<std::uint64_t>(broken));
  for (const std::string& line : rows("memberships", {"member_id", "unit_id"}))
    EXPECT_FALSE(holds(line, "KHÔNG-CÓ")) << line;
  const auto next = compare(3);
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_TRUE(next->change.empty());
}

TEST_F(DifferenceAsideTest, TheFirstRosterMayHaveFaultsToo) {
  registry_ = registry::Registry::create({});
  replace("members", "A2,1981", "A2,1981-13-01");
  const auto found = night(1);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_GE(found->set_aside.rows, 1U);
  EXPECT_EQ(stock(1), 2);
}

TEST_F(DifferenceAsideTest, AFileWithoutAHeaderIsStillRefused) {
  files_["posts"] = "";
  EXPECT_FALSE(compare(2).ok());
}

TEST(DifferenceOptions, AreReadFromADocument) {
  const auto options = parse_difference_options(
      R"({"difference":1,"day":"2024-03-01","partial":["posts","dues"],"subtree":"K",
          "policies":{"members.full_name":"ask","units.name":"correction"},
          "max_vanished":5,"quarantine":true})");
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->day, *time::Date::from_ymd(2024, 3, 1));
  EXPECT_EQ(options->partial, (Lines{"posts", "dues"}));
  EXPECT_EQ(options->subtree, "K");
  ASSERT_EQ(options->policies.size(), 2U);
  EXPECT_EQ(options->policies[0], (std::pair(std::string("members.full_name"), OnChange::kAsk)));
  EXPECT_EQ(options->max_vanished, 5U);
  EXPECT_TRUE(options->quarantine);
}

TEST(DifferenceOptions, EveryMistakeIsNamed) {
  const auto options = parse_difference_options(
      R"({"difference":2,"day":"2024-03","partial":"posts","quarantin":true,"max_vanished":1001,
          "policies":{"members.sex":"maybe"}})");
  const std::string all = testing::lines(base::problems_of(options.status()));
  for (const char* at : {"/difference", "/day", "/partial", "/quarantin", "/max_vanished",
                         "/policies/members.sex", "quarantine"})
    EXPECT_TRUE(holds(all, at)) << at << '\n' << all;
  for (const char* text : {"", "[", "[]", "1", R"({"difference":1})", R"({"day":"2024-01-01"})",
                           R"({"difference":1,"day":"2024-01-01","day":"2024-01-02"})",
                           "{\"difference\":1,\"day\":\"\xff\"}"})
    EXPECT_FALSE(parse_difference_options(text).ok()) << text;
  EXPECT_FALSE(parse_difference_options(std::string(100000, '[')).ok());
}

}  // namespace
}  // namespace dangbo::load
