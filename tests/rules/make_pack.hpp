// Packs made in code from the texts of their expressions.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dangbo/rules/pack.hpp"

namespace dangbo::test {

struct ExceptionText {
  std::string label;
  std::string when;
  std::optional<rules::Severity> downgrade;
};

struct RuleText {
  std::string id;
  rules::Subject subject;
  std::string when;
  std::vector<std::pair<std::string, std::string>> lets;
  std::string require;
  std::vector<ExceptionText> exceptions;
  time::DateRange effective;
};

struct ParameterText {
  std::string id;
  std::vector<std::pair<std::string, std::int64_t>> values;  // first day, value
  rules::Evidence evidence = rules::Evidence::kA;
};

rules::Subject subject_of(rules::Subject::Kind kind);
rules::Subject units_of(std::vector<std::string> kinds);
rules::Subject rows_of(std::string table, std::string subject_type = {});
rules::Subject cohorts_of(std::string table, std::vector<std::string> by,
                          std::string subject_type = {});

// Fails the test when an expression is refused. Everything cites charter/1.
rules::Pack make_pack(const std::vector<ParameterText>& parameters,
                      const std::vector<RuleText>& rules);

}  // namespace dangbo::test
