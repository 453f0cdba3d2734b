// Packs of rules from files: YAML with what they extend, or one compiled file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "console.hpp"
#include "dangbo/party/schemas.hpp"
#include "dangbo/rules/pack.hpp"

namespace dangbo::cli {

// `calendar`: a file of days off and days worked, "" = none. Nothing, after saying why, when a file
// cannot be read or is refused.
[[nodiscard]] std::optional<rules::Pack> read_pack_files(const Console& console,
                                                         const std::vector<std::string>& packs,
                                                         const std::string& calendar,
                                                         std::vector<party::SchemaPtr> tables);

}  // namespace dangbo::cli
