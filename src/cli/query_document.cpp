#include "query_document.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "dangbo/base/text.hpp"

namespace dangbo::cli {

namespace {

using Json = nlohmann::ordered_json;
using Schemas = std::span<const std::shared_ptr<const table::Schema>>;
using table::Type;

// "a,b" is two words; "\," is a comma inside one.
std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == ',') {
      words.back() += text[++i];
    } else if (text[i] == ',') {
      words.emplace_back();
    } else {
      words.back() += text[i];
    }
  }
  return words;
}

std::optional<std::int64_t> integer(std::string_view text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc() && stop == end) return value;
  return std::nullopt;
}

std::optional<bool> flag(std::string_view text) {
  const std::string word = base::first_bad_utf8(text) ? std::string() : base::fold(text);
  if (word == "true" || word == "co" || word == "yes" || word == "1") return true;
  if (word == "false" || word == "khong" || word == "no" || word == "0") return false;
  return std::nullopt;
}

// A number when it is one, otherwise the text, of which the parser of the query says what is wrong.
Json number_or_text(const std::string& text) {
  if (const auto number = integer(text)) return *number;
  return text;
}

// The table in which a column of a question stands.
std::string_view table_of(std::string_view of, std::string_view& column) {
  const std::size_t dot = column.find('.');
  if (dot != std::string_view::npos) {
    const std::string_view prefix = column.substr(0, dot);
    column.remove_prefix(dot + 1);
    if (prefix == "member") return "members";
    if (prefix == "membership") return "memberships";
    if (prefix == "unit") return "units";
    return {};
  }
  return of == "persons" || of == "admissions" ? "members" : of;
}

std::optional<Type> type_of(Schemas schemas, std::string_view of, std::string_view column) {
  const std::string_view name = table_of(of, column);
  for (const auto& schema : schemas) {
    if (schema->name() != name) continue;
    const auto at = schema->find(column);
    return at ? std::optional(schema->fields()[*at].type) : std::nullopt;
  }
  return std::nullopt;
}

Json value(const std::string& text, std::optional<Type> type) {
  if (type == Type::kInt) return number_or_text(text);
  if (const auto is_set = flag(text); type == Type::kBool && is_set) return *is_set;
  return text;
}

Json values(std::string_view text, std::optional<Type> type) {
  std::vector<std::string> words = split(text);
  if (words.size() == 1) return value(words.front(), type);
  Json list = Json::array();
  for (const std::string& word : words) list.push_back(value(word, type));
  return list;
}

// "col=a,b", "col!=a", "col=" (missing), "col!=" (present).
void add_condition(const std::string& text, const RollupArguments& arguments, Schemas schemas,
                   Json& where) {
  const std::size_t equals = text.find('=');
  const bool is_not = equals != std::string::npos && equals > 0 && text[equals - 1] == '!';
  const std::string column = text.substr(0, is_not ? equals - 1 : equals);
  const std::string_view rest = std::string_view(text).substr(equals + 1);
  Json condition = Json::object();
  if (rest.empty()) {
    condition["missing"] = !is_not;
  } else {
    Json wanted = values(rest, type_of(schemas, arguments.of, column));
    if (is_not) {
      condition["not"] = std::move(wanted);
    } else {
      condition = std::move(wanted);
    }
  }
  where[column] = std::move(condition);
}

Json each_of(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) return text;
  const std::string key = text.substr(0, equals);
  const std::string rest = text.substr(equals + 1);
  Json out = Json::object();
  out[key] = key == "level" ? number_or_text(rest) : values(rest, Type::kText);
  return out;
}

Json period_of(const std::string& text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string::npos) return text;
  Json out = Json::object();
  if (dots > 0) out["from"] = text.substr(0, dots);
  if (dots + 2 < text.size()) out["until"] = text.substr(dots + 2);
  return out;
}

}  // namespace

std::string period_document(const std::string& text) {
  return period_of(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string query_document(const RollupArguments& arguments, Schemas schemas) {
  Json out = Json::object();
  out["query"] = 1;
  out["of"] = arguments.of;
  if (!arguments.sum.empty()) out["sum"] = arguments.sum;
  if (!arguments.on.empty()) out["on"] = arguments.on;
  if (!arguments.known_at.empty()) out["known_at"] = number_or_text(arguments.known_at);
  if (!arguments.structure.empty()) out["structure"] = arguments.structure;
  if (!arguments.period.empty()) out["period"] = period_of(arguments.period);
  if (!arguments.unit.empty()) out["unit"] = arguments.unit;
  if (!arguments.each.empty()) out["each"] = each_of(arguments.each);
  if (arguments.own) out["scope"] = "own";
  Json by = Json::array();
  for (const std::string& words : arguments.by) {
    for (std::string& word : split(words)) by.push_back(std::move(word));
  }
  if (!by.empty()) out["by"] = std::move(by);
  Json where = Json::object();
  for (const std::string& text : arguments.where) {
    add_condition(text, arguments, schemas, where);
  }
  if (!where.empty()) out["where"] = std::move(where);
  if (!arguments.share.empty()) out["share"] = arguments.share;
  // Stray bytes stay stray: the parser of the query refuses them by their place.
  return out.dump(-1, ' ', false, Json::error_handler_t::ignore);
}

}  // namespace dangbo::cli
