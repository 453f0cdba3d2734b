#include "dangbo/expr/value.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "expr/number.hpp"

namespace dangbo::inline v1::expr {

namespace {

constexpr std::int64_t kFirstSecond = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr std::int64_t kLastSecond = 253'402'300'799;   // 9999-12-31T23:59:59Z
constexpr std::size_t kIndexFrom = 8;                   // entries of a map searched one by one
constexpr std::uint64_t kMostWeight = std::uint64_t{1} << 62;

bool is_number(const Value& value) noexcept {
  return value.kind() == Kind::kInt || value.kind() == Kind::kUint || value.kind() == Kind::kDouble;
}

int key_class(const Value& key) noexcept {
  if (key.kind() == Kind::kBool) return 0;
  return is_number(key) ? 1 : 2;
}

// Orders keys: booleans, numbers by value, strings.
int compare_keys(const Value& a, const Value& b) noexcept {
  if (key_class(a) != key_class(b)) return key_class(a) - key_class(b);
  switch (key_class(a)) {
    case 0:
      return static_cast<int>(a.as_int()) - static_cast<int>(b.as_int());
    case 1: {
      const auto order = detail::compare_numbers(a, b);
      return order < 0 ? -1 : order > 0 ? 1 : 0;
    }
    default:
      return a.as_text().compare(b.as_text());
  }
}

bool is_key(const Value& key) noexcept {
  switch (key.kind()) {
    case Kind::kBool:
    case Kind::kInt:
    case Kind::kUint:
    case Kind::kString:
      return true;
    default:
      return false;
  }
}

const Type& dynamic() noexcept {
  static const Type type(Kind::kDyn);
  return type;
}

}  // namespace

struct Value::Heap {
  std::string text;
  std::vector<Value> items;
  std::vector<Entry> entries;
  std::vector<std::uint32_t> order;  // of the entries by key, for larger maps
  std::uint64_t weight = 1;
};

Value Value::error(ErrorCode code, Span span) noexcept {
  Value value;
  value.kind_ = Kind::kError;
  value.extra_ = static_cast<std::int32_t>(code);
  value.integer_ = static_cast<std::int64_t>((std::uint64_t{span.begin} << 32) | span.end);
  return value;
}

Span Value::error_span() const noexcept {
  const auto bits = static_cast<std::uint64_t>(integer_);
  return {static_cast<std::uint32_t>(bits >> 32), static_cast<std::uint32_t>(bits)};
}

Value Value::boolean(bool value) noexcept {
  Value out;
  out.kind_ = Kind::kBool;
  out.integer_ = value ? 1 : 0;
  return out;
}

Value Value::integer(std::int64_t value) noexcept {
  Value out;
  out.kind_ = Kind::kInt;
  out.integer_ = value;
  return out;
}

Value Value::unsigned_integer(std::uint64_t value) noexcept {
  Value out;
  out.kind_ = Kind::kUint;
  out.integer_ = static_cast<std::int64_t>(value);
  return out;
}

Value Value::real(double value) noexcept {
  Value out;
  out.kind_ = Kind::kDouble;
  out.real_ = value;
  return out;
}

Value Value::text(std::string value) {
  auto heap = std::make_shared<Heap>();
  heap->text = std::move(value);
  Value out = borrowed_text(heap->text);
  out.heap_ = std::move(heap);
  return out;
}

Value Value::borrowed_text(std::string_view value) noexcept {
  Value out;
  out.kind_ = Kind::kString;
  out.text_ = value;
  return out;
}

Value Value::bytes(std::string value) {
  Value out = text(std::move(value));
  out.kind_ = Kind::kBytes;
  return out;
}

Value Value::list(std::vector<Value> items) {
  auto heap = std::make_shared<Heap>();
  for (const Value& item : items) {
    heap->weight = std::min(kMostWeight, heap->weight + item.weight());
  }
  heap->items = std::move(items);
  Value out;
  out.kind_ = Kind::kList;
  out.heap_ = std::move(heap);
  return out;
}

Value Value::map(std::vector<Entry> entries) {
  auto heap = std::make_shared<Heap>();
  for (const auto& [key, value] : entries) {
    if (!is_key(key)) return error(ErrorCode::kNoOverload);
    heap->weight = std::min(kMostWeight, heap->weight + 1 + value.weight());
  }
  std::vector<std::uint32_t> order(entries.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return compare_keys(entries[a].first, entries[b].first) < 0;
  });
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (compare_keys(entries[order[i - 1]].first, entries[order[i]].first) == 0) {
      return error(ErrorCode::kDuplicateKey);
    }
  }
  if (entries.size() > kIndexFrom) heap->order = std::move(order);
  heap->entries = std::move(entries);
  Value out;
  out.kind_ = Kind::kMap;
  out.heap_ = std::move(heap);
  return out;
}

Value Value::timestamp(std::int64_t seconds, std::int32_t nanoseconds) noexcept {
  if (seconds < kFirstSecond || seconds > kLastSecond) return error(ErrorCode::kOverflow);
  Value out = integer(seconds);
  out.kind_ = Kind::kTimestamp;
  out.extra_ = nanoseconds;
  return out;
}

Value Value::duration(std::int64_t nanoseconds) noexcept {
  Value out = integer(nanoseconds);
  out.kind_ = Kind::kDuration;
  return out;
}

Value Value::type(std::string_view static_name) noexcept {
  Value out = borrowed_text(static_name);
  out.kind_ = Kind::kType;
  return out;
}

Value Value::date(time::Date day) noexcept {
  Value out = integer(day.days());
  out.kind_ = Kind::kDate;
  return out;
}

Value Value::period(std::int32_t months, std::int32_t days) noexcept {
  Value out = integer(months);
  out.kind_ = Kind::kPeriod;
  out.extra_ = days;
  return out;
}

Value Value::enumeration(std::int32_t code, std::string_view id) noexcept {
  Value out = borrowed_text(id);
  out.kind_ = Kind::kEnum;
  out.integer_ = code;
  return out;
}

Value Value::record(const RowSource& source, std::size_t row) noexcept {
  Value out = integer(static_cast<std::int64_t>(row));
  out.kind_ = Kind::kRecord;
  out.source_ = &source;
  return out;
}

Value Value::rows(const RowSource& source, std::size_t begin, std::size_t end) noexcept {
  Value out = integer(static_cast<std::int64_t>(begin));
  out.kind_ = Kind::kList;
  out.source_ = &source;
  out.extra_ = static_cast<std::int32_t>(end - begin);
  return out;
}

std::size_t Value::size() const noexcept {
  if (source_ != nullptr) return static_cast<std::size_t>(extra_);
  if (!heap_) return 0;
  return kind_ == Kind::kMap ? heap_->entries.size() : heap_->items.size();
}

Value Value::item(std::size_t index) const {
  return source_ != nullptr ? record(*source_, row() + index) : heap_->items[index];
}

const Value::Entry& Value::entry(std::size_t index) const noexcept {
  return heap_->entries[index];
}

const Value* Value::find(const Value& key) const noexcept {
  Value probe = key;
  if (key.kind() == Kind::kDouble) {
    // Keys are never doubles; a whole one finds the integer it equals.
    if (!(std::floor(key.as_double()) == key.as_double())) return nullptr;
  } else if (!is_key(key)) {
    return nullptr;
  }
  const auto& entries = heap_->entries;
  if (heap_->order.empty()) {
    for (const auto& [have, value] : entries) {
      if (compare_keys(have, probe) == 0) return &value;
    }
    return nullptr;
  }
  const auto& order = heap_->order;
  const auto at = std::lower_bound(order.begin(), order.end(), probe,
                                   [&](std::uint32_t index, const Value& wanted) {
                                     return compare_keys(entries[index].first, wanted) < 0;
                                   });
  if (at == order.end() || compare_keys(entries[*at].first, probe) != 0) return nullptr;
  return &entries[*at].second;
}

std::uint64_t Value::weight() const noexcept {
  if (heap_) return heap_->weight + heap_->text.size() / 16;
  return source_ != nullptr && kind_ == Kind::kList ? static_cast<std::uint64_t>(extra_) : 1;
}

namespace {

bool equal_lists(const Value& a, const Value& b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!equal(a.item(i), b.item(i))) return false;
  }
  return true;
}

bool equal_maps(const Value& a, const Value& b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto& [key, value] = a.entry(i);
    const Value* other = b.find(key);
    if (other == nullptr || !equal(value, *other)) return false;
  }
  return true;
}

}  // namespace

// Lists nest no deeper than the expression or the JSON they come from, both limited.
bool equal(const Value& a, const Value& b) noexcept {  // NOLINT(misc-no-recursion)
  if (is_number(a) && is_number(b)) return detail::compare_numbers(a, b) == 0;
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::kNull:
      return true;
    case Kind::kBool:
    case Kind::kDuration:
    case Kind::kDate:
      return a.as_int() == b.as_int();
    case Kind::kEnum:
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kType:
      return a.as_text() == b.as_text();
    case Kind::kTimestamp:
      return a.as_int() == b.as_int() && a.nanoseconds() == b.nanoseconds();
    case Kind::kPeriod:
      return a.as_int() == b.as_int() && a.days() == b.days();
    case Kind::kRecord:
      return a.source() == b.source() && a.row() == b.row();
    case Kind::kList:
      return equal_lists(a, b);
    case Kind::kMap:
      return equal_maps(a, b);
    default:
      return false;
  }
}

Type Type::list(Type element) {
  Type type(Kind::kList);
  auto shape = std::make_shared<Shape>();
  shape->parts.push_back(std::move(element));
  type.shape = std::move(shape);
  return type;
}

Type Type::map(Type key, Type value) {
  Type type(Kind::kMap);
  auto shape = std::make_shared<Shape>();
  shape->parts.push_back(std::move(value));
  shape->parts.push_back(std::move(key));
  type.shape = std::move(shape);
  return type;
}

Type Type::enumeration(std::shared_ptr<const table::CodeSet> codes) {
  Type type(Kind::kEnum);
  auto shape = std::make_shared<Shape>();
  shape->codes = std::move(codes);
  type.shape = std::move(shape);
  return type;
}

Type record_type(std::string name, std::vector<Member> members) {
  Type type(Kind::kRecord);
  auto shape = std::make_shared<Shape>();
  shape->name = std::move(name);
  shape->members = std::move(members);
  type.shape = std::move(shape);
  return type;
}

const Type& Type::element() const noexcept {
  return shape && !shape->parts.empty() ? shape->parts.front() : dynamic();
}

const Type& Type::key() const noexcept {
  return shape && shape->parts.size() > 1 ? shape->parts[1] : dynamic();
}

std::string Type::to_string() const {  // NOLINT(misc-no-recursion)
  static constexpr std::string_view kNames[] = {"error",     "null_type", "bool",  "int",  "uint",
                                                "double",    "string",    "bytes", "list", "map",
                                                "timestamp", "duration",  "type",  "date", "period",
                                                "enum",      "record",    "dyn",   "dyn"};
  if (kind == Kind::kList) return "list(" + element().to_string() + ")";
  if (kind == Kind::kMap) return "map(" + key().to_string() + ", " + value().to_string() + ")";
  if (kind == Kind::kRecord && shape) return shape->name;
  if (kind == Kind::kEnum && shape && shape->codes) return shape->codes->name();
  return std::string(kNames[static_cast<std::size_t>(kind)]);
}

bool operator==(const Type& a, const Type& b) noexcept {  // NOLINT(misc-no-recursion)
  if (a.kind != b.kind) return false;
  if (a.shape == b.shape) return true;
  switch (a.kind) {
    case Kind::kList:
      return a.element() == b.element();
    case Kind::kMap:
      return a.element() == b.element() && a.key() == b.key();
    case Kind::kEnum:
      return a.shape && b.shape && a.shape->codes == b.shape->codes;
    case Kind::kRecord:
      return false;  // a record type is the one object it was declared as
    default:
      return true;
  }
}

}  // namespace dangbo::inline v1::expr
