#include "rollup/cells.hpp"

#include <algorithm>

#include "dangbo/base/make_room.hpp"

namespace dangbo::inline v1::rollup {

Cells::Cells(std::uint64_t targets, std::uint64_t keys, std::uint64_t rows, Measure measure)
    : targets_(targets), keys_(keys), measure_(measure) {
  if (targets == 0 || keys == 0) return;
  fits_ = targets <= kMaxCells && keys <= std::numeric_limits<std::uint64_t>::max() / targets;
  constexpr std::uint64_t kSmall = 4096;
  dense_ = fits_ && targets * keys <= std::min(kMaxCells, kSmall + rows);
  if (dense_) array_.resize(targets * keys);
}

void Cells::add(std::uint32_t target, std::uint64_t key, std::int64_t rows, std::int64_t value) {
  const std::uint64_t at = target * keys_ + key;
  Cell* cell = nullptr;
  if (dense_) {
    cell = &array_[at];
  } else if (map_.size() < kMaxCells || map_.contains(at)) {
    base::make_room(map_);
    cell = &map_[at];
  } else {
    too_many_ = true;
    return;
  }
  if (measure_ != Measure::kCount) {
    if (cell->rows == 0 && measure_ != Measure::kSum) cell->sum = kNoValue;
    combine(cell->sum, value);
  }
  cell->rows += rows;
}

void Cells::combine(std::int64_t& into, std::int64_t value) {
  if (measure_ != Measure::kMin && measure_ != Measure::kMax) {
    if (__builtin_add_overflow(into, value, &into)) overflow_ = true;
  } else if (value != kNoValue &&
             (into == kNoValue || (measure_ == Measure::kMin) == (value < into))) {
    into = value;
  }
}

Cells Cells::empty_copy() const {
  Cells made(0, 0, 0, measure_);
  made.targets_ = targets_;
  made.keys_ = keys_;
  made.dense_ = dense_;
  made.array_.resize(array_.size());
  return made;
}

void Cells::merge(const Cells& other) {
  too_many_ |= other.too_many_;
  overflow_ |= other.overflow_;
  if (dense_) {
    for (std::uint64_t at = 0; at < array_.size(); ++at) {
      const Cell& cell = other.array_[at];
      if (cell.rows != 0) {
        add(static_cast<std::uint32_t>(at / keys_), at % keys_, cell.rows, cell.sum);
      }
    }
    return;
  }
  for (const auto& [at, cell] : other.map_) {
    add(static_cast<std::uint32_t>(at / keys_), at % keys_, cell.rows, cell.sum);
  }
}

std::vector<std::uint64_t> Cells::groups_met() const {
  std::vector<std::uint64_t> groups;
  if (dense_) {
    std::vector<bool> met(keys_, false);
    for (std::size_t row = 0; row < array_.size(); row += keys_) {
      for (std::uint64_t key = 0; key < keys_; ++key) {
        if (array_[row + key].rows != 0) met[key] = true;
      }
    }
    for (std::uint64_t key = 0; key < keys_; ++key) {
      if (met[key]) groups.push_back(key);
    }
    return groups;
  }
  for (const auto& [at, cell] : map_) groups.push_back(at % keys_);
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  return groups;
}

void Cells::fill(std::uint64_t cell, const Cell& value, Matrix& out) const {
  const auto group = std::lower_bound(out.groups.begin(), out.groups.end(), cell % keys_);
  if (group == out.groups.end() || *group != cell % keys_) return;
  out.values[cell / keys_ * out.groups.size() +
             static_cast<std::size_t>(group - out.groups.begin())] =
      measure_ == Measure::kCount ? value.rows : value.sum;
}

Matrix Cells::finish(const std::vector<std::uint32_t>& above, bool grouped) {
  Matrix out;
  out.groups = groups_met();
  if (!grouped) out.groups.assign(1, 0);
  if (targets_ != 0 && out.groups.size() > kMaxCells / targets_) {
    too_many_ = true;
    return out;
  }
  const bool may_lack = measure_ == Measure::kMin || measure_ == Measure::kMax;
  out.values.assign(targets_ * out.groups.size(), may_lack ? kNoValue : 0);
  if (dense_) {
    for (std::size_t i = 0; i < array_.size(); ++i) {
      if (array_[i].rows != 0) fill(i, array_[i], out);
    }
  } else {
    for (const auto& [at, cell] : map_) fill(at, cell, out);
  }
  // Pre-order: what encloses a target stands before it.
  const std::size_t width = out.groups.size();
  for (std::size_t target = above.size(); target-- > 0;) {
    if (above[target] == kNoTarget) continue;
    for (std::size_t g = 0; g < width; ++g) {
      combine(out.values[above[target] * width + g], out.values[target * width + g]);
    }
  }
  return out;
}

}  // namespace dangbo::inline v1::rollup
