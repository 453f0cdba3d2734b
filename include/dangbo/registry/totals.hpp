// Figures of every unit that commits keep up to date: declared counts and sums, and counts by
// groups of coded attributes, in the unit itself and with all below it.
//
//   const auto women = *registry->declare_measure(
//       {.name = "women", .table = "members", .where = Equals{"sex", "female"}});
//   registry->advance(day, {});
//   Totals totals(registry->snapshot());
//   totals.of(unit, women, Scope::kBelow);          // on the registry's day: a load
//   totals.on(unit, women, Scope::kBelow, *earlier)  // on any day
//
// What a figure means is said in docs/totals.md; it is what a query of the same day answers.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/registry/snapshot.hpp"

namespace dangbo::inline v1::registry {

class TotalsStore;

enum class MeasureNumber : std::uint8_t {};
enum class GroupingNumber : std::uint8_t {};

// Members at home (definitions.md 1), with a timeline: there from the first declaration on.
inline constexpr MeasureNumber kMembersAtHome{0};
inline constexpr std::string_view kMembersAtHomeName = "members_at_home";
inline constexpr std::size_t kMaxMeasures = 16;
inline constexpr std::size_t kMaxGroupings = 8;
inline constexpr std::size_t kMaxGroups = 256;  // of one grouping

// A coded field or a flag equals a word of its vocabulary ("true", "false" for flags); without a
// word, its value is missing.
struct Equals {
  std::string field;
  std::optional<std::string> word;
};

// Chỉ tiêu: a count of rows in force, or a sum over them. Rows of `members` count where the member
// is at home; rows of other tables in the unit that they name, else where their member is at home.
// Tables of events and periods cannot be kept: they are asked with a query.
struct Measure {
  std::string name;
  std::string table;
  std::optional<Equals> where = std::nullopt;
  // An integer field; missing values add nothing. Empty: rows are counted. Of all rows that hold,
  // the absolute values together must fit 63 bits: a commit that goes beyond is refused
  // (kOutOfRange), so that no total of any unit on any day overflows.
  std::string sum = "";
  // Also on every other day than the registry's: Totals::on and Totals::trend answer without
  // counting.
  bool timeline = false;
};

// Nhóm: members at home by coded fields and flags of `members` with a fixed vocabulary, every
// combination of words, and of "missing", being a group. At most kMaxGroups combinations.
struct Grouping {
  std::string name;
  std::vector<std::string> fields;
};

enum class Scope : std::uint8_t {
  kOwn,    // the unit itself
  kBelow,  // with all units below it
};

// The days of a trend: the last day of every month, quarter or year that ends in [from, until).
enum class TrendStep : std::uint8_t { kMonth, kQuarter, kYear };
inline constexpr std::size_t kMaxTrendDays = 100'000;
// InvalidArgument (kEndBeforeStart) when the period ends before it starts; kLimit beyond
// kMaxTrendDays.
[[nodiscard]] absl::StatusOr<std::vector<time::Date>> trend_days(time::Date from, time::Date until,
                                                                 TrendStep step);

// Reads the figures of one state of knowledge. A snapshot's own is read without counting, and so
// are the last few commits before it; any other known_at, figures declared later than it, and forks
// are counted from the rows at the first question, then kept. Any thread.
class Totals {
 public:
  explicit Totals(const Snapshot& snapshot);
  // As known at the view's commit; `of` answers for the view's day.
  explicit Totals(const View& view);

  [[nodiscard]] std::optional<MeasureNumber> find_measure(std::string_view name) const noexcept;
  [[nodiscard]] std::optional<GroupingNumber> find_grouping(std::string_view name) const noexcept;
  [[nodiscard]] std::uint32_t measure_count() const noexcept;
  [[nodiscard]] std::uint32_t grouping_count() const noexcept;
  [[nodiscard]] std::string_view name_of(MeasureNumber measure) const noexcept;
  // The day that `of` and `groups` answer for; nothing when the registry has no day yet.
  [[nodiscard]] std::optional<time::Date> day() const noexcept;
  [[nodiscard]] CommitNumber known_at() const noexcept { return CommitNumber{commit_}; }

  // Every number below is kOutsideCoverage on days before View::covered_since.

  // A total. 0 for a unit not in force on the day, for one not known, for a measure not declared,
  // and when there is no day: what is asked is found once, with find_…, not at every call. On the
  // registry's day O(1), without allocation or lock.
  [[nodiscard]] std::int64_t of(UnitSlot unit, MeasureNumber measure, Scope scope) const;

  // The same for units from slot 0 on, one after the other: as many as there are `values`. Cheaper
  // than asking for each.
  void all(MeasureNumber measure, Scope scope, std::span<std::int64_t> values) const;
  // A total on any day. A measure with a timeline is answered by a search among the unit's steps,
  // without allocation or lock; another is counted, O(rows), at the first question about a day.
  [[nodiscard]] std::int64_t on(UnitSlot unit, MeasureNumber measure, Scope scope,
                                time::Date day) const;
  // The same on each of the days, which ascend: one pass over the unit's steps. Fills as many
  // `values` as there are days, or room.
  void trend(UnitSlot unit, MeasureNumber measure, Scope scope, std::span<const time::Date> days,
             std::span<std::int64_t> values) const;

  // The groups of a grouping: the word of the last field changes fastest, missing stands last.
  [[nodiscard]] std::size_t group_count(GroupingNumber grouping) const noexcept;
  // The words of a group, one a field; empty for missing.
  [[nodiscard]] std::vector<std::string_view> words_of(GroupingNumber grouping,
                                                       std::size_t group) const;
  // Fills `counts` (as many as there is room for) and returns group_count. O(groups).
  std::size_t groups(GroupingNumber grouping, UnitSlot unit, Scope scope,
                     std::span<std::int64_t> counts) const;

 private:
  struct Counted;
  [[nodiscard]] std::int64_t count(std::size_t panel, UnitSlot unit, Scope scope,
                                   std::uint32_t cell, std::int32_t day) const;
  Snapshot snapshot_;
  std::uint32_t commit_;
  std::int32_t day_;
  std::int32_t since_;  // from this day on the roster is known
  std::uint32_t units_;
  const TotalsStore* declared_;  // where the figures are declared,
  bool is_kept_;                 // and kept,
  bool is_kept_day_;             // for this day
  std::shared_ptr<Counted> counted_;
};

}  // namespace dangbo::inline v1::registry
