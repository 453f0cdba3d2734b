// What a frozen document says.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <optional>
#include <string>

#include "dangbo/rollup/freeze.hpp"

namespace dangbo::inline v1::rollup {

inline constexpr std::size_t kMaxFrozenMib = 32;

struct Frozen::Body {
  Query query;
  base::CommitNumber known_at{};
  std::optional<std::int64_t> time;
  std::optional<std::string> commit_digest;  // of a registry that has one
  std::optional<std::string> pack;           // digest of the rules the figures rest on
  table::Table table;
  std::string digest;
  std::string json;
};

// Fills `digest` and `json` from the rest.
void seal(Frozen::Body& body);

// A column of a result, from texts.
[[nodiscard]] table::Column column_of(std::string name, table::Type type,
                                      const std::vector<std::optional<std::string>>& texts);

}  // namespace dangbo::inline v1::rollup
