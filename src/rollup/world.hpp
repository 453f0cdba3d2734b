// The facts a query reads, and look-ups for the asked day and for any other.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "dangbo/registry/snapshot.hpp"
#include "rollup/cache.hpp"
#include "rollup/restatement.hpp"

namespace dangbo::inline v1::rollup {

using base::index_of;
using base::kNoRow;
using base::kNoUnitSlot;
using base::MemberSlot;
using base::RowId;
using base::UnitSlot;
using registry::FieldReader;
using registry::Rows;

class World {
 public:
  // `structure`: rows of the view's day are shown under the tree of this one.
  explicit World(const registry::View& view, std::optional<time::Date> structure = std::nullopt);

  [[nodiscard]] const registry::View& view() const noexcept { return view_; }
  [[nodiscard]] const registry::Snapshot& snapshot() const noexcept { return view_.snapshot(); }
  [[nodiscard]] const hierarchy::Tree& tree() const { return units_of_day().tree; }
  [[nodiscard]] QueryCache& cache() const noexcept { return *cache_; }
  [[nodiscard]] time::Date day() const noexcept { return view_.day(); }
  // The day of `tree`: the view's, or that of the structure asked.
  [[nodiscard]] time::Date tree_day() const noexcept { return tree_view_.day(); }
  // Null when the rows are shown under the tree of their own day.
  [[nodiscard]] const Restatement* restatement() const noexcept {
    return restatement_ ? &*restatement_ : nullptr;
  }
  [[nodiscard]] const Rows& units() const noexcept { return units_; }
  [[nodiscard]] const Rows& members() const noexcept { return members_; }
  [[nodiscard]] const Rows& memberships() const noexcept { return memberships_; }

  // The row of `units` (`members`) in force on a day, the member's home on it and its row; none:
  // kNoRow, kNoUnitSlot. O(1) for units on the tree's day, for members on the asked day once
  // `index_members` was called; O(rows of the unit or member) on others.
  [[nodiscard]] RowId unit_row(UnitSlot unit, time::Date day) const;
  [[nodiscard]] RowId member_row(MemberSlot member, time::Date day) const noexcept;
  [[nodiscard]] RowId home_row(MemberSlot member, time::Date day) const noexcept;
  [[nodiscard]] UnitSlot home_of(MemberSlot member, time::Date day) const noexcept {
    const RowId row = home_row(member, day);
    return row == kNoRow ? kNoUnitSlot : memberships_.unit_of(row);
  }
  // The unit above a row of `units`.
  [[nodiscard]] UnitSlot parent_of(RowId unit_row) const noexcept {
    return UnitSlot{parent_.raw(unit_row)};
  }

  // One pass over `members`, so that a pass over memberships needs no chains. One thread.
  void index_members() const;

  // Of the tree's day. Looked for when first needed: much can be answered without.
  [[nodiscard]] const UnitsOfDay& units_of_day() const {
    if (units_of_day_ == nullptr) find_units();
    return *units_of_day_;
  }

 private:
  void find_units() const;

  registry::View view_;
  registry::View tree_view_;
  std::shared_ptr<QueryCache> cache_;
  std::optional<Restatement> restatement_;
  Rows units_;
  Rows members_;
  Rows memberships_;
  FieldReader parent_;
  FieldReader membership_kind_;
  mutable std::shared_ptr<const UnitsOfDay> units_of_day_;  // of the tree's day
  mutable std::vector<RowId> member_rows_;  // by slot, on the asked day; empty until index_members
};

}  // namespace dangbo::inline v1::rollup
