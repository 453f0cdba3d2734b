// Strict reading of a YAML document: what is not understood is refused, with its place.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/base/problem.hpp"
#include "dangbo/load/yaml_tree.hpp"

namespace dangbo::inline v1::load::detail {

class YamlReader {
 protected:
  YamlReader(base::ProblemCode code, base::ProblemList& problems)
      : problems_(problems), code_(code) {}

  // A problem at a place of the document: place.row is the line, place.column the column.
  void refuse(const YamlNode& at, std::string_view value, base::Message reason, base::Message fix);
  bool is_list(const YamlNode& node);
  // A map without other keys than these. Unknown ones are refused, with the nearest that is known,
  // and the map still counts as one.
  bool is_map(const YamlNode& node, const std::vector<std::string_view>& known);
  // Null, after a problem, when the key is missing.
  const YamlNode* needed(const YamlNode& map, std::string_view key);

  base::ProblemList& problems_;

 private:
  base::ProblemCode code_;
};

// The text of a file, without a byte order mark; nothing after a problem: a file that cannot be
// read, is longer than `limit` bytes or not UTF-8.
[[nodiscard]] std::optional<std::string> read_text_file(const std::string& path, std::size_t limit,
                                                        base::ProblemCode code,
                                                        base::ProblemList& problems);

// What is longer than it may be.
[[nodiscard]] base::Problem size_problem(base::ProblemCode code, std::size_t limit,
                                         std::string source);

// The first place where `text` is not UTF-8, as a problem of the file `source`.
[[nodiscard]] std::optional<base::Problem> utf8_problem(std::string_view text, std::string source);

}  // namespace dangbo::inline v1::load::detail
