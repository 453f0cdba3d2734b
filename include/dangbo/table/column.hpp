// Typed columns with missing values: how rows come in and results go out. Layout is Arrow's, so
// that exporting copies nothing.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/table/schema.hpp"
#include "dangbo/time/date.hpp"

namespace dangbo::inline v1::table {

// Words of a coded column: code -> text. For a closed vocabulary the words are the ids of its
// CodeSet, in order.
using Words = std::vector<std::string>;

// One column. Built by appending, then shared as const; a const column is safe from any number of
// threads. Append functions REQUIRE the matching type; reading a missing value gives 0 or "".
class Column {
 public:
  Column(std::string name, Type type);

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] Type type() const noexcept { return type_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t missing_count() const noexcept { return missing_; }
  [[nodiscard]] bool is_missing(std::size_t row) const noexcept {
    return missing_ != 0 && ((valid_[row >> 6] >> (row & 63)) & 1U) == 0;
  }

  [[nodiscard]] std::string_view text(std::size_t row) const noexcept {
    return {bytes_.data() + offsets_[row],
            static_cast<std::size_t>(offsets_[row + 1] - offsets_[row])};
  }
  [[nodiscard]] std::int32_t code(std::size_t row) const noexcept { return narrow_[row]; }
  [[nodiscard]] time::PartialDate date(std::size_t row) const noexcept {
    return time::PartialDate::from_code(narrow_[row]);
  }
  [[nodiscard]] std::int64_t integer(std::size_t row) const noexcept { return wide_[row]; }
  [[nodiscard]] double real(std::size_t row) const noexcept { return reals_[row]; }
  [[nodiscard]] bool boolean(std::size_t row) const noexcept { return flags_[row] != 0; }
  // The word behind a code. REQUIRES: kCode and not missing.
  [[nodiscard]] const std::string& word(std::size_t row) const noexcept {
    return (*words_)[static_cast<std::size_t>(narrow_[row])];
  }
  [[nodiscard]] const std::shared_ptr<const Words>& words() const noexcept { return words_; }
  // Any value as a person or a file would see it; "" when missing. Dates ISO, booleans
  // "true"/"false".
  [[nodiscard]] std::string display(std::size_t row) const;

  void append_missing();
  // REQUIRES: the text of the whole column stays under 2^31 bytes (`text_bytes`).
  void append_text(std::string_view value);
  void append_code(std::int32_t value);
  void append_date(time::PartialDate value);
  void append_integer(std::int64_t value);
  void append_real(double value);
  void append_boolean(bool value);
  void set_words(std::shared_ptr<const Words> words) { words_ = std::move(words); }
  void reserve(std::size_t rows);
  [[nodiscard]] std::size_t text_bytes() const noexcept { return bytes_.size(); }
  // Heap bytes held, words not counted.
  [[nodiscard]] std::size_t memory_bytes() const noexcept;

  // Raw arrays for export. `valid_bits` is empty when nothing is missing; bit set = present, least
  // significant first.
  [[nodiscard]] std::span<const std::uint64_t> valid_bits() const noexcept;
  [[nodiscard]] std::span<const std::int32_t> narrow() const noexcept {
    return narrow_;
  }  // codes, date codes
  [[nodiscard]] std::span<const std::int64_t> wide() const noexcept { return wide_; }
  [[nodiscard]] std::span<const double> reals() const noexcept { return reals_; }
  [[nodiscard]] std::span<const std::uint8_t> flags() const noexcept { return flags_; }
  [[nodiscard]] std::span<const std::int32_t> offsets() const noexcept {
    return offsets_;
  }  // size() + 1
  [[nodiscard]] std::span<const char> bytes() const noexcept { return bytes_; }

 private:
  void grow(bool present);

  std::string name_;
  Type type_;
  std::size_t size_ = 0;
  std::size_t missing_ = 0;
  std::vector<std::uint64_t> valid_;  // filled from the first missing value on
  std::vector<std::int32_t> narrow_;
  std::vector<std::int64_t> wide_;
  std::vector<double> reals_;
  std::vector<std::uint8_t> flags_;
  std::vector<std::int32_t> offsets_;
  std::vector<char> bytes_;
  std::shared_ptr<const Words> words_;
};

}  // namespace dangbo::inline v1::table
