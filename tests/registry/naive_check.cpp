// What the model refuses. Slow on purpose: every pair, every day.
#include <algorithm>

#include "registry/naive.hpp"
#include "registry/naive_trial.hpp"

namespace dangbo::testing {

namespace {

bool overlap(const Row& a, const Row& b) {
  return std::max(a.from, b.from) < std::min(a.until, b.until);
}

bool stands(const Row& row) {
  return row.superseded == 0;
}

}  // namespace

// A reference names a unit or member that has a row after the change.
void Naive::check_references(Trial& trial) const {
  std::map<std::pair<std::size_t, std::string>, bool> asked;
  const auto is_there = [&](std::size_t table, const std::string& key) {
    const auto [found, is_new] = asked.emplace(std::pair(table, key), false);
    if (is_new) {
      found->second = std::any_of(rows[table].rbegin(), rows[table].rend(), [&](const Row& row) {
        return stands(row) && row.values[0] == key;
      });
    }
    return found->second;
  };
  bool is_lost = false;
  for (const auto& [table, row] : trial.retired) {
    const std::string& key = rows[table][static_cast<std::size_t>(row)].values[0];
    is_lost = is_lost || ((table == kUnits || table == kMembers) && !is_there(table, key));
  }
  for (std::size_t table = 0; table < kTables; ++table) {
    const TableSpec& spec = specs()[table];
    // Rows from before named somebody then.
    for (std::size_t i = is_lost ? 0 : trial.before[table]; i < rows[table].size(); ++i) {
      if (!stands(rows[table][i])) continue;
      const std::vector<std::string>& values = rows[table][i].values;
      for (std::size_t field = 0; field < values.size(); ++field) {
        if (values[field].empty()) continue;
        const Is is = spec.fields[field].is;
        bool unit = is == Is::kUnit || is == Is::kParent;
        bool member = is == Is::kMember;
        if (is == Is::kSubject) {
          const std::string& type = values[static_cast<std::size_t>(spec.find(Is::kSubjectType))];
          unit = type == "unit";
          member = type == "member";
        }
        if (unit && !is_there(kUnits, values[field])) trial.faults.insert(301);
        if (member && !is_there(kMembers, values[field])) trial.faults.insert(302);
      }
    }
  }
}

void Naive::check_forest(Trial& trial) const {
  std::vector<const Row*> standing;
  bool touched = rows[kUnits].size() != trial.before[kUnits];
  for (const Row& row : rows[kUnits]) {
    touched = touched || row.superseded == trial.number;
    if (stands(row) && row.from < row.until) standing.push_back(&row);
  }
  if (!touched) return;
  std::set<int> days;
  for (const Row* row : standing) days.insert({row->from, row->until});
  for (const int day : days) {
    std::map<std::string, std::string> parent;
    for (const Row* row : standing) {
      if (row->from > day || day >= row->until) continue;
      if (!parent.emplace(row->values[0], row->values[3]).second) trial.faults.insert(300);
    }
    for (const auto& [unit, above] : parent) {
      if (!above.empty() && !parent.contains(above)) trial.faults.insert(304);
      std::string at = above;
      for (std::size_t steps = 0; !at.empty() && parent.contains(at); at = parent[at]) {
        if (++steps > parent.size()) {
          trial.faults.insert(305);
          break;
        }
      }
    }
  }
}

void Naive::check_claims(Trial& trial) const {
  for (std::size_t table = kMembers; table < kTables; ++table) {
    const TableSpec& spec = specs()[table];
    if (spec.key.empty()) continue;
    for (std::size_t i = trial.before[table]; i < rows[table].size(); ++i) {
      const Row& row = rows[table][i];
      for (std::size_t j = 0; j < i; ++j) {
        const Row& other = rows[table][j];
        if (!stands(other) || other.values[0] != row.values[0] || !overlap(row, other)) continue;
        const bool homes =
            table == kMemberships && row.values[2] == "home" && other.values[2] == "home";
        const bool same =
            std::all_of(spec.key.begin(), spec.key.end(), [&](const std::string& part) {
              const auto field = static_cast<std::size_t>(spec.find(part));
              return row.values[field] == other.values[field];
            });
        if (homes) trial.faults.insert(306);
        if (same && !homes) trial.faults.insert(300);
      }
    }
  }
}

// A unit that still has rows is not taken from under its members.
void Naive::check_conservation(Trial& trial) const {
  for (const auto& [table, number] : trial.retired) {
    if (table != kUnits) continue;
    const Row& old = rows[kUnits][static_cast<std::size_t>(number)];
    std::vector<const Row*> left;
    for (const Row& row : rows[kUnits])
      if (stands(row) && row.values[0] == old.values[0]) left.push_back(&row);
    if (left.empty()) continue;
    for (const Row& home : rows[kMemberships]) {
      if (!stands(home) || home.values[1] != old.values[0] || home.values[2] != "home") continue;
      std::set<int> days = {old.from, home.from};
      for (const Row* row : left) days.insert(row->until);
      for (const int day : days) {
        const auto holds = [&](const Row& row) { return row.from <= day && day < row.until; };
        const bool in_force =
            std::any_of(left.begin(), left.end(), [&](const Row* row) { return holds(*row); });
        if (holds(old) && holds(home) && !in_force) trial.faults.insert(312);
      }
    }
  }
}

void Naive::check_decisions(Trial& trial) const {
  if (rows[kDecisions].empty()) return;
  const auto known = [&](const std::string& key) {
    return std::any_of(rows[kDecisions].begin(), rows[kDecisions].end(),
                       [&](const Row& row) { return stands(row) && row.values[0] == key; });
  };
  for (const auto& [table, row] : trial.decision_set) {
    const int field = specs()[table].find(Is::kDecision);
    if (!known(rows[table][static_cast<std::size_t>(row)].values[static_cast<std::size_t>(field)]))
      trial.faults.insert(303);
  }
  std::set<std::string> lost;
  for (const auto& [table, row] : trial.retired) {
    const std::string& key = rows[table][static_cast<std::size_t>(row)].values[0];
    if (table == kDecisions && !known(key)) lost.insert(key);
  }
  if (lost.empty()) return;
  for (std::size_t table = 0; table < kTables; ++table) {
    const int field = specs()[table].find(Is::kDecision);
    if (field < 0) continue;
    for (const Row& row : rows[table]) {
      if (stands(row) && lost.contains(row.values[static_cast<std::size_t>(field)]))
        trial.faults.insert(303);
    }
  }
}

}  // namespace dangbo::testing
