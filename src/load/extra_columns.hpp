// Columns that no field of the table knows, carried as one JSON object a row.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "load/header.hpp"

namespace dangbo::inline v1::load::detail {

class ExtraColumns {
 public:
  // `extra_field`: the field of the table that carries them. A column of the file under that very
  // name holds objects written by an earlier load, which are taken over.
  ExtraColumns(const Header& header, std::optional<std::size_t> extra_field);

  [[nodiscard]] bool empty() const noexcept { return columns_.empty() && !carried_; }
  // The object of a row, in the order of the columns, without empty values; "" when there is none.
  // Valid until the next call. REQUIRES: at least header.needed fields, well-formed UTF-8.
  [[nodiscard]] std::string_view object_of(std::span<const std::string_view> fields);

 private:
  struct Unknown {
    std::size_t column;
    std::string key;  // as JSON, with quotes and colon
  };
  void add(std::string_view key, std::string_view value);

  std::vector<Unknown> columns_;
  std::optional<std::size_t> carried_;
  std::string carried_key_;
  std::string object_;
};

// Text as a JSON string, quotes included, at the end of `out`.
void append_json_string(std::string& out, std::string_view text);

}  // namespace dangbo::inline v1::load::detail
