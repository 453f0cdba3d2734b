// A change with its keys resolved against the head: what commit would append, and what is wrong
// with it.
#pragma once

#include <absl/container/flat_hash_set.h>
#include <absl/container/inlined_vector.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/base/digest.hpp"
#include "dangbo/base/problem.hpp"
#include "dangbo/registry/change.hpp"
#include "registry/core.hpp"

namespace dangbo::inline v1::registry {

// Keys that a change brings, numbered from the head's count on.
class NewKeys {
 public:
  NewKeys(const KeyIndex& known, std::uint32_t limit)
      : known_(known), first_(limit), index_(heap_) {}
  // The number of a key, known or new. `hint`: the one that the row before names; kMissingWord.
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view key,
                                                  std::uint32_t hint) const noexcept;
  // The number of a key, added when it is new.
  std::uint32_t find_or_add(std::string_view key, std::uint32_t hint);
  [[nodiscard]] std::uint32_t added() const noexcept { return index_.size(); }
  [[nodiscard]] std::uint32_t total() const noexcept { return first_ + index_.size(); }
  [[nodiscard]] std::string_view added_key(std::uint32_t i) const noexcept { return index_.key(i); }
  [[nodiscard]] std::string_view key(std::uint32_t number) const noexcept {
    return number < first_ ? known_.key(number) : index_.key(number - first_);
  }
  [[nodiscard]] std::uint64_t added_bytes() const noexcept { return bytes_; }

 private:
  const KeyIndex& known_;
  std::uint32_t first_;
  TextHeap heap_;
  KeyIndex index_;
  std::uint64_t bytes_ = 0;
};

// Rows as their host gave them: of a batch, or the targets or values of a correction, and how its
// input numbers and calls them.
struct GivenRows {
  const table::Table* table = nullptr;
  const std::string* source = nullptr;
  std::uint64_t first_row = 1;
  const std::vector<std::string>* headers = nullptr;
  const std::vector<std::uint64_t>* row_numbers = nullptr;

  [[nodiscard]] std::uint64_t row_number(std::size_t row) const noexcept {
    return row_numbers->empty() ? first_row + row : (*row_numbers)[row];
  }
};

// One number a row. Most changes are of one or two rows: they take no memory for it.
using RowNumbers = absl::InlinedVector<std::uint32_t, 2>;

// One batch of the change beside the table it goes to.
struct PreparedBatch {
  GivenRows given;
  TableStore* store = nullptr;
  // By field: the column of the batch, null where it has none (a correction's old value).
  absl::InlinedVector<const table::Column*, 16> columns;
  absl::InlinedVector<std::uint32_t, 8> filled;  // fields that have one, ascending
  // By field: slots of references, codes of growing vocabularies; empty = none.
  struct Numbers {
    std::size_t field = 0;
    RowNumbers of_rows;
  };
  absl::InlinedVector<Numbers, 4> numbers;

  std::vector<bool> damaged;  // rows whose reading met a problem; empty = none
  // By row: the stored row it corrects, whose values stand where the batch has no column; empty =
  // new rows.
  RowNumbers replaces;

  [[nodiscard]] std::size_t row_count() const noexcept {
    return replaces.empty() ? given.table->row_count() : replaces.size();
  }
  // The field keeps the value of the row that is corrected.
  [[nodiscard]] bool is_kept(std::size_t field) const noexcept {
    return columns[field] == nullptr && !replaces.empty();
  }
  // A value of the row could not be read and stands as missing: what follows from that is not
  // reported again.
  [[nodiscard]] bool is_damaged(std::size_t row) const noexcept {
    return !damaged.empty() && damaged[row];
  }
  // Null where the field has no numbers of its own.
  [[nodiscard]] const Numbers* numbers_of(std::size_t field) const noexcept {
    for (const Numbers& of_field : numbers) {
      if (of_field.field == field) return &of_field;
    }
    return nullptr;
  }
  // Numbers for a field that has none yet, `missing` in every row.
  RowNumbers& add_numbers(std::size_t field, std::uint32_t missing) {
    Numbers& added = numbers.emplace_back();
    added.field = field;
    added.of_rows.resize(row_count(), missing);
    return added.of_rows;
  }
  [[nodiscard]] bool is_missing(std::size_t field, std::size_t row) const noexcept;
  // As TableStore::raw will give it once appended; kText and kInt fields have no such number.
  [[nodiscard]] std::uint32_t raw(std::size_t field, std::size_t row) const noexcept;
  [[nodiscard]] std::string_view text(std::size_t field, std::size_t row) const noexcept;
  [[nodiscard]] std::int64_t wide(std::size_t field, std::size_t row) const noexcept;
  // The interval of a state row in days; all days for other tables.
  [[nodiscard]] time::DateRange range(std::size_t row) const noexcept;
  // The value as a person would see it.
  [[nodiscard]] std::string display(std::size_t field, std::size_t row) const;
  [[nodiscard]] base::Place place(std::size_t row,
                                  std::optional<std::size_t> field = std::nullopt) const;
};

// A row of the change, or one the registry holds already.
class RowRef {
 public:
  [[nodiscard]] static RowRef of_change(std::size_t batch, std::size_t row) noexcept {
    return RowRef((static_cast<std::uint64_t>(batch) << 32) | row);
  }
  [[nodiscard]] static RowRef of_registry(std::uint32_t row) noexcept {
    return RowRef(kStored | row);
  }
  [[nodiscard]] bool is_stored() const noexcept { return (value_ & kStored) != 0; }
  [[nodiscard]] std::size_t batch() const noexcept {
    return static_cast<std::size_t>(value_ >> 32);
  }
  [[nodiscard]] std::uint32_t row() const noexcept { return static_cast<std::uint32_t>(value_); }
  friend auto operator<=>(RowRef, RowRef) noexcept = default;
  RowRef() noexcept = default;

 private:
  explicit RowRef(std::uint64_t value) noexcept : value_(value) {}
  static constexpr std::uint64_t kStored = 1ULL << 63;
  std::uint64_t value_ = 0;
};

// Rows of one table. Few are looked through, many are hashed.
class RowSet {
 public:
  // False when the row is there already.
  bool insert(std::uint32_t row);
  [[nodiscard]] bool contains(std::uint32_t row) const noexcept;
  // In the order in which they were put in.
  [[nodiscard]] const auto& rows() const noexcept { return rows_; }

 private:
  static constexpr std::size_t kFew = 8;
  absl::InlinedVector<std::uint32_t, 2> rows_;
  absl::flat_hash_set<std::uint32_t> hashed_;  // all of them, once they are more than a few
};

struct Plan {
  Plan(const Core& core_in, const Change& change_in);

  const Core& core;
  const Change& change;
  std::uint32_t head;                     // commit that the plan builds on
  std::optional<time::Date> current_day;  // the commit moves the registry's day there
  std::optional<base::Digest> content;    // of the change, when it came with a source_version
  NewKeys units;
  NewKeys members;
  std::vector<PreparedBatch>
      batches;  // the change's, then one for each correction that sets values
  // Words that growing vocabularies gain, per (table, field).
  struct NewWords {
    TableStore* store;
    std::size_t field;
    std::unique_ptr<NewKeys> words;
  };
  std::vector<NewWords> words;
  struct Withdrawal {
    TableStore* store;
    std::vector<std::uint32_t> rows;
  };
  std::vector<Withdrawal> withdrawals;
  // Stored rows that the change corrects or withdraws.
  struct Retired {
    const TableStore* store;
    RowSet rows;
  };
  std::vector<Retired> retired;
  // Those that gain or lose rows, in the registry's order; found by reserve_for.
  absl::InlinedVector<TableStore*, 4> tables;
  base::ProblemList problems;

  // Null when no row of the table is corrected or withdrawn.
  [[nodiscard]] const RowSet* retired_of(const TableStore& store) const noexcept;
  [[nodiscard]] RowSet& retire_in(const TableStore& store);
  // A stored row that stands after the change.
  [[nodiscard]] bool stands(const TableStore& store, std::uint32_t row) const noexcept;

  [[nodiscard]] NewKeys& words_of(TableStore* store, std::size_t field);
  void find_tables();
};

// Finds the columns of an empty batch; references are still to be resolved.
void prepare(PreparedBatch& batch, TableStore& store, const GivenRows& given);
void prepare(PreparedBatch& batch, const Core& core, const Change::Batch& of_change);

// Units and members that a batch brings, so that rows of any batch may name them.
void collect_new_keys(Plan& plan, PreparedBatch& batch);

// Keys and growing vocabularies of a batch to numbers; unknown ones are problems.
void resolve_references(Plan& plan, PreparedBatch& batch);

// Turns the corrections of the change into rows that replace stored ones.
void resolve_corrections(Plan& plan);

// Resolves keys, then runs every check below. Never changes the registry.
void complete(Plan& plan);

// Faults of what a caller says about a commit, as problems of the plan.
void check_info(Plan& plan, const CommitInfo& info);

// Appends what a plan without problems says. The first part makes room and may throw
// std::bad_alloc, leaving the registry as it was for every reader; the second cannot fail.
void reserve_for(Core& core, Plan& plan, const CommitInfo& info);
// `has_readers`: snapshots of earlier commits may be at work.
void append(Core& core, const Plan& plan, const CommitInfo& info, bool has_readers) noexcept;

// The checks, each adding to plan.problems.
void check_intervals(Plan& plan);  // ends before starts
void check_units(
    Plan& plan);  // one row a day, parents in force, no cycle on any day, one root when asked
void check_members(Plan& plan);       // one row of attributes a day
void check_homes(Plan& plan);         // one home membership a day
void check_natural_keys(Plan& plan);  // other tables: no key twice
void check_entities(Plan& plan);      // units and members that rows name have rows themselves
void check_decisions(Plan& plan);     // decision keys exist, once there are decisions at all
void check_conservation(Plan& plan);  // no unit leaves force while members stand in it
void check_events(Plan& plan);        // events of units agree with the rows of the units

// Hash of the natural key of a row of the change; nothing when a required part of it is missing or
// names nothing.
[[nodiscard]] std::optional<std::uint64_t> natural_key_hash(const PreparedBatch& batch,
                                                            std::size_t row);
// The same hash as `home` has it, of a row stored in a fork, whose slots and codes are its own;
// nothing when the key has a part that `home` does not know.
[[nodiscard]] std::optional<std::uint64_t> fork_key_hash(const Core& fork, const TableStore& store,
                                                         std::uint32_t row, const Core& home);
// And of a key that is one text.
[[nodiscard]] std::uint64_t text_key_hash(std::string_view key);
// And of a key that is a code and a text.
[[nodiscard]] std::uint64_t coded_key_hash(std::uint32_t code, std::string_view key);

// A place for a stored row: its table and number, since the file it came from is not kept.
[[nodiscard]] base::Place stored_place(const TableStore& store, std::uint32_t row);

}  // namespace dangbo::inline v1::registry
