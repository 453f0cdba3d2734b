// What becomes a finding as days pass.
#include <algorithm>
#include <array>
#include <memory>
#include <tuple>
#include <utility>

#include "dangbo/rules/outlook.hpp"
#include "rules/found.hpp"
#include "rules/selection.hpp"

namespace dangbo::inline v1::rules {

namespace {

using table::Column;
using table::Type;

struct Coming {
  time::Date day;
  Outcome now = Outcome::kSatisfied;
  Found found;
};

bool is_trouble(Outcome outcome) noexcept {
  return is_finding(outcome) && outcome != Outcome::kWaived;
}

// Follows one rule over the days.
class Following {
 public:
  Following(const Pack& pack, std::size_t rule, const Facts& facts, const Scope& scope,
            const CheckOptions& options, std::int32_t days, std::vector<Coming>& out)
      : pack_(pack),
        rule_(rule),
        facts_(facts),
        scope_(scope),
        options_(options),
        last_(facts.day().days() + days),
        out_(out) {}

  std::uint64_t run() {
    const Rule& what = pack_.rules[rule_];
    const Examiner examiner(pack_, what, facts_);
    std::uint64_t evaluated = 0;
    std::vector<Entity> subjects = examiner.subjects();
    for (const Entity subject : subjects) {
      if (!scope_.includes(examiner, subject)) continue;
      ++evaluated;
      follow(examiner, subject);
    }
    if (what.subject.kind == Subject::Kind::kUnit) evaluated += newcomers(examiner, subjects);
    return evaluated;
  }

 private:
  void follow(const Examiner& examiner, Entity subject) {
    std::vector<expr::Value> values;
    std::int32_t until = Facts::kNever;
    const Outcome now = examiner.judge(subject, values, &until).outcome;
    Outcome before = now;
    while (until <= last_) {
      const Facts then = facts_.on(time::Date::from_days(until));
      if (!then.is_subject(examiner.rule().subject, subject)) return;
      const Examiner later(pack_, examiner.rule(), then);
      const Outcome outcome = later.judge(subject, values, &until).outcome;
      if (outcome != before && is_trouble(outcome)) note(later, subject, now);
      before = outcome;
    }
  }

  // Units that begin within the days.
  std::uint64_t newcomers(const Examiner& examiner, const std::vector<Entity>& present) {
    const registry::Rows& rows = *facts_.rows(facts_.units_table());
    std::uint64_t evaluated = 0;
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      const std::int32_t begins = rows.range(RowId{i}).from_day();
      if (begins <= facts_.day().days() || begins > last_) continue;
      if (!rows.is_known(RowId{i}, facts_.view().known_at())) continue;
      const Entity unit = index_of(rows.unit_of(RowId{i}));
      if (std::find(present.begin(), present.end(), unit) != present.end()) continue;
      const Facts then = facts_.on(time::Date::from_days(begins));
      const Examiner later(pack_, examiner.rule(), then);
      if (!then.is_subject(examiner.rule().subject, unit) || !scope_.includes(later, unit))
        continue;
      ++evaluated;
      if (is_trouble(later.judge(unit).outcome)) note(later, unit, Outcome::kOutOfScope);
    }
    return evaluated;
  }

  void note(const Examiner& later, Entity subject, Outcome now) {
    auto found = find(later, rule_, subject, options_.about_persons);
    if (found) out_.push_back({later.facts().day(), now, *std::move(found)});
  }

  const Pack& pack_;
  std::size_t rule_;
  const Facts& facts_;
  const Scope& scope_;
  const CheckOptions& options_;
  std::int32_t last_;
  std::vector<Coming>& out_;
};

// The columns of findings that say something of a day to come, after when and from what.
table::Table due_table(const std::vector<Coming>& coming, const table::Table& findings) {
  Column day("day", Type::kDate);
  Column now("now", Type::kText);
  for (const Coming& one : coming) {
    day.append_date(time::PartialDate(one.day));
    now.append_text(text_of(one.now));
  }
  std::vector<Column> columns;
  columns.push_back(std::move(day));
  for (const char* const name : {"key", "rule", "subject", "unit_id"}) {
    columns.push_back(findings.column(*findings.find(name)));
  }
  columns.push_back(std::move(now));
  for (const char* const name :
       {"outcome", "severity", "cite", "message_vi", "message_en", "remedy_vi", "remedy_en"}) {
    columns.push_back(findings.column(*findings.find(name)));
  }
  return {"due", std::move(columns), findings.provenance()};
}

}  // namespace

absl::StatusOr<table::Table> due(const registry::View& view, const Pack& pack, std::int32_t days,
                                 const CheckOptions& options) {
  if (days < 1 || days > kMostDaysAhead) {
    return refusal(base::ProblemCode::kOutOfRange, std::to_string(days),
                   {"số ngày phải từ 1 đến 3653", "days go from 1 to 3653"},
                   {"ghi số ngày tới, ví dụ 60", "give the days ahead, say 60"});
  }
  const auto rules = select_rules(pack, options);
  if (!rules.ok()) return rules.status();
  const auto scope = scope_of(view, options.unit);
  if (!scope.ok()) return scope.status();
  Bindings bindings(pack.subjects);
  const Facts facts(view, bindings, std::make_shared<Indexes>());
  Heading heading;
  heading.unit = options.unit;
  std::vector<Coming> coming;
  for (const std::size_t number : *rules) {
    const Rule& rule = pack.rules[number];
    if (rule.is_about_person || rule.subject.is_cohort()) continue;
    heading.evaluated += Following(pack, number, facts, *scope, options, days, coming).run();
  }
  std::sort(coming.begin(), coming.end(), [](const Coming& a, const Coming& b) {
    return std::tie(a.day, a.found.rule, a.found.subject) <
           std::tie(b.day, b.found.rule, b.found.subject);
  });
  std::vector<Found> found;
  for (const Coming& one : coming) found.push_back(one.found);
  return due_table(coming, table_of(found, pack, view, heading));
}

}  // namespace dangbo::inline v1::rules
