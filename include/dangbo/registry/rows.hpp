// Reading the rows of one table as a snapshot sees them, without copying.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "dangbo/base/ids.hpp"
#include "dangbo/registry/storage.hpp"
#include "dangbo/table/schema.hpp"
#include "dangbo/time/date.hpp"
#include "dangbo/time/date_range.hpp"

namespace dangbo::inline v1::registry {

using base::CommitNumber;
using base::MemberSlot;
using base::RowId;
using base::UnitSlot;

// One field of a table. Cheap to copy; lives as long as the snapshot it came from. A missing value
// reads as the type's missing mark (kMissing… in storage.hpp) through `raw`, as an empty optional
// elsewhere.
class FieldReader {
 public:
  FieldReader() = default;
  FieldReader(const TableStore* store, std::size_t field);

  // The stored number: a code, a slot, a text reference, a date code (PartialDate::code) or a flag.
  // O(1).
  [[nodiscard]] std::uint32_t raw(RowId row) const noexcept;
  // The same of the rows from `first` on, as many as `out` is long: for scans, several times faster
  // than one by one. REQUIRES: the rows exist, the field is not kInt.
  void read(RowId first, std::span<std::uint32_t> out) const noexcept;
  [[nodiscard]] bool is_missing(RowId row) const noexcept;
  [[nodiscard]] std::optional<std::int64_t> integer(RowId row) const noexcept;  // kInt
  [[nodiscard]] std::optional<time::PartialDate> date(RowId row) const noexcept;
  [[nodiscard]] std::string_view text(RowId row) const noexcept;  // kText; "" when missing
  [[nodiscard]] Storage storage() const noexcept { return storage_; }
  // Number of words a coded field has in this registry; codes are below it.
  [[nodiscard]] std::uint32_t word_count() const noexcept;
  [[nodiscard]] std::string_view word(std::uint32_t code) const noexcept;
  // The code of a word: by id, csv code, name or alias for closed vocabularies, by exact text for
  // growing ones.
  [[nodiscard]] std::optional<std::uint32_t> find_word(std::string_view word) const;

 private:
  const TableStore* store_ = nullptr;
  std::size_t field_ = 0;
  Storage storage_ = Storage::kByte;
};

// All rows of a table appended up to a snapshot. Rows a later commit corrected are among them: ask
// `is_known`.
class Rows {
 public:
  Rows() = default;
  // The first `count` rows as they were after commit `commit`.
  Rows(const TableStore* store, std::uint32_t count,
       CommitNumber commit = CommitNumber{std::numeric_limits<std::uint32_t>::max()});

  [[nodiscard]] const table::Schema& schema() const noexcept;
  [[nodiscard]] std::uint32_t size() const noexcept { return count_; }
  // Visible at commit c: recorded <= c < superseded.
  [[nodiscard]] bool is_known(RowId row, CommitNumber at) const noexcept;
  // The same of the rows from `first` on, as many as `out` is long: 1 or 0. False, with nothing
  // written, when every one of them is known at `at`.
  bool read_known(RowId first, CommitNumber at, std::span<std::uint8_t> out) const noexcept;
  // The commit that added the row, the one that corrected or withdrew it (kNoCommit: none did up to
  // the snapshot), and the row it corrects (kNoRow: none): a correction's row stands for the old
  // one from then on. O(1).
  [[nodiscard]] CommitNumber recorded(RowId row) const noexcept;
  [[nodiscard]] CommitNumber superseded(RowId row) const noexcept;
  [[nodiscard]] RowId corrects(RowId row) const noexcept;
  // Days on which the row holds: the interval of a state table; all days for others.
  [[nodiscard]] time::DateRange range(RowId row) const noexcept;
  // range().contains(day), faster.
  [[nodiscard]] bool holds_on(RowId row, time::Date day) const noexcept;
  [[nodiscard]] FieldReader field(std::size_t index) const { return {store_, index}; }
  [[nodiscard]] std::optional<FieldReader> field(std::string_view name) const;

  // Newest row of an entity within this snapshot, then the one before it; kNoRow at the end. O(1)
  // each, rows newer than the snapshot are skipped. Tables whose rows are about members lead from
  // the member alone, not from the unit.
  [[nodiscard]] RowId newest_of(UnitSlot unit) const noexcept;
  [[nodiscard]] RowId newest_of(MemberSlot member) const noexcept;
  [[nodiscard]] RowId previous_of_unit(RowId row) const noexcept;
  [[nodiscard]] RowId previous_of_member(RowId row) const noexcept;
  // The unit (member) the row belongs to by its first kUnit (kMember) field, or by its kSubject
  // field.
  [[nodiscard]] UnitSlot unit_of(RowId row) const noexcept;
  [[nodiscard]] MemberSlot member_of(RowId row) const noexcept;

 private:
  const TableStore* store_ = nullptr;
  std::uint32_t count_ = 0;
  CommitNumber commit_{0};
};

}  // namespace dangbo::inline v1::registry
