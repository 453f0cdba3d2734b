// The parts that every handle of client.hpp is made of: words, errors as exceptions, tables.
// Include client.hpp.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "dangbo.h"

namespace dangbo::client {

enum class Language : std::int32_t {
  kVietnamese = DANGBO_LANGUAGE_VI,
  kEnglish = DANGBO_LANGUAGE_EN,
};
enum class Scope : std::int32_t { kBelow = DANGBO_SCOPE_BELOW, kOwn = DANGBO_SCOPE_OWN };
enum class OpenMode : std::int32_t {
  kRead = DANGBO_OPEN_READ,
  kWrite = DANGBO_OPEN_WRITE,
  kCreate = DANGBO_OPEN_CREATE,
};
enum class Format : std::int32_t {
  kText = DANGBO_FORMAT_TEXT,
  kCsv = DANGBO_FORMAT_CSV,
  kCsvExcel = DANGBO_FORMAT_CSV_EXCEL,
  kJsonLines = DANGBO_FORMAT_JSONL,
};

class Table;

// Any status but DANGBO_OK.
class Error : public std::exception {
 public:
  Error(dangbo_status status, std::string vi, std::string en, std::uint64_t problem_count = 0,
        std::shared_ptr<const Table> problems = nullptr)
      : status_(status),
        vi_(std::move(vi)),
        en_(std::move(en)),
        problem_count_(problem_count),
        problems_(std::move(problems)) {}

  [[nodiscard]] dangbo_status status() const noexcept { return status_; }
  [[nodiscard]] const std::string& message(Language language) const noexcept {
    return language == Language::kEnglish ? en_ : vi_;
  }
  [[nodiscard]] const char* what() const noexcept override { return en_.c_str(); }
  // All of them, also those that the table has no room for.
  [[nodiscard]] std::uint64_t problem_count() const noexcept { return problem_count_; }
  // Null when the error is not about rows or a query.
  [[nodiscard]] const std::shared_ptr<const Table>& problems() const noexcept { return problems_; }

 private:
  dangbo_status status_;
  std::string vi_;
  std::string en_;
  std::uint64_t problem_count_;
  std::shared_ptr<const Table> problems_;
};

namespace detail {

template <typename T, void (*kFree)(T*)>
struct Free {
  void operator()(T* handle) const noexcept { kFree(handle); }
};
template <typename T, void (*kFree)(T*)>
using Handle = std::unique_ptr<T, Free<T, kFree>>;

using ErrorHandle = Handle<dangbo_error, dangbo_error_free>;
using TextHandle = Handle<dangbo_text, dangbo_text_free>;

[[noreturn]] inline void raise(dangbo_status status, dangbo_error* raw);

// Calls a function that takes `dangbo_error **error` last.
template <typename Function, typename... Arguments>
void call(Function function, Arguments... arguments) {
  dangbo_error* error = nullptr;
  const dangbo_status status = function(arguments..., &error);
  if (status != DANGBO_OK) raise(status, error);
}

// The same for one whose last argument before the error is the handle it makes.
template <typename Made, typename Function, typename... Arguments>
Made make(Function function, Arguments... arguments) {
  typename Made::pointer out = nullptr;
  call(function, arguments..., &out);
  return Made(out);
}

inline std::string take(dangbo_text* raw) {
  const TextHandle text(raw);
  std::size_t size = 0;
  const char* data = dangbo_text_data(text.get(), &size);
  return {data, size};
}

}  // namespace detail

// Rows and columns that the library made. Immutable: for any number of threads.
class Table {
 public:
  explicit Table(dangbo_table* owned) noexcept : handle_(owned) {}

  [[nodiscard]] const dangbo_table* get() const noexcept { return handle_.get(); }

  [[nodiscard]] std::uint64_t row_count() const noexcept {
    return dangbo_table_row_count(handle_.get());
  }
  [[nodiscard]] std::uint64_t column_count() const noexcept {
    return dangbo_table_column_count(handle_.get());
  }
  // "" when there is no such column.
  [[nodiscard]] std::string_view column_name(std::uint64_t column) const noexcept {
    const char* name = dangbo_table_column_name(handle_.get(), column);
    return name == nullptr ? std::string_view() : std::string_view(name);
  }
  // DANGBO_TYPE_…, -1 when there is no such column.
  [[nodiscard]] std::int32_t column_type(std::uint64_t column) const noexcept {
    return dangbo_table_column_type(handle_.get(), column);
  }
  [[nodiscard]] bool is_missing(std::uint64_t column, std::uint64_t row) const noexcept {
    return dangbo_table_is_missing(handle_.get(), column, row) != 0;
  }
  // row_count() values, lent for as long as the table lives; missing ones are 0.
  [[nodiscard]] const std::int64_t* int64s(std::uint64_t column) const {
    return values<std::int64_t>(dangbo_table_int64s, column);
  }
  [[nodiscard]] const double* reals(std::uint64_t column) const {
    return values<double>(dangbo_table_reals, column);
  }
  [[nodiscard]] const std::int32_t* codes(std::uint64_t column) const {
    return values<std::int32_t>(dangbo_table_codes, column);
  }
  [[nodiscard]] std::string value(std::uint64_t column, std::uint64_t row) const {
    dangbo_text* out = nullptr;
    detail::call(dangbo_table_value, handle_.get(), column, row, &out);
    return detail::take(out);
  }
  [[nodiscard]] std::string format(Format format, Language language) const {
    dangbo_text* out = nullptr;
    detail::call(dangbo_table_format, handle_.get(), static_cast<std::int32_t>(format),
                 static_cast<std::int32_t>(language), &out);
    return detail::take(out);
  }
  [[nodiscard]] Table provenance() const {
    dangbo_table* out = nullptr;
    detail::call(dangbo_table_provenance, handle_.get(), &out);
    return Table(out);
  }
  // Into *out, which is overwritten; the caller releases it.
  void export_stream(ArrowArrayStream* out) const {
    detail::call(dangbo_table_export_stream, handle_.get(), out);
  }

 private:
  template <typename Value, typename Function>
  const Value* values(Function function, std::uint64_t column) const {
    const Value* out = nullptr;
    detail::call(function, handle_.get(), column, &out);
    return out;
  }

  detail::Handle<dangbo_table, dangbo_table_free> handle_;
};

[[noreturn]] inline void detail::raise(dangbo_status status, dangbo_error* raw) {
  const ErrorHandle error(raw);
  const std::uint64_t count = dangbo_error_problem_count(raw);
  std::shared_ptr<const Table> problems;
  dangbo_table* table = nullptr;
  if (count != 0 && dangbo_error_problems(raw, &table) == DANGBO_OK) {
    problems = std::make_shared<const Table>(table);
  }
  // Without an error object the status is all there is to tell.
  const dangbo_status known = raw == nullptr ? status : dangbo_error_status(raw);
  throw Error(known, dangbo_error_message(raw, DANGBO_LANGUAGE_VI),
              dangbo_error_message(raw, DANGBO_LANGUAGE_EN), count, std::move(problems));
}

}  // namespace dangbo::client
