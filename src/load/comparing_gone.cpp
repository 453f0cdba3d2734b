// What the extract no longer has.
#include <algorithm>

#include "load/comparing.hpp"

namespace dangbo::inline v1::load::detail {

using base::ProblemCode;
using base::RowId;

// With the reason unknown where the table has one: nobody said "left".
void Comparing::close(Compared& table, RowId row, const Dated& end, bool is_unknown) {
  const base::Place place = {
      .file = table.schema()->name(), .row = std::uint64_t{base::index_of(row)} + 1, .column = ""};
  Finding finding = {.what = is_unknown ? "vanished" : "moved",
                     .table = table.schema()->name(),
                     .key = shown_key(table, row),
                     .day = time::parse_date(end.day).value,
                     .observed = end.observed};
  if (is_unknown) {
    finding.note = {"không còn trong bản trích: đóng với lý do chưa rõ",
                    "no longer in the extract: closed, the reason unknown"};
  }
  edits_.find(std::move(finding));
  Edit& edit = correct(table, row, place);
  edit.cells[*table.until] = end.day;
  if (end.observed && table.until_after) edit.cells[*table.until_after] = end.mark();
  if (is_unknown) edit.set("out_reason", "unknown");
}

// A home that ends because another one begins.
bool Comparing::end_with_move(Compared& table, RowId row) {
  if (table.schema()->name() != "memberships" ||
      table.text(*table.schema()->find("kind"), row) != "home")
    return false;
  const auto next = new_homes_.find(table.text(*table.member, row));
  if (next == new_homes_.end() || next->second.day.empty()) return false;
  const time::Date begins = time::parse_date(next->second.day).value->first_day();
  if (begins.days() <= table.rows().range(row).from_day()) {
    // Two homes at a time: the commit would refuse it, and names both rows.
    refuse(ProblemCode::kTwoHomes, shown_key(table, row),
           {"nơi mới bắt đầu ngày " + begins.to_string() + ", không sau ngày đến nơi cũ",
            "the new home begins on " + begins.to_string() + ", not after the old one did"},
           {"kiểm tra ngày đến của hai nơi", "check the first days of both"});
    return true;
  }
  close(table, row, {begins.to_string(), next->second.observed}, false);
  return true;
}

// A person whose key is gone, from an extract that says nothing of memberships.
void Comparing::close_members(const std::vector<RowId>& gone) {
  Compared& table = *find("members");
  Counts& counts = keys_["members"];
  if (find("memberships") == nullptr)
    memberships_ = std::make_unique<Compared>(snapshot_, registry_.find_schema("memberships"));
  counts.all = snapshot_.member_count();
  for (const RowId row : gone) {
    const base::MemberSlot member = table.rows().member_of(row);
    if (!is_in_scope(table, row) || view_.home_of(member) == base::kNoUnitSlot) continue;
    ++counts.vanished;
    if (memberships_ == nullptr) continue;
    const registry::Rows& rows = memberships_->rows();
    for (RowId at = rows.newest_of(member); at != base::kNoRow; at = rows.previous_of_member(at)) {
      if (memberships_->is_known(at) && rows.holds_on(at, options_.day))
        close(*memberships_, at, observed(), true);
    }
  }
}

void Comparing::close_gone(Compared& table, const std::vector<RowId>& gone) {
  Counts& counts = keys_[table.schema()->name()];
  for (const RowId row : gone) {
    if (!is_in_scope(table, row)) continue;
    ++counts.all;
    if (ended_.contains(base::index_of(row)) || end_with_move(table, row)) continue;
    ++counts.vanished;
    const Dated end = observed();
    if (table.rows().range(row).from_day() >= options_.day.days()) {
      ask(table, shown_key(table, row),
          {"mới có trong bản trích trước của cùng ngày, nay không còn",
           "was in an earlier extract of the same day and is gone"});
      continue;
    }
    if (table.schema()->name() == "units") vanished_units_.push_back(table.text(*table.unit, row));
    close(table, row, end, true);
  }
}

// Units that vanished while members or units stood in them: what became of them is for people to
// say.
void Comparing::ask_for_events() {
  if (vanished_units_.empty()) return;
  std::map<std::string, std::map<std::string, std::uint64_t>> heirs;
  for (const std::string& unit : vanished_units_) {
    const auto slot = snapshot_.find_unit(unit);
    const auto at = view_.tree().position_of(*slot);
    const bool has_below =
        at != base::kNoPosition && base::index_of(view_.tree().end_of(at)) > base::index_of(at) + 1;
    if (view_.stock(*slot, false) > 0 || has_below) heirs[unit];
  }
  if (const Compared* events = find("unit_events"); events != nullptr) {
    const std::size_t from = *events->schema()->find("from_unit");
    for (const Given given : events->given()) heirs.erase(events->text(from, given));
  }
  if (heirs.empty()) return;
  for (std::uint32_t member = 0; member < snapshot_.member_count(); ++member) {
    const base::UnitSlot home = view_.home_of(base::MemberSlot{member});
    if (home == base::kNoUnitSlot) continue;
    const auto unit = heirs.find(std::string(snapshot_.key_of(home)));
    if (unit == heirs.end()) continue;
    const auto now = homes_.find(std::string(snapshot_.key_of(base::MemberSlot{member})));
    ++unit->second[now == homes_.end() ? "" : now->second];
  }
  for (const auto& [unit, counts] : heirs) ask_for_event(unit, counts);
}

void Comparing::ask_for_event(const std::string& unit,
                              const std::map<std::string, std::uint64_t>& heirs) {
  const SchemaPtr schema = registry_.find_schema("unit_events");
  const std::string day = options_.day.to_string();
  const std::string id = "CHUARO-" + day + "-" + unit;
  Edit& edit = edits_.add(schema, {.file = "unit_events", .row = 1, .column = ""});
  edit.set("event_id", id);
  edit.set("date", day);
  edit.set("event", "unknown");
  edit.set("from_unit", unit);
  std::uint64_t all = 0;
  std::string shares;
  std::vector<std::pair<std::uint64_t, std::string>> units;
  for (const auto& [heir, count] : heirs) {
    all += count;
    if (!heir.empty()) units.emplace_back(count, heir);
  }
  std::sort(units.begin(), units.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  std::vector<std::string> proposals;
  for (const auto& [count, heir] : units) {
    shares += (shares.empty() ? "" : ", ") + heir + " " + std::to_string(count) + "/" +
              std::to_string(all);
    // Where most of them are: one heir of all it had, or one of several.
    const char* event = units.size() == 1 || 2 * count > all ? "absorb" : "divide";
    if (proposals.empty() || event == std::string_view("divide"))
      proposals.push_back("correct: {table: unit_events, key: {event_id: " + scalar(id) +
                          ", from_unit: " + scalar(unit) + "}, set: {event: " + event +
                          ", to_unit: " + scalar(heir) + "}}");
  }
  if (units.empty())
    proposals.push_back("correct: {table: unit_events, key: {event_id: " + scalar(id) +
                        ", from_unit: " + scalar(unit) + "}, set: {event: close}}");
  edits_.find(
      {.what = "ask",
       .table = "units",
       .key = unit,
       .day = options_.day,
       .observed = observed().observed,
       .note = {"tổ chức còn đảng viên hoặc đơn vị dưới mà không còn trong bản trích: việc gì "
                "đã xảy ra? Nay sinh hoạt ở: " +
                    (shares.empty() ? std::string("không đâu") : shares),
                "the unit had members or units below and is gone: what happened? Its "
                "members are now in: " +
                    (shares.empty() ? std::string("none") : shares)},
       .proposals = std::move(proposals),
       .is_question = true});
}

// Half an extract is not a night on which half of all people left.
void Comparing::check_vanished() {
  const auto check = [&](const std::map<std::string, Counts>& all, const char* vi, const char* en) {
    for (const auto& [name, counts] : all) {
      // Some leave a small roster too: up to three, never more than a quarter of it.
      constexpr std::uint64_t kFew = 3;
      const std::uint64_t share = (counts.all * options_.max_vanished + 999) / 1000;
      const std::uint64_t few = options_.max_vanished == 0 ? 0 : std::min(kFew, counts.all / 4);
      const std::uint64_t allowed = std::max(share, few);
      if (counts.vanished <= allowed) continue;
      const std::string numbers =
          std::to_string(counts.vanished) + "/" + std::to_string(counts.all);
      refuse(ProblemCode::kOutOfRange, name,
             {numbers + vi + ", cho phép " + std::to_string(allowed),
              numbers + en + ", allowed are " + std::to_string(allowed)},
             {"kiểm tra bản trích có đủ không; nếu đúng vậy thì nâng giới hạn",
              "check that the extract is whole; raise the limit if it is"});
    }
  };
  check(keys_, " khoá không còn trong bản trích", " keys are gone from the extract");
  check(values_, " giá trị không còn trong bản trích", " values are gone from the extract");
}

}  // namespace dangbo::inline v1::load::detail
