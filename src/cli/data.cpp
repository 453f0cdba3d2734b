#include "data.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "dangbo/load/load.hpp"
#include "dangbo/registry/change.hpp"
#include "dangbo/table/write.hpp"

namespace dangbo::cli {

namespace {

constexpr std::size_t kShownProblems = 50;
constexpr std::array<std::string_view, 4> kFormats = {"text", "csv", "csv-excel", "jsonl"};

// What a failure without problems says to people.
Message in_words(const absl::Status& status) {
  if (status.code() == absl::StatusCode::kResourceExhausted) {
    return {"không đủ bộ nhớ cho dữ liệu này", "not enough memory for this data"};
  }
  const std::string what = printable({status.message().data(), status.message().size()});
  return {"không làm được: " + what, "failed: " + what};
}

absl::Status read_into(Reading& reading, registry::Change change, Purpose purpose) {
  if (purpose == Purpose::kCheckOnly) {
    registry::CheckReport report = reading.registry->check(change);
    reading.rows = std::move(report.rows);
    reading.problems = std::move(report.problems);
    return reading.problems.empty() ? absl::OkStatus()
                                    : absl::InvalidArgumentError("the check found problems");
  }
  auto committed = reading.registry->commit(std::move(change), {});
  if (committed.ok()) {
    reading.rows = std::move(committed->added);
    return absl::OkStatus();
  }
  reading.problems = base::problems_of(committed.status());
  return committed.status();
}

}  // namespace

Reading read_files(const Console& console, const std::vector<std::string>& paths, Purpose purpose) {
  Progress progress(console);
  load::LoadOptions options;
  options.progress = [&](std::string_view what, std::uint64_t done, std::uint64_t total) {
    return progress.show(what, done, total);
  };
  Reading reading;
  reading.registry = registry::Registry::create({});
  registry::Change change(*reading.registry);
  reading.status = load::add_files(*reading.registry, change, paths, options);
  if (reading.status.ok()) reading.status = read_into(reading, std::move(change), purpose);
  reading.problems.sort();
  return reading;
}

std::unique_ptr<registry::Registry> open_data(const Console& console,
                                              const std::vector<std::string>& paths) {
  Reading reading = read_files(console, paths, Purpose::kCommit);
  if (reading.status.ok()) return std::move(reading.registry);
  if (reading.problems.empty()) {
    report_failure(console, reading.status);
  } else {
    report_problems(console, reading.problems);
  }
  return nullptr;
}

void report_problems(const Console& console, const base::ProblemList& problems) {
  const std::size_t shown = std::min(kShownProblems, problems.kept().size());
  for (const base::Problem& problem : problems.kept().first(shown)) {
    console.say_line(base::to_line(problem, console.language()));
  }
  const std::string total = std::to_string(problems.total());
  if (problems.total() > shown) {
    const std::string first = std::to_string(shown);
    console.say({"trên đây là " + first + " trong " + total +
                     " vấn đề; để xem hết: dangbo load … --problems FILE.csv",
                 "these are " + first + " of " + total +
                     " problems; to see all: dangbo load … --problems FILE.csv"});
  }
  console.say({total + " vấn đề, không nạp gì", total + " problems, nothing was loaded"});
}

int report_failure(const Console& console, const absl::Status& status) {
  const base::ProblemList problems = base::problems_of(status);
  if (problems.empty()) console.say(in_words(status));
  for (const base::Problem& problem : problems.kept()) {
    console.say_line(base::to_line(problem, console.language()));
  }
  return kRefused;
}

std::optional<time::Date> read_day(const Console& console, std::string_view command,
                                   const std::string& text) {
  if (text.empty()) {
    console.usage_error(command, {"thiếu ngày hỏi, ví dụ --on 2020-11-30",
                                  "the day is missing, for example --on 2020-11-30"});
    return std::nullopt;
  }
  const auto date = time::parse_date(text).value;
  if (date && date->is_exact()) return date->exact();
  const std::string shown = fit(printable(text), 40);
  console.usage_error(
      command,
      {"--on «" + shown + "» không phải là một ngày đầy đủ, ví dụ 2020-11-30 hoặc 30/11/2020",
       "--on \"" + shown + "\" is no full day, for example 2020-11-30 or 30/11/2020"});
  return std::nullopt;
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
