// What a rule says of one subject.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/base/problem.hpp"
#include "dangbo/rules/rule.hpp"
#include "dangbo/time/date.hpp"

namespace dangbo::inline v1::rules {

// Kết quả.
enum class Outcome : std::uint8_t {
  kOutOfScope,   // ngoài phạm vi: the rule does not speak of it, or not on this day
  kSatisfied,    // đạt
  kViolated,     // không đạt
  kWaived,       // được miễn: an exception takes the requirement away
  kDowngraded,   // giảm mức: an exception makes it milder
  kConflict,     // ngoại lệ mâu thuẫn: two exceptions with different effects
  kUndecidable,  // chưa kết luận được: what is needed to tell is missing
};

[[nodiscard]] std::string_view text_of(Outcome outcome) noexcept;  // "violated" …
// All but the first two.
[[nodiscard]] constexpr bool is_finding(Outcome outcome) noexcept {
  return outcome >= Outcome::kViolated;
}

// How an exception stood to a subject.
struct ConsideredException {
  enum class Answer : std::uint8_t { kApplies, kDoesNot, kUndecidable, kNotInForce };
  std::size_t exception = 0;  // position in Rule::exceptions
  Answer answer = Answer::kDoesNot;
};

// The answer of a rule about one subject, before anything is written about it.
struct Verdict {
  Outcome outcome = Outcome::kOutOfScope;
  Severity severity = Severity::kViolation;
  std::vector<ConsideredException> exceptions;  // of those that do not satisfy the requirement
  expr::Value scope;                            // of `when`; true without one
  expr::Value require;                          // null when out of scope
};

// Applies `rule` to one subject. `variables` are numbered as Pack::names says, those of `let` being
// filled in here; `day` is the day of the check. When `until` is given, it becomes the first later
// day on which the answer may be another, all variables but the day staying as they are; nothing:
// never. O(evaluation). Any thread.
[[nodiscard]] Verdict judge(const Rule& rule, const RuleNames& names,
                            std::vector<expr::Value>& variables, time::Date day,
                            std::optional<time::Date>* until = nullptr);

// A text of the rule with the values of a subject in it. What is missing stands as "?".
[[nodiscard]] std::string fill_in(const std::vector<Piece>& pieces,
                                  std::span<const expr::Value> variables, base::Language language);

// A value as people read it: days as 30/11/2020 in Vietnamese and 2020-11-30 in English, words of a
// vocabulary by their id; "?" for what is missing.
[[nodiscard]] std::string text_of(const expr::Value& value, base::Language language);

}  // namespace dangbo::inline v1::rules
