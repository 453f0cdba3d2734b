// Debian's absl::string_view is not std::string_view; elsewhere the two are one type. These two
// helpers work with both. For bodies, never for our own interfaces.
#pragma once

#include <absl/strings/string_view.h>

#include <string_view>

namespace dangbo::inline v1::base {

[[nodiscard]] inline absl::string_view to_absl(std::string_view text) noexcept {
  return {text.data(), text.size()};
}

[[nodiscard]] inline std::string_view to_std(absl::string_view text) noexcept {
  return {text.data(), text.size()};
}

}  // namespace dangbo::inline v1::base
