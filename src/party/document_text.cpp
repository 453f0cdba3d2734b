#include "document_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "dangbo/base/text.hpp"
#include "dangbo/party/vocabulary.hpp"

namespace dangbo::inline v1::party::document_text {
namespace {

constexpr std::size_t kMaxBytes = 512;

struct Replacement {
  std::string_view from;
  std::string_view to;
};

// Spaces and dashes of word processors, letters that look alike.
constexpr Replacement kSpaces[] = {{"\t", " "},     {"\n", " "},     {"\r", " "},
                                   {"\u00A0", " "}, {"\u2009", " "}, {"\u202F", " "},
                                   {"\u3000", " "}, {"\u200B", ""},  {"\uFEFF", ""}};
constexpr Replacement kDashes[] = {{"\u2010", "-"}, {"\u2011", "-"}, {"\u2012", "-"},
                                   {"\u2013", "-"}, {"\u2014", "-"}, {"\u2212", "-"}};
constexpr Replacement kLookalikes[] = {{"\u00D0", "\u0110"}, {"\u0189", "\u0110"}};

// Vietnamese letters of symbols, lower and upper case.
constexpr Replacement kLetters[] = {{"đ", "Đ"}, {"ư", "Ư"}, {"ă", "Ă"}, {"â", "Â"},
                                    {"ê", "Ê"}, {"ô", "Ô"}, {"ơ", "Ơ"}};

struct Type {
  std::string_view code;
  std::string_view id;  // in `document_types`
};

constexpr Type kTypes[] = {
    {"NQ", "resolution"},  {"CT", "directive"},   {"KL", "conclusion"},
    {"QĐ", "unknown"},     {"QĐi", "regulation"}, {"QC", "rules"},
    {"TT", "circular"},    {"HD", "guideline"},   {"TB", "notice"},
    {"TC", "communique"},  {"BC", "report"},      {"KH", "plan"},
    {"QH", "master_plan"}, {"CTr", "programme"},  {"CTHĐ", "action_programme"},
    {"ĐA", "scheme"},      {"PA", "option"},      {"DA", "project"},
    {"TTr", "submission"}, {"CV", "letter"},      {"BB", "minutes"},
};

// Codes typed without the mark. "DA" is a type of its own and stays.
constexpr Replacement kUnmarkedTypes[] = {{"QD", "QĐ"}, {"QDI", "QĐi"}, {"CTHD", "CTHĐ"}};

constexpr std::string_view kCommittees[] = {"TW", "TU",  "HU",   "QU", "ThU",
                                            "ĐU", "ĐUK", "ĐUBP", "CB"};
constexpr std::string_view kOffices[] = {"BTC", "BTG", "BTGDV", "BNC", "UBKT", "VP", "BCĐ"};
constexpr std::string_view kOfficeOf[] = {"TW", "TU", "HU", "ĐU", "ĐUK"};

struct WordsEntry {
  std::array<std::string_view, 4> folded;  // one word each, empty at the end
  TypeWords type;
};

// Longest first where one begins another.
constexpr WordsEntry kTypeWords[] = {
    {{"chuong", "trinh", "hanh", "dong"}, {"action_programme", "CTHĐ"}},
    {{"chuong", "trinh"}, {"programme", "CTr"}},
    {{"nghi", "quyet"}, {"resolution", "NQ"}},
    {{"chi", "thi"}, {"directive", "CT"}},
    {{"ket", "luan"}, {"conclusion", "KL"}},
    {{"quyet", "dinh"}, {"decision", "QĐ"}},
    {{"quy", "dinh"}, {"regulation", "QĐ"}},
    {{"quy", "che"}, {"rules", "QC"}},
    {{"quy", "hoach"}, {"master_plan", "QH"}},
    {{"huong", "dan"}, {"guideline", "HD"}},
    {{"thong", "tri"}, {"circular", "TT"}},
    {{"thong", "bao"}, {"notice", "TB"}},
    {{"thong", "cao"}, {"communique", "TC"}},
    {{"bao", "cao"}, {"report", "BC"}},
    {{"ke", "hoach"}, {"plan", "KH"}},
    {{"de", "an"}, {"scheme", "ĐA"}},
    {{"phuong", "an"}, {"option", "PA"}},
    {{"du", "an"}, {"project", "DA"}},
    {{"to", "trinh"}, {"submission", "TTr"}},
    {{"cong", "van"}, {"letter", "CV"}},
    {{"bien", "ban"}, {"minutes", "BB"}},
    {{"nghi", "dinh"}, {"", "NĐ"}},
    {{"thong", "tu"}, {"", "TT"}},
    {{"luat"}, {"", ""}},
};

template <std::size_t N>
const Replacement* match(const Replacement (&table)[N], std::string_view text) {
  for (const Replacement& entry : table) {
    if (text.starts_with(entry.from)) return &entry;
  }
  return nullptr;
}

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool is_ascii_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Bytes of the letter or digit at the front, 0 when there is none.
std::size_t symbol_character(std::string_view text) noexcept {
  if (text.empty()) return 0;
  if (is_digit(text.front()) || is_ascii_letter(text.front())) return 1;
  for (const Replacement& letter : kLetters) {
    if (text.starts_with(letter.from)) return letter.from.size();
    if (text.starts_with(letter.to)) return letter.to.size();
  }
  return 0;
}

}  // namespace

std::vector<Irregularity> Flags::list() const {
  std::vector<Irregularity> flags;
  for (unsigned bit = 0; bit < kIrregularityCount; ++bit) {
    if (((bits_ >> bit) & 1U) != 0) flags.push_back(static_cast<Irregularity>(bit));
  }
  return flags;
}

std::optional<std::string> clean(std::string_view text, Flags& flags) {
  if (text.size() > kMaxBytes || base::first_bad_utf8(text)) return std::nullopt;
  const std::string normal = base::to_nfc(text);
  std::string result;
  for (std::string_view rest = normal; !rest.empty();) {
    const Replacement* found = match(kSpaces, rest);
    if (found == nullptr && (found = match(kDashes, rest)) != nullptr) {
      flags.set(Irregularity::kOtherDash);
    }
    if (found == nullptr && (found = match(kLookalikes, rest)) != nullptr) {
      flags.set(Irregularity::kLookalike);
    }
    if (found != nullptr) {
      result += found->to;
      rest.remove_prefix(found->from.size());
    } else {
      result += rest.front();
      rest.remove_prefix(1);
    }
  }
  while (!result.empty() &&
         std::string_view(" .;,").find(result.back()) != std::string_view::npos) {
    result.pop_back();
  }
  return result;
}

bool Cursor::skip_spaces() noexcept {
  const std::size_t size = rest_.size();
  while (peek() == ' ') rest_.remove_prefix(1);
  return rest_.size() != size;
}

bool Cursor::take(char wanted) noexcept {
  if (rest_.empty() || rest_.front() != wanted) return false;
  rest_.remove_prefix(1);
  return true;
}

bool Cursor::take_separator(char wanted, Flags& flags) noexcept {
  const Cursor start = *this;
  const bool before = skip_spaces();
  if (!take(wanted)) {
    *this = start;
    return false;
  }
  const bool after = skip_spaces();
  if (before || after) flags.set(Irregularity::kStraySpace);
  return true;
}

std::string_view Cursor::take_digits() noexcept {
  std::size_t size = 0;
  while (size < rest_.size() && is_digit(rest_[size])) ++size;
  const std::string_view digits = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return digits;
}

std::string_view Cursor::take_symbol() noexcept {
  std::size_t size = 0;
  while (const std::size_t step = symbol_character(rest_.substr(size))) size += step;
  const std::string_view symbol = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return symbol;
}

std::string_view Cursor::take_word() noexcept {
  const std::size_t size = std::min(rest_.find_first_of(" ,;()"), rest_.size());
  const std::string_view word = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return word;
}

std::string upper(std::string_view symbol) {
  std::string result;
  while (!symbol.empty()) {
    if (const Replacement* letter = match(kLetters, symbol)) {
      result += letter->to;
      symbol.remove_prefix(letter->from.size());
      continue;
    }
    const char c = symbol.front();
    result += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    symbol.remove_prefix(1);
  }
  return result;
}

std::optional<TypeMatch> longest_type(std::string_view symbol) {
  const std::string capital = upper(symbol);  // as many bytes as the symbol has
  std::optional<TypeMatch> best;
  for (const Type& type : kTypes) {
    if (capital.starts_with(upper(type.code)) && (!best || type.code.size() > best->length)) {
      best = TypeMatch{type.code, type.code.size(), symbol.starts_with(type.code), false};
    }
  }
  for (const Replacement& type : kUnmarkedTypes) {
    if (capital.starts_with(type.from) && (!best || type.from.size() > best->length)) {
      best = TypeMatch{type.to, type.from.size(), true, true};
    }
  }
  return best;
}

IssuerMatch issuer_of(std::string_view symbol, Flags& flags) {
  const std::string capital = upper(symbol);
  const auto known = [&](std::string_view usual) {
    if (symbol != usual) flags.set(Irregularity::kLetterCase);
    return IssuerMatch{std::string(usual), true};
  };
  if (capital == "TƯ") {
    flags.set(Irregularity::kOtherSpelling);
    return {"TW", true};
  }
  for (const std::string_view committee : kCommittees) {
    if (capital == upper(committee)) return known(committee);
  }
  for (const std::string_view office : kOffices) {
    for (const std::string_view of : kOfficeOf) {
      const std::string whole = std::string(office) + std::string(of);
      if (capital == upper(whole)) return known(whole);
    }
  }
  // The list is open: letters as written, capitals expected (ThU has one small letter, so has TTg).
  const bool any_capital =
      std::any_of(symbol.begin(), symbol.end(), [](char c) { return c >= 'A' && c <= 'Z'; }) ||
      symbol.starts_with("Đ");
  if (!any_capital) {
    flags.set(Irregularity::kLetterCase);
    return {capital, false};
  }
  return {std::string(symbol), false};
}

std::optional<TypeWords> take_type_words(Cursor& cursor) {
  for (const WordsEntry& entry : kTypeWords) {
    Cursor trial = cursor;
    bool same = true;
    for (const std::string_view wanted : entry.folded) {
      if (wanted.empty()) break;
      trial.skip_spaces();
      same = same && base::fold(trial.take_word()) == wanted;
    }
    if (!same) continue;
    trial.skip_spaces();
    cursor = trial;
    return entry.type;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> type_code_of(std::string_view code) {
  for (const Type& type : kTypes) {
    if (type.code == code) return document_types()->find(type.id);
  }
  return std::nullopt;
}

std::optional<std::int32_t> to_number(std::string_view digits) noexcept {
  std::int32_t number = 0;
  if (digits.empty() || digits.size() > 9) return std::nullopt;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

}  // namespace dangbo::inline v1::party::document_text
