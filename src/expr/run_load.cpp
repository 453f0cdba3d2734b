// Columns into blocks.
#include <algorithm>
#include <type_traits>

#include "expr/run.hpp"

namespace dangbo::inline v1::expr::detail {

namespace {

using Form = ColumnView::Form;

constexpr std::size_t kLine = 64;  // bytes that come from memory together

bool fits(const Part& part, const ColumnView& view) noexcept {
  if (view.form() == Form::kOne) {
    return view.kind() == Kind::kError ||
           (view.kind() == part.type.kind && part.rep != Rep::kRecord && part.rep != Rep::kRows);
  }
  return view.form() != Form::kNone && view.kind() == part.type.kind;
}

// Which rows of a column a block takes.
struct Taken {
  const std::uint32_t* rows;  // null: consecutive ones from `base`
  std::size_t base;
  std::size_t count;
};

Taken taken_of(const Rows& rows, const Block* record) noexcept {
  if (record == nullptr) return {nullptr, rows.base, rows.count};
  return {record->as<std::uint32_t>(), record->base, rows.count};
}

// The values where they lie when a whole word of rows may be read there, else a copy.
template <typename T>
const T* taken(const T* data, const Taken& which, std::size_t size, Store<T>& copy) {
  const std::size_t padded = (which.count + kWord - 1) / kWord * kWord;
  if (which.rows == nullptr && which.base + padded <= size) {
    // The next block is wanted soon, and the machine's own look-ahead stops between blocks.
    const std::size_t next = which.base + which.count;
    if (next + kBlock <= size) {
      for (std::size_t line = 0; line < 8; ++line) {
        __builtin_prefetch(reinterpret_cast<const char*>(data + next) + line * kLine);
      }
    }
    return data + which.base;
  }
  T* out = copy.get();
  if (which.rows == nullptr) {
    std::copy_n(data + which.base, which.count, out);
  } else {
    for (std::size_t i = 0; i < which.count; ++i) out[i] = data[which.rows[i]];
  }
  std::fill(out + which.count, out + padded, T());
  return out;
}

void take_bits(const std::uint64_t* plane, const Taken& which, std::uint64_t* out) {
  if (which.rows == nullptr) return copy_bits(plane, which.base, which.count, out);
  std::fill_n(out, (which.count + kWord - 1) / kWord, 0);
  for (std::size_t i = 0; i < which.count; ++i) {
    if (bit(plane, which.rows[i])) set_bit(out, i);
  }
}

std::uint32_t limit_of(const Part& part, const ColumnView& view) noexcept {
  if (part.rep == Rep::kText) return static_cast<std::uint32_t>(view.dictionary().size());
  return static_cast<std::uint32_t>(part.type.shape->codes->codes().size());
}

}  // namespace

absl::Status Run::bind(const ColumnTable& table, std::size_t first, std::size_t count) {
  table_ = &table;
  broken_ = false;
  clock_ += 1;
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    const Part& part = lowered_->parts[i];
    if (part.kernel == Kernel::kConstant) continue;
    blocks_[i].stamp = 0;
    blocks_[i].is_one = false;
    blocks_[i].words_of = nullptr;
    spread_[i].reset();
    if (part.kernel != Kernel::kVariable) continue;
    const ColumnView* view = part.slot < table.columns.size() ? &table.columns[part.slot] : nullptr;
    const std::string& name =
        lowered_->expressions.front().program()->environment->variables[part.slot].name;
    if (view == nullptr || !fits(part, *view)) {
      return absl::InvalidArgumentError("the column of " + name + " is no " +
                                        part.type.to_string());
    }
    if (view->form() != Form::kOne && (view->size() < first || view->size() - first < count)) {
      return absl::InvalidArgumentError("the column of " + name + " has too few rows");
    }
  }
  return absl::OkStatus();
}

void Run::variable(const Part& part, Block& out) {
  load(part, table_->columns[part.slot], rows_[0], nullptr, out);
}

void Run::element(const Part& part, Block& out) {
  const Rows& rows = rows_of(part);
  const Block& range = blocks_[lowered_->domains[part.domain].range];
  out.table = range.table;
  out.base = rows.base;
  out.data = nullptr;
  if (rows.scattered) out.data = rows_[part.domain].rows.get();
}

void Run::field(const Part& part, Block& out) {
  const Block& record = operand(part, 0);
  const ColumnTable* table = record.table;
  const Rows& rows = rows_of(part);
  const ColumnView* view =
      table != nullptr && part.slot < table->columns.size() ? &table->columns[part.slot] : nullptr;
  const bool usable = view != nullptr && fits(part, *view) &&
                      (view->form() == Form::kOne || view->size() >= table->size) &&
                      table->size != 0;
  if (usable) return load(part, *view, rows, &record, out);
  // A table without rows needs no columns: every reference into it is missing already.
  if (table == nullptr || table->size != 0) broken_ = true;
  static const ColumnTable kNothing;
  std::fill_n(out.bits.get(kBlockWords), kBlockWords, 0);
  std::fill_n(out.int32.get(), kBlock, 0);
  std::fill_n(out.second.get(), kBlock, 0);
  std::fill_n(out.int64.get(), kBlock, 0);
  std::fill_n(out.real.get(), kBlock, 0.0);
  std::fill_n(out.texts.get(), kBlock, std::string_view());
  std::fill_n(out.raw32.get(), kBlock, 0);
  std::uint64_t* wrong = out.fault_bits.get(kBlockWords);
  std::fill_n(wrong, kBlockWords, ~std::uint64_t{0});
  out.coded = false;
  out.is_one = false;
  out.table = &kNothing;
  out.more = part.rep == Rep::kRows ? static_cast<const void*>(out.raw32.get()) : out.second.get();
  switch (part.rep) {
    case Rep::kBits:
      out.data = out.bits.get(kBlockWords);
      break;
    case Rep::kInt32:
      out.data = out.int32.get();
      break;
    case Rep::kDouble:
      out.data = out.real.get();
      break;
    case Rep::kText:
      out.data = out.texts.get();
      break;
    case Rep::kRecord:
    case Rep::kRows:
      out.data = out.raw32.get();
      break;
    default:
      out.data = out.int64.get();
  }
  add_faults(out, wrong, ErrorCode::kMissing, rows);
  out.errors = merged(record.errors, out.errors, out, rows.words());
}

void Run::load_flat(const Part& part, const ColumnView& view, const Rows& rows, const Block* record,
                    Block& out, std::uint64_t* fault) {
  const Taken which = taken_of(rows, record);
  const std::size_t words = rows.words();
  switch (view.form()) {
    case Form::kBits:
      take_bits(view.data<std::uint64_t>(), which, out.bits.get(kBlockWords));
      out.data = out.bits.get(kBlockWords);
      break;
    case Form::kInt64:
      out.data = taken(view.data<std::int64_t>(), which, view.size(), out.int64);
      break;
    case Form::kInt32:
      out.data = taken(view.data<std::int32_t>(), which, view.size(), out.int32);
      break;
    case Form::kDouble:
      out.data = taken(view.data<double>(), which, view.size(), out.real);
      break;
    case Form::kTexts:
      out.data = taken(view.data<std::string_view>(), which, view.size(), out.texts);
      break;
    case Form::kCodes8: {
      const auto* codes = taken(view.data<std::uint8_t>(), which, view.size(), out.raw8);
      out.narrow = out.may_be_narrow;
      if (out.narrow) {
        kernels_.byte_from(codes, limit_of(part, view), fault, words);
        out.data = codes;
        break;
      }
      kernels_.widen_byte(codes, limit_of(part, view), out.int32.get(), fault, words);
      out.data = out.int32.get();
      break;
    }
    case Form::kCodes16:
      kernels_.widen_half(taken(view.data<std::uint16_t>(), which, view.size(), out.raw16),
                          limit_of(part, view), out.int32.get(), fault, words);
      out.data = out.int32.get();
      break;
    case Form::kCodes32:
      kernels_.widen_word(taken(view.data<std::uint32_t>(), which, view.size(), out.raw32),
                          limit_of(part, view), out.int32.get(), fault, words);
      out.data = out.int32.get();
      break;
    default:
      break;
  }
}

void Run::load(const Part& part, const ColumnView& view, const Rows& rows, const Block* record,
               Block& out) {
  const Taken which = taken_of(rows, record);
  const std::size_t words = rows.words();
  out.coded = false;
  out.is_one = false;
  out.narrow = false;
  if (view.form() == Form::kOne) {
    load_one(part, view, out);
    if (record != nullptr) {
      out.stamp = 0;  // of this column, but not of every record
      out.errors = merged(record->errors, out.errors, out, words);
    }
    return;
  }
  std::uint64_t* fault = out.fault_bits.get(kBlockWords);
  std::fill_n(fault, words, 0);
  switch (view.form()) {
    case Form::kParts:
      load_parts(part, view, rows, record, out);
      break;
    case Form::kRecord:
      load_record(view, rows, record, out, fault);
      break;
    case Form::kRows: {
      out.table = view.table();
      const auto* begin = taken(view.data<std::uint32_t>(), which, view.size(), out.raw32);
      const auto* end = taken(view.more<std::uint32_t>(), which, view.size(), out.raw_ends);
      out.data = begin;
      out.more = end;
      for (std::size_t i = 0; i < rows.count; ++i) {
        if (begin[i] > end[i] || end[i] > out.table->size) broken_ = true;
      }
      break;
    }
    default:
      load_flat(part, view, rows, record, out, fault);
  }
  if (part.rep == Rep::kText && view.has_dictionary()) {
    out.coded = true;
    out.dictionary = view.dictionary();
    static constexpr std::string_view kNone[] = {{}};
    if (out.dictionary.empty()) out.dictionary = kNone;
  }
  if (view.valid() != nullptr) {
    std::uint64_t* valid = out.more_bits.get(kBlockWords);
    take_bits(view.valid(), which, valid);
    for (std::size_t i = 0; i < words; ++i) fault[i] |= ~valid[i];
  }
  add_faults(out, fault, ErrorCode::kMissing, rows);
  if (record != nullptr) out.errors = merged(record->errors, out.errors, out, words);
  if (part.rep == Rep::kBits) {
    auto* bits = out.bits.get(kBlockWords);
    for (std::size_t i = 0; i < words && out.errors; ++i) bits[i] &= ~out.errors.plane[i];
  }
}

void Run::load_one(const Part& part, const ColumnView& view, Block& out) {
  const Value& value = view.value();
  out.stamp = kForever;
  out.is_one = part.rep != Rep::kBits;
  bool missing = value.is_error();
  const std::int64_t whole = missing || part.rep == Rep::kDouble ? 0 : value.as_int();
  switch (part.rep) {
    case Rep::kBits:
      out.data = out.bits.get(kBlockWords);
      std::fill_n(out.bits.get(kBlockWords), kBlockWords,
                  value.is_true() ? ~std::uint64_t{0} : std::uint64_t{0});
      break;
    case Rep::kInt32:
      missing = missing ||
                (part.type.kind == Kind::kEnum && (whole < 0 || whole >= limit_of(part, view)));
      *out.int32.get(1) = missing ? 0 : static_cast<std::int32_t>(whole);
      out.data = out.int32.get(1);
      break;
    case Rep::kDouble:
      *out.real.get(1) = missing ? 0.0 : value.as_double();
      out.data = out.real.get(1);
      break;
    case Rep::kText:
      *out.texts.get(1) = missing ? std::string_view() : value.as_text();
      out.data = out.texts.get(1);
      break;
    case Rep::kParts:
      *out.second.get(1) = missing ? 0 : value.days();
      out.more = out.second.get(1);
      [[fallthrough]];
    default:
      *out.int64.get(1) = whole;
      out.data = out.int64.get(1);
  }
  if (!missing) return;
  std::uint64_t* plane = out.fault_bits.get(kBlockWords);
  std::fill_n(plane, kBlockWords, ~std::uint64_t{0});
  out.errors = {plane, nullptr, value.is_error() ? value.error_code() : ErrorCode::kMissing};
}

void Run::load_parts(const Part& part, const ColumnView& view, const Rows& rows,
                     const Block* record, Block& out) {
  const Taken which = taken_of(rows, record);
  if (part.type.kind == Kind::kPeriod) {
    const auto* months = taken(view.data<std::int32_t>(), which, view.size(), out.int32);
    std::int64_t* wide = out.int64.get();
    for (std::size_t i = 0; i < rows.count; ++i) wide[i] = months[i];
    out.data = wide;
    out.more = taken(view.more<std::int32_t>(), which, view.size(), out.second);
    return;
  }
  const auto* seconds = taken(view.data<std::int64_t>(), which, view.size(), out.int64);
  out.data = seconds;
  out.more = taken(view.more<std::int32_t>(), which, view.size(), out.second);
  std::uint64_t* late = out.late_bits.get(kBlockWords);
  std::fill_n(late, rows.words(), 0);
  for (std::size_t i = 0; i < rows.count; ++i) {
    const bool is_valid = view.valid() == nullptr ||
                          bit(view.valid(), which.rows != nullptr ? which.rows[i] : which.base + i);
    if (is_valid && Value::timestamp(seconds[i], 0).is_error()) set_bit(late, i);
  }
  add_faults(out, late, ErrorCode::kOverflow, rows);
}

void Run::load_record(const ColumnView& view, const Rows& rows, const Block* record, Block& out,
                      std::uint64_t* fault) {
  out.table = view.table();
  out.base = record != nullptr ? record->base : rows.base;
  out.data = record != nullptr ? record->data : nullptr;
  if (view.data<std::uint32_t>() == nullptr) {
    // Row i is row i of the other table, which was said to be as long.
    if (out.data == nullptr && out.base + rows.count > out.table->size) broken_ = true;
    if (!broken_) return;
  }
  const Taken which{out.as<std::uint32_t>(), out.base, rows.count};
  std::uint32_t* safe = out.raw32.get();
  for (std::size_t i = 0; i < rows.count; ++i) {
    const std::size_t row = which.rows != nullptr ? which.rows[i] : which.base + i;
    const std::uint32_t at =
        broken_ || view.data<std::uint32_t>() == nullptr ? 0 : view.data<std::uint32_t>()[row];
    const bool inside = at < out.table->size;
    safe[i] = inside ? at : 0;
    if (!inside) set_bit(fault, i);
  }
  out.data = safe;
}

}  // namespace dangbo::inline v1::expr::detail
