// The registry against the naive model on random histories: every acceptance and refusal, and every
// answer on any day as known at any commit. DANGBO_SEED=n runs history n alone.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "registry/model_support.hpp"

namespace dangbo::registry {
namespace {

using testing::Draft;
using testing::History;
using testing::Naive;

constexpr int kHistories = 50;
constexpr int kRowsEach = 2000;

struct Kept {
  Snapshot snapshot;
  int head;
};

void play(std::uint64_t seed, ModelRun& run) {
  const auto registry = Registry::create();
  Naive model;
  History history(seed);
  std::vector<Kept> kept;
  std::int64_t time = 0;
  const int written_before = run.written;
  run.submit(*registry, model, history.found(), time);
  while (run.written - written_before < kRowsEach) {
    if (history.chance(9)) {
      const int to = testing::day_of("2020-01-01") + history.pick(-3, 90 + model.head() / 10);
      run.advance(*registry, model, to, time);
    }
    // A clock that stands still is fine; one that goes back is not.
    time += history.chance(3) ? 0 : history.pick(1, 5);
    const std::int64_t said = history.chance(60) ? time - history.pick(1, 9) : time;
    run.submit(*registry, model, history.draft(model, history.pick(1, 16)), said);
    if (::testing::Test::HasFatalFailure()) return;
    if (history.chance(20)) kept.push_back({registry->snapshot(), model.head()});
    if (history.chance(2)) run.compare_view(registry->snapshot(), model, model.head(), history);
    if (!kept.empty()) {
      const Kept& old =
          kept[static_cast<std::size_t>(history.pick(0, static_cast<int>(kept.size()) - 1))];
      if (history.chance(5)) run.compare_view(old.snapshot, model, old.head, history);
      if (history.chance(40)) run.compare_tables(old.snapshot, model, old.head, history);
    }
    if (history.chance(40)) run.compare_tables(registry->snapshot(), model, model.head(), history);
    if (::testing::Test::HasFatalFailure()) return;
  }
  run.compare_tables(registry->snapshot(), model, model.head(), history);
}

TEST(RegistryModelTest, AnswersAreTheModelsOnAnyDayAsKnownAtAnyCommit) {
  ModelRun run;
  const char* wanted = std::getenv("DANGBO_SEED");
  const std::uint64_t first = wanted == nullptr ? 1 : std::strtoull(wanted, nullptr, 10);
  const std::uint64_t last = wanted == nullptr ? kHistories : first;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE("DANGBO_SEED=" + std::to_string(seed));
    play(seed, run);
    if (HasFatalFailure()) return;
  }
  std::printf("seeds %llu to %llu: ", static_cast<unsigned long long>(first),
              static_cast<unsigned long long>(last));
  run.print();
  if (wanted != nullptr) return;
  EXPECT_GE(run.written, 100'000);
  EXPECT_GT(run.refused, 500);
  EXPECT_GT(run.earlier, run.comparisons * 2 / 5);
  EXPECT_GT(run.superseded, run.comparisons / 20);
  EXPECT_GT(run.not_zero, run.comparisons / 5);
}

}  // namespace
}  // namespace dangbo::registry
