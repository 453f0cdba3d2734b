#include "rollup/result.hpp"

#include <algorithm>
#include <memory>
#include <numeric>
#include <string>
#include <utility>

#include "dangbo/base/make_room.hpp"

namespace dangbo::inline v1::rollup {

namespace {

using table::Column;
using table::Type;

__extension__ using Wide = __int128;

// One grouping column: the value of each group, and the order of the values as text.
class GroupValues {
 public:
  GroupValues(const World& world, const GroupColumn& group, std::vector<std::uint64_t> digits)
      : group_(&group), digits_(std::move(digits)) {
    std::vector<std::uint64_t> met = digits_;
    std::sort(met.begin(), met.end());
    met.erase(std::unique(met.begin(), met.end()), met.end());
    met.erase(std::remove(met.begin(), met.end(), missing()), met.end());
    std::vector<std::pair<std::string, std::uint64_t>> order;
    for (const std::uint64_t digit : met)
      order.emplace_back(*group_text(world.snapshot(), group, digit), digit);
    if (!group.bands) std::sort(order.begin(), order.end());  // bands stand as they are numbered
    absl::flat_hash_map<std::uint64_t, std::size_t> rank_of;
    base::make_room(rank_of, order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      rank_of.emplace(order[i].second, i);
      texts_.push_back(std::move(order[i].first));
    }
    for (const std::uint64_t digit : digits_) {
      ranks_.push_back(digit == missing() ? texts_.size() : rank_of.at(digit));
    }
  }

  [[nodiscard]] std::size_t rank(std::size_t group) const noexcept { return ranks_[group]; }

  [[nodiscard]] Column column() const {
    const table::Field& field = group_->column.field;
    Column made(group_->column.name, type());
    if (type() == Type::kCode) {
      // Of a growing vocabulary only those met: others may come while we count.
      made.set_words(field.codes != nullptr ? field.codes->ids()
                                            : std::make_shared<const table::Words>(texts_));
    }
    return made;
  }

  void append(std::size_t group, Column& column) const {
    const std::uint64_t digit = digits_[group];
    if (digit == missing()) return column.append_missing();
    switch (column.type()) {
      case Type::kCode:
        return column.append_code(static_cast<std::int32_t>(
            group_->column.field.codes == nullptr ? std::uint64_t{ranks_[group]} : digit));
      case Type::kBool:
        return column.append_boolean(digit != 0);
      default:
        return column.append_text(texts_[ranks_[group]]);
    }
  }

 private:
  [[nodiscard]] Type type() const noexcept {
    return group_->bands ? Type::kText : group_->column.field.type;
  }
  [[nodiscard]] std::uint64_t missing() const noexcept { return group_->radix - 1; }

  const GroupColumn* group_;
  std::vector<std::uint64_t> digits_;
  std::vector<std::string> texts_;
  std::vector<std::size_t> ranks_;
};

std::vector<GroupValues> values_of(const Answer& answer, const std::vector<std::uint64_t>& keys) {
  std::vector<GroupValues> values;
  std::uint64_t divisor = 1;
  for (std::size_t i = answer.input.groups.size(); i-- > 0;) {
    const GroupColumn& group = answer.input.groups[i];
    std::vector<std::uint64_t> digits;
    for (const std::uint64_t key : keys) digits.push_back(key / divisor % group.radix);
    values.emplace_back(answer.world, group, std::move(digits));
    divisor *= group.radix;
  }
  std::reverse(values.begin(), values.end());
  return values;
}

std::vector<std::size_t> order_of_groups(const std::vector<GroupValues>& values,
                                         std::size_t groups) {
  std::vector<std::size_t> order(groups);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    for (const GroupValues& column : values) {
      if (column.rank(a) != column.rank(b)) return column.rank(a) < column.rank(b);
    }
    return a < b;
  });
  return order;
}

std::vector<std::size_t> order_of_targets(const Answer& answer) {
  std::vector<std::size_t> order;
  if (!answer.targets.of_slots.empty() &&
      answer.targets.size() > answer.world.snapshot().unit_count() / 16) {
    for (const UnitSlot unit : *answer.world.cache().units_by_key(answer.world.snapshot())) {
      const std::uint32_t target = answer.targets.of_slot(unit);
      if (target != kNoTarget) order.push_back(target);
    }
    return order;
  }
  order.resize(answer.targets.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (answer.targets.whole) return order;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return answer.world.snapshot().key_of(answer.targets.slots[a]) <
           answer.world.snapshot().key_of(answer.targets.slots[b]);
  });
  return order;
}

class Writer {
 public:
  Writer(const Answer& answer, const std::vector<std::uint64_t>& keys)
      : answer_(answer), values_(values_of(answer, keys)), groups_(keys.size()) {
    if (answer.each) {
      columns_.emplace_back("unit_id", Type::kText);
      columns_.emplace_back("name", Type::kText);
    }
    for (const GroupValues& group : values_) columns_.push_back(group.column());
    columns_.emplace_back(name_of(answer.input.measure), Type::kInt);
    if (answer.base) {
      columns_.emplace_back("base", Type::kInt);
      columns_.emplace_back("percent", Type::kReal);
    }
  }

  std::vector<Column> write() {
    const FieldReader name = *answer_.world.units().field("name");
    const std::vector<std::size_t> groups = order_of_groups(values_, groups_);
    if (answer_.best != nullptr) return write_best(groups, name);
    std::vector<Row> rows;
    rows.reserve(answer_.targets.size() * groups.size());
    for (const std::size_t target : order_of_targets(answer_)) {
      for (const std::size_t group : groups) {
        rows.push_back({static_cast<std::uint32_t>(target), static_cast<std::uint32_t>(group)});
      }
    }
    return write_rows(rows, name);
  }

 private:
  struct Row {
    std::uint32_t target;
    std::uint32_t group;
  };

  // A column after the other.
  std::vector<Column> write_rows(const std::vector<Row>& rows, const FieldReader& name) {
    for (Column& column : columns_) column.reserve(rows.size());
    std::size_t at = 0;
    if (answer_.each) {
      write_units(rows, name);
      at = 2;
    }
    for (const GroupValues& values : values_) {
      for (const Row& row : rows) values.append(row.group, columns_[at]);
      ++at;
    }
    for (const Row& row : rows) {
      const std::int64_t value = figure(row.target, row.group);
      if (value == kNoValue && !adds()) {
        columns_[at].append_missing();
      } else {
        columns_[at].append_integer(value);
      }
    }
    if (!answer_.base) return std::move(columns_);
    for (const Row& row : rows) {
      const std::int64_t base = (*answer_.base)[row.target];
      columns_[at + 1].append_integer(base);
      if (base == 0) {
        columns_[at + 2].append_missing();
      } else {
        columns_[at + 2].append_real(percent(figure(row.target, row.group), base));
      }
    }
    return std::move(columns_);
  }

  void write_units(const std::vector<Row>& rows, const FieldReader& name) {
    std::string_view key;
    std::string_view shown;
    bool has_name = false;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i == 0 || rows[i].target != rows[i - 1].target) {
        const UnitSlot unit = answer_.targets.slots[rows[i].target];
        const RowId row = answer_.world.unit_row(unit, answer_.world.tree_day());
        key = answer_.world.snapshot().key_of(unit);
        has_name = !name.is_missing(row);
        if (has_name) shown = name.text(row);
      }
      columns_[0].append_text(key);
      has_name ? columns_[1].append_text(shown) : columns_[1].append_missing();
    }
  }

  // No group was met: `each` still shows its units, with 0 in the missing group.
  [[nodiscard]] std::int64_t figure(std::size_t target, std::size_t group) const {
    if (group < answer_.matrix.groups.size()) return answer_.matrix.at(target, group);
    return adds() ? 0 : kNoValue;
  }
  // A count or a sum, of which there is always one.
  [[nodiscard]] bool adds() const noexcept {
    const Measure measure = answer_.input.measure;
    return measure == Measure::kCount || measure == Measure::kSum;
  }

  // By the figure, or by its share; rows without one stand last.
  std::vector<Column> write_best(const std::vector<std::size_t>& groups, const FieldReader& name) {
    std::vector<Row> rows;
    for (const std::size_t target : order_of_targets(answer_)) {
      for (const std::size_t group : groups) {
        rows.push_back({static_cast<std::uint32_t>(target), static_cast<std::uint32_t>(group)});
      }
    }
    const bool by_share = !answer_.best->by.empty();
    const auto lacks = [&](const Row& row) {
      return by_share ? (*answer_.base)[row.target] == 0
                      : !adds() && figure(row.target, row.group) == kNoValue;
    };
    // -1, 0 or 1 as the first figure is less, equal or more.
    const auto order = [&](const Row& a, const Row& b) {
      Wide left = figure(a.target, a.group);
      Wide right = figure(b.target, b.group);
      if (by_share) {
        const std::int64_t base_a = (*answer_.base)[a.target];
        const std::int64_t base_b = (*answer_.base)[b.target];
        left *= base_b;
        right *= base_a;
        if ((base_a < 0) != (base_b < 0)) std::swap(left, right);
      }
      return left < right ? -1 : left > right ? 1 : 0;
    };
    std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
      if (lacks(a) || lacks(b)) return !lacks(a) && lacks(b);
      return answer_.best->top ? order(a, b) > 0 : order(a, b) < 0;
    });
    if (rows.size() > answer_.best->count) rows.resize(answer_.best->count);
    return write_rows(rows, name);
  }

  const Answer& answer_;
  std::vector<GroupValues> values_;
  std::size_t groups_;
  std::vector<Column> columns_;
};

}  // namespace

std::optional<std::string> group_text(const registry::Snapshot& snapshot, const GroupColumn& group,
                                      std::uint64_t digit) {
  if (digit == group.radix - 1) return std::nullopt;
  const auto number = static_cast<std::uint32_t>(digit);
  if (group.formula) return group.texts[digit];
  if (group.bands) return group.bands->text(digit);
  const table::Field& field = group.column.field;
  if (field.type == Type::kBool) return digit == 0 ? "false" : "true";
  if (field.type == Type::kCode) {
    return field.codes != nullptr ? field.codes->codes()[digit].id
                                  : std::string(group.column.reader.word(number));
  }
  return group.column.is_unit_key() ? std::string(snapshot.key_of(UnitSlot{number}))
                                    : group.texts[digit];
}

double percent(std::int64_t part, std::int64_t base) {
  const Wide hundredths = Wide{part} * 10'000;
  const bool negative = (part < 0) != (base < 0);
  const Wide above = hundredths < 0 ? -hundredths : hundredths;
  const Wide below = base < 0 ? -Wide{base} : Wide{base};
  const Wide rounded = (2 * above + below) / (2 * below);
  const double shown = static_cast<double>(rounded) / 100.0;
  return negative && rounded != 0 ? -shown : shown;
}

table::Table make_table(const Answer& answer, table::Provenance provenance) {
  std::vector<std::uint64_t> keys = answer.matrix.groups;
  if (keys.empty() && answer.each) {
    std::uint64_t all_missing = 1;
    for (const GroupColumn& group : answer.input.groups) all_missing *= group.radix;
    keys.push_back(all_missing - 1);
  }
  return {"result", Writer(answer, keys).write(), std::move(provenance)};
}

}  // namespace dangbo::inline v1::rollup
