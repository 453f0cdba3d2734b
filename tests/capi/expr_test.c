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

int main(void) {
  rows_as_json();
  mistakes_have_a_place();
  tables_by_column();
  return check_result();
}
