// Expressions and messages of a rule, checked against its names.
#pragma once

#include <string_view>

#include "rules/reader.hpp"

namespace dangbo::inline v1::rules {

class ConditionReader : protected PartReader {
 public:
  using PartReader::PartReader;

 protected:
  // Nothing, after a problem with its place inside the text, when it does not check or is not of
  // the kind wanted (kDyn: any that has a value for people).
  std::optional<Condition> condition(const YamlNode& node, const expr::Environment& names,
                                     expr::Kind wanted);
  // {vi, en} with placeholders; both languages must read the same values.
  std::optional<Template> text(const YamlNode& node, const expr::Environment& names);

 private:
  std::optional<Condition> compile(const YamlNode& node, std::string_view text, std::size_t offset,
                                   const expr::Environment& names);
  std::vector<Piece> pieces(const YamlNode& node, const expr::Environment& names);
  // The piece of a placeholder whose inside begins at `offset`.
  std::optional<Piece> placeholder(const YamlNode& node, std::string_view inside,
                                   std::size_t offset, const expr::Environment& names);
  // Where the byte `offset` of a scalar's text stands in the file: folded lines and escapes are
  // walked through.
  [[nodiscard]] SourcePlace place_in(const YamlNode& node, std::size_t offset) const;
  void refuse_at(const YamlNode& node, std::size_t offset, std::string_view value,
                 base::Message reason, base::Message fix);
};

}  // namespace dangbo::inline v1::rules
