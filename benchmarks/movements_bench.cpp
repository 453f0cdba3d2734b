// The movement balance of a year for every unit, beside the same question asked of SQLite. The two
// answers are compared before a figure is given.
//
//   movements_bench PROVINCE_FOLDER [NATION_FOLDER] [--benchmark_…]
#include <benchmark/benchmark.h>
#include <sqlite3.h>

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "dangbo/registry/registry.hpp"
#include "dangbo/rollup/query.hpp"
#include "moves.hpp"

namespace {

using dangbo::base::index_of;
using dangbo::base::RowId;
using dangbo::bench::fail;
using dangbo::bench::load_folder;
using dangbo::registry::Registry;
using dangbo::time::Date;

constexpr const char* kQuery = R"({"query":1,"of":"movements","period":"2024","each":"all"})";
const Date kFirst = *Date::from_ymd(2024, 1, 1);
const Date kUntil = *Date::from_ymd(2025, 1, 1);

// (unit, column) -> members, without those that are 0.
using Figures = std::map<std::pair<std::string, std::string>, std::int64_t>;

dangbo::table::Table ask(const Registry& registry) {
  const auto query = dangbo::rollup::Query::parse(kQuery);
  auto table = dangbo::rollup::run(registry.snapshot(), *query);
  if (!table.ok()) fail(table.status().ToString());
  return *std::move(table);
}

Figures figures_of(const dangbo::table::Table& table) {
  Figures out;
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    for (std::size_t c = 2; c < table.column_count(); ++c) {
      const auto& column = table.column(c);
      const std::int64_t value = column.integer(row);
      if (value != 0) out[{std::string(table.column(0).text(row)), column.name()}] = value;
    }
  }
  return out;
}

// Days stand twice, so that the tree of a day changes (even) before people move on it (odd). A unit
// that is closed keeps its path until they have.
class Sqlite {
 public:
  explicit Sqlite(const Registry& registry) : now_(registry.snapshot()) {
    if (sqlite3_open(":memory:", &db_) != SQLITE_OK) fail("sqlite");
    run("PRAGMA temp_store=MEMORY;"
        "CREATE TABLE units(unit INT, f INT, u INT, parent INT);"
        "CREATE TABLE home(member INT, unit INT, f INT, u INT, in_reason TEXT, out_reason TEXT);"
        "BEGIN");
    add_units();
    add_homes();
    // Who stands below whom, and when: kept by whoever asks such questions, so it is not timed.
    run("CREATE INDEX units_unit ON units(unit);"
        "CREATE TABLE above AS WITH RECURSIVE path(unit, above, f, u) AS ("
        " SELECT unit, unit, f, u FROM units UNION ALL"
        " SELECT p.unit, r.parent, max(p.f, r.f), min(p.u, r.u) FROM path p"
        " JOIN units r ON r.unit = p.above AND r.f < p.u AND p.f < r.u"
        " WHERE r.parent IS NOT NULL) SELECT unit, above, f, u FROM path;"
        "CREATE INDEX above_unit ON above(unit, f, u);"
        "CREATE INDEX home_from ON home(f);"
        "CREATE INDEX home_until ON home(u);"
        "CREATE INDEX home_unit ON home(unit, f, u);"
        "COMMIT; ANALYZE");
  }
  ~Sqlite() { sqlite3_close(db_); }
  Sqlite(const Sqlite&) = delete;
  Sqlite& operator=(const Sqlite&) = delete;

  Figures ask() {
    const std::string begin = std::to_string(2 * kFirst.days());
    const std::string end = std::to_string(2 * kUntil.days());
    // Only pieces that begin or end within the period: those of rows that do, and of units whose
    // path does.
    run("CREATE TEMP TABLE piece AS"
        " WITH moved(rowid) AS (SELECT rowid FROM home WHERE f >= " +
        begin + " AND f < " + end + " UNION SELECT rowid FROM home WHERE u >= " + begin +
        " AND u < " + end +
        " UNION SELECT h.rowid FROM home h WHERE h.unit IN (SELECT unit FROM above WHERE (f >= " +
        begin + " AND f < " + end + ") OR (u >= " + begin + " AND u < " + end +
        ")))"
        " SELECT h.member, a.above, max(h.f, a.f) AS f, min(h.u, a.u) AS u,"
        " CASE WHEN h.f >= a.f THEN h.in_reason ELSE 'reorganisation' END AS in_reason,"
        " CASE WHEN h.u <= a.u THEN h.out_reason ELSE 'reorganisation' END AS out_reason"
        " FROM moved m JOIN home h ON h.rowid = m.rowid"
        " JOIN above a ON a.unit = h.unit AND a.f < h.u AND h.f < a.u;"
        "CREATE INDEX temp.piece_f ON piece(member, above, f);"
        "CREATE INDEX temp.piece_u ON piece(member, above, u)");
    Figures out;
    stock(2 * kFirst.days() - 1, "opening", out);
    stock(2 * kUntil.days() - 1, "closing", out);
    read("SELECT above, 'in_' || in_reason, count(*) FROM piece p WHERE f >= " + begin +
             " AND f < " + end +
             " AND NOT EXISTS (SELECT 1 FROM piece q WHERE q.member = p.member"
             " AND q.above = p.above AND q.u = p.f) GROUP BY 1, 2",
         out);
    read("SELECT above, 'out_' || out_reason, count(*) FROM piece p WHERE u >= " + begin +
             " AND u < " + end +
             " AND NOT EXISTS (SELECT 1 FROM piece q WHERE q.member = p.member"
             " AND q.above = p.above AND q.f = p.u) GROUP BY 1, 2",
         out);
    run("DROP TABLE piece");
    return out;
  }

 private:
  static constexpr std::int64_t kFar = 1'000'000'000;

  void stock(std::int64_t at, const std::string& name, Figures& out) {
    const std::string day = std::to_string(at);
    read("WITH own AS (SELECT unit, count(*) AS n FROM home WHERE f <= " + day + " AND u > " + day +
             " GROUP BY unit) SELECT a.above, '" + name +
             "', sum(n) FROM own JOIN above a ON a.unit = own.unit AND a.f <= " + day +
             " AND a.u > " + day + " GROUP BY 1",
         out);
  }

  void run(const std::string& sql) {
    if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
      fail(std::string(sqlite3_errmsg(db_)) + ": " + sql);
    }
  }
  sqlite3_stmt* prepare(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
      fail(std::string(sqlite3_errmsg(db_)) + ": " + sql);
    }
    return statement;
  }
  void read(const std::string& sql, Figures& out) {
    sqlite3_stmt* statement = prepare(sql);
    int step = sqlite3_step(statement);
    for (; step == SQLITE_ROW; step = sqlite3_step(statement)) {
      const dangbo::base::UnitSlot unit{
          static_cast<std::uint32_t>(sqlite3_column_int64(statement, 0))};
      const auto* word = reinterpret_cast<const char*>(sqlite3_column_text(statement, 1));
      out[{std::string(now_.key_of(unit)), word}] = sqlite3_column_int64(statement, 2);
    }
    if (step != SQLITE_DONE) fail(sqlite3_errmsg(db_));
    sqlite3_finalize(statement);
  }
  void insert(sqlite3_stmt* statement) {
    if (sqlite3_step(statement) != SQLITE_DONE) fail(sqlite3_errmsg(db_));
    sqlite3_reset(statement);
  }

  static std::int64_t bound(std::int32_t day, bool is_open, std::int64_t open, bool is_odd) {
    return is_open ? open : 2 * std::int64_t{day} + (is_odd ? 1 : 0);
  }

  void add_units() {
    const auto rows = *now_.rows("units");
    const auto parent = *rows.field("parent_id");
    sqlite3_stmt* statement = prepare("INSERT INTO units VALUES(?,?,?,?)");
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      const RowId row{i};
      const auto days = rows.range(row);
      // The unit goes on in another row.
      bool goes_on = false;
      for (RowId other = rows.newest_of(rows.unit_of(row)); other != dangbo::base::kNoRow;
           other = rows.previous_of_unit(other)) {
        goes_on = goes_on || rows.range(other).from_day() == days.until_day();
      }
      sqlite3_bind_int64(statement, 1, index_of(rows.unit_of(row)));
      sqlite3_bind_int64(statement, 2, bound(days.from_day(), !days.from(), -kFar, false));
      sqlite3_bind_int64(statement, 3, bound(days.until_day(), !days.until(), kFar, !goes_on));
      if (parent.is_missing(row)) {
        sqlite3_bind_null(statement, 4);
      } else {
        sqlite3_bind_int64(statement, 4, parent.raw(row));
      }
      insert(statement);
    }
    sqlite3_finalize(statement);
  }

  void add_homes() {
    const auto rows = *now_.rows("memberships");
    const auto kind = *rows.field("kind");
    const auto in_reason = *rows.field("in_reason");
    const auto out_reason = *rows.field("out_reason");
    const auto reason = [](const auto& reader, RowId row) {
      return reader.is_missing(row) ? std::string("unstated")
                                    : std::string(reader.word(reader.raw(row)));
    };
    sqlite3_stmt* statement = prepare("INSERT INTO home VALUES(?,?,?,?,?,?)");
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      const RowId row{i};
      if (kind.word(kind.raw(row)) != "home") continue;
      const auto days = rows.range(row);
      const std::string in = reason(in_reason, row);
      const std::string out = reason(out_reason, row);
      sqlite3_bind_int64(statement, 1, index_of(rows.member_of(row)));
      sqlite3_bind_int64(statement, 2, index_of(rows.unit_of(row)));
      sqlite3_bind_int64(statement, 3, bound(days.from_day(), !days.from(), -kFar, true));
      sqlite3_bind_int64(statement, 4, bound(days.until_day(), !days.until(), kFar, true));
      sqlite3_bind_text(statement, 5, in.c_str(), -1, SQLITE_TRANSIENT);
      sqlite3_bind_text(statement, 6, out.c_str(), -1, SQLITE_TRANSIENT);
      insert(statement);
    }
    sqlite3_finalize(statement);
  }

  dangbo::registry::Snapshot now_;
  sqlite3* db_ = nullptr;
};

void compare(const Figures& ours, const Figures& theirs) {
  if (ours.empty()) fail("nothing to compare");
  for (const auto& [cell, members] : ours) {
    const auto other = theirs.find(cell);
    if (other != theirs.end() && other->second == members) continue;
    fail("dangbo and SQLite disagree on " + cell.first + " " + cell.second + ": " +
         std::to_string(members) + ", " +
         std::to_string(other == theirs.end() ? 0 : other->second));
  }
  if (ours.size() != theirs.size()) fail("SQLite has figures that dangbo has not");
}

void of_dangbo(benchmark::State& state, const Registry& registry) {
  std::size_t rows = 0;
  for (auto _ : state) rows = ask(registry).row_count();
  state.counters["units"] = static_cast<double>(rows);
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (argc < 2) fail("usage: movements_bench PROVINCE_FOLDER [NATION_FOLDER]");
  const auto add = [](const char* name, auto function) {
    benchmark::RegisterBenchmark(name, function)->Unit(benchmark::kMillisecond)->UseRealTime();
  };
  const auto province = load_folder(argv[1]);
  Sqlite sqlite(*province);
  compare(figures_of(ask(*province)), sqlite.ask());
  add("s2/movements_of_a_year/dangbo",
      [&](benchmark::State& state) { of_dangbo(state, *province); });
  add("s2/movements_of_a_year/sqlite", [&](benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(sqlite.ask());
  });
  std::unique_ptr<Registry> nation;
  if (argc > 2) {
    nation = load_folder(argv[2]);
    add("s3/movements_of_a_year", [&](benchmark::State& state) { of_dangbo(state, *nation); });
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
