// Bản nháp của các việc: rows as the operations of a change leave them. Loads what the operations
// look at, one entity at a time, and in the end says what was added, corrected and withdrawn.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include <cstdint>
#include <deque>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/registry/change.hpp"
#include "registry/core.hpp"

namespace dangbo::inline v1::registry {

// One row, stored or new. Cells are what a file would say: keys, ids of words, ISO dates; empty =
// missing.
struct DraftRow {
  std::optional<std::uint32_t> stored;
  std::vector<std::string> cells;  // by field
  std::vector<bool> changed;       // by field; of stored rows
  time::DateRange range;
  bool withdrawn = false;
  base::Place place;  // of the operation that last changed it

  [[nodiscard]] bool is_changed() const noexcept;
};

class DraftTable {
 public:
  DraftTable(const Core& core, const TableStore& store, std::uint32_t head);

  [[nodiscard]] const table::Schema& schema() const noexcept { return store_.schema(); }
  [[nodiscard]] const TableStore& store() const noexcept { return store_; }
  [[nodiscard]] std::size_t field(std::string_view name) const { return *schema().find(name); }

  // Rows that stand, by first day: about a member, of a unit (by its first unit field), under a
  // parent. Those of a unit and of a parent are complete for units given to load_units.
  [[nodiscard]] std::vector<DraftRow*> of_member(const std::string& key);
  [[nodiscard]] std::vector<DraftRow*> of_unit(const std::string& key);
  [[nodiscard]] std::vector<DraftRow*> under(const std::string& parent);
  // All stored rows in, or under, units among `slots`. One pass over the table.
  void load_units(const absl::flat_hash_set<std::uint32_t>& slots);
  // A stored row that is known.
  DraftRow& load(std::uint32_t row);
  [[nodiscard]] std::vector<std::string> cells_of(std::uint32_t row) const;
  // The field that names a row's member: of the member's role, or a subject that may be one.
  [[nodiscard]] std::optional<std::size_t> member_field() const noexcept {
    return store_.roles().member ? store_.roles().member : store_.roles().subject;
  }

  [[nodiscard]] const std::string& text(const DraftRow& row, std::string_view name) const {
    return row.cells[field(name)];
  }
  void set(DraftRow& row, std::size_t field, std::string value, const base::Place& place);
  void set(DraftRow& row, std::string_view name, std::string value, const base::Place& place) {
    set(row, field(name), std::move(value), place);
  }
  DraftRow& add(const base::Place& place);
  // A new row that says what `like` says.
  DraftRow& copy(const DraftRow& like, const base::Place& place);
  void withdraw(DraftRow& row, const base::Place& place);
  // The row holds no longer from `day` on; one that begins then or later is withdrawn.
  void end(DraftRow& row, time::Date day, const base::Place& place);
  // The part of the row from `day` on, as a row of its own; the row itself when it begins there.
  // REQUIRES: it holds on the day or begins later.
  DraftRow& split(DraftRow& row, time::Date day, const base::Place& place);

  // Adds what became of the rows to `change`.
  void emit(Change& change) const;

  // How a row is named to people: its table and number, or the operation that brought it.
  [[nodiscard]] base::Place place_of(const DraftRow& row) const;

 private:
  using Index = std::map<std::string, std::vector<DraftRow*>>;
  void index(DraftRow& row, std::size_t field);
  void index(DraftRow& row);
  [[nodiscard]] std::vector<DraftRow*> standing(const Index& index, const std::string& key,
                                                std::size_t field) const;
  void emit_added(Change& change) const;
  void emit_corrected(Change& change) const;

  const Core& core_;
  const TableStore& store_;
  std::uint32_t head_;
  std::shared_ptr<const table::Schema> schema_;
  std::deque<DraftRow> rows_;
  absl::flat_hash_map<std::uint32_t, DraftRow*> loaded_;
  std::map<std::string, bool> members_loaded_;
  std::map<std::string, bool> units_loaded_;
  Index by_member_;
  Index by_unit_;
  Index by_parent_;
};

class Draft {
 public:
  explicit Draft(const Core& core);

  [[nodiscard]] DraftTable& table(std::string_view name);
  [[nodiscard]] DraftTable& units() noexcept { return *units_; }
  [[nodiscard]] DraftTable& members() noexcept { return *members_; }
  [[nodiscard]] DraftTable& memberships() noexcept { return *memberships_; }
  // State tables other than the three above whose rows belong to a unit, or are about a member.
  [[nodiscard]] std::vector<DraftTable*> others();
  // All tables whose rows name a member.
  [[nodiscard]] std::vector<DraftTable*> of_members();

  // Rows in and under these units are wanted: before the first operation looks at them.
  void load_units(const std::vector<std::string>& keys);
  void emit(Change& change) const;

  [[nodiscard]] const Core& core() const noexcept { return core_; }
  [[nodiscard]] std::uint32_t head() const noexcept { return head_; }

 private:
  const Core& core_;
  std::uint32_t head_;
  [[nodiscard]] DraftTable& table(std::size_t number);

  std::vector<std::unique_ptr<DraftTable>> tables_;  // by number; null until one is asked for
  DraftTable* units_;
  DraftTable* members_;
  DraftTable* memberships_;
};

// The row that holds on a day; null when none does.
[[nodiscard]] DraftRow* in_force(const std::vector<DraftRow*>& rows, time::Date day) noexcept;

}  // namespace dangbo::inline v1::registry
