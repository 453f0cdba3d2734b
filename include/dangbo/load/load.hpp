// Files into a change. A folder of CSV files is one load: all or nothing.
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/base/problem.hpp"
#include "dangbo/registry/change.hpp"
#include "dangbo/registry/registry.hpp"
#include "dangbo/table/schema.hpp"

namespace dangbo::inline v1::load {

// Called now and then on the calling thread while work goes on; returning false cancels. `what`
// names the file or step in plain words, total is 0 when it is not known.
using Progress =
    std::function<bool(std::string_view what, std::uint64_t done, std::uint64_t total)>;

struct LoadOptions {
  Progress progress;
};

// Reads files and folders into `change`. A folder contributes every *.csv, *.tsv and *.txt in it
// (not below it), in order of name; `schema.yaml` in it declares host tables first
// (read_schema_file). A file belongs to the table whose name or alias its name begins with
// ("memberships.csv", "memberships_2019.csv", "danh sách đảng viên.csv"). Everything wrong is kept
// as problems in the change; nothing is thrown away silently: unknown columns are carried in the
// field `extra`. A file that is named twice is read once; a YAML file among the paths is a schema
// file. Files are read in blocks, two files at a time: memory is the typed columns, not the text.
// Cancelled: CancelledError; out of memory: ResourceExhausted; the change is then as it was.
absl::Status add_files(registry::Registry& registry, registry::Change& change,
                       std::span<const std::string> paths, const LoadOptions& options = {});

// One file whose table is given. `table_name` by name or alias. Fails like add_files.
absl::Status add_file(const registry::Registry& registry, registry::Change& change,
                      std::string_view table_name, const std::string& path,
                      const LoadOptions& options = {});

// What a schema file says about the data beside it.
struct SchemaFile {
  std::vector<std::shared_ptr<const table::Schema>> tables;  // host tables
  bool synthetic = false;  // the people and bodies are invented: see Snapshot::is_synthetic
};

// Reads a schema file (YAML, docs/host_tables.md). Problems are added to `problems`; a table with a
// problem is left out.
SchemaFile read_schema_file(const std::string& path, base::ProblemList& problems);

}  // namespace dangbo::inline v1::load
