// The style and the script of a page, compiled in from page.css and page.js.
#pragma once

#include <string_view>

namespace dangbo::inline v1::report {

[[nodiscard]] std::string_view page_style() noexcept;
[[nodiscard]] std::string_view page_script() noexcept;
// SHA-256 of the script in hexadecimal, computed when the library was configured.
[[nodiscard]] std::string_view page_script_digest() noexcept;

}  // namespace dangbo::inline v1::report
