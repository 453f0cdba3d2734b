#include "rollup/world.hpp"

#include "dangbo/party/schemas.hpp"
#include "dangbo/party/vocabulary.hpp"

namespace dangbo::inline v1::rollup {

namespace {
constexpr auto kHome = static_cast<std::uint32_t>(party::MembershipKind::kHome);
}

World::World(const registry::View& view, std::optional<time::Date> structure)
    : view_(view),
      tree_view_(structure ? view.snapshot().at(*structure, view.known_at()) : view),
      cache_(QueryCache::of(view.snapshot())),
      units_(*view_.snapshot().rows(party::TableName::kUnits)),
      members_(*view_.snapshot().rows(party::TableName::kMembers)),
      memberships_(*view_.snapshot().rows(party::TableName::kMemberships)),
      parent_(units_.field(*units_.schema().find(table::Role::kParent))),
      membership_kind_(*memberships_.field("kind")) {
  if (structure) restatement_.emplace(view_, *structure);
}

void World::find_units() const {
  units_of_day_ = cache_->units_of(tree_view_);
}

void World::index_members() const {
  if (!member_rows_.empty()) return;
  member_rows_.assign(view_.snapshot().member_count(), kNoRow);
  for (std::uint32_t i = 0; i < members_.size(); ++i) {
    const RowId row{i};
    if (view_.includes(members_, row)) member_rows_[index_of(members_.member_of(row))] = row;
  }
}

RowId World::unit_row(UnitSlot unit, time::Date day) const {
  if (day == tree_view_.day()) return units_of_day().rows[index_of(unit)];
  for (RowId row = units_.newest_of(unit); row != kNoRow; row = units_.previous_of_unit(row)) {
    if (units_.holds_on(row, day) && units_.is_known(row, view_.known_at())) return row;
  }
  return kNoRow;
}

RowId World::member_row(MemberSlot member, time::Date day) const noexcept {
  if (day == view_.day() && !member_rows_.empty()) return member_rows_[index_of(member)];
  for (RowId row = members_.newest_of(member); row != kNoRow;
       row = members_.previous_of_member(row)) {
    if (members_.holds_on(row, day) && members_.is_known(row, view_.known_at())) return row;
  }
  return kNoRow;
}

RowId World::home_row(MemberSlot member, time::Date day) const noexcept {
  for (RowId row = memberships_.newest_of(member); row != kNoRow;
       row = memberships_.previous_of_member(row)) {
    if (membership_kind_.raw(row) == kHome && memberships_.holds_on(row, day) &&
        memberships_.is_known(row, view_.known_at())) {
      return row;
    }
  }
  return kNoRow;
}

}  // namespace dangbo::inline v1::rollup
