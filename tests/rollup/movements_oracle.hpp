// The movement balance worked out the slow way: every person on every day, by the trees of days.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "rollup/fixture.hpp"

namespace dangbo::test {

struct BalanceAsk {
  time::Date first;  // of the period
  time::Date until;
  base::CommitNumber known_at{};
  bool own = false;
  std::string unit;  // "": the whole forest
  bool all = false;  // "each": "all"
};

// The question for the library.
std::string to_json(const BalanceAsk& ask);
// The result as lines, header first.
Lines oracle(const registry::Registry& registry, const BalanceAsk& ask);

// Units founded, closed, founded again, reparented and rewritten on the same few days on which
// people come, go and move, with reasons or without, also from units that are not in force.
std::unique_ptr<registry::Registry> moving_history(std::mt19937_64& random);
inline constexpr int kMovingDays = 60;  // from 2020-01-01

}  // namespace dangbo::test
