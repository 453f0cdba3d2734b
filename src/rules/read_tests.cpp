// Tests beside the rules: what is given is checked against the record types of their subjects.
#include <algorithm>
#include <utility>

#include "dangbo/party/vocabulary.hpp"
#include "rules/reader.hpp"

namespace dangbo::inline v1::rules {

using Kind = YamlNode::Kind;

namespace {

constexpr std::size_t kMaxEntities = 10'000;  // of one test, as written
constexpr std::int64_t kMaxAlike = 100'000;   // of one entry of a relation

const std::vector<std::string_view>& outcome_words() {
  static const std::vector<std::string_view> words = {
      "out_of_scope", "satisfied", "violated", "waived", "downgraded", "conflict", "undecidable"};
  return words;
}

class TestReader : private PartReader {
 public:
  using PartReader::PartReader;

  void read(const YamlNode& root) {
    const YamlNode* const all = root.find("tests");
    if (all == nullptr || !is_list(*all)) return;
    for (const YamlNode& one : all->items) {
      if (one.kind == Kind::kMap && one.find("generate") != nullptr) {
        generated(one);
      } else {
        written(one);
      }
    }
  }

 private:
  // ---- as written ----

  void written(const YamlNode& node) {
    if (!is_map(node, {"name", "as_of", "given", "expect"})) return;
    test_ = {};
    test_.place = place_of(node);
    if (const YamlNode* at = needed(node, "name")) test_.name = message(*at);
    if (const YamlNode* at = needed(node, "as_of")) test_.as_of = day(*at);
    const YamlNode* const given = map_at(node, "given", true);
    const YamlNode* const expect = map_at(node, "expect", true);
    if (given == nullptr || expect == nullptr) return;
    for (std::size_t i = 0; i < expect->keys.size(); ++i) {
      if (!is_open_map(expect->items[i])) continue;
      const YamlNode& of = expect->items[i];
      for (std::size_t j = 0; j < of.keys.size(); ++j) {
        expectation(expect->keys[i], of.keys[j], &of.items[j], *given);
      }
    }
    keep(node, *given);
  }

  void expectation(const YamlNode& rule, const YamlNode& subject, const YamlNode* outcome,
                   const YamlNode& given) {
    TestExpectation out;
    out.rule = rule.text;
    out.place = place_of(subject);
    const auto entity = subject_of(rule, subject, given);
    if (!entity) return;
    out.subject = *entity;
    const YamlNode* word = outcome;
    if (outcome != nullptr && outcome->kind == Kind::kMap) {
      if (!is_map(*outcome, {"outcome", "by"})) return;
      word = needed(*outcome, "outcome");
      if (const YamlNode* by = outcome->find("by")) exception(rule.text, *by, out);
    }
    if (word != nullptr) {
      if (!one_of(*word, outcome_words(), {"không có kết quả này", "unknown outcome"})) return;
      out.outcome = word->text;
    }
    test_.expectations.push_back(std::move(out));
  }

  void exception(const std::string& rule, const YamlNode& node, TestExpectation& out) {
    for (const Exception& one : reading_.pack.rule(rule)->exceptions) {
      if (one.label != node.text) continue;
      out.by = node.text;
      return;
    }
    refuse(node, node.text, {"quy tắc không có ngoại lệ này", "the rule has no such exception"},
           {"viết đúng nhãn", "write its label"});
  }

  // The entity under a name, read as the subject of the rule.
  std::optional<std::size_t> subject_of(const YamlNode& rule, const YamlNode& name,
                                        const YamlNode& given) {
    const Rule* const known = reading_.pack.rule(rule.text);
    if (known == nullptr) {
      refuse(rule, rule.text, {"không có quy tắc này", "unknown rule"},
             {"viết đúng tên", "write its name"});
      return std::nullopt;
    }
    for (std::size_t i = 0; i < test_.entities.size(); ++i) {
      if (test_.entities[i].name != name.text) continue;
      const Rule& first = *reading_.pack.rule(test_.entities[i].of_rule);
      if (is_alike(first.subject, known->subject)) return i;
      refuse(name, name.text,
             {"các quy tắc được thử không cùng loại đối tượng",
              "the rules tested are about subjects of different types"},
             {"tách thành hai ca", "make it two tests"});
      return std::nullopt;
    }
    const YamlNode* const node = given.find(name.text);
    if (node == nullptr) {
      refuse(name, name.text, {"“given” không có đối tượng này", "“given” has no such subject"},
             {"thêm vào “given”", "add it to “given”"});
      return std::nullopt;
    }
    if (known->self.kind != expr::Kind::kRecord) return std::nullopt;  // at fault, told before
    const std::size_t at = entity(*node, known->self, known);
    test_.entities[at].name = name.text;
    test_.entities[at].of_rule = rule.text;
    return at;
  }

  static bool is_alike(const Subject& a, const Subject& b) {
    return a.kind == b.kind && a.table == b.table && a.by == b.by;
  }

  // ---- generated ----

  void generated(const YamlNode& node) {
    if (!is_map(node, {"generate", "name", "for", "parameter", "given", "subject"})) return;
    test_ = {};
    test_.place = place_of(node);
    one_of(*node.find("generate"), {"boundaries"}, {"không sinh được", "nothing to generate"});
    if (const YamlNode* at = node.find("name")) test_.name = message(*at);
    const YamlNode* const rule = needed(node, "for");
    const YamlNode* const subject = needed(node, "subject");
    const YamlNode* const given = map_at(node, "given", true);
    const YamlNode* const parameter = needed(node, "parameter");
    if (rule == nullptr || subject == nullptr || given == nullptr || parameter == nullptr) return;
    const Parameter* const known = reading_.pack.parameter(parameter->text);
    if (known == nullptr || !known->words.empty()) {
      refuse(*parameter, parameter->text,
             {"không có tham số số nguyên này", "no such parameter of type int"},
             {"viết đúng tên", "write its name"});
      return;
    }
    test_.parameter = known->id;
    has_boundary_ = false;
    expectation(*rule, *subject, nullptr, *given);
    if (!test_.expectations.empty() && !has_boundary_) {
      refuse(*given, "", {"không chỗ nào là “n”", "“n” stands nowhere"},
             {"viết n ở số phải đổi", "write n where the number is to vary"});
    }
    keep(node, *given);
  }

  void keep(const YamlNode& node, const YamlNode& given) {
    for (const YamlNode& name : given.keys) {
      const bool is_used =
          std::any_of(test_.entities.begin(), test_.entities.end(),
                      [&](const TestEntity& one) { return one.name == name.text; });
      if (is_used || test_.expectations.empty()) continue;
      refuse(name, name.text, {"không chờ kết quả nào về nó", "nothing is expected of it"},
             {"thêm vào “expect”, hoặc bỏ", "add it to “expect”, or drop it"});
    }
    if (test_.expectations.empty() && node.find("generate") == nullptr &&
        node.find("expect")->keys.empty()) {
      refuse(node, "", {"ca thử không chờ kết quả nào", "a test that expects nothing"},
             {"thêm “expect”", "add “expect”"});
    }
    reading_.pack.tests.push_back(std::move(test_));
  }

  // ---- what is given ----

  std::size_t entity(const YamlNode& node, const expr::Type& record, const Rule* cohort) {
    const std::size_t at = test_.entities.size();
    test_.entities.emplace_back();
    if (at > kMaxEntities) {
      refuse(node, "", {"quá nhiều đối tượng", "too many entities"}, {"chia ra", "divide it"});
      return at;
    }
    if (!is_open_map(node)) return at;
    TestEntity out;
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
      const YamlNode& key = node.keys[i];
      if (key.text == "is") {
        if (auto kind = kind_of_unit(node.items[i], record)) {
          out.fields.emplace_back("kind", *std::move(kind));
        }
      } else if (key.text == "count" && cohort == nullptr) {
        out.count = number(node.items[i], 0, kMaxAlike);
      } else if (const auto type = type_at(record, cohort, key.text)) {
        if (auto got = value(node.items[i], *type)) {
          out.fields.emplace_back(key.text, *std::move(got));
        }
      } else {
        unknown_field(key, record);
      }
    }
    test_.entities[at] = std::move(out);
    return at;
  }

  void unknown_field(const YamlNode& key, const expr::Type& record) {
    std::vector<std::string_view> known;
    for (const expr::Member& one : record.shape->members) known.push_back(one.name);
    YamlNode map;
    map.kind = Kind::kMap;
    map.keys.push_back(key);
    is_map(map, known);  // complains, with the nearest name
  }

  std::optional<expr::Type> type_at(const expr::Type& record, const Rule* cohort,
                                    std::string_view name) const {
    if (const auto found = SubjectSchema::at(record, name)) {
      return name.find('.') == name.npos ? found : std::nullopt;
    }
    if (cohort == nullptr || !cohort->subject.is_cohort()) return std::nullopt;
    const auto& by = cohort->subject.by;
    if (std::find(by.begin(), by.end(), name) == by.end()) return std::nullopt;
    return SubjectSchema::at(*reading_.pack.subjects.item(cohort->subject), name);
  }

  // "is: cell" says its kind; "is: unit", "is: member" say nothing new.
  std::optional<TestValue> kind_of_unit(const YamlNode& node, const expr::Type& record) {
    const auto type = SubjectSchema::at(record, "kind");
    if (type && type->kind == expr::Kind::kEnum && type->shape->codes == party::unit_kinds()) {
      return value(node, *type);
    }
    refuse(node, node.text, {"chỉ tổ chức mới có “is”", "only a unit has “is”"}, {"bỏ", "drop it"});
    return std::nullopt;
  }

  // A number, or n of generated boundaries.
  TestValue number(const YamlNode& node, std::int64_t least, std::int64_t most) {
    TestValue out;
    out.kind = TestValue::Kind::kNumber;
    std::string text;
    for (const char c : node.text) {
      if (c != ' ') text.push_back(c);
    }
    if (!test_.parameter.empty() && text.starts_with('n')) {
      const auto more =
          text == "n" ? std::optional<std::int64_t>(0)
                      : whole_number(std::string_view(text).substr(text.starts_with("n+") ? 2 : 1));
      if (more && *more >= -kMaxAlike && *more <= kMaxAlike) {
        has_boundary_ = true;
        out.kind = TestValue::Kind::kBoundary;
        out.number = *more;
        return out;
      }
    }
    const auto got = whole_number(node.text);
    if (got && *got >= least && *got <= most) {
      out.number = *got;
      return out;
    }
    refuse(node, node.text, {"không phải số nguyên dùng được ở đây", "not a number for this place"},
           {"viết một số nguyên; trong ca sinh tự động có thể là n, n + 1, n - 1",
            "write a whole number; in generated tests n, n + 1, n - 1 as well"});
    return out;
  }

  std::optional<TestValue> value(const YamlNode& node, const expr::Type& type) {
    TestValue out;
    switch (type.kind) {
      case expr::Kind::kList:
        return relation(node, type.element());
      case expr::Kind::kRecord:
        out.kind = TestValue::Kind::kEntity;
        out.entities.push_back(entity(node, type, nullptr));
        return out;
      case expr::Kind::kInt:
        return number(node, -1'000'000'000'000, 1'000'000'000'000);
      case expr::Kind::kBool:
        out.kind = TestValue::Kind::kBool;
        out.number = one_of(node, {"false", "true"},
                            {"không phải true hay false", "not true or false"}) == 1U;
        return out;
      case expr::Kind::kDate:
        out.kind = TestValue::Kind::kDate;
        if (const auto got = day(node)) out.number = got->days();
        return out;
      case expr::Kind::kEnum: {
        const auto& ids = *type.shape->codes->ids();
        const std::vector<std::string_view> words(ids.begin(), ids.end());
        one_of(node, words, {"không có từ này", "unknown word"});
        out.text = node.text;
        return out;
      }
      default:
        out.text = scalar(node);
        return out;
    }
  }

  // A list of entities, or a number of them of which nothing else is known.
  std::optional<TestValue> relation(const YamlNode& node, const expr::Type& record) {
    TestValue out;
    out.kind = TestValue::Kind::kEntities;
    if (node.kind == Kind::kScalar) {
      TestEntity alike;
      alike.count = number(node, 0, kMaxAlike);
      out.entities.push_back(test_.entities.size());
      test_.entities.push_back(std::move(alike));
      return out;
    }
    if (!is_list(node)) return std::nullopt;
    for (const YamlNode& one : node.items) out.entities.push_back(entity(one, record, nullptr));
    return out;
  }

  RuleTest test_;
  bool has_boundary_ = false;
};

}  // namespace

void read_tests(Reading& reading, std::uint32_t layer) {
  TestReader(reading, layer).read(reading.roots[layer]);
}

}  // namespace dangbo::inline v1::rules
