// Problems of a query: where in the document, what, and the nearest thing that exists.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dangbo/base/problem.hpp"

namespace dangbo::inline v1::rollup {

// `key` as a step of a JSON pointer: "/" + key with ~ and / escaped.
[[nodiscard]] std::string step(std::string_view key);

[[nodiscard]] base::Problem mistake(base::ProblemCode code, std::string at, std::string_view value,
                                    base::Message reason, base::Message fix);

// "ý bạn là «x»?" when a candidate is near, otherwise the candidates themselves (a few).
[[nodiscard]] base::Message suggest(std::string_view word,
                                    const std::vector<std::string_view>& candidates);

}  // namespace dangbo::inline v1::rollup
