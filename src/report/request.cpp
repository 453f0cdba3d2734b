// From JSON text to a request: form only, every mistake of the form listed.
#include "report/request.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "dangbo/base/text.hpp"
#include "dangbo/rollup/mistake.hpp"
#include "dangbo/rollup/query.hpp"

namespace dangbo::inline v1::report {

namespace {

using base::ProblemCode;
using base::ProblemList;
using rollup::mistake;
using rollup::step;
using rollup::suggest;
using Json = nlohmann::json;

constexpr std::array<std::string_view, kPartCount> kParts = {
    "overview",  "units",          "composition", "grades", "trend",
    "movements", "reorganisation", "published",   "notes"};
constexpr std::array<std::string_view, 10> kKeys = {
    "page",  "on",    "unit",      "language",       "audience",
    "parts", "trend", "movements", "reorganisation", "published"};
constexpr std::array<std::string_view, 12> kFigureKeys = {
    "source",   "place", "as_of", "figure_vi", "figure_en", "published",
    "relation", "body",  "query", "value",     "note_vi",   "note_en"};
constexpr std::array<std::string_view, 5> kValues = {"count", "percent", "rows", "min", "max"};
constexpr std::size_t kMaxFigures = 500;
constexpr double kLargest = 1e12;

template <std::size_t N>
std::vector<std::string_view> list_of(const std::array<std::string_view, N>& names) {
  return {names.begin(), names.end()};
}

std::string shown(const Json& value) {
  return value.is_string() ? value.get<std::string>()
                           : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

class Parser {
 public:
  explicit Parser(ProblemList& problems) : problems_(problems) {}

  void document(const Json& root, PageRequest::Document& out) {
    if (!root.is_object()) {
      add("", shown(root), {"yêu cầu phải là một đối tượng JSON", "a request is a JSON object"},
          {"viết {\"page\":1}", "write {\"page\":1}"});
      return;
    }
    known_keys(root, "", list_of(kKeys));
    const Json* version = find(root, "page");
    if (version == nullptr || !version->is_number_integer() || *version != 1) {
      add("/page", version == nullptr ? "" : shown(*version),
          {"thiếu hoặc không biết phiên bản yêu cầu", "the version is missing or unknown"},
          {"ghi \"page\": 1", "write \"page\": 1"});
    }
    out.on = day(root, "", "on");
    out.unit = text(root, "", "unit", true);
    if (choice(root, "", "language", {"vi", "en"}) == "en") out.language = base::Language::kEnglish;
    if (choice(root, "", "audience", {"public", "internal"}) == "internal") {
      out.audience = Audience::kInternal;
    }
    out.parts = parts(root);
    if (const Json* trend = find(root, "trend")) trend_of(*trend, out);
    if (const Json* period = find(root, "movements")) out.movements = movements(*period);
    out.reorganisation = day(root, "", "reorganisation");
    // The day before must be a day too.
    if (out.reorganisation && *out.reorganisation <= *time::Date::from_ymd(1400, 1, 1)) {
      expected(*find(root, "reorganisation"), "/reorganisation", "một ngày sau 1400-01-01",
               "a day after 1400-01-01");
    }
    if (const Json* figures = find(root, "published")) published(*figures, out.published);
  }

 private:
  void add(std::string at, std::string_view value, base::Message reason, base::Message fix) {
    problems_.add(
        mistake(ProblemCode::kBadQuery, std::move(at), value, std::move(reason), std::move(fix)));
  }

  void expected(const Json& value, std::string at, const char* vi, const char* en) {
    add(std::move(at), shown(value), {std::string("cần ") + vi, std::string("expected ") + en},
        {std::string("ghi ") + vi, std::string("write ") + en});
  }

  static const Json* find(const Json& object, std::string_view key) {
    const auto at = object.find(std::string(key));
    return at == object.end() ? nullptr : &*at;
  }

  void known_keys(const Json& object, const std::string& at,
                  const std::vector<std::string_view>& allowed) {
    for (const auto& [key, value] : object.items()) {
      if (std::find(allowed.begin(), allowed.end(), key) != allowed.end()) continue;
      add(at + step(key), key, {"không có khoá này ở đây", "there is no such key here"},
          suggest(key, allowed));
    }
  }

  std::string text(const Json& object, const std::string& at, std::string_view key,
                   bool must_say = false) {
    const Json* value = find(object, key);
    if (value == nullptr) return {};
    if (value->is_string() && !(must_say && value->get_ref<const std::string&>().empty())) {
      return base::to_nfc(value->get_ref<const std::string&>());
    }
    expected(*value, at + step(key), must_say ? "một chuỗi không rỗng" : "một chuỗi",
             must_say ? "a text that is not empty" : "a text");
    return {};
  }

  std::string choice(const Json& object, const std::string& at, std::string_view key,
                     const std::vector<std::string_view>& allowed) {
    const Json* value = find(object, key);
    if (value == nullptr) return {};
    const std::string word = value->is_string() ? value->get<std::string>() : std::string();
    if (std::find(allowed.begin(), allowed.end(), word) != allowed.end()) return word;
    add(at + step(key), shown(*value), {"không có lựa chọn này", "there is no such choice"},
        suggest(shown(*value), allowed));
    return {};
  }

  std::optional<time::Date> day(const Json& object, const std::string& at, std::string_view key) {
    const Json* value = find(object, key);
    if (value == nullptr) return std::nullopt;
    if (value->is_string()) {
      const auto date = time::parse_date(value->get_ref<const std::string&>()).value;
      if (date && date->is_exact()) return date->exact();
    }
    expected(*value, at + step(key), "một ngày đầy đủ như \"2020-11-30\"",
             "a full day like \"2020-11-30\"");
    return std::nullopt;
  }

  std::uint32_t parts(const Json& root) {
    constexpr std::uint32_t kAll = (1U << kPartCount) - 1;
    const Json* value = find(root, "parts");
    if (value == nullptr) return kAll;
    if (!value->is_array() || value->empty()) {
      expected(*value, "/parts", "một danh sách phần của trang", "a list of parts of the page");
      return kAll;
    }
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < value->size(); ++i) {
      const Json& entry = (*value)[i];
      const std::string word = entry.is_string() ? entry.get<std::string>() : std::string();
      const auto known = std::find(kParts.begin(), kParts.end(), word);
      if (known == kParts.end()) {
        add("/parts/" + std::to_string(i), shown(entry),
            {"trang không có phần này", "a page has no such part"},
            suggest(shown(entry), list_of(kParts)));
      } else {
        bits |= 1U << static_cast<unsigned>(known - kParts.begin());
      }
    }
    return bits;
  }

  void trend_of(const Json& value, PageRequest::Document& out) {
    if (!value.is_object()) {
      expected(value, "/trend", "{\"from\": \"2019-01-01\"}", "{\"from\": \"2019-01-01\"}");
      return;
    }
    known_keys(value, "/trend", {"from"});
    if (find(value, "from") == nullptr) {
      add("/trend/from", "", {"thiếu ngày đầu", "the first day is missing"},
          {"ghi \"from\": \"2019-01-01\"", "write \"from\": \"2019-01-01\""});
      return;
    }
    out.trend_from = day(value, "/trend", "from");
  }

  // The period as rollup takes it, and its mistakes as rollup names them.
  std::string movements(const Json& value) {
    const Json query = {{"query", 1}, {"of", "movements"}, {"period", value}};
    const auto parsed =
        rollup::Query::parse(query.dump(-1, ' ', false, Json::error_handler_t::replace));
    if (parsed.ok()) return value.dump();
    const ProblemList found = base::problems_of(parsed.status());
    for (base::Problem problem : found.kept()) {
      problem.place.column.replace(0, std::string_view("/period").size(), "/movements");
      problems_.add(std::move(problem));
    }
    return {};
  }

  void published(const Json& value, std::vector<PublishedFigure>& out) {
    if (!value.is_array() || value.size() > kMaxFigures) {
      expected(value, "/published", "một danh sách nhiều nhất 500 số liệu",
               "a list of at most 500 figures");
      return;
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
      const std::string at = "/published/" + std::to_string(i);
      if (value[i].is_object()) {
        out.push_back(figure(value[i], at));
      } else {
        expected(value[i], at, "một đối tượng", "an object");
      }
    }
  }

  PublishedFigure figure(const Json& value, const std::string& at) {
    known_keys(value, at, list_of(kFigureKeys));
    PublishedFigure out;
    out.source = text(value, at, "source");
    out.place = text(value, at, "place");
    required(value, at, {"as_of", "published", "query"});
    out.as_of = day(value, at, "as_of").value_or(time::Date());
    out.figure = {text(value, at, "figure_vi"), text(value, at, "figure_en")};
    if (const Json* number = find(value, "published")) {
      const double given = number->is_number() ? number->get<double>() : kLargest + 1;
      if (given >= -kLargest && given <= kLargest) {
        out.published = given;
      } else {
        expected(*number, at + "/published", "một số, không quá 1e12", "a number up to 1e12");
      }
    }
    out.at_least = choice(value, at, "relation", {"=", ">="}) == ">=";
    out.body = text(value, at, "body");
    if (const Json* query = find(value, "query")) {
      if (query->is_object() || query->is_string()) {
        out.query = shown(*query);
      } else {
        expected(*query, at + "/query", "một truy vấn", "a query");
      }
    }
    out.value = choice(value, at, "value", list_of(kValues));
    if (out.value.empty()) out.value = "count";
    out.note = {text(value, at, "note_vi"), text(value, at, "note_en")};
    return out;
  }

  void required(const Json& value, const std::string& at,
                const std::vector<std::string_view>& keys) {
    for (const std::string_view key : keys) {
      if (find(value, key) != nullptr) continue;
      add(at + step(key), "", {"thiếu khoá này", "this key is missing"},
          {"thêm \"" + std::string(key) + "\"", "add \"" + std::string(key) + "\""});
    }
  }

  ProblemList& problems_;
};

}  // namespace

std::string_view word_of(Part part) noexcept {
  return kParts[static_cast<std::size_t>(part)];
}

absl::StatusOr<PageRequest> PageRequest::parse(std::string_view json) {
  if (absl::Status status = rollup::check_document(json); !status.ok()) return status;
  ProblemList problems;
  auto document = std::make_shared<Document>();
  try {  // nlohmann-json has no other voice; the text has been read once already
    Parser(problems).document(Json::parse(json), *document);
  } catch (const Json::exception&) {
    problems.add(mistake(ProblemCode::kBadQuery, "", "",
                         {"không đọc được tài liệu", "the document cannot be read"},
                         {"kiểm tra các con số", "check its numbers"}));
  }
  if (problems.empty()) return PageRequest(std::move(document));
  problems.sort();
  return base::problem_status(absl::StatusCode::kInvalidArgument, problems);
}

}  // namespace dangbo::inline v1::report
