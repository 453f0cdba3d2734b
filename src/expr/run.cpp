#include "expr/run.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace dangbo::inline v1::expr::detail {

namespace {

std::uint8_t as_byte(ErrorCode code) noexcept {
  return static_cast<std::uint8_t>(code);
}

bool is_zero(const std::uint64_t* plane, std::size_t words) noexcept {
  std::uint64_t any = 0;
  for (std::size_t i = 0; i < words; ++i) any |= plane[i];
  return any == 0;
}

}  // namespace

void copy_bits(const std::uint64_t* plane, std::size_t base, std::size_t count,
               std::uint64_t* out) {
  const std::size_t words = (count + kWord - 1) / kWord;
  const std::size_t shift = base % kWord;
  const std::uint64_t* from = plane + base / kWord;
  const std::size_t held = (shift + count + kWord - 1) / kWord;  // words that may be read
  for (std::size_t i = 0; i < words; ++i) {
    out[i] = from[i] >> shift;
    if (shift != 0 && i + 1 < held) out[i] |= from[i + 1] << (kWord - shift);
  }
  if (words != 0) out[words - 1] &= last_mask(count);
}

Run::Run(std::shared_ptr<const ColumnProgram::Lowered> lowered, const Kernels& kernels)
    : lowered_(std::move(lowered)),
      kernels_(kernels),
      blocks_(lowered_->parts.size()),
      spread_(lowered_->parts.size()),
      rows_(lowered_->domains.size()) {
  if (!lowered_->expressions.empty()) {
    calendar_ = lowered_->expressions.front().program()->environment->calendar.get();
  }
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    const Part& part = lowered_->parts[i];
    if (part.kernel == Kernel::kConstant) constant(part, blocks_[i]);
    blocks_[i].may_be_narrow = part.type.kind == Kind::kEnum;
  }
  for (const Part& part : lowered_->parts) {
    const auto operands = lowered_->operands(part);
    // What is compared with constants only, and asked whether it is there.
    const bool takes_bytes =
        part.kernel == Kernel::kPresent || part.kernel == Kernel::kOneOf ||
        (part.kernel == Kernel::kCompare &&
         (part.comparison == Comparison::kEqual || part.comparison == Comparison::kNotEqual));
    const bool of_constants =
        std::all_of(operands.begin() + (operands.empty() ? 0 : 1), operands.end(),
                    [&](Id id) { return lowered_->parts[id].kernel == Kernel::kConstant; });
    for (std::size_t i = 0; i < operands.size(); ++i) {
      const bool fits =
          takes_bytes && (part.kernel == Kernel::kPresent || (of_constants && i == 0));
      if (!fits) blocks_[operands[i]].may_be_narrow = false;
    }
  }
  for (const Id root : lowered_->roots) blocks_[root].may_be_narrow = false;
}

void Run::at(std::size_t first, std::size_t count) {
  rows_[0].stamp = ++clock_;
  rows_[0].base = first;
  rows_[0].count = count;
}

// NOLINTBEGIN(misc-no-recursion): as deep as the parser lets trees be
const Block& Run::value(Id id) {
  Block& block = blocks_[id];
  if (block.stamp != kForever && block.stamp != rows_of(lowered_->parts[id]).stamp) compute(id);
  return block;
}

void Run::compute(Id id) {
  const Part& part = lowered_->parts[id];
  Block& out = blocks_[id];
  if (part.kernel == Kernel::kQuantifier) return sweep(part.below);
  out.errors = {};
  switch (part.kernel) {
    case Kernel::kVariable:
      variable(part, out);
      break;
    case Kernel::kElement:
      element(part, out);
      break;
    case Kernel::kField:
      field(part, out);
      break;
    case Kernel::kBroadcast:
      broadcast(part, out);
      break;
    case Kernel::kCompare:
      compare(part, out);
      break;
    case Kernel::kAnd:
    case Kernel::kOr:
      terms(part, out);
      break;
    case Kernel::kNot:
      negate_bits(part, out);
      break;
    case Kernel::kChoose:
      choose(part, out);
      break;
    case Kernel::kNegate:
      negate(part, out);
      break;
    case Kernel::kArithmetic:
      arithmetic(part, out);
      break;
    case Kernel::kDatePart:
      date_part(part, out);
      break;
    case Kernel::kSince:
      since(part, out);
      break;
    case Kernel::kPlus:
      plus(part, out);
      break;
    case Kernel::kPresent:
      presence(part, out);
      break;
    case Kernel::kOneOf:
      one_of(part, out);
      break;
    case Kernel::kRowsSize:
      rows_size(part, out);
      break;
    case Kernel::kOnWords:
      on_words(part, out);
      break;
    case Kernel::kOnValues:
      on_values(part, out);
      break;
    default:
      break;
  }
  if (out.stamp != kForever) out.stamp = rows_of(part).stamp;
}

void Run::constant(const Part& part, Block& out) const {
  const Value& value = lowered_->constants[part.slot];
  out.stamp = kForever;
  out.is_one = true;
  switch (part.rep) {
    case Rep::kBits: {
      std::uint64_t* bits = out.bits.get(kBlockWords);
      std::fill_n(bits, kBlockWords, value.is_true() ? ~std::uint64_t{0} : 0);
      out.data = bits;
      out.is_one = false;
      return;
    }
    case Rep::kInt32:
      *out.int32.get(1) = static_cast<std::int32_t>(value.as_int());
      out.data = out.int32.get(1);
      return;
    case Rep::kInt64:
      *out.int64.get(1) = value.as_int();
      out.data = out.int64.get(1);
      return;
    case Rep::kDouble:
      *out.real.get(1) = value.as_double();
      out.data = out.real.get(1);
      return;
    case Rep::kText:
      *out.texts.get(1) = value.as_text();
      out.data = out.texts.get(1);
      return;
    case Rep::kParts:
      *out.int64.get(1) = value.as_int();
      *out.second.get(1) = value.days();
      out.data = out.int64.get(1);
      out.more = out.second.get(1);
      return;
    default:
      return;  // lists and maps are taken from the constants
  }
}

const Block& Run::spread(Id id) {
  const Block& one = value(id);
  if (!one.is_one) return one;
  if (!spread_[id]) spread_[id] = std::make_unique<Block>();
  Block& out = *spread_[id];
  out.errors = one.errors;
  if (out.stamp == kForever) return out;
  out.stamp = kForever;
  switch (lowered_->parts[id].rep) {
    case Rep::kInt32:
      std::fill_n(out.int32.get(), kBlock, *one.as<std::int32_t>());
      out.data = out.int32.get();
      break;
    case Rep::kInt64:
      std::fill_n(out.int64.get(), kBlock, *one.as<std::int64_t>());
      out.data = out.int64.get();
      break;
    case Rep::kDouble:
      std::fill_n(out.real.get(), kBlock, *one.as<double>());
      out.data = out.real.get();
      break;
    case Rep::kText:
      std::fill_n(out.texts.get(), kBlock, *one.as<std::string_view>());
      out.data = out.texts.get();
      break;
    default:
      std::fill_n(out.int64.get(), kBlock, *one.as<std::int64_t>());
      std::fill_n(out.second.get(), kBlock, *static_cast<const std::int32_t*>(one.more));
      out.data = out.int64.get();
      out.more = out.second.get();
  }
  return out;
}

Errors Run::merged(const Errors& a, const Errors& b, Block& out, std::size_t words) {
  if (!a) return b;
  if (!b) return a;
  std::uint64_t* plane = out.error_bits.get(kBlockWords);
  if (a.reasons == nullptr && b.reasons == nullptr && a.reason == b.reason) {
    for (std::size_t i = 0; i < words; ++i) plane[i] = a.plane[i] | b.plane[i];
    return {plane, nullptr, a.reason};
  }
  std::uint8_t* reasons = out.reasons.get();
  const Errors first = a;  // either may lie in `out`
  const Errors second = b;
  for (std::size_t i = 0; i < words; ++i) {
    const std::uint64_t from_a = first.plane[i];
    const std::uint64_t from_b = second.plane[i] & ~from_a;
    for (std::uint64_t left = from_a; left != 0; left &= left - 1) {
      const std::size_t row = i * kWord + static_cast<std::size_t>(std::countr_zero(left));
      reasons[row] = as_byte(first.reason_of(row));
    }
    for (std::uint64_t left = from_b; left != 0; left &= left - 1) {
      const std::size_t row = i * kWord + static_cast<std::size_t>(std::countr_zero(left));
      reasons[row] = as_byte(second.reason_of(row));
    }
    plane[i] = from_a | from_b;
  }
  return {plane, reasons, ErrorCode::kMissing};
}

void Run::add_faults(Block& out, std::uint64_t* plane, ErrorCode code, const Rows& rows) {
  const std::size_t words = rows.words();
  if (words == 0) return;
  plane[words - 1] &= last_mask(rows.count);
  if (is_zero(plane, words)) return;
  out.errors = merged(out.errors, {plane, nullptr, code}, out, words);
}

void Run::narrow_is(const Block& codes, const Block& code, std::uint64_t* bits, std::size_t words) {
  const std::int32_t wanted = *code.as<std::int32_t>();
  if (wanted > 0xFF) {
    std::fill_n(bits, words, 0);
  } else {
    kernels_.byte_is(codes.as<std::uint8_t>(), static_cast<std::uint8_t>(wanted), bits, words);
  }
}

void Run::compare_bits(const Part& part, const Block& a, const Block& b, Block& out) {
  const auto* left = a.as<std::uint64_t>();
  const auto* right = b.as<std::uint64_t>();
  std::uint64_t* bits = out.bits.get(kBlockWords);
  for (std::size_t i = 0; i < rows_of(part).words(); ++i) {
    switch (part.comparison) {
      case Comparison::kEqual:
        bits[i] = ~(left[i] ^ right[i]);
        break;
      case Comparison::kNotEqual:
        bits[i] = left[i] ^ right[i];
        break;
      case Comparison::kLess:
        bits[i] = ~left[i] & right[i];
        break;
      case Comparison::kLessEqual:
        bits[i] = ~left[i] | right[i];
        break;
      case Comparison::kGreater:
        bits[i] = left[i] & ~right[i];
        break;
      default:
        bits[i] = left[i] | ~right[i];
    }
  }
}

namespace {

// One comparison of numbers, whichever side is the same in every row.
template <typename T, typename Each, typename With>
void compare_numbers(const Each& each, const With& with, Comparison comparison, const Block& a,
                     const Block& b, std::uint64_t* bits, std::size_t words) {
  if (b.is_one) {
    with[static_cast<std::size_t>(comparison)](a.as<T>(), *b.as<T>(), bits, words);
  } else if (a.is_one) {
    with[static_cast<std::size_t>(turned(comparison))](b.as<T>(), *a.as<T>(), bits, words);
  } else {
    each[static_cast<std::size_t>(comparison)](a.as<T>(), b.as<T>(), bits, words);
  }
}

void compare_flat(const Kernels& kernels, Rep rep, Comparison comparison, const Block& a,
                  const Block& b, std::uint64_t* bits, std::size_t words) {
  switch (rep) {
    case Rep::kInt32:
      return compare_numbers<std::int32_t>(kernels.compare_int32, kernels.compare_int32_with,
                                           comparison, a, b, bits, words);
    case Rep::kInt64:
      return compare_numbers<std::int64_t>(kernels.compare_int64, kernels.compare_int64_with,
                                           comparison, a, b, bits, words);
    default:
      return compare_numbers<double>(kernels.compare_double, kernels.compare_double_with,
                                     comparison, a, b, bits, words);
  }
}

// True bits stand only where there is no error.
void clear_errors(std::uint64_t* bits, const Errors& errors, std::size_t words) {
  if (!errors) return;
  for (std::size_t i = 0; i < words; ++i) bits[i] &= ~errors.plane[i];
}

}  // namespace

void Run::compare(const Part& part, Block& out) {
  const Id left = lowered_->links[part.first];
  const Block* a = &value(left);
  const Block& b = operand(part, 1);
  if (a->is_one && b.is_one) a = &spread(left);
  const std::size_t words = rows_of(part).words();
  std::uint64_t* bits = out.bits.get(kBlockWords);
  const Rep rep = lowered_->parts[left].rep;
  if (rep == Rep::kBits) {
    compare_bits(part, *a, b, out);
  } else if (a->narrow) {
    narrow_is(*a, b, bits, words);
    const bool is_other = part.comparison == Comparison::kNotEqual;
    for (std::size_t i = 0; i < words && is_other; ++i) bits[i] = ~bits[i];
  } else {
    compare_flat(kernels_, rep, part.comparison, *a, b, bits, words);
  }
  out.errors = merged(a->errors, b.errors, out, words);
  clear_errors(bits, out.errors, words);
  out.data = bits;
}

void Run::one_of(const Part& part, Block& out) {
  const Id wanted = lowered_->links[part.first];
  const Block* a = &value(wanted);
  if (a->is_one) a = &spread(wanted);
  const std::size_t words = rows_of(part).words();
  std::uint64_t* bits = out.bits.get(kBlockWords);
  std::uint64_t* each = out.more_bits.get(kBlockWords);
  std::fill_n(bits, words, 0);
  out.errors = a->errors;
  for (std::size_t i = 1; i < part.count; ++i) {
    const Block& b = operand(part, i);
    if (a->narrow) {
      narrow_is(*a, b, each, words);
    } else {
      compare_flat(kernels_, lowered_->parts[wanted].rep, Comparison::kEqual, *a, b, each, words);
    }
    for (std::size_t word = 0; word < words; ++word) bits[word] |= each[word];
    out.errors = merged(out.errors, b.errors, out, words);
  }
  clear_errors(bits, out.errors, words);
  out.data = bits;
}

// One side that decides is enough, whatever is wrong with the others; then the first error.
void Run::terms(const Part& part, Block& out) {
  const Rows& rows = rows_of(part);
  const std::size_t words = rows.words();
  const bool is_and = part.kernel == Kernel::kAnd;
  std::uint64_t* truth = out.bits.get(kBlockWords);
  std::uint64_t* wrong = out.more_bits.get(kBlockWords);
  std::fill_n(truth, words, is_and ? ~std::uint64_t{0} : 0);
  std::fill_n(wrong, words, 0);
  Errors errors;
  for (std::size_t term = 0; term < part.count; ++term) {
    const Block& b = operand(part, term);
    const auto* next = b.as<std::uint64_t>();
    std::uint64_t open = 0;
    if (!b.errors && !errors) {
      for (std::size_t i = 0; i < words; ++i) {
        truth[i] = is_and ? truth[i] & next[i] : truth[i] | next[i];
        open |= (is_and ? truth[i] : ~truth[i]) &
                (i + 1 == words ? last_mask(rows.count) : ~std::uint64_t{0});
      }
      if (open == 0) break;
      continue;
    }
    if (b.errors) errors = merged(errors, b.errors, out, words);
    for (std::size_t i = 0; i < words; ++i) {
      const std::uint64_t bad = b.errors ? b.errors.plane[i] : 0;
      if (is_and) {
        const std::uint64_t decided = ~(truth[i] | wrong[i]) | ~(next[i] | bad);
        truth[i] &= next[i];
        wrong[i] = ~(truth[i] | decided);
        open |= ~decided & (i + 1 == words ? last_mask(rows.count) : ~std::uint64_t{0});
      } else {
        truth[i] |= next[i];
        wrong[i] = (wrong[i] | bad) & ~truth[i];
        open |= ~truth[i] & (i + 1 == words ? last_mask(rows.count) : ~std::uint64_t{0});
      }
    }
    if (open == 0) break;
  }
  if (words != 0) wrong[words - 1] &= last_mask(rows.count);
  out.data = truth;
  if (errors && !is_zero(wrong, words)) out.errors = {wrong, errors.reasons, errors.reason};
}

void Run::negate_bits(const Part& part, Block& out) {
  const Block& a = operand(part, 0);
  const std::size_t words = rows_of(part).words();
  std::uint64_t* bits = out.bits.get(kBlockWords);
  for (std::size_t i = 0; i < words; ++i) bits[i] = ~a.as<std::uint64_t>()[i];
  out.errors = a.errors;
  clear_errors(bits, out.errors, words);
  out.data = bits;
}

void Run::choose_values(const Part& part, const std::uint64_t* yes, const Block& a, const Block& b,
                        Block& out) {
  const std::size_t count = rows_of(part).count;
  const std::size_t words = rows_of(part).words();
  switch (part.rep) {
    case Rep::kBits: {
      std::uint64_t* bits = out.bits.get(kBlockWords);
      for (std::size_t i = 0; i < words; ++i) {
        bits[i] = (yes[i] & a.as<std::uint64_t>()[i]) | (~yes[i] & b.as<std::uint64_t>()[i]);
      }
      out.data = bits;
      return;
    }
    case Rep::kInt32:
      kernels_.select_int32(yes, a.as<std::int32_t>(), b.as<std::int32_t>(), out.int32.get(),
                            words);
      out.data = out.int32.get();
      return;
    case Rep::kInt64:
      kernels_.select_int64(yes, a.as<std::int64_t>(), b.as<std::int64_t>(), out.int64.get(),
                            words);
      out.data = out.int64.get();
      return;
    case Rep::kDouble: {
      double* real = out.real.get();
      for (std::size_t i = 0; i < count; ++i) {
        real[i] = bit(yes, i) ? a.as<double>()[i] : b.as<double>()[i];
      }
      out.data = real;
      return;
    }
    case Rep::kText: {
      std::string_view* texts = out.texts.get();
      for (std::size_t i = 0; i < count; ++i) texts[i] = bit(yes, i) ? a.text(i) : b.text(i);
      out.data = texts;
      return;
    }
    default:
      kernels_.select_int64(yes, a.as<std::int64_t>(), b.as<std::int64_t>(), out.int64.get(),
                            words);
      kernels_.select_int32(yes, static_cast<const std::int32_t*>(a.more),
                            static_cast<const std::int32_t*>(b.more), out.second.get(), words);
      out.data = out.int64.get();
      out.more = out.second.get();
  }
}

void Run::choose(const Part& part, Block& out) {
  const Rows& rows = rows_of(part);
  const std::size_t words = rows.words();
  const Block& condition = operand(part, 0);
  const Block& a = spread(lowered_->links[part.first + 1]);
  const Block& b = spread(lowered_->links[part.first + 2]);
  const auto* yes = condition.as<std::uint64_t>();
  choose_values(part, yes, a, b, out);
  if (a.errors || b.errors) {
    // Of each branch the errors where it is taken.
    std::uint64_t* plane = out.more_bits.get(kBlockWords);
    std::uint8_t* reasons = out.reasons.get();
    for (std::size_t i = 0; i < words; ++i) {
      const std::uint64_t from_a = a.errors ? a.errors.plane[i] & yes[i] : 0;
      const std::uint64_t from_b = b.errors ? b.errors.plane[i] & ~yes[i] : 0;
      plane[i] = from_a | from_b;
    }
    each_bit(plane, words, [&](std::size_t row) {
      reasons[row] = as_byte((bit(yes, row) ? a : b).errors.reason_of(row));
    });
    if (!is_zero(plane, words)) out.errors = {plane, reasons, ErrorCode::kMissing};
  }
  out.errors = merged(condition.errors, out.errors, out, words);
  if (part.rep == Rep::kBits) clear_errors(out.bits.get(kBlockWords), out.errors, words);
}

void Run::negate(const Part& part, Block& out) {
  const Rows& rows = rows_of(part);
  const Block& a = spread(lowered_->links[part.first]);
  out.errors = a.errors;
  if (part.rep == Rep::kDouble) {
    double* real = out.real.get();
    for (std::size_t i = 0; i < rows.count; ++i) real[i] = -a.as<double>()[i];
    out.data = real;
    return;
  }
  std::int64_t* whole = out.int64.get();
  std::uint64_t* fault = out.fault_bits.get(kBlockWords);
  static const std::vector<std::int64_t> kZeros(kBlock, 0);
  kernels_.subtract(kZeros.data(), a.as<std::int64_t>(), whole, fault, rows.words());
  out.data = whole;
  add_faults(out, fault, ErrorCode::kOverflow, rows);
}

void Run::arithmetic(const Part& part, Block& out) {
  const Rows& rows = rows_of(part);
  const std::size_t words = rows.words();
  const Block& a = spread(lowered_->links[part.first]);
  const Block& b = spread(lowered_->links[part.first + 1]);
  out.errors = merged(a.errors, b.errors, out, words);
  if (part.rep == Rep::kDouble) {
    const auto loop = part.function == Function::kAdd        ? kernels_.add_double
                      : part.function == Function::kSubtract ? kernels_.subtract_double
                      : part.function == Function::kMultiply ? kernels_.multiply_double
                                                             : kernels_.divide_double;
    loop(a.as<double>(), b.as<double>(), out.real.get(), words);
    out.data = out.real.get();
    return;
  }
  const auto* left = a.as<std::int64_t>();
  const auto* right = b.as<std::int64_t>();
  std::int64_t* whole = out.int64.get();
  std::uint64_t* fault = out.fault_bits.get(kBlockWords);
  out.data = whole;
  if (part.function == Function::kDivide || part.function == Function::kModulo) {
    std::uint64_t* zero = out.more_bits.get(kBlockWords);
    const auto loop = part.function == Function::kDivide ? kernels_.divide : kernels_.modulo;
    loop(left, right, whole, fault, zero, words);
    add_faults(out, zero, ErrorCode::kDivideByZero, rows);
  } else {
    const auto loop = part.function == Function::kAdd        ? kernels_.add
                      : part.function == Function::kSubtract ? kernels_.subtract
                                                             : kernels_.multiply;
    loop(left, right, whole, fault, words);
  }
  add_faults(out, fault, ErrorCode::kOverflow, rows);
}

void Run::date_part(const Part& part, Block& out) {
  const Rows& rows = rows_of(part);
  const Block& a = spread(lowered_->links[part.first]);
  const auto loop = part.function == Function::kYear    ? kernels_.year
                    : part.function == Function::kMonth ? kernels_.month
                                                        : kernels_.day;
  std::uint64_t* fault = out.fault_bits.get(kBlockWords);
  loop(a.as<std::int32_t>(), out.int64.get(), fault, rows.words());
  out.data = out.int64.get();
  out.errors = a.errors;
  add_faults(out, fault, ErrorCode::kNoSuchDay, rows);
}

void Run::since(const Part& part, Block& out) {
  const Rows& rows = rows_of(part);
  const Block& a = spread(lowered_->links[part.first]);
  const Block& b = spread(lowered_->links[part.first + 1]);
  const auto loop = part.function == Function::kDaysSince     ? kernels_.days_since
                    : part.function == Function::kMonthsSince ? kernels_.months_since
                                                              : kernels_.years_since;
  std::uint64_t* fault = out.fault_bits.get(kBlockWords);
  loop(a.as<std::int32_t>(), b.as<std::int32_t>(), out.int64.get(), fault, rows.words());
  out.data = out.int64.get();
  out.errors = merged(a.errors, b.errors, out, rows.words());
  add_faults(out, fault, ErrorCode::kNoSuchDay, rows);
}

void Run::plus(const Part& part, Block& out) {
  const Rows& rows = rows_of(part);
  const Block& a = spread(lowered_->links[part.first]);
  std::uint64_t* fault = out.fault_bits.get(kBlockWords);
  kernels_.plus(a.as<std::int32_t>(), part.months, part.days, part.rounding, out.int32.get(), fault,
                rows.words());
  out.data = out.int32.get();
  out.errors = a.errors;
  add_faults(out, fault, ErrorCode::kNoSuchDay, rows);
}

// Missing is an answer here; every other error stays one.
void Run::presence(const Part& part, Block& out) {
  const std::size_t words = rows_of(part).words();
  const Block& a = operand(part, 0);
  std::uint64_t* bits = out.bits.get(kBlockWords);
  std::uint64_t* wrong = out.more_bits.get(kBlockWords);
  std::fill_n(bits, words, ~std::uint64_t{0});
  if (a.errors) {
    for (std::size_t i = 0; i < words; ++i) {
      bits[i] = ~a.errors.plane[i];
      wrong[i] = a.errors.plane[i];
    }
    const auto is_missing = [&](std::size_t row) {
      const ErrorCode code = a.errors.reason_of(row);
      return code == ErrorCode::kMissing || (!part.negated && code == ErrorCode::kNoSuchKey);
    };
    each_bit(a.errors.plane, words, [&](std::size_t row) {
      if (is_missing(row)) wrong[row / kWord] &= ~(std::uint64_t{1} << (row % kWord));
    });
    if (!is_zero(wrong, words)) out.errors = {wrong, a.errors.reasons, a.errors.reason};
  }
  if (part.negated) {
    for (std::size_t i = 0; i < words; ++i) bits[i] = ~bits[i];
  }
  if (part.count == 2) out.errors = merged(operand(part, 1).errors, out.errors, out, words);
  clear_errors(bits, out.errors, words);
  out.data = bits;
}
// NOLINTEND(misc-no-recursion)

void Run::rows_size(const Part& part, Block& out) {
  const Block& a = operand(part, 0);
  const auto* end = static_cast<const std::uint32_t*>(a.more);
  std::int64_t* sizes = out.int64.get();
  for (std::size_t i = 0; i < rows_of(part).count; ++i) {
    sizes[i] = std::int64_t{end[i]} - a.as<std::uint32_t>()[i];
  }
  out.data = sizes;
  out.errors = a.errors;
}

}  // namespace dangbo::inline v1::expr::detail
