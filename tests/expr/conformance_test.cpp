// The cases of CEL's conformance suite, when they are at hand: DANGBO_CEL_CASES names a folder with
// cases.jsonl; without it ../shared/data/cel beside the source tree is tried.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "dangbo/expr/case.hpp"
#include "dangbo/expr/expression.hpp"

namespace dangbo {
namespace {

using Json = nlohmann::json;

// One spelling for what the suite spells in several ways.
Json normal(const Json& json) {
  if (json.is_object() && json.size() == 1) {
    const std::string& key = json.begin().key();
    const Json& inner = json.begin().value();
    if (key == "double_value") {
      double value = 0;
      if (inner.is_number()) {
        value = inner.get<double>();
      } else {
        value = std::strtod(inner["$double"].get<std::string>().c_str(), nullptr);
      }
      if (std::isnan(value)) return {{"double", "nan"}};
      std::string sign = std::signbit(value) ? "-" : "+";
      return {{"double", sign}, {"value", std::isinf(value) ? Json("inf") : Json(value)}};
    }
    if (key == "null_value") return {{"null", true}};
    if (key == "map_value") {
      Json entries = Json::array();
      for (const Json& entry : inner.value("entries", Json::array())) {
        entries.push_back({normal(entry["key"]), normal(entry["value"])});
      }
      std::sort(entries.begin(), entries.end());
      return {{"map", entries}};
    }
    if (key == "list_value") {
      Json items = Json::array();
      for (const Json& item : inner.value("values", Json::array())) items.push_back(normal(item));
      return {{"list", items}};
    }
  }
  return json;
}

std::string cases_path() {
  const char* folder = std::getenv("DANGBO_CEL_CASES");
  return std::string(folder != nullptr ? folder : DANGBO_SHARED_CASES) + "/cases.jsonl";
}

TEST(Conformance, TheSuitesCases) {
  std::ifstream file(cases_path());
  if (!file) {
    std::cout << "NO CONFORMANCE CASES at " << cases_path()
              << ": nothing of the suite was run (set DANGBO_CEL_CASES)\n";
    GTEST_SKIP() << "no conformance cases";
  }
  std::string line;
  int run = 0;
  int excused = 0;
  while (std::getline(file, line)) {
    const Json one = Json::parse(line);
    if (one["tier"] == "A-regex" && !expr::has_patterns()) continue;
    const Json answer = Json::parse(expr::evaluate_case(line, base::Language::kEnglish));
    ++run;
    const bool fits = one.contains("error") ? answer.contains("error")
                                            : answer.contains("value") &&
                                                  normal(answer["value"]) == normal(one["value"]);
    if (!fits && one.value("excused", false)) {
      ++excused;
      continue;
    }
    EXPECT_TRUE(fits) << one["id"] << "\n  " << one["expr"] << "\n  wanted "
                      << (one.contains("error") ? Json("an error") : one["value"]) << "\n  given "
                      << answer;
  }
  EXPECT_GT(run, 0);
  std::cout << run << " conformance cases, " << excused << " excused\n";
}

}  // namespace
}  // namespace dangbo
