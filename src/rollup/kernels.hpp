// Loops over rows of a frame, once for each instruction set; all give the same bits. Nothing but
// plain data passes here: the bodies are compiled with other flags than the rest, so they include
// nothing that the linker might share with it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace dangbo::inline v1::rollup::detail {

inline constexpr std::size_t kWordRows = 64;  // rows of a word of a bit plane

// Planes have one bit a row, least significant first; `words` is their length, and arrays of values
// are 64 times as long.
struct Kernels {
  const char* name;
  // from <= day < until; without `until` (null) every row holds to the end.
  void (*holds)(const std::uint16_t* from, const std::uint16_t* until, std::uint16_t day,
                std::uint64_t* out, std::size_t words);
  // The value, in two bytes, is less than the bound.
  void (*below)(const std::uint8_t* high, const std::uint8_t* low, std::uint16_t bound,
                std::uint64_t* out, std::size_t words);
  // `out` also has the rows whose code, a bit in each plane, is this one.
  void (*add_equal)(const std::uint64_t* const* planes, std::size_t planes_count,
                    std::uint32_t code, std::uint64_t* out, std::size_t words);
  // mask &= plane, mask &= ~plane; what is left of it in any row.
  std::uint64_t (*keep)(std::uint64_t* mask, const std::uint64_t* plane, std::size_t words);
  std::uint64_t (*drop)(std::uint64_t* mask, const std::uint64_t* plane, std::size_t words);
  // Bits of a plane, and of two planes at once.
  std::uint64_t (*count)(const std::uint64_t* a, std::size_t words);
  std::uint64_t (*count_both)(const std::uint64_t* a, const std::uint64_t* b, std::size_t words);
  // keys += digit × weight; code 255 is the last digit.
  void (*add_digit)(const std::uint8_t* codes, std::uint32_t last, std::uint32_t weight,
                    std::uint32_t* keys, std::size_t count);
};

extern const Kernels kPlainKernels;
#if defined(__x86_64__)
extern const Kernels kAvx2Kernels;
extern const Kernels kAvx512Kernels;
#endif

}  // namespace dangbo::inline v1::rollup::detail
