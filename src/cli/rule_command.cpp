// check, explain, whatif and what becomes due: packs of rules on data.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "commands.hpp"
#include "dangbo/party/schemas.hpp"
#include "dangbo/rules/outlook.hpp"
#include "dangbo/rules/pack.hpp"
#include "data.hpp"
#include "files.hpp"
#include "pack_files.hpp"
#include "rule_command.hpp"

namespace dangbo::cli {

namespace {

using table::Column;
using table::Table;

constexpr std::size_t kMostScriptBytes = 8'000'000;
constexpr std::size_t kMostQueryBytes = 1U << 20;

std::optional<rules::Pack> read_packs(const Console& console, std::string_view command,
                                      const RuleChoice& what, const registry::Registry& registry,
                                      int& exit_code) {
  exit_code = kUsage;
  if (what.packs.empty()) {
    console.usage_error(command, {"thiếu --pack, ví dụ --pack vn.toan-quoc",
                                  "--pack is missing, for example --pack vn.toan-quoc"});
    return std::nullopt;
  }
  exit_code = kRefused;
  const auto standard = static_cast<std::ptrdiff_t>(party::standard_schemas().size());
  const auto all = registry.schemas();
  return read_pack_files(console, what.packs, what.calendar, {all.begin() + standard, all.end()});
}

// Data, day and pack of a command; nothing, with the exit code, after saying what is wrong.
struct Asked {
  std::unique_ptr<registry::Registry> registry;
  std::optional<registry::View> view;
  std::optional<rules::Pack> pack;
  rules::CheckOptions options;
};

std::optional<Asked> read_asked(const Console& console, std::string_view command,
                                const std::vector<std::string>& paths, const RuleChoice& what,
                                int& exit_code) {
  exit_code = kUsage;
  if (paths.empty()) {
    console.usage_error(command, {"thiếu tệp sổ .dangbo hoặc thư mục dữ liệu",
                                  "the registry file .dangbo or folder is missing"});
    return std::nullopt;
  }
  const auto day = read_day(console, command, what.on);
  if (!day) return std::nullopt;
  Asked out;
  out.registry = open_data(console, paths);
  exit_code = kRefused;
  if (out.registry == nullptr) return std::nullopt;
  const auto snapshot = snapshot_of(console, command, *out.registry, what.known_at);
  exit_code = kUsage;
  if (!snapshot) return std::nullopt;
  out.view.emplace(snapshot->at(*day));
  out.pack = read_packs(console, command, what, *out.registry, exit_code);
  if (!out.pack) return std::nullopt;
  out.options.rules = what.rules;
  out.options.unit = what.unit;
  out.options.about_persons = what.about_persons;
  return out;
}

// Words of findings for people; in English they say what they are.
constexpr std::pair<std::string_view, std::string_view> kWords[] = {
    {"violated", "không đạt"},
    {"waived", "được miễn"},
    {"downgraded", "giảm mức"},
    {"conflict", "ngoại lệ mâu thuẫn"},
    {"undecidable", "chưa kết luận"},
    {"violation", "vi phạm"},
    {"notice", "lưu ý"},
    {"advisory", "tham khảo"},
    {"broken", "mới không đạt"},
    {"mended", "hết không đạt"},
    {"changed", "khác đi"},
};

Column in_vietnamese(const Column& from) {
  Column out(from.name(), table::Type::kText);
  for (std::size_t i = 0; i < from.size(); ++i) {
    const std::string word = from.display(i);
    const auto* const found = std::find_if(std::begin(kWords), std::end(kWords),
                                           [&](const auto& one) { return one.first == word; });
    out.append_text(found == std::end(kWords) ? std::string_view(word) : found->second);
  }
  return out;
}

// For a terminal: what is wrong with whom, in the language asked for, and by which article.
Table short_form(const Console& console, const Table& table,
                 std::initializer_list<const char*> first) {
  std::vector<Column> columns;
  const bool is_vi = console.language() == Language::kVietnamese;
  const auto add = [&](const char* name) {
    const Column& column = table.column(*table.find(name));
    columns.push_back(is_vi && column.type() == table::Type::kCode ? in_vietnamese(column)
                                                                   : column);
  };
  for (const char* const name : first) add(name);
  for (const char* const name : {"outcome", "severity", "subject", "cite"}) add(name);
  columns.push_back(table.column(*table.find(is_vi ? "message_vi" : "message_en")));
  return {table.name(), std::move(columns), table.provenance()};
}

bool has_trouble(const Table& table) {
  const Column& outcome = table.column(*table.find("outcome"));
  const Column& severity = table.column(*table.find("severity"));
  for (std::size_t i = 0; i < table.row_count(); ++i) {
    const std::string word = outcome.display(i);
    const bool is_open = word == "violated" || word == "conflict" || word == "undecidable";
    if (is_open && severity.display(i) == "violation") return true;
  }
  return false;
}

}  // namespace

int due_by_rules(const Console& console, const DueArguments& arguments) {
  if (!is_format(console, "due", arguments.format)) return kUsage;
  std::int32_t days = 0;
  const auto [end, error] =
      std::from_chars(arguments.days.data(), arguments.days.data() + arguments.days.size(), days);
  if (error != std::errc() || end != arguments.days.data() + arguments.days.size()) {
    return console.usage_error("due", {"--days là số ngày tới, ví dụ --days 60",
                                       "--days is a number of days, for example --days 60"});
  }
  RuleChoice what = arguments.what;
  what.known_at = arguments.known_at;
  int exit_code = kFine;
  const auto asked = read_asked(console, "due", arguments.paths, what, exit_code);
  if (!asked) return exit_code;
  const auto due = rules::due(*asked->view, *asked->pack, days, asked->options);
  if (!due.ok()) return report_failure(console, due.status());
  return print_table(console,
                     arguments.format == "text" ? short_form(console, *due, {"day"}) : *due,
                     arguments.format);
}

int run(const Console& console, const CheckArguments& arguments) {
  if (!is_format(console, "check", arguments.format)) return kUsage;
  int exit_code = kFine;
  const auto asked = read_asked(console, "check", arguments.paths, arguments.what, exit_code);
  if (!asked) return exit_code;
  const auto found = rules::check(*asked->view, *asked->pack, asked->options);
  if (!found.ok()) return report_failure(console, found.status());
  exit_code =
      print_table(console, arguments.format == "text" ? short_form(console, *found, {}) : *found,
                  arguments.format);
  return exit_code == kFine && has_trouble(*found) ? kRefused : exit_code;
}

int run(const Console& console, const ExplainArguments& arguments) {
  if (arguments.what.rules.size() != 1 || arguments.subject.empty()) {
    return console.usage_error("explain", {"cần một --rule và --subject, ví dụ --subject unit:CB1",
                                           "one --rule and --subject are needed, for example "
                                           "--subject unit:CB1"});
  }
  int exit_code = kFine;
  const auto asked = read_asked(console, "explain", arguments.paths, arguments.what, exit_code);
  if (!asked) return exit_code;
  rules::ExplainOptions options;
  options.language = console.language();
  options.format = arguments.html ? rules::Format::kHtml : rules::Format::kText;
  options.about_persons = arguments.what.about_persons;
  const auto text = rules::explain(*asked->view, *asked->pack, arguments.what.rules.front(),
                                   arguments.subject, options);
  if (!text.ok()) return report_failure(console, text.status());
  return console.print(*text);
}

int run(const Console& console, const WhatifArguments& arguments) {
  if (!is_format(console, "whatif", arguments.format)) return kUsage;
  int exit_code = kFine;
  const auto asked = read_asked(console, "whatif", arguments.paths, arguments.what, exit_code);
  if (!asked) return exit_code;
  const auto script = read_file(console, arguments.script, kMostScriptBytes);
  if (!script) return kRefused;
  std::string query = arguments.query;
  if (!query.empty() && !query.starts_with('{')) {
    auto text = read_file(console, query, kMostQueryBytes);
    if (!text) return kRefused;
    query = *std::move(text);
  }
  const auto made =
      rules::what_if(*asked->view, *asked->pack, *script, arguments.script, query, asked->options);
  if (!made.ok()) return report_failure(console, made.status());
  const bool is_text = arguments.format == "text";
  exit_code = print_table(
      console, is_text ? short_form(console, made->findings, {"change"}) : made->findings,
      arguments.format);
  if (exit_code != kFine || query.empty()) return exit_code;
  return print_table(console, made->figures, arguments.format);
}

}  // namespace dangbo::cli
