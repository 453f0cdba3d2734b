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
