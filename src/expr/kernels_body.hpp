// The bodies of the loops; each kernels_*.cpp compiles them for its instruction set.
// NOLINTBEGIN(google-build-namespaces): every inclusion is one body of its own
#include "expr/kernels.hpp"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace dangbo::inline v1::expr::detail {

namespace {

// 64 bytes, each 0 or 1, as bits.
inline std::uint64_t pack(const std::uint8_t* bytes) noexcept {
#if defined(__AVX512BW__)
  const __m512i all = _mm512_load_si512(bytes);
  return _mm512_test_epi8_mask(all, all);
#elif defined(__AVX2__)
  const __m256i* at = reinterpret_cast<const __m256i*>(bytes);
  const __m256i zero = _mm256_setzero_si256();
  const auto low = static_cast<std::uint32_t>(
      _mm256_movemask_epi8(_mm256_sub_epi8(zero, _mm256_load_si256(at))));
  const auto high = static_cast<std::uint32_t>(
      _mm256_movemask_epi8(_mm256_sub_epi8(zero, _mm256_load_si256(at + 1))));
  return (std::uint64_t{high} << 32) | low;
#elif defined(__SSE2__)
  const __m128i* at = reinterpret_cast<const __m128i*>(bytes);
  const __m128i zero = _mm_setzero_si128();
  std::uint64_t out = 0;
  for (int i = 0; i < 4; ++i) {
    const auto part =
        static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_sub_epi8(zero, _mm_load_si128(at + i))));
    out |= std::uint64_t{part} << (16 * i);
  }
  return out;
#else
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < kWord; ++i) out |= std::uint64_t{bytes[i]} << i;
  return out;
#endif
}

template <Comparison C, typename T>
inline bool holds(T a, T b) noexcept {
  if constexpr (C == Comparison::kEqual) return a == b;
  if constexpr (C == Comparison::kNotEqual) return a != b;
  if constexpr (C == Comparison::kLess) return a < b;
  if constexpr (C == Comparison::kLessEqual) return a <= b;
  if constexpr (C == Comparison::kGreater) return a > b;
  if constexpr (C == Comparison::kGreaterEqual) return a >= b;
}

// `test` of each row of a word as a bit.
template <typename Test>
inline void fill_plane(std::uint64_t* out, std::size_t words, const Test& test) noexcept {
  alignas(64) std::uint8_t bytes[kWord];
  for (std::size_t word = 0; word < words; ++word) {
    const std::size_t base = word * kWord;
    for (std::size_t i = 0; i < kWord; ++i) bytes[i] = test(base + i) ? 1 : 0;
    out[word] = pack(bytes);
  }
}

#if defined(__AVX512BW__)
// Comparisons that give bits at once. The predicates are those of <immintrin.h>: for integers of
// the family _MM_CMPINT, for doubles ordered and quiet but !=, which holds for what is no number.
template <Comparison C>
constexpr int kPredicate = C == Comparison::kEqual       ? 0
                           : C == Comparison::kLess      ? 1
                           : C == Comparison::kLessEqual ? 2
                           : C == Comparison::kNotEqual  ? 4
                           : C == Comparison::kGreater   ? 6
                                                         : 5;
template <Comparison C>
constexpr int kRealPredicate = C == Comparison::kEqual       ? 0x00
                               : C == Comparison::kLess      ? 0x11
                               : C == Comparison::kLessEqual ? 0x12
                               : C == Comparison::kNotEqual  ? 0x04
                               : C == Comparison::kGreater   ? 0x1E
                                                             : 0x1D;
inline __m512i wide(const std::int64_t* a) noexcept {
  return _mm512_loadu_si512(a);
}
inline __m512i wide(const std::int32_t* a) noexcept {
  return _mm512_loadu_si512(a);
}
inline __m512d wide(const double* a) noexcept {
  return _mm512_loadu_pd(a);
}
inline __m512i wide_of(std::int64_t a) noexcept {
  return _mm512_set1_epi64(a);
}
inline __m512i wide_of(std::int32_t a) noexcept {
  return _mm512_set1_epi32(a);
}
inline __m512d wide_of(double a) noexcept {
  return _mm512_set1_pd(a);
}

template <Comparison C, typename T, typename Wide>
inline std::uint64_t mask(Wide a, Wide b) noexcept {
  if constexpr (sizeof(T) == 4) {
    return _mm512_cmp_epi32_mask(a, b, kPredicate<C>);
  } else if constexpr (T(0.5) == T(0)) {
    return _mm512_cmp_epi64_mask(a, b, kPredicate<C>);
  } else {
    return _mm512_cmp_pd_mask(a, b, kRealPredicate<C>);
  }
}

template <Comparison C, typename T>
void compare(const T* a, const T* b, std::uint64_t* out, std::size_t words) {
  constexpr std::size_t kLanes = 64 / sizeof(T);
  for (std::size_t word = 0; word < words; ++word, a += kWord, b += kWord) {
    std::uint64_t plane = 0;
    for (std::size_t i = 0; i < kWord; i += kLanes)
      plane |= mask<C, T>(wide(a + i), wide(b + i)) << i;
    out[word] = plane;
  }
}

template <Comparison C, typename T>
void compare_with(const T* a, T b, std::uint64_t* out, std::size_t words) {
  constexpr std::size_t kLanes = 64 / sizeof(T);
  const auto all = wide_of(b);
  for (std::size_t word = 0; word < words; ++word, a += kWord) {
    std::uint64_t plane = 0;
    for (std::size_t i = 0; i < kWord; i += kLanes) plane |= mask<C, T>(wide(a + i), all) << i;
    out[word] = plane;
  }
}
#else
template <Comparison C, typename T>
void compare(const T* a, const T* b, std::uint64_t* out, std::size_t words) {
  fill_plane(out, words, [=](std::size_t i) { return holds<C>(a[i], b[i]); });
}

template <Comparison C, typename T>
void compare_with(const T* a, T b, std::uint64_t* out, std::size_t words) {
  fill_plane(out, words, [=](std::size_t i) { return holds<C>(a[i], b); });
}
#endif

inline std::uint64_t bits(std::int64_t value) noexcept {
  return static_cast<std::uint64_t>(value);
}

void add(const std::int64_t* a, const std::int64_t* b, std::int64_t* out, std::uint64_t* fault,
         std::size_t words) {
  fill_plane(fault, words, [=](std::size_t i) {
    const auto sum = static_cast<std::int64_t>(bits(a[i]) + bits(b[i]));
    out[i] = sum;
    return ((a[i] ^ sum) & (b[i] ^ sum)) < 0;
  });
}

void subtract(const std::int64_t* a, const std::int64_t* b, std::int64_t* out, std::uint64_t* fault,
              std::size_t words) {
  fill_plane(fault, words, [=](std::size_t i) {
    const auto rest = static_cast<std::int64_t>(bits(a[i]) - bits(b[i]));
    out[i] = rest;
    return ((a[i] ^ b[i]) & (a[i] ^ rest)) < 0;
  });
}

void multiply(const std::int64_t* a, const std::int64_t* b, std::int64_t* out, std::uint64_t* fault,
              std::size_t words) {
  fill_plane(fault, words,
             [=](std::size_t i) { return __builtin_mul_overflow(a[i], b[i], &out[i]); });
}

constexpr std::int64_t kSmallest = -0x7FFFFFFFFFFFFFFF - 1;

void divide(const std::int64_t* a, const std::int64_t* b, std::int64_t* out, std::uint64_t* fault,
            std::uint64_t* zero, std::size_t words) {
  fill_plane(zero, words, [=](std::size_t i) { return b[i] == 0; });
  fill_plane(fault, words, [=](std::size_t i) {
    const bool bad = a[i] == kSmallest && b[i] == -1;
    out[i] = bad || b[i] == 0 ? 0 : a[i] / b[i];
    return bad;
  });
}

void modulo(const std::int64_t* a, const std::int64_t* b, std::int64_t* out, std::uint64_t* fault,
            std::uint64_t* zero, std::size_t words) {
  fill_plane(zero, words, [=](std::size_t i) { return b[i] == 0; });
  fill_plane(fault, words, [=](std::size_t i) {
    const bool bad = a[i] == kSmallest && b[i] == -1;
    out[i] = bad || b[i] == 0 ? 0 : a[i] % b[i];
    return bad;
  });
}

void add_double(const double* a, const double* b, double* out, std::size_t words) {
  for (std::size_t i = 0; i < words * kWord; ++i) out[i] = a[i] + b[i];
}
void subtract_double(const double* a, const double* b, double* out, std::size_t words) {
  for (std::size_t i = 0; i < words * kWord; ++i) out[i] = a[i] - b[i];
}
void multiply_double(const double* a, const double* b, double* out, std::size_t words) {
  for (std::size_t i = 0; i < words * kWord; ++i) out[i] = a[i] * b[i];
}
void divide_double(const double* a, const double* b, double* out, std::size_t words) {
  for (std::size_t i = 0; i < words * kWord; ++i) out[i] = a[i] / b[i];
}

template <typename T>
void widen(const T* a, std::uint32_t limit, std::int32_t* out, std::uint64_t* fault,
           std::size_t words) {
  fill_plane(fault, words, [=](std::size_t i) {
    const std::uint32_t code = a[i];
    const bool bad = code >= limit;
    out[i] = bad ? 0 : static_cast<std::int32_t>(code);
    return bad;
  });
}

#if defined(__AVX512BW__)
void byte_is(const std::uint8_t* a, std::uint8_t code, std::uint64_t* out, std::size_t words) {
  const __m512i all = _mm512_set1_epi8(static_cast<char>(code));
  for (std::size_t word = 0; word < words; ++word, a += kWord) {
    out[word] = _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(a), all);
  }
}

void byte_from(const std::uint8_t* a, std::uint32_t limit, std::uint64_t* out, std::size_t words) {
  const __m512i all = _mm512_set1_epi8(static_cast<char>(limit));
  for (std::size_t word = 0; word < words; ++word, a += kWord) {
    const std::uint64_t from = _mm512_cmpge_epu8_mask(_mm512_loadu_si512(a), all);
    out[word] = limit <= 0xFF ? from : 0;
  }
}
#else
void byte_is(const std::uint8_t* a, std::uint8_t code, std::uint64_t* out, std::size_t words) {
  fill_plane(out, words, [=](std::size_t i) { return a[i] == code; });
}

void byte_from(const std::uint8_t* a, std::uint32_t limit, std::uint64_t* out, std::size_t words) {
  fill_plane(out, words, [=](std::size_t i) { return a[i] >= limit; });
}
#endif

struct Civil32 {
  std::int32_t year;
  std::int32_t month;
  std::int32_t day;
};

inline bool in_calendar(std::int32_t day) noexcept {
  return day >= kFirstDay && day <= kLastDay;
}

// Years begin in March, eras of 400 years in March 0000. REQUIRES: a day of the calendar.
inline Civil32 civil(std::int32_t day) noexcept {
  const auto shifted = static_cast<std::uint32_t>(day + 719'468);
  const std::uint32_t era = shifted / 146'097;
  const std::uint32_t of_era = shifted - era * 146'097;
  const std::uint32_t year = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::uint32_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const std::uint32_t from_march = (5 * of_year + 2) / 153;
  const std::uint32_t day_of_month = of_year - (153 * from_march + 2) / 5 + 1;
  const std::uint32_t month = from_march < 10 ? from_march + 3 : from_march - 9;
  return {static_cast<std::int32_t>(year + era * 400 + (month <= 2 ? 1 : 0)),
          static_cast<std::int32_t>(month), static_cast<std::int32_t>(day_of_month)};
}

// REQUIRES: year >= 0, month 1 … 12.
inline std::int32_t day_number(std::int32_t year, std::int32_t month, std::int32_t day) noexcept {
  const auto y = static_cast<std::uint32_t>(month <= 2 ? year - 1 : year);
  const std::uint32_t era = y / 400;
  const std::uint32_t of_era = y - era * 400;
  const auto from_march = static_cast<std::uint32_t>(month > 2 ? month - 3 : month + 9);
  const std::uint32_t of_year = (153 * from_march + 2) / 5 + static_cast<std::uint32_t>(day) - 1;
  const std::uint32_t day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
  return static_cast<std::int32_t>(era * 146'097 + day_of_era) - 719'468;
}

inline std::int32_t month_length(std::int32_t year, std::int32_t month) noexcept {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return 30 + ((month + (month >> 3)) & 1);
}

inline Civil32 safe_civil(std::int32_t day) noexcept {
  return civil(in_calendar(day) ? day : 0);
}

void year(const std::int32_t* a, std::int64_t* out, std::uint64_t* fault, std::size_t words) {
  fill_plane(fault, words, [=](std::size_t i) {
    out[i] = safe_civil(a[i]).year;
    return !in_calendar(a[i]);
  });
}

void month(const std::int32_t* a, std::int64_t* out, std::uint64_t* fault, std::size_t words) {
  fill_plane(fault, words, [=](std::size_t i) {
    out[i] = safe_civil(a[i]).month;
    return !in_calendar(a[i]);
  });
}

void day(const std::int32_t* a, std::int64_t* out, std::uint64_t* fault, std::size_t words) {
  fill_plane(fault, words, [=](std::size_t i) {
    out[i] = safe_civil(a[i]).day;
    return !in_calendar(a[i]);
  });
}

inline bool both_in_calendar(std::int32_t a, std::int32_t b) noexcept {
  return in_calendar(a) && in_calendar(b);
}

void days_since(const std::int32_t* a, const std::int32_t* since, std::int64_t* out,
                std::uint64_t* fault, std::size_t words) {
  fill_plane(fault, words, [=](std::size_t i) {
    out[i] = std::int64_t{a[i]} - since[i];
    return !both_in_calendar(a[i], since[i]);
  });
}

inline std::int32_t whole_months(std::int32_t to, std::int32_t from) noexcept {
  const Civil32 end = safe_civil(to);
  const Civil32 start = safe_civil(from);
  return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day ? 1 : 0);
}

void months_since(const std::int32_t* a, const std::int32_t* since, std::int64_t* out,
                  std::uint64_t* fault, std::size_t words) {
  fill_plane(fault, words, [=](std::size_t i) {
    out[i] = whole_months(a[i], since[i]);
    return !both_in_calendar(a[i], since[i]);
  });
}

void years_since(const std::int32_t* a, const std::int32_t* since, std::int64_t* out,
                 std::uint64_t* fault, std::size_t words) {
  fill_plane(fault, words, [=](std::size_t i) {
    const std::int32_t months = whole_months(a[i], since[i]);
    out[i] = (months >= 0 ? months : months - 11) / 12;
    return !both_in_calendar(a[i], since[i]);
  });
}

// What becomes of `day` in a month that has but `length` days.
inline std::int32_t day_in(std::int32_t day, std::int32_t length, std::int32_t old_length,
                           Rounding rounding) noexcept {
  if (rounding == Rounding::kSnapToEnd && day == old_length) return length;
  if (day <= length) return day;
  return rounding == Rounding::kSpill ? length + 1 : length;
}

void plus(const std::int32_t* a, std::int32_t months, std::int32_t days, Rounding rounding,
          std::int32_t* out, std::uint64_t* fault, std::size_t words) {
  fill_plane(fault, words, [=](std::size_t i) {
    bool fine = in_calendar(a[i]);
    std::int32_t moved = fine ? a[i] : 0;
    if (months != 0) {
      const Civil32 from = civil(moved);
      const std::int32_t number = from.year * 12 + from.month - 1 + months;
      const bool in_range = number >= 1400 * 12 && number < 10'000 * 12;
      const std::int32_t safe = in_range ? number : 1400 * 12;
      const std::int32_t to_year = safe / 12;
      const std::int32_t to_month = safe - to_year * 12 + 1;
      const std::int32_t length = month_length(to_year, to_month);
      const std::int32_t to_day =
          day_in(from.day, length, month_length(from.year, from.month), rounding);
      fine = fine && in_range && !(rounding == Rounding::kStrict && from.day > length);
      moved = day_number(to_year, to_month, 1) + to_day - 1;
      fine = fine && in_calendar(moved);
    }
    moved += days;
    fine = fine && in_calendar(moved);
    out[i] = fine ? moved : 0;
    return !fine;
  });
}

void test_states(const std::int32_t* codes, const std::uint8_t* states, std::uint8_t wanted,
                 std::uint64_t* out, std::size_t words) {
  fill_plane(out, words, [=](std::size_t i) { return states[codes[i]] == wanted; });
}

template <typename T>
void select(const std::uint64_t* chosen, const T* a, const T* b, T* out, std::size_t words) {
  for (std::size_t word = 0; word < words; ++word) {
    const std::uint64_t plane = chosen[word];
    for (std::size_t i = 0; i < kWord; ++i) {
      const std::size_t at = word * kWord + i;
      out[at] = ((plane >> i) & 1U) != 0 ? a[at] : b[at];
    }
  }
}

inline std::int64_t ones(std::uint64_t word) noexcept {
  return __builtin_popcountll(word);
}

void count_ranges(const std::uint64_t* plane, const std::uint32_t* begin, const std::uint32_t* end,
                  std::int64_t* out, std::size_t ranges) {
  // Set bits before each word; one more word ends the last range.
  std::int64_t before[kBlock / kWord + 1] = {};
  std::uint64_t held[kBlock / kWord + 1] = {};
  const std::size_t words = ranges == 0 ? 0 : (end[ranges - 1] + kWord - 1) / kWord;
  for (std::size_t word = 0; word < words; ++word) {
    held[word] = plane[word];
    before[word + 1] = before[word] + ones(plane[word]);
  }
  const auto up_to = [&](std::uint32_t row) {
    const std::uint64_t low = (std::uint64_t{1} << (row % kWord)) - 1;
    return before[row / kWord] + ones(held[row / kWord] & low);
  };
  std::uint32_t last = 0;
  std::int64_t last_count = 0;
  for (std::size_t i = 0; i < ranges; ++i) {
    const std::int64_t from = begin[i] == last ? last_count : up_to(begin[i]);
    last = end[i];
    last_count = up_to(last);
    out[i] = last_count - from;
  }
}

#define DANGBO_COMPARISONS(function, type)                                              \
  {                                                                                     \
    function<Comparison::kEqual, type>, function<Comparison::kNotEqual, type>,          \
        function<Comparison::kLess, type>, function<Comparison::kLessEqual, type>,      \
        function<Comparison::kGreater, type>, function<Comparison::kGreaterEqual, type> \
  }

constexpr Kernels made_kernels(const char* name) {
  return {name,
          DANGBO_COMPARISONS(compare, std::int32_t),
          DANGBO_COMPARISONS(compare, std::int64_t),
          DANGBO_COMPARISONS(compare, double),
          DANGBO_COMPARISONS(compare_with, std::int32_t),
          DANGBO_COMPARISONS(compare_with, std::int64_t),
          DANGBO_COMPARISONS(compare_with, double),
          add,
          subtract,
          multiply,
          divide,
          modulo,
          add_double,
          subtract_double,
          multiply_double,
          divide_double,
          widen<std::uint8_t>,
          widen<std::uint16_t>,
          widen<std::uint32_t>,
          byte_is,
          byte_from,
          year,
          month,
          day,
          days_since,
          months_since,
          years_since,
          plus,
          test_states,
          select<std::int32_t>,
          select<std::int64_t>,
          count_ranges};
}

#undef DANGBO_COMPARISONS

}  // namespace

}  // namespace dangbo::inline v1::expr::detail
// NOLINTEND(google-build-namespaces)
