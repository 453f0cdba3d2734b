// Đối chiếu: a complete extract of a host's roster against what a registry holds on the day of the
// extract, as a change script that people can read. Nothing is invented: a date nobody gave is
// marked as observed, a key that is gone is closed with the reason unknown, and what only a person
// can say is asked.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo/load/quarantine.hpp"
#include "dangbo/registry/change.hpp"
#include "dangbo/registry/registry.hpp"
#include "dangbo/table/table.hpp"
#include "dangbo/time/date.hpp"

namespace dangbo::inline v1::load {

// What a value that differs means.
enum class OnChange : std::uint8_t {
  kHappened,    // it was right until the change: the row ends, another begins
  kCorrection,  // it was wrong: the row stands corrected
  kAsk,         // a person decides: listed, not applied
};

struct DifferenceOptions {
  time::Date day = {};  // the extract shows the roster of this day
  // Tables whose rows may be missing from the extract; what it lacks of them says nothing. Every
  // other table of which it holds rows is complete.
  std::vector<std::string> partial = {};
  // Complete for this unit and all below it only, as the registry places them; empty: for all.
  std::string subtree = {};
  // By "table.field". Default: happened for every field of units and for the work, education,
  // status and youth_union of members; correction for all others.
  std::vector<std::pair<std::string, OnChange>> policies = {};
  // Refused when more of a table's keys, or of a field's values, vanish than this share of them,
  // rounded up: in one thousandth. Up to three may always go, but no more than a quarter of them;
  // with 0 none may.
  std::uint32_t max_vanished = 10;
  // Rows of the extract at fault are set aside (quarantine.hpp), and everything about their member,
  // or unit where the row is one of units, is left as it is known: what cannot be read has not
  // vanished. A table of which a row names nobody loses nothing. Else they are problems and nothing
  // is compared.
  bool quarantine = false;
};

// From a document such as {"difference": 1, "day": "2024-03-01", "partial": ["posts"], "subtree":
// "K", "policies": {"members.full_name": "ask"}, "max_vanished": 10, "quarantine": true}; only the
// day must be there. InvalidArgument names every mistake (query::mistake codes) by its pointer.
[[nodiscard]] absl::StatusOr<DifferenceOptions> parse_difference_options(std::string_view json);

// What a difference found, in the order it was found.
struct Difference {
  // Dates, corrections and new rows; empty when the extract says what is known.
  registry::Change change;
  // The same as a change script (docs/scripts.md), with what was found as comments. Questions and
  // proposed answers stand in it as comments too.
  std::string script;
  // One row a finding: finding (code: new, moved, vanished, happened, corrected, dated, ask), table
  // (text), key (text), field (text), before, after (text), day (date; of the change), observed
  // (date: the last day it was seen otherwise; missing when the day is known), note_vi, note_en
  // (text).
  table::Table findings;
  std::uint64_t questions = 0;
  // With DifferenceOptions::quarantine. The change keeps the table `quarantine` in step: reasons
  // that hold no longer are withdrawn.
  Quarantined set_aside;
};

// Compares. `extract` holds rows only (add_files, add_table); its problems are given back.
// The first extract of a registry without a commit is taken as it is: rows without a first day are
// open to the left, and a row of `baselines` says from which day on the roster is known.
// - New key: begins on the day the host gives (`from`), else on the decision's, else on the day of
//   the extract with `from_after` set to the registry's current day (the last extract). A new
//   member's row has no date; the membership has.
// - Vanished key: ends on the day of the extract, `until_after` set, out_reason unknown. Home
//   memberships of a member who has a new one end when that begins. Units that had members or units
//   below leave a row of unit_events with the event unknown; the answer, proposed by where their
//   members are now, is asked for. Rows of members stay: the membership ends. Events and periods do
//   not vanish.
// - Changed value: as the policy says. Fields without a column in the extract are not compared.
// - Asked, and left alone with all rows about them until answered: a member whose name and birth
//   date are both another's; a unit whose key was in use before and ended.
// InvalidArgument with problems: the extract's own, kOutOfRange (too much vanished; an unknown
// table, field or unit in the options), kConflict (a day before the last extract's), kDuplicateKey.
// O(rows of the extract + rows of the tables compared).
[[nodiscard]] absl::StatusOr<Difference> difference(const registry::Registry& registry,
                                                    const registry::Change& extract,
                                                    const DifferenceOptions& options);

// Commits a difference and moves the registry's current day to `day`, as one commit. Nothing to
// change and the day not later: nothing is written, the result is the head (`repeated`); so is it
// for a source_version that stands already when there is nothing to change. Fails like
// Registry::commit.
absl::StatusOr<registry::CommitResult> commit_difference(registry::Registry& registry,
                                                         const Difference& difference,
                                                         time::Date day,
                                                         const registry::CommitInfo& info);

}  // namespace dangbo::inline v1::load
