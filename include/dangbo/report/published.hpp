// Figures that were published once, beside what a registry gives today.
#pragma once

#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/base/problem.hpp"
#include "dangbo/registry/snapshot.hpp"
#include "dangbo/time/date.hpp"

namespace dangbo::inline v1::report {

// Số liệu đã công bố: one figure of a text, and the question whose answer should be that figure.
struct PublishedFigure {
  std::string source;  // number of the text
  std::string place;   // its title
  time::Date as_of;
  base::Message figure;   // what is counted, in words
  double published = 0;   // as printed
  bool at_least = false;  // the text says "over" or "at least"
  std::string body;       // whose figure it is; names the data it can be computed from
  std::string query;      // a query document (docs/query.md)
  std::string value;      // which number of its answer: count, percent, rows, min, max
  base::Message note;
};

// A CSV file with the columns source, place, as_of, figure_vi, figure_en, published, relation (= or
// >=), body, query, value, note_vi, note_en, in any order; others are ignored. InvalidArgument with
// one problem a mistake, `file` being its name in them.
[[nodiscard]] absl::StatusOr<std::vector<PublishedFigure>> parse_published(std::string_view csv,
                                                                           std::string_view file);

struct ComputedFigure {
  std::optional<double> value;  // nothing: the answer has no such number, or there is none
  bool agrees = false;
  base::ProblemList problems;  // of the query, when it was refused
};

// Asks the figure's query on its own day ("on", else `as_of`) as known at `known_at`. Costs one
// query.
[[nodiscard]] ComputedFigure compute(const registry::Snapshot& snapshot,
                                     base::CommitNumber known_at, const PublishedFigure& figure);

}  // namespace dangbo::inline v1::report
