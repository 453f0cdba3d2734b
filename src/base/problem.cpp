#include "dangbo/base/problem.hpp"

#include <absl/strings/cord.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <numeric>
#include <optional>
#include <tuple>
#include <utility>

#include "base/code_points.hpp"
#include "dangbo/base/absl.hpp"
#include "dangbo/base/text.hpp"

namespace dangbo::inline v1::base {

namespace {

constexpr std::size_t kMaxValue = 64;  // characters
constexpr std::string_view kPayloadUrl = "dangbo.detail";

// ---- one line for people

void append_hex(std::string& out, std::uint32_t value, unsigned digits) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (unsigned shift = 4 * digits; shift > 0; shift -= 4) {
    out += kDigits[(value >> (shift - 4)) & 0xFU];
  }
}

void append_escape(std::string& out, detail::CodePoint code_point) {
  switch (code_point) {
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  const auto value = static_cast<std::uint32_t>(code_point);
  const bool is_wide = value > 0xFFFF;
  out += is_wide ? "\\U" : "\\u";
  append_hex(out, value, is_wide ? 8 : 4);
}

// Characters that would break the line, move the terminal's cursor, turn the direction of the text,
// or not be seen.
bool is_unprintable(utf8proc_category_t category) noexcept {
  return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF ||
         category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

void append_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const detail::Decoded next = detail::decode_first(text);
    if (!next.well_formed) {
      out += "\\x";
      append_hex(out, static_cast<unsigned char>(text.front()), 2);
    } else if (is_unprintable(detail::category_of(next.code_point))) {
      append_escape(out, next.code_point);
    } else {
      out += text.substr(0, next.length);
    }
    text.remove_prefix(next.length);
  }
}

void append_place(std::string& out, const Place& place, bool vietnamese) {
  const auto separate = [&out] {
    if (!out.empty()) {
      out += ", ";
    }
  };
  append_escaped(out, place.file);
  if (place.row != 0) {
    separate();
    out += vietnamese ? "dòng " : "row ";
    out += std::to_string(place.row);
  }
  if (!place.column.empty()) {
    separate();
    out += vietnamese ? "cột " : "column ";
    append_escaped(out, place.column);
  }
}

// ---- the payload: "DBP1", total and count, then each problem; integers little-endian, texts with
// their length

constexpr std::string_view kMagic = "DBP1";
// Visits the texts of a problem in the order they are written, for as long as the visitor says
// true.
template <typename AnyProblem, typename Visitor>
bool visit_texts(AnyProblem& problem, Visitor visit) {
  return visit(problem.place.file) && visit(problem.place.column) && visit(problem.value) &&
         visit(problem.reason.vi) && visit(problem.reason.en) && visit(problem.fix.vi) &&
         visit(problem.fix.en);
}

void put(std::string& out, std::uint64_t value) {
  std::array<char, 8> bytes{};
  for (char& byte : bytes) {
    byte = static_cast<char>(value & 0xFFU);
    value >>= 8U;
  }
  out.append(bytes.data(), bytes.size());
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) noexcept : rest_(bytes) {}

  [[nodiscard]] std::optional<std::string_view> bytes(std::uint64_t count) noexcept {
    if (count > rest_.size()) {
      return std::nullopt;
    }
    const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(count));
    rest_.remove_prefix(taken.size());
    return taken;
  }
  [[nodiscard]] std::optional<std::uint64_t> number() noexcept {
    const auto eight = bytes(8);
    if (!eight) {
      return std::nullopt;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 8; i > 0; --i) {
      value = (value << 8U) | static_cast<unsigned char>((*eight)[i - 1]);
    }
    return value;
  }
  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::optional<Problem> read_problem(Reader& reader) {
  const auto code = reader.number();
  const auto row = reader.number();
  if (!code || !row || *code > 0x7FFFFFFFU) {
    return std::nullopt;
  }
  Problem problem;
  problem.code = static_cast<ProblemCode>(static_cast<std::int32_t>(*code));
  problem.place.row = *row;
  const bool complete = visit_texts(problem, [&reader](std::string& into) {
    const auto size = reader.number();
    const auto text = size ? reader.bytes(*size) : std::nullopt;
    into = text.value_or(std::string_view());
    return text.has_value();
  });
  if (!complete) {
    return std::nullopt;
  }
  return problem;
}

}  // namespace

const std::string& text_in(const Message& message, Language language) noexcept {
  return language == Language::kVietnamese ? message.vi : message.en;
}

std::string to_line(const Problem& problem, Language language) {
  const bool vietnamese = language == Language::kVietnamese;
  std::string line;
  append_place(line, problem.place, vietnamese);
  if (!line.empty()) {
    line += ": ";
  }
  if (!problem.value.empty()) {
    line += "«";
    append_escaped(line, problem.value);
    line += "»: ";
  }
  append_escaped(line, text_in(problem.reason, language));
  const std::string& fix = text_in(problem.fix, language);
  if (!fix.empty()) {
    if (!line.ends_with('.')) line += '.';
    line += vietnamese ? " Cách sửa: " : " Fix: ";
    append_escaped(line, fix);
  }
  return line;
}

void ProblemList::add(Problem problem) {
  ++total_;
  if (kept_.size() == kMaxKept) {
    return;
  }
  if (problem.value.size() > kMaxValue) {
    if (first_bad_utf8(problem.value)) {
      problem.value.resize(kMaxValue);
    } else if (code_points(problem.value) > kMaxValue) {
      problem.value = shorten(problem.value, kMaxValue - 1);
    }
  }
  kept_.push_back(std::move(problem));
}

void ProblemList::append(ProblemList other) {
  total_ += other.total_;
  if (kept_.empty()) {
    kept_ = std::move(other.kept_);
    return;
  }
  const std::size_t count = std::min(other.kept_.size(), kMaxKept - kept_.size());
  const auto end = other.kept_.begin() + static_cast<std::ptrdiff_t>(count);
  kept_.insert(kept_.end(), std::make_move_iterator(other.kept_.begin()),
               std::make_move_iterator(end));
}

void ProblemList::sort() {
  // Not std::stable_sort: clang refuses libstdc++ 12's. The place in the list settles ties.
  std::vector<std::size_t> order(kept_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [this](std::size_t left, std::size_t right) {
    const auto key = [this](const std::size_t& at) {
      const Problem& problem = kept_[at];
      return std::tie(problem.place.file, problem.place.row, problem.place.column, problem.code,
                      at);
    };
    return key(left) < key(right);
  });
  std::vector<Problem> sorted;
  sorted.reserve(kept_.size());
  for (const std::size_t at : order) {
    sorted.push_back(std::move(kept_[at]));
  }
  kept_ = std::move(sorted);
}

absl::Status problem_status(absl::StatusCode code, const ProblemList& problems) {
  std::string bytes(kMagic);
  put(bytes, problems.total());
  put(bytes, problems.kept().size());
  for (const Problem& problem : problems.kept()) {
    put(bytes, static_cast<std::uint64_t>(problem.code));
    put(bytes, problem.place.row);
    visit_texts(problem, [&bytes](const std::string& text) {
      put(bytes, text.size());
      bytes += text;
      return true;
    });
  }
  const std::string message = problems.kept().empty()
                                  ? std::string()
                                  : to_line(problems.kept().front(), Language::kEnglish);
  absl::Status status(code, to_absl(message));
  // From a view: Cord's constructor from std::string is a constrained template, whose name clang-19
  // and the g++ 12 that built Debian's Abseil spell differently.
  status.SetPayload(to_absl(kPayloadUrl), absl::Cord(to_absl(bytes)));
  return status;
}

absl::Status problem_status(absl::StatusCode code, Problem problem) {
  ProblemList problems;
  problems.add(std::move(problem));
  return problem_status(code, problems);
}

ProblemList problems_of(const absl::Status& status) {
  auto payload = status.GetPayload(to_absl(kPayloadUrl));
  if (!payload) {
    return {};
  }
  Reader reader(to_std(payload->Flatten()));
  const auto magic = reader.bytes(kMagic.size());
  const auto total = reader.number();
  const auto count = reader.number();
  if (!magic || *magic != kMagic || !total || !count) {
    return {};
  }
  ProblemList problems;
  for (std::uint64_t i = 0; i < *count; ++i) {
    auto problem = read_problem(reader);
    if (!problem) {
      return {};
    }
    problems.add(*std::move(problem));
  }
  // A list drops problems only when it is full.
  const bool total_fits = *total == *count || (*count == ProblemList::kMaxKept && *total > *count);
  if (!reader.at_end() || !total_fits) {
    return {};
  }
  problems.total_ = *total;
  return problems;
}

}  // namespace dangbo::inline v1::base
