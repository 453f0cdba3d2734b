#include "dangbo/table/schema.hpp"

#include <gtest/gtest.h>

#include "table/sample.hpp"

namespace dangbo::table {
namespace {

TEST(CodeSet, FindsByEverySpelling) {
  const auto kinds = sample::unit_kinds();
  for (const char* word :
       {"cell", "CELL", "cb", " CB ", "Chi bộ", "chi bo", "chi-bộ", "Chi bộ trực thuộc"}) {
    EXPECT_EQ(kinds->find(word), 1U) << word;
  }
  EXPECT_EQ(kinds->find("grassroots_cell"), 2U);
  EXPECT_EQ(kinds->find("Chi bộ cơ sở"), 2U);
  EXPECT_EQ(kinds->find("đảng bộ cơ sở"), 0U);
  for (const char* word : {"", " ", "-", "chi", "chi bộ cơ", "cellar"}) {
    EXPECT_EQ(kinds->find(word), std::nullopt) << word;
  }
}

TEST(CodeSet, IdentifiersWinOverNames) {
  // Both grades are called "tốt" by people; the code of the second is that very word.
  const CodeSet set("grade", {{"completed_well", "HTT", {"tốt", "good"}, {}},
                              {"score_good", "TOT", {"tốt", "good score"}, {}}});
  EXPECT_EQ(set.find("tốt"), 1U);
  EXPECT_EQ(set.find("good"), 0U);
  EXPECT_EQ(set.find("HTT"), 0U);
}

TEST(CodeSet, EmptySetFindsNothing) {
  EXPECT_EQ(CodeSet("none", {}).find("x"), std::nullopt);
}

TEST(Schema, FindsFieldsByNameAndRole) {
  const Schema schema("memberships", TableKind::kState,
                      {sample::field("member_id", Type::kText, Role::kMember, true),
                       sample::field("unit_id", Type::kText, Role::kUnit, true),
                       sample::field("issuer_id", Type::kText, Role::kUnit),
                       sample::field("from", Type::kDate, Role::kFrom)},
                      {"member_id", "from"}, {"nơi sinh hoạt", "memberships"}, {"sinh hoạt"});
  EXPECT_EQ(schema.find("issuer_id"), 2U);
  EXPECT_EQ(schema.find("Issuer_id"), std::nullopt);
  EXPECT_EQ(schema.find(Role::kUnit), 1U);
  EXPECT_EQ(schema.find(Role::kUntil), std::nullopt);
  EXPECT_EQ(schema.natural_key(), (std::vector<std::size_t>{0, 3}));
  EXPECT_EQ(schema.title().vi, "nơi sinh hoạt");
  EXPECT_EQ(schema.aliases().size(), 1U);
  EXPECT_EQ(schema.kind(), TableKind::kState);
}

TEST(Schema, TypesHaveNames) {
  EXPECT_EQ(name_of(Type::kText), "text");
  EXPECT_EQ(name_of(Type::kCode), "code");
  EXPECT_EQ(name_of(Type::kDate), "date");
  EXPECT_EQ(name_of(Type::kInt), "int");
  EXPECT_EQ(name_of(Type::kBool), "bool");
  EXPECT_EQ(name_of(Type::kReal), "real");
  EXPECT_EQ(name_of(Role::kNone), "");
  EXPECT_EQ(name_of(Role::kUntil), "until");
}

}  // namespace
}  // namespace dangbo::table
