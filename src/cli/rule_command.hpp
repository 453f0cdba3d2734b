// What `due` says when it is asked about a pack of rules.
#pragma once

#include "arguments.hpp"
#include "console.hpp"

namespace dangbo::cli {

[[nodiscard]] int due_by_rules(const Console& console, const DueArguments& arguments);

}  // namespace dangbo::cli
