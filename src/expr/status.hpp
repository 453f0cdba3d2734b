// Faults of a text, and other mistakes, as a status.
#pragma once

#include <absl/status/status.h>

#include <string>
#include <string_view>
#include <vector>

#include "dangbo/base/problem.hpp"
#include "dangbo/expr/expression.hpp"

namespace dangbo::inline v1::expr::detail {

// Each at its line and its column in characters. REQUIRES: there are some.
[[nodiscard]] absl::Status status_of(std::string_view text, const std::vector<Fault>& faults);

// One problem with what came beside an expression; `at` is the field or the part of the document.
[[nodiscard]] absl::Status mistake(const std::string& at, const std::string& value,
                                   base::Message reason);

}  // namespace dangbo::inline v1::expr::detail
