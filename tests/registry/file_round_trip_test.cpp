// A registry in a file reads back as it was written.
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "registry/file_support.hpp"

namespace dangbo::registry {
namespace {

using testing::RandomHistory;
using testing::TemporaryFolder;
using testing::visits_schema;
using testing::whole_content;

// Most tests need no disk to turn.
std::unique_ptr<Registry> opened(const std::string& path, OpenMode mode,
                                 Durability durability = Durability::kOff) {
  OpenOptions options;
  options.durability = durability;
  auto registry = Registry::open(path, mode, options);
  EXPECT_TRUE(registry.ok()) << registry.status();
  return registry.ok() ? std::move(*registry) : nullptr;
}

TEST(FileRoundTripTest, RandomHistoriesReopenEqualAndGoOn) {
  int accepted = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const TemporaryFolder folder;
    const std::string path = folder.file("sổ đảng bộ.dangbo");
    RandomHistory history(seed);
    RandomHistory in_memory(seed);
    const auto twin = Registry::create();
    {
      const auto registry =
          opened(path, OpenMode::kCreate, seed == 1 ? Durability::kFull : Durability::kOff);
      ASSERT_NE(registry, nullptr);
      for (int i = 0; i < 14; ++i) history.step(*registry);
      for (int i = 0; i < 14; ++i) in_memory.step(*twin);
      ASSERT_EQ(whole_content(*registry), whole_content(*twin)) << "seed " << seed;
      ASSERT_EQ(whole_content(*opened(path, OpenMode::kRead)), whole_content(*twin))
          << "reader beside the writer, seed " << seed;
    }
    {
      const auto registry = opened(path, OpenMode::kWrite);
      ASSERT_NE(registry, nullptr);
      ASSERT_EQ(whole_content(*registry), whole_content(*twin)) << "seed " << seed;
      for (int i = 0; i < 10; ++i) history.step(*registry);
      for (int i = 0; i < 10; ++i) in_memory.step(*twin);
      if (seed % 2 == 0) {
        ASSERT_TRUE(registry->compact().ok());
      }
      for (int i = 0; i < 4; ++i) history.step(*registry);
      for (int i = 0; i < 4; ++i) in_memory.step(*twin);
      ASSERT_EQ(whole_content(*registry), whole_content(*twin)) << "seed " << seed;
    }
    EXPECT_EQ(whole_content(*opened(path, OpenMode::kRead)), whole_content(*twin))
        << "seed " << seed;
    accepted += history.accepted();
  }
  std::printf("seeds 1 to 6, %d commits accepted\n", accepted);
  EXPECT_GT(accepted, 6 * 14);
}

TEST(FileRoundTripTest, OnlyTheNamedFileStaysBehind) {
  const TemporaryFolder folder;
  {
    const auto registry = opened(folder.file("a.dangbo"), OpenMode::kCreate);
    RandomHistory history(7);
    for (int i = 0; i < 5; ++i) history.step(*registry);
    ASSERT_TRUE(registry->compact().ok());
  }
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    ++files;
    EXPECT_EQ(entry.path().filename(), "a.dangbo");
  }
  EXPECT_EQ(files, 1);
}

TEST(FileRoundTripTest, DeclaredTablesComeBackAsDeclared) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.dangbo");
  {
    const auto registry = opened(path, OpenMode::kCreate);
    RandomHistory history(3);
    history.step(*registry);
    history.step(*registry);
    ASSERT_TRUE(registry->declare(visits_schema("before")).ok());
    EXPECT_FALSE(registry->declare(visits_schema("before")).ok());
  }
  {
    const auto registry = opened(path, OpenMode::kWrite);
    ASSERT_TRUE(registry->declare(visits_schema("after")).ok());
  }
  const auto registry = opened(path, OpenMode::kRead);
  const auto schema = registry->find_schema("đi thăm before");
  ASSERT_NE(schema, nullptr);
  const auto declared = visits_schema("before");
  EXPECT_EQ(schema->kind(), declared->kind());
  EXPECT_EQ(schema->title(), declared->title());
  EXPECT_EQ(schema->aliases(), declared->aliases());
  EXPECT_EQ(schema->natural_key(), declared->natural_key());
  ASSERT_EQ(schema->fields().size(), declared->fields().size() + 1);  // with `extra`
  for (std::size_t i = 0; i < declared->fields().size(); ++i) {
    const table::Field& before = declared->fields()[i];
    const table::Field& after = schema->fields()[i];
    EXPECT_EQ(after.name, before.name);
    EXPECT_EQ(after.type, before.type);
    EXPECT_EQ(after.role, before.role);
    EXPECT_EQ(after.required, before.required);
    EXPECT_EQ(after.title, before.title);
    EXPECT_EQ(after.aliases, before.aliases);
    ASSERT_EQ(after.codes == nullptr, before.codes == nullptr);
    if (before.codes == nullptr) continue;
    EXPECT_EQ(after.codes->codes()[0].aliases, before.codes->codes()[0].aliases);
    EXPECT_EQ(after.codes->find("yếu"), before.codes->find("yếu"));
  }
  EXPECT_EQ(registry->schemas().back()->name(), "after");
}

// Rows of one commit that fill several parts.
TEST(FileRoundTripTest, LargeCommitsStandInParts) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.dangbo");
  std::vector<testing::TextRow> members;
  std::vector<testing::TextRow> homes;
  for (int i = 0; i < 50'000; ++i) {
    members.push_back({"m" + std::to_string(i), i % 3 == 0 ? "F" : "",
                       "Nguyễn Thị Ánh " + std::string(100, 'x') + std::to_string(i)});
    homes.push_back({members.back()[0], "A", "home"});
  }
  std::string written;
  {
    const auto registry = opened(path, OpenMode::kCreate);
    Change change(*registry);
    change.add_table("memberships", testing::text_table({"member_id", "unit_id", "kind"}, homes),
                     "h");
    change.add_table("members", testing::text_table({"member_id", "sex", "full_name"}, members),
                     "m");
    change.add_table("units", testing::text_table({"unit_id", "kind"}, {{"A", "CB"}}), "u");
    const auto done = registry->commit(std::move(change), {});
    ASSERT_TRUE(done.ok()) << done.status();
    written = whole_content(*registry);
  }
  EXPECT_EQ(whole_content(*opened(path, OpenMode::kRead)), written);
  EXPECT_GT(std::filesystem::file_size(path), 6U << 20U);
}

TEST(FileRoundTripTest, SingleRootIsKept) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.dangbo");
  OpenOptions options;
  options.registry.single_root = true;
  ASSERT_TRUE(Registry::open(path, OpenMode::kCreate, options).ok());
  const auto registry = opened(path, OpenMode::kWrite);
  Change change(*registry);
  change.add_table("units", testing::text_table({"unit_id", "kind"}, {{"A", "CB"}, {"B", "CB"}}),
                   "u");
  EXPECT_FALSE(registry->commit(std::move(change), {}).ok());
}

TEST(FileRoundTripTest, SameChangeTwiceIsHarmless) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.dangbo");
  for (const bool durable : {true, false}) {
    auto registry = durable ? opened(path, OpenMode::kCreate) : Registry::create();
    const auto commit = [&](const std::string& name, const std::string& mark) {
      Change change(*registry);
      change.add_table("units", testing::text_table({"unit_id", "kind"}, {{name, "CB"}}), "u");
      return registry->commit(std::move(change), {.time = 0, .source_version = mark});
    };
    ASSERT_FALSE(commit("A", "một")->repeated);
    ASSERT_TRUE(commit("B", "").ok());
    ASSERT_TRUE(
        registry->advance(testing::day(2020, 1, 1), {.time = 0, .source_version = "ba"}).ok());
    if (durable) {
      registry.reset();
      registry = opened(path, OpenMode::kWrite);
    }
    const auto again = commit("A", "một");
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_TRUE(again->repeated);
    EXPECT_EQ(again->number, CommitNumber{1});
    EXPECT_EQ(base::index_of(registry->snapshot().commit()), 3U);
    const auto other = commit("C", "một");
    ASSERT_FALSE(other.ok());
    const auto problem = base::problems_of(other.status()).kept()[0];
    EXPECT_EQ(problem.code, base::ProblemCode::kConflict);
    EXPECT_NE(problem.reason.vi.find("lần ghi 1"), std::string::npos);
    const auto day =
        registry->advance(testing::day(2020, 1, 1), {.time = 0, .source_version = "ba"});
    ASSERT_TRUE(day.ok());
    EXPECT_TRUE(day->repeated);
    EXPECT_FALSE(
        registry->advance(testing::day(2020, 1, 2), {.time = 0, .source_version = "ba"}).ok());
    EXPECT_TRUE(commit("C", "bốn").ok());
  }
}

}  // namespace
}  // namespace dangbo::registry
