// How a chunk that will not grow keeps its columns in fewer bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "dangbo/registry/storage.hpp"

namespace dangbo::inline v1::registry {

// What may be tried with a column.
enum class Packing : std::uint8_t {
  kNone,
  kDate,   // 16 bits: days, months and years from 1900 to 2069
  kCode,   // 8 bits: the first 255 words of a growing vocabulary
  kChain,  // 8 bits: how far back the earlier row stands
  kSlot,   // no bits: slots that count up with the rows; else 16: slots near one another
};

// A chunk keeps one word a column: 0 when all values are missing, else an address or a number with
// its form in the low two bits.
using ColumnWord = std::uintptr_t;
inline constexpr ColumnWord kFormBits = 3;
inline constexpr ColumnWord kWideForm = 0;    // address of values as the storage says
inline constexpr ColumnWord kNarrowForm = 1;  // address of values as the packing says
inline constexpr ColumnWord kRampForm = 2;    // first slot

[[nodiscard]] inline std::byte* address_of(ColumnWord word) noexcept {
  return reinterpret_cast<std::byte*>(word & ~kFormBits);
}

// A full chunk's column in fewer bytes: its new word, or 0 when it cannot be packed or memory does
// not suffice. `wide` is left as it is; `first_row` is the row number of the chunk's first row.
[[nodiscard]] ColumnWord pack(Packing packing, const std::byte* wide, std::uint32_t first_row,
                              std::uint32_t missing) noexcept;

// Every value of a full chunk's column is missing. REQUIRES: at most 4 bytes a value.
[[nodiscard]] bool holds_nothing(const std::byte* wide, std::size_t width,
                                 std::uint32_t missing) noexcept;

// A value of a packed column. REQUIRES: the word is not of the wide form.
[[nodiscard]] std::uint32_t packed_value(Packing packing, ColumnWord word, std::uint32_t row,
                                         std::uint32_t missing) noexcept;

// The values of a packed column from `row` on, as many as `out` is long. REQUIRES: as above; the
// rows stand in one chunk.
void read_packed(Packing packing, ColumnWord word, std::uint32_t row, std::uint32_t missing,
                 std::span<std::uint32_t> out) noexcept;

// Bytes of one value in the narrow form.
[[nodiscard]] inline std::size_t packed_width(Packing packing) noexcept {
  return packing == Packing::kDate || packing == Packing::kSlot ? 2 : 1;
}

// Takes a value out of a packed column of dates or codes.
void put_missing(Packing packing, ColumnWord word, std::uint32_t row) noexcept;

// Bytes that a column of a full chunk takes in this form; `wide` is the width of its storage.
[[nodiscard]] std::uint64_t column_bytes(Packing packing, ColumnWord word,
                                         std::uint64_t wide) noexcept;

}  // namespace dangbo::inline v1::registry
