// Packs of rules from files: YAML with what they extend, or one compiled file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "console.hpp"
#include "dangbo/party/schemas.hpp"
#include "dangbo/rules/pack.hpp"

namespace dangbo::cli {

// The text of a pack: one inside the library by its id ("vn.toan-quoc"; a file of that name is
// written "./vn.toan-quoc"), else a file; of "NAME@3f5a09c1" only if its SHA-256 begins so.
// Nothing, after saying why.
[[nodiscard]] std::optional<std::string> read_pack_text(const Console& console,
                                                        const std::string& name);

// `calendar`: a file of days off and days worked, "" = none. Nothing, after saying why, when a file
// cannot be read or is refused.
[[nodiscard]] std::optional<rules::Pack> read_pack_files(const Console& console,
                                                         const std::vector<std::string>& packs,
                                                         const std::string& calendar,
                                                         std::vector<party::SchemaPtr> tables);

}  // namespace dangbo::cli
