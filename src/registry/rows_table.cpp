// The rows of a table as a table.
#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "dangbo/base/problem.hpp"
#include "dangbo/base/text.hpp"
#include "dangbo/registry/history.hpp"
#include "registry/core.hpp"
#include "registry/history_tables.hpp"
#include "registry/row_values.hpp"

namespace dangbo::inline v1::registry {

using base::index_of;
using table::Column;
using table::Type;

namespace {

// Columns count the bytes of their text with 31 bits; no single text is longer than this.
constexpr std::size_t kMaxColumnText =
    std::numeric_limits<std::int32_t>::max() - std::size_t{TextHeap::kMaxText};

std::vector<std::uint32_t> known_rows(const TableStore& store, std::uint32_t commit,
                                      RowSlice slice) {
  const std::uint32_t count = store.rows_at(commit);
  const std::uint64_t end =
      std::min<std::uint64_t>(std::uint64_t{slice.first} + slice.count, count);
  std::vector<std::uint32_t> rows;
  for (std::uint64_t row = slice.first; row < end; ++row) {
    const auto number = static_cast<std::uint32_t>(row);
    if (store.is_known(number, commit)) rows.push_back(number);
  }
  return rows;
}

absl::Status too_much_text(const table::Field& field) {
  return base::problem_status(
      absl::StatusCode::kResourceExhausted,
      {.code = base::ProblemCode::kLimit,
       .place = {.file = "", .row = 0, .column = field.name},
       .value = "",
       .reason = {"cột có hơn 2 GiB văn bản", "more than 2 GiB of text in this column"},
       .fix = {"lấy từng phần của bảng", "take the table in slices"}});
}

}  // namespace

table::Table make_table(std::string name, std::vector<Column> columns, const Snapshot& snapshot) {
  table::Provenance provenance;
  provenance.facts.emplace_back("known_at", std::to_string(index_of(snapshot.commit())));
  if (snapshot.is_synthetic()) provenance.facts.emplace_back("data", "synthetic");
  return {std::move(name), std::move(columns), std::move(provenance)};
}

table::Table make_table(std::string name, std::initializer_list<Column*> columns,
                        const Snapshot& snapshot) {
  std::vector<Column> taken;
  for (Column* column : columns) taken.push_back(std::move(*column));
  return make_table(std::move(name), std::move(taken), snapshot);
}

absl::Status unknown_table(std::string_view name) {
  return base::problem_status(
      absl::StatusCode::kInvalidArgument,
      {.code = base::ProblemCode::kUnknownTable,
       .place = {},
       .value = base::shorten(name, 63),
       .reason = {"không có bảng nào tên như vậy", "there is no table of this name"},
       .fix = {"dùng tên của một bảng đã khai báo", "use the name of a declared table"}});
}

absl::StatusOr<table::Table> rows_table(const Snapshot& snapshot, std::string_view table_name,
                                        RowSlice slice) {
  const Core& core = snapshot.core();
  const TableStore* store = core.find_table(table_name);
  if (store == nullptr) return unknown_table(table_name);
  const std::vector<std::uint32_t> rows = known_rows(*store, index_of(snapshot.commit()), slice);
  std::vector<Column> columns;
  Column numbers("row_id", Type::kInt);
  for (const std::uint32_t row : rows) numbers.append_integer(row);
  columns.push_back(std::move(numbers));
  for (std::size_t field = 0; field < store->field_count(); ++field) {
    ValueColumn column(*store, field, core);
    for (const std::uint32_t row : rows) {
      if (column.text_bytes() > kMaxColumnText)
        return too_much_text(store->schema().fields()[field]);
      column.read(row);
    }
    columns.push_back(column.take());
  }
  return make_table(store->schema().name(), std::move(columns), snapshot);
}

}  // namespace dangbo::inline v1::registry
