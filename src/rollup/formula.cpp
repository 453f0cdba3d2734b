#include "rollup/formula.hpp"

namespace dangbo::inline v1::rollup {

using table::Type;

expr::Type type_of(const Column& column) {
  switch (column.field.type) {
    case Type::kCode:
      return column.field.codes != nullptr ? expr::Type::enumeration(column.field.codes)
                                           : expr::Type(expr::Kind::kString);
    case Type::kDate:
      return expr::Kind::kDate;
    case Type::kInt:
      return expr::Kind::kInt;
    case Type::kBool:
      return expr::Kind::kBool;
    default:
      return expr::Kind::kString;
  }
}

Formula::Formula(registry::Snapshot snapshot, expr::Expression expression,
                 std::vector<std::pair<std::size_t, Column>> columns, std::size_t variables,
                 std::size_t day)
    : snapshot_(std::move(snapshot)),
      expression_(std::move(expression)),
      columns_(std::move(columns)),
      day_(day),
      variables_(variables, expr::Value::error(expr::ErrorCode::kMissing)) {}

expr::Value Formula::value(const Placed& placed) const {
  for (const auto& [variable, column] : columns_) variables_[variable] = value_of(column, placed);
  variables_[day_] = expr::Value::date(placed.day);
  return expression_.evaluate(variables_);
}

expr::Value Formula::value_of(const Column& column, const Placed& placed) const {
  if (column.is_missing(placed)) return expr::Value::error(expr::ErrorCode::kMissing);
  if (column.field.type == Type::kInt) return expr::Value::integer(*column.integer(placed));
  const std::uint32_t number = column.number(placed);
  switch (column.field.type) {
    case Type::kCode:
      if (column.field.codes == nullptr)
        return expr::Value::borrowed_text(column.reader.word(number));
      return expr::Value::enumeration(static_cast<std::int32_t>(number),
                                      (*column.field.codes->ids())[number]);
    case Type::kDate:
      return expr::Value::date(
          time::PartialDate::from_code(static_cast<std::int32_t>(number)).first_day());
    case Type::kBool:
      return expr::Value::boolean(number != 0);
    default:
      break;
  }
  if (column.is_unit_key()) return expr::Value::borrowed_text(snapshot_.key_of(UnitSlot{number}));
  if (column.is_slot()) return expr::Value::borrowed_text(snapshot_.key_of(MemberSlot{number}));
  return expr::Value::borrowed_text(column.reader.text(column.row(placed)));
}

}  // namespace dangbo::inline v1::rollup
