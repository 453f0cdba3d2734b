// Files in a folder of their own, read into a change of a fresh registry.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/load/load.hpp"

namespace dangbo::load::testing {

class LoadTest : public ::testing::Test {
 protected:
  LoadTest() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(::testing::TempDir()) /
              (std::string("dangbo_load_") + test->test_suite_name() + "_" + test->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~LoadTest() override { std::filesystem::remove_all(folder_); }
  LoadTest(const LoadTest&) = delete;
  LoadTest& operator=(const LoadTest&) = delete;

  std::string write(const std::string& name, std::string_view text) {
    const std::filesystem::path path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }

  // Reads one file as the given table into a new change.
  registry::Change read(std::string_view table, std::string_view text) {
    registry::Change change(*registry_);
    const absl::Status status = add_file(*registry_, change, table, write("file.csv", text));
    EXPECT_TRUE(status.ok()) << status;
    return change;
  }

  registry::Change read_paths(const std::vector<std::string>& paths) {
    registry::Change change(*registry_);
    const absl::Status status = add_files(*registry_, change, paths);
    EXPECT_TRUE(status.ok()) << status;
    return change;
  }

  std::filesystem::path folder_;
  std::unique_ptr<registry::Registry> registry_ = registry::Registry::create();
};

// All rows of a change: for each the values of the named column, "" when missing or absent.
inline std::vector<std::string> column(const registry::Change& change, std::string_view name) {
  std::vector<std::string> values;
  for (const registry::Change::Batch& batch : change.batches()) {
    const auto index = batch.rows.find(name);
    for (std::size_t row = 0; row < batch.rows.row_count(); ++row) {
      values.push_back(index ? batch.rows.column(*index).display(row) : "");
    }
  }
  return values;
}

inline std::vector<base::ProblemCode> codes(const registry::Change& change) {
  std::vector<base::ProblemCode> found;
  for (const base::Problem& problem : change.problems().kept()) found.push_back(problem.code);
  return found;
}

inline std::string lines(const base::ProblemList& problems) {
  std::string text;
  for (const base::Problem& problem : problems.kept()) {
    text += base::to_line(problem, base::Language::kEnglish) + "\n";
  }
  return text;
}

inline bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace dangbo::load::testing
