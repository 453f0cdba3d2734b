// Small histories with one thing in each: what the comparison makes of it.
#include "dangbo/rollup/freeze.hpp"

#include <gtest/gtest.h>

#include "dangbo/base/digest.hpp"
#include "rollup/fixture.hpp"

namespace dangbo::test {

namespace {

using Strings = std::vector<std::string>;

table::Table texts(const std::vector<std::string>& header, const Lines& rows) {
  std::vector<table::Column> columns;
  for (std::size_t i = 0; i < header.size(); ++i) {
    table::Column column(header[i], table::Type::kText);
    for (const auto& row : rows) {
      if (row[i].empty()) {
        column.append_missing();
      } else {
        column.append_text(row[i]);
      }
    }
    columns.push_back(std::move(column));
  }
  return {"rows", std::move(columns)};
}

// K over DB1 (cells CB1, CB2) and CS2; five members; every commit a second after the one before.
class Body {
 public:
  Body() : registry(registry::Registry::create()) {
    add("units", {"unit_id", "from", "parent_id", "kind", "name"},
        {{"K", "2010-01-01", "", "KHOI", "Đảng bộ Khối Ví dụ"},
         {"DB1", "2010-01-01", "K", "DBCS", "Đảng bộ Sở Mây"},
         {"CB1", "2010-01-01", "DB1", "CB", "Chi bộ Văn phòng"},
         {"CB2", "2010-01-01", "DB1", "CB", "Chi bộ Trạm Gió"},
         {"CS2", "2010-01-01", "K", "CBCS", "Chi bộ Báo Sương"}});
    add("members", {"member_id", "sex", "full_name", "joined_date", "full_date"},
        {{"1", "F", "Nguyễn Ví Dụ", "2001-05-19", "2002-05-19"},
         {"2", "M", "Trần Ví Dụ", "2005-05-19", "2006-05-19"},
         {"3", "F", "Lê Ví Dụ", "2019-07-01", "2020-07-01"},
         {"4", "M", "Phạm Ví Dụ", "2010-05-19", "2011-05-19"},
         {"5", "", "Vũ Ví Dụ", "2019-05-19", "2020-05-19"},
         {"6", "F", "Đỗ Ví Dụ", "", ""}});
    add("memberships", {"member_id", "unit_id", "kind", "from", "until", "in_reason"},
        {{"1", "CB1", "CHINHTHUC", "2011-01-01", "", ""},
         {"2", "CB1", "CHINHTHUC", "2011-01-01", "2020-12-31", ""},
         {"3", "CB2", "CHINHTHUC", "2019-07-01", "", "KETNAP"},
         {"4", "CS2", "CHINHTHUC", "2011-01-01", "", ""},
         {"5", "CS2", "CHINHTHUC", "2019-05-19", "", "KETNAP"},
         {"4", "CB1", "TAMTHOI", "2020-01-01", "", ""}});
    add("meetings", {"unit_id", "month", "kind", "present_n"},
        {{"CB1", "2020-05", "DK", "10"}, {"CB2", "2020-05", "DK", "7"}});
    add("evaluations", {"subject_type", "subject_id", "period", "regime", "grade"},
        {{"member", "1", "2019", "r2019", "HTXS"}, {"member", "3", "2019", "r2019", "HTT"}});
    commit();
  }

  Body& add(const char* table, const Strings& header, const Lines& rows) {
    change().add_table(table, texts(header, rows), "thêm");
    return *this;
  }
  Body& correct(const char* table, const Strings& key, const Strings& target, const Strings& fields,
                const Strings& values) {
    change().correct(table, texts(key, {target}), texts(fields, {values}), "sửa");
    return *this;
  }
  Body& withdraw(const char* table, const Strings& key, const Strings& target) {
    change().withdraw(table, texts(key, {target}), "bỏ");
    return *this;
  }
  void commit() {
    const auto done = registry->commit(std::move(*change_),
                                       {.time = ++commits * 1'000'000, .source_version = ""});
    change_.reset();
    ASSERT_TRUE(done.ok()) << done.status();
  }
  // Correcting the home row of a member.
  void end_home(const char* member, const char* until, const char* reason = "") {
    correct("memberships", {"member_id", "kind"}, {member, "CHINHTHUC"}, {"until", "out_reason"},
            {until, reason});
  }

  rollup::Frozen freeze(const std::string& json) const {
    return *rollup::freeze(registry->snapshot(), *rollup::Query::parse(json));
  }
  rollup::Comparison compare(const rollup::Frozen& frozen, bool all = false) const {
    return *rollup::compare(registry->snapshot(), frozen, {.all = all});
  }

  std::unique_ptr<registry::Registry> registry;
  int commits = 0;

 private:
  registry::Change& change() {
    if (!change_) change_.emplace(*registry);
    return *change_;
  }
  std::optional<registry::Change> change_;
};

// Cells: "unit/groups frozen→now", as shown.
Strings cells_of(const rollup::Comparison& made) {
  Strings out;
  const table::Table& cells = made.cells;
  for (std::size_t row = 0; row < cells.row_count(); ++row) {
    std::string line;
    for (std::size_t c = 0; c < cells.column_count(); ++c) {
      const std::string& name = cells.column(c).name();
      if (name != "cell" && name != "name") line += "|" + cells.column(c).display(row);
    }
    out.push_back(line.substr(1));
  }
  return out;
}

// Causes: "cell_name|effect|cause|table|commit|unit|member|field|before|after".
Strings causes_of(const rollup::Comparison& made) {
  Strings out;
  const table::Table& causes = made.causes;
  for (std::size_t row = 0; row < causes.row_count(); ++row) {
    std::string line;
    for (const char* name : {"cell_name", "effect", "cause", "table", "commit", "unit_id",
                             "member_id", "field", "before", "after"}) {
      line += "|" + causes.column(*causes.find(name)).display(row);
    }
    out.push_back(line.substr(1));
  }
  return out;
}

const char* const kStock = R"({"query":1,"of":"members","on":"2020-06-30","each":"all"})";
const char* const kWhole = R"({"query":1,"of":"members","on":"2020-06-30"})";

TEST(Freeze, NothingDiffersWhileNothingBecomesKnown) {
  Body body;
  const auto frozen = body.freeze(kStock);
  body.add("members", {"member_id"}, {{"7"}}).commit();
  const auto made = body.compare(frozen);
  EXPECT_EQ(made.differing, 0U);
  EXPECT_EQ(cells_of(made), Strings{});
  EXPECT_EQ(causes_of(made), Strings{});
  const auto all = body.compare(frozen, true);
  EXPECT_EQ(cells_of(all),
            (Strings{"CB1|2|2|0", "CB2|1|1|0", "CS2|2|2|0", "DB1|3|3|0", "K|5|5|0"}));
  EXPECT_EQ(causes_of(all), Strings{});
  EXPECT_EQ(*all.cells.provenance().find("frozen"), "1");
  EXPECT_EQ(*all.cells.provenance().find("known_at"), "2");
}

TEST(Freeze, ADecisionThatCameLate) {
  for (const char* from : {"2020-06-30", "2020-07-01"}) {
    Body body;
    const auto frozen = body.freeze(kStock);
    body.add("memberships", {"member_id", "unit_id", "kind", "from"},
             {{"6", "CB2", "CHINHTHUC", from}})
        .commit();
    const auto made = body.compare(frozen);
    if (from == std::string("2020-07-01")) {
      EXPECT_EQ(cells_of(made), Strings{});
      continue;
    }
    EXPECT_EQ(cells_of(made), (Strings{"CB2|1|2|1", "DB1|3|4|1", "K|5|6|1"}));
    EXPECT_EQ(causes_of(made),
              (Strings{"CB2|1|late|memberships|2|CB2|6|||", "DB1|1|late|memberships|2|CB2|6|||",
                       "K|1|late|memberships|2|CB2|6|||"}));
    EXPECT_EQ(made.causes.column(*made.causes.find("time")).integer(0), 2'000'000);
    EXPECT_EQ(made.causes.column(*made.causes.find("row_id")).integer(0), 6);
    EXPECT_EQ(made.causes.column(*made.causes.find("counted_row")).integer(0), 6);
  }
}

TEST(Freeze, AnEndThatBecameKnownLateIsLate) {
  for (const char* until : {"2020-06-30", "2020-07-01"}) {
    Body body;
    const auto frozen = body.freeze(kWhole);
    body.end_home("1", until);
    body.commit();
    const Strings expected = {"|-1|late|memberships|2|CB1|1|until||2020-06-30"};
    EXPECT_EQ(causes_of(body.compare(frozen)), until[6] == '6' ? expected : Strings{});
  }
}

TEST(Freeze, AnEndThatWasWrongIsACorrection) {
  Body body;
  const auto frozen = body.freeze(kWhole);
  body.end_home("2", "2020-06-30");
  body.commit();
  EXPECT_EQ(causes_of(body.compare(frozen)),
            (Strings{"|-1|correction|memberships|2|CB1|2|until|2020-12-31|2020-06-30"}));
}

TEST(Freeze, AMoveInsideAUnitCancels) {
  Body body;
  const auto frozen = body.freeze(kStock);
  body.end_home("1", "2020-06-15");
  body.add("memberships", {"member_id", "unit_id", "kind", "from", "in_reason"},
           {{"1", "CB2", "CHINHTHUC", "2020-06-15", "NOIBO"}})
      .commit();
  EXPECT_EQ(causes_of(body.compare(frozen)),
            (Strings{"CB1|-1|late|memberships|2|CB1|1|until||2020-06-15",
                     "CB2|1|late|memberships|2|CB2|1|||"}));
}

TEST(Freeze, AMoveByReorganisationSaysSo) {
  Body body;
  const auto frozen = body.freeze(kStock);
  body.end_home("1", "2020-06-15", "TOCHUC");
  body.add("memberships", {"member_id", "unit_id", "kind", "from", "in_reason"},
           {{"1", "CS2", "CHINHTHUC", "2020-06-15", "TOCHUC"}})
      .commit();
  EXPECT_EQ(causes_of(body.compare(frozen)),
            (Strings{"CB1|-1|reorganisation|memberships|2|CB1|1|until||2020-06-15",
                     "CS2|1|reorganisation|memberships|2|CS2|1|||",
                     "DB1|-1|reorganisation|memberships|2|CB1|1|until||2020-06-15"}));
}

TEST(Freeze, TheCommitNamedIsTheOneThatMadeItSo) {
  Body body;
  const auto frozen = body.freeze(kStock);
  body.correct("memberships", {"member_id", "unit_id"}, {"3", "CB2"}, {"unit_id"}, {"CB1"})
      .commit();
  body.correct("memberships", {"member_id", "unit_id"}, {"3", "CB1"}, {"issued_on"}, {"2020-06-01"})
      .commit();
  EXPECT_EQ(causes_of(body.compare(frozen)),
            (Strings{"CB1|1|correction|memberships|2|CB1|3|unit_id|CB2|CB1",
                     "CB2|-1|correction|memberships|2|CB2|3|unit_id|CB2|CB1"}));
  // Corrected back: nothing differs any more.
  body.correct("memberships", {"member_id", "unit_id"}, {"3", "CB1"}, {"unit_id"}, {"CB2"})
      .commit();
  EXPECT_EQ(body.compare(frozen).differing, 0U);
}

TEST(Freeze, WithdrawnAndEnteredAnewIsNoDifference) {
  Body body;
  const auto frozen = body.freeze(kStock);
  body.withdraw("memberships", {"member_id"}, {"5"}).commit();
  EXPECT_EQ(causes_of(body.compare(frozen)), (Strings{"CS2|-1|withdrawn|memberships|2|CS2|5|||",
                                                      "K|-1|withdrawn|memberships|2|CS2|5|||"}));
  body.add("memberships", {"member_id", "unit_id", "kind", "from"},
           {{"5", "CS2", "CHINHTHUC", "2019-05-19"}})
      .commit();
  EXPECT_EQ(causes_of(body.compare(frozen)), Strings{});
}

TEST(Freeze, ATreeThatChanged) {
  Body body;
  const auto frozen = body.freeze(kStock);
  body.correct("units", {"unit_id"}, {"CB2"}, {"until"}, {"2020-06-01"})
      .add("units", {"unit_id", "from", "parent_id", "kind", "name"},
           {{"CB2", "2020-06-01", "K", "CBCS", "Chi bộ Trạm Gió"}})
      .commit();
  const auto made = body.compare(frozen);
  EXPECT_EQ(cells_of(made), (Strings{"DB1|3|2|-1"}));
  EXPECT_EQ(causes_of(made), (Strings{"DB1|-1|reorganisation|units|2|CB2|3|parent_id|DB1|K"}));
  // The attributes of the unit: the members of another kind of cell.
  const auto by_kind = body.freeze(
      R"({"query":1,"of":"members","on":"2020-06-30","known_at":1,"by":["unit.kind"]})");
  EXPECT_EQ(causes_of(body.compare(by_kind)),
            (Strings{"cell|-1|reorganisation|units|2|CB2|3|kind|cell|grassroots_cell",
                     "grassroots_cell|1|reorganisation|units|2|CB2|3|kind|cell|grassroots_cell"}));
}

TEST(Freeze, AUnitThatWasClosedLate) {
  Body body;
  const auto frozen = body.freeze(
      R"({"query":1,"of":"members","on":"2020-06-30","each":{"kind":"grassroots_cell"}})");
  const auto units = body.freeze(R"({"query":1,"of":"units","on":"2020-06-30"})");
  // With its members: nobody may be left in a unit that is no more.
  body.correct("units", {"unit_id"}, {"CS2"}, {"until"}, {"2020-06-30"});
  for (const char* member : {"4", "5"})
    body.correct("memberships", {"member_id", "unit_id"}, {member, "CS2"}, {"until"},
                 {"2020-06-30"});
  body.commit();
  const auto made = body.compare(frozen);
  EXPECT_EQ(cells_of(made), (Strings{"CS2|2||-2"}));  // it has no row any more
  EXPECT_EQ(causes_of(made), (Strings{"CS2|-1|late|memberships|2|CS2|4|until||2020-06-30",
                                      "CS2|-1|late|memberships|2|CS2|5|until||2020-06-30"}));
  EXPECT_EQ(causes_of(body.compare(units)), (Strings{"|-1|late|units|2|CS2||until||2020-06-30"}));
}

TEST(Freeze, AnAttributeOfTheMember) {
  Body body;
  const auto by_sex =
      body.freeze(R"({"query":1,"of":"members","on":"2020-06-30","unit":"CS2","by":["sex"]})");
  const auto full =
      body.freeze(R"({"query":1,"of":"members","on":"2020-06-30","where":{"standing":"full"}})");
  body.correct("members", {"member_id"}, {"5"}, {"sex", "full_name"}, {"F", "Vũ Thị Ví Dụ"})
      .commit();
  body.correct("members", {"member_id"}, {"3"}, {"full_date"}, {"2020-06-30"}).commit();
  const auto made = body.compare(by_sex);
  EXPECT_EQ(cells_of(made), (Strings{"female||1|1", "|1||-1"}));
  // Of a correction only what the query asks for is told.
  EXPECT_EQ(causes_of(made), (Strings{"female|1|attribute|members|2|CS2|5|sex||female",
                                      "–|-1|attribute|members|2|CS2|5|sex||female"}));
  EXPECT_EQ(causes_of(body.compare(full)),
            (Strings{"|1|attribute|members|3|CB2|3|standing|probationary|full"}));
}

TEST(Freeze, APersonCountsOnceAndGoesWithTheLastRow) {
  Body body;
  const auto frozen =
      body.freeze(R"({"query":1,"of":"persons","on":"2020-06-30","unit":"K","each":"children"})");
  body.withdraw("memberships", {"member_id", "kind"}, {"4", "CHINHTHUC"}).commit();
  EXPECT_EQ(causes_of(body.compare(frozen)), (Strings{"CS2|-1|withdrawn|memberships|2|CS2|4|||"}));
  const auto whole =
      body.freeze(R"({"query":1,"of":"persons","on":"2020-06-30","known_at":1,"unit":"K"})");
  EXPECT_EQ(body.compare(whole).differing, 0U);
  body.withdraw("memberships", {"member_id", "kind"}, {"4", "TAMTHOI"}).commit();
  EXPECT_EQ(causes_of(body.compare(whole)), (Strings{"|-1|withdrawn|memberships|3|CB1|4|||"}));
}

TEST(Freeze, SumsTellByHowMuch) {
  Body body;
  const auto frozen = body.freeze(
      R"({"query":1,"of":"meetings","sum":"present_n","on":"2020-06-30","period":"2020-05"})");
  body.correct("meetings", {"unit_id", "month"}, {"CB1", "2020-05"}, {"present_n"}, {"12"})
      .add("meetings", {"unit_id", "month", "kind", "present_n"}, {{"CS2", "2020-05", "CD", "5"}})
      .commit();
  const auto made = body.compare(frozen);
  EXPECT_EQ(cells_of(made), (Strings{"17|24|7"}));
  EXPECT_EQ(causes_of(made), (Strings{"|5|late|meetings|2|CS2||||",
                                      "|2|correction|meetings|2|CB1||present_n|10|12"}));
}

TEST(Freeze, HavingNamesTheRowBehindIt) {
  Body body;
  const auto frozen = body.freeze(R"({"query":1,"of":"units","on":"2020-06-30","unit":"DB1",
      "where":{"kind":"cell"},"having":{"of":"meetings","period":"2020-05"}})");
  body.withdraw("meetings", {"unit_id"}, {"CB2"}).commit();
  EXPECT_EQ(causes_of(body.compare(frozen)), (Strings{"|-1|withdrawn|meetings|2|CB2||||"}));
}

TEST(Freeze, AShareHasItsBaseBrokenDownToo) {
  Body body;
  const auto frozen = body.freeze(
      R"({"query":1,"of":"members","on":"2020-06-30","where":{"sex":"female"},"share":"stock"})");
  body.end_home("4", "2020-06-01");
  body.commit();
  const auto made = body.compare(frozen);
  EXPECT_EQ(cells_of(made), (Strings{"base|5|4|-1"}));
  EXPECT_EQ(made.causes.column(*made.causes.find("figure")).display(0), "base");
  EXPECT_EQ(causes_of(made), (Strings{"|-1|late|memberships|2|CS2|4|until||2020-06-01"}));
}

TEST(Freeze, WhatStandsAtTheMembersHomeMovesWithIt) {
  Body body;
  const auto frozen = body.freeze(
      R"({"query":1,"of":"evaluations","on":"2020-06-30","period":"2019","unit":"K","each":"all"})");
  body.correct("memberships", {"member_id", "unit_id"}, {"3", "CB2"}, {"unit_id"}, {"CS2"})
      .commit();
  EXPECT_EQ(causes_of(body.compare(frozen)),
            (Strings{"CB2|-1|correction|memberships|2|CB2|3|unit_id|CB2|CS2",
                     "CS2|1|correction|memberships|2|CS2|3|unit_id|CB2|CS2",
                     "DB1|-1|correction|memberships|2|CB2|3|unit_id|CB2|CS2"}));
}

TEST(Freeze, AnAdmissionThatIsDatedAnew) {
  for (const char* joined : {"2019-12-31", "2020-01-01"}) {
    Body body;
    const auto frozen =
        body.freeze(R"({"query":1,"of":"admissions","on":"2020-06-30","period":"2019"})");
    body.correct("members", {"member_id"}, {"5"}, {"joined_date"}, {joined}).commit();
    const Strings expected = {"|-1|attribute|members|2|CS2|5|joined_date|2019-05-19|2020-01-01"};
    EXPECT_EQ(causes_of(body.compare(frozen)), joined[3] == '0' ? expected : Strings{});
  }
}

TEST(Freeze, CausesThatCancelOutAreToldWhenAllIsAsked) {
  Body body;
  const auto frozen = body.freeze(R"({"query":1,"of":"memberships","on":"2020-06-30"})");
  body.end_home("1", "2020-06-01");
  body.add("memberships", {"member_id", "unit_id", "kind", "from"},
           {{"6", "CB2", "CHINHTHUC", "2020-06-01"}})
      .commit();
  EXPECT_EQ(body.compare(frozen).differing, 0U);
  EXPECT_EQ(causes_of(body.compare(frozen)), Strings{});
  EXPECT_EQ(causes_of(body.compare(frozen, true)),
            (Strings{"|1|late|memberships|2|CB2|6|||",
                     "|-1|late|memberships|2|CB1|1|until||2020-06-01"}));
}

TEST(Freeze, AnotherHistoryGivesFiguresWithoutCauses) {
  Body first;
  first
      .add("memberships", {"member_id", "unit_id", "kind", "from"},
           {{"6", "CB2", "CHINHTHUC", "2020-06-01"}})
      .commit();
  const auto frozen = first.freeze(kWhole);
  const Strings unknown = {"|-1|unknown|||||||"};
  Body shorter;
  EXPECT_EQ(cells_of(shorter.compare(frozen)), (Strings{"6|5|-1"}));
  EXPECT_EQ(causes_of(shorter.compare(frozen)), unknown);
  EXPECT_EQ(shorter.compare(frozen).cells.provenance().notes.size(), 1U);
  Body other;  // as many commits, other figures
  other.add("members", {"member_id"}, {{"7"}}).commit();
  EXPECT_EQ(causes_of(other.compare(frozen)), unknown);
  Body later;  // the same facts at another time
  later.commits += 1;
  later
      .add("memberships", {"member_id", "unit_id", "kind", "from"},
           {{"6", "CB2", "CHINHTHUC", "2020-06-01"}})
      .commit();
  EXPECT_EQ(later.compare(frozen).differing, 0U);
  EXPECT_EQ(later.compare(frozen).cells.provenance().notes.size(), 1U);
  later.end_home("6", "2020-06-02");
  later.commit();
  EXPECT_EQ(causes_of(later.compare(frozen)), unknown);
}

TEST(Freeze, AForkShowsWhatAChangeWouldDo) {
  Body body;
  const auto frozen = body.freeze(kWhole);
  const auto fork = body.registry->snapshot().fork();
  registry::Change change(*fork);
  change.withdraw("memberships", texts({"member_id"}, {{"5"}}), "thử");
  ASSERT_TRUE(fork->commit(std::move(change), {.time = 2'000'000, .source_version = ""}).ok());
  EXPECT_EQ(causes_of(*rollup::compare(fork->snapshot(), frozen)),
            (Strings{"|-1|withdrawn|memberships|2|CS2|5|||"}));
  EXPECT_EQ(body.compare(frozen).differing, 0U);
}

TEST(Freeze, AViewMayKnowLess) {
  Body body;
  const auto early = body.freeze(kWhole);
  body.end_home("1", "2020-06-01");
  body.commit();
  const auto frozen = body.freeze(kWhole);
  const auto snapshot = body.registry->snapshot();
  const auto then = snapshot.at(day("2020-06-30"), base::CommitNumber{1});
  EXPECT_EQ(causes_of(*rollup::compare(then, frozen)), (Strings{"|1|unknown|||||||"}));
  EXPECT_EQ(rollup::compare(then, early)->differing, 0U);
  const auto wrong_day = rollup::compare(snapshot.at(day("2020-07-01")), frozen);
  EXPECT_EQ(faults_of(wrong_day.status()), (Strings{"400 /query/on"}));
  // A view's own knowledge is what is frozen.
  const auto kept =
      rollup::freeze(then, *rollup::Query::parse(R"({"query":1,"of":"members","known_at":1})"));
  ASSERT_TRUE(kept.ok());
  EXPECT_EQ(kept->to_json(), early.to_json());
}

TEST(Freeze, TheDocumentIsSmallAndFixed) {
  Body body;
  const auto frozen = body.freeze(
      R"({"query":1,"of":"members","on":"2020-06-30","by":["sex"],"share":"total","unit":"CS2"})");
  const std::string content =
      "{\"frozen\":1,\n"
      "\"query\":{\"query\":1,\"of\":\"members\",\"on\":\"2020-06-30\",\"unit\":\"CS2\","
      "\"by\":[\"sex\"],\"share\":\"total\"},\n"
      "\"known_at\":{\"commit\":1,\"time\":1000000,\"digest\":null},\n"
      "\"pack\":null,\n"
      "\"data\":null,\n"
      "\"columns\":[{\"name\":\"sex\",\"type\":\"code\"},{\"name\":\"count\",\"type\":\"integer\"},"
      "{\"name\":\"base\",\"type\":\"integer\"},{\"name\":\"percent\",\"type\":\"real\"}],\n"
      "\"rows\":[\n[\"male\",1,2,50.0],\n[null,1,2,50.0]],\n"
      "\"notes\":[]";
  const std::string digest = base::to_hex(base::digest_of(content + "}"));
  EXPECT_EQ(frozen.digest(), digest);
  EXPECT_EQ(frozen.to_json(), content + ",\n\"digest\":\"" + digest + "\"}\n");
  EXPECT_EQ(
      lines_of(frozen.table()),
      (Lines{{"sex", "count", "base", "percent"}, {"male", "1", "2", "50"}, {"", "1", "2", "50"}}));
  EXPECT_EQ(frozen.query().to_json().find("known_at"), std::string::npos);
  EXPECT_EQ(frozen.commit_time(), 1'000'000);
}

TEST(Freeze, BeforeTheFirstCommitThereIsNoTime) {
  const auto registry = registry::Registry::create();
  const auto frozen = rollup::freeze(registry->snapshot(), *rollup::Query::parse(kWhole));
  ASSERT_TRUE(frozen.ok());
  EXPECT_FALSE(frozen->commit_time());
  const auto read = rollup::Frozen::parse(frozen->to_json());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(rollup::compare(registry->snapshot(), *read)->differing, 0U);
}

TEST(Freeze, QuestionsThatRunRefusesAreRefused) {
  Body body;
  const auto ask = [&](const char* json) {
    return faults_of(
        rollup::freeze(body.registry->snapshot(), *rollup::Query::parse(json)).status());
  };
  EXPECT_EQ(ask(R"({"query":1,"of":"members"})"), (Strings{"400 /on"}));
  EXPECT_EQ(ask(R"({"query":1,"of":"members","on":"2020-06-30","by":["sexx"]})"),
            (Strings{"401 /by/0"}));
}

}  // namespace

}  // namespace dangbo::test
