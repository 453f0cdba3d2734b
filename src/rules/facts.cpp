#include "rules/facts.hpp"

#include <algorithm>
#include <utility>

#include "dangbo/party/vocabulary.hpp"
#include "dangbo/time/period.hpp"

namespace dangbo::inline v1::rules {

namespace {

using party::TableName;
using Source = FieldBinding::Source;
using registry::FieldReader;
using registry::Rows;
using table::Role;
using table::TableKind;
using time::Date;
using time::DateRange;

constexpr auto kHome = static_cast<std::uint32_t>(party::MembershipKind::kHome);
constexpr int kMonthsLookedAt = 12;

// The fields by which the rows of a table are in the relations of a unit; empty: Rows::unit_of.
std::vector<std::size_t> unit_fields(const table::Schema& schema) {
  std::vector<std::size_t> out;
  const auto add = [&](std::string_view name) {
    if (const auto field = schema.find(name)) out.push_back(*field);
  };
  if (schema.name() == TableName::kDecisions) add("subject_unit");  // whom it is about
  if (schema.name() == TableName::kUnitEvents) {
    add("from_unit");
    add("to_unit");
  }
  return out;
}

bool is_among(const std::vector<std::string>& words, const FieldReader& reader, RowId row) {
  const std::string_view word = reader.word(reader.raw(row));
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

const RowIndex& Indexes::of(std::size_t table, const Rows& rows) {
  if (by_table_.size() <= table) by_table_.resize(table + 1);
  auto& index = by_table_[table];
  if (!index) index.emplace(unit_fields(rows.schema()));
  index->extend(rows);
  return *index;
}

Facts::Facts(registry::View view, Bindings& bindings, std::shared_ptr<Indexes> indexes)
    : view_(view), tree_view_(std::move(view)), bindings_(bindings), indexes_(std::move(indexes)) {
  read_tables();
}

void Facts::read_tables() {
  const auto tables = bindings_.subjects().tables();
  auto read = std::make_shared<Tables>();
  read->readers.resize(tables.size());
  for (std::size_t i = 0; i < tables.size(); ++i) {
    read->rows.push_back(view_.snapshot().rows(tables[i]->name()));
    if (!read->rows.back()) continue;
    for (std::size_t k = 0; k < tables[i]->fields().size(); ++k) {
      read->readers[i].push_back(read->rows.back()->field(k));
    }
  }
  tables_ = std::move(read);
  units_ = bindings_.table(TableName::kUnits);
  members_ = bindings_.table(TableName::kMembers);
  memberships_ = bindings_.table(TableName::kMemberships);
  kind_ = *tables[memberships_]->find("kind");
}

Facts Facts::with_tree_of(registry::View view, std::shared_ptr<Indexes> indexes) const {
  Facts out(*this);
  out.view_ = std::move(view);
  out.indexes_ = std::move(indexes);
  out.watched_ = nullptr;
  out.structure_day_.reset();
  out.prepared_.reset();
  out.read_tables();
  return out;
}

Facts Facts::on(Date day) const {
  registry::View view = view_.snapshot().at(day, view_.known_at());
  const bool same_tree = day >= view_.day() && day.days() < next_structure_day();
  Facts out(*this);
  out.view_ = view;
  out.watched_ = nullptr;
  out.prepared_.reset();
  if (!same_tree) {
    out.structure_day_.reset();
    out.tree_view_ = std::move(view);
  }
  return out;
}

void Facts::prepare() {
  if (prepared_) return;
  auto made = std::make_shared<Prepared>();
  const auto fill = [&](std::size_t table, std::uint32_t count, std::vector<RowId>& out,
                        auto slot_of) {
    out.assign(count, kNoRow);
    const Rows& rows = *tables_->rows[table];
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      if (view_.includes(rows, RowId{i})) out[index_of(slot_of(rows, RowId{i}))] = RowId{i};
    }
  };
  fill(units_, snapshot().unit_count(), made->units,
       [](const Rows& rows, RowId row) { return rows.unit_of(row); });
  fill(members_, snapshot().member_count(), made->members,
       [](const Rows& rows, RowId row) { return rows.member_of(row); });
  made->homes.assign(snapshot().member_count(), kNoRow);
  const Rows& memberships = *tables_->rows[memberships_];
  const FieldReader& kind = tables_->readers[memberships_][kind_];
  for (std::uint32_t i = 0; i < memberships.size(); ++i) {
    const RowId row{i};
    if (!memberships.holds_on(row, view_.day()) || kind.raw(row) != kHome) continue;
    if (memberships.is_known(row, view_.known_at())) {
      made->homes[index_of(memberships.member_of(row))] = row;
    }
  }
  prepared_ = std::move(made);
}

RowId Facts::unit_row(UnitSlot unit) const {
  if (index_of(unit) >= snapshot().unit_count()) return kNoRow;
  if (watched_ != nullptr) {
    for (RowId row = tables_->rows[units_]->newest_of(unit); row != kNoRow;
         row = tables_->rows[units_]->previous_of_unit(row)) {
      see_row(units_, row);
    }
  }
  return prepared_ ? prepared_->units[index_of(unit)] : view_.unit_row(unit);
}

RowId Facts::member_row(MemberSlot member) const {
  if (index_of(member) >= snapshot().member_count()) return kNoRow;
  if (watched_ != nullptr) {
    for (RowId row = tables_->rows[members_]->newest_of(member); row != kNoRow;
         row = tables_->rows[members_]->previous_of_member(row)) {
      see_row(members_, row);
    }
  }
  return prepared_ ? prepared_->members[index_of(member)] : view_.member_row(member);
}

RowId Facts::home_row(MemberSlot member) const {
  if (prepared_ && watched_ == nullptr) return prepared_->homes[index_of(member)];
  const Rows& rows = *tables_->rows[memberships_];
  RowId found = kNoRow;
  for (RowId row = rows.newest_of(member); row != kNoRow; row = rows.previous_of_member(row)) {
    if (tables_->readers[memberships_][kind_].raw(row) != kHome) continue;
    see_row(memberships_, row);
    if (found == kNoRow && view_.includes(rows, row)) {
      found = row;
      if (watched_ == nullptr) break;
    }
  }
  return found;
}

RowId Facts::home_before(RowId row) const {
  const Rows& rows = *tables_->rows[memberships_];
  const std::int32_t begins = rows.range(row).from_day();
  RowId found = kNoRow;
  for (RowId other = rows.newest_of(rows.member_of(row)); other != kNoRow;
       other = rows.previous_of_member(other)) {
    if (other == row || tables_->readers[memberships_][kind_].raw(other) != kHome) continue;
    if (!rows.is_known(other, view_.known_at()) || rows.range(other).until_day() > begins) continue;
    if (found == kNoRow || rows.range(other).until_day() > rows.range(found).until_day()) {
      found = other;
    }
  }
  return found;
}

std::optional<DateRange> Facts::period_of(std::size_t table, RowId row) const {
  const auto field = tables_->rows[table]->schema().find(Role::kPeriod);
  if (!field || tables_->readers[table][*field].is_missing(row)) return std::nullopt;
  return time::period_days(tables_->readers[table][*field].text(row));
}

bool Facts::holds(std::size_t table, RowId row) const {
  const Rows& rows = *tables_->rows[table];
  if (!rows.is_known(row, view_.known_at())) return false;
  switch (rows.schema().kind()) {
    case TableKind::kState:
      return rows.holds_on(row, view_.day());
    case TableKind::kEvent: {
      const auto field = rows.schema().find(Role::kDay);
      const auto day = field ? tables_->readers[table][*field].date(row) : std::nullopt;
      return !day || day->first_day() <= view_.day();
    }
    case TableKind::kPeriod:
      break;
  }
  const auto period = period_of(table, row);
  return !period || period->from_day() <= view_.day().days();
}

std::int32_t Facts::turns(std::size_t table, RowId row) const {
  const Rows& rows = *tables_->rows[table];
  const std::int32_t today = view_.day().days();
  std::int32_t next = kNever;
  const auto take = [&](std::int32_t day) {
    if (day > today && day < next) next = day;
  };
  switch (rows.schema().kind()) {
    case TableKind::kState:
      take(rows.range(row).from_day());
      take(rows.range(row).until_day());
      break;
    case TableKind::kEvent: {
      const auto field = rows.schema().find(Role::kDay);
      const auto day = field ? tables_->readers[table][*field].date(row) : std::nullopt;
      if (day) take(day->first_day().days());
      break;
    }
    case TableKind::kPeriod:
      if (const auto period = period_of(table, row)) take(period->from_day());
      break;
  }
  return next;
}

void Facts::see_row(std::size_t table, RowId row) const {
  if (watched_ == nullptr || !tables_->rows[table]->is_known(row, view_.known_at())) return;
  see(turns(table, row));
}

void Facts::see_tree() const {
  if (watched_ != nullptr) see(next_structure_day());
}

std::int32_t Facts::next_structure_day() const {
  if (!structure_day_) {
    std::int32_t next = kNever;
    for (std::uint32_t i = 0; i < tables_->rows[units_]->size(); ++i) {
      const std::int32_t day = turns(units_, RowId{i});
      if (day < next && tables_->rows[units_]->is_known(RowId{i}, view_.known_at())) next = day;
    }
    structure_day_ = next;
  }
  return *structure_day_;
}

UnitSlot Facts::unit_of_row(std::size_t table, RowId row) const {
  const Rows& rows = *tables_->rows[table];
  const auto fields = unit_fields(rows.schema());
  if (!fields.empty()) {
    for (const std::size_t field : fields) {
      if (!tables_->readers[table][field].is_missing(row))
        return UnitSlot{tables_->readers[table][field].raw(row)};
    }
    return kNoUnitSlot;
  }
  if (!rows.schema().find(Role::kUnit) && rows.schema().find(Role::kSubject)) {
    const UnitSlot unit = rows.unit_of(row);
    if (unit != kNoUnitSlot) return unit;
    const RowId home = home_row(rows.member_of(row));
    return home == kNoRow ? kNoUnitSlot : tables_->rows[memberships_]->unit_of(home);
  }
  return rows.unit_of(row);
}

MemberSlot Facts::member_of_row(std::size_t table, RowId row) const {
  return tables_->rows[table]->member_of(row);
}

void Facts::units_of_row(std::size_t table, RowId row, std::vector<UnitSlot>& out) const {
  const auto fields = unit_fields(tables_->rows[table]->schema());
  for (const std::size_t field : fields) {
    if (!tables_->readers[table][field].is_missing(row)) {
      out.push_back(UnitSlot{tables_->readers[table][field].raw(row)});
    }
  }
  if (!fields.empty()) return;
  const UnitSlot unit = tables_->rows[table]->unit_of(row);
  if (unit != kNoUnitSlot) out.push_back(unit);
}

void Facts::members_of(UnitSlot unit, std::vector<Entity>& out) const {
  const Rows& rows = *tables_->rows[memberships_];
  const std::size_t first = out.size();
  each_row_of(memberships_, unit, [&](RowId row) {
    if (tables_->readers[memberships_][kind_].raw(row) != kHome) return;
    see_row(memberships_, row);
    if (view_.includes(rows, row)) out.push_back(index_of(rows.member_of(row)));
  });
  std::sort(out.begin() + static_cast<std::ptrdiff_t>(first), out.end());
}

void Facts::rows_of_unit(std::size_t table, UnitSlot unit, std::vector<Entity>& out) const {
  each_row_of(table, unit, [&](RowId row) {
    see_row(table, row);
    if (holds(table, row)) out.push_back(index_of(row));
  });
}

void Facts::rows_of_member(std::size_t table, MemberSlot member, std::vector<Entity>& out) const {
  if (!tables_->rows[table]) return;
  const Rows& rows = *tables_->rows[table];
  const std::size_t first = out.size();
  for (RowId row = rows.newest_of(member); row != kNoRow; row = rows.previous_of_member(row)) {
    see_row(table, row);
    if (holds(table, row)) out.push_back(index_of(row));
  }
  std::reverse(out.begin() + static_cast<std::ptrdiff_t>(first), out.end());
}

RowId Facts::row_of(const RecordBinding& of, Entity entity) const {
  switch (of.about) {
    case About::kUnit:
      return unit_row(UnitSlot{static_cast<std::uint32_t>(entity)});
    case About::kMember:
      return member_row(MemberSlot{static_cast<std::uint32_t>(entity)});
    case About::kRow:
    case About::kMove:
    case About::kAdmission:
      return RowId{static_cast<std::uint32_t>(entity)};
    default:
      return kNoRow;
  }
}

Entity Facts::single(const RecordBinding& of, const FieldBinding& field, Entity entity) const {
  const auto unit = [](UnitSlot slot) {
    return slot == kNoUnitSlot ? kNoEntity : Entity{index_of(slot)};
  };
  const RowId row{static_cast<std::uint32_t>(entity)};
  switch (field.source) {
    case Source::kParent: {
      see_tree();
      const auto at = tree().position_of(UnitSlot{static_cast<std::uint32_t>(entity)});
      if (at == base::kNoPosition || tree().parent_of(at) == base::kNoPosition) return kNoEntity;
      return unit(tree().slot_at(tree().parent_of(at)));
    }
    case Source::kUnit:
      if (of.about == About::kUnitMonth) return unit(unit_of_month(entity));
      if (of.about == About::kMember) {
        const RowId home = home_row(MemberSlot{static_cast<std::uint32_t>(entity)});
        return home == kNoRow ? kNoEntity : unit(tables_->rows[memberships_]->unit_of(home));
      }
      return unit(unit_of_row(of.table, row));
    case Source::kMember: {
      const MemberSlot member = member_of_row(of.table, row);
      return member == base::kNoMemberSlot ? kNoEntity : Entity{index_of(member)};
    }
    case Source::kFromUnit: {
      const RowId before = home_before(row);
      return before == kNoRow ? kNoEntity : unit(tables_->rows[memberships_]->unit_of(before));
    }
    default:
      return kNoEntity;
  }
}

void Facts::list(const RecordBinding& of, const FieldBinding& field, Entity entity,
                 std::vector<Entity>& out) const {
  const UnitSlot unit{static_cast<std::uint32_t>(entity)};
  switch (field.source) {
    case Source::kMembers:
      return members_of(unit, out);
    case Source::kRowsOfUnit:
      return rows_of_unit(field.table, unit, out);
    case Source::kRowsOfMember: {
      const RowId row{static_cast<std::uint32_t>(entity)};
      const bool is_member = of.about == About::kMember;
      const MemberSlot member =
          is_member ? MemberSlot{static_cast<std::uint32_t>(entity)} : member_of_row(of.table, row);
      return rows_of_member(field.table, member, out);
    }
    case Source::kMeetingsOfMonth: {
      std::vector<Entity> all;
      rows_of_unit(field.table, unit_of_month(entity), all);
      for (const Entity row : all) {
        const auto period = period_of(field.table, RowId{static_cast<std::uint32_t>(row)});
        if (period && period->from() == first_day_of_month(entity)) out.push_back(row);
      }
      return;
    }
    case Source::kItems:
      out.insert(out.end(), (*cohorts_)[entity].begin(), (*cohorts_)[entity].end());
      return;
    default:
      break;
  }
  see_tree();
  const auto at = tree().position_of(unit);
  if (at == base::kNoPosition) return;
  const auto slot = [&](base::UnitPosition position) { return tree().slot_at(position); };
  if (field.source == Source::kAncestors) {
    for (auto up = tree().parent_of(at); up != base::kNoPosition; up = tree().parent_of(up)) {
      out.push_back(index_of(slot(up)));
    }
  } else if (field.source == Source::kChildren) {
    for (const auto child : tree().children_of(at)) out.push_back(index_of(slot(child)));
  } else {
    const bool of_members = field.source == Source::kAllMembers;
    const std::uint32_t end = index_of(tree().end_of(at));
    for (std::uint32_t i = index_of(at) + (of_members ? 0 : 1); i < end; ++i) {
      const UnitSlot below = slot(base::UnitPosition{i});
      if (of_members) {
        members_of(below, out);
      } else {
        out.push_back(index_of(below));
      }
    }
  }
}

bool Facts::is_of_kind(const Subject& subject, UnitSlot unit) const {
  if (tree().position_of(unit) == base::kNoPosition) return false;
  const RowId row = unit_row(unit);
  if (row == kNoRow) return false;
  const table::Schema& schema = tables_->rows[units_]->schema();
  const FieldReader& kind = tables_->readers[units_][*schema.find("kind")];
  const FieldReader& grade = tables_->readers[units_][*schema.find("class")];
  if (!subject.unit_kinds.empty() && !is_among(subject.unit_kinds, kind, row)) return false;
  return subject.unit_classes.empty() ||
         (!grade.is_missing(row) && is_among(subject.unit_classes, grade, row));
}

std::size_t Facts::without_class(const Subject& subject) const {
  if (subject.unit_classes.empty()) return 0;
  const FieldReader& grade =
      tables_->readers[units_][*tables_->rows[units_]->schema().find("class")];
  Subject any = subject;
  any.unit_classes.clear();
  std::size_t count = 0;
  for (const UnitSlot unit : tree().slots()) {
    count += is_of_kind(any, unit) && grade.is_missing(unit_row(unit)) ? 1U : 0U;
  }
  return count;
}

bool Facts::stood_in(UnitSlot unit, Date first, Date last) const {
  const Rows& rows = *tables_->rows[units_];
  bool at_first = false;
  bool at_last = false;
  for (RowId row = rows.newest_of(unit); row != kNoRow; row = rows.previous_of_unit(row)) {
    if (!rows.is_known(row, view_.known_at())) continue;
    at_first = at_first || rows.holds_on(row, first);
    at_last = at_last || rows.holds_on(row, last);
  }
  return at_first && at_last;
}

// The last twelve months that were over on the day, of units that stood from their first day to
// their last.
bool Facts::is_month(const Subject& subject, UnitSlot unit, Date first) const {
  const auto end = time::add_months(first, 1, time::MonthEndRule::kClamp);
  const auto left = time::add_months(first, kMonthsLookedAt + 1, time::MonthEndRule::kClamp);
  if (!end || !left || !is_of_kind(subject, unit)) return false;
  see(end->days());
  see(left->days());
  return *end <= view_.day() && view_.day() < *left && stood_in(unit, first, end->plus_days(-1));
}

void Facts::past_months(const Subject& subject, std::vector<Entity>& out) const {
  const Date today = view_.day();
  const auto here = Date::from_ymd(today.year(), today.month(), 1);
  for (const UnitSlot unit : tree().slots()) {
    for (int back = kMonthsLookedAt; back > 0; --back) {
      const auto first = time::add_months(*here, -back, time::MonthEndRule::kClamp);
      if (first && is_month(subject, unit, *first)) {
        out.push_back(unit_month(unit, first->days()));
      }
    }
  }
}

bool Facts::is_move(const Subject& subject, RowId row) const {
  const Rows& rows = *tables_->rows[memberships_];
  if (tables_->readers[memberships_][kind_].raw(row) != kHome) return false;
  if (!rows.is_known(row, view_.known_at())) return false;
  const std::int32_t begins = rows.range(row).from_day();
  if (begins == DateRange::kOpenFrom || begins > view_.day().days()) return false;
  const FieldReader& reason = tables_->readers[memberships_][*rows.schema().find("in_reason")];
  const std::string_view word = reason.is_missing(row) ? "" : reason.word(reason.raw(row));
  const bool admits = word == "admission" || word == "re_admission";
  return subject.kind == Subject::Kind::kAdmission ? word == "admission" : !admits;
}

bool Facts::is_subject(const Subject& subject, Entity entity) const {
  switch (subject.kind) {
    case Subject::Kind::kUnit:
      return is_of_kind(subject, UnitSlot{static_cast<std::uint32_t>(entity)});
    case Subject::Kind::kMember:
      return home_row(MemberSlot{static_cast<std::uint32_t>(entity)}) != kNoRow;
    case Subject::Kind::kUnitMonth:
      return is_month(subject, unit_of_month(entity), first_day_of_month(entity));
    case Subject::Kind::kMove:
    case Subject::Kind::kAdmission:
      return is_move(subject, RowId{static_cast<std::uint32_t>(entity)});
    case Subject::Kind::kRow:
      break;
  }
  const std::size_t table = bindings_.table(subject.table);
  const RowId row{static_cast<std::uint32_t>(entity)};
  if (!tables_->rows[table] || !holds(table, row)) return false;
  if (subject.subject_type.empty()) return true;
  return (tables_->rows[table]->unit_of(row) != kNoUnitSlot) == (subject.subject_type == "unit");
}

void Facts::subjects(const Subject& subject, std::vector<Entity>& out) const {
  const auto all_that_are = [&](std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      if (is_subject(subject, i)) out.push_back(i);
    }
  };
  switch (subject.kind) {
    case Subject::Kind::kUnit:
      for (const UnitSlot unit : tree().slots()) {
        if (is_of_kind(subject, unit)) out.push_back(index_of(unit));
      }
      return;
    case Subject::Kind::kMember:
      return all_that_are(snapshot().member_count());
    case Subject::Kind::kUnitMonth:
      return past_months(subject, out);
    case Subject::Kind::kMove:
    case Subject::Kind::kAdmission:
      return all_that_are(tables_->rows[memberships_]->size());
    case Subject::Kind::kRow:
      break;
  }
  const std::size_t table = bindings_.table(subject.table);
  if (table < tables_->rows.size() && tables_->rows[table])
    all_that_are(tables_->rows[table]->size());
}

}  // namespace dangbo::inline v1::rules
