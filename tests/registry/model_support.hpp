// The registry and the naive model side by side.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dangbo/registry/registry.hpp"
#include "registry/naive.hpp"
#include "registry/naive_history.hpp"

namespace dangbo::registry {

// A table of results as lines of cells divided by "|".
[[nodiscard]] std::vector<std::string> lines_of(const table::Table& table);

// A draft as the registry takes it.
[[nodiscard]] Change change_of(const testing::Draft& draft, const Registry& registry);

// Puts the same to both, asks both the same, and counts. A difference is a fatal failure of the
// running test.
struct ModelRun {
  int commits = 0;
  int operations = 0;  // rows of changes tried, moves of the day
  int written = 0;     // rows added, corrected or withdrawn
  int refused = 0;
  std::int64_t comparisons = 0;
  std::int64_t not_zero = 0;
  std::int64_t earlier = 0;     // as known at an earlier commit
  std::int64_t superseded = 0;  // met a row that is corrected or withdrawn
  std::int64_t lines = 0;       // of tables of changes, agendas and logs
  int forks = 0;
  int came_home = 0;
  int conflicts = 0;  // forks that could not, because of what their base did meanwhile

  void submit(Registry& registry, testing::Naive& model, const testing::Draft& draft,
              std::int64_t time);
  void advance(Registry& registry, testing::Naive& model, int day, std::int64_t time);
  // Brings a fork home, where the model finds nothing in its way.
  void come_home(Registry& registry, testing::Naive& model, const Registry& fork,
                 const testing::Naive& fork_model, std::int64_t time);
  // A view of a random day as known at a random commit, half of them earlier.
  void compare_view(const Snapshot& snapshot, const testing::Naive& model, int head,
                    testing::History& random);
  // Log, changes of knowledge and agenda.
  void compare_tables(const Snapshot& snapshot, const testing::Naive& model, int head,
                      testing::History& random);
  void print() const;

 private:
  void count(bool is_not_zero, bool met_superseded);
  void compare_units(const View& view, const testing::Naive& model, int head);
  void compare_members(const View& view, const testing::Naive& model, int head,
                       testing::History& random);
  void compare_rows(const View& view, const testing::Naive& model, int head,
                    testing::History& random);
  bool is_earlier_ = false;
};

}  // namespace dangbo::registry
