/* Results: shape, columns lent, values and whole tables as text. */
#include <string.h>

#include "check.h"
#include "support.h"

static dangbo_table* tree(void) {
  dangbo_view* view = small_view(2018, 6, 1);
  dangbo_table* table = NULL;
  CHECK_OK(dangbo_view_tree(view, NULL, 0, 0, &table, &test_error));
  dangbo_view_free(view);
  return table;
}

static dangbo_table* shares(void) {
  static const char query[] =
      "{\"query\":1,\"of\":\"members\",\"unit\":\"KHOI\",\"by\":[\"sex\"],\"share\":\"stock\"}";
  dangbo_view* view = small_view(2018, 6, 1);
  dangbo_table* table = NULL;
  CHECK_OK(dangbo_view_query(view, query, strlen(query), &table, &test_error));
  dangbo_view_free(view);
  return table;
}

static void columns_are_lent(void) {
  dangbo_table* table = tree();
  const int64_t* below = NULL;
  const int64_t* again = NULL;
  const int32_t* kinds = NULL;
  const uint64_t kind = find_column(table, "kind");
  const uint64_t level = find_column(table, "level");
  CHECK_EQ(dangbo_table_column_count(table), 8);
  CHECK_EQ(dangbo_table_column_type(table, 0), DANGBO_TYPE_TEXT);
  CHECK_EQ(dangbo_table_column_type(table, kind), DANGBO_TYPE_CODE);
  CHECK_EQ(dangbo_table_column_type(table, level), DANGBO_TYPE_INT64);
  CHECK_OK(dangbo_table_int64s(table, find_column(table, "members_below"), &below, &test_error));
  CHECK_EQ(below[0], 3);
  CHECK_OK(dangbo_table_int64s(table, find_column(table, "members_below"), &again, &test_error));
  CHECK(below == again);
  CHECK_OK(dangbo_table_codes(table, kind, &kinds, &test_error));
  CHECK(kinds[1] == kinds[2] && kinds[0] != kinds[1]);
  CHECK_TEXT(cell(table, "kind", 1), "grassroots_cell");
  dangbo_table_free(table);
}

static void real_numbers_are_lent(void) {
  dangbo_table* table = shares();
  const double* percent = NULL;
  const uint64_t column = find_column(table, "percent");
  CHECK_EQ(dangbo_table_column_type(table, column), DANGBO_TYPE_REAL);
  CHECK_OK(dangbo_table_reals(table, column, &percent, &test_error));
  CHECK(percent[0] > 66.0 && percent[0] < 67.0);
  dangbo_table_free(table);
}

static void other_types_are_refused(void) {
  dangbo_table* table = tree();
  const int64_t* wide = (const int64_t*)table;
  const double* reals = (const double*)table;
  const int32_t* codes = (const int32_t*)table;
  CHECK_FAILS(dangbo_table_int64s(table, 0, &wide, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_table_reals(table, 0, &reals, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_table_codes(table, 0, &codes, &test_error), DANGBO_E_ARGUMENT);
  CHECK(wide == NULL && reals == NULL && codes == NULL);
  CHECK_FAILS(dangbo_table_int64s(table, 8, &wide, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_table_int64s(table, UINT64_MAX, &wide, &test_error), DANGBO_E_ARGUMENT);
  dangbo_table_free(table);
}

static void places_that_do_not_exist(void) {
  dangbo_table* table = tree();
  dangbo_text* text = (dangbo_text*)table;
  CHECK(dangbo_table_column_name(table, 8) == NULL);
  CHECK(dangbo_table_column_name(table, UINT64_MAX) == NULL);
  CHECK_EQ(dangbo_table_column_type(table, 8), -1);
  CHECK_EQ(dangbo_table_is_missing(table, 8, 0), 1);
  CHECK_EQ(dangbo_table_is_missing(table, 0, 6), 1);
  CHECK_EQ(dangbo_table_is_missing(table, 0, UINT64_MAX), 1);
  CHECK_EQ(dangbo_table_is_missing(table, 0, 5), 0);
  CHECK_EQ(dangbo_table_is_missing(table, find_column(table, "parent_id"), 0), 1);
  CHECK_FAILS(dangbo_table_value(table, 0, 6, &text, &test_error), DANGBO_E_ARGUMENT);
  CHECK(text == NULL);
  CHECK_FAILS(dangbo_table_value(table, 8, 0, &text, &test_error), DANGBO_E_ARGUMENT);
  /* A missing value is an empty text. */
  CHECK_OK(dangbo_table_value(table, find_column(table, "parent_id"), 0, &text, &test_error));
  CHECK_TEXT(dangbo_text_data(text, NULL), "");
  dangbo_text_free(text);
  dangbo_table_free(table);
}

static void formats(void) {
  static const char* const starts[] = {"", "unit_id,name,", "\xEF\xBB\xBFunit_id,name,", "{"};
  dangbo_table* table = tree();
  int32_t format;
  for (format = DANGBO_FORMAT_TEXT; format <= DANGBO_FORMAT_JSONL; ++format) {
    dangbo_text* text = NULL;
    size_t size = 0;
    const char* data;
    CHECK_OK(dangbo_table_format(table, format, DANGBO_LANGUAGE_VI, &text, &test_error));
    data = dangbo_text_data(text, &size);
    CHECK_EQ(strlen(data), size);
    CHECK_EQ(strncmp(data, starts[format], strlen(starts[format])), 0);
    CHECK_HAS(data, "Đảng bộ Sở Nắng");
    dangbo_text_free(text);
  }
  dangbo_table_free(table);
}

static void formats_that_do_not_exist(void) {
  dangbo_table* table = tree();
  dangbo_text* text = NULL;
  CHECK_FAILS(dangbo_table_format(table, 4, 0, &text, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_table_format(table, -1, 0, &text, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_table_format(table, 0, 2, &text, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_table_format(table, 1, -1, &text, &test_error), DANGBO_E_ARGUMENT);
  CHECK(text == NULL);
  dangbo_table_free(table);
}

static void figures_say_what_they_rest_on(void) {
  dangbo_table* table = shares();
  dangbo_table* facts = NULL;
  uint64_t row;
  int has_day = 0;
  CHECK_OK(dangbo_table_provenance(table, &facts, &test_error));
  dangbo_table_free(table);
  CHECK_TEXT(dangbo_table_column_name(facts, 0), "key");
  CHECK_TEXT(dangbo_table_column_name(facts, 1), "value");
  for (row = 0; row < dangbo_table_row_count(facts); ++row) {
    if (strcmp(cell(facts, "key", row), "on") != 0) continue;
    has_day = 1;
    CHECK_TEXT(cell(facts, "value", row), "2018-06-01");
  }
  CHECK(has_day);
  dangbo_table_free(facts);
}

/* Without rows there is still something to point at. */
static void empty_tables(void) {
  dangbo_registry* registry = NULL;
  dangbo_change* change = NULL;
  dangbo_table* table = NULL;
  const int64_t* codes = NULL;
  CHECK_OK(dangbo_registry_create(0, &registry, &test_error));
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  CHECK_OK(dangbo_change_check(change, &table, NULL, &test_error));
  CHECK_EQ(dangbo_table_row_count(table), 0);
  CHECK_OK(dangbo_table_int64s(table, 0, &codes, &test_error));
  CHECK(codes != NULL);
  dangbo_table_free(table);
  dangbo_change_free(change);
  dangbo_registry_free(registry);
}

int main(void) {
  columns_are_lent();
  real_numbers_are_lent();
  other_types_are_refused();
  places_that_do_not_exist();
  formats();
  formats_that_do_not_exist();
  figures_say_what_they_rest_on();
  empty_tables();
  return check_result();
}
