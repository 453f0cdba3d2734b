// Tăng, giảm đảng viên: the balance of a period as a result. docs/query.md is its manual.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <vector>

#include "dangbo/table/table.hpp"
#include "rollup/document.hpp"

namespace dangbo::inline v1::rollup {

// The columns of figures: opening, reasons in, reasons out, closing.
[[nodiscard]] std::vector<std::string> balance_columns();

// REQUIRES: the document is of movements.
[[nodiscard]] absl::StatusOr<table::Table> movements(const registry::View& view,
                                                     const Query::Document& document,
                                                     const std::string& canonical);

}  // namespace dangbo::inline v1::rollup
