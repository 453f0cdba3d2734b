// Vietnamese text: validity, one normal form, folding for look-ups, and the order of names.
// Nothing here depends on a locale.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace dangbo::inline v1::base {

// Offset of the first byte that is not well-formed UTF-8 (surrogates and overlong forms are not),
// or nothing. O(n).
[[nodiscard]] std::optional<std::size_t> first_bad_utf8(std::string_view text) noexcept;

// Unicode Normalization Form C. REQUIRES: well-formed UTF-8. Text that is ASCII or already NFC
// costs one scan.
[[nodiscard]] std::string to_nfc(std::string_view text);

// Key for matching words typed by people: NFC, lower case, marks removed (đ as d), every run of
// spaces and punctuation one space, none at the ends. "  Mã  Chi-bộ " and "ma chi bo" fold alike.
// Never shown to anybody.
[[nodiscard]] std::string fold(std::string_view text);

// Sort key for personal names by Vietnamese custom: given name, then middle, then family, word by
// word; in a word first the letters in the order a ă â b … đ … ê … ô ơ … ư …, then the tones ngang
// huyền hỏi ngã sắc nặng, wherever in the word they stand ("Hoà" is "Hòa"); case decides last.
// Spaces at the ends, repeated spaces, apostrophes and hyphens do not count.
// Compare keys with operator< on bytes.
[[nodiscard]] std::string name_sort_key(std::string_view full_name);

// Number of code points. REQUIRES: well-formed UTF-8.
[[nodiscard]] std::size_t code_points(std::string_view text) noexcept;

// The longest prefix of at most `limit` code points, with "…" added when something was cut.
[[nodiscard]] std::string shorten(std::string_view text, std::size_t limit);

// Columns the text takes in a terminal (combining marks 0, wide characters 2).
[[nodiscard]] std::size_t display_width(std::string_view text) noexcept;

// The candidate nearest to `word` after folding, by edit distance, or nothing when none is within a
// third of its length. Ties go to the earlier candidate. For "did you mean".
[[nodiscard]] std::optional<std::size_t> nearest(std::string_view word,
                                                 const std::string_view* candidates,
                                                 std::size_t count);

}  // namespace dangbo::inline v1::base
