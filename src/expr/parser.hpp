// Text to tree; names are not resolved yet.
#pragma once

#include <string_view>

#include "expr/fault.hpp"
#include "expr/tree.hpp"

namespace dangbo::inline v1::expr::detail {

// False when something is wrong, which is then in `faults`.
[[nodiscard]] bool parse(std::string_view text, Tree& tree, Faults& faults);

}  // namespace dangbo::inline v1::expr::detail
