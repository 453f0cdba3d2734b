#include "dangbo/registry/snapshot.hpp"

#include <algorithm>

#include "registry/core.hpp"

namespace dangbo::inline v1::registry {

using base::index_of;

Snapshot::Snapshot(std::shared_ptr<const Core> core, CommitNumber commit) noexcept
    : core_(std::move(core)), commit_(commit) {}

std::optional<time::Date> Snapshot::current_day() const noexcept {
  if (commit_ == base::kNoCommit) return std::nullopt;
  const std::int32_t day = core_->mark(index_of(commit_)).current_day;
  return day == kNoCurrentDay ? std::nullopt : std::optional(time::Date::from_days(day));
}

CommitNumber Snapshot::last_commit_at(std::int64_t time) const noexcept {
  std::uint32_t low = 0;
  std::uint32_t high = index_of(commit_);
  while (low < high) {  // first commit later than `time`
    const std::uint32_t middle = low + (high - low) / 2;
    if (core_->mark(middle + 1).time <= time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return CommitNumber{low};
}

std::optional<std::int64_t> Snapshot::time_of(CommitNumber commit) const noexcept {
  if (commit == base::kNoCommit || commit > commit_) return std::nullopt;
  return core_->mark(index_of(commit)).time;
}

bool Snapshot::is_synthetic() const noexcept {
  return commit_ != base::kNoCommit && core_->mark(index_of(commit_)).synthetic;
}

std::uint32_t Snapshot::unit_count() const noexcept {
  return commit_ == base::kNoCommit ? 0 : core_->mark(index_of(commit_)).units;
}

std::uint32_t Snapshot::member_count() const noexcept {
  return commit_ == base::kNoCommit ? 0 : core_->mark(index_of(commit_)).members;
}

std::optional<Rows> Snapshot::rows(std::string_view table_name) const {
  const TableStore* store = core_->find_table(table_name);
  if (store == nullptr) return std::nullopt;
  return Rows(store, store->rows_at(index_of(commit_)), commit_);
}

std::optional<UnitSlot> Snapshot::find_unit(std::string_view key) const {
  const auto slot = core_->units.find(key);
  return slot && *slot < unit_count() ? std::optional<UnitSlot>(UnitSlot{*slot}) : std::nullopt;
}

std::optional<MemberSlot> Snapshot::find_member(std::string_view key) const {
  const auto slot = core_->members.find(key);
  return slot && *slot < member_count() ? std::optional<MemberSlot>(MemberSlot{*slot})
                                        : std::nullopt;
}

std::string_view Snapshot::key_of(UnitSlot unit) const noexcept {
  return core_->units.key(index_of(unit));
}
std::string_view Snapshot::key_of(MemberSlot member) const noexcept {
  return core_->members.key(index_of(member));
}

// A registry numbers its units from 1 in the order of their slots; ids and slots part ways only
// where a fork gives provisional ids.
UnitId Snapshot::id_of(UnitSlot unit) const noexcept {
  return UnitId{std::uint64_t{index_of(unit)} + 1};
}

UnitSlot Snapshot::slot_of(UnitId id) const noexcept {
  const std::uint64_t number = index_of(id);
  return number == 0 || number > unit_count() ? base::kNoUnitSlot
                                              : UnitSlot{static_cast<std::uint32_t>(number - 1)};
}

View Snapshot::at(time::Date day, std::optional<CommitNumber> known_at) const {
  return {*this, day, std::min(known_at.value_or(commit_), commit_)};
}

}  // namespace dangbo::inline v1::registry
