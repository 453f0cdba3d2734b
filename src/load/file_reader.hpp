// One file of one table into batches of typed rows.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dangbo/base/problem.hpp"
#include "dangbo/registry/change.hpp"
#include "dangbo/table/schema.hpp"

namespace dangbo::inline v1::load::detail {

struct FileJob {
  std::string path;
  std::string source;  // as messages name it
  std::shared_ptr<const table::Schema> schema;
  std::uint64_t size = 0;  // bytes; 0 = not known
};

struct FileRows {
  std::vector<registry::Change::Batch> batches;
  base::ProblemList problems;
};

// `tick` is told how many more bytes were read; false stops the reading, and what was read so far
// is worthless.
[[nodiscard]] FileRows read_file(const FileJob& job,
                                 const std::function<bool(std::uint64_t bytes)>& tick);

}  // namespace dangbo::inline v1::load::detail
