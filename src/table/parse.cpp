#include "dangbo/table/parse.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>
#include <utility>

#include <absl/container/flat_hash_map.h>
#include <absl/strings/string_view.h>

#include "dangbo/base/absl.hpp"
#include "dangbo/base/make_room.hpp"
#include "dangbo/base/text.hpp"
#include "field_value.hpp"

namespace dangbo::inline v1::table {

namespace {

// From the text of a cell to its code, for the few texts that a coded column repeats.
// Direct-mapped: a look-up is one comparison, a collision merely forgets.
class CodeCache {
 public:
  [[nodiscard]] const std::int32_t* find(std::string_view text) const noexcept {
    const Entry& entry = entries_.empty() ? first_ : entries_[slot_of(text)];
    return entry.text == text ? &entry.code : nullptr;
  }
  void put(std::string_view text, std::int32_t code) {
    if (text.size() > kLongest) return;
    if (first_.text.empty()) {
      first_ = {std::string(text), code};
      return;
    }
    if (entries_.empty()) entries_.resize(kSlots);
    entries_[slot_of(text)] = {std::string(text), code};
  }

 private:
  static constexpr std::size_t kSlots = 256;
  static constexpr std::size_t kLongest = 64;
  struct Entry {
    std::string text;  // never empty once filled
    std::int32_t code = 0;
  };
  static std::size_t slot_of(std::string_view text) noexcept {
    const auto byte = [&](std::size_t at) {
      return static_cast<std::size_t>(static_cast<unsigned char>(text[at]));
    };
    const std::size_t mixed =
        text.size() + byte(0) * 31 + byte(text.size() / 2) * 131 + byte(text.size() - 1) * 7;
    return (mixed ^ (mixed >> 8)) % kSlots;
  }
  Entry first_;                 // many columns hold one word, and most changes one row
  std::vector<Entry> entries_;  // from the second word on
};

enum class NumberFault : std::uint8_t { kNone, kNotANumber, kTooLarge };

NumberFault parse_integer(std::string_view text, std::int64_t& value) noexcept {
  const bool plus = text.front() == '+';
  const std::string_view digits = plus ? text.substr(1) : text;
  if (digits.empty() || (plus && digits.front() == '-')) {
    return NumberFault::kNotANumber;
  }
  const char* end = digits.data() + digits.size();
  const auto result = std::from_chars(digits.data(), end, value);
  if (result.ptr != end) {
    return NumberFault::kNotANumber;
  }
  return result.ec == std::errc() ? NumberFault::kNone : NumberFault::kTooLarge;
}

std::optional<double> parse_real(std::string_view text) noexcept {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ptr != end || result.ec != std::errc() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

std::optional<bool> parse_boolean(std::string_view text) {
  const std::string folded = base::fold(text);
  if (folded == "true" || folded == "1" || folded == "co" || folded == "x") {
    return true;
  }
  if (folded == "false" || folded == "0" || folded == "khong") {
    return false;
  }
  return std::nullopt;
}

}  // namespace

struct FieldBuilder::Impl {
  Impl(const Field& declared, bool inclusive)
      : field(declared),
        inclusive_until(inclusive && declared.role == Role::kUntil),
        column(declared.name, declared.type) {
    if (field.type == Type::kCode)
      shared_words = field.codes != nullptr ? field.codes->ids() : std::make_shared<const Words>();
  }

  using Outcome = std::optional<base::Problem>;

  Outcome reject(base::Problem problem) {
    column.append_missing();
    return problem;
  }

  Outcome append(std::string_view text) {
    if (text.empty() || text == "-") {
      column.append_missing();
      return field.required ? Outcome(missing_value(field)) : std::nullopt;
    }
    switch (field.type) {
      case Type::kText:
        return append_text(text);
      case Type::kCode:
        return append_code(text);
      case Type::kDate:
        return append_date(text);
      case Type::kInt:
        return append_integer(text);
      case Type::kBool:
        return append_boolean(text);
      case Type::kReal:
        return append_real(text);
    }
    return std::nullopt;
  }

  Outcome append_text(std::string_view text) {
    std::string normal;
    if (!is_surely_nfc(text)) {
      normal = base::to_nfc(text);
      text = normal;
    }
    if (text.size() >
        static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()) - column.text_bytes()) {
      return reject(too_much_text(text));
    }
    column.append_text(text);
    return std::nullopt;
  }

  Outcome append_code(std::string_view text) {
    if (const std::int32_t* known = cache.find(text)) {
      column.append_code(*known);
      return std::nullopt;
    }
    std::int32_t code = 0;
    if (field.codes != nullptr) {
      const auto found = field.codes->find(text);
      if (!found) {
        return reject(unknown(text));
      }
      code = static_cast<std::int32_t>(*found);
    } else {
      code = intern(text);
    }
    cache.put(text, code);
    column.append_code(code);
    return std::nullopt;
  }

  // A column of the wrong vocabulary has a problem in every row: each text is explained once, and
  // after so many different ones without a suggestion.
  base::Problem unknown(std::string_view text) {
    constexpr std::size_t kExplained = 1000;
    if (const auto at = explained.find(base::to_absl(text)); at != explained.end()) {
      return at->second;
    }
    if (explained.size() == kExplained || text.size() > kLongestWord) {
      return unknown_code(field, text, false);
    }
    base::make_room(explained);
    return explained.emplace(std::string(text), unknown_code(field, text, true)).first->second;
  }

  std::int32_t intern(std::string_view text) {
    std::string normal;
    if (!is_surely_nfc(text)) {
      normal = base::to_nfc(text);
      text = normal;
    }
    if (const auto at = code_of.find(base::to_absl(text)); at != code_of.end()) {
      return at->second;
    }
    const auto code = static_cast<std::int32_t>(grown_words.size());
    grown_words.emplace_back(text);
    base::make_room(code_of);
    code_of.emplace(std::string(text), code);
    return code;
  }

  Outcome append_date(std::string_view text) {
    const time::ParsedDate parsed = time::parse_date(text);
    if (!parsed.value) {
      return reject(bad_date(text, parsed.fault));
    }
    time::PartialDate date = *parsed.value;
    if (field.role == Role::kUntil) {
      const auto until = until_from(date, inclusive_until);
      if (!until) {
        return reject(until_too_late(text));
      }
      date = *until;
    }
    column.append_date(date);
    return std::nullopt;
  }

  Outcome append_integer(std::string_view text) {
    std::int64_t value = 0;
    const NumberFault fault = parse_integer(text, value);
    if (fault != NumberFault::kNone) {
      return reject(not_an_integer(text, fault == NumberFault::kTooLarge));
    }
    column.append_integer(value);
    return std::nullopt;
  }

  Outcome append_boolean(std::string_view text) {
    if (const std::int32_t* known = cache.find(text)) {
      column.append_boolean(*known != 0);
      return std::nullopt;
    }
    const std::optional<bool> value = parse_boolean(text);
    if (!value) {
      return reject(not_a_boolean(text));
    }
    cache.put(text, *value ? 1 : 0);
    column.append_boolean(*value);
    return std::nullopt;
  }

  Outcome append_real(std::string_view text) {
    const std::optional<double> value = parse_real(text);
    if (!value) {
      return reject(not_a_real(text));
    }
    column.append_real(*value);
    return std::nullopt;
  }

  Column take() {
    if (field.type == Type::kCode) {
      // Columns already handed out keep the words they were given.
      if (field.codes == nullptr && grown_words.size() != shared_words->size()) {
        shared_words = std::make_shared<const Words>(grown_words);
      }
      column.set_words(shared_words);
    }
    return std::exchange(column, Column(field.name, field.type));
  }

  Field field;
  bool inclusive_until;
  Column column;
  CodeCache cache;
  std::shared_ptr<const Words> shared_words;
  Words grown_words;
  absl::flat_hash_map<std::string, std::int32_t> code_of;     // into grown_words; never iterated
  absl::flat_hash_map<std::string, base::Problem> explained;  // never iterated
};

FieldBuilder::FieldBuilder(const Field& field, bool inclusive_until)
    : impl_(std::make_unique<Impl>(field, inclusive_until)) {}
FieldBuilder::~FieldBuilder() = default;
FieldBuilder::FieldBuilder(FieldBuilder&&) noexcept = default;
FieldBuilder& FieldBuilder::operator=(FieldBuilder&&) noexcept = default;

std::optional<base::Problem> FieldBuilder::append(std::string_view text) {
  return impl_->append(trim(text));
}

std::size_t FieldBuilder::size() const noexcept {
  return impl_->column.size();
}

std::size_t FieldBuilder::text_bytes() const noexcept {
  return impl_->column.text_bytes();
}

Column FieldBuilder::take() {
  return impl_->take();
}

}  // namespace dangbo::inline v1::table
