#include "dangbo/party/document_number.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/party/vocabulary.hpp"

namespace dangbo {
namespace {

using party::DocumentForm;
using party::DocumentNumber;
using party::Irregularity;
using party::key_of;
using party::parse_document_number;
using party::to_symbol;

// Everything that was read, on one line: "party 62 KH ĐUK 2022-04-25 !2" with the numbers of
// irregularities.
std::string read(std::string_view text) {
  const auto found = parse_document_number(text);
  if (!found) return "nothing";
  constexpr std::string_view kForms[] = {"party", "state", "mention"};
  std::string line(kForms[static_cast<std::size_t>(found->form)]);
  line += ' ' + (found->number ? std::to_string(*found->number) : std::string("-"));
  line += ' ' + (found->type.empty() ? std::string("-") : found->type);
  line += ' ' + (found->issuer.empty() ? std::string("-") : found->issuer);
  if (!found->suffix.empty()) line += " /" + found->suffix;
  if (found->year) line += " year " + std::to_string(*found->year);
  if (found->plenum) line += " plenum " + std::to_string(*found->plenum);
  if (!found->term.empty()) line += " term " + found->term;
  if (found->date) line += ' ' + found->date->to_string();
  for (const Irregularity flag : found->irregularities) {
    line += " !" + std::to_string(static_cast<int>(flag));
  }
  return line;
}

std::string flag(Irregularity irregularity) {
  return " !" + std::to_string(static_cast<int>(irregularity));
}

// The id in `document_types` of what was read.
std::string type_id(std::string_view text) {
  const auto found = parse_document_number(text);
  if (!found || !found->type_code) return {};
  return party::document_types()->codes()[*found->type_code].id;
}

TEST(DocumentNumber, SymbolsOfTheArticles) {
  EXPECT_EQ(read("22-NQ/TW 02/02/2008"), "party 22 NQ TW 2008-02-02");
  EXPECT_EQ(read("21-NQ/TW 16/6/2022"), "party 21 NQ TW 2022-06-16");
  EXPECT_EQ(read("62-KH/ĐUK 25/4/2022"), "party 62 KH ĐUK 2022-04-25");
  EXPECT_EQ(read("14-KH/ĐUK 17/5/2021"), "party 14 KH ĐUK 2021-05-17");
  EXPECT_EQ(read("21-KL/TW"), "party 21 KL TW");
  EXPECT_EQ(read("01-KL/TW"), "party 1 KL TW");
  EXPECT_EQ(read("05-CT/TW"), "party 5 CT TW");
  EXPECT_EQ(read("76-QĐ/TW"), "party 76 QĐ TW");
  EXPECT_EQ(read("03-NQ/TU"), "party 3 NQ TU");
  EXPECT_EQ(read("22-HD/BTCTU"), "party 22 HD BTCTU");
  EXPECT_EQ(read("29-HD/BTCTU"), "party 29 HD BTCTU");
  EXPECT_EQ(read("212-QĐ/TW 30-12-2019"), "party 212 QĐ TW 2019-12-30");
  EXPECT_EQ(read("779-CV/TU"), "party 779 CV TU");
  EXPECT_EQ(read("780-CV/TU"), "party 780 CV TU");
  EXPECT_EQ(read("04- ĐA/TU"), "party 4 ĐA TU" + flag(Irregularity::kStraySpace));
  EXPECT_EQ(read("39-NQ/TW 17-4-2015"), "party 39 NQ TW 2015-04-17");
  EXPECT_EQ(read("161/2018/NĐ-CP"), "state 161 NĐ CP year 2018");
  EXPECT_EQ(read("68/2000/NĐ-CP"), "state 68 NĐ CP year 2000");
}

TEST(DocumentNumber, UnnumberedMentions) {
  const std::string no_issuer = flag(Irregularity::kMissingIssuer);
  const std::string no_number = flag(Irregularity::kMissingNumber);
  EXPECT_EQ(read("Chỉ thị 10"), "mention 10 CT -" + no_issuer);
  EXPECT_EQ(read("Hướng dẫn 09"), "mention 9 HD -" + no_issuer);
  EXPECT_EQ(read("Chỉ thị 05"), "mention 5 CT -" + no_issuer);
  EXPECT_EQ(read("Chỉ thị số 05"), "mention 5 CT -" + no_issuer);
  EXPECT_EQ(read("Nghị quyết Trung ương 4 (khóa XII)"),
            "mention - NQ TW plenum 4 term XII" + no_number);
  EXPECT_EQ(read("Nghị quyết T.Ư 4"), "mention - NQ TW plenum 4" + no_number);
  EXPECT_EQ(read("Nghị quyết Trung ương 4 khoá XIII"),
            "mention - NQ TW plenum 4 term XIII" + no_number);
  EXPECT_EQ(read("Chương trình hành động 12"), "mention 12 CTHĐ -" + no_issuer);
  EXPECT_EQ(read("Chương trình 12"), "mention 12 CTr -" + no_issuer);
  EXPECT_EQ(read("Chỉ thị 10 ngày 30/3/2007"), "mention 10 CT - 2007-03-30" + no_issuer);
}

TEST(DocumentNumber, FormsOfTheDossier) {
  EXPECT_EQ(read("Số 01-BC/CB"), "party 1 BC CB");
  EXPECT_EQ(read("141-CV/VPTW/nb"), "party 141 CV VPTW /nb");
  EXPECT_EQ(read("25-QĐi/TU"), "party 25 QĐi TU");
  EXPECT_EQ(read("12-TTr/ĐU"), "party 12 TTr ĐU");
  EXPECT_EQ(read("12-TT/TW"), "party 12 TT TW");
  EXPECT_EQ(read("07-CTr/TU"), "party 7 CTr TU");
  EXPECT_EQ(read("07-CTHĐ/TU"), "party 7 CTHĐ TU");
  EXPECT_EQ(read("số 62-KH/ĐUK, ngày 25/4/2022"), "party 62 KH ĐUK 2022-04-25");
  EXPECT_EQ(read("Kế hoạch số 62-KH/ĐUK, ngày 25.4.2022."), "party 62 KH ĐUK 2022-04-25");
  EXPECT_EQ(read("Số 62-KH/ĐUK ngày 25 tháng 4 năm 2022"), "party 62 KH ĐUK 2022-04-25");
  EXPECT_EQ(read("62-KH/ĐUK, tháng 4/2022"), "party 62 KH ĐUK 2022-04");
  EXPECT_EQ(read("04-NQ/TW (khoá XII), ngày 30/10/2016"), "party 4 NQ TW term XII 2016-10-30");
  EXPECT_EQ(read("12-HD/UBKTĐUK"), "party 12 HD UBKTĐUK");
  EXPECT_EQ(read("3-KH/ThU"), "party 3 KH ThU");
  EXPECT_EQ(read("3-KH/ĐUXMT"), "party 3 KH ĐUXMT");  // the list of issuers is open
}

TEST(DocumentNumber, StateForms) {
  EXPECT_EQ(read("Nghị định 161/2018/NĐ-CP"), "state 161 NĐ CP year 2018");
  EXPECT_EQ(read("1630/QĐ-TTg"), "state 1630 QĐ TTg");
  EXPECT_EQ(read("1019/QĐ-TCTK"), "state 1019 QĐ TCTK");
  EXPECT_EQ(read("Luật 91/2025/QH15"), "state 91 - QH15 year 2025");
  EXPECT_EQ(read("01/2020/TTLT-BTC-BNV"), "state 1 TTLT BTC-BNV year 2020");
  EXPECT_EQ(type_id("161/2018/NĐ-CP"), "");
}

TEST(DocumentNumber, SlipsAreReadAndFlagged) {
  const std::string colon = flag(Irregularity::kColonAfterSo);
  const std::string order = flag(Irregularity::kStateOrder);
  const std::string space = flag(Irregularity::kStraySpace);
  EXPECT_EQ(read("Số: 62-KH/ĐUK"), "party 62 KH ĐUK" + colon);
  EXPECT_EQ(read("Số:62-KH/ĐUK"), "party 62 KH ĐUK" + colon);
  EXPECT_EQ(read("Số: 01/BC-CB"), "party 1 BC CB" + colon + order);
  EXPECT_EQ(read("Số 01/BC-CB"), "party 1 BC CB" + order);
  EXPECT_EQ(read("Số: 01 - BC/CB"), "party 1 BC CB" + colon + space);
  EXPECT_EQ(read("62-KH / ĐUK"), "party 62 KH ĐUK" + space);
  EXPECT_EQ(read("62–KH/ĐUK"), "party 62 KH ĐUK" + flag(Irregularity::kOtherDash));
  EXPECT_EQ(read("62KH/ĐUK"), "party 62 KH ĐUK" + flag(Irregularity::kMissingDash));
  EXPECT_EQ(read("62 KH/ĐUK"), "party 62 KH ĐUK" + flag(Irregularity::kMissingDash));
  EXPECT_EQ(read("62-KHĐUK"), "party 62 KH ĐUK" + flag(Irregularity::kMissingSlash));
  EXPECT_EQ(read("62-kh/đuk"), "party 62 KH ĐUK" + flag(Irregularity::kLetterCase));
  EXPECT_EQ(read("62-KH/ÐUK"), "party 62 KH ĐUK" + flag(Irregularity::kLookalike));
  EXPECT_EQ(read("190-QD/TW"), "party 190 QĐ TW" + flag(Irregularity::kLookalike));
  EXPECT_EQ(read("22-NQ/TƯ"), "party 22 NQ TW" + flag(Irregularity::kOtherSpelling));
  EXPECT_EQ(read("22-NQ/T.Ư"), "party 22 NQ TW" + flag(Irregularity::kOtherSpelling));
  EXPECT_EQ(read("Số       -KH/ĐUK"), "party - KH ĐUK" + flag(Irregularity::kMissingNumber));
  EXPECT_EQ(read("Số ....-KH/ĐUK"), "party - KH ĐUK" + flag(Irregularity::kMissingNumber));
  EXPECT_EQ(read("-KH/ĐUK"), "party - KH ĐUK" + flag(Irregularity::kMissingNumber));
  EXPECT_EQ(read("00-KH/ĐUK"), "party - KH ĐUK" + flag(Irregularity::kMissingNumber));
  EXPECT_EQ(read("Nghị quyết 05-CT/TW"), "party 5 CT TW" + flag(Irregularity::kTypeConflict));
  EXPECT_EQ(read("62-KH/ĐUK ngày 31/02/2022"), "party 62 KH ĐUK" + flag(Irregularity::kBadDate));
  EXPECT_EQ(read("62-KH/ĐUK ngày 25/4/22"), "party 62 KH ĐUK" + flag(Irregularity::kBadDate));
}

TEST(DocumentNumber, DecomposedTextIsTheSameText) {
  EXPECT_EQ(read("Chi\u0309 thi\u0323 10"), read("Chỉ thị 10"));
  EXPECT_EQ(read("\u00A0 62-KH/ĐUK,\u00A0ngày 25/4/2022 "), "party 62 KH ĐUK 2022-04-25");
}

TEST(DocumentNumber, LongestTypeWins) {
  EXPECT_EQ(type_id("05-CT/TU"), "directive");
  EXPECT_EQ(type_id("05-CTr/TU"), "programme");
  EXPECT_EQ(type_id("05-CTHĐ/TU"), "action_programme");
  EXPECT_EQ(type_id("05-TT/TU"), "circular");
  EXPECT_EQ(type_id("05-TTr/TU"), "submission");
  // without the slash nothing but the list of types says where the issuer begins
  EXPECT_EQ(read("05-CTTW"), "party 5 CT TW" + flag(Irregularity::kMissingSlash));
  EXPECT_EQ(read("05-CTrTU"), "party 5 CTr TU" + flag(Irregularity::kMissingSlash));
  EXPECT_EQ(read("05-CTHĐTU"), "party 5 CTHĐ TU" + flag(Irregularity::kMissingSlash));
  EXPECT_EQ(read("05-QĐiTU"), "party 5 QĐi TU" + flag(Irregularity::kMissingSlash));
  EXPECT_EQ(read("05-TTrTW"), "party 5 TTr TW" + flag(Irregularity::kMissingSlash));
}

TEST(DocumentNumber, WordsSayWhatTheCodeLeavesOpen) {
  EXPECT_EQ(type_id("294-QĐ/TW"), "unknown");
  EXPECT_EQ(type_id("Quy định 294-QĐ/TW"), "regulation");
  EXPECT_EQ(type_id("Quyết định số 342-QĐ/TW"), "decision");
  EXPECT_EQ(type_id("25-QĐi/TU"), "regulation");
  EXPECT_EQ(type_id("Quy định 25-QĐi/TU"), "regulation");
  EXPECT_EQ(type_id("Dự án 02-DA/TU"), "project");
  EXPECT_EQ(type_id("Đề án 02-ĐA/TU"), "scheme");
  EXPECT_TRUE(parse_document_number("Quyết định 25-QĐi/TU")->has(Irregularity::kTypeConflict));
  EXPECT_FALSE(parse_document_number("Quy định 25-QĐi/TU")->has(Irregularity::kTypeConflict));
}

TEST(DocumentNumber, NothingIsGuessed) {
  for (const std::string_view text : {"",
                                      " ",
                                      "-",
                                      "/",
                                      "62",
                                      "KH",
                                      "62-KH",
                                      "62-KH/",
                                      "62-/ĐUK",
                                      "62/ĐUK",
                                      "62-XYZ/TU",
                                      "Chỉ thị",
                                      "Chỉ thị của cấp uỷ",
                                      "Nghị quyết Trung ương",
                                      "Nghị quyết Trung ương khoá XII",
                                      "Chỉ thị Trung ương 4",
                                      "chi bộ 10",
                                      "10-CT/TW và các văn bản khác",
                                      "10-CT/TW, 12-CT/TW",
                                      "1234567890-CT/TW",
                                      "161/18/NĐ-CP",
                                      "161/02018/NĐ-CP",
                                      "161/2018/",
                                      "161/2018/NĐ-",
                                      "161/2018/QĐ",
                                      "10-CT/TW/",
                                      "10-CT/TW/nb/nb",
                                      "10-CT/TW (khoá)",
                                      "10-CT/TW (khoá XII",
                                      "10-CT/TW (khoá bảy)",
                                      "10-CT/TW ngày",
                                      "10-CT/TW ngày mai",
                                      "Số",
                                      "Số:",
                                      "Số10-CT/TW",
                                      "+5-CT/TW",
                                      "5,0-CT/TW",
                                      "٣-CT/TW",
                                      "10-CT//TW",
                                      "10--CT/TW",
                                      "Luật 91",
                                      "Nghị định 161",
                                      "0/BC-CB"}) {
    EXPECT_EQ(read(text), "nothing") << text;
  }
}

TEST(DocumentNumber, BoundariesOfNumberYearAndLength) {
  EXPECT_EQ(parse_document_number("1-CT/TW")->number, 1);
  EXPECT_EQ(parse_document_number("999999999-CT/TW")->number, 999'999'999);
  EXPECT_FALSE(parse_document_number("1000000000-CT/TW"));
  EXPECT_EQ(parse_document_number("1/1000/NĐ-CP")->year, 1000);
  EXPECT_FALSE(parse_document_number("1/0999/NĐ-CP"));
  EXPECT_FALSE(parse_document_number("1/10000/NĐ-CP"));
  const std::string body = "1-CT/TW";
  EXPECT_TRUE(parse_document_number(body + std::string(512 - body.size(), ' ')));
  EXPECT_FALSE(parse_document_number(body + std::string(513 - body.size(), ' ')));
}

TEST(DocumentNumber, KeyIsIssuerTypeTermAndNumber) {
  const auto key = [](std::string_view text, std::string_view term) {
    return key_of(*parse_document_number(text), term);
  };
  // numbers begin again every term: known collisions
  EXPECT_NE(key("35-CT/TW 30/5/2019", "XII"), key("35-CT/TW 14/6/2024", "XIII"));
  EXPECT_NE(key("97-QĐ/TW", "IX"), key("97-QĐ/TW 07/02/2023", "XIII"));
  std::set<party::DocumentKey> terms;
  for (const std::string_view term : {"XI", "XII", "XIII", "XIV"}) {
    terms.insert(*key("01-HD/TW", term));
    terms.insert(*key("12-HD/BTCTW", term));
  }
  EXPECT_EQ(terms.size(), 8U);
  // one document however it is written
  EXPECT_EQ(key("Số: 04- ĐA/TU", "XI"), key("4-ĐA/TU", "XI"));
  EXPECT_EQ(key("Chỉ thị 05-CT/TƯ", "XII"), key("05-CT/TW ngày 15/5/2016", "XII"));
  EXPECT_EQ(key("141-CV/VPTW/nb", "XI"), key("141-CV/VPTW", "XI"));
  EXPECT_EQ(key("04-NQ/TW (khoá XII)", ""), key("04-NQ/TW", "XII"));
  EXPECT_EQ(key("04-NQ/TW (khoá XII)", "XIII"), key("04-NQ/TW", "XII"));
  // the State counts by year
  EXPECT_EQ(key("161/2018/NĐ-CP", "XII"), (party::DocumentKey{"CP", "NĐ", "2018", 161}));
  EXPECT_NE(key("161/2018/NĐ-CP", ""), key("161/2019/NĐ-CP", ""));
  EXPECT_EQ(key("91/2025/QH15", ""), (party::DocumentKey{"QH15", "", "2025", 91}));
  // a part is missing
  EXPECT_FALSE(key("04-NQ/TW", ""));
  EXPECT_FALSE(key("-NQ/TW", "XII"));
  EXPECT_FALSE(key("Chỉ thị 10", "X"));
  EXPECT_FALSE(key("Nghị quyết Trung ương 4 (khóa XII)", ""));
  EXPECT_FALSE(key("1630/QĐ-TTg", "XIII"));
  EXPECT_FALSE(key_of(DocumentNumber{}, "XII"));
}

TEST(DocumentNumber, EveryIrregularityHasItsMessage) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < party::kIrregularityCount; ++i) {
    const base::Message& message = party::message_of(static_cast<Irregularity>(i));
    EXPECT_TRUE(seen.insert(message.vi).second);
    EXPECT_TRUE(seen.insert(message.en).second);
  }
  EXPECT_FALSE(seen.contains(""));
  EXPECT_EQ(static_cast<std::size_t>(Irregularity::kBadDate) + 1, party::kIrregularityCount);
}

// Documents written in the prescribed form by the obvious means are read back part by part, without
// a flag.
TEST(DocumentNumber, PrescribedFormReadsBack) {
  std::mt19937_64 random(20260101);
  const auto pick = [&](const std::vector<std::string>& words) {
    return words[random() % words.size()];
  };
  const std::vector<std::string> types = {"NQ",   "CT", "KL", "QĐ", "QĐi", "QC", "TT",
                                          "HD",   "TB", "TC", "BC", "KH",  "QH", "CTr",
                                          "CTHĐ", "ĐA", "PA", "DA", "TTr", "CV", "BB"};
  const std::vector<std::string> issuers = {"TW",      "TU",    "HU",      "QU",    "ThU",   "ĐU",
                                            "ĐUK",     "ĐUBP",  "CB",      "BTCTW", "BTGTU", "VPTW",
                                            "UBKTĐUK", "BCĐTW", "BTGDVTU", "ĐUXA",  "BNCTU"};
  for (int round = 0; round < 5000; ++round) {
    const auto number = static_cast<std::int32_t>(1 + random() % 2000);
    const std::string digits = (number < 10 ? "0" : "") + std::to_string(number);
    const std::string type = pick(types);
    const std::string issuer = pick(issuers);
    const std::string suffix = random() % 4 == 0 ? "nb" : "";
    std::string text = digits + "-" + type + "/" + issuer + (suffix.empty() ? "" : "/" + suffix);
    const auto day = time::Date::from_days(static_cast<std::int32_t>(random() % 25'000));
    const bool dated = random() % 2 == 0;
    const std::string symbol = text;
    if (dated) {
      text += ", ngày " + std::to_string(day.day()) + "/" + std::to_string(day.month()) + "/" +
              std::to_string(day.year());
    }
    const auto found = parse_document_number(text);
    ASSERT_TRUE(found) << text;
    EXPECT_EQ(found->form, DocumentForm::kParty) << text;
    EXPECT_EQ(found->number, number) << text;
    EXPECT_EQ(found->number_text, digits) << text;
    EXPECT_EQ(found->type, type) << text;
    EXPECT_TRUE(found->type_code) << text;
    EXPECT_EQ(found->issuer, issuer) << text;
    EXPECT_EQ(found->suffix, suffix) << text;
    EXPECT_EQ(found->date.has_value(), dated) << text;
    if (dated) {
      EXPECT_EQ(*found->date, time::PartialDate(day)) << text;
    }
    EXPECT_TRUE(found->irregularities.empty()) << text;
    EXPECT_EQ(to_symbol(*found), symbol);
  }
}

// Whatever is read from damaged text has a symbol that reads as the same document again.
TEST(DocumentNumber, DamagedTextNeverHurts) {
  const std::vector<std::string> seeds = {"Số: 62-KH/ĐUK, ngày 25/4/2022",
                                          "161/2018/NĐ-CP",
                                          "Nghị quyết Trung ương 4 (khóa XII)",
                                          "04- ĐA/TU",
                                          "141-CV/VPTW/nb",
                                          "Chương trình hành động 07-CTHĐ/TU",
                                          "01/2020/TTLT-BTC-BNV",
                                          "91/2025/QH15",
                                          "Số ....-KH/ĐUK (khoá XI)"};
  std::mt19937_64 random(7);
  std::size_t read_back = 0;
  for (int round = 0; round < 40'000; ++round) {
    std::string text = seeds[random() % seeds.size()];
    for (std::uint64_t edits = 1 + random() % 4; edits > 0; --edits) {
      const std::size_t at = random() % (text.size() + 1);
      switch (random() % 3) {
        case 0:
          text.insert(at, 1, static_cast<char>(random() % 256));
          break;
        case 1:
          text.insert(at, 1, "-/ .,:()09ACTĐ"[random() % 13]);
          break;
        default:
          if (at < text.size()) text.erase(at, 1);
      }
    }
    const auto found = parse_document_number(text);
    if (!found || found->form == DocumentForm::kMention) continue;
    const auto again = parse_document_number(to_symbol(*found));
    ASSERT_TRUE(again) << text << " as " << to_symbol(*found);
    EXPECT_EQ(again->number, found->number) << text;
    EXPECT_EQ(again->type, found->type) << text;
    EXPECT_EQ(again->issuer, found->issuer) << text;
    EXPECT_EQ(again->suffix, found->suffix) << text;
    ++read_back;
  }
  EXPECT_GT(read_back, 1'000U);  // enough damaged texts were still readable to mean something
  EXPECT_FALSE(parse_document_number(std::string_view("10-CT\0/TW", 9)));
  EXPECT_FALSE(parse_document_number("10-CT/TW\xFF"));
  EXPECT_FALSE(parse_document_number(std::string(1 << 20, '9')));
}

}  // namespace
}  // namespace dangbo
