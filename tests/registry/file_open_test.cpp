// What can stand in the way of opening a registry's file, each with its own words.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <string>

#include "registry/file_layout.hpp"
#include "registry/file_place.hpp"
#include "registry/file_store.hpp"
#include "registry/file_support.hpp"

namespace dangbo::registry {
namespace {

using base::ProblemCode;
using testing::RandomHistory;
using testing::TemporaryFolder;
using testing::whole_content;

void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The code of the one problem, said in both languages with a remedy.
template <typename Result>
ProblemCode code_of(const Result& result) {
  EXPECT_FALSE(result.ok());
  const base::ProblemList problems = base::problems_of(result.status());
  if (problems.total() != 1) {
    ADD_FAILURE() << result.status();
    return ProblemCode::kBadQuery;
  }
  const base::Problem& problem = problems.kept()[0];
  EXPECT_FALSE(problem.reason.vi.empty() || problem.reason.en.empty());
  EXPECT_FALSE(problem.fix.vi.empty() || problem.fix.en.empty());
  EXPECT_FALSE(problem.place.file.empty());
  return problem.code;
}

absl::StatusOr<std::unique_ptr<Registry>> quick(const std::string& path, OpenMode mode) {
  OpenOptions options;
  options.durability = Durability::kOff;
  return Registry::open(path, mode, options);
}

void make_registry(const std::string& path, int steps = 4) {
  auto registry = quick(path, OpenMode::kCreate);
  ASSERT_TRUE(registry.ok()) << registry.status();
  RandomHistory history(5);
  for (int i = 0; i < steps; ++i) history.step(**registry);
}

void set_bytes(const std::string& path, std::size_t at, const std::string& bytes) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(at));
  file << bytes;
}

TEST(FileOpenTest, ThingsThatAreNoRegistry) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.dangbo");
  for (const OpenMode mode : {OpenMode::kRead, OpenMode::kWrite}) {
    EXPECT_EQ(code_of(quick(path, mode)), ProblemCode::kFileUnreadable);  // not there
    EXPECT_EQ(code_of(quick(folder.path(), mode)), ProblemCode::kFileIsFolder);
    write_file(path, "");
    EXPECT_EQ(code_of(quick(path, mode)), ProblemCode::kFileEmpty);
    const std::string text = "mã đảng viên,họ và tên\n" + std::string(5000, 'x');
    write_file(path, text);
    EXPECT_EQ(code_of(quick(path, mode)), ProblemCode::kFileForeign);
    EXPECT_EQ(code_of(quick(path, OpenMode::kCreate)), ProblemCode::kFileExists);
    EXPECT_EQ(read_file(path), text);
    std::filesystem::remove(path);
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "CREATE TABLE registry(id)", nullptr, nullptr, nullptr),
              SQLITE_OK);
    sqlite3_close(other);
    const std::string before = read_file(path);
    EXPECT_EQ(code_of(quick(path, mode)), ProblemCode::kFileForeign);
    EXPECT_EQ(read_file(path), before);
    std::filesystem::remove(path);
  }
  EXPECT_EQ(code_of(quick(folder.file("no/such/folder"), OpenMode::kCreate)),
            ProblemCode::kFileUnreadable);
}

TEST(FileOpenTest, ANewerFileSaysSo) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.dangbo");
  make_registry(path);
  set_bytes(path, 60, std::string("\0\0\0\2", 4));
  EXPECT_EQ(code_of(quick(path, OpenMode::kRead)), ProblemCode::kFileNewer);
  EXPECT_EQ(code_of(quick(path, OpenMode::kWrite)), ProblemCode::kFileNewer);
}

TEST(FileOpenTest, AFieldUnknownHereIsOfANewerVersion) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.dangbo");
  make_registry(path);
  {
    const auto file = RegistryFile::open(path, OpenMode::kWrite, {});
    ASSERT_TRUE(file.ok()) << file.status();
    const auto members = Registry::create()->find_schema("members");
    std::vector<table::Field> fields = members->fields();
    fields.emplace_back();
    fields.back().name = "cỡ giày";
    const Layout layout =
        layout_of(table::Schema("members", members->kind(), std::move(fields), {"member_id"},
                                members->title(), members->aliases()),
                  false);
    FileHead head = (*file)->head();
    const StoredLayout stored{
        .number = head.layouts + 1, .after_commit = head.commits, .form = layout.form};
    head.layout_digest =
        layout_digest(head.layout_digest, stored.number, stored.after_commit, stored.form);
    head.layouts = stored.number;
    ASSERT_TRUE((*file)->begin().ok());
    ASSERT_TRUE((*file)->add_layout(stored, head.layout_digest).ok());
    ASSERT_TRUE((*file)->publish(head).ok());
  }
  for (const OpenMode mode : {OpenMode::kRead, OpenMode::kWrite}) {
    const auto opened = quick(path, mode);
    EXPECT_EQ(code_of(opened), ProblemCode::kFileNewer);
    EXPECT_EQ(base::problems_of(opened.status()).kept()[0].value, "members.cỡ giày");
  }
}

TEST(FileOpenTest, AnotherTableOrTriggerIsNotOurs) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.dangbo");
  make_registry(path);
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(
      sqlite3_exec(other, "CREATE TRIGGER t AFTER INSERT ON commits BEGIN DELETE FROM commits; END",
                   nullptr, nullptr, nullptr),
      SQLITE_OK);
  sqlite3_close(other);
  EXPECT_EQ(code_of(quick(path, OpenMode::kWrite)), ProblemCode::kFileDamaged);
}

TEST(FileOpenTest, OneWriterAndAnyNumberOfReaders) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.dangbo");
  make_registry(path);
  auto writer = quick(path, OpenMode::kWrite);
  ASSERT_TRUE(writer.ok()) << writer.status();
  EXPECT_EQ(code_of(quick(path, OpenMode::kWrite)), ProblemCode::kFileBusy);
  EXPECT_EQ(code_of(quick(path, OpenMode::kCreate)), ProblemCode::kFileExists);
  const auto reader = quick(path, OpenMode::kRead);
  ASSERT_TRUE(reader.ok()) << reader.status();
  const std::string seen = whole_content(**reader);
  EXPECT_EQ(whole_content(**writer), seen);
  // The lock holds between commits too, and a reader does not move.
  ASSERT_TRUE(
      (*writer)->advance(testing::day(2026, 1, 1), {.time = 1'000'000, .source_version = ""}).ok());
  EXPECT_EQ(code_of(quick(path, OpenMode::kWrite)), ProblemCode::kFileBusy);
  EXPECT_EQ(whole_content(**reader), seen);
  EXPECT_EQ(whole_content(**quick(path, OpenMode::kRead)), whole_content(**writer));
  EXPECT_EQ(code_of((*reader)->advance(testing::day(2026, 1, 1),
                                       {.time = 1'000'000, .source_version = ""})),
            ProblemCode::kFileReadOnly);
  (*writer).reset();
  EXPECT_TRUE(quick(path, OpenMode::kWrite).ok());
}

TEST(FileOpenTest, ALostWalFileIsMissed) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.dangbo");
  const std::string copy = folder.file("copy.dangbo");
  make_registry(path);
  {
    auto writer = quick(path, OpenMode::kWrite);
    ASSERT_TRUE((*writer)
                    ->advance(testing::day(2026, 1, 1), {.time = 1'000'000, .source_version = ""})
                    .ok());
    std::filesystem::copy_file(path, copy);  // of a registry that is open, without its -wal file
  }
  for (int attempt = 0; attempt < 2; ++attempt) {  // looking does not make it well
    EXPECT_EQ(code_of(quick(copy, OpenMode::kRead)), ProblemCode::kWalMissing);
    EXPECT_EQ(code_of(quick(copy, OpenMode::kWrite)), ProblemCode::kWalMissing);
  }
  OpenOptions accepting;
  accepting.accept_missing_wal = true;
  {
    const auto registry = Registry::open(copy, OpenMode::kWrite, accepting);
    ASSERT_TRUE(registry.ok()) << registry.status();
    EXPECT_FALSE((*registry)->snapshot().current_day().has_value());
  }
  EXPECT_TRUE(quick(copy, OpenMode::kWrite).ok());
  EXPECT_TRUE(quick(path, OpenMode::kWrite)->get()->snapshot().current_day().has_value());
}

// As somebody who may only read: 0 when all is well.
int as_nobody(int (*check)(const std::string&), const std::string& path) {
  const pid_t child = fork();
  if (child == 0) {
    if (setgid(65534) != 0 || setuid(65534) != 0) _exit(100);
    _exit(check(path));
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 101;
}

TEST(FileOpenTest, ReadOnlyFoldersAreRead) {
  if (geteuid() != 0) GTEST_SKIP() << "needs to become another user";
  const TemporaryFolder folder;
  const std::string path = folder.file("a b%20?.dangbo");
  make_registry(path);
  chmod(folder.path().c_str(), 0555);
  chmod(path.c_str(), 0444);
  const auto check = [](const std::string& file) {
    const auto read = Registry::open(file, OpenMode::kRead);
    if (!read.ok() || (*read)->snapshot().unit_count() != 3) return 1;
    const auto written = Registry::open(file, OpenMode::kWrite);
    if (written.ok()) return 2;
    if (base::problems_of(written.status()).kept()[0].code != ProblemCode::kFileReadOnly) return 3;
    return verify_file(file).ok() ? 0 : 4;
  };
  EXPECT_EQ(as_nobody(check, path), 0);
  // With commits in the -wal file it takes a folder where SQLite can work.
  auto writer = quick(path, OpenMode::kWrite);
  ASSERT_TRUE(writer.ok());
  const std::string left = folder.file("left.dangbo");
  std::filesystem::copy_file(path, left);
  std::filesystem::copy_file(path + "-wal", left + "-wal");
  chmod(left.c_str(), 0444);
  chmod((left + "-wal").c_str(), 0444);
  const auto check_wal = [](const std::string& file) {
    const auto read = Registry::open(file, OpenMode::kRead);
    if (read.ok()) return 1;
    return base::problems_of(read.status()).kept()[0].code == ProblemCode::kFileReadOnly ? 0 : 2;
  };
  EXPECT_EQ(as_nobody(check_wal, left), 0);
}

TEST(FileOpenTest, AFolderWhereNothingMayBeMadeIsNotWrittenTo) {
  if (geteuid() != 0) GTEST_SKIP() << "needs to become another user";
  const TemporaryFolder folder;
  const std::string path = folder.file("a.dangbo");
  make_registry(path);
  chmod(folder.path().c_str(), 0555);
  chmod(path.c_str(), 0666);
  const std::string before = read_file(path);
  const auto check = [](const std::string& file) {
    const auto code = [](const absl::Status& status) {
      return base::problems_of(status).kept()[0].code;
    };
    const auto written = Registry::open(file, OpenMode::kWrite);
    if (written.ok()) return 1;
    if (code(written.status()) != ProblemCode::kFileReadOnly) return 2;
    const auto created = Registry::open(file + "2", OpenMode::kCreate);
    if (created.ok()) return 3;
    if (code(created.status()) != ProblemCode::kFileUnreadable) return 4;
    return Registry::open(file, OpenMode::kRead).ok() ? 0 : 5;
  };
  EXPECT_EQ(as_nobody(check, path), 0);
  EXPECT_EQ(read_file(path), before);
}

// The lock holds between processes, and a process that is gone holds none.
TEST(FileOpenTest, OneWriterAmongProcesses) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.dangbo");
  make_registry(path);
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto writer = quick(path, OpenMode::kWrite);
    const char is_open = writer.ok() ? 1 : 0;
    if (write(ends[1], &is_open, 1) == 1) pause();
    _exit(0);
  }
  char is_open = 0;
  ASSERT_EQ(read(ends[0], &is_open, 1), 1);
  EXPECT_EQ(is_open, 1);
  EXPECT_EQ(code_of(quick(path, OpenMode::kWrite)), ProblemCode::kFileBusy);
  EXPECT_TRUE(quick(path, OpenMode::kRead).ok());
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  close(ends[0]);
  close(ends[1]);
  EXPECT_TRUE(quick(path, OpenMode::kWrite).ok());
}

TEST(FileOpenTest, NetworkFileSystemsByNumber) {
  for (const std::uint32_t magic :
       {0x6969U, 0xFE534D42U, 0xFF534D42U, 0x517BU, 0x01021997U, 0x5346414FU, 0x6B414653U}) {
    EXPECT_TRUE(is_network_file_system(magic)) << magic;
  }
  for (const std::uint32_t magic : {0xEF53U, 0x58465342U, 0x9123683EU, 0x01021994U})
    EXPECT_FALSE(is_network_file_system(magic)) << magic;
  EXPECT_FALSE(is_on_network_share("/"));
}

}  // namespace
}  // namespace dangbo::registry
