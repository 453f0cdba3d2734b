/* Expressions: compiled against a document or a table, over rows as JSON and over tables. */
#include <string.h>

#include "check.h"
#include "support.h"

static const char kSchema[] =
    "{\"fields\":[{\"name\":\"age\",\"type\":\"int\"},"
    "{\"name\":\"grade\",\"type\":\"code\",\"words\":[\"good\",\"weak\"]},"
    "{\"name\":\"joined\",\"type\":\"date\"},{\"name\":\"name\",\"type\":\"text\"}]}";

static dangbo_expr* compiled(const char* text) {
  dangbo_expr* expr = NULL;
  CHECK_OK(dangbo_expr_compile(text, strlen(text), kSchema, strlen(kSchema), &expr, &test_error));
  return expr;
}

static void check_row(const dangbo_expr* expr, const char* row, const char* wanted) {
  dangbo_text* text = NULL;
  CHECK_OK(dangbo_expr_evaluate_row(expr, row, strlen(row), &text, &test_error));
  CHECK_TEXT(dangbo_text_data(text, NULL), wanted);
  dangbo_text_free(text);
}

static void rows_as_json(void) {
  dangbo_text* text = NULL;
  dangbo_expr* expr = compiled("age >= 18 && grade == 'good'");
  check_row(expr, "{\"age\":18,\"grade\":\"good\"}", "{\"value\":true}");
  check_row(expr, "{\"age\":17,\"other\":[1]}", "{\"value\":false}");
  check_row(expr, "{\"age\":null,\"grade\":\"good\"}",
            "{\"error\":{\"begin\":0,\"en\":\"no value is known\",\"end\":3,"
            "\"vi\":\"thiếu giá trị\"}}");
  CHECK_FAILS(dangbo_expr_evaluate_row(expr, "{\"age\":\"x\"}", 11, &text, &test_error),
              DANGBO_E_QUERY);
  CHECK_FAILS(dangbo_expr_evaluate_row(expr, "[", 1, &text, &test_error), DANGBO_E_QUERY);
  CHECK(text == NULL);
  dangbo_expr_free(expr);
  expr = compiled("joined.plus(period('P1M'), 'clamp')");
  check_row(expr, "{\"joined\":\"2026-01-31\"}", "{\"value\":\"2026-02-28\"}");
  dangbo_expr_free(expr);
  expr = compiled("age / (age - 1)");
  check_row(expr, "{\"age\":1}",
            "{\"error\":{\"begin\":0,\"en\":\"division by zero\",\"end\":15,"
            "\"vi\":\"chia cho 0\"}}");
  dangbo_expr_free(expr);
}

static void mistakes_have_a_place(void) {
  static const char wrong[] = "age > 1 &&\n  grad == 'good'";
  dangbo_expr* expr = NULL;
  dangbo_error* error = NULL;
  dangbo_table* problems = NULL;
  CHECK_EQ(dangbo_expr_compile(wrong, strlen(wrong), kSchema, strlen(kSchema), &expr, &error),
           DANGBO_E_QUERY);
  CHECK(expr == NULL);
  CHECK_OK(dangbo_error_problems(error, &problems));
  CHECK_EQ(dangbo_table_row_count(problems), 1);
  CHECK_TEXT(cell(problems, "row", 0), "2");
  CHECK_TEXT(cell(problems, "column", 0), "3");
  CHECK_TEXT(cell(problems, "value", 0), "grad");
  CHECK_TEXT(cell(problems, "fix_en", 0), "did you mean \"grade\"?");
  dangbo_table_free(problems);
  dangbo_error_free(error);
  CHECK_FAILS(dangbo_expr_compile("1", 1, "{}", 2, &expr, &test_error), DANGBO_E_QUERY);
  CHECK_FAILS(dangbo_expr_compile("1", 1, "{\"fields\":[{\"name\":\"a\",\"type\":\"x\"}]}", 37,
                                  &expr, &test_error),
              DANGBO_E_QUERY);
}

static void tables_by_column(void) {
  static const char text[] = "sex == 'female'";
  dangbo_registry* registry = small_registry();
  dangbo_snapshot* snapshot = NULL;
  dangbo_expr* expr = NULL;
  dangbo_table* rows = NULL;
  dangbo_table* values = NULL;
  dangbo_table* parts = NULL;
  uint64_t row;
  CHECK_OK(dangbo_registry_snapshot(registry, &snapshot, &test_error));
  CHECK_FAILS(dangbo_snapshot_expr(snapshot, "nowhere", 7, text, strlen(text), &expr, &test_error),
              DANGBO_E_NOT_FOUND);
  CHECK_OK(dangbo_snapshot_expr(snapshot, "members", 7, text, strlen(text), &expr, &test_error));
  CHECK_OK(dangbo_snapshot_rows(snapshot, "members", 7, 0, 0, &rows, &test_error));
  CHECK_OK(dangbo_expr_evaluate(expr, rows, &values, &test_error));
  CHECK(dangbo_table_row_count(rows) > 0);
  CHECK_EQ(dangbo_table_row_count(values), dangbo_table_row_count(rows));
  CHECK_EQ(dangbo_table_column_type(values, 0), DANGBO_TYPE_BOOL);
  for (row = 0; row < dangbo_table_row_count(rows); ++row) {
    const int missing = dangbo_table_is_missing(rows, find_column(rows, "sex"), row);
    const int is_female = !missing && strcmp(cell(rows, "sex", row), "female") == 0;
    CHECK_EQ(dangbo_table_is_missing(values, 0, row), missing);
    CHECK_EQ(dangbo_table_is_missing(values, find_column(values, "error_en"), row), !missing);
    if (missing) {
      CHECK_TEXT(cell(values, "error_en", row), "no value is known");
    } else {
      CHECK_TEXT(cell(values, "value", row), is_female ? "true" : "false");
    }
  }
  CHECK_OK(dangbo_expr_explain(expr, &parts, &test_error));
  CHECK_TEXT(cell(parts, "kernel", 0), "load int32");
  CHECK_TEXT(cell(parts, "kernel", 2), "compare int32 ==");
  dangbo_table_free(parts);
  dangbo_table_free(values);
  values = NULL;
  CHECK_FAILS(dangbo_expr_evaluate(expr, NULL, &values, &test_error), DANGBO_E_ARGUMENT);
  dangbo_table_free(rows);
  dangbo_expr_free(expr);
  dangbo_snapshot_free(snapshot);
  dangbo_registry_free(registry);
}

static void give(dangbo_expr_run* run, const char* name, int32_t type, const void* values,
                 uint64_t rows, const uint8_t* validity) {
  CHECK_OK(
      dangbo_expr_run_column(run, name, strlen(name), type, values, rows, validity, &test_error));
}

static dangbo_expr_run* run_of(const char* text) {
  dangbo_expr* expr = compiled(text);
  dangbo_expr_run* run = NULL;
  CHECK_OK(dangbo_expr_run_create(expr, &run, &test_error));
  dangbo_expr_free(expr); /* the run outlives it */
  return run;
}

static void conditions_over_buffers(void) {
  static const int64_t ages[] = {18, 17, 30, 40, 50};
  static const int32_t grades[] = {0, 0, 1, 2, 0};
  static const uint8_t known[] = {1, 1, 255, 1, 0};
  const uint64_t* yes = NULL;
  const uint64_t* no = NULL;
  const void* values = NULL;
  dangbo_expr_run* run = run_of("age >= 18 && grade == 'good'");
  CHECK_EQ(dangbo_expr_run_type(run), DANGBO_TYPE_BOOL);
  CHECK_FAILS(dangbo_expr_run_planes(run, &yes, &no, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_expr_run_evaluate(run, 5, &test_error), DANGBO_E_QUERY);
  give(run, "age", DANGBO_TYPE_INT64, ages, 5, known);
  give(run, "grade", DANGBO_TYPE_CODE, grades, 5, NULL);
  CHECK_OK(dangbo_expr_run_evaluate(run, 5, &test_error));
  CHECK_OK(dangbo_expr_run_planes(run, &yes, &no, &test_error));
  /* Row 3 has no word, row 4 no age. */
  CHECK_EQ(yes[0], 1);
  CHECK_EQ(no[0], 2 | 4);
  CHECK_TEXT(dangbo_expr_run_reason(run, 3, DANGBO_LANGUAGE_EN), "no value is known");
  CHECK_TEXT(dangbo_expr_run_reason(run, 4, DANGBO_LANGUAGE_VI), "thiếu giá trị");
  CHECK_TEXT(dangbo_expr_run_reason(run, 0, DANGBO_LANGUAGE_EN), "");
  CHECK_TEXT(dangbo_expr_run_reason(run, 5, DANGBO_LANGUAGE_EN), "");
  CHECK_FAILS(dangbo_expr_run_values(run, &values, NULL, &test_error), DANGBO_E_ARGUMENT);
  CHECK(values == NULL);
  CHECK_OK(dangbo_expr_run_evaluate(run, 0, &test_error));
  CHECK_OK(dangbo_expr_run_planes(run, &yes, &no, &test_error));
  CHECK(yes != NULL && no != NULL);
  CHECK_FAILS(dangbo_expr_run_evaluate(run, 6, &test_error), DANGBO_E_QUERY);
  CHECK_FAILS(dangbo_expr_run_planes(run, &yes, &no, &test_error), DANGBO_E_ARGUMENT);
  dangbo_expr_run_free(run);
}

static void values_over_buffers(void) {
  static const int64_t ages[] = {7, 0, 9};
  static const int32_t days[] = {20543, 20544, 20545};
  static const char bytes[] = "LanHoa";
  static const int64_t offsets[] = {0, 3, 6};
  static const int32_t codes[] = {1, 7, 0};
  static const int64_t words[] = {0, 4, 8};
  const void* values = NULL;
  const uint64_t* valid = NULL;
  size_t size = 9;
  dangbo_expr_run* run = run_of("63 / age");
  give(run, "age", DANGBO_TYPE_INT64, ages, 3, NULL);
  CHECK_OK(dangbo_expr_run_evaluate(run, 3, &test_error));
  CHECK_OK(dangbo_expr_run_values(run, &values, &valid, &test_error));
  CHECK_EQ(((const int64_t*)values)[0], 9);
  CHECK_EQ(((const int64_t*)values)[2], 7);
  CHECK_EQ(valid[0], 1 | 4);
  CHECK_TEXT(dangbo_expr_run_reason(run, 1, DANGBO_LANGUAGE_EN), "division by zero");
  CHECK_TEXT(dangbo_expr_run_word(run, 0, NULL), "");
  dangbo_expr_run_free(run);
  run = run_of("joined.plus(period('P1D'))");
  give(run, "joined", DANGBO_TYPE_DATE, days, 3, NULL);
  CHECK_OK(dangbo_expr_run_evaluate(run, 3, &test_error));
  CHECK_OK(dangbo_expr_run_values(run, &values, NULL, &test_error));
  CHECK_EQ(((const int32_t*)values)[1], 20545);
  dangbo_expr_run_free(run);
  run = run_of("name + '!'");
  CHECK_OK(
      dangbo_expr_run_text_column(run, "name", 4, codes, 3, bytes, offsets, 2, NULL, &test_error));
  CHECK_OK(dangbo_expr_run_evaluate(run, 3, &test_error));
  CHECK_OK(dangbo_expr_run_values(run, &values, &valid, &test_error));
  CHECK_EQ(valid[0], 1 | 4);
  CHECK_TEXT(dangbo_expr_run_word(run, ((const int32_t*)values)[0], &size), "Hoa!");
  CHECK_EQ(size, 4);
  CHECK_TEXT(dangbo_expr_run_word(run, ((const int32_t*)values)[2], NULL), "Lan!");
  CHECK_TEXT(dangbo_expr_run_word(run, -1, NULL), "");
  CHECK_OK(
      dangbo_expr_run_text_column(run, "name", 4, NULL, 2, bytes, offsets, 2, NULL, &test_error));
  CHECK_OK(dangbo_expr_run_evaluate(run, 2, &test_error));
  CHECK_OK(dangbo_expr_run_values(run, &values, &valid, &test_error));
  CHECK_EQ(valid[0], 3);
  CHECK_TEXT(dangbo_expr_run_word(run, ((const int32_t*)values)[0], NULL), "Lan!");
  dangbo_expr_run_free(run);
  run = run_of("grade");
  give(run, "grade", DANGBO_TYPE_CODE, codes, 3, NULL);
  CHECK_OK(dangbo_expr_run_evaluate(run, 3, &test_error));
  CHECK_OK(dangbo_expr_run_values(run, &values, NULL, &test_error));
  CHECK_TEXT(dangbo_expr_run_word(run, ((const int32_t*)values)[0], NULL), "weak");
  CHECK_OK(dangbo_expr_run_text_column(run, "grade", 5, codes, 3, "goodweak", words, 2, NULL,
                                       &test_error));
  CHECK_OK(dangbo_expr_run_evaluate(run, 3, &test_error));
  CHECK_OK(dangbo_expr_run_values(run, &values, &valid, &test_error));
  CHECK_EQ(((const int32_t*)values)[0], 1);
  CHECK_EQ(valid[0], 1 | 4);
  dangbo_expr_run_free(run);
}

static void buffers_that_cannot_be(void) {
  static const int64_t numbers[] = {1, 2};
  static const int64_t down[] = {0, 3, 1};
  static const int64_t offsets[] = {0, 2};
  dangbo_expr* expr = compiled("period('P1M')");
  dangbo_expr_run* run = NULL;
  CHECK_FAILS(dangbo_expr_run_create(expr, &run, &test_error), DANGBO_E_QUERY);
  CHECK(run == NULL);
  dangbo_expr_free(expr);
  run = run_of("age > 1");
  CHECK_FAILS(
      dangbo_expr_run_column(run, "nobody", 6, DANGBO_TYPE_INT64, numbers, 2, NULL, &test_error),
      DANGBO_E_QUERY);
  CHECK_FAILS(
      dangbo_expr_run_column(run, "age", 3, DANGBO_TYPE_REAL, numbers, 2, NULL, &test_error),
      DANGBO_E_QUERY);
  CHECK_FAILS(
      dangbo_expr_run_column(run, "age", 3, DANGBO_TYPE_TEXT, numbers, 2, NULL, &test_error),
      DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_expr_run_column(run, "age", 3, 6, numbers, 2, NULL, &test_error),
              DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_expr_run_column(run, "age", 3, DANGBO_TYPE_INT64, (const char*)numbers + 1, 1,
                                     NULL, &test_error),
              DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_expr_run_column(run, "age", 3, DANGBO_TYPE_INT64, numbers, UINT64_MAX, NULL,
                                     &test_error),
              DANGBO_E_ARGUMENT);
  CHECK_FAILS(
      dangbo_expr_run_text_column(run, "age", 3, NULL, 1, "ab", offsets, 1, NULL, &test_error),
      DANGBO_E_QUERY);
  CHECK_FAILS(
      dangbo_expr_run_text_column(run, "name", 4, NULL, 2, "abc", down, 2, NULL, &test_error),
      DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_expr_run_text_column(run, "name", 4, NULL, 1, "\xC3\x28", offsets, 1, NULL,
                                          &test_error),
              DANGBO_E_ARGUMENT);
  CHECK_OK(dangbo_expr_run_text_column(run, "name", 4, NULL, 0, NULL, NULL, 0, NULL, &test_error));
  CHECK_FAILS(dangbo_expr_run_evaluate(run, UINT64_MAX, &test_error), DANGBO_E_ARGUMENT);
  dangbo_expr_run_free(run);
}

int main(void) {
  rows_as_json();
  conditions_over_buffers();
  values_over_buffers();
  buffers_that_cannot_be();
  mistakes_have_a_place();
  tables_by_column();
  return check_result();
}
