#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "rollup/history.hpp"

namespace dangbo::test {

namespace {

using Json = nlohmann::ordered_json;

Json value_of(const std::string& column, const std::string& word) {
  return column.ends_with("youth_union") ? Json(word == "true") : Json(word);
}

void put_ask(const TwinAsk& ask, Json& out) {
  out["of"] = ask.of;
  if (!ask.sum.empty()) out["sum"] = ask.sum;
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
  }
}

}  // namespace

std::string to_json(const TwinQuery& query) {
  Json out;
  out["query"] = 1;
  put_ask(query.ask, out);
  out["on"] = query.on;
  out["known_at"] = query.known_at;
  if (!query.unit.empty()) out["unit"] = query.unit;
  if (query.each == "level") {
    out["each"]["level"] = query.level;
  } else if (query.each == "kind") {
    out["each"]["kind"] = query.kinds;
  } else if (!query.each.empty()) {
    out["each"] = query.each;
  }
  if (!query.by.empty()) out["by"] = query.by;
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

namespace {

void load(registry::Registry& registry, const History& history) {
  for (int number = 1; number <= 2; ++number) {
    std::vector<std::pair<std::string, std::vector<Cells>>> tables;
    for (const auto& [name, rows] : history) {
      std::vector<Cells> of_commit;
      for (const TwinRow& row : rows) {
        if (row.commit == number) of_commit.push_back(row.cells);
      }
      if (!of_commit.empty()) tables.emplace_back(name, std::move(of_commit));
    }
    commit(registry, tables);
  }
}

// Units and members of the second commit do not exist for the first; a query that names them by
// key is still well formed, as the snapshot knows them.
TEST(Twin, AgreesOnRandomQuestions) {
  constexpr int kHistories = 80;
  constexpr int kQuestions = 250;
  std::mt19937_64 random(20201130);
  int rows = 0;
  int counted = 0;
  for (int h = 0; h < kHistories; ++h) {
    const History history = make_history(random);
    const auto registry = registry::Registry::create();
    load(*registry, history);
    if (HasFailure()) return;
    for (int q = 0; q < kQuestions; ++q) {
      const TwinQuery question = make_query(random, history);
      const std::string json = to_json(question);
      const Lines found = ask(*registry, json);
      const Lines expected = twin_answer(history, question);
      ASSERT_EQ(found, expected) << "history " << h << ", question " << q << "\n" << json;
      rows += static_cast<int>(found.size()) - 1;
      if (found.size() > 1) {
        const auto at =
            std::find(found[0].begin(), found[0].end(), question.ask.sum.empty() ? "count" : "sum");
        counted += found[1][static_cast<std::size_t>(at - found[0].begin())] != "0" ? 1 : 0;
      }
    }
  }
  // The questions must not be empty ones.
  EXPECT_GT(rows, kHistories * kQuestions);
  EXPECT_GT(counted, kHistories * kQuestions / 6);
}

}  // namespace

}  // namespace dangbo::test
