// What is allowed in a pack and yet worth a look. What may not be is refused when it is read.
#pragma once

#include <optional>

#include "dangbo/base/problem.hpp"
#include "dangbo/rules/pack.hpp"

namespace dangbo::inline v1::rules {

// By file, line, column (ProblemCode::kBadPack):
//   a parameter that no rule reads; a rule above advice that reads a value of weak evidence (its
//   findings are advisory on those days); two exceptions with different effects, neither above the
//   other, that could hold together (a conflict when they do); with `today`: a value in force that
//   nobody has looked at in the last `years` years.
// O(rules × parameters).
[[nodiscard]] base::ProblemList review_pack(const Pack& pack,
                                            std::optional<time::Date> today = std::nullopt,
                                            int years = 1);

}  // namespace dangbo::inline v1::rules
