// Bảo toàn, as a table: who was there before a day, came, went and is there after it, in every unit
// that a commit touched.
#include <algorithm>
#include <map>
#include <set>

#include "dangbo/party/vocabulary.hpp"
#include "dangbo/registry/history.hpp"
#include "registry/core.hpp"

namespace dangbo::inline v1::registry {

namespace {

using base::index_of;

struct Count {
  std::int64_t before = 0;
  std::int64_t arrivals = 0;
  std::int64_t departures = 0;
  std::int64_t after = 0;
};

using Days = std::map<std::int32_t, Count>;

class Conserving {
 public:
  Conserving(const Snapshot& snapshot, CommitNumber commit)
      : snapshot_(snapshot.as_of(commit)),
        commit_(commit),
        units_(*snapshot.rows(kUnitsTable)),
        memberships_(*snapshot.rows(kMembershipsTable)),
        kind_(*memberships_.field("kind")) {}

  std::map<std::uint32_t, Days> run() {
    touch(units_, [](RowId) { return true; });
    touch(memberships_, [&](RowId row) { return is_home(row); });
    for (std::uint32_t row = 0; row < memberships_.size(); ++row) count(RowId{row});
    return std::move(touched_);
  }

 private:
  [[nodiscard]] bool is_home(RowId row) const {
    return kind_.raw(row) == static_cast<std::uint32_t>(party::MembershipKind::kHome);
  }

  // The days on which rows that the commit brought begin or end, and rows that it took back did;
  // of a correction, those on which only one of the two rows does.
  template <typename Counts>
  void touch(const Rows& rows, Counts counts) {
    std::set<RowId> corrected;
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      const RowId row{i};
      if (rows.recorded(row) != commit_ || !counts(row)) continue;
      const RowId old = rows.corrects(row);
      const bool is_same = old != base::kNoRow && rows.unit_of(old) == rows.unit_of(row);
      if (old != base::kNoRow) corrected.insert(old);
      touch_ends(rows, row, is_same ? rows.range(old) : time::DateRange());
      if (is_same) touch_ends(rows, old, rows.range(row));
      if (old != base::kNoRow && !is_same) touch_ends(rows, old, {});
    }
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      const RowId row{i};
      if (rows.superseded(row) == commit_ && counts(row) && !corrected.contains(row))
        touch_ends(rows, row, {});
    }
  }

  void touch_ends(const Rows& rows, RowId row, const time::DateRange& other) {
    Days& days = touched_[index_of(rows.unit_of(row))];
    const time::DateRange range = rows.range(row);
    if (range.from() && range.from_day() != other.from_day()) days[range.from_day()];
    if (range.until() && range.until_day() != other.until_day()) days[range.until_day()];
  }

  // Whether the unit is in force, as known at the commit.
  [[nodiscard]] bool stands(UnitSlot unit, std::int32_t day) const {
    for (RowId row = units_.newest_of(unit); row != base::kNoRow;
         row = units_.previous_of_unit(row)) {
      if (units_.is_known(row, commit_) && units_.range(row).contains(time::Date::from_days(day)))
        return true;
    }
    return false;
  }

  void count(RowId row) {
    const UnitSlot unit = memberships_.unit_of(row);
    const auto found = touched_.find(index_of(unit));
    if (found == touched_.end() || !is_home(row) || !memberships_.is_known(row, commit_)) return;
    const time::DateRange range = memberships_.range(row);
    for (auto& [day, counts] : found->second) {
      const bool was = range.contains(time::Date::from_days(day - 1)) && stands(unit, day - 1);
      const bool is = range.contains(time::Date::from_days(day)) && stands(unit, day);
      counts.before += was ? 1 : 0;
      counts.after += is ? 1 : 0;
      counts.arrivals += range.from_day() == day && is ? 1 : 0;
      counts.departures += range.until_day() == day && was ? 1 : 0;
    }
  }

  Snapshot snapshot_;
  CommitNumber commit_;
  Rows units_;
  Rows memberships_;
  FieldReader kind_;
  std::map<std::uint32_t, Days> touched_;  // by unit slot
};

}  // namespace

table::Table conservation(const Snapshot& snapshot, CommitNumber commit) {
  std::map<std::uint32_t, Days> touched;
  if (commit != base::kNoCommit) touched = Conserving(snapshot, commit).run();
  std::map<std::pair<std::int32_t, std::string>, Count> lines;
  for (const auto& [unit, days] : touched) {
    for (const auto& [day, counts] : days)
      lines.emplace(std::pair(day, std::string(snapshot.key_of(UnitSlot{unit}))), counts);
  }
  using table::Type;
  table::Column day("day", Type::kDate);
  table::Column unit("unit_id", Type::kText);
  table::Column before("before", Type::kInt);
  table::Column arrivals("arrivals", Type::kInt);
  table::Column departures("departures", Type::kInt);
  table::Column after("after", Type::kInt);
  for (const auto& [key, counts] : lines) {
    if (counts.before == 0 && counts.after == 0) continue;
    day.append_date(time::Date::from_days(key.first));
    unit.append_text(key.second);
    before.append_integer(counts.before);
    arrivals.append_integer(counts.arrivals);
    departures.append_integer(counts.departures);
    after.append_integer(counts.after);
  }
  std::vector<table::Column> columns;
  for (table::Column* column : {&day, &unit, &before, &arrivals, &departures, &after})
    columns.push_back(std::move(*column));
  return {"conservation", std::move(columns)};
}

}  // namespace dangbo::inline v1::registry
