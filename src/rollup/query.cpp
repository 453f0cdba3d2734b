// From a query and a view to a result.
#include "dangbo/rollup/query.hpp"

#include <array>
#include <utility>

#include "dangbo/rollup/mistake.hpp"
#include "rollup/document.hpp"
#include "rollup/notes.hpp"
#include "rollup/result.hpp"

namespace dangbo::inline v1::rollup {

namespace {

using base::ProblemCode;
using base::ProblemList;
using Document = Query::Document;

absl::Status refused(ProblemList& problems) {
  problems.sort();
  return base::problem_status(absl::StatusCode::kInvalidArgument, problems);
}

// The condition of `share` names its own grade, whatever the query asks of it.
void drop_grade(Ask& ask) {
  std::erase_if(ask.where, [](const Condition& condition) { return condition.column == "grade"; });
}

Condition condition(std::string column, Test test, std::vector<Value> values) {
  return {std::move(column), test, std::move(values), "/share"};
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
    if (document.ask.of == "units") ask.where = document.ask.where;
  }
  ask.at = "/share";
  return ask;
}

// One run: the world is read once for the question, its base and its "having".
class Run {
 public:
  Run(const registry::View& view, const Document& document) : world_(view), document_(document) {}

  absl::StatusOr<table::Table> run(const std::string& canonical) {
    ProblemList problems;
    const Targets targets = find_targets(world_, document_, problems);
    Input input = resolve(world_, document_.ask, document_.by, problems);
    check(input, problems);
    std::optional<Input> base;
    Ask base_ask;
    if (document_.share) {
      base_ask = base_of(document_);
      ProblemList of_base;
      base = resolve(world_, base_ask, {}, of_base);
      // A copy of the query repeats the query's own mistakes.
      if (problems.empty()) problems.append(std::move(of_base));
    }
    std::optional<Input> having;
    std::optional<Input> base_having;
    resolve_having(document_.ask, having, problems);
    if (document_.share && problems.empty()) resolve_having(base_ask, base_having, problems);
    if (!problems.empty()) return refused(problems);
    if (absl::Status status = keep_units(document_.ask, having, input); !status.ok()) return status;
    Tally tally;
    auto matrix = count(world_, input, targets, options(document_.ask), tally);
    if (!matrix.ok()) return matrix.status();
    Answer answer{world_, input, targets, *matrix, document_.each.has_value(), std::nullopt};
    if (document_.share && document_.share->name == "total" && input.kind != Kind::kPersons) {
      answer.base = totals(*matrix, targets);
    }
    if (base && !answer.base) {
      if (absl::Status status = keep_units(base_ask, base_having, *base); !status.ok()) {
        return status;
      }
      auto values = base_values(base_ask, *base, targets);
      if (!values.ok()) return values.status();
      answer.base = *std::move(values);
    }
    return make_table(answer, provenance_of(canonical, world_, document_, targets, tally));
  }

 private:
  static CountOptions options(const Ask& ask) {
    return {.scope = ask.scope, .day_tree = false, .at = ask.at};
  }

  void check(const Input& input, ProblemList& problems) const {
    if (input.whole_only && (document_.unit || document_.each)) {
      problems.add(mistake(
          ProblemCode::kBadQuery, document_.unit ? "/unit" : "/each", document_.ask.of,
          {"các dòng của bảng này không thuộc đơn vị nào", "rows of this table belong to no unit"},
          {"bỏ \"unit\" và \"each\"", "drop \"unit\" and \"each\""}));
    }
    constexpr std::array<std::string_view, 6> kTaken = {"unit_id", "name", "count",
                                                        "sum",     "base", "percent"};
    for (std::size_t i = 0; i < document_.by.size(); ++i) {
      const auto taken = std::find(kTaken.begin(), kTaken.end(), document_.by[i]);
      if (taken == kTaken.end() || (taken < kTaken.begin() + 2 && !document_.each)) continue;
      problems.add(
          mistake(ProblemCode::kBadQuery, "/by/" + std::to_string(i), document_.by[i],
                  {"kết quả đã có cột mang tên này", "the result has a column of this name"},
                  {"dùng \"each\", hoặc cột khác", "use \"each\", or another column"}));
    }
  }

  void resolve_having(const Ask& ask, std::optional<Input>& out, ProblemList& problems) {
    if (ask.having != nullptr) out = resolve(world_, ask.having->ask, {}, problems);
    if (out && out->whole_only) {
      problems.add(mistake(
          ProblemCode::kBadQuery, ask.having->ask.at + "/of", ask.having->ask.of,
          {"các dòng của bảng này không thuộc đơn vị nào", "rows of this table belong to no unit"},
          {"chọn bảng khác", "choose another table"}));
    }
  }

  // "Units with at least one" stand under the tree of the asked day (definitions.md 4).
  absl::Status keep_units(const Ask& ask, std::optional<Input>& having, Input& input) {
    if (!having) return absl::OkStatus();
    const Targets every = all_units(world_);
    Tally ignored;
    CountOptions how = options(ask.having->ask);
    how.day_tree = true;
    const auto rows = count(world_, *having, every, how, ignored);
    if (!rows.ok()) return rows.status();
    std::vector<bool> keep(world_.snapshot().unit_count(), false);
    for (std::size_t i = 0; i < every.slots.size(); ++i) {
      keep[index_of(every.slots[i])] = rows->at(i, 0) >= ask.having->at_least;
    }
    input.keep_units = std::move(keep);
    return absl::OkStatus();
  }

  // What was grouped adds up to the whole, but for persons. Nothing when it does not fit: counting
  // again then says so.
  static std::optional<std::vector<std::int64_t>> totals(const Matrix& matrix,
                                                         const Targets& targets) {
    std::vector<std::int64_t> sums(targets.size(), 0);
    for (std::size_t target = 0; target < sums.size(); ++target) {
      for (std::size_t group = 0; group < matrix.groups.size(); ++group) {
        if (__builtin_add_overflow(sums[target], matrix.at(target, group), &sums[target])) {
          return std::nullopt;
        }
      }
    }
    return sums;
  }

  absl::StatusOr<std::vector<std::int64_t>> base_values(const Ask& ask, Input& base,
                                                        const Targets& targets) {
    if (document_.share->name == "stock" && !targets.whole) {
      std::vector<std::int64_t> stock;
      for (const UnitSlot unit : targets.slots) {
        stock.push_back(world_.view().stock(unit, ask.scope == Scope::kBelow));
      }
      return stock;
    }
    Tally ignored;
    auto matrix = count(world_, base, targets, options(ask), ignored);
    if (!matrix.ok()) return matrix.status();
    return std::move(matrix->values);
  }

  World world_;
  const Document& document_;
};

}  // namespace

absl::StatusOr<table::Table> run(const registry::View& view, const Query& query) {
  const Document& document = query.document();
  ProblemList problems;
  if (document.on && *document.on != view.day()) {
    problems.add(mistake(ProblemCode::kBadQuery, "/on", document.on->to_string(),
                         {"truy vấn hỏi ngày khác với ngày " + view.day().to_string() + " đang xem",
                          "the query asks another day than the view's " + view.day().to_string()},
                         {"bỏ \"on\" hoặc đổi ngày xem", "drop \"on\" or change the view"}));
  }
  if (document.known_at && *document.known_at != index_of(view.known_at())) {
    const std::string of_view = std::to_string(index_of(view.known_at()));
    problems.add(
        mistake(ProblemCode::kBadQuery, "/known_at", std::to_string(*document.known_at),
                {"truy vấn hỏi lần ghi khác với lần ghi " + of_view +
                     " đang xem (lần mới nhất nếu ghi lớn hơn)",
                 "the query asks another commit than the view's " + of_view},
                {"bỏ \"known_at\" hoặc ghi " + of_view, "drop \"known_at\" or write " + of_view}));
  }
  if (!problems.empty()) return refused(problems);
  return Run(view, document).run(query.to_json());
}

absl::StatusOr<table::Table> run(const registry::Snapshot& snapshot, const Query& query) {
  const Document& document = query.document();
  if (!document.on) {
    return base::problem_status(
        absl::StatusCode::kInvalidArgument,
        mistake(
            ProblemCode::kBadQuery, "/on", "",
            {"thiếu ngày hỏi: thư viện không có hôm nay", "the day is missing: there is no today"},
            {"ghi \"on\": \"2020-11-30\"", "write \"on\": \"2020-11-30\""}));
  }
  std::optional<base::CommitNumber> known_at;
  if (document.known_at) known_at = base::CommitNumber{*document.known_at};
  return run(snapshot.at(*document.on, known_at), query);
}

}  // namespace dangbo::inline v1::rollup
