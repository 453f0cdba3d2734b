#include "rollup/scan.hpp"

#include <algorithm>

#include "dangbo/party/vocabulary.hpp"

namespace dangbo::inline v1::rollup {

namespace {

constexpr auto kHome = static_cast<std::uint32_t>(party::MembershipKind::kHome);
constexpr auto kTemporary = static_cast<std::uint32_t>(party::MembershipKind::kTemporary);
// Keys of one stretch that are counted in an array of their own.
constexpr std::uint64_t kFewKeys = 4096;
// Groups that are counted plane by plane.
constexpr std::size_t kFewGroups = 128;

bool reads_units(const Formula& formula) {
  return std::any_of(formula.columns().begin(), formula.columns().end(),
                     [](const auto& read) { return read.second.source == Source::kUnit; });
}

// The memberships that are counted at all, as a filter.
std::optional<Filter> kind_filter(const World& world, const Input& input) {
  if (input.kind == Kind::kMemberships) return std::nullopt;
  Filter filter;
  const auto kind = *world.memberships().schema().find("kind");
  filter.column = bind(world.memberships(), kind, Source::kOwn, "kind");
  filter.by_code.resize(kTemporary + 1, false);
  filter.by_code[kHome] = true;
  filter.by_code[kTemporary] = input.kind == Kind::kPersons;
  return filter;
}

}  // namespace

std::shared_ptr<const Frame> frame_for(const World& world, const Input& input) {
  const bool of_memberships = input.kind == Kind::kMembers || input.kind == Kind::kMemberships ||
                              input.kind == Kind::kPersons;
  if (!of_memberships || world.restatement() != nullptr || !has_short_day(world.day())) {
    return nullptr;
  }
  return world.cache().frame_of(world.view());
}

Scan::Scan(const World& world, Input& input, const Targets& targets, Scope scope,
           const Frame& frame)
    : world_(world),
      input_(input),
      targets_(targets),
      frame_(frame),
      below_(scope == Scope::kBelow),
      kind_(kind_filter(world, input)) {
  if (kind_) filters_.emplace_back(*kind_, world.day());
  for (const Filter& filter : input.own_filters) filters_.emplace_back(filter, world.day());
  for (const Filter& filter : input.member_filters) filters_.emplace_back(filter, world.day());
  counts_ = input.kind != Kind::kPersons && input.measure == Measure::kCount;
  for (const GroupColumn& group : input.groups) {
    groups_.push_back(GroupLane::of(group, world.day()));
    if (!groups_.back()) counts_ = false;
    if (group.formula ? reads_units(*group.formula) : group.column.source == Source::kUnit) {
      reads_units_ = true;
    }
  }
  if (input.condition) {
    condition_ = ConditionLane::of(*input.condition, world);
    if (condition_ == nullptr) counts_ = false;
    if (reads_units(*input.condition)) reads_units_ = true;
  }
  if (input.sum && input.sum->source == Source::kUnit) reads_units_ = true;
  weights_.assign(groups_.size(), 1);
  for (std::size_t i = groups_.size(); i-- > 0;) {
    weights_[i] = key_count_;
    key_count_ *= input.groups[i].radix;  // the caller saw that it fits
  }
  if (key_count_ > kFewKeys) counts_ = false;
  if (counts_) {
    levels_.resize(groups_.size() + 1);
    keys_.resize(Part::kBlockRows);
    histogram_.resize(key_count_);
  }
  by_unit_ = !targets.whole || !input.unit_filters.empty() || input.keep_units || reads_units_;
  if (by_unit_) find_units();
}

// The units in which rows may count, in the order of the frame.
void Scan::find_units() {
  const hierarchy::Tree& tree = world_.tree();
  const auto take = [&](UnitSlot slot, std::uint32_t target) {
    if (target == kNoTarget) return;
    Placed at;
    at.unit = slot;
    at.unit_row = world_.unit_row(slot, world_.day());
    at.day = world_.day();
    if (at.unit_row == kNoRow) return;
    if (input_.keep_units && !(*input_.keep_units)[index_of(slot)]) return;
    for (const Filter& filter : input_.unit_filters) {
      if (!filter.passes(at)) return;
    }
    std::uint64_t key = 0;
    if (counts_) {
      for (std::size_t i = 0; i < groups_.size(); ++i) {
        if (groups_[i]->is_of_unit()) key += input_.groups[i].coded_digit(at) * weights_[i];
      }
    }
    const std::uint32_t place = frame_.place_of(slot);
    units_.push_back({place, place + 1, target, key});
  };
  const bool all_alike = !reads_units_ && !input_.keep_units && input_.unit_filters.empty();
  if (all_alike && below_ && !targets_.whole && targets_.of_slots.empty() &&
      frame_.stands_as(world_.units_of_day())) {
    if (targets_.first < targets_.last) units_.push_back({targets_.first, targets_.last, 0, 0});
    return;
  }
  if (targets_.whole) {
    // Also those that stand in no tree, being in a ring.
    for (std::uint32_t slot = 0; slot < world_.snapshot().unit_count(); ++slot) {
      take(UnitSlot{slot}, 0);
    }
  } else if (!below_) {
    for (std::uint32_t i = 0; i < targets_.slots.size(); ++i) take(targets_.slots[i], i);
  } else {
    for (std::uint32_t at = targets_.first; at < targets_.last; ++at) {
      const base::UnitPosition position{at};
      take(tree.slot_at(position), targets_.enclosing(position));
    }
  }
  const auto by_place = [](const Unit& a, const Unit& b) { return a.place < b.place; };
  if (!std::is_sorted(units_.begin(), units_.end(), by_place)) {
    std::sort(units_.begin(), units_.end(), by_place);
  }
}

std::vector<Scan::Stretch> Scan::stretches_of(const Part& part) const {
  if (!by_unit_) return everything(part);
  std::vector<Stretch> out;
  for (const Unit& unit : units_) {
    const std::uint32_t begin = part.begin_of(unit.place);
    const std::uint32_t end = part.begin_of(unit.end);
    if (begin == end) continue;
    if (!out.empty() && out.back().end == begin && out.back().target == unit.target &&
        out.back().key == unit.key) {
      out.back().end = end;
    } else {
      out.push_back({begin, end, unit.target, unit.key});
    }
  }
  return out;
}

Placed Scan::placed(const Place& place, std::uint32_t row) const {
  Placed out = place.placed(row);
  if (!input_.needs_member) out.member_row = kNoRow;
  out.unit = world_.memberships().unit_of(out.own);
  if (reads_units_) out.unit_row = world_.unit_row(out.unit, world_.day());
  return out;
}

void Scan::mark(Stretches stretches, const Place& place, Plane& mask) {
  mask.fill(0);
  for (const Stretch& stretch : stretches) {
    const std::uint32_t begin = std::max(stretch.begin, place.first) - place.first;
    const std::uint32_t end =
        std::min(stretch.end - place.first, static_cast<std::uint32_t>(place.words) * 64);
    for (std::uint32_t word = begin / 64; word * 64 < end; ++word) {
      std::uint64_t bits = ~std::uint64_t{0};
      if (word * 64 < begin) bits &= ~std::uint64_t{0} << (begin % 64);
      if (end - word * 64 < 64) bits &= (std::uint64_t{1} << (end % 64)) - 1;
      mask[word] |= bits;
    }
  }
}

bool Scan::find_rows(const Frame::Piece& piece, const Place& place, Plane& mask) const {
  const Part& part = *piece.part;
  const Part::Zone& zone = part.zones()[place.first / Part::kBlockRows];
  const std::uint16_t day = short_day(world_.day().days());
  if (zone.least_from > day || zone.most_until <= day) return false;
  if (zone.most_from > day || zone.least_until <= day) {
    Plane holds;
    const bool ends = zone.least_until <= day;
    kernels().holds(part.from() + place.first, ends ? part.until() + place.first : nullptr, day,
                    holds.data(), place.words);
    if (kernels().keep(mask.data(), holds.data(), place.words) == 0) return false;
  }
  if (piece.dead != nullptr) {
    kernels().drop(mask.data(), piece.dead + place.first / 64, place.words);
  }
  for (const FilterLane& filter : filters_) filter.apply(place, mask);
  std::uint64_t any = 0;
  for (std::size_t i = 0; i < place.words; ++i) any |= mask[i];
  return any != 0;
}

bool Scan::begin_groups(const Place& place) {
  for (auto& group : groups_) {
    if (!group->begin(place)) return false;
  }
  return true;
}

// Whether the stretches are long, and the groups few enough, for planes.
bool Scan::is_few(Stretches stretches) const {
  std::size_t groups = 1;
  for (const auto& group : groups_) {
    if (!group->is_of_unit()) groups *= group->digits().size();
  }
  return stretches.size() <= 8 && groups <= kFewGroups;
}

// A condition without a lane is evaluated where only one thread may be.
bool Scan::may_share() const {
  const auto pieces = frame_.pieces();
  return condition_ == nullptr ||
         std::all_of(pieces.begin(), pieces.end(), [&](const Frame::Piece& piece) {
           return condition_->has_lanes(Place{piece.part, &world_, 0, 0});
         });
}

void Scan::count(Cells& cells, const Progress* progress, Tally& tally) {
  for (const Frame::Piece& piece : frame_.pieces()) {
    bool begun = false;
    bool by_lane = false;
    scan(piece, progress, tally, [&](const Place& place, const Plane& mask, Stretches stretches) {
      if (!begun) by_lane = begin_groups(place);
      begun = true;
      Plane rows = mask;
      std::optional<std::uint64_t> undecided = 0;
      if (condition_ != nullptr) undecided = condition_->apply(place, rows);
      if (!by_lane || !undecided) {
        return count_by_rows(place, rows, stretches, !undecided, cells, tally);
      }
      tally.undecided += *undecided;
      if (!is_few(stretches)) return count_by_keys(place, rows, stretches, cells);
      for (const Stretch& stretch : stretches) {
        levels_[0] = rows;
        if (stretches.size() > 1) {
          mark({&stretch, 1}, place, levels_[0]);
          for (std::size_t i = 0; i < place.words; ++i) levels_[0][i] &= rows[i];
        }
        count_by_planes(place, rows, 0, stretch.key, stretch.target, cells);
      }
    });
  }
}

// Splits the rows of `levels_[level]` by the groups from `level` on. `block`: all that matter.
void Scan::count_by_planes(const Place& place, const Plane& block, std::size_t level,
                           std::uint64_t key, std::uint32_t target, Cells& cells) {
  while (level < groups_.size() && groups_[level]->is_of_unit()) {
    levels_[level + 1] = levels_[level];
    ++level;
  }
  const Plane& mask = levels_[level];
  if (level == groups_.size()) {
    const std::uint64_t rows = kernels().count(mask.data(), place.words);
    if (rows != 0) cells.add(target, key, static_cast<std::int64_t>(rows), 0);
    return;
  }
  GroupLane& group = *groups_[level];
  const bool is_last = std::all_of(groups_.begin() + static_cast<std::ptrdiff_t>(level) + 1,
                                   groups_.end(), [](const auto& g) { return g->is_of_unit(); });
  for (std::size_t at = 0; at < group.digits().size(); ++at) {
    const std::uint64_t* plane = group.plane(place, at, block);
    const std::uint64_t next = key + group.digits()[at] * weights_[level];
    if (is_last) {
      const std::uint64_t rows = kernels().count_both(mask.data(), plane, place.words);
      if (rows != 0) cells.add(target, next, static_cast<std::int64_t>(rows), 0);
      continue;
    }
    levels_[level + 1] = mask;
    if (kernels().keep(levels_[level + 1].data(), plane, place.words) != 0) {
      count_by_planes(place, block, level + 1, next, target, cells);
    }
  }
}

void Scan::count_by_keys(const Place& place, const Plane& mask, Stretches stretches, Cells& cells) {
  std::fill_n(keys_.begin(), place.words * 64, 0U);
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    if (groups_[i]->is_of_unit()) continue;
    groups_[i]->add_digits(place, static_cast<std::uint32_t>(weights_[i]), mask, keys_.data());
  }
  for (const Stretch& stretch : stretches) {
    if (key_count_ > 64) {
      each_bit_of(stretch, place, mask, [&](std::uint32_t row) {
        cells.add(stretch.target, stretch.key + keys_[row], 1, 0);
      });
      continue;
    }
    each_bit_of(stretch, place, mask, [&](std::uint32_t row) { ++histogram_[keys_[row]]; });
    for (std::uint64_t key = 0; key < key_count_; ++key) {
      if (histogram_[key] == 0) continue;
      cells.add(stretch.target, stretch.key + key, histogram_[key], 0);
      histogram_[key] = 0;
    }
  }
}

// What no lane says. `ask`: the condition is not decided yet.
void Scan::count_by_rows(const Place& place, const Plane& mask, Stretches stretches, bool ask,
                         Cells& cells, Tally& tally) {
  for (const Stretch& stretch : stretches) {
    each_bit_of(stretch, place, mask, [&](std::uint32_t row) {
      Placed at = placed(place, row);
      if (reads_units_) at.unit_row = world_.unit_row(at.unit, world_.day());
      if (ask && !input_.meets_condition(at, tally)) return;
      cells.add(stretch.target, input_.key_of(at), 1, 0);
    });
  }
}

}  // namespace dangbo::inline v1::rollup
