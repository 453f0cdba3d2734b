#include <string>
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

class LoadFile : public LoadTest {
 protected:
  // The one problem there must be.
  base::Problem only(const registry::Change& change) {
    EXPECT_EQ(change.problems().total(), 1U) << lines(change.problems());
    return change.problems().empty() ? base::Problem{} : change.problems().kept()[0];
  }
};

TEST_F(LoadFile, SeparatorsByteOrderMarkAndLineEnds) {
  for (const std::string separator : {",", ";", "\t", "|"}) {
    for (const std::string end : {"\n", "\r\n", "\r"}) {
      for (const std::string mark : {"", "\xEF\xBB\xBF"}) {
        std::string text = mark + "member_id" + separator + "full_name" + end + "M1" + separator +
                           "\"Lê, A; B | C\tD\"" + end + "M2" + separator + "Trần B";
        for (int trailing = 0; trailing < 2; ++trailing, text += end) {
          const auto change = read("members", text);
          EXPECT_TRUE(change.problems().empty()) << lines(change.problems());
          EXPECT_EQ(column(change, "member_id"), (Words{"M1", "M2"}));
          EXPECT_EQ(column(change, "full_name"), (Words{"Lê, A; B | C\tD", "Trần B"}));
          EXPECT_EQ(change.batches()[0].first_row, 2U);
        }
      }
    }
  }
}

TEST_F(LoadFile, QuotesInTheHeaderHideSeparators) {
  const auto change =
      read("members", "\"member_id\";\"ghi, chú, thêm, nữa\";full_name\nM1;x,y,z;A\n");
  EXPECT_EQ(column(change, "full_name"), Words{"A"});
  EXPECT_EQ(column(change, "extra"), Words{R"({"ghi, chú, thêm, nữa":"x,y,z"})"});
}

TEST_F(LoadFile, ExcelSeparatorLineIsHonouredAndNotCounted) {
  for (const std::string line : {"sep=;\r\n", "SEP=;\n", "\xEF\xBB\xBFsep=;\n"}) {
    const auto change = read("members", line + "member_id;birth_date\nM1;31/02/1980\n");
    const base::Problem problem = only(change);
    EXPECT_EQ(problem.code, ProblemCode::kImpossibleDate);
    EXPECT_EQ(problem.place.row, 2U);
    EXPECT_EQ(problem.place.column, "birth_date");
  }
  const auto other = read("members", "sep=#\nmember_id#full_name\nM1#A\n");
  EXPECT_EQ(column(other, "full_name"), Words{"A"});
}

TEST_F(LoadFile, HeadersByAlias) {
  const auto change = read("members", "  Mã  Đảng Viên ,HỌ VÀ TÊN,Ngay sinh\nM1,A,1980\n");
  EXPECT_TRUE(change.problems().empty()) << lines(change.problems());
  EXPECT_EQ(column(change, "member_id"), Words{"M1"});
  EXPECT_EQ(column(change, "full_name"), Words{"A"});
  EXPECT_EQ(column(change, "birth_date"), Words{"1980"});
  EXPECT_EQ(change.batches()[0].headers, (Words{"Mã  Đảng Viên", "HỌ VÀ TÊN", "Ngay sinh"}));
}

TEST_F(LoadFile, TitleLinesAboveTheHeader) {
  const auto change =
      read("members",
           "ĐẢNG BỘ XÃ AN BÌNH; năm 2020;;\n\nDANH SÁCH \"ĐẢNG VIÊN\";;;\nSTT;Mã đảng viên;Họ tên\n"
           "1;M1;A\n2;;B\n");
  EXPECT_EQ(column(change, "member_id"), (Words{"M1", ""}));
  const base::Problem problem = only(change);
  EXPECT_EQ(problem.code, ProblemCode::kMissingValue);
  EXPECT_EQ(problem.place.row, 6U);
  EXPECT_EQ(change.batches()[0].first_row, 5U);
}

TEST_F(LoadFile, HeaderIsLookedForInThirtyRows) {
  const std::string titles(28, '\n');
  const std::string table = "member_id,full_name\nM1,A\n";
  EXPECT_EQ(column(read("members", "x\n" + titles + table), "member_id"), Words{"M1"});
  const auto late = read("members", "x\n\n" + titles + table);
  EXPECT_EQ(only(late).code, ProblemCode::kHeaderMissing);
}

TEST_F(LoadFile, OneColumnIsEnoughWhenNothingElseIsRequired) {
  EXPECT_EQ(column(read("members", "member_id\nM1\nM2\n"), "member_id"), (Words{"M1", "M2"}));
}

TEST_F(LoadFile, TwoColumnsForOneField) {
  const base::Problem problem = only(read("members", "member_id,ngày sinh,năm sinh\nM1,,\n"));
  EXPECT_EQ(problem.code, ProblemCode::kHeaderAmbiguous);
  EXPECT_EQ(problem.place.row, 1U);
  EXPECT_TRUE(holds(problem.reason.en, "ngày sinh"));
  EXPECT_TRUE(holds(problem.reason.en, "năm sinh"));
  EXPECT_TRUE(holds(problem.reason.vi, "birth_date"));
}

TEST_F(LoadFile, OneHeaderForTwoFields) {
  table::Field one;
  one.name = "one";
  one.aliases = {"chung"};
  table::Field two;
  two.name = "two";
  two.aliases = {"Chung"};
  ASSERT_TRUE(registry_
                  ->declare(std::make_shared<table::Schema>("pairs", table::TableKind::kState,
                                                            std::vector<table::Field>{one, two},
                                                            Words{}, base::Message{}))
                  .ok());
  const base::Problem problem = only(read("pairs", "chung\nA\n"));
  EXPECT_EQ(problem.code, ProblemCode::kHeaderAmbiguous);
  EXPECT_TRUE(holds(problem.reason.en, "“one”"));
  EXPECT_TRUE(holds(problem.reason.en, "“two”"));
}

TEST_F(LoadFile, MissingRequiredColumnsAreListedWithTheirNames) {
  const auto change = read("memberships", "member_id,từ ngày\nM1,2020-01-01\n");
  EXPECT_EQ(codes(change), (std::vector{ProblemCode::kHeaderMissing, ProblemCode::kHeaderMissing}));
  EXPECT_TRUE(holds(lines(change.problems()), "mã chi bộ")) << lines(change.problems());
  EXPECT_TRUE(change.batches().empty());
}

TEST_F(LoadFile, UnknownColumnsAreCarried) {
  const auto change = read("members",
                           "ghi chú,member_id,\"a\"\"b\",ghi chú,\n"
                           "tốt,M1,,,\n"
                           ",M2, ,,\n"
                           "\"x\"\"\\\n\",M3,1,hai,ba\n");
  EXPECT_TRUE(change.problems().empty()) << lines(change.problems());
  EXPECT_EQ(column(change, "extra"),
            (Words{R"({"ghi chú":"tốt"})", "",
                   R"j({"ghi chú":"x\"\\","a\"b":"1","ghi chú (2)":"hai","cột 5":"ba"})j"}));
  EXPECT_EQ(change.batches()[0].headers.back(), "extra");
}

TEST_F(LoadFile, NoExtraColumnWhenNothingIsInIt) {
  const auto change = read("members", "member_id,ghi chú\nM1,\nM2, \n");
  EXPECT_EQ(change.batches()[0].rows.column_count(), 1U);
}

TEST_F(LoadFile, ExtraOfAnEarlierLoadIsTakenOver) {
  const auto change = read("members",
                           "member_id,extra,mới\nM1,\"{\"\"a\"\":\"\"1\"\"}\",2\nM2,{},\nM3,chữ,\n"
                           "M4,{},5\nM5,\"{\"\"a\"\"\",\n");
  EXPECT_EQ(column(change, "extra"), (Words{R"({"a":"1","mới":"2"})", "", R"({"extra":"chữ"})",
                                            R"({"mới":"5"})", R"({"extra":"{\"a\""})"}));
}

TEST_F(LoadFile, InclusiveEndsGainADay) {
  const std::string rows = "M1,U1,home,2020-01-01,2020-11-30\n";
  const auto inclusive = read("memberships", "member_id,unit_id,kind,từ ngày,đến ngày\n" + rows);
  EXPECT_EQ(column(inclusive, "until"), Words{"2020-12-01"}) << lines(inclusive.problems());
  const auto exclusive =
      read("memberships", "member_id,unit_id,kind,từ ngày,ngày kết thúc\n" + rows);
  EXPECT_EQ(column(exclusive, "until"), Words{"2020-11-30"});
}

TEST_F(LoadFile, FieldCounts) {
  const auto change = read("members",
                           "member_id,full_name,sex,\nM1,A,nam\nM2,A\nM3,A,nam,,,\nM4,A,nam,,,x\n"
                           "M5,A,nam,y\n,,,,,,\n");
  EXPECT_EQ(codes(change), (std::vector{ProblemCode::kFieldCount, ProblemCode::kFieldCount}));
  EXPECT_EQ(change.problems().kept()[0].place.row, 3U);
  EXPECT_EQ(change.problems().kept()[1].place.row, 5U);
  EXPECT_EQ(column(change, "member_id"), (Words{"M1", "", "M3", "", "M5"}));
  EXPECT_EQ(column(change, "extra"), (Words{"", "", "", "", R"({"cột 4":"y"})"}));
}

TEST_F(LoadFile, BlankLinesAreSkippedAndCounted) {
  const auto change =
      read("members", "\nmember_id,full_name\n\nM1,\"A\nB\"\n\n , \nM2,B\nM3,C\n\n\n");
  ASSERT_EQ(change.batches().size(), 2U);
  EXPECT_EQ(change.batches()[0].first_row, 4U);
  EXPECT_EQ(change.batches()[1].first_row, 7U);
  EXPECT_EQ(change.batches()[1].rows.row_count(), 2U);
  EXPECT_TRUE(change.problems().empty());
}

TEST_F(LoadFile, ManyBlankLinesAreALimit) {
  std::string text = "member_id,full_name\n";
  for (int row = 0; row < 10'001; ++row) text += "M,A\n\n";
  EXPECT_TRUE(read("members", text).problems().empty());
  text += "M,A\n\n";
  EXPECT_EQ(only(read("members", text)).code, ProblemCode::kLimit);
}

TEST_F(LoadFile, WordsOfSmallBatchesStaySmall) {
  std::string text = "member_id,dân tộc\n";
  for (int row = 0; row < 2'000; ++row) text += "M,w" + std::to_string(row) + "\n\n";
  const auto change = read("members", text);
  std::size_t words = 0;
  for (const auto& batch : change.batches()) words += batch.rows.column(1).words()->size();
  EXPECT_LE(words, 2 * change.row_count());
  EXPECT_EQ(column(change, "ethnicity").back(), "w1999");
}

TEST_F(LoadFile, BadUtf8HasRowColumnAndByte) {
  const base::Problem problem = only(read("members", "member_id,full_name\nM1,A\nM2,H\xB5\n"));
  EXPECT_EQ(problem.code, ProblemCode::kBadUtf8);
  EXPECT_EQ(problem.place.row, 3U);
  EXPECT_EQ(problem.place.column, "full_name");
  EXPECT_TRUE(holds(problem.reason.en, "at byte 29 of")) << problem.reason.en;
  EXPECT_TRUE(holds(problem.reason.en, "TCVN3"));
  EXPECT_TRUE(holds(problem.fix.en, "CSV UTF-8"));
}

TEST_F(LoadFile, BadUtf8InTheHeaderOrEverywhere) {
  EXPECT_EQ(only(read("members", "M\xB7 \xAE\xB6ng vi\xAAn,H\xE4 t\xAAn\n1,2\n")).code,
            ProblemCode::kBadUtf8);
  std::string text = "member_id,full_name\n";
  for (int row = 0; row < 300; ++row) text += "M,\xFF\n";
  EXPECT_EQ(read("members", text).problems().total(), 100U);
}

TEST_F(LoadFile, Utf16AndNulAreNamed) {
  const auto wide = read("members", std::string_view("\xFF\xFEm\0e\0", 6));
  EXPECT_TRUE(holds(only(wide).reason.en, "UTF-16"));
  EXPECT_EQ(only(wide).code, ProblemCode::kBadUtf8);
  EXPECT_TRUE(holds(only(read("members", "\xFE\xFFm")).reason.en, "UTF-16"));
  const auto nul = read("members", std::string_view("member_id,full_name\nM1,\0A\nM2,B\n", 32));
  EXPECT_TRUE(holds(only(nul).reason.en, "NUL"));
  EXPECT_EQ(only(nul).place.row, 2U);
}

TEST_F(LoadFile, BrokenQuotes) {
  const base::Problem open = only(read("members", "member_id,full_name\nM1,A\nM2,\"B\nM3,C\n"));
  EXPECT_EQ(open.code, ProblemCode::kBrokenQuote);
  EXPECT_EQ(open.place.row, 3U);
  EXPECT_EQ(open.place.column, "full_name");
  const auto text = read("members", "member_id,full_name\nM1,\"A\"x\nM2,B\nM3,C\"D\n");
  EXPECT_EQ(codes(text), (std::vector{ProblemCode::kBrokenQuote, ProblemCode::kBrokenQuote}));
  EXPECT_EQ(text.problems().kept()[0].place.row, 2U);
  EXPECT_EQ(text.problems().kept()[1].place.row, 4U);
  EXPECT_EQ(column(text, "member_id"), (Words{"", "M2", ""}));
}

TEST_F(LoadFile, LongFields) {
  const std::string longest(1'000'000, 'x');
  EXPECT_TRUE(read("members", "member_id,full_name\nM1," + longest + "\n").problems().empty());
  const auto problem = only(read("members", "member_id,full_name\nM1," + longest + "x\n"));
  EXPECT_EQ(problem.code, ProblemCode::kFieldTooLong);
  EXPECT_EQ(problem.place.row, 2U);
}

TEST_F(LoadFile, EmptyFilesAndFilesWithoutRows) {
  for (const std::string_view text : {"", "\xEF\xBB\xBF", "sep=;\n", "\r\n \n"}) {
    EXPECT_EQ(only(read("members", text)).code, ProblemCode::kFileEmpty) << text;
  }
  for (const std::string_view text : {"member_id,full_name", "member_id,full_name\n\n"}) {
    const auto change = read("members", text);
    EXPECT_TRUE(change.empty()) << lines(change.problems());
  }
}

TEST_F(LoadFile, FilesThatCannotBeRead) {
  registry::Change change(*registry_);
  ASSERT_TRUE(add_file(*registry_, change, "members", folder_.string()).ok());
  ASSERT_TRUE(add_file(*registry_, change, "members", (folder_ / "none.csv").string()).ok());
  ASSERT_TRUE(add_file(*registry_, change, "member", write("a.csv", "member_id\nM1\n")).ok());
  ASSERT_TRUE(add_file(*registry_, change, "membres", write("b.csv", "member_id\nM1\n")).ok());
  EXPECT_EQ(codes(change), (std::vector{ProblemCode::kFileIsFolder, ProblemCode::kFileUnreadable,
                                        ProblemCode::kUnknownTable}));
  EXPECT_TRUE(holds(change.problems().kept()[1].reason.en, "no such file"));
  EXPECT_TRUE(holds(change.problems().kept()[2].fix.en, "did you mean “members”"));
  EXPECT_EQ(change.row_count(), 1U);
}

TEST_F(LoadFile, LargeFilesComeInBatchesAndBlocks) {
  std::string text = "member_id,full_name\n";
  constexpr int kRows = 150'000;
  for (int row = 0; row < kRows; ++row) {
    text +=
        "M" + std::to_string(row) + ",\"Nguyễn Văn " + std::to_string(row) + "\nở xã An Bình\"\n";
  }
  ASSERT_GT(text.size(), std::size_t{4} << 20);
  const auto change = read("members", text);
  ASSERT_TRUE(change.problems().empty()) << lines(change.problems());
  ASSERT_EQ(change.batches().size(), 3U);
  EXPECT_EQ(change.batches()[1].first_row, 65'538U);
  EXPECT_EQ(change.batches()[2].first_row, 131'074U);
  const auto names = column(change, "full_name");
  ASSERT_EQ(names.size(), static_cast<std::size_t>(kRows));
  for (int row = 0; row < kRows; ++row) {
    ASSERT_EQ(names[static_cast<std::size_t>(row)],
              "Nguyễn Văn " + std::to_string(row) + "\nở xã An Bình");
  }
}

TEST_F(LoadFile, RecordsLargerThanABlock) {
  std::string text = "member_id,a,b,c,d,e,f\n";
  const std::string cell(900'000, 'y');
  for (int row = 0; row < 3; ++row) {
    text += "M" + std::to_string(row);
    for (int at = 0; at < 6; ++at) text += "," + cell;
    text += "\n";
  }
  EXPECT_EQ(column(read("members", text), "member_id"), (Words{"M0", "M1", "M2"}));
}

}  // namespace
}  // namespace dangbo::load
