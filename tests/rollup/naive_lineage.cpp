#include "rollup/naive_lineage.hpp"

namespace dangbo::test {

namespace {

// No row of the random histories begins or ends outside these days.
const time::Date kFirst = day("2014-01-01");
const time::Date kLast = day("2025-01-01");

}  // namespace

bool NaiveLineage::known(const TwinRow& row) const {
  return row.commit <= known_at_ && (row.superseded == 0 || row.superseded > known_at_);
}

NaiveLineage::NaiveLineage(const History& history, int known_at)
    : history_(history), known_at_(known_at) {
  for (const TwinRow& row : history_.at("units")) {
    if (known(row)) rows_[row.cells.at("unit_id")].push_back(row.days);
  }
}

bool NaiveLineage::in_force(const std::string& unit, time::Date day) const {
  const auto rows = rows_.find(unit);
  if (rows == rows_.end()) return false;
  for (const time::DateRange& days : rows->second) {
    if (days.contains(day)) return true;
  }
  return false;
}

std::set<std::string> NaiveLineage::units() const {
  std::set<std::string> out;
  for (const TwinRow& row : history_.at("units")) out.insert(row.cells.at("unit_id"));
  return out;
}

void NaiveLineage::follow(const std::string& unit, time::Date day, std::set<std::string>& seen,
                          std::set<std::string>& found) const {
  if (!seen.insert(unit).second) return;
  if (in_force(unit, day)) {
    found.insert(unit);
    return;
  }
  time::Date last = day;  // in force for the last time
  while (last > kFirst && !in_force(unit, last)) last = last.plus_days(-1);
  if (!in_force(unit, last)) return;  // not yet founded
  time::Date next = day;              // in force again
  while (next < kLast && !in_force(unit, next)) next = next.plus_days(1);
  const auto events = history_.find("unit_events");
  if (events == history_.end()) return;
  for (const TwinRow& row : events->second) {
    if (!known(row)) continue;
    const auto cell = [&](const char* field) {
      const auto at = row.cells.find(field);
      return at == row.cells.end() ? std::string() : at->second;
    };
    const std::string event = cell("event");
    if (event != "absorb" && event != "merge" && event != "divide") continue;
    if (cell("from_unit") != unit || cell("to_unit").empty() || cell("to_unit") == unit) continue;
    const time::PartialDate date = *time::parse_date(cell("date")).value;
    bool ended_it = false;
    for (time::Date one = date.first_day(); one <= date.last_day(); one = one.plus_days(1)) {
      ended_it = ended_it || (one >= last && (one < next || next == kLast));
    }
    if (ended_it) follow(cell("to_unit"), day, seen, found);
  }
}

std::set<std::string> NaiveLineage::successors(const std::string& unit, time::Date day) const {
  std::set<std::string> seen;
  std::set<std::string> found;
  follow(unit, day, seen, found);
  return found;
}

std::set<std::string> NaiveLineage::predecessors(const std::string& unit, time::Date day,
                                                 time::Date earlier) const {
  std::set<std::string> found;
  for (const std::string& one : units()) {
    if (in_force(one, earlier) && successors(one, day).contains(unit)) found.insert(one);
  }
  return found;
}

std::set<std::string> NaiveLineage::shown(const std::string& unit, time::Date day,
                                          time::Date structure) const {
  return structure >= day ? successors(unit, structure) : predecessors(unit, day, structure);
}

}  // namespace dangbo::test
