// Values of a parameter by their first days, as `values` and `set` write them.
#pragma once

#include <vector>

#include "rules/reader.hpp"

namespace dangbo::inline v1::rules {

class ValueReader : protected PartReader {
 public:
  using PartReader::PartReader;

 protected:
  // Appends to `out`, which is empty, in the order of their days.
  void values(const YamlNode& node, const Parameter& parameter, std::vector<ParameterValue>& out);

 private:
  void value(const YamlNode& first, const YamlNode& node, const Parameter& parameter,
             std::vector<ParameterValue>& to);
  void append(const YamlNode& first, time::Date from, std::vector<ParameterValue>& to,
              ParameterValue out);
  void inside_the_law(const std::vector<ParameterValue>& values);

  std::vector<const YamlNode*> starts_;  // of the values at hand
};

}  // namespace dangbo::inline v1::rules
