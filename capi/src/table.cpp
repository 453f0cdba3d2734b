#include "dangbo/table/table.hpp"

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "dangbo.h"
#include "dangbo/table/arrow.hpp"
#include "dangbo/table/arrow/abi.h"
#include "dangbo/table/write.hpp"
#include "guard.hpp"
#include "handles.hpp"

namespace dangbo::inline v1::capi {

namespace {

using table::Column;
using table::Type;

static_assert(static_cast<int>(Type::kText) == DANGBO_TYPE_TEXT);
static_assert(static_cast<int>(Type::kCode) == DANGBO_TYPE_CODE);
static_assert(static_cast<int>(Type::kDate) == DANGBO_TYPE_DATE);
static_assert(static_cast<int>(Type::kInt) == DANGBO_TYPE_INT64);
static_assert(static_cast<int>(Type::kBool) == DANGBO_TYPE_BOOL);
static_assert(static_cast<int>(Type::kReal) == DANGBO_TYPE_REAL);

// Null when the handle is no table or has no such column.
const Column* column_of(const dangbo_table* table, uint64_t column) noexcept {
  if (!is_live(table) || column >= table->table.column_count()) return nullptr;
  return &table->table.column(static_cast<std::size_t>(column));
}

Failure find_column(const dangbo_table* table, uint64_t index, const Column*& out) {
  if (Failure bad = check(table, "table")) return bad;
  out = column_of(table, index);
  if (out != nullptr) return nullptr;
  const std::string number = std::to_string(index);
  return failure(DANGBO_E_ARGUMENT, {"không có cột số " + number, "there is no column " + number});
}

// The values of a column of one type, lent. Points at something even when there are no rows.
template <typename Value, typename Values>
Failure lend(const dangbo_table* table, uint64_t index, Type type, const Value** out,
             Values values) {
  static constexpr Value kNone{};
  const Column* column = nullptr;
  if (Failure bad = check_out(out, "out")) return bad;
  if (Failure bad = find_column(table, index, column)) return bad;
  if (column->type() != type) {
    return failure(DANGBO_E_ARGUMENT, {"cột “" + column->name() + "” thuộc kiểu khác",
                                       "the column “" + column->name() + "” is of another type"});
  }
  *out = column->size() == 0 ? &kNone : values(*column).data();
  return nullptr;
}

std::string format_as(const table::Table& table, int32_t format, int32_t language) {
  switch (format) {
    case DANGBO_FORMAT_CSV:
      return table::to_csv(table);
    case DANGBO_FORMAT_CSV_EXCEL:
      return table::to_csv(table, {.byte_order_mark = true});
    case DANGBO_FORMAT_JSONL:
      return table::to_json_lines(table);
    default:
      return table::to_text(table, language == DANGBO_LANGUAGE_EN ? base::Language::kEnglish
                                                                  : base::Language::kVietnamese);
  }
}

table::Table facts_of(const table::Provenance& provenance) {
  Column keys("key", Type::kText);
  Column values("value", Type::kText);
  const auto add = [&](std::string_view key, std::string_view value) {
    keys.append_text(key);
    values.append_text(value);
  };
  for (const auto& [key, value] : provenance.facts) add(key, value);
  for (const base::Message& note : provenance.notes) {
    add("note_vi", note.vi);
    add("note_en", note.en);
  }
  std::vector<Column> columns;
  columns.push_back(std::move(keys));
  columns.push_back(std::move(values));
  return {"provenance", std::move(columns)};
}

}  // namespace

}  // namespace dangbo::inline v1::capi

using namespace dangbo::capi;

void dangbo_table_free(dangbo_table* table) {
  destroy(table);
}

uint64_t dangbo_table_row_count(const dangbo_table* table) {
  return is_live(table) ? table->table.row_count() : 0;
}

uint64_t dangbo_table_column_count(const dangbo_table* table) {
  return is_live(table) ? table->table.column_count() : 0;
}

const char* dangbo_table_column_name(const dangbo_table* table, uint64_t column) {
  const Column* found = column_of(table, column);
  return found == nullptr ? nullptr : found->name().c_str();
}

int32_t dangbo_table_column_type(const dangbo_table* table, uint64_t column) {
  const Column* found = column_of(table, column);
  return found == nullptr ? -1 : static_cast<int32_t>(found->type());
}

int32_t dangbo_table_is_missing(const dangbo_table* table, uint64_t column, uint64_t row) {
  const Column* found = column_of(table, column);
  if (found == nullptr || row >= found->size()) return 1;
  return found->is_missing(static_cast<std::size_t>(row)) ? 1 : 0;
}

dangbo_status dangbo_table_int64s(const dangbo_table* table, uint64_t column, const int64_t** out,
                                  dangbo_error** error) {
  return guard(error, [&] {
    return lend(table, column, Type::kInt, out, [](const Column& from) { return from.wide(); });
  });
}

dangbo_status dangbo_table_reals(const dangbo_table* table, uint64_t column, const double** out,
                                 dangbo_error** error) {
  return guard(error, [&] {
    return lend(table, column, Type::kReal, out, [](const Column& from) { return from.reals(); });
  });
}

dangbo_status dangbo_table_codes(const dangbo_table* table, uint64_t column, const int32_t** out,
                                 dangbo_error** error) {
  return guard(error, [&] {
    return lend(table, column, Type::kCode, out, [](const Column& from) { return from.narrow(); });
  });
}

dangbo_status dangbo_table_value(const dangbo_table* table, uint64_t column, uint64_t row,
                                 dangbo_text** out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    const Column* found = nullptr;
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = find_column(table, column, found)) return bad;
    if (row >= found->size()) {
      const std::string number = std::to_string(row);
      return failure(DANGBO_E_ARGUMENT,
                     {"không có dòng số " + number, "there is no row " + number});
    }
    *out = new dangbo_text(found->display(static_cast<std::size_t>(row)));
    return nullptr;
  });
}

dangbo_status dangbo_table_format(const dangbo_table* table, int32_t format, int32_t language,
                                  dangbo_text** out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(table, "table")) return bad;
    if (format < DANGBO_FORMAT_TEXT || format > DANGBO_FORMAT_JSONL) {
      return failure(DANGBO_E_ARGUMENT, {"không có dạng này", "there is no such format"});
    }
    if (language != DANGBO_LANGUAGE_VI && language != DANGBO_LANGUAGE_EN) {
      return failure(DANGBO_E_ARGUMENT, {"không có ngôn ngữ này", "there is no such language"});
    }
    *out = new dangbo_text(format_as(table->table, format, language));
    return nullptr;
  });
}

dangbo_status dangbo_table_provenance(const dangbo_table* table, dangbo_table** out,
                                      dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(table, "table")) return bad;
    *out = new dangbo_table(facts_of(table->table.provenance()));
    return nullptr;
  });
}

dangbo_status dangbo_table_export_stream(const dangbo_table* table, struct ArrowArrayStream* out,
                                         dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(table, "table")) return bad;
    std::vector<dangbo::table::Table> batches(1, table->table);
    dangbo::table::export_stream(std::move(batches), out);
    // Cleared by the export when memory ran out.
    return Failure(out->release == nullptr ? out_of_memory() : nullptr);
  });
}

const char* dangbo_text_data(const dangbo_text* text, size_t* size) {
  const bool is_text = is_live(text);
  if (size != nullptr) *size = is_text ? text->text.size() : 0;
  return is_text ? text->text.c_str() : "";
}

void dangbo_text_free(dangbo_text* text) {
  destroy(text);
}
