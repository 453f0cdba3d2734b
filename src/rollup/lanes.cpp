#include "rollup/lanes.hpp"

#include <algorithm>

#include "dangbo/party/vocabulary.hpp"

namespace dangbo::inline v1::rollup {

namespace {

using table::Type;

std::array<const std::uint64_t*, 8> planes_at(const Lane& lane, const Place& place) {
  std::array<const std::uint64_t*, 8> planes{};
  for (std::size_t p = 0; p < lane.planes.size(); ++p) {
    planes[p] = lane.planes[p].data() + place.first / 64;
  }
  return planes;
}

void add_code(const Lane& lane, const Place& place, std::uint32_t code, std::uint64_t* out) {
  kernels().add_equal(planes_at(lane, place).data(), lane.planes.size(), code, out, place.words);
}

void below(const Lane& lane, const Place& place, std::uint16_t bound, std::uint64_t* out) {
  kernels().below(lane.bytes.data() + place.first, lane.low.data() + place.first, bound, out,
                  place.words);
}

}  // namespace

const detail::Kernels& kernels() noexcept {
#if defined(__x86_64__)
  static const detail::Kernels& chosen = []() -> const detail::Kernels& {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vpopcntdq")) {
      return detail::kAvx512Kernels;
    }
    const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") &&
                          __builtin_cpu_supports("popcnt");
    return has_avx2 ? detail::kAvx2Kernels : detail::kPlainKernels;
  }();
  return chosen;
#else
  return detail::kPlainKernels;
#endif
}

const Lane& Place::lane(const Column& column) const {
  const bool of_member = column.source == Source::kMember;
  return part->lane(column, of_member ? world->members() : world->memberships());
}

Placed Place::placed(std::uint32_t row) const {
  Placed out;
  out.own = part->own(first + row);
  out.member_row = part->member_row(first + row);
  out.member = world->memberships().member_of(out.own);
  out.day = world->day();
  return out;
}

// --- filters

FilterLane::FilterLane(const Filter& filter, time::Date day) : filter_(filter) {
  if (filter.test == Test::kRange && filter.column.field.type == Type::kDate) {
    const auto bound = [](std::int64_t at) {
      return short_day(static_cast<std::int32_t>(std::clamp<std::int64_t>(
          at, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max())));
    };
    from_ = bound(filter.from);
    until_ = bound(filter.until);
  } else if (filter.test == Test::kYears) {
    const std::int64_t first = std::max<std::int64_t>(filter.from, 0);
    const std::int32_t last = last_day_with_years(day, first);
    until_ = short_day(last == std::numeric_limits<std::int32_t>::max() ? last : last + 1);
    if (filter.until != Filter::kMost)
      from_ = short_day(last_day_with_years(day, filter.until) + 1);
  }
}

void FilterLane::apply(const Place& place, Plane& mask) const {
  const Type type = filter_.column.field.type;
  if (!filter_.column.standing && type != Type::kInt && type != Type::kText) {
    const Lane& lane = lane_.in(place, filter_.column);
    if (lane.form == Lane::Form::kCodes) return codes(lane, place, mask);
    const bool of_days = filter_.test != Test::kEquals && filter_.test != Test::kNot;
    if (lane.form == Lane::Form::kDays && of_days) return days(lane, place, mask);
  }
  by_row(place, mask);
}

void FilterLane::codes(const Lane& lane, const Place& place, Plane& mask) const {
  const auto wanted = [&](std::uint32_t code) {
    if (code == lane.values) return filter_.test == Test::kMissing;
    switch (filter_.test) {
      case Test::kPresent:
        return true;
      case Test::kEquals:
        return code < filter_.by_code.size() && filter_.by_code[code];
      case Test::kNot:
        return code >= filter_.by_code.size() || !filter_.by_code[code];
      default:
        return false;
    }
  };
  const auto passing =
      static_cast<std::size_t>(std::count_if(lane.met.begin(), lane.met.end(), wanted));
  if (passing == lane.met.size()) return;
  // Those that pass, or those that do not, whichever are fewer.
  const bool by_pass = passing * 2 <= lane.met.size();
  Plane plane{};
  for (const std::uint32_t code : lane.met) {
    if (wanted(code) == by_pass) add_code(lane, place, code, plane.data());
  }
  (by_pass ? kernels().keep : kernels().drop)(mask.data(), plane.data(), place.words);
}

void FilterLane::days(const Lane& lane, const Place& place, Plane& mask) const {
  Plane less;
  const bool known = filter_.test == Test::kPresent || filter_.test == Test::kMissing;
  below(lane, place, known ? kNoShortDay : until_, less.data());
  if (known) {
    const bool missing = filter_.test == Test::kMissing;
    (missing ? kernels().drop : kernels().keep)(mask.data(), less.data(), place.words);
    return;
  }
  Plane partial{};
  if (!lane.partial.empty()) {
    for (std::size_t i = 0; i < place.words; ++i) {
      partial[i] = mask[i] & lane.partial[place.first / 64 + i];
    }
  }
  kernels().keep(mask.data(), less.data(), place.words);
  if (from_ != 0) {
    below(lane, place, from_, less.data());
    kernels().drop(mask.data(), less.data(), place.words);
  }
  if (lane.partial.empty()) return;
  kernels().drop(mask.data(), partial.data(), place.words);
  by_row(place, partial);
  for (std::size_t i = 0; i < place.words; ++i) mask[i] |= partial[i];
}

void FilterLane::by_row(const Place& place, Plane& mask) const {
  each_bit(mask.data(), place.words, [&](std::uint32_t row) {
    if (!filter_.passes(place.placed(row))) mask[row / 64] &= ~(std::uint64_t{1} << (row % 64));
  });
}

// --- groups

std::optional<GroupLane> GroupLane::of(const GroupColumn& group, time::Date day) {
  GroupLane made;
  made.group_ = &group;
  made.day_ = day;
  if (group.formula) return std::nullopt;
  const Type type = group.column.field.type;
  if (group.column.source == Source::kUnit) {
    made.form_ = Form::kUnit;
    if (group.bands || (type != Type::kCode && type != Type::kBool)) return std::nullopt;
    return made;
  }
  if (group.bands) {
    if (!group.bands->of_years) return std::nullopt;
    made.form_ = Form::kBands;
    // The more years, the earlier the day: the first edge of all is the day itself.
    made.edges_.push_back(short_day(day.days() + 1));
    for (const std::int64_t edge : group.bands->edges) {
      made.edges_.push_back(short_day(last_day_with_years(day, edge) + 1));
    }
    return made;
  }
  if (group.column.standing) {
    made.form_ = Form::kStanding;
    return made;
  }
  if (type == Type::kCode || type == Type::kBool) return made;
  return std::nullopt;
}

bool GroupLane::begin(const Place& place) {
  digits_.clear();
  const auto radix = static_cast<std::uint32_t>(group_->radix);
  switch (form_) {
    case Form::kUnit:
      return true;
    case Form::kCodes:
      lane_ = &place.lane(group_->column);
      if (lane_->form != Lane::Form::kCodes) return false;
      for (const std::uint32_t code : lane_->met) {
        digits_.push_back(code == lane_->values ? radix - 1 : code);
      }
      return true;
    case Form::kBands:
      lane_ = &place.lane(group_->column);
      if (lane_->form != Lane::Form::kDays) return false;
      break;
    case Form::kStanding: {
      for (const Column& date : group_->column.dates) {
        if (place.lane(date).form != Lane::Form::kDays) return false;
      }
      break;
    }
  }
  for (std::uint32_t digit = 0; digit < radix; ++digit) digits_.push_back(digit);
  planes_.resize(radix);
  computed_ = ~std::uint64_t{0};
  return true;
}

const std::uint64_t* GroupLane::plane(const Place& place, std::size_t at, const Plane& mask) {
  if (form_ == Form::kCodes) {
    scratch_.fill(0);
    add_code(*lane_, place, lane_->met[at], scratch_.data());
    return scratch_.data();
  }
  compute(place, mask);
  return planes_[at].data();
}

void GroupLane::add_digits(const Place& place, std::uint32_t weight, const Plane& mask,
                           std::uint32_t* keys) {
  if (form_ == Form::kCodes) {
    kernels().add_digit(lane_->bytes.data() + place.first,
                        static_cast<std::uint32_t>(group_->radix) - 1, weight, keys,
                        place.words * 64);
    return;
  }
  compute(place, mask);
  for (const std::uint32_t digit : digits_) {
    each_bit(planes_[digit].data(), place.words,
             [&](std::uint32_t row) { keys[row] += digit * weight; });
  }
}

// Once a block: its rows that matter are the same at every call.
void GroupLane::compute(const Place& place, const Plane& mask) {
  if (computed_ == place.first) return;
  computed_ = place.first;
  if (form_ == Form::kStanding) {
    compute_standing(place, mask);
  } else {
    compute_bands(place, mask);
  }
}

void GroupLane::by_row(const Place& place, const Plane& rows) {
  for (Plane& plane : planes_) {
    for (std::size_t i = 0; i < place.words; ++i) plane[i] &= ~rows[i];
  }
  each_bit(rows.data(), place.words, [&](std::uint32_t row) {
    const std::uint64_t digit = group_->coded_digit(place.placed(row));
    planes_[digit][row / 64] |= std::uint64_t{1} << (row % 64);
  });
}

void GroupLane::compute_bands(const Place& place, const Plane& mask) {
  Plane& missing = planes_.back();
  below(*lane_, place, edges_.front(), planes_.front().data());
  for (std::size_t i = 0; i < place.words; ++i) missing[i] = ~planes_.front()[i];
  for (std::size_t band = 1; band < edges_.size(); ++band) {
    Plane& here = planes_[band];
    below(*lane_, place, edges_[band], here.data());
    for (std::size_t i = 0; i < place.words; ++i) planes_[band - 1][i] &= ~here[i];
  }
  if (lane_->partial.empty()) return;
  Plane partial{};
  for (std::size_t i = 0; i < place.words; ++i) {
    partial[i] = mask[i] & lane_->partial[place.first / 64 + i];
  }
  by_row(place, partial);
}

// standing_on() for exact dates, on planes.
void GroupLane::compute_standing(const Place& place, const Plane& mask) {
  const Lane& joined = dates_[0].in(place, group_->column.dates[0]);
  const Lane& full = dates_[1].in(place, group_->column.dates[1]);
  const std::uint16_t after = short_day(day_.days() + 1);
  Plane joined_known;
  Plane has_joined;
  Plane full_known;
  Plane is_full;
  below(joined, place, kNoShortDay, joined_known.data());
  below(joined, place, after, has_joined.data());
  below(full, place, kNoShortDay, full_known.data());
  below(full, place, after, is_full.data());
  Plane& of_full = planes_[static_cast<std::size_t>(party::Standing::kFull)];
  Plane& probationary = planes_[static_cast<std::size_t>(party::Standing::kProbationary)];
  Plane partial{};
  for (std::size_t i = 0; i < place.words; ++i) {
    of_full[i] = is_full[i];
    probationary[i] = ~is_full[i] & (has_joined[i] | (full_known[i] & ~joined_known[i]));
    planes_.back()[i] = ~(of_full[i] | probationary[i]);
    if (!joined.partial.empty()) partial[i] |= joined.partial[place.first / 64 + i];
    if (!full.partial.empty()) partial[i] |= full.partial[place.first / 64 + i];
    partial[i] &= mask[i];
  }
  by_row(place, partial);
}

// --- conditions

std::unique_ptr<ConditionLane> ConditionLane::of(const Formula& formula, const World& world) {
  for (const auto& [variable, column] : formula.columns()) {
    const Type type = column.field.type;
    const bool has_lane = type == Type::kCode || type == Type::kBool || type == Type::kDate;
    if (column.source == Source::kUnit || column.standing || !has_lane) return nullptr;
  }
  return std::unique_ptr<ConditionLane>(new ConditionLane(formula, world));
}

ConditionLane::ConditionLane(const Formula& formula, const World& world)
    : formula_(formula),
      // What the pack profile accepted has columns.
      evaluator_(*expr::ColumnProgram::compile({&formula.expression(), 1})) {
  for (const auto& [variable, column] : formula.columns()) {
    Read read{.variable = variable,
              .column = &column,
              .lane = {},
              .dictionary = {},
              .codes = {},
              .days = {}};
    if (column.field.type == Type::kCode && column.field.codes == nullptr) {
      for (std::uint32_t code = 0; code < column.reader.word_count(); ++code) {
        read.dictionary.push_back(column.reader.word(code));
      }
    }
    reads_.push_back(std::move(read));
  }
  table_.columns.resize(formula.variable_count());
  table_.columns[formula.day_variable()] = expr::ColumnView::one(expr::Value::date(world.day()));
}

bool ConditionLane::has_lanes(const Place& place) const {
  return std::all_of(reads_.begin(), reads_.end(), [&](const Read& read) {
    return place.lane(*read.column).form != Lane::Form::kNothing;
  });
}

std::optional<expr::ColumnView> ConditionLane::view(const Place& place, Read& read) const {
  const Lane& lane = read.lane.in(place, *read.column);
  const std::size_t rows = place.words * 64;
  if (lane.form == Lane::Form::kDays) {
    below(lane, place, kNoShortDay, read.valid.data());
    read.days.resize(rows);
    const std::uint8_t* high = lane.bytes.data() + place.first;
    const std::uint8_t* low = lane.low.data() + place.first;
    for (std::size_t i = 0; i < rows; ++i) {
      read.days[i] = (std::int32_t{high[i]} << 8 | std::int32_t{low[i]}) + kFirstShortDay;
    }
    return expr::ColumnView::dates(read.days, read.valid.data());
  }
  if (lane.form != Lane::Form::kCodes) return std::nullopt;
  if (read.column->field.type == Type::kBool) {
    const auto planes = planes_at(lane, place);
    for (std::size_t i = 0; i < place.words; ++i) read.valid[i] = ~planes[1][i];
    return expr::ColumnView::booleans(planes[0], rows, read.valid.data());
  }
  const std::uint8_t* codes = lane.bytes.data() + place.first;
  if (read.column->field.codes != nullptr) {
    return expr::ColumnView::codes(std::span<const std::uint8_t>(codes, rows));
  }
  read.codes.assign(codes, codes + rows);
  for (std::uint32_t& code : read.codes) {
    if (code == 0xFF) code = kNone;  // beyond every dictionary: missing
  }
  return expr::ColumnView::texts(read.codes, read.dictionary);
}

std::optional<std::uint64_t> ConditionLane::apply(const Place& place, Plane& mask) {
  const std::size_t rows = place.words * 64;
  table_.size = rows;
  for (Read& read : reads_) {
    auto seen = view(place, read);
    if (!seen) return std::nullopt;
    table_.columns[read.variable] = *seen;
  }
  if (!evaluator_.evaluate(table_, 0, rows, results_).ok()) return std::nullopt;
  const expr::ColumnResult& holds = results_.front();
  std::uint64_t undecided = 0;
  for (std::size_t i = 0; i < place.words; ++i) {
    if (!holds.errors.empty()) {
      undecided += static_cast<std::uint64_t>(__builtin_popcountll(mask[i] & holds.errors[i]));
      mask[i] &= ~holds.errors[i];
    }
    mask[i] &= holds.truth[i];
  }
  return undecided;
}

}  // namespace dangbo::inline v1::rollup
