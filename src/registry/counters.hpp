// Numbers that one writer changes in place while readers of earlier commits still get theirs: a
// word a unit says which commit changed it last, and a ring keeps what was there before.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "registry/stable_array.hpp"

namespace dangbo::inline v1::registry {

// Counts take 4 bytes, sums 8.
class Counters {
 public:
  // Before there are any.
  void set_wide(bool is_wide) noexcept { is_wide_ = is_wide; }
  void reserve(std::uint64_t count) {
    if (is_wide_) {
      wide_.reserve(count, 0);
    } else {
      narrow_.reserve(count, 0);
    }
  }
  [[nodiscard]] std::int64_t get(std::uint32_t at) const noexcept {
    return is_wide_ ? wide_.get_shared(at) : std::int64_t{narrow_.get_shared(at)};
  }
  // Numbers that stand one after the other.
  void get(std::uint32_t at, std::span<std::int64_t> values) const noexcept {
    if (is_wide_) {
      wide_.get_shared(at, values);
    } else {
      narrow_.get_shared(at, values);
    }
  }
  void set(std::uint32_t at, std::int64_t value) noexcept {
    if (is_wide_) {
      wide_.set_shared(at, value);
    } else {
      narrow_.set_shared(at, static_cast<std::uint32_t>(value));
    }
  }
  [[nodiscard]] std::uint64_t memory_bytes() const noexcept {
    return narrow_.memory_bytes() + wide_.memory_bytes();
  }

 private:
  bool is_wide_ = false;
  StableArray<std::uint32_t> narrow_;
  StableArray<std::int64_t> wide_;
};

// The writer notes what a number was, then changes it. A reader takes the number, then asks whether
// its unit was changed after the reader's commit; if so the ring tells what it was, or that it no
// longer knows. No fences: every word of it is stored with release and loaded with acquire, so that
// who sees a new number sees the note about the old one.
class ChangeLog {
 public:
  static constexpr std::uint32_t kEntries = 1U << 15;

  // Makes room for units [0, count). Throws std::bad_alloc.
  void reserve(std::uint64_t count) {
    if (entries_ == nullptr) entries_ = std::make_unique<Entry[]>(kEntries);
    heads_.reserve(count, 0);
  }

  // The number `cell` of the unit is about to change in `commit`.
  void note(std::uint32_t unit, std::uint32_t cell, std::int64_t old,
            std::uint32_t commit) noexcept {
    const std::uint64_t head = heads_.get(unit);
    const std::uint32_t number = end_.load(std::memory_order_relaxed);
    end_.store(number + 1, std::memory_order_relaxed);
    Entry& entry = entries_[number % kEntries];
    entry.unit.store(unit, std::memory_order_release);
    entry.cell.store(cell, std::memory_order_release);
    entry.old.store(old, std::memory_order_release);
    entry.before.store(head, std::memory_order_release);
    last_.store(commit, std::memory_order_release);
    heads_.set_shared(unit, (std::uint64_t{commit} << 32) | number);
  }

  // The unit has not changed since `commit`. To be asked after the number was read.
  [[nodiscard]] bool is_as_of(std::uint32_t unit, std::uint32_t commit) const noexcept {
    return heads_.get_shared(unit) >> 32 <= commit;
  }

  // Some unit may have changed since `commit`. To be asked after the numbers were read.
  [[nodiscard]] bool changed_after(std::uint32_t commit) const noexcept {
    return last_.load(std::memory_order_acquire) > commit;
  }

  // What `cell` was at `commit`, `now` being what was read; nothing when the ring has forgotten.
  [[nodiscard]] std::optional<std::int64_t> value_at(std::uint32_t unit, std::uint32_t cell,
                                                     std::uint32_t commit,
                                                     std::int64_t now) const noexcept {
    std::int64_t value = now;
    std::uint64_t head = heads_.get_shared(unit);
    while (head >> 32 > commit) {
      const auto number = static_cast<std::uint32_t>(head);
      const Entry& entry = entries_[number % kEntries];
      const std::uint32_t of_unit = entry.unit.load(std::memory_order_acquire);
      const std::uint32_t of_cell = entry.cell.load(std::memory_order_acquire);
      const std::int64_t old = entry.old.load(std::memory_order_acquire);
      const std::uint64_t before = entry.before.load(std::memory_order_acquire);
      // Numbers are taken before entries are overwritten.
      if (end_.load(std::memory_order_relaxed) - number > kEntries || of_unit != unit ||
          before >> 32 > head >> 32) {
        return std::nullopt;
      }
      if (of_cell == cell) value = old;
      head = before;
    }
    return value;
  }

  [[nodiscard]] std::uint64_t memory_bytes() const noexcept {
    return heads_.memory_bytes() + (entries_ == nullptr ? 0 : kEntries * sizeof(Entry));
  }

 private:
  struct Entry {
    std::atomic<std::uint32_t> unit{0};
    std::atomic<std::uint32_t> cell{0};
    std::atomic<std::int64_t> old{0};
    std::atomic<std::uint64_t> before{0};  // the unit's head until then
  };
  StableArray<std::uint64_t> heads_;  // by unit: commit of the last change, number of its entry
  std::unique_ptr<Entry[]> entries_;
  std::atomic<std::uint32_t> end_{0};
  std::atomic<std::uint32_t> last_{0};  // the commit of the last change
};

}  // namespace dangbo::inline v1::registry
