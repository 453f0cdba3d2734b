// Explains a figure: the rows that it counts.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "dangbo/rollup/mistake.hpp"
#include "rollup/answers.hpp"
#include "rollup/notes.hpp"
#include "rollup/question.hpp"
#include "rollup/result.hpp"

namespace dangbo::inline v1::rollup {

namespace {

using base::ProblemCode;
using table::Type;

std::string text_of(const Value& value) {
  if (const bool* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const std::int64_t* number = std::get_if<std::int64_t>(&value)) {
    return std::to_string(*number);
  }
  return std::get<std::string>(value);
}

// The question about the cell's unit alone.
Query::Document about_cell(const Query::Document& document, base::ProblemList& problems) {
  Query::Document out = document;
  std::vector<std::string_view> names;
  if (document.each) names.emplace_back("unit_id");
  for (const GroupBy& group : document.by) names.push_back(group.name);
  for (const Cell& cell : *document.rows) {
    const std::string at = "/rows" + step(cell.column);
    if (std::find(names.begin(), names.end(), cell.column) == names.end()) {
      problems.add(
          mistake(ProblemCode::kUnknownColumn, at, cell.column,
                  {"kết quả không chia theo cột này", "the result is not divided by this column"},
                  suggest(cell.column, names)));
    } else if (cell.column == "unit_id" && document.each) {
      if (cell.value) out.unit = text_of(*cell.value);
      out.each.reset();
    }
  }
  if (out.each) {
    problems.add(mistake(ProblemCode::kBadQuery, "/rows", "",
                         {"thiếu \"unit_id\" của ô", "the cell's \"unit_id\" is missing"},
                         {"ghi \"unit_id\"", "give \"unit_id\""}));
  }
  return out;
}

class Behind {
 public:
  Behind(const World& world, const Query::Document& document, Question& question)
      : world_(world), document_(document), question_(question) {}

  // Whether a key has the values of the cell; columns not named may have any.
  bool matches(std::uint64_t key) {
    const auto [at, is_new] = known_.try_emplace(key, true);
    if (!is_new) return at->second;
    const auto& groups = question_.input.groups;
    for (std::size_t i = groups.size(); i-- > 0;) {
      const auto text = group_text(world_.snapshot(), groups[i], key % groups[i].radix);
      key /= groups[i].radix;
      for (const Cell& cell : *document_.rows) {
        if (cell.column != groups[i].column.name) continue;
        if (text != (cell.value ? std::optional(text_of(*cell.value)) : std::nullopt)) {
          at->second = false;
        }
      }
    }
    return at->second;
  }

  table::Table write(std::vector<CountedRow> rows, table::Provenance about) {
    std::erase_if(rows, [&](const CountedRow& row) { return !matches(row.key); });
    std::vector<std::tuple<std::string_view, std::string_view, std::uint32_t>> order;
    const Rows& table = question_.input.rows;
    for (const CountedRow& row : rows) {
      const UnitSlot unit = table.unit_of(row.row);
      const bool has_member = question_.input.has_member && row.member != base::kNoMemberSlot;
      order.emplace_back(unit == kNoUnitSlot ? "" : world_.snapshot().key_of(unit),
                         has_member ? world_.snapshot().key_of(row.member) : "", index_of(row.row));
    }
    std::sort(order.begin(), order.end());
    // Of a person the first row stands for all.
    if (question_.input.kind == Kind::kPersons) {
      std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
        return std::get<1>(a) < std::get<1>(b);
      });
      order.erase(std::unique(order.begin(), order.end(),
                              [](const auto& a, const auto& b) {
                                return std::get<1>(a) == std::get<1>(b);
                              }),
                  order.end());
    }
    std::vector<table::Column> columns;
    columns.emplace_back("unit_id", Type::kText);
    columns.emplace_back("member_id", Type::kText);
    columns.emplace_back("row", Type::kInt);
    columns.emplace_back("recorded", Type::kInt);
    for (const auto& [unit, member, row] : order) {
      unit.empty() ? columns[0].append_missing() : columns[0].append_text(unit);
      member.empty() ? columns[1].append_missing() : columns[1].append_text(member);
      columns[2].append_integer(std::int64_t{row} + 1);
      columns[3].append_integer(index_of(table.recorded(RowId{row})));
    }
    about.facts.emplace_back("table", table.schema().name());
    return {"rows", std::move(columns), std::move(about)};
  }

 private:
  const World& world_;
  const Query::Document& document_;
  Question& question_;
  std::map<std::uint64_t, bool> known_;
};

}  // namespace

absl::StatusOr<table::Table> rows_behind(const registry::View& view,
                                         const Query::Document& document,
                                         const std::string& canonical, bool counts_only,
                                         Progress& progress) {
  base::ProblemList problems;
  const Query::Document asked = about_cell(document, problems);
  if (!problems.empty()) {
    problems.sort();
    return base::problem_status(absl::StatusCode::kInvalidArgument, problems);
  }
  World world(view);
  auto question = resolve(world, asked);
  if (!question.ok()) return question.status();
  CountOptions options = options_of(asked.ask);
  options.progress = &progress;
  Tally tally;
  auto rows = counted_rows(world, question->input, question->targets, options, tally);
  if (!rows.ok()) return rows.status();
  table::Provenance about = provenance_of(canonical, world, asked, question->targets, tally);
  table::Table all = Behind(world, asked, *question).write(*std::move(rows), std::move(about));
  if (!counts_only) return all;
  std::vector<table::Column> columns;
  columns.emplace_back("count", Type::kInt);
  columns[0].append_integer(static_cast<std::int64_t>(all.row_count()));
  table::Provenance counted = all.provenance();
  counted.notes.push_back({"người hỏi chỉ được xem số lượng", "whoever asks may see counts only"});
  return table::Table("result", std::move(columns), std::move(counted));
}

}  // namespace dangbo::inline v1::rollup
