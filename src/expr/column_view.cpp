// Columns as they are given, and single values out of them.
#include <algorithm>
#include <limits>
#include <utility>

#include "dangbo/expr/columns.hpp"

namespace dangbo::inline v1::expr {

namespace {

bool is_valid(const ColumnView& view, std::size_t row) noexcept {
  return view.valid() == nullptr || ((view.valid()[row / 64] >> (row % 64)) & 1U) != 0;
}

Value missing() noexcept {
  return Value::error(ErrorCode::kMissing);
}

Value coded(const ColumnView& view, const Type& type, std::uint32_t code) noexcept {
  if (type.kind == Kind::kString) {
    return code < view.dictionary().size() ? Value::borrowed_text(view.dictionary()[code])
                                           : missing();
  }
  const auto& codes = type.shape->codes->codes();
  return code < codes.size() ? Value::enumeration(static_cast<std::int32_t>(code), codes[code].id)
                             : missing();
}

}  // namespace

ColumnView ColumnView::one(Value value) {
  ColumnView view;
  view.form_ = Form::kOne;
  view.kind_ = value.kind();
  view.size_ = std::numeric_limits<std::size_t>::max();
  view.value_ = std::move(value);
  return view;
}

ColumnView ColumnView::made(Form form, Kind kind, std::size_t size, const void* data,
                            const std::uint64_t* valid) {
  ColumnView view;
  view.form_ = form;
  view.kind_ = kind;
  view.size_ = size;
  view.data_ = data;
  view.valid_ = valid;
  return view;
}

ColumnView ColumnView::booleans(const std::uint64_t* bits, std::size_t size,
                                const std::uint64_t* valid) {
  return made(Form::kBits, Kind::kBool, size, bits, valid);
}

ColumnView ColumnView::integers(std::span<const std::int64_t> values, const std::uint64_t* valid) {
  return made(Form::kInt64, Kind::kInt, values.size(), values.data(), valid);
}

ColumnView ColumnView::durations(std::span<const std::int64_t> values, const std::uint64_t* valid) {
  return made(Form::kInt64, Kind::kDuration, values.size(), values.data(), valid);
}

ColumnView ColumnView::reals(std::span<const double> values, const std::uint64_t* valid) {
  return made(Form::kDouble, Kind::kDouble, values.size(), values.data(), valid);
}

ColumnView ColumnView::dates(std::span<const std::int32_t> days, const std::uint64_t* valid) {
  return made(Form::kInt32, Kind::kDate, days.size(), days.data(), valid);
}

ColumnView ColumnView::codes(std::span<const std::uint8_t> codes, const std::uint64_t* valid) {
  return made(Form::kCodes8, Kind::kEnum, codes.size(), codes.data(), valid);
}

ColumnView ColumnView::codes(std::span<const std::uint16_t> codes, const std::uint64_t* valid) {
  return made(Form::kCodes16, Kind::kEnum, codes.size(), codes.data(), valid);
}

ColumnView ColumnView::codes(std::span<const std::uint32_t> codes, const std::uint64_t* valid) {
  return made(Form::kCodes32, Kind::kEnum, codes.size(), codes.data(), valid);
}

ColumnView ColumnView::texts(std::span<const std::string_view> values, const std::uint64_t* valid) {
  return made(Form::kTexts, Kind::kString, values.size(), values.data(), valid);
}

ColumnView ColumnView::texts(std::span<const std::uint32_t> codes,
                             std::span<const std::string_view> dictionary,
                             const std::uint64_t* valid) {
  ColumnView view = made(Form::kCodes32, Kind::kString, codes.size(), codes.data(), valid);
  view.dictionary_ = dictionary;
  view.has_dictionary_ = true;
  return view;
}

ColumnView ColumnView::timestamps(std::span<const std::int64_t> seconds,
                                  std::span<const std::int32_t> nanoseconds,
                                  const std::uint64_t* valid) {
  ColumnView view = made(Form::kParts, Kind::kTimestamp,
                         std::min(seconds.size(), nanoseconds.size()), seconds.data(), valid);
  view.more_ = nanoseconds.data();
  return view;
}

ColumnView ColumnView::periods(std::span<const std::int32_t> months,
                               std::span<const std::int32_t> days, const std::uint64_t* valid) {
  ColumnView view =
      made(Form::kParts, Kind::kPeriod, std::min(months.size(), days.size()), months.data(), valid);
  view.more_ = days.data();
  return view;
}

ColumnView ColumnView::record(const ColumnTable& table) {
  ColumnView view = made(Form::kRecord, Kind::kRecord, table.size, nullptr, nullptr);
  view.table_ = &table;
  return view;
}

ColumnView ColumnView::record(const ColumnTable& table, std::span<const std::uint32_t> rows,
                              const std::uint64_t* valid) {
  ColumnView view = made(Form::kRecord, Kind::kRecord, rows.size(), rows.data(), valid);
  view.table_ = &table;
  return view;
}

ColumnView ColumnView::rows(const ColumnTable& child, std::span<const std::uint32_t> begin,
                            std::span<const std::uint32_t> end, const std::uint64_t* valid) {
  ColumnView view =
      made(Form::kRows, Kind::kList, std::min(begin.size(), end.size()), begin.data(), valid);
  view.more_ = end.data();
  view.table_ = &child;
  return view;
}

TableRows::TableRows(const ColumnTable& table, const Type& type)
    : table_(table), members_(type.shape->members), below_(members_.size()) {}

TableRows::TableRows(const ColumnTable& table, std::vector<Member> members)
    : table_(table), members_(std::move(members)), below_(members_.size()) {}

TableRows::~TableRows() = default;

const TableRows& TableRows::below(std::size_t field) const {
  if (!below_[field]) {
    const Type& type = members_[field].type;
    below_[field] = std::make_unique<TableRows>(*table_.columns[field].table(),
                                                type.kind == Kind::kList ? type.element() : type);
  }
  return *below_[field];
}

Value TableRows::field(std::size_t row, std::size_t field) const {
  using Form = ColumnView::Form;
  if (field >= table_.columns.size() || field >= members_.size()) return missing();
  const ColumnView& view = table_.columns[field];
  const Type& type = members_[field].type;
  if (view.form() == Form::kOne) {
    const bool is_code = view.kind() == Kind::kEnum;
    return is_code ? coded(view, type, static_cast<std::uint32_t>(view.value().as_int()))
                   : view.value();
  }
  if (row >= view.size() || view.kind() != type.kind || !is_valid(view, row)) return missing();
  switch (view.form()) {
    case Form::kBits:
      return Value::boolean(((view.data<std::uint64_t>()[row / 64] >> (row % 64)) & 1U) != 0);
    case Form::kInt64:
      return type.kind == Kind::kInt ? Value::integer(view.data<std::int64_t>()[row])
                                     : Value::duration(view.data<std::int64_t>()[row]);
    case Form::kInt32:
      return Value::date(time::Date::from_days(view.data<std::int32_t>()[row]));
    case Form::kDouble:
      return Value::real(view.data<double>()[row]);
    case Form::kCodes8:
      return coded(view, type, view.data<std::uint8_t>()[row]);
    case Form::kCodes16:
      return coded(view, type, view.data<std::uint16_t>()[row]);
    case Form::kCodes32:
      return coded(view, type, view.data<std::uint32_t>()[row]);
    case Form::kTexts:
      return Value::borrowed_text(view.data<std::string_view>()[row]);
    case Form::kParts:
      if (type.kind == Kind::kTimestamp) {
        return Value::timestamp(view.data<std::int64_t>()[row], view.more<std::int32_t>()[row]);
      }
      return Value::period(view.data<std::int32_t>()[row], view.more<std::int32_t>()[row]);
    case Form::kRecord: {
      const auto* rows = view.data<std::uint32_t>();
      const std::size_t at = rows == nullptr ? row : rows[row];
      return at < view.table()->size ? Value::record(below(field), at) : missing();
    }
    case Form::kRows:
      return Value::rows(below(field), view.data<std::uint32_t>()[row],
                         view.more<std::uint32_t>()[row]);
    default:
      return missing();
  }
}

}  // namespace dangbo::inline v1::expr
