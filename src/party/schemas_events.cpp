#include <utility>
#include <vector>

#include "dangbo/party/schemas.hpp"
#include "making.hpp"
#include "tables.hpp"

namespace dangbo::inline v1::party {

using making::as;
using making::code;
using making::date;
using making::decision_id;
using making::from;
using making::marking;
using making::member_id;
using making::month;
using making::open;
using making::required;
using making::subject_id;
using making::subject_type;
using making::text;
using making::unit_id;
using making::until;
using making::whole;
using table::Field;
using table::Role;
using table::TableKind;

namespace {

Field unit_ref(std::string_view name, std::string_view vi, std::string_view en,
               std::string_view aliases = {}) {
  return as(Role::kUnit, text(name, vi, en, aliases));
}

Field year() {
  return as(Role::kPeriod, text("year", "năm", "year"));
}

}  // namespace

// n rows of one event say n→m; a pair of units stands once in it.
SchemaPtr unit_events_schema() {
  return make_schema(
      TableName::kUnitEvents, TableKind::kEvent,
      {
          required(text("event_id", "mã biến động", "event id", "mã sự kiện")),
          required(as(Role::kDay, date("date", "ngày", "date", "ngày hiệu lực|ngày biến động"))),
          required(code(unit_events(), "event", "biến động", "event",
                        "loại biến động|sự kiện|loại|kind")),
          unit_ref("from_unit", "từ đơn vị", "from unit", "mã đơn vị cũ|đơn vị cũ"),
          unit_ref("to_unit", "thành đơn vị", "to unit", "mã đơn vị mới|đơn vị mới|đến đơn vị"),
          decision_id(),
      },
      {"event_id", "from_unit", "to_unit"}, {"biến động tổ chức", "unit events"},
      "biến động tổ chức đảng|sắp xếp tổ chức|unit_event");
}

// The key is the host's: a number alone repeats every term and for every issuer.
SchemaPtr decisions_schema() {
  return make_schema(
      TableName::kDecisions, TableKind::kEvent,
      {
          required(text("decision_id", "mã quyết định", "decision id", "số quyết định")),
          required(code(decision_kinds(), "kind", "loại quyết định", "kind", "loại|type")),
          unit_ref("issuer_unit", "đơn vị ban hành", "issuing unit",
                   "cấp ban hành|mã đơn vị ban hành"),
          unit_ref("subject_unit", "đơn vị được quyết định", "subject unit",
                   "đơn vị liên quan|mã đơn vị|unit_id"),
          as(Role::kMember, text("subject_member", "đảng viên được quyết định", "subject member",
                                 "đảng viên liên quan|mã đảng viên|member_id")),
          required(as(Role::kDay, date("date", "ngày quyết định", "date", "ngày|ngày ban hành"))),
          date("received_on", "ngày nhận", "received on", "ngày nhận quyết định"),
          date("announced_on", "ngày công bố", "announced on"),
          // The decision is the fact and has a day; how long it works is said here, end not
          // counted.
          date("effective_from", "hiệu lực từ ngày", "effective from", "ngày hiệu lực"),
          date("effective_until", "hết hiệu lực từ ngày", "effective until", "ngày hết hiệu lực"),
          whole("votes_for", "số phiếu tán thành", "votes for", "phiếu tán thành"),
          whole("votes_base", "số phải tính phiếu", "voting base", "tổng số để tính phiếu"),
          text("document_id", "mã văn bản", "document id", "văn bản"),
          text("scope", "phạm vi", "scope", "phạm vi áp dụng"),
      },
      {"decision_id"}, {"quyết định", "decisions"},
      "nghị quyết, quyết định|sổ quyết định|decision");
}

// Two reasons may overlap (abroad for study); the same one twice on a day is a slip.
SchemaPtr absences_schema() {
  return make_schema(
      TableName::kAbsences, TableKind::kState,
      {
          required(member_id()),
          required(from("vắng từ ngày|nghỉ từ ngày")),
          until(),
          required(code(absence_reasons(), "reason", "lý do", "reason", "lý do vắng|lý do nghỉ")),
      },
      {"member_id", "reason"}, {"vắng mặt dài ngày", "absences"},
      "vắng mặt|danh sách vắng|absence");
}

// A document may be known by number, or by name and year only, so nothing but its key is asked for.
SchemaPtr documents_schema() {
  return make_schema(
      TableName::kDocuments, TableKind::kEvent,
      {
          required(text("document_id", "mã văn bản", "document id", "ID")),
          text("number", "số, ký hiệu", "number", "số|số ký hiệu|số văn bản|số hiệu"),
          code(document_types(), "type", "thể loại", "type", "loại văn bản|thể loại văn bản|loại"),
          open("issuer", "cơ quan ban hành", "issuer", "nơi ban hành"),
          text("term_no", "khoá", "term number", "nhiệm kỳ"),
          as(Role::kDay, date("date", "ngày ban hành", "date", "ngày|ngày văn bản")),
          text("title", "trích yếu", "title", "tên văn bản|trích yếu nội dung"),
          marking(),
          text("amends", "sửa đổi văn bản", "amends", "sửa đổi, bổ sung văn bản"),
          text("replaces", "thay thế văn bản", "replaces"),
      },
      {"document_id"}, {"văn bản", "documents"}, "sổ văn bản|danh mục văn bản|document");
}

// One subject has one grade in one period under one regime. `graded_by` is the superior, who is not
// where the row belongs: it takes no unit role, or the first one would place the row there.
SchemaPtr evaluations_schema() {
  return make_schema(
      TableName::kEvaluations, TableKind::kPeriod,
      {
          required(subject_type()),
          required(subject_id()),
          required(as(Role::kPeriod,
                      text("period", "kỳ đánh giá", "period", "kỳ|năm|năm đánh giá|year"))),
          required(code(evaluation_regimes(), "regime", "quy định đánh giá", "regime")),
          code(grades(), "grade", "mức xếp loại", "grade",
               "xếp loại|phân loại|kết quả xếp loại|mức xếp loại chất lượng"),
          open("not_graded_reason", "lý do không xếp loại", "reason for no grade",
               "lý do chưa xếp loại"),
          whole("score", "điểm", "score", "tổng điểm|điểm đánh giá"),
          whole("votes_for", "số phiếu tán thành", "votes for", "phiếu tán thành"),
          whole("votes_base", "số phải tính phiếu", "voting base", "tổng số để tính phiếu"),
          date("self_reviewed_on", "ngày tự kiểm điểm", "self-reviewed on", "ngày kiểm điểm"),
          date("concluded_on", "ngày kết luận", "concluded on"),
          text("conclusion_document", "văn bản kết luận", "conclusion document"),
          text("graded_by", "cấp xếp loại", "graded by", "đơn vị xếp loại|cấp quyết định"),
          date("graded_on", "ngày xếp loại", "graded on", "ngày quyết định xếp loại"),
      },
      {"subject_type", "subject_id", "period", "regime"}, {"đánh giá, xếp loại", "evaluations"},
      "xếp loại|đánh giá chất lượng|evaluation");
}

// No natural key: a cell may hold several thematic or extraordinary meetings in a month.
SchemaPtr meetings_schema() {
  return make_schema(
      TableName::kMeetings, TableKind::kPeriod,
      {
          required(unit_id()),
          required(month()),
          required(
              code(meeting_kinds(), "kind", "loại sinh hoạt", "kind", "loại|loại kỳ họp|type")),
          code(meeting_forms(), "form", "hình thức sinh hoạt", "form", "hình thức"),
          code(meeting_channels(), "channel", "cách gửi tài liệu", "channel", "kênh gửi"),
          date("planned_on", "ngày dự kiến", "planned on", "ngày kế hoạch"),
          date("notified_on", "ngày thông báo", "notified on", "ngày mời họp"),
          date("held_on", "ngày họp", "held on", "ngày sinh hoạt|ngày tổ chức"),
          whole("duration_min", "thời lượng (phút)", "duration in minutes",
                "thời gian họp (phút)|số phút"),
          text("minutes_document", "biên bản", "minutes", "số biên bản"),
          whole("base_n", "số phải dự", "members expected", "tổng số phải dự"),
          whole("present_n", "số dự", "members present", "số có mặt|số đảng viên dự"),
          whole("excused_n", "số vắng có lý do", "members excused", "vắng có lý do"),
          unit_ref("superior_unit", "đơn vị cấp trên dự", "superior unit attending", "cấp trên dự"),
          whole("superior_n", "số cấp trên dự", "superiors attending", "số cán bộ cấp trên dự"),
          text("resolution_document", "nghị quyết", "resolution", "số nghị quyết"),
          date("papers_sent_on", "ngày gửi tài liệu", "papers sent on"),
          whole("papers_returned_n", "số phiếu gửi lại", "papers returned", "số tài liệu gửi lại"),
          date("archived_on", "ngày lưu hồ sơ", "archived on", "ngày lưu trữ"),
          date("records_checked_on", "ngày kiểm tra sổ", "records checked on",
               "ngày kiểm tra sổ nghị quyết"),
          code(meeting_scores(), "score", "chất lượng sinh hoạt", "score",
               "xếp loại sinh hoạt|xếp loại buổi sinh hoạt"),
          open("scale", "thang điểm", "scale", "mẫu chấm điểm"),
          open("reason_not_held", "lý do không họp", "reason not held", "lý do không sinh hoạt"),
          marking(),
      },
      {}, {"sinh hoạt chi bộ", "meetings"}, "cuộc họp|sinh hoạt định kỳ|lịch sinh hoạt|meeting");
}

// By unit and item only: there is no member column.
SchemaPtr checklist_schema() {
  return make_schema(TableName::kChecklist, TableKind::kPeriod,
                     {
                         required(open("programme", "chương trình", "programme", "chuyên đề")),
                         required(unit_id()),
                         required(month()),
                         required(open("item", "nội dung", "item", "mã nội dung")),
                         code(checklist_states(), "state", "tình trạng", "state", "trạng thái"),
                     },
                     {"programme", "unit_id", "month", "item"},
                     {"nội dung theo tháng", "checklist"}, "danh mục nội dung|nội dung học tập");
}

// Counts by unit and audience. A programme that comes back every year has a new due day.
SchemaPtr registrations_schema() {
  return make_schema(
      TableName::kRegistrations, TableKind::kEvent,
      {
          required(open("programme", "chương trình", "programme", "chuyên đề")),
          required(unit_id()),
          required(code(registration_audiences(), "audience", "nhóm đối tượng", "audience",
                        "đối tượng")),
          as(Role::kDay, date("due_on", "hạn nộp", "due on", "thời hạn|hạn đăng ký")),
          whole("registered_n", "số đã đăng ký", "registered", "số đăng ký"),
          whole("published_n", "số đã công khai", "published", "số công khai"),
          whole("reported_n", "số đã báo cáo", "reported", "số báo cáo"),
      },
      {"programme", "unit_id", "audience", "due_on"}, {"đăng ký thực hiện", "registrations"},
      "đăng ký|cam kết|registration");
}

SchemaPtr headcounts_schema() {
  return make_schema(TableName::kHeadcounts, TableKind::kEvent,
                     {
                         required(unit_id()),
                         required(as(Role::kDay, date("day", "ngày", "day", "thời điểm|date"))),
                         // staff, non_member_staff, deputies, quota … : a host adds its own
                         required(open("category", "nhóm", "category", "loại|phân nhóm")),
                         required(whole("n", "số người", "number", "số lượng|count")),
                     },
                     {"unit_id", "day", "category"}, {"số người", "headcounts"},
                     "số cán bộ|headcount");
}

// One congress a term; an extraordinary one belongs to the term that it opens or carries a term
// text of its own.
SchemaPtr congresses_schema() {
  return make_schema(
      TableName::kCongresses, TableKind::kPeriod,
      {
          required(unit_id()),
          required(as(Role::kPeriod, text("term", "nhiệm kỳ", "term"))),
          code(congress_forms(), "form", "hình thức đại hội", "form", "hình thức"),
          date("due_on", "ngày đến hạn", "due on", "hạn đại hội"),
          date("planned_on", "ngày dự kiến", "planned on", "ngày kế hoạch"),
          date("held_on", "ngày đại hội", "held on", "ngày tổ chức"),
          whole("full_n", "số đảng viên chính thức", "full members", "đảng viên chính thức"),
          whole("summoned_n", "số được triệu tập", "summoned", "số đại biểu triệu tập"),
          whole("present_n", "số có mặt", "present", "số đại biểu có mặt"),
          whole("seats", "số lượng cấp uỷ", "seats", "số uỷ viên được bầu"),
          whole("candidates_n", "số ứng cử viên", "candidates", "số trong danh sách bầu cử"),
          whole("elected_n", "số trúng cử", "elected", "số cấp uỷ viên trúng cử"),
          whole("women_n", "số nữ trúng cử", "women elected", "cấp uỷ nữ"),
          whole("young_n", "số cấp uỷ trẻ", "young elected", "cấp uỷ trẻ"),
          making::sensitive(whole("minority_n", "số dân tộc thiểu số trúng cử",
                                  "ethnic minorities elected", "cấp uỷ dân tộc thiểu số")),
          whole("science_n", "số có chuyên môn khoa học, công nghệ",
                "elected with a science qualification"),
          whole("re_elected_n", "số tái cử", "re-elected", "cấp uỷ tái cử"),
          text("approval_document", "văn bản chuẩn y", "approval document"),
          text("postponed_document", "văn bản cho lùi thời gian", "postponement document"),
      },
      {"unit_id", "term"}, {"đại hội", "congresses"}, "đại hội chi bộ, đảng bộ|congress");
}

// A plan is for a year or for a term: one of the two is given, so the schema can require neither.
SchemaPtr plans_schema() {
  return make_schema(
      TableName::kPlans, TableKind::kPeriod,
      {
          required(unit_id()),
          year(),
          text("term", "nhiệm kỳ", "term"),
          required(open("item", "chỉ tiêu", "item", "nội dung")),
          required(whole("target", "số kế hoạch", "target", "kế hoạch năm|số chỉ tiêu")),
          text("document_id", "mã văn bản", "document id", "văn bản"),
      },
      {"unit_id", "year", "term", "item"}, {"chỉ tiêu", "plans"}, "kế hoạch|kế hoạch kết nạp|plan");
}

// The introduction is one row; each half-year's attendance may be another. Attendance and papers,
// no comment text.
SchemaPtr contacts_schema() {
  return make_schema(
      TableName::kContacts, TableKind::kState,
      {
          required(member_id()),
          required(unit_ref("residence_unit", "tổ chức đảng nơi cư trú", "residence unit",
                            "chi bộ nơi cư trú|mã đơn vị nơi cư trú|mã đơn vị|unit_id")),
          from("ngày giới thiệu"),
          until(),
          text("half_year", "nửa năm", "half-year", "kỳ|6 tháng"),
          whole("attended_n", "số lần dự", "meetings attended", "số buổi dự"),
          date("form_returned_on", "ngày gửi phiếu về", "form returned on", "ngày nhận phiếu"),
          open("exempt_reason", "lý do được miễn", "reason for exemption", "lý do miễn"),
      },
      {"member_id", "residence_unit", "half_year"}, {"giữ mối liên hệ nơi cư trú", "contacts"},
      "sinh hoạt nơi cư trú|nơi cư trú|contact");
}

SchemaPtr recognitions_schema() {
  return make_schema(TableName::kRecognitions, TableKind::kPeriod,
                     {
                         required(subject_type()),
                         required(subject_id()),
                         required(open("honour", "danh hiệu", "honour", "hình thức khen thưởng")),
                         required(year()),
                         decision_id(),
                     },
                     {"subject_type", "subject_id", "honour", "year"},
                     {"khen thưởng", "recognitions"}, "danh hiệu|recognition");
}

// A member may pay on two grounds in one month, such as pension and pay.
SchemaPtr dues_schema() {
  return make_schema(
      TableName::kDues, TableKind::kPeriod,
      {
          required(member_id()),
          required(month()),
          code(dues_bases(), "basis", "căn cứ đóng", "basis", "đối tượng đóng|loại thu nhập"),
          whole("base_amount", "mức tính đóng (đồng)", "base amount in đồng",
                "tiền lương tính đóng|thu nhập tính đóng"),
          whole("due", "số phải đóng (đồng)", "due in đồng", "số phải đóng|phải đóng"),
          date("paid_on", "ngày đóng", "paid on", "ngày nộp"),
          whole("paid", "số đã đóng (đồng)", "paid in đồng", "số đã đóng|đã đóng|đã nộp"),
      },
      {"member_id", "month", "basis"}, {"đảng phí", "dues"}, "thu đảng phí|sổ đảng phí");
}

// One event, one row for each unit that took part.
SchemaPtr training_schema() {
  return make_schema(
      TableName::kTraining, TableKind::kEvent,
      {
          required(text("event_id", "mã hoạt động", "event id", "mã lớp")),
          required(code(training_kinds(), "kind", "loại hoạt động", "kind", "loại|type")),
          required(unit_id()),
          required(as(Role::kDay, date("date", "ngày", "date", "ngày tổ chức|ngày học"))),
          whole("participants_n", "số người dự", "participants", "số học viên|số người tham gia"),
          whole("members_n", "số đảng viên dự", "members taking part", "số đảng viên tham gia"),
          text("posts", "chức vụ người dự", "posts of participants", "đối tượng dự"),
          whole("essays_n", "số bài viết", "essays", "số bài thu hoạch|số bài dự thi"),
      },
      {"event_id", "unit_id"}, {"bồi dưỡng, học tập", "training"},
      "tập huấn|lớp bồi dưỡng|học tập, quán triệt");
}

// From which day on the roster is known: what began before it has no first day. Questions about
// days before are outside coverage.
SchemaPtr baselines_schema() {
  return make_schema(TableName::kBaselines, TableKind::kEvent,
                     {
                         required(as(Role::kDay, date("day", "ngày", "day", "từ ngày"))),
                     },
                     {"day"}, {"ngày bắt đầu có số liệu", "baselines"}, "baseline");
}

// Rows of a load that were set aside, one row a reason. Mended by an ordinary change that adds the
// row as it should be and withdraws these.
SchemaPtr quarantine_schema() {
  return make_schema(
      TableName::kQuarantine, TableKind::kEvent,
      {
          required(text("source", "nguồn", "source", "tệp|file")),
          required(whole("row", "dòng", "row", "số dòng")),
          required(whole("number", "số thứ tự", "number", "STT")),
          required(open("table_name", "bảng", "table", "table")),
          text("column_name", "cột", "column", "column"),
          required(whole("code", "mã lỗi", "code", "mã vấn đề")),
          text("value", "giá trị", "value", "giá trị đã đọc"),
          required(text("reason_vi", "lý do", "reason (Vietnamese)", "lý do gác lại")),
          required(text("reason_en", "lý do bằng tiếng Anh", "reason (English)", "reason")),
          text("content", "nội dung", "content", "nội dung dòng"),
          as(Role::kDay, date("day", "ngày nạp", "loaded on", "ngày")),
      },
      {"source", "row", "number"}, {"dòng gác lại", "quarantine"}, "dòng bị gác lại");
}

// The key under which another system keeps a unit or member: national database, HR, card,
// organisation code. On a day a key of a scheme stands for one of them; who has several, or another
// one from a day on, has several rows.
SchemaPtr cross_references_schema() {
  return make_schema(
      TableName::kCrossReferences, TableKind::kState,
      {
          required(open("scheme", "hệ thống mã", "scheme", "loại mã|nguồn mã|hệ mã")),
          required(text("key", "mã tham chiếu", "key", "mã|giá trị mã|mã ngoài")),
          required(subject_type()),
          required(subject_id()),
          from(),
          until(),
      },
      {"scheme", "key"}, {"mã tham chiếu", "cross references"},
      "tham chiếu|bảng mã tham chiếu|cross_reference");
}

}  // namespace dangbo::inline v1::party
