// The parts of a difference: the comparison itself, and with rows set aside.
#pragma once

#include <absl/status/statusor.h>

#include "dangbo/load/difference.hpp"
#include "load/comparing.hpp"

namespace dangbo::inline v1::load::detail {

// An extract without problems against a registry, or as its first roster.
[[nodiscard]] absl::StatusOr<Difference> compare(const registry::Registry& registry,
                                                 const registry::Change& extract,
                                                 const DifferenceOptions& options,
                                                 LeftAlone left_alone);
[[nodiscard]] absl::StatusOr<Difference> difference_set_aside(const registry::Registry& registry,
                                                              const registry::Change& extract,
                                                              const DifferenceOptions& options);

}  // namespace dangbo::inline v1::load::detail
