// A change that the model is about to accept or refuse: of its bodies.
#pragma once

#include <cstddef>
#include <set>
#include <utility>
#include <vector>

#include "registry/naive.hpp"

namespace dangbo::testing {

struct Naive::Trial {
  int number;
  Faults faults;
  std::vector<std::size_t> before;                     // rows by table
  std::set<std::pair<std::size_t, int>> retired;       // stored rows corrected or withdrawn
  std::set<std::pair<std::size_t, int>> decision_set;  // new rows that name a decision anew
};

}  // namespace dangbo::testing
