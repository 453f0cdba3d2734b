#include "dangbo/party/vocabulary.hpp"

#include <vector>

#include "making.hpp"

namespace dangbo::inline v1::party {

using making::make;

const CodeSetPtr& unit_classes() {
  static const CodeSetPtr set = make(
      "unit_class",
      {
          {"central", "TW", "trung ương", "central", "cấp trung ương"},
          {"provincial", "T", "cấp tỉnh", "provincial", "tỉnh|cấp tỉnh và tương đương"},
          {"upper_grassroots", "CTCS", "cấp trên trực tiếp của TCCSĐ", "directly above grassroots",
           "cấp trên trực tiếp của tổ chức cơ sở đảng|cấp trên trực tiếp cơ sở|cấp trên cơ sở"},
          {"grassroots", "TCCS", "tổ chức cơ sở đảng", "grassroots", "TCCSĐ|cấp cơ sở|cơ sở"},
          {"below_grassroots", "DCS", "dưới cơ sở", "below grassroots",
           "cấp dưới cơ sở|trực thuộc tổ chức cơ sở đảng"},
      });
  return set;
}

const CodeSetPtr& unit_kinds() {
  static const CodeSetPtr set = make(
      "unit_kind",
      {
          // all epochs
          {"central", "TW", "trung ương", "Centre", "đảng bộ trung ương|trực thuộc trung ương"},
          {"province", "TINH", "đảng bộ tỉnh, thành phố", "province",
           "đảng bộ tỉnh|tỉnh|đảng bộ thành phố trực thuộc trung ương"},
          {"grassroots_committee", "DBCS", "đảng bộ cơ sở", "grassroots committee"},
          {"cell", "CB", "chi bộ", "cell", "chi bộ trực thuộc|chi bộ trực thuộc đảng uỷ cơ sở"},
          {"group", "TO", "tổ đảng", "Party group", "tổ"},
          {"military", "QS", "đảng bộ quân sự", "military", "quân sự|quân đội|đảng bộ quân đội"},
          {"police", "CA", "đảng bộ công an", "police", "công an"},
          {"border_guard", "BP", "đảng bộ bộ đội biên phòng", "border guard",
           "biên phòng|đảng bộ biên phòng|bộ đội biên phòng"},
          // epochs 1 to 3
          {"grassroots_cell", "CBCS", "chi bộ cơ sở", "grassroots cell"},
          {"section_committee", "DBBP", "đảng bộ bộ phận", "section committee"},
          // closed in 2025
          {"bloc", "KHOI", "đảng bộ khối", "bloc committee", "khối"},
          {"district", "HUYEN", "đảng bộ huyện, quận, thị xã, TP thuộc tỉnh", "district",
           "huyện|quận|thị xã|TP thuộc tỉnh|thành phố thuộc tỉnh|đảng bộ huyện|đảng bộ quận|"
           "đảng bộ thị xã|đảng bộ thành phố thuộc tỉnh"},
          {"party_delegation", "DD", "đảng đoàn", "Party delegation"},
          {"party_affairs_board", "BCS", "ban cán sự đảng", "Party affairs board"},
          // from 2025
          {"province_party_agencies", "CQDT", "đảng bộ các cơ quan đảng tỉnh",
           "provincial Party agencies", "đảng bộ các cơ quan đảng"},
          {"province_government", "UBT", "đảng bộ UBND tỉnh", "provincial government",
           "đảng bộ uỷ ban nhân dân tỉnh|đảng bộ UBND"},
          // commune level; the class depends on the epoch
          {"commune", "XA", "đảng bộ xã", "commune", "xã"},
          {"ward", "PHUONG", "đảng bộ phường", "ward", "phường"},
          {"special_zone", "DACKHU", "đảng bộ đặc khu", "special zone", "đặc khu"},
          {"township", "THITRAN", "đảng bộ thị trấn", "township", "thị trấn"},
          // from 2026
          {"subordinate_committee", "DBTT", "đảng bộ trực thuộc cơ sở", "subordinate committee",
           "đảng bộ trực thuộc đảng bộ cơ sở"},
          {"province_council_front", "HDMT", "đảng bộ HĐND, MTTQ và đoàn thể",
           "provincial council, Front and mass organisations",
           "đảng bộ HĐND, MTTQ và các đoàn thể|"
           "đảng bộ hội đồng nhân dân, mặt trận tổ quốc và các đoàn thể"},
      });
  return set;
}

const CodeSetPtr& unit_flags() {
  static const CodeSetPtr set =
      make("unit_flag", {
                            {"empowered", "GIAOQUYEN", "được giao quyền cấp trên cơ sở",
                             "empowered as directly above grassroots", "được giao quyền"},
                            {"pilot", "THIDIEM", "thí điểm", "pilot", "làm điểm"},
                            {"empowered_pilot", "GIAOQUYEN_THIDIEM", "được giao quyền và thí điểm",
                             "empowered and pilot"},
                        });
  return set;
}

const CodeSetPtr& epochs() {
  static const CodeSetPtr set =
      make("epoch", {
                        {"e1", "E1", "có cấp huyện và đảng bộ khối", "with districts and blocs"},
                        {"e2", "E2", "đảng bộ khối kết thúc hoạt động", "blocs closed"},
                        {"e3", "E3", "không còn cấp huyện, cấp xã ở trên cơ sở",
                         "no districts, communes above grassroots"},
                        {"e4", "E4", "ba cấp, cấp xã là đảng bộ cơ sở",
                         "three levels, communes are grassroots committees"},
                    });
  return set;
}

const CodeSetPtr& sectors() {
  static const CodeSetPtr set =
      make("sector",
           {
               {"agency", "CQ", "cơ quan", "agency", "cơ quan đảng, nhà nước, đoàn thể"},
               {"public_service", "SN", "đơn vị sự nghiệp", "public service unit", "sự nghiệp"},
               {"press", "BC", "báo chí", "press", "cơ quan báo chí"},
               {"association", "HQC", "hội quần chúng", "mass association"},
               {"state_enterprise", "DNNN", "doanh nghiệp nhà nước", "state enterprise"},
               {"state_up_to_half", "DNNN50", "doanh nghiệp nhà nước giữ từ 50 % vốn trở xuống",
                "enterprise with a state share of up to half",
                "doanh nghiệp nhà nước sở hữu từ 50% vốn điều lệ trở xuống|DN nhà nước giữ ≤ 50 %"},
               {"private_enterprise", "DNTN", "doanh nghiệp tư nhân", "private enterprise",
                "doanh nghiệp ngoài nhà nước"},
               {"commune", "XA", "xã, phường, thị trấn", "commune level",
                "xã|xã, phường|cấp xã|xã, phường, đặc khu"},
               {"armed_forces", "LLVT", "lực lượng vũ trang", "armed forces"},
               {"cooperative", "HTX", "hợp tác xã", "cooperative"},
               {"other", "KHAC", "loại hình khác", "other", "khác"},
           });
  return set;
}

const CodeSetPtr& standings() {
  static const CodeSetPtr set =
      make("standing", {
                           {"full", "CT", "chính thức", "full", "đảng viên chính thức"},
                           {"probationary", "DB", "dự bị", "probationary", "đảng viên dự bị"},
                       });
  return set;
}

const CodeSetPtr& member_statuses() {
  static const CodeSetPtr set =
      make("member_status",
           {
               {"active", "DANG", "đang sinh hoạt", "active", "đang hoạt động"},
               {"exempt", "MIEN", "miễn sinh hoạt", "exempt",
                "miễn công tác và sinh hoạt|miễn công tác, sinh hoạt đảng|được miễn sinh hoạt"},
               {"temporarily_exempt", "TAMMIEN", "tạm miễn sinh hoạt", "temporarily exempt",
                "tạm miễn|tạm miễn công tác và sinh hoạt"},
               {"suspended", "DINHCHI", "đình chỉ sinh hoạt", "suspended", "đình chỉ|bị đình chỉ"},
               {"in_transit", "DANGCHUYEN", "đang chuyển sinh hoạt", "in transit", "đang chuyển"},
               {"transferred_out", "CHUYENDI", "đã chuyển đi", "transferred out", "chuyển đi"},
               {"resigned", "XINRA", "xin ra khỏi Đảng", "resigned", "xin ra|đã xin ra"},
               {"removed", "XOATEN", "xoá tên", "removed", "bị xoá tên"},
               {"expelled", "KHAITRU", "khai trừ", "expelled", "bị khai trừ"},
               {"deceased", "TUTRAN", "từ trần", "deceased", "đã từ trần|mất|đã mất"},
           });
  return set;
}

const CodeSetPtr& sexes() {
  static const CodeSetPtr set = make("sex", {
                                                {"female", "F", "nữ", "female"},
                                                {"male", "M", "nam", "male"},
                                            });
  return set;
}

const CodeSetPtr& birth_sources() {
  static const CodeSetPtr set = make(
      "birth_source",
      {
          {"dossier", "HOSO", "hồ sơ đảng viên gốc", "original dossier", "hồ sơ|hồ sơ gốc"},
          {"citizen_card", "CCCD", "căn cước công dân", "citizen card", "căn cước|thẻ căn cước"},
          {"other", "KHAC", "nguồn khác", "other", "khác"},
      });
  return set;
}

const CodeSetPtr& ethnicity_schemes() {
  static const CodeSetPtr set =
      make("ethnicity_scheme",
           {
               {"list_1979", "TCTK1979", "danh mục năm 1979", "list of 1979", "121-TCTK/PPCĐ|1979"},
               {"list_2008", "TCTK2008", "danh mục năm 2008", "list of 2008", "1019/QĐ-TCTK|2008"},
               {"name", "TEN", "tên gọi", "name", "ghi bằng tên"},
           });
  return set;
}

const CodeSetPtr& membership_kinds() {
  static const CodeSetPtr set =
      make("membership_kind",
           {
               {"home", "CHINHTHUC", "sinh hoạt chính thức", "home", "chính thức"},
               {"temporary", "TAMTHOI", "sinh hoạt tạm thời", "temporary", "tạm thời"},
           });
  return set;
}

const CodeSetPtr& in_reasons() {
  static const CodeSetPtr set =
      make("in_reason",
           {
               {"admission", "KETNAP", "kết nạp", "admission", "kết nạp mới"},
               {"re_admission", "KETNAPLAI", "kết nạp lại", "re-admission"},
               {"reinstatement", "PHUCHOI", "phục hồi đảng tịch", "reinstatement", "phục hồi"},
               {"from_other_province", "DEN_NGOAITINH", "chuyển đến từ tỉnh khác",
                "from another province", "từ ngoài tỉnh|chuyển đến từ ngoài tỉnh"},
               {"within_province", "DEN_TRONGTINH", "chuyển đến trong tỉnh",
                "from within the province", "trong tỉnh|chuyển đến từ nơi khác trong tỉnh"},
               {"internal", "NOIBO", "chuyển nội bộ", "internal", "nội bộ"},
               {"reorganisation", "TOCHUC", "do sắp xếp tổ chức", "reorganisation",
                "sắp xếp tổ chức|thay đổi tổ chức"},
           });
  return set;
}

const CodeSetPtr& out_reasons() {
  static const CodeSetPtr set =
      make("out_reason", {
                             {"to_other_province", "DI_NGOAITINH", "chuyển đi tỉnh khác",
                              "to another province", "ra ngoài tỉnh|chuyển đi ngoài tỉnh"},
                             {"within_province", "DI_TRONGTINH", "chuyển đi trong tỉnh",
                              "to within the province", "trong tỉnh|chuyển đi nơi khác trong tỉnh"},
                             {"internal", "NOIBO", "chuyển nội bộ", "internal", "nội bộ"},
                             {"death", "TUTRAN", "từ trần", "death", "mất"},
                             {"removal", "XOATEN", "xoá tên", "removal"},
                             {"expulsion", "KHAITRU", "khai trừ", "expulsion"},
                             {"resignation", "XINRA", "xin ra khỏi Đảng", "resignation", "xin ra"},
                             {"reorganisation", "TOCHUC", "do sắp xếp tổ chức", "reorganisation",
                              "sắp xếp tổ chức|thay đổi tổ chức"},
                             {"unknown", "CHUARO", "chưa rõ", "unknown"},
                         });
  return set;
}

const CodeSetPtr& absence_reasons() {
  static const CodeSetPtr set =
      make("absence_reason", {
                                 {"illness", "OM", "ốm đau", "illness", "ốm|nghỉ ốm"},
                                 {"maternity", "THAISAN", "thai sản", "maternity", "nghỉ thai sản"},
                                 {"study", "HOC", "đi học", "study", "học tập|học tập trung"},
                                 {"abroad", "NUOCNGOAI", "ở nước ngoài", "abroad", "nước ngoài"},
                                 {"mission", "CONGTAC", "đi công tác", "mission", "công tác"},
                             });
  return set;
}

const CodeSetPtr& bodies() {
  static const CodeSetPtr set = make(
      "body", {
                  {"executive_committee", "BCH", "ban chấp hành", "executive committee",
                   "cấp uỷ|đảng uỷ|BCH đảng bộ|ban chấp hành đảng bộ"},
                  {"cell_executive", "CU", "chi uỷ", "cell executive"},
                  {"standing_committee", "BTV", "ban thường vụ", "standing committee",
                   "ban thường vụ đảng uỷ"},
                  {"standing_board", "TTR", "thường trực", "standing board", "thường trực đảng uỷ"},
                  {"inspection_commission", "UBKT", "uỷ ban kiểm tra", "inspection commission"},
              });
  return set;
}

const CodeSetPtr& posts() {
  static const CodeSetPtr set =
      make("post",
           {
               {"secretary", "BT", "bí thư", "secretary"},
               {"deputy_secretary", "PBT", "phó bí thư", "deputy secretary"},
               {"standing_deputy_secretary", "PBTTT", "phó bí thư thường trực",
                "standing deputy secretary"},
               {"standing_committee_member", "UVBTV", "uỷ viên ban thường vụ",
                "standing committee member", "uỷ viên thường vụ"},
               {"executive_member", "UVBCH", "uỷ viên ban chấp hành", "executive member",
                "CUV|cấp uỷ viên|chi uỷ viên|đảng uỷ viên"},
               {"inspection_chair", "CNKT", "chủ nhiệm uỷ ban kiểm tra", "inspection chair"},
               {"group_leader", "TOT", "tổ trưởng tổ đảng", "group leader", "tổ trưởng|TOTRUONG"},
               {"group_deputy", "TOP", "tổ phó tổ đảng", "group deputy", "tổ phó|TOPHO"},
               {"external_post", "NGOAI", "chức vụ ngoài Đảng", "post outside the Party",
                "chức vụ chính quyền, đoàn thể, khu dân cư"},
           });
  return set;
}

const CodeSetPtr& appointment_bases() {
  static const CodeSetPtr set =
      make("appointment_basis", {
                                    {"elected", "BAU", "bầu cử", "elected", "bầu|được bầu"},
                                    {"appointed", "CHIDINH", "chỉ định", "appointed"},
                                    {"co_opted", "BOSUNG", "bổ sung", "co-opted", "bầu bổ sung"},
                                });
  return set;
}

std::span<const CodeSetPtr> standard_vocabularies() {
  static const std::vector<CodeSetPtr> all = {
      unit_classes(),
      unit_kinds(),
      unit_flags(),
      epochs(),
      sectors(),
      standings(),
      member_statuses(),
      sexes(),
      birth_sources(),
      ethnicity_schemes(),
      membership_kinds(),
      in_reasons(),
      out_reasons(),
      absence_reasons(),
      bodies(),
      posts(),
      appointment_bases(),
      subject_types(),
      grades(),
      evaluation_regimes(),
      meeting_kinds(),
      meeting_forms(),
      meeting_channels(),
      meeting_scores(),
      congress_forms(),
      unit_events(),
      decision_kinds(),
      document_types(),
      markings(),
      registration_audiences(),
      checklist_states(),
      dues_bases(),
      training_kinds(),
  };
  return all;
}

}  // namespace dangbo::inline v1::party
