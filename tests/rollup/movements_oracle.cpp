#include "rollup/movements_oracle.hpp"

#include <algorithm>
#include <set>

#include "dangbo/party/vocabulary.hpp"

namespace dangbo::test {

namespace {

using base::RowId;
using base::UnitSlot;
using Path = std::set<std::string>;

const std::string kForest = "\n";  // no key is like it

class Oracle {
 public:
  Oracle(const registry::Registry& registry, const BalanceAsk& ask)
      : snapshot_(registry.snapshot()), ask_(ask), homes_(*snapshot_.rows("memberships")) {}

  Lines run() {
    const time::Date last = ask_.until.plus_days(-1);
    count_stock(ask_.first.plus_days(-1), "opening");
    count_stock(last, "closing");
    for (time::Date day = ask_.first; day < ask_.until; day = day.plus_days(1)) day_of(day);
    Lines lines = {header()};
    for (const std::string& unit : targets(last)) {
      std::vector<std::string> line;
      if (ask_.all) line = {unit, name(unit)};
      const std::size_t first = line.size();
      for (std::size_t c = first; c < lines[0].size(); ++c) {
        line.push_back(std::to_string(figures_[unit][lines[0][c]]));
      }
      lines.push_back(std::move(line));
    }
    return lines;
  }

 private:
  [[nodiscard]] std::vector<std::string> header() const {
    std::vector<std::string> out;
    if (ask_.all) out = {"unit_id", "name"};
    out.emplace_back("opening");
    for (const auto& code : party::in_reasons()->codes()) out.push_back("in_" + code.id);
    out.emplace_back("in_unstated");
    for (const auto& code : party::out_reasons()->codes()) out.push_back("out_" + code.id);
    out.emplace_back("out_unstated");
    out.emplace_back("closing");
    return out;
  }

  [[nodiscard]] registry::View view(time::Date day) const {
    return snapshot_.at(day, ask_.known_at);
  }

  // The unit and all above it; empty when it is not in force.
  [[nodiscard]] Path path(const registry::View& view, UnitSlot unit) const {
    Path out;
    auto at = view.tree().position_of(unit);
    if (at == base::kNoPosition) return out;
    while (at != base::kNoPosition) {
      out.emplace(snapshot_.key_of(view.tree().slot_at(at)));
      if (ask_.own) return out;
      at = view.tree().parent_of(at);
    }
    out.insert(kForest);
    return out;
  }

  // By member: the home row of a day.
  [[nodiscard]] std::map<std::uint32_t, RowId> home_rows(time::Date day) const {
    std::map<std::uint32_t, RowId> out;
    const auto kind = *homes_.field("kind");
    for (std::uint32_t i = 0; i < homes_.size(); ++i) {
      const RowId row{i};
      const bool is_home = kind.word(kind.raw(row)) == "home";
      if (is_home && homes_.is_known(row, ask_.known_at) && homes_.holds_on(row, day)) {
        out[base::index_of(homes_.member_of(row))] = row;
      }
    }
    return out;
  }

  void count_stock(time::Date day, const char* column) {
    const registry::View of_day = view(day);
    for (const auto& [member, row] : home_rows(day)) {
      for (const std::string& unit : path(of_day, homes_.unit_of(row))) ++figures_[unit][column];
    }
  }

  [[nodiscard]] std::string reason(const char* field, RowId row) const {
    const auto reader = *homes_.field(field);
    return reader.is_missing(row) ? "unstated" : std::string(reader.word(reader.raw(row)));
  }

  void pass(const Path& from, const Path& to, const std::string& out, const std::string& in) {
    for (const std::string& unit : from) {
      if (!to.contains(unit)) ++figures_[unit]["out_" + out];
    }
    for (const std::string& unit : to) {
      if (!from.contains(unit)) ++figures_[unit]["in_" + in];
    }
  }

  void day_of(time::Date day) {
    const registry::View before = view(day.plus_days(-1));
    const registry::View now = view(day);
    const auto rows_before = home_rows(day.plus_days(-1));
    const auto rows_now = home_rows(day);
    for (std::uint32_t member = 0; member < snapshot_.member_count(); ++member) {
      const auto old_row = rows_before.find(member);
      const auto new_row = rows_now.find(member);
      Path kept;
      std::string out = "unstated";
      if (old_row != rows_before.end()) {
        const UnitSlot unit = homes_.unit_of(old_row->second);
        const bool goes_on = new_row != rows_now.end() && new_row->second == old_row->second;
        const Path old_path = path(before, unit);
        kept = path(now, unit);
        if (!goes_on && old_path.empty()) kept = {};    // nobody was counted there
        if (!goes_on && kept.empty()) kept = old_path;  // leaves a closed unit as it stood
        pass(old_path, kept, "reorganisation", "reorganisation");
        if (goes_on) continue;
        out = reason("out_reason", old_row->second);
      }
      Path to;
      std::string in = "unstated";
      if (new_row != rows_now.end()) {
        to = path(now, homes_.unit_of(new_row->second));
        in = reason("in_reason", new_row->second);
      }
      pass(kept, to, out, in);
    }
  }

  [[nodiscard]] std::set<std::string> targets(time::Date last) const {
    if (!ask_.all) return {ask_.unit.empty() ? kForest : ask_.unit};
    std::set<std::string> out;
    for (time::Date day = ask_.first.plus_days(-1); day <= last; day = day.plus_days(1)) {
      const registry::View of_day = view(day);
      const hierarchy::Tree& tree = of_day.tree();
      for (const UnitSlot slot : tree.slots()) {
        bool is_within = ask_.unit.empty();
        for (auto at = tree.position_of(slot); at != base::kNoPosition; at = tree.parent_of(at)) {
          is_within = is_within || snapshot_.key_of(tree.slot_at(at)) == ask_.unit;
        }
        if (is_within) out.emplace(snapshot_.key_of(slot));
      }
    }
    return out;
  }

  [[nodiscard]] std::string name(const std::string& unit) const {
    const auto rows = *snapshot_.rows("units");
    for (time::Date day = ask_.until.plus_days(-1);; day = day.plus_days(-1)) {
      const RowId row = view(day).unit_row(*snapshot_.find_unit(unit));
      if (row != base::kNoRow) return std::string((*rows.field("name")).text(row));
    }
  }

  registry::Snapshot snapshot_;
  const BalanceAsk& ask_;
  registry::Rows homes_;
  std::map<std::string, std::map<std::string, std::int64_t>> figures_;
};

// ---- histories

class Mover {
 public:
  explicit Mover(std::mt19937_64& random) : random_(random), is_open_(one_in(2)) {}

  std::unique_ptr<registry::Registry> run() {
    const int count = 3 + below(9);
    above_.assign(static_cast<std::size_t>(count), kAbsent);
    begun_.assign(above_.size(), 0);
    for (int i = 0; i < count; ++i) {
      if (i == 0 || !one_in(4)) found(i);
    }
    for (int day = 1; day < kMovingDays; ++day) {
      if (!one_in(3)) continue;
      for (int i = 1 + below(3); i > 0; --i) change(day);
    }
    for (int i = 0; i < count; ++i) end_row(i, kMovingDays);
    people();
    auto registry = registry::Registry::create();
    commit(*registry, {{"units", units_}, {"members", members_}, {"memberships", homes_}});
    return registry;
  }

 private:
  static constexpr int kAbsent = -2;
  static constexpr int kRoot = -1;

  int below(int limit) { return static_cast<int>(random_() % static_cast<std::uint64_t>(limit)); }
  bool one_in(int n) { return below(n) == 0; }
  int& above(int unit) { return above_[static_cast<std::size_t>(unit)]; }

  static std::string date(int day) { return test::day("2020-01-01").plus_days(day).to_string(); }
  static std::string key(int unit) { return "U" + std::to_string(unit * 7 % 12); }

  bool is_within(int unit, int top) {
    for (; unit >= 0; unit = above(unit)) {
      if (unit == top) return true;
    }
    return false;
  }

  // A unit in force that is not at or below `unit`, or none.
  int some_parent(int unit) {
    for (int i = 0; i < 8; ++i) {
      const int at = below(static_cast<int>(above_.size()));
      if (above(at) != kAbsent && !is_within(at, unit)) return at;
    }
    return kRoot;
  }

  void found(int unit) { above(unit) = one_in(5) ? kRoot : some_parent(unit); }

  void end_row(int unit, int day) {
    const int begun = begun_[static_cast<std::size_t>(unit)];
    if (above(unit) == kAbsent || begun == day) return;
    Cells cells = {{"unit_id", key(unit)}, {"kind", "cell"}};
    if (begun > 0 || !is_open_) cells["from"] = date(begun);
    if (day < kMovingDays) cells["until"] = date(day);
    if (above(unit) >= 0) cells["parent_id"] = key(above(unit));
    if (!one_in(4)) cells["name"] = "Chi bộ " + std::to_string(units_.size());
    units_.push_back(std::move(cells));
  }

  void put(int unit, int day, int parent) {
    end_row(unit, day);
    above(unit) = parent;
    begun_[static_cast<std::size_t>(unit)] = day;
  }

  void change(int day) {
    const int unit = below(static_cast<int>(above_.size()));
    if (above(unit) == kAbsent) {
      put(unit, day, one_in(4) ? kRoot : some_parent(unit));
    } else if (one_in(4)) {
      put(unit, day, above(unit));  // another name
    } else if (one_in(3)) {
      close(unit, day);
    } else {
      put(unit, day, one_in(5) ? kRoot : some_parent(unit));
    }
  }

  void close(int unit, int day) {
    // Those below a unit that is closed with it may come to stand below this one.
    for (auto at = std::find(above_.begin(), above_.end(), unit); at != above_.end();
         at = std::find(above_.begin(), above_.end(), unit)) {
      const int child = static_cast<int>(at - above_.begin());
      if (one_in(3)) {
        close(child, day);
      } else {
        put(child, day, one_in(3) ? some_parent(unit) : above(unit));
      }
    }
    put(unit, day, kAbsent);
  }

  // Ones that are in force at some time.
  void people() {
    std::vector<std::string> units;
    for (const Cells& row : units_) units.push_back(row.at("unit_id"));
    const auto some_unit = [&] {
      return units[static_cast<std::size_t>(below(static_cast<int>(units.size())))];
    };
    const int count = 4 + below(20);
    for (int i = 0; i < count; ++i) {
      const std::string member = "M" + std::to_string(i);
      members_.push_back({{"member_id", member}});
      int day = below(kMovingDays) - 20;
      std::string unit = some_unit();
      for (int rows = 1 + below(5); rows > 0 && day < kMovingDays; --rows) {
        const int until = std::max(day, 0) + 1 + below(25);
        home(member, unit, day, one_in(6) ? kMovingDays + 40 : until);
        day = until + (one_in(3) ? 1 + below(6) : 0);
        if (!one_in(4)) unit = some_unit();
        if (homes_.back().find("until") == homes_.back().end()) break;
      }
      if (one_in(4)) {
        homes_.push_back({{"member_id", member},
                          {"unit_id", some_unit()},
                          {"kind", "temporary"},
                          {"from", date(below(kMovingDays))}});
      }
    }
  }

  void home(const std::string& member, const std::string& unit, int from, int until) {
    Cells cells = {{"member_id", member}, {"unit_id", unit}, {"kind", "home"}};
    if (from >= 0) cells["from"] = date(from);
    if (until < kMovingDays + 30) cells["until"] = date(until);
    static const std::vector<std::string> kIn = {"admission", "internal", "reorganisation",
                                                 "within_province"};
    static const std::vector<std::string> kOut = {"death", "internal", "reorganisation", "unknown"};
    if (!one_in(4)) cells["in_reason"] = kIn[static_cast<std::size_t>(below(4))];
    if (!one_in(4)) cells["out_reason"] = kOut[static_cast<std::size_t>(below(4))];
    homes_.push_back(std::move(cells));
  }

  std::mt19937_64& random_;
  bool is_open_;  // units that stand on the first day have stood for ever
  std::vector<int> above_;
  std::vector<int> begun_;
  std::vector<Cells> units_;
  std::vector<Cells> members_;
  std::vector<Cells> homes_;
};

}  // namespace

std::string to_json(const BalanceAsk& ask) {
  std::string out = R"({"query":1,"of":"movements","period":{"from":")" + ask.first.to_string() +
                    R"(","until":")" + ask.until.to_string() + R"("},"known_at":)" +
                    std::to_string(base::index_of(ask.known_at));
  if (!ask.unit.empty()) out += R"(,"unit":")" + ask.unit + "\"";
  if (ask.all) out += R"(,"each":"all")";
  if (ask.own) out += R"(,"scope":"own")";
  return out + "}";
}

Lines oracle(const registry::Registry& registry, const BalanceAsk& ask) {
  return Oracle(registry, ask).run();
}

std::unique_ptr<registry::Registry> moving_history(std::mt19937_64& random) {
  return Mover(random).run();
}

}  // namespace dangbo::test
