// What the findings will be: by themselves as days pass, or after a change that is only thought of.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "dangbo/rules/check.hpp"
#include "dangbo/table/table.hpp"

namespace dangbo::inline v1::rules {

inline constexpr std::int32_t kMostDaysAhead = 3653;

// Sắp đến hạn: what becomes a finding within `days` days of the view's day if nothing is done, by
// the facts known now and the law as the pack has it: day, key, rule, subject, unit_id, now (the
// outcome of the view's day), outcome, severity, cite, message_vi, message_en, remedy_vi,
// remedy_en (as of that day). One row a day on which a subject comes to be violated, downgraded, in
// conflict or undecidable, subjects that begin later included; ordered by day, rule, subject. Rules
// about persons and about cohorts are left out: there are no forecasts about persons.
// InvalidArgument for days out of 1 … kMostDaysAhead. O(evaluation of every subject + days that
// matter). Any thread.
[[nodiscard]] absl::StatusOr<table::Table> due(const registry::View& view, const Pack& pack,
                                               std::int32_t days, const CheckOptions& options = {});

struct WhatIf {
  // change (broken: the finding appears, mended: it goes, changed), outcome_before, then as `check`
  // gives it: of what is broken or changed as it would be, of what is mended as it is.
  table::Table findings;
  // When a query was given: its columns, the figures as <figure>_before, <figure>_after and, of
  // whole numbers, <figure>_difference; rows where nothing differs are left out.
  table::Table figures;
};

// Nếu … thì: what a change script (docs/scripts.md) would mend and break on the view's day, by
// which article. Works on a fork; nothing is written. `query`: a roll-up (docs/query.md) to be
// compared as well; empty: none. Fails with the problems of the script, of the query, and as
// `check` does. O(rows) for the fork and two checks; Checker::try_on is for many trials. Any
// thread.
[[nodiscard]] absl::StatusOr<WhatIf> what_if(const registry::View& view, const Pack& pack,
                                             std::string_view script, std::string_view source,
                                             std::string_view query = {},
                                             const CheckOptions& options = {});

}  // namespace dangbo::inline v1::rules
