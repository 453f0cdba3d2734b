// How cycles are found. On one day a unit has one parent, so the units form a functional graph. Two
// steps: strongly connected components of "ever stood under" (Boost.Graph, whose depth-first search
// keeps its own stack) leave only the rows that could take part, in real rosters next to none; then
// these rows are played in order of days on a forest of links that answers "which root?" in
// O(log units), so that a unit which changes its parent 10^5 times costs no more than 10^5 units.
// A graph of rows would be sharper than the graph of units, but n rows under a unit with m rows
// make n × m edges.
#include "dangbo/hierarchy/forest_check.hpp"

#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/strong_components.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "hierarchy/link_forest.hpp"

#ifdef BOOST_RECURSIVE_DFS
#error "BOOST_RECURSIVE_DFS would overflow the stack on deep hierarchies"
#endif

namespace dangbo::inline v1::hierarchy {
namespace {

using base::index_of;
using base::kNoUnitSlot;
using detail::kNoNode;
using detail::LinkForest;
using detail::NodeNumber;
using time::DateRange;

// The days on which a row decides its unit's parent. Pieces of one unit are disjoint.
struct Piece {
  NodeNumber unit = kNoNode;
  NodeNumber parent = kNoNode;
  std::size_t row = 0;
  DateRange days;
};

// The units that have rows, numbered by slot, and the days on which each is in force.
class Units {
 public:
  Units(std::span<const DatedParent> rows, std::vector<ForestFault>& faults);

  [[nodiscard]] std::size_t size() const noexcept { return slots_.size(); }
  // kNoNode for a slot without a row.
  [[nodiscard]] NodeNumber number_of(UnitSlot slot) const noexcept {
    const auto found = std::ranges::lower_bound(slots_, slot);
    return found != slots_.end() && *found == slot ? static_cast<NodeNumber>(found - slots_.begin())
                                                   : kNoNode;
  }
  // Stretches in force: disjoint, not touching, in order.
  [[nodiscard]] std::span<const DateRange> in_force(NodeNumber unit) const noexcept {
    const std::size_t end = unit + 1 < size() ? first_in_force_[unit + 1] : in_force_.size();
    return std::span(in_force_).subspan(first_in_force_[unit], end - first_in_force_[unit]);
  }
  // By unit, then by days; `parent` is not filled in yet.
  [[nodiscard]] std::vector<Piece>& pieces() noexcept { return pieces_; }

 private:
  std::vector<UnitSlot> slots_;
  std::vector<std::size_t> first_in_force_;  // by unit, into in_force_
  std::vector<DateRange> in_force_;
  std::vector<Piece> pieces_;
};

Units::Units(std::span<const DatedParent> rows, std::vector<ForestFault>& faults) {
  struct Key {
    UnitSlot unit;
    std::int32_t from;
    std::size_t row;
    auto operator<=>(const Key&) const = default;
  };
  std::vector<Key> order;
  order.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (!rows[row].range.empty()) {
      order.push_back({rows[row].unit, rows[row].range.from_day(), row});
    }
  }
  std::ranges::sort(order);

  pieces_.reserve(order.size());
  std::size_t longest = 0;  // of the unit's rows so far, the one that lasts longest
  for (const auto& [slot, from, row] : order) {
    const DateRange days = rows[row].range;
    if (slots_.empty() || slots_.back() != slot) {
      slots_.push_back(slot);
      first_in_force_.push_back(in_force_.size());
      in_force_.push_back(days);
      pieces_.push_back({static_cast<NodeNumber>(slots_.size() - 1), kNoNode, row, days});
      longest = row;
      continue;
    }
    const std::int32_t taken_until = rows[longest].range.until_day();
    if (from < taken_until) {
      faults.push_back(
          {ForestFaultKind::kOverlap, {longest, row}, days.intersection(rows[longest].range)});
    }
    if (days.until_day() <= taken_until) {
      continue;
    }
    pieces_.push_back({static_cast<NodeNumber>(slots_.size() - 1), kNoNode, row,
                       DateRange::from_days(std::max(from, taken_until), days.until_day())});
    if (from <= taken_until) {
      in_force_.back() = DateRange::from_days(in_force_.back().from_day(), days.until_day());
    } else {
      in_force_.push_back(days);
    }
    longest = row;
  }
}

// The days of `days` that lie in none of `in_force`.
void add_orphan_stretches(std::size_t row, DateRange days, std::span<const DateRange> in_force,
                          std::vector<ForestFault>& faults) {
  std::int32_t from = days.from_day();
  auto next = std::ranges::upper_bound(in_force, from, {}, &DateRange::until_day);
  while (from < days.until_day()) {
    const std::int32_t gap_end =
        next == in_force.end() ? days.until_day() : std::min(next->from_day(), days.until_day());
    if (from < gap_end) {
      faults.push_back({ForestFaultKind::kOrphan, {row}, DateRange::from_days(from, gap_end)});
    }
    if (next == in_force.end()) {
      return;
    }
    from = next->until_day();
    ++next;
  }
}

// `parents`: by row, the number of its parent.
void find_orphans(std::span<const DatedParent> rows, std::span<const NodeNumber> parents,
                  const Units& units, std::vector<ForestFault>& faults) {
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (rows[row].parent != kNoUnitSlot && !rows[row].range.empty()) {
      const auto in_force =
          parents[row] == kNoNode ? std::span<const DateRange>() : units.in_force(parents[row]);
      add_orphan_stretches(row, rows[row].range, in_force, faults);
    }
  }
}

// Drops the pieces that are on no cycle of "ever stood under". Keeps the order.
void keep_suspects(std::size_t unit_count, std::vector<Piece>& pieces) {
  std::vector<std::pair<NodeNumber, NodeNumber>> edges;
  edges.reserve(pieces.size());
  for (const Piece& piece : pieces) {
    if (piece.parent != kNoNode) {
      edges.emplace_back(piece.unit, piece.parent);
    }
  }
  const boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, boost::no_property,
                                           boost::no_property, NodeNumber, std::size_t>
      graph(boost::edges_are_sorted, edges.begin(), edges.end(),
            static_cast<NodeNumber>(unit_count));
  std::vector<NodeNumber> component(unit_count);
  const auto index = boost::get(boost::vertex_index, graph);
  boost::strong_components(graph, boost::make_iterator_property_map(component.begin(), index));
  std::erase_if(pieces, [&](const Piece& piece) {
    return piece.parent == kNoNode || component[piece.unit] != component[piece.parent];
  });
}

// Plays the days. Every unit's link of the day is in the forest, save one link of each cycle, which
// its unit, a root of the forest, keeps in `closing_`.
class CycleFinder {
 public:
  CycleFinder(std::size_t unit_count, std::span<const Piece> pieces,
              std::vector<ForestFault>& faults)
      : pieces_(pieces), faults_(faults), forest_(unit_count), units_(unit_count) {}

  void run() {
    struct Event {
      std::int32_t day;
      bool begins;  // on one day what ends goes first
      std::size_t piece;
      auto operator<=>(const Event&) const = default;
    };
    std::vector<Event> events;
    events.reserve(pieces_.size() * 2);
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      events.push_back({pieces_[i].days.from_day(), true, i});
      events.push_back({pieces_[i].days.until_day(), false, i});
    }
    std::ranges::sort(events);
    for (const Event& event : events) {
      if (event.begins) {
        begin(pieces_[event.piece]);
      } else {
        end(pieces_[event.piece]);
      }
    }
  }

 private:
  struct UnitToday {
    const Piece* piece = nullptr;
    bool closes_cycle = false;
  };

  void begin(const Piece& piece) {
    UnitToday& unit = units_[piece.unit];
    unit.piece = &piece;
    unit.closes_cycle = forest_.root_of(piece.parent) == piece.unit;
    if (unit.closes_cycle) {
      report(piece);
    } else {
      forest_.link(piece.unit, piece.parent);
    }
  }

  void end(const Piece& piece) {
    UnitToday& unit = units_[piece.unit];
    unit.piece = nullptr;
    if (unit.closes_cycle) {
      unit.closes_cycle = false;
      return;
    }
    const NodeNumber root = forest_.root_of(piece.unit);
    forest_.cut(piece.unit);
    if (!units_[root].closes_cycle) {
      return;
    }
    // Had the unit been on that cycle, what closed it is now a link like any other.
    const NodeNumber above = units_[root].piece->parent;
    if (forest_.root_of(above) == piece.unit) {
      units_[root].closes_cycle = false;
      forest_.link(root, above);
    }
  }

  void report(const Piece& closing) {
    ForestFault fault{ForestFaultKind::kCycle, {}, closing.days};
    const Piece* piece = &closing;
    do {
      fault.rows.push_back(piece->row);
      fault.days = fault.days.intersection(piece->days);
      piece = units_[piece->parent].piece;
    } while (piece != &closing);
    std::ranges::rotate(fault.rows, std::ranges::min_element(fault.rows));
    faults_.push_back(std::move(fault));
  }

  std::span<const Piece> pieces_;
  std::vector<ForestFault>& faults_;
  LinkForest forest_;
  std::vector<UnitToday> units_;
};

}  // namespace

std::vector<ForestFault> check_forest(std::span<const DatedParent> rows) {
  std::vector<ForestFault> faults;
  Units units(rows, faults);
  std::vector<NodeNumber> parents(rows.size(), kNoNode);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (rows[row].parent != kNoUnitSlot) {
      parents[row] = units.number_of(rows[row].parent);
    }
  }
  find_orphans(rows, parents, units, faults);

  std::vector<Piece>& pieces = units.pieces();
  for (Piece& piece : pieces) {
    piece.parent = parents[piece.row];
  }
  keep_suspects(units.size(), pieces);
  if (!pieces.empty()) {
    CycleFinder(units.size(), pieces, faults).run();
  }

  std::ranges::sort(faults, [](const ForestFault& a, const ForestFault& b) {
    if (a.kind != b.kind) {
      return a.kind < b.kind;
    }
    return a.rows != b.rows ? a.rows < b.rows : a.days.from_day() < b.days.from_day();
  });
  return faults;
}

}  // namespace dangbo::inline v1::hierarchy
