// Which variables of a rule anything of it reads.
#pragma once

#include <cstddef>
#include <vector>

#include "dangbo/rules/rule.hpp"

namespace dangbo::inline v1::rules {

// Calls `visit` with every condition that holds on all days of the rule: of its scope, variables,
// requirement and texts.
template <typename Visit>
void for_each_own_condition(const Rule& rule, Visit visit) {
  const auto of_text = [&](const std::vector<Piece>& pieces) {
    for (const Piece& one : pieces) {
      if (one.value) visit(*one.value);
    }
  };
  if (rule.when) visit(*rule.when);
  for (const Let& one : rule.lets) visit(one.condition);
  if (rule.require) visit(*rule.require);
  for (const Template* text : {&rule.message, rule.remedy ? &*rule.remedy : nullptr}) {
    if (text == nullptr) continue;
    of_text(text->vi);
    of_text(text->en);
  }
}

// And of its exceptions.
template <typename Visit>
void for_each_condition(const Rule& rule, Visit visit) {
  for_each_own_condition(rule, visit);
  for (const Exception& one : rule.exceptions) {
    if (one.when) visit(*one.when);
  }
}

// By number of the variable, out of `variables`.
[[nodiscard]] inline std::vector<bool> variables_read(const Rule& rule, std::size_t variables) {
  std::vector<bool> out(variables, false);
  for_each_condition(rule, [&](const Condition& one) {
    for (const std::size_t variable : one.expression.variables()) out[variable] = true;
  });
  return out;
}

}  // namespace dangbo::inline v1::rules
