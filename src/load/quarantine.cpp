#include "dangbo/load/quarantine.hpp"

#include <utility>

#include "load/setting_aside.hpp"

namespace dangbo::inline v1::load {

Quarantined set_aside(const registry::Registry& registry, registry::Change& change) {
  detail::SettingAside rows(registry, change);
  rows.take(change.problems());
  for (int pass = 0; pass < detail::kMaxPasses; ++pass) {
    const base::ProblemList found = registry.check(rows.rest()).problems;
    if (found.empty() || !rows.take(found)) break;
  }
  registry::Change left = rows.rest();
  for (const base::Problem& problem : rows.unplaced()) left.add_problem(problem);
  if (rows.any()) left.add_batch(rows.reasons());
  Quarantined outcome = rows.outcome();
  change = std::move(left);
  return outcome;
}

}  // namespace dangbo::inline v1::load
