#include <mutex>
#include <vector>

#include "dangbo/party/vocabulary.hpp"
#include "dangbo/registry/snapshot.hpp"
#include "registry/core.hpp"

namespace dangbo::inline v1::registry {

using base::index_of;
using base::kNoRow;
using base::kNoUnitSlot;

namespace {
constexpr auto kHomeCode = static_cast<std::uint32_t>(party::MembershipKind::kHome);
}

// What a view builds on demand, shared by its copies.
struct View::Built {
  std::once_flag tree_once;
  hierarchy::Tree tree;
  std::once_flag stock_once;
  bool is_covered = true;
  // Home members at positions before this one, so that a subtree's stock is a difference; size() +
  // 1 entries.
  std::vector<std::int64_t> members_before;
};

View::View(Snapshot snapshot, time::Date day, CommitNumber known_at)
    : snapshot_(std::move(snapshot)),
      day_(day),
      known_at_(known_at),
      units_(*snapshot_.rows(kUnitsTable)),
      members_(*snapshot_.rows(kMembersTable)),
      memberships_(*snapshot_.rows(kMembershipsTable)),
      built_(std::make_shared<Built>()) {}

const hierarchy::Tree& View::tree() const {
  std::call_once(built_->tree_once, [this] {
    const FieldReader parent = units_.field(*units_.schema().find(table::Role::kParent));
    std::vector<UnitSlot> slots;
    std::vector<UnitSlot> parents;
    for (std::uint32_t i = 0; i < units_.size(); ++i) {
      const RowId row{i};
      if (!includes(units_, row)) continue;
      slots.push_back(units_.unit_of(row));
      parents.push_back(UnitSlot{parent.raw(row)});
    }
    built_->tree = hierarchy::Tree(slots, parents);
  });
  return built_->tree;
}

RowId View::unit_row(UnitSlot unit) const noexcept {
  for (RowId row = units_.newest_of(unit); row != kNoRow; row = units_.previous_of_unit(row)) {
    if (includes(units_, row)) return row;
  }
  return kNoRow;
}

RowId View::member_row(MemberSlot member) const noexcept {
  for (RowId row = members_.newest_of(member); row != kNoRow;
       row = members_.previous_of_member(row)) {
    if (includes(members_, row)) return row;
  }
  return kNoRow;
}

UnitSlot View::home_of(MemberSlot member) const noexcept {
  const FieldReader kind = memberships_.field(*memberships_.schema().find("kind"));
  for (RowId row = memberships_.newest_of(member); row != kNoRow;
       row = memberships_.previous_of_member(row)) {
    if (kind.raw(row) == kHomeCode && includes(memberships_, row)) return memberships_.unit_of(row);
  }
  return kNoUnitSlot;
}

std::optional<time::Date> View::covered_since() const noexcept {
  const std::int32_t since = snapshot_.core().covered_since(index_of(known_at_));
  return since == time::DateRange::kOpenFrom ? std::nullopt
                                             : std::optional(time::Date::from_days(since));
}

std::int64_t View::stock(UnitSlot unit, bool with_below) const {
  const hierarchy::Tree& on_day = tree();
  std::call_once(built_->stock_once, [&] {
    const auto since = covered_since();
    built_->is_covered = !since || *since <= day_;
    std::vector<std::int64_t> counts(on_day.size() + 1, 0);
    const FieldReader kind = memberships_.field(*memberships_.schema().find("kind"));
    for (std::uint32_t i = 0; i < memberships_.size(); ++i) {
      const RowId row{i};
      if (kind.raw(row) != kHomeCode || !includes(memberships_, row)) continue;
      const base::UnitPosition at = on_day.position_of(memberships_.unit_of(row));
      if (at != base::kNoPosition) ++counts[index_of(at) + 1];
    }
    for (std::size_t i = 1; i < counts.size(); ++i) counts[i] += counts[i - 1];
    built_->members_before = std::move(counts);
  });
  if (!built_->is_covered) return kOutsideCoverage;
  const base::UnitPosition at = on_day.position_of(unit);
  if (at == base::kNoPosition) return 0;
  const std::uint32_t end = with_below ? index_of(on_day.end_of(at)) : index_of(at) + 1;
  return built_->members_before[end] - built_->members_before[index_of(at)];
}

}  // namespace dangbo::inline v1::registry
