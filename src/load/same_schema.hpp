#pragma once

#include "dangbo/table/schema.hpp"

namespace dangbo::inline v1::load::detail {

// Whether two descriptions of a table are the same but for the field `extra`, which a registry
// adds.
[[nodiscard]] bool is_same_schema(const table::Schema& one, const table::Schema& other);

}  // namespace dangbo::inline v1::load::detail
