#include "registry/timeline.hpp"

#include <new>

namespace dangbo::inline v1::registry {

namespace {

// Steps in the order of their days.
void add_up(std::vector<Step>& steps) noexcept {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < steps.size();) {
    Step sum = steps[i];
    for (++i; i < steps.size() && steps[i].day == sum.day; ++i) sum.delta += steps[i].delta;
    if (sum.delta != 0) steps[kept++] = sum;
  }
  steps.resize(kept);
}

}  // namespace

void merge_steps(std::vector<Step>& steps) noexcept {
  std::sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) { return a.day < b.day; });
  add_up(steps);
}

std::size_t Timeline::bytes_of(std::uint32_t count, std::uint32_t room, bool is_wide) noexcept {
  return sizeof(Timeline) + std::size_t{room} * sizeof(Tail) +
         std::size_t{count} *
             (is_wide ? sizeof(std::int64_t) + sizeof(std::int32_t) : 2 * sizeof(std::uint16_t));
}

Timeline::Owner Timeline::make(std::span<const Step> steps, std::uint32_t folded,
                               std::uint32_t tail_room) {
  bool is_wide = false;
  std::int64_t total = 0;
  for (const Step& step : steps) {
    total += step.delta;
    const bool fits = step.day == time::DateRange::kOpenFrom ||
                      (step.day >= kFirstDay && step.day < kFirstDay + 0xFFFF);
    is_wide = is_wide || !fits || total < 0 || total > 0xFFFF;
  }
  const auto count = static_cast<std::uint32_t>(steps.size());
  Owner made(new (::operator new(bytes_of(count, tail_room, is_wide))) Timeline());
  made->count_ = count;
  made->folded_ = folded;
  made->tail_room_ = tail_room;
  made->is_wide_ = is_wide;
  std::byte* const base = made->body() + std::size_t{tail_room} * sizeof(Tail);
  auto* const wide_totals = reinterpret_cast<std::int64_t*>(base);
  auto* const wide_days = reinterpret_cast<std::int32_t*>(base + std::size_t{count} * 8);
  auto* const totals = reinterpret_cast<std::uint16_t*>(base);
  total = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    total += steps[i].delta;
    if (is_wide) {
      wide_totals[i] = total;
      wide_days[i] = steps[i].day;
    } else {
      totals[i] = static_cast<std::uint16_t>(total);
      totals[count + i] = steps[i].day == time::DateRange::kOpenFrom
                              ? std::uint16_t{0}
                              : static_cast<std::uint16_t>(steps[i].day - kFirstDay + 1);
    }
  }
  return made;
}

std::int32_t Timeline::day_at(std::uint32_t at) const noexcept {
  if (is_wide_) return wide_days()[at];
  const std::uint16_t day = days()[at];
  return day == 0 ? time::DateRange::kOpenFrom : kFirstDay + day - 1;
}

std::uint32_t Timeline::steps_until(std::int32_t day) const noexcept {
  if (is_wide_) {
    return static_cast<std::uint32_t>(std::upper_bound(wide_days(), wide_days() + count_, day) -
                                      wide_days());
  }
  const std::int32_t code = day < kFirstDay ? 0 : std::min(day - kFirstDay + 1, 0xFFFF);
  return static_cast<std::uint32_t>(
      std::upper_bound(days(), days() + count_, static_cast<std::uint16_t>(code)) - days());
}

std::optional<std::int64_t> Timeline::at(std::int32_t day, std::uint32_t commit) const noexcept {
  if (folded_ > commit) return std::nullopt;
  const std::uint32_t steps = steps_until(day);
  std::int64_t value = steps == 0 ? 0 : total_at(steps - 1);
  const std::uint32_t later = tail_count_.load(std::memory_order_acquire);
  for (std::uint32_t i = 0; i < later; ++i) {
    const Tail& step = tail()[i];
    if (step.commit <= commit && step.day <= day) value += step.delta;
  }
  return value;
}

bool Timeline::at(std::span<const std::int32_t> days, std::uint32_t commit,
                  std::span<std::int64_t> values) const {
  if (folded_ > commit) return false;
  std::uint32_t steps = days.empty() ? 0 : steps_until(days.front());
  for (std::size_t i = 0; i < days.size(); ++i) {
    while (steps < count_ && day_at(steps) <= days[i]) ++steps;
    values[i] = steps == 0 ? 0 : total_at(steps - 1);
  }
  const std::uint32_t later = tail_count_.load(std::memory_order_acquire);
  for (std::uint32_t i = 0; i < later; ++i) {
    const Tail& step = tail()[i];
    if (step.commit > commit) continue;
    const auto first = std::lower_bound(days.begin(), days.end(), step.day) - days.begin();
    for (auto at = static_cast<std::size_t>(first); at < days.size(); ++at)
      values[at] += step.delta;
  }
  return true;
}

void Timeline::add(Step step, std::uint32_t commit) noexcept {
  const std::uint32_t count = tail_count_.load(std::memory_order_relaxed);
  tail()[count] = {commit, step.day, step.delta};
  tail_count_.store(count + 1, std::memory_order_release);
}

void Timeline::append_to(std::vector<Step>& steps) const {
  std::int64_t before = 0;
  for (std::uint32_t i = 0; i < count_; ++i) {
    steps.push_back({day_at(i), total_at(i) - before});
    before = total_at(i);
  }
  const std::uint32_t later = tail_count_.load(std::memory_order_relaxed);
  for (std::uint32_t i = 0; i < later; ++i) steps.push_back({tail()[i].day, tail()[i].delta});
}

void Timeline::append_to(std::vector<Step>& steps, std::int32_t from, std::int32_t until) const {
  std::uint32_t at = steps_until(from);
  std::int64_t before = at == 0 ? 0 : total_at(at - 1);
  const std::size_t first = steps.size();
  steps.push_back({from, before});
  for (; at < count_ && day_at(at) < until; ++at) {
    steps.push_back({day_at(at), total_at(at) - before});
    before = total_at(at);
  }
  const std::uint32_t later = tail_count_.load(std::memory_order_relaxed);
  for (std::uint32_t i = 0; i < later; ++i) {
    const Tail& step = tail()[i];
    if (step.day <= from) {
      steps[first].delta += step.delta;
    } else if (step.day < until) {
      steps.push_back({step.day, step.delta});
    }
  }
}

Timeline::Owner Timeline::folded(std::uint32_t commit) const {
  std::vector<Step> steps;
  const std::uint32_t later = tail_count_.load(std::memory_order_relaxed);
  steps.reserve(std::size_t{count_} + later);
  std::int64_t before = 0;
  for (std::uint32_t i = 0; i < count_; ++i) {
    steps.push_back({day_at(i), total_at(i) - before});
    before = total_at(i);
  }
  std::uint32_t first_kept = 0;
  std::uint32_t folded = folded_;
  for (; first_kept < later && tail()[first_kept].commit + kKept <= commit; ++first_kept) {
    steps.push_back({tail()[first_kept].day, tail()[first_kept].delta});
    folded = tail()[first_kept].commit;
  }
  const auto by_day = [](const Step& a, const Step& b) { return a.day < b.day; };
  std::sort(steps.begin() + count_, steps.end(), by_day);
  std::inplace_merge(steps.begin(), steps.begin() + count_, steps.end(), by_day);
  add_up(steps);
  const std::uint32_t kept = later - first_kept;
  const auto room =
      static_cast<std::uint32_t>(std::min<std::size_t>(4 + steps.size() / 8, 250)) + 2 * kept;
  Owner made = make(steps, folded, room);
  for (std::uint32_t i = first_kept; i < later; ++i)
    made->add({tail()[i].day, tail()[i].delta}, tail()[i].commit);
  return made;
}

std::uint64_t Timeline::memory_bytes() const noexcept {
  return bytes_of(count_, tail_room_, is_wide_);
}

}  // namespace dangbo::inline v1::registry
