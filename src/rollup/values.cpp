#include "rollup/values.hpp"

#include <algorithm>

namespace dangbo::inline v1::rollup {

namespace {

using table::Role;
using table::Type;

bool is_slot(Role role) noexcept {
  return role == Role::kUnit || role == Role::kParent || role == Role::kMember ||
         role == Role::kSubject;
}

bool same(const Rows& rows, std::size_t field, RowId a, RowId b) {
  const FieldReader reader = rows.field(field);
  const table::Field& description = rows.schema().fields()[field];
  if (description.type == Type::kInt) return reader.integer(a) == reader.integer(b);
  if (description.type == Type::kText && !is_slot(description.role)) {
    return reader.is_missing(a) == reader.is_missing(b) && reader.text(a) == reader.text(b);
  }
  return reader.raw(a) == reader.raw(b);
}

// Of every role but kSubject, whose slots name units or members.
std::string text_of(const registry::Snapshot& snapshot, const FieldReader& reader,
                    const table::Field& field, RowId row) {
  if (reader.is_missing(row)) return {};
  switch (field.type) {
    case Type::kCode:
      return std::string(reader.word(reader.raw(row)));
    case Type::kBool:
      return reader.raw(row) != 0 ? "true" : "false";
    case Type::kInt:
      return std::to_string(*reader.integer(row));
    case Type::kDate:
      return reader.date(row)->to_string();
    default:
      break;
  }
  switch (field.role) {
    case Role::kUnit:
    case Role::kParent:
      return std::string(snapshot.key_of(UnitSlot{reader.raw(row)}));
    case Role::kMember:
      return std::string(snapshot.key_of(MemberSlot{reader.raw(row)}));
    case Role::kSubject:
      return {};
    default:
      return std::string(reader.text(row));
  }
}

}  // namespace

std::vector<std::size_t> fields_at_odds(const Rows& rows, const std::vector<std::size_t>& fields,
                                        time::Date day, RowId a, RowId b) {
  std::vector<std::size_t> odd;
  for (const std::size_t field : fields) {
    if (!same(rows, field, a, b)) odd.push_back(field);
  }
  if (rows.holds_on(a, day) == rows.holds_on(b, day)) return odd;
  for (const Role role : {Role::kFrom, Role::kUntil}) {
    const auto field = rows.schema().find(role);
    const bool listed = field && std::find(odd.begin(), odd.end(), *field) != odd.end();
    if (field && !listed && !same(rows, *field, a, b)) odd.push_back(*field);
  }
  return odd;
}

std::string field_text(const registry::Snapshot& snapshot, const Rows& rows, std::size_t field,
                       RowId row) {
  if (row == kNoRow) return {};
  if (rows.schema().fields()[field].role == Role::kSubject) {
    return std::string(rows.unit_of(row) != kNoUnitSlot ? snapshot.key_of(rows.unit_of(row))
                                                        : snapshot.key_of(rows.member_of(row)));
  }
  return text_of(snapshot, rows.field(field), rows.schema().fields()[field], row);
}

std::string column_text(const registry::Snapshot& snapshot, const Column& column,
                        const Placed& placed) {
  if (column.is_missing(placed)) return {};
  if (column.standing) return column.field.codes->codes()[column.number(placed)].id;
  return text_of(snapshot, column.reader, column.field, column.row(placed));
}

}  // namespace dangbo::inline v1::rollup
