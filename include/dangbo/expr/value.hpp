// Values and types of the expression language, a strict profile of CEL (docs/expressions.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo/base/problem.hpp"
#include "dangbo/table/schema.hpp"
#include "dangbo/time/date.hpp"

namespace dangbo::inline v1::expr {

enum class Kind : std::uint8_t {
  kError,  // as a value: why there is none; as a type: already reported
  kNull,
  kBool,
  kInt,
  kUint,
  kDouble,
  kString,
  kBytes,
  kList,
  kMap,
  kTimestamp,  // an instant, years 0001 to 9999, nanoseconds
  kDuration,   // a signed length, nanoseconds in 64 bits
  kType,
  kDate,    // ngày: a calendar day
  kPeriod,  // khoảng thời gian: months and days, never mixed up
  kEnum,    // one word of a closed vocabulary
  kRecord,  // one row
  kDyn,     // types only: known when it runs
  kFree,    // types only: of the elements of an empty list
};

struct Shape;

// A type. Copying copies a pointer; equal types may differ in pointer.
struct Type {
  Kind kind = Kind::kDyn;
  std::shared_ptr<const Shape> shape;  // list, map, enum, record; null for all others

  Type() = default;
  Type(Kind simple) noexcept : kind(simple) {}  // NOLINT: a kind is a type
  [[nodiscard]] static Type list(Type element);
  [[nodiscard]] static Type map(Type key, Type value);
  [[nodiscard]] static Type enumeration(std::shared_ptr<const table::CodeSet> codes);

  // Of a list or map; kDyn for all others.
  [[nodiscard]] const Type& element() const noexcept;
  [[nodiscard]] const Type& key() const noexcept;
  [[nodiscard]] const Type& value() const noexcept { return element(); }
  // As CEL writes it: "list(int)", "map(string, int)".
  [[nodiscard]] std::string to_string() const;
  friend bool operator==(const Type& a, const Type& b) noexcept;
};

// A field of a record or a variable of an expression.
struct Member {
  std::string name;
  Type type;
  bool optional = false;  // may be missing: has() tells, and only then `== null` is a question
};

struct Shape {
  std::vector<Type> parts;                      // list: element; map: value, key
  std::string name;                             // record
  std::vector<Member> members;                  // record
  std::shared_ptr<const table::CodeSet> codes;  // enum
};

// A record type. A member may be a list of records: the rows below, e.g. the members of a unit.
[[nodiscard]] Type record_type(std::string name, std::vector<Member> members);

enum class ErrorCode : std::uint8_t {
  kMissing,  // no value is known; not false, not null
  kNoOverload,
  kUnbound,
  kOverflow,
  kDivideByZero,
  kNoSuchKey,
  kOutOfRange,
  kDuplicateKey,
  kBadConversion,
  kBadUtf8,
  kBadPattern,
  kNoPatterns,  // built without RE2
  kNoSuchDay,
  kNoRounding,
  kMonthsAndDays,
  kBadZone,
  kNoCalendar,
  kBudget,
  kEmpty,  // the least or greatest of no values
};

[[nodiscard]] base::Message message_of(ErrorCode code);

// Bytes of the text of an expression, [begin, end).
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  friend bool operator==(Span, Span) = default;
};

class Value;

// Rows a record value points into. `field` numbers the members of the record's type.
class RowSource {
 public:
  virtual ~RowSource() = default;
  // A missing value is Value::error(ErrorCode::kMissing). Texts may be borrowed from the source.
  [[nodiscard]] virtual Value field(std::size_t row, std::size_t field) const = 0;
};

// A value, or the reason there is none. Texts may be borrowed: `owner` is then null and whoever
// gave the text keeps it alive.
class Value {
 public:
  using Entry = std::pair<Value, Value>;
  struct Heap;

  Value() noexcept = default;  // null
  [[nodiscard]] static Value error(ErrorCode code, Span span = {}) noexcept;
  [[nodiscard]] static Value boolean(bool value) noexcept;
  [[nodiscard]] static Value integer(std::int64_t value) noexcept;
  [[nodiscard]] static Value unsigned_integer(std::uint64_t value) noexcept;
  [[nodiscard]] static Value real(double value) noexcept;
  [[nodiscard]] static Value text(std::string value);
  [[nodiscard]] static Value borrowed_text(std::string_view value) noexcept;
  [[nodiscard]] static Value bytes(std::string value);
  [[nodiscard]] static Value list(std::vector<Value> items);
  // Keys must be int, uint, bool or string and distinct; else the value is an error.
  [[nodiscard]] static Value map(std::vector<Entry> entries);
  // Out of the years 0001 to 9999 the value is an error.
  [[nodiscard]] static Value timestamp(std::int64_t seconds, std::int32_t nanoseconds) noexcept;
  [[nodiscard]] static Value duration(std::int64_t nanoseconds) noexcept;
  [[nodiscard]] static Value type(std::string_view static_name) noexcept;
  [[nodiscard]] static Value date(time::Date day) noexcept;
  [[nodiscard]] static Value period(std::int32_t months, std::int32_t days) noexcept;
  // `id` is borrowed from the vocabulary.
  [[nodiscard]] static Value enumeration(std::int32_t code, std::string_view id) noexcept;
  [[nodiscard]] static Value record(const RowSource& source, std::size_t row) noexcept;
  // The rows [begin, end) of a source, as a list of records.
  [[nodiscard]] static Value rows(const RowSource& source, std::size_t begin,
                                  std::size_t end) noexcept;

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] bool is_error() const noexcept { return kind_ == Kind::kError; }
  [[nodiscard]] bool is_true() const noexcept { return kind_ == Kind::kBool && integer_ != 0; }
  [[nodiscard]] bool is_false() const noexcept { return kind_ == Kind::kBool && integer_ == 0; }
  [[nodiscard]] ErrorCode error_code() const noexcept { return static_cast<ErrorCode>(extra_); }
  [[nodiscard]] Span error_span() const noexcept;
  // Bool, int, days of a date, months of a period, code of an enum, seconds of a timestamp,
  // nanoseconds of a duration.
  [[nodiscard]] std::int64_t as_int() const noexcept { return integer_; }
  [[nodiscard]] std::uint64_t as_uint() const noexcept {
    return static_cast<std::uint64_t>(integer_);
  }
  [[nodiscard]] double as_double() const noexcept { return real_; }
  [[nodiscard]] std::int32_t nanoseconds() const noexcept { return extra_; }  // of a timestamp
  [[nodiscard]] std::int32_t days() const noexcept { return extra_; }         // of a period
  // String, bytes, id of an enum, name of a type.
  [[nodiscard]] std::string_view as_text() const noexcept { return text_; }
  // Elements of a list, entries of a map; code points of a string are not counted here.
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] Value item(std::size_t index) const;  // REQUIRES: a list, index < size()
  [[nodiscard]] const Entry& entry(std::size_t index) const noexcept;  // REQUIRES: a map
  // The value at a key, by CEL's equality of numbers; null pointer when there is none.
  [[nodiscard]] const Value* find(const Value& key) const noexcept;
  [[nodiscard]] const RowSource* source() const noexcept { return source_; }
  [[nodiscard]] std::size_t row() const noexcept { return static_cast<std::size_t>(integer_); }
  // Values in it, itself counted; bounds the work on it.
  [[nodiscard]] std::uint64_t weight() const noexcept;

 private:
  Kind kind_ = Kind::kNull;
  std::int32_t extra_ = 0;
  union {
    std::int64_t integer_ = 0;
    double real_;
  };
  std::string_view text_;
  const RowSource* source_ = nullptr;
  std::shared_ptr<const Heap> heap_;
};

// CEL's ==: numbers by value whatever their type, lists and maps by content; nothing when the
// values cannot be equal because of their types. Months and days of periods do not compare.
[[nodiscard]] bool equal(const Value& a, const Value& b) noexcept;

}  // namespace dangbo::inline v1::expr
