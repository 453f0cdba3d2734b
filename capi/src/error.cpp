#include <absl/status/status.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo.h"
#include "dangbo/base/absl.hpp"
#include "dangbo/base/problem.hpp"
#include "dangbo/base/text.hpp"
#include "guard.hpp"
#include "handles.hpp"

namespace dangbo::inline v1::capi {

namespace {

constinit dangbo_error no_memory{DANGBO_E_MEMORY, nullptr};
constexpr const char* kNoMemoryVi = "không đủ bộ nhớ; không có gì thay đổi";
constexpr const char* kNoMemoryEn = "not enough memory; nothing was changed";

// What is not UTF-8 must not leave the library as text: every wrong byte becomes U+FFFD.
std::string valid_text(std::string_view text) {
  std::string valid;
  while (const auto bad = base::first_bad_utf8(text)) {
    valid += text.substr(0, *bad);
    valid += "\xEF\xBF\xBD";
    text.remove_prefix(*bad + 1);
  }
  valid += text;
  return valid;
}

base::Message summary(const base::ProblemList& problems) {
  if (problems.kept().empty()) return {"dữ liệu bị từ chối", "the data was refused"};
  const base::Problem& first = problems.kept().front();
  base::Message message{base::to_line(first, base::Language::kVietnamese),
                        base::to_line(first, base::Language::kEnglish)};
  if (problems.total() > 1) {
    const std::string count = std::to_string(problems.total());
    message.vi.insert(0, count + " chỗ sai; chỗ đầu: ");
    message.en.insert(0, count + " problems; the first: ");
  }
  return message;
}

Failure make(dangbo_status status, base::Message message, base::ProblemList problems) {
  auto detail = std::make_unique<ErrorDetail>(std::move(message), std::move(problems));
  Failure made(new dangbo_error(status, detail.get()));
  // Owned by the error from here on, which frees it.
  static_cast<void>(detail.release());
  return made;
}

dangbo_status code_of(const absl::Status& status) noexcept {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kFailedPrecondition:
      return DANGBO_E_ARGUMENT;
    case absl::StatusCode::kAborted:
      return DANGBO_E_REFUSED;
    case absl::StatusCode::kNotFound:
      return DANGBO_E_NOT_FOUND;
    case absl::StatusCode::kCancelled:
      return DANGBO_E_CANCELLED;
    default:
      return DANGBO_E_INTERNAL;
  }
}

const char* vietnamese_of(dangbo_status status) noexcept {
  switch (status) {
    case DANGBO_E_ARGUMENT:
      return "tham số không hợp lệ: ";
    case DANGBO_E_QUERY:
      return "câu hỏi không hợp lệ: ";
    case DANGBO_E_NOT_FOUND:
      return "không tìm thấy: ";
    case DANGBO_E_CANCELLED:
      return "đã dừng theo yêu cầu: ";
    case DANGBO_E_REFUSED:
      return "bị từ chối: ";
    default:
      return "lỗi bên trong thư viện: ";
  }
}

// The problem is one of a registry's file, not of a call out of turn.
bool is_of_file(const base::ProblemList& problems) {
  if (problems.empty()) return false;
  const base::ProblemCode code = problems.kept().front().code;
  return code >= base::ProblemCode::kFileBusy && code <= base::ProblemCode::kFileFault;
}

void append_text(table::Column& column, std::string_view text) {
  if (text.empty()) {
    column.append_missing();
  } else if (base::first_bad_utf8(text)) {
    column.append_text(valid_text(text));
  } else {
    column.append_text(text);
  }
}

}  // namespace

Failure failure(dangbo_status status, base::Message message) {
  return make(status, std::move(message), {});
}

Failure refused(base::ProblemList problems, dangbo_status status) {
  base::Message message = summary(problems);
  return make(status, std::move(message), std::move(problems));
}

Failure from_status(const absl::Status& status, dangbo_status invalid) {
  base::ProblemList problems = base::problems_of(status);
  if (is_of_file(problems)) return refused(std::move(problems), DANGBO_E_FILE);
  // A limit of the library is a refusal that names it; everything else exhausted is memory.
  const bool is_exhausted = status.code() == absl::StatusCode::kResourceExhausted;
  const bool is_limit =
      !problems.empty() && problems.kept().front().code == base::ProblemCode::kLimit;
  if (is_exhausted && !is_limit) return Failure(out_of_memory());
  const bool is_refusal = is_exhausted || status.code() == absl::StatusCode::kInvalidArgument;
  dangbo_status code = code_of(status);
  if (is_refusal && (invalid == DANGBO_E_QUERY || !problems.empty())) code = invalid;
  if (!problems.empty()) return refused(std::move(problems), code);
  const std::string text(base::to_std(status.message()));
  return failure(code, {vietnamese_of(code) + text, text});
}

dangbo_error* out_of_memory() noexcept {
  return &no_memory;
}

dangbo_error* internal_fault(const char* what) noexcept {
  try {
    return failure(DANGBO_E_INTERNAL, {std::string("lỗi bên trong thư viện: ") + what,
                                       std::string("a fault inside the library: ") + what})
        .release();
  } catch (...) {
    return out_of_memory();
  }
}

Failure bad_handle(const char* name, bool is_null) {
  const std::string quoted = std::string("“") + name + "”";
  if (is_null) {
    return failure(DANGBO_E_ARGUMENT,
                   {"tham số " + quoted + " là NULL", "the argument " + quoted + " is NULL"});
  }
  return failure(DANGBO_E_ARGUMENT,
                 {"tham số " + quoted + " không đúng loại hoặc đã được giải phóng",
                  "the argument " + quoted + " is of another kind or was freed"});
}

Failure read_text(const char* data, std::size_t size, const char* name, std::string_view& out) {
  out = {};
  if (size == 0) return nullptr;
  if (data == nullptr) return bad_handle(name, true);
  const std::string quoted = std::string("“") + name + "”";
  if (size > static_cast<std::size_t>(std::numeric_limits<std::ptrdiff_t>::max())) {
    return failure(DANGBO_E_ARGUMENT, {"độ dài của " + quoted + " không hợp lệ",
                                       "the size of " + quoted + " is impossible"});
  }
  const std::string_view text(data, size);
  if (const auto bad = base::first_bad_utf8(text)) {
    const std::string at = std::to_string(*bad);
    return failure(DANGBO_E_ARGUMENT, {quoted + " không phải UTF-8, từ byte " + at,
                                       quoted + " is not UTF-8 from byte " + at + " on"});
  }
  out = text;
  return nullptr;
}

Failure read_path(const char* data, std::size_t size, std::string& out) {
  std::string_view path;
  if (Failure bad = read_text(data, size, "path", path)) return bad;
  if (path.empty() || path.find('\0') != std::string_view::npos) {
    return failure(DANGBO_E_ARGUMENT, {"đường dẫn trống hoặc có byte 0 ở giữa",
                                       "the path is empty or has a zero byte inside"});
  }
  out = path;
  return nullptr;
}

table::Table problem_table(const base::ProblemList& problems) {
  constexpr std::size_t kTexts = 7;
  // The text of a column stays below 2^31 bytes.
  constexpr std::size_t kMostText = std::numeric_limits<std::int32_t>::max() / 4;
  table::Column code("code", table::Type::kInt);
  table::Column row("row", table::Type::kInt);
  std::vector<table::Column> texts;
  texts.reserve(kTexts);
  for (const char* name :
       {"file", "column", "value", "reason_vi", "reason_en", "fix_vi", "fix_en"}) {
    texts.emplace_back(name, table::Type::kText);
  }
  for (const base::Problem& problem : problems.kept()) {
    const std::string_view values[kTexts] = {
        problem.place.file, problem.place.column, problem.value, problem.reason.vi,
        problem.reason.en,  problem.fix.vi,       problem.fix.en};
    bool is_full = false;
    for (std::size_t i = 0; i < kTexts; ++i) {
      is_full = is_full || texts[i].text_bytes() + values[i].size() > kMostText;
    }
    if (is_full) break;
    code.append_integer(static_cast<std::int64_t>(problem.code));
    if (problem.place.row == 0) {
      row.append_missing();
    } else {
      row.append_integer(static_cast<std::int64_t>(problem.place.row));
    }
    for (std::size_t i = 0; i < kTexts; ++i) append_text(texts[i], values[i]);
  }
  std::vector<table::Column> columns;
  columns.reserve(kTexts + 2);
  columns.push_back(std::move(code));
  columns.push_back(std::move(texts[0]));
  columns.push_back(std::move(row));
  for (std::size_t i = 1; i < kTexts; ++i) columns.push_back(std::move(texts[i]));
  return {"problems", std::move(columns)};
}

}  // namespace dangbo::inline v1::capi

using namespace dangbo::capi;

dangbo_status dangbo_error_status(const dangbo_error* error) {
  if (error == nullptr) return DANGBO_OK;
  return is_live(error) ? error->status : DANGBO_E_ARGUMENT;
}

const char* dangbo_error_message(const dangbo_error* error, int32_t language) {
  if (!is_live(error)) return "";
  const bool is_english = language == DANGBO_LANGUAGE_EN;
  if (error->detail == nullptr) return is_english ? kNoMemoryEn : kNoMemoryVi;
  const dangbo::base::Message& message = error->detail->message;
  return is_english ? message.en.c_str() : message.vi.c_str();
}

uint64_t dangbo_error_problem_count(const dangbo_error* error) {
  return is_live(error) && error->detail != nullptr ? error->detail->problems.total() : 0;
}

dangbo_status dangbo_error_problems(const dangbo_error* error, dangbo_table** out) {
  return guard(nullptr, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(error, "error")) return bad;
    static const dangbo::base::ProblemList none;
    const auto& problems = error->detail == nullptr ? none : error->detail->problems;
    *out = new dangbo_table(problem_table(problems));
    return nullptr;
  });
}

void dangbo_error_free(dangbo_error* error) {
  if (!is_live(error) || error == &no_memory) return;
  delete error->detail;
  destroy(error);
}
