// Pieces of a document symbol: characters, words and the lists of types and issuers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/party/document_number.hpp"

namespace dangbo::inline v1::party::document_text {

// A set of irregularities while parsing.
class Flags {
 public:
  void set(Irregularity flag) noexcept { bits_ |= 1U << static_cast<unsigned>(flag); }
  [[nodiscard]] std::vector<Irregularity> list() const;

 private:
  std::uint32_t bits_ = 0;
};

// NFC, one kind of space, one kind of dash, Đ for Ð, no full stop at the end. Nothing when the text
// is not UTF-8 or too long.
[[nodiscard]] std::optional<std::string> clean(std::string_view text, Flags& flags);

// Reads from the front of a cleaned text.
class Cursor {
 public:
  explicit Cursor(std::string_view text) noexcept : rest_(text) {}

  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }
  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }
  [[nodiscard]] char peek() const noexcept { return rest_.empty() ? '\0' : rest_.front(); }
  bool skip_spaces() noexcept;
  bool take(char wanted) noexcept;
  // A separator with spaces around it; the spaces are flagged. Leaves the text alone when it is not
  // there.
  bool take_separator(char wanted, Flags& flags) noexcept;
  [[nodiscard]] std::string_view take_digits() noexcept;
  // Letters and digits that symbols are made of, also Vietnamese ones.
  [[nodiscard]] std::string_view take_symbol() noexcept;
  // Up to the next space, comma, semicolon or bracket.
  [[nodiscard]] std::string_view take_word() noexcept;

 private:
  std::string_view rest_;
};

// Upper case of ASCII and of the Vietnamese letters that occur in symbols.
[[nodiscard]] std::string upper(std::string_view symbol);

struct TypeMatch {
  std::string_view code;  // "CTHĐ"
  std::size_t length;     // bytes of the text it stands for
  bool exact;             // letter for letter
  bool unmarked;          // "QD" for "QĐ"
};

// The longest type at the front of a symbol, so that CTr is not read as CT.
[[nodiscard]] std::optional<TypeMatch> longest_type(std::string_view symbol);

struct IssuerMatch {
  std::string text;
  bool known = false;  // a Party issuer of the list, not only letters that could be one
};

// The issuer in its usual spelling; flags what had to be mended.
[[nodiscard]] IssuerMatch issuer_of(std::string_view symbol, Flags& flags);

// A type in words: "kế hoạch", "chương trình hành động".
struct TypeWords {
  std::string_view id;    // in `document_types`; empty for the State's types
  std::string_view code;  // "KH"; empty where the symbol has none (luật)
};

// Reads type words at the front, the longest ones; leaves the cursor alone when there are none.
[[nodiscard]] std::optional<TypeWords> take_type_words(Cursor& cursor);

// Number in `document_types` of a type code; nothing for a code that is not the Party's.
[[nodiscard]] std::optional<std::uint32_t> type_code_of(std::string_view code);

// 1 … 9 digits as a number.
[[nodiscard]] std::optional<std::int32_t> to_number(std::string_view digits) noexcept;

}  // namespace dangbo::inline v1::party::document_text
