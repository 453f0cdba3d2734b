// Values of stored rows: whether two rows say the same, and what they say as text.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "rollup/column.hpp"

namespace dangbo::inline v1::rollup {

// Those of `fields` whose values differ between two rows of a table; of a state table also the ends
// of the interval when one row holds on the day and the other does not.
[[nodiscard]] std::vector<std::size_t> fields_at_odds(const Rows& rows,
                                                      const std::vector<std::size_t>& fields,
                                                      time::Date day, RowId a, RowId b);

// As a person would write it; "" when missing.
[[nodiscard]] std::string field_text(const registry::Snapshot& snapshot, const Rows& rows,
                                     std::size_t field, RowId row);
[[nodiscard]] std::string column_text(const registry::Snapshot& snapshot, const Column& column,
                                      const Placed& placed);

}  // namespace dangbo::inline v1::rollup
