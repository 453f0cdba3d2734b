// Commits, forks and readers of a registry in memory, at the size of the data given; SQLite does
// the bare row work of a move beside it, and keeps totals by triggers under the mixed load.
//
//   registry_bench FOLDER [--benchmark_…]
#include <benchmark/benchmark.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "dangbo/registry/registry.hpp"
#include "dangbo/rollup/query.hpp"
#include "moves.hpp"
#include "sqlite.hpp"

namespace {

using dangbo::base::index_of;
using dangbo::base::kNoUnitSlot;
using dangbo::base::MemberSlot;
using dangbo::base::RowId;
using dangbo::base::UnitSlot;
using dangbo::bench::change_of;
using dangbo::bench::fail;
using dangbo::bench::Move;
using dangbo::bench::Moves;
using dangbo::bench::Sqlite;
using dangbo::bench::SqliteStatement;
using dangbo::bench::Times;
using dangbo::registry::Registry;
using dangbo::time::Date;
using Clock = std::chrono::steady_clock;

std::unique_ptr<Registry> registry;

// After all moves.
Date far_day() {
  return *Date::from_ymd(2040, 1, 1);
}

// Seconds of the commit itself: the change is made before.
double commit(const dangbo::registry::Snapshot& now, const Move& move) {
  static const auto schema = registry->find_schema("memberships");
  auto change = change_of(*registry, now, schema, move);
  const auto begin = Clock::now();
  const auto done = registry->commit(std::move(change), {});
  const double seconds = dangbo::bench::seconds_since(begin);
  if (!done.ok()) fail(done.status().ToString());
  return seconds;
}

void move_one_member(benchmark::State& state) {
  static Moves moves(*registry);
  Times times;
  Times of_commits;
  for (auto _ : state) {
    const auto now = registry->snapshot();
    const Move move = moves.next(now);
    state.SetIterationTime(times.take([&] { of_commits.add(commit(now, move)); }));
  }
  times.report(state);
  state.counters["commit_median_us"] = of_commits.at(0.5);
}

// The memberships as a plain table, an index for the rows of a member.
class PlainMemberships {
 public:
  PlainMemberships() : database_(":memory:") {
    database_.run(
        "CREATE TABLE memberships(id INTEGER PRIMARY KEY, member INT, unit INT, kind INT,"
        " from_day INT, until_day INT); CREATE INDEX by_member ON memberships(member); BEGIN");
    const auto now = registry->snapshot();
    const auto rows = *now.rows("memberships");
    const auto from = *rows.field("from");
    const auto until = *rows.field("until");
    const auto kind = *rows.field("kind");
    SqliteStatement insert(database_, "INSERT INTO memberships VALUES(?,?,?,?,?,?)");
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      const RowId row{i};
      if (!rows.is_known(row, now.commit())) continue;
      insert.bind(1, i);
      insert.bind(2, index_of(rows.member_of(row)));
      insert.bind(3, index_of(rows.unit_of(row)));
      insert.bind(4, kind.raw(row));
      insert.bind(5, static_cast<std::int32_t>(from.raw(row)));
      if (until.is_missing(row)) {
        insert.bind_null(6);
      } else {
        insert.bind(6, static_cast<std::int32_t>(until.raw(row)));
      }
      insert.run();
    }
    database_.run("COMMIT");
    begin_ = std::make_unique<SqliteStatement>(database_, "BEGIN");
    commit_ = std::make_unique<SqliteStatement>(database_, "COMMIT");
    end_ = std::make_unique<SqliteStatement>(database_,
                                             "UPDATE memberships SET until_day=? WHERE id=?");
    add_ = std::make_unique<SqliteStatement>(
        database_, "INSERT INTO memberships(member,unit,kind,from_day) VALUES(?,?,0,?)");
  }

  void move(const Move& move, std::int64_t row) {
    begin_->run();
    end_->bind(1, move.on.days());
    end_->bind(2, row);
    end_->run();
    add_->bind(1, index_of(move.member));
    add_->bind(2, index_of(move.unit));
    add_->bind(3, move.on.days());
    add_->run();
    commit_->run();
  }
  [[nodiscard]] Sqlite& database() noexcept { return database_; }

 private:
  Sqlite database_;
  std::unique_ptr<SqliteStatement> begin_;
  std::unique_ptr<SqliteStatement> commit_;
  std::unique_ptr<SqliteStatement> end_;
  std::unique_ptr<SqliteStatement> add_;
};

void move_one_member_sqlite(benchmark::State& state) {
  PlainMemberships plain;
  Moves moves(*registry);
  const auto now = registry->snapshot();
  Times times;
  for (auto _ : state) {
    const Move move = moves.next(now);
    state.SetIterationTime(times.take([&] { plain.move(move, index_of(move.home)); }));
  }
  times.report(state);
}

void take_a_fork(benchmark::State& state) {
  const auto now = registry->snapshot();
  for (auto _ : state) benchmark::DoNotOptimize(now.fork());
}

// A reader that asks where members are, each time of the latest state, for as long as a writer
// works (at `commits_per_second`) or two seconds.
void read_homes(benchmark::State& state, int commits_per_second) {
  std::atomic<bool> is_done{false};
  std::thread writer;
  if (commits_per_second != 0) {
    writer = std::thread([&, moves = Moves(*registry)]() mutable {
      auto next = Clock::now();
      while (!is_done) {
        const auto now = registry->snapshot();
        commit(now, moves.next(now));
        next += std::chrono::microseconds(1'000'000 / commits_per_second);
        std::this_thread::sleep_until(next);
      }
    });
  }
  Times times;
  std::mt19937 random{1};
  std::uniform_int_distribution<std::uint32_t> members(0, registry->snapshot().member_count() - 1);
  const auto day = *Date::from_ymd(2020, 11, 30);
  const std::uint32_t before = index_of(registry->snapshot().commit());
  const auto begin = Clock::now();
  for (auto _ : state) {
    while (dangbo::bench::seconds_since(begin) < 2.0) {
      const MemberSlot member{members(random)};
      times.take([&] { benchmark::DoNotOptimize(registry->snapshot().at(day).home_of(member)); });
    }
  }
  const double seconds = dangbo::bench::seconds_since(begin);
  is_done = true;
  if (writer.joinable()) writer.join();
  state.counters["commits_per_s"] = (index_of(registry->snapshot().commit()) - before) / seconds;
  times.report(state);
}

// ---- one write, a hundred totals, one scan by sex

constexpr int kTotals = 100;
constexpr const char* kBySex = R"({"query":1,"of":"members","on":"2040-01-01","by":["sex"]})";

// Totals that triggers keep, along the ancestors of a unit as they are on the far day.
class KeptTotals {
 public:
  KeptTotals() {
    const auto now = registry->snapshot();
    const auto view = now.at(far_day());
    const auto& tree = view.tree();
    database().run(
        "CREATE TABLE above(unit INT, ancestor INT, PRIMARY KEY(unit, ancestor)) WITHOUT ROWID;"
        "CREATE TABLE totals(unit INTEGER PRIMARY KEY, n INT NOT NULL);"
        "CREATE TABLE members(id INTEGER PRIMARY KEY, sex INT); BEGIN");
    SqliteStatement above(database(), "INSERT INTO above VALUES(?,?)");
    SqliteStatement total(database(), "INSERT INTO totals VALUES(?,?)");
    for (std::uint32_t at = 0; at < tree.size(); ++at) {
      const UnitSlot unit = tree.slot_at(dangbo::base::UnitPosition{at});
      total.bind(1, index_of(unit));
      total.bind(2, view.stock(unit, true));
      total.run();
      for (auto over = dangbo::base::UnitPosition{at}; over != dangbo::base::kNoPosition;
           over = tree.parent_of(over)) {
        above.bind(1, index_of(unit));
        above.bind(2, index_of(tree.slot_at(over)));
        above.run();
      }
    }
    const auto rows = *now.rows("members");
    const auto sex = *rows.field("sex");
    SqliteStatement member(database(), "INSERT OR IGNORE INTO members VALUES(?,?)");
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      member.bind(1, index_of(rows.member_of(RowId{i})));
      member.bind(2, sex.raw(RowId{i}));
      member.run();
    }
    // dangbo counts members of units in force alone.
    database().run("DELETE FROM memberships WHERE unit NOT IN (SELECT unit FROM totals)");
    database().run(
        "COMMIT;"
        "CREATE TRIGGER added AFTER INSERT ON memberships"
        " WHEN NEW.kind = 0 AND NEW.until_day IS NULL BEGIN"
        " UPDATE totals SET n = n + 1 WHERE unit IN"
        " (SELECT ancestor FROM above WHERE unit = NEW.unit); END;"
        "CREATE TRIGGER ended AFTER UPDATE OF until_day ON memberships"
        " WHEN NEW.kind = 0 AND OLD.until_day IS NULL AND NEW.until_day IS NOT NULL BEGIN"
        " UPDATE totals SET n = n - 1 WHERE unit IN"
        " (SELECT ancestor FROM above WHERE unit = NEW.unit); END");
    read_ = std::make_unique<SqliteStatement>(database(), "SELECT n FROM totals WHERE unit=?");
    scan_ = std::make_unique<SqliteStatement>(
        database(),
        "SELECT sex, count(*) FROM memberships JOIN members ON members.id = member"
        " WHERE kind = 0 AND until_day IS NULL GROUP BY sex");
    open_home_ = std::make_unique<SqliteStatement>(
        database(), "SELECT id FROM memberships WHERE member=? AND kind=0 AND until_day IS NULL");
  }

  void move(const Move& move) {
    open_home_->bind(1, index_of(move.member));
    if (!open_home_->step()) fail("sqlite: no open home");
    const std::int64_t row = open_home_->integer(0);
    open_home_->reset();
    plain_.move(move, row);
  }
  std::int64_t total(UnitSlot unit) {
    read_->bind(1, index_of(unit));
    const std::int64_t found = read_->step() ? read_->integer(0) : 0;
    read_->reset();
    return found;
  }
  std::int64_t scan() {
    std::int64_t sum = 0;
    while (scan_->step()) sum += scan_->integer(1);
    return sum;
  }

 private:
  Sqlite& database() noexcept { return plain_.database(); }
  PlainMemberships plain_;
  std::unique_ptr<SqliteStatement> read_;
  std::unique_ptr<SqliteStatement> scan_;
  std::unique_ptr<SqliteStatement> open_home_;
};

std::vector<UnitSlot> some_units() {
  const auto view = registry->snapshot().at(far_day());
  const std::size_t size = view.tree().size();
  std::vector<UnitSlot> units;
  for (std::uint32_t i = 0; i < kTotals; ++i) {
    const auto at = static_cast<std::uint32_t>(i * size / kTotals);
    units.push_back(view.tree().slot_at(dangbo::base::UnitPosition{at}));
  }
  return units;
}

// A move into a unit that is in force on the far day, so that both sides count it.
Move next_move(Moves& moves, const dangbo::registry::Snapshot& now) {
  const auto view = now.at(far_day());
  Move move = moves.next(now);
  while (view.unit_row(move.unit) == dangbo::base::kNoRow ||
         view.unit_row(view.home_of(move.member)) == dangbo::base::kNoRow)
    move = moves.next(now);
  return move;
}

struct MixedAnswers {
  std::vector<std::int64_t> totals;
  std::int64_t scanned = 0;
  friend bool operator==(const MixedAnswers&, const MixedAnswers&) = default;
};

// Both do every round, one after the other, and must agree.
struct Mixed {
  Times dangbo;
  Times sqlite;
};

MixedAnswers round_of_dangbo(const Move& move, const std::vector<UnitSlot>& units,
                             const dangbo::rollup::Query& by_sex) {
  MixedAnswers answers;
  commit(registry->snapshot(), move);
  const auto now = registry->snapshot();
  const auto view = now.at(far_day());
  for (const UnitSlot unit : units) answers.totals.push_back(view.stock(unit, true));
  const auto table = dangbo::rollup::run(now, by_sex);
  if (!table.ok()) fail(table.status().ToString());
  const auto& counts = table->column(*table->find("count"));
  for (std::size_t row = 0; row < table->row_count(); ++row) answers.scanned += counts.integer(row);
  return answers;
}

MixedAnswers round_of_sqlite(KeptTotals& kept, const Move& move,
                             const std::vector<UnitSlot>& units) {
  MixedAnswers answers;
  kept.move(move);
  for (const UnitSlot unit : units) answers.totals.push_back(kept.total(unit));
  answers.scanned = kept.scan();
  return answers;
}

Mixed mix(int rounds) {
  Mixed mixed;
  KeptTotals kept;
  Moves moves(*registry);
  const auto units = some_units();
  const auto by_sex = dangbo::rollup::Query::parse(kBySex);
  if (!by_sex.ok()) fail(by_sex.status().ToString());
  for (int i = 0; i < rounds; ++i) {
    const Move move = next_move(moves, registry->snapshot());
    MixedAnswers ours;
    MixedAnswers theirs;
    mixed.dangbo.take([&] { ours = round_of_dangbo(move, units, *by_sex); });
    mixed.sqlite.take([&] { theirs = round_of_sqlite(kept, move, units); });
    if (ours.totals != theirs.totals) fail("dangbo and SQLite disagree on totals after a move");
    if (ours.scanned != theirs.scanned) {
      fail("dangbo scans " + std::to_string(ours.scanned) + " members, SQLite " +
           std::to_string(theirs.scanned));
    }
  }
  return mixed;
}

constexpr int kMixedRounds = 20;

void mix_dangbo_and_sqlite(benchmark::State& state, Times Mixed::*whose) {
  static const Mixed mixed = mix(kMixedRounds);
  std::size_t next = 0;
  for (auto _ : state) state.SetIterationTime((mixed.*whose).all()[next++]);
  (mixed.*whose).report(state);
}

void hold_in_memory(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(registry->memory_use());
  const auto memory = registry->memory_use();
  const double members = registry->snapshot().member_count();
  state.counters["members"] = members;
  state.counters["hot_B_per_member"] = static_cast<double>(memory.hot_bytes) / members;
  state.counters["cold_B_per_member"] = static_cast<double>(memory.cold_bytes) / members;
}

}  // namespace

int main(int count, char** values) {
  benchmark::Initialize(&count, values);
  if (count < 2) fail("usage: registry_bench FOLDER");
  registry = dangbo::bench::load_folder(values[1]);
  const std::string data = std::filesystem::path(values[1]).filename().string();
  const auto add = [&](const std::string& name, auto run) {
    return benchmark::RegisterBenchmark((data + "/" + name).c_str(), run)
        ->Unit(benchmark::kMicrosecond);
  };
  add("memory", hold_in_memory)->Iterations(1);
  add("take_a_fork", take_a_fork);
  add("move_one_member/sqlite", move_one_member_sqlite)->UseManualTime()->Iterations(20000);
  add("move_one_member/dangbo", move_one_member)->UseManualTime()->Iterations(20000);
  add("read_a_home/idle", [](benchmark::State& state) { read_homes(state, 0); })->Iterations(1);
  add("read_a_home/under_1000_commits_a_second", [](benchmark::State& state) {
    read_homes(state, 1000);
  })->Iterations(1);
  const auto add_mixed = [&](const char* name, Times Mixed::*whose) {
    add(name, [whose](benchmark::State& state) { mix_dangbo_and_sqlite(state, whose); })
        ->UseManualTime()
        ->Iterations(kMixedRounds);
  };
  add_mixed("write_100_totals_scan/sqlite_triggers", &Mixed::sqlite);
  add_mixed("write_100_totals_scan/dangbo", &Mixed::dangbo);
  benchmark::RunSpecifiedBenchmarks();
  registry.reset();
  return 0;
}
