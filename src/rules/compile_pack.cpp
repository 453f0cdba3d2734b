// Writing of the canonical form.
#include <nlohmann/json.hpp>
#include <utility>

#include "dangbo/rules/compiled.hpp"
#include "rules/compiled_form.hpp"

namespace dangbo::inline v1::rules {

namespace {

using Json = nlohmann::json;  // keys are sorted

Json to_json(SourcePlace place) {
  return Json::array({place.layer, place.line, place.column});
}

Json to_json(const base::Message& message) {
  return {{"en", message.en}, {"vi", message.vi}};
}

Json to_json(const time::DateRange& days) {
  Json out = Json::object();
  if (const auto from = days.from()) out["from"] = from->to_string();
  if (const auto until = days.until()) out["until"] = until->to_string();
  return out;
}

Json to_json(const std::vector<Citation>& citations) {
  Json out = Json::array();
  for (const Citation& one : citations) out.push_back(Json::array({one.instrument, one.clause}));
  return out;
}

template <typename T, typename Make>
Json list_of(const std::vector<T>& items, Make make) {
  Json out = Json::array();
  for (const T& one : items) out.push_back(make(one));
  return out;
}

Json layer(const Layer& one) {
  return {{"code", one.code}, {"digest", base::to_hex(one.digest)}, {"extends", one.extends},
          {"id", one.id},     {"level", text_of(one.level)},        {"version", one.version}};
}

Json instrument(const Instrument& one) {
  return {{"id", one.id},       {"in_force", to_json(one.in_force)},
          {"layer", one.layer}, {"number", one.number},
          {"rank", one.rank},   {"title", to_json(one.title)}};
}

Json value(const ParameterValue& one, bool is_word) {
  Json out = {{"cite", to_json(one.citations)},
              {"days", to_json(one.days)},
              {"evidence", text_of(one.evidence)},
              {"place", to_json(one.place)}};
  out["value"] = is_word ? Json(one.word) : Json(one.number);
  if (one.reviewed) out["reviewed"] = one.reviewed->to_string();
  return out;
}

Json parameter(const Parameter& one) {
  Json out = {{"id", one.id},
              {"place", to_json(one.place)},
              {"title", to_json(one.title)},
              {"unit", one.unit}};
  const bool is_word = !one.words.empty();
  out["values"] = list_of(one.values, [&](const ParameterValue& v) { return value(v, is_word); });
  if (is_word) {
    out["words"] = one.words;
  } else {
    out["least"] = one.least;
    out["most"] = one.most;
  }
  if (one.open) {
    out["override"] = {{"by", list_of(one.open->by, [](Level level) { return text_of(level); })},
                       {"direction", static_cast<int>(one.open->direction)}};
  }
  return out;
}

Json condition(const Condition& one) {
  return Json::array({one.expression.text(), to_json(one.place)});
}

Json subject(const Subject& one) {
  return {{"by", one.by},
          {"classes", one.unit_classes},
          {"kind", static_cast<int>(one.kind)},
          {"kinds", one.unit_kinds},
          {"subject_type", one.subject_type},
          {"table", one.table}};
}

Json piece(const Piece& one) {
  if (one.kind == Piece::Kind::kText) return one.text;
  Json out = {{"kind", static_cast<int>(one.kind)}, {"value", condition(*one.value)}};
  if (one.kind == Piece::Kind::kNumber) {
    out["one"] = one.one;
    out["many"] = one.many;
  }
  return out;
}

Json text(const Template& one) {
  return {{"en", list_of(one.en, piece)}, {"vi", list_of(one.vi, piece)}};
}

Json exception(const Exception& one) {
  Json out = {{"cite", to_json(one.citations)},
              {"effective", to_json(one.effective)},
              {"evidence", text_of(one.evidence)},
              {"label", one.label},
              {"open", one.is_open},
              {"place", to_json(one.place)},
              {"precedence", Json::array({one.precedence.rank, one.precedence.specificity,
                                          one.precedence.since})},
              {"when", condition(*one.when)}};
  if (one.downgrade) out["downgrade"] = text_of(*one.downgrade);
  return out;
}

Json rule(const Rule& one) {
  Json out = {{"by_default", one.on_by_default},
              {"cite", to_json(one.citations)},
              {"effective", to_json(one.effective)},
              {"evidence", text_of(one.evidence)},
              {"exceptions", list_of(one.exceptions, exception)},
              {"id", one.id},
              {"let", list_of(one.lets,
                              [](const Let& let) {
                                return Json::array({let.name, condition(let.condition)});
                              })},
              {"message", text(one.message)},
              {"open", one.is_open},
              {"place", to_json(one.place)},
              {"require", condition(*one.require)},
              {"severity", text_of(one.severity)},
              {"subject", subject(one.subject)},
              {"title", to_json(one.title)}};
  if (one.remedy) out["remedy"] = text(*one.remedy);
  if (one.when) out["when"] = condition(*one.when);
  return out;
}

Json test_value(const TestValue& one) {
  Json out = {{"kind", static_cast<int>(one.kind)}};
  if (one.kind == TestValue::Kind::kText) {
    out["text"] = one.text;
  } else if (one.kind == TestValue::Kind::kEntities || one.kind == TestValue::Kind::kEntity) {
    out["entities"] = one.entities;
  } else {
    out["number"] = one.number;
  }
  return out;
}

Json entity(const TestEntity& one) {
  Json fields = Json::array();
  for (const auto& [name, value] : one.fields) {
    fields.push_back(Json::array({name, test_value(value)}));
  }
  return {{"count", test_value(one.count)},
          {"fields", std::move(fields)},
          {"name", one.name},
          {"rule", one.of_rule}};
}

Json test(const RuleTest& one) {
  Json out = {{"entities", list_of(one.entities, entity)},
              {"name", to_json(one.name)},
              {"parameter", one.parameter},
              {"place", to_json(one.place)}};
  out["expect"] = list_of(one.expectations, [](const TestExpectation& e) {
    return Json{{"by", e.by},
                {"outcome", e.outcome},
                {"place", to_json(e.place)},
                {"rule", e.rule},
                {"subject", e.subject}};
  });
  if (one.as_of) out["as_of"] = one.as_of->to_string();
  return out;
}

}  // namespace

std::string compiled_body(const Pack& pack) {
  const Json out = {{"id", pack.id},
                    {"instruments", list_of(pack.instruments, instrument)},
                    {"layers", list_of(pack.layers, layer)},
                    {"parameters", list_of(pack.parameters, parameter)},
                    {"rules", list_of(pack.rules, rule)},
                    {"tests", list_of(pack.tests, test)},
                    {"version", pack.version}};
  return out.dump();
}

std::string compile_pack(const Pack& pack) {
  const std::string body = compiled_body(pack);
  std::string out(kCompiledHead);
  out += base::to_hex(base::digest_of(body));
  out += kCompiledMiddle;
  out += body;
  out += kCompiledTail;
  return out;
}

}  // namespace dangbo::inline v1::rules
