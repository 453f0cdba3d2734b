// Published figures beside computed ones.
#include <algorithm>

#include "report/html.hpp"
#include "report/suppress.hpp"

namespace dangbo::inline v1::report {

namespace {

class PublishedTable {
 public:
  explicit PublishedTable(const Context& context) : context_(context), say_(context.say) {}

  std::string draw() {
    DataTable table(say_("Số liệu đã công bố và tính được", "Published and computed figures"));
    table.head({say_("số liệu", "figure"), say_("ngày", "day"), say_("nguồn", "source"),
                say_("công bố", "published"), say_("tính được", "computed"),
                say_("khớp", "agrees")});
    for (const ShownFigure& shown : context_.model.figures) row(table, shown);
    std::string out =
        "<div class=\"figure-table\" id=\"published-table\">" + table.finish() + "</div>";
    if (!notes_.empty()) {
      out += "<ol class=\"notes\">";
      for (const std::string& note : notes_) out += "<li>" + base::escape_html(note) + "</li>";
      out += "</ol>";
    }
    return out;
  }

  std::string lead() const {
    std::size_t agreed = 0;
    std::size_t compared = 0;
    for (const ShownFigure& shown : context_.model.figures) {
      if (shown.is_withheld) continue;
      ++compared;
      agreed += shown.computed.agrees ? 1 : 0;
    }
    return say_.number(static_cast<std::int64_t>(agreed)) + "/" +
           say_.number(static_cast<std::int64_t>(compared)) +
           say_(
               " số liệu tính từ dữ liệu này khớp với số đã công bố. Mỗi số có ngày và câu hỏi "
               "riêng.",
               " figures computed from this data agree with the published ones. Each has a day "
               "and a question of its own.");
  }

 private:
  void row(DataTable& table, const ShownFigure& shown) {
    const PublishedFigure& figure = shown.figure;
    const std::string words = clean(say_(figure.figure), 200);
    const std::string name = words.empty() ? clean(figure.query, 200) : words;
    std::string computed = shown.computed.value ? say_.decimal(*shown.computed.value) : "–";
    std::string verdict = shown.computed.agrees
                              ? "<span class=\"yes\">✓ " + say_("có", "yes") + "</span>"
                              : "<span class=\"no\">✗ " + say_("không", "no") + "</span>";
    std::string marks;
    if (shown.is_withheld) {
      computed = say_("không nêu", "withheld");
      verdict = "–";
      marks +=
          mark(say_("liên quan dân tộc hoặc tôn giáo: số nhỏ, ở dưới cấp cơ sở, hoặc từ đó tính "
                    "ra được số không nêu",
                    "about ethnicity or religion: small, below grassroots level, or a withheld "
                    "figure could be computed from it"));
    } else if (!shown.computed.problems.empty()) {
      const base::Problem& problem = shown.computed.problems.kept().front();
      marks += mark(say_("câu hỏi bị từ chối: ", "the question is refused: ") +
                    clean(say_(problem.reason), 200));
    }
    if (!say_(figure.note).empty()) marks += mark(clean(say_(figure.note), 400));
    table.row({"<bdi>" + base::escape_html(name) + "</bdi>" + marks,
               base::escape_html(say_.date(figure.as_of)),
               "<span title=\"" + base::escape_html(clean(figure.place, 200)) + "\">" +
                   bdi(context_, figure.source, kKeyLimit) + "</span>",
               (figure.at_least ? "≥ " : "") + say_.decimal(figure.published), computed, verdict},
              shown.is_withheld ? "withheld" : "");
  }

  // A number for a note; the same note has one number.
  std::string mark(const std::string& text) {
    const auto at = std::find(notes_.begin(), notes_.end(), text);
    const auto number = static_cast<std::size_t>(at - notes_.begin()) + 1;
    if (at == notes_.end()) notes_.push_back(text);
    return "<sup>" + std::to_string(number) + "</sup>";
  }

  const Context& context_;
  Wording say_;
  std::vector<std::string> notes_;
};

}  // namespace

std::string published_section(const Context& context) {
  if (context.model.figures.empty()) return {};
  PublishedTable table(context);
  const std::string lead = base::escape_html(table.lead());
  return section(word_of(Part::kPublished),
                 context.say("Số đã công bố và số tính được", "Published and computed"), lead,
                 table.draw());
}

}  // namespace dangbo::inline v1::report
