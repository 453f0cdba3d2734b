/* Each function with its n-th allocation failing, for n = 1, 2, ... until it needs no more: no
 * crash, no leak, outs NULL, DANGBO_E_MEMORY, and nothing changed, so that the same call succeeds
 * afterwards. First one allocation fails, then that one and all behind it.
 *
 * Not here, because others' code below them ends the program instead of throwing: queries (values
 * of nlohmann::json allocate while they are destroyed) and reading a folder (directory_iterator of
 * libstdc++ 12). docs/c_abi.md says so. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "dangbo/table/arrow/abi.h"
#include "failing_new.hpp"
#include "support.h"

static dangbo_registry* registry;
static dangbo_registry* fork;
static dangbo_change* change;
static dangbo_snapshot* snapshot;
static dangbo_view* view;
static dangbo_table* table;
static dangbo_text* text;
static dangbo_error* error;
static struct ArrowArrayStream stream;

/* Too long for a text without memory of its own. */
static const char kLong[] = "một tên dài đến mức phải cấp phát";
static const char kQuery[] =
    "{\"query\":1,\"of\":\"members\",\"on\":\"2018-06-01\",\"unit\":\"KHOI\",\"each\":\"children\","
    "\"by\":[\"sex\"],\"share\":\"stock\"}";

/* ---- what must stand before the call, and what may stand after it ---- */

static void nothing(void) {}

static void make_empty(void) {
  CHECK_OK(dangbo_registry_create(0, &registry, &test_error));
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
}

static void make_filled(void) {
  make_empty();
  CHECK_OK(add_small_body(change, &test_error));
}

static void make_begun(void) {
  make_empty();
  CHECK_OK(dangbo_change_begin_rows(change, "members", 7, 2, "s", 1, &test_error));
}

static void make_wrong(void) {
  static const char* const names[] = {"member_id", "birth_date"};
  static const char* const cells[] = {"m1", "1980-02-30", "m2", "không rõ", "m1", "2000"};
  make_empty();
  CHECK_OK(add_text_rows(change, "members", names, 2, cells, 3, "members.csv", &test_error));
}

static void make_refused(void) {
  make_wrong();
  CHECK_EQ(dangbo_registry_commit(registry, change, 1, NULL, 0, NULL, &error), DANGBO_E_REFUSED);
}

static void make_committed(void) {
  make_filled();
  CHECK_OK(dangbo_registry_commit(registry, change, 1, NULL, 0, NULL, &test_error));
}

static void make_snapshot(void) {
  make_committed();
  CHECK_OK(dangbo_registry_snapshot(registry, &snapshot, &test_error));
}

static void make_view(void) {
  make_snapshot();
  CHECK_OK(dangbo_snapshot_view(snapshot, day_number(2018, 6, 1), 0, &view, &test_error));
}

static void make_table(void) {
  make_view();
  CHECK_OK(dangbo_view_query(view, kQuery, strlen(kQuery), &table, &test_error));
}

static void make_stream(void) {
  dangbo_table* units = NULL;
  make_view();
  CHECK_OK(dangbo_view_tree(view, NULL, 0, 0, &units, &test_error));
  CHECK_OK(dangbo_table_export_stream(units, &stream, &test_error));
  dangbo_table_free(units);
}

static void free_all(void) {
  if (stream.release != NULL) stream.release(&stream);
  dangbo_error_free(error);
  dangbo_text_free(text);
  dangbo_table_free(table);
  dangbo_view_free(view);
  dangbo_snapshot_free(snapshot);
  dangbo_change_free(change);
  dangbo_registry_free(fork);
  dangbo_registry_free(registry);
  registry = NULL;
  fork = NULL;
  change = NULL;
  snapshot = NULL;
  view = NULL;
  table = NULL;
  text = NULL;
  error = NULL;
}

/* ---- the calls; `result` points at their out ---- */

static void* result;

static dangbo_status create(dangbo_error** e) {
  const dangbo_status status = dangbo_registry_create(0, &registry, e);
  result = registry;
  return status;
}

static dangbo_status create_change(dangbo_error** e) {
  dangbo_change* made = NULL;
  const dangbo_status status = dangbo_change_create(registry, &made, e);
  result = made;
  dangbo_change_free(made);
  return status;
}

static dangbo_status describe(dangbo_error** e) {
  const dangbo_status status = dangbo_registry_tables(registry, &table, e);
  result = table;
  return status;
}

static dangbo_status begin_rows(dangbo_error** e) {
  return dangbo_change_begin_rows(change, kLong, strlen(kLong), 2, kLong, strlen(kLong), e);
}

static dangbo_status text_column(dangbo_error** e) {
  static const int64_t ends[] = {0, 2, 4};
  return dangbo_change_text_column(change, "member_id", 9, "n1n2", ends, NULL, e);
}

static dangbo_status bad_text_column(dangbo_error** e) {
  static const int64_t ends[] = {0, 2, 4};
  return dangbo_change_text_column(change, "member_id", 9, "\xC3\x28\xC3\x28", ends, NULL, e);
}

static dangbo_status date_column(dangbo_error** e) {
  static const int32_t days[] = {0, 1};
  static const uint8_t validity[] = {0, 1};
  return dangbo_change_date_column(change, "birth_date", 10, days, validity, e);
}

static void make_correcting(void) {
  static const int64_t row = 0;
  make_committed();
  CHECK_OK(
      dangbo_change_begin_corrections(change, "members", 7, 1, kLong, strlen(kLong), &test_error));
  CHECK_OK(dangbo_change_int64_column(change, "row_id", 6, &row, NULL, &test_error));
  CHECK_OK(dangbo_change_begin_values(change, &test_error));
}

static void make_corrected(void) {
  static const int64_t ends[] = {0, 4};
  make_correcting();
  CHECK_OK(dangbo_change_text_column(change, "sex", 3, "male", ends, NULL, &test_error));
  CHECK_OK(dangbo_change_end_rows(change, &test_error));
}

static void make_history(void) {
  make_corrected();
  CHECK_OK(dangbo_registry_commit(registry, change, 2, NULL, 0, NULL, &test_error));
  CHECK_OK(dangbo_registry_snapshot(registry, &snapshot, &test_error));
}

static void make_fork(void) {
  dangbo_change* mine = NULL;
  make_history();
  CHECK_OK(dangbo_snapshot_fork(snapshot, &fork, &test_error));
  CHECK_OK(dangbo_change_create(fork, &mine, &test_error));
  CHECK_OK(dangbo_change_begin_withdrawals(mine, "memberships", 11, 1, "s", 1, &test_error));
  {
    static const int64_t row = 4;
    CHECK_OK(dangbo_change_int64_column(mine, "row_id", 6, &row, NULL, &test_error));
  }
  CHECK_OK(dangbo_change_end_rows(mine, &test_error));
  CHECK_OK(dangbo_registry_commit(fork, mine, 3, NULL, 0, NULL, &test_error));
  dangbo_change_free(mine);
}

static dangbo_status correct(dangbo_error** e) {
  static const int64_t ends[] = {0, 4};
  const dangbo_status status = dangbo_change_text_column(change, "sex", 3, "male", ends, NULL, e);
  return status == DANGBO_OK ? dangbo_change_end_rows(change, e) : status;
}

static dangbo_status add_script(dangbo_error** e) {
  const char* path = in_folder("sua.yaml");
  return dangbo_change_add_script(change, path, strlen(path), e);
}

static dangbo_status operate(dangbo_error** e) {
  static const char script[] =
      "{script: 1, changes: [{leave: {member: m1, day: 2021-01-01, reason: death}}]}";
  return dangbo_change_add_script_text(change, script, sizeof(script) - 1, "việc", 6, e);
}

static dangbo_status advance(dangbo_error** e) {
  return dangbo_registry_advance(registry, 18000, 5, kLong, strlen(kLong), NULL, e);
}

static dangbo_status tell_log(dangbo_error** e) {
  const dangbo_status status = dangbo_snapshot_log(snapshot, &table, e);
  result = table;
  return status;
}

static dangbo_status tell_changes(dangbo_error** e) {
  const dangbo_status status =
      dangbo_snapshot_changes(snapshot, 0, DANGBO_DATE_NONE, DANGBO_DATE_NONE, NULL, 0, &table, e);
  result = table;
  return status;
}

static dangbo_status tell_agenda(dangbo_error** e) {
  const dangbo_status status =
      dangbo_snapshot_agenda(snapshot, DANGBO_DATE_NONE, DANGBO_DATE_NONE, &table, e);
  result = table;
  return status;
}

static dangbo_status tell_rows(dangbo_error** e) {
  const dangbo_status status = dangbo_snapshot_rows(snapshot, "units", 5, 0, 0, &table, e);
  result = table;
  return status;
}

static dangbo_status look_back(dangbo_error** e) {
  dangbo_snapshot* early = NULL;
  const dangbo_status status = dangbo_snapshot_as_of(snapshot, 1, &early, e);
  result = early;
  dangbo_snapshot_free(early);
  return status;
}

static dangbo_status take_fork(dangbo_error** e) {
  const dangbo_status status = dangbo_snapshot_fork(snapshot, &fork, e);
  result = fork;
  return status;
}

static dangbo_status bring_home(dangbo_error** e) {
  return dangbo_registry_commit_fork(registry, fork, 5, kLong, strlen(kLong), NULL, e);
}

static dangbo_status add_rows(dangbo_error** e) {
  return add_small_body(change, e);
}

static dangbo_status add_file(dangbo_error** e) {
  const char* path = in_folder("units.csv");
  return dangbo_change_add_file(change, "units", 5, path, strlen(path), e);
}

static dangbo_status declare(dangbo_error** e) {
  const char* path = in_folder("schema.yaml");
  return dangbo_registry_declare_file(registry, path, strlen(path), e);
}

static dangbo_status add_stream(dangbo_error** e) {
  return dangbo_change_add_stream(change, "units", 5, &stream, "luồng", 6, e);
}

static dangbo_status check_change(dangbo_error** e) {
  const dangbo_status status = dangbo_change_check(change, &table, NULL, e);
  result = table;
  return status;
}

static dangbo_status commit(dangbo_error** e) {
  uint64_t number = 77;
  const dangbo_status status =
      dangbo_registry_commit(registry, change, 5, kLong, strlen(kLong), &number, e);
  if (status != DANGBO_OK) CHECK_EQ(number, 0);
  return status;
}

static dangbo_status problems(dangbo_error** e) {
  const dangbo_status status = dangbo_error_problems(error, &table);
  (void)e;
  result = table;
  return status;
}

static dangbo_status take_snapshot(dangbo_error** e) {
  const dangbo_status status = dangbo_registry_snapshot(registry, &snapshot, e);
  result = snapshot;
  return status;
}

static dangbo_status take_view(dangbo_error** e) {
  const dangbo_status status = dangbo_snapshot_view(snapshot, 17000, 1, &view, e);
  result = view;
  return status;
}

static dangbo_status total(dangbo_error** e) {
  int64_t members = 77;
  const dangbo_status status = dangbo_view_total(view, 1, 0, 0, &members, e);
  CHECK_EQ(members, status == DANGBO_OK ? 3 : 0);
  return status;
}

static dangbo_status find_nothing(dangbo_error** e) {
  uint64_t unit = 77;
  const dangbo_status status = dangbo_view_find_unit(view, kLong, strlen(kLong), &unit, e);
  CHECK_EQ(unit, 0);
  return status;
}

static dangbo_status tree(dangbo_error** e) {
  const dangbo_status status = dangbo_view_tree(view, NULL, 0, 0, &table, e);
  result = table;
  return status;
}

static dangbo_status tell_lineage(dangbo_error** e) {
  const dangbo_status status = dangbo_view_lineage(view, "D1", 2, &table, e);
  result = table;
  return status;
}

/* Not the functions that take JSON: its library needs memory to free a document. */
static dangbo_status compile_and_run(dangbo_error** e) {
  static const int32_t codes[] = {0, 1};
  static const int64_t offsets[] = {0, 1, 2};
  static const uint8_t known[] = {1, 0};
  const uint64_t* yes = NULL;
  const uint64_t* no = NULL;
  dangbo_expr* expr = NULL;
  dangbo_expr_run* run = NULL;
  dangbo_table* parts = NULL;
  dangbo_status status = dangbo_snapshot_expr(
      snapshot, "members", 7, "sex == 'female' && size(member_id) > 1", 38, &expr, e);
  CHECK((expr == NULL) == (status != DANGBO_OK));
  if (status == DANGBO_OK) status = dangbo_expr_explain(expr, &parts, e);
  if (status == DANGBO_OK) status = dangbo_expr_run_create(expr, &run, e);
  if (status == DANGBO_OK) {
    status = dangbo_expr_run_column(run, "sex", 3, DANGBO_TYPE_CODE, codes, 2, known, e);
  }
  if (status == DANGBO_OK) {
    status = dangbo_expr_run_text_column(run, "member_id", 9, codes, 2, "ab", offsets, 2, NULL, e);
  }
  if (status == DANGBO_OK) status = dangbo_expr_run_evaluate(run, 2, e);
  if (status == DANGBO_OK) status = dangbo_expr_run_planes(run, &yes, &no, e);
  dangbo_expr_run_free(run);
  dangbo_table_free(parts);
  dangbo_expr_free(expr);
  return status;
}

static dangbo_status map_codes(dangbo_error** e) {
  const dangbo_status status = dangbo_snapshot_code_mapping(snapshot, day_number(2018, 6, 1),
                                                            day_number(2021, 6, 1), 1, &table, e);
  result = table;
  return status;
}

static dangbo_status value(dangbo_error** e) {
  const dangbo_status status = dangbo_table_value(table, 1, 0, &text, e);
  result = text;
  return status;
}

static dangbo_status format_all(dangbo_error** e) {
  dangbo_status status = DANGBO_OK;
  int32_t format;
  for (format = DANGBO_FORMAT_TEXT; format <= DANGBO_FORMAT_JSONL && status == DANGBO_OK;
       ++format) {
    dangbo_text_free(text);
    text = NULL;
    status = dangbo_table_format(table, format, DANGBO_LANGUAGE_VI, &text, e);
    result = text;
  }
  return status;
}

static dangbo_status provenance(dangbo_error** e) {
  dangbo_table* facts = NULL;
  const dangbo_status status = dangbo_table_provenance(table, &facts, e);
  result = facts;
  dangbo_table_free(facts);
  return status;
}

static dangbo_status export_table(dangbo_error** e) {
  const dangbo_status status = dangbo_table_export_stream(table, &stream, e);
  if (status != DANGBO_OK) CHECK(stream.release == NULL);
  return status;
}

/* The callbacks of a stream say ENOMEM (12) in their own way. */
static dangbo_status walk_stream(dangbo_error** e) {
  struct ArrowSchema schema = {0};
  struct ArrowArray array = {0};
  int code = stream.get_schema(&stream, &schema);
  (void)e;
  if (code == 0) {
    schema.release(&schema);
    code = stream.get_next(&stream, &array);
    if (code == 0) array.release(&array);
  }
  return code == 12 ? DANGBO_E_MEMORY : code;
}

static const struct step {
  const char* name;
  void (*prepare)(void);
  dangbo_status (*call)(dangbo_error** error);
  dangbo_status in_the_end; /* what the call gives when nothing fails */
} steps[] = {
    {"registry_create", nothing, create, DANGBO_OK},
    {"change_create", make_empty, create_change, DANGBO_OK},
    {"registry_tables", make_empty, describe, DANGBO_OK},
    {"change_begin_rows", make_empty, begin_rows, DANGBO_OK},
    {"change_text_column", make_begun, text_column, DANGBO_OK},
    {"change_text_column, bad", make_begun, bad_text_column, DANGBO_E_REFUSED},
    {"change_date_column", make_begun, date_column, DANGBO_OK},
    {"change_end_rows", make_empty, add_rows, DANGBO_OK},
    {"change_add_stream", make_stream, add_stream, DANGBO_OK},
    {"change_check", make_filled, check_change, DANGBO_OK},
    {"change_check, bad", make_wrong, check_change, DANGBO_OK},
    {"registry_commit", make_filled, commit, DANGBO_OK},
    {"registry_commit, refused", make_wrong, commit, DANGBO_E_REFUSED},
    {"error_problems", make_refused, problems, DANGBO_OK},
    {"registry_snapshot", make_committed, take_snapshot, DANGBO_OK},
    {"snapshot_view", make_snapshot, take_view, DANGBO_OK},
    {"view_find_unit", make_view, find_nothing, DANGBO_E_NOT_FOUND},
    {"view_total", make_view, total, DANGBO_OK},
    {"view_tree", make_view, tree, DANGBO_OK},
    {"view_lineage", make_view, tell_lineage, DANGBO_OK},
    {"snapshot_expr", make_snapshot, compile_and_run, DANGBO_OK},
    {"snapshot_code_mapping", make_snapshot, map_codes, DANGBO_OK},
    {"table_value", make_table, value, DANGBO_OK},
    {"table_format", make_table, format_all, DANGBO_OK},
    {"table_provenance", make_table, provenance, DANGBO_OK},
    {"table_export_stream", make_table, export_table, DANGBO_OK},
    {"the stream's callbacks", make_stream, walk_stream, DANGBO_OK},
    {"corrections", make_correcting, correct, DANGBO_OK},
    {"corrections, commit", make_corrected, commit, DANGBO_OK},
    {"registry_advance", make_history, advance, DANGBO_OK},
    {"snapshot_log", make_history, tell_log, DANGBO_OK},
    {"snapshot_changes", make_history, tell_changes, DANGBO_OK},
    {"snapshot_agenda", make_history, tell_agenda, DANGBO_OK},
    {"snapshot_rows", make_history, tell_rows, DANGBO_OK},
    {"snapshot_as_of", make_history, look_back, DANGBO_OK},
    {"snapshot_fork", make_history, take_fork, DANGBO_OK},
    {"registry_commit_fork", make_fork, bring_home, DANGBO_OK},
    {"change_add_script", make_history, add_script, DANGBO_OK},
    {"change_add_script_text", make_history, operate, DANGBO_OK},
    {"change_add_file", make_empty, add_file, DANGBO_OK},
    {"registry_declare_file", make_empty, declare, DANGBO_OK},
};

/* One call; 1 when none of its allocations failed. */
static int call_once(const struct step* step, int64_t n, int and_all_after) {
  dangbo_error* failed = NULL;
  dangbo_status status;
  int did_fail;
  int ok;
  step->prepare();
  result = NULL;
  fail_allocation(n, and_all_after);
  status = step->call(&failed);
  did_fail = stop_failing();
  ok = status == step->in_the_end || (did_fail && status == DANGBO_E_MEMORY);
  ok = ok && (status == DANGBO_OK || result == NULL);
  if (failed != NULL) {
    ok = ok && dangbo_error_status(failed) == status;
    ok = ok && *dangbo_error_message(failed, DANGBO_LANGUAGE_VI) != '\0';
  }
  if (!CHECK(ok)) {
    fprintf(stderr, "  %s, allocation %d: status %d: %s\n", step->name, (int)n, (int)status,
            dangbo_error_message(failed, DANGBO_LANGUAGE_EN));
  }
  if (status == DANGBO_E_MEMORY && failed != NULL) {
    /* Nothing was changed: memory is there again, and so the call does what it should. */
    if (step->call != add_stream && step->call != add_rows && step->call != correct) {
      CHECK_EQ(step->call(NULL), step->in_the_end);
    }
    CHECK_EQ(dangbo_error_problem_count(failed), 0);
    dangbo_error_free(failed); /* does nothing: it may be freed again */
  }
  dangbo_error_free(failed);
  free_all();
  return !did_fail;
}

static void sweep(const struct step* step) {
  int and_all_after;
  for (and_all_after = 0; and_all_after <= 1; ++and_all_after) {
    int64_t n = 1;
    int64_t before = live_allocations();
    while (!call_once(step, n, and_all_after)) {
      /* What is made once for all was made in the first round. */
      if (and_all_after && !CHECK_EQ(live_allocations(), before)) {
        fprintf(stderr, "  %s leaks when allocation %d fails\n", step->name, (int)n);
        before = live_allocations();
      }
      /* The second round need not try every place again. */
      n += and_all_after && n > 40 ? 13 : 1;
    }
    if (!and_all_after) printf("%-28s %5d allocations\n", step->name, (int)n - 1);
  }
}

int main(int argc, char** argv) {
  size_t i;
  use_folder(argc, argv);
  write_file("units.csv", "unit_id,from,parent_id,kind,lạ\nF,2010-01-01,,CBCS,x\n");
  write_file("sua.yaml",
             "script: 1\nchanges:\n- correct: {table: members, row_id: 1, set: {sex: nam}}\n"
             "- add: {table: members, row: {member_id: f3, birth_date: 31/02/1980}}\n");
  write_file("members.csv", "mã đảng viên,giới tính\nf1,nữ\nf2,robot\n");
  write_file("schema.yaml",
             "tables:\n  - name: books\n    kind: event\n    fields:\n"
             "      - {name: day, type: date, role: day, required: true}\n");
  for (i = 0; i < sizeof steps / sizeof *steps; ++i) sweep(&steps[i]);
  return check_result();
}
