// What the tests of a failing disk have in common: a file's life in steps, and what it answers.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "registry/file_support.hpp"

namespace dangbo::testing {

// Of a random test; DANGBO_SEED asks for another. Printed, so that a failure can be had again.
inline std::uint64_t printed_seed(std::uint64_t usual) {
  const char* wanted = std::getenv("DANGBO_SEED");  // NOLINT(concurrency-mt-unsafe)
  const std::uint64_t seed = wanted == nullptr ? usual : std::strtoull(wanted, nullptr, 10);
  std::cout << "seed " << seed << "\n";
  return seed;
}

// A file in what it tells: everything a reader learns, and the digest of its last commit.
struct Answer {
  std::string content;
  std::string head;
  bool operator==(const Answer&) const = default;
};

// Verifies a file.
inline absl::StatusOr<std::string> verified_head(const std::string& path) {
  const auto report = registry::verify_file(path);
  if (!report.ok()) return report.status();
  return std::string(report->column(*report->find("head")).text(0));
}

// Verifies a file, opens it to write, and closes it.
inline absl::StatusOr<Answer> ask(const std::string& path) {
  Answer answer;
  auto head = verified_head(path);
  if (!head.ok()) return head.status();
  answer.head = *head;
  const auto registry = registry::Registry::open(path, registry::OpenMode::kWrite);
  if (!registry.ok()) return registry.status();
  answer.content = whole_content(**registry);
  return answer;
}

// True when the one problem of a status names the file, or memory was lacking.
inline bool names_file(const absl::Status& status, const std::string& path) {
  const base::ProblemList problems = base::problems_of(status);
  return problems.total() == 1 && problems.kept()[0].place.file == path &&
         !problems.kept()[0].fix.vi.empty();
}

inline base::ProblemCode first_code(const absl::Status& status) {
  const base::ProblemList problems = base::problems_of(status);
  return problems.empty() ? base::ProblemCode::kBadQuery : problems.kept()[0].code;
}

// Not to be found in a file from which it was erased.
inline const std::string kSecretName = std::string("Hoàng Bí") + " Mật";

inline absl::Status commit_units(registry::Registry& registry) {
  registry::Change change(registry);
  add_small_body(change);
  return registry.commit(std::move(change), {.time = 10, .source_version = "thân"}).status();
}

inline registry::Change people(const registry::Registry& registry) {
  registry::Change change(registry);
  change.add_table("members",
                   text_table({"member_id", "sex", "full_name", "birth_date", "occupation"},
                              {{"p1", "nữ", kSecretName, "1960-02-03", "dạy học"},
                               {"p2", "nam", "Lê Văn Công Khai", "1961", "dạy học"}}),
                   "members.csv");
  change.add_table(
      "memberships",
      text_table({"member_id", "unit_id", "kind", "from"},
                 {{"p1", "A", "home", "2012-01-01"}, {"p2", "D1", "home", "2013-01-01"}}),
      "homes.csv");
  change.add_table("visits",
                   text_table({"visit_no", "member_id", "on", "place", "note"},
                              {{"v1", "p1", "2020-01-01", "xã Mây", kSecretName},
                               {"v2", "p2", "2020-01-02", "xã Gió", "tốt"}}),
                   "visits.csv");
  return change;
}
inline absl::Status commit_people(registry::Registry& registry) {
  return registry.commit(people(registry), {.time = 20, .source_version = "người"}).status();
}

inline registry::Change correction(const registry::Registry& registry) {
  registry::Change change(registry);
  change.correct("members", text_table({"member_id"}, {{"p1"}}),
                 text_table({"birth_name"}, {{kSecretName + " hai"}}), "c");
  change.withdraw("memberships",
                  text_table({"member_id", "unit_id", "kind", "from"},
                             {{"m4", "D2", "CHINHTHUC", "2021-01-01"}}),
                  "w");
  return change;
}
inline absl::Status commit_correction(registry::Registry& registry) {
  return registry.commit(correction(registry), {.time = 40, .source_version = ""}).status();
}

// More than a part holds.
inline absl::Status commit_large(registry::Registry& registry, std::int64_t time) {
  std::vector<TextRow> rows;
  const std::string filler(90'000, 'x');
  const std::string mark = std::to_string(time) + "-";
  for (int i = 0; i < 100; ++i)
    rows.push_back({"g" + mark + std::to_string(i), kSecretName, filler + std::to_string(i)});
  registry::Change change(registry);
  change.add_table("members", text_table({"member_id", "full_name", "extra"}, rows), "lớn");
  return registry.commit(std::move(change), {.time = time, .source_version = ""}).status();
}

struct Step {
  const char* name;
  absl::Status (*run)(registry::Registry&);
};

// The life of a file after it was created.
inline const std::vector<Step>& life() {
  using registry::Registry;
  static const std::vector<Step> steps = {
      {"declare", [](Registry& registry) { return registry.declare(visits_schema()); }},
      {"first commit", commit_units},
      {"commit", commit_people},
      {"advance",
       [](Registry& registry) {
         return registry.advance(day(2024, 5, 6), {.time = 30, .source_version = "ngày"}).status();
       }},
      {"correct and withdraw", commit_correction},
      {"redact",
       [](Registry& registry) {
         return registry.redact("p1", {}, {.time = 50, .source_version = "xoá"}).status();
       }},
      {"compact", [](Registry& registry) { return registry.compact(); }},
      {"advance again", [](Registry& registry) {
         return registry.advance(day(2025, 1, 1), {.time = 60, .source_version = ""}).status();
       }}};
  return steps;
}

}  // namespace dangbo::testing
