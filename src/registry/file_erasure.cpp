#include "registry/file_erasure.hpp"

#include <algorithm>

namespace dangbo::inline v1::registry {

namespace {

constexpr std::uint8_t kRecordFormat = 1;

void put_value(std::string& out, table::Type type, const StoredValue& value) {
  switch (type) {
    case table::Type::kText:
    case table::Type::kCode:
      put_text(out, value.text);
      break;
    case table::Type::kDate:
      put_u32(out, static_cast<std::uint32_t>(value.integer));
      break;
    case table::Type::kInt:
      put_u64(out, static_cast<std::uint64_t>(value.integer));
      break;
    default:
      put_u8(out, static_cast<std::uint8_t>(value.integer));
      break;
  }
}

// The values of one row that are there, personal ones.
struct PersonalValues {
  std::vector<std::pair<std::size_t, StoredValue>> values;
  std::string bits;
  std::string bytes;

  // False when none of the fields is there.
  bool erase(const Layout& layout, const std::vector<std::string>& fields) {
    const auto is_erased = [&](const std::pair<std::size_t, StoredValue>& value) {
      const std::string& name = layout.personal[value.first].name;
      return std::find(fields.begin(), fields.end(), name) != fields.end();
    };
    if (std::erase_if(values, is_erased) == 0) return false;
    bits.assign(personal_bytes(layout), '\0');
    set_bit(bits, 0, 0);
    bytes.clear();
    for (const auto& [field, value] : values) {
      set_bit(bits, 0, field + 1);
      put_value(bytes, layout.personal[field].type, value);
    }
    return true;
  }
};

class Rewriting {
 public:
  Rewriting(const Layouts& layouts, CommitHasher& hasher) : layouts_(layouts), hasher_(hasher) {}

  RewrittenBody run(std::string_view body, FieldsToErase fields) {
    BodyReader reader(body, layouts_);
    BodySection section;
    while (reader.next_section(section)) {
      put_varint(sections_, section.layout);
      put_u8(sections_, static_cast<std::uint8_t>(section.operation));
      put_u32(sections_, section.rows);
      const Layout& layout = *layouts_[section.layout - 1];
      BodyRow row;
      PersonalValues personal;
      while (reader.next_row(row, [&](bool is_personal, std::size_t i, const StoredValue& value) {
        if (is_personal) personal.values.emplace_back(i, value);
      })) {
        const bool has_row = section.operation != RowOperation::kWithdraw;
        const std::vector<std::string>* erased = has_row ? fields(section) : nullptr;
        take_row(reader, layout, row, personal, erased);
        if (has_row) ++asked_;
        personal.values.clear();
      }
    }
    result_.damaged = reader.damaged();
    put_u8(result_.bytes, kBodyFormat);
    put_u8(result_.bytes, static_cast<std::uint8_t>(SaltMode::kExplicit));
    put_varint(result_.bytes, salts_.size() / sizeof(Salt));
    result_.bytes += salts_;
    result_.bytes += sections_;
    return std::move(result_);
  }

 private:
  void take_row(const BodyReader& reader, const Layout& layout, const BodyRow& row,
                PersonalValues& personal, const std::vector<std::string>* erased) {
    if (!row.has_personal()) {
      sections_.append(row.whole);
      return;
    }
    Salt salt = reader.salt(hasher_);
    if (erased == nullptr || !personal.erase(layout, *erased)) {
      sections_.append(row.whole);
      salts_.append(bytes_of(salt));
      return;
    }
    // The digest that the commit was hashed with stays; the salt that would let it be guessed goes.
    const base::Digest before = row.erased.empty()
                                    ? hasher_.personal_digest(salt, row.personal)
                                    : digest_from(row.erased).value_or(base::Digest{});
    sections_.append(row.whole.substr(0, row.before_personal));
    sections_.append(personal.bits);
    sections_.append(bytes_of(before));
    sections_.append(personal.bytes);
    base::Digest remainder{};
    salt = {};
    if (!personal.values.empty()) {
      salt = random_salt();
      remainder = hasher_.personal_digest(salt, personal.bits + personal.bytes);
    }
    salts_.append(bytes_of(salt));
    result_.remainders.push_back(remainder);
    result_.rows.push_back(asked_);
  }

  const Layouts& layouts_;
  CommitHasher& hasher_;
  RewrittenBody result_;
  std::string sections_;
  std::string salts_;
  std::uint32_t asked_ = 0;
};

}  // namespace

std::string erasure_record(std::string_view member, const std::vector<std::string>& fields,
                           const std::vector<ErasureRecordRow>& rows) {
  std::string record;
  put_u8(record, kRecordFormat);
  put_text(record, member);
  put_varint(record, fields.size());
  for (const std::string& field : fields) put_text(record, field);
  put_varint(record, rows.size());
  for (const ErasureRecordRow& row : rows) {
    put_text(record, row.table);
    put_u32(record, row.row);
    record.append(bytes_of(row.remainder));
  }
  return record;
}

bool read_erasure_record(std::string_view bytes,
                         absl::FunctionRef<void(const ErasureRecordRow&)> each) {
  ByteReader in(bytes);
  if (in.u8() != kRecordFormat) return false;
  in.text();
  for (std::uint64_t fields = in.varint(); fields > 0 && in.ok(); --fields) in.text();
  for (std::uint64_t rows = in.varint(); rows > 0 && in.ok(); --rows) {
    ErasureRecordRow row;
    row.table = in.text();
    row.row = in.u32();
    const auto remainder = digest_from(in.bytes(sizeof(base::Digest)));
    if (!remainder) return false;
    row.remainder = *remainder;
    each(row);
  }
  return in.ok() && in.at_end();
}

base::Digest remainder_digest(CommitHasher& hasher, const BodyReader& reader, const BodyRow& row) {
  if (row.personal.empty()) return {};
  return hasher.personal_digest(reader.salt(hasher),
                                std::string(row.bits) + std::string(row.personal));
}

RewrittenBody rewrite_body(std::string_view body, const Layouts& layouts, CommitHasher& hasher,
                           FieldsToErase fields) {
  return Rewriting(layouts, hasher).run(body, fields);
}

}  // namespace dangbo::inline v1::registry
