// Where the fields of the record types of rules/subject.hpp come from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "dangbo/rules/subject.hpp"

namespace dangbo::inline v1::rules {

// What a record is about. An entity is a number: the slot of a unit or member, the RowId of a row,
// unit << 32 | month of a unit_month (Facts::month_of), the number of a cohort.
using Entity = std::uint64_t;
inline constexpr Entity kNoEntity = ~Entity{0};

enum class About : std::uint8_t { kUnit, kMember, kRow, kUnitMonth, kMove, kAdmission, kCohort };

struct RecordBinding;

struct FieldBinding {
  enum class Source : std::uint8_t {
    kColumn,  // `column` of the table
    kEpoch,   // of units: that of the nearest unit above when its own is missing
    kStanding,
    kHomeSince,
    kFirstDay,
    kLastDay,
    kPreviousHeld,
    kMonth,
    kBegins,         // of a move or admission: the first day of the membership
    kGrassroots,     // of members: key of the grassroots organisation
    kAboveReviewed,  // of evaluations: of the unit above, same period and regime
    kAboveGraded,
    kLeftOn,  // of a move: the last day of the membership before
    kOutReason,
    // records
    kUnit,
    kMember,
    kParent,
    kFromUnit,
    // lists
    kAncestors,
    kChildren,
    kDescendants,
    kMembers,
    kAllMembers,
    kRowsOfUnit,    // of `table`
    kRowsOfMember,  // of `table`
    kMeetingsOfMonth,
    kItems,
  };
  Source source = Source::kColumn;
  std::size_t column = 0;
  std::size_t table = 0;                  // in SubjectSchema::tables()
  const RecordBinding* target = nullptr;  // of records and lists

  [[nodiscard]] bool is_record() const noexcept {
    return source >= Source::kUnit && source <= Source::kFromUnit;
  }
  [[nodiscard]] bool is_list() const noexcept { return source >= Source::kAncestors; }
};

struct RecordBinding {
  About about = About::kUnit;
  std::size_t table = 0;  // whose columns it has; of a move and admission: memberships
  expr::Type type;
  std::vector<FieldBinding> fields;  // as the members of the type
};

// The bindings of all record types met so far. Types outlive it.
class Bindings {
 public:
  explicit Bindings(const SubjectSchema& subjects) : subjects_(subjects) {}
  // REQUIRES: a record type of `subjects`; of a cohort: see `cohort`.
  const RecordBinding* of(const expr::Type& record);
  [[nodiscard]] const SubjectSchema& subjects() const noexcept { return subjects_; }
  [[nodiscard]] std::size_t table(std::string_view name) const noexcept;

 private:
  void bind_field(const expr::Member& member, const RecordBinding& record, FieldBinding& out);
  const SubjectSchema& subjects_;
  std::map<const expr::Shape*, std::unique_ptr<RecordBinding>> made_;
};

}  // namespace dangbo::inline v1::rules
