// The checker's part for calls: overloads, enumerations, constants. The walk is in check.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "expr/fault.hpp"
#include "expr/program.hpp"

namespace dangbo::inline v1::expr::detail {

[[nodiscard]] constexpr bool is_open(Kind kind) noexcept {
  return kind == Kind::kDyn || kind == Kind::kFree || kind == Kind::kError;
}

// The narrowest type both have; false when there is none but dyn.
[[nodiscard]] bool join_types(const Type& a, const Type& b, Type& out);

class CallChecker {
 protected:
  using Id = std::uint32_t;

  CallChecker(Program& program, Faults& faults);
  ~CallChecker() = default;

  void set_error(Node& node);
  void fault(Id id, Span span, base::Message reason, base::Message fix = {});
  [[nodiscard]] static base::Message suggest(std::string_view word,
                                             std::span<const std::string_view> candidates);
  void become_constant(Node& node, Value value, Type type);
  // Whether the value may be missing.
  [[nodiscard]] bool is_optional(const Node& node) const;
  void call(Id id);
  void unknown_function(Id id);
  [[nodiscard]] std::string shown_arguments(const Node& node) const;
  void no_overload(Id id);
  // A word compared with an enumeration must be one of it, and becomes it.
  bool as_word_of(Id id, const Type& enumeration);
  void equality(Id id);
  void null_test(Id id, Id left, Id right);
  void inclusion(Id id);
  // x in ["official", "probationary"]: each must be a word of the enumeration.
  void words(Id id, const Type& type, Id in);
  void index(Id id);
  void ordering(Id id);
  [[nodiscard]] bool takes(const Signature& signature, const Node& node) const;
  void overload(Id id);
  void pattern(Id id);
  // Adding months needs a rounding: refused here as far as constants tell.
  void rounding(Id id);
  // A call of constants is a constant. What fails is refused in packs; elsewhere it waits, since
  // && and || may absorb it.
  void fold(Id id);

  Program& program_;
  Tree& tree_;
  const Environment& environment_;
  Faults& faults_;
  bool is_pack_;

 private:
  Surroundings around_;
};

}  // namespace dangbo::inline v1::expr::detail
