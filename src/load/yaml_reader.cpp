#include "dangbo/load/yaml_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "dangbo/base/text.hpp"
#include "load/block_file.hpp"

namespace dangbo::inline v1::load::detail {

using base::Message;
using Kind = YamlNode::Kind;

namespace {

// 1000000 as "1,000,000".
std::string grouped(std::size_t number, std::string_view between) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, between);
  return digits;
}

}  // namespace

void YamlReader::refuse(const YamlNode& at, std::string_view value, Message reason, Message fix) {
  problems_.add(yaml_problem(code_, at.line, at.column, value, std::move(reason), std::move(fix)));
}

bool YamlReader::is_list(const YamlNode& node) {
  if (node.kind == Kind::kList) return true;
  refuse(node, node.text, {"chỗ này phải là danh sách", "this must be a list"},
         {"viết mỗi mục một dòng, bắt đầu bằng “- ”, hoặc trong [ ]",
          "one item a line, each after “- ”, or in [ ]"});
  return false;
}

bool YamlReader::is_map(const YamlNode& node, const std::vector<std::string_view>& known) {
  std::string list;
  for (const std::string_view key : known) {
    list += list.empty() ? "" : ", ";
    list += key;
  }
  if (node.kind != Kind::kMap) {
    refuse(node, node.text, {"chỗ này phải có các khoá", "this must have keys"},
           {"các khoá: " + list, "the keys: " + list});
    return false;
  }
  for (const YamlNode& key : node.keys) {
    if (std::find(known.begin(), known.end(), key.text) != known.end()) continue;
    Message fix = {"khoá dùng được: " + list, "known keys: " + list};
    if (const auto near = base::nearest(key.text, known.data(), known.size())) {
      const std::string word(known[*near]);
      fix = {"có phải là “" + word + "”? " + fix.vi, "did you mean “" + word + "”? " + fix.en};
    }
    refuse(key, key.text, {"không có khoá này", "unknown key"}, std::move(fix));
  }
  return true;
}

const YamlNode* YamlReader::needed(const YamlNode& map, std::string_view key) {
  const YamlNode* node = map.find(key);
  if (node == nullptr) {
    const std::string name(key);
    refuse(map, "", {"thiếu khoá “" + name + "”", "the key “" + name + "” is missing"},
           {"thêm “" + name + ": …”", "add “" + name + ": …”"});
  }
  return node;
}

std::optional<base::Problem> utf8_problem(std::string_view text, std::string source) {
  const auto bad = base::first_bad_utf8(text);
  if (!bad) return std::nullopt;
  const auto line =
      std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(*bad), '\n');
  return base::Problem{.code = base::ProblemCode::kBadUtf8,
                       .place = {.file = std::move(source),
                                 .row = static_cast<std::uint64_t>(line) + 1,
                                 .column = ""},
                       .value = "",
                       .reason = {"không phải chữ UTF-8", "not UTF-8 text"},
                       .fix = {"lưu lại dạng UTF-8", "save it as UTF-8"}};
}

base::Problem size_problem(base::ProblemCode code, std::size_t limit, std::string source) {
  return {.code = code,
          .place = {.file = std::move(source), .row = 0, .column = ""},
          .value = "",
          .reason = {"dài hơn " + grouped(limit, " ") + " byte",
                     "longer than " + grouped(limit, ",") + " bytes"},
          .fix = {"chia thành nhiều tệp", "divide it into several files"}};
}

std::optional<std::string> read_text_file(const std::string& path, std::size_t limit,
                                          base::ProblemCode code, base::ProblemList& problems) {
  BlockFile file;
  if (!file.open(path, shown(path))) {
    problems.add(file.problem());
    return std::nullopt;
  }
  std::string text(limit + 1, '\0');
  const auto got = file.read(text.data(), text.size());
  if (!got) {
    problems.add(file.problem());
    return std::nullopt;
  }
  text.resize(*got);
  if (*got > limit) {
    problems.add(size_problem(code, limit, shown(path)));
    return std::nullopt;
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  if (auto problem = utf8_problem(text, shown(path))) {
    problems.add(*std::move(problem));
    return std::nullopt;
  }
  return text;
}

}  // namespace dangbo::inline v1::load::detail
