// The durable file as SQLite holds it: the head, layouts, commits and parts of large commits. Knows
// bytes and digests, not rows. One connection; of the writer it holds SQLite's write lock from
// opening to closing.
#pragma once

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "dangbo/registry/file.hpp"
#include "registry/file_digest.hpp"
#include "registry/sqlite.hpp"

namespace dangbo::inline v1::registry {

// The one row of table `registry`: what stands in the file, and where the chain ends.
struct FileHead {
  bool single_root = false;
  Salt content_key{};    // keys the digests by which a repeated change is known
  bool session = false;  // a writer has it open, or did not close it
  std::uint32_t layouts = 0;
  base::Digest layout_digest{};
  std::uint32_t commits = 0;
  base::Digest digest{};
};

struct StoredLayout {
  std::uint32_t number = 0;
  std::uint32_t after_commit = 0;
  std::string_view form;
};

// One row of table `commits`. The body stands inline, or in `parts` parts of their own.
struct StoredCommit {
  CommitHeader header;
  std::optional<base::Digest> content;  // of the change as it came; gone after an erasure
  std::uint32_t parts = 0;
  std::string_view body;
  base::Digest digest{};
};

class RegistryFile {
 public:
  // Begins the transaction in which the content is read; the writer holds the write lock from here
  // on. A new file is made whole, or not at all.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<RegistryFile>> open(
      const std::string& path, OpenMode mode, const OpenOptions& options);
  // The writer marks the file closed and merges the -wal file into it; what fails is made good when
  // it is opened next.
  ~RegistryFile();
  RegistryFile(const RegistryFile&) = delete;
  RegistryFile& operator=(const RegistryFile&) = delete;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] const FileHead& head() const noexcept { return head_; }
  [[nodiscard]] bool is_writable() const noexcept { return mode_ != OpenMode::kRead; }

  // --- reading; checksums and the numbering are verified, what the callback gets lives for its
  // call
  absl::Status read_layouts(absl::FunctionRef<absl::Status(const StoredLayout&)> each);
  absl::Status read_commits(absl::FunctionRef<absl::Status(const StoredCommit&)> each);
  // One commit, by number.
  absl::Status read_commit(std::uint32_t number,
                           absl::FunctionRef<absl::Status(const StoredCommit&)> each);
  absl::Status read_bodies(const StoredCommit& commit,
                           absl::FunctionRef<absl::Status(std::uint32_t, std::string_view)> each);
  // The content has been read: a reader lets go of the file, the writer marks it open.
  absl::Status end_reading();

  // --- writing, from begin() to publish() or rollback()
  // Makes sure that the write lock is held and nobody has written since.
  absl::Status begin();
  absl::Status add_layout(const StoredLayout& layout, const base::Digest& digest);
  // A part or commit of the same number is replaced: an erasure does that.
  absl::Status add_part(std::uint32_t commit, std::uint32_t part, std::string_view body);
  absl::Status add_commit(const StoredCommit& commit);
  // All of it becomes durable, or nothing of it happened.
  absl::Status publish(const FileHead& head);
  void rollback() noexcept;

  // Merges the -wal file, rewrites the file without gaps and empties the -wal file. Needs free
  // space, and memory, of the file's size.
  absl::Status compact();

 private:
  RegistryFile(std::string path, OpenMode mode, const OpenOptions& options);
  absl::Status open_database();
  absl::Status open_to_read(const std::string& name);
  absl::Status create_tables();
  absl::Status begin_reading();
  absl::Status connect(const std::string& name, int flags);
  void disconnect() noexcept;
  absl::Status identify();
  absl::Status configure();
  absl::Status check_tables();
  absl::Status prepare_statements();
  absl::StatusOr<FileHead> read_head();
  absl::Status write_head(const FileHead& head);
  absl::Status settle(const FileHead& wanted, absl::Status failed);
  bool write_over(const FileHead& head);
  void take_back();
  absl::Status mark_session(bool open);
  absl::Status take_commit(Statement& statement, std::uint32_t expected,
                           absl::FunctionRef<absl::Status(const StoredCommit&)> each);
  [[nodiscard]] bool has_wal() const;
  [[nodiscard]] absl::Status fault(int result);
  [[nodiscard]] absl::Status damaged(std::string vi, std::string en) const;

  std::string path_;
  OpenMode mode_;
  OpenOptions options_;
  int last_fault_ = SQLITE_OK;
  bool created_ = false;  // by us, and not yet marked open
  bool had_wal_ = false;
  bool in_session_ = false;  // the file is marked open, by us
  bool unsettled_ = false;   // whether the last commit reached the disk is not known
  FileHead head_;
  ChecksumHasher checksums_;
  Database database_;
  Statement begin_;
  Statement commit_;
  Statement rollback_;
  Statement select_head_;
  Statement update_head_;
  Statement select_commit_;
  Statement select_part_;
  Statement insert_layout_;
  Statement insert_commit_;
  Statement insert_part_;
};

}  // namespace dangbo::inline v1::registry
