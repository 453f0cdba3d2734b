// Rows of a frame that a question counts, found by column.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "rollup/cells.hpp"
#include "rollup/frame.hpp"
#include "rollup/lanes.hpp"
#include "rollup/targets.hpp"

namespace dangbo::inline v1::rollup {

// Memberships, members or persons of the asked day; null when the frame does not answer for them.
[[nodiscard]] std::shared_ptr<const Frame> frame_for(const World& world, const Input& input);

class Scan {
 public:
  // What it takes outlives it.
  Scan(const World& world, Input& input, const Targets& targets, Scope scope, const Frame& frame);
  Scan(const Scan&) = delete;  // filters look at members
  Scan& operator=(const Scan&) = delete;

  // Whether cells are had without looking at single rows; then `count`, else `each`.
  [[nodiscard]] bool counts() const noexcept { return counts_; }
  // `progress` may be null.
  void count(Cells& cells, const Progress* progress, Tally& tally);
  // Whether scans on several threads may each take a part of the blocks; then each calls this.
  [[nodiscard]] bool may_share() const;
  void take_share(unsigned number, unsigned of) noexcept {
    share_ = number;
    shares_ = of;
  }
  // Calls take(placed, target) for every row that meets all but the condition.
  template <typename Take>
  void each(const Progress* progress, Tally& tally, Take take) {
    for (const Frame::Piece& piece : frame_.pieces()) {
      scan(piece, progress, tally, [&](const Place& place, const Plane& mask, Stretches here) {
        for (const Stretch& stretch : here) {
          each_bit_of(stretch, place, mask,
                      [&](std::uint32_t row) { take(placed(place, row), stretch.target); });
        }
      });
    }
  }

 private:
  // Rows [begin, end) of a part, of units that count in one target under one part of the key.
  struct Stretch {
    std::uint32_t begin;
    std::uint32_t end;
    std::uint32_t target;
    std::uint64_t key;
  };
  using Stretches = std::span<const Stretch>;
  // Units that stand side by side.
  struct Unit {
    std::uint32_t place;
    std::uint32_t end;
    std::uint32_t target;
    std::uint64_t key;
  };

  void find_units();
  [[nodiscard]] std::vector<Stretch> stretches_of(const Part& part) const;
  [[nodiscard]] Placed placed(const Place& place, std::uint32_t row) const;
  // Rows of the block that hold on the day and meet the filters; false when none does.
  [[nodiscard]] bool find_rows(const Frame::Piece& piece, const Place& place, Plane& mask) const;

  // Blocks with rows that count. `take(place, mask, stretches)`.
  template <typename Take>
  void scan(const Frame::Piece& piece, const Progress* progress, Tally& tally, Take take) const {
    const Part& part = *piece.part;
    const std::vector<Stretch> all = piece.in_force ? stretches_of(part) : everything(part);
    std::size_t first = 0;
    Plane mask;
    const auto blocks = static_cast<std::uint32_t>(part.zones().size());
    for (std::uint32_t block = blocks / shares_ * share_;
         block < (share_ + 1 == shares_ ? blocks : blocks / shares_ * (share_ + 1)); ++block) {
      if (block % 64 == 0 && progress != nullptr && !progress->at(double{1} * block / blocks)) {
        return;
      }
      const std::uint32_t begin = block * static_cast<std::uint32_t>(Part::kBlockRows);
      const std::uint32_t end =
          std::min(begin + static_cast<std::uint32_t>(Part::kBlockRows), part.size());
      while (first < all.size() && all[first].end <= begin) ++first;
      if (first == all.size()) return;
      if (all[first].begin >= end) continue;
      std::size_t last = first;
      while (last < all.size() && all[last].begin < end) ++last;
      const Place place{&part, &world_, begin, (end - begin + 63) / 64};
      mark({all.data() + first, last - first}, place, mask);
      if (!find_rows(piece, place, mask)) continue;
      if (piece.in_force) {
        take(place, mask, Stretches(all.data() + first, last - first));
      } else {
        tally.not_in_force += kernels().count(mask.data(), place.words);
      }
    }
  }
  [[nodiscard]] static std::vector<Stretch> everything(const Part& part) {
    return {{0, part.size(), 0, 0}};
  }
  // Rows of the block in any of the stretches.
  static void mark(Stretches stretches, const Place& place, Plane& mask);
  // Rows of the block in a stretch that are in the mask.
  template <typename Visit>
  static void each_bit_of(const Stretch& stretch, const Place& place, const Plane& mask,
                          Visit visit) {
    const std::uint32_t begin = std::max(stretch.begin, place.first) - place.first;
    const std::uint32_t end =
        std::min(stretch.end - place.first, static_cast<std::uint32_t>(place.words) * 64);
    for (std::uint32_t word = begin / 64; word * 64 < end; ++word) {
      std::uint64_t bits = mask[word];
      if (word * 64 < begin) bits &= ~std::uint64_t{0} << (begin % 64);
      if (end - word * 64 < 64) bits &= (std::uint64_t{1} << (end % 64)) - 1;
      for (; bits != 0; bits &= bits - 1) {
        visit(word * 64 + static_cast<std::uint32_t>(__builtin_ctzll(bits)));
      }
    }
  }

  [[nodiscard]] bool begin_groups(const Place& place);
  void count_by_planes(const Place& place, const Plane& block, std::size_t level, std::uint64_t key,
                       std::uint32_t target, Cells& cells);
  void count_by_rows(const Place& place, const Plane& mask, Stretches stretches, bool ask,
                     Cells& cells, Tally& tally);
  void count_by_keys(const Place& place, const Plane& mask, Stretches stretches, Cells& cells);
  [[nodiscard]] bool is_few(Stretches stretches) const;

  const World& world_;
  Input& input_;
  const Targets& targets_;
  const Frame& frame_;
  bool below_;
  std::optional<Filter> kind_;
  unsigned share_ = 0;
  unsigned shares_ = 1;
  bool counts_ = false;
  bool by_unit_ = false;      // rows are told apart by their units
  bool reads_units_ = false;  // columns of units are asked for, row by row
  std::vector<Unit> units_;   // by place
  std::vector<FilterLane> filters_;
  std::vector<std::optional<GroupLane>> groups_;
  std::vector<std::uint64_t> weights_;
  std::unique_ptr<ConditionLane> condition_;
  std::vector<Plane> levels_;
  std::vector<std::uint32_t> keys_;
  std::vector<std::uint32_t> histogram_;
  std::uint64_t key_count_ = 1;
};

}  // namespace dangbo::inline v1::rollup
