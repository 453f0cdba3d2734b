// The rows of a commit as bytes. A body is
//   format (1 byte), salts: 0 none | 1 secret (16 bytes) | 2 count (varint), salts (16 bytes each)
//   sections to the end: layout (varint), operation (1 byte), rows (4 bytes), the rows
// and a row is
//   the stored row it corrects or withdraws (4 bytes; not in an added row); nothing more when
//   withdrawn
//   in a correction the bits of the fields that it sets, structural ones, then personal ones: the
//   others keep the values of the row that is corrected
//   structural: presence bits, values       personal: presence bits, values
// Bits are in the order of the layout's fields, lowest first; the first personal bit says that
// values of the row were erased: 32 bytes, the digest the personal part had, follow the bits then.
// Text and codes (as words) are length and bytes; a date is its code (4 bytes), an integer 8 bytes,
// a flag 1.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "registry/file_bytes.hpp"
#include "registry/file_digest.hpp"
#include "registry/file_layout.hpp"

namespace dangbo::inline v1::registry {

inline constexpr std::uint8_t kBodyFormat = 1;
enum class SaltMode : std::uint8_t { kNone = 0, kSecret = 1, kExplicit = 2 };

using Layouts = std::vector<std::unique_ptr<const Layout>>;  // layout n stands at n - 1

// Value of a field as it stands in the bytes.
struct StoredValue {
  std::string_view text;     // text, code
  std::int64_t integer = 0;  // integer, date code, flag
};

struct BodySection {
  std::uint32_t layout = 0;
  RowOperation operation = RowOperation::kAdd;
  std::uint32_t rows = 0;
};

struct BodyRow {
  std::uint32_t target = 0;
  std::string_view whole;           // the row as it stands in the body
  std::size_t before_personal = 0;  // bytes of it before the personal part
  std::string_view set;             // of a correction: both sets of bits
  std::string_view structural;      // bits and values, those of `set` before them
  std::string_view personal;        // bits and values, without the digest of erased ones
  std::string_view bits;            // personal presence
  std::string_view erased;          // the digest of the erased part; empty when nothing was erased
  [[nodiscard]] bool has_personal() const noexcept {
    for (const char byte : bits) {
      if (byte != 0) return true;
    }
    return false;
  }
};

[[nodiscard]] inline bool bit_of(std::string_view bits, std::size_t index) noexcept {
  const unsigned byte = static_cast<unsigned char>(bits[index / 8]);
  return ((byte >> (index % 8)) & 1U) != 0;
}
inline void set_bit(std::string& out, std::size_t bits_at, std::size_t index) noexcept {
  char& byte = out[bits_at + index / 8];
  byte = static_cast<char>(static_cast<unsigned char>(byte) | (1U << (index % 8)));
}
[[nodiscard]] inline std::size_t structural_bytes(const Layout& layout) noexcept {
  return (layout.structural.size() + 7) / 8;
}
[[nodiscard]] inline std::size_t personal_bytes(const Layout& layout) noexcept {
  return layout.personal.empty() ? 0 : (layout.personal.size() + 1 + 7) / 8;
}

[[nodiscard]] inline StoredValue read_value(ByteReader& in, table::Type type) noexcept {
  switch (type) {
    case table::Type::kText:
    case table::Type::kCode:
      return {.text = in.text()};
    case table::Type::kDate:
      return {.text = {}, .integer = static_cast<std::int32_t>(in.u32())};
    case table::Type::kInt:
      return {.text = {}, .integer = static_cast<std::int64_t>(in.u64())};
    default:
      return {.text = {}, .integer = in.u8()};
  }
}

// Goes through a body. Every read is checked against the end; a body that does not follow the
// format is `damaged`.
class BodyReader {
 public:
  BodyReader(std::string_view body, const Layouts& layouts);

  // The next section; false at the end or when damaged.
  bool next_section(BodySection& section);
  // The next row of the section. `on_value(personal, index of the field among those, value)` is
  // called for every value present.
  template <typename OnValue>
  bool next_row(BodyRow& row, OnValue&& on_value);
  bool next_row(BodyRow& row) {
    return next_row(row, [](bool, std::size_t, const StoredValue&) {});
  }
  // Salt of the personal part of the row read last. REQUIRES: it has one.
  [[nodiscard]] Salt salt(CommitHasher& hasher) const;
  [[nodiscard]] bool damaged() const noexcept { return damaged_; }

 private:
  ByteReader in_;
  const Layouts& layouts_;
  const Layout* layout_ = nullptr;
  RowOperation operation_ = RowOperation::kAdd;
  std::uint32_t left_ = 0;  // rows of the section still to come
  bool damaged_ = false;
  SaltMode mode_ = SaltMode::kNone;
  Salt secret_{};
  std::string_view salts_;
  std::uint64_t personal_rows_ = 0;  // read so far
};

template <typename OnValue>
bool BodyReader::next_row(BodyRow& row, OnValue&& on_value) {
  if (left_ == 0 || damaged_) return false;
  --left_;
  row = {};
  const char* start = in_.position();
  if (operation_ != RowOperation::kAdd) row.target = in_.u32();
  if (operation_ != RowOperation::kWithdraw) {
    const char* begin = in_.position();
    if (operation_ == RowOperation::kReplace)
      row.set = in_.bytes(structural_bytes(*layout_) + personal_bytes(*layout_));
    const std::string_view present = in_.bytes(structural_bytes(*layout_));
    for (std::size_t i = 0; i < layout_->structural.size() && in_.ok(); ++i) {
      if (bit_of(present, i)) on_value(false, i, read_value(in_, layout_->structural[i].type));
    }
    row.structural = {begin, static_cast<std::size_t>(in_.position() - begin)};
    begin = in_.position();
    row.before_personal = static_cast<std::size_t>(begin - start);
    if (in_.ok() && !layout_->personal.empty()) {
      row.bits = in_.bytes(personal_bytes(*layout_));
      if (in_.ok() && bit_of(row.bits, 0)) row.erased = in_.bytes(sizeof(base::Digest));
      const char* values = in_.position();
      for (std::size_t i = 0; i < layout_->personal.size() && in_.ok(); ++i) {
        if (bit_of(row.bits, i + 1)) on_value(true, i, read_value(in_, layout_->personal[i].type));
      }
      row.personal =
          row.erased.empty()
              ? std::string_view(begin, static_cast<std::size_t>(in_.position() - begin))
              : std::string_view(values, static_cast<std::size_t>(in_.position() - values));
      if (row.has_personal()) ++personal_rows_;
    }
  }
  row.whole = {start, static_cast<std::size_t>(in_.position() - start)};
  damaged_ = !in_.ok() || (mode_ == SaltMode::kNone && personal_rows_ != 0) ||
             (mode_ == SaltMode::kExplicit && personal_rows_ * sizeof(Salt) > salts_.size());
  return !damaged_;
}

// What a commit's digest takes from one row.
void hash_row(CommitHasher& hasher, const BodyReader& reader, const BodySection& section,
              const BodyRow& row);

}  // namespace dangbo::inline v1::registry
