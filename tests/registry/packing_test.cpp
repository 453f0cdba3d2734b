// What one commit brings is packed, and reads as it was written.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "dangbo/registry/registry.hpp"
#include "dangbo/time/date.hpp"
#include "registry/support.hpp"

namespace dangbo::registry {
namespace {

using testing::day;

// Rows in blocks read as row by row, whatever the block's length.
void expect_blocks_read_alike(const Rows& rows, CommitNumber at) {
  const std::vector<table::Field>& fields = rows.schema().fields();
  for (const std::uint32_t length : {1U, 1000U, kChunkRows + 1}) {
    std::vector<std::uint32_t> values(length);
    std::vector<std::uint8_t> known(length);
    std::uint32_t differing = 0;
    const std::uint32_t step = length == 1 ? 4099 : length;
    for (std::uint32_t first = 0; first < rows.size(); first += step) {
      const std::uint32_t count = std::min(length, rows.size() - first);
      const auto block = std::span(values).first(count);
      for (std::size_t field = 0; field < fields.size(); ++field) {
        const FieldReader reader = rows.field(field);
        if (reader.storage() == Storage::kLong) continue;
        reader.read(RowId{first}, block);
        for (std::uint32_t i = 0; i < count; ++i)
          differing += block[i] == reader.raw(RowId{first + i}) ? 0U : 1U;
      }
      const bool written = rows.read_known(RowId{first}, at, std::span(known).first(count));
      for (std::uint32_t i = 0; i < count; ++i) {
        const bool is_known = rows.is_known(RowId{first + i}, at);
        differing += is_known == (!written || known[i] != 0) ? 0U : 1U;
      }
    }
    EXPECT_EQ(differing, 0U) << "blocks of " << length;
  }
}

// Chunks of one commit with the given birth dates, read back; gives the hot bytes a row.
double bytes_a_row(const std::vector<std::string>& births) {
  std::vector<testing::TextRow> members;
  for (std::uint32_t i = 0; i < kChunkRows; ++i)
    members.push_back({"m" + std::to_string(i), births[i % births.size()]});
  auto registry = Registry::create();
  Change change(*registry);
  change.add_table("members", testing::text_table({"member_id", "birth_date"}, members), "m");
  EXPECT_TRUE(registry->commit(std::move(change), {}).ok());
  const Snapshot now = registry->snapshot();
  const auto birth = *now.rows("members")->field("birth_date");
  for (std::uint32_t i = 0; i < kChunkRows; ++i) {
    const auto value = birth.date(RowId{i});
    EXPECT_EQ(value ? value->to_string() : "", members[i][1]);
  }
  return static_cast<double>(registry->memory_use().hot_bytes) / kChunkRows;
}

TEST(PackingTest, EveryDateOfTheYearsThatFit) {
  std::vector<std::string> all = {""};
  for (time::Date at = day(1900, 1, 1); at != day(2070, 1, 1); at = at.plus_days(1))
    all.push_back(at.to_string());
  for (int year = 1900; year < 2070; ++year) {
    all.push_back(std::to_string(year));
    for (int month = 1; month <= 12; ++month)
      all.push_back(time::PartialDate::from_month(year, month)->to_string());
  }
  ASSERT_LT(all.size(), kChunkRows);
  const double packed = bytes_a_row(all);
  for (const char* outside : {"1899-12-31", "2070-01-01", "1899", "2070-01"}) {
    all.front() = outside;
    EXPECT_DOUBLE_EQ(bytes_a_row(all), packed + 2) << outside;
  }
}

// Two full chunks and a part of one in one commit: values are those written, before and after
// corrections, and a fork of it sees them too.
TEST(PackingTest, ARegistryReadsWhatItPacked) {
  constexpr std::uint32_t kCount = 2 * kChunkRows + 100;
  std::mt19937 random(7);
  auto registry = Registry::create();
  std::vector<testing::TextRow> members;
  std::vector<std::string> births;
  for (std::uint32_t i = 0; i < kCount; ++i) {
    const int year = 1930 + static_cast<int>(random() % 70);
    births.push_back(
        random() % 3 == 0 ? "" : std::to_string(year) + (random() % 2 == 0 ? "" : "-07-15"));
    members.push_back({"m" + std::to_string(i), births.back(), random() % 5 == 0 ? "" : "Tày"});
  }
  members[5][1] = births[5] = "1850-01-01";  // keeps the first chunk's dates wide
  Change change(*registry);
  change.add_table("members",
                   testing::text_table({"member_id", "birth_date", "ethnicity"}, members), "m");
  ASSERT_TRUE(registry->commit(std::move(change), {}).ok());
  Change correction(*registry);
  correction.correct("members", testing::text_table({"member_id"}, {{"m70000"}}),
                     testing::text_table({"birth_date"}, {{"1999-09-09"}}), "s");
  ASSERT_TRUE(registry->commit(std::move(correction), {}).ok());
  const auto fork = registry->snapshot().fork();
  for (const Registry* of : std::vector<const Registry*>{registry.get(), fork.get()}) {
    const Snapshot now = of->snapshot();
    const Rows rows = *now.rows("members");
    const auto birth = *rows.field("birth_date");
    const auto ethnicity = *rows.field("ethnicity");
    for (std::uint32_t i = 0; i < kCount; ++i) {
      const auto value = birth.date(RowId{i});
      ASSERT_EQ(value ? value->to_string() : "", births[i]);
      ASSERT_EQ(ethnicity.is_missing(RowId{i}), members[i][2].empty());
      ASSERT_EQ(now.key_of(rows.member_of(RowId{i})), members[i][0]);
      ASSERT_EQ(rows.is_known(RowId{i}, now.commit()), i != 70000);
    }
    EXPECT_EQ(birth.date(RowId{kCount})->to_string(), "1999-09-09");
    expect_blocks_read_alike(rows, now.commit());
    expect_blocks_read_alike(rows, CommitNumber{1});
  }
}

// Two memberships for each of 64 Ki members, the first row's member being `first`: their member
// slots, read back; gives the hot bytes of the registry.
std::uint64_t hot_bytes_of_memberships(std::uint32_t first) {
  constexpr std::uint32_t kMembers = kChunkRows;
  auto registry = Registry::create();
  Change change(*registry);
  std::vector<testing::TextRow> units;
  for (int i = 0; i < 300; ++i)
    units.push_back({"u" + std::to_string(i), "CB", i == 0 ? "" : "u0"});
  change.add_table("units", testing::text_table({"unit_id", "kind", "parent_id"}, units), "u");
  std::vector<testing::TextRow> members;
  for (std::uint32_t i = 0; i < kMembers; ++i) members.push_back({"m" + std::to_string(i)});
  change.add_table("members", testing::text_table({"member_id"}, members), "m");
  std::vector<testing::TextRow> rows;
  for (std::uint32_t i = 0; i < kChunkRows; ++i) {
    const std::string member = "m" + std::to_string(i == 0 ? first : i / 2);
    rows.push_back({member, "u" + std::to_string(i * 7 % 300), "CHINHTHUC",
                    i % 2 == 0 ? "2001-01-01" : "2002-01-01", i % 2 == 0 ? "2002-01-01" : ""});
  }
  change.add_table("memberships",
                   testing::text_table({"member_id", "unit_id", "kind", "from", "until"}, rows),
                   "r");
  const auto done = registry->commit(std::move(change), {});
  EXPECT_TRUE(done.ok()) << done.status();
  if (!done.ok()) return 0;
  const Snapshot now = registry->snapshot();
  const Rows stored = *now.rows("memberships");
  std::uint32_t differing = 0;
  for (std::uint32_t i = 0; i < kChunkRows; ++i) {
    differing += now.key_of(stored.member_of(RowId{i})) == rows[i][0] ? 0U : 1U;
    differing += now.key_of(stored.unit_of(RowId{i})) == rows[i][1] ? 0U : 1U;
  }
  EXPECT_EQ(differing, 0U);
  expect_blocks_read_alike(stored, now.commit());
  EXPECT_EQ(stored.newest_of(*now.find_member("m9")), RowId{19});
  EXPECT_EQ(stored.previous_of_member(RowId{19}), RowId{18});
  EXPECT_EQ(stored.previous_of_member(RowId{18}), base::kNoRow);
  return registry->memory_use().hot_bytes;
}

TEST(PackingTest, SlotsNearOneAnotherTakeHalf) {
  const std::uint64_t near = hot_bytes_of_memberships(kChunkRows - 2);
  // The slots of one chunk reach as far as 16 bits and the mark of a missing one.
  EXPECT_EQ(hot_bytes_of_memberships(kChunkRows - 1), near + 2 * std::uint64_t{kChunkRows});
}

// Of two chunks the first has one birthday or none, the second none.
TEST(PackingTest, ColumnsOfAFullChunkWithoutAValueTakeNothing) {
  const auto hot = [](std::uint32_t count, std::uint32_t with_value) {
    std::vector<testing::TextRow> members;
    for (std::uint32_t i = 0; i < count; ++i)
      members.push_back({"m" + std::to_string(i), i == with_value ? "1980-01-02" : ""});
    auto registry = Registry::create();
    Change change(*registry);
    change.add_table("members", testing::text_table({"member_id", "birth_date"}, members), "m");
    EXPECT_TRUE(registry->commit(std::move(change), {}).ok());
    const Snapshot now = registry->snapshot();
    const Rows rows = *now.rows("members");
    const auto birth = *rows.field("birth_date");
    std::uint32_t differing = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      differing += birth.is_missing(RowId{i}) == (i != with_value) ? 0U : 1U;
      differing += rows.previous_of_member(RowId{i}) == base::kNoRow ? 0U : 1U;
    }
    EXPECT_EQ(differing, 0U);
    return registry->memory_use().hot_bytes;
  };
  const std::uint64_t with_none = hot(2 * kChunkRows, 2 * kChunkRows);
  EXPECT_EQ(hot(2 * kChunkRows, kChunkRows - 1), with_none + 2 * std::uint64_t{kChunkRows});
}

TEST(PackingTest, ErasesFromWhatItPacked) {
  std::vector<testing::TextRow> members;
  for (std::uint32_t i = 0; i < kChunkRows; ++i)
    members.push_back({"m" + std::to_string(i), "1980-01-02", "Tày", "Tên " + std::to_string(i)});
  auto registry = Registry::create();
  Change change(*registry);
  change.add_table(
      "members",
      testing::text_table({"member_id", "birth_date", "ethnicity", "full_name"}, members), "m");
  ASSERT_TRUE(registry->commit(std::move(change), {}).ok());
  const auto done = registry->redact("m7", {}, {});
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->values, 3U);
  const Snapshot now = registry->snapshot();
  const Rows rows = *now.rows("members");
  for (const char* name : {"birth_date", "ethnicity", "full_name"}) {
    const FieldReader field = *rows.field(name);
    for (std::uint32_t i = 0; i < 100; ++i) EXPECT_EQ(field.is_missing(RowId{i}), i == 7) << name;
  }
  EXPECT_EQ(now.key_of(rows.member_of(RowId{7})), "m7");
}

}  // namespace
}  // namespace dangbo::registry
