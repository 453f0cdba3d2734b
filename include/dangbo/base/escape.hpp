// Text on its way into a page or a parser.
#pragma once

#include <string>
#include <string_view>

namespace dangbo::inline v1::base {

// For element content and for attribute values in quotes. O(text).
[[nodiscard]] std::string escape_html(std::string_view text);

// Whether brackets of a JSON text, those in its strings left out, ever stand more than `most` deep:
// a parser that keeps a stack should not see it then. O(text).
[[nodiscard]] bool nests_deeper(std::string_view json, int most) noexcept;

}  // namespace dangbo::inline v1::base
