// The rows of one table: append-only chunks at fixed addresses, one array per column, chains per
// entity.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "dangbo/base/ids.hpp"
#include "dangbo/registry/storage.hpp"
#include "dangbo/table/schema.hpp"
#include "registry/growing_map.hpp"
#include "registry/key_index.hpp"
#include "registry/packing.hpp"
#include "registry/stable_array.hpp"
#include "registry/text_heap.hpp"

namespace dangbo::inline v1::registry {

using base::CommitNumber;
using base::RowId;

// Tables the registry knows by name.
inline constexpr std::string_view kUnitsTable = "units";
inline constexpr std::string_view kMembersTable = "members";
inline constexpr std::string_view kMembershipsTable = "memberships";
inline constexpr std::string_view kDecisionsTable = "decisions";
inline constexpr std::string_view kUnitEventsTable = "unit_events";
inline constexpr std::string_view kBaselinesTable = "baselines";

class TableStore;

// 64 Ki rows. A column without any value so far has no array; readers take that as all missing. A
// chunk that one commit filled is packed before readers learn of it.
struct Chunk {
  Chunk(const TableStore& of, std::size_t columns_in)
      : owner(&of), columns(new std::atomic<ColumnWord>[columns_in]()), count(columns_in) {}
  ~Chunk();
  Chunk(const Chunk&) = delete;
  Chunk& operator=(const Chunk&) = delete;

  const TableStore* owner;  // a fork reads chunks of its base until it writes to them
  bool borrows = false;     // columns and `recorded` belong to a chunk of the base
  std::unique_ptr<std::atomic<ColumnWord>[]> columns;
  std::size_t count;
  std::uint32_t first_recorded = 0;  // commit of the first row
  std::atomic<std::uint32_t*> recorded{
      nullptr};  // one word a row once the chunk holds rows of several commits
  std::atomic<std::uint32_t*> superseded{
      nullptr};  // one word a row from the first correction on; 0 = still valid
};

// Extra columns behind the schema's fields: the previous row of the same unit, member, natural key,
// and the row that a correction replaced.
enum class Chain : std::uint8_t { kUnit = 0, kMember = 1, kKey = 2, kVersion = 3 };
inline constexpr std::size_t kChains = 4;

// Where a table's columns stand in the roles the registry cares for.
struct TableRoles {
  std::optional<std::size_t> unit;          // first kUnit field
  std::optional<std::size_t> parent;        // kParent
  std::optional<std::size_t> member;        // first kMember field
  std::optional<std::size_t> subject;       // kSubject
  std::optional<std::size_t> subject_type;  // code field that says what the subject is
  std::uint32_t subject_unit_code = 0;      // its code for "unit"
  std::uint32_t subject_member_code = 0;
  std::optional<std::size_t> from;
  std::optional<std::size_t> until;
  std::optional<std::size_t> day;
  std::optional<std::size_t> period;
};

// A text that is kept as text: neither a code nor the key of a unit or member.
[[nodiscard]] inline bool is_plain_text(const table::Field& field) noexcept {
  return field.type == table::Type::kText && field.role != table::Role::kUnit &&
         field.role != table::Role::kParent && field.role != table::Role::kMember &&
         field.role != table::Role::kSubject;
}

// What the registry asks of a field for every change, close together.
struct FieldTraits {
  table::Type type;
  table::Role role;
  bool required;
  bool is_plain_text;
  bool grows;  // a code whose vocabulary grows with the data
};

// Fields by what a change is asked about them, ascending.
struct FieldLists {
  std::vector<std::uint32_t> references;  // name a unit or a member
  std::vector<std::uint32_t> decisions;
  std::vector<std::uint32_t> required;
  std::vector<std::uint32_t> longs;  // Storage::kLong
};

// One writer; readers see rows below the count they learnt from a commit.
class TableStore {
 public:
  TableStore(std::shared_ptr<const table::Schema> schema, TextHeap& text);
  // A store that begins with the rows of `base` known at `commit` and adds and supersedes rows of
  // its own. `base` outlives it and may be written meanwhile. Throws std::bad_alloc. O(chunks).
  TableStore(const TableStore& base, std::uint32_t commit, TextHeap& text);
  TableStore(const TableStore&) = delete;
  TableStore& operator=(const TableStore&) = delete;
  ~TableStore();

  [[nodiscard]] const table::Schema& schema() const noexcept { return *schema_; }
  [[nodiscard]] const std::shared_ptr<const table::Schema>& shared_schema() const noexcept {
    return schema_;
  }
  // Its place among the registry's tables.
  [[nodiscard]] std::uint32_t number() const noexcept { return number_; }
  void set_number(std::uint32_t number) noexcept { number_ = number; }
  [[nodiscard]] const TableRoles& roles() const noexcept { return roles_; }
  // Rows about a member are found through the member alone: a unit may have millions.
  [[nodiscard]] bool has_unit_chain() const noexcept {
    return roles_.subject || (roles_.unit && !roles_.member);
  }
  // Whether the natural key is looked up through its own index: units, members and memberships are
  // found through their entity's chain instead.
  [[nodiscard]] bool has_key_chain() const noexcept { return has_key_chain_; }
  [[nodiscard]] const FieldTraits& traits(std::size_t field) const noexcept {
    return traits_[field];
  }
  [[nodiscard]] const FieldLists& lists() const noexcept { return lists_; }
  [[nodiscard]] Storage storage(std::size_t column) const noexcept { return storage_[column]; }
  [[nodiscard]] const TextHeap& text() const noexcept { return text_; }
  [[nodiscard]] TextHeap& text() noexcept { return text_; }
  [[nodiscard]] std::size_t field_count() const noexcept { return traits_.size(); }
  // The growing vocabulary of a kCode field without a CodeSet; null for others.
  [[nodiscard]] KeyIndex* words(std::size_t field) const noexcept { return words_[field].get(); }

  // --- reading
  [[nodiscard]] std::uint32_t raw(std::size_t column, std::uint32_t row) const noexcept;
  // `raw` of the rows from `first` on. REQUIRES: the column is not kLong.
  void read(std::size_t column, std::uint32_t first, std::span<std::uint32_t> out) const noexcept;
  [[nodiscard]] std::int64_t wide(std::size_t column, std::uint32_t row) const noexcept;
  [[nodiscard]] std::uint32_t missing(std::size_t column) const noexcept {
    return missing_[column];
  }
  [[nodiscard]] bool is_known(std::uint32_t row, std::uint32_t commit) const noexcept;
  // `is_known` of the rows from `first` on, 1 or 0; false, with nothing written, when all are.
  bool read_known(std::uint32_t first, std::uint32_t commit,
                  std::span<std::uint8_t> out) const noexcept;
  // The commit that corrected or withdrew the row; 0 when none did.
  [[nodiscard]] std::uint32_t superseded_at(std::uint32_t row) const noexcept;
  [[nodiscard]] std::uint32_t recorded_at(std::uint32_t row) const noexcept;
  [[nodiscard]] std::uint32_t rows_at(std::uint32_t commit) const noexcept;
  [[nodiscard]] std::uint32_t newest(Chain chain, std::uint32_t slot) const noexcept;
  [[nodiscard]] std::uint32_t previous(Chain chain, std::uint32_t row) const noexcept {
    return raw(field_count() + static_cast<std::size_t>(chain), row);
  }

  // --- writing (one thread)
  [[nodiscard]] std::uint32_t row_count() const noexcept {
    return rows_;
  }  // appended, published or not
  // Makes room for `rows` more rows whose columns listed in `present` have values, and for chain
  // heads up to the given slots. Throws std::bad_alloc.
  void reserve(std::uint64_t rows, std::span<const bool> present, std::uint64_t unit_slots,
               std::uint64_t member_slots);
  // Whether the row has a place for a value of the column: else it is missing. REQUIRES: room
  // made for the row.
  [[nodiscard]] bool has_place(std::size_t column, std::uint32_t row) const noexcept {
    return chunk_of(row)->columns[column].load(std::memory_order_relaxed) != 0;
  }
  // Whether `rows` more rows can hold values of the column as things are.
  [[nodiscard]] bool has_room(std::size_t column, std::uint64_t rows) const noexcept {
    const std::uint32_t at = rows_ & (kChunkRows - 1);
    return at != 0 && at + rows <= kChunkRows && has_place(column, rows_) &&
           chunk_of(rows_)->owner == this;
  }
  // Tells the processor that the row will be looked at, or where the newest one stands.
  void prefetch(std::uint32_t row) const noexcept;
  void prefetch_newest(Chain chain, std::uint32_t slot) const noexcept {
    const StableArray<std::uint32_t>& heads = chain == Chain::kUnit ? unit_heads_ : member_heads_;
    if (slot < heads.capacity()) heads.prefetch(slot);
  }
  // Writes rows [first, first + count) of a column, value_of(i) being the number of row first + i:
  // std::uint32_t, or std::int64_t for kLong columns. Chunks that reserve() was told need no array
  // are skipped: all of it is missing.
  template <typename Value>
  void fill(std::size_t column, std::uint32_t first, std::uint32_t count, Value value_of) noexcept;
  // As fill for one row of every field that is not kLong, value_of(field) being its number.
  template <typename Value>
  void fill_row(std::uint32_t row, Value value_of) noexcept;
  // One value of a column that is not kLong; as fill does.
  void set(std::size_t column, std::uint32_t row, std::uint32_t value) noexcept;
  // The newest row of a natural key by its hash; kMissingWord when there is none.
  [[nodiscard]] std::uint32_t newest_of_key(std::uint64_t hash) const noexcept;
  // Rows of the base that a fork begins with; 0 for a store of its own.
  [[nodiscard]] std::uint32_t base_rows() const noexcept { return base_rows_; }
  // Rows of the base that this fork superseded, ascending. O(rows of the chunks concerned).
  [[nodiscard]] std::vector<std::uint32_t> superseded_of_base() const;

  // Makes room to supersede `row`. Throws std::bad_alloc.
  void reserve_supersede(std::uint32_t row);
  // The row is known no longer from `commit` on. REQUIRES: room made.
  void supersede(std::uint32_t row, std::uint32_t commit) noexcept;
  // Erases a value of a stored row. REQUIRES: no reader; not a kLong column.
  void set_missing(std::size_t column, std::uint32_t row) noexcept;
  void link(Chain chain, std::uint32_t slot, std::uint32_t row) noexcept;
  // Rows [row_count, row_count + rows) have been set: they belong to `commit`.
  // `has_readers`: snapshots of earlier commits may be walking along the chains.
  void finish_append(std::uint32_t rows, std::uint32_t commit, bool has_readers) noexcept;
  // Frees what readers of earlier commits might still have looked at. REQUIRES: there are none.
  void free_outlived() noexcept;

  // Natural keys: the row is the newest of its key; Chain::kKey leads to older ones.
  void reserve_keys(std::uint64_t count) { key_rows_.reserve(count); }
  void link_key(std::uint64_t hash, std::uint32_t row) noexcept;

  // Bytes of our own: rows and indexes, apart from references to text.
  [[nodiscard]] std::uint64_t hot_bytes() const noexcept;
  [[nodiscard]] std::uint64_t text_reference_bytes() const noexcept;

 private:
  [[nodiscard]] std::uint64_t bytes_of(std::size_t column) const noexcept;
  // Commit `commit` ended with `rows` rows in the table.
  struct Mark {
    std::uint32_t commit;
    std::uint32_t rows;
  };
  void ensure_array(Chunk& chunk, std::size_t column, std::uint32_t rows_before);
  [[nodiscard]] Chunk* chunk_of(std::uint32_t row) const noexcept {
    return chunks_.get_shared(row >> 16);
  }
  // The last commit of the chunk's owner that this store knows of; all of its own.
  [[nodiscard]] std::uint32_t known_of(const Chunk& chunk) const noexcept;
  // A fork's own chunk in place of the base's: with marks of its own, or with everything of its own
  // for the first `rows` rows.
  Chunk& own_marks(std::uint32_t number);
  Chunk& own_rows(std::uint32_t number, std::uint32_t rows);
  void replace_chunk(std::uint32_t number, std::unique_ptr<Chunk> chunk) noexcept;
  // Packs a full chunk that no reader knows yet. Readers on their way along a chain may pass its
  // rows nevertheless: with readers, the wide arrays of chains live on.
  void seal(std::uint32_t number, bool has_readers) noexcept;
  [[nodiscard]] std::uint32_t skip_newer(Chain chain, std::uint32_t row) const noexcept;

  std::shared_ptr<const table::Schema> schema_;
  TextHeap& text_;
  TableRoles roles_;
  bool has_key_chain_ = false;
  std::uint32_t number_ = 0;
  std::vector<FieldTraits> traits_;
  FieldLists lists_;
  std::vector<Storage> storage_;  // fields, then the chains
  std::vector<Packing> packing_;  // the same
  std::vector<std::uint32_t> missing_;
  std::vector<std::unique_ptr<KeyIndex>> words_;
  StableArray<Chunk*, 6, 10> chunks_;
  std::uint32_t chunk_count_ = 0;
  std::uint32_t rows_ = 0;
  StableArray<std::uint32_t> unit_heads_;
  StableArray<std::uint32_t> member_heads_;
  StableArray<Mark, 10, 16> marks_;
  std::atomic<std::uint32_t> mark_count_{0};
  GrowingMap key_rows_;
  // Of a fork.
  const TableStore* base_ = nullptr;
  std::uint32_t base_rows_ = 0;
  std::uint32_t base_commit_ = 0;
  GrowingMap own_unit_heads_;
  GrowingMap own_member_heads_;
  std::vector<std::byte*> outlived_;                     // arrays of packed chains
  std::vector<std::unique_ptr<Chunk>> replaced_chunks_;  // readers may still look at them
};

namespace detail {

template <typename Stored, typename Value>
void store_run(std::byte* array, std::uint32_t at, std::uint32_t begin, std::uint32_t end,
               Value& value_of) noexcept {
  for (std::uint32_t i = begin; i < end; ++i, ++at) {
    const auto value = static_cast<Stored>(value_of(i));
    std::memcpy(array + std::size_t{at} * sizeof(Stored), &value, sizeof(Stored));
  }
}

inline void store_one(std::byte* array, Storage storage, std::size_t at,
                      std::uint32_t value) noexcept {
  switch (storage) {  // little-endian: the low bytes
    case Storage::kByte:
      std::memcpy(array + at, &value, 1);
      break;
    case Storage::kHalf:
      std::memcpy(array + at * 2, &value, 2);
      break;
    default:
      std::memcpy(array + at * 4, &value, 4);
  }
}

}  // namespace detail

inline void TableStore::set(std::size_t column, std::uint32_t row, std::uint32_t value) noexcept {
  std::byte* array = address_of(chunk_of(row)->columns[column].load(std::memory_order_relaxed));
  if (array != nullptr) detail::store_one(array, storage_[column], row & (kChunkRows - 1), value);
}

template <typename Value>
void TableStore::fill_row(std::uint32_t row, Value value_of) noexcept {
  const Chunk& chunk = *chunk_of(row);
  for (std::size_t field = 0; field < traits_.size(); ++field) {
    std::byte* array = address_of(chunk.columns[field].load(std::memory_order_relaxed));
    if (array == nullptr || storage_[field] == Storage::kLong) continue;
    detail::store_one(array, storage_[field], row & (kChunkRows - 1), value_of(field));
  }
}

template <typename Value>
void TableStore::fill(std::size_t column, std::uint32_t first, std::uint32_t count,
                      Value value_of) noexcept {
  for (std::uint32_t begin = 0; begin < count;) {
    const std::uint32_t at = (first + begin) & (kChunkRows - 1);
    const std::uint32_t end = begin + std::min(count - begin, kChunkRows - at);
    std::byte* array =
        address_of(chunk_of(first + begin)->columns[column].load(std::memory_order_relaxed));
    if (array != nullptr) {
      switch (storage_[column]) {
        case Storage::kByte:
          detail::store_run<std::uint8_t>(array, at, begin, end, value_of);
          break;
        case Storage::kHalf:
          detail::store_run<std::uint16_t>(array, at, begin, end, value_of);
          break;
        case Storage::kWord:
          detail::store_run<std::uint32_t>(array, at, begin, end, value_of);
          break;
        case Storage::kLong:
          detail::store_run<std::int64_t>(array, at, begin, end, value_of);
          break;
      }
    }
    begin = end;
  }
}

}  // namespace dangbo::inline v1::registry
