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
  if (condition.test == Test::kRange || condition.test == Test::kYears) {
    if (condition.from) out["from"] = to_json(*condition.from);
    if (condition.until) out["until"] = to_json(*condition.until);
    if (condition.test == Test::kRange) return out;
    Json years = Json{{"years", std::move(out)}};
    if (condition.certain) years["certain"] = true;
    return years;
  }
  Json values = one_or_list(condition.values, [](const Value& value) { return to_json(value); });
  if (condition.test == Test::kEquals) return values;
  out["not"] = std::move(values);
  return out;
}

Json to_json(const Period& period) {
  if (!period.text.empty()) return period.text;
  Json range = Json::object();
  if (!period.from_text.empty()) range["from"] = period.from_text;
  if (!period.until_text.empty()) range["until"] = period.until_text;
  return range;
}

Json to_json(const GroupBy& group) {
  if (group.edges.empty() && group.expression.empty()) return group.name;
  Json out = Json{{"as", group.name}};
  if (!group.expression.empty()) out["value"] = group.expression;
  if (!group.years.empty()) out["years"] = group.years;
  if (!group.number.empty()) out["number"] = group.number;
  if (!group.edges.empty()) out["bands"] = group.edges;
  if (group.certain) out["certain"] = true;
  return out;
}

void put_on(const Query::Document& document, Json& out) {
  const bool is_default = document.ask.of == kMovements && document.on == last_day_of(document);
  if (document.months) {
    out["on"] = Json{{"months", to_json(*document.months)}};
  } else if (!document.days.empty()) {
    for (const time::Date day : document.days) out["on"].push_back(day.to_string());
  } else if (document.on && !is_default) {
    out["on"] = document.on->to_string();
  }
  if (document.compare) out["compare"] = document.compare->to_string();
}

void put_end(const Query::Document& document, Json& out) {
  if (document.best) {
    Json best = document.best->count;
    if (!document.best->by.empty()) {
      best = Json{{"count", document.best->count}, {"by", document.best->by}};
    }
    out[document.best->top ? "top" : "bottom"] = std::move(best);
  }
  if (!document.rows) return;
  Json rows = Json::object();
  for (const Cell& cell : *document.rows) {
    rows[cell.column] = cell.value ? to_json(*cell.value) : Json(nullptr);
  }
  out["rows"] = std::move(rows);
}

// `out` has "of" and what comes before the period already.
void put_events(const Ask& ask, Json& out) {
  if (ask.period) out["period"] = to_json(*ask.period);
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
  if (!ask.sum.empty()) out[name_of(ask.measure)] = ask.sum;
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
  if (!document.ask.sum.empty()) out[name_of(document.ask.measure)] = document.ask.sum;
  put_on(document, out);
  if (document.known_at) out["known_at"] = *document.known_at;
  if (document.structure) out["structure"] = document.structure->to_string();
  put_events(document.ask, out);
  if (document.unit) out["unit"] = *document.unit;
  if (document.each) out["each"] = to_json(*document.each);
  if (document.ask.scope == Scope::kOwn) out["scope"] = "own";
  for (const GroupBy& group : document.by) out["by"].push_back(to_json(group));
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
  put_end(document, out);
  return out.dump();
}

}  // namespace dangbo::inline v1::rollup
