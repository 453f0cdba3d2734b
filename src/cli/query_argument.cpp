#include "query_argument.hpp"

#include <cstddef>
#include <system_error>

#include "data.hpp"
#include "files.hpp"

namespace dangbo::cli {

namespace {

// A longer document is refused by its parser.
constexpr std::size_t kReadAtMost = std::size_t{1} << 20;

std::optional<std::string> query_text(const Console& console, const std::string& argument) {
  const std::size_t first = argument.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && argument[first] == '{') return argument;
  int error = 0;
  auto text = read_file(argument, kReadAtMost, error);
  if (text) return text;
  const std::string shown = fit(printable(argument), 60);
  const std::string why = std::generic_category().message(error);
  console.say(
      {"không đọc được tệp truy vấn «" + shown + "» (" + why +
           "); truy vấn viết thẳng bắt đầu bằng {, ví dụ '{\"query\":1,\"of\":\"members\"}'",
       "could not read the query file \"" + shown + "\" (" + why +
           "); a query in the argument begins with {, like "
           "'{\"query\":1,\"of\":\"members\"}'"});
  return std::nullopt;
}

// The query with the day of --on, when it has none.
std::optional<rollup::Query> with_day(const Console& console, std::string_view command,
                                      const rollup::Query& query, const std::string& on) {
  if (query.on() && on.empty()) return query;
  const auto day = read_day(console, command, on);
  if (!day) return std::nullopt;
  const std::string text = day->to_string();
  if (query.on()) {
    if (*query.on() == *day) return query;
    const std::string other = query.on()->to_string();
    console.usage_error(
        command,
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

}  // namespace

std::optional<rollup::Query> read_query(const Console& console, std::string_view command,
                                        const std::string& argument,
                                        const std::vector<std::string>& paths,
                                        const std::string& on, int& exit_code) {
  exit_code = kUsage;
  if (argument.empty()) {
    console.usage_error(command, {"thiếu truy vấn: JSON, tên tệp, hoặc - để đọc từ đầu vào",
                                  "the query is missing: JSON, a file, or - for stdin"});
    return std::nullopt;
  }
  if (paths.empty()) {
    console.usage_error(
        command, {"thiếu --data DIR: thư mục dữ liệu", "--data DIR is missing: the data's folder"});
    return std::nullopt;
  }
  exit_code = kRefused;
  const auto text = query_text(console, argument);
  if (!text) return std::nullopt;
  const auto parsed = rollup::Query::parse(*text);
  if (!parsed.ok()) {
    report_failure(console, parsed.status());
    return std::nullopt;
  }
  exit_code = kUsage;
  return with_day(console, command, *parsed, on);
}

}  // namespace dangbo::cli
