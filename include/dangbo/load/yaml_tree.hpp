// A small YAML document as a plain tree that knows where each part stands. Anchors, aliases, tags,
// several documents, a key twice and deep nesting are refused: a file that only looks short may not
// become a large one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo/base/problem.hpp"

namespace dangbo::inline v1::load::detail {

struct YamlNode {
  enum class Kind : std::uint8_t { kNothing, kScalar, kList, kMap };
  Kind kind = Kind::kNothing;
  std::uint64_t line = 0;       // 1-based
  std::uint64_t column = 0;     // 1-based
  std::string text;             // kScalar
  std::vector<YamlNode> items;  // kList; kMap: the values
  std::vector<YamlNode> keys;   // kMap: scalars, one a value

  [[nodiscard]] const YamlNode* find(std::string_view key) const noexcept;
};

// What a format allows, and what its problems are called.
struct YamlLimits {
  base::ProblemCode code;
  std::size_t keys;   // in one map: looking for a key twice stays cheap
  std::size_t nodes;  // keys, values, lists and maps together; about 200 bytes each
};

// What is wrong at a place of a file. Line and column stand in the place as row and column.
[[nodiscard]] base::Problem yaml_problem(base::ProblemCode code, std::uint64_t line,
                                         std::uint64_t column, std::string_view value,
                                         base::Message reason, base::Message fix);

// REQUIRES: well-formed UTF-8. Nothing after a problem; its place has no file.
[[nodiscard]] std::optional<YamlNode> parse_yaml(const std::string& text, const YamlLimits& limits,
                                                 base::ProblemList& problems);

}  // namespace dangbo::inline v1::load::detail
