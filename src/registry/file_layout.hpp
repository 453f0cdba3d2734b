// How the rows of one table stand in the file: which fields, in which order, and which of them can
// be erased with a person.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/base/digest.hpp"
#include "dangbo/table/schema.hpp"

namespace dangbo::inline v1::registry {

// A value that says something of a person beyond which row it is: in `members` every field but the
// key, the interval and references; in other tables about members text without a role.
[[nodiscard]] bool is_personal(const table::Schema& schema, std::size_t field);

struct StoredField {
  std::string name;
  table::Type type = table::Type::kText;
};

// Kept in the file as its `form`, once for each shape a table has had. Structural fields first:
// they are hashed as they stand; personal ones through a salted digest.
struct Layout {
  std::string table;
  bool of_host = false;  // the form holds the whole schema: the host declared the table
  std::vector<StoredField> structural;
  std::vector<StoredField> personal;
  std::string form;
};

// The layout of a table as the registry has it now. `of_host`: not a standard table.
[[nodiscard]] Layout layout_of(const table::Schema& schema, bool of_host);

// From the form back; nothing when the bytes are no form.
[[nodiscard]] std::unique_ptr<Layout> parse_layout(std::string_view form);

// The schema in a host's form, as it was declared; null when the bytes hold none.
[[nodiscard]] std::shared_ptr<const table::Schema> parse_schema(std::string_view form);

}  // namespace dangbo::inline v1::registry
