// Rows of memberships into the parts of a frame.
#include <algorithm>
#include <utility>

#include <absl/container/flat_hash_map.h>

#include "dangbo/base/make_room.hpp"
#include "dangbo/party/schemas.hpp"
#include "rollup/frame.hpp"

namespace dangbo::inline v1::rollup {

namespace {

using base::CommitNumber;
using Entry = Part::Entry;

struct Days {
  std::int32_t from = time::DateRange::kOpenFrom;
  std::int32_t until = time::DateRange::kOpenUntil;
  friend bool operator==(const Days&, const Days&) = default;
};

// The days of a member's rows, without overlap; the newest row counts.
struct MemberDays {
  Days days;
  std::uint32_t row;
};

Days days_of(const Rows& rows, RowId row) {
  const time::DateRange range = rows.range(row);
  return {range.from_day(), range.until_day()};
}

// Sorted, and joined where they touch.
std::vector<Days> joined(std::vector<Days> all) {
  std::erase_if(all, [](const Days& one) { return one.from >= one.until; });
  std::sort(all.begin(), all.end(), [](const Days& a, const Days& b) { return a.from < b.from; });
  std::vector<Days> out;
  for (const Days& one : all) {
    if (!out.empty() && one.from <= out.back().until) {
      out.back().until = std::max(out.back().until, one.until);
    } else {
      out.push_back(one);
    }
  }
  return out;
}

// Calls `changed` with the rows of a table that are known at one commit and not at the other.
template <typename Changed>
void each_changed(const Rows& rows, std::uint32_t old_size, CommitNumber old_commit,
                  CommitNumber commit, Changed changed) {
  constexpr std::uint32_t kRun = 4096;
  std::array<std::uint8_t, kRun> now{};
  std::array<std::uint8_t, kRun> then{};
  for (std::uint32_t first = 0; first < old_size; first += kRun) {
    const std::uint32_t count = std::min(kRun, old_size - first);
    if (!rows.read_known(RowId{first}, commit, {now.data(), count})) continue;
    if (!rows.read_known(RowId{first}, old_commit, {then.data(), count})) then.fill(1);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (now[i] != then[i]) changed(RowId{first + i});
    }
  }
  for (std::uint32_t i = old_size; i < rows.size(); ++i) changed(RowId{i});
}

}  // namespace

class FrameBuilder {
 public:
  explicit FrameBuilder(const registry::Snapshot& snapshot)
      : units_(*snapshot.rows(party::TableName::kUnits)),
        members_(*snapshot.rows(party::TableName::kMembers)),
        memberships_(*snapshot.rows(party::TableName::kMemberships)),
        unit_count_(snapshot.unit_count()),
        member_count_(snapshot.member_count()),
        known_(snapshot.commit()) {}

  std::shared_ptr<const Frame> build(std::shared_ptr<const UnitsOfDay> units) {
    auto base = std::make_shared<Frame::Base>();
    base->commit = index_of(known_);
    base->memberships = memberships_.size();
    base->members = members_.size();
    base->units = units_.size();
    base->places = places_in(units->tree);
    base->order = std::move(units);
    read_units();
    read_members();
    read_memberships(base->places);
    for (std::size_t i = 0; i < 3; ++i) {
      base->rows.parts[i] =
          std::make_unique<const Part>(sorted(std::move(entries_[i])), unit_count_, true);
    }
    std::shared_ptr<Frame> frame(new Frame());
    frame->commit_ = base->commit;
    frame->base_ = std::move(base);
    frame->gather_pieces();
    return frame;
  }

  std::shared_ptr<const Frame> after(const Frame& earlier) {
    const Frame::Base& base = *earlier.base_;
    std::shared_ptr<Frame> frame(new Frame());
    frame->commit_ = index_of(known_);
    frame->base_ = earlier.base_;
    if (!find_touched(base)) return nullptr;
    for (std::size_t i = 0; i < 3; ++i) bury(base, i, frame->dead_[i]);
    for (const std::uint32_t member : touched_) {
      for (RowId row = memberships_.newest_of(MemberSlot{member}); row != kNoRow;
           row = memberships_.previous_of_member(row)) {
        if (memberships_.is_known(row, known_)) add(row, base.places);
      }
    }
    for (std::size_t i = 0; i < 3; ++i) {
      auto& entries = entries_[i];
      std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
        return std::pair(a.place, a.own) < std::pair(b.place, b.own);
      });
      frame->tail_.parts[i] = std::make_unique<const Part>(std::move(entries), unit_count_, false);
    }
    frame->gather_pieces();
    return frame;
  }

 private:
  // Units of the tree in its order, the others behind.
  [[nodiscard]] std::vector<std::uint32_t> places_in(const hierarchy::Tree& tree) const {
    std::vector<std::uint32_t> places(unit_count_, kNone);
    std::uint32_t next = 0;
    for (const UnitSlot slot : tree.slots()) places[index_of(slot)] = next++;
    for (std::uint32_t& place : places) {
      if (place == kNone) place = next++;
    }
    return places;
  }

  // Entries by place, else as they came. A counting sort.
  [[nodiscard]] std::vector<Entry> sorted(std::vector<Entry> entries) const {
    std::vector<std::uint32_t> at(std::size_t{unit_count_} + 1, 0);
    for (const Entry& entry : entries) ++at[entry.place + 1];
    for (std::size_t i = 1; i < at.size(); ++i) at[i] += at[i - 1];
    std::vector<Entry> out(entries.size());
    for (const Entry& entry : entries) out[at[entry.place]++] = entry;
    return out;
  }

  // What has one row is kept in arrays; what has several is looked up along its chain.
  void read_units() {
    one_unit_row_.assign(unit_count_, kNone);
    for (std::uint32_t i = 0; i < units_.size(); ++i) {
      if (!units_.is_known(RowId{i}, known_)) continue;
      std::uint32_t& one = one_unit_row_[index_of(units_.unit_of(RowId{i}))];
      one = one == kNone ? i : kSeveral;
    }
  }
  void read_members() {
    one_member_row_.assign(member_count_, kNone);
    for (std::uint32_t i = 0; i < members_.size(); ++i) {
      if (!members_.is_known(RowId{i}, known_)) continue;
      std::uint32_t& one = one_member_row_[index_of(members_.member_of(RowId{i}))];
      one = one == kNone ? i : kSeveral;
    }
  }
  void read_memberships(const std::vector<std::uint32_t>& places) {
    for (auto& entries : entries_) entries.reserve(memberships_.size() / 2);
    for (std::uint32_t i = 0; i < memberships_.size(); ++i) {
      if (memberships_.is_known(RowId{i}, known_)) add(RowId{i}, places);
    }
  }

  const std::vector<Days>& days_of_unit(UnitSlot unit) {
    const std::uint32_t slot = index_of(unit);
    const std::uint32_t one = slot < one_unit_row_.size() ? one_unit_row_[slot] : kSeveral;
    if (one == kNone) return no_days_;
    if (one != kSeveral) {
      one_unit_.assign(1, days_of(units_, RowId{one}));
      return one_unit_;
    }
    base::make_room(unit_days_);
    const auto [at, is_new] = unit_days_.try_emplace(slot);
    if (is_new) at->second = known_days_of(unit, known_);
    return at->second;
  }
  [[nodiscard]] std::vector<Days> known_days_of(UnitSlot unit, CommitNumber commit) const {
    std::vector<Days> all;
    for (RowId row = units_.newest_of(unit); row != kNoRow; row = units_.previous_of_unit(row)) {
      if (units_.is_known(row, commit)) all.push_back(days_of(units_, row));
    }
    return joined(std::move(all));
  }

  // Every day of `within` with the member's row in force on it.
  const std::vector<MemberDays>& days_of_member(MemberSlot member, const Days& within) {
    member_days_.clear();
    const std::uint32_t slot = index_of(member);
    const std::uint32_t one = slot < one_member_row_.size() ? one_member_row_[slot] : kSeveral;
    rows_.clear();
    if (one == kSeveral) {
      for (RowId row = members_.newest_of(member); row != kNoRow;
           row = members_.previous_of_member(row)) {
        if (members_.is_known(row, known_))
          rows_.push_back({days_of(members_, row), index_of(row)});
      }
    } else if (one != kNone) {
      rows_.push_back({days_of(members_, RowId{one}), one});
    }
    cuts_.assign({within.from, within.until});
    for (const MemberDays& row : rows_) {
      for (const std::int32_t day : {row.days.from, row.days.until}) {
        if (within.from < day && day < within.until) cuts_.push_back(day);
      }
    }
    std::sort(cuts_.begin(), cuts_.end());
    for (std::size_t i = 0; i + 1 < cuts_.size(); ++i) {
      const Days days{cuts_[i], cuts_[i + 1]};
      if (days.from >= days.until) continue;
      const auto holds = std::find_if(rows_.begin(), rows_.end(), [&](const MemberDays& row) {
        return row.days.from <= days.from && days.from < row.days.until;
      });
      const std::uint32_t row = holds == rows_.end() ? index_of(kNoRow) : holds->row;
      if (!member_days_.empty() && member_days_.back().row == row) {
        member_days_.back().days.until = days.until;
      } else {
        member_days_.push_back({days, row});
      }
    }
    return member_days_;
  }

  void add(RowId row, const std::vector<std::uint32_t>& places) {
    const Days days = days_of(memberships_, row);
    if (days.from >= days.until) return;
    const UnitSlot unit = memberships_.unit_of(row);
    const std::uint32_t slot = index_of(unit);
    Entry entry{.place = slot < places.size() ? places[slot] : slot,
                .own = index_of(row),
                .member_row = 0,
                .from = 0,
                .until = 0};
    if (add_whole(entry, days, unit, memberships_.member_of(row))) return;
    const std::vector<Days>& in_force = days_of_unit(unit);
    for (const MemberDays& part : days_of_member(memberships_.member_of(row), days)) {
      entry.member_row = part.row;
      std::int32_t at = part.days.from;
      for (const Days& alive : in_force) {
        const Days both{std::max(part.days.from, alive.from),
                        std::min(part.days.until, alive.until)};
        if (both.from >= both.until) continue;
        put(entry, {at, both.from}, false);
        put(entry, both, true);
        at = both.until;
      }
      put(entry, {at, part.days.until}, false);
    }
  }

  // Most members and units have one row, which holds on all days of the membership.
  bool add_whole(Entry entry, const Days& days, UnitSlot unit, MemberSlot member) {
    if (one_unit_row_.empty()) return false;
    const std::uint32_t unit_row = one_unit_row_[index_of(unit)];
    const std::uint32_t member_row = one_member_row_[index_of(member)];
    if (unit_row >= kSeveral || member_row >= kSeveral) return false;
    const auto covers = [&](const Days& all) {
      return all.from <= days.from && days.until <= all.until;
    };
    if (!covers(days_of(units_, RowId{unit_row}))) return false;
    if (!covers(days_of(members_, RowId{member_row}))) return false;
    entry.member_row = member_row;
    put(entry, days, true);
    return true;
  }

  void put(Entry entry, const Days& days, bool in_force) {
    entry.from = short_day(days.from);
    entry.until = short_day(days.until);
    if (entry.from >= entry.until) return;
    const auto which = !in_force                    ? Layout::kNotInForce
                       : entry.until == kNoShortDay ? Layout::kOpen
                                                    : Layout::kEnded;
    entries_[which].push_back(entry);
  }

  // Members with rows that the base does not know as they are now; false when they are too many.
  bool find_touched(const Frame::Base& base) {
    const CommitNumber then{base.commit};
    const std::size_t most = std::max<std::size_t>(64, member_count_ / 16);
    const auto touch = [&](MemberSlot member) { touched_.push_back(index_of(member)); };
    each_changed(memberships_, base.memberships, then, known_,
                 [&](RowId row) { touch(memberships_.member_of(row)); });
    each_changed(members_, base.members, then, known_,
                 [&](RowId row) { touch(members_.member_of(row)); });
    std::vector<std::uint32_t> units;
    each_changed(units_, base.units, then, known_,
                 [&](RowId row) { units.push_back(index_of(units_.unit_of(row))); });
    std::sort(units.begin(), units.end());
    units.erase(std::unique(units.begin(), units.end()), units.end());
    for (const std::uint32_t unit : units) {
      if (unit >= base.places.size()) continue;  // nobody was there
      if (known_days_of(UnitSlot{unit}, then) == known_days_of(UnitSlot{unit}, known_)) continue;
      for (const auto& part : base.rows.parts) {
        const std::uint32_t end = part->begin_of(base.places[unit] + 1);
        for (std::uint32_t i = part->begin_of(base.places[unit]); i < end; ++i) {
          touch(memberships_.member_of(part->own(i)));
        }
      }
    }
    std::sort(touched_.begin(), touched_.end());
    touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
    return touched_.size() <= most;
  }

  // Rows of touched members in a part of the base.
  void bury(const Frame::Base& base, std::size_t which, std::vector<std::uint64_t>& dead) const {
    const Part& part = *base.rows.parts[which];
    for (const std::uint32_t member : touched_) {
      for (RowId row = memberships_.newest_of(MemberSlot{member}); row != kNoRow;
           row = memberships_.previous_of_member(row)) {
        if (index_of(row) >= base.memberships) continue;
        const std::uint32_t place = base.places[index_of(memberships_.unit_of(row))];
        const std::uint32_t end = part.begin_of(place + 1);
        for (std::uint32_t i = part.begin_of(place); i < end; ++i) {
          if (part.own(i) != row) continue;
          if (dead.empty()) dead.assign(part.zones().size() * Part::kBlockRows / 64, 0);
          dead[i / 64] |= std::uint64_t{1} << (i % 64);
        }
      }
    }
  }

  static constexpr std::uint32_t kSeveral = kNone - 1;

  Rows units_;
  Rows members_;
  Rows memberships_;
  std::uint32_t unit_count_;
  std::uint32_t member_count_;
  CommitNumber known_;
  std::vector<std::uint32_t> one_unit_row_;    // by slot; empty: everything by chain
  std::vector<std::uint32_t> one_member_row_;  // the same
  std::vector<Days> no_days_;
  std::vector<Days> one_unit_;
  absl::flat_hash_map<std::uint32_t, std::vector<Days>> unit_days_;
  std::vector<MemberDays> member_days_;
  std::vector<MemberDays> rows_;
  std::vector<std::int32_t> cuts_;
  std::array<std::vector<Entry>, 3> entries_;
  std::vector<std::uint32_t> touched_;
};

std::shared_ptr<const Frame> Frame::build(const registry::View& view,
                                          std::shared_ptr<const UnitsOfDay> units) {
  return FrameBuilder(view.snapshot()).build(std::move(units));
}

std::shared_ptr<const Frame> Frame::after(const registry::View& view) const {
  const std::uint32_t commit = index_of(view.snapshot().commit());
  if (commit < base_->commit) return nullptr;
  return FrameBuilder(view.snapshot()).after(*this);
}

}  // namespace dangbo::inline v1::rollup
