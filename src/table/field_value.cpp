#include "field_value.hpp"

#include <cstddef>
#include <utility>
#include <vector>

#include "dangbo/base/text.hpp"

namespace dangbo::inline v1::table {

namespace {

// A problem quotes at most this many code points, "…" not counted.
constexpr std::size_t kQuoted = 63;
// Longer lists of codes help nobody.
constexpr std::size_t kListed = 12;

unsigned byte_at(std::string_view text, std::size_t index) noexcept {
  return static_cast<unsigned char>(text[index]);
}

bool is_ascii_space(unsigned byte) noexcept {
  return byte == 0x20 || (byte >= 0x09 && byte <= 0x0D);
}

// Bytes of the space that `text` starts with, 0 when it starts with none.
std::size_t leading_space(std::string_view text) noexcept {
  const unsigned first = byte_at(text, 0);
  if (is_ascii_space(first)) {
    return 1;
  }
  if (first == 0xC2 && text.size() >= 2 && byte_at(text, 1) == 0xA0) {
    return 2;  // U+00A0
  }
  if (text.size() < 3) {
    return 0;
  }
  const unsigned point =
      ((first & 0x0FU) << 12) | ((byte_at(text, 1) & 0x3FU) << 6) | (byte_at(text, 2) & 0x3FU);
  const bool three_bytes = (first & 0xF0U) == 0xE0U;
  // En quad … zero-width space, narrow no-break, mathematical and ideographic space, byte order
  // mark.
  const bool space = (point >= 0x2000 && point <= 0x200B) || point == 0x202F || point == 0x205F ||
                     point == 0x3000 || point == 0xFEFF;
  return three_bytes && space ? 3 : 0;
}

std::size_t trailing_space(std::string_view text) noexcept {
  const unsigned last = byte_at(text, text.size() - 1);
  if (last < 0x80) {
    return is_ascii_space(last) ? 1 : 0;
  }
  for (const std::size_t bytes : {std::size_t{2}, std::size_t{3}}) {
    if (text.size() >= bytes && leading_space(text.substr(text.size() - bytes)) == bytes) {
      return bytes;
    }
  }
  return 0;
}

base::Problem problem_of(base::ProblemCode code, std::string_view value, base::Message reason,
                         base::Message fix) {
  base::Problem problem;
  problem.code = code;
  problem.value = base::shorten(value, kQuoted);
  problem.reason = std::move(reason);
  problem.fix = std::move(fix);
  return problem;
}

const std::string& title_in(const Field& field, const std::string& title) {
  return title.empty() ? field.name : title;
}

// The code whose any spelling is nearest to `word`.
std::optional<std::size_t> nearest_code(const CodeSet& set, std::string_view word) {
  std::vector<std::string_view> spellings;
  std::vector<std::size_t> owners;
  for (std::size_t number = 0; number < set.codes().size(); ++number) {
    const Code& code = set.codes()[number];
    const auto add = [&](std::string_view spelling) {
      if (!spelling.empty()) {
        spellings.push_back(spelling);
        owners.push_back(number);
      }
    };
    add(code.csv);
    add(code.id);
    add(code.name.vi);
    add(code.name.en);
    for (const std::string& alias : code.aliases) {
      add(alias);
    }
  }
  const auto found = base::nearest(word, spellings.data(), spellings.size());
  return found ? std::optional<std::size_t>(owners[*found]) : std::nullopt;
}

const std::string& file_word(const Code& code) {
  return code.csv.empty() ? code.id : code.csv;
}

std::string described(const Code& code, const std::string& name) {
  return name.empty() ? file_word(code) : name + " (" + file_word(code) + ")";
}

}  // namespace

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t bytes = leading_space(text);
    if (bytes == 0) {
      break;
    }
    text.remove_prefix(bytes);
  }
  while (!text.empty()) {
    const std::size_t bytes = trailing_space(text);
    if (bytes == 0) {
      break;
    }
    text.remove_suffix(bytes);
  }
  return text;
}

bool is_surely_nfc(std::string_view text) noexcept {
  // Up to U+02FF, and U+1E00 … U+1EFF, where the Vietnamese letters are: none of them takes part in
  // composition as a second character and none has another canonical form.
  for (std::size_t at = 0; at < text.size();) {
    const unsigned byte = byte_at(text, at);
    if (byte < 0x80) {
      at += 1;
    } else if (byte < 0xCC) {
      at += 2;
    } else if (byte == 0xE1 && at + 2 < text.size() && byte_at(text, at + 1) >= 0xB8 &&
               byte_at(text, at + 1) <= 0xBB) {
      at += 3;
    } else {
      return false;
    }
  }
  return true;
}

std::optional<time::PartialDate> until_from(time::PartialDate given, bool inclusive) noexcept {
  if (given.is_exact() && !inclusive) {
    return given;
  }
  static const std::int32_t last = time::Date::from_ymd(9999, 12, 31)->days();
  const time::Date day = given.last_day();
  return day.days() >= last ? std::nullopt
                            : std::optional<time::PartialDate>(time::PartialDate(day.plus_days(1)));
}

base::Problem missing_value(const Field& field) {
  return problem_of(base::ProblemCode::kMissingValue, "",
                    {"thiếu giá trị bắt buộc", "a required value is missing"},
                    {"điền “" + title_in(field, field.title.vi) + "” cho dòng này",
                     "fill in “" + title_in(field, field.title.en) + "” for this row"});
}

base::Problem unknown_code(const Field& field, std::string_view value, bool suggest) {
  const CodeSet& set = *field.codes;
  base::Message fix;
  const auto near = suggest ? nearest_code(set, value) : std::nullopt;
  if (near) {
    const Code& code = set.codes()[*near];
    fix.vi = "có phải là " + described(code, code.name.vi) + "?";
    fix.en = "did you mean " + described(code, code.name.en) + "?";
  }
  if (set.codes().size() <= kListed && !set.codes().empty()) {
    std::string list;
    for (const Code& code : set.codes()) {
      list += (list.empty() ? "" : ", ") + file_word(code);
    }
    fix.vi += (fix.vi.empty() ? "mã dùng được: " : " Mã dùng được: ") + list;
    fix.en += (fix.en.empty() ? "known codes: " : " Known codes: ") + list;
  } else if (fix.vi.empty()) {
    fix = {"xem danh mục mã “" + set.name() + "”", "see the list of codes “" + set.name() + "”"};
  }
  return problem_of(base::ProblemCode::kUnknownCode, value,
                    {"không có trong danh mục mã “" + set.name() + "”",
                     "not in the list of codes “" + set.name() + "”"},
                    std::move(fix));
}

base::Problem bad_date(std::string_view value, time::DateFault fault) {
  switch (fault) {
    case time::DateFault::kNoSuchDay:
      return problem_of(base::ProblemCode::kImpossibleDate, value,
                        {"ngày không có trong lịch", "no such day in the calendar"},
                        {"kiểm tra lại ngày và tháng, ngày viết trước tháng: 30/11/2020",
                         "check day and month; the day comes before the month: 30/11/2020"});
    case time::DateFault::kTwoDigitYear:
      return problem_of(base::ProblemCode::kImpossibleDate, value,
                        {"năm chỉ có hai chữ số, không rõ thế kỷ",
                         "the year has two digits, so the century is not known"},
                        {"viết đủ bốn chữ số của năm: 30/11/2020",
                         "write all four digits of the year: 30/11/2020"});
    case time::DateFault::kNone:
    case time::DateFault::kNotADate:
      break;
  }
  return problem_of(
      base::ProblemCode::kImpossibleDate, value, {"không phải là ngày", "not a date"},
      {"viết ngày theo dạng 2020-11-30 hoặc 30/11/2020; chỉ biết tháng hoặc năm thì viết 2020-11 "
       "hoặc 2020",
       "write dates as 2020-11-30 or 30/11/2020; when only the month or the year is known, 2020-11 "
       "or 2020"});
}

base::Problem until_too_late(std::string_view value) {
  return problem_of(base::ProblemCode::kOutOfRange, value,
                    {"ngày kết thúc vượt quá lịch (hết năm 9999)",
                     "the end lies beyond the calendar (the year 9999)"},
                    {"chưa kết thúc thì để trống", "leave it empty when there is no end"});
}

base::Problem not_an_integer(std::string_view value, bool too_large) {
  if (too_large) {
    return problem_of(base::ProblemCode::kOutOfRange, value,
                      {"số nguyên quá lớn", "the whole number is too large"},
                      {"kiểm tra lại số; mã dài phải để ở cột chữ",
                       "check the number; long identifiers belong in a text column"});
  }
  return problem_of(base::ProblemCode::kNotANumber, value,
                    {"không phải là số nguyên", "not a whole number"},
                    {"viết liền các chữ số, không có dấu chấm, dấu phẩy hay khoảng trắng: 1025",
                     "write digits only, without points, commas or spaces: 1025"});
}

base::Problem not_a_real(std::string_view value) {
  return problem_of(
      base::ProblemCode::kNotANumber, value, {"không phải là số", "not a number"},
      {"viết số với dấu chấm thập phân: 12.5", "write it with a decimal point: 12.5"});
}

base::Problem not_a_boolean(std::string_view value) {
  return problem_of(base::ProblemCode::kUnknownCode, value,
                    {"không phải là có hoặc không", "neither yes nor no"},
                    {"viết có hoặc không, true hoặc false, 1 hoặc 0, hay đánh dấu x",
                     "write true or false, 1 or 0, có or không, or an x"});
}

base::Problem too_much_text(std::string_view value) {
  return problem_of(base::ProblemCode::kLimit, value,
                    {"cột chữ vượt 2 GB trong một lô", "the text of one batch exceeds 2 GB"},
                    {"chia dữ liệu thành các lô nhỏ hơn", "split the data into smaller batches"});
}

}  // namespace dangbo::inline v1::table
