#include "dangbo/expr/buffers.hpp"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "dangbo/base/absl.hpp"
#include "expr/column_type.hpp"
#include "expr/program.hpp"
#include "expr/status.hpp"

namespace dangbo::inline v1::expr {

namespace {

constexpr std::size_t kRowsAWord = 64;
constexpr std::uint32_t kNoWord = 0xFFFF'FFFFU;

std::optional<Kind> kind_of(table::Type type) noexcept {
  switch (type) {
    case table::Type::kBool:
      return Kind::kBool;
    case table::Type::kInt:
      return Kind::kInt;
    case table::Type::kReal:
      return Kind::kDouble;
    case table::Type::kDate:
      return Kind::kDate;
    case table::Type::kCode:
      return Kind::kEnum;
    default:
      return std::nullopt;
  }
}

// The numbers of texts as words of a vocabulary.
std::vector<std::uint32_t> words_of(std::span<const std::string_view> texts, const Type& type) {
  absl::flat_hash_map<absl::string_view, std::uint32_t> numbers;
  for (const table::Code& code : type.shape->codes->codes()) {
    numbers.emplace(base::to_absl(code.id), static_cast<std::uint32_t>(numbers.size()));
  }
  std::vector<std::uint32_t> out;
  out.reserve(texts.size());
  for (const std::string_view text : texts) {
    const auto found = numbers.find(base::to_absl(text));
    out.push_back(found == numbers.end() ? kNoWord : found->second);
  }
  return out;
}

// One bit a byte, set unless the byte is 0.
void pack(const std::uint8_t* bytes, std::size_t rows, std::vector<std::uint64_t>& out) {
  static_assert(std::endian::native == std::endian::little);
  constexpr std::uint64_t kLow = 0x7F7F'7F7F'7F7F'7F7FU;
  out.assign((rows + kRowsAWord - 1) / kRowsAWord, 0);
  std::size_t row = 0;
  for (; row + 8 <= rows; row += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, bytes + row, sizeof eight);
    // The upper bit of each byte that is not 0, then those eight bits side by side.
    const std::uint64_t upper = (((eight & kLow) + kLow) | eight) & ~kLow;
    out[row / kRowsAWord] |= (((upper >> 7) * 0x0102'0408'1020'4080U) >> 56) << (row % kRowsAWord);
  }
  for (; row < rows; ++row) {
    out[row / kRowsAWord] |= std::uint64_t{bytes[row] != 0} << (row % kRowsAWord);
  }
}

}  // namespace

absl::StatusOr<BufferRun> BufferRun::make(const Expression& expression) {
  const Type& type = expression.type();
  switch (type.kind) {
    case Kind::kBool:
    case Kind::kInt:
    case Kind::kDouble:
    case Kind::kString:
    case Kind::kDate:
    case Kind::kEnum:
      break;
    default:
      return detail::mistake("", expression.text(),
                             {"không có bộ đệm cho giá trị kiểu " + type.to_string(),
                              "there is no buffer of values of type " + type.to_string()});
  }
  auto program = ColumnProgram::compile({&expression, 1});
  if (!program.ok()) return program.status();
  return BufferRun(expression.program()->environment->variables, type, *std::move(program));
}

BufferRun::BufferRun(std::vector<Member> fields, Type type, ColumnProgram program)
    : fields_(std::move(fields)),
      type_(std::move(type)),
      held_(fields_.size()),
      read_(program.variables()),
      evaluator_(std::move(program)) {
  table_.columns.resize(fields_.size());
}

table::Type BufferRun::type() const noexcept {
  return detail::column_type(type_);
}

absl::StatusOr<std::size_t> BufferRun::find(std::string_view name,
                                            std::initializer_list<Kind> kinds) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].name != name) continue;
    const auto& type = fields_[i].type;
    if (std::find(kinds.begin(), kinds.end(), type.kind) != kinds.end()) return i;
    return detail::mistake(
        fields_[i].name, "",
        {"cột này phải có kiểu " + type.to_string(), "this column is of type " + type.to_string()});
  }
  return detail::mistake(std::string(name), std::string(name),
                         {"biểu thức không có trường này", "the expression has no such field"});
}

const std::uint64_t* BufferRun::take_valid(std::size_t field, const std::uint8_t* valid,
                                           std::size_t rows) {
  if (valid == nullptr) return nullptr;
  pack(valid, rows, held_[field].valid);
  return held_[field].valid.data();
}

absl::Status BufferRun::set(std::string_view name, table::Type type, const void* values,
                            std::size_t rows, const std::uint8_t* valid) {
  const auto kind = kind_of(type);
  const auto field = find(name, {kind.value_or(Kind::kError)});
  if (!field.ok()) return field.status();
  const std::uint64_t* known = take_valid(*field, valid, rows);
  ColumnView& view = table_.columns[*field];
  switch (*kind) {
    case Kind::kBool:
      pack(static_cast<const std::uint8_t*>(values), rows, held_[*field].bits);
      view = ColumnView::booleans(held_[*field].bits.data(), rows, known);
      break;
    case Kind::kInt:
      view = ColumnView::integers({static_cast<const std::int64_t*>(values), rows}, known);
      break;
    case Kind::kDouble:
      view = ColumnView::reals({static_cast<const double*>(values), rows}, known);
      break;
    case Kind::kDate:
      view = ColumnView::dates({static_cast<const std::int32_t*>(values), rows}, known);
      break;
    default:
      // Negative numbers are far beyond every vocabulary.
      view = ColumnView::codes(
          std::span<const std::uint32_t>(static_cast<const std::uint32_t*>(values), rows), known);
  }
  return absl::OkStatus();
}

absl::Status BufferRun::set_texts(std::string_view name, const std::int32_t* codes,
                                  std::size_t rows, std::vector<std::string_view> texts,
                                  const std::uint8_t* valid) {
  if (texts.empty()) {
    const auto any = find(
        name, {Kind::kBool, Kind::kInt, Kind::kDouble, Kind::kString, Kind::kDate, Kind::kEnum});
    if (!any.ok()) return any.status();
    table_.columns[*any] = ColumnView::one(Value::error(ErrorCode::kMissing));
    return absl::OkStatus();
  }
  const auto field = find(name, {Kind::kString, Kind::kEnum});
  if (!field.ok()) return field.status();
  const std::uint64_t* known = take_valid(*field, valid, rows);
  Held& held = held_[*field];
  held.texts = std::move(texts);
  const Type& type = fields_[*field].type;
  if (type.kind == Kind::kEnum) {
    const std::vector<std::uint32_t> words = words_of(held.texts, type);
    held.codes.resize(codes == nullptr ? std::min(rows, words.size()) : rows);
    for (std::size_t i = 0; i < held.codes.size(); ++i) {
      const std::size_t at = codes == nullptr ? i : static_cast<std::uint32_t>(codes[i]);
      held.codes[i] = at < words.size() ? words[at] : kNoWord;
    }
    table_.columns[*field] = ColumnView::codes(std::span<const std::uint32_t>(held.codes), known);
    return absl::OkStatus();
  }
  const std::span<const std::string_view> dictionary(held.texts);
  if (codes == nullptr) {
    table_.columns[*field] =
        ColumnView::texts(dictionary.first(std::min(rows, dictionary.size())), known);
  } else {
    const std::span<const std::uint32_t> numbers(reinterpret_cast<const std::uint32_t*>(codes),
                                                 rows);
    table_.columns[*field] = ColumnView::texts(numbers, dictionary, known);
  }
  return absl::OkStatus();
}

absl::Status BufferRun::evaluate(std::size_t rows) {
  has_result_ = false;
  for (const std::size_t field : read_) {
    const ColumnView& view = table_.columns[field];
    if (view.form() != ColumnView::Form::kNone && view.size() >= rows) continue;
    return detail::mistake(fields_[field].name, "",
                           {"biểu thức đọc cột này: chưa được cho hoặc thiếu dòng",
                            "the expression reads this column: not given, or too few rows"});
  }
  table_.size = rows;
  const absl::Status done = evaluator_.evaluate(table_, 0, rows, results_);
  if (!done.ok()) return done;
  const ColumnResult& result = results_.front();
  valid_.assign((rows + kRowsAWord - 1) / kRowsAWord, ~std::uint64_t{0});
  if (rows % kRowsAWord != 0) valid_.back() >>= kRowsAWord - rows % kRowsAWord;
  for (std::size_t i = 0; i < result.errors.size(); ++i) valid_[i] &= ~result.errors[i];
  no_.clear();
  for (std::size_t i = 0; i < result.truth.size(); ++i) {
    no_.push_back(valid_[i] & ~result.truth[i]);
  }
  has_result_ = true;
  return absl::OkStatus();
}

}  // namespace dangbo::inline v1::expr
