// The canonical form: the same bytes again, the digest, and every kind of change refused.
#include "dangbo/rules/compiled.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace dangbo::rules {
namespace {

std::string charter_text() {
  std::ifstream file(DANGBO_CHARTER_PACK);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string compiled() {
  const auto pack = read_pack(charter_text(), "charter.yaml");
  return pack.ok() ? compile_pack(*pack) : std::string();
}

// The text with its body changed and the digest made right again.
std::string forged(std::string_view from, std::string_view to) {
  std::string text = compiled();
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at == std::string::npos) return {};
  text.replace(at, from.size(), to);
  const std::size_t body = text.find("\"pack\":") + 7;
  const std::string digest =
      base::to_hex(base::digest_of(std::string_view(text).substr(body, text.size() - body - 2)));
  text.replace(text.find("\"digest\":\"") + 10, 64, digest);
  return text;
}

std::string place_of_refusal(const std::string& text) {
  const auto pack = load_compiled(text, "goi.json");
  if (pack.ok()) return "";
  const base::ProblemList found = base::problems_of(pack.status());
  EXPECT_EQ(found.kept().front().code, base::ProblemCode::kBadPack);
  EXPECT_EQ(found.kept().front().place.file, "goi.json");
  return found.kept().front().place.column;
}

TEST(Compiled, RoundTripsToTheSameBytes) {
  const std::string text = compiled();
  ASSERT_FALSE(text.empty());
  const auto pack = load_compiled(text, "goi.json");
  ASSERT_TRUE(pack.ok()) << pack.status();
  EXPECT_EQ(compile_pack(*pack), text);
  const auto first = read_pack(charter_text(), "charter.yaml");
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(base::to_hex(pack->digest), base::to_hex(first->digest));
  EXPECT_EQ(text.substr(11, 64), base::to_hex(pack->digest));
  ASSERT_EQ(pack->rules.size(), first->rules.size());
  EXPECT_EQ(pack->tests.size(), first->tests.size());
  const Rule& rule = *pack->rule("grassroots-committee-size");
  EXPECT_EQ(rule.require->expression.text(), "all >= param.committee_min");
  EXPECT_EQ(rule.exceptions[0].label, "superior-consents");
  EXPECT_EQ(rule.place, first->rule("grassroots-committee-size")->place);
}

TEST(Compiled, IsSortedAndWithoutNamesOfFiles) {
  const std::string text = compiled();
  const auto other = read_pack(charter_text(), "another/name.yaml");
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(compile_pack(*other), text);
  EXPECT_TRUE(text.ends_with("}\n"));
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  EXPECT_LT(text.find("\"instruments\""), text.find("\"layers\""));
  EXPECT_LT(text.find("\"layers\""), text.find("\"parameters\""));
}

TEST(Compiled, RefusesATextThatWasChanged) {
  std::string text = compiled();
  text.replace(text.find("\"value\":30"), 10, "\"value\":31");
  EXPECT_EQ(place_of_refusal(text), "/digest");
  EXPECT_EQ(place_of_refusal(""), "");
  EXPECT_FALSE(load_compiled("", "goi.json").ok());
  EXPECT_FALSE(load_compiled("{}", "goi.json").ok());
  EXPECT_FALSE(load_compiled(compiled().substr(1), "goi.json").ok());
  EXPECT_FALSE(load_compiled(std::string(kMaxCompiledBytes + 1, '['), "goi.json").ok());
}

TEST(Compiled, RefusesWhatTheCompilerDoesNotWrite) {
  EXPECT_EQ(place_of_refusal(forged("\"value\":30", "\"value\":501")),
            "/pack/parameters/1/values/0/value");
  EXPECT_EQ(place_of_refusal(forged("\"severity\":\"violation\"", "\"severity\":\"grave\"")),
            "/pack/rules/0/severity");
  EXPECT_EQ(place_of_refusal(forged("[\"full >= param.cell_min_full\"", "[\"full >= self.x\"")),
            "/pack/rules/0/require");
  EXPECT_EQ(place_of_refusal(forged("[\"full >= param.cell_min_full\"", "[\"full\"")),
            "/pack/rules/0/require");
  EXPECT_EQ(place_of_refusal(forged("\"cite\":[[0,\"24/1\"]", "\"cite\":[[1,\"24/1\"]")),
            "/pack/parameters/0/values/0/cite/0/0");
  EXPECT_EQ(place_of_refusal(forged("\"from\":\"2011-01-19\"", "\"from\":\"2011-02-30\"")),
            "/pack/instruments/0/in_force/from");
  EXPECT_EQ(place_of_refusal(forged("\"by_default\":true", "\"by_default\":1")),
            "/pack/rules/0/by_default");
  // What has no meaning, an order of its own, a key twice.
  EXPECT_EQ(place_of_refusal(forged("\"rank\":100", "\"rank\":100,\"rating\":1")), "/pack");
  EXPECT_EQ(place_of_refusal(forged("\"rank\":100", "\"rank\": 100")), "/pack");
  EXPECT_EQ(place_of_refusal(forged("\"rank\":100", "\"rank\":100,\"rank\":100")), "/pack");
  EXPECT_EQ(place_of_refusal(forged("\"subject\":0", "\"subject\":70")),
            "/pack/tests/0/expect/0/subject");
  EXPECT_EQ(place_of_refusal(forged("\"entities\":[1,2]", "\"entities\":[0,2]")),
            "/pack/tests/0/entities");
}

TEST(Compiled, RefusesDeepNesting) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_EQ(place_of_refusal(forged("\"rank\":100", "\"rank\":" + deep)), "/pack/");
}

TEST(Compiled, ChecksTheWholeAgain) {
  // A rule that reads a parameter on days without a value.
  const std::string text =
      forged("\"days\":{\"from\":\"2011-01-19\"}", "\"days\":{\"from\":\"2011-01-20\"}");
  const auto pack = load_compiled(text, "goi.json");
  ASSERT_FALSE(pack.ok());
  EXPECT_NE(pack.status().message().find("without a value from 2011-01-19"), std::string::npos)
      << pack.status();
}

}  // namespace
}  // namespace dangbo::rules
