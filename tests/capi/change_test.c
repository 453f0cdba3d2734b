/* Rows on their way in: column buffers, files, folders, progress. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "support.h"

static dangbo_registry* registry = NULL;

static dangbo_change* new_change(void) {
  dangbo_change* change = NULL;
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  return change;
}

static dangbo_status begin(dangbo_change* change, const char* table, uint64_t rows) {
  return dangbo_change_begin_rows(change, table, strlen(table), rows, "bộ đệm", strlen("bộ đệm"),
                                  &test_error);
}

static dangbo_status text(dangbo_change* change, const char* name, const char* bytes,
                          const int64_t* offsets) {
  return dangbo_change_text_column(change, name, strlen(name), bytes, offsets, NULL, &test_error);
}

static dangbo_status commit(dangbo_change* change) {
  return dangbo_registry_commit(registry, change, 1000, NULL, 0, NULL, &test_error);
}

/* Every kind of column: text, day, whole number, truth. */
static void typed_columns_come_through(void) {
  static const int64_t unit_ends[] = {0, 1, 2};
  static const int64_t category_ends[] = {0, 8, 16};
  static const int64_t counts[] = {12, -7777};
  static const uint8_t counts_valid[] = {1, 1};
  static const int64_t member_ends[] = {0, 2, 4, 6};
  static const uint8_t union_flags[] = {1, 0, 1};
  static const uint8_t union_valid[] = {1, 1, 0};
  static const char query[] =
      "{\"query\":1,\"of\":\"headcounts\",\"sum\":\"n\",\"unit\":\"A\",\"period\":\"2020\"}";
  static const char unions[] =
      "{\"query\":1,\"of\":\"members\",\"unit\":\"A\",\"by\":[\"youth_union\"]}";
  static const char* const stay_names[] = {"member_id", "unit_id", "kind", "from"};
  static const char* const stays[] = {"x1", "A", "CHINHTHUC", "2020-02-01",
                                      "x2", "A", "CHINHTHUC", "2020-02-01",
                                      "x3", "A", "CHINHTHUC", "2020-02-01"};
  dangbo_change* change = new_change();
  dangbo_snapshot* snapshot = NULL;
  dangbo_view* view = NULL;
  dangbo_table* table = NULL;
  int32_t days[2];
  days[0] = day_number(2020, 1, 31);
  days[1] = day_number(1960, 2, 29);
  CHECK_OK(begin(change, "headcounts", 2));
  CHECK_OK(text(change, "unit_id", "AA", unit_ends));
  CHECK_OK(dangbo_change_date_column(change, "day", 3, days, NULL, &test_error));
  CHECK_OK(text(change, "category", "officialofficial", category_ends));
  CHECK_OK(dangbo_change_int64_column(change, "n", 1, counts, counts_valid, &test_error));
  CHECK_OK(dangbo_change_end_rows(change, &test_error));
  CHECK_OK(begin(change, "members", 3));
  CHECK_OK(text(change, "member_id", "x1x2x3", member_ends));
  CHECK_OK(
      dangbo_change_bool_column(change, "youth_union", 11, union_flags, union_valid, &test_error));
  CHECK_OK(dangbo_change_end_rows(change, &test_error));
  CHECK_OK(add_text_rows(change, "memberships", stay_names, 4, stays, 3, "s", &test_error));
  CHECK_OK(commit(change));
  CHECK_OK(dangbo_registry_snapshot(registry, &snapshot, &test_error));
  CHECK_OK(dangbo_snapshot_view(snapshot, day_number(2020, 12, 31), 0, &view, &test_error));
  CHECK_OK(dangbo_view_query(view, query, strlen(query), &table, &test_error));
  CHECK_TEXT(cell(table, "sum", 0), "12");
  dangbo_table_free(table);
  CHECK_OK(dangbo_view_query(view, unions, strlen(unions), &table, &test_error));
  /* x2 is none, x1 is one, of x3 and m1 it is not known. */
  if (CHECK_EQ(dangbo_table_row_count(table), 3)) {
    CHECK_TEXT(cell(table, "youth_union", 0), "false");
    CHECK_TEXT(cell(table, "youth_union", 1), "true");
    CHECK(cell(table, "youth_union", 2) == NULL);
    CHECK_TEXT(cell(table, "count", 2), "2");
  }
  dangbo_table_free(table);
  dangbo_view_free(view);
  dangbo_snapshot_free(snapshot);
  dangbo_change_free(change);
}

static void calls_out_of_turn_are_refused(void) {
  static const int64_t ends[] = {0, 1};
  const int64_t number = 1;
  dangbo_table* problems = NULL;
  dangbo_change* change = new_change();
  CHECK_FAILS(text(change, "unit_id", "A", ends), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_change_end_rows(change, &test_error), DANGBO_E_ARGUMENT);
  CHECK_OK(begin(change, "units", 1));
  CHECK_FAILS(begin(change, "units", 1), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_change_add_path(change, "x", 1, NULL, NULL, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_change_add_file(change, "units", 5, "x", 1, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_change_check(change, &problems, NULL, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(commit(change), DANGBO_E_ARGUMENT);
  CHECK_OK(text(change, "unit_id", "A", ends));
  CHECK_FAILS(text(change, "unit_id", "A", ends), DANGBO_E_ARGUMENT); /* twice */
  CHECK_FAILS(text(change, "", "A", ends), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_change_int64_column(change, "n", 1, NULL, NULL, &test_error),
              DANGBO_E_ARGUMENT);
  CHECK_OK(dangbo_change_int64_column(change, "n", 1, &number, NULL, &test_error));
  CHECK_OK(dangbo_change_end_rows(change, &test_error));
  /* No columns at all: the batch ends all the same. */
  CHECK_OK(begin(change, "units", 1));
  CHECK_FAILS(dangbo_change_end_rows(change, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_change_end_rows(change, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(begin(change, "units", UINT64_MAX), DANGBO_E_ARGUMENT);
  /* Freed with rows still open. */
  CHECK_OK(begin(change, "units", 1));
  dangbo_change_free(change);
}

static void impossible_offsets_are_refused(void) {
  static const int64_t late_start[] = {1, 2, 3};
  static const int64_t backwards[] = {0, 2, 1};
  static const int64_t negative[] = {0, -1, 1};
  static const int64_t huge[] = {0, 1, INT64_C(1) << 31};
  static const int64_t good[] = {0, 0, 0};
  dangbo_change* change = new_change();
  CHECK_OK(begin(change, "units", 2));
  CHECK_FAILS(text(change, "unit_id", "abc", late_start), DANGBO_E_ARGUMENT);
  CHECK_FAILS(text(change, "unit_id", "abc", backwards), DANGBO_E_ARGUMENT);
  CHECK_FAILS(text(change, "unit_id", "abc", negative), DANGBO_E_ARGUMENT);
  CHECK_FAILS(text(change, "unit_id", "abc", huge), DANGBO_E_ARGUMENT);
  CHECK_FAILS(text(change, "unit_id", NULL, late_start), DANGBO_E_ARGUMENT);
  CHECK_FAILS(text(change, "unit_id", "abc", NULL), DANGBO_E_ARGUMENT);
  CHECK_OK(text(change, "unit_id", NULL, good)); /* nothing but empty texts */
  dangbo_change_free(change);
}

/* Values no column can hold are named by row; the batch stays open for a better column. */
static void impossible_values_name_their_rows(void) {
  static const int64_t ends[] = {0, 1, 3, 4};
  static const uint8_t hide_middle[] = {1, 0, 1};
  const int32_t days[] = {0, INT32_MIN, INT32_MAX};
  dangbo_error* error = NULL;
  dangbo_table* problems = NULL;
  dangbo_change* change = new_change();
  CHECK_OK(begin(change, "units", 3));
  CHECK_EQ(dangbo_change_text_column(change, "name", 4, "A\xC3\x28Z", ends, NULL, &error),
           DANGBO_E_REFUSED);
  CHECK_EQ(dangbo_error_problem_count(error), 1);
  CHECK_EQ(dangbo_error_problems(error, &problems), DANGBO_OK);
  CHECK_TEXT(cell(problems, "row", 0), "2");
  CHECK_TEXT(cell(problems, "file", 0), "bộ đệm");
  CHECK_TEXT(cell(problems, "value", 0), "\xEF\xBF\xBD("); /* never ill-formed on the way out */
  dangbo_table_free(problems);
  dangbo_error_free(error);
  CHECK_EQ(dangbo_change_date_column(change, "from", 4, days, NULL, &error), DANGBO_E_REFUSED);
  CHECK_EQ(dangbo_error_problem_count(error), 2);
  dangbo_error_free(error);
  /* A missing value is not looked at. */
  CHECK_OK(
      dangbo_change_text_column(change, "name", 4, "A\xC3\x28Z", ends, hide_middle, &test_error));
  dangbo_change_free(change);
}

static void no_rows_are_no_harm(void) {
  dangbo_change* change = new_change();
  CHECK_OK(begin(change, "members", 0));
  CHECK_OK(text(change, "member_id", NULL, NULL));
  CHECK_OK(dangbo_change_date_column(change, "birth_date", 10, NULL, NULL, &test_error));
  CHECK_OK(dangbo_change_bool_column(change, "youth_union", 11, NULL, NULL, &test_error));
  CHECK_OK(dangbo_change_int64_column(change, "card_no", 7, NULL, NULL, &test_error));
  CHECK_OK(dangbo_change_end_rows(change, &test_error));
  CHECK_OK(commit(change));
  dangbo_change_free(change);
}

static void an_unknown_table_is_refused_at_commit(void) {
  static const int64_t ends[] = {0, 1};
  dangbo_error* error = NULL;
  dangbo_change* change = new_change();
  CHECK_OK(begin(change, "nơi nào", 1));
  CHECK_OK(text(change, "unit_id", "A", ends));
  CHECK_OK(dangbo_change_end_rows(change, &test_error));
  CHECK_EQ(dangbo_registry_commit(registry, change, 1000, NULL, 0, NULL, &error), DANGBO_E_REFUSED);
  CHECK_HAS(dangbo_error_message(error, DANGBO_LANGUAGE_EN), "nơi nào");
  dangbo_error_free(error);
  dangbo_change_free(change);
}

struct watch {
  int calls;
  int stop_at; /* 0: never */
  uint64_t last;
};

static int32_t on_progress(void* user, const char* what, uint64_t done, uint64_t total) {
  struct watch* watch = user;
  CHECK(what != NULL && *what != '\0');
  CHECK(total == 0 || done <= total);
  CHECK(done >= watch->last);
  watch->last = done;
  return ++watch->calls == watch->stop_at ? 1 : 0;
}

static dangbo_status add_path(dangbo_change* change, const char* path, struct watch* watch) {
  return dangbo_change_add_path(change, path, strlen(path), watch == NULL ? NULL : on_progress,
                                watch, &test_error);
}

static void write_folder(void) {
  remove(in_folder("somebody.txt")); /* of an earlier run */
  write_file("units.csv", "unit_id,from,parent_id,kind\nF,2010-01-01,KHOI,CBCS\n");
  write_file("đảng viên.csv", "mã đảng viên,giới tính\nf1,nữ\nf2,nam\n");
  write_file("memberships.csv",
             "member_id,unit_id,kind,from\nf1,F,CHINHTHUC,2019-01-01\nf2,F,CHINHTHUC,2019-01-01\n");
}

static void a_folder_is_one_load(void) {
  struct watch watch = {0, 0, 0};
  dangbo_change* change = new_change();
  dangbo_snapshot* snapshot = NULL;
  dangbo_view* view = NULL;
  uint64_t unit = 0;
  int64_t total = 0;
  write_folder();
  CHECK_OK(add_path(change, in_folder(""), &watch));
  CHECK(watch.calls > 0);
  CHECK_OK(commit(change));
  CHECK_OK(dangbo_registry_snapshot(registry, &snapshot, &test_error));
  CHECK_OK(dangbo_snapshot_view(snapshot, day_number(2020, 1, 1), 0, &view, &test_error));
  CHECK_OK(dangbo_view_find_unit(view, "F", 1, &unit, &test_error));
  CHECK_OK(
      dangbo_view_total(view, unit, DANGBO_MEASURE_MEMBERS, DANGBO_SCOPE_OWN, &total, &test_error));
  CHECK_EQ(total, 2);
  dangbo_view_free(view);
  dangbo_snapshot_free(snapshot);
  dangbo_change_free(change);
}

static void progress_may_cancel(void) {
  struct watch watch = {0, 1, 0};
  dangbo_change* change = new_change();
  dangbo_table* problems = NULL;
  uint64_t count = 77;
  CHECK_FAILS(add_path(change, in_folder(""), &watch), DANGBO_E_CANCELLED);
  CHECK_EQ(watch.calls, 1);
  /* Nothing of it stayed: an empty change is accepted. */
  CHECK_OK(dangbo_change_check(change, &problems, &count, &test_error));
  CHECK_EQ(count, 0);
  CHECK_EQ(dangbo_table_row_count(problems), 0);
  dangbo_table_free(problems);
  dangbo_change_free(change);
}

static void wrong_files_are_refused_at_commit(void) {
  dangbo_change* change = new_change();
  const char* path;
  CHECK_OK(add_path(change, in_folder("không có.csv"), NULL));
  CHECK_FAILS(commit(change), DANGBO_E_REFUSED);
  dangbo_change_free(change);
  change = new_change();
  path = write_file("somebody.txt", "mã đảng viên\tgiới tính\ng1\tnữ\n");
  CHECK_OK(dangbo_change_add_file(change, "members", 7, path, strlen(path), &test_error));
  CHECK_OK(dangbo_change_add_file(change, "no table", 8, path, strlen(path), &test_error));
  CHECK_FAILS(commit(change), DANGBO_E_REFUSED);
  dangbo_change_free(change);
  change = new_change();
  CHECK_OK(dangbo_change_add_file(change, "members", 7, path, strlen(path), &test_error));
  CHECK_OK(commit(change));
  CHECK_FAILS(add_path(change, "", NULL), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_change_add_path(change, "a\0b", 3, NULL, NULL, &test_error),
              DANGBO_E_ARGUMENT);
  dangbo_change_free(change);
}

int main(int argc, char** argv) {
  use_folder(argc, argv);
  registry = small_registry();
  typed_columns_come_through();
  calls_out_of_turn_are_refused();
  impossible_offsets_are_refused();
  impossible_values_name_their_rows();
  no_rows_are_no_harm();
  an_unknown_table_is_refused_at_commit();
  a_folder_is_one_load();
  progress_may_cancel();
  wrong_files_are_refused_at_commit();
  dangbo_registry_free(registry);
  return check_result();
}
