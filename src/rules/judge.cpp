#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "dangbo/rules/finding.hpp"

namespace dangbo::inline v1::rules {

namespace {

using expr::Value;
using time::Date;
using Answer = ConsideredException::Answer;

// One rule and one subject.
class Judging {
 public:
  Judging(const Rule& rule, const RuleNames& names, std::vector<Value>& variables, Date day,
          bool asks_until)
      : rule_(rule), names_(names), variables_(variables), day_(day), asks_until_(asks_until) {}

  Verdict run() {
    Verdict out;
    out.severity = rule_.severity;
    if (!in_force(rule_.effective)) return out;
    out.scope = Value::boolean(true);
    const bool is_early = rule_.when && !reads_lets(*rule_.when);
    if (is_early && out_of_scope(out)) return out;
    lets();
    if (rule_.when && !is_early && out_of_scope(out)) return out;
    out.require = value(*rule_.require);
    if (out.require.is_true()) {
      out.outcome = Outcome::kSatisfied;
    } else if (out.scope.is_error() || out.require.is_error()) {
      out.outcome = Outcome::kUndecidable;
    } else {
      exceptions(out);
    }
    return out;
  }

  [[nodiscard]] std::optional<Date> until() const noexcept { return until_; }

 private:
  bool in_force(const time::DateRange& days) {
    if (days.from_day() > day_.days()) see(days.from());
    if (days.contains(day_)) see(days.until());
    return days.contains(day_);
  }

  void see(std::optional<Date> day) {
    if (day && (!until_ || *day < *until_)) until_ = day;
  }

  Value value(const Condition& condition) {
    if (!asks_until_) return condition.expression.evaluate(variables_);
    std::optional<Date> changes;
    Value out = condition.expression.evaluate(variables_, RuleNames::kAsOf, changes);
    see(changes);
    return out;
  }

  [[nodiscard]] bool reads_lets(const Condition& condition) const {
    const auto read = condition.expression.variables();
    return !read.empty() && read.back() >= names_.lets;
  }

  void lets() {
    for (std::size_t i = 0; i < rule_.lets.size(); ++i) {
      Value made = value(rule_.lets[i].condition);
      // Where it went wrong is a place in another text.
      variables_[names_.lets + i] =
          made.is_error() ? Value::error(made.error_code()) : std::move(made);
    }
  }

  // Missing scope is not the end: what satisfies the requirement does so in scope and out of it.
  bool out_of_scope(Verdict& out) {
    out.scope = value(*rule_.when);
    return out.scope.is_false();
  }

  void exceptions(Verdict& out) {
    for (std::size_t i = 0; i < rule_.exceptions.size(); ++i) {
      const Exception& one = rule_.exceptions[i];
      Answer answer = Answer::kNotInForce;
      if (in_force(one.effective)) {
        const Value held = value(*one.when);
        answer = held.is_error() ? Answer::kUndecidable
                                 : (held.is_true() ? Answer::kApplies : Answer::kDoesNot);
      }
      out.exceptions.push_back({i, answer});
    }
    settle(out);
  }

  [[nodiscard]] const Exception& exception(const ConsideredException& one) const {
    return rule_.exceptions[one.exception];
  }

  // Of those that apply, the ones that no other outranks; they decide together.
  void settle(Verdict& out) const {
    std::vector<const Exception*> deciding;
    for (const ConsideredException& one : out.exceptions) {
      if (one.answer != Answer::kApplies) continue;
      const Exception& here = exception(one);
      if (!deciding.empty() && deciding.front()->precedence > here.precedence) continue;
      if (!deciding.empty() && deciding.front()->precedence < here.precedence) deciding.clear();
      deciding.push_back(&here);
    }
    const auto differs = [&](const Exception& one) {
      return one.downgrade != deciding.front()->downgrade;
    };
    // What could not be told matters unless something of its effect, or above it, applies.
    const bool is_unsure =
        std::any_of(out.exceptions.begin(), out.exceptions.end(), [&](const auto& one) {
          if (one.answer != Answer::kUndecidable) return false;
          if (deciding.empty()) return true;
          return exception(one).precedence >= deciding.front()->precedence &&
                 differs(exception(one));
        });
    if (is_unsure) {
      out.outcome = Outcome::kUndecidable;
    } else if (deciding.empty()) {
      out.outcome = Outcome::kViolated;
    } else if (std::any_of(deciding.begin(), deciding.end(),
                           [&](const Exception* one) { return differs(*one); })) {
      out.outcome = Outcome::kConflict;
    } else if (deciding.front()->downgrade) {
      out.outcome = Outcome::kDowngraded;
      out.severity = *deciding.front()->downgrade;
    } else {
      out.outcome = Outcome::kWaived;
    }
  }

  const Rule& rule_;
  const RuleNames& names_;
  std::vector<Value>& variables_;
  Date day_;
  bool asks_until_;
  std::optional<Date> until_;
};

std::string day_text(Date day, base::Language language) {
  if (language == base::Language::kEnglish) return day.to_string();
  const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return two(day.day()) + "/" + two(day.month()) + "/" + std::to_string(day.year());
}

std::string label_of(const Condition& condition, const Value& value, base::Language language) {
  const expr::Type& type = condition.expression.type();
  if (value.kind() != expr::Kind::kEnum || !type.shape || !type.shape->codes) {
    return text_of(value, language);
  }
  const auto& codes = type.shape->codes->codes();
  const auto code = static_cast<std::size_t>(value.as_int());
  return code < codes.size() ? base::text_in(codes[code].name, language) : "?";
}

}  // namespace

std::string_view text_of(Outcome outcome) noexcept {
  constexpr std::string_view kTexts[] = {"out_of_scope", "satisfied", "violated",   "waived",
                                         "downgraded",   "conflict",  "undecidable"};
  return kTexts[static_cast<std::size_t>(outcome)];
}

Verdict judge(const Rule& rule, const RuleNames& names, std::vector<Value>& variables, Date day,
              std::optional<Date>* until) {
  Judging judging(rule, names, variables, day, until != nullptr);
  Verdict out = judging.run();
  if (until != nullptr) *until = judging.until();
  return out;
}

std::string text_of(const Value& value, base::Language language) {
  const bool is_vi = language == base::Language::kVietnamese;
  switch (value.kind()) {
    case expr::Kind::kBool:
      if (is_vi) return value.is_true() ? "có" : "không";
      return value.is_true() ? "yes" : "no";
    case expr::Kind::kInt:
      return std::to_string(value.as_int());
    case expr::Kind::kString:
    case expr::Kind::kEnum:
      return std::string(value.as_text());
    case expr::Kind::kDate:
      return day_text(Date::from_days(static_cast<std::int32_t>(value.as_int())), language);
    case expr::Kind::kDouble: {
      std::string out = std::to_string(value.as_double());
      while (out.ends_with('0')) out.pop_back();
      if (out.ends_with('.')) out.pop_back();
      return out;
    }
    case expr::Kind::kPeriod: {
      const std::string months = std::to_string(value.as_int());
      const std::string days = std::to_string(value.days());
      if (value.days() == 0) return months + (is_vi ? " tháng" : " months");
      if (value.as_int() == 0) return days + (is_vi ? " ngày" : " days");
      return months + (is_vi ? " tháng " : " months ") + days + (is_vi ? " ngày" : " days");
    }
    default:
      return "?";
  }
}

std::string fill_in(const std::vector<Piece>& pieces, std::span<const Value> variables,
                    base::Language language) {
  std::string out;
  for (const Piece& piece : pieces) {
    if (piece.kind == Piece::Kind::kText) {
      out += piece.text;
      continue;
    }
    const Value value = piece.value->expression.evaluate(variables);
    switch (piece.kind) {
      case Piece::Kind::kLabel:
        out += label_of(*piece.value, value, language);
        break;
      case Piece::Kind::kNumber:
        out += value.kind() == expr::Kind::kInt && value.as_int() == 1 ? piece.one : piece.many;
        break;
      default:
        out += text_of(value, language);
    }
  }
  return out;
}

}  // namespace dangbo::inline v1::rules
