// A pack laid out afresh, in the one way there is.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <string_view>

namespace dangbo::inline v1::rules {

// The text of a pack with one way of indenting, quoting and breaking lines; expressions laid out as
// expr::format does, comments kept, order kept. What it says is the same, and formatting twice
// changes nothing. The text need not be a good pack, only the strict form of YAML: fails as
// read_pack() does when it is not, or when a comment stands where none can be kept. O(text).
[[nodiscard]] absl::StatusOr<std::string> format_pack(std::string_view text,
                                                      std::string_view source);

}  // namespace dangbo::inline v1::rules
