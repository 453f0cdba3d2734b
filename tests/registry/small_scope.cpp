#include "registry/small_scope.hpp"

#include <algorithm>
#include <set>

namespace dangbo::testing {

namespace {

// A forest as brackets, trees and children in order: equal for two that differ in names alone.
std::string shape_below(const Parents& tree, int unit) {
  std::vector<std::string> below;
  for (std::size_t i = 0; i < tree.size(); ++i) {
    if (tree[i] == unit) below.push_back(shape_below(tree, static_cast<int>(i)));
  }
  std::sort(below.begin(), below.end());
  std::string out = "(";
  for (const std::string& one : below) out += one;
  return out + ")";
}

std::string key_or_none(int unit) {
  return unit < 0 ? "" : unit_key(unit);
}

std::string member_key(int member) {
  return "m" + std::to_string(member);
}

Cell cell(std::size_t table, const char* field, std::string text) {
  return {static_cast<std::size_t>(specs()[table].find(std::string_view(field))), std::move(text)};
}

std::string day_text(int day) {
  return day == kBeforeAll || day == kAfterAll ? "" : iso(day);
}

// Rows of one unit, or home rows of one member.
class Pen {
 public:
  Pen(const Naive& model, std::size_t table, std::string key)
      : model_(model), table_(table), key_(std::move(key)) {}

  // The row in force on a day, or the latest that stands; -1: none.
  [[nodiscard]] int on(int day) const {
    return find([&](const Row& row) { return row.from <= day && day < row.until; });
  }
  [[nodiscard]] int latest() const {
    return find([](const Row&) { return true; });
  }
  [[nodiscard]] const Row& at(int row) const {
    return model_.rows[table_][static_cast<std::size_t>(row)];
  }

  void correct(int row, const char* field, std::string text) {
    draft_.push_back({'~', table_, row, {}, {cell(table_, field, std::move(text))}});
  }
  // Named by its key where there is one such row; without a row the key names none.
  void withdraw(int row) {
    Entry entry{'-', table_, {}, {cell(table_, key_field(), key_)}, {}};
    if (row >= 0) entry.target.push_back(cell(table_, "from", day_text(at(row).from)));
    draft_.push_back(std::move(entry));
  }
  // `place` is the unit above, or the home.
  void add(int place, int from, int until) {
    Entry entry{'+', table_, {}, {}, {cell(table_, key_field(), key_)}};
    entry.values.push_back(cell(table_, place_field(), key_or_none(place)));
    entry.values.push_back(cell(table_, "kind", table_ == kUnits ? "cell" : "home"));
    entry.values.push_back(cell(table_, "from", day_text(from)));
    entry.values.push_back(cell(table_, "until", day_text(until)));
    draft_.push_back(std::move(entry));
  }

  void place(int place, int day) {
    const int row = on(day);
    if (row < 0) {
      add(place, day, kAfterAll);
    } else if (at(row).from == day) {
      correct(row, place_field(), key_or_none(place));
    } else {
      correct(row, "until", iso(day));
      add(place, day, at(row).until);
    }
  }
  void close(int day) {
    const int row = on(day);
    if (row >= 0 && at(row).from == day) {
      withdraw(row);
    } else if (row >= 0) {
      correct(row, "until", iso(day));
    } else if (latest() >= 0) {
      correct(latest(), "until", "");
    } else {
      add(-1, kBeforeAll, day);
    }
  }
  void found(int day) {
    const int row = latest();
    if (row < 0) {
      add(-1, day, kAfterAll);
    } else {
      correct(row, "from", at(row).from == day ? "" : iso(day));
    }
  }
  void mend(int place) {
    const int row = latest();
    if (row < 0) {
      add(place, kBeforeAll, kAfterAll);
    } else {
      correct(row, place_field(), key_or_none(place));
    }
  }

  Draft take() { return std::move(draft_); }

 private:
  [[nodiscard]] const char* key_field() const { return table_ == kUnits ? "unit_id" : "member_id"; }
  [[nodiscard]] const char* place_field() const {
    return table_ == kUnits ? "parent_id" : "unit_id";
  }
  template <typename Is>
  [[nodiscard]] int find(Is is) const {
    const std::vector<Row>& rows = model_.rows[table_];
    for (std::size_t i = rows.size(); i-- > 0;) {
      if (rows[i].superseded == 0 && rows[i].values[0] == key_ && is(rows[i]))
        return static_cast<int>(i);
    }
    return -1;
  }

  const Naive& model_;
  std::size_t table_;
  std::string key_;
  Draft draft_;
};

}  // namespace

std::vector<Parents> forests(int units) {
  std::vector<Parents> all = {{}};
  for (int unit = 0; unit < units; ++unit) {
    std::vector<Parents> longer;
    for (const Parents& tree : all) {
      for (int above = -1; above < unit; ++above) {
        longer.push_back(tree);
        longer.back().push_back(above);
      }
    }
    all = std::move(longer);
  }
  std::set<std::string> seen;
  std::erase_if(all,
                [&](const Parents& tree) { return !seen.insert(shape_below(tree, -1)).second; });
  return all;
}

std::string unit_key(int unit) {
  return "u" + std::to_string(unit);
}

int unit_number(std::string_view key) {
  return key[1] - '0';
}

std::string to_text(const Parents& tree) {
  std::string out;
  for (const int above : tree) out += above < 0 ? '-' : static_cast<char>('0' + above);
  return out;
}

std::string to_text(const Operation& operation) {
  static constexpr const char* kNames[] = {"place", "close", "found", "mend",      "withdraw",
                                           "move",  "join",  "end",   "take-back", "advance"};
  return std::string(kNames[static_cast<std::size_t>(operation.what)]) + "(" +
         std::to_string(operation.a) + "," + std::to_string(operation.b) + "," +
         std::to_string(operation.day) + ")";
}

// The most telling first: larger forests are more, and try fewer. `last` is a leaf, 0 a root with
// most of its forest below it; placing 0 under last closes a cycle in many of them.
std::vector<Operation> alphabet(int units) {
  const int last = units - 1;
  std::vector<Operation> all = {
      {What::kPlace, 0, last, 1},  {What::kPlace, last, 1, 2},  {What::kPlace, 1, 2, 1},
      {What::kPlace, last, -1, 1}, {What::kClose, last, -1, 1}, {What::kClose, 0, -1, 2},
      {What::kFound, last, -1, 1}, {What::kMend, last, 0},      {What::kWithdraw, last},
      {What::kMove, 0, 0, 1},      {What::kEnd, 0, -1, 2},      {What::kTakeBack, 0},
      {What::kAdvance, 0, -1, 1},  {What::kJoin, 1, last, 2},   {What::kPlace, 1, 0, 2},
      {What::kWithdraw, 0}};
  std::erase_if(all, [&](const Operation& operation) {
    const bool of_unit = operation.what == What::kPlace || operation.what == What::kMend;
    return operation.a >= units || operation.b >= units || (of_unit && operation.a == operation.b);
  });
  const std::size_t most = units == kMaxUnits ? 13 : 14;
  if (all.size() > most) all.erase(all.begin() + static_cast<std::ptrdiff_t>(most), all.end());
  return all;
}

Draft founding(const Parents& tree) {
  Draft draft;
  for (std::size_t unit = 0; unit < tree.size(); ++unit) {
    draft.push_back(
        {'+',
         kUnits,
         {},
         {},
         {cell(kUnits, "unit_id", unit_key(static_cast<int>(unit))), cell(kUnits, "kind", "cell"),
          cell(kUnits, "parent_id", key_or_none(tree[unit]))}});
  }
  for (const int member : {0, 1})
    draft.push_back({'+', kMembers, {}, {}, {cell(kMembers, "member_id", member_key(member))}});
  draft.push_back({'+',
                   kMemberships,
                   {},
                   {},
                   {cell(kMemberships, "member_id", member_key(0)),
                    cell(kMemberships, "unit_id", unit_key(static_cast<int>(tree.size()) - 1)),
                    cell(kMemberships, "kind", "home")}});
  return draft;
}

Draft write(const Operation& operation, const Naive& model) {
  if (operation.what == What::kAdvance) return {};
  const bool of_unit = operation.what <= What::kWithdraw;
  Pen pen(model, of_unit ? kUnits : kMemberships,
          of_unit ? unit_key(operation.a) : member_key(operation.a));
  const int day = day_number(operation.day);
  switch (operation.what) {
    case What::kPlace:
    case What::kMove:
      pen.place(operation.b, day);
      break;
    case What::kClose:
    case What::kEnd:
      pen.close(day);
      break;
    case What::kFound:
      pen.found(day);
      break;
    case What::kMend:
      pen.mend(operation.b);
      break;
    case What::kJoin:
      pen.add(operation.b, day, kAfterAll);
      break;
    default:
      pen.withdraw(pen.latest());
  }
  return pen.take();
}

void take_back(Naive& model, int head) {
  for (std::vector<Row>& rows : model.rows) {
    while (!rows.empty() && rows.back().recorded > head) rows.pop_back();
    for (Row& row : rows) row.superseded = row.superseded > head ? 0 : row.superseded;
  }
  model.commits.resize(static_cast<std::size_t>(head));
  model.units.resize(head == 0 ? 0 : static_cast<std::size_t>(model.commits.back().units));
  model.members.resize(head == 0 ? 0 : static_cast<std::size_t>(model.commits.back().members));
}

}  // namespace dangbo::testing
