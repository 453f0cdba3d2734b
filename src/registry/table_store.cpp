#include "registry/table_store.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

namespace dangbo::inline v1::registry {

namespace {

using table::Field;
using table::Role;
using table::Type;

constexpr std::size_t kMaxClosedCodes = 254;

Storage storage_of(const Field& field) noexcept {
  switch (field.type) {
    case Type::kCode:
      return field.codes != nullptr && field.codes->codes().size() <= kMaxClosedCodes
                 ? Storage::kByte
                 : Storage::kHalf;
    case Type::kBool:
      return Storage::kByte;
    case Type::kInt:
      return Storage::kLong;
    default:
      return Storage::kWord;
  }
}

std::uint32_t missing_of(const Field& field, Storage storage) noexcept {
  if (field.type == Type::kDate) return field.role == Role::kUntil ? kOpenUntilCode : kMissingDate;
  switch (storage) {
    case Storage::kByte:
      return kMissingByte;
    case Storage::kHalf:
      return kMissingHalf;
    default:
      return kMissingWord;
  }
}

std::size_t width_of(Storage storage) noexcept {
  switch (storage) {
    case Storage::kByte:
      return 1;
    case Storage::kHalf:
      return 2;
    case Storage::kWord:
      return 4;
    case Storage::kLong:
      return 8;
  }
  return 4;
}

TableRoles roles_of(const table::Schema& schema) {
  TableRoles roles;
  roles.unit = schema.find(Role::kUnit);
  roles.parent = schema.find(Role::kParent);
  roles.member = schema.find(Role::kMember);
  roles.subject = schema.find(Role::kSubject);
  roles.from = schema.find(Role::kFrom);
  roles.until = schema.find(Role::kUntil);
  roles.day = schema.find(Role::kDay);
  roles.period = schema.find(Role::kPeriod);
  roles.subject_type = schema.find("subject_type");
  if (roles.subject && roles.subject_type) {
    const auto& codes = schema.fields()[*roles.subject_type].codes;
    roles.subject_unit_code = codes->find("unit").value_or(kMissingByte);
    roles.subject_member_code = codes->find("member").value_or(kMissingByte);
  }
  return roles;
}

}  // namespace

Chunk::~Chunk() {
  for (std::size_t i = 0; i < count; ++i) std::free(arrays[i].load(std::memory_order_relaxed));
  std::free(recorded.load(std::memory_order_relaxed));
  std::free(superseded.load(std::memory_order_relaxed));
}

TableStore::TableStore(std::shared_ptr<const table::Schema> schema, TextHeap& text)
    : schema_(std::move(schema)), text_(text), roles_(roles_of(*schema_)) {
  for (const Field& field : schema_->fields()) {
    storage_.push_back(storage_of(field));
    missing_.push_back(missing_of(field, storage_.back()));
    words_.push_back(field.type == Type::kCode && field.codes == nullptr
                         ? std::make_unique<KeyIndex>(text_)
                         : nullptr);
  }
  storage_.insert(storage_.end(), kChains, Storage::kWord);
  missing_.insert(missing_.end(), kChains, kMissingWord);
}

TableStore::~TableStore() {
  for (std::uint32_t i = 0; i < chunk_count_; ++i) delete chunks_.get(i);
}

std::uint32_t TableStore::raw(std::size_t column, std::uint32_t row) const noexcept {
  const std::byte* array = chunk_of(row)->arrays[column].load(std::memory_order_acquire);
  if (array == nullptr) return missing_[column];
  const std::uint32_t at = row & (kChunkRows - 1);
  switch (storage_[column]) {
    case Storage::kByte:
      return static_cast<std::uint32_t>(array[at]);
    case Storage::kHalf: {
      std::uint16_t value = 0;
      std::memcpy(&value, array + std::size_t{at} * 2, 2);
      return value;
    }
    default: {
      std::uint32_t value = 0;
      std::memcpy(&value, array + std::size_t{at} * 4, 4);
      return value;
    }
  }
}

std::int64_t TableStore::wide(std::size_t column, std::uint32_t row) const noexcept {
  const std::byte* array = chunk_of(row)->arrays[column].load(std::memory_order_acquire);
  if (array == nullptr) return kMissingLong;
  std::int64_t value = 0;
  std::memcpy(&value, array + std::size_t{row & (kChunkRows - 1)} * 8, 8);
  return value;
}

std::uint32_t TableStore::recorded_at(std::uint32_t row) const noexcept {
  const Chunk& chunk = *chunk_of(row);
  const std::uint32_t* recorded = chunk.recorded.load(std::memory_order_acquire);
  return recorded == nullptr ? chunk.first_recorded : recorded[row & (kChunkRows - 1)];
}

std::uint32_t TableStore::superseded_at(std::uint32_t row) const noexcept {
  std::uint32_t* superseded = chunk_of(row)->superseded.load(std::memory_order_acquire);
  if (superseded == nullptr) return 0;
  return std::atomic_ref<std::uint32_t>(superseded[row & (kChunkRows - 1)])
      .load(std::memory_order_relaxed);
}

bool TableStore::is_known(std::uint32_t row, std::uint32_t commit) const noexcept {
  if (recorded_at(row) > commit) return false;
  const std::uint32_t end = superseded_at(row);
  return end == 0 || commit < end;
}

void TableStore::reserve_supersede(std::uint32_t row) {
  Chunk& chunk = *chunk_of(row);
  if (chunk.superseded.load(std::memory_order_relaxed) != nullptr) return;
  auto* words = static_cast<std::uint32_t*>(std::calloc(kChunkRows, sizeof(std::uint32_t)));
  if (words == nullptr) throw std::bad_alloc();
  chunk.superseded.store(words, std::memory_order_release);
}

void TableStore::supersede(std::uint32_t row, std::uint32_t commit) noexcept {
  std::uint32_t* words = chunk_of(row)->superseded.load(std::memory_order_relaxed);
  std::atomic_ref<std::uint32_t>(words[row & (kChunkRows - 1)])
      .store(commit, std::memory_order_relaxed);
}

std::uint32_t TableStore::rows_at(std::uint32_t commit) const noexcept {
  std::uint32_t low = 0;
  std::uint32_t high = mark_count_.load(std::memory_order_acquire);
  while (low < high) {  // first mark later than `commit`
    const std::uint32_t middle = low + (high - low) / 2;
    if (marks_.get(middle).commit <= commit) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low == 0 ? 0 : marks_.get(low - 1).rows;
}

std::uint32_t TableStore::newest(Chain chain, std::uint32_t slot) const noexcept {
  const StableArray<std::uint32_t>& heads = chain == Chain::kUnit ? unit_heads_ : member_heads_;
  return slot < heads.capacity() ? heads.get_shared(slot) : kMissingWord;
}

void TableStore::ensure_array(Chunk& chunk, std::size_t column, std::uint32_t rows_before) {
  if (chunk.arrays[column].load(std::memory_order_relaxed) != nullptr) return;
  const std::size_t width = width_of(storage_[column]);
  auto* array = static_cast<std::byte*>(std::malloc(kChunkRows * width));
  if (array == nullptr) throw std::bad_alloc();
  if (storage_[column] == Storage::kLong) {
    for (std::uint32_t i = 0; i < rows_before; ++i)
      std::memcpy(array + std::size_t{i} * 8, &kMissingLong, 8);
  } else {
    for (std::uint32_t i = 0; i < rows_before; ++i) {
      std::memcpy(array + std::size_t{i} * width, &missing_[column],
                  width);  // little-endian: the low bytes
    }
  }
  chunk.arrays[column].store(array, std::memory_order_release);
}

void TableStore::reserve(std::uint64_t rows, const std::vector<bool>& present,
                         std::uint64_t unit_slots, std::uint64_t member_slots) {
  const std::uint64_t end = rows_ + rows;
  const std::uint64_t chunks = (end + kChunkRows - 1) / kChunkRows;
  chunks_.reserve(chunks, nullptr);
  while (chunk_count_ < chunks) {
    chunks_.set(chunk_count_, new Chunk(storage_.size()));
    ++chunk_count_;
  }
  for (std::uint32_t number = rows_ / kChunkRows; number < chunks; ++number) {
    Chunk& chunk = *chunks_.get(number);
    const std::uint32_t before = number == rows_ / kChunkRows ? rows_ % kChunkRows : 0;
    for (std::size_t column = 0; column < storage_.size(); ++column) {
      if (present[column]) ensure_array(chunk, column, before);
    }
    if (before != 0 && chunk.recorded.load(std::memory_order_relaxed) == nullptr) {
      auto* recorded = static_cast<std::uint32_t*>(std::malloc(kChunkRows * sizeof(std::uint32_t)));
      if (recorded == nullptr) throw std::bad_alloc();
      std::fill_n(recorded, before, chunk.first_recorded);
      chunk.recorded.store(recorded, std::memory_order_release);
    }
  }
  if (present[field_count() + static_cast<std::size_t>(Chain::kUnit)])
    unit_heads_.reserve(unit_slots, kMissingWord);
  if (present[field_count() + static_cast<std::size_t>(Chain::kMember)]) {
    member_heads_.reserve(member_slots, kMissingWord);
  }
  marks_.reserve(std::uint64_t{mark_count_.load(std::memory_order_relaxed)} + 1, Mark{0, 0});
}

void TableStore::link(Chain chain, std::uint32_t slot, std::uint32_t row) noexcept {
  StableArray<std::uint32_t>& heads = chain == Chain::kUnit ? unit_heads_ : member_heads_;
  set(field_count() + static_cast<std::size_t>(chain), row, heads.get(slot));
  heads.set_shared(slot, row);
}

void TableStore::finish_append(std::uint32_t rows, std::uint32_t commit) noexcept {
  for (std::uint32_t row = rows_; row < rows_ + rows;) {
    Chunk& chunk = *chunk_of(row);
    const std::uint32_t at = row & (kChunkRows - 1);
    const std::uint32_t run = std::min(rows_ + rows - row, kChunkRows - at);
    if (at == 0) chunk.first_recorded = commit;
    std::uint32_t* recorded = chunk.recorded.load(std::memory_order_relaxed);
    if (recorded != nullptr) std::fill_n(recorded + at, run, commit);
    row += run;
  }
  rows_ += rows;
  const std::uint32_t count = mark_count_.load(std::memory_order_relaxed);
  marks_.set(count, Mark{commit, rows_});
  mark_count_.store(count + 1, std::memory_order_release);
}

std::uint64_t TableStore::memory_bytes() const noexcept {
  std::uint64_t bytes = unit_heads_.memory_bytes() + member_heads_.memory_bytes() +
                        marks_.memory_bytes() +
                        key_rows_.capacity() * (sizeof(std::uint64_t) + sizeof(std::uint32_t) + 4);
  for (std::uint32_t number = 0; number < chunk_count_; ++number) {
    const Chunk& chunk = *chunks_.get(number);
    const std::uint64_t rows =
        std::min<std::uint64_t>(rows_ - std::uint64_t{number} * kChunkRows, kChunkRows);
    for (std::size_t column = 0; column < storage_.size(); ++column) {
      if (chunk.arrays[column].load(std::memory_order_relaxed) != nullptr)
        bytes += rows * width_of(storage_[column]);
    }
    if (chunk.recorded.load(std::memory_order_relaxed) != nullptr) bytes += rows * 4;
    if (chunk.superseded.load(std::memory_order_relaxed) != nullptr)
      bytes += std::uint64_t{kChunkRows} * 4;
  }
  for (const auto& words : words_) {
    if (words != nullptr) bytes += words->memory_bytes();
  }
  return bytes;
}

}  // namespace dangbo::inline v1::registry
