#include "rollup/twin.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

#include "rollup/naive_lineage.hpp"

namespace dangbo::test {

namespace {

using Group = std::vector<std::optional<std::string>>;

// One row that counts: where, when, and what it says.
struct Counted {
  std::string unit;  // "" when the row stands nowhere
  time::Date day;
  std::vector<std::string> path;  // the unit and all above it on `day`
  std::string member;
  Group group;
  std::int64_t value = 0;
  bool has_value = false;
};

std::optional<std::string> get(const TwinRow* row, const std::string& field) {
  if (row == nullptr) return std::nullopt;
  const auto cell = row->cells.find(field);
  return cell == row->cells.end() ? std::nullopt : std::optional(cell->second);
}

std::optional<time::PartialDate> date_of(const TwinRow* row, const std::string& field) {
  const auto text = get(row, field);
  return text ? time::parse_date(*text).value : std::nullopt;
}

class Twin {
 public:
  Twin(const History& history, time::Date on, int known_at,
       std::optional<time::Date> structure = std::nullopt)
      : history_(history), on_(on), known_at_(known_at), structure_(structure) {}

  // The day whose tree the rows are shown under.
  time::Date tree_day() const { return structure_.value_or(on_); }

  const std::vector<TwinRow>& rows(const std::string& table) const {
    static const std::vector<TwinRow> kNothing;
    const auto at = history_.find(table);
    return at == history_.end() ? kNothing : at->second;
  }

  bool known(const TwinRow& row) const {
    return row.commit <= known_at_ && (row.superseded == 0 || row.superseded > known_at_);
  }
  bool holds(const TwinRow& row, time::Date day) const {
    return known(row) && row.days.contains(day);
  }

  const TwinRow* row_of(const std::string& table, const std::string& key_field,
                        const std::string& key, time::Date day) const {
    for (const TwinRow& row : rows(table)) {
      if (holds(row, day) && row.cells.at(key_field) == key) return &row;
    }
    return nullptr;
  }
  const TwinRow* unit(const std::string& key, time::Date day) const {
    return row_of("units", "unit_id", key, day);
  }
  const TwinRow* member(const std::string& key, time::Date day) const {
    return row_of("members", "member_id", key, day);
  }
  std::string home(const std::string& key, time::Date day) const {
    for (const TwinRow& row : rows("memberships")) {
      if (holds(row, day) && row.cells.at("member_id") == key && row.cells.at("kind") == "home") {
        return row.cells.at("unit_id");
      }
    }
    return "";
  }

  // The unit and everything above it on a day, itself first.
  std::vector<std::string> upward(std::string key, time::Date day) const {
    std::vector<std::string> out;
    while (const TwinRow* row = unit(key, day)) {
      out.push_back(key);
      const auto parent = get(row, "parent_id");
      if (!parent) break;
      key = *parent;
    }
    return out;
  }

  std::vector<std::string> units_in_force() const {
    std::vector<std::string> out;
    for (const TwinRow& row : rows("units")) {
      if (holds(row, tree_day())) out.push_back(row.cells.at("unit_id"));
    }
    std::sort(out.begin(), out.end());
    return out;
  }

  static std::optional<std::string> standing(const TwinRow* row, time::Date day) {
    const auto joined = date_of(row, "joined_date");
    const auto full = date_of(row, "full_date");
    const auto surely_reached = [&](const auto& date) { return date && date->last_day() <= day; };
    const auto surely_not = [&](const auto& date) { return date && date->first_day() > day; };
    if (surely_reached(full)) return "full";
    const bool full_open = full && !surely_not(full);
    if (full_open || (!full && !joined)) return std::nullopt;
    if (!joined || surely_reached(joined)) return "probationary";
    return std::nullopt;
  }

  // All rows that an ask counts, wherever they stand.
  std::vector<Counted> counted(const TwinAsk& ask, const std::vector<std::string>& by,
                               const std::vector<TwinBands>& bands = {}) const {
    const bool by_member = ask.of == "members" || ask.of == "persons" || ask.of == "admissions";
    const std::string table =
        by_member || ask.of == "memberships" ? std::string("memberships") : ask.of;
    std::vector<Counted> out;
    for (const TwinRow& row : rows(table)) {
      if (!known(row)) continue;
      Counted made;
      made.member = member_of(row);
      if (!dated(ask, row, made)) continue;
      const TwinRow* of_member = nullptr;
      if (!made.member.empty()) {
        const auto begins = date_of(&row, "from");
        of_member = ask.of == "admissions" && begins ? member(made.member, begins->first_day())
                                                     : member(made.member, made.day);
      }
      made.unit = place(row, made);
      const TwinRow* of_unit = unit(made.unit, made.day);
      if (of_unit == nullptr) continue;
      time::Date shown_on = made.day;
      if (structure_) {
        shown_on = *structure_;
        made.unit = shown(made.unit, made.member);
        of_unit = unit(made.unit, shown_on);
        if (of_unit == nullptr) continue;
      }
      const auto value = [&](const std::string& column) {
        return value_of(column, by_member, &row, of_member, of_unit, made.day);
      };
      if (!passes(ask, value, made.day)) continue;
      made.path = upward(made.unit, shown_on);
      for (const std::string& column : by) {
        const auto band = std::find_if(bands.begin(), bands.end(),
                                       [&](const TwinBands& one) { return one.as == column; });
        made.group.push_back(band == bands.end() ? value(column)
                                                 : band_of(*band, value(band->column), made.day));
      }
      const auto figure = ask.sum.empty() ? std::nullopt : get(&row, ask.sum);
      made.has_value = figure.has_value();
      made.value = std::stoll(figure.value_or("0"));
      out.push_back(std::move(made));
    }
    return out;
  }

  bool within(const Counted& row, const TwinAsk& ask, const std::string& target,
              std::optional<time::Date> tree_day) const {
    if (target.empty()) return true;
    std::vector<std::string> other;
    if (tree_day) other = upward(row.unit, *tree_day);
    const std::vector<std::string>& path = tree_day ? other : row.path;
    if (ask.own) return !path.empty() && path.front() == target;
    return std::find(path.begin(), path.end(), target) != path.end();
  }

  std::int64_t total(const TwinAsk& ask, const std::vector<Counted>& rows_counted,
                     const std::string& target, std::optional<time::Date> tree_day,
                     const Group* group) const {
    std::int64_t sum = 0;
    std::set<std::string> people;
    for (const Counted& row : rows_counted) {
      if (group != nullptr && row.group != *group) continue;
      if (!within(row, ask, target, tree_day)) continue;
      people.insert(row.member);
      sum += ask.sum.empty() ? 1 : row.value;
    }
    return ask.of == "persons" ? static_cast<std::int64_t>(people.size()) : sum;
  }

  // The least, the greatest or the mean value; "" when there is none.
  std::string value_text(const TwinAsk& ask, const std::vector<Counted>& rows_counted,
                         const std::string& target, const Group& group) const {
    std::vector<std::int64_t> values;
    for (const Counted& row : rows_counted) {
      if (row.group == group && row.has_value && within(row, ask, target, std::nullopt)) {
        values.push_back(row.value);
      }
    }
    if (values.empty()) return "";
    if (ask.measure == "min")
      return std::to_string(*std::min_element(values.begin(), values.end()));
    if (ask.measure == "max")
      return std::to_string(*std::max_element(values.begin(), values.end()));
    double sum = 0;  // the values are small
    for (const std::int64_t value : values) sum += static_cast<double>(value);
    return std::to_string(std::llround(sum / static_cast<double>(values.size())));
  }

 private:
  static std::string member_of(const TwinRow& row) {
    if (const auto member = get(&row, "member_id")) return *member;
    return get(&row, "subject_type") == "member" ? row.cells.at("subject_id") : std::string();
  }

  static std::string place_of_row(const TwinRow& row) {
    if (const auto unit = get(&row, "unit_id")) return *unit;
    return get(&row, "subject_type") == "unit" ? row.cells.at("subject_id") : std::string();
  }

  // Where a member who stands in a unit on the asked day stands on the structure's.
  std::string shown(const std::string& unit, const std::string& member) const {
    auto known = shown_.find(unit);
    if (known == shown_.end()) {
      known = shown_.emplace(unit, NaiveLineage(history_, known_at_).shown(unit, on_, *structure_))
                  .first;
    }
    if (known->second.size() == 1) return *known->second.begin();
    const std::string own = home(member, *structure_);
    return known->second.contains(own) ? own : std::string();
  }

  std::string place(const TwinRow& row, const Counted& made) const {
    const std::string own = place_of_row(row);
    return own.empty() ? home(made.member, made.day) : own;
  }

  static bool in_range(const TwinAsk& ask, time::Date first, time::Date last) {
    return (ask.from.empty() || test::day(ask.from) <= first) &&
           (ask.until.empty() || last < test::day(ask.until));
  }

  // First and last day of a period as the generator writes them: "2018" or "2018-03".
  static std::pair<time::Date, time::Date> days_of(const std::string& period) {
    const auto date = *time::parse_date(period).value;
    return {date.first_day(), date.last_day()};
  }

  bool dated_by_day(const TwinAsk& ask, time::Date day, Counted& made) const {
    made.day = day;
    if (!ask.period.empty()) {
      const auto [first, last] = days_of(ask.period);
      return first <= day && day <= last;
    }
    return in_range(ask, day, day);
  }

  // Sets the day of the row; false when it does not count on the asked day or in the period.
  bool dated(const TwinAsk& ask, const TwinRow& row, Counted& made) const {
    made.day = on_;
    const auto kind = get(&row, "kind");
    if (ask.of == "members" && kind != "home") return false;
    if (ask.of == "admissions") {
      if (kind != "home" || get(&row, "in_reason") != "admission") return false;
      const auto begins = date_of(&row, "from");
      const TwinRow* of = member(made.member, begins ? begins->first_day() : on_);
      const auto written =
          date_of(of, ask.dated_by == "decision" ? "decision_date" : "joined_date");
      if (written) return dated_by_day(ask, written->first_day(), made);
      return begins && dated_by_day(ask, begins->first_day(), made);
    }
    if (ask.of == "training") return dated_by_day(ask, test::day(row.cells.at("date")), made);
    for (const char* field : {"month", "period", "year"}) {
      const auto period = get(&row, field);
      if (!period) continue;
      if (!ask.period.empty() && *period != ask.period) return false;
      const auto [first, last] = days_of(*period);
      if (!in_range(ask, first, last)) return false;
      if (ask.of != "evaluations") made.day = std::min(on_, last);
      return true;
    }
    return holds(row, on_);
  }

  static std::optional<std::string> value_of(const std::string& column, bool by_member,
                                             const TwinRow* own, const TwinRow* member,
                                             const TwinRow* unit, time::Date day) {
    const auto dot = column.find('.');
    const std::string field = dot == std::string::npos ? column : column.substr(dot + 1);
    const std::string prefix = dot == std::string::npos ? "" : column.substr(0, dot);
    if (prefix == "unit") return get(unit, field);
    if (prefix == "membership") return get(own, field);
    if (prefix.empty() && !by_member) return get(own, field);
    return field == "standing" ? standing(member, day) : get(member, field);
  }

  // Completed years, by counting birthdays one after the other: born on 29 February one is a year
  // older on 1 March. Nothing for a date to come.
  static std::optional<int> years(time::Date since, time::Date day) {
    if (since > day) return std::nullopt;
    int count = 0;
    for (int year = since.year() + 1;; ++year) {
      const auto same = time::Date::from_ymd(year, since.month(), since.day());
      const time::Date birthday = same ? *same : *time::Date::from_ymd(year, 3, 1);
      if (birthday > day) return count;
      ++count;
    }
  }

  // Every number of years that a date, which may be partial, can stand for; a day at a time.
  static std::set<std::optional<int>> possible_years(const std::string& text, time::Date day) {
    const auto date = *time::parse_date(text).value;
    std::set<std::optional<int>> out;
    for (time::Date at = date.first_day(); at <= date.last_day(); at = at.plus_days(1)) {
      out.insert(years(at, day));
    }
    return out;
  }

  static std::optional<std::string> band_of(const TwinBands& bands,
                                            const std::optional<std::string>& text,
                                            time::Date day) {
    if (!text) return std::nullopt;
    if (!time::parse_date(*text).value->is_exact() && !bands.certain) return std::nullopt;
    std::set<std::optional<std::string>> all;
    for (const auto& number : possible_years(*text, day)) {
      std::optional<std::string> band;
      if (number) {
        int low = 0;
        int high = -1;
        for (const int edge : bands.edges) {
          if (edge <= *number) low = edge;
          if (edge > *number && high < 0) high = edge - 1;
        }
        band = high < 0      ? std::to_string(low) + "+"
               : low == high ? std::to_string(low)
                             : std::to_string(low) + "-" + std::to_string(high);
      }
      all.insert(band);
    }
    return all.size() == 1 ? *all.begin() : std::nullopt;
  }

  // Of ranges and years: whether every possible day is within.
  static bool is_within(const TwinCondition& condition, const std::string& text, time::Date day) {
    const auto date = *time::parse_date(text).value;
    if (condition.test == "years") {
      if (!date.is_exact() && !condition.certain) return false;
      for (const auto& number : possible_years(text, day)) {
        if (!number || (!condition.from.empty() && *number < std::stoi(condition.from)) ||
            (!condition.until.empty() && *number >= std::stoi(condition.until))) {
          return false;
        }
      }
      return true;
    }
    const auto bound = [](const std::string& at) {
      return time::parse_date(at).value->first_day();
    };
    return (condition.from.empty() || bound(condition.from) <= date.first_day()) &&
           (condition.until.empty() || date.last_day() < bound(condition.until));
  }

  template <typename ValueOf>
  static bool passes(const TwinAsk& ask, ValueOf value, time::Date day) {
    for (const TwinCondition& condition : ask.where) {
      const std::optional<std::string> found = value(condition.column);
      if (condition.test == "range" || condition.test == "years") {
        if (!found || !is_within(condition, *found, day)) return false;
        continue;
      }
      const bool listed = found && std::find(condition.words.begin(), condition.words.end(),
                                             *found) != condition.words.end();
      if (condition.test == "missing" && found) return false;
      if (condition.test == "present" && !found) return false;
      if (condition.test == "is" && !listed) return false;
      if (condition.test == "not" && (!found || listed)) return false;
    }
    return true;
  }

  const History& history_;
  time::Date on_;
  int known_at_;
  std::optional<time::Date> structure_;
  mutable std::map<std::string, std::set<std::string>> shown_;
};

std::vector<std::string> targets_of(const Twin& twin, const TwinQuery& query, time::Date on) {
  if (query.each.empty()) return {query.unit};
  std::vector<std::string> out;
  for (const std::string& unit : twin.units_in_force()) {
    const auto path = twin.upward(unit, on);
    // Steps from the unit up to the root of the scope; a root of the forest is at 0.
    int level = static_cast<int>(path.size()) - 1;
    if (!query.unit.empty()) {
      const auto root = std::find(path.begin(), path.end(), query.unit);
      if (root == path.end()) continue;
      level = static_cast<int>(root - path.begin());
    }
    const auto kind = get(twin.unit(unit, on), "kind").value_or("");
    const int children = query.unit.empty() ? 0 : 1;
    const bool take = query.each == "all" || (query.each == "children" && level == children) ||
                      (query.each == "level" && level == query.level) ||
                      (query.each == "kind" && std::find(query.kinds.begin(), query.kinds.end(),
                                                         kind) != query.kinds.end());
    if (take) out.push_back(unit);
  }
  return out;
}

// By text, missing last.
bool group_before(const Group& a, const Group& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == b[i]) continue;
    if (!a[i] || !b[i]) return a[i].has_value();
    return *a[i] < *b[i];
  }
  return false;
}

// Bands of years in their order: by their first number.
Group in_order(const TwinQuery& query, Group group) {
  for (std::size_t i = 0; i < group.size(); ++i) {
    const bool is_band = std::any_of(query.bands.begin(), query.bands.end(),
                                     [&](const TwinBands& one) { return one.as == query.by[i]; });
    if (!is_band || !group[i]) continue;
    std::string number = group[i]->substr(0, group[i]->find_first_of("-+"));
    group[i] = std::string(8 - number.size(), '0') + number;
  }
  return group;
}

TwinAsk base_of(const TwinQuery& query) {
  if (query.share == "query") return query.share_query;
  TwinAsk base;
  if (query.share == "total" || query.share == "graded" || query.share == "good") {
    base = query.ask;
    if (query.share != "total") {
      std::erase_if(base.where, [](const auto& one) { return one.column == "grade"; });
      if (query.share == "good") base.where.push_back({"grade", "is", {"good"}});
      if (query.share == "graded") base.where.push_back({"grade", "present", {}});
    }
    return base;
  }
  base.own = query.ask.own;
  base.of = query.share == "units" ? "units" : "members";
  if (query.share == "full") base.where.push_back({"standing", "is", {"full"}});
  if (query.share == "units" && query.ask.of == "units") base.where = query.ask.where;
  return base;
}

// 100 × part ÷ base in hundredths, half away from zero, by long division of whole numbers.
std::string percent_text(std::int64_t part, std::int64_t base) {
  if (base == 0) return "";
  const bool negative = (part < 0) != (base < 0);
  const std::int64_t top = std::llabs(part) * 10'000;
  const std::int64_t bottom = std::llabs(base);
  std::int64_t hundredths = top / bottom;
  if (top % bottom * 2 >= bottom) ++hundredths;
  table::Column column("percent", table::Type::kReal);
  column.append_real(static_cast<double>(negative ? -hundredths : hundredths) / 100.0);
  return column.display(0);
}

}  // namespace

Lines twin_answer(const History& history, const TwinQuery& query) {
  std::optional<time::Date> structure;
  if (!query.structure.empty()) structure = day(query.structure);
  const Twin twin(history, day(query.on), query.known_at, structure);
  const time::Date on = twin.tree_day();
  auto rows = twin.counted(query.ask, query.by, query.bands);
  if (query.having) {
    const auto inner = twin.counted(*query.having, {});
    std::erase_if(rows, [&](const Counted& unit) {
      return twin.total(*query.having, inner, unit.unit, on, nullptr) < query.at_least;
    });
  }
  std::vector<std::string> targets = targets_of(twin, query, on);
  std::vector<Group> groups;
  for (const Counted& row : rows) {
    bool met = false;
    for (const std::string& target : targets) {
      met = met || twin.within(row, query.ask, target, std::nullopt);
    }
    if (met) groups.push_back(row.group);
  }
  std::sort(groups.begin(), groups.end(), [&](const Group& a, const Group& b) {
    return group_before(in_order(query, a), in_order(query, b));
  });
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  if (query.by.empty()) groups.assign(1, Group());
  if (groups.empty() && !query.each.empty()) groups.assign(1, Group(query.by.size()));
  std::vector<Counted> base_rows;
  TwinAsk base;
  if (!query.share.empty()) {
    base = base_of(query);
    base_rows = query.share == "total" && query.having ? rows : twin.counted(base, {});
  }

  Lines lines(1);
  if (!query.each.empty()) lines[0] = {"unit_id", "name"};
  lines[0].insert(lines[0].end(), query.by.begin(), query.by.end());
  lines[0].push_back(query.ask.sum.empty() ? "count" : query.ask.measure);
  if (!query.share.empty()) lines[0].insert(lines[0].end(), {"base", "percent"});
  for (const std::string& target : targets) {
    for (const Group& group : groups) {
      std::vector<std::string>& line = lines.emplace_back();
      if (!query.each.empty()) {
        line = {target, get(twin.unit(target, on), "name").value_or("")};
      }
      for (const auto& value : group) line.push_back(value.value_or(""));
      if (!query.ask.sum.empty() && query.ask.measure != "sum") {
        line.push_back(twin.value_text(query.ask, rows, target, group));
        continue;
      }
      const std::int64_t value = twin.total(query.ask, rows, target, std::nullopt, &group);
      line.push_back(std::to_string(value));
      if (query.share.empty()) continue;
      const std::int64_t of = twin.total(base, base_rows, target, std::nullopt, nullptr);
      line.push_back(std::to_string(of));
      line.push_back(percent_text(value, of));
    }
  }
  return lines;
}

}  // namespace dangbo::test
