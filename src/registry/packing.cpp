#include "registry/packing.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "dangbo/time/date.hpp"
#include "registry/blocks.hpp"

namespace dangbo::inline v1::registry {

namespace {

constexpr int kFirstYear = 1900;
constexpr int kYears = 170;
constexpr std::int32_t kFirstDay = -25567;  // 1900-01-01
constexpr std::uint32_t kDays = 62092;      // until 2069-12-31
constexpr std::uint32_t kMonths = kYears * 12;
constexpr std::uint32_t kShortMissing = 0xFFFF;
static_assert(kDays + kMonths + kYears < kShortMissing);

// Date codes of the months, then of the years.
const std::array<std::int32_t, kMonths + kYears>& partial_codes() noexcept {
  static const auto codes = [] {
    std::array<std::int32_t, kMonths + kYears> list{};
    for (int year = 0; year < kYears; ++year) {
      for (int month = 0; month < 12; ++month) {
        list[static_cast<std::size_t>(year * 12 + month)] =
            time::PartialDate::from_month(kFirstYear + year, month + 1)->code();
      }
      list[kMonths + static_cast<std::size_t>(year)] =
          time::PartialDate::from_year(kFirstYear + year)->code();
    }
    return list;
  }();
  return codes;
}

std::optional<std::uint16_t> short_date(std::uint32_t value, std::uint32_t missing) noexcept {
  if (value == missing) return static_cast<std::uint16_t>(kShortMissing);
  const auto date = time::PartialDate::from_code(static_cast<std::int32_t>(value));
  const std::int64_t day = std::int64_t{date.first_day().days()} - kFirstDay;
  if (day < 0 || day >= kDays) return std::nullopt;
  if (date.is_exact()) return static_cast<std::uint16_t>(day);
  const time::Date first = date.first_day();
  const auto year = static_cast<std::uint32_t>(first.year() - kFirstYear);
  if (date.precision() == time::DatePrecision::kYear)
    return static_cast<std::uint16_t>(kDays + kMonths + year);
  return static_cast<std::uint16_t>(kDays + year * 12 + static_cast<std::uint32_t>(first.month()) -
                                    1);
}

std::uint32_t long_date(std::uint16_t value, std::uint32_t missing) noexcept {
  if (value < kDays) return static_cast<std::uint32_t>((kFirstDay + std::int32_t{value}) * 4);
  if (value == kShortMissing) return missing;
  return static_cast<std::uint32_t>(partial_codes()[value - kDays]);
}

template <typename T>
T load(const std::byte* array, std::uint32_t at) noexcept {
  T value;
  std::memcpy(&value, array + std::size_t{at} * sizeof(T), sizeof(T));
  return value;
}

// Packs value by value; `narrow` gives nothing for a value that does not fit.
template <typename Wide, typename Narrow, typename Convert>
ColumnWord pack_each(const std::byte* wide, Convert narrow) noexcept {
  auto* array = static_cast<Narrow*>(take_block(kChunkRows * sizeof(Narrow)));
  if (array == nullptr) return 0;
  for (std::uint32_t at = 0; at < kChunkRows; ++at) {
    const std::optional<Narrow> value = narrow(load<Wide>(wide, at), at);
    if (!value) {
      give_block(array);
      return 0;
    }
    array[at] = *value;
  }
  return reinterpret_cast<ColumnWord>(array) | kNarrowForm;
}

ColumnWord pack_chain(const std::byte* wide, std::uint32_t first_row) noexcept {
  return pack_each<std::uint32_t, std::uint8_t>(
      wide, [&](std::uint32_t older, std::uint32_t at) -> std::optional<std::uint8_t> {
        if (older == kMissingWord) return std::uint8_t{0};
        const std::uint32_t back = first_row + at - older;
        if (back > 0xFF) return std::nullopt;
        return static_cast<std::uint8_t>(back);
      });
}

ColumnWord pack_code(const std::byte* wide) noexcept {
  return pack_each<std::uint16_t, std::uint8_t>(
      wide, [](std::uint16_t code, std::uint32_t) -> std::optional<std::uint8_t> {
        if (code == kMissingHalf) return static_cast<std::uint8_t>(kMissingByte);
        if (code >= kMissingByte) return std::nullopt;
        return static_cast<std::uint8_t>(code);
      });
}

bool is_ramp(const std::byte* wide) noexcept {
  const auto first = load<std::uint32_t>(wide, 0);
  if (first > (kMissingWord >> 2) - kChunkRows) return false;  // the word may have 32 bits
  for (std::uint32_t at = 1; at < kChunkRows; ++at) {
    if (load<std::uint32_t>(wide, at) != first + at) return false;
  }
  return true;
}

// The lowest slot (4 bytes), then how far above it each row's slot is (2 bytes).
constexpr std::size_t kLowestBytes = sizeof(std::uint32_t);

ColumnWord pack_near_slots(const std::byte* wide) noexcept {
  std::uint32_t lowest = kMissingWord;
  std::uint32_t highest = 0;
  for (std::uint32_t at = 0; at < kChunkRows; ++at) {
    const auto slot = load<std::uint32_t>(wide, at);
    if (slot == kMissingWord) continue;
    lowest = std::min(lowest, slot);
    highest = std::max(highest, slot);
  }
  if (lowest > highest || highest - lowest >= kShortMissing) return 0;
  auto* array =
      static_cast<std::byte*>(take_block(kLowestBytes + kChunkRows * sizeof(std::uint16_t)));
  if (array == nullptr) return 0;
  std::memcpy(array, &lowest, sizeof(lowest));
  for (std::uint32_t at = 0; at < kChunkRows; ++at) {
    const auto slot = load<std::uint32_t>(wide, at);
    const auto above =
        static_cast<std::uint16_t>(slot == kMissingWord ? kShortMissing : slot - lowest);
    std::memcpy(array + kLowestBytes + std::size_t{at} * sizeof(above), &above, sizeof(above));
  }
  return reinterpret_cast<ColumnWord>(array) | kNarrowForm;
}

ColumnWord pack_slot(const std::byte* wide) noexcept {
  if (!is_ramp(wide)) return pack_near_slots(wide);
  return (static_cast<ColumnWord>(load<std::uint32_t>(wide, 0)) << 2) | kRampForm;
}

}  // namespace

ColumnWord pack(Packing packing, const std::byte* wide, std::uint32_t first_row,
                std::uint32_t missing) noexcept {
  switch (packing) {
    case Packing::kNone:
      return 0;
    case Packing::kDate:
      return pack_each<std::uint32_t, std::uint16_t>(
          wide, [&](std::uint32_t value, std::uint32_t) { return short_date(value, missing); });
    case Packing::kCode:
      return pack_code(wide);
    case Packing::kChain:
      return pack_chain(wide, first_row);
    case Packing::kSlot:
      return pack_slot(wide);
  }
  return 0;
}

namespace {

// A value of the narrow form.
[[gnu::always_inline]] inline std::uint32_t unpacked(Packing packing, ColumnWord word,
                                                     std::uint32_t row,
                                                     std::uint32_t missing) noexcept {
  const std::uint32_t at = row & (kChunkRows - 1);
  const std::byte* array = address_of(word);
  switch (packing) {
    case Packing::kDate:
      return long_date(load<std::uint16_t>(array, at), missing);
    case Packing::kCode: {
      const auto code = static_cast<std::uint32_t>(array[at]);
      return code == kMissingByte ? kMissingHalf : code;
    }
    case Packing::kChain: {
      const auto back = static_cast<std::uint32_t>(array[at]);
      return back == 0 ? kMissingWord : row - back;
    }
    case Packing::kSlot: {
      const auto above = load<std::uint16_t>(array + kLowestBytes, at);
      return above == kShortMissing ? missing : load<std::uint32_t>(array, 0) + above;
    }
    default:
      return missing;
  }
}

}  // namespace

std::uint32_t packed_value(Packing packing, ColumnWord word, std::uint32_t row,
                           std::uint32_t missing) noexcept {
  if ((word & kFormBits) == kRampForm)
    return static_cast<std::uint32_t>(word >> 2) + (row & (kChunkRows - 1));
  return unpacked(packing, word, row, missing);
}

void read_packed(Packing packing, ColumnWord word, std::uint32_t row, std::uint32_t missing,
                 std::span<std::uint32_t> out) noexcept {
  const auto each = [&](auto value_of) {
    for (std::uint32_t i = 0; i < out.size(); ++i) out[i] = value_of(row + i);
  };
  if ((word & kFormBits) == kRampForm) {
    each([&](std::uint32_t of) { return packed_value(packing, word, of, missing); });
    return;
  }
  switch (packing) {  // a constant in each loop, so that the loop holds one way of unpacking only
    case Packing::kDate:
      each([&](std::uint32_t of) { return unpacked(Packing::kDate, word, of, missing); });
      break;
    case Packing::kCode:
      each([&](std::uint32_t of) { return unpacked(Packing::kCode, word, of, missing); });
      break;
    case Packing::kChain:
      each([&](std::uint32_t of) { return unpacked(Packing::kChain, word, of, missing); });
      break;
    default:
      each([&](std::uint32_t of) { return unpacked(Packing::kSlot, word, of, missing); });
  }
}

bool holds_nothing(const std::byte* wide, std::size_t width, std::uint32_t missing) noexcept {
  for (std::uint32_t at = 0; at < kChunkRows; ++at) {
    if (std::memcmp(wide + std::size_t{at} * width, &missing, width) != 0) return false;
  }
  return true;
}

void put_missing(Packing packing, ColumnWord word, std::uint32_t row) noexcept {
  const std::size_t at = row & (kChunkRows - 1);
  std::byte* array = address_of(word);
  if (packing == Packing::kDate) {
    constexpr auto kMark = static_cast<std::uint16_t>(kShortMissing);
    std::memcpy(array + at * sizeof(kMark), &kMark, sizeof(kMark));
  } else if (packing == Packing::kCode) {
    array[at] = static_cast<std::byte>(kMissingByte);
  }
}

std::uint64_t column_bytes(Packing packing, ColumnWord word, std::uint64_t wide) noexcept {
  switch (word & kFormBits) {
    case kWideForm:
      return word == 0 ? 0 : wide * kChunkRows;
    case kNarrowForm:
      return packed_width(packing) * std::uint64_t{kChunkRows};
    default:
      return 0;
  }
}

}  // namespace dangbo::inline v1::registry
