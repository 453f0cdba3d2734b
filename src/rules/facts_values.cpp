// Single values of entities.
#include <algorithm>

#include "dangbo/party/vocabulary.hpp"
#include "rules/facts.hpp"

namespace dangbo::inline v1::rules {

namespace {

using expr::ErrorCode;
using expr::Value;
using registry::FieldReader;
using Source = FieldBinding::Source;
using table::Role;
using table::Type;
using time::Date;

Value missing() noexcept {
  return Value::error(ErrorCode::kMissing);
}

Value word_of(party::Standing standing) {
  const auto number = static_cast<std::uint32_t>(standing);
  return Value::enumeration(static_cast<std::int32_t>(number),
                            (*party::standings()->ids())[number]);
}

}  // namespace

Value Facts::day_or_missing(std::int32_t day) const {
  const bool is_open = day == time::DateRange::kOpenFrom || day == time::DateRange::kOpenUntil;
  return is_open ? missing() : Value::date(Date::from_days(day));
}

Value Facts::column(std::size_t table, std::size_t column, RowId row) const {
  const table::Field& field = bindings_.subjects().tables()[table]->fields()[column];
  const FieldReader& reader = tables_->readers[table][column];
  if (reader.is_missing(row)) return missing();
  switch (field.type) {
    case Type::kCode: {
      const std::uint32_t code = reader.raw(row);
      if (field.codes == nullptr) return Value::borrowed_text(reader.word(code));
      return Value::enumeration(static_cast<std::int32_t>(code), (*field.codes->ids())[code]);
    }
    case Type::kDate: {
      const time::PartialDate day = *reader.date(row);
      // The first day after: a partial end is the day after its last possible one.
      if (field.role == Role::kUntil && !day.is_exact()) {
        return Value::date(day.last_day().plus_days(1));
      }
      return Value::date(day.first_day());
    }
    case Type::kInt:
      return Value::integer(*reader.integer(row));
    case Type::kBool:
      return Value::boolean(reader.raw(row) != 0);
    default:
      break;
  }
  switch (field.role) {
    case Role::kUnit:
    case Role::kParent:
      return Value::borrowed_text(snapshot().key_of(UnitSlot{reader.raw(row)}));
    case Role::kMember:
      return Value::borrowed_text(snapshot().key_of(MemberSlot{reader.raw(row)}));
    case Role::kSubject: {
      const UnitSlot unit = tables_->rows[table]->unit_of(row);
      return Value::borrowed_text(unit != kNoUnitSlot
                                      ? snapshot().key_of(unit)
                                      : snapshot().key_of(tables_->rows[table]->member_of(row)));
    }
    default:
      return Value::borrowed_text(reader.text(row));
  }
}

// Chính thức, dự bị, by definitions.md 7: unknown where a partial date spans the day.
Value Facts::standing(MemberSlot member) const {
  const RowId row = member_row(member);
  if (row == kNoRow) return missing();
  const table::Schema& schema = tables_->rows[members_]->schema();
  const auto joined = tables_->readers[members_][*schema.find("joined_date")].date(row);
  const auto full = tables_->readers[members_][*schema.find("full_date")].date(row);
  for (const auto& date : {joined, full}) {
    if (!date) continue;
    see(date->first_day().days());
    see(date->last_day().days());
  }
  if (full) {
    if (full->last_day() <= view_.day()) return word_of(party::Standing::kFull);
    if (full->first_day() <= view_.day()) return missing();
    if (!joined) return word_of(party::Standing::kProbationary);
  }
  if (!joined || joined->last_day() > view_.day()) return missing();
  return word_of(party::Standing::kProbationary);
}

// The organisation's own, else that of the nearest one above that has one.
Value Facts::epoch(std::size_t column_number, UnitSlot unit) const {
  const RowId row = unit_row(unit);
  if (row == kNoRow) return missing();
  Value own = column(units_, column_number, row);
  if (!own.is_error()) return own;
  see_tree();
  auto at = tree().position_of(unit);
  while (at != base::kNoPosition) {
    at = tree().parent_of(at);
    if (at == base::kNoPosition) break;
    const RowId above = unit_row(tree().slot_at(at));
    if (above == kNoRow) continue;
    own = column(units_, column_number, above);
    if (!own.is_error()) return own;
  }
  return own;
}

Value Facts::previous_held(RowId row) const {
  const std::size_t table = bindings_.table(party::TableName::kCongresses);
  const FieldReader& held =
      tables_->readers[table][*tables_->rows[table]->schema().find("held_on")];
  const auto own = held.date(row);
  std::int32_t latest = time::DateRange::kOpenFrom;
  std::vector<Entity> all;
  rows_of_unit(table, unit_of_row(table, row), all);
  for (const Entity other : all) {
    if (other == index_of(row)) continue;
    const auto day = held.date(RowId{static_cast<std::uint32_t>(other)});
    if (!day || (own && day->first_day() >= own->first_day())) continue;
    latest = std::max(latest, day->first_day().days());
  }
  return day_or_missing(latest);
}

// Tổ chức cơ sở đảng: the nearest unit of that class, the home itself included.
Value Facts::grassroots(MemberSlot member) const {
  const RowId home = home_row(member);
  if (home == kNoRow) return missing();
  see_tree();
  const std::size_t grade = *tables_->rows[units_]->schema().find("class");
  auto at = tree().position_of(tables_->rows[memberships_]->unit_of(home));
  for (; at != base::kNoPosition; at = tree().parent_of(at)) {
    const RowId row = unit_row(tree().slot_at(at));
    if (row == kNoRow) continue;
    const Value word = column(units_, grade, row);
    if (!word.is_error() && word.as_text() == "grassroots") {
      return Value::borrowed_text(snapshot().key_of(tree().slot_at(at)));
    }
  }
  return missing();
}

// The evaluation of the unit directly above: of a member, its home unit.
Value Facts::of_evaluation_above(std::string_view field, RowId row) const {
  const std::size_t table = bindings_.table(party::TableName::kEvaluations);
  const table::Schema& schema = tables_->rows[table]->schema();
  UnitSlot above = tables_->rows[table]->unit_of(row);
  if (above == kNoUnitSlot) {
    above = unit_of_row(table, row);
  } else {
    see_tree();
    const auto at = tree().position_of(above);
    const auto parent = at == base::kNoPosition ? at : tree().parent_of(at);
    above = parent == base::kNoPosition ? kNoUnitSlot : tree().slot_at(parent);
  }
  if (above == kNoUnitSlot) return missing();
  const FieldReader& period = tables_->readers[table][*schema.find("period")];
  const FieldReader& regime = tables_->readers[table][*schema.find("regime")];
  std::vector<Entity> rows;
  rows_of_unit(table, above, rows);
  for (const Entity other : rows) {
    const RowId at{static_cast<std::uint32_t>(other)};
    if (period.text(at) != period.text(row) || regime.raw(at) != regime.raw(row)) continue;
    return column(table, *schema.find(field), at);
  }
  return missing();
}

Value Facts::scalar(const RecordBinding& of, const FieldBinding& field, Entity entity) const {
  const RowId row{static_cast<std::uint32_t>(entity)};
  switch (field.source) {
    case Source::kColumn: {
      const RowId at = row_of(of, entity);
      return at == kNoRow ? missing() : column(of.table, field.column, at);
    }
    case Source::kEpoch:
      return epoch(field.column, UnitSlot{static_cast<std::uint32_t>(entity)});
    case Source::kStanding:
      return standing(MemberSlot{static_cast<std::uint32_t>(entity)});
    case Source::kHomeSince: {
      const RowId home = home_row(MemberSlot{static_cast<std::uint32_t>(entity)});
      return home == kNoRow ? missing()
                            : day_or_missing(tables_->rows[memberships_]->range(home).from_day());
    }
    case Source::kFirstDay:
    case Source::kLastDay: {
      const auto period = period_of(of.table, row);
      if (!period) return missing();
      return day_or_missing(field.source == Source::kFirstDay ? period->from_day()
                                                              : period->until_day() - 1);
    }
    case Source::kPreviousHeld:
      return previous_held(row);
    case Source::kGrassroots:
      return grassroots(MemberSlot{static_cast<std::uint32_t>(entity)});
    case Source::kAboveReviewed:
      return of_evaluation_above("self_reviewed_on", row);
    case Source::kAboveGraded:
      return of_evaluation_above("graded_on", row);
    case Source::kMonth:
      return Value::date(first_day_of_month(entity));
    case Source::kBegins:
      return day_or_missing(tables_->rows[memberships_]->range(row).from_day());
    case Source::kLeftOn: {
      const RowId before = home_before(row);
      return before == kNoRow
                 ? missing()
                 : day_or_missing(tables_->rows[memberships_]->range(before).until_day());
    }
    case Source::kOutReason: {
      const RowId before = home_before(row);
      if (before == kNoRow) return missing();
      return column(memberships_, *tables_->rows[memberships_]->schema().find("out_reason"),
                    before);
    }
    default:
      return missing();
  }
}

}  // namespace dangbo::inline v1::rules
