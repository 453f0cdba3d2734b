// One rule over many subjects: which of them have a finding.
#pragma once

#include <absl/status/statusor.h>

#include <span>
#include <vector>

#include "rules/examiner.hpp"

namespace dangbo::inline v1::rules {

// Those whose requirement does not hold, or cannot be decided, within the scope of the rule or
// where that cannot be decided: all that `find` has something to say about, in their order.
[[nodiscard]] absl::StatusOr<std::vector<Entity>> hits_by_rows(const Examiner& examiner,
                                                               std::span<const Entity> subjects);
// The same of rules about the same subjects, whose columns are read once for all of them; a list a
// rule. REQUIRES: they have one record and one set of facts.
[[nodiscard]] absl::StatusOr<std::vector<std::vector<Entity>>> hits_by_columns(
    std::span<const Examiner* const> examiners, std::span<const Entity> subjects);

// What a whole pass over the facts found of one rule.
struct Passed {
  std::vector<Entity> hits;
  std::uint64_t evaluated = 0;
};
struct Scope;

// Every rule of `examiners` over all its subjects within the scope, rules about the same subjects
// together.
[[nodiscard]] absl::StatusOr<std::vector<Passed>> pass(std::span<const Examiner* const> examiners,
                                                       const Scope& scope, bool row_by_row);

}  // namespace dangbo::inline v1::rules
