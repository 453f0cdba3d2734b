// Khung: memberships laid out for scans. A row of a frame is a membership and the row of `members`
// in force with it, over the days on which both hold and the unit is in force. Rows stand in the
// pre-order of one day's tree, so that a subtree of that day is a range; attributes are columns of
// bytes and bit planes, made when first asked for. It answers for every day as known at one commit.
//
//   parts:  open rows │ ended rows │ rows while their unit is not in force │ the same three again
//           for members touched since: the tail
//
// Open rows alone stand for today; what ended is skipped by its blocks' last days.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "dangbo/registry/snapshot.hpp"
#include "rollup/column.hpp"

namespace dangbo::inline v1::rollup {

// Days in 16 bits, from 1900-01-01. 0 and 0xFFFF stand for every day before and after.
inline constexpr std::int32_t kFirstShortDay = -25'567;
inline constexpr std::uint16_t kNoShortDay = 0xFFFF;
[[nodiscard]] inline std::uint16_t short_day(std::int32_t day) noexcept {
  const std::int64_t at = std::int64_t{day} - kFirstShortDay;
  return at < 0 ? 0 : at > kNoShortDay ? kNoShortDay : static_cast<std::uint16_t>(at);
}
// A day whose number is not one of the ends.
[[nodiscard]] inline bool has_short_day(time::Date day) noexcept {
  const std::uint16_t at = short_day(day.days());
  return at != 0 && at != kNoShortDay;
}

// An attribute by row of a part.
struct Lane {
  enum class Form : std::uint8_t {
    kNothing,  // values that no form here takes: asked row by row
    kCodes,    // `bytes` are codes, 255 missing
    kDays,     // `bytes` and `low` are the high and low byte of a short day, kNoShortDay missing
  };
  Form form = Form::kNothing;
  std::vector<std::uint8_t> bytes;
  std::vector<std::uint8_t> low;
  // Codes: bit planes; the missing code is `values`.
  std::vector<std::vector<std::uint64_t>> planes;
  std::uint32_t values = 0;
  std::vector<std::uint32_t> met;  // codes that occur, `values` among them
  // Days: rows whose date is partial, and stands as its first day. Empty: none is.
  std::vector<std::uint64_t> partial;
};

class Part {
 public:
  static constexpr std::size_t kBlockRows = 4096;

  // A row before it is laid out.
  struct Entry {
    std::uint32_t place;  // of its unit in the order of the frame
    std::uint32_t own;
    std::uint32_t member_row;
    std::uint16_t from;
    std::uint16_t until;
  };
  // First and last days of a block.
  struct Zone {
    std::uint16_t least_from = kNoShortDay;
    std::uint16_t most_from = 0;
    std::uint16_t least_until = kNoShortDay;
    std::uint16_t most_until = 0;
  };

  // REQUIRES: entries by place; places are less than `places`. `dense`: looked up by an array.
  Part(std::vector<Entry> entries, std::uint32_t places, bool dense);

  [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
  [[nodiscard]] RowId own(std::uint32_t row) const noexcept { return RowId{own_[row]}; }
  [[nodiscard]] RowId member_row(std::uint32_t row) const noexcept {
    return RowId{member_rows_[row]};
  }
  // Rows of the places before this one.
  [[nodiscard]] std::uint32_t begin_of(std::uint32_t place) const noexcept;
  [[nodiscard]] const std::uint16_t* from() const noexcept { return from_.data(); }
  [[nodiscard]] const std::uint16_t* until() const noexcept { return until_.data(); }
  [[nodiscard]] std::span<const Zone> zones() const noexcept { return zones_; }
  [[nodiscard]] std::uint32_t words() const noexcept { return (size_ + 63) / 64; }

  // Made at the first call, O(rows of the table + of the part). `rows` is the table of the field.
  [[nodiscard]] const Lane& lane(const Column& column, const Rows& rows) const;
  [[nodiscard]] std::uint64_t memory_bytes() const;

 private:
  std::uint32_t size_ = 0;
  std::vector<std::uint32_t> own_;
  std::vector<std::uint32_t> member_rows_;
  std::vector<std::uint16_t> from_;    // padded to whole blocks of rows that hold on no day
  std::vector<std::uint16_t> until_;   // the same
  std::vector<std::uint32_t> begins_;  // by place, one more than places; not dense: place of rows
  bool dense_;
  std::vector<Zone> zones_;
  mutable std::mutex mutex_;
  mutable std::map<std::pair<bool, std::size_t>, std::unique_ptr<const Lane>> lanes_;
};

// The three parts of one laying out.
struct Layout {
  enum Which : std::uint8_t { kOpen, kEnded, kNotInForce };
  std::array<std::unique_ptr<const Part>, 3> parts;
};

struct UnitsOfDay;

class Frame {
 public:
  // What the view's snapshot knows at its own commit, in the order of a tree. O(rows).
  [[nodiscard]] static std::shared_ptr<const Frame> build(const registry::View& view,
                                                          std::shared_ptr<const UnitsOfDay> units);
  // The same after later commits: members touched by them stand in a tail. Null when they are so
  // many that all is better laid out anew. O(rows appended + chunks with corrections + tail).
  [[nodiscard]] std::shared_ptr<const Frame> after(const registry::View& view) const;

  [[nodiscard]] std::uint32_t commit() const noexcept { return commit_; }
  struct Piece {
    const Part* part;
    const std::uint64_t* dead;  // rows that the tail replaces; null: none
    bool in_force;
  };
  [[nodiscard]] std::span<const Piece> pieces() const noexcept { return pieces_; }
  // Whether places are the positions of this tree.
  [[nodiscard]] bool stands_as(const UnitsOfDay& units) const noexcept {
    return base_->order.get() == &units;
  }
  // Where a unit's rows stand.
  [[nodiscard]] std::uint32_t place_of(UnitSlot unit) const noexcept {
    const std::uint32_t slot = index_of(unit);
    return slot < base_->places.size() ? base_->places[slot] : slot;
  }
  [[nodiscard]] std::uint64_t memory_bytes() const;

 private:
  friend class FrameBuilder;
  struct Base {
    std::uint32_t commit = 0;
    std::uint32_t memberships = 0;  // rows of the tables
    std::uint32_t members = 0;
    std::uint32_t units = 0;
    std::vector<std::uint32_t> places;  // by unit slot; those founded later stand behind
    std::shared_ptr<const UnitsOfDay> order;
    Layout rows;
  };

  Frame() = default;
  void gather_pieces();

  std::uint32_t commit_ = 0;
  std::shared_ptr<const Base> base_;
  std::array<std::vector<std::uint64_t>, 3> dead_;
  Layout tail_;
  std::vector<Piece> pieces_;
};

}  // namespace dangbo::inline v1::rollup
