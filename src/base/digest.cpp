#include "dangbo/base/digest.hpp"

#include <openssl/evp.h>

#include <new>

namespace dangbo::inline v1::base {

namespace {

// SHA-256 of libcrypto fails for want of memory only, and a wrong digest must never pass for a
// right one: say it as operator new does.
void require(bool done) {
  if (!done) {
    throw std::bad_alloc();
  }
}

}  // namespace

struct Hasher::State {
  State() { require(context != nullptr); }
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  // Naming the algorithm makes libcrypto look it up, which costs more than a short digest: once.
  void start() {
    require(EVP_DigestInit_ex(context, started ? nullptr : EVP_sha256(), nullptr) == 1);
    started = true;
  }

  EVP_MD_CTX* context = EVP_MD_CTX_new();
  bool started = false;
};

Hasher::Hasher() : state_(std::make_unique<State>()) {
  state_->start();
}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::update(std::string_view bytes) {
  require(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
}

void Hasher::update_u64(std::uint64_t value) {
  std::array<char, 8> bytes{};
  for (char& byte : bytes) {
    byte = static_cast<char>(value & 0xFFU);
    value >>= 8U;
  }
  update({bytes.data(), bytes.size()});
}

Digest Hasher::finish() {
  Digest digest{};
  require(EVP_DigestFinal_ex(state_->context, digest.data(), nullptr) == 1);
  state_->start();
  return digest;
}

Digest digest_of(std::string_view bytes) {
  Hasher hasher;
  hasher.update(bytes);
  return hasher.finish();
}

std::string to_hex(const Digest& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * digest.size());
  for (const std::uint8_t byte : digest) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0xFU];
  }
  return text;
}

}  // namespace dangbo::inline v1::base
