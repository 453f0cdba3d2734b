#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "commands.hpp"
#include "dangbo/base/text.hpp"
#include "dangbo/rollup/query.hpp"
#include "data.hpp"
#include "query_argument.hpp"
#include "query_document.hpp"

namespace dangbo::cli {

namespace {

int answer(const Console& console, const registry::Registry& registry, const rollup::Query& query,
           const std::string& format) {
  const auto result = rollup::run(registry.snapshot(), query);
  if (!result.ok()) return report_failure(console, result.status());
  return print_table(console, *result, format);
}

// The first option whose text is not UTF-8: JSON could not carry it.
std::optional<std::string_view> find_stray(const RollupArguments& arguments) {
  std::vector<std::string_view> texts = {arguments.of,      arguments.sum,   arguments.unit,
                                         arguments.each,    arguments.share, arguments.period,
                                         arguments.known_at};
  texts.insert(texts.end(), arguments.by.begin(), arguments.by.end());
  texts.insert(texts.end(), arguments.where.begin(), arguments.where.end());
  for (const std::string_view text : texts) {
    if (base::first_bad_utf8(text)) return text;
  }
  return std::nullopt;
}

// Whether --known-at is for us to read: days and times, which the query document does not know, and
// numbers once there is data to check them against.
bool is_to_be_read(const RollupArguments& arguments) {
  const std::string& text = arguments.known_at;
  if (text.find_first_of("-/.:") != std::string::npos) return true;
  return !arguments.paths.empty() && !text.empty() &&
         text.find_first_not_of("0123456789") == std::string::npos;
}

// What Query::parse cannot see because the document no longer shows it.
int check_options(const Console& console, const RollupArguments& arguments) {
  if (const auto stray = find_stray(arguments)) {
    const std::string shown = fit(printable(*stray), 60);
    return console.usage_error("rollup", {"«" + shown + "» không phải là chữ UTF-8",
                                          "\"" + shown + "\" is not UTF-8 text"});
  }
  std::set<std::string> columns;
  for (const std::string& text : arguments.where) {
    const std::string shown = fit(printable(text), 60);
    const std::size_t end = text.find_first_of("!=");
    if (end == std::string::npos || end == 0 || text.find('=') == std::string::npos ||
        (text[end] == '!' && text[end + 1] != '=')) {
      return console.usage_error(
          "rollup", {"--where «" + shown + "»: viết cột=giá_trị, ví dụ --where sex=female",
                     "--where \"" + shown + "\": write column=value, like --where sex=female"});
    }
    if (!columns.insert(text.substr(0, end)).second) {
      return console.usage_error(
          "rollup", {"--where «" + shown + "»: cột này đã có điều kiện; nhiều giá trị viết cột=a,b",
                     "--where \"" + shown +
                         "\": this column has a condition; several values are column=a,b"});
    }
  }
  return kFine;
}

}  // namespace

int run(const Console& console, const QueryArguments& arguments) {
  if (!is_format(console, "query", arguments.format)) return kUsage;
  int exit_code = kFine;
  const auto query =
      read_query(console, "query", arguments.query, arguments.paths, arguments.on, exit_code);
  if (!query) return exit_code;
  const auto registry = open_data(console, arguments.paths);
  if (registry == nullptr) return kRefused;
  return answer(console, *registry, *query, arguments.format);
}

int run(const Console& console, const RollupArguments& arguments) {
  if (arguments.paths.empty() && !arguments.show_query) {
    return console.usage_error("rollup",
                               {"thiếu thư mục dữ liệu", "the folder of the data is missing"});
  }
  // A query that is only shown may leave its day open; a balance is of the last day of its period.
  const bool has_day = arguments.show_query || arguments.of == "movements";
  if (!arguments.on.empty() || !has_day) {
    if (!read_day(console, "rollup", arguments.on)) return kUsage;
  }
  if (!is_format(console, "rollup", arguments.format)) return kUsage;
  if (const int wrong = check_options(console, arguments); wrong != kFine) return wrong;
  // Tables of the host's own are known only once the data is read.
  const auto registry = arguments.paths.empty() ? registry::Registry::create({})
                                                : open_data(console, arguments.paths);
  if (registry == nullptr) return kRefused;
  RollupArguments asked = arguments;
  if (is_to_be_read(arguments)) {
    const auto commit =
        read_known_at(console, "rollup", "--known-at", registry->snapshot(), arguments.known_at);
    if (!commit) return kUsage;
    asked.known_at = std::to_string(base::index_of(*commit));
  }
  const auto query = rollup::Query::parse(query_document(asked, registry->schemas()));
  if (!query.ok()) return report_failure(console, query.status());
  if (arguments.show_query) return console.print(query->to_json() + '\n');
  return answer(console, *registry, *query, arguments.format);
}

}  // namespace dangbo::cli
