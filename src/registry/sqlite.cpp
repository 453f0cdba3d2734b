#include "registry/sqlite.hpp"

namespace dangbo::inline v1::registry {

int Database::open(const std::string& path, int flags) noexcept {
  sqlite3* opened = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &opened, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  handle_.reset(opened);
  if (opened == nullptr) return SQLITE_NOMEM;
  sqlite3_extended_result_codes(opened, 1);
  return result == SQLITE_OK ? SQLITE_OK : sqlite3_extended_errcode(opened);
}

int Database::exec(const char* sql) noexcept {
  return sqlite3_exec(get(), sql, nullptr, nullptr, nullptr);
}

int Database::prepare(const char* sql, Statement& statement) noexcept {
  sqlite3_stmt* prepared = nullptr;
  const int result = sqlite3_prepare_v2(get(), sql, -1, &prepared, nullptr);
  statement = Statement(StatementHandle(prepared));
  return result;
}

}  // namespace dangbo::inline v1::registry
