// sum, min and max over the rows below, range by range; fold.hpp says what they mean.
#include <algorithm>

#include "expr/fold.hpp"
#include "expr/run.hpp"

namespace dangbo::inline v1::expr::detail {

namespace {

// The best value of each range, and whether it had one before.
template <typename T, typename Better>
void take_best(const Rows& rows, const std::uint32_t* begins, const std::uint32_t* ends,
               const std::uint32_t* owners, const T* values, T* best, std::uint64_t* seen,
               const Better& better) {
  for (std::size_t i = 0; i < rows.ranges; ++i) {
    const std::uint32_t owner = owners[i];
    std::uint32_t row = begins[i];
    if (row == ends[i]) continue;
    if (!bit(seen, owner)) {
      set_bit(seen, owner);
      best[owner] = values[row++];
    }
    T held = best[owner];
    for (; row < ends[i]; ++row) held = better(values[row], held) ? values[row] : held;
    best[owner] = held;
  }
}

template <typename T>
void take_best(const Rows& rows, const std::uint32_t* begins, const std::uint32_t* ends,
               const std::uint32_t* owners, bool least, const T* values, T* best,
               std::uint64_t* seen) {
  if (least) {
    take_best(rows, begins, ends, owners, values, best, seen, [](T a, T b) { return a < b; });
  } else {
    take_best(rows, begins, ends, owners, values, best, seen, [](T a, T b) { return b < a; });
  }
}

}  // namespace

void Run::start_fold(const Part& part, const Rows& above, Block& out) {
  std::fill_n(out.more_bits.get(kBlockWords), kBlockWords, 0);
  switch (part.rep) {
    case Rep::kInt32:
      std::fill_n(out.int32.get(), above.count, 0);
      return;
    case Rep::kDouble:
      std::fill_n(out.real.get(), above.count, 0.0);
      return;
    case Rep::kParts:
      std::fill_n(out.second.get(), above.count, 0);
      [[fallthrough]];
    default:
      std::fill_n(out.int64.get(), above.count, 0);
      if (part.macro == Macro::kSum) std::fill_n(out.low.get(), above.count, 0);
  }
}

void Run::fold_instants(const Part& part, Rows& rows, const Block& body, Block& out) {
  const auto* seconds = body.as<std::int64_t>();
  const auto* parts = static_cast<const std::int32_t*>(body.more);
  std::int64_t* best = out.int64.get();
  std::int32_t* rest = out.second.get();
  std::uint64_t* seen = out.more_bits.get(kBlockWords);
  const bool least = part.macro == Macro::kMin;
  for (std::size_t i = 0; i < rows.ranges; ++i) {
    const std::uint32_t owner = rows.owners.get()[i];
    for (std::uint32_t row = rows.begins.get()[i]; row < rows.ends.get()[i]; ++row) {
      const bool less =
          seconds[row] != best[owner] ? seconds[row] < best[owner] : parts[row] < rest[owner];
      const bool same = seconds[row] == best[owner] && parts[row] == rest[owner];
      if (bit(seen, owner) && (same || less != least)) continue;
      set_bit(seen, owner);
      best[owner] = seconds[row];
      rest[owner] = parts[row];
    }
  }
}

void Run::fold_chunk(const Part& part, Rows& rows, Id body_id, Block& out) {
  const Block& body = spread(body_id);
  const std::uint32_t* begins = rows.begins.get();
  const std::uint32_t* ends = rows.ends.get();
  const std::uint32_t* owners = rows.owners.get();
  std::uint64_t* seen = out.more_bits.get(kBlockWords);
  const bool least = part.macro == Macro::kMin;
  if (part.rep == Rep::kParts) {
    fold_instants(part, rows, body, out);
  } else if (part.macro != Macro::kSum && part.rep == Rep::kInt32) {
    take_best(rows, begins, ends, owners, least, body.as<std::int32_t>(), out.int32.get(), seen);
  } else if (part.macro != Macro::kSum && part.rep == Rep::kInt64) {
    take_best(rows, begins, ends, owners, least, body.as<std::int64_t>(), out.int64.get(), seen);
  } else if (part.macro != Macro::kSum) {
    take_best(rows, begins, ends, owners, least, body.as<double>(), out.real.get(), seen);
  } else if (part.rep == Rep::kDouble) {
    // One after the other, as for single rows: sums of doubles depend on the order.
    const auto* values = body.as<double>();
    double* totals = out.real.get();
    for (std::size_t i = 0; i < rows.ranges; ++i) {
      double sum = totals[owners[i]];
      for (std::uint32_t row = begins[i]; row < ends[i]; ++row) sum += values[row];
      totals[owners[i]] = sum;
    }
  } else {
    const auto* values = body.as<std::int64_t>();
    for (std::size_t i = 0; i < rows.ranges; ++i) {
      WideSum sum;
      for (std::uint32_t row = begins[i]; row < ends[i]; ++row) sum.add(values[row]);
      out.int64.get()[owners[i]] += sum.high;
      out.low.get()[owners[i]] += sum.low;
    }
  }
  if (body.errors) note_reasons(rows, body.errors, out);
}

void Run::finish_fold(const Part& part, const Errors& range, const Rows& above, Block& out) {
  const std::size_t words = above.words();
  std::uint64_t* wrong = out.fault_bits.get(kBlockWords);
  std::uint64_t* none = out.late_bits.get(kBlockWords);
  std::fill_n(wrong, words, 0);
  std::fill_n(none, words, 0);
  bool any = false;
  for (std::size_t i = 0; i < above.count && out.any_wrong; ++i) {
    if (out.word_reasons.get()[i] == kNoReason) continue;
    set_bit(wrong, i);
    any = true;
  }
  if (any) out.errors = {wrong, out.word_reasons.get(), ErrorCode::kMissing};
  out.errors = merged(range, out.errors, out, words);
  out.more = nullptr;
  switch (part.rep) {
    case Rep::kInt32:
      out.data = out.int32.get();
      break;
    case Rep::kDouble:
      out.data = out.real.get();
      break;
    case Rep::kParts:
      out.more = out.second.get();
      [[fallthrough]];
    default:
      out.data = out.int64.get();
  }
  if (part.macro != Macro::kSum) {
    const std::uint64_t* seen = out.more_bits.get(kBlockWords);
    for (std::size_t i = 0; i < words; ++i) none[i] = ~seen[i];
    add_faults(out, none, ErrorCode::kEmpty, above);
  } else if (part.rep == Rep::kInt64) {
    std::int64_t* high = out.int64.get();
    const std::uint64_t* low = out.low.get();
    for (std::size_t i = 0; i < above.count; ++i) {
      const auto whole = WideSum{high[i], low[i]}.whole();
      if (!whole) set_bit(none, i);
      high[i] = whole.value_or(0);
    }
    add_faults(out, none, ErrorCode::kOverflow, above);
  }
}

}  // namespace dangbo::inline v1::expr::detail
