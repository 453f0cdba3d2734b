// Half-open ranges of days.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "dangbo/time/date.hpp"

namespace dangbo::inline v1::time {

// Khoảng ngày [from, until): `from` is the first day in it, `until` the first day after it. Either
// end may be open.
class DateRange {
 public:
  // Days kept in columns for an open end; no real date comes near them.
  static constexpr std::int32_t kOpenFrom = std::numeric_limits<std::int32_t>::min();
  static constexpr std::int32_t kOpenUntil = std::numeric_limits<std::int32_t>::max();

  // All days.
  constexpr DateRange() noexcept = default;
  constexpr DateRange(std::optional<Date> from, std::optional<Date> until) noexcept
      : from_(from ? from->days() : kOpenFrom), until_(until ? until->days() : kOpenUntil) {}
  [[nodiscard]] static constexpr DateRange from_days(std::int32_t from,
                                                     std::int32_t until) noexcept {
    DateRange range;
    range.from_ = from;
    range.until_ = until;
    return range;
  }

  [[nodiscard]] constexpr std::optional<Date> from() const noexcept {
    return from_ == kOpenFrom ? std::nullopt : std::optional<Date>(Date::from_days(from_));
  }
  [[nodiscard]] constexpr std::optional<Date> until() const noexcept {
    return until_ == kOpenUntil ? std::nullopt : std::optional<Date>(Date::from_days(until_));
  }
  [[nodiscard]] constexpr std::int32_t from_day() const noexcept { return from_; }
  [[nodiscard]] constexpr std::int32_t until_day() const noexcept { return until_; }

  [[nodiscard]] constexpr bool empty() const noexcept { return from_ >= until_; }
  [[nodiscard]] constexpr bool contains(Date day) const noexcept {
    return from_ <= day.days() && day.days() < until_;
  }
  [[nodiscard]] constexpr bool overlaps(const DateRange& other) const noexcept {
    return std::max(from_, other.from_) < std::min(until_, other.until_);
  }
  [[nodiscard]] constexpr DateRange intersection(const DateRange& other) const noexcept {
    return from_days(std::max(from_, other.from_), std::min(until_, other.until_));
  }
  // "[2020-01-01, 2020-02-01)", an open end as "…".
  [[nodiscard]] std::string to_string() const;
  friend constexpr bool operator==(const DateRange&, const DateRange&) noexcept = default;

 private:
  std::int32_t from_ = kOpenFrom;
  std::int32_t until_ = kOpenUntil;
};

}  // namespace dangbo::inline v1::time
