#include "registry/file_layout.hpp"

#include <set>
#include <utility>

#include "registry/core.hpp"
#include "registry/file_bytes.hpp"

namespace dangbo::inline v1::registry {

namespace {

using table::Field;
using table::Role;
using table::Schema;
using table::TableKind;
using table::Type;

constexpr std::uint8_t kFormat = 1;
// More than any table has; a form that says so is damaged.
constexpr std::uint64_t kMost = 1'000'000;

void put_texts(std::string& out, const std::vector<std::string>& texts) {
  put_varint(out, texts.size());
  for (const std::string& text : texts) put_text(out, text);
}

void put_message(std::string& out, const base::Message& message) {
  put_text(out, message.vi);
  put_text(out, message.en);
}

void put_fields(std::string& out, const std::vector<StoredField>& fields) {
  put_varint(out, fields.size());
  for (const StoredField& field : fields) {
    put_text(out, field.name);
    put_u8(out, static_cast<std::uint8_t>(field.type));
  }
}

void put_codes(std::string& out, const table::CodeSet* codes) {
  put_u8(out, codes == nullptr ? 0 : 1);
  if (codes == nullptr) return;
  put_text(out, codes->name());
  put_varint(out, codes->codes().size());
  for (const table::Code& code : codes->codes()) {
    put_text(out, code.id);
    put_text(out, code.csv);
    put_message(out, code.name);
    put_texts(out, code.aliases);
  }
}

void put_schema(std::string& out, const Schema& schema) {
  put_u8(out, static_cast<std::uint8_t>(schema.kind()));
  put_message(out, schema.title());
  put_texts(out, schema.aliases());
  put_varint(out, schema.natural_key().size());
  for (const std::size_t field : schema.natural_key()) put_varint(out, field);
  put_varint(out, schema.fields().size());
  for (const Field& field : schema.fields()) {
    put_text(out, field.name);
    put_u8(out, static_cast<std::uint8_t>(field.type));
    put_u8(out, static_cast<std::uint8_t>(field.role));
    put_u8(out, (field.required ? 1U : 0U) | (field.sensitive ? 2U : 0U));
    put_message(out, field.title);
    put_texts(out, field.aliases);
    put_texts(out, field.inclusive_aliases);
    put_codes(out, field.codes.get());
  }
}

std::vector<std::string> read_texts(ByteReader& in) {
  std::vector<std::string> texts;
  for (std::uint64_t i = in.varint(); i > 0 && in.ok(); --i) texts.emplace_back(in.text());
  return texts;
}

base::Message read_message(ByteReader& in) {
  base::Message message;
  message.vi = in.text();
  message.en = in.text();
  return message;
}

bool read_fields(ByteReader& in, std::vector<StoredField>& fields) {
  const std::uint64_t count = in.varint();
  if (count > kMost) return false;
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    StoredField field{.name = std::string(in.text()), .type = Type::kText};
    const std::uint8_t type = in.u8();
    if (type > static_cast<std::uint8_t>(Type::kBool)) return false;
    field.type = static_cast<Type>(type);
    fields.push_back(std::move(field));
  }
  return in.ok();
}

// Header of every form: format, table, whose it is, and the fields.
bool read_head(ByteReader& in, Layout& layout) {
  if (in.u8() != kFormat) return false;
  layout.table = in.text();
  layout.of_host = in.u8() != 0;
  return read_fields(in, layout.structural) && read_fields(in, layout.personal);
}

std::shared_ptr<const table::CodeSet> read_codes(ByteReader& in, bool& sound) {
  if (in.u8() == 0) return nullptr;
  std::string name(in.text());
  std::vector<table::Code> codes;
  std::set<std::string> ids;
  for (std::uint64_t i = in.varint(); i > 0 && in.ok(); --i) {
    table::Code code;
    code.id = in.text();
    code.csv = in.text();
    code.name = read_message(in);
    code.aliases = read_texts(in);
    sound = sound && ids.insert(code.id).second;
    codes.push_back(std::move(code));
  }
  return std::make_shared<const table::CodeSet>(std::move(name), std::move(codes));
}

bool read_field(ByteReader& in, Field& field) {
  bool sound = true;
  field.name = in.text();
  const std::uint8_t type = in.u8();
  const std::uint8_t role = in.u8();
  const std::uint8_t flags = in.u8();
  if (type > static_cast<std::uint8_t>(Type::kBool)) return false;
  if (role > static_cast<std::uint8_t>(Role::kPeriod)) return false;
  field.type = static_cast<Type>(type);
  field.role = static_cast<Role>(role);
  field.required = (flags & 1U) != 0;
  field.sensitive = (flags & 2U) != 0;
  field.title = read_message(in);
  field.aliases = read_texts(in);
  field.inclusive_aliases = read_texts(in);
  field.codes = read_codes(in, sound);
  return sound && in.ok();
}

}  // namespace

bool is_personal(const Schema& schema, std::size_t field) {
  const Field& description = schema.fields()[field];
  if (schema.name() == kMembersTable) {
    return description.role == Role::kNone || description.role == Role::kDecision;
  }
  if (!schema.find(Role::kMember) && !schema.find(Role::kSubject)) return false;
  return description.type == Type::kText && description.role == Role::kNone;
}

Layout layout_of(const Schema& schema, bool of_host) {
  Layout layout{
      .table = schema.name(), .of_host = of_host, .structural = {}, .personal = {}, .form = {}};
  for (std::size_t field = 0; field < schema.fields().size(); ++field) {
    auto& fields = is_personal(schema, field) ? layout.personal : layout.structural;
    fields.push_back({schema.fields()[field].name, schema.fields()[field].type});
  }
  put_u8(layout.form, kFormat);
  put_text(layout.form, layout.table);
  put_u8(layout.form, of_host ? 1 : 0);
  put_fields(layout.form, layout.structural);
  put_fields(layout.form, layout.personal);
  if (of_host) put_schema(layout.form, schema);
  return layout;
}

std::unique_ptr<Layout> parse_layout(std::string_view form) {
  auto layout = std::make_unique<Layout>();
  ByteReader in(form);
  if (!read_head(in, *layout)) return nullptr;
  layout->form = form;
  return layout;
}

std::shared_ptr<const Schema> parse_schema(std::string_view form) {
  ByteReader in(form);
  Layout layout;
  if (!read_head(in, layout) || !layout.of_host) return nullptr;
  const std::uint8_t kind = in.u8();
  if (kind > static_cast<std::uint8_t>(TableKind::kPeriod)) return nullptr;
  base::Message title = read_message(in);
  std::vector<std::string> aliases = read_texts(in);
  std::vector<std::uint64_t> key;
  for (std::uint64_t i = in.varint(); i > 0 && in.ok(); --i) key.push_back(in.varint());
  std::vector<Field> fields;
  std::set<std::string> names;
  for (std::uint64_t i = in.varint(); i > 0 && in.ok(); --i) {
    Field field;
    if (!read_field(in, field) || !names.insert(field.name).second) return nullptr;
    fields.push_back(std::move(field));
  }
  std::vector<std::string> key_names;
  for (const std::uint64_t part : key) {
    if (part >= fields.size()) return nullptr;
    key_names.push_back(fields[part].name);
  }
  if (!in.ok() || !in.at_end()) return nullptr;
  return std::make_shared<const Schema>(layout.table, static_cast<TableKind>(kind),
                                        std::move(fields), std::move(key_names), std::move(title),
                                        std::move(aliases));
}

}  // namespace dangbo::inline v1::registry
