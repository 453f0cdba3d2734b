#include "rollup/count.hpp"

#include <algorithm>
#include <deque>
#include <exception>
#include <optional>
#include <system_error>
#include <thread>
#include <tuple>
#include <utility>

#include "dangbo/rollup/mistake.hpp"
#include "rollup/cells.hpp"
#include "rollup/reach.hpp"
#include "rollup/scan.hpp"

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

// Whole numbers, half away from zero. Groups of the sums without any value stand at kNoValue.
void divide(Matrix& sums, const Matrix& counts) {
  const std::size_t targets = sums.groups.empty() ? 0 : sums.values.size() / sums.groups.size();
  for (std::size_t target = 0; target < targets; ++target) {
    for (std::size_t group = 0; group < sums.groups.size(); ++group) {
      std::int64_t& value = sums.values[target * sums.groups.size() + group];
      const auto at =
          std::lower_bound(counts.groups.begin(), counts.groups.end(), sums.groups[group]);
      const bool met = at != counts.groups.end() && *at == sums.groups[group];
      const std::int64_t count =
          met ? counts.at(target, static_cast<std::size_t>(at - counts.groups.begin())) : 0;
      if (count == 0) {
        value = kNoValue;
        continue;
      }
      const std::int64_t rest = value % count;
      value /= count;
      if ((rest < 0 ? -rest : rest) >= count - (rest < 0 ? -rest : rest))
        value += rest < 0 ? -1 : 1;
    }
  }
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
        cells_(targets.size(), keys, input.rows.size(),
               input.measure == Measure::kMean ? Measure::kSum : input.measure),
        progress_(options.progress) {
    if (input.measure == Measure::kMean) {
      values_.emplace(targets.size(), keys, input.rows.size(), Measure::kCount);
    }
    if (input.condition) condition_.emplace(*input.condition);
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      if (input.groups[i].formula) groups_[i].emplace(*input.groups[i].formula);
    }
    by_block_ = condition_ || std::any_of(groups_.begin(), groups_.end(),
                                          [](const auto& group) { return group.has_value(); });
  }

  Cells& cells() { return cells_; }
  // Of a mean: how many values each has.
  Cells* values() { return values_ ? &*values_ : nullptr; }

  void run(const World& world, const Targets& targets, Scope scope, Tally& tally) {
    if (const auto frame = frame_for(world, input_); frame != nullptr) {
      Scan scan(world, input_, targets, scope, *frame);
      if (scan.counts() && rows_ == nullptr)
        return count_by_column(scan, world, targets, scope, *frame, tally);
      scan.each(progress_, tally,
                [&](const Placed& placed, std::uint32_t target) { take(placed, target, tally); });
    } else {
      read_rows(world, tally);
    }
    add_block(tally);
    if (input_.kind == Kind::kPersons && rows_ == nullptr) count_persons();
  }

  // From now on rows are listed, not counted.
  void list_into(std::vector<CountedRow>& rows) { rows_ = &rows; }

 private:
  // Threads count different blocks; what they count is added up, so their number does not show.
  void count_by_column(Scan& scan, const World& world, const Targets& targets, Scope scope,
                       const Frame& frame, Tally& tally) {
    constexpr std::uint64_t kCellsToCopy = 1U << 16;
    const unsigned threads = progress_ == nullptr ? 1 : std::min(progress_->threads(), 16U);
    if (threads < 2 || !scan.may_share() || cells_.capacity() > kCellsToCopy) {
      return scan.count(cells_, progress_, tally);
    }
    // Only this thread tells how far it is, and its share of a small body may be nothing.
    if (!progress_->at(0)) return;
    struct Helper {
      std::optional<Scan> scan;
      Cells cells;
      Tally tally;
      std::exception_ptr thrown;
      std::thread thread;

      void run() noexcept {
        try {
          scan->count(cells, nullptr, tally);
        } catch (...) {
          thrown = std::current_exception();
        }
      }
      ~Helper() {
        if (thread.joinable()) thread.join();
      }
    };
    std::deque<Helper> helpers;
    for (unsigned i = 1; i < threads; ++i) {
      Helper& helper = helpers.emplace_back(std::nullopt, cells_.empty_copy(), Tally{},
                                            std::exception_ptr{}, std::thread{});
      helper.scan.emplace(world, input_, targets, scope, frame);
      helper.scan->take_share(i, threads);
      try {
        helper.thread = std::thread(&Helper::run, &helper);
      } catch (const std::system_error&) {
        helper.run();  // no thread is to be had
      }
    }
    scan.take_share(0, threads);
    scan.count(cells_, progress_, tally);
    for (Helper& helper : helpers) {
      if (helper.thread.joinable()) helper.thread.join();
      if (helper.thrown) std::rethrow_exception(helper.thrown);
      cells_.merge(helper.cells);
      tally.not_in_force += helper.tally.not_in_force;
      tally.undecided += helper.tally.undecided;
    }
  }

  // Row by row, as the facts stand.
  void read_rows(const World& world, Tally& tally) {
    if (input_.needs_member && !input_.own_day) world.index_members();
    const std::uint32_t count = input_.rows.size();
    for (std::uint32_t i = 0; i < count; ++i) {
      if (i % 65'536 == 0 && progress_ != nullptr && !progress_->at(double{1} * i / count)) return;
      Placed placed;
      placed.own = RowId{i};
      if (!input_.place_any(world, placed, tally)) continue;
      std::uint32_t target = kNoTarget;
      if (reach_.climbs()) {
        reach_.climb(placed, [&](std::uint32_t one) { target = one; });
      } else {
        target = reach_.nearest(placed);
      }
      if (target != kNoTarget) take(placed, target, tally);
    }
  }

  // A row that counts in a target, or, climbing, in several.
  void take(const Placed& placed, std::uint32_t target, Tally& tally) {
    if (!by_block_) return add(placed, target, 0, tally);
    block_.push_back(placed);
    targets_.push_back(target);
    if (block_.size() == FormulaColumns::kMostRows) add_block(tally);
  }

  // Conditions and groups that are expressions are evaluated by column, then row for row as ever.
  void add_block(Tally& tally) {
    if (condition_) {
      const expr::ColumnResult& holds = condition_->values(block_);
      std::size_t kept = 0;
      for (std::size_t i = 0; i < block_.size(); ++i) {
        if (holds.is_error(i)) ++tally.undecided;
        if (!holds.is_true(i)) continue;
        block_[kept] = block_[i];
        targets_[kept++] = targets_[i];
      }
      block_.resize(kept);
    }
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      if (groups_[i]) results_[i] = &groups_[i]->values(block_);
    }
    for (std::size_t i = 0; i < block_.size(); ++i) add(block_[i], targets_[i], i, tally);
    block_.clear();
    targets_.clear();
  }

  // The cell's key of a row, which is number `at` of its block.
  std::uint64_t key_of(const Placed& placed, std::size_t at) {
    std::uint64_t key = 0;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      GroupColumn& group = input_.groups[i];
      key = key * group.radix +
            (groups_[i] ? group.digit_of(results_[i]->value(at)) : group.digit(placed));
    }
    return key;
  }

  void add(const Placed& placed, std::uint32_t target, std::size_t at, Tally& tally) {
    const std::uint64_t key = key_of(placed, at);
    if (rows_ != nullptr) return list(placed, target, key);
    if (input_.kind == Kind::kPersons) {
      seen_.push_back({key, index_of(placed.member), target});
      return;
    }
    const std::int64_t value = value_of(placed, tally);
    if (reach_.climbs()) {
      reach_.climb(placed, [&](std::uint32_t one) { put(one, key, value); });
    } else {
      put(target, key, value);
    }
  }

  void list(const Placed& placed, std::uint32_t target, std::uint64_t key) {
    const auto put_row = [&](std::uint32_t one) {
      rows_->push_back({key, one, placed.member, placed.own});
    };
    if (reach_.climbs()) {
      reach_.climb(placed, put_row);
    } else {
      put_row(target);
    }
  }

  void put(std::uint32_t target, std::uint64_t key, std::int64_t value) {
    if (!values_) return cells_.add(target, key, 1, value);
    cells_.add(target, key, 1, value == kNoValue ? 0 : value);
    values_->add(target, key, value == kNoValue ? 0 : 1, 0);
  }

  [[nodiscard]] std::int64_t value_of(const Placed& placed, Tally& tally) const {
    if (!input_.sum) return 0;
    const auto number = input_.sum->integer(placed);
    if (!number) ++tally.no_value;
    return number.value_or(input_.measure == Measure::kSum ? 0 : kNoValue);
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
  std::vector<const expr::ColumnResult*> results_ =
      std::vector<const expr::ColumnResult*>(groups_.size());
  std::vector<Placed> block_;
  std::vector<std::uint32_t> targets_;  // of the block's rows
  bool by_block_ = false;
  Reach reach_;
  Cells cells_;
  std::optional<Cells> values_;
  const Progress* progress_;
  std::vector<CountedRow>* rows_ = nullptr;
  std::vector<Seen> seen_;
};

absl::StatusOr<std::uint64_t> keys_of(const Input& input) {
  std::uint64_t keys = 1;
  for (const GroupColumn& group : input.groups) {
    if (__builtin_mul_overflow(keys, group.radix, &keys)) return too_many("/by");
  }
  return keys;
}

bool has_too_many_texts(const Input& input) {
  return std::any_of(input.groups.begin(), input.groups.end(),
                     [](const GroupColumn& group) { return group.too_many; });
}

}  // namespace

absl::StatusOr<Matrix> count(const World& world, Input& input, const Targets& targets,
                             const CountOptions& options, Tally& tally) {
  const auto keys = keys_of(input);
  if (!keys.ok()) return keys.status();
  Counter counter(world, input, targets, options, *keys);
  if (!counter.cells().fits()) return too_many(targets.size() > kMaxCells ? "/each" : "/by");
  counter.run(world, targets, options.scope, tally);
  if (options.progress != nullptr && options.progress->stopped())
    return absl::CancelledError("the query was stopped");
  if (has_too_many_texts(input)) return too_many("/by");
  const bool own_day = input.own_day && !options.day_tree;
  const bool fold = options.scope == Scope::kBelow && !own_day && !targets.whole;
  const std::vector<std::uint32_t> above = fold ? targets.above : std::vector<std::uint32_t>{};
  Matrix matrix = counter.cells().finish(above, !input.groups.empty());
  if (counter.cells().too_many()) return too_many("/by");
  if (counter.cells().overflow()) return overflow(options.at + "/" + name_of(input.measure));
  if (counter.values() != nullptr) {
    const Matrix values = counter.values()->finish(above, !input.groups.empty());
    divide(matrix, values);
  }
  return matrix;
}

absl::StatusOr<std::vector<CountedRow>> counted_rows(const World& world, Input& input,
                                                     const Targets& targets,
                                                     const CountOptions& options, Tally& tally) {
  const auto keys = keys_of(input);
  if (!keys.ok()) return keys.status();
  std::vector<CountedRow> rows;
  Counter counter(world, input, targets, options, *keys);
  counter.list_into(rows);
  counter.run(world, targets, options.scope, tally);
  if (options.progress != nullptr && options.progress->stopped()) {
    return absl::CancelledError("the query was stopped");
  }
  if (has_too_many_texts(input)) return too_many("/by");
  return rows;
}

}  // namespace dangbo::inline v1::rollup
