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

[[nodiscard]] inline const Counting& counting_of(const Counting& counting) noexcept {
  return counting;
}

[[nodiscard]] inline time::DateRange days_of_row(const TableStore& store,
                                                 std::uint32_t row) noexcept {
  return Rows(&store, kMissingWord).range(RowId{row});
}

// Rows known at a commit, and what they add. What is emitted adds up: a part may come later with
// the opposite sign.
class CountedRows {
 public:
  CountedRows(const Core& core, std::uint32_t commit) noexcept
      : memberships_(*core.memberships_table),
        members_(*core.members_table),
        kind_(*memberships_.schema().find("kind")),
        commit_(commit) {}

  [[nodiscard]] std::uint32_t commit() const noexcept { return commit_; }

  // A row that names its unit: emit(counting, unit, days, cell, weight).
  template <typename Emit>
  void row(const Counting& counting, std::uint32_t row, Emit&& emit) const {
    const TableStore& store = *counting.store;
    const std::int64_t weight = counting.weight(row);
    if (weight == 0 || !store.is_known(row, commit_)) return;
    const std::uint32_t unit = counting.own_unit(row);
    if (unit != kMissingWord) emit(counting, unit, days_of_row(store, row), 0U, weight);
  }

  // Everything of a member that counts at home, for each of the figures that `each` gives its
  // argument one after the other: emit(figure, unit, days, cell, weight). A figure is a Counting,
  // or has one.
  template <typename Each, typename Emit>
  void member(std::uint32_t member, Each&& each, Emit&& emit) const {
    for (std::uint32_t home = memberships_.newest(Chain::kMember, member); home != kMissingWord;
         home = memberships_.previous(Chain::kMember, home)) {
      if (!is_home(home)) continue;
      const std::uint32_t unit = memberships_.raw(*memberships_.roles().unit, home);
      const time::DateRange days = days_of_row(memberships_, home);
      at_home(member, unit, days, each, emit);
      each([&](const auto& figure) {
        if (counting_of(figure).may_be_at_home) rows_at_home(figure, member, unit, days, emit);
      });
    }
  }

  [[nodiscard]] bool is_home(std::uint32_t row) const noexcept {
    return memberships_.raw(kind_, row) == kHome && memberships_.is_known(row, commit_);
  }

 private:
  template <typename Each, typename Emit>
  void at_home(std::uint32_t member, std::uint32_t unit, const time::DateRange& days, Each& each,
               Emit& emit) const {
    const auto add = [&](std::uint32_t row, const time::DateRange& on, std::int64_t sign) {
      each([&](const auto& figure) {
        const Counting& counting = counting_of(figure);
        if (!counting.is_of_homes) return;
        const std::int64_t weight = counting.weight(row);
        if (weight != 0) emit(figure, unit, on, counting.cell(row), sign * weight);
      });
    };
    for (std::uint32_t row = members_.newest(Chain::kMember, member); row != kMissingWord;
         row = members_.previous(Chain::kMember, row)) {
      if (!members_.is_known(row, commit_)) continue;
      const time::DateRange both = days.intersection(days_of_row(members_, row));
      if (both.empty()) continue;
      add(row, both, 1);
      if (both == days) return;
      add(kMissingWord, both, -1);
    }
    add(kMissingWord, days, 1);
  }

  template <typename Figure, typename Emit>
  void rows_at_home(const Figure& figure, std::uint32_t member, std::uint32_t unit,
                    const time::DateRange& days, Emit& emit) const {
    const Counting& counting = counting_of(figure);
    const TableStore& store = *counting.store;
    for (std::uint32_t row = store.newest(Chain::kMember, member); row != kMissingWord;
         row = store.previous(Chain::kMember, row)) {
      if (!store.is_known(row, commit_) || counting.own_unit(row) != kMissingWord) continue;
      const std::int64_t weight = counting.weight(row);
      const time::DateRange both = days.intersection(days_of_row(store, row));
      if (weight != 0 && !both.empty()) emit(figure, unit, both, 0U, weight);
    }
  }

  static constexpr auto kHome = static_cast<std::uint32_t>(party::MembershipKind::kHome);
  const TableStore& memberships_;
  const TableStore& members_;
  std::size_t kind_;
  std::uint32_t commit_;
};

}  // namespace dangbo::inline v1::registry
