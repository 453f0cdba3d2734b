// A Document as text: keys in the manual's order, conditions by column, defaults left out.
#include <nlohmann/json.hpp>

#include "rollup/document.hpp"

namespace dangbo::inline v1::rollup {

std::string canonical_form(const Query::Document& document);

namespace {

using Json = nlohmann::ordered_json;

Json to_json(const Value& value) {
  return std::visit([](const auto& held) { return Json(held); }, value);
}

template <typename T, typename Convert>
Json one_or_list(const std::vector<T>& values, Convert convert) {
  if (values.size() == 1) return convert(values.front());
  Json list = Json::array();
  for (const T& value : values) list.push_back(convert(value));
  return list;
}

Json to_json(const Condition& condition) {
  Json out = Json::object();
  if (condition.test == Test::kMissing || condition.test == Test::kPresent) {
    out["missing"] = condition.test == Test::kMissing;
    return out;
  }
  Json values = one_or_list(condition.values, [](const Value& value) { return to_json(value); });
  if (condition.test == Test::kEquals) return values;
  out["not"] = std::move(values);
  return out;
}

void put_period(const Ask& ask, Json& out) {
  if (!ask.period) return;
  if (!ask.period->text.empty()) {
    out["period"] = ask.period->text;
    return;
  }
  Json range = Json::object();
  if (!ask.period->from_text.empty()) range["from"] = ask.period->from_text;
  if (!ask.period->until_text.empty()) range["until"] = ask.period->until_text;
  out["period"] = std::move(range);
}

// `out` has "of" and what comes before the period already.
void put_events(const Ask& ask, Json& out) {
  put_period(ask, out);
  if (ask.dated_by == DatedBy::kDecision) out["dated_by"] = "decision";
}

void put_where(const Ask& ask, Json& out) {
  if (!ask.condition.empty()) out["where"] = ask.condition;
  if (ask.where.empty()) return;
  Json where = Json::object();  // the parser met the columns in code point order
  for (const Condition& condition : ask.where) where[condition.column] = to_json(condition);
  out["where"] = std::move(where);
}

void put_ask(const Ask& ask, Json& out);

void put_having(const Ask& ask, Json& out) {
  if (ask.having == nullptr) return;
  Json having = Json::object();
  put_ask(ask.having->ask, having);
  if (ask.having->at_least != 1) having["at_least"] = ask.having->at_least;
  out["having"] = std::move(having);
}

// A query inside the query. It has no "having" of its own but in a share: depth is bounded by the
// form.
void put_ask(const Ask& ask, Json& out) {
  out["of"] = ask.of;
  if (!ask.sum.empty()) out["sum"] = ask.sum;
  put_events(ask, out);
  if (ask.scope == Scope::kOwn) out["scope"] = "own";
  put_where(ask, out);
  put_having(ask, out);
}

Json to_json(const Each& each) {
  const auto words = [](const std::string& word) { return Json(word); };
  Json out = Json::object();
  switch (each.kind) {
    case EachKind::kChildren:
      return "children";
    case EachKind::kAll:
      return "all";
    case EachKind::kLevel:
      out["level"] = each.level;
      break;
    case EachKind::kClass:
      out["class"] = one_or_list(each.words, words);
      break;
    case EachKind::kKind:
      out["kind"] = one_or_list(each.words, words);
      break;
  }
  return out;
}

}  // namespace

std::string canonical_form(const Query::Document& document) {
  Json out = Json::object();
  out["query"] = 1;
  out["of"] = document.ask.of;
  if (!document.ask.sum.empty()) out["sum"] = document.ask.sum;
  const bool is_default = document.ask.of == kMovements && document.on == last_day_of(document);
  if (document.on && !is_default) out["on"] = document.on->to_string();
  if (document.known_at) out["known_at"] = *document.known_at;
  if (document.structure) out["structure"] = document.structure->to_string();
  put_events(document.ask, out);
  if (document.unit) out["unit"] = *document.unit;
  if (document.each) out["each"] = to_json(*document.each);
  if (document.ask.scope == Scope::kOwn) out["scope"] = "own";
  for (const GroupBy& group : document.by) {
    if (group.expression.empty()) {
      out["by"].push_back(group.name);
    } else {
      out["by"].push_back(Json{{"as", group.name}, {"value", group.expression}});
    }
  }
  put_where(document.ask, out);
  put_having(document.ask, out);
  if (document.share) {
    if (document.share->query == nullptr) {
      out["share"] = document.share->name;
    } else {
      Json share = Json::object();
      put_ask(*document.share->query, share);
      out["share"] = std::move(share);
    }
  }
  return out.dump();
}

}  // namespace dangbo::inline v1::rollup
