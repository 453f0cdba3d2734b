// Lineage the slow way: days are tried one by one, events are followed as they stand in the rows.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "rollup/twin.hpp"

namespace dangbo::test {

class NaiveLineage {
 public:
  NaiveLineage(const History& history, int known_at);

  [[nodiscard]] bool in_force(const std::string& unit, time::Date day) const;
  [[nodiscard]] std::set<std::string> successors(const std::string& unit, time::Date day) const;
  // Those in force on `earlier` that are `unit` on `day`.
  [[nodiscard]] std::set<std::string> predecessors(const std::string& unit, time::Date day,
                                                   time::Date earlier) const;
  // What `unit` of `day` is on the structure's day, later or earlier.
  [[nodiscard]] std::set<std::string> shown(const std::string& unit, time::Date day,
                                            time::Date structure) const;
  [[nodiscard]] std::set<std::string> units() const;

 private:
  void follow(const std::string& unit, time::Date day, std::set<std::string>& seen,
              std::set<std::string>& found) const;
  [[nodiscard]] bool known(const TwinRow& row) const;

  const History& history_;
  int known_at_;
  std::map<std::string, std::vector<time::DateRange>> rows_;  // known ones, by unit
};

}  // namespace dangbo::test
