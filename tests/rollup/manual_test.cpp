// Every example of the manual is asked, and answers as the manual says.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "dangbo/table/write.hpp"
#include "rollup/example.hpp"

namespace dangbo::test {

namespace {

struct Example {
  std::string json;
  std::string csv;
};

// ```json blocks, each with the ```csv block that follows it.
std::vector<Example> examples() {
  std::ifstream file(DANGBO_QUERY_MANUAL);
  EXPECT_TRUE(file.is_open());
  std::vector<Example> out;
  std::string* into = nullptr;
  for (std::string line; std::getline(file, line);) {
    if (line == "```json") {
      into = &out.emplace_back().json;
    } else if (line == "```csv" && !out.empty()) {
      into = &out.back().csv;
    } else if (line.starts_with("```")) {
      into = nullptr;
    } else if (into != nullptr) {
      *into += line + "\n";
    }
  }
  return out;
}

TEST(Manual, EveryExampleAnswersAsPrinted) {
  const auto registry = example();
  const std::vector<Example> all = examples();
  EXPECT_GE(all.size(), 10U);
  for (const Example& one : all) {
    std::string csv = table::to_csv(ask_table(*registry, one.json));
    std::erase(csv, '\r');
    EXPECT_EQ(csv, one.csv) << one.json;
  }
}

}  // namespace

}  // namespace dangbo::test
