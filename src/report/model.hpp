// What a page shows, gathered by queries before anything is drawn.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "dangbo/base/problem.hpp"
#include "dangbo/registry/snapshot.hpp"
#include "dangbo/report/reorganisation.hpp"
#include "dangbo/table/schema.hpp"
#include "dangbo/table/table.hpp"
#include "report/request.hpp"

namespace dangbo::inline v1::report {

inline constexpr std::uint32_t kNone = 0xFFFFFFFFU;

// One unit of the tree, in pre-order. Texts live as long as the model.
struct Unit {
  std::string_view key;
  std::string_view name;             // empty: missing
  std::uint32_t kind = kNone;        // code of party::unit_kinds
  std::uint32_t unit_class = kNone;  // code of party::unit_classes
  std::uint32_t parent = kNone;      // kNone: a top of the page
  std::uint32_t level = 0;
  std::uint32_t end = 0;  // one past the last unit below
  std::int64_t own = 0;
  std::int64_t below = 0;
};

// A question that was asked, for the list of sources.
struct Asked {
  base::Message what;
  time::Date on;
  std::string query;
  std::vector<base::Message> notes;
};

struct Category {
  base::Message label;
  bool is_missing = false;
  bool is_rest = false;  // several words taken together
};

// Members by one attribute: for the whole page and for each of its units.
struct Composition {
  std::string column;  // as queries name it
  base::Message title;
  bool is_sensitive = false;
  bool is_tick = false;              // yes or nothing: who has no value was simply not ticked
  std::vector<Category> categories;  // missing last
  std::vector<std::int64_t> total;   // by category
  std::int64_t base = 0;             // what `total` adds up to
  std::vector<std::int64_t> counts;  // unit × category; empty: not counted by unit
  // Cells that may not be shown; empty: all may. The first is the whole page's, then the units'.
  std::vector<bool> hidden_total;
  std::vector<bool> hidden;
  bool is_without_units = false;  // by unit it would be too large a table

  [[nodiscard]] std::int64_t count(std::uint32_t unit, std::size_t category) const noexcept {
    return counts[unit * categories.size() + category];
  }
  [[nodiscard]] bool is_hidden(std::uint32_t unit, std::size_t category) const noexcept {
    return !hidden.empty() && hidden[unit * categories.size() + category];
  }
  [[nodiscard]] bool has_units() const noexcept { return !counts.empty(); }
};

// Grades of one group of subjects: a row of stacked bars. By code of party::grades, missing last.
struct GradeRow {
  std::string label;
  std::uint32_t unit = kNone;  // the unit it is about, when it is about one
  std::vector<std::int64_t> counts;
  std::int64_t rows = 0;
  std::int64_t all = -1;  // those who could have been graded; -1: not known
};

struct Grades {
  std::string year;                // empty: none was graded by the day
  std::string later;               // a year graded too, but not over on the day; empty: none
  std::vector<GradeRow> kinds;     // units by kind, then members
  std::vector<GradeRow> units;     // units below the page's, graded members each
  std::vector<std::uint32_t> own;  // by unit of the model: its own grade; empty: not asked
  std::vector<GradeRow> years;     // units of all kinds, a row a year
};

struct TrendPoint {
  time::Date day;
  std::optional<std::int64_t> members;  // nothing: no unit in force
};

// How members of a direct unit went: a value a point of the page's trend.
struct UnitTrend {
  std::uint32_t unit = 0;  // of Model::units
  std::vector<std::optional<std::int64_t>> members;
};

// One reason of a balance, or several taken together.
struct Movement {
  base::Message label;
  std::int64_t members = 0;
};

// Tăng, giảm đảng viên of the page's unit in a period.
struct MovementBalance {
  time::Date eve;   // the opening is the stock of this day
  time::Date last;  // and the closing of this one
  std::int64_t opening = 0;
  std::int64_t closing = 0;
  std::vector<Movement> in;  // reasons met, in the order of the vocabulary
  std::vector<Movement> out;
  bool is_grouped = false;  // reasons of few members are taken together
  bool is_low = false;      // no reasons: the unit is below grassroots level, or of unknown level
};

struct ShownFigure {
  PublishedFigure figure;
  ComputedFigure computed;
  bool is_withheld = false;
};

struct Count {
  std::string word;  // empty: missing
  std::int64_t count = 0;
};

struct Model {
  Model(const registry::View& of, const PageRequest::Document& wanted)
      : view(of), request(wanted) {}

  const registry::View& view;
  const PageRequest::Document& request;
  bool is_synthetic = false;
  bool is_in_force = true;  // the unit asked for
  std::string unit_key;     // of queries; empty: all roots
  std::string title;        // name of the unit, or its key; empty: several roots
  table::Table tree;        // owns the texts of `units`
  std::vector<Unit> units;
  std::vector<std::uint32_t>
      tops;                    // units drawn side by side: those below the page's, or the roots
  std::uint32_t root = kNone;  // the page's unit; kNone: several roots, or none
  std::int64_t members = 0;
  std::vector<Count> classes;  // units in force by class
  std::vector<Count> kinds;
  std::vector<std::uint32_t> kind_order;  // of colours: kinds of `tops` first
  std::vector<Composition> compositions;
  std::vector<base::Message> empty_columns;  // attributes nobody has a value of
  Grades grades;
  std::vector<TrendPoint> trend;
  std::vector<UnitTrend> unit_trends;  // of the tops
  std::optional<MovementBalance> movements;
  std::optional<Reorganisation> reorganisation;
  std::vector<ShownFigure> figures;
  std::vector<Asked> asked;

  [[nodiscard]] bool is_public() const noexcept { return request.audience == Audience::kPublic; }
  [[nodiscard]] const Composition* find(std::string_view column) const noexcept;
};

// Answers a question about the view's day or another's, and keeps it for the list of sources.
// `question` lacks "query" and "unit", which are added.
[[nodiscard]] absl::StatusOr<table::Table> ask(Model& model, const registry::View& view,
                                               nlohmann::ordered_json question, base::Message what);

// Everything. InvalidArgument for an unknown unit, another day than the view's, a trend that is too
// long.
[[nodiscard]] absl::StatusOr<std::unique_ptr<Model>> gather(const registry::View& view,
                                                            const PageRequest::Document& request);

// Parts of `gather`, each in a body of its own.
[[nodiscard]] absl::Status gather_compositions(Model& model);
[[nodiscard]] absl::Status gather_grades(Model& model);
[[nodiscard]] absl::Status gather_trend(Model& model);
[[nodiscard]] absl::Status gather_movements(Model& model);
void gather_figures(Model& model);

// At grassroots level or above, by the unit's class, or by its kind where it has none.
[[nodiscard]] bool is_high(const Unit& unit);

// The column as a person may read it; the id of an unknown word as it stands.
[[nodiscard]] base::Message label_of(const table::CodeSet& codes, std::string_view word);

}  // namespace dangbo::inline v1::report
