#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "commands.hpp"
#include "dangbo/load/script.hpp"
#include "dangbo/registry/history.hpp"
#include "data.hpp"

namespace dangbo::cli {

namespace {

using registry::CommitInfo;
using registry::CommitResult;
using registry::Registry;

std::uint64_t sum(const CommitResult::Counts& counts) {
  std::uint64_t total = 0;
  for (const auto& [table, rows] : counts) total += rows;
  return total;
}

Message counted(const CommitResult& result) {
  const std::string added = std::to_string(sum(result.added));
  const std::string corrected = std::to_string(sum(result.corrected));
  const std::string withdrawn = std::to_string(sum(result.withdrawn));
  return {"thêm " + added + ", sửa " + corrected + ", bỏ " + withdrawn + " dòng",
          added + " rows added, " + corrected + " corrected, " + withdrawn + " withdrawn"};
}

int refuse(const Console& console, const ApplyArguments& arguments, const absl::Status& status) {
  const base::ProblemList problems = base::problems_of(status);
  if (problems.empty()) return report_failure(console, status);
  report_problems(console, problems, "apply …");
  if (!arguments.problems.empty()) {
    static_cast<void>(write_problems(console, arguments.problems, problems, false));
  }
  return kRefused;
}

// Every value that the change made known, from the commit before it on.
int show_changes(const Console& console, const Registry& registry, const std::string& format) {
  const registry::Snapshot now = registry.snapshot();
  const registry::CommitNumber before{base::index_of(now.commit()) - 1};
  const auto changes = registry::knowledge_changes(now, before, {});
  if (!changes.ok()) return report_failure(console, changes.status());
  return print_table(console, *changes, format);
}

// Before and after, over the units that a commit touched, one line a day.
void say_conserved(const Console& console, const Registry& registry) {
  const registry::Snapshot now = registry.snapshot();
  const table::Table table = registry::conservation(now, now.commit());
  constexpr std::size_t kMaxDays = 5;
  struct Sum {
    std::int64_t units = 0, before = 0, arrivals = 0, departures = 0, after = 0;
  };
  std::map<std::string, Sum> days;
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    Sum& sum = days[table.column(0).display(row)];
    ++sum.units;
    sum.before += table.column(2).integer(row);
    sum.arrivals += table.column(3).integer(row);
    sum.departures += table.column(4).integer(row);
    sum.after += table.column(5).integer(row);
  }
  std::size_t said = 0;
  for (const auto& [day, sum] : days) {
    if (said++ == kMaxDays) break;
    const auto text = [](std::int64_t number) { return std::to_string(number); };
    console.say({"ngày " + day + ", " + text(sum.units) + " tổ chức: trước " + text(sum.before) +
                     ", đến " + text(sum.arrivals) + ", đi " + text(sum.departures) + ", sau " +
                     text(sum.after) + " đảng viên",
                 day + ", " + text(sum.units) + " units: " + text(sum.before) +
                     " members before, " + text(sum.arrivals) + " came, " + text(sum.departures) +
                     " went, " + text(sum.after) + " after"});
  }
  if (days.size() > kMaxDays)
    console.say({"… và " + std::to_string(days.size() - kMaxDays) + " ngày khác",
                 "… and " + std::to_string(days.size() - kMaxDays) + " more days"});
}

// Tried on a fork: what it accepts and what it then knows is what the registry would.
int try_out(const Console& console, const ApplyArguments& arguments, const CommitInfo& info) {
  const auto registry = open_file(console, arguments.file, registry::OpenMode::kRead);
  if (registry == nullptr) return kRefused;
  const std::unique_ptr<Registry> fork = registry->snapshot().fork();
  registry::Change change(*fork);
  absl::Status status = load::add_script(*fork, change, arguments.script);
  if (!status.ok()) return report_failure(console, status);
  const auto done = fork->commit(std::move(change), info);
  if (!done.ok()) return refuse(console, arguments, done.status());
  const Message counts = counted(*done);
  const int exit_code = show_changes(console, *fork, arguments.format);
  say_conserved(console, *fork);
  console.say(
      {"sẽ " + counts.vi + "; chưa ghi gì", "would be: " + counts.en + "; nothing written"});
  return exit_code;
}

int apply(const Console& console, const ApplyArguments& arguments, const CommitInfo& info) {
  const auto registry = open_file(console, arguments.file, registry::OpenMode::kWrite);
  if (registry == nullptr) return kRefused;
  registry::Change change(*registry);
  absl::Status status = load::add_script(*registry, change, arguments.script);
  if (!status.ok()) return report_failure(console, status);
  const auto done = registry->commit(std::move(change), info);
  if (!done.ok()) return refuse(console, arguments, done.status());
  const std::string number = std::to_string(base::index_of(done->number));
  if (done->repeated) {
    console.say({"bản sửa này đã được ghi, là lần ghi " + number + "; không ghi lại",
                 "this change was made before, as commit " + number + "; nothing written"});
    return kFine;
  }
  const Message counts = counted(*done);
  const int exit_code = show_changes(console, *registry, arguments.format);
  say_conserved(console, *registry);
  console.say({"lần ghi " + number + ": " + counts.vi, "commit " + number + ": " + counts.en});
  return exit_code;
}

}  // namespace

int run(const Console& console, const ApplyArguments& arguments) {
  if (arguments.script.empty()) {
    return console.usage_error("apply", {"thiếu bản sửa (tệp YAML)", "the script is missing"});
  }
  if (arguments.file.empty()) {
    return console.usage_error("apply", {"thiếu --to FILE.dangbo: tệp sổ",
                                         "--to FILE.dangbo is missing: the registry file"});
  }
  if (!is_format(console, "apply", arguments.format)) return kUsage;
  const auto info = read_commit(console, "apply", arguments.commit);
  if (!info) return kUsage;
  return arguments.dry_run ? try_out(console, arguments, *info) : apply(console, arguments, *info);
}

}  // namespace dangbo::cli
