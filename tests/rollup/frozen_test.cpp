// Documents of frozen results that are not what was frozen.
#include <gtest/gtest.h>

#include "dangbo/rollup/freeze.hpp"
#include "rollup/fixture.hpp"

namespace dangbo::test {

namespace {

using Strings = std::vector<std::string>;

std::string document() {
  const auto registry = registry::Registry::create();
  commit(*registry,
         {{"units", {{{"unit_id", "K"}, {"kind", "KHOI"}, {"name", "Khối \"Ví dụ\""}}}},
          {"members", {{{"member_id", "1"}, {"sex", "F"}, {"youth_union", "x"}}}},
          {"memberships", {{{"member_id", "1"}, {"unit_id", "K"}, {"kind", "CHINHTHUC"}}}}});
  const auto query = rollup::Query::parse(
      R"({"query":1,"of":"members","on":"2020-06-30","each":"all","by":["sex","youth_union"],
          "share":"stock"})");
  return rollup::freeze(registry->snapshot(), *query)->to_json();
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

Strings faults_in(const std::string& json) {
  return faults_of(rollup::Frozen::parse(json).status());
}

TEST(Frozen, LayoutAndOrderOfKeysDoNotMatter) {
  const std::string good = document();
  ASSERT_EQ(faults_in(good), Strings{});
  std::string spread = replaced(good, "\"pack\":null,\n", "");
  spread = replaced(spread, "{\"frozen\":1", "{ \"pack\" : null ,\r\n\t\"frozen\" : 1");
  const auto read = rollup::Frozen::parse(spread);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->to_json(), good);
}

TEST(Frozen, EveryChangedByteIsSeen) {
  const std::string good = document();
  const Strings tampered = {"404 /digest"};
  EXPECT_EQ(faults_in(replaced(good, "true,1,1,100.0]", "true,2,1,100.0]")), tampered);
  EXPECT_EQ(faults_in(replaced(good, "true,1,1,100.0]", "true,1,1,99.0]")), tampered);
  EXPECT_EQ(faults_in(replaced(good, "\"female\",true", "\"male\",true")), tampered);
  EXPECT_EQ(faults_in(replaced(good, "\"female\",true", "null,true")), tampered);
  EXPECT_EQ(faults_in(replaced(good, "2020-06-30", "2020-06-29")), tampered);
  EXPECT_EQ(faults_in(replaced(good, "\"commit\":1", "\"commit\":2")), tampered);
  EXPECT_EQ(faults_in(replaced(good, "\"time\":0", "\"time\":-1")), tampered);
  EXPECT_EQ(faults_in(replaced(good, "\"data\":null", "\"data\":\"synthetic\"")), tampered);
  EXPECT_EQ(faults_in(replaced(good, "\"notes\":[]", "\"notes\":[{\"vi\":\"a\",\"en\":\"b\"}]")),
            tampered);
  EXPECT_EQ(faults_in(replaced(good, "\"pack\":null", "\"pack\":\"" + std::string(64, 'a') + "\"")),
            tampered);
  // Changed anywhere, it is refused.
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bent = good;
    bent[at] = bent[at] == '7' ? '8' : '7';
    EXPECT_FALSE(rollup::Frozen::parse(bent).ok()) << at;
  }
}

TEST(Frozen, MistakesOfTheFormAreNamed) {
  const std::string good = document();
  EXPECT_EQ(faults_in(""), (Strings{"400 "}));
  EXPECT_EQ(faults_in("[]"), (Strings{"400 "}));
  EXPECT_EQ(faults_in("{}"), (Strings{"400 /frozen"}));
  EXPECT_EQ(faults_in(replaced(good, "\"frozen\":1", "\"frozen\":2")), (Strings{"400 /frozen"}));
  EXPECT_EQ(faults_in(replaced(good, "\"frozen\":1", "\"frozen\":\"1\"")),
            (Strings{"400 /frozen"}));
  const auto newer = rollup::Frozen::parse(replaced(good, "\"frozen\":1", "\"frozen\":2"));
  EXPECT_NE(base::problems_of(newer.status()).kept()[0].reason.en.find("newer"), std::string::npos);
  EXPECT_EQ(faults_in(replaced(good, "\"pack\":null,\n", "")), (Strings{"400 /pack"}));
  EXPECT_EQ(faults_in(replaced(good, "\"pack\":null", "\"pack\":null,\"note\":1")),
            (Strings{"400 /note"}));
  EXPECT_EQ(faults_in(replaced(good, "\"pack\":null", "\"pack\":null,\"pack\":null")),
            (Strings{"400 /pack"}));
  EXPECT_EQ(faults_in(replaced(good, "\"pack\":null", "\"pack\":\"ABC\"")), (Strings{"400 /pack"}));
  EXPECT_EQ(faults_in(replaced(good, "\"of\":\"members\"", "\"off\":\"members\"")),
            (Strings{"400 /query/of", "400 /query/off"}));
  EXPECT_EQ(faults_in(replaced(good, "\"on\":\"2020-06-30\",", "")), (Strings{"400 /query/on"}));
  EXPECT_EQ(faults_in(replaced(good, "\"on\":", "\"known_at\":1,\"on\":")),
            (Strings{"400 /query/known_at"}));
  EXPECT_EQ(faults_in(replaced(good, "\"commit\":1", "\"commit\":4294967296")),
            (Strings{"400 /known_at/commit"}));
  EXPECT_EQ(faults_in(replaced(good, "\"commit\":1", "\"commit\":0")),
            (Strings{"400 /known_at/time"}));
  EXPECT_EQ(faults_in(replaced(good, "\"time\":0", "\"time\":null")),
            (Strings{"400 /known_at/time"}));
  EXPECT_EQ(faults_in(replaced(good, "\"time\":0", "\"time\":9223372036854775808")),
            (Strings{"400 /known_at/time"}));
  EXPECT_EQ(faults_in(replaced(good, "\"time\":0,", "")), (Strings{"400 /known_at/time"}));
  EXPECT_EQ(faults_in(replaced(good, "\"data\":null", "\"data\":\"real\"")),
            (Strings{"400 /data"}));
  EXPECT_EQ(faults_in(replaced(good, "\"notes\":[]", "\"notes\":[1]")), (Strings{"400 /notes/0"}));
}

TEST(Frozen, ColumnsAndRowsAreThoseOfTheQuery) {
  const std::string good = document();
  EXPECT_EQ(faults_in(replaced(good, "\"unit_id\",\"type\":\"text\"",
                               "\"unit_id\",\"type\":\"integer\"")),
            (Strings{"400 /columns/0"}));
  EXPECT_EQ(faults_in(replaced(good, "\"name\":\"count\"", "\"name\":\"sum\"")),
            (Strings{"400 /columns/4"}));
  EXPECT_EQ(faults_in(replaced(good, "{\"name\":\"unit_id\",\"type\":\"text\"},", "")),
            (Strings{"400 /columns"}));
  EXPECT_EQ(faults_in(replaced(good, "true,1,1,", "true,null,1,")), (Strings{"400 /rows/0/4"}));
  EXPECT_EQ(faults_in(replaced(good, "true,1,1,", "true,1.5,1,")), (Strings{"400 /rows/0/4"}));
  EXPECT_EQ(faults_in(replaced(good, "true,1,1,", "1,1,1,")), (Strings{"400 /rows/0/3"}));
  EXPECT_EQ(faults_in(replaced(good, "true,1,1,", "true,1,")), (Strings{"400 /rows/0"}));
  EXPECT_EQ(faults_in(replaced(good, "[\"K\"", "[7")), (Strings{"400 /rows/0/0"}));
}

TEST(Frozen, HostileSizesAreRefusedBeforeTheyCost) {
  EXPECT_EQ(faults_in(std::string((std::size_t{32} << 20) + 1, ' ')), (Strings{"400 "}));
  std::string deep = "{\"frozen\":1,\"query\":";
  EXPECT_EQ(faults_in(deep + std::string(100'000, '[')), (Strings{"400 "}));
  EXPECT_EQ(faults_in(replaced(document(), "K", "\xC3")), (Strings{"400 "}));
}

}  // namespace

}  // namespace dangbo::test
