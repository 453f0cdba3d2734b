#include <gtest/gtest.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/base/text.hpp"

namespace dangbo::base {
namespace {

std::string nfd(std::string_view text) {
  utf8proc_uint8_t* out = nullptr;
  const auto length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                   static_cast<utf8proc_ssize_t>(text.size()), &out,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(out, &std::free);
  return std::string(out, out + std::max<utf8proc_ssize_t>(length, 0));
}

// In the order a Vietnamese list has them, written by hand.
const std::vector<std::string> kNames = {
    "An",                  // one word: given name only
    "Lê An",               // no middle name before any middle name
    "Trần An",             //
    "Nguyễn Ái An",        // middle name before family name: Ái, Bình, Văn
    "Lê Bình An",          //
    "Đặng Văn An",         // Đ after D, before L
    "Lê Văn An",           //
    "Nguyễn Văn Thuỳ An",  // a longer middle name is compared word by word
    "Nguyễn Văn Án",       // all An before Án, whatever stands before
    "Nguyễn Văn Ạn",       //
    "Nguyễn Văn Anh",      // letters before tones: Ạn before Anh
    "Trần Thị Ánh",        //
    "Lê Văn Ăn",           // a ă â
    "Lê Văn Ân",           //
    "Lò Văn Ban",          //
    "Y Bhăm",              //
    "Nguyễn Thị Bình",     //
    "Hồ Cường",            //
    "Phạm Thị Dung",       // d before đ
    "Lý Văn Dũng",         //
    "Nguyễn Đan",          //
    "Bùi Văn Đạt",         //
    "Nguyễn Văn Em",       //
    "Nguyễn Thị Êm",       // e before ê
    "Nguyễn Văn Giang",    //
    "Trần Thị Hoa",        // ngang huyền hỏi ngã sắc nặng
    "Nguyễn Văn Hoà",      //
    "Nguyễn Văn Hoả",      //
    "Nguyễn Văn Hoã",      //
    "Nguyễn Văn Hoá",      //
    "Nguyễn Văn Hoạ",      //
    "Nguyễn Thị Hoài",     //
    "Điểu Krang",          //
    "Nguyễn Văn Oanh",     // o ô ơ
    "Nguyễn Văn Ông",      //
    "Nguyễn Văn Ơn",       //
    "Nguyễn Văn Quân",     //
    "Nguyễn Văn Tú",       //
    "Nguyễn Văn Tư",       // u before ư
    "Nguyễn Văn Từ",       //
    "Nguyễn Văn Tý",       //
    "Nguyễn Văn Uy",       //
    "Nguyễn Văn Ưng",      //
    "H Wer",               //
    "Nguyễn Văn Xuân",     //
    "Nguyễn Thị Ý",        //
    "Nguyễn Thị Yến",      //
    "Vương 中",            // other scripts last
};

TEST(NameOrder, IsThatOfAVietnameseList) {
  for (std::size_t i = 1; i < kNames.size(); ++i) {
    EXPECT_LT(name_sort_key(kNames[i - 1]), name_sort_key(kNames[i]))
        << kNames[i - 1] << " | " << kNames[i];
  }
}

TEST(NameOrder, SortingAnyShuffleGivesTheList) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 50; ++round) {
    std::vector<std::string> names = kNames;
    std::shuffle(names.begin(), names.end(), random);
    std::sort(names.begin(), names.end(), [](const std::string& left, const std::string& right) {
      return name_sort_key(left) < name_sort_key(right);
    });
    ASSERT_EQ(names, kNames);
  }
}

TEST(NameOrder, FormSpacesAndTonePlaceDoNotCount) {
  for (const std::string& name : kNames) {
    EXPECT_EQ(name_sort_key(nfd(name)), name_sort_key(name)) << name;
    std::string spaced = "  ";
    for (const char byte : name) {
      spaced += byte;
      if (byte == ' ') {
        spaced += "\u00A0\t ";
      }
    }
    spaced += " \n";
    EXPECT_EQ(name_sort_key(spaced), name_sort_key(name)) << name;
  }
  EXPECT_EQ(name_sort_key("Nguyễn Văn Hòa"), name_sort_key("Nguyễn Văn Hoà"));
  EXPECT_EQ(name_sort_key("Ðặng Văn An"), name_sort_key("Đặng Văn An"));  // U+00D0
  EXPECT_EQ(name_sort_key("K'Long"), name_sort_key("K’Long"));
}

TEST(NameOrder, CaseDecidesLast) {
  EXPECT_LT(name_sort_key("nguyễn văn an"), name_sort_key("Nguyễn Văn An"));
  EXPECT_LT(name_sort_key("NGUYỄN VĂN AN"), name_sort_key("Nguyễn Văn Án"));
  EXPECT_LT(name_sort_key("TRẦN ĐĂNG AN"), name_sort_key("trần văn an"));
}

TEST(NameOrder, NothingToOrderIsEmptyAndFirst) {
  EXPECT_EQ(name_sort_key(""), "");
  EXPECT_EQ(name_sort_key(" \t\u00A0"), "");
  EXPECT_EQ(name_sort_key("- ."), "");
  EXPECT_EQ(name_sort_key("\u0301"), "");
  EXPECT_LT(name_sort_key(""), name_sort_key("A"));
}

// The whole alphabet with all tones, one letter a name.
TEST(NameOrder, LettersAndTones) {
  const std::vector<std::string> letters = {
      "A", "À", "Ả", "Ã", "Á", "Ạ", "Ă", "Ằ", "Ẳ", "Ẵ", "Ắ", "Ặ", "Â", "Ầ", "Ẩ", "Ẫ", "Ấ", "Ậ", "B",
      "C", "D", "Đ", "E", "È", "Ẻ", "Ẽ", "É", "Ẹ", "Ê", "Ề", "Ể", "Ễ", "Ế", "Ệ", "F", "G", "H", "I",
      "Ì", "Ỉ", "Ĩ", "Í", "Ị", "J", "K", "L", "M", "N", "O", "Ò", "Ỏ", "Õ", "Ó", "Ọ", "Ô", "Ồ", "Ổ",
      "Ỗ", "Ố", "Ộ", "Ơ", "Ờ", "Ở", "Ỡ", "Ớ", "Ợ", "P", "Q", "R", "S", "T", "U", "Ù", "Ủ", "Ũ", "Ú",
      "Ụ", "Ư", "Ừ", "Ử", "Ữ", "Ứ", "Ự", "V", "W", "X", "Y", "Ỳ", "Ỷ", "Ỹ", "Ý", "Ỵ", "Z"};
  for (std::size_t i = 1; i < letters.size(); ++i) {
    EXPECT_LT(name_sort_key(letters[i - 1]), name_sort_key(letters[i])) << letters[i];
  }
}

TEST(NameOrder, HostileBytesAreHarmless) {
  std::mt19937_64 random(6);
  for (int round = 0; round < 5000; ++round) {
    std::string name(random() % 20, '\0');
    for (char& byte : name) {
      byte = static_cast<char>(random() & 0xFFU);
    }
    ASSERT_LE(name_sort_key(name).size(), 200 * (name.size() + 1));
  }
}

// ---- nearest

std::optional<std::size_t> nearest_of(std::string_view word,
                                      const std::vector<std::string_view>& candidates) {
  return nearest(word, candidates.data(), candidates.size());
}

TEST(Nearest, FindsWhatWasMeant) {
  const std::vector<std::string_view> columns = {"ngày sinh", "ngày vào đảng", "dân tộc",
                                                 "tôn giáo"};
  EXPECT_EQ(nearest_of("ngay shin", columns), 0U);  // swap
  EXPECT_EQ(nearest_of("Ngày vào Đảg", columns), 1U);
  EXPECT_EQ(nearest_of("DAN-TOOC", columns), 2U);
  EXPECT_EQ(nearest_of("tong giao", columns), 3U);
  EXPECT_EQ(nearest_of("quê quán", columns), std::nullopt);
  EXPECT_EQ(nearest_of("", columns), std::nullopt);
  EXPECT_EQ(nearest_of("---", columns), std::nullopt);
  EXPECT_EQ(nearest("x", nullptr, 0), std::nullopt);
}

TEST(Nearest, AThirdOfTheLengthIsTheLimit) {
  EXPECT_EQ(nearest_of("abcdef", {"abcdxy"}), 0U);            // 2 of 6
  EXPECT_EQ(nearest_of("abcdef", {"abcxyz"}), std::nullopt);  // 3 of 6
  EXPECT_EQ(nearest_of("abcde", {"abcdx"}), 0U);              // 1 of 5
  EXPECT_EQ(nearest_of("abcde", {"abcxy"}), std::nullopt);    // 2 of 5
  EXPECT_EQ(nearest_of("ab", {"ax"}), std::nullopt);          // 1 of 2
  EXPECT_EQ(nearest_of("ab", {"AB"}), 0U);
  EXPECT_EQ(nearest_of("abc", {""}), std::nullopt);
}

TEST(Nearest, TiesGoToTheEarlierAndBetterOnesWin) {
  EXPECT_EQ(nearest_of("abcdef", {"abcdex", "abcdey"}), 0U);
  EXPECT_EQ(nearest_of("abcdef", {"abcdxy", "abcdey", "abcdez"}), 1U);
  EXPECT_EQ(nearest_of("abcdef", {"abcdey", "ABCDEF", "abcdef"}), 1U);
}

// The definition, word for word, on short words.
using Memory = std::map<std::pair<std::size_t, std::size_t>, std::size_t>;

std::size_t slow_distance(std::string_view left, std::string_view right, Memory& known) {
  const auto at = std::pair(left.size(), right.size());
  if (left.empty() || right.empty()) {
    return left.size() + right.size();
  }
  if (const auto found = known.find(at); found != known.end()) {
    return found->second;
  }
  const auto shorter = [](std::string_view text, std::size_t by) {
    return text.substr(0, text.size() - by);
  };
  std::size_t best = slow_distance(shorter(left, 1), shorter(right, 1), known) +
                     (left.back() == right.back() ? 0 : 1);
  best = std::min(best, slow_distance(shorter(left, 1), right, known) + 1);
  best = std::min(best, slow_distance(left, shorter(right, 1), known) + 1);
  if (left.size() > 1 && right.size() > 1 && left.back() == right[right.size() - 2] &&
      right.back() == left[left.size() - 2]) {
    best = std::min(best, slow_distance(shorter(left, 2), shorter(right, 2), known) + 1);
  }
  known.emplace(at, best);
  return best;
}

TEST(Nearest, AgreesWithTheSlowTwin) {
  std::mt19937_64 random(8);
  const auto word = [&random](std::size_t least) {
    std::string text;
    for (std::size_t i = least + random() % 8; i > 0; --i) {
      text += static_cast<char>('a' + random() % 3);
    }
    return text;
  };
  for (int round = 0; round < 1000; ++round) {
    const std::string wanted = word(1);
    std::vector<std::string> words;
    for (int i = 0; i < 6; ++i) {
      words.push_back(word(0));
    }
    std::optional<std::size_t> expected;
    std::size_t least = wanted.size() / 3 + 1;
    for (std::size_t i = 0; i < words.size(); ++i) {
      Memory known;
      const std::size_t distance = slow_distance(wanted, words[i], known);
      if (distance < least) {
        least = distance;
        expected = i;
      }
    }
    const std::vector<std::string_view> views(words.begin(), words.end());
    ASSERT_EQ(nearest_of(wanted, views), expected) << wanted;
  }
}

}  // namespace
}  // namespace dangbo::base
