#include "registry/file_digest.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <new>
#include <utility>

#include "registry/file_bytes.hpp"

namespace dangbo::inline v1::registry {

namespace {
constexpr std::size_t kFlushBytes = 1U << 15;
}

std::optional<base::Digest> digest_from(std::string_view bytes) noexcept {
  base::Digest digest{};
  if (bytes.size() != digest.size()) return std::nullopt;
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(digest.data()));
  return digest;
}

Salt random_salt() {
  Salt salt{};
  if (RAND_bytes(reinterpret_cast<unsigned char*>(salt.data()), static_cast<int>(salt.size())) != 1)
    throw std::bad_alloc();
  return salt;
}

base::Digest first_digest(bool single_root) {
  return base::digest_of(single_root ? "dangbo file 1, one root" : "dangbo file 1");
}

base::Digest layout_digest(const base::Digest& previous, std::uint32_t number,
                           std::uint32_t after_commit, std::string_view form) {
  base::Hasher hasher;
  hasher.update("dangbo layout 1");
  hasher.update(bytes_of(previous));
  hasher.update_u64(number);
  hasher.update_u64(after_commit);
  hasher.update(form);
  return hasher.finish();
}

std::string ChecksumHasher::checksum_of(std::string_view head, std::string_view body) {
  base::Hasher hasher = hasher_ ? std::move(*hasher_) : base::Hasher();
  hasher_.reset();
  hasher.update_u64(head.size());
  hasher.update(head);
  hasher.update(body);
  const base::Digest digest = hasher.finish();
  hasher_.emplace(std::move(hasher));
  return std::string(bytes_of(digest).substr(0, kChecksumBytes));
}

void CommitHasher::start(const base::Digest& previous, const base::Digest& layouts,
                         const CommitHeader& header) {
  if (is_begun_) {  // by a commit that came to nothing
    static_cast<void>(commit_.finish());
    static_cast<void>(inner_.finish());
    is_begun_ = false;
  }
  pending_.assign("dangbo commit 1");
  pending_.append(bytes_of(previous));
  pending_.append(bytes_of(layouts));
  put_u32(pending_, header.number);
  put_u64(pending_, static_cast<std::uint64_t>(header.time));
  put_u8(pending_, static_cast<std::uint8_t>(header.kind));
  put_u8(pending_, header.synthetic ? 1 : 0);
  put_u8(pending_, header.current_day ? 1 : 0);
  put_u32(pending_, static_cast<std::uint32_t>(header.current_day.value_or(0)));
  put_text(pending_, header.source_version);
}

void CommitHasher::flush_when_full() {
  if (pending_.size() < kFlushBytes) return;
  is_begun_ = true;
  commit_.update(pending_);
  pending_.clear();
}

void CommitHasher::add_row(std::uint32_t layout, RowOperation operation, std::uint32_t target,
                           std::string_view structural) {
  put_varint(pending_, layout);
  put_u8(pending_, static_cast<std::uint8_t>(operation));
  put_u32(pending_, target);
  pending_.append(structural);
  put_u8(pending_, 0);
  flush_when_full();
}

void CommitHasher::add_row(std::uint32_t layout, RowOperation operation, std::uint32_t target,
                           std::string_view structural, const base::Digest& personal) {
  put_varint(pending_, layout);
  put_u8(pending_, static_cast<std::uint8_t>(operation));
  put_u32(pending_, target);
  pending_.append(structural);
  put_u8(pending_, 1);
  pending_.append(bytes_of(personal));
  flush_when_full();
}

void CommitHasher::add_record(std::string_view record) {
  put_text(pending_, record);
  flush_when_full();
}

base::Digest CommitHasher::finish() {
  is_begun_ = true;
  commit_.update(pending_);
  pending_.clear();
  const base::Digest digest = commit_.finish();
  is_begun_ = false;
  return digest;
}

Salt CommitHasher::derive_salt(const Salt& secret, std::uint64_t row) {
  is_begun_ = true;
  inner_.update(bytes_of(secret));
  inner_.update_u64(row);
  const base::Digest digest = inner_.finish();
  Salt salt{};
  std::copy_n(reinterpret_cast<const char*>(digest.data()), salt.size(), salt.data());
  return salt;
}

base::Digest CommitHasher::personal_digest(const Salt& salt, std::string_view bytes) {
  is_begun_ = true;
  inner_.update(bytes_of(salt));
  inner_.update(bytes);
  return inner_.finish();
}

}  // namespace dangbo::inline v1::registry
