// A request as parsed: plain data, nothing looked up yet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/base/problem.hpp"
#include "dangbo/report/page.hpp"
#include "dangbo/report/published.hpp"
#include "dangbo/time/date.hpp"

namespace dangbo::inline v1::report {

// Người đọc: the public, or people who may see the roster itself.
enum class Audience : std::uint8_t { kPublic, kInternal };

// Parts of a page, in its order.
enum class Part : std::uint8_t {
  kOverview,
  kUnits,
  kComposition,
  kGrades,
  kTrend,
  kMovements,
  kReorganisation,
  kPublished,
  kNotes,
};
inline constexpr std::size_t kPartCount = 9;
// The word of a part in the document, which is also the id of its section in the page.
[[nodiscard]] std::string_view word_of(Part part) noexcept;

struct PageRequest::Document {
  std::optional<time::Date> on;
  std::string unit;  // empty: all roots
  base::Language language = base::Language::kVietnamese;
  Audience audience = Audience::kPublic;
  std::optional<time::Date> trend_from;
  std::optional<time::Date> reorganisation;
  std::string movements;  // the period of the balance as JSON, as queries write it; empty: none
  std::vector<PublishedFigure> published;
  std::uint32_t parts = 0;  // a bit for each Part

  [[nodiscard]] bool has(Part part) const noexcept {
    return (parts >> static_cast<unsigned>(part) & 1U) != 0;
  }
};

}  // namespace dangbo::inline v1::report
