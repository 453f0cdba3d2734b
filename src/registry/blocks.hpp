// Memory for the large arrays of registries. A figure of a large organisation is found by a look at
// a few places far apart; with pages of 4 KiB the processor spends more time on finding the page
// than on the look. From the sixteenth block of a size on, blocks are cut from pieces of 2 MiB that
// the system is asked to keep in one page each; small registries take what they need and no more.
#pragma once

#include <cstddef>
#include <cstring>
#include <new>
#include <type_traits>

namespace dangbo::inline v1::registry {

// Uninitialised, for any type; null when there is no memory. Any thread.
[[nodiscard]] void* take_block(std::size_t bytes) noexcept;
// Of take_block or of malloc; null is nothing.
void give_block(void* block) noexcept;

// An array of fixed length that begins as zeros.
template <typename T>
class BlockArray {
 public:
  static_assert(std::is_trivially_destructible_v<T>);
  // Throws std::bad_alloc.
  explicit BlockArray(std::size_t count) : items_(static_cast<T*>(take_block(count * sizeof(T)))) {
    if (items_ == nullptr) throw std::bad_alloc();
    std::memset(static_cast<void*>(items_), 0, count * sizeof(T));
  }
  ~BlockArray() { give_block(items_); }
  BlockArray(const BlockArray&) = delete;
  BlockArray& operator=(const BlockArray&) = delete;

  [[nodiscard]] T& operator[](std::size_t at) const noexcept { return items_[at]; }

 private:
  T* items_;
};

}  // namespace dangbo::inline v1::registry
