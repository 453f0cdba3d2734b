#include <cstdio>
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

void say_done(const Console& console, const LoadArguments& arguments, double time) {
  const std::string seconds = decimals(time, console.language());
  if (arguments.check) {
    console.say({"không có vấn đề nào; chỉ kiểm tra, không nạp (" + seconds + " giây)",
                 "no problems; checked only, not loaded (" + seconds + " s)"});
  } else if (arguments.output.empty()) {
    console.say({"đã nạp trong " + seconds + " giây", "loaded in " + seconds + " s"});
  } else {
    const std::string file = printable(arguments.output);
    console.say({"đã nạp vào " + file + " trong " + seconds + " giây",
                 "loaded into " + file + " in " + seconds + " s"});
  }
}

}  // namespace

int run(const Console& console, const LoadArguments& arguments) {
  if (arguments.paths.empty()) {
    return console.usage_error(
        "load", {"thiếu thư mục hoặc tệp cần nạp", "the folder or file to load is missing"});
  }
  if (arguments.check && !arguments.output.empty()) {
    return console.usage_error("load", {"--check không ghi gì: bỏ -o, hoặc bỏ --check",
                                        "--check writes nothing: drop -o, or --check"});
  }
  const auto info = read_commit(console, "load", arguments.commit);
  if (!info) return kUsage;
  const Progress clock(console);
  const Faults faults = arguments.quarantine ? Faults::kSetAside : Faults::kRefuse;
  const Purpose purpose = arguments.check ? Purpose::kCheckOnly : Purpose::kCommit;
  const Reading reading =
      arguments.output.empty()
          ? read_files(console, arguments.paths, purpose, faults)
          : read_into_file(console, arguments.paths, arguments.output, *info, faults);
  int exit_code = reading.status.ok() ? kFine : report_refused(console, reading);
  if (!arguments.problems.empty() &&
      !write_problems(console, arguments.problems, reading.problems, arguments.excel)) {
    exit_code = kRefused;
  }
  if (exit_code == kFine && reading.set_aside > 0) {
    const std::string rows = std::to_string(reading.set_aside);
    console.say({"gác lại " + rows + " dòng, nằm trong bảng quarantine kèm lý do",
                 rows + " rows were set aside, in the table quarantine with their reasons"});
  }
  if (exit_code != kFine || arguments.quiet) return exit_code;
  std::string out = rows_text(console, reading);
  if (!arguments.check) out += memory_text(console, *reading.registry);
  exit_code = console.print(out);
  say_done(console, arguments, clock.seconds());
  return exit_code;
}

}  // namespace dangbo::cli
