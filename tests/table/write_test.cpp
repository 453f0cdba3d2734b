#include "dangbo/table/write.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "dangbo/base/text.hpp"
#include "table/sample.hpp"

namespace dangbo::table {
namespace {

Table text_table(const std::vector<std::vector<const char*>>& rows,
                 const std::vector<const char*>& names) {
  std::vector<Column> columns;
  for (const char* name : names) {
    columns.emplace_back(name, Type::kText);
  }
  for (const auto& row : rows) {
    for (std::size_t index = 0; index < row.size(); ++index) {
      row[index] == nullptr ? columns[index].append_missing()
                            : columns[index].append_text(row[index]);
    }
  }
  return Table("t", std::move(columns));
}

// RFC 4180 as slowly and plainly as it can be read back.
std::vector<std::vector<std::string>> read_csv(const std::string& csv, char separator) {
  std::vector<std::vector<std::string>> rows(1, std::vector<std::string>(1));
  bool quoted = false;
  for (std::size_t at = 0; at < csv.size(); ++at) {
    const char c = csv[at];
    if (quoted && c == '"' && at + 1 < csv.size() && csv[at + 1] == '"') {
      rows.back().back() += '"';
      ++at;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == separator) {
      rows.back().emplace_back();
    } else if (!quoted && c == '\r' && at + 1 < csv.size() && csv[at + 1] == '\n') {
      rows.emplace_back(1);
      ++at;
    } else {
      rows.back().back() += c;
    }
  }
  EXPECT_FALSE(quoted);
  rows.pop_back();  // every line ends
  return rows;
}

TEST(Csv, Quoting) {
  const Table table = text_table({{"a,b", "say \"x\""},
                                  {"line\nfeed", "re\rturn"},
                                  {" lead", "trail "},
                                  {nullptr, ""},
                                  {"a;b", "=1+1"},
                                  {"\t", "Chi bộ"}},
                                 {"first", "se,cond"});
  EXPECT_EQ(to_csv(table),
            "first,\"se,cond\"\r\n\"a,b\",\"say \"\"x\"\"\"\r\n\"line\nfeed\",\"re\rturn\"\r\n"
            "\" lead\",\"trail \"\r\n,\"\"\r\na;b,=1+1\r\n\"\t\",Chi bộ\r\n");
  EXPECT_EQ(to_csv(table, {.separator = ';', .byte_order_mark = true}),
            "\xEF\xBB\xBF"
            "first;se,cond\r\na,b;\"say \"\"x\"\"\"\r\n\"line\nfeed\";\"re\rturn\"\r\n"
            "\" lead\";\"trail \"\r\n;\"\"\r\n\"a;b\";=1+1\r\n\"\t\";Chi bộ\r\n");
}

TEST(Csv, ALonelyMissingValueIsNotAnEmptyLine) {
  EXPECT_EQ(to_csv(text_table({{nullptr}, {"x"}}, {"n"})), "n\r\n\"\"\r\nx\r\n");
  EXPECT_EQ(to_csv(text_table({}, {"a", "b"})), "a,b\r\n");
}

TEST(Csv, PiecesOfSomeColumnsHaveOneHeader) {
  const Table table = text_table({{"1", "a", nullptr}, {"2", nullptr, "c"}}, {"x", "y", "z"});
  CsvOptions options;
  options.columns = {2, 0};
  EXPECT_EQ(to_csv(table, options), "z,x\r\n,1\r\nc,2\r\n");
  options.header = false;
  EXPECT_EQ(to_csv(table, options), ",1\r\nc,2\r\n");
  options.columns = {1};
  EXPECT_EQ(to_csv(table, options), "a\r\n\"\"\r\n");
}

TEST(Csv, RandomTextComesBack) {
  std::mt19937_64 random(3);
  const std::vector<std::string> pieces = {"\"", ",", "\r", "\n", "\r\n", " ",
                                           "a",  "ộ", ";",  "\t", "'",    "\\"};
  for (int round = 0; round < 500; ++round) {
    std::vector<Column> columns;
    columns.emplace_back("a", Type::kText);
    columns.emplace_back("b", Type::kText);
    std::vector<std::vector<std::string>> expected = {{"a", "b"}};
    for (int row = 0; row < 4; ++row) {
      std::vector<std::string> cells(2);
      for (std::size_t index = 0; index < 2; ++index) {
        for (std::uint64_t left = random() % 6; left > 0; --left) {
          cells[index] += pieces[random() % pieces.size()];
        }
        columns[index].append_text(cells[index]);
      }
      expected.push_back(cells);
    }
    const Table table("t", std::move(columns));
    ASSERT_EQ(read_csv(to_csv(table), ','), expected);
    ASSERT_EQ(read_csv(to_csv(table, {.separator = ';'}), ';'), expected);
  }
}

TEST(Csv, EveryType) {
  const Table table = sample::every_type(70'000, true);
  const auto rows = read_csv(to_csv(table), ',');
  ASSERT_EQ(rows.size(), 70'001U);
  for (std::size_t row = 0; row < 70'000; ++row) {
    for (std::size_t index = 0; index < table.column_count(); ++index) {
      ASSERT_EQ(rows[row + 1][index], table.column(index).display(row));
    }
  }
}

TEST(JsonLines, EscapingAndTypes) {
  std::vector<Column> columns;
  columns.emplace_back("te\"xt", Type::kText);
  columns.emplace_back("n", Type::kInt);
  columns.emplace_back("ok", Type::kBool);
  columns.emplace_back("r", Type::kReal);
  columns.emplace_back("on", Type::kDate);
  columns[0].append_text(std::string("\"\\\n\r\t\x01\x1F\x7F\0ộ/", 13));
  columns[1].append_integer(INT64_MAX);
  columns[2].append_boolean(true);
  columns[3].append_real(0.1);
  columns[4].append_date(*time::PartialDate::from_year(1952));
  columns[0].append_missing();
  columns[1].append_missing();
  columns[2].append_missing();
  columns[3].append_real(std::numeric_limits<double>::infinity());
  columns[4].append_missing();
  const std::string json = to_json_lines(Table("t", std::move(columns)));
  EXPECT_EQ(
      json,
      "{\"te\\\"xt\":\"\\\"\\\\\\n\\r\\t\\u0001\\u001F\\u007F\\u0000ộ/\",\"n\":9223372036854775807,"
      "\"ok\":true,\"r\":0.1,\"on\":\"1952\"}\n"
      "{\"te\\\"xt\":null,\"n\":null,\"ok\":null,\"r\":null,\"on\":null}\n");
  EXPECT_EQ(to_json_lines(text_table({}, {"a"})), "");
}

TEST(JsonLines, AnIndependentReaderAgrees) {
  const Table table = sample::every_type(2'000, true);
  const std::string json = to_json_lines(table);
  std::size_t row = 0;
  for (std::size_t begin = 0; begin < json.size(); ++row) {
    const std::size_t end = json.find('\n', begin);
    const auto object = nlohmann::json::parse(json.substr(begin, end - begin));
    for (std::size_t index = 0; index < table.column_count(); ++index) {
      const Column& column = table.column(index);
      const auto& value = object.at(column.name());
      if (column.is_missing(row)) {
        ASSERT_TRUE(value.is_null());
      } else if (column.type() == Type::kInt) {
        ASSERT_EQ(value.get<std::int64_t>(), column.integer(row));
      } else if (column.type() == Type::kReal) {
        ASSERT_EQ(value.get<double>(), column.real(row));
      } else if (column.type() == Type::kBool) {
        ASSERT_EQ(value.get<bool>(), column.boolean(row));
      } else {
        ASSERT_EQ(value.get<std::string>(), column.display(row));
      }
    }
    begin = end + 1;
  }
  EXPECT_EQ(row, 2'000U);
}

TEST(Text, AlignedWithProvenance) {
  std::vector<Column> columns;
  columns.emplace_back("tổ chức", Type::kText);
  columns.emplace_back("n", Type::kInt);
  columns.emplace_back("ok", Type::kBool);
  const auto add = [&](const char* name, std::int64_t n, bool ok) {
    columns[0].append_text(name);
    columns[1].append_integer(n);
    columns[2].append_boolean(ok);
  };
  add("Chi bộ Một", 12, true);
  add("Chi bo\xCC\x82\xCC\xA3 2", 5, false);  // marks take no column
  columns[0].append_missing();
  columns[1].append_integer(-123456);
  columns[2].append_missing();
  Provenance provenance;
  provenance.facts = {{"on", "2020-11-30"}, {"scope", "with below"}, {"mine", "x"}};
  provenance.notes = {{"gần đúng", "approximate"}};
  const Table table("t", std::move(columns), provenance);
  EXPECT_EQ(to_text(table, base::Language::kVietnamese),
            "tổ chức           n  ok\n"
            "----------  -------  -----\n"
            "Chi bộ Một       12  có\n"
            "Chi bo\xCC\x82\xCC\xA3 2          5  không\n"
            "-           -123456  -\n"
            "\n"
            "ngày: 2020-11-30\n"
            "phạm vi: cả dưới\n"
            "mine: x\n"
            "ghi chú: gần đúng\n");
  const std::string english = to_text(table, base::Language::kEnglish);
  EXPECT_NE(english.find("12  yes\n"), std::string::npos);
  EXPECT_NE(english.find("\non: 2020-11-30\nscope: with below\nmine: x\nnote: approximate\n"),
            std::string::npos);
}

TEST(Text, NoRows) {
  EXPECT_EQ(to_text(text_table({}, {"a", "bcd"}), base::Language::kEnglish),
            "a  bcd\n-  ---\n(no rows)\n");
  EXPECT_EQ(to_text(Table(), base::Language::kVietnamese), "(không có dòng nào)\n");
}

TEST(Text, HostileUnicodeIsShownNotObeyed) {
  const Table table = text_table({{"a\x1B[31mb"},
                                  {"x\ny\tz\r"},
                                  {"\xE2\x80\xAE"
                                   "evil"},
                                  {"\xC2\x85"},
                                  {"\xEF\xBB\xBF"},
                                  {"\xE2\x81\xA6"},
                                  {"\xF3\xA0\x80\x81"},
                                  {"\x7F"},
                                  {"\xE2\x80\x8B"},
                                  {"漢字"}},
                                 {"h\ne"});
  const std::string text = to_text(table, base::Language::kEnglish);
  EXPECT_EQ(text,
            "h\\ne\n------------\na\\x1B[31mb\nx\\ny\\tz\\r\n\\u{202E}evil\n\\u{0085}\n\\u{FEFF}"
            "\n\\u{2066}\n"
            "\\u{E0001}\n\\x7F\n\\u{200B}\n漢字\n");
}

TEST(Text, BrokenBytesBecomeEscapes) {
  const std::string text =
      to_text(text_table({{"a\x80"}, {"b\xE1\xBB"}, {"\xFF"}}, {"n"}), base::Language::kEnglish);
  EXPECT_EQ(base::first_bad_utf8(text), std::nullopt) << text;
}

TEST(Text, AHugeCellDoesNotWidenEveryLine) {
  std::vector<Column> columns;
  columns.emplace_back("a", Type::kText);
  columns.emplace_back("b", Type::kText);
  columns[0].append_text(std::string(1'000'000, 'x'));
  columns[1].append_text("end");
  for (int row = 0; row < 1'000; ++row) {
    columns[0].append_text("s");
    columns[1].append_text("t");
  }
  const std::string text = to_text(Table("t", std::move(columns)), base::Language::kEnglish);
  EXPECT_LT(text.size(), 1'100'000U);
  EXPECT_NE(text.find("xx  end\n"), std::string::npos);
  EXPECT_NE(text.find("s" + std::string(61, ' ') + "t\n"), std::string::npos);
}

}  // namespace
}  // namespace dangbo::table
