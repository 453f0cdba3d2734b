#include "expr/lexer.hpp"

#include <algorithm>

namespace dangbo::inline v1::expr::detail {

namespace {

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
bool starts_name(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool continues_name(char c) noexcept {
  return starts_name(c) || is_digit(c);
}

int hex_digit(char c) noexcept {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void append_code_point(std::string& out, std::uint32_t point) {
  const auto byte = [&](std::uint32_t bits) { out += static_cast<char>(bits); };
  if (point < 0x80) {
    byte(point);
  } else if (point < 0x800) {
    byte(0xC0 | (point >> 6));
    byte(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    byte(0xE0 | (point >> 12));
    byte(0x80 | ((point >> 6) & 0x3F));
    byte(0x80 | (point & 0x3F));
  } else {
    byte(0xF0 | (point >> 18));
    byte(0x80 | ((point >> 12) & 0x3F));
    byte(0x80 | ((point >> 6) & 0x3F));
    byte(0x80 | (point & 0x3F));
  }
}

}  // namespace

bool is_name(std::string_view text) noexcept {
  return !text.empty() && starts_name(text.front()) &&
         std::all_of(text.begin(), text.end(), continues_name);
}

bool Lexer::bad(Span span, base::Message reason, base::Message fix) {
  faults_.add(span, std::move(reason), std::move(fix));
  token_ = Token::kBad;
  return false;
}

void Lexer::skip_space() {
  for (;;) {
    const char c = peek();
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
      ++at_;
    } else if (c == '/' && peek(1) == '/') {
      // A carriage return alone ends no comment.
      while (at_ < text_.size() && peek() != '\n') ++at_;
    } else {
      return;
    }
  }
}

void Lexer::next() {
  skip_space();
  begin_ = at_;
  if (at_ >= text_.size()) {
    token_ = Token::kEnd;
    return;
  }
  const char c = peek();
  if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
  if (c == '"' || c == '\'' || starts_name(c)) {
    if (string()) return;
    while (continues_name(peek())) ++at_;
    token_ = Token::kName;
    return;
  }
  if (c == '`') return quoted_name();
  operators();
}

void Lexer::number() {
  token_ = Token::kInt;
  if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'X') && hex_digit(peek(2)) >= 0) {
    at_ += 2;
    while (hex_digit(peek()) >= 0) ++at_;
  } else {
    while (is_digit(peek())) ++at_;
    if (peek() == '.' && is_digit(peek(1))) {
      token_ = Token::kDouble;
      ++at_;
      while (is_digit(peek())) ++at_;
    }
    if (peek() == 'e' || peek() == 'E') {
      const std::uint32_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
      if (is_digit(peek(1 + sign))) {
        token_ = Token::kDouble;
        at_ += 1 + sign;
        while (is_digit(peek())) ++at_;
      }
    }
  }
  if (token_ == Token::kInt && (peek() == 'u' || peek() == 'U')) {
    token_ = Token::kUint;
    ++at_;
  }
  if (continues_name(peek())) {
    while (continues_name(peek())) ++at_;
    bad(span(), {"không phải là số", "not a number"},
        {"tách số và tên bằng dấu cách", "put a space between a number and a name"});
  }
}

// A string or bytes begins here: after the prefixes r, b and br a quote.
bool Lexer::string() {
  std::uint32_t prefix = 0;
  bool bytes = false;
  bool raw = false;
  if (peek(prefix) == 'b' || peek(prefix) == 'B') {
    bytes = true;
    ++prefix;
  }
  if (peek(prefix) == 'r' || peek(prefix) == 'R') {
    raw = true;
    ++prefix;
  }
  if (peek(prefix) != '"' && peek(prefix) != '\'') return false;
  read_string(prefix, raw, bytes);
  return true;
}

void Lexer::read_string(std::uint32_t prefix, bool raw, bool bytes) {
  at_ += prefix;
  const char quote = peek();
  const bool triple = peek(1) == quote && peek(2) == quote;
  at_ += triple ? 3 : 1;
  content_.clear();
  token_ = bytes ? Token::kBytes : Token::kString;
  while (at_ < text_.size()) {
    const char c = peek();
    if (c == quote && (!triple || (peek(1) == quote && peek(2) == quote))) {
      at_ += triple ? 3 : 1;
      return;
    }
    if ((c == '\n' || c == '\r') && !triple) break;
    if (c == '\\' && !raw) {
      if (!escape(bytes)) return;
    } else {
      content_ += c;
      ++at_;
    }
  }
  bad({begin_, at_}, {"chuỗi không có dấu đóng", "the string is not closed"},
      {"thêm dấu nháy đóng", "add the closing quote"});
}

bool Lexer::read_digits(std::uint32_t from, int digits, unsigned base,
                        std::uint32_t& value) const noexcept {
  value = 0;
  for (int i = 0; i < digits; ++i) {
    const int digit = hex_digit(peek(from + static_cast<std::uint32_t>(i)));
    if (digit < 0 || digit >= static_cast<int>(base)) return false;
    value = value * base + static_cast<std::uint32_t>(digit);
  }
  return true;
}

bool Lexer::escaped_number(std::uint32_t from, int digits, unsigned base, bool bytes, bool byte) {
  const auto length = from + static_cast<std::uint32_t>(digits);
  std::uint32_t value = 0;
  const bool is_read = read_digits(from, digits, base, value);
  const Span where{at_, std::min(at_ + length, static_cast<std::uint32_t>(text_.size()))};
  if (is_read && byte && value <= 0xFF) {
    if (bytes) {
      content_ += static_cast<char>(value);
    } else {
      append_code_point(content_, value);
    }
    at_ += length;
    return true;
  }
  if (is_read && !byte && !bytes) {
    std::uint32_t low = 0;
    std::uint32_t used = length;
    if (digits == 4 && value >= 0xD800 && value <= 0xDBFF && peek(length) == '\\' &&
        peek(length + 1) == 'u' && read_digits(length + 2, 4, 16, low) && low >= 0xDC00 &&
        low <= 0xDFFF) {
      value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
      used += 6;
    }
    if (value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF)) {
      append_code_point(content_, value);
      at_ += used;
      return true;
    }
  }
  at_ = where.end;
  return bad(where, {"mã thoát không chỉ một ký tự nào", "the escape stands for no character"});
}

bool Lexer::escape(bool bytes) {
  const char c = peek(1);
  static constexpr std::string_view kFrom = "abfnrtv\\?\"'`";
  static constexpr std::string_view kTo = "\a\b\f\n\r\t\v\\?\"'`";
  const auto simple = kFrom.find(c);
  if (c != '\0' && simple != std::string_view::npos) {
    content_ += kTo[simple];
    at_ += 2;
    return true;
  }
  if (c == 'x' || c == 'X') return escaped_number(2, 2, 16, bytes, true);
  if (c == 'u') return escaped_number(2, 4, 16, bytes, false);
  if (c == 'U') return escaped_number(2, 8, 16, bytes, false);
  if (is_digit(c)) return escaped_number(1, 3, 8, bytes, true);
  const Span where{at_, std::min(at_ + 2, static_cast<std::uint32_t>(text_.size()))};
  at_ = where.end;
  return bad(where, {"mã thoát không có trong ngôn ngữ", "no such escape"},
             {R"(viết \\ cho dấu gạch ngược)", R"(write \\ for a backslash)"});
}

void Lexer::quoted_name() {
  ++at_;
  content_.clear();
  while (at_ < text_.size() && peek() != '`' && peek() != '\n') content_ += text_[at_++];
  const bool is_fine = peek() == '`' && !content_.empty() &&
                       std::all_of(content_.begin(), content_.end(), [](char c) {
                         return continues_name(c) || c == '.' || c == '-' || c == '/' || c == ' ';
                       });
  if (peek() == '`') ++at_;
  token_ = Token::kQuotedName;
  if (!is_fine) bad(span(), {"tên trong dấu `…` không hợp lệ", "not a name between back quotes"});
}

void Lexer::operators() {
  const char a = peek();
  const char b = peek(1);
  token_ = Token::kSign;
  for (const std::string_view two : {"&&", "||", "==", "!=", "<=", ">="}) {
    if (a == two[0] && b == two[1]) {
      at_ += 2;
      sign_ = sign_of(a, b);
      return;
    }
  }
  static constexpr std::string_view kSingle = "+-*/%<>!?:.,()[]{}";
  if (kSingle.find(a) != std::string_view::npos) {
    ++at_;
    sign_ = sign_of(a);
    return;
  }
  ++at_;
  while (at_ < text_.size() && (static_cast<unsigned char>(peek()) & 0xC0U) == 0x80U) ++at_;
  base::Message fix;
  if (a == '=') fix = {"so sánh bằng ==", "compare with =="};
  if (a == '&') fix = {"viết && cho «và»", "write && for \"and\""};
  if (a == '|') fix = {"viết || cho «hoặc»", "write || for \"or\""};
  bad(span(), {"ký tự không có trong ngôn ngữ", "a character the language does not know"},
      std::move(fix));
}

}  // namespace dangbo::inline v1::expr::detail
