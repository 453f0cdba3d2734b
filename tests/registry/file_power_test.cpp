// The power is cut between any two things that are done to the disk: the file is then what it was,
// or what it was to become, never a third.
#include <gtest/gtest.h>

#include <iostream>
#include <random>
#include <set>
#include <span>
#include <string>

#include "registry/fault_support.hpp"
#include "registry/memory_disk.hpp"

namespace dangbo::registry {
namespace {

using base::ProblemCode;
using testing::after_power_cut;
using testing::Answer;
using testing::DiskImage;
using testing::MemoryDisk;
using testing::Survival;

const std::string kPath = "/disk/a.dangbo";

// A life of a file, written down.
class Recording {
 public:
  struct Moment {
    std::string name;
    std::size_t writes;  // done by then
    Answer answer;
  };

  explicit Recording(MemoryDisk& disk, Durability durability) : disk_(disk) {
    options_.durability = durability;
    disk_.load({});
    disk_.record(true);
  }

  void create() {
    open(OpenMode::kCreate);
    note("create");
  }
  void run(const char* name, absl::Status (*step)(Registry&)) {
    const absl::Status status = step(*registry_);
    ASSERT_TRUE(status.ok()) << name << ": " << status;
    note(name);
  }
  // What came before is given: only what follows is cut.
  void begin_here() {
    before_ = disk_.image();
    disk_.load(before_);
    const Answer now = moments_.back().answer;
    moments_ = {{"before", 0, now}};
  }
  void close() {
    registry_.reset();
    moments_.push_back({"close", disk_.writes().size(), moments_.back().answer});
  }
  void reopen() {
    open(OpenMode::kWrite);
    note("reopen");
    EXPECT_EQ(moments_.back().answer, moments_[moments_.size() - 2].answer);
  }

  [[nodiscard]] const DiskImage& before() const { return before_; }
  [[nodiscard]] const std::vector<Moment>& moments() const { return moments_; }

 private:
  void open(OpenMode mode) {
    auto opened = Registry::open(kPath, mode, options_);
    ASSERT_TRUE(opened.ok()) << opened.status();
    registry_ = std::move(*opened);
  }
  void note(const char* name) {
    const auto head = testing::verified_head(kPath);
    ASSERT_TRUE(head.ok()) << name << ": " << head.status();
    moments_.push_back({name,
                        disk_.writes().size(),
                        {.content = testing::whole_content(*registry_), .head = *head}});
  }

  MemoryDisk& disk_;
  OpenOptions options_;
  DiskImage before_;
  std::vector<Moment> moments_;
  std::unique_ptr<Registry> registry_;
};

// Cuts a recorded life and looks at what is left.
class PowerCuts {
 public:
  PowerCuts(MemoryDisk& disk, const Recording& life, Durability durability, std::uint64_t seed)
      : disk_(disk), life_(life), durability_(durability), writes_(disk.writes()), random_(seed) {
    disk_.record(false);
  }

  [[nodiscard]] std::size_t write_count() const { return writes_.size(); }
  [[nodiscard]] int looked_at() const { return looked_at_; }

  // After the first `count` writes.
  void cut(std::size_t count, Survival survival) {
    const DiskImage image =
        after_power_cut(life_.before(), std::span(writes_).first(count), survival, random_);
    const auto& moments = life_.moments();
    std::size_t returned = 0;
    while (returned < moments.size() && moments[returned].writes <= count) ++returned;
    if (!is_new(image, returned)) return;
    ++looked_at_;
    SCOPED_TRACE("cut after write " + std::to_string(count) + " of " +
                 std::to_string(writes_.size()) + ", survival " +
                 std::to_string(static_cast<int>(survival)) +
                 ", returned: " + (returned == 0 ? "nothing" : moments[returned - 1].name));
    disk_.load(image);
    if (returned == 0) {
      expect_old_or_created();
    } else {
      expect_one_of(durability_ == Durability::kFull ? returned - 1 : 0, returned);
    }
    EXPECT_EQ(disk_.open_files(), 0);
  }

  // The disk had only said that it had synced: nothing is promised, but that damage is seen.
  void cut_after_lies(std::size_t count) {
    const Survival survival = random_() % 2 == 0 ? Survival::kRandom : Survival::kTorn;
    const DiskImage image =
        after_power_cut(life_.before(), std::span(writes_).first(count), survival, random_, true);
    disk_.load(image);
    const auto answer = testing::ask(kPath);
    if (!answer.ok()) {
      ++seen_damage_;
      return;
    }
    ++looked_at_;
    expect_known(*answer, 0, life_.moments().size() - 1);
  }
  [[nodiscard]] int seen_damage() const { return seen_damage_; }

 private:
  bool is_new(const DiskImage& image, std::size_t returned) {
    std::string all = std::to_string(returned);
    for (const auto& [name, bytes] : image) all += name + ":" + bytes;
    return seen_.insert(std::hash<std::string>()(all)).second;
  }

  void expect_known(const Answer& answer, std::size_t first, std::size_t last) {
    const auto& moments = life_.moments();
    for (std::size_t i = first; i <= last && i < moments.size(); ++i) {
      if (moments[i].answer == answer) return;
    }
    std::string which = "none that ever was";
    for (const auto& moment : moments) {
      if (moment.answer == answer) which = moment.name;
    }
    ADD_FAILURE() << "the state is: " << which << "\n" << answer.content;
  }

  void expect_one_of(std::size_t first, std::size_t last) {
    const auto answer = testing::ask(kPath);
    ASSERT_TRUE(answer.ok()) << answer.status();
    expect_known(*answer, first, last);
    // Opening it and closing it changed nothing.
    const auto head = testing::verified_head(kPath);
    ASSERT_TRUE(head.ok()) << head.status();
    EXPECT_EQ(*head, answer->head);
  }

  // Nothing that was promised yet: it is there, or it can be created.
  void expect_old_or_created() {
    const auto read = Registry::open(kPath, OpenMode::kRead);
    if (read.ok()) {
      EXPECT_EQ(testing::whole_content(**read), life_.moments().front().answer.content);
    }
    const auto answer = testing::ask(kPath);
    if (answer.ok()) {
      EXPECT_EQ(*answer, life_.moments().front().answer);
      return;
    }
    const auto created = Registry::open(kPath, OpenMode::kCreate);
    ASSERT_TRUE(created.ok()) << answer.status() << "\n" << created.status();
    EXPECT_EQ(testing::whole_content(**created), life_.moments().front().answer.content);
  }

  MemoryDisk& disk_;
  const Recording& life_;
  Durability durability_;
  std::vector<testing::DiskWrite> writes_;
  std::mt19937_64 random_;
  std::set<std::size_t> seen_;
  int looked_at_ = 0;
  int seen_damage_ = 0;
};

void record_life(Recording& recording) {
  recording.create();
  for (const testing::Step& step : testing::life()) recording.run(step.name, step.run);
  recording.close();
  recording.reopen();
  recording.run("last advance", [](Registry& registry) {
    return registry.advance(testing::day(2025, 6, 1), {.time = 70, .source_version = "cuối"})
        .status();
  });
  recording.close();
}

void cut_everywhere(Durability durability) {
  const std::uint64_t seed = testing::printed_seed(1);
  MemoryDisk disk(seed);
  Recording recording(disk, durability);
  record_life(recording);
  if (::testing::Test::HasFatalFailure()) return;
  PowerCuts cuts(disk, recording, durability, seed);
  for (std::size_t count = 0; count <= cuts.write_count(); ++count) {
    for (const Survival survival : testing::kSurvivals) cuts.cut(count, survival);
  }
  std::cout << cuts.write_count() << " writes, " << cuts.looked_at() << " states of the disk\n";
  EXPECT_GT(cuts.looked_at(), 150);
}

TEST(FilePowerTest, WhatWasCommittedStays) {
  cut_everywhere(Durability::kFull);
}

TEST(FilePowerTest, WithoutSyncsAtEachCommitWholeCommitsStay) {
  cut_everywhere(Durability::kNormal);
}

TEST(FilePowerTest, CommitsInPartsStayWhole) {
  const std::uint64_t seed = testing::printed_seed(2);
  MemoryDisk disk(seed);
  Recording recording(disk, Durability::kFull);
  recording.create();
  recording.close();
  recording.begin_here();
  recording.reopen();
  recording.run("large", [](Registry& registry) { return testing::commit_large(registry, 10); });
  recording.run("redact", [](Registry& registry) {
    return registry.redact("g10-77", {}, {.time = 20, .source_version = ""}).status();
  });
  recording.close();
  if (HasFatalFailure()) return;
  PowerCuts cuts(disk, recording, Durability::kFull, seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 6; ++i) {
    for (const Survival survival : testing::kSurvivals)
      cuts.cut(random() % (cuts.write_count() + 1), survival);
  }
  std::cout << cuts.write_count() << " writes, " << cuts.looked_at() << " states of the disk\n";
  EXPECT_GT(cuts.looked_at(), 15);
}

TEST(FilePowerTest, ADiskThatLiesIsSeenThrough) {
  const std::uint64_t seed = testing::printed_seed(3);
  MemoryDisk disk(seed);
  Recording recording(disk, Durability::kFull);
  record_life(recording);
  if (HasFatalFailure()) return;
  PowerCuts cuts(disk, recording, Durability::kFull, seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 300; ++i) cuts.cut_after_lies(random() % (cuts.write_count() + 1));
  std::cout << cuts.looked_at() << " states were sound, " << cuts.seen_damage()
            << " were refused\n";
  EXPECT_GT(cuts.looked_at(), 0);
  EXPECT_GT(cuts.seen_damage(), 0);
}

TEST(FilePowerTest, NothingErasedComesBackOnceCompacted) {
  const std::uint64_t seed = testing::printed_seed(4);
  MemoryDisk disk(seed);
  Recording recording(disk, Durability::kFull);
  record_life(recording);
  if (HasFatalFailure()) return;
  const auto& moments = recording.moments();
  const auto compacted = std::find_if(moments.begin(), moments.end(),
                                      [](const auto& moment) { return moment.name == "compact"; });
  const std::vector<testing::DiskWrite> writes = disk.writes();
  std::mt19937_64 random(seed);
  const auto holds_secret = [&](std::size_t count, Survival survival) {
    for (const auto& [name, bytes] :
         after_power_cut(recording.before(), std::span(writes).first(count), survival, random)) {
      if (bytes.find(testing::kSecretName) != std::string::npos) return true;
    }
    return false;
  };
  EXPECT_TRUE(holds_secret((compacted - 1)->writes, Survival::kEverything));
  for (std::size_t count = compacted->writes; count <= writes.size(); ++count) {
    for (const Survival survival : testing::kSurvivals)
      ASSERT_FALSE(holds_secret(count, survival)) << count;
  }
}

}  // namespace
}  // namespace dangbo::registry
