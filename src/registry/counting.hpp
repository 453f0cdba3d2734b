// What each row adds to a declared figure, where, and on which days. Totals are these on one day,
// timelines on all.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dangbo/party/vocabulary.hpp"
#include "registry/core.hpp"

namespace dangbo::inline v1::registry {

// How the rows of one core count for a declared figure.
struct Counting {
  const TableStore* store = nullptr;
  std::uint32_t width = 1;      // groups; 1 for a measure
  bool is_of_homes = false;     // home rows by the row of `members` in force: `store` is members
  bool may_be_at_home = false;  // rows that name no unit count at the member's home
  bool has_filter = false;
  std::size_t filter = 0;
  std::uint32_t code = 0;                   // that counts
  std::optional<std::string> unknown_word;  // a growing vocabulary has not met it yet
  std::optional<std::size_t> sum;
  std::vector<std::size_t> groups;
  std::vector<std::uint32_t> radix;  // words and one for missing
  std::vector<std::size_t> units;    // fields that name the unit of a row

  // What a row adds; kMissingWord stands for a member without a row in force.
  [[nodiscard]] std::int64_t weight(std::uint32_t row) const noexcept {
    if (has_filter) {
      const std::uint32_t found =
          row == kMissingWord ? store->missing(filter) : store->raw(filter, row);
      if (found != code) return 0;
    }
    if (!sum) return 1;
    if (row == kMissingWord) return 0;
    const std::int64_t value = store->wide(*sum, row);
    return value == kMissingLong ? 0 : value;
  }
  [[nodiscard]] std::uint32_t cell(std::uint32_t row) const noexcept {
    std::uint32_t at = 0;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const std::uint32_t code_of_row =
          row == kMissingWord ? kMissingWord : store->raw(groups[i], row);
      at = at * radix[i] + std::min(code_of_row, radix[i] - 1);
    }
    return at;
  }
  // The unit that the row names itself; kMissingWord when it names none.
  [[nodiscard]] std::uint32_t own_unit(std::uint32_t row) const noexcept;
};

[[nodiscard]] inline time::DateRange days_of_row(const TableStore& store,
                                                 std::uint32_t row) noexcept {
  return Rows(&store, kMissingWord).range(RowId{row});
}

// The same rows known at a commit. `emit(unit, days, cell, weight)` adds up: what stands against
// it may come later with the opposite sign.
class CountedRows {
 public:
  CountedRows(const Core& core, std::uint32_t commit) noexcept
      : memberships_(*core.memberships_table),
        members_(*core.members_table),
        kind_(*memberships_.schema().find("kind")),
        commit_(commit) {}

  [[nodiscard]] std::uint32_t commit() const noexcept { return commit_; }

  // A row that names its unit.
  template <typename Emit>
  void row(const Counting& counting, std::uint32_t row, Emit&& emit) const {
    const TableStore& store = *counting.store;
    const std::int64_t weight = counting.weight(row);
    if (weight == 0 || !store.is_known(row, commit_)) return;
    const std::uint32_t unit = counting.own_unit(row);
    if (unit != kMissingWord) emit(unit, days_of_row(store, row), 0U, weight);
  }

  // Everything of a member that counts at home.
  template <typename Emit>
  void member(const Counting& counting, std::uint32_t member, Emit&& emit) const {
    for (std::uint32_t home = memberships_.newest(Chain::kMember, member); home != kMissingWord;
         home = memberships_.previous(Chain::kMember, home)) {
      if (!is_home(home)) continue;
      const std::uint32_t unit = memberships_.raw(*memberships_.roles().unit, home);
      const time::DateRange days = days_of_row(memberships_, home);
      if (counting.is_of_homes) {
        at_home(counting, member, unit, days, emit);
      } else {
        rows_at_home(counting, member, unit, days, emit);
      }
    }
  }

  [[nodiscard]] bool is_home(std::uint32_t row) const noexcept {
    return memberships_.raw(kind_, row) == kHome && memberships_.is_known(row, commit_);
  }

 private:
  template <typename Emit>
  void at_home(const Counting& counting, std::uint32_t member, std::uint32_t unit,
               const time::DateRange& days, Emit& emit) const {
    const std::int64_t weight_of_none = counting.weight(kMissingWord);
    const std::uint32_t cell_of_none = counting.cell(kMissingWord);
    for (std::uint32_t row = members_.newest(Chain::kMember, member); row != kMissingWord;
         row = members_.previous(Chain::kMember, row)) {
      if (!members_.is_known(row, commit_)) continue;
      const time::DateRange both = days.intersection(days_of_row(members_, row));
      if (both.empty()) continue;
      const std::int64_t weight = counting.weight(row);
      if (weight != 0) emit(unit, both, counting.cell(row), weight);
      if (both == days) return;
      if (weight_of_none != 0) emit(unit, both, cell_of_none, -weight_of_none);
    }
    if (weight_of_none != 0) emit(unit, days, cell_of_none, weight_of_none);
  }

  template <typename Emit>
  void rows_at_home(const Counting& counting, std::uint32_t member, std::uint32_t unit,
                    const time::DateRange& days, Emit& emit) const {
    const TableStore& store = *counting.store;
    for (std::uint32_t row = store.newest(Chain::kMember, member); row != kMissingWord;
         row = store.previous(Chain::kMember, row)) {
      if (!store.is_known(row, commit_) || counting.own_unit(row) != kMissingWord) continue;
      const std::int64_t weight = counting.weight(row);
      const time::DateRange both = days.intersection(days_of_row(store, row));
      if (weight != 0 && !both.empty()) emit(unit, both, 0U, weight);
    }
  }

  static constexpr auto kHome = static_cast<std::uint32_t>(party::MembershipKind::kHome);
  const TableStore& memberships_;
  const TableStore& members_;
  std::size_t kind_;
  std::uint32_t commit_;
};

}  // namespace dangbo::inline v1::registry
