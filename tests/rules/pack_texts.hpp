// A small pack for tests: the text, and what is said against a changed one.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo/rules/pack.hpp"

namespace dangbo::rules::test {

using Change = std::pair<std::string_view, std::string_view>;

// `text` with the first occurrence of each `from` replaced by `to`.
inline std::string changed(std::string_view text, const std::vector<Change>& changes) {
  std::string out(text);
  for (const auto& [from, to] : changes) {
    const std::size_t at = out.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    if (at != std::string::npos) out.replace(at, from.size(), to);
  }
  return out;
}

// Where "@" stands in a part of the text: "line:column" in characters, 1-based.
inline std::string place_of(std::string_view text, std::string_view part) {
  const std::size_t mark = part.find('@');
  EXPECT_NE(mark, std::string::npos) << part;
  std::string needle(part);
  needle.erase(mark, 1);
  const std::size_t found = text.find(needle);
  EXPECT_NE(found, std::string::npos) << part;
  std::size_t line = 1;
  std::size_t column = 1;
  for (std::size_t i = 0; i < found + mark && i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++line;
      column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) {
      ++column;
    }
  }
  return std::to_string(line) + ":" + std::to_string(column);
}

// "row:column value reason; …" of everything said against packs; empty when they are read. Both
// languages and a remedy are there.
inline std::string refusal_of(const std::vector<std::string>& texts,
                              const PackOptions& options = {}) {
  std::vector<PackText> packs;
  for (const std::string& one : texts) packs.push_back({one, "goi.yaml"});
  const auto pack = read_pack(packs, options);
  std::string out;
  const base::ProblemList found =
      pack.ok() ? base::ProblemList() : base::problems_of(pack.status());
  for (const base::Problem& problem : found.kept()) {
    EXPECT_TRUE(problem.code == base::ProblemCode::kBadPack ||
                problem.code == base::ProblemCode::kBadUtf8);
    EXPECT_FALSE(problem.reason.vi.empty() || problem.reason.en.empty());
    EXPECT_FALSE(problem.fix.vi.empty() || problem.fix.en.empty()) << problem.reason.en;
    out += out.empty() ? "" : "; ";
    out += std::to_string(problem.place.row) + ":" + problem.place.column + " " + problem.value +
           " " + problem.reason.en;
  }
  return out;
}

}  // namespace dangbo::rules::test
