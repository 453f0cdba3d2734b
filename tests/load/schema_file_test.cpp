#include <random>
#include <string>
#include <vector>

#include "load/load_support.hpp"

namespace dangbo::load {
namespace {

using base::ProblemCode;
using table::Role;
using table::TableKind;
using table::Type;
using testing::holds;
using testing::lines;
using testing::LoadTest;
using Words = std::vector<std::string>;

class SchemaFileTest : public LoadTest {
 protected:
  std::vector<std::shared_ptr<const table::Schema>> parse(std::string_view text) {
    problems_ = {};
    return read_schema_file(write("schema.yaml", text), problems_).tables;
  }

  // The first problem of a file in which nothing may be accepted.
  base::Problem refused(std::string_view text) {
    EXPECT_TRUE(parse(text).empty()) << text;
    EXPECT_FALSE(problems_.empty()) << text;
    return problems_.empty() ? base::Problem{} : problems_.kept()[0];
  }

  // A table of one sound field and the given lines below `fields:`.
  static std::string with_field(const std::string& field) {
    return "tables:\n- name: t\n  kind: state\n  fields:\n  - {name: a, type: text}\n  - " + field +
           "\n";
  }

  base::ProblemList problems_;
};

constexpr std::string_view kWhole = R"(
tables:
  - name: inspections
    kind: event
    title: {vi: "kiểm tra", en: inspections}
    aliases: [kiểm tra, giám sát]
    key: [inspection_no]
    fields:
      - name: inspection_no
        type: text
        required: true
      - name: unit_id
        type: text
        role: unit
        title: {vi: mã đơn vị, en: unit id}
        aliases: ["mã chi bộ", 'Mã Đơn vị']
      - {name: held_on, type: date, role: day, required: true}
      - name: result
        type: code
        codes:
          - {id: good, csv: TOT, title: {vi: tốt, en: good}, aliases: [khá tốt]}
          - poor
      - {name: remarks, type: int, sensitive: true}
      - {name: done, type: bool, required: false}
  - name: pairs
    kind: state
    fields:
      - {name: subject_type, type: code, codes: [unit, member]}
      - {name: subject_id, type: text, role: subject}
      - {name: from, type: date, role: from}
      - {name: until, type: date, role: until, inclusive_aliases: [đến ngày]}
      - {name: free, type: code}
)";

TEST_F(SchemaFileTest, WholeFormat) {
  const auto schemas = parse(kWhole);
  ASSERT_TRUE(problems_.empty()) << lines(problems_);
  ASSERT_EQ(schemas.size(), 2U);
  const table::Schema& one = *schemas[0];
  EXPECT_EQ(one.name(), "inspections");
  EXPECT_EQ(one.kind(), TableKind::kEvent);
  EXPECT_EQ(one.title(), (base::Message{"kiểm tra", "inspections"}));
  EXPECT_EQ(one.aliases(), (Words{"kiểm tra", "giám sát", "kiểm tra", "inspections"}));
  EXPECT_EQ(one.natural_key(), std::vector<std::size_t>{0});
  ASSERT_EQ(one.fields().size(), 6U);
  EXPECT_TRUE(one.fields()[0].required);
  EXPECT_EQ(one.fields()[1].role, Role::kUnit);
  EXPECT_EQ(one.fields()[1].aliases, (Words{"mã chi bộ", "Mã Đơn vị"}));
  EXPECT_EQ(one.fields()[2].role, Role::kDay);
  EXPECT_EQ(one.fields()[3].codes->find("khá tốt"), 0U);
  EXPECT_EQ(one.fields()[3].codes->find("POOR"), 1U);
  EXPECT_EQ(one.fields()[4].type, Type::kInt);
  EXPECT_TRUE(one.fields()[4].sensitive);
  EXPECT_EQ(one.fields()[5].type, Type::kBool);
  EXPECT_FALSE(one.fields()[5].required);
  EXPECT_EQ(schemas[1]->fields()[3].inclusive_aliases, Words{"đến ngày"});
  EXPECT_EQ(schemas[1]->fields()[4].codes, nullptr);
  for (const auto& schema : schemas) EXPECT_TRUE(registry_->declare(schema).ok());
}

TEST_F(SchemaFileTest, UnknownKeysHaveLineColumnAndSuggestion) {
  const auto problem = refused("tables:\n- name: t\n  kind: state\n  feilds: []\n  fields: []\n");
  EXPECT_EQ(problem.code, ProblemCode::kBadSchemaFile);
  EXPECT_TRUE(holds(problem.place.file, "schema.yaml"));
  EXPECT_EQ(problem.place.row, 4U);
  EXPECT_EQ(problem.place.column, "3");
  EXPECT_EQ(problem.value, "feilds");
  EXPECT_TRUE(holds(problem.fix.en, "did you mean “fields”")) << problem.fix.en;
  EXPECT_EQ(refused("table: []\n").place.row, 1U);
  EXPECT_EQ(refused(with_field("{name: b, type: text, rolle: unit}")).value, "rolle");
}

TEST_F(SchemaFileTest, EveryProblemIsListedAndGoodTablesStay) {
  const auto schemas = parse(
      "tables:\n- {name: Bad, kind: states, fields: []}\n"
      "- name: good\n  kind: state\n  fields: [{name: a, type: text}]\n"
      "- {name: other, kind: state, fields: [{name: a, type: txt}, {name: b}]}\n");
  ASSERT_EQ(schemas.size(), 1U);
  EXPECT_EQ(schemas[0]->name(), "good");
  EXPECT_EQ(problems_.total(), 4U) << lines(problems_);
}

TEST_F(SchemaFileTest, WhatIsRefused) {
  const std::vector<std::string> fields = {
      "{name: extra, type: text}",
      "{name: B, type: text}",
      "{name: mã, type: text}",
      "{name: b, type: real}",
      "{name: b, type: text, required: yes}",
      "{name: b, type: text, role: parent}",
      "{name: b, type: int, role: unit}",
      "{name: b, type: text, role: from}",
      "{name: b, type: text, role: subject}",
      "{name: b, type: text, codes: [x]}",
      "{name: b, type: code, codes: []}",
      "{name: b, type: code, codes: [x, X]}",
      "{name: b, type: code, codes: [x, {id: y, aliases: [x]}]}",
      "{name: b, type: code, codes: [{csv: y}]}",
      "{name: b, type: text, aliases: [A]}",
      "{name: b, type: text, aliases: x}",
      "{name: b, type: text, aliases: [\" . \"]}",
      "{name: b, type: text, title: {vi: x}}",
      "{name: b, type: date, role: from, inclusive_aliases: [x]}",
      "{name: a, type: text}",
      "{type: text}",
      "b",
      "[b]",
      "{name: b, name: c, type: text}",
      "{name: b, type: !!str text}",
  };
  for (const std::string& field : fields) {
    EXPECT_EQ(refused(with_field(field)).place.row, 6U) << field << "\n" << lines(problems_);
  }
  EXPECT_TRUE(parse(with_field("{name: b, type: text}")).size() == 1U) << lines(problems_);
  for (const std::string_view text :
       {"", "# none\n", "tables: 1\n", "tables: {}\n", "[]\n", "tables: [\n", "tables: [1]\n",
        "tables: []\n---\ntables: []\n", "\ttables: []\n",
        "tables: [{name: t, kind: event, fields: [{name: a, type: text}]}]",
        "tables: [{name: t, kind: period, fields: [{name: a, type: text}]}]",
        "tables: [{name: t, kind: state, key: [b], fields: [{name: a, type: text}]}]",
        "tables: [{name: t, kind: state, key: [a, a], fields: [{name: a, type: text}]}]",
        "tables: [{name: t, kind: state, fields: []}]"}) {
    EXPECT_EQ(refused(text).code, ProblemCode::kBadSchemaFile) << text;
  }
  parse(
      "tables:\n- {name: t, kind: state, fields: [{name: a, type: text}]}\n"
      "- {name: u, aliases: [T], kind: state, fields: [{name: a, type: text}]}\n");
  EXPECT_EQ(problems_.total(), 1U);
}

TEST_F(SchemaFileTest, RolesThatStandOnce) {
  const std::string two =
      "{name: b, type: date, role: from}\n  - {name: c, type: date, role: from}";
  EXPECT_EQ(refused(with_field(two)).place.row, 7U);
  const std::string units =
      "{name: b, type: text, role: unit}\n  - {name: c, type: text, role: unit}";
  EXPECT_EQ(parse(with_field(units)).size(), 1U) << lines(problems_);
}

TEST_F(SchemaFileTest, AnchorsAndBombsAreRefused) {
  EXPECT_TRUE(holds(refused("tables: &a [*a]\n").reason.en, "anchors"));
  std::string bomb = "a0: &a0 [x, x]\n";
  for (int level = 1; level < 60; ++level) {
    const std::string before = "*a" + std::to_string(level - 1);
    bomb += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [" + before + ", " +
            before + "]\n";
  }
  EXPECT_TRUE(holds(refused(bomb).reason.en, "anchors"));
  EXPECT_TRUE(holds(refused("tables:\n- &x {name: t}\n- <<: *x\n").reason.en, "anchors"));
}

TEST_F(SchemaFileTest, DeepWideAndLargeFilesAreRefused) {
  refused("tables: " + std::string(100'000, '['));
  refused("tables: " + std::string(20, '[') + std::string(20, ']'));
  std::string deep;
  for (int level = 0; level < 600; ++level)
    deep += std::string(static_cast<std::size_t>(level), ' ') + "- a:\n";
  refused(deep);
  std::string wide;
  for (int key = 0; key < 100; ++key) wide += "k" + std::to_string(key) + ": 1\n";
  EXPECT_TRUE(holds(refused(wide).reason.en, "too many keys"));
  EXPECT_TRUE(holds(refused(std::string(1'000'001, '#')).reason.en, "1,000,000"));
}

TEST_F(SchemaFileTest, SaysThatDataIsSynthetic) {
  const auto is_synthetic = [&](std::string_view text) {
    return read_schema_file(write("schema.yaml", text), problems_).synthetic;
  };
  EXPECT_TRUE(is_synthetic("synthetic: true\n"));
  EXPECT_FALSE(is_synthetic("synthetic: false\n"));
  EXPECT_FALSE(is_synthetic(kWhole));
  EXPECT_TRUE(is_synthetic("synthetic: true" + std::string(kWhole)));
  EXPECT_TRUE(problems_.empty());
  EXPECT_FALSE(is_synthetic("synthetic: maybe\n"));
  EXPECT_EQ(problems_.total(), 1U);
}

TEST_F(SchemaFileTest, UnreadableAndNotUtf8) {
  read_schema_file((folder_ / "none.yaml").string(), problems_);
  ASSERT_EQ(problems_.total(), 1U);
  EXPECT_EQ(problems_.kept()[0].code, ProblemCode::kFileUnreadable);
  const auto problem = refused("tables:\n- name: \xFF\n");
  EXPECT_EQ(problem.code, ProblemCode::kBadUtf8);
  EXPECT_EQ(problem.place.row, 2U);
}

TEST_F(SchemaFileTest, HostileTextNeverCrashes) {
  constexpr std::string_view kLikely = "[]{}:,-&*!|>'\"#%@?\n\n  \ttablesnamekind";
  std::size_t refusals = 0;
  for (std::uint64_t seed = 0; seed < 3'000; ++seed) {
    std::mt19937_64 random(seed);
    std::string text(kWhole);
    if (random() % 2 == 0) {
      text.clear();
      for (std::size_t left = random() % 80; left > 0; --left) {
        text += kLikely[random() % kLikely.size()];
      }
    }
    for (std::size_t left = random() % 4; left > 0 && !text.empty(); --left) {
      text[random() % text.size()] = kLikely[random() % kLikely.size()];
    }
    parse(text);
    refusals += problems_.empty() ? 0U : 1U;
  }
  EXPECT_GT(refusals, 1'500U);
}

}  // namespace
}  // namespace dangbo::load
