// How a registry keeps the values of its tables: fixed-size numbers in append-only chunks.
#pragma once

#include <cstdint>

#include "dangbo/base/ids.hpp"

namespace dangbo::inline v1::registry {

class TableStore;

// Width of one stored value.
enum class Storage : std::uint8_t {
  kByte,  // code of a closed vocabulary, flag
  kHalf,  // code of a growing vocabulary
  kWord,  // slot, text reference, date code
  kLong,  // 64-bit integer
};

// Marks of a missing value, by storage. A missing date is kMissingDate; a missing `until` is
// kOpenUntilCode, so that one comparison decides; both stand outside every real date.
inline constexpr std::uint32_t kMissingByte = 0xFFU;
inline constexpr std::uint32_t kMissingHalf = 0xFFFFU;
inline constexpr std::uint32_t kMissingWord = 0xFFFFFFFFU;
inline constexpr std::uint32_t kMissingDate = 0x80000000U;    // INT32_MIN
inline constexpr std::uint32_t kOpenUntilCode = 0x7FFFFFFFU;  // INT32_MAX
inline constexpr std::int64_t kMissingLong = -0x7FFFFFFFFFFFFFFFLL - 1;

inline constexpr std::uint32_t kChunkRows = 1U << 16;

}  // namespace dangbo::inline v1::registry
