// docs/tables.md says what the schemas say. The page is made here and compared with the file, or
// written to it when DANGBO_REWRITE_DOCS is set.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/party/schemas.hpp"
#include "dangbo/party/vocabulary.hpp"

namespace dangbo {
namespace {

using table::Field;

// A cell may hold a bar: it would end the cell.
std::string cell(std::string_view text) {
  std::string result;
  for (const char c : text) result += c == '|' ? std::string("\\|") : std::string(1, c);
  return result;
}

std::string joined(const std::vector<std::string>& words) {
  std::string result;
  for (const std::string& word : words) result += (result.empty() ? "" : "; ") + cell(word);
  return result;
}

std::string_view name_of(table::TableKind kind) {
  switch (kind) {
    case table::TableKind::kState:
      return "state: rows hold over `[from, until)`";
    case table::TableKind::kEvent:
      return "event: rows hold on a day";
    case table::TableKind::kPeriod:
      return "period: rows hold for a month, quarter, year or term";
  }
  return "";
}

std::string type_of(const Field& field) {
  if (field.type != table::Type::kCode) return std::string(table::name_of(field.type));
  if (field.codes == nullptr) return "code, growing";
  return "code [" + field.codes->name() + "](#" + field.codes->name() + ")";
}

std::string headers_of(const Field& field) {
  std::string headers = joined(field.aliases);
  if (!field.inclusive_aliases.empty()) {
    headers += " — last day included: " + joined(field.inclusive_aliases);
  }
  return headers;
}

std::string table_section(const table::Schema& schema) {
  std::string page = "\n### " + schema.name() + "\n\n" + schema.title().vi + " / " +
                     schema.title().en + ". Kind: " + std::string(name_of(schema.kind())) + ".\n";
  std::string key;
  for (const std::size_t index : schema.natural_key()) {
    key += (key.empty() ? "`" : ", `") + schema.fields()[index].name + "`";
  }
  page += "Key: " + (key.empty() ? std::string("none") : key) +
          ". File names: " + joined(schema.aliases()) + ".\n\n";
  page += "| column | type | role | also read as |\n|---|---|---|---|\n";
  for (const Field& field : schema.fields()) {
    page += "| `" + field.name + "`" + (field.required ? " *" : "") +
            (field.sensitive ? " (sensitive)" : "") + " | " + type_of(field) + " | " +
            std::string(name_of(field.role)) + " | " + headers_of(field) + " |\n";
  }
  return page;
}

std::string vocabulary_section(const table::CodeSet& set) {
  std::string page = "\n### " + set.name() +
                     "\n\n| id | file | tiếng Việt | English | also read as |\n" +
                     "|---|---|---|---|---|\n";
  for (const table::Code& code : set.codes()) {
    page += "| `" + code.id + "` | " + cell(code.csv) + " | " + cell(code.name.vi) + " | " +
            cell(code.name.en) + " | " + joined(code.aliases) + " |\n";
  }
  return page;
}

std::string page_of_schemas() {
  std::string page =
      "# Tables and vocabularies\n\n"
      "Made from the schemas of the room `party`; a test compares it with them. "
      "`*` marks required columns. Headers, file names and\n"
      "codes are matched without regard to case, marks and punctuation. "
      "`until` is the first day after the interval; a file may give\n"
      "the last day under the headers so marked. Columns not listed are carried through.\n\n"
      "## Tables\n";
  for (const party::SchemaPtr& schema : party::standard_schemas()) page += table_section(*schema);
  page += "\n## Vocabularies\n";
  for (const party::CodeSetPtr& set : party::standard_vocabularies()) {
    page += vocabulary_section(*set);
  }
  return page;
}

TEST(TablesPage, SaysWhatTheSchemasSay) {
  const std::string expected = page_of_schemas();
  if (std::getenv("DANGBO_REWRITE_DOCS") != nullptr) {
    std::ofstream out(DANGBO_TABLES_PAGE, std::ios::binary);
    out << expected;
    ASSERT_TRUE(out.flush());
  }
  std::ifstream in(DANGBO_TABLES_PAGE, std::ios::binary);
  ASSERT_TRUE(in) << "docs/tables.md is missing; set DANGBO_REWRITE_DOCS=1 and run this test";
  const std::string found((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  ASSERT_EQ(found.size(), expected.size())
      << "docs/tables.md is out of date; set DANGBO_REWRITE_DOCS=1 and run this test";
  EXPECT_TRUE(found == expected)
      << "docs/tables.md is out of date; set DANGBO_REWRITE_DOCS=1 and run this test";
}

TEST(TablesPage, NamesEveryColumnAndCode) {
  const std::string page = page_of_schemas();
  for (const party::SchemaPtr& schema : party::standard_schemas()) {
    for (const Field& field : schema->fields()) {
      EXPECT_NE(page.find("| `" + field.name + "`"), std::string::npos) << field.name;
    }
  }
  EXPECT_EQ(cell("a|b"), "a\\|b");
}

}  // namespace
}  // namespace dangbo
