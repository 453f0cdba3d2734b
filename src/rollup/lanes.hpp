// Filters, groups and conditions over a block of a part, by column.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "rollup/frame.hpp"
#include "rollup/input.hpp"
#include "rollup/kernels.hpp"

namespace dangbo::inline v1::rollup {

inline constexpr std::size_t kBlockWords = Part::kBlockRows / 64;
using Plane = std::array<std::uint64_t, kBlockWords>;

[[nodiscard]] const detail::Kernels& kernels() noexcept;

// Calls `visit(row of the block)` for the bits of a plane, ascending.
template <typename Visit>
void each_bit(const std::uint64_t* plane, std::size_t words, Visit visit) {
  for (std::size_t word = 0; word < words; ++word) {
    for (std::uint64_t bits = plane[word]; bits != 0; bits &= bits - 1) {
      visit(static_cast<std::uint32_t>(word * 64) +
            static_cast<std::uint32_t>(__builtin_ctzll(bits)));
    }
  }
}

// Where lanes are looked at: a part, and the tables that its columns are of.
struct Place {
  const Part* part = nullptr;
  const World* world = nullptr;
  std::uint32_t first = 0;  // row of the block
  std::size_t words = 0;

  // The mutex of the part is taken: once a part, see LaneOf.
  [[nodiscard]] const Lane& lane(const Column& column) const;
  // The row of the block as the slow path knows it, but for its unit.
  [[nodiscard]] Placed placed(std::uint32_t row) const;
};

// The lane of a column in the part looked at last. For one thread.
class LaneOf {
 public:
  const Lane& in(const Place& place, const Column& column) const {
    if (part_ != place.part) {
      part_ = place.part;
      lane_ = &place.lane(column);
    }
    return *lane_;
  }

 private:
  mutable const Part* part_ = nullptr;
  mutable const Lane* lane_ = nullptr;
};

// A filter of the row itself or of its member, on the asked day.
class FilterLane {
 public:
  explicit FilterLane(const Filter& filter, time::Date day);
  // Leaves in `mask` what passes.
  void apply(const Place& place, Plane& mask) const;

 private:
  void codes(const Lane& lane, const Place& place, Plane& mask) const;
  void days(const Lane& lane, const Place& place, Plane& mask) const;
  void by_row(const Place& place, Plane& mask) const;

  const Filter& filter_;
  LaneOf lane_;
  std::uint16_t from_ = 0;  // short days, for ranges and years
  std::uint16_t until_ = kNoShortDay;
};

// A group whose digits are had by column.
class GroupLane {
 public:
  // Nothing when they are not.
  [[nodiscard]] static std::optional<GroupLane> of(const GroupColumn& group, time::Date day);
  // False when this part has no such lane.
  [[nodiscard]] bool begin(const Place& place);
  [[nodiscard]] bool is_of_unit() const noexcept { return form_ == Form::kUnit; }
  // Digits that may occur in the part.
  [[nodiscard]] const std::vector<std::uint32_t>& digits() const noexcept { return digits_; }
  // Rows of the block with digits()[at]; until the next call. `mask`: rows that matter.
  const std::uint64_t* plane(const Place& place, std::size_t at, const Plane& mask);
  // Adds digit × weight to the keys of the block's rows.
  void add_digits(const Place& place, std::uint32_t weight, const Plane& mask, std::uint32_t* keys);

 private:
  enum class Form : std::uint8_t { kUnit, kCodes, kStanding, kBands };
  void compute(const Place& place, const Plane& mask);
  void compute_standing(const Place& place, const Plane& mask);
  void compute_bands(const Place& place, const Plane& mask);
  void by_row(const Place& place, const Plane& rows);

  const GroupColumn* group_ = nullptr;
  Form form_ = Form::kCodes;
  time::Date day_;
  std::vector<std::uint16_t> edges_;  // of bands of years: ascending short days
  const Lane* lane_ = nullptr;
  std::array<LaneOf, 2> dates_;  // of standing
  std::vector<std::uint32_t> digits_;
  std::vector<Plane> planes_;                   // computed, by digit
  std::uint64_t computed_ = ~std::uint64_t{0};  // the first row of the block
  Plane scratch_{};
};

// The condition of a query over a block.
class ConditionLane {
 public:
  [[nodiscard]] static std::unique_ptr<ConditionLane> of(const Formula& formula,
                                                         const World& world);
  // Whether apply() will have an answer in this part.
  [[nodiscard]] bool has_lanes(const Place& place) const;
  // Leaves in `mask` the rows for which it holds; returns how many of them it cannot decide.
  // Nothing, with the mask as it was, when a column of the part has no lane.
  [[nodiscard]] std::optional<std::uint64_t> apply(const Place& place, Plane& mask);

 private:
  struct Read {
    std::size_t variable;
    const Column* column;
    LaneOf lane;
    std::vector<std::string_view> dictionary;
    std::vector<std::uint32_t> codes;
    std::vector<std::int32_t> days;
    Plane valid{};
  };
  ConditionLane(const Formula& formula, const World& world);
  [[nodiscard]] std::optional<expr::ColumnView> view(const Place& place, Read& read) const;

  const Formula& formula_;
  expr::ColumnEvaluator evaluator_;
  std::vector<Read> reads_;
  expr::ColumnTable table_;
  std::vector<expr::ColumnResult> results_;
};

}  // namespace dangbo::inline v1::rollup
