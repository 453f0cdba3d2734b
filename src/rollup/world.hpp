// The facts a query reads, and look-ups for the asked day and for any other.
#pragma once

#include <vector>

#include "dangbo/registry/snapshot.hpp"

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
  explicit World(const registry::View& view);

  [[nodiscard]] const registry::View& view() const noexcept { return view_; }
  [[nodiscard]] const registry::Snapshot& snapshot() const noexcept { return view_.snapshot(); }
  [[nodiscard]] const hierarchy::Tree& tree() const noexcept { return tree_; }
  [[nodiscard]] time::Date day() const noexcept { return view_.day(); }
  [[nodiscard]] const Rows& units() const noexcept { return units_; }
  [[nodiscard]] const Rows& members() const noexcept { return members_; }
  [[nodiscard]] const Rows& memberships() const noexcept { return memberships_; }

  // The row of `units` (`members`) in force on a day, the member's home on it and its row; none:
  // kNoRow, kNoUnitSlot. O(1) on the asked day once `index_members` was called, O(rows of the unit
  // or member) on others.
  [[nodiscard]] RowId unit_row(UnitSlot unit, time::Date day) const noexcept;
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

  // One pass over `members`, so that a pass over memberships needs no chains.
  void index_members();

 private:
  registry::View view_;
  const hierarchy::Tree& tree_;
  Rows units_;
  Rows members_;
  Rows memberships_;
  FieldReader parent_;
  FieldReader membership_kind_;
  std::vector<RowId> unit_rows_;    // by slot, on the asked day
  std::vector<RowId> member_rows_;  // the same; empty until index_members
};

}  // namespace dangbo::inline v1::rollup
