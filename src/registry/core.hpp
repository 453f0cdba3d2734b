// What a registry and its snapshots share. One writer changes it; readers reach it through a commit
// number.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/registry/registry.hpp"
#include "dangbo/time/date_range.hpp"
#include "registry/key_index.hpp"
#include "registry/stable_array.hpp"
#include "registry/table_store.hpp"
#include "registry/text_heap.hpp"

namespace dangbo::inline v1::registry {

class TotalsStore;

inline constexpr std::int32_t kNoCurrentDay = time::DateRange::kOpenFrom;

// One commit: what a snapshot of it contains beside the rows.
struct CommitMark {
  std::int64_t time = 0;
  std::uint32_t units = 0;    // unit slots known
  std::uint32_t members = 0;  // member slots known
  TextRef source_version = 0xFFFFFFFFU;
  bool synthetic = false;  // this commit, or one before it, brought invented data
  std::int32_t current_day = kNoCurrentDay;
};

class Core {
 public:
  explicit Core(const RegistryOptions& registry_options);
  // A fork: everything as `base_in` knew it at `commit`, and what it adds of its own. Throws
  // std::bad_alloc. O(tables + chunks).
  Core(std::shared_ptr<const Core> base_in, std::uint32_t commit);
  ~Core();

  const RegistryOptions options;
  const std::shared_ptr<const Core> base;  // of a fork
  const std::uint32_t base_commit = 0;
  TextHeap text;
  TextHeap key_text;
  KeyIndex units{key_text};
  KeyIndex members{key_text};
  std::vector<std::unique_ptr<TableStore>> tables;  // writer only; readers use published_tables
  // Replaced as a whole when a table is added: changes share the list they were made with.
  using Schemas = std::shared_ptr<const std::vector<std::shared_ptr<const table::Schema>>>;
  Schemas schemas = std::make_shared<std::vector<std::shared_ptr<const table::Schema>>>();
  StableArray<TableStore*, 6, 10> published_tables;
  // Those of the tables that the registry knows by name.
  TableStore* units_table = nullptr;
  TableStore* members_table = nullptr;
  TableStore* memberships_table = nullptr;
  TableStore* decisions_table = nullptr;
  TableStore* baselines_table = nullptr;
  // The first day on which the roster is known, by what was known at a commit; kOpenFrom: all days
  // are. O(rows of `baselines`): one or few.
  [[nodiscard]] std::int32_t covered_since(std::uint32_t commit) const noexcept;
  TableStore* unit_events_table = nullptr;
  std::atomic<std::uint32_t> table_count{0};
  StableArray<CommitMark, 10, 16> commits;  // our own, from base_commit + 1 on
  std::atomic<std::uint32_t> head{0};       // the latest commit: the one store that publishes

  const std::unique_ptr<TotalsStore> totals;  // null in a fork

  // Of a fork: the commit of the base that brought its commits up to `from_head` home.
  struct CameHome {
    std::uint32_t from_head;
    CommitNumber as;
  };
  std::optional<CameHome> came_home;  // writer only

  // What a commit, from 1 to the head, left. Any thread.
  [[nodiscard]] CommitMark mark(std::uint32_t commit) const noexcept {
    return commit <= base_commit ? base->mark(commit) : commits.get(commit - base_commit - 1);
  }
  // Writer only. The first makes the list of schemas that the second publishes; it may throw
  // std::bad_alloc.
  [[nodiscard]] Schemas make_room_for_table(std::shared_ptr<const table::Schema> schema);
  void add_table(std::unique_ptr<TableStore> store, Schemas with_it) noexcept;
  // The table of this number. REQUIRES: room in published_tables.
  void place(TableStore& store, std::uint32_t number) noexcept;

  // The table of a schema; of the same name where the schema is not this very one. Any thread.
  [[nodiscard]] TableStore* find_table(const table::Schema& schema) const noexcept {
    const std::uint32_t count = table_count.load(std::memory_order_acquire);
    for (std::uint32_t i = 0; i < count; ++i) {
      TableStore* table = published_tables.get(i);
      if (&table->schema() == &schema) return table;
    }
    return find_table(schema.name());
  }
  [[nodiscard]] TableStore* find_table(std::string_view name) const noexcept {
    const std::uint32_t count = table_count.load(std::memory_order_acquire);
    for (std::uint32_t i = 0; i < count; ++i) {
      TableStore* table = published_tables.get(i);
      if (table->schema().name() == name) return table;
    }
    return nullptr;
  }
};

}  // namespace dangbo::inline v1::registry
