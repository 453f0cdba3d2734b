// Số, ký hiệu văn bản: "62-KH/ĐUK, ngày 25/4/2022", "141-CV/VPTW/nb", "161/2018/NĐ-CP", and
// mentions such as "Chỉ thị 10" or "Nghị quyết Trung ương 4 (khoá XII)". Written by people, so what
// departs from the form of HD 36-HD/VPTW (2018) is accepted where its meaning is certain, and said.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/base/problem.hpp"
#include "dangbo/time/date.hpp"

namespace dangbo::inline v1::party {

enum class DocumentForm : std::uint8_t {
  kParty,    // number-type/issuer
  kState,    // number/year/type-issuer, the year missing for some issuers (1630/QĐ-TTg)
  kMention,  // type in words without the full symbol
};

enum class Irregularity : std::uint8_t {
  kColonAfterSo,   // "Số: 62-KH/ĐUK"
  kStraySpace,     // "04- ĐA/TU"
  kStateOrder,     // "01/BC-CB": a Party issuer in the State's order
  kOtherDash,      // "62–KH/ĐUK" with a long dash
  kMissingDash,    // "62KH/ĐUK"
  kMissingSlash,   // "62-KHĐUK"
  kLetterCase,     // "62-kh/đuk"
  kLookalike,      // "62-KH/ÐUK" with the Icelandic letter, "190-QD/TW" without the mark
  kOtherSpelling,  // "22-NQ/TƯ" for TW
  kMissingNumber,  // "-KH/ĐUK", "Nghị quyết Trung ương 4": the plenum is not the number
  kMissingIssuer,  // "Chỉ thị 10"
  kTypeConflict,   // "Nghị quyết 05-CT/TW"
  kBadDate,        // a day that does not exist, a year of two digits
};
inline constexpr std::size_t kIrregularityCount = 13;

// What is irregular and how to write it.
[[nodiscard]] const base::Message& message_of(Irregularity irregularity) noexcept;

struct DocumentNumber {
  DocumentForm form = DocumentForm::kParty;
  std::string number_text;             // as written: "04"
  std::optional<std::int32_t> number;  // from 1
  std::string type;  // as its code: "KH", "QĐi", "NĐ"; empty for acts of the National Assembly
  std::optional<std::uint32_t>
      type_code;                       // number in `document_types`; nothing for the State's types
  std::string issuer;                  // "ĐUK", "TW", "CP"
  std::string suffix;                  // "nb"
  std::optional<std::int32_t> year;    // State form only
  std::optional<std::int32_t> plenum;  // "Nghị quyết Trung ương 4"
  std::string term;                    // "XII" where the text says "(khoá XII)"
  std::optional<time::PartialDate> date;
  std::vector<Irregularity> irregularities;  // in the order of the enumeration, each once

  [[nodiscard]] bool has(Irregularity irregularity) const noexcept;
  friend bool operator==(const DocumentNumber&, const DocumentNumber&) = default;
};

// Nothing when the whole text cannot be read as one document. Never guesses a missing part; takes
// any bytes. O(text), and texts over 512 bytes are refused.
[[nodiscard]] std::optional<DocumentNumber> parse_document_number(std::string_view text);

// The symbol in the prescribed form, without date: "04-ĐA/TU", "161/2018/NĐ-CP", "-KH/ĐUK". Empty
// for a mention.
[[nodiscard]] std::string to_symbol(const DocumentNumber& document);

// What identifies a document. Numbers run on per issuer and type for a committee's term and then
// begin again at 01: 35-CT/TW is of 2019 and of 2024. State numbers run by year, which stands in
// the place of the term. The suffix shares the series and is no part of the key.
struct DocumentKey {
  std::string issuer;
  std::string type;
  std::string term;
  std::int32_t number = 0;
  friend auto operator<=>(const DocumentKey&, const DocumentKey&) = default;
};

// `term` is used where the text itself says none and the form is not the State's. Nothing when a
// part is missing.
[[nodiscard]] std::optional<DocumentKey> key_of(const DocumentNumber& document,
                                                std::string_view term = {});

}  // namespace dangbo::inline v1::party
