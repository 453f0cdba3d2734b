// How commits change timelines: rows are compared before and after; what stands in a unit is
// lifted to the units above it on each day; a unit that moves takes its own steps along.
#include "registry/timelines.hpp"

#include <absl/container/inlined_vector.h>

#include <algorithm>
#include <array>
#include <new>
#include <tuple>

#include "registry/totals_store.hpp"

namespace dangbo::inline v1::registry {

namespace {

constexpr std::int32_t kAlways = time::DateRange::kOpenFrom;
constexpr std::int32_t kNever = time::DateRange::kOpenUntil;
constexpr std::uint32_t kNotUpper = kMissingWord;

// The number that `steps` make, on the days [from, until) alone.
void add_part(std::vector<Step>& to, std::span<const Step> steps, std::int32_t from,
              std::int32_t until, std::int64_t sign) {
  std::int64_t total = 0;
  std::size_t next = 0;
  for (; next < steps.size() && steps[next].day <= from; ++next) total += steps[next].delta;
  if (total != 0) to.push_back({from, sign * total});
  for (; next < steps.size() && steps[next].day < until; ++next) {
    total += steps[next].delta;
    to.push_back({steps[next].day, sign * steps[next].delta});
  }
  if (total != 0 && until != kNever) to.push_back({until, -sign * total});
}

}  // namespace

Timelines::Timelines(Core& core) noexcept : core_(core) {}
Timelines::~Timelines() = default;

UnitTimelines::~UnitTimelines() {
  for (auto* numbers : {&own, &below}) {
    for (std::uint64_t unit = 0; unit < numbers->capacity(); ++unit)
      Timeline::Owner(numbers->get(static_cast<std::uint32_t>(unit)));
  }
}

// One commit's work, or the first building.
class TimelinesUpkeep {
 public:
  TimelinesUpkeep(Timelines& timelines, std::uint32_t commit)
      : timelines_(timelines), core_(timelines.core_), commit_(commit) {}

  // --- building

  void build(const Panel& panel, UnitTimelines& into) {
    into_ = &into;
    const std::uint32_t units = core_.units.size();
    find_uppers();
    std::vector<std::vector<Step>> own(units);
    const auto add = [&](const Counting&, std::uint32_t unit, const time::DateRange& days,
                         std::uint32_t,
                         std::int64_t weight) { add_visible(own[unit], unit, days, weight); };
    each_contribution(panel.counting, add);
    std::vector<std::vector<Step>> below(units);
    for (std::uint32_t unit = 0; unit < units; ++unit) {
      if (own[unit].empty()) continue;
      merge_steps(own[unit]);
      keep(into.own, unit, own[unit]);
      climb(unit, kAlways, kNever, [&](std::uint32_t above, std::int32_t from, std::int32_t until) {
        if (!is_upper(above)) return;
        std::vector<Step>& steps = below[above];
        if (steps.capacity() - steps.size() < own[unit].size() + 2) {
          merge_steps(steps);
          steps.reserve(2 * (steps.size() + own[unit].size() + 2));
        }
        add_part(steps, own[unit], from, until, 1);
      });
      own[unit] = {};
    }
    for (std::uint32_t unit = 0; unit < units; ++unit) {
      merge_steps(below[unit]);
      keep(into.below, unit, below[unit]);
      below[unit] = {};
    }
  }

  // --- following

  void follow(std::span<const Panel> panels, std::span<const TouchedRow> rows,
              std::span<const std::uint32_t> members, std::uint32_t commit) {
    commit_ = commit;
    kept_.clear();
    for (std::size_t number = 0; number < kMaxMeasures; ++number) {
      UnitTimelines* kept = timelines_.measures_[number].load(std::memory_order_relaxed);
      if (kept != nullptr) kept_.push_back({&panels[number], kept});
    }
    find_touched(rows);
    make_uppers();
    detach();
    add_rows(rows, members);
    attach();
    for (const std::uint32_t unit : new_uppers_) timelines_.upper_since_.set_shared(unit, commit_);
  }

  // Units that something stands below, by any row of `units` ever.
  void find_uppers() {
    const TableStore& units = *core_.units_table;
    const std::uint32_t rows = units.rows_at(commit_);
    for (std::uint32_t row = 0; row < rows; ++row) {
      const std::uint32_t parent = units.raw(*units.roles().parent, row);
      if (parent != kMissingWord && timelines_.upper_since_.get(parent) == kNotUpper)
        timelines_.upper_since_.set_shared(parent, commit_);
    }
  }

 private:
  using Segment = Timelines::Segment;
  using TouchedUnit = Timelines::TouchedUnit;

  template <typename Emit>
  void each_contribution(const Counting& counting, Emit&& emit) const {
    const CountedRows rows(core_, commit_);
    if (!counting.is_of_homes) {
      const std::uint32_t count = counting.store->rows_at(commit_);
      for (std::uint32_t row = 0; row < count; ++row) rows.row(counting, row, emit);
    }
    if (counting.is_of_homes || counting.may_be_at_home) {
      const std::uint32_t members = commit_ == 0 ? 0 : core_.members.size();
      for (std::uint32_t member = 0; member < members; ++member)
        rows.member(
            member, [&](auto&& use) { use(counting); }, emit);
    }
  }

  // --- the tree on all days
  [[nodiscard]] TouchedUnit* touched(std::uint32_t unit) noexcept {
    const auto at = std::lower_bound(
        touched_.begin(), touched_.end(), unit,
        [](const TouchedUnit& one, std::uint32_t other) { return one.unit < other; });
    return at == touched_.end() || at->unit != unit ? nullptr : &*at;
  }

  // each(from, until, parent): days in [from, until) on which the unit is in force.
  template <typename Each>
  void each_piece(std::uint32_t unit, std::int32_t from, std::int32_t until, Each each) {
    if (const TouchedUnit* found = touched(unit)) {
      for (const Segment& segment : found->segments) {
        if (segment.now == kOutOfForce) continue;
        const std::int32_t first = std::max(from, segment.from);
        const std::int32_t end = std::min(until, segment.until);
        if (first < end) each(first, end, segment.now);
      }
      return;
    }
    each_row_piece(unit, commit_, [&](std::int32_t first, std::int32_t end, std::uint32_t parent) {
      first = std::max(from, first);
      end = std::min(until, end);
      if (first < end) each(first, end, parent);
    });
  }

  template <typename Each>
  void each_row_piece(std::uint32_t unit, std::uint32_t commit, Each each) const {
    const TableStore& units = *core_.units_table;
    for (std::uint32_t row = units.newest(Chain::kUnit, unit); row != kMissingWord;
         row = units.previous(Chain::kUnit, row)) {
      if (!units.is_known(row, commit)) continue;
      const time::DateRange days = days_of_row(units, row);
      if (!days.empty())
        each(days.from_day(), days.until_day(), units.raw(*units.roles().parent, row));
    }
  }

  // each(unit, from, until) for the unit and all above it on the days [from, until).
  template <typename Each>
  void climb(std::uint32_t unit, std::int32_t from, std::int32_t until, Each each) {
    struct Open {
      std::uint32_t unit;
      std::int32_t from;
      std::int32_t until;
    };
    absl::InlinedVector<Open, 8> open = {{unit, from, until}};
    while (!open.empty()) {
      const Open now = open.back();
      open.pop_back();
      each_piece(now.unit, now.from, now.until,
                 [&](std::int32_t first, std::int32_t end, std::uint32_t parent) {
                   each(now.unit, first, end);
                   if (parent != kMissingWord) open.push_back({parent, first, end});
                 });
    }
  }

  // A contribution on the days on which its unit is in force.
  void add_visible(std::vector<Step>& steps, std::uint32_t unit, const time::DateRange& days,
                   std::int64_t weight) {
    std::int64_t shown = 0;
    each_piece(unit, days.from_day(), days.until_day(),
               [&](std::int32_t first, std::int32_t end, std::uint32_t) {
                 steps.push_back({first, weight});
                 if (end != kNever) steps.push_back({end, -weight});
                 shown += std::int64_t{end} - first;
               });
    if (!days.empty() && shown != std::int64_t{days.until_day()} - days.from_day())
      timelines_.has_hidden_.set(unit, 1);
  }

  // --- numbers
  [[nodiscard]] bool is_upper(std::uint32_t unit) const noexcept {
    return timelines_.upper_since_.get(unit) != kNotUpper ||
           std::binary_search(new_uppers_.begin(), new_uppers_.end(), unit);
  }

  void keep(StableArray<Timeline*>& numbers, std::uint32_t unit, std::span<const Step> steps) {
    if (steps.empty()) return;
    Timeline::Owner made = Timeline::make(steps, commit_, 0);
    into_->bytes += made->memory_bytes();
    numbers.set_shared(unit, made.release());
  }

  void replace(UnitTimelines& of, StableArray<Timeline*>& numbers, std::uint32_t unit,
               Timeline::Owner made) {
    Timeline* const old = numbers.get(unit);
    if (old != nullptr) {
      timelines_.outlived_.emplace_back();
      timelines_.outlived_.back().reset(old);
      of.bytes -= old->memory_bytes();
    }
    of.bytes += made->memory_bytes();
    numbers.set_shared(unit, made.release());
  }

  void add(UnitTimelines& of, bool is_own, std::uint32_t unit, Step step) {
    StableArray<Timeline*>& numbers = is_own ? of.own : of.below;
    Timeline* timeline = numbers.get(unit);
    if (timeline == nullptr) {
      replace(of, numbers, unit, Timeline::make({}, 0, 4));
    } else if (timeline->is_full()) {
      replace(of, numbers, unit, timeline->folded(commit_));
    }
    numbers.get(unit)->add(step, commit_);
  }

  [[nodiscard]] static std::vector<Step> steps_of(const StableArray<Timeline*>& numbers,
                                                  std::uint32_t unit) {
    std::vector<Step> steps;
    if (const Timeline* timeline = numbers.get(unit)) timeline->append_to(steps);
    merge_steps(steps);
    return steps;
  }
  // What stands in a unit and below it on the segment's days.
  [[nodiscard]] const std::vector<Step>& steps_below(const UnitTimelines& of, std::uint32_t unit,
                                                     const Segment& segment) {
    steps_.clear();
    const StableArray<Timeline*>& numbers = is_upper(unit) ? of.below : of.own;
    if (const Timeline* timeline = numbers.get(unit))
      timeline->append_to(steps_, segment.from, segment.until);
    merge_steps(steps_);
    return steps_;
  }

  // What waits to be added: most of a move's steps cancel on the way up.
  struct Waiting {
    std::uint32_t measure;  // its place in kept_
    std::uint32_t unit;
    bool is_own;
    Step step;
  };
  void wait(std::uint32_t measure, std::uint32_t unit, bool is_own, std::span<const Step> steps) {
    for (const Step& step : steps) waiting_.push_back({measure, unit, is_own, step});
  }
  [[nodiscard]] const StableArray<Timeline*>& numbers_of(const Waiting& one) const noexcept {
    const UnitTimelines& of = *kept_[one.measure].of;
    return one.is_own ? of.own : of.below;
  }
  void flush() {
    const auto key = [](const Waiting& one) {
      return std::tuple(one.measure, one.unit, one.is_own, one.step.day);
    };
    std::sort(waiting_.begin(), waiting_.end(),
              [&](const Waiting& a, const Waiting& b) { return key(a) < key(b); });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < waiting_.size();) {
      Waiting sum = waiting_[i];
      for (++i; i < waiting_.size() && key(waiting_[i]) == key(sum); ++i)
        sum.step.delta += waiting_[i].step.delta;
      if (sum.step.delta != 0) waiting_[kept++] = sum;
    }
    waiting_.resize(kept);
    // Timelines lie far apart: their places, beginnings and ends are asked for before they are
    // used.
    for (const Waiting& one : waiting_) numbers_of(one).prefetch(one.unit);
    for (const Waiting& one : waiting_) __builtin_prefetch(numbers_of(one).get(one.unit));
    for (const Waiting& one : waiting_) {
      if (const Timeline* timeline = numbers_of(one).get(one.unit)) timeline->prefetch_end();
    }
    for (const Waiting& one : waiting_) add(*kept_[one.measure].of, one.is_own, one.unit, one.step);
    waiting_.clear();
  }

  // All that stands in a unit and below it, to the units from `above` on, on the segment's days.
  void lift(std::uint32_t unit, std::uint32_t above, const Segment& segment, std::int64_t sign) {
    for (std::uint32_t measure = 0; measure < kept_.size(); ++measure) {
      const std::vector<Step>& steps = steps_below(*kept_[measure].of, unit, segment);
      climb(above, segment.from, segment.until,
            [&](std::uint32_t at, std::int32_t first, std::int32_t end) {
              if (!is_upper(at)) return;
              part_.clear();
              add_part(part_, steps, first, end, sign);
              wait(measure, at, false, part_);
            });
    }
    flush();
  }

  // --- units
  void find_touched(std::span<const TouchedRow> rows) {
    touched_.clear();
    new_uppers_.clear();
    const TableStore& store = *core_.units_table;
    for (const TouchedRow& row : rows) {
      if (row.table != store.number()) continue;
      const std::uint32_t unit = store.raw(*store.roles().unit, row.row);
      const std::uint32_t parent = store.raw(*store.roles().parent, row.row);
      touched_.push_back({unit, {}});
      if (parent != kMissingWord && timelines_.upper_since_.get(parent) == kNotUpper)
        new_uppers_.push_back(parent);
    }
    std::sort(touched_.begin(), touched_.end(),
              [](const TouchedUnit& a, const TouchedUnit& b) { return a.unit < b.unit; });
    touched_.erase(
        std::unique(touched_.begin(), touched_.end(),
                    [](const TouchedUnit& a, const TouchedUnit& b) { return a.unit == b.unit; }),
        touched_.end());
    std::sort(new_uppers_.begin(), new_uppers_.end());
    new_uppers_.erase(std::unique(new_uppers_.begin(), new_uppers_.end()), new_uppers_.end());
    for (TouchedUnit& one : touched_) find_segments(one);
  }

  void find_segments(TouchedUnit& unit) const {
    std::vector<Segment> pieces;  // `before` says which: 0 before the commit, 1 after it
    std::vector<std::int32_t> ends;
    for (const std::uint32_t after : {0U, 1U}) {
      each_row_piece(unit.unit, commit_ - 1 + after,
                     [&](std::int32_t from, std::int32_t until, std::uint32_t parent) {
                       pieces.push_back({from, until, after, parent, 0});
                       ends.push_back(from);
                       ends.push_back(until);
                     });
    }
    std::sort(ends.begin(), ends.end());
    ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
    for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
      Segment segment{ends[i], ends[i + 1], kOutOfForce, kOutOfForce, kOutOfForce};
      for (const Segment& piece : pieces) {
        if (piece.from <= segment.from && segment.until <= piece.until)
          (piece.before == 0 ? segment.before : segment.after) = piece.after;
      }
      if (!unit.segments.empty() && unit.segments.back().until == segment.from &&
          unit.segments.back().before == segment.before &&
          unit.segments.back().after == segment.after) {
        unit.segments.back().until = segment.until;
      } else {
        segment.now = segment.before;
        unit.segments.push_back(segment);
      }
    }
  }

  // A unit that had none below it so far: what stands below it begins as what stands in it.
  void make_uppers() {
    for (const std::uint32_t unit : new_uppers_) {
      for (const Kept& kept : kept_) {
        const std::vector<Step> steps = steps_of(kept.of->own, unit);
        if (!steps.empty())
          replace(*kept.of, kept.of->below, unit, Timeline::make(steps, commit_ - 1, 4));
      }
    }
  }

  void detach() {
    for (TouchedUnit& unit : touched_) {
      for (Segment& segment : unit.segments) {
        if (segment.before == segment.after) continue;
        if (segment.before < kOutOfForce) lift(unit.unit, segment.before, segment, -1);
        segment.now = segment.after == kOutOfForce ? kOutOfForce : kMissingWord;
        if (segment.before == kOutOfForce && timelines_.has_hidden_.get(unit.unit) != 0)
          show_hidden(unit.unit, segment);
      }
    }
    for (const TouchedUnit& unit : touched_) {
      for (const Segment& segment : unit.segments) {
        if (segment.after == kOutOfForce && segment.before != kOutOfForce) hide(unit.unit, segment);
      }
    }
  }

  void hide(std::uint32_t unit, const Segment& segment) {
    for (std::uint32_t measure = 0; measure < kept_.size(); ++measure) {
      const UnitTimelines& of = *kept_[measure].of;
      for (const bool is_own : {true, false}) {
        part_.clear();
        add_part(part_, steps_of(is_own ? of.own : of.below, unit), segment.from, segment.until,
                 -1);
        if (is_own && !part_.empty()) timelines_.has_hidden_.set(unit, 1);
        if (is_own || is_upper(unit)) wait(measure, unit, is_own, part_);
      }
    }
    flush();
  }

  // Rows that name a unit for days on which it comes into force only now.
  void show_hidden(std::uint32_t unit, const Segment& segment) {
    const TimelinesUpkeep before(timelines_, commit_ - 1);
    const auto days_shown = time::DateRange::from_days(segment.from, segment.until);
    for (std::uint32_t measure = 0; measure < kept_.size(); ++measure) {
      std::vector<Step> steps;
      before.each_contribution(kept_[measure].panel->counting,
                               [&](const Counting&, std::uint32_t of, const time::DateRange& days,
                                   std::uint32_t, std::int64_t weight) {
                                 const auto both = days.intersection(days_shown);
                                 if (of != unit || both.empty()) return;
                                 steps.push_back({both.from_day(), weight});
                                 if (both.until_day() != kNever)
                                   steps.push_back({both.until_day(), -weight});
                               });
      wait(measure, unit, true, steps);
      if (is_upper(unit)) wait(measure, unit, false, steps);
    }
    flush();
  }

  void attach() {
    for (TouchedUnit& unit : touched_) {
      for (Segment& segment : unit.segments) {
        if (segment.before == segment.after || segment.after >= kOutOfForce) continue;
        lift(unit.unit, segment.after, segment, 1);
        segment.now = segment.after;
      }
    }
  }

  // --- rows
  void add_rows(std::span<const TouchedRow> rows, std::span<const std::uint32_t> members) {
    for (const TouchedRow& row : rows) {
      contribute([&](const CountedRows& known, auto&& emit) {
        for (const Kept& kept : kept_) {
          const Counting& counting = kept.panel->counting;
          if (counting.is_of_homes || counting.store->number() != row.table) continue;
          known.row(counting, row.row,
                    [&](const Counting&, std::uint32_t unit, const time::DateRange& days,
                        std::uint32_t cell,
                        std::int64_t weight) { emit(kept, unit, days, cell, weight); });
        }
      });
    }
    for (const std::uint32_t member : members) {
      contribute([&](const CountedRows& known, auto&& emit) {
        known.member(
            member,
            [&](auto&& use) {
              for (const Kept& kept : kept_) use(kept);
            },
            emit);
      });
    }
    place_contributions();
  }

  // What was said before the commit leaves, what is said after it comes; what both say stays.
  template <typename Ask>
  void contribute(Ask ask) {
    const std::size_t first = contributions_.size();
    for (const std::uint32_t after : {0U, 1U}) {
      const CountedRows known(core_, commit_ - 1 + after);
      ask(known, [&](const Kept& kept, std::uint32_t unit, const time::DateRange& days,
                     std::uint32_t, std::int64_t weight) {
        const auto measure = static_cast<std::uint32_t>(&kept - kept_.data());
        const std::int64_t change = after == 0 ? -weight : weight;
        for (std::size_t i = first; i < contributions_.size(); ++i) {
          Contribution& other = contributions_[i];
          if (other.unit != unit || other.measure != measure || !(other.days == days)) continue;
          other.weight += change;
          return;
        }
        contributions_.push_back({unit, measure, days, change});
      });
    }
    if (contributions_.size() > 1024) place_contributions();
  }

  // One way up for all that stands in one unit on the same days.
  void place_contributions() {
    const auto key = [](const Contribution& one) {
      return std::tuple(one.unit, one.days.from_day(), one.days.until_day());
    };
    std::sort(contributions_.begin(), contributions_.end(),
              [&](const Contribution& a, const Contribution& b) { return key(a) < key(b); });
    std::erase_if(contributions_, [](const Contribution& one) { return one.weight == 0; });
    for (std::size_t i = 0; i < contributions_.size();) {
      std::size_t end = i;
      while (end < contributions_.size() && key(contributions_[end]) == key(contributions_[i]))
        ++end;
      place({contributions_.data() + i, end - i});
      i = end;
    }
    contributions_.clear();
    flush();
  }

  struct Contribution {
    std::uint32_t unit;
    std::uint32_t measure;  // its place in kept_
    time::DateRange days;
    std::int64_t weight;
  };

  void place(std::span<const Contribution> of_unit) {
    const std::uint32_t unit = of_unit.front().unit;
    const time::DateRange days = of_unit.front().days;
    std::int64_t shown = 0;
    climb(unit, days.from_day(), days.until_day(),
          [&](std::uint32_t above, std::int32_t first, std::int32_t end) {
            const bool is_itself = above == unit;
            if (is_itself) shown += std::int64_t{end} - first;
            const bool is_below = is_upper(above);
            for (const Contribution& one : of_unit) {
              for (const bool is_own : {true, false}) {
                if (is_own ? !is_itself : !is_below) continue;
                waiting_.push_back({one.measure, above, is_own, {first, one.weight}});
                if (end != kNever)
                  waiting_.push_back({one.measure, above, is_own, {end, -one.weight}});
              }
            }
          });
    if (!days.empty() && shown != std::int64_t{days.until_day()} - days.from_day())
      timelines_.has_hidden_.set(unit, 1);
  }

  struct Kept {
    const Panel* panel;
    UnitTimelines* of;
    friend const Counting& counting_of(const Kept& kept) noexcept { return kept.panel->counting; }
  };

  Timelines& timelines_;
  Core& core_;
  std::uint32_t commit_;
  UnitTimelines* into_ = nullptr;
  std::vector<Kept> kept_;
  std::vector<TouchedUnit> touched_;
  std::vector<std::uint32_t> new_uppers_;
  std::vector<Waiting> waiting_;
  std::vector<Step> steps_;
  std::vector<Step> part_;
  std::vector<Contribution> contributions_;
};

bool Timelines::read(std::size_t measure, std::uint32_t unit, Scope scope,
                     std::span<const std::int32_t> days, std::uint32_t commit,
                     std::span<std::int64_t> values) const {
  const UnitTimelines* kept = usable(measure, commit);
  if (kept == nullptr) return false;
  const Timeline* timeline = find(*kept, unit, scope, commit);
  if (timeline != nullptr) return timeline->at(days, commit, values);
  std::fill(values.begin(), values.end(), 0);
  return true;
}

void Timelines::reserve(std::uint64_t count) {
  if (!any_) return;
  upper_since_.reserve(count, kNotUpper);
  has_hidden_.reserve(count, 0);
  for (auto& measure : measures_) {
    UnitTimelines* kept = measure.load(std::memory_order_relaxed);
    if (kept == nullptr) continue;
    kept->own.reserve(count, nullptr);
    kept->below.reserve(count, nullptr);
  }
}

void Timelines::build(const Panel& panel, std::uint32_t commit) {
  any_ = true;
  const std::uint64_t units = core_.units.size();
  upper_since_.reserve(units, kNotUpper);
  has_hidden_.reserve(units, 0);
  kept_.reserve(kept_.size() + 1);
  auto made = std::make_unique<UnitTimelines>();
  made->since = commit;
  made->own.reserve(units, nullptr);
  made->below.reserve(units, nullptr);
  TimelinesUpkeep(*this, commit).build(panel, *made);
  measures_[panel.number].store(made.get(), std::memory_order_release);
  kept_.push_back(std::move(made));
}

void Timelines::follow(std::span<const Panel> panels, std::span<const TouchedRow> rows,
                       std::span<const std::uint32_t> members, std::uint32_t commit) noexcept {
  if (!any_ || broken_since_.load(std::memory_order_relaxed) != kMissingWord) return;
  try {
    if (upkeep_ == nullptr) upkeep_ = std::make_unique<TimelinesUpkeep>(*this, commit);
    upkeep_->follow(panels, rows, members, commit);
  } catch (const std::bad_alloc&) {
    upkeep_.reset();
    broken_since_.store(commit, std::memory_order_release);
  }
}

void Timelines::rebuild(std::span<const Panel> panels, std::uint32_t commit) noexcept {
  if (!any_) return;
  try {
    for (std::size_t number = 0; number < kMaxMeasures; ++number) {
      if (measures_[number].load(std::memory_order_relaxed) != nullptr)
        build(panels[number], commit);
    }
    broken_since_.store(kMissingWord, std::memory_order_release);
  } catch (const std::bad_alloc&) {
    broken_since_.store(commit, std::memory_order_release);
  }
}

void Timelines::free_outlived() noexcept {
  outlived_.clear();
  std::erase_if(kept_, [&](const std::unique_ptr<UnitTimelines>& one) {
    return std::none_of(std::begin(measures_), std::end(measures_), [&](const auto& measure) {
      return measure.load(std::memory_order_relaxed) == one.get();
    });
  });
}

std::vector<Step> Timelines::steps(std::size_t measure, std::uint32_t unit, Scope scope) const {
  std::vector<Step> steps;
  const UnitTimelines* kept = usable(measure, core_.head.load(std::memory_order_relaxed));
  if (kept == nullptr) return steps;
  const Timeline* timeline = find(*kept, unit, scope, core_.head.load(std::memory_order_relaxed));
  if (timeline != nullptr) timeline->append_to(steps);
  merge_steps(steps);
  return steps;
}

std::uint64_t Timelines::memory_bytes() const noexcept {
  std::uint64_t bytes = upper_since_.memory_bytes() + has_hidden_.memory_bytes();
  for (const auto& one : kept_)
    bytes += one->bytes + one->own.memory_bytes() + one->below.memory_bytes();
  return bytes;
}

}  // namespace dangbo::inline v1::registry
