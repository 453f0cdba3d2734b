// Rows written down as texts, for tests.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo/registry/registry.hpp"
#include "dangbo/table/table.hpp"

namespace dangbo::testing {

using TextRow = std::vector<std::string>;

// A table of text columns; "" is missing.
inline table::Table text_table(const std::vector<std::string>& header,
                               const std::vector<TextRow>& rows) {
  std::vector<table::Column> columns;
  for (std::size_t i = 0; i < header.size(); ++i) {
    table::Column column(header[i], table::Type::kText);
    for (const TextRow& row : rows) {
      if (row[i].empty()) {
        column.append_missing();
      } else {
        column.append_text(row[i]);
      }
    }
    columns.push_back(std::move(column));
  }
  return {"rows", std::move(columns)};
}

inline time::Date day(int year, int month, int day_of_month) {
  return *time::Date::from_ymd(year, month, day_of_month);
}

// Three levels: KHOI over cells A and B and committee D over cells D1 and D2.
inline void add_small_body(registry::Change& change) {
  change.add_table("units",
                   text_table({"unit_id", "from", "until", "parent_id", "kind", "name"},
                              {{"KHOI", "2010-01-01", "", "", "KHOI", "Đảng bộ Khối tỉnh Sông Lam"},
                               {"A", "2010-01-01", "", "KHOI", "CBCS", "Chi bộ Sở Mây"},
                               {"B", "2012-01-01", "2020-07-01", "KHOI", "CBCS", "Chi bộ Sở Gió"},
                               {"D", "2010-01-01", "", "KHOI", "DBCS", "Đảng bộ Sở Nắng"},
                               {"D1", "2010-01-01", "", "D", "CB", "Chi bộ 1"},
                               {"D2", "2010-01-01", "", "D", "CB", "Chi bộ 2"}}),
                   "units.csv");
  change.add_table(
      "members",
      text_table({"member_id", "sex"}, {{"m1", "nữ"}, {"m2", "nam"}, {"m3", "nữ"}, {"m4", ""}}),
      "members.csv");
  change.add_table("memberships",
                   text_table({"member_id", "unit_id", "kind", "from", "until"},
                              {{"m1", "A", "CHINHTHUC", "2011-03-01", ""},
                               {"m2", "B", "CHINHTHUC", "2012-05-01", "2020-07-01"},
                               {"m2", "D1", "CHINHTHUC", "2020-07-01", ""},
                               {"m3", "D2", "CHINHTHUC", "2015-01-01", "2019-01-01"},
                               {"m4", "D2", "CHINHTHUC", "2021-01-01", ""},
                               {"m1", "D1", "TAMTHOI", "2018-01-01", "2018-07-01"}}),
                   "memberships.csv");
}

// A registry with that body as its first commit.
inline std::unique_ptr<registry::Registry> small_body() {
  auto registry = registry::Registry::create();
  registry::Change change(*registry);
  add_small_body(change);
  EXPECT_TRUE(registry->commit(std::move(change), {}).ok());
  return registry;
}

}  // namespace dangbo::testing
