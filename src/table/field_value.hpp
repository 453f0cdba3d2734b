// What parsing cells and conforming columns share: the problems of a field, and the meaning of an
// `until`.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "dangbo/base/problem.hpp"
#include "dangbo/table/schema.hpp"
#include "dangbo/time/date.hpp"

namespace dangbo::inline v1::table {

// Bytes; a longer text is no misspelt code.
inline constexpr std::size_t kLongestWord = 256;

// The text without spaces at either end, no-break and other invisible ones included.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;

// Whether the text is NFC for certain: only code points that never combine. False does not mean
// that it is not.
[[nodiscard]] bool is_surely_nfc(std::string_view text) noexcept;

// First day after the interval, from what a file gives as its end; nothing when that leaves the
// calendar. A partial end means its last possible day plus one, inclusive or not (definitions.md
// 18).
[[nodiscard]] std::optional<time::PartialDate> until_from(time::PartialDate given,
                                                          bool inclusive) noexcept;

[[nodiscard]] base::Problem missing_value(const Field& field);
// `suggest`: look for the nearest code, which takes far longer than reading the cell did.
[[nodiscard]] base::Problem unknown_code(const Field& field, std::string_view value, bool suggest);
[[nodiscard]] base::Problem bad_date(std::string_view value, time::DateFault fault);
[[nodiscard]] base::Problem until_too_late(std::string_view value);
[[nodiscard]] base::Problem not_an_integer(std::string_view value, bool too_large);
[[nodiscard]] base::Problem not_a_real(std::string_view value);
[[nodiscard]] base::Problem not_a_boolean(std::string_view value);
[[nodiscard]] base::Problem too_much_text(std::string_view value);

}  // namespace dangbo::inline v1::table
