// Opening a durable file: what it is, whether it may be written, and by whom.
#include <array>
#include <filesystem>
#include <new>
#include <system_error>
#include <utility>

#include "registry/file_place.hpp"
#include "registry/file_problem.hpp"
#include "registry/file_store.hpp"

namespace dangbo::inline v1::registry {

namespace {

using base::ProblemCode;

constexpr std::string_view kMagic{"SQLite format 3\0", 16};
constexpr std::uint32_t kApplicationId = 0x6467626FU;  // "dgbo"
constexpr std::uint32_t kFormatVersion = 1;
constexpr int kReaderPatience = 2'000;  // milliseconds for another's recovery of the -wal file

constexpr std::array<std::string_view, 4> kTables = {
    "CREATE TABLE registry(id INTEGER PRIMARY KEY, single_root INTEGER NOT NULL,"
    " content_key BLOB NOT NULL, session INTEGER NOT NULL, layouts INTEGER NOT NULL,"
    " layout_digest BLOB NOT NULL, commits INTEGER NOT NULL, digest BLOB NOT NULL,"
    " checksum BLOB NOT NULL)",
    "CREATE TABLE layouts(number INTEGER PRIMARY KEY, after_commit INTEGER NOT NULL,"
    " form BLOB NOT NULL, digest BLOB NOT NULL)",
    "CREATE TABLE commits(number INTEGER PRIMARY KEY, time INTEGER NOT NULL,"
    " kind INTEGER NOT NULL, synthetic INTEGER NOT NULL, current_day INTEGER,"
    " source_version TEXT NOT NULL, content BLOB, parts INTEGER NOT NULL, body BLOB NOT NULL,"
    " digest BLOB NOT NULL, checksum BLOB NOT NULL)",
    "CREATE TABLE parts(id INTEGER PRIMARY KEY, body BLOB NOT NULL, checksum BLOB NOT NULL)"};

std::uint32_t big_endian(const std::array<unsigned char, 100>& header, std::size_t at) noexcept {
  return (std::uint32_t{header[at]} << 24U) | (std::uint32_t{header[at + 1]} << 16U) |
         (std::uint32_t{header[at + 2]} << 8U) | header[at + 3];
}

// A file of this name with something in it, as SQLite sees the disk.
bool exists(const std::string& path) {
  sqlite3_vfs* disk = sqlite3_vfs_find(nullptr);
  int found = 0;
  return disk != nullptr &&
         disk->xAccess(disk, path.c_str(), SQLITE_ACCESS_EXISTS, &found) == SQLITE_OK && found != 0;
}

sqlite3_file* disk_file_of(const Database& database) noexcept {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(database.get(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
  return file == nullptr || file->pMethods == nullptr ? nullptr : file;
}

// The name by which SQLite opens a file that nobody will change: on read-only media.
std::string immutable_name(const std::string& path) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string name = "file:";
  for (const char byte : path) {
    const auto value = static_cast<unsigned char>(byte);
    if (byte == '%' || byte == '?' || byte == '#' || value < 0x21 || value > 0x7E) {
      name += '%';
      name += kDigits[value >> 4U];
      name += kDigits[value & 0xFU];
    } else {
      name += byte == '\\' ? '/' : byte;
    }
  }
  return name + "?immutable=1";
}

// SQLite takes some names for something else than a file.
std::string plain_name(const std::string& path) {
  return path.starts_with(":") || path.starts_with("file:") ? "./" + path : path;
}

}  // namespace

RegistryFile::RegistryFile(std::string path, OpenMode mode, const OpenOptions& options)
    : path_(std::move(path)), mode_(mode), options_(options) {}

absl::StatusOr<std::unique_ptr<RegistryFile>> RegistryFile::open(const std::string& path,
                                                                 OpenMode mode,
                                                                 const OpenOptions& options) {
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed))
    return file_status(ProblemCode::kFileIsFolder, path);
  if (path.empty() || path.find('\0') != std::string::npos)
    return file_status(ProblemCode::kFileUnreadable, path);
  std::unique_ptr<RegistryFile> file(new RegistryFile(path, mode, options));
  if (absl::Status status = file->open_database(); !status.ok()) return status;
  return file;
}

// Half a file would be in the way of the next attempt, unless another program has found it already.
void RegistryFile::take_back() {
  disconnect();
  if ((last_fault_ & 0xFF) == SQLITE_BUSY) return;
  sqlite3_vfs* disk = sqlite3_vfs_find(nullptr);
  for (const char* companion : {"", "-wal", "-shm"})
    disk->xDelete(disk, (plain_name(path_) + companion).c_str(), 0);
}

absl::Status RegistryFile::open_database() {
  const std::string name = plain_name(path_);
  if (mode_ == OpenMode::kRead) return open_to_read(name);
  if (is_on_network_share(path_)) return file_status(ProblemCode::kNetworkShare, path_);
  const bool is_new = mode_ == OpenMode::kCreate;
  if (is_new && exists(name) && !exists(name + "-journal"))
    return file_status(ProblemCode::kFileExists, path_);
  absl::Status status = connect(name, SQLITE_OPEN_READWRITE | (is_new ? SQLITE_OPEN_CREATE : 0));
  if (status.ok() && sqlite3_db_readonly(database_.get(), "main") != 0)
    status = file_status(ProblemCode::kFileReadOnly, path_);
  if (status.ok() && is_new) status = create_tables();
  return status.ok() ? begin_reading() : status;
}

absl::Status RegistryFile::open_to_read(const std::string& name) {
  const bool has_wal = exists(name + "-wal");
  if (!is_on_network_share(path_)) {
    absl::Status status = connect(name, SQLITE_OPEN_READONLY);
    if (status.ok()) status = begin_reading();
    const int kind = last_fault_ & 0xFF;
    const bool is_sealed = kind == SQLITE_CANTOPEN || kind == SQLITE_READONLY;
    if (status.ok() || !is_sealed || !exists(name)) return status;
    if (has_wal) return file_status(ProblemCode::kFileReadOnly, path_, "-wal");
  } else if (has_wal) {
    return file_status(ProblemCode::kNetworkShare, path_, "-wal");
  }
  // Nothing of it is in a -wal file, and SQLite cannot or should not make its own files beside it.
  const absl::Status status = connect(immutable_name(name), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
  return status.ok() ? begin_reading() : status;
}

void RegistryFile::disconnect() noexcept {
  for (Statement* statement :
       {&begin_, &commit_, &rollback_, &select_head_, &update_head_, &select_commit_, &select_part_,
        &insert_layout_, &insert_commit_, &insert_part_}) {
    *statement = Statement();
  }
  database_.close();
}

absl::Status RegistryFile::connect(const std::string& name, int flags) {
  last_fault_ = SQLITE_OK;
  disconnect();
  if (const int result = database_.open(name, flags); result != SQLITE_OK) return fault(result);
  // Only a writer that has read the whole file may merge the -wal file into it.
  sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  return absl::OkStatus();
}

absl::Status RegistryFile::create_tables() {
  int result = database_.exec("BEGIN EXCLUSIVE");
  if (result != SQLITE_OK) return fault(result);
  sqlite3_int64 size = 0;
  sqlite3_file* disk_file = disk_file_of(database_);
  result =
      disk_file == nullptr ? SQLITE_CANTOPEN : disk_file->pMethods->xFileSize(disk_file, &size);
  if (result != SQLITE_OK) return fault(result);
  if (size != 0) return file_status(ProblemCode::kFileExists, path_);
  created_ = true;
  const std::string mark = "PRAGMA application_id = " + std::to_string(kApplicationId) +
                           "; PRAGMA user_version = " + std::to_string(kFormatVersion);
  result = database_.exec(mark.c_str());
  for (const std::string_view table : kTables) {
    if (result == SQLITE_OK) result = database_.exec(table.data());
  }
  if (result == SQLITE_OK) {
    result = database_.exec("INSERT INTO registry VALUES(1, 0, x'', 0, 0, x'', 0, x'', x'')");
  }
  if (result != SQLITE_OK) return fault(result);
  if (absl::Status status = prepare_statements(); !status.ok()) return status;
  FileHead head;
  head.single_root = options_.registry.single_root;
  head.content_key = random_salt();
  head.digest = first_digest(head.single_root);
  head.layout_digest = head.digest;
  if (absl::Status status = write_head(head); !status.ok()) return status;
  result = commit_.run();
  return result == SQLITE_OK ? absl::OkStatus() : fault(result);
}

// The first bytes tell a registry from other files, before SQLite touches anything.
absl::Status RegistryFile::identify() {
  sqlite3_file* disk_file = disk_file_of(database_);
  if (disk_file == nullptr) return fault(SQLITE_CANTOPEN);
  sqlite3_int64 size = 0;
  int result = disk_file->pMethods->xFileSize(disk_file, &size);
  if (result != SQLITE_OK) return fault(result);
  if (size == 0) return file_status(ProblemCode::kFileEmpty, path_);
  std::array<unsigned char, 100> header{};
  result = disk_file->pMethods->xRead(disk_file, header.data(), header.size(), 0);
  if (result != SQLITE_OK && result != SQLITE_IOERR_SHORT_READ) return fault(result);
  if (std::string_view(reinterpret_cast<const char*>(header.data()), kMagic.size()) != kMagic ||
      big_endian(header, 68) != kApplicationId) {
    return file_status(ProblemCode::kFileForeign, path_);
  }
  const std::uint32_t version = big_endian(header, 60);
  if (version > kFormatVersion)
    return file_status(ProblemCode::kFileNewer, path_, std::to_string(version));
  if (version == 0) return damaged("không có số phiên bản", "no format version");
  return absl::OkStatus();
}

absl::Status RegistryFile::configure() {
  sqlite3* connection = database_.get();
#ifdef SQLITE_DBCONFIG_DEFENSIVE
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
#endif
  sqlite3_busy_timeout(connection, kReaderPatience);
  int result = database_.exec(
      "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;"
      "PRAGMA foreign_keys=OFF; PRAGMA secure_delete=ON");
  if (result == SQLITE_OK && is_writable()) {
    Statement mode;
    result = database_.prepare("PRAGMA journal_mode=WAL", mode);
    if (result == SQLITE_OK) result = mode.step();
    if (result == SQLITE_ROW) result = mode.bytes(0) == "wal" ? SQLITE_OK : SQLITE_IOERR;
  }
  if (result == SQLITE_OK && is_writable()) {
    constexpr std::array<const char*, 3> kSynchronous = {
        "PRAGMA synchronous=FULL", "PRAGMA synchronous=NORMAL", "PRAGMA synchronous=OFF"};
    result = database_.exec(kSynchronous[static_cast<std::size_t>(options_.durability)]);
  }
  return result == SQLITE_OK ? absl::OkStatus() : fault(result);
}

bool RegistryFile::has_wal() const {
  const char* name = sqlite3_db_filename(database_.get(), "main");
  return name != nullptr && exists(std::string(name) + "-wal");
}

absl::Status RegistryFile::begin_reading() {
  if (absl::Status status = identify(); !status.ok()) return status;
  if (is_writable()) {
    // SQLite undoes a creation that was cut short: nothing may be left then.
    const int result = database_.exec("SELECT 1 FROM sqlite_master");
    if (result != SQLITE_OK) return fault(result);
    if (absl::Status status = identify(); !status.ok()) return status;
  }
  had_wal_ = has_wal();
  if (absl::Status status = configure(); !status.ok()) return status;
  // A writer holds its lock for as long as it lives: waiting for it is of no use.
  if (is_writable()) sqlite3_busy_timeout(database_.get(), 0);
  const int result = database_.exec(is_writable() ? "BEGIN IMMEDIATE" : "BEGIN");
  if (result != SQLITE_OK) return fault(result);
  if (absl::Status status = check_tables(); !status.ok()) return status;
  if (absl::Status status = prepare_statements(); !status.ok()) return status;
  auto head = read_head();
  if (!head.ok()) return head.status();
  head_ = *head;
  if (head_.session && !had_wal_ && !has_wal() && !options_.accept_missing_wal)
    return file_status(ProblemCode::kWalMissing, path_);
  return absl::OkStatus();
}

// A file with other tables, views or triggers than ours is not ours.
absl::Status RegistryFile::check_tables() {
  Statement tables;
  int result = database_.prepare("SELECT sql FROM sqlite_master ORDER BY rowid", tables);
  std::size_t found = 0;
  while (result == SQLITE_OK || result == SQLITE_ROW) {
    result = tables.step();
    if (result != SQLITE_ROW) break;
    if (found == kTables.size() || tables.bytes(0) != kTables[found])
      return damaged("các bảng không đúng như dangbo tạo",
                     "its tables are not as dangbo made them");
    ++found;
  }
  if (result != SQLITE_DONE) return fault(result);
  if (found == kTables.size()) return absl::OkStatus();
  return damaged("thiếu bảng", "tables are missing");
}

absl::Status RegistryFile::prepare_statements() {
  const std::array<std::pair<Statement*, const char*>, 10> wanted = {{
      {&begin_, "BEGIN IMMEDIATE"},
      {&commit_, "COMMIT"},
      {&rollback_, "ROLLBACK"},
      {&select_head_,
       "SELECT single_root, content_key, session, layouts, layout_digest, commits, digest, checksum"
       " FROM registry WHERE id = 1"},
      {&update_head_,
       "UPDATE registry SET single_root = ?1, content_key = ?2, session = ?3, layouts = ?4,"
       " layout_digest = ?5, commits = ?6, digest = ?7, checksum = ?8 WHERE id = 1"},
      {&select_commit_,
       "SELECT number, time, kind, synthetic, current_day, source_version, content, parts, body,"
       " digest, checksum FROM commits WHERE number >= ?1 ORDER BY number"},
      {&select_part_, "SELECT body, checksum FROM parts WHERE id = ?1"},
      {&insert_layout_, "INSERT INTO layouts VALUES(?1, ?2, ?3, ?4)"},
      {&insert_commit_,
       "INSERT OR REPLACE INTO commits VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"},
      {&insert_part_, "INSERT OR REPLACE INTO parts VALUES(?1, ?2, ?3)"},
  }};
  for (const auto& [statement, sql] : wanted) {
    if (const int result = database_.prepare(sql, *statement); result != SQLITE_OK)
      return fault(result);
  }
  return absl::OkStatus();
}

}  // namespace dangbo::inline v1::registry
