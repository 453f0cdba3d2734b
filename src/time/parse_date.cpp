// One pass over the bytes: nothing is allocated, and every form is matched whole or not at all.
#include <cstddef>

#include "dangbo/time/date.hpp"

namespace dangbo::inline v1::time {

namespace {

constexpr unsigned digit_at(std::string_view text, std::size_t i) noexcept {
  return static_cast<unsigned>(static_cast<unsigned char>(text[i])) - unsigned{'0'};
}

constexpr ParsedDate refused(DateFault fault) noexcept {
  return {std::nullopt, fault};
}

ParsedDate day_or_fault(unsigned year, unsigned month, unsigned day) noexcept {
  const auto date =
      Date::from_ymd(static_cast<int>(year), static_cast<int>(month), static_cast<int>(day));
  return date ? ParsedDate{PartialDate(*date)} : refused(DateFault::kNoSuchDay);
}

ParsedDate partial_or_fault(std::optional<PartialDate> date) noexcept {
  return date ? ParsedDate{date} : refused(DateFault::kNoSuchDay);
}

// YYYY-MM-DD, the form of nearly every date of a large file. REQUIRES: ten bytes.
bool is_iso_day(std::string_view text) noexcept {
  // Numbers and not truth values, so that nothing branches.
  const auto wrong = [text](std::size_t i) { return digit_at(text, i) > 9 ? 1U : 0U; };
  const unsigned faults =
      wrong(0) | wrong(1) | wrong(2) | wrong(3) | wrong(5) | wrong(6) | wrong(8) | wrong(9);
  return faults == 0 && text[4] == '-' && text[7] == '-';
}

// REQUIRES: is_iso_day(text).
ParsedDate iso_day(std::string_view text) noexcept {
  const unsigned year = digit_at(text, 0) * 1000 + digit_at(text, 1) * 100 +
                        digit_at(text, 2) * 10 + digit_at(text, 3);
  return day_or_fault(year, digit_at(text, 5) * 10 + digit_at(text, 6),
                      digit_at(text, 8) * 10 + digit_at(text, 9));
}

// Spaces, tabs, line ends and the no-break space of spreadsheets.
std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view kNoBreak = "\xC2\xA0";
  constexpr std::string_view kSpaces = " \t\r\n\v\f";
  for (;;) {
    if (!text.empty() && kSpaces.find(text.front()) != std::string_view::npos) {
      text.remove_prefix(1);
    } else if (text.starts_with(kNoBreak)) {
      text.remove_prefix(2);
    } else {
      break;
    }
  }
  for (;;) {
    if (!text.empty() && kSpaces.find(text.back()) != std::string_view::npos) {
      text.remove_suffix(1);
    } else if (text.ends_with(kNoBreak)) {
      text.remove_suffix(2);
    } else {
      break;
    }
  }
  return text;
}

struct Number {
  unsigned value = 0;
  std::size_t digits = 0;
};

class Scanner {
 public:
  explicit Scanner(std::string_view text) noexcept : rest_(text) {}

  // As many digits as follow, at most four.
  Number number() noexcept {
    Number number;
    while (number.digits < 4 && number.digits < rest_.size() &&
           digit_at(rest_, number.digits) <= 9) {
      number.value = number.value * 10 + digit_at(rest_, number.digits);
      ++number.digits;
    }
    rest_.remove_prefix(number.digits);
    return number;
  }
  bool take(char byte) noexcept {
    const bool found = rest_.starts_with(byte);
    rest_.remove_prefix(found ? 1 : 0);
    return found;
  }
  // Exactly two digits that make a number below `limit`.
  bool two_digits_below(unsigned limit) noexcept {
    const Number found = number();
    return found.digits == 2 && found.value < limit;
  }
  // One byte, or NUL at the end.
  char peek() const noexcept { return rest_.empty() ? '\0' : rest_.front(); }
  bool at_end() const noexcept { return rest_.empty(); }
  std::string_view rest() const noexcept { return rest_; }

 private:
  std::string_view rest_;
};

// "T00:00:00", " 00:00:00.000": a time of day without a zone. With one, the day would depend on
// where it is read.
bool is_time_of_day(std::string_view text) noexcept {
  Scanner scanner(text);
  if (!(scanner.take('T') || scanner.take(' ')) || !scanner.two_digits_below(24) ||
      !scanner.take(':') || !scanner.two_digits_below(60) || !scanner.take(':') ||
      !scanner.two_digits_below(60)) {
    return false;
  }
  if (scanner.at_end()) {
    return true;
  }
  return scanner.take('.') && !scanner.at_end() &&
         scanner.rest().find_first_not_of("0123456789") == std::string_view::npos;
}

// YYYY, YYYY-MM, YYYY-MM-DD with a time of day.
ParsedDate year_first(std::string_view text) noexcept {
  if (text.size() >= 10 && is_iso_day(text)) {
    const std::string_view time_of_day = text.substr(10);
    return time_of_day.empty() || is_time_of_day(time_of_day) ? iso_day(text)
                                                              : refused(DateFault::kNotADate);
  }
  Scanner scanner(text);
  const Number year = scanner.number();
  if (scanner.at_end()) {
    return partial_or_fault(PartialDate::from_year(static_cast<int>(year.value)));
  }
  if (!scanner.take('-')) {
    return refused(DateFault::kNotADate);
  }
  const Number month = scanner.number();
  if (month.digits != 2 || !scanner.at_end()) {
    return refused(DateFault::kNotADate);
  }
  return partial_or_fault(
      PartialDate::from_month(static_cast<int>(year.value), static_cast<int>(month.value)));
}

// d/m/YYYY with one separator of / - . throughout, and m/YYYY.
ParsedDate day_first(std::string_view text) noexcept {
  Scanner scanner(text);
  const Number first = scanner.number();
  const char separator = scanner.peek();
  if (first.digits < 1 || first.digits > 2 ||
      !(separator == '/' || separator == '-' || separator == '.')) {
    return refused(DateFault::kNotADate);
  }
  scanner.take(separator);
  const Number second = scanner.number();
  if (second.digits == 4 && separator == '/' && scanner.at_end()) {
    return partial_or_fault(
        PartialDate::from_month(static_cast<int>(second.value), static_cast<int>(first.value)));
  }
  if (second.digits < 1 || second.digits > 2 || !scanner.take(separator)) {
    return refused(DateFault::kNotADate);
  }
  const Number year = scanner.number();
  if (!scanner.at_end()) {
    return refused(DateFault::kNotADate);
  }
  switch (year.digits) {
    case 4:
      return day_or_fault(year.value, second.value, first.value);
    case 2:
      return refused(DateFault::kTwoDigitYear);
    default:
      return refused(DateFault::kNotADate);
  }
}

}  // namespace

ParsedDate parse_date(std::string_view text) noexcept {
  if (text.size() == 10 && is_iso_day(text)) {
    return iso_day(text);
  }
  text = trimmed(text);
  return Scanner(text).number().digits == 4 ? year_first(text) : day_first(text);
}

}  // namespace dangbo::inline v1::time
