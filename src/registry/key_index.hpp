// Words to dense numbers: external keys to slots, and words of growing vocabularies to codes.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "registry/blocks.hpp"
#include "registry/stable_array.hpp"
#include "registry/text_heap.hpp"

namespace dangbo::inline v1::registry {

// One writer; find and key may run on any thread beside it. Numbers are given in order from 0 and
// never taken back. A reader may find keys newer than its snapshot and compares the number with its
// own count.
class KeyIndex {
 public:
  explicit KeyIndex(TextHeap& heap) : heap_(heap) {}
  // An index that begins with the first `count` keys of `base` and adds its own. `base` outlives it
  // and may be written meanwhile.
  KeyIndex(const KeyIndex& base, std::uint32_t count, TextHeap& heap)
      : heap_(heap), base_(&base), base_count_(count), size_(count) {}
  KeyIndex(const KeyIndex&) = delete;
  KeyIndex& operator=(const KeyIndex&) = delete;

  [[nodiscard]] std::uint32_t size() const noexcept {
    return size_.load(std::memory_order_acquire);
  }
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view key) const noexcept;
  // Tells the processor, in three steps with other work between them, that the key will be looked
  // for: where it may stand; then its number, kMissingWord when there is none, next to always
  // right; then its text.
  void prefetch(std::string_view key) const noexcept;
  [[nodiscard]] std::uint32_t prefetch_number(std::string_view key) const noexcept;
  void prefetch_text(std::uint32_t number) const noexcept;
  // find, but asks the numbers `hint` and `hint + 1` first, unless it is kMissingWord: rows of a
  // file often name the same or the next entity.
  [[nodiscard]] std::optional<std::uint32_t> find_near(std::string_view key,
                                                       std::uint32_t hint) const noexcept;
  [[nodiscard]] std::string_view key(std::uint32_t number) const noexcept {
    return number < base_count_ ? base_->key(number) : heap_.get(refs_.get(number - base_count_));
  }

  // Makes room for `count` more keys of `bytes` bytes together. Throws std::bad_alloc.
  void reserve(std::uint64_t count, std::uint64_t bytes);
  // REQUIRES: room reserved; the key is not there yet. Gives its number.
  std::uint32_t add(std::string_view key) noexcept;

  // Overwrites a key that stands for nothing any more; its number stays. REQUIRES: no reader is
  // left, the key is our own.
  void erase(std::uint32_t number) noexcept { heap_.erase(refs_.get(number - base_count_)); }

  // Bytes of the index itself; the keys' text is the heap's.
  [[nodiscard]] std::uint64_t memory_bytes() const noexcept;

 private:
  // The number among our own keys + 1 in the bits of the mask, 0 = empty; bits of the key's hash
  // above them, so that next to no other key is looked at.
  struct Slots {
    explicit Slots(std::uint32_t capacity);
    // What stands for the key in the bits above the mask.
    [[nodiscard]] std::uint32_t tag(std::uint64_t hash) const noexcept {
      return static_cast<std::uint32_t>(hash >> 32) & ~mask;
    }
    std::uint32_t mask;
    BlockArray<std::atomic<std::uint32_t>> numbers;
  };
  static void insert(Slots& slots, std::uint64_t hash, std::uint32_t number) noexcept;

  TextHeap& heap_;
  const KeyIndex* base_ = nullptr;
  std::uint32_t base_count_ = 0;
  StableArray<TextRef> refs_;  // of our own keys
  std::atomic<std::uint32_t> size_{0};
  std::atomic<const Slots*> current_{nullptr};
  // The table in use and its smaller predecessors, kept for readers that still look at them:
  // together they are at most as large as the one in use.
  std::vector<std::unique_ptr<Slots>> generations_;
};

}  // namespace dangbo::inline v1::registry
