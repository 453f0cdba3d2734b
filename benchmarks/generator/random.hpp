// A small generator of numbers that gives the same sequence on every machine; the distributions of
// the standard library do not promise that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace dangbo::inline v1::generator {

// SplitMix64 (Steele, Lea, Flood 2014). Streams of one seed do not overlap in practice.
class Random {
 public:
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0) noexcept
      : state_(mix(seed + 0x9E3779B97F4A7C15ULL) ^ mix(stream * 0xD1B54A32D192ED03ULL + 1)) {}

  std::uint64_t next() noexcept {
    state_ += 0x9E3779B97F4A7C15ULL;
    return mix(state_);
  }
  // 0 … n-1. REQUIRES: n > 0.
  std::uint32_t below(std::uint32_t n) noexcept {
    return static_cast<std::uint32_t>(((next() >> 32) * n) >> 32);
  }
  std::size_t below(std::size_t n) noexcept { return below(static_cast<std::uint32_t>(n)); }
  // lo … hi, both included.
  std::int32_t between(std::int32_t lo, std::int32_t hi) noexcept {
    return lo + static_cast<std::int32_t>(below(static_cast<std::uint32_t>(hi - lo + 1)));
  }
  bool chance(std::uint32_t per_thousand) noexcept { return below(1000U) < per_thousand; }

  template <typename T>
  const T& pick(const std::vector<T>& values) noexcept {
    return values[below(values.size())];
  }
  template <typename T>
  void shuffle(std::vector<T>& values) noexcept {
    for (std::size_t left = values.size(); left > 1; --left) {
      std::swap(values[left - 1], values[below(left)]);
    }
  }

 private:
  static constexpr std::uint64_t mix(std::uint64_t z) noexcept {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

}  // namespace dangbo::inline v1::generator
