// Random questions, frozen at random commits of histories that went on: what the comparison says of
// the figures is what the twin counts, and its causes account for every difference.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "dangbo/rollup/freeze.hpp"
#include "dangbo/table/write.hpp"
#include "rollup/amend.hpp"

namespace dangbo::test {

namespace {

using Figures = std::map<std::vector<std::string>, std::string>;  // cell -> figure

// By unit and groups; with `base`, that column by unit.
Figures figures_of(const Lines& lines, const TwinQuery& query, bool base) {
  Figures out;
  const std::size_t first = query.each.empty() ? 0 : 2;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    std::vector<std::string> cell;
    if (first != 0) cell.push_back(lines[i][0]);
    for (std::size_t g = 0; g < query.by.size() && !base; ++g) {
      cell.push_back(lines[i][first + g]);
    }
    out[cell] = lines[i][first + query.by.size() + (base ? 1 : 0)];
  }
  return out;
}

// The figures of the table of cells, by the same cells.
Figures figures_in(const table::Table& cells, const TwinQuery& query, bool base,
                   const char* column) {
  Figures out;
  const std::size_t first = query.each.empty() ? 1 : 3;
  const auto figure = cells.find("figure");
  for (std::size_t row = 0; row < cells.row_count(); ++row) {
    if (figure && (cells.column(*figure).display(row) == "base") != base) continue;
    const table::Column& values = cells.column(*cells.find(column));
    if (values.is_missing(row)) continue;
    std::vector<std::string> cell;
    if (first == 3) cell.push_back(cells.column(1).display(row));
    for (std::size_t g = 0; g < query.by.size() && !base; ++g) {
      cell.push_back(cells.column(first + g).display(row));
    }
    out[cell] = values.display(row);
  }
  return out;
}

class Checker {
 public:
  Checker(const Amended& amended, const TwinQuery& question, int frozen_at)
      : amended_(amended), question_(question), frozen_at_(frozen_at) {}

  std::map<std::string, int> seen;  // causes met

  void run() {
    TwinQuery asked = question_;
    asked.known_at = frozen_at_;
    const registry::Snapshot snapshot = amended_.registry->snapshot();
    const auto query = rollup::Query::parse(to_json(asked));
    ASSERT_TRUE(query.ok()) << query.status();
    const auto frozen = rollup::freeze(snapshot, *query);
    ASSERT_TRUE(frozen.ok()) << frozen.status();
    const auto read = rollup::Frozen::parse(frozen->to_json());
    ASSERT_TRUE(read.ok()) << read.status() << frozen->to_json();
    ASSERT_EQ(read->to_json(), frozen->to_json());
    const auto all = rollup::compare(snapshot, *read, {.all = true});
    ASSERT_TRUE(all.ok()) << all.status();
    check_figures(all->cells);
    check_causes(*all, snapshot);
    const auto some = rollup::compare(snapshot, *read);
    ASSERT_TRUE(some.ok());
    ASSERT_EQ(some->differing, some->cells.row_count());
    ASSERT_EQ(some->differing, all->differing);
    ASSERT_EQ(some->differing == 0, some->causes.row_count() == 0);
    check_causes(*some, snapshot);
    for (std::size_t row = 0; row < some->causes.row_count(); ++row) {
      ++seen[some->causes.column(*some->causes.find("cause")).display(row)];
    }
  }

 private:
  void check_figures(const table::Table& cells) {
    TwinQuery then = question_;
    then.known_at = frozen_at_;
    TwinQuery now = question_;
    now.known_at = amended_.commits;
    const Lines lines_then = twin_answer(amended_.history, then);
    const Lines lines_now = twin_answer(amended_.history, now);
    for (const bool base : {false, true}) {
      if (base && question_.share.empty()) continue;
      ASSERT_EQ(figures_in(cells, question_, base, "frozen"),
                figures_of(lines_then, question_, base));
      ASSERT_EQ(figures_in(cells, question_, base, "now"), figures_of(lines_now, question_, base));
    }
  }

  static std::int64_t number(const table::Table& table, const char* column, std::size_t row) {
    return table.column(*table.find(column)).integer(row);
  }

  void check_causes(const rollup::Comparison& made, const registry::Snapshot& snapshot) {
    const table::Table& causes = made.causes;
    std::vector<std::int64_t> effects(made.cells.row_count(), 0);
    for (std::size_t row = 0; row < causes.row_count(); ++row) {
      const std::int64_t effect = number(causes, "effect", row);
      ASSERT_NE(effect, 0);
      const std::string kind = causes.column(*causes.find("cause")).display(row);
      ASSERT_TRUE(kind != "unknown" && kind != "not_broken_down")
          << table::to_text(made.cells, base::Language::kEnglish)
          << table::to_text(causes, base::Language::kEnglish);
      effects.at(static_cast<std::size_t>(number(causes, "cell", row) - 1)) += effect;
      check_row(causes, row, snapshot);
    }
    for (std::size_t cell = 0; cell < effects.size(); ++cell) {
      ASSERT_EQ(effects[cell], number(made.cells, "difference", cell)) << "cell " << cell + 1;
    }
  }

  // The row that is blamed became known, or ceased to be, in the commit that is named.
  void check_row(const table::Table& causes, std::size_t row, const registry::Snapshot& snapshot) {
    const std::string cause = causes.column(*causes.find("cause")).display(row);
    const auto commit =
        base::CommitNumber{static_cast<std::uint32_t>(number(causes, "commit", row))};
    ASSERT_GT(base::index_of(commit), static_cast<std::uint32_t>(frozen_at_));
    ASSERT_EQ(number(causes, "time", row), *snapshot.time_of(commit));
    const std::string name = causes.column(*causes.find("table")).display(row);
    const auto rows = *snapshot.rows(name);
    const auto blamed = base::RowId{static_cast<std::uint32_t>(number(causes, "row_id", row))};
    if (cause == "withdrawn") {
      ASSERT_EQ(rows.superseded(blamed), commit);
    } else {
      ASSERT_TRUE(rows.recorded(blamed) == commit || rows.superseded(blamed) == commit);
    }
    if (cause == "correction") {
      ASSERT_NE(rows.corrects(blamed), base::kNoRow);
      ASSERT_NE(causes.column(*causes.find("before")).display(row),
                causes.column(*causes.find("after")).display(row));
    }
    ASSERT_TRUE(cause != "attribute" || name == "members");
  }

  const Amended& amended_;
  const TwinQuery& question_;
  int frozen_at_;
};

TEST(FreezeTwin, EveryDifferenceIsAccountedFor) {
  constexpr int kHistories = 30;
  constexpr int kQuestions = 60;
  std::mt19937_64 random(20200705);
  std::map<std::string, int> seen;
  for (int h = 0; h < kHistories; ++h) {
    Amended amended = load(make_history(random));
    amend(random, amended, 25);
    if (HasFailure()) return;
    for (int q = 0; q < kQuestions; ++q) {
      TwinQuery question = make_query(random, amended.history);
      question.ask.measure = "sum";  // no other measure of a column can be frozen
      const int frozen_at = 1 + static_cast<int>(random() % static_cast<unsigned>(amended.commits));
      Checker checker(amended, question, frozen_at);
      checker.run();
      if (HasFailure()) {
        FAIL() << "history " << h << ", question " << q << ", frozen at " << frozen_at << "\n"
               << to_json(question);
      }
      for (const auto& [cause, count] : checker.seen) seen[cause] += count;
    }
  }
  for (const char* cause : {"late", "correction", "withdrawn", "reorganisation", "attribute"}) {
    EXPECT_GT(seen[cause], kHistories / 2) << cause;
  }
}

}  // namespace

}  // namespace dangbo::test
