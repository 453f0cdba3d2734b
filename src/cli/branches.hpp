// The lines that draw a tree in text.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "dangbo/table/column.hpp"

namespace dangbo::cli {

// What stands before the name of each row of a pre-order walk, whose levels are a column of whole
// numbers; rows of level 0 have no branch.
class Branches {
 public:
  explicit Branches(const table::Column& level);

  // Of the next row.
  std::string next();

 private:
  const table::Column& level_;
  std::vector<bool> is_last_;
  std::vector<bool> open_;  // by level: a sibling of the row's ancestor follows
  std::size_t row_ = 0;
};

}  // namespace dangbo::cli
