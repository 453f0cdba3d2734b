#include "dangbo/rules/check.hpp"

#include <algorithm>
#include <utility>

#include "rules/found.hpp"
#include "rules/pass.hpp"
#include "rules/selection.hpp"

namespace dangbo::inline v1::rules {

namespace {

using base::ProblemCode;

bool is_within(const Facts& facts, UnitSlot unit, UnitSlot top) {
  if (unit == kNoUnitSlot) return false;
  const auto at = facts.tree().position_of(unit);
  const auto above = facts.tree().position_of(top);
  return at != base::kNoPosition && above != base::kNoPosition && facts.tree().is_within(at, above);
}

}  // namespace

absl::Status refusal(ProblemCode code, std::string_view value, base::Message reason,
                     base::Message fix) {
  base::Problem problem;
  problem.code = code;
  problem.value = std::string(value.substr(0, 64));
  problem.reason = std::move(reason);
  problem.fix = std::move(fix);
  return base::problem_status(absl::StatusCode::kInvalidArgument, std::move(problem));
}

absl::StatusOr<std::vector<std::size_t>> select_rules(const Pack& pack,
                                                      const CheckOptions& options) {
  std::vector<std::size_t> out;
  if (options.rules.empty()) {
    for (std::size_t i = 0; i < pack.rules.size(); ++i) {
      const Rule& rule = pack.rules[i];
      if (rule.on_by_default || (options.about_persons && rule.is_about_person)) out.push_back(i);
    }
    return out;
  }
  for (const std::string& id : options.rules) {
    const Rule* const rule = pack.rule(id);
    if (rule == nullptr) {
      return refusal(ProblemCode::kBadQuery, id,
                     {"gói không có quy tắc này", "the pack has no such rule"},
                     {"dùng mã quy tắc của gói", "use the id of a rule of the pack"});
    }
    if (rule->is_about_person && !options.about_persons) {
      return refusal(ProblemCode::kBadQuery, id,
                     {"quy tắc nói về cá nhân, mặc định tắt",
                      "the rule is about persons, which is off by default"},
                     {"bật kiểm tra về cá nhân", "turn checks about persons on"});
    }
    out.push_back(static_cast<std::size_t>(rule - pack.rules.data()));
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

absl::StatusOr<Scope> scope_of(const registry::View& view, std::string_view unit) {
  Scope out;
  if (unit.empty()) return out;
  out.unit = view.snapshot().find_unit(unit);
  if (out.unit) return out;
  return refusal(ProblemCode::kUnknownUnit, unit, {"không có đơn vị này", "there is no such unit"},
                 {"kiểm tra mã đơn vị", "check the key of the unit"});
}

bool Scope::includes(const Examiner& examiner, Entity subject) const {
  if (!unit) return true;
  const Facts& facts = examiner.facts();
  if (examiner.self().about != About::kCohort) {
    return is_within(facts, examiner.unit_of(subject), *unit);
  }
  const auto& items = examiner.cohorts().items[subject];
  return std::any_of(items.begin(), items.end(), [&](Entity item) {
    const auto slot = static_cast<std::uint32_t>(item);
    const bool is_row = examiner.item().about >= About::kRow;
    return is_within(
        facts, is_row ? facts.unit_of_row(examiner.item().table, RowId{slot}) : UnitSlot{slot},
        *unit);
  });
}

absl::StatusOr<table::Table> check(const registry::View& view, const Pack& pack,
                                   const CheckOptions& options) {
  const auto rules = select_rules(pack, options);
  if (!rules.ok()) return rules.status();
  const auto scope = scope_of(view, options.unit);
  if (!scope.ok()) return scope.status();
  Bindings bindings(pack.subjects);
  Facts facts(view, bindings, std::make_shared<Indexes>());
  facts.prepare();
  Heading heading;
  heading.unit = options.unit;
  std::vector<Found> found;
  for (const std::size_t number : *rules) {
    const Rule& rule = pack.rules[number];
    if (!rule.effective.contains(view.day())) continue;
    const Examiner examiner(pack, rule, facts);
    std::vector<Entity> subjects = examiner.subjects();
    std::erase_if(subjects, [&](Entity one) { return !scope->includes(examiner, one); });
    heading.evaluated += subjects.size();
    if (const std::size_t unknown = facts.without_class(rule.subject); unknown != 0) {
      heading.notes.push_back(note_without_class(rule, unknown));
    }
    const auto hits =
        options.row_by_row ? hits_by_rows(examiner, subjects) : hits_by_columns(examiner, subjects);
    if (!hits.ok()) return hits.status();
    const std::size_t first = found.size();
    for (const Entity subject : *hits) {
      if (auto one = find(examiner, number, subject, options.about_persons)) {
        found.push_back(*std::move(one));
      }
    }
    std::sort(found.begin() + static_cast<std::ptrdiff_t>(first), found.end(),
              [](const Found& a, const Found& b) { return a.subject < b.subject; });
  }
  forecast(found, pack, facts);
  return table_of(found, pack, view, heading);
}

}  // namespace dangbo::inline v1::rules
