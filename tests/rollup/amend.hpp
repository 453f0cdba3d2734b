// Random histories that go on: rows corrected, withdrawn and added late.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "rollup/history.hpp"

namespace dangbo::test {

// A registry and the twin's rows that say the same.
struct Amended {
  std::unique_ptr<registry::Registry> registry;
  History history;
  int commits = 0;
};

// Two commits of `make_history`.
Amended load(const History& history);

// Tries `attempts` further commits, each a correction, a withdrawal, a late row, a move or a
// reorganisation; those that the registry refuses are left out of both.
void amend(std::mt19937_64& random, Amended& amended, int attempts);

}  // namespace dangbo::test
