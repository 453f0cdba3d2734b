// What decided a value, read off the checked tree by evaluating its parts again.
#pragma once

#include <span>
#include <vector>

#include "expr/program.hpp"

namespace dangbo::inline v1::expr::detail {

void trace(const Program& program, std::span<const Value> variables,
           std::vector<Decision>& decisions, std::size_t most);

}  // namespace dangbo::inline v1::expr::detail
