// What became another between two states of the facts, and whom a rule has to be asked about again.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "rules/examiner.hpp"

namespace dangbo::inline v1::rules {

// Rows that became known or unknown, began or ended to hold, by table: both versions of a
// correction. And what follows from them.
struct Delta {
  std::vector<std::vector<RowId>> rows;  // by table, ascending, each once
  std::vector<MemberSlot> standings;     // members whose standing changed with the day
  std::vector<UnitSlot> moved;           // units that came, went or stand elsewhere in the tree
  bool tree_changed = false;             // `moved` is not empty
};

// The rows that differ between the commits and days of two states. Their trees may be shared only
// when `rows` of `units` is empty.
[[nodiscard]] Delta delta_of(const Facts& before, const registry::View& after);
// Fills in what needs the later facts.
void complete(Delta& delta, const Facts& before, const Facts& after);

// One chain of fields that a rule reads, from the subject on.
struct ReadPath {
  struct Step {
    const RecordBinding* of = nullptr;
    const FieldBinding* field = nullptr;
  };
  std::vector<Step> steps;
};

// What a rule reads.
struct RuleReads {
  std::vector<ReadPath> paths;
  bool reads_day = false;
};
[[nodiscard]] RuleReads reads_of(const Rule& rule, const RecordBinding& self);

// The subjects of a rule, cohorts excepted, whose answer may differ; some of them may no longer be
// subjects, or not have been before.
[[nodiscard]] std::set<Entity> affected(const Delta& delta, const Rule& rule,
                                        const RecordBinding& self, const RuleReads& reads,
                                        const Facts& before, const Facts& after);

}  // namespace dangbo::inline v1::rules
