// Whole files in and out.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "console.hpp"

namespace dangbo::cli {

// The text of a file, or of standard input for "-", without a byte order mark. Of a longer one
// than `limit` bytes one byte more is read: enough for its parser to refuse it. Nothing, with
// `error` of the system, when it cannot be read.
[[nodiscard]] std::optional<std::string> read_file(const std::string& path, std::size_t limit,
                                                   int& error);

// False, after saying why, when the file could not be written.
[[nodiscard]] bool write_file(const Console& console, const std::string& path,
                              std::string_view text);

}  // namespace dangbo::cli
