// How a difference is found: table by table, units first.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dangbo/load/difference.hpp"
#include "load/compared.hpp"
#include "load/edits.hpp"

namespace dangbo::inline v1::load::detail {

// What an extract cannot be asked about.
struct LeftAlone {
  absl::flat_hash_set<std::string> units;
  absl::flat_hash_set<std::string> members;
  absl::flat_hash_set<std::string> tables;  // whose rows do not vanish
};

class Comparing {
 public:
  Comparing(const registry::Registry& registry, const registry::Change& extract,
            const DifferenceOptions& options, LeftAlone left_alone);

  // Stops at the first step that finds a problem.
  void run();
  [[nodiscard]] base::ProblemList& problems() noexcept { return problems_; }
  [[nodiscard]] const Edits& edits() const noexcept { return edits_; }

 private:
  // The day on which something begins or ends, and the last day it was seen otherwise when the day
  // is not known.
  struct Dated {
    std::string day;
    std::optional<time::Date> observed;
    [[nodiscard]] std::string mark() const { return observed ? observed->to_string() : ""; }
  };
  struct Counts {
    std::uint64_t all = 0;
    std::uint64_t vanished = 0;
  };
  // What the rows of a table came to.
  struct Outcome {
    std::vector<Given> is_new;
    std::vector<std::pair<Given, base::RowId>> both;
    std::vector<base::RowId> gone;
    std::vector<Given> other_days;  // rows of the extract that do not hold on its day
  };

  // comparing_options.cpp
  void check_options();
  void gather();
  void withhold();
  void withhold_members();
  void withhold_units();
  [[nodiscard]] OnChange policy(const Compared& table, std::size_t field) const;
  void refuse(base::ProblemCode code, std::string value, base::Message reason, base::Message fix);

  // comparing.cpp
  void compare(Compared& table);
  [[nodiscard]] Outcome pair_up(Compared& table);
  void compare_rows(Compared& table, const Outcome& found);
  void compare_row(Compared& table, Given given, base::RowId row);
  void change_row(Compared& table, Given given, base::RowId row,
                  const std::vector<std::size_t>& happened);
  void compare_dates(Compared& table, Given given, base::RowId row);
  void redate(Compared& table, Given given, base::RowId row);
  void end_again(Compared& table, Given given, base::RowId row);
  void add_row(Compared& table, Given given, bool is_dated);
  void compare_other_day(Compared& table, Given given);
  void ask(Compared& table, const std::string& key, base::Message note,
           std::vector<std::string> proposals = {});

  // comparing_gone.cpp
  void close_members(const std::vector<base::RowId>& gone);
  void close_gone(Compared& table, const std::vector<base::RowId>& gone);
  void close(Compared& table, base::RowId row, const Dated& end, bool is_unknown);
  [[nodiscard]] bool end_with_move(Compared& table, base::RowId row);
  void ask_for_events();
  void ask_for_event(const std::string& unit, const std::map<std::string, std::uint64_t>& heirs);
  void check_vanished();

  [[nodiscard]] Edit& correct(Compared& table, base::RowId row, base::Place place);
  [[nodiscard]] Dated dated(const Compared& table, Given given);
  [[nodiscard]] Dated observed() const;
  [[nodiscard]] std::optional<std::string> decision_day(const std::string& decision);
  [[nodiscard]] std::string shown_key(const Compared& table, base::RowId row) const;
  [[nodiscard]] std::string shown_key(const Compared& table, Given row) const;
  [[nodiscard]] bool is_withheld(const Compared& table, Given row) const;
  [[nodiscard]] bool is_withheld(const Compared& table, base::RowId row) const;
  [[nodiscard]] bool is_in_scope(const Compared& table, base::RowId row) const;
  [[nodiscard]] bool is_complete(const Compared& table) const;
  [[nodiscard]] Compared* find(std::string_view name);

  const registry::Registry& registry_;
  const registry::Change& extract_;
  const DifferenceOptions& options_;
  registry::Snapshot snapshot_;
  registry::View view_;
  std::optional<time::Date> last_;  // day of the last extract
  base::UnitSlot subtree_ = base::kNoUnitSlot;
  std::vector<std::unique_ptr<Compared>> tables_;  // of which the extract has rows
  std::unique_ptr<Compared> memberships_;          // when the extract has none
  base::ProblemList problems_;
  Edits edits_;
  absl::flat_hash_set<std::string> withheld_units_;
  absl::flat_hash_set<std::string> withheld_members_;
  absl::flat_hash_set<std::string> incomplete_;              // tables
  absl::flat_hash_map<std::string, Dated> new_homes_;        // by member
  absl::flat_hash_map<std::string, std::string> homes_;      // of the extract: member to unit
  absl::flat_hash_map<std::string, std::string> decisions_;  // key to day
  bool decisions_read_ = false;
  absl::flat_hash_set<std::uint32_t> ended_;  // rows of the table that the extract itself ends
  std::vector<Counts> fields_;                // of the table compared
  std::vector<std::string> vanished_units_;
  std::map<std::string, Counts> keys_;    // by table
  std::map<std::string, Counts> values_;  // by table.field
};

}  // namespace dangbo::inline v1::load::detail
