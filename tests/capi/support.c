#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

static const char* folder = ".";

static void must(int ok, const char* what) {
  if (ok) return;
  fprintf(stderr, "the test cannot be prepared: %s\n", what);
  exit(2);
}

int32_t day_number(int year, int month, int day) {
  /* Days before each year and month of the proleptic Gregorian calendar, counted from March. */
  const int shifted = month <= 2 ? year - 1 : year;
  const int era = shifted / 400;
  const int of_era = shifted - era * 400;
  const int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
  return era * 146097 + days - 719468;
}

static dangbo_status add_column(dangbo_change* change, const char* name, size_t column,
                                size_t columns, const char* const* cells, size_t rows,
                                dangbo_error** error) {
  char bytes[4096];
  int64_t offsets[64] = {0};
  uint8_t validity[64];
  size_t row;
  must(rows < 64, "too many rows");
  for (row = 0; row < rows; ++row) {
    const char* text = cells[row * columns + column];
    const size_t size = text == NULL ? 0 : strlen(text);
    must((size_t)offsets[row] + size <= sizeof bytes, "too much text");
    if (size != 0) memcpy(bytes + offsets[row], text, size);
    validity[row] = (uint8_t)(text != NULL);
    offsets[row + 1] = offsets[row] + (int64_t)size;
  }
  return dangbo_change_text_column(change, name, strlen(name), bytes, offsets, validity, error);
}

dangbo_status add_text_rows(dangbo_change* change, const char* table, const char* const* names,
                            size_t columns, const char* const* cells, size_t rows,
                            const char* source, dangbo_error** error) {
  size_t column;
  dangbo_status status =
      dangbo_change_begin_rows(change, table, strlen(table), rows, source, strlen(source), error);
  for (column = 0; column < columns && status == DANGBO_OK; ++column) {
    status = add_column(change, names[column], column, columns, cells, rows, error);
    if (status != DANGBO_OK) dangbo_change_end_rows(change, NULL);
  }
  return status == DANGBO_OK ? dangbo_change_end_rows(change, error) : status;
}

dangbo_status add_small_body(dangbo_change* change, dangbo_error** error) {
  static const char* const unit_names[] = {"unit_id", "from", "until", "parent_id", "kind", "name"};
  static const char* const units[] = {
      "KHOI", "2010-01-01", NULL,         NULL,   "KHOI", "Đảng bộ Khối tỉnh Sông Lam", /**/
      "A",    "2010-01-01", NULL,         "KHOI", "CBCS", "Chi bộ Sở Mây",              /**/
      "B",    "2012-01-01", "2020-07-01", "KHOI", "CBCS", "Chi bộ Sở Gió",              /**/
      "D",    "2010-01-01", NULL,         "KHOI", "DBCS", "Đảng bộ Sở Nắng",            /**/
      "D1",   "2010-01-01", NULL,         "D",    "CB",   "Chi bộ 1",                   /**/
      "D2",   "2010-01-01", NULL,         "D",    "CB",   "Chi bộ 2"};
  static const char* const member_names[] = {"member_id", "sex"};
  static const char* const members[] = {"m1", "nữ", "m2", "nam", "m3", "nữ", "m4", NULL};
  static const char* const stay_names[] = {"member_id", "unit_id", "kind", "from", "until"};
  static const char* const stays[] = {"m1", "A",  "CHINHTHUC", "2011-03-01", NULL,         /**/
                                      "m2", "B",  "CHINHTHUC", "2012-05-01", "2020-07-01", /**/
                                      "m2", "D1", "CHINHTHUC", "2020-07-01", NULL,         /**/
                                      "m3", "D2", "CHINHTHUC", "2015-01-01", "2019-01-01", /**/
                                      "m4", "D2", "CHINHTHUC", "2021-01-01", NULL,         /**/
                                      "m1", "D1", "TAMTHOI",   "2018-01-01", "2018-07-01"};
  dangbo_status status =
      add_text_rows(change, "units", unit_names, 6, units, 6, "units.csv", error);
  if (status != DANGBO_OK) return status;
  status = add_text_rows(change, "members", member_names, 2, members, 4, "members.csv", error);
  if (status != DANGBO_OK) return status;
  return add_text_rows(change, "memberships", stay_names, 5, stays, 6, "memberships.csv", error);
}

dangbo_registry* small_registry(void) {
  dangbo_registry* registry = NULL;
  dangbo_change* change = NULL;
  must(dangbo_registry_create(0, &registry, NULL) == DANGBO_OK, "registry");
  must(dangbo_change_create(registry, &change, NULL) == DANGBO_OK, "change");
  must(add_small_body(change, &test_error) == DANGBO_OK,
       dangbo_error_message(test_error, DANGBO_LANGUAGE_EN));
  must(dangbo_registry_commit(registry, change, 1, NULL, 0, NULL, &test_error) == DANGBO_OK,
       dangbo_error_message(test_error, DANGBO_LANGUAGE_EN));
  dangbo_change_free(change);
  return registry;
}

dangbo_snapshot* small_snapshot(void) {
  dangbo_registry* registry = small_registry();
  dangbo_snapshot* snapshot = NULL;
  must(dangbo_registry_snapshot(registry, &snapshot, NULL) == DANGBO_OK, "snapshot");
  dangbo_registry_free(registry);
  return snapshot;
}

dangbo_view* small_view(int year, int month, int day) {
  dangbo_snapshot* snapshot = small_snapshot();
  dangbo_view* view = NULL;
  must(dangbo_snapshot_view(snapshot, day_number(year, month, day), 0, &view, NULL) == DANGBO_OK,
       "view");
  dangbo_snapshot_free(snapshot);
  return view;
}

uint64_t find_column(const dangbo_table* table, const char* name) {
  uint64_t column;
  for (column = 0; column < dangbo_table_column_count(table); ++column) {
    if (strcmp(dangbo_table_column_name(table, column), name) == 0) return column;
  }
  return UINT64_MAX;
}

const char* cell(const dangbo_table* table, const char* column, uint64_t row) {
  static char kept[1024];
  const uint64_t index = find_column(table, column);
  dangbo_text* text = NULL;
  size_t size = 0;
  if (dangbo_table_is_missing(table, index, row)) return NULL;
  must(dangbo_table_value(table, index, row, &text, NULL) == DANGBO_OK, column);
  must(strlen(dangbo_text_data(text, &size)) < sizeof kept, "too long a value");
  CHECK_EQ(strlen(dangbo_text_data(text, NULL)), size);
  memcpy(kept, dangbo_text_data(text, NULL), size + 1);
  dangbo_text_free(text);
  return kept;
}

void use_folder(int argc, char** argv) {
  must(argc == 2, "give a folder to write to");
  folder = argv[1];
}

const char* in_folder(const char* name) {
  static char path[4096];
  must(strlen(folder) + strlen(name) + 2 < sizeof path, "too long a path");
  strcpy(path, folder);
  if (*name != '\0') strcat(strcat(path, "/"), name);
  return path;
}

const char* write_file(const char* name, const char* text) {
  const char* path = in_folder(name);
  FILE* file = fopen(path, "wb");
  must(file != NULL, path);
  must(fwrite(text, 1, strlen(text), file) == strlen(text), path);
  must(fclose(file) == 0, path);
  return path;
}
