#include "rules/delta.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "dangbo/party/schemas.hpp"
#include "dangbo/registry/history.hpp"
#include "rules/reads.hpp"

namespace dangbo::inline v1::rules {

namespace {

using registry::FieldReader;
using registry::Rows;
using table::Role;
using table::TableKind;

void add(std::vector<RowId>& to, std::uint32_t row) {
  to.push_back(RowId{row});
}

template <typename T>
void settle(std::vector<T>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

// Rows whose knowledge changed. Withdrawn rows leave no other trace than in the history.
absl::Status known_rows(const Facts& before, const registry::View& after, Delta& out) {
  const auto changes =
      registry::knowledge_changes(after.snapshot(), before.view().known_at(), time::DateRange());
  if (!changes.ok()) return changes.status();
  const table::Column& tables = changes->column(*changes->find("table"));
  const table::Column& ids = changes->column(*changes->find("row_id"));
  std::string_view last;
  std::size_t table = 0;
  for (std::size_t i = 0; i < changes->row_count(); ++i) {
    const std::string_view name =
        tables.type() == table::Type::kCode ? std::string_view(tables.word(i)) : tables.text(i);
    if (i == 0 || name != last) {
      last = name;
      table = before.bindings().table(name);
    }
    if (table >= out.rows.size()) continue;
    const auto rows = after.snapshot().rows(name);
    RowId row{static_cast<std::uint32_t>(ids.integer(i))};
    // The row, and all that it stands for.
    while (row != kNoRow) {
      out.rows[table].push_back(row);
      row = rows->corrects(row);
    }
  }
  return absl::OkStatus();
}

// Rows that begin or cease to hold between the days.
void due_rows(const Facts& before, const registry::View& after, std::size_t table, Delta& out) {
  const Rows* const rows = before.rows(table);
  if (rows == nullptr) return;
  const std::int32_t from = std::min(before.day(), after.day()).days();
  const std::int32_t to = std::max(before.day(), after.day()).days();
  const auto falls = [&](std::int32_t day) { return from < day && day <= to; };
  const table::Schema& schema = rows->schema();
  const auto day = schema.find(Role::kDay);
  for (std::uint32_t i = 0; i < rows->size(); ++i) {
    const RowId row{i};
    bool turns = false;
    if (schema.kind() == TableKind::kState) {
      const time::DateRange range = rows->range(row);
      turns = falls(range.from_day()) || falls(range.until_day());
    } else if (schema.kind() == TableKind::kEvent) {
      const auto held = day ? before.reader(table, *day).date(row) : std::nullopt;
      turns = held && falls(held->first_day().days());
    } else if (const auto period = before.period_of(table, row)) {
      turns = falls(period->from_day());
    }
    if (turns) add(out.rows[table], i);
  }
}

void due_standings(const Facts& before, const registry::View& after, Delta& out) {
  const std::size_t members = before.members_table();
  const Rows& rows = *before.rows(members);
  const std::int32_t from = std::min(before.day(), after.day()).days();
  const std::int32_t to = std::max(before.day(), after.day()).days();
  for (const char* const name : {"joined_date", "full_date"}) {
    const FieldReader& reader = before.reader(members, *rows.schema().find(name));
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      const auto day = reader.date(RowId{i});
      if (!day) continue;
      const bool falls = (from < day->first_day().days() && day->first_day().days() <= to) ||
                         (from < day->last_day().days() && day->last_day().days() <= to);
      if (falls) out.standings.push_back(rows.member_of(RowId{i}));
    }
  }
}

}  // namespace

absl::StatusOr<Delta> delta_of(const Facts& before, const registry::View& after) {
  Delta out;
  out.rows.resize(before.bindings().subjects().tables().size());
  const bool same = before.view().known_at() == after.known_at();
  if (!same) {
    const absl::Status done = known_rows(before, after, out);
    if (!done.ok()) return done;
  }
  if (before.day() != after.day()) {
    for (std::size_t i = 0; i < out.rows.size(); ++i) due_rows(before, after, i, out);
    due_standings(before, after, out);
  }
  for (auto& rows : out.rows) settle(rows);
  settle(out.standings);
  return out;
}

void complete(Delta& delta, const Facts& before, const Facts& after) {
  const std::size_t units = after.units_table();
  const auto place = [](const Facts& facts, UnitSlot unit) {
    const auto at = facts.tree().position_of(unit);
    if (at == base::kNoPosition) return std::pair(false, kNoUnitSlot);
    const auto above = facts.tree().parent_of(at);
    return std::pair(true, above == base::kNoPosition ? kNoUnitSlot : facts.tree().slot_at(above));
  };
  std::vector<UnitSlot> touched;
  for (const RowId row : delta.rows[units]) {
    if (index_of(row) < after.rows(units)->size())
      touched.push_back(after.rows(units)->unit_of(row));
  }
  settle(touched);
  for (const UnitSlot unit : touched) {
    if (place(before, unit) != place(after, unit)) delta.moved.push_back(unit);
  }
  delta.tree_changed = !delta.moved.empty();
}

RuleReads reads_of(const Rule& rule, const RecordBinding& self) {
  RuleReads out;
  std::set<std::vector<std::uint32_t>> paths;
  for_each_condition(rule, [&](const Condition& condition) {
    for (const expr::FieldRead& read : condition.expression.reads()) {
      if (read.variable == RuleNames::kSelf) paths.insert(read.path);
      if (read.variable == RuleNames::kAsOf) out.reads_day = true;
    }
  });
  for (const auto& path : paths) {
    ReadPath steps;
    const RecordBinding* record = &self;
    for (const std::uint32_t number : path) {
      const FieldBinding& field = record->fields[number];
      steps.steps.push_back({record, &field});
      if (field.target == nullptr) break;
      record = field.target;
    }
    if (!steps.steps.empty()) out.paths.push_back(std::move(steps));
  }
  return out;
}

}  // namespace dangbo::inline v1::rules
