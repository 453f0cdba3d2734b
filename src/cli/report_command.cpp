#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "dangbo/base/text.hpp"
#include "dangbo/report/page.hpp"
#include "dangbo/report/published.hpp"
#include "data.hpp"

namespace dangbo::cli {

namespace {

using Json = nlohmann::ordered_json;

// Longer files are no lists of figures that anybody typed.
constexpr std::size_t kReadAtMost = std::size_t{4} << 20;

void say_file(const Console& console, const Message& what, const std::string& path, int error) {
  const std::string shown = fit(printable(path), 60);
  const std::string why = std::generic_category().message(error);
  console.say(
      {what.vi + " «" + shown + "» (" + why + ")", what.en + " \"" + shown + "\" (" + why + ")"});
}

std::optional<std::string> read_file(const Console& console, const std::string& path) {
  errno = 0;
  std::FILE* file = std::fopen(path.c_str(), "rb");
  std::string text;
  if (file != nullptr) {
    text.resize(kReadAtMost + 1);
    text.resize(std::fread(text.data(), 1, text.size(), file));
    const bool failed = std::ferror(file) != 0;
    const int error = errno;
    static_cast<void>(std::fclose(file));
    if (!failed && text.size() <= kReadAtMost) return text;
    errno = failed ? error : EFBIG;
  }
  say_file(console, {"không đọc được tệp", "could not read the file"}, path, errno);
  return std::nullopt;
}

Json to_json(const report::PublishedFigure& figure) {
  return {{"source", figure.source},
          {"place", figure.place},
          {"as_of", figure.as_of.to_string()},
          {"figure_vi", figure.figure.vi},
          {"figure_en", figure.figure.en},
          {"published", figure.published},
          {"relation", figure.at_least ? ">=" : "="},
          {"body", figure.body},
          {"query", figure.query},
          {"value", figure.value},
          {"note_vi", figure.note.vi},
          {"note_en", figure.note.en}};
}

// The figures of a file that are asked for; nothing, after saying why, when it cannot be read or
// has none.
std::optional<Json> published_figures(const Console& console, const ReportArguments& arguments) {
  Json out = Json::array();
  if (arguments.published.empty()) return out;
  const auto text = read_file(console, arguments.published);
  if (!text) return std::nullopt;
  const auto figures = report::parse_published(*text, arguments.published);
  if (!figures.ok()) {
    report_failure(console, figures.status());
    return std::nullopt;
  }
  for (const report::PublishedFigure& figure : *figures) {
    if (arguments.body.empty() || figure.body == arguments.body) out.push_back(to_json(figure));
  }
  if (!out.empty()) return out;
  const std::string body = fit(printable(arguments.body), 40);
  console.say({"--published không có số liệu nào của «" + body + "»",
               "--published has no figure of \"" + body + "\""});
  return std::nullopt;
}

// The options as a request document; its parser names what is wrong with them.
std::string request_document(const Console& console, const ReportArguments& arguments,
                             Json published) {
  Json request = {{"page", 1}};
  const auto put = [&](const char* key, const std::string& value) {
    if (!value.empty()) request[key] = value;
  };
  put("unit", arguments.unit);
  request["language"] = console.language() == Language::kVietnamese ? "vi" : "en";
  put("audience", arguments.audience);
  if (!arguments.trend.empty()) request["trend"] = {{"from", arguments.trend}};
  put("reorganisation", arguments.reorganisation);
  if (!published.empty()) request["published"] = std::move(published);
  return request.dump(-1, ' ', false, Json::error_handler_t::replace);
}

int write_page(const Console& console, const std::string& page, const std::string& path) {
  if (path.empty()) return console.print(page);
  errno = 0;
  std::FILE* file = std::fopen(path.c_str(), "wb");
  bool is_written =
      file != nullptr && std::fwrite(page.data(), 1, page.size(), file) == page.size();
  if (file != nullptr) is_written = std::fclose(file) == 0 && is_written;
  if (!is_written) {
    say_file(console, {"không ghi được tệp", "could not write the file"}, path, errno);
    return kRefused;
  }
  const std::string shown = printable(path);
  const std::string size = std::to_string((page.size() + 1023) / 1024);
  console.say(
      {"đã ghi " + shown + " (" + size + " KiB)", "wrote " + shown + " (" + size + " KiB)"});
  return kFine;
}

bool is_text(const Console& console, const ReportArguments& arguments) {
  for (const std::string* text :
       {&arguments.unit, &arguments.audience, &arguments.trend, &arguments.reorganisation}) {
    if (!base::first_bad_utf8(*text)) continue;
    const std::string shown = fit(printable(*text), 60);
    console.usage_error("report", {"«" + shown + "» không phải là chữ UTF-8",
                                   "\"" + shown + "\" is not UTF-8 text"});
    return false;
  }
  return true;
}

}  // namespace

int run(const Console& console, const ReportArguments& arguments) {
  if (arguments.paths.empty()) {
    return console.usage_error("report",
                               {"thiếu thư mục dữ liệu", "the folder of the data is missing"});
  }
  const auto day = read_day(console, "report", arguments.on);
  if (!day || !is_text(console, arguments)) return kUsage;
  if (!arguments.body.empty() && arguments.published.empty()) {
    return console.usage_error("report", {"--body chỉ dùng cùng --published FILE.csv",
                                          "--body needs --published FILE.csv"});
  }
  auto published = published_figures(console, arguments);
  if (!published) return kRefused;
  const auto request =
      report::PageRequest::parse(request_document(console, arguments, *std::move(published)));
  if (!request.ok()) return report_failure(console, request.status());
  const auto registry = open_data(console, arguments.paths);
  if (registry == nullptr) return kRefused;
  const auto page = report::render_page(registry->snapshot().at(*day), *request);
  if (!page.ok()) return report_failure(console, page.status());
  return write_page(console, *page, arguments.output);
}

}  // namespace dangbo::cli
