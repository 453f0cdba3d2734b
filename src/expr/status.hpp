// Faults of a text as a status.
#pragma once

#include <absl/status/status.h>

#include <string_view>
#include <vector>

#include "dangbo/expr/expression.hpp"

namespace dangbo::inline v1::expr::detail {

// Each at its line and its column in characters. REQUIRES: there are some.
[[nodiscard]] absl::Status status_of(std::string_view text, const std::vector<Fault>& faults);

}  // namespace dangbo::inline v1::expr::detail
