// From a query and a view to a result.
#include "dangbo/rollup/query.hpp"

#include <utility>

#include "dangbo/rollup/mistake.hpp"
#include "rollup/answers.hpp"
#include "rollup/coverage.hpp"
#include "rollup/movements.hpp"
#include "rollup/notes.hpp"
#include "rollup/question.hpp"
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

// One run: the world is read once for the question, its base and its "having".
class Run {
 public:
  Run(const registry::View& view, const Document& document, const Progress& progress)
      : world_(view, document.structure), document_(document), progress_(progress) {}

  absl::StatusOr<table::Table> run(const std::string& canonical) {
    auto question = resolve(world_, document_);
    if (!question.ok()) return question.status();
    const Targets& targets = question->targets;
    Input& input = question->input;
    Tally tally;
    CountOptions options = options_of(document_.ask);
    options.progress = &progress_;
    auto matrix = count(world_, input, targets, options, tally);
    if (!matrix.ok()) return matrix.status();
    Answer answer{world_,
                  input,
                  targets,
                  *matrix,
                  document_.each.has_value(),
                  std::nullopt,
                  document_.best ? &*document_.best : nullptr};
    if (document_.share && document_.share->name == "total" && input.kind != Kind::kPersons) {
      answer.base = totals(*matrix, targets);
    }
    if (question->base && !answer.base) {
      auto values = base_values(*question);
      if (!values.ok()) return values.status();
      answer.base = *std::move(values);
    }
    return make_table(answer, provenance_of(canonical, world_, document_, targets, tally));
  }

 private:
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

  absl::StatusOr<std::vector<std::int64_t>> base_values(Question& question) {
    if (auto status = filter_base(world_, question); !status.ok()) return status;
    const Ask& ask = question.base_ask;
    if (document_.share->name == "stock" && !question.targets.whole && !document_.structure) {
      std::vector<std::int64_t> stock;
      for (const UnitSlot unit : question.targets.slots) {
        stock.push_back(world_.view().stock(unit, ask.scope == Scope::kBelow));
      }
      return stock;
    }
    Tally ignored;
    CountOptions options = options_of(ask);
    options.progress = &progress_;
    auto matrix = count(world_, *question.base, question.targets, options, ignored);
    if (!matrix.ok()) return matrix.status();
    return std::move(matrix->values);
  }

  World world_;
  const Document& document_;
  const Progress& progress_;
};

// The question about the view's day.
absl::StatusOr<table::Table> answer_on(const registry::View& view, const Query& query,
                                       Progress& progress, const RunOptions& options) {
  const Document& document = query.document();
  ProblemList problems;
  check_coverage(view, document, problems);
  if (document.compare) {
    check_coverage(view.snapshot().at(*document.compare, view.known_at()), document, problems);
  }
  if (!problems.empty()) return refused(problems);
  if (document.ask.of == kMovements) return movements(view, document, query.to_json());
  if (document.compare) return since(view, document, query.to_json(), progress);
  if (document.rows) {
    return rows_behind(view, document, query.to_json(), options.counts_only, progress);
  }
  return Run(view, document, progress).run(query.to_json());
}

}  // namespace

absl::StatusOr<table::Table> run(const registry::View& view, const Query& query,
                                 const RunOptions& options) {
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
  Progress progress(options);
  if (document.days.empty()) return answer_on(view, query, progress, options);
  std::vector<table::Table> answers;
  for (std::size_t i = 0; i < document.days.size(); ++i) {
    const auto part = [&](std::size_t at) {
      return static_cast<double>(at) / static_cast<double>(document.days.size());
    };
    progress.between(part(i), part(i + 1));
    auto answer =
        answer_on(view.snapshot().at(document.days[i], view.known_at()), query, progress, options);
    if (!answer.ok()) return answer.status();
    answers.push_back(*std::move(answer));
  }
  return several_days(document.days, answers);
}

absl::StatusOr<registry::View> view_for(const registry::Snapshot& snapshot, const Query& query) {
  const Document& document = query.document();
  if (!document.on && document.days.empty()) {
    return base::problem_status(
        absl::StatusCode::kInvalidArgument,
        mistake(
            ProblemCode::kBadQuery, "/on", "",
            {"thiếu ngày hỏi: thư viện không có hôm nay", "the day is missing: there is no today"},
            {"ghi \"on\": \"2020-11-30\"", "write \"on\": \"2020-11-30\""}));
  }
  std::optional<base::CommitNumber> known_at;
  if (document.known_at) known_at = base::CommitNumber{*document.known_at};
  return snapshot.at(document.on ? *document.on : document.days.back(), known_at);
}

absl::StatusOr<table::Table> run(const registry::Snapshot& snapshot, const Query& query,
                                 const RunOptions& options) {
  const auto view = view_for(snapshot, query);
  return view.ok() ? run(*view, query, options) : view.status();
}

}  // namespace dangbo::inline v1::rollup
