#include "registry/key_index.hpp"

#include <absl/hash/hash.h>

#include <bit>

#include "dangbo/base/absl.hpp"
#include "dangbo/registry/storage.hpp"

namespace dangbo::inline v1::registry {

namespace {
std::uint64_t hash_of(std::string_view key) noexcept {
  return absl::Hash<absl::string_view>{}(base::to_absl(key));
}

constexpr std::uint32_t kSmallest = 64;

// At most three quarters full.
std::uint32_t capacity_for(std::uint64_t count) noexcept {
  const std::uint64_t wanted = std::bit_ceil(count + count / 3 + 1);
  return static_cast<std::uint32_t>(wanted < kSmallest ? kSmallest : wanted);
}
}  // namespace

KeyIndex::Slots::Slots(std::uint32_t capacity) : mask(capacity - 1), numbers(capacity) {}

void KeyIndex::insert(Slots& slots, std::uint64_t hash, std::uint32_t number) noexcept {
  std::uint32_t at = static_cast<std::uint32_t>(hash) & slots.mask;
  while (slots.numbers[at].load(std::memory_order_relaxed) != 0) at = (at + 1) & slots.mask;
  slots.numbers[at].store(slots.tag(hash) | (number + 1), std::memory_order_release);
}

std::optional<std::uint32_t> KeyIndex::find(std::string_view key) const noexcept {
  if (base_ != nullptr) {
    const auto found = base_->find(key);
    if (found && *found < base_count_) return found;
  }
  const Slots* slots = current_.load(std::memory_order_acquire);
  if (slots == nullptr) return std::nullopt;
  const std::uint64_t hash = hash_of(key);
  const std::uint32_t tag = slots->tag(hash);
  for (std::uint32_t at = static_cast<std::uint32_t>(hash) & slots->mask;;
       at = (at + 1) & slots->mask) {
    const std::uint32_t found = slots->numbers[at].load(std::memory_order_acquire);
    if (found == 0) return std::nullopt;
    if ((found & ~slots->mask) != tag) continue;
    const std::uint32_t number = base_count_ + (found & slots->mask) - 1;
    if (this->key(number) == key) return number;
  }
}

void KeyIndex::prefetch(std::string_view key) const noexcept {
  const Slots* slots = current_.load(std::memory_order_acquire);
  if (slots != nullptr)
    __builtin_prefetch(&slots->numbers[static_cast<std::uint32_t>(hash_of(key)) & slots->mask]);
  if (base_ != nullptr) base_->prefetch(key);
}

std::uint32_t KeyIndex::prefetch_number(std::string_view key) const noexcept {
  if (base_ != nullptr) return base_->prefetch_number(key);
  const Slots* slots = current_.load(std::memory_order_acquire);
  if (slots == nullptr) return kMissingWord;
  const std::uint64_t hash = hash_of(key);
  for (std::uint32_t at = static_cast<std::uint32_t>(hash) & slots->mask;;
       at = (at + 1) & slots->mask) {
    const std::uint32_t found = slots->numbers[at].load(std::memory_order_acquire);
    if (found == 0) return kMissingWord;
    if ((found & ~slots->mask) != slots->tag(hash)) continue;
    const std::uint32_t number = (found & slots->mask) - 1;
    refs_.prefetch(number);
    return number;
  }
}

void KeyIndex::prefetch_text(std::uint32_t number) const noexcept {
  if (base_ != nullptr && number < base_count_) {
    base_->prefetch_text(number);
  } else if (number - base_count_ < refs_.capacity()) {
    heap_.prefetch(refs_.get(number - base_count_));
  }
}

std::optional<std::uint32_t> KeyIndex::find_near(std::string_view key,
                                                 std::uint32_t hint) const noexcept {
  if (hint == kMissingWord) return find(key);
  const std::uint32_t count = size();
  if (hint < count && this->key(hint) == key) return hint;
  if (hint + 1 < count && this->key(hint + 1) == key) return hint + 1;
  return find(key);
}

void KeyIndex::reserve(std::uint64_t count, std::uint64_t bytes) {
  const std::uint64_t total = size() - base_count_ + count;
  heap_.reserve(count, bytes);
  refs_.reserve(total, kMissingWord);
  const std::uint32_t capacity = capacity_for(total);
  if (!generations_.empty() && generations_.back()->mask + 1 >= capacity) return;
  auto slots = std::make_unique<Slots>(capacity);
  generations_.reserve(generations_.size() + 1);
  for (std::uint32_t number = base_count_; number < size(); ++number)
    insert(*slots, hash_of(key(number)), number - base_count_);
  current_.store(slots.get(), std::memory_order_release);
  generations_.push_back(std::move(slots));
}

std::uint32_t KeyIndex::add(std::string_view key) noexcept {
  const std::uint32_t number = size_.load(std::memory_order_relaxed);
  refs_.set(number - base_count_, heap_.add(key));
  insert(*generations_.back(), hash_of(key), number - base_count_);
  size_.store(number + 1, std::memory_order_release);
  return number;
}

std::uint64_t KeyIndex::memory_bytes() const noexcept {
  std::uint64_t bytes = refs_.memory_bytes();
  for (const auto& slots : generations_) bytes += (static_cast<std::uint64_t>(slots->mask) + 1) * 4;
  return bytes;
}

}  // namespace dangbo::inline v1::registry
