#include "rules/make_pack.hpp"

#include <gtest/gtest.h>

#include "dangbo/base/digest.hpp"

namespace dangbo::test {

namespace {

using rules::Subject;

time::Date day_of(const std::string& text) {
  return time::parse_date(text).value->first_day();
}

class Maker {
 public:
  Maker(rules::Pack& pack, const RuleText& text) : pack_(pack), text_(text) {
    environment_.variables = {{"self", *pack.subjects.self(text.subject)},
                              {"as_of", expr::Kind::kDate}};
    for (const rules::Parameter& one : pack.parameters) {
      environment_.variables.push_back({"param." + one.id, expr::Kind::kInt});
    }
    const auto item = pack.subjects.item(text.subject);
    for (const std::string& key : text.subject.by) {
      environment_.variables.push_back({key, *rules::SubjectSchema::at(*item, key)});
    }
  }

  rules::Rule rule() {
    rules::Rule out;
    out.id = text_.id;
    out.subject = text_.subject;
    out.self = environment_.variables.front().type;
    out.is_about_person = pack_.subjects.is_person(text_.subject);
    out.on_by_default = !out.is_about_person;
    out.effective = text_.effective;
    out.citations = {{0, "1"}};
    for (const auto& [name, condition] : text_.lets) {
      out.lets.push_back({name, made(condition)});
      environment_.variables.push_back({name, out.lets.back().condition.expression.type()});
    }
    if (!text_.when.empty()) out.when = made(text_.when);
    out.require = made(text_.require);
    for (const ExceptionText& one : text_.exceptions) {
      rules::Exception exception;
      exception.label = one.label;
      exception.citations = {{0, "2"}};
      exception.when = made(one.when);
      exception.downgrade = one.downgrade;
      out.exceptions.push_back(std::move(exception));
    }
    out.message = message();
    return out;
  }

 private:
  // Earlier expressions lack the variables of later `let`, so each is compiled with all so far;
  // numbers only grow.
  rules::Condition made(const std::string& text) {
    auto compiled = expr::Expression::compile(text, environment_);
    if (!compiled.ok()) {
      ADD_FAILURE() << text_.id << ": " << text << ": " << compiled.status();
      compiled = expr::Expression::compile("true", environment_);
    }
    return {*std::move(compiled), {}};
  }

  rules::Template message() {
    rules::Template out;
    const auto text = [](const char* words) {
      rules::Piece piece;
      piece.text = words;
      return piece;
    };
    out.vi = {text("Chưa đúng quy định")};
    out.en = {text("Not as required")};
    for (const auto& [name, condition] : text_.lets) {
      rules::Piece value;
      value.kind = rules::Piece::Kind::kValue;
      value.text = name;
      value.value = made(name);
      for (auto* pieces : {&out.vi, &out.en}) {
        pieces->push_back(text("; "));
        pieces->push_back(value);
      }
    }
    return out;
  }

  rules::Pack& pack_;
  const RuleText& text_;
  expr::Environment environment_;
};

}  // namespace

Subject subject_of(Subject::Kind kind) {
  Subject out;
  out.kind = kind;
  return out;
}

Subject units_of(std::vector<std::string> kinds) {
  Subject out;
  out.unit_kinds = std::move(kinds);
  return out;
}

Subject rows_of(std::string table, std::string subject_type) {
  Subject out;
  out.kind = Subject::Kind::kRow;
  out.table = std::move(table);
  out.subject_type = std::move(subject_type);
  return out;
}

Subject cohorts_of(std::string table, std::vector<std::string> by, std::string subject_type) {
  Subject out = rows_of(std::move(table), std::move(subject_type));
  out.by = std::move(by);
  return out;
}

rules::Pack make_pack(const std::vector<ParameterText>& parameters,
                      const std::vector<RuleText>& texts) {
  rules::Pack pack;
  pack.id = "vn.thu-nghiem";
  pack.version = "1";
  rules::Instrument charter;
  charter.id = "charter";
  charter.rank = 100;
  charter.title = {"Điều lệ thử nghiệm", "Charter of a test"};
  pack.instruments = {charter};
  for (const ParameterText& one : parameters) {
    rules::Parameter parameter;
    parameter.id = one.id;
    parameter.unit = "member";
    parameter.least = -1000;
    parameter.most = 1000;
    for (std::size_t i = 0; i < one.values.size(); ++i) {
      rules::ParameterValue value;
      const auto until =
          i + 1 < one.values.size() ? std::optional(day_of(one.values[i + 1].first)) : std::nullopt;
      value.days = time::DateRange(day_of(one.values[i].first), until);
      value.number = one.values[i].second;
      value.citations = {{0, "3"}};
      value.evidence = one.evidence;
      parameter.values.push_back(std::move(value));
    }
    pack.parameters.push_back(std::move(parameter));
  }
  for (const RuleText& text : texts) pack.rules.push_back(Maker(pack, text).rule());
  pack.digest = base::digest_of("a pack made in code");
  return pack;
}

}  // namespace dangbo::test
