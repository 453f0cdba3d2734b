#include "rollup/movements.hpp"

#include <algorithm>
#include <utility>

#include "dangbo/rollup/mistake.hpp"
#include "rollup/balance.hpp"
#include "rollup/count.hpp"
#include "rollup/notes.hpp"
#include "rollup/targets.hpp"

namespace dangbo::inline v1::rollup {

namespace {

using base::ProblemCode;
using base::ProblemList;
using table::Column;
using table::Type;
using Document = Query::Document;

absl::Status other_day(time::Date asked, time::Date last) {
  return base::problem_status(
      absl::StatusCode::kInvalidArgument,
      mistake(ProblemCode::kBadQuery, "/on", asked.to_string(),
              {"ngày của bảng tăng giảm là ngày cuối kỳ, " + last.to_string(),
               "a movement balance is of the last day of its period, " + last.to_string()},
              {"xem ngày " + last.to_string(), "take the view of " + last.to_string()}));
}

absl::Status too_many_units() {
  return base::problem_status(
      absl::StatusCode::kInvalidArgument,
      mistake(ProblemCode::kTooManyCells, "/each", "",
              {"kết quả có hơn 4 000 000 dòng", "the result would have more than 4 000 000 rows"},
              {"hỏi ít đơn vị hơn", "ask fewer units"}));
}

// The name of a unit on the last day of the period on which it was in force.
class Names {
 public:
  Names(const World& world, time::DateRange period)
      : world_(world), name_(*world.units().field("name")), period_(period) {}

  void append(UnitSlot unit, Column& column) const {
    RowId row = world_.unit_row(unit, world_.day());
    if (row == kNoRow) row = last_row(unit);
    if (row == kNoRow || name_.is_missing(row)) return column.append_missing();
    column.append_text(name_.text(row));
  }

 private:
  [[nodiscard]] RowId last_row(UnitSlot unit) const {
    const Rows& units = world_.units();
    RowId found = kNoRow;
    for (RowId row = units.newest_of(unit); row != kNoRow; row = units.previous_of_unit(row)) {
      const time::DateRange days = units.range(row);
      if (!units.is_known(row, world_.view().known_at()) || days.empty()) continue;
      if (days.from_day() >= period_.until_day() || days.until_day() < period_.from_day()) continue;
      if (found == kNoRow || units.range(found).until_day() < days.until_day()) found = row;
    }
    return found;
  }

  const World& world_;
  FieldReader name_;
  time::DateRange period_;
};

std::vector<UnitSlot> in_key_order(const registry::Snapshot& snapshot,
                                   const std::vector<UnitSlot>& units) {
  struct Entry {
    std::string_view key;
    UnitSlot unit;
  };
  std::vector<Entry> entries;
  entries.reserve(units.size());
  for (const UnitSlot unit : units) entries.push_back({snapshot.key_of(unit), unit});
  const auto by_key = [](const Entry& a, const Entry& b) { return a.key < b.key; };
  // Files list units by key as a rule.
  if (!std::is_sorted(entries.begin(), entries.end(), by_key)) {
    std::sort(entries.begin(), entries.end(), by_key);
  }
  std::vector<UnitSlot> out;
  out.reserve(units.size());
  for (const Entry& entry : entries) out.push_back(entry.unit);
  return out;
}

class Movements {
 public:
  Movements(const registry::View& view, const Document& document)
      : world_(view), document_(document), period_(document.ask.period->range) {}

  absl::StatusOr<table::Table> run(const std::string& canonical) {
    ProblemList problems;
    Targets targets = find_targets(world_, document_, problems);
    if (!problems.empty()) {
      problems.sort();
      return base::problem_status(absl::StatusCode::kInvalidArgument, problems);
    }
    const UnitSlot root =
        document_.unit ? *world_.snapshot().find_unit(*document_.unit) : kNoUnitSlot;
    const Balance balance = balance_of(world_, period_, document_.ask.scope, root);
    if (!balance.adds_up()) {
      return absl::InternalError("opening and movements of a unit do not make its closing");
    }
    if (document_.each && document_.each->kind == EachKind::kAll) {
      targets.slots.clear();
      for (std::uint32_t i = 0; i < world_.snapshot().unit_count(); ++i) {
        if (balance.stood[i]) targets.slots.push_back(UnitSlot{i});
      }
    }
    if (targets.slots.size() > kMaxCells) return too_many_units();
    Tally tally;
    tally.not_in_force = balance.not_in_force;
    table::Provenance provenance = provenance_of(canonical, world_, document_, targets, tally);
    return table::Table("result", columns(balance, targets), std::move(provenance));
  }

 private:
  [[nodiscard]] std::vector<Column> columns(const Balance& balance, const Targets& targets) const {
    std::vector<std::size_t> units;
    std::vector<Column> out;
    if (targets.whole) {
      units.push_back(world_.snapshot().unit_count());
    } else {
      const auto slots = in_key_order(world_.snapshot(), targets.slots);
      for (const UnitSlot slot : slots) units.push_back(index_of(slot));
      if (document_.each) add_texts(slots, out);
    }
    const std::size_t first = out.size();
    for (std::string& name : balance_columns()) {
      out.emplace_back(std::move(name), Type::kInt).reserve(units.size());
    }
    const auto append = [&](const std::vector<std::int64_t>& figures, Column& column) {
      for (const std::size_t unit : units) column.append_integer(figures[unit]);
    };
    append(balance.opening, out[first]);
    for (std::size_t c = 0; c < balance.moved.size(); ++c)
      append(balance.moved[c], out[first + 1 + c]);
    append(balance.closing, out.back());
    return out;
  }

  void add_texts(const std::vector<UnitSlot>& slots, std::vector<Column>& out) const {
    const Names names(world_, period_);
    Column key("unit_id", Type::kText);
    Column name("name", Type::kText);
    key.reserve(slots.size());
    name.reserve(slots.size());
    for (const UnitSlot slot : slots) {
      key.append_text(world_.snapshot().key_of(slot));
      names.append(slot, name);
    }
    out.push_back(std::move(key));
    out.push_back(std::move(name));
  }

  World world_;
  const Document& document_;
  time::DateRange period_;
};

}  // namespace

std::vector<std::string> balance_columns() {
  std::vector<std::string> out = {"opening"};
  out.insert(out.end(), movement_columns().begin(), movement_columns().end());
  out.emplace_back("closing");
  return out;
}

absl::StatusOr<table::Table> movements(const registry::View& view, const Document& document,
                                       const std::string& canonical) {
  const time::Date last = last_day_of(document);
  if (view.day() != last) return other_day(view.day(), last);
  return Movements(view, document).run(canonical);
}

}  // namespace dangbo::inline v1::rollup
