#include "rollup/cause.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "dangbo/party/schemas.hpp"
#include "dangbo/party/vocabulary.hpp"
#include "rollup/values.hpp"

namespace dangbo::inline v1::rollup {

namespace {

using party::TableName;
using table::Role;
using table::TableKind;

bool is_reorganisation(const Rows& memberships, const char* field, RowId row) {
  static const std::uint32_t code_in = *party::in_reasons()->find("reorganisation");
  static const std::uint32_t code_out = *party::out_reasons()->find("reorganisation");
  const bool in = std::string_view(field) == "in_reason";
  return memberships.field(field)->raw(row) == (in ? code_in : code_out);
}

void add_field(std::optional<std::size_t> field, std::vector<std::size_t>& fields) {
  if (field && std::find(fields.begin(), fields.end(), *field) == fields.end()) {
    fields.push_back(*field);
  }
}

}  // namespace

const std::vector<std::string>& cause_words() {
  static const std::vector<std::string> words = {"late",           "correction", "withdrawn",
                                                 "reorganisation", "attribute",  "unknown",
                                                 "not_broken_down"};
  return words;
}

// "Units with at least one": the inner question's own differences.
struct CauseFinder::Having {
  Having(CauseFinder& outer, const Ask& ask)
      : targets_then(all_units(outer.then_.world)),
        targets_now(all_units(outer.now_.world)),
        then{outer.then_.world, outer.having_then_->input, targets_then,
             Reach(outer.then_.world, targets_then, ask.scope, false)},
        now{outer.now_.world, outer.having_now_->input, targets_now,
            Reach(outer.now_.world, targets_now, ask.scope, false)},
        difference(then, now),
        finder(then, now, ask, nullptr, nullptr) {}

  Targets targets_then;
  Targets targets_now;
  Side then;
  Side now;
  Difference difference;
  CauseFinder finder;
};

CauseFinder::CauseFinder(const Side& then, const Side& now, const Ask& ask,
                         HavingCounts* having_then, HavingCounts* having_now)
    : then_(then),
      now_(now),
      ask_(ask),
      having_then_(having_then),
      having_now_(having_now),
      counted_(story_of(now.input.rows)),
      members_(story_of(now.world.members())),
      memberships_(story_of(now.world.memberships())),
      units_(story_of(now.world.units())) {
  note_own_fields();
}

CauseFinder::~CauseFinder() = default;

Story CauseFinder::story_of(const Rows& rows) const {
  return {rows.schema().name(), rows,
          Versions(rows, then_.world.view().known_at(), now_.world.view().known_at())};
}

// What of the counted row decides whether, where and as what it counts; its interval apart.
void CauseFinder::note_own_fields() {
  const Rows& rows = counted_.rows;
  const auto& schema = rows.schema();
  for (std::size_t i = 0; i < schema.fields().size(); ++i) {
    const Role role = schema.fields()[i].role;
    if (role == Role::kUnit || role == Role::kMember || role == Role::kSubject ||
        role == Role::kDay || role == Role::kPeriod) {
      own_fields_.push_back(i);
    }
  }
  if (schema.find(Role::kSubject)) add_field(schema.find("subject_type"), own_fields_);
  const Input& input = now_.input;
  if (schema.name() == TableName::kMemberships && input.kind != Kind::kMemberships) {
    add_field(schema.find("kind"), own_fields_);
  }
  if (input.kind == Kind::kAdmissions) {
    add_field(schema.find("in_reason"), own_fields_);
    add_field(schema.find(Role::kFrom), own_fields_);
  }
  const auto add_column = [&](const Column& column) {
    if (column.source == Source::kOwn) add_field(schema.find(column.field.name), own_fields_);
  };
  for (const Filter& filter : input.own_filters) add_column(filter.column);
  const auto add_columns = [&](const std::optional<Formula>& formula) {
    if (!formula) return;
    for (const auto& [variable, column] : formula->columns()) add_column(column);
  };
  add_columns(input.condition);
  for (const GroupColumn& group : input.groups) {
    add_columns(group.formula);
    if (!group.formula) add_column(group.column);
  }
  if (input.sum) add_column(*input.sum);
  const auto& homes = memberships_.rows.schema();
  for (const auto field : {homes.find(Role::kMember), homes.find(Role::kUnit), homes.find("kind")})
    add_field(field, home_fields_);
}

RowId CauseFinder::first_alike(const Story& story, const Fields& fields, time::Date day,
                               RowId row) const {
  while (true) {
    const RowId before = story.rows.corrects(row);
    if (before == kNoRow || !story.versions.is_later(before)) return row;
    if (!fields_at_odds(story.rows, fields, day, before, row).empty()) return row;
    row = before;
  }
}

void CauseFinder::show(const Story& story, const Fields& fields, RowId then, RowId now,
                       Cause& cause) const {
  for (const std::size_t field : fields) {
    const bool first = cause.field.empty();
    const auto add = [&](std::string& to, const std::string& text) {
      to += first ? text : "; " + text;
    };
    add(cause.field, story.rows.schema().fields()[field].name);
    add(cause.before, field_text(now_.world.snapshot(), story.rows, field, then));
    add(cause.after, field_text(now_.world.snapshot(), story.rows, field, now));
  }
}

void CauseFinder::show(const std::vector<const Column*>& columns, const Sight& sight,
                       Cause& cause) const {
  for (const Column* column : columns) {
    const bool first = cause.field.empty();
    const auto add = [&](std::string& to, const std::string& text) {
      to += first ? text : "; " + text;
    };
    add(cause.field, column->field.name);
    add(cause.before, column_text(now_.world.snapshot(), *column, sight.then()));
    add(cause.after, column_text(now_.world.snapshot(), *column, sight.now()));
  }
}

Cause CauseFinder::begin(const Placed& placed) const {
  Cause cause;
  cause.counted = placed.own;
  cause.unit = placed.unit;
  cause.member = placed.member;
  return cause;
}

Cause CauseFinder::find(const Shift& shift) {
  if (!shift.then.empty() && !shift.now.empty()) return of_value(shift);
  const bool gone = shift.now.empty();
  // A person goes with the last row that goes, and comes with the first that comes.
  std::optional<Cause> found;
  for (const Counted& counted : gone ? shift.then : shift.now) {
    Cause cause = of_row(counted, gone);
    if (!found || (gone ? cause.commit > found->commit : cause.commit < found->commit)) {
      found = std::move(cause);
    }
  }
  return *std::move(found);
}

Cause CauseFinder::of_row(const Counted& counted, bool gone) {
  Sight sight{gone ? then_ : now_, gone ? now_ : then_, gone, {}, {}};
  RowId other =
      gone ? counted_.versions.known_now(counted.row) : counted_.versions.known_then(counted.row);
  sight.at_here = sight.here.input.look(sight.here.world, counted.row);
  Cause cause = begin(sight.at_here);
  RowId in_force = kNoRow;  // of a unit that is there on both sides, its place and attributes count
  if (now_.input.kind == Kind::kUnits) {
    in_force = sight.there.world.unit_row(sight.at_here.unit, sight.there.world.day());
  }
  if (in_force != kNoRow) {
    other = in_force;
  } else if (by_version(counted_, own_fields_, now_.world.day(), gone, counted.row, other, cause)) {
    return cause;
  }
  sight.at_there = sight.there.input.look(sight.there.world, other);
  static_cast<void>(by_home(sight, cause) || by_structure(sight, cause) ||
                    by_member(sight, cause) || by_unit(sight, cause) || by_having(sight, cause) ||
                    by_path(sight, counted.unit, cause));
  return cause;
}

// It counts on both sides, with another value.
Cause CauseFinder::of_value(const Shift& shift) {
  const RowId row = shift.now.front().row;
  const RowId before = counted_.versions.known_then(row);
  Sight sight{now_, then_, false, now_.input.look(now_.world, row), {}};
  Cause cause = begin(sight.at_here);
  if (by_version(counted_, own_fields_, now_.world.day(), false, row, before, cause)) return cause;
  sight.at_there = then_.input.look(then_.world, before);
  if (!now_.input.sum) return cause;
  const Column& sum = *now_.input.sum;
  const bool of_member = sum.source == Source::kMember;
  const Story& story = of_member ? members_ : units_;
  cause.kind = of_member ? CauseKind::kAttribute : CauseKind::kReorganisation;
  show({&sum}, sight, cause);
  blame(story, {*story.rows.schema().find(sum.field.name)}, sight.at_here.day,
        sum.row(sight.at_there), sum.row(sight.at_here), cause);
  return cause;
}

bool CauseFinder::by_version(const Story& story, const Fields& fields, time::Date day, bool gone,
                             RowId here, RowId there, Cause& cause) const {
  const Rows& rows = story.rows;
  const bool moves_people = story.name == TableName::kMemberships;
  if (there == kNoRow && gone) {
    cause.kind = CauseKind::kWithdrawn;
    cause.row = story.versions.last(here);
    cause.commit = rows.superseded(cause.row);
  } else if (there == kNoRow) {
    const bool moved = moves_people && is_reorganisation(rows, "in_reason", here);
    cause.kind = moved ? CauseKind::kReorganisation : CauseKind::kLate;
    cause.row = first_alike(story, fields, day, here);
    cause.commit = rows.recorded(cause.row);
  } else {
    const RowId then = gone ? here : there;
    const RowId now = gone ? there : here;
    const Fields odd = fields_at_odds(rows, fields, day, then, now);
    if (odd.empty()) return false;
    cause.kind = CauseKind::kCorrection;
    cause.row = first_alike(story, fields, day, now);
    cause.commit = rows.recorded(cause.row);
    show(story, odd, then, now, cause);
    // An interval that was open got its end: what ended it became known late.
    const auto until = rows.schema().find(Role::kUntil);
    if (gone && odd.size() == 1 && odd.front() == until && rows.field(*until).is_missing(then)) {
      const bool moved = moves_people && is_reorganisation(rows, "out_reason", now);
      cause.kind = moved ? CauseKind::kReorganisation : CauseKind::kLate;
    }
  }
  cause.table = story.name;
  return true;
}

bool CauseFinder::by_home(const Sight& sight, Cause& cause) const {
  if (sight.at_here.unit == sight.at_there.unit) return false;
  if (!sight.here.input.stands_at_home(sight.at_here.own)) return false;
  const time::Date day = sight.at_here.day;
  const RowId home = sight.here.world.home_row(sight.at_here.member, day);
  if (home == kNoRow) return false;
  const Versions& versions = memberships_.versions;
  const RowId other = sight.gone ? versions.known_now(home) : versions.known_then(home);
  return by_version(memberships_, home_fields_, day, sight.gone, home, other, cause);
}

// The row says the same and is shown elsewhere under the structure asked: by the member's home on
// that day, else by what became of its unit.
bool CauseFinder::by_structure(const Sight& sight, Cause& cause) const {
  const Restatement* to = sight.here.world.restatement();
  if (to == nullptr || sight.at_here.unit == sight.at_there.unit) return false;
  const RowId here = sight.here.world.home_row(sight.at_here.member, to->day());
  const RowId there = sight.there.world.home_row(sight.at_here.member, to->day());
  if (here != there) {
    const RowId home = here == kNoRow ? there : here;
    const bool gone = here == kNoRow ? !sight.gone : sight.gone;
    const Versions& versions = memberships_.versions;
    const RowId other = gone ? versions.known_now(home) : versions.known_then(home);
    if (by_version(memberships_, home_fields_, to->day(), gone, home, other, cause)) return true;
  }
  const auto key = [&](UnitSlot unit) {
    return unit == kNoUnitSlot ? std::string() : std::string(now_.world.snapshot().key_of(unit));
  };
  cause.kind = CauseKind::kReorganisation;
  cause.field = "structure";
  cause.before = key(sight.then().unit);
  cause.after = key(sight.now().unit);
  return true;
}

namespace {

// The column says the same of both rows.
bool reads_alike(const Column& column, const Placed& a, const Placed& b) {
  if (column.field.type == table::Type::kInt) return column.integer(a) == column.integer(b);
  if (column.field.type != table::Type::kText || column.is_slot())
    return column.number(a) == column.number(b);
  if (column.is_missing(a) || column.is_missing(b))
    return column.is_missing(a) == column.is_missing(b);
  return column.reader.text(column.row(a)) == column.reader.text(column.row(b));
}

}  // namespace

std::vector<const Column*> CauseFinder::columns_at_odds(const Sight& sight, Source source,
                                                        const std::vector<Filter>& filters) const {
  std::vector<const Column*> columns;
  for (const Filter& filter : filters) {
    if (!filter.passes(sight.at_there)) columns.push_back(&filter.column);
  }
  const auto add_columns = [&](const Formula& formula) {
    for (const auto& [variable, column] : formula.columns()) {
      if (column.source == source && !reads_alike(column, sight.at_here, sight.at_there))
        columns.push_back(&column);
    }
  };
  const std::optional<Formula>& condition = sight.there.input.condition;
  if (condition && !condition->value(sight.at_there).is_true()) add_columns(*condition);
  for (GroupColumn& group : now_.input.groups) {
    if (!group.formula && group.column.source != source) continue;
    if (group.digit(sight.at_here) == group.digit(sight.at_there)) continue;
    if (group.formula) {
      add_columns(*group.formula);
    } else {
      columns.push_back(&group.column);
    }
  }
  return columns;
}

bool CauseFinder::by_member(const Sight& sight, Cause& cause) const {
  std::vector<const Column*> columns =
      columns_at_odds(sight, Source::kMember, sight.there.input.member_filters);
  const Rows& members = members_.rows;
  Column date;
  const bool admission = now_.input.kind == Kind::kAdmissions;
  if (columns.empty() && admission && sight.at_here.day != sight.at_there.day) {
    const char* name = ask_.dated_by == DatedBy::kDecision ? "decision_date" : "joined_date";
    date = bind(members, *members.schema().find(name), Source::kMember, name);
    columns.push_back(&date);
  }
  if (columns.empty()) return false;
  Fields fields;
  for (const Column* column : columns) {
    add_field(members.schema().find(column->field.name), fields);
    if (!column->standing) continue;
    add_field(members.schema().find("joined_date"), fields);
    add_field(members.schema().find("full_date"), fields);
  }
  cause.kind = CauseKind::kAttribute;
  show(columns, sight, cause);
  blame(members_, fields, sight.at_here.day, sight.then().member_row, sight.now().member_row,
        cause);
  return true;
}

bool CauseFinder::by_unit(const Sight& sight, Cause& cause) const {
  if (sight.at_here.unit == kNoUnitSlot) return false;
  const bool units = now_.input.kind == Kind::kUnits;
  const auto& filters = units ? sight.there.input.own_filters : sight.there.input.unit_filters;
  std::vector<const Column*> columns;
  if (sight.at_there.unit_row != kNoRow) {
    columns = columns_at_odds(sight, units ? Source::kOwn : Source::kUnit, filters);
    if (columns.empty()) return false;
  }
  Fields fields;
  for (const Column* column : columns) {
    add_field(units_.rows.schema().find(column->field.name), fields);
  }
  cause.kind = CauseKind::kReorganisation;
  show(columns, sight, cause);
  blame(units_, fields, sight.at_here.day, sight.then().unit_row, sight.now().unit_row, cause);
  return true;
}

// The row by which the unit crossed the threshold for the last time.
bool CauseFinder::by_having(const Sight& sight, Cause& cause) {
  const auto& keep = sight.there.input.keep_units;
  if (!keep || (*keep)[index_of(sight.at_here.unit)]) return false;
  if (having_then_ == nullptr || having_now_ == nullptr) return false;
  if (having_ == nullptr) having_ = std::make_unique<Having>(*this, ask_.having->ask);
  const UnitSlot unit = sight.at_here.unit;
  const auto& shifts = having_->difference.shifts();
  const auto before = [](const Shift& shift, UnitSlot of) {
    return index_of(shift.unit) < index_of(of);
  };
  std::vector<std::pair<Cause, std::int64_t>> steps;
  for (auto shift = std::lower_bound(shifts.begin(), shifts.end(), unit, before);
       shift != shifts.end() && shift->unit == unit; ++shift) {
    steps.emplace_back(having_->finder.find(*shift), shift->effect);
  }
  std::stable_sort(steps.begin(), steps.end(),
                   [](const auto& a, const auto& b) { return a.first.commit < b.first.commit; });
  std::int64_t count = having_then_->counts[index_of(unit)];
  const RowId counted = cause.counted;
  const std::int64_t least = ask_.having->at_least;
  for (auto& [step, effect] : steps) {
    const bool was = count >= least;
    count += effect;
    if (was == (count >= least)) continue;
    cause = step;
    cause.unit = unit;
    cause.counted = counted;
  }
  return true;
}

bool CauseFinder::by_path(const Sight& sight, UnitSlot target, Cause& cause) const {
  if (target == kNoUnitSlot) return false;
  const auto& schema = units_.rows.schema();
  const Fields parent = {*schema.find(Role::kParent)};
  // A unit that has no row in the result there: its kind, its class, or where it stands.
  if (sight.there.targets.of_slot(target) == kNoTarget) {
    const time::Date day = now_.world.tree_day();
    const Fields form = {*schema.find("class"), *schema.find("kind")};
    return (now_.targets.by_form && by_ancestor(sight, target, day, form, cause)) ||
           by_ancestor(sight, target, day, parent, cause);
  }
  const time::Date day = sight.here.reach.climbs() ? sight.at_here.day : now_.world.tree_day();
  return by_ancestor(sight, sight.at_here.unit, day, parent, cause);
}

// The first unit, from `unit` upward as the tree is here, that is not the same there.
bool CauseFinder::by_ancestor(const Sight& sight, UnitSlot unit, time::Date day,
                              const Fields& fields, Cause& cause) const {
  for (std::uint32_t left = now_.world.snapshot().unit_count(); left != 0; --left) {
    const RowId here = sight.here.world.unit_row(unit, day);
    if (here == kNoRow) return false;
    const RowId there = sight.there.world.unit_row(unit, day);
    const Fields odd =
        there == kNoRow ? Fields{} : fields_at_odds(units_.rows, fields, day, here, there);
    if (there == kNoRow || !odd.empty()) {
      const RowId then = sight.gone ? here : there;
      const RowId now = sight.gone ? there : here;
      cause.kind = CauseKind::kReorganisation;
      cause.unit = unit;
      show(units_, odd, then, now, cause);
      blame(units_, fields, day, then, now, cause);
      return true;
    }
    unit = sight.here.world.parent_of(here);
    if (unit == kNoUnitSlot) return false;
  }
  return false;
}

void CauseFinder::blame(const Story& story, const Fields& fields, time::Date day, RowId then,
                        RowId now, Cause& cause) const {
  cause.table = story.name;
  RowId later = now;
  if (now == kNoRow || !story.versions.is_later(now)) {
    if (then == kNoRow) return;
    later = story.versions.last(then);
    if (story.versions.known_now(then) == kNoRow) {
      cause.row = later;
      cause.commit = story.rows.superseded(later);
      return;
    }
  }
  cause.row = first_alike(story, fields, day, later);
  cause.commit = story.rows.recorded(cause.row);
}

}  // namespace dangbo::inline v1::rollup
