#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dangbo/party/vocabulary.hpp"
#include "dangbo/rollup/mistake.hpp"
#include "dangbo/rollup/query.hpp"
#include "rollup/coverage.hpp"
#include "rollup/notes.hpp"
#include "rollup/world.hpp"

namespace dangbo::inline v1::rollup {

namespace {

using base::UnitPosition;
using table::Column;
using table::Type;

Column coded(const char* name, const table::CodeSet& codes) {
  Column column(name, Type::kCode);
  column.set_words(codes.ids());
  return column;
}

class TreeWriter {
 public:
  explicit TreeWriter(const registry::View& view)
      : world_(view),
        name_(*world_.units().field("name")),
        kind_(*world_.units().field("kind")),
        class_(*world_.units().field("class")) {
    columns_.emplace_back("unit_id", Type::kText);
    columns_.emplace_back("name", Type::kText);
    columns_.push_back(coded("kind", *party::unit_kinds()));
    columns_.push_back(coded("class", *party::unit_classes()));
    columns_.emplace_back("parent_id", Type::kText);
    columns_.emplace_back("level", Type::kInt);
    columns_.emplace_back("members_own", Type::kInt);
    columns_.emplace_back("members_below", Type::kInt);
  }

  // Without rows.
  std::vector<Column> columns() { return std::move(columns_); }

  // Own stack: a chain of units may be as deep as there are units.
  std::vector<Column> write(const UnitPosition* root, std::uint32_t depth) {
    std::vector<UnitPosition> pending;
    const std::uint32_t base = root == nullptr ? 0 : world_.tree().level_of(*root);
    if (root != nullptr) {
      pending.push_back(*root);
    } else {
      push_by_key(world_.tree().roots(), pending);
    }
    while (!pending.empty()) {
      const UnitPosition at = pending.back();
      pending.pop_back();
      const std::uint32_t level = world_.tree().level_of(at) - base;
      row(at, level);
      if (depth == 0 || level + 1 < depth) push_by_key(world_.tree().children_of(at), pending);
    }
    return std::move(columns_);
  }

 private:
  void push_by_key(hierarchy::Tree::Children units, std::vector<UnitPosition>& pending) const {
    const std::size_t first = pending.size();
    for (const UnitPosition at : units) pending.push_back(at);
    std::sort(pending.begin() + static_cast<std::ptrdiff_t>(first), pending.end(),
              [&](UnitPosition a, UnitPosition b) { return key(a) > key(b); });
  }

  [[nodiscard]] std::string_view key(UnitPosition at) const {
    return world_.snapshot().key_of(world_.tree().slot_at(at));
  }

  void code(Column& column, const FieldReader& reader, RowId row) const {
    if (reader.is_missing(row)) return column.append_missing();
    column.append_code(static_cast<std::int32_t>(reader.raw(row)));
  }

  void row(UnitPosition at, std::uint32_t level) {
    const UnitSlot unit = world_.tree().slot_at(at);
    const RowId row = world_.unit_row(unit, world_.day());
    columns_[0].append_text(key(at));
    if (name_.is_missing(row)) {
      columns_[1].append_missing();
    } else {
      columns_[1].append_text(name_.text(row));
    }
    code(columns_[2], kind_, row);
    code(columns_[3], class_, row);
    const UnitPosition up = world_.tree().parent_of(at);
    if (up == base::kNoPosition) {
      columns_[4].append_missing();
    } else {
      columns_[4].append_text(key(up));
    }
    columns_[5].append_integer(level);
    columns_[6].append_integer(world_.view().stock(unit, false));
    columns_[7].append_integer(world_.view().stock(unit, true));
  }

  World world_;
  FieldReader name_;
  FieldReader kind_;
  FieldReader class_;
  std::vector<Column> columns_;
};

table::Provenance provenance(const registry::View& view, std::string_view unit) {
  table::Provenance out;
  out.facts = {{"on", view.day().to_string()},
               {"known_at", std::to_string(index_of(view.known_at()))}};
  if (view.snapshot().is_synthetic()) out.facts.emplace_back("data", "synthetic");
  add_coverage(out, view);
  if (!unit.empty()) out.facts.emplace_back("unit", unit);
  return out;
}

}  // namespace

absl::StatusOr<table::Table> tree_table(const registry::View& view, std::string_view unit,
                                        std::uint32_t depth) {
  base::ProblemList problems;
  check_covered_day(view, problems);
  if (!problems.empty()) return base::problem_status(absl::StatusCode::kInvalidArgument, problems);
  table::Provenance about = provenance(view, unit);
  if (unit.empty()) {
    return table::Table("tree", TreeWriter(view).write(nullptr, depth), std::move(about));
  }
  const auto slot = view.snapshot().find_unit(unit);
  if (!slot) {
    std::vector<std::string_view> keys;
    for (std::uint32_t i = 0; i < view.snapshot().unit_count(); ++i) {
      keys.push_back(view.snapshot().key_of(UnitSlot{i}));
    }
    return base::problem_status(
        absl::StatusCode::kInvalidArgument,
        mistake(base::ProblemCode::kUnknownUnit, "/unit", unit,
                {"không có đơn vị mang mã này", "no unit has this key"}, suggest(unit, keys)));
  }
  const UnitPosition at = view.tree().position_of(*slot);
  if (at != base::kNoPosition) {
    return table::Table("tree", TreeWriter(view).write(&at, depth), std::move(about));
  }
  about.notes.push_back(not_in_force_mark());
  return table::Table("tree", TreeWriter(view).columns(), std::move(about));
}

}  // namespace dangbo::inline v1::rollup
