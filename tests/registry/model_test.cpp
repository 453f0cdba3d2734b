// The registry against the naive model on random histories: every acceptance and refusal, and every
// answer on any day as known at any commit, in the registry and in forks that are dropped or come
// home. DANGBO_SEED=n runs history n alone.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "registry/model_support.hpp"

namespace dangbo::registry {
namespace {

using testing::Draft;
using testing::History;
using testing::Naive;

constexpr int kHistories = 28;
constexpr int kRowsEach = 2000;

// A registry and its model, with snapshots kept on the way.
struct World {
  std::unique_ptr<Registry> registry;
  Naive model;
  struct Kept {
    Snapshot snapshot;
    int head;
  };
  std::vector<Kept> kept = {};
};

class Play {
 public:
  Play(std::uint64_t seed, ModelRun& run) : history_(seed), run_(run) {}

  void run() {
    World world{Registry::create(), {}};
    const int written_before = run_.written;
    run_.submit(*world.registry, world.model, history_.found(), time_);
    while (run_.written - written_before < kRowsEach) {
      change(world);
      if (failed()) return;
      ask(world);
      if (failed()) return;
      if (history_.chance(12)) what_if(world, 1);
      if (failed()) return;
    }
    run_.compare_tables(world.registry->snapshot(), world.model, world.model.head(), history_);
  }

 private:
  static bool failed() { return ::testing::Test::HasFatalFailure(); }

  void change(World& world) {
    if (history_.chance(9)) {
      const int to =
          testing::day_of("2020-01-01") + history_.pick(-3, 90 + world.model.head() / 10);
      run_.advance(*world.registry, world.model, to, time_);
    }
    // A clock that stands still is fine; one that goes back is not.
    time_ += history_.chance(3) ? 0 : history_.pick(1, 5);
    const std::int64_t said = history_.chance(60) ? time_ - history_.pick(1, 9) : time_;
    run_.submit(*world.registry, world.model, history_.draft(world.model, history_.pick(1, 16)),
                said);
    if (history_.chance(20)) world.kept.push_back({world.registry->snapshot(), world.model.head()});
  }

  void ask(const World& world) {
    const int head = world.model.head();
    if (history_.chance(2))
      run_.compare_view(world.registry->snapshot(), world.model, head, history_);
    if (!world.kept.empty()) {
      const auto& old = any_kept(world);
      if (history_.chance(5)) run_.compare_view(old.snapshot, world.model, old.head, history_);
      if (history_.chance(40)) run_.compare_tables(old.snapshot, world.model, old.head, history_);
    }
    if (history_.chance(40))
      run_.compare_tables(world.registry->snapshot(), world.model, head, history_);
  }

  const World::Kept& any_kept(const World& world) {
    return world
        .kept[static_cast<std::size_t>(history_.pick(0, static_cast<int>(world.kept.size()) - 1))];
  }

  // A fork, now and then of an old snapshot or with a fork of its own; meanwhile the world goes on
  // or not. In the end it is dropped or comes home.
  void what_if(World& world, int depth) {
    World::Kept of{world.registry->snapshot(), world.model.head()};
    if (!world.kept.empty() && history_.chance(6)) of = any_kept(world);
    World fork{of.snapshot.fork(), world.model.fork(of.head)};
    ++run_.forks;
    for (int left = history_.pick(1, 4); left > 0; --left) {
      const bool small = history_.chance(2);
      if (small) {
        run_.submit(*fork.registry, fork.model, history_.draft(fork.model, 1), time_);
      } else {
        change(fork);
      }
      if (failed()) return;
      if (history_.chance(3)) change(world);
      if (failed()) return;
      ask(fork);
      if (failed()) return;
      if (depth > 0 && history_.chance(5)) what_if(fork, depth - 1);
      if (failed()) return;
    }
    if (history_.chance(4)) return;
    run_.come_home(*world.registry, world.model, *fork.registry, fork.model, time_);
    if (failed()) return;
    // Either way the fork stays as it was, and the world is what the model says.
    ask(fork);
    if (failed()) return;
    run_.compare_view(world.registry->snapshot(), world.model, world.model.head(), history_);
  }

  History history_;
  ModelRun& run_;
  std::int64_t time_ = 0;
};

TEST(RegistryModelTest, AnswersAreTheModelsOnAnyDayAsKnownAtAnyCommit) {
  ModelRun run;
  const char* wanted = std::getenv("DANGBO_SEED");
  const std::uint64_t first = wanted == nullptr ? 1 : std::strtoull(wanted, nullptr, 10);
  const std::uint64_t last = wanted == nullptr ? kHistories : first;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE("DANGBO_SEED=" + std::to_string(seed));
    Play(seed, run).run();
    if (HasFatalFailure()) return;
  }
  std::printf("seeds %llu to %llu: ", static_cast<unsigned long long>(first),
              static_cast<unsigned long long>(last));
  run.print();
  if (wanted != nullptr) return;
  EXPECT_GE(run.operations, 100'000);
  EXPECT_GE(run.written, kHistories * kRowsEach);
  EXPECT_GT(run.refused, 500);
  EXPECT_GT(run.earlier, run.comparisons * 9 / 20);
  EXPECT_GT(run.superseded, run.comparisons / 20);
  EXPECT_GT(run.not_zero, run.comparisons / 5);
  EXPECT_GT(run.forks, 500);
  EXPECT_GT(run.came_home, 100);
  EXPECT_GT(run.conflicts, 100);
}

}  // namespace
}  // namespace dangbo::registry
