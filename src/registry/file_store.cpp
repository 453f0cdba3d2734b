#include "registry/file_store.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "registry/file_bytes.hpp"
#include "registry/file_problem.hpp"

namespace dangbo::inline v1::registry {

namespace {

using base::ProblemCode;

constexpr std::uint32_t kPartBits = 20;  // a part's id: its commit, then its number

std::int64_t part_id(std::uint32_t commit, std::uint32_t part) noexcept {
  return (static_cast<std::int64_t>(commit) << kPartBits) | part;
}

std::string checksum_of(ChecksumHasher& hasher, const FileHead& head) {
  std::string bytes;
  put_u8(bytes, head.single_root ? 1 : 0);
  bytes.append(bytes_of(head.content_key));
  put_u8(bytes, head.session ? 1 : 0);
  put_u32(bytes, head.layouts);
  bytes.append(bytes_of(head.layout_digest));
  put_u32(bytes, head.commits);
  bytes.append(bytes_of(head.digest));
  return hasher.checksum_of("head", bytes);
}

std::string checksum_of(ChecksumHasher& hasher, const StoredCommit& commit) {
  std::string bytes;
  put_u32(bytes, commit.header.number);
  put_u64(bytes, static_cast<std::uint64_t>(commit.header.time));
  put_u8(bytes, static_cast<std::uint8_t>(commit.header.kind));
  put_u8(bytes, commit.header.synthetic ? 1 : 0);
  put_u8(bytes, commit.header.current_day ? 1 : 0);
  put_u32(bytes, static_cast<std::uint32_t>(commit.header.current_day.value_or(0)));
  put_text(bytes, commit.header.source_version);
  put_text(bytes, commit.content ? bytes_of(*commit.content) : std::string_view());
  put_u32(bytes, commit.parts);
  bytes.append(bytes_of(commit.digest));
  return hasher.checksum_of(bytes, commit.body);
}

std::string checksum_of_part(ChecksumHasher& hasher, std::int64_t id, std::string_view body) {
  std::string bytes;
  put_u64(bytes, static_cast<std::uint64_t>(id));
  return hasher.checksum_of(bytes, body);
}

bool fits_u32(std::int64_t value) noexcept {
  return value >= 0 && value <= 0xFFFFFFFFLL;
}

}  // namespace

absl::Status RegistryFile::fault(int result) {
  last_fault_ = result;
  return sqlite_status(result, path_);
}

absl::Status RegistryFile::damaged(std::string vi, std::string en) const {
  return damaged_status(path_, {std::move(vi), std::move(en)});
}

RegistryFile::~RegistryFile() {
  try {
    if (created_) take_back();
    if (!is_writable() || database_.get() == nullptr) return;
    // Without the mark the -wal file must stay, or the next opening would miss it.
    if (in_session_ && mark_session(false).ok())
      sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
  } catch (const std::bad_alloc&) {
    rollback();  // the mark stays, and the -wal file with it
  }
}

absl::StatusOr<FileHead> RegistryFile::read_head() {
  const StatementUse use(select_head_);
  const int result = select_head_.step();
  if (result != SQLITE_ROW) {
    select_head_.reset();
    return result == SQLITE_DONE ? damaged("thiếu đầu sổ", "the head is missing") : fault(result);
  }
  FileHead head;
  const auto digest = digest_from(select_head_.bytes(6));
  const auto layout_digest = digest_from(select_head_.bytes(4));
  const std::string_view key = select_head_.bytes(1);
  bool sound = digest && layout_digest && key.size() == head.content_key.size() &&
               fits_u32(select_head_.integer(3)) && fits_u32(select_head_.integer(5));
  if (sound) {
    head.single_root = select_head_.integer(0) != 0;
    std::copy(key.begin(), key.end(), head.content_key.begin());
    head.session = select_head_.integer(2) != 0;
    head.layouts = static_cast<std::uint32_t>(select_head_.integer(3));
    head.layout_digest = *layout_digest;
    head.commits = static_cast<std::uint32_t>(select_head_.integer(5));
    head.digest = *digest;
    sound = select_head_.bytes(7) == checksum_of(checksums_, head);
  }
  select_head_.reset();
  if (!sound) return damaged("đầu sổ", "the head");
  return head;
}

absl::Status RegistryFile::write_head(const FileHead& head) {
  const std::string checksum = checksum_of(checksums_, head);
  update_head_.bind(1, head.single_root ? 1 : 0);
  update_head_.bind_bytes(2, bytes_of(head.content_key));
  update_head_.bind(3, head.session ? 1 : 0);
  update_head_.bind(4, head.layouts);
  update_head_.bind_bytes(5, bytes_of(head.layout_digest));
  update_head_.bind(6, head.commits);
  update_head_.bind_bytes(7, bytes_of(head.digest));
  update_head_.bind_bytes(8, checksum);
  return fault(update_head_.run());
}

absl::Status RegistryFile::read_layouts(absl::FunctionRef<absl::Status(const StoredLayout&)> each) {
  Statement layouts;
  int result = database_.prepare(
      "SELECT number, after_commit, form, digest FROM layouts ORDER BY number", layouts);
  if (result != SQLITE_OK) return fault(result);
  base::Digest chain = first_digest(head_.single_root);
  std::uint32_t number = 0;
  while ((result = layouts.step()) == SQLITE_ROW) {
    ++number;
    const StoredLayout layout{.number = number,
                              .after_commit = static_cast<std::uint32_t>(layouts.integer(1)),
                              .form = layouts.bytes(2)};
    if (layouts.integer(0) == number && fits_u32(layouts.integer(1)))
      chain = layout_digest(chain, number, layout.after_commit, layout.form);
    if (layouts.bytes(3) != bytes_of(chain)) {
      return damaged("khai báo bảng thứ " + std::to_string(number),
                     "declaration " + std::to_string(number) + " of a table");
    }
    if (absl::Status status = each(layout); !status.ok()) return status;
  }
  if (result != SQLITE_DONE) return fault(result);
  if (number == head_.layouts && chain == head_.layout_digest) return absl::OkStatus();
  return damaged("thiếu khai báo bảng", "declarations of tables are missing");
}

absl::Status RegistryFile::take_commit(Statement& statement, std::uint32_t expected,
                                       absl::FunctionRef<absl::Status(const StoredCommit&)> each) {
  StoredCommit commit;
  const std::int64_t kind = statement.integer(2);
  const auto digest = digest_from(statement.bytes(9));
  const bool has_content = !statement.is_null(6);
  if (has_content) commit.content = digest_from(statement.bytes(6));
  bool sound = statement.integer(0) == expected && digest && fits_u32(statement.integer(7)) &&
               kind >= 0 && kind <= static_cast<std::int64_t>(CommitKind::kRedaction) &&
               has_content == commit.content.has_value();
  if (sound) {
    commit.header.number = expected;
    commit.header.time = statement.integer(1);
    commit.header.kind = static_cast<CommitKind>(kind);
    commit.header.synthetic = statement.integer(3) != 0;
    if (!statement.is_null(4))
      commit.header.current_day = static_cast<std::int32_t>(statement.integer(4));
    commit.header.source_version = statement.bytes(5);
    commit.parts = static_cast<std::uint32_t>(statement.integer(7));
    commit.body = statement.bytes(8);
    commit.digest = *digest;
    sound = statement.bytes(10) == checksum_of(checksums_, commit);
  }
  if (!sound) {
    return damaged("lần ghi " + std::to_string(expected), "commit " + std::to_string(expected));
  }
  return each(commit);
}

absl::Status RegistryFile::read_commits(absl::FunctionRef<absl::Status(const StoredCommit&)> each) {
  const StatementUse use(select_commit_);
  select_commit_.bind(1, 0);
  std::uint32_t number = 0;
  base::Digest last = first_digest(head_.single_root);
  int result = SQLITE_ROW;
  absl::Status status;
  while (status.ok() && (result = select_commit_.step()) == SQLITE_ROW) {
    ++number;
    status = take_commit(select_commit_, number, [&](const StoredCommit& commit) {
      last = commit.digest;
      return each(commit);
    });
  }
  select_commit_.reset();
  if (!status.ok()) return status;
  if (result != SQLITE_DONE) return fault(result);
  if (number == head_.commits && last == head_.digest) return absl::OkStatus();
  const std::string at = std::to_string(std::min(number, head_.commits) + 1);
  return damaged("lần ghi " + at + ": sổ có " + std::to_string(number) + " lần ghi, đầu sổ nói " +
                     std::to_string(head_.commits),
                 "commit " + at + ": the file holds " + std::to_string(number) +
                     " commits, its head says " + std::to_string(head_.commits));
}

absl::Status RegistryFile::read_commit(std::uint32_t number,
                                       absl::FunctionRef<absl::Status(const StoredCommit&)> each) {
  const StatementUse use(select_commit_);
  select_commit_.bind(1, number);
  const int result = select_commit_.step();
  absl::Status status = result == SQLITE_ROW ? take_commit(select_commit_, number, each)
                        : result == SQLITE_DONE
                            ? damaged("thiếu lần ghi " + std::to_string(number),
                                      "commit " + std::to_string(number) + " is missing")
                            : fault(result);
  select_commit_.reset();
  return status;
}

absl::Status RegistryFile::read_bodies(
    const StoredCommit& commit,
    absl::FunctionRef<absl::Status(std::uint32_t, std::string_view)> each) {
  if (!commit.body.empty()) {
    if (absl::Status status = each(0, commit.body); !status.ok()) return status;
  }
  for (std::uint32_t part = 1; part <= commit.parts; ++part) {
    const std::int64_t id = part_id(commit.header.number, part);
    const StatementUse use(select_part_);
    select_part_.bind(1, id);
    const int result = select_part_.step();
    absl::Status status;
    if (result == SQLITE_ROW &&
        select_part_.bytes(1) == checksum_of_part(checksums_, id, select_part_.bytes(0))) {
      status = each(part, select_part_.bytes(0));
    } else if (result == SQLITE_ROW || result == SQLITE_DONE) {
      const std::string at = std::to_string(commit.header.number);
      status = damaged("lần ghi " + at + ", phần " + std::to_string(part),
                       "commit " + at + ", part " + std::to_string(part));
    } else {
      status = fault(result);
    }
    select_part_.reset();
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status RegistryFile::end_reading() {
  if (!is_writable()) {
    disconnect();
    return absl::OkStatus();
  }
  return mark_session(true);
}

absl::Status RegistryFile::mark_session(bool open) {
  FileHead head = head_;
  head.session = open;
  absl::Status status = begin();
  if (status.ok()) status = publish(head);
  if (status.ok()) in_session_ = open;
  // The mark must stand in the file itself: it is what tells that a -wal file is missing.
  if (status.ok() && open) {
    rollback();
    sqlite3_wal_checkpoint_v2(database_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr,
                              nullptr);
    status = begin();
    if (status.ok()) created_ = false;
  }
  if (!status.ok()) rollback();
  return status;
}

absl::Status RegistryFile::begin() {
  if (!is_writable()) return file_status(ProblemCode::kFileReadOnly, path_);
  if (unsettled_) {
    rollback();
    if (begin_.run() != SQLITE_OK || !write_over(head_)) {
      rollback();
      return file_status(ProblemCode::kFileFault, path_);
    }
    unsettled_ = false;
  }
  if (sqlite3_get_autocommit(database_.get()) == 0) return absl::OkStatus();
  if (const int result = begin_.run(); result != SQLITE_OK) return fault(result);
  auto head = read_head();
  if (head.ok() && head->commits == head_.commits && head->digest == head_.digest &&
      head->layouts == head_.layouts)
    return absl::OkStatus();
  rollback();
  return head.ok() ? file_status(ProblemCode::kConflict, path_) : head.status();
}

absl::Status RegistryFile::add_layout(const StoredLayout& layout, const base::Digest& digest) {
  insert_layout_.bind(1, layout.number);
  insert_layout_.bind(2, layout.after_commit);
  insert_layout_.bind_bytes(3, layout.form);
  insert_layout_.bind_bytes(4, bytes_of(digest));
  return fault(insert_layout_.run());
}

absl::Status RegistryFile::add_part(std::uint32_t commit, std::uint32_t part,
                                    std::string_view body) {
  const std::int64_t id = part_id(commit, part);
  const std::string checksum = checksum_of_part(checksums_, id, body);
  insert_part_.bind(1, id);
  insert_part_.bind_bytes(2, body);
  insert_part_.bind_bytes(3, checksum);
  return fault(insert_part_.run());
}

absl::Status RegistryFile::add_commit(const StoredCommit& commit) {
  const std::string checksum = checksum_of(checksums_, commit);
  insert_commit_.bind(1, commit.header.number);
  insert_commit_.bind(2, commit.header.time);
  insert_commit_.bind(3, static_cast<std::int64_t>(commit.header.kind));
  insert_commit_.bind(4, commit.header.synthetic ? 1 : 0);
  if (commit.header.current_day) {
    insert_commit_.bind(5, *commit.header.current_day);
  } else {
    insert_commit_.bind_null(5);
  }
  insert_commit_.bind_text(6, commit.header.source_version);
  if (commit.content) {
    insert_commit_.bind_bytes(7, bytes_of(*commit.content));
  } else {
    insert_commit_.bind_null(7);
  }
  insert_commit_.bind(8, commit.parts);
  insert_commit_.bind_bytes(9, commit.body);
  insert_commit_.bind_bytes(10, bytes_of(commit.digest));
  insert_commit_.bind_bytes(11, checksum);
  return fault(insert_commit_.run());
}

absl::Status RegistryFile::publish(const FileHead& head) {
  absl::Status status = write_head(head);
  if (status.ok()) {
    unsettled_ = true;
    const int result = commit_.run();
    if (result != SQLITE_OK) status = settle(head, fault(result));
    if (status.ok()) unsettled_ = false;
  }
  if (!status.ok()) {
    rollback();
    return status;
  }
  head_ = head;
  // Nobody else may write while we live. Should it fail, the next begin() tries again.
  if (begin_.run() != SQLITE_OK) rollback();
  return status;
}

// A commit that failed may stand in the -wal file all the same, and come alive when SQLite recovers
// it. Writing something harmless over it decides the matter; should that fail, begin() tries again.
absl::Status RegistryFile::settle(const FileHead& wanted, absl::Status failed) {
  rollback();
  if (begin_.run() != SQLITE_OK) return failed;
  auto head = read_head();
  if (!head.ok()) return failed;
  if (head->commits == wanted.commits && head->digest == wanted.digest &&
      head->layouts == wanted.layouts && head->session == wanted.session) {
    rollback();
    return absl::OkStatus();
  }
  if (write_over(head_)) unsettled_ = false;
  return failed;
}

// A row that stays as it was is not written: the head changes, and changes back.
bool RegistryFile::write_over(const FileHead& head) {
  const auto found = read_head();
  if (!found.ok() || found->commits != head.commits || found->digest != head.digest ||
      found->layouts != head.layouts)
    return false;
  FileHead other = head;
  other.session = !head.session;
  return write_head(other).ok() && write_head(head).ok() && commit_.run() == SQLITE_OK;
}

void RegistryFile::rollback() noexcept {
  if (database_.get() != nullptr && sqlite3_get_autocommit(database_.get()) == 0)
    static_cast<void>(rollback_.run());
}

absl::Status RegistryFile::compact() {
  // For a moment the file counts as closed: a cut while its -wal file is emptied leaves no riddle.
  if (absl::Status status = mark_session(false); !status.ok()) return status;
  rollback();
  int result = database_.exec("VACUUM");
  int merged = 0;
  int pages = 0;
  if (result == SQLITE_OK) {
    result = sqlite3_wal_checkpoint_v2(database_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, &pages,
                                       &merged);
  }
  absl::Status status = fault(result);
  const absl::Status marked = mark_session(true);
  return status.ok() ? marked : status;
}

}  // namespace dangbo::inline v1::registry
