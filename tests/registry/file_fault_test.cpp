// The disk fails, or is full, at any of the calls that are made to it: the call of the library says
// so, nothing has changed, and the file is what it was or what it was to become.
#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <string>

#include "registry/fault_support.hpp"
#include "registry/memory_disk.hpp"

namespace dangbo::registry {
namespace {

using base::ProblemCode;
using testing::DiskCall;
using testing::DiskFault;
using testing::DiskImage;
using testing::MemoryDisk;
using testing::Step;
using testing::Survival;

const std::string kPath = "/disk/a.dangbo";

// What came of the faults that one test brought about.
struct Tally {
  int faults = 0;
  int refused = 0;  // the call said so
  int stuck = 0;    // the call that followed was refused too
};

void print(const char* what, const Tally& tally) {
  std::cout << what << ": " << tally.faults << " faults, " << tally.refused << " refused, "
            << tally.stuck << " until opened again\n";
}

void expect_says_so(const absl::Status& status, const DiskFault& fault) {
  EXPECT_TRUE(testing::names_file(status, kPath)) << status;
  if (fault.is_full) {
    EXPECT_EQ(testing::first_code(status), ProblemCode::kDiskFull) << status;
  }
}

// The files before each step of a life, closed, and what they tell.
struct Stage {
  DiskImage image;
  std::string content;
  std::string head;
};
std::vector<Stage> stages_of_life(MemoryDisk& disk) {
  std::vector<Stage> stages;
  disk.load({});
  { EXPECT_TRUE(Registry::open(kPath, OpenMode::kCreate).ok()); }
  const auto keep = [&] {
    const auto answer = testing::ask(kPath);
    EXPECT_TRUE(answer.ok()) << answer.status();
    if (answer.ok()) stages.push_back({disk.image(), answer->content, answer->head});
  };
  keep();
  for (const Step& step : testing::life()) {
    auto registry = Registry::open(kPath, OpenMode::kWrite);
    EXPECT_TRUE(step.run(**registry).ok()) << step.name;
    registry->reset();
    keep();
  }
  return stages;
}

// One step with one fault in it.
class FaultyStep {
 public:
  FaultyStep(MemoryDisk& disk, const Step& step, const Stage& before, const std::string& after,
             Tally& tally)
      : disk_(disk), step_(step), before_(before), after_(after), tally_(tally) {}

  // False when the fault did not come about: there are fewer calls.
  bool run(const DiskFault& fault) {
    disk_.load(before_.image);
    disk_.record(true);
    auto opened = Registry::open(kPath, OpenMode::kWrite);
    EXPECT_TRUE(opened.ok()) << opened.status();
    if (!opened.ok()) return false;
    registry_ = std::move(*opened);
    disk_.set_fault(fault);
    const absl::Status status = step_.run(*registry_);
    bool is_new = status.ok();
    bool has_failed = false;
    if (!status.ok()) {
      ++tally_.refused;
      expect_says_so(status, fault);
      EXPECT_EQ(testing::whole_content(*registry_), before_.content);
    }
    // A disk that goes on failing does so until the registry is closed.
    if (fault.goes_on && !fault.is_full) registry_.reset();
    has_failed = disk_.clear_fault();
    const DiskImage crashed = disk_.image();
    bool is_decided = false;
    if (!status.ok() && registry_ != nullptr) is_new = is_decided = again();
    if (has_failed) ++tally_.faults;
    EXPECT_TRUE(has_failed || status.ok()) << status;
    // Closing has a test of its own.
    if (status.ok() && fault.goes_on) {
      registry_.reset();
      return false;
    }
    finish(is_new);
    if (is_decided && !fault.goes_on) expect_old(crashed);
    return has_failed;
  }

 private:
  // A change that was refused, by a registry that went on writing, was not in the file either.
  void expect_old(const DiskImage& crashed) {
    disk_.load(crashed);
    const auto head = testing::verified_head(kPath);
    ASSERT_TRUE(head.ok()) << head.status();
    EXPECT_EQ(*head, before_.head) << "it is in the file";
  }

  // The disk is well again.
  bool again() {
    const absl::Status status = step_.run(*registry_);
    if (status.ok()) return true;
    ++tally_.stuck;
    EXPECT_EQ(testing::first_code(status), ProblemCode::kFileFault) << status;
    EXPECT_EQ(testing::whole_content(*registry_), before_.content);
    return false;
  }

  void finish(bool is_new) {
    std::mt19937_64 random(1);
    const DiskImage cut =
        testing::after_power_cut(before_.image, disk_.writes(), Survival::kNothing, random);
    disk_.record(false);
    registry_.reset();
    EXPECT_EQ(disk_.open_files(), 0);
    const auto answer = testing::ask(kPath);
    ASSERT_TRUE(answer.ok()) << answer.status();
    if (is_new || answer->content != before_.content) {
      EXPECT_EQ(answer->content, after_);
    }
    if (!is_new) return;
    // Had the power been cut before it was closed, it would be there as well.
    disk_.load(cut);
    const auto head = testing::verified_head(kPath);
    ASSERT_TRUE(head.ok()) << head.status();
    EXPECT_EQ(*head, answer->head);
  }

  MemoryDisk& disk_;
  const Step& step_;
  const Stage& before_;
  const std::string& after_;
  Tally& tally_;
  std::unique_ptr<Registry> registry_;
};

void fail_every_step(MemoryDisk& disk, DiskFault fault, Tally& tally) {
  const std::vector<Stage> stages = stages_of_life(disk);
  for (std::size_t i = 0; i < testing::life().size(); ++i) {
    const Step& step = testing::life()[i];
    FaultyStep faulty(disk, step, stages[i], stages[i + 1].content, tally);
    for (fault.nth = 1;; ++fault.nth) {
      SCOPED_TRACE(std::string(step.name) + ", call " + std::to_string(fault.nth));
      if (!faulty.run(fault) || ::testing::Test::HasFailure()) break;
    }
  }
}

TEST(FileFaultTest, AStepWhoseCallFails) {
  MemoryDisk disk(testing::printed_seed(1));
  Tally tally;
  fail_every_step(disk, {}, tally);
  print("one call", tally);
  EXPECT_GT(tally.faults, 100);
  EXPECT_GT(tally.refused, 50);
}

TEST(FileFaultTest, AStepWhoseCallsGoOnFailing) {
  MemoryDisk disk(testing::printed_seed(2));
  Tally tally;
  fail_every_step(disk, {.goes_on = true}, tally);
  print("all calls", tally);
  EXPECT_GT(tally.refused, 50);
}

TEST(FileFaultTest, AStepOnAFullDisk) {
  MemoryDisk disk(testing::printed_seed(3));
  Tally tally;
  fail_every_step(disk, {.goes_on = true, .is_full = true}, tally);
  print("full disk", tally);
  EXPECT_GT(tally.refused, 20);
  EXPECT_EQ(tally.stuck, 0);  // with space again, writing goes on
}

TEST(FileFaultTest, ACommitInPartsWhoseWriteFails) {
  const std::uint64_t seed = testing::printed_seed(4);
  MemoryDisk disk(seed);
  disk.load({});
  { ASSERT_TRUE(Registry::open(kPath, OpenMode::kCreate).ok()); }
  const auto empty = testing::ask(kPath);
  ASSERT_TRUE(empty.ok());
  const Stage before{disk.image(), empty->content, empty->head};
  const Step step{"large", [](Registry& registry) { return testing::commit_large(registry, 5); }};
  {
    auto registry = Registry::open(kPath, OpenMode::kWrite);
    ASSERT_TRUE(step.run(**registry).ok());
  }
  const auto after = testing::ask(kPath);
  ASSERT_TRUE(after.ok());
  Tally tally;
  FaultyStep faulty(disk, step, before, after->content, tally);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 6; ++i) {
    DiskFault fault{.nth = 1 + random() % 4500, .goes_on = i % 2 == 1, .is_at_write = true};
    fault.is_full = i % 3 == 0;
    SCOPED_TRACE("write " + std::to_string(fault.nth));
    faulty.run(fault);
  }
  print("large commit", tally);
  EXPECT_GT(tally.refused, 2);
}

// --- opening and closing

// A file as a crash leaves it: with commits in its -wal file.
DiskImage crashed_image(MemoryDisk& disk, std::string& content) {
  disk.load({});
  auto registry = Registry::open(kPath, OpenMode::kCreate);
  EXPECT_TRUE(registry.ok());
  for (const Step& step : testing::life()) EXPECT_TRUE(step.run(**registry).ok());
  content = testing::whole_content(**registry);
  return disk.image();
}

TEST(FileFaultTest, AnOpeningThatFails) {
  MemoryDisk disk(testing::printed_seed(5));
  std::string content;
  const DiskImage crashed = crashed_image(disk, content);
  const std::string head = *testing::verified_head(kPath);
  const DiskImage closed = disk.image();
  Tally tally;
  for (const DiskImage& image : {closed, crashed}) {
    for (const OpenMode mode : {OpenMode::kRead, OpenMode::kWrite}) {
      for (const bool goes_on : {false, true}) {
        DiskFault fault{.goes_on = goes_on};
        for (bool has_failed = true; has_failed && !HasFailure();) {
          ++fault.nth;
          SCOPED_TRACE("call " + std::to_string(fault.nth) + " of mode " +
                       std::to_string(static_cast<int>(mode)));
          disk.load(image);
          disk.set_fault(fault);
          auto opened = Registry::open(kPath, mode);
          has_failed = disk.clear_fault();
          if (has_failed) ++tally.faults;
          if (opened.ok()) {
            EXPECT_EQ(testing::whole_content(**opened), content);
            opened->reset();
          } else {
            ++tally.refused;
            expect_says_so(opened.status(), fault);
          }
          EXPECT_EQ(disk.open_files(), 0);
          const auto now = testing::verified_head(kPath);
          ASSERT_TRUE(now.ok()) << now.status();
          EXPECT_EQ(*now, head);
          if (fault.nth % 4 == 0) {
            EXPECT_TRUE(testing::ask(kPath).ok());
          }
        }
      }
    }
  }
  print("opening", tally);
  EXPECT_GT(tally.refused, 50);
}

TEST(FileFaultTest, ACreationThatFailsLeavesNothing) {
  MemoryDisk disk(testing::printed_seed(6));
  Tally tally;
  for (const DiskFault kind :
       {DiskFault{}, DiskFault{.goes_on = true}, DiskFault{.goes_on = true, .is_full = true}}) {
    DiskFault fault = kind;
    for (bool has_failed = true; has_failed && !HasFailure();) {
      ++fault.nth;
      SCOPED_TRACE("call " + std::to_string(fault.nth) + (fault.goes_on ? " and all after" : ""));
      disk.load({});
      disk.set_fault(fault);
      auto created = Registry::open(kPath, OpenMode::kCreate);
      has_failed = disk.clear_fault();
      if (has_failed) ++tally.faults;
      if (!created.ok()) {
        ++tally.refused;
        expect_says_so(created.status(), fault);
        // With the disk well again it works.
        created = Registry::open(kPath, OpenMode::kCreate);
        if (!created.ok() && fault.goes_on) {
          // What a failing disk did not let go of is a registry without commits.
          EXPECT_EQ(testing::first_code(created.status()), ProblemCode::kFileExists);
          created = Registry::open(kPath, OpenMode::kWrite);
        }
        ASSERT_TRUE(created.ok()) << created.status();
      }
      EXPECT_TRUE(testing::commit_units(**created).ok());
      const std::string content = testing::whole_content(**created);
      created->reset();
      EXPECT_EQ(disk.open_files(), 0);
      const auto answer = testing::ask(kPath);
      ASSERT_TRUE(answer.ok()) << answer.status();
      EXPECT_EQ(answer->content, content);
    }
  }
  print("creating", tally);
  EXPECT_GT(tally.refused, 50);
}

TEST(FileFaultTest, AClosingThatFails) {
  MemoryDisk disk(testing::printed_seed(7));
  std::string content;
  const DiskImage crashed = crashed_image(disk, content);
  Tally tally;
  for (const DiskFault kind :
       {DiskFault{}, DiskFault{.goes_on = true}, DiskFault{.goes_on = true, .is_full = true}}) {
    DiskFault fault = kind;
    for (bool has_failed = true; has_failed && !HasFailure();) {
      ++fault.nth;
      SCOPED_TRACE("call " + std::to_string(fault.nth));
      disk.load(crashed);
      auto opened = Registry::open(kPath, OpenMode::kWrite);
      ASSERT_TRUE(opened.ok()) << opened.status();
      ASSERT_TRUE(
          (*opened)->advance(testing::day(2026, 1, 1), {.time = 80, .source_version = ""}).ok());
      const std::string wanted = testing::whole_content(**opened);
      disk.set_fault(fault);
      opened->reset();
      has_failed = disk.clear_fault();
      if (has_failed) ++tally.faults;
      EXPECT_EQ(disk.open_files(), 0);
      const auto answer = testing::ask(kPath);
      ASSERT_TRUE(answer.ok()) << answer.status();
      EXPECT_EQ(answer->content, wanted);
    }
  }
  print("closing", tally);
  EXPECT_GT(tally.faults, 30);
}

}  // namespace
}  // namespace dangbo::registry
