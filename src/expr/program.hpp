// What compile() makes: the checked tree and what it needs to run.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "dangbo/expr/expression.hpp"
#include "expr/pattern.hpp"
#include "expr/tree.hpp"

namespace dangbo::inline v1::expr::detail {

struct Program {
  std::string text;
  std::shared_ptr<const Environment> environment;
  Tree tree;
  std::vector<std::unique_ptr<Pattern>> patterns;  // Node::slot of a call of matches(), from 1
  std::uint32_t locals = 0;                        // most that live at once
};

// What the functions may ask for beside their arguments.
struct Surroundings {
  const time::WorkingCalendar* calendar = nullptr;
  std::uint64_t steps = 0;  // left; 0 = the evaluation is over

  // Pays for work; false when there is not enough left.
  bool pay(std::uint64_t cost) noexcept {
    if (cost >= steps) {
      steps = 0;
      return false;
    }
    steps -= cost;
    return true;
  }
};

// The value of a function of arguments that are no errors. An error has no span yet. `pattern` is
// the compiled second argument of matches(), when that is constant.
[[nodiscard]] Value apply(Function function, std::span<const Value> arguments,
                          const Pattern* pattern, Surroundings& around);

// Resolves names and types in the tree of `program`; false when something is wrong.
[[nodiscard]] bool check(Program& program, class Faults& faults);

// Whether the member is there: has().
[[nodiscard]] Value is_present(const Value& of, const Node& node, const Tree& tree) noexcept;
[[nodiscard]] Value select(const Value& of, const Node& node, const Tree& tree);

}  // namespace dangbo::inline v1::expr::detail
