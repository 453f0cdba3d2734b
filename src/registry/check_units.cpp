// The organisation must be a forest on every day.
#include <algorithm>

#include "dangbo/hierarchy/forest_check.hpp"
#include "registry/plan.hpp"
#include "registry/units_after.hpp"

namespace dangbo::inline v1::registry {

namespace {

using base::Message;
using base::ProblemCode;
using hierarchy::DatedParent;
using hierarchy::ForestFault;
using hierarchy::ForestFaultKind;

// Unit rows, stored and new, as the hierarchy room wants them, and where each came from.
struct UnitRows {
  std::vector<DatedParent> parents;
  std::vector<RowRef> refs;
};

UnitRows gather(const Plan& plan, const TableStore& store) {
  UnitRows rows;
  const TableRoles& roles = store.roles();
  const std::uint32_t stored = store.rows_at(plan.head);
  const Rows reader(&store, stored);
  for (std::uint32_t row = 0; row < stored; ++row) {
    if (!plan.stands(store, row)) continue;
    rows.parents.push_back({base::UnitSlot{store.raw(*roles.unit, row)},
                            base::UnitSlot{store.raw(*roles.parent, row)},
                            reader.range(RowId{row})});
    rows.refs.push_back(RowRef::of_registry(row));
  }
  for (std::size_t number = 0; number < plan.batches.size(); ++number) {
    const PreparedBatch& batch = plan.batches[number];
    if (batch.store != &store) continue;
    for (std::size_t row = 0; row < batch.row_count(); ++row) {
      const std::uint32_t unit = batch.raw(*roles.unit, row);
      // A parent that names nothing is reported already; taking the unit for a root spares its
      // whole subtree.
      if (unit == kMissingWord) continue;
      rows.parents.push_back(
          {base::UnitSlot{unit}, base::UnitSlot{batch.raw(*roles.parent, row)}, batch.range(row)});
      rows.refs.push_back(RowRef::of_change(number, row));
    }
  }
  return rows;
}

std::string day_text(std::int32_t day, const char* open) {
  if (day == time::DateRange::kOpenFrom || day == time::DateRange::kOpenUntil) return open;
  return time::Date::from_days(day).to_string();
}

std::string days_text(time::DateRange days, bool vi) {
  const std::string from = day_text(days.from_day(), vi ? "đầu" : "the beginning");
  if (days.until_day() == time::DateRange::kOpenUntil)
    return (vi ? "từ " : "from ") + from + (vi ? " trở đi" : " on");
  return (vi ? "từ " : "from ") + from + (vi ? " đến trước " : " until before ") +
         day_text(days.until_day(), "");
}

class Reporter {
 public:
  Reporter(Plan& plan, const TableStore& store, const UnitRows& rows)
      : plan_(plan), store_(store), rows_(rows) {}

  void report(const ForestFault& fault) {
    switch (fault.kind) {
      case ForestFaultKind::kOverlap:
        overlap(fault);
        break;
      case ForestFaultKind::kOrphan:
        orphan(fault);
        break;
      case ForestFaultKind::kCycle:
        cycle(fault);
        break;
    }
  }

  [[nodiscard]] std::string key(std::size_t row) const {
    return std::string(plan_.units.key(base::index_of(rows_.parents[row].unit)));
  }
  [[nodiscard]] base::Place place(std::size_t row, std::size_t field) const {
    const RowRef ref = rows_.refs[row];
    return ref.is_stored() ? stored_place(store_, ref.row())
                           : plan_.batches[ref.batch()].place(ref.row(), field);
  }

 private:
  void overlap(const ForestFault& fault) {
    // Blame a row of this change, the later one when both are.
    std::size_t other = fault.rows[0];
    std::size_t blamed = fault.rows[1];
    if (rows_.refs[blamed].is_stored() ||
        (!rows_.refs[other].is_stored() && rows_.refs[blamed] < rows_.refs[other])) {
      std::swap(other, blamed);
    }
    const base::Place other_place = place(other, *store_.roles().unit);
    plan_.problems.add(
        {.code = ProblemCode::kDuplicateKey,
         .place = place(blamed, *store_.roles().unit),
         .value = key(blamed),
         .reason = {"tổ chức này có hai dòng cùng hiệu lực " + days_text(fault.days, true) +
                        "; dòng kia: " + other_place.file + ", dòng " +
                        std::to_string(other_place.row),
                    "this unit has two rows in force " + days_text(fault.days, false) +
                        "; the other: " + other_place.file + ", row " +
                        std::to_string(other_place.row)},
         .fix = {
             "bỏ một dòng, hoặc ghi khoảng ngày nối tiếp nhau (từ ngày, đến ngày)",
             "drop one row, or give the rows intervals that follow one another (from, until)"}});
  }

  void orphan(const ForestFault& fault) {
    const std::size_t row = fault.rows[0];
    const std::string parent(plan_.units.key(base::index_of(rows_.parents[row].parent)));
    plan_.problems.add(
        {.code = ProblemCode::kOrphanUnit,
         .place = place(row, *store_.roles().parent),
         .value = parent,
         .reason = {"tổ chức «" + key(row) + "» trực thuộc «" + parent +
                        "», tổ chức không có hiệu lực " + days_text(fault.days, true),
                    "unit «" + key(row) + "» stands under «" + parent +
                        "», which is not in force " + days_text(fault.days, false)},
         .fix = {"sửa khoảng ngày của một trong hai tổ chức, hoặc ghi cấp trên của từng giai đoạn",
                 "correct the interval of one of the two, or give a row for each parent's time"}});
  }

  void cycle(const ForestFault& fault) {
    std::string path;
    for (const std::size_t row : fault.rows) path += key(row) + " → ";
    path += key(fault.rows.front());
    const std::string day = day_text(fault.days.from_day(), "");
    // Blame a row of this change when there is one.
    std::size_t blamed = fault.rows.front();
    for (const std::size_t row : fault.rows) {
      if (!rows_.refs[row].is_stored() &&
          (rows_.refs[blamed].is_stored() || rows_.refs[row] < rows_.refs[blamed]))
        blamed = row;
    }
    plan_.problems.add(
        {.code = ProblemCode::kUnitCycle,
         .place = place(blamed, *store_.roles().parent),
         .value = std::string(plan_.units.key(base::index_of(rows_.parents[blamed].parent))),
         .reason = {"vòng trực thuộc" + (day.empty() ? "" : " từ ngày " + day) + ": " + path,
                    "units stand under one another" + (day.empty() ? "" : " from " + day) + ": " +
                        path},
         .fix = {"sửa mã cấp trên của một tổ chức trong vòng",
                 "correct the parent of one unit of the cycle"}});
  }

  Plan& plan_;
  const TableStore& store_;
  const UnitRows& rows_;
};

void check_single_root(Plan& plan, const TableStore& store, const UnitRows& rows,
                       const Reporter& reporter) {
  std::vector<std::size_t> roots;
  for (std::size_t row = 0; row < rows.parents.size(); ++row) {
    if (rows.parents[row].parent == base::kNoUnitSlot && !rows.parents[row].range.empty())
      roots.push_back(row);
  }
  std::sort(roots.begin(), roots.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(rows.parents[a].range.from_day(), a) <
           std::pair(rows.parents[b].range.from_day(), b);
  });
  for (std::size_t i = 1; i < roots.size(); ++i) {
    const DatedParent& a = rows.parents[roots[i - 1]];
    const DatedParent& b = rows.parents[roots[i]];
    if (!a.range.overlaps(b.range) || a.unit == b.unit) continue;
    plan.problems.add({.code = ProblemCode::kSeveralRoots,
                       .place = reporter.place(roots[i], *store.roles().parent),
                       .value = reporter.key(roots[i]),
                       .reason = {"có hai tổ chức gốc cùng lúc: «" + reporter.key(roots[i - 1]) +
                                      "» và «" + reporter.key(roots[i]) + "»",
                                  "two roots at once: «" + reporter.key(roots[i - 1]) + "» and «" +
                                      reporter.key(roots[i]) + "»"},
                       .fix = {"ghi cấp trên của một trong hai", "give one of them a parent"}});
  }
}

// A change of a few units, looked at from these units alone: their rows, the days of their parents
// and the paths above them.
class FewUnits {
 public:
  static constexpr std::size_t kFew = 64;  // rows of the change

  explicit FewUnits(const Plan& plan) : after_(plan) {}

  // "No" means "not shown": then the whole forest must be looked at.
  [[nodiscard]] bool surely_leave_a_forest() {
    return std::all_of(after_.touched().begin(), after_.touched().end(),
                       [&](std::uint32_t unit) { return is_in_order(unit); });
  }

 private:
  static constexpr int kMostRows = 10'000;

  [[nodiscard]] bool is_in_order(std::uint32_t unit) {
    const std::vector<time::DateRange> days = sorted_days(unit);
    for (std::size_t i = 1; i < days.size(); ++i) {
      if (days[i - 1].until_day() > days[i].from_day()) return false;
    }
    bool in_order = true;
    // Units below it would be orphans on a day it loses.
    after_.each_retired(unit, [&](time::DateRange lost, std::uint32_t) {
      in_order = in_order && is_covered(lost, days);
    });
    after_.each_brought(unit, [&](time::DateRange range, std::uint32_t parent) {
      if (parent == kMissingWord || range.empty()) return;
      in_order = in_order && is_covered(range, sorted_days(parent)) && !meets(unit, parent, range);
    });
    return in_order;
  }

  // Not empty, by their first days.
  [[nodiscard]] std::vector<time::DateRange> sorted_days(std::uint32_t unit) const {
    std::vector<time::DateRange> days = after_.days_of(unit);
    std::erase_if(days, [](const time::DateRange& range) { return range.empty(); });
    std::sort(days.begin(), days.end(), [](const time::DateRange& a, const time::DateRange& b) {
      return a.from_day() < b.from_day();
    });
    return days;
  }

  static bool is_covered(const time::DateRange& range, const std::vector<time::DateRange>& days) {
    std::int32_t reached = range.from_day();
    for (const time::DateRange& of : days) {
      if (of.from_day() <= reached) reached = std::max(reached, of.until_day());
    }
    return reached >= range.until_day();
  }

  // Whether `unit` may stand above `above` on one of the days; also when the search is too long.
  [[nodiscard]] bool meets(std::uint32_t unit, std::uint32_t above, time::DateRange days) {
    std::vector<std::pair<std::uint32_t, time::DateRange>> open = {{above, days}};
    bool met = above == unit;
    while (!open.empty() && !met) {
      const auto [at, within] = open.back();
      open.pop_back();
      after_.each_row(at, [&](time::DateRange range, std::uint32_t parent) {
        const time::DateRange both = range.intersection(within);
        met = met || ++rows_ > kMostRows || (parent == unit && !both.empty());
        if (!met && parent != kMissingWord && !both.empty()) open.emplace_back(parent, both);
      });
    }
    return met;
  }

  UnitsAfter after_;
  int rows_ = 0;
};

// Rows of a table that a change brings, corrects or takes away.
std::size_t rows_of_change(const Plan& plan, const TableStore& store) {
  const RowSet* retired = plan.retired_of(store);
  std::size_t rows = retired == nullptr ? 0 : retired->rows().size();
  for (const PreparedBatch& batch : plan.batches)
    rows += batch.store == &store ? batch.row_count() : 0;
  return rows;
}

}  // namespace

void check_units(Plan& plan) {
  const TableStore* store = plan.core.units_table;
  const std::size_t touched = rows_of_change(plan, *store);
  if (touched == 0) return;
  if (!plan.core.options.single_root && touched <= FewUnits::kFew &&
      FewUnits(plan).surely_leave_a_forest())
    return;
  const UnitRows rows = gather(plan, *store);
  Reporter reporter(plan, *store, rows);
  for (const ForestFault& fault : hierarchy::check_forest(rows.parents)) reporter.report(fault);
  if (plan.core.options.single_root) check_single_root(plan, *store, rows, reporter);
}

}  // namespace dangbo::inline v1::registry
