// What the tables of history.hpp have in common.
#pragma once

#include <absl/status/status.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/registry/snapshot.hpp"
#include "dangbo/table/table.hpp"

namespace dangbo::inline v1::registry {

// A table with what it rests on: the snapshot's commit, and whether the data is invented.
[[nodiscard]] table::Table make_table(std::string name, std::vector<table::Column> columns,
                                      const Snapshot& snapshot);
[[nodiscard]] table::Table make_table(std::string name,
                                      std::initializer_list<table::Column*> columns,
                                      const Snapshot& snapshot);

[[nodiscard]] absl::Status unknown_table(std::string_view name);

}  // namespace dangbo::inline v1::registry
