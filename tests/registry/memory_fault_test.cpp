// Memory is refused at the n-th request, for every n until none is refused: the call says so, or
// throws std::bad_alloc, nothing has changed, nothing leaks, and the same call succeeds afterwards.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <iostream>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "registry/failing_memory.hpp"
#include "registry/fault_support.hpp"

namespace dangbo::registry {
namespace {

using testing::kMemorySources;
using testing::MemorySource;
using testing::Step;
using testing::TemporaryFolder;

// What a call works on. All of it is made anew for each refusal.
struct Scene {
  std::string path;  // empty: a registry in memory
  std::unique_ptr<Registry> registry;
  std::unique_ptr<Registry> fork;
  std::vector<Change> changes;         // made beforehand, one for each attempt
  std::optional<table::Table> report;  // what a call that only reads has told
};

struct Call {
  const char* name;
  std::size_t steps;  // of a file's life, done before
  absl::Status (*run)(Scene&);
  void (*prepare)(Scene&) = nullptr;
};

OpenOptions quick() {
  OpenOptions options;
  options.durability = Durability::kOff;
  return options;
}

absl::Status open_as(Scene& scene, OpenMode mode) {
  auto opened = Registry::open(scene.path, mode, quick());
  if (!opened.ok()) return opened.status();
  scene.registry = std::move(*opened);
  return absl::OkStatus();
}

std::string written_out(const table::Table& rows) {
  std::string out;
  for (std::size_t row = 0; row < rows.row_count(); ++row) {
    for (std::size_t column = 0; column < rows.column_count(); ++column)
      out += rows.column(column).display(row) + ",";
    out += "\n";
  }
  return out;
}

template <std::size_t number>
absl::Status take_step(Scene& scene) {
  return testing::life()[number].run(*scene.registry);
}

template <Change (*make)(const Registry&)>
void make_changes(Scene& scene) {
  for (int attempt = 0; attempt < 2; ++attempt) scene.changes.push_back(make(*scene.registry));
}

absl::Status commit(Scene& scene) {
  Change change = std::move(scene.changes.back());
  scene.changes.pop_back();
  return scene.registry->commit(std::move(change), {.time = 45, .source_version = "một"}).status();
}

void take_fork(Scene& scene) {
  scene.fork = scene.registry->snapshot().fork();
  Change change(*scene.fork);
  change.add_table("members", testing::text_table({"member_id", "full_name"}, {{"f1", "Lê Mới"}}),
                   "f");
  change.add_table("memberships",
                   testing::text_table({"member_id", "unit_id", "kind", "from"},
                                       {{"f1", "A", "home", "2015-01-01"}}),
                   "f");
  change.correct("members", testing::text_table({"member_id"}, {{"p2"}}),
                 testing::text_table({"occupation"}, {{"nghề khác"}}), "f");
  const auto done = scene.fork->commit(std::move(change), {.time = 35, .source_version = ""});
  EXPECT_TRUE(done.ok()) << done.status();
}

absl::Status bring_home(Scene& scene) {
  return scene.registry->commit_fork(*scene.fork, {.time = 36, .source_version = "nhánh"}).status();
}

absl::Status tell_changes(Scene& scene) {
  auto changes = knowledge_changes(scene.registry->snapshot(), CommitNumber{1},
                                   {testing::day(2010, 1, 1), testing::day(2030, 1, 1)});
  if (!changes.ok()) return changes.status();
  scene.report = std::move(*changes);
  return absl::OkStatus();
}

class MemoryFaultTest : public ::testing::Test {
 protected:
  // What stands in a scene: its registry's content and what was told.
  static std::string state(const Scene& scene) {
    return (scene.registry == nullptr ? "closed" : testing::whole_content(*scene.registry)) +
           (scene.report ? written_out(*scene.report) : "");
  }

  Scene scene_of(const Call& call, bool on_file) {
    Scene scene;
    if (on_file) {
      const std::string prepared = folder_.file("prepared" + std::to_string(call.steps));
      if (!std::filesystem::exists(prepared)) {
        auto made = *Registry::open(prepared, OpenMode::kCreate, quick());
        for (std::size_t i = 0; i < call.steps; ++i)
          EXPECT_TRUE(testing::life()[i].run(*made).ok());
      }
      scene.path = folder_.file("tried");
      for (const char* companion : {"", "-wal", "-shm"})
        std::filesystem::remove(scene.path + companion);
      std::filesystem::copy_file(prepared, scene.path);
      if (!opens_itself_) {
        EXPECT_TRUE(open_as(scene, OpenMode::kWrite).ok());
      }
    } else {
      scene.registry = Registry::create();
      for (std::size_t i = 0; i < call.steps; ++i)
        EXPECT_TRUE(testing::life()[i].run(*scene.registry).ok());
    }
    if (call.prepare != nullptr) call.prepare(scene);
    return scene;
  }

  // True when a request was refused.
  bool refuse(const Call& call, bool on_file, std::uint64_t nth, bool goes_on) {
    Scene scene = scene_of(call, on_file);
    testing::refuse_memory(nth, goes_on);
    absl::Status status;
    try {
      status = call.run(scene);
    } catch (const std::bad_alloc&) {
      testing::grant_memory();
      status = absl::ResourceExhaustedError("thrown");
      ++thrown_;
    }
    const bool has_refused = testing::grant_memory();
    if (!status.ok()) {
      ++refused_;
      EXPECT_TRUE(has_refused);
      EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
      EXPECT_EQ(state(scene), before_);
      const absl::Status again = call.run(scene);
      EXPECT_TRUE(again.ok()) << again;
    }
    EXPECT_EQ(state(scene), after_);
    scene.changes.clear();
    scene.fork.reset();
    scene.registry.reset();
    if (!file_after_.empty() && on_file && nth % 16 == 1) expect_in_file(scene.path);
    return has_refused;
  }

  void expect_in_file(const std::string& path) {
    const auto answer = testing::ask(path);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->content, file_after_);
  }

  void note_without_refusal(const Call& call, bool on_file) {
    Scene scene = scene_of(call, on_file);
    before_ = state(scene);
    testing::refuse_memory(0, false);
    const absl::Status status = call.run(scene);
    testing::grant_memory();
    ASSERT_TRUE(status.ok()) << call.name << ": " << status;
    after_ = state(scene);
    file_after_ = scene.registry == nullptr ? "" : testing::whole_content(*scene.registry);
    std::cout << call.name << (on_file ? ", file: " : ", memory: ");
    for (const MemorySource source : kMemorySources)
      std::cout << testing::requests_of(source) << " ";
    std::cout << "requests of new, malloc and SQLite\n";
  }

  void sweep(const Call& call, bool on_file) {
    note_without_refusal(call, on_file);
    if (HasFatalFailure()) return;
    for (const bool goes_on : {false, true}) {
      std::int64_t live = -1;
      sqlite3_int64 sqlite_bytes = 0;
      // A disk that goes on refusing need not be tried everywhere again.
      for (std::uint64_t nth = 1; !HasFailure(); nth += goes_on ? 23U : 1U) {
        SCOPED_TRACE(std::string(call.name) + ", request " + std::to_string(nth) +
                     (goes_on ? " and all after" : ""));
        if (!refuse(call, on_file, nth, goes_on)) break;
        if (live >= 0) {
          EXPECT_EQ(testing::live_memory(), live) << "a leak";
          EXPECT_EQ(sqlite3_memory_used(), sqlite_bytes) << "a leak of SQLite's";
        }
        live = testing::live_memory();
        sqlite_bytes = sqlite3_memory_used();
      }
    }
    std::cout << "  " << refused_ << " refused, " << thrown_ << " of them by std::bad_alloc\n";
    EXPECT_GT(refused_, 0);
    refused_ = thrown_ = 0;
  }

  void sweep_both(const Call& call) {
    sweep(call, false);
    sweep(call, true);
  }

  TemporaryFolder folder_;
  bool opens_itself_ = false;  // the call does
  std::string before_;
  std::string after_;
  std::string file_after_;
  int refused_ = 0;
  int thrown_ = 0;
};

TEST_F(MemoryFaultTest, Commit) {
  sweep_both({"commit", 2, commit, make_changes<testing::people>});
}

TEST_F(MemoryFaultTest, CommitCorrections) {
  sweep_both({"correct and withdraw", 4, commit, make_changes<testing::correction>});
}

TEST_F(MemoryFaultTest, Redact) {
  sweep_both({"redact", 5, take_step<5>});
}

TEST_F(MemoryFaultTest, DeclareAndAdvance) {
  sweep_both({"declare", 0, take_step<0>});
  sweep_both({"advance", 3, take_step<3>});
}

TEST_F(MemoryFaultTest, Compact) {
  sweep({"compact", 6, take_step<6>}, true);
}

TEST_F(MemoryFaultTest, CommitAFork) {
  sweep_both({"commit_fork", 4, bring_home, take_fork});
}

TEST_F(MemoryFaultTest, KnowledgeChanges) {
  sweep({"knowledge_changes", 5, tell_changes}, false);
}

TEST_F(MemoryFaultTest, Open) {
  opens_itself_ = true;
  sweep({"open to read", 6, [](Scene& scene) { return open_as(scene, OpenMode::kRead); }}, true);
  sweep({"open to write", 6, [](Scene& scene) { return open_as(scene, OpenMode::kWrite); }}, true);
  const Call create{"create", 0, [](Scene& scene) { return open_as(scene, OpenMode::kCreate); },
                    [](Scene& scene) { std::filesystem::remove(scene.path); }};
  sweep(create, true);
  sweep({"verify", 6,
         [](Scene& scene) {
           auto report = verify_file(scene.path);
           if (report.ok()) scene.report = std::move(*report);
           return report.status();
         }},
        true);
}

}  // namespace
}  // namespace dangbo::registry

int main(int argc, char** argv) {
  dangbo::testing::watch_sqlite_memory();
  ::testing::InitGoogleTest(&argc, argv);
  const int result = RUN_ALL_TESTS();
  for (const auto source : dangbo::testing::kMemorySources) {
    std::cout << dangbo::testing::refusals_of(source) << " refusals of source "
              << static_cast<int>(source) << "\n";
  }
  return result;
}
