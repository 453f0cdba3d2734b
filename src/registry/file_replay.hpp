// A registry from its file.
#pragma once

#include <absl/status/status.h>

#include "dangbo/registry/registry.hpp"
#include "registry/core.hpp"
#include "registry/journal.hpp"

namespace dangbo::inline v1::registry {

// Declares the tables of the file and appends its commits, one by one: rows, slots and commits get
// the numbers they had. Nothing is checked again but what would harm memory. REQUIRES: the registry
// holds the standard tables and nothing else. May throw std::bad_alloc. O(rows).
[[nodiscard]] absl::Status replay(Registry& registry, Core& core, Journal& journal);

}  // namespace dangbo::inline v1::registry
