// Functions without a loop of their own: on each word of a dictionary once, or on each row.
#include <algorithm>
#include <array>
#include <type_traits>

#include "expr/run.hpp"

namespace dangbo::inline v1::expr::detail {

namespace {

constexpr std::uint8_t kUnknown = 0;
constexpr std::uint8_t kFine = 1;  // and false
constexpr std::uint8_t kTrue = 2;
constexpr std::uint8_t kWrong = 3;  // plus the error's code

// The value of a row without an error.
Value boxed(const Type& type, Rep rep, const Block& block, std::size_t row) {
  const std::size_t i = block.is_one ? 0 : row;
  switch (rep) {
    case Rep::kBits:
      return Value::boolean(bit(block.as<std::uint64_t>(), row));
    case Rep::kInt32: {
      const std::int32_t number = block.as<std::int32_t>()[i];
      if (type.kind == Kind::kDate) return Value::date(time::Date::from_days(number));
      return Value::enumeration(number,
                                type.shape->codes->codes()[static_cast<std::size_t>(number)].id);
    }
    case Rep::kInt64:
      return type.kind == Kind::kInt ? Value::integer(block.as<std::int64_t>()[i])
                                     : Value::duration(block.as<std::int64_t>()[i]);
    case Rep::kDouble:
      return Value::real(block.as<double>()[i]);
    case Rep::kText:
      return Value::borrowed_text(block.text(row));
    default: {
      const std::int64_t first = block.as<std::int64_t>()[i];
      const std::int32_t second = static_cast<const std::int32_t*>(block.more)[i];
      return type.kind == Kind::kTimestamp
                 ? Value::timestamp(first, second)
                 : Value::period(static_cast<std::int32_t>(first), second);
    }
  }
}

}  // namespace

Value Run::call(const Part& part, std::span<Value> arguments) {
  Surroundings around;
  around.calendar = calendar_;
  around.steps = kMaxSteps;
  if (!part.spread) return apply(part.function, arguments, part.pattern, around);
  const bool is_in = part.function == Function::kIn;
  const auto from = arguments.begin() + (is_in ? 1 : 0);
  const std::array<Value, 2> two = {arguments[0],
                                    Value::list(std::vector<Value>(from, arguments.end()))};
  return apply(part.function, std::span(two).last(is_in ? 2 : 1), nullptr, around);
}

void Run::know_word(const Part& part, const Block& of, std::size_t code, Block& out) {
  std::vector<Value> arguments;
  for (const Id id : lowered_->operands(part)) {
    const Part& operand = lowered_->parts[id];
    if (operand.kernel == Kernel::kConstant) {
      arguments.push_back(lowered_->constants[operand.slot]);
    } else if (operand.rep == Rep::kText) {
      arguments.push_back(Value::borrowed_text(of.dictionary[code]));
    } else {
      const auto& codes = operand.type.shape->codes->codes();
      arguments.push_back(Value::enumeration(static_cast<std::int32_t>(code), codes[code].id));
    }
  }
  Value value = call(part, arguments);
  if (value.is_error()) {
    out.states[code] =
        static_cast<std::uint8_t>(kWrong + static_cast<std::uint8_t>(value.error_code()));
    return;
  }
  out.states[code] = value.is_true() ? kTrue : kFine;
  if (part.rep == Rep::kText) {
    out.word_values[code] = std::move(value);
  } else if (part.rep == Rep::kDouble) {
    out.word_reals[code] = value.as_double();
  } else {
    out.word_numbers[code] = value.as_int();
    out.word_seconds[code] = value.days();
  }
}

void Run::on_words(const Part& part, Block& out) {
  const Rows& rows = rows_of(part);
  const Block* words = nullptr;
  std::size_t distinct = 0;
  const void* whose = nullptr;
  for (const Id id : lowered_->operands(part)) {
    const Part& operand = lowered_->parts[id];
    if (operand.kernel == Kernel::kConstant) continue;
    words = &value(id);
    const bool is_enum = operand.rep == Rep::kInt32;
    if (words->is_one || (!is_enum && !words->coded)) return on_values(part, out);
    distinct = is_enum ? operand.type.shape->codes->codes().size() : words->dictionary.size();
    whose = is_enum ? static_cast<const void*>(operand.type.shape.get()) : words->dictionary.data();
  }
  if (out.words_of != whose || out.states.size() < distinct) {
    out.words_of = whose;
    distinct = std::max<std::size_t>(distinct, 1);
    out.states.assign(distinct, kUnknown);
    if (part.rep == Rep::kText) {
      out.word_values.assign(distinct, Value());
    } else if (part.rep == Rep::kDouble) {
      out.word_reals.assign(distinct, 0.0);
    } else {
      out.word_numbers.assign(distinct, 0);
      out.word_seconds.assign(distinct, 0);
    }
  }
  const auto* codes = words->as<std::int32_t>();
  std::uint8_t worst = kUnknown;
  for (std::size_t i = 0; i < rows.count; ++i) {
    const auto code = static_cast<std::size_t>(codes[i]);
    if (out.states[code] == kUnknown && !words->errors.at(i)) know_word(part, *words, code, out);
    worst = std::max(worst, out.states[code]);
  }
  word_results(part, codes, rows, out);
  out.errors = {};
  if (worst >= kWrong) {
    std::uint64_t* wrong = out.fault_bits.get(kBlockWords);
    std::uint8_t* reasons = out.word_reasons.get();
    std::fill_n(wrong, rows.words(), 0);
    for (std::size_t i = 0; i < rows.count; ++i) {
      const std::uint8_t state = out.states[static_cast<std::size_t>(codes[i])];
      if (state < kWrong) continue;
      set_bit(wrong, i);
      reasons[i] = static_cast<std::uint8_t>(state - kWrong);
    }
    out.errors = {wrong, reasons, ErrorCode::kMissing};
  }
  out.errors = merged(words->errors, out.errors, out, rows.words());
  if (part.rep == Rep::kBits && out.errors) {
    auto* bits = out.bits.get(kBlockWords);
    for (std::size_t i = 0; i < rows.words(); ++i) bits[i] &= ~out.errors.plane[i];
  }
}

void Run::word_results(const Part& part, const std::int32_t* codes, const Rows& rows, Block& out) {
  const auto each = [&](auto* to, const auto& from) {
    for (std::size_t i = 0; i < rows.count; ++i) {
      to[i] = static_cast<std::remove_reference_t<decltype(*to)>>(
          from[static_cast<std::size_t>(codes[i])]);
    }
    out.data = to;
  };
  switch (part.rep) {
    case Rep::kBits:
      kernels_.test_states(codes, out.states.data(), kTrue, out.bits.get(kBlockWords),
                           rows.words());
      out.data = out.bits.get(kBlockWords);
      break;
    case Rep::kInt32:
      each(out.int32.get(), out.word_numbers);
      break;
    case Rep::kInt64:
      each(out.int64.get(), out.word_numbers);
      break;
    case Rep::kDouble:
      each(out.real.get(), out.word_reals);
      break;
    case Rep::kText: {
      std::string_view* texts = out.texts.get();
      for (std::size_t i = 0; i < rows.count; ++i) {
        texts[i] = out.word_values[static_cast<std::size_t>(codes[i])].as_text();
      }
      out.data = texts;
      break;
    }
    default:
      each(out.second.get(), out.word_seconds);
      out.more = out.data;
      each(out.int64.get(), out.word_numbers);
  }
}

void Run::on_values(const Part& part, Block& out) {
  const Rows& rows = rows_of(part);
  const std::size_t words = rows.words();
  const auto operands = lowered_->operands(part);
  std::vector<const Block*> blocks;
  out.errors = {};
  for (const Id id : operands) {
    blocks.push_back(&value(id));
    out.errors = merged(out.errors, blocks.back()->errors, out, words);
  }
  const Errors before = out.errors;
  std::uint64_t* bits = out.bits.get(kBlockWords);
  std::uint64_t* wrong = out.fault_bits.get(kBlockWords);
  std::uint8_t* reasons = out.word_reasons.get();
  std::fill_n(bits, words, 0);
  std::fill_n(wrong, words, 0);
  std::string_view* texts = part.rep == Rep::kText ? out.texts.get() : nullptr;
  if (texts != nullptr) out.held.assign(rows.count, Value());
  std::vector<Value> arguments(operands.size());
  bool any = false;
  for (std::size_t row = 0; row < rows.count; ++row) {
    if (texts != nullptr) texts[row] = {};
    if (before.at(row)) continue;
    for (std::size_t i = 0; i < operands.size(); ++i) {
      const Part& operand = lowered_->parts[operands[i]];
      arguments[i] = operand.kernel == Kernel::kConstant
                         ? lowered_->constants[operand.slot]
                         : boxed(operand.type, operand.rep, *blocks[i], row);
    }
    Value value = call(part, arguments);
    if (value.is_error()) {
      any = true;
      set_bit(wrong, row);
      reasons[row] = static_cast<std::uint8_t>(value.error_code());
      continue;
    }
    switch (part.rep) {
      case Rep::kBits:
        if (value.is_true()) set_bit(bits, row);
        break;
      case Rep::kInt32:
        out.int32.get()[row] = static_cast<std::int32_t>(value.as_int());
        break;
      case Rep::kDouble:
        out.real.get()[row] = value.as_double();
        break;
      case Rep::kText:
        out.held[row] = std::move(value);
        texts[row] = out.held[row].as_text();
        break;
      case Rep::kParts:
        out.second.get()[row] = value.days();
        [[fallthrough]];
      default:
        out.int64.get()[row] = value.as_int();
    }
  }
  if (any) out.errors = merged(out.errors, {wrong, reasons, ErrorCode::kMissing}, out, words);
  out.coded = false;
  out.data = part.rep == Rep::kBits     ? static_cast<const void*>(bits)
             : part.rep == Rep::kInt32  ? out.int32.get()
             : part.rep == Rep::kDouble ? static_cast<const void*>(out.real.get())
             : part.rep == Rep::kText   ? static_cast<const void*>(texts)
                                        : out.int64.get();
  if (part.rep == Rep::kParts) out.more = out.second.get();
}

}  // namespace dangbo::inline v1::expr::detail
