// The durable file: a commit beside SQLite writing the same bytes with the same settings, what ten
// years of moves take on the disk, and opening it again beside SQLite scanning the same rows as
// ordinary tables.
//
//   file_bench WORK_FOLDER PROVINCE_FOLDER [NATION_FOLDER] [--benchmark_…]
//
// WORK_FOLDER must be on a disk: in memory a sync costs nothing.
#include <benchmark/benchmark.h>

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/registry/history.hpp"
#include "dangbo/registry/registry.hpp"
#include "moves.hpp"
#include "sqlite.hpp"

namespace {

using dangbo::bench::change_of;
using dangbo::bench::fail;
using dangbo::bench::load_folder;
using dangbo::bench::Moves;
using dangbo::bench::seconds_since;
using dangbo::bench::Sqlite;
using dangbo::bench::SqliteStatement;
using dangbo::bench::Times;
using dangbo::registry::Durability;
using dangbo::registry::OpenMode;
using dangbo::registry::Registry;
using Clock = std::chrono::steady_clock;

constexpr int kSyncedMoves = 1'000;
constexpr int kMoves = 100'000;  // of ten years, in a province

std::string work;

std::string fresh(const std::string& name) {
  const std::string path = work + "/" + name;
  for (const char* tail : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(path + tail);
  return path;
}

double file_bytes(const std::string& path) {
  return static_cast<double>(std::filesystem::file_size(path));
}

// Repeats in a file of its own what dangbo has just written: the same statements with the same
// values.
class SameBytes {
 public:
  SameBytes(const std::string& path, const std::string& dangbo_file, const char* synchronous)
      : source_(dangbo_file, SQLITE_OPEN_READONLY),
        peer_(path),
        commit_row_(source_, "SELECT * FROM commits WHERE number = ?1"),
        head_row_(source_, "SELECT * FROM registry") {
    peer_.run("PRAGMA secure_delete=ON; PRAGMA journal_mode=WAL");
    peer_.run(std::string("PRAGMA synchronous=") + synchronous);
    SqliteStatement tables(source_,
                           "SELECT sql FROM sqlite_master WHERE name IN"
                           " ('registry', 'commits')");
    while (tables.step()) peer_.run(std::string(tables.bytes(0)));
    head_row_.step();
    peer_.run("INSERT INTO registry VALUES(1, 0, x'', 0, 0, x'', 0, x'', x'')");
    head_row_.reset();
    begin_ = std::make_unique<SqliteStatement>(peer_, "BEGIN IMMEDIATE");
    insert_ = std::make_unique<SqliteStatement>(
        peer_, "INSERT INTO commits VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
    update_ = std::make_unique<SqliteStatement>(
        peer_,
        "UPDATE registry SET single_root = ?2, content_key = ?3, session = ?4, layouts = ?5,"
        " layout_digest = ?6, commits = ?7, digest = ?8, checksum = ?9 WHERE id = ?1");
    commit_ = std::make_unique<SqliteStatement>(peer_, "COMMIT");
  }

  void write(std::int64_t number) {
    take(commit_row_, number, *insert_);
    take(head_row_, 0, *update_);
    times_.take([&] {
      begin_->run();
      insert_->run();
      update_->run();
      commit_->run();
    });
  }
  [[nodiscard]] const Times& times() const noexcept { return times_; }

 private:
  static void take(SqliteStatement& row, std::int64_t number, SqliteStatement& into) {
    if (number != 0) row.bind(1, number);
    if (!row.step()) fail("dangbo's commit is not in its file");
    for (int i = 0; i < row.columns(); ++i) into.bind(i + 1, row.value(i));
    row.reset();
  }

  Sqlite source_;
  Sqlite peer_;
  SqliteStatement commit_row_;
  SqliteStatement head_row_;
  std::unique_ptr<SqliteStatement> begin_;
  std::unique_ptr<SqliteStatement> insert_;
  std::unique_ptr<SqliteStatement> update_;
  std::unique_ptr<SqliteStatement> commit_;
  Times times_;
};

struct Moved {
  Times dangbo;
  Times peer;
  double bytes_per_commit = 0;
};

// Moves in a province's file, each followed by the peer's transaction: both see the same machine.
Moved move_members(const std::string& folder, const std::string& name, Durability durability,
                   const char* synchronous, int count, bool with_peer) {
  Moved moved;
  const std::string path = fresh(name);
  load_folder(folder, path);
  const double before = file_bytes(path);
  {
    auto opened =
        Registry::open(path, OpenMode::kWrite, {.registry = {}, .durability = durability});
    if (!opened.ok()) fail(opened.status().ToString());
    Registry& registry = **opened;
    std::unique_ptr<SameBytes> peer;
    if (with_peer) peer = std::make_unique<SameBytes>(fresh(name + "_peer"), path, synchronous);
    Moves moves(registry);
    const auto schema = registry.find_schema("memberships");
    for (int i = 0; i < count; ++i) {
      const auto now = registry.snapshot();
      const auto move = moves.next(now);
      dangbo::base::CommitNumber number{};
      moved.dangbo.take([&] {
        const auto done = registry.commit(change_of(registry, now, schema, move), {});
        if (!done.ok()) fail(done.status().ToString());
        number = done->number;
      });
      if (peer) peer->write(dangbo::base::index_of(number));
    }
    if (peer) moved.peer = peer->times();
  }
  moved.bytes_per_commit = (file_bytes(path) - before) / count;
  return moved;
}

// The rows of a registry as somebody would keep them in SQLite without dangbo: codes as words,
// dates as numbers, keys as text.
void write_plain_tables(const Registry& registry, const std::string& path) {
  Sqlite plain(path);
  plain.run("PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF; BEGIN");
  const auto now = registry.snapshot();
  for (const auto& schema : registry.schemas()) {
    const auto rows = *now.rows(schema->name());
    if (rows.size() == 0) continue;
    std::string columns = "row_id INTEGER PRIMARY KEY, recorded, superseded";
    std::string marks = "?,?,?";
    for (const auto& field : schema->fields()) {
      columns += ", \"" + field.name + '"';
      marks += ",?";
    }
    plain.run("CREATE TABLE " + schema->name() + "(" + columns + ")");
    SqliteStatement insert(plain, "INSERT INTO " + schema->name() + " VALUES(" + marks + ")");
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      const dangbo::base::RowId row{i};
      insert.bind(1, i);
      insert.bind(2, dangbo::base::index_of(rows.recorded(row)));
      insert.bind(3, dangbo::base::index_of(rows.superseded(row)));
      int at = 3;
      for (std::size_t field = 0; field < schema->fields().size(); ++field) {
        const auto& description = schema->fields()[field];
        const auto reader = rows.field(field);
        ++at;
        if (reader.is_missing(row)) {
          insert.bind_null(at);
          continue;
        }
        using dangbo::table::Role;
        using dangbo::table::Type;
        switch (description.type) {
          case Type::kCode:
            insert.bind(at, reader.word(reader.raw(row)));
            break;
          case Type::kText:
            if (description.role == Role::kUnit || description.role == Role::kParent) {
              insert.bind(at, now.key_of(dangbo::base::UnitSlot{reader.raw(row)}));
            } else if (description.role == Role::kMember) {
              insert.bind(at, now.key_of(dangbo::base::MemberSlot{reader.raw(row)}));
            } else {
              insert.bind(at, reader.text(row));
            }
            break;
          case Type::kInt:
            insert.bind(at, *reader.integer(row));
            break;
          default:
            insert.bind(at, static_cast<std::int64_t>(reader.raw(row)));
        }
      }
      insert.run();
    }
  }
  plain.run("COMMIT");
}

// Every value of every row, read and looked at.
std::uint64_t scan_plain_tables(const std::string& path) {
  Sqlite plain(path, SQLITE_OPEN_READONLY);
  std::vector<std::string> names;
  {
    SqliteStatement tables(plain, "SELECT name FROM sqlite_master");
    while (tables.step()) names.emplace_back(tables.bytes(0));
  }
  std::uint64_t sum = 0;
  for (const std::string& name : names) {
    SqliteStatement rows(plain, "SELECT * FROM " + name);
    while (rows.step()) {
      for (int i = 0; i < rows.columns(); ++i) {
        switch (rows.type(i)) {
          case SQLITE_INTEGER:
            sum += static_cast<std::uint64_t>(rows.integer(i));
            break;
          case SQLITE_TEXT: {
            const std::string_view text = rows.bytes(i);
            sum += text.empty() ? 0 : text.size() + static_cast<unsigned char>(text.back());
            break;
          }
          default:
            break;
        }
      }
    }
  }
  return sum;
}

// Opening `path` beside the scan of its rows.
void add_reopening(const std::string& name, const std::string& path, int times) {
  const std::string plain = path + "_plain.db";
  std::filesystem::remove(plain);
  {
    auto opened = Registry::open(path, OpenMode::kRead);
    if (!opened.ok()) fail(opened.status().ToString());
    write_plain_tables(**opened, plain);
  }
  const auto add = [&](const std::string& who, auto run) {
    benchmark::RegisterBenchmark((name + "/" + who).c_str(), run)
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime()
        ->Iterations(times);
  };
  add("sqlite_scan", [plain](benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(scan_plain_tables(plain));
    state.counters["MiB"] = file_bytes(plain) / (1024.0 * 1024.0);
  });
  add("dangbo", [path](benchmark::State& state) {
    for (auto _ : state) {
      auto opened = Registry::open(path, OpenMode::kRead);
      if (!opened.ok()) fail(opened.status().ToString());
      state.PauseTiming();
      opened->reset();
      state.ResumeTiming();
    }
    state.counters["MiB"] = file_bytes(path) / (1024.0 * 1024.0);
  });
}

// Times that were taken side by side, shown one after the other.
void add_times(const std::string& name, const Times& times, double bytes_per_commit) {
  const auto show = [times, bytes_per_commit](benchmark::State& state) {
    std::size_t next = 0;
    for (auto _ : state) state.SetIterationTime(times.all()[next++]);
    times.report(state);
    if (bytes_per_commit != 0) state.counters["bytes_per_commit"] = bytes_per_commit;
  };
  benchmark::RegisterBenchmark(name.c_str(), show)
      ->UseManualTime()
      ->Iterations(static_cast<benchmark::IterationCount>(times.all().size()))
      ->Unit(benchmark::kMicrosecond);
}

}  // namespace

int main(int count, char** values) {
  benchmark::Initialize(&count, values);
  if (count < 3) fail("usage: file_bench WORK_FOLDER PROVINCE_FOLDER [NATION_FOLDER]");
  work = values[1];
  std::filesystem::create_directories(work);
  const std::string province = values[2];

  const Moved synced =
      move_members(province, "synced", Durability::kFull, "FULL", kSyncedMoves, true);
  add_times("durable_move/synced/sqlite_same_bytes", synced.peer, 0);
  add_times("durable_move/synced/dangbo", synced.dangbo, synced.bytes_per_commit);
  const Moved unsynced = move_members(province, "ten_years", Durability::kOff, "OFF", kMoves, true);
  add_times("durable_move/unsynced/sqlite_same_bytes", unsynced.peer, 0);
  add_times("durable_move/unsynced/dangbo", unsynced.dangbo, unsynced.bytes_per_commit);

  add_reopening("open/s2_moves", work + "/ten_years", 5);
  load_folder(province, fresh("province"));
  add_reopening("open/s2", work + "/province", 5);
  if (count > 3) {
    load_folder(values[3], fresh("nation"));
    add_reopening("open/s3", work + "/nation", 1);
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
