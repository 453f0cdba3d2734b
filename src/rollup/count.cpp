#include "rollup/count.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "dangbo/rollup/mistake.hpp"
#include "rollup/cells.hpp"
#include "rollup/reach.hpp"

namespace dangbo::inline v1::rollup {

namespace {

using base::ProblemCode;

absl::Status too_many(const std::string& at) {
  return base::problem_status(
      absl::StatusCode::kInvalidArgument,
      mistake(
          ProblemCode::kTooManyCells, at, "",
          {"kết quả có hơn 4 000 000 ô", "the result would have more than 4 000 000 cells"},
          {"bớt cột nhóm, hoặc hỏi ít đơn vị hơn", "group by fewer columns or ask fewer units"}));
}

absl::Status overflow(const std::string& at) {
  return base::problem_status(
      absl::StatusCode::kInvalidArgument,
      mistake(ProblemCode::kOutOfRange, at, "",
              {"tổng vượt quá 64 bit", "the sum does not fit 64 bits"},
              {"lọc bớt, hoặc kiểm tra giá trị bất thường", "filter, or look for absurd values"}));
}

// A person stands once in a target and group, however many rows say so.
struct Seen {
  std::uint64_t key;
  std::uint32_t member;
  std::uint32_t target;
  friend auto operator<=>(const Seen&, const Seen&) = default;
};

class Counter {
 public:
  Counter(const World& world, Input& input, const Targets& targets, const CountOptions& options,
          std::uint64_t keys)
      : input_(input),
        reach_(world, targets, options.scope, input.own_day && !options.day_tree),
        cells_(targets.size(), keys, input.rows.size(), input.sum.has_value()) {}

  Cells& cells() { return cells_; }

  void run(const World& world, Tally& tally) {
    const std::uint32_t count = input_.rows.size();
    for (std::uint32_t i = 0; i < count; ++i) {
      Placed placed;
      placed.own = RowId{i};
      if (input_.place(world, placed, tally)) add(placed, tally);
    }
    if (input_.kind == Kind::kPersons) count_persons();
  }

 private:
  void add(const Placed& placed, Tally& tally) {
    if (reach_.climbs()) {
      bool any = false;
      reach_.climb(placed, [&](std::uint32_t) { any = true; });
      if (!any) return;
      const std::int64_t value = value_of(placed, tally);
      const std::uint64_t key = input_.key_of(placed);
      reach_.climb(placed, [&](std::uint32_t target) { cells_.add(target, key, 1, value); });
      return;
    }
    const std::uint32_t target = reach_.nearest(placed);
    if (target == kNoTarget) return;
    if (input_.kind == Kind::kPersons) {
      seen_.push_back({input_.key_of(placed), index_of(placed.member), target});
    } else {
      const std::int64_t value = value_of(placed, tally);
      cells_.add(target, input_.key_of(placed), 1, value);
    }
  }

  [[nodiscard]] std::int64_t value_of(const Placed& placed, Tally& tally) const {
    if (!input_.sum) return 0;
    const auto number = input_.sum->integer(placed);
    if (!number) ++tally.no_value;
    return number.value_or(0);
  }

  // One in each target met, one less where two of them first join: folding upward then counts a
  // person once in every target. Targets are in pre-order, so only neighbours need joining.
  void count_persons() {
    std::sort(seen_.begin(), seen_.end());
    seen_.erase(std::unique(seen_.begin(), seen_.end()), seen_.end());
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      const Seen& now = seen_[i];
      cells_.add(now.target, now.key, 1, 0);
      if (!reach_.below() || i == 0 || seen_[i - 1].key != now.key ||
          seen_[i - 1].member != now.member) {
        continue;
      }
      std::uint32_t one = seen_[i - 1].target;
      std::uint32_t other = now.target;
      while (one != other && one != kNoTarget && other != kNoTarget) {
        if (one > other) {
          one = reach_.above(one);
        } else {
          other = reach_.above(other);
        }
      }
      if (one == other && one != kNoTarget) cells_.add(one, now.key, -1, 0);
    }
  }

  Input& input_;
  Reach reach_;
  Cells cells_;
  std::vector<Seen> seen_;
};

}  // namespace

absl::StatusOr<Matrix> count(const World& world, Input& input, const Targets& targets,
                             const CountOptions& options, Tally& tally) {
  std::uint64_t keys = 1;
  for (const GroupColumn& group : input.groups) {
    if (__builtin_mul_overflow(keys, group.radix, &keys)) return too_many("/by");
  }
  Counter counter(world, input, targets, options, keys);
  if (!counter.cells().fits()) return too_many(targets.size() > kMaxCells ? "/each" : "/by");
  counter.run(world, tally);
  for (const GroupColumn& group : input.groups) {
    if (group.too_many) return too_many("/by");
  }
  const bool own_day = input.own_day && !options.day_tree;
  const bool fold = options.scope == Scope::kBelow && !own_day && !targets.whole;
  Matrix matrix = counter.cells().finish(fold ? targets.above : std::vector<std::uint32_t>{},
                                         !input.groups.empty());
  if (counter.cells().too_many()) return too_many("/by");
  if (counter.cells().overflow()) return overflow(options.at + "/sum");
  return matrix;
}

}  // namespace dangbo::inline v1::rollup
