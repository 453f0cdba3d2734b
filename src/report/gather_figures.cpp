// Published figures beside computed ones, and which of them the public may not see.
#include <algorithm>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "dangbo/party/schemas.hpp"
#include "report/model.hpp"
#include "report/suppress.hpp"
#include "report/text.hpp"

namespace dangbo::inline v1::report {

namespace {

using Json = nlohmann::json;

// A column by its last part: "member.ethnicity" is about ethnicity.
bool is_sensitive(const Model& model, const std::string& of, std::string_view column) {
  const std::size_t dot = column.rfind('.');
  const std::string_view name = dot == std::string_view::npos ? column : column.substr(dot + 1);
  const auto has = [&](const table::Schema& schema) {
    const auto at = schema.find(name);
    return at && schema.fields()[*at].sensitive;
  };
  for (const auto& schema : party::standard_schemas()) {
    if (has(*schema)) return true;
  }
  const auto rows = model.view.snapshot().rows(of);
  return rows && has(rows->schema());
}

// Sensitive columns that a question names, wherever; those in plain "where" apart.
struct Names {
  std::vector<std::string> filters;
  bool is_elsewhere = false;
};

void find_names(const Model& model, const Json& question, bool is_top, Names& out) {
  const std::string of = question.value("of", std::string());
  const auto note = [&](const std::string& column, bool is_filter) {
    if (!is_sensitive(model, of, column)) return;
    if (is_filter) {
      out.filters.push_back(column);
    } else {
      out.is_elsewhere = true;
    }
  };
  if (const auto where = question.find("where"); where != question.end() && where->is_object()) {
    for (const auto& [column, value] : where->items()) note(column, is_top);
  }
  if (const auto by = question.find("by"); by != question.end() && by->is_array()) {
    for (const Json& column : *by) {
      if (column.is_string()) note(column.get<std::string>(), false);
    }
  }
  if (const auto sum = question.find("sum"); sum != question.end() && sum->is_string()) {
    note(sum->get<std::string>(), false);
  }
}

// A count by one sensitive column that tells no more than the page's own figures of that column do:
// of the same day and unit, every word asked for shown, or every other one.
bool tells_nothing_new(const Model& model, const Json& question, const PublishedFigure& figure,
                       const std::string& column) {
  const std::string day = model.view.day().to_string();
  const std::string unit = question.value("unit", std::string());
  const bool is_same = question.value("of", std::string()) == "members" &&
                       question.value("on", day) == day && figure.as_of == model.view.day() &&
                       (unit == model.unit_key || (unit.empty() && model.request.unit.empty()));
  const bool is_plain = figure.value == "count" && question["where"].size() == 1 &&
                        !question.contains("each") && !question.contains("having") &&
                        !question.contains("known_at") && !question.contains("share") &&
                        !question.contains("by");
  const Composition* shown = model.find(column);
  if (!is_same || !is_plain || shown == nullptr) return false;
  const Json& condition = question["where"][column];
  const bool is_not = condition.is_object() && condition.contains("not");
  if (condition.is_object() && !is_not) return false;
  const Json words = is_not ? condition["not"] : condition;
  const auto is_named = [&](const Category& category) {
    const auto same = [&](const Json& word) {
      return word.is_string() && clean(word.get<std::string>(), 40) == category.label.vi;
    };
    if (category.is_missing || category.is_rest) return false;
    return words.is_array() ? std::any_of(words.begin(), words.end(), same) : same(words);
  };
  // The count is the sum of one part of the categories, and all less the sum of the other.
  bool is_part_shown = true;
  bool is_other_shown = true;
  std::size_t named = 0;
  for (std::size_t c = 0; c < shown->categories.size(); ++c) {
    const bool is_asked = is_named(shown->categories[c]);
    named += is_asked ? 1 : 0;
    const bool counts = is_asked != is_not && !shown->categories[c].is_missing;
    const bool is_hidden = !shown->hidden_total.empty() && shown->hidden_total[c];
    (counts ? is_part_shown : is_other_shown) &= !is_hidden;
  }
  // A word that is no category of the page stands somewhere in what is taken together.
  const std::size_t asked = words.is_array() ? words.size() : 1;
  return named == asked && (is_part_shown || is_other_shown);
}

bool is_withheld(const Model& model, const PublishedFigure& figure,
                 const ComputedFigure& computed) {
  if (!model.is_public() || !computed.value) return false;
  const Json question = Json::parse(figure.query, nullptr, false);
  if (!question.is_object()) return false;
  Names names;
  find_names(model, question, true, names);
  for (const char* inner : {"having", "share"}) {
    const auto at = question.find(inner);
    if (at != question.end() && at->is_object()) {
      find_names(model, *at, false, names);
      const auto deeper = at->find("having");
      if (deeper != at->end() && deeper->is_object()) find_names(model, *deeper, false, names);
    }
  }
  if (names.filters.empty() && !names.is_elsewhere) return false;
  const bool is_small = *computed.value < static_cast<double>(kSmallest);
  return names.is_elsewhere || names.filters.size() > 1 || is_small ||
         !tells_nothing_new(model, question, figure, names.filters.front());
}

}  // namespace

void gather_figures(Model& model) {
  if (!model.request.has(Part::kPublished)) return;
  for (const PublishedFigure& figure : model.request.published) {
    ShownFigure shown{figure, compute(model.view.snapshot(), model.view.known_at(), figure), false};
    shown.is_withheld = is_withheld(model, figure, shown.computed);
    model.figures.push_back(std::move(shown));
  }
}

}  // namespace dangbo::inline v1::report
