// From text to a JSON value, with its limits: size and depth before the parser sees the text, keys
// given twice while it reads.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <nlohmann/json.hpp>

#include "dangbo/base/problem.hpp"

namespace dangbo::inline v1::rollup {

// Nothing when the text is no JSON at all or longer than `max_mib`; a key given twice is a problem
// and the value is there.
[[nodiscard]] std::optional<nlohmann::json> read_json(std::string_view json,
                                                      base::ProblemList& problems,
                                                      std::size_t max_mib = 1);

}  // namespace dangbo::inline v1::rollup
