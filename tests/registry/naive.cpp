#include "registry/naive.hpp"

#include <algorithm>
#include <cstdio>

#include "registry/naive_trial.hpp"

namespace dangbo::testing {

namespace {

bool is_leap(int year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int length_of(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[month - 1];
}

int days_before(int year, int month) {
  int days = 0;
  for (int y = 1970; y < year; ++y) days += is_leap(y) ? 366 : 365;
  for (int m = 1; m < month; ++m) days += length_of(year, m);
  return days;
}

int number(std::string_view text) {
  int value = 0;
  for (const char c : text) value = value * 10 + (c - '0');
  return value;
}

bool is_number(const std::string& text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "2020-03" or "2020-03-05" that exists.
bool is_date(const std::string& text) {
  if (text.size() != 7 && text.size() != 10) return false;
  const int month = number(std::string_view(text).substr(5, 2));
  if (month < 1 || month > 12) return false;
  if (text.size() == 7) return true;
  const int day = number(std::string_view(text).substr(8, 2));
  return day >= 1 && day <= length_of(number(std::string_view(text).substr(0, 4)), month);
}

// Texts that reading changes: what is given, what is kept.
const std::map<std::string, std::string>& cleaned() {
  static const std::map<std::string, std::string> all = {
      {"  Trần  Văn Ả ", "Trần  Văn Ả"},
      {"Le\u0302 Thi\u0323 E\u0302\u0301", "Lê Thị Ế"},
      {"\u00a0\u3000x\u00a0", "x"},
      {"-", ""},
      {" - ", ""},
      {"   ", ""}};
  return all;
}

const std::map<std::string, std::string>& words() {
  static const std::map<std::string, std::string> all = {
      {"nữ", "female"},
      {"F", "female"},
      {"nam", "male"},
      {"CHINHTHUC", "home"},
      {"home", "home"},
      {"TAMTHOI", "temporary"},
      {"temporary", "temporary"},
      {"CB", "cell"},
      {"cell", "cell"},
      {"unit", "unit"},
      {"member", "member"},
      {"r2018", "r2018"},
      {"regular", "regular"},
      {"DK", "regular"},
      {"move", "move"},
      {"secretary", "secretary"},
      {"BT", "secretary"},
      {"executive_committee", "executive_committee"},
      {"female", "female"},
      {"male", "male"}};
  return all;
}

}  // namespace

std::string iso(int day) {
  int year = 1970;
  while (days_before(year + 1, 1) <= day) ++year;
  int month = 1;
  while (month < 12 && days_before(year, month + 1) <= day) ++month;
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month,
                day - days_before(year, month) + 1);
  return text;
}

int day_of(std::string_view text) {
  const int first = days_before(number(text.substr(0, 4)), number(text.substr(5, 2)));
  return text.size() == 7 ? first : first + number(text.substr(8, 2)) - 1;
}

int TableSpec::find(Is is) const {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].is == is) return static_cast<int>(i);
  }
  return -1;
}

int TableSpec::find(std::string_view field) const {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == field) return static_cast<int>(i);
  }
  return -1;
}

const std::vector<TableSpec>& specs() {
  static const std::vector<TableSpec> all = {
      {"units",
       's',
       {{"unit_id", Is::kUnit, true},
        {"from", Is::kFrom},
        {"until", Is::kUntil},
        {"parent_id", Is::kParent},
        {"name"},
        {"kind", Is::kCode, true},
        {"form_type"},
        {"decision_id", Is::kDecision}},
       {"unit_id"}},
      {"members",
       's',
       {{"member_id", Is::kMember, true},
        {"full_name"},
        {"sex", Is::kCode},
        {"birth_date", Is::kDate},
        {"ethnicity"},
        {"from", Is::kFrom},
        {"until", Is::kUntil}},
       {"member_id"}},
      {"memberships",
       's',
       {{"member_id", Is::kMember, true},
        {"unit_id", Is::kUnit, true},
        {"kind", Is::kCode, true},
        {"from", Is::kFrom},
        {"until", Is::kUntil},
        {"decision_id", Is::kDecision}},
       {"member_id", "unit_id", "kind"}},
      {"posts",
       's',
       {{"member_id", Is::kMember, true},
        {"unit_id", Is::kUnit, true},
        {"body", Is::kCode},
        {"post", Is::kCode, true},
        {"from", Is::kFrom},
        {"until", Is::kUntil},
        {"decision_id", Is::kDecision},
        {"external_title"}},
       {"member_id", "unit_id", "body", "post", "external_title"}},
      {"decisions",
       'e',
       {{"decision_id", Is::kPlain, true},
        {"kind", Is::kCode, true},
        {"issuer_unit", Is::kUnit},
        {"date", Is::kDay, true},
        {"votes_for", Is::kInt}},
       {"decision_id"}},
      {"evaluations",
       'p',
       {{"subject_type", Is::kSubjectType, true},
        {"subject_id", Is::kSubject, true},
        {"period", Is::kPeriod, true},
        {"regime", Is::kCode, true},
        {"score", Is::kInt}},
       {"subject_type", "subject_id", "period", "regime"}},
      {"meetings",
       'p',
       {{"unit_id", Is::kUnit, true},
        {"month", Is::kPeriod, true},
        {"kind", Is::kCode, true},
        {"present_n", Is::kInt}},
       {}},
      {"headcounts",
       'e',
       {{"unit_id", Is::kUnit, true},
        {"day", Is::kDay, true},
        {"category", Is::kPlain, true},
        {"n", Is::kInt, true}},
       {"unit_id", "day", "category"}}};
  return all;
}

Kept keep(const FieldSpec& field, const std::string& given) {
  const auto clean = cleaned().find(given);
  std::string text = clean == cleaned().end() ? given : clean->second;
  while (text.starts_with(' ')) text.erase(0, 1);
  while (text.ends_with(' ')) text.pop_back();
  if (text.empty()) return {};
  switch (field.is) {
    case Is::kInt:
      return is_number(text) ? Kept{text, 0} : Kept{"", 203};
    case Is::kCode:
    case Is::kSubjectType: {
      const auto word = words().find(text);
      return word == words().end() ? Kept{"", 202} : Kept{word->second, 0};
    }
    case Is::kFrom:
    case Is::kDay:
    case Is::kDate:
      return is_date(text) ? Kept{text, 0} : Kept{"", 201};
    case Is::kUntil:
      if (!is_date(text)) return {"", 201};
      if (text.size() == 10) return {text, 0};
      return {iso(day_of(text) + length_of(number(text.substr(0, 4)), number(text.substr(5, 2)))),
              0};
    default:
      return {text, 0};
  }
}

// --- commits

Faults Naive::commit(const Draft& draft, std::int64_t time, const std::string& version) {
  Trial trial{head() + 1, {}, {}, {}, {}};
  for (const auto& table : rows) trial.before.push_back(table.size());
  if (!commits.empty() && time < commits.back().time) trial.faults.insert(205);
  add_rows(draft, trial);
  retire_rows(draft, trial);
  for (const auto& [table, row] : trial.retired)
    rows[table][static_cast<std::size_t>(row)].superseded = trial.number;
  check_references(trial);
  check_forest(trial);
  check_claims(trial);
  check_decisions(trial);
  check_conservation(trial);
  if (!trial.faults.empty()) {
    undo(trial);
    return trial.faults;
  }
  Done done{time, version, commits.empty() ? std::nullopt : commits.back().day, 0, 0, 0, 0, 0};
  for (const Entry& entry : draft)
    ++(entry.what == '+' ? done.added : entry.what == '~' ? done.corrected : done.withdrawn);
  for (const auto& [table, keys] : {std::pair(kUnits, &units), std::pair(kMembers, &members)}) {
    for (std::size_t i = trial.before[table]; i < rows[table].size(); ++i) {
      const std::string& key = rows[table][i].values[0];
      if (std::find(keys->begin(), keys->end(), key) == keys->end()) keys->push_back(key);
    }
  }
  done.units = static_cast<int>(units.size());
  done.members = static_cast<int>(members.size());
  commits.push_back(done);
  return {};
}

Faults Naive::advance(int day, std::int64_t time, const std::string& version) {
  const std::optional<int> now = commits.empty() ? std::nullopt : commits.back().day;
  if (!commits.empty() && time < commits.back().time) return {205};
  if (now && day < *now) return {205};
  commits.push_back({time, version, day, static_cast<int>(units.size()),
                     static_cast<int>(members.size()), 0, 0, 0});
  return {};
}

void Naive::undo(const Trial& trial) {
  for (std::size_t table = 0; table < kTables; ++table) rows[table].resize(trial.before[table]);
  for (const auto& [table, row] : trial.retired)
    rows[table][static_cast<std::size_t>(row)].superseded = 0;
}

void Naive::check_cells(const Entry& entry, Row& row, Trial& trial) {
  const TableSpec& spec = specs()[entry.table];
  for (const Cell& cell : entry.values) {
    const Kept kept = keep(spec.fields[cell.field], cell.text);
    if (kept.fault != 0) trial.faults.insert(kept.fault);
    if (spec.fields[cell.field].is == Is::kDecision && !kept.value.empty() &&
        kept.value != row.values[cell.field]) {
      trial.decision_set.insert({entry.table, static_cast<int>(rows[entry.table].size())});
    }
    row.values[cell.field] = kept.value;
  }
  for (std::size_t i = 0; i < spec.fields.size(); ++i) {
    if (spec.fields[i].required && row.values[i].empty()) trial.faults.insert(200);
  }
  row.from = kBeforeAll;
  row.until = kAfterAll;
  if (spec.kind != 's') return;
  const std::string& from = row.values[static_cast<std::size_t>(spec.find(Is::kFrom))];
  const std::string& until = row.values[static_cast<std::size_t>(spec.find(Is::kUntil))];
  if (!from.empty()) row.from = day_of(from);
  if (!until.empty()) row.until = day_of(until);
  if (row.from >= row.until) trial.faults.insert(204);
}

void Naive::add_rows(const Draft& draft, Trial& trial) {
  for (const Entry& entry : draft) {
    if (entry.what != '+') continue;
    Row row;
    row.values.resize(specs()[entry.table].fields.size());
    row.recorded = trial.number;
    check_cells(entry, row, trial);
    rows[entry.table].push_back(row);
  }
}

void Naive::retire_rows(const Draft& draft, Trial& trial) {
  for (const Entry& entry : draft) {
    if (entry.what == '+') continue;
    const auto found = find_target(entry, trial);
    if (!found) continue;
    if (!trial.retired.insert({entry.table, *found}).second) trial.faults.insert(300);
    if (entry.what == '-') continue;
    const TableSpec& spec = specs()[entry.table];
    const int type = spec.find(Is::kSubjectType);
    const auto sets = [&](int field) {
      return std::any_of(entry.values.begin(), entry.values.end(),
                         [&](const Cell& cell) { return static_cast<int>(cell.field) == field; });
    };
    if (type >= 0 && sets(type) && !sets(spec.find(Is::kSubject))) trial.faults.insert(200);
    Row row = rows[entry.table][static_cast<std::size_t>(*found)];
    row.recorded = trial.number;
    row.superseded = 0;
    row.replaces = *found;
    check_cells(entry, row, trial);
    rows[entry.table].push_back(row);
  }
}

std::optional<int> Naive::find_target(const Entry& entry, Trial& trial) const {
  const std::vector<Row>& stored = rows[entry.table];
  const std::size_t count = trial.before[entry.table];
  if (entry.row) {
    if (*entry.row < 0 || *entry.row >= static_cast<std::int64_t>(count)) {
      trial.faults.insert(309);
      return std::nullopt;
    }
    const int row = static_cast<int>(*entry.row);
    if (stored[static_cast<std::size_t>(row)].superseded != 0) {
      trial.faults.insert(501);
      return std::nullopt;
    }
    return row;
  }
  const TableSpec& spec = specs()[entry.table];
  std::map<std::size_t, std::string> wanted;
  for (const Cell& cell : entry.target) {
    const Kept kept = keep(spec.fields[cell.field], cell.text);
    if (kept.fault != 0) trial.faults.insert(kept.fault);
    wanted[cell.field] = kept.value;
  }
  const auto given = [&](int field) {
    return field >= 0 && wanted.contains(static_cast<std::size_t>(field)) &&
           !wanted[static_cast<std::size_t>(field)].empty();
  };
  const bool whole =
      !spec.key.empty() &&
      std::all_of(spec.key.begin(), spec.key.end(), [&](const std::string& part) {
        const auto field = static_cast<std::size_t>(spec.find(part));
        return wanted.contains(field) && (!spec.fields[field].required || !wanted[field].empty());
      });
  const bool by_unit = given(spec.find(Is::kUnit)) && spec.find(Is::kMember) < 0;
  const bool by_subject = given(spec.find(Is::kSubject)) && given(spec.find(Is::kSubjectType));
  if (!given(spec.find(Is::kMember)) && !by_subject && !whole &&
      (!by_unit || entry.table == kDecisions)) {
    trial.faults.insert({200, 301, 302});  // the latter when a key given is nobody's
    return std::nullopt;
  }
  std::vector<int> found;
  for (std::size_t row = 0; row < count; ++row) {
    if (stored[row].superseded != 0) continue;
    if (std::all_of(wanted.begin(), wanted.end(), [&](const auto& part) {
          return stored[row].values[part.first] == part.second;
        }))
      found.push_back(static_cast<int>(row));
  }
  if (found.size() == 1) return found.front();
  trial.faults.insert(found.empty() ? 309 : 310);
  // A key that nobody bears is said to be one.
  if (found.empty()) trial.faults.insert({301, 302});
  return std::nullopt;
}

}  // namespace dangbo::testing
