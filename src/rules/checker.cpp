#include "dangbo/rules/checker.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "rules/delta.hpp"
#include "rules/found.hpp"
#include "rules/pass.hpp"
#include "rules/selection.hpp"

namespace dangbo::inline v1::rules {

namespace {

// What makes a finding another one for whoever watches it.
bool is_same(const Found& a, const Found& b) {
  return a.outcome == b.outcome && a.severity == b.severity && a.by == b.by &&
         a.message == b.message && a.values == b.values && a.parameters == b.parameters &&
         a.exceptions == b.exceptions && a.unit == b.unit && a.evidence == b.evidence;
}

}  // namespace

class Checker::State {
 public:
  State(const registry::View& view, const Pack& pack, CheckOptions options,
        std::vector<std::size_t> rules, Scope scope)
      : pack_(pack),
        options_(std::move(options)),
        scope_(scope),
        bindings_(pack.subjects),
        indexes_(std::make_shared<Indexes>()),
        facts_(std::make_unique<Facts>(view, bindings_, indexes_)) {
    for (const std::size_t rule : rules) {
      rules_.push_back({});
      rules_.back().rule = rule;
      rules_.back().plan = std::make_shared<const RulePlan>(pack, pack.rules[rule], bindings_);
    }
  }

  absl::Status check_all() {
    facts_->prepare();
    std::vector<std::unique_ptr<Examiner>> examiners;
    std::vector<const Examiner*> all;
    std::vector<Kept*> asked;
    for (Kept& kept : rules_) {
      if (!rule_of(kept).effective.contains(facts_->day())) continue;
      examiners.push_back(std::make_unique<Examiner>(kept.plan, *facts_));
      all.push_back(examiners.back().get());
      asked.push_back(&kept);
    }
    const auto passed = pass(all, scope_, options_.row_by_row);
    if (!passed.ok()) return passed.status();
    for (std::size_t i = 0; i < all.size(); ++i) {
      asked[i]->found = found_of(*asked[i], *all[i], (*passed)[i].hits);
      evaluated_ += (*passed)[i].evaluated;
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Step> update(const registry::View& view) {
    auto plan = plan_for(view, indexes_);
    if (!plan.ok()) return plan.status();
    Step out = compare(*plan);
    for (std::size_t i = 0; i < rules_.size(); ++i) apply(rules_[i], plan->rules[i], *plan->facts);
    facts_ = std::move(plan->facts);
    evaluated_ += out.evaluated;
    return out;
  }

  absl::StatusOr<Trial> try_on(const registry::View& fork) {
    // What the fork adds must not enter the index of the head.
    auto plan = plan_for(fork, std::make_shared<Indexes>(*indexes_));
    if (!plan.ok()) return plan.status();
    std::vector<Found> before;
    std::vector<Found> after;
    Trial out;
    out.step = compare(*plan, &before, &after);
    forecast(before, pack_, *facts_);
    forecast(after, pack_, *plan->facts);
    out.before = table_of(before, pack_, facts_->view(), heading());
    Heading later = heading();
    later.evaluated = out.step.evaluated;
    out.after = table_of(after, pack_, fork, later);
    return out;
  }

  [[nodiscard]] table::Table findings() const {
    std::vector<Found> all;
    for (const Kept& kept : rules_) {
      const std::size_t first = all.size();
      for (const auto& [entity, found] : kept.found) all.push_back(found);
      std::sort(all.begin() + static_cast<std::ptrdiff_t>(first), all.end(),
                [](const Found& a, const Found& b) { return a.subject < b.subject; });
    }
    forecast(all, pack_, *facts_);
    return table_of(all, pack_, facts_->view(), heading());
  }

  [[nodiscard]] absl::StatusOr<std::string> why(std::string_view rule, std::string_view subject,
                                                const ExplainOptions& options) const {
    return explain_on(*facts_, pack_, rule, subject, options);
  }

  [[nodiscard]] std::size_t size() const noexcept {
    std::size_t out = 0;
    for (const Kept& kept : rules_) out += kept.found.size();
    return out;
  }

 private:
  using Findings = std::map<Entity, Found>;

  // A rule with what is known of it.
  struct Kept {
    std::size_t rule = 0;
    Findings found;
    std::optional<RuleReads> reads;
    std::shared_ptr<const RulePlan> plan;
    // First day on which the answer about a subject may be another; those without are never.
    std::map<Entity, std::int32_t> until;
    bool has_until = false;
  };

  // What an update makes of a rule.
  struct Outcome {
    bool is_whole = false;
    std::set<Entity> asked;
    Findings found;  // among those asked
    std::uint64_t evaluated = 0;
  };

  struct Plan {
    std::unique_ptr<Facts> facts;
    std::vector<Outcome> rules;
  };

  [[nodiscard]] const Rule& rule_of(const Kept& kept) const { return pack_.rules[kept.rule]; }

  [[nodiscard]] Heading heading() const {
    Heading out;
    out.evaluated = evaluated_;
    out.unit = options_.unit;
    for (const Kept& kept : rules_) {
      if (!rule_of(kept).effective.contains(facts_->day())) continue;
      const std::size_t unknown = facts_->without_class(rule_of(kept).subject);
      if (unknown != 0) out.notes.push_back(note_without_class(rule_of(kept), unknown));
    }
    return out;
  }

  // All subjects of a rule.
  absl::StatusOr<Outcome> whole(const Kept& kept, const Facts& facts) const {
    Outcome out;
    out.is_whole = true;
    const Rule& rule = rule_of(kept);
    if (!rule.effective.contains(facts.day())) return out;
    const Examiner examiner(kept.plan, facts);
    const Examiner* const one = &examiner;
    const auto passed = pass({&one, 1}, scope_, options_.row_by_row);
    if (!passed.ok()) return passed.status();
    out.evaluated = passed->front().evaluated;
    out.found = found_of(kept, examiner, passed->front().hits);
    return out;
  }

  [[nodiscard]] Findings found_of(const Kept& kept, const Examiner& examiner,
                                  const std::vector<Entity>& hits) const {
    Findings out;
    for (const Entity subject : hits) {
      if (auto one = find(examiner, kept.rule, subject, options_.about_persons)) {
        out.emplace(subject, *std::move(one));
      }
    }
    return out;
  }

  const RuleReads& reads(Kept& kept) {
    if (!kept.reads) {
      const Rule& rule = rule_of(kept);
      kept.reads = reads_of(rule, *bindings_.of(rule.self));
    }
    return *kept.reads;
  }

  absl::StatusOr<Plan> plan_for(const registry::View& view,
                                const std::shared_ptr<Indexes>& indexes) {
    if (view.known_at() < facts_->view().known_at()) {
      return refusal(
          base::ProblemCode::kBadQuery, "",
          {"lần ghi này cũ hơn lần đã kiểm tra", "the commit is older than the last one"},
          {"kiểm tra lại từ đầu", "start a check anew"});
    }
    Delta delta = delta_of(*facts_, view);
    Plan out;
    const bool same_units = delta.rows[facts_->units_table()].empty();
    out.facts = same_units ? std::make_unique<Facts>(facts_->with_tree_of(view, indexes))
                           : std::make_unique<Facts>(view, bindings_, indexes);
    rules::complete(delta, *facts_, *out.facts);
    for (Kept& kept : rules_) {
      auto one = asked_of(kept, delta, *out.facts);
      if (!one.ok()) return one.status();
      out.rules.push_back(*std::move(one));
    }
    return out;
  }

  [[nodiscard]] bool is_any(const Delta& delta) const {
    const auto has_rows = [](const auto& rows) { return !rows.empty(); };
    return !delta.standings.empty() || std::any_of(delta.rows.begin(), delta.rows.end(), has_rows);
  }

  // Whether the rule has to be asked about all its subjects.
  bool must_be_whole(Kept& kept, const Delta& delta, const Facts& after) {
    const Rule& rule = rule_of(kept);
    const bool moves = facts_->day() != after.day();
    const bool was = rule.effective.contains(facts_->day());
    if (was != rule.effective.contains(after.day())) return true;
    if (!was) return false;
    if (after.day() < facts_->day()) return true;
    if (scope_.unit && delta.tree_changed) return true;
    if (rule.subject.is_cohort()) {
      return is_any(delta) || (moves && (reads(kept).reads_day || law_changes(kept, after)));
    }
    if (!moves) return false;
    const bool is_monthly = rule.subject.kind == Subject::Kind::kUnitMonth;
    const bool other_month =
        facts_->day().month() != after.day().month() || facts_->day().year() != after.day().year();
    return (is_monthly && other_month) || law_changes(kept, after);
  }

  [[nodiscard]] bool law_changes(const Kept& kept, const Facts& after) const {
    return Examiner(kept.plan, *facts_, Examiner::Cohort::kNone).law_changes() <=
           after.day().days();
  }

  absl::StatusOr<Outcome> asked_of(Kept& kept, const Delta& delta, const Facts& after) {
    if (must_be_whole(kept, delta, after)) return whole(kept, after);
    const Rule& rule = rule_of(kept);
    Outcome out;
    if (rule.subject.is_cohort() || !rule.effective.contains(after.day())) return out;
    const bool moves = facts_->day() != after.day();
    if (is_any(delta)) {
      out.asked = affected(delta, rule, *bindings_.of(rule.self), reads(kept), *facts_, after);
    }
    if (moves && reads(kept).reads_day) {
      keep_until(kept);
      for (const auto& [entity, day] : kept.until) {
        if (day <= after.day().days()) out.asked.insert(entity);
      }
    }
    if (out.asked.empty()) return out;
    const Examiner examiner(kept.plan, after);
    for (const Entity subject : out.asked) {
      if (!after.is_subject(rule.subject, subject) || !scope_.includes(examiner, subject)) continue;
      ++out.evaluated;
      if (auto one = find(examiner, kept.rule, subject, options_.about_persons)) {
        out.found.emplace(subject, *std::move(one));
      }
    }
    return out;
  }

  // The days on which answers that depend on the day may change: once, subject by subject.
  void keep_until(Kept& kept) {
    if (kept.has_until) return;
    kept.has_until = true;
    const Examiner examiner(kept.plan, *facts_);
    for (const Entity subject : examiner.subjects()) note_until(kept, examiner, subject);
  }

  void note_until(Kept& kept, const Examiner& examiner, Entity subject) const {
    std::vector<expr::Value> variables;
    std::int32_t until = Facts::kNever;
    const Verdict verdict = examiner.judge(subject, variables, &until);
    if (kept.plan->tells_day && is_finding(verdict.outcome)) {
      until = examiner.facts().day().days() + 1;
    }
    if (until == Facts::kNever) {
      kept.until.erase(subject);
    } else {
      kept.until[subject] = until;
    }
  }

  Step compare(const Plan& plan, std::vector<Found>* before = nullptr,
               std::vector<Found>* after = nullptr) const {
    Step out;
    const auto was = [&](const Found& one) {
      if (before != nullptr) before->push_back(one);
    };
    const auto is = [&](const Found& one) {
      if (after != nullptr) after->push_back(one);
    };
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      const Outcome& now = plan.rules[i];
      out.evaluated += now.evaluated;
      // By key: the number of a corrected row is another one, the row is not.
      std::map<std::string, std::pair<const Found*, const Found*>> pairs;
      const Findings& kept = rules_[i].found;
      if (now.is_whole) {
        for (const auto& [entity, found] : kept) pairs[found.key].first = &found;
      }
      for (const Entity entity : now.asked) {
        const auto found = kept.find(entity);
        if (found != kept.end()) pairs[found->second.key].first = &found->second;
      }
      for (const auto& [entity, found] : now.found) pairs[found.key].second = &found;
      for (const auto& [key, pair] : pairs) {
        if (pair.first != nullptr && pair.second != nullptr) {
          if (is_same(*pair.first, *pair.second)) continue;
          out.changed.push_back(key);
        } else if (pair.first != nullptr) {
          out.gone.push_back(key);
        } else {
          out.appeared.push_back(key);
        }
        if (pair.first != nullptr) was(*pair.first);
        if (pair.second != nullptr) is(*pair.second);
      }
    }
    for (auto* keys : {&out.appeared, &out.changed, &out.gone})
      std::sort(keys->begin(), keys->end());
    return out;
  }

  void apply(Kept& kept, Outcome& now, const Facts& facts) {
    if (now.is_whole) {
      kept.found = std::move(now.found);
      kept.until.clear();
      kept.has_until = false;
      return;
    }
    for (const Entity subject : now.asked) kept.found.erase(subject);
    kept.found.merge(now.found);
    if (!kept.has_until || now.asked.empty()) return;
    const Rule& rule = rule_of(kept);
    const Examiner examiner(kept.plan, facts);
    for (const Entity subject : now.asked) {
      if (facts.is_subject(rule.subject, subject)) {
        note_until(kept, examiner, subject);
      } else {
        kept.until.erase(subject);
      }
    }
  }

  const Pack& pack_;
  CheckOptions options_;
  Scope scope_;
  mutable Bindings bindings_;
  std::shared_ptr<Indexes> indexes_;
  std::unique_ptr<Facts> facts_;
  std::vector<Kept> rules_;
  std::uint64_t evaluated_ = 0;
};

Checker::Checker(std::unique_ptr<State> state) : state_(std::move(state)) {}
Checker::Checker(Checker&&) noexcept = default;
Checker& Checker::operator=(Checker&&) noexcept = default;
Checker::~Checker() = default;

absl::StatusOr<Checker> Checker::start(const registry::View& view, const Pack& pack,
                                       const CheckOptions& options) {
  auto rules = select_rules(pack, options);
  if (!rules.ok()) return rules.status();
  auto scope = scope_of(view, options.unit);
  if (!scope.ok()) return scope.status();
  auto state = std::make_unique<State>(view, pack, options, *std::move(rules), *scope);
  const absl::Status done = state->check_all();
  if (!done.ok()) return done;
  return Checker(std::move(state));
}

absl::StatusOr<Step> Checker::update(const registry::View& view) {
  return state_->update(view);
}

absl::StatusOr<Checker::Trial> Checker::try_on(const registry::View& fork) {
  return state_->try_on(fork);
}

table::Table Checker::findings() const {
  return state_->findings();
}

absl::StatusOr<std::string> Checker::explain(std::string_view rule, std::string_view subject,
                                             const ExplainOptions& options) const {
  return state_->why(rule, subject, options);
}

std::size_t Checker::size() const noexcept {
  return state_->size();
}

}  // namespace dangbo::inline v1::rules
