// Text that is only ever added: names, keys, words. References are 32-bit and stay valid.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "registry/stable_array.hpp"

namespace dangbo::inline v1::registry {

// Reference to a text; kMissingWord (storage.hpp) stands for none.
using TextRef = std::uint32_t;

// Texts stand in blocks of 1 MiB at 4-byte steps: 16 GiB in all, one text at most kMaxText bytes.
class TextHeap {
 public:
  static constexpr std::size_t kMaxText = 1'000'000;

  TextHeap() = default;
  ~TextHeap();
  TextHeap(const TextHeap&) = delete;
  TextHeap& operator=(const TextHeap&) = delete;

  // Makes room, so that adding `texts` texts of `bytes` bytes together cannot fail. Throws
  // std::bad_alloc.
  void reserve(std::uint64_t texts, std::uint64_t bytes);
  // REQUIRES: room reserved, text.size() <= kMaxText.
  TextRef add(std::string_view text) noexcept;
  [[nodiscard]] std::string_view get(TextRef ref) const noexcept;
  // Bytes of all blocks in use.
  [[nodiscard]] std::uint64_t memory_bytes() const noexcept;
  // True when `bytes` more would exceed what 32-bit references reach.
  [[nodiscard]] bool would_overflow(std::uint64_t texts, std::uint64_t bytes) const noexcept;

 private:
  static constexpr std::uint32_t kBlockBytes = 1U << 20;
  static constexpr std::uint32_t kMaxBlocks = 1U << 14;
  [[nodiscard]] static std::uint64_t worst_case(std::uint64_t texts, std::uint64_t bytes) noexcept;

  StableArray<std::byte*> blocks_;
  std::uint32_t allocated_ = 0;       // blocks that exist
  std::uint32_t current_ = 0;         // block being filled
  std::uint32_t used_ = kBlockBytes;  // bytes used of the current block; full = none yet
  bool started_ = false;
};

}  // namespace dangbo::inline v1::registry
