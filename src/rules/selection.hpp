// Which rules of a pack, and which of their subjects, a check is about.
#pragma once

#include <absl/status/statusor.h>

#include <optional>
#include <string_view>
#include <vector>

#include "dangbo/rules/check.hpp"
#include "rules/examiner.hpp"

namespace dangbo::inline v1::rules {

// Positions in Pack::rules, ascending.
[[nodiscard]] absl::StatusOr<std::vector<std::size_t>> select_rules(const Pack& pack,
                                                                    const CheckOptions& options);

// The subtree of a unit; nothing restricts when the key is empty.
struct Scope {
  std::optional<UnitSlot> unit;
  [[nodiscard]] bool includes(const Examiner& examiner, Entity subject) const;
};
[[nodiscard]] absl::StatusOr<Scope> scope_of(const registry::View& view, std::string_view unit);

// One problem as a status: `value` and what is wrong with it.
[[nodiscard]] absl::Status refusal(base::ProblemCode code, std::string_view value,
                                   base::Message reason, base::Message fix);

}  // namespace dangbo::inline v1::rules
