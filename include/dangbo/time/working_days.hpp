// Working days by a calendar the host supplies; the law's holidays are data, never code.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "dangbo/time/date.hpp"

namespace dangbo::inline v1::time {

// Lịch làm việc: Monday to Friday, less the holidays, plus the make-up days. Immutable, safe from
// any thread.
class WorkingCalendar {
 public:
  // `holidays`: days off beside weekends; `makeup_days`: Saturdays or Sundays worked instead. Order
  // and repeats do not matter; a day in both is worked.
  WorkingCalendar(std::span<const Date> holidays, std::span<const Date> makeup_days);

  [[nodiscard]] bool is_working(Date day) const noexcept;
  // The n-th working day after `day`, which is itself not counted; before it when n is negative;
  // `day` when 0. Nothing when the result leaves the calendar of `Date`. O(n).
  [[nodiscard]] std::optional<Date> add(Date day, int n) const noexcept;
  // Working days in [from, until); 0 when empty. O(days).
  [[nodiscard]] int count(Date from, Date until) const noexcept;

 private:
  std::vector<Date> holidays_;
  std::vector<Date> makeup_days_;
};

}  // namespace dangbo::inline v1::time
