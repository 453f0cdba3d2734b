#include <charconv>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "commands.hpp"
#include "dangbo/load/difference.hpp"
#include "dangbo/load/load.hpp"
#include "data.hpp"
#include "files.hpp"

namespace dangbo::cli {

namespace {

using load::Difference;
using load::DifferenceOptions;
using load::OnChange;
using registry::Registry;

// Percent to thousandths: "1", "0.5", "100".
std::optional<std::uint32_t> read_percent(const std::string& text) {
  double percent = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, percent);
  if (error != std::errc() || stop != end || !(percent >= 0 && percent <= 100)) return std::nullopt;
  return static_cast<std::uint32_t>(percent * 10 + 0.5);
}

std::optional<DifferenceOptions> options_of(const Console& console,
                                            const SyncArguments& arguments) {
  DifferenceOptions options;
  const auto day = time::parse_date(arguments.on).value;
  if (!day || !day->is_exact()) {
    console.usage_error("sync", {"--on NGÀY: ngày của danh sách, ví dụ 2024-03-01",
                                 "--on DAY: the day of the roster, as 2024-03-01"});
    return std::nullopt;
  }
  const auto vanished = read_percent(arguments.max_vanished);
  if (!vanished) {
    console.usage_error("sync", {"--max-vanished: số phần trăm từ 0 đến 100",
                                 "--max-vanished: percent, from 0 to 100"});
    return std::nullopt;
  }
  options.day = day->first_day();
  options.max_vanished = *vanished;
  options.quarantine = arguments.quarantine;
  options.partial = arguments.partial;
  options.subtree = arguments.unit;
  for (const auto& [fields, policy] : {std::pair(&arguments.happened, OnChange::kHappened),
                                       std::pair(&arguments.correction, OnChange::kCorrection),
                                       std::pair(&arguments.ask, OnChange::kAsk)}) {
    for (const std::string& field : *fields) options.policies.emplace_back(field, policy);
  }
  return options;
}

// A file that is there, or one to be made; in memory when nothing shall be written. An empty file
// is what is left of a making that was stopped at its first step.
std::unique_ptr<Registry> open_target(const Console& console, const SyncArguments& arguments,
                                      bool& is_new) {
  std::error_code error;
  const bool is_empty = std::filesystem::is_regular_file(arguments.file, error) &&
                        std::filesystem::file_size(arguments.file, error) == 0 && !error;
  is_new = is_empty || !std::filesystem::exists(arguments.file, error);
  if (is_new && arguments.dry_run) return Registry::create({});
  if (is_empty && !std::filesystem::exists(arguments.file + "-journal", error))
    std::filesystem::remove(arguments.file, error);
  if (!is_new) {
    return open_file(console, arguments.file,
                     arguments.dry_run ? registry::OpenMode::kRead : registry::OpenMode::kWrite);
  }
  return open_file(console, arguments.file, registry::OpenMode::kCreate);
}

int refuse(const Console& console, const SyncArguments& arguments, const absl::Status& status) {
  const base::ProblemList problems = base::problems_of(status);
  if (problems.empty()) return report_failure(console, status);
  report_problems(console, problems, "sync …");
  if (!arguments.problems.empty())
    static_cast<void>(write_problems(console, arguments.problems, problems, false));
  return kRefused;
}

void say_found(const Console& console, const Difference& found) {
  const std::string rows = std::to_string(found.change.row_count());
  const std::string questions = std::to_string(found.questions);
  console.say({rows + " dòng khác, " + questions + " điều cần người trả lời",
               rows + " rows differ, " + questions + " questions for people"});
  if (found.set_aside.rows == 0) return;
  const std::string aside = std::to_string(found.set_aside.rows);
  console.say({"gác lại " + aside + " dòng, nằm trong bảng quarantine kèm lý do",
               aside + " rows were set aside, in the table quarantine with their reasons"});
}

// Where it fits the registry too, told by a fork.
int try_out(const Console& console, const SyncArguments& arguments, const Registry& registry,
            const Difference& found) {
  const registry::CheckReport report = registry.check(found.change);
  if (!report.problems.empty())
    return refuse(console, arguments,
                  base::problem_status(absl::StatusCode::kInvalidArgument, report.problems));
  const int exit_code = print_table(console, found.findings, arguments.format);
  say_found(console, found);
  console.say({"chưa ghi gì", "nothing written"});
  return exit_code;
}

int commit(const Console& console, const SyncArguments& arguments, Registry& registry,
           const Difference& found, time::Date day, const registry::CommitInfo& info) {
  const auto done = load::commit_difference(registry, found, day, info);
  if (!done.ok()) return refuse(console, arguments, done.status());
  const std::string number = std::to_string(base::index_of(done->number));
  if (done->repeated) {
    console.say({"không có gì khác lần ghi " + number + "; không ghi lại",
                 "nothing differs from commit " + number + "; nothing written"});
    return kFine;
  }
  const int exit_code = print_table(console, found.findings, arguments.format);
  say_found(console, found);
  console.say({"lần ghi " + number + ", số liệu đến ngày " + day.to_string(),
               "commit " + number + ", right up to " + day.to_string()});
  return exit_code;
}

int run_on(const Console& console, const SyncArguments& arguments, Registry& registry,
           const DifferenceOptions& options, const registry::CommitInfo& info) {
  registry::Change extract(registry);
  const absl::Status status = load::add_files(registry, extract, arguments.paths);
  if (!status.ok()) return report_failure(console, status);
  const auto found = load::difference(registry, extract, options);
  if (!found.ok()) return refuse(console, arguments, found.status());
  if (!arguments.output.empty() && !write_file(console, arguments.output, found->script))
    return kRefused;
  if (!found->set_aside.problems.empty() && !arguments.problems.empty() &&
      !write_problems(console, arguments.problems, found->set_aside.problems, false))
    return kRefused;
  return arguments.dry_run ? try_out(console, arguments, registry, *found)
                           : commit(console, arguments, registry, *found, options.day, info);
}

}  // namespace

int run(const Console& console, const SyncArguments& arguments) {
  if (arguments.paths.empty()) {
    return console.usage_error("sync", {"thiếu thư mục hoặc tệp của danh sách",
                                        "the folder or file of the roster is missing"});
  }
  if (arguments.file.empty()) {
    return console.usage_error("sync", {"thiếu --to FILE.dangbo: tệp sổ",
                                        "--to FILE.dangbo is missing: the registry file"});
  }
  if (!is_format(console, "sync", arguments.format)) return kUsage;
  const auto options = options_of(console, arguments);
  const auto info = read_commit(console, "sync", arguments.commit);
  if (!options || !info) return kUsage;
  bool is_new = false;
  std::unique_ptr<Registry> registry = open_target(console, arguments, is_new);
  if (registry == nullptr) return kRefused;
  const int exit_code = run_on(console, arguments, *registry, *options, *info);
  const bool is_empty = base::index_of(registry->snapshot().commit()) == 0;
  registry = nullptr;
  if (is_new && is_empty && !arguments.dry_run) {
    // Made just now, and holds nothing.
    for (const char* companion : {"", "-wal", "-shm"})
      static_cast<void>(std::remove((arguments.file + companion).c_str()));
  }
  return exit_code;
}

}  // namespace dangbo::cli
