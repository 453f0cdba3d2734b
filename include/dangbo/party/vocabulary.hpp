// The words of the Party organisation as closed vocabularies: identifier, code in files, Vietnamese
// and English name, other spellings. Code only names them; which kind belongs to which class, what
// may sit under what and from which day is dated data of the rule pack. docs/tables.md lists every
// word.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "dangbo/table/schema.hpp"

namespace dangbo::inline v1::party {

using CodeSetPtr = std::shared_ptr<const table::CodeSet>;

// Every vocabulary below, in the order of declaration. Names are distinct. All functions here build
// on first use and are safe from any number of threads.
[[nodiscard]] std::span<const CodeSetPtr> standard_vocabularies();

// Cấp của tổ chức đảng, theo ngày.
[[nodiscard]] const CodeSetPtr& unit_classes();
// Loại tổ chức đảng, mọi thời kỳ: đảng bộ, chi bộ, tổ đảng và các tên khác.
[[nodiscard]] const CodeSetPtr& unit_kinds();
// Đặc điểm của đơn vị: được giao quyền cấp trên cơ sở, thí điểm. One word says both when both hold.
[[nodiscard]] const CodeSetPtr& unit_flags();
// Thời kỳ của mô hình tổ chức. Each unit switches on its own day.
[[nodiscard]] const CodeSetPtr& epochs();
// Loại hình.
[[nodiscard]] const CodeSetPtr& sectors();

// Đảng viên chính thức, dự bị. Derived from dates, never a column.
[[nodiscard]] const CodeSetPtr& standings();
enum class Standing : std::uint8_t { kFull = 0, kProbationary = 1 };  // numbers of `standings`
// Trạng thái của đảng viên.
[[nodiscard]] const CodeSetPtr& member_statuses();
// Giới tính.
[[nodiscard]] const CodeSetPtr& sexes();
// Ngày sinh lấy từ đâu: hồ sơ gốc, căn cước công dân, nguồn khác.
[[nodiscard]] const CodeSetPtr& birth_sources();
// Danh mục dân tộc. The lists of 1979 and 2008 disagree on numbers 04 to 06: a bare number is
// ambiguous.
[[nodiscard]] const CodeSetPtr& ethnicity_schemes();

// Sinh hoạt đảng chính thức, tạm thời. Residence contact is a row of `contacts`, never a
// membership.
[[nodiscard]] const CodeSetPtr& membership_kinds();
enum class MembershipKind : std::uint8_t {
  kHome = 0,
  kTemporary = 1
};  // numbers of `membership_kinds`
// Lý do đến.
[[nodiscard]] const CodeSetPtr& in_reasons();
// Lý do đi.
[[nodiscard]] const CodeSetPtr& out_reasons();
// Lý do vắng.
[[nodiscard]] const CodeSetPtr& absence_reasons();

// Cơ quan lãnh đạo: BCH, chi uỷ, ban thường vụ, thường trực, uỷ ban kiểm tra.
[[nodiscard]] const CodeSetPtr& bodies();
// Chức vụ.
[[nodiscard]] const CodeSetPtr& posts();
// Hình thức giữ chức vụ: bầu, chỉ định, bổ sung.
[[nodiscard]] const CodeSetPtr& appointment_bases();

// Đối tượng: tổ chức, đảng viên.
[[nodiscard]] const CodeSetPtr& subject_types();
// Mức xếp loại chất lượng, from 2018 on and before, for units and members, in one set. The old unit
// grades "hoàn thành tốt" and "hoàn thành" are the same words as today's; the regime of the row
// tells them apart.
[[nodiscard]] const CodeSetPtr& grades();
// Quy định đánh giá, xếp loại.
[[nodiscard]] const CodeSetPtr& evaluation_regimes();

// Loại kỳ sinh hoạt.
[[nodiscard]] const CodeSetPtr& meeting_kinds();
// Hình thức sinh hoạt.
[[nodiscard]] const CodeSetPtr& meeting_forms();
// Cách gửi tài liệu.
[[nodiscard]] const CodeSetPtr& meeting_channels();
// Điểm chất lượng sinh hoạt; the local scale has its own column.
[[nodiscard]] const CodeSetPtr& meeting_scores();
// Hình thức đại hội.
[[nodiscard]] const CodeSetPtr& congress_forms();

// Biến động tổ chức: thành lập, đổi tên, sáp nhập, …
[[nodiscard]] const CodeSetPtr& unit_events();
// Loại quyết định, nghị quyết được ghi nhận.
[[nodiscard]] const CodeSetPtr& decision_kinds();
// Thể loại văn bản. "QĐ" alone may be quyết định or quy định and reads as `unknown`.
[[nodiscard]] const CodeSetPtr& document_types();
// Độ mật.
[[nodiscard]] const CodeSetPtr& markings();

// Nhóm đối tượng của chương trình: người giữ chức vụ, đảng viên khác, quần chúng.
[[nodiscard]] const CodeSetPtr& registration_audiences();
// Nội dung đã lên kế hoạch, đã thực hiện.
[[nodiscard]] const CodeSetPtr& checklist_states();
// Căn cứ đóng đảng phí.
[[nodiscard]] const CodeSetPtr& dues_bases();
// Loại hoạt động bồi dưỡng, học tập.
[[nodiscard]] const CodeSetPtr& training_kinds();

}  // namespace dangbo::inline v1::party
