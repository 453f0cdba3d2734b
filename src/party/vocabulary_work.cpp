// Evaluation, meetings, congresses, decisions, documents and programmes.
#include "dangbo/party/vocabulary.hpp"

#include "making.hpp"

namespace dangbo::inline v1::party {

using making::make;

const CodeSetPtr& subject_types() {
  static const CodeSetPtr set =
      make("subject_type", {
                               {"unit", "UNIT", "tổ chức đảng", "unit", "tổ chức|đơn vị|tập thể"},
                               {"member", "MEMBER", "đảng viên", "member", "cá nhân"},
                           });
  return set;
}

const CodeSetPtr& grades() {
  static const CodeSetPtr set = make(
      "grade",
      {
          {"excellent", "HTXS", "hoàn thành xuất sắc nhiệm vụ", "excellent",
           "hoàn thành xuất sắc|xuất sắc|HTXSNV"},
          {"good", "HTT", "hoàn thành tốt nhiệm vụ", "good", "hoàn thành tốt|tốt|HTTNV"},
          {"completed", "HT", "hoàn thành nhiệm vụ", "completed", "hoàn thành|HTNV"},
          {"not_completed", "KHT", "không hoàn thành nhiệm vụ", "not completed",
           "không hoàn thành|KHTNV"},
          // before 2018, units
          {"exemplary", "TSVMTB", "trong sạch, vững mạnh tiêu biểu", "exemplary"},
          {"clean_strong", "TSVM", "trong sạch, vững mạnh", "clean and strong"},
          {"weak", "YK", "yếu kém", "weak"},
          // before 2018, members
          {"qualified_excellent", "DTC_XS", "đủ tư cách, hoàn thành xuất sắc nhiệm vụ",
           "qualified, excellent", "đủ tư cách hoàn thành xuất sắc|DTCXS"},
          {"qualified_good", "DTC_T", "đủ tư cách, hoàn thành tốt nhiệm vụ", "qualified, good",
           "đủ tư cách hoàn thành tốt|DTCT"},
          {"qualified_completed", "DTC_HT", "đủ tư cách, hoàn thành nhiệm vụ",
           "qualified, completed", "đủ tư cách hoàn thành|DTCHT"},
          {"unqualified", "VPTC", "vi phạm tư cách", "unqualified", "vi phạm tư cách đảng viên"},
      });
  return set;
}

const CodeSetPtr& evaluation_regimes() {
  // 132-QĐ/TW stands behind both r2018 and r2019: only the guide tells them apart.
  static const CodeSetPtr set =
      make("evaluation_regime",
           {
               {"r2014", "R2014", "Hướng dẫn 27-HD/BTCTW năm 2014", "guide 27 of 2014",
                "27-HD/BTCTW|HD 27"},
               {"r2018", "R2018", "Quy định 132-QĐ/TW, Hướng dẫn 16-HD/BTCTW năm 2018",
                "regulation 132, guide 16 of 2018", "16-HD/BTCTW|HD 16"},
               {"r2019", "R2019", "Quy định 132-QĐ/TW, Hướng dẫn 21-HD/BTCTW năm 2019",
                "regulation 132, guide 21 of 2019", "21-HD/BTCTW|HD 21"},
               {"r2023", "R2023", "Quy định 124-QĐ/TW, Hướng dẫn 25-HD/BTCTW năm 2023",
                "regulation 124, guide 25 of 2023", "124-QĐ/TW|QĐ 124|25-HD/BTCTW|HD 25"},
               {"r2025", "R2025", "Quy định 366-QĐ/TW, Hướng dẫn 43-HD/BTCTW năm 2025",
                "regulation 366, guide 43 of 2025", "366-QĐ/TW|QĐ 366|43-HD/BTCTW|HD 43"},
               {"r2026q", "R2026Q", "đánh giá hằng quý, Hướng dẫn 02-HD/BTCTW năm 2026",
                "quarterly, guide 02 of 2026"},
           });
  return set;
}

const CodeSetPtr& meeting_kinds() {
  static const CodeSetPtr set =
      make("meeting_kind",
           {
               {"regular", "DK", "định kỳ", "regular",
                "thường kỳ|sinh hoạt lệ|TK|sinh hoạt định kỳ|sinh hoạt thường kỳ"},
               {"thematic", "CD", "chuyên đề", "thematic", "sinh hoạt chuyên đề"},
               {"extraordinary", "DX", "đột xuất", "extraordinary",
                "bất thường|BT|sinh hoạt bất thường|sinh hoạt đột xuất"},
               {"executive", "HCU", "họp cấp uỷ", "executive meeting", "họp chi uỷ|họp đảng uỷ"},
               {"plenary", "HNDB", "hội nghị đảng bộ", "plenary", "hội nghị toàn đảng bộ"},
               {"briefing", "GB", "giao ban", "briefing", "hội nghị giao ban"},
           });
  return set;
}

const CodeSetPtr& meeting_forms() {
  static const CodeSetPtr set =
      make("meeting_form",
           {
               {"assembled", "TAPTRUNG", "tập trung", "assembled", "họp tập trung|toàn chi bộ"},
               {"by_group", "THEOTO", "theo tổ đảng", "by group", "theo tổ|TO|tổ đảng"},
               {"by_team", "THEONHOM", "theo nhóm", "by team", "NHOM|nhóm"},
               {"by_papers", "GUITL", "gửi tài liệu", "by papers", "GUITAILIEU|phát tài liệu"},
               {"online", "TRUCTUYEN", "trực tuyến", "online", "họp trực tuyến"},
           });
  return set;
}

const CodeSetPtr& meeting_channels() {
  static const CodeSetPtr set =
      make("meeting_channel",
           {
               {"hand", "TAY", "trao tận tay", "by hand", "chuyển tận tay|bản giấy|văn bản giấy"},
               {"app", "UNGDUNG", "qua ứng dụng", "by application",
                "ứng dụng|Zalo|Viber|Lotus Notes|Lotus Note|thư điện tử|email|e-mail"},
           });
  return set;
}

const CodeSetPtr& meeting_scores() {
  static const CodeSetPtr set =
      make("meeting_score", {
                                {"score_good", "TOT", "tốt", "good"},
                                {"score_fair", "KHA", "khá", "fair"},
                                {"score_average", "TB", "trung bình", "average"},
                                {"score_weak", "YEU", "yếu", "weak", "kém|yếu, kém"},
                            });
  return set;
}

const CodeSetPtr& congress_forms() {
  static const CodeSetPtr set =
      make("congress_form",
           {
               {"all_members", "DHDV", "đại hội đảng viên", "all members", "DAIHOI_DV|toàn thể"},
               {"delegates", "DHDB", "đại hội đại biểu", "delegates", "DAIHOI_DB|đại biểu"},
           });
  return set;
}

const CodeSetPtr& unit_events() {
  static const CodeSetPtr set =
      make("unit_event",
           {
               {"establish", "LAP", "thành lập", "establish", "lập|lập mới"},
               {"rename", "DOITEN", "đổi tên", "rename"},
               {"convert", "CHUYENLOAI", "chuyển loại", "convert", "chuyển đổi loại hình|nâng cấp"},
               {"reparent", "CHUYENTT", "chuyển trực thuộc", "reparent",
                "CHUYENTRUCTHUOC|thay đổi cấp trên"},
               {"absorb", "SAPNHAP", "sáp nhập", "absorb"},
               {"merge", "HOPNHAT", "hợp nhất", "merge"},
               {"divide", "CHIA", "chia", "divide"},
               {"split_off", "TACH", "tách", "split off"},
               {"close", "KETTHUC", "kết thúc hoạt động", "close", "kết thúc"},
               {"disband", "GIAITAN", "giải tán", "disband"},
               {"unknown", "CHUARO", "chưa rõ", "unknown"},
           });
  return set;
}

const CodeSetPtr& decision_kinds() {
  static const CodeSetPtr set = make(
      "decision_kind",
      {
          {"establish", "LAP", "thành lập", "establish", "thành lập tổ chức đảng"},
          {"merge", "HOPNHAT", "hợp nhất, sáp nhập", "merge", "hợp nhất|sáp nhập"},
          {"consent_small", "DONGY_IT", "đồng ý lập đảng bộ cơ sở dưới 30 đảng viên",
           "consent to a small committee"},
          {"consent_large", "DONGY_DONG", "đồng ý lập chi bộ trên 30 đảng viên",
           "consent to a large cell"},
          {"consent_section", "DONGY_BOPHAN", "đồng ý lập đảng bộ bộ phận",
           "consent to a section committee"},
          {"consent_term", "DONGY_NHIEMKY", "đồng ý thay đổi thời gian đại hội",
           "consent to a changed term"},
          {"pilot", "THIDIEM", "cho phép thí điểm", "pilot", "thí điểm"},
          {"exception_period", "NGOAILE", "thời gian áp dụng ngoại lệ", "exception period",
           "ngoại lệ"},
          {"admit", "KETNAP", "kết nạp đảng viên", "admit", "kết nạp"},
          {"confirm", "CONGNHAN", "công nhận đảng viên chính thức", "confirm", "chuyển chính thức"},
          {"move", "CHUYENSH", "chuyển sinh hoạt đảng", "move", "chuyển sinh hoạt"},
          {"resolve", "NGHIQUYET", "nghị quyết của chi bộ, cấp uỷ", "resolve", "nghị quyết"},
          // the list of the vocabulary is open here: the other decisions that standard tables refer
          // to
          {"reorganise", "TOCHUC", "đổi tên, chuyển, chia, tách tổ chức đảng", "reorganise",
           "sắp xếp tổ chức"},
          {"close", "KETTHUC", "kết thúc hoạt động", "close", "giải thể"},
          {"disband", "GIAITAN", "giải tán", "disband"},
          {"appoint", "CHIDINH", "chỉ định, chuẩn y, bổ nhiệm", "appoint",
           "chỉ định|chuẩn y|bổ nhiệm"},
          {"exempt", "MIEN", "miễn công tác và sinh hoạt", "exempt", "miễn sinh hoạt"},
          {"end_membership", "RAKHOIDANG", "xoá tên, khai trừ, cho ra khỏi Đảng", "end membership",
           "xoá tên|khai trừ|cho ra khỏi Đảng"},
          {"reinstate", "PHUCHOI", "phục hồi đảng tịch, quyền đảng viên", "reinstate", "phục hồi"},
          {"commend", "KHENTHUONG", "khen thưởng", "commend"},
          {"other", "KHAC", "quyết định khác", "other", "khác"},
      });
  return set;
}

const CodeSetPtr& document_types() {
  // "DA" (dự án) and "ĐA" (đề án) fold alike, so the code of the former is written out.
  static const CodeSetPtr set =
      make("document_type",
           {
               {"resolution", "NQ", "nghị quyết", "resolution"},
               {"directive", "CT", "chỉ thị", "directive"},
               {"conclusion", "KL", "kết luận", "conclusion"},
               {"decision", "QUYETDINH", "quyết định", "decision"},
               {"regulation", "QĐi", "quy định", "regulation", "QUYDINH"},
               {"unknown", "QĐ", "quyết định hoặc quy định", "decision or regulation"},
               {"rules", "QC", "quy chế", "rules"},
               {"guideline", "HD", "hướng dẫn", "guideline"},
               {"circular", "TT", "thông tri", "circular"},
               {"notice", "TB", "thông báo", "notice"},
               {"report", "BC", "báo cáo", "report"},
               {"plan", "KH", "kế hoạch", "plan"},
               {"programme", "CTr", "chương trình", "programme"},
               {"action_programme", "CTHĐ", "chương trình hành động", "action programme"},
               {"scheme", "ĐA", "đề án", "scheme"},
               {"submission", "TTr", "tờ trình", "submission"},
               {"letter", "CV", "công văn", "letter"},
               {"minutes", "BB", "biên bản", "minutes"},
               {"communique", "TC", "thông cáo", "communiqué"},
               {"master_plan", "QH", "quy hoạch", "master plan"},
               {"option", "PA", "phương án", "option"},
               {"project", "DUAN", "dự án", "project"},
               {"other", "KHAC", "văn bản khác", "other", "khác"},
           });
  return set;
}

const CodeSetPtr& markings() {
  static const CodeSetPtr set =
      make("marking", {
                          {"none", "THUONG", "thường", "none", "không mật"},
                          {"confidential", "MAT", "mật", "confidential"},
                          {"secret", "TOIMAT", "tối mật", "secret"},
                          {"top_secret", "TUYETMAT", "tuyệt mật", "top secret"},
                      });
  return set;
}

const CodeSetPtr& registration_audiences() {
  static const CodeSetPtr set =
      make("registration_audience",
           {
               {"post_holders", "CHUCVU", "đảng viên giữ chức vụ", "post holders",
                "người giữ chức vụ|cán bộ lãnh đạo, quản lý"},
               {"other_members", "DANGVIEN", "đảng viên không giữ chức vụ", "other members",
                "đảng viên"},
               {"non_members", "QUANCHUNG", "quần chúng", "non-members",
                "cán bộ, công chức, viên chức chưa là đảng viên|người ngoài Đảng"},
           });
  return set;
}

const CodeSetPtr& checklist_states() {
  static const CodeSetPtr set =
      make("checklist_state",
           {
               {"planned", "KEHOACH", "đã lên kế hoạch", "planned", "kế hoạch|đăng ký"},
               {"done", "DATHUCHIEN", "đã thực hiện", "done", "hoàn thành|thực hiện"},
           });
  return set;
}

const CodeSetPtr& dues_bases() {
  static const CodeSetPtr set =
      make("dues_basis",
           {
               {"salary", "LUONG", "tiền lương", "salary", "lương|tiền lương, tiền công"},
               {"soldier_allowance", "PHUCAP", "phụ cấp hạ sĩ quan, chiến sĩ",
                "soldier's allowance", "phụ cấp"},
               {"insurance_benefit", "TROCAP", "trợ cấp ốm đau, thai sản", "insurance benefit",
                "trợ cấp"},
               {"pension", "LUONGHUU", "lương hưu", "pension", "hưu trí"},
               {"student", "HOCSINH", "học sinh, sinh viên", "student", "sinh viên|học sinh"},
               {"working_age", "TRONGTUOI", "không có lương, trong tuổi lao động",
                "no salary, of working age", "trong tuổi lao động"},
               {"past_working_age", "NGOAITUOI", "không có lương, ngoài tuổi lao động",
                "no salary, past working age", "ngoài tuổi lao động"},
               {"exempt", "MIEN", "được miễn đóng", "exempt", "miễn|miễn đảng phí"},
           });
  return set;
}

const CodeSetPtr& training_kinds() {
  static const CodeSetPtr set =
      make("training_kind",
           {
               {"class", "LOP", "lớp bồi dưỡng", "class", "lớp|lớp tập huấn|tập huấn|bồi dưỡng"},
               {"study_session", "HOCTAP", "hội nghị học tập, quán triệt", "study session",
                "học tập|quán triệt|học tập, quán triệt"},
               {"contest", "CUOCTHI", "cuộc thi", "contest", "hội thi"},
               {"conference", "HOINGHI", "hội nghị", "conference", "hội thảo|toạ đàm"},
               {"survey", "KHAOSAT", "khảo sát", "survey"},
               {"inspection", "KIEMTRA", "kiểm tra", "inspection", "kiểm tra, giám sát"},
           });
  return set;
}

}  // namespace dangbo::inline v1::party
