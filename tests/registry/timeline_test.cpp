// Timelines against a map of days: small and large steps, gaps, days before all days, later steps.
#include "registry/timeline.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace dangbo::registry {
namespace {

constexpr std::int32_t kAlways = time::DateRange::kOpenFrom;

// The steps by day, and those added later with their commits.
struct Naive {
  std::map<std::int32_t, std::int64_t> base;
  std::vector<std::pair<std::uint32_t, Step>> later;

  [[nodiscard]] std::int64_t at(std::int32_t day, std::uint32_t commit) const {
    std::int64_t sum = 0;
    for (const auto& [on, delta] : base)
      if (on <= day) sum += delta;
    for (const auto& [when, step] : later)
      if (when <= commit && step.day <= day) sum += step.delta;
    return sum;
  }
};

class Shape {
 public:
  explicit Shape(std::uint32_t seed) : random_(seed), kind_(seed % 6) {}

  Step next() {
    const std::uint64_t gap = kind_ == 0 ? 1 : kind_ == 1 ? pick(2000) : pick(120);
    day_ += static_cast<std::int32_t>(gap);
    std::int64_t delta = static_cast<std::int64_t>(pick(7)) - 3;
    if (kind_ == 2) delta = static_cast<std::int64_t>(pick(2000)) - 1000;
    if (kind_ == 3) delta = static_cast<std::int64_t>(random_() % (1ULL << 40)) - (1LL << 39);
    if (kind_ == 4 && pick(5) == 0) delta = 5000;
    if (kind_ == 5) delta = pick(2) == 0 ? 127 : -128;
    return {day_, delta == 0 ? 1 : delta};
  }
  std::uint64_t pick(std::uint64_t below) { return 1 + random_() % below; }
  std::mt19937_64& random() { return random_; }

 private:
  std::mt19937_64 random_;
  std::uint32_t kind_;
  std::int32_t day_ = -3000;
};

std::vector<Step> steps_of(const Naive& naive) {
  std::vector<Step> steps;
  for (const auto& [day, delta] : naive.base)
    if (delta != 0) steps.push_back({day, delta});
  return steps;
}

void compare(const Timeline& timeline, const Naive& naive, std::uint32_t commit, Shape& shape) {
  std::vector<std::int32_t> days = {kAlways, -30000, -3001};
  for (const auto& [day, delta] : naive.base)
    for (const std::int32_t near : {-1, 0, 1})
      if (day != kAlways) days.push_back(day + near);
  for (int i = 0; i < 20; ++i) days.push_back(static_cast<std::int32_t>(shape.pick(90000)) - 30000);
  std::sort(days.begin(), days.end());
  std::vector<std::int64_t> values(days.size());
  ASSERT_TRUE(timeline.at(days, commit, values));
  for (std::size_t i = 0; i < days.size(); ++i) {
    ASSERT_EQ(timeline.at(days[i], commit), naive.at(days[i], commit)) << days[i];
    ASSERT_EQ(values[i], naive.at(days[i], commit)) << days[i];
  }
  const std::int32_t from = days[shape.pick(days.size()) - 1];
  std::int32_t until = days[shape.pick(days.size()) - 1];
  if (until <= from) until = time::DateRange::kOpenUntil;
  std::vector<Step> part;
  timeline.append_to(part, from, until);
  merge_steps(part);
  for (const std::int32_t day : days) {
    if (day < from || day >= until) continue;
    std::int64_t sum = 0;
    for (const Step& step : part) sum += step.day <= day ? step.delta : 0;
    ASSERT_EQ(sum, naive.at(day, 0xFFFFFFFEU)) << day;
  }
}

TEST(Timeline, EqualsAMapOfDays) {
  for (std::uint32_t seed = 0; seed < 120; ++seed) {
    Shape shape(seed);
    Naive naive;
    if (seed % 3 == 0) naive.base[kAlways] = static_cast<std::int64_t>(shape.pick(100000));
    const std::uint64_t count = seed % 7 == 0 ? 0 : shape.pick(seed % 5 == 0 ? 600 : 60);
    for (std::uint64_t i = 0; i < count; ++i) {
      const Step step = shape.next();
      naive.base[step.day] += step.delta;
    }
    Timeline::Owner timeline = Timeline::make(steps_of(naive), 7, 8);
    compare(*timeline, naive, 7, shape);
    EXPECT_EQ(timeline->at(0, 6), std::nullopt);
    std::uint32_t commit = 7;
    for (int i = 0; i < 200; ++i) {
      commit += static_cast<std::uint32_t>(shape.pick(3)) - 1;
      const Step step{static_cast<std::int32_t>(shape.pick(20000)) - 4000,
                      static_cast<std::int64_t>(shape.pick(600)) - 300};
      if (timeline->is_full()) timeline = timeline->folded(commit);
      timeline->add(step, commit);
      naive.later.emplace_back(commit, step);
    }
    compare(*timeline, naive, commit, shape);
    std::vector<Step> all;
    timeline->append_to(all);
    merge_steps(all);
    std::int64_t sum = 0;
    for (const Step& step : all) sum += step.delta;
    EXPECT_EQ(sum, naive.at(1000000, commit));
  }
}

// What a cell of thirty has after ten years, and a province day by day.
TEST(Timeline, TakesLessThanThreeBytesAStep) {
  for (const auto& [count, gap, most] :
       {std::tuple(3600, 1, 26), std::tuple(360, 10, 26), std::tuple(40, 90, 31)}) {
    std::vector<Step> steps;
    for (std::int32_t i = 0; i < count; ++i) steps.push_back({i * gap, i % 3 == 1 ? -1 : 1});
    const auto timeline = Timeline::make(steps, 1, 0);
    EXPECT_LE((timeline->memory_bytes() - sizeof(Timeline)) * 10,
              static_cast<std::uint64_t>(count) * static_cast<std::uint64_t>(most));
  }
}

}  // namespace
}  // namespace dangbo::registry
