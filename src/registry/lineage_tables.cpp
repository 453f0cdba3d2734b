// Lineage as tables: of one unit, and of all units between two days.
#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "dangbo/base/problem.hpp"
#include "dangbo/base/text.hpp"
#include "dangbo/party/schemas.hpp"
#include "dangbo/party/vocabulary.hpp"
#include "dangbo/registry/lineage.hpp"

namespace dangbo::inline v1::registry {

using base::index_of;
using base::kNoRow;
using base::kNoUnitSlot;
using table::Column;
using table::Type;
using time::Date;
using time::DateRange;
using time::PartialDate;

namespace {

absl::Status unknown_unit(std::string_view key) {
  return base::problem_status(absl::StatusCode::kInvalidArgument,
                              {.code = base::ProblemCode::kUnknownUnit,
                               .place = {.file = "", .row = 0, .column = "/unit"},
                               .value = base::shorten(key, 63),
                               .reason = {"không có đơn vị mang mã này", "no unit has this key"},
                               .fix = {"kiểm tra lại mã", "check the key"}});
}

void append(Column& column, std::string_view text) {
  if (text.empty()) {
    column.append_missing();
  } else {
    column.append_text(text);
  }
}

void append_day(Column& column, std::optional<Date> day) {
  if (day) {
    column.append_date(PartialDate(*day));
  } else {
    column.append_missing();
  }
}

Column event_column() {
  Column column("event", Type::kCode);
  column.set_words(party::unit_events()->ids());
  return column;
}

// Names of units and decisions of events, as a snapshot knows them.
class Names {
 public:
  explicit Names(const Snapshot& snapshot)
      : commit_(snapshot.commit()),
        units_(*snapshot.rows(party::TableName::kUnits)),
        events_(*snapshot.rows(party::TableName::kUnitEvents)),
        name_(*units_.field("name")),
        decision_(*events_.field("decision_id")) {}

  // The name in force on a day; without a day the latest. "" when there is none.
  [[nodiscard]] std::string_view of(UnitSlot unit, std::optional<Date> day) const {
    RowId best = kNoRow;
    for (RowId row = units_.newest_of(unit); row != kNoRow; row = units_.previous_of_unit(row)) {
      if (!units_.is_known(row, commit_)) continue;
      if (day && !units_.holds_on(row, *day)) continue;
      const bool later =
          best == kNoRow || units_.range(row).from_day() > units_.range(best).from_day();
      if (later) best = row;
    }
    return best == kNoRow ? std::string_view() : name_.text(best);
  }
  [[nodiscard]] std::string_view decision(const UnitEvent& event) const {
    return decision_.text(event.row);
  }

 private:
  CommitNumber commit_;
  Rows units_;
  Rows events_;
  FieldReader name_;
  FieldReader decision_;
};

enum Part : std::int32_t { kItself, kEvent, kBecame, kCameFrom, kOnDay };

class LineageWriter {
 public:
  LineageWriter(const Snapshot& snapshot, UnitSlot unit, std::optional<Date> day)
      : lineage_(snapshot), names_(snapshot), unit_(unit), day_(day) {
    Column part("part", Type::kCode);
    part.set_words(std::make_shared<table::Words>(
        table::Words{"itself", "event", "became", "came_from", "on_day"}));
    columns_.push_back(std::move(part));
    columns_.emplace_back("level", Type::kInt);
    columns_.emplace_back("unit_id", Type::kText);
    columns_.emplace_back("name", Type::kText);
    columns_.emplace_back("from", Type::kDate);
    columns_.emplace_back("until", Type::kDate);
    columns_.push_back(event_column());
    columns_.emplace_back("date", Type::kDate);
    columns_.emplace_back("decision_id", Type::kText);
    columns_.emplace_back("in_force", Type::kBool);
  }

  std::vector<Column> write() {
    for (const DateRange& life : lineage_.lives(unit_)) row(kItself, 0, unit_, &life, nullptr);
    own_events();
    tree(kBecame);
    tree(kCameFrom);
    if (day_) on_day();
    return std::move(columns_);
  }

 private:
  void row(Part part, std::int64_t level, UnitSlot unit, const DateRange* life,
           const UnitEvent* event) {
    columns_[0].append_code(part);
    columns_[1].append_integer(level);
    append(columns_[2], lineage_.snapshot().key_of(unit));
    append(columns_[3], names_.of(unit, std::nullopt));
    append_day(columns_[4], life == nullptr ? std::nullopt : life->from());
    append_day(columns_[5], life == nullptr ? std::nullopt : life->until());
    if (event == nullptr) {
      columns_[6].append_missing();
      columns_[7].append_missing();
      columns_[8].append_missing();
    } else {
      columns_[6].append_code(static_cast<std::int32_t>(event->event));
      columns_[7].append_date(event->date);
      append(columns_[8], names_.decision(*event));
    }
    if (day_) {
      columns_[9].append_boolean(lineage_.is_in_force(unit, *day_));
    } else {
      columns_[9].append_missing();
    }
  }

  // Rows that name no other unit, and those of no descent.
  void own_events() {
    std::set<std::uint32_t> numbers;
    for (const auto list : {lineage_.events_from(unit_), lineage_.events_to(unit_)}) {
      numbers.insert(list.begin(), list.end());
    }
    for (const std::uint32_t number : numbers) {
      const UnitEvent& event = lineage_.events()[number];
      const bool descent = is_descent_event(event.event) && event.from != event.to &&
                           event.from != kNoUnitSlot && event.to != kNoUnitSlot;
      if (!descent) row(kEvent, 0, unit_, nullptr, &event);
    }
  }

  struct Step {
    UnitEvent event;
    std::int64_t level = 0;
  };

  // The steps from a unit onward (backward), those to come first last: a stack takes them.
  void push_steps(Part part, const UnitEvent* by, UnitSlot unit, std::int64_t level,
                  std::vector<Step>& pending) const {
    const auto list = part == kBecame ? lineage_.events_from(unit) : lineage_.events_to(unit);
    for (auto number = list.rbegin(); number != list.rend(); ++number) {
      const UnitEvent& event = lineage_.events()[*number];
      if (!is_descent_event(event.event) || event.from == event.to) continue;
      if (event.from == kNoUnitSlot || event.to == kNoUnitSlot) continue;
      // What befell a unit before it took this one in is no part of the story.
      if (by != nullptr && part == kBecame && event.date.last_day() < by->date.first_day())
        continue;
      if (by != nullptr && part == kCameFrom && event.date.first_day() > by->date.last_day()) {
        continue;
      }
      pending.push_back({event, level});
    }
  }

  void tree(Part part) {
    std::set<UnitSlot> seen = {unit_};
    std::vector<Step> pending;
    push_steps(part, nullptr, unit_, 1, pending);
    while (!pending.empty()) {
      const Step step = pending.back();
      pending.pop_back();
      const UnitSlot unit = part == kBecame ? step.event.to : step.event.from;
      row(part, step.level, unit, nullptr, &step.event);
      if (!is_lineage_event(step.event.event) || !seen.insert(unit).second) continue;
      push_steps(part, &step.event, unit, step.level + 1, pending);
    }
  }

  void on_day() {
    const auto lives = lineage_.lives(unit_);
    const bool is_founded = !lives.empty() && lives.front().from_day() <= day_->days();
    std::vector<UnitSlot> units = lineage_.successors(unit_, *day_);
    if (!is_founded && !lives.empty()) {
      units = lineage_.predecessors(unit_, Date::from_days(lives.front().from_day()), *day_);
    }
    for (const UnitSlot unit : units) row(kOnDay, 0, unit, nullptr, nullptr);
  }

  Lineage lineage_;
  Names names_;
  UnitSlot unit_;
  std::optional<Date> day_;
  std::vector<Column> columns_;
};

// One unit of the first day and one it is on the later day; kNoUnitSlot: it is none.
struct Pair {
  UnitSlot from = kNoUnitSlot;
  UnitSlot to = kNoUnitSlot;
  std::optional<UnitEvent> event;
  std::int64_t placed = 0;
};

class CodeMapper {
 public:
  CodeMapper(const Snapshot& snapshot, Date from, Date to)
      : lineage_(snapshot), names_(snapshot), from_(snapshot.at(from)), to_(snapshot.at(to)) {}

  void find_pairs(bool all) {
    std::vector<UnitSlot> units(from_.tree().slots().begin(), from_.tree().slots().end());
    std::sort(units.begin(), units.end(), [&](UnitSlot a, UnitSlot b) { return key(a) < key(b); });
    for (const UnitSlot unit : units) {
      const auto successors = lineage_.successors(unit, to_.day());
      const bool itself = successors.size() == 1 && successors.front() == unit;
      if (itself && !all) continue;
      for (const UnitSlot to : successors) {
        pairs_.push_back({unit, to, itself ? std::nullopt : event_towards(unit, to), 0});
      }
      if (successors.empty()) pairs_.push_back({unit, kNoUnitSlot, event_to_nowhere(unit), 0});
    }
  }

  // One pass over the memberships.
  void count_members() {
    const Rows memberships = *lineage_.snapshot().rows(party::TableName::kMemberships);
    const FieldReader kind = *memberships.field("kind");
    constexpr auto kHome = static_cast<std::uint32_t>(party::MembershipKind::kHome);
    std::map<UnitSlot, std::pair<std::size_t, std::size_t>> ranges;
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      const auto range = ranges.try_emplace(pairs_[i].from, i, i).first;
      range->second.second = i + 1;
    }
    for (std::uint32_t i = 0; i < memberships.size(); ++i) {
      const RowId row{i};
      if (kind.raw(row) != kHome || !from_.includes(memberships, row)) continue;
      const auto range = ranges.find(memberships.unit_of(row));
      if (range == ranges.end()) continue;
      const UnitSlot home = to_.home_of(memberships.member_of(row));
      for (std::size_t at = range->second.first; at < range->second.second; ++at) {
        if (stands_within(home, pairs_[at].to)) ++pairs_[at].placed;
      }
    }
  }

  std::vector<Column> write() const {
    Column from_unit("from_unit", Type::kText);
    Column from_name("from_name", Type::kText);
    Column to_unit("to_unit", Type::kText);
    Column to_name("to_name", Type::kText);
    Column event = event_column();
    Column date("date", Type::kDate);
    Column decision("decision_id", Type::kText);
    Column members("members", Type::kInt);
    Column placed("placed", Type::kInt);
    for (const Pair& pair : pairs_) {
      from_unit.append_text(key(pair.from));
      append(from_name, names_.of(pair.from, from_.day()));
      append(to_unit, pair.to == kNoUnitSlot ? std::string_view() : key(pair.to));
      append(to_name, pair.to == kNoUnitSlot ? std::string_view() : names_.of(pair.to, to_.day()));
      if (pair.event) {
        event.append_code(static_cast<std::int32_t>(pair.event->event));
        date.append_date(pair.event->date);
        append(decision, names_.decision(*pair.event));
      } else {
        event.append_missing();
        date.append_missing();
        decision.append_missing();
      }
      const std::int64_t stock = from_.stock(pair.from, false);
      stock == kOutsideCoverage ? members.append_missing() : members.append_integer(stock);
      placed.append_integer(pair.placed);
    }
    std::vector<Column> columns;
    for (Column* column : {&from_unit, &from_name, &to_unit, &to_name, &event, &date, &decision,
                           &members, &placed}) {
      columns.push_back(std::move(*column));
    }
    return columns;
  }

 private:
  [[nodiscard]] std::string_view key(UnitSlot unit) const {
    return lineage_.snapshot().key_of(unit);
  }

  // The first row from the unit that leads to what it is.
  [[nodiscard]] std::optional<UnitEvent> event_towards(UnitSlot unit, UnitSlot to) const {
    for (const UnitEvent& event : lineage_.endings(unit, to_.day())) {
      const auto reached = lineage_.successors(event.to, to_.day());
      if (std::find(reached.begin(), reached.end(), to) != reached.end()) return event;
    }
    return std::nullopt;
  }

  // What ended a unit that is none: a row that leads nowhere, or the last row that closed it.
  [[nodiscard]] std::optional<UnitEvent> event_to_nowhere(UnitSlot unit) const {
    static const std::uint32_t close = *party::unit_events()->find("close");
    static const std::uint32_t disband = *party::unit_events()->find("disband");
    const auto ended = lineage_.endings(unit, to_.day());
    if (!ended.empty()) return ended.front();
    std::optional<UnitEvent> last;
    for (const std::uint32_t number : lineage_.events_from(unit)) {
      const UnitEvent& event = lineage_.events()[number];
      const bool closes = event.event == close || event.event == disband;
      if (closes && event.date.first_day() <= to_.day()) last = event;
    }
    return last;
  }

  [[nodiscard]] bool stands_within(UnitSlot home, UnitSlot unit) const {
    if (home == kNoUnitSlot || unit == kNoUnitSlot) return false;
    const hierarchy::Tree& tree = to_.tree();
    const auto at = tree.position_of(home);
    const auto root = tree.position_of(unit);
    return at != base::kNoPosition && root != base::kNoPosition && tree.is_within(at, root);
  }

  Lineage lineage_;
  Names names_;
  View from_;
  View to_;
  std::vector<Pair> pairs_;
};

table::Provenance provenance_of(const Snapshot& snapshot) {
  table::Provenance out;
  out.facts.emplace_back("known_at", std::to_string(index_of(snapshot.commit())));
  if (snapshot.is_synthetic()) out.facts.emplace_back("data", "synthetic");
  return out;
}

}  // namespace

absl::StatusOr<table::Table> lineage_table(const Snapshot& snapshot, std::string_view unit,
                                           std::optional<Date> day) {
  const auto slot = snapshot.find_unit(unit);
  if (!slot) return unknown_unit(unit);
  table::Provenance about = provenance_of(snapshot);
  if (day) about.facts.insert(about.facts.begin(), {"on", day->to_string()});
  about.facts.emplace_back("unit", unit);
  return table::Table("lineage", LineageWriter(snapshot, *slot, day).write(), std::move(about));
}

absl::StatusOr<table::Table> lineage_table(const View& view, std::string_view unit) {
  return lineage_table(view.snapshot().as_of(view.known_at()), unit, view.day());
}

absl::StatusOr<table::Table> code_mapping(const Snapshot& snapshot, Date from, Date to,
                                          const CodeMappingOptions& options) {
  if (to < from) {
    return base::problem_status(
        absl::StatusCode::kInvalidArgument,
        {.code = base::ProblemCode::kBadQuery,
         .place = {.file = "", .row = 0, .column = "/to"},
         .value = to.to_string(),
         .reason = {"ngày sau đứng trước ngày đầu", "the later day is before the first"},
         .fix = {"đổi chỗ hai ngày", "let the two days change places"}});
  }
  CodeMapper mapper(snapshot, from, to);
  mapper.find_pairs(options.all);
  mapper.count_members();
  table::Provenance about = provenance_of(snapshot);
  about.facts.insert(about.facts.begin(), {{"from", from.to_string()}, {"to", to.to_string()}});
  return table::Table("code_mapping", mapper.write(), std::move(about));
}

}  // namespace dangbo::inline v1::registry
