// Tables as text: for files, pipes and people. Same table, same bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/base/problem.hpp"
#include "dangbo/table/table.hpp"

namespace dangbo::inline v1::table {

struct CsvOptions {
  char separator = ',';
  bool byte_order_mark = false;           // Excel needs it to read UTF-8
  bool header = true;                     // a file made piece by piece has one header
  std::vector<std::size_t> columns = {};  // numbers of the columns written; empty = all
};

// RFC 4180, CRLF line ends, missing values empty, formulas not defused (data is data).
[[nodiscard]] std::string to_csv(const Table& table, const CsvOptions& options = {});

// One JSON object a line, missing values null, integers as numbers.
[[nodiscard]] std::string to_json_lines(const Table& table);

// Aligned columns with a heading and the provenance below, for a terminal or a letter. Widths
// follow the text as displayed, so that Vietnamese marks do not shift columns. Control characters
// are shown as escapes.
[[nodiscard]] std::string to_text(const Table& table, base::Language language);

}  // namespace dangbo::inline v1::table
