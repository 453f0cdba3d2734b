#include <cstddef>
#include <string>
#include <system_error>

#include "commands.hpp"
#include "dangbo/rollup/freeze.hpp"
#include "data.hpp"
#include "files.hpp"
#include "query_argument.hpp"

namespace dangbo::cli {

namespace {

// A longer document is refused by its parser.
constexpr std::size_t kReadAtMost = std::size_t{32} << 20;

int say_outcome(const Console& console, const rollup::Comparison& made) {
  if (made.differing == 0) {
    console.say({"không số liệu nào khác số đã chốt", "no figure differs from the frozen ones"});
    return kFine;
  }
  const std::string count = std::to_string(made.differing);
  console.say({count + " số liệu khác số đã chốt", count + " figures differ from the frozen ones"});
  return kRefused;
}

}  // namespace

int run(const Console& console, const FreezeArguments& arguments) {
  int exit_code = kFine;
  const auto query =
      read_query(console, "freeze", arguments.query, arguments.paths, arguments.on, exit_code);
  if (!query) return exit_code;
  const auto registry = open_data(console, arguments.paths);
  if (registry == nullptr) return kRefused;
  const auto frozen = rollup::freeze(registry->snapshot(), *query);
  if (!frozen.ok()) return report_failure(console, frozen.status());
  if (arguments.output.empty()) return console.print(frozen->to_json());
  if (!write_file(console, arguments.output, frozen->to_json())) return kRefused;
  const std::string shown = printable(arguments.output);
  console.say({"đã chốt vào " + shown + ", SHA-256 " + frozen->digest(),
               "frozen in " + shown + ", SHA-256 " + frozen->digest()});
  return kFine;
}

int run(const Console& console, const CompareArguments& arguments) {
  if (arguments.frozen.empty()) {
    return console.usage_error("compare",
                               {"thiếu tệp số liệu đã chốt (dangbo freeze)",
                                "the file of frozen figures is missing (dangbo freeze)"});
  }
  if (arguments.paths.empty()) {
    return console.usage_error("compare",
                               {"thiếu thư mục dữ liệu", "the folder of the data is missing"});
  }
  if (!is_format(console, "compare", arguments.format)) return kUsage;
  int error = 0;
  const auto text = read_file(arguments.frozen, kReadAtMost, error);
  if (!text) {
    const std::string why =
        fit(printable(arguments.frozen), 60) + ": " + std::generic_category().message(error);
    console.say({"không đọc được tệp " + why, "could not read the file " + why});
    return kRefused;
  }
  const auto frozen = rollup::Frozen::parse(*text);
  if (!frozen.ok()) return report_failure(console, frozen.status());
  const auto registry = open_data(console, arguments.paths);
  if (registry == nullptr) return kRefused;
  const auto made = rollup::compare(registry->snapshot(), *frozen, {.all = arguments.all});
  if (!made.ok()) return report_failure(console, made.status());
  const int printed =
      print_table(console, arguments.causes ? made->causes : made->cells, arguments.format);
  const int outcome = say_outcome(console, *made);
  return printed == kFine ? outcome : printed;
}

}  // namespace dangbo::cli
