#include "dangbo/table/table.hpp"

#include <cassert>

namespace dangbo::inline v1::table {

std::optional<std::string_view> Provenance::find(std::string_view key) const noexcept {
  for (const auto& [name, value] : facts) {
    if (name == key) {
      return value;
    }
  }
  return std::nullopt;
}

Table::Table(std::string name, std::vector<Column> columns, Provenance provenance)
    : name_(std::move(name)),
      rows_(columns.empty() ? 0 : columns.front().size()),
      provenance_(std::move(provenance)) {
  columns_.reserve(columns.size());
  for (Column& column : columns) {
    assert(column.size() == rows_ && "columns of one table have one length");
    columns_.push_back(std::make_shared<const Column>(std::move(column)));
  }
}

std::optional<std::size_t> Table::find(std::string_view column_name) const noexcept {
  for (std::size_t index = 0; index < columns_.size(); ++index) {
    if (columns_[index]->name() == column_name) {
      return index;
    }
  }
  return std::nullopt;
}

}  // namespace dangbo::inline v1::table
