// A fork taken from a snapshot, and its way home.
#include <absl/container/flat_hash_set.h>

#include <new>
#include <optional>
#include <string>

#include "dangbo/base/make_room.hpp"
#include "registry/plan.hpp"
#include "registry/row_values.hpp"

namespace dangbo::inline v1::registry {

namespace {

using base::index_of;
using base::ProblemCode;

// What a fork adds to one table of its base.
struct TableTail {
  TableStore* store;
  std::vector<std::uint32_t> added;
  std::vector<std::uint32_t> corrected;  // rows of the fork, and
  std::vector<std::uint32_t> replaced;   // the base's row that each stands for
  std::vector<std::uint32_t> withdrawn;  // rows of the base
};

TableTail tail_of(TableStore& store, std::uint32_t head) {
  TableTail tail{&store, {}, {}, {}, {}};
  absl::flat_hash_set<std::uint32_t> replaced;
  for (std::uint32_t row = store.base_rows(); row < store.row_count(); ++row) {
    if (!store.is_known(row, head)) continue;
    std::uint32_t root = row;
    while (root != kMissingWord && root >= store.base_rows())
      root = store.previous(Chain::kVersion, root);
    if (root == kMissingWord) {
      tail.added.push_back(row);
      continue;
    }
    tail.corrected.push_back(row);
    tail.replaced.push_back(root);
    base::make_room(replaced);
    replaced.insert(root);
  }
  for (const std::uint32_t row : store.superseded_of_base()) {
    if (!replaced.contains(row)) tail.withdrawn.push_back(row);
  }
  return tail;
}

table::Table values_of(const Core& core, const TableStore& store,
                       const std::vector<std::uint32_t>& rows) {
  std::vector<table::Column> columns;
  for (std::size_t field = 0; field < store.field_count(); ++field) {
    ValueColumn column(store, field, core);
    for (const std::uint32_t row : rows) column.read(row);
    columns.push_back(column.take());
  }
  return {store.schema().name(), std::move(columns)};
}

table::Table row_ids(const TableStore& store, const std::vector<std::uint32_t>& rows) {
  table::Column numbers("row_id", table::Type::kInt);
  for (const std::uint32_t row : rows) numbers.append_integer(row);
  std::vector<table::Column> columns;
  columns.push_back(std::move(numbers));
  return {store.schema().name(), std::move(columns)};
}

// Rows that the head gained or lost since a fork was taken, among those that the fork depends on.
class Conflicts {
 public:
  Conflicts(const Core& head, std::uint32_t since, Change& change)
      : head_(head), since_(since), change_(change) {}

  void look_at(const Core& fork, const TableTail& tail) {
    const TableStore& store = *tail.store;
    const TableRoles& roles = store.roles();
    const std::string& name = store.schema().name();
    for (const auto* rows : {&tail.added, &tail.corrected, &tail.replaced, &tail.withdrawn}) {
      for (const std::uint32_t row : *rows) {
        if (name == kMembersTable || name == kMembershipsTable) {
          look_at_member(fork, store.raw(*roles.member, row));
        } else if (name == kUnitsTable) {
          look_at_unit(fork, store.raw(*roles.unit, row));
          look_at_unit(fork, store.raw(*roles.parent, row));
        } else if (store.has_key_chain()) {
          look_at_key(fork, store, row);
        }
      }
    }
    // Tables without a key: only the rows themselves.
    const TableStore* home = head_.find_table(name);
    for (const auto* rows : {&tail.replaced, &tail.withdrawn}) {
      for (const std::uint32_t row : *rows) look_at_row(*home, row);
    }
  }

 private:
  void look_at_row(const TableStore& store, std::uint32_t row) {
    const std::uint32_t recorded = store.recorded_at(row);
    const std::uint32_t superseded = store.superseded_at(row);
    if (recorded <= since_ && superseded <= since_) return;
    base::make_room(named_);
    if (!named_.insert({&store, row}).second) return;
    const std::string commit = std::to_string(std::max(recorded, superseded));
    change_.add_problem(
        {.code = ProblemCode::kConflict,
         .place = stored_place(store, row),
         .value = "",
         .reason = {"dòng này đã đổi ở lần ghi " + commit + ", sau khi tách bản nháp",
                    "this row changed in commit " + commit + ", after the fork was taken"},
         .fix = {"tách bản nháp mới từ dữ liệu mới nhất rồi làm lại",
                 "take a new fork of the latest data and repeat the change"}});
  }

  void look_at_chain(const TableStore& store, Chain chain, std::uint32_t row) {
    for (; row != kMissingWord; row = store.previous(chain, row)) look_at_row(store, row);
  }

  void look_at_member(const Core& fork, std::uint32_t slot) {
    const auto at_home = head_.members.find(fork.members.key(slot));
    base::make_room(members_);
    if (!at_home || !members_.insert(*at_home).second) return;
    for (const std::string_view name : {kMembersTable, kMembershipsTable}) {
      const TableStore& store = *head_.find_table(name);
      look_at_chain(store, Chain::kMember, store.newest(Chain::kMember, *at_home));
    }
  }

  void look_at_unit(const Core& fork, std::uint32_t slot) {
    if (slot == kMissingWord) return;
    const auto at_home = head_.units.find(fork.units.key(slot));
    base::make_room(units_);
    if (!at_home || !units_.insert(*at_home).second) return;
    const TableStore& store = *head_.find_table(kUnitsTable);
    look_at_chain(store, Chain::kUnit, store.newest(Chain::kUnit, *at_home));
  }

  void look_at_key(const Core& fork, const TableStore& store, std::uint32_t row) {
    const TableStore& home = *head_.find_table(store.schema().name());
    if (const auto hash = fork_key_hash(fork, store, row, head_))
      look_at_chain(home, Chain::kKey, home.newest_of_key(*hash));
  }

  const Core& head_;
  std::uint32_t since_;
  Change& change_;
  absl::flat_hash_set<std::uint32_t> members_;
  absl::flat_hash_set<std::uint32_t> units_;
  absl::flat_hash_set<std::pair<const TableStore*, std::uint32_t>> named_;
};

}  // namespace

std::unique_ptr<Registry> Snapshot::fork() const {
  return std::unique_ptr<Registry>(new Registry(std::make_shared<Core>(core_, index_of(commit_))));
}

namespace {

base::Problem other_table(const std::string& name) {
  return {.code = ProblemCode::kConflict,
          .place = {.file = name, .row = 0, .column = ""},
          .value = name,
          .reason = {"sau khi tách bản nháp, một bảng khác tên này đã được khai báo",
                     "another table of this name was declared after the fork was taken"},
          .fix = {"khai báo bảng của bản nháp dưới tên khác",
                  "declare the fork's table under another name"}};
}

// What the fork adds to a table, as part of a change of its base.
void add_tail(const Core& fork, const TableTail& tail, Change& change) {
  const auto& schema = tail.store->shared_schema();
  const std::string source = "fork:" + schema->name();
  if (!tail.added.empty()) {
    change.add_batch({.schema = schema,
                      .rows = values_of(fork, *tail.store, tail.added),
                      .source = source,
                      .first_row = 1,
                      .headers = {}});
  }
  if (!tail.corrected.empty()) {
    change.add_correction({.schema = schema,
                           .targets = row_ids(*tail.store, tail.replaced),
                           .values = values_of(fork, *tail.store, tail.corrected),
                           .withdraw = false,
                           .source = source});
  }
  if (!tail.withdrawn.empty()) {
    change.add_correction({.schema = schema,
                           .targets = row_ids(*tail.store, tail.withdrawn),
                           .values = {},
                           .withdraw = true,
                           .source = source});
  }
}

// The day that the fork moved its registry to, where that is later than the head's.
std::optional<time::Date> later_day(const Core& fork, std::optional<time::Date> at_head) {
  const auto day_at = [&](std::uint32_t commit) {
    return commit == 0 ? kNoCurrentDay : fork.mark(commit).current_day;
  };
  const std::int32_t day = day_at(fork.head.load(std::memory_order_acquire));
  if (day == day_at(fork.base_commit) || (at_head && day <= at_head->days())) return std::nullopt;
  return time::Date::from_days(day);
}

}  // namespace

absl::StatusOr<CommitResult> Registry::commit_tails(const Core& fork, const CommitInfo& info) {
  const std::uint32_t head = fork.head.load(std::memory_order_acquire);
  Change change(*this);
  Conflicts conflicts(*core_, fork.base_commit, change);
  std::vector<std::shared_ptr<const table::Schema>> declared;
  for (const auto& store : fork.tables) {
    const TableTail tail = tail_of(*store, head);
    const auto at_home = find_schema(store->schema().name());
    if (at_home == nullptr) {
      declared.push_back(store->shared_schema());
    } else if (at_home != store->shared_schema()) {
      change.add_problem(other_table(store->schema().name()));
      continue;
    } else {
      conflicts.look_at(fork, tail);
    }
    add_tail(fork, tail, change);
  }
  if (head != 0 && fork.mark(head).synthetic) change.mark_synthetic();
  if (!declared.empty()) {
    // A table cannot be taken back: the change is tried where the table does no harm.
    const auto trial = snapshot().fork();
    for (Registry* into : {trial.get(), this}) {
      for (const auto& schema : declared) {
        if (absl::Status status = into->declare(schema); !status.ok()) return status;
      }
      if (into == this) break;
      if (auto tried = into->commit(change, info); !tried.ok()) return tried;
    }
  }
  return commit_change(change, later_day(fork, snapshot().current_day()), info);
}

absl::StatusOr<CommitResult> Registry::commit_fork(const Registry& fork, const CommitInfo& info) {
  Core& of = *fork.core_;
  if (of.base != core_) return absl::FailedPreconditionError("this is no fork of the registry");
  const std::uint32_t head = of.head.load(std::memory_order_acquire);
  if (of.came_home) {
    CommitResult earlier;
    earlier.number = of.came_home->as;
    earlier.repeated = true;
    if (of.came_home->from_head == head) return earlier;
    return absl::FailedPreconditionError("the fork came home in commit " +
                                         std::to_string(index_of(earlier.number)) +
                                         " already; take a new fork for what came after");
  }
  try {
    auto done = commit_tails(of, info);
    if (done.ok()) of.came_home = {head, done->number};
    return done;
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError("not enough memory for this change; nothing was changed");
  }
}

}  // namespace dangbo::inline v1::registry
