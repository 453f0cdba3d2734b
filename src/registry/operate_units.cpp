// Operations on units.
#include <algorithm>
#include <map>
#include <set>

#include "dangbo/party/vocabulary.hpp"
#include "registry/operate.hpp"

namespace dangbo::inline v1::registry {

namespace {

using base::Message;

constexpr std::string_view kReorganisation = "reorganisation";

}  // namespace

// Who takes over what a unit held.
struct Operating::Heir {
  std::map<std::string, std::string> of_member;  // by key
  std::map<std::string, std::string> of_unit;
  std::string rest;  // of all others; empty: they stay

  [[nodiscard]] const std::string& for_member(const std::string& key) const {
    const auto found = of_member.find(key);
    return found == of_member.end() ? rest : found->second;
  }
  [[nodiscard]] const std::string& for_unit(const std::string& key) const {
    const auto found = of_unit.find(key);
    return found == of_unit.end() ? rest : found->second;
  }
};

DraftRow* Operating::unit_on_day(const std::string& unit) {
  DraftRow* row = in_force(draft_.units().of_unit(unit), act_.day);
  if (row == nullptr) {
    refuse(unit,
           {"ngày " + act_.day.to_string() + " không có tổ chức này",
            "no such unit is in force on " + act_.day.to_string()},
           {"sửa mã hoặc ngày, hoặc lập tổ chức trước (establish)",
            "correct the key or the day, or establish it first"});
  }
  return row;
}

bool Operating::is_free(const std::string& unit) {
  bool is_free = true;
  for (const DraftRow* row : draft_.units().of_unit(unit)) {
    if (!lasts_beyond(*row, act_.day)) continue;
    is_free = false;
    refuse_for(draft_.units(), *row, unit,
               {"tổ chức mang mã này còn hoạt động từ ngày ấy",
                "a unit of this key stands on that day or later"},
               {"dùng mã khác cho tổ chức mới", "give the new unit another key"});
  }
  return is_free;
}

// Whether a unit is one of `tops` or stands below one on the day.
bool Operating::is_below(const std::string& unit, const std::vector<std::string>& tops) {
  std::string at = unit;
  std::set<std::string> seen;
  while (!at.empty() && seen.insert(at).second) {
    if (std::find(tops.begin(), tops.end(), at) != tops.end()) return true;
    const DraftRow* row = in_force(draft_.units().of_unit(at), act_.day);
    at = row == nullptr ? std::string() : draft_.units().text(*row, "parent_id");
  }
  return false;
}

DraftRow& Operating::begin_unit(const std::string& unit, const DraftRow* like, const Cells& cells) {
  DraftTable& units = draft_.units();
  DraftRow& row = like == nullptr ? units.add(act_.place) : units.copy(*like, act_.place);
  units.set(row, "unit_id", unit, act_.place);
  if (like != nullptr) {
    for (const std::string_view own :
         {"name", "short_name", "admin_code", "admin_version", "extra"})
      units.set(row, own, "", act_.place);
  }
  units.set(row, "from", act_.day.to_string(), act_.place);
  units.set(row, "until", "", act_.place);
  units.set(row, "decision_id", act_.decision, act_.place);
  set_all(units, row, cells);
  return row;
}

// A row that begins on the day itself never comes to hold, unless the unit does.
bool Operating::end_unit(const std::string& unit) {
  DraftTable& units = draft_.units();
  const std::vector<DraftRow*> rows = units.of_unit(unit);
  const bool stood_before = in_force(rows, act_.day.plus_days(-1)) != nullptr;
  bool is_good = true;
  for (const DraftRow* row : rows) {
    const std::int32_t from = row->range.from_day();
    if (from < act_.day.days() || (from == act_.day.days() && stood_before)) continue;
    is_good = false;
    refuse_for(units, *row, unit,
               {"dòng của tổ chức bắt đầu đúng ngày ấy hoặc sau đó",
                "it begins on that day or later, when the unit is to be no more"},
               {"bỏ hoặc sửa dòng ấy trước", "withdraw or correct it first"});
  }
  if (!is_good) return false;
  for (DraftRow* row : rows)
    if (lasts_beyond(*row, act_.day)) units.end(*row, act_.day, act_.place);
  return true;
}

bool Operating::covers(const std::string& unit, time::DateRange days) {
  std::int32_t until = days.from_day();
  const DraftRow* last = nullptr;
  for (const DraftRow* row : draft_.units().of_unit(unit)) {
    if (row->range.from_day() > until || row->range.until_day() <= until) continue;
    until = row->range.until_day();
    last = row;
  }
  if (until >= days.until_day()) return true;
  if (last == nullptr) return unit_on_day(unit) != nullptr;
  refuse_for(
      draft_.units(), *last, unit,
      {"tổ chức này chỉ hoạt động đến trước ngày " + time::Date::from_days(until).to_string(),
       "the unit is in force only until " + time::Date::from_days(until).to_string()},
      {"chọn tổ chức khác, hoặc ghi ngày kết thúc", "choose another unit, or give an end"});
  return false;
}

void Operating::add_event(std::string_view event, const std::string& from, const std::string& to) {
  DraftTable& events = draft_.table("unit_events");
  DraftRow& row = events.add(act_.place);
  const auto& codes = *party::unit_events();
  const std::string& csv = codes.codes()[*codes.find(event)].csv;
  const std::string id = act_.event.empty()
                             ? csv + "-" + act_.day.to_string() + "-" + (from.empty() ? to : from)
                             : act_.event;
  set_all(events, row,
          {{"event_id", id},
           {"date", act_.day.to_string()},
           {"event", std::string(event)},
           {"from_unit", from},
           {"to_unit", to},
           {"decision_id", act_.decision}});
}

// Members, child units and other rows of a unit go to their heirs from the day on.
void Operating::pass_on(const std::string& unit, const Heir& heir) {
  DraftTable& memberships = draft_.memberships();
  for (DraftRow* row : memberships.of_unit(unit)) {
    const std::string& to = heir.for_member(memberships.text(*row, "member_id"));
    if (lasts_beyond(*row, act_.day) && !to.empty())
      move_row(*row, to, kReorganisation, kReorganisation);
  }
  end_guests_at_home(heir);
  DraftTable& units = draft_.units();
  for (DraftRow* row : units.under(unit)) {
    const std::string& to = heir.for_unit(units.text(*row, "unit_id"));
    if (!lasts_beyond(*row, act_.day) || to.empty()) continue;
    DraftRow& later = units.split(*row, act_.day, act_.place);
    units.set(later, "parent_id", to, act_.place);
    units.set(later, "decision_id", act_.decision, act_.place);
  }
  pass_on_others(unit, heir);
}

// A temporary membership in what has become the member's home is one no longer.
void Operating::end_guests_at_home(const Heir& heir) {
  DraftTable& memberships = draft_.memberships();
  std::set<std::string> heirs = {heir.rest};
  for (const auto& [member, to] : heir.of_member) heirs.insert(to);
  for (const std::string& to : heirs) {
    for (DraftRow* row : memberships.of_unit(to)) {
      if (memberships.text(*row, "kind") == "home" || !lasts_beyond(*row, act_.day)) continue;
      std::vector<DraftRow*> homes = memberships.of_member(memberships.text(*row, "member_id"));
      std::erase_if(homes, [&](const DraftRow* home) {
        return memberships.text(*home, "kind") != "home" ||
               memberships.text(*home, "unit_id") != to;
      });
      if (in_force(homes, act_.day) != nullptr) memberships.end(*row, act_.day, act_.place);
    }
  }
}

// Posts end with the unit they are in; rows of other tables pass on as the unit's members do.
void Operating::pass_on_others(const std::string& unit, const Heir& heir) {
  for (DraftTable* table : draft_.others()) {
    const TableRoles& roles = table->store().roles();
    if (!roles.unit) continue;
    for (DraftRow* row : table->of_unit(unit)) {
      if (!lasts_beyond(*row, act_.day)) continue;
      if (table->schema().name() == "posts") {
        if (!heir.rest.empty()) table->end(*row, act_.day, act_.place);
        continue;
      }
      const std::string& to = roles.member ? heir.for_member(row->cells[*roles.member]) : heir.rest;
      if (to.empty()) continue;
      table->set(table->split(*row, act_.day, act_.place), *roles.unit, to, act_.place);
    }
  }
}

void Operating::take_in(const std::vector<std::string>& units, const std::string& into,
                        std::string_view event) {
  for (const std::string& unit : units) {
    pass_on(unit, {.of_member = {}, .of_unit = {}, .rest = into});
    if (end_unit(unit)) add_event(event, unit, into);
  }
}

void Operating::run(const Establish& what) {
  const auto cells = read(draft_.units(), what.attributes);
  if (!needs_decision() || !cells || !is_free(what.unit)) return;
  DraftRow& row = begin_unit(what.unit, nullptr, *cells);
  draft_.units().set(row, "parent_id", what.parent, act_.place);
  add_event("establish", "", what.unit);
}

void Operating::run(const Rename& what) {
  Cells cells = {{"name", what.name}, {"decision_id", act_.decision}};
  if (what.short_name) cells.emplace_back("short_name", *what.short_name);
  if (!needs_decision() || unit_on_day(what.unit) == nullptr) return;
  amend(draft_.units(), draft_.units().of_unit(what.unit), act_.day, cells);
  add_event("rename", what.unit, what.unit);
}

void Operating::run(const Convert& what) {
  auto cells = read(draft_.units(), what.attributes);
  if (!needs_decision() || !cells || unit_on_day(what.unit) == nullptr) return;
  cells->emplace_back("decision_id", act_.decision);
  amend(draft_.units(), draft_.units().of_unit(what.unit), act_.day, *cells);
  add_event("convert", what.unit, what.unit);
}

void Operating::run(const Reparent& what) {
  if (!needs_decision()) return;
  DraftTable& units = draft_.units();
  std::vector<std::string> moved = what.units;
  if (!what.children_of.empty()) {
    if (unit_on_day(what.children_of) == nullptr) return;
    for (const DraftRow* row : units.under(what.children_of)) {
      if (row->range.contains(act_.day)) moved.push_back(units.text(*row, "unit_id"));
    }
  }
  std::set<std::string_view> seen;  // a unit may be named and be a child too
  for (const std::string& unit : moved) {
    if (!seen.insert(unit).second) continue;
    const DraftRow* row = unit_on_day(unit);
    if (row == nullptr) continue;
    if (is_below(what.parent, {unit})) {
      refuse_for(units, *row, unit,
                 {"tổ chức cấp trên mới " + quoted(what.parent) + " nằm trong chính nó",
                  "the new parent " + quoted(what.parent) + " stands below it"},
                 {"chọn cấp trên khác", "choose another parent"});
      continue;
    }
    amend(units, units.of_unit(unit), act_.day,
          {{"parent_id", what.parent}, {"decision_id", act_.decision}});
    add_event("reparent", unit, unit);
  }
}

void Operating::run(const Absorb& what) {
  bool is_good = needs_decision() && unit_on_day(what.into) != nullptr &&
                 covers(what.into, {act_.day, std::nullopt});
  for (const std::string& unit : what.units) {
    const DraftRow* row = unit_on_day(unit);
    if (row == nullptr) {
      is_good = false;
    } else if (is_below(what.into, {unit})) {
      is_good = false;
      refuse_for(draft_.units(), *row, unit,
                 {quoted(what.into) + " là chính nó hoặc nằm trong nó",
                  quoted(what.into) + " is this unit or stands below it"},
                 {"sáp nhập vào tổ chức khác, hoặc chuyển " + quoted(what.into) + " ra trước",
                  "absorb it into another unit, or reparent " + quoted(what.into) + " first"});
    }
  }
  if (is_good) take_in(what.units, what.into, "absorb");
}

void Operating::run(const Merge& what) {
  auto cells = read(draft_.units(), what.attributes);
  bool is_good = needs_decision() && cells && is_free(what.into);
  std::set<std::string> parents;
  std::set<std::string> kinds;
  for (const std::string& unit : what.units) {
    const DraftRow* row = unit_on_day(unit);
    is_good = is_good && row != nullptr;
    if (row == nullptr) continue;
    parents.insert(draft_.units().text(*row, "parent_id"));
    kinds.insert(draft_.units().text(*row, "kind"));
  }
  if (what.parent) parents = {*what.parent};
  if (parents.size() > 1) {
    is_good = false;
    refuse(
        what.into,
        {"các tổ chức hợp nhất có cấp trên khác nhau", "the units stand under different parents"},
        {"thêm “parent: …”", "add “parent: …”"});
  }
  if (is_good && is_below(*parents.begin(), what.units)) {
    is_good = false;
    refuse(*parents.begin(),
           {"cấp trên của tổ chức mới nằm trong một tổ chức sẽ kết thúc",
            "the new unit's parent is, or stands below, a unit that ends"},
           {"chọn cấp trên khác", "choose another parent"});
  }
  if (!is_good) return;
  if (kinds.size() == 1) cells->insert(cells->begin(), {"kind", *kinds.begin()});
  DraftRow& row = begin_unit(what.into, nullptr, *cells);
  draft_.units().set(row, "parent_id", *parents.begin(), act_.place);
  take_in(what.units, what.into, "merge");
}

// Who goes where; nothing after a problem. With `all`, nobody may be left.
std::optional<Operating::Heir> Operating::share_out(const std::string& unit,
                                                    const std::vector<Part>& parts, bool all) {
  Heir heir;
  bool is_good = true;
  DraftTable& memberships = draft_.memberships();
  DraftTable& units = draft_.units();
  std::map<std::string, const DraftRow*> members;
  std::map<std::string, const DraftRow*> children;
  for (const DraftRow* row : memberships.of_unit(unit))
    if (lasts_beyond(*row, act_.day)) members[memberships.text(*row, "member_id")] = row;
  for (const DraftRow* row : units.under(unit))
    if (lasts_beyond(*row, act_.day)) children[units.text(*row, "unit_id")] = row;
  const auto give = [&](const std::vector<std::string>& keys, const auto& held, auto& shares,
                        const std::string& to) {
    for (const std::string& key : keys) {
      if (held.contains(key) && shares.emplace(key, to).second) continue;
      is_good = false;
      refuse(key,
             held.contains(key) ? Message{"được chia hai lần", "it is named twice"}
                                : Message{"không thuộc tổ chức " + quoted(unit),
                                          "it does not belong to unit " + quoted(unit)},
             {"sửa danh sách của các phần", "correct the lists of the parts"});
    }
  };
  for (const Part& part : parts) {
    is_good = is_free(part.unit) && is_good;
    give(part.members, members, heir.of_member, part.unit);
    give(part.units, children, heir.of_unit, part.unit);
    if (!part.rest) continue;
    if (!heir.rest.empty() || !all) {
      is_good = false;
      refuse(part.unit,
             {"chỉ một phần của việc chia được nhận phần còn lại",
              "only one part, and of a unit that ends, can take the rest"},
             {"bỏ “rest”", "drop “rest”"});
    }
    heir.rest = part.unit;
  }
  if (!all || !heir.rest.empty()) return is_good ? std::optional(heir) : std::nullopt;
  const auto require = [&](const DraftTable& table, const auto& held, const auto& shares) {
    for (const auto& [key, row] : held) {
      if (shares.contains(key)) continue;
      is_good = false;
      refuse_for(table, *row, key,
                 {quoted(key) + " chưa được chia về đâu", quoted(key) + " is left to no part"},
                 {"ghi vào một phần, hoặc cho một phần “rest: true”",
                  "name it in a part, or give one part “rest: true”"});
    }
  };
  require(memberships, members, heir.of_member);
  require(units, children, heir.of_unit);
  // Posts end and rows about nobody in particular go to the first part.
  if (!parts.empty()) heir.rest = parts.front().unit;
  return is_good ? std::optional(heir) : std::nullopt;
}

void Operating::begin_parts(const DraftRow& like, const std::vector<Part>& parts) {
  const DraftRow old = like;
  for (const Part& part : parts) {
    DraftRow& row = begin_unit(part.unit, &old, *read(draft_.units(), part.attributes));
    if (part.parent) draft_.units().set(row, "parent_id", *part.parent, act_.place);
  }
}

void Operating::run(const Divide& what) {
  const DraftRow* row = unit_on_day(what.unit);
  bool is_good = needs_decision() && row != nullptr;
  for (const Part& part : what.parts)
    is_good = read(draft_.units(), part.attributes).has_value() && is_good;
  const auto heir = share_out(what.unit, what.parts, true);
  if (!is_good || !heir) return;
  begin_parts(*row, what.parts);
  pass_on(what.unit, *heir);
  if (!end_unit(what.unit)) return;
  for (const Part& part : what.parts) add_event("divide", what.unit, part.unit);
}

void Operating::run(const SplitOff& what) {
  const DraftRow* row = unit_on_day(what.unit);
  bool is_good = needs_decision() && row != nullptr;
  for (const Part& part : what.parts)
    is_good = read(draft_.units(), part.attributes).has_value() && is_good;
  const auto heir = share_out(what.unit, what.parts, false);
  if (!is_good || !heir) return;
  begin_parts(*row, what.parts);
  pass_on(what.unit, *heir);
  for (const Part& part : what.parts) add_event("split_off", what.unit, part.unit);
}

bool Operating::is_empty(const std::string& unit) {
  bool is_empty = true;
  DraftTable& memberships = draft_.memberships();
  for (const DraftRow* row : memberships.of_unit(unit)) {
    if (!lasts_beyond(*row, act_.day) || memberships.text(*row, "kind") != "home") continue;
    is_empty = false;
    const std::string& member = memberships.text(*row, "member_id");
    refuse_for(
        memberships, *row, member,
        {"đảng viên còn sinh hoạt ở " + quoted(unit), "the member still stands in " + quoted(unit)},
        {"chuyển đảng viên đi trước (move), hoặc sáp nhập (absorb)",
         "move the member first, or absorb the unit into another"});
  }
  DraftTable& units = draft_.units();
  for (const DraftRow* row : units.under(unit)) {
    if (!lasts_beyond(*row, act_.day)) continue;
    is_empty = false;
    const std::string& child = units.text(*row, "unit_id");
    refuse_for(units, *row, child,
               {"tổ chức này còn trực thuộc " + quoted(unit),
                "this unit still stands under " + quoted(unit)},
               {"chuyển tổ chức đi trước (reparent), hoặc kết thúc nó trước",
                "reparent it first, or close it first"});
  }
  return is_empty;
}

void Operating::run(const Close& what) {
  if (!needs_decision()) return;
  for (const std::string& unit : what.units) {
    if (unit_on_day(unit) == nullptr || !is_empty(unit)) continue;
    for (DraftRow* row : draft_.memberships().of_unit(unit))
      if (lasts_beyond(*row, act_.day)) draft_.memberships().end(*row, act_.day, act_.place);
    for (DraftTable* table : draft_.others()) {
      if (!table->store().roles().unit) continue;
      for (DraftRow* row : table->of_unit(unit))
        if (lasts_beyond(*row, act_.day)) table->end(*row, act_.day, act_.place);
    }
    if (end_unit(unit)) add_event(what.disband ? "disband" : "close", unit, "");
  }
}

}  // namespace dangbo::inline v1::registry
