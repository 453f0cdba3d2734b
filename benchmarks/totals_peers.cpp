#include "totals_peers.hpp"

#include <boost/graph/depth_first_search.hpp>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <tuple>
#include <utility>

namespace dangbo::bench {

using base::index_of;
using base::kNoRow;
using base::RowId;
using base::UnitPosition;
using base::UnitSlot;
using registry::Registry;
using registry::View;

table::Table decision_row(const std::string& key, time::Date day) {
  std::vector<table::Column> columns;
  for (const auto& [name, value] : {std::pair<std::string, std::string>("decision_id", key),
                                    {"kind", "move"},
                                    {"date", day.to_string()}})
    columns.emplace_back(name, table::Type::kText).append_text(value);
  return {"decisions", std::move(columns)};
}

namespace {

constexpr std::int64_t kForever = std::numeric_limits<std::int32_t>::max();

// each(row, member, unit, from, until) of every home row known.
template <typename Each>
void each_home(const registry::Snapshot& now, Each each) {
  const auto rows = *now.rows("memberships");
  const auto kind = *rows.field("kind");
  const std::uint32_t home = *kind.find_word("home");
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    const RowId row{i};
    if (kind.raw(row) != home || !rows.is_known(row, now.commit())) continue;
    const auto days = rows.range(row);
    each(row, index_of(rows.member_of(row)), index_of(rows.unit_of(row)),
         std::int64_t{days.from_day()}, std::int64_t{days.until_day()});
  }
}

}  // namespace

void note_plan(Sqlite& database, const std::string& peer, const std::string& sql) {
  const char* path =
      std::getenv("DANGBO_BENCH_PLANS");  // NOLINT(concurrency-mt-unsafe): one thread
  if (path == nullptr) return;
  std::ofstream out(path, std::ios::app);
  out << peer << "\n  " << sql << '\n';
  SqliteStatement plan(database, "EXPLAIN QUERY PLAN " + sql);
  while (plan.step()) out << "    " << plan.bytes(3) << '\n';
  out << '\n';
}

RecursiveQuery::RecursiveQuery(const Registry& registry, time::Date day) : database_(":memory:") {
  const auto view = registry.snapshot().at(day);
  const auto& tree = view.tree();
  database_.run(
      "CREATE TABLE units(unit INTEGER PRIMARY KEY, parent INT);"
      "CREATE TABLE homes(unit INT, member INT, PRIMARY KEY(unit, member)) WITHOUT ROWID; BEGIN");
  SqliteStatement unit(database_, "INSERT INTO units VALUES(?,?)");
  for (std::uint32_t at = 0; at < tree.size(); ++at) {
    unit.bind(1, index_of(tree.slot_at(UnitPosition{at})));
    const UnitPosition parent = tree.parent_of(UnitPosition{at});
    if (parent == base::kNoPosition) {
      unit.bind_null(2);
    } else {
      unit.bind(2, index_of(tree.slot_at(parent)));
    }
    unit.run();
  }
  SqliteStatement home(database_, "INSERT INTO homes VALUES(?,?)");
  each_home(view.snapshot(), [&](RowId, std::uint32_t member, std::uint32_t of, std::int64_t from,
                                 std::int64_t until) {
    if (from > day.days() || until <= day.days()) return;
    home.bind(1, of);
    home.bind(2, member);
    home.run();
  });
  database_.run("COMMIT; CREATE INDEX by_parent ON units(parent); ANALYZE");
  const std::string sql =
      "WITH RECURSIVE below(unit) AS (SELECT unit FROM units WHERE unit=?"
      " UNION ALL SELECT u.unit FROM below b JOIN units u ON u.parent = b.unit)"
      " SELECT count(*) FROM below b CROSS JOIN homes h ON h.unit = b.unit";
  note_plan(database_, "total, recursive query", sql);
  total_ = std::make_unique<SqliteStatement>(database_, sql);
}

std::int64_t RecursiveQuery::total(UnitSlot unit) {
  total_->bind(1, index_of(unit));
  total_->step();
  const std::int64_t found = total_->integer(0);
  total_->reset();
  return found;
}

Closure::Closure(const Registry& registry, time::Date day) : database_(":memory:") {
  const auto view = registry.snapshot().at(day);
  const auto& tree = view.tree();
  database_.run(
      "CREATE TABLE closure(above INT, unit INT, PRIMARY KEY(above, unit)) WITHOUT ROWID;"
      "CREATE TABLE own(unit INTEGER PRIMARY KEY, n INT NOT NULL); BEGIN");
  SqliteStatement pair(database_, "INSERT INTO closure VALUES(?,?)");
  SqliteStatement own(database_, "INSERT INTO own VALUES(?,?)");
  for (std::uint32_t at = 0; at < tree.size(); ++at) {
    const UnitSlot unit = tree.slot_at(UnitPosition{at});
    own.bind(1, index_of(unit));
    own.bind(2, view.stock(unit, false));
    own.run();
    for (auto over = UnitPosition{at}; over != base::kNoPosition; over = tree.parent_of(over)) {
      pair.bind(1, index_of(tree.slot_at(over)));
      pair.bind(2, index_of(unit));
      pair.run();
    }
  }
  database_.run("COMMIT; CREATE INDEX by_unit ON closure(unit, above); ANALYZE");
  const std::string total =
      "SELECT coalesce(sum(o.n), 0) FROM closure c JOIN own o ON o.unit = c.unit WHERE c.above=?";
  const std::string cut =
      "DELETE FROM closure WHERE unit IN (SELECT unit FROM closure WHERE above=?1)"
      " AND above IN (SELECT above FROM closure WHERE unit=?1 AND above<>?1)";
  const std::string join =
      "INSERT INTO closure SELECT a.above, b.unit FROM closure a CROSS JOIN closure b"
      " WHERE a.unit=?2 AND b.above=?1";
  note_plan(database_, "total, closure", total);
  note_plan(database_, "reparent, closure: cut", cut);
  note_plan(database_, "reparent, closure: join", join);
  begin_ = std::make_unique<SqliteStatement>(database_, "BEGIN");
  commit_ = std::make_unique<SqliteStatement>(database_, "COMMIT");
  cut_ = std::make_unique<SqliteStatement>(database_, cut);
  join_ = std::make_unique<SqliteStatement>(database_, join);
  total_ = std::make_unique<SqliteStatement>(database_, total);
}

std::int64_t Closure::total(UnitSlot unit) {
  total_->bind(1, index_of(unit));
  total_->step();
  const std::int64_t found = total_->integer(0);
  total_->reset();
  return found;
}

void Closure::reparent(UnitSlot unit, UnitSlot parent) {
  begin_->run();
  cut_->bind(1, index_of(unit));
  cut_->run();
  join_->bind(1, index_of(unit));
  join_->bind(2, index_of(parent));
  join_->run();
  commit_->run();
}

BareRows::BareRows(const Registry& registry) : database_(":memory:") {
  database_.run(
      "CREATE TABLE memberships(id INTEGER PRIMARY KEY, member INT, unit INT, from_day INT,"
      " until_day INT); BEGIN");
  SqliteStatement insert(database_, "INSERT INTO memberships VALUES(?,?,?,?,?)");
  each_home(registry.snapshot(), [&](RowId row, std::uint32_t member, std::uint32_t unit,
                                     std::int64_t from, std::int64_t until) {
    insert.bind(1, index_of(row));
    insert.bind(2, member);
    insert.bind(3, unit);
    insert.bind(4, from);
    insert.bind(5, until);
    insert.run();
  });
  database_.run("COMMIT; CREATE INDEX by_member ON memberships(member)");
  begin_ = std::make_unique<SqliteStatement>(database_, "BEGIN");
  commit_ = std::make_unique<SqliteStatement>(database_, "COMMIT");
  end_ =
      std::make_unique<SqliteStatement>(database_, "UPDATE memberships SET until_day=? WHERE id=?");
  add_ = std::make_unique<SqliteStatement>(
      database_, "INSERT INTO memberships(member, unit, from_day) VALUES(?,?,?)");
}

void BareRows::move(const Move& move) {
  begin_->run();
  end_->bind(1, move.on.days());
  end_->bind(2, index_of(move.home));
  end_->run();
  add_->bind(1, index_of(move.member));
  add_->bind(2, index_of(move.unit));
  add_->bind(3, move.on.days());
  add_->run();
  commit_->run();
}

KeptTotals::KeptTotals(const Registry& registry, time::Date day) : database_(":memory:") {
  const auto now = registry.snapshot();
  const auto view = now.at(day);
  const auto& tree = view.tree();
  database_.run(
      "CREATE TABLE above(unit INT, ancestor INT, PRIMARY KEY(unit, ancestor)) WITHOUT ROWID;"
      "CREATE TABLE totals(unit INTEGER PRIMARY KEY, n INT NOT NULL);"
      "CREATE TABLE memberships(id INTEGER PRIMARY KEY, member INT, unit INT, until_day INT);"
      "BEGIN");
  SqliteStatement above(database_, "INSERT INTO above VALUES(?,?)");
  SqliteStatement total(database_, "INSERT INTO totals VALUES(?,?)");
  for (std::uint32_t at = 0; at < tree.size(); ++at) {
    const UnitSlot unit = tree.slot_at(UnitPosition{at});
    total.bind(1, index_of(unit));
    total.bind(2, view.stock(unit, true));
    total.run();
    for (auto over = UnitPosition{at}; over != base::kNoPosition; over = tree.parent_of(over)) {
      above.bind(1, index_of(unit));
      above.bind(2, index_of(tree.slot_at(over)));
      above.run();
    }
  }
  SqliteStatement insert(database_, "INSERT INTO memberships VALUES(?,?,?,NULL)");
  each_home(now, [&](RowId row, std::uint32_t member, std::uint32_t unit, std::int64_t,
                     std::int64_t until) {
    if (until != kForever) return;
    insert.bind(1, index_of(row));
    insert.bind(2, member);
    insert.bind(3, unit);
    insert.run();
  });
  database_.run(
      "COMMIT;"
      "CREATE INDEX by_member ON memberships(member);"
      "CREATE TRIGGER added AFTER INSERT ON memberships BEGIN"
      " UPDATE totals SET n = n + 1 WHERE unit IN"
      " (SELECT ancestor FROM above WHERE unit = NEW.unit); END;"
      "CREATE TRIGGER ended AFTER UPDATE OF until_day ON memberships"
      " WHEN OLD.until_day IS NULL AND NEW.until_day IS NOT NULL BEGIN"
      " UPDATE totals SET n = n - 1 WHERE unit IN"
      " (SELECT ancestor FROM above WHERE unit = NEW.unit); END");
  begin_ = std::make_unique<SqliteStatement>(database_, "BEGIN");
  commit_ = std::make_unique<SqliteStatement>(database_, "COMMIT");
  end_ =
      std::make_unique<SqliteStatement>(database_, "UPDATE memberships SET until_day=? WHERE id=?");
  add_ = std::make_unique<SqliteStatement>(database_,
                                           "INSERT INTO memberships(member,unit) VALUES(?,?)");
  const std::string read = "SELECT n FROM totals WHERE unit=?";
  note_plan(database_, "total, rollup table kept by triggers", read);
  note_plan(
      database_, "total, rollup table kept by triggers: what a trigger does",
      "UPDATE totals SET n = n + 1 WHERE unit IN (SELECT ancestor FROM above WHERE unit = ?)");
  read_ = std::make_unique<SqliteStatement>(database_, read);
}

void KeptTotals::move(const Move& move) {
  begin_->run();
  end_->bind(1, move.on.days());
  end_->bind(2, index_of(move.home));
  end_->run();
  add_->bind(1, index_of(move.member));
  add_->bind(2, index_of(move.unit));
  add_->run();
  commit_->run();
}

std::int64_t KeptTotals::total(UnitSlot unit) {
  read_->bind(1, index_of(unit));
  const std::int64_t found = read_->step() ? read_->integer(0) : 0;
  read_->reset();
  return found;
}

NestedSet::NestedSet(const Registry& registry, time::Date day)
    : view_(registry.snapshot().at(day)), database_(":memory:") {
  const auto& now = view_.snapshot();
  const auto members = *now.rows("members");
  const auto sex = *members.field("sex");
  const auto status = *members.field("status");
  database_.run("CREATE TABLE raw(at INT, member INT, sex INT, status INT); BEGIN");
  SqliteStatement insert(database_, "INSERT INTO raw VALUES(?,?,?,?)");
  each_home(now, [&](RowId, std::uint32_t member, std::uint32_t unit, std::int64_t from,
                     std::int64_t until) {
    if (day.days() < from || until <= day.days()) return;
    const UnitPosition at = view_.tree().position_of(UnitSlot{unit});
    if (at == base::kNoPosition) return;
    const RowId row = view_.member_row(base::MemberSlot{member});
    insert.bind(1, index_of(at));
    insert.bind(2, member);
    insert.bind(3, row == kNoRow ? 255 : sex.raw(row));
    insert.bind(4, row == kNoRow ? 255 : status.raw(row));
    insert.run();
  });
  database_.run(
      "COMMIT; CREATE TABLE placed(at INT, member INT, sex INT, status INT,"
      " PRIMARY KEY(at, member)) WITHOUT ROWID;"
      "INSERT INTO placed SELECT * FROM raw ORDER BY at, member; DROP TABLE raw");
  const std::string total = "SELECT count(*) FROM placed WHERE at>=? AND at<?";
  const std::string groups =
      "SELECT count(*) FROM placed WHERE at>=? AND at<? GROUP BY sex, status ORDER BY sex, status";
  note_plan(database_, "total, nested set", total);
  note_plan(database_, "sex and status, nested set", groups);
  total_ = std::make_unique<SqliteStatement>(database_, total);
  groups_ = std::make_unique<SqliteStatement>(database_, groups);
}

std::int64_t NestedSet::total(UnitSlot unit) {
  const UnitPosition at = view_.tree().position_of(unit);
  if (at == base::kNoPosition) return 0;
  total_->bind(1, index_of(at));
  total_->bind(2, index_of(view_.tree().end_of(at)));
  total_->step();
  const std::int64_t found = total_->integer(0);
  total_->reset();
  return found;
}

std::vector<std::int64_t> NestedSet::groups(UnitSlot unit) {
  std::vector<std::int64_t> counts;
  const UnitPosition at = view_.tree().position_of(unit);
  if (at == base::kNoPosition) return counts;
  groups_->bind(1, index_of(at));
  groups_->bind(2, index_of(view_.tree().end_of(at)));
  while (groups_->step()) counts.push_back(groups_->integer(0));
  return counts;
}

DatedClosure::DatedClosure(const Registry& registry) : database_(":memory:") {
  const auto now = registry.snapshot();
  const auto units = *now.rows("units");
  const auto parent = *units.field("parent_id");
  database_.run(
      "CREATE TABLE closure(above INT, unit INT, from_day INT, until_day INT);"
      "CREATE TABLE stays(unit INT, from_day INT, until_day INT); BEGIN");
  SqliteStatement pair(database_, "INSERT INTO closure VALUES(?,?,?,?)");
  using Open = std::tuple<std::uint32_t, time::DateRange>;
  for (std::uint32_t unit = 0; unit < now.unit_count(); ++unit) {
    std::vector<Open> open = {{unit, time::DateRange()}};
    while (!open.empty()) {
      const auto [above, days] = open.back();
      open.pop_back();
      for (RowId row = units.newest_of(UnitSlot{above}); row != kNoRow;
           row = units.previous_of_unit(row)) {
        const auto both = days.intersection(units.range(row));
        if (both.empty() || !units.is_known(row, now.commit())) continue;
        pair.bind(1, above);
        pair.bind(2, unit);
        pair.bind(3, both.from_day());
        pair.bind(4, both.until_day());
        pair.run();
        if (!parent.is_missing(row)) open.emplace_back(parent.raw(row), both);
      }
    }
  }
  SqliteStatement stay(database_, "INSERT INTO stays VALUES(?,?,?)");
  each_home(now,
            [&](RowId, std::uint32_t, std::uint32_t unit, std::int64_t from, std::int64_t until) {
              stay.bind(1, unit);
              stay.bind(2, from);
              stay.bind(3, until);
              stay.run();
            });
  database_.run(
      "COMMIT; CREATE INDEX by_above ON closure(above, from_day, until_day, unit);"
      "CREATE INDEX by_unit ON stays(unit, from_day, until_day); ANALYZE");
  const std::string total =
      "SELECT count(*) FROM closure c JOIN stays s ON s.unit = c.unit"
      " WHERE c.above=?1 AND c.from_day<=?2 AND c.until_day>?2"
      " AND s.from_day<=?2 AND s.until_day>?2";
  note_plan(database_, "any day, dated closure", total);
  total_ = std::make_unique<SqliteStatement>(database_, total);
}

std::int64_t DatedClosure::total(UnitSlot unit, time::Date day) {
  total_->bind(1, index_of(unit));
  total_->bind(2, day.days());
  total_->step();
  const std::int64_t found = total_->integer(0);
  total_->reset();
  return found;
}

PointerTree::PointerTree(const View& view) : units_(view.snapshot().unit_count()) {
  const auto& tree = view.tree();
  for (const UnitSlot slot : tree.slots()) units_[index_of(slot)] = std::make_unique<Unit>();
  for (std::uint32_t at = 0; at < tree.size(); ++at) {
    const UnitPosition parent = tree.parent_of(UnitPosition{at});
    if (parent == base::kNoPosition) continue;
    units_[index_of(tree.slot_at(parent))]->below.push_back(
        units_[index_of(tree.slot_at(UnitPosition{at}))].get());
  }
  each_home(view.snapshot(), [&](RowId, std::uint32_t member, std::uint32_t unit, std::int64_t from,
                                 std::int64_t until) {
    if (from <= view.day().days() && view.day().days() < until && units_[unit] != nullptr)
      units_[unit]->members.push_back(member);
  });
}

std::int64_t PointerTree::total(UnitSlot unit) const {
  if (units_[index_of(unit)] == nullptr) return 0;
  std::vector<const Unit*> open = {units_[index_of(unit)].get()};
  std::int64_t total = 0;
  while (!open.empty()) {
    const Unit* now = open.back();
    open.pop_back();
    total += static_cast<std::int64_t>(now->members.size());
    open.insert(open.end(), now->below.begin(), now->below.end());
  }
  return total;
}

CompressedGraph::CompressedGraph(const View& view)
    : own_(view.snapshot().unit_count()), in_force_(view.snapshot().unit_count()) {
  const auto& tree = view.tree();
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
  for (std::uint32_t at = 0; at < tree.size(); ++at) {
    const UnitPosition parent = tree.parent_of(UnitPosition{at});
    const UnitSlot slot = tree.slot_at(UnitPosition{at});
    own_[index_of(slot)] = view.stock(slot, false);
    in_force_[index_of(slot)] = true;
    if (parent != base::kNoPosition)
      edges.emplace_back(index_of(tree.slot_at(parent)), index_of(slot));
  }
  graph_ = Graph(boost::edges_are_unsorted, edges.begin(), edges.end(), own_.size());
  colors_.assign(own_.size(), boost::white_color);
}

std::int64_t CompressedGraph::total(UnitSlot unit) {
  if (!in_force_[index_of(unit)]) return 0;
  struct Sum : boost::default_dfs_visitor {
    Sum(const std::vector<std::int64_t>& own_in, std::vector<std::uint32_t>& visited_in,
        std::int64_t& total_in)
        : own(&own_in), visited(&visited_in), total(&total_in) {}
    void discover_vertex(Graph::vertex_descriptor at, const Graph&) const {
      *total += (*own)[at];
      visited->push_back(static_cast<std::uint32_t>(at));
    }
    const std::vector<std::int64_t>* own;
    std::vector<std::uint32_t>* visited;
    std::int64_t* total;
  };
  std::int64_t total = 0;
  visited_.clear();
  boost::depth_first_visit(
      graph_, index_of(unit), Sum(own_, visited_, total),
      boost::make_iterator_property_map(colors_.begin(), get(boost::vertex_index, graph_)));
  for (const std::uint32_t at : visited_) colors_[at] = boost::white_color;
  return total;
}

}  // namespace dangbo::bench
