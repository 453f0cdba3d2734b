// One organisation on the day before a reorganisation and on its first day.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/registry/snapshot.hpp"
#include "dangbo/time/date.hpp"

namespace dangbo::inline v1::report {

// A unit as it stood on a day.
struct UnitState {
  std::string name;          // empty: none is known
  std::string kind;          // a word of party::unit_kinds, empty: none is known
  std::string parent;        // key; empty: a root
  std::int64_t members = 0;  // with all below
  friend bool operator==(const UnitState&, const UnitState&) = default;
};

// A unit that a reorganisation touched: it began or ended, got another parent, name or kind, is
// named by an event of the day, or lost or gained a unit below it.
struct TouchedUnit {
  std::string key;
  std::optional<UnitState> before;  // nothing: not in force
  std::optional<UnitState> after;
};

struct KindCount {
  std::string kind;  // a word of party::unit_kinds, empty: unknown
  std::int64_t before = 0;
  std::int64_t after = 0;
};

// Members who came to stand elsewhere because a unit did: reparented, or absorbed into another.
struct UnitFlow {
  std::string unit;  // the one that moved or ended
  std::string from;  // key of the unit above it before, or itself when it ended
  std::string to;
  std::int64_t members = 0;  // of `unit`: on the first day, or on its last when it ended
};

// Sắp xếp tổ chức: what the change of one day did.
struct Reorganisation {
  time::Date last;                  // the day before
  time::Date first;                 // its first day
  std::vector<KindCount> kinds;     // by word
  std::vector<TouchedUnit> units;   // by key
  std::vector<UnitFlow> flows;      // by unit
  std::int64_t members_before = 0;  // of the unit asked, or of all
  std::int64_t members_after = 0;
};

// Compares `first` with the day before it, under `unit` (empty: all roots), as known at `known_at`.
// Costs two trees and one pass over the events. InvalidArgument (kUnknownUnit) for an unknown unit.
[[nodiscard]] absl::StatusOr<Reorganisation> compare_days(const registry::Snapshot& snapshot,
                                                          base::CommitNumber known_at,
                                                          time::Date first, std::string_view unit);

}  // namespace dangbo::inline v1::report
