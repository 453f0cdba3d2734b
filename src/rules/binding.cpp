#include "rules/binding.hpp"

#include <string>
#include <utility>

namespace dangbo::inline v1::rules {

namespace {

using party::TableName;
using Source = FieldBinding::Source;

struct Named {
  std::string_view name;
  About about;
  std::string_view table;
};

constexpr Named kRecords[] = {
    {"unit", About::kUnit, TableName::kUnits},
    {"unit_above", About::kUnit, TableName::kUnits},
    {"unit_row", About::kUnit, TableName::kUnits},
    {"member", About::kMember, TableName::kMembers},
    {"member_row", About::kMember, TableName::kMembers},
    {"unit_month", About::kUnitMonth, TableName::kMeetings},
    {"move", About::kMove, TableName::kMemberships},
    {"admission", About::kAdmission, TableName::kMemberships},
    {"cohort", About::kCohort, TableName::kUnits},
};

struct Derived {
  std::string_view name;
  Source source;
};

// Names that stand for what no column holds. Columns of the table win.
constexpr Derived kDerived[] = {
    {"standing", Source::kStanding},
    {"home_since", Source::kHomeSince},
    {"first_day", Source::kFirstDay},
    {"last_day", Source::kLastDay},
    {"previous_held_on", Source::kPreviousHeld},
    {"month", Source::kMonth},
    {"arrived_on", Source::kBegins},
    {"admitted_on", Source::kBegins},
    {"grassroots_id", Source::kGrassroots},
    {"above_self_reviewed_on", Source::kAboveReviewed},
    {"above_graded_on", Source::kAboveGraded},
    {"left_on", Source::kLeftOn},
    {"out_reason", Source::kOutReason},
    {"unit", Source::kUnit},
    {"member", Source::kMember},
    {"parent", Source::kParent},
    {"from_unit", Source::kFromUnit},
    {"ancestors", Source::kAncestors},
    {"children", Source::kChildren},
    {"descendants", Source::kDescendants},
    {"members", Source::kMembers},
    {"all_members", Source::kAllMembers},
    {"items", Source::kItems},
};

bool has_columns(const RecordBinding& record) noexcept {
  return record.about == About::kUnit || record.about == About::kMember ||
         record.about == About::kRow;
}

}  // namespace

std::size_t Bindings::table(std::string_view name) const noexcept {
  const auto tables = subjects_.tables();
  for (std::size_t i = 0; i < tables.size(); ++i) {
    if (tables[i]->name() == name) return i;
  }
  return tables.size();
}

void Bindings::bind_field(const expr::Member& member, const RecordBinding& record,
                          FieldBinding& out) {
  const table::Schema& schema = *subjects_.tables()[record.table];
  const bool is_move = record.about == About::kMove;
  const auto column = schema.find(member.name);
  if (has_columns(record) && column) {
    out.column = *column;
    const bool is_epoch = record.about == About::kUnit && member.name == "epoch";
    out.source = is_epoch ? Source::kEpoch : Source::kColumn;
    return;
  }
  for (const Derived& one : kDerived) {
    if (one.name != member.name) continue;
    // Why a move ended is said by the membership before, all else by the one that begins.
    out.source = one.source;
    if (out.is_record()) out.target = of(member.type);
    if (out.is_list()) out.target = of(member.type.element());
    return;
  }
  if (member.type.kind == expr::Kind::kList) {
    out.target = of(member.type.element());
    out.table = table(member.name);
    const bool of_month = record.about == About::kUnitMonth;
    const bool of_unit = record.about == About::kUnit;
    out.source = of_month ? Source::kMeetingsOfMonth
                          : (of_unit ? Source::kRowsOfUnit : Source::kRowsOfMember);
    return;
  }
  if ((is_move || record.about == About::kAdmission) && column) out.column = *column;
}

const RecordBinding* Bindings::of(const expr::Type& record) {  // NOLINT(misc-no-recursion)
  const auto [entry, is_new] = made_.try_emplace(record.shape.get());
  if (!is_new) return entry->second.get();
  entry->second = std::make_unique<RecordBinding>();
  RecordBinding& made = *entry->second;
  made.type = record;
  made.about = About::kRow;
  const std::string& name = record.shape->name;
  for (const Named& one : kRecords) {
    if (one.name != name) continue;
    made.about = one.about;
    made.table = table(one.table);
  }
  constexpr std::string_view kRowOf = "row of ";
  if (made.about == About::kRow) made.table = table(name.substr(kRowOf.size()));
  made.fields.resize(record.shape->members.size());
  for (std::size_t i = 0; i < made.fields.size(); ++i) {
    bind_field(record.shape->members[i], made, made.fields[i]);
  }
  return &made;
}

}  // namespace dangbo::inline v1::rules
