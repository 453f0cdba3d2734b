#include <algorithm>
#include <cerrno>
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
#include "files.hpp"
#include "query_document.hpp"

namespace dangbo::cli {

namespace {

using Json = nlohmann::ordered_json;

// Longer files are no lists of figures that anybody typed.
constexpr std::size_t kReadAtMost = std::size_t{4} << 20;

std::optional<std::string> read_published(const Console& console, const std::string& path) {
  int error = 0;
  auto text = read_file(path, kReadAtMost, error);
  if (text && text->size() <= kReadAtMost) return text;
  const std::string why =
      fit(printable(path), 60) + ": " + std::generic_category().message(text ? EFBIG : error);
  console.say({"không đọc được tệp " + why, "could not read the file " + why});
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
  const auto text = read_published(console, arguments.published);
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
  if (!arguments.movements.empty()) {
    request["movements"] = Json::parse(period_document(arguments.movements));
  }
  put("reorganisation", arguments.reorganisation);
  if (!published.empty()) request["published"] = std::move(published);
  return request.dump(-1, ' ', false, Json::error_handler_t::replace);
}

int write_page(const Console& console, const std::string& page, const std::string& path) {
  if (path.empty()) return console.print(page);
  if (!write_file(console, path, page)) return kRefused;
  const std::string shown = printable(path);
  const std::string size = std::to_string((page.size() + 1023) / 1024);
  console.say(
      {"đã ghi " + shown + " (" + size + " KiB)", "wrote " + shown + " (" + size + " KiB)"});
  return kFine;
}

bool is_text(const Console& console, const ReportArguments& arguments) {
  for (const std::string* text : {&arguments.unit, &arguments.audience, &arguments.trend,
                                  &arguments.movements, &arguments.reorganisation}) {
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
  const auto snapshot = snapshot_of(console, "report", *registry, arguments.known_at);
  if (!snapshot) return kUsage;
  const auto page = report::render_page(snapshot->at(*day), *request);
  if (!page.ok()) return report_failure(console, page.status());
  return write_page(console, *page, arguments.output);
}

}  // namespace dangbo::cli
