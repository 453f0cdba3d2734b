// Two records of one person made one, and taken apart again.
#include <absl/container/flat_hash_map.h>

#include <algorithm>

#include "dangbo/base/make_room.hpp"
#include "registry/operate.hpp"

namespace dangbo::inline v1::registry {

// Whether `other` says all that `row` says, on all its days.
bool Operating::repeats(const DraftTable& table, const DraftRow& row, const DraftRow& other) {
  const TableRoles& roles = table.store().roles();
  const time::DateRange common = row.range.intersection(other.range);
  if (!(common == row.range)) return false;
  if (&table == &draft_.memberships())
    return table.text(row, "unit_id") == table.text(other, "unit_id") &&
           table.text(row, "kind") == table.text(other, "kind");
  for (std::size_t field = 0; field < row.cells.size(); ++field) {
    const bool is_compared =
        field != table.member_field() && field != roles.from && field != roles.until;
    if (is_compared && !row.cells[field].empty() && row.cells[field] != other.cells[field])
      return false;
  }
  return true;
}

void Operating::pass_record(DraftTable& table, const std::string& from, const std::string& to) {
  const std::vector<DraftRow*> known = table.of_member(to);
  for (DraftRow* row : table.of_member(from)) {
    const bool is_known = std::any_of(known.begin(), known.end(), [&](const DraftRow* other) {
      return repeats(table, *row, *other);
    });
    if (is_known || &table == &draft_.members()) {
      table.withdraw(*row, act_.place);
    } else {
      table.set(*row, *table.member_field(), to, act_.place);
    }
  }
}

void Operating::run(const MergeMembers& what) {
  if (what.member == what.into) {
    refuse(what.member, {"hai mã là một", "the two keys are one"},
           {"ghi mã của hồ sơ trùng và của hồ sơ giữ lại",
            "give the key of the duplicate and of the one that stays"});
    return;
  }
  const bool is_known = is_known_member(what.member);
  if (!is_known_member(what.into) || !is_known) return;
  for (DraftTable* table : draft_.of_members()) pass_record(*table, what.member, what.into);
}

// The commit in which a member's record was merged into another.
std::optional<std::uint32_t> Operating::merged_in(std::uint32_t member) const {
  const TableStore& members = *draft_.core().find_table(kMembersTable);
  std::uint32_t last = 0;
  for (std::uint32_t row = members.newest(Chain::kMember, member); row != kMissingWord;
       row = members.previous(Chain::kMember, row)) {
    if (members.is_known(row, draft_.head())) return std::nullopt;
    last = std::max(last, members.superseded_at(row));
  }
  return last == 0 ? std::nullopt : std::optional(last);
}

void Operating::take_apart(DraftTable& table, std::uint32_t member, std::uint32_t commit) {
  const TableStore& store = table.store();
  absl::flat_hash_map<std::uint32_t, std::uint32_t> later;  // a row, and what corrects it
  for (std::uint32_t row = store.rows_at(commit - 1); row < store.rows_at(draft_.head()); ++row) {
    const std::uint32_t corrected = store.previous(Chain::kVersion, row);
    if (corrected == kMissingWord) continue;
    base::make_room(later);
    later.emplace(corrected, row);
  }
  std::vector<std::uint32_t> given;
  for (std::uint32_t row = store.newest(Chain::kMember, member); row != kMissingWord;
       row = store.previous(Chain::kMember, row)) {
    if (store.superseded_at(row) == commit) given.push_back(row);
  }
  std::reverse(given.begin(), given.end());
  const std::string key(draft_.core().members.key(member));
  for (std::uint32_t row : given) {
    const std::uint32_t first = row;
    for (auto next = later.find(row); next != later.end(); next = later.find(row))
      row = next->second;
    if (row == first) {  // withdrawn by the merge
      DraftRow& again = table.add(act_.place);
      const std::vector<std::string> cells = table.cells_of(row);
      for (std::size_t field = 0; field < cells.size(); ++field)
        table.set(again, field, cells[field], act_.place);
    } else if (store.is_known(row, draft_.head())) {
      table.set(table.load(row), *table.member_field(), key, act_.place);
    }
  }
}

void Operating::run(const UnmergeMembers& what) {
  const auto slot = draft_.core().members.find(what.member);
  const auto commit = slot ? merged_in(*slot) : std::nullopt;
  if (!commit) {
    refuse(what.member, {"hồ sơ này chưa được nhập vào hồ sơ nào", "this record was never merged"},
           {"ghi mã của hồ sơ đã nhập (member của merge_members)",
            "give the key that merge_members named as member"});
    return;
  }
  for (DraftTable* table : draft_.of_members()) take_apart(*table, *slot, *commit);
}

}  // namespace dangbo::inline v1::registry
