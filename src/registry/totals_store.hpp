// Declared figures of a registry and their upkeep. One writer; `read` from any thread.
#pragma once

#include <absl/status/statusor.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "dangbo/registry/totals.hpp"
#include "registry/counters.hpp"
#include "registry/counting.hpp"
#include "registry/plan.hpp"
#include "registry/timelines.hpp"

namespace dangbo::inline v1::registry {

// A unit that is not in force on the day; a root has kMissingWord above it.
inline constexpr std::uint32_t kOutOfForce = 0xFFFFFFFEU;

inline constexpr std::uint64_t kMaxAbsolute = 0x7FFFFFFFFFFFFFFFULL;
// Of a value that is not missing.
[[nodiscard]] inline std::uint64_t absolute_of(std::int64_t value) noexcept {
  return static_cast<std::uint64_t>(value < 0 ? -value : value);
}

// A declared measure or grouping.
struct Panel {
  std::string name;
  Counting counting;  // of the registry's own rows
  bool has_timeline = false;
  std::uint32_t since = 0;   // the commit it was declared at
  std::uint32_t number = 0;  // its place: measures, then groupings from kMaxMeasures on
  Counters own;              // by unit and cell; also of units not in force
  Counters below;
  std::uint64_t absolute = 0;  // of a sum: absolute values of all rows that stand

  // A group of it among those of all panels.
  [[nodiscard]] std::uint32_t cell_of_all(std::uint32_t cell) const noexcept {
    static_assert(kMaxGroups == 256);
    return number << 8 | cell;
  }
  // What the log of changes calls one of its numbers.
  [[nodiscard]] std::uint32_t noted(std::uint32_t cell, Scope scope) const noexcept {
    return cell_of_all(cell) << 1 | (scope == Scope::kOwn ? 0U : 1U);
  }
};

[[nodiscard]] inline const Counting& counting_of(const Panel& panel) noexcept {
  return panel.counting;
}

// One figure of all units, counted from the rows.
struct CountedUnits {
  std::vector<std::int64_t> own;  // by unit and cell; 0 for units not in force
  std::vector<std::int64_t> below;
  std::vector<std::uint32_t> parents;  // by unit
  std::vector<std::uint32_t> pending;  // of the bodies
  std::vector<std::uint32_t> order;
  // Throws std::bad_alloc; count_units allocates nothing then.
  void reserve(std::uint64_t units, std::uint32_t width);
};
// On a day, as known at a commit, for units [0, units). `keep_hidden`: `own` also of units that
// are not in force. O(rows).
void count_units(const Core& core, const Counting& counting, std::uint32_t commit, std::int32_t day,
                 std::uint32_t units, bool keep_hidden, CountedUnits& counted) noexcept;

// The unit above each unit in force; the others keep what stands there.
void find_parents(const TableStore& units, std::uint32_t commit, std::int32_t day,
                  std::vector<std::uint32_t>& parents) noexcept;

// As the rows of another core count.
[[nodiscard]] Counting counting_in(const Core& core, const Panel& panel);

class TotalsStore {
 public:
  explicit TotalsStore(Core& core) noexcept : core_(core), timelines_(core) {}

  // --- any thread
  static constexpr std::size_t kPanels = kMaxMeasures + kMaxGroupings;
  [[nodiscard]] std::uint32_t measure_count() const noexcept {
    return measures_.load(std::memory_order_acquire);
  }
  [[nodiscard]] std::uint32_t grouping_count() const noexcept {
    return groupings_.load(std::memory_order_acquire);
  }
  // Measures, then groupings from kMaxMeasures on.
  [[nodiscard]] const Panel& panel(std::size_t number) const noexcept { return panels_[number]; }
  // The number as of a commit, on that commit's day; nothing when it must be counted.
  [[nodiscard]] std::optional<std::int64_t> read(const Panel& panel, std::uint32_t unit,
                                                 std::uint32_t cell, Scope scope,
                                                 std::uint32_t commit) const noexcept {
    const std::uint32_t at = unit * panel.counting.width + cell;
    const bool is_own = scope == Scope::kOwn;
    const std::int64_t value = (is_own ? panel.own : panel.below).get(at);
    const std::uint32_t parent = is_own ? parents_.get_shared(unit) : kMissingWord;
    if (log_.is_as_of(unit, commit)) return parent == kOutOfForce ? 0 : value;
    return read_back(panel, unit, cell, scope, commit);
  }

  // The first `values.size()` groups of a unit; false when one of them must be asked for alone.
  [[nodiscard]] bool read(const Panel& panel, std::uint32_t unit, Scope scope, std::uint32_t commit,
                          std::span<std::int64_t> values) const noexcept {
    const bool is_own = scope == Scope::kOwn;
    (is_own ? panel.own : panel.below).get(unit * panel.counting.width, values);
    if (is_own && parents_.get_shared(unit) == kOutOfForce)
      std::fill(values.begin(), values.end(), 0);
    return log_.is_as_of(unit, commit);
  }
  // A measure of units from slot 0 on; false when some must be asked for alone.
  [[nodiscard]] bool read_all(const Panel& panel, Scope scope, std::uint32_t commit,
                              std::span<std::int64_t> values) const noexcept;
  [[nodiscard]] const Timelines& timelines() const noexcept { return timelines_; }

  // --- the writer
  absl::StatusOr<std::size_t> declare(const Measure& measure);
  absl::StatusOr<std::size_t> declare(const Grouping& grouping);
  // Sums that the change would take beyond 63 bits, as problems of the plan.
  void check_sums(Plan& plan) const;
  // Room for what `follow` does with the plan. Throws std::bad_alloc.
  void reserve(const Plan& plan);
  // The plan's rows have been appended but not published: brings every figure along.
  void follow(const Plan& plan) noexcept;
  // Values were erased in place. REQUIRES: no reader; reserve() of the plan came before.
  void follow_erasure() noexcept;
  // The next reserve() is for follow_erasure().
  void expect_erasure() noexcept { expects_erasure_ = true; }
  // Frees what readers of earlier commits might have looked at. REQUIRES: there are none.
  void free_outlived() noexcept { timelines_.free_outlived(); }
  [[nodiscard]] std::uint64_t memory_bytes() const noexcept;
  // Every number there is in one canonical form: equal to that of a store built anew.
  [[nodiscard]] std::string bytes() const;

 private:
  friend class TotalsUpkeep;
  // A row that begins or ceases to hold on a day after the registry's.
  struct Due {
    std::int32_t day;
    std::uint32_t table;
    std::uint32_t row;
    friend bool operator>(const Due& a, const Due& b) noexcept { return a.day > b.day; }
  };
  struct Delta {
    std::uint32_t unit;
    std::uint32_t cell;  // Panel::cell_of_all
    std::int64_t value;
  };
  static constexpr std::size_t kDeltas = 1024;
  static constexpr std::uint32_t kParentCell = 0xFFFFFFFFU;

  [[nodiscard]] std::optional<std::int64_t> read_back(const Panel& panel, std::uint32_t unit,
                                                      std::uint32_t cell, Scope scope,
                                                      std::uint32_t commit) const noexcept;
  absl::Status keep();
  absl::StatusOr<std::size_t> add(std::size_t number, const std::string& name, Counting counting,
                                  bool has_timeline);
  void build(Panel& panel);
  void fill_agenda();
  void gather(const Plan& plan, std::int32_t day) noexcept;
  void learn_words() noexcept;
  void count_absolute(const Plan& plan) noexcept;
  [[nodiscard]] bool follows(const TableStore& store) const noexcept {
    return store.number() < followed_.size() && followed_[store.number()];
  }
  [[nodiscard]] bool is_declared(std::size_t number) const noexcept {
    return number < kMaxMeasures ? number < measure_count()
                                 : number - kMaxMeasures < grouping_count();
  }

  Core& core_;
  bool is_kept_ = false;
  bool expects_erasure_ = false;
  bool recounts_ = false;  // the plan at hand is better counted anew,
  bool rebuilds_ = false;  // so are timelines
  std::int32_t day_ = kNoCurrentDay;
  std::vector<bool> followed_;  // tables, by number
  std::array<Panel, kPanels> panels_;
  std::atomic<std::uint32_t> measures_{0};
  std::atomic<std::uint32_t> groupings_{0};
  Timelines timelines_;
  StableArray<std::uint32_t> parents_;  // by unit, on the day
  ChangeLog log_;
  std::vector<Due> agenda_;  // a heap, the earliest first
  std::vector<TouchedRow> rows_;
  std::vector<std::uint32_t> members_;
  std::vector<std::uint32_t> units_;
  std::vector<Delta> deltas_;
  CountedUnits scratch_;
};

}  // namespace dangbo::inline v1::registry
