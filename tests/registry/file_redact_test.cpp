// Erasing a person: gone from memory and from the bytes of the file, and the chain still holds.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>
#include <string>

#include "registry/core.hpp"
#include "registry/file_support.hpp"

namespace dangbo::registry {
namespace {

using base::ProblemCode;
using testing::TemporaryFolder;
using testing::text_table;
using testing::whole_content;

// Nothing of these may be left. Cut in two, so that this program's own text does not count.
const std::string kName = std::string("Hoàng Bí") + " Mật";
const std::string kNumber = std::string("00012") + "3456789";
const std::string kNote = std::string("ghi chú riêng") + " tư";
const std::string kTrade = std::string("nghề chỉ") + " một người làm";

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

bool holds_secret(const std::string& bytes) {
  for (const std::string& secret : {kName, kNumber, kNote, kTrade}) {
    if (bytes.find(secret) != std::string::npos) return true;
  }
  return false;
}

std::unique_ptr<Registry> opened(const std::string& path, OpenMode mode) {
  OpenOptions options;
  options.durability = Durability::kOff;
  auto registry = Registry::open(path, mode, options);
  EXPECT_TRUE(registry.ok()) << registry.status();
  return registry.ok() ? std::move(*registry) : nullptr;
}

// m1 with values in several versions and tables, m2 beside it.
void fill(Registry& registry) {
  ASSERT_TRUE(registry.declare(testing::visits_schema()).ok());
  Change change(registry);
  change.add_table("units", text_table({"unit_id", "kind"}, {{"A", "CB"}}), "u");
  change.add_table(
      "members",
      text_table(
          {"member_id", "sex", "full_name", "citizen_id", "birth_date", "occupation", "extra"},
          {{"m1", "nữ", kName, kNumber, "1960-02-03", kTrade, kNote},
           {"m2", "nam", "Lê Văn Công Khai", "000999888777", "1961", "dạy học", ""}}),
      "m");
  change.add_table(
      "memberships",
      text_table({"member_id", "unit_id", "kind", "from"},
                 {{"m1", "A", "home", "2000-01-01"}, {"m2", "A", "home", "2001-01-01"}}),
      "h");
  change.add_table("visits",
                   text_table({"visit_no", "member_id", "on", "place", "note"},
                              {{"v1", "m1", "2020-01-01", "xã Mây", kNote},
                               {"v2", "m2", "2020-01-02", "xã Gió", "tốt"}}),
                   "v");
  ASSERT_TRUE(registry.commit(std::move(change), {.time = 1, .source_version = "một"}).ok());
  Change corrected(registry);
  corrected.correct("members", text_table({"member_id"}, {{"m1"}}),
                    text_table({"birth_name", "sex"}, {{kName + " hai", "nam"}}), "c");
  ASSERT_TRUE(registry.commit(std::move(corrected), {.time = 2, .source_version = "hai"}).ok());
  Change again(registry);
  again.correct("visits", text_table({"visit_no"}, {{"v1"}}), text_table({"place"}, {{"xã Mưa"}}),
                "c");
  ASSERT_TRUE(registry.commit(std::move(again), {.time = 3, .source_version = ""}).ok());
}

void expect_erased(const Registry& registry) {
  EXPECT_FALSE(holds_secret(whole_content(registry)));
  const Snapshot snapshot = registry.snapshot();
  const Rows members = *snapshot.rows("members");
  ASSERT_EQ(members.size(), 3U);
  for (const std::uint32_t row : {0U, 2U}) {
    for (const char* field :
         {"sex", "full_name", "birth_name", "citizen_id", "birth_date", "occupation", "extra"})
      EXPECT_TRUE(members.field(field)->is_missing(RowId{row})) << field;
    EXPECT_EQ(snapshot.key_of(members.member_of(RowId{row})), "m1");
  }
  EXPECT_EQ(members.field("full_name")->text(RowId{1}), "Lê Văn Công Khai");
  const FieldReader trade = *members.field("occupation");
  EXPECT_EQ(trade.word(trade.raw(RowId{1})), "dạy học");
  for (std::uint32_t word = 0; word < trade.word_count(); ++word)
    EXPECT_NE(trade.word(word), kTrade);
  EXPECT_EQ(snapshot.rows("visits")->field("note")->text(RowId{1}), "tốt");
  EXPECT_EQ(snapshot.at(testing::day(2020, 1, 1)).stock(*snapshot.find_unit("A"), true), 2);
}

std::int64_t number(const table::Table& report, const char* column) {
  return report.column(*report.find(column)).integer(0);
}

TEST(FileRedactTest, ValuesGoAndTheChainHolds) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.dangbo");
  std::string head;
  {
    const auto registry = opened(path, OpenMode::kCreate);
    fill(*registry);
    ASSERT_TRUE(holds_secret(whole_content(*registry)));
    ASSERT_TRUE(holds_secret(read_file(path) + read_file(path + "-wal")));
    {
      const Snapshot alive = registry->snapshot();
      const auto refused = registry->redact("m1", {}, {.time = 4, .source_version = "xoá"});
      ASSERT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
      EXPECT_EQ(base::problems_of(refused.status()).kept()[0].code, ProblemCode::kInUse);
    }
    const auto done = registry->redact("m1", {}, {.time = 4, .source_version = "xoá"});
    ASSERT_TRUE(done.ok()) << done.status();
    EXPECT_EQ(done->number, CommitNumber{4});
    EXPECT_EQ(done->rows, (CommitResult::Counts{{"members", 2}, {"visits", 2}}));
    expect_erased(*registry);
    EXPECT_TRUE(registry->redact("m1", {}, {.time = 4, .source_version = "xoá"})->repeated);
    ASSERT_TRUE(registry->compact().ok());
    EXPECT_FALSE(holds_secret(read_file(path)));
    EXPECT_FALSE(holds_secret(read_file(path + "-wal")));
    EXPECT_EQ(whole_content(*opened(path, OpenMode::kRead)), whole_content(*registry));
    // The change that brought the values is not known by its content any more.
    Change other(*registry);
    other.add_table("units", text_table({"unit_id", "kind"}, {{"B", "CB"}}), "u");
    EXPECT_FALSE(registry->commit(std::move(other), {.time = 5, .source_version = "một"}).ok());
  }
  EXPECT_FALSE(holds_secret(read_file(path)));
  const auto report = verify_file(path);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(number(*report, "commits"), 4);
  EXPECT_EQ(number(*report, "redactions"), 1);
  EXPECT_EQ(number(*report, "erased_rows"), 3);  // the visit as corrected kept its note
  const auto registry = opened(path, OpenMode::kWrite);
  expect_erased(*registry);
  Change after(*registry);
  after.correct("members", text_table({"member_id"}, {{"m1"}}), text_table({"sex"}, {{"nữ"}}), "c");
  EXPECT_TRUE(registry->commit(std::move(after), {.time = 9, .source_version = ""}).ok());
}

TEST(FileRedactTest, SomeFieldsThenTheRest) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.dangbo");
  {
    const auto registry = opened(path, OpenMode::kCreate);
    fill(*registry);
    const auto first =
        registry->redact("m1", {"citizen_id", "note"}, {.time = 4, .source_version = ""});
    ASSERT_TRUE(first.ok()) << first.status();
    const Rows members = *registry->snapshot().rows("members");
    EXPECT_TRUE(members.field("citizen_id")->is_missing(RowId{0}));
    EXPECT_EQ(members.field("full_name")->text(RowId{0}), kName);
  }
  ASSERT_TRUE(verify_file(path).ok()) << verify_file(path).status();
  {
    const auto registry = opened(path, OpenMode::kWrite);
    EXPECT_EQ(registry->snapshot().rows("members")->field("full_name")->text(RowId{0}), kName);
    ASSERT_TRUE(registry->redact("m1", {}, {.time = 5, .source_version = ""}).ok());
    ASSERT_TRUE(
        registry->redact("m1", {}, {.time = 6, .source_version = ""}).ok());  // nothing left
    ASSERT_TRUE(registry->redact("m2", {"full_name"}, {.time = 7, .source_version = ""}).ok());
    ASSERT_TRUE(registry->compact().ok());
  }
  EXPECT_FALSE(holds_secret(read_file(path)));
  const auto report = verify_file(path);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(number(*report, "redactions"), 4);
  EXPECT_EQ(opened(path, OpenMode::kRead)
                ->snapshot()
                .rows("members")
                ->field("citizen_id")
                ->text(RowId{1}),
            "000999888777");
}

TEST(FileRedactTest, RefusesWhatItDoesNotKnow) {
  const auto registry = Registry::create();
  fill(*registry);
  const auto code = [&](std::string_view member, const std::vector<std::string>& fields) {
    const auto done = registry->redact(member, fields, {.time = 4, .source_version = ""});
    EXPECT_FALSE(done.ok());
    return base::problems_of(done.status()).kept()[0].code;
  };
  EXPECT_EQ(code("nobody", {}), ProblemCode::kUnknownMember);
  EXPECT_EQ(code("m1", {"member_id"}), ProblemCode::kUnknownColumn);
  EXPECT_EQ(code("m1", {"unit_id"}), ProblemCode::kUnknownColumn);
  EXPECT_EQ(base::index_of(registry->snapshot().commit()), 3U);
  ASSERT_TRUE(registry->redact("m1", {}, {.time = 4, .source_version = ""}).ok());
  expect_erased(*registry);  // in memory as in a file
}

// Not only unreachable: overwritten.
TEST(FileRedactTest, TheTextInMemoryIsOverwritten) {
  const auto registry = Registry::create();
  fill(*registry);
  std::vector<std::string_view> texts;  // where they lie
  {
    const Snapshot snapshot = registry->snapshot();
    texts.push_back(snapshot.rows("members")->field("full_name")->text(RowId{0}));
    texts.push_back(snapshot.rows("members")->field("birth_name")->text(RowId{2}));
    texts.push_back(snapshot.rows("members")->field("extra")->text(RowId{0}));
    texts.push_back(snapshot.rows("visits")->field("note")->text(RowId{2}));
  }
  EXPECT_EQ(texts[0], kName);
  ASSERT_TRUE(registry->redact("m1", {}, {.time = 4, .source_version = ""}).ok());
  for (const std::string_view text : texts) EXPECT_EQ(text, std::string(text.size(), '\0'));
}

void change_file(const std::string& path, const std::string& sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(database);
  sqlite3_close(database);
}

std::string fault_of(const std::string& path) {
  const auto report = verify_file(path);
  if (report.ok()) return "";
  EXPECT_EQ(base::problems_of(report.status()).kept()[0].code, ProblemCode::kFileDamaged);
  return base::problems_of(report.status()).kept()[0].reason.en;
}

TEST(FileVerifyTest, ForgedSwappedAndRemovedCommits) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.dangbo");
  {
    const auto registry = opened(path, OpenMode::kCreate);
    fill(*registry);
  }
  ASSERT_EQ(fault_of(path), "");
  const std::string sound = read_file(path);
  const auto restore = [&] { std::ofstream(path, std::ios::binary) << sound; };
  for (const char* sql :
       {"UPDATE commits SET time = time + 1 WHERE number = 2",
        "UPDATE commits SET body = (SELECT body FROM commits WHERE number = 3) WHERE number = 2",
        "UPDATE commits SET number = -number WHERE number IN (2, 3);"
        "UPDATE commits SET number = 5 + number WHERE number < 0",
        "DELETE FROM commits WHERE number = 2"}) {
    change_file(path, sql);
    EXPECT_NE(fault_of(path).find("commit 2"), std::string::npos) << sql << ": " << fault_of(path);
    EXPECT_FALSE(Registry::open(path, OpenMode::kRead).ok()) << sql;
    restore();
  }
  change_file(path, "DELETE FROM commits WHERE number = 3");
  EXPECT_NE(fault_of(path).find("commit 3"), std::string::npos);
  restore();
  change_file(path, "UPDATE layouts SET after_commit = 1 WHERE number = 1");
  EXPECT_NE(fault_of(path), "");
  restore();
  EXPECT_EQ(fault_of(path), "");
}

}  // namespace
}  // namespace dangbo::registry
