#include "dangbo/party/schemas.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dangbo/base/text.hpp"
#include "dangbo/party/vocabulary.hpp"

namespace dangbo {
namespace {

using party::SchemaPtr;
using table::Field;
using table::Role;
using table::TableKind;
using table::Type;

struct Expected {
  std::string table;
  TableKind kind;
  std::string columns;  // in order, '*' marks required ones
};

// The tables as agreed, column by column.
const std::vector<Expected>& expected_tables() {
  static const std::vector<Expected> tables = {
      {"units", TableKind::kState,
       "unit_id* from until parent_id name short_name class kind* sector form_type epoch flags "
       "admin_code admin_version decision_id marking from_after until_after"},
      {"unit_events", TableKind::kEvent, "event_id* date* event* from_unit to_unit decision_id"},
      {"members", TableKind::kState,
       "member_id* full_name birth_name other_names sex birth_date birth_source ethnicity "
       "ethnicity_scheme religion youth_union citizen_id card_no card_no_old dossier_no birthplace "
       "origin residence decision_date joined_date full_date education degree theory languages "
       "occupation status status_date from until from_after until_after"},
      {"memberships", TableKind::kState,
       "member_id* unit_id* kind* from until in_reason out_reason decision_id issued_on "
       "presented_on from_after until_after"},
      {"posts", TableKind::kState,
       "member_id* unit_id* body post* from until basis approved_on decision_id external_title "
       "from_after until_after"},
      {"decisions", TableKind::kEvent,
       "decision_id* kind* issuer_unit subject_unit subject_member date* received_on announced_on "
       "effective_from effective_until votes_for votes_base document_id scope"},
      {"absences", TableKind::kState, "member_id* from* until reason*"},
      {"documents", TableKind::kEvent,
       "document_id* number type issuer term_no date title marking amends replaces"},
      {"evaluations", TableKind::kPeriod,
       "subject_type* subject_id* period* regime* grade not_graded_reason score votes_for "
       "votes_base self_reviewed_on concluded_on conclusion_document graded_by graded_on"},
      {"meetings", TableKind::kPeriod,
       "unit_id* month* kind* form channel planned_on notified_on held_on duration_min "
       "minutes_document base_n present_n excused_n superior_unit superior_n resolution_document "
       "papers_sent_on papers_returned_n archived_on records_checked_on score scale "
       "reason_not_held marking"},
      {"checklist", TableKind::kPeriod, "programme* unit_id* month* item* state"},
      {"registrations", TableKind::kEvent,
       "programme* unit_id* audience* due_on registered_n published_n reported_n"},
      {"headcounts", TableKind::kEvent, "unit_id* day* category* n*"},
      // the structure counts, named one by one, stand after candidates_n
      {"congresses", TableKind::kPeriod,
       "unit_id* term* form due_on planned_on held_on full_n summoned_n present_n seats "
       "candidates_n elected_n women_n young_n minority_n science_n re_elected_n approval_document "
       "postponed_document"},
      // year or term: neither alone can be demanded
      {"plans", TableKind::kPeriod, "unit_id* year term item* target* document_id"},
      {"contacts", TableKind::kState,
       "member_id* residence_unit* from until half_year attended_n form_returned_on "
       "exempt_reason"},
      {"recognitions", TableKind::kPeriod, "subject_type* subject_id* honour* year* decision_id"},
      {"dues", TableKind::kPeriod, "member_id* month* basis base_amount due paid_on paid"},
      {"training", TableKind::kEvent,
       "event_id* kind* unit_id* date* participants_n members_n posts essays_n"},
      {"baselines", TableKind::kEvent, "day*"},
      {"quarantine", TableKind::kEvent,
       "source* row* number* table_name* column_name code* value reason_vi* reason_en* content "
       "day"},
      {"cross_references", TableKind::kState, "scheme* key* subject_type* subject_id* from until"},
  };
  return tables;
}

// All headers that lead to a field.
std::vector<std::string> headers_of(const Field& field) {
  std::vector<std::string> headers = {field.name};
  headers.insert(headers.end(), field.aliases.begin(), field.aliases.end());
  headers.insert(headers.end(), field.inclusive_aliases.begin(), field.inclusive_aliases.end());
  return headers;
}

// The field a header leads to; "until" with '=' when the header gives the last day.
std::string field_for(std::string_view table, std::string_view header) {
  const SchemaPtr schema = party::find_schema(table);
  const std::string folded = base::fold(header);
  for (const Field& field : schema->fields()) {
    for (const std::string& alias : field.inclusive_aliases) {
      if (base::fold(alias) == folded) return field.name + "=";
    }
    for (const std::string& word : headers_of(field)) {
      if (base::fold(word) == folded) return field.name;
    }
  }
  return {};
}

TEST(Schemas, TablesColumnsAndRequiredMarksAreAsAgreed) {
  const auto schemas = party::standard_schemas();
  ASSERT_EQ(schemas.size(), expected_tables().size());
  for (std::size_t i = 0; i < schemas.size(); ++i) {
    const Expected& expected = expected_tables()[i];
    std::string columns;
    for (const Field& field : schemas[i]->fields()) {
      if (!columns.empty()) columns += ' ';
      columns += field.name + (field.required ? "*" : "");
    }
    EXPECT_EQ(schemas[i]->name(), expected.table);
    EXPECT_EQ(schemas[i]->kind(), expected.kind) << expected.table;
    EXPECT_EQ(columns, expected.columns) << expected.table;
  }
}

TEST(Schemas, HeadersOfATableAreUniqueAfterFolding) {
  for (const SchemaPtr& schema : party::standard_schemas()) {
    std::map<std::string, std::string> owner;
    for (const Field& field : schema->fields()) {
      std::set<std::string> inclusive;
      for (const std::string& alias : field.inclusive_aliases) inclusive.insert(base::fold(alias));
      for (const std::string& alias : field.aliases) {
        EXPECT_FALSE(inclusive.contains(base::fold(alias))) << schema->name() << ": " << alias;
      }
      for (const std::string& header : headers_of(field)) {
        const std::string folded = base::fold(header);
        EXPECT_FALSE(folded.empty()) << schema->name() << ": " << header;
        const auto [at, added] = owner.emplace(folded, field.name);
        EXPECT_EQ(at->second, field.name) << schema->name() << ": " << header;
      }
    }
  }
}

TEST(Schemas, TitlesAreHeadersInBothLanguages) {
  for (const SchemaPtr& schema : party::standard_schemas()) {
    EXPECT_FALSE(schema->title().vi.empty()) << schema->name();
    EXPECT_FALSE(schema->title().en.empty()) << schema->name();
    EXPECT_EQ(party::find_schema(schema->title().vi), schema);
    EXPECT_EQ(party::find_schema(schema->title().en), schema);
    for (const Field& field : schema->fields()) {
      const std::string where = schema->name() + "." + field.name;
      ASSERT_FALSE(field.title.vi.empty()) << where;
      ASSERT_FALSE(field.title.en.empty()) << where;
      EXPECT_EQ(field_for(schema->name(), field.title.vi), field.name) << where;
      EXPECT_EQ(field_for(schema->name(), field.title.en), field.name) << where;
    }
  }
}

TEST(Schemas, TableNamesAndAliasesAreUnique) {
  std::map<std::string, std::string> owner;
  for (const SchemaPtr& schema : party::standard_schemas()) {
    std::vector<std::string> names = schema->aliases();
    names.push_back(schema->name());
    for (const std::string& name : names) {
      const auto [at, added] = owner.emplace(base::fold(name), schema->name());
      EXPECT_EQ(at->second, schema->name()) << name;
      EXPECT_EQ(party::find_schema(name), schema) << name;
    }
  }
  EXPECT_EQ(party::find_schema("no such table"), nullptr);
  EXPECT_EQ(party::find_schema(""), nullptr);
}

// What the registry demands of any table, and what roles mean by name.
TEST(Schemas, RolesFitTypesAndKinds) {
  const std::map<std::string, Role> by_name = {{"unit_id", Role::kUnit},
                                               {"parent_id", Role::kParent},
                                               {"residence_unit", Role::kUnit},
                                               {"superior_unit", Role::kUnit},
                                               {"issuer_unit", Role::kUnit},
                                               {"subject_unit", Role::kUnit},
                                               {"from_unit", Role::kUnit},
                                               {"to_unit", Role::kUnit},
                                               {"member_id", Role::kMember},
                                               {"subject_member", Role::kMember},
                                               {"subject_id", Role::kSubject},
                                               {"from", Role::kFrom},
                                               {"until", Role::kUntil},
                                               {"month", Role::kPeriod},
                                               {"period", Role::kPeriod},
                                               {"year", Role::kPeriod},
                                               {"day", Role::kDay},
                                               {"date", Role::kDay},
                                               {"due_on", Role::kDay},
                                               {"term", Role::kPeriod},
                                               {"decision_id", Role::kDecision}};
  for (const SchemaPtr& schema : party::standard_schemas()) {
    std::map<Role, int> count;
    for (const Field& field : schema->fields()) {
      const std::string where = schema->name() + "." + field.name;
      ++count[field.role];
      const auto named = by_name.find(field.name);
      const bool own_key = where == "decisions.decision_id";  // the key itself, not a reference
      const bool second = where == "plans.term" || where == "congresses.due_on";  // one role each
      const Role expected =
          named == by_name.end() || own_key || second ? Role::kNone : named->second;
      EXPECT_EQ(field.role, expected) << where;
      EXPECT_NE(field.type, Type::kReal) << where;
      EXPECT_TRUE(field.type == Type::kCode || field.codes == nullptr) << where;
      EXPECT_TRUE(field.role == Role::kUntil || field.inclusive_aliases.empty()) << where;
      const bool date =
          field.role == Role::kFrom || field.role == Role::kUntil || field.role == Role::kDay;
      if (field.role != Role::kNone) {
        EXPECT_EQ(field.type, date ? Type::kDate : Type::kText) << where;
      }
    }
    for (const auto& [role, times] : count) {
      if (role != Role::kNone && role != Role::kUnit && role != Role::kDecision) {
        EXPECT_EQ(times, 1) << schema->name();
      }
    }
    EXPECT_EQ(schema->kind() == TableKind::kState, count.contains(Role::kFrom)) << schema->name();
    EXPECT_EQ(schema->kind() == TableKind::kState, count.contains(Role::kUntil)) << schema->name();
    EXPECT_EQ(schema->kind() == TableKind::kEvent, count.contains(Role::kDay)) << schema->name();
    EXPECT_EQ(schema->kind() == TableKind::kPeriod, count.contains(Role::kPeriod))
        << schema->name();
  }
}

TEST(Schemas, NaturalKeysAreAsAgreed) {
  const std::map<std::string, std::string> keys = {
      {"units", "unit_id"},
      {"unit_events", "event_id from_unit to_unit"},
      {"members", "member_id"},
      {"memberships", "member_id unit_id kind"},
      {"posts", "member_id unit_id body post external_title"},
      {"decisions", "decision_id"},
      {"absences", "member_id reason"},
      {"documents", "document_id"},
      {"evaluations", "subject_type subject_id period regime"},
      {"meetings", ""},
      {"checklist", "programme unit_id month item"},
      {"registrations", "programme unit_id audience due_on"},
      {"headcounts", "unit_id day category"},
      {"congresses", "unit_id term"},
      {"plans", "unit_id year term item"},
      {"contacts", "member_id residence_unit half_year"},
      {"recognitions", "subject_type subject_id honour year"},
      {"dues", "member_id month basis"},
      {"training", "event_id unit_id"},
      {"baselines", "day"},
      {"quarantine", "source row number"},
      {"cross_references", "scheme key"}};
  for (const SchemaPtr& schema : party::standard_schemas()) {
    std::string key;
    for (const std::size_t index : schema->natural_key()) {
      key += (key.empty() ? "" : " ") + schema->fields()[index].name;
    }
    ASSERT_TRUE(keys.contains(schema->name())) << schema->name();
    EXPECT_EQ(key, keys.at(schema->name())) << schema->name();
  }
}

TEST(Schemas, PeoplesHeadersAreRead) {
  EXPECT_EQ(field_for("units", "Mã tổ chức"), "unit_id");
  EXPECT_EQ(field_for("units", "mã cấp trên"), "parent_id");
  EXPECT_EQ(field_for("units", "TRỰC THUỘC"), "parent_id");
  EXPECT_EQ(field_for("units", "loại"), "kind");
  EXPECT_EQ(field_for("units", "loại hình"), "sector");
  EXPECT_EQ(field_for("units", "cấp"), "class");
  EXPECT_EQ(field_for("members", "Nam/nữ"), "sex");
  EXPECT_EQ(field_for("members", "sinh ngày"), "birth_date");
  EXPECT_EQ(field_for("members", "năm sinh"), "birth_date");
  EXPECT_EQ(field_for("members", "Số thẻ Đảng"), "card_no");
  EXPECT_EQ(field_for("members", "Ngày vào Đảng"), "joined_date");
  EXPECT_EQ(field_for("members", "Ngày chính thức"), "full_date");
  EXPECT_EQ(field_for("members", "Quê quán / Chi tiết"), "origin");
  EXPECT_EQ(field_for("members", "Ngày rời/mất/miễn SH"), "status_date");
  EXPECT_EQ(field_for("evaluations", "mức xếp loại"), "grade");
  EXPECT_EQ(field_for("meetings", "Hình thức sinh hoạt"), "form");
  for (const std::string table :
       {"units", "members", "memberships", "posts", "absences", "contacts"}) {
    EXPECT_EQ(field_for(table, "từ ngày"), "from") << table;
    EXPECT_EQ(field_for(table, "đến ngày"), "until=") << table;  // the last day, still counted
    EXPECT_EQ(field_for(table, "hết ngày"), "until=") << table;
    EXPECT_EQ(field_for(table, "ngày kết thúc"), "until") << table;  // the first day not counted
    EXPECT_EQ(field_for(table, "until"), "until") << table;
  }
}

TEST(Schemas, SensitiveFieldsAreThoseOfEthnicityAndReligion) {
  std::set<std::string> sensitive;
  for (const SchemaPtr& schema : party::standard_schemas()) {
    for (const Field& field : schema->fields()) {
      if (field.sensitive) sensitive.insert(schema->name() + "." + field.name);
    }
  }
  EXPECT_EQ(sensitive, (std::set<std::string>{"members.ethnicity", "members.religion",
                                              "congresses.minority_n"}));
}

TEST(Schemas, ClosedVocabulariesAreSharedAndStandard) {
  const auto all = party::standard_vocabularies();
  for (const SchemaPtr& schema : party::standard_schemas()) {
    for (const Field& field : schema->fields()) {
      if (field.codes == nullptr) continue;
      bool standard = false;
      for (const party::CodeSetPtr& set : all) standard = standard || set == field.codes;
      EXPECT_TRUE(standard) << schema->name() << "." << field.name;
    }
  }
  EXPECT_EQ(party::find_schema("units")->fields()[8].codes, party::sectors());
  for (const char* growing :
       {"ethnicity", "religion", "education", "degree", "theory", "occupation"}) {
    const SchemaPtr members = party::find_schema("members");
    const Field& field = members->fields()[members->find(growing).value()];
    EXPECT_EQ(field.type, Type::kCode) << growing;
    EXPECT_EQ(field.codes, nullptr) << growing;
  }
}

// Folded phrases; a header that holds one of them as whole words would collect what this library
// must not hold.
std::string forbidden_phrase_in(std::string_view text) {
  const std::string folded = " " + base::fold(text) + " ";
  for (const std::string_view phrase : {"y kien",
                                        "quan diem",
                                        "tu tuong",
                                        "thai do",
                                        "phat bieu",
                                        "noi dung phat bieu",
                                        "opinion",
                                        "opinions",
                                        "speech",
                                        "ban tu kiem diem",
                                        "noi dung kiem diem",
                                        "nhan xet",
                                        "self criticism",
                                        "comment",
                                        "comments",
                                        "tai san",
                                        "ke khai",
                                        "assets",
                                        "income declaration",
                                        "than nhan",
                                        "gia dinh",
                                        "vo chong",
                                        "bo me",
                                        "cha me",
                                        "anh chi em",
                                        "relatives",
                                        "spouse",
                                        "children",
                                        "thanh phan gia dinh",
                                        "thanh phan xuat than",
                                        "xuat than",
                                        "thanh phan giai cap",
                                        "class origin",
                                        "class background",
                                        "phieu cua",
                                        "nguoi bo phieu",
                                        "vote of",
                                        "voter",
                                        "bien che",
                                        "hop dong lao dong",
                                        "labour contract"}) {
    if (folded.find(" " + std::string(phrase) + " ") != std::string::npos)
      return std::string(phrase);
  }
  return {};
}

TEST(Schemas, NothingCollectsWhatIsOutOfScope) {
  EXPECT_EQ(forbidden_phrase_in("Ý kiến của đảng viên"), "y kien");
  EXPECT_EQ(forbidden_phrase_in("class_origin"), "class origin");
  for (const SchemaPtr& schema : party::standard_schemas()) {
    std::vector<std::string> words = schema->aliases();
    words.insert(words.end(), {schema->name(), schema->title().vi, schema->title().en});
    for (const Field& field : schema->fields()) {
      const std::vector<std::string> headers = headers_of(field);
      words.insert(words.end(), headers.begin(), headers.end());
    }
    for (const std::string& word : words) {
      EXPECT_EQ(forbidden_phrase_in(word), "") << schema->name() << ": " << word;
    }
  }
  for (const party::CodeSetPtr& set : party::standard_vocabularies()) {
    for (const table::Code& code : set->codes()) {
      std::vector<std::string> words = code.aliases;
      words.insert(words.end(), {code.id, code.csv, code.name.vi, code.name.en});
      for (const std::string& word : words) {
        EXPECT_EQ(forbidden_phrase_in(word), "") << set->name() << ": " << word;
      }
    }
  }
  for (const char* table : {"checklist", "registrations"}) {
    EXPECT_FALSE(party::find_schema(table)->find(Role::kMember)) << table;
  }
}

}  // namespace
}  // namespace dangbo
