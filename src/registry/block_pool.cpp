#include "registry/block_pool.hpp"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <new>

namespace dangbo::inline v1::registry {

namespace {
constexpr std::size_t kLine = 64;
}  // namespace

std::byte* BlockPool::take_pages(std::size_t bytes) noexcept {
  void* pages = nullptr;
  if (posix_memalign(&pages, kPiece, bytes) != 0) return nullptr;
#ifdef MADV_HUGEPAGE
  madvise(pages, bytes, MADV_HUGEPAGE);  // a wish: nothing depends on it
#endif
  return static_cast<std::byte*>(pages);
}

void* BlockPool::take(std::size_t bytes) {
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

bool BlockPool::give(void* given) noexcept {
  auto* const block = static_cast<std::byte*>(given);
  std::byte* const base = block - reinterpret_cast<std::uintptr_t>(block) % kPiece;
  const std::lock_guard lock(mutex_);
  const auto found = pieces_.find(base);
  if (found == pieces_.end()) return false;
  Piece& piece = found->second;
  OfSize& of_size = sizes_.find(piece.block_bytes)->second;
  const bool was_full = piece.is_full();
  --piece.live;
  if (piece.live == 0) {
    if (!was_full) std::erase(of_size.open, base);
    pieces_.erase(found);
    --of_size.pieces;
    std::free(base);
    return true;
  }
  std::memcpy(block, &piece.free, sizeof(piece.free));
  piece.free = block;
  if (was_full) of_size.open.push_back(base);
  return true;
}

// Room for every piece of the size is made with it, so that giving back never asks for memory.
bool BlockPool::add_piece(OfSize& of_size, std::size_t block_bytes) {
  if (of_size.open.capacity() <= of_size.pieces) of_size.open.reserve(2 * of_size.pieces + 1);
  std::byte* const base = take_pages(kPiece);
  if (base == nullptr) return false;
  try {
    pieces_.emplace(base, Piece{.block_bytes = block_bytes});
  } catch (const std::bad_alloc&) {
    std::free(base);
    return false;
  }
  ++of_size.pieces;
  of_size.open.push_back(base);
  return true;
}

}  // namespace dangbo::inline v1::registry
