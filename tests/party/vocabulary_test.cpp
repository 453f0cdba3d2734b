#include "dangbo/party/vocabulary.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dangbo/base/text.hpp"

namespace dangbo {
namespace {

using party::CodeSetPtr;

// Every word under which a code can be found.
std::vector<std::string> words_of(const table::Code& code) {
  std::vector<std::string> words = {code.id, code.csv, code.name.vi, code.name.en};
  words.insert(words.end(), code.aliases.begin(), code.aliases.end());
  return words;
}

// "id csv" of every code, in order.
std::vector<std::string> pairs_of(const CodeSetPtr& set) {
  std::vector<std::string> pairs;
  for (const table::Code& code : set->codes()) pairs.push_back(code.id + " " + code.csv);
  return pairs;
}

TEST(Vocabulary, SetsHaveDistinctNames) {
  std::set<std::string> names;
  for (const CodeSetPtr& set : party::standard_vocabularies()) {
    EXPECT_TRUE(names.insert(set->name()).second) << set->name();
    EXPECT_GE(set->codes().size(), 2U) << set->name();
  }
  EXPECT_EQ(names.size(), 33U);
}

TEST(Vocabulary, NoTwoCodesOfASetFoldAlike) {
  for (const CodeSetPtr& set : party::standard_vocabularies()) {
    std::map<std::string, std::string> owner;
    for (const table::Code& code : set->codes()) {
      for (const std::string& word : words_of(code)) {
        const std::string folded = base::fold(word);
        EXPECT_FALSE(folded.empty()) << set->name() << ": " << word;
        const auto [at, added] = owner.emplace(folded, code.id);
        EXPECT_EQ(at->second, code.id) << set->name() << ": " << word;
      }
    }
  }
}

TEST(Vocabulary, EveryWordFindsItsCode) {
  for (const CodeSetPtr& set : party::standard_vocabularies()) {
    for (std::uint32_t number = 0; number < set->codes().size(); ++number) {
      for (const std::string& word : words_of(set->codes()[number])) {
        EXPECT_EQ(set->find(word), number) << set->name() << ": " << word;
        EXPECT_EQ(set->find("  " + word + " "), number) << set->name() << ": " << word;
      }
    }
  }
}

TEST(Vocabulary, TextIsNormalisedAndComplete) {
  for (const CodeSetPtr& set : party::standard_vocabularies()) {
    for (const table::Code& code : set->codes()) {
      for (const std::string& word : words_of(code)) {
        EXPECT_FALSE(word.empty()) << set->name() << ": " << code.id;
        EXPECT_EQ(word, base::to_nfc(word)) << set->name() << ": " << word;
      }
      EXPECT_EQ(code.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"),
                std::string::npos)
          << code.id;
    }
  }
}

TEST(Vocabulary, UnknownWordsAreNotGuessed) {
  EXPECT_FALSE(party::unit_kinds()->find("chi bo 7"));
  EXPECT_FALSE(party::unit_kinds()->find(""));
  EXPECT_FALSE(party::unit_kinds()->find("đảng bộ thành phố"));  // province or district
  EXPECT_FALSE(party::grades()->find("KXL"));  // ungraded is empty with a reason, never a grade
  EXPECT_FALSE(party::sexes()->find("-"));
}

TEST(Vocabulary, PeoplesSpellingsAreRead) {
  const auto id = [](const CodeSetPtr& set, std::string_view word) {
    const auto number = set->find(word);
    return number ? set->codes()[*number].id : std::string();
  };
  EXPECT_EQ(id(party::unit_kinds(), "Chi bộ"), "cell");
  EXPECT_EQ(id(party::unit_kinds(), "CHI BỘ CƠ SỞ"), "grassroots_cell");
  EXPECT_EQ(id(party::unit_kinds(), "thị xã"), "district");
  EXPECT_EQ(id(party::unit_kinds(), "thị trấn"), "township");
  EXPECT_EQ(id(party::meeting_kinds(), "Thường kỳ"), "regular");
  EXPECT_EQ(id(party::meeting_kinds(), "sinh hoạt lệ"), "regular");
  EXPECT_EQ(id(party::meeting_kinds(), "bất thường"), "extraordinary");
  EXPECT_EQ(id(party::meeting_kinds(), "đột xuất"), "extraordinary");
  EXPECT_EQ(id(party::posts(), "CUV"), "executive_member");
  EXPECT_EQ(id(party::posts(), "UVBCH"), "executive_member");
  EXPECT_EQ(id(party::bodies(), "đảng uỷ"), "executive_committee");
  EXPECT_EQ(id(party::bodies(), "đảng ủy"), "executive_committee");
  EXPECT_EQ(id(party::grades(), "đủ tư cách, hoàn thành xuất sắc nhiệm vụ"), "qualified_excellent");
  EXPECT_EQ(id(party::grades(), "Hoàn thành tốt nhiệm vụ"), "good");
  EXPECT_EQ(id(party::document_types(), "QĐ"), "unknown");
  EXPECT_EQ(id(party::document_types(), "QĐi"), "regulation");
  EXPECT_EQ(id(party::document_types(), "quyết định"), "decision");
  EXPECT_EQ(id(party::document_types(), "CTr"), "programme");
  EXPECT_EQ(id(party::document_types(), "CT"), "directive");
  EXPECT_EQ(id(party::document_types(), "đề án"), "scheme");
  EXPECT_EQ(id(party::document_types(), "dự án"), "project");
  EXPECT_EQ(id(party::sexes(), "Nữ"), "female");
  EXPECT_EQ(id(party::unit_events(), "giải tán"), "disband");
}

// Identifiers and codes of the closed lists, word for word and in order: numbers are stable.
TEST(Vocabulary, UnitsAreAsAgreed) {
  using List = std::vector<std::string>;
  EXPECT_EQ(pairs_of(party::unit_classes()),
            (List{"central TW", "provincial T", "upper_grassroots CTCS", "grassroots TCCS",
                  "below_grassroots DCS"}));
  EXPECT_EQ(pairs_of(party::unit_kinds()), (List{"central TW",
                                                 "province TINH",
                                                 "grassroots_committee DBCS",
                                                 "cell CB",
                                                 "group TO",
                                                 "military QS",
                                                 "police CA",
                                                 "border_guard BP",
                                                 "grassroots_cell CBCS",
                                                 "section_committee DBBP",
                                                 "bloc KHOI",
                                                 "district HUYEN",
                                                 "party_delegation DD",
                                                 "party_affairs_board BCS",
                                                 "province_party_agencies CQDT",
                                                 "province_government UBT",
                                                 "commune XA",
                                                 "ward PHUONG",
                                                 "special_zone DACKHU",
                                                 "township THITRAN",
                                                 "subordinate_committee DBTT",
                                                 "province_council_front HDMT"}));
  EXPECT_EQ(pairs_of(party::epochs()), (List{"e1 E1", "e2 E2", "e3 E3", "e4 E4"}));
  EXPECT_EQ(pairs_of(party::sectors()),
            (List{"agency CQ", "public_service SN", "press BC", "association HQC",
                  "state_enterprise DNNN", "state_up_to_half DNNN50", "private_enterprise DNTN",
                  "commune XA", "armed_forces LLVT", "cooperative HTX", "other KHAC"}));
  EXPECT_EQ(pairs_of(party::unit_events()),
            (List{"establish LAP", "rename DOITEN", "convert CHUYENLOAI", "reparent CHUYENTT",
                  "absorb SAPNHAP", "merge HOPNHAT", "divide CHIA", "split_off TACH",
                  "close KETTHUC", "disband GIAITAN", "unknown CHUARO"}));
  EXPECT_EQ(party::unit_flags()->codes()[0].id, "empowered");
  EXPECT_EQ(party::unit_flags()->codes()[1].id, "pilot");
}

TEST(Vocabulary, MembersAreAsAgreed) {
  using List = std::vector<std::string>;
  EXPECT_EQ(pairs_of(party::member_statuses()),
            (List{"active DANG", "exempt MIEN", "temporarily_exempt TAMMIEN", "suspended DINHCHI",
                  "in_transit DANGCHUYEN", "transferred_out CHUYENDI", "resigned XINRA",
                  "removed XOATEN", "expelled KHAITRU", "deceased TUTRAN"}));
  EXPECT_EQ(pairs_of(party::in_reasons()),
            (List{"admission KETNAP", "re_admission KETNAPLAI", "reinstatement PHUCHOI",
                  "from_other_province DEN_NGOAITINH", "within_province DEN_TRONGTINH",
                  "internal NOIBO", "reorganisation TOCHUC"}));
  EXPECT_EQ(pairs_of(party::out_reasons()),
            (List{"to_other_province DI_NGOAITINH", "within_province DI_TRONGTINH",
                  "internal NOIBO", "death TUTRAN", "removal XOATEN", "expulsion KHAITRU",
                  "resignation XINRA", "reorganisation TOCHUC", "unknown CHUARO"}));
  EXPECT_EQ(pairs_of(party::bodies()),
            (List{"executive_committee BCH", "cell_executive CU", "standing_committee BTV",
                  "standing_board TTR", "inspection_commission UBKT"}));
  EXPECT_EQ(
      pairs_of(party::posts()),
      (List{"secretary BT", "deputy_secretary PBT", "standing_deputy_secretary PBTTT",
            "standing_committee_member UVBTV", "executive_member UVBCH", "inspection_chair CNKT",
            "group_leader TOT", "group_deputy TOP", "external_post NGOAI"}));
  EXPECT_EQ(pairs_of(party::appointment_bases()),
            (List{"elected BAU", "appointed CHIDINH", "co_opted BOSUNG"}));
  EXPECT_EQ(pairs_of(party::sexes()), (List{"female F", "male M"}));
}

TEST(Vocabulary, WorkIsAsAgreed) {
  using List = std::vector<std::string>;
  EXPECT_EQ(pairs_of(party::grades()),
            (List{"excellent HTXS", "good HTT", "completed HT", "not_completed KHT",
                  "exemplary TSVMTB", "clean_strong TSVM", "weak YK", "qualified_excellent DTC_XS",
                  "qualified_good DTC_T", "qualified_completed DTC_HT", "unqualified VPTC"}));
  EXPECT_EQ(pairs_of(party::meeting_scores()),
            (List{"score_good TOT", "score_fair KHA", "score_average TB", "score_weak YEU"}));
  EXPECT_EQ(pairs_of(party::meeting_kinds()),
            (List{"regular DK", "thematic CD", "extraordinary DX", "executive HCU", "plenary HNDB",
                  "briefing GB"}));
  EXPECT_EQ(pairs_of(party::meeting_forms()),
            (List{"assembled TAPTRUNG", "by_group THEOTO", "by_team THEONHOM", "by_papers GUITL",
                  "online TRUCTUYEN"}));
  EXPECT_EQ(pairs_of(party::congress_forms()), (List{"all_members DHDV", "delegates DHDB"}));
  EXPECT_EQ(pairs_of(party::markings()),
            (List{"none THUONG", "confidential MAT", "secret TOIMAT", "top_secret TUYETMAT"}));
  EXPECT_EQ(pairs_of(party::subject_types()), (List{"unit UNIT", "member MEMBER"}));
  List regimes;
  for (const table::Code& code : party::evaluation_regimes()->codes()) regimes.push_back(code.id);
  EXPECT_EQ(regimes, (List{"r2014", "r2018", "r2019", "r2023", "r2025", "r2026q"}));
  List kinds;
  for (const table::Code& code : party::decision_kinds()->codes()) kinds.push_back(code.id);
  kinds.resize(12);
  EXPECT_EQ(kinds, (List{"establish", "merge", "consent_small", "consent_large", "consent_section",
                         "consent_term", "pilot", "exception_period", "admit", "confirm", "move",
                         "resolve"}));
}

TEST(Vocabulary, EnumerationsAreTheNumbersOfTheirSets) {
  const auto number = [](auto value) { return static_cast<std::uint32_t>(value); };
  EXPECT_EQ(party::membership_kinds()->find("home"), number(party::MembershipKind::kHome));
  EXPECT_EQ(party::membership_kinds()->find("temporary"),
            number(party::MembershipKind::kTemporary));
  EXPECT_EQ(party::membership_kinds()->codes().size(), 2U);
  EXPECT_EQ(party::standings()->find("CT"), number(party::Standing::kFull));
  EXPECT_EQ(party::standings()->find("DB"), number(party::Standing::kProbationary));
  EXPECT_EQ(party::standings()->codes().size(), 2U);
}

}  // namespace
}  // namespace dangbo
