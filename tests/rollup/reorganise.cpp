// Reorganisations for random histories.
#include <algorithm>
#include <initializer_list>
#include <map>

#include "rollup/history.hpp"

namespace dangbo::test {

namespace {

class Reorganiser {
 public:
  Reorganiser(std::mt19937_64& random, History& history) : random_(random), history_(history) {
    for (const TwinRow& row : history_.at("units")) {
      const std::string& key = row.cells.at("unit_id");
      keys_.push_back(key);
      const auto until = row.cells.find("until");
      std::int32_t& end = ends_.try_emplace(key, 0).first->second;
      end = std::max(end, until == row.cells.end() ? kNever : day(until->second).days());
    }
  }

  void run() {
    history_["unit_events"];
    for (const auto& [key, end] : ends_) {
      if (end == kNever) continue;
      if (one_in(4)) found_anew(key, end);
      for (int i = one_in(5) ? 0 : 1 + below(3); i > 0; --i) ending(key, end);
    }
    for (int i = below(6); i > 0; --i) anything();
    std::erase_if(history_["unit_events"],
                  [&](const TwinRow& event) { return belies(event.cells); });
  }

 private:
  static constexpr std::int32_t kNever = 1'000'000;

  int below(int limit) { return static_cast<int>(random_() % static_cast<std::uint64_t>(limit)); }
  bool one_in(int n) { return below(n) == 0; }
  std::string pick(const std::vector<std::string>& from) {
    return from[static_cast<std::size_t>(below(static_cast<int>(from.size())))];
  }
  static std::string date_text(std::int32_t days) {
    return time::Date::from_days(days).to_string();
  }

  std::string event() {
    return pick({"absorb", "absorb", "absorb", "merge", "merge", "divide", "divide", "split_off",
                 "close", "disband", "rename", "convert", "reparent", "unknown"});
  }

  void add(const std::string& event, const std::string& date, const std::string& from,
           const std::string& to) {
    Cells cells = {{"event_id", "R" + std::to_string(++number_)}, {"date", date}, {"event", event}};
    if (!from.empty()) cells["from_unit"] = from;
    if (!to.empty()) cells["to_unit"] = to;
    history_["unit_events"].push_back({std::move(cells), 2, {}});
  }

  // Mostly on the first day on which the unit is not in force.
  void ending(const std::string& key, std::int32_t end) {
    std::int32_t on = end;
    switch (below(8)) {
      case 0:
        on = end - 1;
        break;
      case 1:
        on = end - 2 - below(40);
        break;
      case 2:
        on = end + 1 + below(60);
        break;
      default:
        break;
    }
    std::string date = date_text(on);
    if (one_in(8)) date = date.substr(0, one_in(2) ? 4 : 7);
    add(event(), date, key, one_in(12) ? std::string() : pick(keys_));
  }

  void anything() {
    add(event(), date_text(day("2016-06-01").days() + below(1300)),
        one_in(6) ? std::string() : pick(keys_), one_in(6) ? std::string() : pick(keys_));
  }

  // A root, so that it stands below nothing that may end.
  void found_anew(const std::string& key, std::int32_t end) {
    const std::int32_t from = end + 1 + below(200);
    Cells cells = {{"unit_id", key}, {"kind", "cell"}, {"from", date_text(from)}};
    std::optional<time::Date> until;
    if (one_in(2)) {
      until = time::Date::from_days(from + 1 + below(200));
      cells["until"] = until->to_string();
      if (one_in(2)) ending(key, until->days());
    }
    history_["units"].push_back({std::move(cells), 2, {time::Date::from_days(from), until}});
  }

  [[nodiscard]] bool stands(const std::string& key, time::Date on) const {
    const auto& units = history_.at("units");
    return std::any_of(units.begin(), units.end(), [&](const TwinRow& row) {
      return row.cells.at("unit_id") == key && row.days.contains(on);
    });
  }

  // The registry refuses an event that the rows of its units contradict (docs/operations.md). An
  // end may be dated the last day of the unit.
  [[nodiscard]] bool belies(const Cells& event) const {
    if (event.at("date").size() < 10) return false;
    const time::Date on = day(event.at("date"));
    const auto cell = [&](const char* name) {
      const auto found = event.find(name);
      return found == event.end() ? std::string() : found->second;
    };
    const std::string word = cell("event");
    const auto is = [&](std::initializer_list<const char*> words) {
      return std::find(words.begin(), words.end(), word) != words.end();
    };
    const std::string from = cell("from_unit");
    const std::string to = cell("to_unit");
    const time::Date eve = on.plus_days(-1);
    if (!from.empty() && from != to) {
      if (is({"close", "disband", "absorb", "merge", "divide"}) && stands(from, on) &&
          stands(from, on.plus_days(1)))
        return true;
      if (is({"rename", "convert", "reparent", "split_off"}) && !stands(from, on) &&
          !stands(from, eve))
        return true;
    }
    if (to.empty() || is({"close", "disband", "unknown"}) || stands(to, on)) return false;
    return is({"merge", "divide", "split_off"}) || !stands(to, eve);
  }

  std::mt19937_64& random_;
  History& history_;
  std::vector<std::string> keys_;
  std::map<std::string, std::int32_t> ends_;
  int number_ = 0;
};

}  // namespace

void add_reorganisations(std::mt19937_64& random, History& history) {
  Reorganiser(random, history).run();
}

}  // namespace dangbo::test
