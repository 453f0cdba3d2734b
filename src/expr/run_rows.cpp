// Quantifiers: the condition over the rows below, reduced by range.
#include <algorithm>

#include "expr/fold.hpp"
#include "expr/run.hpp"

namespace dangbo::inline v1::expr::detail {

// The value of the row above, for each row below.
void Run::broadcast(const Part& part, Block& out) {
  const Block& from = operand(part, 0);
  Rows& rows = rows_[part.domain];
  const std::uint32_t* parents = rows.parents.get();
  const std::size_t words = rows.words();
  out.coded = from.coded;
  out.dictionary = from.dictionary;
  out.table = from.table;
  out.is_one = from.is_one;
  const auto each = [&](auto* to, const void* data) {
    const auto* values = static_cast<const std::remove_pointer_t<decltype(to)>*>(data);
    for (std::size_t i = 0; i < rows.count; ++i) to[i] = values[parents[i]];
    return to;
  };
  switch (from.is_one ? Rep::kNone : part.rep) {
    case Rep::kNone:
      out.data = from.data;
      out.more = from.more;
      break;
    case Rep::kBits: {
      std::uint64_t* bits = out.bits.get(kBlockWords);
      std::fill_n(bits, words, 0);
      for (std::size_t i = 0; i < rows.count; ++i) {
        if (bit(from.as<std::uint64_t>(), parents[i])) set_bit(bits, i);
      }
      out.data = bits;
      break;
    }
    case Rep::kInt32:
      out.data = each(out.int32.get(), from.data);
      break;
    case Rep::kDouble:
      out.data = each(out.real.get(), from.data);
      break;
    case Rep::kText:
      out.data = from.coded ? static_cast<const void*>(each(out.int32.get(), from.data))
                            : each(out.texts.get(), from.data);
      break;
    case Rep::kRecord: {
      std::uint32_t* at = out.raw32.get();
      for (std::size_t i = 0; i < rows.count; ++i) {
        at[i] = from.data != nullptr ? from.as<std::uint32_t>()[parents[i]]
                                     : static_cast<std::uint32_t>(from.base + parents[i]);
      }
      out.data = at;
      break;
    }
    case Rep::kRows:
      out.data = each(out.raw32.get(), from.data);
      out.more = each(out.raw_ends.get(), from.more);
      break;
    case Rep::kParts:
      out.more = each(out.second.get(), from.more);
      [[fallthrough]];
    default:
      out.data = each(out.int64.get(), from.data);
  }
  if (!from.errors) return;
  std::uint64_t* plane = out.fault_bits.get(kBlockWords);
  std::uint8_t* reasons = out.reasons.get();
  std::fill_n(plane, words, 0);
  for (std::size_t i = 0; i < rows.count; ++i) {
    if (!from.errors.at(parents[i])) continue;
    set_bit(plane, i);
    reasons[i] = static_cast<std::uint8_t>(from.errors.reason_of(parents[i]));
  }
  out.errors = {plane, reasons, ErrorCode::kMissing};
}

// All quantifiers over one range at once: its rows are read once.
void Run::sweep(Id id) {  // NOLINT(misc-no-recursion): as deep as quantifiers nest
  const Domain& domain = lowered_->domains[id];
  const Rows& above = rows_[domain.parent];
  const Block& range = value(domain.range);
  for (const Id quantifier : domain.quantifiers) {
    Block& out = blocks_[quantifier];
    out.errors = {};
    out.any_wrong = false;
    if (is_fold(lowered_->parts[quantifier].macro)) {
      start_fold(lowered_->parts[quantifier], above, out);
    } else {
      std::fill_n(out.int64.get(), above.count, 0);
    }
  }
  const auto* firsts = range.as<std::uint32_t>();
  const auto* lasts = static_cast<const std::uint32_t*>(range.more);
  bool in_order = !range.errors && !domain.looks_up && !broken_;
  for (std::size_t i = 1; i < above.count && in_order; ++i) in_order = firsts[i] == lasts[i - 1];
  rows_[id].scattered = false;
  rows_[id].in_order = in_order;
  in_order ? sweep_in_order(id, range) : sweep_each(id, range);
  for (const Id quantifier : domain.quantifiers) {
    const Part& part = lowered_->parts[quantifier];
    Block& out = blocks_[quantifier];
    is_fold(part.macro) ? finish_fold(part, range.errors, above, out)
                        : finish(part, range.errors, above, out);
    out.stamp = above.stamp;
  }
}

// Ranges that follow one another, empty ones among them: one range of rows, cut into blocks.
void Run::sweep_in_order(Id id, const Block& range) {  // NOLINT(misc-no-recursion)
  Rows& rows = rows_[id];
  const std::size_t parents = rows_[lowered_->domains[id].parent].count;
  std::uint32_t* begins = rows.begins.get();
  std::uint32_t* ends = rows.ends.get();
  std::uint32_t* owners = rows.owners.get();
  const auto* lasts = static_cast<const std::uint32_t*>(range.more);
  if (parents == 0) return;
  const std::uint32_t end = lasts[parents - 1];
  std::size_t parent = 0;
  for (std::uint32_t at = range.as<std::uint32_t>()[0]; at < end;) {
    const auto taken = static_cast<std::uint32_t>(std::min<std::size_t>(end - at, kBlock));
    const std::uint32_t limit = at + taken;
    std::size_t ranges = 0;
    std::uint32_t from = 0;
    for (; parent < parents && lasts[parent] <= limit; ++parent) {
      begins[ranges] = from;
      from = lasts[parent] - at;
      ends[ranges] = from;
      owners[ranges++] = static_cast<std::uint32_t>(parent);
    }
    if (from < taken) {
      begins[ranges] = from;
      ends[ranges] = taken;
      owners[ranges++] = static_cast<std::uint32_t>(parent);
    }
    rows.stamp = ++clock_;
    rows.base = at;
    rows.count = taken;
    rows.ranges = ranges;
    look_at_chunk(id);
    at = limit;
  }
}

void Run::sweep_each(Id id, const Block& range) {  // NOLINT(misc-no-recursion)
  const Domain& domain = lowered_->domains[id];
  const Rows& above = rows_[domain.parent];
  Rows& rows = rows_[id];
  std::uint32_t* begins = rows.begins.get();
  std::uint32_t* ends = rows.ends.get();
  std::uint32_t* owners = rows.owners.get();
  const auto* firsts = range.as<std::uint32_t>();
  const auto* lasts = static_cast<const std::uint32_t*>(range.more);
  std::size_t count = 0;
  std::size_t ranges = 0;
  const auto look = [&] {
    rows.stamp = ++clock_;
    rows.count = count;
    rows.ranges = ranges;
    look_at_chunk(id);
    rows.scattered = false;
    count = 0;
    ranges = 0;
  };
  for (std::size_t parent = 0; parent < above.count && !broken_; ++parent) {
    if (range.errors.at(parent)) continue;
    std::size_t from = firsts[parent];
    const std::size_t end = lasts[parent];
    while (from < end) {
      const std::size_t taken = std::min(end - from, kBlock - count);
      if (count == 0) rows.base = from;
      const bool follows = !rows.scattered && rows.base + count == from;
      if (!follows || domain.looks_up) {
        rows.count = count;
        append_rows(id, from, taken, parent);
      }
      begins[ranges] = static_cast<std::uint32_t>(count);
      count += taken;
      ends[ranges] = static_cast<std::uint32_t>(count);
      owners[ranges++] = static_cast<std::uint32_t>(parent);
      from += taken;
      if (count == kBlock) look();
    }
  }
  if (count != 0 && !broken_) look();
}

void Run::append_rows(Id id, std::size_t from, std::size_t count, std::size_t parent) {
  Rows& rows = rows_[id];
  if (!rows.scattered && rows.base + rows.count != from) {
    std::uint32_t* at = rows.rows.get();
    for (std::size_t i = 0; i < rows.count; ++i) at[i] = static_cast<std::uint32_t>(rows.base + i);
    rows.scattered = true;
  }
  if (rows.scattered) {
    std::uint32_t* at = rows.rows.get() + rows.count;
    for (std::size_t i = 0; i < count; ++i) at[i] = static_cast<std::uint32_t>(from + i);
  }
  if (lowered_->domains[id].looks_up) {
    std::fill_n(rows.parents.get() + rows.count, count, static_cast<std::uint32_t>(parent));
  }
}

void Run::look_at_chunk(Id id) {  // NOLINT(misc-no-recursion): as deep as quantifiers nest
  for (const Id quantifier : lowered_->domains[id].quantifiers) {
    const Part& part = lowered_->parts[quantifier];
    const Id body = lowered_->links[part.first];
    if (is_fold(part.macro)) {
      fold_chunk(part, rows_[id], body, blocks_[quantifier]);
    } else {
      reduce(part, rows_[id], value(body), blocks_[quantifier]);
    }
  }
}

void Run::reduce(const Part& part, Rows& rows, const Block& body, Block& out) {
  const auto* truth = body.as<std::uint64_t>();
  const std::size_t words = rows.words();
  if (part.macro == Macro::kAll) {
    std::uint64_t* no = out.more_bits.get(kBlockWords);
    for (std::size_t i = 0; i < words; ++i) {
      no[i] = ~(truth[i] | (body.errors ? body.errors.plane[i] : 0));
    }
    truth = no;
  }
  std::int64_t* counts = rows.counts.get();
  const std::uint32_t* begins = rows.begins.get();
  const std::uint32_t* ends = rows.ends.get();
  const std::uint32_t* owners = rows.owners.get();
  kernels_.count_ranges(truth, begins, ends, counts, rows.ranges);
  std::int64_t* totals = out.int64.get();
  if (rows.in_order) {
    std::int64_t* first = totals + (rows.ranges == 0 ? 0 : owners[0]);
    for (std::size_t i = 0; i < rows.ranges; ++i) first[i] += counts[i];
  } else {
    for (std::size_t i = 0; i < rows.ranges; ++i) totals[owners[i]] += counts[i];
  }
  if (body.errors) note_reasons(rows, body.errors, out);
}

void Run::note_reasons(Rows& rows, const Errors& errors, Block& out) {
  const std::uint32_t* ends = rows.ends.get();
  const std::uint32_t* owners = rows.owners.get();
  std::uint8_t* reasons = out.word_reasons.get();
  if (!out.any_wrong) std::fill_n(reasons, kBlock, kNoReason);
  out.any_wrong = true;
  std::size_t next = 0;
  each_bit(errors.plane, rows.words(), [&](std::size_t row) {
    if (row >= rows.count) return;
    while (ends[next] <= row) ++next;
    std::uint8_t& reason = reasons[owners[next]];
    if (reason == kNoReason) reason = static_cast<std::uint8_t>(errors.reason_of(row));
  });
}

void Run::finish(const Part& part, const Errors& range, const Rows& above, Block& out) {
  const std::size_t words = above.words();
  const std::int64_t* totals = out.int64.get();
  const std::uint8_t* reasons = out.word_reasons.get();
  const bool stops = part.macro == Macro::kAll || part.macro == Macro::kExists;
  std::uint64_t* wrong = out.fault_bits.get(kBlockWords);
  std::fill_n(wrong, words, 0);
  bool any = false;
  for (std::size_t i = 0; i < above.count && out.any_wrong; ++i) {
    if (reasons[i] == kNoReason || (stops && totals[i] != 0)) continue;
    set_bit(wrong, i);
    any = true;
  }
  out.data = totals;
  if (any) out.errors = {wrong, reasons, ErrorCode::kMissing};
  out.errors = merged(range, out.errors, out, words);
  if (part.macro == Macro::kCount) return;
  std::uint64_t* bits = out.bits.get(kBlockWords);
  std::fill_n(bits, words, 0);
  for (std::size_t i = 0; i < above.count; ++i) {
    const bool holds = part.macro == Macro::kExists ? totals[i] != 0
                       : part.macro == Macro::kAll  ? totals[i] == 0
                                                    : totals[i] == 1;
    if (holds) set_bit(bits, i);
  }
  for (std::size_t i = 0; i < words && out.errors; ++i) bits[i] &= ~out.errors.plane[i];
  out.data = bits;
}

}  // namespace dangbo::inline v1::expr::detail
