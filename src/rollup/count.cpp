#include "rollup/count.hpp"

#include <algorithm>
#include <optional>
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
        groups_(input.groups.size()),
        reach_(world, targets, options.scope, input.own_day && !options.day_tree),
        cells_(targets.size(), keys, input.rows.size(), input.sum.has_value()) {
    if (input.condition) condition_.emplace(*input.condition);
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      if (input.groups[i].formula) groups_[i].emplace(*input.groups[i].formula);
    }
    by_block_ = condition_ || std::any_of(groups_.begin(), groups_.end(),
                                          [](const auto& group) { return group.has_value(); });
  }

  Cells& cells() { return cells_; }

  void run(const World& world, Tally& tally) {
    const std::uint32_t count = input_.rows.size();
    for (std::uint32_t i = 0; i < count; ++i) {
      Placed placed;
      placed.own = RowId{i};
      if (!input_.place_any(world, placed, tally)) continue;
      if (!by_block_) {
        add(placed, 0, tally);
        continue;
      }
      block_.push_back(placed);
      if (block_.size() == FormulaColumns::kMostRows) add_block(tally);
    }
    add_block(tally);
    if (input_.kind == Kind::kPersons) count_persons();
  }

 private:
  // Conditions and groups that are expressions are evaluated by column, then row for row as ever.
  void add_block(Tally& tally) {
    if (condition_) {
      const expr::ColumnResult& holds = condition_->values(block_);
      std::size_t kept = 0;
      for (std::size_t i = 0; i < block_.size(); ++i) {
        if (holds.is_error(i)) ++tally.undecided;
        if (holds.is_true(i)) block_[kept++] = block_[i];
      }
      block_.resize(kept);
    }
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      if (groups_[i]) values_[i] = &groups_[i]->values(block_);
    }
    for (std::size_t i = 0; i < block_.size(); ++i) add(block_[i], i, tally);
    block_.clear();
  }

  // The cell's key of a row, which is number `at` of its block.
  std::uint64_t key_of(const Placed& placed, std::size_t at) {
    std::uint64_t key = 0;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      GroupColumn& group = input_.groups[i];
      key = key * group.radix +
            (groups_[i] ? group.digit_of(values_[i]->value(at)) : group.digit(placed));
    }
    return key;
  }

  void add(const Placed& placed, std::size_t at, Tally& tally) {
    if (reach_.climbs()) {
      bool any = false;
      reach_.climb(placed, [&](std::uint32_t) { any = true; });
      if (!any) return;
      const std::int64_t value = value_of(placed, tally);
      const std::uint64_t key = key_of(placed, at);
      reach_.climb(placed, [&](std::uint32_t target) { cells_.add(target, key, 1, value); });
      return;
    }
    const std::uint32_t target = reach_.nearest(placed);
    if (target == kNoTarget) return;
    if (input_.kind == Kind::kPersons) {
      seen_.push_back({key_of(placed, at), index_of(placed.member), target});
    } else {
      const std::int64_t value = value_of(placed, tally);
      cells_.add(target, key_of(placed, at), 1, value);
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
  std::optional<FormulaColumns> condition_;
  std::vector<std::optional<FormulaColumns>> groups_;
  std::vector<const expr::ColumnResult*> values_ =
      std::vector<const expr::ColumnResult*>(groups_.size());
  std::vector<Placed> block_;
  bool by_block_ = false;
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
