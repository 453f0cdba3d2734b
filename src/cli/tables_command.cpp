#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "commands.hpp"
#include "dangbo/base/text.hpp"
#include "dangbo/party/schemas.hpp"
#include "dangbo/table/write.hpp"

namespace dangbo::cli {

namespace {

using table::Column;
using table::Role;
using table::Schema;
using table::TableKind;
using table::Type;

// Lines longer than this are hard to follow, however wide the terminal.
constexpr std::size_t kWidest = 100;

Message in_words(TableKind kind) {
  switch (kind) {
    case TableKind::kState:
      return {"khoảng ngày [from, until)", "days [from, until)"};
    case TableKind::kEvent:
      return {"một ngày", "a day"};
    case TableKind::kPeriod:
      return {"một kỳ", "a period"};
  }
  return {};
}

Message in_words(Type type) {
  switch (type) {
    case Type::kText:
      return {"chữ", "text"};
    case Type::kCode:
      return {"từ tự đặt", "any word"};
    case Type::kDate:
      return {"ngày", "date"};
    case Type::kInt:
      return {"số nguyên", "whole number"};
    case Type::kBool:
      return {"có/không", "true/false"};
    case Type::kReal:
      return {"số thực", "number"};
  }
  return {};
}

Message in_words(Role role) {
  switch (role) {
    case Role::kNone:
      return {};
    case Role::kUnit:
      return {"mã tổ chức", "key of a unit"};
    case Role::kParent:
      return {"mã cấp trên", "key of the unit above"};
    case Role::kMember:
      return {"mã đảng viên", "key of a member"};
    case Role::kSubject:
      return {"mã tổ chức hoặc đảng viên", "key of a unit or member"};
    case Role::kDecision:
      return {"mã quyết định", "key of a decision"};
    case Role::kFrom:
      return {"ngày đầu", "first day"};
    case Role::kUntil:
      return {"ngày sau ngày cuối", "first day after"};
    case Role::kDay:
      return {"ngày xảy ra", "day of the event"};
    case Role::kPeriod:
      return {"kỳ: 2020, 2020-06, 2020Q3, 2020-2025", "period: 2020, 2020-06, 2020Q3, 2020-2025"};
  }
  return {};
}

// Adds `items` below one another's ends, lines broken at `width` and begun with `indent`.
void add_list(std::string& out, std::string_view indent, const std::string& label,
              const std::vector<std::string>& items, std::size_t width) {
  if (items.empty()) return;
  std::string line = std::string(indent) + label;
  bool is_first = true;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string item = items[i] + (i + 1 < items.size() ? ";" : "");
    if (!is_first && base::display_width(line) + 1 + base::display_width(item) > width) {
      out += line + '\n';
      line = std::string(indent) + "  " + item;
    } else {
      line += ' ' + item;
    }
    is_first = false;
  }
  out += line + '\n';
}

std::string overview(const Console& console) {
  Column name(console.text({"bảng", "table"}), Type::kText);
  Column title(console.text({"tên", "title"}), Type::kText);
  Column holds(console.text({"mỗi dòng nói về", "a row is about"}), Type::kText);
  Column key(console.text({"khoá", "key"}), Type::kText);
  for (const party::SchemaPtr& schema : party::standard_schemas()) {
    name.append_text(schema->name());
    title.append_text(console.text(schema->title()));
    holds.append_text(console.text(in_words(schema->kind())));
    std::string parts;
    for (const std::size_t field : schema->natural_key()) {
      parts += (parts.empty() ? "" : ", ") + schema->fields()[field].name;
    }
    key.append_text(parts);
  }
  std::vector<Column> columns;
  for (Column* column : {&name, &title, &holds, &key}) columns.push_back(std::move(*column));
  return table::to_text(table::Table("tables", std::move(columns)), console.language()) +
         console.text({"\nXem cột của một bảng: dangbo tables TÊN\n",
                       "\nColumns of a table: dangbo tables NAME --lang en\n"});
}

std::vector<std::string> code_list(const Console& console, const table::CodeSet& codes) {
  std::vector<std::string> items;
  for (const table::Code& code : codes.codes()) {
    items.push_back(code.id + (code.csv.empty() ? "" : " (" + code.csv + ")") + " " +
                    console.text(code.name));
  }
  return items;
}

void add_field(std::string& out, const Console& console, const table::Field& field,
               std::size_t width) {
  out += field.name + (field.required ? " *" : "") + ": ";
  if (field.type == Type::kCode && field.codes != nullptr) {
    out += console.text({"danh mục ", "vocabulary "}) + field.codes->name();
  } else {
    out += console.text(in_words(field.type));
  }
  const std::string role = console.text(in_words(field.role));
  if (!role.empty()) out += ", " + role;
  out += '\n';
  add_list(out, "    ", console.text({"tiêu đề:", "headers:"}), field.aliases, width);
  add_list(out, "    ", console.text({"tiêu đề của ngày cuối:", "headers of the last day:"}),
           field.inclusive_aliases, width);
  if (field.codes != nullptr) {
    add_list(out, "    ", console.text({"mã:", "codes:"}), code_list(console, *field.codes), width);
  }
}

std::string details(const Console& console, const Schema& schema) {
  const std::size_t width = std::min(output_width(), kWidest);
  std::string out = schema.name() + ": " + console.text(schema.title()) + '\n';
  out += console.text({"mỗi dòng nói về ", "a row is about "}) +
         console.text(in_words(schema.kind())) + '\n';
  std::vector<std::string> key;
  for (const std::size_t field : schema.natural_key()) key.push_back(schema.fields()[field].name);
  add_list(out, "", console.text({"khoá:", "key:"}), key, width);
  add_list(
      out, "", console.text({"tên tệp bắt đầu bằng:", "file names begin with:"}),
      [&] {
        std::vector<std::string> names = {schema.name()};
        names.insert(names.end(), schema.aliases().begin(), schema.aliases().end());
        return names;
      }(),
      width);
  out += console.text({"cột (* bắt buộc):\n\n", "columns (* required):\n\n"});
  for (const table::Field& field : schema.fields()) add_field(out, console, field, width);
  return out;
}

int unknown_table(const Console& console, const std::string& name) {
  std::vector<std::string_view> names;
  std::vector<const Schema*> owners;
  for (const party::SchemaPtr& schema : party::standard_schemas()) {
    names.push_back(schema->name());
    names.insert(names.end(), schema->aliases().begin(), schema->aliases().end());
    owners.resize(names.size(), schema.get());
  }
  const std::string shown = fit(printable(name), 40);
  Message message{"không có bảng «" + shown + "»", "there is no table \"" + shown + "\""};
  if (const auto near = base::nearest(shown, names.data(), names.size())) {
    message.vi += "; có phải là " + owners[*near]->name() + "?";
    message.en += "; did you mean " + owners[*near]->name() + "?";
  }
  return console.usage_error("tables", message);
}

}  // namespace

int run(const Console& console, const TablesArguments& arguments) {
  if (arguments.name.empty()) return console.print(overview(console));
  if (base::first_bad_utf8(arguments.name)) return unknown_table(console, arguments.name);
  const party::SchemaPtr schema = party::find_schema(arguments.name);
  if (schema == nullptr) return unknown_table(console, arguments.name);
  return console.print(details(console, *schema));
}

}  // namespace dangbo::cli
