#include "load/setting_aside.hpp"

#include <algorithm>
#include <utility>

#include "dangbo/table/copy.hpp"
#include "dangbo/table/parse.hpp"
#include "load/extra_columns.hpp"

namespace dangbo::inline v1::load::detail {

namespace {

using base::Problem;
using registry::Change;
using table::Column;
using table::Type;

std::string content_of(const table::Table& rows, std::size_t row) {
  std::string out = "{";
  for (std::size_t i = 0; i < rows.column_count(); ++i) {
    const Column& column = rows.column(i);
    if (column.is_missing(row)) continue;
    if (out.size() > 1) out += ',';
    append_json_string(out, column.name());
    out += ':';
    append_json_string(out, column.display(row));
  }
  return out + '}';
}

}  // namespace

Change::Batch without(const Change::Batch& batch, const std::set<std::size_t>& out) {
  std::vector<Column> columns;
  for (std::size_t i = 0; i < batch.rows.column_count(); ++i) {
    const Column& from = batch.rows.column(i);
    Column to(from.name(), from.type());
    if (from.words() != nullptr) to.set_words(from.words());
    for (std::size_t row = 0; row < from.size(); ++row)
      if (!out.contains(row)) table::append_value(to, from, row);
    columns.push_back(std::move(to));
  }
  Change::Batch left = {.schema = batch.schema,
                        .rows = table::Table(batch.rows.name(), std::move(columns)),
                        .source = batch.source,
                        .first_row = batch.first_row,
                        .headers = batch.headers};
  for (std::size_t row = 0; row < batch.rows.row_count(); ++row)
    if (!out.contains(row)) left.row_numbers.push_back(batch.row_number(row));
  return left;
}

SettingAside::SettingAside(const registry::Registry& registry, const Change& change)
    : registry_(registry), change_(change), out_(change.batches().size()) {
  for (std::size_t i = 0; i < change.batches().size(); ++i)
    by_source_[change.batches()[i].source].push_back(i);
}

std::optional<SettingAside::At> SettingAside::find(const base::Place& place) const {
  const auto batches = by_source_.find(place.file);
  if (batches == by_source_.end()) return std::nullopt;
  for (const std::size_t index : batches->second) {
    const Change::Batch& batch = change_.batches()[index];
    const std::size_t count = batch.rows.row_count();
    if (count == 0 || place.row < batch.row_number(0) || place.row > batch.row_number(count - 1))
      continue;
    if (batch.row_numbers.empty())
      return At{index, static_cast<std::size_t>(place.row - batch.first_row)};
    const auto at = std::lower_bound(batch.row_numbers.begin(), batch.row_numbers.end(), place.row);
    if (at != batch.row_numbers.end() && *at == place.row)
      return At{index, static_cast<std::size_t>(at - batch.row_numbers.begin())};
  }
  return std::nullopt;
}

bool SettingAside::take(const base::ProblemList& problems) {
  bool took = false;
  for (const Problem& problem : problems.kept()) {
    const auto at = find(problem.place);
    // A record that could not be read at all is a row too, without content.
    const auto source = by_source_.find(problem.place.file);
    const bool is_row = problem.place.row > 0 && source != by_source_.end();
    if (!at && !is_row) {
      if (&problems == &change_.problems()) unplaced_.push_back(problem);
      continue;
    }
    if (at) {
      took = out_[at->batch].insert(at->row).second || took;
    } else {
      tables_with_unread_.insert(change_.batches()[source->second.front()].schema->name());
    }
    reasons_.push_back(problem);
  }
  return took;
}

Change SettingAside::rest() const {
  Change change(registry_);
  for (std::size_t i = 0; i < out_.size(); ++i) {
    const Change::Batch& batch = change_.batches()[i];
    if (out_[i].empty()) {
      change.add_batch(batch);
    } else if (out_[i].size() < batch.rows.row_count()) {
      change.add_batch(without(batch, out_[i]));
    }
  }
  for (const Change::Correction& correction : change_.corrections())
    change.add_correction(correction);
  for (const registry::Operation& operation : change_.operations()) change.add_operation(operation);
  if (change_.is_synthetic()) change.mark_synthetic();
  return change;
}

Change::Batch SettingAside::reasons() const {
  const auto schema = registry_.find_schema("quarantine");
  // In the order of `cells` below.
  constexpr const char* kFields[] = {"source", "row",   "number",    "table_name", "column_name",
                                     "code",   "value", "reason_vi", "reason_en",  "content"};
  std::vector<table::FieldBuilder> builders;
  for (const char* name : kFields)
    builders.emplace_back(schema->fields()[*schema->find(name)], false);
  std::map<std::pair<std::string, std::uint64_t>, int> numbers;
  for (const Problem& problem : reasons_) {
    const auto at = find(problem.place);
    const auto& batch =
        change_.batches()[at ? at->batch : by_source_.at(problem.place.file).front()];
    const int number = ++numbers[{problem.place.file, problem.place.row}];
    const std::string cells[] = {
        problem.place.file,     std::to_string(problem.place.row),
        std::to_string(number), batch.schema->name(),
        problem.place.column,   std::to_string(static_cast<int>(problem.code)),
        problem.value,          problem.reason.vi,
        problem.reason.en,      at ? content_of(batch.rows, at->row) : ""};
    for (std::size_t i = 0; i < builders.size(); ++i)
      static_cast<void>(builders[i].append(cells[i]));
  }
  std::vector<Column> columns;
  for (table::FieldBuilder& builder : builders) columns.push_back(builder.take());
  return {.schema = schema,
          .rows = table::Table("quarantine", std::move(columns)),
          .source = "quarantine",
          .first_row = 1,
          .headers = {}};
}

Quarantined SettingAside::outcome() const {
  Quarantined out;
  std::set<std::pair<std::string, std::uint64_t>> rows;
  for (const Problem& problem : reasons_) {
    rows.emplace(problem.place.file, problem.place.row);
    out.problems.add(problem);
  }
  out.rows = rows.size();
  out.problems.sort();
  return out;
}

}  // namespace dangbo::inline v1::load::detail
