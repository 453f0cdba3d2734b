// A column program at work: the values of its parts for one block of rows at a time.
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "expr/lower.hpp"

namespace dangbo::inline v1::expr::detail {

inline constexpr std::size_t kBlockWords = kBlock / kWord;
inline constexpr std::uint8_t kNoReason = 0xFF;  // of Block::word_reasons: nothing is wrong
inline constexpr std::uint64_t kForever = ~std::uint64_t{0};  // a stamp: constants

// Memory of a block, from the allocator's own alignment up to that of the widest loads.
template <typename T>
class Store {
 public:
  // Room for `count` values; what they are is not said.
  T* get(std::size_t count = kBlock) {
    if (count > count_) {
      bytes_ = std::make_unique<std::byte[]>(count * sizeof(T) + kAlign);
      count_ = count;
      void* at = bytes_.get();
      std::size_t space = count * sizeof(T) + kAlign;
      data_ = static_cast<T*>(std::align(kAlign, count * sizeof(T), at, space));
      for (std::size_t i = 0; i < count; ++i) new (data_ + i) T();
    }
    return data_;
  }

 private:
  static constexpr std::size_t kAlign = 64;
  std::unique_ptr<std::byte[]> bytes_;
  std::size_t count_ = 0;
  T* data_ = nullptr;
};

// Which rows of a block have no value, and why: one reason for all, or one each.
struct Errors {
  const std::uint64_t* plane = nullptr;  // null: none
  const std::uint8_t* reasons = nullptr;
  ErrorCode reason = ErrorCode::kMissing;

  [[nodiscard]] explicit operator bool() const noexcept { return plane != nullptr; }
  [[nodiscard]] bool at(std::size_t row) const noexcept {
    return plane != nullptr && ((plane[row / kWord] >> (row % kWord)) & 1U) != 0;
  }
  [[nodiscard]] ErrorCode reason_of(std::size_t row) const noexcept {
    return reasons != nullptr ? static_cast<ErrorCode>(reasons[row]) : reason;
  }
};

// The values of a part for the rows of a block. What `data` points to belongs to a column, to the
// block itself or to the block of an operand, and lives as long as the rows do.
struct Block {
  std::uint64_t stamp = 0;     // of the domain's rows when it was computed
  bool is_one = false;         // the same value in every row
  const void* data = nullptr;  // bits, numbers, texts, begins of ranges, rows of records
  const void* more = nullptr;  // int32: nanoseconds, days; ends of ranges
  std::span<const std::string_view> dictionary;  // of kText: `data` are then int32 codes
  bool coded = false;
  bool may_be_narrow = false;  // all uses take codes of one byte as they come …
  bool narrow = false;         // … and these are: `data` are bytes, in rows without an error
  bool any_wrong = false;      // kQuantifier: the condition failed for some row below
  const ColumnTable* table = nullptr;  // kRecord, kRows
  std::size_t base = 0;                // kRecord: the first row when `data` is null
  Errors errors;

  Store<std::uint64_t> bits;
  Store<std::uint64_t> low;  // of sums, whose upper parts are in int64
  Store<std::int32_t> int32;
  Store<std::int32_t> second;
  Store<std::int64_t> int64;
  Store<double> real;
  Store<std::string_view> texts;
  Store<std::uint64_t> error_bits;
  Store<std::uint64_t> fault_bits;
  Store<std::uint64_t> more_bits;
  Store<std::uint64_t> late_bits;
  Store<std::uint8_t> reasons;
  Store<std::uint8_t> word_reasons;
  Store<std::uint8_t> raw8;  // codes as they come, when they are not consecutive
  Store<std::uint16_t> raw16;
  Store<std::uint32_t> raw32;
  Store<std::uint32_t> raw_ends;
  std::vector<Value> held;  // texts made
  // kOnWords: results by the code of the word; a state of 0 is not known yet.
  const void* words_of = nullptr;
  std::vector<std::uint8_t> states;
  std::vector<std::int64_t> word_numbers;
  std::vector<std::int32_t> word_seconds;
  std::vector<double> word_reals;
  std::vector<Value> word_values;

  template <typename T>
  [[nodiscard]] const T* as() const noexcept {
    return static_cast<const T*>(data);
  }
  [[nodiscard]] std::string_view text(std::size_t row) const noexcept {
    if (!coded) return as<std::string_view>()[is_one ? 0 : row];
    return dictionary[static_cast<std::size_t>(as<std::int32_t>()[row])];
  }
};

// The rows of a domain that are being computed.
struct Rows {
  std::uint64_t stamp = 0;
  std::size_t count = 0;
  std::size_t base = 0;  // first row, when they are consecutive
  bool scattered = false;
  Store<std::uint32_t> rows;     // when they are not
  Store<std::uint32_t> parents;  // row of the block above, for each
  Store<std::uint32_t> begins;   // ranges of this block …
  Store<std::uint32_t> ends;
  Store<std::uint32_t> owners;  // … and whose they are
  Store<std::int64_t> counts;
  std::size_t ranges = 0;
  bool in_order = false;  // owners are consecutive numbers

  [[nodiscard]] std::size_t words() const noexcept { return (count + kWord - 1) / kWord; }
};

class Run {
 public:
  Run(std::shared_ptr<const ColumnProgram::Lowered> lowered, const Kernels& kernels);

  // Before the first block of a table.
  [[nodiscard]] absl::Status bind(const ColumnTable& table, std::size_t first, std::size_t count);
  // The next rows of the table; at most kBlock.
  void at(std::size_t first, std::size_t count);
  [[nodiscard]] const Block& value(std::uint32_t part);
  // Whether a range left its child table.
  [[nodiscard]] bool is_broken() const noexcept { return broken_; }
  [[nodiscard]] const ColumnProgram::Lowered& lowered() const noexcept { return *lowered_; }

 private:
  using Id = std::uint32_t;

  void compute(Id id);
  void constant(const Part& part, Block& out) const;
  void variable(const Part& part, Block& out);
  void element(const Part& part, Block& out);
  void field(const Part& part, Block& out);
  void broadcast(const Part& part, Block& out);
  void compare(const Part& part, Block& out);
  // a code of one byte == constant, as bits.
  void narrow_is(const Block& codes, const Block& code, std::uint64_t* bits, std::size_t words);
  void compare_bits(const Part& part, const Block& a, const Block& b, Block& out);
  void terms(const Part& part, Block& out);
  void negate_bits(const Part& part, Block& out);
  void choose(const Part& part, Block& out);
  void choose_values(const Part& part, const std::uint64_t* yes, const Block& a, const Block& b,
                     Block& out);
  void negate(const Part& part, Block& out);
  void arithmetic(const Part& part, Block& out);
  void date_part(const Part& part, Block& out);
  void since(const Part& part, Block& out);
  void plus(const Part& part, Block& out);
  void presence(const Part& part, Block& out);
  void one_of(const Part& part, Block& out);
  void rows_size(const Part& part, Block& out);
  // run_values.cpp
  void on_words(const Part& part, Block& out);
  void know_word(const Part& part, const Block& of, std::size_t code, Block& out);
  void word_results(const Part& part, const std::int32_t* codes, const Rows& rows, Block& out);
  void on_values(const Part& part, Block& out);
  [[nodiscard]] Value call(const Part& part, std::span<Value> arguments);
  // run_load.cpp
  void load(const Part& part, const ColumnView& view, const Rows& rows, const Block* record,
            Block& out);
  void load_flat(const Part& part, const ColumnView& view, const Rows& rows, const Block* record,
                 Block& out, std::uint64_t* fault);
  void load_one(const Part& part, const ColumnView& view, Block& out);
  void load_parts(const Part& part, const ColumnView& view, const Rows& rows, const Block* record,
                  Block& out);
  void load_record(const ColumnView& view, const Rows& rows, const Block* record, Block& out,
                   std::uint64_t* fault);
  // run_rows.cpp
  void sweep(Id domain);
  void sweep_in_order(Id domain, const Block& range);
  void sweep_each(Id domain, const Block& range);
  void look_at_chunk(Id domain);
  void append_rows(Id domain, std::size_t from, std::size_t count, std::size_t parent);
  void reduce(const Part& part, Rows& rows, const Block& body, Block& out);
  void finish(const Part& part, const Errors& range, const Rows& above, Block& out);
  // Of each range the first row that is wrong, unless an earlier chunk had one.
  void note_reasons(Rows& rows, const Errors& errors, Block& out);
  // run_folds.cpp
  void start_fold(const Part& part, const Rows& above, Block& out);
  void fold_chunk(const Part& part, Rows& rows, Id body, Block& out);
  void fold_instants(const Part& part, Rows& rows, const Block& body, Block& out);
  void finish_fold(const Part& part, const Errors& range, const Rows& above, Block& out);

  [[nodiscard]] const Rows& rows_of(const Part& part) const noexcept { return rows_[part.domain]; }
  // The value in every row, though it be one.
  [[nodiscard]] const Block& spread(Id part);
  const Block& operand(const Part& part, std::size_t index) {
    return value(lowered_->links[part.first + index]);
  }
  // The errors of `a`, and those of `b` where `a` has none.
  [[nodiscard]] Errors merged(const Errors& a, const Errors& b, Block& out, std::size_t words);
  // Adds what a kernel found wrong, where there is no error yet. `plane` belongs to `out`.
  void add_faults(Block& out, std::uint64_t* plane, ErrorCode code, const Rows& rows);

  std::shared_ptr<const ColumnProgram::Lowered> lowered_;
  const Kernels& kernels_;
  const ColumnTable* table_ = nullptr;
  const time::WorkingCalendar* calendar_ = nullptr;
  std::vector<Block> blocks_;
  std::vector<std::unique_ptr<Block>> spread_;
  std::vector<Rows> rows_;
  std::uint64_t clock_ = 0;
  bool broken_ = false;
};

// Bits [base, base + count) of a plane, at the front of `out`; zero beyond.
void copy_bits(const std::uint64_t* plane, std::size_t base, std::size_t count, std::uint64_t* out);
// The bits of the last word that stand for rows.
[[nodiscard]] inline std::uint64_t last_mask(std::size_t count) noexcept {
  return count % kWord == 0 ? ~std::uint64_t{0} : (std::uint64_t{1} << (count % kWord)) - 1;
}
[[nodiscard]] inline bool bit(const std::uint64_t* plane, std::size_t row) noexcept {
  return ((plane[row / kWord] >> (row % kWord)) & 1U) != 0;
}
inline void set_bit(std::uint64_t* plane, std::size_t row) noexcept {
  plane[row / kWord] |= std::uint64_t{1} << (row % kWord);
}
// Calls f(row) for each set bit.
template <typename F>
void each_bit(const std::uint64_t* plane, std::size_t words, const F& f) {
  for (std::size_t word = 0; word < words; ++word) {
    for (std::uint64_t left = plane[word]; left != 0; left &= left - 1) {
      f(word * kWord + static_cast<std::size_t>(__builtin_ctzll(left)));
    }
  }
}

}  // namespace dangbo::inline v1::expr::detail
