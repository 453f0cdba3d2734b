// Where the characters stand that end a field or a record: 64 bytes at a time, one bit each.
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace dangbo::inline v1::load::detail {

// Bit i is set when byte i is the separator, a quote, CR or LF. REQUIRES: 64 readable bytes.
[[nodiscard]] inline std::uint64_t special_mask_plain(const char* bytes, char separator) noexcept {
  std::uint64_t mask = 0;
  for (unsigned i = 0; i < 64; ++i) {
    const char byte = bytes[i];
    const bool special = byte == separator || byte == '"' || byte == '\n' || byte == '\r';
    mask |= static_cast<std::uint64_t>(special) << i;
  }
  return mask;
}

#if defined(__SSE2__)
[[nodiscard]] inline std::uint64_t special_mask(const char* bytes, char separator) noexcept {
  const __m128i separators = _mm_set1_epi8(separator);
  const __m128i quotes = _mm_set1_epi8('"');
  const __m128i feeds = _mm_set1_epi8('\n');
  const __m128i returns = _mm_set1_epi8('\r');
  std::uint64_t mask = 0;
  for (unsigned part = 0; part < 4; ++part) {
    const __m128i some = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * part));
    const __m128i found =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(some, separators), _mm_cmpeq_epi8(some, quotes)),
                     _mm_or_si128(_mm_cmpeq_epi8(some, feeds), _mm_cmpeq_epi8(some, returns)));
    mask |= static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(found)))
            << (16 * part);
  }
  return mask;
}
#else
[[nodiscard]] inline std::uint64_t special_mask(const char* bytes, char separator) noexcept {
  return special_mask_plain(bytes, separator);
}
#endif

}  // namespace dangbo::inline v1::load::detail
