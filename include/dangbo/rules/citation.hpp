// What a pack cites: instruments, their clauses, and how well each is known.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "dangbo/base/problem.hpp"
#include "dangbo/time/date_range.hpp"

namespace dangbo::inline v1::rules {

// Văn bản: a text that others may cite. The higher rank wins over the lower.
struct Instrument {
  std::string id;
  std::int64_t rank = 0;  // 1 … 1000
  base::Message title;
  std::string number;  // may be empty
  time::DateRange in_force;
  std::uint32_t layer = 0;  // position in Pack::layers
  friend bool operator==(const Instrument&, const Instrument&) = default;
};

// Mức chứng cứ: how well a value is sourced, the best first. A: the clause was read; B: a secondary
// source cites it; C: a weak source; M: from memory. Memory of the low kind is refused by the
// format.
enum class Evidence : std::uint8_t { kA, kB, kC, kMHigh, kMMed };

[[nodiscard]] std::string_view text_of(Evidence evidence) noexcept;  // "A" … "M-med"
// C and M: what rests on it is advice, never a violation.
[[nodiscard]] constexpr bool is_weak(Evidence evidence) noexcept {
  return evidence >= Evidence::kC;
}

// Trích dẫn: an article, clause and point of an instrument.
struct Citation {
  std::size_t instrument = 0;  // position in Pack::instruments
  std::string clause;          // "21/2"
  friend bool operator==(const Citation&, const Citation&) = default;
};

// Thứ tự ưu tiên of what layers say about one thing: the rank of the text, then the more specific
// authority, then the later text. Equal = it cannot be told.
struct Precedence {
  std::int64_t rank = 0;
  int specificity = 0;     // 0 national, 1 provincial, 2 local
  std::int32_t since = 0;  // day from which the text is in force
  friend auto operator<=>(const Precedence&, const Precedence&) = default;
};

}  // namespace dangbo::inline v1::rules
