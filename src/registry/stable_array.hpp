// An array that grows in blocks at fixed addresses, so that readers on other threads never see it
// move.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>

#include "registry/blocks.hpp"

namespace dangbo::inline v1::registry {

// Elements are trivially copyable (or atomic words) and start as `fill`. One writer; a reader may
// touch an element once it has learnt of it through an acquire load (a published commit, a chain
// head). At most 2^(kBlockBits + kDirectoryBits) elements; memory is taken a block at a time.
template <typename T, std::uint32_t kBlockBits = 16, std::uint32_t kDirectoryBits = 16>
class StableArray {
 public:
  static constexpr std::uint32_t kBlockSize = 1U << kBlockBits;

  StableArray() = default;
  ~StableArray() {
    std::atomic<T*>* directory = directory_.load(std::memory_order_relaxed);
    if (directory == nullptr) return;
    for (std::uint32_t i = 0; i < blocks_; ++i)
      give_block(directory[i].load(std::memory_order_relaxed));
    std::free(directory);
  }
  StableArray(const StableArray&) = delete;
  StableArray& operator=(const StableArray&) = delete;

  // Makes elements [0, count) usable, new blocks filled with `fill`. Throws std::bad_alloc and
  // changes nothing of what readers see.
  void reserve(std::uint64_t count, T fill) {
    if (count == 0) return;
    if (count > std::uint64_t{1} << (kBlockBits + kDirectoryBits)) throw std::bad_alloc();
    std::atomic<T*>* directory = directory_.load(std::memory_order_relaxed);
    if (directory == nullptr) {
      directory = static_cast<std::atomic<T*>*>(
          std::calloc(std::size_t{1} << kDirectoryBits, sizeof(std::atomic<T*>)));
      if (directory == nullptr) throw std::bad_alloc();
      directory_.store(directory, std::memory_order_release);
    }
    while (capacity() < count) {
      T* block = static_cast<T*>(take_block(kBlockSize * sizeof(T)));
      if (block == nullptr) throw std::bad_alloc();
      for (std::uint32_t i = 0; i < kBlockSize; ++i) block[i] = fill;
      const std::uint32_t number = blocks_.load(std::memory_order_relaxed);
      directory[number].store(block, std::memory_order_relaxed);
      blocks_.store(number + 1, std::memory_order_release);
    }
  }
  [[nodiscard]] std::uint64_t capacity() const noexcept {
    return static_cast<std::uint64_t>(blocks_.load(std::memory_order_acquire)) << kBlockBits;
  }

  [[nodiscard]] T get(std::uint32_t index) const noexcept { return *at(index); }
  void set(std::uint32_t index, T value) noexcept { *at(index) = value; }
  // For elements that change under readers.
  [[nodiscard]] T get_shared(std::uint32_t index) const noexcept {
    return std::atomic_ref<T>(*at(index)).load(std::memory_order_acquire);
  }
  // The elements from `index` on. A block's beginning is looked for once a block.
  template <typename Out>
  void get_shared(std::uint32_t index, std::span<Out> out) const noexcept {
    for (std::size_t done = 0; done < out.size();) {
      T* const from = at(index);
      const std::size_t run =
          std::min<std::size_t>(out.size() - done, kBlockSize - (index & (kBlockSize - 1)));
      for (std::size_t i = 0; i < run; ++i)
        out[done + i] =
            static_cast<Out>(std::atomic_ref<T>(from[i]).load(std::memory_order_acquire));
      done += run;
      index += static_cast<std::uint32_t>(run);
    }
  }
  void set_shared(std::uint32_t index, T value) noexcept {
    std::atomic_ref<T>(*at(index)).store(value, std::memory_order_release);
  }
  // Tells the processor that the element will be looked at.
  void prefetch(std::uint32_t index) const noexcept { __builtin_prefetch(at(index)); }
  [[nodiscard]] std::uint64_t memory_bytes() const noexcept { return capacity() * sizeof(T); }

 private:
  [[nodiscard]] T* at(std::uint32_t index) const noexcept {
    return directory_.load(std::memory_order_relaxed)[index >> kBlockBits].load(
               std::memory_order_relaxed) +
           (index & (kBlockSize - 1));
  }

  std::atomic<std::atomic<T*>*> directory_{nullptr};
  std::atomic<std::uint32_t> blocks_{0};
};

}  // namespace dangbo::inline v1::registry
