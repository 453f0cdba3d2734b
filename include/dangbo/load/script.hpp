// Bản sửa: a change script, the changes to a registry written down in YAML, to be read and approved
// by people before they are made (docs/scripts.md).
#pragma once

#include <absl/status/status.h>

#include <string>
#include <string_view>

#include "dangbo/registry/change.hpp"
#include "dangbo/registry/registry.hpp"

namespace dangbo::inline v1::load {

// Adds what a script says to `change`. Everything wrong is kept as problems in the change, as in
// add_files: place.row is the line, place.column the name of the field for a value, the column of
// the text for the script itself. Values are read as cells of a file are. Unknown keys, tables and
// fields are refused with the nearest known. At most 8,000,000 bytes. Out of memory:
// ResourceExhausted; the change is then as it was.
absl::Status add_script(const registry::Registry& registry, registry::Change& change,
                        const std::string& path);

// The same for a script that is no file; `source` names it in messages.
absl::Status add_script_text(const registry::Registry& registry, registry::Change& change,
                             std::string_view text, std::string_view source);

}  // namespace dangbo::inline v1::load
