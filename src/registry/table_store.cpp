#include "registry/table_store.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#include "registry/blocks.hpp"

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

Packing packing_of(const Field& field) noexcept {
  if (field.type == Type::kDate) return Packing::kDate;
  if (storage_of(field) == Storage::kHalf) return Packing::kCode;
  return field.type == Type::kText && !is_plain_text(field) ? Packing::kSlot : Packing::kNone;
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

bool is_reference(Role role) noexcept {
  return role == Role::kUnit || role == Role::kParent || role == Role::kMember ||
         role == Role::kSubject;
}

FieldLists lists_of(const table::Schema& schema) {
  FieldLists lists;
  for (std::uint32_t at = 0; at < schema.fields().size(); ++at) {
    const Field& field = schema.fields()[at];
    if (is_reference(field.role)) lists.references.push_back(at);
    if (field.role == Role::kDecision) lists.decisions.push_back(at);
    if (field.required) lists.required.push_back(at);
    if (storage_of(field) == Storage::kLong) lists.longs.push_back(at);
  }
  return lists;
}

bool is_found_by_key(const table::Schema& schema) noexcept {
  return !schema.natural_key().empty() && schema.name() != kUnitsTable &&
         schema.name() != kMembersTable && schema.name() != kMembershipsTable;
}

}  // namespace

Chunk::~Chunk() {
  if (!borrows) {
    for (std::size_t i = 0; i < count; ++i) {
      const ColumnWord word = columns[i].load(std::memory_order_relaxed);
      if ((word & kFormBits) != kRampForm) give_block(address_of(word));
    }
    give_block(recorded.load(std::memory_order_relaxed));
  }
  give_block(superseded.load(std::memory_order_relaxed));
}

TableStore::TableStore(std::shared_ptr<const table::Schema> schema, TextHeap& text)
    : schema_(std::move(schema)),
      text_(text),
      roles_(roles_of(*schema_)),
      has_key_chain_(is_found_by_key(*schema_)),
      lists_(lists_of(*schema_)) {
  for (const Field& field : schema_->fields()) {
    traits_.push_back({.type = field.type,
                       .role = field.role,
                       .required = field.required,
                       .is_plain_text = is_plain_text(field),
                       .grows = field.type == Type::kCode && field.codes == nullptr});
    storage_.push_back(storage_of(field));
    packing_.push_back(packing_of(field));
    missing_.push_back(missing_of(field, storage_.back()));
    words_.push_back(field.type == Type::kCode && field.codes == nullptr
                         ? std::make_unique<KeyIndex>(text_)
                         : nullptr);
  }
  storage_.insert(storage_.end(), kChains, Storage::kWord);
  packing_.insert(packing_.end(), kChains, Packing::kChain);
  missing_.insert(missing_.end(), kChains, kMissingWord);
}

TableStore::TableStore(const TableStore& base, std::uint32_t commit, TextHeap& text)
    : schema_(base.schema_),
      text_(text),
      roles_(base.roles_),
      has_key_chain_(base.has_key_chain_),
      traits_(base.traits_),
      lists_(base.lists_),
      storage_(base.storage_),
      packing_(base.packing_),
      missing_(base.missing_),
      base_(&base),
      base_rows_(base.rows_at(commit)),
      base_commit_(commit) {
  for (const auto& words : base.words_) {
    words_.push_back(words == nullptr ? nullptr
                                      : std::make_unique<KeyIndex>(*words, words->size(), text_));
  }
  rows_ = base_rows_;
  const std::uint32_t chunks = (base_rows_ + kChunkRows - 1) / kChunkRows;
  chunks_.reserve(chunks, nullptr);
  for (; chunk_count_ < chunks; ++chunk_count_)
    chunks_.set(chunk_count_, base.chunks_.get_shared(chunk_count_));
}

TableStore::~TableStore() {
  free_outlived();
  for (std::uint32_t i = 0; i < chunk_count_; ++i) {
    if (chunks_.get(i)->owner == this) delete chunks_.get(i);
  }
}

std::uint32_t TableStore::raw(std::size_t column, std::uint32_t row) const noexcept {
  const ColumnWord word = chunk_of(row)->columns[column].load(std::memory_order_acquire);
  if (word == 0) return missing_[column];
  if ((word & kFormBits) != kWideForm)
    return packed_value(packing_[column], word, row, missing_[column]);
  const std::byte* array = address_of(word);
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

namespace {

template <typename Stored>
void widen(const std::byte* array, std::size_t at, std::span<std::uint32_t> out) noexcept {
  for (std::size_t i = 0; i < out.size(); ++i) {
    Stored value;
    std::memcpy(&value, array + (at + i) * sizeof(Stored), sizeof(Stored));
    out[i] = value;
  }
}

// Hands on the parts of [first, first + count) that stand in one chunk each: first row, offset in
// the whole, length.
template <typename Take>
void each_run(std::uint32_t first, std::size_t count, Take take) noexcept {
  for (std::size_t done = 0; done < count;) {
    const std::uint32_t row = first + static_cast<std::uint32_t>(done);
    const std::size_t run =
        std::min<std::size_t>(count - done, kChunkRows - (row & (kChunkRows - 1)));
    take(row, done, run);
    done += run;
  }
}

}  // namespace

void TableStore::read(std::size_t column, std::uint32_t first,
                      std::span<std::uint32_t> out) const noexcept {
  each_run(first, out.size(), [&](std::uint32_t row, std::size_t done, std::size_t run) {
    const std::span<std::uint32_t> part = out.subspan(done, run);
    const ColumnWord word = chunk_of(row)->columns[column].load(std::memory_order_acquire);
    const std::size_t at = row & (kChunkRows - 1);
    if (word == 0) {
      std::fill(part.begin(), part.end(), missing_[column]);
    } else if ((word & kFormBits) != kWideForm) {
      read_packed(packing_[column], word, row, missing_[column], part);
    } else if (storage_[column] == Storage::kByte) {
      widen<std::uint8_t>(address_of(word), at, part);
    } else if (storage_[column] == Storage::kHalf) {
      widen<std::uint16_t>(address_of(word), at, part);
    } else {
      widen<std::uint32_t>(address_of(word), at, part);
    }
  });
}

bool TableStore::read_known(std::uint32_t first, std::uint32_t commit,
                            std::span<std::uint8_t> out) const noexcept {
  bool any_unknown = false;
  each_run(first, out.size(), [&](std::uint32_t row, std::size_t, std::size_t) {
    const Chunk& chunk = *chunk_of(row);
    any_unknown = any_unknown || chunk.superseded.load(std::memory_order_acquire) != nullptr ||
                  chunk.recorded.load(std::memory_order_acquire) != nullptr ||
                  chunk.first_recorded > commit;
  });
  if (!any_unknown) return false;
  for (std::uint32_t i = 0; i < out.size(); ++i) out[i] = is_known(first + i, commit) ? 1 : 0;
  return true;
}

std::int64_t TableStore::wide(std::size_t column, std::uint32_t row) const noexcept {
  const std::byte* array =
      address_of(chunk_of(row)->columns[column].load(std::memory_order_acquire));
  if (array == nullptr) return kMissingLong;
  std::int64_t value = 0;
  std::memcpy(&value, array + std::size_t{row & (kChunkRows - 1)} * 8, 8);
  return value;
}

void TableStore::prefetch(std::uint32_t row) const noexcept {
  const Chunk& chunk = *chunk_of(row);
  const std::size_t at = row & (kChunkRows - 1);
  for (std::size_t column = 0; column < storage_.size(); ++column) {
    const ColumnWord word = chunk.columns[column].load(std::memory_order_acquire);
    const ColumnWord form = word & kFormBits;
    if (word == 0 || form == kRampForm) continue;
    const std::size_t width =
        form == kWideForm ? width_of(storage_[column]) : packed_width(packing_[column]);
    __builtin_prefetch(address_of(word) + at * width);
  }
  if (const std::uint32_t* words = chunk.superseded.load(std::memory_order_acquire))
    __builtin_prefetch(words + at, 1);
}

std::uint32_t TableStore::recorded_at(std::uint32_t row) const noexcept {
  const Chunk& chunk = *chunk_of(row);
  const std::uint32_t* recorded = chunk.recorded.load(std::memory_order_acquire);
  return recorded == nullptr ? chunk.first_recorded : recorded[row & (kChunkRows - 1)];
}

std::uint32_t TableStore::superseded_at(std::uint32_t row) const noexcept {
  const Chunk& chunk = *chunk_of(row);
  std::uint32_t* superseded = chunk.superseded.load(std::memory_order_acquire);
  if (superseded == nullptr) return 0;
  const std::uint32_t commit = std::atomic_ref<std::uint32_t>(superseded[row & (kChunkRows - 1)])
                                   .load(std::memory_order_relaxed);
  // A chunk still shared with a base may have been marked by that base's later commits.
  return commit > known_of(chunk) ? 0 : commit;
}

std::uint32_t TableStore::known_of(const Chunk& chunk) const noexcept {
  std::uint32_t known = kMissingWord;
  for (const TableStore* store = this; store != chunk.owner; store = store->base_)
    known = store->base_commit_;
  return known;
}

bool TableStore::is_known(std::uint32_t row, std::uint32_t commit) const noexcept {
  if (recorded_at(row) > commit) return false;
  const std::uint32_t end = superseded_at(row);
  return end == 0 || commit < end;
}

void TableStore::reserve_supersede(std::uint32_t row) {
  Chunk& chunk = own_marks(row >> 16);
  if (chunk.superseded.load(std::memory_order_relaxed) != nullptr) return;
  auto* words = static_cast<std::uint32_t*>(take_block(kChunkRows * sizeof(std::uint32_t)));
  if (words == nullptr) throw std::bad_alloc();
  std::fill_n(words, kChunkRows, 0U);
  chunk.superseded.store(words, std::memory_order_release);
}

void TableStore::supersede(std::uint32_t row, std::uint32_t commit) noexcept {
  std::uint32_t* words = chunk_of(row)->superseded.load(std::memory_order_relaxed);
  std::atomic_ref<std::uint32_t>(words[row & (kChunkRows - 1)])
      .store(commit, std::memory_order_relaxed);
}

std::uint32_t TableStore::rows_at(std::uint32_t commit) const noexcept {
  if (base_ != nullptr && commit <= base_commit_) return base_->rows_at(commit);
  std::uint32_t low = 0;
  std::uint32_t high = mark_count_.load(std::memory_order_acquire);
  // Mostly the latest state is asked for.
  if (high != 0 && marks_.get(high - 1).commit <= commit) return marks_.get(high - 1).rows;
  while (low < high) {  // first mark later than `commit`
    const std::uint32_t middle = low + (high - low) / 2;
    if (marks_.get(middle).commit <= commit) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low == 0 ? base_rows_ : marks_.get(low - 1).rows;
}

std::uint32_t TableStore::skip_newer(Chain chain, std::uint32_t row) const noexcept {
  while (row != kMissingWord && row >= base_rows_) row = base_->previous(chain, row);
  return row;
}

std::uint32_t TableStore::newest_of_key(std::uint64_t hash) const noexcept {
  const std::uint32_t own = key_rows_.find(hash);
  if (own != kMissingWord || base_ == nullptr) return own;
  return skip_newer(Chain::kKey, base_->newest_of_key(hash));
}

void TableStore::link_key(std::uint64_t hash, std::uint32_t row) noexcept {
  set(field_count() + static_cast<std::size_t>(Chain::kKey), row, newest_of_key(hash));
  key_rows_.set(hash, row);
}

std::uint32_t TableStore::newest(Chain chain, std::uint32_t slot) const noexcept {
  if (base_ != nullptr) {
    const std::uint32_t own =
        (chain == Chain::kUnit ? own_unit_heads_ : own_member_heads_).find(slot);
    return own != kMissingWord ? own : skip_newer(chain, base_->newest(chain, slot));
  }
  const StableArray<std::uint32_t>& heads = chain == Chain::kUnit ? unit_heads_ : member_heads_;
  return slot < heads.capacity() ? heads.get_shared(slot) : kMissingWord;
}

void TableStore::ensure_array(Chunk& chunk, std::size_t column, std::uint32_t rows_before) {
  if (chunk.columns[column].load(std::memory_order_relaxed) != 0) return;
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
  chunk.columns[column].store(reinterpret_cast<ColumnWord>(array), std::memory_order_release);
}

void TableStore::replace_chunk(std::uint32_t number, std::unique_ptr<Chunk> chunk) noexcept {
  chunks_.set_shared(number, chunk.release());
}

namespace {

template <typename T>
T* copy_of(const T* from, std::size_t used, std::size_t whole) {
  auto* to = static_cast<T*>(std::calloc(whole, sizeof(T)));
  if (to == nullptr) throw std::bad_alloc();
  std::memcpy(to, from, used * sizeof(T));
  return to;
}

}  // namespace

Chunk& TableStore::own_marks(std::uint32_t number) {
  Chunk& shared = *chunks_.get(number);
  if (shared.owner == this) return shared;
  auto own = std::make_unique<Chunk>(*this, storage_.size());
  own->borrows = true;
  own->first_recorded = shared.first_recorded;
  own->recorded.store(shared.recorded.load(std::memory_order_acquire), std::memory_order_relaxed);
  for (std::size_t column = 0; column < storage_.size(); ++column) {
    own->columns[column].store(shared.columns[column].load(std::memory_order_acquire),
                               std::memory_order_relaxed);
  }
  if (std::uint32_t* words = shared.superseded.load(std::memory_order_acquire)) {
    auto* copy = static_cast<std::uint32_t*>(std::calloc(kChunkRows, sizeof(std::uint32_t)));
    if (copy == nullptr) throw std::bad_alloc();
    const std::uint32_t known = known_of(shared);
    const std::uint32_t rows = std::min(base_rows_ - number * kChunkRows, kChunkRows);
    for (std::uint32_t i = 0; i < rows; ++i) {
      const std::uint32_t commit =
          std::atomic_ref<std::uint32_t>(words[i]).load(std::memory_order_relaxed);
      copy[i] = commit > known ? 0 : commit;
    }
    own->superseded.store(copy, std::memory_order_relaxed);
  }
  replace_chunk(number, std::move(own));
  return *chunks_.get(number);
}

Chunk& TableStore::own_rows(std::uint32_t number, std::uint32_t rows) {
  Chunk& marked = own_marks(number);
  if (!marked.borrows) return marked;
  auto own = std::make_unique<Chunk>(*this, storage_.size());
  own->first_recorded = marked.first_recorded;
  for (std::size_t column = 0; column < storage_.size(); ++column) {
    // A chunk that still grows is never packed.
    const std::size_t width = width_of(storage_[column]);
    const ColumnWord word = marked.columns[column].load(std::memory_order_acquire);
    if (word == 0) continue;
    own->columns[column].store(
        reinterpret_cast<ColumnWord>(copy_of(address_of(word), rows * width, kChunkRows * width)),
        std::memory_order_relaxed);
  }
  if (const std::uint32_t* recorded = marked.recorded.load(std::memory_order_acquire)) {
    own->recorded.store(copy_of(recorded, rows, kChunkRows), std::memory_order_relaxed);
  }
  if (const std::uint32_t* words = marked.superseded.load(std::memory_order_acquire)) {
    own->superseded.store(copy_of(words, rows, kChunkRows), std::memory_order_relaxed);
  }
  replaced_chunks_.reserve(replaced_chunks_.size() + 1);
  replaced_chunks_.emplace_back(&marked);
  replace_chunk(number, std::move(own));
  return *chunks_.get(number);
}

std::vector<std::uint32_t> TableStore::superseded_of_base() const {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t number = 0; number < chunk_count_; ++number) {
    const Chunk& chunk = *chunks_.get(number);
    if (chunk.owner != this || chunk.superseded.load(std::memory_order_relaxed) == nullptr)
      continue;
    const std::uint32_t first = number * kChunkRows;
    for (std::uint32_t row = first; row < base_rows_ && row - first < kChunkRows; ++row) {
      if (superseded_at(row) > base_commit_) rows.push_back(row);
    }
  }
  return rows;
}

void TableStore::reserve(std::uint64_t rows, std::span<const bool> present,
                         std::uint64_t unit_slots, std::uint64_t member_slots) {
  const std::uint64_t end = rows_ + rows;
  const std::uint64_t chunks = (end + kChunkRows - 1) / kChunkRows;
  chunks_.reserve(chunks, nullptr);
  outlived_.reserve(outlived_.size() + (chunks - rows_ / kChunkRows) * kChains);
  while (chunk_count_ < chunks) {
    chunks_.set_shared(chunk_count_, new Chunk(*this, storage_.size()));
    ++chunk_count_;
  }
  for (std::uint32_t number = rows_ / kChunkRows; number < chunks; ++number) {
    const std::uint32_t before = number == rows_ / kChunkRows ? rows_ % kChunkRows : 0;
    Chunk& chunk = own_rows(number, before);
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
  const bool has_units = present[field_count() + static_cast<std::size_t>(Chain::kUnit)];
  const bool has_members = present[field_count() + static_cast<std::size_t>(Chain::kMember)];
  if (base_ != nullptr) {
    if (has_units) own_unit_heads_.reserve(rows);
    if (has_members) own_member_heads_.reserve(rows);
  } else {
    if (has_units) unit_heads_.reserve(unit_slots, kMissingWord);
    if (has_members) member_heads_.reserve(member_slots, kMissingWord);
  }
  marks_.reserve(std::uint64_t{mark_count_.load(std::memory_order_relaxed)} + 1, Mark{0, 0});
}

void TableStore::set_missing(std::size_t column, std::uint32_t row) noexcept {
  const ColumnWord word = chunk_of(row)->columns[column].load(std::memory_order_relaxed);
  if ((word & kFormBits) == kNarrowForm) {
    put_missing(packing_[column], word, row);
  } else {
    set(column, row, missing_[column]);
  }
}

void TableStore::link(Chain chain, std::uint32_t slot, std::uint32_t row) noexcept {
  if (base_ != nullptr) {
    set(field_count() + static_cast<std::size_t>(chain), row, newest(chain, slot));
    (chain == Chain::kUnit ? own_unit_heads_ : own_member_heads_).set(slot, row);
    return;
  }
  StableArray<std::uint32_t>& heads = chain == Chain::kUnit ? unit_heads_ : member_heads_;
  set(field_count() + static_cast<std::size_t>(chain), row, heads.get(slot));
  heads.set_shared(slot, row);
}

void TableStore::free_outlived() noexcept {
  for (std::byte* array : outlived_) give_block(array);
  outlived_.clear();
}

void TableStore::finish_append(std::uint32_t rows, std::uint32_t commit,
                               bool has_readers) noexcept {
  for (std::uint32_t row = rows_; row < rows_ + rows;) {
    Chunk& chunk = *chunk_of(row);
    const std::uint32_t at = row & (kChunkRows - 1);
    const std::uint32_t run = std::min(rows_ + rows - row, kChunkRows - at);
    if (at == 0) chunk.first_recorded = commit;
    std::uint32_t* recorded = chunk.recorded.load(std::memory_order_relaxed);
    if (recorded != nullptr) std::fill_n(recorded + at, run, commit);
    if (run == kChunkRows) seal(row >> 16, has_readers);
    row += run;
  }
  rows_ += rows;
  const std::uint32_t count = mark_count_.load(std::memory_order_relaxed);
  marks_.set(count, Mark{commit, rows_});
  mark_count_.store(count + 1, std::memory_order_release);
}

namespace {

// A full wide array among other blocks; where it stands when there is no memory.
ColumnWord settled(std::byte* array, std::size_t width) noexcept {
  void* block = take_block(kChunkRows * width);
  if (block == nullptr) return reinterpret_cast<ColumnWord>(array);
  std::memcpy(block, array, kChunkRows * width);
  return reinterpret_cast<ColumnWord>(block);
}

}  // namespace

void TableStore::seal(std::uint32_t number, bool has_readers) noexcept {
  Chunk& chunk = *chunks_.get(number);
  for (std::size_t column = 0; column < storage_.size(); ++column) {
    const ColumnWord word = chunk.columns[column].load(std::memory_order_relaxed);
    if (word == 0 || (word & kFormBits) != kWideForm) continue;
    const bool is_empty =
        storage_[column] != Storage::kLong &&
        holds_nothing(address_of(word), width_of(storage_[column]), missing_[column]);
    ColumnWord packed =
        is_empty ? 0
                 : pack(packing_[column], address_of(word), number * kChunkRows, missing_[column]);
    if (packed == 0 && !is_empty) packed = settled(address_of(word), width_of(storage_[column]));
    if (packed == word) continue;
    chunk.columns[column].store(packed, std::memory_order_release);
    if (has_readers && column >= field_count()) {
      outlived_.push_back(address_of(word));
    } else {
      give_block(address_of(word));
    }
  }
}

std::uint64_t TableStore::bytes_of(std::size_t column) const noexcept {
  const std::uint64_t width = width_of(storage_[column]);
  std::uint64_t bytes = 0;
  for (std::uint32_t number = 0; number < chunk_count_; ++number) {
    const Chunk& chunk = *chunks_.get(number);
    if (chunk.owner != this || chunk.borrows) continue;
    const ColumnWord word = chunk.columns[column].load(std::memory_order_relaxed);
    const std::uint64_t rows =
        std::min<std::uint64_t>(rows_ - std::uint64_t{number} * kChunkRows, kChunkRows);
    bytes += (word & kFormBits) == kWideForm ? (word == 0 ? 0 : rows * width)
                                             : column_bytes(packing_[column], word, width);
  }
  return bytes;
}

std::uint64_t TableStore::text_reference_bytes() const noexcept {
  std::uint64_t bytes = 0;
  for (std::size_t field = 0; field < field_count(); ++field) {
    if (is_plain_text(schema_->fields()[field])) bytes += bytes_of(field);
  }
  return bytes;
}

std::uint64_t TableStore::hot_bytes() const noexcept {
  std::uint64_t bytes = unit_heads_.memory_bytes() + member_heads_.memory_bytes() +
                        own_unit_heads_.memory_bytes() + own_member_heads_.memory_bytes() +
                        marks_.memory_bytes() + key_rows_.memory_bytes();
  for (std::size_t column = 0; column < storage_.size(); ++column) {
    if (column >= field_count() || !is_plain_text(schema_->fields()[column]))
      bytes += bytes_of(column);
  }
  for (std::uint32_t number = 0; number < chunk_count_; ++number) {
    const Chunk& chunk = *chunks_.get(number);
    if (chunk.owner != this) continue;
    const std::uint64_t word_array = std::uint64_t{kChunkRows} * sizeof(std::uint32_t);
    if (chunk.recorded.load(std::memory_order_relaxed) != nullptr && !chunk.borrows)
      bytes += word_array;
    if (chunk.superseded.load(std::memory_order_relaxed) != nullptr) bytes += word_array;
  }
  for (const auto& words : words_) {
    if (words != nullptr) bytes += words->memory_bytes();
  }
  return bytes;
}

}  // namespace dangbo::inline v1::registry
