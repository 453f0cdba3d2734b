#include "dangbo/base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <tuple>
#include <utility>
#include <vector>

#include "base/code_points.hpp"

namespace dangbo::inline v1::base {

namespace {

using detail::CodePoint;

constexpr std::uint64_t kHighBits = 0x8080808080808080U;

unsigned byte_at(std::string_view text, std::size_t i) noexcept {
  return static_cast<unsigned char>(text[i]);
}

// Offset of the first byte from `at` on that is not ASCII; text.size() when there is none.
std::size_t skip_ascii(std::string_view text, std::size_t at) noexcept {
  while (at + 8 <= text.size()) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + at, 8);
    if ((eight & kHighBits) != 0) {
      break;
    }
    at += 8;
  }
  while (at < text.size() && byte_at(text, at) < 0x80) {
    ++at;
  }
  return at;
}

bool is_continuation(unsigned byte) noexcept {
  return (byte & 0xC0U) == 0x80U;
}

// Bytes of the well-formed sequence that begins at `at` with a byte that is not ASCII; 0 when there
// is none (Unicode 15, table 3-7).
std::size_t sequence_length(std::string_view text, std::size_t at) noexcept {
  const std::size_t left = text.size() - at;
  const unsigned lead = byte_at(text, at);
  if (left < 2 || lead < 0xC2 || lead > 0xF4) {
    return 0;
  }
  const unsigned second = byte_at(text, at + 1);
  if (lead < 0xE0) {
    return is_continuation(second) ? 2 : 0;
  }
  unsigned low = 0x80;
  unsigned high = 0xBF;
  switch (lead) {
    case 0xE0:
      low = 0xA0;  // below: overlong
      break;
    case 0xED:
      high = 0x9F;  // above: surrogates
      break;
    case 0xF0:
      low = 0x90;  // below: overlong
      break;
    case 0xF4:
      high = 0x8F;  // above: past U+10FFFF
      break;
    default:
      break;
  }
  if (second < low || second > high || left < 3 || !is_continuation(byte_at(text, at + 2))) {
    return 0;
  }
  if (lead < 0xF0) {
    return 3;
  }
  return left >= 4 && is_continuation(byte_at(text, at + 3)) ? 4 : 0;
}

// Whether NFC leaves this two or three byte sequence alone whatever stands around it: the composed
// Latin letters of Vietnamese and the usual punctuation and currency signs. All starters, none
// decomposes, none joins to the left.
bool is_settled(std::string_view text, std::size_t at) noexcept {
  const std::size_t left = text.size() - at;
  const unsigned lead = byte_at(text, at);
  if (lead >= 0xC2 && lead <= 0xCB) {  // U+0080 … U+02FF
    return left >= 2;
  }
  if (left < 3) {
    return false;
  }
  const unsigned second = byte_at(text, at + 1);
  if (lead == 0xE1) {  // U+1E00 … U+1EFF
    return second >= 0xB8 && second <= 0xBB;
  }
  if (lead == 0xE2) {  // U+2010 … U+207F, U+2080 … U+20BF; U+2000 and U+2001 do decompose
    return (second == 0x80 && byte_at(text, at + 2) >= 0x90) || second == 0x81 || second == 0x82;
  }
  return false;
}

bool is_surely_nfc(std::string_view text) noexcept {
  std::size_t at = skip_ascii(text, 0);
  while (at < text.size()) {
    if (!is_settled(text, at)) {
      return false;
    }
    at = skip_ascii(text, at + (byte_at(text, at) < 0xE0 ? 2 : 3));
  }
  return true;
}

// Puts each run of combining marks in canonical order: by combining class, equals as they stood.
// utf8proc's own ordering of a whole string takes quadratic time, which a field of a hundred
// thousand marks would turn into an attack.
void order_marks(std::vector<CodePoint>& code_points) {
  struct Mark {
    utf8proc_propval_t combining_class;
    std::size_t at;  // settles ties; clang refuses libstdc++ 12's std::stable_sort
    CodePoint code_point;
  };
  std::vector<Mark> run;
  for (std::size_t at = 0; at <= code_points.size(); ++at) {
    const auto combining_class = at == code_points.size()
                                     ? utf8proc_propval_t{0}
                                     : utf8proc_get_property(code_points[at])->combining_class;
    if (combining_class != 0) {
      run.push_back({combining_class, at, code_points[at]});
      continue;
    }
    std::sort(run.begin(), run.end(), [](const Mark& left, const Mark& right) {
      return std::tie(left.combining_class, left.at) < std::tie(right.combining_class, right.at);
    });
    for (std::size_t i = 0; i < run.size(); ++i) {
      code_points[at - run.size() + i] = run[i].code_point;
    }
    run.clear();
  }
}

}  // namespace

std::optional<std::size_t> first_bad_utf8(std::string_view text) noexcept {
  std::size_t at = skip_ascii(text, 0);
  while (at < text.size()) {
    const std::size_t length = sequence_length(text, at);
    if (length == 0) {
      return at;
    }
    at += length;
    if (at < text.size() && byte_at(text, at) < 0x80) {
      at = skip_ascii(text, at);
    }
  }
  return std::nullopt;
}

std::string to_nfc(std::string_view text) {
  if (is_surely_nfc(text)) {
    return std::string(text);
  }
  std::vector<CodePoint> code_points;
  code_points.reserve(text.size());
  for (std::string_view rest = text; !rest.empty();) {
    const detail::Decoded next = detail::decode_first(rest);
    rest.remove_prefix(next.length);
    const detail::Decomposed decomposed(next.code_point, UTF8PROC_DECOMPOSE | UTF8PROC_STABLE);
    const auto parts = decomposed.parts();
    code_points.insert(code_points.end(), parts.begin(), parts.end());
  }
  order_marks(code_points);
  const utf8proc_ssize_t count = utf8proc_normalize_utf32(
      code_points.data(), static_cast<utf8proc_ssize_t>(code_points.size()),
      static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE));
  code_points.resize(static_cast<std::size_t>(std::max<utf8proc_ssize_t>(count, 0)));
  std::string composed;
  composed.reserve(text.size());
  for (const CodePoint code_point : code_points) {
    detail::append_utf8(composed, code_point);
  }
  return composed;
}

namespace {

// Builds a folded text: letters, digits and symbols stay, whatever else stands between them is one
// space.
class Folder {
 public:
  void add(CodePoint code_point) {
    if (code_point < 0x80) {
      add_ascii(static_cast<unsigned char>(code_point));
      return;
    }
    if (detail::is_barred_d(code_point)) {
      keep('d');
      return;
    }
    constexpr int kOptions = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STABLE |
                             UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
    const detail::Decomposed decomposed(code_point, kOptions);
    for (const CodePoint part : decomposed.parts()) {
      add_part(part);
    }
  }
  [[nodiscard]] std::string take() { return std::move(folded_); }

 private:
  void add_part(CodePoint part) {
    if (part < 0x80) {
      add_ascii(static_cast<unsigned char>(part));
      return;
    }
    const utf8proc_category_t category = detail::category_of(part);
    if (detail::is_mark(category)) {
      return;
    }
    if (detail::is_barred_d(part)) {
      keep('d');
    } else if (is_word_part(category)) {
      separate();
      detail::append_utf8(folded_, part);
    } else {
      space_due_ = true;
    }
  }

  void add_ascii(unsigned char byte) {
    if (byte >= 'A' && byte <= 'Z') {
      keep(static_cast<char>(byte + ('a' - 'A')));
    } else if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
               std::string_view("+<=>|~$").find(static_cast<char>(byte)) !=
                   std::string_view::npos) {
      keep(static_cast<char>(byte));
    } else {
      space_due_ = true;
    }
  }

  // Letters, numbers, and the symbols that tell codes apart ("A" and "A+"); not the lone accents
  // (Sk), which people type for apostrophes.
  static bool is_word_part(utf8proc_category_t category) noexcept {
    switch (category) {
      case UTF8PROC_CATEGORY_LU:
      case UTF8PROC_CATEGORY_LL:
      case UTF8PROC_CATEGORY_LT:
      case UTF8PROC_CATEGORY_LM:
      case UTF8PROC_CATEGORY_LO:
      case UTF8PROC_CATEGORY_ND:
      case UTF8PROC_CATEGORY_NL:
      case UTF8PROC_CATEGORY_NO:
      case UTF8PROC_CATEGORY_SM:
      case UTF8PROC_CATEGORY_SC:
      case UTF8PROC_CATEGORY_SO:
        return true;
      default:
        return false;
    }
  }

  void keep(char byte) {
    separate();
    folded_ += byte;
  }

  void separate() {
    if (space_due_ && !folded_.empty()) {
      folded_ += ' ';
    }
    space_due_ = false;
  }

  std::string folded_;
  bool space_due_ = false;
};

}  // namespace

std::string fold(std::string_view text) {
  Folder folder;
  while (!text.empty()) {
    const detail::Decoded next = detail::decode_first(text);
    text.remove_prefix(next.length);
    folder.add(next.code_point);
  }
  return folder.take();
}

std::size_t code_points(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return !is_continuation(static_cast<unsigned char>(byte));
  }));
}

std::string shorten(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) {
    return std::string(text);
  }
  std::size_t seen = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_continuation(byte_at(text, at)) && ++seen > limit) {
      std::string cut(text.substr(0, at));
      cut += "…";
      return cut;
    }
  }
  return std::string(text);
}

std::size_t display_width(std::string_view text) noexcept {
  std::size_t width = 0;
  while (!text.empty()) {
    const detail::Decoded next = detail::decode_first(text);
    text.remove_prefix(next.length);
    width += static_cast<std::size_t>(std::max(utf8proc_charwidth(next.code_point), 0));
  }
  return width;
}

}  // namespace dangbo::inline v1::base
