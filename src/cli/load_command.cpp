#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "commands.hpp"
#include "dangbo/party/schemas.hpp"
#include "dangbo/table/write.hpp"
#include "data.hpp"
#include "files.hpp"

namespace dangbo::cli {

namespace {

using table::Column;
using table::Type;

table::Table problem_table(const base::ProblemList& problems) {
  Column file("file", Type::kText);
  Column row("row", Type::kInt);
  Column column("column", Type::kText);
  Column code("code", Type::kInt);
  Column value("value", Type::kText);
  Column reason_vi("reason_vi", Type::kText);
  Column reason_en("reason_en", Type::kText);
  Column fix_vi("fix_vi", Type::kText);
  Column fix_en("fix_en", Type::kText);
  for (const base::Problem& problem : problems.kept()) {
    file.append_text(problem.place.file);
    if (problem.place.row == 0) {
      row.append_missing();
    } else {
      row.append_integer(static_cast<std::int64_t>(problem.place.row));
    }
    column.append_text(problem.place.column);
    code.append_integer(static_cast<std::int64_t>(problem.code));
    value.append_text(problem.value);
    reason_vi.append_text(problem.reason.vi);
    reason_en.append_text(problem.reason.en);
    fix_vi.append_text(problem.fix.vi);
    fix_en.append_text(problem.fix.en);
  }
  std::vector<Column> columns;
  for (Column* made :
       {&file, &row, &column, &code, &value, &reason_vi, &reason_en, &fix_vi, &fix_en}) {
    columns.push_back(std::move(*made));
  }
  return table::Table("problems", std::move(columns));
}

std::string rows_text(const Console& console, const Reading& reading) {
  Column name(console.text({"bảng", "table"}), Type::kText);
  Column title(console.text({"tên", "title"}), Type::kText);
  Column rows(console.text({"số dòng", "rows"}), Type::kInt);
  for (const auto& [table_name, count] : reading.rows) {
    name.append_text(table_name);
    const auto schema = reading.registry->find_schema(table_name);
    title.append_text(schema == nullptr ? "" : console.text(schema->title()));
    rows.append_integer(static_cast<std::int64_t>(count));
  }
  std::vector<Column> columns;
  columns.push_back(std::move(name));
  columns.push_back(std::move(title));
  columns.push_back(std::move(rows));
  return table::to_text(table::Table("rows", std::move(columns)), console.language());
}

std::string memory_text(const Console& console, const registry::Registry& registry) {
  const registry::Snapshot snapshot = registry.snapshot();
  const registry::MemoryUse use = registry.memory_use();
  const std::uint64_t members = snapshot.member_count();
  std::string out = '\n' + console.text({"tổ chức: ", "units: "}) +
                    std::to_string(snapshot.unit_count()) +
                    console.text({", đảng viên: ", ", members: "}) + std::to_string(members) + '\n';
  const auto per_member = [&](const Message& what, std::uint64_t bytes) {
    out += console.text(what) + std::to_string(bytes);
    // Rounded up: a thing that takes memory never shows as 0.
    if (members > 0) {
      out += console.text({", mỗi đảng viên ", ", a member "}) +
             std::to_string((bytes + members - 1) / members);
    }
    out += '\n';
  };
  per_member(
      {"bộ nhớ nóng (mã, ngày, chỉ mục), byte: ", "hot memory (codes, dates, indexes), bytes: "},
      use.hot_bytes);
  per_member(
      {"bộ nhớ nguội (tên và chữ khác), byte: ", "cold memory (names and other text), bytes: "},
      use.cold_bytes);
  return out;
}

int report_refused(const Console& console, const Reading& reading) {
  if (reading.problems.empty()) return report_failure(console, reading.status);
  report_problems(console, reading.problems);
  return kRefused;
}

std::string decimals(double seconds, Language language) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", seconds);
  std::string out = text;
  if (const auto point = out.find('.'); language == Language::kVietnamese && point != out.npos) {
    out[point] = ',';
  }
  return out;
}

}  // namespace

int run(const Console& console, const LoadArguments& arguments) {
  if (arguments.paths.empty()) {
    return console.usage_error(
        "load", {"thiếu thư mục hoặc tệp cần nạp", "the folder or file to load is missing"});
  }
  const Progress clock(console);
  const Reading reading = read_files(console, arguments.paths,
                                     arguments.check ? Purpose::kCheckOnly : Purpose::kCommit);
  int exit_code = reading.status.ok() ? kFine : report_refused(console, reading);
  if (!arguments.problems.empty()) {
    // Written without problems too: the file of an earlier run would say otherwise.
    const std::string csv = table::to_csv(problem_table(reading.problems),
                                          {.separator = ',', .byte_order_mark = arguments.excel});
    if (!write_file(console, arguments.problems, csv)) exit_code = kRefused;
  }
  if (exit_code != kFine || arguments.quiet) return exit_code;
  std::string out = rows_text(console, reading);
  if (!arguments.check) out += memory_text(console, *reading.registry);
  exit_code = console.print(out);
  const std::string seconds = decimals(clock.seconds(), console.language());
  console.say(arguments.check
                  ? Message{"không có vấn đề nào; chỉ kiểm tra, không nạp (" + seconds + " giây)",
                            "no problems; checked only, not loaded (" + seconds + " s)"}
                  : Message{"đã nạp trong " + seconds + " giây", "loaded in " + seconds + " s"});
  return exit_code;
}

}  // namespace dangbo::cli
