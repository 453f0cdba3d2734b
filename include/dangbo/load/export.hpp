// The facts of a registry back into the files of a folder: loading that folder gives equal facts.
// The library writes no file itself.
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/registry/registry.hpp"
#include "dangbo/registry/snapshot.hpp"

namespace dangbo::inline v1::load {

// Takes the next piece of a text; false stops.
using Sink = std::function<bool(std::string_view piece)>;

// The rows of a table that the snapshot knows, as the text of a CSV file (RFC 4180, UTF-8) with the
// names of fields as headers; fields without any value are left out. Nothing is given to `sink`
// when there are no rows. CancelledError when `sink` stops; InvalidArgument (kUnknownTable) for a
// name that is none. O(rows × fields), in pieces of 65,536 rows.
absl::Status write_table(const registry::Snapshot& snapshot, std::string_view table_name,
                         const Sink& sink);

// The schema file beside them (read_schema_file): the host's own tables, and the mark of invented
// data; "" when neither is there.
[[nodiscard]] std::string schema_file_text(const registry::Registry& registry);

}  // namespace dangbo::inline v1::load
