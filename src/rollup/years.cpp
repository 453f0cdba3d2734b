#include "rollup/years.hpp"

#include <algorithm>
#include <limits>

namespace dangbo::inline v1::rollup {

namespace {
constexpr std::int32_t kBeforeAll = -208'189;  // the day before 1400-01-01
constexpr std::int64_t kMostYears = 10'000;
}  // namespace

std::int32_t last_day_with_years(time::Date day, std::int64_t years) {
  if (years <= -kMostYears) return std::numeric_limits<std::int32_t>::max();
  if (years >= kMostYears) return kBeforeAll;
  const auto near =
      time::add_months(day, static_cast<int>(-12 * years), time::MonthEndRule::kClamp);
  if (!near) return years > 0 ? kBeforeAll : std::numeric_limits<std::int32_t>::max();
  time::Date at = *near;
  while (time::years_between(at.plus_days(1), day) >= years) at = at.plus_days(1);
  while (time::years_between(at, day) < years) at = at.plus_days(-1);
  return at.days();
}

std::optional<std::int64_t> completed_years(time::PartialDate since, time::Date day, bool certain) {
  if (since.is_exact() ? since.first_day() > day : since.last_day() > day) return std::nullopt;
  const int most = time::years_between(since.first_day(), day);
  if (since.is_exact()) return most;
  if (!certain || time::years_between(since.last_day(), day) != most) return std::nullopt;
  return most;
}

std::size_t Bands::band_of(std::int64_t number) const {
  return static_cast<std::size_t>(std::upper_bound(edges.begin(), edges.end(), number) -
                                  edges.begin());
}

std::optional<std::size_t> Bands::band_of(time::PartialDate since, time::Date day) const {
  if (since.is_exact()) {
    const auto years = completed_years(since, day, false);
    return years ? std::optional(band_of(*years)) : std::nullopt;
  }
  if (!certain || since.last_day() > day) return std::nullopt;
  const std::size_t band = band_of(time::years_between(since.first_day(), day));
  const std::size_t least = band_of(time::years_between(since.last_day(), day));
  return band == least ? std::optional(band) : std::nullopt;
}

std::string Bands::text(std::size_t band) const {
  if (band == edges.size()) return std::to_string(edges.back()) + "+";
  const std::string last = std::to_string(edges[band] - 1);
  if (band == 0 && (!of_years || edges[0] != 1)) return (of_years ? "0-" : "…") + last;
  if (band == 0) return last;
  const std::string first = std::to_string(edges[band - 1]);
  return first == last ? first : first + "-" + last;
}

}  // namespace dangbo::inline v1::rollup
