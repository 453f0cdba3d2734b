#include "registry/totals_store.hpp"

#include <algorithm>
#include <cstring>

namespace dangbo::inline v1::registry {

std::uint32_t Counting::own_unit(std::uint32_t row) const noexcept {
  for (const std::size_t field : units) {
    const std::uint32_t unit = store->raw(field, row);
    if (unit != kMissingWord) return unit;
  }
  if (!units.empty() || !store->roles().subject) return kMissingWord;
  return base::index_of(Rows(store, kMissingWord).unit_of(RowId{row}));
}

void CountedUnits::reserve(std::uint64_t count, std::uint32_t width) {
  own.reserve(count * width);
  below.reserve(count * width);
  for (auto* numbers : {&parents, &pending, &order}) numbers->reserve(count);
}

void find_parents(const TableStore& units, std::uint32_t commit, std::int32_t day,
                  std::vector<std::uint32_t>& parents) noexcept {
  const TableRoles& roles = units.roles();
  const std::uint32_t rows = units.rows_at(commit);
  const Rows reader(&units, rows);
  const time::Date on = time::Date::from_days(day);
  for (std::uint32_t row = 0; row < rows; ++row) {
    const std::uint32_t unit = units.raw(*roles.unit, row);
    if (unit >= parents.size() || !units.is_known(row, commit)) continue;
    if (reader.holds_on(RowId{row}, on)) parents[unit] = units.raw(*roles.parent, row);
  }
}

namespace {

// Adds every unit's numbers to those of the unit above it, the lowest first.
void fold(CountedUnits& counted, std::uint32_t width) noexcept {
  const std::vector<std::uint32_t>& parents = counted.parents;
  const auto units = static_cast<std::uint32_t>(parents.size());
  counted.pending.assign(units, 0);
  for (const std::uint32_t parent : parents) {
    if (parent < units) ++counted.pending[parent];
  }
  counted.order.clear();
  for (std::uint32_t unit = 0; unit < units; ++unit) {
    if (counted.pending[unit] == 0) counted.order.push_back(unit);
  }
  for (std::size_t next = 0; next < counted.order.size(); ++next) {
    const std::uint32_t unit = counted.order[next];
    const std::uint32_t parent = parents[unit];
    if (parent >= units) continue;
    for (std::uint32_t cell = 0; cell < width; ++cell) {
      counted.below[std::size_t{parent} * width + cell] +=
          counted.below[std::size_t{unit} * width + cell];
    }
    if (--counted.pending[parent] == 0) counted.order.push_back(parent);
  }
}

}  // namespace

void count_units(const Core& core, const Counting& counting, std::uint32_t commit, std::int32_t day,
                 std::uint32_t units, bool keep_hidden, CountedUnits& counted) noexcept {
  const std::uint32_t width = counting.width;
  counted.own.assign(std::size_t{units} * width, 0);
  counted.parents.assign(units, kOutOfForce);
  find_parents(*core.units_table, commit, day, counted.parents);
  const CountedRows rows(core, commit);
  const auto add = [&](const Counting&, std::uint32_t unit, const time::DateRange& days,
                       std::uint32_t cell, std::int64_t weight) {
    if (unit < units && days.from_day() <= day && day < days.until_day())
      counted.own[std::size_t{unit} * width + cell] += weight;
  };
  if (!counting.is_of_homes) {
    const std::uint32_t count = counting.store->rows_at(commit);
    for (std::uint32_t row = 0; row < count; ++row) rows.row(counting, row, add);
  }
  if (counting.is_of_homes || counting.may_be_at_home) {
    const std::uint32_t members = commit == 0 ? 0 : core.mark(commit).members;
    for (std::uint32_t member = 0; member < members; ++member)
      rows.member(
          member, [&](auto&& use) { use(counting); }, add);
  }
  counted.below.assign(counted.own.begin(), counted.own.end());
  for (std::uint32_t unit = 0; unit < units; ++unit) {
    if (counted.parents[unit] != kOutOfForce) continue;
    const auto at = static_cast<std::ptrdiff_t>(std::size_t{unit} * width);
    std::fill_n(counted.below.begin() + at, width, 0);
    if (!keep_hidden) std::fill_n(counted.own.begin() + at, width, 0);
  }
  fold(counted, width);
}

Counting counting_in(const Core& core, const Panel& panel) {
  Counting counting = panel.counting;
  counting.store = core.published_tables.get(counting.store->number());
  if (counting.unknown_word) {
    const auto code = counting.store->words(counting.filter)->find(*counting.unknown_word);
    if (code) counting.code = *code;
  }
  return counting;
}

std::optional<std::int64_t> TotalsStore::read_back(const Panel& panel, std::uint32_t unit,
                                                   std::uint32_t cell, Scope scope,
                                                   std::uint32_t commit) const noexcept {
  const std::uint32_t at = unit * panel.counting.width + cell;
  const bool is_own = scope == Scope::kOwn;
  const std::int64_t now = (is_own ? panel.own : panel.below).get(at);
  const std::int64_t parent = is_own ? parents_.get_shared(unit) : kMissingWord;
  const auto then = log_.value_at(unit, panel.noted(cell, scope), commit, now);
  if (!then || !is_own) return then;
  const auto parent_then = log_.value_at(unit, kParentCell, commit, parent);
  if (!parent_then) return std::nullopt;
  return *parent_then == kOutOfForce ? 0 : *then;
}

bool TotalsStore::read_all(const Panel& panel, Scope scope, std::uint32_t commit,
                           std::span<std::int64_t> values) const noexcept {
  const bool is_own = scope == Scope::kOwn;
  (is_own ? panel.own : panel.below).get(0, values);
  if (is_own) {
    for (std::uint32_t unit = 0; unit < values.size(); ++unit) {
      if (parents_.get_shared(unit) == kOutOfForce) values[unit] = 0;
    }
  }
  return !log_.changed_after(commit);
}

void TotalsStore::build(Panel& panel) {
  const std::uint32_t units = core_.units.size();
  const std::uint32_t width = panel.counting.width;
  const std::uint64_t numbers = std::uint64_t{units} * width;
  panel.own.reserve(numbers);
  panel.below.reserve(numbers);
  if (day_ == kNoCurrentDay) return;
  CountedUnits counted;
  counted.reserve(units, width);
  count_units(core_, panel.counting, panel.since, day_, units, true, counted);
  for (std::uint32_t at = 0; at < numbers; ++at) {
    panel.own.set(at, counted.own[at]);
    panel.below.set(at, counted.below[at]);
  }
}

void TotalsStore::check_sums(Plan& plan) const {
  if (!is_kept_) return;
  for (std::size_t number = 0; number < measure_count(); ++number) {
    const Panel& panel = panels_[number];
    if (!panel.counting.sum) continue;
    std::uint64_t total = panel.absolute;  // the sum of two such numbers fits
    const std::size_t field = *panel.counting.sum;
    if (const RowSet* retired = plan.retired_of(*panel.counting.store)) {
      for (const std::uint32_t row : retired->rows()) {
        const std::int64_t value = panel.counting.store->wide(field, row);
        if (value != kMissingLong) total -= absolute_of(value);
      }
    }
    for (const PreparedBatch& batch : plan.batches) {
      if (batch.store != panel.counting.store) continue;
      for (std::size_t row = 0; row < batch.row_count(); ++row) {
        const std::int64_t value = batch.wide(field, row);
        if (value == kMissingLong) continue;
        total += absolute_of(value);
        if (total <= kMaxAbsolute) continue;
        plan.problems.add(
            {.code = base::ProblemCode::kOutOfRange,
             .place = batch.place(row, field),
             .value = batch.display(field, row),
             .reason = {"với giá trị này, tổng của chỉ tiêu «" + panel.name + "» vượt quá 63 bit",
                        "with this value the sum of measure «" + panel.name +
                            "» does not fit 63 bits"},
             .fix = {"kiểm tra giá trị bất thường trong cột",
                     "look for absurd values in the column"}});
        return;
      }
    }
  }
}

std::uint64_t TotalsStore::memory_bytes() const noexcept {
  std::uint64_t bytes = log_.memory_bytes() + timelines_.memory_bytes() + parents_.memory_bytes() +
                        agenda_.capacity() * sizeof(Due) + rows_.capacity() * sizeof(TouchedRow) +
                        (members_.capacity() + units_.capacity()) * sizeof(std::uint32_t);
  for (const Panel& panel : panels_) bytes += panel.own.memory_bytes() + panel.below.memory_bytes();
  return bytes;
}

std::string TotalsStore::bytes() const {
  std::string out;
  const auto put = [&](std::int64_t number) {
    char digits[sizeof number];
    std::memcpy(digits, &number, sizeof number);
    out.append(digits, sizeof digits);
  };
  for (std::uint32_t unit = 0; unit < core_.units.size(); ++unit) {
    put(parents_.get(unit));
    for (std::size_t number = 0; number < kPanels; ++number) {
      if (!is_declared(number)) continue;
      const Panel& panel = panels_[number];
      for (std::uint32_t cell = 0; cell < panel.counting.width; ++cell) {
        put(panel.own.get(unit * panel.counting.width + cell));
        put(panel.below.get(unit * panel.counting.width + cell));
      }
      if (!panel.has_timeline) continue;
      for (const Scope scope : {Scope::kOwn, Scope::kBelow}) {
        for (const Step& step : timelines_.steps(number, unit, scope)) {
          put(step.day);
          put(step.delta);
        }
        put(-1);
      }
    }
  }
  return out;
}

}  // namespace dangbo::inline v1::registry
