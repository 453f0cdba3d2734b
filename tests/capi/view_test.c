/* Snapshots and views of days: keys, totals, queries, the tree. */
#include <string.h>

#include "check.h"
#include "support.h"

static uint64_t unit_of(const dangbo_view* view, const char* key) {
  uint64_t unit = 0;
  CHECK_OK(dangbo_view_find_unit(view, key, strlen(key), &unit, &test_error));
  CHECK(unit != 0 && unit >> 63 == 0);
  return unit;
}

static int64_t total_of(const dangbo_view* view, const char* key, int32_t scope) {
  int64_t total = -1;
  CHECK_OK(dangbo_view_total(view, unit_of(view, key), DANGBO_MEASURE_MEMBERS, scope, &total,
                             &test_error));
  return total;
}

static void totals_follow_the_day(void) {
  static const struct {
    int year;
    int month;
    int day;
    const char* unit;
    int32_t scope;
    int64_t total;
  } expected[] = {
      {2009, 12, 31, "KHOI", DANGBO_SCOPE_BELOW, 0}, {2011, 3, 1, "KHOI", DANGBO_SCOPE_BELOW, 1},
      {2018, 6, 1, "KHOI", DANGBO_SCOPE_BELOW, 3},   {2018, 6, 1, "KHOI", DANGBO_SCOPE_OWN, 0},
      {2018, 12, 31, "D", DANGBO_SCOPE_BELOW, 1},    {2019, 1, 1, "D", DANGBO_SCOPE_BELOW, 0},
      {2020, 6, 30, "B", DANGBO_SCOPE_OWN, 1},       {2020, 7, 1, "B", DANGBO_SCOPE_BELOW, 0},
      {2022, 1, 1, "D", DANGBO_SCOPE_BELOW, 2},      {2022, 1, 1, "D1", DANGBO_SCOPE_OWN, 1},
      {9999, 12, 31, "KHOI", DANGBO_SCOPE_BELOW, 3}, {1400, 1, 1, "KHOI", DANGBO_SCOPE_BELOW, 0}};
  size_t i;
  for (i = 0; i < sizeof expected / sizeof *expected; ++i) {
    dangbo_view* view = small_view(expected[i].year, expected[i].month, expected[i].day);
    CHECK_EQ(dangbo_view_day(view),
             day_number(expected[i].year, expected[i].month, expected[i].day));
    CHECK_EQ(total_of(view, expected[i].unit, expected[i].scope), expected[i].total);
    dangbo_view_free(view);
  }
}

static void what_is_not_there_is_said(void) {
  dangbo_view* view = small_view(2018, 6, 1);
  uint64_t unit = 77;
  int64_t total = 77;
  const uint64_t units[] = {0, 7, UINT64_MAX, UINT64_C(1) << 32};
  size_t i;
  CHECK_FAILS(dangbo_view_find_unit(view, "ĐÂU", strlen("ĐÂU"), &unit, &test_error),
              DANGBO_E_NOT_FOUND);
  CHECK_EQ(unit, 0);
  CHECK_FAILS(dangbo_view_find_unit(view, NULL, 0, &unit, &test_error), DANGBO_E_NOT_FOUND);
  for (i = 0; i < sizeof units / sizeof *units; ++i) {
    CHECK_FAILS(dangbo_view_total(view, units[i], 0, 0, &total, &test_error), DANGBO_E_NOT_FOUND);
    CHECK_EQ(total, 0);
  }
  unit = unit_of(view, "KHOI");
  CHECK_FAILS(dangbo_view_total(view, unit, 1, 0, &total, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_view_total(view, unit, 0, 2, &total, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_view_total(view, unit, 0, -1, &total, &test_error), DANGBO_E_ARGUMENT);
  dangbo_view_free(view);
}

/* Days outside the calendar, and knowledge of an earlier commit. */
static void views_have_their_limits(void) {
  static const char* const names[] = {"member_id", "unit_id", "kind", "from"};
  static const char* const late[] = {"m3", "A", "CHINHTHUC", "2019-01-01"};
  dangbo_registry* registry = small_registry();
  dangbo_change* change = NULL;
  dangbo_snapshot* snapshot = NULL;
  dangbo_view* view = NULL;
  const uint64_t known_at[] = {0, 1, 2, 99, UINT64_MAX};
  const int64_t totals[] = {3, 2, 3, 3, 3};
  size_t i;
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  CHECK_OK(add_text_rows(change, "memberships", names, 4, late, 1, "late", &test_error));
  CHECK_OK(dangbo_registry_commit(registry, change, 2, NULL, 0, NULL, &test_error));
  CHECK_OK(dangbo_registry_snapshot(registry, &snapshot, &test_error));
  for (i = 0; i < sizeof known_at / sizeof *known_at; ++i) {
    CHECK_OK(
        dangbo_snapshot_view(snapshot, day_number(2019, 6, 1), known_at[i], &view, &test_error));
    CHECK_EQ(total_of(view, "KHOI", DANGBO_SCOPE_BELOW), totals[i]);
    dangbo_view_free(view);
  }
  CHECK_FAILS(dangbo_snapshot_view(snapshot, day_number(1400, 1, 1) - 1, 0, &view, &test_error),
              DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_snapshot_view(snapshot, INT32_MAX, 0, &view, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_snapshot_view(snapshot, INT32_MIN, 0, &view, &test_error), DANGBO_E_ARGUMENT);
  CHECK(view == NULL);
  dangbo_snapshot_free(snapshot);
  dangbo_change_free(change);
  dangbo_registry_free(registry);
}

static int32_t stop(void* user, const char* what, uint64_t done, uint64_t total) {
  CHECK_TEXT(what, "query");
  CHECK(done <= total);
  ++*(int*)user;
  return 1;
}

static int32_t go_on(void* user, const char* what, uint64_t done, uint64_t total) {
  (void)what;
  (void)done;
  (void)total;
  ++*(int*)user;
  return 0;
}

static void queries_are_run_as_the_host_says(void) {
  static const char by_sex[] = "{\"query\":1,\"of\":\"members\",\"by\":[\"sex\"]}";
  static const char rows[] = "{\"query\":1,\"of\":\"members\",\"rows\":{}}";
  dangbo_snapshot* snapshot = small_snapshot();
  dangbo_view* view = NULL;
  dangbo_table* table = NULL;
  int calls = 0;
  uint32_t threads;
  CHECK_OK(dangbo_snapshot_view(snapshot, day_number(2018, 6, 1), 0, &view, &test_error));
  for (threads = 0; threads <= 16; threads += 8) {
    CHECK_OK(dangbo_view_query_run(view, by_sex, strlen(by_sex), threads, 0, go_on, &calls, &table,
                                   &test_error));
    CHECK_EQ(dangbo_table_row_count(table), 2);
    CHECK_TEXT(cell(table, "sex", 0), "female");
    dangbo_table_free(table);
  }
  CHECK(calls >= 3);
  calls = 0;
  CHECK_FAILS(
      dangbo_view_query_run(view, by_sex, strlen(by_sex), 1, 0, stop, &calls, &table, &test_error),
      DANGBO_E_CANCELLED);
  CHECK_EQ(calls, 1);
  CHECK_OK(dangbo_view_query_run(view, rows, strlen(rows), 1, 0, NULL, NULL, &table, &test_error));
  CHECK_EQ(dangbo_table_row_count(table), 3);
  CHECK_TEXT(cell(table, "recorded", 0), "1");
  dangbo_table_free(table);
  CHECK_OK(dangbo_view_query_run(view, rows, strlen(rows), 1, DANGBO_QUERY_COUNTS_ONLY, NULL, NULL,
                                 &table, &test_error));
  CHECK_EQ(dangbo_table_row_count(table), 1);
  CHECK_TEXT(cell(table, "count", 0), "3");
  dangbo_table_free(table);
  CHECK_FAILS(
      dangbo_view_query_run(view, rows, strlen(rows), 17, 0, NULL, NULL, &table, &test_error),
      DANGBO_E_ARGUMENT);
  CHECK_FAILS(
      dangbo_view_query_run(view, rows, strlen(rows), 1, 2, NULL, NULL, &table, &test_error),
      DANGBO_E_ARGUMENT);
  dangbo_view_free(view);
  dangbo_snapshot_free(snapshot);
}

static void queries_are_answered(void) {
  static const char by_sex[] =
      "{\"query\":1,\"of\":\"members\",\"unit\":\"KHOI\",\"by\":[\"sex\"]}";
  static const char dated[] =
      "{\"query\":1,\"of\":\"members\",\"on\":\"2018-06-01\",\"unit\":\"KHOI\"}";
  static const char balance[] =
      "{\"query\":1,\"of\":\"movements\",\"period\":\"2018H1\",\"unit\":\"KHOI\"}";
  dangbo_snapshot* snapshot = small_snapshot();
  dangbo_view* view = NULL;
  dangbo_table* table = NULL;
  uint64_t row;
  int64_t sum = 0;
  const int64_t* counts = NULL;
  CHECK_OK(dangbo_snapshot_view(snapshot, day_number(2018, 6, 1), 0, &view, &test_error));
  CHECK_OK(dangbo_view_query(view, by_sex, strlen(by_sex), &table, &test_error));
  CHECK_EQ(dangbo_table_row_count(table), 2);
  CHECK_TEXT(cell(table, "sex", 0), "female");
  CHECK_OK(dangbo_table_int64s(table, find_column(table, "count"), &counts, &test_error));
  for (row = 0; row < dangbo_table_row_count(table); ++row) sum += counts[row];
  CHECK_EQ(sum, 3);
  dangbo_table_free(table);
  CHECK_OK(dangbo_snapshot_query(snapshot, dated, strlen(dated), &table, &test_error));
  CHECK_TEXT(cell(table, "count", 0), "3");
  dangbo_table_free(table);
  /* A balance is of the last day of its period, and needs none. */
  CHECK_OK(dangbo_snapshot_query(snapshot, balance, strlen(balance), &table, &test_error));
  CHECK_TEXT(cell(table, "closing", 0), "3");
  dangbo_table_free(table);
  CHECK_FAILS(dangbo_view_query(view, balance, strlen(balance), &table, &test_error),
              DANGBO_E_QUERY);
  /* The day is missing. */
  CHECK_FAILS(dangbo_snapshot_query(snapshot, by_sex, strlen(by_sex), &table, &test_error),
              DANGBO_E_QUERY);
  CHECK(table == NULL);
  dangbo_view_free(view);
  dangbo_snapshot_free(snapshot);
}

static void bad_queries_name_their_mistakes(void) {
  static const char* const bad[] = {
      "{",
      "[]",
      "",
      "{\"query\":1,\"of\":\"dragons\"}",
      "{\"query\":2,\"of\":\"members\"}",
      "{\"query\":1,\"of\":\"members\",\"unit\":\"ĐÂU\"}",
      "{\"query\":1,\"of\":\"members\",\"by\":[\"shoe\"],\"colour\":1}"};
  dangbo_view* view = small_view(2018, 6, 1);
  size_t i;
  for (i = 0; i < sizeof bad / sizeof *bad; ++i) {
    dangbo_table* table = NULL;
    dangbo_error* error = NULL;
    CHECK_EQ(dangbo_view_query(view, bad[i], strlen(bad[i]), &table, &error), DANGBO_E_QUERY);
    CHECK(dangbo_error_problem_count(error) >= 1);
    CHECK(*dangbo_error_message(error, DANGBO_LANGUAGE_VI) != '\0');
    CHECK(table == NULL);
    dangbo_error_free(error);
  }
  dangbo_view_free(view);
}

static void the_tree_is_in_pre_order(void) {
  static const char* const keys[] = {"KHOI", "A", "B", "D", "D1", "D2"};
  static const char* const below[] = {"3", "1", "1", "1", "0", "1"};
  dangbo_view* view = small_view(2018, 6, 1);
  dangbo_table* tree = NULL;
  uint64_t row;
  CHECK_OK(dangbo_view_tree(view, NULL, 0, 0, &tree, &test_error));
  CHECK_EQ(dangbo_table_row_count(tree), 6);
  for (row = 0; row < dangbo_table_row_count(tree) && row < 6; ++row) {
    CHECK_TEXT(cell(tree, "unit_id", row), keys[row]);
    CHECK_TEXT(cell(tree, "members_below", row), below[row]);
  }
  CHECK_TEXT(cell(tree, "name", 3), "Đảng bộ Sở Nắng");
  CHECK_TEXT(cell(tree, "parent_id", 4), "D");
  CHECK(cell(tree, "parent_id", 0) == NULL);
  dangbo_table_free(tree);
  CHECK_OK(dangbo_view_tree(view, "D", 1, 1, &tree, &test_error));
  CHECK_EQ(dangbo_table_row_count(tree), 1);
  dangbo_table_free(tree);
  CHECK_FAILS(dangbo_view_tree(view, "ĐÂU", strlen("ĐÂU"), 0, &tree, &test_error), DANGBO_E_QUERY);
  CHECK(tree == NULL);
  dangbo_view_free(view);
}

/* A page is text; a request that does not fit says where. */
static void a_page_is_drawn(void) {
  static const char request[] = "{\"page\":1,\"unit\":\"KHOI\",\"language\":\"en\"}";
  static const char* const bad[] = {"",
                                    "{}",
                                    "[1]",
                                    "{\"page\":2}",
                                    "{\"page\":1,\"unit\":\"ĐÂU\"}",
                                    "{\"page\":1,\"on\":\"2019-06-01\"}",
                                    "{\"page\":1,\"trend\":{\"from\":\"2030-01-01\"}}",
                                    "{\"page\":1,\"page\":1}"};
  dangbo_view* view = small_view(2018, 6, 1);
  dangbo_text* page = NULL;
  size_t size = 0;
  size_t i;
  CHECK_OK(dangbo_view_report(view, request, strlen(request), &page, &test_error));
  CHECK(strncmp(dangbo_text_data(page, &size), "<!DOCTYPE html>", 15) == 0);
  CHECK_EQ(size, strlen(dangbo_text_data(page, NULL)));
  CHECK(strstr(dangbo_text_data(page, NULL), "Đảng bộ Sở Nắng") != NULL);
  dangbo_text_free(page);
  for (i = 0; i < sizeof bad / sizeof *bad; ++i) {
    dangbo_error* error = NULL;
    CHECK_EQ(dangbo_view_report(view, bad[i], strlen(bad[i]), &page, &error), DANGBO_E_QUERY);
    CHECK(dangbo_error_problem_count(error) >= 1);
    CHECK(page == NULL);
    dangbo_error_free(error);
  }
  CHECK_FAILS(dangbo_view_report(view, "{\"\xff", 3, &page, &test_error), DANGBO_E_ARGUMENT);
  dangbo_view_free(view);
}

int main(void) {
  totals_follow_the_day();
  what_is_not_there_is_said();
  views_have_their_limits();
  queries_are_answered();
  queries_are_run_as_the_host_says();
  bad_queries_name_their_mistakes();
  the_tree_is_in_pre_order();
  a_page_is_drawn();
  return check_result();
}
