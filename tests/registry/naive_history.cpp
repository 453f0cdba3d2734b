#include "registry/naive_history.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace dangbo::testing {

namespace {

using std::string_literals::operator""s;

// What people and files put into cells. Some is kept as something else (keep()).
const std::array<std::string, 12> kTexts = {"Nguyễn Thị Ánh"s,
                                            "  Trần  Văn Ả "s,
                                            "Le\u0302 Thi\u0323 E\u0302\u0301"s,
                                            "\u00a0\u3000x\u00a0"s,
                                            "a\"b,c;d|e\nf\tg"s,
                                            "'; DROP TABLE units; --"s,
                                            "\U0001F600\u200D\u202Eabc"s,
                                            "-"s,
                                            "   "s,
                                            "00123"s,
                                            std::string("nul\0inside", 10),
                                            std::string(3000, 'd')};
const std::array<const char*, 5> kMarks = {"", "Đ«ơ»", "\U0001F600", " u ", "A.b|"};

std::string until_text(int day) {
  return day == kAfterAll ? "" : iso(day);
}

std::string from_text(int day) {
  return day == kBeforeAll ? "" : iso(day);
}

}  // namespace

Draft History::found() {
  const Naive nothing;
  draft_.clear();
  touched_.clear();
  add(kDecisions, {{"decision_id", "QD0"}, {"kind", "move"}, {"date", "2020-01-01"}});
  add(kUnits, {{"unit_id", "ROOT"}, {"kind", "cell"}});
  for (const char* key : {"A", "B", "C"})
    add(kUnits, {{"unit_id", key}, {"kind", "CB"}, {"parent_id", "ROOT"}, {"from", "2020-01-05"}});
  for (const char* key : {"m1", "m2", "m3"}) {
    add(kMembers, {{"member_id", key}});
    add(kMemberships,
        {{"member_id", key}, {"unit_id", "A"}, {"kind", "home"}, {"from", "2020-01-20"}});
  }
  return draft_;
}

Draft History::draft(const Naive& model, int rows) {
  draft_.clear();
  touched_.clear();
  while (static_cast<int>(draft_.size()) < rows) {
    const int what = pick(1, 1000);
    if (what <= 40) {
      found_unit(model);
    } else if (what <= 170) {
      admit(model);
    } else if (what <= 350) {
      move(model);
    } else if (what <= 400) {
      end_membership(model);
    } else if (what <= 460) {
      stay(model);
    } else if (what <= 500) {
      reparent(model);
    } else if (what <= 515) {
      close_unit(model);
    } else if (what <= 580) {
      shift_a_day(model);
    } else if (what <= 780) {
      mend(model);
    } else if (what <= 830) {
      take_back(model);
    } else if (what <= 980) {
      note(model);
    } else if (what <= 992) {
      slip(model);
    } else {
      slip_in_target(model);
    }
  }
  return draft_;
}

int History::day(const Naive& model) {
  const std::vector<Row>& rows = model.rows[chance(2) ? kUnits : kMemberships];
  const Row& row = rows[static_cast<std::size_t>(pick(0, static_cast<int>(rows.size()) - 1))];
  const int at = chance(2) ? row.from : row.until;
  if (chance(8) || at == kBeforeAll || at == kAfterAll) return kFirst + pick(-3, 100);
  return at + pick(-1, 1);
}

void History::add(std::size_t table, const Values& values) {
  Entry entry{'+', table, {}, {}, {}};
  for (const auto& [field, text] : values)
    entry.values.push_back({static_cast<std::size_t>(specs()[table].find(field)), text});
  draft_.push_back(std::move(entry));
}

void History::name_target(const Naive& model, Entry& entry, int row) {
  if (chance(2)) {
    entry.row = row;
    return;
  }
  // The key, and often what tells one row of it from the next.
  const TableSpec& spec = specs()[entry.table];
  const Row& stored = model.rows[entry.table][static_cast<std::size_t>(row)];
  std::set<std::size_t> fields;
  for (const std::string& part : spec.key) fields.insert(static_cast<std::size_t>(spec.find(part)));
  if (spec.key.empty()) {
    for (std::size_t field = 0; field < spec.fields.size(); ++field) fields.insert(field);
  }
  const int from = spec.find(Is::kFrom);
  if (from >= 0 && !chance(12)) fields.insert(static_cast<std::size_t>(from));
  for (std::size_t field = 0; field < spec.fields.size(); ++field) {
    if (chance(4)) fields.insert(field);
  }
  for (const std::size_t field : fields) entry.target.push_back({field, stored.values[field]});
}

void History::correct(const Naive& model, std::size_t table, int row, const Values& values) {
  Entry entry{'~', table, {}, {}, {}};
  name_target(model, entry, row);
  for (const auto& [field, text] : values)
    entry.values.push_back({static_cast<std::size_t>(specs()[table].find(field)), text});
  touched_.insert({table, row});
  draft_.push_back(std::move(entry));
}

void History::withdraw(const Naive& model, std::size_t table, int row) {
  Entry entry{'-', table, {}, {}, {}};
  name_target(model, entry, row);
  touched_.insert({table, row});
  draft_.push_back(std::move(entry));
}

std::optional<int> History::standing(const Naive& model, std::size_t table) {
  const std::vector<Row>& rows = model.rows[table];
  if (rows.empty()) return std::nullopt;
  for (int tries = 0; tries < 30; ++tries) {
    const int row = pick(0, static_cast<int>(rows.size()) - 1);
    if (rows[static_cast<std::size_t>(row)].superseded == 0 && !touched_.contains({table, row}))
      return row;
  }
  return std::nullopt;
}

std::optional<int> History::day_inside(const Row& row) {
  const int low = row.from == kBeforeAll ? kFirst : row.from + 1;
  const int high = row.until == kAfterAll ? std::max(low, kFirst + 90) : row.until - 1;
  if (low > high) return std::nullopt;
  return chance(4) ? (chance(2) ? low : high) : pick(low, high);
}

std::string History::unit(const Naive& model) {
  return model.units[static_cast<std::size_t>(pick(0, static_cast<int>(model.units.size()) - 1))];
}

std::string History::member(const Naive& model) {
  return model
      .members[static_cast<std::size_t>(pick(0, static_cast<int>(model.members.size()) - 1))];
}

std::string History::decision(const Naive& model) {
  const auto row = standing(model, kDecisions);
  if (!row || chance(2)) return "";
  return model.rows[kDecisions][static_cast<std::size_t>(*row)].values[0];
}

std::string History::text() {
  return kTexts[static_cast<std::size_t>(pick(0, static_cast<int>(kTexts.size()) - 1))];
}

void History::found_unit(const Naive& model) {
  const auto above = standing(model, kUnits);
  if (!above || model.units.size() > 40) return;
  const Row& parent = model.rows[kUnits][static_cast<std::size_t>(*above)];
  const std::string key = kMarks[static_cast<std::size_t>(pick(0, 4))] + name_ + "u"s +
                          std::to_string(number_++) + (chance(2) ? "" : "ữ");
  const bool root = chance(12);
  const int from = chance(2) ? parent.from : day_inside(parent).value_or(parent.from);
  add(kUnits, {{"unit_id", key},
               {"from", from_text(from)},
               {"until", until_text(parent.until)},
               {"parent_id", root ? "" : parent.values[0]},
               {"name", text()},
               {"kind", "CB"},
               {"form_type", chance(3) ? text() : ""},
               {"decision_id", decision(model)}});
}

void History::admit(const Naive& model) {
  const std::string key =
      kMarks[static_cast<std::size_t>(pick(0, 4))] + name_ + "m"s + std::to_string(number_++);
  const bool divided = chance(6);
  const int change = any_day();
  add(kMembers, {{"member_id", key},
                 {"full_name", text()},
                 {"sex", chance(3)   ? ""
                         : chance(2) ? "nữ"
                                     : "nam"},
                 {"birth_date", chance(3) ? "1990-05" : ""},
                 {"ethnicity", chance(3) ? text() : "Kinh"},
                 {"until", divided ? iso(change) : ""}});
  if (divided) add(kMembers, {{"member_id", key}, {"full_name", text()}, {"from", iso(change)}});
  add(kMemberships, {{"member_id", key},
                     {"unit_id", unit(model)},
                     {"kind", chance(2) ? "CHINHTHUC" : "home"},
                     {"from", chance(10) ? "2020-02" : iso(any_day())},
                     {"decision_id", decision(model)}});
}

void History::move(const Naive& model) {
  const auto row = standing(model, kMemberships);
  if (!row) return;
  const Row& home = model.rows[kMemberships][static_cast<std::size_t>(*row)];
  const auto on = day_inside(home);
  if (!on || home.values[2] != "home") return;
  correct(model, kMemberships, *row, {{"until", iso(*on)}});
  // Papers are presented on the day, or days later; now and then a day too early.
  const int from = chance(3) ? *on + pick(chance(30) ? -1 : 0, 3) : *on;
  if (from >= home.until) return;
  add(kMemberships, {{"member_id", home.values[0]},
                     {"unit_id", unit(model)},
                     {"kind", "home"},
                     {"from", iso(from)},
                     {"until", until_text(home.until)},
                     {"decision_id", decision(model)}});
}

void History::end_membership(const Naive& model) {
  const auto row = standing(model, kMemberships);
  if (!row) return;
  const Row& home = model.rows[kMemberships][static_cast<std::size_t>(*row)];
  const auto on = day_inside(home);
  if (on) correct(model, kMemberships, *row, {{"until", chance(20) ? "2020-04" : iso(*on)}});
}

void History::stay(const Naive& model) {
  const int from = any_day();
  add(kMemberships, {{"member_id", member(model)},
                     {"unit_id", unit(model)},
                     {"kind", "TAMTHOI"},
                     {"from", iso(from)},
                     {"until", iso(from + pick(1, 20))}});
}

void History::reparent(const Naive& model) {
  const auto row = standing(model, kUnits);
  if (!row) return;
  const Row& was = model.rows[kUnits][static_cast<std::size_t>(*row)];
  const auto on = day_inside(was);
  if (!on || was.values[3].empty()) return;
  correct(model, kUnits, *row, {{"until", iso(*on)}});
  add(kUnits, {{"unit_id", was.values[0]},
               {"from", iso(*on)},
               {"until", until_text(was.until)},
               {"parent_id", chance(3) ? "ROOT" : unit(model)},
               {"name", was.values[4]},
               {"kind", "cell"}});
}

void History::close_unit(const Naive& model) {
  const auto row = standing(model, kUnits);
  if (!row) return;
  const Row& was = model.rows[kUnits][static_cast<std::size_t>(*row)];
  const auto on = day_inside(was);
  if (on && was.values[0] != "ROOT") correct(model, kUnits, *row, {{"until", iso(*on)}});
}

void History::shift_a_day(const Naive& model) {
  const std::size_t table = chance(5) ? kUnits : kMemberships;
  const auto row = standing(model, table);
  if (!row) return;
  const Row& was = model.rows[table][static_cast<std::size_t>(*row)];
  const bool end = was.from == kBeforeAll || (was.until != kAfterAll && chance(2));
  const int day = end ? was.until : was.from;
  if (day == kAfterAll) return;
  correct(model, table, *row,
          {{end ? "until" : "from", iso(day + (chance(2)   ? 1
                                               : chance(4) ? -20
                                                           : -1))}});
}

void History::mend(const Naive& model) {
  const std::array<std::pair<std::size_t, const char*>, 9> plain = {{{kMembers, "full_name"},
                                                                     {kMembers, "ethnicity"},
                                                                     {kUnits, "name"},
                                                                     {kUnits, "form_type"},
                                                                     {kPosts, "external_title"},
                                                                     {kDecisions, "votes_for"},
                                                                     {kEvaluations, "score"},
                                                                     {kMeetings, "present_n"},
                                                                     {kHeadcounts, "n"}}};
  const auto& [table, field] = plain[static_cast<std::size_t>(pick(0, 8))];
  const auto row = standing(model, table);
  if (!row) return;
  const bool is_number =
      specs()[table]
          .fields[static_cast<std::size_t>(specs()[table].find(std::string_view(field)))]
          .is == Is::kInt;
  if (table == kMembers && chance(4)) {
    correct(model, table, *row, {{"sex", chance(2) ? "F" : ""}, {"birth_date", "1988-11-30"}});
  } else if (table == kUnits && chance(4)) {
    correct(model, table, *row, {{"decision_id", decision(model)}});
  } else {
    correct(model, table, *row, {{field, is_number ? std::to_string(pick(0, 99)) : text()}});
  }
}

void History::take_back(const Naive& model) {
  const std::size_t table = chance(20)   ? kUnits
                            : chance(20) ? kDecisions
                            : chance(10) ? kMembers
                            : chance(2)  ? kMemberships
                                         : static_cast<std::size_t>(pick(kPosts, kHeadcounts));
  if (table == kDecisions && !chance(10)) return;
  if (const auto row = standing(model, table)) withdraw(model, table, *row);
}

void History::note(const Naive& model) {
  const int from = any_day();
  switch (pick(1, 6)) {
    case 1:
      add(kPosts, {{"member_id", member(model)},
                   {"unit_id", unit(model)},
                   {"body", chance(2) ? "executive_committee" : ""},
                   {"post", "BT"},
                   {"from", iso(from)},
                   {"until", chance(2) ? iso(from + pick(1, 30)) : ""},
                   {"external_title", chance(3) ? text() : ""}});
      break;
    case 2: {
      const bool of_unit = chance(3);
      add(kEvaluations, {{"subject_type", of_unit ? "unit" : "member"},
                         {"subject_id", of_unit ? unit(model) : member(model)},
                         {"period", chance(2)   ? "2020"
                                    : chance(2) ? "2020Q1"
                                                : "2020-03"},
                         {"regime", "r2018"},
                         {"score", chance(2) ? std::to_string(pick(0, 100)) : ""}});
      break;
    }
    case 3:
      add(kMeetings, {{"unit_id", unit(model)},
                      {"month", chance(9) ? "tháng ba" : "2020-03"},
                      {"kind", "DK"},
                      {"present_n", std::to_string(pick(0, 30))}});
      break;
    case 4:
    case 5:
      add(kHeadcounts, {{"unit_id", unit(model)},
                        {"day", iso(from)},
                        {"category", chance(4) ? "quota" : "nhóm " + std::to_string(pick(0, 40))},
                        {"n", std::to_string(pick(0, 99))}});
      break;
    default:
      add(kDecisions, {{"decision_id", "QD-" + name_ + std::to_string(number_++)},
                       {"kind", "move"},
                       {"issuer_unit", chance(2) ? unit(model) : ""},
                       {"date", iso(from)}});
  }
}

void History::slip(const Naive& model) {
  const std::string someone = member(model);
  const std::string cell = unit(model);
  switch (pick(1, 11)) {
    case 1:
      return add(kMemberships, {{"member_id", someone}, {"unit_id", "không có"}, {"kind", "home"}});
    case 2:
      return add(kMemberships, {{"member_id", "M1"}, {"unit_id", cell}, {"kind", "temporary"}});
    case 3:
      return add(kMemberships, {{"member_id", someone}, {"unit_id", cell}, {"kind", "home"}});
    case 4:
      return add(kUnits, {{"unit_id", "loop"}, {"kind", "cell"}, {"parent_id", "loop"}});
    case 5:
      return add(kUnits, {{"unit_id", cell}, {"kind", "cell"}});
    case 6:
      return add(kMembers, {{"member_id", someone}, {"until", "2020-02-01"}});
    case 7:
      return add(kMeetings, {{"unit_id", cell}, {"month", "2020-03"}, {"kind", "không rõ"}});
    case 8:
      return add(kHeadcounts,
                 {{"unit_id", cell}, {"day", "2020-02-30"}, {"category", "quota"}, {"n", "1"}});
    case 9:
      return add(kHeadcounts,
                 {{"unit_id", cell}, {"day", "2020-02-29"}, {"category", "quota"}, {"n", "x"}});
    case 10:
      return add(kPosts, {{"member_id", someone},
                          {"unit_id", cell},
                          {"post", "BT"},
                          {"decision_id", "QD không có"}});
    default:
      return add(
          kUnits,
          {{"unit_id", "x"}, {"kind", "cell"}, {"from", "2020-02-02"}, {"until", "2020-02-02"}});
  }
}

void History::slip_in_target(const Naive& model) {
  const std::size_t table = chance(2) ? kMemberships : static_cast<std::size_t>(pick(0, 7));
  const std::vector<Row>& rows = model.rows[table];
  if (rows.empty()) return;
  const int any = pick(0, static_cast<int>(rows.size()) - 1);
  Entry entry{chance(2) ? '~' : '-', table, {}, {}, {}};
  switch (pick(1, 5)) {
    case 1:  // superseded or not
      entry.row = any;
      break;
    case 2:
      entry.row = chance(2) ? static_cast<std::int64_t>(rows.size()) : -1;
      break;
    case 3:  // whatever this field says, alone
      entry.target.push_back({static_cast<std::size_t>(pick(0, 2)), rows.back().values[0]});
      break;
    case 4:  // may be one row, several or none
      entry.target.push_back({0, rows[static_cast<std::size_t>(any)].values[0]});
      break;
    default:
      entry.target = {{0, rows[static_cast<std::size_t>(any)].values[0]},
                      {1, rows[static_cast<std::size_t>(any)].values[1]}};
  }
  if (entry.what == '~' && table == kMemberships) entry.values.push_back({5, "QD0"});
  draft_.push_back(std::move(entry));
}

}  // namespace dangbo::testing
