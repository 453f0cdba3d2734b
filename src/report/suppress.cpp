#include "report/suppress.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace dangbo::inline v1::report {

namespace {

constexpr std::size_t kNothing = std::numeric_limits<std::size_t>::max();

// A sum known to the reader: cells with +, and one with − when it is what the others add up to.
struct Sum {
  std::vector<std::size_t> parts;
  std::size_t whole = kNothing;
};

class Guard {
 public:
  Guard(const GuardedTable& table, std::int64_t smallest)
      : table_(table),
        smallest_(smallest),
        categories_(table.categories),
        hidden_(table.cells.size(), false) {
    find_rows();
    find_sums();
    hide_small_ones();
  }

  std::vector<bool> run() {
    // Each round hides at least one cell more, or ends.
    while (widen_sums() || break_bridges() || loosen_pins()) {
    }
    return std::move(hidden_);
  }

 private:
  [[nodiscard]] std::size_t cell(std::size_t row, std::size_t category) const noexcept {
    return row * categories_ + category;
  }
  [[nodiscard]] std::size_t row_of(std::size_t cell) const noexcept { return cell / categories_; }
  [[nodiscard]] std::int64_t value(std::size_t cell) const noexcept { return table_.cells[cell]; }

  void find_rows() {
    const std::size_t rows = table_.rows.size();
    has_below_.assign(rows, false);
    totals_.assign(rows, 0);
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t c = 0; c < categories_; ++c) totals_[row] += value(cell(row, c));
      const std::uint32_t up = table_.rows[row].parent;
      if (up != GuardedTable::kNoRow) has_below_[up] = true;
    }
  }

  // Sums of rows first, then those of categories within rows that have rows below.
  void find_sums() {
    const std::size_t rows = table_.rows.size();
    first_of_.assign(rows, kNothing);
    for (std::size_t row = 0; row < rows; ++row) {
      Sum sum;
      for (std::size_t c = 0; c < categories_; ++c) sum.parts.push_back(cell(row, c));
      sums_.push_back(std::move(sum));
    }
    for (std::size_t row = 0; row < rows; ++row) {
      if (!has_below_[row]) continue;
      first_of_[row] = sums_.size();
      for (std::size_t c = 0; c < categories_; ++c) {
        Sum sum;
        sum.whole = cell(row, c);
        sums_.push_back(std::move(sum));
      }
    }
    for (std::size_t row = 0; row < rows; ++row) {
      const std::uint32_t up = table_.rows[row].parent;
      if (up == GuardedTable::kNoRow) continue;
      for (std::size_t c = 0; c < categories_; ++c) {
        sums_[first_of_[up] + c].parts.push_back(cell(row, c));
      }
    }
  }

  void hide_small_ones() {
    for (std::size_t row = 0; row < table_.rows.size(); ++row) {
      if (totals_[row] == 0) continue;
      for (std::size_t c = 0; c < categories_; ++c) {
        const bool is_small = value(cell(row, c)) < smallest_ && !table_.is_open[c];
        if (is_small || !table_.rows[row].is_shown) hidden_[cell(row, c)] = true;
      }
    }
  }

  // The smallest cell of a sum that is shown and counts somebody, then one that counts nobody. Of a
  // row without anybody all is known.
  [[nodiscard]] std::size_t candidate(const Sum& sum) const {
    std::size_t best = kNothing;
    const auto is_better = [&](std::size_t at) {
      if (best == kNothing || value(best) == 0) return best == kNothing || value(at) > 0;
      return value(at) > 0 && value(at) < value(best);
    };
    const auto look = [&](std::size_t at) {
      if (!hidden_[at] && totals_[row_of(at)] > 0 && is_better(at)) best = at;
    };
    for (const std::size_t part : sum.parts) look(part);
    // What the others add up to tells most: it goes last.
    if ((best == kNothing || value(best) == 0) && sum.whole != kNothing) look(sum.whole);
    return best;
  }

  bool hide(std::size_t at) {
    if (at == kNothing) return false;
    hidden_[at] = true;
    return true;
  }

  // Two hidden cells at least, and not so few people together that their sum is a small count.
  bool widen_sums() {
    bool changed = false;
    for (const Sum& sum : sums_) {
      while (is_narrow(sum) && hide(candidate(sum))) changed = true;
    }
    return changed;
  }

  [[nodiscard]] bool is_narrow(const Sum& sum) const {
    std::size_t count = 0;
    std::int64_t total = 0;
    for (const std::size_t part : sum.parts) {
      if (!hidden_[part]) continue;
      ++count;
      total += value(part);
    }
    if (sum.whole != kNothing && hidden_[sum.whole]) return count == 0;
    return count == 1 || (count > 1 && total < smallest_);
  }

  // ---- equalities

  [[nodiscard]] std::pair<std::size_t, std::size_t> ends_of(std::size_t at) const {
    const std::size_t row = row_of(at);
    const std::size_t c = at % categories_;
    const std::uint32_t up = table_.rows[row].parent;
    const std::size_t own = has_below_[row] ? first_of_[row] + c : row;
    return {own, up == GuardedTable::kNoRow ? sums_.size() : first_of_[up] + c};
  }

  struct Edge {
    std::size_t to;
    std::size_t at;  // the hidden cell
  };
  struct Visit {
    std::size_t node;
    std::size_t by;    // the cell it was reached by
    std::size_t next;  // edge to look at
  };

  // Cells on no cycle. A walk with its own stack; `low` as Tarjan has it.
  std::vector<std::size_t> bridges() const {
    std::vector<std::vector<Edge>> edges(sums_.size() + 1);
    for (std::size_t at = 0; at < hidden_.size(); ++at) {
      if (!hidden_[at]) continue;
      const auto [a, b] = ends_of(at);
      edges[a].push_back({b, at});
      edges[b].push_back({a, at});
    }
    std::vector<std::size_t> order(edges.size(), 0);
    std::vector<std::size_t> low(edges.size(), 0);
    std::size_t clock = 0;
    std::vector<std::size_t> found;
    std::vector<Visit> stack;
    for (std::size_t start = 0; start < edges.size(); ++start) {
      if (order[start] != 0) continue;
      order[start] = low[start] = ++clock;
      stack.push_back({start, kNothing, 0});
      while (!stack.empty()) {
        Visit& visit = stack.back();
        if (visit.next < edges[visit.node].size()) {
          const Edge edge = edges[visit.node][visit.next++];
          if (edge.at == visit.by) continue;
          if (order[edge.to] != 0) {
            low[visit.node] = std::min(low[visit.node], order[edge.to]);
          } else {
            order[edge.to] = low[edge.to] = ++clock;
            stack.push_back({edge.to, edge.at, 0});
          }
          continue;
        }
        const Visit done = visit;
        stack.pop_back();
        if (stack.empty()) continue;
        low[stack.back().node] = std::min(low[stack.back().node], low[done.node]);
        if (low[done.node] > order[stack.back().node]) found.push_back(done.by);
      }
    }
    return found;
  }

  bool break_bridges() {
    bool changed = false;
    for (const std::size_t at : bridges()) changed = hide_beside(at) || changed;
    return changed;
  }

  // Hides the smallest cell that shares a sum with a cell.
  bool hide_beside(std::size_t at) {
    std::size_t best = candidate(sums_[row_of(at)]);
    const auto better = [&](std::size_t other) {
      if (other == kNothing) return;
      if (best == kNothing ||
          (value(other) > 0 && (value(best) == 0 || value(other) < value(best)))) {
        best = other;
      }
    };
    const auto [own, up] = ends_of(at);
    if (own < sums_.size()) better(candidate(sums_[own]));
    if (up < sums_.size()) better(candidate(sums_[up]));
    return hide(best);
  }

  // ---- bounds

  struct Range {
    std::int64_t low = 0;
    std::int64_t high = 0;
  };

  // What a sum says about each of its cells when the others lie within their ranges.
  static bool narrow(Range& range, std::int64_t low, std::int64_t high) {
    bool changed = false;
    if (low > range.low) {
      range.low = low;
      changed = true;
    }
    if (high < range.high) {
      range.high = high;
      changed = true;
    }
    return changed;
  }

  bool narrow_by(const Sum& sum, std::vector<Range>& ranges) const {
    std::int64_t low = 0;
    std::int64_t high = 0;
    for (const std::size_t part : sum.parts) {
      low += ranges[part].low;
      high += ranges[part].high;
    }
    // A row's own total is a whole that is always known.
    const Range whole = sum.whole != kNothing
                            ? ranges[sum.whole]
                            : Range{totals_[row_of(sum.parts[0])], totals_[row_of(sum.parts[0])]};
    bool changed = false;
    if (sum.whole != kNothing) changed = narrow(ranges[sum.whole], low, high);
    for (const std::size_t part : sum.parts) {
      const Range old = ranges[part];
      changed = narrow(ranges[part], whole.low - (high - old.high), whole.high - (low - old.low)) ||
                changed;
      low += ranges[part].low - old.low;
      high += ranges[part].high - old.high;
    }
    return changed;
  }

  bool loosen_pins() {
    constexpr int kRounds = 64;
    std::vector<Range> ranges(hidden_.size());
    for (std::size_t at = 0; at < hidden_.size(); ++at) {
      ranges[at] = hidden_[at] ? Range{0, totals_[row_of(at)]} : Range{value(at), value(at)};
    }
    bool moved = true;
    for (int round = 0; round < kRounds && moved; ++round) {
      moved = false;
      for (const Sum& sum : sums_) moved = narrow_by(sum, ranges) || moved;
    }
    bool changed = false;
    for (std::size_t at = 0; at < hidden_.size(); ++at) {
      if (hidden_[at] && ranges[at].low == ranges[at].high) changed = hide_beside(at) || changed;
    }
    return changed;
  }

  const GuardedTable& table_;
  std::int64_t smallest_;
  std::size_t categories_;
  std::vector<bool> hidden_;
  std::vector<bool> has_below_;
  std::vector<std::int64_t> totals_;  // by row
  std::vector<Sum> sums_;
  std::vector<std::size_t> first_of_;  // by row: its first sum of a category
};

}  // namespace

std::vector<bool> hidden_cells(const GuardedTable& table, std::int64_t smallest) {
  if (table.categories == 0 || table.rows.empty()) return {};
  return Guard(table, smallest).run();
}

}  // namespace dangbo::inline v1::report
