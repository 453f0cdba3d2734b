#include "dangbo/party/schemas.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dangbo/base/text.hpp"
#include "making.hpp"
#include "tables.hpp"

namespace dangbo::inline v1::party {

using making::as;
using making::code;
using making::date;
using making::decision_id;
using making::from;
using making::from_after;
using making::marking;
using making::member_id;
using making::open;
using making::required;
using making::sensitive;
using making::text;
using making::unit_id;
using making::until;
using making::until_after;
using table::Field;
using table::Role;
using table::TableKind;

SchemaPtr make_schema(std::string_view name, TableKind kind, std::vector<Field> fields,
                      std::vector<std::string> natural_key, base::Message title,
                      std::string_view aliases) {
  std::vector<std::string> names;
  making::add_new_words(names, name, {title.vi, title.en});
  making::add_new_words(names, name, making::split(aliases));
  return std::make_shared<const table::Schema>(std::string(name), kind, std::move(fields),
                                               std::move(natural_key), std::move(title),
                                               std::move(names));
}

// One row a unit and interval: a unit has one set of attributes on a day.
SchemaPtr units_schema() {
  return make_schema(
      TableName::kUnits, TableKind::kState,
      {
          required(unit_id()),
          from("ngày thành lập"),
          until("ngày kết thúc hoạt động"),
          as(Role::kParent, text("parent_id", "mã đơn vị cấp trên", "parent id",
                                 "mã cấp trên|trực thuộc|mã tổ chức cấp trên|cấp trên trực tiếp|"
                                 "cấp trên|parent")),
          text("name", "tên đơn vị", "name",
               "tên|tên tổ chức|tên tổ chức đảng|tên chi bộ|tên đảng bộ"),
          text("short_name", "tên gọi tắt", "short name", "tên viết tắt|tên ngắn"),
          code(unit_classes(), "class", "cấp", "class", "cấp tổ chức"),
          required(code(unit_kinds(), "kind", "loại", "kind",
                        "loại tổ chức|loại tổ chức đảng|loại đơn vị|type")),
          code(sectors(), "sector", "loại hình", "sector", "loại hình tổ chức|lĩnh vực"),
          // The line of the official form; which sector it stands for is mapped elsewhere and loses
          // information.
          open("form_type", "loại hình theo biểu thống kê", "form type", "loại hình theo biểu 5"),
          code(epochs(), "epoch", "thời kỳ mô hình tổ chức", "epoch", "thời kỳ|mô hình"),
          code(unit_flags(), "flags", "đặc điểm", "flags", "được giao quyền, thí điểm"),
          // Numbers of the administrative list change: a code means something with its list's
          // version only.
          text("admin_code", "mã đơn vị hành chính", "administrative code", "mã ĐVHC"),
          text("admin_version", "phiên bản danh mục hành chính", "administrative list version",
               "bảng mã ĐVHC|phiên bản ĐVHC"),
          decision_id(),
          marking(),
          from_after(),
          until_after(),
      },
      {"unit_id"}, {"tổ chức đảng", "units"},
      "đơn vị|danh sách tổ chức đảng|danh sách đơn vị|danh mục tổ chức đảng|unit");
}

std::vector<Field> member_identity() {
  return {
      required(member_id()),
      text("full_name", "họ và tên", "full name", "họ tên|tên đảng viên|họ và tên đang dùng"),
      text("birth_name", "họ tên khai sinh", "birth name", "tên khai sinh|họ và tên khai sinh"),
      text("other_names", "tên gọi khác", "other names", "bí danh|các bí danh|tên khác"),
      code(sexes(), "sex", "giới tính", "sex", "nam/nữ|nam, nữ|giới"),
      date("birth_date", "ngày sinh", "birth date",
           "sinh ngày|năm sinh|ngày tháng năm sinh|ngày, tháng, năm sinh"),
      // The age of record is that of the original dossier; a card that disagrees is not an error.
      code(birth_sources(), "birth_source", "nguồn ngày sinh", "birth date source"),
      sensitive(open("ethnicity", "dân tộc", "ethnicity", "thành phần dân tộc")),
      code(ethnicity_schemes(), "ethnicity_scheme", "danh mục dân tộc", "ethnicity scheme"),
      sensitive(open("religion", "tôn giáo", "religion", "theo tôn giáo")),
      making::field(table::Type::kBool, "youth_union", "đoàn viên", "youth union member",
                    "đoàn viên thanh niên|đoàn viên, thanh niên|đoàn viên TNCS"),
      // Numbers are text: leading zeros count, and none of them identifies a person for ever.
      text("citizen_id", "số định danh cá nhân", "citizen id",
           "số định danh|CCCD|số CCCD|số căn cước|số căn cước công dân"),
      text("card_no", "số thẻ đảng", "card number", "số thẻ|số thẻ đảng viên"),
      text("card_no_old", "số thẻ đảng cũ", "old card number", "số thẻ cũ|số thẻ đảng viên cũ"),
      text("dossier_no", "số lý lịch", "dossier number", "số LL|số lý lịch đảng viên"),
      text("birthplace", "nơi sinh", "birthplace",
           "nơi khai sinh|nơi đăng ký khai sinh|nơi đăng ký khai sinh / chi tiết"),
      text("origin", "quê quán", "place of origin", "quê quán / chi tiết|nguyên quán"),
      text("residence", "nơi thường trú", "residence",
           "thường trú|thường trú / chi tiết|nơi cư trú|chỗ ở hiện nay"),
  };
}

std::vector<Field> member_service() {
  return {
      // Three days are different and all used: the decision starts Party age, the ceremony
      // probation.
      date("decision_date", "ngày quyết định kết nạp", "admission decision date",
           "ngày quyết định KN|ngày QĐ kết nạp"),
      date("joined_date", "ngày vào Đảng", "joined date",
           "ngày kết nạp|ngày lễ kết nạp|ngày vào đảng dự bị"),
      date("full_date", "ngày chính thức", "full member date",
           "ngày công nhận chính thức|ngày vào đảng chính thức"),
      open("education", "trình độ học vấn", "education",
           "học vấn|giáo dục phổ thông|trình độ văn hoá|trình độ giáo dục phổ thông"),
      open("degree", "trình độ chuyên môn", "degree",
           "chuyên môn|trình độ chuyên môn, nghiệp vụ|học vị"),
      open("theory", "lý luận chính trị", "political theory", "trình độ lý luận chính trị|LLCT"),
      text("languages", "ngoại ngữ", "languages", "trình độ ngoại ngữ"),
      open("occupation", "nghề nghiệp", "occupation", "nghề nghiệp hiện nay|công việc|job"),
      code(member_statuses(), "status", "trạng thái", "status",
           "trạng thái hoạt động|trạng thái sinh hoạt|tình trạng sinh hoạt"),
      date("status_date", "ngày của trạng thái", "status date",
           "ngày rời/mất/miễn SH|ngày thay đổi trạng thái"),
      from(),
      until(),
      from_after(),
      until_after(),
  };
}

// One row a person, or one a person and interval where attributes change. No column about
// relatives, class origin or assets exists, and none is read as another one.
SchemaPtr members_schema() {
  std::vector<Field> fields = member_identity();
  for (Field& field : member_service()) fields.push_back(std::move(field));
  return make_schema(TableName::kMembers, TableKind::kState, std::move(fields), {"member_id"},
                     {"đảng viên", "members"},
                     "danh sách đảng viên|hồ sơ đảng viên|danh sách trích ngang|member");
}

// A person may sit in one unit at home and in others for a time; the same membership twice on a day
// is a slip. That nobody has two homes on a day is checked by the registry.
SchemaPtr memberships_schema() {
  return make_schema(
      TableName::kMemberships, TableKind::kState,
      {
          required(member_id()),
          required([] {
            Field field = unit_id();
            making::add_new_words(field.aliases, field.name, {"tổ chức đảng sinh hoạt"});
            return field;
          }()),
          required(code(membership_kinds(), "kind", "loại sinh hoạt", "kind",
                        "loại|hình thức sinh hoạt đảng|type")),
          from("ngày đến|ngày chuyển đến"),
          until("ngày đi|ngày chuyển đi"),
          code(in_reasons(), "in_reason", "lý do đến", "reason in", "lý do tăng"),
          code(out_reasons(), "out_reason", "lý do đi", "reason out", "lý do giảm"),
          decision_id(),
          date("issued_on", "ngày cấp giấy giới thiệu", "papers issued on", "ngày giới thiệu"),
          date("presented_on", "ngày nộp giấy giới thiệu", "papers presented on",
               "ngày nộp hồ sơ|ngày xuất trình"),
          from_after(),
          until_after(),
      },
      {"member_id", "unit_id", "kind"}, {"sinh hoạt đảng", "memberships"},
      "chuyển sinh hoạt đảng|chuyển sinh hoạt|membership");
}

// One person may hold several posts, also two outside the Party at a time: then their titles tell
// them apart.
SchemaPtr posts_schema() {
  return make_schema(
      TableName::kPosts, TableKind::kState,
      {
          required(member_id()),
          required(unit_id()),
          code(bodies(), "body", "cơ quan lãnh đạo", "body", "cấp uỷ"),
          required(code(party::posts(), "post", "chức vụ", "post", "chức danh|chức vụ đảng")),
          from("ngày giữ chức vụ|ngày bổ nhiệm"),
          until("ngày thôi giữ chức vụ|ngày thôi"),
          code(appointment_bases(), "basis", "hình thức", "basis", "bầu, chỉ định|căn cứ"),
          date("approved_on", "ngày chuẩn y", "approved on"),
          decision_id(),
          text("external_title", "chức vụ ngoài Đảng", "title outside the Party",
               "chức vụ chính quyền|chức vụ chính quyền, đoàn thể"),
          from_after(),
          until_after(),
      },
      {"member_id", "unit_id", "body", "post", "external_title"}, {"chức vụ", "posts"},
      "danh sách cấp uỷ|chức vụ đảng|post");
}

std::span<const SchemaPtr> standard_schemas() {
  static const std::vector<SchemaPtr> all = {
      units_schema(),        unit_events_schema(),
      members_schema(),      memberships_schema(),
      posts_schema(),        decisions_schema(),
      absences_schema(),     documents_schema(),
      evaluations_schema(),  meetings_schema(),
      checklist_schema(),    registrations_schema(),
      headcounts_schema(),   congresses_schema(),
      plans_schema(),        contacts_schema(),
      recognitions_schema(), dues_schema(),
      training_schema(),     baselines_schema(),
      quarantine_schema(),   cross_references_schema(),
  };
  return all;
}

SchemaPtr find_schema(std::string_view name_or_alias) {
  const std::string folded = base::fold(name_or_alias);
  for (const SchemaPtr& schema : standard_schemas()) {
    if (folded == base::fold(schema->name())) return schema;
    for (const std::string& alias : schema->aliases()) {
      if (folded == base::fold(alias)) return schema;
    }
  }
  return nullptr;
}

}  // namespace dangbo::inline v1::party
