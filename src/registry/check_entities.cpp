// A unit or member that rows name has a row of its own: a key whose last row was taken back names
// nothing.
#include <absl/container/flat_hash_set.h>

#include "dangbo/base/make_room.hpp"
#include "dangbo/base/text.hpp"
#include "registry/plan.hpp"

namespace dangbo::inline v1::registry {

namespace {

using base::Message;
using base::ProblemCode;
using table::Role;

// One of the two tables whose rows say who is there.
class Entities {
 public:
  Entities(Plan& plan, bool units)
      : plan_(plan),
        units_(units),
        store_(units ? *plan.core.units_table : *plan.core.members_table),
        key_field_(units ? *store_.roles().unit : *store_.roles().member),
        keys_(units ? plan.units : plan.members) {
    for (const PreparedBatch& batch : plan.batches) {
      if (batch.store != &store_) continue;
      for (std::size_t row = 0; row < batch.row_count(); ++row) {
        const std::uint32_t slot = batch.raw(key_field_, row);
        // A key that the change brings has no other rows: nobody will ask.
        const bool is_damaged = slot == kMissingWord && !batch.replaces.empty();
        const std::uint32_t named = is_damaged ? store_.raw(key_field_, batch.replaces[row]) : slot;
        if (named == kMissingWord || named >= known()) continue;
        base::make_room(brought_);
        brought_.insert(named);
      }
    }
  }

  void check() {
    if (known() == 0) return;
    find_lost();
    for (const PreparedBatch& batch : plan_.batches) check_new_rows(batch);
    if (lost_.empty()) return;
    for (const auto& store : plan_.core.tables) check_stored_rows(*store);
  }

 private:
  // Slots below it stood in the registry before.
  [[nodiscard]] std::uint32_t known() const { return keys_.total() - keys_.added(); }

  [[nodiscard]] bool has_row(std::uint32_t slot) {
    if (slot >= known() || brought_.contains(slot)) return true;
    const Chain chain = units_ ? Chain::kUnit : Chain::kMember;
    // Next to always the newest row stands.
    for (std::uint32_t row = store_.newest(chain, slot); row != kMissingWord;
         row = store_.previous(chain, row)) {
      if (plan_.stands(store_, row)) return true;
    }
    return false;
  }

  void find_lost() {
    const RowSet* retired = plan_.retired_of(store_);
    if (retired == nullptr) return;
    for (const std::uint32_t row : retired->rows()) {
      const std::uint32_t slot = store_.raw(key_field_, row);
      if (has_row(slot)) continue;
      base::make_room(lost_);
      lost_.insert(slot);
    }
  }

  // each(field) for the fields that refer to this kind of entity. The forest check speaks of
  // parents.
  template <typename Each>
  void each_reference(const TableStore& store, Each each) const {
    if (&store == &store_) return;
    for (const std::uint32_t field : store.lists().references) {
      const Role role = store.traits(field).role;
      if (role == (units_ ? Role::kUnit : Role::kMember) || role == Role::kSubject) each(field);
    }
  }
  // Of a subject, that it is of this kind.
  template <typename Row>
  [[nodiscard]] bool is_of_kind(const TableStore& store, std::size_t field, const Row& raw) const {
    const TableRoles& roles = store.roles();
    if (store.traits(field).role != Role::kSubject) return true;
    return raw(*roles.subject_type) ==
           (units_ ? roles.subject_unit_code : roles.subject_member_code);
  }

  void check_new_rows(const PreparedBatch& batch) {
    const TableStore& store = *batch.store;
    each_reference(store, [&](std::size_t field) {
      if (batch.is_kept(field) && lost_.empty()) return;
      std::uint32_t last = kMissingWord;  // rows of one entity often stand together
      for (std::size_t row = 0; row < batch.row_count(); ++row) {
        const std::uint32_t slot = batch.raw(field, row);
        if (slot == kMissingWord || slot == last) continue;
        if (!is_of_kind(store, field, [&](std::size_t of) { return batch.raw(of, row); })) continue;
        if (has_row(slot)) {
          last = slot;
        } else if (lost_.contains(slot) || !keeps(batch, field, row, slot)) {
          report(batch.place(row, field), slot);
        }
      }
    });
  }
  // A correction that says what the row says already refers to nothing new.
  [[nodiscard]] static bool keeps(const PreparedBatch& batch, std::size_t field, std::size_t row,
                                  std::uint32_t slot) {
    return !batch.replaces.empty() && batch.store->raw(field, batch.replaces[row]) == slot;
  }

  void check_stored_rows(const TableStore& store) {
    each_reference(store, [&](std::size_t field) {
      for (std::uint32_t row = 0; row < store.rows_at(plan_.head); ++row) {
        const std::uint32_t slot = store.raw(field, row);
        if (slot == kMissingWord || !lost_.contains(slot) || !plan_.stands(store, row)) continue;
        if (is_of_kind(store, field, [&](std::size_t of) { return store.raw(of, row); }))
          report(stored_place(store, row), slot);
      }
    });
  }

  void report(base::Place place, std::uint32_t slot) {
    const bool lost = lost_.contains(slot);
    Message reason = units_ ? Message{"tổ chức này không còn dòng nào trong bảng units",
                                      "this unit has no row left in table units"}
                            : Message{"đảng viên này không còn dòng nào trong bảng members",
                                      "this member has no row left in table members"};
    if (lost) {
      reason.vi += " sau lần ghi này";
      reason.en += " after this change";
    }
    plan_.problems.add(
        {.code = units_ ? ProblemCode::kUnknownUnit : ProblemCode::kUnknownMember,
         .place = std::move(place),
         .value = base::shorten(keys_.key(slot), 64),
         .reason = std::move(reason),
         .fix = lost ? Message{"sửa hoặc bỏ các dòng còn dẫn tới trong cùng lần ghi",
                               "correct or withdraw the rows that still name it in the same change"}
                     : Message{"ghi lại dòng ấy, hoặc sửa mã",
                               "give it a row again, or correct the key"}});
  }

  Plan& plan_;
  bool units_;
  const TableStore& store_;
  std::size_t key_field_;
  const NewKeys& keys_;
  absl::flat_hash_set<std::uint32_t> brought_;
  absl::flat_hash_set<std::uint32_t> lost_;  // had a row before the change and has none after it
};

}  // namespace

void check_entities(Plan& plan) {
  for (const bool units : {true, false}) Entities(plan, units).check();
}

}  // namespace dangbo::inline v1::registry
