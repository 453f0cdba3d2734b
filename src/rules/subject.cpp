#include "dangbo/rules/subject.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "dangbo/party/vocabulary.hpp"

namespace dangbo::inline v1::rules {

namespace {

using expr::Member;
using expr::Type;
using party::SchemaPtr;
using party::TableName;
using table::Field;
using table::Role;

// Tables that are no rows of a relation: what they say is a record of its own.
bool has_record_of_its_own(std::string_view table) {
  return table == TableName::kUnits || table == TableName::kMembers ||
         table == TableName::kMemberships;
}

// Kept for the machinery of loading, nothing the law speaks of.
bool is_of_the_machinery(std::string_view table) {
  return table == TableName::kBaselines || table == TableName::kQuarantine ||
         table == TableName::kCrossReferences;
}

Type type_of(const Field& field) {
  switch (field.type) {
    case table::Type::kCode:
      return field.codes != nullptr ? Type::enumeration(field.codes) : Type(expr::Kind::kString);
    case table::Type::kDate:
      return expr::Kind::kDate;
    case table::Type::kInt:
      return expr::Kind::kInt;
    case table::Type::kBool:
      return expr::Kind::kBool;
    case table::Type::kReal:
      return expr::Kind::kDouble;
    case table::Type::kText:
      break;
  }
  return expr::Kind::kString;
}

std::vector<Member> columns_of(const table::Schema& schema) {
  std::vector<Member> out;
  for (const Field& field : schema.fields()) {
    out.push_back({field.name, type_of(field), !field.required});
  }
  return out;
}

// A name of the table itself wins over what is derived.
void add(std::vector<Member>& to, std::string name, Type type, bool optional = false) {
  const auto same = [&](const Member& one) { return one.name == name; };
  if (std::none_of(to.begin(), to.end(), same)) to.push_back({std::move(name), type, optional});
}

bool names_unit(const table::Schema& schema) {
  return schema.find(Role::kUnit).has_value() || schema.find(Role::kSubject).has_value();
}

bool names_member(const table::Schema& schema) {
  return schema.find(Role::kMember).has_value() || schema.find(Role::kSubject).has_value();
}

const table::Schema& standard(std::string_view name) {
  const auto all = party::standard_schemas();
  return **std::find_if(all.begin(), all.end(),
                        [&](const SchemaPtr& one) { return one->name() == name; });
}

const Member* member_of(const Type& record, std::string_view name) {
  if (record.kind != expr::Kind::kRecord) return nullptr;
  for (const Member& one : record.shape->members) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

bool knows(const table::CodeSet& set, const std::vector<std::string>& words) {
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    const auto& ids = *set.ids();
    return std::find(ids.begin(), ids.end(), word) != ids.end();
  });
}

}  // namespace

// Shallow records first: what relations hold.
struct SubjectSchema::Records {
  Type unit_row;    // columns
  Type unit_above;  // columns and parent
  Type member_row;  // columns, standing, home_since, unit
  Type membership_row;
  std::map<std::string, Type, std::less<>>
      rows;  // by table: columns, unit, member, days of a period
  Type unit;
  Type member;
  Type unit_month;
  Type move;
  Type admission;

  explicit Records(std::span<const SchemaPtr> tables) {
    make_units_and_members();
    for (const SchemaPtr& one : tables) {
      if (!has_record_of_its_own(one->name())) rows.emplace(one->name(), row(*one));
    }
    rows.emplace(TableName::kMemberships, membership_row);
    make_subjects(tables);
  }

  void make_units_and_members() {
    std::vector<Member> columns = columns_of(standard(TableName::kUnits));
    unit_row = expr::record_type("unit_row", columns);
    add(columns, "parent", unit_row, true);
    unit_above = expr::record_type("unit_above", columns);

    columns = columns_of(standard(TableName::kMembers));
    add(columns, "standing", Type::enumeration(party::standings()), true);
    add(columns, "home_since", expr::Kind::kDate, true);
    add(columns, "unit", unit_row);
    add(columns, "grassroots_id", expr::Kind::kString, true);
    member_row = expr::record_type("member_row", std::move(columns));

    columns = columns_of(standard(TableName::kMemberships));
    add(columns, "unit", unit_row);
    add(columns, "member", member_row);
    membership_row = expr::record_type("row of memberships", std::move(columns));
  }

  [[nodiscard]] Type row(const table::Schema& schema) const {
    std::vector<Member> columns = columns_of(schema);
    if (names_unit(schema)) add(columns, "unit", unit_above, true);
    if (names_member(schema)) add(columns, "member", member_row, true);
    if (schema.kind() == table::TableKind::kPeriod) {
      add(columns, "first_day", expr::Kind::kDate, true);
      add(columns, "last_day", expr::Kind::kDate, true);
    }
    if (schema.name() == TableName::kCongresses) {
      add(columns, "previous_held_on", expr::Kind::kDate, true);
    }
    if (schema.name() == TableName::kEvaluations) {
      add(columns, "above_self_reviewed_on", expr::Kind::kDate, true);
      add(columns, "above_graded_on", expr::Kind::kDate, true);
    }
    return expr::record_type("row of " + schema.name(), std::move(columns));
  }

  void make_subjects(std::span<const SchemaPtr> tables) {
    std::vector<Member> columns = columns_of(standard(TableName::kUnits));
    add(columns, "parent", unit_above, true);
    for (const char* const name : {"ancestors", "children", "descendants"}) {
      add(columns, name, Type::list(unit_row));
    }
    add(columns, "members", Type::list(member_row));
    add(columns, "all_members", Type::list(member_row));
    add(columns, "memberships", Type::list(membership_row));
    add_relations(columns, tables, names_unit);
    unit = expr::record_type("unit", std::move(columns));

    columns = member_row.shape->members;
    add(columns, "memberships", Type::list(membership_row));
    add_relations(columns, tables, names_member);
    member = expr::record_type("member", std::move(columns));

    unit_month = expr::record_type(
        "unit_month", {{"unit", unit_above},
                       {"month", expr::Kind::kDate},
                       {"meetings", Type::list(rows.find(TableName::kMeetings)->second)}});
    make_moves();
  }

  void make_moves() {
    const Type decisions = Type::list(rows.find(TableName::kDecisions)->second);
    move = expr::record_type("move", {{"member", member_row},
                                      {"unit", unit_above},
                                      {"from_unit", unit_above, true},
                                      {"left_on", expr::Kind::kDate, true},
                                      {"arrived_on", expr::Kind::kDate, true},
                                      {"in_reason", Type::enumeration(party::in_reasons()), true},
                                      {"out_reason", Type::enumeration(party::out_reasons()), true},
                                      {"issued_on", expr::Kind::kDate, true},
                                      {"presented_on", expr::Kind::kDate, true}});
    admission = expr::record_type("admission", {{"member", member_row},
                                                {"unit", unit_above},
                                                {"admitted_on", expr::Kind::kDate, true},
                                                {"decisions", decisions}});
  }

  void add_relations(std::vector<Member>& to, std::span<const SchemaPtr> tables,
                     bool (*names)(const table::Schema&)) const {
    for (const SchemaPtr& one : tables) {
      if (has_record_of_its_own(one->name()) || is_of_the_machinery(one->name())) continue;
      if (names(*one)) add(to, one->name(), Type::list(rows.find(one->name())->second));
    }
  }
};

SubjectSchema::SubjectSchema(std::vector<SchemaPtr> host_tables) {
  const auto all = party::standard_schemas();
  tables_.assign(all.begin(), all.end());
  for (SchemaPtr& one : host_tables) {
    if (table(one->name()) == nullptr) tables_.push_back(std::move(one));
  }
  records_ = std::make_shared<const Records>(tables_);
}

const SchemaPtr* SubjectSchema::table(std::string_view name) const noexcept {
  for (const SchemaPtr& one : tables_) {
    if (one->name() == name) return &one;
  }
  return nullptr;
}

std::optional<Type> SubjectSchema::item(const Subject& subject) const {
  if (!knows(*party::unit_kinds(), subject.unit_kinds) ||
      !knows(*party::unit_classes(), subject.unit_classes)) {
    return std::nullopt;
  }
  switch (subject.kind) {
    case Subject::Kind::kUnit:
      return records_->unit;
    case Subject::Kind::kMember:
      return records_->member;
    case Subject::Kind::kUnitMonth:
      return records_->unit_month;
    case Subject::Kind::kMove:
      return records_->move;
    case Subject::Kind::kAdmission:
      return records_->admission;
    case Subject::Kind::kRow:
      break;
  }
  const auto found = records_->rows.find(subject.table);
  if (found == records_->rows.end() || is_of_the_machinery(subject.table)) return std::nullopt;
  return found->second;
}

std::optional<Type> SubjectSchema::self(const Subject& subject) const {
  std::optional<Type> one = item(subject);
  if (!one || !subject.is_cohort()) return one;
  for (const std::string& key : subject.by) {
    if (!at(*one, key)) return std::nullopt;
  }
  return expr::record_type("cohort", {{"items", Type::list(*one)}});
}

std::optional<Type> SubjectSchema::at(const Type& record, std::string_view path) {
  Type here = record;
  while (!path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    const Member* const next = member_of(here, path.substr(0, dot));
    if (next == nullptr) return std::nullopt;
    here = next->type;
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return here;
}

bool SubjectSchema::is_person(const Subject& subject) const {
  if (subject.is_cohort()) return false;
  switch (subject.kind) {
    case Subject::Kind::kUnit:
    case Subject::Kind::kUnitMonth:
      return false;
    case Subject::Kind::kMember:
    case Subject::Kind::kMove:
    case Subject::Kind::kAdmission:
      return true;
    case Subject::Kind::kRow:
      break;
  }
  const SchemaPtr* const rows = table(subject.table);
  if (rows == nullptr) return false;
  if ((*rows)->find(Role::kSubject)) return subject.subject_type != "unit";
  return (*rows)->find(Role::kMember).has_value();
}

}  // namespace dangbo::inline v1::rules
