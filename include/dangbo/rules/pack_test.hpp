// The tests beside the rules of a pack, run on the engine that checks real facts: every case is
// judged as one subject is, over records that hold only what the test gives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "dangbo/base/problem.hpp"
#include "dangbo/rules/pack.hpp"

namespace dangbo::inline v1::rules {

// One thing that tests should have seen.
struct Coverage {
  enum class Kind : std::uint8_t {
    kRuleHolds,         // a subject that satisfies the rule
    kRuleFails,         // one that does not
    kExceptionApplies,  // one that the exception covers
    kExceptionDoesNot,  // one that does not satisfy the rule and that it does not cover
    kParameterValue,    // a day of that value on which a rule that reads it was judged in force
  };
  Kind kind = Kind::kRuleHolds;
  std::string id;    // of the rule or parameter
  std::string part;  // label of the exception, first day of the value; else empty
  bool is_covered = false;
};

struct TestReport {
  std::size_t cases = 0;           // subjects judged, generated ones among them
  base::ProblemList failures;      // by file, line, column
  std::vector<Coverage> coverage;  // in the order of the pack; values that no rule reads left out
};

// Runs every test of the pack. Never fails otherwise: a case that cannot be judged is a failure of
// the test. At most kMaxTestRows rows a case. O(cases × their rows).
[[nodiscard]] TestReport run_tests(const Pack& pack);

inline constexpr std::size_t kMaxTestRows = 1'000'000;

}  // namespace dangbo::inline v1::rules
