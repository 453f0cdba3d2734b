// Bytes that flipped and files cut short are seen, or have changed nothing.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <iostream>
#include <string>

#include "registry/fault_support.hpp"
#include "registry/memory_disk.hpp"

namespace dangbo::registry {
namespace {

using testing::Answer;
using testing::DiskImage;
using testing::MemoryDisk;

const std::string kPath = "/disk/a.dangbo";

absl::Status write_little(Registry& registry) {
  Change change(registry);
  change.add_table("units", testing::text_table({"unit_id", "kind"}, {{"A", "CB"}}), "u");
  change.add_table("members",
                   testing::text_table({"member_id", "full_name", "extra"},
                                       {{"m1", testing::kSecretName, ""}, {"m2", "Lê Mây", "x"}}),
                   "m");
  if (auto done = registry.commit(std::move(change), {.time = 1, .source_version = "một"});
      !done.ok())
    return done.status();
  Change correction(registry);
  correction.correct("members", testing::text_table({"member_id"}, {{"m2"}}),
                     testing::text_table({"sex"}, {{"nữ"}}), "c");
  if (auto done = registry.commit(std::move(correction), {.time = 2, .source_version = ""});
      !done.ok())
    return done.status();
  if (auto done = registry.redact("m1", {}, {.time = 3, .source_version = "ba"}); !done.ok())
    return done.status();
  return registry.advance(testing::day(2024, 1, 1), {.time = 4, .source_version = ""}).status();
}

// A closed file of several commits, in pages of 512 bytes, so that there are few bytes that mean
// nothing.
DiskImage small_file(MemoryDisk& disk) {
  disk.load({});
  {
    auto registry = Registry::open(kPath, OpenMode::kCreate);
    EXPECT_TRUE(registry.ok());
    const absl::Status status = write_little(**registry);
    EXPECT_TRUE(status.ok()) << status;
  }
  sqlite3* database = nullptr;
  EXPECT_EQ(sqlite3_open(kPath.c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database,
                         "PRAGMA journal_mode=DELETE; PRAGMA page_size=512; VACUUM;"
                         "PRAGMA journal_mode=WAL",
                         nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(database);
  DiskImage image = disk.image();
  EXPECT_EQ(image.size(), 1U);
  return image;
}

class Damage {
 public:
  Damage(MemoryDisk& disk, Answer sound) : disk_(disk), sound_(std::move(sound)) {}

  // Verifies a file. `opens_it`: opens it too, whatever verifying told. Opening checks less, but
  // reads the same bytes: what verifies as it did holds what it held.
  void look_at(const DiskImage& image, bool opens_it) {
    disk_.load(image);
    const auto head = testing::verified_head(kPath);
    head.ok() ? ++unseen_ : ++seen_;
    if (head.ok()) {
      EXPECT_EQ(*head, sound_.head);
    }
    if (!opens_it) return;
    const auto registry = Registry::open(kPath, OpenMode::kWrite);
    if (!registry.ok()) {
      // What can be read can be opened, but by a writer that may not change it.
      if (head.ok()) ++only_read_;
      return;
    }
    ++opened_;
    if (head.ok()) {
      EXPECT_EQ(testing::whole_content(**registry), sound_.content);
    }
  }
  void print() const {
    std::cout << seen_ << " seen, " << unseen_ << " without effect, " << only_read_
              << " of them refused to write, " << opened_ << " opened\n";
  }
  [[nodiscard]] int seen() const { return seen_; }
  [[nodiscard]] int unseen() const { return unseen_; }

 private:
  MemoryDisk& disk_;
  Answer sound_;
  int seen_ = 0;
  int unseen_ = 0;
  int only_read_ = 0;
  int opened_ = 0;
};

TEST(FileDamageTest, EveryByteFlipped) {
  const std::uint64_t seed = testing::printed_seed(1);
  std::mt19937_64 random(seed);
  MemoryDisk disk(seed);
  const DiskImage image = small_file(disk);
  const auto sound = testing::ask(kPath);
  ASSERT_TRUE(sound.ok()) << sound.status();
  const std::string& bytes = image.at(kPath);
  std::cout << bytes.size() << " bytes\n";
  Damage damage(disk, *sound);
  for (std::size_t at = 0; at < bytes.size() && !HasFailure(); ++at) {
    SCOPED_TRACE("byte " + std::to_string(at));
    DiskImage flipped = image;
    char& byte = flipped[kPath][at];
    byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1 + random() % 255));
    damage.look_at(flipped, at < 100 || random() % 16 == 0);
  }
  damage.print();
  EXPECT_GT(damage.seen(), 1500);  // the rest is room in pages
  EXPECT_GT(damage.unseen(), 0);
}

TEST(FileDamageTest, CutShort) {
  const std::uint64_t seed = testing::printed_seed(2);
  std::mt19937_64 random(seed);
  MemoryDisk disk(seed);
  const DiskImage image = small_file(disk);
  const auto sound = testing::ask(kPath);
  ASSERT_TRUE(sound.ok()) << sound.status();
  const std::size_t size = image.at(kPath).size();
  Damage damage(disk, *sound);
  const auto cut_to = [&](std::size_t length) {
    SCOPED_TRACE("cut to " + std::to_string(length));
    DiskImage shorter = image;
    shorter[kPath].resize(length);
    damage.look_at(shorter, true);
  };
  for (std::size_t page = 0; page * 512 < size; ++page) {
    cut_to(page * 512);
    cut_to(page * 512 + 1 + random() % 511);
  }
  for (int i = 0; i < 100; ++i) cut_to(random() % size);
  damage.print();
  EXPECT_GT(damage.seen(), 100);
}

// The -wal file of a crash: what cannot be read of it is as if it had not been written.
TEST(FileDamageTest, EveryByteOfTheWalFlipped) {
  const std::uint64_t seed = testing::printed_seed(3);
  std::mt19937_64 random(seed);
  MemoryDisk disk(seed);
  disk.load({});
  DiskImage image;
  std::vector<Answer> states;
  {
    auto registry = Registry::open(kPath, OpenMode::kCreate);
    ASSERT_TRUE(registry.ok());
    for (const testing::Step& step : testing::life()) {
      states.push_back({testing::whole_content(**registry), *testing::verified_head(kPath)});
      if (std::string(step.name) == "redact") break;
      ASSERT_TRUE(step.run(**registry).ok());
    }
    image = disk.image();
  }
  const std::string wal = kPath + "-wal";
  const std::size_t size = image.at(wal).size();
  std::cout << size << " bytes\n";
  int whole = 0;
  for (int i = 0; i < 150 && !HasFailure(); ++i) {
    const std::size_t at = random() % size;
    SCOPED_TRACE("byte " + std::to_string(at));
    DiskImage flipped = image;
    char& byte = flipped[wal][at];
    byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1 + random() % 255));
    disk.load(flipped);
    const auto answer = testing::ask(kPath);
    if (!answer.ok()) continue;
    ++whole;
    EXPECT_NE(std::find(states.begin(), states.end(), *answer), states.end()) << answer->content;
  }
  std::cout << whole << " opened\n";
  EXPECT_GT(whole, 0);
}

}  // namespace
}  // namespace dangbo::registry
