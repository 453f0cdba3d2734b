// Timelines of declared measures for every unit: in the unit itself, and with all below it on each
// day. A unit that never had one below it has only the first.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "dangbo/registry/totals.hpp"
#include "registry/counting.hpp"
#include "registry/stable_array.hpp"
#include "registry/timeline.hpp"

namespace dangbo::inline v1::registry {

struct Panel;
class TimelinesUpkeep;

// The timelines of one measure.
struct UnitTimelines {
  UnitTimelines() = default;
  ~UnitTimelines();
  UnitTimelines(const UnitTimelines&) = delete;
  UnitTimelines& operator=(const UnitTimelines&) = delete;

  StableArray<Timeline*> own;  // null: always 0
  StableArray<Timeline*> below;
  std::uint32_t since = 0;  // known from this commit on
  std::uint64_t bytes = 0;
};

// A row of a table that a commit added, corrected or took back.
struct TouchedRow {
  std::uint32_t table;
  std::uint32_t row;
  friend auto operator<=>(const TouchedRow&, const TouchedRow&) = default;
};

class Timelines {
 public:
  explicit Timelines(Core& core) noexcept;
  ~Timelines();

  // --- any thread
  [[nodiscard]] std::optional<std::int64_t> read(std::size_t measure, std::uint32_t unit,
                                                 Scope scope, std::int32_t day,
                                                 std::uint32_t commit) const noexcept {
    const UnitTimelines* kept = usable(measure, commit);
    if (kept == nullptr) return std::nullopt;
    const Timeline* timeline = find(*kept, unit, scope, commit);
    if (timeline == nullptr) return 0;
    return timeline->at(day, commit);
  }
  // Ascending days; false when they must be counted.
  [[nodiscard]] bool read(std::size_t measure, std::uint32_t unit, Scope scope,
                          std::span<const std::int32_t> days, std::uint32_t commit,
                          std::span<std::int64_t> values) const;

  // --- the writer
  [[nodiscard]] bool any() const noexcept { return any_; }
  // Builds the timelines of a measure as known at a commit. Throws std::bad_alloc and keeps what
  // there was.
  void build(const Panel& panel, std::uint32_t commit);
  [[nodiscard]] bool is_broken() const noexcept {
    return broken_since_.load(std::memory_order_relaxed) != kMissingWord;
  }
  // Rows of a commit that is not published yet. When memory does not suffice the figures are
  // counted from the rows until rebuild() succeeds.
  void follow(std::span<const Panel> panels, std::span<const TouchedRow> rows,
              std::span<const std::uint32_t> members, std::uint32_t commit) noexcept;
  void rebuild(std::span<const Panel> panels, std::uint32_t commit) noexcept;
  // Makes room for units [0, count). Throws std::bad_alloc.
  void reserve(std::uint64_t count);
  // REQUIRES: no reader.
  void free_outlived() noexcept;
  [[nodiscard]] std::uint64_t memory_bytes() const noexcept;
  // As known at the head, merged.
  [[nodiscard]] std::vector<Step> steps(std::size_t measure, std::uint32_t unit, Scope scope) const;

 private:
  friend class TimelinesUpkeep;
  // Days for which a touched unit has one parent before the commit and one after it.
  struct Segment {
    std::int32_t from;
    std::int32_t until;
    std::uint32_t before;
    std::uint32_t after;
    std::uint32_t now;  // while the commit is worked in
  };
  struct TouchedUnit {
    std::uint32_t unit;
    std::vector<Segment> segments;
  };

  // Null when the figure must be counted.
  [[nodiscard]] const UnitTimelines* usable(std::size_t measure,
                                            std::uint32_t commit) const noexcept {
    const UnitTimelines* kept = measures_[measure].load(std::memory_order_acquire);
    const bool is_usable = kept != nullptr && kept->since <= commit &&
                           broken_since_.load(std::memory_order_acquire) > commit;
    return is_usable ? kept : nullptr;
  }
  [[nodiscard]] const Timeline* find(const UnitTimelines& kept, std::uint32_t unit, Scope scope,
                                     std::uint32_t commit) const noexcept {
    const bool is_below = scope == Scope::kBelow && has_below(unit, commit);
    return (is_below ? kept.below : kept.own).get_shared(unit);
  }
  // Something has stood below the unit, on whatever day, since a commit not after this one.
  [[nodiscard]] bool has_below(std::uint32_t unit, std::uint32_t commit) const noexcept {
    return upper_since_.get_shared(unit) <= commit;
  }

  Core& core_;
  bool any_ = false;
  std::atomic<UnitTimelines*> measures_[kMaxMeasures] = {};
  std::vector<std::unique_ptr<UnitTimelines>> kept_;
  StableArray<std::uint32_t> upper_since_;  // by unit
  StableArray<std::uint8_t> has_hidden_;    // by unit: rows count on days it is not in force
  std::atomic<std::uint32_t> broken_since_{kMissingWord};
  std::vector<Timeline::Owner> outlived_;
  std::unique_ptr<TimelinesUpkeep> upkeep_;  // with the room it needed for the last commits
};

}  // namespace dangbo::inline v1::registry
