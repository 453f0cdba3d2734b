#include "load/same_schema.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace dangbo::inline v1::load::detail {

namespace {

using table::Code;
using table::CodeSet;
using table::Field;
using table::Schema;

bool is_same_code(const Code& one, const Code& other) {
  return one.id == other.id && one.csv == other.csv && one.name == other.name &&
         one.aliases == other.aliases;
}

bool is_same_set(const CodeSet* one, const CodeSet* other) {
  if (one == nullptr || other == nullptr) return one == other;
  return std::equal(one->codes().begin(), one->codes().end(), other->codes().begin(),
                    other->codes().end(), is_same_code);
}

bool is_same_field(const Field& one, const Field& other) {
  return one.name == other.name && one.type == other.type && one.required == other.required &&
         one.role == other.role && one.aliases == other.aliases && one.title == other.title &&
         one.sensitive == other.sensitive && one.inclusive_aliases == other.inclusive_aliases &&
         is_same_set(one.codes.get(), other.codes.get());
}

std::vector<Field> without_extra(const Schema& schema) {
  std::vector<Field> fields = schema.fields();
  std::erase_if(fields, [](const Field& field) { return field.name == "extra"; });
  return fields;
}

std::vector<std::string> key_of(const Schema& schema) {
  std::vector<std::string> key;
  for (const std::size_t field : schema.natural_key()) key.push_back(schema.fields()[field].name);
  return key;
}

}  // namespace

bool is_same_schema(const Schema& one, const Schema& other) {
  const std::vector<Field> fields = without_extra(one);
  const std::vector<Field> others = without_extra(other);
  return one.name() == other.name() && one.kind() == other.kind() && one.title() == other.title() &&
         one.aliases() == other.aliases() && key_of(one) == key_of(other) &&
         std::equal(fields.begin(), fields.end(), others.begin(), others.end(), is_same_field);
}

}  // namespace dangbo::inline v1::load::detail
