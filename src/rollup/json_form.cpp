#include "rollup/json_form.hpp"

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dangbo/base/escape.hpp"
#include "dangbo/rollup/mistake.hpp"

namespace dangbo::inline v1::rollup {

namespace {

using base::ProblemCode;
using base::ProblemList;
using Json = nlohmann::json;

constexpr int kMaxDepth = 32;

// Watches the parse for keys that an object has twice.
class TwiceWatch {
 public:
  explicit TwiceWatch(ProblemList& problems) : problems_(problems) {}

  bool operator()(int depth, Json::parse_event_t event, const Json& value) {
    // `depth` of a key is that of its object's values: 1 for the document's own keys.
    if (event == Json::parse_event_t::object_start) {
      seen_.resize(static_cast<std::size_t>(depth) + 1);
      seen_.emplace_back();
      path_.resize(seen_.size());
    } else if (event == Json::parse_event_t::key) {
      const auto level = static_cast<std::size_t>(depth);
      seen_.resize(level + 1);
      path_.resize(level + 1);
      const std::string key = value.get<std::string>();
      path_[level] = step(key);
      if (!seen_[level].insert(key).second) report(level, key);
    }
    return true;
  }

 private:
  void report(std::size_t level, const std::string& key) {
    std::string at;
    for (std::size_t i = 0; i <= level; ++i) at += path_[i];
    problems_.add(mistake(ProblemCode::kBadQuery, std::move(at), key,
                          {"khoá này được ghi hai lần", "this key is given twice"},
                          {"giữ lại một", "keep one of them"}));
  }

  ProblemList& problems_;
  std::vector<std::set<std::string>> seen_;
  std::vector<std::string> path_;
};

base::Problem broken(std::size_t byte, std::string_view what) {
  const std::string at = std::to_string(byte);
  return mistake(
      ProblemCode::kBadQuery, "", "",
      {"không phải JSON đúng: lỗi ở byte " + at,
       "not well-formed JSON: error at byte " + at + " (" + std::string(what) + ")"},
      {"sửa cú pháp: ngoặc, dấu phẩy, dấu nháy kép", "mend the syntax: brackets, commas, quotes"});
}

}  // namespace

std::optional<Json> read_json(std::string_view json, ProblemList& problems, std::size_t max_mib) {
  if (json.size() > max_mib << 20) {
    const std::string most = std::to_string(max_mib) + " MiB";
    problems.add(mistake(ProblemCode::kBadQuery, "", "",
                         {"tài liệu dài quá " + most, "the document is longer than " + most},
                         {"rút ngắn danh sách giá trị", "shorten its lists of values"}));
    return std::nullopt;
  }
  if (base::nests_deeper(json, kMaxDepth)) {
    problems.add(mistake(ProblemCode::kBadQuery, "", "",
                         {"lồng nhau quá 32 tầng", "nested deeper than 32 levels"},
                         {"bỏ bớt ngoặc", "take away some brackets"}));
    return std::nullopt;
  }
  ProblemList repeated;
  try {  // nlohmann-json tells the byte of an error only by throwing
    TwiceWatch watch(repeated);
    Json root = Json::parse(json, std::ref(watch));
    problems.append(std::move(repeated));
    return root;
  } catch (const Json::parse_error& error) {
    problems.add(broken(error.byte, "parse_error " + std::to_string(error.id)));
  } catch (const Json::exception& error) {
    problems.add(broken(0, "error " + std::to_string(error.id)));
  }
  return std::nullopt;
}

absl::Status check_document(std::string_view json) {
  ProblemList problems;
  static_cast<void>(read_json(json, problems));
  if (problems.empty()) return absl::OkStatus();
  problems.sort();
  return base::problem_status(absl::StatusCode::kInvalidArgument, problems);
}

}  // namespace dangbo::inline v1::rollup
