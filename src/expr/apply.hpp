// The parts of apply(); see program.hpp.
#pragma once

#include <span>

#include "expr/program.hpp"

namespace dangbo::inline v1::expr::detail {

// + and - of instants and lengths of time.
[[nodiscard]] Value arithmetic_of_times(Function function, const Value& a, const Value& b) noexcept;
// string() of an instant, a length of time, a day or a period.
[[nodiscard]] Value text_of_time(const Value& value);
// All functions of instants, lengths of time, days and periods.
[[nodiscard]] Value apply_to_times(Function function, std::span<const Value> arguments,
                                   Surroundings& around);

}  // namespace dangbo::inline v1::expr::detail
