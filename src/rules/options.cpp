// What to check, as a JSON document.
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "dangbo/rollup/mistake.hpp"
#include "dangbo/rules/check.hpp"

namespace dangbo::inline v1::rules {

namespace {

using base::ProblemCode;
using Json = nlohmann::json;

class Reader {
 public:
  absl::StatusOr<CheckOptions> read(const Json& document) {
    if (!document.is_object()) {
      wrong("", document, {"phải là một đối tượng JSON", "this must be a JSON object"});
    } else {
      for (const auto& [key, value] : document.items()) field(key, value);
    }
    if (!problems_.empty()) {
      return base::problem_status(absl::StatusCode::kInvalidArgument, problems_);
    }
    return std::move(out_);
  }

 private:
  void wrong(const std::string& at, const Json& value, base::Message reason,
             base::Message fix = {}) {
    const std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    problems_.add(rollup::mistake(ProblemCode::kBadQuery, at, text.substr(0, 64), std::move(reason),
                                  std::move(fix)));
  }

  void field(const std::string& key, const Json& value) {
    const std::string at = rollup::step(key);
    if (key == "about_persons") {
      if (!value.is_boolean())
        return wrong(at, value, {"phải là true hoặc false", "true or false"});
      out_.about_persons = value.get<bool>();
    } else if (key == "unit") {
      if (!value.is_string()) return wrong(at, value, {"phải là mã đơn vị", "the key of a unit"});
      out_.unit = value.get<std::string>();
    } else if (key == "rules") {
      rules(at, value);
    } else {
      wrong(at, key, {"không có mục này", "there is no such key"},
            rollup::suggest(key, {"about_persons", "rules", "unit"}));
    }
  }

  void rules(const std::string& at, const Json& value) {
    if (!value.is_array()) {
      return wrong(at, value, {"phải là danh sách mã quy tắc", "a list of ids of rules"});
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (value[i].is_string()) {
        out_.rules.push_back(value[i].get<std::string>());
      } else {
        wrong(at + rollup::step(std::to_string(i)), value[i],
              {"phải là mã quy tắc", "the id of a rule"});
      }
    }
  }

  CheckOptions out_;
  base::ProblemList problems_;
};

}  // namespace

absl::StatusOr<CheckOptions> parse_options(std::string_view json) {
  if (json.empty()) return CheckOptions{};
  const absl::Status form = rollup::check_document(json);
  if (!form.ok()) return form;
  return Reader().read(Json::parse(json, nullptr, false));
}

}  // namespace dangbo::inline v1::rules
