// How declared measures went, as one table; and declarations and trends as JSON documents, the same
// text in C, Python and the command. docs/totals.md is the manual.
#pragma once

#include <absl/status/statusor.h>

#include <string_view>

#include "dangbo/registry/totals.hpp"
#include "dangbo/table/table.hpp"

namespace dangbo::inline v1::rollup {

// {"measure":1,"name":"women","of":"members","where":{"sex":"female"},"timeline":true}; "sum" names
// a field, null in "where" is missing. {"grouping":1,"name":"by sex","by":["sex","status"]}.
// InvalidArgument (kBadQuery) naming the place; names are checked by Registry::declare_….
[[nodiscard]] absl::StatusOr<registry::Measure> parse_measure(std::string_view json);
[[nodiscard]] absl::StatusOr<registry::Grouping> parse_grouping(std::string_view json);

// {"trend":1,"unit":"K","measures":["women"],"from":"2011-01-01","until":"2021-01-01"}, with "step"
// (month, quarter, year; month when left out) and "scope" (below, own). A row for each last day of
// a step that lies in [from, until): day, then a column a measure. Each day under its own tree
// (definitions.md 4). Later changes of structure are marked by nothing: the figures are those of
// the days. O(steps) for measures with a timeline, else O(rows) a day. InvalidArgument (kBadQuery,
// kUnknownUnit, kUnknownColumn for a measure not declared, kEndBeforeStart, kLimit).
[[nodiscard]] absl::StatusOr<table::Table> trend(const registry::Snapshot& snapshot,
                                                 std::string_view json);
[[nodiscard]] absl::StatusOr<table::Table> trend(const registry::View& view, std::string_view json);

}  // namespace dangbo::inline v1::rollup
