#include "rules/test_world.hpp"

#include <algorithm>
#include <utility>

#include "dangbo/rules/pack_test.hpp"

namespace dangbo::inline v1::rules {

using expr::Kind;
using expr::Type;
using expr::Value;

namespace {

// Entities inside entities; a pack in YAML nests less.
constexpr int kMaxDepth = 12;

std::optional<std::size_t> number_of(const Type& record, std::string_view name) {
  const auto& members = record.shape->members;
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const expr::Member& one) { return one.name == name; });
  if (found == members.end()) return std::nullopt;
  return static_cast<std::size_t>(found - members.begin());
}

}  // namespace

std::int64_t TestWorld::number(const TestValue& given) const noexcept {
  return given.kind == TestValue::Kind::kBoundary ? n_ + given.number : given.number;
}

std::optional<Value> TestWorld::value(const TestValue& given, const Type& type, int depth) {
  using Given = TestValue::Kind;
  switch (type.kind) {
    case Kind::kInt:
      if (given.kind != Given::kNumber && given.kind != Given::kBoundary) return std::nullopt;
      return Value::integer(number(given));
    case Kind::kBool:
      if (given.kind != Given::kBool) return std::nullopt;
      return Value::boolean(given.number != 0);
    case Kind::kDate:
      if (given.kind != Given::kDate) return std::nullopt;
      return Value::date(time::Date::from_days(static_cast<std::int32_t>(given.number)));
    case Kind::kString:
      if (given.kind != Given::kText) return std::nullopt;
      return Value::borrowed_text(given.text);
    case Kind::kEnum: {
      if (given.kind != Given::kText) return std::nullopt;
      const auto& ids = *type.shape->codes->ids();
      const auto found = std::find(ids.begin(), ids.end(), given.text);
      if (found == ids.end()) return std::nullopt;
      return Value::enumeration(static_cast<std::int32_t>(found - ids.begin()), *found);
    }
    case Kind::kRecord: {
      if (given.kind != Given::kEntity || given.entities.size() != 1) return std::nullopt;
      const Rows* const rows = rows_of(given.entities, type, depth);
      if (rows == nullptr || rows->which.size() != 1) return std::nullopt;
      return Value::record(*rows, 0);
    }
    case Kind::kList: {
      if (given.kind != Given::kEntities) return std::nullopt;
      const Rows* const rows = rows_of(given.entities, type.element(), depth);
      if (rows == nullptr) return std::nullopt;
      return Value::rows(*rows, 0, rows->which.size());
    }
    default:
      return std::nullopt;
  }
}

bool TestWorld::fill(std::size_t entity, const Type& record, int depth,
                     std::vector<Value>& fields) {
  if (record.kind != Kind::kRecord || depth > kMaxDepth) return false;
  const auto& members = record.shape->members;
  fields.assign(members.size(), Value::error(expr::ErrorCode::kMissing));
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (members[i].type.kind != Kind::kList) continue;
    fields[i] = Value::rows(*rows_of({}, members[i].type.element(), depth), 0, 0);
  }
  for (const auto& [name, given] : test_.entities[entity].fields) {
    const auto at = number_of(record, name);
    if (!at) return false;
    auto made = value(given, members[*at].type, depth + 1);
    if (!made) return false;
    fields[*at] = *std::move(made);
  }
  return true;
}

const TestWorld::Rows* TestWorld::rows_of(const std::vector<std::size_t>& entities,
                                          const Type& record, int depth) {
  if (entities.empty()) {
    static const Rows kNone;
    return &kNone;
  }
  Rows out;
  for (const std::size_t entity : entities) {
    const std::int64_t count = number(test_.entities[entity].count);
    if (count < 0 || static_cast<std::uint64_t>(count) > kMaxTestRows - made_) return nullptr;
    made_ += static_cast<std::size_t>(count);
    if (++made_ > kMaxTestRows) return nullptr;
    std::vector<Value> fields;
    if (!fill(entity, record, depth, fields)) return nullptr;
    out.which.insert(out.which.end(), static_cast<std::size_t>(count),
                     static_cast<std::uint32_t>(out.different.size()));
    out.different.push_back(std::move(fields));
  }
  kept_.push_back(std::move(out));
  return &kept_.back();
}

std::optional<std::vector<Value>> TestWorld::variables(const Pack& pack, const Rule& rule,
                                                       std::size_t entity, time::Date day) {
  const RuleNames names = pack.names(rule);
  std::vector<Value> out(names.size, Value::error(expr::ErrorCode::kMissing));
  out[RuleNames::kAsOf] = Value::date(day);
  for (std::size_t i = 0; i < pack.parameters.size(); ++i) {
    out[RuleNames::kParameters + i] = value_on(pack.parameters[i], day);
  }
  // Of a cohort: what is no member is one of its keys.
  Rows self;
  self.which.push_back(0);
  std::vector<Value> fields(rule.self.shape->members.size(),
                            Value::error(expr::ErrorCode::kMissing));
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (rule.self.shape->members[i].type.kind == Kind::kList) {
      fields[i] = Value::rows(*rows_of({}, rule.self, 0), 0, 0);
    }
  }
  const auto item = rule.subject.is_cohort() ? pack.subjects.item(rule.subject) : std::nullopt;
  for (const auto& [name, given] : test_.entities[entity].fields) {
    if (const auto at = number_of(rule.self, name)) {
      auto made = value(given, rule.self.shape->members[*at].type, 1);
      if (!made) return std::nullopt;
      fields[*at] = *std::move(made);
      continue;
    }
    const auto& by = rule.subject.by;
    const auto key = std::find(by.begin(), by.end(), name);
    const auto type = item ? SubjectSchema::at(*item, name) : std::nullopt;
    if (key == by.end() || !type) return std::nullopt;
    auto made = value(given, *type, 1);
    if (!made) return std::nullopt;
    out[names.keys + static_cast<std::size_t>(key - by.begin())] = *std::move(made);
  }
  self.different.push_back(std::move(fields));
  kept_.push_back(std::move(self));
  out[RuleNames::kSelf] = Value::record(kept_.back(), 0);
  return out;
}

Value value_on(const Parameter& parameter, time::Date day) {
  const ParameterValue* const value = parameter.on(day);
  if (value == nullptr) return Value::error(expr::ErrorCode::kMissing);
  if (parameter.codes == nullptr) return Value::integer(value->number);
  const auto& ids = *parameter.codes->ids();
  const auto found = std::find(ids.begin(), ids.end(), value->word);
  return Value::enumeration(static_cast<std::int32_t>(found - ids.begin()), *found);
}

}  // namespace dangbo::inline v1::rules
