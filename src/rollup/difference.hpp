// The same question under two states of knowledge of one registry: which rows count differently,
// and in which cells.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <span>
#include <vector>

#include "rollup/input.hpp"
#include "rollup/reach.hpp"

namespace dangbo::inline v1::rollup {

// One state of knowledge.
struct Side {
  const World& world;
  Input& input;
  const Targets& targets;
  Reach reach;
};

// A row in a cell, on one side.
struct Counted {
  UnitSlot unit = kNoUnitSlot;  // the target; kNoUnitSlot when the whole forest is asked
  std::uint64_t key = 0;        // the group
  std::uint32_t identity = 0;   // what is counted, the same on both sides
  bool now = false;
  RowId row = kNoRow;
  std::int64_t value = 0;
};

// One thing that counts differently in a cell: `then` and `now` are the rows by which it counts,
// empty where it does not.
struct Shift {
  UnitSlot unit = kNoUnitSlot;
  std::uint64_t key = 0;
  std::int64_t effect = 0;
  std::span<const Counted> then;
  std::span<const Counted> now;
};

// What a row stands for: its member when members or persons are counted, of whom each stands in a
// cell once; its unit when units are; otherwise the row, whatever it was corrected to since.
class Difference {
 public:
  // REQUIRES: both inputs are the same question. O(rows + rows that differ × depth of the tree).
  Difference(const Side& then, const Side& now);
  Difference(const Difference&) = delete;
  Difference& operator=(const Difference&) = delete;

  // By unit slot, group, identity.
  [[nodiscard]] const std::vector<Shift>& shifts() const noexcept { return shifts_; }
  [[nodiscard]] bool overflow() const noexcept { return overflow_; }

 private:
  void compare_rows();
  void compare_persons();
  void find_shifts();
  bool place(const Side& side, RowId row, Placed& placed);
  [[nodiscard]] std::uint32_t identity_of(RowId row) const;
  void take(const Side& side, const Placed& placed, const std::vector<UnitSlot>& units);

  Side then_;
  Side now_;
  std::vector<Counted> counted_;
  std::vector<Shift> shifts_;
  std::vector<std::uint32_t> persons_;  // of whom some row differs
  bool overflow_ = false;
};

// Rows of one table as corrections follow each other after the frozen commit.
class Versions {
 public:
  Versions(const Rows& rows, base::CommitNumber then, base::CommitNumber now);

  // The version of a row that was known then, is known now; kNoRow: none.
  [[nodiscard]] RowId known_then(RowId row) const;
  [[nodiscard]] RowId known_now(RowId row) const;
  // The newest version not later than now, known or withdrawn.
  [[nodiscard]] RowId last(RowId row) const;
  [[nodiscard]] bool is_later(RowId row) const { return rows_.recorded(row) > then_; }

 private:
  Rows rows_;
  base::CommitNumber then_;
  base::CommitNumber now_;
  absl::flat_hash_map<std::uint32_t, std::uint32_t> next_;  // a row -> the row that corrects it
};

}  // namespace dangbo::inline v1::rollup
