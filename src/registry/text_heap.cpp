#include "registry/text_heap.hpp"

#include <cstdlib>
#include <cstring>
#include <new>

#include "registry/blocks.hpp"

namespace dangbo::inline v1::registry {

namespace {
constexpr std::uint32_t kLengthBytes = 4;
}  // namespace

std::uint32_t TextHeap::footprint(std::size_t text_bytes) noexcept {
  return (static_cast<std::uint32_t>(text_bytes) + kLengthBytes + kStep - 1) / kStep * kStep;
}

TextHeap::TextHeap(const TextHeap* base) {
  const std::uint32_t count = base->begun_.load(std::memory_order_acquire);
  blocks_.reserve(count, nullptr);
  for (std::uint32_t i = 0; i < count; ++i) blocks_.set(i, base->blocks_.get(i));
  borrowed_ = allocated_ = count;
  begun_.store(count, std::memory_order_relaxed);
}

TextHeap::~TextHeap() {
  for (std::uint32_t i = borrowed_; i < allocated_; ++i) give_block(blocks_.get(i));
}

std::uint64_t TextHeap::worst_case(std::uint64_t texts, std::uint64_t bytes) noexcept {
  const std::uint64_t content = bytes + texts * (kLengthBytes + kStep - 1);
  // A text that does not fit leaves the tail of its block unused: at most half of every two blocks,
  // whatever the mix, unless texts are small against the block, which is the normal case.
  return texts == 0 ? 0 : content * 2 + kBlockBytes;
}

bool TextHeap::would_overflow(std::uint64_t texts, std::uint64_t bytes) const noexcept {
  return begun_.load(std::memory_order_relaxed) + worst_case(texts, bytes) / kBlockBytes + 1 >
         kMaxBlocks;
}

void TextHeap::reserve(std::uint64_t texts, std::uint64_t bytes) {
  const std::uint64_t room = kBlockBytes - used_;
  const std::uint64_t content = bytes + texts * (kLengthBytes + kStep - 1);
  if (texts == 0 || (content <= room)) return;
  // What fits into one block goes there whole once the block begun is left.
  const std::uint64_t more =
      content <= kBlockBytes ? 1 : worst_case(texts, bytes) / kBlockBytes + 1;
  const std::uint64_t blocks = begun_.load(std::memory_order_relaxed) + more;
  blocks_.reserve(blocks, nullptr);
  while (allocated_ < blocks) {
    auto* block = static_cast<std::byte*>(take_block(kBlockBytes));
    if (block == nullptr) throw std::bad_alloc();
    blocks_.set(allocated_, block);
    ++allocated_;
  }
}

TextRef TextHeap::add(std::string_view text) noexcept {
  const std::uint32_t need = footprint(text.size());
  std::uint32_t begun = begun_.load(std::memory_order_relaxed);
  if (used_ + need > kBlockBytes) {
    begun_.store(++begun, std::memory_order_release);
    used_ = 0;
  }
  std::byte* place = blocks_.get(begun - 1) + used_;
  const auto length = static_cast<std::uint32_t>(text.size());
  std::memcpy(place, &length, kLengthBytes);
  if (!text.empty()) std::memcpy(place + kLengthBytes, text.data(), text.size());
  const TextRef ref = ((begun - 1) * (kBlockBytes / kStep)) + used_ / kStep;
  used_ += need;
  return ref;
}

std::string_view TextHeap::get(TextRef ref) const noexcept {
  const std::byte* place = place_of(ref);
  std::uint32_t length = 0;
  std::memcpy(&length, place, kLengthBytes);
  return {reinterpret_cast<const char*>(place + kLengthBytes), length};
}

void TextHeap::erase(TextRef ref) noexcept {
  const std::size_t length = get(ref).size();
  std::memset(place_of(ref) + kLengthBytes, 0, length);
}

std::uint64_t TextHeap::memory_bytes() const noexcept {
  return std::uint64_t{begun_.load(std::memory_order_relaxed) - borrowed_} * kBlockBytes;
}

}  // namespace dangbo::inline v1::registry
