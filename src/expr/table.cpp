#include "dangbo/expr/table.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "dangbo/base/text.hpp"
#include "dangbo/expr/columns.hpp"
#include "expr/column_type.hpp"
#include "expr/lower.hpp"
#include "expr/status.hpp"

namespace dangbo::inline v1::expr {

namespace {

using Json = nlohmann::json;
using detail::mistake;
using table::Column;

constexpr std::size_t kMostFields = 1'000;
constexpr std::size_t kMostWords = 100'000;
constexpr int kMaxJsonDepth = 16;

// Null when the text is no JSON, is nested too deep or is not UTF-8.
Json parsed(std::string_view text) {
  int deepest = 0;
  const auto limit = [&](int depth, Json::parse_event_t, Json&) {
    deepest = std::max(deepest, depth);
    return depth <= kMaxJsonDepth;
  };
  if (base::first_bad_utf8(text)) return Json(Json::value_t::discarded);
  Json made = Json::parse(text, limit, false);
  return deepest > kMaxJsonDepth ? Json(Json::value_t::discarded) : made;
}

std::optional<table::Type> type_named(std::string_view name) noexcept {
  static constexpr std::pair<std::string_view, table::Type> kTypes[] = {
      {"text", table::Type::kText}, {"code", table::Type::kCode}, {"date", table::Type::kDate},
      {"int", table::Type::kInt},   {"bool", table::Type::kBool}, {"real", table::Type::kReal}};
  for (const auto& [known, type] : kTypes) {
    if (known == name) return type;
  }
  return std::nullopt;
}

Type type_of(table::Type type, const std::shared_ptr<const table::CodeSet>& codes) {
  switch (type) {
    case table::Type::kCode:
      return codes != nullptr ? Type::enumeration(codes) : Type(Kind::kString);
    case table::Type::kDate:
      return Kind::kDate;
    case table::Type::kInt:
      return Kind::kInt;
    case table::Type::kBool:
      return Kind::kBool;
    case table::Type::kReal:
      return Kind::kDouble;
    default:
      return Kind::kString;
  }
}

absl::StatusOr<Member> member_of(const Json& field, const std::string& at) {
  if (!field.is_object() || !field.contains("name") || !field["name"].is_string()) {
    return mistake(at, field.dump(), {"cần tên trường", "a field needs a name"});
  }
  const auto name = field["name"].get<std::string>();
  const Json& type = field.contains("type") ? field["type"] : Json();
  const auto known = type.is_string() ? type_named(type.get_ref<const std::string&>())
                                      : std::optional<table::Type>();
  if (!known) {
    return mistake(at + "/type", type.dump(),
                   {"kiểu là text, code, date, int, bool hoặc real",
                    "a type is text, code, date, int, bool or real"});
  }
  std::shared_ptr<const table::CodeSet> codes;
  if (field.contains("words")) {
    const Json& words = field["words"];
    std::vector<table::Code> made;
    std::vector<std::string> seen;
    for (const Json& word : words) {
      if (!words.is_array() || !word.is_string() || made.size() == kMostWords) {
        return mistake(at + "/words", word.dump(),
                       {"cần danh sách từ", "a list of words is needed"});
      }
      made.push_back({word.get<std::string>(), {}, {}, {}});
      seen.push_back(base::fold(made.back().id));
    }
    std::sort(seen.begin(), seen.end());
    if (std::adjacent_find(seen.begin(), seen.end()) != seen.end()) {
      return mistake(at + "/words", name, {"một từ có hai lần", "a word stands twice"});
    }
    codes = std::make_shared<table::CodeSet>(name, std::move(made));
  }
  return Member{name, type_of(*known, codes), true};
}

// A column of a table as expressions take it, with the memory that this needs.
struct Taken {
  std::vector<std::uint64_t> bits;
  std::vector<std::int32_t> days;
  std::vector<std::uint32_t> codes;
  std::vector<std::string_view> texts;
  ColumnView view;
};

void take_words(const Column& column, const Type& type, Taken& out) {
  std::vector<std::uint32_t> numbers;
  for (const std::string& word : column.words() ? *column.words() : table::Words()) {
    std::uint32_t number = static_cast<std::uint32_t>(out.texts.size());
    if (type.kind == Kind::kEnum) {
      const auto& codes = type.shape->codes->codes();
      for (number = 0; number < codes.size() && codes[number].id != word;) ++number;
    }
    out.texts.emplace_back(word);
    numbers.push_back(number);
  }
  for (std::size_t i = 0; i < column.size(); ++i) {
    const auto code = static_cast<std::size_t>(column.code(i));
    out.codes.push_back(column.is_missing(i) || code >= numbers.size() ? 0xFFFFFFFFU
                                                                       : numbers[code]);
  }
  const std::span<const std::uint32_t> codes(out.codes);
  out.view =
      type.kind == Kind::kEnum ? ColumnView::codes(codes) : ColumnView::texts(codes, out.texts);
}

bool take(const Column& column, const Type& type, Taken& out) {
  const std::uint64_t* valid = column.valid_bits().empty() ? nullptr : column.valid_bits().data();
  switch (column.type()) {
    case table::Type::kInt:
      out.view = ColumnView::integers(column.wide(), valid);
      break;
    case table::Type::kReal:
      out.view = ColumnView::reals(column.reals(), valid);
      break;
    case table::Type::kBool:
      out.bits.resize((column.size() + 63) / 64);
      for (std::size_t i = 0; i < column.size(); ++i) {
        out.bits[i / 64] |= std::uint64_t{column.boolean(i)} << (i % 64);
      }
      out.view = ColumnView::booleans(out.bits.data(), column.size(), valid);
      break;
    case table::Type::kDate:
      for (std::size_t i = 0; i < column.size(); ++i) {
        out.days.push_back(column.date(i).first_day().days());
      }
      out.view = ColumnView::dates(out.days, valid);
      break;
    case table::Type::kCode:
      if (type.kind != Kind::kEnum && type.kind != Kind::kString) return false;
      take_words(column, type, out);
      break;
    default:
      for (std::size_t i = 0; i < column.size(); ++i) out.texts.push_back(column.text(i));
      out.view = ColumnView::texts(std::span<const std::string_view>(out.texts), valid);
  }
  return out.view.kind() == type.kind;
}

std::string shown(const Value& value) {
  detail::Surroundings around;
  around.steps = kMaxSteps;
  return std::string(
      detail::apply(detail::Function::kString, {&value, 1}, nullptr, around).as_text());
}

void append(Column& column, const Value& value) {
  switch (value.kind()) {
    case Kind::kError:
      return column.append_missing();
    case Kind::kBool:
      return column.append_boolean(value.is_true());
    case Kind::kInt:
      return column.append_integer(value.as_int());
    case Kind::kDouble:
      return column.append_real(value.as_double());
    case Kind::kEnum:
      return column.append_code(static_cast<std::int32_t>(value.as_int()));
    case Kind::kDate: {
      // The calendar's days only: others have no written form.
      const auto days = static_cast<std::int32_t>(value.as_int());
      if (days < detail::kFirstDay || days > detail::kLastDay) return column.append_missing();
      return column.append_date(time::Date::from_days(days));
    }
    case Kind::kString:
      return column.append_text(value.as_text());
    default:
      return column.append_text(shown(value));
  }
}

absl::StatusOr<table::Table> as_table(const ColumnResult& result) {
  constexpr std::size_t kMostText = std::size_t{1} << 31;
  Column value("value", detail::column_type(result.type));
  if (result.type.kind == Kind::kEnum) value.set_words(result.type.shape->codes->ids());
  Column vi("error_vi", table::Type::kText);
  Column en("error_en", table::Type::kText);
  for (std::size_t i = 0; i < result.size; ++i) {
    const Value held = result.value(i);
    if (value.text_bytes() + held.as_text().size() >= kMostText) {
      return mistake("value", "", {"cột chữ quá 2 GiB", "a column of text over 2 GiB"});
    }
    append(value, held);
    if (!held.is_error()) {
      vi.append_missing();
      en.append_missing();
      continue;
    }
    const base::Message why = message_of(held.error_code());
    vi.append_text(why.vi);
    en.append_text(why.en);
  }
  std::vector<Column> columns;
  columns.push_back(std::move(value));
  columns.push_back(std::move(vi));
  columns.push_back(std::move(en));
  return table::Table("expression", std::move(columns));
}

std::optional<Value> value_of(const Json& json, const Type& type) {
  if (json.is_null()) return Value::error(ErrorCode::kMissing);
  switch (type.kind) {
    case Kind::kBool:
      return json.is_boolean() ? std::optional(Value::boolean(json.get<bool>())) : std::nullopt;
    case Kind::kInt:
      if (!json.is_number_integer() ||
          (json.is_number_unsigned() && json.get<std::uint64_t>() > 0x7FFFFFFFFFFFFFFFU)) {
        return std::nullopt;
      }
      return Value::integer(json.get<std::int64_t>());
    case Kind::kDouble:
      return json.is_number() ? std::optional(Value::real(json.get<double>())) : std::nullopt;
    default:
      break;
  }
  if (!json.is_string()) return std::nullopt;
  const auto& text = json.get_ref<const std::string&>();
  if (type.kind == Kind::kString) return Value::text(text);
  if (type.kind == Kind::kDate) {
    const auto day = time::parse_date(text);
    return day.value ? std::optional(Value::date(day.value->first_day())) : std::nullopt;
  }
  const auto& codes = type.shape->codes->codes();
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (codes[i].id == text) {
      return Value::enumeration(static_cast<std::int32_t>(i), codes[i].id);
    }
  }
  return Value::error(ErrorCode::kMissing);
}

Json json_of(const Value& value) {
  switch (value.kind()) {
    case Kind::kBool:
      return value.is_true();
    case Kind::kInt:
      return value.as_int();
    case Kind::kDouble:
      return value.as_double();
    case Kind::kString:
    case Kind::kEnum:
      return std::string(value.as_text());
    default:
      return shown(value);
  }
}

}  // namespace

absl::StatusOr<Environment> parse_environment(std::string_view json) {
  const Json document = parsed(json);
  if (!document.is_object() || !document.contains("fields") || !document["fields"].is_array() ||
      document.size() != 1 || document["fields"].size() > kMostFields) {
    return mistake("", std::string(json),
                   {"cần {\"fields\": […]}, nhiều nhất 1 000 trường",
                    "{\"fields\": […]} is needed, at most 1,000 fields"});
  }
  Environment made;
  for (const Json& field : document["fields"]) {
    const std::string at = "/fields/" + std::to_string(made.variables.size());
    auto member = member_of(field, at);
    if (!member.ok()) return member.status();
    for (const Member& other : made.variables) {
      if (other.name == member->name) {
        return mistake(at, other.name, {"trường có hai lần", "the field stands twice"});
      }
    }
    made.variables.push_back(*std::move(member));
  }
  return made;
}

Environment environment_of(const table::Schema& schema) {
  Environment made;
  for (const table::Field& field : schema.fields()) {
    made.variables.push_back({field.name, type_of(field.type, field.codes), true});
  }
  return made;
}

absl::StatusOr<table::Table> evaluate(const Expression& expression, const table::Table& rows) {
  auto program = ColumnProgram::compile({&expression, 1});
  if (!program.ok()) return program.status();
  const auto& variables = expression.program()->environment->variables;
  ColumnTable table;
  table.size = rows.row_count();
  table.columns.resize(variables.size());
  std::deque<Taken> taken;
  for (const std::size_t variable : program->variables()) {
    const Member& wanted = variables[variable];
    const auto found = rows.find(wanted.name);
    if (!found || !take(rows.column(*found), wanted.type, taken.emplace_back())) {
      return mistake(wanted.name, "",
                     {"bảng không có cột này kiểu " + wanted.type.to_string(),
                      "the table has no such column of type " + wanted.type.to_string()});
    }
    table.columns[variable] = taken.back().view;
  }
  std::vector<ColumnResult> results;
  ColumnEvaluator evaluator(*std::move(program));
  const absl::Status done = evaluator.evaluate(table, 0, table.size, results);
  if (!done.ok()) return done;
  return as_table(results.front());
}

absl::StatusOr<std::string> evaluate_row(const Expression& expression, std::string_view json) {
  const Json row = parsed(json);
  if (!row.is_object()) {
    return mistake("", std::string(json), {"cần một đối tượng JSON", "a JSON object is needed"});
  }
  const auto& variables = expression.program()->environment->variables;
  std::vector<Value> values(variables.size(), Value::error(ErrorCode::kMissing));
  for (const std::size_t variable : expression.variables()) {
    const Member& wanted = variables[variable];
    const auto given = row.find(wanted.name);
    if (given == row.end()) continue;
    auto value = value_of(*given, wanted.type);
    if (!value) {
      return mistake(wanted.name, given->dump(),
                     {"giá trị không phải " + wanted.type.to_string(),
                      "the value is no " + wanted.type.to_string()});
    }
    values[variable] = *std::move(value);
  }
  const Value value = expression.evaluate(values);
  Json out;
  if (value.is_error()) {
    const base::Message why = message_of(value.error_code());
    out["error"] = {{"vi", why.vi},
                    {"en", why.en},
                    {"begin", value.error_span().begin},
                    {"end", value.error_span().end}};
  } else {
    out["value"] = json_of(value);
  }
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

absl::StatusOr<table::Table> explain(const Expression& expression) {
  const auto program = ColumnProgram::compile({&expression, 1});
  if (!program.ok()) return program.status();
  Column kernel("kernel", table::Type::kText);
  Column text("text", table::Type::kText);
  Column uses("uses", table::Type::kInt);
  Column depth("depth", table::Type::kInt);
  for (const ColumnStep& step : program->explain()) {
    kernel.append_text(step.kernel);
    text.append_text(step.text);
    uses.append_integer(static_cast<std::int64_t>(step.uses));
    depth.append_integer(step.depth);
  }
  std::vector<Column> columns;
  for (Column* column : {&kernel, &text, &uses, &depth}) columns.push_back(std::move(*column));
  return table::Table("explanation", std::move(columns));
}

}  // namespace dangbo::inline v1::expr
