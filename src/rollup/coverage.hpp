// From which day on a registry knows its roster, and how many rows of its files stand outside it.
#pragma once

#include "dangbo/base/problem.hpp"
#include "dangbo/registry/snapshot.hpp"
#include "dangbo/table/table.hpp"
#include "rollup/document.hpp"

namespace dangbo::inline v1::rollup {

// A problem (kOutsideCoverage) for a day asked, and for a balance or a count of those who came that
// begins, before the coverage does: what is not known is not 0.
void check_coverage(const registry::View& view, const Query::Document& document,
                    base::ProblemList& problems);

// The same for a day alone.
void check_covered_day(const registry::View& view, base::ProblemList& problems);

// The facts "coverage" and "quarantined", where there is something to say.
void add_coverage(table::Provenance& provenance, const registry::View& view);

}  // namespace dangbo::inline v1::rollup
