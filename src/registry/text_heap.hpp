// Text that is only ever added: names, keys, words. References are 32-bit and stay valid.
#pragma once

#include <atomic>
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
  // A heap that begins with the texts of `base`, by reference, and adds its own. `base` outlives it
  // and may be written meanwhile. Throws std::bad_alloc.
  explicit TextHeap(const TextHeap* base);
  ~TextHeap();
  TextHeap(const TextHeap&) = delete;
  TextHeap& operator=(const TextHeap&) = delete;

  // Makes room, so that adding `texts` texts of `bytes` bytes together cannot fail. Throws
  // std::bad_alloc.
  void reserve(std::uint64_t texts, std::uint64_t bytes);
  // REQUIRES: room reserved, text.size() <= kMaxText.
  TextRef add(std::string_view text) noexcept;
  [[nodiscard]] std::string_view get(TextRef ref) const noexcept;
  // Tells the processor that the text will be looked at.
  void prefetch(TextRef ref) const noexcept { __builtin_prefetch(place_of(ref)); }
  // Overwrites a text with zeros. REQUIRES: no reader is left that may look at it.
  void erase(TextRef ref) noexcept;
  // Bytes of all blocks in use.
  [[nodiscard]] std::uint64_t memory_bytes() const noexcept;
  // True when `bytes` more would exceed what 32-bit references reach.
  [[nodiscard]] bool would_overflow(std::uint64_t texts, std::uint64_t bytes) const noexcept;

 private:
  static constexpr std::uint32_t kBlockBytes = 1U << 20;
  static constexpr std::uint32_t kMaxBlocks = 1U << 14;
  static constexpr std::uint32_t kStep = 4;
  [[nodiscard]] std::byte* place_of(TextRef ref) const noexcept {
    return blocks_.get(ref / (kBlockBytes / kStep)) +
           static_cast<std::size_t>(ref % (kBlockBytes / kStep)) * kStep;
  }
  [[nodiscard]] static std::uint32_t footprint(std::size_t text_bytes) noexcept;
  [[nodiscard]] static std::uint64_t worst_case(std::uint64_t texts, std::uint64_t bytes) noexcept;

  StableArray<std::byte*, 8, 6> blocks_;
  std::uint32_t borrowed_ = 0;           // blocks of the base, the first ones
  std::uint32_t allocated_ = 0;          // blocks that exist, borrowed ones among them
  std::atomic<std::uint32_t> begun_{0};  // blocks with text; the last one is being filled
  std::uint32_t used_ = kBlockBytes;     // bytes used of the last one begun
};

}  // namespace dangbo::inline v1::registry
