#include "registry/timeline.hpp"

#include <cstring>
#include <limits>
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

// Steps on their way into blocks.
struct Timeline::Encoded {
  std::vector<Block> blocks;
  std::vector<std::uint8_t> steps;  // gap, delta as a signed byte; all blocks but the last are full

  explicit Encoded(std::span<const Step> given, std::int64_t total = 0) {
    std::int32_t day = 0;
    blocks.reserve(given.size() / kSteps + 2);
    steps.reserve(given.size() * 2 + kSteps * 2);
    for (const Step& step : given) {
      if (!continues(day, step)) begin(step.day, total + step.delta);
      total += step.delta;
      day = step.day;
    }
  }

 private:
  static constexpr std::int64_t kMostGap = 255;
  static constexpr std::int64_t kMostDelta = 127;

  void put(std::int64_t gap, std::int64_t delta) {
    steps.push_back(static_cast<std::uint8_t>(gap));
    steps.push_back(static_cast<std::uint8_t>(static_cast<std::int8_t>(delta)));
    ++blocks.back().count;
  }

  // Whether the step went into the block begun last.
  bool continues(std::int32_t day, const Step& step) {
    if (blocks.empty() || day == time::DateRange::kOpenFrom) return false;
    const std::int64_t gap = std::int64_t{step.day} - day;
    if (gap <= kMostGap && -kMostDelta <= step.delta && step.delta <= kMostDelta) {
      if (blocks.back().count == kSteps) return false;
      put(gap, step.delta);
      return true;
    }
    const std::int64_t size = step.delta < 0 ? -step.delta : step.delta;
    if (gap > 4 * kMostGap || step.delta == std::numeric_limits<std::int64_t>::min() ||
        size > 4 * kMostDelta)
      return false;
    const std::int64_t gaps = std::max<std::int64_t>(0, (gap - 1) / kMostGap);
    const std::int64_t deltas = std::max<std::int64_t>(1, (size + kMostDelta - 1) / kMostDelta);
    if (blocks.back().count + gaps + deltas > kSteps) return false;
    for (std::int64_t i = 0; i < gaps; ++i) put(kMostGap, 0);
    std::int64_t left = step.delta;
    for (std::int64_t i = 0; i < deltas; ++i) {
      const std::int64_t part = std::clamp(left, -kMostDelta, kMostDelta);
      put(i == 0 ? gap - gaps * kMostGap : 0, part);
      left -= part;
    }
    return true;
  }

  void begin(std::int32_t day, std::int64_t total) {
    if (!blocks.empty()) steps.resize(blocks.size() * kSteps * 2, 0);  // steps of nothing
    blocks.push_back({day, total, 0, 0});
  }
};

// Goes through the base: one step after the other, those of nothing left out.
class Timeline::Cursor {
 public:
  explicit Cursor(const Timeline& of, std::uint32_t block = 0) : of_(of), block_(block) { enter(); }

  [[nodiscard]] bool is_at_end() const noexcept { return block_ >= of_.blocks_; }
  [[nodiscard]] std::int32_t day() const noexcept { return day_; }
  // From day() on.
  [[nodiscard]] std::int64_t total() const noexcept { return total_; }

  void next() noexcept {
    do {
      if (step_ == end_) {
        ++block_;
        enter();
        return;
      }
      const std::byte* pair = of_.step_bytes() + std::size_t{step_} * 2;
      day_ += static_cast<std::int32_t>(std::to_integer<std::uint8_t>(pair[0]));
      const auto delta = static_cast<std::int8_t>(std::to_integer<std::uint8_t>(pair[1]));
      total_ += delta;
      ++step_;
      if (delta != 0) return;
    } while (true);
  }

 private:
  void enter() noexcept {
    if (is_at_end()) return;
    day_ = of_.day_of(block_);
    total_ = of_.total_of(block_);
    step_ = block_ * kSteps;
    end_ = block_ + 1 == of_.blocks_ ? of_.steps() : step_ + kSteps;
  }

  const Timeline& of_;
  std::uint32_t block_;
  std::uint32_t step_ = 0;
  std::uint32_t end_ = 0;
  std::int32_t day_ = 0;
  std::int64_t total_ = 0;
};

std::size_t Timeline::bytes_of(std::uint32_t blocks, std::uint32_t steps, std::uint32_t room,
                               bool is_wide) noexcept {
  return sizeof(Timeline) + std::size_t{room} * sizeof(Tail) +
         std::size_t{blocks} * (is_wide ? 12 : 4) + std::size_t{steps} * 2;
}

Timeline::Owner Timeline::make(std::span<const Step> steps, std::uint32_t folded,
                               std::uint32_t tail_room) {
  const Timeline nothing;
  return make(nothing, 0, Encoded(steps), folded, tail_room);
}

Timeline::Owner Timeline::make(const Timeline& from, std::uint32_t same, const Encoded& encoded,
                               std::uint32_t folded, std::uint32_t tail_room) {
  bool is_wide = same != 0 && from.is_wide_ != 0;
  for (const Block& block : encoded.blocks) {
    const bool fits = block.day == time::DateRange::kOpenFrom ||
                      (block.day >= kFirstDay && block.day < kFirstDay + 0xFFFF);
    is_wide = is_wide || !fits || block.total < 0 || block.total > 0xFFFF;
  }
  const auto blocks = same + static_cast<std::uint32_t>(encoded.blocks.size());
  const std::uint32_t same_steps = same * kSteps;
  const auto count = same_steps + static_cast<std::uint32_t>(encoded.steps.size() / 2);
  Owner made(new (::operator new(bytes_of(blocks, count, tail_room, is_wide))) Timeline());
  made->blocks_ = blocks & 0xFFFFFFU;
  made->last_steps_ = blocks == 0              ? 0U
                      : encoded.blocks.empty() ? kSteps
                                               : encoded.blocks.back().count & 0x7FU;
  made->is_wide_ = is_wide ? 1U : 0U;
  made->folded_ = folded;
  made->tail_room_ = tail_room;
  std::byte* to = made->body() + std::size_t{tail_room} * sizeof(Tail);
  const auto put = [&to](const auto value) {
    std::memcpy(to, &value, sizeof value);
    to += sizeof value;
  };
  const auto put_total = [&](std::int64_t total) {
    is_wide ? put(total) : put(static_cast<std::uint16_t>(total));
  };
  const auto put_day = [&](std::int32_t day) {
    if (is_wide) {
      put(day);
    } else {
      put(day == time::DateRange::kOpenFrom ? std::uint16_t{0}
                                            : static_cast<std::uint16_t>(day - kFirstDay + 1));
    }
  };
  for (std::uint32_t block = 0; block < same; ++block) put_total(from.total_of(block));
  for (const Block& block : encoded.blocks) put_total(block.total);
  for (std::uint32_t block = 0; block < same; ++block) put_day(from.day_of(block));
  for (const Block& block : encoded.blocks) put_day(block.day);
  if (same != 0) std::memcpy(to, from.step_bytes(), std::size_t{same_steps} * 2);
  to += std::size_t{same_steps} * 2;
  if (!encoded.steps.empty()) std::memcpy(to, encoded.steps.data(), encoded.steps.size());
  return made;
}

namespace {

template <typename T>
T load(const std::byte* from, std::uint32_t at) noexcept {
  T value;
  std::memcpy(&value, from + std::size_t{at} * sizeof(T), sizeof(T));
  return value;
}

// How many of `count` ascending values are not above `limit`.
template <typename T>
std::uint32_t count_until(const std::byte* values, std::uint32_t count, T limit) noexcept {
  std::uint32_t low = 0;
  while (count > 0) {
    const std::uint32_t half = count / 2;
    if (load<T>(values, low + half) <= limit) {
      low += half + 1;
      count -= half + 1;
    } else {
      count = half;
    }
  }
  return low;
}

}  // namespace

std::int32_t Timeline::day_of(std::uint32_t block) const noexcept {
  if (is_wide_) return load<std::int32_t>(base() + std::size_t{blocks_} * 8, block);
  const auto day = load<std::uint16_t>(base() + std::size_t{blocks_} * 2, block);
  return day == 0 ? time::DateRange::kOpenFrom : kFirstDay + day - 1;
}

std::int64_t Timeline::total_of(std::uint32_t block) const noexcept {
  return is_wide_ ? load<std::int64_t>(base(), block)
                  : std::int64_t{load<std::uint16_t>(base(), block)};
}

std::int64_t Timeline::total_before(std::uint32_t block) const noexcept {
  std::int64_t total = total_of(block - 1);
  const std::byte* pair = step_bytes() + std::size_t{block - 1} * kSteps * 2;
  for (std::uint32_t step = 0; step < kSteps; ++step, pair += 2)
    total += static_cast<std::int8_t>(std::to_integer<std::uint8_t>(pair[1]));
  return total;
}

std::uint32_t Timeline::blocks_until(std::int32_t day) const noexcept {
  if (is_wide_) return count_until(base() + std::size_t{blocks_} * 8, blocks_, day);
  const std::int32_t code = day < kFirstDay ? 0 : std::min(day - kFirstDay + 1, 0xFFFF);
  return count_until(base() + std::size_t{blocks_} * 2, blocks_, static_cast<std::uint16_t>(code));
}

std::int64_t Timeline::base_at(std::int32_t day) const noexcept {
  const std::uint32_t until = blocks_until(day);
  if (until == 0) return 0;
  const std::uint32_t block = until - 1;
  std::int64_t total = total_of(block);
  const std::int64_t begins = day_of(block);
  if (begins == time::DateRange::kOpenFrom) return total;  // it holds one step
  const std::uint32_t first = block * kSteps;
  const std::uint32_t end = until == blocks_ ? steps() : first + kSteps;
  const std::byte* pair = step_bytes() + std::size_t{first} * 2;
  std::int64_t left = std::int64_t{day} - begins;
  for (std::uint32_t step = first; step < end; ++step, pair += 2) {
    left -= std::to_integer<std::uint8_t>(pair[0]);
    if (left < 0) break;
    total += static_cast<std::int8_t>(std::to_integer<std::uint8_t>(pair[1]));
  }
  return total;
}

std::optional<std::int64_t> Timeline::at(std::int32_t day, std::uint32_t commit) const noexcept {
  if (folded_ > commit) return std::nullopt;
  std::int64_t value = base_at(day);
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
  const std::uint32_t until = days.empty() ? 0 : blocks_until(days.front());
  Cursor cursor(*this, until == 0 ? 0 : until - 1);
  std::int64_t total = 0;
  for (std::size_t i = 0; i < days.size(); ++i) {
    for (; !cursor.is_at_end() && cursor.day() <= days[i]; cursor.next()) total = cursor.total();
    values[i] = total;
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
  for (Cursor cursor(*this); !cursor.is_at_end(); cursor.next()) {
    steps.push_back({cursor.day(), cursor.total() - before});
    before = cursor.total();
  }
  const std::uint32_t later = tail_count_.load(std::memory_order_relaxed);
  for (std::uint32_t i = 0; i < later; ++i) steps.push_back({tail()[i].day, tail()[i].delta});
}

void Timeline::append_to(std::vector<Step>& steps, std::int32_t from, std::int32_t until) const {
  const std::size_t first = steps.size();
  const std::uint32_t blocks = blocks_until(from);
  Cursor cursor(*this, blocks == 0 ? 0 : blocks - 1);
  std::int64_t before = 0;
  for (; !cursor.is_at_end() && cursor.day() <= from; cursor.next()) before = cursor.total();
  steps.push_back({from, before});
  for (; !cursor.is_at_end() && cursor.day() < until; cursor.next()) {
    steps.push_back({cursor.day(), cursor.total() - before});
    before = cursor.total();
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
  const std::uint32_t later = tail_count_.load(std::memory_order_relaxed);
  std::vector<Step> steps;
  std::uint32_t first_kept = 0;
  std::uint32_t folded = folded_;
  for (; first_kept < later && tail()[first_kept].commit + kKept <= commit; ++first_kept) {
    steps.push_back({tail()[first_kept].day, tail()[first_kept].delta});
    folded = tail()[first_kept].commit;
  }
  const auto by_day = [](const Step& a, const Step& b) { return a.day < b.day; };
  std::sort(steps.begin(), steps.end(), by_day);
  // Blocks before the first new step stay as they are, and most new steps are late.
  const std::uint32_t until = steps.empty() ? blocks_ : blocks_until(steps.front().day);
  const std::uint32_t same = until == 0 ? 0 : until - 1;
  const auto added = static_cast<std::ptrdiff_t>(steps.size());
  std::int64_t before = same == 0 ? 0 : total_before(same);
  const std::int64_t total_of_same = before;
  for (Cursor cursor(*this, same); !cursor.is_at_end(); cursor.next()) {
    steps.push_back({cursor.day(), cursor.total() - before});
    before = cursor.total();
  }
  std::inplace_merge(steps.begin(), steps.begin() + added, steps.end(), by_day);
  add_up(steps);
  const std::uint32_t kept = later - first_kept;
  const std::size_t all_steps = std::size_t{same} * kSteps + steps.size();
  const auto room =
      static_cast<std::uint32_t>(std::min<std::size_t>(8 + all_steps / 8, 250)) + 2 * kept;
  Owner made = make(*this, same, Encoded(steps, total_of_same), folded, room);
  for (std::uint32_t i = first_kept; i < later; ++i)
    made->add({tail()[i].day, tail()[i].delta}, tail()[i].commit);
  return made;
}

std::uint64_t Timeline::memory_bytes() const noexcept {
  return bytes_of(blocks_, steps(), tail_room_, is_wide_);
}

}  // namespace dangbo::inline v1::registry
