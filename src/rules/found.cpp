#include "rules/found.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

namespace dangbo::inline v1::rules {

namespace {

using expr::Value;
using Json = nlohmann::ordered_json;
using Answer = ConsideredException::Answer;

constexpr std::size_t kMostFacts = 32;    // rows named in a finding
constexpr std::int32_t kForecast = 3653;  // days ahead for next_change
constexpr int kMostTurns = 64;            // days looked at on the way

Json json_of(const Value& value) {
  switch (value.kind()) {
    case expr::Kind::kBool:
      return value.is_true();
    case expr::Kind::kInt:
      return value.as_int();
    case expr::Kind::kDouble:
      return value.as_double();
    case expr::Kind::kError:
      return nullptr;
    default:
      return text_of(value, base::Language::kEnglish);
  }
}

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string_view word_of(Answer answer) noexcept {
  switch (answer) {
    case Answer::kApplies:
      return "applies";
    case Answer::kDoesNot:
      return "does_not";
    case Answer::kUndecidable:
      return "undecidable";
    case Answer::kNotInForce:
      break;
  }
  return "not_in_force";
}

std::string values_json(const Examiner& examiner, const std::vector<Value>& variables) {
  Json out = Json::object();
  const Rule& rule = examiner.rule();
  for (std::size_t i = 0; i < rule.subject.by.size(); ++i) {
    out[rule.subject.by[i]] = json_of(variables[examiner.names().keys + i]);
  }
  for (std::size_t i = 0; i < rule.lets.size(); ++i) {
    out[rule.lets[i].name] = json_of(variables[examiner.names().lets + i]);
  }
  return dumped(out);
}

std::string parameters_json(const Examiner& examiner) {
  Json out = Json::object();
  const Pack& pack = examiner.pack();
  for (const ParameterUse& use : examiner.parameters()) {
    const Parameter& parameter = pack.parameters[use.parameter];
    Json one = Json::object();
    if (use.value == nullptr) {
      one["value"] = nullptr;
    } else {
      if (parameter.words.empty()) {
        one["value"] = use.value->number;
      } else {
        one["value"] = use.value->word;
      }
      if (const auto since = use.value->days.from()) one["since"] = since->to_string();
      one["cite"] = text_of(use.value->citations, pack);
      one["evidence"] = text_of(use.value->evidence);
    }
    out[parameter.id] = std::move(one);
  }
  return dumped(out);
}

std::string exceptions_json(const Examiner& examiner, const Verdict& verdict) {
  Json out = Json::object();
  for (const ConsideredException& one : verdict.exceptions) {
    const Exception& exception = examiner.rule().exceptions[one.exception];
    Json entry = Json::object();
    entry["answer"] = word_of(one.answer);
    entry["effect"] = exception.downgrade ? text_of(*exception.downgrade) : "waive";
    entry["cite"] = text_of(exception.citations, examiner.pack());
    out[exception.label] = std::move(entry);
  }
  return dumped(out);
}

std::string labels(const Examiner& examiner, const Verdict& verdict) {
  std::string out;
  for (const ConsideredException& one : verdict.exceptions) {
    if (one.answer != Answer::kApplies) continue;
    if (!out.empty()) out += "; ";
    out += examiner.rule().exceptions[one.exception].label;
  }
  return out;
}

}  // namespace

std::string facts_json(const Examiner& examiner, const Sources::Touched& touched,
                       bool about_persons) {
  const Facts& facts = examiner.facts();
  std::map<std::string, std::set<std::uint32_t>> rows;
  for (const auto& [binding, entity] : touched) {
    const RowId row = facts.row_of(*binding, entity);
    if (row == kNoRow || facts.rows(binding->table) == nullptr) continue;
    rows[facts.rows(binding->table)->schema().name()].insert(index_of(row));
  }
  Json out = Json::object();
  for (const auto& [table, ids] : rows) {
    const table::Schema& schema = **facts.bindings().subjects().table(table);
    const bool names_persons = schema.find(table::Role::kMember) || table == "members";
    Json entry = Json::object();
    entry["count"] = ids.size();
    if (!names_persons || about_persons) {
      std::vector<std::uint32_t> named(ids.begin(), ids.end());
      if (named.size() > kMostFacts) named.resize(kMostFacts);
      entry["row_ids"] = named;
    }
    out[table] = std::move(entry);
  }
  return dumped(out);
}

std::string text_of(const std::vector<Citation>& citations, const Pack& pack) {
  std::string out;
  for (const Citation& one : citations) {
    if (!out.empty()) out += "; ";
    out += pack.instruments[one.instrument].id + "/" + one.clause;
  }
  return out;
}

Evidence weakest(const Examiner& examiner) {
  Evidence out = examiner.rule().evidence;
  for (const ParameterUse& use : examiner.parameters()) {
    if (use.value != nullptr) out = std::max(out, use.value->evidence);
  }
  return out;
}

std::optional<Turn> next_turn(const Examiner& examiner, Entity subject, Outcome now,
                              std::int32_t days) {
  const time::Date today = examiner.facts().day();
  std::vector<Value> values;
  std::int32_t until = Facts::kNever;
  static_cast<void>(examiner.judge(subject, values, &until));
  for (int i = 0; i < kMostTurns && until <= today.days() + days; ++i) {
    const time::Date day = time::Date::from_days(until);
    const Facts then = examiner.facts().on(day);
    if (!then.is_subject(examiner.rule().subject, subject)) return Turn{day, Outcome::kOutOfScope};
    const Examiner later(examiner.pack(), examiner.rule(), then);
    const Verdict verdict = later.judge(subject, values, &until);
    if (verdict.outcome != now) return Turn{day, verdict.outcome};
  }
  return std::nullopt;
}

std::optional<Found> find(const Examiner& examiner, std::size_t rule, Entity subject,
                          bool about_persons) {
  std::vector<Value> variables;
  Sources::Touched touched;
  examiner.sources().touch(&touched);
  const Verdict verdict = examiner.judge(subject, variables, nullptr);
  examiner.sources().touch(nullptr);
  if (!is_finding(verdict.outcome)) return std::nullopt;
  const registry::Snapshot& snapshot = examiner.facts().snapshot();
  const Rule& what = examiner.rule();
  Found out;
  out.rule = rule;
  out.entity = subject;
  out.subject = examiner.name_of(subject);
  out.key = what.id + "|" + out.subject;
  if (const UnitSlot unit = examiner.unit_of(subject); unit != kNoUnitSlot) {
    out.unit = snapshot.key_of(unit);
  }
  if (const MemberSlot member = examiner.member_of(subject); member != base::kNoMemberSlot) {
    out.member = snapshot.key_of(member);
  }
  out.outcome = verdict.outcome;
  out.evidence = weakest(examiner);
  out.severity =
      is_weak(out.evidence) ? std::min(verdict.severity, Severity::kAdvisory) : verdict.severity;
  out.cite = text_of(what.citations, examiner.pack());
  out.by = labels(examiner, verdict);
  using base::Language;
  out.message = {fill_in(what.message.vi, variables, Language::kVietnamese),
                 fill_in(what.message.en, variables, Language::kEnglish)};
  if (what.remedy) {
    out.remedy = {fill_in(what.remedy->vi, variables, Language::kVietnamese),
                  fill_in(what.remedy->en, variables, Language::kEnglish)};
  }
  out.values = values_json(examiner, variables);
  out.parameters = parameters_json(examiner);
  out.exceptions = exceptions_json(examiner, verdict);
  out.facts = facts_json(examiner, touched, about_persons);
  return out;
}

void forecast(std::vector<Found>& found, const Pack& pack, const Facts& facts) {
  std::optional<Examiner> examiner;
  for (Found& one : found) {
    const Rule& rule = pack.rules[one.rule];
    one.next_change.reset();
    if (rule.is_about_person || rule.subject.is_cohort()) continue;
    if (!examiner || &examiner->rule() != &rule) examiner.emplace(pack, rule, facts);
    const auto turn = next_turn(*examiner, one.entity, one.outcome, kForecast);
    if (turn) one.next_change = turn->day;
  }
}

base::Message note_without_class(const Rule& rule, std::size_t units) {
  const std::string count = std::to_string(units);
  return {rule.id + ": " + count + " đơn vị không rõ cấp, chưa xét",
          rule.id + ": " + count + " units without a class were left out"};
}

}  // namespace dangbo::inline v1::rules
