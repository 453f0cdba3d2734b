#include "expr/status.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "dangbo/base/text.hpp"

namespace dangbo::inline v1::expr::detail {

namespace {

constexpr std::size_t kShownBytes = 60;

}  // namespace

// The problems of a text, each at its line and its column in characters.
absl::Status status_of(std::string_view text, const std::vector<Fault>& faults) {
  base::ProblemList problems;
  for (const Fault& fault : faults) {
    const std::string_view before =
        text.substr(0, std::min<std::size_t>(fault.span.begin, text.size()));
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const auto start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    std::size_t column = 1;
    for (const char c : before.substr(start)) {
      column += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    }
    const std::size_t end = std::min<std::size_t>(fault.span.end, text.size());
    std::string_view shown = text.substr(before.size(), end - before.size());
    shown = shown.substr(0, kShownBytes);
    const bool is_text = !base::first_bad_utf8(shown);
    problems.add({.code = base::ProblemCode::kBadQuery,
                  .place = {.file = {},
                            .row = static_cast<std::uint64_t>(line),
                            .column = std::to_string(column)},
                  .value = is_text ? std::string(shown) : std::string(),
                  .reason = fault.reason,
                  .fix = fault.fix});
  }
  return base::problem_status(absl::StatusCode::kInvalidArgument, problems);
}

absl::Status mistake(const std::string& at, const std::string& value, base::Message reason) {
  base::ProblemList problems;
  problems.add({.code = base::ProblemCode::kBadQuery,
                .place = {.file = {}, .row = 0, .column = at},
                .value = base::first_bad_utf8(value) ? std::string() : base::shorten(value, 64),
                .reason = std::move(reason),
                .fix = {}});
  return base::problem_status(absl::StatusCode::kInvalidArgument, problems);
}

}  // namespace dangbo::inline v1::expr::detail
