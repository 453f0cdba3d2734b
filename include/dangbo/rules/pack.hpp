// Rule packs: instruments and dated, cited parameters (docs/packs.md). Law is data; a figure
// without a day and an article is refused.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/base/problem.hpp"
#include "dangbo/time/date.hpp"
#include "dangbo/time/date_range.hpp"

namespace dangbo::inline v1::rules {

// Văn bản: a text that others may cite. The higher rank wins over the lower.
struct Instrument {
  std::string id;
  std::int64_t rank = 0;  // 1 … 1000
  base::Message title;
  std::string number;  // may be empty
  time::DateRange in_force;
};

// Mức chứng cứ: how well a value is sourced. A: the clause was read; B: a secondary source cites
// it; C: a weak source; M: from memory. Memory of the low kind is refused by the format.
enum class Evidence : std::uint8_t { kA, kB, kC, kMHigh, kMMed };

[[nodiscard]] std::string_view text_of(Evidence evidence) noexcept;  // "A" … "M-med"

// Trích dẫn: an article, clause and point of an instrument.
struct Citation {
  std::size_t instrument = 0;  // position in Pack::instruments
  std::string clause;          // "21/2"
};

// Giá trị: what a parameter is in a range of days. One of `number` and `word`, by the type.
struct ParameterValue {
  time::DateRange days;
  std::int64_t number = 0;
  std::string word;
  std::vector<Citation> citations;  // at least one
  Evidence evidence = Evidence::kA;
  std::optional<time::Date> reviewed;  // somebody looked, and it still held
};

// Tham số: a figure or a choice of the law.
struct Parameter {
  std::string id;
  std::string unit;                // may be empty
  std::vector<std::string> words;  // of an enumeration; empty for a number
  std::int64_t least = 0;          // bounds of a number, both allowed
  std::int64_t most = 0;
  std::vector<ParameterValue> values;  // by first day; disjoint

  // The value in force on a day, or null: a gap has no value. O(values).
  [[nodiscard]] const ParameterValue* on(time::Date day) const noexcept;
};

// Gói quy tắc. Immutable after reading by convention; safe to read from any number of threads.
struct Pack {
  std::string id;
  std::string version;
  std::vector<Instrument> instruments;  // in the order of the file
  std::vector<Parameter> parameters;    // in the order of the file

  // Null when there is none. O(parameters).
  [[nodiscard]] const Parameter* parameter(std::string_view name) const noexcept;
};

inline constexpr std::size_t kMaxPackBytes = 4'000'000;

// Reads a pack written in YAML; `source` names it in problems, whose place.row is the line and
// place.column the column of the text. Fails with InvalidArgument and all problems
// (ProblemCode::kBadQuery; kBadUtf8 for text that is not UTF-8); nothing is half loaded. O(text).
[[nodiscard]] absl::StatusOr<Pack> read_pack(std::string_view text, std::string_view source);

}  // namespace dangbo::inline v1::rules
