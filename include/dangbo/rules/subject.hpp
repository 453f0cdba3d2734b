// Whom a rule is about, and the closed set of names its expressions may use.
//
//   self      the subject: a record (below)
//   as_of     the day of the check
//   param.x   the value of parameter x on that day; missing on a day without a value
//   a.b       of a cohort: its keys, by the path written in `by`
//   name      the variables of `let`
//
// Records hold the columns of their table under the table's own names (docs/tables.md), any of
// which may be missing, and what is derived from them on the day:
//
//   unit       units; parent (and its parent), ancestors (the nearest first), children,
//   descendants,
//              members (home, own), all_members (home, with below), memberships (home and temporary
//              rows, own), decisions about it, and the rows of every other table that name it:
//              posts, meetings, evaluations, congresses, plans, headcounts, …
//   member     members; standing, home_since, unit, memberships, decisions about it, posts,
//              absences, contacts, evaluations, dues, … grassroots_id: key of the nearest unit of
//              class grassroots at or above the home unit
//   unit_month a unit and a month: unit, month (its first day), meetings
//   move       a home membership that begins and is no admission: member, unit, from_unit, left_on,
//              arrived_on, in_reason, out_reason, issued_on, presented_on
//   admission  a home membership that begins by admission: member, unit, admitted_on, decisions
//   row        of any other table: its columns; unit and member when it names them; first_day and
//              last_day of its period. Of congresses also previous_held_on; of evaluations
//              above_self_reviewed_on and above_graded_on: of the same period and regime, of the
//              unit directly above (of a member: its home unit)
//   cohort     rows alike in the keys `by`: items
//
// Rows of a relation are those in force on as_of (state tables), of a day not after it (event
// tables), of a period begun by then (period tables); rows without that day are among them. Related
// records are shallow: rows of a relation have columns, `unit` and `member`, not relations again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/expr/expression.hpp"
#include "dangbo/party/schemas.hpp"

namespace dangbo::inline v1::rules {

// Đối tượng của quy tắc.
struct Subject {
  enum class Kind : std::uint8_t { kUnit, kMember, kUnitMonth, kMove, kAdmission, kRow };
  Kind kind = Kind::kUnit;
  std::vector<std::string> unit_kinds;    // of kUnit, kUnitMonth: only these; empty = all
  std::vector<std::string> unit_classes;  // the same
  std::string table;                      // of kRow: its name
  std::string subject_type;  // of kRow: "unit" or "member", where rows are about either; or empty
  // Of a cohort: what the rows have in common, as paths into their record: "period", "unit.sector".
  std::vector<std::string> by;

  [[nodiscard]] bool is_cohort() const noexcept { return !by.empty(); }
  friend bool operator==(const Subject&, const Subject&) = default;
};

// The record types. Tables of a host are rows like those of the standard. Immutable, safe from any
// number of threads; types are equal only within one object, so one is made for a pack.
class SubjectSchema {
 public:
  SubjectSchema() : SubjectSchema(std::vector<party::SchemaPtr>()) {}
  explicit SubjectSchema(std::vector<party::SchemaPtr> host_tables);

  // Of `self`; nothing when there is no such table, kind, class or key.
  // A cohort's is made anew: rules::Rule keeps the one it was checked with.
  [[nodiscard]] std::optional<expr::Type> self(const Subject& subject) const;
  // Of one row of the subject's kind: that of `self`, and of a cohort's items.
  [[nodiscard]] std::optional<expr::Type> item(const Subject& subject) const;
  // What is at a path of names below a record; nothing when there is nothing.
  [[nodiscard]] static std::optional<expr::Type> at(const expr::Type& record,
                                                    std::string_view path);
  // Whether a finding about the subject is about a person. A cohort never is.
  [[nodiscard]] bool is_person(const Subject& subject) const;
  [[nodiscard]] std::span<const party::SchemaPtr> tables() const noexcept { return tables_; }
  [[nodiscard]] const party::SchemaPtr* table(std::string_view name) const noexcept;

 private:
  struct Records;
  std::vector<party::SchemaPtr> tables_;
  std::shared_ptr<const Records> records_;
};

// How the variables of a rule's expressions are numbered: self, as_of, the parameters of the pack
// in its order, the keys of a cohort, the variables of `let`.
struct RuleNames {
  static constexpr std::size_t kSelf = 0;
  static constexpr std::size_t kAsOf = 1;
  static constexpr std::size_t kParameters = 2;
  std::size_t keys = 2;
  std::size_t lets = 2;
  std::size_t size = 2;
};

}  // namespace dangbo::inline v1::rules
