// Checks that look at one row, or at one table against another.
#include <absl/container/flat_hash_set.h>
#include <absl/strings/string_view.h>

#include "dangbo/base/absl.hpp"
#include "dangbo/base/make_room.hpp"
#include "dangbo/base/text.hpp"
#include "registry/plan.hpp"

namespace dangbo::inline v1::registry {

using base::ProblemCode;

void check_intervals(Plan& plan) {
  for (const PreparedBatch& batch : plan.batches) {
    const TableRoles& roles = batch.store->roles();
    if (!roles.from || !roles.until) continue;
    for (std::size_t row = 0; row < batch.row_count(); ++row) {
      if (!batch.range(row).empty()) continue;
      if (batch.is_missing(*roles.from, row) || batch.is_missing(*roles.until, row)) continue;
      plan.problems.add({.code = ProblemCode::kEndBeforeStart,
                         .place = batch.place(row, *roles.until),
                         .value = batch.display(*roles.until, row),
                         .reason = {"khoảng ngày rỗng: kết thúc không sau ngày bắt đầu " +
                                        batch.display(*roles.from, row) +
                                        " (ngày kết thúc là ngày đầu tiên không còn hiệu lực)",
                                    "empty interval: it does not end after its first day " +
                                        batch.display(*roles.from, row) +
                                        " (until is the first day it no longer holds)"},
                         .fix = {"sửa một trong hai ngày", "correct one of the two dates"}});
    }
  }
}

namespace {

using KnownKeys = absl::flat_hash_set<absl::string_view>;

// Stored rows that refer to a decision which the change takes away.
void check_lost_decisions(Plan& plan, const TableStore& decisions, std::size_t key_field,
                          const KnownKeys& brought) {
  const RowSet* retired = plan.retired_of(decisions);
  if (retired == nullptr) return;
  KnownKeys lost;
  for (const std::uint32_t row : retired->rows()) {
    const absl::string_view key =
        base::to_absl(decisions.text().get(decisions.raw(key_field, row)));
    base::make_room(lost);
    if (!brought.contains(key)) lost.insert(key);
  }
  if (lost.empty()) return;
  for (const auto& store : plan.core.tables) {
    if (store.get() == &decisions) continue;
    for (const std::uint32_t field : store->lists().decisions) {
      for (std::uint32_t row = 0; row < store->rows_at(plan.head); ++row) {
        const std::uint32_t ref = store->raw(field, row);
        if (ref == kMissingWord || !plan.stands(*store, row)) continue;
        const std::string_view key = store->text().get(ref);
        if (!lost.contains(base::to_absl(key))) continue;
        plan.problems.add(
            {.code = ProblemCode::kUnknownDecision,
             .place = stored_place(*store, row),
             .value = base::shorten(key, 64),
             .reason = {"dòng này dẫn quyết định mà lần ghi này bỏ đi hoặc đổi mã",
                        "this row refers to a decision that the change withdraws or renames"},
             .fix = {"sửa các dòng dẫn quyết định ấy trong cùng lần ghi",
                     "correct the rows that refer to it in the same change"}});
      }
    }
  }
}

// A correction that sets the decision which the row names already refers to nothing new.
bool keeps_decision(const PreparedBatch& batch, std::size_t field, std::size_t row) {
  if (batch.replaces.empty()) return false;
  const std::uint32_t ref = batch.store->raw(field, batch.replaces[row]);
  return ref != kMissingWord && batch.store->text().get(ref) == batch.text(field, row);
}

}  // namespace

void check_decisions(Plan& plan) {
  const TableStore* stored = plan.core.decisions_table;
  const std::size_t key_field = *stored->schema().find("decision_id");
  KnownKeys brought;  // by this change
  for (const PreparedBatch& batch : plan.batches) {
    if (batch.store != stored) continue;
    for (std::size_t row = 0; row < batch.row_count(); ++row) {
      if (batch.is_missing(key_field, row)) continue;
      base::make_room(brought);
      brought.insert(base::to_absl(batch.text(key_field, row)));
    }
  }
  if (stored->rows_at(plan.head) == 0 && brought.empty()) return;
  check_lost_decisions(plan, *stored, key_field, brought);
  const auto is_known = [&](std::string_view key) {
    if (brought.contains(base::to_absl(key))) return true;
    for (std::uint32_t row = stored->newest_of_key(text_key_hash(key)); row != kMissingWord;
         row = stored->previous(Chain::kKey, row)) {
      if (plan.stands(*stored, row)) return true;
    }
    return false;
  };
  for (const PreparedBatch& batch : plan.batches) {
    if (batch.store == stored) continue;
    for (const std::uint32_t field : batch.store->lists().decisions) {
      if (batch.columns[field] == nullptr) continue;
      for (std::size_t row = 0; row < batch.row_count(); ++row) {
        if (batch.is_missing(field, row) || is_known(batch.text(field, row))) continue;
        if (keeps_decision(batch, field, row)) continue;
        plan.problems.add(
            {.code = ProblemCode::kUnknownDecision,
             .place = batch.place(row, field),
             .value = batch.display(field, row),
             .reason = {"không có quyết định nào mang mã này", "no decision has this key"},
             .fix = {"thêm quyết định vào bảng decisions hoặc sửa mã",
                     "add the decision to table decisions, or correct the key"}});
      }
    }
  }
}

}  // namespace dangbo::inline v1::registry
