// A query as an argument: JSON, a file, or standard input.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "console.hpp"
#include "dangbo/rollup/query.hpp"

namespace dangbo::cli {

// The query with its day, from `on` when it gives none itself; `paths` are those of --data, and
// must be there. Nothing, after saying why, with the exit code.
[[nodiscard]] std::optional<rollup::Query> read_query(const Console& console,
                                                      std::string_view command,
                                                      const std::string& argument,
                                                      const std::vector<std::string>& paths,
                                                      const std::string& on, int& exit_code);

}  // namespace dangbo::cli
