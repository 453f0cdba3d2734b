#include "registry/file_body.hpp"

#include <algorithm>

namespace dangbo::inline v1::registry {

BodyReader::BodyReader(std::string_view body, const Layouts& layouts)
    : in_(body), layouts_(layouts) {
  damaged_ = in_.u8() != kBodyFormat;
  const std::uint8_t mode = in_.u8();
  mode_ = static_cast<SaltMode>(mode);
  if (mode_ == SaltMode::kSecret) {
    const std::string_view secret = in_.bytes(secret_.size());
    std::copy(secret.begin(), secret.end(), secret_.begin());
  } else if (mode_ == SaltMode::kExplicit) {
    const std::uint64_t count = in_.varint();
    salts_ = in_.bytes(count > (UINT64_MAX >> 8U) ? UINT64_MAX : count * sizeof(Salt));
  }
  damaged_ = damaged_ || mode > static_cast<std::uint8_t>(SaltMode::kExplicit) || !in_.ok();
}

bool BodyReader::next_section(BodySection& section) {
  if (damaged_ || left_ != 0 || in_.at_end()) return false;
  const std::uint64_t number = in_.varint();
  const std::uint8_t operation = in_.u8();
  left_ = in_.u32();
  damaged_ = !in_.ok() || number == 0 || number > layouts_.size() ||
             operation < static_cast<std::uint8_t>(RowOperation::kAdd) ||
             operation > static_cast<std::uint8_t>(RowOperation::kWithdraw);
  if (damaged_) return false;
  layout_ = layouts_[static_cast<std::size_t>(number) - 1].get();
  operation_ = static_cast<RowOperation>(operation);
  section = {.layout = static_cast<std::uint32_t>(number), .operation = operation_, .rows = left_};
  return true;
}

Salt BodyReader::salt(CommitHasher& hasher) const {
  if (mode_ == SaltMode::kSecret) return hasher.derive_salt(secret_, personal_rows_ - 1);
  Salt salt{};
  std::copy_n(salts_.data() + (personal_rows_ - 1) * sizeof(Salt), sizeof(Salt), salt.data());
  return salt;
}

void hash_row(CommitHasher& hasher, const BodyReader& reader, const BodySection& section,
              const BodyRow& row) {
  if (!row.has_personal()) {
    hasher.add_row(section.layout, section.operation, row.target, row.structural);
    return;
  }
  const base::Digest personal = row.erased.empty()
                                    ? hasher.personal_digest(reader.salt(hasher), row.personal)
                                    : digest_from(row.erased).value_or(base::Digest{});
  hasher.add_row(section.layout, section.operation, row.target, row.structural, personal);
}

}  // namespace dangbo::inline v1::registry
