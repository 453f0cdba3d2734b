/* Corrections, withdrawals, scripts, the current day, what was known when, and forks. */
#include <string.h>

#include "check.h"
#include "support.h"

static void add_cells(dangbo_change* change, const char* const* names, size_t columns,
                      const char* const* cells, size_t rows) {
  size_t column;
  for (column = 0; column < columns; ++column) {
    char bytes[256];
    int64_t offsets[9];
    uint8_t validity[8];
    size_t row;
    size_t at = 0;
    offsets[0] = 0;
    for (row = 0; row < rows; ++row) {
      const char* text = cells[row * columns + column];
      validity[row] = text != NULL;
      if (text != NULL) memcpy(bytes + at, text, strlen(text));
      at += text == NULL ? 0 : strlen(text);
      offsets[row + 1] = (int64_t)at;
    }
    CHECK_OK(dangbo_change_text_column(change, names[column], strlen(names[column]), bytes, offsets,
                                       validity, &test_error));
  }
}

/* Sets `until` of the home membership of a member in a unit. */
static void end_home(dangbo_change* change, const char* member, const char* unit,
                     const char* until) {
  static const char* const names[] = {"member_id", "unit_id", "kind"};
  static const char* const value[] = {"until"};
  const char* cells[3];
  cells[0] = member;
  cells[1] = unit;
  cells[2] = "home";
  CHECK_OK(dangbo_change_begin_corrections(change, "memberships", 11, 1, "sửa", 5, &test_error));
  add_cells(change, names, 3, cells, 1);
  CHECK_OK(dangbo_change_begin_values(change, &test_error));
  add_cells(change, value, 1, &until, 1);
  CHECK_OK(dangbo_change_end_rows(change, &test_error));
}

static void withdraw_row(dangbo_change* change, const char* table, int64_t row_id) {
  CHECK_OK(dangbo_change_begin_withdrawals(change, table, strlen(table), 1, "bỏ", strlen("bỏ"),
                                           &test_error));
  CHECK_OK(dangbo_change_int64_column(change, "row_id", 6, &row_id, NULL, &test_error));
  CHECK_OK(dangbo_change_end_rows(change, &test_error));
}

static int64_t stock(const dangbo_registry* registry, int year, uint64_t known_at) {
  dangbo_snapshot* snapshot = NULL;
  dangbo_view* view = NULL;
  uint64_t unit = 0;
  int64_t total = -1;
  CHECK_OK(dangbo_registry_snapshot(registry, &snapshot, &test_error));
  CHECK_OK(dangbo_snapshot_view(snapshot, day_number(year, 6, 1), known_at, &view, &test_error));
  CHECK_OK(dangbo_view_find_unit(view, "KHOI", 4, &unit, &test_error));
  CHECK_OK(dangbo_view_total(view, unit, 0, 0, &total, &test_error));
  dangbo_view_free(view);
  dangbo_snapshot_free(snapshot);
  return total;
}

static dangbo_status commit_at(dangbo_registry* registry, dangbo_change* change, int64_t time) {
  return dangbo_registry_commit(registry, change, time, NULL, 0, NULL, &test_error);
}

static void rows_are_corrected_and_withdrawn(void) {
  dangbo_registry* registry = small_registry();
  dangbo_change* change = NULL;
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  CHECK_EQ(stock(registry, 2021, 0), 3);
  end_home(change, "m1", "A", "2021-01-01");
  withdraw_row(change, "memberships", 4); /* of m4 */
  CHECK_OK(commit_at(registry, change, 2));
  CHECK_EQ(stock(registry, 2021, 0), 1);
  CHECK_EQ(stock(registry, 2021, 1), 3);
  dangbo_change_free(change);
  dangbo_registry_free(registry);
}

static void what_names_no_row_is_refused(void) {
  dangbo_registry* registry = small_registry();
  dangbo_change* change = NULL;
  dangbo_table* problems = NULL;
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  end_home(change, "m1", "B", "2021-01-01");
  end_home(change, "m9", "A", "2021-01-01");
  withdraw_row(change, "members", 99);
  CHECK_OK(dangbo_change_check(change, &problems, NULL, &test_error));
  CHECK_EQ(dangbo_table_row_count(problems), 3);
  CHECK_TEXT(cell(problems, "code", 0), "309");
  CHECK_TEXT(cell(problems, "file", 0), "bỏ");
  CHECK_TEXT(cell(problems, "value", 0), "99");
  dangbo_table_free(problems);
  CHECK_FAILS(commit_at(registry, change, 2), DANGBO_E_REFUSED);
  CHECK_EQ(stock(registry, 2021, 0), 3);
  dangbo_change_free(change);
  dangbo_registry_free(registry);
}

static void batches_keep_their_order(void) {
  static const int64_t number = 0;
  dangbo_registry* registry = small_registry();
  dangbo_change* change = NULL;
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  CHECK_FAILS(dangbo_change_begin_values(change, &test_error), DANGBO_E_ARGUMENT);
  CHECK_OK(dangbo_change_begin_rows(change, "members", 7, 1, "s", 1, &test_error));
  CHECK_FAILS(dangbo_change_begin_values(change, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_change_begin_corrections(change, "members", 7, 1, "s", 1, &test_error),
              DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_change_end_rows(change, &test_error), DANGBO_E_ARGUMENT);
  CHECK_OK(dangbo_change_begin_withdrawals(change, "members", 7, 1, "s", 1, &test_error));
  CHECK_FAILS(dangbo_change_begin_values(change, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_change_end_rows(change, &test_error), DANGBO_E_ARGUMENT);
  /* Without what names rows, and without values, there is no correction. */
  CHECK_OK(dangbo_change_begin_corrections(change, "members", 7, 1, "s", 1, &test_error));
  CHECK_OK(dangbo_change_int64_column(change, "row_id", 6, &number, NULL, &test_error));
  CHECK_FAILS(dangbo_change_end_rows(change, &test_error), DANGBO_E_ARGUMENT);
  CHECK_OK(dangbo_change_begin_corrections(change, "members", 7, 1, "s", 1, &test_error));
  CHECK_OK(dangbo_change_begin_values(change, &test_error));
  CHECK_FAILS(dangbo_change_begin_values(change, &test_error), DANGBO_E_ARGUMENT);
  CHECK_OK(dangbo_change_int64_column(change, "row_id", 6, &number, NULL, &test_error));
  CHECK_FAILS(dangbo_change_end_rows(change, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(
      dangbo_change_begin_withdrawals(change, "members", 7, UINT64_MAX, "s", 1, &test_error),
      DANGBO_E_ARGUMENT);
  /* Nothing of all this is left in the change. */
  CHECK_OK(commit_at(registry, change, 2));
  CHECK_EQ(stock(registry, 2021, 0), 3);
  dangbo_change_free(change);
  dangbo_registry_free(registry);
}

static const char kScript[] =
    "script: 1\n"
    "changes:\n"
    "- correct: {table: memberships, key: {member_id: m1, unit_id: A}, set: {until: 2021-01-01}}\n"
    "- add: {table: memberships, row: {member_id: m1, unit_id: D1, kind: home, from: 2021-01-01}}\n"
    "- withdraw: {table: memberships, key: {member_id: m4}}\n";

static void scripts_are_read(void) {
  dangbo_registry* registry = small_registry();
  dangbo_change* change = NULL;
  dangbo_table* problems = NULL;
  const char* path = write_file("sua.yaml", kScript);
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  CHECK_OK(dangbo_change_add_script(change, path, strlen(path), &test_error));
  CHECK_OK(commit_at(registry, change, 2));
  CHECK_EQ(stock(registry, 2021, 0), 2);
  path = write_file("sai.yaml", "script: 1\nchanges:\n- add: {table: members, rwo: {}}\n");
  CHECK_OK(dangbo_change_add_script(change, path, strlen(path), &test_error));
  CHECK_OK(dangbo_change_check(change, &problems, NULL, &test_error));
  CHECK_TEXT(cell(problems, "code", 0), "112");
  CHECK_TEXT(cell(problems, "row", 0), "3");
  CHECK_TEXT(cell(problems, "value", 0), "rwo");
  dangbo_table_free(problems);
  dangbo_change_free(change);
  dangbo_registry_free(registry);
}

static void operations_are_scripts(void) {
  static const char kMove[] =
      "{\"script\": 1, \"changes\": [{\"move\": {\"member\": \"m1\", \"to\": \"D1\", "
      "\"day\": \"2021-01-01\"}}]}";
  static const char kClose[] =
      "script: 1\nchanges:\n- close: {unit: D1, day: 2021-06-01, decision: QD2}\n";
  dangbo_registry* registry = small_registry();
  dangbo_change* change = NULL;
  dangbo_table* problems = NULL;
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  CHECK_OK(dangbo_change_add_script_text(change, kMove, strlen(kMove), "việc", 6, &test_error));
  CHECK_OK(commit_at(registry, change, 2));
  CHECK_EQ(stock(registry, 2021, 0), 3);
  CHECK_OK(dangbo_change_add_script_text(change, kClose, strlen(kClose), "đóng", 6, &test_error));
  CHECK_OK(dangbo_change_check(change, &problems, NULL, &test_error));
  CHECK_TEXT(cell(problems, "code", 0), "311");
  CHECK_TEXT(cell(problems, "file", 0), "memberships");
  dangbo_table_free(problems);
  dangbo_change_free(change);
  dangbo_registry_free(registry);
}

static dangbo_snapshot* latest(const dangbo_registry* registry) {
  dangbo_snapshot* snapshot = NULL;
  CHECK_OK(dangbo_registry_snapshot(registry, &snapshot, &test_error));
  return snapshot;
}

static void a_mark_of_invented_data_stays(void) {
  dangbo_registry* registry = small_registry();
  dangbo_change* change = NULL;
  dangbo_snapshot* before = latest(registry);
  dangbo_snapshot* after;
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  CHECK_OK(dangbo_change_mark_synthetic(change, &test_error));
  CHECK_OK(commit_at(registry, change, 2));
  CHECK_OK(commit_at(registry, change, 3));
  after = latest(registry);
  CHECK_EQ(dangbo_snapshot_is_synthetic(before), 0);
  CHECK_EQ(dangbo_snapshot_is_synthetic(after), 1);
  dangbo_snapshot_free(before);
  dangbo_snapshot_free(after);
  dangbo_change_free(change);
  dangbo_registry_free(registry);
}

static dangbo_status advance(dangbo_registry* registry, int32_t day, int64_t time,
                             uint64_t* commit) {
  return dangbo_registry_advance(registry, day, time, "đêm", strlen("đêm"), commit, &test_error);
}

static void the_day_moves_forward(void) {
  dangbo_registry* registry = small_registry();
  dangbo_snapshot* snapshot = latest(registry);
  dangbo_table* due = NULL;
  uint64_t commit = 77;
  CHECK_EQ(dangbo_snapshot_current_day(snapshot), DANGBO_DATE_NONE);
  dangbo_snapshot_free(snapshot);
  CHECK_OK(advance(registry, day_number(2020, 6, 30), 5, &commit));
  CHECK_EQ(commit, 2);
  CHECK_FAILS(advance(registry, day_number(2020, 6, 29), 6, &commit), DANGBO_E_REFUSED);
  CHECK_EQ(commit, 0);
  CHECK_FAILS(advance(registry, DANGBO_DATE_NONE, 6, NULL), DANGBO_E_ARGUMENT);
  snapshot = latest(registry);
  CHECK_EQ(dangbo_snapshot_current_day(snapshot), day_number(2020, 6, 30));
  CHECK_OK(dangbo_snapshot_agenda(snapshot, day_number(2020, 7, 1), day_number(2021, 1, 2), &due,
                                  &test_error));
  CHECK_EQ(dangbo_table_row_count(due), 4);
  CHECK_TEXT(cell(due, "day", 0), "2020-07-01");
  CHECK_TEXT(cell(due, "due", 3), "begins");
  CHECK_TEXT(cell(due, "member_id", 3), "m4");
  dangbo_table_free(due);
  due = NULL;
  CHECK_OK(dangbo_snapshot_agenda(snapshot, DANGBO_DATE_NONE, DANGBO_DATE_NONE, &due, &test_error));
  CHECK_EQ(dangbo_table_row_count(due), 16);
  dangbo_table_free(due);
  CHECK_FAILS(dangbo_snapshot_agenda(snapshot, 0, INT32_MAX, &due, &test_error), DANGBO_E_ARGUMENT);
  dangbo_snapshot_free(snapshot);
  dangbo_registry_free(registry);
}

static void what_was_known_is_told(void) {
  dangbo_registry* registry = small_registry();
  dangbo_change* change = NULL;
  dangbo_snapshot* snapshot;
  dangbo_snapshot* early = NULL;
  dangbo_table* table = NULL;
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  end_home(change, "m1", "A", "2021-01-01");
  CHECK_OK(commit_at(registry, change, 10));
  snapshot = latest(registry);
  CHECK_EQ(dangbo_snapshot_commit_at_time(snapshot, 0), 0);
  CHECK_EQ(dangbo_snapshot_commit_at_time(snapshot, 9), 1);
  CHECK_EQ(dangbo_snapshot_commit_at_time(snapshot, INT64_MAX), 2);

  CHECK_OK(dangbo_snapshot_log(snapshot, &table, &test_error));
  CHECK_EQ(dangbo_table_row_count(table), 2);
  CHECK_TEXT(cell(table, "added", 0), "16");
  CHECK_TEXT(cell(table, "corrected", 1), "1");
  CHECK_TEXT(cell(table, "time", 1), "10");
  dangbo_table_free(table);

  CHECK_OK(dangbo_snapshot_changes(snapshot, 1, DANGBO_DATE_NONE, DANGBO_DATE_NONE, NULL, 0, &table,
                                   &test_error));
  CHECK_EQ(dangbo_table_row_count(table), 1);
  CHECK_TEXT(cell(table, "field", 0), "until");
  CHECK(cell(table, "before", 0) == NULL);
  CHECK_TEXT(cell(table, "after", 0), "2021-01-01");
  dangbo_table_free(table);
  CHECK_OK(dangbo_snapshot_changes(snapshot, 1, day_number(2000, 1, 1), day_number(2001, 1, 1),
                                   "memberships", 11, &table, &test_error));
  CHECK_EQ(dangbo_table_row_count(table), 0);
  dangbo_table_free(table);
  CHECK_FAILS(dangbo_snapshot_changes(snapshot, 1, DANGBO_DATE_NONE, DANGBO_DATE_NONE, "none", 4,
                                      &table, &test_error),
              DANGBO_E_REFUSED);
  CHECK(table == NULL);

  CHECK_OK(dangbo_snapshot_as_of(snapshot, 1, &early, &test_error));
  CHECK_EQ(dangbo_snapshot_commit(early), 1);
  CHECK_OK(dangbo_snapshot_rows(early, "memberships", 11, 0, 0, &table, &test_error));
  CHECK_EQ(dangbo_table_row_count(table), 6);
  CHECK_TEXT(cell(table, "row_id", 0), "0");
  CHECK_TEXT(cell(table, "member_id", 0), "m1");
  dangbo_table_free(table);
  dangbo_snapshot_free(early);
  CHECK_OK(dangbo_snapshot_rows(snapshot, "memberships", 11, 0, 2, &table, &test_error));
  CHECK_EQ(dangbo_table_row_count(table), 1);
  dangbo_table_free(table);
  CHECK_OK(dangbo_snapshot_rows(snapshot, "memberships", 11, UINT64_MAX, 5, &table, &test_error));
  CHECK_EQ(dangbo_table_row_count(table), 0);
  dangbo_table_free(table);
  CHECK_FAILS(dangbo_snapshot_rows(snapshot, "none", 4, 0, 0, &table, &test_error),
              DANGBO_E_REFUSED);
  CHECK_OK(dangbo_snapshot_as_of(snapshot, UINT64_MAX, &early, &test_error));
  CHECK_EQ(dangbo_snapshot_commit(early), 2);
  dangbo_snapshot_free(early);
  dangbo_snapshot_free(snapshot);
  dangbo_change_free(change);
  dangbo_registry_free(registry);
}

static dangbo_status bring_home(dangbo_registry* registry, const dangbo_registry* fork,
                                uint64_t* commit) {
  return dangbo_registry_commit_fork(registry, fork, 20, "nháp", strlen("nháp"), commit,
                                     &test_error);
}

static dangbo_registry* fork_with_end(const dangbo_registry* registry, const char* until) {
  dangbo_snapshot* snapshot = latest(registry);
  dangbo_registry* fork = NULL;
  dangbo_change* change = NULL;
  CHECK_OK(dangbo_snapshot_fork(snapshot, &fork, &test_error));
  dangbo_snapshot_free(snapshot);
  CHECK_OK(dangbo_change_create(fork, &change, &test_error));
  end_home(change, "m1", "A", until);
  CHECK_OK(commit_at(fork, change, 10));
  dangbo_change_free(change);
  return fork;
}

static void forks_come_home(void) {
  dangbo_registry* registry = small_registry();
  dangbo_registry* first = fork_with_end(registry, "2021-01-01");
  dangbo_registry* second = fork_with_end(registry, "2021-02-01");
  dangbo_registry* other = small_registry();
  dangbo_error* error = NULL;
  uint64_t commit = 77;
  CHECK_EQ(stock(first, 2021, 0), 2);
  CHECK_EQ(stock(registry, 2021, 0), 3);
  CHECK_OK(bring_home(registry, first, &commit));
  CHECK_EQ(commit, 2);
  CHECK_EQ(stock(registry, 2021, 0), 2);
  /* The second one corrects a row that is no longer the same. */
  CHECK_EQ(dangbo_registry_commit_fork(registry, second, 20, NULL, 0, &commit, &error),
           DANGBO_E_REFUSED);
  CHECK_EQ(commit, 0);
  CHECK(dangbo_error_problem_count(error) >= 1);
  dangbo_error_free(error);
  CHECK_FAILS(bring_home(registry, other, &commit), DANGBO_E_ARGUMENT);
  CHECK_FAILS(bring_home(registry, registry, &commit), DANGBO_E_ARGUMENT);
  dangbo_registry_free(registry);
  CHECK_EQ(stock(second, 2021, 0), 2); /* a fork lives on its own */
  dangbo_registry_free(first);
  dangbo_registry_free(second);
  dangbo_registry_free(other);
}

int main(int argc, char** argv) {
  use_folder(argc, argv);
  rows_are_corrected_and_withdrawn();
  what_names_no_row_is_refused();
  batches_keep_their_order();
  scripts_are_read();
  operations_are_scripts();
  a_mark_of_invented_data_stays();
  the_day_moves_forward();
  what_was_known_is_told();
  forks_come_home();
  return check_result();
}
