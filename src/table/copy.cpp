#include "dangbo/table/copy.hpp"

namespace dangbo::inline v1::table {

void append_value(Column& to, const Column& from, std::size_t row) {
  if (from.is_missing(row)) return to.append_missing();
  switch (from.type()) {
    case Type::kText:
      return to.append_text(from.text(row));
    case Type::kCode:
      return to.append_code(from.code(row));
    case Type::kDate:
      return to.append_date(from.date(row));
    case Type::kInt:
      return to.append_integer(from.integer(row));
    case Type::kBool:
      return to.append_boolean(from.boolean(row));
    case Type::kReal:
      return to.append_real(from.real(row));
  }
}

}  // namespace dangbo::inline v1::table
