// The little of SQLite that the durable file uses.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace dangbo::inline v1::registry {

struct CloseStatement {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
struct CloseDatabase {
  void operator()(sqlite3* database) const noexcept { sqlite3_close(database); }
};
using StatementHandle = std::unique_ptr<sqlite3_stmt, CloseStatement>;

// One prepared statement. Bound bytes must live until the step.
class Statement {
 public:
  Statement() = default;
  explicit Statement(StatementHandle handle) noexcept : handle_(std::move(handle)) {}

  void bind(int at, std::int64_t value) noexcept { keep(sqlite3_bind_int64(get(), at, value)); }
  void bind_null(int at) noexcept { keep(sqlite3_bind_null(get(), at)); }
  void bind_bytes(int at, std::string_view bytes) noexcept {
    // A null pointer would bind NULL.
    keep(sqlite3_bind_blob64(get(), at, bytes.empty() ? "" : bytes.data(), bytes.size(),
                             SQLITE_STATIC));
  }
  void bind_text(int at, std::string_view text) noexcept {
    keep(sqlite3_bind_text64(get(), at, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC,
                             SQLITE_UTF8));
  }
  // SQLITE_ROW, SQLITE_DONE or an error, one of binding included.
  [[nodiscard]] int step() noexcept { return fault_ != SQLITE_OK ? fault_ : sqlite3_step(get()); }
  void reset() noexcept {
    sqlite3_reset(get());
    fault_ = SQLITE_OK;
  }
  // One step of a statement that gives no row: SQLITE_OK or an error.
  [[nodiscard]] int run() noexcept {
    const int result = step();
    reset();
    return result == SQLITE_DONE ? SQLITE_OK : result;
  }

  [[nodiscard]] bool is_null(int column) const noexcept {
    return sqlite3_column_type(get(), column) == SQLITE_NULL;
  }
  [[nodiscard]] std::int64_t integer(int column) const noexcept {
    return sqlite3_column_int64(get(), column);
  }
  // Until the next step.
  [[nodiscard]] std::string_view bytes(int column) const noexcept {
    const void* data = sqlite3_column_blob(get(), column);
    const int size = sqlite3_column_bytes(get(), column);
    return data == nullptr
               ? std::string_view()
               : std::string_view(static_cast<const char*>(data), static_cast<std::size_t>(size));
  }

 private:
  [[nodiscard]] sqlite3_stmt* get() const noexcept { return handle_.get(); }
  void keep(int result) noexcept {
    if (fault_ == SQLITE_OK) fault_ = result;
  }
  StatementHandle handle_;
  int fault_ = SQLITE_OK;
};

// Resets a statement when its use ends, by an exception too: one that stands in its rows takes no
// new values.
class StatementUse {
 public:
  explicit StatementUse(Statement& statement) noexcept : statement_(statement) {}
  ~StatementUse() { statement_.reset(); }
  StatementUse(const StatementUse&) = delete;
  StatementUse& operator=(const StatementUse&) = delete;

 private:
  Statement& statement_;
};

// One connection. Closing it rolls back what was not committed.
class Database {
 public:
  // Result codes are SQLite's, extended ones on.
  [[nodiscard]] int open(const std::string& path, int flags) noexcept;
  [[nodiscard]] int exec(const char* sql) noexcept;
  [[nodiscard]] int prepare(const char* sql, Statement& statement) noexcept;
  [[nodiscard]] sqlite3* get() const noexcept { return handle_.get(); }
  void close() noexcept { handle_.reset(); }

 private:
  std::unique_ptr<sqlite3, CloseDatabase> handle_;
};

}  // namespace dangbo::inline v1::registry
