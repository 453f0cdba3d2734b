// Digests of the file. A commit's digest covers the one before it, so that none can be changed,
// moved or taken out unseen. Personal values enter through a salted digest of their own: they can
// be erased, and the chain still verifies.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dangbo/base/digest.hpp"

namespace dangbo::inline v1::registry {

using Salt = std::array<char, 16>;
inline constexpr std::size_t kChecksumBytes = 16;

[[nodiscard]] inline std::string_view bytes_of(const base::Digest& digest) noexcept {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}
[[nodiscard]] inline std::string_view bytes_of(const Salt& salt) noexcept {
  return {salt.data(), salt.size()};
}
// Nothing when the bytes are not as long as a digest.
[[nodiscard]] std::optional<base::Digest> digest_from(std::string_view bytes) noexcept;

// Random bytes of libcrypto. Throws std::bad_alloc when it has none to give.
[[nodiscard]] Salt random_salt();

enum class CommitKind : std::uint8_t { kRows = 0, kRedaction = 1 };
enum class RowOperation : std::uint8_t { kAdd = 1, kReplace = 2, kWithdraw = 3 };

struct CommitHeader {
  std::uint32_t number = 0;
  std::int64_t time = 0;
  CommitKind kind = CommitKind::kRows;
  bool synthetic = false;                   // this commit's change was marked so
  std::optional<std::int32_t> current_day;  // the registry's day was moved there
  std::string_view source_version;
};

// Start of the chain: what the file says of itself.
[[nodiscard]] base::Digest first_digest(bool single_root);

// Digest of the layouts up to `number`.
[[nodiscard]] base::Digest layout_digest(const base::Digest& previous, std::uint32_t number,
                                         std::uint32_t after_commit, std::string_view form);

// Against bytes that flipped; the chain of digests is against people. One object serves many
// checksums: to set one up costs more than a short one.
class ChecksumHasher {
 public:
  [[nodiscard]] std::string checksum_of(std::string_view head, std::string_view body);

 private:
  std::optional<base::Hasher> hasher_;  // none after a fault
};

// The digest of one commit, row by row. One object serves many commits.
class CommitHasher {
 public:
  void start(const base::Digest& previous, const base::Digest& layouts, const CommitHeader& header);
  // A row without personal values.
  void add_row(std::uint32_t layout, RowOperation operation, std::uint32_t target,
               std::string_view structural);
  void add_row(std::uint32_t layout, RowOperation operation, std::uint32_t target,
               std::string_view structural, const base::Digest& personal);
  // The record of a redaction.
  void add_record(std::string_view record);
  [[nodiscard]] base::Digest finish();

  [[nodiscard]] Salt derive_salt(const Salt& secret, std::uint64_t row);
  [[nodiscard]] base::Digest personal_digest(const Salt& salt, std::string_view bytes);

 private:
  void flush_when_full();
  base::Hasher commit_;
  base::Hasher inner_;
  bool is_begun_ = false;  // one of them holds a part of a digest
  std::string pending_;    // short pieces on their way to commit_
};

}  // namespace dangbo::inline v1::registry
