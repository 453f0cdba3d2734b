// Expressions: read, checked against a closed set of names, evaluated for one row.
//
// The language is a strict profile of CEL (https://cel.dev, google/cel-spec doc/langdef.md); what
// differs is listed in docs/expressions.md. An expression cannot loop, has no side effect and knows
// no clock; what it costs is bounded before it runs.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/base/problem.hpp"
#include "dangbo/expr/value.hpp"
#include "dangbo/time/working_days.hpp"

namespace dangbo::inline v1::expr {

namespace detail {
struct Program;
}

enum class Profile : std::uint8_t {
  kPack,  // for rules: strictly typed, every construct has a column kernel, no zero-based getters,
          // no time zones, no bytes, no dyn
  kConformance,  // all of CEL but messages, gradually typed
};

// What is wrong with an expression, and where in its text.
struct Fault {
  Span span;
  base::Message reason;
  base::Message fix;  // may be empty
};

// The names an expression may use. Nothing else exists.
struct Environment {
  std::vector<Member> variables;  // may be qualified: "a.b"; the longest prefix wins
  Profile profile = Profile::kPack;
  // For plusWorkingDays, workingDaysSince and isWorkingDay; null = those are refused.
  std::shared_ptr<const time::WorkingCalendar> calendar;
};

inline constexpr std::size_t kMaxTextBytes = 100'000;
inline constexpr std::size_t kMaxDepth = 250;  // of nesting; terms of && and || do not count
inline constexpr std::uint64_t kMaxSteps = 10'000'000;  // of one evaluation

// What decided a value: a part of the text and what it was.
struct Decision {
  Span span;
  Value value;
  std::int64_t element = -1;  // of a quantifier: the position of the witness or counter-example
};

// A field that an expression reads: of a variable, through members of records by their numbers, of
// lists through those of their elements. An empty path is the variable itself.
struct FieldRead {
  std::size_t variable = 0;
  std::vector<std::uint32_t> path;
  friend auto operator<=>(const FieldRead&, const FieldRead&) = default;
};

// An expression that was checked. Immutable, cheap to copy, safe from any number of threads.
class Expression {
 public:
  // Fails with one problem (ProblemCode::kBadQuery) a fault, the place being line and column in
  // characters; `faults`, when given, receives them with their spans. O(text), at most
  // kMaxTextBytes.
  [[nodiscard]] static absl::StatusOr<Expression> compile(std::string_view text,
                                                          const Environment& environment,
                                                          std::vector<Fault>* faults = nullptr);

  [[nodiscard]] const std::string& text() const noexcept;
  [[nodiscard]] const Type& type() const noexcept;
  // The variables that it reads, by their numbers in the environment, ascending.
  [[nodiscard]] std::vector<std::size_t> variables() const;
  // What it reads, ascending, each once: relations it passes through among them. O(nodes).
  [[nodiscard]] std::vector<FieldRead> reads() const;
  // At most this many steps of evaluation when no list or text of the data is longer than
  // `longest`; saturates at the largest number.
  [[nodiscard]] std::uint64_t cost(std::uint64_t longest) const noexcept;

  // `variables` in the order of the environment. A missing variable is
  // Value::error(ErrorCode::kMissing). The result borrows what the arguments borrow, and words of
  // the expression itself. An error carries the span of the part that failed.
  [[nodiscard]] Value evaluate(std::span<const Value> variables) const;
  // The same, with what decided: outermost first, at most `most` parts.
  [[nodiscard]] Value evaluate(std::span<const Value> variables, std::vector<Decision>& decisions,
                               std::size_t most = 32) const;
  // The same, with the first later day of the variable `clock`, a date, on which the value may be
  // another one, all other variables staying as they are; nothing when there is none within 350
  // years. Never too late, and exact for comparisons of whole days, months and years.
  // REQUIRES: variables[clock] is a date.
  [[nodiscard]] Value evaluate(std::span<const Value> variables, std::size_t clock,
                               std::optional<time::Date>& until) const;

  [[nodiscard]] const std::shared_ptr<const detail::Program>& program() const noexcept {
    return program_;
  }

 private:
  explicit Expression(std::shared_ptr<const detail::Program> program)
      : program_(std::move(program)) {}
  std::shared_ptr<const detail::Program> program_;
};

// The expression laid out afresh: one way of spacing and quoting, comments kept, long chains of &&
// and || broken. The meaning is the same and formatting twice changes nothing. Fails as compile()
// does, for mistakes of grammar only.
[[nodiscard]] absl::StatusOr<std::string> format(std::string_view text,
                                                 std::vector<Fault>* faults = nullptr);

// Whether `matches` works: the library was built with RE2.
[[nodiscard]] bool has_patterns() noexcept;

}  // namespace dangbo::inline v1::expr
