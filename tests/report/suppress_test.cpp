// What a page withholds, against readers who try to find it: one solves every equation that the
// page gives, one tries every table that it allows.
#include "report/suppress.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace dangbo::test {

namespace {

using report::GuardedTable;
using report::hidden_cells;

constexpr std::uint64_t kPrime = 1'000'000'007;

std::uint64_t power(std::uint64_t base, std::uint64_t exponent) {
  std::uint64_t out = 1;
  for (; exponent > 0; exponent >>= 1U, base = base * base % kPrime) {
    if ((exponent & 1U) != 0) out = out * base % kPrime;
  }
  return out;
}

// Equations over hidden cells: the coefficients of a reader's knowledge, one row a sum.
std::vector<std::vector<std::uint64_t>> equations(const GuardedTable& table,
                                                  const std::vector<bool>& hidden) {
  std::vector<std::vector<std::uint64_t>> out;
  const std::size_t cells = table.cells.size();
  const auto add = [&](const std::vector<std::pair<std::size_t, std::uint64_t>>& terms) {
    std::vector<std::uint64_t> row(cells, 0);
    for (const auto& [cell, factor] : terms) {
      if (hidden[cell]) row[cell] = factor;
    }
    out.push_back(std::move(row));
  };
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    std::vector<std::pair<std::size_t, std::uint64_t>> terms;
    for (std::size_t c = 0; c < table.categories; ++c) {
      terms.emplace_back(row * table.categories + c, 1);
    }
    add(terms);
    for (std::size_t c = 0; c < table.categories; ++c) {
      terms = {{row * table.categories + c, kPrime - 1}};
      for (std::size_t below = 0; below < table.rows.size(); ++below) {
        if (table.rows[below].parent == row) terms.emplace_back(below * table.categories + c, 1);
      }
      if (terms.size() > 1) add(terms);
    }
  }
  return out;
}

// Cells whose value follows from the equations, by elimination.
std::vector<bool> solved(std::vector<std::vector<std::uint64_t>> rows, std::size_t cells) {
  std::size_t done = 0;
  std::vector<bool> out(cells, false);
  std::vector<std::size_t> pivots;
  for (std::size_t column = 0; column < cells && done < rows.size(); ++column) {
    std::size_t pivot = done;
    while (pivot < rows.size() && rows[pivot][column] == 0) ++pivot;
    if (pivot == rows.size()) continue;
    std::swap(rows[pivot], rows[done]);
    const std::uint64_t inverse = power(rows[done][column], kPrime - 2);
    for (std::uint64_t& value : rows[done]) value = value * inverse % kPrime;
    for (std::size_t other = 0; other < rows.size(); ++other) {
      if (other == done || rows[other][column] == 0) continue;
      const std::uint64_t factor = kPrime - rows[other][column];
      for (std::size_t i = 0; i < cells; ++i) {
        rows[other][i] = (rows[other][i] + factor * rows[done][i]) % kPrime;
      }
    }
    pivots.push_back(column);
    ++done;
  }
  for (std::size_t row = 0; row < done; ++row) {
    std::size_t nonzero = 0;
    for (const std::uint64_t value : rows[row]) nonzero += value != 0 ? 1 : 0;
    out[pivots[row]] = nonzero == 1;
  }
  return out;
}

// A tree of rows of up to three levels whose upper rows are the sums of the lower.
GuardedTable random_table(std::mt19937& random, std::size_t most_rows, int most_people) {
  GuardedTable table;
  table.categories = 2 + random() % 4;
  const std::size_t leaves = 1 + random() % most_rows;
  const bool has_middle = random() % 2 == 0;
  table.rows.push_back({});
  std::vector<std::uint32_t> parents = {0};
  if (has_middle) {
    for (int i = 0; i < 2; ++i) {
      parents.push_back(static_cast<std::uint32_t>(table.rows.size()));
      table.rows.push_back({0, true});
    }
  }
  for (std::size_t i = 0; i < leaves; ++i) {
    table.rows.push_back({parents[random() % parents.size()], random() % 9 != 0});
  }
  table.cells.assign(table.rows.size() * table.categories, 0);
  std::vector<bool> has_below(table.rows.size(), false);
  for (const auto& row : table.rows) {
    if (row.parent != GuardedTable::kNoRow) has_below[row.parent] = true;
  }
  for (std::size_t row = table.rows.size(); row-- > 0;) {
    for (std::size_t c = 0; c < table.categories; ++c) {
      std::int64_t& cell = table.cells[row * table.categories + c];
      if (!has_below[row]) {
        const bool is_many = c == 0 || random() % 4 == 0;
        cell =
            static_cast<std::int64_t>(random() % static_cast<unsigned>(is_many ? most_people : 4));
      }
      if (table.rows[row].parent != GuardedTable::kNoRow) {
        table.cells[table.rows[row].parent * table.categories + c] += cell;
      }
    }
  }
  for (std::size_t c = 0; c < table.categories; ++c) {
    table.is_open.push_back(c + 1 == table.categories && random() % 2 == 0);
  }
  return table;
}

std::string shown(const GuardedTable& table, const std::vector<bool>& hidden) {
  std::string out;
  for (std::size_t cell = 0; cell < table.cells.size(); ++cell) {
    const auto& row = table.rows[cell / table.categories];
    if (cell % table.categories == 0) {
      out += "\n" + std::to_string(static_cast<std::int32_t>(row.parent)) +
             (row.is_shown ? ":" : " never shown:");
    }
    out += " " + std::to_string(table.cells[cell]) + (hidden[cell] ? "?" : "");
    if (table.is_open[cell % table.categories]) out += "o";
  }
  return out;
}

std::int64_t total_of(const GuardedTable& table, std::size_t row) {
  std::int64_t sum = 0;
  for (std::size_t c = 0; c < table.categories; ++c) sum += table.cells[row * table.categories + c];
  return sum;
}

TEST(Suppress, SmallCellsAreHidden) {
  GuardedTable table;
  table.categories = 3;
  table.rows = {{}};
  table.cells = {40, 5, 4};
  table.is_open = {false, false, false};
  // 4 is small; alone it would follow from the total, so 5 goes as well.
  EXPECT_EQ(hidden_cells(table, 5), (std::vector<bool>{false, true, true}));
  table.cells = {40, 5, 5};
  EXPECT_EQ(hidden_cells(table, 5), (std::vector<bool>{false, false, false}));
  // 0 is a small count; together with 40 it tells that nobody is of the other kind.
  table.cells = {40, 0, 0};
  EXPECT_EQ(hidden_cells(table, 5), (std::vector<bool>{true, true, true}));
  // Who is not recorded is not a sensitive count.
  table.is_open = {false, false, true};
  table.cells = {40, 9, 1};
  EXPECT_EQ(hidden_cells(table, 5), (std::vector<bool>{false, false, false}));
}

TEST(Suppress, NothingToHide) {
  EXPECT_TRUE(hidden_cells({}, 5).empty());
  GuardedTable table;
  table.categories = 2;
  table.rows = {{}, {0, true}};
  table.cells = {0, 0, 0, 0};
  table.is_open = {false, false};
  EXPECT_EQ(hidden_cells(table, 5), std::vector<bool>(4, false));
}

TEST(Suppress, NobodyFindsAHiddenCellByAddingAndSubtracting) {
  std::mt19937 random(7);
  std::size_t hidden_count = 0;
  std::size_t shown_count = 0;
  for (int round = 0; round < 1500; ++round) {
    const GuardedTable table = random_table(random, 7, 60);
    const std::vector<bool> hidden = hidden_cells(table, 5);
    ASSERT_EQ(hidden.size(), table.cells.size());
    const std::vector<bool> found = solved(equations(table, hidden), table.cells.size());
    for (std::size_t cell = 0; cell < hidden.size(); ++cell) {
      const std::size_t row = cell / table.categories;
      if (total_of(table, row) == 0) continue;
      const bool is_small = table.cells[cell] < 5 && !table.is_open[cell % table.categories];
      EXPECT_TRUE(hidden[cell] || (!is_small && table.rows[row].is_shown)) << round << " " << cell;
      EXPECT_FALSE(hidden[cell] && found[cell]) << "round " << round << ", cell " << cell << "\n"
                                                << shown(table, hidden);
      (hidden[cell] ? hidden_count : shown_count) += 1;
    }
  }
  // The guard does not win by hiding everything.
  EXPECT_GT(shown_count, hidden_count / 20);
}

// Every table of whole, non-negative numbers that agrees with what is shown, row by row.
class Guesser {
 public:
  Guesser(const GuardedTable& table, const std::vector<bool>& hidden)
      : table_(table), hidden_(hidden), values_(table.cells), seen_(table.cells.size()) {}

  std::vector<std::set<std::int64_t>> run() {
    cell(table_.categories, 0);
    return seen_;
  }

 private:
  // Rows from the second on are free (two levels only); the first is their sum.
  void cell(std::size_t at, std::int64_t used) {
    const std::size_t row = at / table_.categories;
    if (at == table_.cells.size()) return check();
    const std::int64_t total = total_of(table_, row);
    const bool is_last = at % table_.categories + 1 == table_.categories;
    const auto go_on = [&](std::int64_t value) {
      values_[at] = value;
      cell(at + 1, is_last ? 0 : used + value);
    };
    if (!hidden_[at]) {
      if (is_last ? used + table_.cells[at] == total : used + table_.cells[at] <= total) {
        go_on(table_.cells[at]);
      }
    } else if (is_last) {
      if (total >= used) go_on(total - used);
    } else {
      for (std::int64_t value = 0; used + value <= total; ++value) go_on(value);
    }
  }

  void check() {
    for (std::size_t c = 0; c < table_.categories; ++c) {
      std::int64_t sum = 0;
      for (std::size_t row = 1; row < table_.rows.size(); ++row) {
        sum += values_[row * table_.categories + c];
      }
      values_[c] = sum;
      if (!hidden_[c] && sum != table_.cells[c]) return;
    }
    for (std::size_t at = 0; at < values_.size(); ++at) seen_[at].insert(values_[at]);
  }

  const GuardedTable& table_;
  const std::vector<bool>& hidden_;
  std::vector<std::int64_t> values_;
  std::vector<std::set<std::int64_t>> seen_;
};

TEST(Suppress, NobodyFindsAHiddenCellByTryingEveryTable) {
  std::mt19937 random(11);
  for (int round = 0; round < 400; ++round) {
    GuardedTable table;
    table.categories = 3;
    table.rows = {{}, {0, true}, {0, true}, {0, true}};
    table.is_open = {false, false, round % 3 == 0};
    table.cells.assign(12, 0);
    for (std::size_t at = 3; at < 12; ++at) {
      table.cells[at] = static_cast<std::int64_t>(random() % (at % 3 == 0 ? 14U : 7U));
      table.cells[at % 3] += table.cells[at];
    }
    const std::vector<bool> hidden = hidden_cells(table, 5);
    const auto seen = Guesser(table, hidden).run();
    for (std::size_t at = 0; at < hidden.size(); ++at) {
      ASSERT_TRUE(seen[at].contains(table.cells[at]));
      if (!hidden[at] || total_of(table, at / 3) == 0) continue;
      EXPECT_GT(seen[at].size(), 1U) << "round " << round << ", cell " << at;
    }
  }
}

TEST(Suppress, AProvinceIsQuick) {
  std::mt19937 random(3);
  GuardedTable table;
  table.categories = 8;
  table.rows.push_back({});
  for (std::uint32_t upper = 0; upper < 60; ++upper) table.rows.push_back({0, true});
  for (std::uint32_t unit = 0; unit < 950; ++unit) table.rows.push_back({1 + unit % 60, true});
  table.cells.assign(table.rows.size() * 8, 0);
  for (std::size_t row = table.rows.size(); row-- > 0;) {
    for (std::size_t c = 0; c < 8; ++c) {
      if (row > 60)
        table.cells[row * 8 + c] = static_cast<std::int64_t>(random() % (c == 0 ? 200 : 9));
      if (row > 0) table.cells[table.rows[row].parent * 8 + c] += table.cells[row * 8 + c];
    }
  }
  table.is_open.assign(8, false);
  const std::vector<bool> hidden = hidden_cells(table, 5);
  EXPECT_FALSE(hidden[0]);
  EXPECT_EQ(hidden, hidden_cells(table, 5));
}

}  // namespace

}  // namespace dangbo::test
