#include "rollup/question.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "dangbo/rollup/mistake.hpp"

namespace dangbo::inline v1::rollup {

namespace {

using base::ProblemCode;
using base::ProblemList;
using Document = Query::Document;

// The condition of `share` names its own grade, whatever the query asks of it.
void drop_grade(Ask& ask) {
  std::erase_if(ask.where, [](const Condition& condition) { return condition.column == "grade"; });
}

Condition condition(std::string column, Test test, std::vector<Value> values) {
  Condition made;
  made.column = std::move(column);
  made.test = test;
  made.values = std::move(values);
  made.at = "/share";
  return made;
}

// A named base as a query over the same units. docs/query.md says each in words.
Ask base_of(const Document& document) {
  const Share& share = *document.share;
  if (share.query != nullptr) return *share.query;
  Ask ask;
  ask.scope = document.ask.scope;
  ask.of = "members";
  if (share.name == "full") {
    ask.where.push_back(condition("standing", Test::kEquals, {std::string("full")}));
  } else if (share.name == "total") {
    ask = document.ask;
  } else if (share.name == "graded") {
    ask = document.ask;
    drop_grade(ask);
    ask.where.push_back(condition("grade", Test::kPresent, {}));
  } else if (share.name == "good") {
    ask = document.ask;
    drop_grade(ask);
    ask.where.push_back(condition("grade", Test::kEquals, {std::string("good")}));
  } else if (share.name == "units") {
    ask.of = "units";
    if (document.ask.of == "units") {
      ask.where = document.ask.where;
      ask.condition = document.ask.condition;
    }
  }
  ask.at = "/share";
  return ask;
}

void check(const Document& document, const Input& input, ProblemList& problems) {
  if (input.whole_only && (document.unit || document.each)) {
    problems.add(mistake(
        ProblemCode::kBadQuery, document.unit ? "/unit" : "/each", document.ask.of,
        {"các dòng của bảng này không thuộc đơn vị nào", "rows of this table belong to no unit"},
        {"bỏ \"unit\" và \"each\"", "drop \"unit\" and \"each\""}));
  }
  const bool names_grades = document.share && document.share->query == nullptr &&
                            (document.share->name == "graded" || document.share->name == "good");
  if (names_grades && !document.ask.condition.empty()) {
    problems.add(mistake(ProblemCode::kBadQuery, "/share", document.share->name,
                         {"mẫu số này bỏ điều kiện về xếp loại, không bỏ được khỏi một biểu thức",
                          "this base leaves out the condition on grades, which cannot be taken out "
                          "of an expression"},
                         {"viết \"where\" theo cột, hoặc mẫu số là một truy vấn",
                          "write \"where\" by columns, or the base as a query"}));
  }
  constexpr std::array<std::string_view, 14> kTaken = {
      "unit_id", "name",    "count", "sum",   "min",    "max", "mean",
      "base",    "percent", "on",    "after", "before", "in",  "out"};
  for (std::size_t i = 0; i < document.by.size(); ++i) {
    const auto taken = std::find(kTaken.begin(), kTaken.end(), document.by[i].name);
    if (taken == kTaken.end() || (taken < kTaken.begin() + 2 && !document.each)) continue;
    problems.add(mistake(ProblemCode::kBadQuery, "/by/" + std::to_string(i), document.by[i].name,
                         {"kết quả đã có cột mang tên này", "the result has a column of this name"},
                         {"dùng \"each\", hoặc cột khác", "use \"each\", or another column"}));
  }
}

void resolve_having(World& world, const Ask& ask, std::optional<HavingCounts>& out,
                    ProblemList& problems) {
  if (ask.having == nullptr) return;
  out = HavingCounts{resolve(world, ask.having->ask, {}, problems), {}};
  if (out->input.whole_only) {
    problems.add(mistake(
        ProblemCode::kBadQuery, ask.having->ask.at + "/of", ask.having->ask.of,
        {"các dòng của bảng này không thuộc đơn vị nào", "rows of this table belong to no unit"},
        {"chọn bảng khác", "choose another table"}));
  }
}

// "Units with at least one" stand under the tree of the asked day (definitions.md 4).
absl::Status keep_units(const World& world, const Ask& ask, std::optional<HavingCounts>& having,
                        Input& input) {
  if (!having) return absl::OkStatus();
  const Targets every = all_units(world);
  Tally ignored;
  CountOptions how = options_of(ask.having->ask);
  how.day_tree = true;
  const auto rows = count(world, having->input, every, how, ignored);
  if (!rows.ok()) return rows.status();
  having->counts.assign(world.snapshot().unit_count(), 0);
  std::vector<bool> keep(world.snapshot().unit_count(), false);
  for (std::size_t i = 0; i < every.slots.size(); ++i) {
    const std::size_t slot = index_of(every.slots[i]);
    having->counts[slot] = rows->at(i, 0);
    keep[slot] = rows->at(i, 0) >= ask.having->at_least;
  }
  input.keep_units = std::move(keep);
  return absl::OkStatus();
}

}  // namespace

CountOptions options_of(const Ask& ask) {
  return {.scope = ask.scope, .day_tree = false, .at = ask.at, .progress = nullptr};
}

absl::StatusOr<Question> resolve(World& world, const Document& document) {
  ProblemList problems;
  Question made;
  made.targets = find_targets(world, document, problems);
  made.input = resolve(world, document.ask, document.by, problems);
  check(document, made.input, problems);
  if (document.share) {
    made.base_ask = base_of(document);
    ProblemList of_base;
    made.base = resolve(world, made.base_ask, {}, of_base);
    // A copy of the query repeats the query's own mistakes.
    if (problems.empty()) problems.append(std::move(of_base));
  }
  resolve_having(world, document.ask, made.having, problems);
  if (document.share && problems.empty()) {
    resolve_having(world, made.base_ask, made.base_having, problems);
  }
  if (!problems.empty()) {
    problems.sort();
    return base::problem_status(absl::StatusCode::kInvalidArgument, problems);
  }
  if (auto status = keep_units(world, document.ask, made.having, made.input); !status.ok()) {
    return status;
  }
  return made;
}

absl::Status filter_base(const World& world, Question& question) {
  return keep_units(world, question.base_ask, question.base_having, *question.base);
}

}  // namespace dangbo::inline v1::rollup
