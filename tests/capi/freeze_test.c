/* Frozen figures: kept, read back, compared, and refused when they are not what was kept. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "support.h"

static const char kQuery[] = "{\"query\":1,\"of\":\"members\",\"each\":\"all\",\"unit\":\"D\"}";

/* The members of D and below on 1 June 2018: m3, in cell D2. */
static dangbo_text* freeze(const dangbo_registry* registry) {
  dangbo_snapshot* snapshot = NULL;
  dangbo_view* view = NULL;
  dangbo_text* text = NULL;
  CHECK_OK(dangbo_registry_snapshot(registry, &snapshot, &test_error));
  CHECK_OK(dangbo_snapshot_view(snapshot, day_number(2018, 6, 1), 0, &view, &test_error));
  CHECK_OK(dangbo_view_freeze(view, kQuery, strlen(kQuery), &text, &test_error));
  dangbo_view_free(view);
  dangbo_snapshot_free(snapshot);
  return text;
}

/* m4 turns out to have been in D1 since May. */
static void learn(dangbo_registry* registry) {
  static const char* const names[] = {"member_id", "unit_id", "kind", "from", "until"};
  static const char* const cells[] = {"m4", "D1", "CHINHTHUC", "2018-05-01", "2020-01-01"};
  dangbo_change* change = NULL;
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  CHECK_OK(add_text_rows(change, "memberships", names, 5, cells, 1, "late", &test_error));
  CHECK_OK(dangbo_registry_commit(registry, change, 5, NULL, 0, NULL, &test_error));
  dangbo_change_free(change);
}

static void compare(const dangbo_registry* registry, const char* frozen, int32_t all,
                    dangbo_table** cells, dangbo_table** causes, uint64_t* differing) {
  dangbo_snapshot* snapshot = NULL;
  CHECK_OK(dangbo_registry_snapshot(registry, &snapshot, &test_error));
  CHECK_OK(dangbo_snapshot_compare(snapshot, frozen, strlen(frozen), all, cells, causes, differing,
                                   &test_error));
  dangbo_snapshot_free(snapshot);
}

static void differences_have_causes(void) {
  dangbo_registry* registry = small_registry();
  dangbo_text* frozen = freeze(registry);
  const char* document = dangbo_text_data(frozen, NULL);
  dangbo_table* cells = NULL;
  dangbo_table* causes = NULL;
  dangbo_table* kept = NULL;
  uint64_t differing = 77;
  compare(registry, document, 0, &cells, &causes, &differing);
  CHECK_EQ(differing, 0);
  CHECK_EQ(dangbo_table_row_count(cells), 0);
  CHECK_EQ(dangbo_table_row_count(causes), 0);
  dangbo_table_free(cells);
  dangbo_table_free(causes);
  learn(registry);
  compare(registry, document, 0, &cells, &causes, &differing);
  CHECK_EQ(differing, 2); /* D and D1 */
  CHECK_EQ(dangbo_table_row_count(cells), 2);
  CHECK_TEXT(cell(cells, "unit_id", 1), "D1");
  CHECK_TEXT(cell(cells, "frozen", 1), "0");
  CHECK_TEXT(cell(cells, "now", 1), "1");
  CHECK_TEXT(cell(causes, "cause", 1), "late");
  CHECK_TEXT(cell(causes, "effect", 1), "1");
  CHECK_TEXT(cell(causes, "member_id", 1), "m4");
  CHECK_TEXT(cell(causes, "commit", 1), "2");
  CHECK_TEXT(cell(causes, "time", 1), "5");
  dangbo_table_free(cells);
  dangbo_table_free(causes);
  compare(registry, document, 1, &cells, &causes, NULL);
  CHECK_EQ(dangbo_table_row_count(cells), 3);
  dangbo_table_free(cells);
  dangbo_table_free(causes);
  CHECK_OK(dangbo_frozen_table(document, strlen(document), &kept, &test_error));
  CHECK_EQ(dangbo_table_row_count(kept), 3);
  CHECK_TEXT(cell(kept, "count", 0), "1");
  dangbo_table_free(kept);
  dangbo_text_free(frozen);
  dangbo_registry_free(registry);
}

static void what_was_changed_is_refused(void) {
  dangbo_registry* registry = small_registry();
  dangbo_text* frozen = freeze(registry);
  size_t size = 0;
  const char* document = dangbo_text_data(frozen, &size);
  char* bent = malloc(size + 1);
  dangbo_snapshot* snapshot = NULL;
  dangbo_table* cells = NULL;
  dangbo_table* causes = NULL;
  CHECK_OK(dangbo_registry_snapshot(registry, &snapshot, &test_error));
  memcpy(bent, document, size + 1);
  *strstr(bent, "2018-06-01") = '3';
  CHECK_FAILS(dangbo_frozen_table(bent, size, &cells, &test_error), DANGBO_E_QUERY);
  CHECK_FAILS(dangbo_snapshot_compare(snapshot, bent, size, 0, &cells, &causes, NULL, &test_error),
              DANGBO_E_QUERY);
  CHECK_FAILS(
      dangbo_snapshot_compare(snapshot, document, size - 3, 0, &cells, &causes, NULL, &test_error),
      DANGBO_E_QUERY);
  CHECK_FAILS(dangbo_snapshot_compare(snapshot, "", 0, 0, &cells, &causes, NULL, &test_error),
              DANGBO_E_QUERY);
  CHECK(cells == NULL && causes == NULL);
  free(bent);
  dangbo_snapshot_free(snapshot);
  dangbo_text_free(frozen);
  dangbo_registry_free(registry);
}

static void queries_are_refused_as_elsewhere(void) {
  static const char other_day[] = "{\"query\":1,\"of\":\"members\",\"on\":\"2018-06-02\"}";
  dangbo_view* view = small_view(2018, 6, 1);
  dangbo_text* text = NULL;
  CHECK_FAILS(dangbo_view_freeze(view, "{}", 2, &text, &test_error), DANGBO_E_QUERY);
  CHECK_FAILS(dangbo_view_freeze(view, other_day, strlen(other_day), &text, &test_error),
              DANGBO_E_QUERY);
  CHECK(text == NULL);
  dangbo_view_free(view);
}

int main(void) {
  differences_have_causes();
  what_was_changed_is_refused();
  queries_are_refused_as_elsewhere();
  return check_result();
}
