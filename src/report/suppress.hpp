// Which cells of a table may be shown when small counts may not be known: those that are small, and
// those from which a small one could be computed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace dangbo::inline v1::report {

inline constexpr std::int64_t kSmallest = 5;  // a sensitive count below it is not shown

// Counts of units by category. What a reader knows beside the cells shown: the total of every row,
// and that each row with rows below it is their sum.
struct GuardedTable {
  static constexpr std::uint32_t kNoRow = 0xFFFFFFFFU;

  struct Row {
    std::uint32_t parent = kNoRow;  // an earlier row; only the first has none
    bool is_shown = true;           // no: none of its cells is (what no listed unit accounts for)
  };
  std::size_t categories = 0;
  std::vector<Row> rows;
  std::vector<std::int64_t> cells;  // row × category
  std::vector<bool> is_open;        // by category: no count of it is sensitive ("missing")
};

// True where a cell must stay hidden, row × category. Hidden are the small ones (0 too), and more,
// smallest first, until no hidden cell follows from what is shown by adding and subtracting, none
// is pinned to one value because counts are not negative, and hidden cells next to one another add
// up to at least `smallest`. Rows without anybody hide nothing. O(cells) a round, few rounds.
//
// Why it is exact: each hidden cell is an edge of a graph whose nodes are the sums known (a row
// without rows below, a category within a row that has some); it follows from the others if and
// only if the edge is a bridge.
[[nodiscard]] std::vector<bool> hidden_cells(const GuardedTable& table, std::int64_t smallest);

}  // namespace dangbo::inline v1::report
