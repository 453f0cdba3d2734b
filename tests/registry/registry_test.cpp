#include "dangbo/registry/registry.hpp"

#include <gtest/gtest.h>

#include <string>

#include "registry/support.hpp"

namespace dangbo::registry {
namespace {

using base::CommitNumber;
using base::ProblemCode;
using table::Field;
using table::Role;
using table::Schema;
using table::TableKind;
using table::Type;
using testing::add_small_body;
using testing::day;
using testing::text_table;

std::unique_ptr<Registry> small_body() {
  auto registry = Registry::create();
  Change change(*registry);
  add_small_body(change);
  const auto result = registry->commit(std::move(change), {.time = 1, .source_version = "test"});
  EXPECT_TRUE(result.ok()) << result.status();
  return registry;
}

std::int64_t stock(const Registry& registry, time::Date on, const char* unit, bool below = true) {
  const View view = registry.snapshot().at(on);
  return view.stock(*view.snapshot().find_unit(unit), below);
}

TEST(RegistryTest, AnEmptyRegistryHasTablesAndNoRows) {
  const auto registry = Registry::create();
  const Snapshot snapshot = registry->snapshot();
  EXPECT_EQ(snapshot.commit(), base::kNoCommit);
  EXPECT_EQ(snapshot.unit_count(), 0U);
  EXPECT_EQ(snapshot.rows("memberships")->size(), 0U);
  EXPECT_FALSE(snapshot.rows("no such table"));
  EXPECT_FALSE(snapshot.find_unit("A"));
  EXPECT_EQ(snapshot.at(day(2020, 1, 1)).tree().size(), 0U);
}

TEST(RegistryTest, CommitTellsWhatItAdded) {
  auto registry = Registry::create();
  Change change(*registry);
  add_small_body(change);
  EXPECT_EQ(change.row_count(), 16U);
  const auto result = registry->commit(std::move(change), {});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->number, CommitNumber{1});
  const std::vector<std::pair<std::string, std::uint64_t>> expected = {
      {"units", 6}, {"members", 4}, {"memberships", 6}};
  EXPECT_EQ(result->added, expected);
}

TEST(RegistryTest, InventedDataMarksTheRegistryFromItsCommitOn) {
  const auto registry = small_body();
  const Snapshot before = registry->snapshot();
  for (const bool synthetic : {true, false}) {
    Change change(*registry);
    const std::string key = synthetic ? "m8" : "m9";
    change.add_table("members", text_table({"member_id"}, {{key}}), "m");
    if (synthetic) change.mark_synthetic();
    ASSERT_TRUE(registry->commit(std::move(change), {.time = 1, .source_version = ""}).ok());
    EXPECT_TRUE(registry->snapshot().is_synthetic());
  }
  EXPECT_FALSE(before.is_synthetic());
  EXPECT_FALSE(Registry::create()->snapshot().is_synthetic());
}

TEST(RegistryTest, StockFollowsTheRowsDayByDay) {
  const auto registry = small_body();
  EXPECT_EQ(stock(*registry, day(2011, 2, 28), "KHOI"), 0);
  EXPECT_EQ(stock(*registry, day(2011, 3, 1), "KHOI"), 1);    // first day counts
  EXPECT_EQ(stock(*registry, day(2018, 12, 31), "KHOI"), 3);  // the temporary row does not
  EXPECT_EQ(stock(*registry, day(2019, 1, 1), "KHOI"),
            2);  // the day one leaves is the first not counted
  EXPECT_EQ(stock(*registry, day(2020, 6, 30), "B"), 1);
  EXPECT_EQ(stock(*registry, day(2020, 7, 1), "B"), 0);  // closed
  EXPECT_EQ(stock(*registry, day(2020, 7, 1), "D"), 1);
  EXPECT_EQ(stock(*registry, day(2020, 7, 1), "D", false), 0);
  EXPECT_EQ(stock(*registry, day(2021, 1, 1), "KHOI"), 3);
}

TEST(RegistryTest, TheTreeIsThatOfTheDay) {
  const auto registry = small_body();
  EXPECT_EQ(registry->snapshot().at(day(2009, 12, 31)).tree().size(), 0U);
  EXPECT_EQ(registry->snapshot().at(day(2011, 12, 31)).tree().size(), 5U);
  EXPECT_EQ(registry->snapshot().at(day(2012, 1, 1)).tree().size(), 6U);
  EXPECT_EQ(registry->snapshot().at(day(2020, 7, 1)).tree().size(), 5U);
}

TEST(RegistryTest, KeysAreOpaqueText) {
  auto registry = Registry::create();
  Change change(*registry);
  change.add_table(
      "units", text_table({"unit_id", "kind"}, {{"007", "CB"}, {"7", "CB"}, {"Mã «Đ» ☂", "CB"}}),
      "u");
  ASSERT_TRUE(registry->commit(std::move(change), {}).ok());
  const Snapshot snapshot = registry->snapshot();
  ASSERT_TRUE(snapshot.find_unit("007"));
  ASSERT_TRUE(snapshot.find_unit("7"));
  EXPECT_NE(*snapshot.find_unit("007"), *snapshot.find_unit("7"));
  EXPECT_EQ(snapshot.key_of(*snapshot.find_unit("Mã «Đ» ☂")), "Mã «Đ» ☂");
  const base::UnitSlot slot = *snapshot.find_unit("7");
  EXPECT_EQ(snapshot.slot_of(snapshot.id_of(slot)), slot);
  EXPECT_NE(snapshot.id_of(slot), base::kNoUnit);
  EXPECT_EQ(snapshot.slot_of(base::kNoUnit), base::kNoUnitSlot);
  EXPECT_EQ(snapshot.slot_of(base::UnitId{99}), base::kNoUnitSlot);
}

TEST(RegistryTest, ASnapshotNeverChanges) {
  const auto registry = small_body();
  const Snapshot before = registry->snapshot();
  Change change(*registry);
  change.add_table(
      "units",
      text_table({"unit_id", "from", "parent_id", "kind"}, {{"E", "2015-01-01", "KHOI", "CBCS"}}),
      "u");
  change.add_table("members", text_table({"member_id"}, {{"m5"}}), "m");
  change.add_table(
      "memberships",
      text_table({"member_id", "unit_id", "kind", "from"}, {{"m5", "E", "home", "2015-01-01"}}),
      "s");
  ASSERT_TRUE(registry->commit(std::move(change), {.time = 2, .source_version = ""}).ok());
  EXPECT_FALSE(before.find_unit("E"));
  EXPECT_FALSE(before.find_member("m5"));
  EXPECT_EQ(before.rows("units")->size(), 6U);
  EXPECT_EQ(before.at(day(2016, 1, 1)).tree().size(), 6U);
  const Snapshot after = registry->snapshot();
  EXPECT_EQ(after.commit(), CommitNumber{2});
  EXPECT_EQ(after.at(day(2016, 1, 1)).tree().size(), 7U);
  EXPECT_EQ(after.at(day(2016, 1, 1)).stock(*after.find_unit("KHOI"), true), 4);
  // The later snapshot still answers as it was known at the first commit.
  const View known_before = after.at(day(2016, 1, 1), CommitNumber{1});
  EXPECT_EQ(known_before.tree().size(), 6U);
  EXPECT_EQ(known_before.stock(*after.find_unit("KHOI"), true), 3);
}

TEST(RegistryTest, SnapshotsOutliveTheRegistry) {
  auto registry = small_body();
  const Snapshot snapshot = registry->snapshot();
  registry.reset();
  EXPECT_EQ(snapshot.at(day(2018, 12, 31)).stock(*snapshot.find_unit("KHOI"), true), 3);
}

TEST(RegistryTest, TimeOfCommitsNeverGoesBackwards) {
  const auto registry = small_body();
  Change change(*registry);
  change.add_table("members", text_table({"member_id"}, {{"m9"}}), "m");
  const auto refused = registry->commit(change, {.time = 0, .source_version = ""});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(base::problems_of(refused.status()).kept()[0].code, ProblemCode::kOutOfRange);
  EXPECT_TRUE(registry->commit(change, {.time = 1, .source_version = ""}).ok());
}

TEST(RegistryTest, MemberAndUnitRowsAreThoseInForce) {
  auto registry = Registry::create();
  Change change(*registry);
  change.add_table("units",
                   text_table({"unit_id", "from", "until", "kind", "name"},
                              {{"A", "2010-01-01", "2015-01-01", "CB", "Tên cũ"},
                               {"A", "2015-01-01", "", "CB", "Tên mới"}}),
                   "u");
  change.add_table("members",
                   text_table({"member_id", "from", "until", "status"},
                              {{"m", "", "2016-01-01", "DANG"}, {"m", "2016-01-01", "", "MIEN"}}),
                   "m");
  ASSERT_TRUE(registry->commit(std::move(change), {}).ok());
  const Snapshot snapshot = registry->snapshot();
  const Rows units = *snapshot.rows("units");
  const Rows members = *snapshot.rows("members");
  const FieldReader name = *units.field("name");
  const FieldReader status = *members.field("status");
  const base::UnitSlot unit = *snapshot.find_unit("A");
  const base::MemberSlot member = *snapshot.find_member("m");
  EXPECT_EQ(name.text(snapshot.at(day(2014, 12, 31)).unit_row(unit)), "Tên cũ");
  EXPECT_EQ(name.text(snapshot.at(day(2015, 1, 1)).unit_row(unit)), "Tên mới");
  EXPECT_EQ(snapshot.at(day(2009, 1, 1)).unit_row(unit), base::kNoRow);
  EXPECT_EQ(status.word(status.raw(snapshot.at(day(2015, 12, 31)).member_row(member))), "active");
  EXPECT_EQ(status.word(status.raw(snapshot.at(day(2016, 1, 1)).member_row(member))), "exempt");
}

TEST(RegistryTest, HomeOfAMember) {
  const auto registry = small_body();
  const Snapshot snapshot = registry->snapshot();
  const base::MemberSlot m2 = *snapshot.find_member("m2");
  EXPECT_EQ(snapshot.at(day(2012, 4, 30)).home_of(m2), base::kNoUnitSlot);
  EXPECT_EQ(snapshot.at(day(2020, 6, 30)).home_of(m2), *snapshot.find_unit("B"));
  EXPECT_EQ(snapshot.at(day(2020, 7, 1)).home_of(m2), *snapshot.find_unit("D1"));
}

TEST(RegistryTest, PartialDatesBoundIntervals) {
  auto registry = Registry::create();
  Change change(*registry);
  change.add_table(
      "units", text_table({"unit_id", "from", "until", "kind"}, {{"A", "2010", "2012-03", "CB"}}),
      "u");
  ASSERT_TRUE(registry->commit(std::move(change), {}).ok());
  const Snapshot snapshot = registry->snapshot();
  EXPECT_EQ(snapshot.at(day(2009, 12, 31)).tree().size(), 0U);
  EXPECT_EQ(snapshot.at(day(2010, 1, 1)).tree().size(),
            1U);  // a partial from: its first possible day
  EXPECT_EQ(snapshot.at(day(2012, 3, 31)).tree().size(),
            1U);  // a partial until: its last possible day plus one
  EXPECT_EQ(snapshot.at(day(2012, 4, 1)).tree().size(), 0U);
}

TEST(RegistryTest, SubjectsAreUnitsOrMembers) {
  const auto registry = small_body();
  Change change(*registry);
  change.add_table("evaluations",
                   text_table({"subject_type", "subject_id", "period", "regime", "grade"},
                              {{"unit", "A", "2018", "r2018", "HTT"},
                               {"member", "m1", "2018", "r2018", "HTXS"}}),
                   "e");
  const auto result = registry->commit(std::move(change), {.time = 2, .source_version = ""});
  ASSERT_TRUE(result.ok()) << result.status();
  const Snapshot snapshot = registry->snapshot();
  const Rows rows = *snapshot.rows("evaluations");
  EXPECT_EQ(rows.unit_of(RowId{0}), *snapshot.find_unit("A"));
  EXPECT_EQ(rows.member_of(RowId{0}), base::kNoMemberSlot);
  EXPECT_EQ(rows.unit_of(RowId{1}), base::kNoUnitSlot);
  EXPECT_EQ(rows.member_of(RowId{1}), *snapshot.find_member("m1"));
  EXPECT_EQ(rows.newest_of(*snapshot.find_unit("A")), RowId{0});
  EXPECT_EQ(rows.newest_of(*snapshot.find_member("m1")), RowId{1});
}

TEST(RegistryTest, AHostDeclaresItsOwnTable) {
  auto registry = small_body();
  Field unit;
  unit.name = "unit_id";
  unit.required = true;
  unit.role = Role::kUnit;
  Field on;
  on.name = "day";
  on.type = Type::kDate;
  on.required = true;
  on.role = Role::kDay;
  Field n;
  n.name = "visitors";
  n.type = Type::kInt;
  auto schema = std::make_shared<Schema>(
      "open_days", TableKind::kEvent, std::vector<Field>{unit, on, n},
      std::vector<std::string>{"unit_id", "day"}, base::Message{"ngày mở cửa", "open days"});
  ASSERT_TRUE(registry->declare(schema).ok());
  EXPECT_FALSE(registry->declare(schema).ok());  // the name is taken
  Change change(*registry);
  change.add_table("open_days",
                   text_table({"unit_id", "day", "visitors"}, {{"A", "2020-05-01", "120"}}), "o");
  ASSERT_TRUE(registry->commit(std::move(change), {.time = 2, .source_version = ""}).ok());
  const Rows rows = *registry->snapshot().rows("open_days");
  EXPECT_EQ(rows.field("visitors")->integer(RowId{0}), 120);
}

TEST(RegistryTest, ASchemaWhoseRolesDoNotFitIsRefused) {
  auto registry = Registry::create();
  const auto refused = [&](TableKind kind, Type type, Role role) {
    Field field;
    field.name = "f";
    field.type = type;
    field.role = role;
    return !registry
                ->declare(std::make_shared<Schema>("t", kind, std::vector<Field>{field},
                                                   std::vector<std::string>{},
                                                   base::Message{"t", "t"}))
                .ok();
  };
  EXPECT_TRUE(refused(TableKind::kState, Type::kInt, Role::kUnit));
  EXPECT_TRUE(refused(TableKind::kState, Type::kText, Role::kFrom));
  EXPECT_TRUE(refused(TableKind::kState, Type::kReal, Role::kNone));
  EXPECT_TRUE(refused(TableKind::kEvent, Type::kText, Role::kNone));
  EXPECT_TRUE(refused(TableKind::kPeriod, Type::kText, Role::kNone));
  EXPECT_TRUE(refused(TableKind::kState, Type::kText, Role::kSubject));
  EXPECT_FALSE(refused(TableKind::kState, Type::kText, Role::kNone));
}

TEST(RegistryTest, GrowingVocabulariesGrow) {
  const auto registry = small_body();
  for (const char* word : {"Kinh", "Khơ-me", "Kinh"}) {
    Change change(*registry);
    static int number = 0;
    change.add_table(
        "members", text_table({"member_id", "ethnicity"}, {{"e" + std::to_string(++number), word}}),
        "m");
    ASSERT_TRUE(registry->commit(std::move(change), {.time = 2, .source_version = ""}).ok());
  }
  const FieldReader ethnicity = *registry->snapshot().rows("members")->field("ethnicity");
  EXPECT_EQ(ethnicity.word_count(), 2U);
  EXPECT_EQ(ethnicity.find_word("Khơ-me"), 1U);
  EXPECT_FALSE(ethnicity.find_word("Tày"));
  EXPECT_TRUE(ethnicity.is_missing(RowId{0}));
  EXPECT_EQ(ethnicity.word(ethnicity.raw(RowId{6})), "Kinh");
}

TEST(RegistryTest, MemoryIsCounted) {
  const auto registry = small_body();
  EXPECT_GT(registry->memory_use().hot_bytes, 100U);
  EXPECT_GT(registry->memory_use().cold_bytes, 100U);
}

}  // namespace
}  // namespace dangbo::registry
