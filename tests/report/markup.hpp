// A strict reader of markup: everything is closed, in order, quoted, and said once.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dangbo::test {

struct Element {
  std::string name;
  std::map<std::string, std::string> attributes;  // entities resolved
  std::size_t parent = 0;                         // of elements; the first is the document
  std::string text;                               // its own, entities resolved
};

struct Markup {
  std::vector<Element> elements;  // in the order of their start tags
  std::string error;              // empty: well-formed

  [[nodiscard]] const Element* find_id(std::string_view id) const;
  [[nodiscard]] bool is_inside(std::size_t element, std::size_t ancestor) const;
  // Text of an element and all inside it.
  [[nodiscard]] std::string text_of(const Element& element) const;
  // Cells of the table inside the element of this id, row by row, header first.
  [[nodiscard]] std::vector<std::vector<std::string>> table_in(std::string_view id) const;
  [[nodiscard]] std::size_t count(std::string_view name) const;
  [[nodiscard]] std::size_t deepest() const;
};

[[nodiscard]] Markup read_markup(std::string_view html);

}  // namespace dangbo::test
