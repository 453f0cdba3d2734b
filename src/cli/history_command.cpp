// log, diff, due: what a registry tells of its past and of what is to come.
#include "dangbo/registry/history.hpp"

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "commands.hpp"
#include "data.hpp"
#include "rule_command.hpp"

namespace dangbo::cli {

namespace {

using registry::CommitNumber;
using table::Column;
using table::Type;

// Microseconds since 1970-01-01 as a person reads them: "2021-07-05 10:30:00".
std::string in_words(std::int64_t time) {
  constexpr std::int64_t kDay = 86'400'000'000;
  const std::int64_t day = time >= 0 ? time / kDay : (time - kDay + 1) / kDay;
  const auto second = (time - day * kDay) / 1'000'000;
  if (day < -208'188 || day > 2'932'896) return std::to_string(time);  // beyond 1400 … 9999
  char clock[16];
  std::snprintf(clock, sizeof clock, " %02d:%02d:%02d", static_cast<int>(second / 3600),
                static_cast<int>(second / 60 % 60), static_cast<int>(second % 60));
  return time::Date::from_days(static_cast<std::int32_t>(day)).to_string() + clock;
}

// The log with times for people.
table::Table readable(const table::Table& log) {
  std::vector<Column> columns;
  for (std::size_t i = 0; i < log.column_count(); ++i) {
    const Column& from = log.column(i);
    if (from.name() != "time") {
      columns.push_back(from);
      continue;
    }
    Column time("time (UTC)", Type::kText);
    for (std::size_t row = 0; row < from.size(); ++row)
      time.append_text(in_words(from.integer(row)));
    columns.push_back(std::move(time));
  }
  return {log.name(), std::move(columns), log.provenance()};
}

int missing_data(const Console& console, std::string_view command) {
  return console.usage_error(command, {"thiếu tệp sổ .dangbo hoặc thư mục dữ liệu",
                                       "the registry file .dangbo or folder is missing"});
}

int answer(const Console& console, const DiffArguments& arguments,
           const registry::Registry& registry, const time::DateRange& period) {
  const registry::Snapshot latest = registry.snapshot();
  CommitNumber after{0};
  CommitNumber until = latest.commit();
  if (!arguments.after.empty()) {
    const auto read = read_known_at(console, "diff", "--after", latest, arguments.after);
    if (!read) return kUsage;
    after = *read;
  }
  if (!arguments.until.empty()) {
    const auto read = read_known_at(console, "diff", "--until", latest, arguments.until);
    if (!read) return kUsage;
    until = *read;
  }
  const auto changes =
      registry::knowledge_changes(latest.as_of(until), after, period, arguments.table);
  if (!changes.ok()) return report_failure(console, changes.status());
  return print_table(console, *changes, arguments.format);
}

}  // namespace

int run(const Console& console, const LogArguments& arguments) {
  if (arguments.paths.empty()) return missing_data(console, "log");
  if (!is_format(console, "log", arguments.format)) return kUsage;
  const auto registry = open_data(console, arguments.paths);
  if (registry == nullptr) return kRefused;
  const table::Table log = registry::log_table(registry->snapshot());
  return print_table(console, arguments.format == "text" ? readable(log) : log, arguments.format);
}

int run(const Console& console, const DiffArguments& arguments) {
  if (arguments.paths.empty()) return missing_data(console, "diff");
  if (arguments.after.empty()) {
    return console.usage_error(
        "diff", {"thiếu --after: sau lần ghi nào", "--after is missing: after which commit"});
  }
  const auto period = read_period(console, "diff", arguments.period);
  if (!period || !is_format(console, "diff", arguments.format)) return kUsage;
  const auto registry = open_data(console, arguments.paths);
  if (registry == nullptr) return kRefused;
  return answer(console, arguments, *registry, *period);
}

int run(const Console& console, const DueArguments& arguments) {
  if (!arguments.what.packs.empty()) return due_by_rules(console, arguments);
  if (arguments.paths.empty()) return missing_data(console, "due");
  if (arguments.period.empty()) {
    return console.usage_error("due", {"thiếu --period, ví dụ --period 2021-07",
                                       "--period is missing, for example --period 2021-07"});
  }
  const auto period = read_period(console, "due", arguments.period);
  if (!period || !is_format(console, "due", arguments.format)) return kUsage;
  const auto registry = open_data(console, arguments.paths);
  if (registry == nullptr) return kRefused;
  const auto snapshot = snapshot_of(console, "due", *registry, arguments.known_at);
  if (!snapshot) return kUsage;
  return print_table(console, registry::agenda(*snapshot, *period), arguments.format);
}

}  // namespace dangbo::cli
