// Random histories and questions about them.
#pragma once

#include <random>

#include "rollup/twin.hpp"

namespace dangbo::test {

// Units founded, moved, merged and closed; members who come, go, move and sit elsewhere for a time;
// evaluations, meetings, training, posts, dues, plans. Two commits.
History make_history(std::mt19937_64& random);

// Rows of unit_events about units that end, and some that fit nothing: mergers, divisions,
// split-offs, closings, rings, wrong and partial dates; some keys are founded anew.
void add_reorganisations(std::mt19937_64& random, History& history);

// A question that the history can answer.
TwinQuery make_query(std::mt19937_64& random, const History& history);

}  // namespace dangbo::test
