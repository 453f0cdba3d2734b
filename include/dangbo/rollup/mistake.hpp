// Problems of a JSON document that asks something: where in it, what, and the nearest thing that
// exists. For queries and for the documents of rooms that are built on them.
#pragma once

#include <absl/status/status.h>

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

// Well-formed JSON of at most 1 MiB and 32 levels in which no object has a key twice; otherwise
// InvalidArgument with one problem a mistake. O(bytes).
[[nodiscard]] absl::Status check_document(std::string_view json);

}  // namespace dangbo::inline v1::rollup
