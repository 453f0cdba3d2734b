#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo.h"
#include "dangbo/base/text.hpp"
#include "dangbo/expr/buffers.hpp"
#include "guard.hpp"
#include "handles.hpp"

using namespace dangbo::capi;
namespace expr = dangbo::expr;
namespace table = dangbo::table;

namespace {

Failure argument(dangbo::base::Message message) {
  return failure(DANGBO_E_ARGUMENT, std::move(message));
}

bool is_aligned(const void* at, std::size_t size) noexcept {
  return std::bit_cast<std::uintptr_t>(at) % size == 0;
}

// Values are there and lie where their type may lie.
Failure check_values(const void* values, std::uint64_t rows, std::size_t size, const char* name) {
  if (rows == 0) return nullptr;
  if (values == nullptr) return bad_handle(name, true);
  if (!is_aligned(values, size)) {
    const std::string quoted = "“" + std::string(name) + "”";
    return argument(
        {quoted + " không thẳng hàng theo kiểu của nó", quoted + " is not aligned for its type"});
  }
  return nullptr;
}

Failure check_rows(std::uint64_t rows) {
  if (rows <= 0xFFFF'FFFFU) return nullptr;
  return argument({"nhiều nhất 2^32 - 1 dòng", "at most 2^32 - 1 rows"});
}

Failure read_texts(const char* bytes, const std::int64_t* offsets, std::uint64_t count,
                   std::vector<std::string_view>& out) {
  if (count == 0) return nullptr;
  if (Failure bad = check_rows(count)) return bad;
  if (Failure bad = check_values(offsets, count, alignof(std::int64_t), "offsets")) return bad;
  bool ascend = offsets[0] >= 0;
  for (std::uint64_t i = 0; i < count && ascend; ++i) ascend = offsets[i] <= offsets[i + 1];
  if (!ascend) return argument({"“offsets” phải tăng dần", "“offsets” must ascend"});
  if (bytes == nullptr && offsets[count] != 0) return bad_handle("bytes", true);
  out.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string_view text(bytes == nullptr ? "" : bytes + offsets[i],
                                static_cast<std::size_t>(offsets[i + 1] - offsets[i]));
    if (dangbo::base::first_bad_utf8(text)) {
      return argument({"“bytes” không phải UTF-8", "“bytes” is not UTF-8"});
    }
    out.push_back(text);
  }
  return nullptr;
}

Failure check_result(const dangbo_expr_run* run, bool is_condition) {
  if (!run->run.has_result()) {
    return argument({"chưa tính: gọi dangbo_expr_run_evaluate",
                     "nothing was evaluated: call dangbo_expr_run_evaluate"});
  }
  if ((run->run.type() == table::Type::kBool) != is_condition) {
    return argument({"giá trị không thuộc kiểu này", "the value is not of this type"});
  }
  return nullptr;
}

std::int32_t type_number(table::Type type) noexcept {
  switch (type) {
    case table::Type::kCode:
      return DANGBO_TYPE_CODE;
    case table::Type::kDate:
      return DANGBO_TYPE_DATE;
    case table::Type::kInt:
      return DANGBO_TYPE_INT64;
    case table::Type::kBool:
      return DANGBO_TYPE_BOOL;
    case table::Type::kReal:
      return DANGBO_TYPE_REAL;
    default:
      return DANGBO_TYPE_TEXT;
  }
}

const void* values_of(const expr::BufferRun& run) noexcept {
  static constexpr std::int64_t kNothing = 0;  // what an empty vector points to may be null
  const expr::ColumnResult& result = run.result();
  if (result.size == 0) return &kNothing;
  switch (run.type()) {
    case table::Type::kInt:
      return result.integers.data();
    case table::Type::kReal:
      return result.reals.data();
    case table::Type::kText:
      return result.words.data();
    default:
      return result.small.data();
  }
}

}  // namespace

dangbo_status dangbo_expr_run_create(const dangbo_expr* expr, dangbo_expr_run** out,
                                     dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(expr, "expr")) return bad;
    auto made = expr::BufferRun::make(expr->expression);
    if (!made.ok()) return from_status(made.status(), DANGBO_E_QUERY);
    std::vector<dangbo::base::Message> reasons;
    for (int code = 0; code <= static_cast<int>(expr::ErrorCode::kEmpty); ++code) {
      reasons.push_back(expr::message_of(static_cast<expr::ErrorCode>(code)));
    }
    *out = new dangbo_expr_run(*std::move(made), std::move(reasons));
    return nullptr;
  });
}

dangbo_status dangbo_expr_run_column(dangbo_expr_run* run, const char* name, size_t name_size,
                                     int32_t type, const void* values, uint64_t rows,
                                     const uint8_t* validity, dangbo_error** error) {
  struct Known {
    table::Type type;
    std::size_t alignment;
  };
  static constexpr std::array<Known, 6> kKnown = {{{table::Type::kText, 0},
                                                   {table::Type::kCode, 4},
                                                   {table::Type::kDate, 4},
                                                   {table::Type::kInt, 8},
                                                   {table::Type::kBool, 1},
                                                   {table::Type::kReal, 8}}};
  return guard(error, [&]() -> Failure {
    std::string_view field;
    if (Failure bad = check(run, "run")) return bad;
    if (Failure bad = read_text(name, name_size, "name", field)) return bad;
    if (type <= DANGBO_TYPE_TEXT || type > DANGBO_TYPE_REAL) {
      return argument({"không có kiểu cột này", "there is no such type of column"});
    }
    const Known& known = kKnown[static_cast<std::size_t>(type)];
    if (Failure bad = check_rows(rows)) return bad;
    if (Failure bad = check_values(values, rows, known.alignment, "values")) return bad;
    const absl::Status done = run->run.set(field, known.type, values, rows, validity);
    return done.ok() ? nullptr : from_status(done, DANGBO_E_QUERY);
  });
}

dangbo_status dangbo_expr_run_text_column(dangbo_expr_run* run, const char* name, size_t name_size,
                                          const int32_t* codes, uint64_t rows, const char* bytes,
                                          const int64_t* offsets, uint64_t count,
                                          const uint8_t* validity, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view field;
    std::vector<std::string_view> texts;
    if (Failure bad = check(run, "run")) return bad;
    if (Failure bad = read_text(name, name_size, "name", field)) return bad;
    if (Failure bad = check_rows(rows)) return bad;
    if (codes != nullptr && !is_aligned(codes, alignof(std::int32_t))) {
      return check_values(codes, 1, alignof(std::int32_t), "codes");
    }
    if (Failure bad = read_texts(bytes, offsets, count, texts)) return bad;
    const absl::Status done = run->run.set_texts(field, codes, rows, std::move(texts), validity);
    return done.ok() ? nullptr : from_status(done, DANGBO_E_QUERY);
  });
}

dangbo_status dangbo_expr_run_evaluate(dangbo_expr_run* run, uint64_t rows, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check(run, "run")) return bad;
    if (Failure bad = check_rows(rows)) return bad;
    const absl::Status done = run->run.evaluate(rows);
    return done.ok() ? nullptr : from_status(done, DANGBO_E_QUERY);
  });
}

dangbo_status dangbo_expr_run_planes(const dangbo_expr_run* run, const uint64_t** yes,
                                     const uint64_t** no, dangbo_error** error) {
  static constexpr std::uint64_t kNothing = 0;
  return guard(error, [&]() -> Failure {
    if (yes != nullptr) *yes = nullptr;
    if (Failure bad = check_out(no, "no")) return bad;
    if (Failure bad = check_out(yes, "yes")) return bad;
    if (Failure bad = check(run, "run")) return bad;
    if (Failure bad = check_result(run, true)) return bad;
    const bool is_empty = run->run.result().size == 0;
    *yes = is_empty ? &kNothing : run->run.result().truth.data();
    *no = is_empty ? &kNothing : run->run.no().data();
    return nullptr;
  });
}

dangbo_status dangbo_expr_run_values(const dangbo_expr_run* run, const void** values,
                                     const uint64_t** valid, dangbo_error** error) {
  static constexpr std::uint64_t kNothing = 0;
  return guard(error, [&]() -> Failure {
    if (valid != nullptr) *valid = nullptr;
    if (Failure bad = check_out(values, "values")) return bad;
    if (Failure bad = check(run, "run")) return bad;
    if (Failure bad = check_result(run, false)) return bad;
    *values = values_of(run->run);
    if (valid != nullptr) *valid = run->run.valid().empty() ? &kNothing : run->run.valid().data();
    return nullptr;
  });
}

int32_t dangbo_expr_run_type(const dangbo_expr_run* run) {
  return is_live(run) ? type_number(run->run.type()) : -1;
}

const char* dangbo_expr_run_word(const dangbo_expr_run* run, int32_t number, size_t* size) {
  if (size != nullptr) *size = 0;
  if (!is_live(run) || !run->run.has_result() || number < 0) return "";
  const auto at = static_cast<std::size_t>(number);
  const std::string* word = nullptr;
  if (run->run.type() == table::Type::kText) {
    const auto& words = run->run.result().dictionary;
    if (at < words.size()) word = &words[at];
  } else if (run->run.type() == table::Type::kCode) {
    const auto& codes = run->run.result().type.shape->codes->codes();
    if (at < codes.size()) word = &codes[at].id;
  }
  if (word == nullptr) return "";
  if (size != nullptr) *size = word->size();
  return word->c_str();
}

const char* dangbo_expr_run_reason(const dangbo_expr_run* run, uint64_t row, int32_t language) {
  if (!is_live(run) || !run->run.has_result() || row >= run->run.result().size ||
      !run->run.result().is_error(row)) {
    return "";
  }
  const auto code = static_cast<std::size_t>(run->run.result().reasons[row]);
  const dangbo::base::Message& reason = run->reasons[code];
  return (language == DANGBO_LANGUAGE_EN ? reason.en : reason.vi).c_str();
}

void dangbo_expr_run_free(dangbo_expr_run* run) {
  destroy(run);
}
