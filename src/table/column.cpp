#include "dangbo/table/column.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace dangbo::inline v1::table {

namespace {

template <typename Number>
std::string number_text(Number value) {
  std::array<char, 32> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), result.ptr};
}

}  // namespace

Column::Column(std::string name, Type type) : name_(std::move(name)), type_(type) {
  if (type_ == Type::kText) {
    offsets_.reserve(2);  // a first row will come
    offsets_.push_back(0);
  }
}

void Column::grow(bool present) {
  const std::size_t row = size_++;
  if (!present) {
    if (missing_++ == 0) {
      // First missing value: everything before it is present, bits past the end stay zero.
      valid_.assign((row + 63) / 64, ~std::uint64_t{0});
      if ((row & 63) != 0) {
        valid_.back() = (std::uint64_t{1} << (row & 63)) - 1;
      }
    }
  } else if (missing_ == 0) {
    return;
  }
  if ((row & 63) == 0) {
    valid_.push_back(0);
  }
  valid_[row >> 6] |= std::uint64_t{present ? 1U : 0U} << (row & 63);
}

void Column::append_missing() {
  switch (type_) {
    case Type::kText:
      offsets_.push_back(offsets_.back());
      break;
    case Type::kCode:
    case Type::kDate:
      narrow_.push_back(0);
      break;
    case Type::kInt:
      wide_.push_back(0);
      break;
    case Type::kBool:
      flags_.push_back(0);
      break;
    case Type::kReal:
      reals_.push_back(0);
      break;
  }
  grow(false);
}

void Column::append_text(std::string_view value) {
  assert(type_ == Type::kText);
  assert(value.size() <=
         static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()) - bytes_.size());
  bytes_.insert(bytes_.end(), value.begin(), value.end());
  offsets_.push_back(static_cast<std::int32_t>(bytes_.size()));
  grow(true);
}

void Column::append_code(std::int32_t value) {
  assert(type_ == Type::kCode && value >= 0);
  narrow_.push_back(value);
  grow(true);
}

void Column::append_date(time::PartialDate value) {
  assert(type_ == Type::kDate);
  narrow_.push_back(value.code());
  grow(true);
}

void Column::append_integer(std::int64_t value) {
  assert(type_ == Type::kInt);
  wide_.push_back(value);
  grow(true);
}

void Column::append_real(double value) {
  assert(type_ == Type::kReal);
  reals_.push_back(value);
  grow(true);
}

void Column::append_boolean(bool value) {
  assert(type_ == Type::kBool);
  flags_.push_back(value ? 1 : 0);
  grow(true);
}

void Column::reserve(std::size_t rows) {
  switch (type_) {
    case Type::kText:
      offsets_.reserve(rows + 1);
      break;
    case Type::kCode:
    case Type::kDate:
      narrow_.reserve(rows);
      break;
    case Type::kInt:
      wide_.reserve(rows);
      break;
    case Type::kBool:
      flags_.reserve(rows);
      break;
    case Type::kReal:
      reals_.reserve(rows);
      break;
  }
}

std::size_t Column::memory_bytes() const noexcept {
  return valid_.capacity() * sizeof(std::uint64_t) + narrow_.capacity() * sizeof(std::int32_t) +
         wide_.capacity() * sizeof(std::int64_t) + reals_.capacity() * sizeof(double) +
         flags_.capacity() + offsets_.capacity() * sizeof(std::int32_t) + bytes_.capacity();
}

std::span<const std::uint64_t> Column::valid_bits() const noexcept {
  return missing_ == 0 ? std::span<const std::uint64_t>() : std::span<const std::uint64_t>(valid_);
}

std::string Column::display(std::size_t row) const {
  if (is_missing(row)) {
    return {};
  }
  switch (type_) {
    case Type::kText:
      return std::string(text(row));
    case Type::kCode:
      // A column whose vocabulary is not attached still shows something that can be found again.
      return words_ != nullptr && static_cast<std::size_t>(narrow_[row]) < words_->size()
                 ? word(row)
                 : number_text(narrow_[row]);
    case Type::kDate:
      return date(row).to_string();
    case Type::kInt:
      return number_text(wide_[row]);
    case Type::kBool:
      return boolean(row) ? "true" : "false";
    case Type::kReal:
      return number_text(reals_[row]);
  }
  return {};
}

}  // namespace dangbo::inline v1::table
