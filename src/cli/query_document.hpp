// The options of `rollup` as a query document (docs/query.md).
#pragma once

#include <memory>
#include <span>
#include <string>

#include "arguments.hpp"
#include "dangbo/table/schema.hpp"

namespace dangbo::cli {

// Mistakes in the options are kept as they are: Query::parse names them. `schemas` say which
// columns hold numbers and flags, since options are text.
[[nodiscard]] std::string query_document(
    const RollupArguments& arguments,
    std::span<const std::shared_ptr<const table::Schema>> schemas);

// A period as typed (2020, 2020-06, FROM..UNTIL) as a value of such a document.
[[nodiscard]] std::string period_document(const std::string& text);

}  // namespace dangbo::cli
