// Tăng, giảm đảng viên: cases worked by hand, and random histories beside a slow oracle.
#include <gtest/gtest.h>

#include <algorithm>

#include "dangbo/rollup/freeze.hpp"
#include "rollup/amend.hpp"
#include "rollup/movements_oracle.hpp"

namespace dangbo::test {

namespace {

using Strings = std::vector<std::string>;

// One row of a result: the figures that are not 0, opening and closing always.
std::string brief(const Lines& lines, std::size_t row) {
  std::string out;
  for (std::size_t c = 0; c < lines[0].size(); ++c) {
    const std::string& name = lines[0][c];
    if (name == "unit_id" || name == "name") continue;
    if (lines[row][c] == "0" && name != "opening" && name != "closing") continue;
    out += (out.empty() ? "" : " ") + name + "=" + lines[row][c];
  }
  return out;
}

std::map<std::string, std::string> by_unit(const Lines& lines) {
  std::map<std::string, std::string> out;
  for (std::size_t row = 1; row < lines.size(); ++row) out[lines[row][0]] = brief(lines, row);
  return out;
}

Cells unit(const char* key, const char* parent, const char* from, const char* until) {
  return {{"unit_id", key}, {"parent_id", parent}, {"kind", "CB"},
          {"from", from},   {"until", until},      {"name", std::string("Chi bộ ") + key}};
}

Cells home(const char* member, const char* unit, const char* from, const char* until,
           const char* in, const char* out) {
  return {{"member_id", member}, {"unit_id", unit}, {"kind", "CHINHTHUC"}, {"from", from},
          {"until", until},      {"in_reason", in}, {"out_reason", out}};
}

std::unique_ptr<registry::Registry> registry_of(const std::vector<Cells>& units,
                                                const std::vector<Cells>& homes) {
  auto registry = registry::Registry::create();
  std::vector<Cells> members;
  for (const Cells& row : homes) {
    const Cells member = {{"member_id", row.at("member_id")}};
    if (std::find(members.begin(), members.end(), member) == members.end()) {
      members.push_back(member);
    }
  }
  commit(*registry, {{"units", units}, {"members", members}, {"memberships", homes}});
  return registry;
}

constexpr const char* kYear = R"({"query":1,"of":"movements","period":"2020","each":"all"})";

// ---- by hand

TEST(Movements, ReasonsAreTheRowsOwn) {
  const auto registry = registry_of(
      {unit("K", "", "", ""), unit("A", "K", "", "")},
      {home("1", "A", "", "", "", ""), home("2", "A", "2020-01-01", "", "KETNAP", ""),
       home("3", "A", "2020-02-01", "2020-12-31", "", "TUTRAN"),
       home("4", "K", "", "2020-01-01", "", "XOATEN"),
       home("5", "K", "2020-12-31", "", "KETNAPLAI", ""),
       home("6", "A", "2021-01-01", "", "KETNAP", ""), home("7", "A", "", "2021-01-01", "", "")});
  EXPECT_EQ(by_unit(ask(*registry, kYear)),
            (std::map<std::string, std::string>{
                {"A", "opening=2 in_admission=1 in_unstated=1 out_death=1 closing=3"},
                {"K",
                 "opening=3 in_admission=1 in_re_admission=1 in_unstated=1 out_death=1 "
                 "out_removal=1 closing=4"}}));
  EXPECT_EQ(brief(ask(*registry, R"({"query":1,"of":"movements","period":"2020"})"), 1),
            "opening=3 in_admission=1 in_re_admission=1 in_unstated=1 out_death=1 out_removal=1 "
            "closing=4");
}

TEST(Movements, AMoveInsideCancels) {
  const auto registry = registry_of(
      {unit("K", "", "", ""), unit("A", "K", "", ""), unit("B", "K", "", "")},
      {home("1", "A", "", "2020-05-01", "", "NOIBO"), home("1", "B", "2020-05-01", "", "NOIBO", ""),
       home("2", "A", "", "2020-05-01", "", "NOIBO"), home("2", "B", "2020-05-02", "", "NOIBO", ""),
       home("3", "A", "", "2020-05-01", "", "NOIBO"), home("3", "A", "2020-05-01", "", "", "")});
  EXPECT_EQ(by_unit(ask(*registry, kYear)),
            (std::map<std::string, std::string>{
                {"A", "opening=3 out_internal=2 closing=1"},
                {"B", "opening=0 in_internal=2 closing=2"},
                {"K", "opening=3 in_internal=1 out_internal=1 closing=3"}}));
}

TEST(Movements, AReparentedUnitTakesItsMembersAlong) {
  const auto registry =
      registry_of({unit("K", "", "", ""), unit("D1", "K", "", ""), unit("D2", "K", "", ""),
                   unit("C", "D1", "", "2020-07-01"), unit("C", "D2", "2020-07-01", ""),
                   unit("X", "C", "", "")},
                  {home("1", "C", "", "", "", ""), home("2", "X", "", "2020-07-01", "", "TUTRAN"),
                   home("3", "X", "2020-07-01", "", "KETNAP", "")});
  EXPECT_EQ(by_unit(ask(*registry, kYear)),
            (std::map<std::string, std::string>{
                {"C", "opening=2 in_admission=1 out_death=1 closing=2"},
                {"D1", "opening=2 out_reorganisation=2 closing=0"},
                {"D2", "opening=0 in_admission=1 in_reorganisation=2 out_death=1 closing=2"},
                {"K", "opening=2 in_admission=1 out_death=1 closing=2"},
                {"X", "opening=1 in_admission=1 out_death=1 closing=1"}}));
}

TEST(Movements, AnAbsorbedUnitKeepsItsPathForThoseWhoLeaveIt) {
  const auto registry =
      registry_of({unit("K", "", "", ""), unit("D1", "K", "", ""), unit("D2", "K", "", ""),
                   unit("C1", "D1", "", "2020-07-01"), unit("C2", "D2", "", "")},
                  {home("1", "C1", "", "2020-07-01", "", "TOCHUC"),
                   home("1", "C2", "2020-07-01", "", "TOCHUC", ""),
                   home("2", "C1", "", "2020-07-01", "", "TUTRAN"),
                   home("3", "C1", "", "", "", "")});  // left behind
  const auto lines = ask(*registry, kYear);
  EXPECT_EQ(by_unit(lines), (std::map<std::string, std::string>{
                                {"C1", "opening=3 out_death=1 out_reorganisation=2 closing=0"},
                                {"C2", "opening=0 in_reorganisation=1 closing=1"},
                                {"D1", "opening=3 out_death=1 out_reorganisation=2 closing=0"},
                                {"D2", "opening=0 in_reorganisation=1 closing=1"},
                                {"K", "opening=3 out_death=1 out_reorganisation=1 closing=1"}}));
  EXPECT_EQ(lines[1][1], "Chi bộ C1");  // the name it last had
  const auto table = ask_table(*registry, kYear);
  ASSERT_EQ(table.provenance().notes.size(), 1U);
  EXPECT_EQ(table.provenance().notes[0].en.substr(0, 2), "1 ");
}

TEST(Movements, AUnitFoundedAgainFindsThoseItLeftBehind) {
  const auto registry = registry_of(
      {unit("K", "", "", ""), unit("C", "K", "", "2020-03-01"), unit("C", "K", "2020-06-01", "")},
      {home("1", "C", "", "", "", ""), home("2", "C", "", "2020-04-01", "", "TUTRAN"),
       home("3", "C", "", "2020-06-01", "", "TUTRAN"),
       home("4", "C", "2020-05-01", "", "KETNAP", "")});
  EXPECT_EQ(by_unit(ask(*registry, kYear)),
            (std::map<std::string, std::string>{
                {"C", "opening=3 in_reorganisation=2 out_reorganisation=3 closing=2"},
                {"K", "opening=3 in_reorganisation=2 out_reorganisation=3 closing=2"}}));
}

TEST(Movements, OwnScopeKnowsNoTree) {
  const auto registry = registry_of(
      {unit("K", "", "", ""), unit("C", "K", "", "2020-07-01"), unit("C", "", "2020-07-01", "")},
      {home("1", "C", "", "", "", ""), home("2", "K", "2020-07-01", "", "KETNAP", "")});
  EXPECT_EQ(by_unit(ask(*registry, R"({"query":1,"of":"movements","period":"2020","each":"all",)"
                                   R"("scope":"own"})")),
            (std::map<std::string, std::string>{{"C", "opening=1 closing=1"},
                                                {"K", "opening=0 in_admission=1 closing=1"}}));
}

// ---- form

TEST(Movements, TheDayIsTheLastOfThePeriod) {
  const auto on = [](const char* rest) {
    return rollup::Query::parse(std::string(R"({"query":1,"of":"movements",)") + rest + "}");
  };
  EXPECT_EQ(on(R"("period":"2025")")->on(), time::Date::from_ymd(2025, 12, 31));
  EXPECT_EQ(on(R"("period":"2025Q1")")->on(), time::Date::from_ymd(2025, 3, 31));
  EXPECT_EQ(on(R"("period":{"from":"2025-01-05","until":"2025-02"})")->on(),
            time::Date::from_ymd(2025, 1, 31));
  EXPECT_EQ(on(R"("period":"2025","on":"2025-12-31")")->to_json(),
            R"({"query":1,"of":"movements","period":"2025"})");
  const auto about = on(R"("period":"2025")")->about(day("2025-06-30"));
  EXPECT_EQ(about.to_json(), R"({"query":1,"of":"movements","on":"2025-06-30","period":"2025"})");
  const auto registry = registry_of({unit("K", "", "", "")}, {home("1", "K", "", "", "", "")});
  EXPECT_EQ(faults_of(rollup::run(registry->snapshot(), about).status()), Strings({"400 /on"}));
  const auto view = registry->snapshot().at(day("2025-12-30"));
  EXPECT_EQ(faults_of(rollup::run(view, *on(R"("period":"2025")")).status()), Strings({"400 /on"}));
}

TEST(Movements, WhatABalanceDoesNotTakeIsRefused) {
  const auto registry = registry_of({unit("K", "", "", "")}, {home("1", "K", "", "", "", "")});
  const auto with = [&](const std::string& rest) {
    return faults(*registry, R"({"query":1,"of":"movements")" + rest + "}");
  };
  EXPECT_EQ(with(""), Strings({"400 /period"}));
  EXPECT_EQ(with(R"(,"period":"soon")"), Strings({"400 /period"}));
  EXPECT_EQ(with(R"(,"period":3)"), Strings({"400 /period"}));
  EXPECT_EQ(with(R"(,"period":{"from":"2025"})"), Strings({"400 /period"}));
  EXPECT_EQ(with(R"(,"period":{"until":"2025"})"), Strings({"400 /period"}));
  EXPECT_EQ(with(R"(,"period":{"from":"2025","until":"2025-01-01"})"),
            Strings({"400 /period/until"}));
  EXPECT_EQ(with(R"(,"period":"2025","on":"2025-12-30")"), Strings({"400 /on"}));
  EXPECT_EQ(with(R"(,"period":"2025","by":["sex"],"where":{"sex":"F"},"sum":"x","share":"total")"),
            Strings({"400 /by", "400 /share", "400 /sum", "400 /where"}));
  EXPECT_EQ(with(R"(,"period":"2025","dated_by":"decision")"), Strings({"400 /dated_by"}));
  EXPECT_EQ(with(R"(,"period":"2025","scope":"own")"), Strings({"400 /scope"}));
  EXPECT_EQ(with(R"(,"period":"2025","unit":"Q")"), Strings({"301 /unit"}));
  EXPECT_EQ(with(R"(,"period":"2025","each":{"kind":"cel"})"), Strings({"202 /each/kind"}));
  EXPECT_EQ(faults(*registry, R"({"query":1,"of":"units","on":"2025-12-31",)"
                              R"("having":{"of":"movements","period":"2025"}})"),
            Strings({"400 /having/of"}));
  EXPECT_EQ(faults(*registry, R"({"query":1,"of":"units","on":"2025-12-31",)"
                              R"("share":{"of":"movements","period":"2025"}})"),
            Strings({"400 /share/of"}));
}

TEST(Movements, AUnitNotInForceHasItsMark) {
  const auto registry = registry_of({unit("K", "", "", ""), unit("C", "K", "", "2020-07-01")},
                                    {home("1", "C", "", "2020-07-01", "", "TOCHUC")});
  const auto table =
      ask_table(*registry, R"({"query":1,"of":"movements","period":"2020","unit":"C"})");
  EXPECT_EQ(brief(lines_of(table), 1), "opening=1 out_reorganisation=1 closing=0");
  ASSERT_EQ(table.provenance().notes.size(), 1U);
  EXPECT_EQ(table.provenance().notes[0].en, "not in force");
}

// ---- frozen

TEST(Movements, AFrozenBalanceIsComparedFigureByFigure) {
  const auto registry = registry_of({unit("K", "", "", ""), unit("C", "K", "", "")},
                                    {home("1", "C", "", "", "", "")});
  const auto query = rollup::Query::parse(kYear);
  const auto frozen = rollup::freeze(registry->snapshot(), *query);
  ASSERT_TRUE(frozen.ok()) << frozen.status();
  const auto read = rollup::Frozen::parse(frozen->to_json());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(lines_of(read->table()), lines_of(frozen->table()));
  EXPECT_EQ(rollup::compare(registry->snapshot(), *read)->differing, 0U);
  commit(*registry, {{"members", {{{"member_id", "2"}}}},
                     {"memberships", {home("2", "C", "2020-05-01", "", "KETNAP", "")}}});
  const auto made = rollup::compare(registry->snapshot(), *read);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(lines_of(made->cells),
            (Lines{{"cell", "unit_id", "name", "movement", "frozen", "now", "difference"},
                   {"1", "C", "Chi bộ C", "closing", "1", "2", "1"},
                   {"2", "C", "Chi bộ C", "in_admission", "0", "1", "1"},
                   {"3", "K", "Chi bộ K", "closing", "1", "2", "1"},
                   {"4", "K", "Chi bộ K", "in_admission", "0", "1", "1"}}));
  const Lines causes = lines_of(made->causes);
  ASSERT_EQ(causes.size(), 5U);
  for (std::size_t row = 1; row < causes.size(); ++row) {
    EXPECT_EQ(causes[row][2], "1");
    EXPECT_EQ(causes[row][3], "not_broken_down");
  }
  EXPECT_EQ(made->cells.provenance().notes.size(), 1U);
}

// ---- random

void check_identity(const Lines& lines, const std::string& json) {
  for (std::size_t row = 1; row < lines.size(); ++row) {
    std::int64_t sum = 0;
    for (std::size_t c = 0; c < lines[0].size(); ++c) {
      const std::string& name = lines[0][c];
      if (name == "unit_id" || name == "name") continue;
      const std::int64_t value = std::stoll(lines[row][c]);
      sum += name.starts_with("out_") || name == "closing" ? -value : value;
      ASSERT_GE(value, 0) << json;
    }
    ASSERT_EQ(sum, 0) << json << "\n" << lines[row][0];
  }
}

struct Met {
  int rows = 0;
  int reorganised = 0;
  int moved = 0;
};

void check_registry(std::mt19937_64& random, const registry::Registry& registry,
                    time::Date first_day, int days, int commits, int questions, Met& met) {
  const auto below = [&](int limit) {
    return static_cast<int>(random() % static_cast<std::uint64_t>(limit));
  };
  const auto snapshot = registry.snapshot();
  for (int q = 0; q < questions; ++q) {
    BalanceAsk question;
    question.first = first_day.plus_days(below(days));
    question.until = question.first.plus_days(1 + below(below(3) == 0 ? 3 : days));
    question.known_at = base::CommitNumber{static_cast<std::uint32_t>(1 + below(commits))};
    question.all = below(4) != 0;
    if (below(3) != 0) {
      const auto slot = static_cast<std::uint32_t>(below(static_cast<int>(snapshot.unit_count())));
      question.unit = std::string(snapshot.key_of(base::UnitSlot{slot}));
    }
    question.own = below(3) == 0 && (question.all || !question.unit.empty());
    const std::string json = to_json(question);
    const Lines found = ask(registry, json);
    ASSERT_EQ(found, oracle(registry, question)) << json;
    check_identity(found, json);
    if (testing::Test::HasFatalFailure()) return;
    for (std::size_t row = 1; row < found.size(); ++row) {
      const std::string figures = brief(found, row);
      met.rows += 1;
      met.reorganised += figures.find("_reorganisation") != std::string::npos ? 1 : 0;
      met.moved += figures.find("_internal") != std::string::npos ? 1 : 0;
    }
  }
}

TEST(MovementsTwin, AgreesOnDaysOfManyChanges) {
  constexpr std::uint64_t kSeed = 20251231;
  std::mt19937_64 random(kSeed);
  Met met;
  for (int h = 0; h < 150; ++h) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", history " + std::to_string(h));
    const auto registry = moving_history(random);
    if (HasFailure()) return;
    check_registry(random, *registry, day("2019-12-30"), kMovingDays, 1, 12, met);
    if (HasFailure()) return;
  }
  EXPECT_GT(met.reorganised, met.rows / 4);
  EXPECT_GT(met.moved, met.rows / 6);
}

TEST(MovementsTwin, AgreesOnAmendedHistoriesAsEachCommitKnewThem) {
  constexpr std::uint64_t kSeed = 20260101;
  std::mt19937_64 random(kSeed);
  Met met;
  for (int h = 0; h < 25; ++h) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", history " + std::to_string(h));
    Amended amended = load(make_history(random));
    amend(random, amended, 25);
    if (HasFailure()) return;
    check_registry(random, *amended.registry, day("2016-05-01"), 400, amended.commits, 4, met);
    if (HasFailure()) return;
  }
  EXPECT_GT(met.reorganised, 20);
}

// Every unit's row is the same however it is asked for.
TEST(MovementsTwin, ARowIsTheSameAloneAndAmongOthers) {
  constexpr std::uint64_t kSeed = 7;
  std::mt19937_64 random(kSeed);
  const std::string of = R"({"query":1,"of":"movements","period":"2020-02",)";
  for (int h = 0; h < 30; ++h) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", history " + std::to_string(h));
    const auto registry = moving_history(random);
    const auto all = by_unit(ask(*registry, of + R"("each":"all"})"));
    for (const auto& [key, row] : all) {
      const std::string unit = R"("unit":")" + key + "\"";
      EXPECT_EQ(brief(ask(*registry, of + unit + "}"), 1), row);
      const auto view = registry->snapshot().at(day("2020-02-29"));
      const auto at = view.tree().position_of(*registry->snapshot().find_unit(key));
      std::size_t children = 0;
      if (at != base::kNoPosition) {
        for ([[maybe_unused]] const auto child : view.tree().children_of(at)) ++children;
      }
      const auto below = by_unit(ask(*registry, of + unit + R"(,"each":"children"})"));
      EXPECT_EQ(below.size(), children);
      for (const auto& [child, figures] : below) EXPECT_EQ(figures, all.at(child));
    }
  }
}

}  // namespace

}  // namespace dangbo::test
