// The bodies of the loops; each kernels_*.cpp compiles them for its instruction set.
// NOLINTBEGIN(google-build-namespaces): every inclusion is one body of its own
#include "rollup/kernels.hpp"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace dangbo::inline v1::rollup::detail {

namespace {

inline std::uint64_t count_word(std::uint64_t word) noexcept {
  return static_cast<std::uint64_t>(__builtin_popcountll(word));
}

#if !defined(__AVX512BW__)
// `test` of each row of a word as a bit.
template <typename Test>
inline std::uint64_t word_of(const Test& test) noexcept {
  alignas(64) std::uint8_t bytes[kWordRows];
  for (std::size_t i = 0; i < kWordRows; ++i) bytes[i] = test(i) ? 0xFF : 0;
  std::uint64_t out = 0;
#if defined(__AVX2__)
  const __m256i* at = reinterpret_cast<const __m256i*>(bytes);
  const auto low = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_load_si256(at)));
  const auto high = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_load_si256(at + 1)));
  out = (std::uint64_t{high} << 32) | low;
#elif defined(__SSE2__)
  const __m128i* at = reinterpret_cast<const __m128i*>(bytes);
  for (int i = 0; i < 4; ++i) {
    const auto part = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_load_si128(at + i)));
    out |= std::uint64_t{part} << (16 * i);
  }
#else
  for (std::size_t i = 0; i < kWordRows; ++i) out |= std::uint64_t{bytes[i] & 1U} << i;
#endif
  return out;
}
#endif

void begun(const std::uint16_t* from, std::uint16_t day, std::uint64_t* out, std::size_t words) {
  for (std::size_t word = 0; word < words; ++word) {
    const std::uint16_t* f = from + word * kWordRows;
#if defined(__AVX512BW__)
    const __m512i on = _mm512_set1_epi16(static_cast<short>(day));
    out[word] = std::uint64_t{_mm512_cmple_epu16_mask(_mm512_loadu_si512(f), on)} |
                (std::uint64_t{_mm512_cmple_epu16_mask(_mm512_loadu_si512(f + 32), on)} << 32);
#else
    out[word] = word_of([&](std::size_t i) { return f[i] <= day; });
#endif
  }
}

void holds(const std::uint16_t* from, const std::uint16_t* until, std::uint16_t day,
           std::uint64_t* out, std::size_t words) {
  if (until == nullptr) return begun(from, day, out, words);
  for (std::size_t word = 0; word < words; ++word) {
    const std::uint16_t* f = from + word * kWordRows;
    const std::uint16_t* u = until + word * kWordRows;
#if defined(__AVX512BW__)
    const __m512i on = _mm512_set1_epi16(static_cast<short>(day));
    const auto half = [&](std::size_t at) {
      const __mmask32 is_begun = _mm512_cmple_epu16_mask(_mm512_loadu_si512(f + at), on);
      return _mm512_mask_cmpgt_epu16_mask(is_begun, _mm512_loadu_si512(u + at), on);
    };
    out[word] = std::uint64_t{half(0)} | (std::uint64_t{half(32)} << 32);
#else
    out[word] = word_of([&](std::size_t i) { return f[i] <= day && u[i] > day; });
#endif
  }
}

void below(const std::uint8_t* high, const std::uint8_t* low, std::uint16_t bound,
           std::uint64_t* out, std::size_t words) {
  const auto bound_high = static_cast<std::uint8_t>(bound >> 8);
  const auto bound_low = static_cast<std::uint8_t>(bound & 0xFF);
  for (std::size_t word = 0; word < words; ++word) {
    const std::uint8_t* h = high + word * kWordRows;
    const std::uint8_t* l = low + word * kWordRows;
#if defined(__AVX512BW__)
    const __m512i values = _mm512_loadu_si512(h);
    const __m512i limit = _mm512_set1_epi8(static_cast<char>(bound_high));
    std::uint64_t less = _mm512_cmplt_epu8_mask(values, limit);
    // The low bytes are looked at where the high ones leave it open.
    if (const std::uint64_t same = _mm512_cmpeq_epu8_mask(values, limit); same != 0) {
      less |= same & _mm512_cmplt_epu8_mask(_mm512_loadu_si512(l),
                                            _mm512_set1_epi8(static_cast<char>(bound_low)));
    }
    out[word] = less;
#else
    std::uint64_t less = word_of([&](std::size_t i) { return h[i] < bound_high; });
    const std::uint64_t same = word_of([&](std::size_t i) { return h[i] == bound_high; });
    if (same != 0) less |= same & word_of([&](std::size_t i) { return l[i] < bound_low; });
    out[word] = less;
#endif
  }
}

void add_equal(const std::uint64_t* const* planes, std::size_t planes_count, std::uint32_t code,
               std::uint64_t* out, std::size_t words) {
  std::size_t word = 0;
#if defined(__AVX512BW__)
  for (; word + 8 <= words; word += 8) {
    __m512i all = _mm512_set1_epi64(-1);
    for (std::size_t p = 0; p < planes_count; ++p) {
      const __m512i plane = _mm512_loadu_si512(planes[p] + word);
      all =
          ((code >> p) & 1U) != 0 ? _mm512_and_si512(all, plane) : _mm512_andnot_si512(plane, all);
    }
    _mm512_storeu_si512(out + word, _mm512_or_si512(_mm512_loadu_si512(out + word), all));
  }
#endif
  for (; word < words; ++word) {
    std::uint64_t all = ~std::uint64_t{0};
    for (std::size_t p = 0; p < planes_count; ++p) {
      all &= ((code >> p) & 1U) != 0 ? planes[p][word] : ~planes[p][word];
    }
    out[word] |= all;
  }
}

std::uint64_t keep(std::uint64_t* mask, const std::uint64_t* plane, std::size_t words) {
  std::uint64_t any = 0;
  for (std::size_t word = 0; word < words; ++word) any |= mask[word] &= plane[word];
  return any;
}

std::uint64_t drop(std::uint64_t* mask, const std::uint64_t* plane, std::size_t words) {
  std::uint64_t any = 0;
  for (std::size_t word = 0; word < words; ++word) any |= mask[word] &= ~plane[word];
  return any;
}

#if defined(__AVX512VPOPCNTDQ__)
std::uint64_t count_both(const std::uint64_t* a, const std::uint64_t* b, std::size_t words) {
  __m512i sum = _mm512_setzero_si512();
  std::size_t word = 0;
  for (; word + 8 <= words; word += 8) {
    sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(_mm512_and_si512(
                                    _mm512_loadu_si512(a + word), _mm512_loadu_si512(b + word))));
  }
  auto total = static_cast<std::uint64_t>(_mm512_reduce_add_epi64(sum));
  for (; word < words; ++word) total += count_word(a[word] & b[word]);
  return total;
}
#else
std::uint64_t count_both(const std::uint64_t* a, const std::uint64_t* b, std::size_t words) {
  std::uint64_t total = 0;
  for (std::size_t word = 0; word < words; ++word) total += count_word(a[word] & b[word]);
  return total;
}
#endif

std::uint64_t count(const std::uint64_t* a, std::size_t words) {
  return count_both(a, a, words);
}

void add_digit(const std::uint8_t* codes, std::uint32_t last, std::uint32_t weight,
               std::uint32_t* keys, std::size_t rows) {
  for (std::size_t i = 0; i < rows; ++i) {
    const std::uint32_t digit = codes[i] == 0xFF ? last : std::uint32_t{codes[i]};
    keys[i] += digit * weight;
  }
}

}  // namespace

}  // namespace dangbo::inline v1::rollup::detail
// NOLINTEND(google-build-namespaces)
