/* Every function with NULL for each pointer, with every wrong kind of handle, with ill-formed text.
 * Exactly one argument is bad at a time, and the same call with none is accepted as a call. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "dangbo/table/arrow/abi.h"
#include "support.h"

/* ---- all kinds of handles, alive ---- */

enum { kKinds = 10 };
static const char kKindLetters[] = "RCSVTEXNPU";

static dangbo_registry* registry;
static dangbo_change* change;
static dangbo_change* open_change; /* with one row begun */
static dangbo_change* correcting;  /* with a correction begun */
static dangbo_registry* fork;
static dangbo_snapshot* snapshot;
static dangbo_view* view;
static dangbo_difference* difference;
static dangbo_table* table;
static dangbo_error* refusal;
static dangbo_text* text;
static dangbo_expr* expression;
static dangbo_expr_run* run;
static dangbo_expr_run* condition; /* evaluated */
static uint64_t codes_at;
static uint64_t counts_at;
static uint64_t reals_at;
static struct ArrowArrayStream released_stream;

/* Of a number, evaluated. */
static void make_run(void) {
  static const char schema[] =
      "{\"fields\":[{\"name\":\"abc\",\"type\":\"int\"},"
      "{\"name\":\"abd\",\"type\":\"text\"}]}";
  static const int64_t number = 3;
  dangbo_expr* sum = NULL;
  CHECK_OK(dangbo_expr_compile("abc + 1", 7, schema, strlen(schema), &sum, &test_error));
  CHECK_OK(dangbo_expr_run_create(sum, &run, &test_error));
  CHECK_OK(dangbo_expr_run_column(run, "abc", 3, DANGBO_TYPE_INT64, &number, 1, NULL, &test_error));
  CHECK_OK(dangbo_expr_run_evaluate(run, 1, &test_error));
  dangbo_expr_free(sum);
}

static void make_handles(void) {
  static const int64_t ends[] = {0, 1};
  static const char query[] =
      "{\"query\":1,\"of\":\"members\",\"unit\":\"KHOI\",\"by\":[\"sex\"],\"share\":\"stock\"}";
  static const char options[] = "{\"difference\":1,\"day\":\"2018-06-01\"}";
  static const char grouping[] = "{\"grouping\":1,\"name\":\"g\",\"by\":[\"sex\"]}";
  int32_t by_sex = -1;
  registry = small_registry();
  CHECK_OK(
      dangbo_registry_declare_grouping(registry, grouping, strlen(grouping), &by_sex, &test_error));
  CHECK_EQ(by_sex, 0);
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  CHECK_OK(dangbo_change_create(registry, &open_change, &test_error));
  CHECK_OK(dangbo_change_begin_rows(open_change, "members", 7, 1, "s", 1, &test_error));
  CHECK_OK(dangbo_change_text_column(open_change, "member_id", 9, "h", ends, NULL, &test_error));
  CHECK_OK(dangbo_registry_snapshot(registry, &snapshot, &test_error));
  CHECK_OK(dangbo_snapshot_fork(snapshot, &fork, &test_error));
  CHECK_OK(dangbo_change_create(registry, &correcting, &test_error));
  CHECK_OK(dangbo_change_begin_corrections(correcting, "members", 7, 1, "s", 1, &test_error));
  CHECK_OK(dangbo_snapshot_view(snapshot, day_number(2018, 6, 1), 0, &view, &test_error));
  CHECK_OK(dangbo_registry_advance(registry, day_number(2018, 6, 1), 9, "", 0, NULL, &test_error));
  CHECK_OK(dangbo_registry_difference(registry, change, options, strlen(options), &difference,
                                      &test_error));
  CHECK_OK(dangbo_view_query(view, query, strlen(query), &table, &test_error));
  CHECK_EQ(dangbo_view_query(view, "{", 1, NULL, &refusal), DANGBO_E_ARGUMENT);
  CHECK_OK(dangbo_table_format(table, 0, 0, &text, &test_error));
  CHECK_OK(dangbo_snapshot_expr(snapshot, "members", 7, "sex == 'female'", 15, &expression,
                                &test_error));
  CHECK_OK(dangbo_expr_run_create(expression, &condition, &test_error));
  CHECK_OK(
      dangbo_expr_run_column(condition, "sex", 3, DANGBO_TYPE_CODE, &by_sex, 1, NULL, &test_error));
  CHECK_OK(dangbo_expr_run_evaluate(condition, 1, &test_error));
  make_run();
  codes_at = find_column(table, "sex");
  counts_at = find_column(table, "count");
  reals_at = find_column(table, "percent");
  memset(&released_stream, 0, sizeof released_stream);
}

static void free_handles(void) {
  dangbo_text_free(text);
  dangbo_error_free(refusal);
  dangbo_table_free(table);
  dangbo_difference_free(difference);
  dangbo_view_free(view);
  dangbo_snapshot_free(snapshot);
  dangbo_registry_free(fork);
  dangbo_expr_run_free(condition);
  dangbo_expr_run_free(run);
  dangbo_expr_free(expression);
  dangbo_change_free(correcting);
  dangbo_change_free(open_change);
  dangbo_change_free(change);
  dangbo_registry_free(registry);
}

static void* handle_of(char letter) {
  switch (letter) {
    case 'R':
      return registry;
    case 'C':
      return change;
    case 'D':
      return open_change;
    case 'O':
      return correcting;
    case 'F':
      return fork;
    case 'N':
      return difference;
    case 'S':
      return snapshot;
    case 'V':
      return view;
    case 'T':
      return table;
    case 'E':
      return refusal;
    case 'P':
      return expression;
    case 'U':
      return run;
    case 'W':
      return condition;
    default:
      return text;
  }
}

/* ---- every function with a status, its pointers taken from an array ---- */

#define CALL(name, arguments)                                          \
  static dangbo_status call_##name(void* const* p, dangbo_error** e) { \
    return dangbo_##name arguments;                                    \
  }

CALL(error_problems, (p[0], ((void)e, p[1])))
CALL(registry_create, (0, p[0], e))
CALL(registry_declare_measure, (p[0], p[1], 3, p[2], e))
CALL(registry_declare_grouping, (p[0], p[1], 3, p[2], e))
CALL(registry_declare_file, (p[0], p[1], 3, e))
CALL(registry_tables, (p[0], p[1], e))
CALL(registry_commit, (p[0], p[1], 9, p[2], 3, p[3], e))
CALL(registry_snapshot, (p[0], p[1], e))
CALL(registry_memory, (p[0], p[1], p[2], e))
CALL(registry_open, (p[0], 3, 0, 0, p[1], e))
CALL(registry_redact, (p[0], p[1], 3, p[2], 3, 9, p[3], 3, p[4], p[5], e))
CALL(registry_compact, (p[0], e))
CALL(file_verify, (p[0], 3, p[1], e))
CALL(registry_advance, (p[0], 18000, 9, p[1], 3, p[2], e))
CALL(registry_commit_fork, (p[0], p[1], 9, p[2], 3, p[3], e))
CALL(change_create, (p[0], p[1], e))
CALL(change_add_path, (p[0], p[1], 3, NULL, NULL, e))
CALL(change_add_file, (p[0], p[1], 3, p[2], 3, e))
CALL(change_add_stream, (p[0], p[1], 3, p[2], p[3], 3, e))
CALL(change_begin_rows, (p[0], p[1], 3, 1, p[2], 3, e))
CALL(change_begin_corrections, (p[0], p[1], 3, 1, p[2], 3, e))
CALL(change_begin_withdrawals, (p[0], p[1], 3, 1, p[2], 3, e))
CALL(change_begin_values, (p[0], e))
CALL(change_add_script, (p[0], p[1], 3, e))
CALL(change_add_script_text, (p[0], p[1], 3, p[2], 3, e))
CALL(change_mark_synthetic, (p[0], e))
CALL(change_text_column, (p[0], p[1], 3, p[2], p[3], NULL, e))
CALL(change_int64_column, (p[0], p[1], 3, p[2], NULL, e))
CALL(change_date_column, (p[0], p[1], 3, p[2], NULL, e))
CALL(change_bool_column, (p[0], p[1], 3, p[2], NULL, e))
CALL(change_end_rows, (p[0], e))
CALL(change_check, (p[0], p[1], p[2], e))
CALL(change_set_aside, (p[0], p[1], p[2], e))
CALL(registry_difference, (p[0], p[1], p[2], 3, p[3], e))
CALL(registry_commit_difference, (p[0], p[1], 9, p[2], 3, p[3], e))
CALL(difference_counts, (p[0], p[1], p[2], p[3], e))
CALL(difference_script, (p[0], p[1], e))
CALL(difference_findings, (p[0], p[1], e))
CALL(difference_set_aside, (p[0], p[1], e))
CALL(view_find_entity, (p[0], p[1], 3, p[2], 3, p[3], p[4], e))
CALL(snapshot_as_of, (p[0], 1, p[1], e))
CALL(snapshot_log, (p[0], p[1], e))
CALL(snapshot_changes, (p[0], 0, 0, 9, p[1], 3, p[2], e))
CALL(snapshot_agenda, (p[0], 0, 9, p[1], e))
CALL(snapshot_code_mapping, (p[0], 0, 9, 0, p[1], e))
CALL(snapshot_rows, (p[0], p[1], 3, 0, 0, p[2], e))
CALL(snapshot_fork, (p[0], p[1], e))
CALL(snapshot_view, (p[0], 0, 0, p[1], e))
CALL(snapshot_query, (p[0], p[1], 3, p[2], e))
CALL(view_find_unit, (p[0], p[1], 3, p[2], e))
CALL(view_total, (p[0], 1, 0, 0, p[1], e))
CALL(view_query, (p[0], p[1], 3, p[2], e))
CALL(view_query_run, (p[0], p[1], 3, 1, 0, NULL, NULL, p[2], e))
CALL(view_tree, (p[0], p[1], 3, 0, p[2], e))
CALL(view_find_measure, (p[0], p[1], 3, p[2], e))
CALL(view_find_grouping, (p[0], p[1], 3, p[2], e))
CALL(view_group_words, (p[0], 0, p[1], e))
CALL(view_group_counts, (p[0], 1, 0, 0, p[1], 8, p[2], e))
CALL(view_trend, (p[0], p[1], 3, p[2], e))
CALL(view_lineage, (p[0], p[1], 3, p[2], e))
CALL(view_report, (p[0], p[1], 3, p[2], e))
CALL(view_freeze, (p[0], p[1], 3, p[2], e))
CALL(frozen_table, (p[0], 3, p[1], e))
CALL(snapshot_compare, (p[0], p[1], 3, 0, p[2], p[3], p[4], e))
CALL(expr_compile, (p[0], 3, p[1], 3, p[2], e))
CALL(snapshot_expr, (p[0], p[1], 3, p[2], 3, p[3], e))
CALL(expr_evaluate, (p[0], p[1], p[2], e))
CALL(expr_evaluate_row, (p[0], p[1], 3, p[2], e))
CALL(expr_explain, (p[0], p[1], e))
CALL(expr_run_create, (p[0], p[1], e))
CALL(expr_run_column, (p[0], p[1], 3, DANGBO_TYPE_INT64, p[2], 1, NULL, e))
CALL(expr_run_text_column, (p[0], p[1], 3, NULL, 1, p[2], p[3], 1, NULL, e))
CALL(expr_run_evaluate, (p[0], 1, e))
CALL(expr_run_planes, (p[0], p[1], p[2], e))
CALL(expr_run_values, (p[0], p[1], p[2], e))
CALL(table_int64s, (p[0], counts_at, p[1], e))
CALL(table_reals, (p[0], reals_at, p[1], e))
CALL(table_codes, (p[0], codes_at, p[1], e))
CALL(table_value, (p[0], 0, 0, p[1], e))
CALL(table_format, (p[0], 1, 0, p[1], e))
CALL(table_provenance, (p[0], p[1], e))
CALL(table_export_stream, (p[0], p[1], e))

/* What the pointers are. Upper case: a handle of that kind (D: a change with rows begun, O: with
 * corrections begun, F: a fork, N: a difference).
 * Lower case, needed outs: r c s v b x f handles to be freed (b: table, f: difference), n a number,
 * m one of 32 bits, p something borrowed, a an Arrow stream. Others: t a text, d data, i an Arrow
 * stream going in, ? an out that may be NULL. */
static const struct function {
  const char* name;
  const char* pointers;
  dangbo_status (*call)(void* const* pointers, dangbo_error** error);
} functions[] = {
    {"error_problems", "Eb", call_error_problems},
    {"registry_create", "r", call_registry_create},
    {"registry_declare_measure", "Rtm", call_registry_declare_measure},
    {"registry_declare_grouping", "Rtm", call_registry_declare_grouping},
    {"registry_declare_file", "Rt", call_registry_declare_file},
    {"registry_tables", "Rb", call_registry_tables},
    {"registry_commit", "RCt?", call_registry_commit},
    {"registry_snapshot", "Rs", call_registry_snapshot},
    {"registry_memory", "R??", call_registry_memory},
    {"registry_open", "tr", call_registry_open},
    {"registry_redact", "Rttt??", call_registry_redact},
    {"registry_compact", "R", call_registry_compact},
    {"file_verify", "tb", call_file_verify},
    {"registry_advance", "Rt?", call_registry_advance},
    {"registry_commit_fork", "RFt?", call_registry_commit_fork},
    {"change_create", "Rc", call_change_create},
    {"change_add_path", "Ct", call_change_add_path},
    {"change_add_file", "Ctt", call_change_add_file},
    {"change_add_stream", "Ctit", call_change_add_stream},
    {"change_begin_rows", "Ctt", call_change_begin_rows},
    {"change_begin_corrections", "Ctt", call_change_begin_corrections},
    {"change_begin_withdrawals", "Ctt", call_change_begin_withdrawals},
    {"change_begin_values", "O", call_change_begin_values},
    {"change_add_script", "Ct", call_change_add_script},
    {"change_add_script_text", "Ctt", call_change_add_script_text},
    {"change_mark_synthetic", "C", call_change_mark_synthetic},
    {"change_text_column", "Dtdd", call_change_text_column},
    {"change_int64_column", "Dtd", call_change_int64_column},
    {"change_date_column", "Dtd", call_change_date_column},
    {"change_bool_column", "Dtd", call_change_bool_column},
    {"change_end_rows", "D", call_change_end_rows},
    {"change_check", "Cb?", call_change_check},
    {"change_set_aside", "C?b", call_change_set_aside},
    {"registry_difference", "RCtf", call_registry_difference},
    {"registry_commit_difference", "RNt?", call_registry_commit_difference},
    {"difference_counts", "N???", call_difference_counts},
    {"difference_script", "Nx", call_difference_script},
    {"difference_findings", "Nb", call_difference_findings},
    {"difference_set_aside", "Nb", call_difference_set_aside},
    {"view_find_entity", "Vttxx", call_view_find_entity},
    {"snapshot_as_of", "Ss", call_snapshot_as_of},
    {"snapshot_log", "Sb", call_snapshot_log},
    {"snapshot_changes", "Stb", call_snapshot_changes},
    {"snapshot_agenda", "Sb", call_snapshot_agenda},
    {"snapshot_code_mapping", "Sb", call_snapshot_code_mapping},
    {"snapshot_rows", "Stb", call_snapshot_rows},
    {"snapshot_fork", "Sr", call_snapshot_fork},
    {"snapshot_view", "Sv", call_snapshot_view},
    {"snapshot_query", "Stb", call_snapshot_query},
    {"view_find_unit", "Vtn", call_view_find_unit},
    {"view_total", "Vn", call_view_total},
    {"view_query", "Vtb", call_view_query},
    {"view_query_run", "Vtb", call_view_query_run},
    {"view_tree", "Vtb", call_view_tree},
    {"view_find_measure", "Vtm", call_view_find_measure},
    {"view_find_grouping", "Vtm", call_view_find_grouping},
    {"view_group_words", "Vb", call_view_group_words},
    {"view_group_counts", "Vdn", call_view_group_counts},
    {"view_trend", "Vtb", call_view_trend},
    {"view_lineage", "Vtb", call_view_lineage},
    {"view_report", "Vtx", call_view_report},
    {"view_freeze", "Vtx", call_view_freeze},
    {"frozen_table", "tb", call_frozen_table},
    {"snapshot_compare", "Stbb?", call_snapshot_compare},
    {"expr_compile", "tte", call_expr_compile},
    {"snapshot_expr", "Stte", call_snapshot_expr},
    {"expr_evaluate", "PTb", call_expr_evaluate},
    {"expr_evaluate_row", "Ptx", call_expr_evaluate_row},
    {"expr_explain", "Pb", call_expr_explain},
    {"expr_run_create", "Pu", call_expr_run_create},
    {"expr_run_column", "Utd", call_expr_run_column},
    {"expr_run_text_column", "Uttd", call_expr_run_text_column},
    {"expr_run_evaluate", "U", call_expr_run_evaluate},
    {"expr_run_planes", "Wpp", call_expr_run_planes},
    {"expr_run_values", "Up?", call_expr_run_values},
    {"table_int64s", "Tp", call_table_int64s},
    {"table_reals", "Tp", call_table_reals},
    {"table_codes", "Tp", call_table_codes},
    {"table_value", "Tx", call_table_value},
    {"table_format", "Tx", call_table_format},
    {"table_provenance", "Tb", call_table_provenance},
    {"table_export_stream", "Ta", call_table_export_stream},
};

/* ---- arguments ---- */

enum { kMostPointers = 6 };

static union slot {
  unsigned char bytes[64];
  void* handle;
  uint64_t number;
  int32_t measure;
  struct ArrowArrayStream stream;
} outs[kMostPointers];

static int is_handle(char kind) {
  return kind >= 'A' && kind <= 'Z';
}
static int is_out(char kind) {
  return kind != 't' && kind != 'd' && kind != 'i' && !is_handle(kind);
}

static void fill(const struct function* function, void** pointers) {
  static char key[] = "abc";
  static int64_t data[8];
  size_t i;
  memset(data, 0, sizeof data);
  data[1] = 1;
  for (i = 0; i < strlen(function->pointers); ++i) {
    const char kind = function->pointers[i];
    memset(&outs[i], 0xAB, sizeof outs[i]);
    pointers[i] = &outs[i];
    if (is_handle(kind)) pointers[i] = handle_of(kind);
    if (kind == 't') pointers[i] = key;
    if (kind == 'd') pointers[i] = data;
    if (kind == 'i') pointers[i] = &released_stream;
  }
}

static void free_outs(const struct function* function) {
  size_t i;
  for (i = 0; i < strlen(function->pointers); ++i) {
    const char kind = function->pointers[i];
    if (kind == 'r') dangbo_registry_free(outs[i].handle);
    if (kind == 'c') dangbo_change_free(outs[i].handle);
    if (kind == 's') dangbo_snapshot_free(outs[i].handle);
    if (kind == 'v') dangbo_view_free(outs[i].handle);
    if (kind == 'b') dangbo_table_free(outs[i].handle);
    if (kind == 'x') dangbo_text_free(outs[i].handle);
    if (kind == 'f') dangbo_difference_free(outs[i].handle);
    if (kind == 'e') dangbo_expr_free(outs[i].handle);
    if (kind == 'u') dangbo_expr_run_free(outs[i].handle);
    if (kind == 'a' && outs[i].stream.release != NULL) outs[i].stream.release(&outs[i].stream);
  }
}

static int outs_are_empty(const struct function* function, size_t bad) {
  size_t i;
  for (i = 0; i < strlen(function->pointers); ++i) {
    if (i == bad || !is_out(function->pointers[i])) continue;
    if (function->pointers[i] == 'm' ? outs[i].measure != 0 : outs[i].number != 0) return 0;
  }
  return 1;
}

/* The call with one bad pointer is refused, with an error that says so, and clears its outs. */
static void refuse(const struct function* function, size_t bad, void* value, const char* what) {
  void* pointers[kMostPointers];
  dangbo_error* error = NULL;
  const int has_error = strcmp(function->name, "error_problems") != 0;
  int ok;
  fill(function, pointers);
  pointers[bad] = value;
  ok = function->call(pointers, &error) == DANGBO_E_ARGUMENT;
  ok = ok && (error != NULL) == has_error && outs_are_empty(function, bad);
  if (has_error) ok = ok && dangbo_error_status(error) == DANGBO_E_ARGUMENT;
  dangbo_error_free(error);
  fill(function, pointers);
  pointers[bad] = value;
  ok = ok && function->call(pointers, NULL) == DANGBO_E_ARGUMENT;
  if (!CHECK(ok)) fprintf(stderr, "  %s, pointer %d: %s\n", function->name, (int)bad, what);
}

static void refuse_wrong_kinds(const struct function* function, size_t pointer) {
  static uint64_t freed_memory[32];
  const char letter = function->pointers[pointer];
  const char kind = letter == 'D' || letter == 'O' ? 'C'
                    : letter == 'F'                ? 'R'
                    : letter == 'W'                ? 'U'
                                                   : letter;
  size_t i;
  for (i = 0; i < kKinds; ++i) {
    if (kKindLetters[i] == kind) continue;
    refuse(function, pointer, handle_of(kKindLetters[i]), "another kind of handle");
  }
  refuse(function, pointer, freed_memory, "a freed handle");
}

static void try_function(const struct function* function) {
  void* pointers[kMostPointers];
  static char ill_formed[] = "\xC3\x28z";
  dangbo_status status;
  int out_of_turn;
  size_t i;
  make_handles();
  for (i = 0; i < strlen(function->pointers); ++i) {
    const char kind = function->pointers[i];
    if (kind != '?') refuse(function, i, NULL, "NULL");
    if (kind == 't') refuse(function, i, ill_formed, "ill-formed UTF-8");
    if (is_handle(kind)) refuse_wrong_kinds(function, i);
  }
  /* With nothing bad the call may fail for other reasons, but not for its arguments. */
  fill(function, pointers);
  status = function->call(pointers, NULL);
  /* Erasing is out of turn here: a snapshot lives. */
  out_of_turn = strcmp(function->name, "registry_redact") == 0;
  if (!CHECK((status == DANGBO_E_ARGUMENT) == out_of_turn)) {
    fprintf(stderr, "  %s\n", function->name);
  }
  free_outs(function);
  fill(function, pointers);
  for (i = 0; i < strlen(function->pointers); ++i) {
    if (function->pointers[i] == '?') pointers[i] = NULL;
  }
  if (strchr(function->pointers, '?') != NULL) {
    CHECK((function->call(pointers, NULL) == DANGBO_E_ARGUMENT) == out_of_turn);
    free_outs(function);
  }
  free_handles();
}

/* ---- functions without a status ---- */

static void accessors_answer_nothing(void* wrong) {
  size_t size = 77;
  dangbo_table* out = wrong;
  if (wrong != text) {
    CHECK_TEXT(dangbo_text_data(wrong, &size), "");
    CHECK_EQ(size, 0);
    CHECK_TEXT(dangbo_text_data(wrong, NULL), "");
  }
  if (wrong != refusal) {
    CHECK_EQ(dangbo_error_status(wrong), wrong == NULL ? DANGBO_OK : DANGBO_E_ARGUMENT);
    CHECK_TEXT(dangbo_error_message(wrong, DANGBO_LANGUAGE_VI), "");
    CHECK_EQ(dangbo_error_problem_count(wrong), 0);
    CHECK_EQ(dangbo_error_problems(wrong, &out), DANGBO_E_ARGUMENT);
    CHECK(out == NULL);
  }
  if (wrong != snapshot) {
    CHECK_EQ(dangbo_snapshot_commit(wrong), 0);
    CHECK_EQ(dangbo_snapshot_commit_at_time(wrong, INT64_MAX), 0);
    CHECK_EQ(dangbo_snapshot_current_day(wrong), DANGBO_DATE_NONE);
    CHECK_EQ(dangbo_snapshot_is_synthetic(wrong), 0);
  }
  if (wrong != view) CHECK_EQ(dangbo_view_day(wrong), 0);
  if (wrong != run) {
    CHECK_EQ(dangbo_expr_run_type(wrong), -1);
    CHECK_TEXT(dangbo_expr_run_word(wrong, 0, &size), "");
    CHECK_EQ(size, 0);
    CHECK_TEXT(dangbo_expr_run_reason(wrong, 0, DANGBO_LANGUAGE_EN), "");
  }
  if (wrong != table) {
    CHECK_EQ(dangbo_table_row_count(wrong), 0);
    CHECK_EQ(dangbo_table_column_count(wrong), 0);
    CHECK(dangbo_table_column_name(wrong, 0) == NULL);
    CHECK_EQ(dangbo_table_column_type(wrong, 0), -1);
    CHECK_EQ(dangbo_table_is_missing(wrong, 0, 0), 1);
  }
}

static void frees_do_nothing(void* wrong) {
  if (wrong != text) dangbo_text_free(wrong);
  if (wrong != refusal) dangbo_error_free(wrong);
  if (wrong != table) dangbo_table_free(wrong);
  if (wrong != view) dangbo_view_free(wrong);
  if (wrong != difference) dangbo_difference_free(wrong);
  if (wrong != snapshot) dangbo_snapshot_free(wrong);
  if (wrong != change) dangbo_change_free(wrong);
  if (wrong != registry) dangbo_registry_free(wrong);
  if (wrong != expression) dangbo_expr_free(wrong);
  if (wrong != run) dangbo_expr_run_free(wrong);
}

static void functions_without_status(void) {
  size_t i;
  make_handles();
  accessors_answer_nothing(NULL);
  for (i = 0; i < kKinds; ++i) {
    accessors_answer_nothing(handle_of(kKindLetters[i]));
    frees_do_nothing(handle_of(kKindLetters[i]));
  }
  /* All are alive still. */
  CHECK(*dangbo_text_data(text, NULL) != '\0');
  CHECK_EQ(dangbo_error_status(refusal), DANGBO_E_ARGUMENT);
  CHECK_EQ(dangbo_table_row_count(table), 2);
  CHECK_EQ(dangbo_snapshot_commit(snapshot), 1);
  CHECK_EQ(dangbo_view_day(view), day_number(2018, 6, 1));
  CHECK_EQ(dangbo_expr_run_type(run), DANGBO_TYPE_INT64);
  CHECK_OK(dangbo_registry_commit(registry, change, 9, NULL, 0, NULL, &test_error));
  free_handles();
}

int main(void) {
  size_t i;
  for (i = 0; i < sizeof functions / sizeof *functions; ++i) try_function(&functions[i]);
  functions_without_status();
  return check_result();
}
