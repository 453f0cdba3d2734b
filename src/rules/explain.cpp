// Why a rule says what it says about one subject, for people.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "dangbo/base/escape.hpp"
#include "rules/found.hpp"
#include "rules/selection.hpp"

namespace dangbo::inline v1::rules {

namespace {

using base::Language;
using base::Message;
using expr::Value;
using Answer = ConsideredException::Answer;

constexpr std::size_t kMostDecisions = 12;
constexpr std::int32_t kForecast = 3653;

// Headings with their lines: the form that both layouts are made of.
struct Section {
  std::string heading;
  std::vector<std::string> lines;
};

class Explanation {
 public:
  Explanation(const Examiner& examiner, Entity subject, const ExplainOptions& options)
      : examiner_(examiner), subject_(subject), options_(options) {
    examiner.sources().touch(&touched_);
    verdict_ = examiner.judge(subject, variables_, nullptr);
    examiner.sources().touch(nullptr);
  }

  std::vector<Section> sections() {
    head();
    grounds();
    parameters();
    values();
    decisive();
    exceptions();
    rows();
    future();
    return std::move(sections_);
  }

 private:
  [[nodiscard]] std::string in(const Message& message) const {
    return base::text_in(message, options_.language);
  }
  [[nodiscard]] const Rule& rule() const { return examiner_.rule(); }
  [[nodiscard]] bool is_vietnamese() const { return options_.language == Language::kVietnamese; }

  std::vector<std::string>& section(const Message& heading) {
    sections_.push_back({in(heading), {}});
    return sections_.back().lines;
  }

  [[nodiscard]] Message outcome() const {
    switch (verdict_.outcome) {
      case Outcome::kOutOfScope:
        return {"ngoài phạm vi của quy tắc", "out of the scope of the rule"};
      case Outcome::kSatisfied:
        return {"đạt", "satisfied"};
      case Outcome::kViolated:
        return {"không đạt", "violated"};
      case Outcome::kWaived:
        return {"không đạt, được miễn", "violated and waived"};
      case Outcome::kDowngraded:
        return {"không đạt, được giảm mức", "violated and downgraded"};
      case Outcome::kConflict:
        return {"hai ngoại lệ cùng áp dụng mà khác hệ quả",
                "two exceptions apply and differ in their effect"};
      case Outcome::kUndecidable:
        break;
    }
    return {"chưa kết luận được vì thiếu dữ liệu", "undecidable: data is missing"};
  }

  [[nodiscard]] Message severity() const {
    switch (is_weak(weakest(examiner_)) ? Severity::kAdvisory : verdict_.severity) {
      case Severity::kAdvisory:
        return {"tham khảo", "advisory"};
      case Severity::kNotice:
        return {"lưu ý", "notice"};
      case Severity::kViolation:
        break;
    }
    return {"vi phạm", "violation"};
  }

  void head() {
    const std::string title = in(rule().title);
    auto& lines = section({title.empty() ? rule().id : title, title.empty() ? rule().id : title});
    lines.push_back(in({"quy tắc: ", "rule: "}) + rule().id);
    lines.push_back(in({"đối tượng: ", "subject: "}) + examiner_.name_of(subject_));
    const auto day = Value::date(examiner_.facts().day());
    lines.push_back(in({"ngày: ", "day: "}) + text_of(day, options_.language));
    std::string result = in({"kết quả: ", "outcome: "}) + in(outcome());
    if (is_finding(verdict_.outcome)) result += ", " + in(severity());
    lines.push_back(std::move(result));
    if (!is_finding(verdict_.outcome)) return;
    const auto& message = is_vietnamese() ? rule().message.vi : rule().message.en;
    lines.push_back(fill_in(message, variables_, options_.language));
    if (!rule().remedy) return;
    const auto& remedy = is_vietnamese() ? rule().remedy->vi : rule().remedy->en;
    lines.push_back(in({"cách xử lý: ", "remedy: "}) +
                    fill_in(remedy, variables_, options_.language));
  }

  [[nodiscard]] std::string cited(const Citation& citation) const {
    const Instrument& text = examiner_.pack().instruments[citation.instrument];
    std::string out = in(text.title);
    if (!text.number.empty()) out += " " + text.number;
    // "*": the text is cited, its clause was not read.
    if (citation.clause == "*") return out + in({" (chưa đọc điều khoản)", " (clause not read)"});
    return out + in({", điều ", ", article "}) + citation.clause;
  }

  [[nodiscard]] std::string graded(Evidence evidence) const {
    return in({" (mức chứng cứ ", " (evidence "}) + std::string(text_of(evidence)) + ")";
  }

  void grounds() {
    auto& lines = section({"Căn cứ", "Grounds"});
    for (const Citation& one : rule().citations) lines.push_back(cited(one));
    lines.back() += graded(rule().evidence);
  }

  void parameters() {
    if (examiner_.parameters().empty()) return;
    auto& lines = section({"Tham số", "Parameters"});
    for (const ParameterUse& use : examiner_.parameters()) {
      const Parameter& parameter = examiner_.pack().parameters[use.parameter];
      std::string line = parameter.id + " = ";
      if (use.value == nullptr) {
        lines.push_back(line + in({"không có giá trị trong ngày", "no value on the day"}));
        continue;
      }
      line += parameter.words.empty() ? std::to_string(use.value->number) : use.value->word;
      if (!parameter.unit.empty()) line += " " + parameter.unit;
      if (const auto since = use.value->days.from()) {
        line += in({", từ ", ", since "}) + text_of(Value::date(*since), options_.language);
      }
      for (const Citation& one : use.value->citations) line += "; " + cited(one);
      lines.push_back(line + graded(use.value->evidence));
    }
  }

  void values() {
    if (rule().lets.empty() || verdict_.outcome == Outcome::kOutOfScope) return;
    auto& lines = section({"Giá trị", "Values"});
    for (std::size_t i = 0; i < rule().lets.size(); ++i) {
      const Value& value = variables_[examiner_.names().lets + i];
      std::string line = rule().lets[i].name + " = " + text_of(value, options_.language);
      if (value.is_error()) line += " (" + in(message_of(value.error_code())) + ")";
      lines.push_back(line + "    ← " + rule().lets[i].condition.expression.text());
    }
  }

  // The parts of a condition that decided it, innermost last.
  void decided(const Condition& condition, std::vector<std::string>& lines) const {
    std::vector<expr::Decision> decisions;
    const Value whole = condition.expression.evaluate(variables_, decisions, kMostDecisions);
    const std::string& text = condition.expression.text();
    for (const expr::Decision& one : decisions) {
      std::string line = text.substr(one.span.begin, one.span.end - one.span.begin);
      line += " → " + (one.value.is_error() ? in(message_of(one.value.error_code()))
                                            : text_of(one.value, options_.language));
      if (one.value.kind() == expr::Kind::kList) {
        line = text.substr(one.span.begin, one.span.end - one.span.begin) + " → " +
               std::to_string(one.value.size()) + in({" dòng", " rows"});
      }
      if (one.element >= 0) {
        line += in({", ở dòng thứ ", ", by row "}) + std::to_string(one.element + 1);
      }
      lines.push_back(std::move(line));
    }
    if (decisions.empty()) lines.push_back(text + " → " + text_of(whole, options_.language));
  }

  void decisive() {
    auto& lines = section({"Điều kiện quyết định", "What decided"});
    if (rule().when && !verdict_.scope.is_true()) decided(*rule().when, lines);
    if (verdict_.outcome == Outcome::kOutOfScope) {
      if (!rule().when || verdict_.scope.is_true() || lines.empty()) {
        lines.push_back(in({"quy tắc không có hiệu lực ngày đó", "not in force on the day"}));
      }
      return;
    }
    decided(*rule().require, lines);
  }

  void exceptions() {
    if (verdict_.exceptions.empty()) return;
    auto& lines = section({"Ngoại lệ đã xét", "Exceptions considered"});
    for (const ConsideredException& one : verdict_.exceptions) {
      const Exception& exception = rule().exceptions[one.exception];
      std::string line = exception.label + ": ";
      switch (one.answer) {
        case Answer::kApplies:
          line += in({"áp dụng", "applies"});
          break;
        case Answer::kDoesNot:
          line += in({"không áp dụng", "does not apply"});
          break;
        case Answer::kUndecidable:
          line += in({"chưa kết luận được", "undecidable"});
          break;
        case Answer::kNotInForce:
          line += in({"không có hiệu lực ngày đó", "not in force on the day"});
          break;
      }
      for (const Citation& cite : exception.citations) line += "; " + cited(cite);
      lines.push_back(std::move(line));
      if (one.answer != Answer::kNotInForce) decided(*exception.when, lines);
    }
  }

  void rows() {
    const auto json = nlohmann::ordered_json::parse(
        facts_json(examiner_, touched_, options_.about_persons), nullptr, false);
    auto& lines = section({"Dữ liệu đã đọc", "Rows read"});
    for (const auto& [table, what] : json.items()) {
      std::string line = table + ": " + std::to_string(what["count"].get<std::size_t>());
      if (what.contains("row_ids")) {
        line += " (";
        bool is_first = true;
        for (const auto& id : what["row_ids"]) {
          if (!is_first) line += ", ";
          is_first = false;
          line += std::to_string(id.get<std::uint64_t>());
        }
        line += ")";
      }
      lines.push_back(std::move(line));
    }
    if (lines.empty()) sections_.pop_back();
  }

  void future() {
    if (rule().is_about_person || rule().subject.is_cohort()) return;
    const auto turn = next_turn(examiner_, subject_, verdict_.outcome, kForecast);
    if (!turn) return;
    verdict_.outcome = turn->outcome;
    section({"Tự thay đổi", "Changes by itself"})
        .push_back(text_of(Value::date(turn->day), options_.language) + ": " + in(outcome()));
  }

  const Examiner& examiner_;
  Entity subject_;
  const ExplainOptions& options_;
  Verdict verdict_;
  std::vector<Value> variables_;
  Sources::Touched touched_;
  std::vector<Section> sections_;
};

std::string as_text(const std::vector<Section>& sections) {
  std::string out;
  for (const Section& section : sections) {
    out += section.heading + "\n";
    for (std::string line : section.lines) {
      std::replace(line.begin(), line.end(), '\n', ' ');
      out += "  " + line + "\n";
    }
  }
  return out;
}

std::string as_html(const std::vector<Section>& sections) {
  std::string out = "<section class=\"dangbo-explanation\">\n";
  const char* heading = "h3";
  for (const Section& section : sections) {
    out += std::string("<") + heading + ">" + base::escape_html(section.heading) + "</" + heading +
           ">\n<ul>\n";
    for (const std::string& line : section.lines)
      out += "<li>" + base::escape_html(line) + "</li>\n";
    out += "</ul>\n";
    heading = "h4";
  }
  return out + "</section>\n";
}

std::optional<Entity> subject_named(const Examiner& examiner, std::string_view name) {
  constexpr std::string_view kUnit = "unit:";
  constexpr std::string_view kMember = "member:";
  const registry::Snapshot& snapshot = examiner.facts().snapshot();
  if (examiner.self().about == About::kUnit && name.starts_with(kUnit)) {
    const auto unit = snapshot.find_unit(name.substr(kUnit.size()));
    return unit ? std::optional<Entity>(index_of(*unit)) : std::nullopt;
  }
  if (examiner.self().about == About::kMember && name.starts_with(kMember)) {
    const auto member = snapshot.find_member(name.substr(kMember.size()));
    return member ? std::optional<Entity>(index_of(*member)) : std::nullopt;
  }
  for (const Entity one : examiner.subjects()) {
    if (examiner.name_of(one) == name) return one;
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<std::string> explain_on(const Facts& facts, const Pack& pack, std::string_view rule,
                                       std::string_view subject, const ExplainOptions& options) {
  CheckOptions selection;
  selection.rules = {std::string(rule)};
  selection.about_persons = options.about_persons;
  const auto rules = select_rules(pack, selection);
  if (!rules.ok()) return rules.status();
  const Examiner examiner(pack, pack.rules[rules->front()], facts);
  const auto found = subject_named(examiner, subject);
  const bool is_one = found && (examiner.rule().subject.is_cohort() ||
                                facts.is_subject(examiner.rule().subject, *found));
  if (!is_one) {
    return refusal(
        base::ProblemCode::kBadQuery, subject,
        {"quy tắc không xét đối tượng này trong ngày", "the rule has no such subject on the day"},
        {"dùng cột “subject” của kết quả kiểm tra", "use the column “subject” of the findings"});
  }
  const std::vector<Section> sections = Explanation(examiner, *found, options).sections();
  return options.format == Format::kHtml ? as_html(sections) : as_text(sections);
}

absl::StatusOr<std::string> explain(const registry::View& view, const Pack& pack,
                                    std::string_view rule, std::string_view subject,
                                    const ExplainOptions& options) {
  Bindings bindings(pack.subjects);
  const Facts facts(view, bindings, std::make_shared<Indexes>());
  return explain_on(facts, pack, rule, subject, options);
}

}  // namespace dangbo::inline v1::rules
