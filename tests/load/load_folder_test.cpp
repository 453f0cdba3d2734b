#include <string>
#include <thread>
#include <vector>

#include "load/load_support.hpp"

namespace dangbo::load {
namespace {

using base::ProblemCode;
using testing::codes;
using testing::column;
using testing::holds;
using testing::lines;
using testing::LoadTest;
using Words = std::vector<std::string>;

class LoadFolder : public LoadTest {
 protected:
  // What a change holds, in order: two runs must give the same.
  static Words digest(const registry::Change& change) {
    Words words;
    for (const auto& batch : change.batches()) {
      std::string word = batch.schema->name();
      word += " " + batch.source + " " + std::to_string(batch.first_row) + " " +
              std::to_string(batch.rows.row_count());
      words.push_back(std::move(word));
    }
    words.push_back(lines(change.problems()));
    return words;
  }

  static Words sources(const registry::Change& change) {
    Words found;
    for (const auto& batch : change.batches()) found.push_back(batch.source);
    return found;
  }
};

TEST_F(LoadFolder, FilesOfAFolderInOrderOfName) {
  write("units.csv", "unit_id,kind,name\nU1,CBCS,A\n");
  write("memberships_2019.csv", "member_id,unit_id,kind\nM1,U1,home\n");
  write("Danh sách đảng viên.TXT", "member_id;họ tên\nM1;A\n");
  write("chuc-vu 2020.tsv", "member_id\tunit_id\tchức vụ\n");
  write("_notes.csv", "anything");
  write(".hidden.csv", "anything");
  write("README.txt", "anything");
  write("readme_vi.txt", "anything");
  write("units.xlsx", "anything");
  write("below/members.csv", "member_id\nM9\n");
  const auto change = read_paths({folder_.string()});
  EXPECT_TRUE(change.problems().empty()) << lines(change.problems());
  const std::string folder = folder_.string();
  EXPECT_EQ(sources(change), (Words{folder + "/Danh sách đảng viên.TXT",
                                    folder + "/memberships_2019.csv", folder + "/units.csv"}));
}

TEST_F(LoadFolder, LongestNameAtTheEndOfAWordWins) {
  write("unit_events.csv", "event_id,date,event\n");
  write("unit_events2.csv", "event_id,date,event\nE1,2020-01-01,x\n");
  write("memberships.csv", "member_id,unit_id,kind\nM1,U1,home\n");
  write("member.csv", "member_id\nM1\n");
  write("memberlist.csv", "member_id\nM1\n");
  const auto change = read_paths({folder_.string()});
  ASSERT_EQ(change.batches().size(), 3U);
  EXPECT_EQ(change.batches()[0].schema->name(), "members");
  EXPECT_EQ(change.batches()[1].schema->name(), "memberships");
  EXPECT_EQ(change.batches()[2].schema->name(), "unit_events");
  EXPECT_EQ(codes(change), (std::vector{ProblemCode::kUnknownTable, ProblemCode::kUnknownCode}));
  EXPECT_EQ(change.problems().kept()[0].value, "memberlist");
}

TEST_F(LoadFolder, UnknownFilesGetASuggestion) {
  write("membres.csv", "member_id\nM1\n");
  write("units.csv", "unit_id,kind\n");
  const auto change = read_paths({folder_.string()});
  ASSERT_EQ(codes(change), std::vector{ProblemCode::kUnknownTable});
  EXPECT_TRUE(holds(change.problems().kept()[0].place.file, "membres.csv"));
  EXPECT_TRUE(holds(change.problems().kept()[0].fix.en, "did you mean “members”"));
}

TEST_F(LoadFolder, FolderWithoutKnownFiles) {
  write("a.xlsx", "");
  write("b.csv", "x\n");
  const auto change = read_paths({folder_.string()});
  ASSERT_EQ(codes(change), std::vector{ProblemCode::kUnknownTable}) << lines(change.problems());
  EXPECT_TRUE(holds(change.problems().kept()[0].reason.en, "a.xlsx, b.csv"));
  EXPECT_TRUE(holds(change.problems().kept()[0].fix.en, "memberships"));
}

TEST_F(LoadFolder, MissingPathsAndFoldersNamedLikeFiles) {
  std::filesystem::create_directories(folder_ / "members.csv");
  const auto change = read_paths({(folder_ / "none").string(), folder_.string()});
  EXPECT_EQ(codes(change), (std::vector{ProblemCode::kFileUnreadable, ProblemCode::kFileIsFolder}));
}

TEST_F(LoadFolder, NothingIsReadTwice) {
  const std::string members = write("members.csv", "member_id\nM1\n");
  const std::string folder = folder_.string();
  for (const Words& paths : {Words{folder, members}, Words{members, folder, folder + "/"},
                             Words{members, members, folder + "/./members.csv"}}) {
    const auto change = read_paths(paths);
    EXPECT_TRUE(change.problems().empty()) << lines(change.problems());
    EXPECT_EQ(change.row_count(), 1U);
  }
}

TEST_F(LoadFolder, SchemaFileDeclaresTablesFirstAndOnce) {
  write("schema.yaml",
        "tables:\n  - name: inspections\n    kind: event\n    aliases: [kiểm tra]\n    fields:\n"
        "      - {name: unit_id, type: text, role: unit, required: true}\n"
        "      - {name: held_on, type: date, role: day, required: true, aliases: [ngày]}\n");
  write("kiểm tra 2020.csv", "unit_id,ngày,kết luận\nU1,2020-05-01,tốt\n");
  for (int round = 0; round < 2; ++round) {
    const auto change = read_paths({folder_.string()});
    EXPECT_TRUE(change.problems().empty()) << lines(change.problems());
    ASSERT_EQ(change.batches().size(), 1U);
    EXPECT_EQ(change.batches()[0].schema->name(), "inspections");
    EXPECT_EQ(column(change, "extra"), Words{R"({"kết luận":"tốt"})"});
  }
  write("schema.yaml",
        "tables:\n  - name: inspections\n    kind: state\n    fields:\n"
        "      - {name: unit_id, type: text, role: unit, required: true}\n");
  const auto other = read_paths({folder_.string()});
  ASSERT_EQ(codes(other), std::vector{ProblemCode::kBadSchemaFile});
  EXPECT_TRUE(holds(other.problems().kept()[0].place.file, "schema.yaml"));
}

TEST_F(LoadFolder, WholeFolderCommits) {
  write("units.csv", "unit_id,kind,name,from\nU1,CBCS,Chi bộ A,2000-01-01\n");
  write("members.csv", "member_id,full_name,ghi chú\nM1,A,x\n");
  write("memberships.csv", "member_id,unit_id,kind,from\nM1,U1,home,2010-01-01\n");
  const auto result = registry_->commit(read_paths({folder_.string()}), {});
  EXPECT_TRUE(result.ok()) << result.status();
}

TEST_F(LoadFolder, CancellingLeavesTheChangeAsItWas) {
  write("members.csv", "member_id\nM1\n");
  const std::vector<std::string> paths = {folder_.string(), (folder_ / "none.csv").string()};
  for (int allowed = 0; allowed < 2; ++allowed) {
    registry::Change change(*registry_);
    int calls = 0;
    const absl::Status status = add_files(
        *registry_, change, paths, {.progress = [&](auto&&...) { return calls++ < allowed; }});
    EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
    EXPECT_TRUE(change.empty());
    EXPECT_EQ(calls, allowed + 1);
  }
}

TEST_F(LoadFolder, ProgressTellsFileAndBytes) {
  const std::string text = "member_id\nM1\n";
  const std::string path = write("members.csv", text);
  registry::Change change(*registry_);
  std::vector<std::uint64_t> seen;
  const absl::Status status =
      add_file(*registry_, change, "members", path,
               {.progress = [&](std::string_view what, std::uint64_t done, std::uint64_t total) {
                 EXPECT_EQ(what, path);
                 EXPECT_EQ(total, text.size());
                 seen.push_back(done);
                 return true;
               }});
  ASSERT_TRUE(status.ok());
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{0, text.size()}));
}

// Large enough for the second thread: files of several sizes, with problems in each.
TEST_F(LoadFolder, TwoThreadsGiveOneResult) {
  std::uint64_t total = 0;
  for (int file = 0; file < 3; ++file) {
    std::string text = "member_id,full_name,birth_date\n";
    const int rows = 40'000 + 100'000 * (file * 2 % 3);
    for (int row = 0; row < rows; ++row) {
      text += "M" + std::to_string(file) + "_" + std::to_string(row) + ",Nguyễn Văn An Nhiên Bình,";
      text += row % 10'000 == 7 ? "31/02/1980\n" : "1980-01-02\n";
    }
    total += text.size();
    write("members_" + std::to_string(file) + ".csv", text);
  }
  const Words paths = {folder_.string()};
  Words first;
  for (int round = 0; round < 2; ++round) {
    registry::Change change(*registry_);
    const auto caller = std::this_thread::get_id();
    std::uint64_t last = 0;
    const absl::Status status =
        add_files(*registry_, change, paths,
                  {.progress = [&](std::string_view, std::uint64_t done, std::uint64_t all) {
                    EXPECT_EQ(std::this_thread::get_id(), caller);
                    EXPECT_EQ(all, total);
                    EXPECT_GE(done, last);
                    last = done;
                    return true;
                  }});
    ASSERT_TRUE(status.ok());
    EXPECT_EQ(last, total);
    EXPECT_EQ(change.problems().total(), 42U);
    if (round == 0) first = digest(change);
    EXPECT_EQ(digest(change), first);
    EXPECT_TRUE(std::is_sorted(change.batches().begin(), change.batches().end(),
                               [](const auto& a, const auto& b) { return a.source < b.source; }));
  }
  registry::Change change(*registry_);
  int calls = 0;
  EXPECT_EQ(
      add_files(*registry_, change, paths, {.progress = [&](auto&&...) { return ++calls < 2; }})
          .code(),
      absl::StatusCode::kCancelled);
  EXPECT_TRUE(change.empty());
}

}  // namespace
}  // namespace dangbo::load
