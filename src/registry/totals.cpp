#include "dangbo/registry/totals.hpp"

#include <algorithm>
#include <mutex>

#include "registry/totals_store.hpp"

namespace dangbo::inline v1::registry {

using base::index_of;

// What had to be counted from the rows, by panel.
struct Totals::Counted {
  struct OnDay {
    std::int32_t day = 0;
    std::unique_ptr<const CountedUnits> units;
  };
  std::mutex mutex;
  std::array<OnDay, TotalsStore::kPanels> panels;  // of the day asked last
};

namespace {

const TotalsStore* declared_in(const Core* core) noexcept {
  while (core->totals == nullptr) core = core->base.get();
  return core->totals.get();
}

std::int32_t current_day(const Core& core, std::uint32_t commit) noexcept {
  return commit == 0 ? kNoCurrentDay : core.mark(commit).current_day;
}

}  // namespace

Totals::Totals(const Snapshot& snapshot)
    : snapshot_(snapshot),
      commit_(index_of(snapshot.commit())),
      day_(current_day(snapshot.core(), commit_)),
      since_(snapshot.core().covered_since(commit_)),
      units_(snapshot.unit_count()),
      declared_(declared_in(&snapshot.core())),
      is_kept_(declared_ == snapshot.core().totals.get()),
      is_kept_day_(is_kept_),
      counted_(std::make_shared<Counted>()) {}

Totals::Totals(const View& view)
    : snapshot_(view.snapshot()),
      commit_(index_of(view.known_at())),
      day_(view.day().days()),
      since_(snapshot_.core().covered_since(commit_)),
      units_(commit_ == 0 ? 0 : snapshot_.core().mark(commit_).units),
      declared_(declared_in(&snapshot_.core())),
      is_kept_(declared_ == snapshot_.core().totals.get()),
      is_kept_day_(is_kept_ && day_ == current_day(snapshot_.core(), commit_)),
      counted_(std::make_shared<Counted>()) {}

std::uint32_t Totals::measure_count() const noexcept {
  return declared_->measure_count();
}

std::uint32_t Totals::grouping_count() const noexcept {
  return declared_->grouping_count();
}

std::string_view Totals::name_of(MeasureNumber measure) const noexcept {
  return index_of(measure) < measure_count()
             ? std::string_view(declared_->panel(index_of(measure)).name)
             : std::string_view();
}

std::optional<MeasureNumber> Totals::find_measure(std::string_view name) const noexcept {
  for (std::uint32_t i = 0; i < measure_count(); ++i) {
    if (declared_->panel(i).name == name) return MeasureNumber{static_cast<std::uint8_t>(i)};
  }
  return std::nullopt;
}

std::optional<GroupingNumber> Totals::find_grouping(std::string_view name) const noexcept {
  for (std::uint32_t i = 0; i < grouping_count(); ++i) {
    if (declared_->panel(kMaxMeasures + i).name == name)
      return GroupingNumber{static_cast<std::uint8_t>(i)};
  }
  return std::nullopt;
}

std::optional<time::Date> Totals::day() const noexcept {
  return day_ == kNoCurrentDay ? std::nullopt : std::optional(time::Date::from_days(day_));
}

std::int64_t Totals::count(std::size_t number, UnitSlot unit, Scope scope, std::uint32_t cell,
                           std::int32_t day) const {
  const std::lock_guard lock(counted_->mutex);
  Counted::OnDay& counted = counted_->panels[number];
  const Panel& panel = declared_->panel(number);
  if (counted.units == nullptr || counted.day != day) {
    auto fresh = std::make_unique<CountedUnits>();
    fresh->reserve(units_, panel.counting.width);
    const Core& core = snapshot_.core();
    count_units(core, counting_in(core, panel), commit_, day, units_, false, *fresh);
    counted = {day, std::move(fresh)};
  }
  const std::size_t at = std::size_t{index_of(unit)} * panel.counting.width + cell;
  return (scope == Scope::kOwn ? counted.units->own : counted.units->below)[at];
}

std::int64_t Totals::of(UnitSlot unit, MeasureNumber measure, Scope scope) const {
  const std::size_t number = index_of(measure);
  if (index_of(unit) >= units_ || number >= measure_count() || day_ == kNoCurrentDay) return 0;
  if (day_ < since_) return kOutsideCoverage;
  const Panel& panel = declared_->panel(number);
  if (is_kept_day_ && panel.since <= commit_) {
    if (const auto value = declared_->read(panel, index_of(unit), 0, scope, commit_)) return *value;
  }
  return on(unit, measure, scope, time::Date::from_days(day_));
}

void Totals::all(MeasureNumber measure, Scope scope, std::span<std::int64_t> values) const {
  const std::size_t number = index_of(measure);
  const std::size_t known = std::min<std::size_t>(values.size(), units_);
  std::fill(values.begin() + static_cast<std::ptrdiff_t>(known), values.end(), 0);
  const bool is_kept = number < measure_count() && day_ >= std::max(since_, kNoCurrentDay + 1) &&
                       is_kept_day_ && declared_->panel(number).since <= commit_;
  if (is_kept && declared_->read_all(declared_->panel(number), scope, commit_, values.first(known)))
    return;
  for (std::uint32_t unit = 0; unit < known; ++unit)
    values[unit] = of(UnitSlot{unit}, measure, scope);
}

std::int64_t Totals::on(UnitSlot unit, MeasureNumber measure, Scope scope, time::Date day) const {
  const std::size_t number = index_of(measure);
  if (index_of(unit) >= units_ || number >= measure_count()) return 0;
  if (day.days() < since_) return kOutsideCoverage;
  if (is_kept_) {
    const auto value =
        declared_->timelines().read(number, index_of(unit), scope, day.days(), commit_);
    if (value) return *value;
  }
  return count(number, unit, scope, 0, day.days());
}

void Totals::trend(UnitSlot unit, MeasureNumber measure, Scope scope,
                   std::span<const time::Date> days, std::span<std::int64_t> values) const {
  const std::size_t number = index_of(measure);
  values = values.first(std::min(values.size(), days.size()));
  std::fill(values.begin(), values.end(), 0);
  if (index_of(unit) >= units_ || number >= measure_count()) return;
  constexpr std::size_t kAtOnce = 128;
  for (std::size_t begin = 0; begin < values.size(); begin += kAtOnce) {
    std::array<std::int32_t, kAtOnce> numbers;
    const std::size_t count_now = std::min(kAtOnce, values.size() - begin);
    for (std::size_t i = 0; i < count_now; ++i) numbers[i] = days[begin + i].days();
    const auto part = values.subspan(begin, count_now);
    if (is_kept_ && declared_->timelines().read(number, index_of(unit), scope,
                                                std::span(numbers).first(count_now), commit_, part))
      continue;
    for (std::size_t i = 0; i < count_now; ++i) part[i] = count(number, unit, scope, 0, numbers[i]);
  }
  for (std::size_t i = 0; i < values.size() && days[i].days() < since_; ++i)
    values[i] = kOutsideCoverage;
}

std::size_t Totals::group_count(GroupingNumber grouping) const noexcept {
  if (index_of(grouping) >= grouping_count()) return 0;
  return declared_->panel(kMaxMeasures + index_of(grouping)).counting.width;
}

std::vector<std::string_view> Totals::words_of(GroupingNumber grouping, std::size_t group) const {
  if (group >= group_count(grouping)) return {};
  const Counting& counting = declared_->panel(kMaxMeasures + index_of(grouping)).counting;
  const auto& fields = counting.store->schema().fields();
  std::vector<std::string_view> words(counting.groups.size());
  for (std::size_t i = words.size(); i-- > 0;) {
    const std::size_t digit = group % counting.radix[i];
    group /= counting.radix[i];
    if (digit + 1 == counting.radix[i]) continue;
    const table::Field& field = fields[counting.groups[i]];
    words[i] = field.codes == nullptr ? (digit == 0 ? "false" : "true")
                                      : std::string_view(field.codes->codes()[digit].id);
  }
  return words;
}

std::size_t Totals::groups(GroupingNumber grouping, UnitSlot unit, Scope scope,
                           std::span<std::int64_t> counts) const {
  const std::size_t width = group_count(grouping);
  const std::size_t number = kMaxMeasures + index_of(grouping);
  const auto wanted = static_cast<std::uint32_t>(std::min(width, counts.size()));
  if (width == 0 || index_of(unit) >= units_ || day_ == kNoCurrentDay) {
    std::fill_n(counts.begin(), wanted, 0);
    return width;
  }
  if (day_ < since_) {
    std::fill_n(counts.begin(), wanted, kOutsideCoverage);
    return width;
  }
  const Panel& panel = declared_->panel(number);
  const bool is_kept = is_kept_day_ && panel.since <= commit_;
  if (is_kept && declared_->read(panel, index_of(unit), scope, commit_, counts.first(wanted)))
    return width;
  for (std::uint32_t cell = 0; cell < wanted; ++cell) {
    const auto value =
        is_kept ? declared_->read(panel, index_of(unit), cell, scope, commit_) : std::nullopt;
    counts[cell] = value ? *value : count(number, unit, scope, cell, day_);
  }
  return width;
}

absl::StatusOr<std::vector<time::Date>> trend_days(time::Date from, time::Date until,
                                                   TrendStep step) {
  const auto refused = [&](base::ProblemCode code, base::Message reason, base::Message fix) {
    return base::problem_status(absl::StatusCode::kInvalidArgument,
                                {.code = code,
                                 .place = {.file = "", .row = 0, .column = "until"},
                                 .value = until.to_string(),
                                 .reason = std::move(reason),
                                 .fix = std::move(fix)});
  };
  if (until < from) {
    return refused(base::ProblemCode::kEndBeforeStart,
                   {"kỳ kết thúc trước khi bắt đầu", "the period ends before it starts"},
                   {"đổi chỗ hai ngày", "swap the two days"});
  }
  const int months = step == TrendStep::kMonth ? 1 : step == TrendStep::kQuarter ? 3 : 12;
  std::vector<time::Date> days;
  auto first = time::Date::from_ymd(from.year(), (from.month() - 1) / months * months + 1, 1);
  while (first) {
    first = time::add_months(*first, months, time::MonthEndRule::kClamp);
    if (!first || first->plus_days(-1) >= until) break;
    if (days.size() == kMaxTrendDays) {
      return refused(base::ProblemCode::kLimit,
                     {"kỳ có hơn 100 000 ngày", "the period has more than 100,000 days"},
                     {"chọn kỳ ngắn hơn", "choose a shorter period"});
    }
    days.push_back(first->plus_days(-1));
  }
  return days;
}

}  // namespace dangbo::inline v1::registry
