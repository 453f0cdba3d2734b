#include "dangbo/registry/history.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <vector>

#include "dangbo/time/period.hpp"
#include "registry/core.hpp"
#include "registry/history_tables.hpp"
#include "registry/row_values.hpp"

namespace dangbo::inline v1::registry {

namespace {

using base::index_of;
using table::Column;
using table::TableKind;
using table::Type;
using time::DateRange;

Column number_column(std::string name) {
  return {std::move(name), Type::kInt};
}

Column text_column(std::string name) {
  return {std::move(name), Type::kText};
}

// The days that a row is about.
DateRange days_of(const TableStore& store, std::uint32_t row) {
  const TableRoles& roles = store.roles();
  switch (store.schema().kind()) {
    case TableKind::kState:
      return Rows(&store, row + 1).range(RowId{row});
    case TableKind::kEvent: {
      const std::uint32_t code = store.raw(*roles.day, row);
      if (code == kMissingDate) return {};
      const std::int32_t day = static_cast<std::int32_t>(code) >> 2;
      return DateRange::from_days(day, day + 1);
    }
    case TableKind::kPeriod: {
      const std::uint32_t ref = store.raw(*roles.period, row);
      if (ref == kMissingWord) return {};
      return time::period_days(store.text().get(ref)).value_or(DateRange{});
    }
  }
  return {};
}

void append_entities(const TableStore& store, std::uint32_t row, const Core& core, Column& unit,
                     Column& member) {
  const Rows rows(&store, row + 1);
  const UnitSlot unit_slot = rows.unit_of(RowId{row});
  const MemberSlot member_slot = rows.member_of(RowId{row});
  if (unit_slot == base::kNoUnitSlot) {
    unit.append_missing();
  } else {
    unit.append_text(core.units.key(index_of(unit_slot)));
  }
  if (member_slot == base::kNoMemberSlot) {
    member.append_missing();
  } else {
    member.append_text(core.members.key(index_of(member_slot)));
  }
}

void append_or_missing(Column& column, const std::string& text) {
  if (text.empty()) {
    column.append_missing();
  } else {
    column.append_text(text);
  }
}

// The comparison of two states of knowledge.
class Changes {
 public:
  Changes(const Core& core, std::uint32_t after, std::uint32_t until, const DateRange& period)
      : core_(core), after_(after), until_(until), period_(period) {}

  void add_table(const TableStore& store) {
    const std::uint32_t before = store.rows_at(after_);
    const std::uint32_t now = store.rows_at(until_);
    std::vector<std::uint32_t> replaced;  // rows known after `after_` that a newer row stands for
    for (std::uint32_t row = before; row < now; ++row) {
      if (!store.is_known(row, until_)) continue;
      const std::uint32_t first = known_version(store, row, before);
      if (first != kMissingWord) replaced.push_back(first);
    }
    std::sort(replaced.begin(), replaced.end());
    for (std::uint32_t row = 0; row < before; ++row) {
      const std::uint32_t end = store.superseded_at(row);
      if (end <= after_ || end > until_) continue;
      if (std::binary_search(replaced.begin(), replaced.end(), row)) continue;
      if (days_of(store, row).overlaps(period_)) add_whole(store, row, "withdrawn", end);
    }
    for (std::uint32_t row = before; row < now; ++row) {
      if (!store.is_known(row, until_)) continue;
      const std::uint32_t first = known_version(store, row, before);
      if (first == kMissingWord) {
        if (days_of(store, row).overlaps(period_))
          add_whole(store, row, "added", store.recorded_at(row));
      } else if (days_of(store, row).overlaps(period_) || days_of(store, first).overlaps(period_)) {
        add_fields(store, first, row);
      }
    }
  }

  table::Table take(const Snapshot& snapshot) {
    return make_table("knowledge_changes",
                      {&commit_, &table_, &row_, &change_, &unit_, &member_, &field_, &from_, &to_},
                      snapshot);
  }

 private:
  // The row known after `after_` that `row` stands for by a chain of corrections.
  [[nodiscard]] std::uint32_t known_version(const TableStore& store, std::uint32_t row,
                                            std::uint32_t before) const {
    while (row != kMissingWord && row >= before) row = store.previous(Chain::kVersion, row);
    return row;
  }

  void add_head(const TableStore& store, std::uint32_t row, std::string_view change,
                std::uint32_t commit) {
    commit_.append_integer(commit);
    table_.append_text(store.schema().name());
    row_.append_integer(row);
    change_.append_text(change);
    append_entities(store, row, core_, unit_, member_);
  }

  void add_whole(const TableStore& store, std::uint32_t row, std::string_view change,
                 std::uint32_t commit) {
    add_head(store, row, change, commit);
    for (Column* column : {&field_, &from_, &to_}) column->append_missing();
  }

  void add_fields(const TableStore& store, std::uint32_t before, std::uint32_t now) {
    for (std::size_t field = 0; field < store.field_count(); ++field) {
      const std::string was = display_value(store, field, before, core_);
      const std::string is = display_value(store, field, now, core_);
      if (was == is) continue;
      add_head(store, now, "corrected", store.recorded_at(now));
      field_.append_text(store.schema().fields()[field].name);
      append_or_missing(from_, was);
      append_or_missing(to_, is);
    }
  }

  const Core& core_;
  std::uint32_t after_;
  std::uint32_t until_;
  DateRange period_;
  Column commit_ = number_column("commit");
  Column table_ = text_column("table");
  Column row_ = number_column("row_id");
  Column change_ = text_column("change");
  Column unit_ = text_column("unit_id");
  Column member_ = text_column("member_id");
  Column field_ = text_column("field");
  Column from_ = text_column("before");
  Column to_ = text_column("after");
};

}  // namespace

table::Table log_table(const Snapshot& snapshot) {
  const Core& core = snapshot.core();
  const std::uint32_t count = index_of(snapshot.commit());
  // By commit: rows added, corrected, withdrawn.
  std::vector<std::array<std::int64_t, 3>> rows(count, {0, 0, 0});
  for (std::uint32_t i = 0; i < core.table_count.load(std::memory_order_acquire); ++i) {
    const TableStore& store = *core.published_tables.get(i);
    for (std::uint32_t commit = 1; commit <= count; ++commit)
      rows[commit - 1][0] += store.rows_at(commit) - store.rows_at(commit - 1);
    for (std::uint32_t row = 0; row < store.rows_at(count); ++row) {
      if (store.previous(Chain::kVersion, row) != kMissingWord) {
        --rows[store.recorded_at(row) - 1][0];
        ++rows[store.recorded_at(row) - 1][1];
        --rows[store.recorded_at(row) - 1][2];
      }
      const std::uint32_t end = store.superseded_at(row);
      if (end != 0 && end <= count) ++rows[end - 1][2];
    }
  }
  Column commit = number_column("commit");
  Column time = number_column("time");
  Column version = text_column("source_version");
  Column day("current_day", Type::kDate);
  Column added = number_column("added");
  Column corrected = number_column("corrected");
  Column withdrawn = number_column("withdrawn");
  for (std::uint32_t i = 0; i < count; ++i) {
    const CommitMark mark = core.mark(i + 1);
    commit.append_integer(i + 1);
    time.append_integer(mark.time);
    append_or_missing(version, mark.source_version == kMissingWord
                                   ? std::string()
                                   : std::string(core.text.get(mark.source_version)));
    if (mark.current_day == kNoCurrentDay) {
      day.append_missing();
    } else {
      day.append_date(time::PartialDate(time::Date::from_days(mark.current_day)));
    }
    added.append_integer(rows[i][0]);
    corrected.append_integer(rows[i][1]);
    withdrawn.append_integer(rows[i][2]);
  }
  return make_table("log", {&commit, &time, &version, &day, &added, &corrected, &withdrawn},
                    snapshot);
}

absl::StatusOr<table::Table> knowledge_changes(const Snapshot& snapshot, CommitNumber after,
                                               const DateRange& period,
                                               std::string_view table_name) {
  const Core& core = snapshot.core();
  Changes changes(core, index_of(after), index_of(snapshot.commit()), period);
  bool any = table_name.empty();
  const std::uint32_t count = core.table_count.load(std::memory_order_acquire);
  std::vector<const TableStore*> tables;
  for (std::uint32_t i = 0; i < count; ++i) tables.push_back(core.published_tables.get(i));
  std::sort(tables.begin(), tables.end(), [](const TableStore* a, const TableStore* b) {
    return a->schema().name() < b->schema().name();
  });
  for (const TableStore* store : tables) {
    if (!table_name.empty() && store->schema().name() != table_name) continue;
    any = true;
    changes.add_table(*store);
  }
  if (!any) return unknown_table(table_name);
  return changes.take(snapshot);
}

table::Table agenda(const Snapshot& snapshot, const DateRange& days) {
  struct Due {
    std::int32_t day;
    std::string_view table;
    std::uint32_t row;
    bool ends;
    const TableStore* store;
  };
  const Core& core = snapshot.core();
  const std::uint32_t commit = index_of(snapshot.commit());
  std::vector<Due> due;
  const auto falls = [&](std::int32_t day) {
    return days.from_day() <= day && day < days.until_day() && day != DateRange::kOpenFrom;
  };
  for (std::uint32_t i = 0; i < core.table_count.load(std::memory_order_acquire); ++i) {
    const TableStore& store = *core.published_tables.get(i);
    if (store.schema().kind() != TableKind::kState) continue;
    const Rows rows(&store, store.rows_at(commit));
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
      const DateRange range = rows.range(RowId{row});
      if (!falls(range.from_day()) && !falls(range.until_day())) continue;
      if (!store.is_known(row, commit)) continue;
      const std::string_view name = store.schema().name();
      if (falls(range.from_day())) due.push_back({range.from_day(), name, row, false, &store});
      if (falls(range.until_day())) due.push_back({range.until_day(), name, row, true, &store});
    }
  }
  std::sort(due.begin(), due.end(), [](const Due& a, const Due& b) {
    return std::tie(a.day, a.table, a.row, a.ends) < std::tie(b.day, b.table, b.row, b.ends);
  });
  Column day("day", Type::kDate);
  Column table = text_column("table");
  Column row = number_column("row_id");
  Column what = text_column("due");
  Column unit = text_column("unit_id");
  Column member = text_column("member_id");
  for (const Due& item : due) {
    day.append_date(time::PartialDate(time::Date::from_days(item.day)));
    table.append_text(item.table);
    row.append_integer(item.row);
    what.append_text(item.ends ? "ends" : "begins");
    append_entities(*item.store, item.row, core, unit, member);
  }
  return make_table("agenda", {&day, &table, &row, &what, &unit, &member}, snapshot);
}

}  // namespace dangbo::inline v1::registry
