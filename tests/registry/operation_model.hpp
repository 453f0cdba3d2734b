// What operations mean, on a calendar of a few days: for every unit and day its parent and name,
// for every member and day the home unit. An operation on day d says what holds from d on.
#pragma once

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "dangbo/registry/registry.hpp"

namespace dangbo::testing {

class OperationModel {
 public:
  static constexpr int kDays = 24;
  static constexpr int kUnits = 30;
  static constexpr int kMembers = 14;
  static constexpr int kNone = -1;    // no parent, no home
  static constexpr int kAbsent = -2;  // not in force

  struct State {
    int parent[kUnits][kDays];
    int name[kUnits][kDays];
    int home[kMembers][kDays];
    friend bool operator==(const State&, const State&) = default;
  };

  // One operation, and what the calendar is after it; nothing when it must be refused.
  struct Step {
    registry::Operation operation;
    int day;
    std::optional<State> after;
    std::string word;
    bool reuses_key = false;  // of a unit that was: events of its first life may forbid it
  };

  OperationModel();
  [[nodiscard]] const State& state() const { return state_; }
  void become(const State& state) { state_ = state; }

  [[nodiscard]] Step random_step(std::mt19937& random) const;
  // Facts to begin with: a tree of eight units and members in them.
  void add_start(registry::Change& change) const;

  [[nodiscard]] static time::Date day(int number);
  [[nodiscard]] static std::string unit_key(int unit) { return "u" + std::to_string(unit); }
  [[nodiscard]] static std::string member_key(int member) { return "m" + std::to_string(member); }
  [[nodiscard]] static std::string name_of(int name) { return "Tên " + std::to_string(name); }

  // Members whose home is the unit, or the unit or one below it, counted one by one.
  [[nodiscard]] int stock(int unit, int day, bool with_below) const;

 private:
  State state_;
};

}  // namespace dangbo::testing
