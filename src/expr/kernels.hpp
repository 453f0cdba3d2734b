// Loops over a block of a column, once for each instruction set. Nothing but plain data passes
// here: the bodies are compiled with other flags than the rest, so they include nothing that the
// linker might share with it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace dangbo::inline v1::expr::detail {

inline constexpr std::size_t kBlock = 2048;  // rows of a block
inline constexpr std::size_t kWord = 64;     // rows of a word of a bit plane

enum class Comparison : std::uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
};
inline constexpr std::size_t kComparisons = 6;

enum class Rounding : std::uint8_t { kClamp, kSnapToEnd, kSpill, kStrict };

// Days since 1970-01-01 of the first and last day of the calendar, as time::Date has it.
inline constexpr std::int32_t kFirstDay = -208'188;  // 1400-01-01
inline constexpr std::int32_t kLastDay = 2'932'896;  // 9999-12-31

// All lengths are in words of 64 rows; planes have one bit a row, least significant first. Arrays
// hold `words` * 64 values. What `fault` planes get is added to nothing: they are written whole.
struct Kernels {
  const char* name;

  void (*compare_int32[kComparisons])(const std::int32_t* a, const std::int32_t* b,
                                      std::uint64_t* out, std::size_t words);
  void (*compare_int64[kComparisons])(const std::int64_t* a, const std::int64_t* b,
                                      std::uint64_t* out, std::size_t words);
  void (*compare_double[kComparisons])(const double* a, const double* b, std::uint64_t* out,
                                       std::size_t words);
  void (*compare_int32_with[kComparisons])(const std::int32_t* a, std::int32_t b,
                                           std::uint64_t* out, std::size_t words);
  void (*compare_int64_with[kComparisons])(const std::int64_t* a, std::int64_t b,
                                           std::uint64_t* out, std::size_t words);
  void (*compare_double_with[kComparisons])(const double* a, double b, std::uint64_t* out,
                                            std::size_t words);

  // The result wraps where `fault` is set.
  void (*add)(const std::int64_t* a, const std::int64_t* b, std::int64_t* out, std::uint64_t* fault,
              std::size_t words);
  void (*subtract)(const std::int64_t* a, const std::int64_t* b, std::int64_t* out,
                   std::uint64_t* fault, std::size_t words);
  void (*multiply)(const std::int64_t* a, const std::int64_t* b, std::int64_t* out,
                   std::uint64_t* fault, std::size_t words);
  // `zero`: the divisor is 0; `fault`: the quotient has no 64 bits, of the remainder the same.
  void (*divide)(const std::int64_t* a, const std::int64_t* b, std::int64_t* out,
                 std::uint64_t* fault, std::uint64_t* zero, std::size_t words);
  void (*modulo)(const std::int64_t* a, const std::int64_t* b, std::int64_t* out,
                 std::uint64_t* fault, std::uint64_t* zero, std::size_t words);
  void (*add_double)(const double* a, const double* b, double* out, std::size_t words);
  void (*subtract_double)(const double* a, const double* b, double* out, std::size_t words);
  void (*multiply_double)(const double* a, const double* b, double* out, std::size_t words);
  void (*divide_double)(const double* a, const double* b, double* out, std::size_t words);

  // Codes as int32; `fault` where the code is `limit` or more, the code is then 0.
  void (*widen_byte)(const std::uint8_t* a, std::uint32_t limit, std::int32_t* out,
                     std::uint64_t* fault, std::size_t words);
  void (*widen_half)(const std::uint16_t* a, std::uint32_t limit, std::int32_t* out,
                     std::uint64_t* fault, std::size_t words);
  void (*widen_word)(const std::uint32_t* a, std::uint32_t limit, std::int32_t* out,
                     std::uint64_t* fault, std::size_t words);

  // Codes of one byte as they are: those that are `code`, those that are `limit` or more.
  void (*byte_is)(const std::uint8_t* a, std::uint8_t code, std::uint64_t* out, std::size_t words);
  void (*byte_from)(const std::uint8_t* a, std::uint32_t limit, std::uint64_t* out,
                    std::size_t words);

  // Parts of days; `fault` where a day is outside the calendar.
  void (*year)(const std::int32_t* a, std::int64_t* out, std::uint64_t* fault, std::size_t words);
  void (*month)(const std::int32_t* a, std::int64_t* out, std::uint64_t* fault, std::size_t words);
  void (*day)(const std::int32_t* a, std::int64_t* out, std::uint64_t* fault, std::size_t words);
  void (*days_since)(const std::int32_t* a, const std::int32_t* since, std::int64_t* out,
                     std::uint64_t* fault, std::size_t words);
  void (*months_since)(const std::int32_t* a, const std::int32_t* since, std::int64_t* out,
                       std::uint64_t* fault, std::size_t words);
  void (*years_since)(const std::int32_t* a, const std::int32_t* since, std::int64_t* out,
                      std::uint64_t* fault, std::size_t words);
  // Months first, then days. REQUIRES: |months| and |days| <= 2^28.
  void (*plus)(const std::int32_t* a, std::int32_t months, std::int32_t days, Rounding rounding,
               std::int32_t* out, std::uint64_t* fault, std::size_t words);

  // Bit i: whether states[codes[i]] is `wanted`. REQUIRES: codes lie in `states`.
  void (*test_states)(const std::int32_t* codes, const std::uint8_t* states, std::uint8_t wanted,
                      std::uint64_t* out, std::size_t words);
  // out = the one of a and b that the bit chooses: a where it is set.
  void (*select_int32)(const std::uint64_t* bits, const std::int32_t* a, const std::int32_t* b,
                       std::int32_t* out, std::size_t words);
  void (*select_int64)(const std::uint64_t* bits, const std::int64_t* a, const std::int64_t* b,
                       std::int64_t* out, std::size_t words);
  // Set bits of [begin[i], end[i]) of the plane of a block, for each i; the ranges ascend.
  void (*count_ranges)(const std::uint64_t* bits, const std::uint32_t* begin,
                       const std::uint32_t* end, std::int64_t* out, std::size_t ranges);
};

// Those this machine can run, the plainest first.
struct KernelChoice {
  const Kernels* list[3];
  std::size_t count;
};
[[nodiscard]] const KernelChoice& kernel_choice() noexcept;

extern const Kernels kPlainKernels;
#if defined(__x86_64__)
extern const Kernels kAvx2Kernels;
extern const Kernels kAvx512Kernels;
#endif

}  // namespace dangbo::inline v1::expr::detail
