// An expression over columns that a host holds as plain buffers, in one call for all rows and again
// for the next rows: for hosts that do not compile against this library.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "dangbo/expr/columns.hpp"
#include "dangbo/table/schema.hpp"

namespace dangbo::inline v1::expr {

// For one thread at a time. Keeps its memory between evaluations.
class BufferRun {
 public:
  // Fails (ProblemCode::kBadQuery) when the value is of a type that no buffer has: periods,
  // timestamps, durations. O(parts of the expression).
  [[nodiscard]] static absl::StatusOr<BufferRun> make(const Expression& expression);

  // Of the values: kBool, kInt, kReal, kText, kDate or kCode.
  [[nodiscard]] table::Type type() const noexcept;

  // The column of a field, instead of what it had before: int64_t, double, days since 1970-01-01 as
  // int32_t, numbers of the words of the field as int32_t (others are missing), for bool one byte a
  // row. `valid`: one byte a row, 0 = missing; null = nothing is. `values` are borrowed until the
  // last evaluation with them, but for bool; `valid` is copied. Fails (kBadQuery) when the
  // expression knows no such field or the field is of another type. Columns that it does not read
  // may be given. REQUIRES: `values` hold `rows` values, aligned. O(rows) for bytes.
  [[nodiscard]] absl::Status set(std::string_view name, table::Type type, const void* values,
                                 std::size_t rows, const std::uint8_t* valid);
  // A text a row: number codes[i] of `texts` (others are missing), or without codes number i. Also
  // for a field of a closed vocabulary: a text that is none of its words is missing. With no texts
  // at all the field, of whatever type, is missing in every row. Borrowed as above.
  [[nodiscard]] absl::Status set_texts(std::string_view name, const std::int32_t* codes,
                                       std::size_t rows, std::vector<std::string_view> texts,
                                       const std::uint8_t* valid);

  // Rows [0, rows) of the columns. Fails when a column that is read is absent or shorter; there is
  // then no result.
  [[nodiscard]] absl::Status evaluate(std::size_t rows);

  [[nodiscard]] bool has_result() const noexcept { return has_result_; }
  // Of the last evaluation, until the next. REQUIRES: has_result().
  [[nodiscard]] const ColumnResult& result() const noexcept { return results_.front(); }
  // Bit planes of result().size rows in whole words: has a value; for bool: has the value false.
  [[nodiscard]] std::span<const std::uint64_t> valid() const noexcept { return valid_; }
  [[nodiscard]] std::span<const std::uint64_t> no() const noexcept { return no_; }

 private:
  // What a column borrows from.
  struct Held {
    std::vector<std::uint64_t> valid;
    std::vector<std::uint64_t> bits;
    std::vector<std::string_view> texts;
    std::vector<std::uint32_t> codes;
  };

  BufferRun(std::vector<Member> fields, Type type, ColumnProgram program);
  [[nodiscard]] absl::StatusOr<std::size_t> find(std::string_view name,
                                                 std::initializer_list<Kind> kinds) const;
  // The plane of `valid`; null when there is none.
  [[nodiscard]] const std::uint64_t* take_valid(std::size_t field, const std::uint8_t* valid,
                                                std::size_t rows);

  std::vector<Member> fields_;
  Type type_;
  ColumnTable table_;
  std::vector<Held> held_;
  std::vector<std::size_t> read_;  // fields that the expression reads
  ColumnEvaluator evaluator_;
  std::vector<ColumnResult> results_;
  std::vector<std::uint64_t> valid_;
  std::vector<std::uint64_t> no_;
  bool has_result_ = false;
};

}  // namespace dangbo::inline v1::expr
