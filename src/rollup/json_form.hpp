// From text to a JSON value, with its limits: size and depth before the parser sees the text, keys
// given twice while it reads.
#pragma once

#include <optional>
#include <string_view>

#include <nlohmann/json.hpp>

#include "dangbo/base/problem.hpp"

namespace dangbo::inline v1::rollup {

// Nothing when the text is no JSON at all; a key given twice is a problem and the value is there.
[[nodiscard]] std::optional<nlohmann::json> read_json(std::string_view json,
                                                      base::ProblemList& problems);

}  // namespace dangbo::inline v1::rollup
