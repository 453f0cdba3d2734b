// Periods of reports, as texts.
#pragma once

#include <optional>
#include <string_view>

#include "dangbo/time/date_range.hpp"

namespace dangbo::inline v1::time {

// Kỳ: the days of "2018" (year), "2018H1" (half-year), "2018Q3" (quarter), "2018-03" (month),
// "2018-03-05" (day) or "2015-2020" (both years); nothing for any other text.
[[nodiscard]] std::optional<DateRange> period_days(std::string_view text) noexcept;

}  // namespace dangbo::inline v1::time
