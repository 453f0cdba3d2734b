// What a commit or a new day does to declared totals. Everything is found by comparing what the
// touched rows said before with what they say now; only units on the way up to a root change.
#include <algorithm>
#include <functional>
#include <utility>

#include "registry/totals_store.hpp"

namespace dangbo::inline v1::registry {

namespace {

// More rows than a part of all are better counted anew.
constexpr std::uint64_t kAlwaysFollowed = 4096;
constexpr std::uint64_t kPartFollowed = 16;

template <typename T>
void make_room_for(std::vector<T>& list, std::uint64_t more) {
  const std::uint64_t need = list.size() + more;
  if (need > list.capacity()) list.reserve(std::max<std::uint64_t>(need, 2 * list.capacity()));
}

// The next day after `day` on which a state row begins or ceases to hold; kOpenUntil: none.
std::int32_t next_day(const TableStore& store, std::uint32_t row, std::int32_t day) noexcept {
  const time::DateRange days = days_of_row(store, row);
  return days.from_day() > day
             ? days.from_day()
             : (days.until_day() > day ? days.until_day() : time::DateRange::kOpenUntil);
}

template <typename T>
void sort_unique(std::vector<T>& list) noexcept {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

}  // namespace

// One commit's work on the store.
class TotalsUpkeep {
 public:
  TotalsUpkeep(TotalsStore& totals, std::uint32_t before, std::int32_t day) noexcept
      : totals_(totals),
        core_(totals.core_),
        before_(core_, before),
        after_(core_, before + 1),
        commit_(before + 1),
        old_day_(totals.day_),
        day_(day) {}

  void run() noexcept {
    find_units();
    detach();
    for (const auto& touched : totals_.rows_) add_row(touched);
    for (const std::uint32_t member : totals_.members_) add_member(member);
    flush();
    attach();
  }

  void recount() noexcept {
    const std::uint32_t units = core_.units.size();
    for (std::size_t number = 0; number < TotalsStore::kPanels; ++number) {
      if (!totals_.is_declared(number)) continue;
      Panel& panel = totals_.panels_[number];
      CountedUnits& counted = totals_.scratch_;
      count_units(core_, panel.counting, commit_, day_, units, true, counted);
      for (std::uint32_t unit = 0; unit < units; ++unit) {
        if (number == 0) set_parent(unit, counted.parents[unit]);
        for (std::uint32_t cell = 0; cell < panel.counting.width; ++cell) {
          const std::size_t at = std::size_t{unit} * panel.counting.width + cell;
          put(panel, Scope::kOwn, unit, cell, counted.own[at]);
          put(panel, Scope::kBelow, unit, cell, counted.below[at]);
        }
      }
    }
  }

 private:
  // --- single numbers
  void put(Panel& panel, Scope scope, std::uint32_t unit, std::uint32_t cell,
           std::int64_t value) noexcept {
    Counters& numbers = scope == Scope::kOwn ? panel.own : panel.below;
    const std::uint32_t at = unit * panel.counting.width + cell;
    const std::int64_t old = numbers.get(at);
    if (old == value) return;
    totals_.log_.note(unit, panel.noted(cell, scope), old, commit_);
    numbers.set(at, value);
  }
  void add(Panel& panel, Scope scope, std::uint32_t unit, std::uint32_t cell,
           std::int64_t value) noexcept {
    const std::uint32_t at = unit * panel.counting.width + cell;
    put(panel, scope, unit, cell, (scope == Scope::kOwn ? panel.own : panel.below).get(at) + value);
  }
  [[nodiscard]] std::uint32_t parent_of(std::uint32_t unit) const noexcept {
    return totals_.parents_.get(unit);
  }
  void set_parent(std::uint32_t unit, std::uint32_t parent) noexcept {
    const std::uint32_t old = parent_of(unit);
    if (old == parent) return;
    totals_.log_.note(unit, TotalsStore::kParentCell, old, commit_);
    totals_.parents_.set_shared(unit, parent);
  }
  template <typename Each>
  void each_panel(Each each) noexcept {
    for (std::size_t number = 0; number < totals_.measure_count(); ++number)
      each(totals_.panels_[number]);
    for (std::size_t number = 0; number < totals_.grouping_count(); ++number)
      each(totals_.panels_[kMaxMeasures + number]);
  }

  // --- units
  [[nodiscard]] std::uint32_t parent_on_day(std::uint32_t unit) const noexcept {
    const TableStore& units = *core_.units_table;
    const Rows rows(&units, kMissingWord);
    const time::Date day = time::Date::from_days(day_);
    for (std::uint32_t row = units.newest(Chain::kUnit, unit); row != kMissingWord;
         row = units.previous(Chain::kUnit, row)) {
      if (units.is_known(row, commit_) && rows.holds_on(RowId{row}, day))
        return units.raw(*units.roles().parent, row);
    }
    return kOutOfForce;
  }

  // Touched units that stand elsewhere now.
  void find_units() noexcept {
    auto& units = totals_.units_;
    units.clear();
    const TableStore& store = *core_.units_table;
    for (const auto& touched : totals_.rows_) {
      if (touched.table != store.number()) continue;
      const std::uint32_t unit = store.raw(*store.roles().unit, touched.row);
      if (parent_on_day(unit) != parent_of(unit)) units.push_back(unit);
    }
    sort_unique(units);
  }

  // All that stands in a unit and below it, to the units from `above` on.
  void lift(std::uint32_t unit, std::uint32_t above, std::int64_t sign) noexcept {
    each_panel([&](Panel& panel) {
      for (std::uint32_t cell = 0; cell < panel.counting.width; ++cell) {
        const std::int64_t value = panel.below.get(unit * panel.counting.width + cell);
        if (value == 0) continue;
        for (std::uint32_t at = above; at < kOutOfForce && parent_of(at) != kOutOfForce;
             at = parent_of(at))
          add(panel, Scope::kBelow, at, cell, sign * value);
      }
    });
  }

  // What stands in a unit itself counts while the unit is in force.
  void show(std::uint32_t unit, bool in_force) noexcept {
    each_panel([&](Panel& panel) {
      for (std::uint32_t cell = 0; cell < panel.counting.width; ++cell) {
        const std::int64_t own = panel.own.get(unit * panel.counting.width + cell);
        put(panel, Scope::kBelow, unit, cell, in_force ? own : 0);
      }
    });
  }

  // Units that move become roots until all else is done, so that no order of theirs matters.
  void detach() noexcept {
    for (const std::uint32_t unit : totals_.units_) {
      const std::uint32_t old = parent_of(unit);
      if (old != kOutOfForce) lift(unit, old, -1);
      set_parent(unit, old != kOutOfForce && parent_on_day(unit) == kOutOfForce ? kOutOfForce
                                                                                : kMissingWord);
      if (old == kOutOfForce) show(unit, true);
    }
    for (const std::uint32_t unit : totals_.units_) {
      if (parent_of(unit) == kOutOfForce) show(unit, false);
    }
  }

  void attach() noexcept {
    for (const std::uint32_t unit : totals_.units_) {
      const std::uint32_t parent = parent_on_day(unit);
      if (parent == kOutOfForce || parent == kMissingWord) continue;
      lift(unit, parent, 1);
      set_parent(unit, parent);
    }
  }

  // --- rows
  void collect(const Panel& panel, std::int32_t day, std::uint32_t unit,
               const time::DateRange& days, std::uint32_t cell, std::int64_t weight) noexcept {
    if (day < days.from_day() || days.until_day() <= day) return;
    if (totals_.deltas_.size() == TotalsStore::kDeltas) flush();
    totals_.deltas_.push_back({unit, panel.cell_of_all(cell), weight});
  }

  void add_row(const TouchedRow& touched) noexcept {
    each_panel([&](const Panel& panel) {
      const Counting& counting = panel.counting;
      if (counting.is_of_homes || counting.store->number() != touched.table) return;
      for (const bool is_after : {false, true}) {
        (is_after ? after_ : before_)
            .row(counting, touched.row,
                 [&](const Counting&, std::uint32_t unit, const time::DateRange& days,
                     std::uint32_t cell, std::int64_t weight) {
                   collect(panel, is_after ? day_ : old_day_, unit, days, cell,
                           is_after ? weight : -weight);
                 });
      }
    });
  }

  void add_member(std::uint32_t member) noexcept {
    for (const bool is_after : {false, true}) {
      (is_after ? after_ : before_)
          .member(
              member, [&](auto&& use) { each_panel([&](const Panel& panel) { use(panel); }); },
              [&](const Panel& panel, std::uint32_t unit, const time::DateRange& days,
                  std::uint32_t cell, std::int64_t weight) {
                collect(panel, is_after ? day_ : old_day_, unit, days, cell,
                        is_after ? weight : -weight);
              });
    }
  }

  // --- deltas
  using Delta = TotalsStore::Delta;
  [[nodiscard]] static bool is_before(const Delta& a, const Delta& b) noexcept {
    return std::pair(a.unit, a.cell) < std::pair(b.unit, b.cell);
  }

  void flush() noexcept {
    std::vector<Delta>& deltas = totals_.deltas_;
    std::sort(deltas.begin(), deltas.end(), is_before);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < deltas.size();) {
      Delta sum = deltas[i];
      for (++i; i < deltas.size() && !is_before(sum, deltas[i]); ++i) sum.value += deltas[i].value;
      if (sum.value != 0) deltas[kept++] = sum;
    }
    deltas.resize(kept);
    for (std::size_t i = 0; i < kept;) {
      std::size_t end = i;
      while (end < kept && deltas[end].unit == deltas[i].unit) ++end;
      if (i == 0 && end * 2 == kept && is_a_move(end)) {
        move(end);
        break;
      }
      climb(i, end, kMissingWord);
      i = end;
    }
    deltas.clear();
  }

  // The first half leaves one unit and comes into another.
  [[nodiscard]] bool is_a_move(std::size_t half) const noexcept {
    const std::vector<Delta>& deltas = totals_.deltas_;
    for (std::size_t i = 0; i < half; ++i) {
      const Delta& to = deltas[half + i];
      if (to.unit != deltas[half].unit || to.cell != deltas[i].cell || to.value != -deltas[i].value)
        return false;
    }
    return parent_of(deltas[0].unit) != kOutOfForce && parent_of(deltas[half].unit) != kOutOfForce;
  }

  [[nodiscard]] std::uint32_t depth_of(std::uint32_t unit) const noexcept {
    std::uint32_t depth = 0;
    for (; unit != kMissingWord; unit = parent_of(unit)) ++depth;
    return depth;
  }

  // Units above both stay as they are.
  void move(std::size_t half) noexcept {
    std::uint32_t a = totals_.deltas_[0].unit;
    std::uint32_t b = totals_.deltas_[half].unit;
    std::uint32_t depth_a = depth_of(a);
    std::uint32_t depth_b = depth_of(b);
    for (; depth_a > depth_b; --depth_a) a = parent_of(a);
    for (; depth_b > depth_a; --depth_b) b = parent_of(b);
    while (a != b) {
      a = parent_of(a);
      b = parent_of(b);
    }
    climb(0, half, a);
    climb(half, 2 * half, a);
  }

  // Adds deltas of one unit to it and to all above it, `end_unit` left out.
  void climb(std::size_t begin, std::size_t end, std::uint32_t end_unit) noexcept {
    const std::vector<Delta>& deltas = totals_.deltas_;
    std::uint32_t unit = deltas[begin].unit;
    for (std::size_t i = begin; i < end; ++i) {
      Panel& panel = panel_of(deltas[i].cell);
      add(panel, Scope::kOwn, unit, deltas[i].cell & 0xFFU, deltas[i].value);
    }
    for (; unit != end_unit && parent_of(unit) != kOutOfForce; unit = parent_of(unit)) {
      for (std::size_t i = begin; i < end; ++i) {
        Panel& panel = panel_of(deltas[i].cell);
        add(panel, Scope::kBelow, unit, deltas[i].cell & 0xFFU, deltas[i].value);
      }
      if (parent_of(unit) == kMissingWord) return;
    }
  }

  [[nodiscard]] Panel& panel_of(std::uint32_t cell) noexcept { return totals_.panels_[cell >> 8]; }

  TotalsStore& totals_;
  Core& core_;
  CountedRows before_;
  CountedRows after_;
  std::uint32_t commit_;
  std::int32_t old_day_;
  std::int32_t day_;
};

void TotalsStore::fill_agenda() {
  agenda_.clear();
  if (day_ == kNoCurrentDay) return;
  for (const auto& store : core_.tables) {
    if (!follows(*store)) continue;
    for (std::uint32_t row = 0; row < store->row_count(); ++row) {
      const std::int32_t next = next_day(*store, row, day_);
      if (next != time::DateRange::kOpenUntil) agenda_.push_back({next, store->number(), row});
    }
  }
  std::make_heap(agenda_.begin(), agenda_.end(), std::greater<>());
}

void TotalsStore::reserve(const Plan& plan) {
  const bool erasure = std::exchange(expects_erasure_, false);
  if (!is_kept_) return;
  const std::uint64_t units = plan.units.total();
  log_.reserve(units);
  parents_.reserve(units, kOutOfForce);
  for (std::size_t number = 0; number < kPanels; ++number) {
    if (!is_declared(number)) continue;
    panels_[number].own.reserve(units * panels_[number].counting.width);
    panels_[number].below.reserve(units * panels_[number].counting.width);
  }
  timelines_.reserve(units);
  if (timelines_.is_broken()) timelines_.rebuild(panels_, plan.head);
  const std::int32_t day = plan.current_day ? plan.current_day->days() : day_;
  std::uint64_t added = 0;
  std::uint64_t touched = 0;
  std::uint64_t all = 0;
  for (const auto& store : core_.tables) {
    if (follows(*store)) all += store->row_count();
  }
  for (const PreparedBatch& batch : plan.batches) {
    if (follows(*batch.store)) added += batch.row_count();
  }
  touched = added;
  for (const Plan::Retired& rows : plan.retired) {
    if (follows(*rows.store)) touched += rows.rows.rows().size();
  }
  const std::uint64_t few = std::max(kAlwaysFollowed, all / kPartFollowed);
  rebuilds_ = touched > few;
  if (day != day_) {
    touched += static_cast<std::uint64_t>(std::count_if(
        agenda_.begin(), agenda_.end(), [&](const Due& item) { return item.day <= day; }));
  }
  recounts_ = day != kNoCurrentDay && (day_ == kNoCurrentDay || touched > few);
  if (recounts_ || erasure) {
    std::uint32_t width = 1;
    for (const Panel& panel : panels_) width = std::max(width, panel.counting.width);
    scratch_.reserve(units, width);
  }
  if (recounts_) {
    std::uint64_t later = added;
    for (const auto& store : core_.tables) {
      if (!follows(*store)) continue;
      for (std::uint32_t row = 0; row < store->row_count(); ++row)
        later += next_day(*store, row, day) != time::DateRange::kOpenUntil ? 1U : 0U;
    }
    if (later > agenda_.capacity()) agenda_.reserve(later);
  }
  for (auto* list : {&members_, &units_}) {
    list->clear();
    make_room_for(*list, touched);
  }
  rows_.clear();
  make_room_for(rows_, touched);
  if (day != kNoCurrentDay) make_room_for(agenda_, added);
}

void TotalsStore::gather(const Plan& plan, std::int32_t day) noexcept {
  for (const auto& store : core_.tables) {
    if (!follows(*store)) continue;
    for (std::uint32_t row = store->rows_at(plan.head); row < store->row_count(); ++row) {
      rows_.push_back({store->number(), row});
      if (day == kNoCurrentDay) continue;
      const std::int32_t next = next_day(*store, row, day);
      if (next == time::DateRange::kOpenUntil) continue;
      agenda_.push_back({next, store->number(), row});
      std::push_heap(agenda_.begin(), agenda_.end(), std::greater<>());
    }
    if (const RowSet* retired = plan.retired_of(*store)) {
      for (const std::uint32_t row : retired->rows()) rows_.push_back({store->number(), row});
    }
  }
  while (!agenda_.empty() && agenda_.front().day <= day) {
    std::pop_heap(agenda_.begin(), agenda_.end(), std::greater<>());
    Due& due = agenda_.back();
    rows_.push_back({due.table, due.row});
    due.day = next_day(*core_.tables[due.table], due.row, day);
    if (due.day == time::DateRange::kOpenUntil) {
      agenda_.pop_back();
    } else {
      std::push_heap(agenda_.begin(), agenda_.end(), std::greater<>());
    }
  }
  sort_unique(rows_);
  for (const TouchedRow& touched : rows_) {
    const Rows rows(core_.tables[touched.table].get(), kMissingWord);
    const auto member = rows.member_of(RowId{touched.row});
    if (member != base::kNoMemberSlot) members_.push_back(base::index_of(member));
  }
  sort_unique(members_);
}

void TotalsStore::follow(const Plan& plan) noexcept {
  if (!is_kept_) return;
  const std::int32_t day = plan.current_day ? plan.current_day->days() : day_;
  learn_words();
  count_absolute(plan);
  const std::uint32_t commit = plan.head + 1;
  if (!recounts_ || !rebuilds_) gather(plan, day);
  if (rebuilds_) {
    timelines_.rebuild(panels_, commit);
  } else if (!plan.batches.empty() || !plan.retired.empty()) {
    timelines_.follow(panels_, rows_, members_, commit);
  }
  if (day == kNoCurrentDay) return;
  TotalsUpkeep upkeep(*this, plan.head, day);
  if (recounts_) {
    day_ = day;
    upkeep.recount();
    fill_agenda();  // within the room made
    scratch_ = {};
  } else {
    upkeep.run();
    day_ = day;
  }
}

void TotalsStore::follow_erasure() noexcept {
  if (!is_kept_) return;
  const std::uint32_t head = core_.head.load(std::memory_order_relaxed);
  timelines_.rebuild(panels_, head);
  if (day_ == kNoCurrentDay) return;
  TotalsUpkeep(*this, head - 1, day_).recount();
  scratch_ = {};
}

void TotalsStore::learn_words() noexcept {
  for (std::size_t number = 0; number < measure_count(); ++number) {
    Counting& counting = panels_[number].counting;
    if (!counting.unknown_word) continue;
    const auto code = counting.store->words(counting.filter)->find(*counting.unknown_word);
    if (!code) continue;
    counting.code = *code;
    counting.unknown_word.reset();
  }
}

void TotalsStore::count_absolute(const Plan& plan) noexcept {
  for (std::size_t number = 0; number < measure_count(); ++number) {
    Panel& panel = panels_[number];
    if (!panel.counting.sum) continue;
    const TableStore& store = *panel.counting.store;
    const auto absolute_at = [&](std::uint32_t row) {
      const std::int64_t value = store.wide(*panel.counting.sum, row);
      return value == kMissingLong ? 0 : absolute_of(value);
    };
    for (std::uint32_t row = store.rows_at(plan.head); row < store.row_count(); ++row)
      panel.absolute += absolute_at(row);
    if (const RowSet* retired = plan.retired_of(store)) {
      for (const std::uint32_t row : retired->rows()) panel.absolute -= absolute_at(row);
    }
  }
}

}  // namespace dangbo::inline v1::registry
