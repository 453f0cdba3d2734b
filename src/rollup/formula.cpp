#include "rollup/formula.hpp"

#include <algorithm>

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

FormulaColumns::FormulaColumns(const Formula& formula)
    : formula_(formula),
      // What the pack profile accepted has columns.
      evaluator_(*expr::ColumnProgram::compile({&formula.expression_, 1})),
      gathered_(formula.columns_.size()),
      days_(kMostRows) {
  table_.columns.resize(formula.variables_.size());
}

const expr::ColumnResult& FormulaColumns::values(std::span<const Placed> rows) {
  table_.size = rows.size();
  for (std::size_t i = 0; i < formula_.columns_.size(); ++i) {
    const auto& [variable, column] = formula_.columns_[i];
    table_.columns[variable] = gather(column, rows, gathered_[i]);
  }
  table_.columns[formula_.day_] = gather_days(rows);
  if (!evaluator_.evaluate(table_, 0, rows.size(), results_).ok()) {
    // Cannot be: the columns are those of the expression. No answer is better than a wrong one.
    results_.assign(1, {});
    results_[0].errors.assign((rows.size() + 63) / 64, ~std::uint64_t{0});
    results_[0].reasons.assign(rows.size(), expr::ErrorCode::kUnbound);
    results_[0].truth.assign((rows.size() + 63) / 64, 0);
  }
  return results_.front();
}

expr::ColumnView FormulaColumns::gather_days(std::span<const Placed> rows) {
  const auto same = [&](const Placed& row) { return row.day == rows.front().day; };
  if (!rows.empty() && std::all_of(rows.begin(), rows.end(), same)) {
    return expr::ColumnView::one(expr::Value::date(rows.front().day));
  }
  for (std::size_t i = 0; i < rows.size(); ++i) days_[i] = rows[i].day.days();
  return expr::ColumnView::dates({days_.data(), rows.size()});
}

// Words of a vocabulary that grows with the data, each once.
void FormulaColumns::gather_words(const Column& column, std::span<const Placed> rows,
                                  Gathered& into) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::uint32_t number = column.number(rows[i]);
    if (number == kNone) {
      into.codes[i] = kNone;  // beyond every dictionary: missing
      continue;
    }
    if (number >= into.known.size()) into.known.resize(std::size_t{number} + 1);
    if (into.known[number] == 0) {
      into.dictionary.push_back(column.reader.word(number));
      into.known[number] = static_cast<std::uint32_t>(into.dictionary.size());
    }
    into.codes[i] = into.known[number] - 1;
  }
}

expr::ColumnView FormulaColumns::gather(const Column& column, std::span<const Placed> rows,
                                        Gathered& into) const {
  const std::size_t count = rows.size();
  into.valid.assign((count + 63) / 64, 0);
  const auto mark = [&](std::size_t i) { into.valid[i / 64] |= std::uint64_t{1} << (i % 64); };
  switch (column.field.type) {
    case Type::kInt:
      into.integers.resize(count);
      for (std::size_t i = 0; i < count; ++i) {
        const auto number = column.integer(rows[i]);
        into.integers[i] = number.value_or(0);
        if (number) mark(i);
      }
      return expr::ColumnView::integers(into.integers, into.valid.data());
    case Type::kCode:
      into.codes.resize(count);
      if (column.field.codes == nullptr) {
        gather_words(column, rows, into);
        return expr::ColumnView::texts(into.codes, into.dictionary);
      }
      for (std::size_t i = 0; i < count; ++i) into.codes[i] = column.number(rows[i]);
      return expr::ColumnView::codes(std::span<const std::uint32_t>(into.codes));
    case Type::kDate:
      into.days.resize(count);
      for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t code = column.number(rows[i]);
        if (code == kNone) continue;
        into.days[i] =
            time::PartialDate::from_code(static_cast<std::int32_t>(code)).first_day().days();
        mark(i);
      }
      return expr::ColumnView::dates(into.days, into.valid.data());
    case Type::kBool:
      into.bits.assign((count + 63) / 64, 0);
      for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t number = column.number(rows[i]);
        if (number == kNone) continue;
        mark(i);
        if (number != 0) into.bits[i / 64] |= std::uint64_t{1} << (i % 64);
      }
      return expr::ColumnView::booleans(into.bits.data(), count, into.valid.data());
    default:
      break;
  }
  into.texts.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const expr::Value value = formula_.value_of(column, rows[i]);
    into.texts[i] = value.as_text();
    if (!value.is_error()) mark(i);
  }
  return expr::ColumnView::texts(into.texts, into.valid.data());
}

}  // namespace dangbo::inline v1::rollup
