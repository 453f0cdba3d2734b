// SHA-256, for digests of files, packs and commits. libcrypto does the work.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace dangbo::inline v1::base {

using Digest = std::array<std::uint8_t, 32>;

// Incremental SHA-256. Not thread-safe; one object per stream.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;

  void update(std::string_view bytes);
  void update_u64(std::uint64_t value);  // eight bytes, little-endian
  // The digest of everything since construction; the object starts anew afterwards.
  [[nodiscard]] Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

[[nodiscard]] Digest digest_of(std::string_view bytes);
[[nodiscard]] std::string to_hex(const Digest& digest);

}  // namespace dangbo::inline v1::base
