#include "dangbo/table/write.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "dangbo/base/text.hpp"

namespace dangbo::inline v1::table {

namespace {

constexpr char kHex[] = "0123456789ABCDEF";

void append_hex(std::string& out, std::uint32_t value, int digits) {
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
    out += kHex[(value >> shift) & 15U];
  }
}

// A value as text without a copy where the column holds text already; `scratch` keeps what had to
// be made.
std::string_view cell_text(const Column& column, std::size_t row, std::string& scratch) {
  if (column.is_missing(row)) {
    return {};
  }
  if (column.type() == Type::kText) {
    return column.text(row);
  }
  scratch = column.display(row);
  return scratch;
}

// Spaces at the ends are quoted too: RFC 4180 keeps them, but many readers do not.
bool needs_quotes(std::string_view text, char separator) noexcept {
  if (text.empty()) {
    return false;
  }
  const auto space = [](char c) { return c == ' ' || c == '\t'; };
  return space(text.front()) || space(text.back()) ||
         std::any_of(text.begin(), text.end(),
                     [&](char c) { return c == separator || c == '"' || c == '\r' || c == '\n'; });
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    out += c;
    if (c == '"') {
      out += '"';
    }
  }
  out += '"';
}

void append_csv_cell(std::string& out, std::string_view text, char separator, bool quote) {
  if (quote || needs_quotes(text, separator)) {
    append_quoted(out, text);
  } else {
    out += text;
  }
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
          out += "\\u";
          append_hex(out, static_cast<unsigned char>(c), 4);
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void append_json_value(std::string& out, const Column& column, std::size_t row,
                       std::string& scratch) {
  const Type type = column.type();
  if (column.is_missing(row) || (type == Type::kReal && !std::isfinite(column.real(row)))) {
    out += "null";  // JSON has no infinities
  } else if (type == Type::kInt || type == Type::kBool || type == Type::kReal) {
    out += column.display(row);
  } else {
    append_json_string(out, cell_text(column, row, scratch));
  }
}

// Code points that act on a terminal or on the order of the text instead of being seen.
bool is_hidden_control(std::uint32_t point) noexcept {
  return point < 0x20 || (point >= 0x7F && point <= 0x9F) || point == 0xAD || point == 0x61C ||
         (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
         (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF ||
         (point >= 0xFFF9 && point <= 0xFFFB) || (point >= 0xE0000 && point <= 0xE007F);
}

void append_escape(std::string& out, std::uint32_t point) {
  if (point == '\n') {
    out += "\\n";
  } else if (point == '\r') {
    out += "\\r";
  } else if (point == '\t') {
    out += "\\t";
  } else if (point < 0x80) {
    out += "\\x";
    append_hex(out, point, 2);
  } else {
    out += "\\u{";
    append_hex(out, point, point > 0xFFFF ? 5 : 4);
    out += '}';
  }
}

// The code point at `at` and its length. Text in tables is UTF-8; a stray byte is shown as an
// escape, never passed on.
std::uint32_t code_point_at(std::string_view text, std::size_t at, std::size_t& length) noexcept {
  const auto byte = [&](std::size_t index) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[index]));
  };
  const std::uint32_t first = byte(at);
  length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if ((first >= 0x80 && first < 0xC0) || at + length > text.size()) {
    length = 1;
    return 0x80;
  }
  std::uint32_t point = length == 1 ? first : first & (0xFFU >> (length + 1));
  for (std::size_t next = 1; next < length; ++next) {
    point = (point << 6) | (byte(at + next) & 0x3FU);
  }
  return point;
}

std::string without_controls(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = 1;
    const std::uint32_t point = code_point_at(text, at, length);
    if (is_hidden_control(point)) {
      append_escape(out, point);
    } else {
      out += text.substr(at, length);
    }
    at += length;
  }
  return out;
}

// A hostile cell must not make every line as long as itself: beyond this a cell pushes its own line
// only.
constexpr std::size_t kWidest = 60;

struct TextColumn {
  std::vector<std::string> cells;   // heading first
  std::vector<std::size_t> widths;  // as displayed
  std::size_t width = 0;
  bool right = false;
};

std::string shown(const Column& column, std::size_t row, base::Language language) {
  if (column.is_missing(row)) {
    return "-";
  }
  if (column.type() == Type::kBool) {
    const bool value = column.boolean(row);
    return language == base::Language::kVietnamese ? (value ? "có" : "không")
                                                   : (value ? "yes" : "no");
  }
  return without_controls(column.display(row));
}

TextColumn lay_out(const Column& column, base::Language language) {
  TextColumn result;
  result.right = column.type() == Type::kInt || column.type() == Type::kReal;
  result.cells.reserve(column.size() + 1);
  result.widths.reserve(column.size() + 1);
  const auto add = [&](std::string cell) {
    result.widths.push_back(base::display_width(cell));
    result.width = std::max(result.width, std::min(result.widths.back(), kWidest));
    result.cells.push_back(std::move(cell));
  };
  add(without_controls(column.name()));
  for (std::size_t row = 0; row < column.size(); ++row) {
    add(shown(column, row, language));
  }
  return result;
}

void end_line(std::string& out) {
  while (!out.empty() && out.back() == ' ') {
    out.pop_back();
  }
  out += '\n';
}

void append_line(std::string& out, const std::vector<TextColumn>& columns, std::size_t line) {
  for (std::size_t index = 0; index < columns.size(); ++index) {
    const TextColumn& column = columns[index];
    const std::size_t used = column.widths[line];
    const std::size_t padding = used < column.width ? column.width - used : 0;
    out += index == 0 ? "" : "  ";
    out.append(column.right ? padding : 0, ' ');
    out += column.cells[line];
    out.append(column.right ? 0 : padding, ' ');
  }
  end_line(out);
}

// What the library writes itself into a provenance is said in the reader's language; the rest is
// data.
std::string label_of(const std::string& key, base::Language language) {
  struct Label {
    std::string_view key, vi, en;
  };
  static constexpr Label kLabels[] = {
      {"with below", "cả dưới", "with below"},
      {"own", "riêng đơn vị", "own"},
      {"query", "câu hỏi", "query"},
      {"on", "ngày", "on"},
      {"frozen", "chốt theo dữ liệu biết đến", "frozen at"},
      {"known_at", "theo dữ liệu biết đến", "known at"},
      {"data", "dữ liệu", "data"},
      {"synthetic", "mô phỏng", "synthetic"},
      {"structure", "theo cơ cấu ngày", "structure of"},
      {"from", "từ ngày", "from"},
      {"to", "đến ngày", "to"},
      {"period", "kỳ", "period"},
      {"unit", "tổ chức", "unit"},
      {"filter", "điều kiện", "filter"},
      {"base", "mẫu số", "base"},
      {"scope", "phạm vi", "scope"},
      {"coverage", "dữ liệu bao quát", "coverage"},
      {"quarantined", "dòng bị gác lại", "quarantined"},
      {"pack", "bộ quy định", "pack"},
      {"evaluated", "số lượt xét", "evaluated"},
      {"unknown_columns", "cột không nhận ra", "unknown columns"},
  };
  for (const Label& label : kLabels) {
    if (label.key == key) {
      return std::string(language == base::Language::kVietnamese ? label.vi : label.en);
    }
  }
  return without_controls(key);
}

void append_provenance(std::string& out, const Provenance& provenance, base::Language language) {
  if (provenance.facts.empty() && provenance.notes.empty()) {
    return;
  }
  out += '\n';
  for (const auto& [key, value] : provenance.facts) {
    out += label_of(key, language) + ": ";
    const bool is_ours = key == "scope" || key == "data";
    out += is_ours ? label_of(value, language) : without_controls(value);
    end_line(out);
  }
  for (const base::Message& note : provenance.notes) {
    out += language == base::Language::kVietnamese ? "ghi chú: " : "note: ";
    out += without_controls(base::text_in(note, language));
    end_line(out);
  }
}

}  // namespace

std::string to_csv(const Table& table, const CsvOptions& options) {
  std::string out = options.byte_order_mark ? "\xEF\xBB\xBF" : "";
  std::string scratch;
  std::vector<std::size_t> columns = options.columns;
  for (std::size_t i = 0; options.columns.empty() && i < table.column_count(); ++i) {
    columns.push_back(i);
  }
  // A line of one empty cell would be an empty line, which readers skip.
  const bool lonely = columns.size() == 1;
  const auto line = [&](const auto& append_cell) {
    for (std::size_t index = 0; index < columns.size(); ++index) {
      if (index != 0) {
        out += options.separator;
      }
      append_cell(table.column(columns[index]));
    }
    out += "\r\n";
  };
  if (options.header) {
    line([&](const Column& column) {
      append_csv_cell(out, column.name(), options.separator, lonely && column.name().empty());
    });
  }
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    line([&](const Column& column) {
      const std::string_view text = cell_text(column, row, scratch);
      append_csv_cell(out, text, options.separator,
                      text.empty() && (lonely || !column.is_missing(row)));
    });
  }
  return out;
}

std::string to_json_lines(const Table& table) {
  std::string out;
  std::string scratch;
  std::vector<std::string> keys(table.column_count());
  for (std::size_t index = 0; index < keys.size(); ++index) {
    keys[index].push_back(index == 0 ? '{' : ',');
    append_json_string(keys[index], table.column(index).name());
    keys[index] += ':';
  }
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    for (std::size_t index = 0; index < keys.size(); ++index) {
      out += keys[index];
      append_json_value(out, table.column(index), row, scratch);
    }
    out += "}\n";
  }
  return out;
}

std::string to_text(const Table& table, base::Language language) {
  std::vector<TextColumn> columns;
  columns.reserve(table.column_count());
  for (std::size_t index = 0; index < table.column_count(); ++index) {
    columns.push_back(lay_out(table.column(index), language));
  }
  std::string out;
  if (!columns.empty()) {
    append_line(out, columns, 0);
    for (std::size_t index = 0; index < columns.size(); ++index) {
      out += index == 0 ? "" : "  ";
      out.append(columns[index].width, '-');
    }
    end_line(out);
  }
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    append_line(out, columns, row + 1);
  }
  if (table.row_count() == 0) {
    out += language == base::Language::kVietnamese ? "(không có dòng nào)\n" : "(no rows)\n";
  }
  append_provenance(out, table.provenance(), language);
  return out;
}

}  // namespace dangbo::inline v1::table
