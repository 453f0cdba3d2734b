// The facts a check reads: entities, their fields and relations on one day, as known at one commit.
// Slow where it must be asked one by one, and obvious: the columns are compared with it.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dangbo/registry/snapshot.hpp"
#include "rules/binding.hpp"
#include "rules/row_index.hpp"

namespace dangbo::inline v1::rules {

using base::index_of;
using base::kNoRow;
using base::kNoUnitSlot;
using base::MemberSlot;
using base::RowId;
using base::UnitSlot;

// One index a table, made when first asked for. Copies share what was packed.
class Indexes {
 public:
  // Of the rows by unit of table number `table`, up to `rows`.
  const RowIndex& of(std::size_t table, const registry::Rows& rows);

 private:
  std::deque<std::optional<RowIndex>> by_table_;
};

class Facts {
 public:
  static constexpr std::int32_t kNever = 0x7FFFFFFF;

  Facts(registry::View view, Bindings& bindings, std::shared_ptr<Indexes> indexes);

  // The same facts on another day or as known at another commit. The tree is shared while no unit
  // changes in between.
  [[nodiscard]] Facts on(time::Date day) const;
  // `view` with the tree of this one. REQUIRES: the trees are equal.
  [[nodiscard]] Facts with_tree_of(registry::View view, std::shared_ptr<Indexes> indexes) const;

  [[nodiscard]] const registry::View& view() const noexcept { return view_; }
  [[nodiscard]] const registry::Snapshot& snapshot() const noexcept { return view_.snapshot(); }
  [[nodiscard]] time::Date day() const noexcept { return view_.day(); }
  [[nodiscard]] const hierarchy::Tree& tree() const { return tree_view_.tree(); }
  [[nodiscard]] Bindings& bindings() const noexcept { return bindings_; }
  [[nodiscard]] const registry::Rows* rows(std::size_t table) const noexcept {
    return tables_->rows[table] ? &*tables_->rows[table] : nullptr;
  }
  [[nodiscard]] const registry::FieldReader& reader(std::size_t table, std::size_t column) const {
    return tables_->readers[table][column];
  }

  // Subjects of a rule, cohorts excepted; units in pre-order, members by slot, rows by number.
  void subjects(const Subject& subject, std::vector<Entity>& out) const;
  [[nodiscard]] bool is_subject(const Subject& subject, Entity entity) const;
  // Units without a class, when the subject asks for one.
  [[nodiscard]] std::size_t without_class(const Subject& subject) const;

  // Value of a field that is neither record nor list.
  [[nodiscard]] expr::Value scalar(const RecordBinding& of, const FieldBinding& field,
                                   Entity entity) const;
  // Of a record field; kNoEntity when there is none.
  [[nodiscard]] Entity single(const RecordBinding& of, const FieldBinding& field,
                              Entity entity) const;
  // Of a list; appends.
  void list(const RecordBinding& of, const FieldBinding& field, Entity entity,
            std::vector<Entity>& out) const;

  // The row whose columns an entity has; kNoRow when there is none on the day.
  [[nodiscard]] RowId row_of(const RecordBinding& of, Entity entity) const;
  [[nodiscard]] RowId unit_row(UnitSlot unit) const;
  [[nodiscard]] RowId member_row(MemberSlot member) const;
  [[nodiscard]] RowId home_row(MemberSlot member) const;
  // The home membership before a row of one, kNoRow.
  [[nodiscard]] RowId home_before(RowId row) const;
  // The unit and member that a row of a table names; definitions.md 11 for evaluations of members.
  [[nodiscard]] UnitSlot unit_of_row(std::size_t table, RowId row) const;
  [[nodiscard]] MemberSlot member_of_row(std::size_t table, RowId row) const;
  // Units that a row names and whose relations it is in: one, of unit events two.
  void units_of_row(std::size_t table, RowId row, std::vector<UnitSlot>& out) const;
  // The members whose home is the unit, by slot; appends.
  void members_of(UnitSlot unit, std::vector<Entity>& out) const;
  // Every row of the relations of a unit, of whatever day and commit.
  template <typename Visit>
  void each_row_of(std::size_t table, UnitSlot unit, Visit visit) const {
    if (!tables_->rows[table]) return;
    const registry::Rows& rows = *tables_->rows[table];
    indexes_->of(table, rows).each(unit, [&](RowId row) {
      if (index_of(row) < rows.size()) visit(row);
    });
  }
  // Known, and of the day: what subject.hpp says of rows of a relation.
  [[nodiscard]] bool holds(std::size_t table, RowId row) const;
  // The day on which `holds` of a row changes next; kNever.
  [[nodiscard]] std::int32_t turns(std::size_t table, RowId row) const;
  // The next day on which a row of `units` begins or ends; kNever. O(unit rows) once.
  [[nodiscard]] std::int32_t next_structure_day() const;
  // First day of the period of a row; nothing when it has none.
  [[nodiscard]] std::optional<time::DateRange> period_of(std::size_t table, RowId row) const;

  // Items of the cohorts, by number; for kItems.
  void set_cohorts(const std::vector<std::vector<Entity>>* cohorts) const noexcept {
    cohorts_ = cohorts;
  }
  // Has the day of the next change of whatever is read noted in `*day`; null ends it.
  void watch(std::int32_t* day) const noexcept { watched_ = day; }
  // Reads current rows of units, members and homes into arrays: for whole passes. O(rows).
  void prepare();

  [[nodiscard]] std::size_t units_table() const noexcept { return units_; }
  [[nodiscard]] std::size_t members_table() const noexcept { return members_; }
  [[nodiscard]] std::size_t memberships_table() const noexcept { return memberships_; }

 private:
  // Rows and their fields as a snapshot has them; the same on every day.
  struct Tables {
    std::vector<std::optional<registry::Rows>> rows;
    std::vector<std::vector<registry::FieldReader>> readers;
  };
  // Current rows of a whole pass.
  struct Prepared {
    std::vector<RowId> units;    // by slot
    std::vector<RowId> members;  // by slot
    std::vector<RowId> homes;    // by slot of the member
  };
  void read_tables();
  [[nodiscard]] expr::Value column(std::size_t table, std::size_t column, RowId row) const;
  [[nodiscard]] expr::Value day_or_missing(std::int32_t day) const;
  [[nodiscard]] expr::Value standing(MemberSlot member) const;
  [[nodiscard]] expr::Value epoch(std::size_t column, UnitSlot unit) const;
  [[nodiscard]] expr::Value previous_held(RowId row) const;
  [[nodiscard]] expr::Value grassroots(MemberSlot member) const;
  [[nodiscard]] expr::Value of_evaluation_above(std::string_view field, RowId row) const;
  void see(std::int32_t day) const noexcept {
    if (watched_ != nullptr && day > view_.day().days() && day < *watched_) *watched_ = day;
  }
  void see_row(std::size_t table, RowId row) const;
  void see_tree() const;
  void rows_of_unit(std::size_t table, UnitSlot unit, std::vector<Entity>& out) const;
  void rows_of_member(std::size_t table, MemberSlot member, std::vector<Entity>& out) const;
  void past_months(const Subject& subject, std::vector<Entity>& out) const;
  [[nodiscard]] bool is_month(const Subject& subject, UnitSlot unit, time::Date first) const;
  [[nodiscard]] bool stood_in(UnitSlot unit, time::Date first, time::Date last) const;
  [[nodiscard]] bool is_of_kind(const Subject& subject, UnitSlot unit) const;
  [[nodiscard]] bool is_move(const Subject& subject, RowId row) const;

  registry::View view_;
  registry::View tree_view_;
  Bindings& bindings_;
  std::shared_ptr<Indexes> indexes_;
  std::shared_ptr<const Tables> tables_;
  std::size_t units_ = 0;
  std::size_t members_ = 0;
  std::size_t memberships_ = 0;
  std::size_t kind_ = 0;  // of memberships
  mutable const std::vector<std::vector<Entity>>* cohorts_ = nullptr;
  mutable std::int32_t* watched_ = nullptr;
  mutable std::optional<std::int32_t> structure_day_;
  std::shared_ptr<const Prepared> prepared_;  // null until prepare()
};

// A unit_month is its unit and the first day of its month.
[[nodiscard]] inline Entity unit_month(UnitSlot unit, std::int32_t first_day) noexcept {
  return (Entity{index_of(unit)} << 32) | static_cast<std::uint32_t>(first_day);
}
[[nodiscard]] inline UnitSlot unit_of_month(Entity entity) noexcept {
  return UnitSlot{static_cast<std::uint32_t>(entity >> 32)};
}
[[nodiscard]] inline time::Date first_day_of_month(Entity entity) noexcept {
  return time::Date::from_days(static_cast<std::int32_t>(static_cast<std::uint32_t>(entity)));
}

}  // namespace dangbo::inline v1::rules
