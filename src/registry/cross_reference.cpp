#include "dangbo/registry/cross_reference.hpp"

#include "dangbo/party/schemas.hpp"
#include "registry/core.hpp"
#include "registry/plan.hpp"

namespace dangbo::inline v1::registry {

std::optional<Entity> find_entity(const View& view, std::string_view scheme, std::string_view key) {
  const auto rows = view.snapshot().rows(party::TableName::kCrossReferences);
  const TableStore* store = view.snapshot().core().find_table(party::TableName::kCrossReferences);
  if (!rows || store == nullptr) return std::nullopt;
  const auto& natural = store->schema().natural_key();
  const auto code = store->words(natural.front())->find(scheme);
  if (!code) return std::nullopt;
  for (std::uint32_t row = store->newest_of_key(coded_key_hash(*code, key)); row != kMissingWord;
       row = store->previous(Chain::kKey, row)) {
    if (row >= rows->size() || !view.includes(*rows, RowId{row})) continue;
    const std::uint32_t text = store->raw(natural.back(), row);
    if (store->raw(natural.front(), row) != *code || text == kMissingWord ||
        store->text().get(text) != key)
      continue;
    return Entity{rows->unit_of(RowId{row}), rows->member_of(RowId{row})};
  }
  return std::nullopt;
}

}  // namespace dangbo::inline v1::registry
