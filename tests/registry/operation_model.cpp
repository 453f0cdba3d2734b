#include "operation_model.hpp"

#include <algorithm>
#include <set>

#include "support.hpp"

namespace dangbo::testing {

namespace {

using State = OperationModel::State;
using registry::Act;

constexpr int kDays = OperationModel::kDays;
constexpr int kUnits = OperationModel::kUnits;
constexpr int kMembers = OperationModel::kMembers;
constexpr int kNone = OperationModel::kNone;
constexpr int kAbsent = OperationModel::kAbsent;
constexpr int kStartUnits = 8;

int pick(std::mt19937& random, int count) {
  return static_cast<int>(random() % static_cast<unsigned>(count));
}

bool in_force(const State& s, int unit, int day) {
  return unit == kNone || (day >= 0 && s.parent[unit][day] != kAbsent);
}

bool from_then_on(const State& s, int unit, int day) {
  for (int d = day; d < kDays; ++d)
    if (!in_force(s, unit, d)) return false;
  return true;
}

bool never_again(const State& s, int unit, int day) {
  for (int d = day; d < kDays; ++d)
    if (s.parent[unit][d] != kAbsent) return false;
  return true;
}

bool is_below(const State& s, int unit, int top, int day) {
  int steps = 0;
  for (int at = unit; at >= 0 && steps < kUnits + 1; at = s.parent[at][day], ++steps)
    if (at == top) return true;
  return steps > kUnits;
}

// A forest on every day, and everyone in a unit that is in force.
bool is_sound(const State& s) {
  for (int d = 0; d < kDays; ++d) {
    for (int u = 0; u < kUnits; ++u) {
      if (s.parent[u][d] == kAbsent) continue;
      if (!in_force(s, s.parent[u][d], d)) return false;
      if (s.parent[u][d] != kNone && is_below(s, s.parent[u][d], u, d)) return false;
    }
    for (int m = 0; m < kMembers; ++m)
      if (s.home[m][d] != kNone && !in_force(s, s.home[m][d], d)) return false;
  }
  return true;
}

void end(State& s, int unit, int day) {
  for (int d = day; d < kDays; ++d) s.parent[unit][d] = s.name[unit][d] = kAbsent;
}

void begin(State& s, int unit, int day, int parent, int name) {
  for (int d = day; d < kDays; ++d) {
    s.parent[unit][d] = parent;
    s.name[unit][d] = name;
  }
}

void pass_on(State& s, int unit, int day, int to) {
  for (int d = day; d < kDays; ++d) {
    for (int m = 0; m < kMembers; ++m)
      if (s.home[m][d] == unit) s.home[m][d] = to;
    for (int u = 0; u < kUnits; ++u)
      if (s.parent[u][d] == unit) s.parent[u][d] = to;
  }
}

// Draws what an operation needs and says what it means.
class Draw {
 public:
  Draw(const State& state, std::mt19937& random) : s_(state), random_(random) {
    day_ = 1 + pick(random_, kDays - 1);
    step_.day = day_;
    act_.day = OperationModel::day(day_);
    act_.decision = "QĐ";
    // A day may see the same event of the same unit twice: the keys must not repeat.
    act_.event = "BĐ " + std::to_string(random_());
  }

  OperationModel::Step run() {
    switch (pick(random_, 10)) {
      case 0:
        establish();
        break;
      case 1:
        rename();
        break;
      case 2:
        reparent();
        break;
      case 3:
        absorb();
        break;
      case 4:
        merge();
        break;
      case 5:
        divide();
        break;
      case 6:
        split_off();
        break;
      case 7:
        close();
        break;
      case 8:
        admit_or_leave();
        break;
      default:
        move();
    }
    if (step_.after && !is_sound(*step_.after)) step_.after.reset();
    return std::move(step_);
  }

 private:
  // Mostly units in force on the day; now and then any.
  int unit() {
    for (int i = 0; i < 20; ++i) {
      const int u = pick(random_, kUnits);
      if (in_force(s_, u, day_) || i == 19) return u;
    }
    return 0;
  }
  int fresh() {
    for (int i = 0; i < 20; ++i) {
      const int u = pick(random_, kUnits);
      if (never_again(s_, u, day_) && !in_force(s_, u, day_ - 1)) return used(u);
    }
    return used(pick(random_, kUnits));
  }
  int used(int unit) {
    for (int d = 0; d < day_; ++d) step_.reuses_key = step_.reuses_key || in_force(s_, unit, d);
    return unit;
  }
  static std::string key(int unit) { return unit == kNone ? "" : OperationModel::unit_key(unit); }
  void word(const char* word) { step_.word = word; }

  void establish() {
    word("establish");
    const int u = fresh();
    const int parent = pick(random_, 6) == 0 ? kNone : unit();
    const int name = pick(random_, 9);
    step_.operation = registry::Establish{
        act_, key(u), key(parent), {{"kind", "CB"}, {"name", OperationModel::name_of(name)}}};
    // A unit that ends on the day it would be founded goes on under a rename or a merger.
    if (!never_again(s_, u, day_) || in_force(s_, u, day_ - 1)) return;
    step_.after = s_;
    begin(*step_.after, u, day_, parent, name);
  }

  void rename() {
    word("rename");
    const int u = unit();
    const int name = pick(random_, 9);
    step_.operation = registry::Rename{act_, key(u), OperationModel::name_of(name), {}};
    if (!in_force(s_, u, day_)) return;
    step_.after = s_;
    for (int d = day_; d < kDays; ++d)
      if (s_.name[u][d] == s_.name[u][day_]) step_.after->name[u][d] = name;
  }

  void reparent() {
    word("reparent");
    const int u = unit();
    const int parent = pick(random_, 6) == 0 ? kNone : unit();
    step_.operation = registry::Reparent{act_, {key(u)}, "", key(parent)};
    if (!in_force(s_, u, day_)) return;
    step_.after = s_;
    for (int d = day_; d < kDays; ++d)
      if (s_.parent[u][d] == s_.parent[u][day_]) step_.after->parent[u][d] = parent;
  }

  void absorb() {
    word("absorb");
    const int a = unit();
    const int b = unit();
    const int into = unit();
    const bool two = a != b && pick(random_, 2) == 0;
    step_.operation =
        registry::Absorb{act_, two ? std::vector{key(a), key(b)} : std::vector{key(a)}, key(into)};
    State after = s_;
    for (const int u : two ? std::vector{a, b} : std::vector{a}) {
      // Each in turn: the second may have passed to the first before that ended.
      if (!in_force(s_, u, day_) || !ends_for_good(after, u) || is_below(s_, into, u, day_)) return;
      if (!from_then_on(s_, into, day_)) return;
      pass_on(after, u, day_, into);
      end(after, u, day_);
    }
    step_.after = after;
  }

  // It stood the day before and has no gap after the day.
  bool ends_for_good(const State& s, int u) const {
    if (!in_force(s_, u, day_ - 1)) return false;
    for (int d = day_; d + 1 < kDays; ++d)
      if (!in_force(s, u, d) && in_force(s, u, d + 1)) return false;
    return true;
  }

  void merge() {
    word("merge");
    const int a = unit();
    const int b = unit();
    const int into = fresh();
    const int parent = unit();
    if (a == b) return absorb();
    const int name = pick(random_, 9);
    step_.operation = registry::Merge{act_,
                                      {key(a), key(b)},
                                      key(into),
                                      key(parent),
                                      {{"kind", "CB"}, {"name", OperationModel::name_of(name)}}};
    if (!never_again(s_, into, day_)) return;
    State after = s_;
    begin(after, into, day_, parent, name);
    for (const int u : {a, b}) {
      if (!in_force(s_, u, day_) || !ends_for_good(after, u)) return;
      if (is_below(s_, parent, u, day_)) return;
      pass_on(after, u, day_, into);
      end(after, u, day_);
    }
    step_.after = after;
  }

  void share(const State& s, int u, int chance, int part, registry::Part& out, State& after) {
    for (int m = 0; m < kMembers; ++m) {
      bool is_there = false;
      for (int d = day_; d < kDays; ++d) is_there = is_there || s.home[m][d] == u;
      if (!is_there || pick(random_, chance) != 0) continue;
      out.members.push_back(OperationModel::member_key(m));
      for (int d = day_; d < kDays; ++d)
        if (s.home[m][d] == u) after.home[m][d] = part;
    }
    for (int c = 0; c < kUnits; ++c) {
      bool is_there = false;
      for (int d = day_; d < kDays; ++d) is_there = is_there || s.parent[c][d] == u;
      if (!is_there || pick(random_, chance) != 0) continue;
      out.units.push_back(key(c));
      for (int d = day_; d < kDays; ++d)
        if (s.parent[c][d] == u) after.parent[c][d] = part;
    }
  }

  void divide() {
    word("divide");
    const int u = unit();
    const int p = fresh();
    const int q = fresh();
    if (p == q) return rename();
    registry::Part first{.unit = key(p), .attributes = {{"name", OperationModel::name_of(1)}}};
    registry::Part rest{.unit = key(q), .attributes = {{"name", OperationModel::name_of(2)}}};
    rest.rest = true;
    State after = s_;
    share(s_, u, 2, p, first, after);
    step_.operation = registry::Divide{act_, key(u), {first, rest}};
    if (!in_force(s_, u, day_) || !ends_for_good(s_, u)) return;
    if (!never_again(s_, p, day_) || !never_again(s_, q, day_)) return;
    begin(after, p, day_, s_.parent[u][day_], 1);
    begin(after, q, day_, s_.parent[u][day_], 2);
    pass_on(after, u, day_, q);
    end(after, u, day_);
    step_.after = after;
  }

  void split_off() {
    word("split_off");
    const int u = unit();
    const int p = fresh();
    registry::Part part{.unit = key(p), .attributes = {{"name", OperationModel::name_of(3)}}};
    State after = s_;
    share(s_, u, 3, p, part, after);
    step_.operation = registry::SplitOff{act_, key(u), {part}};
    if (!in_force(s_, u, day_) || !never_again(s_, p, day_) || in_force(s_, p, day_ - 1)) return;
    begin(after, p, day_, s_.parent[u][day_], 3);
    step_.after = after;
  }

  void close() {
    word("close");
    const int u = unit();
    step_.operation = registry::Close{act_, {key(u)}};
    if (!in_force(s_, u, day_) || !ends_for_good(s_, u)) return;
    step_.after = s_;
    end(*step_.after, u, day_);
  }

  void admit_or_leave() {
    const int m = pick(random_, kMembers);
    const std::string member = OperationModel::member_key(m);
    if (s_.home[m][day_] == kNone) {
      word("admit");
      const int u = unit();
      step_.operation = registry::Admit{act_, member, key(u), "re_admission", {}};
      for (int d = day_; d < kDays; ++d)
        if (s_.home[m][d] != kNone) return;
      if (!from_then_on(s_, u, day_)) return;
      step_.after = s_;
      for (int d = day_; d < kDays; ++d) step_.after->home[m][d] = u;
      return;
    }
    word("leave");
    step_.operation = registry::Leave{act_, member, "death"};
    if (s_.home[m][day_ - 1] == kNone) return;
    step_.after = s_;
    for (int d = day_; d < kDays; ++d) step_.after->home[m][d] = kNone;
  }

  void move() {
    word("move");
    const int m = pick(random_, kMembers);
    const int to = unit();
    step_.operation =
        registry::Move{act_, {OperationModel::member_key(m)}, key(to), "internal", {}};
    const int from = s_.home[m][day_];
    if (from == kNone || from == to) return;
    step_.after = s_;
    // The row in force: to where the home next changes.
    for (int d = day_; d < kDays && s_.home[m][d] == from; ++d) step_.after->home[m][d] = to;
  }

  const State& s_;
  std::mt19937& random_;
  int day_ = 0;
  Act act_;
  OperationModel::Step step_;
};

}  // namespace

OperationModel::OperationModel() {
  for (int d = 0; d < kDays; ++d) {
    for (int u = 0; u < kUnits; ++u) {
      state_.parent[u][d] = u == 0 ? kNone : u < kStartUnits ? (u - 1) / 2 : kAbsent;
      state_.name[u][d] = u < kStartUnits ? 0 : kAbsent;
    }
    for (int m = 0; m < kMembers; ++m) state_.home[m][d] = m % kStartUnits;
  }
}

time::Date OperationModel::day(int number) {
  return testing::day(2025, 1, 1).plus_days(number);
}

void OperationModel::add_start(registry::Change& change) const {
  std::vector<TextRow> units;
  std::vector<TextRow> members;
  std::vector<TextRow> memberships;
  for (int u = 0; u < kStartUnits; ++u)
    units.push_back(
        {unit_key(u), "2000-01-01", u == 0 ? "" : unit_key((u - 1) / 2), "CB", name_of(0)});
  for (int m = 0; m < kMembers; ++m) {
    members.push_back({member_key(m)});
    memberships.push_back({member_key(m), unit_key(m % kStartUnits), "home", "2000-01-01"});
  }
  change.add_table("units", text_table({"unit_id", "from", "parent_id", "kind", "name"}, units),
                   "units.csv");
  change.add_table("members", text_table({"member_id"}, members), "members.csv");
  change.add_table("memberships", text_table({"member_id", "unit_id", "kind", "from"}, memberships),
                   "memberships.csv");
}

OperationModel::Step OperationModel::random_step(std::mt19937& random) const {
  return Draw(state_, random).run();
}

int OperationModel::stock(int unit, int day, bool with_below) const {
  int count = 0;
  for (int m = 0; m < kMembers; ++m) {
    const int home = state_.home[m][day];
    if (home == kNone || !in_force(state_, unit, day)) continue;
    if (with_below ? is_below(state_, home, unit, day) : home == unit) ++count;
  }
  return count;
}

}  // namespace dangbo::testing
