/* Packs: read, checked, explained, followed; refused with what is wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "support.h"

static const char kPack[] =
    "format: dangbo.pack/1\n"
    "id: vn.thu\n"
    "version: \"1\"\n"
    "jurisdiction: { level: national, code: VN }\n"
    "instruments:\n"
    "  charter:\n"
    "    rank: 100\n"
    "    title: { vi: \"Điều lệ\", en: \"Charter\" }\n"
    "    in_force: { from: \"2011-01-19\" }\n"
    "parameters:\n"
    "  least:\n"
    "    type: int\n"
    "    bounds: { min: 0, max: 20 }\n"
    "    values:\n"
    "      \"2011-01-19\": { value: 2, cite: [\"charter/24\"], evidence: A }\n"
    "rules:\n"
    "  size:\n"
    "    subject: unit\n"
    "    cite: [\"charter/24\"]\n"
    "    evidence: A\n"
    "    severity: violation\n"
    "    let: { n: size(self.all_members) }\n"
    "    require: n >= param.least\n"
    "    message: { vi: \"có {n}\", en: \"has {n}\" }\n";

static dangbo_pack* read_pack(const dangbo_registry* registry) {
  const char* const texts[] = {kPack};
  const size_t sizes[] = {sizeof kPack - 1};
  const char* const names[] = {"pack.yaml"};
  const size_t name_sizes[] = {9};
  dangbo_pack* pack = NULL;
  CHECK_OK(dangbo_pack_read(registry, texts, sizes, names, name_sizes, 1, &pack, &test_error));
  return pack;
}

static dangbo_view* view_on(const dangbo_registry* registry, int32_t day) {
  dangbo_snapshot* snapshot = NULL;
  dangbo_view* view = NULL;
  CHECK_OK(dangbo_registry_snapshot(registry, &snapshot, &test_error));
  CHECK_OK(dangbo_snapshot_view(snapshot, day, 0, &view, &test_error));
  dangbo_snapshot_free(snapshot);
  return view;
}

static void findings_and_why(void) {
  dangbo_registry* registry = small_registry();
  dangbo_pack* pack = read_pack(registry);
  dangbo_view* view = view_on(registry, day_number(2018, 6, 1));
  dangbo_table* found = NULL;
  dangbo_table* rules = NULL;
  dangbo_text* text = NULL;
  CHECK_OK(dangbo_pack_rules(pack, &rules, &test_error));
  CHECK_EQ(dangbo_table_row_count(rules), 1);
  CHECK_TEXT(cell(rules, "rule", 0), "size");
  dangbo_table_free(rules);
  CHECK_OK(dangbo_view_check(view, pack, NULL, 0, &found, &test_error));
  CHECK(dangbo_table_row_count(found) > 0);
  CHECK_TEXT(cell(found, "rule", 0), "size");
  CHECK_TEXT(cell(found, "outcome", 0), "violated");
  CHECK_OK(dangbo_view_explain_finding(view, pack, "size", 4, "unit:D1", 7, DANGBO_EXPLAIN_TEXT,
                                       DANGBO_LANGUAGE_EN, 0, &text, &test_error));
  CHECK(strstr(dangbo_text_data(text, NULL), "article 24") != NULL);
  dangbo_text_free(text);
  dangbo_table_free(found);
  dangbo_view_free(view);
  dangbo_pack_free(pack);
  dangbo_registry_free(registry);
}

static void keeps_up(void) {
  static const char* const names[] = {"member_id", "unit_id", "kind", "from", "until"};
  static const char* const cells[] = {"m4", "D1", "CHINHTHUC", "2018-05-01", "2020-01-01"};
  dangbo_registry* registry = small_registry();
  dangbo_pack* pack = read_pack(NULL);
  const int32_t day = day_number(2018, 6, 1);
  dangbo_view* view = view_on(registry, day);
  dangbo_checker* checker = NULL;
  dangbo_change* change = NULL;
  dangbo_table* changes = NULL;
  dangbo_table* found = NULL;
  uint64_t evaluated = 99;
  CHECK_OK(dangbo_checker_start(view, pack, NULL, 0, &checker, &test_error));
  dangbo_pack_free(pack); /* the checker keeps what it needs */
  CHECK_OK(dangbo_checker_update(checker, view, &evaluated, &changes, &test_error));
  CHECK_EQ(evaluated, 0);
  CHECK_EQ(dangbo_table_row_count(changes), 0);
  dangbo_table_free(changes);
  dangbo_view_free(view);
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  CHECK_OK(add_text_rows(change, "memberships", names, 5, cells, 1, "late", &test_error));
  CHECK_OK(dangbo_registry_commit(registry, change, 5, NULL, 0, NULL, &test_error));
  dangbo_change_free(change);
  view = view_on(registry, day);
  CHECK_OK(dangbo_checker_update(checker, view, &evaluated, &changes, &test_error));
  CHECK_EQ(evaluated, 2); /* D1 and D */
  CHECK_OK(dangbo_checker_findings(checker, &found, &test_error));
  dangbo_table_free(found);
  dangbo_table_free(changes);
  dangbo_checker_free(checker);
  dangbo_view_free(view);
  dangbo_registry_free(registry);
}

static void to_come_and_what_if(void) {
  static const char kScript[] =
      "script: 1\nchanges:\n  - withdraw: {table: memberships, key: {member_id: m3}}\n";
  dangbo_registry* registry = small_registry();
  dangbo_pack* pack = read_pack(registry);
  dangbo_view* view = view_on(registry, day_number(2018, 6, 1));
  dangbo_table* due = NULL;
  dangbo_table* findings = NULL;
  dangbo_table* figures = NULL;
  CHECK_OK(dangbo_view_due(view, pack, 400, NULL, 0, &due, &test_error));
  dangbo_table_free(due);
  CHECK_FAILS(dangbo_view_due(view, pack, 0, NULL, 0, &due, &test_error), DANGBO_E_QUERY);
  CHECK_OK(dangbo_view_what_if(view, pack, kScript, strlen(kScript), NULL, 0, NULL, 0, &findings,
                               &figures, &test_error));
  CHECK(dangbo_table_row_count(findings) > 0);
  CHECK_EQ(dangbo_table_row_count(figures), 0);
  dangbo_table_free(findings);
  dangbo_table_free(figures);
  CHECK_FAILS(
      dangbo_view_what_if(view, pack, "x", 1, NULL, 0, NULL, 0, &findings, &figures, &test_error),
      DANGBO_E_REFUSED);
  CHECK(findings == NULL);
  dangbo_view_free(view);
  dangbo_pack_free(pack);
  dangbo_registry_free(registry);
}

static void refusals(void) {
  const char* const texts[] = {"format: dangbo.pack/1\nextra: 1\n"};
  const size_t sizes[] = {31};
  const char* const names[] = {"p"};
  const size_t name_sizes[] = {1};
  dangbo_registry* registry = small_registry();
  dangbo_view* view = view_on(registry, day_number(2018, 6, 1));
  dangbo_pack* pack = NULL;
  dangbo_table* found = NULL;
  dangbo_text* text = NULL;
  dangbo_checker* checker = NULL;
  CHECK_FAILS(dangbo_pack_read(NULL, texts, sizes, names, name_sizes, 1, &pack, &test_error),
              DANGBO_E_REFUSED);
  CHECK(pack == NULL);
  CHECK_FAILS(dangbo_pack_read(NULL, texts, sizes, names, name_sizes, 0, &pack, &test_error),
              DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_pack_read(NULL, NULL, sizes, names, name_sizes, 1, &pack, &test_error),
              DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_view_check(view, NULL, NULL, 0, &found, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_pack_rules(NULL, &found, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_pack_compile(NULL, &text, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_checker_start(view, NULL, NULL, 0, &checker, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_checker_update(NULL, view, NULL, &found, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_checker_findings(NULL, &found, &test_error), DANGBO_E_ARGUMENT);
  pack = read_pack(NULL);
  CHECK_FAILS(dangbo_view_check(view, pack, "{\"unit\":1}", 10, &found, &test_error),
              DANGBO_E_QUERY);
  CHECK_FAILS(dangbo_view_check(view, pack, "{\"unit\":\"none\"}", 15, &found, &test_error),
              DANGBO_E_QUERY);
  CHECK_FAILS(dangbo_view_explain_finding(view, pack, "size", 4, "unit:none", 9, 0, 0, 0, &text,
                                          &test_error),
              DANGBO_E_QUERY);
  CHECK_FAILS(
      dangbo_view_explain_finding(view, pack, "size", 4, "unit:D", 6, 7, 0, 0, &text, &test_error),
      DANGBO_E_ARGUMENT);
  dangbo_pack_free(pack);
  dangbo_pack_free(NULL);
  dangbo_checker_free(NULL);
  dangbo_view_free(view);
  dangbo_registry_free(registry);
}

int main(void) {
  findings_and_why();
  keeps_up();
  to_come_and_what_if();
  refusals();
  return check_result();
}
