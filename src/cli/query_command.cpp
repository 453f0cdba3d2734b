#include <array>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "commands.hpp"
#include "dangbo/base/text.hpp"
#include "dangbo/rollup/query.hpp"
#include "data.hpp"
#include "query_document.hpp"

namespace dangbo::cli {

namespace {

// A document may be 1 MiB; whatever is longer is refused by its parser, and needs not be read.
constexpr std::size_t kReadAtMost = (std::size_t{1} << 20) + 1;

std::optional<std::string> read_all(std::FILE* file, int& error) {
  std::string text;
  std::array<char, 1 << 14> block{};
  while (text.size() < kReadAtMost) {
    errno = 0;
    const std::size_t count = std::fread(block.data(), 1, block.size(), file);
    text.append(block.data(), count);
    if (count == block.size()) continue;
    if (std::ferror(file) == 0) break;
    error = errno;
    return std::nullopt;
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  return text;
}

std::optional<std::string> read_query_file(const Console& console, const std::string& path) {
  int error = 0;
  std::optional<std::string> text;
  if (path == "-") {
    text = read_all(stdin, error);
  } else if (std::FILE* file = std::fopen(path.c_str(), "rb"); file != nullptr) {
    text = read_all(file, error);
    static_cast<void>(std::fclose(file));
  } else {
    error = errno;
  }
  if (text) return text;
  const std::string shown = fit(printable(path), 60);
  const std::string why = std::generic_category().message(error);
  console.say(
      {"không đọc được tệp truy vấn «" + shown + "» (" + why +
           "); truy vấn viết thẳng bắt đầu bằng {, ví dụ '{\"query\":1,\"of\":\"members\"}'",
       "could not read the query file \"" + shown + "\" (" + why +
           "); a query in the argument begins with {, like "
           "'{\"query\":1,\"of\":\"members\"}'"});
  return std::nullopt;
}

std::optional<std::string> query_text(const Console& console, const std::string& argument) {
  const std::size_t first = argument.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && argument[first] == '{') return argument;
  return read_query_file(console, argument);
}

// The query with the day of --on, when it has none. Nothing, after saying why, when there is no day
// or another one.
std::optional<rollup::Query> with_day(const Console& console, const rollup::Query& query,
                                      const std::string& on) {
  if (query.on() && on.empty()) return query;
  const auto day = read_day(console, "query", on);
  if (!day) return std::nullopt;
  const std::string text = day->to_string();
  if (query.on()) {
    if (*query.on() == *day) return query;
    const std::string other = query.on()->to_string();
    console.usage_error(
        "query",
        {"--on " + text + ", nhưng truy vấn ghi \"on\": \"" + other + "\"; bỏ một",
         "--on " + text + ", but the query says \"on\": \"" + other + "\"; drop one of them"});
    return std::nullopt;
  }
  // The canonical form is an object that is not empty.
  auto dated = rollup::Query::parse("{\"on\":\"" + text + "\"," + query.to_json().substr(1));
  if (dated.ok()) return *std::move(dated);
  report_failure(console, dated.status());
  return std::nullopt;
}

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
  if (arguments.query.empty()) {
    return console.usage_error("query", {"thiếu truy vấn: JSON, tên tệp, hoặc - để đọc từ đầu vào",
                                         "the query is missing: JSON, a file, or - for stdin"});
  }
  if (arguments.paths.empty()) {
    return console.usage_error(
        "query", {"thiếu --data DIR: thư mục dữ liệu", "--data DIR is missing: the data's folder"});
  }
  if (!is_format(console, "query", arguments.format)) return kUsage;
  const auto text = query_text(console, arguments.query);
  if (!text) return kRefused;
  const auto parsed = rollup::Query::parse(*text);
  if (!parsed.ok()) return report_failure(console, parsed.status());
  const auto query = with_day(console, *parsed, arguments.on);
  if (!query) return kUsage;
  const auto registry = open_data(console, arguments.paths);
  if (registry == nullptr) return kRefused;
  return answer(console, *registry, *query, arguments.format);
}

int run(const Console& console, const RollupArguments& arguments) {
  if (arguments.paths.empty() && !arguments.show_query) {
    return console.usage_error("rollup",
                               {"thiếu thư mục dữ liệu", "the folder of the data is missing"});
  }
  // A query that is only shown may leave its day open.
  if (!arguments.on.empty() || !arguments.show_query) {
    if (!read_day(console, "rollup", arguments.on)) return kUsage;
  }
  if (!is_format(console, "rollup", arguments.format)) return kUsage;
  if (const int wrong = check_options(console, arguments); wrong != kFine) return wrong;
  // Tables of the host's own are known only once the data is read.
  const auto registry = arguments.paths.empty() ? registry::Registry::create({})
                                                : open_data(console, arguments.paths);
  if (registry == nullptr) return kRefused;
  const auto query = rollup::Query::parse(query_document(arguments, registry->schemas()));
  if (!query.ok()) return report_failure(console, query.status());
  if (arguments.show_query) return console.print(query->to_json() + '\n');
  return answer(console, *registry, *query, arguments.format);
}

}  // namespace dangbo::cli
