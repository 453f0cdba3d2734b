#include "rollup/difference.hpp"

#include <algorithm>
#include <tuple>

#include "dangbo/base/make_room.hpp"

namespace dangbo::inline v1::rollup {

namespace {

// The targets of a row as units: positions among targets differ between the sides.
void units_of(const Side& side, const Placed& placed, std::vector<UnitSlot>& units) {
  units.clear();
  side.reach.each(placed, [&](std::uint32_t target) {
    units.push_back(side.targets.whole ? kNoUnitSlot : side.targets.slots[target]);
  });
}

auto cell_order(const Counted& counted) {
  return std::make_tuple(index_of(counted.unit), counted.key, counted.identity);
}

}  // namespace

Difference::Difference(const Side& then, const Side& now) : then_(then), now_(now) {
  compare_rows();
  if (now_.input.kind == Kind::kPersons) compare_persons();
  find_shifts();
}

bool Difference::place(const Side& side, RowId row, Placed& placed) {
  placed = Placed();
  placed.own = row;
  Tally ignored;
  return side.input.place(side.world, placed, ignored);
}

std::uint32_t Difference::identity_of(RowId row) const {
  switch (now_.input.kind) {
    case Kind::kMembers:
    case Kind::kPersons:
      return index_of(now_.input.rows.member_of(row));
    case Kind::kUnits:
      return index_of(now_.input.rows.unit_of(row));
    default:
      break;
  }
  RowId first = row;
  while (now_.input.rows.corrects(first) != kNoRow) first = now_.input.rows.corrects(first);
  return index_of(first);
}

void Difference::take(const Side& side, const Placed& placed, const std::vector<UnitSlot>& units) {
  if (units.empty()) return;
  // One numbering of texts for both sides: that of now.
  const std::uint64_t key = now_.input.key_of(placed);
  const std::uint32_t identity = identity_of(placed.own);
  const std::int64_t value = side.input.sum ? side.input.sum->integer(placed).value_or(0) : 1;
  for (const UnitSlot unit : units) {
    counted_.push_back({unit, key, identity, &side == &now_, placed.own, value});
  }
}

void Difference::compare_rows() {
  Placed then;
  Placed now;
  std::vector<UnitSlot> units_then;
  std::vector<UnitSlot> units_now;
  const auto same_value = [&] {
    return !now_.input.sum ||
           then_.input.sum->integer(then).value_or(0) == now_.input.sum->integer(now).value_or(0);
  };
  for (std::uint32_t i = 0; i < now_.input.rows.size(); ++i) {
    units_then.clear();
    units_now.clear();
    if (place(then_, RowId{i}, then)) units_of(then_, then, units_then);
    if (place(now_, RowId{i}, now)) units_of(now_, now, units_now);
    if (units_then == units_now) {
      if (units_now.empty()) continue;
      if (now_.input.key_of(then) == now_.input.key_of(now) && same_value()) continue;
    }
    if (now_.input.kind == Kind::kPersons) {
      persons_.push_back(identity_of(RowId{i}));
      continue;
    }
    take(then_, then, units_then);
    take(now_, now, units_now);
  }
}

// A row that is as it was may still hold a person in a cell: all rows of those concerned count.
void Difference::compare_persons() {
  std::sort(persons_.begin(), persons_.end());
  persons_.erase(std::unique(persons_.begin(), persons_.end()), persons_.end());
  const Rows& rows = now_.input.rows;
  Placed placed;
  std::vector<UnitSlot> units;
  for (const std::uint32_t person : persons_) {
    for (RowId row = rows.newest_of(MemberSlot{person}); row != kNoRow;
         row = rows.previous_of_member(row)) {
      for (const Side* side : {&then_, &now_}) {
        if (!place(*side, row, placed)) continue;
        units_of(*side, placed, units);
        take(*side, placed, units);
      }
    }
  }
}

void Difference::find_shifts() {
  std::sort(counted_.begin(), counted_.end(), [](const Counted& a, const Counted& b) {
    return std::make_tuple(cell_order(a), a.now, a.row) <
           std::make_tuple(cell_order(b), b.now, b.row);
  });
  const bool once = now_.input.kind == Kind::kPersons;
  const auto total = [&](std::span<const Counted> rows) {
    if (once) return std::int64_t{rows.empty() ? 0 : 1};
    std::int64_t sum = 0;
    for (const Counted& row : rows) {
      if (__builtin_add_overflow(sum, row.value, &sum)) overflow_ = true;
    }
    return sum;
  };
  for (std::size_t begin = 0; begin < counted_.size();) {
    std::size_t middle = begin;
    const auto same = [&](std::size_t i) {
      return i < counted_.size() && cell_order(counted_[i]) == cell_order(counted_[begin]);
    };
    while (same(middle) && !counted_[middle].now) ++middle;
    std::size_t end = middle;
    while (same(end)) ++end;
    const std::span<const Counted> all(counted_);
    Shift shift{counted_[begin].unit, counted_[begin].key, 0, all.subspan(begin, middle - begin),
                all.subspan(middle, end - middle)};
    if (__builtin_sub_overflow(total(shift.now), total(shift.then), &shift.effect)) {
      overflow_ = true;
    }
    if (shift.effect != 0) shifts_.push_back(shift);
    begin = end;
  }
}

Versions::Versions(const Rows& rows, base::CommitNumber then, base::CommitNumber now)
    : rows_(rows), then_(then), now_(now) {
  // Rows stand in the order of their commits.
  for (std::uint32_t i = rows.size(); i-- > 0 && is_later(RowId{i});) {
    const RowId before = rows.corrects(RowId{i});
    if (before == kNoRow || rows.recorded(RowId{i}) > now) continue;
    base::make_room(next_);
    next_.emplace(index_of(before), i);
  }
}

RowId Versions::known_then(RowId row) const {
  while (row != kNoRow && is_later(row)) row = rows_.corrects(row);
  return row != kNoRow && rows_.is_known(row, then_) ? row : kNoRow;
}

RowId Versions::last(RowId row) const {
  for (auto next = next_.find(index_of(row)); next != next_.end();
       next = next_.find(index_of(row))) {
    row = RowId{next->second};
  }
  return row;
}

RowId Versions::known_now(RowId row) const {
  const RowId newest = last(row);
  return rows_.is_known(newest, now_) ? newest : kNoRow;
}

}  // namespace dangbo::inline v1::rollup
