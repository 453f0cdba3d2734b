#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "dangbo/rules/finding.hpp"
#include "dangbo/rules/pack_test.hpp"
#include "rules/problem_at.hpp"
#include "rules/reads.hpp"
#include "rules/test_world.hpp"

namespace dangbo::inline v1::rules {

namespace {

using base::Language;
using base::Message;
using time::Date;
using Answer = ConsideredException::Answer;

// What the judged cases have shown of one rule.
struct Shown {
  bool holds = false;
  bool fails = false;
  std::vector<bool> applies;
  std::vector<bool> does_not;
  std::set<std::int32_t> days;  // on which it was judged in force
};

class Runner {
 public:
  explicit Runner(const Pack& pack) : pack_(pack) {
    for (const Rule& rule : pack_.rules) {
      Shown& one = shown_[rule.id];
      one.applies.resize(rule.exceptions.size());
      one.does_not.resize(rule.exceptions.size());
    }
  }

  TestReport run() {
    for (const RuleTest& test : pack_.tests) {
      if (test.parameter.empty()) {
        written(test);
      } else {
        generated(test);
      }
    }
    report_.failures.sort();
    cover();
    return std::move(report_);
  }

 private:
  void fail(SourcePlace place, std::string_view value, Message reason, Message fix) {
    report_.failures.add(problem_at(pack_, place, value, std::move(reason), std::move(fix)));
  }

  // Nothing after a failure.
  std::optional<Verdict> judged(const RuleTest& test, const TestExpectation& expected,
                                const Rule& rule, Date day, std::int64_t n) {
    TestWorld world(test, n);
    auto variables = world.variables(pack_, rule, expected.subject, day);
    if (!variables) {
      fail(expected.place, rule.id, {"không dựng được ca thử", "the case cannot be made"},
           {"bớt đối tượng, hoặc biên dịch lại gói", "use fewer rows, or compile the pack again"});
      return std::nullopt;
    }
    ++report_.cases;
    Verdict out = judge(rule, pack_.names(rule), *variables, day);
    values_ = values_text(rule, *variables);
    see(rule, out, day);
    return out;
  }

  std::string values_text(const Rule& rule, const std::vector<expr::Value>& variables) const {
    std::string out;
    const std::size_t first = pack_.names(rule).lets;
    for (std::size_t i = 0; i < rule.lets.size(); ++i) {
      out += out.empty() ? " (" : ", ";
      out += rule.lets[i].name + " = " + text_of(variables[first + i], Language::kEnglish);
    }
    return out.empty() ? out : out + ")";
  }

  void see(const Rule& rule, const Verdict& verdict, Date day) {
    Shown& one = shown_[rule.id];
    if (rule.effective.contains(day)) one.days.insert(day.days());
    one.holds = one.holds || verdict.outcome == Outcome::kSatisfied;
    one.fails = one.fails || is_finding(verdict.outcome);
    for (const ConsideredException& exception : verdict.exceptions) {
      if (exception.answer == Answer::kApplies) one.applies[exception.exception] = true;
      if (exception.answer == Answer::kDoesNot) one.does_not[exception.exception] = true;
    }
  }

  void written(const RuleTest& test) {
    for (const TestExpectation& expected : test.expectations) {
      const Rule* const rule = pack_.rule(expected.rule);
      if (rule == nullptr || !test.as_of) continue;
      const auto verdict = judged(test, expected, *rule, *test.as_of, 0);
      if (!verdict) continue;
      const std::string got(text_of(verdict->outcome));
      if (got != expected.outcome) {
        fail(expected.place, rule->id,
             {test.name.vi + ": chờ " + expected.outcome + ", được " + got + values_,
              test.name.en + ": expected " + expected.outcome + ", got " + got + values_},
             {"sửa quy tắc hoặc ca thử", "mend the rule or the test"});
      } else if (!expected.by.empty() && !applies(*rule, *verdict, expected.by)) {
        fail(expected.place, expected.by,
             {test.name.vi + ": ngoại lệ không áp dụng" + values_,
              test.name.en + ": the exception does not apply" + values_},
             {"sửa ngoại lệ hoặc ca thử", "mend the exception or the test"});
      }
    }
  }

  static bool applies(const Rule& rule, const Verdict& verdict, std::string_view label) {
    return std::any_of(verdict.exceptions.begin(), verdict.exceptions.end(), [&](const auto& one) {
      return one.answer == Answer::kApplies && rule.exceptions[one.exception].label == label;
    });
  }

  // The day before, the first, the last and the day after of each value and of the rule.
  static std::set<Date> days_of(const Rule& rule, const Parameter& parameter) {
    std::set<Date> out;
    const auto add = [&](const time::DateRange& range) {
      for (const auto& end : {range.from(), range.until()}) {
        if (!end) continue;
        out.insert(*end);
        out.insert(Date::from_days(end->days() - 1));
      }
    };
    add(rule.effective);
    for (const ParameterValue& one : parameter.values) add(one.days);
    return out;
  }

  void generated(const RuleTest& test) {
    const Parameter* const parameter = pack_.parameter(test.parameter);
    if (parameter == nullptr || test.expectations.empty()) return;
    const TestExpectation& expected = test.expectations.front();
    const Rule* const rule = pack_.rule(expected.rule);
    for (const Date day : days_of(*rule, *parameter)) {
      const ParameterValue* const value = parameter->on(day);
      if (!rule->effective.contains(day)) {
        outside(test, expected, *rule, day, parameter->values.front().number);
      } else if (value != nullptr) {
        around(test, expected, *rule, day, value->number);
      }
    }
  }

  void outside(const RuleTest& test, const TestExpectation& expected, const Rule& rule, Date day,
               std::int64_t n) {
    const auto verdict = judged(test, expected, rule, day, n);
    if (!verdict || verdict->outcome == Outcome::kOutOfScope) return;
    const std::string got(text_of(verdict->outcome));
    fail(expected.place, rule.id,
         {"ngày " + day.to_string() + " quy tắc không có hiệu lực mà được " + got,
          "on " + day.to_string() + " the rule is not in force and yet: " + got},
         {"sửa quy tắc", "mend the rule"});
  }

  void around(const RuleTest& test, const TestExpectation& expected, const Rule& rule, Date day,
              std::int64_t value) {
    std::string seen;
    std::optional<Outcome> before;
    int changes = 0;
    for (std::int64_t n = std::max<std::int64_t>(0, value - 1); n <= value + 1; ++n) {
      const auto verdict = judged(test, expected, rule, day, n);
      if (!verdict) return;
      if (before && *before != verdict->outcome) ++changes;
      if (n == value && !expected.outcome.empty() &&
          text_of(verdict->outcome) != expected.outcome) {
        return misses(expected, rule, day, value, text_of(verdict->outcome));
      }
      before = verdict->outcome;
      seen += (seen.empty() ? "" : ", ") + std::to_string(n) + " " +
              std::string(text_of(verdict->outcome));
    }
    if (changes == 1) return;
    fail(expected.place, rule.id,
         {"ngày " + day.to_string() + ", quanh " + std::to_string(value) +
              " kết quả không đổi đúng một lần: " + seen,
          "on " + day.to_string() + ", around " + std::to_string(value) +
              ", the outcome does not change exactly once: " + seen},
         {"sửa điều kiện hoặc chỗ đặt n", "mend the condition, or where n stands"});
  }

  void misses(const TestExpectation& expected, const Rule& rule, Date day, std::int64_t value,
              std::string_view got) {
    const std::string at = day.to_string() + ", n = " + std::to_string(value);
    fail(expected.place, rule.id,
         {"ngày " + at + ": chờ " + expected.outcome + ", được " + std::string(got),
          "on " + at + ": expected " + expected.outcome + ", got " + std::string(got)},
         {"sửa điều kiện hoặc chỗ đặt n", "mend the condition, or where n stands"});
  }

  // ---- coverage ----

  void add(Coverage::Kind kind, std::string_view id, std::string part, bool is_covered) {
    report_.coverage.push_back({kind, std::string(id), std::move(part), is_covered});
  }

  void cover() {
    for (const Rule& rule : pack_.rules) {
      const Shown& one = shown_[rule.id];
      add(Coverage::Kind::kRuleHolds, rule.id, "", one.holds);
      add(Coverage::Kind::kRuleFails, rule.id, "", one.fails);
      for (std::size_t i = 0; i < rule.exceptions.size(); ++i) {
        const std::string& label = rule.exceptions[i].label;
        add(Coverage::Kind::kExceptionApplies, rule.id, label, one.applies[i]);
        add(Coverage::Kind::kExceptionDoesNot, rule.id, label, one.does_not[i]);
      }
    }
    for (std::size_t i = 0; i < pack_.parameters.size(); ++i) cover_values(i);
  }

  // Values on a day of which some rule that reads them is in force.
  void cover_values(std::size_t number) {
    const Parameter& parameter = pack_.parameters[number];
    for (const ParameterValue& value : parameter.values) {
      bool is_needed = false;
      bool is_covered = false;
      for (const Rule& rule : pack_.rules) {
        const time::DateRange both = rule.effective.intersection(value.days);
        const auto read = variables_read(rule, pack_.names(rule).size);
        if (!read[RuleNames::kParameters + number] || both.empty()) continue;
        is_needed = true;
        const std::set<std::int32_t>& days = shown_[rule.id].days;
        const auto first = days.lower_bound(both.from_day());
        is_covered = is_covered || (first != days.end() && *first < both.until_day());
      }
      if (!is_needed) continue;
      add(Coverage::Kind::kParameterValue, parameter.id,
          value.days.from() ? value.days.from()->to_string() : "…", is_covered);
    }
  }

  const Pack& pack_;
  TestReport report_;
  std::map<std::string, Shown, std::less<>> shown_;
  std::string values_;  // of the last case
};

}  // namespace

TestReport run_tests(const Pack& pack) {
  return Runner(pack).run();
}

}  // namespace dangbo::inline v1::rules
