#include "registry/blocks.hpp"

#include <cstdlib>

#include "registry/block_pool.hpp"

namespace dangbo::inline v1::registry {

namespace {

constexpr std::size_t kSmallest = std::size_t{16} << 10;  // cut from pieces
constexpr std::size_t kLargest = std::size_t{1} << 20;

// Memory checkers see each block for itself.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kIsChecked = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kIsChecked = true;
#else
constexpr bool kIsChecked = false;
#endif
#else
constexpr bool kIsChecked = false;
#endif

// Never destroyed: registries of static duration may give blocks back later.
BlockPool& pool() {
  static auto* const all = new BlockPool;
  return *all;
}

}  // namespace

void* take_block(std::size_t bytes) noexcept {
  const bool is_whole = bytes >= BlockPool::kPiece;
  if (kIsChecked || bytes < kSmallest || (bytes > kLargest && !is_whole)) return std::malloc(bytes);
  if (is_whole) return BlockPool::take_pages(bytes);
  try {
    return pool().take(bytes);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void give_block(void* block) noexcept {
  if (block == nullptr) return;
  if (kIsChecked || !pool().give(block)) std::free(block);
}

}  // namespace dangbo::inline v1::registry
