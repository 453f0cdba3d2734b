// Totals by hand: what they say, what is refused, deep and wide trees, readers beside a writer.
#include "dangbo/registry/totals.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "registry/support.hpp"

namespace dangbo::registry {
namespace {

using base::ProblemCode;
using table::Field;
using table::Role;
using table::TableKind;
using table::Type;
using testing::day;
using testing::small_body;
using testing::text_table;
using testing::TextRow;

void add(Registry& registry, const std::string& table, const std::vector<std::string>& header,
         const std::vector<TextRow>& rows) {
  Change change(registry);
  change.add_table(table, text_table(header, rows), table);
  const auto done = registry.commit(std::move(change), {});
  ASSERT_TRUE(done.ok()) << done.status();
}

// Desks a unit has, rooms a member is lent: a sum by unit, and one at home.
std::shared_ptr<table::Schema> host_table(const std::string& name, Role owner) {
  Field key;
  key.name = owner == Role::kUnit ? "unit_id" : "member_id";
  key.required = true;
  key.role = owner;
  Field from;
  from.name = "from";
  from.type = Type::kDate;
  from.role = Role::kFrom;
  Field until = from;
  until.name = "until";
  until.role = Role::kUntil;
  Field n;
  n.name = "n";
  n.type = Type::kInt;
  return std::make_shared<table::Schema>(name, TableKind::kState,
                                         std::vector<Field>{key, from, until, n},
                                         std::vector<std::string>{}, base::Message{name, name});
}

template <typename T>
std::vector<ProblemCode> codes(const absl::StatusOr<T>& done) {
  std::vector<ProblemCode> out;
  const base::ProblemList problems = base::problems_of(done.status());
  for (const base::Problem& problem : problems.kept()) out.push_back(problem.code);
  return out;
}

std::int64_t below(const Registry& registry, const std::string& unit, MeasureNumber measure) {
  const auto now = registry.snapshot();
  return Totals(now).of(*now.find_unit(unit), measure, Scope::kBelow);
}

TEST(TotalsTest, FollowTheDayOfTheRegistry) {
  const auto registry = small_body();
  const auto women = *registry->declare_measure(
      {.name = "women", .table = "members", .where = Equals{"sex", "nữ"}});
  EXPECT_EQ(below(*registry, "KHOI", kMembersAtHome), 0);  // there is no day yet
  EXPECT_EQ(Totals(registry->snapshot()).day(), std::nullopt);
  ASSERT_TRUE(registry->advance(day(2018, 1, 1), {}).ok());
  EXPECT_EQ(below(*registry, "KHOI", kMembersAtHome), 3);
  EXPECT_EQ(below(*registry, "D", women), 1);
  ASSERT_TRUE(registry->advance(day(2020, 6, 30), {}).ok());
  EXPECT_EQ(below(*registry, "B", kMembersAtHome), 1);
  EXPECT_EQ(below(*registry, "D", women), 0);
  ASSERT_TRUE(registry->advance(day(2020, 7, 1), {}).ok());
  EXPECT_EQ(below(*registry, "B", kMembersAtHome), 0);  // not in force
  EXPECT_EQ(below(*registry, "D1", kMembersAtHome), 1);
  const auto now = registry->snapshot();
  const Totals totals(now);
  EXPECT_EQ(totals.on(*now.find_unit("KHOI"), kMembersAtHome, Scope::kBelow, day(2015, 1, 1)), 3);
  EXPECT_EQ(totals.on(*now.find_unit("KHOI"), women, Scope::kBelow, day(2015, 1, 1)), 2);
  EXPECT_EQ(totals.of(base::UnitSlot{9999}, women, Scope::kBelow), 0);
  EXPECT_EQ(totals.of(*now.find_unit("A"), MeasureNumber{9}, Scope::kBelow), 0);
}

TEST(TotalsTest, GroupsHaveOneForMissing) {
  const auto registry = small_body();
  const auto number =
      *registry->declare_grouping({.name = "by sex", .fields = {"sex", "youth_union"}});
  ASSERT_TRUE(registry->advance(day(2022, 1, 1), {}).ok());
  const auto now = registry->snapshot();
  const Totals totals(now);
  ASSERT_EQ(totals.group_count(number), 9U);
  std::vector<std::int64_t> counts(9);
  totals.groups(number, *now.find_unit("KHOI"), Scope::kBelow, counts);
  EXPECT_EQ(counts, (std::vector<std::int64_t>{0, 0, 1, 0, 0, 1, 0, 0, 1}));
  EXPECT_EQ(totals.words_of(number, 2), (std::vector<std::string_view>{"female", ""}));
  EXPECT_EQ(totals.words_of(number, 8), (std::vector<std::string_view>{"", ""}));
  EXPECT_EQ(totals.words_of(number, 4), (std::vector<std::string_view>{"male", "true"}));
}

TEST(TotalsTest, SumsOfHostTables) {
  const auto registry = small_body();
  ASSERT_TRUE(registry->declare(host_table("desks", Role::kUnit)).ok());
  ASSERT_TRUE(registry->declare(host_table("rooms", Role::kMember)).ok());
  add(*registry, "desks", {"unit_id", "from", "until", "n"},
      {{"D1", "2019-01-01", "", "5"}, {"D2", "", "2021-01-01", "-2"}, {"D2", "", "", ""}});
  const auto desks =
      *registry->declare_measure({.name = "desks", .table = "desks", .sum = "n", .timeline = true});
  const auto rooms =
      *registry->declare_measure({.name = "rooms", .table = "rooms", .sum = "n", .timeline = true});
  ASSERT_TRUE(registry->advance(day(2020, 6, 30), {}).ok());
  add(*registry, "rooms", {"member_id", "from", "n"}, {{"m2", "2013-01-01", "7"}});
  EXPECT_EQ(below(*registry, "D", desks), 3);
  EXPECT_EQ(below(*registry, "B", rooms), 7);
  ASSERT_TRUE(registry->advance(day(2021, 1, 1), {}).ok());
  EXPECT_EQ(below(*registry, "KHOI", desks), 5);
  EXPECT_EQ(below(*registry, "D1", rooms), 7);  // moved along with the member
  const auto now = registry->snapshot();
  const Totals totals(now);
  EXPECT_EQ(totals.on(*now.find_unit("D"), desks, Scope::kBelow, day(2018, 1, 1)), -2);
  EXPECT_EQ(totals.on(*now.find_unit("B"), rooms, Scope::kBelow, day(2018, 1, 1)), 7);
}

TEST(TotalsTest, ASumBeyond63BitsIsRefused) {
  const auto registry = small_body();
  ASSERT_TRUE(registry->declare(host_table("desks", Role::kUnit)).ok());
  const auto desks = *registry->declare_measure({.name = "desks", .table = "desks", .sum = "n"});
  ASSERT_TRUE(registry->advance(day(2020, 6, 30), {}).ok());
  add(*registry, "desks", {"unit_id", "n"}, {{"D1", "9000000000000000000"}});
  Change change(*registry);
  change.add_table("desks", text_table({"unit_id", "n"}, {{"D2", "-300000000000000000"}}), "more");
  const auto refused = registry->commit(std::move(change), {});
  ASSERT_EQ(codes(refused), std::vector{ProblemCode::kOutOfRange});
  EXPECT_EQ(base::problems_of(refused.status()).kept()[0].place.column, "n");
  EXPECT_EQ(below(*registry, "D", desks), 9'000'000'000'000'000'000);
  const auto again = registry->snapshot().fork();
  EXPECT_FALSE(again->declare_measure({.name = "x", .table = "desks"}).ok());
}

TEST(TotalsTest, WhatCannotBeDeclaredIsSaid) {
  const auto registry = small_body();
  const auto code = [&](const Measure& measure) {
    const auto found = codes(registry->declare_measure(measure));
    return found.size() == 1 ? found[0] : ProblemCode::kFileFault;
  };
  EXPECT_EQ(code({.name = "a", .table = "nothing"}), ProblemCode::kUnknownTable);
  EXPECT_EQ(code({.name = "a", .table = "meetings"}), ProblemCode::kBadQuery);
  EXPECT_EQ(code({.name = "a", .table = "members", .where = Equals{"sexx", "female"}}),
            ProblemCode::kUnknownColumn);
  EXPECT_EQ(code({.name = "a", .table = "members", .where = Equals{"full_name", "x"}}),
            ProblemCode::kUnknownColumn);
  EXPECT_EQ(code({.name = "a", .table = "members", .where = Equals{"sex", "x"}}),
            ProblemCode::kUnknownCode);
  EXPECT_EQ(code({.name = "a", .table = "members", .sum = "sex"}), ProblemCode::kUnknownColumn);
  EXPECT_EQ(code({.name = "members_at_home", .table = "members"}), ProblemCode::kDuplicateKey);
  const auto group = [&](std::vector<std::string> fields) {
    const auto found = codes(registry->declare_grouping({"g", std::move(fields)}));
    return found.size() == 1 ? found[0] : ProblemCode::kFileFault;
  };
  EXPECT_EQ(group({}), ProblemCode::kBadQuery);
  EXPECT_EQ(group({"ethnicity"}), ProblemCode::kUnknownColumn);
  EXPECT_EQ(group({"status", "sex", "youth_union", "birth_source"}), ProblemCode::kTooManyCells);
  for (int i = 1; i < 16; ++i) {
    const Measure more{.name = "m" + std::to_string(i), .table = "members"};
    ASSERT_TRUE(registry->declare_measure(more).ok());
  }
  EXPECT_EQ(code({.name = "a", .table = "members"}), ProblemCode::kLimit);
  for (int i = 0; i < 8; ++i)
    ASSERT_TRUE(registry->declare_grouping({"g" + std::to_string(i), {"sex"}}).ok());
  EXPECT_EQ(group({"sex"}), ProblemCode::kLimit);
}

TEST(TotalsTest, AWordOfAGrowingVocabularyMayComeLater) {
  const auto registry = small_body();
  const auto teachers = *registry->declare_measure(
      {.name = "teachers", .table = "members", .where = Equals{"occupation", "giáo viên"}});
  ASSERT_TRUE(registry->advance(day(2020, 1, 1), {}).ok());
  EXPECT_EQ(below(*registry, "KHOI", teachers), 0);
  add(*registry, "members", {"member_id", "occupation"}, {{"m5", "giáo viên"}});
  add(*registry, "memberships", {"member_id", "unit_id", "kind", "from"},
      {{"m5", "A", "home", "2019-01-01"}});
  EXPECT_EQ(below(*registry, "KHOI", teachers), 1);
}

TEST(TotalsTest, ForksCountTheirOwnRows) {
  const auto registry = small_body();
  ASSERT_TRUE(registry->declare_grouping({.name = "by sex", .fields = {"sex"}}).ok());
  ASSERT_TRUE(registry->advance(day(2022, 1, 1), {}).ok());
  const auto fork = registry->snapshot().fork();
  add(*fork, "members", {"member_id", "sex"}, {{"m9", "nữ"}});
  add(*fork, "memberships", {"member_id", "unit_id", "kind", "from"},
      {{"m9", "A", "home", "2019-01-01"}});
  EXPECT_EQ(below(*fork, "KHOI", kMembersAtHome), 4);
  EXPECT_EQ(below(*registry, "KHOI", kMembersAtHome), 3);
  ASSERT_TRUE(registry->commit_fork(*fork, {}).ok());
  EXPECT_EQ(below(*registry, "KHOI", kMembersAtHome), 4);
}

TEST(TotalsTest, ErasedAttributesBecomeMissing) {
  const auto registry = small_body();
  const auto women = *registry->declare_measure(
      {.name = "women", .table = "members", .where = Equals{"sex", "nữ"}, .timeline = true});
  ASSERT_TRUE(registry->advance(day(2016, 1, 1), {}).ok());
  EXPECT_EQ(below(*registry, "KHOI", women), 2);
  ASSERT_TRUE(registry->redact("m1", {}, {}).ok());
  EXPECT_EQ(below(*registry, "KHOI", women), 1);
  const auto now = registry->snapshot();
  EXPECT_EQ(Totals(now).on(*now.find_unit("KHOI"), women, Scope::kBelow, day(2015, 6, 1)), 1);
}

// What is not there is 0, for scalar calls and for arrays; a day beyond every row too.
TEST(TotalsTest, WhatIsNotThereIsNothing) {
  const auto registry = small_body();
  const auto women = *registry->declare_measure(
      {.name = "women", .table = "members", .where = Equals{"sex", "nữ"}, .timeline = true});
  const auto by_sex = *registry->declare_grouping({.name = "by sex", .fields = {"sex"}});
  ASSERT_TRUE(registry->advance(day(2016, 1, 1), {}).ok());
  const Totals totals(registry->snapshot());
  const auto khoi = *registry->snapshot().find_unit("KHOI");
  const std::vector<time::Date> days = {day(1400, 1, 1), day(2009, 12, 31), day(2016, 1, 1),
                                        day(9999, 12, 31)};
  for (const auto unit : {base::UnitSlot{10'000}, base::kNoUnitSlot}) {
    EXPECT_EQ(totals.of(unit, kMembersAtHome, Scope::kBelow), 0);
    EXPECT_EQ(totals.on(unit, women, Scope::kOwn, day(2015, 1, 1)), 0);
    std::vector<std::int64_t> values(days.size(), 77);
    totals.trend(unit, women, Scope::kBelow, days, values);
    EXPECT_EQ(values, std::vector<std::int64_t>(days.size(), 0));
    std::vector<std::int64_t> counts(totals.group_count(by_sex), 77);
    EXPECT_EQ(totals.groups(by_sex, unit, Scope::kBelow, counts), counts.size());
    EXPECT_EQ(counts, std::vector<std::int64_t>(counts.size(), 0));
  }
  const MeasureNumber unknown{200};
  EXPECT_EQ(totals.of(khoi, unknown, Scope::kBelow), 0);
  EXPECT_EQ(totals.on(khoi, unknown, Scope::kBelow, day(2015, 1, 1)), 0);
  std::vector<std::int64_t> values(days.size(), 77);
  totals.trend(khoi, unknown, Scope::kBelow, days, values);
  EXPECT_EQ(values, std::vector<std::int64_t>(days.size(), 0));
  EXPECT_EQ(totals.on(khoi, kMembersAtHome, Scope::kBelow, day(1400, 1, 1)), 0);
  EXPECT_GT(totals.on(khoi, kMembersAtHome, Scope::kBelow, day(9999, 12, 31)), 0);
  EXPECT_FALSE(totals.find_measure("nothing"));
  EXPECT_FALSE(totals.find_grouping("women"));
  EXPECT_EQ(totals.group_count(registry::GroupingNumber{200}), 0U);
}

TEST(TotalsTest, AChainAndAStarOfManyUnits) {
  for (const bool is_chain : {true, false}) {
    const int unit_count = is_chain ? 100'000 : 1'000'000;
    const auto registry = Registry::create();
    Change change(*registry);
    std::vector<TextRow> units = {{"u0", "2010-01-01", "", "cell"}};
    for (int i = 1; i < unit_count; ++i) {
      units.push_back({"u" + std::to_string(i), "2010-01-01",
                       "u" + std::to_string(is_chain ? i - 1 : 0), "cell"});
    }
    change.add_table("units", text_table({"unit_id", "from", "parent_id", "kind"}, units), "u");
    change.add_table("members", text_table({"member_id"}, {{"m"}}), "m");
    const std::string last = "u" + std::to_string(unit_count - 1);
    change.add_table(
        "memberships",
        text_table({"member_id", "unit_id", "kind", "from"}, {{"m", last, "home", "2011-01-01"}}),
        "s");
    ASSERT_TRUE(registry->commit(std::move(change), {}).ok());
    const auto number = *registry->declare_measure({.name = "units", .table = "units"});
    ASSERT_TRUE(registry->advance(day(2020, 1, 1), {}).ok());
    EXPECT_EQ(below(*registry, "u0", number), unit_count);
    EXPECT_EQ(below(*registry, "u0", kMembersAtHome), 1);
    add(*registry, "members", {"member_id"}, {{"n"}});
    add(*registry, "memberships", {"member_id", "unit_id", "kind", "from"},
        {{"n", last, "home", "2012-01-01"}});
    EXPECT_EQ(below(*registry, "u0", kMembersAtHome), 2);
    const auto now = registry->snapshot();
    EXPECT_EQ(Totals(now).on(*now.find_unit("u0"), kMembersAtHome, Scope::kBelow, day(2011, 6, 1)),
              1);
  }
}

TEST(TotalsTest, DaysOfATrend) {
  const auto days = *trend_days(day(2019, 11, 15), day(2020, 3, 1), TrendStep::kMonth);
  EXPECT_EQ(days, (std::vector{day(2019, 11, 30), day(2019, 12, 31), day(2020, 1, 31),
                               day(2020, 2, 29)}));
  EXPECT_EQ(*trend_days(day(2019, 2, 1), day(2020, 1, 1), TrendStep::kQuarter),
            (std::vector{day(2019, 3, 31), day(2019, 6, 30), day(2019, 9, 30), day(2019, 12, 31)}));
  EXPECT_EQ(trend_days(day(2019, 1, 1), day(2021, 1, 1), TrendStep::kYear)->size(), 2U);
  EXPECT_EQ(codes(trend_days(day(2020, 1, 2), day(2020, 1, 1), TrendStep::kMonth)),
            std::vector{ProblemCode::kEndBeforeStart});
  EXPECT_TRUE(trend_days(day(9999, 1, 1), day(9999, 12, 31), TrendStep::kYear).ok());
}

// In every commit one member moves between two cells: both sum up to all at any snapshot.
TEST(TotalsTest, ReadersBesideAWriterSeeWholeCommits) {
  const auto registry = small_body();
  ASSERT_TRUE(registry->declare_measure({.name = "units", .table = "units"}).ok());
  ASSERT_TRUE(registry->advance(day(2022, 1, 1), {}).ok());
  std::atomic<bool> is_done{false};
  std::atomic<int> wrong{0};
  std::atomic<int> looks{0};
  const auto look = [&](const Snapshot& now) {
    const Totals totals(now);
    const auto of = [&](const char* unit) {
      return totals.of(*now.find_unit(unit), kMembersAtHome, Scope::kBelow);
    };
    const auto on = [&](const char* unit) {
      return totals.on(*now.find_unit(unit), kMembersAtHome, Scope::kBelow, day(2022, 1, 1));
    };
    const bool even = base::index_of(now.commit()) % 2 == 0;
    if (of("A") + of("D") != 3 || of("A") != (even ? 1 : 0)) ++wrong;
    if (on("A") + on("D") != 3 || on("KHOI") != 3) ++wrong;
    ++looks;
  };
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!is_done) {
        const Snapshot old = registry->snapshot();
        for (int again = 0; again < 3; ++again) look(old);
        look(registry->snapshot());
      }
    });
  }
  for (int i = 0; i < 600; ++i) {
    Change change(*registry);
    const auto now = registry->snapshot();
    const auto rows = *now.rows("memberships");
    const auto row = base::index_of(rows.newest_of(*now.find_member("m1")));
    table::Column target("row_id", Type::kInt);
    target.append_integer(row == 5 ? 0 : row);
    change.correct("memberships", {"t", {target}},
                   text_table({"unit_id"}, {{i % 2 == 0 ? "D1" : "A"}}), "move");
    const auto done = registry->commit(std::move(change), {});
    ASSERT_TRUE(done.ok()) << done.status();
  }
  is_done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(looks, 100);
}

}  // namespace
}  // namespace dangbo::registry
