// The options of a difference as a document, for hosts that cannot pass structures.
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "dangbo/base/text.hpp"
#include "dangbo/load/difference.hpp"

namespace dangbo::inline v1::load {

namespace {

using base::ProblemCode;
using Json = nlohmann::json;

constexpr std::size_t kMaxBytes = std::size_t{1} << 20;

class Reading {
 public:
  explicit Reading(std::string_view text) : text_(text) {}

  absl::StatusOr<DifferenceOptions> run() {
    const Json document = parse();
    if (problems_.empty() && !document.is_object())
      mistake("", "", {"tài liệu phải là một đối tượng JSON", "the document must be an object"});
    if (problems_.empty()) read(document);
    if (problems_.empty()) return std::move(options_);
    return base::problem_status(absl::StatusCode::kInvalidArgument, problems_);
  }

 private:
  void mistake(const std::string& at, std::string_view value, base::Message reason,
               base::Message fix = {"xem docs/roster.md", "see docs/roster.md"}) {
    problems_.add({.code = ProblemCode::kOutOfRange,
                   .place = {.file = "", .row = 0, .column = at},
                   .value = base::shorten(value, 64),
                   .reason = std::move(reason),
                   .fix = std::move(fix)});
  }

  // A key twice in one object would hide one of its values.
  Json parse() {
    if (text_.size() > kMaxBytes) {
      mistake("", "", {"tài liệu dài quá 1 MiB", "the document is longer than 1 MiB"});
      return {};
    }
    std::vector<std::vector<std::string>> keys;
    const auto watch = [&](int, Json::parse_event_t event, const Json& parsed) {
      if (event == Json::parse_event_t::object_start) keys.emplace_back();
      if (event == Json::parse_event_t::object_end) keys.pop_back();
      if (event == Json::parse_event_t::key) {
        const auto key = parsed.get<std::string>();
        for (const std::string& other : keys.back())
          if (other == key) mistake('/' + key, key, {"khoá ghi hai lần", "the key stands twice"});
        keys.back().push_back(key);
      }
      return true;
    };
    Json document = Json::parse(text_.begin(), text_.end(), watch, false);
    if (document.is_discarded() && problems_.empty())
      mistake("", "", {"không phải JSON đúng", "this is not well-formed JSON"});
    return document;
  }

  void read(const Json& document) {
    static constexpr std::string_view kKeys[] = {
        "difference", "day", "partial", "subtree", "policies", "max_vanished", "quarantine"};
    for (const auto& [key, value] : document.items()) {
      if (key == "difference") {
        if (value != 1) wrong(key, value, "1", "1");
      } else if (key == "day") {
        read_day(value);
      } else if (key == "partial") {
        read_partial(value);
      } else if (key == "subtree") {
        value.is_string() ? void(options_.subtree = value.get<std::string>())
                          : wrong(key, value, "mã tổ chức", "a unit's key");
      } else if (key == "policies") {
        read_policies(value);
      } else if (key == "max_vanished") {
        const bool fits = value.is_number_unsigned() && value.get<std::uint64_t>() <= 1000;
        fits ? void(options_.max_vanished = value.get<std::uint32_t>())
             : wrong(key, value, "số phần nghìn từ 0 đến 1000", "thousandths from 0 to 1000");
      } else if (key == "quarantine") {
        value.is_boolean() ? void(options_.quarantine = value.get<bool>())
                           : wrong(key, value, "true hoặc false", "true or false");
      } else {
        unknown(key, kKeys, std::size(kKeys));
      }
    }
    if (!document.contains("difference"))
      mistake("/difference", "", {"thiếu số phiên bản: 1", "the version is missing: 1"});
    if (!document.contains("day"))
      mistake("/day", "", {"thiếu ngày của bản trích", "the day of the extract is missing"});
  }

  void wrong(const std::string& at, const Json& value, const char* vi, const char* en) {
    const std::string shown = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    mistake('/' + at, shown, {std::string("phải là ") + vi, std::string("must be ") + en});
  }

  void unknown(const std::string& key, const std::string_view* known, std::size_t count) {
    const auto near = base::nearest(key, known, count);
    base::Message fix = {"bỏ khoá này", "drop the key"};
    if (near)
      fix = {"có phải «" + std::string(known[*near]) + "»?",
             "did you mean «" + std::string(known[*near]) + "»?"};
    mistake('/' + key, key, {"không có khoá này", "there is no such key"}, std::move(fix));
  }

  void read_day(const Json& value) {
    const auto day =
        value.is_string() ? time::parse_date(value.get<std::string>()).value : std::nullopt;
    if (!day || !day->is_exact())
      return wrong("day", value, "ngày, 2024-03-01", "a day, 2024-03-01");
    options_.day = day->first_day();
  }

  void read_partial(const Json& value) {
    if (!value.is_array()) return wrong("partial", value, "danh sách bảng", "a list of tables");
    for (const Json& table : value) {
      table.is_string() ? void(options_.partial.push_back(table.get<std::string>()))
                        : wrong("partial", table, "tên bảng", "the name of a table");
    }
  }

  void read_policies(const Json& value) {
    if (!value.is_object())
      return wrong("policies", value, "đối tượng bảng.cột: cách", "an object table.field: policy");
    static constexpr std::string_view kNames[] = {"happened", "correction", "ask"};
    static constexpr OnChange kPolicies[] = {OnChange::kHappened, OnChange::kCorrection,
                                             OnChange::kAsk};
    for (const auto& [field, policy] : value.items()) {
      const std::string name = policy.is_string() ? policy.get<std::string>() : "";
      const auto* const at = std::find(std::begin(kNames), std::end(kNames), name);
      if (at == std::end(kNames)) {
        wrong("policies/" + field, policy, "happened, correction hoặc ask",
              "happened, correction or ask");
        continue;
      }
      options_.policies.emplace_back(field, kPolicies[at - std::begin(kNames)]);
    }
  }

  std::string_view text_;
  DifferenceOptions options_;
  base::ProblemList problems_;
};

}  // namespace

absl::StatusOr<DifferenceOptions> parse_difference_options(std::string_view json) {
  return Reading(json).run();
}

}  // namespace dangbo::inline v1::load
