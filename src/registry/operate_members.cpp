// Operations on members and posts.
#include <algorithm>

#include "registry/operate.hpp"
#include "registry/plan.hpp"
#include "registry/row_values.hpp"

namespace dangbo::inline v1::registry {

namespace {

// What leaving makes of a member.
std::string_view status_after(std::string_view out_reason) noexcept {
  if (out_reason == "death") return "deceased";
  if (out_reason == "removal") return "removed";
  if (out_reason == "expulsion") return "expelled";
  if (out_reason == "resignation") return "resigned";
  if (out_reason == "to_other_province" || out_reason == "within_province")
    return "transferred_out";
  return {};
}

bool needs_no_decision(std::string_view out_reason) noexcept {
  return out_reason == "death" || out_reason == "to_other_province" || out_reason == "unknown";
}

std::optional<time::PartialDate> date_of(const std::string& cell) {
  return time::parse_date(cell).value;
}

}  // namespace

DraftRow* Operating::home_on_day(const std::string& member) {
  DraftTable& memberships = draft_.memberships();
  std::vector<DraftRow*> homes = memberships.of_member(member);
  std::erase_if(homes,
                [&](const DraftRow* row) { return memberships.text(*row, "kind") != "home"; });
  DraftRow* home = in_force(homes, act_.day);
  if (home == nullptr) {
    refuse(member,
           {"ngày " + act_.day.to_string() + " người này không sinh hoạt chính thức ở đâu",
            "this member has no home membership on " + act_.day.to_string()},
           {"sửa mã hoặc ngày; người mới vào: dùng “admit”",
            "correct the key or the day; for a new member use “admit”"});
  }
  return home;
}

// A home row and those after it that go on in the same unit without a gap.
std::vector<DraftRow*> Operating::stay_from(DraftRow& home) {
  DraftTable& memberships = draft_.memberships();
  std::vector<DraftRow*> stay = {&home};
  for (DraftRow* row : memberships.of_member(memberships.text(home, "member_id"))) {
    const bool goes_on = memberships.text(*row, "kind") == "home" &&
                         row->range.from_day() == stay.back()->range.until_day() &&
                         memberships.text(*row, "unit_id") == memberships.text(home, "unit_id");
    if (goes_on) stay.push_back(row);
  }
  return stay;
}

// The home row in force on the day before.
DraftRow* Operating::home_before(const std::string& member) {
  DraftTable& memberships = draft_.memberships();
  std::vector<DraftRow*> homes = memberships.of_member(member);
  std::erase_if(homes,
                [&](const DraftRow* row) { return memberships.text(*row, "kind") != "home"; });
  return in_force(homes, act_.day.plus_days(-1));
}

bool Operating::is_known_member(const std::string& member) {
  if (!draft_.members().of_member(member).empty()) return true;
  refuse(member, {"không có đảng viên nào mang mã này", "no member has this key"},
         {"sửa mã, hoặc kết nạp trước (admit)", "correct the key, or admit the member first"});
  return false;
}

// The membership goes on in another unit from the day on; one that begins then or later is there
// from its start.
void Operating::move_row(DraftRow& row, const std::string& to, std::string_view in_reason,
                         std::string_view out_reason) {
  DraftTable& memberships = draft_.memberships();
  DraftRow& later = memberships.split(row, act_.day, act_.place);
  memberships.set(later, "unit_id", to, act_.place);
  if (&later == &row) return;
  memberships.set(row, "out_reason", std::string(out_reason), act_.place);
  set_all(memberships, later,
          {{"in_reason", std::string(in_reason)},
           {"decision_id", act_.decision},
           {"issued_on", ""},
           {"presented_on", ""}});
}

bool Operating::set_status(const std::string& member, time::Date day, std::string_view status) {
  DraftTable& members = draft_.members();
  const std::vector<DraftRow*> rows = members.of_member(member);
  if (in_force(rows, day) == nullptr) return is_known_member(member);
  amend(members, rows, day, {{"status", std::string(status)}, {"status_date", day.to_string()}});
  return true;
}

void Operating::set_for_a_time(const std::string& member, std::string_view status,
                               std::optional<time::Date> until) {
  if (home_on_day(member) == nullptr) return;
  if (until && *until <= act_.day) {
    refuse(until->to_string(), {"hết hạn trước khi bắt đầu", "it ends before it begins"},
           {"sửa một trong hai ngày", "correct one of the two dates"});
    return;
  }
  if (set_status(member, act_.day, status) && until) set_status(member, *until, "active");
}

void Operating::run(const Admit& what) {
  DraftTable& members = draft_.members();
  DraftTable& memberships = draft_.memberships();
  auto cells = read(members, what.attributes);
  const auto reason = word_of(memberships, "in_reason", what.in_reason);
  if (!needs_decision() || !cells || !reason) return;
  if (unit_on_day(what.unit) == nullptr || !covers(what.unit, {act_.day, std::nullopt})) return;
  for (const DraftRow* row : memberships.of_member(what.member)) {
    if (!lasts_beyond(*row, act_.day)) continue;
    refuse_for(memberships, *row, what.member,
               {"người này đã có nơi sinh hoạt từ ngày ấy",
                "the person has a membership on that day or later"},
               {"dùng “move” để chuyển; hoặc sửa ngày", "use “move”; or correct the day"});
    return;
  }
  const bool decided = std::any_of(cells->begin(), cells->end(),
                                   [](const auto& cell) { return cell.first == "decision_date"; });
  if (!decided) {
    if (const std::string date = date_of_decision(); !date.empty())
      cells->emplace_back("decision_date", date);
  }
  if (members.of_member(what.member).empty()) {
    DraftRow& row = members.add(act_.place);
    members.set(row, "member_id", what.member, act_.place);
    members.set(row, "status", "active", act_.place);
    members.set(row, "joined_date", act_.day.to_string(), act_.place);
    set_all(members, row, *cells);
  } else if (set_status(what.member, act_.day, "active")) {
    if (*reason == "re_admission")
      cells->insert(cells->begin(), {{"joined_date", act_.day.to_string()}, {"full_date", ""}});
    for (DraftRow* row : members.of_member(what.member))
      if (lasts_beyond(*row, act_.day)) set_all(members, *row, *cells);
  }
  set_all(memberships, memberships.add(act_.place),
          {{"member_id", what.member},
           {"unit_id", what.unit},
           {"kind", "home"},
           {"from", act_.day.to_string()},
           {"in_reason", *reason},
           {"decision_id", act_.decision}});
}

std::string Operating::date_of_decision() const {
  const Core& core = draft_.core();
  const TableStore& decisions = *core.find_table(kDecisionsTable);
  const std::size_t key = *decisions.schema().find("decision_id");
  for (std::uint32_t row = decisions.newest_of_key(text_key_hash(act_.decision));
       row != kMissingWord; row = decisions.previous(Chain::kKey, row)) {
    if (!decisions.is_known(row, draft_.head())) continue;
    if (decisions.text().get(decisions.raw(key, row)) == act_.decision)
      return display_value(decisions, *decisions.roles().day, row, core);
  }
  return {};
}

void Operating::run(const Confirm& what) {
  if (!needs_decision() || home_on_day(what.member) == nullptr) return;
  DraftTable& members = draft_.members();
  const std::vector<DraftRow*> rows = members.of_member(what.member);
  for (const DraftRow* row : rows) {
    const auto joined = date_of(members.text(*row, "joined_date"));
    const std::string& full = members.text(*row, "full_date");
    if (joined && joined->first_day() > act_.day) {
      refuse_for(members, *row, what.member,
                 {"công nhận chính thức trước ngày kết nạp " + joined->to_string(),
                  "confirmation before the admission on " + joined->to_string()},
                 {"sửa ngày công nhận hoặc ngày kết nạp",
                  "correct the day of the confirmation or of the admission"});
      return;
    }
    if (!full.empty()) {
      refuse_for(
          members, *row, what.member,
          {"đã là đảng viên chính thức từ " + full, "full member since " + full + " already"},
          {"bỏ việc này", "drop this operation"});
      return;
    }
  }
  for (DraftRow* row : rows) members.set(*row, "full_date", act_.day.to_string(), act_.place);
}

void Operating::run(const Move& what) {
  DraftTable& memberships = draft_.memberships();
  const auto in = word_of(memberships, "in_reason", what.reason);
  const auto out = word_of(memberships, "out_reason", what.reason);
  if (!in || !out || unit_on_day(what.to) == nullptr) return;
  for (const std::string& member : what.members) {
    DraftRow* home = home_on_day(member);
    if (home == nullptr) continue;
    const std::vector<DraftRow*> stay = stay_from(*home);
    if (!covers(what.to, {act_.day, stay.back()->range.until()})) continue;
    if (memberships.text(*home, "unit_id") == what.to) {
      refuse_for(memberships, *home, member,
                 {"người này đã sinh hoạt ở " + quoted(what.to),
                  "the member stands in " + quoted(what.to) + " already"},
                 {"bỏ người này khỏi việc chuyển", "leave this member out"});
      continue;
    }
    for (DraftRow* row : memberships.of_member(member)) {
      const bool is_guest = memberships.text(*row, "kind") == "temporary" &&
                            memberships.text(*row, "unit_id") == what.to;
      if (is_guest && lasts_beyond(*row, act_.day)) memberships.end(*row, act_.day, act_.place);
    }
    for (DraftRow* row : stay) move_row(*row, what.to, *in, *out);
    DraftRow* now = home_on_day(member);
    memberships.set(*now, "presented_on", act_.day.to_string(), act_.place);
    if (what.issued_on) memberships.set(*now, "issued_on", what.issued_on->to_string(), act_.place);
    const DraftRow* attributes = in_force(draft_.members().of_member(member), act_.day);
    if (attributes != nullptr && draft_.members().text(*attributes, "status") == "in_transit")
      set_status(member, act_.day, "active");
  }
}

void Operating::run(const Temporary& what) {
  DraftTable& memberships = draft_.memberships();
  const DraftRow* home = home_on_day(what.member);
  if (home == nullptr || unit_on_day(what.unit) == nullptr) return;
  if (!covers(what.unit, {act_.day, what.until})) return;
  if (memberships.text(*home, "unit_id") == what.unit) {
    refuse_for(memberships, *home, what.member,
               {"đây là nơi sinh hoạt chính thức", "this is the home unit"},
               {"chọn nơi khác", "choose another unit"});
    return;
  }
  set_all(memberships, memberships.add(act_.place),
          {{"member_id", what.member},
           {"unit_id", what.unit},
           {"kind", "temporary"},
           {"from", act_.day.to_string()},
           {"until", what.until ? what.until->to_string() : std::string()},
           {"decision_id", act_.decision}});
}

void Operating::run(const Transit& what) {
  DraftRow* home = home_on_day(what.member);
  if (home == nullptr || !set_status(what.member, act_.day, "in_transit")) return;
  draft_.memberships().set(*home, "issued_on", act_.day.to_string(), act_.place);
}

void Operating::run(const Exempt& what) {
  if (needs_decision())
    set_for_a_time(what.member, what.until ? "temporarily_exempt" : "exempt", what.until);
}

void Operating::run(const Suspend& what) {
  if (needs_decision()) set_for_a_time(what.member, "suspended", what.until);
}

void Operating::run(const Leave& what) {
  DraftTable& memberships = draft_.memberships();
  const auto reason = word_of(memberships, "out_reason", what.reason);
  if (!reason || (!needs_no_decision(*reason) && !needs_decision())) return;
  if (*reason == "internal" || *reason == "reorganisation") {
    refuse(what.reason, {"đây không phải lý do rời đi", "this is no reason to leave"},
           {"dùng “move”", "use “move”"});
    return;
  }
  DraftRow* home = home_on_day(what.member);
  if (home == nullptr) return;
  std::vector<DraftTable*> tables = draft_.others();
  tables.push_back(&memberships);
  std::erase_if(tables, [](const DraftTable* table) { return !table->store().roles().member; });
  DraftRow* before = home_before(what.member);
  for (DraftTable* table : tables) {
    for (const DraftRow* row : table->of_member(what.member)) {
      // What begins on the day of leaving never comes to hold, unless the person came that day.
      const std::int32_t from = row->range.from_day();
      if (from < act_.day.days() || (from == act_.day.days() && before != nullptr)) continue;
      refuse_for(*table, *row, what.member,
                 {"bắt đầu đúng ngày rời đi hoặc sau đó", "it begins on that day or later"},
                 {"bỏ hoặc sửa dòng ấy trước", "withdraw or correct it first"});
      return;
    }
  }
  for (DraftTable* table : tables) {
    for (DraftRow* row : table->of_member(what.member))
      if (lasts_beyond(*row, act_.day)) table->end(*row, act_.day, act_.place);
  }
  memberships.set(*before, "out_reason", *reason, act_.place);
  if (const std::string_view status = status_after(*reason); !status.empty())
    set_status(what.member, act_.day, status);
}

void Operating::run(const Appoint& what) {
  DraftTable& posts = draft_.table("posts");
  Attributes attributes = {{"post", what.post}};
  if (!what.body.empty()) attributes.emplace_back("body", what.body);
  if (!what.basis.empty()) attributes.emplace_back("basis", what.basis);
  const auto cells = read(posts, attributes);
  if (!needs_decision() || !cells || unit_on_day(what.unit) == nullptr) return;
  if (home_on_day(what.member) == nullptr) return;
  DraftRow& row = posts.add(act_.place);
  set_all(posts, row,
          {{"member_id", what.member},
           {"unit_id", what.unit},
           {"from", act_.day.to_string()},
           {"decision_id", act_.decision}});
  set_all(posts, row, *cells);
  if (what.approved_on) posts.set(row, "approved_on", what.approved_on->to_string(), act_.place);
}

void Operating::run(const Relieve& what) {
  DraftTable& posts = draft_.table("posts");
  const auto post = word_of(posts, "post", what.post);
  const auto body =
      what.body.empty() ? std::optional<std::string>("") : word_of(posts, "body", what.body);
  if (!needs_decision() || !post || !body) return;
  std::vector<DraftRow*> held = posts.of_member(what.member);
  std::erase_if(held, [&](const DraftRow* row) {
    return !row->range.contains(act_.day) || posts.text(*row, "unit_id") != what.unit ||
           posts.text(*row, "post") != *post ||
           (!body->empty() && posts.text(*row, "body") != *body);
  });
  if (held.size() == 1) {
    posts.end(*held.front(), act_.day, act_.place);
    return;
  }
  refuse(what.member,
         held.empty()
             ? base::Message{"người này không giữ chức vụ ấy ngày " + act_.day.to_string(),
                             "the member does not hold this post on " + act_.day.to_string()}
             : base::Message{"người này giữ chức vụ ấy ở nhiều cơ quan",
                             "the member holds this post in several bodies"},
         held.empty() ? base::Message{"sửa mã, chức vụ hoặc ngày", "correct key, post or day"}
                      : base::Message{"thêm “body: …”", "add “body: …”"});
}

}  // namespace dangbo::inline v1::registry
