// Walking UTF-8 by code points with utf8proc. Bytes that are not well-formed come out as U+FFFD,
// one by one, so that no walk can run past the end or stand still.
#pragma once

#include <utf8proc.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace dangbo::inline v1::base::detail {

using CodePoint = utf8proc_int32_t;

inline constexpr CodePoint kReplacement = 0xFFFD;

struct Decoded {
  CodePoint code_point = kReplacement;
  std::size_t length = 1;  // bytes
  bool well_formed = false;
};

// REQUIRES: text is not empty.
[[nodiscard]] inline Decoded decode_first(std::string_view text) noexcept {
  const auto byte = static_cast<unsigned char>(text.front());
  if (byte < 0x80) {
    return {static_cast<CodePoint>(byte), 1, true};
  }
  CodePoint code_point = 0;
  const utf8proc_ssize_t length =
      utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                       static_cast<utf8proc_ssize_t>(text.size()), &code_point);
  if (length <= 0) {
    return {};
  }
  return {code_point, static_cast<std::size_t>(length), true};
}

inline void append_utf8(std::string& out, CodePoint code_point) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const utf8proc_ssize_t length = utf8proc_encode_char(code_point, bytes.data());
  for (std::size_t i = 0; i < static_cast<std::size_t>(length); ++i) {
    out += static_cast<char>(bytes[i]);
  }
}

// The code points one code point falls apart into. Unicode's longest has 18.
class Decomposed {
 public:
  Decomposed(CodePoint code_point, int options) noexcept {
    int boundary = 0;
    const utf8proc_ssize_t count = utf8proc_decompose_char(
        code_point, parts_.data(), static_cast<utf8proc_ssize_t>(parts_.size()),
        static_cast<utf8proc_option_t>(options), &boundary);
    if (count >= 0 && static_cast<std::size_t>(count) <= parts_.size()) {
      count_ = static_cast<std::size_t>(count);
    }
  }
  [[nodiscard]] std::span<const CodePoint> parts() const noexcept {
    return {parts_.data(), count_};
  }

 private:
  std::array<CodePoint, 32> parts_;  // only the first count_ are ever read
  std::size_t count_ = 0;
};

[[nodiscard]] inline utf8proc_category_t category_of(CodePoint code_point) noexcept {
  return utf8proc_category(code_point);
}

[[nodiscard]] inline bool is_mark(utf8proc_category_t category) noexcept {
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
         category == UTF8PROC_CATEGORY_ME;
}

// Đ has no canonical decomposition, and people type its twins: Eth (U+00D0) and African D (U+0189).
[[nodiscard]] inline bool is_barred_d(CodePoint code_point) noexcept {
  switch (code_point) {
    case 0x00D0:
    case 0x00F0:
    case 0x0110:
    case 0x0111:
    case 0x0189:
    case 0x0256:
      return true;
    default:
      return false;
  }
}

}  // namespace dangbo::inline v1::base::detail
