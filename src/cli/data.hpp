// Folders, files and registry files into a registry; problems for people.
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "arguments.hpp"
#include "console.hpp"
#include "dangbo/base/problem.hpp"
#include "dangbo/registry/registry.hpp"
#include "dangbo/table/table.hpp"
#include "dangbo/time/date.hpp"
#include "dangbo/time/date_range.hpp"

namespace dangbo::cli {

enum class Purpose { kCommit, kCheckOnly };
enum class Faults { kRefuse, kSetAside };

struct Reading {
  std::unique_ptr<registry::Registry> registry;
  std::vector<std::pair<std::string, std::uint64_t>> rows;  // by table
  absl::Status status;                                      // not OK: nothing was loaded
  base::ProblemList problems;
  std::uint64_t set_aside = 0;  // rows
};

// Reads, checks and, when asked, commits.
[[nodiscard]] Reading read_files(const Console& console, const std::vector<std::string>& paths,
                                 Purpose purpose, Faults faults = Faults::kRefuse);

// The same into a new registry file, which is not left behind when the data is refused.
[[nodiscard]] Reading read_into_file(const Console& console, const std::vector<std::string>& paths,
                                     const std::string& file, const registry::CommitInfo& info,
                                     Faults faults = Faults::kRefuse);

// A registry with the data of `paths`, folders and files, or of one registry file; null, after
// saying why, when they are refused.
[[nodiscard]] std::unique_ptr<registry::Registry> open_data(const Console& console,
                                                            const std::vector<std::string>& paths);

// A registry file; null, after saying why, when it cannot be opened.
[[nodiscard]] std::unique_ptr<registry::Registry> open_file(const Console& console,
                                                            const std::string& path,
                                                            registry::OpenMode mode);

// A commit as typed: its number, or the last one at or before a day's end or a time (UTC); nothing,
// after saying what is wrong, when there is none.
[[nodiscard]] std::optional<registry::CommitNumber> read_known_at(
    const Console& console, std::string_view command, std::string_view option,
    const registry::Snapshot& snapshot, const std::string& text);

// The latest snapshot, or the one of --known-at.
[[nodiscard]] std::optional<registry::Snapshot> snapshot_of(const Console& console,
                                                            std::string_view command,
                                                            const registry::Registry& registry,
                                                            const std::string& known_at);

// What --time and --source-version say; the time is the clock's unless given.
[[nodiscard]] std::optional<registry::CommitInfo> read_commit(const Console& console,
                                                              std::string_view command,
                                                              const CommitOptions& options);

// The days of --period: "2020-06", "FROM..UNTIL"; all days when empty.
[[nodiscard]] std::optional<time::DateRange> read_period(const Console& console,
                                                         std::string_view command,
                                                         const std::string& text);

// The first problems on stderr, and how many there are.
void report_problems(const Console& console, const base::ProblemList& problems,
                     std::string_view command = "load …");
// All of them into a CSV file; false, after saying why, when it could not be written.
[[nodiscard]] bool write_problems(const Console& console, const std::string& path,
                                  const base::ProblemList& problems, bool excel);
// A failure of the library on stderr; kRefused.
int report_failure(const Console& console, const absl::Status& status);

// A day as typed; nothing, after saying what is wrong, when it is none.
[[nodiscard]] std::optional<time::Date> read_day(const Console& console, std::string_view command,
                                                 const std::string& text);

// The same of another option than --on.
[[nodiscard]] std::optional<time::Date> read_day(const Console& console, std::string_view command,
                                                 std::string_view option, const std::string& text);

// Whether a format is one of text, csv, csv-excel and jsonl; complains when not.
[[nodiscard]] bool is_format(const Console& console, std::string_view command,
                             const std::string& format);
// A result in one of these formats. The notes of a table as data go to stderr. The exit code.
[[nodiscard]] int print_table(const Console& console, const table::Table& table,
                              const std::string& format);

}  // namespace dangbo::cli
