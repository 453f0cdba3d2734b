// Answers of other shapes than one figure a unit and group.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <vector>

#include "dangbo/table/table.hpp"
#include "rollup/count.hpp"

namespace dangbo::inline v1::rollup {

// The answers of several days below each other, each row with its day in the column "on".
// REQUIRES: as many as days, of one question.
[[nodiscard]] table::Table several_days(const std::vector<time::Date>& days,
                                        const std::vector<table::Table>& answers);

// Two days of a question about members: before, in, out, after; before + in − out = after in every
// row. Rows are units of the later day; whoever stood in the cell on one of the days only came or
// went.
[[nodiscard]] absl::StatusOr<table::Table> since(const registry::View& view,
                                                 const Query::Document& document,
                                                 const std::string& canonical, Progress& progress);

// The rows behind a cell of the question's result; with `counts_only` how many they are.
[[nodiscard]] absl::StatusOr<table::Table> rows_behind(const registry::View& view,
                                                       const Query::Document& document,
                                                       const std::string& canonical,
                                                       bool counts_only, Progress& progress);

}  // namespace dangbo::inline v1::rollup
