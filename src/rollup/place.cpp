// Where a row belongs, and on which day (definitions.md 3, 4, 11, 13).
#include <algorithm>

#include "dangbo/base/absl.hpp"
#include "dangbo/base/make_room.hpp"
#include "dangbo/party/vocabulary.hpp"
#include "dangbo/time/period.hpp"
#include "rollup/input.hpp"

namespace dangbo::inline v1::rollup {

namespace {

constexpr auto kHome = static_cast<std::uint32_t>(party::MembershipKind::kHome);
constexpr auto kTemporary = static_cast<std::uint32_t>(party::MembershipKind::kTemporary);

bool all_pass(const std::vector<Filter>& filters, const Placed& placed) {
  return std::all_of(filters.begin(), filters.end(),
                     [&](const Filter& filter) { return filter.passes(placed); });
}

}  // namespace

bool Filter::matches(const Placed& placed) const {
  switch (column.field.type) {
    case table::Type::kCode:
    case table::Type::kBool: {
      const std::uint32_t number = column.number(placed);
      return number < by_code.size() && by_code[number];
    }
    case table::Type::kInt:
      return std::binary_search(integers.begin(), integers.end(), *column.integer(placed));
    case table::Type::kDate:
      return std::binary_search(numbers.begin(), numbers.end(), column.number(placed));
    default:
      break;
  }
  if (column.is_slot()) {
    return std::binary_search(numbers.begin(), numbers.end(), column.number(placed));
  }
  return std::binary_search(texts.begin(), texts.end(), column.reader.text(column.row(placed)),
                            std::less<>());
}

bool Filter::in_range(const Placed& placed) const {
  const auto within = [&](std::int64_t number) { return from <= number && number < until; };
  if (column.field.type == table::Type::kInt) return within(*column.integer(placed));
  const auto date = time::PartialDate::from_code(static_cast<std::int32_t>(column.number(placed)));
  const time::Date last = date.is_exact() ? date.first_day() : date.last_day();
  if (test == Test::kRange) return within(date.first_day().days()) && within(last.days());
  if (last > placed.day || (!date.is_exact() && !certain)) return false;
  return within(time::years_between(date.first_day(), placed.day)) &&
         within(time::years_between(last, placed.day));
}

bool Filter::passes(const Placed& placed) const {
  if (column.is_missing(placed)) return test == Test::kMissing;
  switch (test) {
    case Test::kMissing:
      return false;
    case Test::kPresent:
      return true;
    case Test::kEquals:
      return matches(placed);
    case Test::kNot:
      return !matches(placed);
    case Test::kRange:
    case Test::kYears:
      return in_range(placed);
  }
  return false;
}

std::uint64_t GroupColumn::coded_digit(const Placed& placed) const {
  if (column.is_missing(placed)) return radix - 1;
  if (!bands) return column.number(placed);
  if (!bands->of_years) return bands->band_of(*column.integer(placed));
  const auto date = time::PartialDate::from_code(static_cast<std::int32_t>(column.number(placed)));
  const auto band = bands->band_of(date, placed.day);
  return band ? *band : radix - 1;
}

std::uint64_t GroupColumn::digit(const Placed& placed) {
  if (formula) return digit_of(formula->value(placed));
  if (column.field.type != table::Type::kText || column.is_unit_key()) return coded_digit(placed);
  const std::uint32_t number = column.number(placed);
  return number == kNone ? radix - 1 : number_of(column.reader.text(column.row(placed)));
}

std::uint64_t GroupColumn::digit_of(const expr::Value& value) {
  switch (value.kind()) {
    case expr::Kind::kBool:
      return number_of(value.is_true() ? "true" : "false");
    case expr::Kind::kInt:
      return number_of(std::to_string(value.as_int()));
    case expr::Kind::kString:
    case expr::Kind::kEnum:
      return number_of(value.as_text());
    default:
      return radix - 1;
  }
}

std::uint64_t GroupColumn::number_of(std::string_view text) {
  const auto at = numbers_of_texts.find(base::to_absl(text));
  if (at != numbers_of_texts.end()) return at->second;
  if (texts.size() == kMaxTexts) {
    too_many = true;
    return 0;
  }
  const auto next = static_cast<std::uint32_t>(texts.size());
  texts.emplace_back(text);
  base::make_room(numbers_of_texts);
  numbers_of_texts.emplace(std::string(text), next);
  return next;
}

// The cheapest tests first: they decide for most rows of a long table.
bool Input::first_look(const World& world, const Placed& placed) const {
  switch (kind) {
    case Kind::kMembers:
    case Kind::kAdmissions:
      if (membership_kind.raw(placed.own) != kHome) return false;
      break;
    case Kind::kPersons: {
      const std::uint32_t code = membership_kind.raw(placed.own);
      if (code != kHome && code != kTemporary) return false;
      break;
    }
    default:
      break;
  }
  if (kind == Kind::kAdmissions && in_reason.raw(placed.own) != admission_code) return false;
  const bool holds = kind == Kind::kAdmissions || rows.holds_on(placed.own, world.day());
  return holds && rows.is_known(placed.own, world.view().known_at()) &&
         all_pass(own_filters, placed);
}

bool Input::in_period(RowId row) const {
  if (!period) return true;
  if (!period_field) return false;
  const std::string_view text = period_field->text(row);
  if (!period->text.empty()) return text == period->text;
  const auto days = time::period_days(text);
  return days && period->range.from_day() <= days->from_day() &&
         days->until_day() <= period->range.until_day();
}

// An admission is dated by the member's ceremony or decision, else by the first day of the row.
bool Input::find_admission_day(const World& world, Placed& placed, Tally& tally) const {
  const auto begins = rows.range(placed.own).from();
  const RowId row = world.member_row(placed.member, begins.value_or(world.day()));
  const auto written = row == kNoRow ? std::nullopt : admission_day.date(row);
  if (!written && !begins) {
    ++tally.no_day;
    return false;
  }
  placed.day = written ? written->first_day() : *begins;
  placed.member_row = begins ? row : world.member_row(placed.member, placed.day);
  if (period && !period->range.contains(placed.day)) return false;
  if (!written) ++tally.from_row;
  if (written && !written->is_exact()) ++tally.partial_day;
  return true;
}

bool Input::find_day(const World& world, Placed& placed, Tally& tally) const {
  placed.day = world.day();
  switch (kind) {
    case Kind::kAdmissions:
      return find_admission_day(world, placed, tally);
    case Kind::kEvent: {
      const auto day = day_field ? day_field->date(placed.own) : std::nullopt;
      if (!day) {
        ++tally.no_day;
        return false;
      }
      placed.day = day->first_day();
      if (period && !period->range.contains(placed.day)) return false;
      if (!day->is_exact()) ++tally.partial_day;
      return true;
    }
    case Kind::kEvaluations:
      return in_period(placed.own);
    case Kind::kPeriod: {
      if (!in_period(placed.own)) return false;
      const auto days =
          period_field ? time::period_days(period_field->text(placed.own)) : std::nullopt;
      if (days) placed.day = std::min(world.day(), time::Date::from_days(days->until_day() - 1));
      return true;
    }
    default:
      return true;
  }
}

UnitSlot Input::own_unit_of(RowId row) const {
  if (kind == Kind::kMembers || kind == Kind::kMemberships || kind == Kind::kPersons ||
      kind == Kind::kAdmissions || kind == Kind::kUnits) {
    return rows.unit_of(row);
  }
  for (const FieldReader& field : unit_fields) {
    const std::uint32_t slot = field.raw(row);
    if (slot != registry::kMissingWord) return UnitSlot{slot};
  }
  return unit_fields.empty() ? rows.unit_of(row) : kNoUnitSlot;
}

UnitSlot Input::unit_of(const World& world, const Placed& placed) const {
  const UnitSlot own = own_unit_of(placed.own);
  if (own != kNoUnitSlot || placed.member == base::kNoMemberSlot) return own;
  return world.home_of(placed.member, placed.day);
}

// Where the row of a member is shown under the structure asked, whose unit of the asked day it is.
UnitSlot Input::restated(const World& world, const Placed& placed) {
  const Restatement& to = *world.restatement();
  return to.place(placed.unit, [&] { return world.home_of(placed.member, to.day()); });
}

bool Input::stands_at_home(RowId row) const {
  return has_member && own_unit_of(row) == kNoUnitSlot;
}

Placed Input::look(const World& world, RowId row) const {
  Placed placed;
  placed.own = row;
  if (has_member) placed.member = rows.member_of(row);
  Tally ignored;
  static_cast<void>(find_day(world, placed, ignored));
  const bool known = placed.member != base::kNoMemberSlot;
  if (needs_member && known && kind != Kind::kAdmissions) {
    placed.member_row = world.member_row(placed.member, placed.day);
  }
  if (whole_only) return placed;
  placed.unit = unit_of(world, placed);
  const bool is_restated = world.restatement() != nullptr && placed.unit != kNoUnitSlot;
  if (is_restated) placed.unit = restated(world, placed);
  const time::Date day = is_restated ? world.tree_day() : placed.day;
  if (placed.unit != kNoUnitSlot) placed.unit_row = world.unit_row(placed.unit, day);
  return placed;
}

bool Input::meets_condition(const Placed& placed, Tally& tally) const {
  if (!condition) return true;
  const expr::Value value = condition->value(placed);
  if (value.is_error()) ++tally.undecided;
  return value.is_true();
}

bool Input::place(const World& world, Placed& placed, Tally& tally) const {
  return place_any(world, placed, tally) && meets_condition(placed, tally);
}

bool Input::place_any(const World& world, Placed& placed, Tally& tally) const {
  if (!first_look(world, placed)) return false;
  if (has_member) placed.member = rows.member_of(placed.own);
  if (!find_day(world, placed, tally)) return false;
  if (needs_member && placed.member != base::kNoMemberSlot && kind != Kind::kAdmissions) {
    placed.member_row = world.member_row(placed.member, placed.day);
  }
  if (!all_pass(member_filters, placed)) return false;
  if (whole_only) return true;
  placed.unit = unit_of(world, placed);
  if (placed.unit == kNoUnitSlot) {
    ++tally.no_place;
    return false;
  }
  time::Date day = placed.day;
  if (const Restatement* to = world.restatement(); to != nullptr && to->is_in_force(placed.unit)) {
    placed.unit = restated(world, placed);
    day = world.tree_day();
    if (placed.unit == kNoUnitSlot) {
      ++tally.not_restated;
      return false;
    }
  }
  placed.unit_row = world.unit_row(placed.unit, day);
  if (placed.unit_row == kNoRow) {
    ++tally.not_in_force;
    return false;
  }
  if (keep_units && !(*keep_units)[index_of(placed.unit)]) return false;
  return all_pass(unit_filters, placed);
}

}  // namespace dangbo::inline v1::rollup
