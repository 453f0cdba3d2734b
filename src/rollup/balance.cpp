// Day by day: first the tree changes and carries those who sit in it, then people move under the
// new tree (definitions.md 14). docs/query.md says it in words.
#include "rollup/balance.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <span>

#include "dangbo/party/vocabulary.hpp"
#include "rollup/moving_tree.hpp"

namespace dangbo::inline v1::rollup {

namespace {

using Node = MovingTree::Node;

constexpr auto kHome = static_cast<std::uint32_t>(party::MembershipKind::kHome);
constexpr std::int64_t kNoDay = std::numeric_limits<std::int64_t>::max();

// A home row that begins or ends on a day of the period.
struct Event {
  std::uint64_t when;  // day of the period, then member, then 1 when the row begins
  Node unit;
  std::uint32_t column;  // of its reason

  [[nodiscard]] std::uint64_t day() const noexcept { return when >> 33; }
  [[nodiscard]] bool is_arrival() const noexcept { return (when & 1U) != 0; }
  [[nodiscard]] std::uint64_t person() const noexcept { return when >> 1; }
};

class Sweep {
 public:
  Sweep(const World& world, time::DateRange period, Scope scope, UnitSlot root)
      : world_(world),
        rows_(world.memberships()),
        period_(period),
        is_below_(scope == Scope::kBelow),
        tree_(world, period),
        root_(root == kNoUnitSlot ? tree_.top() : index_of(root)),
        in_reason_(*rows_.field("in_reason")),
        out_reason_(*rows_.field("out_reason")),
        in_words_(party::in_reasons()->codes().size()),
        out_words_(party::out_reasons()->codes().size()),
        in_reorganisation_(*party::in_reasons()->find("reorganisation")),
        out_reorganisation_(first_out_column() + *party::out_reasons()->find("reorganisation")),
        own_(std::size_t{tree_.top()} + 1, 0),
        own_at_end_(own_.size(), 0),
        throughout_(own_.size(), 0),
        marks_(own_.size(), 0) {
    out_.moved.assign(movement_columns().size(), std::vector<std::int64_t>(own_.size(), 0));
    out_.stood.assign(own_.size(), false);
  }

  Balance run() {
    collect();
    open();
    std::size_t at = 0;
    while (true) {
      const auto changes = tree_.next_day();
      const std::int64_t of_tree = changes ? std::int64_t{*changes} - period_.from_day() : kNoDay;
      const std::int64_t of_people =
          at < events_.size() ? static_cast<std::int64_t>(events_[at].day()) : kNoDay;
      const std::int64_t day = std::min(of_tree, of_people);
      if (day == kNoDay) break;
      std::size_t end = at;
      while (end < events_.size() && static_cast<std::int64_t>(events_[end].day()) == day) ++end;
      if (of_tree == day) change_tree(at, end);
      move_people(at, end);
      tree_.settle();
      at = end;
    }
    close();
    return std::move(out_);
  }

 private:
  // One pass: who sits where on the first and the last day, and what happens between. Rows come in
  // blocks: one by one the columns would take longer to read than all that is done with them.
  void collect() {
    constexpr std::uint32_t kBlock = 2048;
    const table::Schema& schema = rows_.schema();
    const FieldReader fields[] = {rows_.field(*schema.find(table::Role::kFrom)),
                                  rows_.field(*schema.find(table::Role::kUntil)),
                                  *rows_.field("kind"),
                                  rows_.field(*schema.find(table::Role::kUnit))};
    std::array<std::array<std::uint32_t, kBlock>, std::size(fields)> values;
    std::array<std::uint8_t, kBlock> known;
    for (std::uint32_t first = 0; first < rows_.size(); first += kBlock) {
      const std::uint32_t count = std::min(kBlock, rows_.size() - first);
      for (std::size_t i = 0; i < values.size(); ++i)
        fields[i].read(RowId{first}, std::span(values[i]).first(count));
      const bool some_unknown =
          rows_.read_known(RowId{first}, world_.view().known_at(), std::span(known).first(count));
      for (std::uint32_t i = 0; i < count; ++i) {
        if (values[2][i] != kHome || (some_unknown && known[i] == 0)) continue;
        collect_row(RowId{first + i}, static_cast<std::int32_t>(values[0][i]),
                    static_cast<std::int32_t>(values[1][i]), values[3][i]);
      }
    }
    for (std::size_t unit = 0; unit < throughout_.size(); ++unit) {
      own_[unit] += throughout_[unit];
      own_at_end_[unit] += throughout_[unit];
    }
    order_events();
  }

  // Date codes are ordered as the days are; an open end is the last, a missing beginning the first.
  void collect_row(RowId row, std::int32_t from, std::int32_t until, Node unit) {
    const std::int32_t first = period_.from_day();
    const std::int32_t end = period_.until_day();
    if (until >> 2 < first || from >> 2 >= end || from >> 2 >= until >> 2) return;
    const bool begins = from >> 2 >= first;
    const bool ends = until >> 2 < end;
    if (!begins && !ends) {
      ++throughout_[unit];
      return;
    }
    if (!begins) ++own_[unit];
    if (!ends) ++own_at_end_[unit];
    if (begins) add_event(from >> 2, row, unit, true);
    if (ends) add_event(until >> 2, row, unit, false);
  }

  void add_event(std::int32_t day, RowId row, Node unit, bool begins) {
    const auto offset = static_cast<std::uint64_t>(std::int64_t{day} - period_.from_day());
    const std::uint64_t member = index_of(rows_.member_of(row));
    events_.push_back({offset << 33 | member << 1 | (begins ? 1U : 0U), unit,
                       static_cast<std::uint32_t>(begins ? in_column(row) : out_column(row))});
  }

  // Into days, and within a day by person: rows come by person as a rule, so that is done already.
  void order_events() {
    const auto days = static_cast<std::size_t>(std::int64_t{period_.until_day()} -
                                               std::int64_t{period_.from_day()});
    std::vector<std::size_t> place(days + 1, 0);
    for (const Event& event : events_) ++place[event.day() + 1];
    for (std::size_t day = 1; day <= days; ++day) place[day] += place[day - 1];
    std::vector<Event> ordered(events_.size());
    for (const Event& event : events_) ordered[place[event.day()]++] = event;
    const auto before = [](const Event& a, const Event& b) { return a.when < b.when; };
    auto begin = ordered.begin();
    for (std::size_t day = 0; day < days; ++day) {
      const auto end = ordered.begin() + static_cast<std::ptrdiff_t>(place[day]);
      if (!std::is_sorted(begin, end, before)) std::sort(begin, end, before);
      begin = end;
    }
    events_ = std::move(ordered);
  }

  void open() {
    out_.opening.assign(own_.size(), 0);
    const std::vector<Node> nodes = tree_.downward();
    for (const Node node : nodes) {
      if (node != tree_.top()) out_.opening[node] = own_[node];
    }
    for (std::size_t i = nodes.size(); is_below_ && i-- > 0;) {
      const Node node = nodes[i];
      if (node != tree_.top()) out_.opening[tree_.above(node)] += out_.opening[node];
    }
    if (root_ != tree_.top() && !tree_.is_in_force(root_)) return;
    tree_.each_within(root_, [&](Node at) { out_.stood[at] = true; });
  }

  // By the tree of the view, which owes nothing to the days between.
  void close() {
    const hierarchy::Tree& tree = world_.tree();
    out_.closing.assign(own_.size(), 0);
    std::int64_t seen = 0;
    for (std::size_t p = tree.size(); p-- > 0;) {
      const base::UnitPosition at{static_cast<std::uint32_t>(p)};
      const Node node = index_of(tree.slot_at(at));
      seen += own_at_end_[node];
      out_.closing[node] += own_at_end_[node];
      if (!is_below_) continue;
      const base::UnitPosition up = tree.parent_of(at);
      const Node above = up == base::kNoPosition ? tree_.top() : index_of(tree.slot_at(up));
      out_.closing[above] += out_.closing[node];
    }
    std::int64_t all = 0;
    for (const std::int64_t count : own_at_end_) all += count;
    out_.not_in_force = static_cast<std::uint64_t>(all - seen);
  }

  // ---- a day

  // Whoever leaves a unit on the day it is founded or closed is not carried: there was nobody, or
  // they leave by its old path.
  void change_tree(std::size_t begin, std::size_t end) {
    const std::vector<MovingTree::Change>& changes = tree_.prepare();
    const auto set_aside = [&](std::int64_t sign) {
      for (std::size_t i = begin; i < end; ++i) {
        const Node unit = events_[i].unit;
        if (!events_[i].is_arrival() && carries_nobody_away(unit)) own_[unit] -= sign;
      }
    };
    set_aside(1);
    carried_.clear();
    for (const MovingTree::Change& change : changes) {
      std::int64_t members = 0;
      if (change.before == MovingTree::kAbsent || change.after == MovingTree::kAbsent) {
        members = own_[change.unit];
      } else if (is_below_) {
        tree_.each_carried(change.unit, [&](Node at) { members += own_[at]; });
      }
      carried_.push_back(members);
    }
    set_aside(-1);
    tree_.turn();
    for (std::size_t i = 0; i < changes.size(); ++i) {
      carry(changes[i], carried_[i]);
      note_standing(changes[i]);
    }
  }

  [[nodiscard]] bool carries_nobody_away(Node unit) const noexcept {
    return !tree_.was_in_force(unit) || !tree_.is_in_force(unit);
  }

  void carry(const MovingTree::Change& change, std::int64_t members) {
    if (members == 0) return;
    const auto old_path = [&](auto take) { before_path(change.unit, take); };
    const auto new_path = [&](auto take) { path(change.unit, take); };
    pass(old_path, new_path, out_reorganisation_, in_reorganisation_, members);
  }

  void note_standing(const MovingTree::Change& change) {
    if (change.after == MovingTree::kAbsent) return;
    bool is_within = false;
    tree_.climb(change.unit, [&](Node at) { is_within = is_within || at == root_; });
    if (is_within) tree_.each_carried(change.unit, [&](Node at) { out_.stood[at] = true; });
  }

  void move_people(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      if (i + kAhead < end) fetch(events_[i + kAhead]);
      const Event& event = events_[i];
      const bool is_pair =
          !event.is_arrival() && i + 1 < end && events_[i + 1].person() == event.person();
      if (is_pair) {
        move(event, events_[++i]);
      } else if (event.is_arrival()) {
        arrive(event);
      } else {
        leave(event);
      }
    }
  }

  // Counts lie far apart: they are on their way before their turn.
  static constexpr std::size_t kAhead = 12;
  void fetch(const Event& event) const noexcept {
    __builtin_prefetch(&out_.moved[event.column][event.unit], 1);
    __builtin_prefetch(&own_[event.unit], 1);
  }

  void leave(const Event& event) {
    std::vector<std::int64_t>& counts = out_.moved[event.column];
    leaving_path(event.unit, [&](Node at) { ++counts[at]; });
    --own_[event.unit];
  }

  void arrive(const Event& event) {
    std::vector<std::int64_t>& counts = out_.moved[event.column];
    path(event.unit, [&](Node at) { ++counts[at]; });
    ++own_[event.unit];
  }

  void move(const Event& from, const Event& to) {
    if (tree_.was_in_force(from.unit) && tree_.is_in_force(from.unit)) {
      move_within_the_day(from, to);
    } else {
      const auto old_path = [&](auto take) { leaving_path(from.unit, take); };
      const auto new_path = [&](auto take) { path(to.unit, take); };
      pass(old_path, new_path, from.column, to.column, 1);
    }
    --own_[from.unit];
    ++own_[to.unit];
  }

  // Two paths of one tree are one from where they meet.
  void move_within_the_day(const Event& from, const Event& to) {
    if (from.unit == to.unit) return;
    old_path_.clear();
    new_path_.clear();
    path(from.unit, [&](Node at) { old_path_.push_back(at); });
    path(to.unit, [&](Node at) { new_path_.push_back(at); });
    while (!old_path_.empty() && !new_path_.empty() && old_path_.back() == new_path_.back()) {
      old_path_.pop_back();
      new_path_.pop_back();
    }
    std::vector<std::int64_t>& out = out_.moved[from.column];
    std::vector<std::int64_t>& in = out_.moved[to.column];
    for (const Node at : old_path_) ++out[at];
    for (const Node at : new_path_) ++in[at];
  }

  // Out of what is on the old path alone, into what is on the new path alone.
  template <typename Old, typename New>
  void pass(Old old_path, New new_path, std::size_t out, std::size_t in, std::int64_t members) {
    mark_ += 2;
    new_path([&](Node at) { marks_[at] = mark_; });
    old_path([&](Node at) {
      if (marks_[at] == mark_) {
        marks_[at] = mark_ + 1;
      } else {
        out_.moved[out][at] += members;
      }
    });
    new_path([&](Node at) {
      if (marks_[at] == mark_) out_.moved[in][at] += members;
    });
  }

  // ---- paths

  template <typename Take>
  void path(Node unit, Take take) const {
    if (is_below_) {
      tree_.climb(unit, take);
    } else if (tree_.is_in_force(unit)) {
      take(unit);
    }
  }
  template <typename Take>
  void before_path(Node unit, Take take) const {
    if (is_below_) {
      tree_.climb_before(unit, take);
    } else if (tree_.was_in_force(unit)) {
      take(unit);
    }
  }
  // A unit that is closed keeps its old path for those who leave it that day; one that was not in
  // force has nobody to leave.
  template <typename Take>
  void leaving_path(Node unit, Take take) const {
    if (!tree_.was_in_force(unit)) return;
    if (tree_.is_in_force(unit)) {
      path(unit, take);
    } else {
      before_path(unit, take);
    }
  }

  [[nodiscard]] std::size_t in_column(RowId row) const {
    return std::min<std::size_t>(in_reason_.raw(row), in_words_);
  }
  [[nodiscard]] std::size_t out_column(RowId row) const {
    return in_words_ + 1 + std::min<std::size_t>(out_reason_.raw(row), out_words_);
  }

  const World& world_;
  Rows rows_;
  time::DateRange period_;
  bool is_below_;
  MovingTree tree_;
  Node root_;
  FieldReader in_reason_;
  FieldReader out_reason_;
  std::size_t in_words_;
  std::size_t out_words_;
  std::size_t in_reorganisation_;
  std::size_t out_reorganisation_;
  std::vector<std::int64_t> own_;  // home rows by unit on the day reached, in force or not
  std::vector<std::int64_t> own_at_end_;
  std::vector<std::uint32_t> throughout_;  // of next to all rows: one count for both
  std::vector<std::uint64_t> marks_;
  std::uint64_t mark_ = 0;
  std::vector<Event> events_;
  std::vector<std::int64_t> carried_;
  std::vector<Node> old_path_;
  std::vector<Node> new_path_;
  Balance out_;
};

}  // namespace

const std::vector<std::string>& movement_columns() {
  static const std::vector<std::string> columns = [] {
    std::vector<std::string> made;
    for (const table::Code& code : party::in_reasons()->codes()) made.push_back("in_" + code.id);
    made.emplace_back("in_unstated");
    for (const table::Code& code : party::out_reasons()->codes()) made.push_back("out_" + code.id);
    made.emplace_back("out_unstated");
    return made;
  }();
  return columns;
}

std::size_t first_out_column() {
  return party::in_reasons()->codes().size() + 1;
}

bool Balance::adds_up() const {
  std::vector<std::int64_t> sums = opening;
  for (std::size_t column = 0; column < moved.size(); ++column) {
    const std::int64_t sign = column < first_out_column() ? 1 : -1;
    for (std::size_t unit = 0; unit < sums.size(); ++unit) sums[unit] += sign * moved[column][unit];
  }
  return sums == closing;
}

Balance balance_of(const World& world, time::DateRange period, Scope scope, UnitSlot root) {
  return Sweep(world, period, scope, root).run();
}

}  // namespace dangbo::inline v1::rollup
