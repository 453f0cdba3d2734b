// An Ask resolved against the tables: which rows count, where each belongs, what it is grouped by.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "dangbo/base/problem.hpp"
#include "rollup/column.hpp"
#include "rollup/document.hpp"
#include "rollup/formula.hpp"
#include "rollup/years.hpp"

namespace dangbo::inline v1::rollup {

enum class Kind : std::uint8_t {
  kMembers,
  kMemberships,
  kPersons,
  kUnits,
  kAdmissions,
  kState,
  kEvent,
  kPeriod,
  kEvaluations,  // a period table whose rows stand where their subject is on the asked day
};

// A condition bound to its column.
struct Filter {
  Column column;
  Test test = Test::kEquals;
  std::vector<bool> by_code;           // kCode, kBool: pass by value
  std::vector<std::uint32_t> numbers;  // slots and date codes, sorted
  std::vector<std::int64_t> integers;  // sorted
  std::vector<std::string> texts;      // sorted
  std::int64_t from = kLeast;          // kRange: days or numbers, kYears: years; [from, until)
  std::int64_t until = kMost;
  bool certain = false;

  static constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  static constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

  [[nodiscard]] bool passes(const Placed& placed) const;

 private:
  [[nodiscard]] bool matches(const Placed& placed) const;
  [[nodiscard]] bool in_range(const Placed& placed) const;
};

// What did not fit, for the notes of the result.
struct Tally {
  std::uint64_t not_in_force = 0;  // the row's unit is not in force on its day
  std::uint64_t no_place = 0;      // the row names no unit, and its member has no home that day
  std::uint64_t no_day = 0;        // an event or admission without a day
  std::uint64_t from_row = 0;      // admissions dated by the row's own first day
  std::uint64_t partial_day = 0;   // dated by the first possible day
  std::uint64_t no_value = 0;      // nothing to sum
  std::uint64_t not_restated = 0;  // nothing leads to the structure asked
  std::uint64_t undecided = 0;     // the expression of "where" misses a value
};

// A column of "by" with its values numbered from 0; the last digit is "missing".
struct GroupColumn {
  // Texts numbered for one column; more than this cannot end in a table anybody reads.
  static constexpr std::size_t kMaxTexts = (1U << 20) - 1;

  Column column;
  std::optional<Formula> formula;  // then `column` has but a name
  std::optional<Bands> bands;      // of `column`, whose name is the group's
  std::uint64_t radix = 1;
  // Texts (periods, values of expressions) are numbered as they are met.
  absl::flat_hash_map<std::string, std::uint32_t> numbers_of_texts;
  std::vector<std::string> texts;
  bool too_many = false;

  [[nodiscard]] std::uint64_t digit(const Placed& placed);
  // Of columns whose values are numbered as they are: neither texts nor values of a formula.
  [[nodiscard]] std::uint64_t coded_digit(const Placed& placed) const;
  // The same from the value of the formula.
  [[nodiscard]] std::uint64_t digit_of(const expr::Value& value);

 private:
  [[nodiscard]] std::uint64_t number_of(std::string_view text);
};

struct Input {
  Kind kind = Kind::kMembers;
  Rows rows;
  bool whole_only = false;  // no field says where a row belongs: only the whole forest can be asked
  bool own_day = false;     // rows are placed in the tree of their own day
  DatedBy dated_by = DatedBy::kCeremony;
  std::optional<Period> period;
  std::vector<Filter> own_filters;
  std::vector<Filter> member_filters;
  std::vector<Filter> unit_filters;
  std::optional<Formula> condition;
  std::vector<GroupColumn> groups;
  Measure measure = Measure::kCount;
  std::optional<Column> sum;                    // of every measure but the count
  std::optional<std::vector<bool>> keep_units;  // by slot: what "having" lets through
  bool needs_member = false;
  bool has_unit_field = false;
  bool has_member = false;  // a member field or a subject
  std::vector<FieldReader> unit_fields;
  FieldReader membership_kind;
  FieldReader in_reason;
  std::uint32_t admission_code = kNone;
  std::optional<FieldReader> day_field;
  std::optional<FieldReader> period_field;
  FieldReader admission_day;  // of members

  // Whether the row counts at all; fills `placed` but for units of the forest's own concern.
  // `placed.unit` is kNoUnitSlot for tables without a place.
  [[nodiscard]] bool place(const World& world, Placed& placed, Tally& tally) const;
  // The same without the condition.
  [[nodiscard]] bool place_any(const World& world, Placed& placed, Tally& tally) const;
  // Where the row would stand, whether it counts or not: what cannot be found is left empty.
  [[nodiscard]] Placed look(const World& world, RowId row) const;
  // The row's cell among those of its target: the digits of "by" in mixed radix.
  [[nodiscard]] std::uint64_t key_of(const Placed& placed) {
    std::uint64_t key = 0;
    for (GroupColumn& group : groups) key = key * group.radix + group.digit(placed);
    return key;
  }
  // The row stands where its member's home is, naming no unit itself.
  [[nodiscard]] bool stands_at_home(RowId row) const;
  // Whether the expression of "where", if there is one, holds; counts what it cannot decide.
  [[nodiscard]] bool meets_condition(const Placed& placed, Tally& tally) const;

 private:
  [[nodiscard]] bool first_look(const World& world, const Placed& placed) const;
  [[nodiscard]] bool find_day(const World& world, Placed& placed, Tally& tally) const;
  [[nodiscard]] bool find_admission_day(const World& world, Placed& placed, Tally& tally) const;
  [[nodiscard]] bool in_period(RowId row) const;
  [[nodiscard]] UnitSlot own_unit_of(RowId row) const;
  [[nodiscard]] UnitSlot unit_of(const World& world, const Placed& placed) const;
  [[nodiscard]] static UnitSlot restated(const World& world, const Placed& placed);
};

// Every mistake goes to `problems`; the result is usable when there is none. `by` may be empty.
[[nodiscard]] Input resolve(World& world, const Ask& ask, const std::vector<GroupBy>& by,
                            base::ProblemList& problems);

}  // namespace dangbo::inline v1::rollup
