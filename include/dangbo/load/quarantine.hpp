// Gác lại: rows at fault are set aside so that the consistent part of a load can be committed.
// Opt-in; without it a change is taken whole or not at all.
#pragma once

#include <absl/status/status.h>

#include <cstdint>

#include "dangbo/base/problem.hpp"
#include "dangbo/registry/change.hpp"
#include "dangbo/registry/registry.hpp"

namespace dangbo::inline v1::load {

struct Quarantined {
  std::uint64_t rows = 0;      // set aside
  base::ProblemList problems;  // why, in the order of files and rows
};

// Takes out of `change` the new rows that reading or checking found at fault, then those that stood
// on them (members of a unit set aside), until the rest would be accepted. Each becomes rows of the
// table `quarantine`, one a reason, with its content as a JSON object; results then say how many
// rows are outside them (provenance "quarantined"). Nothing is mended: later an ordinary change
// adds the row as it should be and withdraws these. What belongs to no row (a file without a
// header), a correction or an operation at fault stays a problem of the change, which is then
// refused at commit; so it is when rows stand on one another more than 64 deep. O(passes × rows).
[[nodiscard]] Quarantined set_aside(const registry::Registry& registry, registry::Change& change);

}  // namespace dangbo::inline v1::load
