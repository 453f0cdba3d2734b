// Mã tham chiếu: units and members by the keys of other systems (table cross_references), such as
// the national database, HR, the card, the organisation code. A key stands for one of them on a
// day; rows that say otherwise are refused.
#pragma once

#include <optional>
#include <string_view>

#include "dangbo/base/ids.hpp"
#include "dangbo/registry/snapshot.hpp"

namespace dangbo::inline v1::registry {

// One of the two is set.
struct Entity {
  UnitSlot unit = base::kNoUnitSlot;
  MemberSlot member = base::kNoMemberSlot;
};

// What a key of a scheme stands for on the view's day, as the view knows it; nothing when no row
// says so. Spelled as in the rows: leading zeros count. O(rows of the key); any thread.
[[nodiscard]] std::optional<Entity> find_entity(const View& view, std::string_view scheme,
                                                std::string_view key);

}  // namespace dangbo::inline v1::registry
