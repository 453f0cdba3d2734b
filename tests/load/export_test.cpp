// What is written out and loaded again is the same facts.
#include <string>
#include <vector>

#include "dangbo/load/export.hpp"
#include "dangbo/registry/history.hpp"
#include "load/load_support.hpp"

namespace dangbo::load {
namespace {

using testing::holds;
using testing::lines;
using testing::LoadTest;

class ExportTest : public LoadTest {
 protected:
  void commit(const std::vector<std::string>& paths) {
    registry::Change change = read_paths(paths);
    ASSERT_TRUE(change.problems().empty()) << lines(change.problems());
    const auto done = registry_->commit(std::move(change), {});
    ASSERT_TRUE(done.ok()) << done.status();
  }

  static std::string text_of(const registry::Registry& registry, std::string_view table) {
    std::string text;
    const absl::Status status =
        write_table(registry.snapshot(), table, [&](std::string_view piece) {
          text += piece;
          return true;
        });
    EXPECT_TRUE(status.ok()) << status;
    return text;
  }

  // Writes everything to a folder, loads that, and compares every table.
  void round_trip() {
    for (const auto& schema : registry_->schemas()) {
      const std::string text = text_of(*registry_, schema->name());
      if (!text.empty()) write("out/" + schema->name() + ".csv", text);
    }
    if (const std::string schema = schema_file_text(*registry_); !schema.empty())
      write("out/schema.yaml", schema);
    const auto before = std::move(registry_);
    registry_ = registry::Registry::create();
    commit({(folder_ / "out").string()});
    ASSERT_EQ(before->schemas().size(), registry_->schemas().size());
    EXPECT_EQ(before->snapshot().is_synthetic(), registry_->snapshot().is_synthetic());
    for (const auto& schema : before->schemas()) {
      EXPECT_EQ(text_of(*before, schema->name()), text_of(*registry_, schema->name()));
      const table::Table mine = *rows_table(before->snapshot(), schema->name());
      const table::Table theirs = *rows_table(registry_->snapshot(), schema->name());
      ASSERT_EQ(mine.row_count(), theirs.row_count()) << schema->name();
      for (std::size_t column = 1; column < mine.column_count(); ++column) {
        for (std::size_t row = 0; row < mine.row_count(); ++row)
          ASSERT_EQ(mine.column(column).display(row), theirs.column(column).display(row))
              << schema->name() << " " << mine.column(column).name() << " " << row;
      }
    }
    EXPECT_EQ(schema_file_text(*before), schema_file_text(*registry_));
  }
};

constexpr std::string_view kSchema = R"(synthetic: true
tables:
  - name: inspections
    kind: event
    title: {vi: kiểm tra, en: inspections}
    aliases: [giám sát, "kiểm tra"]
    key: [inspection_no]
    fields:
      - {name: inspection_no, type: text, required: true, aliases: ["số: \"1\""]}
      - {name: unit_id, type: text, role: unit, title: {vi: mã đơn vị, en: unit id}}
      - {name: held_on, type: date, role: day, required: true}
      - name: result
        type: code
        codes: [{id: good, csv: TOT, title: {vi: tốt, en: good}, aliases: [khá tốt]}, poor]
      - {name: remarks, type: int, sensitive: true}
      - {name: done, type: bool}
      - {name: note, type: text}
  - name: pairs
    kind: state
    fields:
      - {name: subject_type, type: code, codes: [unit, member]}
      - {name: subject_id, type: text, role: subject}
      - {name: from, type: date, role: from}
      - {name: until, type: date, role: until, inclusive_aliases: [đến ngày]}
      - {name: free, type: code}
)";

TEST_F(ExportTest, EveryTypeRoleAndOddTextComesBack) {
  write("khoi/schema.yaml", kSchema);
  write("khoi/units.csv",
        "unit_id,parent_id,name,kind,từ ngày,đến ngày,cột lạ,\"Ghi \"\"chú\"\"\"\n"
        "K,,\"Khối, \"\"Ví dụ\"\"\",KHOI,01/01/2010,,,\n"
        "CB1,K,\"hai\ndòng\",CBCS,2010,31/12/2020,\" giá trị \\ {}\",1\n");
  write("khoi/members.csv",
        "member_id,full_name,birth_date,youth_union\n1,An,1960-05,có\n2,=1+1,,\n");
  write("khoi/memberships.csv", "member_id,unit_id,kind,from\n1,CB1,home,2011-01-01\n");
  write("khoi/inspections.csv",
        "inspection_no,unit_id,held_on,result,remarks,done,note\n007,CB1,2020-03,TOT,-5,x,\"a;b\"\n"
        "8,K,2020,poor,,không,\n");
  write("khoi/pairs.csv",
        "subject_type,subject_id,from,đến ngày,free\nunit,CB1,,31/12/2019,tự "
        "do\nmember,2,2015,,\"x,y\"\n");
  commit({(folder_ / "khoi").string()});
  ASSERT_TRUE(holds(text_of(*registry_, "units"), "cột lạ")) << text_of(*registry_, "units");
  round_trip();
}

TEST_F(ExportTest, WhatWasCorrectedOrWithdrawnStaysBehind) {
  write("khoi/units.csv", "unit_id,kind\nK,KHOI\n");
  write("khoi/members.csv", "member_id,religion\n1,có\n2,\n");
  commit({(folder_ / "khoi").string()});
  registry::Change change(*registry_);
  std::vector<table::Column> row;
  row.emplace_back("row_id", table::Type::kInt);
  row[0].append_integer(0);
  change.withdraw("members", table::Table("t", std::move(row)), "bỏ");
  ASSERT_TRUE(registry_->commit(std::move(change), {}).ok());
  // The one row with a religion is gone, and with it the column.
  EXPECT_EQ(text_of(*registry_, "members"), "member_id\r\n2\r\n");
  EXPECT_EQ(text_of(*registry_, "dues"), "");
  EXPECT_EQ(schema_file_text(*registry_), "");
  round_trip();
}

TEST_F(ExportTest, ManyPiecesHaveOneHeaderAndCanBeStopped) {
  std::string members = "member_id\n";
  for (int i = 0; i < 70'000; ++i) members += "m" + std::to_string(i) + "\n";
  write("khoi/members.csv", members);
  commit({(folder_ / "khoi").string()});
  int pieces = 0;
  std::string text;
  const auto take = [&](std::string_view piece) {
    ++pieces;
    text += piece;
    return true;
  };
  ASSERT_TRUE(write_table(registry_->snapshot(), "members", take).ok());
  EXPECT_EQ(pieces, 2);
  EXPECT_EQ(text.find("member_id"), 0U);
  EXPECT_EQ(text.rfind("member_id"), 0U);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 70'001);
  const auto stop = [](std::string_view) { return false; };
  EXPECT_TRUE(absl::IsCancelled(write_table(registry_->snapshot(), "members", stop)));
  EXPECT_TRUE(absl::IsInvalidArgument(write_table(registry_->snapshot(), "membres", take)));
}

}  // namespace
}  // namespace dangbo::load
