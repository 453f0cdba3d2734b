#include "report/text.hpp"

#include <cmath>
#include <cstddef>

#include "dangbo/base/text.hpp"

namespace dangbo::inline v1::report {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Bytes of the character that begins with `lead`. REQUIRES: well-formed UTF-8.
std::size_t width_of(unsigned char lead) noexcept {
  if (lead < 0x80) return 1;
  if (lead < 0xE0) return 2;
  return lead < 0xF0 ? 3 : 4;
}

// Marks and overrides of direction, joiners and other characters without a shape: U+061C, U+200B …
// U+200F, U+2028 … U+202E, U+2060 … U+206F, U+FEFF. `character` is one of two or three bytes.
bool is_invisible(std::string_view character) noexcept {
  if (character == "\xD8\x9C" || character == "\xEF\xBB\xBF") return true;
  if (character.size() != 3 || character[0] != '\xE2') return false;
  const auto second = static_cast<unsigned char>(character[1]);
  const auto third = static_cast<unsigned char>(character[2]);
  if (second == 0x80) return (third >= 0x8B && third <= 0x8F) || (third >= 0xA8 && third <= 0xAE);
  return second == 0x81 && third >= 0xA0 && third <= 0xAF;
}

bool is_control(std::string_view character) noexcept {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first < 0x20 || first == 0x7F;
  if (character.size() == 2)
    return first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
  // U+FFFE, U+FFFF and U+FDD0 … U+FDEF stand for nothing in a text.
  if (character.size() != 3 || first != 0xEF) return false;
  const auto second = static_cast<unsigned char>(character[1]);
  const auto third = static_cast<unsigned char>(character[2]);
  return (second == 0xBF && third >= 0xBE) || (second == 0xB7 && third >= 0x90 && third <= 0xAF);
}

std::string grouped(std::uint64_t value, char mark) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, 1, mark);
  }
  return digits;
}

constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string two_digits(int value) {
  return (value < 10 ? "0" : "") + std::to_string(value);
}

}  // namespace

std::string clean(std::string_view text, std::size_t limit) {
  std::string out;
  // What is cut away needs no look: four bytes a character, and some that will be dropped.
  constexpr std::size_t kLongest = 4096;
  std::size_t points = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (points == limit || at > kLongest) {
      out += "…";
      break;
    }
    const std::size_t width = width_of(static_cast<unsigned char>(text[at]));
    const std::string_view character = text.substr(at, width);
    at += width;
    if (character == "\n" || character == "\r" || character == "\t") {
      out += ' ';
    } else if (is_invisible(character)) {
      continue;
    } else if (is_control(character)) {
      out += kReplacement;
    } else {
      out += character;
    }
    ++points;
  }
  return out;
}

std::string Wording::number(std::int64_t value) const {
  const char mark = is_vietnamese() ? '.' : ',';
  if (value >= 0) return grouped(static_cast<std::uint64_t>(value), mark);
  return "−" + grouped(0 - static_cast<std::uint64_t>(value), mark);
}

std::string Wording::signed_number(std::int64_t value) const {
  return (value > 0 ? "+" : "") + number(value);
}

std::string Wording::decimal(double value) const {
  const std::int64_t hundredths = std::llround(value * 100.0);
  const std::int64_t above = hundredths < 0 ? -hundredths : hundredths;
  std::string out = (hundredths < 0 ? "−" : "") + number(above / 100);
  const int rest = static_cast<int>(above % 100);
  if (rest == 0) return out;
  out += is_vietnamese() ? ',' : '.';
  return out + (rest % 10 == 0 ? std::to_string(rest / 10) : two_digits(rest));
}

std::string Wording::percent(double value) const {
  const std::int64_t hundredths = std::llround(value * 100.0);
  if (hundredths == 10'000) return "100%";
  const std::string rest = two_digits(static_cast<int>(std::abs(hundredths) % 100));
  return number(hundredths / 100) + (is_vietnamese() ? "," : ".") + rest + "%";
}

std::string Wording::date(time::Date day) const {
  if (is_vietnamese()) {
    return two_digits(day.day()) + "/" + two_digits(day.month()) + "/" + std::to_string(day.year());
  }
  return std::to_string(day.day()) + " " + kMonths[day.month() - 1] + " " +
         std::to_string(day.year());
}

std::string Wording::month(time::Date day) const {
  if (is_vietnamese()) return two_digits(day.month()) + "/" + std::to_string(day.year());
  return std::string(kMonths[day.month() - 1]) + " " + std::to_string(day.year());
}

std::string Wording::count(std::int64_t value, const char* vi, const char* one,
                           const char* many) const {
  return number(value) + " " + (is_vietnamese() ? vi : value == 1 ? one : many);
}

}  // namespace dangbo::inline v1::report
