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
[[nodiscard]] absl::StatusOr<std::vector<Entity>> hits_by_columns(const Examiner& examiner,
                                                                  std::span<const Entity> subjects);

}  // namespace dangbo::inline v1::rules
