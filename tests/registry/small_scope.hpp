// All small forests, and operations on them as drafts: for tests that try everything. Uses nothing
// of the library.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "registry/naive.hpp"

namespace dangbo::testing {

inline constexpr int kMaxUnits = 5;
inline constexpr int kLength = 3;
// Everything begins and ends on day 1 or 2 or is always there, so these days stand for all.
inline const std::array<int, 3> kDays = {day_of("2020-01-01"), day_of("2020-01-02"),
                                         day_of("2020-01-03")};
inline int day_number(int day) {
  return kDays[static_cast<std::size_t>(day)];
}

// By unit: the number of the unit above it, smaller than its own; -1 a root.
using Parents = std::vector<int>;

// Every forest of so many units, one of each kind that differs in more than the units' names.
std::vector<Parents> forests(int units);

std::string unit_key(int unit);
int unit_number(std::string_view key);
std::string to_text(const Parents& tree);

enum class What : std::uint8_t {
  kPlace,     // unit a stands under b from the day on; one closed is founded anew
  kClose,     // unit a ends on the day; one closed before is open again
  kFound,     // unit a's latest row begins on the day; one that does so already was always there
  kMend,      // unit a's latest row has stood under b all along
  kWithdraw,  // unit a's latest row should not be there
  kMove,      // member a is at home in unit b from the day on
  kJoin,      // a home row of member a in unit b from the day on, whatever the others say
  kEnd,       // member a's home ends on the day
  kTakeBack,  // member a's latest home row should not be there
  kAdvance,
};
struct Operation {
  What what;
  int a = 0;
  int b = -1;
  int day = 0;
};
std::string to_text(const Operation& operation);

// The operations tried on forests of so many units.
std::vector<Operation> alphabet(int units);

// The units of a forest, two members and the home of the first.
Draft founding(const Parents& tree);
// An operation as a change of what stands now.
Draft write(const Operation& operation, const Naive& model);
// Takes back all after commit `head`.
void take_back(Naive& model, int head);

}  // namespace dangbo::testing
