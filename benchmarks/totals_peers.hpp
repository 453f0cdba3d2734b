// Peers that answer what totals answer, from the same registry's rows.
#pragma once

#include <boost/graph/compressed_sparse_row_graph.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "dangbo/registry/registry.hpp"
#include "moves.hpp"
#include "sqlite.hpp"

namespace dangbo::bench {

[[nodiscard]] table::Table decision_row(const std::string& key, time::Date day);

// Writes a statement of a peer and its plan to the file that DANGBO_BENCH_PLANS names, if any: they
// are kept in the project (docs/benchmarks/plans.txt).
void note_plan(Sqlite& database, const std::string& peer, const std::string& sql);

// Units by parent and open home rows by unit; every total walks down the tree.
class RecursiveQuery {
 public:
  RecursiveQuery(const registry::Registry& registry, time::Date day);
  [[nodiscard]] std::int64_t total(base::UnitSlot unit);

 private:
  Sqlite database_;
  std::unique_ptr<SqliteStatement> total_;
};

// Every pair of units one above the other today, both ways, and the members of each unit's own
// roll.
class Closure {
 public:
  Closure(const registry::Registry& registry, time::Date day);
  [[nodiscard]] std::int64_t total(base::UnitSlot unit);
  // The pairs over the unit's old ancestors go, those over the new parent's come; one transaction.
  void reparent(base::UnitSlot unit, base::UnitSlot parent);

 private:
  Sqlite database_;
  std::unique_ptr<SqliteStatement> begin_, commit_, cut_, join_, total_;
};

// Home rows with an index by member and nothing that has to be kept up.
class BareRows {
 public:
  explicit BareRows(const registry::Registry& registry);
  void move(const Move& move);

 private:
  Sqlite database_;
  std::unique_ptr<SqliteStatement> begin_, commit_, end_, add_;
};

// Open home rows, and one total a unit that triggers keep along a table of ancestors.
class KeptTotals {
 public:
  KeptTotals(const registry::Registry& registry, time::Date day);
  void move(const Move& move);
  [[nodiscard]] std::int64_t total(base::UnitSlot unit);

 private:
  Sqlite database_;
  std::unique_ptr<SqliteStatement> begin_, commit_, end_, add_, read_;
};

// Members of the day by the pre-order number of their unit, in a clustered index.
class NestedSet {
 public:
  NestedSet(const registry::Registry& registry, time::Date day);
  [[nodiscard]] std::int64_t total(base::UnitSlot unit);
  // Counts by sex and status that are not 0, missing last.
  [[nodiscard]] std::vector<std::int64_t> groups(base::UnitSlot unit);

 private:
  registry::View view_;
  Sqlite database_;
  std::unique_ptr<SqliteStatement> total_, groups_;
};

// Every pair of units one above the other, with its days, and every stay by unit.
class DatedClosure {
 public:
  explicit DatedClosure(const registry::Registry& registry);
  [[nodiscard]] std::int64_t total(base::UnitSlot unit, time::Date day);

 private:
  Sqlite database_;
  std::unique_ptr<SqliteStatement> total_;
};

class PointerTree {
 public:
  explicit PointerTree(const registry::View& view);
  [[nodiscard]] std::int64_t total(base::UnitSlot unit) const;

 private:
  struct Unit {
    std::vector<Unit*> below;
    std::vector<std::uint32_t> members;
  };
  std::vector<std::unique_ptr<Unit>> units_;  // by slot; null when not in force
};

class CompressedGraph {
 public:
  explicit CompressedGraph(const registry::View& view);
  [[nodiscard]] std::int64_t total(base::UnitSlot unit);

 private:
  using Graph = boost::compressed_sparse_row_graph<boost::directedS>;
  Graph graph_;
  std::vector<std::int64_t> own_;
  std::vector<bool> in_force_;
  std::vector<boost::default_color_type> colors_;
  std::vector<std::uint32_t> visited_;
};

}  // namespace dangbo::bench
