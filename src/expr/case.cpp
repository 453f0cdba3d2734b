#include "dangbo/expr/case.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "dangbo/base/text.hpp"
#include "dangbo/expr/expression.hpp"
#include "expr/number_text.hpp"

namespace dangbo::inline v1::expr {

namespace {

using Json = nlohmann::json;

constexpr int kMaxJsonDepth = 100;
constexpr std::size_t kMaxShownWeight = 1'000'000;

const Json* find(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto at = object.find(key);
  return at == object.end() ? nullptr : &*at;
}

// A word written as itself or as {"$enum": word}.
std::string word_of(const Json& json) {
  if (json.is_string()) return json.get<std::string>();
  const Json* inner = find(json, "$enum");
  return inner != nullptr && inner->is_string() ? inner->get<std::string>() : std::string();
}

std::optional<std::int64_t> integer_of(const Json& json) {
  if (json.is_number_unsigned()) {
    const auto value = json.get<std::uint64_t>();
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return std::nullopt;
    }
    return static_cast<std::int64_t>(value);
  }
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (!json.is_string()) return std::nullopt;
  const Value read = detail::parse_int(json.get_ref<const std::string&>());
  return read.is_error() ? std::nullopt : std::optional(read.as_int());
}

std::optional<Value> double_of(const Json& json) {
  if (json.is_number()) return Value::real(json.get<double>());
  const Json* inner = find(json, "$double");
  const Json& text = inner != nullptr ? *inner : json;
  if (text.is_number()) return Value::real(text.get<double>());
  if (!text.is_string()) return std::nullopt;
  const Value read = detail::parse_double(text.get_ref<const std::string&>());
  return read.is_error() ? std::nullopt : std::optional(read);
}

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::optional<std::string> from_base64(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  while (text.ends_with('=')) text.remove_suffix(1);
  for (const char c : text) {
    const auto digit = kBase64.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(digit);
    held += 6;
    if (held >= 8) {
      held -= 8;
      out += static_cast<char>((bits >> held) & 0xFFU);
    }
  }
  return out;
}

std::string to_base64(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t bits = 0;
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k) {
      bits = (bits << 8) | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += k <= count ? kBase64[(bits >> (18 - 6 * k)) & 63U] : '=';
    }
  }
  return out;
}

// {"[type.googleapis.com/google.protobuf.Duration]": {"seconds", "nanos"}}, or "@type" beside
// "seconds" and "nanos" or beside "value" as text.
std::optional<Value> object_of(const Json& json) {
  if (!json.is_object()) return std::nullopt;
  std::string name;
  const Json* body = nullptr;
  for (const char* key : {"@type", "$type", "type_url", "$any"}) {
    if (const Json* type = find(json, key); type != nullptr && type->is_string()) {
      name = type->get<std::string>();
      body = &json;
    }
  }
  if (body == nullptr) {
    for (const auto& [key, value] : json.items()) {
      if (value.is_object() || value.is_string()) {
        name = key;
        body = &value;
      }
    }
  }
  if (body == nullptr) return std::nullopt;
  if (const Json* value = find(*body, "value"); value != nullptr) body = value;
  const bool is_duration = name.find("Duration") != std::string::npos;
  if (!is_duration && name.find("Timestamp") == std::string::npos) return std::nullopt;
  if (body->is_string()) {
    const auto& text = body->get_ref<const std::string&>();
    return is_duration ? detail::parse_duration(text) : detail::parse_timestamp(text);
  }
  const Json* seconds = find(*body, "seconds");
  const Json* nanos = find(*body, "nanos");
  const auto whole = seconds != nullptr ? integer_of(*seconds) : std::optional<std::int64_t>(0);
  const auto rest = nanos != nullptr ? integer_of(*nanos) : std::optional<std::int64_t>(0);
  if (!whole || !rest || *rest <= -1'000'000'000 || *rest >= 1'000'000'000) return std::nullopt;
  if (!is_duration) return Value::timestamp(*whole, static_cast<std::int32_t>(*rest));
  std::int64_t total = 0;
  if (__builtin_mul_overflow(*whole, std::int64_t{1'000'000'000}, &total) ||
      __builtin_add_overflow(total, *rest, &total)) {
    return std::nullopt;
  }
  return Value::duration(total);
}

std::optional<Value> value_of(const Json& json, int depth);

std::optional<Value> list_of(const Json& json, int depth) {  // NOLINT(misc-no-recursion)
  std::vector<Value> items;
  if (const Json* values = find(json, "values"); values != nullptr) {
    for (const Json& item : *values) {
      auto value = value_of(item, depth + 1);
      if (!value) return std::nullopt;
      items.push_back(std::move(*value));
    }
  }
  return Value::list(std::move(items));
}

std::optional<Value> map_of(const Json& json, int depth) {  // NOLINT(misc-no-recursion)
  std::vector<Value::Entry> entries;
  if (const Json* list = find(json, "entries"); list != nullptr) {
    for (const Json& entry : *list) {
      const Json* key = find(entry, "key");
      const Json* held = find(entry, "value");
      if (key == nullptr || held == nullptr) return std::nullopt;
      auto first = value_of(*key, depth + 1);
      auto second = value_of(*held, depth + 1);
      if (!first || !second) return std::nullopt;
      entries.emplace_back(std::move(*first), std::move(*second));
    }
  }
  Value made = Value::map(std::move(entries));
  return made.is_error() ? std::nullopt : std::optional(std::move(made));
}

std::optional<Value> value_of(const Json& json, int depth) {  // NOLINT(misc-no-recursion)
  if (depth > kMaxJsonDepth || !json.is_object() || json.size() != 1) return std::nullopt;
  const std::string& form = json.begin().key();
  const Json& inner = json.begin().value();
  if (form == "null_value") return Value();
  if (form == "bool_value" && inner.is_boolean()) return Value::boolean(inner.get<bool>());
  if (form == "int64_value") {
    const auto number = integer_of(inner);
    return number ? std::optional(Value::integer(*number)) : std::nullopt;
  }
  if (form == "uint64_value") {
    if (inner.is_number_unsigned()) return Value::unsigned_integer(inner.get<std::uint64_t>());
    if (!inner.is_string()) return std::nullopt;
    const Value read = detail::parse_uint(inner.get_ref<const std::string&>());
    return read.is_error() ? std::nullopt : std::optional(read);
  }
  if (form == "double_value") return double_of(inner);
  if (form == "string_value" && inner.is_string()) return Value::text(inner.get<std::string>());
  if (form == "bytes_value") {
    const Json* wrapped = find(inner, "$bytes");
    const Json& text = wrapped != nullptr ? *wrapped : inner;
    if (!text.is_string()) return std::nullopt;
    auto bytes = from_base64(text.get_ref<const std::string&>());
    return bytes ? std::optional(Value::bytes(std::move(*bytes))) : std::nullopt;
  }
  if (form == "list_value") return list_of(inner, depth);
  if (form == "map_value") return map_of(inner, depth);
  if (form == "object_value") return object_of(inner);
  return std::nullopt;
}

Kind kind_named(std::string_view word) {
  static constexpr std::pair<std::string_view, Kind> kKinds[] = {
      {"BOOL", Kind::kBool},
      {"INT64", Kind::kInt},
      {"UINT64", Kind::kUint},
      {"DOUBLE", Kind::kDouble},
      {"STRING", Kind::kString},
      {"BYTES", Kind::kBytes},
      {"TIMESTAMP", Kind::kTimestamp},
      {"DURATION", Kind::kDuration},
      {"google.protobuf.Timestamp", Kind::kTimestamp},
      {"google.protobuf.Duration", Kind::kDuration}};
  for (const auto& [name, kind] : kKinds) {
    if (name == word) return kind;
  }
  return Kind::kDyn;
}

Type type_of(const Json& json, int depth) {  // NOLINT(misc-no-recursion)
  if (depth > kMaxJsonDepth || !json.is_object()) return Kind::kDyn;
  if (const Json* list = find(json, "list_type"); list != nullptr) {
    const Json* element = find(*list, "elem_type");
    return Type::list(element != nullptr ? type_of(*element, depth + 1) : Type(Kind::kDyn));
  }
  if (const Json* map = find(json, "map_type"); map != nullptr) {
    const Json* key = find(*map, "key_type");
    const Json* value = find(*map, "value_type");
    return Type::map(key != nullptr ? type_of(*key, depth + 1) : Type(Kind::kDyn),
                     value != nullptr ? type_of(*value, depth + 1) : Type(Kind::kDyn));
  }
  if (find(json, "null") != nullptr) return Kind::kNull;
  if (find(json, "type") != nullptr) return Kind::kType;
  for (const char* key : {"primitive", "well_known", "message_type"}) {
    if (const Json* word = find(json, key); word != nullptr) return kind_named(word_of(*word));
  }
  return Kind::kDyn;  // dyn, wrapper: null or a value
}

Type type_of_value(const Value& value) {
  if (value.kind() == Kind::kList) return Type::list(Kind::kDyn);
  if (value.kind() == Kind::kMap) return Type::map(Kind::kDyn, Kind::kDyn);
  return value.kind();
}

Json form_of(const Value& value);

Json double_form(double value) {
  if (std::isnan(value)) return {{"$double", "nan"}};
  if (std::isinf(value)) return {{"$double", value < 0 ? "-inf" : "inf"}};
  return value;
}

Json object_form(const char* name, std::int64_t seconds, std::int64_t nanos) {
  Json body = Json::object();
  body["seconds"] = seconds;
  if (nanos != 0) body["nanos"] = nanos;
  return {{std::string("[type.googleapis.com/google.protobuf.") + name + "]", std::move(body)}};
}

Json list_form(const Value& value) {  // NOLINT(misc-no-recursion)
  Json list = Json::object();
  for (std::size_t i = 0; i < value.size(); ++i) list["values"].push_back(form_of(value.item(i)));
  return list;
}

Json map_form(const Value& value) {  // NOLINT(misc-no-recursion)
  Json map = Json::object();
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto& [key, held] = value.entry(i);
    map["entries"].push_back({{"key", form_of(key)}, {"value", form_of(held)}});
  }
  return map;
}

// As deep as the expression or the JSON it came from.
Json form_of(const Value& value) {  // NOLINT(misc-no-recursion)
  switch (value.kind()) {
    case Kind::kNull:
      return {{"null_value", {{"$enum", "NULL_VALUE"}}}};
    case Kind::kBool:
      return {{"bool_value", value.is_true()}};
    case Kind::kInt:
      return {{"int64_value", value.as_int()}};
    case Kind::kUint:
      return {{"uint64_value", value.as_uint()}};
    case Kind::kDouble:
      return {{"double_value", double_form(value.as_double())}};
    case Kind::kString:
      return {{"string_value", value.as_text()}};
    case Kind::kBytes:
      return {{"bytes_value", to_base64(value.as_text())}};
    case Kind::kList:
      return {{"list_value", list_form(value)}};
    case Kind::kMap:
      return {{"map_value", map_form(value)}};
    case Kind::kTimestamp:
      return {{"object_value", object_form("Timestamp", value.as_int(), value.nanoseconds())}};
    case Kind::kDuration:
      return {{"object_value", object_form("Duration", value.as_int() / 1'000'000'000,
                                           value.as_int() % 1'000'000'000)}};
    case Kind::kType:
      return {{"type_value", value.as_text()}};
    case Kind::kDate:
      return {{"date_value",
               time::Date::from_days(static_cast<std::int32_t>(value.as_int())).to_string()}};
    case Kind::kPeriod:
      return {{"period_value", detail::text_of_period(value)}};
    default:
      return {{"string_value", value.as_text()}};
  }
}

class Case {
 public:
  // What is wrong with the line; "" when nothing is.
  std::string read(std::string_view line) {
    const Json json = Json::parse(line.begin(), line.end(), nullptr, false);
    const Json* expr = find(json, "expr");
    if (expr == nullptr || !expr->is_string()) return "not an object with the text \"expr\"";
    text_ = expr->get<std::string>();
    environment_.profile = Profile::kConformance;
    if (const Json* types = find(json, "type_env"); types != nullptr && types->is_array()) {
      for (const Json& entry : *types) declare(entry);
    }
    if (const Json* bindings = find(json, "bindings"); bindings != nullptr) {
      for (const auto& item : bindings->items()) {
        const Json* key = find(item.value(), "key");
        const Json* held = find(item.value(), "value");
        const bool is_pair = key != nullptr && key->is_string() && held != nullptr;
        const std::string name = is_pair ? key->get<std::string>() : item.key();
        if (!bind(name, is_pair ? *held : item.value())) return "the binding of " + name;
      }
    }
    return {};
  }

  std::string run(base::Language language) {
    const auto compiled = Expression::compile(text_, environment_);
    if (!compiled.ok()) {
      const auto problems = base::problems_of(compiled.status());
      std::string out;
      for (const auto& problem : problems.kept()) {
        out += (out.empty() ? "" : "; ") + base::to_line(problem, language);
      }
      return failed(out);
    }
    const Value value = compiled->evaluate(values_);
    if (value.is_error()) {
      const Span span = value.error_span();
      return failed(std::to_string(span.begin) + "-" + std::to_string(span.end) + ": " +
                    base::text_in(message_of(value.error_code()), language));
    }
    if (value.weight() > kMaxShownWeight) {
      return failed(base::text_in(message_of(ErrorCode::kBudget), language));
    }
    return Json{{"value", form_of(value)}}.dump(-1, ' ', false, Json::error_handler_t::replace);
  }

  static std::string failed(const std::string& text) {
    return Json{{"error", text}}.dump(-1, ' ', false, Json::error_handler_t::replace);
  }

 private:
  void declare(const Json& entry) {
    const Json* name = find(entry, "name");
    const Json* ident = find(entry, "ident");
    const Json* type = ident != nullptr ? find(*ident, "type") : nullptr;
    if (name == nullptr || !name->is_string() || type == nullptr) return;
    environment_.variables.push_back({name->get<std::string>(), type_of(*type, 0)});
    values_.push_back(Value::error(ErrorCode::kUnbound));
  }

  bool bind(const std::string& name, const Json& json) {
    const Json* inner = find(json, "value");
    auto value = value_of(inner != nullptr ? *inner : json, 0);
    if (!value) return false;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (environment_.variables[i].name == name) {
        values_[i] = std::move(*value);
        return true;
      }
    }
    environment_.variables.push_back({name, type_of_value(*value)});
    values_.push_back(std::move(*value));
    return true;
  }

  std::string text_;
  Environment environment_;
  std::vector<Value> values_;
};

}  // namespace

std::string evaluate_case(std::string_view line, base::Language language) {
  Case one;
  const std::string wrong = one.read(line);
  if (!wrong.empty()) {
    return Case::failed(
        base::text_in({"dòng không đọc được: " + wrong, "a bad line: " + wrong}, language));
  }
  return one.run(language);
}

}  // namespace dangbo::inline v1::expr
