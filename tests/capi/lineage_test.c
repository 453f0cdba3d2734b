/* What units became: one unit's lineage, and the mapping of codes between two days. */
#include <string.h>

#include "check.h"
#include "support.h"

/* On 1 July 2020 B is divided into E and F. */
static dangbo_registry* reorganised(void) {
  static const char* const unit_names[] = {"unit_id", "kind", "parent_id", "from", "name"};
  static const char* const units[] = {
      "E", "CBCS", "KHOI", "2020-07-01", "Chi bộ <E>", /**/
      "F", "CBCS", "KHOI", "2020-07-01", NULL,
  };
  static const char* const event_names[] = {"event_id",  "date",    "event",
                                            "from_unit", "to_unit", "decision_id"};
  static const char* const events[] = {
      "1", "2020-07-01", "CHIA", "B", "E", NULL, /**/
      "1", "2020-07-01", "CHIA", "B", "F", NULL,
  };
  dangbo_registry* registry = small_registry();
  dangbo_change* change = NULL;
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  CHECK_OK(add_text_rows(change, "units", unit_names, 5, units, 2, "units", &test_error));
  CHECK_OK(add_text_rows(change, "unit_events", event_names, 6, events, 2, "events", &test_error));
  CHECK_OK(dangbo_registry_commit(registry, change, 2, NULL, 0, NULL, &test_error));
  dangbo_change_free(change);
  return registry;
}

static void a_unit_tells_what_it_became(void) {
  dangbo_registry* registry = reorganised();
  dangbo_snapshot* snapshot = NULL;
  dangbo_view* view = NULL;
  dangbo_table* table = NULL;
  uint64_t row;
  uint64_t on_day = 0;
  CHECK_OK(dangbo_registry_snapshot(registry, &snapshot, &test_error));
  CHECK_OK(dangbo_snapshot_view(snapshot, day_number(2020, 8, 1), 0, &view, &test_error));
  CHECK_OK(dangbo_view_lineage(view, "B", 1, &table, &test_error));
  CHECK_TEXT(cell(table, "part", 0), "itself");
  CHECK_TEXT(cell(table, "until", 0), "2020-07-01");
  CHECK_TEXT(cell(table, "part", 1), "became");
  CHECK_TEXT(cell(table, "event", 1), "divide");
  CHECK_TEXT(cell(table, "unit_id", 1), "E");
  CHECK_TEXT(cell(table, "name", 1), "Chi bộ <E>");
  for (row = 0; row < dangbo_table_row_count(table); ++row) {
    if (strcmp(cell(table, "part", row), "on_day") == 0) ++on_day;
  }
  CHECK_EQ(on_day, 2);
  dangbo_table_free(table);
  table = NULL;
  CHECK_FAILS(dangbo_view_lineage(view, "ĐÂU", strlen("ĐÂU"), &table, &test_error), DANGBO_E_QUERY);
  CHECK(table == NULL);
  dangbo_view_free(view);
  dangbo_snapshot_free(snapshot);
  dangbo_registry_free(registry);
}

static void codes_are_mapped(void) {
  dangbo_registry* registry = reorganised();
  dangbo_snapshot* snapshot = NULL;
  dangbo_table* table = NULL;
  const int32_t before = day_number(2020, 6, 30);
  const int32_t after = day_number(2020, 7, 1);
  CHECK_OK(dangbo_registry_snapshot(registry, &snapshot, &test_error));
  CHECK_OK(dangbo_snapshot_code_mapping(snapshot, before, after, 0, &table, &test_error));
  CHECK_EQ(dangbo_table_row_count(table), 2);
  CHECK_TEXT(cell(table, "from_unit", 0), "B");
  CHECK_TEXT(cell(table, "to_unit", 0), "E");
  CHECK_TEXT(cell(table, "to_unit", 1), "F");
  CHECK_TEXT(cell(table, "event", 1), "divide");
  CHECK_TEXT(cell(table, "date", 1), "2020-07-01");
  dangbo_table_free(table);
  table = NULL;
  CHECK_OK(dangbo_snapshot_code_mapping(snapshot, before, after, 1, &table, &test_error));
  CHECK(dangbo_table_row_count(table) > 2);
  dangbo_table_free(table);
  table = NULL;
  CHECK_FAILS(dangbo_snapshot_code_mapping(snapshot, after, before, 0, &table, &test_error),
              DANGBO_E_QUERY);
  CHECK_FAILS(
      dangbo_snapshot_code_mapping(snapshot, before, DANGBO_DATE_NONE, 0, &table, &test_error),
      DANGBO_E_ARGUMENT);
  dangbo_snapshot_free(snapshot);
  dangbo_registry_free(registry);
}

int main(void) {
  a_unit_tells_what_it_became();
  codes_are_mapped();
  return check_result();
}
