// Blocks of equal size cut from pieces of 2 MiB. Apart from blocks.hpp so that it can be tested
// where memory checkers want each block for themselves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

namespace dangbo::inline v1::registry {

class BlockPool {
 public:
  static constexpr std::size_t kPiece = std::size_t{2} << 20;
  static constexpr std::uint32_t kPlain = 16;  // blocks of a size taken from malloc first, ever

  // Of at most half a piece. Null when there is no memory. Throws std::bad_alloc.
  [[nodiscard]] void* take(std::size_t bytes);
  // False when the block was not cut here: it belongs to malloc.
  bool give(void* block) noexcept;
  // At the address of a huge page, which the system is asked for. Null when there is no memory;
  // freed by std::free.
  [[nodiscard]] static std::byte* take_pages(std::size_t bytes) noexcept;

 private:
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
    std::size_t pieces = 0;
    std::vector<std::byte*> open;  // pieces with room
  };
  bool add_piece(OfSize& of_size, std::size_t block_bytes);

  std::mutex mutex_;
  std::map<std::size_t, OfSize> sizes_;
  std::map<std::byte*, Piece> pieces_;
};

}  // namespace dangbo::inline v1::registry
