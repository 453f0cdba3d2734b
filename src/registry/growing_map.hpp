// Numbers to rows: natural keys to their newest row, and the chain heads of a fork.
#pragma once

#include <atomic>
#include <bit>
#include <cstdint>
#include <memory>
#include <vector>

#include "dangbo/registry/storage.hpp"

namespace dangbo::inline v1::registry {

// One writer; find may run on any thread beside it. Keys are never taken back, values may change. A
// reader may meet values newer than its snapshot.
class GrowingMap {
 public:
  GrowingMap() = default;
  GrowingMap(const GrowingMap&) = delete;
  GrowingMap& operator=(const GrowingMap&) = delete;

  // kMissingWord when the key is not there.
  [[nodiscard]] std::uint32_t find(std::uint64_t key) const noexcept {
    const Slots* slots = current_.load(std::memory_order_acquire);
    if (slots == nullptr) return kMissingWord;
    for (std::uint32_t at = slots->first(key);; at = (at + 1) & slots->mask) {
      const std::uint32_t value = slots->values[at].load(std::memory_order_acquire);
      if (value == kMissingWord) return kMissingWord;
      if (slots->keys[at].load(std::memory_order_relaxed) == key) return value;
    }
  }

  // Makes room for `count` more keys. Throws std::bad_alloc.
  void reserve(std::uint64_t count) {
    const std::uint64_t total = size_ + count;
    if (!generations_.empty() && total <= generations_.back()->limit()) return;
    auto slots = std::make_unique<Slots>(std::bit_ceil(total + total / 2 + 1));
    generations_.reserve(generations_.size() + 1);
    if (!generations_.empty()) {
      const Slots& old = *generations_.back();
      for (std::uint64_t at = 0; at <= old.mask; ++at) {
        const std::uint32_t value = old.values[at].load(std::memory_order_relaxed);
        if (value != kMissingWord) {
          slots->put(old.keys[at].load(std::memory_order_relaxed), value);
        }
      }
    }
    current_.store(slots.get(), std::memory_order_release);
    generations_.push_back(std::move(slots));
  }

  // REQUIRES: room reserved, value is not kMissingWord.
  void set(std::uint64_t key, std::uint32_t value) noexcept {
    if (generations_.back()->put(key, value)) ++size_;
  }

  [[nodiscard]] std::uint64_t memory_bytes() const noexcept {
    std::uint64_t bytes = 0;
    for (const auto& slots : generations_) bytes += (std::uint64_t{slots->mask} + 1) * 12;
    return bytes;
  }

 private:
  struct Slots {
    explicit Slots(std::uint64_t capacity)
        : mask(static_cast<std::uint32_t>(capacity - 1)),
          keys(new std::atomic<std::uint64_t>[capacity]),
          values(new std::atomic<std::uint32_t>[capacity]) {
      for (std::uint64_t i = 0; i < capacity; ++i) {
        values[i].store(kMissingWord, std::memory_order_relaxed);
      }
    }
    [[nodiscard]] std::uint32_t first(std::uint64_t key) const noexcept {
      return static_cast<std::uint32_t>((key * 0x9E3779B97F4A7C15ULL) >> 32) & mask;
    }
    [[nodiscard]] std::uint64_t limit() const noexcept { return (std::uint64_t{mask} + 1) / 4 * 3; }
    // True when the key is new.
    bool put(std::uint64_t key, std::uint32_t value) noexcept {
      std::uint32_t at = first(key);
      while (true) {
        const bool is_new = values[at].load(std::memory_order_relaxed) == kMissingWord;
        if (is_new || keys[at].load(std::memory_order_relaxed) == key) {
          keys[at].store(key, std::memory_order_relaxed);
          values[at].store(value, std::memory_order_release);
          return is_new;
        }
        at = (at + 1) & mask;
      }
    }
    std::uint32_t mask;
    std::unique_ptr<std::atomic<std::uint64_t>[]> keys;
    std::unique_ptr<std::atomic<std::uint32_t>[]> values;
  };

  std::uint64_t size_ = 0;
  std::atomic<const Slots*> current_{nullptr};
  // The table in use and its smaller predecessors, kept for readers that still look at them.
  std::vector<std::unique_ptr<Slots>> generations_;
};

}  // namespace dangbo::inline v1::registry
