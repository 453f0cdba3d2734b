// The peer's side of a benchmark: a connection and its statements, with every fault the end of it.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "moves.hpp"

namespace dangbo::bench {

class Sqlite {
 public:
  explicit Sqlite(const std::string& path, int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) {
    if (sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr) != SQLITE_OK) fail("sqlite: open");
  }
  ~Sqlite() { sqlite3_close(handle_); }
  Sqlite(const Sqlite&) = delete;
  Sqlite& operator=(const Sqlite&) = delete;

  void run(const std::string& sql) {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
      fail("sqlite: " + sql + ": " + sqlite3_errmsg(handle_));
  }
  [[nodiscard]] sqlite3* get() const noexcept { return handle_; }

 private:
  sqlite3* handle_ = nullptr;
};

// Ends before its connection.
class SqliteStatement {
 public:
  SqliteStatement(Sqlite& database, const std::string& sql) {
    if (sqlite3_prepare_v2(database.get(), sql.c_str(), -1, &handle_, nullptr) != SQLITE_OK)
      fail("sqlite: " + sql + ": " + sqlite3_errmsg(database.get()));
  }
  ~SqliteStatement() { sqlite3_finalize(handle_); }
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

  void bind(int at, std::int64_t value) { sqlite3_bind_int64(handle_, at, value); }
  void bind_null(int at) { sqlite3_bind_null(handle_, at); }
  // The text lives until the step.
  void bind(int at, std::string_view text) {
    sqlite3_bind_text(handle_, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  }
  void bind(int at, sqlite3_value* value) { sqlite3_bind_value(handle_, at, value); }

  // True while there is a row.
  bool step() {
    const int result = sqlite3_step(handle_);
    if (result == SQLITE_ROW) return true;
    if (result != SQLITE_DONE)
      fail(std::string("sqlite: ") + sqlite3_errmsg(sqlite3_db_handle(handle_)));
    sqlite3_reset(handle_);
    return false;
  }
  // A statement that gives no row.
  void run() {
    if (step()) fail("sqlite: a row where none is wanted");
  }
  void reset() { sqlite3_reset(handle_); }

  [[nodiscard]] std::int64_t integer(int column) { return sqlite3_column_int64(handle_, column); }
  [[nodiscard]] std::string_view bytes(int column) {
    const void* data = sqlite3_column_blob(handle_, column);
    return {static_cast<const char*>(data),
            static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
  }
  [[nodiscard]] sqlite3_value* value(int column) { return sqlite3_column_value(handle_, column); }
  [[nodiscard]] int columns() const { return sqlite3_column_count(handle_); }
  [[nodiscard]] int type(int column) { return sqlite3_column_type(handle_, column); }

 private:
  sqlite3_stmt* handle_ = nullptr;
};

}  // namespace dangbo::bench
