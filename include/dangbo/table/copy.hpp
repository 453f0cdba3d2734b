// One value from a column to another.
#pragma once

#include <cstddef>

#include "dangbo/table/column.hpp"

namespace dangbo::inline v1::table {

// Appends the value of `from` in a row, or that it is missing. REQUIRES: `to` has the same type,
// and of codes the same words.
void append_value(Column& to, const Column& from, std::size_t row);

}  // namespace dangbo::inline v1::table
