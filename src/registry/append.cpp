// From a checked plan to rows: first room for everything, then writes that cannot fail.
#include <algorithm>

#include "dangbo/base/make_room.hpp"

#include "registry/plan.hpp"
#include "registry/totals_store.hpp"

namespace dangbo::inline v1::registry {

namespace {

using table::Type;

bool is_text_cell(const PreparedBatch& batch, std::size_t field) {
  return batch.store->traits(field).is_plain_text;
}

using Present = absl::InlinedVector<bool, 32>;

// Marks the fields of which a batch has a value.
void mark_present(const PreparedBatch& batch, bool* present) {
  for (const std::uint32_t field : batch.filled) {
    const table::Column& column = *batch.columns[field];
    present[field] = present[field] || column.missing_count() < column.size();
  }
  if (batch.replaces.empty()) return;
  const TableStore& store = *batch.store;
  for (std::size_t field = 0; field < store.field_count(); ++field) {
    if (present[field] || batch.columns[field] != nullptr) continue;
    if (store.has_room(field, batch.row_count())) continue;  // nothing to make
    for (std::size_t row = 0; row < batch.row_count() && !present[field]; ++row) {
      present[field] = store.has_place(field, batch.replaces[row]) && !batch.is_missing(field, row);
    }
  }
}

// Columns of the store that any batch of the plan fills, chains included.
Present present_columns(const Plan& plan, const TableStore& store) {
  const std::size_t chains = store.field_count();
  Present present(chains + kChains, false);
  const auto chain = [&](Chain which) -> bool& {
    return present[chains + static_cast<std::size_t>(which)];
  };
  for (const PreparedBatch& batch : plan.batches) {
    if (batch.store != &store) continue;
    mark_present(batch, present.data());
    if (!batch.replaces.empty()) chain(Chain::kVersion) = true;
  }
  const TableRoles& roles = store.roles();
  chain(Chain::kUnit) = store.has_unit_chain();
  chain(Chain::kMember) = roles.member || roles.subject;
  chain(Chain::kKey) = store.has_key_chain();
  return present;
}

struct TextNeed {
  std::uint64_t texts = 0;
  std::uint64_t bytes = 0;
};

TextNeed text_need(const Plan& plan) {
  TextNeed need;
  for (const PreparedBatch& batch : plan.batches) {
    for (const std::uint32_t field : batch.filled) {
      const table::Column* column = batch.columns[field];
      if (!is_text_cell(batch, field)) continue;
      need.texts += column->size() - column->missing_count();
      need.bytes += column->text_bytes();
    }
  }
  return need;
}

void add_keys(KeyIndex& index, const NewKeys& keys) noexcept {
  for (std::uint32_t i = 0; i < keys.added(); ++i) index.add(keys.added_key(i));
}

void write_field(const PreparedBatch& batch, std::size_t field, std::uint32_t first_row,
                 TextHeap& text) noexcept {
  TableStore& store = *batch.store;
  const Type type = store.traits(field).type;
  const auto rows = static_cast<std::uint32_t>(batch.row_count());
  if (batch.is_kept(field)) {
    const auto& from = batch.replaces;
    if (type == Type::kInt) {
      store.fill(field, first_row, rows,
                 [&](std::uint32_t row) { return store.wide(field, from[row]); });
    } else {
      store.fill(field, first_row, rows,
                 [&](std::uint32_t row) { return store.raw(field, from[row]); });
    }
    return;
  }
  if (batch.columns[field] == nullptr) {
    if (type == Type::kInt) {
      store.fill(field, first_row, rows, [](std::uint32_t) { return kMissingLong; });
    } else {
      const std::uint32_t missing = store.missing(field);
      store.fill(field, first_row, rows, [missing](std::uint32_t) { return missing; });
    }
    return;
  }
  if (type == Type::kInt) {
    store.fill(field, first_row, rows, [&](std::uint32_t row) { return batch.wide(field, row); });
  } else if (is_text_cell(batch, field)) {
    store.fill(field, first_row, rows, [&](std::uint32_t row) {
      return batch.is_missing(field, row) ? kMissingWord : text.add(batch.text(field, row));
    });
  } else {
    store.fill(field, first_row, rows, [&](std::uint32_t row) { return batch.raw(field, row); });
  }
}

// As write_field for every field, for a batch of one row.
void write_row(const PreparedBatch& batch, std::uint32_t row, TextHeap& text) noexcept {
  TableStore& store = *batch.store;
  store.fill_row(row, [&](std::size_t field) {
    const table::Column* column = batch.columns[field];
    if (column == nullptr || !is_text_cell(batch, field)) return batch.raw(field, 0);
    return column->is_missing(0) ? kMissingWord : text.add(column->text(0));
  });
  for (const std::uint32_t field : store.lists().longs) write_field(batch, field, row, text);
}

void link_chains(const PreparedBatch& batch, std::uint32_t first_row) noexcept {
  TableStore& store = *batch.store;
  const TableRoles& roles = store.roles();
  const auto rows = static_cast<std::uint32_t>(batch.row_count());
  const std::size_t chains = store.field_count();
  for (std::uint32_t row = 0; row < rows; ++row) {
    std::uint32_t unit =
        roles.unit && store.has_unit_chain() ? batch.raw(*roles.unit, row) : kMissingWord;
    std::uint32_t member = roles.member ? batch.raw(*roles.member, row) : kMissingWord;
    if (roles.subject) {
      const bool is_unit = batch.raw(*roles.subject_type, row) == roles.subject_unit_code;
      (is_unit ? unit : member) = batch.raw(*roles.subject, row);
    }
    for (const auto& [chain, slot] :
         {std::pair(Chain::kUnit, unit), std::pair(Chain::kMember, member)}) {
      if (slot != kMissingWord) {
        store.link(chain, slot, first_row + row);
      } else {
        store.set(chains + static_cast<std::size_t>(chain), first_row + row, kMissingWord);
      }
    }
  }
}

void link_keys(const PreparedBatch& batch, std::uint32_t first_row) noexcept {
  TableStore& store = *batch.store;
  if (!store.has_key_chain()) return;
  const std::size_t column = store.field_count() + static_cast<std::size_t>(Chain::kKey);
  for (std::uint32_t row = 0; row < batch.row_count(); ++row) {
    const auto hash = natural_key_hash(batch, row);
    if (!hash) {
      store.set(column, first_row + row, kMissingWord);
      continue;
    }
    store.link_key(*hash, first_row + row);
  }
}

void link_versions(const PreparedBatch& batch, std::uint32_t first_row,
                   std::uint32_t commit) noexcept {
  TableStore& store = *batch.store;
  const std::size_t column = store.field_count() + static_cast<std::size_t>(Chain::kVersion);
  store.fill(column, first_row, static_cast<std::uint32_t>(batch.row_count()),
             [&](std::uint32_t row) {
               return batch.replaces.empty() ? kMissingWord : batch.replaces[row];
             });
  for (const std::uint32_t row : batch.replaces) store.supersede(row, commit);
}

}  // namespace

void reserve_for(Core& core, Plan& plan, const CommitInfo& info) {
  plan.find_tables();
  // Keys of units and members share a heap: room for both together, before room for each.
  if (const std::uint64_t keys = std::uint64_t{plan.units.added()} + plan.members.added();
      keys != 0) {
    core.key_text.reserve(keys, plan.units.added_bytes() + plan.members.added_bytes());
    core.units.reserve(plan.units.added(), plan.units.added_bytes());
    core.members.reserve(plan.members.added(), plan.members.added_bytes());
  }
  TextNeed need = text_need(plan);
  for (const Plan::NewWords& words : plan.words) {
    need.texts += words.words->added();
    need.bytes += words.words->added_bytes();
    words.store->words(words.field)->reserve(words.words->added(), 0);
  }
  if (!info.source_version.empty()) ++need.texts;
  core.text.reserve(need.texts, need.bytes + info.source_version.size());
  core.commits.reserve(std::uint64_t{plan.head} - core.base_commit + 1, CommitMark{});
  for (TableStore* store : plan.tables) {
    std::uint64_t rows = 0;
    for (const PreparedBatch& batch : plan.batches)
      rows += batch.store == store ? batch.row_count() : 0;
    if (rows == 0) continue;
    store->reserve(rows, present_columns(plan, *store), plan.units.total(), plan.members.total());
    if (store->has_key_chain()) store->reserve_keys(rows);
  }
  for (const PreparedBatch& batch : plan.batches) {
    for (const std::uint32_t row : batch.replaces) batch.store->reserve_supersede(row);
  }
  for (const Plan::Withdrawal& withdrawal : plan.withdrawals) {
    for (const std::uint32_t row : withdrawal.rows) withdrawal.store->reserve_supersede(row);
  }
  if (core.totals != nullptr) core.totals->reserve(plan);
}

void append(Core& core, const Plan& plan, const CommitInfo& info, bool has_readers) noexcept {
  const std::uint32_t commit = plan.head + 1;
  add_keys(core.units, plan.units);
  add_keys(core.members, plan.members);
  for (const Plan::NewWords& words : plan.words)
    add_keys(*words.store->words(words.field), *words.words);
  for (TableStore* store : plan.tables) {
    const std::uint32_t first = store->row_count();
    std::uint32_t next = first;
    for (const PreparedBatch& batch : plan.batches) {
      if (batch.store != store) continue;
      if (batch.row_count() == 1) {
        write_row(batch, next, core.text);
      } else {
        for (std::size_t field = 0; field < store->field_count(); ++field)
          write_field(batch, field, next, core.text);
      }
      link_chains(batch, next);
      link_keys(batch, next);
      link_versions(batch, next, commit);
      next += static_cast<std::uint32_t>(batch.row_count());
    }
    if (next != first) store->finish_append(next - first, commit, has_readers);
  }
  for (const Plan::Withdrawal& withdrawal : plan.withdrawals) {
    for (const std::uint32_t row : withdrawal.rows) withdrawal.store->supersede(row, commit);
  }
  CommitMark mark{.time = info.time, .units = core.units.size(), .members = core.members.size()};
  if (plan.head != 0) mark.current_day = core.mark(plan.head).current_day;
  if (plan.current_day) mark.current_day = plan.current_day->days();
  mark.synthetic = plan.change.is_synthetic() || (plan.head != 0 && core.mark(plan.head).synthetic);
  if (!info.source_version.empty()) mark.source_version = core.text.add(info.source_version);
  core.commits.set(plan.head - core.base_commit, mark);
  if (core.totals != nullptr) core.totals->follow(plan);
  core.head.store(commit, std::memory_order_release);
}

}  // namespace dangbo::inline v1::registry
