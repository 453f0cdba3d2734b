// Text of an expression to tokens.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "expr/fault.hpp"

namespace dangbo::inline v1::expr::detail {

enum class Token : std::uint8_t {
  kEnd,
  kBad,  // reported
  kName,
  kQuotedName,  // `in-back-quotes`, a field only
  kInt,
  kUint,
  kDouble,
  kString,
  kBytes,
  kSign,  // operators and punctuation: see Lexer::sign
};

// Operators of one and two characters, as numbers.
[[nodiscard]] constexpr std::uint16_t sign_of(char a, char b = '\0') noexcept {
  return static_cast<std::uint16_t>((static_cast<unsigned char>(a) << 8) |
                                    static_cast<unsigned char>(b));
}

class Lexer {
 public:
  // `text` is well-formed UTF-8.
  Lexer(std::string_view text, Faults& faults) : text_(text), faults_(faults) {}

  // Moves to the next token.
  void next();

  [[nodiscard]] Token token() const noexcept { return token_; }
  [[nodiscard]] std::uint16_t sign() const noexcept { return sign_; }
  [[nodiscard]] Span span() const noexcept { return {begin_, at_}; }
  // As written.
  [[nodiscard]] std::string_view text() const noexcept {
    return text_.substr(begin_, at_ - begin_);
  }
  // Of strings and bytes: the content. Of quoted names: the name.
  [[nodiscard]] std::string& content() noexcept { return content_; }

 private:
  [[nodiscard]] char peek(std::uint32_t ahead = 0) const noexcept {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void skip_space();
  void number();
  bool string();
  void quoted_name();
  void operators();
  void read_string(std::uint32_t prefix, bool raw, bool bytes);
  bool escape(bool bytes);
  bool escaped_number(std::uint32_t from, int digits, unsigned base, bool bytes, bool byte);
  [[nodiscard]] bool read_digits(std::uint32_t from, int digits, unsigned base,
                                 std::uint32_t& value) const noexcept;
  bool bad(Span span, base::Message reason, base::Message fix = {});

  std::string_view text_;
  Faults& faults_;
  std::uint32_t at_ = 0;
  std::uint32_t begin_ = 0;
  Token token_ = Token::kEnd;
  std::uint16_t sign_ = 0;
  std::string content_;
};

[[nodiscard]] bool is_name(std::string_view text) noexcept;

}  // namespace dangbo::inline v1::expr::detail
