// A difference of what is sound in an extract; the rest is set aside until it is mended.
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dangbo/base/make_room.hpp"
#include "dangbo/registry/history.hpp"
#include "load/comparing.hpp"
#include "load/difference_parts.hpp"
#include "load/setting_aside.hpp"

namespace dangbo::inline v1::load::detail {

namespace {

using registry::Change;
using table::Role;

std::string text_at(const Change::Batch& batch, std::size_t field, std::size_t row) {
  const auto column = batch.rows.find(batch.schema->fields()[field].name);
  if (!column || batch.rows.column(*column).is_missing(row)) return {};
  return batch.rows.column(*column).display(row);
}

// What is not to be touched because of the rows set aside.
LeftAlone left_alone(const SettingAside& aside) {
  LeftAlone left;
  const auto insert = [](absl::flat_hash_set<std::string>& keys, std::string key) {
    base::make_room(keys);
    keys.insert(std::move(key));
  };
  for (const std::string& table : aside.tables_with_unread()) insert(left.tables, table);
  aside.each([&](const Change::Batch& batch, std::size_t row) {
    const bool is_of_units = batch.schema->name() == "units";
    const auto field = batch.schema->find(is_of_units ? Role::kUnit : Role::kMember);
    std::string key = field ? text_at(batch, *field, row) : std::string();
    if (key.empty()) {
      insert(left.tables, batch.schema->name());
    } else {
      insert(is_of_units ? left.units : left.members, std::move(key));
    }
  });
  return left;
}

using Cells = std::vector<std::string>;

Cells cells_of(const table::Table& rows, const std::vector<std::string>& fields, std::size_t row) {
  Cells cells;
  for (const std::string& field : fields)
    cells.push_back(rows.column(*rows.find(field)).display(row));
  return cells;
}

// Rows of `quarantine` that an earlier extract left: those that still hold are not written again,
// the others are withdrawn.
void keep_in_step(const registry::Registry& registry, const Change& extract, Change::Batch reasons,
                  Change& change) {
  std::set<std::string> tables;
  for (const Change::Batch& batch : extract.batches()) tables.insert(batch.schema->name());
  std::vector<std::string> fields;
  for (std::size_t i = 0; i < reasons.rows.column_count(); ++i)
    fields.push_back(reasons.rows.column(i).name());
  std::set<Cells> wanted;
  for (std::size_t row = 0; row < reasons.rows.row_count(); ++row)
    wanted.insert(cells_of(reasons.rows, fields, row));
  std::set<Cells> stored;
  table::Column stale("row_id", table::Type::kInt);
  const auto known = registry::rows_table(registry.snapshot(), "quarantine");
  for (std::size_t row = 0; known.ok() && row < known->row_count(); ++row) {
    Cells cells = cells_of(*known, fields, row);
    if (wanted.contains(cells)) {
      stored.insert(std::move(cells));
    } else if (tables.contains(known->column(*known->find("table_name")).display(row))) {
      stale.append_integer(known->column(*known->find("row_id")).integer(row));
    }
  }
  if (stale.size() != 0) {
    std::vector<table::Column> targets;
    targets.push_back(std::move(stale));
    change.withdraw("quarantine", table::Table("quarantine", std::move(targets)), "quarantine");
  }
  std::set<std::size_t> old;
  for (std::size_t row = 0; row < reasons.rows.row_count(); ++row)
    if (stored.contains(cells_of(reasons.rows, fields, row))) old.insert(row);
  if (old.size() == reasons.rows.row_count()) return;
  change.add_batch(old.empty() ? std::move(reasons) : without(reasons, old));
}

}  // namespace

absl::StatusOr<Difference> difference_set_aside(const registry::Registry& registry,
                                                const Change& extract,
                                                const DifferenceOptions& options) {
  SettingAside aside(registry, extract);
  aside.take(extract.problems());
  if (!aside.unplaced().empty()) {
    base::ProblemList problems;
    for (const base::Problem& problem : aside.unplaced()) problems.add(problem);
    return base::problem_status(absl::StatusCode::kInvalidArgument, problems);
  }
  for (int pass = 0;; ++pass) {
    const Change rest = aside.rest();
    auto found = compare(registry, rest, options, left_alone(aside));
    const base::ProblemList problems =
        found.ok() ? registry.check(found->change).problems : base::problems_of(found.status());
    if (found.ok() && problems.empty()) {
      keep_in_step(registry, extract, aside.reasons(), found->change);
      found->set_aside = aside.outcome();
      return found;
    }
    if (pass == kMaxPasses || !aside.take(problems))
      return base::problem_status(absl::StatusCode::kInvalidArgument, problems);
  }
}

}  // namespace dangbo::inline v1::load::detail
