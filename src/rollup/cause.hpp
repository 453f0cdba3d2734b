// Why something counts differently now: the row that became known after the freeze and made it so.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rollup/difference.hpp"
#include "rollup/question.hpp"

namespace dangbo::inline v1::rollup {

enum class CauseKind : std::uint8_t {
  kLate,            // a fact that became known late
  kCorrection,      // a row says something else than it did
  kWithdrawn,       // a row that should never have been there
  kReorganisation,  // the tree or the unit of the day is another
  kAttribute,       // the member's own row of the day is another
  kUnknown,         // the registry has not what was frozen
  kNotBrokenDown,
};

// docs/freeze.md says each in words; the order is that of CauseKind.
[[nodiscard]] const std::vector<std::string>& cause_words();

struct Cause {
  CauseKind kind = CauseKind::kNotBrokenDown;
  std::string_view table;
  RowId row = kNoRow;
  base::CommitNumber commit = base::kNoCommit;
  UnitSlot unit = kNoUnitSlot;
  MemberSlot member = base::kNoMemberSlot;
  RowId counted = kNoRow;
  std::string field;
  std::string before;
  std::string after;
};

// One table between the two states of knowledge.
struct Story {
  std::string_view name;
  Rows rows;
  Versions versions;
};

class CauseFinder {
 public:
  // `ask` is the question both sides answer; the counts of its "having" may be null.
  CauseFinder(const Side& then, const Side& now, const Ask& ask, HavingCounts* having_then,
              HavingCounts* having_now);
  ~CauseFinder();
  CauseFinder(const CauseFinder&) = delete;
  CauseFinder& operator=(const CauseFinder&) = delete;

  [[nodiscard]] Cause find(const Shift& shift);

 private:
  struct Having;
  using Fields = std::vector<std::size_t>;
  // A row seen from the side where it counts (here) and from the other.
  struct Sight {
    const Side& here;
    const Side& there;
    bool gone;  // here is then
    Placed at_here;
    Placed at_there;
    [[nodiscard]] const Placed& then() const { return gone ? at_here : at_there; }
    [[nodiscard]] const Placed& now() const { return gone ? at_there : at_here; }
  };

  void note_own_fields();
  [[nodiscard]] Story story_of(const Rows& rows) const;
  [[nodiscard]] Cause begin(const Placed& placed) const;
  [[nodiscard]] Cause of_row(const Counted& counted, bool gone);
  [[nodiscard]] Cause of_value(const Shift& shift);
  // Each says whether it is the reason, and then fills the cause.
  bool by_version(const Story& story, const Fields& fields, time::Date day, bool gone, RowId here,
                  RowId there, Cause& cause) const;
  bool by_home(const Sight& sight, Cause& cause) const;
  bool by_structure(const Sight& sight, Cause& cause) const;
  bool by_member(const Sight& sight, Cause& cause) const;
  bool by_unit(const Sight& sight, Cause& cause) const;
  bool by_having(const Sight& sight, Cause& cause);
  bool by_path(const Sight& sight, UnitSlot target, Cause& cause) const;
  bool by_ancestor(const Sight& sight, UnitSlot unit, time::Date day, const Fields& fields,
                   Cause& cause) const;

  [[nodiscard]] std::vector<const Column*> columns_at_odds(
      const Sight& sight, Source source, const std::vector<Filter>& filters) const;
  void show(const std::vector<const Column*>& columns, const Sight& sight, Cause& cause) const;
  void show(const Story& story, const Fields& fields, RowId then, RowId now, Cause& cause) const;
  // The row and commit by which `now` is what it is instead of `then` (either may be none).
  void blame(const Story& story, const Fields& fields, time::Date day, RowId then, RowId now,
             Cause& cause) const;
  [[nodiscard]] RowId first_alike(const Story& story, const Fields& fields, time::Date day,
                                  RowId row) const;

  Side then_;
  Side now_;
  const Ask& ask_;
  HavingCounts* having_then_;
  HavingCounts* having_now_;
  Story counted_;
  Story members_;
  Story memberships_;
  Story units_;
  Fields own_fields_;
  Fields home_fields_;
  std::unique_ptr<Having> having_;
};

}  // namespace dangbo::inline v1::rollup
