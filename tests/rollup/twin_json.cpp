// The twin's questions as documents.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "rollup/twin.hpp"

namespace dangbo::test {

namespace {

using Json = nlohmann::ordered_json;

Json value_of(const std::string& column, const std::string& word) {
  return column.ends_with("youth_union") ? Json(word == "true") : Json(word);
}

void put_ask(const TwinAsk& ask, Json& out) {
  out["of"] = ask.of;
  if (!ask.sum.empty()) out[ask.measure] = ask.sum;
  if (!ask.period.empty()) out["period"] = ask.period;
  if (!ask.from.empty()) out["period"]["from"] = ask.from;
  if (!ask.until.empty()) out["period"]["until"] = ask.until;
  if (!ask.dated_by.empty()) out["dated_by"] = ask.dated_by;
  if (ask.own) out["scope"] = "own";
  for (const TwinCondition& condition : ask.where) {
    Json words = Json::array();
    for (const std::string& word : condition.words)
      words.push_back(value_of(condition.column, word));
    Json& into = out["where"][condition.column];
    if (condition.test == "is") into = words;
    if (condition.test == "not") into["not"] = words;
    if (condition.test == "missing") into["missing"] = true;
    if (condition.test == "present") into["missing"] = false;
    if (condition.test == "range") {
      if (!condition.from.empty()) into["from"] = condition.from;
      if (!condition.until.empty()) into["until"] = condition.until;
    }
    if (condition.test == "years") {
      if (!condition.from.empty()) into["years"]["from"] = std::stoi(condition.from);
      if (!condition.until.empty()) into["years"]["until"] = std::stoi(condition.until);
      if (condition.certain) into["certain"] = true;
    }
  }
}

}  // namespace

std::string to_json(const TwinQuery& query) {
  Json out;
  out["query"] = 1;
  put_ask(query.ask, out);
  out["on"] = query.on;
  out["known_at"] = query.known_at;
  if (!query.structure.empty()) out["structure"] = query.structure;
  if (!query.unit.empty()) out["unit"] = query.unit;
  if (query.each == "level") {
    out["each"]["level"] = query.level;
  } else if (query.each == "kind") {
    out["each"]["kind"] = query.kinds;
  } else if (!query.each.empty()) {
    out["each"] = query.each;
  }
  for (const std::string& name : query.by) {
    const auto band = std::find_if(query.bands.begin(), query.bands.end(),
                                   [&](const TwinBands& one) { return one.as == name; });
    if (band == query.bands.end()) {
      out["by"].push_back(name);
      continue;
    }
    Json made = {{"as", band->as}, {"years", band->column}, {"bands", band->edges}};
    if (band->certain) made["certain"] = true;
    out["by"].push_back(std::move(made));
  }
  if (query.having) {
    put_ask(*query.having, out["having"]);
    out["having"]["at_least"] = query.at_least;
  }
  if (query.share == "query") {
    put_ask(query.share_query, out["share"]);
  } else if (!query.share.empty()) {
    out["share"] = query.share;
  }
  return out.dump();
}

}  // namespace dangbo::test
