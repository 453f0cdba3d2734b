// The order of Vietnamese names, and the nearness of words.
#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "base/code_points.hpp"
#include "dangbo/base/text.hpp"

namespace dangbo::inline v1::base {

namespace {

using detail::CodePoint;

// A key is the given name, the middle name, the family name, the cases; a lower byte ends whatever
// a higher one could continue, so that keys compare as bytes.
constexpr char kPartEnd = 0x01;
enum Tone : char { kLevel = 0x02, kGrave, kHook, kTilde, kAcute, kDotBelow, kOtherMark };
constexpr char kFirstDigit = 0x10;
constexpr char kFirstLetter = 0x20;
// f, j, w and z are not Vietnamese letters but occur in names; they stand where Latin has them.
constexpr std::u32string_view kLetters = U"aăâbcdđeêfghijklmnoôơpqrstuưvwxyz";

constexpr char letter_weight(char32_t letter) noexcept {
  const auto index = kLetters.find(letter);
  return static_cast<char>(kFirstLetter + static_cast<int>(index));
}

constexpr std::array<char, 26> kLatinWeights = [] {
  std::array<char, 26> weights{};
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = letter_weight(U'a' + static_cast<char32_t>(i));
  }
  return weights;
}();

// One word of a name: the weights of its letters, then of its tones. The place of the tone in the
// word does not count, so that "Hoà" and "Hòa" are one name.
class Word {
 public:
  [[nodiscard]] bool empty() const noexcept { return letters_.empty(); }

  void add(CodePoint part, std::string& cases) {
    const utf8proc_category_t category = detail::category_of(part);
    if (detail::is_mark(category)) {
      add_mark(part);
      return;
    }
    const CodePoint lower = utf8proc_tolower(part);
    if (lower >= 'a' && lower <= 'z') {
      letters_ += kLatinWeights[static_cast<std::size_t>(lower - 'a')];
    } else if (lower >= '0' && lower <= '9') {
      letters_ += static_cast<char>(kFirstDigit + (lower - '0'));
    } else if (detail::is_barred_d(part)) {
      letters_ += letter_weight(U'đ');
    } else if (lower >= 0x80 && is_letter_or_number(category)) {
      detail::append_utf8(letters_,
                          lower);  // other scripts come last: their bytes exceed every weight
    } else {
      return;  // apostrophes and hyphens inside a name do not count
    }
    cases += lower == part ? '\x01' : '\x02';
  }

  void append_to(std::string& key) const {
    key += letters_;
    if (tones_.empty()) {
      key += kLevel;
    } else {
      key += tones_;
    }
  }

 private:
  static bool is_letter_or_number(utf8proc_category_t category) noexcept {
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
  }

  void add_mark(CodePoint mark) {
    if (letters_.empty() || turn_letter(mark)) {
      return;
    }
    switch (mark) {
      case 0x0300:
        tones_ += kGrave;
        break;
      case 0x0309:
        tones_ += kHook;
        break;
      case 0x0303:
        tones_ += kTilde;
        break;
      case 0x0301:
        tones_ += kAcute;
        break;
      case 0x0323:
        tones_ += kDotBelow;
        break;
      default:
        tones_ += kOtherMark;
        break;
    }
  }

  // Circumflex, breve and horn make another letter of the one before them.
  bool turn_letter(CodePoint mark) {
    struct Turn {
      CodePoint mark;
      char32_t from;
      char32_t to;
    };
    static constexpr std::array<Turn, 6> kTurns{{{0x0306, U'a', U'ă'},
                                                 {0x0302, U'a', U'â'},
                                                 {0x0302, U'e', U'ê'},
                                                 {0x0302, U'o', U'ô'},
                                                 {0x031B, U'o', U'ơ'},
                                                 {0x031B, U'u', U'ư'}}};
    for (const Turn& turn : kTurns) {
      if (turn.mark == mark && letters_.back() == letter_weight(turn.from)) {
        letters_.back() = letter_weight(turn.to);
        return true;
      }
    }
    return false;
  }

  std::string letters_;
  std::string tones_;
};

bool is_space(CodePoint code_point) noexcept {
  const utf8proc_category_t category = detail::category_of(code_point);
  return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
         category == UTF8PROC_CATEGORY_ZP || category == UTF8PROC_CATEGORY_CC;
}

struct NameWords {
  std::vector<Word> words;
  std::string cases;
};

NameWords words_of(std::string_view name) {
  NameWords result;
  Word word;
  const auto end_word = [&] {
    if (!word.empty()) {
      result.words.push_back(std::move(word));
    }
    word = Word();
  };
  while (!name.empty()) {
    const detail::Decoded next = detail::decode_first(name);
    name.remove_prefix(next.length);
    if (is_space(next.code_point)) {
      end_word();
      continue;
    }
    const detail::Decomposed decomposed(next.code_point,
                                        UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STABLE);
    for (const CodePoint part : decomposed.parts()) {
      word.add(part, result.cases);
    }
  }
  end_word();
  return result;
}

}  // namespace

std::string name_sort_key(std::string_view full_name) {
  const NameWords name = words_of(full_name);
  std::string key;
  if (name.words.empty()) {
    return key;
  }
  key.reserve(2 * full_name.size() + 4);
  const std::size_t last = name.words.size() - 1;
  name.words[last].append_to(key);
  key += kPartEnd;
  for (std::size_t i = 1; i < last; ++i) {
    name.words[i].append_to(key);
  }
  key += kPartEnd;
  if (last > 0) {
    name.words.front().append_to(key);
  }
  key += kPartEnd;
  key += name.cases;
  return key;
}

namespace {

std::u32string decoded(std::string_view text) {
  std::u32string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const detail::Decoded next = detail::decode_first(text);
    text.remove_prefix(next.length);
    result += static_cast<char32_t>(next.code_point);
  }
  return result;
}

// Optimal string alignment distance: insert, delete, replace, swap neighbours; each costs 1.
std::size_t alignment_distance(std::u32string_view left, std::u32string_view right) {
  std::vector<std::size_t> before_last(right.size() + 1);
  std::vector<std::size_t> last(right.size() + 1);
  std::vector<std::size_t> row(right.size() + 1);
  for (std::size_t j = 0; j <= right.size(); ++j) {
    row[j] = j;
  }
  for (std::size_t i = 1; i <= left.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t change = left[i - 1] == right[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
  }
  return row[right.size()];
}

}  // namespace

std::optional<std::size_t> nearest(std::string_view word, const std::string_view* candidates,
                                   std::size_t count) {
  const std::u32string wanted = decoded(fold(word));
  if (wanted.empty()) {
    return std::nullopt;
  }
  std::optional<std::size_t> best;
  std::size_t bound = wanted.size() / 3;
  for (std::size_t i = 0; i < count; ++i) {
    const std::u32string candidate = decoded(fold(candidates[i]));
    const std::size_t apart = candidate.size() > wanted.size() ? candidate.size() - wanted.size()
                                                               : wanted.size() - candidate.size();
    if (apart > bound) {
      continue;
    }
    const std::size_t distance = alignment_distance(wanted, candidate);
    if (distance == 0) {
      return i;
    }
    if (distance <= bound) {
      best = i;
      bound = distance - 1;  // ties go to the earlier candidate
    }
  }
  return best;
}

}  // namespace dangbo::inline v1::base
