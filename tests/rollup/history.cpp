#include "rollup/history.hpp"

#include <algorithm>
#include <iterator>

namespace dangbo::test {

namespace {

constexpr int kDays = 1200;  // from 2016-06-01
constexpr int kForEver = 1'000'000;

std::string date_text(int offset) {
  return time::Date::from_days(day("2016-06-01").days() + offset).to_string();
}

class Dice {
 public:
  explicit Dice(std::mt19937_64& random) : random_(random) {}
  int below(int limit) { return static_cast<int>(random_() % static_cast<std::uint64_t>(limit)); }
  bool one_in(int n) { return below(n) == 0; }
  template <typename T>
  const T& pick(const std::vector<T>& from) {
    return from[static_cast<std::size_t>(below(static_cast<int>(from.size())))];
  }
  std::string pick(std::initializer_list<const char*> from) {
    return *(from.begin() + below(static_cast<int>(from.size())));
  }

 private:
  std::mt19937_64& random_;
};

struct Life {
  int from = 0;
  int until = kForEver;
};

const std::vector<std::string> kKinds = {"cell", "grassroots_cell", "grassroots_committee", "bloc"};
const std::vector<std::string> kSectors = {"agency", "press", "commune"};
// Texts that end columns, lines, formulas and JSON strings.
const std::vector<std::string> kEthnicities = {"Kinh", "Tày", "Hà Nhì", "=1+1", "\"a\",\\b\n</x>"};
const std::vector<std::string> kMonths = {"2017-01", "2017-02", "2018-11", "2018-12", "2019-01"};
const std::vector<std::string> kYears = {"2017", "2018", "2019"};
const std::vector<std::string> kGrades = {"excellent", "good", "completed", "not_completed"};

class Maker {
 public:
  explicit Maker(std::mt19937_64& random) : dice_(random) {}

  History run() {
    units();
    members();
    facts();
    return std::move(history_);
  }

 private:
  // A value, or none one time in `rate`.
  void put(Cells& cells, const char* field, const std::string& value, int rate) {
    if (!dice_.one_in(rate)) cells[field] = value;
  }

  static void put_life(Cells& cells, const Life& life) {
    if (life.from > 0) cells["from"] = date_text(life.from);
    if (life.until < kForEver) cells["until"] = date_text(life.until);
  }

  void add(const char* table, Cells cells, int commit) {
    const auto end = [&](const char* field) -> std::optional<time::Date> {
      const auto cell = cells.find(field);
      return cell == cells.end() ? std::nullopt : std::optional(day(cell->second));
    };
    const time::DateRange days(end("from"), end("until"));
    history_[table].push_back({std::move(cells), commit, days});
  }

  // A unit stands only under one that was made before it and lives as long: no rings, no orphans.
  void units() {
    const int count = 4 + dice_.below(9);
    for (int i = 0; i < count; ++i) {
      const std::string key = "U" + std::to_string(i * 7 % 13) + (i % 3 == 0 ? "/~" : "ă");
      Life life;
      if (i >= 2) {
        if (!dice_.one_in(3)) life.from = dice_.below(kDays / 2);
        if (dice_.one_in(3)) life.until = life.from + 1 + dice_.below(kDays);
      }
      const int commit = i < 2 ? 1 : 1 + (dice_.one_in(5) ? 1 : 0);
      Life piece = life;
      while (piece.from < life.until) {
        piece.until = life.until;
        if (dice_.one_in(2)) piece.until = std::min(life.until, piece.from + 1 + dice_.below(500));
        unit_row(key, i, piece, commit);
        piece.from = piece.until;
        if (piece.until == kForEver) break;
      }
      keys_.push_back(key);
      lives_.push_back(life);
      commits_.push_back(commit);
    }
  }

  void unit_row(const std::string& key, int index, const Life& piece, int commit) {
    Cells cells = {{"unit_id", key}, {"kind", dice_.pick(kKinds)}};
    put_life(cells, piece);
    put(cells, "name", "Chi bộ \"" + key + "\"\r\n=SUM(A1)", 5);
    put(cells, "sector", dice_.pick(kSectors), 4);
    std::vector<std::string> above;
    for (std::size_t j = 0; j < static_cast<std::size_t>(index); ++j) {
      if (lives_[j].from <= piece.from && piece.until <= lives_[j].until && commits_[j] <= commit) {
        above.push_back(keys_[j]);
      }
    }
    if (index >= 2 && !above.empty()) cells["parent_id"] = dice_.pick(above);
    add("units", std::move(cells), commit);
  }

  std::string some_date() {
    const std::string full = date_text(dice_.below(kDays + 200) - 100);
    if (dice_.one_in(6)) return full.substr(0, 4);
    return dice_.one_in(6) ? full.substr(0, 7) : full;
  }

  void members() {
    const int count = 6 + dice_.below(20);
    for (int i = 0; i < count; ++i) {
      const std::string key = "M" + std::to_string(i);
      const int commit = 1 + (dice_.one_in(6) ? 1 : 0);
      if (dice_.one_in(3)) {
        const int cut = 100 + dice_.below(kDays);
        member_row(key, {0, cut}, commit);
        member_row(key, {cut + (dice_.one_in(4) ? 30 : 0), kForEver}, commit);
      } else {
        member_row(key, {}, commit);
      }
      homes(key, commit);
      if (dice_.one_in(4)) {
        const int from = dice_.below(kDays);
        membership(key, "temporary", {from, from + 1 + dice_.below(300)}, commit);
      }
      members_.push_back(key);
      member_commits_.push_back(commit);
    }
  }

  void member_row(const std::string& key, const Life& life, int commit) {
    Cells cells = {{"member_id", key}};
    put_life(cells, life);
    put(cells, "full_name", "Nguyễn \"Ví dụ\",\n'; DROP", 3);
    put(cells, "sex", dice_.pick({"female", "male"}), 5);
    put(cells, "youth_union", dice_.pick({"true", "false"}), 4);
    put(cells, "ethnicity", dice_.pick(kEthnicities), 5);
    put(cells, "status", dice_.pick({"active", "exempt", "deceased"}), 4);
    put(cells, "joined_date", some_date(), 4);
    put(cells, "full_date", some_date(), 3);
    put(cells, "decision_date", some_date(), 3);
    add("members", std::move(cells), commit);
  }

  // A row is known no earlier than what it names.
  int commit_with(int commit, const std::string& unit) const {
    const auto at = std::find(keys_.begin(), keys_.end(), unit) - keys_.begin();
    return std::max(commit, commits_[static_cast<std::size_t>(at)]);
  }

  void membership(const std::string& member, const char* kind, const Life& life,
                  int member_commit) {
    Cells cells = {{"member_id", member}, {"unit_id", dice_.pick(keys_)}, {"kind", kind}};
    const int commit = commit_with(member_commit, cells["unit_id"]);
    put_life(cells, life);
    put(cells, "in_reason", dice_.pick({"admission", "internal", "re_admission"}), 4);
    add("memberships", std::move(cells), commit);
  }

  // One after another, sometimes with a gap, sometimes ending for good or beginning in the future.
  void homes(const std::string& member, int commit) {
    int from = dice_.one_in(4) ? 0 : dice_.below(kDays);
    for (int i = 0; i < 3; ++i) {
      Life life{from, kForEver};
      const bool last = dice_.one_in(2);
      if (!last || dice_.one_in(3)) life.until = from + 1 + dice_.below(400);
      membership(member, "home", life, commit);
      if (last || life.until == kForEver) return;
      from = life.until + (dice_.one_in(3) ? dice_.below(60) : 0);
    }
  }

  void facts() {
    for (int i = dice_.below(40); i > 0; --i) {
      Cells cells = {{"unit_id", dice_.pick(keys_)},
                     {"month", dice_.pick(kMonths)},
                     {"kind", dice_.pick({"regular", "thematic"})}};
      put(cells, "present_n", std::to_string(dice_.below(60) - 3), 4);
      put(cells, "form", dice_.pick({"assembled", "online"}), 3);
      add("meetings", std::move(cells), 2);
    }
    for (int i = dice_.below(20); i > 0; --i) {
      Cells cells = {{"event_id", "E" + std::to_string(i)},
                     {"kind", dice_.pick({"class", "contest"})},
                     {"unit_id", dice_.pick(keys_)},
                     {"date", date_text(dice_.below(kDays))}};
      put(cells, "members_n", std::to_string(dice_.below(60)), 4);
      add("training", std::move(cells), 2);
    }
    about_members();
    about_units();
  }

  void about_members() {
    for (std::size_t i = 0; i < members_.size(); ++i) {
      const int commit = member_commits_[i];
      for (const std::string& year : kYears) {
        if (dice_.one_in(3)) continue;
        Cells cells = {{"subject_type", "member"},
                       {"subject_id", members_[i]},
                       {"period", year},
                       {"regime", "r2018"}};
        put(cells, "grade", dice_.pick(kGrades), 4);
        add("evaluations", std::move(cells), commit);
      }
      if (dice_.one_in(2)) {
        add("dues",
            {{"member_id", members_[i]},
             {"month", dice_.pick(kMonths)},
             {"paid", std::to_string(dice_.below(90000))}},
            commit);
      }
      if (dice_.one_in(3)) {
        Cells cells = {{"member_id", members_[i]},
                       {"unit_id", dice_.pick(keys_)},
                       {"post", dice_.pick({"secretary", "deputy_secretary"})}};
        const int from = dice_.below(kDays);
        put_life(cells, {from, from + 1 + dice_.below(600)});
        const int known = commit_with(commit, cells["unit_id"]);
        add("posts", std::move(cells), known);
      }
    }
  }

  void about_units() {
    for (const std::string& key : keys_) {
      for (const std::string& year : kYears) {
        if (dice_.one_in(2)) continue;
        Cells cells = {
            {"subject_type", "unit"}, {"subject_id", key}, {"period", year}, {"regime", "r2018"}};
        put(cells, "grade", dice_.pick(kGrades), 4);
        add("evaluations", std::move(cells), 2);
      }
      if (dice_.one_in(2)) {
        add("plans",
            {{"unit_id", key},
             {"year", dice_.pick(kYears)},
             {"item", "KETNAP"},
             {"target", std::to_string(dice_.below(20))}},
            2);
      }
    }
  }

  Dice dice_;
  History history_;
  std::vector<std::string> keys_;
  std::vector<Life> lives_;
  std::vector<int> commits_;
  std::vector<std::string> members_;
  std::vector<int> member_commits_;
};

// A column, and words that it may hold.
struct ColumnWords {
  std::string name;
  std::vector<std::string> words;
  bool groups = true;
};

class Asker {
 public:
  Asker(std::mt19937_64& random, const History& history) : dice_(random) {
    for (const TwinRow& row : history.at("units")) units_.push_back(row.cells.at("unit_id"));
  }

  TwinQuery run() {
    TwinQuery query;
    query.ask = ask(of());
    query.on = date_text(dice_.below(kDays + 100));
    query.known_at = dice_.one_in(6) ? 1 : 2;
    if (!dice_.one_in(3)) query.unit = dice_.pick(units_);
    if (!dice_.one_in(4)) query.each = dice_.pick({"children", "all", "level", "kind"});
    query.level = dice_.below(4);
    query.kinds = {dice_.pick(kKinds), dice_.pick(kKinds)};
    query.ask.own = dice_.one_in(4) && !(query.unit.empty() && query.each.empty());
    by(query);
    if (query.ask.of == "units" && dice_.one_in(2)) {
      query.having = ask(dice_.pick({"meetings", "members", "training", "evaluations", "posts"}));
      query.having->own = dice_.one_in(2);
      query.having->sum.clear();
      query.at_least = 1 + dice_.below(3);
    }
    share(query);
    return query;
  }

 private:
  std::string of() {
    return dice_.pick({"members", "members", "members", "memberships", "units", "persons",
                       "admissions", "evaluations", "meetings", "training", "posts", "dues",
                       "plans"});
  }

  std::vector<ColumnWords> unit_columns(const std::string& prefix) const {
    return {{prefix + "kind", kKinds},
            {prefix + "sector", kSectors},
            {prefix + "parent_id", units_},
            {prefix + "unit_id", units_}};
  }

  static void member_columns(const std::string& prefix, std::vector<ColumnWords>& out) {
    out.push_back({prefix + "sex", {"female", "male"}});
    out.push_back({prefix + "youth_union", {"true", "false"}});
    out.push_back({prefix + "ethnicity", kEthnicities});
    out.push_back({prefix + "status", {"active", "exempt", "deceased"}});
    out.push_back({prefix + "standing", {"full", "probationary"}});
  }

  std::vector<ColumnWords> columns(const std::string& table) const {
    if (table == "units") return unit_columns("");
    std::vector<ColumnWords> out = unit_columns("unit.");
    const bool by_member = table == "members" || table == "persons" || table == "admissions";
    if (by_member) {
      member_columns("", out);
      out.push_back({"membership.in_reason", {"admission", "internal"}});
      out.push_back({"membership.kind", {"home", "temporary"}});
    } else if (table == "memberships") {
      member_columns("member.", out);
      out.push_back({"kind", {"home", "temporary"}});
      out.push_back({"in_reason", {"admission", "internal"}});
    } else if (table == "evaluations") {
      member_columns("member.", out);
      out.push_back({"grade", kGrades});
      out.push_back({"subject_type", {"unit", "member"}});
      out.push_back({"period", kYears});
    } else if (table == "meetings") {
      out.push_back({"month", kMonths});
      out.push_back({"form", {"assembled", "online"}});
      out.push_back({"kind", {"regular", "thematic"}});
    } else if (table == "training") {
      out.push_back({"kind", {"class", "contest"}});
      out.push_back({"event_id", {"E1", "E2", "E3"}, false});
    } else if (table == "posts") {
      member_columns("member.", out);
      out.push_back({"post", {"secretary", "deputy_secretary"}});
    } else if (table == "dues") {
      member_columns("member.", out);
      out.push_back({"month", kMonths});
    } else {
      out.push_back({"year", kYears});
    }
    return out;
  }

  static bool is_period(const std::string& table) {
    return table == "evaluations" || table == "meetings" || table == "dues" || table == "plans";
  }

  TwinAsk ask(const std::string& table) {
    TwinAsk made;
    made.of = table;
    if (dice_.one_in(3)) {
      if (table == "meetings") made.sum = "present_n";
      if (table == "training") made.sum = "members_n";
      if (table == "dues") made.sum = "paid";
      if (table == "plans") made.sum = "target";
    }
    if (table == "admissions" && dice_.one_in(2)) made.dated_by = "decision";
    if (is_period(table) || table == "training" || table == "admissions") period(made);
    const std::vector<ColumnWords> all = columns(table);
    while (dice_.one_in(2)) {
      const ColumnWords& column = dice_.pick(all);
      const auto same = [&](const TwinCondition& one) { return one.column == column.name; };
      if (std::any_of(made.where.begin(), made.where.end(), same)) continue;
      TwinCondition condition;
      condition.column = column.name;
      condition.test = dice_.pick({"is", "is", "not", "missing", "present"});
      if (condition.test == "is" || condition.test == "not") {
        condition.words.push_back(dice_.pick(column.words));
        if (dice_.one_in(2)) condition.words.push_back(dice_.pick(column.words));
      }
      made.where.push_back(std::move(condition));
    }
    if (about_members(table) && dice_.one_in(3)) made.where.push_back(about_a_date(table));
    return made;
  }

  static bool about_members(const std::string& table) {
    return table == "members" || table == "persons" || table == "admissions" ||
           table == "memberships" || table == "posts" || table == "evaluations";
  }

  std::string date_column(const std::string& table) {
    const bool own = table == "members" || table == "persons" || table == "admissions";
    return (own ? "" : "member.") + dice_.pick({"joined_date", "full_date"});
  }

  TwinCondition about_a_date(const std::string& table) {
    TwinCondition made;
    made.column = date_column(table);
    made.test = dice_.pick({"range", "years"});
    const bool is_range = made.test == "range";
    const int first = dice_.below(is_range ? kDays : 4);
    const int length = 1 + dice_.below(is_range ? 500 : 3);
    const auto bound = [&](int at) { return is_range ? date_text(at) : std::to_string(at); };
    const int ends = dice_.below(3);
    if (ends != 0) made.from = bound(first);
    if (ends != 1) made.until = bound(first + length);
    made.certain = !is_range && dice_.one_in(2);
    return made;
  }

  void period(TwinAsk& made) {
    switch (dice_.below(4)) {
      case 0:
        made.period = dice_.one_in(2) ? dice_.pick(kYears) : dice_.pick(kMonths);
        break;
      case 1:
        made.from = "2017-01-01";
        if (dice_.one_in(2)) made.until = dice_.pick({"2018-01-01", "2018-12-31", "2019-02-01"});
        break;
      case 2:
        made.until = dice_.pick({"2018-01-01", "2018-12-31"});
        break;
      default:
        break;
    }
  }

  void by(TwinQuery& query) {
    const std::vector<ColumnWords> all = columns(query.ask.of);
    for (int i = dice_.below(3); i > 0; --i) {
      const ColumnWords& column = dice_.pick(all);
      const bool there = std::find(query.by.begin(), query.by.end(), column.name) != query.by.end();
      if (there || !column.groups || column.name == "unit_id") continue;
      query.by.push_back(column.name);
    }
    if (!about_members(query.ask.of) || !dice_.one_in(3)) return;
    TwinBands bands{"years", date_column(query.ask.of), {}, dice_.one_in(2)};
    for (int edge = 1 + dice_.below(2); edge < 6; edge += 1 + dice_.below(3)) {
      bands.edges.push_back(edge);
    }
    query.by.push_back(bands.as);
    query.bands.push_back(std::move(bands));
  }

  void share(TwinQuery& query) {
    if (!query.ask.sum.empty() && dice_.one_in(2)) {
      query.ask.measure = dice_.pick({"min", "max", "mean"});
      return;
    }
    if (!dice_.one_in(3)) return;
    query.share = dice_.pick({"stock", "full", "total", "units", "query"});
    if (query.ask.of == "evaluations") query.share = dice_.pick({"graded", "good"});
    if (query.share == "query") {
      query.share_query = ask(dice_.pick({"plans", "meetings", "persons"}));
      query.share_query.own = query.ask.own;
    }
  }

  Dice dice_;
  std::vector<std::string> units_;
};

}  // namespace

History make_history(std::mt19937_64& random) {
  return Maker(random).run();
}

TwinQuery make_query(std::mt19937_64& random, const History& history) {
  return Asker(random, history).run();
}

}  // namespace dangbo::test
