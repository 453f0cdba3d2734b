// The registry: a set of dated facts that only grows, changed by whole commits, read through
// snapshots.
//
//   auto registry = Registry::create({});
//   Change change(*registry);               // rows in: change.add_table, or the load room
//   auto committed = registry->commit(std::move(change), {});
//   View view = registry->snapshot().at(day);
//
// Threads: one writer at a time (check, commit, declare); snapshot() and everything reached from a
// Snapshot may be used from any number of threads while a commit runs. A reader never waits and
// never sees half a commit.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo/base/ids.hpp"
#include "dangbo/base/problem.hpp"
#include "dangbo/registry/change.hpp"
#include "dangbo/registry/file.hpp"
#include "dangbo/registry/snapshot.hpp"
#include "dangbo/table/schema.hpp"

namespace dangbo::inline v1::registry {

using base::CommitNumber;

struct Plan;  // of the bodies
class Journal;
struct Measure;  // totals.hpp
struct Grouping;
enum class MeasureNumber : std::uint8_t;
enum class GroupingNumber : std::uint8_t;

// What the caller says about a commit. The library has no clock.
struct CommitInfo {
  // Caller's clock, microseconds since 1970-01-01 UTC. Never goes backwards: an earlier time is
  // refused.
  std::int64_t time = 0;
  // The host's own mark of the data behind this commit (a change number, an extract's name); may be
  // empty. A mark stands for one change: committing that again gives the earlier commit and writes
  // nothing; committing another under the mark is refused (kConflict).
  std::string source_version;
};

struct CommitResult {
  CommitNumber number{};
  // Rows added, corrected and withdrawn, by table, in the registry's table order; tables with none
  // are left out.
  using Counts = std::vector<std::pair<std::string, std::uint64_t>>;
  Counts added;
  Counts corrected;
  Counts withdrawn;
  // The change stood in the registry already, under this source_version: `number` is the commit
  // that brought it, and nothing was written.
  bool repeated = false;
};

// What an erasure took away.
struct RedactResult {
  CommitNumber number{};
  CommitResult::Counts rows;  // that lost values, by table
  std::uint64_t values = 0;
  bool repeated = false;  // as in CommitResult
};

// What a check found. `problems` empty: the change would be accepted as it stands.
struct CheckReport {
  base::ProblemList problems;
  std::vector<std::pair<std::string, std::uint64_t>> rows;  // rows of the change, by table
};

// Bytes held, hot (codes, dates, slots, chains, indexes) apart from cold (names and other text, and
// the references to it).
struct MemoryUse {
  std::uint64_t hot_bytes = 0;
  std::uint64_t cold_bytes = 0;
};

class Registry {
 public:
  // A registry in memory with the standard tables (party::standard_schemas) declared.
  [[nodiscard]] static std::unique_ptr<Registry> create(const RegistryOptions& options = {});
  // The registry in a file (docs/file.md). Everything after opening works from memory; the file is
  // written by commit, advance, declare and compact, each one transaction, which is on the disk
  // when the call returns (OpenOptions::durability). Its faults are problems: kFileBusy (another
  // program writes to it), kFileReadOnly, kNetworkShare, kFileForeign, kFileNewer, kFileDamaged,
  // kWalMissing, kFileExists, kDiskFull, kFileFault. O(rows).
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<Registry>> open(
      const std::string& path, OpenMode mode, const OpenOptions& options = {});
  ~Registry();  // snapshots stay valid; a file is closed
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // Adds a host's table. InvalidArgument when the name is taken or a field's role does not fit (see
  // Role).
  absl::Status declare(std::shared_ptr<const table::Schema> schema);

  // Has a count or sum, or counts by groups, kept for every unit (totals.hpp) from the latest
  // commit on: every later commit and advance brings them along. The declaration belongs to this
  // object, not to the facts: it is made again after a file was opened. InvalidArgument naming the
  // place for what cannot be kept; ResourceExhausted (kLimit) beyond 16 measures, that of members
  // at home among them, and 8 groupings. O(rows).
  absl::StatusOr<MeasureNumber> declare_measure(const Measure& measure);
  absl::StatusOr<GroupingNumber> declare_grouping(const Grouping& grouping);

  // All declared tables in order: standard ones first. The schema carries the hidden text field
  // `extra`.
  [[nodiscard]] const std::vector<std::shared_ptr<const table::Schema>>& schemas() const noexcept;
  // By name or alias, folded; null when there is none.
  [[nodiscard]] std::shared_ptr<const table::Schema> find_schema(std::string_view name) const;

  // Everything that would make commit refuse, without changing anything. O(rows of the change)
  // expected.
  [[nodiscard]] CheckReport check(const Change& change) const;

  // All or nothing. InvalidArgument with every problem (base::problems_of) when the change is
  // refused; ResourceExhausted when memory or a limit does not suffice. The registry is unchanged
  // on failure.
  absl::StatusOr<CommitResult> commit(Change change, const CommitInfo& info);

  // Commits what a fork of this registry holds beyond the snapshot it was taken from, as one
  // commit: its new rows, corrections and withdrawals as they stand in the end, and its current day
  // where it moved it to one later than the head's. Ids that the fork gave were provisional.
  // InvalidArgument, as for commit, when the facts do not fit the head; and naming each row
  // (kConflict) that was written here since and that the fork wrote or looked at in its checks:
  // rows of the same members, of the same natural keys, of units whose rows it wrote and of their
  // parents. A fork comes home once: asked again, with nothing new in it, this gives the earlier
  // commit (`repeated`) and writes nothing. FailedPrecondition when it holds more since it came
  // home, and when `fork` is no fork of this registry. The fork stays as it is. O(rows of the
  // fork).
  absl::StatusOr<CommitResult> commit_fork(const Registry& fork, const CommitInfo& info);

  // Moves the registry's current day (Snapshot::current_day), as a commit without rows: what was
  // dated ahead and falls due by then is in force in views of that day (`agenda` in history.hpp
  // lists it). InvalidArgument for a day before the current one. O(1).
  absl::StatusOr<CommitResult> advance(time::Date day, const CommitInfo& info);

  // Xoá dữ liệu cá nhân: takes what the registry keeps of a member beyond the fact of being one, in
  // every version ever stored, in memory and in the file, as one commit that records whose values
  // of which fields went, never the values. `fields` empty: every field of `members` but key,
  // interval and references, and all text without a role in rows about the member, corrected
  // versions of such rows included; else those fields. Values become missing; keys, dates and
  // relations stay, so that no figure changes that does not count by an erased field. The file
  // still verifies. Compact afterwards, or the -wal file and gaps may still hold copies.
  // FailedPrecondition (kInUse) while any snapshot, view or fork is alive: no reader may see a row
  // change. InvalidArgument for an unknown member or field. O(rows of the tables about members +
  // bytes of the commits that brought the rows).
  absl::StatusOr<RedactResult> redact(std::string_view member,
                                      const std::vector<std::string>& fields,
                                      const CommitInfo& info);

  // Rewrites the file without gaps and empties its -wal companion: afterwards nothing that was
  // erased stands in either. Needs free space and memory of the file's size. kFileBusy while
  // readers hold the file open. Nothing to do in memory.
  absl::Status compact();

  // The latest commit. Any thread, O(1), never blocks.
  [[nodiscard]] Snapshot snapshot() const;

  [[nodiscard]] MemoryUse memory_use() const;

 private:
  friend class Change;
  friend class Snapshot;
  [[nodiscard]] const std::shared_ptr<const std::vector<std::shared_ptr<const table::Schema>>>&
  shared_schemas() const noexcept;
  explicit Registry(std::shared_ptr<Core> core);
  absl::StatusOr<CommitResult> commit_plan(Plan& plan, const CommitInfo& info);
  // A change and, when given, a move of the current day with it.
  absl::StatusOr<CommitResult> commit_change(const Change& change, std::optional<time::Date> day,
                                             const CommitInfo& info);
  absl::StatusOr<CommitResult> commit_tails(const Core& fork, const CommitInfo& info);
  std::shared_ptr<Core> core_;
  std::unique_ptr<Journal> journal_;
};

}  // namespace dangbo::inline v1::registry
