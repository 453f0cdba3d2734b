// Reading of the canonical form. Structure is checked while it is read, its sense by the checks of
// packs, and that nothing else stands there by writing it again.
#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "dangbo/base/escape.hpp"
#include "dangbo/rules/compiled.hpp"
#include "rules/compiled_form.hpp"
#include "rules/reader.hpp"

namespace dangbo::inline v1::rules {

namespace {

using Json = nlohmann::json;

using Names = std::shared_ptr<const expr::Environment>;

constexpr int kMaxDepth = 24;

// The first thing that is wrong ends the reading: the rest is passed over with empty values.
class Loader {
 public:
  Loader(Pack& pack, std::string& fault) : pack_(pack), fault_(fault) {}

  void load(const Json& root) {
    pack_.id = text(root, "id");
    pack_.version = text(root, "version");
    each(root, "layers", [&](const Json& one) { pack_.layers.push_back(layer(one)); });
    if (pack_.layers.empty() || pack_.layers.size() > kMaxLayers) fail("layers");
    each(root, "instruments",
         [&](const Json& one) { pack_.instruments.push_back(instrument(one)); });
    each(root, "parameters", [&](const Json& one) {
      if (pack_.parameters.size() == kMaxRules) return fail("");
      pack_.parameters.push_back(parameter(one));
    });
    each(root, "rules", [&](const Json& one) {
      if (pack_.rules.size() == kMaxRules) return fail("");
      rule(one);
    });
    each(root, "tests", [&](const Json& one) { pack_.tests.push_back(test(one)); });
  }

 private:
  // ---- values ----

  void fail(std::string_view where) {
    if (fault_.empty()) fault_ = path_ + "/" + std::string(where);
  }
  [[nodiscard]] bool failed() const noexcept { return !fault_.empty(); }

  const Json& at(const Json& from, const char* key) {
    static const Json nothing;
    if (from.is_object()) {
      const auto found = from.find(key);
      if (found != from.end()) return *found;
    }
    fail(key);
    return nothing;
  }

  std::string text_of_item(const Json& value, std::string_view where) {
    if (const auto* text = value.get_ptr<const Json::string_t*>()) return *text;
    fail(where);
    return {};
  }
  std::string text(const Json& from, const char* key) { return text_of_item(at(from, key), key); }

  std::int64_t number_of(const Json& value, std::string_view where, std::int64_t least,
                         std::int64_t most) {
    if (value.is_number_integer() &&
        (!value.is_number_unsigned() ||
         value.get<std::uint64_t>() <= std::uint64_t{std::numeric_limits<std::int64_t>::max()})) {
      const auto out = value.get<std::int64_t>();
      if (out >= least && out <= most) return out;
    }
    fail(where);
    return least;
  }
  std::int64_t number(const Json& from, const char* key,
                      std::int64_t least = std::numeric_limits<std::int64_t>::min(),
                      std::int64_t most = std::numeric_limits<std::int64_t>::max()) {
    return number_of(at(from, key), key, least, most);
  }

  bool flag(const Json& from, const char* key) {
    const Json& value = at(from, key);
    if (!value.is_boolean()) fail(key);
    return value == true;
  }

  template <typename Visit>
  void each(const Json& from, const char* key, Visit visit) {
    const Json& list = at(from, key);
    if (!list.is_array()) return fail(key);
    const std::string outer = path_;
    for (std::size_t i = 0; i < list.size() && !failed(); ++i) {
      path_ = outer + "/" + key + "/" + std::to_string(i);
      visit(list[i]);
    }
    path_ = outer;
  }

  // A list of so many values.
  const Json& tuple(const Json& value, std::size_t size, std::string_view where) {
    static const Json nothing = Json::array({nullptr, nullptr, nullptr});
    if (value.is_array() && value.size() == size) return value;
    fail(where);
    return nothing;
  }

  std::vector<std::string> words(const Json& from, const char* key) {
    std::vector<std::string> out;
    each(from, key, [&](const Json& one) { out.push_back(text_of_item(one, "")); });
    return out;
  }

  base::Message message(const Json& from, const char* key) {
    const Json& value = at(from, key);
    return {text(value, "vi"), text(value, "en")};
  }

  std::optional<time::Date> day_at(const Json& from, const char* key) {
    if (!from.is_object() || !from.contains(key)) return std::nullopt;
    const auto out = iso_day(text(from, key));
    if (!out) fail(key);
    return out;
  }

  time::DateRange days(const Json& from, const char* key) {
    const Json& value = at(from, key);
    if (!value.is_object()) fail(key);
    const std::string outer = path_;
    path_ += std::string("/") + key;
    const time::DateRange out(day_at(value, "from"), day_at(value, "until"));
    path_ = outer;
    if (out.empty()) fail(key);
    return out;
  }

  SourcePlace place_of(const Json& value, std::string_view where) {
    constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
    const Json& list = tuple(value, 3, where);
    const auto layers = static_cast<std::int64_t>(pack_.layers.size());
    return {static_cast<std::uint32_t>(number_of(list[0], where, 0, layers - 1)),
            static_cast<std::uint32_t>(number_of(list[1], where, 0, kMost)),
            static_cast<std::uint32_t>(number_of(list[2], where, 0, kMost))};
  }
  SourcePlace place(const Json& from) { return place_of(at(from, "place"), "place"); }

  template <typename Enum>
  Enum word_of(const Json& value, std::string_view where, Enum last) {
    const std::string word = text_of_item(value, where);
    for (int i = 0; i <= static_cast<int>(last); ++i) {
      if (text_of(static_cast<Enum>(i)) == word) return static_cast<Enum>(i);
    }
    fail(where);
    return Enum{};
  }

  Evidence evidence(const Json& from) {
    return word_of(at(from, "evidence"), "evidence", Evidence::kMMed);
  }

  std::vector<Citation> citations(const Json& from) {
    std::vector<Citation> out;
    each(from, "cite", [&](const Json& one) {
      const Json& pair = tuple(one, 2, "");
      const auto most = static_cast<std::int64_t>(pack_.instruments.size()) - 1;
      const auto instrument = static_cast<std::size_t>(number_of(pair[0], "0", 0, most));
      out.push_back({instrument, text_of_item(pair[1], "1")});
    });
    if (out.empty()) fail("cite");
    return out;
  }

  // ---- parts ----

  Layer layer(const Json& from) {
    Layer out;
    out.id = text(from, "id");
    out.source = out.id;
    out.version = text(from, "version");
    out.level = word_of(at(from, "level"), "level", Level::kLocal);
    out.code = text(from, "code");
    out.extends = text(from, "extends");
    const std::string hex = text(from, "digest");
    for (std::size_t i = 0; i < out.digest.size(); ++i) {
      const auto digit = [&](char c) {
        const std::size_t at = std::string_view("0123456789abcdef").find(c);
        if (at > 15) fail("digest");
        return static_cast<unsigned>(at & 15U);
      };
      if (hex.size() != 2 * out.digest.size()) {
        fail("digest");
        break;
      }
      out.digest[i] = static_cast<std::uint8_t>((digit(hex[2 * i]) << 4U) | digit(hex[2 * i + 1]));
    }
    return out;
  }

  Instrument instrument(const Json& from) {
    Instrument out;
    out.id = text(from, "id");
    out.rank = number(from, "rank", 1, 1000);
    out.title = message(from, "title");
    out.number = text(from, "number");
    out.in_force = days(from, "in_force");
    out.layer = static_cast<std::uint32_t>(
        number(from, "layer", 0, static_cast<std::int64_t>(pack_.layers.size()) - 1));
    return out;
  }

  Parameter parameter(const Json& from) {
    Parameter out;
    out.id = text(from, "id");
    out.title = message(from, "title");
    out.unit = text(from, "unit");
    out.place = place(from);
    if (from.contains("words")) {
      out.words = words(from, "words");
      out.codes = codes_of(out.id, out.words);
      if (out.codes == nullptr) fail("words");
    } else {
      out.least = number(from, "least");
      out.most = number(from, "most", out.least);
    }
    if (from.contains("override")) out.open = override_of(at(from, "override"));
    std::int32_t reached = time::DateRange::kOpenFrom;
    each(from, "values", [&](const Json& one) {
      out.values.push_back(value(one, out));
      const time::DateRange& range = out.values.back().days;
      if (range.from_day() < reached) fail("days");
      reached = range.until_day();
    });
    return out;
  }

  Override override_of(const Json& from) {
    Override out;
    out.direction = static_cast<Override::Direction>(number(from, "direction", 0, 2));
    each(from, "by", [&](const Json& one) { out.by.push_back(word_of(one, "", Level::kLocal)); });
    return out;
  }

  ParameterValue value(const Json& from, const Parameter& of) {
    ParameterValue out;
    out.days = days(from, "days");
    if (of.words.empty()) {
      out.number = number(from, "value", of.least, of.most);
    } else {
      out.word = text(from, "value");
      if (std::find(of.words.begin(), of.words.end(), out.word) == of.words.end()) fail("value");
    }
    out.citations = citations(from);
    out.evidence = evidence(from);
    out.reviewed = day_at(from, "reviewed");
    out.place = place(from);
    return out;
  }

  // ---- rules ----

  std::optional<Condition> condition(const Json& value, const Names& names, std::string_view where,
                                     std::optional<expr::Kind> wanted = expr::Kind::kBool) {
    const Json& pair = tuple(value, 2, where);
    const std::string text = text_of_item(pair[0], where);
    const SourcePlace place = place_of(pair[1], where);
    if (failed()) return std::nullopt;
    auto compiled = expr::Expression::compile(text, names);
    if (!compiled.ok() || (wanted && compiled->type().kind != *wanted)) {
      fail(where);
      return std::nullopt;
    }
    return Condition{*std::move(compiled), place};
  }

  Subject subject(const Json& from) {
    Subject out;
    out.kind =
        static_cast<Subject::Kind>(number(from, "kind", 0, static_cast<int>(Subject::Kind::kRow)));
    out.unit_kinds = words(from, "kinds");
    out.unit_classes = words(from, "classes");
    out.table = text(from, "table");
    out.subject_type = text(from, "subject_type");
    out.by = words(from, "by");
    return out;
  }

  void rule(const Json& from) {
    Rule out;
    out.id = text(from, "id");
    out.place = place(from);
    out.title = message(from, "title");
    out.subject = subject(at(from, "subject"));
    const auto self = pack_.subjects.self(out.subject);
    if (!self || pack_.rule(out.id) != nullptr || failed()) return fail("subject");
    out.self = *self;
    out.is_about_person = pack_.subjects.is_person(out.subject);
    out.on_by_default = flag(from, "by_default");
    if (out.is_about_person && out.on_by_default) fail("by_default");
    out.severity = word_of(at(from, "severity"), "severity", Severity::kViolation);
    out.citations = citations(from);
    out.evidence = evidence(from);
    if (is_weak(out.evidence) && out.severity != Severity::kAdvisory) fail("severity");
    out.effective = days(from, "effective");
    out.is_open = flag(from, "open");
    lets(from, out);
    if (failed()) return;
    body(from, out);
    if (!failed()) pack_.rules.push_back(std::move(out));
  }

  [[nodiscard]] Names names_of(const Rule& rule) const {
    return std::make_shared<const expr::Environment>(pack_.environment(rule));
  }

  void lets(const Json& from, Rule& out) {
    each(from, "let", [&](const Json& one) {
      if (out.lets.size() == kMaxLets) return fail("");
      const Json& pair = tuple(one, 2, "");
      std::string name = text_of_item(pair[0], "0");
      auto got = condition(pair[1], names_of(out), "1", std::nullopt);
      if (!is_name(name)) fail("0");
      if (got) out.lets.push_back({std::move(name), *std::move(got)});
    });
    const Names names = names_of(out);
    for (Let& let : out.lets) {
      auto again = expr::Expression::compile(let.condition.expression.text(), names);
      if (!again.ok()) return fail("let");
      let.condition.expression = *std::move(again);
    }
  }

  void body(const Json& from, Rule& out) {
    const Names names = names_of(out);
    if (from.contains("when")) out.when = condition(at(from, "when"), names, "when");
    out.require = condition(at(from, "require"), names, "require");
    each(from, "exceptions", [&](const Json& one) { exception(one, names, out); });
    out.message = text_at(from, "message", names);
    if (from.contains("remedy")) out.remedy = text_at(from, "remedy", names);
  }

  void exception(const Json& from, const Names& names, Rule& rule) {
    Exception out;
    out.label = text(from, "label");
    out.place = place(from);
    out.is_open = flag(from, "open");
    out.citations = citations(from);
    out.evidence = evidence(from);
    out.effective = days(from, "effective");
    const Json& order = tuple(at(from, "precedence"), 3, "precedence");
    out.precedence.rank = number_of(order[0], "precedence", 1, 1000);
    out.precedence.specificity = static_cast<int>(number_of(order[1], "precedence", 0, 2));
    out.precedence.since = static_cast<std::int32_t>(
        number_of(order[2], "precedence", std::numeric_limits<std::int32_t>::min(),
                  std::numeric_limits<std::int32_t>::max()));
    if (from.contains("downgrade")) {
      out.downgrade = word_of(at(from, "downgrade"), "downgrade", Severity::kViolation);
      if (*out.downgrade >= rule.severity) fail("downgrade");
    }
    out.when = condition(at(from, "when"), names, "when");
    if (!failed()) rule.exceptions.push_back(std::move(out));
  }

  std::vector<Piece> pieces(const Json& from, const char* key, const Names& names) {
    std::vector<Piece> out;
    each(from, key, [&](const Json& one) {
      Piece piece;
      if (one.is_string()) {
        piece.text = one.get<std::string>();
      } else {
        piece.kind = static_cast<Piece::Kind>(number(one, "kind", 1, 3));
        std::optional<expr::Kind> wanted;
        if (piece.kind == Piece::Kind::kLabel) wanted = expr::Kind::kEnum;
        if (piece.kind == Piece::Kind::kNumber) {
          wanted = expr::Kind::kInt;
          piece.one = text(one, "one");
          piece.many = text(one, "many");
        }
        piece.value = condition(at(one, "value"), names, "value", wanted);
        if (piece.value) piece.text = piece.value->expression.text();
      }
      out.push_back(std::move(piece));
    });
    return out;
  }

  Template text_at(const Json& from, const char* key, const Names& names) {
    const Json& both = at(from, key);
    return {pieces(both, "vi", names), pieces(both, "en", names)};
  }

  // ---- tests ----

  TestValue test_value(const Json& from) {
    TestValue out;
    out.kind = static_cast<TestValue::Kind>(
        number(from, "kind", 0, static_cast<int>(TestValue::Kind::kEntity)));
    if (out.kind == TestValue::Kind::kText) {
      out.text = text(from, "text");
    } else if (out.kind == TestValue::Kind::kEntities || out.kind == TestValue::Kind::kEntity) {
      each(from, "entities", [&](const Json& one) {
        out.entities.push_back(static_cast<std::size_t>(number_of(one, "", 0, 1'000'000)));
      });
    } else {
      out.number = number(from, "number");
    }
    return out;
  }

  TestEntity entity(const Json& from) {
    TestEntity out;
    out.name = text(from, "name");
    out.of_rule = text(from, "rule");
    out.count = test_value(at(from, "count"));
    each(from, "fields", [&](const Json& one) {
      const Json& pair = tuple(one, 2, "");
      out.fields.emplace_back(text_of_item(pair[0], "0"), test_value(pair[1]));
    });
    return out;
  }

  RuleTest test(const Json& from) {
    RuleTest out;
    out.name = message(from, "name");
    out.parameter = text(from, "parameter");
    out.place = place(from);
    out.as_of = day_at(from, "as_of");
    each(from, "entities", [&](const Json& one) { out.entities.push_back(entity(one)); });
    // An entity stands after the one that it is in: there is no cycle.
    for (std::size_t i = 0; i < out.entities.size(); ++i) {
      for (const auto& [name, value] : out.entities[i].fields) {
        for (const std::size_t inner : value.entities) {
          if (inner <= i || inner >= out.entities.size()) fail("entities");
        }
      }
    }
    const auto most = static_cast<std::int64_t>(out.entities.size()) - 1;
    each(from, "expect", [&](const Json& one) {
      TestExpectation e;
      e.rule = text(one, "rule");
      e.subject = static_cast<std::size_t>(number(one, "subject", 0, most));
      e.outcome = text(one, "outcome");
      e.by = text(one, "by");
      e.place = place(one);
      if (pack_.rule(e.rule) == nullptr) fail("rule");
      out.expectations.push_back(std::move(e));
    });
    return out;
  }

  Pack& pack_;
  std::string& fault_;
  std::string path_;
};

absl::Status refused(std::string_view source, std::string where, base::Message reason,
                     base::Message fix) {
  base::Problem problem{
      .code = base::ProblemCode::kBadPack,
      .place = {.file = std::string(source), .row = 0, .column = std::move(where)},
      .value = "",
      .reason = std::move(reason),
      .fix = std::move(fix)};
  return base::problem_status(absl::StatusCode::kInvalidArgument, std::move(problem));
}

}  // namespace

absl::StatusOr<Pack> load_compiled(std::string_view json, std::string_view source,
                                   const PackOptions& options) {
  const base::Message again = {"biên dịch lại từ gói YAML", "compile it again from the YAML pack"};
  constexpr std::size_t kHex = 64;
  const std::size_t before = kCompiledHead.size() + kHex + kCompiledMiddle.size();
  const bool is_ours = json.size() >= before + kCompiledTail.size() &&
                       json.size() <= kMaxCompiledBytes && json.starts_with(kCompiledHead) &&
                       json.substr(kCompiledHead.size() + kHex).starts_with(kCompiledMiddle) &&
                       json.ends_with(kCompiledTail);
  if (!is_ours) {
    return refused(source, "", {"không phải gói đã biên dịch", "not a compiled pack"}, again);
  }
  const std::string_view body = json.substr(before, json.size() - before - kCompiledTail.size());
  const base::Digest digest = base::digest_of(body);
  if (base::to_hex(digest) != json.substr(kCompiledHead.size(), kHex)) {
    return refused(source, "/digest", {"gói đã bị sửa", "the pack was changed"}, again);
  }
  const Json root =
      base::nests_deeper(body, kMaxDepth) ? Json() : Json::parse(body, nullptr, false);
  Reading reading;
  reading.pack.subjects = SubjectSchema(options.tables);
  reading.pack.calendar = options.calendar;
  reading.pack.digest = digest;
  std::string fault;
  if (root.is_object()) {
    Loader(reading.pack, fault).load(root);
    for (Layer& one : reading.pack.layers) one.source = source;
  } else {
    fault = "/";
  }
  if (fault.empty()) check_whole(reading);
  if (!reading.problems.empty()) {
    reading.problems.sort();
    return base::problem_status(absl::StatusCode::kInvalidArgument, reading.problems);
  }
  if (!fault.empty() || compiled_body(reading.pack) != body) {
    return refused(source, fault.empty() ? "/pack" : "/pack" + fault,
                   {"không phải nội dung mà lệnh biên dịch viết ra",
                    "not what the compiler writes, or not for these tables and this calendar"},
                   again);
  }
  return std::move(reading.pack);
}

}  // namespace dangbo::inline v1::rules
