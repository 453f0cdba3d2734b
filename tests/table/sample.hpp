// Tables and fields that several tests share. All people and units are invented.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "dangbo/table/schema.hpp"
#include "dangbo/table/table.hpp"

namespace dangbo::table::sample {

inline std::shared_ptr<const CodeSet> unit_kinds() {
  return std::make_shared<const CodeSet>(
      "kind", std::vector<Code>{
                  {"grassroots_committee", "DBCS", {"đảng bộ cơ sở", "grassroots committee"}, {}},
                  {"cell", "CB", {"chi bộ", "cell"}, {"chi bo truc thuoc"}},
                  {"grassroots_cell", "CBCS", {"chi bộ cơ sở", "grassroots cell"}, {}},
              });
}

inline Field field(std::string name, Type type, Role role = Role::kNone, bool required = false) {
  Field result;
  result.name = std::move(name);
  result.type = type;
  result.role = role;
  result.required = required;
  return result;
}

// One column of every type, `rows` rows, about a seventh of the values missing (none when `rows` is
// odd).
inline Table every_type(std::size_t rows, bool partial_dates, std::uint64_t seed = 7) {
  std::mt19937_64 random(seed);
  std::vector<Column> columns;
  columns.emplace_back("text", Type::kText);
  columns.emplace_back("code", Type::kCode);
  columns.emplace_back("date", Type::kDate);
  columns.emplace_back("int", Type::kInt);
  columns.emplace_back("bool", Type::kBool);
  columns.emplace_back("real", Type::kReal);
  columns[1].set_words(std::make_shared<const Words>(Words{"chi bộ", "đảng bộ", "tổ"}));
  for (std::size_t row = 0; row < rows; ++row) {
    for (Column& column : columns) {
      if (rows % 2 == 0 && random() % 7 == 0) {
        column.append_missing();
        continue;
      }
      const std::uint64_t value = random();
      switch (column.type()) {
        case Type::kText:
          column.append_text(std::string(value % 3, 'a') + (value % 5 == 0 ? "ộ" : ""));
          break;
        case Type::kCode:
          column.append_code(static_cast<std::int32_t>(value % 3));
          break;
        case Type::kDate:
          if (partial_dates && value % 4 == 0) {
            column.append_date(*time::PartialDate::from_year(1900 + static_cast<int>(value % 100)));
          } else {
            column.append_date(
                time::Date::from_days(static_cast<std::int32_t>(value % 40'000) - 20'000));
          }
          break;
        case Type::kInt:
          column.append_integer(static_cast<std::int64_t>(value));
          break;
        case Type::kBool:
          column.append_boolean(value % 2 == 0);
          break;
        case Type::kReal:
          column.append_real(static_cast<double>(value % 1000) / 8);
          break;
      }
    }
  }
  Provenance provenance;
  provenance.facts = {{"on", "2020-11-30"}};
  return Table("sample", std::move(columns), provenance);
}

}  // namespace dangbo::table::sample
