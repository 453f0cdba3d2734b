// The operations of a change script.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/load/yaml_reader.hpp"
#include "dangbo/registry/operation.hpp"
#include "dangbo/registry/registry.hpp"
#include "load/header.hpp"

namespace dangbo::inline v1::load::detail {

class OperationReader : private YamlReader {
 public:
  OperationReader(const registry::Registry& registry, base::ProblemCode code,
                  base::ProblemList& problems);

  // The words of operations, as scripts write them.
  [[nodiscard]] static const std::vector<std::string_view>& words();
  // `item` holds one key, the operation's word, and what it says. Nothing after a problem. The
  // place of the result has no file.
  [[nodiscard]] std::optional<registry::Operation> read(const YamlNode& item);

 private:
  using Node = YamlNode;
  [[nodiscard]] std::optional<registry::Operation> read_unit(std::string_view word,
                                                             const Node& map);
  [[nodiscard]] std::optional<registry::Operation> read_member(std::string_view word,
                                                               const Node& map);

  [[nodiscard]] registry::Act act(const Node& map, bool needs_day = true);
  [[nodiscard]] std::string text(const Node& map, std::string_view key, bool is_needed = true);
  [[nodiscard]] std::optional<std::string> maybe(const Node& map, std::string_view key);
  [[nodiscard]] std::vector<std::string> texts(const Node& map, std::string_view key);
  // One key or a list of them, under the one word or the other.
  [[nodiscard]] std::vector<std::string> several(const Node& map, std::string_view one,
                                                 std::string_view many);
  [[nodiscard]] std::optional<time::Date> date(const Node& map, std::string_view key);
  [[nodiscard]] registry::Attributes attributes(const Node& map, const table::Schema& schema);
  [[nodiscard]] std::vector<registry::Part> parts(const Node& map);
  [[nodiscard]] bool flag(const Node& map, std::string_view key);

  table::Schema units_;
  table::Schema members_;
  FieldWords unit_words_;
  FieldWords member_words_;
};

}  // namespace dangbo::inline v1::load::detail
