#include "dangbo/registry/change.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo.h"
#include "dangbo/base/text.hpp"
#include "dangbo/load/load.hpp"
#include "dangbo/load/script.hpp"
#include "dangbo/table/arrow.hpp"
#include "dangbo/table/arrow/abi.h"
#include "dangbo/table/parse.hpp"
#include "dangbo/time/date.hpp"
#include "guard.hpp"
#include "handles.hpp"
#include "merge.hpp"

namespace dangbo::inline v1::capi {

Failure check_closed(const dangbo_change& change) {
  if (!change.open) return nullptr;
  return failure(DANGBO_E_ARGUMENT,
                 {"các dòng đã bắt đầu chưa được kết thúc", "rows were begun and not ended"});
}

registry::Change merged(const dangbo_change& change) {
  registry::Change all(*change.shared->registry);
  for (const registry::Change& part : change.parts) all.append(part);
  return all;
}

namespace {

using registry::Change;
using table::Column;
using table::Type;

// Rows are numbered through all tables of one source, as if they came in one piece.
void add_tables(const registry::Registry& registry, Change& part, std::string_view name,
                const std::vector<table::Table>& tables, std::string_view source) {
  const auto schema = registry.find_schema(name);
  if (schema == nullptr) {
    part.add_table(name, table::Table(), source);  // which says so, with the names there are
    return;
  }
  std::uint64_t first_row = 1;
  for (const table::Table& rows : tables) {
    base::ProblemList problems;
    table::Table fitted = table::conform(rows, *schema, source, first_row, problems);
    part.add_problems(std::move(problems));
    part.add_batch({.schema = schema,
                    .rows = std::move(fitted),
                    .source = std::string(source),
                    .first_row = first_row,
                    .headers = {}});
    first_row += rows.row_count();
  }
}

// Releases a stream that nobody took over: the host gave it away in every case.
struct StreamOwner {
  explicit StreamOwner(ArrowArrayStream* owned) noexcept : stream(owned) {}
  ~StreamOwner() {
    if (stream != nullptr && stream->release != nullptr) stream->release(stream);
  }
  StreamOwner(const StreamOwner&) = delete;
  StreamOwner& operator=(const StreamOwner&) = delete;
  ArrowArrayStream* stream;
};

load::Progress wrap(dangbo_progress progress, void* user) {
  if (progress == nullptr) return {};
  return [progress, user](std::string_view what, std::uint64_t done, std::uint64_t total) {
    return progress(user, std::string(what).c_str(), done, total) == 0;
  };
}

// ---- column buffers

Failure bad_column(std::string_view name, const char* vi, const char* en) {
  const std::string quoted = "“" + std::string(name) + "”";
  return failure(DANGBO_E_ARGUMENT, {"cột " + quoted + ": " + vi, "column " + quoted + ": " + en});
}

Failure not_begun() {
  return failure(DANGBO_E_ARGUMENT, {"chưa bắt đầu dòng nào (dangbo_change_begin_rows)",
                                     "no rows were begun (dangbo_change_begin_rows)"});
}

struct NewColumn {
  dangbo_change* change;
  std::string_view name;
};

// What all four kinds of columns check first.
Failure open_column(dangbo_change* change, const char* name, std::size_t name_size,
                    const void* values, NewColumn& out) {
  if (Failure bad = check(change, "change")) return bad;
  if (Failure bad = read_text(name, name_size, "name", out.name)) return bad;
  out.change = change;
  if (!change->open) return not_begun();
  if (out.name.empty()) {
    return failure(DANGBO_E_ARGUMENT, {"cột không có tên", "the column has no name"});
  }
  for (const Column& column : change->open->growing()) {
    if (column.name() == out.name) return bad_column(out.name, "đã có rồi", "is there already");
  }
  if (values == nullptr && change->open->count != 0) {
    return bad_column(out.name, "thiếu giá trị", "the values are NULL");
  }
  return nullptr;
}

// Builds a column row by row and adds it to the open rows. `append(column, row)` returns false for
// a value that does not fit and is described by `describe(row)`.
template <typename Append, typename Describe>
Failure add_column(const NewColumn& at, Type type, const std::uint8_t* validity, Append append,
                   Describe describe) {
  OpenRows& open = *at.change->open;
  Column column(std::string(at.name), type);
  column.reserve(open.count);
  base::ProblemList problems;
  for (std::size_t row = 0; row < open.count; ++row) {
    if (validity != nullptr && validity[row] == 0) {
      column.append_missing();
    } else if (!append(column, row)) {
      base::Problem problem = describe(row);
      problem.place = {.file = open.source, .row = row + 1, .column = std::string(at.name)};
      problems.add(std::move(problem));
    }
  }
  if (!problems.empty()) return refused(std::move(problems));
  open.growing().push_back(std::move(column));
  return nullptr;
}

template <typename Append>
Failure add_column(const NewColumn& at, Type type, const std::uint8_t* validity, Append append) {
  const auto always = [&](Column& column, std::size_t row) {
    append(column, row);
    return true;
  };
  return add_column(at, type, validity, always, [](std::size_t) { return base::Problem(); });
}

Failure check_offsets(const NewColumn& at, const char* bytes, const std::int64_t* offsets) {
  const std::size_t rows = at.change->open->count;
  if (rows == 0) return nullptr;
  if (offsets[0] != 0) {
    return bad_column(at.name, "“offsets” phải bắt đầu từ 0", "“offsets” must begin with 0");
  }
  for (std::size_t row = 0; row < rows; ++row) {
    if (offsets[row + 1] < offsets[row]) {
      return bad_column(at.name, "“offsets” giảm dần", "“offsets” go backwards");
    }
  }
  if (offsets[rows] > std::numeric_limits<std::int32_t>::max()) {
    return bad_column(at.name, "quá 2 GiB; chia thành nhiều lô nhỏ hơn",
                      "is over 2 GiB; give smaller batches");
  }
  if (bytes == nullptr && offsets[rows] != 0) {
    return bad_column(at.name, "“bytes” là NULL", "“bytes” is NULL");
  }
  return nullptr;
}

Failure add_text_column(const NewColumn& at, const char* bytes, const std::int64_t* offsets,
                        const std::uint8_t* validity) {
  if (Failure bad = check_offsets(at, bytes, offsets)) return bad;
  const auto text_of = [&](std::size_t row) {
    const auto size = static_cast<std::size_t>(offsets[row + 1] - offsets[row]);
    return size == 0 ? std::string_view() : std::string_view(bytes + offsets[row], size);
  };
  return add_column(
      at, Type::kText, validity,
      [&](Column& column, std::size_t row) {
        const std::string_view text = text_of(row);
        if (base::first_bad_utf8(text)) return false;
        column.append_text(text);
        return true;
      },
      [&](std::size_t row) {
        base::Problem problem;
        problem.code = base::ProblemCode::kBadUtf8;
        problem.value = std::string(text_of(row).substr(0, 64));
        problem.reason = {"không phải UTF-8", "not UTF-8"};
        problem.fix = {"đưa vào dưới dạng UTF-8", "hand it over as UTF-8"};
        return problem;
      });
}

Failure add_date_column(const NewColumn& at, const std::int32_t* days,
                        const std::uint8_t* validity) {
  return add_column(
      at, Type::kDate, validity,
      [&](Column& column, std::size_t row) {
        if (!is_day(days[row])) return false;
        column.append_date(time::PartialDate(time::Date::from_days(days[row])));
        return true;
      },
      [&](std::size_t row) {
        base::Problem problem;
        problem.code = base::ProblemCode::kOutOfRange;
        problem.value = std::to_string(days[row]);
        problem.reason = {"ngày nằm ngoài các năm 1400 … 9999",
                          "the day is outside the years 1400 … 9999"};
        problem.fix = {"đếm số ngày từ 1970-01-01", "count the days since 1970-01-01"};
        return problem;
      });
}

Failure begin(dangbo_change* change, OpenRows::Kind kind, const char* table, std::size_t table_size,
              std::uint64_t rows, const char* source, std::size_t source_size) {
  std::string_view name;
  std::string_view from;
  if (Failure bad = check(change, "change")) return bad;
  if (Failure bad = read_text(table, table_size, "table", name)) return bad;
  if (Failure bad = read_text(source, source_size, "source", from)) return bad;
  if (Failure bad = check_closed(*change)) return bad;
  // A table numbers its rows with 32 bits.
  if (rows > std::numeric_limits<std::uint32_t>::max()) {
    return failure(DANGBO_E_ARGUMENT, {"quá nhiều dòng trong một lô", "too many rows at once"});
  }
  change->open = OpenRows{kind, std::string(name), std::string(from), rows, {}, std::nullopt};
  return nullptr;
}

Failure begin_values(dangbo_change& change) {
  if (!change.open) return not_begun();
  if (change.open->kind != OpenRows::Kind::kCorrections || change.open->values) {
    return failure(DANGBO_E_ARGUMENT, {"chỉ bắt đầu giá trị một lần, trong một lô sửa",
                                       "values are begun once, in a batch of corrections"});
  }
  change.open->values.emplace();
  return nullptr;
}

Failure end_rows(dangbo_change& change) {
  if (!change.open) return not_begun();
  // Closed from here on, whatever happens.
  OpenRows open = *std::exchange(change.open, std::nullopt);
  const bool lacks_values =
      open.kind == OpenRows::Kind::kCorrections && (!open.values || open.values->empty());
  if (open.columns.empty() || lacks_values) {
    return failure(DANGBO_E_ARGUMENT, {"các dòng không có cột nào", "the rows have no columns"});
  }
  std::vector<table::Table> tables;
  tables.emplace_back(open.table, std::move(open.columns));
  const std::lock_guard lock(change.shared->writing);
  Change part(*change.shared->registry);
  if (open.kind == OpenRows::Kind::kNew) {
    add_tables(*change.shared->registry, part, open.table, tables, open.source);
  } else if (open.kind == OpenRows::Kind::kWithdrawals) {
    part.withdraw(open.table, tables.front(), open.source);
  } else {
    part.correct(open.table, tables.front(), table::Table(open.table, *std::move(open.values)),
                 open.source);
  }
  change.parts.push_back(std::move(part));
  return nullptr;
}

}  // namespace

bool is_day(std::int32_t days) noexcept {
  static const auto first = time::Date::from_ymd(1400, 1, 1);
  static const auto last = time::Date::from_ymd(9999, 12, 31);
  return first && last && first->days() <= days && days <= last->days();
}

}  // namespace dangbo::inline v1::capi

using namespace dangbo::capi;

dangbo_status dangbo_change_create(dangbo_registry* registry, dangbo_change** out,
                                   dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(registry, "registry")) return bad;
    *out = new dangbo_change(registry->shared);
    return nullptr;
  });
}

void dangbo_change_free(dangbo_change* change) {
  destroy(change);
}

dangbo_status dangbo_change_add_path(dangbo_change* change, const char* path, size_t path_size,
                                     dangbo_progress progress, void* user, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string file;
    if (Failure bad = check(change, "change")) return bad;
    if (Failure bad = read_path(path, path_size, file)) return bad;
    if (Failure bad = check_closed(*change)) return bad;
    const std::lock_guard lock(change->shared->writing);
    Change part(*change->shared->registry);
    const absl::Status status = dangbo::load::add_files(*change->shared->registry, part, {&file, 1},
                                                        {.progress = wrap(progress, user)});
    if (!status.ok()) return from_status(status, DANGBO_E_REFUSED);
    change->parts.push_back(std::move(part));
    return nullptr;
  });
}

dangbo_status dangbo_change_add_file(dangbo_change* change, const char* table, size_t table_size,
                                     const char* path, size_t path_size, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string file;
    std::string_view name;
    if (Failure bad = check(change, "change")) return bad;
    if (Failure bad = read_text(table, table_size, "table", name)) return bad;
    if (Failure bad = read_path(path, path_size, file)) return bad;
    if (Failure bad = check_closed(*change)) return bad;
    const std::lock_guard lock(change->shared->writing);
    Change part(*change->shared->registry);
    const absl::Status status = dangbo::load::add_file(*change->shared->registry, part, name, file);
    if (!status.ok()) return from_status(status, DANGBO_E_REFUSED);
    change->parts.push_back(std::move(part));
    return nullptr;
  });
}

dangbo_status dangbo_change_add_stream(dangbo_change* change, const char* table, size_t table_size,
                                       struct ArrowArrayStream* stream, const char* source,
                                       size_t source_size, dangbo_error** error) {
  const StreamOwner owner(stream);
  return guard(error, [&]() -> Failure {
    std::string_view name;
    std::string_view from;
    if (stream == nullptr) return bad_handle("stream", true);
    if (Failure bad = check(change, "change")) return bad;
    if (Failure bad = read_text(table, table_size, "table", name)) return bad;
    if (Failure bad = read_text(source, source_size, "source", from)) return bad;
    if (Failure bad = check_closed(*change)) return bad;
    const auto tables = dangbo::table::import_stream(stream);
    if (!tables.ok()) return from_status(tables.status(), DANGBO_E_REFUSED);
    const std::lock_guard lock(change->shared->writing);
    Change part(*change->shared->registry);
    add_tables(*change->shared->registry, part, name, *tables, from);
    change->parts.push_back(std::move(part));
    return nullptr;
  });
}

dangbo_status dangbo_change_add_script(dangbo_change* change, const char* path, size_t path_size,
                                       dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string file;
    if (Failure bad = check(change, "change")) return bad;
    if (Failure bad = read_path(path, path_size, file)) return bad;
    if (Failure bad = check_closed(*change)) return bad;
    const std::lock_guard lock(change->shared->writing);
    Change part(*change->shared->registry);
    const absl::Status status = dangbo::load::add_script(*change->shared->registry, part, file);
    if (!status.ok()) return from_status(status, DANGBO_E_REFUSED);
    change->parts.push_back(std::move(part));
    return nullptr;
  });
}

dangbo_status dangbo_change_add_script_text(dangbo_change* change, const char* text,
                                            size_t text_size, const char* source,
                                            size_t source_size, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view script;
    std::string_view name;
    if (Failure bad = check(change, "change")) return bad;
    if (Failure bad = read_text(text, text_size, "text", script)) return bad;
    if (Failure bad = read_text(source, source_size, "source", name)) return bad;
    if (Failure bad = check_closed(*change)) return bad;
    const std::lock_guard lock(change->shared->writing);
    Change part(*change->shared->registry);
    const absl::Status status =
        dangbo::load::add_script_text(*change->shared->registry, part, script, name);
    if (!status.ok()) return from_status(status, DANGBO_E_REFUSED);
    change->parts.push_back(std::move(part));
    return nullptr;
  });
}

dangbo_status dangbo_change_mark_synthetic(dangbo_change* change, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check(change, "change")) return bad;
    if (Failure bad = check_closed(*change)) return bad;
    const std::lock_guard lock(change->shared->writing);
    Change part(*change->shared->registry);
    part.mark_synthetic();
    change->parts.push_back(std::move(part));
    return nullptr;
  });
}

dangbo_status dangbo_change_begin_rows(dangbo_change* change, const char* table, size_t table_size,
                                       uint64_t rows, const char* source, size_t source_size,
                                       dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    return begin(change, OpenRows::Kind::kNew, table, table_size, rows, source, source_size);
  });
}

dangbo_status dangbo_change_begin_corrections(dangbo_change* change, const char* table,
                                              size_t table_size, uint64_t rows, const char* source,
                                              size_t source_size, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    return begin(change, OpenRows::Kind::kCorrections, table, table_size, rows, source,
                 source_size);
  });
}

dangbo_status dangbo_change_begin_withdrawals(dangbo_change* change, const char* table,
                                              size_t table_size, uint64_t rows, const char* source,
                                              size_t source_size, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    return begin(change, OpenRows::Kind::kWithdrawals, table, table_size, rows, source,
                 source_size);
  });
}

dangbo_status dangbo_change_begin_values(dangbo_change* change, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check(change, "change")) return bad;
    return begin_values(*change);
  });
}

dangbo_status dangbo_change_text_column(dangbo_change* change, const char* name, size_t name_size,
                                        const char* bytes, const int64_t* offsets,
                                        const uint8_t* validity, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    NewColumn column{};
    if (Failure bad = open_column(change, name, name_size, offsets, column)) return bad;
    return add_text_column(column, bytes, offsets, validity);
  });
}

dangbo_status dangbo_change_int64_column(dangbo_change* change, const char* name, size_t name_size,
                                         const int64_t* values, const uint8_t* validity,
                                         dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    NewColumn column{};
    if (Failure bad = open_column(change, name, name_size, values, column)) return bad;
    return add_column(column, Type::kInt, validity,
                      [&](Column& into, std::size_t row) { into.append_integer(values[row]); });
  });
}

dangbo_status dangbo_change_date_column(dangbo_change* change, const char* name, size_t name_size,
                                        const int32_t* days, const uint8_t* validity,
                                        dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    NewColumn column{};
    if (Failure bad = open_column(change, name, name_size, days, column)) return bad;
    return add_date_column(column, days, validity);
  });
}

dangbo_status dangbo_change_bool_column(dangbo_change* change, const char* name, size_t name_size,
                                        const uint8_t* values, const uint8_t* validity,
                                        dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    NewColumn column{};
    if (Failure bad = open_column(change, name, name_size, values, column)) return bad;
    return add_column(column, Type::kBool, validity, [&](Column& into, std::size_t row) {
      into.append_boolean(values[row] != 0);
    });
  });
}

dangbo_status dangbo_change_end_rows(dangbo_change* change, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check(change, "change")) return bad;
    return end_rows(*change);
  });
}

dangbo_status dangbo_change_check(const dangbo_change* change, dangbo_table** out,
                                  uint64_t* problems, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (problems != nullptr) *problems = 0;
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(change, "change")) return bad;
    if (Failure bad = check_closed(*change)) return bad;
    const std::lock_guard lock(change->shared->writing);
    const auto report = change->shared->registry->check(merged(*change));
    *out = new dangbo_table(problem_table(report.problems));
    if (problems != nullptr) *problems = report.problems.total();
    return nullptr;
  });
}
