// A column a query names, bound to where its value stands for a counted row.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dangbo/time/date.hpp"
#include "rollup/world.hpp"

namespace dangbo::inline v1::rollup {

inline constexpr std::uint32_t kNone = 0xFFFFFFFFU;  // a missing value

// A row on its way into a cell: the row itself, and the rows of its unit and member on `day`.
struct Placed {
  RowId own = kNoRow;
  RowId member_row = kNoRow;
  RowId unit_row = kNoRow;
  UnitSlot unit = kNoUnitSlot;
  MemberSlot member = base::kNoMemberSlot;
  time::Date day;
};

enum class Source : std::uint8_t { kOwn, kMember, kUnit };

// Tư cách đảng viên on a day, from the two dates of a row of `members` (definitions.md 7).
[[nodiscard]] std::optional<std::uint32_t> standing_on(time::Date day,
                                                       std::optional<time::PartialDate> joined,
                                                       std::optional<time::PartialDate> full);

struct Column {
  std::string name;  // as the query writes it
  Source source = Source::kOwn;
  table::Field field;     // of the schema; for standing made up
  std::size_t index = 0;  // of the field in its table; of none for standing
  FieldReader reader;
  std::uint32_t missing_mark = 0;
  bool standing = false;
  std::vector<Column> dates;  // of standing: joined_date and full_date

  [[nodiscard]] RowId row(const Placed& placed) const noexcept {
    switch (source) {
      case Source::kMember:
        return placed.member_row;
      case Source::kUnit:
        return placed.unit_row;
      default:
        return placed.own;
    }
  }
  // Code, slot, flag, text reference or date code; kNone when missing. Not for kInt.
  [[nodiscard]] std::uint32_t number(const Placed& placed) const {
    const RowId at = row(placed);
    if (at == kNoRow) return kNone;
    if (standing) {
      return standing_on(placed.day, dates[0].reader.date(at), dates[1].reader.date(at))
          .value_or(kNone);
    }
    const std::uint32_t raw = reader.raw(at);
    return raw == missing_mark ? kNone : raw;
  }
  [[nodiscard]] std::optional<std::int64_t> integer(const Placed& placed) const {
    const RowId at = row(placed);
    return at == kNoRow ? std::nullopt : reader.integer(at);
  }
  [[nodiscard]] bool is_missing(const Placed& placed) const {
    return field.type == table::Type::kInt ? !integer(placed) : number(placed) == kNone;
  }
  [[nodiscard]] bool is_unit_key() const noexcept {
    return field.role == table::Role::kUnit || field.role == table::Role::kParent;
  }
  [[nodiscard]] bool is_slot() const noexcept {
    return is_unit_key() || field.role == table::Role::kMember;
  }
};

// REQUIRES: the field is one of `rows`.
[[nodiscard]] Column bind(const Rows& rows, std::size_t field, Source source, std::string name);
[[nodiscard]] Column bind_standing(const Rows& members, std::string name);

}  // namespace dangbo::inline v1::rollup
