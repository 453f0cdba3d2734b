#include "data.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>

#include "dangbo/load/load.hpp"
#include "dangbo/load/quarantine.hpp"
#include "dangbo/registry/change.hpp"
#include "dangbo/table/write.hpp"
#include "files.hpp"

namespace dangbo::cli {

namespace {

using table::Column;
using table::Type;

constexpr std::size_t kShownProblems = 50;
constexpr std::array<std::string_view, 4> kFormats = {"text", "csv", "csv-excel", "jsonl"};

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

// What a failure without problems says to people.
Message in_words(const absl::Status& status) {
  if (status.code() == absl::StatusCode::kResourceExhausted) {
    return {"không đủ bộ nhớ cho dữ liệu này", "not enough memory for this data"};
  }
  const std::string what = printable({status.message().data(), status.message().size()});
  return {"không làm được: " + what, "failed: " + what};
}

bool is_registry_file(std::string_view path) {
  return path.ends_with(".dangbo");
}

absl::Status read_into(Reading& reading, registry::Change change, Purpose purpose,
                       const registry::CommitInfo& info) {
  if (purpose == Purpose::kCheckOnly) {
    registry::CheckReport report = reading.registry->check(change);
    reading.rows = std::move(report.rows);
    reading.problems = std::move(report.problems);
    return reading.problems.empty() ? absl::OkStatus()
                                    : absl::InvalidArgumentError("the check found problems");
  }
  auto committed = reading.registry->commit(std::move(change), info);
  if (committed.ok()) {
    reading.rows = std::move(committed->added);
    return absl::OkStatus();
  }
  reading.problems = base::problems_of(committed.status());
  return committed.status();
}

// Into reading.registry, which is there and empty.
void read_paths(const Console& console, Reading& reading, const std::vector<std::string>& paths,
                Purpose purpose, const registry::CommitInfo& info, Faults faults) {
  Progress progress(console);
  load::LoadOptions options;
  options.progress = [&](std::string_view what, std::uint64_t done, std::uint64_t total) {
    return progress.show(what, done, total);
  };
  registry::Change change(*reading.registry);
  reading.status = load::add_files(*reading.registry, change, paths, options);
  base::ProblemList reasons;
  if (reading.status.ok() && faults == Faults::kSetAside) {
    load::Quarantined outside = load::set_aside(*reading.registry, change);
    reading.set_aside = outside.rows;
    reasons = std::move(outside.problems);
  }
  if (reading.status.ok()) reading.status = read_into(reading, std::move(change), purpose, info);
  reading.problems.append(std::move(reasons));
  reading.problems.sort();
}

}  // namespace

Reading read_files(const Console& console, const std::vector<std::string>& paths, Purpose purpose,
                   Faults faults) {
  Reading reading;
  reading.registry = registry::Registry::create({});
  read_paths(console, reading, paths, purpose, {}, faults);
  return reading;
}

Reading read_into_file(const Console& console, const std::vector<std::string>& paths,
                       const std::string& file, const registry::CommitInfo& info, Faults faults) {
  Reading reading;
  auto opened = registry::Registry::open(file, registry::OpenMode::kCreate);
  if (!opened.ok()) {
    reading.status = opened.status();
    reading.problems = base::problems_of(opened.status());
    return reading;
  }
  reading.registry = *std::move(opened);
  read_paths(console, reading, paths, Purpose::kCommit, info, faults);
  if (reading.status.ok()) return reading;
  // The file was made just now and holds nothing.
  reading.registry = nullptr;
  for (const char* companion : {"", "-wal", "-shm"}) {
    static_cast<void>(std::remove((file + companion).c_str()));
  }
  return reading;
}

std::unique_ptr<registry::Registry> open_file(const Console& console, const std::string& path,
                                              registry::OpenMode mode) {
  auto opened = registry::Registry::open(path, mode);
  if (opened.ok()) return *std::move(opened);
  report_failure(console, opened.status());
  return nullptr;
}

std::unique_ptr<registry::Registry> open_data(const Console& console,
                                              const std::vector<std::string>& paths) {
  const auto file = std::find_if(paths.begin(), paths.end(), is_registry_file);
  if (file != paths.end()) {
    if (paths.size() == 1) return open_file(console, *file, registry::OpenMode::kRead);
    const std::string shown = fit(printable(*file), 60);
    console.say(
        {"tệp sổ «" + shown + "» đứng một mình, không cùng thư mục hay tệp khác",
         "the registry file \"" + shown + "\" stands alone, without folders or other files"});
    return nullptr;
  }
  Reading reading = read_files(console, paths, Purpose::kCommit);
  if (reading.status.ok()) return std::move(reading.registry);
  if (reading.problems.empty()) {
    report_failure(console, reading.status);
  } else {
    report_problems(console, reading.problems);
  }
  return nullptr;
}

void report_problems(const Console& console, const base::ProblemList& problems,
                     std::string_view command) {
  const std::size_t shown = std::min(kShownProblems, problems.kept().size());
  for (const base::Problem& problem : problems.kept().first(shown)) {
    console.say_line(base::to_line(problem, console.language()));
  }
  const std::string total = std::to_string(problems.total());
  if (problems.total() > shown) {
    const std::string first = std::to_string(shown);
    const std::string all = "dangbo " + std::string(command) + " --problems FILE.csv";
    console.say({"trên đây là " + first + " trong " + total + " vấn đề; để xem hết: " + all,
                 "these are " + first + " of " + total + " problems; to see all: " + all});
  }
  console.say(
      command.starts_with("load")
          ? Message{total + " vấn đề, không nạp gì", total + " problems, nothing was loaded"}
          : Message{total + " vấn đề, không ghi gì", total + " problems, nothing was written"});
}

bool write_problems(const Console& console, const std::string& path,
                    const base::ProblemList& problems, bool excel) {
  // Written without problems too: the file of an earlier run would say otherwise.
  return write_file(
      console, path,
      table::to_csv(problem_table(problems), {.separator = ',', .byte_order_mark = excel}));
}

int report_failure(const Console& console, const absl::Status& status) {
  const base::ProblemList problems = base::problems_of(status);
  if (problems.empty()) console.say(in_words(status));
  for (const base::Problem& problem : problems.kept()) {
    console.say_line(base::to_line(problem, console.language()));
  }
  return kRefused;
}

bool is_format(const Console& console, std::string_view command, const std::string& format) {
  if (std::find(kFormats.begin(), kFormats.end(), format) != kFormats.end()) return true;
  const std::string shown = fit(printable(format), 40);
  console.usage_error(command,
                      {"--format «" + shown + "»: dùng một trong text, csv, csv-excel, jsonl",
                       "--format \"" + shown + "\": use one of text, csv, csv-excel, jsonl"});
  return false;
}

int print_table(const Console& console, const table::Table& table, const std::string& format) {
  if (format == "text") return console.print(table::to_text(table, console.language()));
  for (const Message& note : table.provenance().notes) {
    console.say({"ghi chú: " + printable(note.vi), "note: " + printable(note.en)});
  }
  if (format == "jsonl") return console.print(table::to_json_lines(table));
  return console.print(
      table::to_csv(table, {.separator = ',', .byte_order_mark = format == "csv-excel"}));
}

}  // namespace dangbo::cli
