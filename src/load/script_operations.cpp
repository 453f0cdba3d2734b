#include "load/script_operations.hpp"

#include <algorithm>
#include <utility>

#include "dangbo/base/text.hpp"
#include "dangbo/time/date.hpp"

namespace dangbo::inline v1::load::detail {

namespace {

using base::Message;
using registry::Act;
using registry::Attributes;
using registry::Operation;
using registry::Part;
using Kind = YamlNode::Kind;

// The keys an operation takes beside `day`, `decision` and, for units, `event`.
const std::map<std::string_view, std::vector<std::string_view>>& unit_keys() {
  static const std::map<std::string_view, std::vector<std::string_view>> keys = {
      {"establish", {"unit", "parent", "set"}},
      {"rename", {"unit", "name", "short_name"}},
      {"convert", {"unit", "set"}},
      {"reparent", {"unit", "units", "children_of", "parent"}},
      {"absorb", {"unit", "units", "into"}},
      {"merge", {"units", "into", "parent", "set"}},
      {"divide", {"unit", "parts"}},
      {"split_off", {"unit", "parts"}},
      {"close", {"unit", "units"}},
      {"disband", {"unit", "units"}},
  };
  return keys;
}

const std::map<std::string_view, std::vector<std::string_view>>& member_keys() {
  static const std::map<std::string_view, std::vector<std::string_view>> keys = {
      {"admit", {"member", "unit", "in_reason", "set"}},
      {"confirm", {"member"}},
      {"move", {"member", "members", "to", "reason", "issued_on"}},
      {"temporary", {"member", "unit", "until"}},
      {"in_transit", {"member"}},
      {"exempt", {"member", "until"}},
      {"suspend", {"member", "until"}},
      {"leave", {"member", "reason"}},
      {"appoint", {"member", "unit", "post", "body", "basis", "approved_on"}},
      {"relieve", {"member", "unit", "post", "body"}},
      {"merge_members", {"member", "into"}},
      {"unmerge_members", {"member"}},
  };
  return keys;
}

}  // namespace

OperationReader::OperationReader(const registry::Registry& registry, base::ProblemCode code,
                                 base::ProblemList& problems)
    : YamlReader(code, problems),
      units_(*registry.find_schema("units")),
      members_(*registry.find_schema("members")),
      unit_words_(units_),
      member_words_(members_) {}

const std::vector<std::string_view>& OperationReader::words() {
  static const std::vector<std::string_view> all = [] {
    std::vector<std::string_view> words;
    for (const auto& [word, keys] : unit_keys()) words.push_back(word);
    for (const auto& [word, keys] : member_keys()) words.push_back(word);
    return words;
  }();
  return all;
}

std::optional<Operation> OperationReader::read(const YamlNode& item) {
  const std::uint64_t before = problems_.total();
  const std::string_view word = item.keys.front().text;
  const YamlNode& map = item.items.front();
  const bool of_unit = unit_keys().contains(word);
  std::vector<std::string_view> known = of_unit ? unit_keys().at(word) : member_keys().at(word);
  known.insert(known.end(), {"day", "decision"});
  if (of_unit) known.push_back("event");
  if (!is_map(map, known)) return std::nullopt;
  auto operation = of_unit ? read_unit(word, map) : read_member(word, map);
  if (problems_.total() != before) return std::nullopt;
  std::visit([&](auto& what) { what.act.place.row = item.keys.front().line; }, *operation);
  return operation;
}

std::optional<Operation> OperationReader::read_unit(std::string_view word, const YamlNode& map) {
  const Act stated = act(map);
  if (word == "establish")
    return registry::Establish{stated, text(map, "unit"), text(map, "parent", false),
                               attributes(map, units_)};
  if (word == "rename")
    return registry::Rename{stated, text(map, "unit"), text(map, "name"), maybe(map, "short_name")};
  if (word == "convert")
    return registry::Convert{stated, text(map, "unit"), attributes(map, units_)};
  if (word == "reparent") {
    const bool by_list = map.find("children_of") == nullptr;
    return registry::Reparent{stated,
                              by_list ? several(map, "unit", "units") : std::vector<std::string>(),
                              text(map, "children_of", false), text(map, "parent", false)};
  }
  if (word == "absorb")
    return registry::Absorb{stated, several(map, "unit", "units"), text(map, "into")};
  if (word == "merge")
    return registry::Merge{stated, several(map, "unit", "units"), text(map, "into"),
                           maybe(map, "parent"), attributes(map, units_)};
  if (word == "divide") return registry::Divide{stated, text(map, "unit"), parts(map)};
  if (word == "split_off") return registry::SplitOff{stated, text(map, "unit"), parts(map)};
  return registry::Close{stated, several(map, "unit", "units"), word == "disband"};
}

std::optional<Operation> OperationReader::read_member(std::string_view word, const YamlNode& map) {
  const bool is_record = word == "merge_members" || word == "unmerge_members";
  const Act stated = act(map, !is_record);
  if (word == "move") {
    const auto reason = maybe(map, "reason");
    return registry::Move{stated, several(map, "member", "members"), text(map, "to"),
                          reason.value_or("internal"), date(map, "issued_on")};
  }
  const std::string member = text(map, "member");
  if (word == "admit") {
    const auto reason = maybe(map, "in_reason");
    return registry::Admit{stated, member, text(map, "unit"), reason.value_or("admission"),
                           attributes(map, members_)};
  }
  if (word == "confirm") return registry::Confirm{stated, member};
  if (word == "temporary")
    return registry::Temporary{stated, member, text(map, "unit"), date(map, "until")};
  if (word == "in_transit") return registry::Transit{stated, member};
  if (word == "exempt") return registry::Exempt{stated, member, date(map, "until")};
  if (word == "suspend") return registry::Suspend{stated, member, date(map, "until")};
  if (word == "leave") return registry::Leave{stated, member, text(map, "reason")};
  if (word == "appoint")
    return registry::Appoint{stated,
                             member,
                             text(map, "unit"),
                             text(map, "post"),
                             text(map, "body", false),
                             text(map, "basis", false),
                             date(map, "approved_on")};
  if (word == "relieve")
    return registry::Relieve{stated, member, text(map, "unit"), text(map, "post"),
                             text(map, "body", false)};
  if (word == "merge_members") return registry::MergeMembers{stated, member, text(map, "into")};
  return registry::UnmergeMembers{stated, member};
}

Act OperationReader::act(const YamlNode& map, bool needs_day) {
  Act stated;
  if (const auto day = date(map, "day")) {
    stated.day = *day;
  } else if (needs_day && map.find("day") == nullptr) {
    needed(map, "day");
  }
  stated.decision = text(map, "decision", false);
  stated.event = text(map, "event", false);
  return stated;
}

std::optional<std::string> OperationReader::maybe(const YamlNode& map, std::string_view key) {
  const YamlNode* node = map.find(key);
  if (node == nullptr) return std::nullopt;
  if (node->kind != Kind::kScalar && node->kind != Kind::kNothing) {
    refuse(*node, "", {"chỗ này phải là một từ hay một câu", "this must be a word or a text"},
           {"viết một giá trị", "write one value"});
  }
  return node->text;
}

std::string OperationReader::text(const YamlNode& map, std::string_view key, bool is_needed) {
  auto found = maybe(map, key);
  if (!found && is_needed) needed(map, key);
  if (found && found->empty() && is_needed) {
    refuse(*map.find(key), "", {"thiếu giá trị", "a value is missing"},
           {"điền giá trị", "fill it in"});
  }
  return std::move(found).value_or("");
}

std::vector<std::string> OperationReader::texts(const YamlNode& map, std::string_view key) {
  std::vector<std::string> all;
  const YamlNode* node = map.find(key);
  if (node == nullptr || !is_list(*node)) return all;
  for (const YamlNode& item : node->items) {
    if (item.kind == Kind::kScalar && !item.text.empty()) {
      all.push_back(item.text);
    } else {
      refuse(item, "", {"chỗ này phải là một mã", "this must be a key"},
             {"viết mã, mỗi mục một mã", "write one key an item"});
    }
  }
  return all;
}

std::vector<std::string> OperationReader::several(const YamlNode& map, std::string_view one,
                                                  std::string_view many) {
  std::vector<std::string> all = texts(map, many);
  if (const auto single = maybe(map, one); single && !single->empty()) all.push_back(*single);
  if (all.empty()) needed(map, map.find(one) != nullptr ? one : many);
  std::vector<std::string> sorted = all;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end())
    refuse(map, *twice, {"mã này được ghi hai lần", "this key is given twice"},
           {"bỏ một lần", "drop one of the two"});
  return all;
}

std::optional<time::Date> OperationReader::date(const YamlNode& map, std::string_view key) {
  const auto written = maybe(map, key);
  if (!written || written->empty()) return std::nullopt;
  const auto parsed = time::parse_date(*written).value;
  const auto day = parsed ? parsed->exact() : std::nullopt;
  if (!day)
    refuse(*map.find(key), *written, {"không phải một ngày", "not a day"},
           {"viết như 2025-07-01 hoặc 01/07/2025", "write it as 2025-07-01"});
  return day;
}

Attributes OperationReader::attributes(const YamlNode& map, const table::Schema& schema) {
  Attributes all;
  const YamlNode* set = map.find("set");
  if (set == nullptr) return all;
  if (set->kind != Kind::kMap) {
    refuse(*set, set->text, {"chỗ này phải có các cột", "this must have fields"},
           {"viết {tên_cột: giá_trị, …}", "write {field: value, …}"});
    return all;
  }
  const FieldWords& words = &schema == &units_ ? unit_words_ : member_words_;
  for (std::size_t i = 0; i < set->keys.size(); ++i) {
    const std::string& key = set->keys[i].text;
    const auto matches = words.find(key);
    const table::Role role =
        matches.size() == 1 ? schema.fields()[matches.front().field].role : table::Role::kUnit;
    if (role != table::Role::kNone) {
      refuse(set->keys[i], key,
             {"việc này không đặt được cột này", "the operation cannot set this field"},
             {"dùng tên một cột của bảng " + schema.name() + ", không phải khoá hay khoảng ngày",
              "use a field of " + schema.name() + " that is no key and no interval"});
      continue;
    }
    if (set->items[i].kind != Kind::kScalar && set->items[i].kind != Kind::kNothing) {
      refuse(set->items[i], "", {"giá trị phải là một từ hay một câu", "a value must be a text"},
             {"viết một giá trị", "write one value"});
      continue;
    }
    all.emplace_back(schema.fields()[matches.front().field].name, set->items[i].text);
  }
  return all;
}

bool OperationReader::flag(const YamlNode& map, std::string_view key) {
  const auto written = maybe(map, key);
  if (!written || *written == "false") return false;
  if (*written != "true")
    refuse(*map.find(key), *written, {"chỗ này là true hoặc false", "this is true or false"},
           {"viết true hoặc bỏ khoá này", "write true, or drop the key"});
  return true;
}

std::vector<Part> OperationReader::parts(const YamlNode& map) {
  std::vector<Part> all;
  const YamlNode* list = needed(map, "parts");
  if (list == nullptr || !is_list(*list)) return all;
  if (list->items.empty())
    refuse(*list, "", {"chưa có phần nào", "there is no part"},
           {"ghi ít nhất một phần", "give one part at least"});
  for (const YamlNode& item : list->items) {
    if (!is_map(item, {"unit", "parent", "set", "members", "units", "rest"})) continue;
    all.push_back({.unit = text(item, "unit"),
                   .parent = maybe(item, "parent"),
                   .attributes = attributes(item, units_),
                   .members = texts(item, "members"),
                   .units = texts(item, "units"),
                   .rest = flag(item, "rest")});
  }
  return all;
}

}  // namespace dangbo::inline v1::load::detail
