// Rules of one layer: whom, what, exceptions, texts.
#include <algorithm>
#include <utility>

#include "dangbo/base/text.hpp"
#include "dangbo/party/vocabulary.hpp"
#include "rules/read_condition.hpp"
#include "rules/reads.hpp"

namespace dangbo::inline v1::rules {

using base::Message;
using Kind = YamlNode::Kind;

namespace {

bool has_word(const table::CodeSet& set, std::string_view word) {
  const auto& ids = *set.ids();
  return std::find(ids.begin(), ids.end(), word) != ids.end();
}

class SubjectReader : protected ConditionReader {
 public:
  using ConditionReader::ConditionReader;

 protected:
  Subject subject(const YamlNode& node) {
    Subject out;
    if (node.kind == Kind::kScalar) {
      of(node, out);
    } else if (is_map(node, {"of", "cohort_of", "by", "kind", "class", "subject_type"})) {
      const YamlNode* const cohort = node.find("cohort_of");
      if (const YamlNode* one = cohort != nullptr ? cohort : needed(node, "of")) of(*one, out);
      if (const YamlNode* at = node.find("kind")) {
        words(*at, *party::unit_kinds(), is_of_units(out), out.unit_kinds);
      }
      if (const YamlNode* at = node.find("class")) {
        words(*at, *party::unit_classes(), is_of_units(out), out.unit_classes);
      }
      if (const YamlNode* at = node.find("subject_type")) subject_type(*at, out);
      keys(node, cohort != nullptr, out);
    }
    return out;
  }

 private:
  static bool is_of_units(const Subject& subject) {
    return subject.kind == Subject::Kind::kUnit || subject.kind == Subject::Kind::kUnitMonth;
  }

  // A kind of subject, a table, or a kind of unit.
  void of(const YamlNode& node, Subject& out) {
    constexpr std::string_view kKinds[] = {"unit", "member", "unit_month", "move", "admission"};
    const auto kind = std::find(std::begin(kKinds), std::end(kKinds), node.text);
    if (kind != std::end(kKinds)) {
      out.kind = static_cast<Subject::Kind>(kind - std::begin(kKinds));
      return;
    }
    if (has_word(*party::unit_kinds(), node.text)) {
      out.unit_kinds.push_back(node.text);
      return;
    }
    out.kind = Subject::Kind::kRow;
    out.table = node.text;
    if (reading_.pack.subjects.item(out)) return;
    std::vector<std::string_view> known(std::begin(kKinds), std::end(kKinds));
    for (const std::string& one : *party::unit_kinds()->ids()) known.push_back(one);
    for (const auto& one : reading_.pack.subjects.tables()) known.push_back(one->name());
    Message fix = {"dùng unit, member, unit_month, move, admission, một loại tổ chức hay một bảng",
                   "use unit, member, unit_month, move, admission, a kind of unit or a table"};
    if (const auto near = base::nearest(node.text, known.data(), known.size())) {
      const std::string word(known[*near]);
      fix = {"có phải là “" + word + "”? " + fix.vi, "did you mean “" + word + "”? " + fix.en};
    }
    refuse(node, node.text, {"không có đối tượng này", "unknown subject"}, std::move(fix));
    out = {};
  }

  void words(const YamlNode& node, const table::CodeSet& set, bool is_of_units,
             std::vector<std::string>& out) {
    if (!is_of_units) {
      refuse(node, "", {"chỉ tổ chức mới có khoá này", "only units have this key"},
             {"bỏ", "drop it"});
      return;
    }
    if (!is_list(node)) return;
    const std::vector<std::string_view> known(set.ids()->begin(), set.ids()->end());
    for (const YamlNode& one : node.items) {
      if (one_of(one, known, {"không có từ này", "unknown word"})) out.push_back(one.text);
    }
  }

  void subject_type(const YamlNode& node, Subject& out) {
    const auto* const rows = reading_.pack.subjects.table(out.table);
    if (rows == nullptr || !(*rows)->find(table::Role::kSubject)) {
      refuse(node, node.text,
             {"bảng này không nói về cả tổ chức và đảng viên",
              "this table is not about units and members both"},
             {"bỏ", "drop it"});
      return;
    }
    if (one_of(node, {"unit", "member"}, {"không có đối tượng này", "unknown subject"})) {
      out.subject_type = node.text;
    }
  }

  void keys(const YamlNode& node, bool is_cohort, Subject& out) {
    const YamlNode* const by = is_cohort ? needed(node, "by") : node.find("by");
    if (by == nullptr || !is_list(*by)) return;
    if (!is_cohort || by->items.empty()) {
      refuse(
          *by, "",
          {"chỉ nhóm mới có “by”, và có ít nhất một", "only a cohort has “by”, and at least one"},
          {"viết “cohort_of: …, by: [ … ]”", "write “cohort_of: …, by: [ … ]”"});
      return;
    }
    const auto item = reading_.pack.subjects.item(out);
    for (const YamlNode& one : by->items) {
      const auto type = item ? SubjectSchema::at(*item, one.text) : std::nullopt;
      const bool is_new = std::find(out.by.begin(), out.by.end(), one.text) == out.by.end();
      const bool is_key =
          type && (type->kind == expr::Kind::kString || type->kind == expr::Kind::kEnum ||
                   type->kind == expr::Kind::kInt || type->kind == expr::Kind::kDate ||
                   type->kind == expr::Kind::kBool);
      if (is_key && is_new) {
        out.by.push_back(one.text);
      } else if (item) {
        refuse(one, one.text, {"không nhóm theo trường này được", "it cannot be grouped by this"},
               {"dùng một trường chữ, số, ngày, mỗi trường một lần",
                "use a field that is a word, a number, a day, each once"});
      }
    }
  }
};

class RuleReader : private SubjectReader {
 public:
  using SubjectReader::SubjectReader;

  void rules(const YamlNode& root) {
    const YamlNode* const all = map_at(root, "rules", false);
    for (std::size_t i = 0; all != nullptr && i < all->keys.size(); ++i) {
      rule(all->keys[i], all->items[i]);
    }
  }

  void added(const YamlNode& root) {
    const YamlNode* const all = map_at(root, "except", false);
    for (std::size_t i = 0; all != nullptr && i < all->keys.size(); ++i) {
      const auto found = std::find_if(reading_.pack.rules.begin(), reading_.pack.rules.end(),
                                      [&](const Rule& one) { return one.id == all->keys[i].text; });
      if (found == reading_.pack.rules.end() || found->place.layer == layer_) {
        refuse(all->keys[i], all->keys[i].text,
               {"lớp dưới không có quy tắc này", "the layers below have no such rule"},
               {"viết đúng tên", "write its name"});
        continue;
      }
      const expr::Environment names = reading_.pack.environment(*found);
      exceptions(all->items[i], names, *found, true);
    }
  }

 private:
  void rule(const YamlNode& name, const YamlNode& node) {
    if (!is_new_name(name, reading_.pack.rule(name.text) != nullptr, "-.") ||
        !is_map(node,
                {"subject", "title", "cite", "evidence", "severity", "effective", "on_request",
                 "open", "when", "let", "require", "except", "message", "remedy"})) {
      return;
    }
    Rule out;
    out.id = name.text;
    out.place = place_of(name);
    const std::uint64_t before = problems_.total();
    head(node, out);
    if (const YamlNode* at = needed(node, "subject")) out.subject = subject(*at);
    const auto self = reading_.pack.subjects.self(out.subject);
    if (problems_.total() == before && self) {
      out.self = *self;
      persons(node, out);
      body(node, out);
    }
    // Kept even when at fault: what names it is no further mistake.
    reading_.pack.rules.push_back(std::move(out));
  }

  void head(const YamlNode& node, Rule& out) {
    if (const YamlNode* at = node.find("title")) out.title = message(*at);
    out.citations = citations(node);
    out.evidence = evidence(node);
    out.effective = effective(node, out.citations);
    out.is_open = flag(node, "open");
    out.on_by_default = !flag(node, "on_request");
    if (const YamlNode* at = needed(node, "severity")) {
      const auto got = one_of(*at, {"advisory", "notice", "violation"},
                              {"không có mức độ này", "unknown severity"});
      out.severity = static_cast<Severity>(got.value_or(0));
      if (is_weak(out.evidence) && out.severity != Severity::kAdvisory) {
        refuse(*at, at->text,
               {"chứng cứ yếu chỉ đủ để tham khảo", "weak evidence is enough for advice only"},
               {"viết “advisory”", "write “advisory”"});
      }
    }
  }

  void persons(const YamlNode& node, Rule& out) {
    out.is_about_person = reading_.pack.subjects.is_person(out.subject);
    if (!out.is_about_person) return;
    out.on_by_default = false;
    const YamlNode* const at = node.find("on_request");
    if (at == nullptr || at->text == "true") return;
    refuse(*at, at->text,
           {"quy tắc về một người chỉ chạy khi được yêu cầu",
            "a rule about a person runs on request only"},
           {"bỏ, hoặc viết “true”", "drop it, or write “true”"});
  }

  void body(const YamlNode& node, Rule& out) {
    if (!lets(node, out)) return;
    const expr::Environment names = reading_.pack.environment(out);
    if (const YamlNode* at = node.find("when")) {
      out.when = condition(*at, names, expr::Kind::kBool);
    }
    if (const YamlNode* at = needed(node, "require")) {
      out.require = condition(*at, names, expr::Kind::kBool);
    }
    if (const YamlNode* at = node.find("except"); at && is_open_map(*at)) {
      exceptions(*at, names, out, false);
    }
    if (const YamlNode* at = needed(node, "message")) {
      if (auto got = text(*at, names)) out.message = *std::move(got);
    }
    if (const YamlNode* at = node.find("remedy")) out.remedy = text(*at, names);
    unread(node, out);
  }

  // Each is first checked with those before it, then all with all, so that the variables of every
  // expression of the rule are the same.
  bool lets(const YamlNode& node, Rule& out) {
    const YamlNode* const all = map_at(node, "let", false);
    if (all == nullptr) return node.find("let") == nullptr;
    bool is_fine = true;
    for (std::size_t i = 0; i < all->keys.size(); ++i) {
      const YamlNode& name = all->keys[i];
      const expr::Environment names = reading_.pack.environment(out);
      const bool is_taken =
          std::any_of(names.variables.begin(), names.variables.end(), [&](const expr::Member& one) {
            return one.name == name.text || one.name.starts_with(name.text + ".");
          });
      if (!is_new_name(name, is_taken, "")) {
        is_fine = false;
        continue;
      }
      auto got = condition(all->items[i], names, expr::Kind::kDyn);
      is_fine = is_fine && got.has_value();
      if (got) out.lets.push_back({name.text, *std::move(got)});
    }
    if (!is_fine || all->keys.size() < 1) return is_fine;
    const expr::Environment names = reading_.pack.environment(out);
    for (Let& let : out.lets) {
      // What checked with fewer names checks with more.
      auto again = expr::Expression::compile(let.condition.expression.text(), names);
      if (again.ok()) let.condition.expression = *std::move(again);
    }
    return true;
  }

  void exceptions(const YamlNode& node, const expr::Environment& names, Rule& rule, bool is_added) {
    if (!is_open_map(node)) return;
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
      exception(node.keys[i], node.items[i], names, rule, is_added);
    }
  }

  void exception(const YamlNode& name, const YamlNode& node, const expr::Environment& names,
                 Rule& rule, bool is_added) {
    const auto same = [&](const Exception& one) { return one.label == name.text; };
    const bool is_taken = std::any_of(rule.exceptions.begin(), rule.exceptions.end(), same);
    std::vector<std::string_view> known = {"open",      "cite", "evidence",
                                           "effective", "when", "effect"};
    if (is_added) known.push_back("beside");
    if (!is_new_name(name, is_taken, "-.") || !is_map(node, known)) return;
    if (is_added && !is_opened(name, node, rule)) return;
    Exception out;
    out.label = name.text;
    out.place = place_of(name);
    out.is_open = flag(node, "open");
    out.citations = citations(node);
    out.evidence = evidence(node);
    out.effective = effective(node, out.citations);
    out.precedence = precedence(out.citations);
    if (const YamlNode* at = needed(node, "when")) {
      out.when = condition(*at, names, expr::Kind::kBool);
    }
    effect(node, rule, out);
    if (is_added) own_text(name, out);
    if (!out.effective.overlaps(rule.effective)) {
      refuse(name, name.text,
             {"không ngày nào có hiệu lực cùng quy tắc", "it is never in force with its rule"},
             {"sửa “effective” hoặc trích dẫn", "mend “effective” or the citation"});
    }
    if (out.when) rule.exceptions.push_back(std::move(out));
  }

  // waive, or downgrade(…) to what is milder.
  void effect(const YamlNode& node, const Rule& rule, Exception& out) {
    const YamlNode* const at = needed(node, "effect");
    if (at == nullptr) return;
    const auto got = one_of(*at, {"waive", "downgrade(notice)", "downgrade(advisory)"},
                            {"không có tác dụng này", "unknown effect"});
    if (!got || *got == 0) return;
    out.downgrade = *got == 1 ? Severity::kNotice : Severity::kAdvisory;
    if (*out.downgrade >= rule.severity) {
      refuse(*at, at->text,
             {"không nhẹ hơn mức của quy tắc", "not milder than the rule's severity"},
             {"chọn mức nhẹ hơn, hoặc “waive”", "choose a milder one, or “waive”"});
    }
  }

  // An exception of a layer stands beside one that is open, or at a rule that is.
  bool is_opened(const YamlNode& name, const YamlNode& node, const Rule& rule) {
    const YamlNode* const beside = node.find("beside");
    bool is_open = rule.is_open;
    for (const Exception& one : rule.exceptions) {
      if (beside != nullptr && one.label == beside->text) is_open = one.is_open;
    }
    const auto same = [&](const Exception& one) { return one.label == beside->text; };
    const bool is_known =
        beside == nullptr || std::any_of(rule.exceptions.begin(), rule.exceptions.end(), same);
    if (is_open && is_known) return true;
    refuse(
        beside != nullptr ? *beside : name, beside != nullptr ? beside->text : name.text,
        {"gói dưới không mở chỗ này cho ngoại lệ", "the pack below is not open to exceptions here"},
        {"viết “beside: nhãn” của một ngoại lệ có “open: true”",
         "write “beside: label” of an exception with “open: true”"});
    return false;
  }

  void own_text(const YamlNode& name, const Exception& exception) {
    for (const Citation& one : exception.citations) {
      if (reading_.pack.instruments[one.instrument].layer == layer_) return;
    }
    refuse(
        name, name.text,
        {"ngoại lệ thêm không trích văn bản của chính lớp này",
         "an exception that is added cites no text of this layer itself"},
        {"trích văn bản của cấp thêm ngoại lệ", "cite the text by which this authority adds it"});
  }

  // Variables that nothing reads.
  void unread(const YamlNode& node, const Rule& rule) {
    const std::vector<bool> is_read = variables_read(rule, reading_.pack.names(rule).size);
    const std::size_t first = reading_.pack.names(rule).lets;
    for (std::size_t i = 0; i < rule.lets.size(); ++i) {
      if (is_read[first + i]) continue;
      refuse(node.find("let")->keys[i], rule.lets[i].name,
             {"không chỗ nào dùng biến này", "nothing reads this variable"}, {"bỏ", "drop it"});
    }
  }
};

}  // namespace

void read_rules(Reading& reading, std::uint32_t layer) {
  RuleReader(reading, layer).rules(reading.roots[layer]);
}

void read_exceptions(Reading& reading, std::uint32_t layer) {
  RuleReader(reading, layer).added(reading.roots[layer]);
}

}  // namespace dangbo::inline v1::rules
