// Random questions about random histories, asked of SQLite over the exported rows: another engine,
// another language, no code of ours.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "rollup/amend.hpp"

namespace dangbo::test {

namespace {

// Rows of the last commit's knowledge, every field a text.
class Base {
 public:
  explicit Base(const History& history, int commit) {
    EXPECT_EQ(sqlite3_open(":memory:", &base_), SQLITE_OK);
    for (const char* name : {"units", "members", "memberships"}) {
      std::set<std::string> fields = kFields.at(name);
      std::string columns;
      for (const std::string& field : fields) {
        columns += (columns.empty() ? "" : ", ") + quoted(field) + " TEXT";
      }
      run("CREATE TABLE " + std::string(name) + " (" + columns + ")");
      for (const TwinRow& row : history.at(name)) {
        if (row.commit > commit || (row.superseded != 0 && row.superseded <= commit)) continue;
        std::string values;
        for (const std::string& field : fields) {
          const auto cell = row.cells.find(field);
          const bool has = cell != row.cells.end() && !cell->second.empty();
          values += (values.empty() ? "" : ", ") + (has ? text(cell->second) : "NULL");
        }
        run("INSERT INTO " + std::string(name) + " VALUES (" + values + ")");
      }
    }
  }
  ~Base() { sqlite3_close(base_); }
  Base(const Base&) = delete;
  Base& operator=(const Base&) = delete;

  // Rows of a statement, as texts; NULL is "".
  std::vector<std::vector<std::string>> ask(const std::string& statement) const {
    std::vector<std::vector<std::string>> out;
    sqlite3_stmt* made = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(base_, statement.c_str(), -1, &made, nullptr), SQLITE_OK)
        << sqlite3_errmsg(base_) << "\n"
        << statement;
    while (sqlite3_step(made) == SQLITE_ROW) {
      auto& row = out.emplace_back();
      for (int i = 0; i < sqlite3_column_count(made); ++i) {
        const unsigned char* value = sqlite3_column_text(made, i);
        row.emplace_back(value == nullptr ? "" : reinterpret_cast<const char*>(value));
      }
    }
    sqlite3_finalize(made);
    return out;
  }

  static std::string quoted(const std::string& name) { return "\"" + name + "\""; }
  static std::string text(const std::string& value) {
    std::string out = "'";
    for (const char c : value) out += c == '\'' ? std::string("''") : std::string(1, c);
    return out + "'";
  }

 private:
  void run(const std::string& statement) {
    ASSERT_EQ(sqlite3_exec(base_, statement.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(base_) << "\n"
        << statement;
  }

  static inline const std::map<std::string, std::set<std::string>> kFields = {
      {"units", {"unit_id", "parent_id", "kind", "sector", "name", "from", "until"}},
      {"members",
       {"member_id", "sex", "youth_union", "ethnicity", "status", "joined_date", "full_date",
        "from", "until"}},
      {"memberships", {"member_id", "unit_id", "kind", "in_reason", "from", "until"}}};
  sqlite3* base_ = nullptr;
};

// A question in SQL.
class Statement {
 public:
  explicit Statement(const TwinQuery& query) : query_(query), day_(Base::text(query.on)) {}

  // unit (when each), groups, figure; cells of 0 are left out.
  std::string text() const {
    const bool of_persons = query_.ask.of == "persons";
    std::string groups;
    std::string by;
    for (std::size_t i = 0; i < query_.by.size(); ++i) {
      groups += ", " + column(query_.by[i]) + " AS g" + std::to_string(i);
      by += ", g" + std::to_string(i);
    }
    std::string rows = "SELECT m.member_id, m.unit_id" + groups +
                       " FROM memberships m JOIN u ON u.unit_id = m.unit_id "
                       "LEFT JOIN members p ON p.member_id = m.member_id AND " +
                       in_force("p") + " WHERE " + in_force("m") + kinds();
    for (const TwinCondition& condition : query_.ask.where) rows += " AND " + test(condition);
    const std::string figure = of_persons ? "count(DISTINCT r.member_id)" : "count(*)";
    const std::string shown = query_.each.empty() ? "" : "t.unit";
    std::string from = " FROM r";
    if (!query_.each.empty() || !query_.unit.empty()) {
      // Every unit with those at or above it on the day; of its own, itself.
      from += query_.ask.own ? " JOIN (SELECT unit_id AS unit, unit_id AS below FROM u) t"
                             : " JOIN up t";
      from += " ON t.below = r.unit_id";
      if (!query_.unit.empty()) {
        from += query_.each.empty() ? " WHERE t.unit = " + Base::text(query_.unit)
                                    : " WHERE t.unit IN (SELECT below FROM up WHERE unit = " +
                                          Base::text(query_.unit) + ")";
      }
    }
    std::string selected = shown + by + ", " + figure;
    if (selected.starts_with(", ")) selected.erase(0, 2);
    std::string grouped = shown + by;
    if (grouped.starts_with(", ")) grouped.erase(0, 2);
    return "WITH RECURSIVE u AS (SELECT * FROM units x WHERE " + in_force("x") +
           "), up(unit, below) AS (SELECT unit_id, unit_id FROM u UNION ALL "
           "SELECT c.parent_id, up.below FROM up JOIN u c ON c.unit_id = up.unit "
           "JOIN u d ON d.unit_id = c.parent_id), r AS (" +
           rows + ") SELECT " + selected + from + (grouped.empty() ? "" : " GROUP BY " + grouped);
  }

 private:
  std::string in_force(const std::string& table) const {
    return "(" + table + ".\"from\" IS NULL OR " + table + ".\"from\" <= " + day_ + ") AND (" +
           table + ".until IS NULL OR " + table + ".until > " + day_ + ")";
  }

  std::string kinds() const {
    if (query_.ask.of == "members") return " AND m.kind = 'home'";
    return query_.ask.of == "persons" ? " AND m.kind IN ('home', 'temporary')" : "";
  }

  // The first and the last possible day of a partial date.
  static std::string first(const std::string& date) {
    return "(" + date + " || CASE length(" + date +
           ") WHEN 4 THEN '-01-01' WHEN 7 THEN '-01' ELSE '' END)";
  }
  static std::string last(const std::string& date) {
    return "CASE length(" + date + ") WHEN 4 THEN " + date + " || '-12-31' WHEN 7 THEN date(" +
           date + " || '-01', '+1 month', '-1 day') ELSE " + date + " END";
  }
  std::string years(const std::string& date) const {
    return "(substr(" + day_ + ", 1, 4) - substr(" + date + ", 1, 4) - (substr(" + day_ +
           ", 6) < substr(" + date + ", 6)))";
  }

  std::string column(const std::string& name) const {
    const bool by_member = query_.ask.of != "memberships";
    const auto dot = name.find('.');
    const std::string prefix = dot == std::string::npos ? "" : name.substr(0, dot);
    const std::string field = dot == std::string::npos ? name : name.substr(dot + 1);
    if (prefix == "unit") return "u." + Base::quoted(field);
    if (prefix == "membership" || (prefix.empty() && !by_member)) {
      return "m." + Base::quoted(field);
    }
    if (field != "standing") return "p." + Base::quoted(field);
    return "CASE WHEN " + last("p.full_date") + " <= " + day_ + " THEN 'full' WHEN " +
           first("p.full_date") + " <= " + day_ +
           " THEN NULL WHEN p.full_date IS NOT NULL AND p.joined_date IS NULL THEN 'probationary' "
           "WHEN " +
           last("p.joined_date") + " <= " + day_ + " THEN 'probationary' END";
  }

  std::string test(const TwinCondition& condition) const {
    const std::string value = column(condition.column);
    if (condition.test == "missing") return "(" + value + ") IS NULL";
    if (condition.test == "present") return "(" + value + ") IS NOT NULL";
    if (condition.test == "range") {
      std::string out = "(" + value + ") IS NOT NULL";
      if (!condition.from.empty())
        out += " AND " + first(value) + " >= " + Base::text(condition.from);
      if (!condition.until.empty())
        out += " AND " + last(value) + " < " + Base::text(condition.until);
      return out;
    }
    if (condition.test == "years") {
      std::string out = last(value) + " <= " + day_;
      if (!condition.certain) out += " AND length(" + value + ") = 10";
      for (const std::string& end : {first(value), last(value)}) {
        if (!condition.from.empty()) out += " AND " + years(end) + " >= " + condition.from;
        if (!condition.until.empty()) out += " AND " + years(end) + " < " + condition.until;
      }
      return out;
    }
    std::string words;
    for (const std::string& word : condition.words) {
      words += (words.empty() ? "" : ", ") + Base::text(word);
    }
    return "(" + value + ") " + (condition.test == "is" ? "IN" : "NOT IN") + " (" + words + ")";
  }

  const TwinQuery& query_;
  std::string day_;
};

// The cells that are not 0, by their unit and groups.
using Figures = std::map<std::vector<std::string>, std::string>;

Figures figures_of(const Lines& lines, bool has_name) {
  Figures out;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    std::vector<std::string> key = lines[i];
    if (has_name) key.erase(key.begin() + 1);
    const std::string figure = key.back();
    key.pop_back();
    if (figure != "0") out.emplace(std::move(key), figure);
  }
  return out;
}

TEST(Sqlite, AgreesOnAThousandQuestions) {
  constexpr int kHistories = 25;
  constexpr int kQuestions = 40;
  std::mt19937_64 random(20261129);
  int asked = 0;
  std::size_t cells = 0;
  for (int h = 0; h < kHistories; ++h) {
    Amended amended = load(make_history(random));
    amend(random, amended, 6);
    if (HasFailure()) return;
    const Base base(amended.history, amended.commits);
    for (int q = 0; q < kQuestions;) {
      TwinQuery question = make_query(random, amended.history);
      const std::string& of = question.ask.of;
      if (of != "members" && of != "persons" && of != "memberships") continue;
      ++q;
      question.known_at = amended.commits;
      question.share.clear();
      if (!question.each.empty()) question.each = "all";
      for (const TwinBands& bands : question.bands) std::erase(question.by, bands.as);
      question.bands.clear();
      const std::string json = to_json(question);
      const std::string statement = Statement(question).text();
      const Figures ours = figures_of(ask(*amended.registry, json), !question.each.empty());
      Figures theirs;
      for (auto row : base.ask(statement)) {
        const std::string figure = row.back();
        row.pop_back();
        if (figure != "0") theirs.emplace(std::move(row), figure);
      }
      ASSERT_EQ(ours, theirs) << "history " << h << "\n" << json << "\n" << statement;
      ++asked;
      cells += ours.size();
    }
  }
  EXPECT_EQ(asked, 1000);
  EXPECT_GT(cells, 1000U);
}

}  // namespace

}  // namespace dangbo::test
