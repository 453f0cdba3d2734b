// Commits, forks and readers of a registry in memory, at the size of the data given; SQLite does
// the bare row work of a move beside it.
//
//   registry_bench FOLDER [--benchmark_…]
#include <benchmark/benchmark.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "dangbo/load/load.hpp"
#include "dangbo/registry/registry.hpp"
#include "dangbo/table/column.hpp"

namespace {

using dangbo::base::index_of;
using dangbo::base::kNoRow;
using dangbo::base::MemberSlot;
using dangbo::base::RowId;
using dangbo::registry::Change;
using dangbo::registry::Registry;
using dangbo::table::Column;
using dangbo::table::Table;
using dangbo::table::Type;
using Clock = std::chrono::steady_clock;

std::unique_ptr<Registry> registry;

[[noreturn]] void fail(const std::string& what) {
  std::cerr << "registry_bench: " << what << '\n';
  std::exit(1);
}

template <typename... Columns>
Table table_of(Columns... columns) {
  std::vector<Column> list;
  (list.push_back(std::move(columns)), ...);
  return {"rows", std::move(list)};
}

Column text(const char* name, std::string_view value) {
  Column column(name, Type::kText);
  column.append_text(value);
  return column;
}

Column date(const char* name, dangbo::time::Date value) {
  Column column(name, Type::kDate);
  column.append_date(value);
  return column;
}

Column code(const char* name, std::int32_t value) {
  Column column(name, Type::kCode);
  column.append_code(value);
  return column;
}

Column number(const char* name, std::int64_t value) {
  Column column(name, Type::kInt);
  column.append_integer(value);
  return column;
}

// Times of single calls, as the figures people ask for.
class Times {
 public:
  template <typename Work>
  void take(benchmark::State& state, Work work) {
    const auto begin = Clock::now();
    work();
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    seconds_.push_back(seconds);
    state.SetIterationTime(seconds);
  }
  void report(benchmark::State& state) {
    std::sort(seconds_.begin(), seconds_.end());
    const auto at = [&](double part) {
      const auto last = static_cast<double>(seconds_.size() - 1);
      return seconds_[static_cast<std::size_t>(part * last)] * 1e6;
    };
    state.counters["median_us"] = at(0.5);
    state.counters["p99_us"] = at(0.99);
    state.counters["max_us"] = at(1.0);
  }

 private:
  std::vector<double> seconds_;
};

// Members with an open home, and days on which each may go on to another unit.
struct Moves {
  dangbo::registry::Snapshot snapshot = registry->snapshot();
  dangbo::registry::Rows rows = *snapshot.rows("memberships");
  std::mt19937 random{20240601};
  std::vector<std::uint32_t> members;
  std::size_t next = 0;

  Moves() {
    const auto until = *rows.field("until");
    const auto kind = *rows.field("kind");
    const std::uint32_t home = *kind.find_word("home");
    std::vector<bool> seen(snapshot.member_count());
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
      const RowId id{row};
      const std::uint32_t member = index_of(rows.member_of(id));
      if (!until.is_missing(id) || kind.raw(id) != home || seen[member]) continue;
      seen[member] = true;
      members.push_back(member);
    }
    std::shuffle(members.begin(), members.end(), random);
  }
  MemberSlot take() { return MemberSlot{members[next++ % members.size()]}; }
};

RowId open_home(const dangbo::registry::Snapshot& now, MemberSlot member) {
  const auto rows = *now.rows("memberships");
  const auto until = *rows.field("until");
  RowId row = rows.newest_of(member);
  while (row != kNoRow && (!until.is_missing(row) || !rows.is_known(row, now.commit())))
    row = rows.previous_of_member(row);
  return row;
}

void move_one_member(benchmark::State& state) {
  Moves moves;
  Times times;
  const auto schema = registry->find_schema("memberships");
  int day = 0;
  for (auto _ : state) {
    const auto now = registry->snapshot();
    const MemberSlot member = moves.take();
    const RowId home = open_home(now, member);
    const dangbo::base::UnitSlot unit{
        std::uniform_int_distribution<std::uint32_t>(0, now.unit_count() - 1)(moves.random)};
    const auto on = dangbo::time::Date::from_ymd(2030, 1, 1)->plus_days(++day / 100000);
    times.take(state, [&] {
      Change change(*registry);
      change.add_correction({.schema = schema,
                             .targets = table_of(number("row_id", index_of(home))),
                             .values = table_of(date("until", on)),
                             .withdraw = false,
                             .source = "move"});
      change.add_batch(
          {.schema = schema,
           .rows = table_of(text("member_id", now.key_of(member)),
                            text("unit_id", now.key_of(unit)), code("kind", 0), date("from", on)),
           .source = "move",
           .first_row = 1,
           .headers = {}});
      const auto done = registry->commit(std::move(change), {});
      if (!done.ok()) fail(done.status().ToString());
    });
  }
  times.report(state);
}

class Sqlite {
 public:
  Sqlite() {
    if (sqlite3_open(":memory:", &db_) != SQLITE_OK) fail("sqlite");
    run("CREATE TABLE memberships(id INTEGER PRIMARY KEY, member INT, unit INT, kind INT, from_day "
        "INT,"
        " until_day INT)");
    run("CREATE INDEX by_member ON memberships(member)");
    run("BEGIN");
    const auto now = registry->snapshot();
    const auto rows = *now.rows("memberships");
    const auto from = *rows.field("from");
    const auto until = *rows.field("until");
    const auto kind = *rows.field("kind");
    sqlite3_stmt* insert = prepare("INSERT INTO memberships VALUES(?,?,?,?,?,?)");
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      const RowId row{i};
      sqlite3_bind_int64(insert, 1, i);
      sqlite3_bind_int64(insert, 2, index_of(rows.member_of(row)));
      sqlite3_bind_int64(insert, 3, index_of(rows.unit_of(row)));
      sqlite3_bind_int64(insert, 4, kind.raw(row));
      sqlite3_bind_int64(insert, 5, static_cast<std::int32_t>(from.raw(row)));
      if (until.is_missing(row)) {
        sqlite3_bind_null(insert, 6);
      } else {
        sqlite3_bind_int64(insert, 6, static_cast<std::int32_t>(until.raw(row)));
      }
      step(insert);
    }
    sqlite3_finalize(insert);
    run("COMMIT");
    begin_ = prepare("BEGIN");
    commit_ = prepare("COMMIT");
    end_ = prepare("UPDATE memberships SET until_day=? WHERE id=?");
    add_ = prepare("INSERT INTO memberships(member,unit,kind,from_day) VALUES(?,?,0,?)");
  }
  ~Sqlite() {
    for (sqlite3_stmt* statement : {begin_, commit_, end_, add_}) sqlite3_finalize(statement);
    sqlite3_close(db_);
  }
  Sqlite(const Sqlite&) = delete;
  Sqlite& operator=(const Sqlite&) = delete;
  void move(std::uint32_t row, std::uint32_t member, std::uint32_t unit, int day) {
    step(begin_);
    sqlite3_bind_int(end_, 1, day);
    sqlite3_bind_int64(end_, 2, row);
    step(end_);
    sqlite3_bind_int64(add_, 1, member);
    sqlite3_bind_int64(add_, 2, unit);
    sqlite3_bind_int(add_, 3, day);
    step(add_);
    step(commit_);
  }

 private:
  void run(const char* sql) {
    if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail(sql);
  }
  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db_, sql, -1, &statement, nullptr) != SQLITE_OK) fail(sql);
    return statement;
  }
  void step(sqlite3_stmt* statement) {
    if (sqlite3_step(statement) != SQLITE_DONE) fail(sqlite3_errmsg(db_));
    sqlite3_reset(statement);
  }
  sqlite3* db_ = nullptr;
  sqlite3_stmt* begin_ = nullptr;
  sqlite3_stmt* commit_ = nullptr;
  sqlite3_stmt* end_ = nullptr;
  sqlite3_stmt* add_ = nullptr;
};

void move_one_member_sqlite(benchmark::State& state) {
  Sqlite sqlite;
  Moves moves;
  Times times;
  for (auto _ : state) {
    const MemberSlot member = moves.take();
    const auto unit = std::uniform_int_distribution<std::uint32_t>(
        0, moves.snapshot.unit_count() - 1)(moves.random);
    const RowId row = open_home(moves.snapshot, member);
    times.take(state, [&] { sqlite.move(index_of(row), index_of(member), unit, 21915); });
  }
  times.report(state);
}

void take_a_fork(benchmark::State& state) {
  const auto now = registry->snapshot();
  for (auto _ : state) benchmark::DoNotOptimize(now.fork());
}

}  // namespace

int main(int count, char** values) {
  benchmark::Initialize(&count, values);
  if (count < 2) fail("usage: registry_bench FOLDER");
  registry = Registry::create();
  Change change(*registry);
  const std::vector<std::string> folders = {values[1]};
  if (const auto status = dangbo::load::add_files(*registry, change, folders); !status.ok())
    fail(status.ToString());
  if (const auto done = registry->commit(std::move(change), {}); !done.ok())
    fail(done.status().ToString());
  benchmark::RegisterBenchmark("take_a_fork", take_a_fork)->Unit(benchmark::kMicrosecond);
  benchmark::RegisterBenchmark("move_one_member/sqlite", move_one_member_sqlite)
      ->UseManualTime()
      ->Iterations(20000)
      ->Unit(benchmark::kMicrosecond);
  benchmark::RegisterBenchmark("move_one_member/dangbo", move_one_member)
      ->UseManualTime()
      ->Iterations(20000)
      ->Unit(benchmark::kMicrosecond);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
