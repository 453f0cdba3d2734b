// Identifiers. Three integer spaces that the compiler keeps apart:
//   Id        64-bit, persistent, 0 = none, top bit never set (fits SQL BIGINT and Java long)
//   Slot      32-bit, dense for the life of one registry, never reused (array index)
//   Position  32-bit, pre-order number in the tree of one day (a subtree is a range of positions)
// No arithmetic and no implicit conversion; `index_of` gives the integer where an array is indexed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace dangbo::inline v1::base {

// Tổ chức đảng: one organisation, for ever.
enum class UnitId : std::uint64_t {};
// Đảng viên: one person, for ever.
enum class MemberId : std::uint64_t {};

enum class UnitSlot : std::uint32_t {};
enum class MemberSlot : std::uint32_t {};
enum class UnitPosition : std::uint32_t {};

// Number of a row inside its table: rows are appended, never moved, never renumbered.
enum class RowId : std::uint32_t {};

// Number of a commit, from 1; 0 = before the first. Knowledge time is counted in commits.
enum class CommitNumber : std::uint32_t {};

inline constexpr UnitId kNoUnit{0};
inline constexpr MemberId kNoMember{0};
inline constexpr UnitSlot kNoUnitSlot{0xFFFFFFFFU};
inline constexpr MemberSlot kNoMemberSlot{0xFFFFFFFFU};
inline constexpr UnitPosition kNoPosition{0xFFFFFFFFU};
inline constexpr RowId kNoRow{0xFFFFFFFFU};
inline constexpr CommitNumber kNoCommit{0};

template <typename T>
concept Identifier = std::is_enum_v<T> && std::is_unsigned_v<std::underlying_type_t<T>>;

// The integer behind an identifier, for indexing and printing.
template <Identifier T>
[[nodiscard]] constexpr std::underlying_type_t<T> index_of(T id) noexcept {
  return static_cast<std::underlying_type_t<T>>(id);
}

}  // namespace dangbo::inline v1::base
