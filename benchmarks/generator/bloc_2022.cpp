// Body 000: Đảng bộ Khối cơ quan và doanh nghiệp tỉnh, middle of the term 2020-2025.
#include <algorithm>

#include "bodies.hpp"
#include "people.hpp"

namespace dangbo::inline v1::generator {

namespace {

constexpr std::size_t kGroups = 11;
constexpr std::size_t kBriefings = 5;
constexpr std::size_t kBriefed = 108;
constexpr std::size_t kItems = 82;

// The cell of 121 in 11 groups: the last of the third committee, split on 2021-07-01.
std::size_t split_large_cell(BodyBuilder& body) {
  const Day on = day(2021, 7, 1);
  std::size_t cell = kNone;
  for (const std::size_t unit : body.units_on(on, "CB")) {
    if (body.units()[unit].id.starts_with("K03.")) cell = unit;
  }
  body.unit(cell).name = "Chi bộ Khối sản xuất";
  for (std::size_t i = 1; i <= kGroups; ++i) {
    const std::string number = std::to_string(i);
    body.add_unit({body.units()[cell].id + ".T" + number,
                   "Tổ đảng số " + number,
                   "TO",
                   "DCS",
                   "",
                   {{on, kNoDay, cell, ""}},
                   {cell}});
  }
  const std::string& id = body.units()[cell].id;
  body.add_decision({"QĐ-DY-2018", "DONGY_DONG", "K", id, "2018-05-14", "2018-05-14"});
  body.add_decision({"QĐ-TD-2021", "THIDIEM", "K", id, "2021-06-22", "2021-07-01"});
  return cell;
}

// Plan 62-KH/ĐUK: two committees and a cell are its pilots from the day of the plan.
void mark_pilots(BodyBuilder& body) {
  const Day on = day(2022, 4, 25);
  const std::vector<std::size_t> committees = body.units_on(on, "DBCS");
  const std::vector<std::size_t> cells = body.units_on(on, "CB");
  for (const std::size_t unit : {committees[3], committees[9], cells[40]}) {
    body.set_flags(unit, on, "THIDIEM");
    body.add_decision({"QĐ-LD-" + body.units()[unit].id, "THIDIEM", "K", body.units()[unit].id,
                       iso(on), iso(on)});
  }
}

// Somebody who left the large cell on the day it was split, and a guest of one group who came and
// went: neither changes its 121.
void add_passers_by(BodyBuilder& body, std::size_t cell, std::size_t group) {
  Person person;
  person.name = "Trịnh Bá Hào";
  person.born = day(1968, 8, 20);
  person.ethnicity = "Kinh";
  person.religion = "Không";
  person.joined = day(1999, 5, 19);
  person.full = day(2000, 5, 19);
  person.status = "CHUYENDI";
  person.status_date = day(2021, 7, 1);
  const std::size_t gone = body.add_person(person);
  body.add_home(gone, cell, day(2010, 1, 4), day(2021, 7, 1), "DEN_TRONGTINH", "DI_TRONGTINH");
  person.name = "Quách Duy Khánh";
  person.status_date = day(2022, 6, 30);
  const std::size_t guest = body.add_person(person);
  body.add_home(guest, group, day(2021, 7, 2), day(2022, 6, 30), "DEN_TRONGTINH", "DI_TRONGTINH");
}

// A leader and a deputy for each group, appointed on the day of the split.
Sheet posts(BodyBuilder& body) {
  Sheet out = body.sheet("posts", {"member_id", "unit_id", "post", "from", "until", "basis"});
  const std::vector<std::size_t> homes = body.homes_on(body.plan().as_of);
  for (const std::size_t group : body.units_on(body.plan().as_of, "TO")) {
    std::size_t found = 0;
    for (std::size_t person = 0; person < homes.size() && found < 2; ++person) {
      if (homes[person] != group) continue;
      out.rows.push_back({body.member_id(person), body.units()[group].id,
                          found++ == 0 ? "TOT" : "TOP", "2021-07-01", "", "CHIDINH"});
    }
  }
  return out;
}

std::vector<Day> briefing_days() {
  return {day(2021, 3, 25), day(2021, 9, 23), day(2022, 3, 24), day(2022, 6, 16),
          day(2022, 11, 10)};
}

// Five briefings of cell secretaries, with 108 cells in all, none of them twice: attendances and
// cells are the same figure. One more is planned, one was held by a committee for its own cells.
Sheet meetings(BodyBuilder& body) {
  Sheet out = body.sheet("meetings", {"unit_id", "month", "kind", "form", "planned_on", "held_on",
                                      "base_n", "present_n"});
  std::size_t left = kBriefed;
  std::size_t briefings_left = kBriefings;
  for (const Day on : briefing_days()) {
    const std::size_t present = left / briefings_left--;
    left -= present;
    out.rows.push_back({"K", iso_month(on), "GB", "TAPTRUNG", iso(on), iso(on),
                        std::to_string(present + 2), std::to_string(present)});
  }
  out.rows.push_back({"K", "2023-03", "GB", "TAPTRUNG", "2023-03-23", "", "", ""});
  const std::vector<std::size_t> committees = body.units_on(body.plan().as_of, "DBCS");
  out.rows.push_back({body.units()[committees[0]].id, "2022-05", "GB", "TAPTRUNG", "2022-05-12",
                      "2022-05-12", "6", "6"});
  // The large cell meets by group.
  for (unsigned month = 1; month <= 12; ++month) {
    const Day on = day(2022, month, 4);
    for (const std::size_t group : body.units_on(on, "TO")) {
      out.rows.push_back({body.units()[group].id, iso_month(on), "DK", "THEOTO", iso(on), iso(on),
                          "11", std::to_string(body.random().between(9, 11))});
    }
  }
  return out;
}

// Which cells were at which briefing.
Sheet training(BodyBuilder& body) {
  Sheet out = body.sheet("training", {"event_id", "kind", "unit_id", "date", "participants_n"});
  std::vector<std::size_t> cells = body.units_on(day(2021, 3, 25), "CB");
  const auto in_force = [&](std::size_t unit) { return body.in_force(unit, body.plan().as_of); };
  cells.erase(std::partition(cells.begin(), cells.end(), in_force), cells.end());
  std::sort(cells.begin(), cells.end());
  body.random().shuffle(cells);
  std::size_t next = 0;
  std::size_t briefings_left = kBriefings;
  for (const Day on : briefing_days()) {
    const std::size_t until = next + (kBriefed - next) / briefings_left--;
    for (; next < until; ++next) {
      out.rows.push_back(
          {"GB-" + iso_month(on), "HOINGHI", body.units()[cells[next]].id, iso(on), "1"});
    }
  }
  return out;
}

// Two to four of the 82 contents a month, for every grassroots cell, in turn.
Sheet checklist(BodyBuilder& body) {
  Sheet out = body.sheet("checklist", {"programme", "unit_id", "month", "item", "state"});
  std::size_t start = 0;
  for (const std::size_t unit : body.units_on(body.plan().as_of, "CBCS")) {
    std::size_t item = start;
    start += 7;
    for (unsigned month = 1; month <= 12; ++month) {
      const std::size_t count = 2 + (month + start) % 3;
      for (std::size_t i = 0; i < count; ++i) {
        const std::string number = std::to_string(item++ % kItems + 1);
        out.rows.push_back({"HOCTAP", body.units()[unit].id, iso_month(day(2022, month, 1)),
                            "ND" + std::string(number.size() < 2 ? "0" : "") + number,
                            "DATHUCHIEN"});
      }
    }
  }
  return out;
}

// The three audiences of plan 62-KH/ĐUK, in its three pilots.
Sheet registrations(BodyBuilder& body) {
  Sheet out = body.sheet("registrations", {"programme", "unit_id", "audience", "due_on",
                                           "registered_n", "published_n", "reported_n"});
  for (std::size_t unit = 0; unit < body.units().size(); ++unit) {
    if (body.units()[unit].spans.back().flags != "THIDIEM") continue;
    for (const char* audience : {"CHUCVU", "DANGVIEN", "QUANCHUNG"}) {
      const std::int32_t count = body.random().between(4, 40);
      out.rows.push_back({"62-KH/ĐUK", body.units()[unit].id, audience, "2022-05-31",
                          std::to_string(count), std::to_string(count / 4),
                          std::to_string(count - 1)});
    }
  }
  return out;
}

}  // namespace

Roster make_bloc_2022(std::uint64_t seed) {
  BodyPlan plan;
  plan.root_name = "Đảng bộ Khối cơ quan và doanh nghiệp tỉnh Cửa Vàm (mô phỏng)";
  plan.root_kind = "KHOI";
  plan.founded = day(2008, 11, 3);
  plan.reorganised = day(2021, 3, 1);
  plan.as_of = day(2022, 12, 31);
  plan.cells = 290;
  plan.section_committees = 4;
  plan.women = 2318;
  plan.minority = 640;
  plan.youth = 421;
  plan.religious = 515;
  BodyBuilder body(plan, seed, 0);
  body.build_tree(bloc_organisations(38, 44, 13));
  const std::size_t cell = split_large_cell(body);
  const std::size_t a_group = body.units().size() - 1;
  mark_pilots(body);
  fill_with_people(body, {.stock = 6184});
  add_passers_by(body, cell, a_group);
  body.number_people();
  return {readme_text("000", body.plan()),
          {body.units_sheet(), body.unit_events_sheet(), body.members_sheet(),
           body.memberships_sheet(), body.decisions_sheet(), posts(body), meetings(body),
           training(body), checklist(body), registrations(body)}};
}

}  // namespace dangbo::inline v1::generator
