// What was built, as files.
#include <algorithm>
#include <map>
#include <numeric>

#include "body_builder.hpp"

namespace dangbo::inline v1::generator {

namespace {

// Headers as people write them; the loader knows these and others as aliases.
const std::map<std::string_view, std::string_view>& vietnamese() {
  static const std::map<std::string_view, std::string_view> words = {
      {"unit_id", "mã tổ chức"},
      {"from", "từ ngày"},
      {"until", "ngày kết thúc"},
      {"parent_id", "mã cấp trên"},
      {"name", "tên tổ chức"},
      {"class", "cấp"},
      {"kind", "loại"},
      {"sector", "loại hình"},
      {"flags", "đặc điểm"},
      {"event_id", "mã biến động"},
      {"date", "ngày"},
      {"event", "biến động"},
      {"from_unit", "từ đơn vị"},
      {"to_unit", "thành đơn vị"},
      {"decision_id", "mã quyết định"},
      {"member_id", "mã đảng viên"},
      {"full_name", "họ và tên"},
      {"sex", "giới tính"},
      {"birth_date", "ngày sinh"},
      {"ethnicity", "dân tộc"},
      {"religion", "tôn giáo"},
      {"youth_union", "đoàn viên"},
      {"joined_date", "ngày vào Đảng"},
      {"full_date", "ngày chính thức"},
      {"status", "trạng thái"},
      {"status_date", "ngày của trạng thái"},
      {"in_reason", "lý do đến"},
      {"out_reason", "lý do đi"},
      {"issuer_unit", "đơn vị ban hành"},
      {"subject_unit", "đơn vị được quyết định"},
      {"effective_from", "hiệu lực từ ngày"},
      {"subject_type", "loại đối tượng"},
      {"subject_id", "mã đối tượng"},
      {"period", "kỳ đánh giá"},
      {"regime", "quy định đánh giá"},
      {"grade", "mức xếp loại"},
      {"not_graded_reason", "lý do không xếp loại"},
      {"graded_on", "ngày xếp loại"},
      {"honour", "danh hiệu"},
      {"year", "năm"},
  };
  return words;
}

std::string birth_text(const Person& person) {
  if (person.born_known == Person::Known::kNothing) return {};
  const std::string text = iso(person.born);
  return person.born_known == Person::Known::kYear ? text.substr(0, 4) : text;
}

}  // namespace

Sheet BodyBuilder::sheet(std::string_view table, std::vector<std::string> header) const {
  if (plan_.is_vietnamese) {
    for (std::string& name : header) name = vietnamese().at(name);
  }
  return {std::string(table) + ".csv", std::move(header), {}};
}

Sheet BodyBuilder::units_sheet() const {
  Sheet out = sheet("units", {"unit_id", "from", "until", "parent_id", "name", "class", "kind",
                              "sector", "flags"});
  const bool has_epochs = std::any_of(units_.begin(), units_.end(),
                                      [](const Unit& unit) { return !unit.epoch.empty(); });
  if (has_epochs) out.header.push_back("epoch");
  for (const Unit& unit : units_) {
    for (const UnitSpan& span : unit.spans) {
      out.rows.push_back({unit.id, iso(span.from), iso(span.until),
                          span.parent == kNone ? "" : units_[span.parent].id, unit.name,
                          unit.unit_class, unit.kind, unit.sector, span.flags});
      if (has_epochs) out.rows.back().push_back(unit.epoch);
    }
  }
  return out;
}

Sheet BodyBuilder::unit_events_sheet() const {
  Sheet out =
      sheet("unit_events", {"event_id", "date", "event", "from_unit", "to_unit", "decision_id"});
  for (const UnitEvent& event : events_) {
    out.rows.push_back({event.id, iso(event.date), event.event, units_[event.from].id,
                        event.to == kNone ? "" : units_[event.to].id, event.decision});
  }
  return out;
}

Sheet BodyBuilder::decisions_sheet() const {
  Sheet out = sheet("decisions", {"decision_id", "kind", "issuer_unit", "subject_unit", "date",
                                  "effective_from"});
  out.rows = decisions_;
  return out;
}

Sheet BodyBuilder::members_sheet() const {
  const bool is_vi = plan_.is_vietnamese;
  std::vector<std::string> header = {
      "member_id",   "full_name", "sex",    "birth_date",  "ethnicity", "religion", "youth_union",
      "joined_date", "full_date", "status", "status_date", "from",      "until"};
  Sheet out = sheet("members", std::move(header));
  std::vector<std::size_t> order(people_.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[number_of_[i]] = i;
  const auto youth = [&](bool is_one) -> std::string {
    if (is_vi) return is_one ? "x" : "";  // lists tick a box
    return is_one ? "true" : "false";
  };
  for (const std::size_t index : order) {
    const Person& person = people_[index];
    std::vector<std::string> row = {
        member_id(index),
        person.name,
        is_vi ? (person.is_female ? "nữ" : "nam") : (person.is_female ? "F" : "M"),
        birth_text(person),
        person.ethnicity,
        person.religion,
        youth(person.youth_union),
        iso(person.joined),
        iso(person.full),
        person.status,
        iso(person.status_date),
        "",
        iso(person.youth_changes)};
    out.rows.push_back(row);
    if (person.youth_changes == kNoDay) continue;
    row[6] = youth(!person.youth_union);
    row[11] = iso(person.youth_changes);
    row[12].clear();
    out.rows.push_back(std::move(row));
  }
  return out;
}

Sheet BodyBuilder::memberships_sheet() const {
  Sheet out = sheet("memberships",
                    {"member_id", "unit_id", "kind", "from", "until", "in_reason", "out_reason"});
  std::vector<std::size_t> order(homes_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const std::size_t left = number_of_[homes_[a].person];
    const std::size_t right = number_of_[homes_[b].person];
    if (left != right) return left < right;
    if (homes_[a].from != homes_[b].from) return homes_[a].from < homes_[b].from;
    return a < b;
  });
  for (const std::size_t index : order) {
    const Home& home = homes_[index];
    out.rows.push_back({member_id(home.person), units_[home.unit].id,
                        home.is_temporary ? "TAMTHOI" : "CHINHTHUC", iso(home.from),
                        iso(home.until), home.in_reason, home.out_reason});
  }
  return out;
}

}  // namespace dangbo::inline v1::generator
