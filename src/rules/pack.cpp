#include "dangbo/rules/pack.hpp"

namespace dangbo::inline v1::rules {

std::string_view text_of(Evidence evidence) noexcept {
  switch (evidence) {
    case Evidence::kA:
      return "A";
    case Evidence::kB:
      return "B";
    case Evidence::kC:
      return "C";
    case Evidence::kMHigh:
      return "M-high";
    case Evidence::kMMed:
      return "M-med";
  }
  return "";
}

std::string_view text_of(Severity severity) noexcept {
  switch (severity) {
    case Severity::kAdvisory:
      return "advisory";
    case Severity::kNotice:
      return "notice";
    case Severity::kViolation:
      return "violation";
  }
  return "";
}

std::string_view text_of(Level level) noexcept {
  switch (level) {
    case Level::kNational:
      return "national";
    case Level::kProvincial:
      return "provincial";
    case Level::kLocal:
      return "local";
  }
  return "";
}

const ParameterValue* Parameter::on(time::Date day) const noexcept {
  for (const ParameterValue& value : values) {
    if (value.days.contains(day)) return &value;
  }
  return nullptr;
}

const Parameter* Pack::parameter(std::string_view name) const noexcept {
  for (const Parameter& parameter : parameters) {
    if (parameter.id == name) return &parameter;
  }
  return nullptr;
}

const Rule* Pack::rule(std::string_view name) const noexcept {
  for (const Rule& one : rules) {
    if (one.id == name) return &one;
  }
  return nullptr;
}

RuleNames Pack::names(const Rule& rule) const noexcept {
  RuleNames out;
  out.keys = RuleNames::kParameters + parameters.size();
  out.lets = out.keys + rule.subject.by.size();
  out.size = out.lets + rule.lets.size();
  return out;
}

expr::Environment Pack::environment(const Rule& rule) const {
  expr::Environment out;
  out.calendar = calendar;
  out.variables = {{"self", rule.self}, {"as_of", expr::Kind::kDate}};
  for (const Parameter& one : parameters) {
    out.variables.push_back({"param." + one.id, one.codes != nullptr
                                                    ? expr::Type::enumeration(one.codes)
                                                    : expr::Type(expr::Kind::kInt)});
  }
  if (const auto item = rule.subject.is_cohort() ? subjects.item(rule.subject) : std::nullopt) {
    for (const std::string& key : rule.subject.by) {
      out.variables.push_back({key, *SubjectSchema::at(*item, key)});
    }
  }
  for (const Let& one : rule.lets) {
    out.variables.push_back({one.name, one.condition.expression.type()});
  }
  return out;
}

}  // namespace dangbo::inline v1::rules
