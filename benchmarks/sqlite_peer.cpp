#include "sqlite_peer.hpp"

#include <sqlite3.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string_view>
#include <vector>

namespace dangbo::bench {

namespace {

void require(bool ok, sqlite3* database, const char* what) {
  if (ok) return;
  std::cerr << "sqlite: " << what << ": " << sqlite3_errmsg(database) << '\n';
  std::exit(1);
}

void run(sqlite3* database, const char* sql) {
  require(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK, database, sql);
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> fields;
  while (true) {
    const std::size_t comma = line.find(',');
    fields.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return fields;
    line.remove_prefix(comma + 1);
  }
}

// The generated files hold no quotes, so that the peer is spared a CSV parser.
void import(sqlite3* database, const std::string& path, const std::string& table,
            const std::vector<std::string>& wanted) {
  const std::string content = read_file(path);
  std::string_view rest = content;
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
  const auto next_line = [&rest] {
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  };
  const std::vector<std::string_view> header = split(next_line());
  std::vector<std::size_t> columns;
  std::string names;
  std::string marks;
  for (const std::string& name : wanted) {
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (header[i] == name) columns.push_back(i);
    }
    names += (names.empty() ? "\"" : ",\"") + name + "\"";
    marks += marks.empty() ? "?" : ",?";
  }
  require(columns.size() == wanted.size(), database, path.c_str());
  const std::string sql = "INSERT INTO " + table + "(" + names + ") VALUES(" + marks + ")";
  sqlite3_stmt* statement = nullptr;
  require(sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK, database,
          "prepare");
  while (!rest.empty()) {
    const std::vector<std::string_view> fields = split(next_line());
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string_view value = fields[columns[i]];
      const int at = static_cast<int>(i) + 1;
      if (value.empty()) {
        sqlite3_bind_null(statement, at);
      } else {
        sqlite3_bind_text(statement, at, value.data(), static_cast<int>(value.size()),
                          SQLITE_STATIC);
      }
    }
    require(sqlite3_step(statement) == SQLITE_DONE, database, path.c_str());
    sqlite3_reset(statement);
  }
  sqlite3_finalize(statement);
}

}  // namespace

std::map<std::string, std::int64_t> sqlite_load_and_count(const std::string& folder,
                                                          const std::string& day) {
  sqlite3* database = nullptr;
  require(sqlite3_open(":memory:", &database) == SQLITE_OK, database, "open");
  run(database,
      "PRAGMA foreign_keys=OFF; PRAGMA synchronous=OFF; PRAGMA temp_store=MEMORY;"
      "CREATE TABLE units(unit_id TEXT, \"from\" TEXT, until TEXT, parent_id TEXT, kind TEXT);"
      "CREATE TABLE members(member_id TEXT PRIMARY KEY, sex TEXT) WITHOUT ROWID;"
      "CREATE TABLE memberships(member_id TEXT NOT NULL, unit_id TEXT NOT NULL, kind TEXT NOT NULL,"
      " \"from\" TEXT, until TEXT, CHECK(until IS NULL OR \"from\" < until));"
      "BEGIN");
  import(database, folder + "/units.csv", "units",
         {"unit_id", "from", "until", "parent_id", "kind"});
  for (const char* part : {"_1.csv", "_2.csv"}) {
    import(database, folder + "/members" + part, "members", {"member_id", "sex"});
    import(database, folder + "/memberships" + part, "memberships",
           {"member_id", "unit_id", "kind", "from", "until"});
  }
  // The checks that dangbo makes too: references, and no two homes on a day.
  run(database,
      "CREATE INDEX units_key ON units(unit_id);"
      "CREATE INDEX memberships_member ON memberships(member_id, kind, \"from\", until);"
      "COMMIT");
  const auto must_be_empty = [&](const char* sql) {
    sqlite3_stmt* statement = nullptr;
    require(sqlite3_prepare_v2(database, sql, -1, &statement, nullptr) == SQLITE_OK, database, sql);
    require(sqlite3_step(statement) == SQLITE_DONE, database, sql);
    sqlite3_finalize(statement);
  };
  must_be_empty(
      "SELECT 1 FROM units u WHERE parent_id IS NOT NULL AND NOT EXISTS"
      " (SELECT 1 FROM units p WHERE p.unit_id = u.parent_id) LIMIT 1");
  must_be_empty(
      "SELECT 1 FROM memberships m WHERE NOT EXISTS"
      " (SELECT 1 FROM members WHERE member_id = m.member_id) LIMIT 1");
  must_be_empty(
      "SELECT 1 FROM memberships m WHERE NOT EXISTS"
      " (SELECT 1 FROM units WHERE unit_id = m.unit_id) LIMIT 1");
  must_be_empty(
      "SELECT 1 FROM (SELECT \"from\" AS f, lag(coalesce(until, '9999')) OVER"
      " (PARTITION BY member_id ORDER BY \"from\") AS before FROM memberships"
      " WHERE kind = 'CHINHTHUC') WHERE f < before LIMIT 1");
  std::map<std::string, std::int64_t> counts;
  sqlite3_stmt* statement = nullptr;
  const char* sql =
      "SELECT coalesce(sex, ''), count(*) FROM memberships JOIN members USING(member_id)"
      " WHERE kind = 'CHINHTHUC' AND \"from\" <= ?1 AND (until IS NULL OR until > ?1) GROUP BY 1";
  require(sqlite3_prepare_v2(database, sql, -1, &statement, nullptr) == SQLITE_OK, database, sql);
  sqlite3_bind_text(statement, 1, day.c_str(), -1, SQLITE_STATIC);
  while (sqlite3_step(statement) == SQLITE_ROW) {
    counts[reinterpret_cast<const char*>(sqlite3_column_text(statement, 0))] =
        sqlite3_column_int64(statement, 1);
  }
  sqlite3_finalize(statement);
  sqlite3_close(database);
  return counts;
}

}  // namespace dangbo::bench
