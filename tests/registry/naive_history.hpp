// Random changes that are sound more often than not: the life of an organisation, and slips.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "registry/naive.hpp"

namespace dangbo::testing {

class History {
 public:
  // Changes of histories with different names bring different keys.
  explicit History(std::uint64_t seed, std::string name = {})
      : random_(seed), name_(std::move(name)) {}

  // A first change: a few units, members and a decision.
  Draft found();
  // About `rows` rows that `model` may accept.
  Draft draft(const Naive& model, int rows);

  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  bool chance(int one_in) { return pick(1, one_in) == 1; }
  // A day where something begins or ends, or one beside it, or any.
  int day(const Naive& model);

 private:
  using Values = std::vector<std::pair<const char*, std::string>>;

  void add(std::size_t table, const Values& values);
  void correct(const Naive& model, std::size_t table, int row, const Values& values);
  void withdraw(const Naive& model, std::size_t table, int row);
  void name_target(const Naive& model, Entry& entry, int row);
  // A row that stands and that the change does not touch yet.
  std::optional<int> standing(const Naive& model, std::size_t table);

  void found_unit(const Naive& model);
  void admit(const Naive& model);
  void move(const Naive& model);
  void end_membership(const Naive& model);
  void stay(const Naive& model);
  void reparent(const Naive& model);
  void close_unit(const Naive& model);
  void shift_a_day(const Naive& model);
  void mend(const Naive& model);
  void take_back(const Naive& model);
  void note(const Naive& model);
  void slip(const Naive& model);
  void slip_in_target(const Naive& model);

  std::string unit(const Naive& model);
  std::string member(const Naive& model);
  std::string decision(const Naive& model);
  std::string text();
  int any_day() { return kFirst + pick(0, 90); }
  // A day within the row's interval that divides it; nothing when there is none.
  std::optional<int> day_inside(const Row& row);

  static inline const int kFirst = day_of("2020-01-01");
  std::mt19937_64 random_;
  std::string name_;
  int number_ = 0;
  Draft draft_;
  std::set<std::pair<std::size_t, int>> touched_;
};

}  // namespace dangbo::testing
