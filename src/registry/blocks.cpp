#include "registry/blocks.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <map>
#include <mutex>
#include <vector>

namespace dangbo::inline v1::registry {

namespace {

constexpr std::size_t kPiece = std::size_t{2} << 20;
constexpr std::size_t kSmallest = std::size_t{16} << 10;
constexpr std::size_t kLargest = std::size_t{1} << 20;  // cut from pieces
constexpr std::uint32_t kPlain = 16;                    // blocks of a size taken singly, ever
constexpr std::size_t kLine = 64;

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

std::byte* take_pages(std::size_t bytes) noexcept {
  void* pages = nullptr;
  if (posix_memalign(&pages, kPiece, bytes) != 0) return nullptr;
#ifdef MADV_HUGEPAGE
  madvise(pages, bytes, MADV_HUGEPAGE);  // a wish: nothing depends on it
#endif
  return static_cast<std::byte*>(pages);
}

// Blocks of one size.
struct Piece {
  std::size_t block_bytes;
  std::uint32_t cut = 0;   // blocks cut so far
  std::uint32_t live = 0;  // blocks given out
  std::byte* free = nullptr;

  [[nodiscard]] bool is_full() const noexcept {
    return free == nullptr && (cut + 1) * block_bytes > kPiece;
  }
};

struct OfSize {
  std::uint32_t plain = 0;
  std::vector<std::byte*> open;  // pieces with room
};

class Blocks {
 public:
  void* take(std::size_t bytes) {
    const std::size_t rounded = (bytes + kLine - 1) / kLine * kLine;
    const std::lock_guard lock(mutex_);
    OfSize& of_size = sizes_[rounded];
    if (of_size.plain < kPlain) {
      ++of_size.plain;
      return std::malloc(bytes);
    }
    if (of_size.open.empty() && !add_piece(of_size, rounded)) return nullptr;
    std::byte* const base = of_size.open.back();
    Piece& piece = pieces_.find(base)->second;
    std::byte* block = piece.free;
    if (block != nullptr) {
      std::memcpy(&piece.free, block, sizeof(piece.free));
    } else {
      block = base + piece.cut * rounded;
      ++piece.cut;
    }
    ++piece.live;
    if (piece.is_full()) of_size.open.pop_back();
    return block;
  }

  // False when the block was not cut here.
  bool give(void* given) noexcept {
    auto* const block = static_cast<std::byte*>(given);
    std::byte* const base = block - reinterpret_cast<std::uintptr_t>(block) % kPiece;
    const std::lock_guard lock(mutex_);
    const auto found = pieces_.find(base);
    if (found == pieces_.end()) return false;
    Piece& piece = found->second;
    std::vector<std::byte*>& open = sizes_.find(piece.block_bytes)->second.open;
    const bool was_full = piece.is_full();
    --piece.live;
    if (piece.live == 0) {
      if (!was_full) std::erase(open, base);
      pieces_.erase(found);
      std::free(base);
      return true;
    }
    std::memcpy(block, &piece.free, sizeof(piece.free));
    piece.free = block;
    if (was_full) open.push_back(base);  // within its capacity: the piece stood there before
    return true;
  }

 private:
  // Room for every piece of the size is made with it, so that giving back never asks for memory.
  bool add_piece(OfSize& of_size, std::size_t block_bytes) {
    std::size_t pieces = 1;
    for (const auto& [base, piece] : pieces_) pieces += piece.block_bytes == block_bytes ? 1U : 0U;
    if (of_size.open.capacity() < pieces) of_size.open.reserve(2 * pieces);
    std::byte* const base = take_pages(kPiece);
    if (base == nullptr) return false;
    try {
      pieces_.emplace(base, Piece{.block_bytes = block_bytes});
    } catch (const std::bad_alloc&) {
      std::free(base);
      return false;
    }
    of_size.open.push_back(base);
    return true;
  }

  std::mutex mutex_;
  std::map<std::size_t, OfSize> sizes_;
  std::map<std::byte*, Piece> pieces_;
};

// Never destroyed: registries of static duration may give blocks back later.
Blocks& blocks() {
  static auto* const all = new Blocks;
  return *all;
}

}  // namespace

void* take_block(std::size_t bytes) noexcept {
  if (kIsChecked || bytes < kSmallest || (bytes > kLargest && bytes < kPiece))
    return std::malloc(bytes);
  if (bytes >= kPiece) return take_pages(bytes);
  try {
    return blocks().take(bytes);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void give_block(void* block) noexcept {
  if (block == nullptr) return;
  if (kIsChecked || !blocks().give(block)) std::free(block);
}

}  // namespace dangbo::inline v1::registry
