// Pieces of HTML that every section uses. What they return is well-formed as XML is: every element
// is closed, every attribute quoted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/model.hpp"
#include "report/svg.hpp"
#include "report/text.hpp"

namespace dangbo::inline v1::report {

// What sections draw with.
struct Context {
  const Model& model;
  Wording say;

  // The mark of invented data in pictures; empty when the data is not.
  [[nodiscard]] std::string mark() const {
    return model.is_synthetic ? say("DỮ LIỆU MÔ PHỎNG", "SYNTHETIC DATA") : std::string();
  }
};

[[nodiscard]] inline std::string element(std::string_view name, std::string_view classes,
                                         std::string_view content) {
  std::string out = "<";
  out += name;
  if (!classes.empty()) ((out += " class=\"") += classes) += '"';
  ((out += '>') += content) += "</";
  return (out += name) += '>';
}

// A unit's name, or its key where it has none, as plain text.
[[nodiscard]] std::string name_of(const Unit& unit, std::size_t limit = kNameLimit);
// Without the word for its kind, for places too narrow for it.
[[nodiscard]] std::string short_name_of(const Unit& unit);
// The name for a page: isolated from the direction of what surrounds it, and said to be Vietnamese.
[[nodiscard]] std::string name_html(const Context& context, const Unit& unit,
                                    std::size_t limit = kNameLimit);
[[nodiscard]] std::string bdi(const Context& context, std::string_view text, std::size_t limit);
// A word of a vocabulary in the page's language, or a word of the data as it stands there.
[[nodiscard]] std::string word_html(const Context& context, const base::Message& word);

// The Vietnamese or English name of a kind or class by its code.
[[nodiscard]] std::string kind_label(const Context& context, std::uint32_t kind);
[[nodiscard]] std::string kind_label(const Context& context, std::string_view word);

// "2.712 đảng viên".
[[nodiscard]] std::string members_text(const Context& context, std::int64_t members);

// What every figure says of itself: its day, its base, own or with below. Escaped.
[[nodiscard]] std::string basis(const Context& context, std::string_view base);

// A table of numbers with a caption. Cells are HTML.
class DataTable {
 public:
  explicit DataTable(std::string_view caption);
  void head(const std::vector<std::string>& titles);
  // The first cell names the row.
  void row(const std::vector<std::string>& cells, std::string_view classes = {});
  [[nodiscard]] std::string finish() const;

 private:
  std::string out_;
  bool has_body_ = false;
};

struct Figure {
  std::string id;        // of the figure element; its pictures begin with it
  std::string title;     // HTML
  std::string basis;     // HTML
  std::string pictures;  // HTML
  std::string table;     // HTML; empty: the picture is a table itself
  std::string classes;
  std::string note;  // HTML under the picture
};
[[nodiscard]] std::string to_html(const Context& context, const Figure& figure);

[[nodiscard]] std::string section(std::string_view id, std::string_view title,
                                  std::string_view lead, std::string_view content);

// A stacked bar. Segments are drawn in order; a segment with a label shows it where it fits.
struct Segment {
  std::int64_t count = 0;
  std::string classes;
  std::string label;
  std::string tip;
};
void stacked_bar(Picture& picture, const Box& box, std::int64_t whole,
                 const std::vector<Segment>& segments);

// Sections, in the order of the page; empty: nothing to show.
[[nodiscard]] std::string overview_section(const Context& context);
[[nodiscard]] std::string units_section(const Context& context);
[[nodiscard]] std::string composition_section(const Context& context);
[[nodiscard]] std::string grades_section(const Context& context);
[[nodiscard]] std::string trend_section(const Context& context);
// A folded list of the direct units' trends, for trend_section; empty: none.
[[nodiscard]] std::string unit_trends(const Context& context);
[[nodiscard]] std::string movements_section(const Context& context);
[[nodiscard]] std::string reorganisation_section(const Context& context);
[[nodiscard]] std::string published_section(const Context& context);
[[nodiscard]] std::string notes_section(const Context& context);

// Classes of fills. Kinds keep their colour in the whole page.
[[nodiscard]] std::string kind_fill(const Context& context, std::uint32_t kind);
[[nodiscard]] std::string category_fill(const Composition& composition, std::size_t category);
[[nodiscard]] std::string grade_fill(std::size_t code);
// 0 the best; grades of different rules that have one rank share a colour.
[[nodiscard]] std::size_t grade_rank(std::size_t code);

// The page's units that have a place in pictures: at most `most`, the largest, in the order of the
// tree; the others are summed up.
struct Selection {
  std::vector<std::uint32_t> units;
  std::vector<std::uint32_t> rest;
  std::int64_t rest_members = 0;
};
[[nodiscard]] Selection select_tops(const Model& model, std::size_t most);

}  // namespace dangbo::inline v1::report
