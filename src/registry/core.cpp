#include "registry/core.hpp"

#include <utility>

#include "registry/beside.hpp"
#include "registry/totals_store.hpp"

namespace dangbo::inline v1::registry {

Core::Core(const RegistryOptions& registry_options)
    : options(registry_options), totals(std::make_unique<TotalsStore>(*this)) {}
Core::~Core() {
  forget_beside(*this);
}

Core::Core(std::shared_ptr<const Core> base_in, std::uint32_t commit)
    : options(base_in->options),
      base(std::move(base_in)),
      base_commit(commit),
      text(&base->text),
      key_text(&base->key_text),
      units(base->units, commit == 0 ? 0 : base->mark(commit).units, key_text),
      members(base->members, commit == 0 ? 0 : base->mark(commit).members, key_text),
      head(commit) {
  const std::uint32_t count = base->table_count.load(std::memory_order_acquire);
  auto list = std::make_shared<std::vector<std::shared_ptr<const table::Schema>>>();
  list->reserve(count);
  tables.reserve(count);
  published_tables.reserve(count, nullptr);
  for (std::uint32_t i = 0; i < count; ++i) {
    tables.push_back(std::make_unique<TableStore>(*base->published_tables.get(i), commit, text));
    place(*tables.back(), i);
    list->push_back(tables.back()->shared_schema());
  }
  schemas = std::move(list);
  table_count.store(count, std::memory_order_release);
}

void Core::place(TableStore& store, std::uint32_t number) noexcept {
  const std::string_view name = store.schema().name();
  for (const auto& [known, table] :
       {std::pair(kUnitsTable, &units_table), std::pair(kMembersTable, &members_table),
        std::pair(kMembershipsTable, &memberships_table),
        std::pair(kDecisionsTable, &decisions_table), std::pair(kBaselinesTable, &baselines_table),
        std::pair(kUnitEventsTable, &unit_events_table)}) {
    if (name == known) *table = &store;
  }
  store.set_number(number);
  published_tables.set(number, &store);
}

Core::Schemas Core::make_room_for_table(std::shared_ptr<const table::Schema> schema) {
  published_tables.reserve(std::uint64_t{table_count.load(std::memory_order_relaxed)} + 1, nullptr);
  tables.reserve(tables.size() + 1);
  auto list = std::make_shared<std::vector<std::shared_ptr<const table::Schema>>>(*schemas);
  list->push_back(std::move(schema));
  return list;
}

void Core::add_table(std::unique_ptr<TableStore> store, Schemas with_it) noexcept {
  const std::uint32_t count = table_count.load(std::memory_order_relaxed);
  place(*store, count);
  schemas = std::move(with_it);
  tables.push_back(std::move(store));
  table_count.store(count + 1, std::memory_order_release);
}

std::int32_t Core::covered_since(std::uint32_t commit) const noexcept {
  std::int32_t since = time::DateRange::kOpenFrom;
  const TableStore& store = *baselines_table;
  for (std::uint32_t row = store.rows_at(commit); row-- > 0;) {
    const std::uint32_t code = store.raw(*store.roles().day, row);
    if (code == kMissingDate || !store.is_known(row, commit)) continue;
    since = std::max(
        since, time::PartialDate::from_code(static_cast<std::int32_t>(code)).first_day().days());
  }
  return since;
}

}  // namespace dangbo::inline v1::registry
