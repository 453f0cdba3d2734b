// Moves of single members from their home unit to another one, as every benchmark of commits makes
// them.
#pragma once

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "dangbo/registry/registry.hpp"

namespace dangbo::bench {

// Ends the program: a benchmark of something else than it says is none.
[[noreturn]] void fail(const std::string& what);

// A registry with the files of a folder as its first commit; in the file `path` unless that is
// empty.
std::unique_ptr<registry::Registry> load_folder(
    const std::string& folder, const std::string& path = {},
    registry::Durability durability = registry::Durability::kOff);

[[nodiscard]] double seconds_since(std::chrono::steady_clock::time_point begin);

// Times of single calls, as the figures people ask for.
class Times {
 public:
  template <typename Work>
  double take(Work work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    const double seconds = seconds_since(begin);
    add(seconds);
    return seconds;
  }
  void add(double seconds) { seconds_.push_back(seconds); }
  [[nodiscard]] const std::vector<double>& all() const noexcept { return seconds_; }
  // In microseconds; `part` of all calls took no longer.
  [[nodiscard]] double at(double part) const;
  // Counters median_us, p99_us and max_us.
  void report(benchmark::State& state) const;

 private:
  std::vector<double> seconds_;
};

struct Move {
  base::RowId home;  // the row that ends
  base::MemberSlot member;
  base::UnitSlot unit;  // where the member goes
  time::Date on;
};

// Members with an open home in random order, and units at random; the same for the same data.
class Moves {
 public:
  explicit Moves(const registry::Registry& registry);
  // The next member's move, on a day after all days of the data.
  [[nodiscard]] Move next(const registry::Snapshot& now);

 private:
  std::mt19937 random_{20240601};
  std::vector<base::MemberSlot> members_;
  std::size_t next_ = 0;
  time::Date first_ = *time::Date::from_ymd(2030, 1, 1);
};

// What a host would commit for it: the home row ends, another begins.
[[nodiscard]] registry::Change change_of(const registry::Registry& registry,
                                         const registry::Snapshot& now,
                                         const std::shared_ptr<const table::Schema>& memberships,
                                         const Move& move);

}  // namespace dangbo::bench
