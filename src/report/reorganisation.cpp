#include "dangbo/report/reorganisation.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "dangbo/rollup/query.hpp"

namespace dangbo::inline v1::report {

namespace {

using base::RowId;
using base::UnitSlot;
using registry::FieldReader;

struct OnADay {
  std::map<std::string, std::int64_t> kinds;
  std::map<std::string, UnitState> units;
  std::int64_t members = 0;
};

absl::StatusOr<OnADay> on_a_day(const registry::View& view, std::string_view unit) {
  const auto tree = rollup::tree_table(view, unit, 0);
  if (!tree.ok()) return tree.status();
  const auto column = [&](const char* name) -> const table::Column& {
    return tree->column(*tree->find(name));
  };
  const table::Column& key = column("unit_id");
  const table::Column& name = column("name");
  const table::Column& kind = column("kind");
  const table::Column& parent = column("parent_id");
  const table::Column& level = column("level");
  const table::Column& members = column("members_below");
  OnADay found;
  for (std::size_t row = 0; row < tree->row_count(); ++row) {
    UnitState state{std::string(name.text(row)), kind.display(row), std::string(parent.text(row)),
                    members.integer(row)};
    ++found.kinds[state.kind];
    if (level.integer(row) == 0) found.members += state.members;
    found.units.emplace(key.text(row), std::move(state));
  }
  return found;
}

struct Event {
  std::string from;
  std::string to;
};

// Rows of unit_events of the day that name one unit or two.
std::vector<Event> events_of(const registry::Snapshot& snapshot, base::CommitNumber known_at,
                             time::Date day) {
  std::vector<Event> events;
  const auto rows = snapshot.rows("unit_events");
  if (!rows) return events;
  const FieldReader date = *rows->field("date");
  const FieldReader from = *rows->field("from_unit");
  const FieldReader to = *rows->field("to_unit");
  const auto key = [&](const FieldReader& field, RowId row) {
    return field.is_missing(row) ? std::string()
                                 : std::string(snapshot.key_of(UnitSlot{field.raw(row)}));
  };
  for (std::uint32_t i = 0; i < rows->size(); ++i) {
    const RowId row{i};
    const auto when = date.date(row);
    if (!rows->is_known(row, known_at) || !when || when->exact() != day) continue;
    events.push_back({key(from, row), key(to, row)});
  }
  return events;
}

class Comparison {
 public:
  Comparison(const OnADay& before, const OnADay& after) : before_(before), after_(after) {}

  void add_units() {
    for (const auto& [key, state] : before_.units) {
      const auto now = after_.units.find(key);
      if (now == after_.units.end()) {
        touched_.insert(key);
        continue;
      }
      const UnitState& other = now->second;
      if (state.parent != other.parent) add_move(key, state, other);
      if (state.name != other.name || state.kind != other.kind) touched_.insert(key);
    }
    for (const auto& [key, state] : after_.units) {
      if (!before_.units.contains(key)) touched_.insert(key);
    }
  }

  void add_events(const std::vector<Event>& events) {
    for (const Event& event : events) {
      for (const std::string& key : {event.from, event.to}) {
        if (before_.units.contains(key) || after_.units.contains(key)) touched_.insert(key);
      }
      const auto ended = before_.units.find(event.from);
      if (event.from == event.to || ended == before_.units.end() ||
          after_.units.contains(event.from) || !after_.units.contains(event.to)) {
        continue;
      }
      const auto of_unit = [&](const UnitFlow& flow) { return flow.unit == event.from; };
      const bool is_divided = std::any_of(flows_.begin(), flows_.end(), of_unit);
      // Of a unit that became several nobody knows here how many went where.
      if (is_divided) {
        std::erase_if(flows_, of_unit);
        divided_.insert(event.from);
      } else if (!divided_.contains(event.from)) {
        flows_.push_back({event.from, event.from, event.to, ended->second.members});
      }
    }
  }

  Reorganisation finish(time::Date last, time::Date first) {
    Reorganisation out{.last = last,
                       .first = first,
                       .kinds = {},
                       .units = {},
                       .flows = std::move(flows_),
                       .members_before = before_.members,
                       .members_after = after_.members};
    std::sort(out.flows.begin(), out.flows.end(), [](const UnitFlow& a, const UnitFlow& b) {
      return std::pair(a.unit, a.to) < std::pair(b.unit, b.to);
    });
    std::map<std::string, KindCount> kinds;
    for (const auto& [kind, count] : before_.kinds) kinds[kind].before = count;
    for (const auto& [kind, count] : after_.kinds) kinds[kind].after = count;
    for (auto& [kind, count] : kinds) {
      count.kind = kind;
      out.kinds.push_back(count);
    }
    for (const std::string& key : touched_) {
      out.units.push_back({key, state_in(before_, key), state_in(after_, key)});
    }
    return out;
  }

 private:
  void add_move(const std::string& key, const UnitState& before, const UnitState& after) {
    touched_.insert(key);
    for (const std::string& parent : {before.parent, after.parent}) {
      if (before_.units.contains(parent) || after_.units.contains(parent)) touched_.insert(parent);
    }
    flows_.push_back({key, before.parent, after.parent, after.members});
  }

  static std::optional<UnitState> state_in(const OnADay& day, const std::string& key) {
    const auto at = day.units.find(key);
    return at == day.units.end() ? std::nullopt : std::optional(at->second);
  }

  const OnADay& before_;
  const OnADay& after_;
  std::set<std::string> touched_;
  std::set<std::string> divided_;
  std::vector<UnitFlow> flows_;
};

}  // namespace

absl::StatusOr<Reorganisation> compare_days(const registry::Snapshot& snapshot,
                                            base::CommitNumber known_at, time::Date first,
                                            std::string_view unit) {
  const time::Date last = first.plus_days(-1);
  const auto before = on_a_day(snapshot.at(last, known_at), unit);
  if (!before.ok()) return before.status();
  const auto after = on_a_day(snapshot.at(first, known_at), unit);
  if (!after.ok()) return after.status();
  Comparison comparison(*before, *after);
  comparison.add_units();
  comparison.add_events(events_of(snapshot, known_at, first));
  return comparison.finish(last, first);
}

}  // namespace dangbo::inline v1::report
