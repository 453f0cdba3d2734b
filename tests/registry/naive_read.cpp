// What the model answers, and its forks.
#include <algorithm>

#include "registry/naive.hpp"

namespace dangbo::testing {

namespace {

const std::string kNothing;

const std::string& value_at(std::size_t table, const Row& row, Is is) {
  const int field = specs()[table].find(is);
  return field < 0 ? kNothing : row.values[static_cast<std::size_t>(field)];
}

bool overlaps(std::pair<int, int> days, int from, int until) {
  return std::max(days.first, from) < std::min(days.second, until);
}

std::string line(std::initializer_list<std::string> cells) {
  std::string out;
  for (const std::string& cell : cells) out += (out.empty() ? "" : "|") + cell;
  return out;
}

}  // namespace

std::size_t Naive::rows_at(std::size_t table, int commit) const {
  // Rows stand in the order of their commits.
  std::size_t count = rows[table].size();
  while (count > 0 && rows[table][count - 1].recorded > commit) --count;
  return count;
}

const std::string& Naive::unit_of(std::size_t table, const Row& row) const {
  if (specs()[table].find(Is::kUnit) >= 0) return value_at(table, row, Is::kUnit);
  return value_at(table, row, Is::kSubjectType) == "unit" ? value_at(table, row, Is::kSubject)
                                                          : kNothing;
}

const std::string& Naive::member_of(std::size_t table, const Row& row) const {
  if (specs()[table].find(Is::kMember) >= 0) return value_at(table, row, Is::kMember);
  return value_at(table, row, Is::kSubjectType) == "member" ? value_at(table, row, Is::kSubject)
                                                            : kNothing;
}

std::vector<int> Naive::chain(std::size_t table, bool of_member, const std::string& key,
                              int commit) const {
  std::vector<int> found;
  const int direct = specs()[table].find(of_member ? Is::kMember : Is::kUnit);
  for (std::size_t i = rows_at(table, commit); i-- > 0;) {
    const Row& row = rows[table][i];
    const std::string& whose = direct >= 0 ? row.values[static_cast<std::size_t>(direct)]
                               : of_member ? member_of(table, row)
                                           : unit_of(table, row);
    if (whose == key) found.push_back(static_cast<int>(i));
  }
  return found;
}

int Naive::row_on(std::size_t table, const std::string& key, int day, int known) const {
  for (std::size_t i = 0; i < rows[table].size(); ++i) {
    const Row& row = rows[table][i];
    if (row.values[0] == key && row.from <= day && day < row.until && knows(row, known))
      return static_cast<int>(i);
  }
  return -1;
}

std::string Naive::home_on(const std::string& member, int day, int known) const {
  for (const Row& row : rows[kMemberships]) {
    if (row.values[0] == member && row.values[2] == "home" && row.from <= day && day < row.until &&
        knows(row, known))
      return row.values[1];
  }
  return "";
}

int Naive::last_commit_at(std::int64_t time, int head) const {
  int last = 0;
  for (int i = 0; i < head; ++i) {
    if (commits[static_cast<std::size_t>(i)].time <= time) last = i + 1;
  }
  return last;
}

std::vector<std::string> Naive::log(int head) const {
  std::vector<std::string> out;
  for (int i = 0; i < head; ++i) {
    const Done& done = commits[static_cast<std::size_t>(i)];
    out.push_back(line({std::to_string(i + 1), std::to_string(done.time), done.version,
                        done.day ? iso(*done.day) : "", std::to_string(done.added),
                        std::to_string(done.corrected), std::to_string(done.withdrawn)}));
  }
  return out;
}

std::pair<int, int> Naive::days_of(std::size_t table, const Row& row) const {
  const TableSpec& spec = specs()[table];
  if (spec.kind == 's') return {row.from, row.until};
  if (spec.kind == 'e') {
    const std::string day = value_at(table, row, Is::kDay);
    return {day_of(day), day_of(day) + 1};
  }
  const std::string period = value_at(table, row, Is::kPeriod);
  const std::string year = period.substr(0, 4);
  if (period.size() == 4) return {day_of(year + "-01"), day_of(year + "-12") + 31};
  if (period == year + "Q1") return {day_of(year + "-01"), day_of(year + "-04")};
  if (period.size() == 7) {
    int until = day_of(period) + 28;
    while (iso(until).substr(0, 7) == period) ++until;
    return {day_of(period), until};
  }
  return {kBeforeAll, kAfterAll};  // no days that can be read: of concern at any time
}

std::vector<std::string> Naive::changes(int head, int after, int from, int until,
                                        const std::string& table_name) const {
  std::vector<std::string> out;
  std::vector<std::pair<std::string, std::size_t>> tables;
  for (std::size_t i = 0; i < kTables; ++i) tables.emplace_back(specs()[i].name, i);
  std::sort(tables.begin(), tables.end());
  for (const auto& [name, table] : tables) {
    if (!table_name.empty() && table_name != name) continue;
    const std::size_t before = rows_at(table, after);
    // What became known in place of which row, and what is no longer known.
    std::map<std::size_t, int> now;
    std::set<int> replaced;
    for (std::size_t i = before; i < rows_at(table, head); ++i) {
      if (!knows(rows[table][i], head)) continue;
      int first = rows[table][i].replaces;
      while (first >= static_cast<int>(before))
        first = rows[table][static_cast<std::size_t>(first)].replaces;
      now[i] = first;
      replaced.insert(first);
    }
    for (std::size_t i = 0; i < rows_at(table, head); ++i) {
      const Row& row = rows[table][i];
      const auto add = [&](const char* what, int commit, const std::string& field,
                           const std::string& was, const std::string& is) {
        out.push_back(line({std::to_string(commit), name, std::to_string(i), what,
                            unit_of(table, row), member_of(table, row), field, was, is}));
      };
      const bool concerns = overlaps(days_of(table, row), from, until);
      if (i < before) {
        if (concerns && knows(row, after) && !knows(row, head) &&
            !replaced.contains(static_cast<int>(i)))
          add("withdrawn", row.superseded, "", "", "");
      } else if (now.contains(i) && now[i] < 0) {
        if (concerns) add("added", row.recorded, "", "", "");
      } else if (now.contains(i)) {
        const Row& was = rows[table][static_cast<std::size_t>(now[i])];
        if (!concerns && !overlaps(days_of(table, was), from, until)) continue;
        for (std::size_t field = 0; field < row.values.size(); ++field) {
          if (row.values[field] != was.values[field])
            add("corrected", row.recorded, specs()[table].fields[field].name, was.values[field],
                row.values[field]);
        }
      }
    }
  }
  return out;
}

std::vector<std::string> Naive::agenda(int head, int from, int until) const {
  std::vector<std::tuple<int, std::string, int, int, std::string>> due;
  for (std::size_t table = 0; table < kTables; ++table) {
    if (specs()[table].kind != 's') continue;
    for (std::size_t i = 0; i < rows[table].size(); ++i) {
      const Row& row = rows[table][i];
      if (!knows(row, head)) continue;
      for (const int ends : {0, 1}) {
        const int day = ends == 1 ? row.until : row.from;
        if (day == kBeforeAll || day == kAfterAll || day < from || day >= until) continue;
        due.emplace_back(day, specs()[table].name, static_cast<int>(i), ends,
                         unit_of(table, row) + "|" + member_of(table, row));
      }
    }
  }
  std::sort(due.begin(), due.end());
  std::vector<std::string> out;
  for (const auto& [day, name, row, ends, who] : due)
    out.push_back(line({iso(day), name, std::to_string(row), ends == 1 ? "ends" : "begins", who}));
  return out;
}

NaiveView::NaiveView(const Naive& model, int day, int known) {
  const auto holds = [&](const Row& row) {
    return row.from <= day && day < row.until && Naive::knows(row, known);
  };
  for (const Row& row : model.rows[kUnits]) {
    if (holds(row)) parent[row.values[0]] = row.values[3];
  }
  for (const Row& row : model.rows[kMemberships]) {
    if (row.values[2] != "home" || row.from > day || day >= row.until || row.recorded > known)
      continue;
    const bool counts = holds(row);
    if (parent.contains(row.values[1])) own[row.values[1]] += counts ? 1 : 0;
    for (std::string at = row.values[1]; parent.contains(at); at = parent[at]) {
      below[at] += counts ? 1 : 0;
      if (row.superseded != 0) corrected.insert(at);
    }
  }
}

// --- forks

Naive Naive::fork(int at) const {
  Naive copy = *this;
  copy.base_head = at;
  copy.base_rows_.clear();
  for (std::size_t table = 0; table < kTables; ++table) {
    copy.rows[table].resize(rows_at(table, at));
    for (Row& row : copy.rows[table]) row.superseded = row.superseded > at ? 0 : row.superseded;
    copy.base_rows_.push_back(copy.rows[table].size());
  }
  copy.commits.resize(static_cast<std::size_t>(at));
  copy.units.resize(at == 0 ? 0 : static_cast<std::size_t>(copy.commits.back().units));
  copy.members.resize(at == 0 ? 0 : static_cast<std::size_t>(copy.commits.back().members));
  return copy;
}

Draft Naive::tail() const {
  Draft draft;
  for (std::size_t table = 0; table < kTables; ++table) {
    std::set<int> replaced;
    const auto whole = [&](const Row& row) {
      std::vector<Cell> cells;
      for (std::size_t field = 0; field < row.values.size(); ++field)
        cells.push_back({field, row.values[field]});
      return cells;
    };
    for (std::size_t i = base_rows_[table]; i < rows[table].size(); ++i) {
      const Row& row = rows[table][i];
      if (row.superseded != 0) continue;
      int root = row.replaces;
      while (root >= static_cast<int>(base_rows_[table]))
        root = rows[table][static_cast<std::size_t>(root)].replaces;
      if (root < 0) {
        draft.push_back({'+', table, {}, {}, whole(row)});
      } else {
        replaced.insert(root);
        draft.push_back({'~', table, root, {}, whole(row)});
      }
    }
    for (std::size_t i = 0; i < base_rows_[table]; ++i) {
      if (rows[table][i].superseded > base_head && !replaced.contains(static_cast<int>(i)))
        draft.push_back({'-', table, static_cast<std::int64_t>(i), {}, {}});
    }
  }
  return draft;
}

std::optional<int> Naive::tail_day(std::optional<int> day_at_home) const {
  const auto day_of_commit = [&](int commit) {
    return commit == 0 ? std::nullopt : commits[static_cast<std::size_t>(commit) - 1].day;
  };
  const std::optional<int> day = day_of_commit(head());
  const bool moved = day && day != day_of_commit(base_head);
  return moved && (!day_at_home || *day_at_home < *day) ? day : std::nullopt;
}

std::set<std::string> Naive::conflicts(const Naive& fork) const {
  std::set<std::string> found;
  const auto written_since = [&](const Row& row) {
    return row.recorded > fork.base_head || row.superseded > fork.base_head;
  };
  const auto look = [&](std::size_t table, const auto& concerns) {
    for (std::size_t i = 0; i < rows[table].size(); ++i) {
      if (written_since(rows[table][i]) && concerns(rows[table][i]))
        found.insert(specs()[table].name + ":" + std::to_string(i + 1));
    }
  };
  const auto look_for = [&](std::size_t table, const Row& row) {
    if (table == kMembers || table == kMemberships) {
      const auto same = [&](const Row& other) { return other.values[0] == row.values[0]; };
      look(kMembers, same);
      look(kMemberships, same);
    } else if (table == kUnits) {
      look(kUnits, [&](const Row& other) {
        return other.values[0] == row.values[0] || other.values[0] == row.values[3];
      });
    } else if (!specs()[table].key.empty()) {
      look(table, [&](const Row& other) {
        return std::all_of(specs()[table].key.begin(), specs()[table].key.end(),
                           [&](const std::string& part) {
                             const auto field = static_cast<std::size_t>(specs()[table].find(part));
                             return other.values[field] == row.values[field];
                           });
      });
    }
  };
  for (const Entry& entry : fork.tail()) {
    Row row;
    for (const Cell& cell : entry.values) row.values.push_back(cell.text);
    if (!row.values.empty()) look_for(entry.table, row);
    if (!entry.row) continue;
    const auto at = static_cast<std::size_t>(*entry.row);
    look_for(entry.table, rows[entry.table][at]);
    if (written_since(rows[entry.table][at]))
      found.insert(specs()[entry.table].name + ":" + std::to_string(at + 1));
  }
  return found;
}

}  // namespace dangbo::testing
