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

}  // namespace dangbo::inline v1::rules
