// Canonical bytes: little-endian numbers, LEB128 lengths, texts as length and bytes. The same on
// every machine.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace dangbo::inline v1::registry {

inline void put_u8(std::string& out, std::uint8_t value) {
  out.push_back(static_cast<char>(value));
}

inline void put_u32(std::string& out, std::uint32_t value) {
  const std::array<char, 4> bytes = {
      static_cast<char>(value & 0xFFU), static_cast<char>((value >> 8U) & 0xFFU),
      static_cast<char>((value >> 16U) & 0xFFU), static_cast<char>((value >> 24U) & 0xFFU)};
  out.append(bytes.data(), bytes.size());
}

inline void put_u64(std::string& out, std::uint64_t value) {
  put_u32(out, static_cast<std::uint32_t>(value));
  put_u32(out, static_cast<std::uint32_t>(value >> 32U));
}

inline void put_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80U) {
    put_u8(out, static_cast<std::uint8_t>(value | 0x80U));
    value >>= 7U;
  }
  put_u8(out, static_cast<std::uint8_t>(value));
}

inline void put_text(std::string& out, std::string_view text) {
  put_varint(out, text.size());
  out.append(text);
}

inline void set_u32(std::string& out, std::size_t at, std::uint32_t value) noexcept {
  for (unsigned i = 0; i < 4; ++i) out[at + i] = static_cast<char>((value >> (8 * i)) & 0xFFU);
}

// Reads what the functions above wrote. After the first read beyond the end everything is 0 and
// empty, and `ok` is false.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) noexcept
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  [[nodiscard]] bool ok() const noexcept { return ok_; }
  [[nodiscard]] bool at_end() const noexcept { return at_ == end_; }
  [[nodiscard]] const char* position() const noexcept { return at_; }

  std::uint8_t u8() noexcept { return static_cast<std::uint8_t>(number(1)); }
  std::uint32_t u32() noexcept { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t u64() noexcept { return number(8); }
  std::uint64_t varint() noexcept {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t byte = u8();
      value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if ((byte & 0x80U) == 0) return value;
    }
    ok_ = false;
    return 0;
  }
  std::string_view bytes(std::uint64_t count) noexcept {
    if (count > static_cast<std::uint64_t>(end_ - at_)) {
      ok_ = false;
      at_ = end_;
      return {};
    }
    const std::string_view taken(at_, static_cast<std::size_t>(count));
    at_ += count;
    return taken;
  }
  std::string_view text() noexcept { return bytes(varint()); }

 private:
  std::uint64_t number(unsigned width) noexcept {
    const std::string_view taken = bytes(width);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < taken.size(); ++i)
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(taken[i])) << (8 * i);
    return value;
  }

  const char* at_;
  const char* end_;
  bool ok_ = true;
};

}  // namespace dangbo::inline v1::registry
