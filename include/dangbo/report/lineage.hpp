// Hình vẽ phả hệ: the units connected with one by mergers, divisions and split-offs, as a picture.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <string_view>

#include "dangbo/base/problem.hpp"
#include "dangbo/registry/snapshot.hpp"

namespace dangbo::inline v1::report {

// One self-contained SVG document (UTF-8): a box a unit, in columns by the day it was founded, an
// arrow for every row of `unit_events` by which one unit came out of another (dashed: split-off,
// after which the first unit stays), with event and day. The unit asked has a thick border, units
// that have ended a grey box. Nothing is fetched or run; names are cut to the box and escaped; the
// same facts give the same bytes. At most 300 units are drawn, those nearest to the one asked; how
// many are left out is said in the picture. InvalidArgument (kUnknownUnit). O(units + unit_events).
[[nodiscard]] absl::StatusOr<std::string> draw_lineage(
    const registry::Snapshot& snapshot, std::string_view unit,
    base::Language language = base::Language::kVietnamese);

}  // namespace dangbo::inline v1::report
