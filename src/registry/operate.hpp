// Operations at work on a draft: what each checks and what rows it leaves.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo/registry/operation.hpp"
#include "registry/draft.hpp"

namespace dangbo::inline v1::registry {

// The change with its operations turned into rows of the registry's head, or into problems.
[[nodiscard]] Change expand_operations(const Core& core, Change change);

[[nodiscard]] inline std::string quoted(std::string_view text) {
  return "«" + std::string(text) + "»";
}
[[nodiscard]] inline bool lasts_beyond(const DraftRow& row, time::Date day) noexcept {
  return row.range.until_day() > day.days();
}

// One operation on the draft.
class Operating {
 public:
  Operating(Draft& draft, const Act& act, std::string_view word, base::ProblemList& problems)
      : draft_(draft), act_(act), word_(word), problems_(problems) {}

  void run(const Establish& what);
  void run(const Rename& what);
  void run(const Convert& what);
  void run(const Reparent& what);
  void run(const Absorb& what);
  void run(const Merge& what);
  void run(const Divide& what);
  void run(const SplitOff& what);
  void run(const Close& what);
  void run(const Admit& what);
  void run(const Confirm& what);
  void run(const Move& what);
  void run(const Temporary& what);
  void run(const Transit& what);
  void run(const Exempt& what);
  void run(const Suspend& what);
  void run(const Leave& what);
  void run(const Appoint& what);
  void run(const Relieve& what);
  void run(const MergeMembers& what);
  void run(const UnmergeMembers& what);

 private:
  using Cells = std::vector<std::pair<std::string, std::string>>;  // field, cell
  struct Heir;                                                     // of what a unit held

  // --- problems
  void refuse(std::string_view value, base::Message reason, base::Message fix);
  // The row that forbids the operation.
  void refuse_for(const DraftTable& table, const DraftRow& row, std::string_view value,
                  base::Message reason, base::Message fix);
  bool needs_decision();

  // --- cells
  // Texts given for fields of a table, as cells; nothing after a problem.
  [[nodiscard]] std::optional<Cells> read(const DraftTable& table, const Attributes& attributes);
  // The id of a word of a coded field.
  [[nodiscard]] std::optional<std::string> word_of(const DraftTable& table, std::string_view field,
                                                   std::string_view word);
  void set_all(DraftTable& table, DraftRow& row, const Cells& cells);
  // From the day on: the row in force is split, later rows that say the same are changed too.
  void amend(DraftTable& table, const std::vector<DraftRow*>& rows, time::Date day,
             const Cells& cells);

  // --- units
  [[nodiscard]] DraftRow* unit_on_day(const std::string& unit);
  [[nodiscard]] bool is_free(const std::string& unit);
  [[nodiscard]] bool is_below(const std::string& unit, const std::vector<std::string>& tops);
  [[nodiscard]] DraftRow& begin_unit(const std::string& unit, const DraftRow* like,
                                     const Cells& cells);
  bool end_unit(const std::string& unit);
  // Whether the unit is in force on all the days; refuses otherwise.
  bool covers(const std::string& unit, time::DateRange days);
  void add_event(std::string_view event, const std::string& from, const std::string& to);
  void pass_on(const std::string& unit, const Heir& heir);
  void end_guests_at_home(const Heir& heir);
  void pass_on_others(const std::string& unit, const Heir& heir);
  void take_in(const std::vector<std::string>& units, const std::string& into,
               std::string_view event);
  [[nodiscard]] std::optional<Heir> share_out(const std::string& unit,
                                              const std::vector<Part>& parts, bool all);
  void begin_parts(const DraftRow& like, const std::vector<Part>& parts);
  bool is_empty(const std::string& unit);

  // --- members
  [[nodiscard]] DraftRow* home_on_day(const std::string& member);
  [[nodiscard]] std::vector<DraftRow*> stay_from(DraftRow& home);
  [[nodiscard]] DraftRow* home_before(const std::string& member);
  void move_row(DraftRow& row, const std::string& to, std::string_view in_reason,
                std::string_view out_reason);
  bool set_status(const std::string& member, time::Date day, std::string_view status);
  void set_for_a_time(const std::string& member, std::string_view status,
                      std::optional<time::Date> until);
  [[nodiscard]] bool is_known_member(const std::string& member);
  // Of the operation's decision, as `decisions` has it; "" when it does not.
  [[nodiscard]] std::string date_of_decision() const;

  // --- records
  void pass_record(DraftTable& table, const std::string& from, const std::string& to);
  bool repeats(const DraftTable& table, const DraftRow& row, const DraftRow& other);
  [[nodiscard]] std::optional<std::uint32_t> merged_in(std::uint32_t member) const;
  void take_apart(DraftTable& table, std::uint32_t member, std::uint32_t commit);

  Draft& draft_;
  const Act& act_;
  std::string_view word_;
  base::ProblemList& problems_;
};

}  // namespace dangbo::inline v1::registry
