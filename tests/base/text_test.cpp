#include "dangbo/base/text.hpp"

#include <gtest/gtest.h>
#include <utf8proc.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace dangbo::base {
namespace {

std::string encode(char32_t code_point) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code_point), bytes.data());
  return std::string(bytes.begin(), bytes.begin() + length);
}

std::string mapped(std::string_view text, int options) {
  utf8proc_uint8_t* out = nullptr;
  const auto length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                   static_cast<utf8proc_ssize_t>(text.size()), &out,
                                   static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(out, &std::free);
  return length < 0 ? std::string("utf8proc refuses") : std::string(out, out + length);
}

std::string slow_nfc(std::string_view text) {
  return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}
std::string slow_nfd(std::string_view text) {
  return mapped(text, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
}

bool is_surrogate(char32_t code_point) {
  return code_point >= 0xD800 && code_point <= 0xDFFF;
}

// Text of the kinds that meet: Vietnamese letters, combining marks, Hangul, punctuation, anything.
std::string random_text(std::mt19937_64& random, std::size_t length) {
  constexpr std::u32string_view kVietnamese =
      U"aăâeêioôơuưyđAĂÂEÊIOÔƠUƯYĐáàảãạấầẩẫậắằẳẵặếềểễệốồổỗộớờởỡợứừửữựýỳỷỹỵ -.,";
  constexpr std::u32string_view kMarks = U"\u0300\u0301\u0302\u0303\u0306\u0309\u031B\u0323\u0327";
  constexpr std::u32string_view kOther = U"“”…–₫ \u2000\u2126\u212B각ᄀ\u1161\u11A8ﬁ中\u0344\u0958";
  std::string text;
  for (std::size_t i = 0; i < length; ++i) {
    char32_t code_point = 0;
    switch (random() % 8) {
      case 0:
        code_point = static_cast<char32_t>(random() % 0x80);
        break;
      case 1:
      case 2:
        code_point = kMarks[random() % kMarks.size()];
        break;
      case 3:
        code_point = kOther[random() % kOther.size()];
        break;
      case 4:
        code_point = static_cast<char32_t>(random() % 0x110000);
        break;
      default:
        code_point = kVietnamese[random() % kVietnamese.size()];
        break;
    }
    text += encode(is_surrogate(code_point) ? U'?' : code_point);
  }
  return text;
}

// ---- UTF-8

std::optional<std::size_t> slow_first_bad(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    utf8proc_int32_t code_point = 0;
    const auto length =
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at),
                         static_cast<utf8proc_ssize_t>(text.size() - at), &code_point);
    if (length <= 0) {
      return at;
    }
    at += static_cast<std::size_t>(length);
  }
  return std::nullopt;
}

TEST(Utf8, BoundariesOnBothSides) {
  const std::vector<std::string> good = {"",
                                         "a",
                                         std::string("\0", 1),
                                         "\x7F",
                                         "\xC2\x80",
                                         "\xDF\xBF",
                                         "\xE0\xA0\x80",
                                         "\xED\x9F\xBF",
                                         "\xEE\x80\x80",
                                         "\xEF\xBF\xBF",
                                         "\xF0\x90\x80\x80",
                                         "\xF4\x8F\xBF\xBF",
                                         "Đảng bộ cơ sở"};
  const std::vector<std::string> bad = {"\x80",
                                        "\xBF",
                                        "\xC0\x80",
                                        "\xC1\xBF",
                                        "\xC2",
                                        "\xC2"
                                        "a",
                                        "\xE0\x9F\xBF",
                                        "\xE0\xA0",
                                        "\xED\xA0\x80",
                                        "\xED\xBF\xBF",
                                        "\xF0\x8F\xBF\xBF",
                                        "\xF0\x90\x80",
                                        "\xF4\x90\x80\x80",
                                        "\xF5\x80\x80\x80",
                                        "\xFE",
                                        "\xFF"};
  // Every distance from the eight-byte steps of the scan.
  for (std::size_t before = 0; before < 20; ++before) {
    const std::string prefix(before, 'x');
    for (const std::string& text : good) {
      EXPECT_EQ(first_bad_utf8(prefix + text), std::nullopt);
      EXPECT_EQ(first_bad_utf8(prefix + text + "0123456789"), std::nullopt);
    }
    for (const std::string& text : bad) {
      EXPECT_EQ(first_bad_utf8(prefix + text), before);
      EXPECT_EQ(first_bad_utf8(prefix + "ộ" + text + "0123456789"), before + 3);
    }
  }
}

TEST(Utf8, AgreesWithTheSlowTwin) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 20000; ++round) {
    std::string text = random_text(random, random() % 12);
    for (std::uint64_t damage = random() % 3; damage > 0 && !text.empty(); --damage) {
      text[random() % text.size()] = static_cast<char>(random() & 0xFFU);
    }
    ASSERT_EQ(first_bad_utf8(text), slow_first_bad(text));
  }
}

// ---- NFC

TEST(Nfc, ComposesVietnamese) {
  EXPECT_EQ(to_nfc("Đa\u0309ng bo\u0302\u0323"), "Đảng bộ");
  EXPECT_EQ(to_nfc("bo\u0323\u0302"), "bộ");
  EXPECT_EQ(to_nfc("bọ\u0302"), "bộ");
  EXPECT_EQ(to_nfc("Đảng bộ cơ sở “Chi bộ 1” – 5 000 ₫…"), "Đảng bộ cơ sở “Chi bộ 1” – 5 000 ₫…");
  EXPECT_EQ(to_nfc(""), "");
  EXPECT_EQ(to_nfc(std::string_view("a\0e\u0302", 5)), std::string("a\0ê", 4));
}

TEST(Nfc, EveryCodePointAgreesWithTheSlowTwin) {
  for (char32_t code_point = 0; code_point < 0xE1000; ++code_point) {
    if (code_point == 0x32000) {
      code_point = 0xE0000;  // nothing is assigned between
    }
    if (is_surrogate(code_point)) {
      continue;
    }
    const std::string one = encode(code_point);
    ASSERT_EQ(to_nfc(one), slow_nfc(one)) << static_cast<std::uint32_t>(code_point);
    // What the quick path believes settled must not join a letter before it.
    if (code_point < 0x3000) {
      ASSERT_EQ(to_nfc("o" + one), slow_nfc("o" + one)) << static_cast<std::uint32_t>(code_point);
    }
  }
}

TEST(Nfc, RandomTextAgreesWithTheSlowTwin) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 20000; ++round) {
    const std::string text = random_text(random, random() % 16);
    const std::string composed = to_nfc(text);
    ASSERT_EQ(composed, slow_nfc(text));
    ASSERT_EQ(to_nfc(composed), composed);
    ASSERT_EQ(to_nfc(slow_nfd(text)), composed);
  }
}

TEST(Nfc, AHundredThousandMarksTakeNoQuadraticTime) {
  std::string text = "a";
  for (int i = 0; i < 100'000; ++i) {
    text += i % 2 == 0 ? "\u0301" : "\u0323";
  }
  const auto begin = std::chrono::steady_clock::now();
  const std::string composed = to_nfc(text);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
  EXPECT_TRUE(composed.starts_with("ạ\u0323"));
  EXPECT_EQ(code_points(composed), 100'000U);
}

TEST(Nfc, BadBytesEndInReplacementCharacters) {
  EXPECT_EQ(first_bad_utf8(to_nfc("a\xFF\xCC\x81")), std::nullopt);
}

// ---- fold

TEST(Fold, MatchesWordsTypedByPeople) {
  EXPECT_EQ(fold("  Mã  Chi-bộ "), "ma chi bo");
  EXPECT_EQ(fold("ma chi bo"), "ma chi bo");
  EXPECT_EQ(fold("MÃ_CHI_BỘ"), "ma chi bo");
  EXPECT_EQ(fold("Đảng uỷ"), "dang uy");
  EXPECT_EQ(fold("Ðảng uỷ"), "dang uy");  // U+00D0
  EXPECT_EQ(fold("\u0189a\u0309ng \u00F0\u0256"), "dang dd");
  EXPECT_EQ(fold("Ngày sinh (dd/mm/yyyy):"), "ngay sinh dd mm yyyy");
  EXPECT_EQ(fold("Số\u00A0thẻ"), "so the");
  EXPECT_EQ(fold("chi\u200Bbộ"), "chibo");
  EXPECT_EQ(fold("ＡＢＣ １２"), "abc 12");
  EXPECT_EQ(fold("№ 5"), "no 5");
  EXPECT_EQ(fold(""), "");
  EXPECT_EQ(fold(" -–…/\t\n"), "");
}

TEST(Fold, EveryVietnameseLetterLosesItsMarks) {
  const std::vector<std::pair<std::string, std::u32string>> letters = {
      {"a", U"àáảãạăằắẳẵặâầấẩẫậÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬ"},
      {"d", U"đĐ"},
      {"e", U"èéẻẽẹêềếểễệÈÉẺẼẸÊỀẾỂỄỆ"},
      {"i", U"ìíỉĩịÌÍỈĨỊ"},
      {"o", U"òóỏõọôồốổỗộơờớởỡợÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢ"},
      {"u", U"ùúủũụưừứửữựÙÚỦŨỤƯỪỨỬỮỰ"},
      {"y", U"ỳýỷỹỵỲÝỶỸỴ"}};
  for (const auto& [plain, marked] : letters) {
    for (const char32_t letter : marked) {
      EXPECT_EQ(fold(encode(letter)), plain) << encode(letter);
      EXPECT_EQ(fold(slow_nfd(encode(letter))), plain) << encode(letter);
    }
  }
}

TEST(Fold, SymbolsThatTellCodesApartStay) {
  EXPECT_EQ(fold("A+"), "a+");
  EXPECT_NE(fold("A+"), fold("A-"));
  EXPECT_EQ(fold("Y´Bhăm"), fold("Y Bhăm"));
  EXPECT_EQ(fold("Y`Bhăm"), fold("Y Bhăm"));
}

TEST(Fold, AFoldedTextIsAFixedPointWhateverTheForm) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 20000; ++round) {
    const std::string text = random_text(random, random() % 16);
    const std::string folded = fold(text);
    ASSERT_EQ(fold(folded), folded) << text;
    ASSERT_EQ(fold(slow_nfc(text)), folded) << text;
    ASSERT_EQ(fold(slow_nfd(text)), folded) << text;
    ASSERT_FALSE(folded.starts_with(' ') || folded.ends_with(' '));
    ASSERT_EQ(folded.find("  "), std::string::npos);
  }
}

TEST(Fold, BadBytesAreHarmless) {
  std::mt19937_64 random(4);
  for (int round = 0; round < 5000; ++round) {
    std::string text(random() % 12, '\0');
    for (char& byte : text) {
      byte = static_cast<char>(random() & 0xFFU);
    }
    ASSERT_EQ(first_bad_utf8(fold(text)), std::nullopt);
  }
}

// ---- lengths

TEST(Lengths, CodePoints) {
  EXPECT_EQ(code_points(""), 0U);
  EXPECT_EQ(code_points("Đảng bộ"), 7U);
  EXPECT_EQ(code_points("bo\u0302\u0323"), 4U);
  EXPECT_EQ(code_points("中文🙂"), 3U);
}

TEST(Lengths, ShortenCutsBetweenCodePoints) {
  EXPECT_EQ(shorten("Đảng bộ", 7), "Đảng bộ");
  EXPECT_EQ(shorten("Đảng bộ", 6), "Đảng b…");
  EXPECT_EQ(shorten("Đảng bộ", 1), "Đ…");
  EXPECT_EQ(shorten("Đảng bộ", 0), "…");
  EXPECT_EQ(shorten("", 0), "");
  EXPECT_EQ(shorten("abc", 3), "abc");
  EXPECT_EQ(shorten("abcd", 3), "abc…");
}

TEST(Lengths, DisplayWidth) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("Đảng bộ"), 7U);
  EXPECT_EQ(display_width("Đa\u0309ng bo\u0302\u0323"), 7U);
  EXPECT_EQ(display_width("中文"), 4U);
  EXPECT_EQ(display_width("\u200B"), 0U);
}

}  // namespace
}  // namespace dangbo::base
