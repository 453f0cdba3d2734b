// Expressions over whole columns: a set of them lowered to one program that runs in blocks of
// rows, each shared part once. Values and errors are those of Expression::evaluate() for every row.
//
//   columns of variables ──▶ ColumnProgram ──▶ one ColumnResult an expression
//
// Booleans are two bit planes, true and error; a row in neither is false. Missing is an error of
// its own kind. Texts are tested once for each word of their dictionary. Quantifiers over rows
// below (the members of a unit) evaluate their condition over the child's columns and reduce by
// range. Nothing is allocated for a row.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/expr/expression.hpp"

namespace dangbo::inline v1::expr {

struct ColumnTable;

// The values of a variable or field, one a row; a view: what it points to must outlive its use.
// `valid` has one bit a row, least significant first; null = every row has a value. Rows without
// one are missing.
class ColumnView {
 public:
  // How the values lie.
  enum class Form : std::uint8_t {
    kNone,  // not given; fine for what no expression reads
    kOne,   // one value for all rows
    kBits,
    kInt64,
    kInt32,
    kDouble,
    kCodes8,  // a code beyond the vocabulary or dictionary is missing
    kCodes16,
    kCodes32,
    kTexts,
    kParts,  // seconds and nanoseconds of timestamps, months and days of periods
    kRecord,
    kRows,
  };

  ColumnView() = default;
  // The same for every row: the day asked, a parameter. May be an error.
  [[nodiscard]] static ColumnView one(Value value);
  [[nodiscard]] static ColumnView booleans(const std::uint64_t* bits, std::size_t size,
                                           const std::uint64_t* valid = nullptr);
  [[nodiscard]] static ColumnView integers(std::span<const std::int64_t> values,
                                           const std::uint64_t* valid = nullptr);
  // Nanoseconds.
  [[nodiscard]] static ColumnView durations(std::span<const std::int64_t> values,
                                            const std::uint64_t* valid = nullptr);
  [[nodiscard]] static ColumnView reals(std::span<const double> values,
                                        const std::uint64_t* valid = nullptr);
  // Days since 1970-01-01.
  [[nodiscard]] static ColumnView dates(std::span<const std::int32_t> days,
                                        const std::uint64_t* valid = nullptr);
  // Numbers of words in the vocabulary of the type.
  [[nodiscard]] static ColumnView codes(std::span<const std::uint8_t> codes,
                                        const std::uint64_t* valid = nullptr);
  [[nodiscard]] static ColumnView codes(std::span<const std::uint16_t> codes,
                                        const std::uint64_t* valid = nullptr);
  [[nodiscard]] static ColumnView codes(std::span<const std::uint32_t> codes,
                                        const std::uint64_t* valid = nullptr);
  [[nodiscard]] static ColumnView texts(std::span<const std::string_view> values,
                                        const std::uint64_t* valid = nullptr);
  // Numbers of texts in a dictionary, whose texts may repeat.
  [[nodiscard]] static ColumnView texts(std::span<const std::uint32_t> codes,
                                        std::span<const std::string_view> dictionary,
                                        const std::uint64_t* valid = nullptr);
  // Instants out of the years 0001 to 9999 are errors of overflow.
  [[nodiscard]] static ColumnView timestamps(std::span<const std::int64_t> seconds,
                                             std::span<const std::int32_t> nanoseconds,
                                             const std::uint64_t* valid = nullptr);
  [[nodiscard]] static ColumnView periods(std::span<const std::int32_t> months,
                                          std::span<const std::int32_t> days,
                                          const std::uint64_t* valid = nullptr);
  // Row i is row i of `table`, whose columns are numbered as the members of the record's type.
  [[nodiscard]] static ColumnView record(const ColumnTable& table);
  // Row i is row rows[i] of `table`; a number beyond it is missing.
  [[nodiscard]] static ColumnView record(const ColumnTable& table,
                                         std::span<const std::uint32_t> rows,
                                         const std::uint64_t* valid = nullptr);
  // Row i holds the rows [begin[i], end[i]) of `child`; ranges may overlap. Offsets o of n + 1
  // numbers give begin = o.first(n), end = o.subspan(1).
  [[nodiscard]] static ColumnView rows(const ColumnTable& child,
                                       std::span<const std::uint32_t> begin,
                                       std::span<const std::uint32_t> end,
                                       const std::uint64_t* valid = nullptr);

  [[nodiscard]] Form form() const noexcept { return form_; }
  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  // Rows; the largest number when it is one value for all.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] const std::uint64_t* valid() const noexcept { return valid_; }
  template <typename T>
  [[nodiscard]] const T* data() const noexcept {
    return static_cast<const T*>(data_);
  }
  template <typename T>
  [[nodiscard]] const T* more() const noexcept {  // nanoseconds, days, ends of ranges
    return static_cast<const T*>(more_);
  }
  [[nodiscard]] std::span<const std::string_view> dictionary() const noexcept {
    return dictionary_;
  }
  [[nodiscard]] bool has_dictionary() const noexcept { return has_dictionary_; }
  [[nodiscard]] const ColumnTable* table() const noexcept { return table_; }
  [[nodiscard]] const Value& value() const noexcept { return value_; }

 private:
  [[nodiscard]] static ColumnView made(Form form, Kind kind, std::size_t size, const void* data,
                                       const std::uint64_t* valid);

  Form form_ = Form::kNone;
  Kind kind_ = Kind::kNull;
  bool has_dictionary_ = false;
  std::size_t size_ = 0;
  const void* data_ = nullptr;
  const void* more_ = nullptr;
  const std::uint64_t* valid_ = nullptr;
  std::span<const std::string_view> dictionary_;
  const ColumnTable* table_ = nullptr;
  Value value_;
};

// Columns numbered as the variables of an environment, or as the members of a record type.
struct ColumnTable {
  std::size_t size = 0;
  std::vector<ColumnView> columns;
};

// A table as the rows of a record type or as values of variables, for evaluating single rows and
// for what decided them. For one thread at a time.
class TableRows final : public RowSource {
 public:
  // `table` has a column for each member and outlives this. Ranges must lie in their child table.
  TableRows(const ColumnTable& table, const Type& record);
  TableRows(const ColumnTable& table, std::vector<Member> members);
  ~TableRows() override;
  TableRows(const TableRows&) = delete;
  TableRows& operator=(const TableRows&) = delete;
  [[nodiscard]] Value field(std::size_t row, std::size_t field) const override;

 private:
  [[nodiscard]] const TableRows& below(std::size_t field) const;

  const ColumnTable& table_;
  std::vector<Member> members_;
  mutable std::vector<std::unique_ptr<TableRows>> below_;  // of records and rows, by field
};

// Instruction sets of the loops. All give the same bits.
enum class InstructionSet : std::uint8_t { kPlain, kAvx2, kAvx512 };
// What this machine can run, the plainest first; the last is taken when none is asked for.
[[nodiscard]] std::span<const InstructionSet> instruction_sets() noexcept;
[[nodiscard]] std::string_view name_of(InstructionSet set) noexcept;

// The values of one expression, one a row. Rows in error have no value: what stands there is 0.
struct ColumnResult {
  Type type;
  std::size_t size = 0;
  std::vector<std::uint64_t> truth;     // bool: bit planes, whole words, zero beyond the last row
  std::vector<std::int64_t> integers;   // int, duration; seconds of timestamps, months of periods
  std::vector<std::int32_t> small;      // days of dates, codes; nanoseconds, days of periods
  std::vector<double> reals;            // one pattern for all that is no number
  std::vector<std::uint32_t> words;     // string: numbers of `dictionary`
  std::vector<std::string> dictionary;  // in the order of their first row
  std::vector<std::uint64_t> errors;    // rows without a value; empty when there is none
  std::vector<ErrorCode> reasons;       // of rows in error, one a row; empty when there is none

  [[nodiscard]] bool is_error(std::size_t row) const noexcept {
    return !errors.empty() && ((errors[row / 64] >> (row % 64)) & 1U) != 0;
  }
  [[nodiscard]] bool is_true(std::size_t row) const noexcept {
    return ((truth[row / 64] >> (row % 64)) & 1U) != 0;
  }
  // Borrows texts from this. Errors have no span: Expression::evaluate() tells.
  [[nodiscard]] Value value(std::size_t row) const;
};

// A part of a program.
struct ColumnStep {
  std::string kernel;       // the loop that computes it: "compare int32", "count of ranges"
  std::string text;         // the part of the first expression that has it
  std::size_t uses = 0;     // by how many other parts and results
  std::uint32_t depth = 0;  // 0: over the rows, 1: over the rows below them, …
};

// Expressions of one environment as one program. Immutable, cheap to copy, safe from any number of
// threads.
class ColumnProgram {
 public:
  // Fails when the variables of two expressions differ in name or type, or when a part has no
  // kernel; what Profile::kPack accepts has one. O(texts).
  [[nodiscard]] static absl::StatusOr<ColumnProgram> compile(
      std::span<const Expression> expressions);

  [[nodiscard]] std::size_t size() const noexcept;  // expressions
  // Every part once, operands before what uses them.
  [[nodiscard]] std::vector<ColumnStep> explain() const;
  // The variables that any of them reads, ascending.
  [[nodiscard]] std::vector<std::size_t> variables() const;

  struct Lowered;
  [[nodiscard]] const std::shared_ptr<const Lowered>& lowered() const noexcept { return lowered_; }

 private:
  explicit ColumnProgram(std::shared_ptr<const Lowered> lowered) : lowered_(std::move(lowered)) {}
  std::shared_ptr<const Lowered> lowered_;
};

// Runs a program; keeps its memory between runs. For one thread at a time. An evaluation is bounded
// by its rows and the rows below them, not by kMaxSteps.
class ColumnEvaluator {
 public:
  explicit ColumnEvaluator(ColumnProgram program);
  // REQUIRES: `set` is one of instruction_sets().
  ColumnEvaluator(ColumnProgram program, InstructionSet set);
  ~ColumnEvaluator();
  ColumnEvaluator(ColumnEvaluator&&) noexcept;
  ColumnEvaluator& operator=(ColumnEvaluator&&) noexcept;

  // Rows [first, first + count) of `table`, whose columns are numbered as the variables; one result
  // an expression, in order, their memory reused. Fails when a column that is read is not given,
  // has the wrong kind or too few rows, or when a range leaves its child table.
  [[nodiscard]] absl::Status evaluate(const ColumnTable& table, std::size_t first,
                                      std::size_t count, std::vector<ColumnResult>& results);

 private:
  class Runner;
  std::unique_ptr<Runner> runner_;
};

}  // namespace dangbo::inline v1::expr
