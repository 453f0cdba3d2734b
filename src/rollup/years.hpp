// Completed years since a date (definitions.md 6), and bands of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dangbo/time/date.hpp"

namespace dangbo::inline v1::rollup {

// The last day since which `years` are completed on `day`; one before the calendar when there is
// none. years_between(x, day) >= years exactly for the days x up to it.
[[nodiscard]] std::int32_t last_day_with_years(time::Date day, std::int64_t years);

// Nothing for a date after the day. A partial date has years when all its possible days agree, and
// only if `certain`.
[[nodiscard]] std::optional<std::int64_t> completed_years(time::PartialDate since, time::Date day,
                                                          bool certain);

// Bands of whole numbers: below edges[0], [edges[0], edges[1]), …, from edges.back() on.
struct Bands {
  bool of_years = false;
  bool certain = false;
  std::vector<std::int64_t> edges;

  [[nodiscard]] std::size_t count() const noexcept { return edges.size() + 1; }
  [[nodiscard]] std::size_t band_of(std::int64_t number) const;
  // Of years also when only the possible days' bands agree.
  [[nodiscard]] std::optional<std::size_t> band_of(time::PartialDate since, time::Date day) const;
  // "0-17", "18-30", "61+"; of numbers the lowest is "…17".
  [[nodiscard]] std::string text(std::size_t band) const;
};

}  // namespace dangbo::inline v1::rollup
