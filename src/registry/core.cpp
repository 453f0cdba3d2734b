#include "registry/core.hpp"

namespace dangbo::inline v1::registry {

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
  for (std::uint32_t i = 0; i < count; ++i) {
    add_table(std::make_unique<TableStore>(*base->published_tables.get(i), commit, text));
  }
}

void Core::add_table(std::unique_ptr<TableStore> store) {
  const std::uint32_t count = table_count.load(std::memory_order_relaxed);
  published_tables.reserve(std::uint64_t{count} + 1, nullptr);
  tables.reserve(tables.size() + 1);
  auto list = std::make_shared<std::vector<std::shared_ptr<const table::Schema>>>(*schemas);
  list->push_back(store->shared_schema());
  schemas = std::move(list);
  published_tables.set(count, store.get());
  tables.push_back(std::move(store));
  table_count.store(count + 1, std::memory_order_release);
}

}  // namespace dangbo::inline v1::registry
