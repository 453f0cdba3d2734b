#include "rollup/coverage.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "dangbo/rollup/mistake.hpp"

namespace dangbo::inline v1::rollup {

namespace {

using base::RowId;

// Calls `visit` with the rows of a table that the view knows. These tables hold few rows.
void each_row(const registry::View& view, std::string_view table, auto&& visit) {
  const auto rows = view.snapshot().rows(table);
  for (std::uint32_t row = 0; rows && row < rows->size(); ++row)
    if (rows->is_known(RowId{row}, view.known_at())) visit(*rows, RowId{row});
}

base::Problem outside(const char* at, time::Date asked, time::Date since) {
  const std::string day = since.to_string();
  return mistake(base::ProblemCode::kOutsideCoverage, at, asked.to_string(),
                 {"ngoài phạm vi số liệu: sổ chỉ có số liệu từ ngày " + day,
                  "outside coverage: the registry knows its roster since " + day},
                 {"hỏi từ ngày " + day + " trở đi", "ask about " + day + " or later"});
}

}  // namespace

void check_covered_day(const registry::View& view, base::ProblemList& problems) {
  const auto since = view.covered_since();
  if (since && view.day() < *since) problems.add(outside("/on", view.day(), *since));
}

void check_coverage(const registry::View& view, const Query::Document& document,
                    base::ProblemList& problems) {
  const auto since = view.covered_since();
  if (!since) return;
  check_covered_day(view, problems);
  const std::string& of = document.ask.of;
  if (document.ask.period && (of == "movements" || of == "admissions")) {
    const std::int32_t begins = document.ask.period->range.from_day();
    if (begins < since->days())
      problems.add(outside("/period", time::Date::from_days(begins), *since));
  }
}

void add_coverage(table::Provenance& provenance, const registry::View& view) {
  if (const auto since = view.covered_since())
    provenance.facts.emplace_back("coverage", "since " + since->to_string());
  std::set<std::pair<std::string_view, std::int64_t>> outside;  // rows may have several reasons
  each_row(view, "quarantine", [&](const registry::Rows& rows, RowId row) {
    outside.emplace(rows.field("source")->text(row), rows.field("row")->integer(row).value_or(0));
  });
  if (!outside.empty())
    provenance.facts.emplace_back("quarantined", std::to_string(outside.size()));
}

}  // namespace dangbo::inline v1::rollup
