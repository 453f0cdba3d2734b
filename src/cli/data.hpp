// Folders and files into a registry in memory; problems for people.
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "console.hpp"
#include "dangbo/base/problem.hpp"
#include "dangbo/registry/registry.hpp"
#include "dangbo/table/table.hpp"
#include "dangbo/time/date.hpp"

namespace dangbo::cli {

enum class Purpose { kCommit, kCheckOnly };

struct Reading {
  std::unique_ptr<registry::Registry> registry;
  std::vector<std::pair<std::string, std::uint64_t>> rows;  // by table
  absl::Status status;                                      // not OK: nothing was loaded
  base::ProblemList problems;
};

// Reads, checks and, when asked, commits.
[[nodiscard]] Reading read_files(const Console& console, const std::vector<std::string>& paths,
                                 Purpose purpose);

// A registry with the data of `paths`; null, after saying why, when they are refused.
[[nodiscard]] std::unique_ptr<registry::Registry> open_data(const Console& console,
                                                            const std::vector<std::string>& paths);

// The first problems on stderr, and how many there are.
void report_problems(const Console& console, const base::ProblemList& problems);
// A failure of the library on stderr; kRefused.
int report_failure(const Console& console, const absl::Status& status);

// A day as typed; nothing, after saying what is wrong, when it is none.
[[nodiscard]] std::optional<time::Date> read_day(const Console& console, std::string_view command,
                                                 const std::string& text);

// Whether a format is one of text, csv, csv-excel and jsonl; complains when not.
[[nodiscard]] bool is_format(const Console& console, std::string_view command,
                             const std::string& format);
// A result in one of these formats. The notes of a table as data go to stderr. The exit code.
[[nodiscard]] int print_table(const Console& console, const table::Table& table,
                              const std::string& format);

}  // namespace dangbo::cli
