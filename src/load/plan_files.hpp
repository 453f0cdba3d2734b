// Which files a load reads, in what order, and into which tables.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/base/problem.hpp"
#include "dangbo/registry/registry.hpp"
#include "load/file_reader.hpp"

namespace dangbo::inline v1::load::detail {

// One file found, or what is wrong with a path.
struct FoundFile {
  std::string path;
  std::string source;
  std::string name;                   // without folder
  std::optional<std::size_t> folder;  // number of the folder it was found in
};

struct FoundFolder {
  std::string path;
  std::vector<std::string> names;  // of everything in it, in order
  bool is_named_before = false;    // a file of it was already read on its own
};

struct FoundFiles {
  std::vector<FoundFile> schemas;  // YAML files
  std::vector<FoundFile> tables;   // in order of the paths, then of names; each file once
  std::vector<FoundFolder> folders;
  base::ProblemList problems;
};
[[nodiscard]] FoundFiles find_files(std::span<const std::string> paths);

// The table whose name or alias the file's name begins with, up to the end of a word; the longest
// wins.
[[nodiscard]] std::shared_ptr<const table::Schema> table_of(const registry::Registry& registry,
                                                            std::string_view file_name);

// Files of no known table are problems.
[[nodiscard]] std::vector<FileJob> plan_jobs(const registry::Registry& registry,
                                             const FoundFiles& found, base::ProblemList& problems);

// `word`: what named the table.
[[nodiscard]] base::Problem unknown_table(const registry::Registry& registry, std::string_view word,
                                          std::string source);

[[nodiscard]] std::uint64_t size_of(const std::string& path);

}  // namespace dangbo::inline v1::load::detail
