// Immutable states of a registry, and the view of one day.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>

#include "dangbo/base/ids.hpp"
#include "dangbo/hierarchy/tree.hpp"
#include "dangbo/registry/rows.hpp"
#include "dangbo/time/date.hpp"

namespace dangbo::inline v1::registry {

class Core;
class Registry;
class View;

using base::UnitId;

// In place of a number about a day on which the roster was not known: no number, and never 0.
inline constexpr std::int64_t kOutsideCoverage = std::numeric_limits<std::int64_t>::min();

// Everything committed up to one commit. Copying costs a reference count; safe from any number of
// threads; stays valid after the registry is gone.
class Snapshot {
 public:
  // Used by Registry.
  Snapshot(std::shared_ptr<const Core> core, CommitNumber commit) noexcept;

  [[nodiscard]] CommitNumber commit() const noexcept { return commit_; }
  // The same registry as known at an earlier commit; later ones are clamped to this snapshot's.
  [[nodiscard]] Snapshot as_of(CommitNumber commit) const noexcept {
    return {core_, commit < commit_ ? commit : commit_};
  }
  // The registry's day (Registry::advance); nothing before the first.
  [[nodiscard]] std::optional<time::Date> current_day() const noexcept;
  // The last commit at or before a time (CommitInfo::time) within this snapshot; kNoCommit when all
  // are later. O(log commits).
  [[nodiscard]] CommitNumber last_commit_at(std::int64_t time) const noexcept;
  // The time of a commit of this snapshot; nothing for kNoCommit and for commits it does not know.
  [[nodiscard]] std::optional<std::int64_t> time_of(CommitNumber commit) const noexcept;
  // Some of the data is invented (Change::mark_synthetic): results and pages say so.
  [[nodiscard]] bool is_synthetic() const noexcept;
  [[nodiscard]] std::uint32_t unit_count() const noexcept;    // ever known
  [[nodiscard]] std::uint32_t member_count() const noexcept;  // ever known
  // Rows of a table by name (not alias); nothing when the table does not exist. O(log commits).
  [[nodiscard]] std::optional<Rows> rows(std::string_view table_name) const;

  [[nodiscard]] std::optional<UnitSlot> find_unit(std::string_view key) const;
  [[nodiscard]] std::optional<MemberSlot> find_member(std::string_view key) const;
  [[nodiscard]] std::string_view key_of(UnitSlot unit) const noexcept;
  [[nodiscard]] std::string_view key_of(MemberSlot member) const noexcept;
  // The persistent id of a unit and back. kNoUnitSlot for an id this snapshot does not know.
  [[nodiscard]] UnitId id_of(UnitSlot unit) const noexcept;
  [[nodiscard]] UnitSlot slot_of(UnitId id) const noexcept;

  // The view of `day` as known at `known_at` (default: this snapshot's commit; later commits are
  // clamped to it).
  [[nodiscard]] View at(time::Date day, std::optional<CommitNumber> known_at = std::nullopt) const;

  // Bản nháp: a registry of its own that begins with what this snapshot knows, for what-if work. It
  // is changed, read and dropped like any other, at no cost to the one it comes from; what happens
  // there afterwards does not show in it. Registry::commit_fork brings its changes home. O(tables);
  // rows are shared until they are written to. Throws std::bad_alloc.
  [[nodiscard]] std::unique_ptr<Registry> fork() const;

  [[nodiscard]] const Core& core() const noexcept { return *core_; }  // of the bodies

 private:
  friend class View;
  std::shared_ptr<const Core> core_;
  CommitNumber commit_;
};

// Góc nhìn: (snapshot, day, known at). Builds nothing until asked; what it builds is shared by its
// copies.
class View {
 public:
  View(Snapshot snapshot, time::Date day, CommitNumber known_at);

  [[nodiscard]] const Snapshot& snapshot() const noexcept { return snapshot_; }
  [[nodiscard]] time::Date day() const noexcept { return day_; }
  [[nodiscard]] CommitNumber known_at() const noexcept { return known_at_; }

  // The tree of the day. Built at the first call (O(unit rows)), then O(1). Any thread.
  [[nodiscard]] const hierarchy::Tree& tree() const;
  // The row of `units` in force for a unit, kNoRow when it is not in force on the day.
  [[nodiscard]] RowId unit_row(UnitSlot unit) const noexcept;
  // The row of `members` in force for a member; the row without interval counts on all days. kNoRow
  // when none.
  [[nodiscard]] RowId member_row(MemberSlot member) const noexcept;
  // The unit of the member's home membership on the day; kNoUnitSlot when there is none.
  [[nodiscard]] UnitSlot home_of(MemberSlot member) const noexcept;
  // A row is part of the view: known, and in force on the day.
  [[nodiscard]] bool includes(const Rows& rows, RowId row) const noexcept {
    return rows.holds_on(row, day_) && rows.is_known(row, known_at_);
  }

  // The first day on which the roster is known (table baselines); nothing when all days are.
  [[nodiscard]] std::optional<time::Date> covered_since() const noexcept;

  // Members with a home row in the unit, or in it and all below, on the day (definitions.md 1). 0
  // for a unit not in force; kOutsideCoverage before covered_since(). The first call counts every
  // unit of the view (O(memberships)); later calls are O(1), allocate nothing and take no lock.
  [[nodiscard]] std::int64_t stock(UnitSlot unit, bool with_below) const;

 private:
  struct Built;
  Snapshot snapshot_;
  time::Date day_;
  CommitNumber known_at_;
  Rows units_;
  Rows members_;
  Rows memberships_;
  std::shared_ptr<Built> built_;
};

}  // namespace dangbo::inline v1::registry
