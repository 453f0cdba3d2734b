#include "branches.hpp"

#include <cstdint>

namespace dangbo::cli {

namespace {

// Deeper branches are not drawn but numbered, or a chain of units would take the square of its
// length.
constexpr std::int64_t kDrawnLevels = 12;

// Whether a row is the last among its siblings. Levels are those of a pre-order walk.
std::vector<bool> find_last(const table::Column& level) {
  std::vector<bool> is_last(level.size());
  std::vector<bool> has_later;  // by level, below the parent that the walk from the end is in
  for (std::size_t row = level.size(); row-- > 0;) {
    const auto at = static_cast<std::size_t>(level.integer(row));
    is_last[row] = at >= has_later.size() || !has_later[at];
    has_later.resize(at + 1);
    has_later[at] = true;
  }
  return is_last;
}

}  // namespace

Branches::Branches(const table::Column& level) : level_(level), is_last_(find_last(level)) {}

std::string Branches::next() {
  const auto at = static_cast<std::size_t>(level_.integer(row_));
  const bool is_last = is_last_[row_++];
  open_.resize(at);
  std::string out;
  if (at > static_cast<std::size_t>(kDrawnLevels)) {
    out = "… " + std::to_string(at) + (is_last ? " └─ " : " ├─ ");
  } else if (at > 0) {
    for (std::size_t i = 1; i < at; ++i) out += open_[i] ? "│  " : "   ";
    out += is_last ? "└─ " : "├─ ";
  }
  open_.push_back(!is_last);
  return out;
}

}  // namespace dangbo::cli
