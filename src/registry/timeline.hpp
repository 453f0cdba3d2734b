// How a number went day by day: a sorted base in blocks of some steps, and a short tail of later
// steps, each with its commit.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "dangbo/time/date_range.hpp"

namespace dangbo::inline v1::registry {

// From `day` on the number is larger by `delta`.
struct Step {
  std::int32_t day;
  std::int64_t delta;
};

// Sorts by day, adds up steps of one day and leaves out those of nothing.
void merge_steps(std::vector<Step>& steps) noexcept;

// Base and tail of one number, in one piece of memory. Readers may look on while the tail grows.
class Timeline {
 public:
  struct Deleter {
    void operator()(Timeline* timeline) const noexcept { ::operator delete(timeline); }
  };
  using Owner = std::unique_ptr<Timeline, Deleter>;

  // With the merged steps as its base, known up to commit `folded`. Throws std::bad_alloc.
  [[nodiscard]] static Owner make(std::span<const Step> steps, std::uint32_t folded,
                                  std::uint32_t tail_room);

  // The number on a day as known at a commit; nothing when the base holds later knowledge.
  [[nodiscard]] std::optional<std::int64_t> at(std::int32_t day,
                                               std::uint32_t commit) const noexcept;
  // The same for ascending days, in one pass; false when the base holds later knowledge.
  [[nodiscard]] bool at(std::span<const std::int32_t> days, std::uint32_t commit,
                        std::span<std::int64_t> values) const;

  // --- the writer
  [[nodiscard]] bool is_full() const noexcept {
    return tail_count_.load(std::memory_order_relaxed) == tail_room_;
  }
  // Tells the processor that a step will be added.
  void prefetch_end() const noexcept {
    __builtin_prefetch(tail() + tail_count_.load(std::memory_order_relaxed));
  }
  // REQUIRES: not full.
  void add(Step step, std::uint32_t commit) noexcept;
  // All steps; append_to(steps, from, until): those of the number on the days [from, until) alone,
  // from its value on the first of them on. Not merged.
  void append_to(std::vector<Step>& steps) const;
  void append_to(std::vector<Step>& steps, std::int32_t from, std::int32_t until) const;
  // The same number with more room; what was known `kKept` commits ago becomes its base.
  [[nodiscard]] Owner folded(std::uint32_t commit) const;
  [[nodiscard]] std::uint64_t memory_bytes() const noexcept;

 private:
  static constexpr std::uint32_t kKept = 16;
  // Days in 16 bits: 0 before all days, else from 1900-01-01 on.
  static constexpr std::int32_t kFirstDay = -25567;
  // The base. A block begins on a day with the total of that day; up to so many steps follow, each
  // two bytes: days since the one before, and by how much the number changes. What is too large for
  // a byte is told in several steps, or begins another block. Two bytes a step and a block's
  // beginning for fourteen: a third of plain days and totals.
  static constexpr std::uint32_t kSteps = 14;
  struct Tail {
    std::uint32_t commit;
    std::int32_t day;
    std::int64_t delta;
  };
  struct Block {
    std::int32_t day;
    std::int64_t total;
    std::uint32_t first;  // of its steps
    std::uint32_t count;
  };
  struct Encoded;
  class Cursor;

  Timeline() = default;
  // With the first `same` blocks of another, all full, and what follows them.
  [[nodiscard]] static Owner make(const Timeline& from, std::uint32_t same, const Encoded& encoded,
                                  std::uint32_t folded, std::uint32_t tail_room);
  [[nodiscard]] static std::size_t bytes_of(std::uint32_t blocks, std::uint32_t steps,
                                            std::uint32_t room, bool is_wide) noexcept;
  [[nodiscard]] std::byte* body() noexcept { return reinterpret_cast<std::byte*>(this + 1); }
  [[nodiscard]] const std::byte* body() const noexcept {
    return reinterpret_cast<const std::byte*>(this + 1);
  }
  [[nodiscard]] Tail* tail() noexcept { return reinterpret_cast<Tail*>(body()); }
  [[nodiscard]] const Tail* tail() const noexcept { return reinterpret_cast<const Tail*>(body()); }
  // Totals of blocks, then their days, then the steps of all, fourteen a block.
  [[nodiscard]] const std::byte* base() const noexcept {
    return body() + std::size_t{tail_room_} * sizeof(Tail);
  }
  [[nodiscard]] std::uint32_t steps() const noexcept {
    return blocks_ == 0 ? 0 : (blocks_ - 1) * kSteps + last_steps_;
  }
  [[nodiscard]] const std::byte* step_bytes() const noexcept {
    return base() + std::size_t{blocks_} * (is_wide_ ? 12 : 4);
  }
  [[nodiscard]] std::int32_t day_of(std::uint32_t block) const noexcept;
  [[nodiscard]] std::int64_t total_of(std::uint32_t block) const noexcept;
  // The number at the end of the block before a later one, which is full.
  [[nodiscard]] std::int64_t total_before(std::uint32_t block) const noexcept;
  // How many blocks begin on the day or before it.
  [[nodiscard]] std::uint32_t blocks_until(std::int32_t day) const noexcept;
  // The number on a day by the base alone.
  [[nodiscard]] std::int64_t base_at(std::int32_t day) const noexcept;

  std::uint32_t blocks_ : 24 = 0;     // a day each at least
  std::uint32_t last_steps_ : 7 = 0;  // of the last block
  std::uint32_t is_wide_ : 1 = 0;
  std::uint32_t folded_ = 0;
  std::uint32_t tail_room_ = 0;
  std::atomic<std::uint32_t> tail_count_{0};
};

}  // namespace dangbo::inline v1::registry
