// Fills a body with people: those who count on its day, and all those who stand in the files
// without counting.
#pragma once

#include <cstddef>
#include <vector>

#include "body_builder.hpp"

namespace dangbo::inline v1::generator {

// How many of the stock are at home below a unit.
struct Portioned {
  std::size_t unit;
  std::size_t stock;
};

struct PeoplePlan {
  std::size_t stock = 0;                 // home members on the as-of day
  std::vector<Portioned> portions = {};  // units apart from one another; the rest as it falls
  // Admissions of a window [from, until): exactly `admitted`, of whom two have gone by the day.
  // Nobody else is admitted in it. 0: admissions fall as they fall.
  std::size_t admitted = 0;
  Day admitted_from = 0;
  Day admitted_until = 0;
};

struct People {
  std::vector<std::size_t> stock;     // persons who count on the day, in order of their units
  std::vector<std::size_t> departed;  // persons who left before the day or on it
};

// REQUIRES: the tree is built. Groups take eleven members each, a unit merged from others 25.
People fill_with_people(BodyBuilder& body, const PeoplePlan& plan);

}  // namespace dangbo::inline v1::generator
