#include "rules/delta.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "dangbo/party/schemas.hpp"
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

// A row and all that it stands for.
void add_with_corrected(const Rows& rows, RowId row, std::vector<RowId>& out) {
  for (; row != kNoRow; row = rows.corrects(row)) out.push_back(row);
}

// Rows known at one commit and no longer at a later one.
void superseded(const Rows& rows, base::CommitNumber before, base::CommitNumber after,
                std::vector<RowId>& out) {
  constexpr std::uint32_t kPiece = 4096;
  std::array<std::uint8_t, kPiece> was{};
  std::array<std::uint8_t, kPiece> is{};
  for (std::uint32_t first = 0; first < rows.size(); first += kPiece) {
    const std::uint32_t count = std::min(kPiece, rows.size() - first);
    if (!rows.read_known(RowId{first}, after, {is.data(), count})) continue;
    if (!rows.read_known(RowId{first}, before, {was.data(), count})) was.fill(1);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (was[i] != 0 && is[i] == 0) out.push_back(RowId{first + i});
    }
  }
}

// Rows whose knowledge changed: those that came, those that they correct, and those withdrawn.
void known_rows(const Facts& before, const registry::View& after, Delta& out) {
  const Bindings& bindings = before.bindings();
  for (std::size_t table = 0; table < out.rows.size(); ++table) {
    const auto rows = after.snapshot().rows(bindings.subjects().tables()[table]->name());
    if (!rows) continue;
    // Rows lie in the order in which they became known.
    for (std::uint32_t i = rows->size(); i-- > 0;) {
      if (rows->recorded(RowId{i}) <= before.view().known_at()) break;
      add_with_corrected(*rows, RowId{i}, out.rows[table]);
    }
    superseded(*rows, before.view().known_at(), after.known_at(), out.rows[table]);
  }
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

Delta delta_of(const Facts& before, const registry::View& after) {
  Delta out;
  out.rows.resize(before.bindings().subjects().tables().size());
  if (before.view().known_at() != after.known_at()) known_rows(before, after, out);
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
